# Sourced by every script that asks libvirt: the only way to virsh. Expects $uri, the connection, and takes $virsh_seconds (60), the
# time limit. virsh reads a single argument as its command language, in which ";" begins the next command, and several as the words of
# one command, in which one that begins with two hyphens is an option.
# shellcheck shell=bash disable=SC2154

# One command. A value that is not a word of the program's comes after "--", or with its option: --pool="$pool".
virsh_() { # COMMAND [OPTION…] [-- VALUE…]
  [[ $1 =~ ^[a-z]+(-[a-z]+)*$ ]] || { echo "virsh: \"$1\" is not the name of a command" >&2 && return 2; }
  timeout "${virsh_seconds:-60}" virsh --quiet --connect "$uri" "$@"
}

# Several commands over one connection, which is what takes the time. Its status is that of the last. No value can be among them.
virsh_session() { # 'COMMAND; COMMAND…'
  [[ $1 =~ ^[a-z\;/\ -]+$ ]] || { echo "virsh: \"$1\" has more than commands and options" >&2 && return 2; }
  timeout "${virsh_seconds:-60}" virsh --quiet --connect "$uri" "$1"
}
