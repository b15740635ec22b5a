#include "app/standby.h"

#include "app/life_page.h"
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

#define NAP_NS 50000000

struct standby {
    const struct standby_config *config;
    struct standby_judge judge;
    struct instance_holder paged; /* whose page it is */
    struct life_page *page;       /* of the leader; NULL: not seen */
    struct standby_follow *follow;
    struct standby_tell tell;
};

static int64_t boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* --- eyes --------------------------------------------------------------------------------------------------------- */

static bool look_lives(void *arg, const struct instance_holder *holder, struct proc_look *look, bool *gone,
                       char *why, size_t why_size)
{
    (void)arg;
    return instance_holder_lives(holder, look, gone, why, why_size);
}

static bool look_heartbeat(void *arg, const struct instance_holder *leader, int64_t *beat)
{
    struct standby *s = arg;

    if (s->page != NULL && !instance_holder_same(&s->paged, leader)) {
        life_page_free(s->page);
        s->page = NULL;
    }
    if (s->page == NULL && leader->life[0] != '\0') {
        s->page = life_page_watch(leader->life);
        s->paged = *leader;
    }
    *beat = s->page == NULL ? 0 : atomic_load_explicit(&s->page->heartbeat_ns, memory_order_acquire);
    return s->page != NULL;
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
    const struct instance_holder *leader = &s->judge.leader;
    struct instance_holder again;
    struct proc_look look;
    char why[160];
    bool gone;

    return instance_lock_holder(s->config->data_dir, &again) && instance_holder_same(&again, leader) &&
           instance_holder_lives(leader, &look, &gone, why, sizeof(why)) && has_its_program(leader, &look);
}

static void end_leader(struct standby *s, int64_t now_ns)
{
    struct standby_judge *judge = &s->judge;
    int pid = (int)judge->leader.pid, fd = (int)syscall(SYS_pidfd_open, judge->leader.pid, 0);
    struct pollfd gone = {.fd = fd, .events = POLLIN};

    if (fd < 0)
        return; /* gone by itself, and the lock with it */
    if (!is_the_one(s)) {
        snprintf(judge->alert, sizeof(judge->alert),
                 "pid %d is not the program that the lock file names: no takeover", pid);
    } else if (standby_judge_silence_ns(judge, clock_monotonic_ns()) >
               0) { /* it has not come back meanwhile */
        if (s->page != NULL)
            atomic_store(&s->page->taken_by, (int32_t)getpid());
        if (syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) != 0) {
            snprintf(judge->alert, sizeof(judge->alert), "pid %d cannot be ended: %s", pid, strerror(errno));
            if (s->page != NULL) /* it leads on: an end of its own is not our doing */
                atomic_store(&s->page->taken_by, 0);
        } else {
            standby_judge_killed(judge, now_ns);
            dprintf(STDERR_FILENO, "%sflowdeck: pid %d is silent: ended, its place is taken\n",
                    s->tell.terminal ? "\n" : "", pid);
        }
        poll(&gone, 1, STANDBY_END_MS);
    }
    close(fd);
}

/* --- turns -------------------------------------------------------------------------------------------------------- */

static void give_back(int *fd)
{
    close(*fd);
    *fd = -1;
}

/* ERR_STATE: not yet. */
static enum err turn(struct standby *s, int *fd, char *why, size_t why_size)
{
    struct standby_seen seen = {.now_ns = clock_monotonic_ns(), .boot_ns = boot_ns()};
    enum err err = instance_lock_try(s->config->data_dir, &seen.found, fd, why, why_size);
    enum standby_act act;

    if (err != ERR_OK && err != ERR_STATE)
        return err;
    seen.lock_is_ours = err == ERR_OK;
    seen.read = standby_follow_turn(s->follow, seen.now_ns);
    act = standby_judge_turn(&s->judge, &seen);
    if (act == STANDBY_LEADS) {
        life_page_remove(seen.found.pid != 0 ? seen.found.life : s->judge.leader.life);
        err = instance_lock_write(*fd, s->config->self, why, why_size);
        if (err != ERR_OK)
            give_back(fd);
        return err;
    }
    if (seen.lock_is_ours)
        give_back(fd);
    if (act == STANDBY_DIFFERS) {
        snprintf(why, why_size, "%s", s->judge.alert);
        return ERR_CONFIG;
    }
    if (act == STANDBY_ENDS_LEADER)
        end_leader(s, seen.now_ns);
    if (s->judge.left)
        instance_lock_tell_left(&s->judge.leader, s->judge.alert, sizeof(s->judge.alert));
    standby_tell(&s->tell, s->judge.line, s->judge.alert);
    return ERR_STATE;
}

enum err standby_wait(const struct standby_config *config, int *fd, char *why, size_t why_size)
{
    struct standby s = {.config = config};
    struct standby_eyes eyes = {.arg = &s, .lives = look_lives, .heartbeat = look_heartbeat};
    enum err err = ERR_STATE;

    s.follow = standby_follow_new(config->data_dir, config->account);
    if (s.follow == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    standby_judge_start(&s.judge, config, &eyes, instance_lock_is_remote(config->data_dir),
                        clock_monotonic_ns());
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
    if (err == ERR_OK && s.judge.followed)
        fprintf(stderr, "flowdeck: takes over from pid %d\n", (int)s.judge.leader.pid);
    return err;
}
