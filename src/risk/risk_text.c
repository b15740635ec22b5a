/* risk_text.c - the words of the gate: codes, their one-line help, and the text of a verdict. */
#include "core/base/decimal.h"
#include "risk/gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *risk_number_text(enum risk_unit unit, int64_t number, const struct instrument *instrument,
                             bool exact, char out[RISK_NUMBER_SIZE])
{
    static const char *const suffix[] = {
        [RISK_UNIT_NONE] = "",  [RISK_UNIT_COUNT] = "",    [RISK_UNIT_MONEY] = "", [RISK_UNIT_BASE] = "",
        [RISK_UNIT_LOTS] = "",  [RISK_UNIT_TICKS] = "",    [RISK_UNIT_MS] = " ms", [RISK_UNIT_S] = " s",
        [RISK_UNIT_BP] = " bp", [RISK_UNIT_PERCENT] = " %"};
    char text[DECIMAL_TEXT_SIZE];

    switch (unit) {
    case RISK_UNIT_MONEY:
        if (exact)
            decimal_format_trim(number, DECIMAL_E8_DIGITS, text);
        else
            decimal_format_fixed(number, DECIMAL_E8_DIGITS, 2, false, text);
        break;
    case RISK_UNIT_BASE:
        decimal_format_trim(number, DECIMAL_E8_DIGITS, text);
        break;
    case RISK_UNIT_LOTS:
        decimal_format_trim_i128((__int128)number * instrument->lot_e8, DECIMAL_E8_DIGITS, text);
        break;
    case RISK_UNIT_TICKS:
        decimal_format_trim_i128((__int128)number * instrument->tick_e8, DECIMAL_E8_DIGITS, text);
        break;
    case RISK_UNIT_COUNT:
    case RISK_UNIT_MS:
    case RISK_UNIT_S:
    case RISK_UNIT_BP:
    case RISK_UNIT_PERCENT:
    case RISK_UNIT_NONE:
        snprintf(text, sizeof text, "%" PRId64, number);
        break;
    }
    snprintf(out, RISK_NUMBER_SIZE, "%s%s", text, suffix[unit]);
    return out;
}

const char *risk_verdict_text(const struct risk_verdict *verdict, const struct instrument *instrument,
                              char *out, size_t out_size)
{
    char value[RISK_NUMBER_SIZE], limit[RISK_NUMBER_SIZE], left[RISK_NUMBER_SIZE];
    char adjusted[RISK_NUMBER_SIZE + 16] = "";
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
    risk_number_text(verdict->unit, verdict->value, instrument, false, value);
    risk_number_text(verdict->unit, verdict->limit, instrument, false, limit);
    if (verdict->unit == RISK_UNIT_MONEY &&
        strcmp(value, limit) == 0) { /* 1000.00 over 1000.00 tells nothing */
        risk_number_text(verdict->unit, verdict->value, instrument, true, value);
        risk_number_text(verdict->unit, verdict->limit, instrument, true, limit);
    }
    if (verdict->answer == RISK_ANSWER_ADJUSTED) {
        risk_number_text(RISK_UNIT_LOTS, verdict->qty_lots, instrument, true, left);
        snprintf(adjusted, sizeof adjusted, " cut to %s", left);
    }
    snprintf(out, out_size, "%s %s=%s %s=%s%s", word, verdict->name != NULL ? verdict->name : "value", value,
             verdict->bound != NULL ? verdict->bound : "limit", limit, adjusted);
    return out;
}
