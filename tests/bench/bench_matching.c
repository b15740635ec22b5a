/*
 * bench_matching.c - the matching engine against two plain books (plain_matching.h), side by side.
 *
 * One flow for all: 60 % limit orders near the touch, 30 % cancels, 10 % orders that trade, in a book of about ten
 * thousand orders. The listeners of all must hear the same prints and levels: that is the exit status, together with
 * no allocation while orders flow and 50 books within 100 MB. Rounds are interleaved and the medians compared.
 */
#include "bench/count_allocations.h"
#include "bench/plain_matching.h"

#include "sim/matching.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OPS            1000000
#define WARM_UP        50000 /* calls that fill the book, not measured */
#define RESTING        10000
#define ROUNDS         5
#define BOOKS          50
#define BOOKS_MB_MAX   100.0
#define ORDERS_A_BOOK  5000
#define PRICE_MAX      100000000
#define LIQUIBOOK_LOW  2.0 /* million inserts a second: what its authors publish, on their machine */
#define LIQUIBOOK_HIGH 2.5

enum op_kind { OP_ADD, OP_CANCEL, OP_TAKE, OP_KINDS };

struct op {
    int64_t price_ticks, qty_lots;
    uint32_t id; /* cancel */
    uint8_t kind, side;
};

static struct op op[OPS];
static uint64_t heard; /* checksum of what a listener was told */
static uint64_t random_state;

static uint64_t below(uint64_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % bound;
}

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void hear(uint64_t a, int64_t b, int64_t c)
{
    heard = (heard ^ a ^ (uint64_t)b << 20 ^ (uint64_t)c) * UINT64_C(0x9e3779b97f4a7c15);
}

static void on_event(void *arg, const struct match_event *event)
{
    (void)arg;
    if (event->kind == MATCH_EVENT_TRADE)
        hear(event->order->id ^ event->maker->id << 32, event->price_ticks, event->qty_lots);
    else if (event->kind == MATCH_EVENT_LEVEL)
        hear((uint64_t)event->side ^ (uint64_t)event->qty_before_lots << 40, event->price_ticks,
             event->qty_lots);
}

static void on_trade(void *arg, uint64_t taker, uint64_t maker, int64_t price_ticks, int64_t qty_lots)
{
    (void)arg;
    hear(taker ^ maker << 32, price_ticks, qty_lots);
}

static void on_level(void *arg, enum side side, int64_t price_ticks, int64_t before_lots, int64_t after_lots)
{
    (void)arg;
    hear((uint64_t)side ^ (uint64_t)before_lots << 40, price_ticks, after_lots);
}

/* --- the three ---------------------------------------------------------------------------------------------- */

static struct match_book *book;
static struct plain_book plain;

static void own_clear(void)
{
    static const struct match_book_config config = {.price_ticks_max = PRICE_MAX};

    match_book_free(book);
    book = match_book_new(&config);
    if (book == NULL || !match_listen(book, on_event, NULL))
        abort();
}

static void own_do(const struct op *o)
{
    static struct match_request request = {.account = 1};

    if (o->kind == OP_CANCEL) {
        (void)match_cancel(book, 1, o->id);
        return;
    }
    request.side = (enum side)o->side;
    request.qty_lots = o->qty_lots;
    request.type = o->kind == OP_ADD ? MATCH_LIMIT : MATCH_MARKET;
    request.price_ticks = o->kind == OP_ADD ? o->price_ticks : 0;
    (void)match_submit(book, 1, &request, NULL);
}

static void array_clear(void)
{
    plain_clear(&plain);
    plain.tree = false;
}

static void tree_clear(void)
{
    plain_clear(&plain);
    plain.tree = true;
}

static void plain_do(const struct op *o)
{
    if (o->kind == OP_CANCEL)
        plain_cancel(&plain, o->id);
    else if (o->kind == OP_ADD)
        plain_submit(&plain, (enum side)o->side, o->price_ticks, o->qty_lots, true);
    else
        plain_submit(&plain, (enum side)o->side, o->side == SIDE_BID ? INT64_MAX : 0, o->qty_lots, false);
}

static const struct contender {
    const char *name;
    void (*clear)(void);
    void (*act)(const struct op *o);
} contenders[] = {
    {"matching", own_clear, own_do},
    {"sorted array", array_clear, plain_do},
    {"red-black tree", tree_clear, plain_do},
};

#define CONTENDERS (sizeof(contenders) / sizeof(contenders[0]))

/* --- the flow ----------------------------------------------------------------------------------------------- */

static int64_t near_touch(enum side side, int64_t center, int64_t width)
{
    int64_t price = 0, qty;
    int64_t away = (int64_t)(below(10) != 0 ? below((uint64_t)width) : below((uint64_t)width * 20));

    if (!match_best(book, side_other(side), &price, &qty))
        price = center + side_sign(side);
    return price - side_sign(side) * (1 + away);
}

/* A cancel names an order that lives while the flow is made; so it does when the flow is played. */
static void make_flow(int64_t width)
{
    static uint32_t live[OPS];
    size_t lives = 0;
    uint32_t ids = 0;
    int64_t center = 6184218;

    random_state = 88172645463325252u;
    own_clear();
    for (size_t i = 0; i < OPS; i++) {
        uint64_t dice = i < WARM_UP / 2 ? 0 : below(100);
        struct op *o = &op[i];
        struct match_order found;

        *o = (struct op){.kind = dice < 60 ? OP_ADD : dice < 90 ? OP_CANCEL : OP_TAKE, .side = below(2) != 0};
        while (o->kind == OP_CANCEL && lives > 0) {
            size_t at = below(lives);

            o->id = live[at];
            live[at] = live[--lives];
            if (match_find(book, o->id, &found))
                break;
        }
        if (o->kind != OP_CANCEL) {
            o->qty_lots = 1 + (int64_t)below(100);
            o->price_ticks = near_touch((enum side)o->side, center, width);
            ids++;
        }
        if (o->kind == OP_TAKE) /* what keeps the book at its size */
            o->qty_lots *= match_order_count(book) > RESTING ? 6 : 2;
        else if (o->kind == OP_ADD)
            live[lives++] = ids;
        own_do(o);
    }
}

static double play(const struct contender *contender, uint64_t *checksum)
{
    double begin;

    contender->clear();
    heard = 1;
    for (size_t i = 0; i < WARM_UP; i++)
        contender->act(&op[i]);
    begin = now_ns();
    for (size_t i = WARM_UP; i < OPS; i++)
        contender->act(&op[i]);
    begin = now_ns() - begin;
    *checksum = heard;
    return begin / (OPS - WARM_UP);
}

static bool compare(const char *name)
{
    double took[CONTENDERS][ROUNDS];
    uint64_t checksum[CONTENDERS] = {0};
    bool same = true;

    for (int round = 0; round < ROUNDS; round++)
        for (size_t c = 0; c < CONTENDERS; c++)
            took[c][round] = play(&contenders[c], &checksum[c]);
    printf("%s: 60 %% limit, 30 %% cancel, 10 %% market orders; %zu orders rest at the end\n", name,
           match_order_count(book));
    for (size_t c = 0; c < CONTENDERS; c++) {
        qsort(took[c], ROUNDS, sizeof(double), compare_doubles);
        same = same && checksum[c] == checksum[0];
        printf("  %-15s %6.1f ns a call  %5.2f M calls/s   x%.2f\n", contenders[c].name, took[c][ROUNDS / 2],
               1e3 / took[c][ROUNDS / 2], took[c][ROUNDS / 2] / took[0][ROUNDS / 2]);
    }
    printf("  prints and levels agree: %s\n", same ? "yes" : "NO");
    return same;
}

/* --- one call at a time -------------------------------------------------------------------------------------- */

static double clock_cost(void)
{
    static double took[10001];

    for (size_t i = 0; i < 10001; i++) {
        double begin = now_ns();

        took[i] = now_ns() - begin;
    }
    qsort(took, 10001, sizeof(double), compare_doubles);
    return took[5000];
}

static void tell_latency(const struct contender *contender, double clock_ns)
{
    static const char *const kinds[] = {"limit", "cancel", "market"};
    static double took[OP_KINDS][OPS];
    size_t count[OP_KINDS] = {0};

    contender->clear();
    for (size_t i = 0; i < OPS; i++) {
        double begin = now_ns();

        contender->act(&op[i]);
        if (i >= WARM_UP)
            took[op[i].kind][count[op[i].kind]++] = now_ns() - begin - clock_ns;
    }
    for (int kind = 0; kind < OP_KINDS; kind++) {
        const double *sorted = took[kind];
        size_t n = count[kind];

        qsort(took[kind], n, sizeof(double), compare_doubles);
        printf("  %-15s %-6s  p50 %5.0f ns   p99 %5.0f ns   p99.9 %5.0f ns\n", contender->name, kinds[kind],
               sorted[n / 2], sorted[n * 99 / 100], sorted[n * 999 / 1000]);
    }
}

/* Inserts alone, as Liquibook's own benchmark counts them: most rest, some trade at once. */
static void tell_inserts(void)
{
    double took[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        size_t done = 0;
        double begin;

        own_clear();
        begin = now_ns();
        for (size_t i = 0; i < OPS && done < MATCH_ORDERS_MAX; i++)
            if (op[i].kind == OP_ADD) {
                own_do(&op[i]);
                done++;
            }
        took[round] = (now_ns() - begin) / (double)done;
    }
    qsort(took, ROUNDS, sizeof(double), compare_doubles);
    printf("inserts alone, into an empty book: %.2f M a second; Liquibook publishes %.1f to %.1f M (its "
           "machine, its "
           "flow): x%.1f to x%.1f\n",
           1e3 / took[ROUNDS / 2], LIQUIBOOK_LOW, LIQUIBOOK_HIGH, 1e3 / took[ROUNDS / 2] / LIQUIBOOK_HIGH,
           1e3 / took[ROUNDS / 2] / LIQUIBOOK_LOW);
}

/* --- memory --------------------------------------------------------------------------------------------------- */

static double resident_mb(void)
{
    unsigned long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%lu %lu", &size, &resident) != 2)
        abort();
    fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1048576.0;
}

/* Books of a few thousand orders each, with people who come and go: every cancel is followed by a new order. */
static bool tell_memory(void)
{
    static const struct match_book_config config = {.price_ticks_max = PRICE_MAX};
    static struct match_book *books[BOOKS];
    double before = resident_mb(), after;

    random_state = 7;
    for (size_t b = 0; b < BOOKS; b++) {
        uint64_t id = 0;

        books[b] = match_book_new(&config);
        if (books[b] == NULL)
            abort();
        for (int i = 0; i < ORDERS_A_BOOK * 20; i++) {
            enum side side = (enum side)(i & 1);
            struct match_request request = {.side = side,
                                            .price_ticks =
                                                6000000 - side_sign(side) * (int64_t)(1 + below(20000)),
                                            .qty_lots = 5};

            if (i >= ORDERS_A_BOOK)
                (void)match_cancel(books[b], 1, id - ORDERS_A_BOOK + 1);
            (void)match_submit(books[b], 1, &request, &id);
        }
        if (match_order_count(books[b]) != ORDERS_A_BOOK)
            abort();
    }
    after = resident_mb();
    for (size_t b = 0; b < BOOKS; b++)
        match_book_free(books[b]);
    printf("%d books of %d orders over 40,000 ticks, after 100,000 orders each: %.1f MB (%.0f allowed)\n",
           BOOKS, ORDERS_A_BOOK, after - before, BOOKS_MB_MAX);
    return after - before <= BOOKS_MB_MAX;
}

/* The C library's tree allocates; the engine may not. */
static bool tell_allocations(void)
{
    uint64_t before;

    own_clear();
    before = allocations;
    for (size_t i = 0; i < OPS; i++)
        own_do(&op[i]);
    printf("allocations in %d calls of the engine: %llu\n", OPS, (unsigned long long)(allocations - before));
    return allocations == before;
}

int main(void)
{
    bool fine;
    double clock_ns;

    plain.order = calloc(OPS + 1, sizeof(plain.order[0]));
    if (plain.order == NULL)
        return 1;
    plain.on_level = on_level;
    plain.on_trade = on_trade;
    fine = tell_memory();
    make_flow(2000);
    fine = compare("wide book (2,000 ticks a side)") && fine;
    make_flow(40);
    fine = compare("tight book (40 ticks a side)") && fine;
    clock_ns = clock_cost();
    printf("one call at a time, tight book (less %.0f ns of the clock)\n", clock_ns);
    for (size_t c = 0; c < CONTENDERS; c++)
        tell_latency(&contenders[c], clock_ns);
    fine = tell_allocations() && fine;
    tell_inserts();
    match_book_free(book);
    plain_clear(&plain);
    free(plain.order);
    return fine ? 0 : 1;
}
