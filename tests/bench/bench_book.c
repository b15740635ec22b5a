/*
 * bench_book.c - the order book against a sorted array and a red-black tree (tsearch), side by side.
 *
 * All three get the same stream of level updates, of recordings where the shared data is there, else
 * of a made market, and tell best bid and ask after each message. The checksums of what they told must
 * be equal, or nothing here means anything: that is the exit status. Rounds are interleaved and the
 * medians compared, because a busy machine is busy for all.
 */
#include "core/market/order_book.h"
#include "feed/replay.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS      7
#define CHANGES_MAX 2000000
#define TREE_MAX    200000

struct change {
    int64_t price_ticks, qty_lots;
    uint8_t side;
    uint8_t last; /* of its message: best prices are asked for after it */
};

struct stream {
    const char *name;
    size_t count, messages;
    struct change *change;
};

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

static double median(double *value, size_t count)
{
    qsort(value, count, sizeof(value[0]), compare_doubles);
    return value[count / 2];
}

static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* --- the streams ---------------------------------------------------------------------------------- */

static void stream_add(struct stream *stream, enum side side, struct level level)
{
    if (stream->count < CHANGES_MAX)
        stream->change[stream->count++] =
            (struct change){level.price_ticks, level.qty_lots, (uint8_t)side, 0};
}

static void stream_end_message(struct stream *stream)
{
    if (stream->count > 0)
        stream->change[stream->count - 1].last = 1;
    stream->messages++;
}

/* Messages of 10 to 100 levels, most of them near a mid that wanders. */
static void stream_make(struct stream *stream)
{
    int64_t mid = 6160000;

    stream->name = "made market";
    while (stream->count + 200 < 300000) {
        int levels = 10 + (int)(next_random() % 91);

        mid += (int64_t)(next_random() % 201) - 100;
        for (int i = 0; i < levels; i++) {
            enum side side = next_random() % 2 == 0 ? SIDE_BID : SIDE_ASK;
            int64_t away = 1 + (int64_t)(next_random() % (UINT64_C(1) << (4 + next_random() % 12)));
            int64_t lots = next_random() % 2 == 0 ? 0 : 1 + (int64_t)(next_random() % 1000000);

            stream_add(stream, side, (struct level){mid - side_sign(side) * away, lots});
        }
        stream_end_message(stream);
    }
}

/* All depth of a recording, the snapshot first. False where there is no such file. */
static bool stream_read(struct stream *stream, const char *name, enum venue venue, const char *const file[2])
{
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[2][512], why[256];
    const char *paths[] = {path[0], path[1]};
    size_t path_count = file[1] != NULL ? 2 : 1;
    struct instrument instrument;
    struct decoder_config config = {.known = &instrument, .known_count = 1};
    struct replay *replay;
    struct feed_event event;

    for (size_t i = 0; i < path_count; i++)
        snprintf(path[i], sizeof(path[i]), "%s/data/recordings/%s", shared != NULL ? shared : "../shared",
                 file[i]);
    instrument_init(&instrument, "BTCUSDT", venue, 0);
    instrument.tick_e8 = venue == VENUE_BINANCE_SPOT ? 1000000 : 10000000;
    instrument.lot_e8 = venue == VENUE_BINANCE_SPOT ? 100 : 100000;
    instrument.step_source = STEP_CONFIG;
    if (replay_open(paths, path_count, &config, &replay, why, sizeof(why)) != ERR_OK) {
        printf("no recording: %s\n", why);
        return false;
    }
    stream->name = name;
    while (replay_next(replay, &event)) {
        if (event.kind != FEED_DEPTH && event.kind != FEED_SNAPSHOT)
            continue;
        for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
            size_t count =
                event.kind == FEED_DEPTH ? event.depth.level_count[side] : event.snapshot.level_count[side];
            const struct level *level =
                event.kind == FEED_DEPTH ? event.depth.levels[side] : event.snapshot.levels[side];

            for (size_t i = 0; i < count; i++)
                stream_add(stream, side, level[i]);
        }
        stream_end_message(stream);
    }
    replay_close(replay);
    return true;
}

/* --- three books ---------------------------------------------------------------------------------- */

struct book_under_test {
    const char *name;
    void (*clear)(void);
    void (*set)(enum side side, int64_t price_ticks, int64_t qty_lots);
    bool (*best)(enum side side, struct level *out);
};

static struct order_book *own;

static void own_clear(void)
{
    order_book_clear(own);
}

static void own_set(enum side side, int64_t price_ticks, int64_t qty_lots)
{
    (void)order_book_set(own, side, price_ticks, qty_lots);
}

static bool own_best(enum side side, struct level *out)
{
    return order_book_best(own, side, out);
}

/* Sorted array with the best at its end, where most changes are: what is moved is little. */
static struct sorted_side {
    size_t count;
    struct level level[65536];
} sorted[SIDE_COUNT];

static void sorted_clear(void)
{
    sorted[SIDE_BID].count = sorted[SIDE_ASK].count = 0;
}

static void sorted_set(enum side side, int64_t price_ticks, int64_t qty_lots)
{
    struct sorted_side *s = &sorted[side];
    int64_t key = side == SIDE_BID ? price_ticks : -price_ticks;
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (s->level[middle].price_ticks < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < s->count && s->level[low].price_ticks == key) {
        if (qty_lots != 0) {
            s->level[low].qty_lots = qty_lots;
            return;
        }
        s->count--;
        memmove(&s->level[low], &s->level[low + 1], (s->count - low) * sizeof(s->level[0]));
    } else if (qty_lots != 0) {
        memmove(&s->level[low + 1], &s->level[low], (s->count - low) * sizeof(s->level[0]));
        s->level[low] = (struct level){key, qty_lots};
        s->count++;
    }
}

static bool sorted_best(enum side side, struct level *out)
{
    const struct sorted_side *s = &sorted[side];

    if (s->count == 0)
        return false;
    *out = s->level[s->count - 1];
    if (side == SIDE_ASK)
        out->price_ticks = -out->price_ticks;
    return true;
}

/* glibc's tsearch() is a red-black tree. The levels come from a free list; the nodes are its own. */
static void *tree_root[SIDE_COUNT];
static struct level tree_level[TREE_MAX], *tree_free[TREE_MAX];
static size_t tree_free_count;

static int tree_compare(const void *a, const void *b)
{
    const struct level *x = a, *y = b;

    return (x->price_ticks > y->price_ticks) - (x->price_ticks < y->price_ticks);
}

static void tree_node_gone(void *level)
{
    tree_free[tree_free_count++] = level;
}

static void tree_clear(void)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        tdestroy(tree_root[side], tree_node_gone);
        tree_root[side] = NULL;
    }
    tree_free_count = 0;
    for (size_t i = 0; i < TREE_MAX; i++)
        tree_free[tree_free_count++] = &tree_level[i];
}

static void tree_set(enum side side, int64_t price_ticks, int64_t qty_lots)
{
    struct level key = {price_ticks, qty_lots}, *level;
    struct level **node;

    if (qty_lots == 0) {
        node = tfind(&key, &tree_root[side], tree_compare);
        if (node != NULL) {
            level = *node;
            tdelete(&key, &tree_root[side], tree_compare);
            tree_free[tree_free_count++] = level;
        }
        return;
    }
    level = tree_free[tree_free_count - 1];
    *level = key;
    node = tsearch(level, &tree_root[side], tree_compare);
    if (node == NULL)
        abort();
    if (*node == level)
        tree_free_count--;
    else
        (*node)->qty_lots = qty_lots;
}

/* tfind() towards one end, noting the last node it passed: the best one, in a walk down the tree. */
static const struct level *tree_last;

static int tree_go_up(const void *key, const void *level)
{
    (void)key;
    tree_last = level;
    return 1;
}

static int tree_go_down(const void *key, const void *level)
{
    (void)key;
    tree_last = level;
    return -1;
}

static bool tree_best(enum side side, struct level *out)
{
    struct level key = {0, 0};

    tree_last = NULL;
    (void)tfind(&key, &tree_root[side], side == SIDE_BID ? tree_go_up : tree_go_down);
    if (tree_last == NULL)
        return false;
    *out = *tree_last;
    return true;
}

static const struct book_under_test books[] = {
    {"order_book", own_clear, own_set, own_best},
    {"sorted array", sorted_clear, sorted_set, sorted_best},
    {"red-black tree", tree_clear, tree_set, tree_best},
};

#define BOOKS (sizeof(books) / sizeof(books[0]))

/* --- runs ----------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t sum, int64_t value)
{
    return (sum ^ (uint64_t)value) * UINT64_C(0x9e3779b97f4a7c15);
}

static double run(const struct book_under_test *book, const struct stream *stream, uint64_t *checksum)
{
    uint64_t sum = 1;
    double begin;

    book->clear();
    begin = now_ns();
    for (size_t i = 0; i < stream->count; i++) {
        const struct change *change = &stream->change[i];

        book->set((enum side)change->side, change->price_ticks, change->qty_lots);
        if (!change->last)
            continue;
        for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
            struct level best = {0, 0};

            (void)book->best(side, &best);
            sum = mix(mix(sum, best.price_ticks), best.qty_lots);
        }
    }
    *checksum = sum;
    return now_ns() - begin;
}

static bool compare_on(const struct stream *stream)
{
    double took[BOOKS][ROUNDS], ns[BOOKS];
    uint64_t checksum[BOOKS] = {0};
    bool same = true;

    for (int round = 0; round < ROUNDS; round++)
        for (size_t b = 0; b < BOOKS; b++)
            took[b][round] = run(&books[b], stream, &checksum[b]);
    printf("%s: %zu level updates in %zu messages\n", stream->name, stream->count, stream->messages);
    for (size_t b = 0; b < BOOKS; b++) {
        ns[b] = median(took[b], ROUNDS) / (double)stream->count;
        same = same && checksum[b] == checksum[0];
        printf("  %-15s %6.1f ns an update with best prices   x%.1f\n", books[b].name, ns[b], ns[b] / ns[0]);
    }
    printf("  best prices agree: %s\n", same ? "yes" : "NO");
    return same;
}

/* Cost of one update among `levels` levels spread over a width of ticks. */
static double depth_cost(size_t levels, int64_t width)
{
    double took[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        double begin;

        order_book_clear(own);
        for (size_t i = 0; i < levels; i++)
            own_set(SIDE_BID, 10000000 - (int64_t)i * width / (int64_t)levels, 5);
        begin = now_ns();
        for (int i = 0; i < 200000; i++)
            own_set(SIDE_BID, 10000000 - (int64_t)(next_random() % (uint64_t)width),
                    (int64_t)(next_random() % 2) * 7);
        took[round] = (now_ns() - begin) / 200000;
    }
    return median(took, ROUNDS);
}

/* The dearest of single updates while the whole market jumps by 10 % and the window follows. */
static double jump_cost(void)
{
    double worst[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        worst[round] = 0.0;
        order_book_clear(own);
        for (int64_t i = 0; i < 5000; i++)
            own_set(SIDE_BID, 6160000 - i * 7, 5);
        for (int64_t i = 0; i < 5000; i++) {
            double begin = now_ns(), took;

            own_set(SIDE_BID, 6776000 - (i * 7919 % 5000) * 7, 5);
            took = now_ns() - begin;
            worst[round] = took > worst[round] ? took : worst[round];
        }
    }
    return median(worst, ROUNDS);
}

static void own_costs(const struct stream *stream)
{
    double small = depth_cost(1000, 40000), large = depth_cost(20000, 40000),
           far = depth_cost(20000, 4000000);
    uint64_t checksum;
    struct level best;
    int64_t sum = 0;
    double begin;

    printf("order_book, random updates: 1,000 levels %.1f ns, 20,000 levels %.1f ns, 20,000 far levels %.1f "
           "ns\n",
           small, large, far);
    printf("order_book, jump of 10 %% over 5,000 levels: dearest update %.1f us (median of %d rounds)\n",
           jump_cost() / 1000.0, ROUNDS);
    (void)run(&books[0], stream, &checksum);
    begin = now_ns();
    for (int i = 0; i < 1000000; i++)
        sum += order_book_best(own, (enum side)(i & 1), &best) ? best.price_ticks : 0;
    printf("order_book, best: %.1f ns", (now_ns() - begin) / 1e6);
    begin = now_ns();
    for (int i = 0; i < 200000; i++)
        sum += order_book_sum_top(own, (enum side)(i & 1), 20);
    printf(", sum of the best 20: %.1f ns (%s)\n", (now_ns() - begin) / 2e5,
           sum != 0 ? "not empty" : "empty");
}

int main(void)
{
    static const struct {
        const char *name, *file[2];
        enum venue venue;
    } recordings[] = {
        {"spot BTCUSDT",
         {"hft_spot_btcusdt_20240808.jsonl.gz", "hft_spot_btcusdt_20240809.jsonl.gz"},
         VENUE_BINANCE_SPOT},
        {"USD-M BTCUSDT", {"hft_usdm_btcusdt_20240808.jsonl.gz", NULL}, VENUE_BINANCE_USDM},
    };
    struct stream stream = {.change = calloc(CHANGES_MAX, sizeof(struct change))};
    bool same = true;

    own = order_book_new();
    if (own == NULL || stream.change == NULL)
        return 1;
    stream_make(&stream);
    same = compare_on(&stream);
    for (size_t i = 0; i < sizeof(recordings) / sizeof(recordings[0]); i++) {
        stream.count = stream.messages = 0;
        if (stream_read(&stream, recordings[i].name, recordings[i].venue, recordings[i].file))
            same = compare_on(&stream) && same;
    }
    if (stream.count == 0)
        stream_make(&stream);
    own_costs(&stream);
    tree_clear();
    order_book_free(own);
    free(stream.change);
    return same ? 0 : 1;
}
