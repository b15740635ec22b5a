#!/bin/sh
# The same recording must give the same decisions whoever compiled the program: gcc and clang, plain and
# -O3 -march=native, under the address sanitizer, and the build this is about. The others build what decides alone
# (tests/builds/decide.c); that this decides as the whole program does is the first check.
# Usage: test_builds.sh BUILD [compile]. Ends with "N passed, N failed". FLOWDECK_BUILDS=0 skips (77). compile: no more
# than that.
set -u
build=$1
[ "${FLOWDECK_BUILDS:-1}" = 0 ] && exit 77
case $build in *-asan | *-ubsan | *-tsan) exit 77 ;; esac
shared=${FLOWDECK_SHARED:-../shared}
recordings=$build/demo.jsonl.gz
for name in hft_usdm_btcusdt_20240808 hft_spot_btcusdt_20240808; do
  [ -f "$shared/data/recordings/$name.jsonl.gz" ] && recordings="$recordings $shared/data/recordings/$name.jsonl.gz"
done
for strategy in OFI MM MOMENTUM REVERSION ABSORPTION PAIRS; do
  export "FLOWDECK_STRATEGY_${strategy}_ON=true"
done
jobs=$(getconf _NPROCESSORS_ONLN)
passed=0 failed=0

decisions() {
  for recording in $recordings; do
    FLOWDECK_STORE_ON=false "$build/flowdeck" replay "$recording" --headless --json 2>/dev/null |
      sed 's/.*"decision_sha256":"\([0-9a-f]*\)".*/\1/'
  done
}

compile() { # BUILD MAKE-ARGUMENTS...
  other=$1
  shift
  MAKEFLAGS='' ${MAKE:-make} -s --no-print-directory -j "$jobs" "B=$other" "$@" "$other/tests/builds/decide" >/dev/null
}

compare() { # NAME BUILD MAKE-ARGUMENTS...
  name=$1
  shift
  # shellcheck disable=SC2086
  if compile "$@" && [ "$("$1/tests/builds/decide" $recordings)" = "$ours" ]; then
    passed=$((passed + 1)); echo "ok      same decisions: $name"
  else
    failed=$((failed + 1)); echo "FAILED  same decisions: $name"
  fi
}

if [ "${2:-}" = compile ]; then
  compare() {
    shift
    compile "$@"
  }
else
  ours=$(decisions)
fi
compare alone "$build"
compare clang "$build-clang" CC=clang
compare native "$build-native" CFLAGS="-O3 -march=native"
compare clang-native "$build-clang-native" CC=clang CFLAGS="-O3 -march=native"
compare asan "$build-asan" MODE=asan
[ "${2:-}" = compile ] && exit
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
