/*
 * test_trail.c - the journal as rows for people: what each record says, the page that is asked for, an order's life, and
 * the thread that reads beside a running writer.
 */
#include "unit/record_fill.h"
#include "unit/store_fixture.h"

#include "app/trail.h"
#include "app/trail_keep.h"
#include "core/base/clock.h"
#include "core/base/safe_text.h"

#include <time.h>

#define WAIT_NS INT64_C(60000000000)

/* --- records -------------------------------------------------------------------------------------------------------- */

static struct store_record record_at(enum store_record_kind kind, int64_t ts_ns)
{
    struct store_record record = {.kind = kind, .ts_ns = ts_ns, .input_seq = (uint64_t)ts_ns};

    strcpy(record.symbol, "BTCUSDT");
    strcpy(record.owner, "ofi");
    return record;
}

static struct store_record order_at(uint64_t seq, enum order_state state, int64_t ts_ns)
{
    struct store_record record = record_at(STORE_ORDER, ts_ns);
    struct order *order = &record.order.order;

    order->seq = seq;
    order->state = state;
    order->intent.type = ORDER_LIMIT;
    order->sent_ns = order->asked_ns = order->updated_ns = ts_ns;
    record.order.scale = (struct store_scale){.tick_e8 = 1000000, .lot_e8 = 1000};
    record.order.price_e8 = INT64_C(6184000000000);
    record.order.qty_e8 = 1000000;
    return record;
}

static struct store_record answer_at(uint64_t seq, enum order_event_kind kind, int64_t ts_ns,
                                     const char *text)
{
    struct store_record record = record_at(STORE_ANSWER, ts_ns);

    record.answer.event.kind = kind;
    record.answer.event.order_seq = seq;
    strcpy(record.answer.text, text);
    return record;
}

static struct store_record fill_at(uint64_t seq, int64_t ts_ns)
{
    struct store_record record = record_at(STORE_FILL, ts_ns);

    record.fill.fill.order_seq = record.fill.fill.trade_id = seq;
    record.fill.fill.maker = true;
    record.fill.fill.fee_e8 = 61840000;
    record.fill.price_e8 = INT64_C(6184000000000);
    record.fill.qty_e8 = 1000000;
    return record;
}

static struct store_record audit_at(const char *event, const char *owner, const char *text, int64_t ts_ns)
{
    struct store_record record = record_at(STORE_AUDIT, ts_ns);

    strcpy(record.audit.event, event);
    strcpy(record.audit.owner, owner);
    strcpy(record.audit.text, text);
    return record;
}

static struct store_record command_at(enum command_kind kind, int64_t ts_ns)
{
    struct store_record record = record_at(STORE_COMMAND, ts_ns);

    record.command.kind = kind;
    strcpy(record.command.source, "key");
    return record;
}

/* A signal, a key, the gate, sent, at work, filled, with a minute of market between. */
static size_t life_of(uint64_t seq, int64_t ts_ns, struct store_record out[8])
{
    struct store_record signals = record_at(STORE_SIGNALS, ts_ns - 4000000000);
    struct store_record command = command_at(COMMAND_ORDER, ts_ns);

    signals.signals.mid_e8 = INT64_C(6184100000000);
    signals.signals.imbalance_1bp_ppm = 310000;
    command.command.intent.price_ticks = 6184000;
    command.command.intent.qty_lots = 1000;
    out[0] = signals;
    out[1] = command;
    out[2] = order_at(seq, ORDER_STATE_SENT, ts_ns);
    out[3] = answer_at(seq, ORDER_EVENT_ACK, ts_ns + 12000000, "");
    out[4] = order_at(seq, ORDER_STATE_WORKING, ts_ns + 12000000);
    out[5] = fill_at(seq, ts_ns + 3400000000);
    out[6] = record_at(STORE_STORY, ts_ns + 3400000000);
    out[6].story.order_seq = seq;
    strcpy(out[6].story.text, "filled by the trade that came to its price");
    out[7] = record_at(STORE_POSITION, ts_ns + 3400000000);
    return 8;
}

/* --- rows ----------------------------------------------------------------------------------------------------------- */

static size_t rows_of(const struct store_record *record, struct view_trail_row row[TRAIL_ROWS_OF_RECORD])
{
    static struct trail_words words;
    uint64_t cause;

    return trail_rows_of(&words, record, 7, row, &cause);
}

static void test_each_record_in_words(void **state)
{
    struct view_trail_row row[TRAIL_ROWS_OF_RECORD];
    struct store_record record = order_at(3, ORDER_STATE_SENT, 5000);

    (void)state;
    assert_int_equal(rows_of(&record, row), 2); /* the gate's word, then that it left */
    assert_int_equal(row[0].kind, TRAIL_GATE);
    assert_string_equal(row[1].text, "#3 BUY 0.01 LIMIT @ 61840.00 GTC");
    assert_int_equal(row[1].order_seq, 3);
    record = command_at(COMMAND_CANCEL, 6000);
    record.command.order_seq = 3;
    assert_int_equal(rows_of(&record, row), 1);
    assert_string_equal(row[0].what, "cancel");
    assert_string_equal(row[0].owner, "key");
    assert_string_equal(row[0].text, "#3");
    record = command_at(COMMAND_MOVE, 6000); /* ticks of what the order has told */
    record.command.order_seq = 3;
    record.command.intent.price_ticks = 6183500;
    assert_int_equal(rows_of(&record, row), 1);
    assert_string_equal(row[0].text, "#3 to @ 61835.00");
    record = answer_at(3, ORDER_EVENT_REJECTED, 6000, "filter");
    record.answer.event.error = ORDER_ERROR_FILTER;
    assert_int_equal(rows_of(&record, row), 1);
    assert_int_equal(row[0].level, 3);
    assert_string_equal(row[0].what, "rejected");
    record = fill_at(3, 7000);
    record.fill.fill.realised_e8 = -250000000;
    assert_int_equal(rows_of(&record, row), 1);
    assert_string_equal(row[0].text, "#3 BUY 0.01 @ 61840.00 fee 0.6184 maker, closed -2.5");
    record = audit_at("order.denied", "ofi", "#12 BUY 0.02: MAX_VALUE value=1236.84 limit=1000.00", 8000);
    assert_int_equal(rows_of(&record, row), 1);
    assert_string_equal(row[0].what, "DENIED");
    assert_int_equal(row[0].kind, TRAIL_DENIED);
    assert_string_equal(row[0].text, "MAX_VALUE BUY 0.02: value=1236.84 limit=1000.00, denial 12");
    assert_int_equal(row[0].order_seq, 0); /* that number is the denial's */
    record = audit_at("strategy.disabled", "ofi", "LOSS_STREAK", 8000);
    assert_int_equal(rows_of(&record, row), 1);
    assert_string_equal(row[0].what, "disabled");
    record = audit_at("kill", "-", "by key K orders=3 confirmed=0", 8000);
    assert_int_equal(rows_of(&record, row), 1);
    assert_int_equal(row[0].level, 3);
    assert_string_equal(row[0].owner, "");
}

/* What a clock samples, what is summed up and what an audit line says again is no row. */
static void test_no_row_of_samples_and_sums(void **state)
{
    static const enum store_record_kind none[] = {
        STORE_EQUITY, STORE_POSITION, STORE_ACCOUNT, STORE_TRADING, STORE_OWNER,     STORE_LIMIT,
        STORE_TIME,   STORE_MEMORY,   STORE_CANDLE,  STORE_SIGNALS, STORE_INSTRUMENT};
    struct view_trail_row row[TRAIL_ROWS_OF_RECORD];
    struct store_record record = command_at(COMMAND_LATENCY, 5000);

    (void)state;
    assert_int_equal(rows_of(&record, row), 0);
    record = order_at(3, ORDER_STATE_WORKING, 5000);
    assert_int_equal(rows_of(&record, row), 0);
    record = answer_at(3, ORDER_EVENT_FILL, 5000, "");
    assert_int_equal(rows_of(&record, row), 0);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        record = record_at(none[i], 5000);
        assert_int_equal(rows_of(&record, row), 0);
    }
}

/* Whatever stands in a record that can be read at all: rows are whole, and nothing of it can reach a terminal. */
static void test_any_record_makes_safe_rows(void **state)
{
    static struct trail_words words;
    static struct store_record record;
    uint64_t cause;

    (void)state;
    for (int round = 0; round < 400; round++) {
        EACH_KIND(kind)
        {
            struct view_trail_row row[TRAIL_ROWS_OF_RECORD];
            size_t rows;

            record = filled_record(kind, (uint64_t)round + 1);
            rows = trail_rows_of(&words, &record, 1, row, &cause);
            assert_true(rows <= TRAIL_ROWS_OF_RECORD);
            for (size_t i = 0; i < rows; i++) {
                assert_non_null(memchr(row[i].text, '\0', sizeof(row[i].text)));
                assert_true(safe_text_is_safe(row[i].text, strlen(row[i].text)));
                assert_true(safe_text_is_safe(row[i].what, strlen(row[i].what)));
                assert_true(safe_text_is_safe(row[i].owner, strlen(row[i].owner)));
                assert_true(safe_text_is_safe(row[i].symbol, strlen(row[i].symbol)));
                assert_true(row[i].kind < TRAIL_KINDS && row[i].level <= 3);
            }
        }
    }
}

/* --- pages ---------------------------------------------------------------------------------------------------------- */

static struct view_trail page; /* large */

static const struct view_trail *page_of(const struct trail_keep *keep, const char *filter, uint32_t kinds,
                                        uint64_t anchor, uint64_t order_seq)
{
    struct view_trail_request request = {.kinds = kinds, .anchor = anchor, .order_seq = order_seq};

    snprintf(request.filter, sizeof(request.filter), "%s", filter);
    trail_keep_page(keep, &request, &page);
    return &page;
}

static void add_life(struct trail_keep *keep, uint64_t seq, int64_t ts_ns, const struct trail_filter *only)
{
    struct store_record record[8];
    size_t count = life_of(seq, ts_ns, record);

    for (size_t i = 0; i < count; i++)
        trail_keep_add(keep, &record[i], seq * 100 + i, only);
}

static void test_filters(void **state)
{
    struct trail_keep *keep = trail_keep_new();
    struct store_record record;

    (void)state;
    add_life(keep, 1, 1000000000000, NULL);
    add_life(keep, 2, 2000000000000, NULL);
    record = audit_at("order.denied", "mm", "#1 SELL 0.02: MAX_VALUE value=1236.84", 3000000000000);
    trail_keep_add(keep, &record, 900, NULL);
    assert_int_equal(page_of(keep, "", 0, 0, 0)->rows,
                     9); /* command, sent, at work, fill; twice, and the denial */
    assert_int_equal(page_of(keep, "#2", 0, 0, 0)->rows, 4); /* the command that it began with, too */
    assert_int_equal(page_of(keep, "max_value", 0, 0, 0)->rows, 1);
    assert_int_equal(page_of(keep, "mm sell", 0, 0, 0)->rows, 1);
    assert_int_equal(page_of(keep, "mm buy", 0, 0, 0)->rows, 0);
    assert_int_equal(page_of(keep, "denied", 0, 0, 0)->rows, 1);
    assert_int_equal(page_of(keep, "", 1U << TRAIL_FILL, 0, 0)->rows, 2);
    assert_int_equal(page_of(keep, "fill #1", 0, 0, 0)->rows, 1);
    assert_int_equal(page_of(keep, "#", 0, 0, 0)->rows,
                     9 - 3); /* a word: the typed orders and the denied one have no number */
    trail_keep_free(keep);
}

/* What was seen before a restart is not what an order of the next run went by. */
static void test_signals_end_with_their_run(void **state)
{
    struct trail_keep *keep = trail_keep_new();
    struct store_record record[8], session = record_at(STORE_SESSION, 2500000000000);
    size_t count = life_of(2, 3000000000000, record);

    (void)state;
    add_life(keep, 1, 1000000000000, NULL);
    trail_keep_add(keep, &session, 150, NULL);
    for (size_t i = 0; i < count; i++)
        if (record[i].kind != STORE_SIGNALS)
            trail_keep_add(keep, &record[i], 200 + i, NULL);
    assert_int_equal(page_of(keep, "", 0, 0, 1)->steps, 7);
    assert_int_equal(page_of(keep, "", 0, 0, 2)->steps, 6);
    trail_keep_free(keep);
}

static void test_an_orders_life(void **state)
{
    static const char *const what[] = {"signals", "order", "gate", "sent", "at work", "fill", ""};
    struct trail_keep *keep = trail_keep_new();
    const struct view_trail *life;

    (void)state;
    add_life(keep, 1, 1000000000000, NULL);
    add_life(keep, 2, 2000000000000, NULL);
    life = page_of(keep, "", 0, 0, 2);
    assert_true(life->whole);
    assert_int_equal(life->steps, 7);
    for (int i = 0; i < 7; i++)
        assert_string_equal(life->step[i].what, what[i]);
    assert_non_null(strstr(life->step[0].text, "near +0.31"));
    assert_int_equal(page_of(keep, "", 0, 0, 77)->steps, 0);
    assert_false(page.whole);
    trail_keep_free(keep);
}

/* How an order that is moved without an end began, and how it ended. */
static void test_a_long_life_keeps_its_ends(void **state)
{
    struct trail_keep *keep = trail_keep_new();
    const struct view_trail *life;
    struct store_record record;

    (void)state;
    add_life(keep, 1, 1000000000000, NULL);
    for (int i = 0; i < 200; i++) {
        record = answer_at(1, ORDER_EVENT_REPLACED, 1010000000000 + i, "");
        trail_keep_add(keep, &record, 1000U + (unsigned)i, NULL);
    }
    record = answer_at(1, ORDER_EVENT_CANCELLED, 1020000000000, "as asked");
    trail_keep_add(keep, &record, 2000, NULL);
    life = page_of(keep, "", 0, 0, 1);
    assert_int_equal(life->steps, TRAIL_STEPS_MAX);
    assert_string_equal(life->step[0].what, "signals");
    assert_string_equal(life->step[TRAIL_STEPS_HEAD].what, "...");
    assert_non_null(
        strstr(life->step[TRAIL_STEPS_HEAD].text, "145 steps between")); /* of 208, 63 are shown */
    assert_string_equal(life->step[TRAIL_STEPS_MAX - 1].what, "cancelled");
    trail_keep_free(keep);
}

/* The newest are kept, in order; a page lies around its anchor and says how many are beyond it. */
static void test_the_newest_rows_are_kept(void **state)
{
    struct trail_keep *keep = trail_keep_new();
    const struct view_trail *at;

    (void)state;
    for (uint64_t i = 1; i <= TRAIL_ROWS_MAX + 100; i++) {
        struct store_record record = audit_at("state", "-", "PAUSED by you", (int64_t)i);

        trail_keep_add(keep, &record, i, NULL);
    }
    assert_int_equal(trail_keep_count(keep), TRAIL_ROWS_MAX);
    assert_true(trail_keep_is_full(keep));
    at = page_of(keep, "", 0, 0, 0);
    assert_int_equal(at->rows, TRAIL_PAGE_MAX);
    assert_int_equal(at->row[TRAIL_PAGE_MAX - 1].seq, TRAIL_ROWS_MAX + 100);
    assert_int_equal(at->above, TRAIL_ROWS_MAX - TRAIL_PAGE_MAX);
    assert_int_equal(at->below, 0);
    at = page_of(keep, "", 0, 4000, 0);
    assert_int_equal(at->row[TRAIL_PAGE_MAX / 2 - 1].seq, 4000);
    assert_int_equal(at->above + at->rows + at->below, TRAIL_ROWS_MAX);
    at = page_of(keep, "", 0, 1, 0); /* forgotten: the oldest that is kept */
    assert_int_equal(at->row[0].seq, 101);
    assert_int_equal(at->above, 0);
    trail_keep_clear(keep);
    assert_int_equal(page_of(keep, "", 0, 0, 0)->rows, 0);
    trail_keep_free(keep);
}

/* With a filter older rows are found: the others take no room. */
static void test_narrowed_keeps_only_what_is_wanted(void **state)
{
    struct trail_keep *keep = trail_keep_new();
    struct view_trail_request request = {.filter = "#1"};
    struct trail_filter only;

    (void)state;
    trail_filter_parse(&request, &only);
    for (uint64_t seq = 1; seq <= 3000; seq++)
        add_life(keep, seq, (int64_t)seq * 10000000000, &only);
    assert_false(trail_keep_is_full(keep));
    assert_int_equal(page_of(keep, "#1", 0, 0, 1)->rows, 4);
    assert_true(page.whole);
    assert_int_equal(page.steps, 7);
    trail_keep_free(keep);
}

/* --- the thread ----------------------------------------------------------------------------------------------------- */

typedef bool is_right(const struct view_trail *trail);

/* Waits for the page that answers the request and is as it should be. */
static const struct view_trail *wait_for(struct trail *trail, const struct view_trail_request *request,
                                         is_right *right)
{
    int64_t until_ns = clock_monotonic_ns() + WAIT_NS;
    const struct view_trail *newest = NULL, *came;

    trail_ask(trail, request);
    for (;;) {
        came = trail_poll(trail);
        newest = came != NULL ? came : newest;
        if (newest != NULL && newest->number == request->number && right(newest))
            return newest;
        assert_true(clock_monotonic_ns() < until_ns);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

static bool has_four(const struct view_trail *trail)
{
    return trail->state == TRAIL_FOLLOWS && trail->rows == 4;
}

static bool has_two_lives(const struct view_trail *trail)
{
    return trail->state == TRAIL_FOLLOWS && trail->rows == 9 && trail->whole && trail->steps == 7;
}

static bool has_failed(const struct view_trail *trail)
{
    return trail->state == TRAIL_FAILED;
}

static bool has_one_run(const struct view_trail *trail)
{
    return trail->state == TRAIL_FOLLOWS && trail->rows >= 1;
}

static void push_life(struct store *store, uint64_t seq, int64_t ts_ns)
{
    struct store_record record[8];
    size_t count = life_of(seq, ts_ns, record);

    for (size_t i = 0; i < count; i++)
        push(store, &record[i]);
}

static void push_instrument(struct store *store)
{
    struct store_record record = record_at(STORE_INSTRUMENT, 900);

    strcpy(record.instrument.symbol, "BTCUSDT");
    strcpy(record.instrument.base, "BTC");
    strcpy(record.instrument.quote, "USDT");
    record.instrument.tick_e8 = 1000000;
    record.instrument.lot_e8 = 1000;
    push(store, &record);
}

/* Beside a running writer: what is durable is shown, what comes is added, an order is followed. */
static void test_it_follows_a_journal(void **state)
{
    const struct folder *folder = *state;
    struct store *store = open_journal(folder);
    struct view_trail_request request = {.number = 1};
    char dir[160];
    struct trail *trail;

    snprintf(dir, sizeof(dir), "%s/journal/demo", folder->path);
    trail = trail_start(dir, NULL);
    assert_non_null(trail);
    assert_string_equal(wait_for(trail, &request, has_one_run)->row[0].what, "run begins");
    push_instrument(store);
    push_life(store, 1, 1000000000000);
    push_life(store, 2, 2000000000000);
    request = (struct view_trail_request){.number = 2, .order_seq = 2};
    assert_string_equal(wait_for(trail, &request, has_two_lives)->source, "journal demo");
    request = (struct view_trail_request){.number = 3, .filter = "#1"};
    wait_for(trail, &request, has_four);
    trail_stop(trail);
    close_store(store, 3000000000000);
}

static void test_no_journal_is_told(void **state)
{
    const struct folder *folder = *state;
    struct view_trail_request request = {.number = 0};
    char dir[160];
    struct trail *trail;

    snprintf(dir, sizeof(dir), "%s/journal/demo", folder->path);
    trail = trail_start(dir, NULL);
    assert_non_null(strstr(wait_for(trail, &request, has_failed)->why, "no journal is kept there"));
    trail_stop(trail);
}

/* Records of a replay come from the engine's thread; what is too much is counted, nobody waits. */
static void test_it_follows_a_replay(void **state)
{
    struct trail_tap *tap = trail_tap_new();
    struct view_trail_request request = {.number = 1, .filter = "#2"};
    struct store_record record[8];
    struct trail *trail;
    size_t count;

    (void)state;
    assert_non_null(tap);
    for (uint64_t seq = 1; seq <= 2; seq++) {
        count = life_of(seq, (int64_t)seq * 1000000000000, record);
        for (size_t i = 0; i < count; i++)
            trail_tap_push(tap, &record[i]);
    }
    trail = trail_start("", tap);
    assert_string_equal(wait_for(trail, &request, has_four)->source, "this replay");
    trail_stop(trail);
    for (int i = 0; i < TRAIL_TAP_MAX + 5; i++)
        trail_tap_push(tap, &record[2]);
    trail = trail_start("", tap);
    request = (struct view_trail_request){.number = 2};
    assert_int_equal(wait_for(trail, &request, has_one_run)->lost, 5);
    trail_stop(trail);
    trail_tap_free(tap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_record_in_words),
        cmocka_unit_test(test_no_row_of_samples_and_sums),
        cmocka_unit_test(test_any_record_makes_safe_rows),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_signals_end_with_their_run),
        cmocka_unit_test(test_an_orders_life),
        cmocka_unit_test(test_a_long_life_keeps_its_ends),
        cmocka_unit_test(test_the_newest_rows_are_kept),
        cmocka_unit_test(test_narrowed_keeps_only_what_is_wanted),
        cmocka_unit_test_setup_teardown(test_it_follows_a_journal, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_journal_is_told, folder_setup, folder_teardown),
        cmocka_unit_test(test_it_follows_a_replay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
