/* test_ui_cursor.c - orders at the cursor: picked up and put elsewhere or in another size, stops on their side, a cursor out of sight. */
#include "ui_states.h"

static void test_order_picked_up(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int commands;

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    commands = orders_sent(f) + fixture_count(f, COMMAND_FLATTEN);
    fixture_key(f, 'i');
    fixture_key(f, 'f');
    assert_int_equal(orders_sent(f) + fixture_count(f, COMMAND_FLATTEN), commands);
    assert_has(fixture_next_row(f), "an order is picked up");
    fixture_key(f, ' ');
    assert_true(f->ui->moving);
    fixture_key(f, KEY_UP);
    fixture_key(f, 'p');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_has(fixture_draw(f), "MOVE THIS ORDER?");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->order_seq, 221);
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->intent.price_ticks, TICKS(61870));
    assert_false(f->ui->moving);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    set_book(f, BOOK_STALE); /* a stale book drops it */
    assert_false(f->ui->moving);
    set_book(f, BOOK_LIVE);
    fixture_key(f, 'x');
    fixture_key(f, '3'); /* so does a screen switch */
    assert_false(f->ui->moving);
    fixture_key(f, 'x');
    fixture_key(f, 'K'); /* and the kill */
    assert_false(f->ui->moving);
    fixture_free(f);
}

/* Its own presets and its own typed size; the size of the next order stays. What has filled counts into the whole. */
static void test_a_picked_up_order_takes_another_size(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int64_t size_e8 = f->ui->size_e8;
    int64_t filled = 0;

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    filled = f->ui->move_order.filled_lots;
    fixture_key(f, 'p'); /* nothing has changed */
    assert_false(f->ui->moving);
    assert_int_equal(fixture_count(f, COMMAND_MOVE), 0);
    fixture_key(f, 'x');
    fixture_key(f, '=');
    fixture_type(f, "0.037");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "ITS SIZE");
    assert_has(fixture_draw(f), "MOVING SELL 0.037");
    fixture_key(f, 'p');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_has(fixture_draw(f), "0.037");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->order_seq, 221);
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->number, filled + LOTS(0.037));
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->intent.price_ticks, TICKS(61865));
    assert_int_equal(f->ui->size_e8, size_e8);
    fixture_key(f, 'x');
    fixture_key(f, '-');
    assert_true(f->ui->move_lots > 0);
    assert_int_equal(f->ui->size_e8, size_e8);
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'x'); /* a size of before is not of this one */
    assert_int_equal(f->ui->move_lots, 0);
    fixture_free(f);
}

/* The venue refuses a stop that the market has passed: whoever is asked would believe to be protected. */
static void test_a_stop_on_the_wrong_side_is_refused(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[0].position_lots = 1000;
    f->frame.status.instrument[0].last_ticks = TICKS(61842);
    fixture_publish(f);
    f->ui->ladder.cursor_ticks = TICKS(61850);
    fixture_key(f, 't');
    assert_has(fixture_next_row(f), "a stop at 61850.00 would be set off at once: this one sells, aim below");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, 't');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_free(f);
}

/* The first arrow aims from where the eye is, and says so; what needs a row of the cursor says that it has none. */
static void test_a_cursor_out_of_sight_says_where_it_goes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61700);
    fixture_key(f, 'x');
    assert_has(fixture_next_row(f), "the cursor is out of sight at 61700.00; 0 aims at the inside");
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "the cursor was out of sight at 61700.00: it is at the inside now");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_picked_up),
        cmocka_unit_test(test_a_picked_up_order_takes_another_size),
        cmocka_unit_test(test_a_stop_on_the_wrong_side_is_refused),
        cmocka_unit_test(test_a_cursor_out_of_sight_says_where_it_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
