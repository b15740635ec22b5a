/*
 * Themes in a terminal, judged by the colours of its cells: chosen by keys, and a file that changes while it is in use. And
 * arrangements under a name.
 */
#include "screen/workstation.h"

static char folder[] = "/tmp/flowdeck-themes-XXXXXX";
static char config_home[64];

static const char *const environment[] = {"FLOWDECK_STORE_ON=false", "COLORTERM=truecolor", config_home,
                                          NULL};

static void write_theme(const char *text)
{
    char path[128], fresh[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/flowdeck/themes/mine.theme", folder);
    snprintf(fresh, sizeof(fresh), "%s/flowdeck/themes/.fresh", folder);
    file = fopen(fresh, "w"); /* as editors do it: written aside, then renamed over it */
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, path), 0);
}

/* The background between the words of row 0. */
static bool has_background(struct vt *vt, void *arg)
{
    return vt_rgb(vt, vt_cell(vt, 4, 3).bg) == *(const uint32_t *)arg;
}

static void expect_background(struct vt *vt, uint32_t rgb)
{
    if (!vt_wait_until(vt, has_background, &rgb, ANSWER_MS))
        fail_msg("the background is %06x, not %06x", vt_rgb(vt, vt_cell(vt, 4, 3).bg), rgb);
}

static void test_a_theme_is_tried_kept_and_undone(void **state)
{
    struct vt *vt = start(36, 120, trading, environment);

    (void)state;
    await_trading(vt);
    expect_background(vt, 0x101216);
    vt_send(vt, ":theme\r");
    vt_expect(vt, "THEME", ANSWER_MS);
    vt_send(vt, "\033[B");
    expect_background(vt, 0xfafafa); /* at once, all of the screen */
    vt_send(vt, "\033");
    expect_background(vt, 0x101216);
    vt_send(vt, ":theme light\r");
    expect_background(vt, 0xfafafa);
    vt_send(vt, ":theme\r");
    vt_expect(vt, "\u25balight", ANSWER_MS);
    vt_send(vt, "k\r");
    expect_background(vt, 0x101216);
    leave(vt);
}

static void test_a_changed_file_is_taken_and_a_broken_one_is_said(void **state)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", "--theme", "mine", NULL};
    struct vt *vt;

    (void)state;
    write_theme("base dark\nnone c8ccd4 112233 7 - - -\n");
    vt = start(36, 120, more, environment);
    await_trading(vt);
    expect_background(vt, 0x112233);
    write_theme("base dark\nnone c8ccd4 332211 7 - - -\n");
    expect_background(vt, 0x332211);
    write_theme("base dark\nnone c8ccd4 nonono 7 - - -\n");
    vt_expect(vt, "mine.theme:2: none: a colour is six lower-case hexadecimal digits or -", ANSWER_MS);
    expect_background(vt, 0x332211);
    write_theme("base light\n");
    expect_background(vt, 0xfafafa);
    leave(vt);
}

/* The one to begin with, another by name, what is shown kept for this run. */
static void test_layouts_by_name(void **state)
{
    static const char *const env[] = {"FLOWDECK_STORE_ON=false",
                                      "FLOWDECK_LAYOUT_SAVED=fills tab=fills,eth symbol=ETHUSDT hide=events",
                                      "FLOWDECK_LAYOUT_START=fills", NULL};
    struct vt *vt = start(36, 120, trading, env);

    (void)state;
    await_trading(vt);
    vt_expect(vt, "[fills ", ANSWER_MS);
    assert_true(vt_shows(vt, "book events"));
    vt_send(vt, ":layout eth\r");
    vt_expect(vt, "[orders ", ANSWER_MS);
    vt_expect(vt, "NEXT  BUY", ANSWER_MS);
    vt_expect(vt, " ETHUSDT ", ANSWER_MS);
    assert_false(vt_shows(vt, "book events"));
    vt_send(vt, "z:layout");
    vt_expect(vt, ":layout_", ANSWER_MS); /* more than 16 bytes at once would be a paste */
    vt_send(vt, " save big\r");
    vt_expect(vt, "saved big", ANSWER_MS);
    vt_send(vt, "z");
    vt_expect(vt, "order flow", ANSWER_MS);
    vt_send(vt, ":layout\r");
    vt_expect(vt, "symbol=ETHUSDT second=BTCUSDT zoom=ladder hide=events", ANSWER_MS);
    vt_send(vt, "\033");
    leave(vt);
}

static int make_folder(void **state)
{
    char command[128];

    find_program(state);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(config_home, sizeof(config_home), "XDG_CONFIG_HOME=%s", folder);
    snprintf(command, sizeof(command), "mkdir -p %s/flowdeck/themes", folder);
    return system(command);
}

static int remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_theme_is_tried_kept_and_undone),
        cmocka_unit_test(test_a_changed_file_is_taken_and_a_broken_one_is_said),
        cmocka_unit_test(test_layouts_by_name),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
