/*
 * standby_tell.h - what a waiting standby says: one line on the terminal, the log, and a file that `status` reads.
 *
 * The file DATA/standby-PID is locked by its standby: one that nobody holds is left over, and is removed.
 */
#ifndef APP_STANDBY_TELL_H
#define APP_STANDBY_TELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STANDBY_LINE_MAX  256
#define STANDBY_ALERT_MAX 400

struct standby_tell {
    int fd; /* of the file; -1: none */
    char path[1200];
    bool terminal; /* one line is drawn anew */
    int64_t next_ns;
    char alert[STANDBY_ALERT_MAX]; /* told already */
};

void standby_tell_open(struct standby_tell *tell, const char *data_dir);
void standby_tell_close(struct standby_tell *tell);
/* Once a second, and an alert at once when it changes; "": none any more. */
void standby_tell(struct standby_tell *tell, const char *line, const char *alert);

struct standby_told { /* of one standby */
    pid_t pid;
    char line[STANDBY_LINE_MAX], alert[STANDBY_ALERT_MAX];
};

/* Those that wait in this directory. */
size_t standby_told_list(const char *data_dir, struct standby_told *out, size_t max);

#endif
