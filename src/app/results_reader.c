#include "app/results_reader.h"

#include "app/results_book.h"
#include "app/results_curve.h"
#include "app/results_starts.h"
#include "core/base/clock.h"
#include "core/base/smaller.h"
#include "core/base/thread.h"
#include "core/base/triple_buffer.h"
#include "store/db_file.h"
#include "store/results_query.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_MS   INT64_C(1000000)
#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_DAY  (86400 * NS_PER_S)
#define REFRESH_NS  NS_PER_S
#define IDLE_SHARE  19              /* times as long as it took nothing is read */
#define REST_NS     (10 * NS_PER_S) /* but not longer: the first reading takes all samples, later ones the new */
#define SLICE_NS    (50 * NS_PER_MS)
#define PATH_SIZE   1200
#define ACCOUNT_MAX 64

struct results_reader {
    char path[PATH_SIZE], account[ACCOUNT_MAX];
    bool last_session;
    pthread_t thread;
    sem_t wake;
    atomic_bool stopping, pending;
    /* the engine's */
    char quote[ASSET_SIZE]; /* written before quoted is set, never after */
    atomic_bool quoted, asked[RESULTS_PERIODS];
    _Atomic int64_t now_ns;
    _Atomic uint64_t count;
    struct triple_buffer *found[RESULTS_PERIODS];
    /* the thread's */
    struct db_read read;
    struct results_book *book;
    struct results_curve curve[RESULTS_PERIODS];
    struct results_starts starts;
    bool begun, known[RESULTS_PERIODS];
    int64_t session_ns, drawn_session_ns, day, sampled_ns,
        first_ns; /* first: of all samples; 0: there is none */
};

/* --- reading -------------------------------------------------------------------------------------------------- */

static void take_start(void *arg, const struct results_session *session)
{
    ((struct results_reader *)arg)->session_ns = session->start_ns;
}

static void take_session(void *arg, const struct results_session *session)
{
    struct results_reader *reader = arg;

    results_book_session(reader->book, session);
    results_starts_session(&reader->starts, session->start_ns);
}

static void take_fill(void *arg, const struct results_fill *fill)
{
    results_book_fill(((struct results_reader *)arg)->book, fill);
}

static void take_sample(void *arg, const struct results_sample *sample)
{
    struct results_reader *reader = arg;

    reader->first_ns = reader->first_ns == 0 ? sample->ts_ns : reader->first_ns;
    reader->sampled_ns = sample->ts_ns;
    results_starts_sample(&reader->starts, sample->ts_ns, sample->equity_e8);
    for (int i = 0; i < RESULTS_PERIODS; i++)
        results_curve_add(&reader->curve[i], sample->ts_ns, sample->equity_e8);
}

/* Each sample is read once; a new day begins with the samples that come. */
static void begin_curves(struct results_reader *reader, int64_t now_ns)
{
    int64_t day = now_ns / NS_PER_DAY;

    if (!reader->begun ||
        reader->session_ns != reader->drawn_session_ns) /* the row of this one may come late */
        results_curve_begin(&reader->curve[RESULTS_SESSION], reader->session_ns, 0);
    reader->drawn_session_ns = reader->session_ns;
    if (!reader->begun) {
        results_curve_begin(&reader->curve[RESULTS_7_DAYS], 0, 7 * NS_PER_DAY);
        results_curve_begin(&reader->curve[RESULTS_30_DAYS], 0, 30 * NS_PER_DAY);
        results_curve_begin(&reader->curve[RESULTS_ALL], 0, 0);
    }
    if (!reader->begun || day > reader->day)
        results_curve_begin(&reader->curve[RESULTS_DAY], day * NS_PER_DAY, 0);
    reader->begun = true;
    reader->day = day;
}

static int64_t begin_of(const struct results_reader *reader, enum results_period period, int64_t now_ns)
{
    switch (period) {
    case RESULTS_SESSION:
        return reader->session_ns;
    case RESULTS_DAY:
        return now_ns / NS_PER_DAY * NS_PER_DAY;
    case RESULTS_7_DAYS:
        return now_ns - 7 * NS_PER_DAY;
    case RESULTS_30_DAYS:
        return now_ns - 30 * NS_PER_DAY;
    case RESULTS_ALL:
    case RESULTS_PERIODS:
        break;
    }
    return 0;
}

/* What is younger than a rolling period is drawn as all there is: its points stand closer. */
static const struct results_curve *curve_of(const struct results_reader *reader, enum results_period period,
                                            int64_t from_ns)
{
    bool rolls = period == RESULTS_7_DAYS || period == RESULTS_30_DAYS;

    return &reader->curve[rolls && reader->first_ns >= from_ns ? RESULTS_ALL : period];
}

static enum err open_database(struct results_reader *reader, char *why, size_t why_size)
{
    if (reader->read.handle != NULL)
        return ERR_OK;
    reader->read.stop = &reader->stopping;
    reader->read.trusted = true;
    return db_read_open(reader->path, &reader->read, why, why_size);
}

static enum err read_period(struct results_reader *reader, enum results_period period,
                            struct view_results *out, char *why, size_t why_size)
{
    struct results_scope scope = {reader->account, reader->quote, reader->last_session};
    struct results_take starts = {.session = take_start, .arg = reader};
    struct results_take all = {take_fill, take_sample, take_session, reader};
    int64_t now_ns = atomic_load_explicit(&reader->now_ns, memory_order_relaxed), from_ns;
    enum err err = open_database(reader, why, why_size);

    if (err == ERR_OK)
        err = results_query(&reader->read, &scope, 0, &starts, why, why_size);
    if (err != ERR_OK)
        return err;
    begin_curves(reader, now_ns);
    from_ns = begin_of(reader, period, now_ns);
    results_book_begin(reader->book, from_ns, now_ns);
    err = results_query(&reader->read, &scope, reader->sampled_ns, &all, why, why_size);
    if (err != ERR_OK)
        return err;
    out->from_ns = from_ns;
    out->to_ns = now_ns;
    results_curve_fill(curve_of(reader, period, from_ns), out);
    results_starts_fill(&reader->starts, out);
    results_book_end(reader->book, period, reader->first_ns, out);
    return ERR_OK;
}

static void publish(struct results_reader *reader, enum results_period period)
{
    struct view_results *out = triple_buffer_back(reader->found[period]);
    char why[VIEW_TEXT_MAX] = "";

    memset(out, 0, sizeof(*out));
    out->period = (uint8_t)period;
    out->state = RESULTS_READY;
    snprintf(out->quote, sizeof(out->quote), "%s", reader->quote);
    if (read_period(reader, period, out, why, sizeof(why)) != ERR_OK) {
        out->state = RESULTS_FAILED;
        snprintf(out->why, sizeof(out->why), "%s", why);
        (void)db_read_close(&reader->read);
    } else if (reader->read.still) {
        (void)db_read_close(&reader->read); /* somebody will write to it */
    }
    if (atomic_load_explicit(&reader->stopping, memory_order_relaxed))
        return;
    triple_buffer_publish(reader->found[period]);
    reader->known[period] = true;
    atomic_fetch_add_explicit(&reader->count, 1, memory_order_release);
}

/* --- the thread ----------------------------------------------------------------------------------------------- */

/* False: nobody asks. One that was never read goes first. */
static bool take_asked(struct results_reader *reader, enum results_period *out)
{
    for (int again = 0; again < 2; again++)
        for (enum results_period i = RESULTS_SESSION; i < RESULTS_PERIODS; i++)
            if ((again != 0 || !reader->known[i]) &&
                atomic_exchange_explicit(&reader->asked[i], false, memory_order_acquire)) {
                *out = i;
                return true;
            }
    return false;
}

static bool wants_unknown(const struct results_reader *reader)
{
    for (int i = 0; i < RESULTS_PERIODS; i++)
        if (!reader->known[i] && atomic_load_explicit(&reader->asked[i], memory_order_relaxed))
            return true;
    return false;
}

static void rest(const struct results_reader *reader, int64_t took_ns)
{
    int64_t left_ns = smaller(larger(REFRESH_NS - took_ns, IDLE_SHARE * took_ns), REST_NS);

    for (; left_ns > 0 && !wants_unknown(reader) &&
           !atomic_load_explicit(&reader->stopping, memory_order_relaxed);
         left_ns -= SLICE_NS)
        nanosleep(&(struct timespec){.tv_nsec = SLICE_NS}, NULL);
}

static void *run(void *arg)
{
    struct results_reader *reader = arg;
    enum results_period period;

    thread_name("results");
    while (!atomic_load_explicit(&reader->stopping, memory_order_acquire)) {
        if (sem_wait(&reader->wake) != 0 && errno == EINTR)
            continue;
        atomic_store_explicit(&reader->pending, false, memory_order_release);
        while (!atomic_load_explicit(&reader->stopping, memory_order_relaxed) &&
               take_asked(reader, &period)) {
            int64_t begin_ns = clock_monotonic_ns();

            publish(reader, period);
            rest(reader, clock_monotonic_ns() - begin_ns);
        }
    }
    (void)db_read_close(&reader->read);
    return NULL;
}

/* --- life ----------------------------------------------------------------------------------------------------- */

static void free_all(struct results_reader *reader)
{
    for (int i = 0; i < RESULTS_PERIODS; i++)
        triple_buffer_free(reader->found[i]);
    results_book_free(reader->book);
    sem_destroy(&reader->wake);
    free(reader);
}

struct results_reader *results_reader_start(const struct results_reader_config *config)
{
    struct results_reader *reader = calloc(1, sizeof(*reader));
    bool whole;

    if (reader == NULL)
        return NULL;
    snprintf(reader->path, sizeof(reader->path), "%s/" DB_FILE_NAME, config->data_dir);
    snprintf(reader->account, sizeof(reader->account), "%s", config->account);
    reader->last_session = config->last_session;
    sem_init(&reader->wake, 0, 0);
    reader->book = results_book_new();
    whole = reader->book != NULL;
    for (int i = 0; i < RESULTS_PERIODS; i++) {
        reader->found[i] = triple_buffer_new(sizeof(struct view_results));
        whole = whole && reader->found[i] != NULL;
    }
    if (whole && thread_start(&reader->thread, NULL, run, reader) == 0)
        return reader;
    free_all(reader);
    return NULL;
}

void results_reader_stop(struct results_reader *reader)
{
    if (reader == NULL)
        return;
    atomic_store_explicit(&reader->stopping, true, memory_order_release);
    sem_post(&reader->wake);
    pthread_join(reader->thread, NULL);
    free_all(reader);
}

/* --- the engine's --------------------------------------------------------------------------------------------- */

void results_reader_ask(struct results_reader *reader, enum results_period period, int64_t now_ns,
                        const char *quote)
{
    if (!atomic_load_explicit(&reader->quoted, memory_order_relaxed)) {
        snprintf(reader->quote, sizeof(reader->quote), "%s", quote);
        atomic_store_explicit(&reader->quoted, true, memory_order_release);
    }
    atomic_store_explicit(&reader->now_ns, now_ns, memory_order_relaxed);
    atomic_store_explicit(&reader->asked[period], true, memory_order_release);
    if (!atomic_exchange_explicit(&reader->pending, true, memory_order_acq_rel))
        sem_post(&reader->wake);
}

const struct view_results *results_reader_newest(struct results_reader *reader, enum results_period period)
{
    (void)triple_buffer_update(reader->found[period]);
    return triple_buffer_front(reader->found[period]);
}

uint64_t results_reader_count(const struct results_reader *reader)
{
    return atomic_load_explicit(&reader->count, memory_order_acquire);
}
