/*
 * stream_names.h - names of streams ("btcusdt@depth@100ms"), what each one is, and which path carries it. Facts 1, 3.
 */
#ifndef SIM_STREAM_NAMES_H
#define SIM_STREAM_NAMES_H

#include "sim/exchange.h"
#include "sim/klines.h"
#include "sim/publisher.h"

#define STREAM_NAME_SIZE 64

enum sim_stream_kind {
    SIM_STREAM_TRADE,
    SIM_STREAM_AGG_TRADE,
    SIM_STREAM_BOOK_TICKER,
    SIM_STREAM_DEPTH,
    SIM_STREAM_DEPTH_TOP, /* depth5, depth10, depth20 */
    SIM_STREAM_KLINE,
    SIM_STREAM_MINI_TICKER,
    SIM_STREAM_TICKER,
    SIM_STREAM_WINDOW_TICKER, /* ticker_1h */
    SIM_STREAM_AVG_PRICE,
    SIM_STREAM_MARK_PRICE,
    SIM_STREAM_FORCE_ORDER
};

struct stream_name {
    char text[STREAM_NAME_SIZE];
    enum sim_stream_kind kind;
    bool usdm;
    bool silent;       /* of this venue, but not on this path: acknowledged, never a message */
    int symbol;        /* index; -1: all */
    int64_t period_ns; /* 0: as it happens */
    unsigned levels;   /* DEPTH_TOP */
    unsigned minutes;  /* WINDOW_TICKER */
    enum kline_interval interval;
};

/* False: no stream of this venue. */
bool stream_name_parse(const struct exchange *exchange, enum stream_path path, const char *text,
                       struct stream_name *name);

#endif
