#include "exec/paper_latency.h"

#include "core/base/fmath.h"

#include <string.h>

/* splitmix64: S. Vigna, public domain. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t bounded(int64_t ns, int64_t least_ns)
{
    if (ns < least_ns)
        ns = least_ns;
    if (ns < 0)
        return 0;
    return ns < PAPER_LATENCY_MAX_NS ? ns : PAPER_LATENCY_MAX_NS;
}

/* z with normal_cdf(z) = p, by halving: at start alone. */
static double normal_quantile(double p)
{
    double low = -8, high = 8;

    for (int i = 0; i < 60; i++) {
        double mid = (low + high) / 2;

        if (fmath_normal_cdf(mid) < p)
            low = mid;
        else
            high = mid;
    }
    return low;
}

void paper_latency_init(struct paper_latency *latency, const struct paper_latency_params params[PAPER_LEGS],
                        uint64_t seed)
{
    memset(latency, 0, sizeof *latency);
    latency->random = seed;
    for (int i = 0; i < PAPER_LEGS; i++) {
        struct paper_leg_state *leg = &latency->leg[i];

        leg->params = params[i];
        if (leg->params.kind != PAPER_LATENCY_LOG_NORMAL)
            continue;
        for (int step = 0; step < PAPER_LATENCY_STEPS; step++) {
            double z = normal_quantile((step + 0.5) / PAPER_LATENCY_STEPS);
            double ns = (double)params[i].median_ns * fmath_exp(z * params[i].sigma_x1000 / 1000);

            leg->step_ns[step] = ns < (double)PAPER_LATENCY_MAX_NS ? (int64_t)ns : PAPER_LATENCY_MAX_NS;
        }
    }
}

void paper_latency_add_sample(struct paper_latency *latency, enum paper_leg leg, int64_t ns)
{
    struct paper_leg_state *state = &latency->leg[leg];

    state->sample_ns[state->samples++ % PAPER_LATENCY_SAMPLES] = bounded(ns, 0);
}

int64_t paper_latency_draw(struct paper_latency *latency, enum paper_leg leg)
{
    struct paper_leg_state *state = &latency->leg[leg];
    const struct paper_latency_params *params = &state->params;
    uint64_t kept = state->samples < PAPER_LATENCY_SAMPLES ? state->samples : PAPER_LATENCY_SAMPLES;

    switch (params->kind) {
    case PAPER_LATENCY_CONSTANT:
        return bounded(params->median_ns, 0);
    case PAPER_LATENCY_LOG_NORMAL:
        return bounded(state->step_ns[next_random(&latency->random) % PAPER_LATENCY_STEPS], params->least_ns);
    case PAPER_LATENCY_MEASURED:
        return bounded(kept == 0 ? params->median_ns : state->sample_ns[next_random(&latency->random) % kept],
                       params->least_ns);
    }
    return 0;
}
