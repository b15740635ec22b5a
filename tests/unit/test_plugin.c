/* test_plugin.c - a plug-in's file, its code, its state from version to version, and what is kept of the guilty. */
#include "unit/plugin_world.h"

#include "plugin/plugin_elf.h"
#include "plugin/plugin_hash.h"
#include "plugin/plugin_library.h"
#include "plugin/plugin_slots.h"
#include "plugin/plugin_strikes.h"

#include <dlfcn.h>
#include <elf.h>

static void assert_refused(const char *line)
{
    struct plugin *plugin = NULL;

    assert_int_not_equal(world_open(&plugin), ERR_OK);
    assert_null(plugin);
    assert_string_equal(world_why(), line);
}

/* --- the file --------------------------------------------------------------------------------------------- */

static void test_a_good_one_is_read_loaded_and_called(void **state)
{
    struct plugin *plugin = world_must_open("good");

    (void)state;
    assert_string_equal(plugin_about(plugin)->manifest.name, "broken");
    assert_string_equal(plugin_about(plugin)->manifest.version, "1.0.0");
    assert_int_equal(strlen(plugin_about(plugin)->sha256), 64);
    world_market(plugin);
    world_market(plugin);
    assert_false(world.result.fault);
    assert_string_equal(world.result.said, "count ||");
    plugin_close(plugin);
}

static void test_only_files_that_nobody_else_can_write(void **state)
{
    char link[128], inner[128];

    (void)state;
    world_put("good", "x.so");
    chmod(world.path, 0620);
    assert_refused("x.so: is writable by others: chmod go-w");
    chmod(world.path, 0602);
    assert_refused("x.so: is writable by others: chmod go-w");
    chmod(world.path, 0600);

    snprintf(link, sizeof(link), "%s/link.so", world.folder);
    assert_int_equal(symlink(world.path, link), 0);
    world.request.path = link;
    assert_refused("link.so: is a symbolic link; give the real path");

    snprintf(link, sizeof(link), "%s/folder", world.folder);
    snprintf(inner, sizeof(inner), "%s/folder/x.so", world.folder);
    assert_int_equal(symlink(world.folder, link), 0);
    world.request.path = inner;
    assert_refused("folder/x.so: folder 'folder' is a symbolic link; give the real path");

    chmod(world.folder, 0777);
    world.request.path = world.path;
    assert_int_not_equal(world_open(&(struct plugin *){NULL}), ERR_OK);
    assert_non_null(strstr(world.why, "' is writable by everyone: chmod o-w"));
    chmod(world.folder, 0700);

    world.request.path = world.folder;
    assert_int_not_equal(world_open(&(struct plugin *){NULL}), ERR_OK);
    assert_non_null(strstr(world.why, ": is not a regular file"));
}

static void test_only_files_of_ours_or_roots(void **state)
{
    (void)state;
    world_put("good", "x.so");
    if (geteuid() != 0 || chown(world.path, 12345, 0) != 0) {
        print_message("not root: a file of another user cannot be made\n");
        return;
    }
    assert_refused("x.so: belongs to another user; only yours and root's are loaded");
    assert_int_equal(chown(world.path, 0, 0), 0);
    assert_int_equal(chown(world.folder, 12345, 0), 0);
    assert_int_not_equal(world_open(&(struct plugin *){NULL}), ERR_OK);
    assert_non_null(strstr(world.why, "' belongs to another user"));
}

static void test_only_plain_absolute_paths(void **state)
{
    static const struct {
        const char *path, *line;
    } rows[] = {
        {"x.so", "x.so: must be an absolute path"},
        {"", ": must be an absolute path"},
        {"/tmp/../x.so", "/tmp/../x.so: path holds '//', '.' or '..'; give the plain one"},
        {"/tmp//x.so", "/tmp//x.so: path holds '//', '.' or '..'; give the plain one"},
        {"/tmp/", "/tmp/: path holds '//', '.' or '..'; give the plain one"},
        {"/tmp/\x1b[2J.so", "/tmp/\\x1b[2J.so: path holds control or invisible characters"},
        {"/nowhere/x.so", "/nowhere/x.so: cannot be opened: No such file or directory"},
        {"/dev/null", "/dev/null: is not a regular file"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world.request.path = rows[i].path;
        assert_refused(rows[i].line);
    }
    world_put("good", "x.so");
    setenv("LD_LIBRARY_PATH", "/tmp", 1);
    assert_refused("x.so: LD_LIBRARY_PATH is set, so its libraries could come from anywhere: unset it");
    unsetenv("LD_LIBRARY_PATH");
}

static void test_a_pin_holds_the_very_bytes(void **state)
{
    struct plugin *plugin = world_must_open("good");
    char pin[PLUGIN_SHA256_SIZE], line[256];

    (void)state;
    snprintf(pin, sizeof(pin), "%s", plugin_about(plugin)->sha256);
    plugin_close(plugin);
    world.request.pin = pin;
    plugin_close(world_must_open("good"));
    world_put("good_2", "x.so");
    assert_int_not_equal(world_open(&plugin), ERR_OK);
    snprintf(line, sizeof(line), "x.so: is not the one that was pinned: its SHA-256 is ");
    assert_int_equal(strncmp(world_why(), line, strlen(line)), 0);
}

static void test_path_and_pin_of_the_configuration(void **state)
{
#define SHA "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    static const struct {
        const char *spec, *path, *pin;
    } rows[] = {
        {"/x/a.so", "/x/a.so", ""},       {"/x/a.so@" SHA, "/x/a.so", SHA},
        {"/x@y/a.so", "/x@y/a.so", ""},   {"/x@y/a.so@" SHA, "/x@y/a.so", SHA},
        {"/x/a.so@12", "/x/a.so@12", ""}, {"@" SHA, "", SHA},
    };
    char path[PLUGIN_PATH_MAX], pin[PLUGIN_SHA256_SIZE], longer[PLUGIN_PATH_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(plugin_file_spec(rows[i].spec, path, pin), ERR_OK);
        assert_string_equal(path, rows[i].path);
        assert_string_equal(pin, rows[i].pin);
    }
    memset(longer, 'x', sizeof(longer));
    longer[PLUGIN_PATH_MAX] = '\0';
    assert_int_equal(plugin_file_spec(longer, path, pin), ERR_TOO_LONG);
}

/* A library that is being written or damaged must not end the process: each of these would at dlopen(). */
static void test_every_cut_of_a_library_is_refused(void **state)
{
    static unsigned char bytes[PLUGIN_SIZE_MAX];
    const char *text, *why;
    size_t size, text_size;
    FILE *in;

    (void)state;
    world_put("good", "x.so");
    in = fopen(world.path, "rb");
    assert_non_null(in);
    size = fread(bytes, 1, sizeof(bytes), in);
    fclose(in);
    assert_int_equal(plugin_elf_manifest(bytes, size, &text, &text_size, &why), ERR_OK);
    assert_int_equal(strncmp(text, "name: broken\n", 13), 0);
    for (size_t cut = 0; cut < size; cut += cut < 200 ? 1 : 97)
        assert_int_not_equal(plugin_elf_manifest(bytes, cut, &text, &text_size, &why), ERR_OK);
    bytes[EI_CLASS] = ELFCLASS32;
    assert_int_equal(plugin_elf_manifest(bytes, size, &text, &text_size, &why), ERR_UNSUPPORTED);
    assert_string_equal(why, "is made for another kind of machine");
    bytes[EI_CLASS] = ELFCLASS64;
    ((Elf64_Ehdr *)(void *)bytes)->e_type = ET_EXEC;
    assert_int_equal(plugin_elf_manifest(bytes, size, &text, &text_size, &why), ERR_BAD_DATA);
    assert_string_equal(why, "is not a shared library; link it with -shared");
}

static void test_a_changed_file_does_not_change_what_runs(void **state)
{
    struct plugin *plugin = world_must_open("good");
    struct plugin_identity opened = plugin_about(plugin)->identity;
    int fd;

    (void)state;
    assert_false(plugin_file_changed(world.path, &opened));
    fd = open(world.path, O_WRONLY | O_TRUNC); /* the same inode: a mapped file would be a SIGBUS now */
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
    assert_true(plugin_file_changed(world.path, &opened));
    world_market(plugin);
    assert_string_equal(world.result.said, "count |");
    unlink(world.path);
    assert_false(plugin_file_changed(world.path, &opened)); /* being replaced: nothing to load yet */
    plugin_close(plugin);
}

/* --- parameters and names --------------------------------------------------------------------------------- */

static void test_settings_reach_create_and_bad_ones_are_named(void **state)
{
    static const struct plugin_setting rows[] = {
        {"step", "3", NULL}, {"step", "12", NULL}, {"stepp", "1", "broken"}};
    struct plugin *plugin;

    (void)state;
    world.request.settings = &rows[0];
    world.request.setting_count = 1;
    plugin = world_must_open("good");
    world_market(plugin);
    assert_string_equal(world.result.said, "count |||");
    plugin_close(plugin);
    world.request.settings = &rows[1];
    assert_refused("x.so: step: '12' is out of range; allowed: integer 1..9");
    world.request.settings = &rows[2];
    assert_refused("x.so: broken 1.0.0 has no parameter 'stepp'");
}

static void test_settings_of_the_configuration_find_their_strategy(void **state)
{
    static const char *const bad[] = {"",
                                      "broken",
                                      "broken.step",
                                      "broken.step=",
                                      "broken.=1",
                                      ".step=1",
                                      "=",
                                      "broken=1",
                                      "averyveryverylongname.step=1"};
    struct plugin_setting_words words[2];
    struct plugin_setting settings[2];
    char why[160], line[160];
    struct plugin *plugin;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(plugin_setting_read(bad[i], &words[0], why, sizeof(why)), ERR_CONFIG);
        snprintf(line, sizeof(line), "'%s' is not STRATEGY.PARAMETER=VALUE", bad[i]);
        assert_string_equal(why, line);
    }
    assert_int_equal(plugin_setting_read("other.gamma=0.5", &words[0], why, sizeof(why)), ERR_OK);
    assert_int_equal(plugin_setting_read("broken.step=2", &words[1], why, sizeof(why)), ERR_OK);
    settings[0] = plugin_setting_of(&words[0]);
    settings[1] = plugin_setting_of(&words[1]);
    world.request.settings = settings;
    world.request.setting_count = 2;
    plugin = world_must_open("good");
    assert_int_equal(strategy_instance_parameter(plugin_instance(plugin), 0), 2);
    plugin_close(plugin);
}

static void test_a_name_belongs_to_one_strategy(void **state)
{
    static const char *const taken[] = {"ofi", "momentum"};

    (void)state;
    world.request.taken = taken;
    world.request.taken_count = 2;
    world_put("name_taken", "x.so");
    assert_refused("x.so: the name 'ofi' is taken by another strategy");
    world.request.taken_count = 0;
    world.request.must_be = "broken";
    assert_refused("x.so: is another strategy: its name is 'ofi', not 'broken'");
}

/* --- a new version ---------------------------------------------------------------------------------------- */

static void test_a_reload_hands_the_state_over(void **state)
{
    struct plugin_slots slots;
    struct plugin *old = world_must_open("good"), *fresh, *taken;
    char line[256];

    (void)state;
    memset(&slots, 0, sizeof(slots));
    world_market(old);
    world_market(old);
    fresh = world_must_open("good_2");
    assert_true(plugin_slots_offer(&slots, fresh));
    assert_false(plugin_slots_offer(&slots, fresh)); /* one at a time */
    assert_null(plugin_slots_collect(&slots, OWNER));
    taken = plugin_slots_take(&slots, OWNER);
    assert_ptr_equal(taken, fresh);
    assert_int_equal(plugin_hand_over(old, taken, line, sizeof(line)), ERR_OK);
    assert_string_equal(line, "broken: version 1.0.0 -> 1.1.0, 8 bytes of state");
    plugin_slots_give_back(&slots, old);
    assert_null(plugin_slots_withdraw(&slots, OWNER));
    plugin_slots_tidy(&slots, OWNER);
    assert_null(plugin_slots_collect(&slots, OWNER));
    world_market(fresh);
    assert_string_equal(world.result.said, "count |||||||"); /* 2, and its own step of 5 */
    plugin_close(fresh);
    assert_null(plugin_slots_take(&slots, OWNER));
}

static void test_a_version_that_does_not_understand_leaves_the_old_one(void **state)
{
    struct plugin *old = world_must_open("good"), *fresh;
    char line[256];

    (void)state;
    world_market(old);
    fresh = world_must_open("good_stranger");
    assert_int_not_equal(plugin_hand_over(old, fresh, line, sizeof(line)), ERR_OK);
    assert_string_equal(line,
                        "broken keeps version 1.0.0: version 1.1.0 does not understand its state of 8 bytes");
    plugin_close(fresh);
    world_market(old);
    assert_string_equal(world.result.said, "count ||");
    plugin_close(old);
}

static void test_a_parameter_changed_meanwhile_is_not_lost(void **state)
{
    static const struct plugin_setting seven = {"step", "7", NULL};
    struct plugin *old = world_must_open("good"), *fresh = world_must_open("good_2");
    char line[256], why[128];

    (void)state;
    assert_int_equal(plugin_set_parameter(plugin_instance(old), OWNER, 0, 7, why, sizeof(why)), ERR_OK);
    assert_int_not_equal(plugin_hand_over(old, fresh, line, sizeof(line)), ERR_OK);
    assert_string_equal(
        line, "broken keeps version 1.0.0: parameter step was changed to 7 meanwhile; reload again");
    plugin_close(fresh);
    world.request.settings = &seven;
    world.request.setting_count = 1;
    fresh = world_must_open("good_2");
    assert_int_equal(plugin_hand_over(old, fresh, line, sizeof(line)), ERR_OK);
    plugin_close(old);
    plugin_close(fresh);
}

static void test_a_state_that_lies_about_its_size_is_none(void **state)
{
    struct plugin *old = world_must_open("save_lies"), *fresh;
    char line[256];

    (void)state;
    world_market(old);
    fresh = world_must_open("good_2");
    assert_int_equal(plugin_hand_over(old, fresh, line, sizeof(line)), ERR_OK);
    assert_string_equal(line, "broken: version 1.0.0 -> 1.1.0, begins afresh: no state was saved");
    plugin_close(old);
    plugin_close(fresh);
}

/* --- strikes and quarantine ------------------------------------------------------------------------------- */

static void test_three_strikes_in_a_minute(void **state)
{
    const int64_t s = 1000000000;
    struct plugin_strikes strikes = {0};
    char text[64], why[160];

    (void)state;
    plugin_strike_late_text(PLUGIN_MARKET, 812999, 500000, text, sizeof(text));
    assert_string_equal(text, "market took 812 us of 500");
    assert_false(plugin_strike(&strikes, 10 * s, text, why, sizeof(why)));
    assert_string_equal(why, "strike 1 of 3 in 60 s: market took 812 us of 500");
    assert_false(plugin_strike(&strikes, 40 * s, text, why, sizeof(why)));
    assert_false(plugin_strike(&strikes, 70 * s, text, why, sizeof(why))); /* the first is 60 s old */
    assert_string_equal(why, "strike 2 of 3 in 60 s: market took 812 us of 500");
    assert_true(plugin_strike(&strikes, 99 * s, text, why, sizeof(why)));
    assert_string_equal(why, "disabled after 3 strikes in 60 s: market took 812 us of 500");
    assert_false(
        plugin_strike(&strikes, 100 * s, text, why, sizeof(why))); /* switched on again: a new count */
}

static void test_the_quarantine_is_a_file_that_people_can_edit(void **state)
{
    char why[256], sha[2][PLUGIN_SHA256_SIZE];
    size_t count;

    (void)state;
    assert_true(plugin_hash("a", 1, sha[0]));
    assert_string_equal(sha[0], "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    assert_true(plugin_hash("b", 1, sha[1]));
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[0], why, sizeof(why)), ERR_OK);
    assert_true(plugin_quarantine_add(world.quarantine, sha[0], "/x/a.so", "crashed in market: SIGSEGV"));
    assert_true(plugin_quarantine_add(world.quarantine, sha[1], "/x/b.so", "bad\nreason\x1b"));
    assert_true(plugin_quarantine_add(world.quarantine, sha[0], "/x/a.so", "another reason"));
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[0], why, sizeof(why)), ERR_STATE);
    assert_string_equal(why + sizeof("since 2026-11-21T08:00:00.000Z"), " crashed in market: SIGSEGV");
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[1], why, sizeof(why)), ERR_STATE);
    assert_non_null(strstr(why, ": bad?reason?"));

    assert_int_equal(plugin_quarantine_lift(world.quarantine, "/x/a.so", &count), ERR_OK);
    assert_int_equal(count, 1); /* the second line about it never was written */
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[0], why, sizeof(why)), ERR_OK);
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[1], why, sizeof(why)), ERR_STATE);
    assert_int_equal(plugin_quarantine_lift(world.quarantine, sha[1], &count), ERR_OK);
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha[1], why, sizeof(why)), ERR_OK);
}

/* Whatever form a line has, a hash in it keeps that plug-in out: to err is to load nothing. */
static void test_a_line_written_by_hand_counts(void **state)
{
    FILE *out = fopen(world.quarantine, "w");
    char why[256], sha[PLUGIN_SHA256_SIZE];
    size_t count;

    (void)state;
    assert_true(plugin_hash("a", 1, sha));
    fprintf(out, "%s /x/a.so strategy a ended the process\nrubbish\n", sha);
    fclose(out);
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha, why, sizeof(why)), ERR_STATE);
    assert_int_equal(strncmp(why, "by the line: ca978112", 21), 0);
    assert_true(plugin_hash("b", 1, sha));
    assert_int_equal(plugin_quarantine_find(world.quarantine, sha, why, sizeof(why)), ERR_OK);
    assert_int_equal(plugin_quarantine_lift(world.quarantine, "/x/a.so", &count), ERR_OK);
    assert_int_equal(count, 1);
}

static void test_a_quarantine_that_cannot_be_read_loads_nothing(void **state)
{
    char line[256];

    (void)state;
    world_put("good", "x.so");
    assert_int_equal(mkdir(world.quarantine, 0700), 0);
    snprintf(line, sizeof(line), "x.so: not loaded: %s is no regular file of at most 256 KiB",
             world.quarantine);
    assert_refused(line);
}

/* --- many ------------------------------------------------------------------------------------------------- */

static size_t open_files(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void test_a_hundred_reloads_leave_nothing_behind(void **state)
{
    struct plugin *running = world_must_open("good");
    size_t files = open_files();
    char line[256];

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct plugin *fresh = world_must_open(i % 2 == 0 ? "good_2" : "good");

        assert_int_equal(plugin_hand_over(running, fresh, line, sizeof(line)), ERR_OK);
        plugin_close(running);
        running = fresh;
        assert_string_equal(plugin_about(running)->manifest.version, i % 2 == 0 ? "1.1.0" : "1.0.0");
        world_market(running);
        assert_false(world.result.fault);
    }
    assert_int_equal(open_files(), files);
    plugin_close(running);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_good_one_is_read_loaded_and_called),
        TEST(test_only_files_that_nobody_else_can_write),
        TEST(test_only_files_of_ours_or_roots),
        TEST(test_only_plain_absolute_paths),
        TEST(test_a_pin_holds_the_very_bytes),
        TEST(test_path_and_pin_of_the_configuration),
        TEST(test_every_cut_of_a_library_is_refused),
        TEST(test_a_changed_file_does_not_change_what_runs),
        TEST(test_settings_reach_create_and_bad_ones_are_named),
        TEST(test_settings_of_the_configuration_find_their_strategy),
        TEST(test_a_name_belongs_to_one_strategy),
        TEST(test_a_reload_hands_the_state_over),
        TEST(test_a_version_that_does_not_understand_leaves_the_old_one),
        TEST(test_a_parameter_changed_meanwhile_is_not_lost),
        TEST(test_a_state_that_lies_about_its_size_is_none),
        TEST(test_three_strikes_in_a_minute),
        TEST(test_the_quarantine_is_a_file_that_people_can_edit),
        TEST(test_a_line_written_by_hand_counts),
        TEST(test_a_quarantine_that_cannot_be_read_loads_nothing),
        TEST(test_a_hundred_reloads_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
