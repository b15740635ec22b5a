/*
 * Screen 7: which row is chosen, what is asked of the journal's reader, an order followed from signal to fill, copies.
 *
 * The reader gives a page of rows around one of them (view/trail.h); the screen moves within the page and asks for
 * another before it comes to an end of it.
 */
#include "tui/csv.h"
#include "tui/ui_screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EDGE_ROWS 40 /* of a page: nearer to its end another is asked for */

#define BIT(kind) (UINT32_C(1) << (kind))

static const struct {
    const char *name;
    uint32_t kinds;
} tabs[JOURNAL_TABS] = {
    [JOURNAL_ALL] = {"all", 0},
    [JOURNAL_ORDERS] = {"orders", BIT(TRAIL_ORDER) | BIT(TRAIL_ANSWER) | BIT(TRAIL_FILL)},
    [JOURNAL_FILLS] = {"fills", BIT(TRAIL_FILL)},
    [JOURNAL_DENIED] = {"denied", BIT(TRAIL_DENIED)},
    [JOURNAL_COMMANDS] = {"commands", BIT(TRAIL_COMMAND)},
    [JOURNAL_STATES] = {"states", BIT(TRAIL_STATE) | BIT(TRAIL_STRATEGY) | BIT(TRAIL_LIMIT) | BIT(TRAIL_RUN)},
    [JOURNAL_SYSTEM] = {"system", BIT(TRAIL_SYSTEM) | BIT(TRAIL_BOOK) | BIT(TRAIL_RUN)},
};

const char *journal_tab_name(enum journal_tab tab)
{
    return tab < JOURNAL_TABS ? tabs[tab].name : "?";
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

const struct view_trail_row *journal_chosen(const struct ui *ui)
{
    const struct view_trail *trail = ui->trail;
    const struct view_trail_row *best = NULL;

    for (int i = 0; i < trail->rows && i < TRAIL_PAGE_MAX; i++)
        if (ui->journal.chosen == 0 || trail->row[i].seq <= ui->journal.chosen)
            best = &trail->row[i];
    return best != NULL || trail->rows == 0 ? best : &trail->row[0];
}

/* The one whose life is asked for: of the order that is followed, else of the chosen row. */
static uint64_t wanted_order(const struct ui *ui)
{
    const struct view_trail_row *chosen = journal_chosen(ui);

    return ui->journal.open_seq != 0 ? ui->journal.open_seq : chosen != NULL ? chosen->order_seq : 0;
}

static bool same_request(const struct view_trail_request *a, const struct view_trail_request *b)
{
    return a->kinds == b->kinds && strcmp(a->filter, b->filter) == 0 && a->anchor == b->anchor &&
           a->order_seq == b->order_seq && a->whole == b->whole;
}

/* The page that is there goes on being the right one until the chosen row comes near an end that is not the last. */
static uint64_t wanted_anchor(const struct ui *ui)
{
    const struct view_trail *trail = ui->trail;
    const struct view_trail_row *chosen = journal_chosen(ui);
    int at = chosen == NULL ? 0 : (int)(chosen - trail->row);

    if (ui->journal.chosen == 0 || chosen == NULL)
        return 0;
    if ((at < EDGE_ROWS && trail->above > 0) || (trail->rows - at < EDGE_ROWS && trail->below > 0))
        return chosen->seq;
    return ui->journal.sent.anchor;
}

/* An order whose beginning is not among the rows that are kept is read anew, once it is followed. */
static bool wants_whole(const struct ui *ui)
{
    if (ui->journal.open_seq == 0)
        return false;
    return ui->journal.sent.whole || (ui->trail->order_seq == ui->journal.open_seq && !ui->trail->whole &&
                                      ui->trail->number == ui->journal.sent.number);
}

void journal_ask(struct ui *ui)
{
    struct view_trail_request want = {.kinds = tabs[ui->journal.tab].kinds};

    if (ui->screen != SCREEN_JOURNAL || ui->frame == NULL || ui->host.trail == NULL)
        return;
    text_print(want.filter, sizeof(want.filter), "%s", ui->journal.filter);
    want.anchor = wanted_anchor(ui);
    want.order_seq = wanted_order(ui);
    want.whole = wants_whole(ui);
    if (ui->journal.was_sent && same_request(&want, &ui->journal.sent))
        return;
    want.number = ui->journal.sent.number + 1;
    if (!ui->host.trail(ui->host.arg, &want))
        return;
    ui->journal.sent = want;
    ui->journal.was_sent = true;
}

void ui_trail(struct ui *ui, const struct view_trail *trail, int64_t now_ns)
{
    ui->now_ns = now_ns;
    if (ui->frozen)
        return; /* the picture is held */
    *ui->trail = *trail;
    ui->changed = ui->changed || ui->screen == SCREEN_JOURNAL;
    journal_ask(ui);
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

/* At the newest row the screen follows what comes. */
static void choose(struct ui *ui, int rows)
{
    const struct view_trail *trail = ui->trail;
    const struct view_trail_row *chosen = journal_chosen(ui);
    int at = chosen == NULL ? 0 : (int)(chosen - trail->row), to = at;

    if (chosen == NULL) {
        ui_say(ui, 1, "",
               ui->journal.filter[0] != '\0' || ui->journal.tab != JOURNAL_ALL
                   ? "nothing matches; " KEY("Esc") " clears the filter, " KEY("Tab") " shows other rows"
                   : "there is no row yet");
        return;
    }
    while (rows != 0) { /* over whole records: rows of one have one number */
        int step = rows < 0 ? -1 : 1;

        if (to + step < 0 || to + step >= trail->rows)
            break;
        to += step;
        rows -= step;
    }
    if (to == at)
        ui_say(ui, 0, "",
               rows > 0           ? "the newest; what comes is shown"
               : trail->above > 0 ? "older ones are being fetched"
                                  : "the oldest that is kept; a filter finds older ones");
    ui->journal.chosen = to == trail->rows - 1 && trail->below == 0 ? 0 : trail->row[to].seq;
}

static void choose_end(struct ui *ui, bool last)
{
    if (last)
        ui->journal.chosen = 0;
    else if (ui->trail->rows > 0)
        ui->journal.chosen = ui->trail->row[0].seq;
}

void journal_follow(struct ui *ui, uint64_t order_seq)
{
    if (ui->host.trail == NULL) {
        ui_say(ui, 1, "", "no journal can be read here");
        return;
    }
    if (ui->screen != SCREEN_JOURNAL)
        ui_screen_show(ui, SCREEN_JOURNAL);
    ui->journal.open_seq = order_seq;
    ui->journal.top = 0;
}

/* "218" or "fd-1-218". */
void journal_follow_run(struct ui *ui, const char *args)
{
    const char *digits = strrchr(args, '-') != NULL ? strrchr(args, '-') + 1 : args;
    char *end;
    unsigned long long seq = strtoull(digits, &end, 10);

    if (digits[0] < '0' || digits[0] > '9' || *end != '\0' || seq == 0)
        ui_say(ui, 1, "", ":follow ORDER, its number or id, like :follow 218");
    else
        journal_follow(ui, seq);
}

static void show_detail(struct ui *ui, const struct view_trail_row *row)
{
    char title[64];

    text_print(title, sizeof(title), "RECORD %llu", (unsigned long long)row->seq);
    detail_open(ui, title);
    detail_add(ui, "%s", row->text);
    detail_add(ui, "what      %s", row->what);
    detail_add(ui, "who       %s", row->owner[0] != '\0' ? row->owner : "-");
    detail_add(ui, "of        %s", row->symbol[0] != '\0' ? row->symbol : "no instrument");
    detail_add(ui, "when      %s UTC, input %llu of the engine", journal_time_text(row->ts_ns, true).text,
               (unsigned long long)row->input_seq);
}

static void enter(struct ui *ui)
{
    const struct view_trail_row *chosen = journal_chosen(ui);

    if (ui->journal.open_seq != 0) {
        ui->journal.open_seq = 0;
    } else if (chosen == NULL) {
        ui_say(ui, 1, "", "there is no row yet");
    } else if (chosen->order_seq != 0) {
        ui->journal.open_seq = chosen->order_seq;
        ui->journal.top = 0;
    } else {
        show_detail(ui, chosen);
    }
}

/* The steps of an order that is followed, else the rows of the page. */
const char *journal_csv(const struct ui *ui, struct csv *csv)
{
    bool follows = ui->journal.open_seq != 0;
    int count = follows ? journal_steps(ui) : ui->trail->rows;

    csv_begin(csv, "time_ns,record,what,who,symbol,order,text");
    for (int i = 0; i < count && i < TRAIL_PAGE_MAX; i++) {
        const struct view_trail_row *row = follows ? &ui->trail->step[i] : &ui->trail->row[i];
        char text[2 * sizeof(row->text) + 2];

        csv_row(csv, "%lld,%llu,%s,%s,%s,%llu,%s", (long long)row->ts_ns, (unsigned long long)row->seq,
                row->what, row->owner, row->symbol, (unsigned long long)row->order_seq,
                csv_quoted(row->text, text, sizeof(text)));
    }
    return follows ? "steps" : "records";
}

static void tab_step(struct ui *ui, int direction)
{
    ui->journal.tab = (enum journal_tab)(((int)ui->journal.tab + direction + JOURNAL_TABS) % JOURNAL_TABS);
    ui->journal.chosen = 0;
    ui_say(ui, 0, "", ui->journal.tab == JOURNAL_ALL ? "all rows" : "only %s", tabs[ui->journal.tab].name);
}

static void scroll(struct ui *ui, int rows)
{
    int most = journal_steps_hidden(ui), to = ui->journal.top + rows;

    if (most == 0 || (to < 0 && ui->journal.top == 0) || (to > most && ui->journal.top == most))
        ui_say(ui, 0, "", rows < 0 ? "its beginning" : "its end; " KEY("Esc") " goes back");
    ui->journal.top = (uint16_t)(to < 0 ? 0 : to > most ? most : to);
}

static void move(struct ui *ui, int rows)
{
    if (ui->journal.open_seq != 0)
        scroll(ui, rows);
    else if (rows <= -TRAIL_PAGE_MAX || rows >= TRAIL_PAGE_MAX)
        choose_end(ui, rows > 0);
    else
        choose(ui, rows);
}

bool journal_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, TRAIL_PAGE_MAX);

    if (rows != 0) {
        move(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_LEAVE:
    case ACT_QUIT:
        if (ui->overlay != OVERLAY_NONE || ui->journal.open_seq == 0)
            return false;
        ui->journal.open_seq = 0;
        return true;
    case ACT_WHY:
        enter(ui);
        return true;
    case ACT_TAB_NEXT:
        tab_step(ui, 1);
        return true;
    case ACT_TAB_PREV:
        tab_step(ui, -1);
        return true;
    default:
        return false;
    }
}

/* --- words ------------------------------------------------------------------------------------------------------- */

struct number_text journal_time_text(int64_t ts_ns, bool date)
{
    struct number_text out, clock = number_clock_ms(ts_ns);
    int64_t days = ts_ns / (INT64_C(86400) * UI_SECOND_NS) + 719468; /* since 0000-03-01 */
    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;

    if (!date)
        return clock;
    text_print(out.text, sizeof(out.text), "%04lld-%02lld-%02lld %.12s",
               (long long)(year + era * 400 + (month >= 10)), (long long)(month < 10 ? month + 3 : month - 9),
               (long long)(of_year - (153 * month + 2) / 5 + 1), clock.text);
    return out;
}

int64_t journal_between(int64_t later_ns, int64_t earlier_ns)
{
    int64_t out;

    return __builtin_sub_overflow(later_ns, earlier_ns, &out) ? VIEW_NONE : out;
}

int journal_steps(const struct ui *ui)
{
    const struct view_trail *trail = ui->trail;

    if (trail->order_seq != wanted_order(ui))
        return 0;
    return trail->steps < TRAIL_STEPS_MAX ? trail->steps : TRAIL_STEPS_MAX;
}

uint64_t journal_life_of(const struct ui *ui)
{
    return wanted_order(ui);
}

static struct number_text after_words(int64_t ns)
{
    struct number_text out;

    text_print(out.text, sizeof(out.text), ns <= 0 ? "at once" : "after %.20s", number_duration(ns).text);
    return out;
}

/* "at work after 23.0ms, first fill after 3.21s, the last step after 8.02s". */
static void life_text(const struct ui *ui, char *out, size_t size)
{
    int64_t sent_ns = 0, work_ns = 0, fill_ns = 0, last_ns = 0;
    int fills = 0, used;

    for (int i = 0; i < journal_steps(ui); i++) {
        const struct view_trail_row *step = &ui->trail->step[i];

        if (step->kind == TRAIL_ORDER && sent_ns == 0)
            sent_ns = step->ts_ns;
        if (step->kind == TRAIL_ANSWER && work_ns == 0)
            work_ns = step->ts_ns;
        if (step->kind == TRAIL_FILL && fill_ns == 0)
            fill_ns = step->ts_ns;
        if (step->kind == TRAIL_ORDER || step->kind == TRAIL_ANSWER || step->kind == TRAIL_FILL)
            last_ns = step->ts_ns;
        fills += step->kind == TRAIL_FILL;
    }
    used = (int)strlen(text_print(out, size, "#%llu  ", (unsigned long long)ui->journal.open_seq));
    if (sent_ns == 0 || work_ns == 0) {
        text_print(out + used, size - (size_t)used, "from signal to fill; " KEY("Esc") " goes back");
        return;
    }
    used += (int)strlen(text_print(out + used, size - (size_t)used, "answered %s",
                                   after_words(journal_between(work_ns, sent_ns)).text));
    if (fills > 0)
        used += (int)strlen(text_print(out + used, size - (size_t)used, ", %d fill%s, the first %s", fills,
                                       fills == 1 ? "" : "s",
                                       after_words(journal_between(fill_ns, sent_ns)).text));
    text_print(out + used, size - (size_t)used,
               ", newest step %s; " KEY("y") " copies it, " KEY("Esc") " goes back",
               after_words(journal_between(last_ns, sent_ns)).text);
}

void journal_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_trail *trail = ui->trail;
    const struct view_trail_row *chosen = journal_chosen(ui);

    if (ui->host.trail == NULL)
        text_print(out, size, "no journal can be read here");
    else if (trail->state == TRAIL_FAILED)
        text_print(out, size, "not read  %s", trail->why);
    else if (ui->journal.open_seq != 0)
        life_text(ui, out, size);
    else if (chosen == NULL)
        text_print(out, size, trail->state == TRAIL_FOLLOWS ? "no row matches" : "the journal is being read");
    else
        text_print(out, size, "%s  %s%s%s%s", chosen->what, chosen->owner,
                   chosen->owner[0] != '\0' ? ": " : "", chosen->text,
                   chosen->order_seq != 0 ? "; " KEY("Enter") " follows the order" : "");
}
