# A projection through the project's own modules, on the stand-in for nixpkgs. @return what an image would be refused for,
# its units by all of their names, the folders that it makes, and its kernel's arguments; throws what the types refuse.
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
    listToAttrs
    match
    ;

  package = pname: {
    type = "derivation";
    inherit pname;
    outPath = "/nix/store/00000000000000000000000000000000-${pname}";
  };
  pkgs =
    listToAttrs (
      map (name: {
        inherit name;
        value = package name;
      }) (import ./packages.nix)
    )
    // {
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
    else if elem (builtins.head upstream) nixpkgsModules then
      { }
    else
      throw "nixpkgs has no module ${builtins.head upstream} that the stand-in knows";

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
  folders = concatMap (
    rule:
    let
      parts = match "d ([^ ]+) .*" rule;
    in
    if parts == null then [ ] else parts
  ) config.systemd.tmpfiles.rules;
  programs = map ({ pname, ... }: pname) config.environment.systemPackages;
  kernelParams = config.boot.kernelParams;
}
