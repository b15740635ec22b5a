/*
 * test_plugin_example.c - the way of a newcomer: headers and template from an installed prefix, one `make`, and it trades.
 * And the guide is about the interface that there is.
 */
#include "unit/plugin_world.h"

#include <ctype.h>

static char prefix[80], folder[160];

/* Without what a surrounding make told its children: this one is started by hand. */
static int run_make(const char *arguments)
{
    char command[640];

    snprintf(command, sizeof(command),
             "env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u CFLAGS make -s %s >/dev/null", arguments);
    return system(command); /* NOLINT(cert-env33-c): a fixed command of our own */
}

static int install(void **state)
{
    char arguments[256];

    if (world_set_up(state) != 0)
        return 1;
    snprintf(prefix, sizeof(prefix), "%s/prefix", world.folder);
    snprintf(folder, sizeof(folder), "%s/share/flowdeck/examples/strategy-template", prefix);
    snprintf(arguments, sizeof(arguments), "install-dev PREFIX='%s'", prefix);
    if (run_make(arguments) != 0)
        return 1;
    snprintf(world.path, sizeof(world.path), "%s/template.so", world.folder);
    world.request.path = world.path;
    return 0;
}

static void build(void)
{
    char command[512];

    snprintf(command, sizeof(command), "-C '%s' FLOWDECK_INCLUDE='%s/include'", folder, prefix);
    assert_int_equal(run_make(command), 0);
    snprintf(command, sizeof(command), "%s/template.so", folder);
    assert_int_equal(rename(command, world.path), 0);
}

static void see(double imbalance, int64_t now_ns, struct plugin *plugin)
{
    const struct strategy_event event = {
        .kind = HAPPENED_MARKET, .instrument_id = 2, .may_trade = true, .now_ns = now_ns};

    world.signals.valid = true;
    world.signals.imbalance_5 = imbalance;
    strategy_instance_see(plugin_instance(plugin), &world.sight);
    plugin_call(plugin_instance(plugin), OWNER, &event, true, &world.result);
    if (world.result.fault)
        fail_msg("%s", world.result.fault_why);
}

static void test_the_template_builds_loads_and_trades(void **state)
{
    const int64_t s = 1000000000;
    static const struct plugin_setting settings[] = {{"hold_s", "10", NULL}, {"qty", "0.002", NULL}};
    struct plugin *plugin, *fresh;
    char line[256];

    (void)state;
    build();
    world.request.settings = settings;
    world.request.setting_count = 2;
    if (world_open(&plugin) != ERR_OK)
        fail_msg("refused: %s", world.why);
    assert_string_equal(plugin_about(plugin)->manifest.name, "template");
    see(0.1, 100 * s, plugin);
    assert_int_equal(world.result.goals, 0);
    assert_true(strategy_instance_reason(plugin_instance(plugin), 2)->set);
    see(0.5, 101 * s, plugin);
    assert_int_equal(world.result.goals, 1);
    assert_int_equal(world.result.goal[0].target_lots, 200);
    assert_string_equal(world.result.said, "the bids weigh more: long");

    assert_int_equal(world_open(&fresh), ERR_OK); /* the same version again takes the state over */
    assert_int_equal(plugin_hand_over(plugin, fresh, line, sizeof(line)), ERR_OK);
    plugin_close(plugin);
    see(0.5, 110 * s, fresh);
    assert_int_equal(world.result.goals, 0);
    see(0.5, 111 * s, fresh);
    assert_int_equal(world.result.goals, 1);
    assert_int_equal(world.result.goal[0].target_lots, 0);
    see(-0.5, 112 * s, fresh); /* short is not allowed here */
    assert_int_equal(world.result.goals, 0);
    plugin_close(fresh);
}

/* --- the guide ------------------------------------------------------------------------------------------------ */

static void read_text(const char *path, char *out, size_t out_size)
{
    FILE *in = fopen(path, "r");
    size_t size;

    if (in == NULL)
        fail_msg("%s is not there", path);
    size = fread(out, 1, out_size - 1, in);
    out[size] = '\0';
    fclose(in);
}

/* Every wish, kind of event and choice that the header has, and every callback. */
static void test_the_guide_names_all_of_the_interface(void **state)
{
    static const char *const told_by_the_header_alone[] = {"FD_ORDER_", "FD_BOOK_"};
    static char header[65536], guide[65536];
    char path[160], word[64], item[80];
    size_t words = 0;

    (void)state;
    snprintf(path, sizeof(path), "%s/include/flowdeck/strategy.h", prefix);
    read_text(path, header, sizeof(header));
    snprintf(path, sizeof(path), "%s/share/man/man7/flowdeck-strategy.7", prefix);
    read_text(path, guide, sizeof(guide));
    for (const char *at = strstr(header, "FD_ABSORBED"); (at = strstr(at, "FD_")) != NULL;) {
        size_t size = 0;
        bool wanted = at[-1] == ' ';

        while (size < sizeof(word) - 1 && (isupper((unsigned char)at[size]) || at[size] == '_'))
            size++;
        snprintf(word, sizeof(word), "%.*s", (int)size, at);
        at += size;
        for (size_t i = 0; i < 2; i++)
            wanted = wanted &&
                     strncmp(word, told_by_the_header_alone[i], strlen(told_by_the_header_alone[i])) != 0;
        if (!wanted || strstr(word, "_MAX") != NULL || strcmp(word, "FD_INSTRUMENTS") == 0)
            continue;
        words++;
        if (strstr(guide, word) == NULL)
            fail_msg("flowdeck-strategy(7) does not name %s", word);
    }
    assert_true(words > 20);
    for (const char *at = strstr(header, "struct fd_strategy {"); (at = strstr(at, "(*")) != NULL; at += 2) {
        snprintf(item, sizeof(item), ".B %.*s\n", (int)strcspn(at + 2, ")"), at + 2);
        if (strstr(guide, item) == NULL)
            fail_msg("flowdeck-strategy(7) does not explain %s", item);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_template_builds_loads_and_trades),
        cmocka_unit_test(test_the_guide_names_all_of_the_interface),
    };

    return cmocka_run_group_tests(tests, install, world_tear_down);
}
