/*
 * make_recording.c - the built-in exchange as a recording: BTCUSDT and ETHUSDT, Binance spot.
 *
 *   make-recording --out FILE [--seed N] [--seconds N]
 *
 * The exchange of src/sim runs in virtual time; what it publishes is written as a recorder next to it would have
 * received it: quotes and trades of a symbol over one connection, its depth over another, snapshots over REST, each
 * with a delay. The same seed gives the same bytes. FILE is written anew.
 */
#include "feed/recorder_file.h"
#include "sim/exchange.h"
#include "sim/numbers.h"
#include "sim/publisher.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_NS       INT64_C(1775052000000000000) /* 2026-04-01T14:00:00Z, venue time */
#define SECOND_NS      INT64_C(1000000000)
#define US_NS          INT64_C(1000)
#define SECONDS        600
#define SECONDS_MAX    86400
#define SYMBOLS        2
#define SNAPSHOT_NS    (270000 * US_NS) /* after the start, between two depth messages */
#define SYMBOL_EACH_NS (40000 * US_NS)  /* one symbol after the other */
/* All there is: a market that left what it knows would be no market to show. */
#define SNAPSHOT_LEVELS "5000"
#define REST_NS         (62000 * US_NS) /* an answer's way */
#define FAST_NS         (1400 * US_NS)  /* quotes and trades, from venue to recorder */
#define FAST_JITTER_NS  250e3
#define FAST_GAP_NS     (2 * US_NS) /* one connection: never two at once */
#define DEPTH_NS        (2600 * US_NS)
#define DEPTH_JITTER    900e3
#define PENDING_MAX     65536 /* messages on their way */

static const char *const symbol_name[SYMBOLS] = {"BTCUSDT", "ETHUSDT"};
static const char *const stream_symbol[SYMBOLS] = {"btcusdt", "ethusdt"};

struct pending {
    int64_t recv_ns;
    char *text;
    size_t size;
};

struct making {
    struct exchange *exchange;
    struct numbers numbers;
    struct recorder_file file;
    int64_t venue_ns;         /* of what is told just now */
    int64_t fast_ns[SYMBOLS]; /* when the last quote or trade was received */
    size_t index[SYMBOLS];    /* in the exchange */
    size_t count;             /* of pending[], by recv_ns; those received at once as they were sent */
    bool failed;
    struct pending pending[PENDING_MAX];
};

/* Behind all that is received no later: few are on their way at once. */
static void put(struct making *making, int64_t recv_ns, const char *stream, const char *json, size_t size)
{
    size_t room = size + strlen(stream) + 64, at;
    char *text = malloc(room);
    int used;

    if (text == NULL || making->count == PENDING_MAX) {
        making->failed = true;
        free(text);
        return;
    }
    used = snprintf(text, room, "%" PRId64 " {\"stream\":\"%s\",\"data\":%.*s}\n", recv_ns, stream, (int)size,
                    json);
    for (at = making->count++; at > 0 && making->pending[at - 1].recv_ns > recv_ns; at--)
        making->pending[at] = making->pending[at - 1];
    making->pending[at] = (struct pending){recv_ns, text, (size_t)used};
}

/* What has been received by now goes to the file. */
static void flush(struct making *making, int64_t now_ns)
{
    size_t done = 0;

    for (; done < making->count && making->pending[done].recv_ns <= now_ns; done++) {
        struct pending *item = &making->pending[done];
        const char *piece[2] = {item->text, ""};
        size_t size[2] = {item->size, 0};

        if (recorder_file_line(&making->file, item->recv_ns, piece, size) != ERR_OK)
            making->failed = true;
        free(item->text);
    }
    making->count -= done;
    memmove(making->pending, making->pending + done, making->count * sizeof(making->pending[0]));
}

static size_t place_of(const struct making *making, const struct sim_stream *stream)
{
    return sim_stream_symbol(stream) == (int)making->index[0] ? 0 : 1;
}

static void on_message(void *arg, struct sim_stream *stream, const char *json, size_t size)
{
    struct making *making = arg;
    int64_t *last_ns = &making->fast_ns[place_of(making, stream)];
    int64_t recv_ns = making->venue_ns;

    if (sim_stream_is_depth(stream)) {
        recv_ns += DEPTH_NS + (int64_t)numbers_exponential(&making->numbers, DEPTH_JITTER);
    } else {
        recv_ns += FAST_NS + (int64_t)numbers_exponential(&making->numbers, FAST_JITTER_NS);
        if (recv_ns < *last_ns + FAST_GAP_NS)
            recv_ns = *last_ns + FAST_GAP_NS;
        *last_ns = recv_ns;
    }
    put(making, recv_ns, sim_stream_name(stream), json, size);
}

/* What the route answers, as the message of a stream. */
static void ask(struct making *making, int64_t recv_ns, const char *path, const char *query,
                const char *stream)
{
    struct sim_request request = {"GET", path, query, "", "", "127.0.0.1"};
    struct sim_reply reply = {0};
    const struct sim_route *route = rest_market_routes;

    while (route->method != NULL && strcmp(route->path, path) != 0)
        route++;
    if (route->method != NULL)
        route->handle(making->exchange, &request, &reply);
    if (reply.status == 200 && !reply.body.failed)
        put(making, recv_ns, stream, reply.body.at, reply.body.size);
    else
        making->failed = true;
    sim_text_free(&reply.body);
}

static bool open_streams(struct making *making, size_t symbol)
{
    static const char *const kinds[] = {"depth@100ms", "bookTicker", "trade"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char name[64];

        snprintf(name, sizeof(name), "%s@%s", stream_symbol[symbol], kinds[i]);
        if (publisher_open(making->exchange->publisher, PATH_SPOT, name) == NULL)
            return false;
    }
    return true;
}

/* From one thing that happens to the next, so that each message leaves at its own time. */
static void run_to(struct making *making, int64_t end_ns)
{
    struct exchange *exchange = making->exchange;

    while (exchange->now_ns < end_ns && !making->failed) {
        int64_t next_ns = exchange->open_ns + market_next_ns(exchange->market);

        if (publisher_next_ns(exchange->publisher) < next_ns)
            next_ns = publisher_next_ns(exchange->publisher);
        if (next_ns <= exchange->now_ns)
            next_ns = exchange->now_ns + 1;
        making->venue_ns = next_ns < end_ns ? next_ns : end_ns;
        exchange_advance(exchange, making->venue_ns);
        flush(making, making->venue_ns);
    }
}

static void make_market(struct making *making, int64_t seconds)
{
    struct publisher_sink sink = {on_message, making};

    publisher_set_sink(making->exchange->publisher, &sink);
    ask(making, START_NS, "/api/v3/exchangeInfo", "symbols=[\"BTCUSDT\",\"ETHUSDT\"]", "!exchangeInfo");
    for (size_t i = 0; i < SYMBOLS; i++) {
        making->index[i] = (size_t)exchange_symbol(making->exchange, symbol_name[i], false);
        run_to(making, START_NS + (int64_t)i * SYMBOL_EACH_NS);
        if (!open_streams(making, i))
            making->failed = true;
    }
    for (size_t i = 0; i < SYMBOLS; i++) {
        char query[64], stream[64];

        run_to(making, START_NS + SNAPSHOT_NS + (int64_t)i * SYMBOL_EACH_NS);
        snprintf(query, sizeof(query), "symbol=%s&limit=" SNAPSHOT_LEVELS, symbol_name[i]);
        snprintf(stream, sizeof(stream), "%s@snapshot", stream_symbol[i]);
        ask(making, making->exchange->now_ns + REST_NS, "/api/v3/depth", query, stream);
    }
    run_to(making, START_NS + seconds * SECOND_NS);
    flush(making, INT64_MAX);
}

struct arguments {
    uint64_t seed;
    int64_t seconds;
    const char *out;
};

static bool make(struct making *making, const struct arguments *arguments, char *why, size_t why_size)
{
    struct exchange_config config = {
        .seed = arguments->seed, .symbols = symbol_name, .symbol_count = SYMBOLS};

    if (unlink(arguments->out) != 0 && errno != ENOENT) {
        snprintf(why, why_size, "%s: %s", arguments->out, strerror(errno));
        return false;
    }
    if (recorder_file_open(&making->file, arguments->out, 0) != ERR_OK) {
        snprintf(why, why_size, "%s", making->file.why);
        return false;
    }
    if (exchange_new(&config, &making->exchange, why, why_size) != ERR_OK)
        return false;
    snprintf(why, why_size, "out of memory");
    if (exchange_open(making->exchange, START_NS) != ERR_OK)
        return false;
    numbers_init(&making->numbers, ~arguments->seed);
    make_market(making, arguments->seconds);
    if (making->file.why[0] != '\0')
        snprintf(why, why_size, "%s", making->file.why);
    return !making->failed;
}

static bool read_number(const char *text, int64_t max, int64_t *out)
{
    char *rest;

    errno = 0;
    *out = strtoll(text, &rest, 10);
    return errno == 0 && rest != text && *rest == '\0' && *out >= 0 && *out <= max;
}

static bool read_arguments(int argc, char **argv, struct arguments *out)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        int64_t number;

        if (strcmp(argv[i], "--out") == 0)
            out->out = argv[i + 1];
        else if (strcmp(argv[i], "--seed") == 0 && read_number(argv[i + 1], INT64_MAX, &number))
            out->seed = (uint64_t)number;
        else if (strcmp(argv[i], "--seconds") == 0 && read_number(argv[i + 1], SECONDS_MAX, &number) &&
                 number > 0)
            out->seconds = number;
        else
            return false;
    }
    return argc % 2 == 1 && out->out != NULL;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.seed = 1, .seconds = SECONDS, .out = NULL};
    struct making *making;
    char why[RECORDER_WHY_SIZE] = "out of memory";
    bool made;

    if (!read_arguments(argc, argv, &arguments)) {
        fprintf(stderr, "usage: make-recording --out FILE [--seed N] [--seconds 1..%d]\n", SECONDS_MAX);
        return 2;
    }
    making = calloc(1, sizeof(*making));
    if (making == NULL)
        return 1;
    making->file.fd = -1;
    made = make(making, &arguments, why, sizeof(why));
    if (recorder_file_close(&making->file) != ERR_OK && made) {
        snprintf(why, sizeof(why), "%s", making->file.why);
        made = false;
    }
    if (!made)
        fprintf(stderr, "make-recording: %s\n", why);
    for (size_t i = 0; i < making->count; i++)
        free(making->pending[i].text);
    exchange_free(making->exchange);
    free(making);
    return made ? 0 : 1;
}
