/* checks.c - what must hold after every step, against the truth; and what must hold once faults have been off for a while. */
#include "dst/dst.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOP        6  /* levels compared at each step */
#define WHOLE_EACH 64 /* steps between comparisons of a whole book */
#define UNKNOWN_NS (30 * DST_SECOND)
#define PENDING_NS (30 * DST_SECOND)

void dst_fail(struct world *world, const char *invariant, const char *what, const char *file, int line)
{
    const struct pipeline *pipeline = world->pipeline;

    snprintf(world->why, sizeof(world->why),
             "%s: %s at %s:%d; step %" PRIu64 ", %.3f s, state %s (%.40s), %zu orders; last: %.80s",
             invariant, what, file, line, world->steps, (double)(world->now_ns - world->start_ns) / 1e9,
             pipeline == NULL ? "-" : trading_state_word(pipeline->risk.state),
             pipeline == NULL ? "" : pipeline->state_why, world->orders,
             pipeline == NULL || pipeline->note_seq == 0
                 ? "-"
                 : pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text);
    longjmp(world->failed, 1);
}

/* --- I6: the book -------------------------------------------------------------------------------------------------------- */

static void shadow_set(struct dst_market *market, enum side side, int64_t price, int64_t lots)
{
    int64_t *best = &market->shadow_best[side], step = side == SIDE_BID ? -1 : 1;

    market->shadow[side][price] = lots;
    if (lots > 0 && (*best == 0 || side_sign(side) * (price - *best) > 0))
        *best = price;
    if (lots > 0 || price != *best)
        return;
    while (price > 0 && price < DST_WINDOW && market->shadow[side][price] == 0)
        price += step;
    *best = price > 0 && price < DST_WINDOW ? price : 0;
}

static void shadow_to(struct dst_market *market, uint64_t id)
{
    if (id < market->shadow_id) {
        memset(market->shadow, 0, sizeof(market->shadow));
        memset(market->shadow_best, 0, sizeof(market->shadow_best));
        market->shadow_next = 0;
    }
    while (market->shadow_next < market->changes && market->change[market->shadow_next].id <= id) {
        const struct dst_level_change *change = &market->change[market->shadow_next++];

        shadow_set(market, change->side, change->price, change->lots);
    }
    market->shadow_id = id;
}

static void check_book(struct world *world, struct dst_market *truth)
{
    const struct market_state *market = world->pipeline->market[truth->instrument.id];
    bool whole = world->steps % WHOLE_EACH == 0;
    struct level level;

    if (book_sync_state(market->sync) != BOOK_LIVE)
        return;
    shadow_to(truth, book_sync_update_id(market->sync));
    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t step = side == SIDE_BID ? -1 : 1, price = truth->shadow_best[side];
        bool more = order_book_best(market->book, (enum side)side, &level);
        size_t seen = 0;

        must(world, "I6 an empty side", more == (price != 0));
        for (; more && (whole || seen < TOP); seen++) {
            must(world, "I6 price outside", level.price_ticks > 0 && level.price_ticks < DST_WINDOW);
            for (; price != level.price_ticks && price > 0 && price < DST_WINDOW; price += step)
                must(world, "I6 a level is missing", truth->shadow[side][price] == 0);
            must(world, "I6 order of levels", price == level.price_ticks);
            must(world, "I6 another quantity",
                 truth->shadow[side][price] == level.qty_lots && level.qty_lots > 0);
            price += step;
            more = order_book_next(market->book, (enum side)side, level.price_ticks, &level);
        }
        for (; whole && price > 0 && price < DST_WINDOW; price += step)
            must(world, "I6 a level is missing at the end", truth->shadow[side][price] == 0);
    }
}

/* --- I8 to I11: money ------------------------------------------------------------------------------------------------------ */

static void check_position(struct world *world, uint16_t id)
{
    const struct market_state *market = world->pipeline->market[id];
    const struct position *total = &market->total;
    int64_t lots = 0, cash = 0, fees = 0;
    int64_t marks[3] = {market_state_mark(market, total->lots), 1, market->mark_ticks[SIDE_ASK] * 3};

    for (int owner = 0; owner < OWNERS_MAX; owner++) {
        lots += market->owned[owner].lots;
        cash += market->owned[owner].cash_e8;
        fees += market->owned[owner].fees_e8;
    }
    must(world, "I9 shares and position", lots == total->lots);
    must(world, "I8 shares and cash", cash == total->cash_e8);
    must(world, "I8 shares and fees", fees == total->fees_e8);
    must(world, "I8 cash", total->cash_e8 - total->fees_e8 == world->cash_e8[id] + total->funding_e8);
    for (int i = 0; i < 3; i++)
        must(world, "I10 value",
             total->cash_e8 + position_value_e8(total, market->instrument, marks[i]) ==
                 total->realised_e8 + position_unrealised_e8(total, market->instrument, marks[i]));
    if (market->instrument->venue == VENUE_BINANCE_SPOT && world->mix.paper)
        must(world, "I9 short on spot", total->lots >= 0);
}

static void check_paper(struct world *world)
{
    const struct paper_account *account = paper_broker_account(world->pipeline->broker);

    for (size_t i = 0; i < account->count; i++) {
        const struct paper_asset *asset = &account->asset[i];

        must(world, "I8 below zero", asset->free_e8 >= 0 && asset->locked_e8 >= 0);
        must(world, "I8 asset",
             asset->free_e8 + asset->locked_e8 == asset->transfers_e8 + asset->fills_e8 + asset->fees_e8 +
                                                      asset->funding_e8 + asset->insurance_e8);
    }
    for (uint16_t i = 0; i < DST_MARKETS; i++) {
        int64_t lots;

        if (world->inner.ops->position(world->inner.self, i, &lots))
            must(world, "I9 paper position", lots == world->pipeline->market[i]->total.lots);
    }
}

/* I9 over a venue: what we hold is what of its trades was booked. */
static void check_trades(struct world *world)
{
    int64_t lots[DST_MARKETS] = {0};

    if (world->steps % WHOLE_EACH != 0)
        return;
    for (size_t i = 0; i < world->trades; i++) {
        const struct dst_order *order = &world->order[world->trade[i].order];

        if (world->trade[i].booked)
            lots[order->market] += side_sign(order->intent.side) * world->trade[i].lots;
    }
    for (int i = 0; i < DST_MARKETS; i++)
        must(world, "I9 position is the sum of trades", lots[i] == world->pipeline->market[i]->total.lots);
}

/* --- orders ------------------------------------------------------------------------------------------------------------------- */

static void check_orders(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    struct order_exposure all;
    int64_t lots[DST_MARKETS][SIDE_COUNT] = {{0}};

    must(world, "I23 open orders", count == order_manager_open_count(world->pipeline->orders));
    for (size_t i = 0; i < count; i++) {
        const struct dst_order *known = exchange_find(world, open[i]->seq);

        must(world, "I12 open, never sent", known != NULL);
        must(world, "I12 filled lots", open[i]->filled_lots == known->booked);
        must(world, "I22 open after its end", !known->ended);
        must(world, "I22 state told",
             open[i]->state == known->state || !known->recorded ||
                 open[i]->state == ORDER_STATE_PENDING_CANCEL ||
                 open[i]->state == ORDER_STATE_PENDING_REPLACE || open[i]->state == ORDER_STATE_UNKNOWN);
        lots[open[i]->intent.instrument_id][open[i]->intent.side] += order_open_lots(open[i]);
        if (world->calm_ns != 0 && open[i]->state == ORDER_STATE_UNKNOWN) {
            int64_t since = known->unknown_ns > world->calm_ns ? known->unknown_ns : world->calm_ns;

            world->totals->unknown_over += world->now_ns - since > UNKNOWN_NS;
            must(world, "V2 UNKNOWN for 30 s", world->now_ns - since <= UNKNOWN_NS);
        }
    }
    for (int i = 0; i < DST_MARKETS; i++) {
        order_manager_exposure(world->pipeline->orders, &world->market[i].instrument, ORDERS_ANY, 0, &all);
        for (int side = 0; side < SIDE_COUNT; side++)
            must(world, "I11 what is open", all.open_lots[side] == lots[i][side]);
    }
}

static void check_notes(struct world *world)
{
    const struct pipeline *pipeline = world->pipeline;

    if (pipeline->note_seq == 0)
        return;
    for (const char *c = pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text; *c != '\0'; c++)
        must(world, "I27 control byte in a line", (unsigned char)*c >= 32 && *c != 127);
}

void checks_step(struct world *world)
{
    struct pipeline *pipeline = world->pipeline;

    world->totals->checks++;
    must(world, "I18 told in no whole step", journal_whole(world));
    if (pipeline->markets < DST_MARKETS)
        return;
    for (uint16_t i = 0; i < DST_MARKETS; i++) {
        check_book(world, &world->market[i]);
        check_position(world, i);
    }
    if (world->mix.paper)
        check_paper(world);
    else
        check_trades(world);
    check_orders(world);
    check_notes(world);
    must(world, "I18 the store has failed, trading goes on",
         !journal_has_failed(world) || pipeline->risk.state != STATE_ACTIVE);
    must(world, "I1 approvals", risk_approvals_agree(&pipeline->approvals));
    must(world, "I1 sent as approved", pipeline->approvals.sent == world->sent + world->replaced);
    must(world, "I12 fills counted", pipeline->counts.fills == world->fills);
    must(world, "I15 latched",
         !world->killed || (pipeline->risk.kill && pipeline->risk.state == STATE_KILLED));
    must(world, "I22 an answer fits nothing", pipeline->counts.errors == 0);
    must(world, "I23 messages on their way", world->feed.count < DST_MESSAGES);
}

/* --- the end ----------------------------------------------------------------------------------------------------------------- */

static void check_order_end(struct world *world, struct dst_order *order)
{
    const struct order *open = order_manager_find(world->pipeline->orders, order->seq);

    must(world, "I5 our open order is not the venue's", (open != NULL) == order->alive);
    must(world, "I12 filled lots at the end", order->booked == order->filled);
    if (open == NULL)
        return;
    must(world, "V2, V3 still waits", open->state == ORDER_STATE_WORKING);
    must(world, "V3 a strategy's order outlives HALTED", open->intent.owner == OWNER_MANUAL);
    must(world, "I11 terms", open->intent.qty_lots == order->total);
    must(world, "I11 price",
         order_terms_ticks(&open->intent) == order_terms_ticks(&order->intent) ||
             open->intent.type == ORDER_TRAILING_STOP);
}

void checks_end(struct world *world)
{
    checks_step(world);
    must(world, "V4 not recovered", !world->pipeline->recovering);
    for (int i = 0; i < DST_MARKETS; i++)
        must(world, "V1 book not LIVE", book_sync_state(world->pipeline->market[i]->sync) == BOOK_LIVE);
    if (world->mix.paper)
        return;
    for (size_t i = 0; i < world->orders; i++)
        if (world->order[i].seq != 0)
            check_order_end(world, &world->order[i]);
    for (size_t i = 0; i < world->trades; i++)
        must(world, "I12 a fill was missed", world->trade[i].booked);
    for (int i = 0; i < DST_MARKETS; i++)
        must(world, "I9 position is the venue's",
             world->pipeline->market[i]->total.lots == world->market[i].lots);
    if (world->killed)
        for (size_t i = 0; i < world->orders; i++)
            must(world, "I15 an order outlives the kill",
                 world->order[i].seq == 0 || !world->order[i].alive || world->order[i].intent.flatten ||
                     world->order[i].sent_ns > world->killed_ns);
}
