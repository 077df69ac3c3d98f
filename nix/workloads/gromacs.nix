# GROMACS with MPI, molecular dynamics: gmx_mpi.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  options.schedfront.gromacs.package = lib.mkPackageOption pkgs "gromacsMpi" { };

  config = lib.mkIf (lib.elem "gromacs" config.schedfront.workloads) {
    environment.systemPackages = [
      config.schedfront.gromacs.package
      pkgs.mpi
    ];
  };
}
