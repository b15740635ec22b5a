/* The marks of the ladder: which one stands in a row, its letter, and what it means in words. */
#include "tui/ui_state.h"

static const struct {
    char letter;
    const char *words;
} marks[] = {
    [MARK_HIGH] = {'H', "high of the session"},    [MARK_LOW] = {'L', "low of the session"},
    [MARK_OPEN] = {'O', "open of the session"},    [MARK_VWAP] = {'V', "VWAP of the day"},
    [MARK_ENTRY] = {'E', "entry of the position"}, [MARK_EVEN] = {'B', "even, fees earned back"},
    [MARK_STOP] = {'T', "a stop of ours"},
};

#define MARKS       (sizeof(marks) / sizeof(marks[0]))
#define ALERT_MARK  '!'
#define ALERT_WORDS "alert, rings once"

/* The row whose price is next to this one; -1: none that is shown. */
static int nearest_row(const struct view_ladder *ladder, int64_t price_ticks)
{
    int64_t twice;

    if (ladder->row_ticks <= 0 || ladder->rows == 0)
        return -1;
    if (ladder->levels_only)
        return ladder_row_of(ladder, price_ticks, SIDE_BID);
    twice = 2 * (ladder->row[0].price_ticks - price_ticks) + ladder->row_ticks;
    if (twice < 0 || twice / 2 / ladder->row_ticks >= ladder->rows)
        return -1;
    return (int)(twice / 2 / ladder->row_ticks);
}

/* An alert that waits stands before the marks, of those the last one. */
bool ladder_mark_at(const struct ui *ui, const struct view_ladder *ladder, const struct view_scale *scale,
                    int row, struct ladder_mark *out)
{
    const struct view_alerts *alerts = &ui_view(ui)->alerts;
    bool found = false;

    for (int i = 0; i < ladder->marks && i < VIEW_MARKS_MAX; i++)
        if (nearest_row(ladder, ladder->mark[i].price_ticks) == row &&
            (unsigned)ladder->mark[i].kind < MARKS) {
            *out = (struct ladder_mark){marks[ladder->mark[i].kind].letter, marks[ladder->mark[i].kind].words,
                                        ladder->mark[i].price_ticks};
            found = true;
        }
    for (int i = 0; i < alerts->count && i < ALERTS_MAX; i++) {
        const struct alert *alert = &alerts->alert[i];

        if (alert->instrument_id != ladder->instrument_id || alert->of != ALERT_PRICE ||
            alert->rang_ns != 0 || scale->tick_e8 <= 0 ||
            nearest_row(ladder, alert->level / scale->tick_e8) != row)
            continue;
        *out = (struct ladder_mark){ALERT_MARK, ALERT_WORDS, alert->level / scale->tick_e8};
        found = true;
    }
    return found;
}
