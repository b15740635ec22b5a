/* Where a running engine is looked for when the settings cannot be read: a kill must reach it all the same. */
#include "unit/cmocka_all.h"

#include "app/options.h"
#include "app/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static int file_setup(void **state)
{
    int fd;

    (void)state;
    strcpy(path, "/tmp/flowdeck-settings-XXXXXX");
    fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int file_teardown(void **state)
{
    (void)state;
    unsetenv("FLOWDECK_DATA_DIR");
    return unlink(path);
}

/* After a file of that text, which does not load. */
static const char *found(const char *text, const struct cli *cli)
{
    static char out[CONFIG_TEXT_MAX];
    struct config *config = options_config_new();
    FILE *file = fopen(path, "we");
    char why[CONFIG_WHY_SIZE];

    assert_non_null(config);
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_not_equal(config_load_file(config, path, why), ERR_OK);
    settings_find_data_dir(cli, config, path);
    snprintf(out, sizeof(out), "%s", config_text(config, "data_dir"));
    config_free(config);
    return out;
}

static void test_the_data_directory_is_found(void **state)
{
    static struct cli cli;

    (void)state;
    unsetenv("FLOWDECK_DATA_DIR");
    assert_string_equal(found("mode: [\ndata_dir: /srv/desk\n", &cli), "/srv/desk");
    assert_string_equal(found("nonsense\ndata_dir:  \"/srv/a b\" # here\n", &cli), "/srv/a b");
    assert_string_equal(found("data_dir: /srv/desk  # mine\r\nmode: x\n", &cli), "/srv/desk");
    assert_string_equal(found("  data_dir: /srv/inner\nmode: x\n", &cli), "");
    assert_string_equal(found("data_dir: \"/srv/open\nmode: x\n", &cli), "");
    assert_string_equal(found("mode: x\n", &cli), "");
    setenv("FLOWDECK_DATA_DIR", "/srv/env", 1);
    assert_string_equal(found("mode: x\ndata_dir: /srv/desk\n", &cli), "/srv/env");
    cli.setting[0].setting = "data_dir";
    cli.setting[0].value = "/srv/flag";
    cli.setting_count = 1;
    assert_string_equal(found("mode: x\ndata_dir: /srv/desk\n", &cli), "/srv/flag");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_data_directory_is_found, file_setup, file_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
