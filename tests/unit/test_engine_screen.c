/*
 * From market events to the picture: engine, view and screen together, on a market made of integers alone, so that
 * every machine draws the same. The three sizes are kept as golden text.
 */
#include "unit/pipeline_world.h"

#include "app/view_build.h"
#include "tui/ui.h"
#include "unit/golden_text.h"
#include "unit/test_random.h"

#include <inttypes.h>

#define LEVELS  120
#define SECONDS 100

struct bench_market { /* a book that wanders; levels are absolute, as on the wire */
    struct world world;
    int64_t bid;
    uint64_t random;
};

struct desk {
    struct bench_market market;
    struct view_builder *builder;
    struct view_frame *frame;
    struct ui *ui;
    int64_t now_ns; /* of the screen */
};

static bool desk_send(void *arg, const struct command *command)
{
    struct desk *desk = arg;

    if (command->kind == COMMAND_VIEW)
        view_builder_request(desk->builder, &command->view);
    else if (command->kind == COMMAND_CLEAR_VISIT)
        view_builder_clear_visit(desk->builder);
    else
        pipeline_on_command(desk->market.world.pipeline, command);
    if (command->kind == COMMAND_PREVIEW)
        view_builder_preview(desk->builder, desk->market.world.pipeline);
    return true;
}

static void desk_nothing(void *arg)
{
    (void)arg;
}

static void feed(struct desk *desk, struct feed_event *event)
{
    event->recv_ns = desk->market.world.now_ns;
    event->instrument = &desk->market.world.instrument;
    pipeline_on_feed(desk->market.world.pipeline, event);
    view_builder_on_event(desk->builder, desk->market.world.pipeline, event);
}

/* Levels of one side around the touch, thinner further out. */
static size_t side_levels(const struct bench_market *market, enum side side, struct level *out)
{
    int64_t touch = side == SIDE_BID ? market->bid : market->bid + 1;

    for (int i = 0; i < LEVELS; i++)
        out[i].price_ticks = touch - side_sign(side) * (i * i * 2 + i * 17);
    return LEVELS;
}

/* The touch steps by up to thirty ticks: what stood goes, the same shape with new sizes comes. */
static void step_book(struct desk *desk)
{
    struct bench_market *market = &desk->market;
    struct level levels[SIDE_COUNT][2 * LEVELS];
    struct feed_event event = {.kind = FEED_DEPTH};

    for (int side = 0; side < SIDE_COUNT; side++) {
        memset(levels[side], 0, sizeof(levels[side]));
        side_levels(market, (enum side)side, levels[side]);
    }
    market->bid += random_between(&market->random, -30, 30);
    for (int side = 0; side < SIDE_COUNT; side++) {
        side_levels(market, (enum side)side, levels[side] + LEVELS);
        for (int i = LEVELS; i < 2 * LEVELS; i++)
            levels[side][i].qty_lots = random_between(&market->random, 100, 200000);
    }
    event.depth = (struct depth_update){.recv_ns = market->world.now_ns,
                                        .venue_ms = market->world.now_ns / 1000000 - 12,
                                        .first_id = market->world.id + 1,
                                        .last_id = market->world.id + 9,
                                        .levels = {levels[SIDE_BID], levels[SIDE_ASK]},
                                        .level_count = {2 * LEVELS, 2 * LEVELS}};
    market->world.id += 9;
    feed(desk, &event);
}

static void step_trade(struct desk *desk)
{
    struct bench_market *market = &desk->market;
    enum side taker = random_between(&market->random, 0, 99) < 56 ? SIDE_BID : SIDE_ASK;
    struct feed_event event = {.kind = FEED_TRADE};
    static uint64_t id;

    event.trade = (struct trade){.recv_ns = market->world.now_ns,
                                 .venue_ms = market->world.now_ns / 1000000 - 12,
                                 .id = ++id,
                                 .price_ticks = market->bid + (taker == SIDE_BID ? 1 : 0),
                                 .qty_lots = random_between(&market->random, 10, 30000),
                                 .taker = taker};
    feed(desk, &event);
}

static void run_market(struct desk *desk, int seconds)
{
    for (int step = 0; step < seconds * 10; step++) {
        desk->market.world.now_ns += 100000000;
        step_book(desk);
        for (int64_t trades = random_between(&desk->market.random, 0, 4); trades > 0; trades--)
            step_trade(desk);
    }
}

static void look(struct desk *desk, struct canvas *canvas)
{
    desk->now_ns += 100000000;
    view_builder_fill(desk->builder, desk->market.world.pipeline, desk->frame);
    desk->frame->frame_seq++;
    ui_frame(desk->ui, desk->frame, desk->now_ns);
    ui_tick(desk->ui, desk->now_ns);
    ui_draw(desk->ui, canvas, desk->now_ns);
    ui_frame_left(desk->ui, desk->now_ns);
}

static void desk_open(struct desk *desk, struct canvas *canvas)
{
    struct ui_config config = {.size_presets_e8 = {100000, 500000, 1000000, 5000000, 10000000},
                               .version = "0.1.0"};
    struct ui_host host = {
        .arg = desk, .send = desk_send, .quit = desk_nothing, .redraw = desk_nothing, .bell = desk_nothing};
    struct view_builder_config view = {.name = "integers.jsonl"};
    struct level bids[LEVELS], asks[LEVELS];
    struct feed_event heard = {.kind = FEED_INSTRUMENT};

    desk->market.random = 42;
    desk->market.bid = 6184217;
    side_levels(&desk->market, SIDE_BID, bids);
    side_levels(&desk->market, SIDE_ASK, asks);
    for (int i = 0; i < LEVELS; i++)
        bids[i].qty_lots = asks[i].qty_lots = 3000 + i * 500;
    world_init(&desk->market.world, bids, LEVELS, asks, LEVELS);
    desk->builder = view_builder_new(&view);
    desk->frame = calloc(1, sizeof(*desk->frame));
    desk->ui = ui_new(&config, &host);
    heard.instrument = &desk->market.world.instrument;
    view_builder_on_event(desk->builder, desk->market.world.pipeline, &heard);
    ui_resize(desk->ui, canvas->cols, canvas->rows, 0);
}

static void desk_close(struct desk *desk)
{
    ui_free(desk->ui);
    view_builder_free(desk->builder);
    pipeline_free(desk->market.world.pipeline);
    free(desk->frame);
    free(desk);
}

/* A buy of the trader's own at `ticks` under the bid, in the name of `manual`. */
static void rest_order(struct desk *desk, int64_t ticks)
{
    struct command command = {.kind = COMMAND_ORDER, .instrument_id = 0};

    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = desk->market.bid - ticks, .qty_lots = 1000};
    pipeline_on_command(desk->market.world.pipeline, &command);
}

static void draw(const char *name, int rows, int cols)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    struct canvas *canvas = canvas_new(rows, cols);
    char *text = malloc(canvas_text_size(canvas) + 1);

    desk_open(desk, canvas);
    run_market(desk, SECONDS);
    for (int i = 0; i < 5; i++)
        look(desk, canvas);
    rest_order(desk, 700);
    run_market(desk, 12);
    for (int i = 0; i < 20; i++)
        look(desk, canvas);
    canvas_to_text(canvas, text, canvas_text_size(canvas) + 1);
    golden_check(name, "txt", text);
    free(text);
    canvas_free(canvas);
    desk_close(desk);
}

static void test_80x24(void **state)
{
    (void)state;
    draw("engine-80x24", 24, 80);
}

static void test_120x36(void **state)
{
    (void)state;
    draw("engine-120x36", 36, 120);
}

static void test_200x55(void **state)
{
    (void)state;
    draw("engine-200x55", 55, 200);
}

/* A kill that a start takes over has nothing to confirm: it can be cleared, and no time is told that nobody knows. */
static void test_a_kill_of_the_run_before_can_be_cleared(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    struct canvas *canvas = canvas_new(36, 120);
    char *text = malloc(canvas_text_size(canvas) + 1);

    (void)state;
    desk_open(desk, canvas);
    run_market(desk, 1);
    pipeline_start_killed(desk->market.world.pipeline, "by key, before this start");
    look(desk, canvas);
    assert_false(desk->frame->status.killing);
    look(desk, canvas);
    canvas_to_text(canvas, text, canvas_text_size(canvas) + 1);
    assert_non_null(strstr(text, " KILLED"));
    assert_null(strstr(text, "KILLING"));
    free(text);
    canvas_free(canvas);
    desk_close(desk);
}

/* However soon after the last one a frame is asked for: its best prices stand in its rows. */
static void test_the_rows_are_of_the_touch_in_the_same_frame(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    struct canvas *canvas = canvas_new(36, 120);

    (void)state;
    desk_open(desk, canvas);
    run_market(desk, SECONDS);
    for (int i = 0; i < 5; i++)
        look(desk, canvas);
    for (int i = 0; i < 300; i++) {
        const struct view_ladder *ladder = &desk->frame->ladder;
        int64_t bid, ask;

        desk->market.world.now_ns += 5000000;
        step_book(desk);
        look(desk, canvas);
        bid = ladder->best[SIDE_BID].price_ticks;
        ask = ladder->best[SIDE_ASK].price_ticks;
        assert_int_equal(bid, desk->market.bid);
        for (int row = 0; row < ladder->rows; row++) {
            const struct view_row *at = &ladder->row[row];

            if (at->price_ticks > bid && at->bid_lots > 0)
                fail_msg("frame %d: bids at %" PRId64 " over the best %" PRId64, i, at->price_ticks, bid);
            if (at->price_ticks < ask && at->ask_lots > 0)
                fail_msg("frame %d: asks at %" PRId64 " under the best %" PRId64, i, at->price_ticks, ask);
        }
    }
    canvas_free(canvas);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_80x24),
        cmocka_unit_test(test_120x36),
        cmocka_unit_test(test_200x55),
        cmocka_unit_test(test_the_rows_are_of_the_touch_in_the_same_frame),
        cmocka_unit_test(test_a_kill_of_the_run_before_can_be_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
