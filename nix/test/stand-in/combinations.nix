# Every scheduler with each role and each workload, and with all there is, on the stand-in. @return sentences on what is
# refused though it is right; throws at what nixpkgs would not know.
let
  found = import ../../found.nix;
  inherit (builtins) attrNames concatMap toJSON;
  files = import ../sample-files.nix;
  evaluate = projection: import ./evaluate.nix { inherit projection; };
  roles = [
    [ "head" ]
    [ "compute" ]
    [
      "head"
      "compute"
    ]
  ];
  suites = [ (attrNames found.workloads) ] ++ map (name: [ name ]) (attrNames found.workloads);
  projections = concatMap (
    scheduler:
    concatMap (
      roles:
      concatMap (
        workloads:
        map
          (gpu: {
            inherit
              scheduler
              roles
              workloads
              gpu
              ;
            files = files.${scheduler} or [ ];
          })
          (
            if roles == [ "head" ] then
              [ false ]
            else
              [
                false
                true
              ]
          )
      ) suites
    ) roles
  ) (attrNames found.schedulers);
  faults =
    projection:
    map (message: "${toJSON projection} is refused: ${message}") (evaluate projection).refused;
in
concatMap faults projections
