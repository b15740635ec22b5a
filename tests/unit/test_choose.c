/*
 * test_choose.c - the chooser of themes on the screen: tried at once, kept by Enter, undone by Esc; and a theme's file that
 * changes on disk.
 */
#include "golden_screen.h"

#include "app/theme_watch.h"

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

static void test_themes_are_tried_kept_and_undone(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "theme");
    assert_int_equal(f->ui->overlay, OVERLAY_CHOOSE);
    assert_has(fixture_draw(f), "THEME");
    assert_has(f->text, "\u25badark");
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "the first one");
    assert_string_equal(f->theme, "");
    fixture_key(f, KEY_DOWN);
    assert_string_equal(f->theme, "light"); /* at once */
    fixture_key(f, 'j');
    assert_string_equal(f->theme, "colour-blind");
    fixture_key(f, KEY_ESC);
    assert_string_equal(f->theme, "dark");
    assert_string_equal(f->kept, "");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_has(fixture_next_row(f), "as it was: dark");

    fixture_prompt(f, "theme");
    fixture_key(f, 'G');
    assert_string_equal(f->theme, "red-up");
    fixture_key(f, KEY_ENTER);
    assert_string_equal(f->kept, "theme: red-up");
    assert_has(fixture_next_row(f), "THEME  red-up");
    fixture_prompt(f, "theme"); /* opens on the one in use */
    assert_has(fixture_draw(f), "\u25bared-up");
    fixture_key(f, 'K'); /* as everywhere */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_a_named_theme_is_taken_and_kept(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_prompt(f, "theme mono");
    assert_string_equal(f->theme, "mono");
    assert_string_equal(f->kept, "theme: mono");
    fixture_prompt(f, "theme darc");
    assert_has(fixture_next_row(f), "NO THEME  no theme `darc`");
    assert_string_equal(f->theme, "mono");
    assert_string_equal(f->kept, "theme: mono");
    fixture_free(f);
}

static struct fixture *choosing(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_prompt(f, "theme");
    fixture_key(f, KEY_DOWN);
    return f;
}

static void test_pictures(void **state)
{
    struct fixture *f = choosing(60, 15);

    (void)state;
    for (int i = 0; i < 4; i++)
        fixture_key(f, KEY_DOWN);
    assert_has(fixture_draw(f), "\u25bared-up"); /* scrolls where there is no room for all */
    fixture_free(f);
    golden_sizes(choosing, "mock-themes");
}

/* --- the file ---------------------------------------------------------------------------------------------- */

static char folder[] = "/tmp/flowdeck-theme-XXXXXX";

static void write_theme(const char *text, int64_t second)
{
    char path[128];
    struct timeval times[2] = {{second, 0}, {second, 0}};
    FILE *file;

    snprintf(path, sizeof(path), "%s/flowdeck/themes/mine.theme", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(utimes(path, times), 0); /* of one size and one second: the inode's own time tells */
}

static void test_a_changed_file_is_taken_at_once(void **state)
{
    struct ui_theme theme = {.path = ""};
    char why[THEME_WHY_SIZE] = "", name[UI_CHOICES_MAX][UI_CHOICE_SIZE], path[160], command[160];
    int names;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command), "mkdir -p %s/flowdeck/themes", folder);
    assert_int_equal(system(command), 0);
    setenv("XDG_CONFIG_HOME", folder, 1);
    write_theme("base dark\nbid 112233 - 4 - - -\n", 1000000);

    assert_int_equal(ui_theme_use(&theme, "mine", why), ERR_OK);
    assert_int_equal(theme.theme.entry[ROLE_BID].fg_rgb, 0x112233);
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_SAME);
    write_theme("base dark\nbid 112244 - 4 - - -\n", 1000000);
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_NEW);
    assert_int_equal(theme.theme.entry[ROLE_BID].fg_rgb, 0x112244);

    write_theme("base dark\nbid 11224x - 4 - - -\n", 1000001); /* broken: once, and the colours stay */
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_BROKEN);
    assert_has(why, "mine.theme:2: bid: a colour is six lower-case hexadecimal digits or -");
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_SAME);
    assert_int_equal(theme.theme.entry[ROLE_BID].fg_rgb, 0x112244);

    snprintf(path, sizeof(path), "%s/flowdeck/themes/mine.theme", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_BROKEN);
    assert_has(why, "is gone");
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_SAME);
    write_theme("base light\n", 1000002);
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_NEW);
    assert_int_equal(theme.theme.entry[ROLE_NONE].bg_rgb, 0xfafafa);

    names = ui_theme_list(&theme, name);
    assert_int_equal(names, 7);
    assert_string_equal(name[0], "dark");
    assert_string_equal(name[1], "light");
    assert_string_equal(name[6], "mine");
    assert_int_equal(theme_paint(&theme.theme, style_sample(0, ROLE_BID), DEPTH_TRUE).fg, 0x63b3ed);

    assert_int_equal(ui_theme_use(&theme, "dark", why), ERR_OK);
    write_theme("base mono\n", 1000003); /* nobody's any more */
    assert_int_equal(ui_theme_poll(&theme, why), UI_THEME_SAME);
    assert_int_equal(ui_theme_use(&theme, "nobody", why), ERR_NOT_FOUND);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static enum ui_theme_change await_change(struct theme_watch *watch, struct theme *fresh,
                                         char why[THEME_WHY_SIZE])
{
    enum ui_theme_change change = UI_THEME_SAME;

    for (int i = 0; i < 2000 && change == UI_THEME_SAME; i++) {
        poll(NULL, 0, 10);
        change = theme_watch_take(watch, fresh, why);
    }
    return change;
}

/* A disk that does not answer, here a pipe that nobody writes into: only the watch's own thread waits for it. */
static void test_a_silent_disk_holds_nobody(void **state)
{
    struct ui_theme theme = {.path = ""};
    struct theme fresh;
    struct theme_watch *watch;
    char why[THEME_WHY_SIZE] = "", path[160], command[160];

    (void)state;
    strcpy(folder, "/tmp/flowdeck-theme-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command), "mkdir -p %s/flowdeck/themes", folder);
    assert_int_equal(system(command), 0);
    setenv("XDG_CONFIG_HOME", folder, 1);
    write_theme("base dark\nbid 112233 - 4 - - -\n", 1000000);
    assert_int_equal(ui_theme_use(&theme, "mine", why), ERR_OK);

    watch = theme_watch_start(&theme);
    assert_non_null(watch);
    assert_string_equal(theme_watch_path(watch), theme.path);
    write_theme("base dark\nbid 112244 - 4 - - -\n", 1000001);
    assert_int_equal(await_change(watch, &fresh, why), UI_THEME_NEW);
    assert_int_equal(fresh.entry[ROLE_BID].fg_rgb, 0x112244);

    snprintf(path, sizeof(path), "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(rename(path, theme.path), 0);
    for (int i = 0; i < 60; i++) { /* more than two of its looks: it stands in the second or the third */
        poll(NULL, 0, 10);
        assert_int_equal(theme_watch_take(watch, &fresh, why), UI_THEME_SAME);
    }
    theme_watch_end(watch); /* nor does leaving wait */
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_themes_are_tried_kept_and_undone),
        cmocka_unit_test(test_a_named_theme_is_taken_and_kept),
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_a_changed_file_is_taken_at_once),
        cmocka_unit_test(test_a_silent_disk_holds_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
