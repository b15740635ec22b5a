#include "app/alert_list.h"

#include "app/journal_states.h"
#include "app/view_panels.h"

#include <inttypes.h>
#include <string.h>

#define LOOK_NS INT64_C(100000000) /* between two looks at what is not a trade's price */

/* --- the list ----------------------------------------------------------------------------------------------- */

static void count_waiting(struct alert_list *list)
{
    list->waiting = 0;
    for (uint16_t i = 0; i < list->count; i++)
        list->waiting = (uint16_t)(list->waiting + (list->alert[i].rang_ns == 0));
    list->changes++;
}

static void remove_at(struct alert_list *list, int at)
{
    memmove(&list->alert[at], &list->alert[at + 1], (size_t)(list->count - at - 1) * sizeof(list->alert[0]));
    list->count--;
}

/* The one that rang longest ago makes room; false: all wait. */
static bool make_room(struct alert_list *list)
{
    int oldest = -1;

    if (list->count < ALERTS_MAX)
        return true;
    for (int i = 0; i < list->count; i++)
        if (list->alert[i].rang_ns != 0 &&
            (oldest < 0 || list->alert[i].rang_ns < list->alert[oldest].rang_ns))
            oldest = i;
    if (oldest >= 0)
        remove_at(list, oldest);
    return oldest >= 0;
}

static void add(struct alert_list *list, const struct alert *alert)
{
    list->alert[list->count] = *alert;
    list->alert[list->count++].id = ++list->last_id;
}

void alert_list_take(struct alert_list *list, const struct alert *alert, uint16_t count)
{
    for (uint16_t i = 0; i < count && list->count < ALERTS_MAX; i++)
        add(list, &alert[i]);
    count_waiting(list);
    list->markets = 0;
}

/* Symbols of an earlier run get their instruments as those are heard of. */
static void find_instruments(struct alert_list *list, const struct pipeline *pipeline)
{
    if (list->markets == pipeline->markets)
        return;
    list->markets = pipeline->markets;
    for (uint16_t i = 0; i < list->count; i++)
        for (uint16_t id = 0; id < (uint16_t)pipeline->markets; id++)
            if (strcmp(pipeline->market[id]->instrument->symbol, list->alert[i].symbol) == 0) {
                list->alert[i].instrument_id = id;
                list->alert[i].decimals =
                    (uint8_t)instrument_price_decimals(pipeline->market[id]->instrument);
            }
}

/* --- commands ----------------------------------------------------------------------------------------------- */

static int find_same(const struct alert_list *list, const struct alert *alert)
{
    for (int i = 0; i < list->count; i++) {
        const struct alert *at = &list->alert[i];

        if (strcmp(at->symbol, alert->symbol) == 0 && at->of == alert->of && at->above == alert->above &&
            at->level == alert->level)
            return i;
    }
    return -1;
}

static void set(struct alert_list *list, struct pipeline *pipeline, const struct command *command)
{
    struct market_state *market = market_at(pipeline, command->instrument_id);
    struct view_instrument at;
    struct alert alert = {.instrument_id = command->instrument_id,
                          .of = (uint8_t)command->index,
                          .above = command->flag,
                          .level = command->number};
    char text[ALERT_TEXT_SIZE], figure[64];
    int64_t value;
    int same;

    if (market == NULL || command->index >= ALERT_KINDS || command->number > ALERT_LEVEL_MAX ||
        command->number < -ALERT_LEVEL_MAX) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT SET  no such instrument, kind or figure");
        return;
    }
    memset(&at, 0, sizeof(at));
    view_instrument_fill(pipeline, market, &at);
    value = alert_value(&at, alert.of);
    alert.decimals = at.scale.price_decimals;
    memcpy(alert.symbol, at.symbol, sizeof(alert.symbol));
    if (alert_is_met(&alert, value)) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT SET  it is so already: %s is %s",
                        alert_kind(alert.of)->word, alert_figure(&alert, value, figure, sizeof(figure)));
        return;
    }
    alert_text(&alert, true, text, sizeof(text));
    same = find_same(list, &alert);
    if (same >= 0 && list->alert[same].rang_ns == 0) {
        operator_answer(pipeline, command, NOTE_INFO, "ALERT  waits already: %s", text);
        return;
    }
    if (same >= 0) /* it has rung, and is wanted again */
        remove_at(list, same);
    if (!make_room(list)) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        "NOT SET  %d alerts wait, more there cannot be; :alerts lists, :alert drop N removes",
                        ALERTS_MAX);
        return;
    }
    add(list, &alert);
    count_waiting(list);
    journal_audit(pipeline, market, "alert.set", "-", "%s by %s", text, command->source);
    operator_answer(pipeline, command, NOTE_GOOD, "ALERT  rings once: %s%s", text,
                    list->kept ? "" : "; it ends with this run");
}

static void drop_all(struct alert_list *list, struct pipeline *pipeline, const struct command *command)
{
    if (list->count > 0)
        journal_audit(pipeline, NULL, "alert.removed", "-", "all %u by %s", list->count, command->source);
    operator_answer(pipeline, command, NOTE_GOOD, "ALERT  %u removed", list->count);
    list->count = 0;
    count_waiting(list);
}

static void drop(struct alert_list *list, struct pipeline *pipeline, const struct command *command)
{
    char text[ALERT_TEXT_SIZE];
    int at = 0;

    if (command->number == 0) {
        drop_all(list, pipeline, command);
        return;
    }
    while (at < list->count && list->alert[at].id != command->number)
        at++;
    if (at == list->count) {
        operator_answer(pipeline, command, NOTE_WARNING, "no alert has the number %" PRId64 "; :alerts lists",
                        command->number);
        return;
    }
    alert_text(&list->alert[at], true, text, sizeof(text));
    journal_audit(pipeline, market_at(pipeline, list->alert[at].instrument_id), "alert.removed", "-",
                  "%s by %s", text, command->source);
    remove_at(list, at);
    count_waiting(list);
    operator_answer(pipeline, command, NOTE_GOOD, "ALERT  removed: %s", text);
}

static void seen(struct alert_list *list)
{
    for (uint16_t i = 0; i < list->count; i++)
        if (list->alert[i].away) {
            list->alert[i].away = false;
            list->changes++;
        }
}

void alert_list_command(struct alert_list *list, struct pipeline *pipeline, const struct command *command)
{
    if (command->kind == COMMAND_ALERT)
        set(list, pipeline, command);
    else if (command->kind == COMMAND_ALERT_DROP)
        drop(list, pipeline, command);
    else
        seen(list);
}

/* --- ringing ------------------------------------------------------------------------------------------------ */

static void ring(struct alert_list *list, struct pipeline *pipeline, struct alert *alert, int64_t value,
                 bool watched)
{
    const char *how = alert->of == ALERT_PRICE ? "traded" : "it is";
    char text[ALERT_TEXT_SIZE], figure[64];

    alert->rang_ns = pipeline->now_ns > 0 ? pipeline->now_ns : 1;
    alert->rang_at = value;
    alert->rang_seq = ++list->rung;
    alert->away = !watched;
    alert_text(alert, true, text, sizeof(text));
    alert_figure(alert, value, figure, sizeof(figure));
    journal_note(pipeline, NOTE_WARNING, "ALERT %s: %s %s%s", text, how, figure,
                 watched ? "" : ", no screen");
    journal_audit(pipeline, market_at(pipeline, alert->instrument_id), "alert.rang", "-", "%s: %s %s%s", text,
                  how, figure, watched ? "" : ", no screen was open");
    count_waiting(list);
}

static void look(struct alert_list *list, struct pipeline *pipeline, bool watched)
{
    struct view_instrument at;

    for (uint16_t i = 0; i < list->count; i++) {
        struct alert *alert = &list->alert[i];
        const struct market_state *market = market_at(pipeline, alert->instrument_id);
        int64_t value;

        if (alert->rang_ns != 0 || market == NULL)
            continue;
        memset(&at, 0, sizeof(at));
        view_instrument_fill(pipeline, market, &at);
        value = alert_value(&at, alert->of);
        if (alert_is_met(alert, value))
            ring(list, pipeline, alert, value, watched);
    }
}

static void on_trade(struct alert_list *list, struct pipeline *pipeline, const struct feed_event *event,
                     bool watched)
{
    int64_t price_e8 = instrument_price_e8(event->instrument, event->trade.price_ticks);

    for (uint16_t i = 0; i < list->count; i++) {
        struct alert *alert = &list->alert[i];

        if (alert->rang_ns == 0 && alert->of == ALERT_PRICE &&
            alert->instrument_id == event->instrument->id && alert_is_met(alert, price_e8))
            ring(list, pipeline, alert, price_e8, watched);
    }
}

void alert_list_on_event(struct alert_list *list, struct pipeline *pipeline, const struct feed_event *event,
                         bool watched)
{
    if (list->waiting == 0)
        return;
    find_instruments(list, pipeline);
    if (event->kind == FEED_TRADE && event->instrument != NULL && !event->trade.off_market)
        on_trade(list, pipeline, event, watched);
    if (pipeline->now_ns - list->looked_ns < LOOK_NS && pipeline->now_ns >= list->looked_ns)
        return;
    list->looked_ns = pipeline->now_ns;
    look(list, pipeline, watched);
}

void alert_list_fill(const struct alert_list *list, struct view_alerts *out)
{
    out->kept = list->kept;
    out->count = list->count;
    out->rung = list->rung;
    memcpy(out->alert, list->alert, list->count * sizeof(list->alert[0]));
}
