#include "app/trail_keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct trail_keep {
    struct trail_words words;
    size_t first, count;
    bool full;
    struct view_trail_row row[TRAIL_ROWS_MAX];
};

struct trail_keep *trail_keep_new(void)
{
    return calloc(1, sizeof(struct trail_keep));
}

void trail_keep_free(struct trail_keep *keep)
{
    free(keep);
}

void trail_keep_clear(struct trail_keep *keep)
{
    memset(&keep->words, 0, sizeof(keep->words));
    keep->first = keep->count = 0;
    keep->full = false;
}

size_t trail_keep_count(const struct trail_keep *keep)
{
    return keep->count;
}

bool trail_keep_is_full(const struct trail_keep *keep)
{
    return keep->full;
}

static size_t place_of(const struct trail_keep *keep, size_t i)
{
    return (keep->first + i) % TRAIL_ROWS_MAX;
}

static const struct view_trail_row *row_at(const struct trail_keep *keep, size_t i)
{
    return &keep->row[place_of(keep, i)];
}

/* --- filter ------------------------------------------------------------------------------------------------------ */

void trail_filter_parse(const struct view_trail_request *request, struct trail_filter *out)
{
    char text[TRAIL_FILTER_MAX], *rest = text, *word, *end;

    *out = (struct trail_filter){.kinds = request->kinds};
    memcpy(text, request->filter, sizeof(text));
    text[sizeof(text) - 1] = '\0';
    while ((word = strsep(&rest, " ")) != NULL && out->words < TRAIL_WORDS_MAX) {
        if (word[0] == '#' && word[1] >= '0' && word[1] <= '9') {
            out->order_seq = strtoull(word + 1, &end, 10);
            if (*end == '\0')
                continue;
            out->order_seq = 0;
        }
        if (word[0] != '\0')
            memcpy(out->word[out->words++], word, strlen(word) + 1);
    }
}

bool trail_filter_takes(const struct trail_filter *filter, const struct view_trail_row *row)
{
    if (trail_kind_is_hidden(row->kind) ||
        (filter->kinds != 0 && (filter->kinds & (UINT32_C(1) << row->kind)) == 0) ||
        (filter->order_seq != 0 && row->order_seq != filter->order_seq))
        return false;
    for (size_t i = 0; i < filter->words; i++) {
        const char *word = filter->word[i];

        if (strcasestr(row->what, word) == NULL && strcasestr(row->owner, word) == NULL &&
            strcasestr(row->symbol, word) == NULL && strcasestr(row->text, word) == NULL &&
            strcasecmp(trail_kind_word(row->kind), word) != 0)
            return false;
    }
    return true;
}

/* --- in ---------------------------------------------------------------------------------------------------------- */

static void push(struct trail_keep *keep, const struct view_trail_row *row)
{
    if (keep->count == TRAIL_ROWS_MAX) {
        keep->first = (keep->first + 1) % TRAIL_ROWS_MAX;
        keep->count--;
        keep->full = true;
    }
    keep->row[place_of(keep, keep->count++)] = *row;
}

/* A command knows no number of the order that it asks for, which begins in the same moment of the engine. */
static void mark_cause(struct trail_keep *keep, int64_t ts_ns, uint64_t order_seq)
{
    for (size_t i = keep->count; i > 0; i--) {
        struct view_trail_row *row = &keep->row[place_of(keep, i - 1)];

        if (row->ts_ns != ts_ns)
            return;
        if (row->kind == TRAIL_COMMAND && row->order_seq == 0)
            row->order_seq = order_seq;
    }
}

void trail_keep_add(struct trail_keep *keep, const struct store_record *record, uint64_t seq,
                    const struct trail_filter *only)
{
    struct view_trail_row row[TRAIL_ROWS_OF_RECORD];
    uint64_t cause;
    size_t count = trail_rows_of(&keep->words, record, seq, row, &cause);

    if (cause != 0)
        mark_cause(keep, record->ts_ns, cause);
    for (size_t i = 0; i < count; i++)
        if (only == NULL || trail_filter_takes(only, &row[i]) || row[i].kind == TRAIL_COMMAND ||
            (only->order_seq != 0 && row[i].order_seq == only->order_seq))
            push(keep, &row[i]);
}

/* --- out --------------------------------------------------------------------------------------------------------- */

static void fill_rows(const struct trail_keep *keep, const struct trail_filter *filter, uint64_t anchor,
                      struct view_trail *out)
{
    size_t matching = 0, at = 0, begin, index = 0;

    for (size_t i = 0; i < keep->count; i++) {
        if (!trail_filter_takes(filter, row_at(keep, i)))
            continue;
        matching++;
        if (anchor == 0 || row_at(keep, i)->seq <= anchor)
            at = matching; /* rows up to the anchor */
    }
    begin = anchor == 0                          ? matching
            : at + TRAIL_PAGE_MAX / 2 < matching ? at + TRAIL_PAGE_MAX / 2
                                                 : matching; /* the end, first */
    begin = begin > TRAIL_PAGE_MAX ? begin - TRAIL_PAGE_MAX : 0;
    out->rows = 0;
    for (size_t i = 0; i < keep->count && out->rows < TRAIL_PAGE_MAX; i++)
        if (trail_filter_takes(filter, row_at(keep, i)) && index++ >= begin)
            out->row[out->rows++] = *row_at(keep, i);
    out->above = (uint32_t)begin;
    out->below = (uint32_t)(matching - begin - out->rows);
}

/* Signals are told with the order, and are of before the command that asked for it. */
static void sort_in(struct view_trail *out, const struct view_trail_row *row)
{
    uint16_t at = out->steps++;

    for (; at > 0 && out->step[at - 1].ts_ns > row->ts_ns; at--)
        out->step[at] = out->step[at - 1];
    out->step[at] = *row;
}

/* Stands for those of a long life that are neither among the first nor among the newest. */
static void add_gap(struct view_trail *out, const struct view_trail_row *last, size_t left_out)
{
    struct view_trail_row gap = *last;

    gap.kind = TRAIL_ANSWER;
    gap.level = 0;
    snprintf(gap.what, sizeof(gap.what), "...");
    snprintf(gap.text, sizeof(gap.text), "%zu steps between are left out; flowdeck journal --order has them",
             left_out);
    out->step[out->steps++] = gap;
}

static void fill_steps(const struct trail_keep *keep, uint64_t order_seq, struct view_trail *out)
{
    const size_t tail = TRAIL_STEPS_MAX - TRAIL_STEPS_HEAD - 1;
    size_t all = 0, index = 0;

    out->order_seq = order_seq;
    out->steps = 0;
    out->whole = false;
    for (size_t i = 0; i < keep->count && order_seq != 0; i++)
        all += row_at(keep, i)->order_seq == order_seq;
    for (size_t i = 0; i < keep->count && order_seq != 0; i++) {
        const struct view_trail_row *row = row_at(keep, i);

        if (row->order_seq != order_seq)
            continue;
        out->whole |= row->kind == TRAIL_GATE;
        if (all <= TRAIL_STEPS_MAX || index < TRAIL_STEPS_HEAD || index + tail >= all)
            sort_in(out, row);
        else if (index + tail + 1 == all)
            add_gap(out, row, all - TRAIL_STEPS_HEAD - tail);
        index++;
    }
}

void trail_keep_page(const struct trail_keep *keep, const struct view_trail_request *request,
                     struct view_trail *out)
{
    struct trail_filter filter;

    trail_filter_parse(request, &filter);
    fill_rows(keep, &filter, request->anchor, out);
    fill_steps(keep, request->order_seq, out);
}
