/* Alerts: set at the cursor or by :alert, watched here with each frame, rung once. */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

static const struct alert_kind {
    const char *word;
    unsigned scale;   /* digits of a level behind the point; of a price e8 */
    unsigned typed;   /* places that may be typed */
    const char *unit; /* behind the figure */
} kinds[ALERT_KINDS] = {
    [ALERT_PRICE] = {"price", 8, 8, ""},
    [ALERT_CHANGE] = {"change", 3, 3, " %"}, /* bp x10 are thousandths of a percent */
    [ALERT_SPREAD] = {"spread", 2, 2, " bp"},
    [ALERT_IMBALANCE] = {"imbalance", 3, 3, ""},
};

int64_t instrument_spread_bp_x100(const struct view_instrument *at)
{
    int64_t bid = at->best_ticks[SIDE_BID], ask = at->best_ticks[SIDE_ASK];

    if (at->book_state != BOOK_LIVE || bid == VIEW_NONE || ask == VIEW_NONE || bid <= 0 || ask < bid ||
        ask > INT64_MAX / 2)
        return VIEW_NONE;
    return decimal_mul_div(ask - bid, 2000000, bid + ask);
}

static int64_t value_of(const struct view_instrument *at, enum alert_of of)
{
    switch (of) {
    case ALERT_PRICE:
        return at->last_ticks == VIEW_NONE ? VIEW_NONE : number_price_e8(&at->scale, at->last_ticks);
    case ALERT_CHANGE:
        return at->change_bp_x10;
    case ALERT_SPREAD:
        return instrument_spread_bp_x100(at);
    case ALERT_IMBALANCE:
        return at->imbalance_known ? at->imbalance_x1000 : VIEW_NONE;
    case ALERT_KINDS:
        break;
    }
    return VIEW_NONE;
}

static struct number_text level_text(const struct ui_alert *alert, int64_t level)
{
    const struct alert_kind *kind = &kinds[alert->of];
    struct number_text out;

    text_print(out.text, sizeof(out.text), "%s%s",
               alert->of == ALERT_PRICE ? number_fixed(level, 8, alert->decimals, false).text
                                        : number_fixed(level, kind->scale, 2, alert->of != ALERT_SPREAD).text,
               kind->unit);
    return out;
}

const char *alert_text(const struct ui_alert *alert, bool symbol, char *out, size_t size)
{
    return text_print(out, size, "%s%s%s%s%s %s", symbol ? alert->symbol : "", symbol ? " " : "",
                      alert->of == ALERT_PRICE ? "" : kinds[alert->of].word,
                      alert->of == ALERT_PRICE ? "" : " ", alert->above ? "above" : "below",
                      level_text(alert, alert->level).text);
}

struct number_text alert_away(const struct ui_alert *alert, const struct view_instrument *at)
{
    int64_t value = at != NULL ? value_of(at, alert->of) : VIEW_NONE, away;
    struct number_text none = {"-"};

    if (value == VIEW_NONE || __builtin_sub_overflow(alert->level, value, &away) || away == INT64_MIN)
        return none;
    away = away < 0 ? -away : away;
    return alert->of == ALERT_PRICE ? number_fixed(away, 8, alert->decimals, false)
                                    : number_fixed(away, kinds[alert->of].scale, 2, false);
}

/* --- setting ------------------------------------------------------------------------------------------------ */

static void remove_at(struct ui *ui, int at)
{
    memmove(&ui->alert[at], &ui->alert[at + 1], (size_t)(ui->alerts - at - 1) * sizeof(ui->alert[0]));
    ui->alerts--;
}

/* The same one is taken away; one that has rung makes room. */
static void toggle(struct ui *ui, const struct ui_alert *alert)
{
    char text[96];
    int done = 0;

    alert_text(alert, true, text, sizeof(text));
    for (int i = 0; i < ui->alerts; i++)
        if (ui->alert[i].instrument_id == alert->instrument_id && ui->alert[i].of == alert->of &&
            ui->alert[i].above == alert->above && ui->alert[i].level == alert->level) {
            remove_at(ui, i);
            ui_say(ui, 0, "ALERT", "%s: removed", text);
            return;
        }
    while (done < ui->alerts && !ui->alert[done].done)
        done++;
    if (ui->alerts == UI_ALERTS_MAX && done == ui->alerts) {
        ui_say(ui, 1, "", "%d alerts are the most; :alert clear removes them", UI_ALERTS_MAX);
        return;
    }
    if (ui->alerts == UI_ALERTS_MAX)
        remove_at(ui, done);
    ui->alert[ui->alerts++] = *alert;
    ui_say(ui, 0, "ALERT", "rings once: %s", text);
}

static struct ui_alert alert_for(const struct view_instrument *at, uint16_t id, enum alert_of of, bool above,
                                 int64_t level)
{
    struct ui_alert alert = {.instrument_id = id, .of = of, .above = above, .level = level};

    alert.decimals = at->scale.price_decimals;
    text_print(alert.symbol, sizeof(alert.symbol), "%s", at->symbol);
    return alert;
}

void alert_toggle(struct ui *ui, int64_t price_ticks)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t price_e8 = at != NULL ? number_price_e8(&at->scale, price_ticks) : 0;
    struct ui_alert alert;

    if (at == NULL || price_ticks <= 0 || at->last_ticks == VIEW_NONE) {
        ui_say(ui, 1, "", "aim at a price first: there is no cursor, or no trade yet");
        return;
    }
    for (int i = 0; i < ui->alerts; i++) /* from whichever side it came */
        if (ui->alert[i].instrument_id == ui->instrument_id && ui->alert[i].of == ALERT_PRICE &&
            ui->alert[i].level == price_e8) {
            alert = ui->alert[i];
            toggle(ui, &alert);
            return;
        }
    alert = alert_for(at, ui->instrument_id, ALERT_PRICE,
                      price_e8 > number_price_e8(&at->scale, at->last_ticks), price_e8);
    toggle(ui, &alert);
}

/* --- :alert ------------------------------------------------------------------------------------------------- */

static void list_all(struct ui *ui)
{
    char text[96];

    detail_open(ui, "alerts");
    for (int i = 0; i < ui->alerts; i++)
        detail_add(ui, "%s%s", alert_text(&ui->alert[i], true, text, sizeof(text)),
                   ui->alert[i].done ? ", has rung" : "");
    if (ui->alerts == 0)
        detail_add(ui, "none is set; b at a price sets one, or :alert SYMBOL price|change|spread|imbalance "
                       ">|< FIGURE");
}

static bool find_kind(const char *word, enum alert_of *out)
{
    for (int i = 0; i < ALERT_KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum alert_of)i;
            return true;
        }
    return false;
}

/* "[SYMBOL] KIND >|< FIGURE" of an instrument of the frame; false: said why. */
static bool parse(struct ui *ui, const char *args, struct ui_alert *out)
{
    char symbol[24], word[24], sign[24], figure[24], rest; /* as wide as each other: no word is cut in two */
    const struct view_status *status = &ui->frame->status;
    uint16_t id = ui->instrument_id;
    enum alert_of of;
    int64_t level;

    if (sscanf(args, "%23s %23s %23s %23s %c", symbol, word, sign, figure, &rest) == 4)
        for (id = 0; id < status->instruments && strcasecmp(status->instrument[id].symbol, symbol) != 0;)
            id++;
    else if (sscanf(args, "%23s %23s %23s %c", word, sign, figure, &rest) != 3)
        word[0] = '\0';
    if (word[0] == '\0' || !find_kind(word, &of) || (sign[0] != '>' && sign[0] != '<') || sign[1] != '\0') {
        ui_say(ui, 1, "", ":alert [SYMBOL] price|change|spread|imbalance >|< FIGURE, :alert, :alert clear");
        return false;
    }
    if (id >= status->instruments) {
        ui_say(ui, 1, "", "no instrument of this session is called `%s`", symbol);
        return false;
    }
    if (decimal_parse(figure, strlen(figure), kinds[of].typed, &level) != ERR_OK) {
        ui_say(ui, 1, "", "`%s` is no figure with at most %u places", figure, kinds[of].typed);
        return false;
    }
    *out = alert_for(&status->instrument[id], id, of, sign[0] == '>', level);
    return true;
}

static bool is_met(const struct ui_alert *alert, const struct view_instrument *at)
{
    int64_t value = value_of(at, alert->of);

    return value != VIEW_NONE && (alert->above ? value >= alert->level : value <= alert->level);
}

void alert_run(struct ui *ui, const char *args)
{
    struct ui_alert alert;

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no market yet");
    } else if (args[0] == '\0') {
        list_all(ui);
    } else if (strcmp(args, "clear") == 0) {
        ui_say(ui, 0, "ALERT", "%d removed", ui->alerts);
        ui->alerts = 0;
    } else if (parse(ui, args, &alert)) {
        const struct view_instrument *at = &ui->frame->status.instrument[alert.instrument_id];

        if (is_met(&alert, at))
            ui_say(ui, 1, "", "it is so already: %s is %s", kinds[alert.of].word,
                   level_text(&alert, value_of(at, alert.of)).text);
        else
            toggle(ui, &alert);
    }
}

void alert_prompt(struct ui *ui, uint16_t instrument_id)
{
    const struct view_instrument *at = &ui->frame->status.instrument[instrument_id];
    char line[UI_FIELD_MAX];

    text_print(line, sizeof(line), "alert %s price > ", at->symbol);
    text_open(ui, TEXT_COMMAND);
    text_set(ui, line);
}

/* --- ringing ------------------------------------------------------------------------------------------------ */

void alert_on_frame(struct ui *ui)
{
    for (int i = 0; i < ui->alerts; i++) {
        struct ui_alert *alert = &ui->alert[i];
        const struct view_instrument *at;
        char text[96];

        if (alert->done || alert->instrument_id >= ui->frame->status.instruments)
            continue;
        at = &ui->frame->status.instrument[alert->instrument_id];
        if (!is_met(alert, at))
            continue;
        alert->done = true;
        alert_text(alert, true, text, sizeof(text));
        ui_note(ui, 2, "ALERT %s", text);
        ui_say(ui, 2, "ALERT", "%s: %s %s", text, alert->of == ALERT_PRICE ? "traded" : "it is",
               level_text(alert, value_of(at, alert->of)).text);
        ui_ring(ui);
    }
}
