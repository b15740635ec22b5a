/*
 * Keys struck at random on the real screen over a real engine: nothing leaves that was not told and meant, every state has
 * a way to the kill and a way home, every picture is whole. The same seed is the same run; FLOWDECK_SOAK=1: 50 times more,
 * FLOWDECK_MONKEY=SEED: that one alone.
 */
#include "unit/monkey_deeds.h"

#define RUNS  20
#define STEPS 200
#define SOAKS 50

/* --- ways out, tried on a copy of the screen ------------------------------------------------------------------------- */

struct escape {
    struct ui *ui;
    const struct config *config;
    int kills, leaves;
};

static struct ui escape_screen;
static struct canvas *escape_canvas;

static bool escape_send(void *arg, const struct command *command)
{
    ((struct escape *)arg)->kills += command->kind == COMMAND_KILL;
    return true;
}

static void escape_leave(void *arg)
{
    ((struct escape *)arg)->leaves++;
}

static bool escape_theme(void *arg, const char *name, char *why, size_t why_size)
{
    (void)arg;
    (void)name;
    (void)why;
    (void)why_size;
    return true;
}

static bool escape_trail(void *arg, const struct view_trail_request *request)
{
    (void)arg;
    (void)request;
    return false;
}

static const struct config *escape_settings(void *arg)
{
    return ((struct escape *)arg)->config;
}

static void escape_begin(const struct monkey *m, struct escape *escape)
{
    struct ui_host *host = &escape_screen.host;

    escape_screen = *m->ui;
    escape_screen.config.keys = &escape_screen.keys;
    *escape = (struct escape){.ui = &escape_screen, .config = m->config};
    host->arg = escape;
    host->send = escape_send;
    host->quit = host->detach = escape_leave;
    if (host->settings != NULL)
        host->settings = escape_settings;
    host->trail = escape_trail;
    host->theme = escape_theme;
    host->set = NULL;
    host->unset = NULL;
}

static void escape_strike(struct escape *escape, uint32_t key, bool after_esc)
{
    const struct key_event event = {.key = key, .after_esc = after_esc};

    ui_key(escape->ui, &event, escape->ui->now_ns);
}

/* K; in a text field Esc K, or what is typed fast; a screen that is read only asks y. */
static void check_kill(struct monkey *m)
{
    static const uint32_t fast[] = {'K', KEY_F12, KEY_ALT | 'K', 0x41b};
    struct escape escape;
    uint32_t key = fast[among(m, 4)];
    bool killed = ui_killed(m->ui);

    escape_begin(m, &escape);
    if (m->ui->overlay == OVERLAY_TEXT && (key == 'K' || key == 0x41b)) {
        escape_strike(&escape, KEY_ESC, false);
        escape_strike(&escape, key, true);
    } else {
        escape_strike(&escape, key, false);
    }
    if (m->readonly && !killed) {
        if (escape.ui->overlay != OVERLAY_QUESTION || escape.ui->question.kind != ASK_KILL)
            monkey_fail(m, "read only: the key of kill does not ask");
        ui_draw(escape.ui, escape_canvas, escape.ui->now_ns);
        ui_frame_left(escape.ui, escape.ui->now_ns);
        escape.ui->now_ns += YES_AFTER_NS;
        escape_strike(&escape, 'y', false);
    }
    if (escape.kills != (m->readonly && killed ? 0 : 1))
        monkey_fail(m, "the key of kill leads to %d kills", escape.kills);
    if (escape.ui->armed)
        monkey_fail(m, "armed after a kill");
}

static bool is_home(const struct ui *ui)
{
    return ui->overlay == OVERLAY_NONE && ui->screen == SCREEN_TRADE && ui->zoom == ZOOM_NONE &&
           !ui->moving && ui->focus == FOCUS_LADDER;
}

/* Esc leads to the ladder, q from there out, or to the question whether to leave. */
static void check_way_home(struct monkey *m)
{
    struct escape escape;
    bool by_esc = one_in(m, 2);

    escape_begin(m, &escape);
    if (escape.ui->locked && escape.ui->overlay != OVERLAY_QUESTION) {
        escape_strike(&escape, KEY_ESC, false);
        for (const char *word = m->attached ? "unlock" : config_text(m->config, "screen.lock_word");
             *word != '\0'; word++)
            escape_strike(&escape, (uint32_t)*word, false);
        escape_strike(&escape, KEY_ENTER, false);
        if (escape.ui->locked)
            monkey_fail(m, "the word does not unlock");
    }
    for (int i = 0; i < 10 && by_esc && !is_home(escape.ui); i++)
        escape_strike(&escape, KEY_ESC, false);
    if (by_esc && !is_home(escape.ui) && !escape.ui->locked)
        monkey_fail(m, "ten Esc do not lead home: overlay %d, screen %d, zoom %d, focus %d",
                    escape.ui->overlay, (int)escape.ui->screen, (int)escape.ui->zoom, (int)escape.ui->focus);
    for (int i = 0; i < 10 && escape.leaves == 0 && !escape.ui->locked; i++) {
        if (escape.ui->overlay == OVERLAY_QUESTION && escape.ui->question.kind == ASK_QUIT)
            return;
        if (escape.ui->overlay == OVERLAY_QUESTION || /* it swallows q: SCREENS.md, rule 11 */
            escape.ui->overlay == OVERLAY_TEXT)       /* and there it is a letter */
            escape_strike(&escape, KEY_ESC, false);
        escape_strike(&escape, 'q', false);
    }
    if (escape.leaves == 0 && !escape.ui->locked)
        monkey_fail(m, "ten q do not lead out: overlay %d, screen %d", escape.ui->overlay,
                    (int)escape.ui->screen);
}

static char drawn_once[ROWS_MAX * (COLS_MAX * 13 + 1) + 1], drawn_again[sizeof(drawn_once)];

/* Into a canvas that is full of something else. */
static const char *escape_draw(struct escape *escape, int cols, int rows, char *out)
{
    struct canvas part = canvas_region(escape_canvas, 0, 0, rows, cols);

    for (int row = 0; row < rows; row++)
        canvas_repeat(escape_canvas, row, 0, cols, STYLE_WARNING, 'X');
    ui_draw(escape->ui, &part, escape->ui->now_ns);
    canvas_to_text(&part, out, sizeof(drawn_once));
    return out;
}

/* The same state is the same picture, whatever was there. */
static void check_same_picture(struct monkey *m)
{
    struct escape escape;

    escape_begin(m, &escape);
    if (strcmp(escape_draw(&escape, m->cols, m->rows, drawn_again), m->text) != 0) {
        fputs(drawn_again, stderr);
        monkey_fail(m, "drawn anew it is another picture");
    }
}

/* At another size it is the picture of that size, by whichever sizes the way there was. */
static void check_resized(struct monkey *m)
{
    int cols = (int)random_between(&m->random, LAYOUT_COLS_MIN, COLS_MAX),
        rows = (int)random_between(&m->random, LAYOUT_ROWS_MIN, ROWS_MAX);
    struct escape escape;

    escape_begin(m, &escape);
    arm_off(escape.ui, NULL);
    escape.ui->say.until_ns = 0;
    ui_resize(escape.ui, cols, rows, m->now_ns);
    escape_draw(&escape, cols, rows, drawn_once);
    ui_resize(escape.ui, COLS_MAX, ROWS_MAX, m->now_ns);
    escape_draw(&escape, COLS_MAX, ROWS_MAX, drawn_again);
    ui_resize(escape.ui, cols, rows, m->now_ns);
    if (strcmp(escape_draw(&escape, cols, rows, drawn_again), drawn_once) != 0) {
        fprintf(stderr, "%s%s", drawn_once, drawn_again);
        monkey_fail(m, "there and back again it is another picture of %dx%d", cols, rows);
    }
}

/* --- a run ------------------------------------------------------------------------------------------------------------- */

static int64_t some_span(struct monkey *m)
{
    switch (among(m, 40)) {
    case 0:
        return random_between(&m->random, 5000, 180000) * MS;
    case 1:
    case 2:
    case 3:
        return random_between(&m->random, 1000, 5000) * MS;
    case 4:
        return 0;
    default:
        return random_between(&m->random, 1, 400) * MS;
    }
}

/* Else most of a run would be spent killed, halted, locked, or looking on. */
static void recover(struct monkey *m)
{
    const struct ui *ui = m->ui;

    if (ui->frame == NULL) {
        return;
    }
    if (ui->locked && one_in(m, 8)) {
        strike(m, KEY_ESC);
        type(m, m->attached ? "unlock" : config_text(m->config, "screen.lock_word"));
        strike(m, KEY_ENTER);
    } else if (ui_killed(ui) && one_in(m, 15)) {
        strike(m, KEY_ESC);
        type_line(m, "clear-kill");
        type(m, "resume");
        strike(m, KEY_ENTER);
    } else if (ui->frame->status.state == STATE_HALTED && one_in(m, 10)) {
        strike(m, KEY_ESC);
        type_line(m, "go");
    } else if (ui->frame->status.mode == MODE_OBSERVATION && one_in(m, 10)) {
        strike(m, 's');
    } else if (ui->frozen && one_in(m, 10)) {
        strike(m, 'Z');
    } else if (ui->layout.small && one_in(m, 4)) {
        resize(m);
    } else if (ui->screen != SCREEN_TRADE && one_in(m, 10)) {
        strike(m, '1');
    }
}

/* The question or the form that stands is read, and answered. */
static void answer(struct monkey *m)
{
    if (m->ui->overlay != OVERLAY_QUESTION && m->ui->overlay != OVERLAY_TICKET)
        return;
    look(m);
    pass_time(m, random_between(&m->random, 200, 400) * MS);
    if (one_in(m, 3))
        frame(m);
    if (one_in(m, 3))
        look(m);
    strike(m, one_in(m, 6) ? KEY_ENTER : 'y');
}

static void few_keys(struct monkey *m, const uint32_t *keys, int64_t count, int64_t most)
{
    for (int64_t left = among(m, most); left > 0; left--)
        strike(m, keys[among(m, count)]);
}

/* As somebody who trades would: from the ladder, armed or asked, to the end. */
static void trade(struct monkey *m)
{
    static const uint32_t aims[] = {KEY_UP, KEY_DOWN, KEY_LEFT,           KEY_RIGHT, '0',
                                    '+',    '-',      KEY_SHIFT | KEY_UP, 'c'},
                          fields[] = {KEY_TAB, KEY_RIGHT, KEY_LEFT, KEY_TAB, '0', '.', '5', KEY_BACKSPACE};
    static const char keys[] = "iiiMMtfRxxx\n:";
    char line[64], price[DECIMAL_TEXT_SIZE];
    uint32_t key = (uint32_t)keys[among(m, (int64_t)sizeof(keys) - 1)];
    uint16_t at = m->ui->instrument_id < MARKETS ? m->ui->instrument_id : 0;

    for (int i = 0; i < 4 && !is_home(m->ui); i++)
        strike(m, KEY_ESC);
    if (one_in(m, 2) && !m->ui->armed) {
        strike(m, 'a');
        answer(m);
    }
    few_keys(m, aims, 9, 5);
    if (one_in(m, 2)) {
        frame(m);
        look(m);
    }
    if (key == 'x') { /* what is to be moved */
        strike(m, 'i');
        answer(m);
        pass_time(m, 300 * MS);
        frame(m);
    }
    if (key == ':') {
        price_of(m, at, m->bid[at] + random_between(&m->random, -1, 1) * (m->bid[at] / 100), price);
        snprintf(line, sizeof(line), one_in(m, 3) ? "flatten --worst %s" : "stop %s", price);
        type_line(m, line);
    } else {
        strike(m, key == '\n' ? KEY_ENTER : key);
    }
    if (m->ui->overlay == OVERLAY_TICKET)
        few_keys(m, fields, 8, 6);
    if (m->ui->moving) {
        few_keys(m, aims, 8, 4);
        strike(m, 'p');
    }
    answer(m);
}

static void deed(struct monkey *m)
{
    int64_t what = among(m, 100);

    if (what < 38)
        strike(m, some_key(m));
    else if (what < 50)
        strike(m, trader_key(m));
    else if (what < 68)
        trade(m);
    else if (what < 74)
        answer(m);
    else if (what < 80)
        some_line(m);
    else if (what < 84)
        some_mouse(m);
    else if (what < 85)
        some_event(m);
    else if (what < 87)
        resize(m);
    else if (what < 88)
        m->watching = one_in(m, 3);
    else if (what < 89)
        m->full = one_in(m, 4);
    else if (what < 90)
        m->schedule_holds = one_in(m, 2);
    else if (what < 91)
        m->ended = m->replay && one_in(m, 6);
    else if (what < 93)
        strike(m, (uint32_t)random_between(&m->random, ' ', '~'));
    else
        recover(m);
}

static void step(struct monkey *m)
{
    pass_time(m, some_span(m));
    if (!one_in(m, 4))
        frame(m);
    recover(m);
    deed(m);
    check_kill(m);
    if (one_in(m, 2))
        look(m);
    if (m->fresh && one_in(m, 5))
        check_same_picture(m);
    if (one_in(m, 3))
        check_way_home(m);
    if (one_in(m, 12))
        check_resized(m);
}

static void run(uint64_t seed, int steps, int count[COUNTED])
{
    struct monkey *m = monkey_new(seed);

    for (m->step = 0; m->step < steps; m->step++)
        step(m);
    m->count[DENIALS] = (int)m->pipeline->counts.denied;
    m->count[FILLS] = (int)m->pipeline->counts.fills;
    for (int i = 0; i < COUNTED; i++)
        count[i] += m->count[i];
    monkey_free(m);
}

static void test_whatever_is_typed(void **state)
{
    static const char *const name[COUNTED] = {
        "by arm",         "by question", "by ticket", "by prompt", "moves",  "flattens",
        "reverses",       "kills",       "armed",     "denials",   "fills",  "held frames",
        "other pictures", "gaps",        "NEXT read", "locks",     "freezes"};
    const char *soak = getenv("FLOWDECK_SOAK"), *one = getenv("FLOWDECK_MONKEY");
    uint64_t runs = RUNS * (soak != NULL && strcmp(soak, "1") == 0 ? SOAKS : 1);
    int count[COUNTED] = {0};

    (void)state;
    if (one != NULL) {
        run(strtoull(one, NULL, 10), STEPS, count);
        return;
    }
    for (uint64_t seed = 1; seed <= runs; seed++)
        run(seed, STEPS, count);
    for (int i = 0; i < COUNTED; i++) {
        print_message("%s %d%s", name[i], count[i], i + 1 < COUNTED ? ", " : "\n");
        if (count[i] == 0)
            fail_msg("the monkey never came to %s: it proves nothing of it", name[i]);
    }
}

/* It once told BTCUSDT's order with the name and scale of ETHUSDT, whose picture had come, and sent it. */
static void test_a_question_under_another_picture(void **state)
{
    int count[COUNTED] = {0};

    (void)state;
    run(32, 30, count);
}

static int open_canvas(void **state)
{
    (void)state;
    escape_canvas = canvas_new(ROWS_MAX, COLS_MAX);
    return escape_canvas == NULL;
}

static int close_canvas(void **state)
{
    (void)state;
    canvas_free(escape_canvas);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_is_typed),
        cmocka_unit_test(test_a_question_under_another_picture),
    };

    return cmocka_run_group_tests(tests, open_canvas, close_canvas);
}
