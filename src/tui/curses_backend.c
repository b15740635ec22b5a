#include "tui/curses_backend.h"

#include "tui/pen.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#define PAIRS_MAX 1024 /* colour pairs in use, by hash; past half of it text is drawn in the default pair */

struct pair {
    int32_t fg, bg;
    int number; /* 0: empty */
};

struct curses_backend {
    SCREEN *screen;
    FILE *out, *in;
    struct pen pen; /* only for what the terminal makes of a paint */
    struct theme theme;
    enum glyph_tier tier;
    struct pair pair[PAIRS_MAX];
    int pair_count, pair_limit;
    cchar_t row[CANVAS_COLS_MAX + 1];
};

/* newterm() takes signals over; ours stay with whoever has them. */
static const int kept_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
#define KEPT_COUNT (sizeof(kept_signals) / sizeof(kept_signals[0]))

static SCREEN *new_screen(const char *term, FILE *out, FILE *in)
{
    struct sigaction kept[KEPT_COUNT];
    SCREEN *screen;

    for (size_t i = 0; i < KEPT_COUNT; i++)
        sigaction(kept_signals[i], NULL, &kept[i]);
    screen = newterm(term, out, in);
    for (size_t i = 0; i < KEPT_COUNT; i++)
        sigaction(kept_signals[i], &kept[i], NULL);
    return screen;
}

static FILE *open_file(const char *path, int flags, const char *mode)
{
    int fd = open(path, flags | O_NOCTTY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

    if (file == NULL && fd >= 0)
        close(fd);
    return file;
}

static void set_up(struct curses_backend *backend)
{
    raw();
    noecho();
    nonl();
    idlok(stdscr, FALSE); /* no scrolling tricks: cells stay where they are */
    scrollok(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    if (backend->pen.depth != DEPTH_MONO && has_colors()) {
        start_color();
        use_default_colors();
        backend->pair_limit = COLOR_PAIRS < PAIRS_MAX / 2 ? COLOR_PAIRS : PAIRS_MAX / 2;
    } else {
        backend->pen.depth = DEPTH_MONO;
    }
}

struct curses_backend *curses_backend_new(const char *tty_path, const struct terminfo *info,
                                          const struct theme *theme, enum colour_depth depth,
                                          enum glyph_tier tier)
{
    struct curses_backend *backend = calloc(1, sizeof(*backend));

    if (backend == NULL)
        return NULL;
    setlocale(LC_CTYPE, "");
    if (depth > DEPTH_256)
        depth = DEPTH_256;
    if (depth == DEPTH_256 && info->colours < 256)
        depth = DEPTH_16;
    pen_init(&backend->pen, info, depth);
    backend->theme = *theme;
    backend->tier = tier;
    backend->out = open_file(tty_path, O_WRONLY, "w");
    backend->in = open_file(tty_path, O_RDONLY, "r");
    if (backend->out != NULL && backend->in != NULL)
        backend->screen = new_screen(info->name, backend->out, backend->in);
    if (backend->screen == NULL) {
        curses_backend_free(backend);
        return NULL;
    }
    set_term(backend->screen);
    set_up(backend);
    return backend;
}

void curses_backend_free(struct curses_backend *backend)
{
    if (backend == NULL)
        return;
    if (backend->screen != NULL) {
        endwin();
        delscreen(backend->screen);
    }
    if (backend->out != NULL)
        fclose(backend->out);
    if (backend->in != NULL)
        fclose(backend->in);
    free(backend);
}

/* The pair of two colours, made when first needed. */
static int pair_of(struct curses_backend *backend, int32_t fg, int32_t bg)
{
    uint32_t at = ((uint32_t)(fg + 2) * 2654435761u ^ (uint32_t)(bg + 2) * 40503u) % PAIRS_MAX;
    struct pair *pair = &backend->pair[at];

    if (fg == INK_DEFAULT && bg == INK_DEFAULT)
        return 0;
    while (pair->number != 0 && (pair->fg != fg || pair->bg != bg)) {
        at = (at + 1) % PAIRS_MAX;
        pair = &backend->pair[at];
    }
    if (pair->number == 0) {
        if (backend->pair_count + 1 >= backend->pair_limit)
            return 0;
        *pair = (struct pair){fg, bg, ++backend->pair_count};
        init_extended_pair(pair->number, fg, bg);
    }
    return pair->number;
}

static attr_t curses_attr(unsigned attr)
{
    return (attr & ATTR_BOLD ? A_BOLD : 0) | (attr & ATTR_DIM ? A_DIM : 0) |
           (attr & ATTR_UNDERLINE ? A_UNDERLINE : 0) | (attr & ATTR_REVERSE ? A_REVERSE : 0);
}

/* A cell as curses wants it. Returns false for the second half of a wide character, which curses adds by itself. */
static bool make_cell(struct curses_backend *backend, const struct cell *cell, cchar_t *out)
{
    bool reverse = false;
    ink look = pen_style_ink(&backend->pen, &backend->theme, cell->style);
    wchar_t text[2 + CANVAS_MARKS] = {(wchar_t)glyph_shown(backend->tier, cell->code, &reverse)};
    int pair = pair_of(backend, ink_fg(look), ink_bg(look));

    if (backend->tier == TIER_UTF8) {
        if (cell->width == 0)
            return false;
        for (int i = 0; i < CANVAS_MARKS; i++)
            text[1 + i] = (wchar_t)cell->mark[i];
    } else if (cell->width != 1) {
        text[0] = cell->width == 2 ? L'?' : L' ';
    }
    setcchar(out, text, curses_attr(ink_attr(look) ^ (reverse ? ATTR_REVERSE : 0u)),
             (short)(pair < 32767 ? pair : 0), &pair);
    return true;
}

static void draw_row(struct curses_backend *backend, const struct canvas *canvas, int row, int cols)
{
    static const struct cell blank = {.code = ' ', .style = {.fg = ROLE_TEXT}, .width = 1};
    int count = 0;

    for (int c = 0; c < cols; c++) {
        const struct cell *cell = canvas_cell(canvas, row, c);

        if (cell == NULL || (cell->width == 2 && c == cols - 1))
            cell = &blank;
        if (make_cell(backend, cell, &backend->row[count]))
            count++;
    }
    mvadd_wchnstr(row, 0, backend->row, count);
}

void curses_backend_draw(struct curses_backend *backend, const struct canvas *canvas, int cursor_row,
                         int cursor_col)
{
    int rows, cols;

    set_term(backend->screen);
    getmaxyx(stdscr, rows, cols);
    if (cols > CANVAS_COLS_MAX)
        cols = CANVAS_COLS_MAX;
    for (int row = 0; row < rows; row++)
        draw_row(backend, canvas, row, cols);
    curs_set(cursor_row >= 0 && cursor_row < rows && cursor_col >= 0 && cursor_col < cols);
    if (cursor_row >= 0)
        move(cursor_row, cursor_col);
    refresh();
}

void curses_backend_resize(struct curses_backend *backend, int rows, int cols)
{
    set_term(backend->screen);
    resizeterm(rows, cols);
    clearok(stdscr, TRUE);
}

void curses_backend_redraw(struct curses_backend *backend)
{
    set_term(backend->screen);
    clearok(stdscr, TRUE);
}

void curses_backend_set_theme(struct curses_backend *backend, const struct theme *theme)
{
    backend->theme = *theme;
    pen_forget_styles(&backend->pen);
}

void curses_backend_set_tier(struct curses_backend *backend, enum glyph_tier tier)
{
    backend->tier = tier;
}

enum colour_depth curses_backend_depth(const struct curses_backend *backend)
{
    return backend->pen.depth;
}
