# Sourced by scripts that take JSON.
# shellcheck shell=bash
# shellcheck source=components/scripts/failure.bash
source "$(dirname "${BASH_SOURCE[0]}")/failure.bash"
# Once: whoever sourced it before may have more to do at the end by now.
if declare -F fields_of >/dev/null; then return; fi
trap answer_unsaid EXIT

# Whoever looks at a script's input sees it with the secrets that came by the environment put in their places.
with_secrets='. * ((env.SCHEDFRONT_SECRETS // "{}") | fromjson)'

# Sets the array $fields to what jq's FILTER finds, in the order that it finds it. One jq for all of it, for it takes longer to
# start than all else that a script does with its input.
fields_of() { # JSON FILTER [JQ_OPTION …]
  # shellcheck disable=SC2034 # for whoever sources this
  mapfile -d '' -t fields < <(jq -j "${@:3}" "$with_secrets | ($2) | ., \"\u0000\"" <<<"$1")
  wait "$!"
}

# A time limit that the environment may set. Unchecked, bash's arithmetic would run the program that an index in it names.
seconds_of() { # VARIABLE DEFAULT
  local value=${!1:-$2}
  if [[ ! $value =~ ^[0-9]{1,7}$ ]]; then
    printf '%s: %q is not a whole number of seconds\n' "$1" "$value" >&2
    return 1
  fi
  echo "$((10#$value))"
}
