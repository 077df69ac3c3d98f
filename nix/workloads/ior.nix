# IOR and mdtest, of parallel file systems.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  options.schedfront.ior.package = lib.mkPackageOption pkgs "ior" { };

  config = lib.mkIf (lib.elem "ior" config.schedfront.workloads) {
    environment.systemPackages = [
      config.schedfront.ior.package
      pkgs.mpi
    ];
  };
}
