#include "tui/ui_screens.h"

#include "tui/panels.h"

static char *list_filter(struct ui *ui)
{
    return ui->list.filter;
}

static char *controls_filter(struct ui *ui)
{
    return ui->controls.filter;
}

static char *market_filter(struct ui *ui)
{
    return ui->market.filter;
}

static char *journal_filter(struct ui *ui)
{
    return ui->journal.filter;
}

/* In the order of their keys, 1..8. */
static const struct ui_screen screens[] = {
    {CONTEXT_LADDER, trade_screen_draw, NULL, NULL, NULL, list_filter, list_csv},
    {CONTEXT_CHART, chart_screen_draw, chart_act, chart_next_text, chart_hints, NULL, NULL},
    {CONTEXT_MARKET, market_screen_draw, market_act, market_next_text, market_hints, market_filter,
     market_csv},
    {CONTEXT_STRATEGY, strategy_screen_draw, strategies_act, strategies_next_text, strategy_hints, NULL,
     NULL},
    {CONTEXT_RISK, risk_screen_draw, controls_act, controls_next_text, risk_hints, controls_filter,
     controls_csv},
    {CONTEXT_RESULTS, results_screen_draw, results_act, results_next_text, results_hints, NULL, results_csv},
    {CONTEXT_JOURNAL, journal_screen_draw, journal_act, journal_next_text, journal_hints, journal_filter,
     journal_csv},
    {CONTEXT_SYSTEM, system_screen_draw, system_act, system_next_text, system_hints, NULL, system_csv},
};

const struct ui_screen *ui_screen_of(enum screen_id screen)
{
    return &screens[screen >= SCREEN_TRADE && screen <= SCREEN_SYSTEM ? screen - SCREEN_TRADE : 0];
}

char *ui_filter(struct ui *ui)
{
    return ui_screen_of(ui->screen)->filter == NULL ? NULL : ui_screen_of(ui->screen)->filter(ui);
}
