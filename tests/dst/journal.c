/*
 * journal.c - the journal as the engine sees it: a step that was committed is there after kill -9, one that was not never
 * was. In memory: the state after it is that of store/journal_state.h, frame by frame as on disk.
 */
#include "dst/dst.h"

#include "store/journal_frame.h"
#include "store/journal_state.h"
#include "store/recovered.h"

#include <stdlib.h>

#define STEP_MAX 16384 /* records of one step */

struct dst_journal {
    struct journal_state *state;
    uint64_t seq, last_order_seq;
    uint16_t next_slot;
    size_t pushed;
    struct store_record *step;
};

/* Before and after each append and each message: that is where a crash makes a difference. */
void crash_point(struct world *world)
{
    if (world->in_turn && world->crash_in > 0 && --world->crash_in == 0)
        longjmp(world->crashed, 1);
}

bool journal_whole(const struct world *world)
{
    return world->journal->pushed == 0;
}

static bool push(void *arg, const struct store_record *record)
{
    struct world *world = arg;

    must(world, "I23 records of a step", world->journal->pushed < STEP_MAX);
    world->journal->step[world->journal->pushed++] = *record;
    return true;
}

static void apply(struct world *world, const struct store_record *record)
{
    struct dst_journal *journal = world->journal;
    unsigned char body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = ++journal->seq,
                              .ts_ns = record->ts_ns,
                              .input_seq = record->input_seq,
                              .kind = (uint16_t)record->kind};
    char why[160];

    head.body_size = (uint32_t)record_encode(record, body, sizeof(body));
    must(world, "I18 a record has its frame", head.body_size > 0);
    must(world, "I18 the journal's state takes it",
         journal_state_apply(journal->state, &head, body, why, sizeof(why)) == ERR_OK);
    if (record->kind == STORE_TIME) {
        journal->next_slot = (uint16_t)(record->time.slot + 1);
        journal->last_order_seq = record->time.order_seq;
    }
    witness_record(world, record);
}

static bool commit(void *arg)
{
    struct world *world = arg;
    struct dst_journal *journal = world->journal;
    size_t count = journal->pushed;

    if (count == 0)
        return true;
    crash_point(world);
    journal->pushed = 0;
    for (size_t i = 0; i < count; i++)
        apply(world, &journal->step[i]);
    crash_point(world);
    return true;
}

struct record_sink journal_sink(struct world *world)
{
    return (struct record_sink){.push = push, .arg = world, .commit = commit};
}

static bool keep(void *arg, const struct store_record *record)
{
    struct recovered *left = arg;

    left->record[left->count++] = *record;
    return true;
}

void journal_left(struct world *world)
{
    struct dst_journal *journal = world->journal;

    if (world->left == NULL && (world->left = calloc(1, sizeof(*world->left))) == NULL)
        abort();
    free(world->left->record);
    world->epoch++;
    *world->left = (struct recovered){.epoch = world->epoch, .session = world->epoch, .crashed = true};
    world->left->record = calloc(journal_state_count(journal->state) + 1, sizeof(struct store_record));
    if (world->left->record == NULL)
        abort();
    journal_state_each(journal->state, 0, keep, world->left);
    world->left->last_order_seq = journal->last_order_seq;
    world->left->next_slot = journal->next_slot;
    journal->pushed = 0; /* never was */
}

void journal_open(struct world *world)
{
    world->journal = calloc(1, sizeof(*world->journal));
    if (world->journal == NULL)
        abort();
    world->journal->state = journal_state_new();
    world->journal->step = calloc(STEP_MAX, sizeof(struct store_record));
    if (world->journal->state == NULL || world->journal->step == NULL)
        abort();
    world->epoch = 1;
}

void journal_close(struct world *world)
{
    journal_state_free(world->journal->state);
    free(world->journal->step);
    free(world->journal);
    if (world->left != NULL)
        free(world->left->record);
    free(world->left);
}
