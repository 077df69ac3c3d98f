# A node's whole configuration from its projection of the tuple; the module system checks the projection again.
{
  nixpkgs,
  system,
  projection,
}:
nixpkgs.lib.nixosSystem {
  modules = (import ./found.nix).modules ++ [
    {
      _file = "tuple.json";
      nixpkgs.hostPlatform = system;
      schedfront = projection;
    }
  ];
}
