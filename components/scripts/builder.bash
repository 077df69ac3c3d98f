# Sourced by the scripts that hand their work to a builder of which the input has the name.
# shellcheck shell=bash

# Sets $builder to FOLDER/NAME/build; fails with all names where it is not there. WHAT is the key that has the name.
choose_builder() { # WHAT FOLDER NAME
  local what=$1 folder=$2 name=$3 known
  # shellcheck disable=SC2034 # for whoever sources this
  builder=$folder/$name/build
  if [[ ! $name =~ ^[a-z]+$ || ! -x $builder ]]; then
    known=$(cd "$folder" && printf '%s, ' */build)
    known=${known//\/build/}
    echo "$what: \"$name\" is not one of ${known%, }" >&2
    exit 1
  fi
}
