/* account_fixture.h - a data directory in memory and the journal of one account in it, as the engine would write it. */
#ifndef UNIT_ACCOUNT_FIXTURE_H
#define UNIT_ACCOUNT_FIXTURE_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "store/journal_accounts.h"
#include "store/journal_ring.h"
#include "store/store_journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_SIZE 1400
#define ACCOUNT  "demo"
#define SECOND   INT64_C(1000000000)
#define MINUTE   (60 * SECOND)
#define NOON_NS  INT64_C(1723204800000000000)

struct folder {
    char path[64]; /* the data directory */
    char dir[128]; /* of the journal */
    char db[96];
};

static inline void shell(const char *format, const char *a, const char *b)
{
    char command[512], *at = command;

    for (; *format != '\0'; format++) { /* %s: a, then b */
        if (format[0] == '%' && format[1] == 's') {
            at = stpcpy(at, a);
            a = b;
            format++;
        } else {
            *at++ = *format;
        }
    }
    *at = '\0';
    if (system(command) != 0) /* NOLINT(cert-env33-c): a fixed command of our own */
        abort();
}

static inline void remove_ring(const struct folder *folder)
{
    char path[256];

    if (journal_ring_path(JOURNAL_RING_DIR, folder->path, ACCOUNT, path, sizeof(path)) == ERR_OK)
        unlink(path);
}

static inline int folder_setup(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));

    strcpy(folder->path,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/flowdeck-test-XXXXXX" : "/tmp/flowdeck-account-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->dir, sizeof(folder->dir), "%s/journal/" ACCOUNT, folder->path);
    snprintf(folder->db, sizeof(folder->db), "%s/flowdeck.db", folder->path);
    *state = folder;
    return 0;
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;

    remove_ring(folder);
    shell("rm -rf '%s'%s", folder->path, "");
    free(folder);
    return 0;
}

static inline enum err try_journal(const struct folder *folder, int64_t now_ns,
                                   struct store_journal **journal, struct recovered *left, char *why)
{
    struct store_journal_config config = {.data_dir = folder->path, .account = ACCOUNT, .now_ns = now_ns};

    return store_journal_open(&config, journal, left, why, WHY_SIZE);
}

static inline struct store_journal *open_journal_at(const struct folder *folder, int64_t now_ns,
                                                    struct recovered *left)
{
    struct store_journal *journal = NULL;
    char why[WHY_SIZE] = "";

    if (try_journal(folder, now_ns, &journal, left, why) != ERR_OK)
        fail_msg("store_journal_open: %s", why);
    return journal;
}

static inline void push_record(struct store_journal *journal, const struct store_record *record)
{
    if (!store_journal_push(journal, record))
        fail_msg("no room for a record");
}

static inline void commit(struct store_journal *journal)
{
    if (!store_journal_commit(journal))
        fail_msg("no room for a step");
}

static inline void drain(struct store_journal *journal)
{
    char why[WHY_SIZE] = "";
    size_t frames;

    if (store_journal_drain(journal, NULL, NULL, &frames, why, sizeof(why)) != ERR_OK)
        fail_msg("store_journal_drain: %s", why);
}

static inline void snapshot(struct store_journal *journal)
{
    char why[WHY_SIZE] = "";

    if (store_journal_snapshot(journal, true, why, sizeof(why)) != ERR_OK)
        fail_msg("store_journal_snapshot: %s", why);
}

static inline void begin_session(struct store_journal *journal, const struct recovered *left, int64_t now_ns)
{
    struct store_record record = {.kind = STORE_SESSION, .ts_ns = now_ns};

    record.session.epoch = left->epoch;
    record.session.session = left->session;
    memcpy(record.session.crash_ns, left->crash_ns, sizeof(record.session.crash_ns));
    strcpy(record.session.kind, "demo");
    strcpy(record.session.mode, "simulation");
    strcpy(record.session.source, "test");
    strcpy(record.session.version, "0");
    push_record(journal, &record);
    commit(journal);
}

static inline void end_session(struct store_journal *journal, const struct recovered *left, int64_t now_ns)
{
    struct store_record record = {.kind = STORE_SESSION_END, .ts_ns = now_ns};

    record.session_end.session = left->session;
    strcpy(record.session_end.why, "in order");
    push_record(journal, &record);
    commit(journal);
    drain(journal);
}

#define ACCOUNT_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

#endif
