/*
 * The state table of the keys, whole: each state by each class of keys at three sizes, every key of a class. What came of a
 * key is read from the picture and from the commands that left, never from inside the screen.
 */
#include "ui_fixture.h"

enum outcome {
    AT_ONCE, /* a command left, no question */
    ASKS,    /* a question or the form stands, nothing left */
    REFUSED, /* nothing left, and the NEXT row says why */
    IGNORED, /* nothing left, the picture as before (a question) */
    DEAD,    /* under 60x15: said in the four lines */
    LETTER,  /* in the text field */
    SWITCHES /* another screen is shown */
};

enum key_class { ORDERS, CANCELS, FLATTEN, SPACE, KILL, SCREENS, CLASSES };

static const uint32_t class_keys[CLASSES][6] = {
    [ORDERS] = {'i', 'M', 't', 'R'}, [CANCELS] = {'u', 'U'},           [FLATTEN] = {'f'}, [SPACE] = {' '},
    [KILL] = {'K', KEY_F12},         [SCREENS] = {'2', '3', '4', '5'},
};

struct state_row {
    const char *name;
    void (*enter)(struct fixture *f);
    enum outcome want[CLASSES];
};

/* --- states ------------------------------------------------------------------------------------------------------------ */

/* The cursor on an order of ours, so that a cancel has one; every sign of the way here is gone. */
static void settle(struct fixture *f)
{
    fixture_publish(f);
    f->ui->say.until_ns = 0;
    f->commands = 0;
}

static void to_own_order(struct fixture *f, uint32_t key)
{
    /* a stop that sells lies below the last trade */
    f->ui->ladder.cursor_ticks = key == 't' ? TICKS(61830) : TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
}

static void enter_observation(struct fixture *f)
{
    f->frame.status.mode = MODE_OBSERVATION;
}

static void enter_not_armed(struct fixture *f)
{
    (void)f;
}

static void enter_armed(struct fixture *f)
{
    fixture_key(f, 'a');
    fixture_wait(f, 10);
}

static void enter_question(struct fixture *f)
{
    fixture_key(f, 'i');
    fixture_seen(f);
}

static void enter_text(struct fixture *f)
{
    fixture_key(f, ':');
}

static void enter_picked_up(struct fixture *f)
{
    fixture_key(f, 'x');
}

static void enter_not_live(struct fixture *f)
{
    f->frame.status.instrument[0].book_state = BOOK_STALE;
    f->frame.status.instrument[0].book_age_ns = INT64_C(4200000000);
}

static void enter_frozen(struct fixture *f)
{
    fixture_key(f, 'Z');
}

static void enter_halted(struct fixture *f)
{
    f->frame.status.state = STATE_HALTED;
    fixture_publish(f);
    fixture_wait(f, 10000);
}

static void enter_killed(struct fixture *f)
{
    f->frame.status.kill_ns = f->frame.status.kill_quiet_ns = f->frame.status.now_ns;
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    fixture_wait(f, 10000);
}

static void enter_small(struct fixture *f)
{
    assert_true(canvas_resize(f->canvas, 14, 59));
    ui_resize(f->ui, 59, 14, f->now_ns);
}

/* As the design's table has it; `runs already` of a kill: cancels may be asked for again. */
static const struct state_row rows[] = {
    /*                                        orders   cancel   f        Space    K        screen */
    {"observation", enter_observation, {REFUSED, REFUSED, REFUSED, AT_ONCE, AT_ONCE, SWITCHES}},
    {"not armed", enter_not_armed, {ASKS, AT_ONCE, ASKS, AT_ONCE, AT_ONCE, SWITCHES}},
    {"armed", enter_armed, {AT_ONCE, AT_ONCE, AT_ONCE, AT_ONCE, AT_ONCE, SWITCHES}},
    {"question open", enter_question, {IGNORED, IGNORED, IGNORED, AT_ONCE, AT_ONCE, IGNORED}},
    {"text field", enter_text, {LETTER, LETTER, LETTER, LETTER, LETTER, LETTER}},
    {"order picked up", enter_picked_up, {REFUSED, REFUSED, REFUSED, AT_ONCE, AT_ONCE, SWITCHES}},
    {"book not LIVE", enter_not_live, {REFUSED, AT_ONCE, ASKS, AT_ONCE, AT_ONCE, SWITCHES}},
    {"FROZEN", enter_frozen, {REFUSED, AT_ONCE, ASKS, AT_ONCE, AT_ONCE, SWITCHES}},
    /* a pause would let more through than HALTED does: Space says so */
    {"HALTED", enter_halted, {REFUSED, AT_ONCE, REFUSED, REFUSED, AT_ONCE, SWITCHES}},
    {"KILLED", enter_killed, {REFUSED, AT_ONCE, ASKS, REFUSED, AT_ONCE, SWITCHES}},
    {"under 60x15", enter_small, {DEAD, DEAD, DEAD, AT_ONCE, AT_ONCE, DEAD}},
};

/* --- what came of it ---------------------------------------------------------------------------------------------------- */

/* Commands that do something: looking at rows and asking for verdicts does not. */
static int deeds(const struct fixture *f)
{
    return f->commands - fixture_count(f, COMMAND_VIEW) - fixture_count(f, COMMAND_PREVIEW);
}

static bool picture_has(struct fixture *f, const char *text)
{
    return strstr(fixture_draw(f), text) != NULL;
}

static bool a_question_stands(struct fixture *f)
{
    return picture_has(f, "THIS ORDER?") || picture_has(f, "FLATTEN") || picture_has(f, "REVERSE") ||
           picture_has(f, "EVERYTHING?");
}

static void check(struct fixture *f, const struct state_row *row, enum outcome want, uint32_t key,
                  const char *before)
{
    const char *next;
    bool right = false;

    switch (want) {
    case AT_ONCE:
        right = deeds(f) == 1;
        break;
    case ASKS:
        right = deeds(f) == 0 && f->ui->overlay == OVERLAY_QUESTION && a_question_stands(f);
        break;
    case REFUSED:
        next = fixture_next_row(f);
        right = deeds(f) == 0 && f->ui->overlay == OVERLAY_NONE && strstr(before, next) == NULL;
        break;
    case IGNORED:
        right = deeds(f) == 0 && strcmp(fixture_draw(f), before) == 0;
        break;
    case DEAD:
        right = deeds(f) == 0 && picture_has(f, "too small");
        break;
    case LETTER:
        right = deeds(f) == 0 && f->ui->overlay == OVERLAY_TEXT &&
                (key == KEY_F12 || f->ui->text.value[0] == (char)key);
        break;
    case SWITCHES:
        right = deeds(f) == 0 && !picture_has(f, "picked up") && strcmp(fixture_draw(f), before) != 0 &&
                f->ui->screen == (enum screen_id)(key - '0') && !f->ui->armed && !f->ui->moving;
        break;
    }
    if (!right)
        fail_msg("%s at %dx%d: key %u came out wrong (%d wanted, %d commands): %s", row->name, f->ui->cols,
                 f->ui->rows, (unsigned)key, (int)want, deeds(f), fixture_next_row(f));
}

/* Space and K act inside a text field only after Esc, or as F12. */
static enum outcome wanted(const struct state_row *row, enum key_class class, uint32_t key)
{
    if (row->enter == enter_text && key == KEY_F12)
        return AT_ONCE;
    if (row->enter == enter_armed && key == 'R') /* always asks */
        return ASKS;
    return row->want[class];
}

static void try_key(const struct state_row *row, enum key_class class, uint32_t key, const int size[2])
{
    struct fixture *f = fixture_new(size[0], size[1]);
    char *before;

    to_own_order(f, row->enter == enter_picked_up ? 0 : key);
    fixture_publish(f);
    row->enter(f);
    to_own_order(f, row->enter == enter_picked_up ? 0 : key);
    settle(f);
    before = strdup(fixture_draw(f));
    assert_non_null(before);
    fixture_key(f, key);
    check(f, row, wanted(row, class, key), key, before);
    free(before);
    fixture_free(f);
}

static void test_the_state_table(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
        for (int class = 0; class < CLASSES; class ++)
            for (int k = 0; class_keys[class][k] != 0; k++)
                for (size_t s = 0; s < 3; s++)
                    try_key(&rows[r], (enum key_class) class, class_keys[class][k], sizes[s]);
}

/* What has stopped the key since stops the yes, too: the engine need not be asked to refuse it. */
static void test_a_yes_goes_no_further_than_its_key(void **state)
{
    static const struct {
        uint32_t key;
        enum trading_mode mode, mode_then;
        enum trading_state then;
        const char *why;
    } asked[] = {
        {'i', MODE_SIMULATION, MODE_SIMULATION, STATE_HALTED, "HALTED: only cancels"},
        {'i', MODE_SIMULATION, MODE_SIMULATION, STATE_KILLED, "KILLED: only cancels"},
        {'M', MODE_SIMULATION, MODE_OBSERVATION, STATE_ACTIVE, "observation sends nothing"},
        {'R', MODE_SIMULATION, MODE_SIMULATION, STATE_HALTED, "HALTED: only cancels"},
        {'f', MODE_SIMULATION, MODE_SIMULATION, STATE_HALTED, "HALTED: only cancels"},
        {'f', MODE_SIMULATION, MODE_OBSERVATION, STATE_ACTIVE, "observation sends nothing"},
        {'a', MODE_LIVE, MODE_LIVE, STATE_HALTED, "HALTED: only cancels"},
        {'a', MODE_LIVE, MODE_OBSERVATION, STATE_ACTIVE, "observation sends nothing"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct fixture *f = fixture_new(120, 36);

        f->frame.status.mode = asked[i].mode;
        fixture_publish(f);
        fixture_key(f, asked[i].key);
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
        fixture_seen(f);
        f->commands = 0;
        f->frame.status.mode = asked[i].mode_then;
        f->frame.status.state = asked[i].then;
        fixture_publish(f);
        fixture_key(f, 'y');
        for (int at = 0; at < f->commands; at++)
            assert_false(command_has(f->command[at].kind, COMMAND_TRAIT_CHANGES));
        assert_false(f->ui->armed);
        assert_has(fixture_next_row(f), asked[i].why);
        fixture_free(f);
    }
}

/* A price that is cut is another price: a long name gives way before it. */
static void test_the_price_of_a_question_is_whole_at_60_columns(void **state)
{
    struct fixture *f = fixture_new(60, 15);

    (void)state;
    snprintf(f->frame.status.instrument[0].symbol, SYMBOL_SIZE, "1000000LONGNAMEDUSDC");
    fixture_publish(f);
    fixture_key(f, 'M');
    assert_has(fixture_draw(f), "BUY 0.01000 1000000\u2026EDUSDC  MARKET, worst 62089.54 ");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_state_table),
        cmocka_unit_test(test_a_yes_goes_no_further_than_its_key),
        cmocka_unit_test(test_the_price_of_a_question_is_whole_at_60_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
