# The driver of NVIDIA devices that the hypervisor passes through; its devices are there before any job is.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.schedfront;
in
{
  options.schedfront.nvidia.openKernelModule = mkOption {
    type = types.bool;
    default = true;
    description = "NVIDIA's open kernel module, which Turing (2018) and later take; false for older devices.";
  };

  config = lib.mkIf cfg.gpu {
    services.xserver.videoDrivers = [ "nvidia" ];
    hardware.graphics.enable = true;
    hardware.nvidia = {
      open = cfg.nvidia.openKernelModule;
      nvidiaSettings = false;
      # Keeps the devices set up between jobs.
      nvidiaPersistenced = true;
    };
    nixpkgs.config.allowUnfreePredicate = package: lib.hasPrefix "nvidia" (lib.getName package);
  };
}
