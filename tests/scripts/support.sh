# What the tests of programs share; sourced with the program as the first argument. Leaves the caller in an empty
# folder, which goes away at the end, and without real pictures; `exit "$failed"` ends the test.
# shellcheck shell=bash

program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset AE_CIFAR10_DIR
failed=0

check() {  # check WHAT COMMAND...: the command must succeed
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else echo "FAILED: $what"; failed=1; fi
}

ends_with() {  # ends_with CODE TEXT OPTION...: the program must end with this code, and say the text on standard error
  local code=$1 text=$2 said found=0
  shift 2
  said=$("$program" "$@" 2>&1 >/dev/null) || found=$?
  ((found == code)) || { echo "expected exit code $code, found $found: $said"; return 1; }
  grep -qF -- "$text" <<<"$said" || { echo "$said"; return 1; }
}

fails() { ends_with 1 "$@"; }    # fails TEXT OPTION...: an error while it runs
refused() { ends_with 2 "$@"; }  # refused TEXT OPTION...: options that are wrong

is_png() { test "$(od -An -tx1 -N 8 "$1" | tr -d ' ')" = 89504e470d0a1a0a; }

size() {  # size PNG: its width and height
  od -An -tu1 -j 16 -N 8 "$1" | awk '{ print (($1*256+$2)*256+$3)*256+$4 "x" (($5*256+$6)*256+$7)*256+$8 }'
}

figure() {  # figure KEY FOLDER: its number in summary.json
  sed -n "s/^  \"$1\": \([^,]*\),\?$/\1/p" "$2/summary.json"
}

has_figures() {  # has_figures FOLDER KEY...
  local where=$1 key
  shift
  for key in "$@"; do check "summary.json has $key" grep -q "\"$key\": " "$where/summary.json"; done
}

stops() {  # stops OPTION...: Ctrl-C a second after the start must end the program with code 130
  local found=0
  # A test that runs in the background may have been told to ignore Ctrl-C.
  timeout --preserve-status --signal INT --kill-after 60 1 env --default-signal=INT "$program" "$@" \
    >/dev/null 2>&1 || found=$?
  ((found == 130)) || { echo "expected exit code 130, found $found"; return 1; }
}

goes_on() {  # goes_on AFTER WHOLE FILES OPTION...: stopped by Ctrl-C in a first epoch, when the folder cut has the file
  # AFTER ("": at once), and gone on with, the program must write the same FILES there as in the folder WHOLE
  local after=$1 whole=$2 files=$3 code=0 job file
  shift 3
  rm -rf cut
  "$program" "$@" --out cut >cut_printed 2>&1 &
  job=$!
  # Once the program, no longer the shell that starts it, catches Ctrl-C (signal 2, the second bit) it trains.
  until [[ (-z "$after" || -e "cut/$after") && "/proc/$job/exe" -ef "$program" ]] &&
    grep -q '^SigCgt:.*[2367abef]$' "/proc/$job/status"; do
    kill -0 "$job" || { cat cut_printed; return 1; }
    sleep 0.01
  done
  kill -INT "$job"
  wait "$job" || code=$?
  ((code == 130)) || { echo "expected exit code 130, found $code"; cat cut_printed; return 1; }
  grep -q -- '--resume' cut_printed || { cat cut_printed; return 1; }
  "$program" "$@" --out cut --resume >/dev/null || return 1
  for file in $files; do cmp "$whole/$file" "cut/$file" || return 1; done
  test -z "$(find cut -name '*checkpoint*')"
}

# What every program on the horses takes and refuses alike; given the folder that it drew pictures in.
check_common_options() {
  local drawn=$1
  check "--help ends well" ends_with 0 "" --help
  check "a missing folder is named" fails "nowhere" --data nowhere
  check "an option's range comes before the pictures" refused "--epochs" --data nowhere --epochs 0
  check "no epochs are refused" refused "--epochs" --epochs 0
  check "epochs that are no number are refused" refused "--epochs" --epochs many
  check "too many threads are refused" refused "256" --threads 999999
  check "an unknown option is refused" refused "--horses" --horses 3
  check "there must be something to go on with" fails nothing --data "$drawn" --out nothing --resume
  check "Ctrl-C stops it" stops --data "$drawn" --epochs 100000 --out stopped
}
