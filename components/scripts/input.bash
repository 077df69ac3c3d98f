# Sourced by scripts that take JSON.
# shellcheck shell=bash

# For what no order of keys matters to, which gojq does not keep: jq 1.6, Debian 12's, takes 40 ms of CPU to start, and a boot starts two
# dozen; gojq takes 7.
jq=jq
if command -v gojq >/dev/null; then jq=gojq; fi

# Whoever looks at a script's input sees it with the secrets that came by the environment put in their places.
# shellcheck disable=SC2016 # the variables are jq's
with_secrets='. * ((env.SCHEDFRONT_SECRETS // "{}") | fromjson)'

# Sets the array $fields to what jq's FILTER finds, in the order that it finds it. One jq for all of it, for it takes longer to
# start than all else that a script does with its input.
fields_of() { # JSON FILTER [JQ_OPTION …]
  # shellcheck disable=SC2034 # for whoever sources this
  mapfile -d '' -t fields < <("$jq" -j "${@:3}" "$with_secrets | ($2) | ., \"\u0000\"" <<<"$1")
}
