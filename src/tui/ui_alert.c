/* Price alerts: set at the cursor, watched here with each frame, rung once. */
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

static void remove_at(struct ui *ui, int at)
{
    memmove(&ui->alert[at], &ui->alert[at + 1], (size_t)(ui->alerts - at - 1) * sizeof(ui->alert[0]));
    ui->alerts--;
}

void alert_toggle(struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t price_e8 = at != NULL ? number_price_e8(&at->scale, ui->ladder.cursor_ticks) : 0;
    struct ui_alert *alert;

    if (at == NULL || !ui->ladder.cursor_set || at->last_ticks == VIEW_NONE) {
        ui_say(ui, 1, "", "aim at a price first: there is no cursor, or no trade yet");
        return;
    }
    for (int i = 0; i < ui->alerts; i++) {
        if (ui->alert[i].instrument_id == ui->instrument_id && ui->alert[i].price_e8 == price_e8) {
            remove_at(ui, i);
            ui_say(ui, 0, "ALERT", "at %s removed", number_price(&at->scale, ui->ladder.cursor_ticks).text);
            return;
        }
    }
    if (ui->alerts == UI_ALERTS_MAX) {
        int done = 0;

        while (done < ui->alerts && !ui->alert[done].done)
            done++;
        if (done == ui->alerts) {
            ui_say(ui, 1, "", "%d alerts are the most; b on one of them removes it", UI_ALERTS_MAX);
            return;
        }
        remove_at(ui, done);
    }
    alert = &ui->alert[ui->alerts++];
    memset(alert, 0, sizeof(*alert));
    alert->instrument_id = ui->instrument_id;
    alert->price_e8 = price_e8;
    alert->above = price_e8 > number_price_e8(&at->scale, at->last_ticks);
    alert->decimals = at->scale.price_decimals;
    text_print(alert->symbol, sizeof(alert->symbol), "%s", at->symbol);
    ui_say(ui, 0, "ALERT", "rings when %s trades %s %s", at->symbol,
           alert->above ? "at or above" : "at or below",
           number_price(&at->scale, ui->ladder.cursor_ticks).text);
}

void alert_on_frame(struct ui *ui)
{
    for (int i = 0; i < ui->alerts; i++) {
        struct ui_alert *alert = &ui->alert[i];
        const struct view_instrument *at;
        int64_t last_e8;

        if (alert->done || alert->instrument_id >= ui->frame->status.instruments)
            continue;
        at = &ui->frame->status.instrument[alert->instrument_id];
        if (at->last_ticks == VIEW_NONE)
            continue;
        last_e8 = number_price_e8(&at->scale, at->last_ticks);
        if (alert->above ? last_e8 < alert->price_e8 : last_e8 > alert->price_e8)
            continue;
        alert->done = true;
        ui_note(ui, 2, "ALERT %s %s %s", alert->symbol, alert->above ? "above" : "below",
                number_fixed(alert->price_e8, 8, alert->decimals, false).text);
        ui_say(ui, 2, "ALERT", "%s traded %s: %s %s", alert->symbol,
               number_price(&at->scale, at->last_ticks).text, alert->above ? "above" : "below",
               number_fixed(alert->price_e8, 8, alert->decimals, false).text);
        ui_ring(ui);
    }
}
