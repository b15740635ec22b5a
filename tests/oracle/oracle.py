#!/usr/bin/env python3
"""Does the program say of a recording what the reference says?

  oracle.py --program build/flowdeck --seeds 1..200    recordings made from seeds, in many shapes
  oracle.py --program build/flowdeck FILE...            one recording of these files, in this order
  oracle.py --seeds 7 --keep DIR                        only writes the recording of a seed

Prints a line for each difference, with the command that repeats it, and ends with "N passed, N failed".
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.dont_write_bytecode = True  # the tree stays as it was

import markets  # noqa: E402
import reference  # noqa: E402

def run(program, paths, directory, options=()):
    command = [program, "replay", *paths, "--headless", "--speed", "max", "--json", "--data-dir",
               os.path.join(directory, "data"), *options]
    environment = dict(os.environ, HOME=directory, XDG_CONFIG_HOME=directory, XDG_STATE_HOME=directory)
    done = subprocess.run(command, capture_output=True, timeout=120, env=environment)
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def divides(step, numbers):
    """True when every number is a whole multiple of the step."""
    try:
        step = Decimal(step)
    except ArithmeticError:
        return False
    return step > 0 and all(number % step == 0 for number in numbers)


def compare(path, want, have, is_open):
    """Yields (path, expected, printed) for each difference."""
    if path in is_open:
        return
    if isinstance(want, set):
        if not divides(have, want):
            yield path, "a divisor of all seen", have
    elif isinstance(want, dict) and isinstance(have, dict):
        for key, value in want.items():
            below = "%s.%s" % (path, key) if path else key
            if key not in have:
                yield below, value, "nothing"
            else:
                yield from compare(below, value, have[key], is_open)
    elif isinstance(want, list) and isinstance(have, list) and len(want) == len(have):
        for at, (one, other) in enumerate(zip(want, have)):
            yield from compare("%s.%d" % (path, at), one, other, is_open)
    elif want != have or type(want) is not type(have):
        yield path, want, have


def differences(program, paths, directory, made=None, options=()):
    want, is_open, want_code = reference.replay(paths)
    if made:
        is_open = is_open | made.open
        found_by_truth = [(symbol + ".book.sha256 (reference against the true book)", hash_of(lines),
                           want["instruments"][symbol]["book"]["sha256"])
                          for symbol, lines in made.truth.items()
                          if want["instruments"][symbol]["book"]["sha256"] != hash_of(lines)]
    code, out, err = run(program, paths, directory, options)
    try:
        have = json.loads(out)
        by_symbol = {one["symbol"]: one for one in have["instruments"]}
    except (ValueError, KeyError, TypeError):
        return [("output", "one JSON object", "exit %d: %s %s" % (code, out[:200], err[:300]))]
    found = found_by_truth if made else []
    for key in ("recordings", "lines", "messages"):
        found += compare(key, want[key], have.get(key), is_open)
    if sorted(by_symbol) != sorted(want["instruments"]):
        found.append(("instruments", sorted(want["instruments"]), sorted(by_symbol)))
    for symbol, one in want["instruments"].items():
        if symbol in by_symbol:
            found += compare(symbol, one, by_symbol[symbol], is_open)
    if want_code is not None and code != want_code:
        found.append(("exit code", want_code, "%d %s" % (code, err.strip()[:200])))
    return found


def shorten(value):
    text = json.dumps(value, default=str)
    return text if len(text) < 160 else text[:157] + "..."


def tell(name, found, repeat):
    print("FAILED  %s: %d differ" % (name, len(found)))
    for path, want, have in found[:4]:
        print("        %s: expected %s, printed %s" % (path, shorten(want), shorten(have)))
    print("        repeat: %s" % repeat, flush=True)


def seeds_of(text):
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def check_seed(options, seed, directory):
    made = markets.make(seed, directory)
    if options.keep:
        print("%d: %s: %s" % (seed, made.shape, " ".join(made.paths)))
    if not options.program:
        return True
    more = ("--mode", "observation") if seed % 2 else ()
    found = differences(options.program, made.paths, directory, made, more)
    if found:
        tell("seed %d (%s)" % (seed, made.shape), found,
             "python3 tests/oracle/oracle.py --program %s --seeds %d" % (options.program, seed))
    return not found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", help="flowdeck to check")
    parser.add_argument("--seeds", help="N or N..M", type=seeds_of, default=())
    parser.add_argument("--keep", help="leave the recordings here", metavar="DIR")
    parser.add_argument("--quiet", action="store_true", help="only failures and the last line")
    parser.add_argument("files", nargs="*", help="a recording")
    options = parser.parse_args()
    passed = failed = 0
    if options.files:
        with tempfile.TemporaryDirectory() as directory:
            found = differences(options.program, options.files, directory)
        if found:
            tell(" ".join(options.files), found, " ".join(sys.argv))
        passed, failed = int(not found), int(bool(found))
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as directory:
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
            if check_seed(options, seed, options.keep or directory):
                passed += 1
            else:
                failed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
