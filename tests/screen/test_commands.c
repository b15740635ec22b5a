/* The prompt by keys alone: what it offers, what it never does by itself, settings into their file, lines typed before. */
#include "screen/workstation.h"
#include "unit/own_folder.h"

#include <stdio.h>
#include <sys/stat.h>

static char config[96], config_env[128], folder_env[96];

/* In pieces: more than 16 bytes at once are a paste. */
static void type(struct vt *vt, const char *line)
{
    char shown[32];
    size_t size = strlen(line);

    for (size_t at = 0; at < size; at += 8) {
        size_t piece = size - at < 8 ? size - at : 8;

        vt_send_bytes(vt, line + at, piece);
        snprintf(shown, sizeof(shown), "%.*s", (int)piece, line + at);
        vt_expect(vt, shown + strspn(shown, ": "), ANSWER_MS);
    }
}

static struct vt *start_stored(void)
{
    static const char *const simulation[] = {"--mode", "simulation", NULL};
    const char *const env[] = {config_env, folder_env, NULL};
    struct vt *vt = start(36, 120, simulation, env);

    vt_expect(vt, "LIVE", START_MS);
    return vt;
}

static int make_folder(void **state)
{
    FILE *file;

    find_program(state);
    assert_int_equal(own_folder_make("commands"), 0);
    snprintf(config, sizeof(config), "%s/flowdeck.yaml", folder);
    snprintf(config_env, sizeof(config_env), "FLOWDECK_CONFIG=%s", config);
    snprintf(folder_env, sizeof(folder_env), "FLOWDECK_DATA_DIR=%s/data", folder);
    file = fopen(config, "w");
    assert_non_null(file);
    fputs("# my own\ntheme:  dark   # at night\nrisk:\n  stale_ms: 1000\n", file);
    return fclose(file);
}

static void test_a_guess_is_shown_before_it_does_anything(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, ":");
    vt_expect(vt, "COMMAND", ANSWER_MS);
    type(vt, "paus");
    vt_expect(vt, "Enter types  :pause", ANSWER_MS);
    vt_send(vt, "\r");
    vt_expect(vt, "Enter runs  :pause", ANSWER_MS); /* typed out, not done */
    assert_false(vt_shows(vt, "PAUSED"));
    vt_send(vt, "\r");
    vt_expect(vt, "PAUSED", ANSWER_MS);
    vt_send(vt, ":");
    type(vt, "risk");
    vt_expect(vt, "Enter does  Risk", ANSWER_MS);
    vt_send(vt, "\r");
    vt_expect(vt, "what stops what", ANSWER_MS);
    vt_send(vt, ":");
    type(vt, "zzzz");
    vt_expect(vt, "NOTHING FITS", ANSWER_MS);
    vt_send(vt, "\033K"); /* from a text field, too */
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
}

static void test_settings_reach_their_file_and_lines_the_next_run(void **state)
{
    struct vt *vt = start_stored();
    char text[512], path[96];
    struct stat info;
    FILE *file;
    size_t size;

    (void)state;
    vt_send(vt, ":");
    type(vt, "set theme light");
    vt_send(vt, "\r");
    vt_expect(vt, "at once; :write keeps it", ANSWER_MS);
    vt_send(vt, ":");
    type(vt, "set risk.stale_ms 99");
    vt_send(vt, "x\r"); /* 99x */
    vt_expect(vt, "NOT CHANGED", ANSWER_MS);
    vt_send(vt, ":");
    type(vt, "write");
    vt_send(vt, "\r");
    vt_expect(vt, "WRITTEN", ANSWER_MS);
    file = fopen(config, "r");
    assert_non_null(file);
    size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    fclose(file);
    assert_string_equal(text, "# my own\ntheme:  light   # at night\nrisk:\n  stale_ms: 1000\n");
    leave(vt);
    snprintf(path, sizeof(path), "%s/data/history", folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    vt = start_stored();
    vt_send(vt, ":");
    vt_expect(vt, "set theme light", ANSWER_MS);
    vt_send(vt, "\033[A");
    vt_expect(vt, "Enter runs  :write", ANSWER_MS);
    vt_send(vt, "\033");
    leave(vt);
}

static void test_a_file_of_commands_on_a_screen(void **state)
{
    static const char *more[] = {"--mode", "simulation", "--execute", NULL, NULL};
    char path[96];
    struct vt *vt;
    FILE *file;

    (void)state;
    snprintf(path, sizeof(path), "%s/start.fd", folder);
    more[3] = path;
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("# at the start\nsize 0.03\noff ofi\nflatten\nhalt\n", file);
    assert_int_equal(fclose(file), 0);
    vt = start(36, 120, more, NULL);
    vt_expect(vt, "start.fd:4", START_MS); /* asks, or has nothing to close: either way it is told */
    leave(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_guess_is_shown_before_it_does_anything),
        cmocka_unit_test(test_settings_reach_their_file_and_lines_the_next_run),
        cmocka_unit_test(test_a_file_of_commands_on_a_screen),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}
