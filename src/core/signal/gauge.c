/* gauge.c - mean, usual size and word of one gauge. */
#include "core/signal/gauge.h"

#define TICKS_A_SAMPLE 10
#define TICKS_A_POINT  50
#define MICRO          1e6
#define VALUE_MAX      1e6 /* keeps a sample inside its integer whatever is fed */

void gauge_init(struct gauge_state *state, size_t ticks, double enter)
{
    *state = (struct gauge_state){.ticks = ticks < GAUGE_TICKS_MAX ? ticks : GAUGE_TICKS_MAX, .enter = enter};
}

static double mean(const struct gauge_state *state)
{
    double sum = 0.0;

    for (size_t i = 0; i < state->count; i++)
        sum += state->value[i];
    return sum / (double)state->count;
}

static enum flow_word word_after(enum flow_word word, double value, double enter)
{
    if (value >= enter)
        return FLOW_BID;
    if (value <= -enter)
        return FLOW_ASK;
    if (word == FLOW_BID && value < enter / 2)
        return FLOW_EVEN;
    if (word == FLOW_ASK && value > -enter / 2)
        return FLOW_EVEN;
    return word;
}

/* A point of which less than half is known is none. */
static void point_end(struct gauge_state *state)
{
    bool known = 2 * state->point_known >= TICKS_A_POINT;

    if (++state->point_ticks < TICKS_A_POINT)
        return;
    state->point_x1000[state->next_point] =
        known ? (int32_t)(state->point_sum / state->point_known * 1000.0) : SIGNALS_FLOW_GAP;
    state->next_point = (state->next_point + 1) % GAUGE_POINTS;
    state->points += state->points < GAUGE_POINTS;
    state->point_ticks = state->point_known = 0;
    state->point_sum = 0.0;
}

static void point_add(struct gauge_state *state, double value)
{
    state->point_sum += value;
    state->point_known++;
    point_end(state);
}

/* Before the first value there is no history that could have a gap. */
void gauge_skip(struct gauge_state *state)
{
    if (state->points > 0 || state->point_ticks > 0)
        point_end(state);
}

size_t gauge_points(const struct gauge_state *state, int32_t *out_x1000, size_t max)
{
    size_t count = state->points < max ? state->points : max;

    for (size_t i = 0; i < count; i++)
        out_x1000[i] = state->point_x1000[(state->next_point + GAUGE_POINTS - count + i) % GAUGE_POINTS];
    return count;
}

void gauge_tick(struct gauge_state *state, double value, struct gauge *gauge)
{
    double size;

    value = value > VALUE_MAX ? VALUE_MAX : value < -VALUE_MAX ? -VALUE_MAX : value;
    state->value[state->next] = value;
    state->next = (state->next + 1) % state->ticks;
    if (state->count < state->ticks)
        state->count++;
    gauge->value = mean(state);
    gauge->word = word_after(gauge->word, gauge->value, state->enter);
    point_add(state, gauge->value);
    if (++state->since_sample < TICKS_A_SAMPLE)
        return;
    state->since_sample = 0;
    size = gauge->value < 0.0 ? -gauge->value : gauge->value;
    percentile_add(&state->usual, (int64_t)(size * MICRO));
    if (state->usual.count >= GAUGE_SAMPLES_MIN)
        gauge->p90 = (double)percentile_at(&state->usual, 0.9) / MICRO;
}
