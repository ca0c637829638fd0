// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_normalization.h"

#include <algorithm>
#include <array>

namespace vedette::sources {
namespace {

// Actions, categories and types are what Auditbeat gives the same records, so that a rule written
// for it holds here too. Each table ascends by its first member; static_asserts below check that.

constexpr std::array<AuditNormalization, 110> kSyscalls{{
    {"accept", "accepted-connection-from", "network", "connection start", AuditObject::kSocket, 0,
     AuditPeer::kSource},
    {"accept4", "accepted-connection-from", "network", "connection start", AuditObject::kSocket, 0,
     AuditPeer::kSource},
    {"access", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"adjtimex", "changed-system-time", "host", "change"},
    {"bind", "bound-socket", "network", "start", AuditObject::kSocket},
    {"chmod", "changed-file-permissions-of", "file", "change", AuditObject::kFile},
    {"chown", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"chown32", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"clock_adjtime", "changed-system-time", "host", "change"},
    {"clock_adjtime64", "changed-system-time", "host", "change"},
    {"clock_settime", "changed-system-time", "host", "change"},
    {"clock_settime64", "changed-system-time", "host", "change"},
    {"connect", "connected-to", "network", "connection start", AuditObject::kSocket, 0,
     AuditPeer::kDestination},
    {"creat", "opened-file", "file", "creation", AuditObject::kFile},
    {"delete_module", "unloaded-kernel-module", "driver", "end"},
    {"execve", "executed", "process", "start", AuditObject::kFile},
    {"execveat", "executed", "process", "start", AuditObject::kFile},
    {"faccessat", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"faccessat2", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"fallocate", "opened-file", "file", "change", AuditObject::kFile},
    {"fchmod", "changed-file-permissions-of", "file", "change", AuditObject::kFile},
    {"fchmodat", "changed-file-permissions-of", "file", "change", AuditObject::kFile},
    {"fchown", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"fchown32", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"fchownat", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"finit_module", "loaded-kernel-module", "driver", "start"},
    {"fremovexattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"fsetxattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"fstatat64", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"fstatfs", "checked-filesystem-metadata-of", "file", "info", AuditObject::kFile},
    {"fstatfs64", "checked-filesystem-metadata-of", "file", "info", AuditObject::kFile},
    {"ftruncate", "opened-file", "file", "change", AuditObject::kFile},
    {"ftruncate64", "opened-file", "file", "change", AuditObject::kFile},
    {"futimesat", "changed-timestamp-of", "file", "change", AuditObject::kFile},
    {"getxattr", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"init_module", "loaded-kernel-module", "driver", "start"},
    {"kill", "killed-pid", "process", "end"},
    {"lchown", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"lchown32", "changed-file-ownership-of", "file", "change", AuditObject::kFile},
    {"lgetxattr", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"link", "linked", "file", "creation", AuditObject::kFile},
    {"linkat", "linked", "file", "creation", AuditObject::kFile},
    {"listen", "listen-for-connections", "network", "start", AuditObject::kSocket},
    {"listxattr", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"llistxattr", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"lremovexattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"lsetxattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"lstat", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"lstat64", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"mkdir", "created-directory", "file", "creation", AuditObject::kFile, 1},
    {"mkdirat", "created-directory", "file", "creation", AuditObject::kFile, 1},
    {"mknod", "make-device", "file", "creation", AuditObject::kFile},
    {"mknodat", "make-device", "file", "creation", AuditObject::kFile},
    {"mount", "mounted", "file", "creation", AuditObject::kFile, 1},
    {"newfstatat", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"open", "opened-file", "file", "info", AuditObject::kFile},
    {"openat", "opened-file", "file", "info", AuditObject::kFile},
    {"openat2", "opened-file", "file", "info", AuditObject::kFile},
    {"read", "read-file", "file", "info", AuditObject::kFile},
    {"readlink", "opened-file", "file", "info", AuditObject::kFile},
    {"readlinkat", "opened-file", "file", "info", AuditObject::kFile},
    {"recvfrom", "received-from", "network", "connection", AuditObject::kSocket, 0,
     AuditPeer::kSource},
    {"recvmsg", "received-from", "network", "connection", AuditObject::kSocket, 0,
     AuditPeer::kSource},
    {"removexattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"rename", "renamed", "file", "change", AuditObject::kFile, 2},
    {"renameat", "renamed", "file", "change", AuditObject::kFile, 2},
    {"renameat2", "renamed", "file", "change", AuditObject::kFile, 2},
    {"rmdir", "deleted", "file", "deletion", AuditObject::kFile},
    {"sendmsg", "sent-to", "network", "connection", AuditObject::kSocket, 0,
     AuditPeer::kDestination},
    {"sendto", "sent-to", "network", "connection", AuditObject::kSocket, 0,
     AuditPeer::kDestination},
    {"setdomainname", "changed-system-name", "host", "change"},
    {"setfsgid", "changed-identity-of", "process", "change"},
    {"setfsgid32", "changed-identity-of", "process", "change"},
    {"setfsuid", "changed-identity-of", "process", "change"},
    {"setfsuid32", "changed-identity-of", "process", "change"},
    {"setgid", "changed-identity-of", "process", "change"},
    {"setgid32", "changed-identity-of", "process", "change"},
    {"sethostname", "changed-system-name", "host", "change"},
    {"setregid", "changed-identity-of", "process", "change"},
    {"setregid32", "changed-identity-of", "process", "change"},
    {"setresgid", "changed-identity-of", "process", "change"},
    {"setresgid32", "changed-identity-of", "process", "change"},
    {"setresuid", "changed-identity-of", "process", "change"},
    {"setresuid32", "changed-identity-of", "process", "change"},
    {"setreuid", "changed-identity-of", "process", "change"},
    {"setreuid32", "changed-identity-of", "process", "change"},
    {"settimeofday", "changed-system-time", "host", "change"},
    {"setuid", "changed-identity-of", "process", "change"},
    {"setuid32", "changed-identity-of", "process", "change"},
    {"setxattr", "changed-file-attributes-of", "file", "change", AuditObject::kFile},
    {"stat", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"stat64", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"statfs", "checked-filesystem-metadata-of", "file", "info", AuditObject::kFile},
    {"statfs64", "checked-filesystem-metadata-of", "file", "info", AuditObject::kFile},
    {"statx", "checked-metadata-of", "file", "info", AuditObject::kFile},
    {"stime", "changed-system-time", "host", "change"},
    {"symlink", "symlinked", "file", "creation", AuditObject::kFile},
    {"symlinkat", "symlinked", "file", "creation", AuditObject::kFile},
    {"tgkill", "killed-pid", "process", "end"},
    {"tkill", "killed-pid", "process", "end"},
    {"truncate", "opened-file", "file", "change", AuditObject::kFile},
    {"truncate64", "opened-file", "file", "change", AuditObject::kFile},
    {"umount", "unmounted", "file", "deletion", AuditObject::kFile},
    {"umount2", "unmounted", "file", "deletion", AuditObject::kFile},
    {"unlink", "deleted", "file", "deletion", AuditObject::kFile},
    {"unlinkat", "deleted", "file", "deletion", AuditObject::kFile},
    {"utime", "changed-timestamp-of", "file", "change", AuditObject::kFile},
    {"utimensat", "changed-timestamp-of", "file", "change", AuditObject::kFile},
    {"utimes", "changed-timestamp-of", "file", "change", AuditObject::kFile},
    {"write", "wrote-to-file", "file", "change", AuditObject::kFile},
}};

constexpr std::array<AuditNormalization, 50> kRecordTypes{{
    {"ADD_GROUP", "added-group-account-to", "iam", "group creation"},
    {"ADD_USER", "added-user-account", "iam", "user creation"},
    {"ANOM_ABEND", "crashed-program", "process intrusion_detection", "end info"},
    {"ANOM_LOGIN_ACCT", "attempted-log-in-to-watched-account", "authentication intrusion_detection",
     "info"},
    {"ANOM_LOGIN_FAILURES", "failed-log-in-too-many-times-to", "authentication intrusion_detection",
     "info"},
    {"ANOM_LOGIN_LOCATION", "attempted-log-in-from-unusual-place-to",
     "authentication intrusion_detection", "info"},
    {"ANOM_LOGIN_SESSIONS", "opened-too-many-sessions-to", "authentication intrusion_detection",
     "info"},
    {"ANOM_LOGIN_TIME", "attempted-log-in-during-unusual-hour-to",
     "authentication intrusion_detection", "info"},
    {"ANOM_PROMISCUOUS", "changed-promiscuous-mode-on-device", "intrusion_detection",
     "info change"},
    {"AVC", "violated-selinux-policy", "", ""},
    {"CONFIG_CHANGE", "changed-audit-configuration", "process configuration", "change"},
    {"CRED_ACQ", "acquired-credentials", "authentication", "info"},
    {"CRED_DISP", "disposed-credentials", "authentication", "info"},
    {"CRED_REFR", "refreshed-credentials", "authentication", "info"},
    {"CRYPTO_KEY_USER", "negotiated-crypto-key", "process", "info"},
    {"CRYPTO_SESSION", "started-crypto-session", "process", "info"},
    {"DAEMON_ABORT", "aborted-auditd-startup", "process", "end"},
    {"DAEMON_CONFIG", "changed-auditd-configuration", "process configuration", "change"},
    {"DAEMON_END", "shutdown-audit", "process", "end"},
    {"DAEMON_START", "started-audit", "process", "start"},
    {"DEL_GROUP", "deleted-group-account-from", "iam", "group deletion"},
    {"DEL_USER", "deleted-user-account", "iam", "user deletion"},
    {"GRP_MGMT", "modified-group-account", "iam", "group change"},
    {"LOGIN", "changed-login-id-to", "authentication", "start"},
    {"MAC_CONFIG_CHANGE", "changed-selinux-boolean", "configuration", "change"},
    {"MAC_POLICY_LOAD", "loaded-selinux-policy", "configuration", "access"},
    {"MAC_STATUS", "changed-selinux-enforcement", "configuration", "change"},
    {"NETFILTER_CFG", "loaded-firewall-rule-to", "configuration", "change"},
    {"SECCOMP", "violated-seccomp-policy", "process", "info"},
    {"SERVICE_START", "started-service", "process", "start"},
    {"SERVICE_STOP", "stopped-service", "process", "end"},
    {"SYSTEM_BOOT", "booted-system", "host", "start"},
    {"SYSTEM_RUNLEVEL", "changed-to-runlevel", "host", "change"},
    {"SYSTEM_SHUTDOWN", "shutdown-system", "host", "end"},
    {"TIME_ADJNTPVAL", "changed-system-time", "host", "change"},
    {"TIME_INJOFFSET", "changed-system-time", "host", "change"},
    {"TTY", "typed", "process", "info"},
    {"USER_ACCT", "was-authorized", "authentication", "info"},
    {"USER_AUTH", "authenticated", "authentication", "info"},
    {"USER_CHAUTHTOK", "changed-password", "iam", "user change"},
    {"USER_CMD", "ran-command", "process", "start"},
    {"USER_END", "ended-session", "session", "end"},
    {"USER_ERR", "error", "authentication", "info"},
    {"USER_LOGIN", "logged-in", "authentication", "start"},
    {"USER_LOGOUT", "logged-out", "authentication", "end"},
    {"USER_MGMT", "modified-user-account", "iam", "user change"},
    {"USER_ROLE_CHANGE", "changed-role-to", "iam", "change"},
    {"USER_START", "started-session", "session", "start"},
    {"USER_TTY", "typed", "process", "info"},
    {"USYS_CONFIG", "changed-configuration", "configuration", "change"},
}};

constexpr std::array<AuditAccountFields, 20> kAccounts{{
    {"ADD_GROUP", "auid", "uid", "", "acct id", false},
    {"ADD_USER", "auid", "uid", "id acct", "", false},
    {"CRED_ACQ", "auid", "acct", "", "", false},
    {"CRED_DISP", "auid", "acct", "", "", false},
    {"CRED_REFR", "auid", "acct", "", "", false},
    {"CRYPTO_KEY_USER", "", "", "", "", true},
    {"CRYPTO_SESSION", "", "", "", "", true},
    {"DEL_GROUP", "auid", "uid", "", "acct id", false},
    {"DEL_USER", "auid", "uid", "id acct", "", false},
    {"GRP_MGMT", "auid", "uid", "", "acct id", false},
    {"LOGIN", "old-auid", "auid", "", "", false},
    {"USER_ACCT", "auid", "acct", "", "", false},
    {"USER_AUTH", "auid", "acct", "", "", false},
    {"USER_CHAUTHTOK", "auid", "uid", "acct id", "", false},
    {"USER_END", "auid", "acct id", "", "", true},
    {"USER_ERR", "auid", "acct uid", "", "", true},
    {"USER_LOGIN", "auid", "acct id", "", "", true},
    {"USER_LOGOUT", "auid", "id", "", "", true},
    {"USER_MGMT", "auid", "uid", "id acct", "", false},
    {"USER_START", "auid", "acct", "", "", true},
}};

constexpr AuditNormalization kDefaultSyscall{"", "", "process", "info"};

static_assert(std::ranges::is_sorted(kSyscalls, {}, &AuditNormalization::name));
static_assert(std::ranges::is_sorted(kRecordTypes, {}, &AuditNormalization::name));
static_assert(std::ranges::is_sorted(kAccounts, {}, &AuditAccountFields::type));

template <class Table, class Key>
auto Lookup(const Table& table, std::string_view wanted, Key key) -> decltype(table.data()) {
  const auto* const end = table.data() + table.size();
  const auto* const at = std::lower_bound(
      table.data(), end, wanted, [&](const auto& row, std::string_view w) { return row.*key < w; });
  return at != end && (*at).*key == wanted ? at : nullptr;
}

}  // namespace

const AuditNormalization* NormalizeSyscall(std::string_view syscall) {
  return Lookup(kSyscalls, syscall, &AuditNormalization::name);
}

const AuditNormalization* NormalizeRecordType(std::string_view type) {
  return Lookup(kRecordTypes, type, &AuditNormalization::name);
}

const AuditAccountFields* AccountFieldsOf(std::string_view type) {
  return Lookup(kAccounts, type, &AuditAccountFields::type);
}

const AuditNormalization& DefaultSyscallNormalization() { return kDefaultSyscall; }

}  // namespace vedette::sources
