#include "app/history_writer.h"

#include "app/history_file.h"
#include "app/paths.h"
#include "core/base/spsc_ring.h"
#include "core/base/thread.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAVE_S 2 /* as settings_desk.c */

struct history_line {
    char text[HISTORY_LINE_MAX];
};

struct history_writer {
    void (*append)(const char *data_dir, const char *line);
    char data_dir[PATH_TEXT_MAX];
    struct spsc_ring *waiting;
    sem_t wake;
    atomic_bool stopping;
    bool runs;
    pthread_t thread;
};

static void release(struct history_writer *writer)
{
    spsc_ring_free(writer->waiting);
    sem_destroy(&writer->wake);
    free(writer);
}

struct history_writer *history_writer_new(void (*append)(const char *data_dir, const char *line),
                                          const char *data_dir)
{
    struct history_writer *writer = calloc(1, sizeof(*writer));

    if (writer == NULL)
        return NULL;
    writer->append = append;
    snprintf(writer->data_dir, sizeof(writer->data_dir), "%s", data_dir);
    sem_init(&writer->wake, 0, 0);
    atomic_init(&writer->stopping, false);
    writer->waiting = spsc_ring_new(HISTORY_WAITING_MAX, sizeof(struct history_line));
    if (writer->waiting != NULL)
        return writer;
    release(writer);
    return NULL;
}

static void *run(void *arg)
{
    struct history_writer *writer = arg;
    struct history_line line;
    bool last;

    thread_name("history");
    do {
        while (sem_wait(&writer->wake) != 0 && errno == EINTR)
            ;
        last = atomic_load_explicit(&writer->stopping, memory_order_acquire);
        while (spsc_ring_pop(writer->waiting, &line))
            writer->append(writer->data_dir, line.text);
    } while (!last);
    return NULL;
}

bool history_writer_put(struct history_writer *writer, const char *line)
{
    struct history_line kept;

    if (strlen(line) >= sizeof(kept.text))
        return false;
    memcpy(kept.text, line, strlen(line) + 1);
    if (!spsc_ring_push(writer->waiting, &kept))
        return false;
    if (!writer->runs && thread_start(&writer->thread, NULL, run, writer) != 0)
        return false;
    writer->runs = true;
    sem_post(&writer->wake);
    return true;
}

void history_writer_free(struct history_writer *writer)
{
    if (writer == NULL)
        return;
    atomic_store_explicit(&writer->stopping, true, memory_order_release);
    sem_post(&writer->wake);
    if (writer->runs && !thread_join_within(writer->thread, LEAVE_S))
        return; /* its thread goes on with what it holds */
    release(writer);
}
