#include "core/strategy/ofi_score.h"

#define GAIN            1.2  /* a weighted sum of 0.67 reaches a threshold of 0.80 */
#define SPEAKS          0.05 /* a feature below says nothing for confidence */
#define OFI_FULL_SIGMAS 2.0
#define MOVE_FULL_SHARE 0.5 /* of the minute's volatility, within 10 s */
#define MOVE_LEAST_BP   1.0 /* a dead market must not make a tick look like a move */

static double clamp1(double value)
{
    if (value > 1.0)
        return 1.0;
    if (value < -1.0)
        return -1.0;
    return value == value ? value : 0.0; /* a NaN says nothing */
}

static void put(struct strategy_reason *reason, const char *name, double value, double weight, bool met)
{
    reason->feature[reason->feature_count++] =
        (struct strategy_feature){.name = name, .value = value, .weight = weight, .condition_met = met};
}

static double move(const struct signal_values *signals)
{
    double full_bp = signals->volatility_1m_bp * MOVE_FULL_SHARE;

    return clamp1(signals->momentum_10s_bp / (full_bp > MOVE_LEAST_BP ? full_bp : MOVE_LEAST_BP));
}

static void weigh(struct strategy_reason *reason)
{
    double sum = 0.0, weights = 0.0, agreeing = 0.0;

    for (size_t i = 0; i < reason->feature_count; i++) {
        sum += reason->feature[i].value * reason->feature[i].weight;
        weights += reason->feature[i].weight;
    }
    for (size_t i = 0; i < reason->feature_count; i++) {
        double along = sum < 0.0 ? -reason->feature[i].value : reason->feature[i].value;

        if (along > SPEAKS)
            agreeing += reason->feature[i].weight;
    }
    reason->score = clamp1(GAIN * sum / weights);
    reason->confidence = agreeing / weights;
}

void ofi_score(const struct strategy_view *view, const struct ofi_conditions *conditions,
               struct strategy_reason *reason)
{
    const struct signal_values *signals = view->signals;
    bool ready = signals->valid && view->ref.book_state == BOOK_LIVE && !view->ref.crossed;
    bool warm = ready && (signals->ofi_sigma > 0.0 || signals->ofi_sigma < 0.0); /* exactly 0 before 30 s */

    reason->feature_count = 0;
    reason->score = 0.0;
    reason->confidence = 0.0;
    put(reason, "ofi 10s", clamp1(signals->ofi_sigma / OFI_FULL_SIGMAS), 0.30, warm);
    put(reason, "takers 10s", clamp1(signals->trade_imbalance), 0.25, ready);
    put(reason, "near 1bp", clamp1(signals->near_1bp.value), 0.20, ready);
    put(reason, "far 10bp", clamp1(signals->far_10bp.value), 0.10, ready);
    put(reason, "move 10s", move(signals), 0.15, ready);
    if (ready)
        weigh(reason);
    put(reason, "spread", (double)signals->spread_ticks, 0.0,
        ready && signals->spread_ticks > 0 && signals->spread_ticks <= conditions->spread_ticks_max);
    put(reason, "volatility", signals->volatility_1m_bp, 0.0,
        ready && signals->volatility_1m_bp <= (double)conditions->volatility_max_bp);
    put(reason, "cool-down",
        conditions->cooldown_left_ns > 0 ? (double)conditions->cooldown_left_ns / 1e9 : 0.0, 0.0,
        conditions->cooldown_left_ns <= 0);
}

bool ofi_all_met(const struct strategy_reason *reason)
{
    for (size_t i = 0; i < reason->feature_count; i++)
        if (!reason->feature[i].condition_met)
            return false;
    return reason->feature_count > 0;
}
