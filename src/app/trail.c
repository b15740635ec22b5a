#include "app/trail.h"

#include "app/trail_keep.h"
#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "core/base/spsc_ring.h"
#include "core/base/thread.h"
#include "core/base/triple_buffer.h"
#include "store/journal_files.h"
#include "store/journal_reader.h"
#include "store/record_codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)
#define AGAIN_NS  (5 * NS_PER_S) /* after a journal that cannot be read */
#define WHY_SIZE  512
#define TOLD_NS   (50 * NS_PER_MS) /* between two words on how far a long reading is */
#define NICE      10               /* beside an engine on the same processor it has time */

struct trail_tap {
    struct spsc_ring *ring;
    _Atomic uint64_t lost;
};

struct trail {
    char dir[JOURNAL_PATH_MAX];
    struct trail_tap *tap; /* NULL: the journal in dir is read */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping, asked;              /* under the mutex, and what is asked */
    struct view_trail_request request; /* the newest */
    struct triple_buffer *pages;
    /* the thread's own */
    struct view_trail_request now;
    struct trail_keep *keep;
    struct view_trail page; /* as it was told last */
    struct journal_reader *reader;
    struct trail_filter only;
    bool narrow;            /* only is in force */
    bool reached;           /* all that there was is read */
    uint64_t records, lost; /* of this reading */
    uint64_t from_bytes;    /* so much of the newest segments is read; grows */
    uint64_t total_bytes;   /* of what is being read */
    uint64_t earlier_seq;   /* what comes before */
    int64_t again_ns;       /* monotonic: no try before */
    char why[WHY_SIZE];     /* it cannot be read; "": it can */
    int64_t told_ns;        /* monotonic; of the last page */
    bool changed;
};

/* --- the tap ------------------------------------------------------------------------------------------------------ */

struct trail_tap *trail_tap_new(void)
{
    struct trail_tap *tap = calloc(1, sizeof(*tap));

    if (tap == NULL)
        return NULL;
    atomic_init(&tap->lost, 0);
    tap->ring = spsc_ring_new(TRAIL_TAP_MAX, sizeof(struct store_record));
    if (tap->ring != NULL)
        return tap;
    free(tap);
    return NULL;
}

void trail_tap_free(struct trail_tap *tap)
{
    if (tap == NULL)
        return;
    spsc_ring_free(tap->ring);
    free(tap);
}

/* What no row is made of does not take the others' place. */
static bool is_for_rows(const struct store_record *record)
{
    static const uint32_t kinds = 1U << STORE_INSTRUMENT | 1U << STORE_SIGNALS | 1U << STORE_ORDER |
                                  1U << STORE_FILL | 1U << STORE_ANSWER | 1U << STORE_COMMAND |
                                  1U << STORE_AUDIT | 1U << STORE_STORY | 1U << STORE_SESSION |
                                  1U << STORE_SESSION_END;

    return (kinds >> (unsigned)record->kind & 1U) != 0;
}

void trail_tap_push(struct trail_tap *tap, const struct store_record *record)
{
    if (is_for_rows(record) && !spsc_ring_push(tap->ring, record))
        atomic_fetch_add_explicit(&tap->lost, 1, memory_order_relaxed);
}

static void read_tap(struct trail *trail)
{
    struct store_record record;

    for (int i = 0; i < TRAIL_RECORDS_AT && spsc_ring_pop(trail->tap->ring, &record); i++) {
        trail_keep_add(trail->keep, &record, ++trail->records, NULL);
        trail->changed = true;
    }
    trail->lost = atomic_load_explicit(&trail->tap->lost, memory_order_relaxed);
    trail->reached = true;
}

/* --- where to begin ----------------------------------------------------------------------------------------------- */

static uint64_t size_of(int dir_fd, uint64_t seq)
{
    char name[JOURNAL_NAME_SIZE];
    struct stat at;

    journal_file_name(seq, JOURNAL_SEGMENT_END, name);
    return fstatat(dir_fd, name, &at, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)at.st_size : 0;
}

/* The first of the newest segments that together have from_bytes; *bytes: all of these. */
static size_t first_segment(const struct trail *trail, const struct journal_list *list, int dir_fd,
                            uint64_t *bytes)
{
    size_t at = list->count;

    *bytes = 0;
    while (at > 0 && (*bytes < trail->from_bytes || at == list->count))
        *bytes += size_of(dir_fd, list->seq[--at]);
    return at;
}

static enum err open_at(struct trail *trail, const struct journal_list *list, int dir_fd)
{
    size_t at = first_segment(trail, list, dir_fd, &trail->total_bytes);
    struct journal_point point = {.seq = 0};
    struct journal_header header;
    char name[JOURNAL_NAME_SIZE];
    enum err err;

    if (list->count == 0)
        return ERR_NOT_FOUND;
    journal_file_name(list->seq[at], JOURNAL_SEGMENT_END, name);
    err = journal_read_header(trail->dir, dir_fd, name, JOURNAL_MAGIC_SEGMENT, &header, trail->why, WHY_SIZE);
    if (err != ERR_OK)
        return err;
    point.seq = header.seq - 1;
    memcpy(point.chain, header.chain, sizeof(point.chain));
    trail->earlier_seq = point.seq;
    return journal_reader_open(trail->dir, &point, &trail->reader, trail->why, WHY_SIZE);
}

/* ERR_NOT_FOUND: nothing of this journal is on disk yet. */
static enum err open_reader(struct trail *trail)
{
    struct journal_list list = {.count = 0};
    int dir_fd = journal_open_folder(trail->dir);
    enum err err;

    if (trail->dir[0] == '\0')
        snprintf(trail->why, WHY_SIZE, "no journal is kept in this run (store.on: false)");
    else if (dir_fd < 0)
        snprintf(trail->why, WHY_SIZE, "%.300s: no journal is kept there (%s)", trail->dir, strerror(errno));
    if (dir_fd < 0)
        return ERR_NOT_FOUND;
    err = journal_list_read(&list, dir_fd, JOURNAL_SEGMENT_END);
    if (err == ERR_OK)
        err = open_at(trail, &list, dir_fd);
    else
        snprintf(trail->why, WHY_SIZE, "%.300s: %s", trail->dir, strerror(errno));
    journal_list_free(&list);
    close(dir_fd);
    return err;
}

/* From the newest segment again, or further back. */
static void begin_anew(struct trail *trail, uint64_t from_bytes)
{
    journal_reader_close(trail->reader);
    trail->reader = NULL;
    trail_keep_clear(trail->keep);
    trail->from_bytes = from_bytes;
    trail->records = 0;
    trail->reached = false;
    trail->again_ns = 0;
    trail->why[0] = '\0';
    trail->changed = true;
}

static void publish(struct trail *trail);

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void take_frame(struct trail *trail, const struct journal_frame *frame)
{
    struct store_record record;
    char fault[160];

    trail->records++;
    if (record_decode(frame->head.kind, frame->body, frame->head.body_size, &record, fault, sizeof(fault)) !=
        ERR_OK)
        return; /* of a newer program: what it says is not ours to guess */
    record.kind = (enum store_record_kind)frame->head.kind;
    record.ts_ns = frame->head.ts_ns;
    record.input_seq = frame->head.input_seq;
    trail_keep_add(trail->keep, &record, frame->head.seq, trail->narrow ? &trail->only : NULL);
}

/* True: further back there is more, and room for it. */
static bool wants_more(const struct trail *trail)
{
    return trail->earlier_seq > 0 && trail->from_bytes < TRAIL_BYTES_MAX && !trail_keep_is_full(trail->keep);
}

static void fail(struct trail *trail, enum err err)
{
    journal_reader_close(trail->reader);
    trail->reader = NULL;
    trail->again_ns = clock_monotonic_ns() + (err == ERR_NOT_FOUND ? TRAIL_LOOK_MS * NS_PER_MS : AGAIN_NS);
    trail->changed = true;
}

static void read_journal(struct trail *trail)
{
    struct journal_frame frame;
    enum err err = ERR_OK;

    if (trail->reader == NULL && clock_monotonic_ns() < trail->again_ns)
        return;
    trail->why[0] = '\0';
    if (trail->reader == NULL)
        err = open_reader(trail);
    trail->again_ns = 0;
    for (int i = 0; err == ERR_OK && i < TRAIL_RECORDS_AT; i++) {
        err = journal_reader_next(trail->reader, &frame, trail->why, WHY_SIZE);
        if (err == ERR_OK && frame.sealed) /* what is not was never durable; once it is, it comes again */
            take_frame(trail, &frame);
        trail->changed |= err == ERR_OK && frame.sealed;
    }
    if (err == ERR_NOT_FOUND && trail->reader != NULL) {
        trail->changed |= !trail->reached;
        trail->reached = true;
        trail->why[0] = '\0';
        if (wants_more(trail)) {
            publish(trail);
            begin_anew(trail, trail->total_bytes * 2);
        }
    } else if (err != ERR_OK) {
        fail(trail, err);
    }
}

/* --- what is asked ------------------------------------------------------------------------------------------------ */

static bool same_filter(const struct trail_filter *a, const struct trail_filter *b)
{
    return a->kinds == b->kinds && a->order_seq == b->order_seq && a->words == b->words &&
           memcmp(a->word, b->word, a->words * sizeof(a->word[0])) == 0;
}

/* Where all of the journal is kept there is nothing more to find. */
static void narrow_to(struct trail *trail, const struct view_trail_request *request)
{
    struct trail_filter only;
    bool narrow, all = trail->reached && !trail->narrow && trail->earlier_seq == 0 && trail->reader != NULL &&
                       !trail_keep_is_full(trail->keep);

    trail_filter_parse(request, &only);
    if (request->whole && request->order_seq != 0)
        only = (struct trail_filter){.order_seq = request->order_seq};
    narrow = only.kinds != 0 || only.words > 0 || only.order_seq != 0;
    if (trail->tap != NULL || all ||
        (narrow == trail->narrow && (!narrow || same_filter(&only, &trail->only))))
        return;
    trail->only = only;
    trail->narrow = narrow;
    begin_anew(trail, 0);
}

/* What is shown stays while more is read, so that a deeper reading does not make it flicker. */
static void publish(struct trail *trail)
{
    struct view_trail *page = &trail->page;
    const char *slash = strrchr(trail->dir, '/');
    uint64_t read = trail->reader == NULL ? 0 : journal_reader_counts(trail->reader)->bytes;

    trail->changed = false;
    trail->told_ns = clock_monotonic_ns();
    page->state = trail->why[0] != '\0' ? TRAIL_FAILED : trail->reached ? TRAIL_FOLLOWS : TRAIL_READING;
    page->percent =
        (uint8_t)(trail->total_bytes == 0 || read > trail->total_bytes ? 0 : read * 100 / trail->total_bytes);
    page->narrowed = trail->narrow;
    safe_text(trail->why, strlen(trail->why), page->why, sizeof(page->why));
    snprintf(page->source, sizeof(page->source), "%s%.40s", trail->tap != NULL ? "this replay" : "journal ",
             trail->tap != NULL ? ""
             : slash == NULL    ? trail->dir
                                : slash + 1);
    page->records = trail->records;
    page->lost = trail->lost;
    page->earlier_seq = trail->tap == NULL ? trail->earlier_seq : 0;
    if (trail->reached) {
        trail_keep_page(trail->keep, &trail->now, page);
        page->number = trail->now.number;
    }
    memcpy(triple_buffer_back(trail->pages), page, sizeof(*page));
    triple_buffer_publish(trail->pages);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

/* Until something is asked, or for as long as what comes is looked at. False: it ends. */
static bool wait_for_work(struct trail *trail, bool busy)
{
    int64_t by_ns = clock_monotonic_ns() + TRAIL_LOOK_MS * NS_PER_MS;
    struct timespec until = {.tv_sec = by_ns / NS_PER_S, .tv_nsec = by_ns % NS_PER_S};
    bool goes_on;

    pthread_mutex_lock(&trail->mutex);
    if (!trail->stopping && !trail->asked && !busy)
        pthread_cond_timedwait(&trail->wake, &trail->mutex, &until);
    goes_on = !trail->stopping;
    if (trail->asked) {
        trail->asked = false;
        trail->now = trail->request;
        trail->changed = true;
    }
    pthread_mutex_unlock(&trail->mutex);
    return goes_on;
}

static void *run(void *arg)
{
    struct trail *trail = arg;

    thread_name("journal");
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
    while (wait_for_work(trail, !trail->reached && trail->again_ns == 0 && trail->tap == NULL)) {
        narrow_to(trail, &trail->now);
        if (trail->tap != NULL)
            read_tap(trail);
        else
            read_journal(trail);
        if (trail->changed && (trail->reached || clock_monotonic_ns() - trail->told_ns > TOLD_NS))
            publish(trail);
    }
    return NULL;
}

static void init_wake(struct trail *trail)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&trail->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&trail->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void release(struct trail *trail)
{
    journal_reader_close(trail->reader);
    trail_keep_free(trail->keep);
    triple_buffer_free(trail->pages);
    pthread_cond_destroy(&trail->wake);
    pthread_mutex_destroy(&trail->mutex);
    free(trail);
}

struct trail *trail_start(const char *journal_dir, struct trail_tap *tap)
{
    struct trail *trail = calloc(1, sizeof(*trail));

    if (trail == NULL)
        return NULL;
    snprintf(trail->dir, sizeof(trail->dir), "%s", journal_dir);
    trail->tap = tap;
    init_wake(trail);
    trail->keep = trail_keep_new();
    trail->pages = triple_buffer_new(sizeof(struct view_trail));
    if (trail->keep != NULL && trail->pages != NULL && thread_start(&trail->thread, NULL, run, trail) == 0)
        return trail;
    release(trail);
    return NULL;
}

void trail_stop(struct trail *trail)
{
    if (trail == NULL)
        return;
    pthread_mutex_lock(&trail->mutex);
    trail->stopping = true;
    pthread_cond_signal(&trail->wake);
    pthread_mutex_unlock(&trail->mutex);
    pthread_join(trail->thread, NULL);
    release(trail);
}

void trail_ask(struct trail *trail, const struct view_trail_request *request)
{
    pthread_mutex_lock(&trail->mutex);
    trail->request = *request;
    trail->asked = true;
    pthread_cond_signal(&trail->wake);
    pthread_mutex_unlock(&trail->mutex);
}

const struct view_trail *trail_poll(struct trail *trail)
{
    return triple_buffer_update(trail->pages) ? triple_buffer_front(trail->pages) : NULL;
}
