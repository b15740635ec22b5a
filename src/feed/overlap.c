#include "feed/overlap.h"

#include "feed/decoder.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 1, TRADES = 2, QUOTES = 4, MARKS = 8, LIQUIDATIONS = 16, ALL = 31 };

void overlap_init(struct overlap *overlap, bool futures)
{
    memset(overlap, 0, sizeof(*overlap));
    overlap->futures = futures;
}

void overlap_begin(struct overlap *overlap, bool depth_wanted)
{
    overlap->active = true;
    overlap->repeats = 0;
    overlap->depth_wanted = depth_wanted;
    overlap->depth_switched = overlap->depth_came = overlap->trades_joined = false;
    overlap->trade_ahead = 0;
}

void overlap_end(struct overlap *overlap)
{
    overlap->active = false;
    overlap->repeats = ALL;
}

void overlap_lost(struct overlap *overlap)
{
    overlap->active = false;
    overlap->repeats = 0;
}

/* With one connection: is it a repetition? The first that is none ends that. */
static enum overlap_choice alone(struct overlap *overlap, unsigned kind, bool old_news)
{
    if (old_news && (overlap->repeats & kind) != 0)
        return OVERLAP_DROP;
    overlap->repeats &= ~kind;
    return OVERLAP_TAKE;
}

bool overlap_force(struct overlap *overlap)
{
    bool torn = overlap->depth_wanted && !overlap->depth_switched && overlap->depth_came;

    overlap->depth_switched = overlap->trades_joined = true;
    return torn;
}

bool overlap_settled(const struct overlap *overlap)
{
    return (!overlap->depth_wanted || overlap->depth_switched) && overlap->trade_last >= overlap->trade_ahead;
}

/* --- depth -------------------------------------------------------------------------------------------------- */

static enum overlap_choice take_depth(struct overlap *overlap, const struct depth_update *update)
{
    overlap->depth_last = update->last_id;
    overlap->recent[overlap->recent_next] = update->last_id;
    overlap->recent_next = (overlap->recent_next + 1) % OVERLAP_RECENT;
    return OVERLAP_TAKE;
}

static bool connects(const struct overlap *overlap, const struct depth_update *update)
{
    if (overlap->depth_last == 0)
        return true;
    if (!overlap->futures)
        return update->first_id <= overlap->depth_last + 1;
    if (update->has_prev_id && update->prev_id == overlap->depth_last)
        return true;
    for (size_t i = 0; i < OVERLAP_RECENT; i++)
        if (overlap->recent[i] == update->last_id)
            return true;
    return false;
}

enum overlap_choice overlap_depth(struct overlap *overlap, bool from_new, const struct depth_update *update)
{
    bool old_news = update->last_id <= overlap->depth_last;

    if (!overlap->active)
        return alone(overlap, DEPTH, old_news) == OVERLAP_DROP ? OVERLAP_DROP : take_depth(overlap, update);
    if (!from_new) {
        overlap->depth_came = true;
        return overlap->depth_switched || old_news ? OVERLAP_DROP : take_depth(overlap, update);
    }
    if (!overlap->depth_switched && !connects(overlap, update))
        return old_news ? OVERLAP_DROP : OVERLAP_HOLD;
    overlap->depth_switched = true;
    return old_news ? OVERLAP_DROP : take_depth(overlap, update);
}

/* --- the rest ----------------------------------------------------------------------------------------------- */

enum overlap_choice overlap_trade(struct overlap *overlap, bool from_new, uint64_t id)
{
    if (!overlap->active) {
        if (alone(overlap, TRADES, id <= overlap->trade_last) == OVERLAP_DROP)
            return OVERLAP_DROP;
        overlap->trade_last = id;
        return OVERLAP_TAKE;
    }
    if (from_new && (overlap->trade_last == 0 || id <= overlap->trade_last + 1))
        overlap->trades_joined = true;
    if (from_new && !overlap->trades_joined) { /* what lies between is still to come by the old one */
        if (id > overlap->trade_ahead)
            overlap->trade_ahead = id;
        return OVERLAP_HOLD;
    }
    if (id <= overlap->trade_last)
        return OVERLAP_DROP;
    overlap->trade_last = id;
    return OVERLAP_TAKE;
}

static bool repeats(struct overlap *overlap, unsigned kind, bool old_news)
{
    return overlap->active ? old_news : alone(overlap, kind, old_news) == OVERLAP_DROP;
}

enum overlap_choice overlap_quote(struct overlap *overlap, uint64_t update_id)
{
    if (repeats(overlap, QUOTES, update_id <= overlap->quote_last))
        return OVERLAP_DROP;
    overlap->quote_last = update_id;
    return OVERLAP_TAKE;
}

enum overlap_choice overlap_mark(struct overlap *overlap, int64_t venue_ms)
{
    if (repeats(overlap, MARKS, venue_ms <= overlap->mark_last_ms))
        return OVERLAP_DROP;
    overlap->mark_last_ms = venue_ms;
    return OVERLAP_TAKE;
}

enum overlap_choice overlap_liquidation(struct overlap *overlap, int64_t venue_ms)
{
    if (repeats(overlap, LIQUIDATIONS, venue_ms <= overlap->liquidation_last_ms))
        return OVERLAP_DROP;
    overlap->liquidation_last_ms = venue_ms;
    return OVERLAP_TAKE;
}

/* --- texts that are ahead ----------------------------------------------------------------------------------- */

struct entry {
    uint16_t symbol, lane;
    bool gone;
    size_t offset, size;
    int64_t recv_ns;
};

struct text_hold {
    size_t count; /* entries, the gone ones included */
    size_t used;  /* bytes */
    struct entry entry[HOLD_TEXTS_MAX];
    char bytes[HOLD_BYTES_MAX];
};

struct text_hold *text_hold_new(void)
{
    return calloc(1, sizeof(struct text_hold));
}

void text_hold_free(struct text_hold *hold)
{
    free(hold);
}

/* Gives back the room of those that are gone; the order stays. */
static void compact(struct text_hold *hold)
{
    size_t count = 0, used = 0;

    for (size_t i = 0; i < hold->count; i++) {
        struct entry entry = hold->entry[i];

        if (entry.gone)
            continue;
        memmove(hold->bytes + used, hold->bytes + entry.offset, entry.size + DECODER_PADDING);
        entry.offset = used;
        used += entry.size + DECODER_PADDING;
        hold->entry[count++] = entry;
    }
    hold->count = count;
    hold->used = used;
}

static bool has_room(const struct text_hold *hold, size_t need)
{
    return hold->count < HOLD_TEXTS_MAX && need <= HOLD_BYTES_MAX - hold->used;
}

bool text_hold_push(struct text_hold *hold, const struct held_text *text)
{
    size_t need = text->size + DECODER_PADDING;

    if (!has_room(hold, need))
        compact(hold);
    if (!has_room(hold, need)) {
        for (size_t i = 0; i < hold->count; i++)
            if (hold->entry[i].symbol == text->symbol && hold->entry[i].lane == text->lane)
                hold->entry[i].gone = true;
        return false;
    }
    memcpy(hold->bytes + hold->used, text->text, text->size);
    memset(hold->bytes + hold->used + text->size, 0, DECODER_PADDING);
    hold->entry[hold->count++] =
        (struct entry){text->symbol, text->lane, false, hold->used, text->size, text->recv_ns};
    hold->used += need;
    return true;
}

static size_t find(const struct text_hold *hold, uint16_t symbol, uint16_t lane)
{
    size_t i;

    for (i = 0; i < hold->count; i++)
        if (!hold->entry[i].gone && hold->entry[i].symbol == symbol && hold->entry[i].lane == lane)
            break;
    return i;
}

bool text_hold_front(const struct text_hold *hold, uint16_t symbol, uint16_t lane, struct held_text *out)
{
    size_t i = find(hold, symbol, lane);

    if (i == hold->count)
        return false;
    *out = (struct held_text){symbol, lane, hold->bytes + hold->entry[i].offset, hold->entry[i].size,
                              hold->entry[i].recv_ns};
    return true;
}

void text_hold_pop(struct text_hold *hold, uint16_t symbol, uint16_t lane)
{
    size_t i = find(hold, symbol, lane);

    if (i < hold->count)
        hold->entry[i].gone = true;
}

void text_hold_clear(struct text_hold *hold, uint16_t lane)
{
    for (size_t i = 0; i < hold->count; i++)
        if (hold->entry[i].lane == lane)
            hold->entry[i].gone = true;
    compact(hold);
}
