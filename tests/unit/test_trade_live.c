/* test_trade_live.c - the Trade screen on a live feed: a venue out of reach, a lost link, silence, many instruments. */
#include "golden_screen.h"

static void make_live(struct fixture *f)
{
    f->frame.status.live = true;
    snprintf(f->frame.status.venue_host, sizeof(f->frame.status.venue_host), "stream.binance.com");
}

/* Never reached: what, next try and why, and what needs no network, at every size; no book is invented. */
static void make_unreached(struct fixture *f, bool instruments)
{
    struct view_status *status = &f->frame.status;

    make_live(f);
    status->feed_sick = 2;
    status->feed_unreached = true;
    snprintf(status->feed_next, sizeof(status->feed_next), "try 7 in 4 s");
    snprintf(status->feed_cause, sizeof(status->feed_cause), "name not found: Name or service not known");
    snprintf(status->feed_brief, sizeof(status->feed_brief), "not reached, try 7 in 4 s: name not found");
    snprintf(status->feed_why, sizeof(status->feed_why), "stream.binance.com %.100s", status->feed_brief);
    snprintf(status->book_why, sizeof(status->book_why), "no connection: %s", status->feed_cause);
    for (int i = 0; i < status->instruments; i++) {
        status->instrument[i].book_state = BOOK_DOWN;
        status->instrument[i].book_age_ns = status->instrument[i].last_ticks = VIEW_NONE;
    }
    status->instruments = instruments ? status->instruments : 0;
    memset(&f->frame.ladder, 0, sizeof(f->frame.ladder));
    memset(&f->frame.second, 0, sizeof(f->frame.second));
    f->frame.ladder.last_ticks = VIEW_NONE;
    fixture_publish(f);
}

static void test_an_unreached_venue_is_told_at_every_size(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}, {60, 15}};

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct fixture *f = fixture_new(size[i % 4][0], size[i % 4][1]);

        make_unreached(f, i < 4);
        fixture_draw(f);
        assert_has(f->text, "cannot reach");
        assert_has(f->text, "stream.binance.com");
        assert_has(f->text, "name not found");
        assert_has(f->text, "try 7 in 4 s");
        assert_has(f->text, "flowdeck --demo");
        assert_has(fixture_row(f, 1), "not reached, try 7 in 4 s");
        assert_has(fixture_row(f, 0), size[i % 4][0] < 74 ? " SIM " : " SIMULATION ");
        if (i < 4)
            assert_has(fixture_row(f, 1), "DOWN");
        if (i == 0)
            golden_screen(f, "mock-unreached-80x24");
        fixture_free(f);
    }
}

/* Words of a link that is down stand before the figures of a healthy one, and in full. */
static void test_a_lost_link_takes_the_row_at_80_columns(void **state)
{
    struct fixture *f = fixture_new(80, 24);
    struct view_status *status = &f->frame.status;

    (void)state;
    make_live(f);
    status->feed_sick = 2;
    snprintf(status->feed_brief, sizeof(status->feed_brief),
             "stream WAITING, try 3 in 2 s: connect: refused");
    status->instrument[0].book_state = BOOK_STALE;
    status->instrument[0].book_age_ns = INT64_C(3300000000);
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "book STALE 3.3s  stream WAITING, try 3 in 2 s: connect: refused ");
    fixture_free(f);
}

/* A LIVE book that the gate finds too old is not called LIVE; nor is an instrument that the venue has halted. */
static void test_quiet_and_halted_are_told(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_risk *risk = &f->frame.risk;

    (void)state;
    make_live(f);
    f->frame.status.instrument[0].book_age_ns = INT64_C(2600000000);
    risk->limit[risk->limits] =
        (struct view_limit){.unit = 3, .now = 2600, .worst = VIEW_NONE, .limit = 1000};
    snprintf(risk->limit[risk->limits++].code, sizeof(risk->limit[0].code), "STALE_BOOK");
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "book QUIET 2.6s");
    f->frame.risk.limit[risk->limits - 1].now = 900;
    f->frame.status.instrument[0].closed = true;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "book LIVE 2.6s");
    assert_has(fixture_row(f, 1), " MARKET  BTCUSDT: the venue says not TRADING");
    fixture_free(f);
}

/* Heads over their columns where there is room for them; where not, each row names its prices. */
static void test_watch_list(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    const char *row;
    char *head;

    (void)state;
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    golden_screen(f, "mock-watch-120x36");
    head = strdup(fixture_row(f, 27));
    row = fixture_row(f, 28);
    assert_has(row, "BTCUSDT");
    assert_has(head, "position");
    assert_int_equal(strstr(head, "age") - head + 3,
                     strstr(row, "0.1s") - row + 4 - 2); /* a triangle is 3 bytes */
    free(head);
    fixture_free(f);
    f = fixture_new(80, 24);
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_has(fixture_row(f, 18), "bid ");
    assert_has(fixture_row(f, 18), "ask ");
    assert_has(fixture_row(f, 18), "  +0.015");
    fixture_key(f, 'v');
    assert_has(fixture_draw(f), "show");
    f->ui->list.row = 1;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->instrument_id, 1);
    fixture_free(f);
}

/* A name of ten letters pushes its state to the right instead of running into it. */
static void test_long_strategy_names_keep_a_blank(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_strategy *strategy = f->frame.strategy;

    (void)state;
    snprintf(strategy[0].name, sizeof(strategy[0].name), "momentum");
    snprintf(strategy[1].name, sizeof(strategy[1].name), "absorption");
    fixture_publish(f);
    assert_has(fixture_draw(f), "momentum   ON");
    assert_has(f->text, "absorption off");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_unreached_venue_is_told_at_every_size),
        cmocka_unit_test(test_a_lost_link_takes_the_row_at_80_columns),
        cmocka_unit_test(test_quiet_and_halted_are_told),
        cmocka_unit_test(test_watch_list),
        cmocka_unit_test(test_long_strategy_names_keep_a_blank),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
