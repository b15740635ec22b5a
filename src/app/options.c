#include "app/options.h"

#include "app/schedule_options.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_SIZES 5
#define E8(whole)   ((int64_t)(whole)*DECIMAL_E8)

/* Ordered as the manual shows them. Money and sizes are exact decimals; INT carries its unit. */
const struct option options_table[] = {
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
    {"risk.max_qty", OPTION_DECIMAL, "base", 1, E8(1000000000), NULL, NULL, NULL,
     "MAX_QTY: size of one order; unset: max_value over the mid"},
    {"risk.max_value", OPTION_DECIMAL, "quote", 1, E8(1000000000), "1000", NULL, NULL,
     "MAX_VALUE: value of one order"},
    {"risk.max_position", OPTION_DECIMAL, "quote", 1, E8(1000000000), "5000", NULL, NULL,
     "MAX_POS: value of one instrument's position if every open order filled"},
    {"risk.max_gross", OPTION_DECIMAL, "quote", 1, E8(1000000000), "10000", NULL, NULL,
     "MAX_GROSS: value of all positions and open orders"},
    {"risk.max_open_value", OPTION_DECIMAL, "quote", 1, E8(1000000000), "5000", NULL, NULL,
     "MAX_OPEN_VALUE: value of one instrument's open orders"},
    {"risk.max_open_orders", OPTION_INT, "orders", 1, 200, "10", NULL, NULL,
     "MAX_OPEN_N: open orders of one instrument"},
    {"risk.max_open_orders_total", OPTION_INT, "orders", 1, 256, "50", NULL, NULL,
     "MAX_OPEN_N: open orders of all instruments"},
    {"risk.messages_per_second", OPTION_INT, "messages", 1, 1000, "20", NULL, NULL,
     "MSG_RATE: new, moved and cancelled orders in a second"},
    {"risk.messages_per_minute", OPTION_INT, "messages", 1, 60000, "600", NULL, NULL,
     "MSG_RATE: new, moved and cancelled orders in a minute"},
    {"risk.collar_limit_bp", OPTION_INT, "bp", 1, 5000, "200", NULL, NULL,
     "COLLAR: distance of a limit price from mid and last trade"},
    {"risk.collar_market_bp", OPTION_INT, "bp", 1, 1000, "50", NULL, NULL,
     "COLLAR: worst price of a market order from the touch"},
    {"risk.stale_ms", OPTION_INT, "ms", 10, 10000, "1000", NULL, NULL,
     "STALE_BOOK: age at which a book prices nothing"},
    {"risk.duplicate_ms", OPTION_INT, "ms", 1, 10000, "100", NULL, NULL,
     "DUPLICATE: same order of one strategy within this time"},
    {"risk.daily_loss_bp", OPTION_INT, "bp", 1, 10000, "200", NULL, NULL,
     "DAILY_LOSS: loss since 00:00 UTC, of the day's first equity; halts"},
    {"risk.drawdown_bp", OPTION_INT, "bp", 1, 10000, "500", NULL, NULL,
     "DRAWDOWN: fall of equity from its peak; halts"},
    {"strategy.ofi.on", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL,
     "the order-flow-imbalance strategy is ON at start"},
    {"strategy.ofi.order_value", OPTION_DECIMAL, "quote", 1, E8(1000000000), "500", NULL, NULL,
     "value of one entry"},
    {"strategy.ofi.threshold", OPTION_DECIMAL, NULL, E8(1) / 100, E8(1), "0.80", NULL, NULL,
     "score from which it enters, 0.01 to 1"},
    {"strategy.ofi.exit", OPTION_DECIMAL, NULL, 0, E8(1), "0.20", NULL, NULL,
     "score against the position from which it leaves"},
    {"strategy.ofi.hold_max_ms", OPTION_INT, "ms", 100, 86400000, "120000", NULL, NULL,
     "longest time in a position"},
    {"strategy.ofi.take_profit_bp", OPTION_DECIMAL, "bp", 0, E8(10000), "0", NULL, NULL,
     "leaves with this profit; 0: off"},
    {"strategy.ofi.stop_loss_bp", OPTION_DECIMAL, "bp", E8(1) / 10, E8(10000), "30", NULL, NULL,
     "leaves with this loss"},
    {"strategy.ofi.cooldown_ms", OPTION_INT, "ms", 0, 3600000, "3000", NULL, NULL,
     "rest after an exit or a denial"},
    {"strategy.ofi.order_life_ms", OPTION_INT, "ms", 100, 3600000, "5000", NULL, NULL,
     "a resting entry is taken back after this"},
    {"strategy.ofi.spread_ticks_max", OPTION_INT, "ticks", 1, 1000000, "50", NULL, NULL,
     "widest spread it enters at"},
    {"strategy.ofi.volatility_max_bp", OPTION_INT, "bp", 1, 10000, "60", NULL, NULL,
     "no entry while the realised volatility of a minute is above it"},
    {"strategy.ofi.passive", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL,
     "enters at the touch and waits, instead of taking"},
    {"strategy.ofi.short", OPTION_BOOL, NULL, 0, 0, "true", NULL, NULL,
     "sells short where the venue allows it (futures)"},
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
const size_t options_count = sizeof(options_table) / sizeof(options_table[0]);

_Static_assert(sizeof(options_table) / sizeof(options_table[0]) <= OPTIONS_TABLE_MAX,
               "raise OPTIONS_TABLE_MAX");

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

static struct risk_limits limits_of(const struct config *config)
{
    struct risk_limits limits = {
        .max_qty_e8 = config_decimal_e8(config, "risk.max_qty"),
        .max_value_e8 = config_decimal_e8(config, "risk.max_value"),
        .max_position_value_e8 = config_decimal_e8(config, "risk.max_position"),
        .max_gross_value_e8 = config_decimal_e8(config, "risk.max_gross"),
        .max_open_value_e8 = config_decimal_e8(config, "risk.max_open_value"),
        .max_open_orders = config_int(config, "risk.max_open_orders"),
        .max_open_orders_total = config_int(config, "risk.max_open_orders_total"),
        .msg_per_s = config_int(config, "risk.messages_per_second"),
        .msg_per_min = config_int(config, "risk.messages_per_minute"),
        .collar_limit_bp = config_int(config, "risk.collar_limit_bp"),
        .collar_market_bp = config_int(config, "risk.collar_market_bp"),
        .stale_ms = config_int(config, "risk.stale_ms"),
        .duplicate_ms = config_int(config, "risk.duplicate_ms"),
        .daily_loss_bp = config_int(config, "risk.daily_loss_bp"),
        .drawdown_bp = config_int(config, "risk.drawdown_bp"),
        .fee_taker_ppm = ppm(config, "fees.taker"),
        .fee_maker_ppm = ppm(config, "fees.maker"),
    };

    return limits;
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

static struct strategy_params_ofi ofi_of(const struct config *config)
{
    struct strategy_params_ofi ofi = {
        .order_value_e8 = config_decimal_e8(config, "strategy.ofi.order_value"),
        .threshold_x100 = x100(config, "strategy.ofi.threshold"),
        .exit_x100 = x100(config, "strategy.ofi.exit"),
        .hold_max_ms = config_int(config, "strategy.ofi.hold_max_ms"),
        .take_profit_bp_x100 = x100(config, "strategy.ofi.take_profit_bp"),
        .stop_loss_bp_x100 = x100(config, "strategy.ofi.stop_loss_bp"),
        .cooldown_ms = config_int(config, "strategy.ofi.cooldown_ms"),
        .order_life_ms = config_int(config, "strategy.ofi.order_life_ms"),
        .spread_ticks_max = config_int(config, "strategy.ofi.spread_ticks_max"),
        .volatility_max_bp = config_int(config, "strategy.ofi.volatility_max_bp"),
        .passive = config_bool(config, "strategy.ofi.passive"),
        .short_allowed = config_bool(config, "strategy.ofi.short"),
    };

    return ofi;
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

static enum err check_together(const struct config *config, const struct pipeline_config *made,
                               char why[CONFIG_WHY_SIZE])
{
    if (made->limits.max_value_e8 > made->limits.max_position_value_e8) {
        options_complain(config, "risk.max_value", "one order may not be worth more than risk.max_position",
                         why);
        return ERR_CONFIG;
    }
    if (made->limits.max_position_value_e8 > made->limits.max_gross_value_e8) {
        options_complain(config, "risk.max_position", "may not be above risk.max_gross", why);
        return ERR_CONFIG;
    }
    if (made->limits.msg_per_s > made->limits.msg_per_min) {
        options_complain(config, "risk.messages_per_second", "may not be above risk.messages_per_minute",
                         why);
        return ERR_CONFIG;
    }
    if (config_decimal_e8(config, "fees.maker") % 100 != 0 ||
        config_decimal_e8(config, "fees.taker") % 100 != 0) {
        options_complain(config,
                         config_decimal_e8(config, "fees.maker") % 100 != 0 ? "fees.maker" : "fees.taker",
                         "has more than six decimals", why);
        return ERR_CONFIG;
    }
    if (made->strategy.ofi.exit_x100 > made->strategy.ofi.threshold_x100) {
        options_complain(config, "strategy.ofi.exit", "may not be above strategy.ofi.threshold", why);
        return ERR_CONFIG;
    }
    return ERR_OK;
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
    struct pipeline_config made = {
        .mode = strcmp(config_text(config, "mode"), "simulation") == 0 ? MODE_SIMULATION : MODE_OBSERVATION,
        .limits = limits_of(config),
        .signals = signals_of(config),
        .strategy = {.on = config_bool(config, "strategy.ofi.on"), .ofi = ofi_of(config)},
        .account_start_e8 = config_decimal_e8(config, "account.start"),
        .pause_keeps_orders = strcmp(config_text(config, "pause.orders"), "keep") == 0,
    };
    enum err err = check_together(config, &made, why);

    if (err == ERR_OK)
        *out = made;
    return err;
}
