/* What an earlier run left: read at the start, newest snapshot, then segments, then the ring of one that was killed. */
#include "core/base/clock.h"
#include "store/crash_count.h"
#include "store/epoch_floor.h"
#include "store/file_guard.h"
#include "store/store_journal_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/vfs.h>
#include <unistd.h>

struct start {
    struct store_journal *journal;
    struct recovered *left;
    struct journal_point point; /* sealed and read up to here */
    bool found;                 /* there is a journal */
    bool only_look;
};

__attribute__((format(printf, 2, 3))) static void note(struct recovered *left, const char *format, ...)
{
    size_t used = strlen(left->note);
    va_list args;

    if (used > 0)
        used += (size_t)snprintf(left->note + used, sizeof(left->note) - used, "; ");
    if (used >= sizeof(left->note))
        return;
    va_start(args, format);
    vsnprintf(left->note + used, sizeof(left->note) - used, format, args);
    va_end(args);
}

static enum err fold(struct start *start, const struct frame_head *head, const unsigned char *body, char *why,
                     size_t why_size)
{
    if (head->ts_ns != 0) /* records before the first event of a run have no time yet */
        start->left->last_ns = head->ts_ns;
    start->left->frames++;
    return journal_state_apply(start->journal->state, head, body, why, why_size);
}

/* States come in the order of writing: the last one that has a time is the newest. */
static bool keep_time(void *arg, const struct store_record *record)
{
    struct recovered *left = arg;

    if (record->ts_ns != 0)
        left->last_ns = record->ts_ns;
    return true;
}

/* The newest snapshot that is whole; without one the beginning, or what is left of it. */
static enum err read_snapshot(struct start *start, char *why, size_t why_size)
{
    struct store_journal *journal = start->journal;
    enum err err =
        journal_state_load(journal->state, journal->dir, &start->point, journal->id, why, why_size);

    if (err == ERR_OK) {
        start->found = true;
        journal->snapshot_seq = start->point.seq;
        journal_state_each(journal->state, 0, keep_time, start->left);
    } else if (err == ERR_NOT_FOUND) {
        start->point = (struct journal_point){0};
        err = ERR_OK;
    }
    if (err == ERR_OK && why[0] != '\0')
        note(start->left, "%s", why);
    return err;
}

static enum err read_segments(struct start *start, char *why, size_t why_size)
{
    struct journal_reader *reader;
    struct journal_frame frame;
    uint64_t cut_bytes = 0;
    enum err err = journal_reader_open(start->journal->dir, &start->point, &reader, why, why_size);

    if (err == ERR_NOT_FOUND && !start->found)
        return ERR_OK;
    if (err != ERR_OK)
        return err == ERR_NOT_FOUND ? ERR_BAD_DATA : err; /* a snapshot without its journal */
    start->found = true;
    memcpy(start->journal->id, journal_reader_id(reader), JOURNAL_ID_SIZE);
    while ((err = journal_reader_next(reader, &frame, why, why_size)) == ERR_OK) {
        if (!frame.sealed) /* never durable; the ring has it still, if the machine did not go down */
            cut_bytes += frame.head.size;
        else if ((err = fold(start, &frame.head, frame.body, why, why_size)) != ERR_OK)
            break;
    }
    start->point = journal_reader_point(reader);
    cut_bytes += journal_reader_counts(reader)->cut_bytes;
    if (cut_bytes > 0)
        note(start->left, "%" PRIu64 " bytes behind the last seal were never durable and are cut off",
             cut_bytes);
    journal_reader_close(reader);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* One piece of the ring of a run that was killed. Frames that are on disk already are passed over. */
static enum err take_piece(struct start *start, const unsigned char *bytes, size_t size, char *why,
                           size_t why_size)
{
    struct store_journal *journal = start->journal;
    size_t at = 0, first = size;
    enum err err = ERR_OK;

    while (at < size && err == ERR_OK) {
        struct frame_head head;
        const unsigned char *body;

        if (frame_decode(bytes + at, size - at, &head, &body) != ERR_OK) {
            snprintf(why, why_size, "the ring of the run before is damaged at byte %zu", at);
            return ERR_BAD_DATA;
        }
        if (head.seq > start->point.seq + 1 && first == size) {
            snprintf(why, why_size,
                     "%s: its end is missing: the journal ends at %" PRIu64
                     ", the ring of the run before begins at "
                     "%" PRIu64 "; restore a backup, or move the journal away to begin anew",
                     journal->dir, start->point.seq, head.seq);
            return ERR_BAD_DATA;
        }
        if (head.seq > start->point.seq) {
            first = first == size ? at : first;
            err = fold(start, &head, body, why, why_size);
            start->left->from_ring++;
        }
        at += head.size;
    }
    if (err == ERR_OK && first < size)
        err = journal_segment_write(journal->segment, bytes + first, size - first, why, why_size);
    start->point = journal_segment_point(journal->segment);
    return err;
}

/* On a disk an append would wait for it now and then, and a file cut short there would kill the process. */
static enum err check_in_memory(const char *ring_dir, char *why, size_t why_size)
{
    struct statfs file_system;

    if (statfs(ring_dir, &file_system) != 0) {
        snprintf(why, why_size, "%s: no folder for the journal's ring: %s", ring_dir, strerror(errno));
        return ERR_STORAGE;
    }
    if (file_system.f_type == TMPFS_MAGIC || file_system.f_type == RAMFS_MAGIC)
        return ERR_OK;
    snprintf(why, why_size, "%s: not in memory (tmpfs): the journal's ring cannot be there", ring_dir);
    return ERR_STORAGE;
}

static enum err open_ring(struct start *start, const struct store_journal_config *config, char *why,
                          size_t why_size)
{
    struct store_journal *journal = start->journal;
    const char *ring_dir = config->ring_dir == NULL ? JOURNAL_RING_DIR : config->ring_dir;
    char path[256];
    enum err err = check_in_memory(ring_dir, why, why_size);

    if (err != ERR_OK)
        return err;
    err = journal_ring_path(ring_dir, config->data_dir, config->account, path, sizeof(path));
    if (err != ERR_OK) {
        snprintf(why, why_size, "%s: the ring of its journal cannot be named", config->data_dir);
        return err;
    }
    if (!start->found && unlink(path) == 0)
        note(start->left, "the ring of a journal that is gone was removed");
    if (start->only_look && access(path, F_OK) != 0)
        return ERR_OK; /* nothing to take out of it */
    return journal_ring_open(path, journal->id,
                             config->ring_bytes == 0 ? JOURNAL_RING_BYTES : config->ring_bytes,
                             &journal->ring, why, why_size);
}

static enum err read_ring(struct start *start, const struct store_journal_config *config, char *why,
                          size_t why_size)
{
    struct store_journal *journal = start->journal;
    struct journal_segment_config segment = {
        .dir = journal->dir, .segment_bytes = config->segment_bytes, .reserve_bytes = config->reserve_bytes};
    const unsigned char *bytes;
    size_t size;
    enum err err = open_ring(start, config, why, why_size);

    if (err != ERR_OK || journal->ring == NULL)
        return err;
    memcpy(segment.journal_id, journal->id, sizeof(segment.journal_id));
    err = journal_segment_open(&segment, &start->point, &journal->segment, why, why_size);
    while (err == ERR_OK && (bytes = journal_ring_peek(journal->ring, &size), size > 0)) {
        err = take_piece(start, bytes, size, why, why_size);
        if (err == ERR_OK)
            journal_ring_free_to(journal->ring, size);
    }
    return err;
}

/* --- what it comes to ------------------------------------------------------------------------------------------ */

static bool keep_record(void *arg, const struct store_record *record)
{
    struct recovered *left = arg;

    left->record[left->count++] = *record;
    if (record->kind == STORE_ORDER && record->order.order.seq > left->last_order_seq)
        left->last_order_seq = record->order.order.seq;
    if (record->kind == STORE_TIME) {
        left->next_slot = (uint16_t)(record->time.slot + 1); /* the last one visited is the newest */
        if (record->time.order_seq > left->last_order_seq)
            left->last_order_seq = record->time.order_seq;
    }
    return true;
}

static const struct store_record *last_of(const struct recovered *left, enum store_record_kind kind)
{
    for (size_t i = left->count; i-- > 0;)
        if (left->record[i].kind == kind)
            return &left->record[i];
    return NULL;
}

/* A run whose end nobody wrote has crashed, at the time of its last record. One that ended in order ends the row of them. */
static void count_crashes(struct recovered *left)
{
    const struct store_record *began = last_of(left, STORE_SESSION),
                              *ended = last_of(left, STORE_SESSION_END);

    if (began == NULL)
        return;
    left->crashed = ended == NULL || ended->session_end.session != began->session.session;
    if (!left->crashed)
        return;
    memcpy(left->crash_ns, began->session.crash_ns, sizeof(left->crash_ns));
    crash_count_add(left->crash_ns, left->last_ns);
}

static enum err sum_up(struct store_journal *journal, const struct store_journal_config *config,
                       struct recovered *left, char *why, size_t why_size)
{
    const struct store_record *began;
    uint64_t floor;
    enum err err = epoch_floor_read(config->data_dir, &floor, why, why_size);

    if (err != ERR_OK)
        return err;
    left->record = calloc(journal_state_count(journal->state) + 1, sizeof(*left->record));
    if (left->record == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    journal_state_each(journal->state, 0, keep_record, left);
    began = last_of(left, STORE_SESSION);
    left->epoch = epoch_floor_next(began == NULL ? 0 : began->session.epoch, floor);
    left->session = began == NULL ? 1 : began->session.session + 1;
    count_crashes(left);
    left->safe_mode = crash_count_is_loop(left->crash_ns, config->now_ns);
    return ERR_OK;
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

static enum err choose_dir(struct store_journal *journal, const struct store_journal_config *config,
                           char *why, size_t why_size)
{
    int size =
        snprintf(journal->dir, sizeof(journal->dir), "%s/journal/%s", config->data_dir, config->account);

    if (size < 0 || (size_t)size >= sizeof(journal->dir)) {
        snprintf(why, why_size, "%.200s...: the path is too long for a journal", config->data_dir);
        return ERR_STORAGE;
    }
    return file_guard_make_folders(journal->dir, why, why_size);
}

enum err store_journal_start(struct store_journal *journal, const struct store_journal_config *config,
                             bool only_look, struct recovered *left, char *why, size_t why_size)
{
    struct start start = {.journal = journal, .left = left, .only_look = only_look};
    int64_t began_ns = clock_monotonic_ns();
    enum err err = choose_dir(journal, config, why, why_size);

    if (err == ERR_OK)
        err = read_snapshot(&start, why, why_size);
    if (err == ERR_OK)
        err = read_segments(&start, why, why_size);
    if (err == ERR_OK && !start.found &&
        getrandom(journal->id, sizeof(journal->id), 0) != (ssize_t)sizeof(journal->id)) {
        snprintf(why, why_size, "%s: no random bytes for a new journal: %s", journal->dir, strerror(errno));
        err = ERR_STORAGE;
    }
    if (err == ERR_OK)
        err = read_ring(&start, config, why, why_size);
    if (err == ERR_OK)
        err = sum_up(journal, config, left, why, why_size);
    if (err != ERR_OK)
        return err;
    journal->durable_ns = left->last_ns;
    if (journal->ring != NULL)
        journal_ring_start(journal->ring, start.point.seq + 1);
    left->took_ns = clock_monotonic_ns() - began_ns;
    return ERR_OK;
}
