/*
 * fuzz_recording - any bytes as lines of a recording, through decoder and book_sync.
 *
 * What must hold: no crash, no read outside, event time of messages within a source as given, prices above 0,
 * a book that is LIVE only by rule, applied ids that only rise, counts that add up.
 */
#include "core/domain/instrument.h"
#include "feed/book_sync.h"
#include "feed/decoder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (64 << 10)

static struct book_sync *sync_of[INSTRUMENTS_MAX];
static uint64_t last_id[INSTRUMENTS_MAX];

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_levels(const struct level *const levels[SIDE_COUNT], const size_t count[SIDE_COUNT])
{
    for (int side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < count[side]; i++)
            check(levels[side][i].price_ticks > 0 && levels[side][i].qty_lots >= 0);
}

static void apply(uint16_t id, const struct depth_update *update)
{
    check_levels(update->levels, update->level_count);
    last_id[id] = update->last_id;
}

static void rebuild(uint16_t id, struct book_sync *sync)
{
    struct depth_snapshot snapshot;
    struct depth_update update;

    check(book_sync_snapshot(sync, &snapshot));
    check_levels(snapshot.levels, snapshot.level_count);
    while (book_sync_next_held(sync, &update))
        apply(id, &update);
}

static void on_event(const struct feed_event *event)
{
    enum sync_action action = SYNC_IGNORE;
    struct book_sync **sync;
    uint16_t id;

    if (event->kind == FEED_BAD)
        check(event->why != NULL && strchr(event->why, '\n') == NULL);
    if (event->instrument == NULL)
        return;
    id = event->instrument->id;
    check(id < INSTRUMENTS_MAX && event->instrument->tick_e8 > 0 && event->instrument->lot_e8 > 0);
    sync = &sync_of[id];
    if (event->kind == FEED_INSTRUMENT && *sync == NULL)
        *sync = book_sync_new(event->instrument->venue != VENUE_BINANCE_SPOT);
    check(*sync != NULL);
    if (event->kind == FEED_STEPS) {
        check(event->steps.price_factor >= 1 && event->steps.qty_factor >= 1);
        book_sync_rescale(*sync, event->steps);
    } else if (event->kind == FEED_DEPTH) {
        action = book_sync_on_depth(*sync, &event->depth);
        if (action == SYNC_APPLY) {
            check(event->depth.last_id > last_id[id]);
            apply(id, &event->depth);
        }
    } else if (event->kind == FEED_SNAPSHOT) {
        check_levels(event->snapshot.levels, event->snapshot.level_count);
        action = book_sync_on_snapshot(*sync, &event->snapshot);
    }
    if (action == SYNC_REBUILD)
        rebuild(id, *sync);
    if (book_sync_state(*sync) == BOOK_LIVE)
        check(book_sync_counts(*sync)->gaps == book_sync_counts(*sync)->resyncs &&
              book_sync_update_id(*sync) == last_id[id]);
    else
        check(book_sync_counts(*sync)->gaps <= book_sync_counts(*sync)->resyncs + 1);
}

static void drain(struct decoder *decoder)
{
    struct feed_event event;

    while (decoder_next(decoder, &event))
        on_event(&event);
}

static uint64_t total(const struct decoder_counts *counts)
{
    return counts->depth + counts->book_ticker + counts->trade + counts->agg_trade + counts->snapshot +
           counts->other + counts->bad;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct decoder_config config = {.known = NULL};
    struct decoder *decoder;
    uint64_t lines = 0;

    if (size > TEXT_MAX || (decoder = decoder_new(&config)) == NULL)
        return 0;
    memset(last_id, 0, sizeof(last_id));
    for (size_t at = 0; at < size;) {
        const uint8_t *newline = memchr(data + at, '\n', size - at);
        size_t length = newline != NULL ? (size_t)(newline - data) - at : size - at;
        char *text = calloc(1, length + DECODER_PADDING);

        memcpy(text, data + at, length);
        decoder_push(decoder, (int64_t)++lines, text, length);
        free(text); /* events must not point into it */
        drain(decoder);
        at += length + 1;
    }
    decoder_end_source(decoder);
    drain(decoder);
    check(total(decoder_counts(decoder)) == lines);
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++) {
        book_sync_free(sync_of[i]);
        sync_of[i] = NULL;
    }
    decoder_free(decoder);
    return 0;
}
