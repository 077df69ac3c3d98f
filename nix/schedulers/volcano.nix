# Kubernetes with Volcano. Its own programs are files of the tuple (files.nix), the rest is nixpkgs'. Role
# `scheduler_volcano` writes configuration, keys and most units, so that a parameter builds no image.
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
  # Not /etc/systemd/system, which is a link into the store here. Debian's systemd looks here by itself.
  units = "/usr/local/lib/systemd/system";

  # Programs by the places at which the role's units, containerd's configuration and pods name them, Debian's.
  links =
    lib.optionalAttrs isHead { "/usr/bin/etcd" = "${cfg.volcano.etcd.package}/bin/etcd"; }
    // lib.optionalAttrs isCompute {
      "/usr/bin/busybox" = "${cfg.volcano.busybox.package}/bin/busybox";
      "/usr/bin/crun" = "${cfg.volcano.crun.package}/bin/crun";
      "/usr/lib/cni" = "${cfg.volcano.cni.package}/bin";
      "/usr/sbin/ip" = "${pkgs.iproute2}/bin/ip";
      "/usr/sbin/sshd" = "${pkgs.openssh}/bin/sshd";
      "/usr/sbin/sysctl" = "${pkgs.procps}/bin/sysctl";
    };

  programs = map (name: "/usr/local/bin/${name}");
  needed =
    lib.optionals isHead (
      programs [
        "kube-apiserver"
        "kube-controller-manager"
        "kubectl"
        "vc-controller-manager"
        "vc-scheduler"
        "vc-webhook-manager"
      ]
      ++ [ "/usr/local/share/volcano/volcano.yaml" ]
    )
    ++ lib.optionals isCompute (programs [ "kubelet" ]);
  given = map ({ destination, ... }: destination) cfg.files;
  missing = lib.filter (path: !lib.elem path given) needed;
in
{
  options.schedfront.volcano = {
    etcd.package = lib.mkPackageOption pkgs "etcd" { };
    crun.package = lib.mkPackageOption pkgs "crun" { };
    cni.package = lib.mkPackageOption pkgs "cni-plugins" { };
    busybox.package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.pkgsStatic.busybox;
      defaultText = lib.literalExpression "pkgs.pkgsStatic.busybox";
      description = "A busybox that needs no library: what holds a pod's namespaces sleeps in it, where no file of the node is.";
    };
  };

  config = lib.mkIf (cfg.scheduler == "volcano") {
    assertions = [
      {
        assertion = missing == [ ];
        message = "schedfront.files: lack ${toString missing}, which Volcano needs on ${toString cfg.roles}: toolchain/kubernetes/build makes them";
      }
    ];
    boot.extraSystemdUnitPaths = [ units ];
    virtualisation.containerd = lib.mkIf isCompute {
      enable = true;
      args.config = lib.mkForce "/etc/containerd/config.toml";
    };
    # Role `scheduler_volcano` starts it, when it has written its configuration.
    systemd.services = lib.mkIf isCompute {
      containerd = {
        wantedBy = lib.mkForce [ ];
        # As Debian's: pods have the limits of whoever starts them.
        serviceConfig.LimitNOFILE = "infinity";
      };
    };
    systemd.tmpfiles.rules = [
      "d ${units} 0755 root root -"
      "d /etc/kubernetes 0755 root root -"
    ]
    ++ lib.optionals isCompute [
      "d /etc/containerd 0755 root root -"
      "d /etc/cni/net.d 0755 root root -"
    ]
    ++ lib.mapAttrsToList (from: to: "L+ ${from} - - - - ${to}") links;
  };
}
