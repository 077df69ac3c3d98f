{
  description = "NixOS images of schedfront's nodes";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # What the image is for, as tuple.json, with the files that this names; images/nixos/build puts the stack's own in its place.
    tuple = {
      url = "path:./tuple";
      flake = false;
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      tuple,
    }:
    let
      inherit (nixpkgs) lib;
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      found = import ./found.nix;
      filesFrom = "${tuple}";
      given = lib.importJSON (tuple + "/tuple.json");
      node =
        projection:
        import ./system.nix {
          inherit
            filesFrom
            nixpkgs
            projection
            system
            ;
        };
      image = projection: (node projection).config.system.build.images.schedfront;
    in
    {
      nixosModules.default.imports = found.modules;
      nixosConfigurations.node = node given;
      packages.${system}.default = image given;
      formatter.${system} = pkgs.nixfmt;
      checks.${system} = import ./test/checks.nix {
        inherit
          filesFrom
          found
          given
          image
          lib
          node
          pkgs
          self
          ;
      };
    };
}
