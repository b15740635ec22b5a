/* Lines that newcomers type: what the prompt says that they mean, and what comes of them. Nothing is guessed silently. */
#include "golden_screen.h"
#include "mock_controls.h"

/* While it is typed NEXT says what Enter would run; "" in want: nothing is known of it. */
static void test_a_line_has_one_meaning(void **state)
{
    static const char *const line[][2] = {
        {"orders", "Enter runs  :list orders  "},
        {"trades", "Enter runs  :list fills  "},
        {"balance", "Enter runs  :zoom position  "},
        {"position", "Enter runs  :zoom position  "},
        {"limits", "Enter runs  :screen risk  "},
        {"3", "Enter runs  :screen 3  "},
        {"goto ETH", "Enter runs  :instrument eth  "},
        {"switch to eth", "Enter runs  :instrument eth  "},
        {"select-window 3", "Enter runs  :screen 3  "},
        {"q!", "Enter runs  :quit  "},
        {"x", "Enter runs  :quit  "},
        {"w", "Enter runs  :write  "},
        {"kill-session", "Enter runs  :quit  "},
        {"strategy off ofi", "Enter runs  :off ofi  "},
        {"ofi on", "Enter runs  :on ofi  "},
        {"stop ofi", "Enter runs  :off ofi  "},
        {"pause all", "Enter runs  :pause  "},
        {"sl 61800", "Enter runs  :stop 61800  "},
        {"stop loss 61800", "Enter runs  :stop 61800  "},
        {"close", "Enter runs  :flatten  "},
        {"close eth", "Enter runs  :flatten eth  "},
        {"cancel buy", "Enter runs  :cancel buys  "},
        {"delete order 2", "Enter runs  :cancel 2  "},
        {"cancel btc", "Enter runs  :cancel all  "},
        {"buy 0.01 @ 61800", "Enter runs  :buy 0.01 61800  "},
        {"buy limit 0.01 61800", "Enter runs  :buy 0.01 61800  "},
        {"market buy 0.01", "Enter runs  :buy 0.01 market  "},
        {"limit sell 0.01 62000", "Enter runs  :sell 0.01 62000  "},
        {"long 0.01", "Enter runs  :buy 0.01  "},
        {"buy 100 usdt", "Enter runs  :buy 100usdt  "},
        {"sell 0.01 btc", "Enter runs  :sell 0.01  "},
        {"set size 0.02", "Enter runs  :size 0.02  "},
        {"sell 0.01 at 62000 usdt", "Enter runs  :sell 0.01 62000  "},
        {"sell @62000", "Enter runs  :sell 0.01000 62000  "}, /* a price, not 62000 of them */
        {"buy at 61800 0.01", "Enter runs  :buy 0.01 61800  "},
        {"buy stop 62000", "Enter runs  :buy 0.01000 stop 62000  "},
        {"buy 0.01 stop", "Enter runs  :buy 0.01 stop  "}, /* as it stands: 0.01 is its size */
        {"cancel all btc", "Enter runs  :cancel all  "},
        {"close position eth", "Enter runs  :flatten eth  "},
        {"QUIT", "Enter runs  :quit  "},
        {"Buy 0.01", "Enter runs  :buy 0.01  "},
        {"buy 1 eth", "orders are of the instrument shown, BTCUSDT; :instrument ETHUSDT shows the other one"},
        {"close all", "one instrument at a time"},
        {"flatten 61800", "a worst price is given so: :flatten --worst 61800"},
        {"undo", "nothing is undone here"},
        {"leverage 10", "no leverage is set here"},
    };
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, line[i][0]);
        if (strstr(fixture_next_row(f), line[i][1]) == NULL)
            fail_msg("`%s`: no `%s` in `%s`", line[i][0], line[i][1], fixture_next_row(f));
        fixture_key(f, KEY_ESC);
    }
    assert_int_equal(fixture_count(f, COMMAND_ORDER) + fixture_count(f, COMMAND_CANCEL_ALL), 0);
    fixture_free(f);
}

/* A word that no command has room for is not left out silently: half a position is not all of it. */
static void test_no_word_is_left_out(void **state)
{
    static const char *const line[] = {"close 0.5 btc", "close half btc", "cancel eth all",
                                       "cancel buys 61800"};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, line[i]);
        assert_has_not(fixture_next_row(f), "Enter runs  :flatten");
        assert_has_not(fixture_next_row(f), "Enter runs  :cancel all  ");
        assert_has_not(fixture_next_row(f), "Enter runs  :cancel 61800  ");
        fixture_key(f, KEY_ESC);
        fixture_prompt(f, line[i]);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    }
    assert_int_equal(fixture_count(f, COMMAND_CANCEL) + fixture_count(f, COMMAND_CANCEL_ALL), 0);
    fixture_free(f);
}

/* A slip of the keys is offered, and Enter never runs what trades by likeness alone. */
static void test_slips_of_the_keys(void **state)
{
    static const char *const line[][2] = {{"quitt", "quit"},    {"flaten", "flatten"},
                                          {"cancle", "cancel"}, {"layouts", "layout"},
                                          {"thme", "theme"},    {"observtion", "observation"}};
    struct fixture *f = fixture_new(120, 36);
    char name[PALETTE_NAME_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, line[i][0]);
        assert_non_null(palette_chosen(f->ui));
        assert_string_equal(palette_name(f->ui, palette_chosen(f->ui), name, sizeof(name)), line[i][1]);
        fixture_key(f, KEY_ESC);
    }
    fixture_prompt(f, "xyzzy");
    assert_has(fixture_next_row(f), "no command `xyzzy`; :help lists them");
    fixture_prompt(f, "pauze");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
}

/* What is said in other words asks, armed or not: who typed it may have meant something else. */
static void test_other_words_disarm(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_prompt(f, "close");
    assert_false(f->ui->armed);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN), 0);
    fixture_free(f);
}

static void test_a_stop_at_a_price(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int64_t held = f->frame.status.instrument[0].position_lots;

    (void)state;
    assert_true(held > 0);
    fixture_prompt(f, "stop 61000");
    assert_int_equal(f->ui->question.kind, ASK_ORDER);
    assert_int_equal(f->ui->question.yes.intent.type, ORDER_STOP);
    assert_int_equal(f->ui->question.yes.intent.stop_ticks, 6100000);
    assert_int_equal(f->ui->question.yes.intent.qty_lots, held); /* the whole of it */
    assert_true(f->ui->question.yes.intent.reduce_only);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "stop 99000");
    assert_has(fixture_next_row(f), "would be set off at once");
    fixture_prompt(f, "stop 61000.001");
    assert_has(fixture_next_row(f), "a price in steps of 0.01");
    fixture_prompt(f, "stop");
    assert_has(fixture_next_row(f), "stop what? :stop PRICE protects the position");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* The instrument that is named is shown first; what is asked is of its own picture. */
static void test_flatten_of_another_instrument(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[1].position_lots = 5000;
    fixture_publish(f);
    fixture_prompt(f, "flatten eth");
    assert_int_equal(f->ui->instrument_id, 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE); /* its picture has not come */
    f->frame.status.shown = 1;
    fixture_publish(f);
    assert_int_equal(f->ui->question.kind, ASK_FLATTEN);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_int_equal(f->ui->question.yes.instrument_id, 1);
    assert_has(fixture_draw(f), "ETHUSDT at market, reduce-only");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "flatten nosuch");
    assert_has(fixture_next_row(f), "no instrument of this session is called `nosuch`");
    fixture_free(f);
}

static void test_sizes_in_words(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_position *held = &f->frame.position;
    int64_t lot_e8 = f->frame.status.instrument[0].scale.lot_e8, all;

    (void)state;
    held->base_free_lots = 1500;
    held->cash_free_e8 = E8(1000);
    held->fee_taker_ppm = 1000;
    fixture_publish(f);
    fixture_prompt(f, "sell all");
    assert_int_equal(f->ui->ticket.intent.qty_lots, 1500);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "sell 50%");
    assert_int_equal(f->ui->ticket.intent.qty_lots, 750);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "buy all 50000"); /* the fee is kept back: 1000 / 1.001 / 50000 */
    all = f->ui->ticket.intent.qty_lots;
    assert_true(all * lot_e8 <= 1998001 && (all + 1) * lot_e8 > 1998001);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "buy 100usdt 50000");
    assert_int_equal(f->ui->ticket.intent.qty_lots * lot_e8, E8(0.002));
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "buy 0.01 market");
    assert_int_equal(f->ui->ticket.intent.type, ORDER_MARKET);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "sell 0.01 stop 61000");
    assert_int_equal(f->ui->ticket.intent.type, ORDER_STOP);
    assert_int_equal(f->ui->ticket.intent.stop_ticks, 6100000);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "size 101%");
    assert_has(fixture_next_row(f), "at most 100%");
    fixture_prompt(f, "buy 0.01 market 61800");
    assert_has(fixture_next_row(f), "a market order has no price");
    fixture_prompt(f, "size 0.0000001btc");
    assert_has(fixture_next_row(f), "no multiple of the lot");
    held->base_free_lots = 0;
    fixture_publish(f);
    fixture_prompt(f, "sell all");
    assert_has(fixture_next_row(f), "no BTC is free to sell");
    f->frame.ladder.best[SIDE_ASK].price_ticks =
        0; /* nobody sells: there is money, and nothing to count it by */
    fixture_publish(f);
    for (int i = 0; i < 2; i++) {
        fixture_prompt(f, i == 0 ? "buy all" : "buy 100usdt");
        assert_has(fixture_next_row(f), "there is no price that USDT would be a size at");
    }
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_free(f);
}

/* By its number, else at its price; of ours by hand alone. */
static void test_cancel_of_one(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_order *order = &f->frame.lists.order[0];
    char line[64];

    (void)state;
    order->order.intent.owner = OWNER_MANUAL;
    fixture_publish(f);
    snprintf(line, sizeof(line), "cancel %llu", (unsigned long long)order->order.seq);
    fixture_prompt(f, line);
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, order->order.seq);
    snprintf(line, sizeof(line), "cancel %s",
             number_price(&f->frame.status.instrument[0].scale, order->order.intent.price_ticks).text);
    fixture_prompt(f, line);
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 2);
    fixture_prompt(f, "cancel 1");
    assert_has(fixture_next_row(f), "no open order has the number or price 1");
    snprintf(line, sizeof(line), "cancel fd-9-%llu", (unsigned long long)order->order.seq);
    fixture_prompt(f, line); /* the id of another run */
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 2);
    snprintf(line, sizeof(line), "cancel fd-0-%llu", (unsigned long long)order->order.seq);
    fixture_prompt(f, line);
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 3);
    /* a whole price is another order's number: neither is guessed, both can be said */
    f->frame.lists.order[1].order.seq = 61800;
    f->frame.lists.order[1].order.intent.owner = OWNER_MANUAL;
    order->order.intent.price_ticks = 6180000;
    fixture_publish(f);
    fixture_prompt(f, "cancel 61800");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 3);
    assert_has(fixture_next_row(f), "61800 is a number and a price here: :cancel fd-0-61800, or 61800.0");
    fixture_prompt(f, "cancel 61800.0");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 4);
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, order->order.seq);
    fixture_prompt(f, "cancel fd-0-61800");
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 61800);
    fixture_prompt(f, "cancel 1");
    assert_has(fixture_next_row(f), "no open order has the number or price 1");
    fixture_free(f);
}

/* The limits come a frame later, or after seconds from far away: over nothing that somebody types in by then. */
static void test_a_limit_that_comes_late_takes_no_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_controls controls = f->frame.controls;

    (void)state;
    mock_controls(&controls);
    for (int typing = 0; typing < 2; typing++) {
        f->frame.controls.controls = 0;
        fixture_publish(f);
        fixture_prompt(f, "limit max_value");
        assert_has(fixture_next_row(f), "the limits are on their way");
        if (typing != 0)
            fixture_key(f, ':');
        f->frame.controls = controls;
        fixture_publish(f);
        assert_int_equal(f->ui->overlay, typing != 0 ? OVERLAY_TEXT : OVERLAY_DETAIL);
        fixture_key(f, KEY_ESC);
    }
    fixture_free(f);
}

/* Without > or < the price is reached from where the last trade was. */
static void test_alerts_without_a_sign(void **state)
{
    static const struct {
        const char *line;
        bool above;
        double level;
    } rows[] = {
        {"alert BTC price 99000", true, 99000},  {"alert 50000", false, 50000},
        {"alert btc above 50000", true, 50000},  {"alert price >=61000", true, 61000},
        {"alert BTCUSDT < 61000", false, 61000},
    };
    static const char *const unit[] = {"alert change > 2", "alert change > 2%", "alert change >= 2.00 %"};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_prompt(f, rows[i].line);
        assert_int_equal(fixture_count(f, COMMAND_ALERT), (int)i + 1);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->instrument_id, 0);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->flag, rows[i].above);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->number, E8(rows[i].level));
    }
    for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) { /* with the unit, as the list writes it */
        fixture_prompt(f, unit[i]);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->number, 2000);
    }
    fixture_prompt(f, "alert change > %");
    assert_has(fixture_next_row(f), "`%` is no number");
    fixture_prompt(f, "alert spread > 2%");
    assert_has(fixture_next_row(f), "`2%` is no number");
    fixture_prompt(f, "alert spread > 2bp");
    assert_int_equal(fixture_last(f, COMMAND_ALERT)->number, 200);
    fixture_prompt(f, "alert spread 5");
    assert_has(fixture_next_row(f), "above or below?");
    fixture_prompt(f, "alert del 1");
    assert_int_equal(fixture_count(f, COMMAND_ALERT_DROP), 1);
    fixture_free(f);
}

/* The verdict on a move is about the order as it would be, not about it beside the one that it replaces. */
static void test_a_move_is_judged_in_the_place_of_its_order(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "buy 0.01");
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->order_seq, 0);
    fixture_key(f, KEY_ESC);
    f->ui->moving = true;
    f->ui->move_order = f->frame.lists.order[0].order;
    f->ui->preview_ns = 0;
    fixture_key(f, KEY_UP);
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->order_seq, f->ui->move_order.seq);
    fixture_free(f);
}

/* A limit of the form that would take instead of rest: the first y says so. */
static void test_the_form_asks_again_before_it_takes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "buy 0.01 99000");
    f->frame.next = (struct view_next){.valid = true, .passes = true, .intent = f->ui->ticket.intent};
    f->frame.next.takes_lots = f->ui->ticket.intent.qty_lots;
    fixture_publish(f);
    assert_has(fixture_draw(f), "y twice: send it");
    assert_has(fixture_next_row(f), "y twice: sends");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    assert_has(fixture_next_row(f), "it would TAKE 0.01000 now instead of resting");
    fixture_publish(f);
    assert_has(fixture_draw(f), "y once more: send it");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_has_one_meaning),
        cmocka_unit_test(test_no_word_is_left_out),
        cmocka_unit_test(test_slips_of_the_keys),
        cmocka_unit_test(test_other_words_disarm),
        cmocka_unit_test(test_a_stop_at_a_price),
        cmocka_unit_test(test_flatten_of_another_instrument),
        cmocka_unit_test(test_sizes_in_words),
        cmocka_unit_test(test_cancel_of_one),
        cmocka_unit_test(test_a_limit_that_comes_late_takes_no_keys),
        cmocka_unit_test(test_alerts_without_a_sign),
        cmocka_unit_test(test_a_move_is_judged_in_the_place_of_its_order),
        cmocka_unit_test(test_the_form_asks_again_before_it_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
