# shellcheck shell=bash
# For the scripts in release/ that try other systems and compilers: builds programs and runs them. A script sets `compiler`,
# the command that compiles and links, and may set `eigen`, the folder of Eigen's headers.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
system_headers=${MINGW_PREFIX:-/usr}/include
eigen=$system_headers/eigen3
failed=0
if [[ -n ${1:-} ]]; then
  mkdir -p "$1/${0##*/}"
  work=$(cd "$1/${0##*/}" && pwd)
  trap 'exit $failed' EXIT
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"; exit $failed' EXIT
fi

# The headers of these packages alone: beside them lie those of this system too.
mkdir -p "$work/include"
for package in nlohmann doctest stb; do
  ln -sfn "$system_headers/$package" "$work/include/$package"
done
"$root/tests/docs/extract" "$root/README.md" "$work" >/dev/null

# row NAME WHAT COMMAND...: runs the command and prints whether it passed
row() {
  local log
  log=$work/$(tr -c 'a-zA-Z0-9\n' _ <<<"$1 $2").log
  if "${@:3}" >"$log" 2>&1; then
    echo "$1: $2: passed"
  else
    echo "$1: $2: FAILED"
    tail -n 20 "$log" | cut -c 1-300 | sed 's/^/  /'
    failed=1
  fi
}

compile() {
  ${AE_LAUNCHER:-} "${compiler[@]}" -I "$root/include" -I "$root/tests" -isystem "$eigen" \
    -isystem "$work/include" -isystem "$work/include/stb" "$@"
}

# readme RUNNER...: the README's program is built, and run in an empty folder, where it leaves its model
readme() {
  compile "$work/README.1.cpp" -o "$work/readme.exe" "${linked[@]}" || return
  rm -rf "$work/run"
  mkdir "$work/run"
  cd "$work/run"
  "$@" "$work/readme.exe" && [[ -s model.safetensors ]]
}

# tests 'PATTERNS' RUNNER...: files of tests/ are built as one program and run, but that of gzip: the compiler may find
# zlib's header, which lies with this system's own, but no zlib for another system.
tests() {
  local objects=() file
  cd "$root/tests"
  for file in main.cpp support/allocations.cpp $1; do
    [[ $file != data/gzip.test.cpp ]] || continue
    objects+=("$work/${file//\//_}.o")
    compile -DEIGEN_RUNTIME_NO_MALLOC -DAE_TEST_DATA="\"$root/tests/data_files\"" \
      -include support/throwing_assert.hpp -c "$file" -o "${objects[-1]}" || return
  done
  "${compiler[@]}" "${objects[@]}" -o "$work/tests.exe" "${linked[@]}" && "${@:2}" "$work/tests.exe"
}
linked=()
