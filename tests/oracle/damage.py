#!/usr/bin/env python3
"""What a damaged recording must come to: an orderly end, never a crash.

  damage.py --program P lines FILE    each depth line after the bridging event but the last is left out in its
                                      turn: exactly one gap, a STALE book, exit 3, no order sent after it
  damage.py --program P garbage FILE --rounds N [--seed N]
                                      lines and bytes shuffled, cut, doubled, overwritten: the program ends with
                                      0 or 3, prints its JSON, counts as bad at least the lines that are no
                                      longer JSON and names the first of them by its number

Give garbage a build with sanitizers. Ends with "N passed, N failed".
"""

import argparse
import gzip
import json
import os
import random
import re
import sys
import tempfile

from oracle import run


def lines_of(path):
    opened = gzip.open if open(path, "rb").read(2) == b"\x1f\x8b" else open
    with opened(path, "rb") as source:
        return source.read().splitlines(keepends=True)


class Bench:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        self.path = os.path.join(directory, "recording.jsonl")

    def replay(self, lines):
        with open(self.path, "wb") as out:
            out.writelines(lines)
        code, out, err = run(self.program, [self.path], self.directory)
        try:
            return code, json.loads(out), err
        except ValueError:
            return code, None, err


# --- one depth line less --------------------------------------------------------------------------------------

def sends_by_line(bench, lines):
    """Line numbers (from 0) that made the program send: found by halving, on prefixes of the recording."""
    counts = {}

    def sent(size):
        if size not in counts:
            counts[size] = bench.replay(lines[:size])[1]["orders"]["sent"]
        return counts[size]

    def search(low, high):
        if sent(low) == sent(high):
            return []
        if high - low == 1:
            return [low] * (sent(high) - sent(low))
        middle = (low + high) // 2
        return search(low, middle) + search(middle, high)

    return search(1, len(lines))


def applied_depth_lines(lines):
    """Depth lines from the bridging event on, for a recording of one instrument with one snapshot."""
    snapshot, depth = None, []
    for at, line in enumerate(lines):
        message = json.loads(line.split(b" ", 1)[1])
        message = message.get("data", message)
        if "lastUpdateId" in message:
            snapshot = message["lastUpdateId"]
        elif message.get("e") == "depthUpdate":
            depth.append((at, message["u"], "pu" in message))
    return [at for at, u, futures in depth if (u >= snapshot if futures else u > snapshot)]


def check_lines(bench, path, every):
    lines = lines_of(path)
    depth = applied_depth_lines(lines)
    sends = sends_by_line(bench, lines)
    print("%s: %d depth lines from the bridging event on, orders sent at lines %s" % (path, len(depth), sends))
    passed = failed = 0
    for lost, found_by in list(zip(depth[1:], depth[2:]))[::every]:
        code, out, _ = bench.replay(lines[:lost] + lines[lost + 1:])
        book = out["instruments"][0]["book"] if out else {}
        sent = out["orders"]["sent"] if out else -1
        good = (code == 3 and book.get("state") == "STALE" and book.get("gaps") == 1 and book.get("resyncs") == 0)
        if good and sent != sum(at < found_by for at in sends):
            # A decision between the lost line and the next may differ: ask the recording that ends before it.
            good = sent == bench.replay(lines[:lost] + lines[lost + 1:found_by])[1]["orders"]["sent"]
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("FAILED  without line %d: exit %d, %s, %s gaps, %d sent" %
                  (lost + 1, code, book.get("state"), book.get("gaps"), sent))
    return passed, failed


# --- garbage --------------------------------------------------------------------------------------------------

def spoil_line(r, line):
    """One line, damaged."""
    body = bytearray(line.rstrip(b"\r\n"))
    if not body:
        return b"1\n"
    kind = r.randrange(8)
    if kind == 0:
        return bytes(body[:r.randrange(len(body) + 1)]) + b"\n"
    if kind == 1:
        for _ in range(r.choice((1, 1, 5, 50))):
            body[r.randrange(len(body))] = r.randrange(256)
    elif kind == 2:
        at = r.randrange(len(body))
        del body[at:at + r.choice((1, 2, 30))]
    elif kind == 3:
        at = r.randrange(len(body))
        body[at:at] = bytes(r.randrange(256) for _ in range(r.choice((1, 8, 300))))
    elif kind == 4:
        return bytes(body)  # without its newline: two lines become one
    elif kind == 5:
        digits = [m.span() for m in re.finditer(rb"[0-9]+", bytes(body))]
        begin, end = r.choice(digits) if digits else (0, 0)
        body[begin:end] = r.choice((b"-1", b"9" * 19, b"18446744073709551615", b"9" * 40, b"0", b"1e5", b"", b"NaN",
                                    b"0.000000001", b"92233720368.54775807", b"92233720368.54775808", b"[]", b"null"))
    elif kind == 6:
        return r.choice((b"\n", b"\x00\n", b"{}\n", b"1700000000000000000 {}\n", b"1700000000000000000 []\n",
                         b"1700000000000000000\n", b"99999999999999999999 {}\n", b"1 {}\n", b"-1 {}\n",
                         b"1700000000000000000 " + b"[" * 5000 + b"\n", b"\xff\xfe\n", b" \n",
                         b"1700000000000000000 " + b'{"a":' * 3000 + b"\n", b"x" * 100000 + b"\n"))
    else:
        body = bytearray(body.replace(b'"', b"'", 1)) if r.random() < 0.5 else bytearray(body.replace(b",", b"", 1))
    return bytes(body) + b"\n"


def no_json(line):
    """True when no reader could use the line (False: do not know)."""
    text = line.rstrip(b"\r\n")
    if not text:
        return False
    parts = text.split(b" ", 1)
    if len(parts) < 2 or len(parts[0]) not in (16, 19) or not parts[0].isdigit():
        return True
    try:
        return not isinstance(json.loads(parts[1].decode("utf-8")), (dict, list))
    except (ValueError, RecursionError):
        return True


def garbage(r, lines):
    start = r.randrange(max(len(lines) - 400, 1)) if r.random() < 0.5 else 0
    lines = lines[start:start + 400]
    kind = r.randrange(4)
    if kind == 0:
        r.shuffle(lines)
    elif kind == 1:
        for _ in range(r.choice((1, 5, 40))):
            a, b = r.randrange(len(lines)), r.randrange(len(lines))
            lines[a], lines[b] = lines[b], lines[a]
    if kind != 0:
        for _ in range(r.choice((1, 3, 30))):
            at = r.randrange(len(lines))
            lines[at] = spoil_line(r, lines[at])
    return b"".join(lines)


def check_garbage(bench, path, rounds, seed):
    lines = lines_of(path)
    passed = failed = 0
    for number in range(seed, seed + rounds):
        r = random.Random(number)
        text = garbage(r, list(lines))
        packed = gzip.compress(text, 1) if r.random() < 0.2 else text
        cut = packed is not text and r.random() < 0.7
        if cut:
            packed = packed[:r.randrange(20, len(packed))]
        spoilt = [at for at, line in enumerate(text.splitlines(True) if b"\r" not in text else
                                               re.findall(rb"[^\n]*\n|[^\n]+$", text), 1) if no_json(line)]
        code, out, err = bench.replay([packed])
        good = out is not None and code in (0, 3) and "ERROR:" not in err and "runtime error" not in err
        if good and spoilt and not cut:
            good = code == 3 and out["messages"]["bad"] >= len(spoilt) and ":%d: " % spoilt[0] in err
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("FAILED  seed %d: exit %d, bad %s, spoilt lines %s: %s" %
                  (number, code, out and out["messages"]["bad"], spoilt[:5], err[:300]))
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("what", choices=("lines", "garbage"))
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="lines: only each Nth line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(options.program, directory)
        if options.what == "lines":
            passed, failed = check_lines(bench, options.file, options.every)
        else:
            passed, failed = check_garbage(bench, options.file, options.rounds, options.seed)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
