#!/bin/sh
# The same recording must give the same decisions whoever compiled the program: gcc and clang, plain and
# -O3 -march=native, and the build this is about. Usage: test_builds.sh BUILD. Ends with "N passed, N failed".
# FLOWDECK_BUILDS=0 skips (77): three more builds take a minute.
set -u
build=$1
[ "${FLOWDECK_BUILDS:-1}" = 0 ] && exit 77
case $build in *-asan | *-ubsan | *-tsan) exit 77 ;; esac
shared=${FLOWDECK_SHARED:-../shared}
recordings=$build/demo.jsonl.gz
for name in hft_usdm_btcusdt_20240808 hft_spot_btcusdt_20240808; do
  [ -f "$shared/data/recordings/$name.jsonl.gz" ] && recordings="$recordings $shared/data/recordings/$name.jsonl.gz"
done
passed=0 failed=0

decisions() { # PROGRAM
  for recording in $recordings; do
    FLOWDECK_STORE_ON=false "$1" replay "$recording" --headless --json 2>/dev/null | sed 's/.*"decision_sha256":"\([0-9a-f]*\)".*/\1/'
  done
}
ours=$(decisions "$build/flowdeck")

compare() { # NAME MAKE-ARGUMENTS...
  name=$1; shift
  if ${MAKE:-make} -s --no-print-directory "B=$build-$name" "$@" "$build-$name/flowdeck" >/dev/null &&
    [ "$(decisions "$build-$name/flowdeck")" = "$ours" ]; then
    passed=$((passed + 1)); echo "ok      same decisions: $name"
  else
    failed=$((failed + 1)); echo "FAILED  same decisions: $name"
  fi
}
compare clang CC=clang
compare native CFLAGS="-O3 -march=native"
compare clang-native CC=clang CFLAGS="-O3 -march=native"
compare asan MODE=asan
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
