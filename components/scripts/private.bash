# Sourced by scripts that hold secrets. $private is a folder in memory that is gone when the script ends, whichever way: also where
# Pulumi, its plugin, or the script itself was killed. So is what these would write to $TMPDIR.
# shellcheck shell=bash

# shellcheck source=components/scripts/input.bash
source "$(dirname "${BASH_SOURCE[0]}")/input.bash"
# shellcheck source=components/scripts/owned-folders.bash
source "$(dirname "${BASH_SOURCE[0]}")/owned-folders.bash"

watcher=''

# Sets $input from standard input, with its secrets. No process that the script starts later has them in its environment.
read_input() {
  # shellcheck disable=SC2034 # for whoever sources this
  input=$(jq -c "$with_secrets")
  unset SCHEDFRONT_SECRETS
}

# For a script that has more to do at its end, too.
remove_private() {
  answer_unsaid
  kill "$watcher" 2>/dev/null || true
  if [[ -n $owned ]]; then rm -rf "$owned"; fi
}

# For a script that ends before those do that it started.
end_started() {
  find_descendants "$watcher" $$
  signal_living TERM "${descendants[@]}" || true
}

# Whoever is killed cannot tell the scripts that he started: a playbook that went on alone would meet that of the next update on the
# machines. Sets $works_for, as PID START PID START …, to Pulumi's plugin, this script's parent, and Pulumi, the plugin's and, where
# toolchain/bin/pulumi started it, known by name. Fails where one of them died before this could look: then only who took in its children is left.
find_update() {
  local engine
  works_for=()
  if [[ ${SCHEDFRONT_ENGINE:-} =~ ^([0-9]+)\.([0-9]+)$ ]]; then
    works_for=("${BASH_REMATCH[@]:1}")
    is_alive "${works_for[@]}" || return
  fi
  # Outside of this container, and for it to say when this is to end.
  if ((PPID == 0)); then return; fi
  ((PPID != 1)) && is_alive "$PPID" || return
  works_for+=("$PPID" "$process_start")
  engine=$process_parent
  if [[ $process_name == pulumi-resource* ]]; then
    is_alive "$engine" && [[ $process_name == *pulumi* ]] || return
    works_for+=("$engine" "$process_start")
  fi
}

# Where a signal comes while an error ends the script, its trap runs within that of EXIT, before anything of it, and its exit ends both.
trap 'answer_unsaid; remove_private' EXIT
trap 'remove_private; exit 130' INT
trap 'remove_private; exit 143' TERM HUP
# Nobody reads what it says, once the plugin is killed.
trap 'remove_private; exit 141' PIPE
find_update || { echo "${0##*/}: the process that started this has ended" >&2 && exit 143; }
find_memory || exit
own_folder "$memory"
private=$owned
look_at_process $$
export SCHEDFRONT_SCRIPT=$$.$process_start TMPDIR=$private
env -i PATH="$PATH" setsid "$(dirname "${BASH_SOURCE[0]}")/watch-process" script $$ "$process_start" "$private" "${works_for[@]}" \
  </dev/null >/dev/null 2>&1 &
watcher=$!
