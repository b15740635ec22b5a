/* test_strategy_builtin.c - every built-in strategy: its manifest, its page, its parameters, its manners. */
#include "core/base/decimal.h"
#include "strategy_desk.h"
#include "test_random.h"

static const struct builtin_strategy *const *all;
static size_t count;

static int set_up(void **state)
{
    (void)state;
    all = builtin_strategies(&count);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tear_down();
    return 0;
}

static void test_each_is_found_by_the_name_of_its_manifest(void **state)
{
    (void)state;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        desk_set_up(all[i]->name, 2);
        assert_string_equal(desk.manifest.name, all[i]->name);
        assert_ptr_equal(builtin_strategy_find(all[i]->name), all[i]);
        assert_ptr_equal(builtin_strategy_page(all[i]->name), all[i]->page);
        assert_true(strlen(all[i]->page) > 400);
        assert_non_null(strstr(all[i]->page, "Sources: "));
        assert_true(desk.manifest.parameter_count > 3);
        desk_tear_down();
    }
    assert_null(builtin_strategy_find("manual"));
    assert_null(builtin_strategy_page("manual"));
}

/* Nothing known, one side empty, a crossed book, no numbers: it waits, and its answer is never refused. */
static void test_each_waits_while_nothing_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++) {
        desk_set_up(all[i]->name, 2);
        for (int market = 0; market < MARKETS; market++)
            desk.market[market].signals = (struct signal_values){.valid = false};
        desk_call(BTC, (struct strategy_event){.kind = HAPPENED_START});
        assert_int_equal(desk_event(BTC, 100) + desk_event(ETH, 100), 0);
        desk.market[BTC].ref.book_state = BOOK_STALE;
        assert_int_equal(desk_event(BTC, 100), 0);
        desk.market[BTC].ref.book_state = BOOK_LIVE;
        desk.market[BTC].ref.best_ticks[SIDE_ASK] = 0;
        assert_int_equal(desk_event(BTC, 100), 0);
        desk_touch(BTC, 6000002, 6000001);
        desk.market[BTC].ref.crossed = true;
        assert_int_equal(desk_event(BTC, 100), 0);
        desk_call(BTC, (struct strategy_event){.kind = HAPPENED_STOP});
        desk_tear_down();
    }
}

/* Both ends of the range of each parameter: it runs, or says that it cannot; it never answers nonsense. */
static void test_each_bears_the_ends_of_its_parameters(void **state)
{
    char why[160];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        desk_set_up(all[i]->name, 2);
        for (size_t p = 0; p < desk.manifest.parameter_count; p++)
            for (int end = 0; end < 2; end++) {
                const struct strategy_parameter *parameter = &desk.manifest.parameter[p];
                int64_t value = end == 0 ? parameter->min : parameter->max;
                enum err err = strategy_instance_set_parameter(desk.instance, p, value, why, sizeof why);

                assert_true(err == ERR_OK || err == ERR_STATE);
                for (int step = 0; step < 50; step++) {
                    desk_touch(BTC, 6000000 + step * 7 % 40, 6000001 + step * 7 % 40);
                    desk_event(step % 2, 300);
                }
                if (err == ERR_OK)
                    assert_int_equal(
                        strategy_instance_set_parameter(desk.instance, p, parameter->preset, why, sizeof why),
                        ERR_OK);
            }
        desk_tear_down();
    }
}

static double random_number(uint64_t *seed)
{
    static const double odd[] = {0.0, 1.0, -1.0, 1e300, -1e300, 1e-300};
    uint64_t draw = random_next(seed) % 10;

    if (draw == 0)
        return __builtin_nan("");
    if (draw == 1)
        return __builtin_inf();
    return draw < 8 ? odd[draw - 2] : (double)random_between(seed, -100000, 100000) / 1000.0;
}

static void spoil_market(uint64_t *seed, struct desk_market *market)
{
    struct signal_values *signals = &market->signals;
    double *const number[] = {
        &signals->mid_ticks,       &signals->microprice_ticks, &signals->imbalance_1,
        &signals->imbalance_20,    &signals->near_1bp.value,   &signals->far_10bp.value,
        &signals->ofi_sigma,       &signals->trade_imbalance,  &signals->volatility_1m_bp,
        &signals->momentum_10s_bp, &signals->momentum_60s_bp,  &signals->vpin,
        &signals->ofi_lots,        &signals->tape_per_s};
    int64_t bid = random_sized(seed, 36) + 1;

    *number[random_next(seed) % (sizeof number / sizeof number[0])] = random_number(seed);
    market->ref.best_ticks[SIDE_BID] = random_next(seed) % 20 == 0 ? 0 : bid;
    market->ref.best_ticks[SIDE_ASK] = random_next(seed) % 20 == 0 ? 0 : bid + random_between(seed, -1, 1000);
    market->ref.crossed = market->ref.best_ticks[SIDE_BID] >= market->ref.best_ticks[SIDE_ASK];
    market->ref.book_state = random_next(seed) % 10 == 0 ? BOOK_STALE : BOOK_LIVE;
    market->ref.book_age_ns = random_sized(seed, 63);
    market->position.lots = random_between(seed, -1, 1) * random_sized(seed, 30);
    market->position.cost_e8 = random_between(seed, -1, 1) * random_sized(seed, 50);
    market->short_allowed = random_next(seed) % 2 == 0;
}

/* Whatever the market looks like: no crash, no answer that is refused (desk_call fails on one). */
static void test_each_bears_any_market(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++) {
        uint64_t seed = 1000 + i;

        desk_set_up(all[i]->name, 2);
        for (int round = 0; round < 20000; round++) {
            int at = (int)(random_next(&seed) % MARKETS);
            const struct trade trade = {.price_ticks = random_sized(&seed, 36) + 1,
                                        .qty_lots = random_sized(&seed, 40) + 1,
                                        .taker = (enum side)(random_next(&seed) % 2)};
            const struct book_event event = {.kind = (enum book_event_kind)(random_next(&seed) % 6),
                                             .side = (enum side)(random_next(&seed) % 2),
                                             .price_ticks = random_sized(&seed, 36),
                                             .lots = random_sized(&seed, 40),
                                             .confidence = random_number(&seed)};

            spoil_market(&seed, &desk.market[at]);
            desk.now_ns += random_sized(&seed, 34);
            desk.may_trade = random_next(&seed) % 8 != 0;
            desk_event(at, 0);
            desk_call(at, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = &trade});
            desk_call(at, (struct strategy_event){.kind = HAPPENED_BOOK_EVENT, .book_event = &event});
            if (random_next(&seed) % 20 == 0)
                desk_denied(at, "MAX_VALUE");
            if (random_next(&seed) % 50 == 0)
                desk_call(at, (struct strategy_event){.kind = HAPPENED_PAUSE});
        }
        desk_tear_down();
    }
}

/* The state of one is not understood by another; its own goes round byte by byte. */
static void test_each_understands_its_own_state_alone(void **state)
{
    static unsigned char saved[FD_STATE_MAX], again[FD_STATE_MAX];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        size_t size;

        desk_set_up(all[i]->name, 2);
        desk_event(BTC, 100);
        desk_event(ETH, 100);
        size = strategy_instance_save(desk.instance, saved, sizeof saved);
        assert_true(size > 0);
        desk_start();
        assert_true(strategy_instance_restore(desk.instance, saved, size));
        assert_int_equal(strategy_instance_save(desk.instance, again, sizeof again), size);
        assert_memory_equal(saved, again, size);
        desk_tear_down();
        desk_set_up(all[(i + 1) % count]->name, 2);
        assert_false(strategy_instance_restore(desk.instance, saved, size));
        desk_tear_down();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_is_found_by_the_name_of_its_manifest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_waits_while_nothing_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_bears_the_ends_of_its_parameters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_bears_any_market, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_understands_its_own_state_alone, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
