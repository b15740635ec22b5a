/* What an order of each type is shown, valued and told at: its trigger while it waits for that, else its limit. */
#include "app/ladder_view.h"
#include "app/view_panels.h"
#include "unit/pipeline_world.h"

#include <stdlib.h>
#include <string.h>

#define MID   6000000
#define TRAIL 300
#define LOTS  10

static const struct level bids[] = {{MID - 1, 5000}, {MID - 2, 5000}, {MID - 400, 5000}};
static const struct level asks[] = {{MID + 1, 5000}, {MID + 2, 5000}, {MID + 400, 5000}};

/* Sales. The last trade is at MID. */
static const struct priced {
    int64_t limit, stop;
    int64_t asked; /* before it is sent: a trailing stop has its worst price alone */
    int64_t shown;
    const char *told; /* in the log */
} priced[ORDER_TYPES] = {
    [ORDER_LIMIT] = {MID + 60, 0, MID + 60, MID + 60, "SELL 0.0001 @ 60000.60"},
    [ORDER_STOP] = {MID - 200, MID - 100, MID - 100, MID - 100, "SELL 0.0001 stop @ 59999.00"},
    [ORDER_STOP_LIMIT] = {MID - 200, MID - 100, MID - 100, MID - 100, "SELL 0.0001 stop @ 59999.00"},
    [ORDER_TAKE_PROFIT] = {MID + 50, MID + 100, MID + 100, MID + 100, "SELL 0.0001 take @ 60001.00"},
    [ORDER_TAKE_PROFIT_LIMIT] = {MID + 50, MID + 100, MID + 100, MID + 100, "SELL 0.0001 take @ 60001.00"},
    [ORDER_TRAILING_STOP] = {MID - 400, 0, MID - 400, MID - TRAIL, "SELL 0.0001 trailing stop by 3.00"},
};

static struct order_intent sale(enum order_type type)
{
    return (struct order_intent){.side = SIDE_ASK,
                                 .type = type,
                                 .price_ticks = priced[type].limit,
                                 .stop_ticks = priced[type].stop,
                                 .trail_ticks = type == ORDER_TRAILING_STOP ? TRAIL : 0,
                                 .qty_lots = LOTS};
}

static void start(struct world *world)
{
    world_init_venue(world, VENUE_BINANCE_USDM, bids, 3, asks, 3);
    world_trade(world, SIDE_BID, MID, 1);
}

static void assert_preview(struct world *world, enum order_type type)
{
    struct view_next *next = calloc(1, sizeof(*next));
    struct command command = {.kind = COMMAND_PREVIEW, .intent = sale(type), .seq = 1};

    pipeline_on_command(world->pipeline, &command);
    view_fill_next(world->pipeline, next);
    assert_true(next->valid);
    assert_int_equal(next->value_e8, instrument_value_e8(&world->instrument, priced[type].asked, LOTS));
    assert_int_equal(next->after_entry_e8, instrument_price_e8(&world->instrument, priced[type].asked));
    if (order_type_is_triggered(type))
        assert_int_equal(next->takes_lots, 0);
    assert_int_equal(next->maker, type == ORDER_LIMIT); /* the others take when they go off */
    free(next);
}

static void assert_listed(struct world *world, enum order_type type)
{
    struct view_frame *frame = calloc(1, sizeof(*frame));
    const struct view_order *row = &frame->lists.order[0];
    int64_t touch = MID + 1;

    view_panels_fill(world->pipeline, world->pipeline->market[0], frame);
    assert_int_equal(frame->lists.orders, 1);
    assert_int_equal(order_shown_ticks(&row->order), priced[type].shown);
    assert_int_equal(row->away_bp_x10, (llabs(touch - priced[type].shown) * 100000 + touch / 2) / touch);
    free(frame);
}

static void assert_on_the_ladder(struct world *world, enum order_type type)
{
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct view_ladder *out = calloc(1, sizeof(*out));
    size_t found = 0, marks = 0;

    ladder_view_show(view, 0, 41, 100, 0);
    ladder_view_fill(view, world->pipeline, out);
    for (int i = 0; i < out->rows; i++) {
        if (out->row[i].own_count == 0)
            continue;
        found++;
        assert_true(llabs(out->row[i].price_ticks - priced[type].shown) < 100);
    }
    for (int i = 0; i < out->marks; i++)
        marks += out->mark[i].kind == MARK_STOP && out->mark[i].price_ticks == priced[type].shown;
    assert_int_equal(found, 1);
    assert_int_equal(marks, order_type_is_triggered(type) ? 1 : 0);
    free(view);
    free(out);
}

static bool was_told(const struct pipeline *pipeline, const char *words)
{
    for (uint64_t i = 0; i < pipeline->note_seq && i < PIPELINE_NOTES_MAX; i++)
        if (strncmp(pipeline->note[i].text, "placed", 6) == 0 &&
            strstr(pipeline->note[i].text, words) != NULL)
            return true;
    return false;
}

/* What takes gets the book's prices, and the rest its own: the entry that is foretold is the one that comes. */
static void test_the_entry_foretold_is_the_books(void **state)
{
    struct world world;
    struct view_next *next = calloc(1, sizeof(*next));
    struct command command = {.kind = COMMAND_PREVIEW,
                              .intent = {.side = SIDE_BID,
                                         .type = ORDER_MARKET,
                                         .tif = TIF_IOC,
                                         .price_ticks = MID + 300,
                                         .qty_lots = 2 * LOTS},
                              .seq = 1};
    const struct instrument *instrument;

    (void)state;
    start(&world);
    instrument = &world.instrument;
    pipeline_on_command(world.pipeline, &command);
    view_fill_next(world.pipeline, next);
    assert_int_equal(next->takes_lots, 2 * LOTS);
    assert_int_equal(next->after_entry_e8, instrument_price_e8(instrument, MID + 1));
    assert_int_equal(next->value_e8, instrument_value_e8(instrument, MID + 300, 2 * LOTS)); /* the gate's */
    command.intent.type = ORDER_LIMIT;
    command.intent.tif = TIF_GTC;
    command.intent.price_ticks = MID + 1;
    command.intent.qty_lots = 10000; /* half of it rests, at the same price */
    command.seq = 2;
    pipeline_on_command(world.pipeline, &command);
    memset(next, 0, sizeof(*next));
    view_fill_next(world.pipeline, next);
    assert_int_equal(next->takes_lots, 5000);
    assert_int_equal(next->after_entry_e8, instrument_price_e8(instrument, MID + 1));
    command.intent.price_ticks = MID + 3; /* a half at MID + 1, a half at MID + 2 */
    command.seq = 3;
    pipeline_on_command(world.pipeline, &command);
    memset(next, 0, sizeof(*next));
    view_fill_next(world.pipeline, next);
    assert_int_equal(next->takes_lots, 10000);
    assert_int_equal(2 * next->after_entry_e8,
                     instrument_price_e8(instrument, MID + 1) + instrument_price_e8(instrument, MID + 2));
    free(next);
    pipeline_free(world.pipeline);
}

/* A size with too many noughts beside an order that rests: the worst case is the most there is, never below zero. */
static void test_the_worst_case_of_a_mistyped_size(void **state)
{
    struct world world;
    struct view_next *next = calloc(1, sizeof(*next));
    struct command command = {
        .kind = COMMAND_ORDER,
        .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = MID - 100, .qty_lots = LOTS},
        .seq = 1};

    (void)state;
    start(&world);
    pipeline_on_command(world.pipeline, &command);
    assert_true(world.pipeline->placed_seq > 0);
    command.kind = COMMAND_PREVIEW;
    command.intent.qty_lots = INT64_MAX / 2;
    command.seq = 2;
    pipeline_on_command(world.pipeline, &command);
    view_fill_next(world.pipeline, next);
    assert_true(next->valid);
    assert_false(next->passes);
    assert_int_equal(next->worst_value_e8, INT64_MAX);
    free(next);
    pipeline_free(world.pipeline);
}

static void test_each_type_at_its_own_price(void **state)
{
    (void)state;
    for (int i = 0; i < ORDER_TYPES; i++) {
        enum order_type type = (enum order_type)i;
        struct order_intent intent = sale(type);
        struct world world;
        uint64_t seq;

        if (type == ORDER_MARKET)
            continue; /* never stands anywhere */
        start(&world);
        assert_preview(&world, type);
        assert_int_equal(trading_intent(world.pipeline, world.pipeline->market[0], &intent, &seq).answer,
                         RISK_ANSWER_PASSED);
        assert_listed(&world, type);
        assert_on_the_ladder(&world, type);
        assert_true(was_told(world.pipeline, priced[type].told));
        pipeline_free(world.pipeline);
    }
}

/* The report of a kill calls it as the list did. */
static void test_a_killed_stop_is_told_at_its_trigger(void **state)
{
    struct order_intent intent = sale(ORDER_TAKE_PROFIT);
    struct view_frame *frame = calloc(1, sizeof(*frame));
    struct world world;
    uint64_t seq;

    (void)state;
    start(&world);
    trading_intent(world.pipeline, world.pipeline->market[0], &intent, &seq);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_KILL});
    view_panels_fill(world.pipeline, world.pipeline->market[0], frame);
    assert_int_equal(frame->status.kill_orders, 1);
    assert_int_equal(frame->status.kill_order[0].price_ticks, MID + 100);
    free(frame);
    pipeline_free(world.pipeline);
}

/* Set off it rests in the book: at its limit, no longer at what it waited for. */
static void test_what_was_set_off_stands_at_its_limit(void **state)
{
    struct order_intent intent = sale(ORDER_TAKE_PROFIT_LIMIT);
    struct view_frame *frame = calloc(1, sizeof(*frame));
    struct world world;
    uint64_t seq;

    (void)state;
    start(&world);
    trading_intent(world.pipeline, world.pipeline->market[0], &intent, &seq);
    world_trade(&world, SIDE_BID, MID + 100, 1);
    view_panels_fill(world.pipeline, world.pipeline->market[0], frame);
    assert_true(frame->lists.order[0].order.triggered);
    assert_int_equal(order_shown_ticks(&frame->lists.order[0].order), MID + 50);
    assert_int_equal(frame->lists.order[0].away_bp_x10, (49 * 100000 + MID / 2) / MID);
    free(frame);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worst_case_of_a_mistyped_size),
        cmocka_unit_test(test_each_type_at_its_own_price),
        cmocka_unit_test(test_the_entry_foretold_is_the_books),
        cmocka_unit_test(test_a_killed_stop_is_told_at_its_trigger),
        cmocka_unit_test(test_what_was_set_off_stands_at_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
