/*
 * paper_latency.h - how long messages to and from the venue take: feed, order entry, response. Pure.
 *
 * A request sent at t reaches the venue at t + entry. What the venue's book is then, we see `feed` later; so it
 * acts on the book as known at t + entry + feed: the first moment at which this program knows it. Its answer
 * comes at max(t + entry + response, t + entry + feed). hftbacktest splits latency in the same three parts.
 * Each part is constant, log-normal (64 equally likely values of it, drawn by a seeded generator that is part
 * of the state) or drawn from the last samples measured on the live connection.
 */
#ifndef EXEC_PAPER_LATENCY_H
#define EXEC_PAPER_LATENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAPER_LATENCY_SAMPLES 256
#define PAPER_LATENCY_STEPS   64
#define PAPER_LATENCY_MAX_NS  INT64_C(60000000000) /* what is drawn or measured beyond counts as this */

enum paper_leg { PAPER_LEG_FEED, PAPER_LEG_ENTRY, PAPER_LEG_RESPONSE, PAPER_LEGS };

enum paper_latency_kind { PAPER_LATENCY_CONSTANT, PAPER_LATENCY_LOG_NORMAL, PAPER_LATENCY_MEASURED };

struct paper_latency_params {
    enum paper_latency_kind kind;
    int64_t median_ns;   /* CONSTANT: the value; MEASURED: until the first sample */
    int32_t sigma_x1000; /* LOG_NORMAL: of the logarithm */
    int64_t least_ns;    /* LOG_NORMAL, MEASURED: never less */
};

struct paper_leg_state {
    struct paper_latency_params params;
    int64_t step_ns[PAPER_LATENCY_STEPS]; /* LOG_NORMAL */
    int64_t sample_ns[PAPER_LATENCY_SAMPLES];
    uint64_t samples; /* ever */
};

struct paper_latency {
    struct paper_leg_state leg[PAPER_LEGS];
    uint64_t random;
};

void paper_latency_init(struct paper_latency *latency, const struct paper_latency_params params[PAPER_LEGS],
                        uint64_t seed);
/* Measured: feed by event time against venue time, entry and response by acknowledged requests. */
void paper_latency_add_sample(struct paper_latency *latency, enum paper_leg leg, int64_t ns);
int64_t paper_latency_draw(struct paper_latency *latency, enum paper_leg leg);

#endif
