# Programs that no package brings, as toolchain/ builds them: the same bytes as in the Debian image, at the same places.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.schedfront;
  # On NixOS /usr/local/bin is the system's own programs (agent.nix).
  place = lib.removePrefix "/usr/local";
  install =
    {
      sha256,
      destination,
      mode,
    }:
    ''
      install -D -m ${mode} ${cfg.filesFrom}/${sha256} $out${place destination}
      echo "${sha256}  $out${place destination}" | sha256sum --check --quiet
    '';
  built = pkgs.runCommand "schedfront-files" { } (lib.concatMapStrings install cfg.files);
in
{
  config = lib.mkIf (cfg.files != [ ]) {
    environment.systemPackages = [ built ];
    systemd.tmpfiles.rules = [ "L+ /usr/local/share - - - - ${built}/share" ];
  };
}
