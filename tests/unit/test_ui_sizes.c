/* test_ui_sizes.c - any size at any moment, hostile data, no frame yet: it draws, and what may never fall away stands. */
#include "core/base/safe_text.h"
#include "ui_fixture.h"

static uint64_t random_next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* The canvas is a region inside a larger one full of marks: a panel that wrote outside would wipe one. */
static void draw_watched(struct fixture *f, int cols, int rows)
{
    struct canvas *whole = canvas_new(rows + 4, cols + 8);
    struct canvas inner;

    assert_non_null(whole);
    canvas_repeat(whole, 0, 0, cols + 8, STYLE_TEXT, '#');
    for (int row = 0; row < rows + 4; row++)
        canvas_repeat(whole, row, 0, cols + 8, STYLE_TEXT, '#');
    inner = canvas_region(whole, 2, 4, rows, cols);
    ui_draw(f->ui, &inner, f->now_ns);
    for (int row = 0; row < rows + 4; row++) {
        for (int col = 0; col < cols + 8; col++) {
            bool outside = row < 2 || row >= rows + 2 || col < 4 || col >= cols + 4;

            if (outside && canvas_cell(whole, row, col)->code != '#')
                fail_msg("%dx%d wrote at row %d, column %d", cols, rows, row - 2, col - 4);
        }
    }
    canvas_free(whole);
}

static void test_any_size_at_any_moment(void **state)
{
    static const uint32_t keys[] = {'i',    'v', '?', ':', KEY_ESC, KEY_ENTER, 'z', 'e', KEY_TAB,
                                    'f',    'n', 'a', 'Z', 'x',     'p',       'c', ']', '[',
                                    KEY_UP, 'K', 'q', 'y', 'w',     '/',       '='};
    struct fixture *f = fixture_new(120, 36);
    uint64_t seed = 7;

    (void)state;
    for (int i = 0; i < 500; i++) {
        int cols = 20 + (int)(random_next(&seed) % 281), rows = 5 + (int)(random_next(&seed) % 96);

        f->now_ns += 50 * MS;
        ui_resize(f->ui, cols, rows, f->now_ns);
        draw_watched(f, cols, rows); /* before the engine knows of it */
        if (f->ui->layout.ladder_rows > 0)
            fixture_fit(f, 61930);
        fixture_key(f, keys[random_next(&seed) % (sizeof(keys) / sizeof(keys[0]))]);
        f->frame.status.state = i % 50 == 49 ? STATE_KILLED : STATE_ACTIVE;
        f->frame.status.kill_ns = f->frame.status.now_ns;
        f->frame.status.replay = i % 7 == 0;
        fixture_publish(f);
        draw_watched(f, cols, rows);
    }
    fixture_free(f);
}

/* What must never fall away, at every size that trades. */
static void test_what_never_falls_away(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int cols = 60; cols <= 300; cols += 7) {
        for (int rows = 15; rows <= 90; rows += 15) {
            canvas_free(f->canvas);
            free(f->text);
            f->canvas = canvas_new(rows, cols);
            f->text = malloc(canvas_text_size(f->canvas) + 1);
            ui_resize(f->ui, cols, rows, f->now_ns);
            mock_ladder(&f->frame.ladder, f->ui->layout.ladder_rows,
                        61840 + 5.0 * (f->ui->layout.ladder_rows / 2));
            fixture_publish(f);
            f->ui->say.until_ns = 0;
            fixture_draw(f);
            assert_has(f->text, cols < 74 ? " SIM " : " SIMULATION ");
            assert_has(f->text, "\u25cf ACTIVE");
            assert_has(f->text, "book LIVE 0.1s");
            assert_has(f->text, "61842.17");
            assert_has(f->text, "61842.18");
            assert_has(f->text, "61845.00");
            assert_has(f->text, "61840.00");
            assert_has(f->text, "LONG 0.015");
            assert_has(f->text, "+7.98");
            assert_has(f->text, " NEXT ");
            assert_has(f->text, " K KILL");
        }
    }
    fixture_free(f);
}

/* Numbers and names from outside may be anything; the screen stays a screen. */
static void test_hostile_data_draws(void **state)
{
    static const char *const names[] = {"\033]0;pwned\007",
                                        "\xff\xfe\xfd",
                                        "\u202eTDSUCTB",
                                        "1000000000000000MOGUSDT",
                                        "\u5e01\u5b89\u4eba\u751fUSDT",
                                        "A\nB\rC",
                                        ""};
    static const int64_t figures[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, VIEW_NONE, 1000000000000, -1000000000000};
    struct fixture *f = fixture_new(120, 36);
    uint64_t seed = 11;

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct view_instrument *at = &f->frame.status.instrument[0];
        int cols = i % 3 == 0 ? 80 : i % 3 == 1 ? 120 : 200, rows = i % 3 == 0 ? 24 : i % 3 == 1 ? 36 : 55;
        int64_t a = figures[random_next(&seed) % 8], b = figures[random_next(&seed) % 8];

        ui_resize(f->ui, cols, rows, f->now_ns);
        mock_frame(&f->frame, f->ui->layout.ladder_rows, 61930);
        snprintf(at->symbol, sizeof(at->symbol), "%s", names[i % 7]);
        snprintf(at->base, sizeof(at->base), "%s", names[(i + 1) % 7]);
        snprintf(f->frame.strategy[0].name, OWNER_NAME_SIZE, "%s", names[(i + 2) % 7]);
        snprintf(f->frame.lists.log[0].text, 96, "%s", names[(i + 3) % 7]);
        snprintf(f->frame.status.replay_name, 48, "%s", names[(i + 4) % 7]);
        f->frame.status.replay = i % 2 == 0;
        at->last_ticks = a == INT64_MIN ? VIEW_NONE : a > INT64_MAX / 2 ? INT64_MAX / 2 : a;
        at->book_age_ns = b;
        f->frame.position.day_net_e8 = a == INT64_MIN ? VIEW_NONE : a;
        f->frame.position.open_e8 = b == INT64_MIN ? VIEW_NONE : b;
        f->frame.ladder.row[3].bid_lots = a > 0 ? a : 0;
        f->frame.ladder.row[4].ask_lots = b > 0 ? b : 0;
        f->frame.ladder.best[SIDE_BID].qty_lots = a > 0 ? a : 0;
        f->frame.flow.near_1bp.value_x1000 = (int32_t)(a % 100000);
        f->frame.flow.tape_per_s_x10 = b > 0 ? b : 0;
        f->frame.risk.limit[0].now = b == INT64_MIN ? 0 : b;
        f->frame.risk.limit[0].limit = a == INT64_MIN ? 0 : a;
        if (i % 5 == 0)
            f->frame.ladder.rows = 0;
        if (i % 11 == 0)
            f->frame.lists.orders = f->frame.lists.fills = f->frame.lists.takers = 0;
        f->now_ns += 100 * MS;
        fixture_publish(f);
        draw_watched(f, cols, rows);
        fixture_key(f, i % 4 == 0 ? 'i' : i % 4 == 1 ? KEY_ESC : i % 4 == 2 ? KEY_TAB : 'w');
        draw_watched(f, cols, rows);
    }
    fixture_free(f);
}

/* Before the first frame there is a screen too, and keys that cannot hurt. */
static void test_before_the_first_frame(void **state)
{
    struct ui_config config = {.size_presets_e8 = {0, 0, E8(0.01), 0, 0}};
    struct fixture f = {0};
    struct ui_host host = {.arg = &f,
                           .send = fixture_send,
                           .quit = fixture_quit,
                           .redraw = fixture_redraw,
                           .bell = fixture_bell};
    struct ui *ui = ui_new(&config, &host);
    struct canvas *canvas = canvas_new(24, 80);

    (void)state;
    ui_resize(ui, 80, 24, 1);
    for (size_t i = 0; i < keymap_count(); i++) {
        struct key_event event = {.key = keymap_at(i)->key};

        ui_key(ui, &event, 2);
        ui_draw(ui, canvas, 3);
        ui_tick(ui, 4);
    }
    assert_true(fixture_count(&f, COMMAND_KILL) > 0);
    assert_int_equal(fixture_count(&f, COMMAND_ORDER) + fixture_count(&f, COMMAND_FLATTEN), 0);
    canvas_free(canvas);
    ui_free(ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_size_at_any_moment),
        cmocka_unit_test(test_what_never_falls_away),
        cmocka_unit_test(test_hostile_data_draws),
        cmocka_unit_test(test_before_the_first_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
