/*
 * fuzz_scan - the hot scanner against jansson on any bytes: they agree, or the scanner declines.
 *
 * Also: bytes behind the text must not matter (they are filled in two ways), and the AVX2 reader of level
 * arrays must do what the one in plain C does.
 */
#include "feed/decoder.h"
#include "feed/scan.h"
#include "feed/scan_levels.h"
#include "feed/wire_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 8192

static struct wire_level hot_level[WIRE_LEVELS_MAX], slow_level[WIRE_LEVELS_MAX];

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(struct wire_text a, struct wire_text b)
{
    check(a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0));
}

static void check_levels(const struct wire_message *a, const struct wire_message *b)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        check(a->level_count[side] == b->level_count[side]);
        check(memcmp(a->level + a->level_first[side], b->level + b->level_first[side],
                     a->level_count[side] * sizeof(*a->level)) == 0);
    }
}

static void check_same(const struct wire_message *a, const struct wire_message *b)
{
    uint32_t seen = a->seen;
    bool sure_a, sure_b;

    check(a->kind == b->kind);
    if (a->kind == WIRE_OTHER)
        return;
    check(seen == b->seen && b->invalid == 0);
    check_text(a->stream, b->stream);
    if (seen & WIRE_SYMBOL)
        check_text(a->symbol, b->symbol);
    check(!(seen & WIRE_EVENT_MS) || a->event_ms == b->event_ms);
    check(!(seen & WIRE_TIME_MS) || a->time_ms == b->time_ms);
    check(!(seen & WIRE_FIRST_ID) || a->first_id == b->first_id);
    check(!(seen & WIRE_LAST_ID) || a->last_id == b->last_id);
    check(!(seen & WIRE_PREV_ID) || a->prev_id == b->prev_id);
    check(!(seen & WIRE_SNAPSHOT_ID) || a->snapshot_id == b->snapshot_id);
    check(!(seen & WIRE_TRADE_ID) || a->trade_id == b->trade_id);
    check(!(seen & WIRE_BID_ID) || a->order_id[SIDE_BID] == b->order_id[SIDE_BID]);
    check(!(seen & WIRE_ASK_ID) || a->order_id[SIDE_ASK] == b->order_id[SIDE_ASK]);
    check(!(seen & WIRE_BID_PRICE) || a->best[SIDE_BID].price_e8 == b->best[SIDE_BID].price_e8);
    check(!(seen & WIRE_ASK_PRICE) || a->best[SIDE_ASK].price_e8 == b->best[SIDE_ASK].price_e8);
    check(!(seen & WIRE_BID_QTY) || a->best[SIDE_BID].qty_e8 == b->best[SIDE_BID].qty_e8);
    check(!(seen & WIRE_ASK_QTY) || a->best[SIDE_ASK].qty_e8 == b->best[SIDE_ASK].qty_e8);
    check(!(seen & WIRE_PRICE) || a->print.price_e8 == b->print.price_e8);
    check(!(seen & WIRE_QTY) || a->print.qty_e8 == b->print.qty_e8);
    check(!(seen & WIRE_BUYER_MAKER) || a->buyer_maker == b->buyer_maker);
    check(!(seen & WIRE_EXEC_TYPE) || a->off_market == b->off_market);
    check(wire_market(a, &sure_a) == wire_market(b, &sure_b) && sure_a == sure_b);
    if (a->kind == WIRE_DEPTH || a->kind == WIRE_SNAPSHOT)
        check_levels(a, b);
}

static void check_level_readers(const char *text, size_t size)
{
    size_t fast_used = 0, plain_used = 0;
    const char *fast, *plain;

    if (size == 0 || text[0] != '[')
        return;
    fast = scan_levels(text, text + size, hot_level, WIRE_LEVELS_MAX, &fast_used);
    plain = scan_levels_portable(text, text + size, slow_level, WIRE_LEVELS_MAX, &plain_used);
    check(fast == plain && fast_used == plain_used);
    check(memcmp(hot_level, slow_level, fast_used * sizeof(*hot_level)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scanner scanner;
    struct wire_message hot = {.level = hot_level}, slow = {.level = slow_level};
    json_t *root = NULL, *payload;
    char why[WIRE_WHY_SIZE], *text;
    bool taken;

    if (size > TEXT_MAX)
        return 0;
    text = malloc(size + DECODER_PADDING); /* exact, so that a read too far is seen */
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    memset(text + size, '}', DECODER_PADDING); /* a hostile padding: it closes what the text left open */
    taken = scan_message(&scanner, text, size, &hot);
    memset(text + size, '5', DECODER_PADDING);
    check(taken == scan_message(&scanner, text, size, &hot));
    memset(text + size, 0, DECODER_PADDING);
    check(taken == scan_message(&scanner, text, size, &hot));
    if (taken) {
        check(wire_json_read(text, size, &slow, &root, &payload, why) == ERR_OK);
        check_same(&hot, &slow);
        json_decref(root);
    }
    check_level_readers(text, size);
    free(text);
    return 0;
}
