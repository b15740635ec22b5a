/* Between the choice of another instrument and its first picture: nothing leaves by the prices, sizes and names of the old one. */
#include "ui_fixture.h"

/* ETHUSDT is chosen, and its picture has not come. */
static struct fixture *fixture_between(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    f->frame.status.instrument[1].position_lots = 5000;
    fixture_publish(f);
    fixture_key(f, 'n');
    assert_int_equal(f->ui->instrument_id, 1);
    return f;
}

static void eth_comes(struct fixture *f)
{
    f->frame.status.shown = 1;
    f->frame.ladder.instrument_id = 1;
    fixture_publish(f);
}

/* A market order would have the bound of BTCUSDT, its lots, and the number of ETHUSDT. */
static void test_no_order_leaves_without_its_picture(void **state)
{
    static const uint32_t keys[] = {'M', 'i', 't', KEY_ENTER, 'R', 'a'};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fixture *f = fixture_between(120, 36);

        fixture_key(f, keys[i]);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        assert_false(f->ui->armed);
        assert_has(fixture_next_row(f), "the picture of ETHUSDT has not come yet");
        eth_comes(f);
        fixture_key(f, 'M');
        assert_int_equal(f->ui->question.kind, ASK_ORDER);
        assert_int_equal(f->ui->question.yes.intent.instrument_id, 1);
        fixture_free(f);
    }
}

/* A key that aims takes no price of the old picture along: the cursor comes with the new one. */
static void test_no_cursor_at_a_price_of_the_old_one(void **state)
{
    static const uint32_t keys[] = {KEY_UP, KEY_DOWN, '0', 'c', ']'};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fixture *f = fixture_between(120, 36);

        fixture_key(f, keys[i]);
        assert_false(f->ui->ladder.cursor_set);
        assert_int_equal(f->ui->ladder.row_ticks, 0); /* nor its step */
        assert_int_equal(f->ui->ladder.top_ticks, 0);
        for (int side = 0; side < SIDE_COUNT; side++)
            f->frame.ladder.best[side].price_ticks += 100000;
        for (int row = 0; row < f->frame.ladder.rows; row++)
            f->frame.ladder.row[row].price_ticks += 100000;
        eth_comes(f);
        assert_int_equal(ladder_cursor_away(f->ui), 0);
        assert_true(ladder_cursor_row(f->ui) >= 0);
        fixture_free(f);
    }
}

static void test_a_cancel_names_what_it_is_of(void **state)
{
    struct fixture *f = fixture_between(120, 36);

    (void)state;
    fixture_key(f, 'U');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL_ALL)->instrument_id, 1);
    assert_has(fixture_next_row(f), "CANCEL ALL  of ETHUSDT asked for");
    fixture_free(f);
}

static void test_a_flatten_waits_for_its_picture(void **state)
{
    struct fixture *f = fixture_between(120, 36);

    (void)state;
    fixture_key(f, 'f');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    eth_comes(f);
    assert_int_equal(f->ui->question.kind, ASK_FLATTEN);
    assert_int_equal(f->ui->question.yes.instrument_id, 1);
    assert_has(fixture_draw(f), "ETHUSDT at market, reduce-only");
    fixture_free(f);
}

/* Whoever types on is told that the question will not come. */
static void test_a_key_drops_a_flatten_that_waits(void **state)
{
    struct fixture *f = fixture_between(120, 36);

    (void)state;
    fixture_key(f, 'f');
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "the flatten of ETHUSDT is dropped");
    eth_comes(f);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* A held picture of BTCUSDT says nothing of ETHUSDT: by whichever way it is chosen, it is let go. */
static void test_another_instrument_thaws(void **state)
{
    struct fixture *f = fixture_new(200, 55);

    (void)state;
    fixture_key(f, 'Z');
    fixture_key(f, '/');
    fixture_type(f, "eth");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->instrument_id, 1);
    assert_int_equal(f->ui->second_id, 0); /* not the same one twice */
    assert_false(f->ui->frozen);
    eth_comes(f);
    fixture_key(f, 'Z');
    fixture_key(f, 'v');
    fixture_key(f, 'v');
    assert_int_equal(f->ui->instrument_id, 0);
    assert_int_equal(f->ui->second_id, 1);
    assert_false(f->ui->frozen);
    fixture_free(f);
}

/* A frame of BTCUSDT that was under way has other ticks: the step kept for ETHUSDT is not measured by them. */
static void test_a_late_picture_leaves_the_step_of_the_next(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[1].scale.tick_e8 = f->frame.status.instrument[0].scale.tick_e8 / 100;
    f->ui->row_ticks_of[1] = 50;
    fixture_publish(f);
    fixture_key(f, 'n');
    fixture_publish(f);
    eth_comes(f);
    assert_int_equal(f->ui->ladder.row_ticks, 50);
    fixture_free(f);
}

/* What is asked of BTCUSDT must not be told with the name and the price of ETHUSDT, nor be sent under it. */
static void test_a_question_goes_with_its_picture(void **state)
{
    static const uint32_t keys[] = {'M', 'i', 'R', 'f'};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fixture *f = fixture_new(120, 36);

        fixture_key(f, keys[i]);
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
        fixture_seen(f);
        f->commands = 0;
        eth_comes(f);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        assert_has(fixture_next_row(f), "nothing sent: the picture is of ETHUSDT now");
        fixture_key(f, 'y');
        for (int at = 0; at < f->commands; at++)
            assert_false(command_has(f->command[at].kind, COMMAND_TRAIT_CHANGES));
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_order_leaves_without_its_picture),
        cmocka_unit_test(test_no_cursor_at_a_price_of_the_old_one),
        cmocka_unit_test(test_a_cancel_names_what_it_is_of),
        cmocka_unit_test(test_a_flatten_waits_for_its_picture),
        cmocka_unit_test(test_a_key_drops_a_flatten_that_waits),
        cmocka_unit_test(test_another_instrument_thaws),
        cmocka_unit_test(test_a_question_goes_with_its_picture),
        cmocka_unit_test(test_a_late_picture_leaves_the_step_of_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
