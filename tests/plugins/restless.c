/*
 * restless.c - an order of no consequence ten times a second, from the first LIVE book on: a strategy that sends whenever
 * it may, for tests that end the leader in the middle of it. tests/screen/test_takeover.c; nothing here is installed.
 */
#include <flowdeck/strategy.h>

#include <stdlib.h>

#define PAUSE_NS INT64_C(100000000)
#define TICK_E8  1000000
#define STEPS    200

FD_MANIFEST("name: restless\n"
            "version: 1.0.0\n"
            "abi: 1\n"
            "about: sends far from the market, for ever\n");

struct self {
    int64_t next_ns, step;
};

static void *create(const int64_t *parameter, uint32_t parameters)
{
    (void)parameter;
    (void)parameters;
    return calloc(1, sizeof(struct self));
}

static void destroy(void *self)
{
    free(self);
}

static void market(void *opaque, const struct fd_context *context, struct fd_answer *out)
{
    struct self *self = opaque;
    const struct fd_market *here = &context->market[context->here];

    if (context->may_trade == 0 || here->bid.price_e8 == FD_NONE || context->now_ns < self->next_ns)
        return;
    self->next_ns = context->now_ns + PAUSE_NS;
    self->step = (self->step + 1) % STEPS; /* never the same twice within a second */
    out->wishes = 1;
    out->wish[0] = (struct fd_wish){.kind = FD_WISH_ORDER,
                                    .market = context->here,
                                    .side = FD_BUY,
                                    .type = FD_LIMIT,
                                    .tif = FD_IOC,
                                    .qty_e8 = 100000,
                                    .price_e8 = here->bid.price_e8 - (1000 + self->step) * TICK_E8,
                                    .bid_e8 = FD_NONE,
                                    .ask_e8 = FD_NONE};
}

FD_EXPORT const struct fd_strategy flowdeck_strategy = {.abi = FD_ABI,
                                                        .size = sizeof(struct fd_strategy),
                                                        .create = create,
                                                        .destroy = destroy,
                                                        .market = market};
