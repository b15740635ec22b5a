/*
 * template.c - a strategy to begin with: leans where the order book leans.
 *
 * More size waits on one side of the book than on the other: buy when it is the bids, sell when it is the asks, and be
 * flat again after a while. It is no good as a strategy; it is short, and each part of the interface is in it.
 *
 * Build: make. Then see README.md. All the words are in flowdeck/strategy.h and flowdeck-strategy(7).
 */
#include <flowdeck/strategy.h>

#include <stdlib.h>
#include <string.h>

/* Read before the library is loaded. Unknown or missing keys are refused with line and column. */
FD_MANIFEST("name: template\n"
            "version: 1.0.0\n"
            "abi: 1\n"
            "about: leans where the book leans, and is flat again after a while\n"
            "instruments: 1\n"
            "parameters:\n"
            "  threshold: {type: decimal, min: 0.05, max: 1, default: 0.3, help: imbalance that enters}\n"
            "  qty: {type: decimal, min: 0.00000001, max: 1000000, default: 0.001, unit: base, help: size}\n"
            "  hold_s: {type: int, min: 1, max: 3600, default: 30, unit: s, help: flat again after}\n"
            "  both_sides: {type: bool, default: true, help: sells short where that is allowed}\n");

/* Parameter values arrive in the order of the manifest. */
enum { THRESHOLD, QTY, HOLD_S, BOTH_SIDES, PARAMETERS };

#define E8       100000000.0
#define NS_PER_S INT64_C(1000000000)

struct template
{
    int64_t parameter[PARAMETERS];
    int64_t side;       /* -1 short, 0 flat, 1 long: as it wants to be */
    int64_t entered_ns; /* event time */
};

static void *template_create(const int64_t *parameter, uint32_t parameters)
{
    struct template *self;

    if (parameters != PARAMETERS)
        return NULL;
    self = calloc(1, sizeof *self);
    if (self != NULL)
        memcpy(self->parameter, parameter, sizeof self->parameter);
    return self;
}

static void template_destroy(void *self)
{
    free(self);
}

/* "Hold so much": the execution engine gets there. What is asked must be whole lots. */
static void want(struct template *self, const struct fd_market *market, int64_t side, struct fd_answer *out)
{
    int64_t lot_e8 = market->instrument->lot_e8, qty_e8 = self->parameter[QTY];
    struct fd_wish *wish = &out->wish[out->wishes++];

    wish->kind = FD_WISH_TARGET;
    wish->market = 0;
    wish->qty_e8 = side * (qty_e8 - qty_e8 % lot_e8);
    wish->price_e8 = FD_NONE; /* at worst: as the risk gate allows */
    wish->urgency = FD_NORMAL;
    wish->slicing = FD_AT_ONCE;
    wish->may_cut = 1;
    self->side = side;
}

/* For the Strategy screen: why it does what it does. */
static void explain(const struct template *self, double score, struct fd_answer *out)
{
    double threshold = (double)self->parameter[THRESHOLD] / E8;

    out->reason_set = 1;
    out->score = score;
    out->threshold = threshold;
    out->confidence = score < 0 ? -score : score;
    out->features = 1;
    strcpy(out->feature[0].name, "imbalance_5");
    out->feature[0].value = score;
    out->feature[0].weight = 1;
    out->feature[0].met = out->confidence >= threshold;
}

/* Every change of the book. Time is event time: the same recording must give the same decisions. */
static void template_market(void *self_, const struct fd_context *context, struct fd_answer *out)
{
    struct template *self = self_;
    const struct fd_market *market = &context->market[0];
    double score = market->signals->imbalance_5;

    if (!market->signals->valid || score != score) /* NaN: not known yet */
        return;
    explain(self, score, out);
    if (!context->may_trade)
        return;
    if (self->side != 0) {
        if (context->now_ns - self->entered_ns >= self->parameter[HOLD_S] * NS_PER_S)
            want(self, market, 0, out);
        return;
    }
    if (!out->feature[0].met ||
        (score < 0 && !(self->parameter[BOTH_SIDES] && market->instrument->flags & FD_SHORT_ALLOWED)))
        return;
    want(self, market, score < 0 ? -1 : 1, out);
    self->entered_ns = context->now_ns;
    strcpy(out->said, score < 0 ? "the asks weigh more: short" : "the bids weigh more: long");
}

static void template_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
                          struct fd_answer *out)
{
    (void)self;
    (void)context;
    (void)fill;
    strcpy(out->said, "filled");
}

/* Paused: its orders are taken back by the host; when it goes on it begins flat-minded. */
static void template_pause(void *self_, const struct fd_context *context, uint32_t paused,
                           struct fd_answer *out)
{
    struct template *self = self_;

    (void)out;
    if (!paused)
        self->side = context->market[0].position.qty_e8 > 0   ? 1
                     : context->market[0].position.qty_e8 < 0 ? -1
                                                              : 0;
}

/* Values are within the manifest's range already. 0 would refuse one. */
static uint32_t template_parameter(void *self_, uint32_t index, int64_t value)
{
    struct template *self = self_;

    self->parameter[index] = value;
    return 1;
}

/* For a reload and a restart. Say which form it has, so that the next version can tell. */
struct saved {
    uint32_t form, unused;
    int64_t side, entered_ns;
};

static size_t template_save(void *self_, void *state, size_t max)
{
    const struct template *self = self_;
    struct saved saved = {.form = 1, .side = self->side, .entered_ns = self->entered_ns};

    if (max < sizeof saved)
        return 0;
    memcpy(state, &saved, sizeof saved);
    return sizeof saved;
}

static uint32_t template_restore(void *self_, const void *state, size_t size)
{
    struct template *self = self_;
    struct saved saved;

    if (size != sizeof saved)
        return 0;
    memcpy(&saved, state, sizeof saved);
    if (saved.form != 1)
        return 0;
    self->side = saved.side;
    self->entered_ns = saved.entered_ns;
    return 1;
}

/* The one thing that a plug-in exports. */
FD_EXPORT const struct fd_strategy flowdeck_strategy = {
    .abi = FD_ABI,
    .size = sizeof(struct fd_strategy),
    .create = template_create,
    .destroy = template_destroy,
    .market = template_market,
    .fill = template_fill,
    .pause = template_pause,
    .parameter = template_parameter,
    .save = template_save,
    .restore = template_restore,
};
