"""The symbols of random markets, and what can be special about one recording."""

# name, venue, tick, lot, middle price in ticks, a usual quantity in lots
SYMBOLS = (
    ("BTCUSDT", "spot", "0.01", "0.00001", 6_180_000, 50_000),
    ("ETHUSDT", "spot", "0.01", "0.0001", 254_321, 20_000),
    ("PEPEUSDT", "spot", "0.00000001", "1", 1234, 900_000_000),
    ("SHIBBTC", "spot", "0.00000001", "1", 1_234, 5_000_000),
    ("NEXOUSDT", "spot", "0.0001", "0.01", 12_345, 9_999),
    ("BTCIDR", "spot", "1", "0.00000001", 998_765_432, 12_345_678),
    ("ABCTRY", "spot", "0.00001234", "0.00000001", 700, 1_000_000_001),
    ("HALFUSDT", "spot", "0.5", "0.25", 4_000, 60),
    ("USDCUSDT", "spot", "0.0001", "1", 10_001, 77_777_777),
    ("LTCBTC", "spot", "0.00000100", "0.00000001", 1_543, 10**11),
    ("BTCUSDT", "usdm", "0.1", "0.001", 618_000, 2_000),
    ("ETHUSDT", "usdm", "0.01", "0.001", 254_321, 30_000),
    ("1000SHIBUSDT", "usdm", "0.000001", "1", 13_456, 600_000),
    ("DOGEUSDT", "usdm", "0.00001", "1", 10_321, 44_000),
    ("BTCUSDT_240927", "usdm", "0.1", "0.001", 620_000, 900),
    ("DEFIUSDT", "usdm", "0.1", "0.001", 7_000, 9_000),
    ("BTCUSD_PERP", "coinm", "0.1", "1", 618_000, 4_000),
    ("ETHUSD_PERP", "coinm", "0.01", "1", 254_321, 9_000),
    ("BTCUSD_240927", "coinm", "0.1", "1", 620_000, 300),
    ("XRPUSD_PERP", "coinm", "0.0001", "1", 5_876, 12_000),
    ("BTTCUSDT", "spot", "0.00000001", "1", 58, 300_000_000),
)


class Shape:
    """What is special about one recording; every choice is made here, from the seed alone."""

    def __init__(self, r):
        some = lambda share: r.random() < share  # noqa: E731
        self.instruments = r.choice((1, 1, 1, 1, 2, 3, 7)) if not some(0.02) else 50
        self.per_file = self.instruments > 1 and some(0.3)  # one file an instrument, else interleaved
        self.cuts = r.choice((0, 0, 0, 1, 3)) if not self.per_file else 0
        self.levels = r.choice((10, 10, 300, 300, 1000)) if not some(0.03) else 10_000
        self.steps = r.choice((150, 150, 500, 1200)) if self.instruments < 7 else 60
        if self.levels == 10_000:
            self.instruments, self.steps, self.per_file = 1, 600, False
        self.snapshot_limit = r.choice((5, 100, 1000, 5000)) if some(0.4) else 10**6
        self.snapshot = r.choice(("first", "after", "after", "after", "twice", "old then good", "old", "none",
                                  "many"))
        self.one_form = some(0.6)  # every message in the same envelope form
        self.combined = some(0.7)
        self.snapshot_form = r.choice(("bare", "wrapped", "named"))
        self.exchange_info = r.choice(("none", "none", "first", "late"))
        self.late_precision = some(0.25)  # finest steps come only later
        self.spaces = r.choice((None, None, " ", "\t ", "  "))
        self.shuffle, self.unknown = some(0.4), some(0.4)
        self.strip_zeros = r.choice(("keep", "strip", "mixed"))
        self.nanoseconds, self.gzip = some(0.6), some(0.6)
        self.crossed, self.off_market = some(0.2), some(0.4)
        self.trade_kind = r.choice(("trade", "trade", "aggTrade", "none"))
        self.order_ids = some(0.3)
        self.quotes, self.depth = some(0.8), not some(0.05)
        self.lost_quotes = some(0.15)
        self.gap = r.choice((None, None, None, "for ever", "healed", "twice healed", "held healed"))
        self.doubles, self.absent = some(0.3), some(0.6)
        self.zero_levels = some(0.3)  # zero quantities in a snapshot
        self.time_back, self.trade_time_back = some(0.2), some(0.2)
        self.jumps, self.midnight = some(0.2), some(0.2)
        self.others, self.partial = some(0.4), some(0.1)
        self.third_element, self.all_quotes = some(0.1), some(0.1)
        self.last_newline = not some(0.2)
        self.carriage_returns = some(0.1)

    def words(self):
        return ", ".join("%s=%s" % (k, v) for k, v in sorted(vars(self).items()) if v not in (False, None, 0))
