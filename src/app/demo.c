#include "app/demo.h"

#include "core/base/safe_text.h"
#include "sim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS   10000
#define HISTORY_S  600
#define STOP_TRIES 100 /* of 20 ms, then it is killed */
#define REFUSED    '!' /* and FULL_DISK: before a line that says why there is no exchange */
#define FULL_DISK  '#'

static atomic_bool child_stop;

static void on_end(int number)
{
    (void)number;
    atomic_store_explicit(&child_stop, true, memory_order_relaxed);
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

enum err demo_presets(struct config *config, char why[CONFIG_WHY_SIZE])
{
    static const char *const preset[][2] = {
        {"strategy.ofi.threshold", "0.9"},       {"strategy.ofi.exit", "0.9"},
        {"strategy.ofi.hold_max_ms", "1800000"}, {"strategy.ofi.take_profit_bp", "25"},
        {"strategy.ofi.stop_loss_bp", "60"},     {"strategy.ofi.cooldown_ms", "60000"}};
    enum err err = ERR_OK;

    for (size_t i = 0; i < sizeof(preset) / sizeof(preset[0]); i++)
        if (config_source(config, preset[i][0], NULL, NULL) != OPTION_FROM_DEFAULT)
            return ERR_OK; /* they belong together: whoever sets one has a plan of their own */
    for (size_t i = 0; i < sizeof(preset) / sizeof(preset[0]) && err == ERR_OK; i++)
        err = config_set_demo(config, preset[i][0], preset[i][1], why);
    return err;
}

/* --- the child ------------------------------------------------------------------------------------------------- */

/* The terminal is the workstation's: nothing of the child may reach it. */
static void leave_terminal(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd <= 2 && null >= 0; fd++)
        dup2(null, fd);
    setpgid(0, 0); /* whoever ends the group ends the workstation first, with its books as they are */
    signal(SIGINT, SIG_IGN); /* a key of the terminal is not meant for it */
    signal(SIGHUP, SIG_IGN); /* its parent tells it when to end, and dies with it */
    signal(SIGTSTP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_end);
}

/* Nor do its parent's files: a lock that the child kept would outlive its holder. */
static void leave_files(int ready_fd)
{
    if (ready_fd > 3)
        close_range(3, (unsigned)ready_fd - 1, 0);
    close_range((unsigned)ready_fd + 1, ~0U, 0);
}

static void tell_address(void *arg, const char *address)
{
    char line[128];
    int size = snprintf(line, sizeof(line), "%s\n", address);

    if (write(*(const int *)arg, line, (size_t)size) != size)
        _exit(2); /* nobody waits for it any more */
}

static _Noreturn void run_child(const struct demo_config *config, const char *folder, pid_t parent,
                                int ready_fd)
{
    struct sim_server_config server = {.listen = "127.0.0.1:0",
                                       .data_dir = folder,
                                       .seed = config->seed,
                                       .symbols = config->symbols,
                                       .symbol_count = config->symbol_count,
                                       .history_s = config->no_past ? 0 : HISTORY_S,
                                       .speed_x1000 = 1000,
                                       .die_with_parent = true,
                                       .parent_pid = parent,
                                       .ready_fd = config->at_once ? -1 : ready_fd,
                                       .listening = tell_address,
                                       .arg = &ready_fd,
                                       .stop = &child_stop};
    char why[256], line[300];
    enum err err;

    leave_terminal();
    leave_files(ready_fd);
    err = sim_server_run(&server, why, sizeof(why));
    if (err != ERR_OK) {
        int size = snprintf(line, sizeof(line), "%c%s\n", err == ERR_STORAGE ? FULL_DISK : REFUSED, why);

        if (write(ready_fd, line, (size_t)size) != size)
            _exit(2);
        _exit(1);
    }
    _exit(0);
}

/* --- the parent ------------------------------------------------------------------------------------------------ */

/* A line of the child's, without its newline. */
static enum err read_line(int fd, char *line, size_t size, char *why, size_t why_size)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t used = 0;

    while (used + 1 < size) {
        ssize_t got;
        int polled = poll(&ready, 1, START_MS);

        if (polled < 0 && errno == EINTR)
            continue;
        if (polled == 0) {
            snprintf(why, why_size, "the built-in exchange did not start within %d s", START_MS / 1000);
            return ERR_IO;
        }
        got = read(fd, line + used, 1); /* a second line is not for us */
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            snprintf(why, why_size, "the built-in exchange ended at once");
            return ERR_IO;
        }
        used += (size_t)got;
        line[used] = '\0';
        if (line[used - 1] == '\n') {
            line[used - 1] = '\0';
            return ERR_OK;
        }
    }
    snprintf(why, why_size, "the built-in exchange told too much");
    return ERR_IO;
}

static enum err read_told(int fd, char *line, size_t size, char *why, size_t why_size)
{
    enum err err = read_line(fd, line, size, why, why_size);

    if (err != ERR_OK || (line[0] != REFUSED && line[0] != FULL_DISK))
        return err;
    safe_text(line + 1, strlen(line + 1), why, why_size);
    return line[0] == FULL_DISK ? ERR_STORAGE : ERR_USAGE;
}

/* Its address; then, where its market is waited for, that this is open. */
static enum err wait_for_child(int fd, const char *folder, bool at_once, struct demo *out, char *why,
                               size_t why_size)
{
    char line[PATH_TEXT_MAX + 32];
    enum err err = read_told(fd, line, sizeof(line), why, why_size);

    if (err != ERR_OK)
        return err;
    snprintf(out->rest_url, sizeof(out->rest_url), "https://%.64s", line);
    snprintf(out->stream_url, sizeof(out->stream_url), "wss://%.64s", line);
    snprintf(out->ca_file, sizeof(out->ca_file), "%s/ca.pem", folder);
    return at_once ? ERR_OK : read_told(fd, line, sizeof(line), why, why_size);
}

enum err demo_start(const struct demo_config *config, struct demo *out, char *why, size_t why_size)
{
    char folder[PATH_TEXT_MAX - sizeof("/ca.pem")];
    pid_t parent = getpid();
    int pipe_fd[2];
    enum err err;

    memset(out, 0, sizeof(*out));
    out->alive_fd = -1;
    if ((size_t)snprintf(folder, sizeof(folder), "%s/exchange", config->data_dir) >= sizeof(folder) ||
        (mkdir(folder, 0700) != 0 && errno != EEXIST)) {
        snprintf(why, why_size, "cannot make the built-in exchange's folder: %s", strerror(errno));
        return ERR_STORAGE;
    }
    if (pipe2(pipe_fd, O_CLOEXEC) != 0 || (out->pid = fork()) < 0) {
        snprintf(why, why_size, "cannot start the built-in exchange: %s", strerror(errno));
        out->pid = 0;
        return ERR_IO;
    }
    if (out->pid == 0) {
        close(pipe_fd[0]);
        run_child(config, folder, parent, pipe_fd[1]);
    }
    close(pipe_fd[1]);
    err = wait_for_child(pipe_fd[0], folder, config->at_once, out, why, why_size);
    out->alive_fd = pipe_fd[0];
    if (err != ERR_OK)
        demo_stop(out);
    return err;
}

static void end_child(pid_t pid)
{
    if (waitpid(pid, NULL, WNOHANG) != 0)
        return; /* gone before, its number may be another's by now */
    kill(pid, SIGTERM);
    for (int i = 0; i < STOP_TRIES; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return;
        usleep(20000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

void demo_stop(struct demo *demo)
{
    if (demo->pid <= 0)
        return;
    end_child(demo->pid);
    if (demo->alive_fd >= 0)
        close(demo->alive_fd);
    demo->pid = 0;
    demo->alive_fd = -1;
}

bool demo_has_ended(int alive_fd)
{
    struct pollfd alive = {.fd = alive_fd, .events = POLLIN};

    return alive_fd >= 0 && poll(&alive, 1, 0) > 0;
}
