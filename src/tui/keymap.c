#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

#define PAGE_ROWS 10

/* Up and down the rows of a list. */
#define ROW_KEYS(context, name, up, down, page_up, page_down, first, last)                                   \
    {KEY_UP, context, ACT_UP, name "-up", up}, {'k', context, ACT_UP, name "-up", ""},                       \
        {KEY_DOWN, context, ACT_DOWN, name "-down", down}, {'j', context, ACT_DOWN, name "-down", ""},       \
        {KEY_PAGE_UP, context, ACT_PAGE_UP, name "-page-up", page_up},                                       \
        {KEY_PAGE_DOWN, context, ACT_PAGE_DOWN, name "-page-down", page_down},                               \
        {'g', context, ACT_FIRST, name "-first", first}, {KEY_HOME, context, ACT_FIRST, name "-first", ""},  \
        {'G', context, ACT_LAST, name "-last", last},                                                        \
    {                                                                                                        \
        KEY_END, context, ACT_LAST, name "-last", ""                                                         \
    }

/* Ordered as help shows it. The first binding of an action carries the help, its other keys have none. */
static const struct key_binding bindings[] = {
    /* key                     context         action               name              help */
    {'K', CONTEXT_ALL, ACT_KILL, "kill", "block orders, cancel all of ours; never asks"},
    {KEY_F12, CONTEXT_ALL, ACT_KILL, "kill", ""},
    {KEY_ALT | 'K', CONTEXT_ALL, ACT_KILL, "kill", ""},
    {0x041b, CONTEXT_ALL, ACT_KILL, "kill", ""}, /* the same key of a Russian keyboard */
    {0x039a, CONTEXT_ALL, ACT_KILL, "kill", ""}, /* of a Greek one */
    {' ', CONTEXT_ALL, ACT_PAUSE, "pause", "pause the strategies; again: resume"},
    {'s', CONTEXT_ALL, ACT_SIMULATION, "mode-simulation", "trade on paper"},
    {'o', CONTEXT_ALL, ACT_OBSERVATION, "mode-observation", "watch only, no order leaves"},
    {KEY_ESC, CONTEXT_ALL, ACT_LEAVE, "leave", "leave the innermost; at the base: disarm"},
    {KEY_CTRL | 'c', CONTEXT_ALL, ACT_INTERRUPT, "interrupt", "as Esc; twice: quit"},
    {'q', CONTEXT_ALL, ACT_QUIT, "quit", "back, then quit; asks if anything is open"},
    {'?', CONTEXT_ALL, ACT_HELP, "help", "the keys of this place"},
    {KEY_F1, CONTEXT_ALL, ACT_HELP, "help", ""},
    {':', CONTEXT_ALL, ACT_COMMAND, "command", "a prompt for everything rare"},
    {'1', CONTEXT_ALL, ACT_SCREEN_1, "screen-1", "Trade"},
    {'2', CONTEXT_ALL, ACT_SCREEN_2, "screen-2", "Chart"},
    {'3', CONTEXT_ALL, ACT_SCREEN_3, "screen-3", "Market"},
    {'4', CONTEXT_ALL, ACT_SCREEN_4, "screen-4", "Strategy"},
    {'5', CONTEXT_ALL, ACT_SCREEN_5, "screen-5", "Risk"},
    {'6', CONTEXT_ALL, ACT_SCREEN_6, "screen-6", "Results"},
    {'7', CONTEXT_ALL, ACT_SCREEN_7, "screen-7", "Journal"},
    {'8', CONTEXT_ALL, ACT_SCREEN_8, "screen-8", "System"},
    {'n', CONTEXT_ALL, ACT_INSTRUMENT_NEXT, "instrument-next", "next instrument"},
    {'N', CONTEXT_ALL, ACT_INSTRUMENT_PREV, "instrument-prev", "the one before"},
    {'z', CONTEXT_ALL, ACT_ZOOM, "zoom", "this panel over the whole screen"},
    {'Z', CONTEXT_ALL, ACT_FREEZE, "freeze", "hold the picture; order keys refuse"},
    {'e', CONTEXT_ALL, ACT_VIEW_NEXT, "view-next", "traded, pulled/stacked, sums, levels"},
    {KEY_CTRL | 'l', CONTEXT_ALL, ACT_REDRAW, "redraw", "draw everything anew"},
    {KEY_CTRL | 'z', CONTEXT_ALL, ACT_STOP_REFUSED, "suspend", "refused: a stopped program manages nothing"},

    {'a', CONTEXT_TRADE, ACT_ARM, "arm", "one-key trading on and off"},
    {'f', CONTEXT_TRADE, ACT_FLATTEN, "flatten", "cancel here, close the position, bounded"},
    {'R', CONTEXT_TRADE, ACT_REVERSE, "reverse", "flatten and open the other side; always asks"},
    {'U', CONTEXT_TRADE, ACT_CANCEL_ALL, "cancel-all", "cancel all of this instrument"},
    {KEY_TAB, CONTEXT_TRADE, ACT_TAB_NEXT, "tab-next", "next list"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_TRADE, ACT_TAB_PREV, "tab-prev", "the list before"},
    {'v', CONTEXT_TRADE, ACT_FOCUS, "focus", "ladder, list, second ladder; zoomed: panels"},
    {'/', CONTEXT_TRADE, ACT_FIND, "find", "find an instrument; in a list: filter"},
    {'H', CONTEXT_TRADE, ACT_CAPS, "caps-lock", "left free: Caps Lock disarms"},
    {'J', CONTEXT_TRADE, ACT_CAPS, "caps-lock", ""},
    {'L', CONTEXT_TRADE, ACT_CAPS, "caps-lock", ""},

    {KEY_UP, CONTEXT_LADDER, ACT_UP, "row-up", "cursor one row up"},
    {'k', CONTEXT_LADDER, ACT_UP, "row-up", ""},
    {KEY_DOWN, CONTEXT_LADDER, ACT_DOWN, "row-down", "one row down"},
    {'j', CONTEXT_LADDER, ACT_DOWN, "row-down", ""},
    {KEY_PAGE_UP, CONTEXT_LADDER, ACT_PAGE_UP, "page-up", "half a page up"},
    {KEY_PAGE_DOWN, CONTEXT_LADDER, ACT_PAGE_DOWN, "page-down", "half a page down"},
    {KEY_SHIFT | KEY_UP, CONTEXT_LADDER, ACT_TICK_UP, "tick-up", "one tick up"},
    {KEY_SHIFT | KEY_DOWN, CONTEXT_LADDER, ACT_TICK_DOWN, "tick-down", "one tick down"},
    {KEY_LEFT, CONTEXT_LADDER, ACT_LEFT, "side-buy", "aim to buy"},
    {'h', CONTEXT_LADDER, ACT_LEFT, "side-buy", ""},
    {KEY_RIGHT, CONTEXT_LADDER, ACT_RIGHT, "side-sell", "aim to sell"},
    {'l', CONTEXT_LADDER, ACT_RIGHT, "side-sell", ""},
    {'0', CONTEXT_LADDER, ACT_INSIDE, "inside", "cursor to my side's best price"},
    {KEY_HOME, CONTEXT_LADDER, ACT_INSIDE, "inside", ""},
    {'c', CONTEXT_LADDER, ACT_CENTRE, "centre", "recentre; fit the bars anew"},
    {'[', CONTEXT_LADDER, ACT_FINER, "rows-finer", "smaller row step: 1 2 5"},
    {'(', CONTEXT_LADDER, ACT_FINER, "rows-finer", ""},
    {']', CONTEXT_LADDER, ACT_COARSER, "rows-coarser", "greater row step"},
    {')', CONTEXT_LADDER, ACT_COARSER, "rows-coarser", ""},
    {'-', CONTEXT_LADDER, ACT_SIZE_DOWN, "size-down", "smaller order size"},
    {'+', CONTEXT_LADDER, ACT_SIZE_UP, "size-up", "greater order size"},
    {'=', CONTEXT_LADDER, ACT_SIZE_TYPE, "size", "type an order size"},
    {KEY_ENTER, CONTEXT_LADDER, ACT_TICKET, "ticket", "order form from the cursor"},
    {'i', CONTEXT_LADDER, ACT_LIMIT, "limit", "limit order at the cursor"},
    {'M', CONTEXT_LADDER, ACT_MARKET, "market", "market order, bounded by COLLAR"},
    {'I', CONTEXT_LADDER, ACT_MARKET_HINT, "market-hint", "left free: market is M"},
    {'t', CONTEXT_LADDER, ACT_STOP, "stop", "stop at the cursor, reduce-only"},
    {'u', CONTEXT_LADDER, ACT_CANCEL, "cancel", "cancel mine on this row"},
    {'x', CONTEXT_LADDER, ACT_PICK, "pick", "pick up my order of this row"},
    {'p', CONTEXT_LADDER, ACT_PUT, "put", "put it down at the cursor"},
    {'w', CONTEXT_LADDER, ACT_WHY, "why", "my order of this row: what became of it"},
    {'b', CONTEXT_LADDER, ACT_ALERT, "alert", "bell when the price is reached"},
    {'X', CONTEXT_LADDER, ACT_CLEAR_VISIT, "clear-visit", "sold and bought to zero"},

    ROW_KEYS(CONTEXT_LIST, "list", "choose the row above", "the row below", "a page up", "a page down",
             "first row", "last row"),
    {KEY_ENTER, CONTEXT_LIST, ACT_WHY, "detail", "what became of it"},
    {'w', CONTEXT_LIST, ACT_WHY, "detail", ""},
    {'W', CONTEXT_LIST, ACT_FOLLOW, "follow", "this order on screen 7, from signal to fill"},
    {'u', CONTEXT_LIST, ACT_CANCEL, "list-cancel", "cancel this order"},
    {',', CONTEXT_LIST, ACT_SORT, "sort", "sort by the next column"},
    {'D', CONTEXT_LIST, ACT_SORT_TURN, "sort-turn", "the sorted rows the other way round"},
    {'y', CONTEXT_LIST, ACT_COPY, "copy", "the list as CSV to the clipboard"},
    {'Y', CONTEXT_LIST, ACT_EXPORT, "export", "the list as CSV into a new file"},

    {'y', CONTEXT_ASK, ACT_YES, "yes", "yes"},
    {'n', CONTEXT_ASK, ACT_NO, "no", "no"},
    {KEY_ENTER, CONTEXT_ASK, ACT_CHOOSE, "choose", "what has the focus"},
    {KEY_TAB, CONTEXT_ASK, ACT_MOVE_FOCUS, "move-focus", "the other answer"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_ASK, ACT_MOVE_FOCUS, "move-focus", ""},
    {'d', CONTEXT_ASK, ACT_DETACH, "detach", "leave the engine running (LEAVE? alone)"},
    {'x', CONTEXT_ASK, ACT_STOP_ENGINE, "stop-engine", "cancel, then end (LEAVE? alone)"},

    {KEY_ENTER, CONTEXT_TEXT, ACT_DONE, "done", "run it"},
    {KEY_BACKSPACE, CONTEXT_TEXT, ACT_ERASE, "erase", "erase a character"},
    {KEY_TAB, CONTEXT_TEXT, ACT_COMPLETE, "complete", "complete the command"},
    {KEY_UP, CONTEXT_TEXT, ACT_OLDER, "older", "choose above: what fits, what was typed before"},
    {KEY_DOWN, CONTEXT_TEXT, ACT_NEWER, "newer", "choose below"},
    {KEY_CTRL | 'r', CONTEXT_TEXT, ACT_PAST, "past", "lines typed before that have this in them"},
    {KEY_ESC, CONTEXT_TEXT, ACT_LEAVE, "text-leave", "leave; Esc K is kill"},

    {KEY_TAB, CONTEXT_TICKET, ACT_NEXT_FIELD, "field-next", "next field"},
    {KEY_DOWN, CONTEXT_TICKET, ACT_NEXT_FIELD, "field-next", ""},
    {KEY_ENTER, CONTEXT_TICKET, ACT_NEXT_FIELD, "field-next", ""},
    {KEY_SHIFT | KEY_TAB, CONTEXT_TICKET, ACT_PREV_FIELD, "field-prev", "the field before"},
    {KEY_UP, CONTEXT_TICKET, ACT_PREV_FIELD, "field-prev", ""},
    {KEY_LEFT, CONTEXT_TICKET, ACT_LEFT, "field-less", "the other choice; a smaller figure"},
    {KEY_RIGHT, CONTEXT_TICKET, ACT_RIGHT, "field-more", "the other choice; a greater figure"},
    {KEY_BACKSPACE, CONTEXT_TICKET, ACT_ERASE, "field-erase", "erase a figure"},
    {'y', CONTEXT_TICKET, ACT_YES, "field-send", "send it"},

    {KEY_UP, CONTEXT_MOVE, ACT_UP, "move-up", "one row up"},
    {'k', CONTEXT_MOVE, ACT_UP, "move-up", ""},
    {KEY_DOWN, CONTEXT_MOVE, ACT_DOWN, "move-down", "one row down"},
    {'j', CONTEXT_MOVE, ACT_DOWN, "move-down", ""},
    {KEY_PAGE_UP, CONTEXT_MOVE, ACT_PAGE_UP, "move-page-up", "half a page up"},
    {KEY_PAGE_DOWN, CONTEXT_MOVE, ACT_PAGE_DOWN, "move-page-down", "half a page down"},
    {KEY_SHIFT | KEY_UP, CONTEXT_MOVE, ACT_TICK_UP, "move-tick-up", "one tick up"},
    {KEY_SHIFT | KEY_DOWN, CONTEXT_MOVE, ACT_TICK_DOWN, "move-tick-down", "one tick down"},
    {'0', CONTEXT_MOVE, ACT_INSIDE, "move-inside", "to my side's best price"},
    {KEY_HOME, CONTEXT_MOVE, ACT_INSIDE, "move-inside", ""},
    {'-', CONTEXT_MOVE, ACT_SIZE_DOWN, "move-size-down", "a smaller size for it"},
    {'+', CONTEXT_MOVE, ACT_SIZE_UP, "move-size-up", "a greater size for it"},
    {'=', CONTEXT_MOVE, ACT_SIZE_TYPE, "move-size", "type its size"},
    {'p', CONTEXT_MOVE, ACT_PUT, "move-put", "put it down here"},
    {'x', CONTEXT_MOVE, ACT_LEAVE, "move-drop", "drop it: the order stays where it was"},

    {'.', CONTEXT_REPLAY, ACT_STEP, "step", "one event"},
    {'<', CONTEXT_REPLAY, ACT_SLOWER, "slower", "half the speed"},
    {'>', CONTEXT_REPLAY, ACT_FASTER, "faster", "twice the speed"},
    {'B', CONTEXT_REPLAY, ACT_BOOKMARK, "bookmark", "mark this time, to jump back to it"},

    {KEY_DOWN, CONTEXT_PAGE, ACT_PAGE_DOWN, "page-next", "next page"},
    {KEY_PAGE_DOWN, CONTEXT_PAGE, ACT_PAGE_DOWN, "page-next", ""},
    {KEY_ENTER, CONTEXT_PAGE, ACT_PAGE, "page-turn", "next page, then close"},
    {KEY_UP, CONTEXT_PAGE, ACT_PAGE_UP, "page-before", "the page before"},
    {KEY_PAGE_UP, CONTEXT_PAGE, ACT_PAGE_UP, "page-before", ""},
    {KEY_TAB, CONTEXT_PAGE, ACT_TAB_NEXT, "help-next", "help: keys, commands, glossary"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_PAGE, ACT_TAB_PREV, "help-prev", "the one before"},
    {'/', CONTEXT_PAGE, ACT_FIND, "help-filter", "help: filter what is shown"},

    ROW_KEYS(CONTEXT_RISK, "control", "choose the control above", "the control below", "ten up", "ten down",
             "the first one", "the last one"),
    {KEY_ENTER, CONTEXT_RISK, ACT_WHY, "explain", "what it limits, its option, where it was set"},
    {'w', CONTEXT_RISK, ACT_WHY, "explain", ""},
    {KEY_TAB, CONTEXT_RISK, ACT_TAB_NEXT, "gates", "limits, gates"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_RISK, ACT_TAB_NEXT, "gates", ""},
    {'/', CONTEXT_RISK, ACT_FIND, "control-filter", "filter the controls"},
    {'y', CONTEXT_RISK, ACT_COPY, "control-copy", "the controls as CSV to the clipboard"},
    {'Y', CONTEXT_RISK, ACT_EXPORT, "control-export", "the controls as CSV into a new file"},

    ROW_KEYS(CONTEXT_STRATEGY, "strategy", "choose the strategy or parameter above", "the one below",
             "ten up", "ten down", "the first one", "the last one"),
    {KEY_ENTER, CONTEXT_STRATEGY, ACT_TOGGLE, "strategy-toggle", "turn it on or off; a parameter: edit it"},
    {KEY_TAB, CONTEXT_STRATEGY, ACT_TAB_NEXT, "parameters", "strategies, parameters, signals"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_STRATEGY, ACT_TAB_NEXT, "parameters", ""},
    {'V', CONTEXT_STRATEGY, ACT_RELOAD, "strategy-reload", "load a plug-in's new version"},

    {KEY_UP, CONTEXT_CHART, ACT_UP, "cross-up", "the cross one row up"},
    {'k', CONTEXT_CHART, ACT_UP, "cross-up", ""},
    {KEY_DOWN, CONTEXT_CHART, ACT_DOWN, "cross-down", "one row down"},
    {'j', CONTEXT_CHART, ACT_DOWN, "cross-down", ""},
    {KEY_LEFT, CONTEXT_CHART, ACT_LEFT, "cross-back", "back in time; the chart goes along"},
    {'h', CONTEXT_CHART, ACT_LEFT, "cross-back", ""},
    {KEY_RIGHT, CONTEXT_CHART, ACT_RIGHT, "cross-on", "on in time"},
    {'l', CONTEXT_CHART, ACT_RIGHT, "cross-on", ""},
    {KEY_PAGE_UP, CONTEXT_CHART, ACT_PAGE_UP, "chart-back", "half a chart back"},
    {KEY_PAGE_DOWN, CONTEXT_CHART, ACT_PAGE_DOWN, "chart-on", "half a chart on"},
    {'c', CONTEXT_CHART, ACT_CENTRE, "chart-now", "now, without a cross, prices in the middle"},
    {'-', CONTEXT_CHART, ACT_SIZE_DOWN, "chart-shorter", "shorter candles or columns"},
    {'+', CONTEXT_CHART, ACT_SIZE_UP, "chart-longer", "longer ones"},
    {'[', CONTEXT_CHART, ACT_FINER, "chart-finer", "finer rows of the heat map"},
    {'(', CONTEXT_CHART, ACT_FINER, "chart-finer", ""},
    {']', CONTEXT_CHART, ACT_COARSER, "chart-coarser", "coarser rows"},
    {')', CONTEXT_CHART, ACT_COARSER, "chart-coarser", ""},
    {'e', CONTEXT_CHART, ACT_VIEW_NEXT, "chart-view", "candles, heat map, depth"},
    {'b', CONTEXT_CHART, ACT_ALERT, "chart-alert", "bell when the cross's price is reached"},

    ROW_KEYS(CONTEXT_MARKET, "market", "choose the instrument above", "the one below", "ten up", "ten down",
             "the first one", "the last one"),
    {KEY_ENTER, CONTEXT_MARKET, ACT_CHOOSE, "market-show", "show it on Trade"},
    {',', CONTEXT_MARKET, ACT_SORT, "market-sort", "sort by the next column"},
    {'D', CONTEXT_MARKET, ACT_SORT_TURN, "market-sort-turn", "the sorted rows the other way round"},
    {'[', CONTEXT_MARKET, ACT_FINER, "market-shorter", "trends over a shorter time"},
    {'(', CONTEXT_MARKET, ACT_FINER, "market-shorter", ""},
    {']', CONTEXT_MARKET, ACT_COARSER, "market-longer", "over a longer one"},
    {')', CONTEXT_MARKET, ACT_COARSER, "market-longer", ""},
    {'e', CONTEXT_MARKET, ACT_VIEW_NEXT, "market-view", "list; map by value, coloured by change"},
    {'b', CONTEXT_MARKET, ACT_ALERT, "market-alert", "an alert on price, change, spread, imbalance"},
    {'/', CONTEXT_MARKET, ACT_FIND, "market-filter", "filter the instruments"},
    {'y', CONTEXT_MARKET, ACT_COPY, "market-copy", "the list as CSV to the clipboard"},
    {'Y', CONTEXT_MARKET, ACT_EXPORT, "market-export", "the list as CSV into a new file"},

    ROW_KEYS(CONTEXT_RESULTS, "figure", "choose the figure above; NEXT says what it is", "the one below",
             "ten up", "ten down", "the first one", "the last one"),
    {KEY_LEFT, CONTEXT_RESULTS, ACT_LEFT, "results-owner-back", "the strategy before, all of them first"},
    {'h', CONTEXT_RESULTS, ACT_LEFT, "results-owner-back", ""},
    {KEY_RIGHT, CONTEXT_RESULTS, ACT_RIGHT, "results-owner-on", "the next strategy, or the hand"},
    {'l', CONTEXT_RESULTS, ACT_RIGHT, "results-owner-on", ""},
    {'[', CONTEXT_RESULTS, ACT_FINER, "results-shorter", "a shorter period"},
    {'(', CONTEXT_RESULTS, ACT_FINER, "results-shorter", ""},
    {']', CONTEXT_RESULTS, ACT_COARSER, "results-longer", "a longer one: session, day, 7 days, 30 days, all"},
    {')', CONTEXT_RESULTS, ACT_COARSER, "results-longer", ""},
    {'e', CONTEXT_RESULTS, ACT_VIEW_NEXT, "results-view", "equity; histogram and hours of the day"},
    {'y', CONTEXT_RESULTS, ACT_COPY, "results-copy", "all figures as CSV to the clipboard"},
    {'Y', CONTEXT_RESULTS, ACT_EXPORT, "results-export", "all figures as CSV into a new file"},

    ROW_KEYS(CONTEXT_CHOOSE, "choice", "the one above; a theme is tried at once", "the one below", "ten up",
             "ten down", "the first one", "the last one"),
    {KEY_LEFT, CONTEXT_CHOOSE, ACT_UP, "choice-up", ""},
    {KEY_RIGHT, CONTEXT_CHOOSE, ACT_DOWN, "choice-down", ""},
    {KEY_ENTER, CONTEXT_CHOOSE, ACT_CHOOSE, "choice-take", "take it"},
    {KEY_ESC, CONTEXT_CHOOSE, ACT_LEAVE, "choice-leave", "leave all as it was"},

    ROW_KEYS(CONTEXT_JOURNAL, "journal", "choose the row above", "the row below", "ten up", "ten down",
             "the oldest of the page", "the newest, and follow what comes"),
    {KEY_ENTER, CONTEXT_JOURNAL, ACT_WHY, "journal-follow", "follow its order; else all of the row"},
    {'w', CONTEXT_JOURNAL, ACT_WHY, "journal-follow", ""},
    {KEY_TAB, CONTEXT_JOURNAL, ACT_TAB_NEXT, "journal-kind", "another kind: orders, fills, denied ..."},
    {KEY_SHIFT | KEY_TAB, CONTEXT_JOURNAL, ACT_TAB_PREV, "journal-kind-before", "the kind before"},
    {'/', CONTEXT_JOURNAL, ACT_FIND, "journal-filter", "filter: words, an owner, a kind, #218"},
    {'y', CONTEXT_JOURNAL, ACT_COPY, "journal-copy", "the rows as CSV to the clipboard"},
    {'Y', CONTEXT_JOURNAL, ACT_EXPORT, "journal-export", "the rows as CSV into a new file"},

    ROW_KEYS(CONTEXT_SYSTEM, "system", "choose the line above; NEXT says what it is", "the one below",
             "ten up", "ten down", "the first one", "the last one"),
    {KEY_TAB, CONTEXT_SYSTEM, ACT_TAB_NEXT, "system-next", "next section; narrow: next page"},
    {KEY_SHIFT | KEY_TAB, CONTEXT_SYSTEM, ACT_TAB_PREV, "system-prev", "the one before"},
    {'y', CONTEXT_SYSTEM, ACT_COPY, "system-copy", "all of it as CSV to the clipboard"},
    {'Y', CONTEXT_SYSTEM, ACT_EXPORT, "system-export", "all of it as CSV into a new file"},
};

size_t keymap_count(void)
{
    return sizeof(bindings) / sizeof(bindings[0]);
}

const struct key_binding *keymap_at(size_t index)
{
    return index < keymap_count() ? &bindings[index] : NULL;
}

const struct key_binding *keymap_find(enum key_context context, uint32_t key)
{
    for (size_t i = 0; i < keymap_count(); i++) {
        if (bindings[i].context == context && bindings[i].key == key)
            return &bindings[i];
    }
    return NULL;
}

int keymap_rows(enum key_action action, int all)
{
    switch ((int)action) {
    case ACT_UP:
        return -1;
    case ACT_DOWN:
        return 1;
    case ACT_PAGE_UP:
        return -PAGE_ROWS;
    case ACT_PAGE_DOWN:
        return PAGE_ROWS;
    case ACT_FIRST:
        return -all;
    case ACT_LAST:
        return all;
    default:
        return 0;
    }
}

bool key_works_everywhere(enum key_action action)
{
    switch ((int)action) {
    case ACT_KILL:
    case ACT_PAUSE:
    case ACT_LEAVE:
    case ACT_INTERRUPT:
    case ACT_REDRAW:
    case ACT_STOP_REFUSED:
        return true;
    default:
        return false;
    }
}

static const struct {
    const char *name, *place;
} contexts[KEY_CONTEXTS] = {
    [CONTEXT_ALL] = {"ALL", "everywhere"},
    [CONTEXT_TRADE] = {"TRADE", "on Trade"},
    [CONTEXT_LADDER] = {"LADDER", "on the ladder"},
    [CONTEXT_LIST] = {"LIST", "in a list"},
    [CONTEXT_ASK] = {"ASK", "in a question"},
    [CONTEXT_TEXT] = {"TEXT", "in a text field"},
    [CONTEXT_TICKET] = {"TICKET", "in the ticket"},
    [CONTEXT_MOVE] = {"MOVE", "while an order is moved"},
    [CONTEXT_REPLAY] = {"REPLAY", "in a replay"},
    [CONTEXT_PAGE] = {"PAGE", "in help and pages"},
    [CONTEXT_RISK] = {"RISK", "on screen 5 Risk"},
    [CONTEXT_STRATEGY] = {"STRATEGY", "on screen 4 Strategy"},
    [CONTEXT_MARKET] = {"MARKET", "on screen 3 Market"},
    [CONTEXT_CHART] = {"CHART", "on screen 2 Chart"},
    [CONTEXT_RESULTS] = {"RESULTS", "on screen 6 Results"},
    [CONTEXT_JOURNAL] = {"JOURNAL", "on screen 7 Journal"},
    [CONTEXT_SYSTEM] = {"SYSTEM", "on screen 8 System"},
    [CONTEXT_CHOOSE] = {"CHOOSE", "in a chooser"},
};

const char *key_context_name(enum key_context context)
{
    return context < KEY_CONTEXTS ? contexts[context].name : "?";
}

const char *key_context_place(enum key_context context)
{
    return context < KEY_CONTEXTS ? contexts[context].place : "?";
}

const char *key_glyph(uint32_t key, char out[32])
{
    switch (key) {
    case KEY_UP:
        return "\u2191";
    case KEY_DOWN:
        return "\u2193";
    case KEY_LEFT:
        return "\u2190";
    case KEY_RIGHT:
        return "\u2192";
    case KEY_PAGE_UP:
        return "PgUp";
    case KEY_PAGE_DOWN:
        return "PgDn";
    case KEY_SHIFT | KEY_UP:
        return "S-\u2191";
    case KEY_SHIFT | KEY_DOWN:
        return "S-\u2193";
    default:
        return key_to_name(key, out);
    }
}

const char *keymap_keys(enum key_context context, enum key_action action, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < keymap_count() && used < size; i++) {
        char name[32];

        if (bindings[i].context == context && bindings[i].action == action)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "",
                                     key_glyph(bindings[i].key, name));
    }
    return out;
}
