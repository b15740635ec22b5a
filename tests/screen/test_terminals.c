/*
 * The workstation on the terminals there are: four depths of colour, three tiers of glyphs, three sizes; and the states of the
 * keys' table that keys alone can reach, in a terminal, by what its cells say.
 */
#include "screen/three_sizes.h"

/* --- colours and glyphs --------------------------------------------------------------------------------------------------- */

static void check_cells(struct vt *vt, const struct kind *kind)
{
    for (int row = 0; row < vt->rows; row++)
        for (int col = 0; col < vt->cols; col++) {
            VTermScreenCell cell = vt_cell(vt, row, col);
            uint32_t code = cell.chars[0];
            bool coloured = !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);

            if (coloured && strncmp(kind->what, "no ", 3) == 0)
                fail_msg("%s at %dx%d: row %d, column %d has one", kind->what, vt->cols, vt->rows, row, col);
            /* xterm's own background is white, as the text is */
            if (coloured && VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
                fail_msg("%s at %dx%d: row %d, column %d is on the terminal's own background", kind->what,
                         vt->cols, vt->rows, row, col);

            if (code != 0 && code != (uint32_t)-1 && glyph_map(kind->tier, code) != code)
                fail_msg("%s at %dx%d shows U+%04X in row %d, column %d", kind->what, vt->cols, vt->rows,
                         (unsigned)code, row, col);
        }
}

static void check_bytes(struct vt *vt, const struct kind *kind)
{
    if (memmem(vt->raw, vt->raw_size, kind->has, strlen(kind->has)) == NULL)
        fail_msg("%s at %dx%d: no `%s` was written", kind->what, vt->cols, vt->rows, kind->has);
    for (int i = 0; i < 2 && kind->has_not[i] != NULL; i++)
        if (memmem(vt->raw, vt->raw_size, kind->has_not[i], strlen(kind->has_not[i])) != NULL)
            fail_msg("%s at %dx%d: `%s` was written", kind->what, vt->cols, vt->rows, kind->has_not[i]);
}

/*
 * Control sequences whose end every terminal knows that may stand behind the name: mosh, PuTTY and older ones call themselves
 * xterms and cannot all that xterm's entry promises. What one does not know it leaves out, and all behind it is elsewhere.
 */
static void check_sequences(struct vt *vt, const struct kind *kind)
{
    static const char finals[] = "ABCDGHJKLMXdmhlnpcrt";

    for (size_t i = 0; i + 1 < vt->raw_size; i++) {
        if (vt->raw[i] != '\033' || vt->raw[i + 1] != '[')
            continue;
        for (i += 2; i < vt->raw_size && (unsigned char)vt->raw[i] < 0x40; i++)
            ;
        if (i < vt->raw_size && strchr(finals, vt->raw[i]) == NULL)
            fail_msg("%s at %dx%d: a sequence that ends in `%c`", kind->what, vt->cols, vt->rows, vt->raw[i]);
    }
}

static void test_depths_and_glyphs(void **state)
{
    static const char *const words[] = {"BTCUSDT", "LIVE", "touch", "position", "orders", "NEXT", "KILL"};

    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        const struct kind *kind = &kinds[k];
        struct vt *vt[3];

        for (size_t i = 0; i < 3; i++)
            vt[i] =
                start_kind(kind,
                           (struct vt_options){
                               .rows = sizes[i][0], .cols = sizes[i][1], .env = no_store, .keep_raw = true},
                           trading);
        for (size_t i = 0; i < 3; i++) {
            for (size_t word = 0; word < sizeof(words) / sizeof(words[0]); word++)
                vt_expect(vt[i], words[word], START_MS);
            check_cells(vt[i], kind);
            check_bytes(vt[i], kind);
            check_sequences(vt[i], kind);
            leave(vt[i]);
        }
    }
}

/* --- states of the keys ----------------------------------------------------------------------------------------------------- */

struct step {
    const char *state, *enter, *key, *want, *leave;
};

/* `want` stands somewhere on the screen after the key; what leads out of it leaves no trace. */
static const struct step steps[] = {
    {"not armed", "", "i", "THIS ORDER?", "\033"},
    {"not armed", "", "M", "THIS ORDER?", "\033"},
    {"not armed", "", "t", "no position", ""},
    {"not armed", "", "u", "no order is open", ""},
    {"not armed", "", "\r", "ORDER TICKET", "\033"},
    {"question open", "i", "M", "THIS ORDER?", "\033"},
    {"question open", "i", "2", "THIS ORDER?", "\033"},
    {"question open", "i", "q", "THIS ORDER?", "\033"},
    {"text field", ":", "iK f", "iK f_", "\033"},
    {"armed", "a", "u", "ARMED", "\033"},
    {"FROZEN", "Z", "i", "FROZEN", "Z"},
    {"FROZEN", "Z", "M", "FROZEN", "Z"},
    {"HALTED", ":halt\r", "i", "HALTED: only cancels", ""},
    {"HALTED", "", "f", ":reduce", ":go\r"},
    {"screens", "", "2", "VWAP of the day", "\033"},
    {"screens", "", "3", "instrument", "\033"},
    {"screens", "", "5", "DAILY_LOSS", "\033"},
};

static void take_step(struct vt *vt, const struct step *step)
{
    vt_send(vt, step->enter);
    play(vt, step->enter[0] == '\0' ? 50 : 350);
    vt_send(vt, step->key);
    if (!vt_wait_text(vt, step->want, ANSWER_MS)) {
        fprintf(stderr, "%s", vt_text(vt));
        fail_msg("%s at %dx%d: `%s` did not bring `%s`", step->state, vt->cols, vt->rows, step->key,
                 step->want);
    }
    vt_send(vt, step->leave);
    play(vt, step->leave[0] == '\0' ? 50 : 350);
    vt_expect(vt, "orders 0", ANSWER_MS); /* nothing of all this was sent */
}

/* Under 60x15 order keys are dead; back at full size all is as it was. */
static void try_small(struct vt *vt)
{
    int rows = vt->rows, cols = vt->cols;

    vt_resize(vt, 14, 59);
    vt_expect(vt, "60x15", ANSWER_MS);
    vt_send(vt, "i");
    vt_expect(vt, "60x15 at least", ANSWER_MS); /* the key's own answer: it was taken at this size */
    vt_resize(vt, rows, cols);
    vt_expect(vt, "order flow",
              ANSWER_MS); /* not KILL: the small picture has it, and order keys are dead there */
    assert_false(vt_shows(vt, "THIS ORDER?"));
}

static void try_killed(struct vt *vt)
{
    vt_send(vt, "i"); /* from inside a question, too */
    if (!vt_wait_text(vt, "THIS ORDER?", ANSWER_MS))
        fail_msg("at %dx%d no question: %s", vt->cols, vt->rows, vt_row(vt, vt->rows - 2));
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    assert_false(vt_shows(vt, "THIS ORDER?"));
    vt_send(vt, "M");
    vt_expect(vt, "KILLED: only cancels", ANSWER_MS);
    vt_send(vt, " ");
    play(vt, 600);
    assert_non_null(strstr(vt_row(vt, 0), "KILLED"));
}

static void test_states_of_the_keys(void **state)
{
    struct vt *vt[3];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        vt[i] = start(sizes[i][0], sizes[i][1], trading, NULL);
    for (size_t i = 0; i < 3; i++) {
        await_trading(vt[i]);
        vt_expect(vt[i], "NEXT", START_MS);
        vt_send(vt[i], "0jjj");
        for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
            take_step(vt[i], &steps[s]);
        try_small(vt[i]);
        try_killed(vt[i]);
        leave(vt[i]);
    }
}

/* --- leaving -------------------------------------------------------------------------------------------------------------- */

/* A line on which an answer takes a while: none comes when the shell reads again, which would take it for typed. */
static void test_no_answer_is_left_to_the_shell(void **state)
{
    const char *argv[] = {program, "replay", demo, "--mode", "simulation", "--at", "14:05", NULL};
    const char *env[] = {"FLOWDECK_STORE_ON=false", NULL};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct vt *vt =
            vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv, .env = env, .answer_ms = 20});
        struct termios raw;
        char bytes[64];

        vt_expect(vt, "KILL", START_MS);
        play(vt, 300 + 20 * i);
        kill(vt->pid, SIGTERM);
        assert_true(vt_wait_exit(vt, ANSWER_MS));
        assert_true(vt_is_sane(vt));
        play(vt, 600); /* all that was asked is answered */
        assert_int_equal(tcgetattr(vt->slave, &raw), 0);
        cfmakeraw(&raw);
        assert_int_equal(tcsetattr(vt->slave, TCSANOW, &raw), 0);
        assert_int_equal(fcntl(vt->slave, F_SETFL, O_NONBLOCK), 0);
        if (read(vt->slave, bytes, sizeof(bytes)) > 0)
            fail_msg("the shell would read an answer in round %d", i);
        vt_free(vt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depths_and_glyphs),
        cmocka_unit_test(test_states_of_the_keys),
        cmocka_unit_test(test_no_answer_is_left_to_the_shell),
    };

    if (getenv("FLOWDECK_TEST") != NULL)
        cmocka_set_test_filter(getenv("FLOWDECK_TEST"));
    return cmocka_run_group_tests(tests, find_program, NULL);
}
