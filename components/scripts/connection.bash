# Sourced by the scripts that talk to the cluster's machines. Puts the connection of the input (components/connection.ts)
# into the script's private folder: `ssh -F "$connection/config" cn1` reaches cn1 as root.
# shellcheck shell=bash
# shellcheck source=components/scripts/private.bash
source "$(dirname "${BASH_SOURCE[0]}")/private.bash"
connection=$private

open_connection() { # JSON of which "connection" is a part
  # A machine that was off, and that this update has only just started again, is waited for: ssh tries each second.
  # What holds for the machines does not hold for the hypervisor on the way to them: that one is the user's own to set up.
  # shellcheck disable=SC2016 # the variables are jq's
  fields_of "$1" '.connection | .jump as $jump | [.hosts[].name] as $names
    | .privateKey,
      ([.hosts[] | "\(.name) \(.hostKey)"] | join("\n")),
      ([(.hosts[] | "Host \(.name)\n  HostName \(.address)\n  HostKeyAlias \(.name)" + (if $jump then "\n  ProxyJump \($jump)" else "" end)),
        "Host \($names | join(" "))",
        "  IdentityFile \($directory)/key\n  IdentitiesOnly yes\n  User root\n  ConnectionAttempts 90",
        "  UserKnownHostsFile \($directory)/known_hosts\n  GlobalKnownHostsFile /dev/null\n  HostKeyAlgorithms ssh-ed25519",
        "Host *",
        "  StrictHostKeyChecking yes\n  PasswordAuthentication no\n  BatchMode yes\n  LogLevel ERROR",
        "  ConnectTimeout 60\n  ServerAliveInterval 15\n  ServerAliveCountMax 8",
        "Host * \($names | map("!" + .) | join(" "))\n  Include ~/.ssh/config"] | join("\n"))' \
    --arg directory "$connection"
  (umask 077 && printf '%s\n' "${fields[0]}" >"$connection/key")
  printf '%s\n' "${fields[1]}" >"$connection/known_hosts"
  printf '%s\n' "${fields[2]}" >"$connection/config"
}
