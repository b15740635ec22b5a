/*
 * test_ladder_books.c - real books of four kinds through the engine's rows onto the screen: of 28,000 levels and of ten,
 * on prices of eight decimals and on whole numbers, with sizes from 0.00000001 to 1,000,000,000 and a long name.
 */
#include "golden_screen.h"

#include "app/ladder_levels.h"
#include "app/ladder_view.h"
#include "unit/pipeline_world.h"
#include "unit/test_random.h"

#include "core/base/safe_text.h"

#define DEEP_LEVELS 14000

struct kind {
    const char *name, *symbol, *base, *quote;
    int64_t tick_e8, lot_e8, bid_ticks, spread_ticks, gap_ticks;
    int64_t least_lots, most_lots;
    int levels;
    uint8_t price_decimals, qty_decimals;
};

static const struct kind kinds[] = {
    {"deep", "BTCUSDT", "BTC", "USDT", 1000000, 1000, 6184217, 1, 90, 10, 400000, DEEP_LEVELS, 2, 5},
    {"thin", "AKROTUSD", "AKRO", "TUSD", 10000, 100000000, 10523, 41, 37, 3, 900, 5, 4, 0},
    {"eight", "1000000MOGUSDT", "1000000MOG", "USDT", 1, 100000000, 123456, 3, 7, 40000, 1000000000, 400, 8,
     0},
    {"whole", "BTCJPY", "BTC", "JPY", 100000000, 1, 9512345, 250, 180, 1, 900000000, 300, 0, 8},
};
#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

/* Sizes as markets have them: most are small, few are great. */
static int64_t size_of(const struct kind *kind, uint64_t *random)
{
    int64_t most = kind->most_lots;

    for (int64_t coin = random_between(random, 0, 7); coin > 0 && most / 4 > kind->least_lots; coin--)
        most /= 4;
    return random_between(random, kind->least_lots, most);
}

static void make_book(struct world *world, const struct kind *kind)
{
    struct level *bids = calloc((size_t)kind->levels, sizeof(*bids)),
                 *asks = calloc((size_t)kind->levels, sizeof(*asks));
    int64_t bid = kind->bid_ticks, ask = bid + kind->spread_ticks;
    uint64_t random = 42;
    struct trade trade = {.recv_ns = WORLD_NS, .taker = SIDE_BID};
    struct feed_event event = {.kind = FEED_TRADE, .recv_ns = WORLD_NS};

    assert_true(bids != NULL && asks != NULL);
    for (int i = 0; i < kind->levels; i++) {
        bids[i] = (struct level){bid, size_of(kind, &random)};
        asks[i] = (struct level){ask, size_of(kind, &random)};
        bid -= random_between(&random, 1, kind->gap_ticks);
        ask += random_between(&random, 1, kind->gap_ticks);
        assert_true(bid > 0);
    }
    world_symbol = kind->symbol;
    world_tick_e8 = kind->tick_e8;
    world_lot_e8 = kind->lot_e8;
    world_init(world, bids, (size_t)kind->levels, asks, (size_t)kind->levels);
    for (int i = 0; i < 6; i++) { /* a little has traded at the touch */
        trade.id = (uint64_t)i + 1;
        trade.taker = i % 2 == 0 ? SIDE_BID : SIDE_ASK;
        trade.price_ticks = i % 2 == 0 ? asks[0].price_ticks : bids[0].price_ticks;
        trade.qty_lots = size_of(kind, &random);
        trade.recv_ns = WORLD_NS + i * 1000000;
        event.instrument = &world->instrument;
        event.trade = trade;
        event.recv_ns = trade.recv_ns;
        pipeline_on_feed(world->pipeline, &event);
    }
    free(bids);
    free(asks);
}

/* The screen's instrument is the kind's, without an account in it. */
static void make_frame(struct fixture *f, const struct kind *kind)
{
    struct view_frame *frame = &f->frame;
    struct view_instrument *at = &frame->status.instrument[0];

    snprintf(at->symbol, sizeof(at->symbol), "%s", kind->symbol);
    snprintf(at->base, sizeof(at->base), "%s", kind->base);
    snprintf(at->quote, sizeof(at->quote), "%s", kind->quote);
    at->scale = (struct view_scale){kind->tick_e8, kind->lot_e8, kind->price_decimals, kind->qty_decimals};
    at->position_lots = 0;
    frame->status.instruments = 1;
    memset(&frame->position, 0, sizeof(frame->position));
    frame->position.entry_e8 = frame->position.if_flat_e8 = VIEW_NONE;
    memset(&frame->lists, 0, sizeof(frame->lists));
    memset(&frame->second, 0, sizeof(frame->second));
    memset(&frame->next, 0, sizeof(frame->next));
    frame->flow.cvd_count = 0;
    frame->flow.cvd_5m_lots = frame->flow.tape_usual_x100 = 0;
    frame->flow.spread_ticks = kind->spread_ticks;
    frame->flow.range_low_ticks = kind->bid_ticks - kind->gap_ticks;
    frame->flow.range_high_ticks = kind->bid_ticks + kind->gap_ticks;
    frame->status.range_low_ticks = frame->flow.range_low_ticks;
    frame->status.range_high_ticks = frame->flow.range_high_ticks;
}

/* What the engine makes of the screen's wishes. */
static void fill(struct fixture *f, struct ladder_view *view, struct world *world)
{
    const struct view_request *want = &fixture_last(f, COMMAND_VIEW)->view;
    struct view_instrument *at = &f->frame.status.instrument[0];

    ladder_view_show(view, 0, want->rows, want->row_ticks, want->top_ticks);
    view->levels = want->levels;
    ladder_view_trade(view, &(struct trade){.recv_ns = WORLD_NS + 5000000,
                                            .price_ticks = f->frame.ladder.best[SIDE_ASK].price_ticks,
                                            .qty_lots = 0,
                                            .taker = SIDE_BID});
    ladder_view_fill(view, world->pipeline, &f->frame.ladder);
    at->best_ticks[SIDE_BID] = f->frame.ladder.best[SIDE_BID].price_ticks;
    at->best_ticks[SIDE_ASK] = f->frame.ladder.best[SIDE_ASK].price_ticks;
    at->last_ticks = f->frame.ladder.last_ticks;
    fixture_publish(f);
}

static const struct kind *kind_now;

static struct fixture *show_after(int cols, int rows, const char *keys)
{
    struct ui_config config = {.size_presets_e8 = {kind_now->lot_e8, 10 * kind_now->lot_e8,
                                                   100 * kind_now->lot_e8, 1000 * kind_now->lot_e8,
                                                   10000 * kind_now->lot_e8},
                               .version = "0.1.0"};
    struct fixture *f = fixture_new_as(cols, rows, &config);
    struct ladder_view *view = calloc(1, sizeof(*view));
    struct world world;

    assert_non_null(view);
    make_book(&world, kind_now);
    memset(&f->frame.ladder, 0, sizeof(f->frame.ladder));
    make_frame(f, kind_now);
    ladder_new_instrument(f->ui);
    f->ui->ladder.top_ticks = f->ui->ladder.row_ticks = 0;
    f->ui->ladder.cursor_set = f->ui->ladder.aimed = false;
    fixture_type(f, keys);
    for (int i = 0; i < 3; i++) { /* the widths of prices change the rows that are asked for */
        fill(f, view, &world);
        f->now_ns += 600 * MS;
        ui_tick(f->ui, f->now_ns);
    }
    f->ui->say.until_ns = 0;
    pipeline_free(world.pipeline);
    free(view);
    return f;
}

static struct fixture *show(int cols, int rows)
{
    return show_after(cols, rows, "");
}

static struct fixture *show_levels(int cols, int rows)
{
    return show_after(cols, rows, "eee");
}

/* Each row whole and as wide as the screen, figures apart from each other. */
static void check_rows(struct fixture *f)
{
    const struct layout *l = &f->ui->layout;

    assert_whole_picture(f);
    for (int i = 0; i < f->frame.ladder.rows && i < l->ladder_rows; i++) {
        const char *row = fixture_row(f, l->ladder_row + i);
        struct number_text price = number_price(ui_scale(f->ui), f->frame.ladder.row[i].price_ticks);
        const char *at = strstr(row, price.text);

        if (at == NULL)
            fail_msg("%s at %dx%d: the price %s is not whole in `%s`", kind_now->name, l->cols, l->rows,
                     price.text, row);
        if (at > row && at[-1] >= '0' && at[-1] <= '9')
            fail_msg("%s at %dx%d: a figure touches the price in `%s`", kind_now->name, l->cols, l->rows,
                     row);
        if (at[strlen(price.text)] >= '0' && at[strlen(price.text)] <= '9')
            fail_msg("%s at %dx%d: a figure touches the price in `%s`", kind_now->name, l->cols, l->rows,
                     row);
    }
}

static void test_books_of_four_kinds(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        char name[32];

        kind_now = &kinds[i];
        snprintf(name, sizeof(name), "book-%.20s", kind_now->name);
        golden_sizes(show, name);
        for (int cols = 60; cols <= 200; cols += 5) {
            struct fixture *f = show(cols, cols < 80 ? 15 : 40);

            check_rows(f);
            fixture_free(f);
        }
    }
}

/* Rows that are prices with orders: no empty one among them, and the cursor goes from price to price. */
static void test_levels_are_the_prices_with_orders(void **state)
{
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct view_ladder *ladder;
        struct fixture *f;
        char name[32];
        int best;

        kind_now = &kinds[i];
        f = show_levels(120, 36);
        ladder = &f->frame.ladder;
        assert_true(ladder->levels_only);
        assert_int_equal(ladder->rows,
                         kind_now->levels < 10 ? 2 * kind_now->levels : f->ui->layout.ladder_rows);
        for (int row = 0; row < ladder->rows; row++) {
            assert_true((ladder->row[row].bid_lots > 0) != (ladder->row[row].ask_lots > 0));
            assert_true(row == 0 || ladder->row[row].price_ticks < ladder->row[row - 1].price_ticks);
        }
        best = ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID);
        assert_int_equal(ladder->row[best].price_ticks, kind_now->bid_ticks);
        assert_int_equal(ladder->row[best - 1].price_ticks, kind_now->bid_ticks + kind_now->spread_ticks);
        assert_int_equal(ladder_cursor_row(f->ui), best);
        fixture_key(f, KEY_DOWN);
        assert_int_equal(ladder_order_ticks(f->ui), ladder->row[best + 1].price_ticks);
        fixture_key(f, KEY_SHIFT | KEY_DOWN); /* between two of them: that price asks for a row of its own */
        assert_int_equal(ladder_order_ticks(f->ui), ladder->row[best + 1].price_ticks - 1);
        assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.top_ticks,
                         ladder->row[best + 1].price_ticks - 1);
        fixture_key(f, KEY_UP);
        for (int up = 0; up < 100; up++)
            fixture_key(f, KEY_UP);
        assert_int_equal(ladder_order_ticks(f->ui),
                         ladder->row[0].price_ticks); /* the last one that is seen */
        check_rows(f);
        fixture_free(f);
        snprintf(name, sizeof(name), "levels-%.20s", kind_now->name);
        if (i < 2)
            golden_sizes(show_levels, name);
    }
}

/* Ours and the price aimed at have rows of their own among them; the farthest ones make room. */
static void test_levels_make_room_for_what_is_ours(void **state)
{
    const struct level bids[] = {{1000, 5}, {990, 6}, {980, 7}, {970, 8}},
                       asks[] = {{1010, 1}, {1020, 2}, {1030, 3}};
    const int64_t also[] = {985, 0, 1015, 990, 2000, 3};
    struct view_ladder *out = calloc(1, sizeof(*out));
    struct world world;

    (void)state;
    world_symbol = NULL;
    world_tick_e8 = world_lot_e8 = 0;
    world_init(&world, bids, 4, asks, 3);
    out->best[SIDE_BID] = bids[0];
    out->best[SIDE_ASK] = asks[0];
    ladder_levels_fill(world.pipeline->market[0]->book, 20, also, 6, out);
    assert_int_equal(out->rows, 9);
    assert_int_equal(out->row[0].price_ticks, 1030);
    assert_int_equal(out->row[2].price_ticks, 1015);
    assert_int_equal(out->row[2].ask_lots, 0);
    assert_int_equal(out->row[5].price_ticks, 990);
    assert_int_equal(out->row[6].price_ticks, 985);
    assert_ptr_equal(ladder_levels_row(out, SIDE_BID, 1015), &out->row[2]);
    assert_ptr_equal(ladder_levels_row(out, SIDE_BID, 984), &out->row[7]);
    assert_ptr_equal(ladder_levels_row(out, SIDE_ASK, 984), &out->row[6]);
    assert_null(ladder_levels_row(out, SIDE_ASK, 2000));
    memset(out->row, 0, sizeof(out->row));
    ladder_levels_fill(world.pipeline->market[0]->book, 6, also, 3,
                       out); /* 3 asks, 3 bids; no room for more */
    assert_int_equal(out->rows, 6);
    assert_int_equal(out->row[0].price_ticks, 1020);
    assert_int_equal(out->row[1].price_ticks, 1015);
    assert_int_equal(out->row[2].price_ticks, 1010);
    assert_int_equal(out->row[3].price_ticks, 1000);
    assert_int_equal(out->row[4].price_ticks, 990);
    assert_int_equal(out->row[5].price_ticks, 985);
    free(out);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_books_of_four_kinds),
        cmocka_unit_test(test_levels_are_the_prices_with_orders),
        cmocka_unit_test(test_levels_make_room_for_what_is_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
