#include "app/past_reader.h"

#include "core/base/thread.h"
#include "core/base/triple_buffer.h"
#include "store/db_file.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MS     200 /* for what is not there yet */
#define READINGS    6
#define PATH_SIZE   1200
#define ACCOUNT_MAX 64

struct past_reader {
    char path[PATH_SIZE], account[ACCOUNT_MAX];
    uint64_t epoch;
    int64_t since_ns;
    pthread_t thread;
    atomic_bool stopping;
    struct db_read read;
    struct triple_buffer *found;
};

/* False: it is to stop. */
static bool nap(const struct past_reader *reader, int64_t ms)
{
    for (; ms > 0 && !atomic_load_explicit(&reader->stopping, memory_order_acquire); ms -= LOOK_MS)
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    return !atomic_load_explicit(&reader->stopping, memory_order_acquire);
}

static bool open_database(struct past_reader *reader)
{
    char why[256];

    reader->read.stop = &reader->stopping;
    reader->read.trusted = true;
    return db_read_open(reader->path, &reader->read, why, sizeof(why)) == ERR_OK;
}

/* The store may be making the tables, or be behind with the rows of a run that was killed. */
static bool wait_for_rows(struct past_reader *reader)
{
    char why[256];
    bool whole = false;

    do {
        if (reader->read.handle == NULL && !open_database(reader))
            continue;
        if (past_is_whole(&reader->read, reader->account, reader->epoch, &whole, why, sizeof(why)) !=
                ERR_OK ||
            reader->read.still) /* somebody will write to it */
            (void)db_read_close(&reader->read);
    } while (!whole && nap(reader, LOOK_MS));
    return whole;
}

static void *run(void *arg)
{
    static const int64_t after_ms[READINGS] = {0, 1000, 4000, 10000, 20000, 30000};
    struct past_reader *reader = arg;
    char why[256];

    thread_name("past");
    if (!wait_for_rows(reader))
        return NULL;
    for (int i = 0; i < READINGS && nap(reader, after_ms[i]); i++)
        if ((reader->read.handle != NULL || open_database(reader)) &&
            past_query(&reader->read, reader->account, reader->epoch, reader->since_ns,
                       triple_buffer_back(reader->found), why, sizeof(why)) == ERR_OK)
            triple_buffer_publish(reader->found);
    (void)db_read_close(&reader->read);
    return NULL;
}

struct past_reader *past_reader_start(const struct past_reader_config *config)
{
    struct past_reader *reader = calloc(1, sizeof(*reader));

    if (reader == NULL)
        return NULL;
    snprintf(reader->path, sizeof(reader->path), "%s/" DB_FILE_NAME, config->data_dir);
    snprintf(reader->account, sizeof(reader->account), "%s", config->account);
    reader->epoch = config->epoch;
    reader->since_ns = config->since_ns;
    reader->found = triple_buffer_new(sizeof(struct past));
    if (reader->found != NULL && thread_start(&reader->thread, NULL, run, reader) == 0)
        return reader;
    triple_buffer_free(reader->found);
    free(reader);
    return NULL;
}

void past_reader_stop(struct past_reader *reader)
{
    if (reader == NULL)
        return;
    atomic_store_explicit(&reader->stopping, true, memory_order_release);
    pthread_join(reader->thread, NULL);
    (void)db_read_close(&reader->read);
    triple_buffer_free(reader->found);
    free(reader);
}

const struct past *past_reader_newest(struct past_reader *reader)
{
    (void)triple_buffer_update(reader->found);
    return triple_buffer_front(reader->found);
}
