#include "plugin/plugin_setting.h"

#include "core/base/safe_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool take(const char *text, size_t size, char *out, size_t out_size)
{
    if (size == 0 || size >= out_size)
        return false;
    memcpy(out, text, size);
    out[size] = '\0';
    return true;
}

enum err plugin_setting_read(const char *item, struct plugin_setting_words *out, char *why, size_t why_size)
{
    size_t strategy_size = strcspn(item, ".=");
    const char *name = item[strategy_size] == '.' ? item + strategy_size + 1 : "";
    size_t name_size = strcspn(name, "=");
    const char *value = name[name_size] == '=' ? name + name_size + 1 : "";
    char shown[PLUGIN_VALUE_SIZE];

    if (take(item, strategy_size, out->strategy, sizeof(out->strategy)) &&
        take(name, name_size, out->name, sizeof(out->name)) &&
        take(value, strlen(value), out->value, sizeof(out->value)))
        return ERR_OK;
    safe_text(item, strlen(item), shown, sizeof(shown));
    snprintf(why, why_size, "'%s' is not STRATEGY.PARAMETER=VALUE", shown);
    return ERR_CONFIG;
}
