# shellcheck shell=bash disable=SC2034
# What is said where a folder takes no more: sourced by whatever writes. The only place that puts it in words.

# Sets $nearest: the folder, or what exists of the way to it.
nearest_folder() { # FOLDER
  nearest=$1
  until [[ -e $nearest || $nearest == / || $nearest == . ]]; do
    case $nearest in
      */*) nearest=${nearest%/*} ;;
      *) nearest=. ;;
    esac
    nearest=${nearest:-/}
  done
}

# Bytes that df counts as free where a folder is; nothing where it does not say.
free_bytes() { # FOLDER
  local counted
  counted=$(df --output=avail --block-size=1 -- "$1" 2>/dev/null) || return 0
  counted=${counted##*$'\n'}
  counted=${counted// /}
  if [[ $counted =~ ^[0-9]+$ ]]; then echo "$counted"; fi
}

readable_size() { # BYTES
  local unit tenths=$(($1 * 10))
  for unit in B KiB MiB GiB TiB; do
    if ((tenths < 10240)); then break; fi
    tenths=$((tenths / 1024))
  done
  if [[ $unit == B ]]; then echo "$1 B"; else echo "$((tenths / 10)).$((tenths % 10)) $unit"; fi
}

# Why a folder takes no more, with what is free there and, where it is known, needed; nothing where it takes NEEDED bytes (default
# 1 MiB, less than what any use of it writes). It need not exist yet.
room_trouble() { # FOLDER [NEEDED]
  local folder=$1 needed=${2:-} nearest probe open words free inodes room
  nearest_folder "$folder"
  if [[ ! -d $nearest ]]; then
    echo "$folder: $nearest is not a folder"
    return
  fi
  # Nothing can be tried without them, as on a machine where doctor looks for them.
  if ! type -P mktemp >/dev/null || ! type -P rm >/dev/null; then return; fi
  [[ $nearest == /* ]] || nearest=./$nearest
  # Of whoever was killed before he had taken the name of his away.
  find "$nearest" -maxdepth 1 -name '.schedfront.????????' -type f -uid "$EUID" -mmin +1 -delete 2>/dev/null || true
  # A quota, or the last inode, shows only when something is written.
  if probe=$(LC_ALL=C mktemp -- "$nearest/.schedfront.XXXXXXXX" 2>&1); then
    exec {open}>"$probe"
    rm -f -- "$probe"
    words=$( (LC_ALL=C printf '%65536s' '' >&"$open") 2>&1) || true
    exec {open}>&-
  else
    words=$probe
  fi
  words=${words##*: }
  free=$(free_bytes "$nearest")
  inodes=$(df --output=iavail -- "$nearest" 2>/dev/null) || inodes=
  inodes=${inodes##*$'\n'}
  room=
  if [[ -n $free ]]; then room=" ($(readable_size "$free") free${needed:+, $(readable_size "$needed") needed})"; fi
  if [[ -n $words ]]; then
    if [[ ${inodes// /} == 0 ]]; then room=" (no inode free: too many files)"; fi
    echo "$folder: ${words,}$room"
  elif [[ -n $free ]] && ((free < ${needed:-1048576})); then
    echo "$folder: too little room$room"
  fi
}

# The first thing to do about what room_trouble says.
room_fix() { # TROUBLE
  case $1 in
    *"read-only file system"* | *"permission denied"* | *"operation not permitted"*) echo "make it writable" ;;
    *"quota exceeded"*) echo "free some room or raise the quota" ;;
    *"too many files"*) echo "remove some files" ;;
    *"not a folder"*) echo "move that file away" ;;
    *) echo "free some room" ;;
  esac
}

# After a failed write, or before one: says on standard error why the folder takes no more, and what to do. Fails where it has room.
explain_room() { # NAME FOLDER ALTERNATIVE [NEEDED]
  local trouble
  trouble=$(room_trouble "$2" "${4:-}")
  [[ -n $trouble ]] || return
  echo "$1: $trouble; $(room_fix "$trouble"), or $3" >&2
}

# For a trap of EXIT, before what was written is removed: where the script failed, says which of the project's folders takes no more.
explain_failure() {
  local status=$?
  # Above are signals.
  if ((status > 0 && status < 128)); then each_folder explain_room || true; fi
}

# Where the project writes on this machine, and how each place is moved.
cache_folder=${SCHEDFRONT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/schedfront}
results_folder=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)/results
move_cache="set SCHEDFRONT_CACHE to a folder on a larger disk"
move_results="replace it by a link to a folder on a larger disk"
move_pool="set topology.hypervisor.imagesDirectory to a folder on a larger disk"
move_temporary="set TMPDIR to a folder on a larger disk"
move_memory="enlarge it: mount -o remount,size=64M /dev/shm"

each_folder() { # FUNCTION: calls FUNCTION NAME FOLDER ALTERNATIVE for each; fails where the last call did
  local home=${PULUMI_HOME:-${HOME:-/root}/.pulumi} state=${PULUMI_BACKEND_URL:-file://~}
  "$1" cache "$cache_folder" "$move_cache"
  "$1" "Pulumi's plugins" "$home" "set PULUMI_HOME to a folder on a larger disk"
  if [[ $state == file://* ]]; then
    state=${state#file://}
    state=${state%%\?*}
    state=${state/#\~/${HOME:-/root}}/.pulumi
    if [[ $state != "$home" ]]; then "$1" "Pulumi's state" "$state" "set PULUMI_BACKEND_URL to file:// and a folder on a larger disk"; fi
  fi
  "$1" results "$results_folder" "$move_results"
  "$1" "temporary files" "${TMPDIR:-/tmp}" "$move_temporary"
  if [[ -d /dev/shm && -w /dev/shm ]]; then "$1" "secrets in memory" /dev/shm "$move_memory"; fi
}
