/*
 * bench_recovery.c - what a start takes: a journal verified whole, a state made from all of it, a state from a snapshot
 * and what came after.
 *
 * A million events by default, ten million by FLOWDECK_SOAK=1 (1.5 GB in a temporary folder, removed afterwards); one in
 * four is a state. The budget is 2 s for the snapshot and its tail, of 100,000 events. Files are in the page cache.
 */
#include "core/base/clock.h"
#include "store/journal_reader.h"
#include "store/journal_state.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUP       1000
#define TAIL        100000
#define BUDGET_S    2.0
#define GROUP_BYTES (GROUP * 512)

static char dir[] = "/tmp/flowdeck-recovery-XXXXXX";
static char why[1400];
static const unsigned char id[JOURNAL_ID_SIZE] = "bench";

static void fail(const char *what)
{
    fprintf(stderr, "bench_recovery: %s: %s\n", what, why);
    exit(1);
}

static size_t make_frame(uint64_t seq, unsigned char *out)
{
    struct store_record record;
    unsigned char body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = seq, .ts_ns = (int64_t)seq * 1000, .input_seq = seq};

    memset(&record, 0, sizeof(record));
    record.kind = seq % 4 == 0 ? STORE_PARAMETER : STORE_AUDIT;
    snprintf(record.owner, sizeof(record.owner), "mm");
    if (record.kind == STORE_PARAMETER) {
        snprintf(record.parameter.name, sizeof(record.parameter.name), "parameter_%d", (int)(seq / 4 % 2000));
        record.parameter.value = (int64_t)seq;
    } else {
        snprintf(record.audit.event, sizeof(record.audit.event), "order.sent");
        snprintf(record.audit.text, sizeof(record.audit.text),
                 "order %" PRIu64 ": bid 0.00150000 at 61842.18 for mm, passed by all of the limits", seq);
    }
    head.kind = (uint16_t)record.kind;
    head.body_size = (uint32_t)record_encode(&record, body, sizeof(body));
    return frame_encode(&head, body, out, 512);
}

static void write_journal(uint64_t events, struct journal_state *state)
{
    struct journal_segment_config config = {.dir = dir};
    const struct journal_point beginning = {.seq = 0};
    unsigned char *frames = malloc(GROUP_BYTES);
    struct journal_segment *segment;
    const unsigned char *body;
    struct frame_head head;

    memcpy(config.journal_id, id, sizeof(id));
    if (frames == NULL || journal_segment_open(&config, &beginning, &segment, why, sizeof(why)) != ERR_OK)
        fail("opening");
    for (uint64_t seq = 1; seq <= events;) {
        size_t size = 0;

        for (int i = 0; i < GROUP; i++, seq++) {
            size_t one = make_frame(seq, frames + size);

            if (frame_decode(frames + size, one, &head, &body) != ERR_OK ||
                journal_state_apply(state, &head, body, why, sizeof(why)) != ERR_OK)
                fail("applying");
            size += one;
        }
        if (journal_segment_write(segment, frames, size, why, sizeof(why)) != ERR_OK)
            fail("writing");
        if (seq - 1 == events - TAIL) {
            struct journal_point point = journal_segment_point(segment);

            if (journal_state_save(state, dir, &point, id, why, sizeof(why)) != ERR_OK)
                fail("saving");
        }
    }
    journal_segment_close(segment);
    free(frames);
}

/* From the point to the end; with a state, that too. */
static double read_journal(const struct journal_point *from, struct journal_state *state,
                           struct journal_reader_counts *counts)
{
    int64_t start_ns = clock_monotonic_ns();
    struct journal_reader *reader;
    struct journal_frame frame;
    enum err err = journal_reader_open(dir, from, &reader, why, sizeof(why));

    while (err == ERR_OK && (err = journal_reader_next(reader, &frame, why, sizeof(why))) == ERR_OK)
        if (state != NULL)
            err = journal_state_apply(state, &frame.head, frame.body, why, sizeof(why));
    if (err != ERR_NOT_FOUND)
        fail("reading");
    *counts = *journal_reader_counts(reader);
    journal_reader_close(reader);
    return (double)(clock_monotonic_ns() - start_ns) / 1e9;
}

static double recover(struct journal_state *state, struct journal_reader_counts *counts)
{
    int64_t start_ns = clock_monotonic_ns();
    unsigned char found[JOURNAL_ID_SIZE];
    struct journal_point at;

    if (journal_state_load(state, dir, &at, found, why, sizeof(why)) != ERR_OK)
        fail("loading");
    read_journal(&at, state, counts);
    return (double)(clock_monotonic_ns() - start_ns) / 1e9;
}

static void remove_journal(void)
{
    char command[96];

    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    if (system(command) != 0)
        fprintf(stderr, "bench_recovery: %s is left over\n", dir);
}

int main(void)
{
    const char *soak = getenv("FLOWDECK_SOAK");
    uint64_t events = soak != NULL && strcmp(soak, "1") == 0 ? 10000000 : 1000000;
    struct journal_state *state = journal_state_new();
    const struct journal_point beginning = {.seq = 0};
    struct journal_reader_counts counts;
    double verify_s, whole_s, recover_s;
    size_t keys;

    if (state == NULL || mkdtemp(dir) == NULL)
        return 1;
    atexit(remove_journal);
    write_journal(events, state);
    keys = journal_state_count(state);
    verify_s = read_journal(&beginning, NULL, &counts);
    printf("bench_recovery verify: %.2f s for %" PRIu64 " frames, %" PRIu64
           " MB (%.2f M frames/s, %.0f MB/s)\n",
           verify_s, counts.frames, counts.bytes / 1000000, (double)counts.frames / verify_s / 1e6,
           (double)counts.bytes / verify_s / 1e6);
    journal_state_clear(state);
    whole_s = read_journal(&beginning, state, &counts);
    printf("bench_recovery whole: %.2f s for the state of all %" PRIu64 " events, without a snapshot\n",
           whole_s, counts.frames);
    recover_s = recover(state, &counts);
    printf("bench_recovery start: %.3f s for the state of %" PRIu64
           " events by a snapshot of %zu keys and %" PRIu64 " events after it (budget %.0f s): %.0f x\n",
           recover_s, events, keys, counts.frames, BUDGET_S, whole_s / recover_s);
    if (journal_state_count(state) != keys || journal_state_seq(state) != events) {
        fprintf(stderr, "bench_recovery: the states differ\n");
        return 1;
    }
    journal_state_free(state);
    return recover_s < BUDGET_S ? 0 : 1;
}
