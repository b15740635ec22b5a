/* test_arming.c - one-key: what arms it, all that ends it, and what asks all the same. */
#include "ui_states.h"

static void arm(struct fixture *f)
{
    f->ui->say.until_ns = 0;
    if (!f->ui->armed)
        fixture_key(f, 'a');
    assert_true(f->ui->armed);
}

static void test_everything_that_disarms(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct key_event paste = {.key = KEY_PASTE, .paste_bytes = 40};

    (void)state;
    arm(f);
    fixture_wait(f, 59900);
    assert_true(f->ui->armed);
    fixture_wait(f, 200);
    assert_false(f->ui->armed);
    arm(f);
    fixture_wait(f, 50000);
    fixture_key(f, 'i'); /* an order key starts the minute anew */
    fixture_wait(f, 50000);
    assert_true(f->ui->armed);
    fixture_key(f, 'n');
    assert_false(f->ui->armed);
    fixture_publish(f);
    fixture_key(f, 'N');
    f->ui->instrument_id = 0;
    arm(f);
    fixture_key(f, KEY_FOCUS_OUT);
    assert_false(f->ui->armed);
    arm(f);
    ui_key(f->ui, &paste, f->now_ns);
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, 'H'); /* Caps Lock */
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, 'o');
    assert_false(f->ui->armed);
    fixture_key(f, KEY_ESC);
    arm(f);
    set_book(f, BOOK_STALE);
    fixture_wait(f, 1900);
    assert_true(f->ui->armed);
    fixture_wait(f, 200);
    assert_false(f->ui->armed);
    set_book(f, BOOK_LIVE);
    arm(f);
    ui_resize(f->ui, 121, 36, f->now_ns);
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, KEY_ESC);
    assert_false(f->ui->armed);
    fixture_free(f);
}

static void test_live_arming_asks(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    set_mode(f, MODE_LIVE);
    fixture_key(f, 'a');
    assert_false(f->ui->armed);
    assert_has(fixture_draw(f), "REAL MONEY");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_true(f->ui->armed);
    fixture_free(f);
}

/* A key that bounces must not buy twice. */
static void test_same_order_within_a_second_asks_even_when_armed(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    fixture_key(f, 'i');
    fixture_wait(f, 900);
    fixture_key(f, 'i');
    assert_int_equal(orders_sent(f), 1);
    assert_has(fixture_draw(f), "less than a second ago");
    fixture_key(f, 'n');
    fixture_wait(f, 1100);
    fixture_key(f, 'i');
    assert_int_equal(orders_sent(f), 2);
    fixture_key(f, KEY_UP);
    fixture_key(f, 'i'); /* another price is another order */
    assert_int_equal(orders_sent(f), 3);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_that_disarms),
        cmocka_unit_test(test_live_arming_asks),
        cmocka_unit_test(test_same_order_within_a_second_asks_even_when_armed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
