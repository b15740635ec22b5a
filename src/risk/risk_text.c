/* risk_text.c - the words of the gate: codes, their one-line help, and the text of a verdict. */
#include "core/base/decimal.h"
#include "risk/gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    const char *help;
} words[RISK_CODES] = {
    [RISK_PASS] = {"PASS", "every control passed"},
    [RISK_KILL] = {"KILL", "nothing leaves but cancels and the one flatten the operator asks for; latched"},
    [RISK_MODE] = {"MODE", "observation sends no order"},
    [RISK_HALTED] = {"HALTED", "cancels only, until go"},
    [RISK_PAUSED] = {"PAUSED", "strategies send nothing; the trader's own orders work on"},
    [RISK_REDUCING] = {"REDUCING", "only orders that make a position smaller"},
    [RISK_SYMBOL_STATE] = {"SYMBOL_STATE",
                           "instrument known, its steps known, traded here, venue says TRADING"},
    [RISK_STALE_BOOK] = {"STALE_BOOK", "book LIVE, not crossed, both sides there, young enough"},
    [RISK_FILTER] = {"FILTER", "the venue's bounds of price, quantity and order value"},
    [RISK_MAX_QTY] = {"MAX_QTY", "largest quantity of one order"},
    [RISK_MAX_VALUE] = {"MAX_VALUE", "largest value of one order"},
    [RISK_COLLAR] = {"COLLAR", "distance of the price from mid, last trade or touch"},
    [RISK_MAX_POS] = {"MAX_POS", "position of one instrument if every open order filled"},
    [RISK_MAX_GROSS] = {"MAX_GROSS", "positions and open orders of all instruments"},
    [RISK_MAX_OPEN_VALUE] = {"MAX_OPEN_VALUE", "value of open orders of one instrument"},
    [RISK_MAX_OPEN_N] = {"MAX_OPEN_N", "number of open orders, of one instrument and in all"},
    [RISK_MSG_RATE] = {"MSG_RATE", "messages in any second and any minute"},
    [RISK_DUPLICATE] = {"DUPLICATE", "the same order again too soon"},
    [RISK_SELF_TRADE] = {"SELF_TRADE", "no order may meet our own on the other side"},
    [RISK_BALANCE] = {"BALANCE", "free cash or held quantity; futures: exposure covered by equity"},
    [RISK_DAILY_LOSS] = {"DAILY_LOSS", "loss since 00:00 UTC"},
    [RISK_DRAWDOWN] = {"DRAWDOWN", "loss from the highest equity"},
    [RISK_REDUCE_ONLY] = {"REDUCE_ONLY", "an order marked so may not make a position larger"},
};

const char *risk_code_word(enum risk_code code)
{
    return (unsigned)code < RISK_CODES ? words[code].word : "UNKNOWN";
}

const char *risk_code_help(enum risk_code code)
{
    return (unsigned)code < RISK_CODES ? words[code].help : "not a code of this build";
}

/* All digits of `exact`, or two places for money: "1236.84". */
static void number_text(enum risk_unit unit, int64_t number, const struct instrument *instrument, bool exact,
                        char out[DECIMAL_TEXT_SIZE + 4])
{
    char text[DECIMAL_TEXT_SIZE];

    switch (unit) {
    case RISK_UNIT_MONEY:
        if (exact)
            decimal_format_trim(number, DECIMAL_E8_DIGITS, text);
        else
            decimal_format_fixed(number, DECIMAL_E8_DIGITS, 2, false, text);
        break;
    case RISK_UNIT_LOTS:
        decimal_format_trim_i128((__int128)number * instrument->lot_e8, DECIMAL_E8_DIGITS, text);
        break;
    case RISK_UNIT_TICKS:
        decimal_format_trim_i128((__int128)number * instrument->tick_e8, DECIMAL_E8_DIGITS, text);
        break;
    case RISK_UNIT_COUNT:
    case RISK_UNIT_MS:
    case RISK_UNIT_BP:
    case RISK_UNIT_NONE:
        snprintf(text, sizeof text, "%" PRId64, number);
        break;
    }
    snprintf(out, DECIMAL_TEXT_SIZE + 4, "%s%s", text,
             unit == RISK_UNIT_MS ? " ms" : (unit == RISK_UNIT_BP ? " bp" : ""));
}

const char *risk_verdict_text(const struct risk_verdict *verdict, const struct instrument *instrument,
                              char *out, size_t out_size)
{
    char value[DECIMAL_TEXT_SIZE + 4], limit[DECIMAL_TEXT_SIZE + 4], left[DECIMAL_TEXT_SIZE + 4];
    char adjusted[DECIMAL_TEXT_SIZE + 16] = "";
    const char *word = risk_code_word(verdict->code);

    if (verdict->answer == RISK_ANSWER_PASSED) {
        snprintf(out, out_size, "pass");
        return out;
    }
    if (verdict->unit == RISK_UNIT_NONE) {
        snprintf(out, out_size, "%s%s%s", word, verdict->name != NULL ? " " : "",
                 verdict->name != NULL ? verdict->name : "");
        return out;
    }
    number_text(verdict->unit, verdict->value, instrument, false, value);
    number_text(verdict->unit, verdict->limit, instrument, false, limit);
    if (verdict->unit == RISK_UNIT_MONEY &&
        strcmp(value, limit) == 0) { /* 1000.00 over 1000.00 tells nothing */
        number_text(verdict->unit, verdict->value, instrument, true, value);
        number_text(verdict->unit, verdict->limit, instrument, true, limit);
    }
    if (verdict->answer == RISK_ANSWER_ADJUSTED) {
        number_text(RISK_UNIT_LOTS, verdict->qty_lots, instrument, true, left);
        snprintf(adjusted, sizeof adjusted, " cut to %s", left);
    }
    snprintf(out, out_size, "%s %s=%s %s=%s%s", word, verdict->name != NULL ? verdict->name : "value", value,
             verdict->bound != NULL ? verdict->bound : "limit", limit, adjusted);
    return out;
}
