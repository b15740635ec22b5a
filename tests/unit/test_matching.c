/* test_matching.c - the rules of the matching engine, one case a line: what stood there, what is sent, what is told. */
#include "unit/matching_script.h"

struct match_case {
    const char *name, *before, *sent, *told;
};

static void run_cases(const struct match_case *cases, size_t count)
{
    static struct script script;

    for (size_t i = 0; i < count; i++) {
        script_begin(&script, 0);
        script_run(&script, cases[i].before, true);
        script_run(&script, cases[i].sent, false);
        if (strcmp(script.out, cases[i].told) != 0)
            fail_msg("%s: \"%s\", should be \"%s\"", cases[i].name, script.out, cases[i].told);
        script_end(&script);
    }
}

#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof((cases)[0]))

static void test_limit_and_market(void **state)
{
    static const struct match_case cases[] = {
        {"rests", "", "1 sell limit 10@101", "new 1, ask 101 0>10"},
        {"joins a level", "1 sell limit 10@101", "2 sell limit 5@101", "new 2, ask 101 10>15"},
        {"takes at the maker's price, first in first out, and rests with what is left",
         "1 sell limit 3@101; 2 sell limit 4@101; 3 sell limit 5@102; 3 sell limit 9@104",
         "4 buy limit 20@103",
         "new 5, trade 5>1 3@101, ask 101 7>4, trade 5>2 4@101, ask 101 4>0, trade 5>3 5@102, ask 102 5>0, "
         "bid 103 0>8"},
        {"best price before time", "1 buy limit 1@99; 2 buy limit 1@100", "3 sell limit 1@99",
         "new 3, trade 3>2 1@100, bid 100 1>0"},
        {"market takes at any price, its rest expires", "1 sell limit 2@101; 1 sell limit 2@9000000",
         "2 buy market 5",
         "new 3, trade 3>1 2@101, ask 101 2>0, trade 3>2 2@9000000, ask 9000000 2>0, expire 3"},
        {"market on an empty side", "", "1 sell market 5", "new 1, expire 1"},
        {"by quote: as many lots as the value buys", "1 sell limit 5@100; 1 sell limit 5@200",
         "2 buy market quote=999", "new 3, trade 3>1 5@100, ask 100 5>0, trade 3>2 2@200, ask 200 5>3"},
        {"by quote: not one lot", "1 sell limit 5@100", "2 buy market quote=99", "new 2, expire 2"},
        {"by quote: the book ends first", "1 buy limit 2@100", "2 sell market quote=1000",
         "new 2, trade 2>1 2@100, bid 100 2>0, expire 2"},
        {"ioc: the rest expires", "1 sell limit 2@101", "2 buy limit 5@101 ioc",
         "new 2, trade 2>1 2@101, ask 101 2>0, expire 2"},
        {"ioc: nothing there", "", "2 buy limit 5@101 ioc", "new 1, expire 1"},
        {"maker that would take", "1 sell limit 2@101", "2 buy maker 5@101", "would-take"},
        {"maker rests", "1 sell limit 2@101", "2 buy maker 5@100", "new 2, bid 100 0>5"},
    };

    (void)state;
    RUN(cases);
}

static void test_fill_or_kill(void **state)
{
    static const struct match_case cases[] = {
        {"fills over levels", "1 sell limit 2@101; 1 sell limit 3@102", "2 buy limit 5@102 fok",
         "new 3, trade 3>1 2@101, ask 101 2>0, trade 3>2 3@102, ask 102 3>0"},
        {"one lot short: takes nothing", "1 sell limit 2@101; 1 sell limit 3@102", "2 buy limit 6@102 fok",
         "new 3, expire 3"},
        {"enough, but beyond the limit", "1 sell limit 2@101; 1 sell limit 9@103", "2 buy limit 5@102 fok",
         "new 3, expire 3"},
        {"hidden lots count", "1 sell limit 6@101 iceberg=4", "2 buy limit 6@101 fok",
         "new 2, trade 2>1 4@101, ask 101 4>2, trade 2>1 2@101, ask 101 2>0"},
        {"own orders that would expire do not count", "2 sell limit 2@101; 1 sell limit 3@101",
         "2 buy limit 4@101 fok stp=maker", "new 3, expire 3"},
        {"own orders expire on the way", "2 sell limit 2@101; 1 sell limit 3@101",
         "2 buy limit 3@101 fok stp=maker",
         "new 3, prevent 3>1 2@101, expire-stp 1, ask 101 5>3, trade 3>2 3@101, ask 101 3>0"},
        {"full before it meets its own", "1 sell limit 3@101; 2 sell limit 3@101",
         "2 buy limit 3@101 fok stp=taker", "new 3, trade 3>1 3@101, ask 101 6>3"},
        {"its own stands in the way", "1 sell limit 3@101; 2 sell limit 3@101; 1 sell limit 3@101",
         "2 buy limit 4@101 fok stp=both", "new 4, expire 4"},
        {"its own stands before hidden lots", "1 sell limit 6@101 iceberg=3; 2 sell limit 3@101",
         "2 buy limit 4@101 fok stp=taker", "new 3, expire 3"},
        {"decrement would not fill it", "2 sell limit 3@101; 1 sell limit 9@101",
         "2 buy limit 4@101 fok stp=decrement", "new 3, expire 3"},
        {"trades with itself where it may", "2 sell limit 3@101", "2 buy limit 3@101 fok stp=none",
         "new 2, trade 2>1 3@101, ask 101 3>0"},
        {"as a market order", "1 sell limit 3@101", "2 buy market 4 fok; 2 buy market 3 fok",
         "new 2, expire 2, new 3, trade 3>1 3@101, ask 101 3>0"},
    };

    (void)state;
    RUN(cases);
}

static void test_icebergs(void **state)
{
    static const struct match_case cases[] = {
        {"shows its slice", "", "1 sell limit 10@101 iceberg=3", "new 1, ask 101 0>3"},
        {"the next slice goes to the back", "1 sell limit 5@101 iceberg=3; 2 sell limit 4@101",
         "3 buy limit 3@101; queue ask 101; 3 buy limit 5@101",
         "new 3, trade 3>1 3@101, ask 101 7>6, queue 2 1, new 4, trade 4>2 4@101, ask 101 6>2, trade 4>1 "
         "1@101, "
         "ask 101 2>1"},
        {"a slice begun keeps its place", "1 sell limit 9@101 iceberg=3; 2 sell limit 4@101",
         "3 buy limit 2@101; queue ask 101", "new 3, trade 3>1 2@101, ask 101 7>5, queue 1 2"},
        {"nothing visible changes, nothing is told", "1 sell limit 9@101 iceberg=3", "3 buy limit 3@101",
         "new 2, trade 2>1 3@101"},
        {"takes with all of it, shows of the rest a slice", "1 sell limit 4@101",
         "2 buy limit 10@101 iceberg=5", "new 2, trade 2>1 4@101, ask 101 4>0, bid 101 0>5"},
        {"impossible", "",
         "1 sell limit 5@101 iceberg=6; 1 sell limit 5@101 iceberg=2 ioc; 1 sell market 5 iceberg=2",
         "bad-order, bad-order, bad-order"},
    };

    (void)state;
    RUN(cases);
}

/* The scenarios A to G of Binance's FAQ, and the same with others in the queue. */
static void test_self_trade_prevention(void **state)
{
    static const char three[] = "1 buy limit 12@120; 1 buy limit 13@110; 1 buy limit 81@100";
    static const struct match_case cases[] = {
        {"A: none", "1 buy limit 1@100 stp=none", "1 sell limit 1@100 stp=none",
         "new 2, trade 2>1 1@100, bid 100 1>0"},
        {"B: maker", three, "1 sell limit 30@100 stp=maker",
         "new 4, prevent 4>1 12@120, expire-stp 1, bid 120 12>0, prevent 4>2 13@110, expire-stp 2, bid 110 "
         "13>0, "
         "prevent 4>3 81@100, expire-stp 3, bid 100 81>0, ask 100 0>30"},
        {"C: taker", three, "1 sell limit 30@100 stp=taker", "new 4, prevent 4>1 30@120, expire-stp 4"},
        {"D: both", "1 buy limit 1@100", "1 sell limit 3@100 stp=both",
         "new 2, prevent 2>1 3@100, expire-stp 1, bid 100 1>0, expire-stp 2"},
        {"E: the taker's mode counts", "1 buy limit 1@100 stp=maker", "1 sell limit 1@100 stp=taker",
         "new 2, prevent 2>1 1@100, expire-stp 2"},
        {"F: market, maker", "1 buy limit 1@100", "1 sell market 1 stp=maker",
         "new 2, prevent 2>1 1@100, expire-stp 1, bid 100 1>0, expire 2"},
        {"G: decrement, the taker is smaller", "1 buy limit 6@200", "1 sell limit 2@200 stp=decrement",
         "new 2, prevent 2>1 2@200, bid 200 6>4, expire-stp 2"},
        {"decrement, the maker is smaller", "1 buy limit 2@200; 2 buy limit 1@200",
         "1 sell limit 6@200 stp=decrement",
         "new 3, prevent 3>1 2@200, expire-stp 1, bid 200 3>1, trade 3>2 1@200, bid 200 1>0, ask 200 0>3"},
        {"decrement, both alike", "1 buy limit 2@200", "1 sell limit 2@200 stp=decrement",
         "new 2, prevent 2>1 2@200, expire-stp 1, bid 200 2>0, expire-stp 2"},
        {"what was traded before stays", "2 buy limit 2@201; 1 buy limit 2@200",
         "1 sell limit 6@200 stp=taker",
         "new 3, trade 3>1 2@201, bid 201 2>0, prevent 3>2 4@200, expire-stp 3"},
        {"others do not matter", "2 buy limit 2@200", "1 sell limit 2@200 stp=both",
         "new 2, trade 2>1 2@200, bid 200 2>0"},
    };

    (void)state;
    RUN(cases);
}

static void test_cancel_amend_status(void **state)
{
    static const struct match_case cases[] = {
        {"cancel", "1 buy limit 5@100; 2 buy limit 4@100", "cancel 1; cancel 1",
         "cancel 1, bid 100 9>4, unknown-order"},
        {"expire", "1 buy limit 5@100", "expire 1; expire 7", "expire 1, bid 100 5>0, unknown-order"},
        {"a filled order is gone", "1 buy limit 5@100; 2 sell limit 5@100", "cancel 1; cancel 2; amend 1 2",
         "unknown-order, unknown-order, unknown-order"},
        {"amend keeps its place", "1 buy limit 5@100; 2 buy limit 4@100",
         "amend 1 3; queue bid 100; 3 sell limit 4@100",
         "amend 1, bid 100 9>7, queue 1 2, new 3, trade 3>1 3@100, bid 100 7>4, trade 3>2 1@100, bid 100 "
         "4>3"},
        {"amend counts what is filled", "1 buy limit 5@100; 2 sell limit 2@100", "amend 1 2; amend 1 3",
         "not-smaller, amend 1, bid 100 3>1"},
        {"amend only makes smaller", "1 buy limit 5@100", "amend 1 5; amend 1 6; amend 1 0; amend 1 -1",
         "not-smaller, not-smaller, not-smaller, not-smaller"},
        {"amend of hidden lots is not seen", "1 buy limit 9@100 iceberg=3", "amend 1 4; amend 1 2",
         "amend 1, amend 1, bid 100 3>2"},
        {"amend of a stop", "1 sell stop-loss 5 stop=90; 1 buy limit 9@90", "amend 1 2; 2 sell limit 1@90",
         "amend 1, new 3, trade 3>2 1@90, bid 90 9>8, set-off 1, trade 1>2 2@90, bid 90 8>6"},
        {"cancel-only", "1 buy limit 5@100; status cancel-only", "2 sell limit 1@100; amend 1 3; cancel 1",
         "closed, closed, cancel 1, bid 100 5>0"},
        {"halted, and open again", "1 buy limit 5@100; status halted",
         "2 sell market 1; expire 1; status trading; 2 sell limit 1@100",
         "closed, expire 1, bid 100 5>0, new 2, ask 100 0>1"},
        {"nonsense", "",
         "1 buy limit 0@100; 1 buy limit -1@100; 1 buy limit 5@0; 1 buy limit 5@10000001; 1 buy market "
         "5@100; "
         "1 buy market 5 quote=7; 1 buy limit 5@100 stop=90; 1 buy stop-loss 5; 1 buy market 5 list=1; "
         "1 buy limit 17592186044417@100; 1 buy limit 17592186044416@9000000; 1 sell stop-loss 5 trail=10000",
         "bad-order, bad-order, bad-order, bad-order, bad-order, bad-order, bad-order, bad-order, bad-order, "
         "bad-order, bad-order, bad-order"},
    };

    (void)state;
    RUN(cases);
}

/* Everybody's book: a bid and an ask far apart, last trade 100. */
#define LAST_100 "9 buy limit 100@90; 9 sell limit 100@110; 8 sell limit 1@100; 8 buy limit 1@100; "
#define PRINT_95 "8 buy limit 1@95; 8 sell limit 1@95; "

static void test_stops(void **state)
{
    static const struct match_case cases[] = {
        {"already passed", LAST_100,
         "1 sell stop-loss 5 stop=100; 1 sell take-profit 5 stop=100; 1 buy stop-loss 5 stop=100; "
         "1 buy take-profit 5 stop=100; 1 sell stop-loss 5 stop=101; 1 buy stop-loss-limit 5@99 stop=99",
         "would-trigger, would-trigger, would-trigger, would-trigger, would-trigger, would-trigger"},
        {"wait on their own side", LAST_100,
         "1 sell stop-loss 5 stop=99; 1 sell take-profit 5 stop=101; 1 buy stop-loss 5 stop=101; "
         "1 buy take-profit 5 stop=99",
         "new 5, new 6, new 7, new 8"},
        {"no trade yet: they wait", "", "1 sell stop-loss 5 stop=99; 1 buy stop-loss 5 stop=1",
         "new 1, new 2"},
        {"a falling print sets off", LAST_100 "1 sell stop-loss 5 stop=95; 1 buy take-profit 2 stop=95",
         PRINT_95,
         "new 7, bid 95 0>1, new 8, trade 8>7 1@95, bid 95 1>0, set-off 5, trade 5>1 5@90, bid 90 100>95, "
         "set-off 6, "
         "trade 6>2 2@110, ask 110 100>98"},
        {"not by a tick", LAST_100 "1 sell stop-loss 5 stop=94", PRINT_95,
         "new 6, bid 95 0>1, new 7, trade 7>6 1@95, bid 95 1>0"},
        {"stop limit rests at its limit", LAST_100 "1 sell stop-loss-limit 5@93 stop=95", PRINT_95,
         "new 6, bid 95 0>1, new 7, trade 7>6 1@95, bid 95 1>0, set-off 5, ask 93 0>5"},
        {"stop limit, ioc", LAST_100 "1 sell stop-loss-limit 5@93 stop=95 ioc", PRINT_95,
         "new 6, bid 95 0>1, new 7, trade 7>6 1@95, bid 95 1>0, set-off 5, expire 5"},
        {"nearest first, then oldest",
         LAST_100 "1 sell stop-loss-limit 1@80 stop=96; 1 sell stop-loss-limit 1@99 stop=95; "
                  "1 sell stop-loss-limit 1@98 stop=97; 1 sell stop-loss-limit 1@97 stop=97",
         PRINT_95,
         "new 9, bid 95 0>1, new 10, trade 10>9 1@95, bid 95 1>0, set-off 7, ask 98 0>1, set-off 8, ask 97 "
         "0>1, "
         "set-off 5, trade 5>1 1@90, bid 90 100>99, set-off 6, ask 99 0>1"},
        {"one sets off the next, after the first is done",
         "9 buy limit 2@95; 9 buy limit 9@90; 8 sell limit 1@100; 8 buy limit 1@100; 1 sell stop-loss 2 "
         "stop=95; "
         "1 sell stop-loss 1 stop=90",
         "8 sell limit 1@95",
         "new 7, trade 7>1 1@95, bid 95 2>1, set-off 5, trade 5>1 1@95, bid 95 1>0, trade 5>2 1@90, bid 90 "
         "9>8, "
         "set-off 6, trade 6>2 1@90, bid 90 8>7"},
        {"a print within a sweep counts",
         LAST_100 "8 buy limit 1@97; 8 buy limit 1@95; 1 sell stop-loss-limit 1@99 stop=96",
         "7 sell limit 2@95",
         "new 8, trade 8>5 1@97, bid 97 1>0, trade 8>6 1@95, bid 95 1>0, set-off 7, ask 99 0>1"},
        {"cancelled while it waits", LAST_100 "1 sell stop-loss 5 stop=95; cancel 5", PRINT_95,
         "new 6, bid 95 0>1, new 7, trade 7>6 1@95, bid 95 1>0"},
    };

    (void)state;
    RUN(cases);
}

/* Prints one lot at a price, between two people who are not told about. */
static void print_at(struct script *script, int64_t price_ticks)
{
    char text[96];

    snprintf(text, sizeof(text), "8 buy limit 1@%lld; 8 sell limit 1@%lld", (long long)price_ticks,
             (long long)price_ticks);
    script_run(script, text, true);
}

/* Prints one after another; the order is set off by the last and by none before. */
static void trail_case(const char *order, const int64_t *prints, size_t count)
{
    static struct script script;
    struct match_order found;

    script_begin(&script, 0);
    print_at(&script, prints[0]);
    script_run(&script, order, false); /* order 3 */
    assert_string_equal(script.out, "new 3");
    for (size_t i = 1; i < count; i++) {
        assert_true(match_find(script.book, 3, &found));
        if (found.triggered)
            fail_msg("%s: set off by print %zu", order, i - 1);
        print_at(&script, prints[i]);
    }
    assert_true(match_find(script.book, 3, &found));
    if (!found.triggered)
        fail_msg("%s: not set off", order);
    assert_int_equal(found.working_ns, script.now_ns);
    script_end(&script);
}

/* Scenarios A to E of Binance's FAQ. The limits lie so that the order rests once it is set off. */
static void test_trailing_stops(void **state)
{
    static const int64_t a[] = {40000, 37000, 38850, 44000, 46000, 42000, 44099, 44100};
    static const int64_t b[] = {40000, 41500, 39000, 37000, 41000, 36901, 36900};
    static const int64_t c[] = {40000, 42000, 38000, 37000, 39000, 38000, 40144, 40145};
    static const int64_t d[] = {400000, 415000, 390000, 420000, 450000, 440000, 465000, 430126, 430125};
    static const int64_t e[] = {40000, 42000, 39500, 45500, 42316, 42315};

    (void)state;
    trail_case("1 buy stop-loss-limit 1@1 stop=44000 trail=500", a, sizeof(a) / sizeof(a[0]));
    trail_case("1 sell stop-loss-limit 1@90000 stop=39000 trail=1000", b, sizeof(b) / sizeof(b[0]));
    trail_case("1 buy take-profit-limit 1@1 stop=38000 trail=850", c, sizeof(c) / sizeof(c[0]));
    trail_case("1 sell take-profit-limit 1@900000 stop=420000 trail=750", d, sizeof(d) / sizeof(d[0]));
    trail_case("1 sell stop-loss-limit 1@90000 trail=700", e, sizeof(e) / sizeof(e[0]));
}

static void test_lists(void **state)
{
    static const char oco[] = LAST_100 "1 sell maker 5@105 list=7; 1 sell stop-loss 5 stop=95 list=7";
    static const struct match_case cases[] = {
        {"the first fill cancels the stop", oco, "2 buy limit 2@105",
         "new 7, trade 7>5 2@105, ask 105 5>3, cancel 6"},
        {"set off, the limit leg is cancelled before it trades", oco, PRINT_95,
         "new 7, bid 95 0>1, new 8, trade 8>7 1@95, bid 95 1>0, set-off 6, cancel 5, ask 105 5>0, trade 6>1 "
         "5@90, "
         "bid 90 100>95"},
        {"cancel one, cancel both", oco, "cancel 5", "cancel 5, ask 105 5>0, cancel 6"},
        {"expire one, cancel the other", oco, "expire 6", "expire 6, cancel 5, ask 105 5>0"},
        {"prevented by its own taker", oco, "1 buy limit 2@105 stp=maker",
         "new 7, prevent 7>5 5@105, expire-stp 5, ask 105 5>0, cancel 6, bid 105 0>2"},
        {"amend one, amend both", oco, "amend 6 3", "amend 6, amend 5, ask 105 5>3"},
        {"the survivor is free", oco, "2 buy limit 2@105; cancel 5",
         "new 7, trade 7>5 2@105, ask 105 5>3, cancel 6, cancel 5, ask 105 3>0"},
        {"both set off by one print: the first wins",
         LAST_100 "1 sell stop-loss-limit 5@99 stop=96 list=7; 1 sell stop-loss-limit 5@98 stop=97 list=7",
         PRINT_95, "new 7, bid 95 0>1, new 8, trade 8>7 1@95, bid 95 1>0, set-off 6, cancel 5, ask 98 0>5"},
        {"must be one side, one account, one resting order", oco,
         "1 buy stop-loss 5 stop=120 list=7; 2 sell stop-loss 5 stop=95 list=7; 1 sell maker 5@106 list=7; "
         "1 sell maker 5@106 list=8",
         "bad-order, bad-order, bad-order, new 7, ask 106 0>5"},
        {"filled in the sweep that also passes its stop: never both",
         LAST_100 "1 sell limit 5@105 list=7; 1 sell take-profit 5 stop=103 list=7; 8 sell limit 1@103",
         "2 buy limit 4@105", "new 8, trade 8>7 1@103, ask 103 1>0, trade 8>5 3@105, ask 105 5>2, cancel 6"},
    };

    (void)state;
    RUN(cases);
}

static void test_full_pool(void **state)
{
    static struct script script;

    (void)state;
    script_begin(&script, 3);
    script_run(&script, "1 buy limit 1@100; 1 buy limit 1@99; 1 sell stop-loss 1 stop=90", true);
    script_run(
        &script,
        "2 sell market 1; cancel 2; 2 sell market 1; 1 buy limit 1@98; 1 buy limit 1@97; 1 buy limit 1@96",
        false);
    assert_string_equal(script.out, "full, cancel 2, bid 99 1>0, new 4, trade 4>1 1@100, bid 100 1>0, new 5, "
                                    "bid 98 0>1, new 6, bid 97 0>1, full");
    assert_int_equal(match_order_count(script.book), 3);
    script_end(&script);
}

static void test_ids_begin_where_told(void **state)
{
    struct match_book_config config = {.symbol = 7,
                                       .price_ticks_max = 1000,
                                       .first_update_id = 500,
                                       .first_trade_id = 60,
                                       .first_order_id = UINT64_C(1) << 40};
    struct match_request request = {.side = SIDE_BID, .price_ticks = 10, .qty_lots = 2};
    struct match_book *book = match_book_new(&config);
    uint64_t id = 0;

    (void)state;
    assert_non_null(book);
    assert_int_equal(match_symbol(book), 7);
    assert_true(match_update_id(book) == 499);
    assert_int_equal(match_submit(book, 1, &request, &id), MATCH_OK);
    assert_true(id == UINT64_C(1) << 40 && match_update_id(book) == 500);
    for (int i = 0; i < MATCH_LISTENERS_MAX; i++)
        assert_true(match_listen(book, script_hear, NULL));
    assert_false(match_listen(book, script_hear, NULL));
    match_book_free(book);
    match_book_free(NULL);
}

/* The edges of the price index: one level at each power of two, the widest range there is, and holes between. */
static void test_levels_over_the_whole_range(void **state)
{
    const int64_t price_max = INT64_C(1) << 48;
    struct match_book_config config = {.price_ticks_max = INT64_MAX, .orders_max = 200};
    struct match_book *book = match_book_new(&config);
    int64_t price = 0, qty = 0, at = 0;
    int levels = 0;

    (void)state;
    assert_non_null(book);
    for (int bit = 0; bit <= 48; bit++) {
        struct match_request request = {
            .side = SIDE_ASK, .price_ticks = INT64_C(1) << (bit * 5 % 49), .qty_lots = 1 + bit * 5 % 49};

        assert_int_equal(match_submit(book, 1, &request, NULL), MATCH_OK);
    }
    while (match_next(book, SIDE_ASK, at, &price, &qty)) {
        assert_true(price == INT64_C(1) << levels && qty == levels + 1);
        at = price;
        levels++;
    }
    assert_int_equal(levels, 49);
    assert_true(match_best(book, SIDE_ASK, &price, &qty) && price == 1);
    assert_true(match_next(book, SIDE_ASK, -1, &price, &qty) && price == 1);
    assert_true(match_next(book, SIDE_ASK, price_max / 2 + 1, &price, &qty) && price == price_max);
    assert_false(match_next(book, SIDE_ASK, price_max, &price, &qty));
    assert_false(match_next(book, SIDE_ASK, INT64_MAX, &price, &qty));
    assert_false(match_best(book, SIDE_BID, &price, &qty));
    for (int bit = 0; bit <= 48; bit++) /* best one away each time */
        assert_int_equal(
            match_submit(book, 1,
                         &(struct match_request){.side = SIDE_BID, .type = MATCH_MARKET, .qty_lots = bit + 1},
                         NULL),
            MATCH_OK);
    assert_false(match_best(book, SIDE_ASK, &price, &qty));
    assert_true(match_last_ticks(book) == price_max && match_order_count(book) == 0);
    match_book_free(book);
}

/* What one taker pays in all must fit int64_t: it ends before the print that would not, fill-or-kill before any. */
static void test_value_that_does_not_fit(void **state)
{
    const int64_t price = INT64_C(1) << 47, lots = 1 << 15;
    struct match_book_config config = {.price_ticks_max = INT64_MAX, .orders_max = 10};
    struct match_book *book = match_book_new(&config);
    struct match_request maker = {.side = SIDE_ASK, .price_ticks = price, .qty_lots = lots};
    struct match_request taker = {
        .side = SIDE_BID, .type = MATCH_MARKET, .tif = MATCH_FOK, .qty_lots = 2 * lots};
    int64_t best = 0, qty = 0, got = 0;

    (void)state;
    assert_non_null(book);
    for (int i = 0; i < 2; i++)
        assert_int_equal(match_submit(book, 1, &maker, NULL), MATCH_OK);
    assert_true(match_walk_value(book, SIDE_BID, 2 * lots, &got) == INT64_MAX && got == 2 * lots);
    assert_int_equal(match_submit(book, 1, &taker, NULL), MATCH_OK);
    assert_true(match_best(book, SIDE_ASK, &best, &qty) && qty == 2 * lots);
    taker.tif = MATCH_GTC;
    assert_int_equal(match_submit(book, 1, &taker, NULL), MATCH_OK);
    assert_true(match_best(book, SIDE_ASK, &best, &qty) && best == price && qty == lots);
    assert_int_equal(match_order_count(book), 1);
    match_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit_and_market),
        cmocka_unit_test(test_fill_or_kill),
        cmocka_unit_test(test_icebergs),
        cmocka_unit_test(test_self_trade_prevention),
        cmocka_unit_test(test_cancel_amend_status),
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_trailing_stops),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_full_pool),
        cmocka_unit_test(test_ids_begin_where_told),
        cmocka_unit_test(test_levels_over_the_whole_range),
        cmocka_unit_test(test_value_that_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
