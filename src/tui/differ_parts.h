/*
 * differ_parts.h - what the files of the differ share: a frame is looked at, its cells that differ are gathered into runs
 * of one ink, and the runs are written in the order that takes the fewest bytes.
 */
#ifndef TUI_DIFFER_PARTS_H
#define TUI_DIFFER_PARTS_H

#include "tui/differ.h"
#include "tui/shown.h"

#define DIFFER_RESERVE (2 * PEN_STEP_MAX) /* bytes kept for the end of a frame */

/*
 * Runs weighed against one another at most: the cost grows with its square. More come row after row.
 */
#define DIFFER_RUNS    48
#define DIFFER_COLUMNS CANVAS_COLS_MAX

/* Neighbouring cells of a row that differ and can be written with one ink. */
struct run {
    int row, col, count;
    ink ink;
    int ink_number;          /* among those of the runs; DIFFER_INKS - 1: not told apart */
    const struct shown *due; /* what it will show */
    bool erases;             /* it is the rest of the row, and blank */
};

#define DIFFER_INKS 24

/* Disputed: some cell that differs has, or had, a width that terminals do not agree on. From left to right then. */
enum row_look { ROW_SAME, ROW_DIFFERS, ROW_DISPUTED };

struct differ {
    struct pen pen;
    struct theme theme;
    enum glyph_tier tier;
    int rows, cols;
    bool clear_first;  /* nothing is known of the screen */
    bool cursor_shown; /* the terminal's cursor is visible */
    int cursor_row, cursor_col;
    int rest_row;            /* where painting of the rest stopped */
    struct shown *shown;     /* rows x cols */
    struct shown *next;      /* one row, being compared */
    struct shown *due;       /* rows x cols: the cells of the runs, one after another */
    enum row_look *row_look; /* rows */
    struct run run[DIFFER_RUNS + DIFFER_COLUMNS];
    int runs, due_cells;
    ink inks[DIFFER_INKS];        /* of the runs */
    size_t ink_cost[DIFFER_INKS]; /* of a change to it from cost_from; 0: not known, or none */
    bool ink_known[DIFFER_INKS];
    ink cost_from;
    int ink_count;
};

/* One call of differ_draw(). */
struct job {
    struct differ *differ;
    const struct differ_frame *frame;
    struct sink *sink;
    size_t start;
    size_t cells;
    bool stopped; /* budget or room is used up */
};

/* differ.c */
/* A cell as the terminal leaves it where nothing is written: cleared in this ink. */
struct shown differ_blank(struct differ *differ);

/* differ_runs.c */
ink differ_style_ink(struct differ *differ, struct style style);
/* How many cells of the row look other than they should. */
size_t differ_look(struct differ *differ, const struct canvas *canvas, int row);
/* Adds the runs of the row's columns [left, right). Wide characters at the edges are taken whole. */
void differ_gather(struct differ *differ, const struct canvas *canvas, int row, int left, int right);

/* differ_scroll.c */
/* Moves rows that are shown elsewhere, if that saves more than it takes: then all must be looked at anew. */
bool job_scroll(struct job *job, size_t changed);

/* differ_write.c */
bool job_full(struct job *job);
/* Writes the runs that were gathered; those for which there was no room stay at the front. */
void job_write_runs(struct job *job, bool in_order);

#endif
