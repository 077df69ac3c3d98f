# How a script says that it failed. For people the words go to standard error; for programs a line of standard output is
# {"error": {"kind", "message"}} (model/failure.ts). Pulumi's plugin puts both into the failed resource's diagnostic as they are,
# where a sweep finds them.
# shellcheck shell=bash
# shellcheck source=toolchain/room.bash
source "$(dirname "${BASH_SOURCE[0]}")/../../toolchain/room.bash"

answered=''

answer_failure() { # KIND MESSAGE
  answered=yes
  jq -cn --arg kind "$1" --arg message "$2" '{error: {kind: $kind, message: $message}}'
}

fail_as() { # KIND MESSAGE [FURTHER_WORDS]
  echo "$2" >&2
  if [[ -n ${3:-} ]]; then echo "$3" >&2; fi
  answer_failure "$1" "$2"
  exit 1
}

# explain_room, for programs, too.
answer_room() { # NAME FOLDER ALTERNATIVE [NEEDED]
  local words
  words=$(explain_room "$@" 2>&1) || return
  echo "$words" >&2
  answer_failure "disk full" "$words"
}

# For a trap of EXIT, as explain_failure; nothing where the script has already said how it failed.
answer_unsaid() {
  local status=$?
  # Above are signals.
  if ((status > 0 && status < 128)) && [[ -z $answered ]]; then each_folder answer_room || true; fi
}
