# Sourced by whatever asks about other processes. The only place in bash that does; sweep/store/process-identity.ts is Node's.
# shellcheck shell=bash disable=SC2034

# Sets $process_name, $process_state, $process_parent, $process_group and $process_start, the kernel's ticks since boot. Fails where
# there is no such process. No program is started: some callers ask every second.
look_at_process() { # PID
  local stat='' fields
  # To the end of the file, for a program's name may hold a newline, as it may hold spaces and parentheses.
  { IFS= read -r -d '' stat <"/proc/$1/stat" || [[ -n $stat ]]; } 2>/dev/null || return
  process_name=${stat#*(}
  process_name=${process_name%)*}
  read -r -d '' -a fields <<<"${stat##*) }" || true
  process_state=${fields[0]} process_parent=${fields[1]} process_group=${fields[2]} process_start=${fields[19]}
}

# Whether a process lives. One that has ended and that nobody has reaped does not; nor, where START is given, does a later process
# of the same number.
is_alive() { # PID [START]
  look_at_process "$1" && [[ $process_state != [ZXx] && ${2:-$process_start} == "$process_start" ]]
}

# Sets $process_began, seconds since the epoch by today's clock, of the process that look_at_process has just found.
began() {
  local uptime rest
  read -r uptime rest </proc/uptime
  : "${ticks_per_second:=$(getconf CLK_TCK)}"
  process_began=$((EPOCHSECONDS - ${uptime%.*} + process_start / ticks_per_second))
}

# Sets $descendants, as PID START PID START …, to what these processes have started, and what those have, but for one and its own.
find_descendants() { # EXCEPT PID…
  local except=$1 pid grown=yes
  local -A parents=() starts=() chosen=()
  shift
  for pid; do chosen[$pid]=root; done
  for pid in /proc/[0-9]*; do
    pid=${pid#/proc/}
    if [[ $pid != "$except" ]] && is_alive "$pid"; then parents[$pid]=$process_parent starts[$pid]=$process_start; fi
  done
  descendants=()
  while [[ -n $grown ]]; do
    grown=
    for pid in "${!parents[@]}"; do
      if [[ -n ${chosen[$pid]:-} || -z ${chosen[${parents[$pid]}]:-} ]]; then continue; fi
      chosen[$pid]=yes grown=yes
      descendants+=("$pid" "${starts[$pid]}")
    done
  done
}

# Sends a signal to those of PID START PID START … that still live; fails where none does.
signal_living() { # SIGNAL [PID START]…
  local signal=$1 any=1
  shift
  while (($# > 0)); do
    if is_alive "$1" "$2" && kill -s "$signal" "$1" 2>/dev/null; then any=0; fi
    shift 2
  done
  return "$any"
}
