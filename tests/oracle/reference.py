"""The reference replay: what a recording must come out as, in decimal arithmetic.

Written from the venue's rules (local order books of spot and of futures) and from the description of the
program's JSON alone. It is slow, keeps everything and has no bound, so it shares no mistake with the program.

What the rules leave open is not compared, and the result says so in "open", a set of field paths:
  - candle open and close where trade times went back within the candle (first by time or by arrival?)
  - high and low when there was no trade on the market
  - state and exit code of an instrument without any depth message (nothing was asked of its book)
  - tick and lot when no exchangeInfo tells them: they need only divide every price and quantity seen
  - how a snapshot that cannot be bridged counts, beyond messages.snapshot; nor whether the held events that
    it contains count as stale
  - venue where only snapshots came: nothing in them tells it; and how a bare snapshot counts in a file
    where nothing tells the symbol
  - futures: an old event (u <= the book's id) while LIVE. The letter of the rules calls it a gap; nothing
    was lost, so here, as for spot, it is old and ignored.
  - futures: a first event with pu <= lastUpdateId < U. Nothing can lie between pu and U, so it bridges here.
  - a snapshot that comes while the book is LIVE: the book goes on without it here. It may heal a later gap.
"""

import bisect
import gzip
import hashlib
import json
import re
from decimal import Decimal, localcontext

ZERO = Decimal(0)
COIN_MARGINED = re.compile(r"^[A-Z0-9]+USD_(PERP|[0-9]{6})$")


def plain(number):
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Book:
    """Price levels and their ids; sides are dicts from price to quantity."""

    def __init__(self):
        self.bids, self.asks = {}, {}

    def load(self, snapshot):
        self.bids = {p: q for p, q in snapshot["bids"] if q}
        self.asks = {p: q for p, q in snapshot["asks"] if q}

    def apply(self, event):
        for side, levels in ((self.bids, event["b"]), (self.asks, event["a"])):
            for price, quantity in levels:
                if quantity:
                    side[price] = quantity
                else:
                    side.pop(price, None)

    def best(self):
        bid = max(self.bids) if self.bids else None
        ask = min(self.asks) if self.asks else None
        return ((bid, self.bids[bid]) if bid is not None else (ZERO, ZERO),
                (ask, self.asks[ask]) if ask is not None else (ZERO, ZERO))

    def lines(self):
        for price in sorted(self.bids, reverse=True):
            yield "B %s %s\n" % (plain(price), plain(self.bids[price]))
        for price in sorted(self.asks):
            yield "A %s %s\n" % (plain(price), plain(self.asks[price]))


class Ticker:
    """Depth events against the best quotes, by update id."""

    def __init__(self):
        self.ids, self.quotes, self.waiting = [], [], []
        self.compared = self.differed = 0

    def quote(self, update_id, best):
        at = bisect.bisect_right(self.ids, update_id)
        self.ids.insert(at, update_id)
        self.quotes.insert(at, best)
        self.decide(lambda u: u < update_id)

    def depth(self, update_id, best):
        self.waiting.append((update_id, best))
        self.decide(lambda u: self.ids and u < self.ids[-1])

    def decide(self, ready):
        left = []
        for update_id, best in self.waiting:
            if not ready(update_id):
                left.append((update_id, best))
                continue
            at = bisect.bisect_right(self.ids, update_id)
            if at:
                self.compared += 1
                self.differed += self.quotes[at - 1] != best
        self.waiting = left


class Trades:
    def __init__(self):
        self.count = self.off_market = 0
        self.first_id = self.last_id = 0
        self.base = self.quote = self.taker_buy = ZERO
        self.high = self.low = None
        self.candles, self.newest, self.unordered = {}, {}, set()

    def add(self, trade_id, time_ms, price, quantity, buyer_is_maker, off_market):
        self.count += 1
        if self.count == 1:
            self.first_id = trade_id
        self.last_id = trade_id
        if off_market:
            self.off_market += 1
            return
        bought = ZERO if buyer_is_maker else quantity
        self.base += quantity
        self.quote += price * quantity
        self.taker_buy += bought
        self.high = price if self.high is None else max(self.high, price)
        self.low = price if self.low is None else min(self.low, price)
        minute = time_ms // 60000 * 60000
        candle = self.candles.setdefault(minute, [minute, price, price, price, price, ZERO, 0, ZERO])
        if time_ms < self.newest.get(minute, 0):
            self.unordered.add(minute)
        self.newest[minute] = max(time_ms, self.newest.get(minute, 0))
        candle[2], candle[3], candle[4] = max(candle[2], price), min(candle[3], price), price
        candle[5] += quantity
        candle[6] += 1
        candle[7] += bought


class Instrument:
    def __init__(self, symbol):
        self.symbol, self.futures, self.venue = symbol, None, None
        self.book, self.ticker, self.trades = Book(), Ticker(), Trades()
        self.state, self.update_id = "SYNCING", 0
        self.applied = self.stale = self.gaps = self.resyncs = self.crossed = 0
        self.depth_seen = self.stale_open = False
        self.held, self.snapshot = [], None
        self.prices, self.quantities = set(), set()

    # --- which venue ------------------------------------------------------------------------------
    def tell(self, kind, data):
        if self.futures is not None:
            return
        if kind == "depth":
            self.futures = "pu" in data
        elif kind == "bookTicker":
            self.futures = "e" in data
        elif kind == "aggTrade":
            self.futures = "M" not in data
        else:
            self.futures = "X" in data and "M" not in data
        if self.futures:
            self.venue = "binance-coinm" if COIN_MARGINED.match(self.symbol) else "binance-usdm"
        else:
            self.venue = "binance-spot"

    # --- continuity -------------------------------------------------------------------------------
    def old(self, event, update_id):
        return event["u"] < update_id if self.futures else event["u"] <= update_id

    def bridges(self, event, update_id):
        return (event["pu"] if self.futures else event["U"] - 1) <= update_id

    def follows(self, event):
        return event["pu"] == self.update_id if self.futures else event["U"] <= self.update_id + 1

    def apply(self, event):
        self.book.apply(event)
        self.update_id = event["u"]
        self.applied += 1
        bid, ask = self.book.best()
        if self.book.bids and self.book.asks and bid[0] >= ask[0]:
            self.crossed += 1
        self.ticker.depth(event["u"], (bid, ask))

    def go_on(self):
        """Held events, as far as they follow."""
        while self.held:
            event = self.held[0]
            if event["u"] <= self.update_id:
                self.stale += 1
            elif self.follows(event):
                self.apply(event)
            else:
                self.gaps += 1
                self.state = "STALE"
                return False
            del self.held[0]
        return True

    def bridge(self):
        """From the snapshot and the held events, if they fit."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        first = 0
        while first < len(self.held) and self.old(self.held[first], snapshot["lastUpdateId"]):
            first += 1
        if first == len(self.held):
            return
        if not self.bridges(self.held[first], snapshot["lastUpdateId"]):
            self.snapshot = None  # too old for ever: what is missing will not come any more
            self.stale_open = self.stale_open or first > 0
            return
        self.snapshot = None
        was = self.state
        self.stale += first
        del self.held[:first]
        self.book.load(snapshot)
        self.update_id = snapshot["lastUpdateId"]
        self.apply(self.held.pop(0))
        self.state = "LIVE"
        self.resyncs += was == "STALE"
        if not self.go_on():
            self.bridge()

    def on_depth(self, event):
        self.depth_seen = True
        self.held.append(event)
        if self.state == "LIVE":
            if self.go_on():
                return
        self.bridge()

    def on_snapshot(self, snapshot):
        kept = self.snapshot
        if kept is not None and kept["lastUpdateId"] > snapshot["lastUpdateId"]:
            return
        self.snapshot = snapshot
        if self.state != "LIVE":
            self.bridge()


class Reference:
    KINDS = {"depthUpdate": "depth", "bookTicker": "bookTicker", "trade": "trade", "aggTrade": "aggTrade"}

    def __init__(self):
        self.lines = 0
        self.messages = dict.fromkeys(
            ("depth", "bookTicker", "trade", "aggTrade", "snapshot", "other", "bad"), 0)
        self.instruments, self.known, self.steps = {}, None, {}
        self.nameless = False
        self.waiting = []  # bare snapshots of this file whose instrument nobody named yet

    # --- lines ------------------------------------------------------------------------------------
    def read(self, path):
        opened = gzip.open if open(path, "rb").read(2) == b"\x1f\x8b" else open
        self.waiting, self.source = [], None
        with opened(path, "rb") as lines:
            for line in lines:
                self.lines += 1
                self.line(line)
        self.nameless = self.nameless or bool(self.waiting)

    def line(self, line):
        text = line.decode("utf-8").strip()
        if not text:
            return
        _, text = text.split(" ", 1)
        message = json.loads(text, parse_float=Decimal)
        stream = ""
        if "stream" in message and "data" in message:
            stream, message = message["stream"], message["data"]
        self.message(stream, message)

    def message(self, stream, data):
        words = stream.split("@")
        if "symbols" in data:
            self.messages["other"] += 1
            self.exchange_info(data)
        elif "lastUpdateId" in data:
            if len(words) > 1 and words[1] != "snapshot":
                self.messages["other"] += 1  # a partial book stream: a view, not a snapshot to start from
                return
            self.messages["snapshot"] += 1
            snapshot = {"lastUpdateId": data["lastUpdateId"]}
            for side in ("bids", "asks"):
                snapshot[side] = [(Decimal(one[0]), Decimal(one[1])) for one in data[side]]
            symbol = data.get("symbol") or (words[0].upper() if stream else self.source)
            if symbol is None:
                self.waiting.append(snapshot)
            else:
                self.snapshot(self.instrument(symbol), snapshot)
        elif isinstance(data.get("e"), str):
            kind = self.KINDS.get(data["e"])
            partial = len(words) > 1 and re.match(r"(depth[0-9]+|rpiDepth)$", words[1])
            if kind is None or partial:
                self.messages["other"] += 1
            else:
                self.hot(kind, data)
        elif all(key in data for key in ("u", "s", "b", "B", "a", "A")):
            self.hot("bookTicker", data)
        else:
            self.messages["other"] += 1

    def instrument(self, symbol):
        return self.instruments.setdefault(symbol, Instrument(symbol))

    def snapshot(self, instrument, snapshot):
        for side in ("bids", "asks"):
            for price, quantity in snapshot[side]:
                instrument.prices.add(price)
                instrument.quantities.add(quantity)
        instrument.on_snapshot(snapshot)

    def exchange_info(self, data):
        for entry in data["symbols"]:
            steps = {}
            for one in entry["filters"]:
                if one["filterType"] == "PRICE_FILTER":
                    steps["tick"] = plain(Decimal(one["tickSize"]))
                elif one["filterType"] == "LOT_SIZE":
                    steps["lot"] = plain(Decimal(one["stepSize"]))
            self.steps[entry["symbol"]] = steps

    def hot(self, kind, data):
        self.messages[kind] += 1
        self.source = data["s"]
        instrument = self.instrument(data["s"])
        instrument.tell(kind, data)
        for snapshot in self.waiting:
            self.snapshot(instrument, snapshot)
        self.waiting = []
        if kind == "depth":
            event = {key: data[key] for key in ("U", "u")}
            event["pu"] = data.get("pu")
            for side in ("b", "a"):
                event[side] = [(Decimal(one[0]), Decimal(one[1])) for one in data[side]]
                instrument.prices.update(p for p, _ in event[side])
                instrument.quantities.update(q for _, q in event[side])
            instrument.on_depth(event)
        elif kind == "bookTicker":
            quote = tuple(Decimal(data[key]) for key in "bBaA")
            instrument.prices.update((quote[0], quote[2]))
            instrument.quantities.update((quote[1], quote[3]))
            instrument.ticker.quote(data["u"], (quote[:2], quote[2:]))
        else:
            price, quantity = Decimal(data["p"]), Decimal(data["q"])
            instrument.prices.add(price)
            instrument.quantities.add(quantity)
            off = data.get("X", "MARKET") != "MARKET" and bool(instrument.futures)
            instrument.trades.add(data["t" if kind == "trade" else "a"], data["T"], price, quantity,
                                  data["m"], off)

    # --- the result -------------------------------------------------------------------------------
    def result(self, paths):
        """(JSON object, open fields, exit code or None)"""
        is_open, all_live, exit_open = set(), True, False
        if self.nameless:
            is_open.update(("messages.snapshot", "messages.bad"))
        for instrument in self.instruments.values():
            instrument.ticker.decide(lambda u: True)
            if not instrument.depth_seen:
                exit_open = True
            elif instrument.state != "LIVE":
                all_live = False
        out = {"recordings": paths, "lines": self.lines, "messages": self.messages,
               "instruments": {s: self.one(i, is_open) for s, i in self.instruments.items()}}
        code = 0 if all_live and not self.messages["bad"] and self.instruments else 3
        return out, is_open, (None if exit_open and code == 0 else code)

    def one(self, instrument, is_open):
        name, book, trades = instrument.symbol, instrument.book, instrument.trades
        steps = self.steps.get(name, {})
        if not instrument.depth_seen:
            is_open.add(name + ".book.state")
        if instrument.venue is None:
            is_open.add(name + ".venue")
        if instrument.stale_open:
            is_open.add(name + ".book.stale")
        if trades.high is None:
            is_open.update((name + ".trades.high", name + ".trades.low"))
        candles = [trades.candles[m] for m in sorted(trades.candles)]
        for at, candle in enumerate(candles):
            if candle[0] in trades.unordered:
                is_open.update("%s.candles_1m.%d.%d" % (name, at, field) for field in (1, 4))
        ends = (sorted(book.bids, reverse=True)[:10], sorted(book.asks)[:10])
        sides = [[[plain(p), plain(side[p])] for p in top]
                 for top, side in zip(ends, (book.bids, book.asks))]
        return {
            "symbol": name, "venue": instrument.venue,
            "tick": steps.get("tick", instrument.prices), "lot": steps.get("lot", instrument.quantities),
            "book": {"state": instrument.state, "update_id": instrument.update_id,
                     "applied": instrument.applied, "stale": instrument.stale, "gaps": instrument.gaps,
                     "resyncs": instrument.resyncs, "crossed": instrument.crossed,
                     "levels": {"bid": len(book.bids), "ask": len(book.asks)},
                     "bids": sides[0], "asks": sides[1],
                     "sha256": hashlib.sha256("".join(book.lines()).encode()).hexdigest()},
            "ticker": {"compared": instrument.ticker.compared, "differed": instrument.ticker.differed},
            "trades": {"count": trades.count, "first_id": trades.first_id, "last_id": trades.last_id,
                       "off_market": trades.off_market, "base_volume": plain(trades.base),
                       "quote_volume": plain(trades.quote), "taker_buy_base": plain(trades.taker_buy),
                       "high": plain(trades.high or ZERO), "low": plain(trades.low or ZERO)},
            "candles_1m": [[c[0]] + [plain(v) for v in c[1:6]] + [c[6], plain(c[7])] for c in candles]}


def replay(paths):
    with localcontext() as context:
        context.prec = 80  # every sum and product here is exact
        reference = Reference()
        for path in paths:
            reference.read(path)
        return reference.result(paths)
