/*
 * fuzz_config.c - configuration text of any bytes, against a table like the program's.
 *
 * Whatever comes: no crash, no hang; a refusal is one printable line that names the file and changes
 * nothing; what is accepted lies in its range, and a second load gives the same.
 */
#include "core/base/config.h"
#include "core/base/safe_text.h"

#include <stdlib.h>
#include <string.h>

#define E8 INT64_C(100000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct option table[] = {
    {"mode", OPTION_ENUM, NULL, 0, 0, "observation", "observation|simulation|live", "mode",
     "What may be sent"},
    {"venue", OPTION_ENUM, NULL, 0, 0, "binance-spot", "binance-spot|binance-usdm", "venue", "Where"},
    {"symbols", OPTION_LIST, NULL, 0, 50, "BTCUSDT", NULL, "symbol", "What to show"},
    {"headless", OPTION_BOOL, NULL, 0, 0, "false", NULL, "headless", "No screen"},
    {"data_dir", OPTION_TEXT, NULL, 0, 255, NULL, NULL, "data-dir", "Where state lives"},
    {"risk.max_value", OPTION_DECIMAL, "quote", E8 / 100, 1000000 * E8, "1000", NULL, NULL, "Of one order"},
    {"risk.max_position_value", OPTION_DECIMAL, "quote", E8, 10000000 * E8, "5000", NULL, NULL, "Worst case"},
    {"risk.max_orders", OPTION_INT, "orders", 1, 50, "10", NULL, NULL, "Open at a time"},
    {"risk.stale_ms", OPTION_INT, "ms", 10, 60000, "1000", NULL, NULL, "Oldest book"},
    {"risk.offset", OPTION_INT, NULL, 0, 0, "0", NULL, NULL, "Any number"},
    {"strategy.ofi.threshold", OPTION_RATIO, NULL, -E8, E8, "0.35", NULL, NULL, "Signal that acts"},
    {"strategy.ofi.half_life_ms", OPTION_INT, "ms", 1, 3600000, "5000", NULL, NULL, "Memory"},
    {"strategy.names", OPTION_LIST, NULL, 0, 0, "ofi", "ofi|manual|maker", NULL, "Switched on"},
    {"log.format", OPTION_ENUM, NULL, 0, 0, "text", "text|json", NULL, "Of the lines"},
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_message(const char *why)
{
    size_t size = strlen(why);

    require(size > 0 && size < CONFIG_WHY_SIZE);
    require(strncmp(why, "f.yaml:", 7) == 0);
    for (size_t at = 0; at < size;) {
        unsigned codepoint;

        at += safe_text_decode(why + at, size - at, &codepoint);
        /* a message cut at its bound may end inside a character, nothing else */
        require(safe_text_codepoint_columns(codepoint) >= 0 || size == CONFIG_WHY_SIZE - 1);
    }
}

static void check_values(const struct config *config)
{
    double threshold = config_ratio(config, "strategy.ofi.threshold");

    require(config_decimal_e8(config, "risk.max_value") >= E8 / 100);
    require(config_decimal_e8(config, "risk.max_value") <= 1000000 * E8);
    require(config_int(config, "risk.max_orders") >= 1 && config_int(config, "risk.max_orders") <= 50);
    require(threshold >= -1.0 && threshold <= 1.0);
    require(strlen(config_text(config, "data_dir")) <= 255);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const char *text = config_value_text(config, table[i].name);

        require(strlen(text) < CONFIG_TEXT_MAX);
        for (; *text != '\0'; text++)
            require((unsigned char)*text >= 0x20 && *text != 0x7f);
    }
}

static void check_unchanged(const struct config *config)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        require(config_source(config, table[i].name, NULL, NULL) == OPTION_FROM_DEFAULT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config *config, *again;
    char why[CONFIG_WHY_SIZE] = "";

    if (config == NULL) {
        config = config_new(table, TABLE_COUNT);
        again = config_new(table, TABLE_COUNT);
    }
    require(config_load_text(config, "", 0, "f.yaml", why) == ERR_OK);
    if (config_load_text(config, (const char *)data, size, "f.yaml", why) != ERR_OK) {
        check_message(why);
        check_unchanged(config);
        return 0;
    }
    check_values(config);
    require(config_load_text(again, (const char *)data, size, "f.yaml", why) == ERR_OK);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        require(strcmp(config_value_text(config, table[i].name), config_value_text(again, table[i].name)) ==
                0);
    return 0;
}
