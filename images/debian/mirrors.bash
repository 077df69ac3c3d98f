# Sourced by what installs Debian packages into a folder.
# shellcheck shell=bash

# For a machine whose own sources have no Debian.
named_mirror=${SCHEDFRONT_DEBIAN_MIRROR:-}

# The suite's Release file from the first of the machine's own mirrors that has it. apt's helper
# knows the machine's proxies.
find_mirror() {
  local release=$1 target=$2 mirror
  shift 2
  for mirror in "$@"; do
    if /usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$release/InRelease" "$target" &>/dev/null &&
      grep -q '^Origin: Debian$' "$target"; then
      echo "${mirror%/}"
      return
    fi
  done
  return 1
}

own_mirrors() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | LC_ALL=C sort --unique
}

write_sources() {
  local suite=$1 directory=$2 mirror own
  mapfile -t own < <(own_mirrors)
  if [[ -n $named_mirror ]]; then own=("$named_mirror" "${named_mirror%/}-security" "${own[@]}"); fi
  if ! mirror=$(find_mirror "$suite" "$directory/InRelease" "${own[@]}"); then
    echo "suite: \"$suite\" is in none of apt's sources ${own[*]:-(none)}; SCHEDFRONT_DEBIAN_MIRROR names another mirror" >&2
    return 1
  fi
  echo "deb $mirror $suite main" >"$directory/sources.list"
  if mirror=$(find_mirror "$suite-security" "$directory/InRelease.security" "${own[@]}"); then
    echo "deb $mirror $suite-security main" >>"$directory/sources.list"
  fi
}

# How this machine reaches mirrors is apt's business here, too, but not that of the image.
transport_options() {
  apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-Valid-Until|Check-Date)[: ]' || true
}
