# Schedulers, workloads and the rest by folder: a file that is there is a module, and its name is what the tuple calls it.
let
  inherit (builtins)
    attrNames
    filter
    listToAttrs
    match
    readDir
    ;
  name = file: builtins.head (match "(.*)\\.nix" file);
  inFolder =
    folder:
    listToAttrs (
      map (file: {
        name = name file;
        value = folder + "/${file}";
      }) (filter (file: match ".*\\.nix" file != null) (attrNames (readDir folder)))
    );
in
rec {
  hardware = inFolder ./hardware;
  schedulers = inFolder ./schedulers;
  workloads = inFolder ./workloads;
  # Of each scheduler its test on virtual machines.
  tests = inFolder ./test/vm;
  # Everything that a node is made of; the options in projection.nix switch it on.
  modules = [
    ./projection.nix
    ./node.nix
    ./agent.nix
    ./files.nix
  ]
  ++ builtins.concatMap builtins.attrValues [
    hardware
    schedulers
    workloads
  ];
}
