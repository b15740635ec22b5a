/* test_strategy_answer.c - what a strategy answers: taken over exactly, or refused whole and with which words. */
#include "unit/strategy_echo.h"
#include "unit/test_random.h"

/* --- what it says ----------------------------------------------------------------------------------------- */

static struct fd_wish *wish(uint32_t kind)
{
    struct fd_wish *last = &seen.say.wish[seen.say.wishes++];

    *last = (struct fd_wish){.kind = kind, .price_e8 = FD_NONE, .bid_e8 = FD_NONE, .ask_e8 = FD_NONE};
    return last;
}

static void test_good_wishes_come_out_in_ticks_and_lots(void **state)
{
    struct fd_wish *w;

    (void)state;
    w = wish(FD_WISH_TARGET);
    w->qty_e8 = -E8 / 1000 - 1; /* a fraction of a lot is dropped, towards zero */
    w->price_e8 = 59999 * E8;
    w->urgency = FD_TAKE;
    w->slicing = FD_POV;
    w->share_e8 = E8 / 10;
    w->reduce_only = w->may_cut = 1;
    w = wish(FD_WISH_QUOTE);
    w->market = 1;
    w->bid_e8 = 3000 * E8;
    w->bid_qty_e8 = E8;
    w = wish(FD_WISH_ORDER);
    w->side = FD_SELL;
    w->type = FD_MARKET;
    w->qty_e8 = E8 / 100;
    w->price_e8 = 59000 * E8;
    w = wish(FD_WISH_ORDER);
    w->post_only = 1;
    w->qty_e8 = E8;
    w->display_e8 = E8 / 10;
    w->price_e8 = 59000 * E8;
    wish(FD_WISH_NOTHING)->market = 1;
    w = wish(FD_WISH_TIMER);
    w->timer_id = 4;
    w->delay_ns = S;
    snprintf(seen.say.said, sizeof seen.say.said, "hello\x1b[2J");
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.goals, 3);
    assert_int_equal(desk.result.goal[0].kind, GOAL_TARGET);
    assert_int_equal(desk.result.goal[0].instrument_id, 2);
    assert_int_equal(desk.result.goal[0].target_lots, -100);
    assert_int_equal(desk.result.goal[0].worst_ticks, 5999900);
    assert_int_equal(desk.result.goal[0].urgency, URGENCY_TAKE);
    assert_int_equal(desk.result.goal[0].slicing, SLICE_POV);
    assert_int_equal(desk.result.goal[0].share_x1000, 100);
    assert_true(desk.result.goal[0].reduce_only && desk.result.goal[0].may_cut);
    assert_int_equal(desk.result.goal[1].kind, GOAL_QUOTES);
    assert_int_equal(desk.result.goal[1].instrument_id, 5);
    assert_int_equal(desk.result.goal[1].quote[SIDE_BID].price_ticks, 300000);
    assert_int_equal(desk.result.goal[1].quote[SIDE_BID].qty_lots, 1000);
    assert_int_equal(desk.result.goal[1].quote[SIDE_ASK].price_ticks, 0);
    assert_int_equal(desk.result.goal[2].kind, GOAL_NONE);
    assert_int_equal(desk.result.orders, 2);
    assert_int_equal(desk.result.order[0].type, ORDER_MARKET);
    assert_int_equal(desk.result.order[0].tif, TIF_IOC);
    assert_int_equal(desk.result.order[0].side, SIDE_ASK);
    assert_int_equal(desk.result.order[0].qty_lots, 1000);
    assert_false(desk.result.order[0].flatten);
    assert_int_equal(desk.result.order[1].display_lots, 10000);
    assert_true(desk.result.order[1].post_only);
    assert_int_equal(desk.result.timers, 1);
    assert_int_equal(desk.result.timer[0].id, 4);
    assert_int_equal(desk.result.timer[0].due_ns, 1001 * S);
    assert_string_equal(desk.result.said, "hello\\x1b[2J");
}

/* Only its own open orders; the id of another's, or of one that ended, does nothing. */
static void test_cancels_reach_own_orders_only(void **state)
{
    (void)state;
    desk.order[0] = (struct order){.seq = 7, .state = ORDER_STATE_WORKING};
    desk.orders[0] = &desk.order[0];
    desk.sight.order_count = 1;
    strategy_instance_see(desk.instance, &desk.sight);
    wish(FD_WISH_CANCEL)->order_id = 8;
    wish(FD_WISH_CANCEL)->order_id = 7;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.cancels, 1);
    assert_int_equal(desk.result.cancel_seq[0], 7);
}

static void test_what_may_not_trade_keeps_its_timers(void **state)
{
    (void)state;
    wish(FD_WISH_TARGET)->qty_e8 = E8;
    wish(FD_WISH_TIMER)->delay_ns = S;
    desk.event.may_trade = false;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    assert_int_equal(desk.result.goals, 0);
    assert_int_equal(desk.result.timers, 1);
    assert_int_equal(seen.may_trade, 0);
}

static void assert_refused(const char *why)
{
    call(HAPPENED_MARKET);
    if (!desk.result.fault || strcmp(desk.result.fault_why, why) != 0)
        fail_msg("\"%s\" instead of \"%s\"", desk.result.fault ? desk.result.fault_why : "taken", why);
    assert_int_equal(desk.result.goals + desk.result.orders + desk.result.cancels + desk.result.timers, 0);
    assert_false(strategy_instance_reason(desk.instance, 2)->set);
    memset(&seen.say, 0, sizeof seen.say);
}

/* A good wish before the bad one goes with it: the answer is refused as a whole. */
static struct fd_wish *bad(uint32_t kind)
{
    struct fd_wish *w;

    wish(FD_WISH_TARGET)->qty_e8 = E8;
    wish(FD_WISH_TIMER)->delay_ns = S;
    w = wish(kind);
    w->qty_e8 = E8;
    w->price_e8 = kind == FD_WISH_ORDER ? 60000 * E8 : FD_NONE;
    return w;
}

/* Every type with the prices it cannot do without; and they come back as what they are. */
static void test_orders_of_every_type(void **state)
{
    static const struct {
        uint32_t fd;
        enum order_type type;
        bool limit, trigger;
    } types[] = {{FD_LIMIT, ORDER_LIMIT, true, false},
                 {FD_STOP, ORDER_STOP, false, true},
                 {FD_STOP_LIMIT, ORDER_STOP_LIMIT, true, true},
                 {FD_TAKE_PROFIT, ORDER_TAKE_PROFIT, false, true},
                 {FD_TAKE_PROFIT_LIMIT, ORDER_TAKE_PROFIT_LIMIT, true, true}};
    static struct strategy_result taken;
    struct fd_wish *w;

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        w = wish(FD_WISH_ORDER);
        w->type = types[i].fd;
        w->tif = FD_GTD;
        w->horizon_ns = S;
        w->qty_e8 = E8;
        w->price_e8 = types[i].limit ? 60100 * E8 : FD_NONE;
        w->trigger_e8 = types[i].trigger ? 60050 * E8 : FD_NONE;
        w->group = UINT32_MAX;
    }
    w = wish(FD_WISH_ORDER);
    w->type = FD_TRAILING_STOP;
    w->side = FD_SELL;
    w->qty_e8 = E8;
    w->trail_e8 = 10 * E8;
    call(HAPPENED_MARKET);
    assert_false(desk.result.fault);
    taken = desk.result;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const struct order_intent *intent = &taken.order[i];
        struct order order = {.seq = 9, .intent = *intent};

        assert_int_equal(intent->type, types[i].type);
        assert_int_equal(intent->tif, TIF_GTD);
        assert_int_equal(intent->expire_ns, 1001 * S);
        assert_int_equal(intent->price_ticks, types[i].limit ? 6010000 : 0);
        assert_int_equal(intent->stop_ticks, types[i].trigger ? 6005000 : 0);
        assert_int_equal(intent->group, UINT32_MAX);
        desk.order[0] = order;
        desk.orders[0] = &desk.order[0];
        desk.sight.order_count = 1;
        strategy_instance_see(desk.instance, &desk.sight);
        memset(&seen.say, 0, sizeof seen.say);
        call(HAPPENED_MARKET);
        assert_int_equal(seen.orders[0].type, types[i].fd);
        assert_int_equal(seen.orders[0].price_e8, (types[i].trigger ? 60050 : 60100) * E8);
    }
    desk.order[0] = (struct order){.seq = 9, .intent = taken.order[2], .triggered = true};
    strategy_instance_see(desk.instance, &desk.sight);
    call(HAPPENED_MARKET);
    assert_int_equal(seen.orders[0].type, FD_STOP_LIMIT);
    assert_int_equal(seen.orders[0].price_e8, 60100 * E8); /* set off, it waits for a trade no more */
    assert_int_equal(taken.order[5].type, ORDER_TRAILING_STOP);
    assert_int_equal(taken.order[5].trail_ticks, 1000);
}

static void test_orders_lack_what_their_type_needs(void **state)
{
    struct fd_wish *w;

    (void)state;
    bad(FD_WISH_ORDER)->type = FD_STOP;
    assert_refused("wish 2: trigger_e8 is missing");
    w = bad(FD_WISH_ORDER);
    w->type = FD_TAKE_PROFIT_LIMIT;
    w->trigger_e8 = 60000 * E8 + 1;
    assert_refused("wish 2: trigger_e8 is not a multiple of the tick: 60000.00000001");
    w = bad(FD_WISH_ORDER);
    w->type = FD_STOP_LIMIT;
    w->trigger_e8 = 60000 * E8;
    w->price_e8 = FD_NONE;
    assert_refused("wish 2: price_e8 is missing");
    bad(FD_WISH_ORDER)->type = FD_TRAILING_STOP;
    assert_refused("wish 2: trail_e8 is missing");
    bad(FD_WISH_ORDER)->tif = FD_GTD;
    assert_refused("wish 2: horizon_ns is outside 1 ns..7 days: a GTD order has an end");
    bad(FD_WISH_ORDER)->group = UINT64_C(1) << 32;
    assert_refused("wish 2: group is above 2^32 - 1");
    w = bad(FD_WISH_ORDER);
    w->type = FD_STOP;
    w->trigger_e8 = 60000 * E8;
    w->post_only = 1;
    assert_refused("wish 2: post_only cannot take: it needs a GTC or GTD limit order");
}

static void test_counts_and_words_out_of_range(void **state)
{
    (void)state;
    seen.say.wishes = 17;
    assert_refused("wishes: 17, at most 16");
    seen.say.features = 9;
    assert_refused("features: 9, at most 8");
    seen.say.reason_set = 2;
    assert_refused("reason_set is neither 0 nor 1");
    bad(0);
    assert_refused("wish 2: kind is none that is known: 0");
    bad(7);
    assert_refused("wish 2: kind is none that is known: 7");
    bad(FD_WISH_TARGET)->market = 2;
    assert_refused("wish 2: market is 2, it has 2");
    bad(FD_WISH_NOTHING)->market = UINT32_MAX;
    assert_refused("wish 2: market is 4294967295, it has 2");
    bad(FD_WISH_TARGET)->urgency = 3;
    assert_refused("wish 2: urgency is none that is known: 3");
    bad(FD_WISH_TARGET)->slicing = 4;
    assert_refused("wish 2: slicing is none that is known: 4");
    bad(FD_WISH_ORDER)->side = 2;
    assert_refused("wish 2: side is none that is known: 2");
    bad(FD_WISH_ORDER)->type = 7;
    assert_refused("wish 2: type is none that is known: 7");
    bad(FD_WISH_ORDER)->tif = 4;
    assert_refused("wish 2: tif is none that is known: 4");
    bad(FD_WISH_ORDER)->post_only = 2;
    assert_refused("wish 2: post_only is none that is known: 2");
    bad(FD_WISH_TARGET)->reduce_only = 2;
    assert_refused("wish 2: reduce_only is none that is known: 2");
    bad(FD_WISH_QUOTE)->may_cut = 2;
    assert_refused("wish 2: may_cut is none that is known: 2");
}

static void test_prices_and_quantities_out_of_range(void **state)
{
    struct fd_wish *w;

    (void)state;
    bad(FD_WISH_TARGET)->price_e8 = 60000 * E8 + 1;
    assert_refused("wish 2: price_e8 is not a multiple of the tick: 60000.00000001");
    bad(FD_WISH_TARGET)->price_e8 = -E8;
    assert_refused("wish 2: price_e8 is below 0: -1");
    bad(FD_WISH_TARGET)->qty_e8 = FD_NONE;
    assert_refused("wish 2: qty_e8 is missing: FD_NONE");
    bad(FD_WISH_TARGET)->qty_e8 = INT64_MAX;
    assert_refused("wish 2: qty_e8 is too large: 92233720368.54775807");
    bad(FD_WISH_ORDER)->qty_e8 = 999;
    assert_refused("wish 2: qty_e8 is less than a lot: 0.00000999");
    bad(FD_WISH_ORDER)->qty_e8 = -E8;
    assert_refused("wish 2: qty_e8 is less than a lot: -1");
    bad(FD_WISH_ORDER)->price_e8 = 0;
    assert_refused("wish 2: price_e8 is missing");
    w = bad(FD_WISH_ORDER);
    w->type = FD_MARKET;
    w->price_e8 = FD_NONE;
    assert_refused("wish 2: price_e8 is missing: a market order needs a worst price");
    w = bad(FD_WISH_ORDER);
    w->post_only = 1;
    w->tif = FD_IOC;
    assert_refused("wish 2: post_only cannot take: it needs a GTC or GTD limit order");
    w = bad(FD_WISH_ORDER);
    w->display_e8 = E8 / 2;
    w->tif = FD_FOK;
    assert_refused("wish 2: display_e8 needs a GTC or GTD limit order");
    w = bad(FD_WISH_QUOTE);
    w->bid_e8 = 60001 * E8;
    w->ask_e8 = 60001 * E8;
    w->bid_qty_e8 = w->ask_qty_e8 = E8;
    assert_refused("wish 2: bid_e8 is not below ask_e8: 60001");
    w = bad(FD_WISH_QUOTE);
    w->ask_e8 = 60001 * E8;
    assert_refused("wish 2: ask_qty_e8 is less than a lot: 0");
    bad(FD_WISH_CANCEL)->order_id = 0;
    assert_refused("wish 2: order_id is missing");
}

static void test_times_and_shares_out_of_range(void **state)
{
    (void)state;
    bad(FD_WISH_TIMER)->delay_ns = 0;
    assert_refused("wish 2: delay_ns is outside 1 ms..7 days");
    bad(FD_WISH_TIMER)->delay_ns = INT64_MAX;
    assert_refused("wish 2: delay_ns is outside 1 ms..7 days");
    bad(FD_WISH_TARGET)->horizon_ns = -1;
    assert_refused("wish 2: horizon_ns is outside 0..7 days");
    bad(FD_WISH_TARGET)->slicing = FD_TWAP;
    assert_refused("wish 2: TWAP needs horizon_ns");
    bad(FD_WISH_TARGET)->slicing = FD_POV;
    assert_refused("wish 2: share_e8 is outside 0.001..1: 0");
    bad(FD_WISH_TARGET)->slicing = FD_ICEBERG;
    assert_refused("wish 2: display_e8 is less than a lot: 0");
}

static void explain(double score)
{
    seen.say.reason_set = 1;
    seen.say.score = score;
    seen.say.threshold = 0.5;
    seen.say.confidence = 1.0;
    seen.say.features = 2;
    seen.say.feature[0] = (struct fd_feature){.name = "flow", .value = -0.5, .weight = 1.0, .met = 1};
    seen.say.feature[1] = (struct fd_feature){.name = "spread", .value = 12.0};
}

static void test_reasons_out_of_range(void **state)
{
    const double nan = __builtin_nan("");

    (void)state;
    explain(nan);
    assert_refused("score is outside -1..1");
    explain(1.1);
    assert_refused("score is outside -1..1");
    explain(0.0);
    seen.say.threshold = -0.1;
    assert_refused("threshold is outside 0..1");
    explain(0.0);
    seen.say.confidence = __builtin_inf();
    assert_refused("confidence is outside 0..1");
    explain(0.0);
    seen.say.feature[0].value = 1.5;
    assert_refused("feature 0: value is outside -1..1");
    explain(0.0);
    seen.say.feature[1].value = nan;
    assert_refused("feature 1: value is not a figure below 1e15");
    explain(0.0);
    seen.say.feature[1].weight = nan;
    assert_refused("feature 1: weight is outside 0..1");
    explain(0.0);
    seen.say.feature[1].met = 3;
    assert_refused("feature 1: met is neither 0 nor 1");
}

/* Per instrument where it spoke of one; names without an end and with control bytes are made safe. */
static void test_reason_is_kept_for_eyes(void **state)
{
    const struct strategy_reason *reason;

    (void)state;
    explain(-0.25);
    memset(seen.say.feature[1].name, 'n', sizeof seen.say.feature[1].name);
    snprintf(seen.say.feature[0].name, sizeof seen.say.feature[0].name, "a\nb");
    memset(seen.say.said, 's', sizeof seen.say.said);
    call(HAPPENED_MARKET);
    reason = strategy_instance_reason(desk.instance, 2);
    assert_true(reason->set && reason->score == -0.25 && reason->features == 2);
    assert_string_equal(reason->feature[0].name, "a\\x0ab");
    assert_true(strlen(reason->feature[1].name) <= 19);
    assert_true(reason->feature[0].met && !reason->feature[1].met);
    assert_int_equal(strlen(desk.result.said), 95);
    assert_false(strategy_instance_reason(desk.instance, 5)->set);
    desk.event.instrument_id = INSTRUMENT_NONE;
    seen.say.score = 0.75;
    call(HAPPENED_TIMER);
    assert_true(strategy_instance_reason(desk.instance, 5)->score == 0.75);
    assert_true(strategy_instance_reason(desk.instance, 2)->score == -0.25);
}

/* Whatever bytes come back: no crash, and what is taken is within its bounds. Half of them nearly right, so that many
 * are taken. */
static void spoil(uint64_t *seed, struct fd_answer *answer)
{
    unsigned char *byte = (unsigned char *)answer;

    memset(answer, 0, sizeof *answer);
    answer->wishes = (uint32_t)random_between(seed, 0, FD_WISHES_MAX);
    answer->features = (uint32_t)random_between(seed, 0, FD_FEATURES_MAX);
    answer->reason_set = (uint32_t)random_between(seed, 0, 1);
    for (uint32_t i = 0; i < answer->wishes; i++) {
        struct fd_wish *w = &answer->wish[i];

        w->kind = (uint32_t)random_between(seed, 1, 6);
        w->market = (uint32_t)random_between(seed, 0, 1);
        w->side = (uint32_t)random_between(seed, 0, 1);
        w->qty_e8 = random_sized(seed, 62);
        w->price_e8 = random_sized(seed, 36) * (E8 / 100);
        w->bid_e8 = random_sized(seed, 36) * (E8 / 100);
        w->bid_qty_e8 = random_sized(seed, 62);
        w->order_id = random_next(seed) % 3;
        w->delay_ns = random_sized(seed, 60);
    }
    for (int64_t n = random_between(seed, -3, 3); n > 0; n--)
        byte[random_next(seed) % sizeof *answer] = (unsigned char)random_next(seed);
    if (random_next(seed) % 4 == 0)
        for (size_t i = 0; i < sizeof *answer; i++)
            byte[i] = (unsigned char)random_next(seed);
}

static void assert_order_is_sound(const struct order_intent *order)
{
    assert_true(order->instrument_id == 2 || order->instrument_id == 5);
    assert_true(order->qty_lots > 0 && order->price_ticks > 0 && order->display_lots >= 0);
    assert_true(order->type == ORDER_LIMIT || order->type == ORDER_MARKET);
    assert_true((unsigned)order->side < SIDE_COUNT && (unsigned)order->tif <= TIF_FOK);
    assert_false(order->flatten);
}

static void assert_goal_is_sound(const struct goal *goal)
{
    assert_true(goal->instrument_id == 2 || goal->instrument_id == 5);
    assert_true((unsigned)goal->kind <= GOAL_QUOTES && (unsigned)goal->urgency <= URGENCY_TAKE);
    assert_true((unsigned)goal->slicing <= SLICE_ICEBERG && goal->worst_ticks >= 0 && goal->horizon_ns >= 0);
    for (int side = 0; side < SIDE_COUNT; side++)
        assert_true((goal->quote[side].price_ticks > 0) == (goal->quote[side].qty_lots > 0));
}

static void test_no_answer_does_harm(void **state)
{
    uint64_t seed = 42;
    unsigned taken = 0, refused = 0;

    (void)state;
    for (int round = 0; round < 50000; round++) {
        const struct strategy_reason *reason;

        spoil(&seed, &seen.say);
        call(HAPPENED_MARKET);
        assert_true(desk.result.goals + desk.result.orders + desk.result.cancels + desk.result.timers <=
                    FD_WISHES_MAX);
        for (size_t i = 0; i < desk.result.orders; i++)
            assert_order_is_sound(&desk.result.order[i]);
        for (size_t i = 0; i < desk.result.goals; i++)
            assert_goal_is_sound(&desk.result.goal[i]);
        for (size_t i = 0; i < desk.result.timers; i++)
            assert_true(desk.result.timer[i].due_ns > desk.event.now_ns);
        assert_int_equal(desk.result.cancels, 0); /* it has no orders */
        reason = strategy_instance_reason(desk.instance, 2);
        assert_true(reason->score >= -1.0 && reason->score <= 1.0 && reason->features <= FD_FEATURES_MAX);
        taken += !desk.result.fault;
        refused += desk.result.fault;
        assert_true(desk.result.fault == (desk.result.fault_why[0] != '\0'));
    }
    assert_true(taken > 5000 && refused > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(test_good_wishes_come_out_in_ticks_and_lots),
        desk_test(test_cancels_reach_own_orders_only),
        desk_test(test_what_may_not_trade_keeps_its_timers),
        desk_test(test_orders_of_every_type),
        desk_test(test_orders_lack_what_their_type_needs),
        desk_test(test_counts_and_words_out_of_range),
        desk_test(test_prices_and_quantities_out_of_range),
        desk_test(test_times_and_shares_out_of_range),
        desk_test(test_reasons_out_of_range),
        desk_test(test_reason_is_kept_for_eyes),
        desk_test(test_no_answer_does_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
