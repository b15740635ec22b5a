/* What a start proves of the process itself, in a dry pipeline that leaves no trace. */
#include "app/options.h"
#include "app/start_test.h"
#include "unit/cmocka_all.h"

#include <stdatomic.h>
#include <string.h>

#define NOW_NS INT64_C(1800000000000000000)

static struct pipeline *program_pipeline(bool keeps, int64_t account_e8)
{
    struct config *config = options_config_new();
    struct pipeline_config made;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.exit_keeps_orders = keeps;
    made.account_start_e8 = account_e8;
    return pipeline_new(&made, NULL);
}

/* Every control, whatever the account and the exit policy are; DEADMAN only where he watches. */
static void test_every_control_is_proved(void **state)
{
    struct life_page *life = life_page_new();
    char why[200];

    (void)state;
    assert_non_null(life);
    for (int run = 0; run < 8; run++) {
        bool watched = (run & 1) != 0;
        struct pipeline *pipeline = program_pipeline((run & 2) != 0, (run & 4) != 0 ? 0 : 1000000000000);
        const struct risk_selftest *result = &pipeline->selftest;

        atomic_store(&life->watcher, watched ? LIFE_WATCHES : LIFE_NOBODY);
        assert_int_equal(start_test_run(pipeline, life, NOW_NS, why, sizeof(why)), ERR_OK);
        assert_int_equal(result->ran_ns, NOW_NS);
        for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
            bool unproved = code == RISK_DEADMAN && !watched;

            if (result->state[code] != (unproved ? RISK_SELFTEST_NOT_RUN : RISK_SELFTEST_OK))
                fail_msg("%s", risk_code_word((enum risk_code)code));
        }
        assert_int_equal(pipeline->note_seq, 0); /* it was another pipeline's */
        assert_int_equal(pipeline->counts.intents, 0);
        pipeline_free(pipeline);
    }
    life_page_free(life);
}

static void test_a_control_that_fails_refuses_the_start(void **state)
{
    struct pipeline *pipeline = program_pipeline(false, 1000000000000);
    char why[200];

    (void)state;
    pipeline->config.limits.max_value_e8 = -1;
    assert_int_equal(start_test_run(pipeline, NULL, NOW_NS, why, sizeof(why)), ERR_STATE);
    assert_non_null(strstr(why, "a pre-trade control failed its self-test: "));
    assert_int_equal(pipeline->selftest.state[RISK_SELFTEST], RISK_SELFTEST_FAILED);
    pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_control_is_proved),
        cmocka_unit_test(test_a_control_that_fails_refuses_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
