# Sourced by what looks on a hypervisor for a stack's things by their names, whatever Pulumi knows of them. Expects $uri,
# libvirt's connection.
# shellcheck shell=bash disable=SC2154
shopt -s inherit_errexit
# shellcheck source=components/scripts/input.bash
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/input.bash"
# shellcheck source=components/libvirt/scripts/virsh.bash
source "$(dirname "${BASH_SOURCE[0]}")/virsh.bash"

# Lines "domain NAME", "network NAME", "pool NAME" of all that is there, other people's things among it. One connection asks for all, for it is
# what takes the time; virsh's echo ends no line, and no name has a slash.
listing() {
  local names kind=domain name
  # Its status is that of the last command alone.
  if ! names=$(virsh_session "list --all --name; echo network/; net-list --all --name; echo pool/; pool-list --all --name" 2>&1) ||
    [[ $names == *"error: "* ]]; then
    echo "${names:-libvirt at $uri has not answered within 60 s}" >&2
    return 1
  fi
  # virsh 9 pads names.
  while read -r name; do
    while [[ $name == */* ]]; do kind=${name%%/*} name=${name#*/}; done
    if [[ -n $name ]]; then echo "$kind $name"; fi
  done <<<"$names"
}

# Of those, what components/libvirt/names.ts named after PREFIX, and lines "volume NAME". A node's name has no hyphen: of stack a nothing
# of stack a-b is.
held() { # PREFIX
  local prefix=$1 listed kind name of has_pool=
  listed=$(listing)
  while read -r kind name; do
    of=$name
    if [[ $kind == domain ]]; then of=${name%-*}; fi
    if [[ $of == "$prefix" ]]; then
      echo "$kind $name"
      [[ $kind != pool ]] || has_pool=yes
    fi
  done <<<"$listed"
  if [[ -n $has_pool ]]; then volumes "$prefix"; fi
}

# Those of a pool that is started; others show none.
volumes() { # POOL
  local names name
  lists_pool "$1" || return 0
  virsh_ pool-refresh -- "$1" >/dev/null
  names=$(virsh_ vol-list -- "$1")
  while read -r name _; do if [[ -n $name ]]; then echo "volume $name"; fi; done <<<"$names"
}

# Sends files into a pool, in the place of volumes that are there. Not while others make volumes in that pool: libvirt looks
# through no pool in which one is being made.
put_volumes() { # POOL DIRECTORY (NAME FORMAT FILE) …
  local pool=$1 directory=$2 i
  shift 2
  # Of a pool on this machine it becomes a file's path.
  for ((i = 1; i <= $#; i += 3)); do
    [[ ${!i} =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*$ ]] || { printf 'volume: %q is not a plain name\n' "${!i}" >&2 && return 1; }
  done
  if [[ $uri != qemu:///* || ! -w $directory ]]; then
    while (($# > 0)); do
      put_volume "$pool" "${@:1:3}"
      shift 3
    done
    return
  fi
  # Much faster than through libvirt, which finds them there.
  while (($# > 0)); do
    if ! cp -- "$3" "$directory/$1"; then
      answer_room "pool $pool" "$directory" "$move_pool" "$(stat --dereference --format %s -- "$3")" || true
      return 1
    fi
    shift 3
  done
  virsh_ pool-refresh -- "$pool" >&2
}

# With few connections, for they are what takes the time: only a volume that is there already takes two more.
put_volume() { # POOL NAME FORMAT FILE
  local size free kind=failed
  size=$(stat --dereference --format %s -- "$4")
  if ! create_volume "$@" "$size" >/dev/null 2>&1; then
    virsh_ vol-delete --pool="$1" -- "$2" >/dev/null 2>&1 || true
    create_volume "$@" "$size" >&2
  fi
  # As long as a slow way to another machine may take.
  if ! virsh_seconds=3600 virsh_ vol-upload --pool="$1" -- "$2" "$4" >&2; then
    free=$(virsh_ pool-info --bytes -- "$1" 2>/dev/null | sed -n 's/^Available: *\([0-9][0-9]*\)$/\1/p') || free=
    if ((${free:-$size} < size)); then kind="disk full"; fi
    fail_as "$kind" "pool $1 on $uri: ${free:-an unknown number of} bytes free, $size needed for $2; free some room there, or $move_pool"
  fi
}

create_volume() { # POOL NAME FORMAT FILE BYTES
  virsh_ vol-create-as --format="$3" -- "$1" "$2" "$5B"
}

# Whether the pools that are started, or by the option those that are not, have this one among them.
lists_pool() { # POOL [--inactive]
  local pool=$1 names
  shift
  # virsh 9 pads names.
  names=$(virsh_ pool-list --name "$@" | sed 's/ *$//')
  grep --quiet --line-regexp --fixed-strings "$pool" <<<"$names"
}

# For jq: the scripts that make volumes, and the names of those that one of them makes, by its input.
# shellcheck disable=SC2034 # for whoever sources this
of_scripts='def made_by_script: IN("components/libvirt/scripts/make-seed", "components/libvirt/scripts/put-image");
  def volume_names: (.volumes // [.])[] | .name;'

# The same lines of what a state, `pulumi stack export`'s, knows.
known() { # FILE
  jq --raw-output "$of_scripts"'
    { "libvirt:index/domain:Domain": "domain", "libvirt:index/network:Network": "network", "libvirt:index/pool:Pool": "pool",
      "libvirt:index/volume:Volume": "volume" } as $kinds
    | .deployment.resources // [] | .[]
    | if $kinds[.type] then "\($kinds[.type]) \(.outputs.name)"
      elif .inputs.create | made_by_script then .inputs.stdin | fromjson | volume_names | "volume \(.)" else empty end' "$1"
}

# Lines of the first file that the second has not.
without() { grep --line-regexp --fixed-strings --invert-match --file "$2" "$1" || true; }

remove_domain() {
  virsh_ destroy -- "$1" >/dev/null 2>&1 || true
  if virsh_ dominfo -- "$1" >/dev/null 2>&1; then virsh_ undefine --nvram --snapshots-metadata --managed-save -- "$1" >&2; fi
}

remove_network() {
  virsh_ net-destroy -- "$1" >/dev/null 2>&1 || true
  if virsh_ net-info -- "$1" >/dev/null 2>&1; then virsh_ net-undefine -- "$1" >&2; fi
}

# With all that is in it.
remove_pool() {
  virsh_ pool-start -- "$1" >/dev/null 2>&1 || true
  local contents volume
  contents=$(volumes "$1")
  while read -r _ volume; do if [[ -n $volume ]]; then virsh_ vol-delete --pool="$1" -- "$volume" >&2; fi; done <<<"$contents"
  virsh_ pool-destroy -- "$1" >/dev/null 2>&1 || true
  virsh_ pool-delete -- "$1" >/dev/null 2>&1 || true
  virsh_ pool-undefine -- "$1" >&2
}

remove_thing() { # KIND NAME
  case $1 in
    domain) remove_domain "$2" ;;
    network) remove_network "$2" ;;
    pool) remove_pool "$2" ;;
    *) printf 'remove: %q is not one of domain, network, pool\n' "$1" >&2 && return 1 ;;
  esac
}
