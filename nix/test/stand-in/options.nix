# The options of nixpkgs that the project's modules set, with their types. `nix flake check` asks nixpkgs whether each is
# there; a name that a module misspells is not here.
{ types }:
let
  inherit (types)
    anything
    attrsOf
    bool
    function
    int
    lines
    listOf
    package
    path
    str
    ;
in
{
  assertions = listOf anything;
  "boot.bcache.enable" = bool;
  "boot.extraSystemdUnitPaths" = listOf str;
  "boot.growPartition" = bool;
  "boot.initrd.availableKernelModules" = listOf str;
  "boot.initrd.systemd.extraBin" = attrsOf path;
  "boot.kernel.sysctl" = attrsOf anything;
  "boot.kernelModules" = listOf str;
  "boot.kernelParams" = listOf str;
  "boot.loader.grub.enable" = bool;
  "environment.etc.<name>.enable" = bool;
  "environment.systemPackages" = listOf package;
  "fileSystems.<name>.autoResize" = bool;
  "fileSystems.<name>.device" = str;
  "fileSystems.<name>.fsType" = str;
  "fileSystems.<name>.options" = listOf str;
  "fonts.fontconfig.enable" = bool;
  "hardware.enableRedistributableFirmware" = bool;
  "hardware.graphics.enable" = bool;
  "hardware.nvidia.nvidiaPersistenced" = bool;
  "hardware.nvidia.nvidiaSettings" = bool;
  "hardware.nvidia.open" = bool;
  "image.modules" = attrsOf anything;
  "networking.firewall.enable" = bool;
  "networking.hostName" = str;
  "networking.resolvconf.enable" = bool;
  "networking.useDHCP" = bool;
  "networking.useNetworkd" = bool;
  "networking.usePredictableInterfaceNames" = bool;
  "nix.enable" = bool;
  "nixpkgs.config" = attrsOf function;
  "programs.nano.enable" = bool;
  "security.sudo.enable" = bool;
  "services.chrony.enable" = bool;
  "services.chrony.extraConfig" = lines;
  "services.chrony.servers" = listOf str;
  "services.cloud-init.enable" = bool;
  "services.cloud-init.settings" = attrsOf anything;
  "services.fstrim.enable" = bool;
  "services.journald.storage" = str;
  "services.lvm.enable" = bool;
  "services.munge.enable" = bool;
  "services.munge.password" = path;
  "services.mysql.enable" = bool;
  "services.mysql.package" = package;
  "services.openssh.authorizedKeysFiles" = listOf str;
  "services.openssh.enable" = bool;
  "services.openssh.generateHostKeys" = bool;
  "services.openssh.hostKeys" = listOf anything;
  "services.openssh.settings.KbdInteractiveAuthentication" = bool;
  "services.openssh.settings.PasswordAuthentication" = bool;
  "services.openssh.settings.PermitRootLogin" = str;
  "services.openssh.settings.UseDns" = bool;
  "services.openssh.settings.X11Forwarding" = bool;
  "services.resolved.enable" = bool;
  "services.slurm.client.enable" = bool;
  "services.slurm.dbdserver.enable" = bool;
  "services.slurm.etcSlurm" = path;
  "services.slurm.package" = package;
  "services.slurm.server.enable" = bool;
  "services.slurm.stateSaveLocation" = str;
  "services.timesyncd.enable" = bool;
  "services.xserver.videoDrivers" = listOf str;
  "system.build" = attrsOf anything;
  "system.disableInstallerTools" = bool;
  "system.stateVersion" = str;
  "system.switch.enable" = bool;
  "systemd.enableEmergencyMode" = bool;
  "systemd.network.networks.<name>.dhcpV4Config" = attrsOf anything;
  "systemd.network.networks.<name>.matchConfig" = attrsOf anything;
  "systemd.network.networks.<name>.networkConfig" = attrsOf anything;
  "systemd.network.wait-online.enable" = bool;
  "systemd.oomd.enable" = bool;
  "systemd.services.<name>.after" = listOf str;
  "systemd.services.<name>.aliases" = listOf str;
  "systemd.services.<name>.before" = listOf str;
  "systemd.services.<name>.description" = str;
  "systemd.services.<name>.enable" = bool;
  "systemd.services.<name>.path" = listOf package;
  "systemd.services.<name>.preStart" = lines;
  "systemd.services.<name>.script" = lines;
  "systemd.services.<name>.serviceConfig" = attrsOf anything;
  "systemd.services.<name>.unitConfig" = attrsOf anything;
  "systemd.services.<name>.wantedBy" = listOf str;
  "systemd.tmpfiles.rules" = listOf str;
  "users.allowNoPasswordLogin" = bool;
  "users.groups.<name>.gid" = int;
  "users.users.<name>.description" = str;
  "users.users.<name>.group" = str;
  "users.users.<name>.home" = path;
  "users.users.<name>.isNormalUser" = bool;
  "users.users.<name>.shell" = package;
  "users.users.<name>.uid" = int;
  "virtualisation.containerd.args" = attrsOf str;
  "virtualisation.containerd.enable" = bool;
}
