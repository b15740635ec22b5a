"""Recordings of random markets, made from a seed, in as many shapes as a venue and a collector can give them.

A market is a true book that changes at random. What a venue would send of it (depth events, best quotes,
trades, a snapshot) is cut from these changes, each stream with a latency of its own, then damaged as the
shape says (lost, doubled, late, with unknown keys, ...). The true book at the end is known too, so that the
reference itself has a judge wherever nothing was lost: Made.truth.
"""

import gzip
import json
import os
import random
from decimal import Decimal

from shapes import SYMBOLS, Shape

START_MS = 1_700_000_000_000
HUGE = "1e999 without quotes"  # no double holds it, but it is JSON
E8 = 8


class Market:
    """One instrument's true book, changing at random; collects what the venue would send."""

    def __init__(self, r, shape, listing):
        self.r, self.shape = r, shape
        self.name, self.venue, tick, lot, self.middle, self.size = listing
        self.futures = self.venue != "spot"
        self.tick, self.lot = Decimal(tick), Decimal(lot)
        self.coarse = 10 if shape.late_precision else 1
        self.id = r.randrange(10**6, 6 * 10**12)
        self.sides = ({}, {})  # price ticks -> quantity lots: bids, asks
        self.first = self.last = None  # ids of the depth event that is being gathered
        self.changed = ({}, {})
        self.previous = self.id
        self.trade_id, self.now_ms = r.randrange(1, 10**10), START_MS
        self.sent = []  # (time ms, stream, message, is_snapshot)
        self.events = 0
        for side in (0, 1):
            step = r.choice((1, 1, 3))
            for at in range(shape.levels):
                price = self.middle + (-at * step if side == 0 else 1 + at * step)
                if price > 0:
                    self.sides[side][self.coarsen(price, side)] = self.quantity()

    def coarsen(self, price, side):
        if self.coarse == 1:
            return price
        return max(price // 10 * 10 + (10 if side else 0), 10)

    def quantity(self):
        draw = self.r.random()
        lots = self.r.randrange(1, self.size * (3 if draw < 0.9 else 40) + 1)
        return (lots // 10 + 1) * 10 if self.coarse == 10 else lots

    def best(self, side):
        levels = self.sides[side]
        return (max(levels) if side == 0 else min(levels)) if levels else None

    # --- text of numbers ----------------------------------------------------------------------------
    def text(self, number, step):
        value = number * step
        places = E8 if self.venue == "spot" else max(-step.as_tuple().exponent, 0)
        text = format(value, ".%df" % places) if -step.normalize().as_tuple().exponent <= places else str(value)
        strip = self.shape.strip_zeros
        if "." in text and (strip == "strip" or (strip == "mixed" and self.r.random() < 0.5)):
            text = text.rstrip("0").rstrip(".")
        return text

    def levels_text(self, levels):
        more = [[]] if self.shape.third_element else []  # REST once had an empty array in each level
        return [[self.text(p, self.tick), self.text(q, self.lot)] + more for p, q in levels]

    # --- changes ------------------------------------------------------------------------------------
    def new_id(self):
        self.id += self.r.randrange(1, 900) if self.futures else 1
        if self.first is None:
            self.first = self.id if not self.futures else self.r.randrange(self.previous + 1, self.id + 1)

    def set(self, side, price, lots):
        self.new_id()
        before = (self.best(0), self.best(1))
        touch = [self.sides[s].get(before[s]) for s in (0, 1)]
        if lots:
            self.sides[side][price] = lots
        else:
            self.sides[side].pop(price, None)
        self.changed[side][price] = lots
        after = (self.best(0), self.best(1))
        if before != after or touch != [self.sides[s].get(after[s]) for s in (0, 1)]:
            self.quote()

    def change(self):
        r = self.r
        side, draw = r.randrange(2), r.random()
        best, other = self.best(side), self.best(1 - side)
        away = -1 if side == 0 else 1
        if best is None:
            best = other - away if other else self.middle
        near = best + away * int(r.expovariate(0.15))
        if draw < 0.35 and len(self.sides[side]) > 3:
            price = best if r.random() < 0.3 else r.choice(list(self.sides[side])[:200])
            self.set(side, price, 0)
        elif draw < 0.45 and self.shape.absent:
            self.set(side, max(near + away * 50_000, 1), 0)
        else:
            price = near if r.random() < 0.9 else best - away * r.randrange(1, 3)
            cross = other is not None and (price >= other if side == 0 else price <= other)
            if cross and not (self.shape.crossed and r.random() < 0.3):
                price = other + away
            price = self.coarsen(price, side)
            if price > 0 and (self.shape.crossed or self.fits(side, price)):
                self.set(side, price, self.quantity())

    def fits(self, side, price):
        other = self.best(1 - side)
        return other is None or (price < other if side == 0 else price > other)

    def trade(self):
        side = self.r.randrange(2)
        for _ in range(self.r.choice((1, 1, 2, 4))):
            price = self.best(side)
            if price is None or len(self.sides[side]) < 3:
                return
            have = self.sides[side][price]
            lots = have if self.r.random() < 0.4 else self.r.randrange(1, have + 1)
            if self.coarse == 10:
                lots = max(lots // 10 * 10, min(10, have))
            self.set(side, price, have - lots)
            self.print_trade(price, lots, side == 0)

    # --- what is sent -------------------------------------------------------------------------------
    def stream(self, name):
        return "%s@%s" % (self.name.lower(), name)

    def send(self, stream, message, is_snapshot=False):
        self.sent.append((self.now_ms, self.stream(stream), message, is_snapshot))

    def quote(self):
        if not self.shape.quotes or None in (self.best(0), self.best(1)):
            return
        if self.shape.lost_quotes and self.r.random() < 0.05:
            return
        bid, ask = self.best(0), self.best(1)
        message = {"u": self.id, "s": self.name}
        if self.futures:
            message = {"e": "bookTicker", **message}
        for key, number, step in (("b", bid, self.tick), ("B", self.sides[0][bid], self.lot),
                                  ("a", ask, self.tick), ("A", self.sides[1][ask], self.lot)):
            message[key] = self.text(number, step)
        if self.futures:
            message.update(T=self.now_ms, E=self.now_ms + 2)
        self.send("bookTicker", message)

    def print_trade(self, price, lots, buyer_is_maker):
        kind = self.shape.trade_kind
        self.trade_id += 1
        if kind == "none":
            return
        time = self.now_ms
        if self.shape.trade_time_back and self.r.random() < 0.1:
            time -= self.r.choice((1, 900, 70_000, 200_000))
        message = {"e": kind, "E": self.now_ms + 1, "s": self.name, "t" if kind == "trade" else "a": self.trade_id,
                   "p": self.text(price, self.tick), "q": self.text(lots, self.lot), "T": time, "m": buyer_is_maker}
        if kind == "aggTrade":
            message.update(f=self.trade_id * 3, l=self.trade_id * 3 + 2)
        elif self.venue == "spot" and self.shape.order_ids:
            message.update(b=20720542158 + self.trade_id, a=20720542592 + self.trade_id)
        if self.venue == "spot":
            message["M"] = True
        elif kind == "trade":
            message["X"] = "MARKET"
            if self.shape.off_market and self.r.random() < 0.08:
                message["X"] = self.r.choice(("INSURANCE_FUND", "ADL", "NA"))
                message["p"] = self.text(max(price * self.r.choice((1, 3, 7)) // 4, 1), self.tick)
        self.send(kind, message)

    def flush(self):
        """The depth event of all changes since the last one."""
        if self.first is None:
            return
        last = self.id + (self.r.randrange(0, 50) if self.futures else 0)
        message = {"e": "depthUpdate", "E": self.now_ms + 3, "s": self.name, "U": self.first, "u": last}
        if self.futures:
            message.update(T=self.now_ms + 1, pu=self.previous)
        message["b"], message["a"] = (self.levels_text(c.items()) for c in self.changed)
        if self.shape.depth:
            self.send(self.r.choice(("depth", "depth@100ms", "depth@0ms" if self.futures else "depth@1000ms")), message)
            self.events += 1
        self.id = self.previous = last
        self.first, self.changed = None, ({}, {})

    def snapshot(self, back=0):
        message = {"lastUpdateId": max(self.id - back, 1)}
        if self.venue != "spot":
            message.update(E=self.now_ms, T=self.now_ms - 4)
        if self.venue == "coinm":
            message.update(symbol=self.name, pair=self.name.split("_")[0])
        for side, key in ((0, "bids"), (1, "asks")):
            levels = sorted(self.sides[side].items(), reverse=side == 0)[:self.shape.snapshot_limit]
            if self.shape.zero_levels:
                far = (levels[-1][0] if levels else self.middle) + (-7 if side == 0 else 7)
                levels += [(far, 0)] if far > 0 else []
            message[key] = self.levels_text(levels)
        self.send("snapshot", message, True)

    def other(self):
        kind = self.r.choice(("markPriceUpdate", "kline", "24hrTicker", "24hrMiniTicker"))
        message = {"e": kind, "E": self.now_ms, "s": self.name, "p": "1.5", "P": "7.1", "r": "0.0001",
                   "b": "3.33", "B": "1", "a": "3.34", "A": "2", "u": 5, "T": self.now_ms,
                   "k": {"t": 1, "T": 2, "s": self.name, "o": "1.0", "x": False}}
        self.send({"markPriceUpdate": "markPrice@1s", "kline": "kline_1m", "24hrTicker": "ticker",
                   "24hrMiniTicker": "miniTicker"}[kind], message)

    def partial(self):
        top = [self.levels_text(sorted(self.sides[s].items(), reverse=s == 0)[:5]) for s in (0, 1)]
        if self.futures:
            message = {"e": "depthUpdate", "E": self.now_ms, "T": self.now_ms, "s": self.name, "U": self.id + 7,
                       "u": self.id + 7, "pu": self.id + 6, "b": top[0], "a": top[1]}
        else:
            message = {"lastUpdateId": self.id, "bids": top[0], "asks": top[1]}
        self.send("depth5@100ms" if not self.futures or self.r.random() < 0.5 else "rpiDepth@500ms", message)

    # --- a life ---------------------------------------------------------------------------------------
    def plan(self):
        """Steps at which snapshots are taken: (step, ids back)."""
        steps, kind = self.shape.steps, self.shape.snapshot
        early = max(2, steps // 10)
        # Far back enough that what came before the first event is missing for ever.
        old = 10**5 if self.futures else 10**4
        return {"first": [(0, 0)], "after": [(self.r.randrange(1, early), 0)],
                "twice": [(early, 0), (early * 4, 0)], "old then good": [(early, old), (early * 2, 0)],
                "old": [(early, old)], "none": [],
                "many": [(s, 0) for s in range(early, steps, max(steps // 6, 1))]}[kind]

    def live(self):
        r, shape = self.r, self.shape
        if shape.midnight:
            self.now_ms = (START_MS // 86_400_000 + 1) * 86_400_000 - r.randrange(1, 4000)
        snapshots = self.plan()
        for step in range(shape.steps):
            if self.coarse == 10 and step == shape.steps // 2:
                self.coarse = 1
            for at, back in snapshots:
                if at == step:
                    self.snapshot(back)
            self.now_ms += r.choice((0, 0, 1, 5, 40, 400))
            if shape.jumps and r.random() < 0.01:
                self.now_ms += r.choice((90_000, 3_600_000, 5 * 3_600_000))
            for _ in range(r.choice((1, 1, 2, 6))):
                self.trade() if r.random() < 0.2 else self.change()
            if r.random() < 0.3:
                self.flush()
            if shape.others and r.random() < 0.05:
                self.other()
            if shape.partial and r.random() < 0.05:
                self.partial()
        self.set(0, self.best(0) or 10, 0)
        self.flush()
        self.set(1, self.best(1) or self.middle, self.quantity())
        self.flush()

    def true_lines(self):
        for side, letter in ((0, "B"), (1, "A")):
            for price in sorted(self.sides[side], reverse=side == 0):
                yield "%s %s %s\n" % (letter, strip(price * self.tick), strip(self.sides[side][price] * self.lot))


def strip(number):
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Writer:
    """Messages -> lines, in the forms that collectors write."""

    def __init__(self, r, shape, several):
        self.r, self.shape, self.several = r, shape, several

    def unknown(self):
        r = self.r
        return r.choice((None, True, False, 0, -7, 1.5e300, HUGE, 12345678901234567890123, "", "x\"]}\\", "\u20ac\n", [], {}, [[]], 1234567890123,
                         {"p": "1", "b": [["1", "2"]], "e": "trade", "u": 9}, ["]", {"s": "}"}, [1, ["2", "3"]]],
                         "depthUpdate", {"lastUpdateId": 5}))

    def object(self, message):
        items = list(message.items())
        if self.shape.unknown:
            for name in self.r.sample(("zz", "nq", "st", "ps", "_", "Uu", "", "bidsx", "long_unknown_key" * 4), 2):
                items.insert(self.r.randrange(len(items) + 1), (name, self.unknown()))
        if self.shape.shuffle:
            self.r.shuffle(items)
        return dict(items)

    def line(self, recv, stream, message, is_snapshot):
        data = self.object(message)
        combined = self.shape.combined if self.shape.one_form else self.r.random() < 0.5
        if is_snapshot:
            form = self.shape.snapshot_form
            combined = form == "wrapped" or (self.several and form == "bare" and "symbol" not in data)
            if form == "named" and "symbol" not in data:
                data["symbol"] = stream.split("@")[0].upper()
        elif "kline" in stream or "@depth5" in stream or "@rpiDepth" in stream:
            combined = True
        if self.shape.all_quotes and stream.endswith("@bookTicker"):
            stream = "!bookTicker"
        if combined and stream:
            items = [("stream", stream), ("data", data)]
            if self.shape.shuffle:
                self.r.shuffle(items)
            if self.shape.unknown:
                items.insert(self.r.randrange(3), ("zz", self.unknown()))
            data = dict(items)
        spaces = self.shape.spaces
        text = json.dumps(data, separators=(",", ":") if spaces is None else ("," + spaces, spaces + ":" + spaces),
                          ensure_ascii=self.r.random() < 0.5)
        text = text.replace(json.dumps(HUGE), "-1e999")
        end = "\r\n" if self.shape.carriage_returns else "\n"
        return "%d %s%s" % (recv if self.shape.nanoseconds else recv // 1000, text, end)


def exchange_info(markets):
    symbols = []
    extra = [("UNSEEN%d" % n, Decimal("0.01"), Decimal("0.1"), "spot") for n in range(3)]
    for name, tick, lot, venue in [(m.name, m.tick, m.lot, m.venue) for m in markets] + extra:
        kind = {"spot": {"status": "TRADING", "isSpotTradingAllowed": True},
                "usdm": {"status": "TRADING", "contractType": "PERPETUAL"},
                "coinm": {"contractStatus": "TRADING", "contractType": "PERPETUAL", "contractSize": 100}}[venue]
        symbols.append({"symbol": name, **kind, "baseAsset": name[:3], "quoteAsset": name[3:6],
                        "filters": [{"filterType": "PRICE_FILTER", "minPrice": "0.00000001",
                                     "maxPrice": "922327.00000000", "tickSize": format(tick, ".8f")},
                                    {"filterType": "LOT_SIZE", "minQty": format(lot, ".8f"),
                                     "maxQty": "9000000.00000000", "stepSize": format(lot, ".8f")}]})
    return {"timezone": "UTC", "serverTime": START_MS, "rateLimits": [], "exchangeFilters": [], "symbols": symbols}


class Made:
    def __init__(self, paths, shape, truth, is_open):
        self.paths, self.shape, self.truth, self.open = paths, shape, truth, is_open


def damage(r, shape, sent):
    """Loses and doubles depth events; True when nothing was lost for good."""
    depth = [at for at, one in enumerate(sent) if one[2].get("e") == "depthUpdate" and "@depth5" not in one[1] and "@rpiDepth" not in one[1]]
    whole = True
    if shape.doubles and len(depth) > 10:
        for at in sorted(r.sample(depth[2:-1], 5), reverse=True):
            copy = sent[at if r.random() < 0.5 else max(depth[0], at - 30)]
            if copy[2].get("e") == "depthUpdate":
                sent.insert(at + 1, copy)
    if shape.gap and len(depth) > 20:
        whole = False
        times = 2 if shape.gap == "twice healed" else 1
        for at in sorted(r.sample(range(len(depth) // 3, len(depth) - 3), times), reverse=True):
            lost = sent[depth[at]]
            sent[:] = [one for one in sent if one is not lost]
    return whole


def add_healing(r, shape, market):
    """Snapshots that a collector asks for: taken while the market lives, so that gaps can heal."""
    return [(at, 0) for at in (shape.steps * 3 // 4, shape.steps - 5)] if shape.gap and "healed" in shape.gap else []


def deliver(r, shape, market):
    """[(receive ns, order, stream, message, is_snapshot)]: each stream in its own order, with its own latency."""
    late = {"depth": r.choice((5, 40, 120)), "bookTicker": r.choice((1, 5, 90)), "trade": 3, "snapshot": r.choice((20, 300))}
    out, newest = [], {}
    for time, stream, message, is_snapshot in market.sent:
        kind = stream.split("@")[1] if stream else ""
        ns = (time + late.get(kind, 10)) * 1_000_000 + r.randrange(900_000)
        ns = newest[kind] = max(newest.get(kind, 0), ns)
        out.append((ns, len(out), stream, message, is_snapshot))
    out.sort(key=lambda one: one[:2])
    return out


def choose(r, shape):
    """Symbols of one venue each, all different."""
    listings, names = list(SYMBOLS), set()
    r.shuffle(listings)
    chosen = []
    for listing in listings:
        if listing[0] not in names:
            names.add(listing[0])
            chosen.append(listing)
    for number in range(len(chosen), shape.instruments):
        one = r.choice(SYMBOLS[:16])
        chosen.append(("T%02d%s" % (number, one[0].split("_")[0]),) + one[1:])
    return chosen[:shape.instruments]


def make(seed, directory):
    """Writes the recording of this seed into the directory."""
    r = random.Random(seed)
    shape = Shape(r)
    several = shape.instruments > 1 and not shape.per_file
    markets, streams, truth = [], [], {}
    for listing in choose(r, shape):
        market = Market(r, shape, listing)
        healing = add_healing(r, shape, market)
        plan = market.plan()
        market.plan = lambda plan=plan, healing=healing: plan + healing
        market.live()
        whole = damage(r, shape, market.sent)
        full = shape.snapshot_limit > shape.levels + shape.steps * 10
        if whole and full and shape.depth and shape.snapshot in ("first", "after", "twice", "many", "old then good"):
            truth[market.name] = "".join(market.true_lines())
        markets.append(market)
        streams.append(deliver(r, shape, market))
    writer = Writer(r, shape, several)
    groups = streams if shape.per_file else [sorted(sum(streams, []), key=lambda one: one[0])]
    info = ("!exchangeInfo", exchange_info(markets), False)
    if shape.exchange_info == "first":
        groups[0].insert(0, (groups[0][0][0], 0) + info)
    elif shape.exchange_info == "late":
        groups[-1].insert(len(groups[-1]) // 2, (groups[-1][len(groups[-1]) // 2][0], 0) + info)
    files = []
    for group in groups:
        lines = []
        for recv, _, stream, message, is_snapshot in group:
            if shape.time_back and r.random() < 0.1:
                recv -= r.choice((1, 10**6, 10**10))
            lines.append(writer.line(recv, stream, message, is_snapshot))
        cuts = sorted(r.randrange(len(lines)) for _ in range(shape.cuts))
        files += [lines[a:b] for a, b in zip([0] + cuts, cuts + [len(lines)])]
    return Made(write(files, shape, seed, directory), shape.words(), truth, open_fields(shape, markets))


def open_fields(shape, markets):
    """Fields that no rule decides for this shape."""
    fields = set()
    if shape.partial:
        fields.update("messages." + kind for kind in ("depth", "snapshot", "other"))
    return fields


def write(files, shape, seed, directory):
    paths = []
    for number, lines in enumerate(files):
        text = "".join(lines)
        if not shape.last_newline:
            text = text.rstrip("\r\n")
        if number + 1 < len(files) and not text:
            continue
        path = os.path.join(directory, "%d-%d.jsonl%s" % (seed, number, ".gz" if shape.gzip else ""))
        with (gzip.open(path, "wb", 1) if shape.gzip else open(path, "wb")) as out:
            out.write(text.encode("utf-8", "surrogatepass"))
        paths.append(path)
    return paths
