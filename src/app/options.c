#include "app/options.h"

#include "app/options_parts.h"
#include "app/strategy_options.h"
#include "core/base/decimal.h"
#include "risk/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

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
    static char text[RISK_LIMITS][24];
    static const char *source[RISK_LIMITS];

    for (int i = 0; i < RISK_LIMITS; i++) {
        const char *file = NULL, *name;
        int line = 0;
        enum option_source from =
            config_source(config, risk_limit_row((enum risk_limit_id)i)->option, &file, &line);

        source[i] = config_source_word(from);
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
    if (options_check_figures(config, why) != ERR_OK)
        return ERR_CONFIG;
    return check_limits(config, made, why);
}

static enum trading_mode mode_of(const struct config *config)
{
    const char *word = config_text(config, "mode");

    if (strcmp(word, "live") == 0)
        return MODE_LIVE;
    return strcmp(word, "simulation") == 0 ? MODE_SIMULATION : MODE_OBSERVATION;
}

enum err options_read_pipeline(const struct config *config, struct pipeline_config *out,
                               char why[CONFIG_WHY_SIZE])
{
    enum trading_mode mode = mode_of(config);
    struct pipeline_config made = {
        .mode = mode,
        .limits = limits_of(config, mode),
        .signals = signals_of(config),
        .execution = execution_of(config),
        .paper = paper_of(config),
        .groups = {.stop_worst_bp = config_int(config, "order.stop_worst_bp"), .retry_ns = 500 * NS_PER_MS},
        .exit_keeps_orders = strcmp(config_text(config, "exit.orders"), "keep") == 0,
        .recovery_cancels = strcmp(config_text(config, "recovery.orders"), "cancel") == 0,
        .kill_flattens = config_bool(config, "kill.flatten"),
        .callback_budget_ns = config_int(config, "strategy.budget_us") * INT64_C(1000),
        .fee_asset_start_e8 = config_decimal_e8(config, "fees.asset_start"),
        .account_start_e8 = config_decimal_e8(config, "account.start"),
        .pause_keeps_orders = strcmp(config_text(config, "pause.orders"), "keep") == 0,
    };
    enum err err = check_together(config, &made, why);

    if (err == ERR_OK)
        err = read_tiers(config, &made.paper.fees, why);
    if (err == ERR_OK &&
        paper_base_parse(config_text(config, "paper.base"), made.paper_base, &made.paper_bases) != ERR_OK) {
        options_complain(config, "paper.base", "allowed: ASSET=AMOUNT, each asset once, at most 8", why);
        err = ERR_CONFIG;
    }
    strategy_options_read(config, &made);
    if (err == ERR_OK)
        *out = made;
    return err;
}

enum err options_pipeline(const struct config *config, struct pipeline_config *out, char why[CONFIG_WHY_SIZE])
{
    enum err err = options_read_pipeline(config, out, why);

    if (err == ERR_OK)
        out->limit_source = sources_of(config);
    return err;
}

enum venue options_venue(const struct config *config)
{
    const char *name = config_text(config, "venue");

    for (int venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_COINM; venue++)
        if (strcmp(name, venue_name((enum venue)venue)) == 0)
            return (enum venue)venue;
    return VENUE_BINANCE_SPOT;
}
