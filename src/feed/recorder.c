#include "feed/recorder.h"

#include "core/base/thread.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LINE_ALIGN UINT64_C(16)       /* a head is never split by the end of the ring */
#define RING_GAP   ((size_t)64 << 10) /* the largest page */
#define HEAD_MAX   (32 + RECORDER_STREAM_MAX + 32)

struct line_head {
    uint32_t size;       /* of the text behind it */
    uint16_t stamp_size; /* of its time and the blank */
    bool is_info;
    int64_t recv_ns;
};
_Static_assert(sizeof(struct line_head) == LINE_ALIGN, "heads stay aligned");

enum stop { STOP_NONE, STOP_FULL, STOP_FILE };

struct recorder {
    /* engine's side */
    _Atomic uint64_t head; /* bytes ever put; whole lines */
    _Atomic uint64_t messages, text_bytes, lost;
    _Atomic int64_t full_ns; /* time of the message that found no room */
    _Atomic bool full;       /* set once, by the engine */
    /* writer's side */
    _Atomic uint64_t tail; /* bytes ever taken */
    _Atomic uint64_t file_bytes;
    _Atomic uint32_t files;
    _Atomic int stopped; /* enum stop; why stands before it */
    char why[RECORDER_WHY_SIZE];
    bool told_full;
    /* both */
    char *ring;
    size_t ring_bytes;
    size_t gap_bytes; /* never used at a time: a page that is half read can be given back */
    uint32_t flush_ms;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool closing; /* under mutex */
    struct recorder_file file;
};

/* --- engine's side --------------------------------------------------------------------------------------- */

static uint64_t put(struct recorder *recorder, uint64_t at, const char *text, size_t size)
{
    size_t offset = (size_t)(at & (recorder->ring_bytes - 1));
    size_t first = recorder->ring_bytes - offset < size ? recorder->ring_bytes - offset : size;

    memcpy(recorder->ring + offset, text, first);
    memcpy(recorder->ring, text + first, size - first);
    return at + size;
}

/* JSON has line ends between values only: a blank means the same there. */
static void flatten(struct recorder *recorder, uint64_t at, size_t size)
{
    while (size > 0) {
        size_t offset = (size_t)(at & (recorder->ring_bytes - 1));
        size_t piece = recorder->ring_bytes - offset < size ? recorder->ring_bytes - offset : size;
        char *from = recorder->ring + offset, *found;

        for (char *next = from; (found = memchr(next, '\n', piece - (size_t)(next - from))) != NULL;
             next = found)
            *found = ' ';
        for (char *next = from; (found = memchr(next, '\r', piece - (size_t)(next - from))) != NULL;
             next = found)
            *found = ' ';
        at += piece;
        size -= piece;
    }
}

static bool lose(struct recorder *recorder)
{
    atomic_fetch_add_explicit(&recorder->lost, 1, memory_order_relaxed);
    return false;
}

bool recorder_write(struct recorder *recorder, int64_t recv_ns, const char *stream, const char *text,
                    size_t size)
{
    uint64_t head = atomic_load_explicit(&recorder->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&recorder->tail, memory_order_acquire), at;
    const char *behind = stream != NULL ? "}\n" : "\n";
    struct line_head line = {.recv_ns = recv_ns};
    char before[HEAD_MAX];
    size_t before_size, total;

    if (atomic_load_explicit(&recorder->full, memory_order_relaxed) ||
        atomic_load_explicit(&recorder->stopped, memory_order_acquire) != STOP_NONE)
        return lose(recorder);
    line.stamp_size = (uint16_t)snprintf(before, sizeof(before), "%" PRId64 " ", recv_ns);
    before_size = line.stamp_size;
    if (stream != NULL)
        before_size += (size_t)snprintf(before + before_size, sizeof(before) - before_size,
                                        "{\"stream\":\"%.*s\",\"data\":", RECORDER_STREAM_MAX, stream);
    total = before_size + size + strlen(behind);
    line.is_info = stream != NULL && strcmp(stream, "!exchangeInfo") == 0;
    line.size = (uint32_t)total;
    if (total + 2 * LINE_ALIGN + recorder->gap_bytes > recorder->ring_bytes - (size_t)(head - tail)) {
        atomic_store_explicit(&recorder->full_ns, recv_ns, memory_order_relaxed);
        atomic_store_explicit(&recorder->full, true, memory_order_release);
        return lose(recorder);
    }
    at = put(recorder, head, (const char *)&line, sizeof(line));
    at = put(recorder, at, before, before_size);
    flatten(recorder, at, (size_t)(put(recorder, at, text, size) - at));
    at = put(recorder, at + size, behind, strlen(behind));
    at = (at + LINE_ALIGN - 1) & ~(uint64_t)(LINE_ALIGN - 1);
    atomic_fetch_add_explicit(&recorder->messages, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&recorder->text_bytes, total, memory_order_relaxed);
    atomic_store_explicit(&recorder->head, at, memory_order_release);
    return true;
}

/* --- writer's side --------------------------------------------------------------------------------------- */

static void stop(struct recorder *recorder, enum stop cause, const char *why)
{
    if (atomic_load_explicit(&recorder->stopped, memory_order_relaxed) != STOP_NONE)
        return;
    snprintf(recorder->why, sizeof(recorder->why), "%s", why);
    atomic_store_explicit(&recorder->stopped, cause, memory_order_release);
}

static void pieces_of(const struct recorder *recorder, uint64_t at, size_t size, const char *piece[2],
                      size_t sizes[2])
{
    size_t offset = (size_t)(at & (recorder->ring_bytes - 1));

    sizes[0] = recorder->ring_bytes - offset < size ? recorder->ring_bytes - offset : size;
    sizes[1] = size - sizes[0];
    piece[0] = recorder->ring + offset;
    piece[1] = recorder->ring;
}

static enum err take_line(struct recorder *recorder, uint64_t at, const struct line_head *line)
{
    struct recorder_file *file = &recorder->file;
    const char *piece[2];
    size_t size[2];
    enum err err;

    pieces_of(recorder, at, line->size, piece, size);
    err = recorder_file_line(file, line->recv_ns, piece, size);
    if (err == ERR_OK && line->is_info) {
        pieces_of(recorder, at + line->stamp_size, line->size - line->stamp_size, piece, size);
        err = recorder_file_keep_info(file, piece, size);
    }
    return err;
}

/* Pages that were read go back, or the whole ring would become resident in time. The first may hold what was read
 * before; the gap keeps the engine out of it. */
static void give_back(struct recorder *recorder, uint64_t from, uint64_t to)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), mask = recorder->ring_bytes - 1;

    from &= ~(page - 1);
    to &= ~(page - 1);
    if (recorder->gap_bytes < page || to <= from)
        return;
    if ((from & mask) < (to & mask)) {
        (void)madvise(recorder->ring + (from & mask), to - from, MADV_DONTNEED);
        return;
    }
    (void)madvise(recorder->ring + (from & mask), recorder->ring_bytes - (from & mask), MADV_DONTNEED);
    if ((to & mask) > 0)
        (void)madvise(recorder->ring, to & mask, MADV_DONTNEED);
}

static enum err take_all(struct recorder *recorder)
{
    uint64_t start = atomic_load_explicit(&recorder->tail, memory_order_relaxed), tail = start;
    uint64_t head = atomic_load_explicit(&recorder->head, memory_order_acquire);
    enum err err = ERR_OK;

    while (tail < head && err == ERR_OK) {
        struct line_head line;

        memcpy(&line, recorder->ring + (tail & (recorder->ring_bytes - 1)), sizeof(line));
        err = take_line(recorder, tail + sizeof(line), &line);
        tail += sizeof(line) + line.size;
        tail = (tail + LINE_ALIGN - 1) & ~(uint64_t)(LINE_ALIGN - 1);
        if (tail - start >= RECORDER_MEMBER_BYTES || tail >= head) { /* room for the engine, now and then */
            give_back(recorder, start, tail);
            start = tail;
            atomic_store_explicit(&recorder->tail, tail, memory_order_release);
        }
    }
    return err;
}

static enum err put_marker(struct recorder *recorder, const char *data)
{
    struct recorder_file *file = &recorder->file;
    int64_t full_ns = atomic_load_explicit(&recorder->full_ns, memory_order_relaxed);
    int64_t now_ns = file->last_ns > full_ns ? file->last_ns : full_ns;
    char text[256];
    const char *piece[2] = {text, text};
    size_t size[2] = {0, 0};

    size[0] = (size_t)snprintf(text, sizeof(text), "%" PRId64 " {\"stream\":\"!lost\",\"data\":{%s}}\n",
                               now_ns, data);
    return recorder_file_line(file, now_ns, piece, size);
}

/* What came before the ring was full is in the file, then a line that says that more is missing. */
static enum err tell_full(struct recorder *recorder)
{
    char why[RECORDER_WHY_SIZE];

    if (recorder->told_full || !atomic_load_explicit(&recorder->full, memory_order_acquire))
        return ERR_OK;
    recorder->told_full = true;
    if (take_all(recorder) != ERR_OK ||
        put_marker(recorder, "\"why\":\"the disk did not keep up\"") != ERR_OK)
        return ERR_IO;
    snprintf(why, sizeof(why), "recording stops, the disk does not keep up: %zu MiB wait",
             recorder->ring_bytes >> 20);
    stop(recorder, STOP_FULL, why);
    return recorder_file_end_member(&recorder->file);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wait_a_little(struct recorder *recorder)
{
    struct timespec until;
    bool closing;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += RECORDER_POLL_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&recorder->mutex);
    if (!recorder->closing)
        pthread_cond_timedwait(&recorder->wake, &recorder->mutex, &until);
    closing = recorder->closing;
    pthread_mutex_unlock(&recorder->mutex);
    return !closing;
}

static void count_files(struct recorder *recorder)
{
    const struct recorder_file *file = &recorder->file;

    atomic_store_explicit(&recorder->files, file->number + 1, memory_order_relaxed);
    atomic_store_explicit(&recorder->file_bytes, file->older_bytes + file->good_bytes, memory_order_relaxed);
}

static void *run(void *arg)
{
    struct recorder *recorder = arg;
    struct recorder_file *file = &recorder->file;
    int64_t flushed_ms = now_ms();
    bool more = true;
    enum err err = ERR_OK;

    thread_name("recorder");
    while (more) {
        more = wait_a_little(recorder);
        if (err != ERR_OK)
            continue; /* only the end is waited for */
        err = take_all(recorder);
        if (err == ERR_OK)
            err = tell_full(recorder);
        if (err == ERR_OK && (!more || now_ms() - flushed_ms >= recorder->flush_ms)) {
            err = recorder_file_end_member(file);
            flushed_ms = now_ms();
        }
        count_files(recorder);
        if (err != ERR_OK)
            stop(recorder, STOP_FILE, file->why);
    }
    return NULL;
}

/* --- life -------------------------------------------------------------------------------------------------- */

static enum err start_thread(struct recorder *recorder)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&recorder->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&recorder->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    return thread_start(&recorder->thread, NULL, run, recorder) == 0 ? ERR_OK : ERR_MEMORY;
}

static void release(struct recorder *recorder)
{
    munmap(recorder->ring, recorder->ring_bytes);
    free(recorder);
}

enum err recorder_open(const struct recorder_config *config, struct recorder **out, char *why,
                       size_t why_size)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));
    enum err err;

    snprintf(why, why_size, "no memory to record");
    if (recorder == NULL)
        return ERR_MEMORY;
    recorder->ring_bytes = config->ring_bytes != 0 ? config->ring_bytes : RECORDER_RING_BYTES;
    recorder->flush_ms = config->flush_ms != 0 ? config->flush_ms : RECORDER_FLUSH_MS;
    recorder->gap_bytes = recorder->ring_bytes >= RING_GAP * 16 ? RING_GAP : 0;
    atomic_store(&recorder->files, 1);
    recorder->ring = mmap(NULL, recorder->ring_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (recorder->ring == MAP_FAILED) {
        free(recorder);
        return ERR_MEMORY;
    }
    err = recorder_file_open(&recorder->file, config->path, config->rotate_bytes);
    if (err != ERR_OK)
        snprintf(why, why_size, "%s", recorder->file.why);
    else
        err = start_thread(recorder);
    if (err != ERR_OK) {
        recorder_file_close(&recorder->file);
        release(recorder);
        return err;
    }
    *out = recorder;
    return ERR_OK;
}

void recorder_status(const struct recorder *recorder, struct recorder_status *out)
{
    memset(out, 0, sizeof(*out));
    out->stopped = atomic_load_explicit(&recorder->stopped, memory_order_acquire) != STOP_NONE;
    if (out->stopped)
        snprintf(out->why, sizeof(out->why), "%s", recorder->why);
    out->files = atomic_load_explicit(&recorder->files, memory_order_relaxed);
    recorder_file_path(recorder->file.path, out->files - 1, out->path);
    out->messages = atomic_load_explicit(&recorder->messages, memory_order_relaxed);
    out->text_bytes = atomic_load_explicit(&recorder->text_bytes, memory_order_relaxed);
    out->file_bytes = atomic_load_explicit(&recorder->file_bytes, memory_order_relaxed);
    out->lost = atomic_load_explicit(&recorder->lost, memory_order_relaxed);
    out->ring_used = (size_t)(atomic_load_explicit(&recorder->head, memory_order_relaxed) -
                              atomic_load_explicit(&recorder->tail, memory_order_relaxed));
}

/* The last line says how much is missing: nobody can know it before. */
static void tell_lost(struct recorder *recorder)
{
    char data[64];

    if (atomic_load(&recorder->stopped) != STOP_FULL)
        return;
    snprintf(data, sizeof(data), "\"messages\":%" PRIu64, atomic_load(&recorder->lost));
    (void)put_marker(recorder, data); /* the recording had stopped before: told already */
}

enum err recorder_close(struct recorder *recorder, struct recorder_status *out)
{
    enum err err = ERR_OK;

    pthread_mutex_lock(&recorder->mutex);
    recorder->closing = true;
    pthread_cond_signal(&recorder->wake);
    pthread_mutex_unlock(&recorder->mutex);
    pthread_join(recorder->thread, NULL);
    tell_lost(recorder);
    if (recorder_file_close(&recorder->file) != ERR_OK)
        stop(recorder, STOP_FILE, recorder->file.why);
    count_files(recorder);
    if (atomic_load(&recorder->stopped) != STOP_NONE)
        err = ERR_IO;
    if (out != NULL)
        recorder_status(recorder, out);
    pthread_cond_destroy(&recorder->wake);
    pthread_mutex_destroy(&recorder->mutex);
    release(recorder);
    return err;
}
