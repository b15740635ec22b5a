#include "tui/terminal.h"

#include "core/base/clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)

/*
 * What a signal handler needs to give the terminal back, written out beforehand. `armed` is set last and taken first, so that
 * of several who want to restore (a handler, another thread's handler, exit) just one does.
 */
static struct {
    atomic_bool armed;
    int fd;
    struct termios before;
    char leave[TERMINAL_LEAVE_MAX];
    size_t leave_size;
} rescue;

/* --- what is written on entering and leaving --------------------------------------------------------------- */

static void enter_modes(struct terminal *terminal)
{
    struct sink *out = &terminal->out;

    if (terminal->modes.alternate)
        sink_text(out, terminal->info->cap[CAP_SCREEN_ENTER]);
    if (!terminal->info->ansi)
        return;
    if (terminal->modes.paste)
        sink_text(out, "\033[?2004h");
    if (terminal->modes.focus)
        sink_text(out, "\033[?1004h");
    if (terminal->modes.mouse)
        sink_text(out, "\033[?1000h\033[?1006h");
}

/*
 * Everything off, whatever was on: mouse may have been switched since. ESC \ first ends whatever sequence a cut write left
 * open. Without an alternate screen the cursor goes to a fresh line at the bottom.
 */
static void leave_prepare(struct terminal *terminal, int rows)
{
    const struct terminfo *info = terminal->info;
    struct sink leave = {rescue.leave, 0, sizeof(rescue.leave)};
    char move[TERMINFO_PARAM_MAX];
    bool alternate = terminal->modes.alternate && info->cap[CAP_SCREEN_LEAVE] != NULL;

    if (info->ansi)
        sink_text(&leave, "\033\\\033[?2026l");
    if (info->ansi && info->cap[CAP_REGION] != NULL)
        sink_text(&leave, "\033[r"); /* a frame that was cut while it moved rows */
    sink_text(&leave, info->cap[CAP_RESET]);
    if (info->ansi)
        sink_text(&leave, "\033[?1006l\033[?1000l");
    if (info->ansi && terminal->modes.focus)
        sink_text(&leave, "\033[?1004l");
    if (info->ansi && terminal->modes.paste)
        sink_text(&leave, "\033[?2004l");
    sink_text(&leave, info->cap[CAP_CURSOR_SHOW]);
    if (!alternate) {
        sink_put(&leave, move, terminfo_param(info, CAP_MOVE, rows - 1, 0, move));
        sink_text(&leave, info->cap[CAP_ERASE_LINE]);
    } else {
        sink_text(&leave, info->cap[CAP_SCREEN_LEAVE]);
        sink_text(&leave, info->cap[CAP_CURSOR_SHOW]); /* entered twice, some bring a hidden one back */
    }
    rescue.leave_size = leave.size;
}

/* --- giving it back ---------------------------------------------------------------------------------------- */

/*
 * Writes all, waiting for room until limit_ms are over; then throws away what the terminal has not taken and tries
 * once more, because a stopped terminal must not keep its modes for ever. Async-signal-safe.
 */
static void write_all(int fd, const char *bytes, size_t size, int limit_ms)
{
    size_t done = 0;
    bool thrown_away = false;

    while (done < size) {
        ssize_t count = write(fd, bytes + done, size - done);
        struct pollfd watched = {.fd = fd, .events = POLLOUT};

        if (count > 0) {
            done += (size_t)count;
            continue;
        }
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno != EAGAIN)
            return;
        if (poll(&watched, 1, limit_ms) > 0 && (watched.revents & POLLOUT))
            continue;
        if (thrown_away)
            return;
        thrown_away = true;
        tcflush(fd, TCOFLUSH);
        done = 0;
    }
}

void terminal_restore_signal_safe(void)
{
    int saved_errno = errno;
    sigset_t quiet, before;

    if (atomic_exchange(&rescue.armed, false)) {
        sigemptyset(&quiet);
        sigaddset(&quiet, SIGTTOU); /* in the background we would be stopped for it */
        pthread_sigmask(SIG_BLOCK, &quiet, &before);
        tcsetattr(rescue.fd, TCSANOW,
                  &rescue.before); /* first: it needs no room, and the last words its newlines */
        write_all(rescue.fd, rescue.leave, rescue.leave_size, TERMINAL_CLOSE_MS);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    errno = saved_errno;
}

/* --- opening and closing ----------------------------------------------------------------------------------- */

static int open_tty(const char *tty_path, char why[TERMINAL_WHY_SIZE])
{
    const int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    char name[128];
    int fd;

    if (tty_path == NULL && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
        snprintf(why, TERMINAL_WHY_SIZE,
                 "stdin and stdout must be a terminal; without one: --headless, with --execute FILE to give "
                 "commands");
        return -1;
    }
    if (tty_path == NULL)
        tty_path = ttyname_r(STDOUT_FILENO, name, sizeof(name)) == 0 ? name : "/dev/tty";
    fd = open(tty_path, flags);
    if (fd < 0)
        fd = open("/dev/tty", flags); /* another user's terminal, after su */
    if (fd < 0)
        snprintf(why, TERMINAL_WHY_SIZE, "%.100s: %s", tty_path, strerror(errno));
    return fd;
}

/* Bytes as they come, both ways: Ctrl-C, Ctrl-Z, Ctrl-S are keys, and a line feed is a line feed. */
static struct termios raw_mode(const struct termios *before)
{
    struct termios raw = *before;

    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    raw.c_cflag |= CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return raw;
}

static void register_exit(void)
{
    static bool registered;

    if (!registered)
        registered = atexit(terminal_restore_signal_safe) == 0;
}

enum err terminal_open(struct terminal *terminal, const char *tty_path, const struct terminfo *info,
                       struct terminal_modes modes, size_t buffer_size, char why[TERMINAL_WHY_SIZE])
{
    struct termios raw;
    int rows, cols;

    assert(!atomic_load(&rescue.armed));
    *terminal = (struct terminal){.fd = open_tty(tty_path, why), .info = info, .modes = modes};
    if (terminal->fd < 0)
        return ERR_IO;
    terminal->out.bytes = malloc(buffer_size);
    terminal->out.room = buffer_size;
    if (terminal->out.bytes == NULL || tcgetattr(terminal->fd, &terminal->before) != 0) {
        snprintf(why, TERMINAL_WHY_SIZE, "%s", terminal->out.bytes == NULL ? "no memory" : strerror(errno));
        free(terminal->out.bytes);
        close(terminal->fd);
        return ERR_IO;
    }
    terminal_size(terminal->fd, &rows, &cols);
    rescue.fd = terminal->fd;
    rescue.before = terminal->before;
    leave_prepare(terminal, rows);
    register_exit();
    atomic_store(&rescue.armed, true);

    raw = raw_mode(&terminal->before);
    tcsetattr(terminal->fd, TCSANOW, &raw);
    enter_modes(terminal);
    return ERR_OK;
}

/* What waits gets its time; a frame cut in the middle does no harm, since leaving clears. */
static void drain(struct terminal *terminal)
{
    int64_t end_ms = clock_monotonic_ns() / NS_PER_MS + TERMINAL_CLOSE_MS;

    while (terminal_flush(terminal) == TERMINAL_WAITS) {
        struct pollfd watched = {.fd = terminal->fd, .events = POLLOUT};
        int64_t left_ms = end_ms - clock_monotonic_ns() / NS_PER_MS;

        if (left_ms <= 0 || poll(&watched, 1, (int)left_ms) <= 0)
            return;
    }
}

/*
 * The words go out in one piece with the leaving, so that a stopped terminal cannot lose the one to the other. Too long ones
 * are cut.
 */
static void leave_with_words(const char *words)
{
    struct sink leave = {rescue.leave, rescue.leave_size, sizeof(rescue.leave)};
    size_t size = strlen(words), room = leave.room - leave.size;

    sink_put(&leave, words, size < room ? size : room);
    rescue.leave_size = leave.size;
}

void terminal_close(struct terminal *terminal, const char *last_words)
{
    drain(terminal);
    if (last_words != NULL)
        leave_with_words(last_words);
    terminal_restore_signal_safe();
    tcflush(terminal->fd, TCIFLUSH); /* keys typed meanwhile are not for the shell */
    close(terminal->fd);
    free(terminal->out.bytes);
    *terminal = (struct terminal){.fd = -1, .gone = true};
}

bool terminal_reserve(struct terminal *terminal, size_t buffer_size)
{
    char *bytes;

    if (buffer_size <= terminal->out.room)
        return true;
    bytes = realloc(terminal->out.bytes, buffer_size);
    if (bytes == NULL)
        return false;
    terminal->out.bytes = bytes;
    terminal->out.room = buffer_size;
    return true;
}

/* --- bytes -------------------------------------------------------------------------------------------------- */

struct sink *terminal_sink(struct terminal *terminal)
{
    return &terminal->out;
}

bool terminal_waits(const struct terminal *terminal)
{
    return terminal->out.size > terminal->written;
}

enum terminal_flush terminal_flush(struct terminal *terminal)
{
    while (!terminal->gone && terminal->written < terminal->out.size) {
        ssize_t count = write(terminal->fd, terminal->out.bytes + terminal->written,
                              terminal->out.size - terminal->written);

        if (count > 0) {
            terminal->written += (size_t)count;
            terminal->bytes += (uint64_t)count;
        } else if (count < 0 && errno == EAGAIN) {
            return TERMINAL_WAITS;
        } else if (count == 0 || errno != EINTR) {
            terminal->gone = true; /* EIO: hung up */
        }
    }
    terminal->out.size = terminal->written = 0;
    return terminal->gone ? TERMINAL_GONE : TERMINAL_EMPTY;
}

void terminal_set_mouse(struct terminal *terminal, bool on)
{
    if (!terminal->info->ansi || terminal->modes.mouse == on)
        return;
    terminal->modes.mouse = on;
    sink_text(&terminal->out, on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

static int environ_figure(const char *name)
{
    const char *text = getenv(name);
    long value = text == NULL ? 0 : strtol(text, NULL, 10);

    return value > 0 && value <= 10000 ? (int)value : 0;
}

bool terminal_resume(struct terminal *terminal)
{
    struct termios raw = raw_mode(&terminal->before);

    if (terminal->gone || tcgetpgrp(terminal->fd) != getpgrp())
        return false;
    tcsetattr(terminal->fd, TCSANOW, &raw);
    enter_modes(terminal); /* a few bytes behind what waits */
    return true;
}

void terminal_size(int fd, int *rows, int *cols)
{
    struct winsize size = {0};

    if (ioctl(fd, TIOCGWINSZ, &size) != 0)
        size = (struct winsize){0};
    *rows = size.ws_row > 0 ? size.ws_row : environ_figure("LINES");
    *cols = size.ws_col > 0 ? size.ws_col : environ_figure("COLUMNS");
    if (*rows <= 0)
        *rows = 24;
    if (*cols <= 0)
        *cols = 80;
}
