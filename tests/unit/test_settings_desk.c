/* Settings set while the program runs, and their way into the file: kept whole, refused in words, never half written. */
#include "app/config_write.h"
#include "app/demo.h"
#include "app/options.h"
#include "app/settings.h"
#include "app/settings_desk.h"

#include "unit/cmocka_all.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAITS 3000 /* of 10 ms */

static char dir[64], path[96];
static struct cli cli;

static void put(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static const char *file_text(void)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    size_t size;

    assert_non_null(file);
    size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/flowdeck-settings-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/flowdeck.yaml", dir);
    memset(&cli, 0, sizeof(cli));
    cli.config_path = path;
    return 0;
}

static int remove_dir(void **state)
{
    char other[128];

    (void)state;
    snprintf(other, sizeof(other), "%s/real.yaml", dir);
    unlink(path);
    unlink(other);
    return rmdir(dir); /* fails if anything else was left, a temporary file say */
}

static struct settings_desk *open_desk(void)
{
    struct config *config = options_config_new();
    char why[CONFIG_WHY_SIZE];
    struct settings_desk *desk;

    assert_non_null(config);
    if (access(path, F_OK) == 0)
        assert_int_equal(config_load_file(config, path, why), ERR_OK);
    desk = settings_desk_new(&cli, config);
    assert_non_null(desk);
    config_free(config);
    return desk;
}

static void set(struct settings_desk *desk, const char *name, const char *value)
{
    char why[CONFIG_WHY_SIZE];

    if (!settings_desk_set(desk, name, value, why, CONFIG_WHY_SIZE))
        fail_msg("%s", why);
}

/* What is said in the end; "" if it could not even begin. */
static const char *written(struct settings_desk *desk, bool *done)
{
    static char said[CONFIG_WHY_SIZE];
    struct timespec pause = {.tv_nsec = 10000000};

    *done = false;
    if (!settings_desk_write(desk, said, CONFIG_WHY_SIZE))
        return said;
    for (int i = 0; i < WAITS; i++) {
        if (settings_desk_written(desk, done, said))
            return said;
        nanosleep(&pause, NULL);
    }
    fail_msg("the file is never written");
    return "";
}

static const char begin[] = "# mine\nrisk:  # limits\n  max_value:   1000   # of one\n\ntheme: dark\n";

static void test_what_was_set_is_kept_and_all_else_too(void **state)
{
    struct settings_desk *desk;
    struct stat info;
    const char *said;
    bool done;

    (void)state;
    put(begin);
    assert_int_equal(chmod(path, 0640), 0);
    desk = open_desk();
    said = written(desk, &done);
    assert_false(done);
    assert_string_equal(said, "nothing was changed by :set since the file was read");
    set(desk, "risk.max_value", "500");
    set(desk, "risk.stale_ms", "900");
    set(desk, "order.sizes", "0.1,0.2");
    assert_string_equal(config_value_text(settings_desk_config(desk), "risk.max_value"), "500");
    assert_int_equal(config_source(settings_desk_config(desk), "risk.max_value", NULL, NULL),
                     OPTION_FROM_RUN);
    assert_string_equal(file_text(), begin); /* not before :write */
    said = written(desk, &done);
    assert_true(done);
    assert_non_null(strstr(said, "flowdeck.yaml has risk.max_value, risk.stale_ms, order.sizes"));
    assert_string_equal(file_text(),
                        "# mine\nrisk:  # limits\n  max_value:   500   # of one\n  stale_ms: 900\n\n"
                        "theme: dark\norder:\n  sizes: [0.1, 0.2]\n");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    set(desk, "theme", "light"); /* and again */
    (void)written(desk, &done);
    assert_true(done);
    assert_non_null(strstr(file_text(), "theme: light\n"));
    settings_desk_free(desk);
}

/* Not written yet: nothing is left to write. Written: the next :write puts back what stood there. */
static void test_unset_goes_back_to_what_it_was(void **state)
{
    struct settings_desk *desk;
    char why[CONFIG_WHY_SIZE];
    bool done;

    (void)state;
    put(begin);
    desk = open_desk();
    assert_false(settings_desk_unset(desk, "theme", why, CONFIG_WHY_SIZE));
    assert_string_equal(why, "theme was not set since the start");
    assert_false(settings_desk_unset(desk, "nosuch", why, CONFIG_WHY_SIZE));
    set(desk, "theme", "light");
    assert_true(settings_desk_unset(desk, "theme", why, CONFIG_WHY_SIZE));
    assert_string_equal(config_value_text(settings_desk_config(desk), "theme"), "dark");
    assert_string_equal(written(desk, &done), "nothing was changed by :set since the file was read");
    assert_false(done);
    set(desk, "risk.max_value", "500");
    set(desk, "risk.stale_ms", "900");
    (void)written(desk, &done);
    assert_true(done);
    assert_true(settings_desk_unset(desk, "risk.max_value", why, CONFIG_WHY_SIZE));
    assert_true(settings_desk_unset(desk, "risk.stale_ms", why, CONFIG_WHY_SIZE));
    assert_int_equal(config_source(settings_desk_config(desk), "risk.max_value", NULL, NULL),
                     OPTION_FROM_FILE);
    (void)written(desk, &done);
    assert_true(done);
    assert_non_null(strstr(file_text(), "  max_value:   1000   # of one\n  stale_ms: 1000\n"));
    settings_desk_free(desk);
}

static void test_a_file_changed_meanwhile_is_not_overwritten(void **state)
{
    static const char other[] = "# by an editor\ntheme: dark\n";
    struct settings_desk *desk;
    const char *said;
    bool done;

    (void)state;
    put(begin);
    desk = open_desk();
    set(desk, "theme", "light");
    put(other);
    said = written(desk, &done);
    assert_false(done);
    assert_non_null(strstr(said, "was changed by another hand since it was read: nothing is written"));
    assert_string_equal(file_text(), other);
    (void)written(desk, &done); /* once more: into what is there now */
    assert_true(done);
    assert_string_equal(file_text(), "# by an editor\ntheme: light\n");
    set(desk, "theme", "dark");
    put("theme: [\n"); /* and now it is no configuration at all */
    (void)written(desk, &done);
    said = written(desk, &done);
    assert_false(done);
    assert_non_null(strstr(said, "change it by hand"));
    assert_string_equal(file_text(), "theme: [\n");
    assert_int_equal(unlink(path), 0);
    (void)written(desk, &done);
    assert_false(done);
    assert_int_equal(access(path, F_OK), -1);
    settings_desk_free(desk);
}

static void test_one_that_is_read_only_stays(void **state)
{
    struct settings_desk *desk;
    const char *said;
    bool done;

    (void)state;
    put(begin);
    assert_int_equal(chmod(path, 0400), 0);
    desk = open_desk();
    set(desk, "theme", "light");
    said = written(desk, &done);
    assert_false(done);
    assert_non_null(strstr(said, "flowdeck.yaml: is read only: nothing is written"));
    assert_string_equal(file_text(), begin);
    settings_desk_free(desk);
}

static void test_a_link_stays_one(void **state)
{
    char real[128];
    struct settings_desk *desk;
    struct stat info;
    bool done;

    (void)state;
    put(begin);
    snprintf(real, sizeof(real), "%s/real.yaml", dir);
    assert_int_equal(rename(path, real), 0);
    assert_int_equal(symlink("real.yaml", path), 0);
    desk = open_desk();
    set(desk, "theme", "light");
    (void)written(desk, &done);
    assert_true(done);
    assert_int_equal(lstat(path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_non_null(strstr(file_text(), "theme: light\n"));
    settings_desk_free(desk);
}

static void test_without_a_file_one_is_begun(void **state)
{
    struct settings_desk *desk = open_desk();
    struct stat info;
    bool done;

    (void)state;
    set(desk, "risk.max_value", "500");
    (void)written(desk, &done);
    assert_true(done);
    assert_non_null(strstr(file_text(), "\nrisk:\n  max_value: 500\n"));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    settings_desk_free(desk);
}

static void test_what_is_not_allowed_is_told(void **state)
{
    static const char *const wrong[][3] = {
        {"risk.max_valu", "5", "unknown key 'risk.max_valu'; did you mean 'risk.max_value'?"},
        {"risk.max_value", "-5", "risk.max_value: '-5' is out of range; allowed: decimal"},
        {"risk.max_value", "much", "risk.max_value: 'much' is "},
        {"venue", "nasdaq", "allowed: one of: binance-spot, binance-usdm, binance-coinm"},
        {"pause.shabbat.on", "true", "pause.shabbat"}, /* wants a place beside it */
    };
    struct settings_desk *desk = open_desk();
    char why[CONFIG_WHY_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(settings_desk_set(desk, wrong[i][0], wrong[i][1], why, CONFIG_WHY_SIZE));
        if (strstr(why, wrong[i][2]) == NULL)
            fail_msg("%s: %s", wrong[i][0], why);
    }
    assert_false(settings_desk_write(desk, why, CONFIG_WHY_SIZE)); /* none of them is kept */
    settings_desk_free(desk);
}

/* The rights of a group are that group's: where the file cannot be given to it again nobody else gets them. */
static void test_another_group_gets_no_rights(void **state)
{
    const uid_t nobody = 65534;
    struct settings_desk *desk;
    struct stat info;
    bool done;

    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can become somebody who may not */
    put(begin);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(chown(path, nobody, 0), 0);
    assert_int_equal(chown(dir, nobody, nobody), 0);
    assert_int_equal(setegid(nobody), 0);
    assert_int_equal(setgroups(0, NULL), 0);
    assert_int_equal(seteuid(nobody), 0);
    desk = open_desk();
    set(desk, "risk.max_value", "500");
    (void)written(desk, &done);
    settings_desk_free(desk);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(setegid(0), 0);
    assert_true(done);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_gid, nobody);
    assert_int_equal(info.st_mode & 07777, 0600);
}

/* The demo's own way to trade is one: allowed, told by its source, and gone as a whole where somebody has another. */
static void test_the_demo_has_its_own_way(void **state)
{
    struct config *config = options_config_new();
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(demo_presets(config, why), ERR_OK);
    assert_int_equal(options_check(config, why), ERR_OK);
    assert_int_equal(config_source(config, "strategy.ofi.exit", NULL, NULL), OPTION_FROM_DEMO);
    assert_int_equal(config_source(config, "risk.loss_streak", NULL, NULL), OPTION_FROM_DEFAULT);
    config_free(config);
    config = options_config_new();
    assert_int_equal(config_set_cli(config, "strategy.ofi.threshold", "0.5", why), ERR_OK);
    assert_int_equal(demo_presets(config, why), ERR_OK);
    assert_int_equal(options_check(config, why), ERR_OK);
    assert_int_equal(config_source(config, "strategy.ofi.exit", NULL, NULL), OPTION_FROM_DEFAULT);
    config_free(config);
}

/* Read anew they are as at the start: nothing of them takes a restart. */
static void test_the_demo_reads_its_settings_anew(void **state)
{
    struct cli demo = {.demo = true, .config_path = path};
    struct config *config = options_config_new();
    struct settings_live live;
    char why[CONFIG_WHY_SIZE], line[SETTINGS_LINE_SIZE], read[PATH_TEXT_MAX];

    (void)state;
    put("log: {level: info}\n");
    assert_int_equal(settings_load(&demo, config, read, why), ERR_OK);
    assert_int_equal(config_source(config, "strategy.ofi.exit", NULL, NULL), OPTION_FROM_DEMO);
    settings_init(&live, &demo, config);
    assert_int_equal(settings_reload(&live, line), ERR_OK);
    assert_string_equal(line, "configuration read: nothing changed");
    put("strategy: {ofi: {threshold: 0.8}}\n"); /* the file has a way of its own: the demo's goes as a whole */
    assert_int_equal(settings_reload(&live, line), ERR_OK);
    assert_non_null(strstr(line, "takes a restart: "));
    assert_non_null(strstr(line, "strategy.ofi.exit"));
    settings_free(&live);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_set_is_kept_and_all_else_too, make_dir, remove_dir),
        cmocka_unit_test(test_the_demo_has_its_own_way),
        cmocka_unit_test_setup_teardown(test_the_demo_reads_its_settings_anew, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_unset_goes_back_to_what_it_was, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_a_file_changed_meanwhile_is_not_overwritten, make_dir,
                                        remove_dir),
        cmocka_unit_test_setup_teardown(test_one_that_is_read_only_stays, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_a_link_stays_one, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_without_a_file_one_is_begun, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_what_is_not_allowed_is_told, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_another_group_gets_no_rights, make_dir, remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
