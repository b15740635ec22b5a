/*
 * limits.h - the limits of the controls: where they come from, what is absurd, how one is changed. Pure.
 *
 * One row of limit_list.h for each. 0 is never "no limit": a control whose limit is 0 lets nothing through.
 */
#ifndef RISK_LIMITS_H
#define RISK_LIMITS_H

#include "core/base/decimal.h"
#include "core/base/err.h"
#include "core/domain/trading_state.h"
#include "risk/limit_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RISK_LIMITS_WHY_SIZE 256
#define RISK_STALE_MOST_MS   10000 /* no book older than this prices anything, however slow its market is */

struct risk_limits {
#define RISK_LIMIT_FIELD(field, ...) int64_t field;
    RISK_LIMIT_LIST(RISK_LIMIT_FIELD)
#undef RISK_LIMIT_FIELD
    int64_t fee_taker_ppm, fee_maker_ppm; /* not limits, but BALANCE needs them: millionths, 1000 = 0.1 % */
};

enum risk_limit_id {
#define RISK_LIMIT_ID(field, ...) RISK_LIMIT_##field,
    RISK_LIMIT_LIST(RISK_LIMIT_ID)
#undef RISK_LIMIT_ID
        RISK_LIMITS
};

/* Unit of a number: how a text writes it. */
enum risk_unit {
    RISK_UNIT_NONE, /* no numbers: a name says it all */
    RISK_UNIT_COUNT,
    RISK_UNIT_MONEY, /* e8 of the quote */
    RISK_UNIT_BASE,  /* e8 of the base */
    RISK_UNIT_LOTS,
    RISK_UNIT_TICKS,
    RISK_UNIT_MS,
    RISK_UNIT_S,
    RISK_UNIT_BP,
    RISK_UNIT_PERCENT
};

struct risk_limit {
    const char *option; /* "risk.max_value" */
    const char *help;
    const char *word;                 /* of its unit, as the option's: "quote", "ms" */
    const char *preset, *live_preset; /* text; NULL: must be set */
    int code;                         /* enum risk_code that it belongs to */
    enum risk_unit unit;
    bool decimal; /* in e8 */
    bool loosens_up;
    int64_t least, most, live_most; /* of the field */
    size_t offset;                  /* of the field */
};

/* id < RISK_LIMITS */
const struct risk_limit *risk_limit_row(enum risk_limit_id id);
/* RISK_LIMITS when no limit has that option's name. */
enum risk_limit_id risk_limit_find(const char *option);
int64_t risk_limit_value(const struct risk_limits *limits, enum risk_limit_id id);
void risk_limit_set(struct risk_limits *limits, enum risk_limit_id id, int64_t value);

/* Every limit at the preset of the mode; what has none is 0, fees too. */
void risk_limits_init(struct risk_limits *limits, enum trading_mode mode);

/*
 * May a start in that mode trust them? ERR_CONFIG and one line naming the option: missing, zero, negative, out
 * of range, absurd (live), or two that contradict each other.
 */
enum err risk_limits_check(const struct risk_limits *limits, enum trading_mode mode,
                           char why[RISK_LIMITS_WHY_SIZE]);

struct risk_limit_change {
    enum risk_limit_id id;
    int64_t old_value, new_value;
    bool loosens; /* more would pass than before: needs a typed confirmation */
};

/*
 * One limit at run time, for the event loop that owns *limits: all or nothing. Looser without `confirmed` is
 * ERR_STATE, a value that risk_limits_check() refuses ERR_CONFIG, an unknown option ERR_NOT_FOUND; then *limits
 * stays and why says why. *change is filled whenever the option is known: old -> new for the audit line.
 */
enum err risk_limits_change(struct risk_limits *limits, enum trading_mode mode, const char *option,
                            int64_t new_value, bool confirmed, struct risk_limit_change *change,
                            char why[RISK_LIMITS_WHY_SIZE]);
/* "1000", "0.5": as the option is written. */
void risk_limit_text(enum risk_limit_id id, int64_t value, char out[DECIMAL_TEXT_SIZE]);
/* From such a text. ERR_BAD_DATA, ERR_TOO_LONG, ERR_OVERFLOW as decimal_parse(). */
enum err risk_limit_parse(enum risk_limit_id id, const char *text, int64_t *out);

#endif
