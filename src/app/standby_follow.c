#include "app/standby_follow.h"

#include "store/journal_accounts.h"
#include "store/journal_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURN_MAX 4096                /* frames: a few milliseconds */
#define AGAIN_NS INT64_C(5000000000) /* after what cannot be read: from the newest snapshot once more */

struct standby_follow {
    char dir[JOURNAL_PATH_MAX];
    struct journal_reader *reader; /* NULL: none is open */
    struct journal_state *state;
    int64_t again_ns; /* not before */
    struct standby_followed told;
};

struct standby_follow *standby_follow_new(const char *data_dir, const char *account)
{
    struct standby_follow *follow = calloc(1, sizeof(*follow));

    if (follow == NULL || (follow->state = journal_state_new()) == NULL) {
        free(follow);
        return NULL;
    }
    if (!journal_account_dir(data_dir, account, follow->dir))
        snprintf(follow->told.why, sizeof(follow->told.why), "the path is too long for a journal");
    return follow;
}

void standby_follow_free(struct standby_follow *follow)
{
    if (follow == NULL)
        return;
    journal_reader_close(follow->reader);
    journal_state_free(follow->state);
    free(follow);
}

static void give_up(struct standby_follow *follow, int64_t now_ns, const char *why)
{
    journal_reader_close(follow->reader);
    follow->reader = NULL;
    follow->again_ns = now_ns + AGAIN_NS;
    follow->told.warm = false;
    snprintf(follow->told.why, sizeof(follow->told.why), "%.199s", why);
}

/* From the newest snapshot, or the beginning. None yet: the leader is about to make it. */
static void open_reader(struct standby_follow *follow, int64_t now_ns)
{
    struct journal_point from = {0};
    unsigned char id[JOURNAL_ID_SIZE];
    char why[512] = "";
    enum err err;

    if (follow->dir[0] == '\0' || now_ns < follow->again_ns)
        return;
    journal_state_clear(follow->state);
    err = journal_state_load(follow->state, follow->dir, &from, id, why, sizeof(why));
    if (err == ERR_NOT_FOUND) {
        from = (struct journal_point){0};
        journal_state_clear(follow->state);
        err = ERR_OK;
    }
    if (err == ERR_OK)
        err = journal_reader_open(follow->dir, &from, &follow->reader, why, sizeof(why));
    if (err == ERR_OK) {
        follow->told.seq = from.seq;
        follow->told.why[0] = '\0';
    } else if (err != ERR_NOT_FOUND) {
        give_up(follow, now_ns, why);
    }
}

static bool take_session(void *arg, const struct store_record *record)
{
    *(uint64_t *)arg = record->session.epoch;
    return true;
}

const struct standby_followed *standby_follow_turn(struct standby_follow *follow, int64_t now_ns)
{
    struct journal_frame frame;
    char why[512] = "";
    enum err err = ERR_OK;

    if (follow->reader == NULL)
        open_reader(follow, now_ns);
    if (follow->reader == NULL)
        return &follow->told;
    for (int i = 0;
         i < TURN_MAX && (err = journal_reader_next(follow->reader, &frame, why, sizeof(why))) == ERR_OK;
         i++) {
        if (!frame.sealed)
            continue; /* it comes again */
        err = journal_state_apply(follow->state, &frame.head, frame.body, why, sizeof(why));
        if (err != ERR_OK)
            break;
        follow->told.seq = frame.head.seq;
        follow->told.last_ns = frame.head.ts_ns;
    }
    follow->told.warm = err == ERR_NOT_FOUND;
    journal_state_each(follow->state, STORE_SESSION, take_session, &follow->told.epoch);
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        give_up(follow, now_ns, why);
    return &follow->told;
}
