/* test_plugin_watch.c - a replaced file becomes a reload, and a bad one leaves the old version running. */
#include "unit/plugin_world.h"

#include "app/plugin_watch.h"

#define GIVE_UP_S 10.0

static struct {
    struct ev_loop *loop;
    int told;
    uint16_t owner;
} heard;

static void on_changed(void *arg, uint16_t owner, const char *path)
{
    (void)arg;
    assert_string_equal(path, world.path);
    heard.told++;
    heard.owner = owner;
    ev_break(heard.loop, EVBREAK_ALL);
}

static void on_give_up(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)timer;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void run_loop_for(double seconds)
{
    ev_timer limit;

    ev_timer_init(&limit, on_give_up, seconds, 0.0);
    ev_timer_start(heard.loop, &limit);
    ev_run(heard.loop, 0);
    ev_timer_stop(heard.loop, &limit);
}

static int set_up(void **state)
{
    memset(&heard, 0, sizeof(heard));
    heard.loop = ev_loop_new(EVFLAG_AUTO);
    return heard.loop == NULL || world_set_up(state);
}

static int tear_down(void **state)
{
    ev_loop_destroy(heard.loop);
    return world_tear_down(state);
}

static void test_a_replaced_file_is_told_of_once(void **state)
{
    struct plugin *plugin = world_must_open("good");
    struct plugin_watch *watch = plugin_watch_new(heard.loop, on_changed, NULL);
    char beside[128];

    (void)state;
    assert_int_equal(plugin_watch_add(watch, OWNER, world.path, &plugin_about(plugin)->identity), ERR_OK);
    assert_int_equal(plugin_watch_add(watch, OWNER, world.path, &plugin_about(plugin)->identity),
                     ERR_DUPLICATE);
    run_loop_for(3 * PLUGIN_SETTLE_S);
    assert_int_equal(heard.told, 0); /* it is the one that was loaded */

    snprintf(beside, sizeof(beside), "%s/x.so.new", world.folder); /* as a linker or `mv` does it */
    world_put("good_2", "x.so.new");
    snprintf(world.path, sizeof(world.path), "%s/x.so", world.folder);
    assert_int_equal(rename(beside, world.path), 0);
    run_loop_for(GIVE_UP_S);
    assert_int_equal(heard.told, 1);
    assert_int_equal(heard.owner, OWNER);
    run_loop_for(3 * PLUGIN_SETTLE_S);
    assert_int_equal(heard.told, 1);
    plugin_watch_free(watch);
    plugin_close(plugin);
}

static void test_whatever_goes_wrong_the_old_one_runs_on(void **state)
{
    static const char *const bad[] = {"bad_yaml",    "newer_table", "missing_symbol",
                                      "create_null", "name_taken",  "locale"};
    struct plugin *running = world_must_open("good"), *fresh;

    (void)state;
    world.request.must_be = "broken";
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        world_put(bad[i], "x.so");
        assert_int_not_equal(plugin_open(&world.request, &fresh, world.why, sizeof(world.why)), ERR_OK);
        assert_int_equal(strncmp(world_why(), "x.so: ", 6), 0);
    }
    world_market(running);
    assert_string_equal(world.result.said, "count |");
    plugin_close(running);
}

static size_t address_pages(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu", &pages), 1); /* NOLINT(cert-err34-c): of the kernel's */
    fclose(file);
    return pages;
}

/* Loading and the engine may be one thread: the stack of the first start goes with the second. */
static void test_a_thread_that_starts_twice_has_one_stack(void **state)
{
    size_t before;

    (void)state;
    assert_int_equal(plugin_guard_thread_start(false), ERR_OK);
    before = address_pages();
    for (int i = 0; i < 100; i++)
        assert_int_equal(plugin_guard_thread_start(true), ERR_OK);
    assert_true(address_pages() < before + 100);
    plugin_guard_thread_end();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_replaced_file_is_told_of_once),
        TEST(test_whatever_goes_wrong_the_old_one_runs_on),
        TEST(test_a_thread_that_starts_twice_has_one_stack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
