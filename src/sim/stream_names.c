#include "sim/stream_names.h"

#include <stdio.h>
#include <string.h>

#define MS INT64_C(1000000)

enum { ON_PUBLIC = 1, ON_MARKET = 2 };

struct form {
    const char *text; /* behind "symbol@", or the whole name of an all-market stream */
    enum sim_stream_kind kind;
    int64_t period_ns;
    unsigned levels, minutes;
    unsigned paths; /* USD-M only */
};

static const struct form spot_forms[] = {
    {"trade", SIM_STREAM_TRADE, 0, 0, 0, 0},
    {"aggTrade", SIM_STREAM_AGG_TRADE, 0, 0, 0, 0},
    {"bookTicker", SIM_STREAM_BOOK_TICKER, 0, 0, 0, 0},
    {"depth", SIM_STREAM_DEPTH, 1000 * MS, 0, 0, 0},
    {"depth@1000ms", SIM_STREAM_DEPTH, 1000 * MS, 0, 0, 0},
    {"depth@100ms", SIM_STREAM_DEPTH, 100 * MS, 0, 0, 0},
    {"depth5", SIM_STREAM_DEPTH_TOP, 1000 * MS, 5, 0, 0},
    {"depth10", SIM_STREAM_DEPTH_TOP, 1000 * MS, 10, 0, 0},
    {"depth20", SIM_STREAM_DEPTH_TOP, 1000 * MS, 20, 0, 0},
    {"depth5@1000ms", SIM_STREAM_DEPTH_TOP, 1000 * MS, 5, 0, 0},
    {"depth10@1000ms", SIM_STREAM_DEPTH_TOP, 1000 * MS, 10, 0, 0},
    {"depth20@1000ms", SIM_STREAM_DEPTH_TOP, 1000 * MS, 20, 0, 0},
    {"depth5@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 5, 0, 0},
    {"depth10@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 10, 0, 0},
    {"depth20@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 20, 0, 0},
    {"miniTicker", SIM_STREAM_MINI_TICKER, 1000 * MS, 0, 0, 0},
    {"ticker", SIM_STREAM_TICKER, 1000 * MS, 0, 1440, 0},
    {"ticker_1h", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 60, 0},
    {"ticker_4h", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 240, 0},
    {"ticker_1d", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 1440, 0},
    {"avgPrice", SIM_STREAM_AVG_PRICE, 1000 * MS, 0, 0, 0},
    {"!miniTicker@arr", SIM_STREAM_MINI_TICKER, 1000 * MS, 0, 0, 0},
    {"!ticker_1h@arr", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 60, 0},
    {"!ticker_4h@arr", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 240, 0},
    {"!ticker_1d@arr", SIM_STREAM_WINDOW_TICKER, 1000 * MS, 0, 1440, 0},
};

/* "0ms" came every 51 ms in recordings, to the millisecond. @trade is undocumented: clients look for it on either
 * path, so it speaks on both. */
static const struct form usdm_forms[] = {
    {"trade", SIM_STREAM_TRADE, 0, 0, 0, ON_PUBLIC | ON_MARKET},
    {"aggTrade", SIM_STREAM_AGG_TRADE, 100 * MS, 0, 0, ON_MARKET},
    {"bookTicker", SIM_STREAM_BOOK_TICKER, 0, 0, 0, ON_PUBLIC},
    {"!bookTicker", SIM_STREAM_BOOK_TICKER, 5000 * MS, 0, 0, ON_PUBLIC},
    {"depth", SIM_STREAM_DEPTH, 250 * MS, 0, 0, ON_PUBLIC},
    {"depth@250ms", SIM_STREAM_DEPTH, 250 * MS, 0, 0, ON_PUBLIC},
    {"depth@500ms", SIM_STREAM_DEPTH, 500 * MS, 0, 0, ON_PUBLIC},
    {"depth@100ms", SIM_STREAM_DEPTH, 100 * MS, 0, 0, ON_PUBLIC},
    {"depth@0ms", SIM_STREAM_DEPTH, 50 * MS, 0, 0, ON_PUBLIC},
    {"depth5", SIM_STREAM_DEPTH_TOP, 250 * MS, 5, 0, ON_PUBLIC},
    {"depth10", SIM_STREAM_DEPTH_TOP, 250 * MS, 10, 0, ON_PUBLIC},
    {"depth20", SIM_STREAM_DEPTH_TOP, 250 * MS, 20, 0, ON_PUBLIC},
    {"depth5@500ms", SIM_STREAM_DEPTH_TOP, 500 * MS, 5, 0, ON_PUBLIC},
    {"depth10@500ms", SIM_STREAM_DEPTH_TOP, 500 * MS, 10, 0, ON_PUBLIC},
    {"depth20@500ms", SIM_STREAM_DEPTH_TOP, 500 * MS, 20, 0, ON_PUBLIC},
    {"depth5@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 5, 0, ON_PUBLIC},
    {"depth10@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 10, 0, ON_PUBLIC},
    {"depth20@100ms", SIM_STREAM_DEPTH_TOP, 100 * MS, 20, 0, ON_PUBLIC},
    {"depth5@0ms", SIM_STREAM_DEPTH_TOP, 50 * MS, 5, 0, ON_PUBLIC},
    {"depth10@0ms", SIM_STREAM_DEPTH_TOP, 50 * MS, 10, 0, ON_PUBLIC},
    {"depth20@0ms", SIM_STREAM_DEPTH_TOP, 50 * MS, 20, 0, ON_PUBLIC},
    {"markPrice", SIM_STREAM_MARK_PRICE, 3000 * MS, 0, 0, ON_MARKET},
    {"markPrice@1s", SIM_STREAM_MARK_PRICE, 1000 * MS, 0, 0, ON_MARKET},
    {"!markPrice@arr", SIM_STREAM_MARK_PRICE, 3000 * MS, 0, 0, ON_MARKET},
    {"!markPrice@arr@1s", SIM_STREAM_MARK_PRICE, 1000 * MS, 0, 0, ON_MARKET},
    {"ticker", SIM_STREAM_TICKER, 2000 * MS, 0, 1440, ON_MARKET},
    {"miniTicker", SIM_STREAM_MINI_TICKER, 2000 * MS, 0, 0, ON_MARKET},
    {"!ticker@arr", SIM_STREAM_TICKER, 1000 * MS, 0, 1440, ON_MARKET},
    {"!miniTicker@arr", SIM_STREAM_MINI_TICKER, 1000 * MS, 0, 0, ON_MARKET},
    {"forceOrder", SIM_STREAM_FORCE_ORDER, 0, 0, 0, ON_MARKET},
    {"!forceOrder@arr", SIM_STREAM_FORCE_ORDER, 0, 0, 0, ON_MARKET},
};

static int find_symbol(const struct exchange *exchange, const char *lower, size_t size, bool usdm)
{
    for (size_t i = 0; i < exchange->symbols; i++) {
        const struct sim_symbol *symbol = &exchange->symbol[i];

        if (symbol->usdm == usdm && strlen(symbol->lower) == size && memcmp(symbol->lower, lower, size) == 0)
            return (int)i;
    }
    return -1;
}

static const struct form *find_form(const struct form *forms, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(forms[i].text, text) == 0)
            return &forms[i];
    return NULL;
}

static void take_form(struct stream_name *name, enum stream_path path, const struct form *form)
{
    name->kind = form->kind;
    name->period_ns = form->period_ns;
    name->levels = form->levels;
    name->minutes = form->minutes;
    name->silent = name->usdm && (form->paths & (path == PATH_USDM_PUBLIC ? ON_PUBLIC : ON_MARKET)) == 0;
}

/* Spot has "1s", which USD-M has not. */
static bool take_kline(struct stream_name *name, enum stream_path path, const char *interval)
{
    struct form form = {"", SIM_STREAM_KLINE, 2000 * MS, 0, 0, ON_MARKET};

    if (!kline_interval_parse(interval, &name->interval) || (name->usdm && name->interval == KLINE_1S))
        return false;
    if (name->usdm)
        form.period_ns = 250 * MS;
    else if (name->interval == KLINE_1S)
        form.period_ns = 1000 * MS;
    take_form(name, path, &form);
    return true;
}

bool stream_name_parse(const struct exchange *exchange, enum stream_path path, const char *text,
                       struct stream_name *name)
{
    bool usdm = path != PATH_SPOT;
    const struct form *forms = usdm ? usdm_forms : spot_forms, *form;
    size_t count =
        usdm ? sizeof(usdm_forms) / sizeof(usdm_forms[0]) : sizeof(spot_forms) / sizeof(spot_forms[0]);
    const char *rest = text;

    memset(name, 0, sizeof(*name));
    if (strlen(text) >= sizeof(name->text))
        return false;
    snprintf(name->text, sizeof(name->text), "%s", text);
    name->usdm = usdm;
    name->symbol = -1;
    if (text[0] != '!') {
        size_t size = strcspn(text, "@");

        name->symbol = find_symbol(exchange, text, size, usdm);
        if (text[size] != '@' || name->symbol < 0)
            return false;
        rest = text + size + 1;
        if (strncmp(rest, "kline_", 6) == 0)
            return take_kline(name, path, rest + 6);
        if (rest[0] == '!')
            return false; /* "btcusdt@!miniTicker@arr" */
    }
    form = find_form(forms, count, rest);
    if (form == NULL)
        return false;
    take_form(name, path, form);
    return true;
}
