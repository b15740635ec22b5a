#!/bin/sh
# test_runner.sh: the runners count what fails in ways that no test framework reports: a crash, an exit in the middle,
# a program that was not built, a hang. Uses programs of its own that print cmocka's words.
set -eu
unset TEST_FAILURES # these failures are nobody's
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/src" "$dir/bin"
bad=0

# program NAME: a "test program" from the lines on standard input.
program() {
  : >"$dir/src/$1.c"
  { echo '#!/bin/sh'; cat; } >"$dir/bin/$1"
  chmod +x "$dir/bin/$1"
}

# expect NAME LINE: what the runner's last line says of all programs there are; then they are gone.
expect() {
  last=$(sh -c '. tests/runner; TEST_SECONDS_MAX=1 TEST_ALONE=test_skips; run_cmocka_all "$1/bin" "$1/src"; finish' sh "$dir" 2>&1 | tail -n 1)
  if [ "$last" != "$2" ]; then
    echo "runner: $1: wanted \"$2\", got \"$last\""
    bad=1
  fi
  rm -f "$dir"/src/* "$dir"/bin/*
}

program test_good <<'END'
echo '[==========] 3 test(s) run.'
echo '[  PASSED  ] 3 test(s).'
END
program test_skips <<'END'
echo '[==========] 2 test(s) run.'
echo '[  PASSED  ] 1 test(s).'
echo '[  SKIPPED ] 1 test(s), listed below:'
END
expect "passed and skipped" "4 passed, 0 failed, 1 skipped"
program test_fails <<'END'
echo '[==========] 3 test(s) run.'
echo '[  PASSED  ] 2 test(s).'
echo '[  FAILED  ] 1 test(s), listed below:'
exit 1
END
expect "a failed test" "2 passed, 1 failed"
program test_crashes <<'END'
echo '[       OK ] test_something'
kill -SEGV $$
END
expect "a crash" "0 passed, 1 failed"
program test_leaves <<'END'
echo '[       OK ] test_something'
exit 0
END
expect "an exit in the middle" "0 passed, 1 failed"
program test_dies_late <<'END'
echo '[==========] 3 test(s) run.'
echo '[  PASSED  ] 3 test(s).'
exit 23
END
expect "a leak report after the tests" "3 passed, 1 failed"
program test_hangs <<'END'
exec sleep 30
END
expect "a hang" "0 passed, 1 failed"
: >"$dir/src/test_missing.c"
expect "a program that was not built" "0 passed, 1 failed"

# What failed is named before the last line, with its reason; a second run is told, and only it counts.
program test_fails <<'END'
echo '[==========] 1 test(s) run.'
echo '[   LINE   ] --- a.c:7: error: Failure!'
echo '[  FAILED  ] 1 test(s), listed below:'
exit 1
END
program test_unsteady <<'END'
if [ ! -e "$0.once" ]; then : >"$0.once"; echo 'cut off'; exit 3; fi
echo '[==========] 2 test(s) run.'
echo '[  PASSED  ] 2 test(s).'
END
all=$(sh -c '. tests/runner; TEST_AGAIN=2; run_cmocka_all "$1/bin" "$1/src"; finish' sh "$dir" 2>&1) || true
for wanted in 'what failed:' 'a.c:7: error' 'test_unsteady: failed (status 3), and was run again alone' 'cut off' '2 passed, 1 failed'; do
  case $all in
  *"$wanted"*) ;;
  *) echo "runner: the end of a run that failed lacks \"$wanted\"" && bad=1 ;;
  esac
done
exit $bad
