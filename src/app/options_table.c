/* options_table.c - every setting of the program itself; strategies bring their own. See options.h. */
#include "app/options.h"

#include "app/key_options.h"
#include "app/strategy_options.h"
#include "core/base/decimal.h"
#include "risk/limits.h"
#include "tui/saved_layout.h"

#include <string.h>

#define E8(whole) ((int64_t)(whole)*DECIMAL_E8)

/* A limit of the risk gate as an option: a decimal may be as small as its last place. */
#define LIMIT_TYPE_INT        OPTION_INT
#define LIMIT_TYPE_DECIMAL    OPTION_DECIMAL
#define LIMIT_MOST_INT(n)     (n)
#define LIMIT_MOST_DECIMAL(n) E8(n)
#define LIMIT_OPTION(field, code, option, kind, unit, shown, least, most, live_most, preset, live_preset,    \
                     looser, help)                                                                           \
    {                                                                                                        \
        option,                                                                                              \
        LIMIT_TYPE_##kind,                                                                                   \
        unit,                                                                                                \
        (least) > 0 ? (least) : 1,                                                                           \
        LIMIT_MOST_##kind(most),                                                                             \
        preset,                                                                                              \
        NULL,                                                                                                \
        NULL,                                                                                                \
        help},

/* Ordered as the manual shows them. Money and sizes are exact decimals; INT carries its unit. */
static const struct option own_options[] = {
    {"mode", OPTION_ENUM, NULL, 0, 0, NULL, "observation|simulation|live", "mode",
     "observation sends no order; simulation trades on paper (a replay without a screen: simulation); live: "
     "every limit is checked as for real money, then refused, for this version has no gateway to a venue"},
    {"symbols", OPTION_LIST, NULL, 0, 512, NULL, NULL, "symbol",
     "only these instruments, the first is shown first"},
    {"venue", OPTION_ENUM, NULL, 0, 0, "binance-spot", "binance-spot|binance-usdm|binance-coinm", "venue",
     "venue of a live feed; recordings tell theirs themselves"},
    {"feed.environment", OPTION_ENUM, NULL, 0, 0, "live", "live|testnet|demo", NULL,
     "which of the venue's own systems: live, its testnet or its demo"},
    {"feed.rest_url", OPTION_TEXT, NULL, 0, 200, NULL, NULL, NULL,
     "base URL of REST instead of the venue's, https://host[:port]"},
    {"feed.stream_url", OPTION_TEXT, NULL, 0, 200, NULL, NULL, NULL,
     "base URL of streams instead of the venue's, wss://host[:port]"},
    {"feed.ca_file", OPTION_TEXT, NULL, 0, 900, NULL, NULL, NULL,
     "PEM file of the only certificate authorities to trust; unset: the system's"},
    {"feed.silent_ms", OPTION_INT, "ms", 500, 120000, "10000", NULL, NULL,
     "a connection without data for this long is given up for a new one"},
    {"feed.rotate_after_s", OPTION_INT, "s", 10, 86000, "82800", NULL, NULL,
     "a planned new connection before the venue's limit of 24 hours"},
    {"feed.audit_every_s", OPTION_INT, "s", 0, 86400, "600", NULL, NULL,
     "each LIVE book is compared with a fresh snapshot this often; 0: never"},
    {"feed.info_every_s", OPTION_INT, "s", 60, 86400, "300", NULL, NULL,
     "filters and trading status of the instruments are read again this often, for halts that no stream "
     "tells"},
    {"feed.history_s", OPTION_INT, "s", 0, 3600, "600", NULL, NULL,
     "trades of so long before the start are asked for, for candles and sums; 0: none"},
    {"feed.futures_trades", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "single trades of futures (undocumented stream) instead of aggregated ones"},
    {"data_dir", OPTION_TEXT, NULL, 0, 900, NULL, NULL, "data-dir", "folder of database and log, made 0700"},
    {"theme", OPTION_TEXT, NULL, 0, 64, "dark", NULL, "theme",
     "colours: dark, light, high-contrast, colour-blind, mono, red-up, or one of your own: see "
     "flowdeck-theme(5)"},
    {"layout.saved", OPTION_LIST, NULL, 0, SAVED_LAYOUTS_MAX, NULL, NULL, NULL,
     "arrangements of the screen: a name, then what differs from a start: screen=chart symbol=BTCUSDT "
     "second=ETHUSDT row=5 "
     "view=traded|net|sums|levels tab=fills zoom=ladder|list|chart|position|flow|risk "
     "hide=flow+events+alerts+account"},
    {"layout.start", OPTION_TEXT, NULL, 0, SAVED_LAYOUT_NAME - 1, NULL, NULL, NULL,
     "name of the one to begin with"},
    {"account.start", OPTION_DECIMAL, "quote", 1, E8(1000000000), "10000", NULL, NULL,
     "paper money at the start, of each quote asset"},
    {"paper.base", OPTION_LIST, NULL, 0, 8, NULL, NULL, NULL,
     "base assets at the start, BTC=0.5,ETH=2; spot alone: worth the best bid when the book comes LIVE, "
     "which "
     "the account's start then contains; never given to an account that has bought that asset"},
    {"fees.maker", OPTION_DECIMAL, "ratio", -E8(1) / 100, E8(1) / 100, "0.001", NULL, NULL,
     "fee of a resting order's fill, 0.001 is 0.1 %, below 0 a rebate; at most six decimals"},
    {"fees.taker", OPTION_DECIMAL, "ratio", 0, E8(1) / 100, "0.001", NULL, NULL,
     "fee of a taking order's fill; at most six decimals"},
    {"fees.tiers", OPTION_LIST, NULL, 0, 16, NULL, NULL, NULL,
     "fees by the volume of 30 days instead: VOLUME:MAKER:TAKER, rising, the first from 0: 0:0.001:0.001"},
    {"fees.asset", OPTION_TEXT, NULL, 0, 15, NULL, NULL, NULL,
     "asset that fees are paid in while there is some of it, BNB say; unset: the quote"},
    {"fees.asset_rate", OPTION_DECIMAL, "quote", 1, E8(1000000000), "1", NULL, NULL,
     "what one unit of that asset is worth"},
    {"fees.asset_start", OPTION_DECIMAL, NULL, 0, E8(1000000000), "0", NULL, NULL,
     "how much of it is there at the start"},
    {"fees.discount", OPTION_DECIMAL, "ratio", 0, E8(1), "0.25", NULL, NULL,
     "of a fee that is paid in that asset"},
    {"paper.queue", OPTION_ENUM, NULL, 0, 0, "risk-averse", "risk-averse|proportional|power|log", NULL,
     "how cancels ahead of a resting paper order move its place: not at all, evenly, or by a probability"},
    {"paper.queue_power", OPTION_DECIMAL, NULL, E8(1) / 10, E8(20), "3", NULL, NULL,
     "exponent of the queue model `power`"},
    {"paper.latency", OPTION_ENUM, NULL, 0, 0, "constant", "constant|log-normal|measured", NULL,
     "how the three latencies below vary; measured: as on the live connection, from there on"},
    {"paper.feed_us", OPTION_INT, "us", 0, 10000000, "0", NULL, NULL,
     "latency from the venue's book to us (log-normal: its median)"},
    {"paper.entry_us", OPTION_INT, "us", 0, 10000000, "0", NULL, NULL,
     "latency of an order on its way to the venue"},
    {"paper.response_us", OPTION_INT, "us", 0, 10000000, "0", NULL, NULL, "latency of the venue's answer"},
    {"paper.latency_sigma", OPTION_DECIMAL, NULL, 0, E8(3), "0.5", NULL, NULL,
     "log-normal: deviation of the logarithm"},
    {"paper.late_trade_ms", OPTION_INT, "ms", 0, 10000, "100", NULL, NULL,
     "a trade told so long after the level that shows it still counts as what moved it, not a cancel"},
    {"paper.through_by_size", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "a trade beyond our price fills at most its own size, not all of the order"},
    {"paper.slippage", OPTION_ENUM, NULL, 0, 0, "none", "none|linear|square-root", NULL,
     "price of what a market order takes beyond the visible book; none: nothing is there"},
    {"paper.leverage", OPTION_INT, "times", 1, 125, "1", NULL, NULL,
     "futures: position value over the margin that is locked for it"},
    {"paper.seed", OPTION_INT, NULL, 0, INT64_MAX, "1", NULL, NULL, "seed of the paper latencies"},
    {"pause.orders", OPTION_ENUM, NULL, 0, 0, "cancel", "cancel|keep", NULL,
     "what a pause does with the strategies' resting orders"},
    {"pause.windows", OPTION_LIST, NULL, 0, 32, NULL, NULL, NULL,
     "no new order each week in these hours: Fri 22:00-Sun 23:00 Europe/Berlin, daily 00:00-00:10 UTC"},
    {"pause.holidays", OPTION_LIST, NULL, 0, 32, NULL, NULL, NULL,
     "no new order on these days: 2026-12-25 Europe/Berlin, 2026-12-24..2026-12-26 Europe/Berlin"},
    {"pause.shabbat.on", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "no new order from before sunset on Friday to nightfall on Saturday, by the sun at the place below"},
    {"pause.shabbat.latitude", OPTION_DECIMAL, "degrees", -E8(65), E8(65), NULL, NULL, NULL,
     "north above 0; farther from the equator there are days without a sunset"},
    {"pause.shabbat.longitude", OPTION_DECIMAL, "degrees", -E8(180), E8(180), NULL, NULL, NULL,
     "east above 0"},
    {"pause.shabbat.zone", OPTION_TEXT, NULL, 0, 47, NULL, NULL, NULL,
     "time zone whose Friday counts; unset: by the longitude"},
    {"pause.shabbat.before_sunset_min", OPTION_INT, "min", 0, 180, "18", NULL, NULL,
     "begins so long before sunset"},
    {"pause.shabbat.nightfall_degrees", OPTION_DECIMAL, "degrees", E8(1), E8(18), "8.5", NULL, NULL,
     "ends when the sun is so far below the horizon, or at solar midnight where it does not sink so deep"},
    {"pause.shabbat.nightfall_min", OPTION_INT, "min", 0, 180, "0", NULL, NULL,
     "ends so long after sunset instead; 0: by the degrees"},
    /* clang-format off */
    RISK_LIMIT_LIST(LIMIT_OPTION)
    /* clang-format on */
    {"execution.flicker_ms", OPTION_INT, "ms", 0, 10000, "200", NULL, NULL,
     "a best price that stood for less is not followed"},
    {"execution.reprice_min_ms", OPTION_INT, "ms", 0, 60000, "250", NULL, NULL,
     "least time between two moves of one order"},
    {"execution.hysteresis_ticks", OPTION_INT, "ticks", 0, 100000, "1", NULL, NULL,
     "an order this close to where it should be stays"},
    {"execution.queue_keep", OPTION_DECIMAL, "share", 0, E8(1), "0.3", NULL, NULL,
     "an order within this first share of its queue is not moved for one tick"},
    {"execution.retry_ms", OPTION_INT, "ms", 10, 60000, "500", NULL, NULL,
     "pause after a denial or a rejection; doubles up to 64 times"},
    {"execution.take_bound_bp", OPTION_INT, "bp", 1, 1000, "25", NULL, NULL,
     "how far beyond the touch a taking order goes at most"},
    {"signal.ofi_decay_ms", OPTION_INT, "ms", 100, 600000, "10000", NULL, NULL,
     "time constant of decayed OFI"},
    {"signal.tape_decay_ms", OPTION_INT, "ms", 100, 600000, "10000", NULL, NULL,
     "time constant of the share of taker volume"},
    {"signal.vpin_buckets", OPTION_INT, "buckets", 5, 200, "50", NULL, NULL, "buckets that VPIN averages"},
    {"signal.vpin_bucket_trades", OPTION_INT, "trades", 10, 100000, "200", NULL, NULL,
     "volume of a bucket, in mean trades"},
    {"event.window_ms", OPTION_INT, "ms", 500, 600000, "10000", NULL, NULL, "how far back book events look"},
    {"event.absorbed", OPTION_DECIMAL, "times", E8(1) / 10, E8(100), "1.5", NULL, NULL,
     "ABSORBED: traded at a level over what stands there"},
    {"event.pulled", OPTION_DECIMAL, "share", E8(1) / 10, E8(1), "0.6", NULL, NULL,
     "PULLED: share of the near depth that vanished untraded"},
    {"event.wall", OPTION_DECIMAL, "times", E8(1), E8(1000), "5", NULL, NULL,
     "WALL: over the usual size nearby"},
    {"event.stacked", OPTION_DECIMAL, "times", E8(1) / 10, E8(1000), "2", NULL, NULL,
     "STACKED: gathered within five prices over the usual"},
    {"event.shift", OPTION_DECIMAL, NULL, E8(1) / 100, E8(2), "0.3", NULL, NULL,
     "SHIFT: change of the imbalance within 10 bp"},
    {"event.sweep_prices", OPTION_INT, "prices", 2, 100, "3", NULL, NULL,
     "SWEEP: prices that one taker order took"},
    {"event.cooldown_ms", OPTION_INT, "ms", 0, 600000, "5000", NULL, NULL,
     "the same event is not told again before"},
    {"exit.orders", OPTION_ENUM, NULL, 0, 0, "cancel", "cancel|keep", NULL,
     "CANCEL_ON_EXIT: what an orderly end does with open orders"},
    {"recovery.orders", OPTION_ENUM, NULL, 0, 0, "adopt", "adopt|cancel", NULL,
     "open orders of the run before at a live venue: they work on, or are cancelled once their state is "
     "known"},
    {"hangup", OPTION_ENUM, NULL, 0, 0, "detach", "detach|leave", NULL,
     "when the terminal closes: trading goes on without a screen, for flowdeck status and kill, or ends in "
     "order; a replay always ends"},
    {"kill.flatten", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "a kill closes positions too, once every order is cancelled: at no worse a price than "
     "risk.collar_market_bp away from the touch, and only on a book that is LIVE"},
    {"deadman.heartbeat_ms", OPTION_INT, "ms", 0, 3600000, "5000", NULL, NULL,
     "an engine whose loop stood still for so long is ended, its orders are cancelled; 2000 at least, 0: "
     "never"},
    {"lease.term_ms", OPTION_INT, "ms", 1000, 3600000, "5000", NULL, NULL,
     "a leader whose heartbeat is silent for so long is ended by a standby (a second later where it is not "
     "stopped: its dead man goes first); by itself it lets nothing new out after half of it"},
    {"lease.cooldown_ms", OPTION_INT, "ms", 0, 3600000, "30000", NULL, NULL,
     "no takeover within so long of the last one"},
    {"lease.takeovers", OPTION_INT, NULL, 0, 8, "3", NULL, NULL,
     "so many takeovers within ten minutes, then a standby stays one and says so; 0: any number"},
    {"strategy.plugins", OPTION_LIST, NULL, 0, 8, NULL, NULL, NULL,
     "plug-in strategies: absolute paths of shared libraries, PATH@SHA256 pins one"},
    {"strategy.set", OPTION_LIST, NULL, 0, 64, NULL, NULL, NULL,
     "parameters of plug-ins: NAME.PARAMETER=VALUE; NAME.on=false leaves one off at the start"},
    {"strategy.budget_us", OPTION_INT, "us", 50, 1000000, "500", NULL, NULL,
     "time of one callback of a strategy; beyond it is a strike, three in a minute disable (live only)"},
    {"order.stop_worst_bp", OPTION_INT, "bp", 1, 1000, "50", NULL, NULL,
     "a bracket's stop: worst price away from its trigger"},
    {"order.sizes", OPTION_LIST, "base", 0, 256, "0.001,0.005,0.01,0.05,0.1", NULL, NULL,
     "five sizes of - and +, ascending"},
    {"screen.bell", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL,
     "rings for fills, denials, kill, STALE and alerts"},
    {"screen.mouse", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL, "the mouse aims, cancels and scrolls"},
    {"keys.layout", OPTION_ENUM, NULL, 0, 0, "us", KEYBOARD_WORDS, NULL,
     "keyboard: keys work by their place where it has other letters, and help shows them as it has them"},
    {"screen.bytes_per_s", OPTION_INT, "bytes/s", 1200, 100000000, "500000", NULL, NULL,
     "most that is written to the terminal; a slow line that answers needs no figure here"},
    {"screen.lock_picture", OPTION_ENUM, NULL, 0, 0, "keep", "keep|hide", NULL,
     "of a locked screen: the market stays to be seen, or the mode, the state and the clock alone"},
    {"screen.lock_word", OPTION_TEXT, NULL, 1, 40, "unlock", NULL, NULL,
     "what is typed, then Enter, to unlock the screen; against stray keys and hands, it is no secret: "
     "without "
     "blanks and without a K, which kills"},
    {"log.level", OPTION_ENUM, NULL, 0, 0, "info", "debug|info|warn|error", NULL,
     "least important line that is kept"},
    {"log.format", OPTION_ENUM, NULL, 0, 0, "text", "text|json", NULL,
     "a text line or a JSON object for each event"},
    {"process.core_dumps", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "a crash may leave a core dump, and other processes of the same user may look into this one"},
    {"store.on", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL,
     "the journal is kept, and the database made of it"},
    {"store.keep_equity_days", OPTION_INT, "days", 0, 36500, "400", NULL, NULL,
     "samples of the account in the database that are older are removed; 0: never"},
    {"store.keep_candles_days", OPTION_INT, "days", 0, 36500, "400", NULL, NULL,
     "candles of one minute in the database that are older are removed; 0: never"},
    {"store.keep_signals_days", OPTION_INT, "days", 0, 36500, "30", NULL, NULL,
     "samples of the signals in the database that are older are removed; 0: never"},
    {"journal.ring_dir", OPTION_TEXT, NULL, 1, 200, "/dev/shm", NULL, NULL,
     "folder in memory where the newest records outlive the process"},
    {"journal.retain_days", OPTION_INT, "days", 0, 36500, "0", NULL, NULL,
     "files of the journal that are older and that no start needs are removed; 0: never"},
    {"journal.segment_kib", OPTION_INT, "KiB", 4, 1048576, "65536", NULL, NULL,
     "a file of the journal that would grow beyond this is followed by the next one"},
    {"journal.snapshot_frames", OPTION_INT, NULL, 10, 10000000, "100000", NULL, NULL,
     "a snapshot is taken after so many records: no start reads more of them behind it"},
};
#define OWN_OPTIONS (sizeof(own_options) / sizeof(own_options[0]))

const struct option *options_table(size_t *count)
{
    static struct option all[CONFIG_OPTIONS_MAX]; /* made at the first call, which is main's */
    static size_t all_count;

    if (all_count == 0) {
        memcpy(all, own_options, sizeof(own_options));
        all_count = OWN_OPTIONS + strategy_options(all + OWN_OPTIONS, CONFIG_OPTIONS_MAX - OWN_OPTIONS);
        all_count += key_options(all + all_count, CONFIG_OPTIONS_MAX - all_count);
    }
    *count = all_count;
    return all;
}

struct config *options_config_new(void)
{
    size_t count;
    const struct option *table = options_table(&count);

    return config_new(table, count);
}

const char *const options_environ_ignored[] = {
    "FLOWDECK_CONFIG",       "FLOWDECK_SHARED",     "FLOWDECK_BUILD",
    "FLOWDECK_GOLDEN",       "FLOWDECK_GOLDEN_DIR", "FLOWDECK_BUILDS",
    "FLOWDECK_FUZZ_SECONDS", "FLOWDECK_SOAK",       NULL};
