/*
 * test_screen.c - the screen in a real pty: what arrives, what blocks, and what is left behind on every way out.
 *
 * The program under test is this one, started again with --child and a way to end.
 */
#include "app/crash.h"
#include "tui/screen.h"
#include "tui/terminal.h"

#include "screen/vt_harness.h"

#include <locale.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const char *self; /* argv[0] */

/* --- the child ----------------------------------------------------------------------------------------------- */

struct child {
    struct screen *screen;
    struct canvas *canvas;
    bool wants_end;
    const char *way; /* to end by q */
    uint64_t keys;
    char last[32];
};

static void die(const char *way)
{
    struct rlimit no_core = {0, 0};

    setrlimit(RLIMIT_CORE, &no_core);
    if (strcmp(way, "segv") == 0)
        raise(SIGSEGV);
    else if (strcmp(way, "abort") == 0)
        abort();
    else if (strcmp(way, "fpe") == 0)
        raise(SIGFPE);
    else if (strcmp(way, "bus") == 0)
        raise(SIGBUS);
    else if (strcmp(way, "exit") == 0)
        exit(7);
}

static void child_key(void *arg, const struct key_event *event)
{
    struct child *child = arg;

    if (screen_reply(child->screen, event))
        screen_redraw(child->screen);
    if (key_base(event->key) >= KEY_REPLY_CURSOR)
        return;
    child->keys++;
    key_to_name(event->key, child->last);
    if (event->key == 'q')
        child->wants_end = true;
    else if (event->key == 'T')
        screen_title(child->screen, "SIM BTCUSDT \033]0;evil\a LONG");
    else if (event->key == 'Y')
        screen_copy(child->screen, "a,b\n1,2\n", 8);
    else if (event->key == 'X')
        die(child->way);
}

static void child_draw(struct child *child, int frame)
{
    static const char *const depths[] = {"mono", "16", "256", "true"};

    canvas_resize(child->canvas, screen_rows(child->screen), screen_cols(child->screen));
    canvas_frame(child->canvas, 0, 0, child->canvas->rows, child->canvas->cols, STYLE_RULE);
    canvas_printf(child->canvas, 1, 2, STYLE_TEXT, "hello %s %s %s %dx%d", screen_term(child->screen),
                  depths[screen_depth(child->screen)], glyph_tier_name(screen_tier(child->screen)),
                  child->canvas->cols, child->canvas->rows);
    canvas_text(child->canvas, 2, 2, style_role(ROLE_BADGE_LIVE), " LIVE ");
    canvas_text(child->canvas, 2, 10, STYLE_BID, "██▌ ▲ BUY");
    canvas_printf(child->canvas, 3, 2, STYLE_TEXT, "keys %llu last %s", (unsigned long long)child->keys,
                  child->last);
    if (strcmp(child->way, "flood") == 0)
        for (int row = 4; row < child->canvas->rows - 1; row++)
            for (int col = 1; col < child->canvas->cols - 1; col++)
                canvas_put(child->canvas, row, col, style_role((enum role)(1 + (row * 7 + col + frame) % 20)),
                           'a' + (uint32_t)(col + frame + row) % 26);
}

static bool child_read(struct child *child)
{
    char bytes[4096];
    ssize_t size = read(screen_fd(child->screen), bytes, sizeof(bytes));

    if (size > 0)
        key_decoder_feed(screen_keys(child->screen), bytes, (size_t)size, vt_now_ms() * 1000000);
    else if (size == 0 || errno != EAGAIN)
        return false; /* hung up */
    key_decoder_tick(screen_keys(child->screen), vt_now_ms() * 1000000);
    return true;
}

static int child_main(const char *way, bool curses)
{
    struct child child = {.way = way};
    struct screen_options options = {
        .backend = curses ? SCREEN_CURSES : SCREEN_OWN, .focus = true, .mouse = true};
    struct theme theme;
    char why[SCREEN_WHY_SIZE];
    enum screen_result result = SCREEN_DONE;
    int64_t busiest_ms = 0;

    signal(SIGHUP, SIG_IGN);
    theme_load_default(&theme);
    child.screen = screen_open(&options, &theme, why);
    if (child.screen == NULL) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    crash_catch(terminal_restore_signal_safe);
    child.canvas = canvas_new(1, 1);
    screen_keys_to(child.screen, child_key, &child);
    for (int frame = 0; !child.wants_end && result != SCREEN_GONE && frame < 30000; frame++) {
        struct pollfd watched = {screen_fd(child.screen),
                                 (short)(POLLIN | (screen_wants_write(child.screen) ? POLLOUT : 0)), 0};
        int64_t start_ms;

        poll(&watched, 1, 10);
        start_ms = vt_now_ms();
        if ((watched.revents & (POLLIN | POLLHUP)) && !child_read(&child))
            break;
        screen_resized(child.screen);
        child_draw(&child, frame);
        result = screen_put(child.screen, child.canvas, NULL);
        if (vt_now_ms() - start_ms > busiest_ms)
            busiest_ms = vt_now_ms() - start_ms;
    }
    snprintf(why, sizeof(why), "bye %s, busiest %s\n", way, busiest_ms < 100 ? "fine" : "BLOCKED");
    screen_close_saying(child.screen, why);
    canvas_free(child.canvas);
    return 0;
}

/* --- the tests ----------------------------------------------------------------------------------------------- */

static struct vt *start(const char *way, const char *const *env, int rows, int cols)
{
    const char *argv[] = {self, "--child", way, NULL};

    return vt_start(
        &(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = env, .keep_raw = true});
}

/* A picture, its colours, its modes; and after q nothing of it is left. */
static void test_picture_and_normal_end(void **state)
{
    static const char *const env[] = {"COLORTERM=truecolor", NULL};
    struct vt *vt = start("plain", env, 24, 80);
    VTermScreenCell cell;

    (void)state;
    vt_expect(vt, "hello xterm-256color true utf-8 80x24", 5000);
    assert_true(vt->alternate);
    assert_false(vt->cursor_visible);
    assert_true(vt->paste_brackets);
    assert_true(vt->focus_reports);
    assert_int_equal(vt->mouse, VTERM_PROP_MOUSE_CLICK);
    assert_true(strncmp(vt_row(vt, 0), "┌──", 9) == 0);
    assert_true(strstr(vt_row(vt, 2), "██▌ ▲ BUY") != NULL);
    cell = vt_cell(vt, 2, 3);
    assert_int_equal(vt_rgb(vt, cell.bg), 0xb3261e);
    assert_int_equal(vt_rgb(vt, cell.fg), 0xffffff);
    assert_true(cell.attrs.bold);
    cell = vt_cell(vt, 10, 40);
    assert_int_equal(vt_rgb(vt, cell.bg), 0x101216);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    assert_int_equal(vt_exit_code(vt), 0);
    assert_true(vt_is_sane(vt));
    vt_expect(vt, "bye plain, busiest fine", 100);
    vt_free(vt);
}

/* T07: whatever ends the program, the terminal is sane and the last line can be read. */
static void test_every_way_out_restores(void **state)
{
    static const struct {
        const char *way;
        int signal;
        const char *line;
    } ways[] = {{"segv", SIGSEGV, "crashed: SIGSEGV; nothing trades any more"},
                {"abort", SIGABRT, "crashed: SIGABRT"},
                {"fpe", SIGFPE, "crashed: SIGFPE"},
                {"bus", SIGBUS, "crashed: SIGBUS"},
                {"exit", 0, NULL}};

    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct vt *vt = start(ways[i].way, NULL, 24, 80);

        vt_expect(vt, "hello", 5000);
        vt_send(vt, "X");
        assert_true(vt_wait_exit(vt, 5000));
        if (ways[i].signal != 0)
            assert_true(WIFSIGNALED(vt->status) && WTERMSIG(vt->status) == ways[i].signal);
        else
            assert_int_equal(vt_exit_code(vt), 7);
        assert_true(vt_is_sane(vt));
        if (ways[i].line != NULL)
            assert_true(vt_shows(vt, ways[i].line));
        vt_free(vt);
    }
}

/* T06: nobody reads for two seconds. The program loses frames, not time; then it goes on. */
static void test_stalled_terminal_never_blocks(void **state)
{
    struct vt *vt = start("flood", NULL, 50, 200);

    (void)state;
    vt_expect(vt, "hello", 5000);
    poll(NULL, 0, 2000);
    vt_send(vt, "z");
    vt_expect(vt, "last z", 5000);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_expect(vt, "bye flood, busiest fine", 200);
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

/* Ended while the terminal takes nothing: close waits a moment, and leaves it sane nevertheless. */
static void test_stalled_terminal_can_be_left(void **state)
{
    struct vt *vt = start("flood", NULL, 50, 200);
    int64_t start_ms;

    (void)state;
    vt_expect(vt, "hello", 5000);
    poll(NULL, 0, 300);
    start_ms = vt_now_ms();
    vt_send(vt, "q");
    while (!vt_reap(vt) && vt_now_ms() - start_ms < 5000)
        poll(NULL, 0, 10); /* reads nothing */
    assert_true(vt->exited);
    assert_true(vt_now_ms() - start_ms < 2000);
    while (vt_pump(vt, 50))
        ;
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

/* T01: the line drops. The program sees it, and does not spin. */
static void test_hang_up_ends_the_loop(void **state)
{
    struct vt *vt = start("plain", NULL, 24, 80);

    (void)state;
    vt_expect(vt, "hello", 5000);
    vt_hang_up(vt);
    assert_true(vt_wait_exit(vt, 5000));
    assert_int_equal(vt_exit_code(vt), 0);
    vt_free(vt);
}

/* T04: any size at any moment, down to one cell. */
static void test_resizes(void **state)
{
    static const int sizes[][2] = {{1, 1}, {5, 20}, {200, 500}, {24, 80}, {15, 60}, {55, 200}};
    struct vt *vt = start("flood", NULL, 24, 80);

    (void)state;
    vt_expect(vt, "hello", 5000);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        vt_resize(vt, sizes[i][0], sizes[i][1]);
        vt_pump(vt, 50);
    }
    for (int i = 0; i < 300; i++)
        vt_resize(vt, 3 + i % 40, 30 + i % 100);
    vt_resize(vt, 30, 100);
    vt_expect(vt, "100x30", 5000);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

/* T05: every family of terminal, locale and NO_COLOR: a picture, words not colours alone, sane after. */
static void test_terminals_and_locales(void **state)
{
    static const struct {
        const char *env[5];
        const char *hello;
    } cases[] = {
        {{"TERM", NULL}, "hello vt100 mono ascii"},
        {{"TERM=dumb", NULL}, "hello vt100 mono ascii"},
        {{"TERM=vt100", NULL}, "hello vt100 mono ascii"},
        {{"TERM=xterm", NULL}, "hello xterm 16 utf-8"},
        {{"TERM=xterm-256color", "LANG=C", NULL}, "hello xterm-256color 256 ascii"},
        {{"TERM=xterm-256color", "NO_COLOR=1", "COLORTERM=truecolor", NULL},
         "hello xterm-256color mono utf-8"},
        {{"TERM=screen", "COLORTERM=truecolor", NULL}, "hello screen 16 utf-8"},
        {{"TERM=tmux-256color", "COLORTERM=truecolor", NULL}, "hello tmux-256color true utf-8"},
        {{"TERM=tmux-256color", "NO_COLOR=", NULL}, "hello tmux-256color 256 utf-8"},
        {{"TERM=linux", "COLORTERM=truecolor", NULL}, "hello linux 16 cp437"},
        {{"TERM=linux", "LC_ALL=C", NULL}, "hello linux 16 ascii"},
        {{"TERM=no-such-terminal", NULL}, "hello vt100 mono ascii"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vt *vt = start("plain", cases[i].env, 24, 80);

        vt_expect(vt, cases[i].hello, 5000);
        assert_true(vt_shows(vt, " LIVE "));
        assert_true(vt_shows(vt, "BUY"));
        vt_send(vt, "q");
        assert_true(vt_wait_exit(vt, 5000));
        assert_true(vt_is_sane(vt));
        vt_free(vt);
    }
}

/* A terminal that shows the design's glyphs two cells wide: the probe finds it, and ASCII takes over. */
static void test_probe_finds_wide_glyphs(void **state)
{
    struct vt *vt = start("plain", NULL, 24, 80);

    (void)state;
    vt->mute = true; /* our own answer instead: column 9 after four glyphs */
    vt_expect(vt, "hello", 5000);
    vt_send(vt, "\033[1;9R");
    vt_expect(vt, "256 ascii", 5000);
    assert_true(vt_row(vt, 0)[0] == '+');
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_free(vt);
}

/* One that took our bytes for controls may be within a string, which hides what comes: that is ended before all is drawn anew. */
static void test_a_picture_from_nothing_ends_a_string(void **state)
{
    const char *argv[] = {self, "--child", "plain", NULL};
    struct vt *vt =
        vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv, .mute = true, .keep_raw = true});
    size_t before;

    (void)state;
    vt_expect(vt, "hello", 5000);
    before = vt->raw_size;
    vt_send(vt, "\033[1;11R");
    vt_expect(vt, "256 ascii", 5000);
    assert_memory_equal(vt->raw + before, "\033\\", 2);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_free(vt);
}

/* A terminal that answers nothing is as good as any: nobody waits for it. */
static void test_mute_terminal_works(void **state)
{
    const char *argv[] = {self, "--child", "plain", NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv, .mute = true});

    (void)state;
    vt_expect(vt, "hello", 5000);
    vt_send(vt, "\033[1;2A");
    vt_expect(vt, "keys 1 last Shift-Up", 5000);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_free(vt);
}

/* The title and the clipboard take text from outside; no control byte of it gets through. */
static void test_title_and_clipboard_are_safe(void **state)
{
    struct vt *vt = start("plain", NULL, 24, 80);

    (void)state;
    vt_expect(vt, "hello", 5000);
    vt_send(vt, "T");
    vt_expect(vt, "last T", 5000);
    assert_string_equal(vt->title, "SIM BTCUSDT ?]0;evil? LONG");
    vt_send(vt, "Y");
    vt_expect(vt, "last Y", 5000);
    vt->raw[vt->raw_size] = '\0';
    assert_non_null(memmem(vt->raw, vt->raw_size, "\033]52;c;YSxiCjEsMgo=\a", 18));
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_free(vt);
}

/* Where the terminal says it knows synchronised updates, each frame of some size is one; elsewhere none is. */
static void test_sync_only_where_known(void **state)
{
    struct vt *vt = start("plain", NULL, 24, 80);

    (void)state;
    vt_expect(vt, "hello", 5000);
    assert_null(memmem(vt->raw, vt->raw_size, "\033[?2026h", 8));
    vt_send(vt, "\033[?2026;2$y");
    vt_send(vt, "z");
    vt_expect(vt, "last z", 5000);
    assert_null(memmem(vt->raw, vt->raw_size, "\033[?2026h", 8)); /* a letter arrives whole in any case */
    vt_resize(vt, 30, 100);
    vt_expect(vt, "100x30", 5000);
    vt_settle(vt, 100, 2000);
    assert_non_null(memmem(vt->raw, vt->raw_size, "\033[?2026h", 8));
    assert_false(vt->sync_update);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, 5000));
    vt_free(vt);
}

/* The second back end shows the same picture and is left as cleanly. */
static void test_curses_shows_the_same(void **state)
{
    const char *argv[] = {self, "--child-curses", "plain", NULL};
    struct vt *own = start("plain", NULL, 24, 80);
    struct vt *curses = vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv});
    char *text;

    (void)state;
    vt_expect(own, "hello xterm-256color 256", 5000);
    vt_expect(curses, "hello xterm-256color 256", 5000);
    vt_settle(own, 100, 2000);
    vt_settle(curses, 100, 2000);
    text = strdup(vt_text(own));
    assert_string_equal(vt_text(curses), text);
    for (int row = 0; row < 24; row++)
        for (int col = 0; col < 80; col++) {
            VTermScreenCell a = vt_cell(own, row, col), b = vt_cell(curses, row, col);

            assert_int_equal(vt_rgb(own, a.bg), vt_rgb(curses, b.bg));
            if (a.chars[0] > ' ')
                assert_int_equal(vt_rgb(own, a.fg), vt_rgb(curses, b.fg));
        }
    vt_resize(curses, 30, 100);
    vt_expect(curses, "100x30", 5000);
    vt_send(curses, "q");
    vt_send(own, "q");
    assert_true(vt_wait_exit(curses, 5000) && vt_wait_exit(own, 5000));
    assert_true(vt_is_sane(curses) && vt_is_sane(own));
    free(text);
    vt_free(own);
    vt_free(curses);
}

/* T10: no terminal, no escape codes: a sentence and exit 2. */
static void test_no_terminal_is_said(void **state)
{
    char command[512], line[256] = "";
    FILE *pipe;

    (void)state;
    snprintf(command, sizeof(command), "%s --child plain </dev/null 2>&1", self);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof(line), pipe));
    assert_string_equal(line, "stdin and stdout must be a terminal; without one: --headless, with --execute "
                              "FILE to give commands\n");
    assert_int_equal(WEXITSTATUS(pclose(pipe)), 2);
}

/* A golden picture is compared to the byte, and written when told to. */
static void test_golden_files(void **state)
{
    char folder[] = "/tmp/flowdeck-golden-XXXXXX", path[128];

    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("FLOWDECK_GOLDEN_DIR", folder, 1);
    setenv("FLOWDECK_GOLDEN", "write", 1);
    golden_compare("picture", "a b\n│ █\n");
    unsetenv("FLOWDECK_GOLDEN");
    golden_compare("picture", "a b\n│ █\n");
    unsetenv("FLOWDECK_GOLDEN_DIR");
    snprintf(path, sizeof(path), "%s/picture.txt", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture_and_normal_end),
        cmocka_unit_test(test_every_way_out_restores),
        cmocka_unit_test(test_stalled_terminal_never_blocks),
        cmocka_unit_test(test_stalled_terminal_can_be_left),
        cmocka_unit_test(test_hang_up_ends_the_loop),
        cmocka_unit_test(test_resizes),
        cmocka_unit_test(test_terminals_and_locales),
        cmocka_unit_test(test_probe_finds_wide_glyphs),
        cmocka_unit_test(test_a_picture_from_nothing_ends_a_string),
        cmocka_unit_test(test_mute_terminal_works),
        cmocka_unit_test(test_title_and_clipboard_are_safe),
        cmocka_unit_test(test_sync_only_where_known),
        cmocka_unit_test(test_curses_shows_the_same),
        cmocka_unit_test(test_no_terminal_is_said),
        cmocka_unit_test(test_golden_files),
    };

    if (argc == 3 && strncmp(argv[1], "--child", 7) == 0)
        return child_main(argv[2], strcmp(argv[1], "--child-curses") == 0);
    self = argv[0];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
