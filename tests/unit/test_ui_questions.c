/* test_ui_questions.c - a question of the screen: when a yes counts, what Enter and silence do, what asks twice. */
#include "ui_states.h"

static void test_yes_counts_250_ms_after_the_frame_left(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_key(f, 'y'); /* typed ahead: the question was never seen */
    assert_int_equal(orders_sent(f), 0);
    fixture_draw(f);
    fixture_wait(f, 1000); /* drawn, but the terminal stalls */
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    ui_frame_left(f->ui, f->now_ns);
    fixture_wait(f, 240);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    fixture_wait(f, 20);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

static void test_enter_hits_the_harmless_focus(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(orders_sent(f), 0);
    assert_has(fixture_next_row(f), "nothing sent");
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, KEY_TAB); /* moved on purpose */
    fixture_key(f, KEY_ENTER);
    assert_int_equal(orders_sent(f), 1);
    fixture_free(f);
}

static void test_ten_seconds_are_no(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_wait(f, 9900);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_wait(f, 200);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_has(fixture_next_row(f), "not sent");
    fixture_free(f);
}

/* What was asked is no longer what would happen. */
static void test_a_second_yes_when_the_book_left_live_or_it_would_take(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    set_book(f, BOOK_STALE);
    assert_has(fixture_draw(f), "the book left LIVE");
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    fixture_wait(f, 300);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    set_book(f, BOOK_LIVE);
    fixture_wait(f, 2000);
    fixture_key(f, 'i');
    fixture_publish(f); /* the gate has answered: it would rest */
    fixture_seen(f);
    f->frame.next.takes_lots = 1000;
    fixture_publish(f);
    assert_has(fixture_draw(f), "it would TAKE now");
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    fixture_wait(f, 300);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 2);
    fixture_free(f);
}

static void test_cancel_of_a_strategys_order_asks(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, 'u');
    assert_has(fixture_draw(f), "belongs to ofi");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 218);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yes_counts_250_ms_after_the_frame_left),
        cmocka_unit_test(test_enter_hits_the_harmless_focus),
        cmocka_unit_test(test_ten_seconds_are_no),
        cmocka_unit_test(test_a_second_yes_when_the_book_left_live_or_it_would_take),
        cmocka_unit_test(test_cancel_of_a_strategys_order_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
