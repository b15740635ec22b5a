/*
 * ui_list.h - the lists under the ladder: their tabs, which rows they show in which order, and which one is chosen. Private to
 * tui; part of ui_state.h. ui_list.c, ui_list_choice.c, ui_list_sort.c, ui_detail.c
 */
#ifndef TUI_UI_LIST_H
#define TUI_UI_LIST_H

#include "tui/number_text.h"
#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

struct ui;

#define UI_FIELD_MAX 64 /* bytes of a text field, NUL included */

enum list_tab { TAB_ORDERS, TAB_FILLS, TAB_CLOSED, TAB_TAPE, TAB_EVENTS, TAB_LOG, TAB_WATCH, LIST_TABS };

struct list_mark { /* tells a row from others of its list; first 0: none */
    int64_t first, second;
};

struct ui_list {
    enum list_tab tab;
    struct list_mark chosen; /* what row shows, wherever it moves; none: whatever comes to stand there */
    struct order alive;      /* the chosen order as it was last seen at work; seq 0: it is not */
    int64_t moved_ns;        /* when the choice went to another order by itself; 0: a key has chosen since */
    uint16_t row, top;
    uint8_t sort; /* 0: as the engine gives them */
    bool turned;  /* the last of the column stands first */
    char filter[UI_FIELD_MAX];
};

int list_count(const struct ui *ui);                          /* rows of the shown tab after the filter */
int list_rows(const struct ui *ui, uint16_t *index, int max); /* their indices in the frame */
void list_tab_step(struct ui *ui, int direction);
void list_show(struct ui *ui, enum list_tab tab); /* from its first row, all of it */
void list_move(struct ui *ui, int rows);
void list_end(struct ui *ui, bool last);
void list_detail(struct ui *ui);

/* ui_list_sort.c */
void list_sort_next(struct ui *ui);              /* by the next column */
void list_sort_turn(struct ui *ui);              /* the other way round */
const char *list_sort_word(const struct ui *ui); /* of the column; NULL: as they come */
const char *list_sort_mark(const struct ui *ui); /* of its head: which way round */
bool list_sort_falls(const struct ui *ui);       /* the greatest stands first */
/* Must one row stand before the other, by the column? */
bool list_row_before(const struct ui *ui, uint16_t one, uint16_t other);

/* ui_list_choice.c: the chosen row stays what it shows while others come above. */
void list_home(struct ui *ui);     /* to the first row, whatever it shows */
void list_choose(struct ui *ui);   /* what the row shows now */
void list_on_frame(struct ui *ui); /* the row follows what was chosen */
void list_keep_in_sight(struct ui *ui);
int list_first_row(const struct ui *ui); /* drawn first: without the focus a list stands at its beginning */
/* The choice went to another order by itself, so shortly ago that a key pressed now was meant for the one before. */
bool list_just_moved(const struct ui *ui);
const struct view_order *list_order(const struct ui *ui);              /* chosen one; NULL: none */
uint64_t list_order_seq(const struct ui *ui);                          /* of the chosen row; 0: none */
int list_log(const struct ui *ui, struct view_log_line *out, int max); /* engine's and local, newest first */
const char *list_event_text(const struct view_book_event *event, const struct view_scale *scale, char *out,
                            size_t size);
/* The same in cols columns where it can be: the price in the places the rows need, then fewer words. */
const char *list_event_fit(const struct view_book_event *event, const struct view_scale *scale,
                           int64_t row_ticks, int cols, char *out, size_t size);
struct number_text list_event_price(const struct view_book_event *event, const struct view_scale *scale,
                                    int64_t row_ticks, bool rough);
const char *list_tab_name(enum list_tab tab);

/* ui_detail.c */
void denial_lines(struct ui *ui, const struct view_denial *denial); /* added to what is open */
void order_detail_fill(struct ui *ui, uint64_t seq);                /* its lines, without opening anything */

#endif
