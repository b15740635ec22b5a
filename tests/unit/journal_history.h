/* journal_history.h - records by chance, the state they come to, and what a start finds of it. */
#ifndef UNIT_JOURNAL_HISTORY_H
#define UNIT_JOURNAL_HISTORY_H

#include "unit/journal_fixture.h"

#include "store/journal_snapshot.h"
#include "store/journal_state.h"

static inline struct store_record record_of(unsigned kind)
{
    struct store_record record;

    memset(&record, 0, sizeof(record));
    record.kind = (enum store_record_kind)kind;
    return record;
}

static inline struct store_record parameter(const char *name, int64_t value)
{
    struct store_record record = record_of(STORE_PARAMETER);

    snprintf(record.owner, sizeof(record.owner), "mm");
    snprintf(record.parameter.name, sizeof(record.parameter.name), "%s", name);
    record.parameter.value = value;
    return record;
}

static inline struct store_record order_record(uint64_t seq, bool ended)
{
    struct store_record record = record_of(STORE_ORDER);

    record.order.order.seq = seq;
    record.order.order.state = ended ? ORDER_STATE_CANCELLED : ORDER_STATE_WORKING;
    record.order.scale = (struct store_scale){1, 1};
    return record;
}

static int64_t clock_ahead_ns; /* of a clock that is wrong for a while */

static inline size_t frame_of(const struct store_record *record, uint64_t seq, unsigned char out[FRAME_MAX])
{
    unsigned char body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = seq,
                              .ts_ns = clock_ahead_ns + (int64_t)seq,
                              .input_seq = seq,
                              .kind = (uint16_t)record->kind,
                              .body_size = (uint32_t)record_encode(record, body, sizeof(body))};

    assert_true(head.body_size > 0);
    return frame_encode(&head, body, out, FRAME_MAX);
}

static inline enum err apply(struct journal_state *state, const struct store_record *record, char *why)
{
    unsigned char frame[FRAME_MAX];
    const unsigned char *body;
    struct frame_head head;
    size_t size = frame_of(record, journal_state_seq(state) + 1, frame);

    assert_int_equal(frame_decode(frame, size, &head, &body), ERR_OK);
    return journal_state_apply(state, &head, body, why, WHY_SIZE);
}

static inline void apply_ok(struct journal_state *state, const struct store_record *record)
{
    char why[WHY_SIZE] = "";

    if (apply(state, record, why) != ERR_OK)
        fail_msg("journal_state_apply: %s", why);
}

/* All of a state as text: equal texts, equal states. */
struct text {
    char text[1 << 16];
    size_t used;
    unsigned left; /* visits until it stops */
};

static inline bool add_text(void *arg, const struct store_record *record)
{
    struct text *text = arg;
    char line[2048];

    text->used += (size_t)snprintf(text->text + text->used, sizeof(text->text) - text->used, "%lld %s\n",
                                   (long long)record->ts_ns, record_text(record, line, sizeof(line)));
    return --text->left > 0;
}

static inline struct text *text_of(const struct journal_state *state)
{
    struct text *text = calloc(1, sizeof(*text));

    text->left = UINT32_MAX;
    journal_state_each(state, 0, add_text, text);
    return text;
}

static inline void assert_same(const struct journal_state *a, const struct journal_state *b)
{
    struct text *x = text_of(a), *y = text_of(b);

    assert_int_equal(journal_state_seq(a), journal_state_seq(b));
    assert_int_equal(journal_state_count(a), journal_state_count(b));
    assert_string_equal(x->text, y->text);
    free(x);
    free(y);
}

/* --- with a journal ---------------------------------------------------------------------------------------------- */

struct history {
    struct journal_segment *segment;
    struct journal_state *state;
    uint64_t random;
};

static inline struct store_record any_record(uint64_t *random)
{
    char name[16];

    switch (random_next(random) % 4) {
    case 0:
        return record_of(STORE_AUDIT);
    case 1:
        return order_record(random_next(random) % 40, random_next(random) % 2);
    default:
        snprintf(name, sizeof(name), "p%d", (int)(random_next(random) % 30));
        return parameter(name, (int64_t)random_next(random));
    }
}

static inline void go_on(struct history *history, int groups)
{
    static unsigned char frames[8 * FRAME_MAX];
    char why[WHY_SIZE];

    for (int g = 0; g < groups; g++) {
        uint64_t first = journal_segment_point(history->segment).seq + 1;
        size_t size = 0;

        for (unsigned i = 0; i < 5; i++) {
            struct store_record record = any_record(&history->random);

            size += frame_of(&record, first + i, frames + size);
            apply_ok(history->state, &record);
        }
        if (journal_segment_write(history->segment, frames, size, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
    }
}

static inline void snapshot(const struct history *history, const char *dir)
{
    struct journal_point point = journal_segment_point(history->segment);
    char why[WHY_SIZE];

    if (journal_state_save(history->state, dir, &point, journal_id, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
}

static inline struct history begin(const char *dir)
{
    return (struct history){open_writer(dir, &beginning, 3000), journal_state_new(), 77};
}

static inline void end(struct history *history)
{
    journal_segment_close(history->segment);
    journal_state_free(history->state);
}

/* What a start does: the newest snapshot, then the journal from its point. */
static inline enum err recover(struct journal_state *state, const char *dir, uint64_t *snapshot_seq,
                               char *why)
{
    unsigned char id[JOURNAL_ID_SIZE];
    struct journal_reader *reader;
    struct journal_frame frame;
    struct journal_point at;
    enum err err = journal_state_load(state, dir, &at, id, why, WHY_SIZE);

    *snapshot_seq = at.seq;
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        return err;
    err = journal_reader_open(dir, &at, &reader, why, WHY_SIZE);
    while (err == ERR_OK) {
        err = journal_reader_next(reader, &frame, why, WHY_SIZE);
        if (err == ERR_OK)
            err = journal_state_apply(state, &frame.head, frame.body, why, WHY_SIZE);
    }
    journal_reader_close(reader);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static inline void assert_recovers(const struct history *history, const char *dir, uint64_t from)
{
    struct journal_state *state = journal_state_new();
    char why[WHY_SIZE] = "";
    uint64_t seq;

    if (recover(state, dir, &seq, why) != ERR_OK)
        fail_msg("recovery: %s", why);
    assert_int_equal(seq, from);
    assert_same(state, history->state);
    journal_state_free(state);
}

static inline const char *snap(const char *dir, uint64_t seq, char out[160])
{
    snprintf(out, 160, "%s/%020" PRIu64 ".snap", dir, seq);
    return out;
}

#endif
