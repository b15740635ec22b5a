/*
 * bench_replay.c - the whole way in process (scan, steps, sync, book, tape, candles, signals, strategy, gate, paper
 * broker, ledger) beside jansson + strtod that only parses, on the same bytes, in turn, in one run.
 *
 * Prints messages and book levels a second, the ratio (median of the rounds), allocations for each message after
 * start, and resident memory. Nothing here is a limit: it informs.
 */
#include "bench/count_allocations.h"

#include "app/options.h"
#include "app/pipeline.h"
#include "core/base/clock.h"
#include "feed/decoder.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define ROUNDS 5

struct corpus {
    char *text; /* DECODER_PADDING readable bytes behind */
    size_t size;
    size_t count;
    struct line {
        int64_t ns;
        size_t at, size;
    } * line;
};

static bool load(const char *path, struct corpus *out)
{
    gzFile in = gzopen(path, "rb");
    size_t room = 1 << 20, lines_room = 1 << 12;
    char *text = malloc(room), *at;
    int got;

    memset(out, 0, sizeof(*out));
    if (in == NULL)
        return false;
    while ((got = gzread(in, text + out->size, (unsigned)(room - out->size - DECODER_PADDING))) > 0) {
        out->size += (size_t)got;
        if (out->size + DECODER_PADDING == room)
            text = realloc(text, room *= 2);
    }
    gzclose(in);
    memset(text + out->size, 0, DECODER_PADDING);
    out->text = text;
    out->line = malloc(lines_room * sizeof(*out->line));
    for (at = text; at < text + out->size;) {
        char *end = memchr(at, '\n', (size_t)(text + out->size - at)), *json;
        int64_t ns = strtoll(at, &json, 10);

        if (end == NULL)
            end = text + out->size;
        if (out->count == lines_room)
            out->line = realloc(out->line, (lines_room *= 2) * sizeof(*out->line));
        out->line[out->count++] = (struct line){json - at == 16 ? ns * 1000 : ns, (size_t)(json + 1 - text),
                                                (size_t)(end - json - 1)};
        at = end + 1;
    }
    return out->count > 0;
}

/* --- ours ---------------------------------------------------------------------------------------------------- */

struct ours {
    uint64_t allocations_late; /* in the second half of the messages */
    uint64_t levels, fills;
};

static int64_t run_ours(const struct corpus *corpus, const struct pipeline_config *config, struct ours *out)
{
    struct decoder_config none = {0};
    struct decoder *decoder = decoder_new(&none);
    struct pipeline *pipeline = pipeline_new(config, NULL);
    struct feed_event event;
    uint64_t at_half = 0;
    int64_t start;

    decoder_new_source(decoder);
    out->levels = 0;
    start = clock_monotonic_ns();
    for (size_t i = 0; i < corpus->count; i++) {
        if (i == corpus->count / 2)
            at_half = allocations;
        decoder_push(decoder, corpus->line[i].ns, corpus->text + corpus->line[i].at, corpus->line[i].size);
        while (decoder_next(decoder, &event)) {
            if (event.kind == FEED_DEPTH)
                out->levels += event.depth.level_count[SIDE_BID] + event.depth.level_count[SIDE_ASK];
            pipeline_on_feed(pipeline, &event);
        }
    }
    start = clock_monotonic_ns() - start;
    out->allocations_late = allocations - at_half;
    out->fills = pipeline->counts.fills;
    pipeline_free(pipeline);
    decoder_free(decoder);
    return start;
}

/* --- jansson + strtod: every level and price of the message as a double ---------------------------------------- */

static double sum_levels(json_t *side)
{
    size_t index;
    json_t *level;
    double sum = 0;

    json_array_foreach(side, index, level)
    {
        sum += strtod(json_string_value(json_array_get(level, 0)), NULL);
        sum += strtod(json_string_value(json_array_get(level, 1)), NULL);
    }
    return sum;
}

static int64_t run_jansson(const struct corpus *corpus, double *checksum)
{
    int64_t start = clock_monotonic_ns();

    for (size_t i = 0; i < corpus->count; i++) {
        json_t *root = json_loadb(corpus->text + corpus->line[i].at, corpus->line[i].size, 0, NULL);
        json_t *data = json_object_get(root, "data");
        static const char *const names[] = {"b", "a", "B", "A", "p", "q", "bids", "asks"};

        if (data == NULL)
            data = root;
        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
            json_t *value = json_object_get(data, names[n]);

            if (json_is_array(value))
                *checksum += sum_levels(value);
            else if (json_is_string(value))
                *checksum += strtod(json_string_value(value), NULL);
        }
        json_decref(root);
    }
    return clock_monotonic_ns() - start;
}

static int compare_ns(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return left < right ? -1 : left > right;
}

static long resident_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *status = fopen("/proc/self/status", "r");

    while (status != NULL && fgets(line, sizeof(line), status) != NULL)
        if (sscanf(line, "RssAnon: %ld", &kb) == 1)
            break;
    if (status != NULL)
        fclose(status);
    return kb;
}

static void bench(const char *name, const struct corpus *corpus, const struct pipeline_config *config)
{
    int64_t ours_ns[ROUNDS], jansson_ns[ROUNDS];
    struct ours ours = {0};
    double checksum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        ours_ns[round] = run_ours(corpus, config, &ours);
        jansson_ns[round] = run_jansson(corpus, &checksum);
    }
    qsort(ours_ns, ROUNDS, sizeof(ours_ns[0]), compare_ns);
    qsort(jansson_ns, ROUNDS, sizeof(jansson_ns[0]), compare_ns);
    printf("%-34s %7zu messages, %.1f MB, %llu book levels, %llu fills\n", name, corpus->count,
           (double)corpus->size / 1e6, (unsigned long long)ours.levels, (unsigned long long)ours.fills);
    printf("  whole way         %8.0f ns a message  %10.0f messages/s  %11.0f levels/s\n",
           (double)ours_ns[ROUNDS / 2] / (double)corpus->count,
           1e9 * (double)corpus->count / (double)ours_ns[ROUNDS / 2],
           1e9 * (double)ours.levels / (double)ours_ns[ROUNDS / 2]);
    printf("  jansson + strtod  %8.0f ns a message  (parsing alone)\n",
           (double)jansson_ns[ROUNDS / 2] / (double)corpus->count);
    printf("  ratio             %8.1f x\n", (double)jansson_ns[ROUNDS / 2] / (double)ours_ns[ROUNDS / 2]);
    printf("  allocations       %llu in the second half (%zu messages)\n",
           (unsigned long long)ours.allocations_late, corpus->count - corpus->count / 2);
}

/* First of all, while the heap is new: what two instruments take, from nothing to the end of the recording. */
static void measure_memory(const struct corpus *corpus, const struct pipeline_config *config)
{
    struct decoder_config none = {0};
    long before = resident_kb();
    struct decoder *decoder = decoder_new(&none);
    struct pipeline *pipeline = pipeline_new(config, NULL);
    struct feed_event event;

    decoder_new_source(decoder);
    for (size_t i = 0; i < corpus->count; i++) {
        decoder_push(decoder, corpus->line[i].ns, corpus->text + corpus->line[i].at, corpus->line[i].size);
        while (decoder_next(decoder, &event))
            pipeline_on_feed(pipeline, &event);
    }
    printf("engine with two instruments: %ld kB of anonymous memory resident\n", resident_kb() - before);
    pipeline_free(pipeline);
    decoder_free(decoder);
}

int main(void)
{
    static const char *const recordings[] = {"hft_spot_btcusdt_20240808.jsonl.gz",
                                             "hft_usdm_btcusdt_20240808.jsonl.gz"};
    const char *shared = getenv("FLOWDECK_SHARED"), *build = getenv("FLOWDECK_BUILD");
    struct config *config = options_config_new();
    struct pipeline_config made;
    char why[CONFIG_WHY_SIZE], path[512];
    struct corpus corpus, demo;

    if (config == NULL || options_pipeline(config, &made, why) != ERR_OK)
        return 1;
    made.mode = MODE_SIMULATION;
    snprintf(path, sizeof(path), "%s/demo.jsonl.gz", build == NULL ? "build" : build);
    if (!load(path, &demo))
        return 1;
    measure_memory(&demo, &made);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/data/recordings/%s", shared == NULL ? "../shared" : shared,
                 recordings[i]);
        if (access(path, R_OK) != 0 || !load(path, &corpus)) {
            printf("skipped: no %s\n", path);
            continue;
        }
        bench(recordings[i], &corpus, &made);
    }
    bench("demo (two instruments)", &demo, &made);
    config_free(config);
    return 0;
}
