# Sourced by the scripts that talk to the cluster's machines. Puts the connection of the input (components/connection.ts)
# into a folder that is gone when the script ends: `ssh -F "$connection/config" cn1` reaches cn1 as root.
# shellcheck shell=bash

# Where the key is written for the script's lifetime; memory rather than disk where there is such a place.
connection=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" schedfront.XXXXXXXX)

# Sets $input from standard input, with the secrets that came by the environment put in their places. No process that the
# script starts later has them in its environment.
read_input() {
  # shellcheck disable=SC2034 # for whoever sources this
  input=$(jq -c '. * ((env.SCHEDFRONT_SECRETS // "{}") | fromjson)')
  unset SCHEDFRONT_SECRETS
}

open_connection() { # JSON
  trap close_connection EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  (umask 077 && jq -r .privateKey <<<"$1" >"$connection/key")
  jq -r '.hosts[] | "\(.name) \(.hostKey)"' <<<"$1" >"$connection/known_hosts"
  jq -r --arg directory "$connection" '
    "IdentityFile \($directory)/key\nUserKnownHostsFile \($directory)/known_hosts\nGlobalKnownHostsFile /dev/null",
    "User root\nIdentitiesOnly yes\nStrictHostKeyChecking yes\nHostKeyAlgorithms ssh-ed25519\nPasswordAuthentication no\nBatchMode yes",
    "ConnectTimeout 10\nServerAliveInterval 15\nServerAliveCountMax 8\nLogLevel ERROR",
    (.jump as $jump | .hosts[] | "Host \(.name)\n  HostName \(.address)\n  HostKeyAlias \(.name)" + (if $jump then "\n  ProxyJump \($jump)" else "" end))
  ' <<<"$1" >"$connection/config"
}

close_connection() { rm -rf "$connection"; }
