# Sourced by the scripts that talk to the cluster's machines: the only way to ssh. Puts the connection of the input
# (components/connection.ts) into the script's private folder; `on_machine cn1 COMMAND` then runs a command on cn1 as root.
# shellcheck shell=bash
# shellcheck source=components/scripts/private.bash
source "$(dirname "${BASH_SOURCE[0]}")/private.bash"
connection=$private

open_connection() { # JSON of which "connection" is a part
  [[ $connection =~ ^[A-Za-z0-9_./-]+$ ]] || { echo "TMPDIR: \"$connection\" contains characters that are special in ssh's configuration" >&2 && return 1; }
  # A machine that was off, and that this update has only just started again, is waited for: ssh tries each second.
  # What holds for the machines does not hold for the hypervisor on the way to them: that one is the user's own to set up.
  # Nothing may end a line, or begin an option: the patterns are those of model/saved-machines.ts.
  # shellcheck disable=SC2016 # the variables are jq's
  fields_of "$1" '
    def is(pattern): if type == "string" and test("\\A(?:\(pattern))\\z") then . else error("connection: \(tojson) does not match \(pattern)") end;
    .connection | .hosts |= map(
      .name |= is("[a-z][a-z0-9]*") | .address |= is("[0-9]{1,3}(?:[.][0-9]{1,3}){3}") | .hostKey |= is("[A-Za-z0-9 +/=@._:-]*"))
    | (if .jump then .jump | is("(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?:[A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?") else null end) as $jump
    | [.hosts[].name] as $names
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

# For the next commands: options of ssh, and after how many seconds they are ended; never where that is empty.
ssh_options=() ssh_seconds=''

# The words of the command are joined by spaces and read by the machine's shell: the program's own, and no others.
on_machine() { # HOST COMMAND [WORD…]
  local arguments=(-F "$connection/config" "${ssh_options[@]}" -- "$@")
  if [[ -z $ssh_seconds ]]; then ssh "${arguments[@]}"; else timeout "$ssh_seconds" ssh "${arguments[@]}"; fi
}

# Gives a machine's files to this one, as the file BATCH says in sftp's commands; none larger than KIB.
fetch_from() { # HOST BATCH KIB
  (ulimit -f "$3" && exec sftp -q -F "$connection/config" -b "$2" -- "$1")
}
