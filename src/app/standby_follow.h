/*
 * standby_follow.h - reads along in the journal of the leader, read-only: the standby knows that it could go on from it.
 */
#ifndef APP_STANDBY_FOLLOW_H
#define APP_STANDBY_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

struct standby_follow;

struct standby_followed {
    uint64_t seq;    /* of the last frame read; 0: none yet */
    int64_t last_ns; /* its event time */
    uint64_t epoch;  /* of the last session in it */
    bool warm;       /* its end, as of now, was reached */
    char why[200];   /* it cannot be read; "": it can */
};

struct standby_follow *standby_follow_new(const char *data_dir, const char *account); /* NULL: memory */
void standby_follow_free(struct standby_follow *follow);                              /* NULL is allowed */
/* Reads on: so many frames at most. now_ns: monotonic. */
const struct standby_followed *standby_follow_turn(struct standby_follow *follow, int64_t now_ns);

#endif
