/* Every question that touches an order says whose it is, as it is now, at three sizes. Read from the picture. */
#include "ui_fixture.h"

#include "core/base/safe_text.h"

static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

/* The picture as one line: rows of a question follow one another as they are read. */
static const char *read_on(struct fixture *f)
{
    static char out[65536];
    size_t used = 0;

    for (const char *at = fixture_draw(f); *at != '\0' && used + 4 < sizeof(out);) {
        unsigned code;

        at += safe_text_decode(at, strlen(at), &code);
        if (code == '\n' || code == ' ' || (code >= 0x2500 && code < 0x2580)) {
            if (used > 0 && out[used - 1] != ' ')
                out[used++] = ' ';
        } else if (code < 0x80) {
            out[used++] = (char)code;
        }
    }
    out[used] = '\0';
    return out;
}

static struct fixture *with_size(size_t z, bool readonly)
{
    const struct ui_config config = {.size_presets_e8 = {E8(0.01), E8(0.02), E8(0.03), E8(0.04), E8(0.05)},
                                     .readonly = readonly,
                                     .attached = readonly};

    return fixture_new_as(sizes[z][0], sizes[z][1], &config);
}

static void test_what_cancels_many_counts_them_by_owner(void **state)
{
    static const struct {
        uint32_t key;
        const char *title, *words;
        bool readonly;
    } asks[] = {
        {'f', "FLATTEN?", "every order of BTCUSDT is cancelled first (2 by hand, 1 of ofi); ofi is paused",
         false},
        {'R', "REVERSE THE POSITION?", "orders here are cancelled (2 by hand, 1 of ofi)", false},
        {'o', "LEAVE SIMULATION FOR OBSERVATION?", "3 paper orders (2 by hand, 1 of ofi) will be cancelled",
         false},
        {'q', "LEAVE?", "cancel the 3 orders (2 by hand, 1 of ofi), wait", false},
        {'K', "KILL THE ENGINE'S TRADING?", "cancels all of its own (2 by hand, 1 of ofi); it stays killed",
         true},
    };

    (void)state;
    for (size_t z = 0; z < 3; z++)
        for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
            struct fixture *f = with_size(z, asks[i].readonly);

            fixture_key(f, asks[i].key);
            assert_has(fixture_draw(f), asks[i].title);
            assert_has(read_on(f), asks[i].words);
            f->frame.lists.order[2].order.state = ORDER_STATE_FILLED; /* while it stands */
            f->frame.lists.orders_open = 2;
            fixture_publish(f);
            assert_has(read_on(f), "(1 by hand, 1 of ofi)");
            fixture_free(f);
        }
}

/* Those of another instrument are not touched by what closes this one. */
static void test_flatten_counts_this_instrument_alone(void **state)
{
    struct fixture *f = with_size(1, false);

    (void)state;
    f->frame.lists.order[0].instrument_id = 1;
    fixture_publish(f);
    fixture_key(f, 'f');
    assert_has(read_on(f), "(2 by hand)");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'o');
    assert_has(read_on(f), "(2 by hand, 1 of ofi)");
    fixture_free(f);
}

static void test_a_strategys_order_is_named_as_it_is_now(void **state)
{
    (void)state;
    for (size_t z = 0; z < 3; z++) {
        struct fixture *f = with_size(z, false);
        struct order *order = &f->frame.lists.order[0].order;

        f->ui->ladder.cursor_ticks = TICKS(61830);
        fixture_key(f, 'u');
        assert_has(read_on(f),
                   "fd-0-218 BUY 0.01 BTCUSDT @ 61830.00 belongs to ofi. Cancelling it pauses ofi");
        order->intent.price_ticks = TICKS(61831); /* moved, and a part of it filled */
        order->filled_lots = 400;
        fixture_publish(f);
        assert_has(read_on(f), "fd-0-218 BUY 0.006 BTCUSDT @ 61831.00 belongs to ofi");
        fixture_seen(f);
        order->state = ORDER_STATE_FILLED;
        fixture_publish(f);
        assert_has(fixture_draw(f), "CANCEL A STRATEGY'S ORDER?  it is filled now: nothing to cancel");
        fixture_free(f);
    }
}

/* In the list stand orders of every instrument, each with its own steps of price and size. */
static void test_an_order_of_another_instrument_has_its_own_figures(void **state)
{
    struct fixture *f = with_size(1, false);
    struct view_order *order = &f->frame.lists.order[0];
    struct view_instrument *at = &f->frame.status.instrument[1];

    (void)state;
    order->instrument_id = order->order.intent.instrument_id = 1;
    at->scale.tick_e8 = E8(0.1);
    at->scale.price_decimals = 1;
    order->order.intent.price_ticks = 25005;
    fixture_publish(f);
    fixture_key(f, 'v');
    fixture_key(f, 'u');
    assert_has(read_on(f), "ETHUSDT @ 2500.5 belongs to ofi");
    fixture_free(f);
}

static void test_a_move_says_that_the_order_is_yours(void **state)
{
    (void)state;
    for (size_t z = 0; z < 3; z++) {
        struct fixture *f = with_size(z, false);

        f->ui->ladder.cursor_ticks = TICKS(61865);
        f->ui->ladder.side = SIDE_ASK;
        fixture_key(f, 'x');
        fixture_key(f, KEY_UP);
        fixture_key(f, 'p');
        assert_has(fixture_draw(f), "MOVE THIS ORDER?  yours, fd-0-221: it loses its place in the queue");
        f->frame.lists.order[1].order.state = ORDER_STATE_CANCELLED;
        fixture_publish(f);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        assert_has(fixture_next_row(f), "fd-0-221 of manual is cancelled now: nothing to move");
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_cancels_many_counts_them_by_owner),
        cmocka_unit_test(test_flatten_counts_this_instrument_alone),
        cmocka_unit_test(test_a_strategys_order_is_named_as_it_is_now),
        cmocka_unit_test(test_an_order_of_another_instrument_has_its_own_figures),
        cmocka_unit_test(test_a_move_says_that_the_order_is_yours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
