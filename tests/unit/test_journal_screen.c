/* Screen 7: its pictures, what it asks of the journal's reader, its keys, an order followed from signal to fill. */
#include "golden_screen.h"
#include "mock_trail.h"

static struct view_trail trail; /* large */

/* The page that was asked for, as the reader gives it. */
static void answer(struct fixture *f)
{
    trail.number = f->trail_asked.number;
    if (f->trail_asked.order_seq != trail.order_seq) {
        trail.order_seq = f->trail_asked.order_seq;
        trail.steps = 0;
        trail.whole = false;
        if (f->trail_asked.order_seq == 214)
            mock_trail_life(&trail);
    }
    ui_trail(f->ui, &trail, f->now_ns);
}

static struct fixture *journal_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    mock_trail(&trail);
    fixture_key(f, '7');
    answer(f);
    answer(f); /* the chosen row's order was asked for upon it */
    return f;
}

static struct fixture *detail_new(int cols, int rows)
{
    struct fixture *f = journal_new(cols, rows);

    for (int i = 0; i < 8; i++)
        fixture_key(f, KEY_UP);
    answer(f);
    f->ui->say.until_ns = 0;
    return f;
}

static struct fixture *order_new(int cols, int rows)
{
    struct fixture *f = detail_new(cols, rows);

    fixture_key(f, KEY_ENTER);
    answer(f);
    return f;
}

static struct fixture *filtered_new(int cols, int rows)
{
    struct fixture *f = journal_new(cols, rows);
    uint16_t rows_left = 0;

    fixture_key(f, '/');
    fixture_type(f, "max_value");
    fixture_key(f, KEY_ENTER);
    f->ui->say.until_ns = 0;
    for (int i = 0; i < trail.rows; i++)
        if (strcasestr(trail.row[i].text, "max_value") != NULL)
            trail.row[rows_left++] = trail.row[i];
    trail.rows = rows_left;
    trail.above = 0;
    trail.narrowed = true;
    answer(f);
    answer(f);
    return f;
}

static struct fixture *empty_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '7');
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(journal_new, "mock-journal");
    golden_sizes(detail_new, "mock-journal-detail");
    golden_sizes(order_new, "mock-journal-order");
    golden_sizes(filtered_new, "mock-journal-filtered");
    golden_sizes(empty_new, "mock-journal-empty");
}

static void test_the_reader_is_asked_where_it_is_looked_at(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int asks;

    (void)state;
    assert_int_equal(f->trail_asks, 0);
    f->no_trail = true; /* whose journal is not known yet: asked again with the next frame */
    fixture_key(f, '7');
    assert_int_equal(f->trail_asks, 0);
    f->no_trail = false;
    fixture_publish(f);
    assert_int_equal(f->trail_asks, 1);
    assert_int_equal(f->trail_asked.anchor, 0);
    assert_has(fixture_next_row(f), "the journal is being read");
    mock_trail(&trail);
    answer(f);
    assert_int_equal(f->trail_asked.order_seq, 219); /* of the newest row */
    asks = f->trail_asks;
    answer(f);
    fixture_publish(f);
    assert_int_equal(f->trail_asks, asks); /* nothing else is wanted */
    fixture_key(f, '1');
    fixture_publish(f);
    assert_int_equal(f->trail_asks, asks);
    fixture_free(f);
}

/* The chosen row stays the same while others come; at the newest what comes is chosen. */
static void test_following_and_staying(void **state)
{
    struct fixture *f = journal_new(120, 36);
    uint64_t seq;

    (void)state;
    assert_has(fixture_draw(f), ", follows");
    mock_trail_add(&trail, mock_at(14, 7, 31, 0), TRAIL_STATE, 0, "state", "", 0, "PAUSED by you");
    answer(f);
    assert_string_equal(journal_chosen(f->ui)->text, "PAUSED by you");
    fixture_key(f, KEY_UP);
    seq = journal_chosen(f->ui)->seq;
    mock_trail_add(&trail, mock_at(14, 7, 32, 0), TRAIL_STATE, 0, "state", "", 0, "ACTIVE by you");
    answer(f);
    assert_int_equal(journal_chosen(f->ui)->seq, seq);
    assert_has_not(fixture_draw(f), ", follows");
    fixture_key(f, 'G');
    assert_string_equal(journal_chosen(f->ui)->text, "ACTIVE by you");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "the newest; what comes is shown");
    fixture_free(f);
}

static void test_older_rows_are_asked_for(void **state)
{
    struct fixture *f = journal_new(120, 36);

    (void)state;
    fixture_key(f, 'g');
    assert_int_equal(f->trail_asked.anchor, trail.row[0].seq); /* 412 are before it */
    answer(f);
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "older ones are being fetched");
    trail.above = 0;
    answer(f);
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "the oldest that is kept; a filter finds older ones");
    fixture_free(f);
}

static void test_filter_and_kinds(void **state)
{
    struct fixture *f = journal_new(80, 24);

    (void)state;
    fixture_key(f, '/');
    fixture_type(f, "ofi fill");
    fixture_key(f, KEY_ENTER);
    assert_string_equal(f->trail_asked.filter, "ofi fill");
    fixture_key(f, KEY_TAB);
    assert_int_equal(f->trail_asked.kinds, 1U << TRAIL_ORDER | 1U << TRAIL_ANSWER | 1U << TRAIL_FILL);
    assert_has(fixture_draw(f), "orders /ofi fill");
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_int_equal(f->trail_asked.kinds, 0);
    fixture_key(f, KEY_ESC);
    assert_string_equal(f->trail_asked.filter, "");
    assert_int_equal(f->ui->screen, SCREEN_JOURNAL);
    trail.rows = 0;
    answer(f);
    assert_has(fixture_draw(f), "no row yet");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "there is no row yet");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    fixture_free(f);
}

/* Signals, gate, sent, at work, fill, cancelled, each with its time; then why. */
static void test_an_order_from_signal_to_fill(void **state)
{
    static const char *const step[] = {
        "-4.12s", "signals",    "+0",      "gate",      "all controls passed",
        "sent",   "+23.0ms",    "at work", "+3.21s",    "fill",
        "+4.78s", "cancelling", "+21.0ms", "cancelled", "why it filled, or did not"};
    struct fixture *f = order_new(120, 36);
    const char *at = fixture_draw(f);

    (void)state;
    assert_has(at, "order #214  from signal to fill");
    for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
        at = strstr(at, step[i]);
        if (at == NULL)
            fail_msg("`%s` is missing or out of order in %s", step[i], f->text);
    }
    assert_has(fixture_next_row(f),
               "#214  answered after 23.0ms, 1 fill, the first after 3.21s, newest step after 8.02s");
    fixture_key(f, 'y');
    assert_has(f->copied, "time_ns,record,what,who,symbol,order,text\n");
    assert_has(f->copied, ",gate,,BTCUSDT,214,\"all controls passed\"\n");
    fixture_key(f, 'q');
    assert_int_equal(f->ui->screen, SCREEN_JOURNAL); /* back to the list first */
    assert_int_equal(f->ui->journal.open_seq, 0);
    fixture_free(f);
}

/* Times of a damaged clock are no reason to fall over. */
static void test_times_beyond_any_clock(void **state)
{
    static const int64_t at[] = {INT64_MIN, INT64_MAX, 0, -1};
    struct fixture *f = order_new(80, 24);

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        for (int i = 0; i < trail.steps; i++)
            trail.step[i].ts_ns = at[(k + (size_t)i) % 4];
        answer(f);
        assert_whole_picture(f);
        fixture_next_row(f);
    }
    fixture_free(f);
}

/* Where its beginning is older than what is kept, all of it is read. */
static void test_an_order_that_began_long_ago(void **state)
{
    struct fixture *f = journal_new(120, 36);

    (void)state;
    assert_int_equal(f->trail_asked.order_seq, 219);
    assert_false(f->trail_asked.whole);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->journal.open_seq, 219);
    answer(f);
    answer(f);
    assert_true(f->trail_asked.whole);
    assert_has(fixture_draw(f), "the journal has nothing of this order");
    fixture_key(f, KEY_ESC);
    assert_false(f->trail_asked.whole);
    fixture_free(f);
}

static void test_follow_from_the_lists_and_the_prompt(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "follow fd-7-214");
    assert_int_equal(f->ui->screen, SCREEN_JOURNAL);
    assert_int_equal(f->trail_asked.order_seq, 214);
    fixture_prompt(f, "follow it");
    assert_has(fixture_next_row(f), ":follow ORDER");
    fixture_key(f, '1');
    fixture_key(f, 'v');
    fixture_key(f, 'W');
    assert_int_equal(f->ui->screen, SCREEN_JOURNAL);
    assert_int_equal(f->ui->journal.open_seq, f->frame.lists.order[0].order.seq);
    fixture_key(f, '1');
    fixture_key(f, KEY_TAB);
    fixture_key(f, 'v');
    fixture_key(f, 'v');
    fixture_key(f, 'W');
    assert_int_equal(f->ui->journal.open_seq, f->frame.lists.fill[0].fill.order_seq);
    fixture_free(f);
}

static void test_all_of_a_row(void **state)
{
    struct fixture *f = journal_new(80, 24);

    (void)state;
    for (int i = 0; i < 4; i++)
        fixture_key(f, KEY_UP);
    fixture_key(f, 'w');
    assert_int_equal(f->ui->overlay, OVERLAY_DETAIL);
    assert_has(fixture_draw(f), "by you: value=1236.84");
    assert_has(f->text, "2025-11-21 14:05:12");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'y');
    assert_has(f->copied, ",DENIED,manual,,0,\"MAX_VALUE BUY 0.02 LIMIT GTC @ 61842.00, by you: value");
    fixture_free(f);
}

static void test_a_journal_that_cannot_be_read_is_told(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, '7');
    memset(&trail, 0, sizeof(trail));
    trail.state = TRAIL_FAILED;
    snprintf(trail.why, sizeof(trail.why), "/data/journal/demo: no journal is kept there");
    answer(f);
    assert_has(fixture_draw(f), "NOT READ");
    assert_has(fixture_next_row(f), "not read  /data/journal/demo: no journal is kept there");
    fixture_free(f);
}

/* The picture is held, whatever comes. */
static void test_frozen(void **state)
{
    struct fixture *f = journal_new(120, 36);

    (void)state;
    fixture_key(f, 'Z');
    mock_trail_add(&trail, mock_at(14, 7, 31, 0), TRAIL_STATE, 0, "state", "", 0, "PAUSED by you");
    answer(f);
    assert_has_not(fixture_draw(f), "PAUSED by you");
    assert_has(f->text, "FROZEN");
    fixture_key(f, 'Z');
    answer(f);
    assert_has(fixture_draw(f), "PAUSED by you");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_the_reader_is_asked_where_it_is_looked_at),
        cmocka_unit_test(test_following_and_staying),
        cmocka_unit_test(test_older_rows_are_asked_for),
        cmocka_unit_test(test_filter_and_kinds),
        cmocka_unit_test(test_an_order_from_signal_to_fill),
        cmocka_unit_test(test_times_beyond_any_clock),
        cmocka_unit_test(test_an_order_that_began_long_ago),
        cmocka_unit_test(test_follow_from_the_lists_and_the_prompt),
        cmocka_unit_test(test_all_of_a_row),
        cmocka_unit_test(test_a_journal_that_cannot_be_read_is_told),
        cmocka_unit_test(test_frozen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
