#include "tui/screen.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "tui/curses_backend.h"
#include "tui/differ.h"
#include "tui/terminal.h"
#include "tui/terminal_kind.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODE_SYNC  2026 /* DEC private mode of synchronised updates */
#define SYNC_LEAST 1024 /* bytes: frames cut smaller are pieces in any case, and the brackets have sixteen */
#define ASK_STATUS "\033[5n"
#define NS_PER_MS  INT64_C(1000000)
#define REPLIES_MS 500 /* so long leaving waits for answers */

struct screen {
    enum screen_backend backend;
    struct terminfo info; /* others borrow it: the screen never moves */
    struct terminal terminal;
    struct theme theme;
    struct differ *differ;         /* SCREEN_OWN */
    struct curses_backend *curses; /* SCREEN_CURSES */
    struct key_decoder keys;
    enum glyph_tier tier;
    enum colour_depth depth;
    int rows, cols;
    bool probing; /* the width probe has no answer yet */
    bool sync;    /* the terminal knows synchronised updates */
    bool has_osc; /* title and clipboard */
    struct screen_stats stats;
};

/* --- opening ----------------------------------------------------------------------------------------------- */

static size_t buffer_size(int rows, int cols)
{
    size_t frame = (size_t)rows * (size_t)cols * DIFFER_CELL_BYTES + DIFFER_EXTRA_BYTES;
    size_t copy = (size_t)SCREEN_COPY_MAX / 3 * 4 + DIFFER_EXTRA_BYTES;

    return frame > copy ? frame : copy;
}

static void read_size(const struct screen *screen, int *rows, int *cols)
{
    terminal_size(screen->terminal.fd, rows, cols);
    *rows = *rows > CANVAS_ROWS_MAX ? CANVAS_ROWS_MAX : *rows;
    *cols = *cols > CANVAS_COLS_MAX ? CANVAS_COLS_MAX : *cols;
}

/* Asks what can only be asked. The answers come as key events, if at all; nobody waits for them. */
static void ask_terminal(struct screen *screen, const struct screen_options *options)
{
    struct sink *sink = terminal_sink(&screen->terminal);

    if (options->tier_plus_1 <= 0 && screen->tier != TIER_ASCII && screen->info.cap[CAP_ASK_CURSOR] != NULL) {
        bool conceals = terminal_is_xterm(&screen->info); /* nobody need see it: it is no picture */

        sink_text(sink, conceals ? "\r\033[8m" : "\r");
        sink_text(sink, glyph_probe_text());
        sink_text(sink, screen->info.cap[CAP_ASK_CURSOR]);
        sink_text(sink, conceals ? "\033[m\r" : "\r");
        key_decoder_expect_cursor(&screen->keys);
        screen->probing = true;
    }
    if (!options->no_sync && terminal_is_xterm(&screen->info) && strncmp(screen->info.name, "screen", 6) != 0)
        sink_text(sink, "\033[?2026$p");
}

static bool open_backend(struct screen *screen, const struct screen_options *options,
                         char why[SCREEN_WHY_SIZE])
{
    char path[128];

    snprintf(why, SCREEN_WHY_SIZE, "no memory for the screen");
    if (options->backend == SCREEN_OWN) {
        screen->differ = differ_new(&screen->info, &screen->theme, screen->depth, screen->tier, screen->rows,
                                    screen->cols);
        return screen->differ != NULL;
    }
    if (ttyname_r(screen->terminal.fd, path, sizeof(path)) != 0)
        snprintf(path, sizeof(path), "/dev/tty");
    screen->curses = curses_backend_new(path, &screen->info, &screen->theme, screen->depth, screen->tier);
    if (screen->curses == NULL) {
        snprintf(why, SCREEN_WHY_SIZE, "curses cannot drive TERM=%.40s", screen->info.name);
        return false;
    }
    screen->depth = curses_backend_depth(screen->curses);
    return true;
}

static void no_key(void *arg, const struct key_event *event)
{
    (void)arg;
    (void)event;
}

static bool open_terminal(struct screen *screen, const struct screen_options *options,
                          char why[SCREEN_WHY_SIZE])
{
    struct terminal_modes modes = {
        .alternate = !options->keep_screen, .paste = true, .focus = options->focus, .mouse = options->mouse};

    if (terminfo_load(options->term != NULL ? options->term : getenv("TERM"), &screen->info, why) != ERR_OK)
        return false;
    if (terminal_open(&screen->terminal, options->tty_path, &screen->info, modes, buffer_size(24, 80), why) !=
        ERR_OK)
        return false;
    read_size(screen, &screen->rows, &screen->cols);
    if (!terminal_reserve(&screen->terminal, buffer_size(screen->rows, screen->cols))) {
        snprintf(why, SCREEN_WHY_SIZE, "no memory for the screen");
        terminal_close(&screen->terminal, NULL);
        return false;
    }
    return true;
}

struct screen *screen_open(const struct screen_options *options, const struct theme *theme,
                           char why[SCREEN_WHY_SIZE])
{
    struct screen *screen = calloc(1, sizeof(*screen));

    if (screen == NULL) {
        snprintf(why, SCREEN_WHY_SIZE, "no memory for the screen");
        return NULL;
    }
    screen->backend = options->backend;
    screen->theme = *theme;
    if (!open_terminal(screen, options, why)) {
        free(screen);
        return NULL;
    }
    screen->depth = terminal_depth(&screen->info, options->depth_plus_1);
    screen->tier = options->tier_plus_1 > 0 && options->tier_plus_1 <= TIER_COUNT
                       ? (enum glyph_tier)(options->tier_plus_1 - 1)
                       : terminal_tier(screen->info.name);
    screen->has_osc = terminal_is_xterm(&screen->info);
    key_decoder_init(&screen->keys, no_key, NULL);
    for (size_t i = 0; i < screen->info.key_count; i++)
        key_decoder_add(&screen->keys, screen->info.key[i].bytes, screen->info.key[i].key);
    if (!open_backend(screen, options, why)) {
        terminal_close(&screen->terminal, NULL);
        free(screen);
        return NULL;
    }
    ask_terminal(screen, options);
    terminal_flush(&screen->terminal);
    return screen;
}

void screen_close(struct screen *screen)
{
    screen_close_saying(screen, NULL);
}

/* What the terminal was asked and has not answered yet would be typed into the shell. Keys that come meanwhile are lost. */
static void await_replies(struct screen *screen)
{
    int64_t end_ms = clock_monotonic_ns() / NS_PER_MS + REPLIES_MS;
    char bytes[256];

    screen_keys_to(screen, no_key, NULL);
    while (screen->keys.status_asked > 0 && terminal_flush(&screen->terminal) != TERMINAL_GONE) {
        struct pollfd watched = {.fd = screen->terminal.fd,
                                 .events =
                                     (short)(POLLIN | (terminal_waits(&screen->terminal) ? POLLOUT : 0))};
        int64_t left_ms = end_ms - clock_monotonic_ns() / NS_PER_MS;
        ssize_t size;

        if (left_ms <= 0 || poll(&watched, 1, (int)left_ms) <= 0)
            return;
        size = (watched.revents & ~POLLOUT) == 0 ? 0 : read(watched.fd, bytes, sizeof(bytes));
        if (size > 0)
            key_decoder_feed(&screen->keys, bytes, (size_t)size, clock_monotonic_ns());
        else if ((watched.revents & ~POLLOUT) != 0)
            return; /* hung up */
    }
}

void screen_close_saying(struct screen *screen, const char *last_words)
{
    if (screen == NULL)
        return;
    await_replies(screen);
    curses_backend_free(screen->curses);
    differ_free(screen->differ);
    terminal_close(&screen->terminal, last_words);
    free(screen);
}

/* --- drawing ----------------------------------------------------------------------------------------------- */

static enum screen_result flush_result(enum terminal_flush flush)
{
    switch (flush) {
    case TERMINAL_EMPTY:
        return SCREEN_DONE;
    case TERMINAL_WAITS:
        return SCREEN_BUSY;
    case TERMINAL_GONE:
        return SCREEN_GONE;
    }
    return SCREEN_GONE;
}

enum screen_result screen_flush(struct screen *screen)
{
    enum screen_result result = flush_result(terminal_flush(&screen->terminal));

    screen->stats.bytes = screen->terminal.bytes;
    return result;
}

bool screen_wants_write(const struct screen *screen)
{
    return terminal_waits(&screen->terminal);
}

static void put_ask(struct screen *screen)
{
    sink_text(terminal_sink(&screen->terminal), ASK_STATUS);
    key_decoder_expect_status(&screen->keys);
}

static enum screen_result put_own(struct screen *screen, const struct canvas *canvas,
                                  const struct screen_budget *budget)
{
    struct sink *sink = terminal_sink(&screen->terminal);
    struct differ_frame frame = {.canvas = canvas, .cursor_row = -1, .sync = screen->sync};
    struct differ_result drawn;
    enum screen_result result;

    if (budget != NULL) {
        frame.first = budget->first;
        frame.first_count = budget->first_count;
        frame.bytes_max = budget->bytes_max;
        frame.sync = screen->sync && (budget->bytes_max == 0 || budget->bytes_max >= SYNC_LEAST);
    }
    drawn = differ_draw(screen->differ, &frame, sink);
    screen->stats.first_done = drawn.first_done;
    screen->stats.cut = !drawn.complete;
    if (sink->size == 0)
        return SCREEN_SAME;
    if (budget != NULL && budget->ask)
        put_ask(screen);
    screen->stats.frames++;
    screen->stats.bytes_frame = sink->size;
    screen->stats.cells_frame = drawn.cells;
    result = screen_flush(screen);
    return result == SCREEN_BUSY || (result == SCREEN_DONE && !drawn.complete) ? SCREEN_PART : result;
}

enum screen_result screen_put(struct screen *screen, const struct canvas *canvas,
                              const struct screen_budget *budget)
{
    enum screen_result result = screen_flush(screen);

    if (result == SCREEN_BUSY)
        screen->stats.frames_busy++;
    if (result != SCREEN_DONE)
        return result;
    if (screen->backend == SCREEN_OWN)
        return put_own(screen, canvas, budget);
    curses_backend_draw(screen->curses, canvas, -1, 0);
    screen->stats.frames++;
    return SCREEN_DONE;
}

void screen_redraw(struct screen *screen)
{
    if (screen->backend == SCREEN_OWN)
        differ_invalidate(screen->differ);
    else
        curses_backend_redraw(screen->curses);
}

bool screen_resume(struct screen *screen)
{
    if (!terminal_resume(&screen->terminal))
        return false;
    screen_redraw(screen);
    return true;
}

bool screen_resized(struct screen *screen)
{
    int rows, cols;

    read_size(screen, &rows, &cols);
    if (rows == screen->rows && cols == screen->cols)
        return false;
    if (!terminal_reserve(&screen->terminal, buffer_size(rows, cols)))
        return false;
    if (screen->backend == SCREEN_CURSES)
        curses_backend_resize(screen->curses, rows, cols);
    else if (!differ_resize(screen->differ, rows, cols))
        return false;
    screen->rows = rows;
    screen->cols = cols;
    return true;
}

int screen_rows(const struct screen *screen)
{
    return screen->rows;
}

int screen_cols(const struct screen *screen)
{
    return screen->cols;
}

int screen_fd(const struct screen *screen)
{
    return screen->terminal.fd;
}

/* --- keys and answers -------------------------------------------------------------------------------------- */

struct key_decoder *screen_keys(struct screen *screen)
{
    return &screen->keys;
}

void screen_keys_to(struct screen *screen, key_emit emit, void *arg)
{
    screen->keys.emit = emit;
    screen->keys.arg = arg;
}

static bool set_tier(struct screen *screen, enum glyph_tier tier)
{
    if (tier == screen->tier)
        return false;
    screen->tier = tier;
    if (screen->backend == SCREEN_OWN)
        differ_set_tier(screen->differ, tier);
    else
        curses_backend_set_tier(screen->curses, tier);
    return true;
}

bool screen_reply(struct screen *screen, const struct key_event *event)
{
    if (event->key == KEY_REPLY_CURSOR && screen->probing) {
        screen->probing = false;
        return set_tier(screen, glyph_tier_probed(screen->tier, event->col + 1));
    }
    if (event->key == KEY_REPLY_MODE && event->mode == MODE_SYNC)
        screen->sync = event->mode_state >= 1 && event->mode_state <= 3;
    return false;
}

/* Small things go out where nothing waits. */
static bool small_thing(struct screen *screen)
{
    return screen_flush(screen) == SCREEN_DONE;
}

bool screen_can_ask(const struct screen *screen)
{
    return screen->backend == SCREEN_OWN && screen->info.ansi;
}

bool screen_ask(struct screen *screen)
{
    if (!screen_can_ask(screen) || !small_thing(screen))
        return false;
    put_ask(screen);
    return screen_flush(screen) != SCREEN_GONE;
}

/* --- small things ------------------------------------------------------------------------------------------ */

bool screen_bell(struct screen *screen)
{
    if (!small_thing(screen))
        return false;
    sink_text(terminal_sink(&screen->terminal), "\a");
    return screen_flush(screen) != SCREEN_GONE;
}

bool screen_title(struct screen *screen, const char *title)
{
    struct sink *sink = terminal_sink(&screen->terminal);
    size_t size = strlen(title), used = 0;

    if (!screen->has_osc || !small_thing(screen))
        return false;
    sink_text(sink, "\033]2;");
    for (size_t i = 0; i < size && used < SCREEN_TITLE_MAX;) {
        unsigned code;
        size_t step = safe_text_decode(title + i, size - i, &code);

        if (safe_text_codepoint_columns(code) > 0 && (code < 0x7f || screen->tier == TIER_UTF8))
            sink_put(sink, title + i, step);
        else
            sink_text(sink, "?");
        i += step;
        used += step;
    }
    sink_text(sink, "\a");
    return screen_flush(screen) != SCREEN_GONE;
}

bool screen_copy(struct screen *screen, const char *text, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sink *sink = terminal_sink(&screen->terminal);

    if (!screen->has_osc || size > SCREEN_COPY_MAX || !small_thing(screen))
        return false;
    sink_text(sink, "\033]52;c;");
    for (size_t i = 0; i < size; i += 3) {
        uint32_t three = (uint32_t)(unsigned char)text[i] << 16;
        char four[4];

        if (i + 1 < size)
            three |= (uint32_t)(unsigned char)text[i + 1] << 8;
        if (i + 2 < size)
            three |= (unsigned char)text[i + 2];
        for (int d = 0; d < 4; d++)
            four[d] = digits[three >> (18 - 6 * d) & 0x3f];
        if (i + 2 >= size)
            four[3] = '=';
        if (i + 1 >= size)
            four[2] = '=';
        sink_put(sink, four, 4);
    }
    sink_text(sink, "\a");
    return screen_flush(screen) != SCREEN_GONE;
}

void screen_set_theme(struct screen *screen, const struct theme *theme)
{
    screen->theme = *theme;
    if (screen->backend == SCREEN_OWN)
        differ_set_theme(screen->differ, theme);
    else
        curses_backend_set_theme(screen->curses, theme);
}

void screen_set_mouse(struct screen *screen, bool on)
{
    if (small_thing(screen))
        terminal_set_mouse(&screen->terminal, on);
}

enum colour_depth screen_depth(const struct screen *screen)
{
    return screen->depth;
}

enum glyph_tier screen_tier(const struct screen *screen)
{
    return screen->tier;
}

enum screen_backend screen_backend(const struct screen *screen)
{
    return screen->backend;
}

const char *screen_term(const struct screen *screen)
{
    return screen->info.name;
}

struct screen_stats screen_stats(const struct screen *screen)
{
    return screen->stats;
}
