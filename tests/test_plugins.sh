#!/bin/sh
# Plug-ins in the program: a good one trades, broken ones are refused, disabled, or end the process and are in
# quarantine, each with the line that a user sees; a new version is taken while trading goes on.
# Usage: test_plugins.sh BUILD. Prints a line a check and ends with "N passed, N failed".
set -u
build=$1
flowdeck=$build/flowdeck
kinds=$build/tests/plugins
case $build in *-asan | *-ubsan | *-tsan) exit 77 ;; esac # a sanitizer has its own word at a crash
work=$(mktemp -d)
pid=
trap '[ -n "$pid" ] && kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
export HOME="$work/home" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
mkdir -p "$HOME"
passed=0 failed=0

check() { # NAME CONDITION...
  name=$1; shift
  if "$@"; then passed=$((passed + 1)); echo "ok      $name"; else failed=$((failed + 1)); echo "FAILED  $name"; fi
}
# Puts a kind into place under a fresh data directory.
fresh() { rm -rf "$work/run"; mkdir -p "$work/run"; cp "$kinds/$1.so" "$work/run/x.so"; }
# Leaves $code, $work/out, $work/err.
run() { FLOWDECK_STRATEGY_PLUGINS=$work/run/x.so "$flowdeck" "$@" --data-dir "$work/run/data" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
replay() { run replay "$build/demo.jsonl.gz" --headless; }
demo() { run --demo --headless --seconds "$1" --seed 3 --symbol BTCUSDT; }
is() { [ "$code" -eq "$1" ]; }
says() { grep -qF -- "$1" "$work/err"; }
one_line() { [ "$(wc -l <"$work/err")" -eq 1 ]; }
logs() { grep -sqF -- "$1" "$work/run/data/flowdeck.log"; }
quarantined() { grep -qF -- "$1" "$work/run/data/quarantine"; }
# A line of the log within 15 s.
logs_soon() {
  for _ in $(seq 150); do logs "$1" && return 0; sleep 0.1; done
  return 1
}

# --- refused at loading: one line, exit code 2, nobody is in quarantine ---------------------------------------------
while IFS='|' read -r kind line; do
  fresh "$kind"
  replay
  check "$kind is refused" [ "$code" -eq 2 ]
  check "$kind: one line" one_line
  check "$kind: $line" says "$line"
  check "$kind is not in quarantine" [ ! -e "$work/run/data/quarantine" ]
done <<KINDS
no_manifest|has no manifest
two_manifests|has more than one manifest
bad_yaml|manifest:2:1:
unknown_key|unknown key 'colour'
bad_default|default '9' is out of range
newer_manifest|needs strategy ABI 3; this flowdeck has ABI 1
newer_table|needs strategy ABI 3; this flowdeck has ABI 1
short_table|says that struct fd_strategy has 24 bytes
long_table|says that struct fd_strategy has 1000000 bytes
missing_symbol|exports no flowdeck_strategy
function_symbol|is not a struct fd_strategy
no_market|has no callback market
foreign_code|points outside of it
save_alone|has only one of the callbacks save and restore
unresolved|undefined symbol: nobody_has_this
create_null|cannot run with these parameters
signals|changed the handler of SIGSEGV while it was loaded
locale|changed the locale while it was loaded
name_taken|ofi
KINDS
fresh two_instruments
FLOWDECK_SYMBOLS=BTCUSDT replay
check "two instruments, one is configured: refused" is 2
check "that is said" says "trades 2 instruments; 1 are configured"
fresh good
FLOWDECK_STRATEGY_SET=brokne.on=false replay
check "a setting for nobody is refused" is 2
check "its name is told" says "strategy.set: no plug-in of strategy.plugins is named 'brokne'"
FLOWDECK_STRATEGY_SET=mm.gamma=1 replay
check "one for a built-in strategy, too, with where it belongs" says "allowed: strategy.mm.PARAMETER: VALUE"
FLOWDECK_STRATEGY_SET=broken.on=false replay
check "one for the plug-in is taken" is 0

# --- which of them are off at the start: true or false, of a bounded number ---------------------------------------
fresh good
export FLOWDECK_STRATEGY_SET=broken.on=off
replay
check "what is neither true nor false is refused" is 2
check "what is allowed is said" says "allowed: true or false"
FLOWDECK_STRATEGY_SET=$(seq 64 | sed 's/.*/n&.on=false/' | paste -sd,)
replay
check "too many names are refused" is 2
unset FLOWDECK_STRATEGY_SET

# --- refused for what they answer: disabled after three, the run goes on ---------------------------------------------
for kind in nan_score nan_feature many many_features foreign unknown_wish negative overflow off_tick; do
  fresh "$kind"
  replay
  check "$kind does not end the run" is 0
  check "$kind is refused in words" logs "broken refused: "
  check "$kind is disabled" logs "broken DISABLED: "
done

# --- ended with the process: the line, the quarantine, and a next start that skips it ---------------------------------
while IFS='|' read -r kind ends line; do
  fresh "$kind"
  replay
  check "$kind ends a replay with $ends" is "$ends"
  check "$kind: $line" says "$line"
  check "$kind is in quarantine" quarantined "x.so"
  replay
  check "$kind is skipped by the next start" is 0
  check "$kind: that is said" says "is in quarantine"
done <<KINDS
crash_load|139|crashed in load: SIGSEGV
crash_create|139|crashed in create: SIGSEGV
crash_market|139|crashed in market: SIGSEGV
divide|136|crashed in market: SIGFPE
illegal|132|crashed in market: SIGILL
abort|134|SIGABRT
exit|1|called exit() in market
recursion|139|SIGSEGV
KINDS
fresh scribbles
replay
check "one that writes over what it was shown harms nobody" is 0
fresh good
replay
check "a good one runs" is 0
check "it is heard" logs "broken: count "

# --- in a running market: trading is killed, by a watcher that is no part of the process ------------------------------
for kind in crash_market exit underscore_exit; do
  fresh "$kind"
  demo 20
  check "$kind ends the process at once" [ ! -s "$work/out" ]
  for _ in $(seq 50); do [ -e "$work/run/data/KILLED" ] && break; sleep 0.1; done
  check "$kind: trading is killed" grep -q "strategy broken" "$work/run/data/KILLED"
  check "$kind is in quarantine" quarantined x.so
done
demo 2
check "the next start skips it" says "is in quarantine"
check "and is killed until somebody clears it" logs "KILLED by dead man, before this start"
fresh slow
FLOWDECK_LOG_LEVEL=info demo 5
check "a slow one is measured" logs "broken strike 1 of 3 in 60 s: market took "
check "and disabled" logs "broken DISABLED: disabled after 3 strikes in 60 s"

# --- a new version while it trades ------------------------------------------------------------------------------------
fresh good
FLOWDECK_STRATEGY_PLUGINS=$work/run/x.so "$flowdeck" --demo --headless --seconds 60 --seed 3 --symbol BTCUSDT \
  --data-dir "$work/run/data" >"$work/out" 2>"$work/err" </dev/null &
pid=$!
check "a good one trades" logs_soon "broken: count |||"
put() { cp "$kinds/$1.so" "$work/run/y.so" && mv "$work/run/y.so" "$work/run/x.so"; }
put no_manifest
check "a bad new version is told" logs_soon "NOT RELOADED "
before=$(grep -c "broken: count" "$work/run/data/flowdeck.log")
sleep 1
check "the old one goes on" [ "$(grep -c "broken: count" "$work/run/data/flowdeck.log")" -gt "$before" ]
put good_stranger
check "so is one that does not know the state" logs_soon "NOT RELOADED broken keeps version 1.0.0"
put good_2
check "a good one is taken" logs_soon "broken: version 1.0.0 -> 1.1.0, 8 bytes of state"
before=$(grep -c "broken: count" "$work/run/data/flowdeck.log")
sleep 1
check "and goes on" [ "$(grep -c "broken: count" "$work/run/data/flowdeck.log")" -gt "$before" ]
kill "$pid"
wait "$pid"
check "it ends in peace" [ "$?" -eq 0 ]
pid=
check "nobody is in quarantine" [ ! -e "$work/run/data/quarantine" ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
