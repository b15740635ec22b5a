/*
 * The choice in the list of orders: on its order while that is at work, then on the same place of the window; always to be
 * seen, and a key acts on what is lit.
 */
#include "ui_fixture.h"

#define PRICE(seq) (60000.0 + (double)(seq)) /* by which a row is known on the screen */

/* Open ones first, then ended ones, the newest first, as the engine lists them. */
static void lay_out(struct fixture *f)
{
    struct view_lists *lists = &f->frame.lists;
    struct view_order row[VIEW_ORDERS_MAX];
    int count = lists->orders, put = 0;

    memcpy(row, lists->order, sizeof(row));
    lists->orders_open = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < count; i++)
            if (order_is_open(&row[i].order) == (pass == 0)) {
                lists->orders_open = (uint16_t)(lists->orders_open + (pass == 0));
                lists->order[put++] = row[i];
            }
}

static void place(struct fixture *f, uint64_t seq, uint16_t owner, enum side side, uint64_t parent)
{
    struct view_lists *lists = &f->frame.lists;
    int rows = lists->orders < VIEW_ORDERS_MAX ? lists->orders : VIEW_ORDERS_MAX - 1;

    memmove(&lists->order[1], &lists->order[0], (size_t)rows * sizeof(lists->order[0]));
    lists->orders = 0;
    mock_order(lists, seq, owner, side, ORDER_LIMIT, PRICE(seq), 1000, ORDER_STATE_WORKING, f->now_ns, 20);
    lists->order[0].order.intent.parent = parent;
    lists->orders = (uint16_t)(rows + 1);
    lay_out(f);
}

static struct order *order_of(struct fixture *f, uint64_t seq)
{
    for (int i = 0; i < f->frame.lists.orders; i++)
        if (f->frame.lists.order[i].order.seq == seq)
            return &f->frame.lists.order[i].order;
    fail_msg("there is no order %llu", (unsigned long long)seq);
    return NULL;
}

static void finish(struct fixture *f, uint64_t seq, enum order_state state)
{
    struct view_lists *lists = &f->frame.lists;
    struct view_order ended, *at = lists->order;

    order_of(f, seq)->state = state;
    order_of(f, seq)->asked_ns = f->now_ns;
    while (at->order.seq != seq)
        at++;
    ended = *at;
    memmove(&lists->order[1], &lists->order[0], (size_t)(at - lists->order) * sizeof(*at));
    lists->order[0] = ended;
    lay_out(f);
}

/* The number of the order that is lit on the screen, and its row; 0: none. */
static uint64_t lit(struct fixture *f, int *screen_row)
{
    const struct layout *l = &f->ui->layout;

    fixture_draw(f);
    for (int row = l->list_row; row < l->list_row + l->list_rows; row++) {
        const struct cell *cell = canvas_cell(f->canvas, row, l->main.at + 1);
        const char *line;

        if (cell->style.bg != ROLE_SELECTED)
            continue;
        if (screen_row != NULL)
            *screen_row = row;
        line = fixture_row(f, row);
        for (int i = 0; i < f->frame.lists.orders; i++) {
            char price[16];

            snprintf(price, sizeof(price), " %.2f ", PRICE(f->frame.lists.order[i].order.seq));
            if (strstr(line, price) != NULL)
                return f->frame.lists.order[i].order.seq;
        }
        fail_msg("no order of the list is in the lit row: %s", line);
    }
    return 0;
}

/* Four of the hand and two of a strategy at work, some ended ones; the list has the focus. */
static struct fixture *with_orders(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    f->frame.lists.orders = f->frame.lists.fills = 0;
    for (uint64_t seq = 1; seq <= 5; seq++)
        place(f, seq, OWNER_MANUAL, SIDE_BID, 0);
    for (uint64_t seq = 1; seq <= 5; seq++)
        finish(f, seq, ORDER_STATE_FILLED);
    for (uint64_t seq = 11; seq <= 14; seq++)
        place(f, seq, OWNER_MANUAL, SIDE_ASK, 0);
    place(f, 15, 1, SIDE_BID, 77);
    place(f, 16, 1, SIDE_ASK, 77);
    fixture_publish(f);
    fixture_key(f, 'v');
    return f;
}

static void choose(struct fixture *f, uint64_t seq)
{
    fixture_key(f, 'g');
    for (int i = 0; i < f->frame.lists.orders && lit(f, NULL) != seq; i++)
        fixture_key(f, KEY_DOWN);
    assert_int_equal(lit(f, NULL), seq);
}

static void test_an_order_that_ends_leaves_the_choice_in_its_place(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = with_orders(sizes[i][0], sizes[i][1]);
        int before, after;

        choose(f, 13); /* 16 15 14 13 12 11, then ended ones */
        (void)lit(f, &before);
        finish(f, 13, ORDER_STATE_FILLED);
        fixture_publish(f);
        assert_int_equal(lit(f, &after), 12);
        assert_int_equal(after, before);
        place(f, 17, OWNER_MANUAL, SIDE_BID, 0); /* above: it is 12 that is chosen now */
        fixture_publish(f);
        assert_int_equal(lit(f, NULL), 12);
        for (uint64_t seq = 12; seq > 10;
             seq--) { /* the last of those at work: its place stays, as long as nothing else is there */
            finish(f, seq, ORDER_STATE_CANCELLED);
            fixture_publish(f);
        }
        assert_int_not_equal(lit(f, NULL), 0);
        fixture_free(f);
    }
}

/* What an impatient second press would have cancelled. */
static void test_a_second_press_cancels_no_other_order(void **state)
{
    struct fixture *f = with_orders(120, 36);

    (void)state;
    choose(f, 14);
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 14);
    finish(f, 14, ORDER_STATE_CANCELLED);
    fixture_wait(f, 50);
    fixture_publish(f);
    assert_int_equal(lit(f, NULL), 13);
    fixture_key(f, 'u');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    assert_has(fixture_next_row(f),
               "NOT CANCELLED  the choice went to fd-0-13 by itself; look, then u cancels it");
    fixture_wait(f, 1000);
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 13);
    finish(f, 13, ORDER_STATE_CANCELLED);
    fixture_publish(f);
    fixture_key(f, KEY_UP); /* chosen by a key: it is meant */
    assert_int_equal(lit(f, NULL), 15);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 12);
    fixture_free(f);
}

static void test_a_replaced_order_keeps_the_choice(void **state)
{
    struct fixture *f = with_orders(80, 24);

    (void)state;
    choose(f, 15);
    order_of(f, 15)->intent.price_ticks += 5; /* amended: it is the same order */
    order_of(f, 15)->state = ORDER_STATE_PENDING_REPLACE;
    place(f, 20, OWNER_MANUAL, SIDE_BID, 0);
    fixture_publish(f);
    assert_int_equal(list_order(f->ui)->order.seq, 15);
    order_of(f, 15)->intent.price_ticks -= 5;
    order_of(f, 15)->state = ORDER_STATE_WORKING;

    fixture_wait(f, 20); /* cancelled, and another of the same quote sent in its stead */
    finish(f, 15, ORDER_STATE_CANCELLED);
    place(f, 21, 1, SIDE_BID, 77);
    place(f, 22, 1, SIDE_ASK, 77);
    fixture_publish(f);
    assert_int_equal(lit(f, NULL), 21);
    fixture_free(f);
}

/* Which order came for which is not known: the choice stays where it is. */
static void test_a_guess_takes_no_choice(void **state)
{
    const struct {
        uint16_t owner;
        enum side side;
        uint64_t parent;
        int count;
        enum order_state end;
    } other[] = {{1, SIDE_BID, 78, 1, ORDER_STATE_CANCELLED}, /* another quote */
                 {2, SIDE_BID, 77, 1, ORDER_STATE_CANCELLED}, /* another strategy's */
                 {1, SIDE_ASK, 77, 1, ORDER_STATE_CANCELLED}, /* the other side */
                 {1, SIDE_BID, 77, 1, ORDER_STATE_FILLED},    /* not replaced, filled */
                 {1, SIDE_BID, 77, 2, ORDER_STATE_CANCELLED}};

    (void)state;
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        struct fixture *f = with_orders(120, 36);
        int before, after;

        choose(f, 15);
        (void)lit(f, &before);
        finish(f, 15, other[i].end);
        for (int k = 0; k < other[i].count; k++)
            place(f, 30 + (uint64_t)k, other[i].owner, other[i].side, other[i].parent);
        fixture_publish(f);
        (void)lit(f, &after);
        assert_int_equal(after, before);
        fixture_free(f);
    }
}

/* Without the focus nothing is lit, and the list shows what is at work. */
static void test_a_list_that_is_left_shows_its_beginning(void **state)
{
    struct fixture *f = with_orders(80, 24);

    (void)state;
    fixture_key(f, 'G');
    fixture_publish(f);
    assert_int_equal(lit(f, NULL), 1);
    fixture_key(f, KEY_ESC);
    assert_int_equal(lit(f, NULL), 0);
    assert_has(fixture_draw(f), "60016.00");
    fixture_publish(f);
    assert_has(fixture_draw(f), "60016.00");
    fixture_key(f, 'v');
    choose(f, 12);
    fixture_key(f, KEY_ESC); /* an order at work stays chosen */
    place(f, 40, OWNER_MANUAL, SIDE_BID, 0);
    fixture_publish(f);
    fixture_key(f, 'v');
    assert_int_equal(lit(f, NULL), 12);
    fixture_free(f);
}

/* No row of an empty list under the last one, and the same picture after a look at all of it. */
static void test_a_larger_list_and_back(void **state)
{
    struct fixture *f = with_orders(80, 24);
    int before, after;

    (void)state;
    choose(f, 12);
    fixture_key(f, KEY_UP);
    (void)lit(f, &before);
    for (int i = 0; i < 2; i++) {
        fixture_key(f, 'z');
        fixture_publish(f);
        assert_int_equal(lit(f, NULL), 13);
        if (i == 0)
            assert_has(fixture_draw(f), "60001.00");
    }
    assert_int_equal(lit(f, &after), 13);
    assert_int_equal(after, before);
    fixture_key(f, 'G');
    for (uint64_t seq = 1; seq <= 4; seq++) { /* fewer rows than before */
        f->frame.lists.orders--;
        fixture_publish(f);
        assert_int_not_equal(lit(f, NULL), 0);
    }
    (void)lit(f, &after);
    assert_int_equal(after, f->ui->layout.list_row + f->ui->layout.list_rows - 1);
    fixture_free(f);
}

static uint32_t next_random(uint32_t *at)
{
    *at = *at * 1664525U + 1013904223U;
    return *at >> 16;
}

static uint64_t any_open(const struct fixture *f, uint32_t *random)
{
    int open = f->frame.lists.orders_open;

    return open == 0 ? 0 : f->frame.lists.order[next_random(random) % (unsigned)open].order.seq;
}

/* A market maker at work for long, in every size and order of rows. */
static void test_the_choice_is_seen_whatever_orders_do(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}, {80, 24}};
    uint32_t random = 7;
    uint64_t seq = 100;

    (void)state;
    for (int round = 0; round < 8; round++) {
        struct fixture *f = with_orders(sizes[round % 4][0], sizes[round % 4][1]);

        for (int i = 0; i < round; i++)
            fixture_key(f, ',');
        for (int step = 0; step < 400; step++) {
            uint64_t chosen = lit(f, NULL), ended = any_open(f, &random);
            uint32_t what = next_random(&random) % 8;
            bool alive = chosen != 0 && order_is_open(order_of(f, chosen));

            f->commands = 0;
            fixture_wait(f, 100);
            if (what < 3 && f->frame.lists.orders_open < 12)
                place(f, ++seq, what == 0 ? OWNER_MANUAL : 1, what == 1 ? SIDE_BID : SIDE_ASK, 77);
            else if (what < 6 && ended != 0)
                finish(f, ended, what == 3 ? ORDER_STATE_FILLED : ORDER_STATE_CANCELLED);
            else if (what == 6)
                fixture_key(f, next_random(&random) % 2 == 0 ? KEY_DOWN : KEY_UP);
            else
                ended = 0;
            if (what == 6)
                chosen = lit(f, NULL);
            fixture_publish(f);
            assert_int_not_equal(lit(f, NULL), 0);
            if (alive && what != 6 && order_is_open(order_of(f, chosen)))
                assert_int_equal(lit(f, NULL), chosen);
            chosen = lit(f, NULL);
            fixture_key(f, 'u');
            if (fixture_count(f, COMMAND_CANCEL) > 0)
                assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, chosen);
            if (f->ui->overlay == OVERLAY_QUESTION) {
                assert_int_equal(f->ui->question.yes.order_seq, chosen);
                fixture_key(f, KEY_ESC);
            }
        }
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_order_that_ends_leaves_the_choice_in_its_place),
        cmocka_unit_test(test_a_second_press_cancels_no_other_order),
        cmocka_unit_test(test_a_replaced_order_keeps_the_choice),
        cmocka_unit_test(test_a_guess_takes_no_choice),
        cmocka_unit_test(test_a_list_that_is_left_shows_its_beginning),
        cmocka_unit_test(test_a_larger_list_and_back),
        cmocka_unit_test(test_the_choice_is_seen_whatever_orders_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
