/* options_check.c - what a start and check-config ask of the settings, one after another. See options.h. */
#include "app/key_options.h"
#include "app/options.h"
#include "app/options_parts.h"
#include "app/paths.h"
#include "app/schedule_options.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/saved_layout.h"
#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEARTBEAT_LEAST_MS 2000
#define ORDER_SIZES        5

static enum err check_fees(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    static const char *const names[] = {"fees.maker", "fees.taker"};

    for (size_t i = 0; i < 2; i++)
        if (config_decimal_e8(config, names[i]) % 100 != 0) {
            options_complain(config, names[i], "has more than six decimals", why);
            return ERR_CONFIG;
        }
    return ERR_OK;
}

static enum err check_heartbeat(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    int64_t ms = config_int(config, "deadman.heartbeat_ms");

    if (ms <= 0 || ms >= HEARTBEAT_LEAST_MS)
        return ERR_OK;
    options_complain(config, "deadman.heartbeat_ms",
                     "is below 2000: an engine without work turns once a second", why);
    return ERR_CONFIG;
}

static enum err check_ofi(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    if (config_decimal_e8(config, "strategy.ofi.exit") <= config_decimal_e8(config, "strategy.ofi.threshold"))
        return ERR_OK;
    options_complain(config, "strategy.ofi.exit", "may not be above strategy.ofi.threshold", why);
    return ERR_CONFIG;
}

/* The first of them; each again in the table of all. */
enum err options_check_figures(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    enum err err = check_fees(config, why);

    if (err == ERR_OK)
        err = check_heartbeat(config, why);
    return err == ERR_OK ? check_ofi(config, why) : err;
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

/* The limits come first: whoever means to trade live learns what is missing before there is a gateway. */
static enum err refuse_live(const struct config *config, const struct pipeline_config *made,
                            char why[CONFIG_WHY_SIZE])
{
    if (made->mode != MODE_LIVE)
        return ERR_OK;
    if (config_text(config, "symbols")[0] == '\0') {
        options_complain(config, "symbols", "not set: live trades what is named, nothing else", why);
        return ERR_CONFIG;
    }
    options_complain(
        config, "mode",
        "the limits are fit for live, but live needs a live venue: not in this version; allowed: "
        "observation, simulation",
        why);
    return ERR_CONFIG;
}

static enum err check_layouts(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct saved_layout layout[SAVED_LAYOUTS_MAX];
    const char *start = config_text(config, "layout.start");
    char said[SAVED_LAYOUT_WHY];
    int count = saved_layouts_parse(config_text(config, "layout.saved"), layout, said);
    bool found = start[0] == '\0';

    if (count < 0) {
        options_complain(config, "layout.saved", said, why);
        return ERR_CONFIG;
    }
    for (int i = 0; i < count && !found; i++)
        found = strcmp(layout[i].name, start) == 0;
    if (found)
        return ERR_OK;
    snprintf(said, sizeof(said), "'%.40s' is none of layout.saved", start);
    options_complain(config, "layout.start", said, why);
    return ERR_CONFIG;
}

/* A word that a locked screen cannot be given would lock it for good. */
static enum err check_lock_word(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    const char *word = config_text(config, "screen.lock_word");

    for (const char *at = word; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || *at == 'K') {
            options_complain(config, "screen.lock_word",
                             "must be plain letters, figures and signs, without blanks and without a K", why);
            return ERR_CONFIG;
        }
    return ERR_OK;
}

static enum err check_keys(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct keymap keys;

    return key_options_read(config, &keys, why);
}

static enum err check_theme(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    char said[THEME_WHY_SIZE], path[PATH_TEXT_MAX];
    struct theme theme;

    if (theme_load(paths_theme(config_text(config, "theme"), path), &theme, said) == ERR_OK)
        return ERR_OK;
    options_complain(config, "theme", said, why);
    return ERR_CONFIG;
}

/* With the limits, and those before it once more: an engine is built by it alone. */
static enum err check_pipeline(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct pipeline_config made;

    return options_read_pipeline(config, &made, why);
}

enum err options_check_all(const struct config *config, struct config_faults *faults)
{
    static enum err (*const check[])(const struct config *, char *) = {
        check_fees,      check_heartbeat, check_ofi,     check_pipeline, check_symbols, check_sizes,
        check_lock_word, check_schedule,  check_layouts, check_keys,     check_theme,
    };
    struct pipeline_config made;
    char why[CONFIG_WHY_SIZE];
    enum err first = ERR_OK;

    for (size_t i = 0; i < sizeof(check) / sizeof(check[0]); i++) {
        enum err err = check[i](config, why);

        if (err != ERR_OK)
            config_faults_add(faults, why);
        if (first == ERR_OK)
            first = err;
    }
    if (first != ERR_OK || options_read_pipeline(config, &made, why) != ERR_OK)
        return first;
    first = refuse_live(config, &made, why);
    if (first != ERR_OK)
        config_faults_add(faults, why);
    return first;
}

enum err options_check(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct config_faults *faults = calloc(1, sizeof *faults);
    enum err err = ERR_MEMORY;

    snprintf(why, CONFIG_WHY_SIZE, "out of memory");
    if (faults != NULL)
        err = options_check_all(config, faults);
    if (faults != NULL && err != ERR_OK)
        snprintf(why, CONFIG_WHY_SIZE, "%s", faults->why[0]);
    free(faults);
    return err;
}
