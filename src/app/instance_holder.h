/*
 * instance_holder.h - who trades with a data directory: what stands in its lock file, for people and for a standby.
 *
 * Lines of text; the first is the pid, the last "end". Host, boot, pid namespace, pid and start time together are one
 * process and no other, ever.
 */
#ifndef APP_INSTANCE_HOLDER_H
#define APP_INSTANCE_HOLDER_H

#include "app/proc_look.h"

#include <stddef.h>
#include <sys/stat.h>

#define INSTANCE_TEXT_MAX       2048
#define INSTANCE_TAKEOVERS_KEPT 8
#define INSTANCE_BUILD_SIZE     80

struct instance_holder {
    pid_t pid; /* 0: not known */
    uint64_t start_ticks;
    uint64_t pid_namespace;
    char name[PROC_NAME_SIZE]; /* of its program */
    char exe[512];             /* path, for people */
    char
        build[INSTANCE_BUILD_SIZE]; /* of that file: device, inode, time; the same file is the same program */
    char host[65], boot[40];
    char version[32];
    char config[65]; /* SHA-256 of the settings that decide */
    uint64_t epoch;  /* 0: not yet */
    char life[96];   /* its page in /dev/shm with the heartbeat (life_page.h); "": none */
    size_t takeovers;
    int64_t takeover_ns[INSTANCE_TAKEOVERS_KEPT]; /* since the boot, oldest first */
};

/* This process; config, epoch, life and takeovers are left empty. */
void instance_holder_self(struct instance_holder *out);
void instance_holder_build(const struct stat *file, char out[INSTANCE_BUILD_SIZE]); /* of a program's file */
size_t instance_holder_write(const struct instance_holder *holder, char *out, size_t size);
/* False: no such text, or not all of it. */
bool instance_holder_read(const char *text, struct instance_holder *out);
bool instance_holder_same(const struct instance_holder *a, const struct instance_holder *b);
/* Its process is there. gone: of this boot and host, and it is not. Neither: it cannot be seen from here (another host,
 * boot or namespace, or a /proc that hides it), why says. */
bool instance_holder_lives(const struct instance_holder *holder, struct proc_look *look, bool *gone,
                           char *why, size_t why_size);
void instance_holder_keep_takeovers(struct instance_holder *holder, const struct instance_holder *before);
void instance_holder_note_takeover(struct instance_holder *holder, const struct instance_holder *before,
                                   int64_t now_ns);

#endif
