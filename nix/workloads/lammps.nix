# LAMMPS with MPI, molecular dynamics: lmp.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  options.schedfront.lammps.package = lib.mkPackageOption pkgs "lammps-mpi" { };

  config = lib.mkIf (lib.elem "lammps" config.schedfront.workloads) {
    environment.systemPackages = [
      config.schedfront.lammps.package
      pkgs.mpi
    ];
  };
}
