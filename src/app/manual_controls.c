#include "app/manual_controls.h"

#include "app/roff.h"
#include "risk/gate.h"
#include "risk/limits.h"

#include <stddef.h>
#include <string.h>

#define ROW "%-15s %-8s %-29s %-13s %s\n"

/* "1000 quote"; what has no preset is worked out from others. */
static const char *preset_text(const struct risk_limit *limit, char *out, size_t out_size)
{
    if (limit->preset == NULL)
        snprintf(out, out_size, "unset");
    else
        snprintf(out, out_size, "%s %s", limit->preset, limit->word);
    return out;
}

/* "MAX_VALUE: value of one order" without its control's word, which stands beside it. */
static const char *limit_help(const struct risk_limit *limit)
{
    const char *colon = strstr(limit->help, ": ");

    return colon == NULL ? limit->help : colon + 2;
}

void manual_controls(FILE *out)
{
    char preset[40];

    fprintf(out, ROW, "control", "place", "option", "default", "what it does");
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        fprintf(out, ROW, risk_code_word((enum risk_code)code),
                risk_place_word(risk_code_place((enum risk_code)code)), "-", "-",
                risk_code_help((enum risk_code)code));
        for (int id = 0; id < RISK_LIMITS; id++) {
            const struct risk_limit *limit = risk_limit_row((enum risk_limit_id)id);

            if (limit->code == code)
                fprintf(out, ROW, "", "", limit->option, preset_text(limit, preset, sizeof(preset)),
                        limit_help(limit));
        }
    }
    fputs("\ngate: judges each order before it leaves. monitor: watches over time, then the gate stops "
          "orders.\n"
          "process: looks after the program as a whole. Defaults are of simulation.\n",
          out);
}

void manual_controls_roff(FILE *out)
{
    char preset[40], text[256];

    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        roff_item(risk_code_word((enum risk_code)code),
                  risk_place_word(risk_code_place((enum risk_code)code)),
                  risk_code_help((enum risk_code)code), out);
        for (int id = 0; id < RISK_LIMITS; id++) {
            const struct risk_limit *limit = risk_limit_row((enum risk_limit_id)id);

            if (limit->code != code)
                continue;
            fputs(".br\n", out);
            snprintf(text, sizeof(text), "%s (%s): %s", limit->option,
                     preset_text(limit, preset, sizeof(preset)), limit_help(limit));
            roff(text, out);
            fputc('\n', out);
        }
    }
}
