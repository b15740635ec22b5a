#!/bin/sh
# What is stored, from outside: journal, verify, backup, restore; beside a running engine, after a kill, with damage.
# Usage: test_journal.sh BUILD. Prints a line a check and ends with "N passed, N failed".
set -u
build=$(cd "$1" && pwd)
flowdeck=$build/flowdeck
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work/home" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" TMPDIR="$work/tmp"
mkdir -p "$HOME" "$TMPDIR"
passed=0 failed=0
data=$work/data

check() { # NAME CONDITION...
  name=$1; shift
  if "$@"; then passed=$((passed + 1)); echo "ok      $name"; else failed=$((failed + 1)); echo "FAILED  $name"; cat "$work/err"; fi
}
run() { "$flowdeck" "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
is() { [ "$code" -eq "$1" ]; }
says() { grep -qF -- "$1" "$work/err"; }
prints() { grep -qF -- "$1" "$work/out"; }
one_line() { [ "$(wc -l <"$work/err")" -eq 1 ]; }
files() { (cd "$1" && find . -type f ! -name flowdeck.log | LC_ALL=C sort | xargs sha256sum); }
alive() { kill -0 "$1" 2>/dev/null; }

# Starts a demo in the background: $engine. Waits until it takes orders and gives it three, one of which is cancelled.
start() { # DATA SECONDS
  "$flowdeck" --demo --headless --mode simulation --seed 5 --symbol BTCUSDT --seconds "$2" --data-dir "$1" >"$work/run" 2>&1 </dev/null &
  engine=$!
}
trade() { # DATA
  python3 - "$1/control.sock" <<'PY'
import json, socket, sys, time
for _ in range(150):
    try:
        line = socket.socket(socket.AF_UNIX); line.connect(sys.argv[1]); break
    except OSError:
        time.sleep(0.1)
lines = line.makefile("rw")
def ask(**request):
    lines.write(json.dumps(request) + "\n"); lines.flush()
    return json.loads(lines.readline())
price = 0
for _ in range(150):
    markets = ask(do="status").get("instruments") or [{}]
    price = float(markets[0].get("ask") or 0)
    if price > 0: break
    time.sleep(0.1)
def order(qty, factor, **more):
    return ask(do="order", symbol="BTCUSDT", side="BUY", qty=qty, price="%.2f" % (factor * price), **more)
first = order("0.001", 1.002, type="MARKET", tif="IOC")
rests = order("0.001", 0.99, type="LIMIT")
order("0.002", 0.985, type="LIMIT")
time.sleep(0.3)
ask(do="cancel", order=rests["order"])
time.sleep(0.5)
sys.exit(0 if first.get("ok") and rests.get("ok") else 1)
PY
}

run journal --data-dir "$work/nothing"; check "no journal exits 1" is 1; check "it is one line" one_line
check "looking makes no folder" [ ! -e "$work/nothing" ]
run verify --data-dir "$work/nothing"; check "nothing to verify exits 1" is 1
run backup "$work/none" --data-dir "$work/nothing"; check "nothing to back up exits 1" is 1; check "no folder is made" [ ! -e "$work/none" ]

# --- beside a running engine
start "$data" 9
trade "$data"; code=$?; check "a demo takes orders" is 0
"$flowdeck" journal --follow --json --data-dir "$data" >"$work/followed" 2>"$work/err" & follower=$!
run journal --order 1 --data-dir "$data"; check "an order is followed" is 0
check "from its command to its story" python3 - "$work/out" <<'PY'
import sys
kinds = [line.split()[2] for line in open(sys.argv[1])]
steps = ["command", "order", "answer", "fill", "order", "story"]
at = 0
for kind in kinds:
    if at < len(steps) and kind == steps[at]: at += 1
seqs = [int(line.split()[0]) for line in open(sys.argv[1])]
sys.exit(at < len(steps) or seqs != sorted(seqs) or kinds[0] != "command")
PY
run verify --data-dir "$data"; check "a running engine's journal is verified" is 0; check "rows are compared" prints "rows of the database compared"
run backup "$work/live" --data-dir "$data"; check "a running engine is backed up" is 0
run restore "$work/live" --force --data-dir "$data"; check "nothing is restored under an engine" [ "$code" -ne 0 ]; check "its pid is named" says "pid"
check "the engine goes on" alive "$engine"
(cd "$work" && "$flowdeck" journal --follow --data-dir "$data" 2>/dev/null; echo $? >"$work/piped") | head -1 >/dev/null
check "a reader who has had enough ends it" [ "$(cat "$work/piped")" -eq 1 ]
wait "$engine"; code=$?; check "the demo ends in order" is 0
sleep 0.3; kill -INT "$follower"; wait "$follower"; code=$?
check "following ends with 130" is 130
check "it saw the end, without a gap or a repetition" python3 - "$work/followed" <<'PY'
import json, sys
records = [json.loads(line) for line in open(sys.argv[1])]
seqs = [int(r["journal_seq"]) for r in records]
sys.exit(seqs != list(range(1, len(seqs) + 1)) or records[-1]["kind"] != "session_end")
PY

# --- printing
files "$data" >"$work/before"
run journal --data-dir "$data"; check "the journal is printed" is 0; count=$(wc -l <"$work/out")
run journal --json --data-dir "$data"; check "as JSON, line by line" [ "$(python3 -c 'import json,sys; print(len([json.loads(l) for l in open(sys.argv[1])]))' "$work/out")" -eq "$count" ]
run journal --kind order,fill --data-dir "$data"; check "kinds are chosen" [ -z "$(awk '$3 != "order" && $3 != "fill"' "$work/out")" ]
run journal --kind fill --csv --data-dir "$data"; check "a kind as CSV has its columns" grep -q '^journal_seq,kind,time,input_seq,symbol,owner,trade,' "$work/out"
check "each line has as many" python3 -c 'import csv,sys; rows=list(csv.reader(open(sys.argv[1]))); sys.exit(len(rows) < 2 or len({len(r) for r in rows}) != 1)' "$work/out"
run journal --owner nobody --data-dir "$data"; check "an owner without records prints nothing" [ ! -s "$work/out" ]
run journal --symbol ETHUSDT --data-dir "$data"; check "a symbol likewise" [ ! -s "$work/out" ]
run journal --until 1971-01-02 --kind order --data-dir "$data"; check "a time before it all too" [ ! -s "$work/out" ]
run journal --since 1971-01-02 --kind order --data-dir "$data"; check "a time after which all is" [ -s "$work/out" ]
"$flowdeck" journal --data-dir "$data" >/dev/full 2>"$work/err"; code=$?; check "a full disk exits 1" is 1; check "it is said" says "cannot write"
run verify --json --data-dir "$data"; check "all of it is true" prints '"ok":true'
files "$data" >"$work/after"; check "reading has changed nothing" cmp -s "$work/before" "$work/after"
check "nothing temporary is left" [ -z "$(ls "$TMPDIR")" ]

# --- a disk that cannot be read is no damage; a signal ends what is under way, and nothing of it is left
if command -v strace >/dev/null; then
  hurt() { strace -f -o /dev/null "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
  for at in 1 3 5 9; do
    hurt -P "$data/flowdeck.db" -e inject=pread64:error=EIO:when=$at "$flowdeck" verify --data-dir "$data"
    check "a database that cannot be read exits 4, read $at" is 4; check "it is said in one line" one_line; check "and not called damaged" says "reading failed"
  done
  mkdir "$work/empty"
  for at in 1 5; do
    hurt -e inject=pwrite64:signal=INT:when=$at "$flowdeck" verify --data-dir "$data"; check "an interrupted verify exits 130, write $at" is 130
    hurt -e inject=pwrite64:signal=TERM:when=$at "$flowdeck" backup "$work/empty" --data-dir "$data"; check "a backup as well" is 130
  done
  check "nothing temporary is left of it" [ -z "$(ls "$TMPDIR")" ]
  check "nor of the backup, and the empty folder is" [ "$(echo "$work"/empty*)" = "$work/empty" ]
fi

# --- backup, restore
mkdir "$work/backup"; run backup "$work/backup" --data-dir "$work/nowhere"; check "a backup of nothing fails" is 1; check "and leaves an empty folder as it is" [ -d "$work/backup" ]
printf 'size 0.02\npause\n' >"$data/history"; printf '# alerts\nBTCUSDT price > 99999\n' >"$data/alerts.demo"
printf 'kept\n' >"$data/quarantine"; floor=$(cat "$data/epoch"); echo "$((floor + 40))" >"$data/epoch"; mkfifo "$data/alerts.fifo"
run backup "$work/backup" --data-dir "$data"; check "a backup, to an empty folder" is 0
rm "$data/alerts.fifo"; check "what it leaves out is told" prints "not in it: the configuration"
check "with what stands beside the journal" [ "$(cd "$work/backup" && echo alerts* epoch history quarantine*)" = "alerts.demo epoch history quarantine" ]
run backup "$work/backup" --data-dir "$data"; check "is not overwritten" is 2
check "it is private" [ "$(stat -c %a "$work/backup" "$work/backup/flowdeck.db" "$work/backup/manifest.json" | tr '\n' ' ')" = "700 600 600 " ]
run restore "$work/backup" --data-dir "$work/restored"; check "it is restored" is 0
run verify --data-dir "$work/restored"; check "what was restored is true" is 0
for kept in alerts.demo history quarantine; do check "with its $kept" cmp "$work/restored/$kept" "$data/$kept"; done
check "and the epochs of the journals before" [ "$(cat "$work/restored/epoch")" -eq "$((floor + 40))" ]
check "nothing temporary is left in it" [ -z "$(find "$work/restored" -name 'restore-*' -o -name 'replaced-*')" ]
echo "$floor" >"$data/epoch"
"$flowdeck" journal --data-dir "$data" >"$work/one"; "$flowdeck" journal --data-dir "$work/restored" >"$work/two"; check "and the same" cmp -s "$work/one" "$work/two"
run restore "$work/backup" --data-dir "$work/restored"; check "a data directory is not overwritten" is 2
cp -r "$work/live" "$work/changed"; printf X | dd of="$work/changed/flowdeck.db" bs=1 seek=9000 conv=notrunc status=none
run restore "$work/changed" --data-dir "$work/untouched"; check "a changed backup exits 3" is 3; check "the file is named" says "flowdeck.db"
check "nothing was made of it" [ ! -e "$work/untouched" ]
sed -i 's|journal/demo/|journal/../|' "$work/changed/manifest.json"; run restore "$work/changed" --data-dir "$work/untouched"; check "a manifest that leads elsewhere exits 3" is 3

# --- kill -9: the ring is left; a restore puts it out of the way, and a start goes on
start "$data" 30; trade "$data"
kill -9 "$engine"; wait "$engine" 2>/dev/null
used=$(sed -n 's/^epoch //p' "$data/lock"); check "the epoch of the killed run is kept beside its journal" [ "$(cat "$data/epoch")" = "$used" ]
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  run restore "$work/backup" --force --data-dir "$data"; [ "$code" -eq 0 ] && break; sleep 0.5
done
check "after a kill a restore with --force" is 0
check "its history as well" [ -e "$(ls -d "$data"/replaced-*)/history" ]; check "and the quarantine stays" [ -e "$data/quarantine" ]
check "what was there is kept" [ -d "$(ls -d "$data"/replaced-*)/journal/demo" ]
ring=$(basename "$(ls -d "$data"/replaced-*/flowdeck-*)")
check "with its ring" [ -n "$ring" ]; check "which is out of the way" [ ! -e "/dev/shm/$ring" ]
run verify --data-dir "$data"; check "the restored one is true" is 0
start "$data" 3; wait "$engine"; code=$?; check "a start goes on with it" is 0
check "its epoch is above those of the replaced journal" [ "$(sed -n 's/^epoch //p' "$data/lock")" -gt "$used" ]
run verify --data-dir "$data"; check "and is true" is 0
run verify --data-dir "$(ls -d "$data"/replaced-*)"; check "so is the replaced one" is 0

# --- differences and damage
cp -r "$data" "$work/other"; sqlite3 "$work/other/flowdeck.db" "update orders set filled_e8 = 7 where seq = 1"
run verify --data-dir "$work/other"; check "a row that was changed exits 3" is 3
check "table, key and column are named" prints "orders: session 1, seq 1: filled_e8 is 7, the journal says"
rm -f "$work/other/flowdeck.db"*; run verify --data-dir "$work/other"; check "no database is no difference" is 0
segment=$work/other/journal/demo/00000000000000000001.fdj
half=$(($(stat -c %s "$segment") / 2)) # its size is the market's: what lies behind its end damages nothing
printf XXXX | dd of="$segment" bs=1 seek="$half" conv=notrunc status=none
run journal --data-dir "$work/other"; check "a damaged journal exits 3" is 3; check "what is whole is printed" [ -s "$work/out" ]; check "one line tells file, offset and seq" one_line
check "no whole record is left out before it" [ "$(awk 'END { print NR == $1 }' "$work/out")" = 1 ]
run verify --data-dir "$work/other"; check "verify says so too" is 3; check "in one line" one_line
run backup "$work/bad" --data-dir "$work/other"; check "a damaged journal is not backed up" is 3; check "nothing is left of it" [ -z "$(find "$work" -maxdepth 1 -name 'bad*')" ]
snapshot=$(find "$data/journal/demo" -name '*.snap' | head -1); printf X | dd of="$snapshot" bs=1 seek=300 conv=notrunc status=none
run verify --data-dir "$data"; check "a damaged snapshot exits 3" is 3; check "and is named" prints "$(basename "$snapshot")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
