/*
 * A line that brings nothing, crawls or is refused, and a market that is closed: each is noticed for what it is, and
 * passes.
 */
#include "wire/fault_world.h"

/* The socket is up and answers pings, or is up and answers nothing: silence is noticed within its limit. */
static void test_silence_is_noticed(void **state)
{
    static const char *const faults[] = {"stall 1.2", "half_open 1.2"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wire_world world;
        struct watch watch;
        int64_t limit_ns;

        open_world(&world, &watch, VENUE_BINANCE_SPOT, 500);
        wire_fault(&world, faults[i]);
        limit_ns =
            clock_monotonic_ns() + INT64_C(2500000000); /* silent_ms, a turn, and what was on its way */
        while (watch.silents + watch.downs == 0 && clock_monotonic_ns() < limit_ns)
            ev_run(world.loop, EVRUN_ONCE);
        if (watch.silents + watch.downs == 0)
            fail_msg("%s: not noticed", faults[i]);
        assert_true(watch.silents > 0);
        assert_back(&world, faults[i]);
        wire_close(&world);
    }
}

/* A line that crawls, a venue that refuses, a clock that is off, a market that is closed: each is noticed for what it
 * is, and passes. */
static void test_slow_refused_skewed_and_halted(void **state)
{
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 1000);
    wire_fault(&world, "limits off");
    wire_fault(&world, "slow 2000 1.5");
    wire_run_ms(&world, 1700);
    assert_back(&world, "slow");

    wire_fault(&world, "+0.3 rst streams");
    wire_fault(&world, "refuse 1.2");
    wire_run_ms(&world, 1400);
    assert_true(watch.downs > 0);
    assert_back(&world, "refuse");

    wire_fault(&world, "halt BTCUSDT"); /* a halted market is silent: that is no fault of the line */
    wire_run_ms(&world, 1200);
    wire_fault(&world, "trade BTCUSDT");
    assert_back(&world, "halt");
    wire_fault(&world, "cancel_only ETHUSDT");
    wire_run_ms(&world, 500);
    wire_fault(&world, "trade ETHUSDT");
    assert_back(&world, "cancel_only");
    wire_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silence_is_noticed),
        cmocka_unit_test(test_slow_refused_skewed_and_halted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
