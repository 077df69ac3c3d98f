# The OSU micro-benchmarks of MPI: osu_latency, osu_bw, osu_allreduce and the others.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  options.schedfront.osu.package = lib.mkPackageOption pkgs "osu-micro-benchmarks" { };

  config = lib.mkIf (lib.elem "osu" config.schedfront.workloads) {
    environment.systemPackages = [
      config.schedfront.osu.package
      pkgs.mpi
    ];
  };
}
