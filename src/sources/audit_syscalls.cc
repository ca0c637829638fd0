// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_syscalls.h"

#include <array>
#include <utility>

namespace vedette::sources {
namespace {

/// EM_* machine number, with 0x80000000 for 64 bits and 0x40000000 for little-endian
/// (linux/audit.h).
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kArchNames{{
    {"c000003e", "x86_64"},
    {"40000003", "i386"},
    {"c00000b7", "aarch64"},
    {"40000028", "arm"},
    {"c00000f3", "riscv64"},
    {"c0000102", "loongarch64"},
    {"80000016", "s390x"},
    {"00000016", "s390"},
    {"80000015", "ppc64"},
    {"c0000015", "ppc64le"},
    {"00000014", "ppc"},
    {"00000028", "armeb"},
}};

constexpr std::array<std::string_view, 134> kErrnoNames{{"",
                                                         "EPERM",
                                                         "ENOENT",
                                                         "ESRCH",
                                                         "EINTR",
                                                         "EIO",
                                                         "ENXIO",
                                                         "E2BIG",
                                                         "ENOEXEC",
                                                         "EBADF",
                                                         "ECHILD",
                                                         "EAGAIN",
                                                         "ENOMEM",
                                                         "EACCES",
                                                         "EFAULT",
                                                         "ENOTBLK",
                                                         "EBUSY",
                                                         "EEXIST",
                                                         "EXDEV",
                                                         "ENODEV",
                                                         "ENOTDIR",
                                                         "EISDIR",
                                                         "EINVAL",
                                                         "ENFILE",
                                                         "EMFILE",
                                                         "ENOTTY",
                                                         "ETXTBSY",
                                                         "EFBIG",
                                                         "ENOSPC",
                                                         "ESPIPE",
                                                         "EROFS",
                                                         "EMLINK",
                                                         "EPIPE",
                                                         "EDOM",
                                                         "ERANGE",
                                                         "EDEADLK",
                                                         "ENAMETOOLONG",
                                                         "ENOLCK",
                                                         "ENOSYS",
                                                         "ENOTEMPTY",
                                                         "ELOOP",
                                                         "",
                                                         "ENOMSG",
                                                         "EIDRM",
                                                         "ECHRNG",
                                                         "EL2NSYNC",
                                                         "EL3HLT",
                                                         "EL3RST",
                                                         "ELNRNG",
                                                         "EUNATCH",
                                                         "ENOCSI",
                                                         "EL2HLT",
                                                         "EBADE",
                                                         "EBADR",
                                                         "EXFULL",
                                                         "ENOANO",
                                                         "EBADRQC",
                                                         "EBADSLT",
                                                         "",
                                                         "EBFONT",
                                                         "ENOSTR",
                                                         "ENODATA",
                                                         "ETIME",
                                                         "ENOSR",
                                                         "ENONET",
                                                         "ENOPKG",
                                                         "EREMOTE",
                                                         "ENOLINK",
                                                         "EADV",
                                                         "ESRMNT",
                                                         "ECOMM",
                                                         "EPROTO",
                                                         "EMULTIHOP",
                                                         "EDOTDOT",
                                                         "EBADMSG",
                                                         "EOVERFLOW",
                                                         "ENOTUNIQ",
                                                         "EBADFD",
                                                         "EREMCHG",
                                                         "ELIBACC",
                                                         "ELIBBAD",
                                                         "ELIBSCN",
                                                         "ELIBMAX",
                                                         "ELIBEXEC",
                                                         "EILSEQ",
                                                         "ERESTART",
                                                         "ESTRPIPE",
                                                         "EUSERS",
                                                         "ENOTSOCK",
                                                         "EDESTADDRREQ",
                                                         "EMSGSIZE",
                                                         "EPROTOTYPE",
                                                         "ENOPROTOOPT",
                                                         "EPROTONOSUPPORT",
                                                         "ESOCKTNOSUPPORT",
                                                         "EOPNOTSUPP",
                                                         "EPFNOSUPPORT",
                                                         "EAFNOSUPPORT",
                                                         "EADDRINUSE",
                                                         "EADDRNOTAVAIL",
                                                         "ENETDOWN",
                                                         "ENETUNREACH",
                                                         "ENETRESET",
                                                         "ECONNABORTED",
                                                         "ECONNRESET",
                                                         "ENOBUFS",
                                                         "EISCONN",
                                                         "ENOTCONN",
                                                         "ESHUTDOWN",
                                                         "ETOOMANYREFS",
                                                         "ETIMEDOUT",
                                                         "ECONNREFUSED",
                                                         "EHOSTDOWN",
                                                         "EHOSTUNREACH",
                                                         "EALREADY",
                                                         "EINPROGRESS",
                                                         "ESTALE",
                                                         "EUCLEAN",
                                                         "ENOTNAM",
                                                         "ENAVAIL",
                                                         "EISNAM",
                                                         "EREMOTEIO",
                                                         "EDQUOT",
                                                         "ENOMEDIUM",
                                                         "EMEDIUMTYPE",
                                                         "ECANCELED",
                                                         "ENOKEY",
                                                         "EKEYEXPIRED",
                                                         "EKEYREVOKED",
                                                         "EKEYREJECTED",
                                                         "EOWNERDEAD",
                                                         "ENOTRECOVERABLE",
                                                         "ERFKILL",
                                                         "EHWPOISON"}};

/// Codes of the kernel's own that show in audit records of interrupted calls (linux/errno.h).
constexpr std::array<std::pair<int, std::string_view>, 5> kRestartNames{{
    {512, "ERESTARTSYS"},
    {513, "ERESTARTNOINTR"},
    {514, "ERESTARTNOHAND"},
    {515, "ENOIOCTLCMD"},
    {516, "ERESTART_RESTARTBLOCK"},
}};

}  // namespace

std::string_view AuditArchName(std::string_view hex) {
  for (const auto& [value, name] : kArchNames) {
    if (value == hex) return name;
  }
  return {};
}

std::string_view AuditErrnoName(int number) {
  if (number > 0 && number < static_cast<int>(kErrnoNames.size())) {
    return kErrnoNames[static_cast<std::size_t>(number)];
  }
  for (const auto& [value, name] : kRestartNames) {
    if (value == number) return name;
  }
  return {};
}

}  // namespace vedette::sources
