/*
 * What a newcomer, or somebody who comes from another program, types for what is called otherwise here. One row an entry
 * of the palette; words that its own name or meaning has already are not repeated.
 */
#include "tui/palette.h"

#include <string.h>

static const struct {
    enum palette_kind kind;
    const char *name, *words;
} rows[] = {
    {PALETTE_COMMAND, "buy", "bid order long open trade enter place purchase submit new bracket oco ticket"},
    {PALETTE_COMMAND, "sell", "ask order offer short open trade enter place submit new bracket oco ticket"},
    {PALETTE_KEY, "ticket",
     "order buy sell bid ask long short trade enter place new submit bracket oco iceberg trailing tp sl "
     "take-profit stop-loss stop stop-limit gtc ioc fok tif post-only reduce-only"},
    {PALETTE_KEY, "limit", "buy sell trade enter place bid ask long short"},
    {PALETTE_KEY, "market", "buy sell trade enter mo now"},
    {PALETTE_KEY, "stop", "stop-loss stoploss sl protect exit"},
    {PALETTE_KEY, "side-buy", "bid long"},
    {PALETTE_KEY, "side-sell", "ask offer short"},
    {PALETTE_KEY, "pick", "move change modify amend edit replace drag"},
    {PALETTE_KEY, "put", "move drop replace amend"},
    {PALETTE_KEY, "cancel", "delete remove pull order"},
    {PALETTE_KEY, "list-cancel", "delete remove pull order"},
    {PALETTE_KEY, "reverse", "flip swap turn"},
    {PALETTE_KEY, "arm", "one-click oneclick fast hotkey unlock"},
    {PALETTE_KEY, "inside", "best touch join bbo"},
    {PALETTE_KEY, "centre", "center recenter recentre middle"},
    {PALETTE_KEY, "rows-finer", "zoom in group aggregate tick precision"},
    {PALETTE_KEY, "rows-coarser", "zoom out group aggregate tick precision"},
    {PALETTE_KEY, "instrument-next", "symbol pair coin ticker switch"},
    {PALETTE_KEY, "find", "search symbol pair coin ticker"},
    {PALETTE_KEY, "redraw", "refresh repaint"},
    {PALETTE_KEY, "freeze", "hold still"},
    {PALETTE_KEY, "copy", "clipboard csv yank screenshot"},
    {PALETTE_KEY, "alert", "alarm notify notification ring"},
    {PALETTE_KEY, "chart-longer", "timeframe interval period"},
    {PALETTE_KEY, "chart-shorter", "timeframe interval period"},
    {PALETTE_KEY, "chart-view", "candles heatmap depth"},

    {PALETTE_COMMAND, "pause", "hold wait suspend disable stop"},
    {PALETTE_COMMAND, "resume", "continue unpause start enable"},
    {PALETTE_COMMAND, "go", "start activate enable"},
    {PALETTE_COMMAND, "halt", "block stop freeze disable"},
    {PALETTE_COMMAND, "reduce", "unwind"},
    {PALETTE_COMMAND, "kill", "panic emergency abort stop"},
    {PALETTE_COMMAND, "clear-kill", "unkill reset restart"},
    {PALETTE_COMMAND, "cancel", "delete remove pull abort"},
    {PALETTE_COMMAND, "flatten", "close position liquidate square unwind out"},
    {PALETTE_COMMAND, "size", "quantity qty amount lots volume"},
    {PALETTE_COMMAND, "on", "start run enable activate bot algo market-maker"},
    {PALETTE_COMMAND, "off", "disable stop deactivate bot algo"},
    {PALETTE_COMMAND, "limit", "risk maximum max loss cap"},
    {PALETTE_COMMAND, "set", "configure change option"},
    {PALETTE_COMMAND, "settings", "configuration config options preferences setup"},
    {PALETTE_COMMAND, "write", "save store"},
    {PALETTE_COMMAND, "simulation", "paper demo practice test"},
    {PALETTE_COMMAND, "observation", "watch view read-only readonly"},
    {PALETTE_COMMAND, "live", "real money production"},
    {PALETTE_COMMAND, "alert", "alarm notify notification price"},
    {PALETTE_COMMAND, "alerts", "alarms notifications"},
    {PALETTE_COMMAND, "explain", "why queue"},
    {PALETTE_COMMAND, "follow", "trace audit"},
    {PALETTE_COMMAND, "jump", "goto seek time back rewind"},
    {PALETTE_COMMAND, "bookmarks", "saved times"},
    {PALETTE_COMMAND, "speed", "faster slower fast forward"},
    {PALETTE_COMMAND, "export", "save download csv file"},
    {PALETTE_COMMAND, "screen", "window tab page"},
    {PALETTE_COMMAND, "instrument", "symbol pair coin ticker switch"},
    {PALETTE_COMMAND, "stop", "stop-loss stoploss sl protect"},
    {PALETTE_COMMAND, "theme", "color colour colors colours dark light appearance skin"},
    {PALETTE_COMMAND, "layout", "workspace arrangement windows"},
    {PALETTE_COMMAND, "panel", "hide show window pane widget"},
    {PALETTE_COMMAND, "bell", "sound mute beep alarm"},
    {PALETTE_COMMAND, "lock", "away password secure"},
    {PALETTE_COMMAND, "note", "comment remark"},
    {PALETTE_COMMAND, "detach", "background leave disconnect tmux screen"},
    {PALETTE_COMMAND, "control", "takeover master lead"},
    {PALETTE_COMMAND, "help", "manual man howto tutorial hotkeys shortcuts"},
    {PALETTE_COMMAND, "glossary", "definition meaning term dictionary"},
    {PALETTE_COMMAND, "quit", "exit logout logoff close bye end shutdown stop q! wq"},

    {PALETTE_SCREEN, "Trade",
     "ladder dom book orderbook footprint positions orders fills tape blotter account balance"},
    {PALETTE_SCREEN, "Chart",
     "candles candlestick graph plot heatmap bookmap vwap volume-profile profile depth"},
    {PALETTE_SCREEN, "Market", "watchlist symbols instruments tickers pairs coins treemap"},
    {PALETTE_SCREEN, "Strategy", "bots algos algorithms market-maker maker signals parameters"},
    {PALETTE_SCREEN, "Risk", "limits controls exposure margin leverage drawdown denials"},
    {PALETTE_SCREEN, "Results",
     "pnl p&l profit loss performance equity commission commissions sharpe expectancy statistics stats "
     "report returns"},
    {PALETTE_SCREEN, "Journal", "log audit trail history events"},
    {PALETTE_SCREEN, "System", "latency memory performance status health version threads"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *palette_other_words(enum palette_kind kind, const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == kind && strcmp(rows[i].name, name) == 0)
            return rows[i].words;
    return "";
}

bool palette_is_other_word(enum palette_kind kind, const char *name, const char *word)
{
    const char *words = palette_other_words(kind, name);

    while (*words != '\0') {
        size_t size = strcspn(words, " ");

        if (strlen(word) == size && memcmp(words, word, size) == 0)
            return true;
        words += size;
        words += strspn(words, " ");
    }
    return false;
}

bool palette_other_row(size_t index, enum palette_kind *kind, const char **name)
{
    if (index >= ROWS)
        return false;
    *kind = rows[index].kind;
    *name = rows[index].name;
    return true;
}
