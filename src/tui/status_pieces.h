/*
 * status_pieces.h - a row as a list of pieces with a gap before each.
 *
 * One piece takes the slack; where the row is too narrow the widest gaps shrink first, then by rank, highest first, a
 * piece takes its shorter form or, having none, falls away, and the gaps may be wide again. Rank 0 keeps its place, and its
 * form until nothing else gives way any more.
 */
#ifndef TUI_STATUS_PIECES_H
#define TUI_STATUS_PIECES_H

#include "tui/brush.h"

#define PIECES_MAX 16

struct piece {
    uint8_t gap, drop;
    uint8_t full_gap; /* where there is room */
    bool stretch;     /* takes the slack before it */
    bool brief_stays; /* at its rank it becomes brief and then never falls away */
    struct style label_style, style;
    char label[24], text[96], brief[24], least[24];
};

struct pieces {
    int count;
    struct piece piece[PIECES_MAX];
};

struct piece *pieces_add(struct pieces *row, int gap, int drop, struct style style, const char *text);
struct piece *pieces_add_labelled(struct pieces *row, int gap, int drop, const char *label,
                                  struct style style, const char *text);
/* At this rank the piece becomes brief, without a label, and stays so. */
void piece_give_brief(struct piece *piece, int rank, const char *brief);
/* Once no rank is left and the row is still too long: the first piece that has such a form takes it first. */
void piece_give_least(struct piece *piece, const char *least);
int pieces_cols(const struct pieces *row);
void pieces_shrink(struct pieces *row, int cols); /* to at most cols, as far as ranks allow */
void pieces_draw(struct canvas *canvas, int row, struct pieces *pieces, int cols);

#endif
