/*
 * test_bracket_attack.c - brackets while everything else happens at random: trades by hand and by a strategy, moves, cancels,
 * flatten, reverse, states, windows, lost books. Once it is quiet, what is held is protected or was told, and no more is closed
 * than is held.
 */
#include "core/base/smaller.h"
#include "unit/bracket_world.h"
#include "unit/test_random.h"

#define SEEDS       60
#define PARTS       6   /* of a story, each with a quiet end */
#define STEPS       25  /* of a part */
#define QUIET_TICKS 600 /* all tries, and a slow one */

struct story {
    struct world world;
    uint64_t random;
    int seed;
    bool spot;
    uint64_t read; /* notes */
    int told;
};

static int64_t pick(struct story *story, int64_t low, int64_t high)
{
    return random_between(&story->random, low, high);
}

/* --- a venue that refuses and loses what it is asked ----------------------------------------------------------------- */

static struct gateway inner;
static struct story *bad; /* NULL: it does as asked */

static void refuse(const struct order *order, enum order_event_kind kind, int64_t now_ns,
                   struct gateway_answers *out)
{
    out->count = 1;
    out->event[0] = (struct order_event){.kind = kind,
                                         .order_seq = order->seq,
                                         .ts_ns = now_ns,
                                         .error = ORDER_ERROR_CAPACITY,
                                         .reason = "busy"};
}

static void bad_submit(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    int64_t luck = bad == NULL ? 9 : pick(bad, 0, 9);

    out->count = 0;
    if (luck == 0 || luck == 1)
        refuse(order, ORDER_EVENT_REJECTED, now_ns, out);
    else if (luck > 2) /* 2: lost on its way */
        inner.ops->submit(self, order, now_ns, out);
}

static void bad_cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    int64_t luck = bad == NULL ? 9 : pick(bad, 0, 9);

    out->count = 0;
    if (luck < 2)
        refuse(order, ORDER_EVENT_CANCEL_REJECTED, now_ns, out);
    else if (luck > 2)
        inner.ops->cancel(self, order, now_ns, out);
}

static void bad_replace(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    int64_t luck = bad == NULL ? 9 : pick(bad, 0, 9);

    out->count = 0;
    if (luck < 4)
        refuse(order, ORDER_EVENT_REPLACE_REJECTED, now_ns, out);
    else
        inner.ops->replace(self, order, now_ns, out);
}

static void use_bad_venue(struct story *story)
{
    static struct gateway_ops ops;

    inner = story->world.pipeline->gateway;
    ops = *inner.ops;
    ops.submit = bad_submit;
    ops.cancel = bad_cancel;
    ops.replace = bad_replace;
    story->world.pipeline->gateway.ops = &ops;
}

/* The screen keeps the last of them alone. */
static void read_notes(struct story *story)
{
    const struct pipeline *pipeline = story->world.pipeline;

    for (; story->read < pipeline->note_seq; story->read++) {
        const char *text = pipeline->note[story->read % PIPELINE_NOTES_MAX].text;

        story->told += strstr(text, "not protected") != NULL || strstr(text, "slowly now") != NULL;
    }
}

static void wait_reading(struct story *story, int ticks)
{
    for (int i = 0; i < ticks; i++) {
        wait_ticks(&story->world, 1);
        read_notes(story);
    }
}

static void command(struct story *story, struct command command)
{
    pipeline_on_command(story->world.pipeline, &command);
}

static void trade_anything(struct story *story)
{
    enum side side = pick(story, 0, 1) == 0 ? SIDE_BID : SIDE_ASK;
    int64_t way = side_sign(side);
    bool takes = pick(story, 0, 1) == 0;
    struct order_intent intent = {.side = side,
                                  .type = ORDER_LIMIT,
                                  .price_ticks = (side == SIDE_BID) == takes ? ASK : BID,
                                  .qty_lots = pick(story, 1, 60)};

    if (!takes)
        intent.price_ticks += way * pick(story, -40, 40);
    if (pick(story, 0, 2) > 0 && !(story->spot && side == SIDE_ASK)) {
        intent.bracket_take_ticks =
            pick(story, 0, 5) == 0 ? 0 : intent.price_ticks + way * pick(story, 50, 90000);
        intent.bracket_stop_ticks =
            pick(story, 0, 5) == 0 ? 0 : intent.price_ticks - way * pick(story, 50, 90000);
    } else if (pick(story, 0, 3) == 0) {
        intent.reduce_only = true;
    }
    command(story, (struct command){.kind = COMMAND_ORDER, .intent = intent});
}

static const struct order *any_order(struct story *story)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(story->world.pipeline->orders, 0, OWNER_MANUAL, open, ORDERS_OPEN_MAX);

    return count == 0 ? NULL : open[pick(story, 0, (int64_t)count - 1)];
}

static void touch_anything(struct story *story)
{
    const struct order *order = any_order(story);
    struct command touch = {.kind = COMMAND_MOVE};

    if (order == NULL)
        return;
    touch.order_seq = order->seq;
    touch.intent.price_ticks = order_terms_ticks(&order->intent) + pick(story, -2000, 2000);
    touch.number = pick(story, 0, 2) == 0 ? pick(story, 1, 80) : 0;
    if (pick(story, 0, 2) == 0)
        touch.kind = COMMAND_CANCEL;
    command(story, touch);
}

static void strategy_does(struct story *story)
{
    enum side side = pick(story, 0, 1) == 0 ? SIDE_BID : SIDE_ASK;
    struct order_intent intent = {.owner = OFI,
                                  .side = side,
                                  .type = ORDER_LIMIT,
                                  .tif = TIF_IOC,
                                  .price_ticks = side == SIDE_BID ? ASK : BID,
                                  .qty_lots = pick(story, 1, 40)};
    uint64_t seq;

    trading_intent(story->world.pipeline, story->world.pipeline->market[0], &intent, &seq);
}

static void market_does(struct story *story)
{
    enum side side = pick(story, 0, 1) == 0 ? SIDE_BID : SIDE_ASK;
    int64_t far = pick(story, 0, 4) == 0 ? 60000 : 60;
    int64_t price = (BID + ASK) / 2 + pick(story, -far, far);

    world_trade(&story->world, side, price, pick(story, 1, 50));
    if (far > 60)
        world_trade(&story->world, side, (BID + ASK) / 2, 1);
}

static void state_does(struct story *story)
{
    static const struct command some[] = {{.kind = COMMAND_PAUSE},
                                          {.kind = COMMAND_RESUME},
                                          {.kind = COMMAND_SET_STATE, .state = STATE_REDUCING},
                                          {.kind = COMMAND_SET_STATE, .state = STATE_HALTED},
                                          {.kind = COMMAND_FLATTEN},
                                          {.kind = COMMAND_REVERSE},
                                          {.kind = COMMAND_CANCEL_ALL}};

    command(story, some[pick(story, 0, (int64_t)(sizeof some / sizeof some[0]) - 1)]);
}

static void step(struct story *story)
{
    int64_t what = pick(story, 0, 19);

    if (what < 7)
        trade_anything(story);
    else if (what < 10)
        touch_anything(story);
    else if (what < 13)
        strategy_does(story);
    else if (what < 18)
        market_does(story);
    else if (what < 19)
        state_does(story);
    read_notes(story);
    wait_reading(story, (int)pick(story, 0, 3));
}

static void go_active(struct story *story)
{
    command(story, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE});
    command(story, (struct command){.kind = COMMAND_RESUME});
    command(story, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE});
    command(story, (struct command){.kind = COMMAND_CLEAR_HALT});
    assert_int_equal(story->world.pipeline->risk.state, STATE_ACTIVE);
}

#define must(story, condition)                                                                               \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail_msg("seed %d: %s", (story)->seed, #condition);                                              \
    } while (0)

static int64_t of_type(const struct story *story, enum side side, enum order_type type)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(story->world.pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    int64_t lots = 0;

    for (size_t i = 0; i < count; i++)
        if (open[i]->intent.side == side && open[i]->intent.type == type && open[i]->intent.reduce_only &&
            (open[i]->intent.group & GROUP_OF_BRACKET) != 0)
            lots += order_left_lots(open[i]);
    return lots;
}

/* No way out is larger than what its bracket holds, and none of a bracket that has ended is open. */
static bool fits_what_is_held(const struct story *story)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(story->world.pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++) {
        int64_t held_lots;

        if ((open[i]->intent.group & GROUP_OF_BRACKET) != 0 &&
            (!order_groups_held_lots(story->world.pipeline->groups, open[i]->intent.group, &held_lots) ||
             order_left_lots(open[i]) > held_lots))
            return false;
    }
    return true;
}

static int64_t check_quiet(const struct story *story)
{
    const struct pipeline *pipeline = story->world.pipeline;
    int64_t total = held(&story->world), sum = 0;

    for (size_t i = 0; i < pipeline->owners; i++)
        sum += pipeline->market[0]->owned[i].lots;
    must(story, sum == total);
    must(story, !story->spot || total >= 0);
    must(story, fits_what_is_held(story));
    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t may = larger(-side_sign((enum side)side) * total, 0);

        must(story, of_type(story, (enum side)side, ORDER_STOP) <= may);
        must(story, of_type(story, (enum side)side, ORDER_LIMIT) <= may);
    }
    must(story, order_groups_unprotected_lots(pipeline->groups, 0, OWNER_MANUAL) == 0 || story->told > 0);
    must(story, pipeline->counts.errors == 0);
    return of_type(story, SIDE_ASK, ORDER_STOP) + of_type(story, SIDE_BID, ORDER_STOP);
}

static int64_t play(int seed)
{
    struct story story = {.seed = seed, .random = (uint64_t)seed, .spot = seed % 3 == 0};
    int64_t protected_lots = 0;

    world_configure = seed % 2 == 0 ? NULL : slow_venue;
    start_at(&story.world, story.spot ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM);
    world_configure = NULL;
    if (seed % 5 < 3)
        use_bad_venue(&story);
    for (int part = 0; part < PARTS; part++) {
        bad = &story;
        for (int i = 0; i < STEPS; i++)
            step(&story);
        bad = NULL;
        go_active(&story);
        wait_reading(&story, QUIET_TICKS);
        protected_lots += check_quiet(&story);
    }
    pipeline_free(story.world.pipeline);
    return protected_lots;
}

static void test_brackets_while_all_else_happens(void **state)
{
    int64_t protected_lots = 0;

    (void)state;
    for (int seed = 1; seed <= SEEDS; seed++)
        protected_lots += play(seed);
    assert_true(protected_lots > 100 * SEEDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_brackets_while_all_else_happens)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
