/* Screen 6: which period, figure and owner are chosen, what is said of them. */
#include "tui/csv.h"
#include "tui/ui_screens.h"

#include <inttypes.h>
#include <string.h>

int results_owner(const struct ui *ui)
{
    const struct view_results *results = &ui_view(ui)->results;

    for (int i = 0; i < results->owners && i < VIEW_RESULTS_OWNERS; i++)
        if (strcmp(results->owner[i].name, ui->results.owner) == 0)
            return i;
    return 0;
}

/* --- keys ----------------------------------------------------------------------------------------------------- */

static void choose_figure(struct ui *ui, int rows)
{
    int to = (int)ui->results.figure + rows;

    if ((to < 0 || to >= RESULTS_FIGURES) && rows != RESULTS_FIGURES && rows != -RESULTS_FIGURES)
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
    ui->results.figure = (enum results_figure)(to < 0 ? 0 : to >= RESULTS_FIGURES ? RESULTS_FIGURES - 1 : to);
}

static void choose_owner(struct ui *ui, int step)
{
    const struct view_results *results = &ui_view(ui)->results;
    int to = results_owner(ui) + step;

    if (to < 0 || to >= results->owners || to >= VIEW_RESULTS_OWNERS)
        ui_say(ui, 0, "", to < 0 ? "all of them" : "nobody else has traded in this period");
    else
        text_print(ui->results.owner, sizeof(ui->results.owner), "%s", results->owner[to].name);
}

static void choose_period(struct ui *ui, int step)
{
    static const char *const of[] = {"this session", "today, from 00:00 UTC", "the last 7 days",
                                     "the last 30 days", "all that is stored"};
    int to = (int)ui->results.period + step;

    if (to < 0 || to >= RESULTS_PERIODS) {
        ui_say(ui, 0, "", "%s is the %s", results_period_word(ui->results.period),
               to < 0 ? "shortest" : "longest");
        return;
    }
    ui->results.period = (enum results_period)to;
    ui_say(ui, 0, "", "results of %s", of[to]);
}

static void view_next(struct ui *ui)
{
    if (ui->layout.framed)
        ui_say(ui, 0, "", "all of it is shown here; a narrow screen turns pages");
    else
        ui->results.spread = !ui->results.spread;
}

bool results_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, RESULTS_FIGURES);

    if (ui_view(ui) == NULL)
        return false;
    if (rows != 0) {
        choose_figure(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_LEFT:
    case ACT_RIGHT:
        choose_owner(ui, action == ACT_LEFT ? -1 : 1);
        return true;
    case ACT_FINER:
    case ACT_COARSER:
        choose_period(ui, action == ACT_FINER ? -1 : 1);
        return true;
    case ACT_VIEW_NEXT:
        view_next(ui);
        return true;
    default:
        return false;
    }
}

/* --- words ---------------------------------------------------------------------------------------------------- */

void results_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_results *results = &ui_view(ui)->results;

    if (results->state == RESULTS_NONE)
        text_print(out, size, "RESULTS  this run stores nothing (store.on): there is nothing to add up");
    else if (results->state == RESULTS_FAILED)
        text_print(out, size, "RESULTS  %s", results->why);
    else if (results->state == RESULTS_READING || results->period != ui->results.period ||
             results->owners == 0)
        text_print(out, size, "RESULTS  reading what is stored");
    else
        results_figure_explain(results, results_owner(ui), ui->results.figure, out, size);
}

/* A row an owner: sums and counts, from which every figure can be made again. */
const char *results_csv(const struct ui *ui, struct csv *csv)
{
    const struct view_results *results = &ui_view(ui)->results;

    csv_begin(
        csv,
        "period,from_ns,to_ns,quote,owner,trades,wins,losses,won,lost,best,worst,held_s,market_s,watched_s,"
        "fills,turnover,maker_turnover,fees,slippage,slippage_fills,drawdown,drawdown_peak");
    for (int i = 0; i < results->owners && i < VIEW_RESULTS_OWNERS; i++) {
        const struct view_results_owner *owner = &results->owner[i];

        csv_row(csv,
                "%s,%" PRId64 ",%" PRId64 ",%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s,%s,%s,%s,%" PRId64
                ",%" PRId64 ",%" PRId64 ",%" PRIu64 ",%s,%s,%s,%s,%" PRIu64 ",%s,%s",
                results_period_word((enum results_period)results->period), results->from_ns, results->to_ns,
                results->quote, owner->name, owner->trades, owner->wins, owner->losses,
                number_trim(owner->won_e8, 8).text, number_trim(owner->lost_e8, 8).text,
                owner->best_e8 == VIEW_NONE ? "" : number_trim(owner->best_e8, 8).text,
                owner->worst_e8 == VIEW_NONE ? "" : number_trim(owner->worst_e8, 8).text,
                owner->held_ns / UI_SECOND_NS, owner->market_ns / UI_SECOND_NS,
                results->watched_ns / UI_SECOND_NS, owner->fills, number_trim(owner->value_e8, 8).text,
                number_trim(owner->maker_value_e8, 8).text, number_trim(owner->fees_e8, 8).text,
                number_trim(owner->slippage_e8, 8).text, owner->slippage_fills,
                i == 0 ? number_trim(results->drawdown_e8, 8).text : "",
                i == 0 ? number_trim(results->drawdown_peak_e8, 8).text : "");
    }
    return "results";
}
