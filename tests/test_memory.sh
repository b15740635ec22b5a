#!/bin/sh
# test_memory.sh B: memory fails at the N-th allocation (once, and from there on) of a start with a short run: each ends
# with a line and an exit code, or goes on with the same decisions; never by a signal. Some N of each stretch; FLOWDECK_SOAK=1:
# every one. A demo has threads, TLS and an exchange: a few N more. Ends with "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 2
B=${1:?usage: test_memory.sh B}
case $B in *-asan | *-ubsan | *-tsan) exit 77 ;; esac # they bring their own malloc
shim=$PWD/$B/tests/faults/fail_malloc.so
work=$(mktemp -d)
trap 'sleep 0.5; rm -rf "$work"' EXIT # a dead man writes a little longer
passed=0 failed=0 fine=0 runs=0 data=$work/data
unset FAIL_MALLOC_AT FAIL_MALLOC_ON FAIL_MALLOC_COUNT

gzip -dc "$B/demo.jsonl.gz" | head -n 3000 >"$work/short.jsonl"
printf 'risk:\n  max_value: 900\n' >"$work/conf.yaml"
chmod 600 "$work/conf.yaml"

fresh() { # the dead man of the run before may still write in its own
  rm -rf "$data" 2>/dev/null
  runs=$((runs + 1))
  data=$work/data$runs
  status=0
}

run() { # words: the environment's
  fresh
  env "$@" LD_PRELOAD="$shim" "$B/flowdeck" replay "$work/short.jsonl" --headless --json --config "$work/conf.yaml" \
    --data-dir "$data" >"$work/out" 2>"$work/err" || status=$?
}

run_demo() {
  fresh
  env "$@" LD_PRELOAD="$shim" "$B/flowdeck" --demo --headless --seconds 1 --seed 5 --symbol BTCUSDT \
    --data-dir "$data" >"$work/out" 2>"$work/err" || status=$?
}

decided() { grep -o '"decision_sha256":"[0-9a-f]*"' "$work/out"; }

# An end by a signal is 128 and more; a failure says why; a success decides what was decided without a failure.
judge() { # what, N
  if [ "$status" -ge 126 ] || { [ "$status" != 0 ] && ! grep -q '^flowdeck: ' "$work/err"; } ||
    { [ "$status" = 0 ] && [ "$1" != demo ] && [ "$(decided)" != "$right" ]; }; then
    failed=$((failed + 1))
    echo "$1, allocation $2: exit code $status: $(head -n 2 "$work/err" | tr '\n' '|')"
  else
    fine=$((fine + 1))
  fi
}

run FAIL_MALLOC_COUNT="$work/count"
right=$(decided)
count=$(cat "$work/count")
if [ "$status" != 0 ] || [ -z "$right" ] || [ "$count" -lt 1000 ]; then
  echo "without a failure: exit code $status, ${count} allocations"
  echo "0 passed, 1 failed"
  exit 1
fi
step=$((count / 60)) demo_step=9001
if [ -n "${FLOWDECK_SOAK:-}" ]; then step=1 demo_step=701; fi

n=1
while [ "$n" -le $((count + 1)) ]; do
  run FAIL_MALLOC_AT="$n"
  judge once "$n"
  run FAIL_MALLOC_AT="$n" FAIL_MALLOC_ON=1
  judge on "$n"
  n=$((n + (n < 40 && step > 4 ? 4 : step)))
done
n=23000
while [ "$n" -le 100000 ]; do
  run_demo FAIL_MALLOC_AT="$n"
  judge demo "$n"
  run_demo FAIL_MALLOC_AT="$n" FAIL_MALLOC_ON=1
  judge demo "$n"
  n=$((n + demo_step))
done
echo "$count allocations; $fine runs with a failing one ended as they should"
[ "$failed" = 0 ] && passed=1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
