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
  # Nobody reads what it says, once the plugin is killed.
  trap 'exit 141' PIPE
  end_with_update >/dev/null 2>&1 &
  watcher=$!
  (umask 077 && jq -r .privateKey <<<"$1" >"$connection/key")
  jq -r '.hosts[] | "\(.name) \(.hostKey)"' <<<"$1" >"$connection/known_hosts"
  # A machine that was off, and that this update has only just started again, is waited for: ssh tries each second.
  # What holds for the machines does not hold for the hypervisor on the way to them: that one is the user's own to set up.
  jq -r --arg directory "$connection" '
    .jump as $jump | [.hosts[].name] as $names
    | (.hosts[] | "Host \(.name)\n  HostName \(.address)\n  HostKeyAlias \(.name)" + (if $jump then "\n  ProxyJump \($jump)" else "" end)),
      "Host \($names | join(" "))",
      "  IdentityFile \($directory)/key\n  IdentitiesOnly yes\n  User root\n  ConnectionAttempts 90",
      "  UserKnownHostsFile \($directory)/known_hosts\n  GlobalKnownHostsFile /dev/null\n  HostKeyAlgorithms ssh-ed25519",
      "Host *",
      "  StrictHostKeyChecking yes\n  PasswordAuthentication no\n  BatchMode yes\n  LogLevel ERROR",
      "  ConnectTimeout 60\n  ServerAliveInterval 15\n  ServerAliveCountMax 8",
      "Host * \($names | map("!" + .) | join(" "))\n  Include ~/.ssh/config"
  ' <<<"$1" >"$connection/config"
}

close_connection() {
  kill "$watcher" 2>/dev/null || true
  rm -rf "$connection"
}

# Whoever is killed cannot tell the scripts that he started: a playbook that went on alone would meet that of the next
# update on the machines. So a script ends when Pulumi's plugin, which is its parent, or Pulumi, which is the plugin's, is gone.
end_with_update() {
  local update now
  update=$(ancestors)
  while sleep 2 && now=$(ancestors); do
    if [[ $now != "$update" ]]; then
      end_below "$$"
      kill "$$"
      return
    fi
  done
}

# Fails where the script is gone.
ancestors() {
  local plugin
  plugin=$(ps -o ppid= -p "$$" | tr -d ' ') && echo "$plugin $(ps -o ppid= -p "$plugin" || true)"
}

# All that a process has started, but for this one.
end_below() { # PID
  local child
  while read -r child; do
    if [[ $child != "$BASHPID" ]]; then
      end_below "$child"
      kill "$child" 2>/dev/null || true
    fi
  done < <(pgrep --parent "$1")
}
