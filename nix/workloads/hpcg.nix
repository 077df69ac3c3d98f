# HPCG, the High-Performance Conjugate Gradient benchmark: xhpcg.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  options.schedfront.hpcg.package = lib.mkPackageOption pkgs "hpcg" { };

  config = lib.mkIf (lib.elem "hpcg" config.schedfront.workloads) {
    environment.systemPackages = [
      config.schedfront.hpcg.package
      pkgs.mpi
    ];
  };
}
