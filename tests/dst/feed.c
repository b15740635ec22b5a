/* feed.c - the public stream as it arrives: depth messages, trades, snapshots, links; with its faults. */
#include "dst/dst.h"

#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_MS 80 /* mean time of a snapshot's way */

static struct feed_event *event_new(struct dst_market *market, enum feed_event_kind kind, size_t bids,
                                    size_t asks)
{
    size_t levels = bids + asks;
    struct feed_event *event = calloc(1, sizeof(*event) + levels * sizeof(struct level));

    if (event == NULL)
        abort();
    event->kind = kind;
    event->instrument = &market->instrument;
    return event;
}

static struct level *levels_of(struct feed_event *event)
{
    return (struct level *)(void *)(event + 1);
}

void feed_free(struct feed_event *event)
{
    free(event);
}

static void post(struct world *world, struct feed_event *event, int64_t due_ns)
{
    struct dst_message message = {.due_ns = due_ns, .kind = TO_US_FEED};

    message.feed = event;
    queue_put(world, &world->feed, &message);
}

/* One connection: nothing overtakes. A stall holds up all that is behind it. */
static int64_t arrival(struct world *world, struct dst_market *market)
{
    int64_t due_ns = world->now_ns + pick(world, 1, 30) * DST_MS;

    if (dst_fault(world, FAULT_DELAY_DEPTH))
        due_ns += pick(world, 1, 12000) * DST_MS;
    if (due_ns < market->last_due_ns)
        due_ns = market->last_due_ns;
    market->last_due_ns = due_ns;
    return due_ns;
}

static bool hears(const struct world *world, const struct dst_market *market)
{
    return !market->link_down && world->now_ns >= market->silent_until_ns;
}

/* --- depth ------------------------------------------------------------------------------------------------------------ */

/* The newest quantity of each price that changed since the last message. */
static size_t collect(struct dst_market *market, enum side side, struct level *out)
{
    size_t count = 0;

    for (size_t i = market->changes; i-- > market->published && count < DST_LEVELS;) {
        const struct dst_level_change *change = &market->change[i];
        bool known = change->side != side;

        for (size_t j = 0; j < count && !known; j++)
            known = out[j].price_ticks == change->price;
        if (!known)
            out[count++] = (struct level){change->price, change->lots};
    }
    return count;
}

static struct feed_event *copy_event(struct dst_market *market, const struct feed_event *event)
{
    size_t bids = event->depth.level_count[0], asks = event->depth.level_count[1];
    struct feed_event *copy = event_new(market, event->kind, bids, asks);

    memcpy(copy, event, sizeof(*event) + (bids + asks) * sizeof(struct level));
    copy->depth.levels[0] = levels_of(copy);
    copy->depth.levels[1] = levels_of(copy) + bids;
    return copy;
}

static void send_depth(struct world *world, struct dst_market *market, struct feed_event *event)
{
    int64_t due_ns;

    if (!hears(world, market) || dst_fault(world, FAULT_GAP)) {
        feed_free(event);
        return;
    }
    due_ns = arrival(world, market);
    if (dst_fault(world, FAULT_REORDER_DEPTH))
        due_ns += 150 * DST_MS; /* the next one comes first */
    if (dst_fault(world, FAULT_DUPLICATE_DEPTH))
        post(world, copy_event(market, event), due_ns + pick(world, 0, 40) * DST_MS);
    post(world, event, due_ns);
}

void feed_publish(struct world *world, struct dst_market *market)
{
    static struct level level[SIDE_COUNT][DST_LEVELS];
    struct feed_event *event;
    size_t count[SIDE_COUNT];

    if (market->changes == market->published)
        return;
    for (int side = 0; side < SIDE_COUNT; side++)
        count[side] = collect(market, (enum side)side, level[side]);
    event = event_new(market, FEED_DEPTH, count[0], count[1]);
    memcpy(levels_of(event), level[0], count[0] * sizeof(struct level));
    memcpy(levels_of(event) + count[0], level[1], count[1] * sizeof(struct level));
    event->depth = (struct depth_update){.venue_ms = (world->now_ns + world->skew_ns) / DST_MS,
                                         .first_id = market->change[market->published].id,
                                         .last_id = market->change[market->changes - 1].id,
                                         .prev_id = market->published_id,
                                         .has_prev_id = market->instrument.venue != VENUE_BINANCE_SPOT,
                                         .levels = {levels_of(event), levels_of(event) + count[0]},
                                         .level_count = {count[0], count[1]}};
    market->published = market->changes;
    market->published_id = event->depth.last_id;
    send_depth(world, market, event);
}

void feed_trade(struct world *world, struct dst_market *market, const struct match_event *match)
{
    struct feed_event *event;

    if (!hears(world, market) || world->pipeline == NULL)
        return;
    event = event_new(market, FEED_TRADE, 0, 0);
    event->trade = (struct trade){.venue_ms = (world->now_ns + world->skew_ns) / DST_MS,
                                  .id = match->trade_id,
                                  .price_ticks = match->price_ticks,
                                  .qty_lots = match->qty_lots,
                                  .taker = match->side};
    post(world, event, arrival(world, market));
}

void feed_mark(struct world *world, struct dst_market *market)
{
    struct feed_event *event;

    if (market->instrument.venue == VENUE_BINANCE_SPOT || !hears(world, market))
        return;
    event = event_new(market, FEED_MARK, 0, 0);
    event->mark = (struct mark_price){.venue_ms = (world->now_ns + world->skew_ns) / DST_MS,
                                      .mark_e8 = instrument_price_e8(&market->instrument, market->fair),
                                      .index_e8 = instrument_price_e8(&market->instrument, market->fair),
                                      .funding_rate_e8 = 10000};
    post(world, event, arrival(world, market));
}

void feed_instrument(struct world *world, struct dst_market *market)
{
    struct feed_event event = {
        .kind = FEED_INSTRUMENT, .recv_ns = world->now_ns, .instrument = &market->instrument};

    engine_feed(world, &event);
}

/* --- snapshots ---------------------------------------------------------------------------------------------------------- */

static size_t walk(struct dst_market *market, enum side side, struct level *out)
{
    int64_t price, lots;
    size_t count = 0;
    bool more = match_best(market->book, side, &price, &lots);

    while (more && count < DST_LEVELS) {
        out[count++] = (struct level){price, lots};
        more = match_next(market->book, side, price, &price, &lots);
    }
    return count;
}

static struct feed_event *snapshot_now(struct dst_market *market)
{
    static struct level level[SIDE_COUNT][DST_LEVELS];
    size_t bids = walk(market, SIDE_BID, level[0]), asks = walk(market, SIDE_ASK, level[1]);
    struct feed_event *event = event_new(market, FEED_SNAPSHOT, bids, asks);

    memcpy(levels_of(event), level[0], bids * sizeof(struct level));
    memcpy(levels_of(event) + bids, level[1], asks * sizeof(struct level));
    event->snapshot = (struct depth_snapshot){.last_id = match_update_id(market->book),
                                              .levels = {levels_of(event), levels_of(event) + bids},
                                              .level_count = {bids, asks}};
    return event;
}

static struct feed_event *copy_snapshot(struct dst_market *market, const struct feed_event *event)
{
    size_t bids = event->snapshot.level_count[0], asks = event->snapshot.level_count[1];
    struct feed_event *copy = event_new(market, FEED_SNAPSHOT, bids, asks);

    memcpy(copy, event, sizeof(*event) + (bids + asks) * sizeof(struct level));
    copy->snapshot.levels[0] = levels_of(copy);
    copy->snapshot.levels[1] = levels_of(copy) + bids;
    return copy;
}

/* The host asks by REST, again if nothing came of it; what answers may be a cache of before. */
static void ask_snapshot(struct world *world, struct dst_market *market)
{
    struct feed_event *event;

    if (!pipeline_needs_snapshot(world->pipeline, market->instrument.id) || market->link_down ||
        world->now_ns < market->snapshot_asked_ns + 500 * DST_MS)
        return;
    market->snapshot_asked_ns = world->now_ns;
    if (market->old_snapshot != NULL && dst_fault(world, FAULT_STALE_SNAPSHOT)) {
        event = copy_snapshot(market, market->old_snapshot);
    } else {
        event = snapshot_now(market);
        if (market->old_snapshot == NULL || one_in(world, 3)) {
            feed_free(market->old_snapshot);
            market->old_snapshot = copy_snapshot(market, event);
        }
    }
    post(world, event, world->now_ns + pick(world, 1, 2 * SNAPSHOT_MS) * DST_MS);
}

/* --- the link ------------------------------------------------------------------------------------------------------------ */

static void tell_link(struct world *world, struct dst_market *market, enum feed_link link, const char *why)
{
    struct feed_event event = {
        .kind = FEED_LINK, .recv_ns = world->now_ns, .instrument = &market->instrument};

    event.link.state = link;
    event.link.why = why;
    engine_feed(world, &event);
}

static void drop_feed(struct world *world, const struct dst_market *market)
{
    size_t kept = 0;

    for (size_t i = 0; i < world->feed.count; i++) {
        struct dst_message *message = &world->feed.message[i];

        if (message->feed->instrument == &market->instrument)
            feed_free(message->feed);
        else
            world->feed.message[kept++] = *message;
    }
    world->feed.count = 0; /* a heap again */
    for (size_t i = 0; i < kept; i++) {
        struct dst_message message = world->feed.message[i];
        uint64_t number = message.number;

        queue_put(world, &world->feed, &message);
        (void)number;
    }
}

void feed_host(struct world *world, struct dst_market *market)
{
    if (market->link_down && world->now_ns >= market->down_until_ns) {
        market->link_down = false;
        market->last_due_ns = world->now_ns;
        tell_link(world, market, FEED_LINK_UP, "");
    } else if (!market->link_down && dst_fault(world, FAULT_FEED_DOWN)) {
        market->link_down = true;
        market->down_until_ns = world->now_ns + pick(world, 100, 20000) * DST_MS;
        drop_feed(world, market);
        tell_link(world, market, FEED_LINK_DOWN, "reset by peer");
    } else if (world->now_ns >= market->silent_until_ns && dst_fault(world, FAULT_FEED_SILENT)) {
        market->silent_until_ns = world->now_ns + pick(world, 500, 15000) * DST_MS;
    }
    ask_snapshot(world, market);
}
