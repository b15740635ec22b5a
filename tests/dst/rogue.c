/* rogue.c - a strategy that does not know what it does: sane orders, floods of them, and answers that no host may believe. */
#include "dst/dst.h"

#include "core/strategy/manifest.h"
#include "flowdeck/strategy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct rogue {
    uint64_t random;
    int64_t every; /* callbacks between two wishes, in the mean */
};

static int64_t draw(struct rogue *rogue, int64_t min, int64_t max)
{
    return random_between(&rogue->random, min, max);
}

static void *create(const int64_t *parameter, uint32_t parameters)
{
    struct rogue *rogue = calloc(1, sizeof(*rogue));

    if (rogue == NULL || parameters < 2)
        abort();
    *rogue = (struct rogue){.random = (uint64_t)parameter[0], .every = parameter[1]};
    return rogue;
}

static void destroy(void *self)
{
    free(self);
}

static int64_t odd_number(struct rogue *rogue)
{
    static const int64_t odd[] = {0, -1, 1, INT64_MAX, INT64_MIN, INT64_MIN + 1, 100000000, -100000000};

    return odd[draw(rogue, 0, 7)];
}

static void sane_order(struct rogue *rogue, const struct fd_market *market, struct fd_wish *wish)
{
    int64_t price = market->bid.price_e8 == FD_NONE ? 0 : market->bid.price_e8;

    wish->kind = FD_WISH_ORDER;
    wish->side = (uint32_t)draw(rogue, 0, 1);
    wish->type = (uint32_t)draw(rogue, 0, 1);
    wish->tif = wish->type == FD_MARKET ? FD_IOC : (uint32_t)draw(rogue, 0, 2);
    wish->reduce_only = draw(rogue, 0, 9) == 0;
    wish->may_cut = draw(rogue, 0, 1) == 0;
    wish->price_e8 = price + draw(rogue, -20, 20) * market->instrument->tick_e8;
    wish->qty_e8 = draw(rogue, 100, 20000) * market->instrument->lot_e8;
}

static void odd_wish(struct rogue *rogue, struct fd_wish *wish)
{
    wish->kind = (uint32_t)draw(rogue, 0, 9);
    wish->market = (uint32_t)draw(rogue, 0, 9);
    wish->side = (uint32_t)draw(rogue, 0, 3);
    wish->type = (uint32_t)draw(rogue, 0, 3);
    wish->tif = (uint32_t)draw(rogue, 0, 5);
    wish->urgency = (uint32_t)draw(rogue, 0, 4);
    wish->slicing = (uint32_t)draw(rogue, 0, 5);
    wish->price_e8 = odd_number(rogue);
    wish->qty_e8 = odd_number(rogue);
    wish->bid_e8 = odd_number(rogue);
    wish->ask_e8 = odd_number(rogue);
    wish->bid_qty_e8 = odd_number(rogue);
    wish->ask_qty_e8 = odd_number(rogue);
    wish->horizon_ns = odd_number(rogue);
    wish->delay_ns = odd_number(rogue);
    wish->order_id = (uint64_t)odd_number(rogue);
}

static void want(struct rogue *rogue, const struct fd_context *context, struct fd_answer *out)
{
    uint32_t wishes = draw(rogue, 0, 9) == 0 ? out->wish_max : 1;

    if (draw(rogue, 1, rogue->every) != 1 || context->count == 0)
        return;
    for (uint32_t i = 0; i < wishes; i++) {
        const struct fd_market *market = &context->market[draw(rogue, 0, context->count - 1)];
        struct fd_wish *wish = &out->wish[out->wishes++];

        if (draw(rogue, 0, 19) == 0) {
            odd_wish(rogue, wish);
        } else if (draw(rogue, 0, 3) == 0 && market->order_count > 0) {
            wish->kind = FD_WISH_CANCEL;
            wish->order_id = market->orders[draw(rogue, 0, market->order_count - 1)].id;
        } else if (draw(rogue, 0, 5) == 0) {
            wish->kind = FD_WISH_TIMER;
            wish->delay_ns = draw(rogue, 1, 5000) * DST_MS;
        } else {
            wish->market = (uint32_t)(market - context->market);
            sane_order(rogue, market, wish);
        }
    }
    if (draw(rogue, 0, 199) == 0)
        out->wishes = out->wish_max + 7;
    if (draw(rogue, 0, 99) == 0) {
        out->reason_set = 1;
        out->score = NAN;
        out->confidence = INFINITY;
        memset(out->said, 27, sizeof(out->said)); /* control bytes, and no end */
    }
}

static void on_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    want(self, context, out);
}

static void on_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
                    struct fd_answer *out)
{
    (void)fill;
    want(self, context, out);
}

static void on_order(void *self, const struct fd_context *context, const struct fd_order *order,
                     struct fd_answer *out)
{
    (void)order;
    want(self, context, out);
}

static void on_timer(void *self, const struct fd_context *context, uint32_t timer_id, struct fd_answer *out)
{
    (void)timer_id;
    want(self, context, out);
}

void rogue_add(struct world *world, struct pipeline_config *config)
{
    static const char text[] =
        "name: rogue\nversion: 1.0.0\nabi: 1\nabout: does not know what it does\ninstruments: 2\n"
        "parameters:\n  seed: {type: int, min: 0, max: 1000000000, default: 1, help: of its own}\n"
        "  every: {type: int, min: 1, max: 1000, default: 20, help: callbacks}\n";
    static const struct fd_strategy table = {.abi = FD_ABI,
                                             .size = sizeof(struct fd_strategy),
                                             .create = create,
                                             .destroy = destroy,
                                             .market = on_market,
                                             .fill = on_fill,
                                             .order = on_order,
                                             .timer = on_timer};
    static struct strategy_manifest manifest;
    struct strategy_setup *setup = &config->strategy[config->strategies++];
    char why[160];

    if (strategy_manifest_parse(text, strlen(text), "rogue", &manifest, why, sizeof(why)) != ERR_OK)
        abort();
    *setup = (struct strategy_setup){.table = &table, .manifest = &manifest, .on = true};
    setup->parameter[0] = pick(world, 0, 1000000000);
    setup->parameter[1] = pick(world, 2, 200);
}
