# A node's whole configuration from its projection of the tuple, and the folder that has the projection's files; the module
# system checks the projection again.
{
  nixpkgs,
  system,
  projection,
  filesFrom,
}:
nixpkgs.lib.nixosSystem {
  modules = (import ./found.nix).modules ++ [
    {
      _file = "tuple.json";
      nixpkgs.hostPlatform = system;
      schedfront = projection;
    }
    { schedfront = { inherit filesFrom; }; }
  ];
}
