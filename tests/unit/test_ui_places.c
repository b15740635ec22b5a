/* Lists, prompt, order form, sizes, answers, the window's title and who is in control, through keys alone. */
#include "ui_fixture.h"

static void test_tabs_go_round_and_rows_are_chosen_by_order(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int i = 0; i < LIST_TABS; i++) {
        fixture_key(f, KEY_TAB);
        assert_true(strlen(fixture_draw(f)) > 0);
    }
    assert_int_equal(f->ui->list.tab, TAB_ORDERS);
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_int_equal(f->ui->list.tab, TAB_WATCH);
    fixture_key(f, KEY_TAB);
    fixture_key(f, 'v');
    fixture_key(f, KEY_DOWN);
    assert_int_equal(list_order(f->ui)->order.seq, 221);
    /* a new order comes in above: the choice stays with its order */
    memmove(&f->frame.lists.order[1], &f->frame.lists.order[0], 5 * sizeof(f->frame.lists.order[0]));
    f->frame.lists.order[0].order.seq = 300;
    f->frame.lists.orders++;
    fixture_publish(f);
    assert_int_equal(list_order(f->ui)->order.seq, 221);
    assert_int_equal(f->frame.lists.order[f->ui->list.row].order.seq,
                     221); /* and it is the one that is lit */
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 221);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_free(f);
}

static void test_filter_sort_and_copy(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, '/');
    fixture_type(f, "manual");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(list_count(f->ui), 3);
    assert_has(fixture_draw(f), "/manual");
    fixture_key(f, ',');
    fixture_key(f, ',');
    assert_has(fixture_next_row(f), "sorted by owner, yours first");
    assert_has(fixture_row(f, f->ui->layout.list_row), "owner\u25b2"); /* and it stays to be seen */
    fixture_key(f, 'y');
    assert_int_equal(f->copies, 1);
    assert_has(f->copied, "fd-0-221,BTCUSDT,manual,SELL,LIMIT,0.01,0.01,61865,working\n");
    assert_has_not(f->copied, "ofi");
    fixture_key(f, KEY_ESC);
    assert_int_equal(list_count(f->ui), 5);
    snprintf(f->ui->list.filter, sizeof(f->ui->list.filter), "61720"); /* a stop's trigger, as its row says */
    assert_int_equal(list_count(f->ui), 1);
    f->ui->list.filter[0] = '\0';
    f->ui->list.tab = TAB_TAPE;
    fixture_key(f, '/');
    fixture_type(f, "1"); /* a figure is a least size */
    fixture_key(f, KEY_ENTER);
    assert_int_equal(list_count(f->ui), 2);
    f->ui->list.tab = TAB_CLOSED;
    f->ui->list.filter[0] = '\0';
    assert_int_equal(list_count(f->ui), 2);
    fixture_free(f);
}

/* A row of what happens stays the same one while newer ones come above; the first row follows the newest. */
static void test_a_chosen_row_of_the_tape_stays(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_lists *lists = &f->frame.lists;
    int64_t chosen_ns;

    (void)state;
    fixture_key(f, 'v');
    while (f->ui->list.tab != TAB_TAPE)
        fixture_key(f, KEY_TAB);
    for (int round = 0; round < 2; round++) {
        chosen_ns = lists->taker[f->ui->list.row].ts_ns;
        memmove(&lists->taker[1], &lists->taker[0], 10 * sizeof(lists->taker[0]));
        lists->taker[0].ts_ns += 1000000;
        lists->takers++;
        fixture_publish(f);
        if (round == 0)
            assert_int_equal(f->ui->list.row, 0);
        else
            assert_int_equal(lists->taker[f->ui->list.row].ts_ns, chosen_ns);
        if (round == 0)
            fixture_key(f, KEY_DOWN);
    }
    assert_int_equal(f->ui->list.row, 2);
    fixture_key(f, '/');
    fixture_type(f, "sell");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->list.row, 0);
    fixture_free(f);
}

/* What a filter hides is not chosen behind it. */
static void test_a_filter_chooses_anew(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, '/');
    fixture_type(f, "ofi");
    fixture_key(f, KEY_ENTER);
    assert_string_equal(ui_owner_name(&f->frame, list_order(f->ui)->order.intent.owner), "ofi");
    fixture_free(f);
}

static void test_detail_tells_what_became_of_an_order(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "ORDER fd-0-218");
    assert_has(f->text, "ahead in the queue: 0.80000 expected, 2.10000 at worst");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'G');
    fixture_key(f, 'w');
    assert_has(fixture_draw(f), "BUY 0.01000 @ 61796.40 as maker, fee 0.618");
    fixture_free(f);
}

static void test_size_presets_and_typed_sizes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '+');
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_key(f, '=');
    fixture_type(f, "0.033");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->size_e8, E8(0.033));
    fixture_key(f, '-'); /* from a typed size to the preset below */
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_key(f, '=');
    fixture_type(f, "0.000001");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "no multiple of the lot");
    fixture_key(f, '=');
    fixture_type(f, "1e9");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_free(f);
}

/* The form sends what it shows: checked as it is typed, y after 250 ms. */
static void test_ticket(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    fixture_type(f, "0.02");
    fixture_key(f, KEY_TAB);
    fixture_type(f, "61800.005"); /* no multiple of the tick */
    assert_has(fixture_draw(f), "the price must be a multiple of 0.01");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, KEY_BACKSPACE);
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->intent.price_ticks, TICKS(61800));
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_RIGHT); /* post only */
    fixture_key(f, KEY_ENTER); /* goes on, never sends */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    assert_int_equal(fixture_last(f, COMMAND_ORDER)->intent.qty_lots, 2000);
    assert_int_equal(fixture_last(f, COMMAND_ORDER)->intent.price_ticks, TICKS(61800));
    assert_true(fixture_last(f, COMMAND_ORDER)->intent.post_only);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, 'K'); /* the form takes figures, so K is the kill */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_prompt_commands(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "halt");
    assert_int_equal(fixture_last(f, COMMAND_SET_STATE)->state, STATE_HALTED);
    fixture_prompt(f, "cancel buys");
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 218);
    fixture_prompt(f, "cancel sells");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 3);
    fixture_prompt(f, "cancel everything");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    for (int i = 0; i < f->frame.lists.orders; i++)
        f->frame.lists.order[i].order.state = ORDER_STATE_CANCELLED;
    f->frame.lists.orders_open = 0;
    fixture_publish(f);
    fixture_prompt(f, "cancel buys");
    assert_has(fixture_next_row(f), "no buy of BTCUSDT is open");
    fixture_prompt(f, "cancel everything");
    assert_has(fixture_next_row(f), "no order is open");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL) + fixture_count(f, COMMAND_CANCEL_ALL), 4);
    fixture_prompt(f, "theme mono");
    assert_string_equal(f->theme, "mono");
    fixture_prompt(f, "theme nosuch");
    assert_has(fixture_next_row(f), "no theme `nosuch`");
    fixture_prompt(f, "on maker");
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_ON)->intent.owner, 2);
    fixture_prompt(f, "live");
    assert_has(fixture_next_row(f), "not in this version");
    fixture_prompt(f, "halter");
    assert_has(fixture_next_row(f), "did you mean :halt?");
    fixture_prompt(f, "jump 14:08");
    assert_has(fixture_next_row(f), "only a replay's clock");
    fixture_prompt(f, "quit");
    assert_int_equal(f->ui->question.kind, ASK_QUIT);
    fixture_free(f);
}

static void test_a_full_ring_is_said(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    f->full = true;
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "its ring is full");
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_free(f);
}

static void test_answers_stay_three_seconds(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'U');
    f->frame.answers = 1;
    f->frame.answer[0].seq = fixture_last(f, COMMAND_CANCEL_ALL)->seq;
    f->frame.answer[0].level = 1;
    snprintf(f->frame.answer[0].text, VIEW_TEXT_MAX, "NOT SENT  STALE_BOOK age=4.2 s limit=1.0 s");
    fixture_publish(f);
    assert_has(fixture_next_row(f), " NOT SENT  STALE_BOOK age=4.2 s limit=1.0 s");
    fixture_wait(f, 2900);
    fixture_publish(f);
    assert_has(fixture_next_row(f), "STALE_BOOK");
    fixture_wait(f, 200);
    assert_has(fixture_next_row(f), " NEXT  BUY");
    fixture_free(f);
}

static void test_window_title(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    char title[64];

    (void)state;
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "SIM BTCUSDT LONG +7.98");
    f->frame.status.instrument[0].book_state = BOOK_STALE;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "STALE BTCUSDT LONG +7.98");
    f->frame.status.mode = MODE_OBSERVATION;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "STALE BTCUSDT");
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "KILLED BTCUSDT");
    fixture_free(f);
}

/* A window of the schedule stops everybody's orders, not a flatten; both rows say which it is. */
static void test_the_schedule_is_told_and_kept(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);
        struct view_status *status = &f->frame.status;

        snprintf(status->attention, sizeof(status->attention), "snapshot not written (File exists)");
        fixture_publish(f);
        assert_has(fixture_row(f, 1), "LOOK  snapshot not written"); /* where nothing worse is told */
        status->state = STATE_PAUSED;
        status->schedule_holds = true;
        snprintf(status->state_why, sizeof(status->state_why), "the weekend, until Sun 22:00");
        fixture_publish(f);
        assert_has(fixture_row(f, 1), "SCHEDULE  the weekend, until");
        assert_has(fixture_row(f, 1), "book LIVE");
        assert_has(fixture_next_row(f), "the schedule pauses everybody: the weekend, until Sun 22:00");
        fixture_key(f, 'i');
        assert_has(fixture_next_row(f), "NOT SENT");
        fixture_key(f, KEY_ENTER);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        fixture_key(f, 'f');
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
        assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
        fixture_free(f);
    }
}

/* What is gone reads so at any width, the narrowest too. */
static void test_a_wall_that_is_gone(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_book_event event = {.kind = 2, /* WALL */
                                    .side = SIDE_ASK,
                                    .price_ticks = TICKS(61900),
                                    .lots = LOTS(3.12),
                                    .ratio_to_x100 = 80,
                                    .span_ms = 42000};
    char text[96];

    (void)state;
    assert_string_equal(list_event_text(&event, ui_scale(f->ui), text, sizeof(text)),
                        "WALL     ask 61900 3.12 gone, taken after 42s");
    event.ratio_to_x100 = 10;
    assert_string_equal(list_event_fit(&event, ui_scale(f->ui), 500, 34, text, sizeof(text)),
                        "WALL     ask 61900 gone, pulled");
    assert_string_equal(list_event_fit(&event, ui_scale(f->ui), 500, 24, text, sizeof(text)),
                        "WALL     gone ask 61900");
    event.ratio_x100 = 700;
    assert_has(list_event_text(&event, ui_scale(f->ui), text, sizeof(text)), "3.12, 7x usual");
    fixture_free(f);
}

/* NEXT names what lies over the screen by its own title: only the story of an order tells why. */
static void test_each_page_has_its_own_title(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "alerts");
    assert_has(fixture_next_row(f), "ALERTS  any other key closes it");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help flatten");
    assert_has(fixture_next_row(f), "flatten  any other key closes it");
    fixture_free(f);
}

/* One screen is no screens, and where nobody is in control that is said as it is. */
static void test_who_is_in_control(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.desk.screens = 1;
    f->frame.desk.watching = true;
    fixture_publish(f);
    assert_has(fixture_draw(f), " 1 SCREEN, nobody in control ");
    f->frame.desk.screens = 3;
    snprintf(f->frame.desk.controller, sizeof(f->frame.desk.controller), "pts/3");
    fixture_publish(f);
    assert_has(fixture_draw(f), " 3 SCREENS, pts/3 controls ");
    f->frame.desk.watching = false;
    fixture_publish(f);
    assert_has(fixture_draw(f), " 3 SCREENS, you control ");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_page_has_its_own_title),
        cmocka_unit_test(test_a_wall_that_is_gone),
        cmocka_unit_test(test_who_is_in_control),
        cmocka_unit_test(test_tabs_go_round_and_rows_are_chosen_by_order),
        cmocka_unit_test(test_filter_sort_and_copy),
        cmocka_unit_test(test_a_chosen_row_of_the_tape_stays),
        cmocka_unit_test(test_a_filter_chooses_anew),
        cmocka_unit_test(test_detail_tells_what_became_of_an_order),
        cmocka_unit_test(test_size_presets_and_typed_sizes),
        cmocka_unit_test(test_ticket),
        cmocka_unit_test(test_prompt_commands),
        cmocka_unit_test(test_a_full_ring_is_said),
        cmocka_unit_test(test_answers_stay_three_seconds),
        cmocka_unit_test(test_window_title),
        cmocka_unit_test(test_the_schedule_is_told_and_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
