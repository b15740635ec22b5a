#include "app/options.h"

#include "app/schedule_options.h"
#include "app/strategy_options.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "risk/limits.h"
#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_SIZES 5
#define NS_PER_MS   INT64_C(1000000)
#define E8(whole)   ((int64_t)(whole)*DECIMAL_E8)

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
    {"mode", OPTION_ENUM, NULL, 0, 0, NULL, "observation|simulation", "mode",
     "observation sends no order; simulation trades on paper (a replay without a screen: simulation)"},
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
     "colours: dark, light, high-contrast, colour-blind, mono, red-up, or a file of your own"},
    {"account.start", OPTION_DECIMAL, "quote", 1, E8(1000000000), "10000", NULL, NULL,
     "paper money at the start, of each quote asset"},
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
    {"kill.flatten", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "a kill closes positions too, once every order is cancelled, at prices bounded as a flatten's"},
    {"deadman.heartbeat_ms", OPTION_INT, "ms", 0, 3600000, "5000", NULL, NULL,
     "an engine whose loop stood still for so long is ended, its orders are cancelled; 0: never"},
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
    {"log.level", OPTION_ENUM, NULL, 0, 0, "info", "debug|info|warn|error", NULL,
     "least important line that is kept"},
    {"log.format", OPTION_ENUM, NULL, 0, 0, "text", "text|json", NULL,
     "a text line or a JSON object for each event"},
    {"store.on", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL,
     "orders, fills, equity and audit go to the database"},
};
#define OWN_OPTIONS (sizeof(own_options) / sizeof(own_options[0]))

const struct option *options_table(size_t *count)
{
    static struct option all[CONFIG_OPTIONS_MAX]; /* made at the first call, which is main's */
    static size_t all_count;

    if (all_count == 0) {
        memcpy(all, own_options, sizeof(own_options));
        all_count = OWN_OPTIONS + strategy_options(all + OWN_OPTIONS, CONFIG_OPTIONS_MAX - OWN_OPTIONS);
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

/* e8 decimal to hundredths, for parameters kept as integers. */
static int64_t x100(const struct config *config, const char *name)
{
    return config_decimal_e8(config, name) / (DECIMAL_E8 / 100);
}

static int64_t ppm(const struct config *config, const char *name)
{
    return config_decimal_e8(config, name) / (DECIMAL_E8 / 1000000);
}

/* What nobody set is the preset of the mode. */
static struct risk_limits limits_of(const struct config *config, enum trading_mode mode)
{
    struct risk_limits limits;

    risk_limits_init(&limits, mode);
    for (int i = 0; i < RISK_LIMITS; i++) {
        enum risk_limit_id id = (enum risk_limit_id)i;
        const struct risk_limit *row = risk_limit_row(id);

        if (config_source(config, row->option, NULL, NULL) == OPTION_FROM_DEFAULT)
            continue;
        risk_limit_set(&limits, id,
                       row->decimal ? config_decimal_e8(config, row->option)
                                    : config_int(config, row->option));
    }
    limits.fee_taker_ppm = ppm(config, "fees.taker");
    limits.fee_maker_ppm = ppm(config, "fees.maker");
    return limits;
}

/* "flowdeck.yaml:12", "default": where each limit comes from. Made by main alone, kept as long as the program. */
static const char *const *sources_of(const struct config *config)
{
    static const char *const words[] = {"default", "file", "environment", "command line"};
    static char text[RISK_LIMITS][24];
    static const char *source[RISK_LIMITS];

    for (int i = 0; i < RISK_LIMITS; i++) {
        const char *file = NULL, *name;
        int line = 0;
        enum option_source from =
            config_source(config, risk_limit_row((enum risk_limit_id)i)->option, &file, &line);

        source[i] = words[from];
        if (from != OPTION_FROM_FILE || file == NULL)
            continue;
        name = strrchr(file, '/');
        snprintf(text[i], sizeof(text[i]), "%.16s:%d", name == NULL ? file : name + 1, line);
        source[i] = text[i];
    }
    return source;
}

static struct signal_params signals_of(const struct config *config)
{
    struct signal_params params = {
        .ofi_decay_ms = config_int(config, "signal.ofi_decay_ms"),
        .tape_decay_ms = config_int(config, "signal.tape_decay_ms"),
        .vpin_buckets = config_int(config, "signal.vpin_buckets"),
        .vpin_bucket_trades = config_int(config, "signal.vpin_bucket_trades"),
        .events = {.window_ms = config_int(config, "event.window_ms"),
                   .absorb_times_x100 = x100(config, "event.absorbed"),
                   .pulled_share_x100 = x100(config, "event.pulled"),
                   .wall_times_x100 = x100(config, "event.wall"),
                   .stacked_times_x100 = x100(config, "event.stacked"),
                   .shift_x100 = x100(config, "event.shift"),
                   .sweep_prices = config_int(config, "event.sweep_prices"),
                   .cooldown_ms = config_int(config, "event.cooldown_ms")},
    };

    return params;
}

static int32_t word_index(const char *words, const char *word)
{
    int32_t index = 0;
    size_t length = strlen(word);

    for (const char *at = words; *at != '\0'; index++) {
        size_t size = strcspn(at, "|");

        if (size == length && memcmp(at, word, size) == 0)
            return index;
        at += size + (at[size] == '|');
    }
    return 0; /* the table allows no other word */
}

static struct paper_broker_params paper_of(const struct config *config)
{
    static const char *const legs[PAPER_LEGS] = {"paper.feed_us", "paper.entry_us", "paper.response_us"};
    struct paper_broker_params params = {
        .fee_maker_ppm = config_decimal_e8(config, "fees.maker") / 100,
        .fee_taker_ppm = config_decimal_e8(config, "fees.taker") / 100,
        .model = (enum queue_model)word_index("risk-averse|proportional|power|log",
                                              config_text(config, "paper.queue")),
        .queue = {.power_x1000 = (int32_t)(config_decimal_e8(config, "paper.queue_power") / 100000),
                  .late_trade_ns = config_int(config, "paper.late_trade_ms") * NS_PER_MS},
        .through_by_size = config_bool(config, "paper.through_by_size"),
        .slippage =
            (enum paper_slippage)word_index("none|linear|square-root", config_text(config, "paper.slippage")),
        .seed = (uint64_t)config_int(config, "paper.seed"),
        .leverage = config_int(config, "paper.leverage"),
        .account = true,
    };

    for (int leg = 0; leg < PAPER_LEGS; leg++)
        params.latency[leg] = (struct paper_latency_params){
            .kind = (enum paper_latency_kind)word_index("constant|log-normal|measured",
                                                        config_text(config, "paper.latency")),
            .median_ns = config_int(config, legs[leg]) * INT64_C(1000),
            .sigma_x1000 = (int32_t)(config_decimal_e8(config, "paper.latency_sigma") / 100000)};
    params.fees.asset_rate_e8 = config_decimal_e8(config, "fees.asset_rate");
    params.fees.discount_ppm = config_decimal_e8(config, "fees.discount") / 100;
    snprintf(params.fees.asset, sizeof(params.fees.asset), "%s", config_text(config, "fees.asset"));
    return params;
}

/* "VOLUME:MAKER:TAKER" */
static bool parse_tier(const char *text, struct paper_fee_tier *out)
{
    const char *first = strchr(text, ':'), *second = first == NULL ? NULL : strchr(first + 1, ':');
    int64_t maker, taker;

    if (second == NULL ||
        decimal_parse(text, (size_t)(first - text), DECIMAL_E8_DIGITS, &out->volume_e8) != ERR_OK ||
        decimal_parse(first + 1, (size_t)(second - first - 1), 6, &maker) != ERR_OK ||
        decimal_parse(second + 1, strlen(second + 1), 6, &taker) != ERR_OK || out->volume_e8 < 0 ||
        maker < -10000 || maker > 10000 || taker < 0 || taker > 10000)
        return false;
    out->maker_ppm = maker;
    out->taker_ppm = taker;
    return true;
}

static enum err read_tiers(const struct config *config, struct paper_fee_params *out,
                           char why[CONFIG_WHY_SIZE])
{
    char text[CONFIG_TEXT_MAX];
    char *rest = text, *word;

    snprintf(text, sizeof(text), "%s", config_text(config, "fees.tiers"));
    while (text[0] != '\0' && (word = strsep(&rest, ",")) != NULL) {
        struct paper_fee_tier tier;

        if (out->tiers == PAPER_FEE_TIERS_MAX || !parse_tier(word, &tier) ||
            (out->tiers == 0 ? tier.volume_e8 != 0 : tier.volume_e8 <= out->tier[out->tiers - 1].volume_e8)) {
            options_complain(config, "fees.tiers",
                             "allowed: VOLUME:MAKER:TAKER, rising from 0, fees within 0.01, six decimals",
                             why);
            return ERR_CONFIG;
        }
        out->tier[out->tiers++] = tier;
    }
    return ERR_OK;
}

static struct execution_params execution_of(const struct config *config)
{
    struct execution_params params = execution_params_default();

    params.flicker_ns = config_int(config, "execution.flicker_ms") * NS_PER_MS;
    params.reprice_min_ns = config_int(config, "execution.reprice_min_ms") * NS_PER_MS;
    params.hysteresis_ticks = config_int(config, "execution.hysteresis_ticks");
    params.queue_keep_x1000 = (int32_t)(config_decimal_e8(config, "execution.queue_keep") / 100000);
    params.retry_ns = config_int(config, "execution.retry_ms") * NS_PER_MS;
    params.take_bound_bp = config_int(config, "execution.take_bound_bp");
    return params;
}

void options_complain(const struct config *config, const char *name, const char *what,
                      char why[CONFIG_WHY_SIZE])
{
    const char *file = NULL;
    int line = 0;

    if (config_source(config, name, &file, &line) == OPTION_FROM_FILE && file != NULL)
        snprintf(why, CONFIG_WHY_SIZE, "%s:%d: %s: %s", file, line, name, what);
    else
        snprintf(why, CONFIG_WHY_SIZE, "%s: %s", name, what);
}

/* "risk.max_value: what is wrong", with the place where it was set. */
static enum err check_limits(const struct config *config, const struct pipeline_config *made,
                             char why[CONFIG_WHY_SIZE])
{
    char said[RISK_LIMITS_WHY_SIZE];
    char *what = said, *name;

    if (risk_limits_check(&made->limits, made->mode, said) == ERR_OK)
        return ERR_OK;
    name = strsep(&what, ":");
    options_complain(config, name, what != NULL ? what + 1 : "", why);
    return ERR_CONFIG;
}

static enum err check_together(const struct config *config, const struct pipeline_config *made,
                               char why[CONFIG_WHY_SIZE])
{
    if (config_decimal_e8(config, "fees.maker") % 100 != 0 ||
        config_decimal_e8(config, "fees.taker") % 100 != 0) {
        options_complain(config,
                         config_decimal_e8(config, "fees.maker") % 100 != 0 ? "fees.maker" : "fees.taker",
                         "has more than six decimals", why);
        return ERR_CONFIG;
    }
    if (config_decimal_e8(config, "strategy.ofi.exit") >
        config_decimal_e8(config, "strategy.ofi.threshold")) {
        options_complain(config, "strategy.ofi.exit", "may not be above strategy.ofi.threshold", why);
        return ERR_CONFIG;
    }
    return check_limits(config, made, why);
}

static enum err refuse_item(const struct config *config, const char *name, const char *item,
                            const char *allowed, char why[CONFIG_WHY_SIZE])
{
    char what[160];

    snprintf(what, sizeof(what), "'%.40s' %s", item, allowed);
    options_complain(config, name, what, why);
    return ERR_CONFIG;
}

static enum err check_symbols(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    char text[CONFIG_TEXT_MAX];
    char *rest = text, *word;

    snprintf(text, sizeof(text), "%s", config_text(config, "symbols"));
    while (text[0] != '\0' && (word = strsep(&rest, ",")) != NULL) {
        char safe[64];

        if (strlen(word) > 0 && strlen(word) < SYMBOL_SIZE &&
            strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == strlen(word))
            continue;
        safe_text(word, strlen(word), safe, sizeof(safe));
        return refuse_item(config, "symbols", safe, "is not a symbol; allowed: letters, digits and _", why);
    }
    return ERR_OK;
}

/* - and + step through them in their order. */
static enum err check_sizes(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    char text[CONFIG_TEXT_MAX];
    char *rest = text, *word;
    int64_t before_e8 = 0;
    int count = 0;

    snprintf(text, sizeof(text), "%s", config_text(config, "order.sizes"));
    while ((word = strsep(&rest, ",")) != NULL) {
        char safe[64];
        int64_t size_e8;

        safe_text(word, strlen(word), safe, sizeof(safe));
        if (decimal_parse(word, strlen(word), DECIMAL_E8_DIGITS, &size_e8) != ERR_OK || size_e8 <= 0)
            return refuse_item(config, "order.sizes", safe,
                               "is not a size; allowed: decimals above 0, at most 8 decimals", why);
        if (size_e8 <= before_e8)
            return refuse_item(config, "order.sizes", safe, "is not above the one before it", why);
        if (++count > ORDER_SIZES)
            return refuse_item(config, "order.sizes", safe, "is one too many; allowed: five", why);
        before_e8 = size_e8;
    }
    return ERR_OK;
}

static enum err check_schedule(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct schedule *schedule = malloc(sizeof *schedule);
    enum err err = ERR_MEMORY;

    if (schedule == NULL)
        snprintf(why, CONFIG_WHY_SIZE, "no memory for the schedule of pauses");
    else
        err = schedule_of_settings(schedule, config, why);
    free(schedule);
    return err;
}

enum err options_check(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    char said[THEME_WHY_SIZE];
    struct pipeline_config made;
    struct theme theme;
    enum err err = options_pipeline(config, &made, why);

    if (err == ERR_OK)
        err = check_symbols(config, why);
    if (err == ERR_OK)
        err = check_sizes(config, why);
    if (err == ERR_OK)
        err = check_schedule(config, why);
    if (err == ERR_OK && theme_load(config_text(config, "theme"), &theme, said) != ERR_OK) {
        options_complain(config, "theme", said, why);
        return ERR_CONFIG;
    }
    return err;
}

enum err options_pipeline(const struct config *config, struct pipeline_config *out, char why[CONFIG_WHY_SIZE])
{
    enum trading_mode mode =
        strcmp(config_text(config, "mode"), "simulation") == 0 ? MODE_SIMULATION : MODE_OBSERVATION;
    struct pipeline_config made = {
        .mode = mode,
        .limits = limits_of(config, mode),
        .limit_source = sources_of(config),
        .signals = signals_of(config),
        .execution = execution_of(config),
        .paper = paper_of(config),
        .groups = {.stop_worst_bp = config_int(config, "order.stop_worst_bp"), .retry_ns = 500 * NS_PER_MS},
        .exit_keeps_orders = strcmp(config_text(config, "exit.orders"), "keep") == 0,
        .kill_flattens = config_bool(config, "kill.flatten"),
        .callback_budget_ns = config_int(config, "strategy.budget_us") * INT64_C(1000),
        .fee_asset_start_e8 = config_decimal_e8(config, "fees.asset_start"),
        .account_start_e8 = config_decimal_e8(config, "account.start"),
        .pause_keeps_orders = strcmp(config_text(config, "pause.orders"), "keep") == 0,
    };
    enum err err = check_together(config, &made, why);

    if (err == ERR_OK)
        err = read_tiers(config, &made.paper.fees, why);
    strategy_options_read(config, &made);
    if (err == ERR_OK)
        *out = made;
    return err;
}

const char *options_limit_source(const struct config *config, enum risk_limit_id id, char *out,
                                 size_t out_size)
{
    const char *file = NULL;
    int line = 0;

    switch (config_source(config, risk_limit_row(id)->option, &file, &line)) {
    case OPTION_FROM_FILE:
        snprintf(out, out_size, "%s:%d", file != NULL ? file : "file", line);
        break;
    case OPTION_FROM_ENVIRON:
        snprintf(out, out_size, "environment");
        break;
    case OPTION_FROM_CLI:
        snprintf(out, out_size, "command line");
        break;
    case OPTION_FROM_DEFAULT:
        snprintf(out, out_size, "preset");
        break;
    }
    return out;
}
