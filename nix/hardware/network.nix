# The cluster's one interface, and the shape that role `node` gives it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.schedfront.network;
  shape = "/etc/schedfront/network-shape";
  bytes = toString (cfg.socketBufferMiB * 1024 * 1024);
in
{
  options.schedfront.network.socketBufferMiB = mkOption {
    type = types.nullOr types.ints.positive;
    default = null;
    example = 64;
    description = "Most that one TCP socket buffers, in MiB, for links whose bandwidth times round trip is above the kernel's own 6 MiB; null: the kernel's own.";
  };

  config = {
    networking = {
      usePredictableInterfaceNames = false;
      useDHCP = false;
      useNetworkd = true;
      # The network is isolated, and a filter would be measured with the rest.
      firewall.enable = false;
    };
    systemd.network = {
      wait-online.enable = false;
      networks."10-eth0" = {
        matchConfig.Name = "eth0";
        networkConfig = {
          DHCP = "ipv4";
          LinkLocalAddressing = "no";
          IPv6AcceptRA = false;
        };
        # Addresses are reserved by MAC; the name comes from cloud-init.
        dhcpV4Config = {
          ClientIdentifier = "mac";
          UseHostname = false;
        };
      };
    };
    systemd.services.network-shape = {
      description = "Shape what this node sends to the topology's bandwidth and latency";
      wantedBy = [ "multi-user.target" ];
      path = [ pkgs.iproute2 ];
      unitConfig.ConditionPathExists = shape;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = shape;
        ExecStop = "-${pkgs.iproute2}/bin/tc qdisc del dev eth0 root";
      };
    };
    boot.kernel.sysctl = lib.mkIf (cfg.socketBufferMiB != null) {
      "net.core.rmem_max" = bytes;
      "net.core.wmem_max" = bytes;
      "net.ipv4.tcp_rmem" = "4096 131072 ${bytes}";
      "net.ipv4.tcp_wmem" = "4096 16384 ${bytes}";
    };
  };
}
