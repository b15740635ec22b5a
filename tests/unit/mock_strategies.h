/*
 * mock_strategies.h - screen 4: strategies in every state, and the chosen one in full.
 */
#ifndef MOCK_STRATEGIES_H
#define MOCK_STRATEGIES_H

#include "mock_frame.h"

static inline void mock_parameter(struct view_strategy_detail *detail, const char *name, const char *value,
                                  const char *preset, const char *low, const char *high, const char *unit,
                                  const char *help)
{
    struct view_parameter *out = &detail->parameter[detail->parameters++];

    memset(out, 0, sizeof(*out));
    snprintf(out->name, sizeof(out->name), "%s", name);
    snprintf(out->value, sizeof(out->value), "%s", value);
    snprintf(out->preset, sizeof(out->preset), "%s", preset);
    snprintf(out->low, sizeof(out->low), "%s", low);
    snprintf(out->high, sizeof(out->high), "%s", high);
    snprintf(out->unit, sizeof(out->unit), "%s", unit);
    snprintf(out->help, sizeof(out->help), "%s", help);
    out->whole = strchr(value, '.') == NULL && strchr(low, '.') == NULL;
    out->changed = strcmp(value, preset) != 0;
}

static inline void mock_words(struct view_strategy_detail *detail, const char *name, const char *value,
                              const char *allowed, const char *help)
{
    struct view_parameter *out = &detail->parameter[detail->parameters];

    mock_parameter(detail, name, value, value, "", "", "", help);
    snprintf(out->allowed, sizeof(out->allowed), "%s", allowed);
}

static inline void mock_feature(struct view_strategy_detail *detail, const char *name, int value, int weight,
                                bool met)
{
    struct view_feature *out = &detail->feature[detail->features++];

    snprintf(out->name, sizeof(out->name), "%s", name);
    out->value_x1000 = value;
    out->weight_x1000 = weight;
    out->met = met;
}

/* Beside `ofi` of the other pictures: one paused, one disabled, one off, all with positions that net. */
static inline void mock_more_strategies(struct view_frame *frame)
{
    struct view_strategy *at = frame->strategy;

    snprintf(at[1].name, sizeof(at[1].name), "mm");
    at[1].on = at[1].paused = true;
    at[1].position_lots = -1000;
    at[1].day_net_e8 = E8(2.10);
    at[1].fills = 12;
    at[1].trips = 6;
    at[1].wins = 4;
    snprintf(at[1].why_off, sizeof(at[1].why_off), "its order was cancelled by you");
    snprintf(at[2].name, sizeof(at[2].name), "absorption");
    at[2].disabled = true;
    snprintf(at[2].why_off, sizeof(at[2].why_off), "3 strikes in a minute: on_book took 1.2 ms of 0.5 ms");
    at[0].confidence_x1000 = 700;
}

static inline void mock_signal(struct view_strategy_detail *detail, const char *name, const char *value,
                               const char *what, const char *source)
{
    struct view_signal *out = &detail->signal[detail->signals++];

    snprintf(out->name, sizeof(out->name), "%s", name);
    snprintf(out->value, sizeof(out->value), "%s", value);
    snprintf(out->what, sizeof(out->what), "%s", what);
    snprintf(out->source, sizeof(out->source), "%s", source);
}

static inline void mock_signals(struct view_strategy_detail *detail)
{
    mock_signal(detail, "spread", "+0.002 bp", "best ask less best bid, over the mid", "book");
    mock_signal(detail, "microprice", "+0.001 bp",
                "(bid x ask size + ask x bid size) / both sizes, less the mid", "Stoikov 2018, first term");
    mock_signal(detail, "imbalance 1", "+0.31", "(bid - ask) / (bid + ask) of the sizes at the best prices",
                "Gould, Bonart 2016, eq. 1");
    mock_signal(detail, "OFI", "+3.2140 base", "order-flow imbalance of the best levels, decayed over 10 s",
                "Cont, Kukanov, Stoikov 2014, eq. 3-4");
    mock_signal(detail, "VPIN", "-", "mean of |bought - sold| over the volume of the last buckets",
                "Easley, Lopez de Prado, O'Hara 2012");
}

static inline void mock_strategy_detail(struct view_strategy_detail *detail)
{
    memset(detail, 0, sizeof(*detail));
    detail->owner = 1;
    snprintf(detail->version, sizeof(detail->version), "1.0.0");
    snprintf(detail->about, sizeof(detail->about),
             "goes with the order flow of the touch and the tape while it lasts");
    snprintf(detail->symbols, sizeof(detail->symbols), "BTCUSDT, ETHUSDT");
    snprintf(detail->goal, sizeof(detail->goal), "hold +0.02, passive, worst 61835.00");
    detail->strikes = 1;
    mock_signals(detail);
    detail->call_p50_ns = 800;
    detail->call_p99_ns = 12000;
    detail->call_max_ns = 88000;
    detail->budget_ns = 500000;
    mock_feature(detail, "near imbalance", 260, 400, true);
    mock_feature(detail, "OFI\u03c3/2 10s", 1100, 350, true);
    mock_feature(detail, "tape share", 280, 150, true);
    mock_feature(detail, "spread", -80, 100, false);
    mock_parameter(detail, "threshold", "0.8", "0.6", "0.1", "5", "", "score from which it enters");
    mock_parameter(detail, "size", "0.01", "0.01", "0.0001", "1", "base", "quantity of one entry");
    mock_parameter(detail, "hold_s", "45", "45", "1", "600", "s", "longest time a position is held");
    mock_words(detail, "passive", "true", "false|true", "rests at the touch instead of taking");
    mock_words(detail, "exit", "signal", "signal|time|both", "what ends a position");
    detail->orders = 42;
    detail->cancels = 31;
    detail->replaces = 3;
    detail->fills = 7;
    detail->maker_fills = 6;
    detail->wanted_lots = 10000;
    detail->filled_lots = 7000;
    detail->slippage_e8 = E8(-2.45);
    detail->fees_e8 = E8(4.32);
    detail->queue_mean_ms = 14200;
}

#endif
