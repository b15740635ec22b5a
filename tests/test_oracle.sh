#!/bin/sh
# The program against an independent reference (tests/oracle): recordings of random markets in many shapes,
# damaged recordings, and the real ones where they are. Usage: test_oracle.sh BUILD. Ends with
# "N passed, N failed". More seeds: python3 tests/oracle/oracle.py --program BUILD/flowdeck --seeds 1..1000
set -u
build=$1
here=$(dirname "$0")/oracle
shared=${FLOWDECK_SHARED:-../shared}
if ! command -v python3 >/dev/null 2>&1; then
  echo "skipped: no python3"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# Two halves at a time: half of the time is the reference's.
python3 "$here/oracle.py" --program "$build/flowdeck" --seeds 1..30 >"$work/1" 2>&1 &
first=$!
python3 "$here/oracle.py" --program "$build/flowdeck" --seeds 31..60 >"$work/2" 2>&1
wait $first

# Each line of one small recording lost in its turn, and a market in which nothing is as it should be.
made=$(python3 "$here/oracle.py" --seeds 60 --keep "$work" | sed -n 's/.*: //p' | head -n 1)
# shellcheck disable=SC2086
python3 "$here/damage.py" --program "$build/flowdeck" garbage ${made%% *} --rounds 25 >"$work/3" 2>&1
small=$shared/data/recordings/collect_usdm_btcusdt_20220811.jsonl.gz
if [ -f "$small" ]; then
  python3 "$here/oracle.py" --program "$build/flowdeck" "$small" >"$work/4" 2>&1
  python3 "$here/damage.py" --program "$build/flowdeck" lines "$small" --every 4 >"$work/5" 2>&1
else
  echo "skipped: no $shared/data/recordings"
fi

cat "$work"/[1-9]
# A part that died has no sum: counted as one failure.
for part in "$work"/[1-9]; do
  tail -n 1 "$part" | grep -E '^[0-9]+ passed, [0-9]+ failed$' || echo "0 passed, 1 failed"
done | awk '{ p += $1; f += $3 } END { print p " passed, " f " failed"; exit f > 0 }'
