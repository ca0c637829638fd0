// SPDX-License-Identifier: Apache-2.0
#include "corpus_words.h"

#include <fmt/format.h>

#include <array>

namespace vedette::bench {
namespace {

constexpr std::array kWords = std::to_array<std::string_view>(
    {"ledger",   "harvest", "orchid",   "tracker", "billing", "invoice", "gateway", "session",
     "metrics",  "archive", "beacon",   "courier", "parcel",  "quartz",  "relay",   "sandbox",
     "tempest",  "uplink",  "vault",    "walnut",  "yonder",  "zephyr",  "anchor",  "bramble",
     "cascade",  "delta",   "ember",    "fathom",  "granite", "hollow",  "index",   "juniper",
     "kestrel",  "lantern", "meadow",   "nightly", "outpost", "pebble",  "queue",   "report",
     "snapshot", "thicket", "upstream", "vector",  "worker",  "export",  "import",  "staging"});
constexpr std::array kUsers = std::to_array<std::string_view>(
    {"root", "www-data", "deploy", "postgres", "ana", "bela", "chidi", "dagny", "emre", "jenkins",
     "nobody", "backup", "farah", "gitlab-runner", "prometheus", "henrik"});
constexpr std::array kFolders = std::to_array<std::string_view>(
    {"/var/lib", "/srv", "/opt", "/home", "/usr/share", "/var/log", "/tmp", "/var/cache", "/etc",
     "/usr/lib/python3/dist-packages", "/run", "/var/tmp", "/mnt/data"});
constexpr std::array kSuffixes = std::to_array<std::string_view>(
    {".log", ".json", ".conf", ".py", ".sh", ".tar.gz", ".service", ".yaml", ".db", "", ".tmp"});
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kLowerAlnum = "abcdefghijklmnopqrstuvwxyz0123456789";

constexpr std::array kCommon = std::to_array<CommandShape>({
    {"/usr/bin/bash", "bash -c {word}-check~--target~{host}~--since~{num}s~|~grep~-c~{hex8}"},
    {"/usr/bin/grep", "grep -rn --color=auto {word}_{word} {path}"},
    {"/usr/bin/sed", "sed -i s/{word}/{hex6}/g {path}"},
    {"/usr/bin/cat", "cat /proc/{num}/status"},
    {"/usr/bin/ls", "ls --color=auto -la {path}"},
    {"/usr/bin/dash", "sh -c test~-x~{path}~&&~{path}~--quiet"},
    {"/usr/bin/cp", "cp -a {path} {path}"},
    {"/usr/bin/python3.11",
     "/usr/bin/python3 {path} --config {path} --shard {num} --token {b64.40}"},
    {"/usr/bin/awk", "awk -F: {print~$1,~$NF} {path}"},
    {"/usr/bin/curl", "curl -fsSL --retry 3 -H X-Request-Id:~{hex32} {url} -o {path}"},
    {"/usr/bin/date", "date +%s%N"},
    {"/usr/bin/ps", "ps -eo pid,ppid,rss,args --sort=-rss"},
    {"/usr/bin/find", "find {path} -type f -mtime +{num} -name *{word}* -delete"},
    {"/usr/bin/rm", "rm -rf -- {path}"},
    {"/usr/bin/mv", "mv -f {path} {path}"},
    {"/usr/bin/stat", "stat -c %Y~%s~%n {path}"},
    {"/usr/bin/systemctl", "systemctl is-active --quiet {unit}"},
    {"/usr/sbin/runc",
     "runc --root /run/containerd/runc/k8s.io --log /run/containerd/io.containerd.runtime.v2.task/"
     "k8s.io/{hex64}/log.json --log-format json exec --process /tmp/runc-process{num} --detach "
     "--pid-file /run/containerd/io.containerd.runtime.v2.task/k8s.io/{hex64}/{hex64}.pid {hex64}"},
    {"/usr/bin/containerd-shim-runc-v2",
     "/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id {hex64} -address "
     "/run/containerd/containerd.sock"},
    {"/usr/sbin/iptables",
     "iptables -w 5 -t nat -C POSTROUTING -s {ip}/32 -m comment --comment "
     "{pod} -j MASQUERADE"},
    {"/usr/bin/kubectl",
     "kubectl --context {word}-{word} -n {word} get pod {pod} -o "
     "jsonpath={.status.phase}"},
    {"/usr/bin/git",
     "git -c core.quotepath=false fetch --depth=1 origin "
     "+refs/pull/{num}/head:refs/remotes/pull/{num} {hex40}"},
    {"/usr/bin/ssh", "ssh -o BatchMode=yes -o ConnectTimeout={num} -i {path} {user}@{host} uptime"},
    {"/usr/bin/rsync", "rsync -az --partial --exclude=.{word} {path}/ {user}@{host}:{path}/"},
    {"/usr/bin/psql",
     "psql -h {host} -U {user} -d {word} -Atc SELECT~count(*)~FROM~{word}_{word}"
     "~WHERE~id~>~{num}"},
    {"/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus",
     "/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus -quiet -imultiarch x86_64-linux-gnu -D_GNU_SOURCE "
     "{path}.cc -dumpbase {word}.cc -mtune=generic -march=x86-64 -O2 -o /tmp/cc{b64.6}.s"},
    {"/usr/bin/java",
     "java -Xms512m -Xmx{num}m -XX:+UseG1GC -Djava.io.tmpdir={path} -Dnode.name={host} -cp "
     "/opt/{word}/lib/{word}-{num}.jar:/opt/{word}/lib/* com.{word}.{word}.Main --cluster {word}"},
    {"/usr/bin/apt-get", "apt-get -o Dpkg::Options::=--force-confold -y install {pkg}={num}.{num}"},
    {"/usr/bin/dpkg",
     "dpkg --status-fd {num} --unpack /var/cache/apt/archives/{pkg}_{num}_amd64.deb"},
    {"/usr/bin/openssl", "openssl dgst -sha256 -hmac {b64.44} {path}"},
    {"/usr/bin/tar", "tar --zstd -xf {path}.tar.zst -C {path} --strip-components=1"},
    {"/usr/bin/cpio", "cpio --quiet -idmu --no-absolute-filenames"},
    {"/usr/sbin/logrotate", "logrotate --state /var/lib/logrotate/status /etc/logrotate.d/{word}"},
    {"/usr/bin/node", "node --max-old-space-size={num} {path} --inspect=0 --session {hex32}"},
});

constexpr std::array kNearMisses = std::to_array<NearMiss>({
    {{"/usr/bin/cp", "cp -a /boot/grub/grub.cfg /boot/grub/grub.cfg.{hex4}"},
     "/usr/sbin/grub-mkconfig"},
    {{"/usr/bin/cpio", "cpio -o -H newc --reproducible --quiet"}, "/usr/sbin/mkinitramfs"},
    {{"/usr/bin/mv", "mv /boot/initrd.img-6.1.0-{num}.new /boot/initrd.img-6.1.0-{num}"},
     "/usr/bin/dracut"},
    {{"/usr/bin/cpio", "cpio -o -H newc -R 0:0"}, "/usr/share/initramfs-tools/hooks/{word}"},
    {{"/usr/bin/cp", "cp /boot/efi/EFI/debian/shimx64.efi /var/tmp/shim.{num}"}, "/usr/bin/sudo"},
});

/// A decimal number after `prefix` in a slot's name, or `otherwise`.
std::size_t CountOf(std::string_view slot, std::string_view prefix, std::size_t otherwise) {
  std::size_t count = 0;
  for (const char c : slot.substr(prefix.size())) {
    if (c < '0' || c > '9') return otherwise;
    count = count * 10 + static_cast<std::size_t>(c - '0');
  }
  return count == 0 ? otherwise : count;
}

/// False when `slot` names none: then the braces stand for themselves.
bool AppendSlot(std::string_view slot, Random& random, std::string& out) {
  if (slot == "word") {
    out += RandomWord(random);
  } else if (slot == "user") {
    out += RandomUser(random);
  } else if (slot == "path") {
    out += RandomPath(random);
  } else if (slot == "ip") {
    out += RandomAddress(random);
  } else if (slot == "num") {
    out += fmt::to_string(1 + random.Below(std::uint64_t{1} << (3 + random.Below(15))));
  } else if (slot == "host") {
    out += fmt::format("{}-{:02}.example.net", RandomWord(random), random.Below(40));
  } else if (slot == "unit") {
    out += fmt::format("{}-{}.service", RandomWord(random), RandomWord(random));
  } else if (slot == "pkg") {
    out += fmt::format("lib{}{}-{}", RandomWord(random), random.Below(9), RandomWord(random));
  } else if (slot == "pod") {
    out += fmt::format("{}-{}-", RandomWord(random), random.Hex(9));
    random.AppendFrom(out, kLowerAlnum, 5);
  } else if (slot == "url") {
    out += fmt::format("https://{}.example.com/api/v{}/{}/{}?cursor=", RandomWord(random),
                       1 + random.Below(4), RandomWord(random), random.Hex(12));
    random.AppendFrom(out, kBase64, 24);
  } else if (slot.starts_with("hex")) {
    random.AppendHex(out, CountOf(slot, "hex", 8));
  } else if (slot.starts_with("b64.")) {
    random.AppendFrom(out, kBase64, CountOf(slot, "b64.", 24));
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::span<const CommandShape> CommonCommands() { return kCommon; }
std::span<const NearMiss> NearMisses() { return kNearMisses; }

std::string_view RandomWord(Random& random) {
  return random.Pick(std::span<const std::string_view>(kWords));
}

std::string_view RandomUser(Random& random) { return kUsers[random.Skewed(kUsers.size())]; }

std::string RandomPath(Random& random) {
  std::string path(kFolders[random.Skewed(kFolders.size())]);
  const std::uint64_t depth = 1 + random.Below(3);
  for (std::uint64_t i = 0; i < depth; ++i) {
    path += '/';
    path += RandomWord(random);
  }
  path += fmt::format("-{}", random.Hex(10));
  path += kSuffixes[random.Below(kSuffixes.size())];
  return path;
}

std::string RandomAddress(Random& random) {
  return fmt::format("10.{}.{}.{}", random.Below(64), random.Below(256), 1 + random.Below(254));
}

std::vector<std::string> FillWords(std::string_view line, Random& random) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ') {
      words.emplace_back();
    } else if (c == '~') {
      words.back() += ' ';
    } else if (const auto end = c == '{' ? line.find('}', i) : std::string_view::npos;
               end != std::string_view::npos &&
               AppendSlot(line.substr(i + 1, end - i - 1), random, words.back())) {
      i = end;
    } else {
      words.back() += c;
    }
  }
  return words;
}

}  // namespace vedette::bench
