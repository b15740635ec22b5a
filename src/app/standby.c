#include "app/standby.h"

#include "app/life_page.h"
#include "app/standby_follow.h"
#include "app/standby_tell.h"
#include "core/base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)
#define NAP_NS    50000000
#define UNSEEN_NS INT64_C(3000000000) /* it shows its page soon after the lock */
#define GAP_NS    INT64_C(1000000000) /* between two turns: then we were stopped ourselves */

struct standby {
    const struct standby_config *config;
    struct instance_holder leader; /* pid 0: nobody has been seen yet */
    bool followed;                 /* somebody */
    bool remote;
    struct life_page *page; /* of the leader; NULL: not seen */
    int64_t beat, changed_ns, turn_ns;
    int64_t killed_ns; /* 0: not by us */
    struct standby_follow *follow;
    const struct standby_followed *read;
    struct standby_tell tell;
    char alert[STANDBY_ALERT_MAX];
};

static int64_t boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* --- may we? ------------------------------------------------------------------------------------------------------ */

bool standby_must_hold(const struct instance_holder *before, const struct instance_holder *self,
                       const struct standby_config *config, int64_t now_ns, char *why, size_t why_size)
{
    int64_t recent = 0, last_ns = INT64_MIN;

    if (strcmp(before->boot, self->boot) != 0)
        return false;
    for (size_t i = 0; i < before->takeovers; i++) {
        recent += now_ns - before->takeover_ns[i] < STANDBY_WINDOW_MS * NS_PER_MS;
        last_ns = before->takeover_ns[i];
    }
    if (config->takeovers_max > 0 && recent >= config->takeovers_max) {
        snprintf(why, why_size,
                 "%" PRId64 " takeovers within %d minutes: it flaps, none more until they are older", recent,
                 STANDBY_WINDOW_MS / 60000);
        return true;
    }
    if (before->takeovers > 0 && now_ns - last_ns < config->cooldown_ms * NS_PER_MS) {
        snprintf(why, why_size, "the last takeover was less than %" PRId64 " s ago: it waits",
                 (config->cooldown_ms + 999) / 1000);
        return true;
    }
    return false;
}

bool standby_differs(const struct instance_holder *leader, const struct instance_holder *self, char *why,
                     size_t why_size)
{
    const char *what = NULL, *hint = "";

    why[0] = '\0';
    if (strcmp(leader->version, self->version) != 0)
        what = "version";
    else if (strcmp(leader->build, self->build) != 0)
        what = "build of the program";
    else if (strcmp(leader->config, self->config) != 0)
        what = "configuration";
    if (what == NULL)
        return false;
    if (strcmp(what, "configuration") == 0)
        hint = "; give the standby the same file and options (theme, screen and log may differ)";
    snprintf(why, why_size, "pid %d trades with another %s (%.24s, here %.24s): no takeover by this one%s",
             (int)leader->pid, what,
             strcmp(what, "version") == 0         ? leader->version
             : strcmp(what, "configuration") == 0 ? leader->config
                                                  : leader->exe,
             strcmp(what, "version") == 0         ? self->version
             : strcmp(what, "configuration") == 0 ? self->config
                                                  : self->exe,
             hint);
    return true;
}

/* Whatever keeps us from ending this leader; also told while all is well, so that nobody relies on us. */
static bool is_barred(struct standby *s, struct proc_look *look, bool *lives)
{
    char why[160];
    bool gone;

    *lives = instance_holder_lives(&s->leader, look, &gone, why, sizeof(why));
    if (s->remote) {
        snprintf(s->alert, sizeof(s->alert),
                 "the data directory is on a network's disk: its locks are not to be trusted, no takeover");
        return true;
    }
    if (standby_differs(&s->leader, s->config->self, s->alert, sizeof(s->alert)))
        return true;
    if (!*lives && !gone) {
        snprintf(s->alert, sizeof(s->alert), "pid %d holds the lock, but %s: no takeover", (int)s->leader.pid,
                 why);
        return true;
    }
    if (s->read->why[0] != '\0') {
        snprintf(s->alert, sizeof(s->alert), "the journal cannot be read, no takeover: %.199s", s->read->why);
        return true;
    }
    return standby_must_hold(&s->leader, s->config->self, s->config, boot_ns(), s->alert, sizeof(s->alert));
}

/* --- its heartbeat ------------------------------------------------------------------------------------------------ */

static void see_leader(struct standby *s, const struct instance_holder *found, int64_t now_ns)
{
    if (found->pid == 0)
        return; /* it writes right now, or never has */
    if (!s->followed || !instance_holder_same(&s->leader, found)) {
        life_page_free(s->page);
        s->page = NULL;
        s->beat = 0;
        s->changed_ns = now_ns;
        s->killed_ns = 0;
    }
    s->leader = *found;
    s->followed = true;
    if (s->page == NULL && found->life[0] != '\0')
        s->page = life_page_watch(found->life);
}

static int64_t silence_ns(struct standby *s, int64_t now_ns)
{
    int64_t beat = s->page == NULL ? 0 : atomic_load_explicit(&s->page->heartbeat_ns, memory_order_acquire);

    if (beat != s->beat) {
        s->beat = beat;
        s->changed_ns = now_ns;
    }
    return now_ns - s->changed_ns;
}

static int64_t patience_ns(const struct standby *s, const struct proc_look *look)
{
    if (s->beat == 0)
        return STANDBY_START_MS * NS_PER_MS;
    return (s->config->term_ms + (proc_is_stopped(look->state) ? 0 : STANDBY_DEADMAN_MS)) * NS_PER_MS;
}

/* --- ending it ---------------------------------------------------------------------------------------------------- */

/* Where it may be looked at: its program's file is the one it named. */
static bool has_its_program(const struct instance_holder *leader, const struct proc_look *look)
{
    char path[40], build[INSTANCE_BUILD_SIZE];
    struct stat status;

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)leader->pid);
    if (strcmp(look->name, leader->name) != 0)
        return false;
    if (stat(path, &status) != 0)
        return errno == EACCES ||
               errno == EPERM; /* it does not let itself be looked into: pid and start time do */
    instance_holder_build(&status, build);
    return strcmp(build, leader->build) == 0;
}

/* Opened first, checked then: what is checked is what the descriptor means. */
static bool is_the_one(const struct standby *s)
{
    struct instance_holder again;
    struct proc_look look;
    char why[160];
    bool gone;

    return instance_lock_holder(s->config->data_dir, &again) && instance_holder_same(&again, &s->leader) &&
           instance_holder_lives(&s->leader, &look, &gone, why, sizeof(why)) &&
           has_its_program(&s->leader, &look);
}

static void end_leader(struct standby *s, int64_t now_ns)
{
    int fd = (int)syscall(SYS_pidfd_open, s->leader.pid, 0);
    struct pollfd gone = {.fd = fd, .events = POLLIN};

    if (fd < 0)
        return; /* gone by itself, and the lock with it */
    if (!is_the_one(s)) {
        snprintf(s->alert, sizeof(s->alert),
                 "pid %d is not the program that the lock file names: no takeover", (int)s->leader.pid);
    } else if (silence_ns(s, clock_monotonic_ns()) > 0) { /* it has not come back meanwhile */
        if (s->page != NULL)
            atomic_store(&s->page->taken_by, (int32_t)getpid());
        if (syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) != 0) {
            snprintf(s->alert, sizeof(s->alert), "pid %d cannot be ended: %s", (int)s->leader.pid,
                     strerror(errno));
            if (s->page != NULL) /* it leads on: an end of its own is not our doing */
                atomic_store(&s->page->taken_by, 0);
        } else {
            s->killed_ns = now_ns;
            dprintf(STDERR_FILENO, "%sflowdeck: pid %d is silent: ended, its place is taken\n",
                    s->tell.terminal ? "\n" : "", (int)s->leader.pid);
        }
        poll(&gone, 1, STANDBY_END_MS);
    }
    close(fd);
}

/* --- turns -------------------------------------------------------------------------------------------------------- */

static void judge(struct standby *s, int64_t now_ns, char line[STANDBY_LINE_MAX])
{
    struct proc_look look = {.state = '?'};
    int64_t silent_ns = silence_ns(s, now_ns);
    bool barred, lives;

    s->alert[0] = '\0';
    snprintf(line, STANDBY_LINE_MAX, "STANDBY waits: somebody holds the lock and is not known yet");
    if (!s->followed)
        return;
    barred = is_barred(s, &look, &lives);
    snprintf(line, STANDBY_LINE_MAX,
             "STANDBY follows pid %d, epoch %" PRIu64 ": heartbeat %" PRId64
             " ms old, journal read to %" PRIu64 "%s",
             (int)s->leader.pid, s->leader.epoch, silent_ns / NS_PER_MS, s->read->seq,
             s->read->warm ? "" : ", reading");
    if (barred)
        return;
    if (!lives) {
        snprintf(line, STANDBY_LINE_MAX, "STANDBY waits until what pid %d left is cleared up",
                 (int)s->leader.pid);
        if (silent_ns > STANDBY_END_MS * NS_PER_MS)
            instance_lock_tell_left(&s->leader, s->alert, sizeof(s->alert));
    } else if (s->page == NULL && silent_ns > UNSEEN_NS) {
        snprintf(s->alert, sizeof(s->alert), "the heartbeat of pid %d cannot be seen: no takeover",
                 (int)s->leader.pid);
    } else if (s->killed_ns != 0) {
        snprintf(s->alert, sizeof(s->alert), "pid %d was killed, but does not end", (int)s->leader.pid);
    } else if (s->page != NULL && silent_ns >= patience_ns(s, &look)) {
        end_leader(s, now_ns);
    }
}

/* The lock is ours: do we lead? */
static enum err lead(struct standby *s, const struct instance_holder *before, int fd, char *why,
                     size_t why_size)
{
    struct instance_holder *self = s->config->self;

    s->alert[0] = '\0';
    if (s->followed && (standby_differs(before, self, s->alert, sizeof(s->alert)) ||
                        standby_must_hold(before, self, s->config, boot_ns(), s->alert, sizeof(s->alert))))
        return ERR_STATE;
    if (s->followed)
        instance_holder_note_takeover(self, before, boot_ns());
    else
        instance_holder_keep_takeovers(self, before);
    life_page_remove(before->life);
    return instance_lock_write(fd, self, why, why_size);
}

/* ERR_STATE: not yet. */
static enum err turn(struct standby *s, int *fd, char *why, size_t why_size)
{
    int64_t now_ns = clock_monotonic_ns();
    struct instance_holder found;
    char line[STANDBY_LINE_MAX] = "STANDBY: nobody leads";
    enum err err = instance_lock_try(s->config->data_dir, &found, fd, why, why_size);

    if (now_ns - s->turn_ns > GAP_NS)
        s->changed_ns = now_ns; /* it could not show itself to us */
    s->turn_ns = now_ns;
    s->read = standby_follow_turn(s->follow);
    if (err == ERR_OK) {
        err = lead(s, &found, *fd, why, why_size);
        if (err != ERR_OK) {
            close(*fd);
            *fd = -1;
        }
    } else if (err == ERR_STATE) {
        bool first = !s->followed;

        see_leader(s, &found, now_ns);
        if (first && s->followed && standby_differs(&s->leader, s->config->self, why, why_size))
            return ERR_CONFIG;
        judge(s, now_ns, line);
    }
    if (err == ERR_STATE)
        standby_tell(&s->tell, line, s->alert);
    return err;
}

enum err standby_wait(const struct standby_config *config, int *fd, char *why, size_t why_size)
{
    struct standby s = {.config = config, .turn_ns = clock_monotonic_ns()};
    enum err err = ERR_STATE;

    s.follow = standby_follow_new(config->data_dir, config->account);
    if (s.follow == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    s.remote = instance_lock_is_remote(config->data_dir);
    standby_tell_open(&s.tell, config->data_dir);
    while ((err = turn(&s, fd, why, why_size)) == ERR_STATE && !atomic_load(config->stop))
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    standby_tell_close(&s.tell);
    standby_follow_free(s.follow);
    life_page_free(s.page);
    if (err == ERR_STATE) {
        why[0] = '\0';
        return ERR_NOT_FOUND;
    }
    if (err == ERR_OK && s.followed)
        fprintf(stderr, "flowdeck: takes over from pid %d\n", (int)s.leader.pid);
    return err;
}
