# What the tests of ae's users share; sourced. Leaves the caller in an empty folder, which goes away at the end;
# `exit "$failed"` ends the test. `test -n "$root"`: the folder of ae.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0
export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}

check() {  # check WHAT COMMAND...: the command must succeed
  local what=$1
  shift
  if "$@" >out 2>&1; then echo "ok: $what"; else tail -n 40 out; echo "FAILED: $what"; failed=1; fi
}

says() {  # says TEXT COMMAND...: the command must fail, and say this
  local text=$1
  shift
  ! "$@" >said 2>&1 || { echo "expected a failure"; return 1; }
  # CMake breaks lines where it likes.
  tr -s ' \n' ' ' <said | grep -qF -- "$text" || { cat said; return 1; }
}

block() {  # block PAGE LANGUAGE NUMBER: a block of code of ae's pages
  awk -v open="\`\`\`$2" -v number="$3" '
    $0 == open { inside = ++count == number; next }
    /^```/ { inside = 0 }
    inside' "$root/$1"
}

readme_program() { block README.md cpp 1; }

# install_ae PREFIX OPTION...: as the README says. It is moved there from where it was installed.
install_ae() {
  local prefix=$1
  shift
  rm -rf ae-build "$prefix"
  cmake -S "$root" -B ae-build -DAE_BUILD=OFF "$@" && cmake --build ae-build &&
    cmake --install ae-build --prefix "$folder/first-prefix" && mv "$folder/first-prefix" "$prefix"
}

# run_project FOLDER OPTION...: configures a project, builds it and runs its program.
run_project() {
  local project=$1
  shift
  rm -rf "$project/build"
  "${cmake:-cmake}" -S "$project" -B "$project/build" "$@" &&
    "${cmake:-cmake}" --build "$project/build" && "$project/build/program"
}
