# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts: where the package is, and how they speak. Sourced, not run.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used by those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints the comment at the head of the script, where --help is asked for.
help_if_asked() {
  case "${1:-}" in
    -h | --help)
      sed -n '2,/^$/{/SPDX-/d;s/^# \{0,1\}//p;}' "$0"
      exit 0
      ;;
  esac
}

need_swift() {
  command -v swift >/dev/null 2>&1 ||
    die "there is no swift; install a toolchain (6.2 or later) from your vendor or swift.org"
}
