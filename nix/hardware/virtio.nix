# A guest of libvirt's with virtio devices, booted from a kernel and an initrd outside of its disk.
{ lib, pkgs, ... }:
{
  config = {
    boot = {
      loader.grub.enable = false;
      growPartition = false;
      kernelParams = [
        "console=ttyS0"
        "ds=nocloud"
        "quiet"
      ];
      initrd = {
        availableKernelModules = [
          "virtio_blk"
          "virtio_net"
          "virtio_pci"
          "ext4"
        ];
        # components/libvirt/scripts/prove-acceleration boots this kernel with it as first process: systemd's own needs /proc.
        systemd.extraBin.poweroff = "${pkgs.busybox}/bin/poweroff";
      };
      # cloud-init's data; on an emulated CD-ROM where the hypervisor has no other.
      kernelModules = [
        "isofs"
        "sr_mod"
        "ata_piix"
        "ahci"
      ];
    };
    fileSystems."/" = {
      device = "/dev/disk/by-label/root";
      fsType = "ext4";
      options = [ "noatime" ];
      autoResize = true;
    };
    hardware.enableRedistributableFirmware = lib.mkDefault false;
  };
}
