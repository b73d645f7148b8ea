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

# Links what the release build of the product $1 has compiled to the file $2, with Swift's run time in it, so
# that it runs where no Swift is; the rest goes to the linker's driver. The build is the one that everything
# else shares: a build of its own for the static run time would compile all of it again.
link_static() {
  local product=$1 file=$2 objects
  shift 2
  [ "$(uname -s)" = Linux ] || die "Swift's run time can be linked in on Linux only"
  swift build -c release --product "$product" || return
  objects=$(swift build -c release --product "$product" --show-bin-path)/$product.product/Objects.LinkFileList
  [ -s "$objects" ] || die "the build has left no list of its objects at $objects"
  swiftc -static-stdlib "@$objects" -o "$file" -use-ld=lld -Xlinker --gc-sections -Xlinker -s "$@" -lm
}

# Prints a Python that has what the tests of the package need: NumPy, pytest, and venv with pip.
find_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import ensurepip, numpy, pytest, venv' >/dev/null 2>&1; then
      command -v "$python"
      return
    fi
  done
  return 1
}

# Prints a Chromium: the one that CHROMIUM names, or what is installed.
find_chromium() {
  [ -z "${CHROMIUM:-}" ] || { echo "$CHROMIUM"; return; }
  command -v chromium || command -v chromium-browser || command -v google-chrome
}
