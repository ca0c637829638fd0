# SPDX-License-Identifier: Apache-2.0
"""EQL rules in words of our own, in the shape of published Linux rules.

Shares were counted in 348 public rules for Linux (25 % of them sequences; of the others 80 % process,
17 % file, the rest network and authentication): on average six conjuncts, 38 literals, 14 of them
wildcards; half of the lists have at most four entries, the longest over a hundred; nine rules in ten
have an exclusion, one in twenty a regular expression.
"""

SHELLS = ["bash", "dash", "sh", "tcsh", "csh", "zsh", "ksh", "fish"]
TOOLS = """curl wget nc ncat socat perl python3 ruby php lua node openssl base64 xxd tar gzip cpio cp mv
 rm find grep awk sed cat ls ps stat date kubectl docker runc git ssh scp rsync psql mysql java node make
 gcc cc1plus apt-get dpkg rpm dnf systemctl crontab at useradd usermod chmod chattr insmod modprobe kexec
 mokutil efibootmgr dracut update-grub grub-mkconfig udevadm iptables nft tcpdump strace gdb screen tmux
 nohup setsid busybox chroot unshare nsenter mount losetup logrotate""".split()
WORDS = """ledger harvest orchid tracker billing invoice gateway session metrics archive beacon courier
 parcel quartz relay sandbox tempest uplink vault walnut zephyr anchor bramble cascade delta ember fathom
 granite hollow juniper kestrel lantern meadow nightly outpost pebble thicket vector worker""".split()
FOLDERS = """/tmp /var/tmp /dev/shm /etc /etc/cron.d /etc/init.d /etc/profile.d /etc/systemd/system
 /etc/udev/rules.d /etc/modules-load.d /boot /boot/efi /boot/grub /lib/modules /usr/local/sbin /usr/bin
 /usr/lib/dracut/modules.d /etc/initramfs-tools /run /var/run /home/*/.config /home/*/.ssh /root/.ssh
 /var/www/html /opt /srv /var/lib""".split()
FLAGS = """-c -e -lc -l -p -u -x -k --exec --output -o -O -d --decode -i --interactive -r --recursive
 --data --upload-file -T --socks5 --proxy -H newc --import --force --add -P -z +x 777 -S u+s""".split()
SUFFIXES = ["sh", "py", "so", "ko", "service", "timer", "conf", "rules", "desktop", "tmp", "swp", "dpkg-new",
            "yaml", "log"]
START = ('event.type == "start" and event.action in ("exec", "exec_event", "start", "ProcessRollup2", '
         '"executed", "process_started")')
MANAGERS = ["/usr/bin/dpkg", "/usr/bin/rpm", "/usr/bin/dnf", "/usr/bin/yum", "/usr/bin/apt-get",
            "/usr/bin/pacman", "/usr/bin/snapd", "/usr/lib/systemd/systemd", "/usr/bin/podman",
            "/usr/bin/dockerd", "/usr/sbin/runc", "/usr/bin/puppet", "/usr/bin/chef-client",
            "/usr/bin/salt-minion", "/opt/agent/bin/agent"]


class Shapes:
    """Writes queries; `random` decides everything."""

    def __init__(self, random):
        self.random = random

    def size(self):
        """Entries of a list: half at most four, few beyond fifty."""
        return min(120, 1 + int(self.random.paretovariate(0.9) * 1.4))

    def some(self, make, size=None):
        texts = list(dict.fromkeys(make() for _ in range(size or self.size())))
        return texts, "(" + ", ".join(f'"{text}"' for text in texts) + ")"

    def tool(self):
        r = self.random
        if r.random() < 0.55:
            return r.choice(TOOLS)
        return r.choice(WORDS) + r.choice(["d", "ctl", "-agent", "-cli", "scan", ""])

    def path(self):
        r = self.random
        return f"{r.choice(FOLDERS)}/{r.choice(WORDS)}" + r.choice(["", "", "/" + r.choice(WORDS)])

    def argument(self):
        r = self.random
        return r.choice([r.choice(FLAGS), r.choice(FLAGS), self.path(), r.choice(WORDS)])

    def wildcard(self):
        r = self.random
        return r.choice([f"{r.choice(FOLDERS)}/*", f"{self.path()}/*", f"*{r.choice(WORDS)}*",
                         f"*{r.choice(TOOLS)}*{r.choice(WORDS)}*", f"*{r.choice(FLAGS)} *",
                         f"{r.choice(WORDS)}-*", f"*/{r.choice(WORDS)}.{r.choice(SUFFIXES)}"])

    def names(self, field):
        if self.random.random() < 0.3:
            return f'{field} == "{self.tool()}"'
        return f"{field} in {self.some(self.tool)[1]}"

    def patterns(self, field):
        operator = self.random.choice(["like", "like", "like~", ":"])
        return f"{field} {operator} {self.some(self.wildcard, min(40, (self.size() + 1) // 2))[1]}"

    def arguments(self, field):
        if self.random.random() < 0.35:
            return f'{field} == "{self.argument()}"'
        return f"{field} in {self.some(self.argument)[1]}"

    def regex(self, field):
        r = self.random
        operator = r.choice(["regex", "regex~"])
        form = r.choice([".*{}[0-9]{{2,6}}.*", "/(tmp|var/tmp)/[.]?{}[a-z]*", ".*(-{}|--{})=[A-Z]+.*"])
        return f'{field} {operator} """{form.format(*(r.choice(WORDS) for _ in range(2)))}"""'

    def process_term(self):
        r = self.random
        return r.choices(
            [lambda: self.names("process.name"), lambda: self.arguments("process.args"),
             lambda: self.patterns("process.args"), lambda: self.patterns("process.command_line"),
             lambda: self.names("process.parent.name"),
             lambda: self.patterns("process.parent.executable"),
             lambda: self.patterns("process.executable"), lambda: self.arguments("process.parent.args"),
             lambda: self.patterns("process.parent.command_line"),
             lambda: self.patterns("?process.working_directory"),
             lambda: f"process.args_count {r.choice(['==', '>=', '<='])} {r.randint(1, 9)}",
             lambda: self.regex("process.command_line"),
             lambda: f"process.interactive == {r.choice(['true', 'false'])}",
             lambda: f'user.id {r.choice(["==", "!="])} "0"'],
            [80, 40, 30, 32, 32, 30, 28, 16, 20, 12, 11, 4, 4, 5])[0]()

    def exclusion(self):
        r = self.random
        return r.choices(
            [lambda: self.patterns("process.parent.executable"), lambda: self.arguments("process.args"),
             lambda: self.names("process.parent.name"), lambda: self.patterns("process.command_line"),
             lambda: self.patterns("process.executable"), lambda: self.arguments("process.parent.args")],
            [40, 25, 20, 20, 20, 12])[0]()

    def process(self):
        r = self.random
        terms = ['host.os.type == "linux"', START, self.names("process.name")]
        if r.random() < 0.12:
            terms.pop()
        terms += [self.process_term() for _ in range(r.choices([1, 2, 3, 4], [40, 35, 18, 7])[0])]
        if r.random() < 0.3:
            branches = [f"({self.process_term()} and {self.process_term()})"
                        for _ in range(r.randint(2, 4))]
            terms.append("(\n    " + " or\n    ".join(branches) + "\n  )")
        if r.random() < 0.6:
            exclusions = [self.exclusion() for _ in range(r.randint(1, 5))]
            terms.append("not (\n    " + " or\n    ".join(exclusions) + "\n  )")
        return "process where " + " and\n  ".join(terms)

    def file(self):
        r = self.random
        terms = ['host.os.type == "linux"', r.choice(
            ['event.action in ("creation", "file_create_event", "rename", "file_rename_event")',
             'event.type != "deletion"', 'event.action == "rename"',
             'event.type == "creation"']), "process.executable != null"]
        terms.append(r.choice([lambda: self.patterns("file.path"),
                               lambda: f"file.path in {self.some(self.path)[1]}",
                               lambda: self.patterns("file.name")])())
        if r.random() < 0.3:
            terms.append(self.names("process.name"))
        parts = []
        if r.random() < 0.9:
            count = r.randint(4, len(MANAGERS))
            parts.append("process.executable in ("
                         + ", ".join(f'"{p}"' for p in r.sample(MANAGERS, count)) + ")")
        if r.random() < 0.5:
            parts.append("file.extension in ("
                         + ", ".join(f'"{p}"' for p in r.sample(SUFFIXES, r.randint(1, 4))) + ")")
        parts.append(self.patterns("process.executable"))
        terms.append("not (\n    " + " or\n    ".join(parts) + "\n  )")
        return "file where " + " and\n  ".join(terms)

    def network(self):
        r = self.random
        terms = ['host.os.type == "linux"', 'event.action == "connection_attempted"',
                 self.names("process.name")]
        if r.random() < 0.5:
            terms.append(f"destination.port in ({', '.join(str(r.randint(20, 9999)) for _ in range(4))})")
        terms.append('not cidrmatch(destination.ip, "127.0.0.0/8", "10.0.0.0/8", "::1", '
                     f'"{r.randint(11, 200)}.{r.randint(0, 255)}.0.0/16")')
        return "network where " + " and\n  ".join(terms)

    def authentication(self):
        name = self.random.choice(WORDS)
        return (f'authentication where event.outcome == "failure" and user.name in ("root", "{name}") and'
                f'\n  source.ip != null and not cidrmatch(source.ip, "127.0.0.0/8")')

    def event(self):
        return self.random.choices([self.process, self.file, self.network, self.authentication],
                                   [80, 17, 2, 1])[0]()

    def sequence(self):
        r = self.random
        keys = r.choice(["process.entity_id", "process.entity_id", "host.id", "host.id",
                         "process.parent.entity_id", "host.id, user.id", "process.entry_leader.entity_id"])
        stages = [self.event() for _ in range(r.choices([2, 3, 4], [75, 17, 8])[0])]
        return (f"sequence by {keys} with maxspan={r.choice(['1s', '3s', '5s', '10s', '30s', '1m', '5m'])}\n"
                + "\n".join(f"  [{stage}]" for stage in stages))
