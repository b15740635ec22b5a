/*
 * The whole built-in exchange as its clients see it: a book kept from snapshot and depth stream over TLS is the true
 * one at each update id, on both markets.
 */
#include "unit/cmocka_all.h"

#include "unit/sim_client.h"

#include <jansson.h>

#include <signal.h>

#define MESSAGES 20
#define COMPARED 500

static void start(struct running *running)
{
    running_dir(running);
    running->config.symbols = (const char *const[]){"BTCUSDT"};
    running->config.symbol_count = 1;
    running_start(running);
}

static void stop(struct running *running)
{
    running_stop(running);
    assert_int_equal(running->err, ERR_OK);
    running_remove(running);
}

static json_t *load(const char *text, size_t size)
{
    json_t *root = json_loadb(text, size, 0, NULL);

    assert_non_null(root);
    return root;
}

static json_int_t number(const json_t *root, const char *key)
{
    assert_true(json_is_integer(json_object_get(root, key)));
    return json_integer_value(json_object_get(root, key));
}

/* Sets every level of [[price, quantity],...]; 0 takes it away. */
static void apply(json_t *side, const json_t *levels)
{
    size_t i;
    json_t *level;

    assert_true(json_is_array(levels));
    json_array_foreach(levels, i, level)
    {
        const char *price = json_string_value(json_array_get(level, 0)),
                   *qty = json_string_value(json_array_get(level, 1));

        if (strspn(qty, "0.") == strlen(qty))
            json_object_del(side, price);
        else
            json_object_set_new(side, price, json_string(qty));
    }
}

/*
 * The best COMPARED levels are the same, and nothing else is among them. Behind them there may be some that a snapshot
 * of limited depth did not have.
 */
static void compare(const json_t *side, const json_t *truth, bool bids)
{
    size_t count = json_array_size(truth) < COMPARED ? json_array_size(truth) : COMPARED, mine_count = 0, i;
    double worst = strtod(json_string_value(json_array_get(json_array_get(truth, count - 1), 0)), NULL);
    const char *price;
    json_t *level;

    assert_true(count > 10);
    json_array_foreach(truth, i, level)
    {
        const char *mine;

        if (i == count)
            break;
        price = json_string_value(json_array_get(level, 0));
        mine = json_string_value(json_object_get(side, price));
        if (mine == NULL || strcmp(mine, json_string_value(json_array_get(level, 1))) != 0)
            fail_msg("%s: %s, but the truth is %s", price, mine == NULL ? "none" : mine,
                     json_string_value(json_array_get(level, 1)));
    }
    json_object_foreach((json_t *)(uintptr_t)side, price, level)
    {
        double at = strtod(price, NULL);

        mine_count += bids ? at >= worst : at <= worst;
    }
    assert_int_equal(mine_count, count);
}

struct market {
    const char *stream, *depth, *truth;
    bool usdm;
};

struct book {
    json_t *bids, *asks;
    json_int_t id; /* of the last update in it */
    bool linked;   /* futures: an event was applied after the snapshot */
    int applied;
};

static void take_snapshot(const struct running *running, const struct market *market, struct book *book)
{
    static struct got got;
    json_t *root;

    assert_int_equal(ask(running, market->depth, "", &got), 200);
    root = load(got.body, strlen(got.body));
    book->bids = json_object();
    book->asks = json_object();
    book->id = number(root, "lastUpdateId");
    apply(book->bids, json_object_get(root, "bids"));
    apply(book->asks, json_object_get(root, "asks"));
    json_decref(root);
}

static void take_event(const struct market *market, struct book *book, const json_t *event)
{
    json_int_t first = number(event, "U"), last = number(event, "u");

    if (last < book->id || (!market->usdm && last == book->id))
        return; /* older than the snapshot */
    if (market->usdm && book->linked)
        assert_int_equal(number(event, "pu"), book->id);
    else
        assert_true(first <= book->id + 1);
    apply(book->bids, json_object_get(event, "b"));
    apply(book->asks, json_object_get(event, "a"));
    book->id = last;
    book->linked = true;
    book->applied++;
}

static void follow(const struct market *market)
{
    struct running running;
    struct client client;
    static struct heard heard;
    static struct got got;
    struct book book = {0};
    char line[128];
    json_t *root;

    start(&running);
    ws_connect(&client, &running, market->stream);
    ws_hear(&client, &heard); /* it runs before the snapshot is asked for */
    assert_int_equal(heard.opcode, 1);
    take_snapshot(&running, market, &book);
    while (book.applied < MESSAGES) {
        ws_hear(&client, &heard);
        assert_int_equal(heard.opcode, 1);
        assert_true(heard.size < sizeof(heard.text));
        root = load(heard.text, heard.size);
        take_event(market, &book, root);
        json_decref(root);
        if (book.applied % 10 != 9)
            continue;
        snprintf(line, sizeof(line), "GET /sim/truth/BTCUSDT?update_id=%lld%s", (long long)book.id,
                 market->truth);
        assert_int_equal(ask(&running, line, "", &got), 200);
        root = load(got.body, strlen(got.body));
        assert_int_equal(number(root, "update_id"), book.id);
        compare(book.bids, json_object_get(root, "bids"), true);
        compare(book.asks, json_object_get(root, "asks"), false);
        json_decref(root);
    }
    json_decref(book.bids);
    json_decref(book.asks);
    client_close(&client);
    stop(&running);
}

static void test_spot_book_is_true(void **state)
{
    static const struct market spot = {"/ws/btcusdt@depth@100ms",
                                       "GET /api/v3/depth?symbol=BTCUSDT&limit=5000", "", false};

    (void)state;
    follow(&spot);
}

static void test_futures_book_is_true(void **state)
{
    static const struct market futures = {"/public/ws/btcusdt@depth@100ms",
                                          "GET /fapi/v1/depth?symbol=BTCUSDT&limit=1000", "&usdm=1", true};

    (void)state;
    follow(&futures);
}

static void test_halt_is_told(void **state)
{
    struct running running;
    static struct got got;

    (void)state;
    start(&running);
    assert_int_equal(ask(&running, "GET /api/v3/exchangeInfo?symbol=BTCUSDT", "", &got), 200);
    assert_non_null(strstr(got.body, "\"status\":\"TRADING\""));
    fault(&running, "halt BTCUSDT");
    assert_int_equal(ask(&running, "GET /api/v3/exchangeInfo?symbol=BTCUSDT", "", &got), 200);
    assert_null(strstr(got.body, "\"status\":\"TRADING\""));
    stop(&running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_book_is_true),
        cmocka_unit_test(test_futures_book_is_true),
        cmocka_unit_test(test_halt_is_told),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
