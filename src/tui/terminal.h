/*
 * terminal.h - the terminal as a device: its mode, its size, bytes out, and giving it back sane.
 *
 * Opens the terminal anew by its name, so that O_NONBLOCK is ours alone and no shell finds its own descriptor changed. One
 * buffer, one writer: what write() does not take stays, and terminal_flush() goes on with it. Nothing here ever waits for the
 * terminal but terminal_close(), 200 ms at most.
 *
 * Restored are termios, the alternate screen, cursor, paste brackets, mouse and focus reports, and a synchronised
 * update that was cut. That happens in terminal_close(), in an atexit() handler for whoever calls exit(), and in
 * terminal_restore_signal_safe(), which crash handlers call. Only SIGKILL gets past all three.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "core/base/err.h"
#include "tui/pen.h"
#include "tui/terminfo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#define TERMINAL_WHY_SIZE  256
#define TERMINAL_LEAVE_MAX 512
#define TERMINAL_CLOSE_MS  200

struct terminal_modes {
    bool alternate; /* the alternate screen */
    bool paste;     /* bracketed paste */
    bool focus;     /* focus reports */
    bool mouse;     /* SGR mouse reports */
};

struct terminal {
    int fd; /* read and write, non-blocking */
    const struct terminfo *info;
    struct terminal_modes modes;
    struct termios before; /* as found */
    struct sink out;       /* what is still to be written starts at out.bytes + written */
    size_t written;
    uint64_t bytes; /* taken by the terminal since the start */
    bool gone;
};

enum terminal_flush { TERMINAL_EMPTY, TERMINAL_WAITS, TERMINAL_GONE };

/*
 * tty_path NULL: the terminal of stdin and stdout, both of which must be terminals. Sets raw mode and enters the
 * modes (their bytes wait in the buffer). info is borrowed. One terminal at a time.
 */
enum err terminal_open(struct terminal *terminal, const char *tty_path, const struct terminfo *info,
                       struct terminal_modes modes, size_t buffer_size, char why[TERMINAL_WHY_SIZE]);

/*
 * What waits is still written, then all is restored, then the last words (NULL: none) are said to the shell's screen. All
 * that within the limit, where printf() to a stopped terminal would wait for ever.
 */
void terminal_close(struct terminal *terminal, const char *last_words);

/* A larger buffer, when nothing waits. False when memory is short: as before. */
bool terminal_reserve(struct terminal *terminal, size_t buffer_size);

/* Where new bytes go. Only for whoever found terminal_waits() false, so that no frame piles up on another. */
struct sink *terminal_sink(struct terminal *terminal);
bool terminal_waits(const struct terminal *terminal);
enum terminal_flush terminal_flush(struct terminal *terminal);

/* Mouse reports on or off, while nothing waits. */
void terminal_set_mouse(struct terminal *terminal, bool on);

/* After a stop: raw mode and modes again, as a shell may have used the terminal. False: it is not ours now. */
bool terminal_resume(struct terminal *terminal);

/* Rows and columns by the kernel; where it says 0, LINES and COLUMNS, then 24 x 80. For SIGWINCH. */
void terminal_size(int fd, int *rows, int *cols);

/* Async-signal-safe: gives back the open terminal, if there is one, at most once. For handlers of SIGSEGV and such. */
void terminal_restore_signal_safe(void);

#endif
