# Sourced by scripts that hold secrets. $private is a folder that is gone when the script ends, whichever way: also where
# Pulumi, or its plugin, was killed.
# shellcheck shell=bash

# shellcheck source=components/scripts/input.bash
source "$(dirname "${BASH_SOURCE[0]}")/input.bash"

private='' watcher=''

# Sets $input from standard input, with its secrets. No process that the script starts later has them in its environment.
read_input() {
  # shellcheck disable=SC2034 # for whoever sources this
  input=$(jq -c "$with_secrets")
  unset SCHEDFRONT_SECRETS
}

# For a script that has more to do at its end, too.
remove_private() {
  kill "$watcher" 2>/dev/null || true
  if [[ -n $private ]]; then rm -rf "$private"; fi
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
  plugin=$(parent "$$") && echo "$plugin $(parent "$plugin" || true)"
}

# From the kernel's own file, where there is one: this is asked every two seconds, and ps looks at all processes. Of one line, for
# the kernel writes such a file anew for each line that bash reads, and a state of another length moves those that follow.
parent() { # PID
  local stat fields
  if [[ ! -d /proc/self ]]; then
    ps -o ppid= -p "$1" | tr -d ' '
    return
  fi
  read -r stat <"/proc/$1/stat" || return
  # A program's name, in parentheses, may be anything.
  read -r -a fields <<<"${stat##*) }"
  echo "${fields[1]}"
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

# Where a signal comes while an error ends the script, its trap runs within that of EXIT, before anything of it, and its exit ends both.
trap remove_private EXIT
trap 'remove_private; exit 130' INT
trap 'remove_private; exit 143' TERM HUP
# Nobody reads what it says, once the plugin is killed.
trap 'remove_private; exit 141' PIPE
# Memory rather than disk, where there is such a place. Whoever is ended meanwhile knows the name of what is to go.
private=$(mktemp --dry-run -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")" schedfront.XXXXXXXX)
mkdir -m 700 "$private"
end_with_update >/dev/null 2>&1 &
watcher=$!
