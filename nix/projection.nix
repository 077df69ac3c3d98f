# What of a tuple the image depends on. Sizes, counts and parameters are not here: the hypervisor and Ansible give them,
# so that changing one builds nothing.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  found = import ./found.nix;
  cfg = config.schedfront;
in
{
  options.schedfront = {
    roles = mkOption {
      type = types.listOf (
        types.enum [
          "head"
          "compute"
        ]
      );
      example = [ "compute" ];
      description = "What a node with this image can be: the scheduler's head, one of its compute nodes, or either.";
    };
    scheduler = mkOption {
      type = types.enum (builtins.attrNames found.schedulers);
      example = "slurm";
      description = "Scheduler that the image carries; each is a file in `nix/schedulers/`.";
    };
    workloads = mkOption {
      type = types.listOf (types.enum (builtins.attrNames found.workloads));
      default = [ ];
      example = [ "hpl" ];
      description = "Workloads whose programs the image carries; each is a file in `nix/workloads/`.";
    };
    gpu = mkOption {
      type = types.bool;
      default = false;
      description = "Whether compute nodes get NVIDIA devices of the hypervisor, and so their driver.";
    };
    files = mkOption {
      type = types.listOf (
        types.submodule {
          options = {
            sha256 = mkOption {
              type = types.strMatching "[0-9a-f]{64}";
              description = "The file's sha256, which is its name in `schedfront.filesFrom`.";
            };
            destination = mkOption {
              type = types.strMatching "/usr/local/(bin|share)/[A-Za-z0-9+_./-]+";
              example = "/usr/local/bin/kubelet";
              description = "Where it is on the node, as in the Debian image.";
            };
            mode = mkOption {
              type = types.strMatching "0[0-7]{3}";
              example = "0755";
              description = "Its permissions.";
            };
          };
        }
      );
      default = [ ];
      description = "Files that no package brings, as `toolchain/*/build` lists them.";
    };
    filesFrom = mkOption {
      type = types.path;
      description = "Folder that has each of `schedfront.files` under its sha256.";
    };
    rootSizeGiB = mkOption {
      type = types.ints.positive;
      default = 4;
      example = 8;
      description = "Size of the disk as it is built, in GiB; a node's file system grows to the disk that it gets.";
    };
  };

  config.assertions = [
    {
      assertion = cfg.roles != [ ];
      message = "schedfront.roles: is empty, name head, compute or both";
    }
    {
      assertion = cfg.gpu -> lib.elem "compute" cfg.roles;
      message = "schedfront.gpu: true, but the image's roles are ${toString cfg.roles}: only compute nodes get GPUs; add compute, or set gpu to false";
    }
    {
      assertion = lib.unique cfg.workloads == cfg.workloads;
      message = "schedfront.workloads: names one twice: ${toString cfg.workloads}";
    }
  ];
}
