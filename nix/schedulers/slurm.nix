# Slurm. Its daemons read /etc/slurm, which role `scheduler_slurm` writes, and never a configuration of the store:
# a parameter builds no image.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.schedfront;
  isHead = lib.elem "head" cfg.roles;
  isCompute = lib.elem "compute" cfg.roles;
  folder = "/etc/slurm";
  munge = "/etc/munge";
  needs = files: { unitConfig.ConditionPathExists = files; };
in
{
  options.schedfront.slurm.package = lib.mkPackageOption pkgs "slurm" { };

  config = lib.mkIf (cfg.scheduler == "slurm") {
    services.munge = {
      enable = true;
      password = "${munge}/munge.key";
    };
    services.slurm = {
      inherit (cfg.slurm) package;
      server.enable = isHead;
      client.enable = isCompute;
      dbdserver.enable = isHead;
      stateSaveLocation = "/var/lib/slurm/slurmctld";
      # Where the commands look when SLURM_CONF is not set.
      etcSlurm = folder;
    };
    # The commands themselves before nixpkgs' wrappers: a shell more in each would count as the scheduler's cost.
    environment.systemPackages = [ (lib.hiPrio cfg.slurm.package) ];
    services.mysql = lib.mkIf isHead {
      enable = true;
      package = pkgs.mariadb;
    };

    # Keys and configuration come by Ansible: until then nothing starts, and then the role starts it. Debian's names
    # for the units are aliases.
    systemd.services = lib.mkMerge [
      {
        munged = needs "${munge}/munge.key" // {
          aliases = [ "munge.service" ];
        };
      }
      (lib.mkIf isCompute {
        slurmd = needs "${folder}/slurm.conf";
      })
      (lib.mkIf isHead {
        slurmctld = needs "${folder}/slurm.conf";
        # Only where the tuple asks for accounting.
        mysql = {
          aliases = [ "mariadb.service" ];
          wantedBy = lib.mkForce [ ];
        };
        slurmdbd = needs "${folder}/slurmdbd.conf" // {
          wantedBy = lib.mkForce [ ];
          preStart = lib.mkForce "";
          # slurmdbd looks for its file beside the one that is named here.
          script = lib.mkForce ''
            export SLURM_CONF=${folder}/slurm.conf
            exec ${cfg.slurm.package}/bin/slurmdbd -D
          '';
        };
      })
    ];
    systemd.tmpfiles.rules = [
      "d ${folder} 0755 root root -"
      "d ${munge} 0700 munge munge -"
      "d /var/lib/slurm 0755 slurm slurm -"
      "d /var/log/slurm 0755 slurm slurm -"
    ];
  };
}
