/*
 * fake_venue.h - a venue behind fake_net.h, on a fake clock: accepts connections, answers commands and requests,
 * and sends each connection the same numbered market, with a delay of its own. What the feed passes on is checked
 * as it comes: no update lost, none twice, times never decreasing.
 */
#ifndef TESTS_FAKE_VENUE_H
#define TESTS_FAKE_VENUE_H

#include "feed/live_feed_parts.h"
#include "unit/fake_net.h"

#include <ctype.h>
#include <inttypes.h>
#include <time.h>

#define STEP_NS      (20 * NS_PER_MS)
#define MARKET_STEPS 5 /* the market moves every 100 ms */
#define FIRST_MOVE   1000
#define START_NS     (INT64_C(1700000000) * NS_PER_S)

enum http_mode { HTTP_WELL, HTTP_HTML, HTTP_STATUS, HTTP_MUTE };

/* One instrument: what was sent and what the feed made of it. Move n is depth 3n+1..3n+3 and trade n+1. */
struct fake_book {
    char symbol[SYMBOL_SIZE];
    uint16_t id;
    bool known, live, up, trading;
    uint64_t move;
    uint64_t depth_last, trade_last, quote_last;
    uint64_t depths, trades, quotes, marks, snapshots, audits;
    uint64_t gaps, repeats; /* depth that does not follow, trades and quotes left out or doubled */
    int64_t live_ns, down_ns;
    uint64_t silences;
    char link_why[LIVE_TEXT_MAX];
    enum feed_link link;
    enum step_source step_source;
};

struct fake_connection {
    struct ws_client *client;
    size_t read; /* commands answered */
    char stream[256][STREAM_NAME_MAX];
    size_t streams;
    uint64_t sent[INSTRUMENTS_MAX]; /* moves */
    int delay;                      /* moves behind */
    bool seen;
};

struct world {
    struct clock clock;
    struct ev_loop *loop;
    struct venue_profile venue;
    struct live_feed *feed;
    bool futures;
    size_t books;
    struct fake_book book[INSTRUMENTS_MAX];
    const char *symbols[INSTRUMENTS_MAX];
    struct fake_connection connection[FAKE_WS_MAX];
    /* how the venue behaves */
    bool refuse, accept_then_close, mute, no_answers, still;
    int refuse_status;
    int64_t refuse_retry_s;
    int next_delay;  /* of connections that come */
    uint64_t jitter; /* up to so many moves more, drawn anew for each symbol and step */
    uint64_t random;
    bool odd_cut;     /* new connections cut their updates differently */
    const char *deaf; /* streams with this in their name are confirmed and never sent */
    enum http_mode mode[REST_CLASS_COUNT];
    int http_status;
    int64_t http_retry_s, used_weight;
    int64_t venue_ahead_ms;
    const char *unlisted, *halted; /* symbols */
    size_t answered;               /* HTTP calls looked at */
    uint64_t steps;
    int64_t last_recv_ns;
    uint64_t instruments, raws, raw_snapshots, raw_infos, bad;
    bool auto_resync; /* ask for a snapshot when a book is not LIVE, as the pipeline does */
    uint16_t snapshot_order[4 * INSTRUMENTS_MAX];
    size_t snapshots;
    uint64_t history_first[INSTRUMENTS_MAX], history_last[INSTRUMENTS_MAX], history_count[INSTRUMENTS_MAX];
    unsigned history_complete;
};

/* --- what comes out of the feed ----------------------------------------------------------------------------- */

static struct fake_book *book_of(struct world *world, const char *symbol)
{
    for (size_t i = 0; i < world->books; i++)
        if (strcmp(world->book[i].symbol, symbol) == 0)
            return &world->book[i];
    return NULL;
}

static void out_of_sync(struct world *world, struct fake_book *book)
{
    book->live = false;
    if (world->auto_resync && book->up)
        live_feed_need_snapshot(world->feed, book->id);
}

static void took_depth(struct world *world, struct fake_book *book, const struct depth_update *update)
{
    bool follows = world->futures ? update->has_prev_id && update->prev_id == book->depth_last
                                  : update->first_id <= book->depth_last + 1;

    book->depths++;
    if (update->last_id <= book->depth_last)
        book->repeats++;
    else if (book->depth_last != 0 && !follows) {
        book->gaps++;
        out_of_sync(world, book);
    }
    book->depth_last = update->last_id;
}

static void took_link(struct world *world, struct fake_book *book, const struct feed_event *event)
{
    book->link = event->link.state;
    snprintf(book->link_why, sizeof(book->link_why), "%s", event->link.why);
    book->up = event->link.state == FEED_LINK_UP;
    book->silences += event->link.state == FEED_LINK_SILENT;
    if (event->link.state == FEED_LINK_UP && !book->live)
        out_of_sync(world, book);
    if (event->link.state == FEED_LINK_SILENT || event->link.state == FEED_LINK_DOWN) {
        book->live = false;
        book->down_ns = event->recv_ns;
        book->depth_last = book->trade_last = book->quote_last = 0; /* a hole is nobody's fault here */
    }
}

static void took(void *arg, const struct feed_event *event)
{
    struct world *world = arg;
    struct fake_book *book = event->instrument != NULL ? book_of(world, event->instrument->symbol) : NULL;

    assert_true(event->recv_ns >= world->last_recv_ns);
    world->last_recv_ns = event->recv_ns;
    world->bad += event->kind == FEED_BAD;
    if (event->kind == FEED_BAD || event->kind == FEED_OTHER)
        return;
    assert_non_null(book);
    assert_true(book->known || event->kind == FEED_INSTRUMENT); /* told before its first message */
    if (event->kind == FEED_INSTRUMENT) {
        world->instruments++;
        book->known = true;
        book->id = event->instrument->id;
        book->step_source = event->instrument->step_source;
        book->trading = event->instrument->trading;
    } else if (event->kind == FEED_DEPTH) {
        took_depth(world, book, &event->depth);
    } else if (event->kind == FEED_TRADE) {
        book->trades++;
        book->repeats += book->trade_last != 0 && event->trade.id != book->trade_last + 1;
        book->trade_last = event->trade.id;
    } else if (event->kind == FEED_QUOTE) {
        book->quotes++;
        book->repeats += event->quote.update_id <= book->quote_last;
        book->quote_last = event->quote.update_id;
    } else if (event->kind == FEED_SNAPSHOT) {
        book->snapshots++;
        book->live = true;
        book->live_ns = event->recv_ns;
        world->snapshot_order[world->snapshots++ % (4 * INSTRUMENTS_MAX)] = book->id;
    } else if (event->kind == FEED_LINK) {
        took_link(world, book, event);
    } else if (event->kind == FEED_HISTORY && event->history.count > 0) {
        if (world->history_count[book->id] == 0)
            world->history_first[book->id] = event->history.trade[0].id;
        world->history_count[book->id] += event->history.count;
        world->history_last[book->id] = trade_last_id(&event->history.trade[event->history.count - 1]);
    }
    world->history_complete += event->kind == FEED_HISTORY && event->history.complete;
    book->audits += event->kind == FEED_AUDIT;
    book->marks += event->kind == FEED_MARK;
}

static void took_raw(void *arg, int64_t recv_ns, const char *stream, const char *text, size_t size)
{
    struct world *world = arg;

    assert_true(recv_ns >= world->last_recv_ns);
    assert_true(size > 0 && (text[0] == '{' || text[0] == '['));
    world->raws++;
    world->raw_snapshots += stream != NULL && strstr(stream, "@snapshot") != NULL;
    world->raw_infos += stream != NULL && strcmp(stream, "!exchangeInfo") == 0;
}

/* --- the stream side ---------------------------------------------------------------------------------------- */

static bool has_stream(const struct fake_connection *connection, const char *name)
{
    for (size_t i = 0; i < connection->streams; i++)
        if (strcmp(connection->stream[i], name) == 0)
            return true;
    return false;
}

static void change_stream(struct world *world, struct fake_connection *connection, const char *name, bool add)
{
    size_t i;

    for (i = 0; i < connection->streams && strcmp(connection->stream[i], name) != 0; i++)
        ;
    if (!add && i < connection->streams)
        memcpy(connection->stream[i], connection->stream[--connection->streams], STREAM_NAME_MAX);
    if (!add || i < connection->streams)
        return;
    assert_true(connection->streams < 256);
    snprintf(connection->stream[connection->streams++], STREAM_NAME_MAX, "%s", name);
    for (size_t k = 0; k < world->books; k++) {
        size_t size = strlen(world->book[k].symbol);
        bool same = name[size] == '@';

        for (size_t c = 0; same && c < size; c++)
            same = toupper((unsigned char)name[c]) == world->book[k].symbol[c];
        if (same && connection->sent[k] == 0)
            connection->sent[k] = world->book[k].move - (uint64_t)connection->delay;
    }
}

static void answer_commands(struct world *world, struct fake_connection *connection)
{
    while (connection->client->open && connection->read < connection->client->sent) {
        char text[2048], answer[64], *at = text, *end;
        bool add;

        snprintf(text, sizeof(text), "%s", connection->client->text[connection->read++]);
        add = strstr(text, "\"SUBSCRIBE\"") != NULL;
        assert_true(add || strstr(text, "\"UNSUBSCRIBE\"") != NULL);
        snprintf(answer, sizeof(answer), "{\"result\":null,\"id\":%s", strstr(text, "\"id\":") + 5);
        for (at = strchr(text, '['); (at = strchr(at, '"')) != NULL && strchr(at, ']') != NULL;
             at = end + 1) {
            end = strchr(++at, '"');
            *end = '\0';
            change_stream(world, connection, at, add);
        }
        if (!world->no_answers)
            fake_ws_text(connection->client, answer);
    }
}

static void send_one(struct world *world, struct fake_connection *connection, const struct fake_book *book,
                     const char *suffix, const char *body)
{
    char text[1024], name[STREAM_NAME_MAX];
    size_t i;

    for (i = 0; book->symbol[i] != '\0'; i++)
        name[i] = (char)tolower((unsigned char)book->symbol[i]);
    snprintf(name + i, sizeof(name) - i, "%s", suffix);
    if (!has_stream(connection, name) || (world->deaf != NULL && strstr(name, world->deaf) != NULL))
        return;
    snprintf(text, sizeof(text), "{\"stream\":\"%s\",\"data\":%s}", name, body);
    fake_ws_text(connection->client, text);
}

#define WHO    "\"E\":%" PRId64 ",\"s\":\"%s\""
#define LEVELS "\"b\":[[\"100.00\",\"1.000\"]],\"a\":[[\"101.00\",\"2.000\"]]"
#define BEST   "\"b\":\"100.00\",\"B\":\"1.000\",\"a\":\"101.00\",\"A\":\"2.000\""

static void send_move(struct world *world, struct fake_connection *connection, const struct fake_book *book,
                      uint64_t n)
{
    int64_t ms =
        START_NS / NS_PER_MS + ((int64_t)n - FIRST_MOVE) * 100 + world->venue_ahead_ms; /* of the move */
    uint64_t last = 3 * n + 3, prev = 3 * n;
    char body[768];

    if (world->odd_cut && connection->delay == 0 && connection != &world->connection[0])
        last--, prev--; /* the same updates, in other pieces */
    if (world->futures)
        snprintf(body, sizeof(body),
                 "{\"e\":\"depthUpdate\"," WHO ",\"T\":%" PRId64 ",\"U\":%" PRIu64 ",\"u\":%" PRIu64
                 ",\"pu\":%" PRIu64 "," LEVELS "}",
                 ms, book->symbol, ms, prev + 1, last, prev);
    else
        snprintf(body, sizeof(body),
                 "{\"e\":\"depthUpdate\"," WHO ",\"U\":%" PRIu64 ",\"u\":%" PRIu64 "," LEVELS "}", ms,
                 book->symbol, prev + 1, last);
    send_one(world, connection, book, world->futures ? "@depth@0ms" : "@depth@100ms", body);
    if (world->futures)
        snprintf(body, sizeof(body),
                 "{\"e\":\"bookTicker\",\"u\":%" PRIu64 "," WHO ",\"T\":%" PRId64 "," BEST "}", last, ms,
                 book->symbol, ms);
    else
        snprintf(body, sizeof(body), "{\"u\":%" PRIu64 ",\"s\":\"%s\"," BEST "}", last, book->symbol);
    send_one(world, connection, book, "@bookTicker", body);
    if (world->futures)
        snprintf(body, sizeof(body),
                 "{\"e\":\"aggTrade\"," WHO ",\"a\":%" PRIu64
                 ",\"p\":\"100.50\",\"q\":\"0.100\",\"f\":1,\"l\":1,"
                 "\"T\":%" PRId64 ",\"m\":true}",
                 ms, book->symbol, n + 1, ms);
    else
        snprintf(body, sizeof(body),
                 "{\"e\":\"trade\"," WHO ",\"t\":%" PRIu64 ",\"p\":\"100.50\",\"q\":\"0.100\",\"T\":%" PRId64
                 ",\"m\":true,\"M\":true}",
                 ms, book->symbol, n + 1, ms);
    send_one(world, connection, book, world->futures ? "@aggTrade" : "@trade", body);
    snprintf(body, sizeof(body),
             "{\"e\":\"markPriceUpdate\"," WHO
             ",\"p\":\"100.51\",\"i\":\"100.52\",\"P\":\"100.5\",\"r\":\"0.0001\","
             "\"T\":%" PRId64 "}",
             ms, book->symbol, ms + 3600000);
    if (world->futures && n % 10 == 0)
        send_one(world, connection, book, "@markPrice@1s", body);
}

static void serve_connection(struct world *world, struct fake_connection *connection)
{
    struct ws_client *client = connection->client;

    if (client->freed || client->was_lost)
        return;
    if (!client->open && world->refuse_status != 0) {
        fake_ws_refuse(client, world->refuse_status, world->refuse_retry_s);
        return;
    }
    if (!client->open && world->refuse) {
        fake_ws_reset(client);
        return;
    }
    if (!client->open) {
        connection->delay = world->next_delay;
        fake_ws_accept(client);
        if (world->accept_then_close)
            fake_ws_reset(client);
        return;
    }
    answer_commands(world, connection);
    for (size_t k = 0; k < world->books && !world->mute; k++) {
        uint64_t late = (uint64_t)connection->delay + backoff_random(&world->random) % (world->jitter + 1);

        while (client->open && connection->sent[k] != 0 && connection->sent[k] + late < world->book[k].move)
            send_move(world, connection, &world->book[k], connection->sent[k]++);
    }
}

/* --- the REST side ------------------------------------------------------------------------------------------ */

static enum rest_class class_of(const struct http_call *call)
{
    return strstr(call->url, "/time") != NULL           ? REST_TIME
           : strstr(call->url, "/aggTrades") != NULL    ? REST_HISTORY
           : strstr(call->url, "/exchangeInfo") != NULL ? REST_INFO
                                                        : REST_DEPTH;
}

static void answer_info(struct world *world, struct http_call *call)
{
    static char body[32768];
    size_t used;

    if (world->unlisted != NULL && !world->futures && strstr(call->url, world->unlisted) != NULL) {
        fake_http_reply(call, 400, -1, world->used_weight, "application/json",
                        "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}");
        return;
    }
    used = (size_t)snprintf(body, sizeof(body),
                            "{\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\","
                            "\"intervalNum\":1,\"limit\":6000}],\"symbols\":[");
    for (size_t i = 0, n = 0; i < world->books; i++) {
        if (!world->futures && strstr(call->url, world->book[i].symbol) == NULL)
            continue;
        if (world->unlisted != NULL && strcmp(world->unlisted, world->book[i].symbol) == 0)
            continue;
        used += (size_t)snprintf(
            body + used, sizeof(body) - used,
            "%s{\"symbol\":\"%s\",\"status\":\"%s\",%s\"filters\":[{\"filterType\":"
            "\"PRICE_FILTER\",\"tickSize\":\"0.01\"},{\"filterType\":\"LOT_SIZE\","
            "\"stepSize\":\"0.001\"}]}",
            n++ > 0 ? "," : "", world->book[i].symbol,
            world->halted != NULL && strcmp(world->halted, world->book[i].symbol) == 0 ? "BREAK" : "TRADING",
            world->futures ? "\"contractType\":\"PERPETUAL\"," : "");
    }
    snprintf(body + used, sizeof(body) - used, "]}");
    fake_http_reply(call, 200, -1, world->used_weight, "application/json", body);
    for (int i = 0; i < 2000 && info_fetch_busy(world->feed->info); i++) { /* the helper is a real thread */
        nanosleep(&(struct timespec){0, 1000000}, NULL);
        live_feed_tick(world->feed, world->clock.origin_ns);
    }
}

static void answer_depth(struct world *world, struct http_call *call)
{
    char symbol[SYMBOL_SIZE] = "", body[256];
    const char *at = strstr(call->url, "symbol=") + 7;
    const struct fake_book *book;

    memcpy(symbol, at, strcspn(at, "&"));
    book = book_of(world, symbol);
    assert_non_null(book);
    snprintf(body, sizeof(body),
             "{\"lastUpdateId\":%" PRIu64
             ",\"bids\":[[\"100.00\",\"1.000\"]],\"asks\":[[\"101.00\",\"2.000\"]]}",
             3 * book->move);
    fake_http_reply(call, 200, -1, world->used_weight, "application/json;charset=utf-8", body);
}

/* One trade each 100 ms for as long as is asked for: pages of 1000 until the venue's present. */
static void answer_history(struct world *world, struct http_call *call)
{
    static char body[DECODER_HISTORY_MAX * 128];
    const char *from_id = strstr(call->url, "fromId="), *from_ms = strstr(call->url, "startTime=");
    int64_t now_ms = world->clock.origin_ns / NS_PER_MS, id, end = now_ms / 100;
    size_t used = 1;

    id = from_id != NULL ? strtoll(from_id + 7, NULL, 10) : strtoll(from_ms + 10, NULL, 10) / 100;
    body[0] = '[';
    for (int i = 0; i < DECODER_HISTORY_MAX && id <= end; i++, id++)
        used += (size_t)snprintf(body + used, sizeof(body) - used,
                                 "%s{\"a\":%" PRId64 ",\"p\":\"100.00\",\"q\":\"1.000\",\"f\":%" PRId64
                                 ",\"l\":%" PRId64 ",\"T\":%" PRId64 ",\"m\":true}",
                                 i > 0 ? "," : "", id, id, id, id * 100);
    snprintf(body + used, sizeof(body) - used, "]");
    fake_http_reply(call, 200, -1, world->used_weight, "application/json", body);
}

static void answer_call(struct world *world, struct http_call *call)
{
    enum rest_class rest_class = class_of(call);
    char body[64];

    switch (world->mode[rest_class]) {
    case HTTP_MUTE:
        return;
    case HTTP_HTML:
        fake_http_reply(call, 200, -1, -1, "text/html", "<html><body>Please log in</body></html>");
        return;
    case HTTP_STATUS:
        fake_http_reply(call, world->http_status, world->http_retry_s, -1, "application/json",
                        "{\"code\":-1003,\"msg\":\"Too much request weight used.\"}");
        return;
    case HTTP_WELL:
        break;
    }
    if (rest_class == REST_INFO) {
        answer_info(world, call);
    } else if (rest_class == REST_DEPTH) {
        answer_depth(world, call);
    } else if (rest_class == REST_HISTORY) {
        answer_history(world, call);
    } else {
        snprintf(body, sizeof(body), "{\"serverTime\":%" PRId64 "}",
                 world->clock.origin_ns / NS_PER_MS + world->venue_ahead_ms);
        fake_http_reply(call, 200, -1, world->used_weight, "application/json", body);
    }
}

/* --- time --------------------------------------------------------------------------------------------------- */

static void world_step(struct world *world)
{
    size_t calls = fake_net.calls;

    clock_fake_advance(&world->clock, STEP_NS);
    fake_net.now_ns = world->clock.origin_ns;
    if (world->steps++ % MARKET_STEPS == 0 && !world->still)
        for (size_t i = 0; i < world->books; i++)
            world->book[i].move++;
    for (size_t i = 0; i < fake_net.clients; i++) {
        world->connection[i].client = fake_net.client[i];
        serve_connection(world, &world->connection[i]);
    }
    for (size_t i = 0; i < calls; i++)
        if (fake_net.call[i]->pending && fake_net.call[i]->sent_ns < fake_net.now_ns)
            answer_call(world, fake_net.call[i]);
    live_feed_tick(world->feed, world->clock.origin_ns);
}

static void world_run(struct world *world, int64_t ms)
{
    for (int64_t t = 0; t < ms; t += STEP_NS / NS_PER_MS)
        world_step(world);
}

static void world_init(struct world *world, enum venue venue, size_t books)
{
    fake_net_reset();
    memset(world, 0, sizeof(*world));
    clock_init_fake(&world->clock, START_NS);
    fake_net.now_ns = START_NS;
    world->loop = ev_loop_new(0);
    world->futures = venue != VENUE_BINANCE_SPOT;
    world->auto_resync = true;
    world->used_weight = -1;
    venue_profile_init(&world->venue, venue, NULL);
    world->books = books;
    for (size_t i = 0; i < books; i++) {
        snprintf(world->book[i].symbol, SYMBOL_SIZE, "%c%cCUSDT", (char)('A' + i / 26), (char)('A' + i % 26));
        world->book[i].move = FIRST_MOVE;
        world->symbols[i] = world->book[i].symbol;
    }
}

static void world_start(struct world *world, size_t symbols, struct live_feed_config config)
{
    char why[200] = "";

    config.loop = world->loop;
    config.clock = &world->clock;
    config.venue = &world->venue;
    config.symbols = world->symbols;
    config.symbol_count = symbols;
    config.seed = 7;
    config.on_event = took;
    config.on_raw = took_raw;
    config.arg = world;
    assert_int_equal(live_feed_new(&config, &world->feed, why, sizeof(why)), ERR_OK);
    live_feed_start(world->feed);
}

static void world_end(struct world *world)
{
    live_feed_free(world->feed);
    ev_loop_destroy(world->loop);
    fake_net_reset();
}

/* --- the one world of a test ---------------------------------------------------------------------------------- */

static struct world world; /* large */

static inline size_t lost_or_doubled(void)
{
    size_t sum = 0;

    for (size_t i = 0; i < world.books; i++)
        sum += world.book[i].gaps + world.book[i].repeats;
    return sum;
}

static inline size_t live_books(void)
{
    size_t count = 0;

    for (size_t i = 0; i < world.books; i++)
        count += world.book[i].live;
    return count;
}

static inline size_t open_clients(void)
{
    size_t count = 0;

    for (size_t i = 0; i < fake_net.clients; i++)
        count += fake_net.client[i]->open;
    return count;
}

static inline const struct live_status *status(void)
{
    return live_feed_status(world.feed);
}

#endif
