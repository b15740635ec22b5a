#include "feed/instrument_table.h"

#include <assert.h>
#include <string.h>

_Static_assert(SYMBOL_SIZE == 24, "a key is three words");
_Static_assert(INSTRUMENTS_MAX < UINT8_MAX, "a slot is a byte");

struct symbol_key {
    uint64_t word[3]; /* the symbol, zeros behind it */
};

static inline uint64_t load_head(const char *text, size_t size)
{
    uint64_t word;

    memcpy(&word, text, sizeof(word));
    return size >= 8 ? word : word & ((UINT64_C(1) << (8 * size)) - 1);
}

static inline struct symbol_key key_of(struct wire_text symbol)
{
    struct symbol_key key = {{0, 0, 0}};

    key.word[0] = load_head(symbol.at, symbol.size);
    if (symbol.size > 8)
        key.word[1] = load_head(symbol.at + 8, symbol.size - 8);
    if (symbol.size > 16)
        key.word[2] = load_head(symbol.at + 16, symbol.size - 16);
    return key;
}

static inline bool has_key(const struct feed_instrument *item, const struct symbol_key *key)
{
    struct symbol_key own;

    memcpy(&own, item->info.symbol, sizeof(own));
    return own.word[0] == key->word[0] && own.word[1] == key->word[1] && own.word[2] == key->word[2];
}

static inline size_t slot_of(const struct symbol_key *key, enum wire_market market)
{
    uint64_t mixed = key->word[0] ^ (key->word[1] << 7) ^ (key->word[2] << 13) ^ (uint64_t)market;

    return (size_t)((mixed * UINT64_C(0x9E3779B97F4A7C15)) >> 56);
}

struct feed_instrument *instrument_table_find(struct instrument_table *table, struct wire_text symbol,
                                              enum wire_market market)
{
    struct symbol_key key;

    if (symbol.size == 0 || symbol.size >= SYMBOL_SIZE)
        return NULL;
    key = key_of(symbol);
    for (size_t at = slot_of(&key, market); table->slot[at] != 0; at = (at + 1) % INSTRUMENT_TABLE_SLOTS) {
        struct feed_instrument *item = &table->item[table->slot[at] - 1];

        if (item->market == market && has_key(item, &key))
            return item;
    }
    return NULL;
}

struct feed_instrument *instrument_table_add(struct instrument_table *table, const char *symbol,
                                             enum wire_market market, enum venue venue)
{
    char padded[SYMBOL_SIZE] = "";
    struct feed_instrument *item;
    struct symbol_key key;
    size_t at;

    if (table->count == INSTRUMENTS_MAX)
        return NULL;
    assert(strlen(symbol) < SYMBOL_SIZE);
    memcpy(padded, symbol, strlen(symbol) + 1);
    item = &table->item[table->count];
    memset(item, 0, sizeof(*item));
    instrument_init(&item->info, padded, venue, (uint16_t)table->count);
    item->market = market;
    key = key_of((struct wire_text){padded, strlen(padded)});
    for (at = slot_of(&key, market); table->slot[at] != 0;)
        at = (at + 1) % INSTRUMENT_TABLE_SLOTS;
    table->slot[at] = (uint8_t)++table->count;
    return item;
}
