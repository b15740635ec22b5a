#include "tui/ui_screens.h"

#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <strings.h>

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
    {"Trade", "Trade", CONTEXT_LADDER, trade_screen_draw, NULL, NULL, NULL, list_filter, list_csv},
    {"Chart", "Chart", CONTEXT_CHART, chart_screen_draw, chart_act, chart_next_text, chart_hints, NULL, NULL},
    {"Market", "Mkt", CONTEXT_MARKET, market_screen_draw, market_act, market_next_text, market_hints,
     market_filter, market_csv},
    {"Strategy", "Strat", CONTEXT_STRATEGY, strategy_screen_draw, strategies_act, strategies_next_text,
     strategy_hints, NULL, NULL},
    {"Risk", "Risk", CONTEXT_RISK, risk_screen_draw, controls_act, controls_next_text, risk_hints,
     controls_filter, controls_csv},
    {"Results", "Res", CONTEXT_RESULTS, results_screen_draw, results_act, results_next_text, results_hints,
     NULL, results_csv},
    {"Journal", "Jrnl", CONTEXT_JOURNAL, journal_screen_draw, journal_act, journal_next_text, journal_hints,
     journal_filter, journal_csv},
    {"System", "Sys", CONTEXT_SYSTEM, system_screen_draw, system_act, system_next_text, system_hints, NULL,
     system_csv},
};

const struct ui_screen *ui_screen_of(enum screen_id screen)
{
    return &screens[screen >= SCREEN_TRADE && screen <= SCREEN_SYSTEM ? screen - SCREEN_TRADE : 0];
}

enum screen_id ui_screen_named(const char *name)
{
    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++)
        if (strcasecmp(ui_screen_of(id)->name, name) == 0 && ui_screen_of(id)->draw != NULL)
            return id;
    return (enum screen_id)0;
}

const char *ui_screen_name(enum screen_id screen)
{
    return ui_screen_of(screen)->name;
}

char *ui_filter(struct ui *ui)
{
    return ui_screen_of(ui->screen)->filter == NULL ? NULL : ui_screen_of(ui->screen)->filter(ui);
}
