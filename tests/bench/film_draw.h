/*
 * film_draw.h - a film drawn by our differ and by plain curses: bytes from the first picture to the last.
 *
 * The differ's bytes are shown to a terminal of its own, which must then show the picture; after each frame four are counted for
 * the report of its arrival, which the program asks for and curses does not.
 */
#ifndef BENCH_FILM_DRAW_H
#define BENCH_FILM_DRAW_H

#include "bench/film.h"
#include "tui/curses_backend.h"
#include "tui/differ.h"

#include <pthread.h>
#include <stdatomic.h>

#define FILM_ASK_BYTES 4 /* CSI 5n */

/* --- the differ -------------------------------------------------------------------------------------------------------- */

/* Does a cell of the differ's terminal look like that of the film's? A blank has no foreground. */
static inline bool film_cell_is(const struct vt *vt, const VTermScreenCell *want, const VTermScreenCell *have)
{
    uint32_t a = want->chars[0] == 0 ? ' ' : want->chars[0], b = have->chars[0] == 0 ? ' ' : have->chars[0];

    if (a != b || film_rgb(vt, want->bg) != film_rgb(vt, have->bg) ||
        want->attrs.underline != have->attrs.underline || want->attrs.reverse != have->attrs.reverse)
        return false;
    return (a == ' ' && !want->attrs.underline && !want->attrs.reverse) ||
           (film_rgb(vt, want->fg) == film_rgb(vt, have->fg) && want->attrs.bold == have->attrs.bold);
}

static inline void film_check(const struct film *film, const struct vt *vt, int picture, VTermScreen *screen)
{
    const VTermScreenCell *want = film->cell + (size_t)picture * (size_t)film->rows * (size_t)film->cols;

    for (int row = 0; row < film->rows; row++)
        for (int col = 0; col < film->cols; col++, want++) {
            VTermScreenCell have = {0};

            vterm_screen_get_cell(screen, (VTermPos){row, col}, &have);
            if (!film_cell_is(vt, want, &have))
                fail_msg("picture %d of the film was not drawn: cell %d,%d is U+%04x %06x on %06x, not "
                         "U+%04x %06x on %06x",
                         picture, row, col, have.chars[0], film_rgb(vt, have.fg), film_rgb(vt, have.bg),
                         want->chars[0], film_rgb(vt, want->fg), film_rgb(vt, want->bg));
        }
}

static inline double film_by_differ(struct film *film, const struct vt *vt, const struct theme *theme,
                                    struct canvas *canvas, const struct terminfo *info)
{
    size_t room = (size_t)film->rows * (size_t)film->cols * DIFFER_CELL_BYTES + DIFFER_EXTRA_BYTES;
    struct sink sink = {malloc(room), 0, room};
    struct differ *differ = differ_new(info, theme, film_depth(film), TIER_UTF8, film->rows, film->cols);
    VTerm *vterm = vterm_new(film->rows, film->cols);
    VTermScreen *screen = vterm_obtain_screen(vterm);
    double bytes = 0;

    assert_true(sink.bytes != NULL && differ != NULL);
    vterm_set_utf8(vterm, 1);
    vterm_screen_reset(screen, 1);
    for (int i = 0; i < film->pictures; i++) {
        struct differ_frame frame = {.canvas = canvas, .cursor_row = -1};

        film_canvas(film, i, canvas);
        sink.size = 0;
        assert_true(differ_draw(differ, &frame, &sink).complete);
        vterm_input_write(vterm, sink.bytes, sink.size);
        if (!film->too_many)
            film_check(film, vt, i, screen);
        if (i > 0 && sink.size > 0)
            bytes += (double)sink.size + FILM_ASK_BYTES;
    }
    vterm_free(vterm);
    differ_free(differ);
    free(sink.bytes);
    return bytes;
}

/* --- curses ------------------------------------------------------------------------------------------------------------ */

struct film_drain {
    int fd;
    atomic_ullong bytes;
};

static inline void *film_drain_main(void *arg)
{
    struct film_drain *drain = (struct film_drain *)arg;
    char bytes[65536];
    ssize_t size;

    while ((size = read(drain->fd, bytes, sizeof(bytes))) > 0)
        atomic_fetch_add(&drain->bytes, (unsigned long long)size);
    return NULL;
}

/* Until the drain has not had a byte for a while. */
static inline double film_drained(struct film_drain *drain)
{
    unsigned long long before;

    do {
        before = atomic_load(&drain->bytes);
        poll(NULL, 0, 20);
    } while (before != atomic_load(&drain->bytes));
    return (double)before;
}

static inline double film_by_curses(struct film *film, const struct theme *theme, struct canvas *canvas,
                                    const struct terminfo *info)
{
    struct winsize size = {(unsigned short)film->rows, (unsigned short)film->cols, 0, 0};
    struct film_drain drain = {.fd = -1};
    struct curses_backend *curses;
    char tty[64];
    pthread_t thread;
    double bytes = 0;
    int slave;

    assert_int_equal(openpty(&drain.fd, &slave, tty, NULL, &size), 0);
    assert_int_equal(pthread_create(&thread, NULL, film_drain_main, &drain), 0);
    curses = curses_backend_new(tty, info, theme, film_depth(film), TIER_UTF8);
    assert_non_null(curses);
    for (int i = 0; i < film->pictures; i++) {
        film_canvas(film, i, canvas);
        curses_backend_draw(curses, canvas, -1, 0);
        if (i == 0)
            bytes = film_drained(&drain);
    }
    bytes = film_drained(&drain) - bytes;
    curses_backend_free(curses);
    close(slave);
    pthread_join(thread, NULL); /* ends with the last that had the terminal open */
    close(drain.fd);
    return bytes;
}

/* --- both -------------------------------------------------------------------------------------------------------------- */

struct film_bytes {
    double own, curses;
};

static inline struct film_bytes film_redraw(struct film *film, const struct vt *vt)
{
    static struct terminfo info;
    struct theme theme = {.name = "film"};
    struct canvas *canvas = canvas_new(film->rows, film->cols);
    char why[TERMINFO_WHY_SIZE];
    struct film_bytes bytes;

    assert_non_null(canvas);
    for (int i = 0; i < film->pictures; i++)
        film_canvas(film, i, canvas); /* to know all colours */
    film_theme(film, vt, &theme);
    assert_int_equal(terminfo_load("xterm-256color", &info, why), ERR_OK);
    bytes.own = film_by_differ(film, vt, &theme, canvas, &info);
    bytes.curses = film_by_curses(film, &theme, canvas, &info);
    canvas_free(canvas);
    return bytes;
}

#endif
