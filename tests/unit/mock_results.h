/*
 * mock_results.h - screen 6 at the second of the target pictures: a month of three strategies and the hand.
 */
#ifndef MOCK_RESULTS_H
#define MOCK_RESULTS_H

#include "mock_chart.h"

#define MOCK_HOUR_NS (3600 * INT64_C(1000000000))
#define MOCK_CENT    INT64_C(1000000)

static inline void mock_results_owner(struct view_frame *frame, const char *name, uint64_t wins,
                                      uint64_t losses, int64_t win_cents, int64_t loss_cents)
{
    struct view_results *results = &frame->results;
    struct view_results_owner *all = &results->owner[0], *owner = &results->owner[results->owners++];

    *owner = (struct view_results_owner){.trades = wins + losses,
                                         .wins = wins,
                                         .losses = losses,
                                         .won_e8 = (int64_t)wins * win_cents * MOCK_CENT,
                                         .lost_e8 = -(int64_t)losses * loss_cents * MOCK_CENT,
                                         .best_e8 = 3 * win_cents * MOCK_CENT,
                                         .worst_e8 = -2 * loss_cents * MOCK_CENT,
                                         .held_ns = (int64_t)(wins + losses) * 312 * INT64_C(1000000000),
                                         .market_ns = (int64_t)(wins + losses) * 200 * INT64_C(1000000000),
                                         .fees_e8 = (int64_t)(wins + losses) * 31 * MOCK_CENT,
                                         .slippage_e8 = (int64_t)losses * 7 * MOCK_CENT,
                                         .value_e8 = (int64_t)(wins + losses) * 61830 * MOCK_CENT,
                                         .maker_value_e8 = (int64_t)wins * 61830 * MOCK_CENT,
                                         .fills = 2 * (wins + losses),
                                         .slippage_fills = 2 * (wins + losses)};
    snprintf(owner->name, sizeof(owner->name), "%s", name);
    if (owner == all)
        return;
    all->trades += owner->trades;
    all->wins += owner->wins;
    all->losses += owner->losses;
    all->won_e8 += owner->won_e8;
    all->lost_e8 += owner->lost_e8;
    all->best_e8 = owner->best_e8 > all->best_e8 ? owner->best_e8 : all->best_e8;
    all->worst_e8 = owner->worst_e8 < all->worst_e8 ? owner->worst_e8 : all->worst_e8;
    all->held_ns += owner->held_ns;
    all->market_ns += owner->market_ns;
    all->fees_e8 += owner->fees_e8;
    all->slippage_e8 += owner->slippage_e8;
    all->value_e8 += owner->value_e8;
    all->maker_value_e8 += owner->maker_value_e8;
    all->fills += owner->fills;
    all->slippage_fills += owner->slippage_fills;
}

static inline void mock_results_curve(struct view_results *results)
{
    int64_t peak = 0;

    results->points = 300;
    results->first_e8 = 10000 * INT64_C(100000000);
    results->high_e8 = results->low_e8 = results->first_e8;
    for (int i = 0; i < results->points; i++) {
        int64_t equity =
            results->first_e8 + (i * 37 + mock_wave(i, 70, 4200) - mock_wave(i, 23, 900)) * MOCK_CENT;

        peak = equity > peak ? equity : peak;
        results->point[i] = (struct view_results_point){equity, peak - equity};
        if (i % 90 > 70)
            results->point[i].equity_e8 = VIEW_NONE; /* nothing ran */
        results->last_e8 = equity;
        results->high_e8 = equity > results->high_e8 ? equity : results->high_e8;
        results->low_e8 = equity < results->low_e8 ? equity : results->low_e8;
        if (peak - equity > results->drawdown_e8) {
            results->drawdown_e8 = peak - equity;
            results->drawdown_peak_e8 = peak;
            results->drawdown_ns =
                results->from_ns + i * ((results->to_ns - results->from_ns) / results->points);
        }
    }
}

static inline void mock_results(struct view_frame *frame, enum results_period period)
{
    static const char *const day[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct view_results *results = &frame->results;

    memset(results, 0, sizeof(*results));
    results->period = (uint8_t)period;
    results->state = RESULTS_READY;
    snprintf(results->quote, sizeof(results->quote), "USDT");
    results->to_ns = frame->status.now_ns;
    results->from_ns = results->to_ns - 30 * 24 * MOCK_HOUR_NS;
    results->watched_ns = 210 * MOCK_HOUR_NS;
    mock_results_curve(results);
    for (int i = 90; i < results->points; i += 90) /* behind each gap of the curve */
        results->start_ns[results->starts++] =
            results->from_ns + i * ((results->to_ns - results->from_ns) / results->points);
    results->starts_all = results->starts;
    results->between_e8 = 1234 * MOCK_CENT;
    mock_results_owner(frame, "all", 0, 0, 0, 0);
    results->owner[0].best_e8 = results->owner[0].worst_e8 = 0;
    mock_results_owner(frame, "manual", 5, 9, 310, 240);
    mock_results_owner(frame, "ofi", 141, 118, 204, 187);
    mock_results_owner(frame, "mm", 320, 122, 41, 96);
    mock_results_owner(frame, "momentum", 22, 37, 512, 260);
    results->bins = 34;
    results->bin_e8 = 50 * MOCK_CENT;
    results->bin_low_e8 = -14 * results->bin_e8;
    results->bins_under = true;
    for (int i = 0; i < results->bins; i++)
        results->bin[i] = (uint32_t)(i == 0 ? 9 : mock_wave(i + 1, 36, 60) + mock_wave(i, 5, 7));
    results->by_weekday = true;
    results->days = 7;
    for (int i = 0; i < 7; i++) {
        snprintf(results->day[i].label, sizeof(results->day[i].label), "%s", day[i]);
        for (int hour = 6; hour < 23 && i < 6; hour++)
            if ((hour * 5 + i) % 7 != 0)
                results->day[i].hour[hour] = (struct view_results_hour){
                    ((hour * 31 + i * 17) % 29 - 11) * 61 * MOCK_CENT * (hour % 5 == 0 ? 4 : 1), 3};
    }
}

#endif
