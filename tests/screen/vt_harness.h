/*
 * vt_harness.h - a program in a terminal of our own: starts it in a pty, feeds what it writes into libvterm, types
 * keys, waits for text or silence, and tells what a user would see: rows, colours, cursor, modes, and the state of
 * the terminal after the program has gone.
 *
 *     struct vt *vt = vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv});
 *     vt_expect(vt, "NEXT", 5000);
 *     vt_send(vt, "u");
 *     vt_settle(vt, 150, 2000);
 *     golden_compare("trade-80x24", vt_text(vt));
 *     vt_send(vt, "q");
 *     assert_true(vt_wait_exit(vt, 5000) && vt_is_sane(vt));
 *     vt_free(vt);
 *
 * Header only: a test is one file. Every wait is bounded. libvterm must be linked (-lvterm -lutil).
 */
#ifndef SCREEN_VT_HARNESS_H
#define SCREEN_VT_HARNESS_H

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define VT_RAW_MAX     (1 << 22) /* bytes of output kept for tests that look at them */
#define VT_ENV_MAX     64
#define VT_TAIL_MAX    32
#define VT_ANSWERS_MAX 4096

struct vt_options {
    int rows, cols;
    const char *const *argv; /* NULL-ended; argv[0] is looked up in PATH */
    const char *const
        *env; /* NULL-ended "NAME=value", beside TERM, LANG, PATH, HOME; a bare "NAME" removes one of those */
    bool keep_raw;   /* keep the bytes for vt_raw() */
    bool mute;       /* do not answer questions (CSI 6n ...), as a dumb line would not */
    int bytes_per_s; /* of the line the program's output comes over; 0: as fast as it is read */
    int answer_ms;   /* each byte of an answer comes so long after the one before; 0: together */
};

struct vt {
    pid_t pid;
    int master, slave; /* slave is kept open: its modes are looked at when the program has gone */
    VTerm *vterm;
    VTermScreen *screen;
    int rows, cols;
    int bytes_per_s;
    char half[4]; /* of a character whose rest is still to come */
    size_t half_size;
    int answer_ms;
    bool typing;                  /* set by a test between the pieces of what it types */
    char answers[VT_ANSWERS_MAX]; /* still to be sent */
    size_t answers_size;
    int64_t answered_ms;
    int64_t line_us; /* the time up to which the line has carried bytes */
    bool mute, gone, exited;
    int status; /* of waitpid() */
    struct termios before;
    bool alternate, cursor_visible;
    int mouse; /* VTERM_PROP_MOUSE_* */
    bool paste_brackets, focus_reports, sync_update;
    char title[256];
    uint64_t bytes; /* written by the program */
    int64_t heard_ms;
    char tail[VT_TAIL_MAX]; /* of the output, for modes libvterm does not tell */
    char *text;
    char *raw;
    size_t raw_size;
};

static inline int64_t vt_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t vt_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int vt_on_prop(VTermProp prop, VTermValue *value, void *user)
{
    struct vt *vt = (struct vt *)user;

    if (prop == VTERM_PROP_ALTSCREEN)
        vt->alternate = value->boolean != 0;
    else if (prop == VTERM_PROP_CURSORVISIBLE)
        vt->cursor_visible = value->boolean != 0;
    else if (prop == VTERM_PROP_MOUSE)
        vt->mouse = value->number;
    else if (prop == VTERM_PROP_TITLE)
        snprintf(vt->title, sizeof(vt->title), "%s", value->string);
    return 1;
}

static inline void vt_env_set(char *env[VT_ENV_MAX], const char *entry)
{
    const char *equals = strchr(entry, '=');
    size_t name = equals == NULL ? strlen(entry) : (size_t)(equals - entry);
    int at = 0;

    while (env[at] != NULL && !(strncmp(env[at], entry, name) == 0 && env[at][name] == '='))
        at++;
    assert_true(at < VT_ENV_MAX - 1);
    if (equals != NULL) {
        free(env[at]);
        env[at] = strdup(entry);
    } else if (env[at] != NULL) {
        free(env[at]);
        for (; env[at] != NULL; at++)
            env[at] = env[at + 1];
    }
}

static inline void vt_env_inherit(char *env[VT_ENV_MAX], const char *name)
{
    const char *value = getenv(name);
    char entry[4096];

    if (value != NULL && snprintf(entry, sizeof(entry), "%s=%s", name, value) < (int)sizeof(entry))
        vt_env_set(env, entry);
}

static inline void vt_child(const struct vt *vt, const struct vt_options *options, char *env[VT_ENV_MAX])
{
    setsid();
    ioctl(vt->slave, TIOCSCTTY, 0);
    dup2(vt->slave, 0);
    dup2(vt->slave, 1);
    dup2(vt->slave, 2);
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    signal(SIGPIPE, SIG_DFL);
    execvpe(options->argv[0], (char *const *)(uintptr_t)options->argv, env);
    _exit(127);
}

static inline void vt_environ(const struct vt_options *options, char *env[VT_ENV_MAX])
{
    static const char *const inherited[] = {"PATH",         "HOME",          "TMPDIR",
                                            "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};

    vt_env_set(env, "TERM=xterm-256color");
    vt_env_set(env, "LANG=C.UTF-8");
    for (size_t i = 0; i < sizeof(inherited) / sizeof(inherited[0]); i++)
        vt_env_inherit(env, inherited[i]);
    for (size_t i = 0; options->env != NULL && options->env[i] != NULL; i++)
        vt_env_set(env, options->env[i]);
}

static inline struct vt *vt_start(const struct vt_options *options)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = vt_on_prop};
    struct winsize size = {(unsigned short)options->rows, (unsigned short)options->cols, 0, 0};
    struct vt *vt = calloc(1, sizeof(*vt));
    char *env[VT_ENV_MAX] = {NULL};

    assert_non_null(vt);
    vt->rows = options->rows;
    vt->cols = options->cols;
    vt->mute = options->mute;
    vt->bytes_per_s = options->bytes_per_s;
    vt->answer_ms = options->answer_ms;
    vt->cursor_visible = true;
    vt->raw = options->keep_raw ? malloc(VT_RAW_MAX) : NULL;
    assert_int_equal(openpty(&vt->master, &vt->slave, NULL, NULL, &size), 0);
    tcgetattr(vt->slave, &vt->before);
    fcntl(vt->master, F_SETFL, O_NONBLOCK);
    fcntl(vt->master, F_SETFD, FD_CLOEXEC);
    fcntl(vt->slave, F_SETFD, FD_CLOEXEC);
    vt->vterm = vterm_new(vt->rows, vt->cols);
    vterm_set_utf8(vt->vterm, 1);
    vt->screen = vterm_obtain_screen(vt->vterm);
    vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
    vterm_screen_enable_altscreen(vt->screen, 1);
    vterm_screen_reset(vt->screen, 1);
    vt_environ(options, env);
    fflush(NULL);
    vt->pid = fork();
    assert_true(vt->pid >= 0);
    if (vt->pid == 0)
        vt_child(vt, options, env);
    for (int i = 0; env[i] != NULL; i++)
        free(env[i]);
    vt->heard_ms = vt_now_ms();
    return vt;
}

/* --- listening ----------------------------------------------------------------------------------------------- */

/* Private modes libvterm does not tell of, found in the bytes (which may be cut anywhere: the tail overlaps). */
static inline void vt_scan_modes(struct vt *vt, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        memmove(vt->tail, vt->tail + 1, VT_TAIL_MAX - 1);
        vt->tail[VT_TAIL_MAX - 1] = bytes[i];
        if (bytes[i] == 'h' || bytes[i] == 'l') {
            const char *end = vt->tail + VT_TAIL_MAX;

            if (memcmp(end - 8, "\033[?2004", 7) == 0)
                vt->paste_brackets = bytes[i] == 'h';
            else if (memcmp(end - 8, "\033[?1004", 7) == 0)
                vt->focus_reports = bytes[i] == 'h';
            else if (memcmp(end - 8, "\033[?2026", 7) == 0)
                vt->sync_update = bytes[i] == 'h';
        }
    }
}

static inline void vt_answer(struct vt *vt)
{
    size_t room = vt->answers_size < VT_ANSWERS_MAX ? VT_ANSWERS_MAX - vt->answers_size : 0, size;

    vt->answers_size += vterm_output_read(vt->vterm, vt->answers + vt->answers_size, room);
    if (vt->mute)
        vt->answers_size = 0;
    if (vt->typing) /* a terminal puts no answer into the middle of a key's sequence */
        return;
    while (vt->answers_size > 0 && vt_now_ms() - vt->answered_ms >= vt->answer_ms) {
        size = vt->answer_ms > 0 ? 1 : vt->answers_size;
        if (write(vt->master, vt->answers, size) < 0 && errno != EAGAIN)
            vt->gone = true;
        vt->answers_size -= size;
        vt->answered_ms = vt_now_ms();
        memmove(vt->answers, vt->answers + size, vt->answers_size);
    }
}

/* How many bytes a slow line has room for by now; a read of them is noted by vt_line_took(). */
static inline size_t vt_line_room(struct vt *vt, size_t most)
{
    int64_t now_us = vt_now_us(), room;

    if (vt->bytes_per_s == 0)
        return most;
    if (vt->line_us < now_us - 20000) /* what was not sent earlier is not made good */
        vt->line_us = now_us - 20000;
    room = (now_us - vt->line_us) * vt->bytes_per_s / 1000000;
    return room < (int64_t)most ? (size_t)room : most;
}

static inline void vt_line_took(struct vt *vt, size_t size)
{
    if (vt->bytes_per_s != 0)
        vt->line_us += (int64_t)size * 1000000 / vt->bytes_per_s;
}

/* libvterm takes whole characters alone: the beginning of one waits for its rest. */
static inline void vt_show(struct vt *vt, const char *bytes, size_t size)
{
    char all[16384 + 4];
    size_t cut, tail = 0;

    memcpy(all, vt->half, vt->half_size);
    memcpy(all + vt->half_size, bytes, size);
    size += vt->half_size;
    for (cut = size; cut > 0 && tail < 3 && ((unsigned char)all[cut - 1] & 0xc0) == 0x80; cut--)
        tail++;
    if (cut > 0 && ((unsigned char)all[cut - 1] >= 0xf0   ? tail < 3
                    : (unsigned char)all[cut - 1] >= 0xe0 ? tail < 2
                                                          : (unsigned char)all[cut - 1] >= 0xc0 && tail < 1))
        cut--;
    else
        cut = size;
    vterm_input_write(vt->vterm, all, cut);
    vt->half_size = size - cut;
    memcpy(vt->half, all + cut, vt->half_size);
}

/* Reads what is there, waiting at most `ms` for the first byte. True if something came. */
static inline bool vt_pump(struct vt *vt, int ms)
{
    struct pollfd watched = {.fd = vt->master, .events = POLLIN};
    char bytes[16384];
    bool heard = false;

    if (vt->master < 0) {
        poll(NULL, 0, ms < 10 ? ms : 10);
        return false;
    }
    vt_answer(vt);
    if (poll(&watched, 1, ms) <= 0)
        return false;
    if (vt_line_room(vt, sizeof(bytes)) == 0) {
        poll(NULL, 0, ms < 1 ? ms : 1);
        return false;
    }
    for (int i = 0; i < 64; i++) {
        size_t room = vt_line_room(vt, sizeof(bytes));
        ssize_t size = room == 0 ? 0 : read(vt->master, bytes, room);

        if (room == 0)
            break;
        if (size <= 0) {
            vt->gone |= size == 0 || errno == EIO;
            break;
        }
        heard = true;
        vt_line_took(vt, (size_t)size);
        vt->bytes += (uint64_t)size;
        vt->heard_ms = vt_now_ms();
        vt_scan_modes(vt, bytes, (size_t)size);
        vt_show(vt, bytes, (size_t)size);
        vt_answer(vt);
        if (vt->raw != NULL && vt->raw_size + (size_t)size < VT_RAW_MAX) {
            memcpy(vt->raw + vt->raw_size, bytes, (size_t)size);
            vt->raw_size += (size_t)size;
        }
    }
    return heard;
}

static inline bool vt_reap(struct vt *vt)
{
    if (!vt->exited && waitpid(vt->pid, &vt->status, WNOHANG) == vt->pid)
        vt->exited = true;
    return vt->exited;
}

/* Until the program has been silent for quiet_ms. False if it was not within limit_ms. */
static inline bool vt_settle(struct vt *vt, int quiet_ms, int limit_ms)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    vt->heard_ms = vt_now_ms();
    while (vt_now_ms() < end_ms) {
        vt_pump(vt, 10);
        if (vt_now_ms() - vt->heard_ms >= quiet_ms)
            return true;
    }
    return false;
}

/* --- seeing -------------------------------------------------------------------------------------------------- */

static inline VTermScreenCell vt_cell(const struct vt *vt, int row, int col)
{
    VTermScreenCell cell = {0}; /* libvterm fills the characters only up to their end */

    vterm_screen_get_cell(vt->screen, (VTermPos){row, col}, &cell);
    return cell;
}

static inline size_t vt_encode(uint32_t code, char *out)
{
    if (code < 0x80)
        return (out[0] = (char)code, 1);
    if (code < 0x800)
        return (out[0] = (char)(0xc0 | code >> 6), out[1] = (char)(0x80 | (code & 0x3f)), 2);
    if (code < 0x10000)
        return (out[0] = (char)(0xe0 | code >> 12), out[1] = (char)(0x80 | (code >> 6 & 0x3f)),
                out[2] = (char)(0x80 | (code & 0x3f)), 3);
    return (out[0] = (char)(0xf0 | code >> 18), out[1] = (char)(0x80 | (code >> 12 & 0x3f)),
            out[2] = (char)(0x80 | (code >> 6 & 0x3f)), out[3] = (char)(0x80 | (code & 0x3f)), 4);
}

static inline size_t vt_row_into(const struct vt *vt, int row, char *out)
{
    size_t size = 0;

    for (int col = 0; col < vt->cols; col++) {
        VTermScreenCell cell = vt_cell(vt, row, col);

        if (cell.chars[0] == (uint32_t)-1)
            continue; /* the second half of a wide one */
        if (cell.chars[0] == 0)
            cell.chars[0] = ' ';
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
            size += vt_encode(cell.chars[i], out + size);
    }
    out[size] = '\0';
    return size;
}

/* One row, all columns, without a newline. Valid until the next vt_row() or vt_text(). */
static inline const char *vt_row(struct vt *vt, int row)
{
    free(vt->text);
    vt->text = malloc((size_t)vt->cols * 4 * VTERM_MAX_CHARS_PER_CELL + 1);
    assert_non_null(vt->text);
    vt_row_into(vt, row, vt->text);
    return vt->text;
}

/* The whole screen, each row with its newline. Valid until the next vt_row() or vt_text(). */
static inline const char *vt_text(struct vt *vt)
{
    size_t size = 0;

    free(vt->text);
    vt->text = malloc((size_t)vt->rows * ((size_t)vt->cols * 4 * VTERM_MAX_CHARS_PER_CELL + 2) + 1);
    assert_non_null(vt->text);
    for (int row = 0; row < vt->rows; row++) {
        size += vt_row_into(vt, row, vt->text + size);
        vt->text[size++] = '\n';
    }
    vt->text[size] = '\0';
    return vt->text;
}

static inline bool vt_shows(struct vt *vt, const char *text)
{
    return strstr(vt_text(vt), text) != NULL;
}

/* 0xrrggbb of a cell as it is painted (palette colours by libvterm's palette), for tests of colour. */
static inline uint32_t vt_rgb(const struct vt *vt, VTermColor colour)
{
    vterm_screen_convert_color_to_rgb(vt->screen, &colour);
    return (uint32_t)colour.rgb.red << 16 | (uint32_t)colour.rgb.green << 8 | colour.rgb.blue;
}

static inline VTermPos vt_cursor(const struct vt *vt)
{
    VTermPos at;

    vterm_state_get_cursorpos(vterm_obtain_state(vt->vterm), &at);
    return at;
}

/* --- doing --------------------------------------------------------------------------------------------------- */

static inline void vt_send_bytes(struct vt *vt, const char *bytes, size_t size)
{
    int64_t end_ms = vt_now_ms() + 5000;

    if (size <= VT_ANSWERS_MAX && vt->answers_size > 0 && !vt->typing &&
        vt->answers_size <= VT_ANSWERS_MAX - size) {
        memcpy(vt->answers + vt->answers_size, bytes,
               size); /* a line keeps the order: behind the answer under way */
        vt->answers_size += size;
        return;
    }
    while (size > 0 && vt_now_ms() < end_ms) {
        ssize_t count = write(vt->master, bytes, size);

        if (count > 0) {
            bytes += count;
            size -= (size_t)count;
        } else if (errno != EAGAIN) {
            return;
        } else {
            vt_pump(vt, 5);
        }
    }
}

static inline void vt_send(struct vt *vt, const char *keys)
{
    vt_send_bytes(vt, keys, strlen(keys));
}

/* Waits until the text is on the screen. False after limit_ms. */
static inline bool vt_wait_text(struct vt *vt, const char *text, int limit_ms)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    for (;;) {
        if (vt_shows(vt, text))
            return true;
        if (vt_now_ms() >= end_ms)
            return false;
        vt_pump(vt, 20);
    }
}

/* The same for a condition. */
static inline bool vt_wait_until(struct vt *vt, bool (*holds)(struct vt *vt, void *arg), void *arg,
                                 int limit_ms)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    for (;;) {
        if (holds(vt, arg))
            return true;
        if (vt_now_ms() >= end_ms)
            return false;
        vt_pump(vt, 20);
    }
}

/* Fails the test with the screen as it is, if the text does not come. */
static inline void vt_expect(struct vt *vt, const char *text, int limit_ms)
{
    if (vt_wait_text(vt, text, limit_ms))
        return;
    fprintf(stderr, "%s\n", vt_text(vt)); /* whole: cmocka cuts a message at 1024 bytes */
    fail_msg("'%s' did not appear within %d ms; the screen is above", text, limit_ms);
}

static inline void vt_resize(struct vt *vt, int rows, int cols)
{
    struct winsize size = {(unsigned short)rows, (unsigned short)cols, 0, 0};

    vt->rows = rows;
    vt->cols = cols;
    vterm_set_size(vt->vterm, rows, cols);
    ioctl(vt->master, TIOCSWINSZ, &size); /* sends SIGWINCH */
}

/* As when ssh drops: both ends close, the program gets SIGHUP and errors. */
static inline void vt_hang_up(struct vt *vt)
{
    if (vt->slave >= 0)
        close(vt->slave);
    if (vt->master >= 0)
        close(vt->master);
    vt->slave = vt->master = -1;
}

/* Reads on until the program has ended and all it wrote was seen. False after limit_ms. */
static inline bool vt_wait_exit(struct vt *vt, int limit_ms)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    while (!vt_reap(vt)) {
        if (vt_now_ms() >= end_ms)
            return false;
        vt_pump(vt, 10);
    }
    while (vt_pump(vt, 20))
        ;
    return true;
}

static inline int vt_exit_code(const struct vt *vt)
{
    return WIFEXITED(vt->status) ? WEXITSTATUS(vt->status) : -1;
}

/* What is wrong with the terminal the program left behind, or NULL: modes, screen, cursor, reports. */
static inline const char *vt_insane(struct vt *vt)
{
    struct termios after;

    if (tcgetattr(vt->slave, &after) != 0)
        return "the terminal is closed";
    if (after.c_iflag != vt->before.c_iflag || after.c_oflag != vt->before.c_oflag ||
        after.c_lflag != vt->before.c_lflag || after.c_cflag != vt->before.c_cflag ||
        memcmp(after.c_cc, vt->before.c_cc, sizeof(after.c_cc)) != 0) {
        fprintf(stderr, "termios iflag %x %x oflag %x %x lflag %x %x cflag %x %x, c_cc %s\n",
                vt->before.c_iflag, after.c_iflag, vt->before.c_oflag, after.c_oflag, vt->before.c_lflag,
                after.c_lflag, vt->before.c_cflag, after.c_cflag,
                memcmp(after.c_cc, vt->before.c_cc, sizeof(after.c_cc)) == 0 ? "equal" : "not equal");
        return "termios are not as they were";
    }
    if (vt->alternate)
        return "still on the alternate screen";
    if (!vt->cursor_visible)
        return "the cursor is hidden";
    if (vt->mouse != VTERM_PROP_MOUSE_NONE)
        return "mouse reports are on";
    if (vt->paste_brackets)
        return "bracketed paste is on";
    if (vt->focus_reports)
        return "focus reports are on";
    if (vt->sync_update)
        return "a synchronised update is open";
    return NULL;
}

static inline bool vt_is_sane(struct vt *vt)
{
    const char *what = vt_insane(vt);

    if (what != NULL)
        print_error("the terminal was left insane: %s\n", what);
    return what == NULL;
}

/* Ends the program if it still runs (SIGKILL), and forgets all. */
static inline void vt_free(struct vt *vt)
{
    if (vt == NULL)
        return;
    if (!vt_reap(vt)) {
        kill(vt->pid, SIGKILL);
        waitpid(vt->pid, &vt->status, 0);
    }
    vt_hang_up(vt);
    vterm_free(vt->vterm);
    free(vt->text);
    free(vt->raw);
    free(vt);
}

/* --- golden files --------------------------------------------------------------------------------------------- */

/* The first line in which two texts differ, from 1. */
static inline int golden_first_difference(const char *a, const char *b)
{
    int line = 1;

    for (; *a != '\0' && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

/*
 * Compares with tests/screen/golden/NAME.txt (folder: FLOWDECK_GOLDEN_DIR). FLOWDECK_GOLDEN=write writes it instead. On a
 * difference the test fails with the line and both pictures.
 */
static inline void golden_compare(const char *name, const char *text)
{
    const char *folder = getenv("FLOWDECK_GOLDEN_DIR"), *mode = getenv("FLOWDECK_GOLDEN");
    size_t size = strlen(text);
    char path[512], *want;
    FILE *file;
    bool same;

    if (folder == NULL)
        folder = "tests/screen/golden";
    snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
    if (mode != NULL && strcmp(mode, "write") == 0) {
        mkdir(folder, 0777);
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, size, file), size);
        fclose(file);
        return;
    }
    file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is missing; FLOWDECK_GOLDEN=write makes it from:\n%s", path, text);
    want = calloc(1, VT_RAW_MAX);
    assert_non_null(want);
    assert_true(fread(want, 1, VT_RAW_MAX - 1, file) < VT_RAW_MAX - 1);
    fclose(file);
    same = strcmp(want, text) == 0;
    if (!same)
        print_error("%s differs in line %d; wanted:\n%s\nis:\n%s\n", path,
                    golden_first_difference(want, text), want, text);
    free(want);
    assert_true(same);
}

#endif
