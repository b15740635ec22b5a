#include "exec/trade_ids.h"

#include <string.h>

#define CELL_MASK (TRADE_IDS_CELLS - 1)

_Static_assert((TRADE_IDS_CELLS & CELL_MASK) == 0, "a mask finds the cell");
_Static_assert(TRADE_IDS_MAX < UINT16_MAX, "a cell holds an index");

static struct trade_id_key key_of(const struct order_event *ev)
{
    return (struct trade_id_key){
        .trade_id = ev->fill.trade_id, .order_seq = ev->order_seq, .instrument_id = ev->fill.instrument_id};
}

static bool same(const struct trade_id_key *a, const struct trade_id_key *b)
{
    return a->trade_id == b->trade_id && a->order_seq == b->order_seq && a->instrument_id == b->instrument_id;
}

/* Trade ids of a venue follow each other: the multiplication spreads them (Fibonacci hashing). */
static uint32_t home_of(const struct trade_id_key *key)
{
    uint64_t mixed = (key->trade_id ^ (key->order_seq << 20) ^ ((uint64_t)key->instrument_id << 48)) *
                     UINT64_C(0x9e3779b97f4a7c15);

    return (uint32_t)(mixed >> 40) & CELL_MASK;
}

/* The cell that holds the key, or the free one where it would go. */
static uint32_t find_cell(const struct trade_ids *ids, const struct trade_id_key *key)
{
    uint32_t at = home_of(key);

    while (ids->cell[at] != 0 && !same(&ids->key[ids->cell[at] - 1], key))
        at = (at + 1) & CELL_MASK;
    return at;
}

/* Empties the cell and moves those behind it up that may stand there, so that no search stops too soon. */
static void free_cell(struct trade_ids *ids, uint32_t hole)
{
    ids->cell[hole] = 0;
    for (uint32_t at = (hole + 1) & CELL_MASK; ids->cell[at] != 0; at = (at + 1) & CELL_MASK) {
        uint32_t home = home_of(&ids->key[ids->cell[at] - 1]);

        if (((at - home) & CELL_MASK) < ((at - hole) & CELL_MASK))
            continue;
        ids->cell[hole] = ids->cell[at];
        ids->cell[at] = 0;
        hole = at;
    }
}

void trade_ids_init(struct trade_ids *ids)
{
    memset(ids, 0, sizeof *ids);
}

bool trade_ids_known(const struct trade_ids *ids, const struct order_event *ev)
{
    struct trade_id_key key = key_of(ev);

    return ev->fill.trade_id != 0 && ids->cell[find_cell(ids, &key)] != 0;
}

void trade_ids_remember(struct trade_ids *ids, const struct order_event *ev)
{
    struct trade_id_key key = key_of(ev);

    if (ev->fill.trade_id == 0)
        return;
    if (ids->count == TRADE_IDS_MAX)
        free_cell(ids, find_cell(ids, &ids->key[ids->next]));
    else
        ids->count++;
    ids->key[ids->next] = key;
    ids->cell[find_cell(ids, &key)] = (uint16_t)(ids->next + 1);
    ids->next = (ids->next + 1) % TRADE_IDS_MAX;
}
