# Sourced by scripts that take a stack's name as an argument.
# shellcheck shell=bash

# The rule of model/stack-name.ts; an organisation and a project may stand before the name, as Pulumi has them.
require_stack_name() { # NAME
  [[ $1 =~ ^([A-Za-z0-9_][A-Za-z0-9_.-]*/){0,2}[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$ ]] && return
  printf 'STACK: %q is not a valid name: use up to 100 letters, digits, _, . and -, not starting with . or -\n' "$1" >&2
  return 1
}
