# What every node is, as images/debian makes it: a name and keys from cloud-init's disk before sshd starts, no password,
# no log on the disk that is measured, nothing that a machine needs only when it is used for months.
{
  lib,
  modulesPath,
  pkgs,
  ...
}:
let
  hostKey = "/etc/ssh/ssh_host_ed25519_key";
  # Ansible writes these; as links into the store they would come back at the next boot.
  ansibleOwns = [
    "hosts"
    "ssh/ssh_known_hosts"
  ];
in
{
  imports = [ (modulesPath + "/profiles/minimal.nix") ];

  config = {
    system.stateVersion = "26.05";
    # A node is made anew, never rebuilt in place.
    nix.enable = false;
    system.disableInstallerTools = true;
    system.switch.enable = false;
    image.modules.schedfront = ./image.nix;

    # cloud-init writes /etc/hostname.
    networking.hostName = lib.mkOverride 1100 "";
    environment.etc = lib.genAttrs ansibleOwns (_: {
      enable = false;
    });
    services.cloud-init = {
      enable = true;
      settings = {
        datasource_list = [ "NoCloud" ];
        datasource.NoCloud.fs_label = "cidata";
        network.config = "disabled";
        users = [ ];
        ssh_deletekeys = false;
        ssh_genkeytypes = [ ];
        cloud_init_modules = [
          "set_hostname"
          "users_groups"
          "ssh"
          "write_files"
        ];
        cloud_config_modules = [ ];
        cloud_final_modules = [ ];
      };
    };
    # One stage does it all, for the data is on a disk (ds=nocloud); only sshd waits for it.
    systemd.services = {
      cloud-init.enable = false;
      cloud-config.enable = false;
      cloud-final.enable = false;
      cloud-init-local = {
        aliases = [ "node-identity.service" ];
        before = [ "sshd.service" ];
        path = [
          pkgs.kmod
          pkgs.util-linux
        ];
        preStart = ''
          # An emulated CD-ROM appears late.
          for ((tries = 0; tries < 150; tries++)); do
            if blkid --label cidata >/dev/null; then exit 0; fi
            sleep 0.2
          done
          echo "no disk with the label cidata within 30 s" >&2
          exit 1
        '';
      };
      sshd = {
        aliases = [ "ssh.service" ];
        after = [ "cloud-init-local.service" ];
        unitConfig.ConditionPathExists = hostKey;
      };
    };

    services.openssh = {
      enable = true;
      generateHostKeys = false;
      hostKeys = [
        {
          type = "ed25519";
          path = hostKey;
        }
      ];
      # The second file lets the head node's users in, each as the same user.
      authorizedKeysFiles = lib.mkForce [
        ".ssh/authorized_keys"
        "/etc/ssh/cluster_authorized_keys"
      ];
      settings = {
        PasswordAuthentication = false;
        KbdInteractiveAuthentication = false;
        PermitRootLogin = "prohibit-password";
        UseDns = false;
        X11Forwarding = false;
      };
    };
    # Nobody has a password; root's key comes from cloud-init.
    users.allowNoPasswordLogin = true;

    services.journald.storage = "volatile";
    systemd.services."serial-getty@ttyS0".enable = false;
    systemd.services."getty@tty1".enable = false;
    systemd.enableEmergencyMode = false;

    # A job that fills the memory it was given is the kernel's business alone.
    systemd.oomd.enable = false;
    # Names are in /etc/hosts; the rest is for machines that people live on.
    services.resolved.enable = false;
    networking.resolvconf.enable = false;
    services.fstrim.enable = false;
    services.lvm.enable = false;
    boot.bcache.enable = false;
    fonts.fontconfig.enable = false;
    programs.nano.enable = false;
    security.sudo.enable = false;
  };
}
