/* The order form: every type with its own fields and checks, what leaves, and how each order looks in the list. */
#include "golden_screen.h"

static struct fixture *ticket_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    return f;
}

static void go(struct fixture *f, enum ticket_field field)
{
    for (int i = 0; i < TICKET_FIELDS && f->ui->ticket.field != field; i++)
        fixture_key(f, KEY_TAB);
    assert_int_equal(f->ui->ticket.field, field);
}

static void put(struct fixture *f, enum ticket_field field, const char *figures)
{
    go(f, field);
    while (f->ui->ticket.text[field][0] != '\0')
        fixture_key(f, KEY_BACKSPACE);
    fixture_type(f, figures);
}

static void type(struct fixture *f, int steps)
{
    go(f, TICKET_TYPE);
    while (steps-- > 0)
        fixture_key(f, KEY_RIGHT);
}

/* How often field is reached in one round of Tab. */
static int reached(struct fixture *f, enum ticket_field field)
{
    int count = 0;

    go(f, TICKET_SIDE);
    do {
        count += f->ui->ticket.field == field;
        fixture_key(f, KEY_TAB);
    } while (f->ui->ticket.field != TICKET_SIDE);
    return count;
}

static const struct order_intent *sent(struct fixture *f)
{
    fixture_seen(f);
    fixture_key(f, 'y');
    return &fixture_last(f, COMMAND_ORDER)->intent;
}

/* A field that its type has no use for cannot be reached, so nothing hidden is sent. */
static void test_fields_of_each_type(void **state)
{
    static const struct {
        int steps;
        const char *word;
        int price, stop, trail, tif, show, take;
    } form[] = {{0, "LIMIT", 1, 0, 0, 1, 1, 1},       {1, "MARKET", 0, 0, 0, 0, 0, 1},
                {2, "STOP", 0, 1, 0, 0, 0, 0},        {3, "STOP-LIMIT", 1, 1, 0, 1, 0, 0},
                {4, "TAKE-PROFIT", 0, 1, 0, 0, 0, 0}, {5, "TAKE-LIMIT", 1, 1, 0, 1, 0, 0},
                {6, "TRAILING", 0, 0, 1, 0, 0, 0},    {7, "OCO", 1, 1, 0, 0, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
        struct fixture *f = ticket_new(80, 24);

        type(f, form[i].steps);
        assert_string_equal(ticket_value(&f->ui->ticket, TICKET_TYPE), form[i].word);
        assert_int_equal(reached(f, TICKET_PRICE), form[i].price);
        assert_int_equal(reached(f, TICKET_STOP), form[i].stop);
        assert_int_equal(reached(f, TICKET_TRAIL), form[i].trail);
        assert_int_equal(reached(f, TICKET_TIF), form[i].tif);
        assert_int_equal(reached(f, TICKET_SHOW), form[i].show);
        assert_int_equal(reached(f, TICKET_TAKE), form[i].take);
        assert_has(fixture_draw(f), form[i].word);
        assert_has(f->text, "y send it");
        assert_has(f->text, "touch"); /* the ladder is never covered */
        assert_whole_picture(f);
        fixture_free(f);
    }
}

static void test_stop_limit_and_take_profit(void **state)
{
    struct fixture *f = ticket_new(120, 36);
    const struct order_intent *intent;

    (void)state;
    type(f, 3);
    go(f, TICKET_SIDE);
    fixture_key(f, KEY_RIGHT); /* SELL */
    put(f, TICKET_STOP, "61900");
    assert_has(fixture_draw(f), "it would go off at once: SELL STOP-LIMIT must be below 61842.17");
    put(f, TICKET_STOP, "61700");
    put(f, TICKET_PRICE, "61690.5");
    intent = sent(f);
    assert_int_equal(intent->type, ORDER_STOP_LIMIT);
    assert_int_equal(intent->side, SIDE_ASK);
    assert_int_equal(intent->stop_ticks, TICKS(61700));
    assert_int_equal(intent->price_ticks, TICKS(61690.5));
    assert_true(intent->reduce_only);

    fixture_key(f, KEY_ENTER);
    type(f, 4);
    put(f, TICKET_STOP, "61900"); /* a BUY takes below */
    assert_has(fixture_draw(f), "must be below 61842.17");
    go(f, TICKET_SIDE);
    fixture_key(f, KEY_RIGHT);
    intent = sent(f);
    assert_int_equal(intent->type, ORDER_TAKE_PROFIT);
    assert_int_equal(intent->stop_ticks, TICKS(61900));
    assert_int_equal(intent->price_ticks, TICKS(61590.5)); /* at worst half a percent under it */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 2);
    fixture_free(f);
}

static void test_trailing(void **state)
{
    struct fixture *f = ticket_new(120, 36);
    const struct order_intent *intent;

    (void)state;
    type(f, 6);
    go(f, TICKET_SIDE);
    fixture_key(f, KEY_RIGHT);
    put(f, TICKET_TRAIL, "25.005");
    assert_has(fixture_draw(f), "trails by must be a multiple of 0.01");
    put(f, TICKET_TRAIL, "99999");
    assert_has(fixture_draw(f), "it trails further than the price is high");
    put(f, TICKET_TRAIL, "25");
    assert_has(fixture_draw(f), "TRAILING by 25.00"); /* what it stops at is not its worst price */
    intent = sent(f);
    assert_int_equal(intent->type, ORDER_TRAILING_STOP);
    assert_int_equal(intent->trail_ticks, TICKS(25));
    assert_int_equal(intent->stop_ticks, 0);
    assert_true(intent->price_ticks > 0);
    fixture_free(f);
}

/* What is wrong with the form is all the verdict there is: the gate has judged what stood there before. */
static void test_one_verdict(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = ticket_new(size[i][0], size[i][1]);

        fixture_publish(f);
        assert_has(fixture_next_row(f), "pass");
        put(f, TICKET_PRICE, "61835.001");
        fixture_publish(f);
        assert_has(fixture_next_row(f), "not ready: the price must be a multiple of 0.01 above zero");
        assert_has_not(fixture_draw(f), "pass");
        assert_has_not(fixture_next_row(f), "y sends");
        fixture_key(f, KEY_BACKSPACE);
        fixture_publish(f);
        assert_has(fixture_next_row(f), "pass");
        fixture_free(f);
    }
}

/* Whatever waits for its price takes when it goes off. */
static void test_a_stop_pays_as_taker(void **state)
{
    struct fixture *f = ticket_new(200, 55);
    struct view_next *next = &f->frame.next;

    (void)state;
    assert_has(fixture_next_row(f), "maker fee 0.62");
    type(f, 2);
    put(f, TICKET_STOP, "61900");
    next->intent = f->ui->ticket.intent;
    next->maker = false;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "waits for its price");
    assert_has(f->text, "taker fee 0.62");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 't');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    next->intent = f->ui->question.yes.intent;
    fixture_publish(f);
    assert_has(fixture_draw(f), "as taker");
    fixture_free(f);
}

static void test_iceberg_and_time_in_force(void **state)
{
    struct fixture *f = ticket_new(120, 36);
    const struct order_intent *intent;

    (void)state;
    put(f, TICKET_SIZE, "0.1");
    put(f, TICKET_SHOW, "0.1");
    assert_has(fixture_draw(f), "an iceberg shows less than its size");
    put(f, TICKET_SHOW, "0.01");
    go(f, TICKET_TIF);
    fixture_key(f, KEY_LEFT); /* round to GTD */
    put(f, TICKET_MINUTES, "0");
    assert_has(fixture_draw(f), "minutes: a whole number");
    put(f, TICKET_MINUTES, "90");
    intent = sent(f);
    assert_int_equal(intent->display_lots, LOTS(0.01));
    assert_int_equal(intent->tif, TIF_GTD);
    assert_int_equal(intent->expire_ns, f->frame.status.now_ns + INT64_C(90) * 60 * 1000000000);

    fixture_key(f, KEY_ENTER);
    put(f, TICKET_SHOW, "0.001");
    go(f, TICKET_POST);
    fixture_key(f, KEY_RIGHT);
    go(f, TICKET_TIF);
    fixture_key(f, KEY_RIGHT); /* IOC: nothing of it rests */
    intent = sent(f);
    assert_int_equal(intent->tif, TIF_IOC);
    assert_int_equal(intent->display_lots, 0);
    assert_false(intent->post_only);
    assert_int_equal(intent->expire_ns, 0);
    fixture_free(f);
}

static void test_bracket(void **state)
{
    struct fixture *f = ticket_new(80, 24);
    const struct order_intent *intent;

    (void)state;
    put(f, TICKET_TAKE, "61800");
    assert_has(fixture_draw(f), "a BUY takes its profit above its price");
    put(f, TICKET_TAKE, "62000");
    put(f, TICKET_LOSS, "61900");
    assert_has(fixture_draw(f), "a BUY is stopped below its price");
    put(f, TICKET_LOSS, "61700");
    golden_screen(f, "mock-ticket-bracket-80x24");
    intent = sent(f);
    assert_int_equal(intent->bracket_take_ticks, TICKS(62000));
    assert_int_equal(intent->bracket_stop_ticks, TICKS(61700));
    assert_int_equal(intent->group, 0);

    fixture_key(f, KEY_ENTER); /* a new form has none */
    intent = sent(f);
    assert_int_equal(intent->bracket_take_ticks, 0);
    assert_int_equal(intent->bracket_stop_ticks, 0);
    fixture_free(f);
}

/* Two orders that cancel each other: the same side, size and group, never group 0, another group each time. */
static void test_oco(void **state)
{
    struct fixture *f = ticket_new(120, 36);

    (void)state;
    for (uint64_t group = 1; group <= 2; group++) {
        const struct order_intent *stop, *limit = NULL;

        if (group > 1)
            fixture_key(f, KEY_ENTER);
        type(f, 7);
        go(f, TICKET_SIDE);
        fixture_key(f, KEY_RIGHT);
        put(f, TICKET_STOP, "61700");
        put(f, TICKET_PRICE, "61600");
        assert_has(fixture_draw(f), "the limit of a SELL OCO stands above its stop");
        put(f, TICKET_PRICE, "61950");
        sent(f);
        assert_int_equal(fixture_count(f, COMMAND_ORDER), 2 * group);
        stop = &fixture_last(f, COMMAND_ORDER)->intent;
        assert_int_equal(stop->type, ORDER_STOP);
        assert_int_equal(stop->stop_ticks, TICKS(61700));
        assert_int_equal(stop->group, group);
        for (int i = f->commands - 1; i >= 0; i--) {
            limit = &f->command[i].intent;
            if (f->command[i].kind == COMMAND_ORDER && limit->type == ORDER_LIMIT)
                break;
        }
        assert_non_null(limit);
        assert_int_equal(limit->price_ticks, TICKS(61950));
        assert_int_equal(limit->stop_ticks, 0);
        assert_int_equal(limit->group, group);
        assert_int_equal(limit->side, stop->side);
        assert_int_equal(limit->qty_lots, stop->qty_lots);
        assert_true(limit->reduce_only && stop->reduce_only);
    }
    fixture_free(f);
}

/* The limit went, the stop did not: it is not as if nothing had been sent. */
static void test_half_an_oco(void **state)
{
    struct fixture *f = ticket_new(120, 36);

    (void)state;
    type(f, 7);
    go(f, TICKET_SIDE);
    fixture_key(f, KEY_RIGHT);
    put(f, TICKET_STOP, "61700");
    put(f, TICKET_PRICE, "61950");
    f->full_from = 2;
    sent(f);
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    assert_has(fixture_next_row(f), "HALF SENT");
    assert_has(fixture_next_row(f), "its stop is not");
    fixture_free(f);
}

/* Each type, mark and state is a word in the list at every width. */
static void many_orders(struct view_frame *frame)
{
    struct view_lists *lists = &frame->lists;
    struct order *o;

    lists->orders = 0;
    for (int i = 0; i < ORDER_TYPES; i++)
        mock_order(lists, (uint64_t)(300 + i), 0, SIDE_ASK, (enum order_type)i, 61900 + i, 1000,
                   ORDER_STATE_WORKING, mock_at(14, 7, 20 + i, 0), 20);
    for (int i = 0; i < ORDER_TYPES; i++)
        if (order_type_is_triggered((enum order_type)i))
            lists->order[i].order.intent.stop_ticks = TICKS(61700 + i);
    lists->order[2].order.intent.group = 7;
    mock_order(lists, 310, 1, SIDE_BID, ORDER_LIMIT, 61800, LOTS(0.1), ORDER_STATE_WORKING,
               mock_at(14, 7, 0, 0), 30);
    o = &lists->order[lists->orders - 1].order;
    o->intent.display_lots = LOTS(0.01);
    o->filled_lots = LOTS(0.09);
    o->queue_expected_lots = LOTS(0.3);
    o->queue_worst_lots = LOTS(0.9);
    mock_order(lists, 311, 0, SIDE_BID, ORDER_LIMIT, 61810, 1000, ORDER_STATE_PENDING_REPLACE,
               mock_at(14, 7, 1, 0), 30);
    mock_order(lists, 312, 0, SIDE_BID, ORDER_LIMIT, 61811, 1000, ORDER_STATE_WORKING, mock_at(14, 7, 2, 0),
               30);
    lists->order[lists->orders - 1].order.intent.bracket_take_ticks = TICKS(62000);
    mock_order(lists, 313, 0, SIDE_BID, ORDER_LIMIT, 61812, 1000, ORDER_STATE_EXPIRED, mock_at(14, 7, 3, 0),
               0);
    lists->order[0].order.intent.tif = TIF_GTD;
    lists->order[0].order.intent.expire_ns = mock_at(15, 30, 0, 0);
    lists->orders_open = lists->orders;
}

static void test_every_order_is_readable(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};
    static const char *const word[] = {"stop lmt", "take lmt",    "trails",    "ice",    "OCO",
                                       "BRK",      "\u219215:30", " replace ", "expired"};
    static const char *const wide[] = {"stop limit", "take limit",  "trailing",  "ice",    "OCO",
                                       "BRK",        "\u219215:30", "replacing", "expired"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);
        char name[64];

        many_orders(&f->frame);
        fixture_publish(f);
        fixture_key(f, 'v');
        fixture_key(f, 'z');
        snprintf(name, sizeof(name), "mock-orders-%dx%d", size[i][0], size[i][1]);
        golden_screen(f, name);
        fixture_draw(f);
        for (size_t w = 0; w < sizeof(word) / sizeof(word[0]); w++)
            assert_has(f->text, i == 2 || i == 1 ? wide[w] : word[w]);
        fixture_free(f);
    }
}

/* A word of a state is whole, or another word: never its beginning. */
static void test_a_state_is_a_whole_word(void **state)
{
    static const int size[][2] = {{60, 15}, {72, 24}, {80, 24}, {100, 30}, {120, 36}, {140, 40}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);
        const char *mark;

        f->frame.lists.order[0].order.intent.group = 1;
        fixture_publish(f);
        mark = strstr(fixture_draw(f), "OCO");
        assert_non_null(mark);
        assert_true(memcmp(mark - 8, "working ", 8) == 0 || memcmp(mark - 5, "work ", 5) == 0 ||
                    memcmp(mark - 2, "  ", 2) == 0 || memcmp(mark - 2, "s ", 2) == 0);
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_of_each_type),
        cmocka_unit_test(test_stop_limit_and_take_profit),
        cmocka_unit_test(test_trailing),
        cmocka_unit_test(test_one_verdict),
        cmocka_unit_test(test_a_stop_pays_as_taker),
        cmocka_unit_test(test_iceberg_and_time_in_force),
        cmocka_unit_test(test_bracket),
        cmocka_unit_test(test_oco),
        cmocka_unit_test(test_half_an_oco),
        cmocka_unit_test(test_every_order_is_readable),
        cmocka_unit_test(test_a_state_is_a_whole_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
