# Sourced by what makes folders of its own. Each has its process in its name, and goes when that is dead: by watch-process, or by
# whoever makes or looks for such a folder next.
# shellcheck shell=bash
# shellcheck source=components/scripts/processes.bash
source "$(dirname "${BASH_SOURCE[0]}")/processes.bash"

owned=''

# Sets $owned to a new folder in BASE that nobody else can read, and whose name nobody could know before.
own_folder() { # BASE
  remove_left "$1"
  look_at_process $$
  printf -v owned '%s/schedfront.%s.%d.%s.%08x' "$1" "$namespace" $$ "$process_start" "$SRANDOM"
  mkdir -m 700 "$owned"
}

# Removes this user's folders in BASE whose processes are dead. In another container the same number is another process.
remove_left() { # BASE
  local folder there pid start
  : "${namespace:=$(stat --dereference --format %i /proc/self/ns/pid)}"
  for folder in "$1"/schedfront.*.*.*.*; do
    [[ -d $folder && -O $folder && ! -L $folder ]] || continue
    IFS=. read -r _ there pid start _ <<<"${folder##*/}"
    if [[ $there == "$namespace" && $pid$start =~ ^[0-9]+$ ]] && ! is_alive "$pid" "$start"; then rm -rf "$folder"; fi
  done
}

# Wherever there may be such folders.
remove_all_left() {
  local base
  for base in /dev/shm "${XDG_RUNTIME_DIR:-/dev/shm}" "${TMPDIR:-/tmp}"; do remove_left "$base"; done
}

# Sets $memory to where keys may be: on no disk.
find_memory() {
  for memory in /dev/shm "${XDG_RUNTIME_DIR:-/dev/shm}"; do
    if [[ -w $memory && $(stat --file-system --format %T "$memory") == @(tmpfs|ramfs) ]]; then return; fi
  done
  echo "keys are kept in memory only: neither /dev/shm nor XDG_RUNTIME_DIR (\"${XDG_RUNTIME_DIR:-}\") is a tmpfs to write to; mount one on /dev/shm" >&2
  return 1
}
