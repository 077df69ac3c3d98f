# Sourced by the scripts that hand a run to the agent, wherever that is: what the request and the reply have in common.
# shellcheck shell=bash
# shellcheck source=components/scripts/input.bash
source "$(dirname "${BASH_SOURCE[0]}")/input.bash"

# Characters of an agent's answer, and bytes of one table of a run's and of all that a guest packs together.
# shellcheck disable=SC2034 # for whoever sources this
most_of_reply=$((64 << 20)) most_of_table=$((1 << 30))

# As much of standard input, of which a guest may send without end.
at_most() { head --bytes "$1"; }

# The excerpt is the file whose digest stands in the request.
require_excerpt() { # REQUEST FILE
  if [[ -z $2 ]]; then return; fi
  jq -r --arg path "$2" '"\(.excerpt)  \($path)"' <<<"$1" | sha256sum --check --quiet >&2
}

# The request as the agent reads it, with the excerpt's text in the place of its digest.
request_to_agent() { # REQUEST ID EXCERPT
  jq -c --arg id "$2" --rawfile excerpt "${3:-/dev/null}" '. + {id: $id} + if $excerpt == "" then {} else {excerpt: $excerpt} end' <<<"$1"
}

# The folder of a run's tables, empty.
make_folder() { # FOLDER
  rm -rf -- "$1"
  mkdir -p -- "$1" || refuse_folder "$1"
}

refuse_folder() { # FOLDER
  answer_room "tables of the run" "$1" "$move_results" || true
  exit 1
}

# The agent's words name files on both sides: plain names, each with its digest.
named_tables() { # REPLY
  jq -c 'def is(key; pattern): if type == "string" and test("\\A(?:\(pattern))\\z") then . else error("tables: \(key): \(tojson) does not match \(pattern)") end;
    .tables |= map(.path |= is("path"; "/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*") | .sha256 |= is("sha256"; "[0-9a-f]{64}"))' <<<"$1"
}

# Unpacks a reply and its tables as a guest has packed them: regular files, of bounded size.
unpack_tables() { # ARCHIVE FOLDER
  gzip --decompress --stdout -- "$1" | at_most "$most_of_table" >"$2.tar" &&
    (ulimit -f "$((most_of_table / 1024))" && tar --extract --file "$2.tar" --directory "$2" --no-same-owner --no-same-permissions) &&
    rm -- "$2.tar" &&
    [[ -z $(find "$2" -mindepth 1 ! -type f -print -quit) ]] && return
  echo "tables: what the guest has packed is not whole, has more than $((most_of_table >> 20)) MiB, or is more than regular files" >&2
  return 1
}

# The reply whose tables are in FOLDER, each checked against its digest.
tables_in() { # FOLDER REPLY
  local reply
  reply=$(named_tables "$2")
  reply=$(jq -c --arg folder "$1" '.tables |= map(.path |= "\($folder)/\(split("/") | last)")' <<<"$reply")
  jq -r '.tables[] | "\(.sha256)  \(.path)"' <<<"$reply" | sha256sum --check --quiet >&2
  echo "$reply"
}
