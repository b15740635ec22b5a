/*
 * test_trading_states.c - the table of trading states by what is asked of them: no key and no command lets more out by accident,
 * and what was paused stays paused until it is resumed.
 */
#include "app/lease_gate.h"
#include "app/schedule.h"
#include "unit/pipeline_world.h"

#include <string.h>

#define BID 6000000
#define ASK 6000100

static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};
static struct schedule window; /* WORLD_NS, 22:13:20 UTC, lies in it */

/* What stands: the state, what is beneath it, and whether the pause is the schedule's and ends with its window. */
enum stands { /* of a name two words: the second is beneath */
              ACTIVE,
              PAUSED,
              REDUCING,
              HALTED,
              KILLED,
              PAUSED_REDUCING,
              HALTED_PAUSED,
              KILLED_REDUCING,
              WINDOW,          /* PAUSED by the schedule */
              WINDOW_REDUCING, /* likewise, and REDUCING */
              STANDS_END
};

static const struct {
    const char *name;
    enum trading_state state, beneath;
    bool schedule_holds;
} stood[STANDS_END] = {
    [ACTIVE] = {"ACTIVE", STATE_ACTIVE, STATE_ACTIVE, false},
    [PAUSED] = {"PAUSED", STATE_PAUSED, STATE_ACTIVE, false},
    [REDUCING] = {"REDUCING", STATE_REDUCING, STATE_ACTIVE, false},
    [HALTED] = {"HALTED", STATE_HALTED, STATE_ACTIVE, false},
    [KILLED] = {"KILLED", STATE_KILLED, STATE_ACTIVE, false},
    [PAUSED_REDUCING] = {"PAUSED, REDUCING too", STATE_PAUSED, STATE_REDUCING, false},
    [HALTED_PAUSED] = {"HALTED, PAUSED too", STATE_HALTED, STATE_PAUSED, false},
    [KILLED_REDUCING] = {"KILLED, REDUCING too", STATE_KILLED, STATE_REDUCING, false},
    [WINDOW] = {"PAUSED by the schedule", STATE_PAUSED, STATE_ACTIVE, true},
    [WINDOW_REDUCING] = {"PAUSED by the schedule, REDUCING too", STATE_PAUSED, STATE_REDUCING, true},
};

enum asked { PAUSE, RESUME, REDUCE, HALT, GO, KILL, CLEAR_KILL, BEGINS, ENDS, CONTROL, COMPARE, ASKED_END };

static const char *const asked_word[ASKED_END] = {
    [PAUSE] = "pause",
    [RESUME] = "resume",
    [REDUCE] = "reduce",
    [HALT] = "halt",
    [GO] = "go",
    [KILL] = "kill",
    [CLEAR_KILL] = "clear-kill",
    [BEGINS] = "window begins",
    [ENDS] = "window ends",
    [CONTROL] = "daily loss",
    [COMPARE] = "post trade",
};

static void command(struct world *world, enum command_kind kind, enum trading_state state)
{
    struct command command = {.kind = kind, .state = state};

    pipeline_on_command(world->pipeline, &command);
}

static void tick(struct world *world, bool in_window)
{
    world->pipeline->config.schedule = in_window ? &window : NULL;
    calendar_on_tick(world->pipeline);
}

static void lose_the_day(struct world *world)
{
    struct account *account = &world->pipeline->account[0];

    account->day_start_e8 = account->equity_e8 * 2;
    monitoring_run(world->pipeline);
}

static void ask(struct world *world, enum asked asked)
{
    switch (asked) {
    case PAUSE:
        command(world, COMMAND_PAUSE, STATE_ACTIVE);
        break;
    case RESUME:
        command(world, COMMAND_RESUME, STATE_ACTIVE);
        break;
    case REDUCE:
        command(world, COMMAND_SET_STATE, STATE_REDUCING);
        break;
    case HALT:
        command(world, COMMAND_SET_STATE, STATE_HALTED);
        break;
    case GO:
        command(world, COMMAND_SET_STATE, STATE_ACTIVE);
        break;
    case KILL:
        command(world, COMMAND_KILL, STATE_ACTIVE);
        break;
    case CLEAR_KILL:
        command(world, COMMAND_CLEAR_KILL, STATE_ACTIVE);
        break;
    case BEGINS:
        tick(world, true);
        break;
    case ENDS:
        tick(world, false);
        break;
    case CONTROL:
        lose_the_day(world);
        break;
    case COMPARE:
        if (world->pipeline->risk.state < STATE_REDUCING)
            trading_reduce(world->pipeline, "POST_TRADE");
        break;
    case ASKED_END:
        break;
    }
}

/* By commands alone, from a start with a position of one lot's thousand. */
static void enter(struct world *world, enum stands stands)
{
    static const enum asked ways[STANDS_END][3] = {
        [ACTIVE] = {ASKED_END},
        [PAUSED] = {PAUSE, ASKED_END},
        [REDUCING] = {REDUCE, ASKED_END},
        [HALTED] = {HALT, ASKED_END},
        [KILLED] = {KILL, ASKED_END},
        [PAUSED_REDUCING] = {REDUCE, PAUSE, ASKED_END},
        [HALTED_PAUSED] = {PAUSE, HALT, ASKED_END},
        [KILLED_REDUCING] = {HALT, KILL, ASKED_END},
        [WINDOW] = {BEGINS, ASKED_END},
        [WINDOW_REDUCING] = {BEGINS, REDUCE, ASKED_END},
    };
    struct command buy = {
        .kind = COMMAND_ORDER,
        .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = ASK, .qty_lots = 1000}};

    world_init_venue(world, VENUE_BINANCE_USDM, bids, 1, asks, 1);
    pipeline_on_command(world->pipeline, &buy);
    assert_int_equal(world->pipeline->market[0]->total.lots, 1000);
    for (size_t i = 0; i < 3 && ways[stands][i] != ASKED_END; i++)
        ask(world, ways[stands][i]);
}

static bool is(const struct world *world, enum stands stands)
{
    const struct pipeline *pipeline = world->pipeline;

    return pipeline->risk.state == stood[stands].state && pipeline->risk.beneath == stood[stands].beneath &&
           pipeline->calendar_holds == stood[stands].schedule_holds;
}

static void assert_is(const struct world *world, enum stands stands, const char *how, const char *asked)
{
    const struct pipeline *pipeline = world->pipeline;

    if (!is(world, stands))
        fail_msg("%s, %s: %s with %s beneath%s, not %s", how, asked, trading_state_word(pipeline->risk.state),
                 trading_state_word(pipeline->risk.beneath),
                 pipeline->calendar_holds ? ", the schedule's" : "", stood[stands].name);
}

/* Bits of what the gate lets out: a hand that opens and one that closes, a strategy that closes and one that opens. */
static unsigned let_out(struct world *world)
{
    struct pipeline *pipeline = world->pipeline;
    unsigned out = 0;

    for (uint16_t owner = 0; owner < 2; owner++)
        for (int closes = 0; closes < 2; closes++) {
            struct order_intent intent = {.owner = owner,
                                          .side = closes ? SIDE_ASK : SIDE_BID,
                                          .type = ORDER_LIMIT,
                                          .tif = TIF_GTC,
                                          .price_ticks = closes ? ASK + 100 : BID - 100,
                                          .qty_lots = 500 + owner * 2 + closes};

            if (trading_judge(pipeline, pipeline->market[0], &intent).answer != RISK_ANSWER_DENIED)
                out |= 1U << (owner * 2 + closes);
        }
    return out;
}

/* What each state leads to. */
static const uint8_t leads[STANDS_END][ASKED_END] = {
    [ACTIVE] = {PAUSED, ACTIVE, REDUCING, HALTED, ACTIVE, KILLED, ACTIVE, WINDOW, ACTIVE, HALTED, REDUCING},
    [PAUSED] = {PAUSED, ACTIVE, PAUSED_REDUCING, HALTED_PAUSED, PAUSED, KILLED, PAUSED, PAUSED, PAUSED,
                HALTED_PAUSED, PAUSED_REDUCING},
    [REDUCING] = {PAUSED_REDUCING, REDUCING, REDUCING, HALTED, ACTIVE, KILLED_REDUCING, REDUCING, REDUCING,
                  REDUCING, REDUCING, REDUCING},
    [HALTED] = {HALTED, HALTED, REDUCING, HALTED, ACTIVE, KILLED_REDUCING, HALTED, HALTED, HALTED, HALTED,
                HALTED},
    [KILLED] = {KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, PAUSED, KILLED, KILLED, KILLED, KILLED},
    [PAUSED_REDUCING] = {PAUSED_REDUCING, REDUCING, PAUSED_REDUCING, HALTED_PAUSED, PAUSED_REDUCING,
                         KILLED_REDUCING, PAUSED_REDUCING, PAUSED_REDUCING, PAUSED_REDUCING, PAUSED_REDUCING,
                         PAUSED_REDUCING},
    [HALTED_PAUSED] = {HALTED_PAUSED, HALTED_PAUSED, PAUSED_REDUCING, HALTED_PAUSED, PAUSED, KILLED_REDUCING,
                       HALTED_PAUSED, HALTED_PAUSED, HALTED_PAUSED, HALTED_PAUSED, HALTED_PAUSED},
    [KILLED_REDUCING] = {KILLED_REDUCING, KILLED_REDUCING, KILLED_REDUCING, KILLED_REDUCING, KILLED_REDUCING,
                         KILLED_REDUCING, PAUSED_REDUCING, KILLED_REDUCING, KILLED_REDUCING, KILLED_REDUCING,
                         KILLED_REDUCING},
    [WINDOW] = {PAUSED, WINDOW, WINDOW_REDUCING, HALTED, WINDOW, KILLED, WINDOW, WINDOW, ACTIVE, HALTED,
                WINDOW_REDUCING},
    [WINDOW_REDUCING] = {PAUSED_REDUCING, WINDOW_REDUCING, WINDOW_REDUCING, HALTED, WINDOW_REDUCING,
                         KILLED_REDUCING, WINDOW_REDUCING, WINDOW_REDUCING, REDUCING, WINDOW_REDUCING,
                         WINDOW_REDUCING},
};

static void test_each_state_by_all_that_is_asked(void **state)
{
    (void)state;
    for (enum stands from = 0; from < STANDS_END; from++)
        for (enum asked asked = 0; asked < ASKED_END; asked++) {
            struct world world;

            enter(&world, from);
            assert_is(&world, from, stood[from].name, "entered");
            ask(&world, asked);
            assert_is(&world, leads[from][asked], stood[from].name, asked_word[asked]);
            pipeline_free(world.pipeline);
        }
}

/* The ways that lead to more: what says so by its name, a kill that is cleared, and the end of a window. */
static bool loosens(enum stands from, enum asked asked)
{
    return asked == RESUME || asked == GO || asked == ENDS || asked == CLEAR_KILL ||
           (asked == REDUCE && (from == HALTED || from == HALTED_PAUSED));
}

static void test_nothing_else_lets_more_out(void **state)
{
    (void)state;
    for (enum stands from = 0; from < STANDS_END; from++)
        for (enum asked asked = 0; asked < ASKED_END; asked++) {
            struct world world;
            unsigned before, after;

            enter(&world, from);
            before = let_out(&world);
            ask(&world, asked);
            after = let_out(&world);
            if (!loosens(from, asked) && (after & ~before) != 0)
                fail_msg("%s, %s: %x was let out, now %x", stood[from].name, asked_word[asked], before,
                         after);
            pipeline_free(world.pipeline);
        }
}

/* Bits: a hand opens 1, closes 2; a strategy opens 4, closes 8. */
static void test_what_each_state_lets_out(void **state)
{
    static const unsigned lets[STANDS_END] = {
        [ACTIVE] = 15, [PAUSED] = 3, [REDUCING] = 10, [PAUSED_REDUCING] = 2};

    (void)state;
    for (enum stands from = 0; from < STANDS_END; from++) {
        struct world world;
        unsigned out;

        enter(&world, from);
        out = let_out(&world);
        if (out != lets[from])
            fail_msg("%s lets %x out, not %x", stood[from].name, out, lets[from]);
        pipeline_free(world.pipeline);
    }
}

static void walk(struct world *world, const enum asked *steps, size_t count, enum stands to)
{
    for (size_t i = 0; i < count; i++)
        ask(world, steps[i]);
    assert_is(world, to, "a walk", asked_word[steps[count - 1]]);
}

/* What :go and a schedule's window leave of each other. */
static void test_a_window_that_is_gone_round(void **state)
{
    static const struct {
        enum asked steps[6];
        size_t count;
        enum stands to;
    } walks[] = {
        {{BEGINS, HALT, GO}, 3, WINDOW},       /* in the window :go leads to its pause */
        {{BEGINS, HALT, GO, ENDS}, 4, ACTIVE}, /* which ends with it */
        {{BEGINS, HALT, ENDS}, 3, HALTED},     /* not what somebody halted */
        {{BEGINS, HALT, ENDS, GO}, 4, ACTIVE}, /* the schedule's pause is over then */
        {{HALT, BEGINS, GO}, 3, WINDOW},       /* it began meanwhile */
        {{PAUSE, BEGINS, ENDS}, 3, PAUSED},    /* one's own outlasts it */
        {{BEGINS, PAUSE, ENDS}, 3, PAUSED},    /* also if it came later */
        {{PAUSE, BEGINS, HALT, GO, ENDS}, 5, PAUSED},
        {{REDUCE, PAUSE, KILL, CLEAR_KILL, RESUME}, 5, REDUCING},
        {{HALT, KILL, CLEAR_KILL, RESUME, GO}, 5, ACTIVE},
        {{PAUSE, HALT, REDUCE, RESUME}, 4, REDUCING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        struct world world;

        enter(&world, ACTIVE);
        walk(&world, walks[i].steps, walks[i].count, walks[i].to);
        pipeline_free(world.pipeline);
    }
}

static const char *answered(const struct world *world)
{
    const struct pipeline *pipeline = world->pipeline;

    return pipeline->answer[(pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text;
}

/* What has tripped stands: a second account counts its loss once, and in a state that lets no more out not at all. */
static void test_a_loss_of_a_second_account_trips_once(void **state)
{
    static const struct {
        enum stands from, to;
        uint64_t trips;
    } ways[] = {{ACTIVE, HALTED, 1}, {PAUSED, HALTED_PAUSED, 1}, {REDUCING, REDUCING, 0},
                {HALTED, HALTED, 0}, {KILLED, KILLED, 0},        {PAUSED_REDUCING, PAUSED_REDUCING, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct world world;

        enter(&world, ways[i].from);
        world.pipeline->accounts = 2;
        world.pipeline->account[1] = world.pipeline->account[0];
        world.pipeline->account[1].day_start_e8 *= 2;
        for (int event = 0; event < 5; event++)
            monitoring_run(world.pipeline);
        assert_int_equal(world.pipeline->risk.trips[RISK_DAILY_LOSS], ways[i].trips);
        assert_is(&world, ways[i].to, stood[ways[i].from].name, "a loss of a second account");
        world.pipeline->accounts = 1;
        pipeline_free(world.pipeline);
    }
}

/* Each of them names what to type. */
static void test_the_answers_name_the_way_on(void **state)
{
    static const struct {
        enum stands from;
        enum asked asked;
        const char *says;
    } rows[] = {
        {PAUSED_REDUCING, RESUME, "REDUCING again: :go makes it ACTIVE"},
        {PAUSED_REDUCING, GO, "paused: :resume leads back to REDUCING, then :go"},
        {HALTED_PAUSED, GO, "PAUSED, as before it was halted: :resume lets the strategies go on"},
        {HALTED_PAUSED, RESUME, "halted: :go ends that and leaves it PAUSED, :resume then goes on"},
        {HALTED, RESUME, "halted: :go makes it ACTIVE"},
        {PAUSED, REDUCE, "REDUCING, and still PAUSED: 0 orders of strategies cancelled"},
        {REDUCING, PAUSE, "PAUSED: 0 orders of strategies cancelled; yours reduce only"},
        {WINDOW, PAUSE, "PAUSED: when the schedule's window ends, too, until :resume"},
        {KILLED_REDUCING, CLEAR_KILL, "kill cleared: PAUSED and REDUCING, as it was; :resume, then :go"},
        {KILLED, CLEAR_KILL, "kill cleared: PAUSED; :resume goes on"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world world;

        enter(&world, rows[i].from);
        ask(&world, rows[i].asked);
        assert_string_equal(answered(&world), rows[i].says);
        pipeline_free(world.pipeline);
    }
}

/* --- what enters beside the feed, the clock's timers and commands -------------------------------------------------- */

static size_t told, waiting; /* records; waiting: of a step that is not told to its end */

static bool push(void *arg, const struct store_record *record)
{
    (void)arg;
    (void)record;
    told++;
    waiting++;
    return true;
}

static bool commit(void *arg)
{
    (void)arg;
    waiting = 0;
    return true;
}

static void fail_storage(struct world *world)
{
    trading_storage_failed(world->pipeline, "disk full");
}

static void lose_lease(struct world *world)
{
    lease_give_up(world->pipeline, "its lock file was deleted");
}

static void wake_in_window(struct world *world)
{
    world->pipeline->config.schedule = &window;
    pipeline_on_time(world->pipeline, WORLD_NS + 60 * INT64_C(1000000000));
}

/* A crash right behind it would lose the fills and the state that it brought. */
static void test_a_state_that_comes_from_outside_is_told_at_once(void **state)
{
    static const struct {
        const char *name;
        void (*enters)(struct world *world);
        enum trading_state then;
    } rows[] = {
        {"storage fails", fail_storage, STATE_HALTED},
        {"the lease is lost", lose_lease, STATE_HALTED},
        {"it wakes inside a window", wake_in_window, STATE_PAUSED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world world;

        enter(&world, ACTIVE);
        world.pipeline->sink = (struct record_sink){.push = push, .commit = commit};
        told = waiting = 0;
        rows[i].enters(&world);
        if (world.pipeline->risk.state != rows[i].then || told == 0 || waiting != 0)
            fail_msg("%s: %s, %zu records told, %zu of them of no whole step", rows[i].name,
                     trading_state_word(world.pipeline->risk.state), told, waiting);
        pipeline_free(world.pipeline);
    }
}

static int set_up(void **state)
{
    char why[SCHEDULE_WHY_SIZE];

    (void)state;
    schedule_init(&window);
    return schedule_add_window(&window, "daily 22:13-22:15 UTC", why) == ERR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_state_by_all_that_is_asked),
        cmocka_unit_test(test_nothing_else_lets_more_out),
        cmocka_unit_test(test_what_each_state_lets_out),
        cmocka_unit_test(test_a_window_that_is_gone_round),
        cmocka_unit_test(test_a_loss_of_a_second_account_trips_once),
        cmocka_unit_test(test_the_answers_name_the_way_on),
        cmocka_unit_test(test_a_state_that_comes_from_outside_is_told_at_once),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
