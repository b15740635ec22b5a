/*
 * shares.h - a long campaign in shares: the same program several times at once, each on every n-th part of the work in a
 * folder of its own. FAULT_SHARE="2/4" is the second of four; what a share has counted goes to the file FAULT_TALLY.
 */
#ifndef FAULTS_SHARES_H
#define FAULTS_SHARES_H

#include "faults/after.h"

#define SHARES_MAX     16
#define SHARES_USUAL   4 /* they wait more than they work */
#define SHARES_SCRIPTS 4 /* of test_points.c, at most */

struct tally {
    struct after_sums sums;
    uint64_t calls[SHARES_SCRIPTS], points[SHARES_SCRIPTS], died[SHARES_SCRIPTS];
    int64_t rows;
};

static struct tally tally; /* of this share */

struct share {
    unsigned number, of; /* from 1; of 0: not a share, but all of it */
};

static inline struct share share_of_this(void)
{
    const char *text = getenv("FAULT_SHARE");
    struct share share = {1, 0};

    if (text != NULL && (sscanf(text, "%u/%u", &share.number, &share.of) != 2 || share.number == 0 ||
                         share.number > share.of || share.of > SHARES_MAX))
        fail_msg("FAULT_SHARE=%s", text);
    return share;
}

static inline void share_tell(void)
{
    const char *path = getenv("FAULT_TALLY");
    FILE *out = path == NULL ? NULL : fopen(path, "we");

    if (path == NULL)
        return;
    assert_non_null(out);
    assert_int_equal(fwrite(&tally, sizeof(tally), 1, out), 1);
    assert_int_equal(fclose(out), 0);
}

/* All members of these are counts of 64 bits. */
static inline void tally_add(struct tally *sum, const struct tally *one)
{
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)one;

    for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
        to[i] += from[i];
    memcpy(sum->calls, one->calls, sizeof(sum->calls)); /* each counts them all */
}

static inline pid_t share_start(const char *self, unsigned number, unsigned of)
{
    char share[16], path[128];
    pid_t pid;

    snprintf(share, sizeof(share), "%u/%u", number, of);
    snprintf(path, sizeof(path), "%s/tally-%u", folder, number);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        char out[160];
        int fd;

        snprintf(out, sizeof(out), "%s.out", path);
        fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        setenv("FAULT_SHARE", share, 1);
        setenv("FAULT_TALLY", path, 1);
        execl(self, self, (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    return pid;
}

static inline void share_show(unsigned number)
{
    char path[128], line[1024];
    FILE *in;

    snprintf(path, sizeof(path), "%s/tally-%u.out", folder, number);
    in = fopen(path, "re");
    while (in != NULL && fgets(line, sizeof(line), in) != NULL)
        if (line[0] != '[')
            print_message("share %u: %s", number, line);
    if (in != NULL)
        fclose(in);
}

/* The sum of all shares is in tally. One that failed says why, and all have failed. */
static inline void shares_run(unsigned of)
{
    char self[512] = "", path[128];
    pid_t pid[SHARES_MAX];
    unsigned failed = 0;

    assert_true(of <= SHARES_MAX && readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
    for (unsigned i = 1; i <= of; i++)
        pid[i - 1] = share_start(self, i, of);
    for (unsigned i = 1; i <= of; i++) {
        struct tally one;
        int status;
        FILE *in;

        while (waitpid(pid[i - 1], &status, 0) < 0 && errno == EINTR)
            continue;
        snprintf(path, sizeof(path), "%s/tally-%u", folder, i);
        in = fopen(path, "re");
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || in == NULL ||
            fread(&one, sizeof(one), 1, in) != 1) {
            failed++;
            share_show(i);
        } else {
            tally_add(&tally, &one);
        }
        if (in != NULL)
            fclose(in);
    }
    if (failed > 0)
        fail_msg("%u of %u shares failed", failed, of);
}

static inline unsigned shares_wanted(void)
{
    const char *text = getenv("FAULT_SHARES");

    return text == NULL ? SHARES_USUAL : (unsigned)strtoul(text, NULL, 10);
}

#endif
