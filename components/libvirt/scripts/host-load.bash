# Sourced by ask-agent: what else the hypervisor does while a workload runs.
# shellcheck shell=bash
# shellcheck source=components/libvirt/scripts/virsh.bash
source "$(dirname "${BASH_SOURCE[0]}")/virsh.bash"

# CPU seconds that the hypervisor has spent on everything, and on this stack's own machines; null where it does not say.
read_host() { # URI, prefix of the machines' names
  local uri=$1 prefix=$2 busy own=0 domain spent
  # libvirt counts in nanoseconds, and a guest's time as its host's user time.
  busy=$(ask_host nodecpustats | awk '/^(user|system):/ { sum += $2; found = 1 } END { if (!found) exit 1; printf "%.3f", sum / 1e9 }') ||
    { echo null; return; }
  while read -r domain; do
    # A node's name has no hyphen: the machines of a stack whose name only begins like this one's are others'.
    [[ ${domain%-*} == "$prefix" ]] || continue
    spent=$(ask_host dominfo -- "$domain" | awk '/^CPU time:/ { sub(/s$/, "", $3); print $3; found = 1 } END { exit !found }') ||
      { echo null; return; }
    own=$(awk '{ printf "%.1f", $1 + $2 }' <<<"$own $spent")
  done < <(ask_host list --name)
  jq -cn --argjson seconds "$EPOCHREALTIME" --argjson busy "$busy" --argjson own "$own" '{seconds: $seconds, busy: $busy, own: $own}'
}

ask_host() { # command of virsh
  virsh_seconds=30 virsh_ "$@" 2>/dev/null
}

# A metric: how many of its cores the hypervisor gave to others between two readings, on average.
host_load() { # before, after
  jq -cn --argjson before "$1" --argjson after "$2" '{name: "otherHostLoad", unit: "cores"} +
    if $before == null or $after == null then {value: null, reason: "the hypervisor does not say"}
    else {value: ([0, ($after.busy - $before.busy - ($after.own - $before.own)) / ($after.seconds - $before.seconds)] | max)} end'
}
