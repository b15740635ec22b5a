/*
 * What a key asks the engine for comes before the picture of the key: behind an order the screen's thread rests, so that the
 * engine's thread gets the processor it was woken on. And how long a key takes until it is there.
 */
#include "unit/ui_fixture.h"

#include "app/engine_state.h"
#include "app/options.h"
#include "app/ui_loop_state.h"
#include "core/base/clock.h"
#include "service/control.h"

#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

/* An engine that could be woken, and takes nothing. */
static struct engine *engine_open(struct config *config, struct engine_config *made)
{
    static const struct engine_live_config live = {.venue = NULL};
    struct engine *engine;
    char why[CONFIG_WHY_SIZE];

    made->live = &live;
    assert_int_equal(options_pipeline(config, &made->pipeline, why), ERR_OK);
    assert_int_equal(engine_new(made, &engine, why, sizeof(why)), ERR_OK);
    engine->commands = spsc_ring_new(2, sizeof(struct command));
    engine->loop = ev_loop_new(EVFLAG_NOSIGMASK);
    assert_non_null(engine->commands);
    assert_non_null(engine->loop);
    return engine;
}

static void test_the_screen_rests_behind_an_order(void **state)
{
    struct engine_config made = {.live = NULL};
    struct config *config = options_config_new();
    struct engine *engine = engine_open(config, &made);
    struct ui_port port = {.engine = engine};
    struct ui_loop loop = {.port = &port};
    const struct command order = {.kind = COMMAND_ORDER};
    int64_t before_ns = clock_monotonic_ns();

    (void)state;
    assert_true(ui_loop_send(&loop, &order));
    assert_int_equal(spsc_ring_used(engine->commands), 1);
    assert_true(pace_rests(&loop.paint.pace, before_ns) > 0);
    engine_free(engine);
    config_free(config);
}

/* Commands of no key, and those that only look, are not counted. */
static void test_a_key_is_timed_until_the_engine_has_it(void **state)
{
    struct engine_config made = {.live = NULL};
    struct config *config = options_config_new();
    struct engine *engine = engine_open(config, &made);
    int64_t typed_ns = clock_monotonic_ns();
    struct command unread = {.kind = COMMAND_NOTE}, read = {.kind = COMMAND_NOTE, .typed_ns = typed_ns},
                   look = {.kind = COMMAND_VIEW, .typed_ns = typed_ns};
    static struct control_status status;

    (void)state;
    engine_take_from(engine, &unread, 0);
    engine_take_from(engine, &look, 0);
    engine_live_latencies(engine, &status);
    assert_int_equal(status.key.count, 0);
    assert_int_equal(status.key_taken_ns, 0);
    engine_take_from(engine, &read, 0);
    engine_live_latencies(engine, &status);
    assert_int_equal(status.key.count, 1);
    assert_in_range(status.key_taken_ns, typed_ns, clock_monotonic_ns());
    engine_free(engine);
    config_free(config);
}

static bool has_bytes(int fd)
{
    char bytes[4096];

    return read(fd, bytes, sizeof(bytes)) > 0;
}

static void drain(int fd)
{
    while (has_bytes(fd))
        ;
}

/* Not a byte of a picture before the rest is over, urgent as it may be; then it goes. */
static void test_a_picture_waits_until_the_rest_is_over(void **state)
{
    struct winsize size = {24, 80, 0, 0};
    struct fixture *f = fixture_new(80, 24);
    struct ui_paint paint;
    struct theme theme;
    struct screen *screen;
    char path[64], why[SCREEN_WHY_SIZE];
    int master, slave;

    (void)state;
    assert_int_equal(openpty(&master, &slave, path, NULL, &size), 0);
    fcntl(master, F_SETFL, O_NONBLOCK);
    theme_load_default(&theme);
    screen = screen_open(&(struct screen_options){.tty_path = path, .term = "xterm"}, &theme, why);
    assert_non_null(screen);
    assert_true(ui_paint_open(&paint, screen, f->ui, 1000000, f->now_ns));
    drain(master);
    ui_paint_key(&paint);
    pace_rest(&paint.pace, f->now_ns);
    assert_int_equal(ui_paint_draw(&paint, f->now_ns), SCREEN_BUSY);
    assert_false(has_bytes(master));
    (void)ui_paint_draw(&paint, f->now_ns + PACE_REST_NS);
    assert_true(has_bytes(master));
    drain(master);
    ui_paint_close(&paint);
    screen_close(screen);
    close(slave);
    close(master);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_screen_rests_behind_an_order),
        cmocka_unit_test(test_a_key_is_timed_until_the_engine_has_it),
        cmocka_unit_test(test_a_picture_waits_until_the_rest_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
