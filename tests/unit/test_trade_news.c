/* test_trade_news.c - what the Trade screen tells by itself: first start, fills, crashes, messages, denials. */
#include "golden_screen.h"

static void make_observation(struct fixture *f)
{
    f->frame.status.mode = MODE_OBSERVATION;
    f->frame.status.instrument[0].position_lots = 0;
    memset(&f->frame.position, 0, sizeof(f->frame.position));
    f->frame.position.entry_e8 = f->frame.position.if_flat_e8 = VIEW_NONE;
    f->frame.lists.orders = f->frame.lists.orders_open = 0;
    for (int i = 0; i < f->frame.ladder.rows; i++)
        f->frame.ladder.row[i].own_count = 0;
    fixture_publish(f);
}

/* The tutor speaks in NEXT until Esc. */
static void test_first_start(void **state)
{
    struct ui_config config = {
        .size_presets_e8 = {0, 0, E8(0.01), 0, 0}, .first_start = true, .version = "0.1.0"};
    struct fixture *f = fixture_new_as(120, 36, &config);

    (void)state;
    make_observation(f);
    golden_screen(f, "mock-first-start-120x36");
    assert_has(fixture_row(f, 35), "s paper trading");
    assert_has_not(fixture_row(f, 35), "ticket"); /* no order leaves */
    assert_has_not(fixture_row(f, 35), "cancel");
    assert_has(fixture_next_row(f), "FIRST TIME?  s paper trading");
    fixture_key(f, KEY_ESC);
    assert_has(fixture_next_row(f), "observation sends nothing; s trades on paper");
    fixture_free(f);
}

/* In simulation it stands until the first key, at 80 columns too, and takes no Esc away from disarming. */
static void test_first_start_on_paper(void **state)
{
    struct ui_config config = {
        .size_presets_e8 = {0, 0, E8(0.01), 0, 0}, .first_start = true, .version = "0.1.0"};
    struct fixture *f = fixture_new_as(80, 24, &config);

    (void)state;
    assert_has(fixture_next_row(f),
               "FIRST TIME?  ofi trades on paper, Space pauses \u00b7 \u2191\u2193 \u2190\u2192 aim "
               "\u00b7 i order \u00b7 ? keys "); /* and no dot behind the last */
    f->frame.strategy[1].on = true;
    f->frame.strategy[1].disabled = false;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "FIRST TIME?  ofi and maker trade on paper, Space pauses ");
    f->frame.strategy[0].on = f->frame.strategy[1].on = false;
    fixture_publish(f);
    assert_has(fixture_next_row(f),
               "FIRST TIME?  \u2191\u2193 \u2190\u2192 aim \u00b7 i order \u00b7 u cancel "
               "\u00b7 K stops all \u00b7 ? keys \u00b7 x move  ");
    fixture_key(f, '?');
    fixture_key(f, 'q');
    f->ui->tutor_hidden = false;
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "i asks");
    fixture_key(f, 'n'); /* nor does it come back */
    fixture_key(f, 'N');
    f->ui->say.until_ns = 0;
    assert_has_not(fixture_next_row(f), "FIRST TIME?");
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_key(f, KEY_ESC);
    assert_false(f->ui->armed);
    fixture_free(f);
}

/* The answer of the order just sent gives way to what has become of it; a refusal stands. */
static void test_a_fill_is_told_over_the_answer_before_it(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    snprintf(f->frame.lists.log[0].text, sizeof(f->frame.lists.log[0].text),
             "filled manual BUY 0.01 @ 61835");
    ui_say(f->ui, 0, "WORKING", "BUY 0.01 LIMIT @ 61835.00");
    fixture_ring(f, OWNER_MANUAL, "fill");
    fixture_publish(f);
    assert_has(fixture_next_row(f), "filled manual BUY 0.01 @ 61835");
    ui_say(f->ui, 0, "WORKING", "BUY 0.01 LIMIT @ 61834.00");
    fixture_ring(f, OWNER_MANUAL, "filled manual BUY 0.01 @ 61834");
    fixture_ring(f, 1, "filled ofi SELL 0.005 @ 61865"); /* before the next frame */
    fixture_publish(f);
    assert_has(fixture_next_row(f), "filled manual BUY 0.01 @ 61834");
    ui_say(f->ui, 1, "NOT SENT", "no");
    fixture_ring(f, OWNER_MANUAL, "fill");
    fixture_publish(f);
    assert_has(fixture_next_row(f), "NOT SENT");
    fixture_free(f);
}

/* On Trade, once, until a key or for a minute; it fits in words at 80 columns, and an end in order is no news. */
static void test_a_crash_is_told_once(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    assert_has_not(fixture_draw(f), "AFTER A CRASH");
    snprintf(f->frame.status.crash_told, sizeof(f->frame.status.crash_told),
             "the last run ended without a goodbye after 14:02:11 UTC: LONG 0.015 BTCUSDT taken up, 2 open "
             "orders ended with its paper venue");
    fixture_publish(f); /* only by the first frame */
    assert_has_not(fixture_draw(f), "AFTER A CRASH");
    for (int way = 0; way < 3; way++) {
        f->ui->frame = NULL;
        fixture_publish(f);
        assert_has(fixture_row(f, f->ui->layout.next_row - 1), "AFTER A CRASH  the last run ended");
        assert_has(fixture_next_row(f), "2 open orders ended with its paper venue");
        if (way == 0)
            fixture_wait(f, 59900);
        assert_has(fixture_draw(f), "AFTER A CRASH");
        if (way == 0)
            fixture_wait(f, 200);
        else
            fixture_key(f, way == 1 ? KEY_DOWN : KEY_ESC);
        fixture_publish(f);
        assert_has_not(fixture_draw(f), "AFTER A CRASH");
    }
    fixture_free(f);
}

/* One's own answer is read before what nobody asked for; what waits is told then, and one's own before a strategy's. */
static void test_a_strategys_message_waits_for_ones_own_answer(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    ui_say(f->ui, 0, "WORKING", "BUY 0.01 LIMIT @ 61835.00");
    fixture_ring(f, 1, "filled ofi SELL 0.005 @ 61865");
    fixture_publish(f);
    assert_int_equal(f->bells, 1); /* the ear is told at once */
    fixture_wait(f, 2900);
    assert_has(fixture_next_row(f), "WORKING");
    fixture_wait(f, 200);
    assert_has(fixture_next_row(f), "filled ofi SELL 0.005 @ 61865");

    ui_say(f->ui, 1, "NOT SENT", "no");
    fixture_ring(f, OWNER_MANUAL, "filled manual BUY 0.01 @ 61835");
    fixture_publish(f);
    fixture_ring(f, 1, "filled ofi BUY 0.005 @ 61866");
    fixture_publish(f);
    assert_has(fixture_next_row(f), "NOT SENT");
    fixture_wait(f, 3100);
    assert_has(fixture_next_row(f), "filled manual BUY 0.01 @ 61835");

    ui_say(f->ui, 1, "NOT SENT", "MAX_VALUE"); /* its own bell says no more, and not again */
    fixture_ring(f, OWNER_MANUAL, "denied");
    fixture_publish(f);
    fixture_wait(f, 3100);
    assert_has(fixture_next_row(f), " NEXT ");

    ui_say(f->ui, 1, "NOT SENT", "a reason that takes its time to be read, for a whole minute or so");
    fixture_ring(f, 1, "filled ofi BUY 0.005 @ 61866");
    fixture_publish(f);
    f->ui->say.until_ns = f->ui->say.read_ns = f->now_ns + 60000 * MS;
    fixture_wait(f, 21000); /* no news any more */
    fixture_wait(f, 60000);
    assert_has(fixture_next_row(f), " NEXT ");
    fixture_free(f);
}

/* What the gate denies is not offered as if it would go: the question says what the NEXT row says. */
static void test_a_denied_order_is_not_offered(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    assert_has(fixture_draw(f), " y send it ");
    f->frame.next.valid = true;
    f->frame.next.passes = false;
    f->frame.next.intent = ui_judged_intent(f->ui);
    fixture_publish(f);
    assert_has(fixture_draw(f), " y denied as it stands ");
    assert_has(fixture_next_row(f), " y denied ");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_start),
        cmocka_unit_test(test_first_start_on_paper),
        cmocka_unit_test(test_a_fill_is_told_over_the_answer_before_it),
        cmocka_unit_test(test_a_crash_is_told_once),
        cmocka_unit_test(test_a_strategys_message_waits_for_ones_own_answer),
        cmocka_unit_test(test_a_denied_order_is_not_offered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
