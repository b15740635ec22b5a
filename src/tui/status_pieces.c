#include "tui/status_pieces.h"

#include "core/base/safe_text.h"

#include <string.h>

struct piece *pieces_add(struct pieces *row, int gap, int drop, struct style style, const char *text)
{
    struct piece *piece = &row->piece[row->count < PIECES_MAX - 1 ? row->count++ : row->count];

    memset(piece, 0, sizeof(*piece));
    piece->gap = piece->full_gap = (uint8_t)gap;
    piece->drop = (uint8_t)drop;
    piece->style = style;
    text_print(piece->text, sizeof(piece->text), "%s", text);
    return piece;
}

struct piece *pieces_add_labelled(struct pieces *row, int gap, int drop, const char *label,
                                  struct style style, const char *text)
{
    struct piece *piece = pieces_add(row, gap, drop, style, text);

    piece->label_style = STYLE_DIM;
    text_print(piece->label, sizeof(piece->label), "%s", label);
    return piece;
}

static int piece_cols(const struct piece *piece)
{
    return (int)(safe_text_columns(piece->label) + safe_text_columns(piece->text));
}

int pieces_cols(const struct pieces *row)
{
    int cols = 0;

    for (int i = 0; i < row->count; i++)
        cols += row->piece[i].gap + piece_cols(&row->piece[i]);
    return cols;
}

static void pieces_remove(struct pieces *row, int at)
{
    memmove(&row->piece[at], &row->piece[at + 1], (size_t)(row->count - at - 1) * sizeof(row->piece[0]));
    row->count--;
}

void piece_give_brief(struct piece *piece, int rank, const char *brief)
{
    piece->drop = (uint8_t)rank;
    piece->brief_stays = true;
    text_print(piece->brief, sizeof(piece->brief), "%s", brief);
}

void piece_give_least(struct piece *piece, const char *least)
{
    text_print(piece->least, sizeof(piece->least), "%s", least);
}

static void piece_shorten(struct piece *piece, const char *text)
{
    text_print(piece->text, sizeof(piece->text), "%s", text);
    piece->label[0] = '\0';
    piece->drop = 0;
}

/* False: all are as short as they can be. */
static bool least_one(struct pieces *row)
{
    for (int i = 0; i < row->count; i++) {
        if (row->piece[i].least[0] == '\0')
            continue;
        piece_shorten(&row->piece[i], row->piece[i].least);
        row->piece[i].least[0] = '\0';
        return true;
    }
    return false;
}

/* To one blank at least, the widest first. */
static void narrow_gaps(struct pieces *row, int cols)
{
    while (pieces_cols(row) > cols) {
        int widest = 0;

        for (int i = 1; i < row->count; i++) {
            if (row->piece[i].gap > row->piece[widest].gap)
                widest = i;
        }
        if (row->piece[widest].gap <= 1)
            return;
        row->piece[widest].gap--;
    }
}

/* The piece of the highest rank goes, or its brief form comes. False: all that is left stays. */
static bool drop_one(struct pieces *row)
{
    int worst = 0;

    for (int i = 1; i < row->count; i++) {
        if (row->piece[i].drop >= row->piece[worst].drop)
            worst = i;
    }
    if (row->piece[worst].drop == 0)
        return false;
    if (row->piece[worst].brief_stays)
        piece_shorten(&row->piece[worst], row->piece[worst].brief);
    else
        pieces_remove(row, worst);
    return true;
}

/* Gaps give way before pieces do; what a piece leaves is the others' gaps again. */
void pieces_shrink(struct pieces *row, int cols)
{
    narrow_gaps(row, cols);
    while (pieces_cols(row) > cols && (drop_one(row) || least_one(row))) {
        for (int i = 0; i < row->count; i++)
            row->piece[i].gap = row->piece[i].full_gap;
        narrow_gaps(row, cols);
    }
}

void pieces_draw(struct canvas *canvas, int row, struct pieces *pieces, int cols)
{
    struct brush pen = brush_at(canvas, row, 0);
    int slack;

    pieces_shrink(pieces, cols);
    slack = cols - pieces_cols(pieces);
    for (int i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->piece[i];

        pen.col += piece->gap;
        if (piece->stretch && slack > 0)
            pen.col += slack;
        if (piece->label[0] != '\0')
            brush_text(&pen, piece->label_style, piece->label);
        brush_text(&pen, piece->style, piece->text);
    }
}
