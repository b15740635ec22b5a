/*
 * asker.c - asks once for the order that its parameters tell, at the next market event after `ask` was set, and says
 * so. It asks though it may not trade: what then leaves is the host's to answer for. The plug-in of
 * tests/unit/test_four_sources.c; nothing here is installed.
 */
#include <flowdeck/strategy.h>

#include <stdlib.h>
#include <string.h>

FD_MANIFEST(
    "name: asker\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: asks once for what it is told\n"
    "parameters:\n"
    "  ask: {type: bool, default: false, help: asks at the next market event}\n"
    "  side: {type: enum, allowed: [buy, sell], default: buy, help: of the order}\n"
    "  type: {type: enum, allowed: [limit, market], default: limit, help: of the order}\n"
    "  tif: {type: enum, allowed: [gtc, ioc], default: gtc, help: of the order}\n"
    "  reduce_only: {type: bool, default: false, help: never more than it holds}\n"
    "  qty: {type: decimal, min: 0.00000001, max: 1000000, default: 0.01, help: in the base asset}\n"
    "  price: {type: decimal, min: 0.00000001, max: 1000000, default: 1, help: in the quote asset}\n");

enum { ASK, SIDE, TYPE, TIF, REDUCE_ONLY, QTY, PRICE, PARAMETERS };

struct self {
    int64_t value[PARAMETERS];
};

static void *create(const int64_t *parameter, uint32_t parameters)
{
    struct self *self = parameters == PARAMETERS ? calloc(1, sizeof *self) : NULL;

    if (self != NULL)
        memcpy(self->value, parameter, sizeof self->value);
    return self;
}

static void destroy(void *self)
{
    free(self);
}

static uint32_t parameter(void *opaque, uint32_t index, int64_t value)
{
    struct self *self = opaque;

    if (index >= PARAMETERS)
        return 0;
    self->value[index] = value;
    return 1;
}

static void market(void *opaque, const struct fd_context *context, struct fd_answer *out)
{
    struct self *self = opaque;

    if (self->value[ASK] == 0)
        return;
    self->value[ASK] = 0;
    memcpy(out->said, "asked", sizeof "asked");
    out->wishes = 1;
    out->wish[0] = (struct fd_wish){.kind = FD_WISH_ORDER,
                                    .market = context->here,
                                    .side = self->value[SIDE] == 0 ? FD_BUY : FD_SELL,
                                    .type = self->value[TYPE] == 0 ? FD_LIMIT : FD_MARKET,
                                    .tif = self->value[TIF] == 0 ? FD_GTC : FD_IOC,
                                    .reduce_only = (uint32_t)self->value[REDUCE_ONLY],
                                    .qty_e8 = self->value[QTY],
                                    .price_e8 = self->value[PRICE],
                                    .bid_e8 = FD_NONE,
                                    .ask_e8 = FD_NONE};
}

FD_EXPORT const struct fd_strategy flowdeck_strategy = {.abi = FD_ABI,
                                                        .size = sizeof(struct fd_strategy),
                                                        .create = create,
                                                        .destroy = destroy,
                                                        .market = market,
                                                        .parameter = parameter};
