# A projection through the project's own modules, on the stand-in for nixpkgs. @return what an image would be refused for,
# its units by all of their names, the folders and links that it makes, and its kernel's arguments; throws what the types refuse.
{
  projection,
  modules ? (import ../../found.nix).modules ++ [ ../../image.nix ],
}:
let
  lib = import ./lib.nix;
  inherit (builtins)
    attrNames
    concatMap
    deepSeq
    elem
    filter
    groupBy
    head
    mapAttrs
    match
    tail
    ;

  package = pname: {
    type = "derivation";
    inherit pname;
    outPath = "/nix/store/00000000000000000000000000000000-${pname}";
  };
  # From paths of names: a set of packages, in which a longer path is a set again.
  packageSet =
    paths:
    mapAttrs (
      name: group: if tail (head group) == [ ] then package name else packageSet (map tail group)
    ) (groupBy head paths);
  pkgs = packageSet (map (lib.splitString "\\.") (import ./packages.nix)) // {
    python3 = package "python3" // {
      withPackages = choose: deepSeq (choose { pyyaml = package "pyyaml"; }) (package "python3");
    };
    callPackage = _: _: package "called";
    closureInfo = _: package "closure";
    runCommand =
      name: _: _:
      package name;
    writeShellApplication = { name, ... }: package name;
  };

  # Modules of nixpkgs that are imported by their place; what they set is not looked at here.
  nixpkgsModules = [
    "/image/file-options.nix"
    "/profiles/minimal.nix"
  ];
  modulesPath = "/nixpkgs";
  importModule =
    module:
    let
      upstream = match "${modulesPath}(.*)" (toString module);
    in
    if upstream == null then
      import module
    else if elem (head upstream) nixpkgsModules then
      { }
    else
      throw "nixpkgs has no module ${head upstream} that the stand-in knows";

  given = {
    _file = "what every NixOS has";
    options.image = {
      baseName = lib.mkOption {
        type = lib.types.str;
        description = "The file's name.";
      };
      extension = lib.mkOption {
        type = lib.types.str;
        description = "Its ending.";
      };
    };
    config.system.build = {
      kernel = package "linux";
      initialRamdisk = package "initrd";
      toplevel = package "nixos-system";
    };
  };

  known = import ./options.nix { inherit (lib) types; };
  config = lib.evaluate {
    modules = modules ++ [
      given
      {
        _file = "tuple.json";
        config.schedfront = projection;
      }
      {
        _file = "system.nix";
        config.schedfront.filesFrom = "/tuple";
      }
    ];
    arguments = {
      inherit
        importModule
        lib
        modulesPath
        pkgs
        ;
    };
    options = lib.optionTree (
      map (path: {
        path = lib.splitString "\\." path;
        type = known.${path};
      }) (attrNames known)
    );
  };
  units = config.systemd.services;
  # Paths that lines of this kind name (tmpfiles.d(5)).
  made =
    kind:
    concatMap (
      rule:
      let
        path = match "${kind} ([^ ]+) .*" rule;
      in
      if path == null then [ ] else path
    ) config.systemd.tmpfiles.rules;
in
deepSeq config {
  refused = map ({ message, ... }: message) (
    filter ({ assertion, ... }: !assertion) config.assertions
  );
  units =
    map (name: "${name}.service") (attrNames units)
    ++ concatMap (name: if units.${name}.aliases == null then [ ] else units.${name}.aliases) (
      attrNames units
    );
  folders = made "d";
  links = made "L\\+";
  programs = map ({ pname, ... }: pname) config.environment.systemPackages;
  kernelParams = config.boot.kernelParams;
}
