/*
 * screen.h - the one way from a canvas to the eyes: screen_put().
 *
 * Behind it stand two back ends: our own differ (tui/differ.h: truecolour, 256, 16, mono; never blocks) and plain
 * curses (tui/curses_backend.h, `--terminal curses`: for terminals ours cannot drive, and for the bench; blocks as long as the
 * terminal does). Owns the terminal (tui/terminal.h): raw mode, alternate screen, paste brackets, restored by
 * screen_close() and, if the program dies, by terminal_restore_signal_safe().
 *
 * A frame is begun only when the last one has left: screen_put() answers SCREEN_BUSY until then, so a slow
 * terminal loses frames and never time. The loop of the caller:
 *
 *     screen_put(screen, canvas, NULL);            // bytes into a buffer, as much as possible written
 *     if (screen_wants_write(screen)) ...          // watch screen_fd() for writing
 *     on writable: screen_flush(screen);           // SCREEN_GONE: the terminal is closed; detach
 *     on readable: read(screen_fd()), key_decoder_feed(screen_keys(screen), ...)
 *     on KEY_REPLY_*: screen_reply(screen, event)  // true: redraw soon, the tier of glyphs changed
 *     on SIGWINCH: screen_resized(screen), then canvas_resize() to screen_rows() x screen_cols()
 *
 * One thread. Allocates in screen_open() and screen_resized() alone.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "core/base/err.h"
#include "tui/canvas.h"
#include "tui/glyphs.h"
#include "tui/key_decoder.h"
#include "tui/theme.h"

#define SCREEN_WHY_SIZE  256
#define SCREEN_COPY_MAX  65536 /* bytes of text screen_copy() takes */
#define SCREEN_TITLE_MAX 120   /* bytes of the title */

enum screen_backend { SCREEN_OWN, SCREEN_CURSES };

/* Zero is automatic everywhere. */
struct screen_options {
    enum screen_backend backend;
    const char *tty_path; /* NULL: the controlling terminal of stdin and stdout */
    const char
        *term; /* NULL: $TERM; unset, dumb or unknown: vt100, which any terminal of today understands */
    int depth_plus_1; /* 0: by NO_COLOR, COLORTERM and terminfo; else enum colour_depth + 1 */
    int tier_plus_1;  /* 0: by TERM, locale and probe; else enum glyph_tier + 1 */
    bool mouse;       /* SGR mouse reports */
    bool focus;       /* focus reports (KEY_FOCUS_IN, _OUT) */
    bool no_sync;     /* do not ask for synchronised output, even where the terminal says it can */
    bool keep_screen; /* do not switch to the alternate screen */
};

enum screen_result {
    SCREEN_DONE, /* all bytes have left */
    SCREEN_SAME, /* screen_put() alone: nothing had changed */
    SCREEN_BUSY, /* bytes are waiting for the terminal; screen_put() has drawn nothing */
    SCREEN_PART, /* screen_put() alone: bytes are waiting, or the budget ended before the picture did */
    SCREEN_GONE  /* the terminal is closed */
};

/*
 * What of a picture matters most when the line is slow: these rectangles are painted first, in this order, and
 * painting stops when bytes_max is reached. What was not painted stays due for the next call.
 */
struct screen_budget {
    const struct canvas_rect *first;
    size_t first_count;
    size_t bytes_max; /* 0: no limit */
    bool ask; /* a status report (CSI 5n) behind it, if there is a frame: KEY_REPLY_STATUS when it was read */
};

struct screen_stats {
    uint64_t frames;      /* frames begun */
    uint64_t frames_busy; /* screen_put() calls that found the terminal busy */
    uint64_t bytes;       /* given to the terminal, all kinds */
    uint64_t bytes_frame; /* of the last frame */
    uint64_t cells_frame; /* cells the last frame wrote */
    size_t first_done;    /* of the budget's rectangles, the last picture has so many whole */
    bool cut;             /* the budget or room ended before the picture did */
};

struct screen;

/*
 * Takes the terminal over. NULL and a sentence in why if there is none, or it cannot be driven:
 * stdin or stdout is no terminal (the caller's plain-log mode or exit 2), it cannot address the cursor, memory.
 * The theme is copied.
 */
struct screen *screen_open(const struct screen_options *options, const struct theme *theme,
                           char why[SCREEN_WHY_SIZE]);

/*
 * Gives the terminal back as it was: at most half a second for answers that are still to come, which the shell would read,
 * and 200 ms for what is still to be written. NULL is allowed. The last words (with their newline) then stand on the shell's screen; said here because printf() would wait for a stopped terminal.
 */
void screen_close(struct screen *screen);
void screen_close_saying(struct screen *screen, const char *last_words);

/* The picture. budget may be NULL. The canvas may have any size: what does not fit is not shown. */
enum screen_result screen_put(struct screen *screen, const struct canvas *canvas,
                              const struct screen_budget *budget);

/* Writes on. SCREEN_DONE, SCREEN_BUSY or SCREEN_GONE. */
enum screen_result screen_flush(struct screen *screen);
bool screen_wants_write(const struct screen *screen);

/* The next screen_put() writes every cell anew (Ctrl-L, after an attach). */
void screen_redraw(struct screen *screen);

/* SIGCONT: raw mode and modes once more, and a full frame. False where another job has the terminal. */
bool screen_resume(struct screen *screen);
/* SIGWINCH, or at any time: reads the size. True if it changed; the next frame is a full one then. */
bool screen_resized(struct screen *screen);
int screen_rows(const struct screen *screen);
int screen_cols(const struct screen *screen);

int screen_fd(const struct screen *screen); /* for watchers and read(); non-blocking */

/* The decoder that knows this terminal's sequences; set where its events go first. */
struct key_decoder *screen_keys(struct screen *screen);
void screen_keys_to(struct screen *screen, key_emit emit, void *arg);

/* A KEY_REPLY_* event. True if it changed how things look: the next frame is a full one then. */
bool screen_reply(struct screen *screen, const struct key_event *event);

/* Can it be asked at all? Then screen_ask() asks once without a frame; false while it is busy. */
bool screen_can_ask(const struct screen *screen);
bool screen_ask(struct screen *screen);

/* Small things that go out with the next bytes. Dropped (false) while the terminal is busy or cannot do it. */
bool screen_bell(struct screen *screen);
bool screen_title(struct screen *screen, const char *title);            /* unsafe characters become `?` */
bool screen_copy(struct screen *screen, const char *text, size_t size); /* to the clipboard by OSC 52 */

void screen_set_theme(struct screen *screen, const struct theme *theme);
void screen_set_mouse(struct screen *screen, bool on);
enum colour_depth screen_depth(const struct screen *screen);
enum glyph_tier screen_tier(const struct screen *screen);
enum screen_backend screen_backend(const struct screen *screen);
const char *screen_term(const struct screen *screen); /* the terminfo entry in use: "xterm-256color" */
struct screen_stats screen_stats(const struct screen *screen);

#endif
