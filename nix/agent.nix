# What the agent and the roles rely on, at the places where the Debian image has it.
{ lib, pkgs, ... }:
let
  # /usr/local comes first in the agent's PATH; the rest are interpreters in first lines, and Ansible's Python.
  links = {
    "/usr/local/bin" = "/run/current-system/sw/bin";
    "/usr/local/sbin" = "/run/current-system/sw/bin";
    "/bin/bash" = "${pkgs.bash}/bin/bash";
    # Role `scheduler_volcano` reads YAML with it.
    "/usr/bin/python3" = "${pkgs.python3.withPackages (packages: [ packages.pyyaml ])}/bin/python3";
  };
in
{
  config = {
    users.users.bench = {
      isNormalUser = true;
      uid = 1000;
      group = "bench";
      home = "/home/bench";
      shell = pkgs.bash;
      description = "Owner of all jobs";
    };
    users.groups.bench.gid = 1000;

    environment.systemPackages = [
      pkgs.nodejs-slim
      pkgs.iperf3
      pkgs.iputils
      pkgs.iproute2
      pkgs.procps
    ];
    systemd.tmpfiles.rules = [
      "d /opt/schedfront 0755 root root -"
      "d /var/lib/schedfront 0755 bench bench -"
      "d /root/.ssh 0700 root root -"
      "d /home/bench/.ssh 0700 bench bench -"
      "d /etc/schedfront 0755 root root -"
      "d /etc/chrony 0755 root root -"
    ]
    ++ lib.mapAttrsToList (from: to: "L+ ${from} - - - - ${to}") links;

    # Role `node` writes chrony.conf and restarts chrony.
    services.chrony = {
      enable = true;
      servers = [ ];
      extraConfig = "include /etc/chrony/*.conf";
    };
    systemd.services.chronyd.aliases = [ "chrony.service" ];
    services.timesyncd.enable = false;
  };
}
