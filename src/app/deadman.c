#include "app/deadman.h"

#include "app/kill_latch.h"
#include "app/proc_look.h"
#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "plugin/plugin_quarantine.h"
#include "store/journal_io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS    INT64_C(1000000)
#define NAME         "flowdeck-deadman"
#define STOP_TRIES   100
#define ANSWER_TRIES 5000
#define KEEP_FDS     3
#define REPORT_FILE  "deadman.log"
/* Ends a sequence that was cut; out of the alternate screen, cursor on, colours and mouse, focus and paste modes off. */
#define SANE_TERMINAL                                                                                        \
    "\033\\\033[?1000l\033[?1002l\033[?1006l\033[?1004l\033[?2004l\033[?2026l\033[0m\033[?25h\033[?1049l"

struct watch { /* of the dead man's own process */
    struct deadman_config config;
    int leader_fd; /* pidfd */
    pid_t leader;
    bool has_terminal;
    struct termios terminal;
    char why[LIFE_WHY_MAX]; /* why it ended the leader; "": it did not */
    uint32_t late_owner;
};

/* --- while the leader lives --------------------------------------------------------------------------------- */

static bool is_stopped(pid_t pid)
{
    struct proc_look look;

    return proc_look(pid, &look) && proc_is_stopped(look.state);
}

/* Where /proc hides it a stop is no excuse: one that hangs must be ended, and one that was stopped loses nothing by it. */
static void tell_unseen(struct watch *watch)
{
    struct proc_look look;
    size_t used = strlen(watch->why);

    if (!proc_look(watch->leader, &look))
        snprintf(watch->why + used, sizeof(watch->why) - used, " (or was stopped: /proc hides it)");
}

static const char *owner_name(const struct life_page *page, uint32_t owner)
{
    return owner < OWNERS_MAX && page->owner[owner].name[0] != '\0' ? page->owner[owner].name : "?";
}

/* A reason to end the leader, in watch->why. */
static bool is_hung(struct watch *watch)
{
    struct life_page *page = watch->config.page;
    uint32_t owner = atomic_load_explicit(&page->in_callback, memory_order_acquire);
    int64_t now_ns = clock_monotonic_ns();
    int64_t since_ns = atomic_load_explicit(&page->in_callback_ns, memory_order_relaxed);
    int64_t beat_ns = atomic_load_explicit(&page->heartbeat_ns, memory_order_relaxed);

    if (owner != 0 && now_ns - since_ns >= watch->config.late_ms * NS_PER_MS) {
        watch->late_owner = owner;
        snprintf(watch->why, sizeof(watch->why), "strategy %s did not return from a callback for %d ms",
                 owner_name(page, owner), watch->config.late_ms);
        return true;
    }
    if (owner == 0 && watch->config.heartbeat_ms > 0 && beat_ns != 0 &&
        now_ns - beat_ns >= watch->config.heartbeat_ms * NS_PER_MS) {
        snprintf(watch->why, sizeof(watch->why), "the engine's loop stood still for %d ms",
                 watch->config.heartbeat_ms);
        return true;
    }
    return false;
}

/* DEADMAN's self-test: a leader that lives is left alone, one that is as late as can be borne is not. */
static bool proves_itself(const struct deadman_config *config)
{
    struct life_page *dry = life_page_new();
    struct watch watch = {.config = *config};
    bool ok = dry != NULL;
    int64_t now_ns = clock_monotonic_ns();

    watch.config.page = dry;
    if (ok) {
        atomic_store(&dry->heartbeat_ns, now_ns);
        life_page_enter(dry, 1, now_ns);
        ok = !is_hung(&watch);
        life_page_enter(dry, 1, now_ns - config->late_ms * NS_PER_MS);
        ok = ok && is_hung(&watch);
        life_page_leave(dry);
        ok = ok && !is_hung(&watch);
        atomic_store(&dry->heartbeat_ns, now_ns - config->heartbeat_ms * NS_PER_MS);
        ok = ok && is_hung(&watch) == (config->heartbeat_ms > 0);
    }
    life_page_free(dry);
    return ok;
}

/* Until the leader is gone. One that was stopped gets its time anew when it goes on. */
static void watch_leader(struct watch *watch)
{
    struct pollfd leader = {.fd = watch->leader_fd, .events = POLLIN};
    int64_t spared_until_ns = 0;

    while (poll(&leader, 1, DEADMAN_LOOK_MS) <= 0) {
        atomic_store_explicit(&watch->config.page->watcher_ns, clock_monotonic_ns(), memory_order_relaxed);
        if (!is_hung(watch))
            continue;
        if (is_stopped(watch->leader))
            spared_until_ns = clock_monotonic_ns() + watch->config.late_ms * NS_PER_MS;
        if (clock_monotonic_ns() < spared_until_ns) {
            watch->why[0] = '\0';
            watch->late_owner = 0;
            continue;
        }
        tell_unseen(watch);
        atomic_store(&watch->config.page->kill, true);
        syscall(SYS_pidfd_send_signal, watch->leader_fd, SIGKILL, NULL, 0);
        poll(&leader, 1, -1);
        return;
    }
}

/* --- after its death ---------------------------------------------------------------------------------------- */

static FILE *open_append(const char *data_dir, const char *name)
{
    char path[1200];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", data_dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    return fd < 0 ? NULL : fdopen(fd, "a");
}

/* Why the leader died: by us, by a crash in somebody's code, or nobody knows. */
static void name_cause(struct watch *watch, uint32_t *culprit)
{
    struct life_page *page = watch->config.page;
    int crash = atomic_load(&page->crash_signal), taken_by = atomic_load(&page->taken_by);
    uint32_t owner = atomic_load(&page->crash_owner);

    *culprit = watch->late_owner;
    if (watch->why[0] != '\0')
        return;
    if (crash == 0 && taken_by != 0) { /* whose code it was stopped in says nothing */
        snprintf(watch->why, sizeof(watch->why), "its standby (pid %d) has ended it and takes over",
                 taken_by);
        return;
    }
    if (crash == 0) /* a callback that ends the process itself leaves its mark, too */
        owner = atomic_load(&page->in_callback);
    *culprit = owner;
    if (crash != 0 && owner != 0)
        snprintf(watch->why, sizeof(watch->why), "strategy %s crashed: %s", owner_name(page, owner),
                 strsignal(crash));
    else if (crash != 0)
        snprintf(watch->why, sizeof(watch->why), "the program crashed: %s", strsignal(crash));
    else if (owner != 0)
        snprintf(watch->why, sizeof(watch->why), "strategy %s ended the process", owner_name(page, owner));
    else
        snprintf(watch->why, sizeof(watch->why), "the process ended without a goodbye");
}

/* The next start does not load it. */
static void quarantine(const struct watch *watch, uint32_t culprit)
{
    const struct life_owner *owner;
    char file[1200], path[LIFE_PATH_MAX * 2];

    if (culprit == 0 || culprit >= OWNERS_MAX || watch->config.data_dir[0] == '\0')
        return;
    owner = &watch->config.page->owner[culprit];
    if (owner->path[0] == '\0') /* built in: it cannot be left out by a file */
        return;
    snprintf(file, sizeof(file), "%s/" PLUGIN_QUARANTINE_NAME, watch->config.data_dir);
    safe_text(owner->path, strlen(owner->path), path, sizeof(path));
    plugin_quarantine_add(file, owner->sha256, path, watch->why);
}

static int cancel_left(const struct watch *watch, FILE *report, int *open)
{
    const struct deadman_gateway *gateway = &watch->config.gateway;
    int cancelled = 0;

    *open = 0;
    for (size_t i = 0; i < LIFE_ORDERS_MAX; i++) {
        const struct life_order *order = &watch->config.page->order[i];
        uint64_t seq = atomic_load(&order->seq);
        char left[DECIMAL_TEXT_SIZE], price[DECIMAL_TEXT_SIZE];
        bool done;

        if (seq == 0)
            continue;
        ++*open;
        done = gateway->cancel == NULL || gateway->cancel(gateway->arg, order);
        cancelled += done;
        decimal_format_trim(order->left_e8, DECIMAL_E8_DIGITS, left);
        decimal_format_trim(order->price_e8, DECIMAL_E8_DIGITS, price);
        if (report != NULL)
            fprintf(report, "  order %" PRIu64 " %s %s left %s @ %s: %s\n", seq, order->symbol,
                    side_word(order->side), left, price, done ? "cancelled" : "NOT cancelled");
    }
    return cancelled;
}

static void restore_terminal(const struct watch *watch)
{
    if (!watch->has_terminal || !atomic_load(&watch->config.page->has_screen))
        return;
    tcsetattr(STDOUT_FILENO, TCSANOW, &watch->terminal);
    if (write(STDOUT_FILENO, SANE_TERMINAL, sizeof(SANE_TERMINAL) - 1) < 0)
        return;
}

/* A crash stops sending by the same flag, but is no kill. */
static bool kill_was_asked_for(struct life_page *page)
{
    return atomic_load(&page->kill) && !atomic_load(&page->crash_kill);
}

/* Somebody is there to lead on: a latch would only hold him. */
static bool is_taken_over(const struct watch *watch)
{
    return atomic_load(&watch->config.page->taken_by) != 0;
}

/* The journal has nobody any more who would write into its reserve; the next start makes it anew or not at all. */
static bool latch_kill(const struct deadman_config *config, const struct kill_latch *latch, char *why,
                       size_t why_size)
{
    if (kill_latch_write(config->data_dir, latch, why, why_size) == ERR_OK)
        return true;
    return journal_io_is_full(errno) && config->reserve != NULL && unlink(config->reserve) == 0 &&
           kill_latch_write(config->data_dir, latch, why, why_size) == ERR_OK;
}

static void clear_up(struct watch *watch)
{
    const struct deadman_config *config = &watch->config;
    struct kill_latch found, latch = {.at_ns = kill_latch_now_ns(), .who = "dead man"};
    char why[256] = "", at[32];
    uint32_t culprit;
    int open, cancelled;
    FILE *report = config->data_dir[0] == '\0' ? NULL : open_append(config->data_dir, REPORT_FILE);

    name_cause(watch, &culprit);
    clock_format_iso(latch.at_ns, at);
    if (report != NULL)
        fprintf(report, "%s %s\n", at, watch->why);
    cancelled = cancel_left(watch, report, &open);
    snprintf(latch.why, sizeof(latch.why), "%.110s; %d of %d orders cancelled", watch->why, cancelled, open);
    if (config->data_dir[0] != '\0' && !kill_latch_read(config->data_dir, &found) &&
        (culprit != 0 || (config->live && !is_taken_over(watch)) || kill_was_asked_for(config->page)) &&
        !latch_kill(config, &latch, why, sizeof(why)) && report != NULL)
        fprintf(report, "  %s\n", why);
    quarantine(watch, culprit);
    if (report != NULL) {
        fflush(report);
        fsync(fileno(report));
        fclose(report);
    }
    restore_terminal(watch);
    dprintf(STDERR_FILENO, "flowdeck: %s; %d of %d open orders cancelled\n", watch->why, cancelled, open);
}

/* --- life --------------------------------------------------------------------------------------------------- */

static void leave_leader(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigset_t none;

    for (int number = 1; number < NSIG; number++) /* it ends by its own rules alone */
        sigaction(number, &action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    prctl(PR_SET_NAME, NAME);
}

/* All but the standard ones and these two. */
static void close_others(int one, int other)
{
    unsigned low = (unsigned)(one < other ? one : other), high = (unsigned)(one < other ? other : one);

    if (low < KEEP_FDS)
        low = KEEP_FDS - 1;
    if (low > KEEP_FDS)
        close_range(KEEP_FDS, low - 1, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    close_range(high + 1, ~0U, 0);
}

static _Noreturn void run(struct watch *watch)
{
    leave_leader();
    close_others(watch->leader_fd, watch->config.keep_fd);
    if (!proves_itself(&watch->config)) {
        atomic_store(&watch->config.page->watcher, LIFE_FAILED);
        _exit(1);
    }
    atomic_store(&watch->config.page->watcher_pid, (int32_t)getpid());
    atomic_store(&watch->config.page->watcher, LIFE_WATCHES);
    watch_leader(watch);
    if (!atomic_load(&watch->config.page->clean_end))
        clear_up(watch);
    if (watch->config.page_path != NULL)
        life_page_remove(watch->config.page_path);
    _exit(0);
}

/* A watcher that was forked need not be one that watches. */
static bool answers(struct life_page *page)
{
    for (int i = 0; i < ANSWER_TRIES && atomic_load(&page->watcher) == LIFE_NOBODY; i++)
        usleep(1000);
    return atomic_load(&page->watcher) == LIFE_WATCHES;
}

/* As it was before a screen was drawn: a second dead man begins behind it. */
static bool first_terminal(struct termios *out)
{
    static bool known, there;
    static struct termios first;

    if (!known)
        there = tcgetattr(STDOUT_FILENO, &first) == 0;
    known = true;
    *out = first;
    return there;
}

enum err deadman_start(const struct deadman_config *config, pid_t *pid, char *why, size_t why_size)
{
    struct watch watch = {.config = *config, .leader = getpid()};

    if (watch.config.late_ms == 0)
        watch.config.late_ms = DEADMAN_LATE_MS;
    watch.has_terminal = first_terminal(&watch.terminal);
    watch.leader_fd = (int)syscall(SYS_pidfd_open, watch.leader, 0);
    if (watch.leader_fd < 0 || (*pid = fork()) < 0) {
        snprintf(why, why_size, "cannot start the dead-man process: %s", strerror(errno));
        if (watch.leader_fd >= 0)
            close(watch.leader_fd);
        return ERR_IO;
    }
    if (*pid == 0)
        run(&watch);
    close(watch.leader_fd);
    if (answers(config->page))
        return ERR_OK;
    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
    snprintf(why, why_size, "the dead-man process %s",
             atomic_load(&config->page->watcher) == LIFE_FAILED ? "failed its self-test" : "does not answer");
    return ERR_STATE;
}

void deadman_stop(struct life_page *page, pid_t pid)
{
    if (pid <= 0)
        return;
    atomic_store(&page->clean_end, true);
    /* It sleeps until we are gone; a leader that lives on (a test) lets it go by hand. */
    kill(pid, SIGKILL);
    for (int i = 0; i < STOP_TRIES && waitpid(pid, NULL, WNOHANG) == 0; i++)
        usleep(1000);
}
