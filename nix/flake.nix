{
  description = "NixOS images of schedfront's nodes";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # What the image is for, as tuple.json; images/nixos/build puts the stack's own in its place.
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
      node = projection: import ./system.nix { inherit nixpkgs system projection; };
      image = projection: (node projection).config.system.build.images.schedfront;
    in
    {
      nixosModules.default.imports = found.modules;
      nixosConfigurations.node = node (lib.importJSON (tuple + "/tuple.json"));
      packages.${system}.default = image (lib.importJSON (tuple + "/tuple.json"));
      formatter.${system} = pkgs.nixfmt;
      checks.${system} = import ./test/checks.nix {
        inherit
          found
          image
          lib
          node
          pkgs
          self
          ;
      };
    };
}
