#!/bin/sh
# The program from outside: usage, configuration, exit codes, files, determinism over speeds.
# Usage: test_program.sh BUILD. Prints a line a check and ends with "N passed, N failed".
set -u
build=$1
flowdeck=$build/flowdeck
demo=$build/demo.jsonl.gz
shared=${FLOWDECK_SHARED:-../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work/home" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
mkdir -p "$HOME"
passed=0 failed=0

check() { # NAME CONDITION...
  name=$1; shift
  if "$@"; then passed=$((passed + 1)); echo "ok      $name"; else failed=$((failed + 1)); echo "FAILED  $name"; fi
}
# Runs the program; leaves $code, $work/out, $work/err.
run() { "$flowdeck" "$@" >"$work/out" 2>"$work/err" </dev/null; code=$?; }
is() { [ "$code" -eq "$1" ]; }
says() { grep -qF -- "$1" "$work/err"; }
prints() { grep -qF -- "$1" "$work/out"; }
one_line() { [ "$(wc -l <"$work/err")" -eq 1 ]; }
field() { python3 -c 'import json,sys; v=json.load(open(sys.argv[1]))
for k in sys.argv[2].split("."): v=v[int(k)] if k.isdigit() else v[k]
print(v)' "$work/out" "$1"; }

run --help; check "--help exits 0" is 0; check "--help names replay" prints "replay FILE..."
run --version; check "--version exits 0" is 0; check "--version names SQLite" prints SQLite
run help keys; check "help keys exits 0" is 0; check "help keys names kill" prints kill
check "help keys leads to the words of the prompt" prints 'help commands'
run help commands; check "help commands has syntax, meaning and example" prints ':flatten [SYMBOL] [--worst PRICE]'
check "help commands has examples" prints 'like :flatten --worst 61800'
run internal-man flowdeck.1; check "the manual names the words of the prompt" prints 'asks for a word, leads to PAUSED'
run help settings; check "help settings names risk.max_value" prints risk.max_value
run help controls; check "help controls names a limit with its default" prints "risk.max_value                1000 quote"
run help glossary; check "help glossary has a signal with its source" prints 'Easley, Lopez de'
run help glossary if-nosuch; check "help on a word nobody shows exits 2" is 2; check "it is one line" one_line
run help glossary MAX_VALUE; check "help glossary knows the codes of the controls" is 0
printf 'keys:\n  layout: de\n  limit: [F5, d]\n' >"$work/keys.yaml"
run help keys --config "$work/keys.yaml"; check "help keys shows the configured ones" prints 'F5 d                   LADDER   limit'
check "and those of the keyboard" prints 'ö ('
printf 'keys:\n  limit: l\n' >"$work/keys.yaml"
run help keys --config "$work/keys.yaml"; check "a key that means two things exits 2" is 2; check "in one line" one_line
check "that says what and where" says "keys.yaml:2: keys.limit: 'l' is keys.side-sell already, on the ladder"
run help strategies; check "help strategies names pairs" prints "pairs "
run help strategy mm; check "help strategy mm has its sources" prints Avellaneda; check "and its parameters" prints inventory_max_value
run help nosuch; check "help on nothing known exits 2" is 2; check "that is one line as well" one_line
run --headless --seconds 2 --data-dir "$work/offline"; check "a venue that cannot be reached exits 5" is 5
check "a venue that cannot be reached is one line" one_line; check "its host is named" says binance.com
run record; check "record without a file exits 2" is 2
run record --out "$work/demo-rec.jsonl.gz" --demo --seed 3 --symbol BTCUSDT --seconds 3 --data-dir "$work/recorded"; check "a demo is recorded" is 0
run replay "$work/demo-rec.jsonl.gz" --headless --json; check "the recording replays" is 0; check "its book is LIVE" prints '"state":"LIVE"'
run record --out "$work/demo-rec.jsonl.gz" --demo --seconds 1 --data-dir "$work/recorded"; check "a recording is not overwritten" is 2; check "that is one line" one_line
run --demo --headless --seconds 4 --seed 5 --symbol BTCUSDT --json --data-dir "$work/warm"
check "a demo has trades behind it that it was never told" [ "$(field instruments.0.trades.count)" -gt "$(field messages.trade)" ]
check "no trade is missing and none is twice" [ "$(field instruments.0.trades.count)" = "$(($(field instruments.0.trades.last_id) - $(field instruments.0.trades.first_id) + 1))" ]
run journal --order 9999 --data-dir "$work/warm"; check "an order that the journal has not exits 1" is 1; check "it is said" says "there is no order 9999"; check "in one line" one_line
run journal --owner nobody --data-dir "$work/warm"; check "a filter that nothing fits is no error" is 0; check "but is said" says "no record fits"
run journal --order 9999 --owner mm --csv --data-dir "$work/warm"; check "an order with other filters" says "no record of order 9999 that fits the other options"
run controls --data-dir "$work/warm"; check "controls of what does not run" is 0; check "says so" says "no flowdeck trades with the data directory $work/warm"; check "and what it shows instead" says "shown are the configured limits"; check "in one line" one_line
run --demo --data-dir "$work/warm"; check "a screen without a terminal exits 2" is 2; check "it names what needs none" says "without one: --headless, with --execute FILE"; check "in one line" one_line
run repaly; check "a slip in a command is told" says "did you mean 'replay'?"
run --at 10:00; check "an option is told where it belongs" says "--at: does not belong to the workstation but to replay"
FLOWDECK_FEED_HISTORY_S=0 run --demo --headless --seconds 2 --seed 5 --symbol BTCUSDT --json --data-dir "$work/warm"
check "unless nobody asks for them" [ "$(field instruments.0.trades.count)" = "$(field messages.trade)" ]
FLOWDECK_PAPER_LATENCY=measured FLOWDECK_PAPER_FEED_US=9000000 FLOWDECK_PAPER_ENTRY_US=9000000 "$flowdeck" --demo --headless --mode simulation --seconds 8 --seed 5 --symbol BTCUSDT --json --data-dir "$work/line" >"$work/out" 2>"$work/err" </dev/null &
line=$!
python3 - "$work/line/control.sock" <<'EOF'
import json, socket, sys, time
def ask(**request):
    lines.write(json.dumps(request) + "\n"); lines.flush()
    return json.loads(lines.readline())
time.sleep(1)
for _ in range(50):
    try:
        line = socket.socket(socket.AF_UNIX); line.connect(sys.argv[1]); break
    except OSError:
        time.sleep(0.1)
lines = line.makefile("rw")
time.sleep(3)
ask(do="order", symbol="BTCUSDT", side="BUY", type="MARKET", tif="IOC", qty="0.001",
    price="%.2f" % (1.002 * float(ask(do="status")["instruments"][0]["ask"])))
time.sleep(2)
sys.exit(0 if ask(do="status")["orders"] == [] else 1)
EOF
code=$?; wait "$line"
check "paper goes by the latency of the line, without a screen too" is 0
run record --out "$work/nowhere/x.gz" --demo --seconds 1 --data-dir "$work/recorded"; check "a recording that cannot be made exits 2" is 2; check "that is one line too" one_line
mkdir "$work/foreign"; sqlite3 "$work/foreign/flowdeck.db" 'create table theirs(x)'
run --demo --headless --seconds 1 --data-dir "$work/foreign"; check "another program's database exits 4" is 4
check "nothing is put beside it" [ "$(ls "$work/foreign")" = flowdeck.db ]
run exchange --listen 192.0.2.1:0 --data-dir "$work/exchange"; check "an exchange listens on loopback only" is 2
run exchange --fault "1 gpa 3" --data-dir "$work/exchange"; check "an unknown fault exits 2" is 2
run exchange --symbol NOSUCH --data-dir "$work/exchange"; check "an unlisted symbol is refused" [ "$code" -eq 2 ]; check "it is named" says NOSUCH
run --demo --venue binance-coinm --headless --seconds 1; check "a demo has no COIN-M" is 2; check "it says what it has" says binance-usdm
printf 'feed:\n  rest_url: http://x\n' >"$work/plain.yaml"
run --headless --seconds 1 --config "$work/plain.yaml"; check "a URL without TLS exits 2" is 2; check "it says https" says https
run replay; check "no file exits 2" is 2; check "no file is one line" one_line
run replay "$work/nothing.gz" --headless; check "missing file exits 2" is 2; check "missing file is named" says nothing.gz
run replay "$work" --headless; check "a folder is refused" [ "$code" -ne 0 ]; check "a folder is one line" one_line
printf 'on ofi # a strategy\nlimit max_value 500\n' >"$work/good.fd"; printf 'on ofi\nsize big\n' >"$work/bad.fd"; printf 'on nosuch\non ofi\n' >"$work/wrong.fd"
run replay "$demo" --headless --execute "$work/good.fd"; check "commands of a file are run" is 0; check "each with its answer" says "good.fd:2: limit max_value 500: risk.max_value 1000 -> 500"
run replay "$demo" --headless --execute "$work/bad.fd"; check "a bad line refuses the file" is 2; check "with file, line and what is allowed" says "bad.fd:2: not \`big\`; allowed: :size SIZE"; check "nothing of it is run" one_line
run replay "$demo" --headless --execute "$work/wrong.fd"; check "a refused command ends the run" is 1; check "and the rest of the file" says "NOT EXECUTED, nor what follows it:"
run replay "$demo" --headless --execute "$work/no.fd"; check "a file that is not there exits 2" is 2
run replay "$demo" --headless --speed 0; check "speed 0 exits 2" is 2
run replay "$demo" --json; check "--json without --headless exits 2" is 2

run check-config; check "check-config without a file" is 0
run check-config config/flowdeck.yaml; check "the sample configuration is right" is 0
printf 'risk:\n  max_vaule: 5\n' >"$work/bad.yaml"
run check-config "$work/bad.yaml"; check "misspelt key exits 2" is 2
check "misspelt key: place and nearest" says "bad.yaml:2:3: "
check "misspelt key: nearest" says "risk.max_value"
printf 'risk:\n  stale_ms: 1\n' >"$work/bad.yaml"
run replay "$demo" --headless --config "$work/bad.yaml"; check "a start refuses it by the same code" is 2
check "out of range: place" says "bad.yaml:2:13: "
printf 'risk:\n  max_value: 9000\n' >"$work/bad.yaml"
run check-config "$work/bad.yaml"; check "settings that contradict exit 2" is 2
# All that is wrong with a file, in its order, and what contradicts; a start tells the first.
printf 'mode: lve\nrisk:\n  max_vaule: 5\n  max_qty: "1"\nfoo: 1\nkeys:\n  buy: d\n' >"$work/bad.yaml"
run check-config "$work/bad.yaml"; check "many faults exit 2" is 2; check "each is a line" [ "$(cut -d: -f3,4 "$work/err" | tr '\n' ' ')" = "1:7 3:3 4:12 5:1 7:3 " ]
run replay "$demo" --headless --config "$work/bad.yaml"; check "a start tells the first" one_line; check "which is that of the file" says "bad.yaml:1:7: mode: 'lve'"
FLOWDECK_RISK_STALE_MS=abc FLOWDECK_NOSUCH=1 run check-config "$work/bad.yaml"; check "those of the environment stand behind" [ "$(tail -2 "$work/err" | grep -c environment:)" -eq 2 ]
printf 'symbols: [A, "B C"]\norder:\n  sizes: [0.1, 0.05]\nfees:\n  maker: 0.0000001\ntheme: nope\nfeed:\n  rest_url: http://x\n' >"$work/bad.yaml"
run check-config "$work/bad.yaml"; check "what contradicts is told whole, too" [ "$(wc -l <"$work/err")" -eq 5 ]; check "with places" says "bad.yaml:3: order.sizes"
printf 'risk: [\nfoo: 1\n' >"$work/bad.yaml"; run check-config "$work/bad.yaml"; check "no YAML is one line" one_line
{ printf 'risk:\n'; seq -f '  x%g: 1' 40; } >"$work/bad.yaml"; run check-config "$work/bad.yaml"; check "of forty it tells 32 and how many more" says "flowdeck: and 8 more"
# What a start would refuse, check-config refuses, with the line to mend.
while IFS='|' read -r section line says; do
  printf '%s:\n  %s\n' "$section" "$line" >"$work/bad.yaml"
  (unset FLOWDECK_JOURNAL_RING_DIR; run check-config "$work/bad.yaml"; exit "$code"); code=$? # it goes ahead of a file
  check "check-config refuses $section $line" is 2; check "it says: $says" says "bad.yaml:2: $section.$says"
done <<OUTSIDE
strategy|plugins: [/proc/nowhere/x.so]|plugins: /proc/nowhere/x.so: No such file
strategy|plugins: [x.so]|plugins: x.so: must be an absolute path
strategy|set: [x.on=false]|set: strategy.plugins names no plug-in
journal|ring_dir: /proc/nowhere|ring_dir: /proc/nowhere: is no folder
feed|rest_url: http://127.0.0.1|rest_url: URL "http://127.0.0.1" has the wrong scheme
feed|ca_file: /proc/nowhere|ca_file: /proc/nowhere: No such file
OUTSIDE
# Live has no gateway yet; its limits are judged all the same, and what is wrong with one is told first.
live() { printf 'mode: live\nrisk:\n' >"$work/live.yaml"; printf '  %s\n' "$@" >>"$work/live.yaml"; run check-config "$work/live.yaml"; }
live "max_value: 900"; check "live without MAX_QTY is refused" is 2; check "it is not set" says "risk.max_qty: 0: not set"
live "max_qty: 0"; check "a limit of zero is refused" is 2; check "its line is told" says "live.yaml:3:12: risk.max_qty"
live "max_qty: -1"; check "a negative one too" is 2; check "with its range" says "'-1' is out of range"
live "max_qty: 1" "max_value: 20000000"; check "one that no account has is refused" is 2; check "as absurd" says "risk.max_value: 20000000: absurd for live trading"
live "max_qty: 1"; check "no list of instruments is refused" is 2; check "it is named" says "symbols: not set"
export FLOWDECK_SYMBOLS=BTCUSDT
live "max_qty: 1"; check "sound limits are not enough" is 2; check "the gateway is missing" says "the limits are fit for live"
run --config "$work/live.yaml" --headless --seconds 1; check "a start says the same" says "not in this version"
unset FLOWDECK_SYMBOLS
run status --config "$work/live.yaml" --data-dir "$work/nobody"; check "status asks what runs, whatever is set" says "nobody"
printf 'mode: [\ndata_dir: %s\n' "$work/nobody" >"$work/torn.yaml"
run kill --config "$work/torn.yaml"; check "a kill looks where a torn file says" says "nobody"; check "and warns" says "warning: "
export FLOWDECK_RISK_STALE_MS=abc
run check-config; check "wrong environment exits 2" is 2; check "wrong environment is named" says FLOWDECK_RISK_STALE_MS
export FLOWDECK_RISK_STALE_MS=2000
run check-config; check "environment is taken" prints "from the environment"
unset FLOWDECK_RISK_STALE_MS

run replay "$demo" --headless; check "what getting there cost is told" grep -qE "^  ofi +[0-9]+ orders, [0-9]+ fills: slippage -?[0-9.]+ bp, filled [0-9.]+ %, [0-9.]+ cancels a fill, [0-9.]+ s in queue$" "$work/out"
run replay "$demo" --headless --json; check "the demo replays" is 0
check "two instruments, both LIVE" [ "$(field instruments.0.book.state) $(field instruments.1.book.state)" = "LIVE LIVE" ]
check "no gap" [ "$(field instruments.0.book.gaps)" = 0 ]
check "every best quote agrees" [ "$(field instruments.0.ticker.differed) $(field instruments.1.ticker.differed)" = "0 0" ]
check "a strategy traded" [ "$(field fills)" -gt 0 ]
check "the log names the instrument beside others" grep -q "filled ofi BUY [0-9.]* ETH @" "$XDG_STATE_HOME/flowdeck/flowdeck.log"
hash=$(field decision_sha256)
check "orders are in the database" [ "$(sqlite3 "$XDG_STATE_HOME/flowdeck/flowdeck.db" 'select count(*) from fills' 2>/dev/null || echo 1)" != 0 ]
check "database is private" [ "$(stat -c %a "$XDG_STATE_HOME/flowdeck/flowdeck.db")" = 600 ]
check "data directory is private" [ "$(stat -c %a "$XDG_STATE_HOME/flowdeck")" = 700 ]
run replay "$demo" --headless --json --speed 500
check "same decisions at speed 500" [ "$(field decision_sha256)" = "$hash" ]
gzip -dc "$demo" >"$work/plain.jsonl"
run replay "$work/plain.jsonl" --headless --json
check "same decisions from a plain file" [ "$(field decision_sha256)" = "$hash" ]
run replay "$demo" --headless --json --symbol ethusdt
check "--symbol leaves one instrument" [ "$(field instruments.0.symbol)" = ETHUSDT ]
run replay "$demo" --headless --mode observation --json
check "observation sends nothing" [ "$(field orders.sent)" = 0 ]

head -c 3000 "$demo" >"$work/cut.gz"
run replay "$work/cut.gz" --headless --json; check "a cut gzip exits 3" is 3; check "a cut gzip is told" says cut.gz
{ head -200 "$work/plain.jsonl"; printf 'garbage\n1700000000000000000 {"a":\n1700000000000000000 \0x\n'; tail -n +201 "$work/plain.jsonl" | head -2000; } >"$work/bad.jsonl"
run replay "$work/bad.jsonl" --headless --json; check "bad lines exit 3" is 3
check "bad lines are counted" [ "$(field messages.bad)" = 3 ]; check "bad lines are told by number" says "bad.jsonl:201"
: >"$work/empty.jsonl"
run replay "$work/empty.jsonl" --headless; check "an empty file exits 3" is 3
python3 - "$work/plain.jsonl" "$work/shuffled.jsonl" <<'PY'
import random, sys
lines = open(sys.argv[1]).readlines()[:5000]
random.Random(1).shuffle(lines)
open(sys.argv[2], "w").writelines(lines)
PY
run replay "$work/shuffled.jsonl" --headless --json; check "shuffled lines end in order" [ "$code" -eq 3 ]
run replay "$demo" --headless --data-dir /proc/nowhere; check "a data directory that cannot be exits 4" is 4
check "it is one line" one_line
"$flowdeck" replay "$demo" --headless --json >/dev/full 2>"$work/err"; code=$?
check "a full disk for the result exits 1" is 1
"$flowdeck" replay "$demo" --headless --speed 1 >/dev/null 2>"$work/err" & pid=$!
sleep 0.5; kill -INT $pid; wait $pid; code=$?
check "SIGINT exits 130" is 130

# Wrong files and settings are told before anything is written.
run replay "$work/nothing.gz" --headless --data-dir "$work/untouched"
check "a missing file leaves no data directory" [ ! -e "$work/untouched" ]
run replay "$work" --headless; check "a folder exits 2" is 2
cp "$demo" "$work/mine.gz"
run replay "$work/mine.gz" --headless --decisions "$work/mine.gz"; check "decisions over a recording exit 2" is 2
check "the recording is whole" cmp -s "$demo" "$work/mine.gz"
for bad in 'theme: nope' 'symbols: [A, "B C"]' 'order:\n  sizes: [0.1, 0.05]' 'order:\n  sizes: [a]'; do
  printf "%b\n" "$bad" >"$work/bad.yaml"
  run check-config "$work/bad.yaml"; check "check-config refuses ${bad%% *}" is 2
  run replay "$demo" --headless --config "$work/bad.yaml"; check "a start refuses ${bad%% *}" is 2
done

export FLOWDECK_STRATEGY_OFI_VOLATILITY_MAX_BP=1
run replay "$demo" --headless --json; check "no entry above strategy.ofi.volatility_max_bp" [ "$(field orders.sent)" = 0 ]
unset FLOWDECK_STRATEGY_OFI_VOLATILITY_MAX_BP

# A replay that skips a long silence decides the same at any speed, and nobody waits for its end.
python3 - "$work/plain.jsonl" "$work/silence.jsonl" <<'PY'
import sys
lines = open(sys.argv[1]).readlines()
half = len(lines) // 2
def later(line):
    ns, rest = line.split(" ", 1)
    return "%d %s" % (int(ns) + 905 * 10**9, rest)
open(sys.argv[2], "w").writelines(lines[:half] + [later(line) for line in lines[half:]])
PY
run replay "$work/silence.jsonl" --headless --json; hash=$(field decision_sha256)
run replay "$work/silence.jsonl" --headless --json --speed 1000
check "same decisions over a silence of 15 minutes" [ "$(field decision_sha256)" = "$hash" ]

# Signals without a screen: USR2 reopens the log, HUP and TSTP change nothing.
"$flowdeck" replay "$demo" --headless --speed 250 --data-dir "$work/signals" >/dev/null 2>"$work/err" & pid=$!
sleep 0.7
mv "$work/signals/flowdeck.log" "$work/signals/old.log"; kill -USR2 $pid; kill -HUP $pid; kill -TSTP $pid
wait $pid; code=$?
check "USR2, HUP and TSTP end nothing" is 0
check "USR2 opens the log anew" [ -e "$work/signals/flowdeck.log" ]
"$flowdeck" replay "$demo" --headless --speed 250 --data-dir "$work/gone" >/dev/null 2>"$work/err" & pid=$!
sleep 0.7; rm -rf "$work/gone"; wait $pid; code=$?
check "a database deleted while in use exits 4" is 4; check "it is said" says "deleted or replaced"

# The budget of memory: 50 instruments in 100 MB.
case $build in
*-asan | *-ubsan | *-tsan) ;;
*)
  check "50 instruments fit into 100 MB" python3 - "$work/plain.jsonl" "$work/fifty.jsonl" "$flowdeck" <<'PY'
import resource, subprocess, sys
with open(sys.argv[2], "w") as out:
    lines = [line for line in open(sys.argv[1]) if '"btcusdt@' in line][:3000]
    for line in lines:
        for i in range(50):
            out.write(line.replace("btcusdt@", "c%02dusdt@" % i).replace("BTCUSDT", "C%02dUSDT" % i))
run = subprocess.run([sys.argv[3], "replay", sys.argv[2], "--headless"], stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("peak of 50 instruments: %d kB" % peak)
sys.exit(run.returncode != 0 or peak > 100000)
PY
  ;;
esac

TERM=dumb; export TERM
run replay "$demo"; check "no terminal exits 2" is 2; check "no terminal is one line" one_line

if [ -f "$shared/data/recordings/hft_usdm_btcusdt_20240808.jsonl.gz" ]; then
  run replay "$shared/data/recordings/hft_usdm_btcusdt_20240808.jsonl.gz" --headless --json
  hash=$(field decision_sha256)
  run replay "$shared/data/recordings/hft_usdm_btcusdt_20240808.jsonl.gz" --headless --json --speed 50
  check "USD-M: same decisions at speed 50" [ "$(field decision_sha256)" = "$hash" ]
else
  echo "skipped: no $shared/data/recordings"
fi

"$flowdeck" internal-man flowdeck.1 >"$work/flowdeck.1"; "$flowdeck" internal-man flowdeck.conf.5 >"$work/flowdeck.conf.5"
check "man/flowdeck.1 is what the tables say (else: make man)" cmp -s "$work/flowdeck.1" man/flowdeck.1
check "man/flowdeck.conf.5 is what the tables say (else: make man)" cmp -s "$work/flowdeck.conf.5" man/flowdeck.conf.5
"$flowdeck" internal-man flowdeck-journal.5 >"$work/flowdeck-journal.5"
check "man/flowdeck-journal.5 is what the table of records says (else: make man)" cmp -s "$work/flowdeck-journal.5" man/flowdeck-journal.5
"$flowdeck" internal-man flowdeck-theme.5 >"$work/flowdeck-theme.5"
check "man/flowdeck-theme.5 is what the roles and themes say (else: make man)" cmp -s "$work/flowdeck-theme.5" man/flowdeck-theme.5
"$flowdeck" internal-man flowdeck-strategy.7 >"$work/flowdeck-strategy.7"
check "man/flowdeck-strategy.7 is the guide and the manifests (else: make man)" cmp -s "$work/flowdeck-strategy.7" man/flowdeck-strategy.7
if command -v mandoc >/dev/null; then
  check "flowdeck(1) is right roff" mandoc -W error -T utf8 "$work/flowdeck.1" >/dev/null
  check "flowdeck.conf(5) is right roff" mandoc -W error -T utf8 "$work/flowdeck.conf.5" >/dev/null
  check "flowdeck-journal(5) is right roff" mandoc -W error -T utf8 "$work/flowdeck-journal.5" >/dev/null
  check "flowdeck-theme(5) is right roff" mandoc -W error -T utf8 "$work/flowdeck-theme.5" >/dev/null
  check "flowdeck-strategy(7) is right roff" mandoc -W error -T utf8 "$work/flowdeck-strategy.7" >/dev/null
fi
check "the README's picture is a golden screen (else: make shots)" sh tools/readme-picture --check
"$flowdeck" internal-completion >"$work/flowdeck.bash"
check "completion is right bash" bash -n "$work/flowdeck.bash"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
