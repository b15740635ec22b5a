/* What a live feed lacks, in words: the important ones first, the host once. */
#include "app/live_words.h"

#include <stdio.h>
#include <string.h>

#include "unit/cmocka_all.h"

#define S INT64_C(1000000000)

struct words {
    struct live_status status;
    struct view_status view;
};

static struct words words_of(const char *name, enum link_state state, const char *why)
{
    struct words w = {.status = {.links = 1, .clock_offset_ms = 3, .info_had = true, .symbols = 1}};

    snprintf(w.status.host, sizeof(w.status.host), "stream.binance.com");
    snprintf(w.status.venue, sizeof(w.status.venue), "binance-spot");
    snprintf(w.status.link[0].name, sizeof(w.status.link[0].name), "%s", name);
    snprintf(w.status.link[0].why, sizeof(w.status.link[0].why), "%s", why);
    w.status.link[0].state = state;
    w.status.link[0].attempt = 2;
    w.status.link[0].next_try_ns = 100 * S + S / 2;
    w.status.ever_connected = true;
    return w;
}

static void fill(struct words *w)
{
    live_words_fill(&w->status, 97 * S, &w->view);
}

static void test_a_venue_that_was_never_reached(void **state)
{
    struct words w =
        words_of("stream", LINK_WAITING,
                 "name: cannot find the address of stream.binance.com: Name or service not known");

    (void)state;
    w.status.ever_connected = false;
    fill(&w);
    assert_true(w.view.feed_unreached);
    assert_int_equal(w.view.feed_sick, 2);
    assert_string_equal(
        w.view.feed_why,
        "stream.binance.com not reached, try 3 in 4 s: name not found: Name or service not known");
    assert_string_equal(w.view.feed_brief,
                        "not reached, try 3 in 4 s: name not found: Name or service not known");
    assert_string_equal(w.view.feed_next, "try 3 in 4 s");
    w = words_of("stream", LINK_CONNECTING, "start");
    w.status.ever_connected = false;
    fill(&w);
    assert_true(w.view.feed_unreached);
    assert_string_equal(w.view.feed_cause, ""); /* the first try runs: nothing has failed */
}

static void test_a_link_that_was_lost(void **state)
{
    struct words w =
        words_of("stream", LINK_WAITING, "connect: cannot connect to stream.binance.com:443: refused");

    (void)state;
    snprintf(w.view.book_why, sizeof(w.view.book_why), "link lost: %s", w.status.link[0].why);
    fill(&w);
    assert_false(w.view.feed_unreached);
    assert_string_equal(w.view.feed_why, "stream WAITING, try 3 in 4 s: connect: refused");
    assert_string_equal(w.view.book_why, "link lost: connect: refused");
    w = words_of("stream", LINK_LIVE, "3 streams");
    fill(&w);
    assert_int_equal(w.view.feed_sick, 0);
    assert_string_equal(w.view.feed_why, "");
}

/* USD-M: the book's link is well, that of trades is not; then both. */
static void test_one_of_two_links(void **state)
{
    struct words w = words_of("public", LINK_LIVE, "2 streams");

    (void)state;
    w.status.links = 2;
    w.status.link[1] = words_of("market", LINK_WAITING, "closed: 1006").status.link[0];
    fill(&w);
    assert_string_equal(w.view.feed_why, "market (trades, mark price) WAITING, try 3 in 4 s: closed: 1006");
    w.status.link[0].state = LINK_WAITING;
    fill(&w);
    assert_non_null(strstr(w.view.feed_why, "public and market WAITING"));
}

/* What a snapshot waits for: a ban with its end, a breaker, the last failure. */
static void test_rest(void **state)
{
    struct words w = words_of("stream", LINK_LIVE, "");

    (void)state;
    snprintf(w.view.book_why, sizeof(w.view.book_why), "gap after 12, snapshot asked");
    w.status.banned_until_ns = 102 * S;
    fill(&w);
    assert_string_equal(w.view.feed_why, "rate limited until 00:01:42 (5 s)");
    assert_string_equal(w.view.book_why, "gap after 12, snapshot in 5 s");
    w = words_of("stream", LINK_LIVE, "");
    snprintf(w.view.book_why, sizeof(w.view.book_why), "gap after 12, snapshot asked");
    snprintf(w.status.rest[REST_DEPTH].why, sizeof(w.status.rest[0].why), "HTTP 503");
    fill(&w);
    assert_string_equal(w.view.book_why, "gap after 12, snapshot: HTTP 503");
    assert_int_equal(w.view.feed_sick, 0);
    w.status.rest[REST_DEPTH].state = BREAKER_OPEN;
    w.status.rest[REST_DEPTH].retry_ns = 99 * S;
    fill(&w);
    assert_int_equal(w.view.feed_sick, 1);
    assert_string_equal(w.view.feed_why, "REST depth open, try in 2 s: HTTP 503");
}

static void test_symbols_and_weight(void **state)
{
    struct words w = words_of("stream", LINK_SUBSCRIBING, "connected");
    struct view_risk risk = {0};

    (void)state;
    w.status.symbols = 0;
    w.status.symbols_unlisted = 2;
    w.status.weight_used = 182;
    w.status.weight_limit = 4800;
    fill(&w);
    assert_non_null(strstr(w.view.feed_why, "binance-spot lists none of the symbols asked for"));
    live_words_weight(&w.view, &risk);
    assert_int_equal(risk.limits, 1);
    assert_string_equal(risk.limit[0].code, "REQ_WEIGHT");
    assert_int_equal(risk.limit[0].now, 182);
    risk.limits = VIEW_LIMITS_MAX; /* full: nothing is written behind the last */
    live_words_weight(&w.view, &risk);
    assert_int_equal(risk.limits, VIEW_LIMITS_MAX);
    w.view.weight_used = VIEW_NONE;
    risk.limits = 0;
    live_words_weight(&w.view, &risk);
    assert_int_equal(risk.limits, 0);
}

/* A venue comes back; an exchange that was our own child does not: no next try is promised. */
static void test_a_demo_whose_exchange_has_ended(void **state)
{
    struct words w = words_of("stream", LINK_WAITING, "connect: refused");

    (void)state;
    fill(&w);
    live_words_demo_ended(&w.view);
    assert_int_equal(w.view.feed_sick, 2);
    assert_non_null(strstr(w.view.feed_brief, "ended"));
    assert_null(strstr(w.view.feed_why, "try"));
    assert_null(strstr(w.view.feed_next, "try"));
}

/* It listens before it has a market: that is said, not an address; what fails is said as ever. */
static void test_a_demo_whose_exchange_is_not_open_yet(void **state)
{
    struct words w = words_of("stream", LINK_CONNECTING, "start");

    (void)state;
    w.status.ever_connected = false;
    w.view.demo = true;
    fill(&w);
    assert_true(w.view.feed_unreached);
    assert_string_equal(w.view.feed_why, "the built-in exchange makes its market");
    assert_string_equal(w.view.feed_cause, "");
    w = (struct words){.view = {.demo = true}}; /* the first frame: nothing was begun */
    fill(&w);
    assert_string_equal(w.view.feed_why, "the built-in exchange makes its market");
    w = words_of("stream", LINK_WAITING, "connect: refused");
    w.status.ever_connected = false;
    w.view.demo = true;
    fill(&w);
    assert_non_null(strstr(w.view.feed_why, "not reached, try 3 in 4 s"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_venue_that_was_never_reached),
        cmocka_unit_test(test_a_link_that_was_lost),
        cmocka_unit_test(test_one_of_two_links),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_symbols_and_weight),
        cmocka_unit_test(test_a_demo_whose_exchange_has_ended),
        cmocka_unit_test(test_a_demo_whose_exchange_is_not_open_yet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
