#include "app/schedule_options.h"

#include "app/options.h"
#include "core/base/decimal.h"

#include <stdio.h>
#include <string.h>

typedef enum err add_fn(struct schedule *schedule, const char *text, char why[SCHEDULE_WHY_SIZE]);

static enum err add_items(struct schedule *schedule, const struct config *config, const char *name,
                          add_fn *add, char why[CONFIG_WHY_SIZE])
{
    char text[CONFIG_TEXT_MAX], what[SCHEDULE_WHY_SIZE];
    char *rest = text, *item;

    snprintf(text, sizeof text, "%s", config_text(config, name));
    while (text[0] != '\0' && (item = strsep(&rest, ",")) != NULL)
        if (add(schedule, item, what) != ERR_OK) {
            options_complain(config, name, what, why);
            return ERR_CONFIG;
        }
    return ERR_OK;
}

static double degrees(const struct config *config, const char *name)
{
    return (double)config_decimal_e8(config, name) / (double)DECIMAL_E8;
}

static enum err add_shabbat(struct schedule *schedule, const struct config *config, char why[CONFIG_WHY_SIZE])
{
    struct schedule_shabbat shabbat = {
        .latitude = degrees(config, "pause.shabbat.latitude"),
        .longitude = degrees(config, "pause.shabbat.longitude"),
        .before_sunset_min = (int)config_int(config, "pause.shabbat.before_sunset_min"),
        .night_degrees = degrees(config, "pause.shabbat.nightfall_degrees"),
        .after_sunset_min = (int)config_int(config, "pause.shabbat.nightfall_min"),
        .zone = config_text(config, "pause.shabbat.zone"),
    };
    char what[SCHEDULE_WHY_SIZE];

    if (!config_is_set(config, "pause.shabbat.latitude") ||
        !config_is_set(config, "pause.shabbat.longitude")) {
        options_complain(config, "pause.shabbat.on",
                         "needs pause.shabbat.latitude and pause.shabbat.longitude", why);
        return ERR_CONFIG;
    }
    if (schedule_set_shabbat(schedule, &shabbat, what) == ERR_OK)
        return ERR_OK;
    options_complain(config, shabbat.zone[0] != '\0' ? "pause.shabbat.zone" : "pause.shabbat.latitude", what,
                     why);
    return ERR_CONFIG;
}

enum err schedule_of_settings(struct schedule *schedule, const struct config *config,
                              char why[CONFIG_WHY_SIZE])
{
    enum err err;

    schedule_init(schedule);
    err = add_items(schedule, config, "pause.windows", schedule_add_window, why);
    if (err == ERR_OK)
        err = add_items(schedule, config, "pause.holidays", schedule_add_holiday, why);
    if (err == ERR_OK && config_bool(config, "pause.shabbat.on"))
        err = add_shabbat(schedule, config, why);
    return err;
}
