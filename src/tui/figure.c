#include "tui/figure.h"

#include "core/base/decimal.h"
#include "tui/number_text.h"

#include <string.h>

#define SHOWN_MAX 40 /* bytes of what was typed that a line repeats */

bool figure_is_number(const char *text, size_t text_size)
{
    int64_t value;

    return decimal_parse(text, text_size, 0, &value) != ERR_BAD_DATA;
}

bool figure_parse(const char *text, size_t text_size, unsigned places, bool positive, int64_t *out, char *why,
                  size_t why_size)
{
    int shown = (int)(text_size < SHOWN_MAX ? text_size : SHOWN_MAX);
    char most[DECIMAL_TEXT_SIZE];
    int64_t value;
    enum err err = decimal_parse(text, text_size, places, &value);

    if (err == ERR_OK && (!positive || value > 0)) {
        *out = value;
        return true;
    }
    if (err != ERR_BAD_DATA && positive && (err == ERR_OK || text[0] == '-')) {
        text_print(why, why_size, "`%.*s` is not above 0", shown, text);
    } else if (err == ERR_OVERFLOW) {
        decimal_format_trim(INT64_MAX, places, most);
        most[strcspn(most, ".")] = '\0';
        text_print(why, why_size, "`%.*s` is too %s%s", shown, text,
                   text[0] == '-' ? "small: at least -" : "big: at most ", most);
    } else if (err == ERR_TOO_LONG && places > 0) {
        text_print(why, why_size, "`%.*s` has too many decimals: at most %u", shown, text, places);
    } else {
        text_print(why, why_size, "`%.*s` is no %s", shown, text,
                   places == 0 ? "whole number, like 500" : "number, like 0.025");
    }
    return false;
}
