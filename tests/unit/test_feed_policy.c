/* The pure parts of the live feed: back-off, weight, breaker, streams, snapshot order, hand-over, names. */
#include "feed/backoff.h"
#include "feed/circuit_breaker.h"
#include "feed/control_text.h"
#include "feed/info_fetch.h"
#include "feed/overlap.h"
#include "feed/snapshot_queue.h"
#include "feed/stream_plan.h"
#include "feed/venue_profile.h"
#include "feed/weight_budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S  INT64_C(1000000000)
#define MS INT64_C(1000000)

/* --- back-off ----------------------------------------------------------------------------------------------- */

static void test_backoff_is_jittered_and_capped(void **state)
{
    struct backoff a, b;
    int64_t ceiling = 500, differing = 0, low = 0, high = 0;

    (void)state;
    backoff_init(&a, 500, 30000, 5000, 1);
    backoff_init(&b, 500, 30000, 5000, 2);
    for (int i = 0; i < 400; i++) {
        int64_t wait_ms = backoff_next_ms(&a);

        assert_in_range(wait_ms, 0, ceiling);
        differing += wait_ms != backoff_next_ms(&b);
        if (i >= 10) { /* at the cap: drawn from the whole of it */
            low += wait_ms < 10000;
            high += wait_ms > 20000;
        }
        ceiling = ceiling * 2 < 30000 ? ceiling * 2 : 30000;
    }
    assert_true(differing > 380);
    assert_true(low > 80 && high > 80);
}

static void test_backoff_starts_anew_only_after_a_stable_time(void **state)
{
    struct backoff backoff;

    (void)state;
    backoff_init(&backoff, 500, 30000, 5000, 1);
    for (int i = 0; i < 6; i++)
        backoff_next_ms(&backoff);
    backoff_up(&backoff, 10 * S);
    backoff_data(&backoff, 15 * S - 1);
    assert_int_equal(backoff.attempt, 6); /* accepted and closed at once: no success */
    backoff_next_ms(&backoff);
    backoff_data(&backoff, 100 * S);
    assert_int_equal(backoff.attempt, 7); /* not up */
    backoff_up(&backoff, 200 * S);
    backoff_data(&backoff, 205 * S);
    assert_int_equal(backoff.attempt, 0);
}

static void test_connects_are_bounded(void **state)
{
    struct connect_bound bound;
    int64_t at_ns[200];
    int count = 0;

    (void)state;
    connect_bound_init(&bound, 20);
    for (int64_t now = 0; now < 900 * S; now += 100 * MS)
        if (now >= connect_bound_free_ns(&bound)) {
            connect_bound_count(&bound, now);
            at_ns[count++] = now;
        }
    assert_int_equal(count, 60); /* three windows of five minutes */
    for (int i = 20; i < count; i++)
        assert_true(at_ns[i] - at_ns[i - 20] >= 300 * S);
}

/* --- weight ------------------------------------------------------------------------------------------------- */

static void test_weight_stays_in_the_share(void **state)
{
    struct weight_budget budget;
    int64_t spent = 0;

    (void)state;
    weight_budget_init(&budget, 6000, 50);
    while (weight_budget_allows(&budget, 10 * S, 250)) {
        weight_budget_spend(&budget, 10 * S, 250);
        spent += 250;
    }
    assert_int_equal(spent, 3000);
    assert_false(weight_budget_allows(&budget, 70 * S - 1, 1));
    assert_true(weight_budget_allows(&budget, 70 * S, 250)); /* the minute runs */
    assert_true(weight_budget_ample(&budget, 70 * S, 1500, 50));
    assert_false(weight_budget_ample(&budget, 70 * S, 1501, 50));
}

/* Others behind this address spend too: the header tells. */
static void test_weight_header_corrects(void **state)
{
    struct weight_budget budget;

    (void)state;
    weight_budget_init(&budget, 6000, 50);
    weight_budget_spend(&budget, S, 250);
    weight_budget_report(&budget, 2 * S, 5300);
    assert_int_equal(weight_budget_used(&budget, 2 * S), 5300);
    assert_false(weight_budget_allows(&budget, 2 * S, 250)); /* 5550 is over 90 % of 6000 */
    assert_true(weight_budget_allows(&budget, 2 * S, 100));
    weight_budget_spend(&budget, 3 * S, 100);
    assert_int_equal(weight_budget_used(&budget, 3 * S), 5400);
    weight_budget_report(&budget, 4 * S, 120); /* the venue's minute began anew */
    assert_true(weight_budget_used(&budget, 4 * S) < 500);
    weight_budget_report(&budget, 5 * S, -1); /* no header: nothing known */
    assert_int_equal(weight_budget_used(&budget, 5 * S), 350);
    weight_budget_set_limit(&budget, 1200);
    assert_false(weight_budget_allows(&budget, 5 * S, 251)); /* half of 1200 is 600; 350 of it are spent */
}

static void test_bans_are_obeyed_and_never_shortened(void **state)
{
    struct weight_budget budget;

    (void)state;
    weight_budget_init(&budget, 6000, 50);
    assert_false(host_ban_take(&budget.ban, 0, 503, 10));
    assert_true(host_ban_take(&budget.ban, 10 * S, 429, 7));
    assert_false(weight_budget_allows(&budget, 17 * S - 1, 1));
    assert_true(weight_budget_allows(&budget, 17 * S, 1));
    assert_true(host_ban_take(&budget.ban, 20 * S, 418, -1));
    assert_true(host_ban_take(&budget.ban, 21 * S, 429, 5));
    assert_false(weight_budget_allows(&budget, 20 * S + BAN_418_S * S - 1, 1));
    assert_int_equal(budget.ban.status, 418);
    host_ban_take(&budget.ban, 0, 403, INT64_MAX); /* not believed, and no overflow */
    assert_int_equal(budget.ban.until_ns, BAN_MAX_S * S);
}

/* --- breaker ------------------------------------------------------------------------------------------------ */

static void test_breaker_opens_tries_once_and_closes(void **state)
{
    struct circuit_breaker breaker;

    (void)state;
    breaker_init(&breaker);
    for (int i = 0; i < BREAKER_FAILURES; i++) {
        assert_true(breaker_allows(&breaker, i * S));
        breaker_sent(&breaker);
        breaker_failed(&breaker, i * S);
    }
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_int_equal(breaker.retry_ns, (BREAKER_FAILURES - 1 + BREAKER_OPEN_FIRST_S) * S);
    assert_false(breaker_allows(&breaker, breaker.retry_ns - 1));
    assert_true(breaker_allows(&breaker, breaker.retry_ns));
    assert_int_equal(breaker.state, BREAKER_HALF_OPEN);
    breaker_sent(&breaker);
    assert_false(breaker_allows(&breaker, breaker.retry_ns)); /* one trial at a time */
    breaker_failed(&breaker, 100 * S);
    assert_int_equal(breaker.retry_ns, (100 + 2 * BREAKER_OPEN_FIRST_S) * S);
    for (int i = 0; i < 10; i++) {
        assert_true(breaker_allows(&breaker, breaker.retry_ns));
        breaker_failed(&breaker, 1000 * S);
    }
    assert_int_equal(breaker.retry_ns, (1000 + BREAKER_OPEN_MAX_S) * S);
    assert_true(breaker_allows(&breaker, breaker.retry_ns));
    breaker_sent(&breaker);
    breaker_neither(&breaker); /* a ban answered the trial: another may go */
    assert_true(breaker_allows(&breaker, breaker.retry_ns));
    breaker_well(&breaker);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    breaker_failed(&breaker, 2000 * S);
    assert_int_equal(breaker.state, BREAKER_CLOSED); /* counts from zero */
}

/* --- streams ------------------------------------------------------------------------------------------------ */

static uint32_t id_of(const char *command)
{
    const char *at = strstr(command, "\"id\":");

    assert_non_null(at);
    return (uint32_t)strtoul(at + 5, NULL, 10);
}

/* 50 symbols, a socket that answers pings all the time: never more than the venue's messages in any second. */
static void test_plan_batches_within_the_rate(void **state)
{
    static struct stream_plan plan;
    int64_t at_ns[400];
    size_t messages = 0, named = 0;
    uint64_t pongs = 0;
    char command[PLAN_COMMAND_MAX + 1];

    (void)state;
    plan_init(&plan, 5);
    for (uint16_t i = 0; i < 50; i++)
        for (unsigned kind = STREAM_DEPTH; kind <= STREAM_TRADE; kind++) {
            snprintf(command, sizeof(command), "averylongsymbol%uusdt@kind%u", i, kind);
            assert_int_equal(plan_add(&plan, i, (enum stream_kind)kind, command, 0), ERR_OK);
        }
    assert_int_equal(plan_add(&plan, 3, STREAM_DEPTH, "x", 0), ERR_DUPLICATE);
    for (int64_t now = 0; now < 20 * S; now += 20 * MS) {
        size_t size;

        if (now % (700 * MS) == 0) {
            plan_count_pongs(&plan, ++pongs, now);
            at_ns[messages++] = now;
        }
        if (now % (2 * S) == 0)
            plan_restart(&plan, now), messages = 0, named = 0, pongs = 0; /* a new connection in between */
        while ((size = plan_next_command(&plan, now, command)) > 0) {
            assert_true(size < PLAN_COMMAND_MAX);
            command[size] = '\0';
            for (const char *at = command; (at = strchr(at, '@')) != NULL; at++)
                named++;
            plan_command_sent(&plan, now);
            at_ns[messages++] = now;
            plan_answer(&plan, id_of(command), true, now);
        }
        for (size_t i = 5; i < messages; i++)
            assert_true(at_ns[i] - at_ns[i - 5] >= S);
    }
    assert_int_equal(named, 150);
    assert_true(plan_settled(&plan));
    assert_int_equal(plan_confirmed(&plan), 150);
}

static void next(struct stream_plan *plan, int64_t now_ns, char command[PLAN_COMMAND_MAX + 1])
{
    size_t size = plan_next_command(plan, now_ns, command);

    command[size] = '\0';
    if (size > 0)
        plan_command_sent(plan, now_ns);
}

/* A refused batch is asked for again stream by stream: the bad one gets its name, the good ones live. */
static void test_plan_finds_the_refused_stream(void **state)
{
    static struct stream_plan plan;
    char command[PLAN_COMMAND_MAX + 1];
    int64_t now = 0;

    (void)state;
    plan_init(&plan, 10);
    plan_add(&plan, 0, STREAM_DEPTH, "good@depth", 0);
    plan_add(&plan, 1, STREAM_DEPTH, "bad@depth", 0);
    next(&plan, now, command);
    assert_string_equal(command,
                        "{\"method\":\"SUBSCRIBE\",\"params\":[\"good@depth\",\"bad@depth\"],\"id\":1}");
    assert_false(plan_answer(&plan, 7, true, now)); /* to no command of ours */
    assert_true(plan_answer(&plan, 1, false, now));
    for (int i = 0; i < 2; i++) {
        next(&plan, now += 2 * S, command);
        assert_true((strstr(command, "bad@") == NULL) != (strstr(command, "good@") == NULL)); /* alone */
        plan_answer(&plan, id_of(command), strstr(command, "bad@") == NULL, now);
    }
    assert_int_equal(plan_confirmed(&plan), 1);
    assert_int_equal(plan_refused(&plan), 1);
    assert_int_equal(plan_find(&plan, 1, STREAM_DEPTH)->state, PLAN_REFUSED);
    assert_true(plan_settled(&plan));
}

static void test_plan_leaves_and_comes_back(void **state)
{
    static struct stream_plan plan;
    char command[PLAN_COMMAND_MAX + 1];

    (void)state;
    plan_init(&plan, 10);
    plan_add(&plan, 0, STREAM_DEPTH, "a@depth", 0);
    next(&plan, 0, command);
    plan_answer(&plan, 1, true, 0);
    plan_leave(&plan, 0, S);
    assert_int_equal(plan_streams(&plan), 0);
    next(&plan, 2 * S, command);
    assert_string_equal(command, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"a@depth\"],\"id\":2}");
    plan_add(&plan, 0, STREAM_DEPTH, "a@depth", 2 * S); /* wanted again before the answer */
    plan_answer(&plan, 2, true, 2 * S);
    next(&plan, 4 * S, command);
    assert_string_equal(command, "{\"method\":\"SUBSCRIBE\",\"params\":[\"a@depth\"],\"id\":3}");
    plan_answer(&plan, 3, true, 4 * S);
    assert_int_equal(plan_confirmed(&plan), 1);
    plan_leave(&plan, 0, 5 * S);
    next(&plan, 6 * S, command);
    plan_answer(&plan, 4, true, 6 * S);
    assert_null(plan_find(&plan, 0, STREAM_DEPTH));
}

static void test_plan_asks_again_once_without_an_answer(void **state)
{
    static struct stream_plan plan;
    char command[PLAN_COMMAND_MAX + 1];

    (void)state;
    plan_init(&plan, 10);
    plan_add(&plan, 0, STREAM_DEPTH, "a@depth", 0);
    next(&plan, 0, command);
    next(&plan, PLAN_ANSWER_NS - 1, command);
    assert_string_equal(command, "");
    next(&plan, PLAN_ANSWER_NS, command);
    assert_non_null(strstr(command, "a@depth"));
    assert_false(plan_unanswered(&plan, 2 * PLAN_ANSWER_NS - 1));
    assert_true(plan_unanswered(&plan, 2 * PLAN_ANSWER_NS));
}

/* Confirmed and never heard while others of the symbol speak: again, then a new connection, then words alone. */
static void test_plan_sees_a_silent_stream(void **state)
{
    static struct stream_plan plan;
    const struct plan_stream *silent = NULL;
    char command[PLAN_COMMAND_MAX + 1];
    int renewals = 0, told = 0, again = 0;

    (void)state;
    plan_init(&plan, 10);
    plan_add(&plan, 0, STREAM_DEPTH, "a@depth", 0);
    plan_add(&plan, 0, STREAM_QUOTE, "a@bookTicker", 0);
    plan_add(&plan, 0, STREAM_LIQUIDATION, "a@forceOrder", 0);
    plan_add(&plan, 1, STREAM_DEPTH, "quiet@depth",
             0); /* its whole symbol is quiet: no fault of the stream */
    for (int64_t now = 0; now < 120 * S; now += 100 * MS) {
        next(&plan, now, command);
        if (command[0] != '\0')
            plan_answer(&plan, id_of(command), true, now);
        plan_heard(&plan, 0, STREAM_QUOTE, now);
        switch (plan_next_silent(&plan, now, &silent)) {
        case PLAN_HEARD_ALL:
            continue;
        case PLAN_RESUBSCRIBE:
            assert_true(now >= PLAN_SILENT_FAST_NS);
            again++;
            break;
        case PLAN_RENEW:
            assert_int_equal(again, 1);
            renewals++;
            break;
        case PLAN_TELL:
            assert_int_equal(renewals, 1);
            told++;
            break;
        }
        assert_string_equal(silent->name, "a@depth");
    }
    assert_int_equal(again, 1);
    assert_int_equal(renewals, 1);
    assert_true(told > 2);
}

/* --- snapshots ---------------------------------------------------------------------------------------------- */

static bool always(void *arg, uint16_t id)
{
    (void)arg;
    (void)id;
    return true;
}

static bool not_two(void *arg, uint16_t id)
{
    (void)arg;
    return id != 2;
}

static uint16_t fetch(struct snapshot_queue *queue, int64_t now_ns)
{
    uint16_t id = snapshot_queue_next(queue, now_ns, always, NULL);

    if (id != SNAPSHOT_NONE)
        snapshot_queue_sent(queue, id, now_ns);
    return id;
}

static void test_snapshots_go_by_rank_one_at_a_time(void **state)
{
    struct snapshot_queue queue;

    (void)state;
    snapshot_queue_init(&queue);
    for (uint16_t id = 0; id < 5; id++)
        assert_true(snapshot_queue_want(&queue, id));
    assert_false(snapshot_queue_want(&queue, 3));
    snapshot_queue_show(&queue, 2);
    snapshot_queue_set_deep(&queue, 4, true);
    assert_int_equal(snapshot_queue_next(&queue, 0, not_two, NULL), 4);
    assert_int_equal(fetch(&queue, 0), 2);
    assert_int_equal(fetch(&queue, 0), SNAPSHOT_NONE);
    assert_false(snapshot_queue_want(&queue, 2)); /* under way */
    snapshot_queue_done(&queue, true);
    assert_int_equal(fetch(&queue, 0), 4);
    snapshot_queue_done(&queue, true);
    assert_int_equal(fetch(&queue, 0), 0);
    snapshot_queue_done(&queue, true);
    snapshot_queue_drop(&queue, 1);
    assert_int_equal(fetch(&queue, 0), 3);
    snapshot_queue_done(&queue, true);
    assert_int_equal(snapshot_queue_waiting(&queue), 0);
    assert_true(snapshot_queue_is_deep(&queue, 2) && snapshot_queue_is_deep(&queue, 4));
}

/* A book that every snapshot fails: growing waits, and no more than three in any minute. */
static void test_snapshots_of_a_hopeless_book_are_bounded(void **state)
{
    struct snapshot_queue queue;
    int64_t at_ns[64];
    int count = 0;

    (void)state;
    snapshot_queue_init(&queue);
    for (int64_t now = 0; now < 600 * S; now += 20 * MS) {
        snapshot_queue_want(&queue, 7);
        if (fetch(&queue, now) == SNAPSHOT_NONE)
            continue;
        at_ns[count++] = now;
        snapshot_queue_done(&queue, (count & 1) != 0);
    }
    assert_in_range(count, 8, 30);
    for (int i = SNAPSHOTS_PER_MINUTE; i < count; i++)
        assert_true(at_ns[i] - at_ns[i - SNAPSHOTS_PER_MINUTE] >= 60 * S);
    assert_true(at_ns[1] - at_ns[0] >= S && at_ns[2] - at_ns[1] >= 2 * S);
}

/* --- hand-over ---------------------------------------------------------------------------------------------- */

static enum overlap_choice depth(struct overlap *overlap, bool from_new, uint64_t prev, uint64_t first,
                                 uint64_t last)
{
    struct depth_update update = {.first_id = first, .last_id = last, .prev_id = prev, .has_prev_id = true};

    return overlap_depth(overlap, from_new, &update);
}

static void test_overlap_on_spot(void **state)
{
    struct overlap overlap;

    (void)state;
    overlap_init(&overlap, false);
    assert_int_equal(depth(&overlap, false, 0, 1, 10), OVERLAP_TAKE);
    overlap_begin(&overlap, true);
    assert_int_equal(depth(&overlap, true, 0, 15, 20), OVERLAP_HOLD); /* ahead: 11..14 come by the old one */
    assert_int_equal(depth(&overlap, false, 0, 11, 14), OVERLAP_TAKE);
    assert_false(overlap_settled(&overlap));
    assert_int_equal(depth(&overlap, true, 0, 15, 20), OVERLAP_TAKE); /* the same, released */
    assert_true(overlap_settled(&overlap));
    assert_int_equal(depth(&overlap, false, 0, 15, 20), OVERLAP_DROP);
    assert_int_equal(depth(&overlap, true, 0, 21, 22), OVERLAP_TAKE);
    assert_false(overlap_force(&overlap));
    overlap_begin(&overlap,
                  true); /* a new connection that lags covers what is to come: it takes over at once */
    assert_int_equal(depth(&overlap, true, 0, 18, 20), OVERLAP_DROP);
    assert_true(overlap_settled(&overlap));
    assert_int_equal(depth(&overlap, false, 0, 23, 25), OVERLAP_DROP);
    assert_int_equal(depth(&overlap, true, 0, 21, 24), OVERLAP_TAKE); /* cut differently: overlaps, no hole */
}

static void test_overlap_on_futures(void **state)
{
    struct overlap overlap;

    (void)state;
    overlap_init(&overlap, true);
    assert_int_equal(depth(&overlap, false, 90, 95, 100), OVERLAP_TAKE);
    overlap_begin(&overlap, true);
    assert_int_equal(depth(&overlap, true, 97, 98, 99), OVERLAP_DROP); /* another cut: proves nothing */
    assert_false(overlap_settled(&overlap));
    assert_int_equal(depth(&overlap, true, 99, 100, 105), OVERLAP_HOLD);
    assert_int_equal(depth(&overlap, false, 100, 103, 108), OVERLAP_TAKE);
    assert_int_equal(depth(&overlap, true, 100, 103, 108), OVERLAP_DROP); /* same cut: joined */
    assert_true(overlap_settled(&overlap));
    assert_int_equal(depth(&overlap, false, 108, 109, 110), OVERLAP_DROP);
    assert_int_equal(depth(&overlap, true, 108, 109, 110), OVERLAP_TAKE);
    overlap_begin(&overlap, true);
    assert_int_equal(depth(&overlap, false, 110, 111, 112), OVERLAP_TAKE);
    assert_int_equal(depth(&overlap, true, 110, 111, 113), OVERLAP_HOLD); /* cuts differ for ever */
    assert_true(overlap_force(&overlap));                                 /* said: the book will resync */
    assert_int_equal(depth(&overlap, true, 113, 114, 115), OVERLAP_TAKE);
}

static void test_overlap_of_trades_and_quotes(void **state)
{
    struct overlap overlap;

    (void)state;
    overlap_init(&overlap, false);
    assert_int_equal(overlap_trade(&overlap, false, 10), OVERLAP_TAKE);
    overlap_begin(&overlap, false);
    assert_int_equal(overlap_trade(&overlap, true, 13), OVERLAP_HOLD); /* 11 and 12 are still on their way */
    assert_false(overlap_settled(&overlap));
    assert_int_equal(overlap_trade(&overlap, false, 11), OVERLAP_TAKE);
    assert_int_equal(overlap_trade(&overlap, false, 12), OVERLAP_TAKE);
    assert_int_equal(overlap_trade(&overlap, false, 13), OVERLAP_TAKE);
    assert_true(overlap_settled(&overlap));
    assert_int_equal(overlap_trade(&overlap, true, 14), OVERLAP_TAKE);
    assert_int_equal(overlap_trade(&overlap, false, 14), OVERLAP_DROP);
    assert_int_equal(overlap_quote(&overlap, 5), OVERLAP_TAKE);
    assert_int_equal(overlap_quote(&overlap, 5), OVERLAP_DROP);
    assert_int_equal(overlap_mark(&overlap, 1000), OVERLAP_TAKE);
    assert_int_equal(overlap_mark(&overlap, 1000), OVERLAP_DROP);
    overlap_end(&overlap);
    assert_int_equal(overlap_quote(&overlap, 5), OVERLAP_DROP); /* the new one lags, and still repeats */
    assert_int_equal(overlap_trade(&overlap, false, 14), OVERLAP_DROP);
    assert_int_equal(overlap_trade(&overlap, false, 15), OVERLAP_TAKE);
    assert_int_equal(overlap_trade(&overlap, false, 3),
                     OVERLAP_TAKE); /* ids anew: one connection decides nothing */
    overlap_lost(&overlap);
    assert_int_equal(overlap_quote(&overlap, 5), OVERLAP_TAKE);
}

static void test_text_hold_is_a_bounded_queue(void **state)
{
    struct text_hold *hold = text_hold_new();
    struct held_text text = {1, 0, "first", 5, 11}, out;
    size_t kept = 0;

    (void)state;
    assert_true(text_hold_push(hold, &text));
    text = (struct held_text){2, 0, "other", 5, 12};
    text_hold_push(hold, &text);
    text = (struct held_text){1, 0, "second", 6, 13};
    text_hold_push(hold, &text);
    assert_true(text_hold_front(hold, 1, 0, &out));
    assert_memory_equal(out.text, "first", 6); /* padded with zeros */
    text_hold_pop(hold, 1, 0);
    assert_true(text_hold_front(hold, 1, 0, &out));
    assert_memory_equal(out.text, "second", 7);
    assert_false(text_hold_front(hold, 1, 1, &out));
    text_hold_clear(hold, 0);
    assert_false(text_hold_front(hold, 2, 0, &out));
    text = (struct held_text){1, 0, "mine", 4, 14};
    text_hold_push(hold, &text);
    text = (struct held_text){2, 0, "flood", 5, 15};
    while (text_hold_push(hold, &text))
        kept++;
    assert_int_equal(kept, HOLD_TEXTS_MAX - 1);
    assert_false(text_hold_front(hold, 2, 0, &out)); /* a queue with a hole is of no use */
    assert_true(text_hold_front(hold, 1, 0, &out));  /* and nobody else's business */
    assert_memory_equal(out.text, "mine", 5);
    assert_true(text_hold_push(hold, &text)); /* its room is there again */
    text_hold_pop(hold, 1, 0);
    for (int i = 0; i < 5 * HOLD_TEXTS_MAX; i++) {
        assert_true(text_hold_push(hold, &text));
        text_hold_pop(hold, 2, 0);
    }
    assert_true(text_hold_front(hold, 2, 0, &out));
    assert_memory_equal(out.text, "flood", 6);
    text_hold_free(hold);
}

/* --- texts and names ---------------------------------------------------------------------------------------- */

static void assert_control(const char *text, enum control_kind kind, uint32_t id, bool well)
{
    struct control_text control = {.well = well};

    control_text_read(text, strlen(text), &control);
    assert_int_equal(control.kind, kind);
    if (kind == CONTROL_ANSWER) {
        assert_int_equal(control.id, id);
        assert_int_equal(control.well, well);
    }
}

static void test_control_texts_are_told_from_data(void **state)
{
    struct control_text control;
    static const char nasty[] = "{\"code\":2,\"msg\":\"Invalid \\u001b[31m request\",\"id\":4}";

    (void)state;
    assert_control("{\"result\":null,\"id\":1}", CONTROL_ANSWER, 1, true);
    assert_control("{\"id\":12,\"result\":null}", CONTROL_ANSWER, 12, true);
    assert_control("{\"error\":{\"code\":2,\"msg\":\"Invalid request\"},\"id\":3}", CONTROL_ANSWER, 3, false);
    assert_control("{\"code\":3,\"msg\":\"Invalid JSON\"}", CONTROL_ANSWER, 0, false);
    assert_control("{\"result\":null,\"id\":-1}", CONTROL_ANSWER, 0, true);
    assert_control("{\"e\":\"serverShutdown\",\"E\":1770123456789}", CONTROL_SHUTDOWN, 0, false);
    assert_control("{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}",
                   CONTROL_SHUTDOWN, 0, false);
    assert_control("{\"data\":{\"e\":\"serverShutdown\",\"E\":1},\"stream\":\"!serverShutdown\"}",
                   CONTROL_SHUTDOWN, 0, false);
    assert_control("{\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\"}}", CONTROL_DATA, 0, false);
    assert_control("{\"data\":{\"e\":\"trade\"},\"stream\":\"a@trade\"}", CONTROL_DATA, 0, false);
    assert_control("[1,2]", CONTROL_DATA, 0, false);
    assert_control("not json", CONTROL_DATA, 0, false);
    assert_control("", CONTROL_DATA, 0, false);
    control_text_read(nasty, sizeof(nasty) - 1, &control);
    assert_null(strchr(control.why, 0x1b));
    assert_non_null(strstr(control.why, "Invalid"));
}

static void test_profiles_name_urls_and_streams(void **state)
{
    struct venue_profile profile;
    char name[STREAM_NAME_MAX], why[200] = "";
    size_t path = 9;

    (void)state;
    assert_int_equal(venue_profile_init(&profile, VENUE_BINANCE_COINM, "demo"), ERR_NOT_FOUND);
    assert_int_equal(venue_profile_init(&profile, VENUE_BINANCE_SPOT, "mars"), ERR_NOT_FOUND);
    assert_int_equal(venue_profile_init(&profile, VENUE_BINANCE_SPOT, NULL), ERR_OK);
    assert_true(venue_stream_name(&profile, STREAM_DEPTH, "BTCUSDT", name, &path));
    assert_string_equal(name, "btcusdt@depth@100ms");
    assert_int_equal(path, 0);
    assert_false(venue_stream_name(&profile, STREAM_MARK_PRICE, "BTCUSDT", name, &path));
    assert_int_equal(venue_profile_init(&profile, VENUE_BINANCE_USDM, "live"), ERR_OK);
    assert_int_equal(profile.paths, 2);
    assert_true(venue_stream_name(&profile, STREAM_DEPTH, "BTCUSDT", name, &path));
    assert_string_equal(name, "btcusdt@depth@0ms");
    assert_string_equal(profile.path[path].path, "/public/stream");
    assert_true(venue_stream_name(&profile, STREAM_TRADE, "BTCUSDT", name, &path));
    assert_string_equal(profile.path[path].name, "public");
    assert_true(venue_stream_name(&profile, STREAM_AGG_TRADE, "BTCUSDT", name, &path));
    assert_string_equal(profile.path[path].path, "/market/stream");
    assert_int_equal(venue_depth_weight(VENUE_BINANCE_SPOT, 5000), 250);
    assert_int_equal(venue_depth_weight(VENUE_BINANCE_SPOT, 1000), 50);
    assert_int_equal(venue_depth_weight(VENUE_BINANCE_USDM, 1000), 20);
    assert_int_equal(
        venue_profile_set_urls(&profile, "https://127.0.0.1:8443", "wss://[::1]:9443", why, sizeof(why)),
        ERR_OK);
    assert_string_equal(profile.stream_url, "wss://[::1]:9443");
}

static void test_profiles_refuse_unsafe_urls(void **state)
{
    static const char *const bad[] = {
        "http://api.binance.com", "https://",   "https://a/b", "https://a?x=1", "https://u:pw@a",
        "https://a:123456",       "https://a:", "https://a b", "https://[::1",  "",
        "https://a\n.b"};
    struct venue_profile profile;

    (void)state;
    venue_profile_init(&profile, VENUE_BINANCE_SPOT, NULL);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char why[200] = "";

        assert_int_equal(venue_profile_set_urls(&profile, bad[i], NULL, why, sizeof(why)), ERR_USAGE);
        assert_non_null(strstr(why, "https://host"));
        assert_null(strstr(why, "pw@"));
        assert_string_equal(profile.rest_url, "https://api.binance.com");
    }
}

static void test_info_url_holds_as_many_symbols_as_fit(void **state)
{
    struct venue_profile profile;
    const char *names[INSTRUMENTS_MAX];
    char url[INFO_URL_MAX];

    (void)state;
    venue_profile_init(&profile, VENUE_BINANCE_SPOT, NULL);
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++)
        names[i] = "ABCDEFGHIJKLMNOPQRSTUVW";
    names[0] = "BTCUSDT";
    names[1] = "ETHUSDT";
    assert_int_equal(info_url(&profile, names, 2, url), 2);
    assert_string_equal(
        url, "https://api.binance.com/api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D");
    assert_in_range(info_url(&profile, names, INSTRUMENTS_MAX, url), 40, INSTRUMENTS_MAX);
    assert_string_equal(url + strlen(url) - 6, "%22%5D");
    venue_profile_init(&profile, VENUE_BINANCE_USDM, NULL);
    assert_int_equal(info_url(&profile, names, INSTRUMENTS_MAX, url), INSTRUMENTS_MAX);
    assert_string_equal(url, "https://fapi.binance.com/fapi/v1/exchangeInfo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backoff_is_jittered_and_capped),
        cmocka_unit_test(test_backoff_starts_anew_only_after_a_stable_time),
        cmocka_unit_test(test_connects_are_bounded),
        cmocka_unit_test(test_weight_stays_in_the_share),
        cmocka_unit_test(test_weight_header_corrects),
        cmocka_unit_test(test_bans_are_obeyed_and_never_shortened),
        cmocka_unit_test(test_breaker_opens_tries_once_and_closes),
        cmocka_unit_test(test_plan_batches_within_the_rate),
        cmocka_unit_test(test_plan_finds_the_refused_stream),
        cmocka_unit_test(test_plan_leaves_and_comes_back),
        cmocka_unit_test(test_plan_asks_again_once_without_an_answer),
        cmocka_unit_test(test_plan_sees_a_silent_stream),
        cmocka_unit_test(test_snapshots_go_by_rank_one_at_a_time),
        cmocka_unit_test(test_snapshots_of_a_hopeless_book_are_bounded),
        cmocka_unit_test(test_overlap_on_spot),
        cmocka_unit_test(test_overlap_on_futures),
        cmocka_unit_test(test_overlap_of_trades_and_quotes),
        cmocka_unit_test(test_text_hold_is_a_bounded_queue),
        cmocka_unit_test(test_control_texts_are_told_from_data),
        cmocka_unit_test(test_profiles_name_urls_and_streams),
        cmocka_unit_test(test_profiles_refuse_unsafe_urls),
        cmocka_unit_test(test_info_url_holds_as_many_symbols_as_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
