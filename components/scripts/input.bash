# Sourced by scripts that take JSON.
# shellcheck shell=bash

# Sets the array $fields to what jq's FILTER finds, in the order that it finds it. One jq for all of it, for it takes longer to
# start than all else that a script does with its input.
fields_of() { # JSON FILTER [JQ_OPTION …]
  # shellcheck disable=SC2034 # for whoever sources this
  mapfile -d '' -t fields < <(jq -j "${@:3}" "$2 | ., \"\u0000\"" <<<"$1")
}
