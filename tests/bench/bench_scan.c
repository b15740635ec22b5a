/*
 * bench_scan - the decoder against jansson with strtod, on the same messages, turn by turn.
 *
 * What is timed for us is the whole way from text to events in ticks and lots; for jansson, json_loadb and
 * a walk that turns each price and quantity into a double. Ratios are of one run; nanoseconds are for
 * information. Allocations are counted by standing in for malloc.
 */
#include "bench/count_allocations.h"

#include "core/base/clock.h"
#include "feed/decoder.h"
#include "feed/line_reader.h"
#include "feed/scan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES_MAX 40000
#define ROUNDS       7
#define TEXT_MAX     (64 << 20)

struct corpus {
    char *text; /* messages, DECODER_PADDING between them */
    size_t used, count, bytes;
    size_t first[MESSAGES_MAX], size[MESSAGES_MAX];
};

static struct corpus corpus;
static volatile int64_t sink; /* keeps the compiler from dropping the work */

static bool load(const char *path)
{
    struct line_reader *reader = line_reader_new(DECODER_MESSAGE_MAX);
    const char *line;
    size_t size;

    corpus.used = corpus.count = corpus.bytes = 0;
    if (reader == NULL || line_reader_open(reader, path) != ERR_OK) {
        line_reader_free(reader);
        return false;
    }
    while (corpus.count < MESSAGES_MAX && line_reader_next(reader, &line, &size) == LINE_TEXT) {
        const char *json = memchr(line, ' ', size);

        if (json == NULL || corpus.used + size + DECODER_PADDING > TEXT_MAX)
            continue;
        size -= (size_t)(json + 1 - line);
        memcpy(corpus.text + corpus.used, json + 1, size);
        corpus.first[corpus.count] = corpus.used;
        corpus.size[corpus.count++] = size;
        corpus.used += size + DECODER_PADDING;
        corpus.bytes += size;
    }
    line_reader_free(reader);
    return corpus.count > 0;
}

static void pass_decoder(struct decoder *decoder)
{
    struct feed_event event;
    int64_t sum = 0;

    for (size_t i = 0; i < corpus.count; i++) {
        decoder_push(decoder, (int64_t)i, corpus.text + corpus.first[i], corpus.size[i]);
        while (decoder_next(decoder, &event))
            sum += (int64_t)event.kind;
    }
    sink += sum;
}

static void pass_scan(struct scanner *scanner, struct wire_message *message)
{
    int64_t sum = 0;

    for (size_t i = 0; i < corpus.count; i++)
        sum += scan_message(scanner, corpus.text + corpus.first[i], corpus.size[i], message);
    sink += sum;
}

/* Every string that looks like a number becomes a double. */
static double walk(const json_t *value)
{
    const char *key;
    json_t *member;
    double sum = 0.0;

    switch (json_typeof(value)) {
    case JSON_OBJECT: {
        void *at = json_object_iter((json_t *)(uintptr_t)value);

        for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
            key = json_object_iter_key(at);
            member = json_object_iter_value(at);
            sum += key[0] == 's' ? 0.0 : walk(member);
        }
        break;
    }
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(value); i++)
            sum += walk(json_array_get(value, i));
        break;
    case JSON_STRING:
        if (json_string_value(value)[0] >= '0' && json_string_value(value)[0] <= '9')
            sum = strtod(json_string_value(value), NULL);
        break;
    case JSON_INTEGER:
        sum = (double)json_integer_value(value);
        break;
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return sum;
}

static void pass_jansson(void)
{
    double sum = 0.0;

    for (size_t i = 0; i < corpus.count; i++) {
        json_error_t error;
        json_t *root = json_loadb(corpus.text + corpus.first[i], corpus.size[i], 0, &error);

        if (root != NULL)
            sum += walk(root);
        json_decref(root);
    }
    sink += (int64_t)sum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *value)
{
    qsort(value, ROUNDS, sizeof(*value), by_value);
    return value[ROUNDS / 2];
}

static void measure(const char *name, const char *path)
{
    struct decoder_config config = {.known = NULL};
    struct decoder *decoder;
    struct scanner *scanner = calloc(1, sizeof(*scanner));
    struct wire_message message = {.level = calloc(WIRE_LEVELS_MAX, sizeof(struct wire_level))};
    double ours[ROUNDS], scan[ROUNDS], theirs[ROUNDS], ratio[ROUNDS], count;
    unsigned long ours_allocations, theirs_allocations;

    if (!load(path) || scanner == NULL || message.level == NULL || (decoder = decoder_new(&config)) == NULL) {
        printf("bench_scan %s: skipped, no %s\n", name, path);
        return;
    }
    pass_decoder(decoder); /* steps settle, caches warm */
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = clock_monotonic_ns(), middle, scanned, end;

        pass_decoder(decoder);
        middle = clock_monotonic_ns();
        pass_jansson();
        end = clock_monotonic_ns();
        pass_scan(scanner, &message);
        scanned = clock_monotonic_ns();
        ours[round] = (double)(middle - start) / (double)corpus.count;
        theirs[round] = (double)(end - middle) / (double)corpus.count;
        scan[round] = (double)(scanned - end) / (double)corpus.count;
        ratio[round] = theirs[round] / ours[round];
    }
    allocations = 0;
    pass_decoder(decoder);
    ours_allocations = allocations;
    allocations = 0;
    pass_jansson();
    theirs_allocations = allocations;
    count = (double)corpus.count;
    printf(
        "bench_scan %s: decoder is %.1f x jansson+strtod (%zu messages, %.0f B each; %.0f ns against %.0f ns;"
        " scanner alone %.0f ns; %.2f M messages/s; allocations a message %.3f against %.1f; fallbacks "
        "%llu)\n",
        name, median(ratio), corpus.count, (double)corpus.bytes / count, median(ours), median(theirs),
        median(scan), 1e3 / median(ours), (double)ours_allocations / count,
        (double)theirs_allocations / count, (unsigned long long)decoder_counts(decoder)->fallback);
    decoder_free(decoder);
    free(scanner);
    free(message.level);
}

int main(void)
{
    const char *shared = getenv("FLOWDECK_SHARED"), *build = getenv("FLOWDECK_BUILD");
    char path[512];
    FILE *file;

    corpus.text = calloc(1, TEXT_MAX + DECODER_PADDING);
    if (corpus.text == NULL)
        return 1;
    snprintf(path, sizeof(path), "%s/data/recordings/hft_spot_btcusdt_20240808.jsonl.gz",
             shared != NULL ? shared : "../shared");
    file = fopen(path, "rb");
    if (file == NULL) {
        snprintf(path, sizeof(path), "%s/demo.jsonl.gz", build != NULL ? build : "build");
        measure("demo", path);
        free(corpus.text);
        return 0;
    }
    fclose(file);
    measure("spot", path);
    snprintf(path, sizeof(path), "%s/data/recordings/hft_usdm_btcusdt_20240808.jsonl.gz",
             shared != NULL ? shared : "../shared");
    measure("usd-m", path);
    free(corpus.text);
    return 0;
}
