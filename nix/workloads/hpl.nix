# HPL: xhpl. A tuple's job may be Debian's hpcc, which nixpkgs lacks: a program of that name runs xhpl on the same file.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.schedfront.hpl;
  # hpccinf.txt is HPL.dat with lines more at its end, which HPL does not read; line 3 names the output. Each rank
  # writes the same file, and the move makes it whole for all of them.
  hpcc = pkgs.writeShellApplication {
    name = "hpcc";
    runtimeInputs = [
      pkgs.coreutils
      pkgs.gnused
      cfg.package
    ];
    text = ''
      own=$(mktemp HPL.dat.XXXXXX)
      sed '3s/^HPL\.out/hpccoutf.txt/' hpccinf.txt >"$own"
      mv "$own" HPL.dat
      exec xhpl
    '';
  };
in
{
  options.schedfront.hpl.package = lib.mkPackageOption pkgs "hpl" { };

  config = lib.mkIf (lib.elem "hpl" config.schedfront.workloads) {
    environment.systemPackages = [
      cfg.package
      hpcc
      pkgs.mpi
    ];
  };
}
