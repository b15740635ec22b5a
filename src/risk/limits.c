#include "risk/limits.h"

#include "core/base/decimal.h"
#include "risk/gate.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SCALE_INT     INT64_C(1)
#define SCALE_DECIMAL DECIMAL_E8
#define IS_INT        false
#define IS_DECIMAL    true
#define LOOSENS_UP    true
#define LOOSENS_DOWN  false

/* A decimal may be as small as its last place. */
static const struct risk_limit rows[RISK_LIMITS] = {
#define ROW(field_, code_, option_, kind_, word_, unit_, least_, most_, live_most_, preset_, live_, looser_, \
            help_)                                                                                           \
    [RISK_LIMIT_##field_] = {.option = (option_),                                                            \
                             .help = (help_),                                                                \
                             .word = (word_),                                                                \
                             .preset = (preset_),                                                            \
                             .live_preset = (live_),                                                         \
                             .code = RISK_##code_,                                                           \
                             .unit = RISK_UNIT_##unit_,                                                      \
                             .decimal = IS_##kind_,                                                          \
                             .loosens_up = LOOSENS_##looser_,                                                \
                             .least = (least_) > 0 ? (least_)*SCALE_##kind_ : 1,                             \
                             .most = (most_)*SCALE_##kind_,                                                  \
                             .live_most = (live_most_)*SCALE_##kind_,                                        \
                             .offset = offsetof(struct risk_limits, field_)},
    RISK_LIMIT_LIST(ROW)
#undef ROW
};

const struct risk_limit *risk_limit_row(enum risk_limit_id id)
{
    assert((unsigned)id < RISK_LIMITS);
    return &rows[id];
}

enum risk_limit_id risk_limit_find(const char *option)
{
    for (int id = 0; id < RISK_LIMITS; id++)
        if (strcmp(rows[id].option, option) == 0)
            return (enum risk_limit_id)id;
    return RISK_LIMITS;
}

int64_t risk_limit_value(const struct risk_limits *limits, enum risk_limit_id id)
{
    int64_t value;

    memcpy(&value, (const char *)limits + risk_limit_row(id)->offset, sizeof value);
    return value;
}

void risk_limit_set(struct risk_limits *limits, enum risk_limit_id id, int64_t value)
{
    memcpy((char *)limits + risk_limit_row(id)->offset, &value, sizeof value);
}

enum err risk_limit_parse(enum risk_limit_id id, const char *text, int64_t *out)
{
    return decimal_parse(text, strlen(text), risk_limit_row(id)->decimal ? DECIMAL_E8_DIGITS : 0, out);
}

void risk_limits_init(struct risk_limits *limits, enum trading_mode mode)
{
    memset(limits, 0, sizeof *limits);
    for (int id = 0; id < RISK_LIMITS; id++) {
        const char *preset = mode == MODE_LIVE ? rows[id].live_preset : rows[id].preset;
        int64_t value = 0;

        if (preset != NULL && risk_limit_parse((enum risk_limit_id)id, preset, &value) == ERR_OK)
            risk_limit_set(limits, (enum risk_limit_id)id, value);
    }
}

void risk_limit_text(enum risk_limit_id id, int64_t value, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim(value, risk_limit_row(id)->decimal ? DECIMAL_E8_DIGITS : 0, out);
}

static enum err check_one(const struct risk_limits *limits, enum trading_mode mode, enum risk_limit_id id,
                          char why[RISK_LIMITS_WHY_SIZE])
{
    const struct risk_limit *row = &rows[id];
    int64_t value = risk_limit_value(limits, id);
    int64_t most = mode == MODE_LIVE ? row->live_most : row->most;
    char shown[DECIMAL_TEXT_SIZE], least_text[DECIMAL_TEXT_SIZE], most_text[DECIMAL_TEXT_SIZE];
    const char *what = "out of range";

    if (value >= row->least && value <= most)
        return ERR_OK;
    if (value == 0 && row->preset == NULL && mode != MODE_LIVE)
        return ERR_OK;
    if (value == 0)
        what = row->live_preset == NULL ? "not set" : "0 would be no limit";
    else if (value < 0)
        what = "negative";
    else if (value > most && most < row->most)
        what = "absurd for live trading";
    risk_limit_text(id, value, shown);
    risk_limit_text(id, row->least, least_text);
    risk_limit_text(id, most, most_text);
    snprintf(why, RISK_LIMITS_WHY_SIZE, "%s: %s: %s; allowed: %s..%s", row->option, shown, what, least_text,
             most_text);
    return ERR_CONFIG;
}

/* Pairs of which the first may not be above the second. */
static const enum risk_limit_id pairs[][2] = {
    {RISK_LIMIT_max_value_e8, RISK_LIMIT_max_position_value_e8},
    {RISK_LIMIT_max_position_value_e8, RISK_LIMIT_max_gross_value_e8},
    {RISK_LIMIT_msg_per_s, RISK_LIMIT_msg_per_min},
    {RISK_LIMIT_clock_warn_ms, RISK_LIMIT_clock_ms},
    {RISK_LIMIT_order_to_trade_warn, RISK_LIMIT_order_to_trade},
    {RISK_LIMIT_trade_loss_e8, RISK_LIMIT_trade_loss_symbol_e8},
    {RISK_LIMIT_trade_loss_symbol_e8, RISK_LIMIT_trade_loss_total_e8},
    {RISK_LIMIT_loss_streak, RISK_LIMIT_loss_streak_symbol},
    {RISK_LIMIT_loss_streak_symbol, RISK_LIMIT_loss_streak_total},
};

enum err risk_limits_check(const struct risk_limits *limits, enum trading_mode mode,
                           char why[RISK_LIMITS_WHY_SIZE])
{
    why[0] = '\0';
    for (int id = 0; id < RISK_LIMITS; id++)
        if (check_one(limits, mode, (enum risk_limit_id)id, why) != ERR_OK)
            return ERR_CONFIG;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (risk_limit_value(limits, pairs[i][0]) <= risk_limit_value(limits, pairs[i][1]))
            continue;
        snprintf(why, RISK_LIMITS_WHY_SIZE, "%s: may not be above %s", rows[pairs[i][0]].option,
                 rows[pairs[i][1]].option);
        return ERR_CONFIG;
    }
    return ERR_OK;
}

enum err risk_limits_change(struct risk_limits *limits, enum trading_mode mode, const char *option,
                            int64_t new_value, bool confirmed, struct risk_limit_change *change,
                            char why[RISK_LIMITS_WHY_SIZE])
{
    struct risk_limits changed = *limits;
    enum risk_limit_id id = risk_limit_find(option);
    char shown[DECIMAL_TEXT_SIZE];

    if (id == RISK_LIMITS) {
        snprintf(why, RISK_LIMITS_WHY_SIZE, "%.80s: no such limit", option);
        return ERR_NOT_FOUND;
    }
    *change = (struct risk_limit_change){
        .id = id, .old_value = risk_limit_value(limits, id), .new_value = new_value};
    change->loosens = rows[id].loosens_up ? new_value > change->old_value : new_value < change->old_value;
    if (id == RISK_LIMIT_max_qty_e8 && change->old_value == 0)
        change->loosens = true; /* it was max_value over the mid: who knows which of them is less */
    risk_limit_set(&changed, id, new_value);
    if (new_value <= 0 && change->old_value > 0) { /* unset is a start's choice, not a change's */
        risk_limit_text(id, new_value, shown);
        snprintf(why, RISK_LIMITS_WHY_SIZE, "%s: %s: a limit is above 0", rows[id].option, shown);
        return ERR_CONFIG;
    }
    if (risk_limits_check(&changed, mode, why) != ERR_OK)
        return ERR_CONFIG;
    if (change->loosens && !confirmed) {
        snprintf(why, RISK_LIMITS_WHY_SIZE, "%s: loosens; type its name to confirm", rows[id].option);
        return ERR_STATE;
    }
    *limits = changed;
    return ERR_OK;
}
