/* The part of the differ that finds what differs. */
#include "tui/differ_parts.h"

#include <assert.h>
#include <string.h>

#define BRIDGE_BYTES 4 /* as many as a jump of two to nine columns */

ink differ_style_ink(struct differ *differ, struct style style)
{
    return pen_style_ink(&differ->pen, &differ->theme, style);
}

/* On lesser tiers a wide character is `?` and a blank, and marks are left out. */
static struct shown cell_shown(struct differ *differ, const struct cell *cell)
{
    struct shown shown = {.from = *cell, .ink = differ_style_ink(differ, cell->style), .width = cell->width};

    bool reverse = false;

    if (differ->tier == TIER_UTF8 || cell->width == 1)
        shown.code = glyph_shown(differ->tier, cell->code, &reverse);
    else
        shown.code = cell->width == 2 ? '?' : ' ';
    if (differ->tier == TIER_UTF8)
        memcpy(shown.mark, cell->mark, sizeof(shown.mark));
    else
        shown.width = 1;
    if (reverse)
        shown.ink = ink_reversed(shown.ink);
    if (shown.code == ' ' && shown.width == 1 && shown.mark[0] == 0)
        shown.ink = ink_blank(shown.ink);
    return shown;
}

static struct shown *shown_row(struct differ *differ, int row)
{
    return &differ->shown[(size_t)row * (size_t)differ->cols];
}

/*
 * The canvas's row as the terminal would show it, into differ->next. Returns how many cells look different; *disputed becomes
 * true if terminals do not agree on the width of one of them, or of what is shown there.
 */
static size_t resolve(struct differ *differ, const struct canvas *canvas, int row, bool *disputed)
{
    static const struct cell blank = {.code = ' ', .style = {.fg = ROLE_TEXT}, .width = 1};
    struct shown *shown = shown_row(differ, row);
    size_t count = 0;

    for (int c = 0; c < differ->cols; c++) {
        const struct cell *cell = canvas_cell(canvas, row, c);

        if (cell == NULL || (cell->width == 2 && c == differ->cols - 1))
            cell = &blank;
        if (!cell_equal(cell, &shown[c].from)) {
            differ->next[c] = cell_shown(differ, cell);
            if (!shown_equal(&differ->next[c], &shown[c])) {
                *disputed =
                    *disputed || !shown_width_trusted(&differ->next[c]) || !shown_width_trusted(&shown[c]);
                count++;
                continue;
            }
            shown[c].from = *cell; /* looks the same, from another cell: remember that one */
        }
        differ->next[c] = shown[c];
    }
    return count;
}

size_t differ_look(struct differ *differ, const struct canvas *canvas, int row)
{
    bool disputed = false;
    size_t count = resolve(differ, canvas, row, &disputed);

    differ->row_look[row] = count == 0 ? ROW_SAME : disputed ? ROW_DISPUTED : ROW_DIFFERS;
    return count;
}

/* --- runs ------------------------------------------------------------------------------------------------ */

/* On a terminal that wraps at once, the corner that would scroll the screen. It stays as it is. */
static bool is_corner(const struct differ *differ, int row, int col)
{
    return differ->pen.info->wraps_at_once && row == differ->rows - 1 && col == differ->cols - 1;
}

/* From where on the row can be erased to its end with gain; cols: nowhere. */
static int erase_from(const struct differ *differ, const struct shown *shown)
{
    const struct shown *last = &differ->next[differ->cols - 1];
    int from = differ->cols, first = differ->cols;
    size_t changed = 0;

    if (differ->pen.info->cap[CAP_ERASE_LINE] == NULL || !shown_blank(last) ||
        !pen_can_erase(&differ->pen, last->ink))
        return differ->cols;
    while (from > 0 && shown_equal(&differ->next[from - 1], last)) {
        from--;
        if (!shown_equal(&differ->next[from], &shown[from])) {
            first = from;
            changed++;
        }
    }
    return changed > strlen(differ->pen.info->cap[CAP_ERASE_LINE]) ? first : differ->cols;
}

static int ink_number(struct differ *differ, ink wanted)
{
    for (int i = 0; i < differ->ink_count; i++)
        if (differ->inks[i] == wanted)
            return i;
    if (differ->ink_count == DIFFER_INKS - 1)
        return DIFFER_INKS - 1;
    differ->inks[differ->ink_count] = wanted;
    differ->ink_known[differ->ink_count] = false;
    return differ->ink_count++;
}

/* One ink for both, if there is one: a blank that does not care goes with any of its background. */
static bool ink_join(ink *have, ink more)
{
    const unsigned lines = ATTR_UNDERLINE | ATTR_REVERSE;

    if (*have == more)
        return true;
    if (ink_bg(*have) != ink_bg(more) || ((ink_attr(*have) | ink_attr(more)) & lines) != 0)
        return false;
    if (ink_fg(*have) == INK_ANY) {
        *have = more;
        return true;
    }
    return ink_fg(more) == INK_ANY;
}

/* Columns [col, col + count) of the resolved row, as one run. */
static void add_run(struct differ *differ, int row, int col, int count, ink wanted, bool erases)
{
    struct shown *due = &differ->due[differ->due_cells];

    assert(differ->runs < DIFFER_RUNS + DIFFER_COLUMNS);
    memcpy(due, &differ->next[col], (size_t)count * sizeof(*due));
    differ->due_cells += count;
    differ->run[differ->runs++] =
        (struct run){row, col, count, wanted, ink_number(differ, wanted), due, erases};
}

/*
 * How many cells from col on are right already, but stand before one that differs and cost no more to write again than to
 * jump over: 0 if there is no such cell.
 */
static int bridge(const struct differ *differ, const struct shown *shown, int col, int end, ink wanted)
{
    char glyph[SHOWN_BYTES_MAX];
    size_t size = 0;
    int count = 0;

    while (col + count < end && shown_equal(&differ->next[col + count], &shown[col + count])) {
        const struct shown *same = &shown[col + count++];

        size += shown_bytes(same, glyph);
        if (size > BRIDGE_BYTES || !shown_width_trusted(same) || !ink_join(&wanted, same->ink))
            return 0;
    }
    return col + count < end && ink_join(&wanted, differ->next[col + count].ink) ? count : 0;
}

/* From the cell at col, which differs, on. Returns the columns. */
static int run_from(struct differ *differ, const struct shown *shown, int col, int end, ink *wanted)
{
    int count = 1;

    *wanted = differ->next[col].ink;
    while (col + count < end) {
        int at = col + count;

        if (!shown_equal(&differ->next[at], &shown[at])) {
            if (!ink_join(wanted, differ->next[at].ink))
                break;
            count++;
        } else {
            int over = bridge(differ, shown, at, end, *wanted);

            if (over == 0)
                break;
            for (int i = at; i < at + over; i++)
                ink_join(wanted, differ->next[i].ink);
            count += over;
        }
    }
    if (col + count < differ->cols && differ->next[col + count].width == 0)
        count++; /* the second half goes with the first */
    return count;
}

void differ_gather(struct differ *differ, const struct canvas *canvas, int row, int left, int right)
{
    struct shown *shown = shown_row(differ, row);
    int erase = differ->cols, count;
    bool disputed = false;
    ink wanted;

    if (resolve(differ, canvas, row, &disputed) == 0)
        return;
    while (left > 0 && (differ->next[left].width == 0 || shown[left].width == 0))
        left--;
    while (right < differ->cols && (differ->next[right].width == 0 || shown[right].width == 0))
        right++;
    if (right == differ->cols)
        erase = erase_from(differ, shown);
    if (erase < left)
        erase = differ->cols;
    for (int c = left; c < right && c < erase; c += count) {
        count = 1;
        if (shown_equal(&differ->next[c], &shown[c]))
            continue;
        if (is_corner(differ, row, c)) {
            shown[c] = differ->next[c];
            break;
        }
        if (differ->next[c].width == 0 && c > 0) /* the first half was right, the second not: both again */
            c--;
        count = run_from(differ, shown, c, right < erase ? right : erase, &wanted);
        if (is_corner(differ, row, c + count - 1))
            count--;
        add_run(differ, row, c, count, wanted, false);
    }
    if (erase < right)
        add_run(differ, row, erase, differ->cols - erase, differ->next[erase].ink, true);
}
