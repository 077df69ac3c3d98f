# shellcheck shell=bash disable=SC2154
# Reads toolchain/programs. Expects $toolchain. Uses bash alone, because it has to work where everything else is missing.

# trim TEXT: sets $trimmed.
trim() {
  trimmed=${1#"${1%%[! ]*}"}
  trimmed=${trimmed%"${trimmed##*[! ]}"}
}

# each_row FUNCTION: calls FUNCTION PROGRAMS TARGETS LEVEL DEBIAN FEDORA ARCH PURPOSE for each row; LEVEL is required, recommended
# or optional.
each_row() {
  local columns column fields trimmed level
  while IFS='|' read -r -a columns; do
    if [[ ${columns[0]:-} == \#* ]] || ((${#columns[@]} != 6)); then continue; fi
    fields=()
    for column in "${columns[@]}"; do
      trim "$column"
      fields+=("${trimmed#-}")
    done
    level=required
    if [[ ${fields[1]} == *:* ]]; then
      level=${fields[1]%%:*}
      trim "${fields[1]#*:}"
      fields[1]=$trimmed
    fi
    "$1" "${fields[@]:0:2}" "$level" "${fields[@]:2}"
  done <"$toolchain/programs"
}

# Daemons and tools of root may be outside of a user's PATH.
has() { PATH=$PATH:/usr/sbin:/sbin type -P "$1" >/dev/null; }

# What is wrong with Node.js and npm on this machine; nothing where nothing is. package.json says which version is needed.
node_trouble() {
  local program version least major minor
  for program in node npm npx; do
    if ! has "$program"; then
      echo "$program is not installed"
      return
    fi
  done
  [[ $(<"$toolchain/../package.json") =~ \"node\":\ *\"\>=([0-9]+)\.([0-9]+)\" ]]
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]} least=${BASH_REMATCH[1]}.${BASH_REMATCH[2]}
  version=$(node --version 2>/dev/null) || version=
  if [[ ! $version =~ ^v([0-9]+)\.([0-9]+) ]]; then
    echo "node does not say its version"
  elif ((BASH_REMATCH[1] < major || (BASH_REMATCH[1] == major && BASH_REMATCH[2] < minor))); then
    echo "node is $version, but $least or newer is needed"
  fi
}

# shellcheck disable=SC2034 # for whoever sources this
node_fix="install Node.js with npm, from https://nodejs.org or as your distribution's packages nodejs and npm where they are new enough (Debian 13)"
