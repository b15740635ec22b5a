/*
 * Alerts: set at the cursor or by :alert, listed, removed. The engine keeps and judges them (app/alert_list.h); here is
 * what its list makes a screen say.
 */
#include "core/base/decimal.h"
#include "tui/figure.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX   8
#define AWAY_SAY_NS (20 * UI_SECOND_NS) /* whoever has just come back reads the screen first */

static void send(struct ui *ui, struct command *command)
{
    if (ui->config.readonly)
        ui_say(ui, 1, "", "this screen is read only");
    else
        (void)ui_send(ui, command);
}

static void send_drop(struct ui *ui, int64_t id)
{
    struct command command = ui_command(ui, COMMAND_ALERT_DROP);

    command.number = id;
    send(ui, &command);
}

static void send_alert(struct ui *ui, uint16_t id, enum alert_of of, bool above, int64_t level)
{
    struct command command = ui_command(ui, COMMAND_ALERT);

    command.instrument_id = id;
    command.index = of;
    command.flag = above;
    command.number = level;
    send(ui, &command);
}

void alert_toggle(struct ui *ui, int64_t price_ticks)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t price_e8 = at != NULL ? number_price_e8(&at->scale, price_ticks) : 0;

    if (at == NULL || price_ticks <= 0 || at->last_ticks == VIEW_NONE) {
        ui_say(ui, 1, "", "aim at a price first: there is no cursor, or no trade yet");
        return;
    }
    for (int i = 0; i < ui->frame->alerts.count; i++) { /* from whichever side it came */
        const struct alert *alert = &ui->frame->alerts.alert[i];

        if (alert->instrument_id == ui->instrument_id && alert->of == ALERT_PRICE &&
            alert->level == price_e8 && alert->rang_ns == 0) {
            send_drop(ui, alert->id);
            return;
        }
    }
    send_alert(ui, ui->instrument_id, ALERT_PRICE, price_e8 > number_price_e8(&at->scale, at->last_ticks),
               price_e8);
}

/* --- :alert, :alerts ---------------------------------------------------------------------------------------- */

static void list_one(struct ui *ui, const struct alert *alert)
{
    const struct view_status *status = &ui->frame->status;
    char text[ALERT_TEXT_SIZE], figure[64];

    alert_text(alert, true, text, sizeof(text));
    if (alert->rang_ns != 0)
        detail_add(ui, "%3u  %s  rang %s at %s%s", alert->id, text,
                   number_moment(alert->rang_ns, status->now_ns).text,
                   alert_figure(alert, alert->rang_at, figure, sizeof(figure)),
                   alert->away ? ", no screen was open" : "");
    else if (alert->instrument_id >= status->instruments)
        detail_add(ui, "%3u  %s  waits; %s is not in this session", alert->id, text, alert->symbol);
    else
        detail_add(ui, "%3u  %s  waits, %s away", alert->id, text,
                   alert_away(alert, &status->instrument[alert->instrument_id], figure, sizeof(figure)));
}

void alert_list_open(struct ui *ui)
{
    const struct view_alerts *alerts = &ui->frame->alerts;

    detail_open(ui, "ALERTS");
    for (int pass = 0; pass < 2; pass++) /* what waits, then what has rung */
        for (int i = 0; i < alerts->count; i++)
            if ((alerts->alert[i].rang_ns != 0) == (pass == 1))
                list_one(ui, &alerts->alert[i]);
    if (alerts->count == 0)
        detail_add(ui, "none is set; " KEY("b") " at a price sets one, or :alert SYMBOL "
                                                "price|change|spread|imbalance >|< FIGURE");
    else
        detail_add(ui, ":alert drop N removes one, :alert clear all; %d at most%s", ALERTS_MAX,
                   alerts->kept ? "" : "; they end with this run");
}

/* The words of an alert from `at` on; each reader takes its own. */
struct alert_words {
    char *word[WORDS_MAX];
    int count, at;
};

static void split(struct alert_words *words, char *rest)
{
    char *at;

    words->count = words->at = 0;
    while (words->count < WORDS_MAX && (at = strsep(&rest, " ")) != NULL)
        if (at[0] != '\0' && strcmp(at, "at") != 0 && strcmp(at, "@") != 0)
            words->word[words->count++] = at;
}

/* 1: above, -1: below, 0: it does not say. ">= 5", ">5" and "above 5". */
static int take_direction(struct alert_words *words)
{
    char *word = words->word[words->at];
    int direction = word[0] == '>' ? 1 : -1;

    if (strcmp(word, "above") == 0 || strcmp(word, "over") == 0 || strcmp(word, "below") == 0 ||
        strcmp(word, "under") == 0) {
        words->at++;
        return word[0] == 'a' || word[0] == 'o' ? 1 : -1;
    }
    if (word[0] != '>' && word[0] != '<')
        return 0;
    word += 1 + (word[1] == '=');
    if (word[0] == '\0')
        words->at++;
    else
        words->word[words->at] = word;
    return direction;
}

/* "2%" and "2 %", as the list writes it: the figure is in that unit anyway. */
static void drop_unit(struct alert_words *words, enum alert_of of)
{
    const char *unit = alert_kind(of)->unit;
    char *figure;
    size_t size;

    if (unit[0] != ' ' || words->at >= words->count)
        return;
    unit++;
    if (words->count - words->at == 2 && strcmp(words->word[words->at + 1], unit) == 0)
        words->count--;
    figure = words->word[words->at];
    size = strlen(figure);
    if (size > strlen(unit) && strcmp(figure + size - strlen(unit), unit) == 0)
        figure[size - strlen(unit)] = '\0';
}

/* A price needs no > or <: it is reached from where the last trade was. 0: not known, said so. */
static int direction_to(struct ui *ui, uint16_t id, enum alert_of of, int64_t level)
{
    const struct view_instrument *at = &ui->frame->status.instrument[id];

    if (of == ALERT_PRICE && at->last_ticks != VIEW_NONE)
        return level > number_price_e8(&at->scale, at->last_ticks) ? 1 : -1;
    ui_say(ui, 1, "NO ALERT",
           of == ALERT_PRICE ? "there is no trade yet: say > or < before the price"
                             : "above or below? say > or < before the figure");
    return 0;
}

/* "[SYMBOL] [KIND] [>|<] FIGURE", or >= and <= as the list writes them, of an instrument of the frame; false: said why. */
static bool parse(struct ui *ui, const char *args, uint16_t *id, enum alert_of *of, bool *above,
                  int64_t *level)
{
    struct alert_words words;
    char text[UI_COMMAND_MAX], why[VIEW_TEXT_MAX];
    int named, direction = 0;
    bool kind = false;

    text_print(text, sizeof(text), "%s", args);
    split(&words, text);
    *of = ALERT_PRICE;
    named = words.count > 1 ? ui_instrument_named(ui, words.word[0]) : -1;
    words.at += named >= 0;
    if (words.at < words.count && alert_kind_find(words.word[words.at], of)) {
        words.at++;
        kind = true;
    }
    if (words.at < words.count)
        direction = take_direction(&words);
    drop_unit(&words, *of);
    if (words.count - words.at != 1 ||
        (!kind && !figure_is_number(words.word[words.at], strlen(words.word[words.at])))) {
        if (words.count > 2 && named < 0 && alert_kind_find(words.word[1], of))
            ui_say(ui, 1, "", "no instrument of this session is called `%s`", words.word[0]);
        else
            ui_say(ui, 1, "",
                   ":alert [SYMBOL] price|change|spread|imbalance >|< FIGURE, :alerts, :alert drop N, :alert "
                   "clear");
        return false;
    }
    *id = named >= 0 ? (uint16_t)named : ui->instrument_id;
    args = words.word[words.at];
    if (!figure_parse(args, strlen(args), alert_kind(*of)->typed, false, level, why, sizeof(why))) {
        ui_say(ui, 1, "NO ALERT", "%s", why);
        return false;
    }
    if (*level > ALERT_LEVEL_MAX || *level < -ALERT_LEVEL_MAX) {
        ui_say(ui, 1, "NO ALERT", "`%s` is too big: at most %s", args,
               number_trim(ALERT_LEVEL_MAX, alert_kind(*of)->typed).text);
        return false;
    }
    if (direction == 0)
        direction = direction_to(ui, *id, *of, *level);
    *above = direction > 0;
    return direction != 0;
}

/* What stands behind "drop ", or how else that is called; NULL: it is something else. */
static const char *dropped(const char *args)
{
    static const char *const verb[] = {"drop", "del", "delete", "rm", "remove"};

    for (size_t i = 0; i < sizeof(verb) / sizeof(verb[0]); i++) {
        size_t size = strlen(verb[i]);

        if (strncmp(args, verb[i], size) == 0 && (args[size] == ' ' || args[size] == '\0'))
            return args + size + strspn(args + size, " ");
    }
    return NULL;
}

static void drop_run(struct ui *ui, const char *number)
{
    char *end;
    long id = strtol(number, &end, 10);

    if (number[0] < '0' || number[0] > '9' || *end != '\0' || id <= 0 || id > UINT32_MAX)
        ui_say(ui, 1, "", ":alert drop N, its number in :alerts; :alert clear removes all");
    else
        send_drop(ui, id);
}

void alert_run(struct ui *ui, const char *args)
{
    uint16_t id;
    enum alert_of of;
    bool above;
    int64_t level;

    if (ui->frame == NULL)
        ui_say(ui, 1, "", "there is no market yet");
    else if (args[0] == '\0')
        alert_list_open(ui);
    else if (strcmp(args, "clear") == 0)
        send_drop(ui, 0);
    else if (dropped(args) != NULL)
        drop_run(ui, dropped(args));
    else if (parse(ui, args, &id, &of, &above, &level))
        send_alert(ui, id, of, above, level);
}

void alerts_run(struct ui *ui, const char *args)
{
    (void)args;
    alert_run(ui, "");
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

static void say_rang(struct ui *ui, const struct alert *alert)
{
    struct ui_message message = {.level = 2, .ours = true, .stands = true, .head = "ALERT"};
    char text[ALERT_TEXT_SIZE], figure[64];

    text_print(message.text, sizeof(message.text), "%s: %s %s", alert_text(alert, true, text, sizeof(text)),
               alert->of == ALERT_PRICE ? "traded" : "it is",
               alert_figure(alert, alert->rang_at, figure, sizeof(figure)));
    ui_hear(ui, &message);
    ui_ring(ui);
}

/* The first screen that comes is told what rang while nobody looked; one that only looks leaves it to the next. */
static void say_away(struct ui *ui)
{
    const struct alert *newest = NULL;
    struct command seen = ui_command(ui, COMMAND_ALERTS_SEEN);
    struct ui_message message = {
        .level = 2, .ours = true, .head = "RANG WHILE AWAY", .stays_ns = AWAY_SAY_NS};
    char text[ALERT_TEXT_SIZE], more[40] = "";
    int count = 0;

    for (int i = 0; i < ui->frame->alerts.count; i++) {
        const struct alert *alert = &ui->frame->alerts.alert[i];

        if (!alert->away)
            continue;
        count++;
        if (newest == NULL || alert->rang_ns > newest->rang_ns)
            newest = alert;
    }
    if (count == 0 || script_runs(ui))
        return;
    if (count > 1)
        text_print(more, sizeof(more), ", %d more before: :alerts", count - 1);
    text_print(message.text, sizeof(message.text), "%s at %s%s", alert_text(newest, true, text, sizeof(text)),
               number_moment(newest->rang_ns, ui->frame->status.now_ns).text, more);
    ui_hear(ui, &message);
    ui_ring(ui);
    if (!ui->config.readonly)
        (void)ui->host.send(ui->host.arg, &seen); /* not told twice; if it is lost, it is */
}

void alert_on_frame(struct ui *ui)
{
    const struct view_alerts *alerts = &ui->frame->alerts;
    const struct alert *newest = NULL;

    if (!ui->alerts_known) { /* what rang before this screen came */
        ui->alerts_known = true;
        ui->alerts_rung = alerts->rung;
        say_away(ui);
        return;
    }
    for (int i = 0; i < alerts->count; i++)
        if (alerts->alert[i].rang_seq > ui->alerts_rung &&
            (newest == NULL || alerts->alert[i].rang_seq > newest->rang_seq))
            newest = &alerts->alert[i];
    ui->alerts_rung = alerts->rung;
    if (newest != NULL)
        say_rang(ui, newest);
}
