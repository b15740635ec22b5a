/* Screen 4: every signal with its value, its definition and where it comes from. */
#include "unit/pipeline_world.h"

#include "app/view_panels.h"

#include <string.h>

static const struct level bids[] = {{6182000, 3000}};
static const struct level asks[] = {{6182100, 1000}};

static const struct view_signal *named(const struct view_strategy_detail *detail, const char *name)
{
    for (uint16_t i = 0; i < detail->signals; i++)
        if (strcmp(detail->signal[i].name, name) == 0)
            return &detail->signal[i];
    fail_msg("no signal %s", name);
    return NULL;
}

static void test_each_signal_says_what_it_is(void **state)
{
    static struct view_strategy_detail detail;
    struct world world;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    world_depth(&world, INT64_C(100000000), false);
    view_fill_strategy(world.pipeline, world.pipeline->market[0], 1, &detail);
    assert_int_equal(detail.signals, 18);
    for (uint16_t i = 0; i < detail.signals; i++) {
        const struct view_signal *signal = &detail.signal[i];

        assert_true(signal->value[0] != '\0' && strlen(signal->what) > 10 && signal->source[0] != '\0');
        assert_true(strlen(signal->what) + 1 < sizeof(signal->what));
        assert_true(strlen(signal->source) + 1 < sizeof(signal->source));
    }
    assert_string_equal(named(&detail, "imbalance 1")->value, "+0.50");
    assert_string_equal(named(&detail, "spread")->value, "+0.162 bp");
    assert_string_equal(named(&detail, "microprice")->value, "+0.040 bp");
    assert_string_equal(named(&detail, "VPIN")->value, "-"); /* not known yet */
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_signal_says_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
