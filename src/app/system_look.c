#include "app/system_look.h"

#include "app/paths.h"
#include "app/standby_tell.h"
#include "core/base/clock.h"
#include "core/base/thread.h"
#include "core/base/triple_buffer.h"
#include "store/db_file.h"
#include "tui/number_text.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define STANDBYS_MAX 4
#define LINE_SIZE    512
#define NS_PER_MS    INT64_C(1000000)

struct known_thread { /* as it was at the look before */
    int32_t id;
    int64_t used_ns;
};

struct system_look {
    char data_dir[PATH_TEXT_MAX], journal_dir[PATH_TEXT_MAX];
    pthread_t thread;
    sem_t asked;
    atomic_bool waits; /* one is asked for and not begun: the semaphore stays at one */
    atomic_bool stopping;
    struct triple_buffer *seen;
    uint64_t looks;
    int64_t looked_ns; /* monotonic */
    uint16_t knowns;
    struct known_thread known[VIEW_THREADS_MAX];
};

/* --- memory ----------------------------------------------------------------------------------------------------- */

static bool read_line(const char *path, char out[LINE_SIZE])
{
    FILE *file = fopen(path, "re");
    bool read;

    if (file == NULL)
        return false;
    read = fgets(out, LINE_SIZE, file) != NULL;
    fclose(file);
    return read;
}

/* "VmRSS:    23456 kB" in bytes; 0: it is not told. */
static uint64_t status_bytes(const char *name)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[LINE_SIZE];
    uint64_t kb = 0;

    if (file == NULL)
        return 0;
    while (kb == 0 && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtoull(line + strlen(name), NULL, 10);
    fclose(file);
    return kb * 1024;
}

static unsigned entries_of(const char *folder)
{
    DIR *open = opendir(folder);
    unsigned count = 0;

    if (open == NULL)
        return 0;
    while (readdir(open) != NULL)
        count++;
    closedir(open);
    return count > 2 ? count - 2 : 0;
}

static void look_at_memory(struct fact_list *list)
{
    uint64_t resident = status_bytes("VmRSS:");
    struct mallinfo2 heap = mallinfo2();
    struct rlimit files;

    if (resident == 0)
        fact_add(list, FACTS_MEMORY, FACT_PLAIN, "resident", "?");
    else
        fact_add(list, FACTS_MEMORY, FACT_PLAIN, "resident", "%s, most %s", number_bytes(resident).text,
                 number_bytes(status_bytes("VmHWM:")).text);
    fact_add(list, FACTS_MEMORY, FACT_PLAIN, "of it shared", "%s, locked %s",
             number_bytes(status_bytes("RssShmem:")).text, number_bytes(status_bytes("VmLck:")).text);
    fact_add(list, FACTS_MEMORY, FACT_PLAIN, "heap", "%s in use of %s", number_bytes(heap.uordblks).text,
             number_bytes(heap.arena).text);
    fact_add(list, FACTS_MEMORY, FACT_PLAIN, "large blocks", "%s, touched as used",
             number_bytes(heap.hblkhd).text);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        unsigned open = entries_of("/proc/self/fd");

        fact_add(list, FACTS_MEMORY, open * 10ULL > files.rlim_cur * 8 ? FACT_WARNING : FACT_PLAIN,
                 "descriptors", "%u open of %" PRIu64, open, (uint64_t)files.rlim_cur);
    }
}

/* --- threads ---------------------------------------------------------------------------------------------------- */

static const char *state_word(char state)
{
    switch (state) {
    case 'R':
        return "runs";
    case 'S':
    case 'I':
        return "sleeps";
    case 'D':
        return "waits disk";
    case 'T':
    case 't':
        return "STOPPED";
    default:
        return "?";
    }
}

/* Name and state stand around the last parenthesis of its stat; its time is in schedstat, in ns. */
static bool look_at_thread(int32_t id, struct view_thread *out, int64_t *used_ns)
{
    char path[64], line[LINE_SIZE], *begin, *end;
    int64_t ticks = sysconf(_SC_CLK_TCK);
    uint64_t user = 0, system = 0;

    memset(out, 0, sizeof(*out));
    snprintf(path, sizeof(path), "/proc/self/task/%" PRId32 "/stat", id);
    if (!read_line(path, line) || (begin = strchr(line, '(')) == NULL || (end = strrchr(line, ')')) == NULL ||
        end[1] == '\0')
        return false;
    *end = '\0';
    out->id = id;
    snprintf(out->name, sizeof(out->name), "%s", id == (int32_t)getpid() ? "main" : begin + 1);
    snprintf(out->state, sizeof(out->state), "%s", state_word(end[2]));
    if (sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64, &user, &system) ==
            2 &&
        ticks > 0)
        *used_ns = (int64_t)(user + system) * (INT64_C(1000000000) / ticks);
    snprintf(path, sizeof(path), "/proc/self/task/%" PRId32 "/schedstat", id);
    if (read_line(path, line) && strtoll(line, NULL, 10) > 0)
        *used_ns = strtoll(line, NULL, 10);
    out->used_ms = *used_ns / NS_PER_MS;
    return true;
}

static int32_t cpu_of(const struct system_look *look, int32_t id, int64_t used_ns, int64_t passed_ns)
{
    for (uint16_t i = 0; i < look->knowns; i++)
        if (look->known[i].id == id && passed_ns > 0)
            return (int32_t)((used_ns - look->known[i].used_ns) * 1000 / passed_ns);
    return -1;
}

static void sort_in(struct system_seen *seen, const struct view_thread *thread)
{
    uint16_t at = seen->threads;

    if (at >= VIEW_THREADS_MAX)
        return;
    for (; at > 0 && seen->thread[at - 1].used_ms < thread->used_ms; at--)
        seen->thread[at] = seen->thread[at - 1];
    seen->thread[at] = *thread;
    seen->threads++;
}

static void look_at_threads(struct system_look *look, struct system_seen *seen)
{
    struct known_thread known[VIEW_THREADS_MAX];
    int64_t now_ns = clock_monotonic_ns(), used_ns = 0;
    DIR *folder = opendir("/proc/self/task");
    const struct dirent *entry;
    struct view_thread thread;
    uint16_t knowns = 0;

    seen->threads = 0;
    while (folder != NULL && knowns < VIEW_THREADS_MAX && (entry = readdir(folder)) != NULL) {
        int32_t id = (int32_t)strtol(entry->d_name, NULL, 10);

        if (id <= 0 || !look_at_thread(id, &thread, &used_ns))
            continue;
        thread.cpu_x10 = cpu_of(look, id, used_ns, now_ns - look->looked_ns);
        known[knowns++] = (struct known_thread){id, used_ns};
        sort_in(seen, &thread);
    }
    if (folder != NULL)
        closedir(folder);
    memcpy(look->known, known, knowns * sizeof(known[0]));
    look->knowns = knowns;
    look->looked_ns = now_ns;
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static uint64_t size_of(const char *folder, const char *name, const char *ending)
{
    char path[PATH_TEXT_MAX + 64];
    struct stat at;

    snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending);
    return stat(path, &at) == 0 ? (uint64_t)at.st_size : 0;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), tail = strlen(ending);

    return size > tail && strcmp(name + size - tail, ending) == 0;
}

static void look_at_journal(const char *dir, struct fact_list *list)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    unsigned segments = 0, snapshots = 0;
    uint64_t bytes = 0;
    const char *slash = strrchr(dir, '/');

    if (folder == NULL) {
        fact_add(list, FACTS_STORE, FACT_BAD, "journal", "%s: %s", dir, strerror(errno));
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        segments += ends_with(entry->d_name, ".fdj");
        snapshots += ends_with(entry->d_name, ".snap");
        if (ends_with(entry->d_name, ".fdj"))
            bytes += size_of(dir, entry->d_name, "");
    }
    closedir(folder);
    fact_add(list, FACTS_STORE, FACT_PLAIN, "journal", "%s: %s in %u file%s", slash == NULL ? dir : slash + 1,
             number_bytes(bytes).text, segments, segments == 1 ? "" : "s");
    fact_add(list, FACTS_STORE, FACT_PLAIN, "snapshots", "%u beside it", snapshots);
}

static void look_at_files(const struct system_look *look, struct fact_list *list)
{
    struct statvfs disk;

    if (look->data_dir[0] == '\0')
        return;
    if (look->journal_dir[0] != '\0')
        look_at_journal(look->journal_dir, list);
    fact_add(list, FACTS_STORE, FACT_PLAIN, "database", "%s, its log %s",
             number_bytes(size_of(look->data_dir, DB_FILE_NAME, "")).text,
             number_bytes(size_of(look->data_dir, DB_FILE_NAME, "-wal")).text);
    fact_add(list, FACTS_STORE, FACT_PLAIN, "log file", "%s",
             number_bytes(size_of(look->data_dir, "flowdeck.log", "")).text);
    if (statvfs(look->data_dir, &disk) != 0) {
        fact_add(list, FACTS_STORE, FACT_BAD, "disk", "%s", strerror(errno));
        return;
    }
    fact_add(list, FACTS_STORE,
             (uint64_t)disk.f_bavail * disk.f_frsize < (1U << 30) ? FACT_WARNING : FACT_PLAIN, "disk",
             "%s free of %s", number_bytes((uint64_t)disk.f_bavail * disk.f_frsize).text,
             number_bytes((uint64_t)disk.f_blocks * disk.f_frsize).text);
    fact_add(list, FACTS_STORE, FACT_PLAIN, "folder", "%s", look->data_dir);
}

static void look_at_standbys(const struct system_look *look, struct fact_list *list)
{
    struct standby_told told[STANDBYS_MAX];
    size_t count;

    if (look->data_dir[0] == '\0')
        return;
    count = standby_told_list(look->data_dir, told, STANDBYS_MAX);
    if (count == 0)
        fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "standby", "none waits");
    for (size_t i = 0; i < count; i++)
        fact_add(list, FACTS_INSTANCE, told[i].alert[0] == '\0' ? FACT_GOOD : FACT_WARNING, "standby",
                 "pid %d: %.60s%s%.60s", (int)told[i].pid, told[i].line, told[i].alert[0] == '\0' ? "" : "; ",
                 told[i].alert);
}

/* --- the thread -------------------------------------------------------------------------------------------------- */

static void take_look(struct system_look *look)
{
    struct system_seen *seen = triple_buffer_back(look->seen);

    seen->looks = ++look->looks;
    seen->list.facts = 0;
    look_at_memory(&seen->list);
    look_at_threads(look, seen);
    look_at_files(look, &seen->list);
    look_at_standbys(look, &seen->list);
    triple_buffer_publish(look->seen);
}

static void *run(void *arg)
{
    struct system_look *look = arg;

    thread_name("look");
    for (;;) {
        while (sem_wait(&look->asked) != 0)
            ;
        if (atomic_load_explicit(&look->stopping, memory_order_acquire))
            return NULL;
        atomic_store_explicit(&look->waits, false, memory_order_release);
        take_look(look);
        nanosleep(&(struct timespec){.tv_nsec = SYSTEM_LOOK_MS * NS_PER_MS}, NULL);
    }
}

struct system_look *system_look_start(const char *data_dir, const char *journal_dir)
{
    struct system_look *look = calloc(1, sizeof(*look));

    if (look == NULL)
        return NULL;
    snprintf(look->data_dir, sizeof(look->data_dir), "%s", data_dir);
    snprintf(look->journal_dir, sizeof(look->journal_dir), "%s", journal_dir);
    atomic_init(&look->waits, false);
    atomic_init(&look->stopping, false);
    look->looked_ns = clock_monotonic_ns();
    look->seen = triple_buffer_new(sizeof(struct system_seen));
    if (look->seen == NULL || sem_init(&look->asked, 0, 0) != 0) {
        triple_buffer_free(look->seen);
        free(look);
        return NULL;
    }
    if (thread_start(&look->thread, NULL, run, look) == 0)
        return look;
    sem_destroy(&look->asked);
    triple_buffer_free(look->seen);
    free(look);
    return NULL;
}

void system_look_stop(struct system_look *look)
{
    if (look == NULL)
        return;
    atomic_store_explicit(&look->stopping, true, memory_order_release);
    sem_post(&look->asked);
    pthread_join(look->thread, NULL);
    sem_destroy(&look->asked);
    triple_buffer_free(look->seen);
    free(look);
}

void system_look_ask(struct system_look *look)
{
    if (!atomic_exchange_explicit(&look->waits, true, memory_order_acq_rel))
        sem_post(&look->asked);
}

const struct system_seen *system_look_newest(struct system_look *look)
{
    triple_buffer_update(look->seen);
    return triple_buffer_front(look->seen);
}
