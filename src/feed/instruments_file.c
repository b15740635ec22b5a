#include "feed/instruments_file.h"

#include "core/base/decimal.h"
#include "core/base/yaml_map.h"
#include "feed/exchange_info.h"

#include <stdio.h>
#include <string.h>

/* What the walk has found so far; the caller's array is filled in place, its count last. */
struct walk {
    struct instrument *out;
    size_t max, count;
    const char *file_name;
};

static bool venue_parse(const char *text, size_t size, enum venue *venue)
{
    static const enum venue venues[] = {VENUE_BINANCE_SPOT, VENUE_BINANCE_USDM, VENUE_BINANCE_COINM};

    for (size_t i = 0; i < sizeof(venues) / sizeof(venues[0]); i++) {
        if (strlen(venue_name(venues[i])) == size && memcmp(venue_name(venues[i]), text, size) == 0) {
            *venue = venues[i];
            return true;
        }
    }
    return false;
}

static enum err refuse(const struct walk *walk, int line, int column, const char *what, char *why,
                       size_t why_size)
{
    snprintf(why, why_size, "%s:%d:%d: %s", walk->file_name, line, column, what);
    return ERR_CONFIG;
}

/* The entry of symbol and venue; a new one when there is none yet. NULL: no room. */
static struct instrument *entry_of(struct walk *walk, const char *symbol, enum venue venue)
{
    for (size_t i = 0; i < walk->count; i++)
        if (walk->out[i].venue == venue && strcmp(walk->out[i].symbol, symbol) == 0)
            return &walk->out[i];
    if (walk->count == walk->max)
        return NULL;
    instrument_init(&walk->out[walk->count], symbol, venue, 0);
    walk->out[walk->count].step_source = STEP_CONFIG;
    return &walk->out[walk->count++];
}

/* Path "venue.symbol.tick" or "venue.symbol.lot" -> one step. */
static enum err visit(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size)
{
    struct walk *walk = arg;
    const char *first = strchr(scalar->path, '.');
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    char symbol[SYMBOL_SIZE] = "";
    struct instrument *entry;
    enum venue venue;
    bool is_tick;
    int64_t step_e8;

    if (second == NULL || scalar->in_sequence)
        return refuse(walk, scalar->key_line, scalar->key_column,
                      "expected venue: {SYMBOL: {tick: \"0.01\", lot: \"0.00001\"}}", why, why_size);
    if (!venue_parse(scalar->path, (size_t)(first - scalar->path), &venue))
        return refuse(walk, scalar->key_line, scalar->key_column,
                      "venue is not binance-spot, binance-usdm or binance-coinm", why, why_size);
    if (!symbol_is_valid(first + 1, (size_t)(second - first - 1)))
        return refuse(walk, scalar->key_line, scalar->key_column,
                      "symbol is not upper-case letters, digits and _, at most 23", why, why_size);
    is_tick = strcmp(second + 1, "tick") == 0;
    if (!is_tick && strcmp(second + 1, "lot") != 0)
        return refuse(walk, scalar->key_line, scalar->key_column, "key is not tick or lot", why, why_size);
    if (decimal_parse(scalar->value, scalar->value_size, DECIMAL_E8_DIGITS, &step_e8) != ERR_OK ||
        step_e8 <= 0)
        return refuse(walk, scalar->line, scalar->column,
                      "step is not a decimal above 0 with at most 8 places", why, why_size);

    memcpy(symbol, first + 1, (size_t)(second - first - 1));
    entry = entry_of(walk, symbol, venue);
    if (entry == NULL)
        return refuse(walk, scalar->key_line, scalar->key_column, "more instruments than there is room for",
                      why, why_size);
    if (is_tick)
        entry->tick_e8 = step_e8;
    else
        entry->lot_e8 = step_e8;
    return ERR_OK;
}

enum err instruments_file_parse(const char *text, size_t size, const char *file_name, struct instrument *out,
                                size_t max, size_t *count, char *why, size_t why_size)
{
    struct walk walk = {out, max, 0, file_name};
    enum err err = yaml_walk(text, size, file_name, visit, &walk, why, why_size);

    if (err != ERR_OK)
        return err;
    for (size_t i = 0; i < walk.count; i++) {
        if (out[i].tick_e8 == 0 || out[i].lot_e8 == 0) {
            snprintf(why, why_size, "%s: %s of %s needs both tick and lot", file_name, out[i].symbol,
                     venue_name(out[i].venue));
            return ERR_CONFIG;
        }
    }
    *count = walk.count;
    return ERR_OK;
}
