/*
 * The workstation in a terminal that does its worst: sequences in pieces, a thousand sizes, a megabyte of paste, the mouse.
 * By keys alone, judged by cells alone. FLOWDECK_SOAK=1: the long form.
 */
#include "screen/workstation.h"

#define RESIZES      300
#define RESIZES_SOAK 10000
#define PASTE        (1 << 20)
#define SPLIT_MS     60

static bool soak(void)
{
    return getenv("FLOWDECK_SOAK") != NULL;
}

static void expect_row(struct vt *vt, int row, const char *text)
{
    int64_t end_ms = vt_now_ms() + ANSWER_MS;

    while (strstr(vt_row(vt, row), text) == NULL) {
        if (vt_now_ms() > end_ms)
            fail_msg("`%s` is not in row %d: %s", text, row, vt_row(vt, row));
        vt_pump(vt, 10);
    }
}

/* The clock is held, so that nothing moves but what keys move. */
static struct vt *start_held(int rows, int cols)
{
    struct vt *vt = start_ready(rows, cols);

    vt_send(vt, " ");
    vt_expect(vt, "PAUSED", ANSWER_MS);
    play(vt, 1700); /* a second Space is dead until then */
    vt_send(vt, "\014");
    play(vt, 300);
    return vt;
}

/* --- sequences in pieces ------------------------------------------------------------------------------------------------ */

/* Cut at each byte with 60 ms between: what is left of one is never typed. `[` would change the rows, `A` be answered. */
static void test_sequences_in_pieces_type_nothing(void **state)
{
    static const char *const sequences[] = {
        "\033[A",          "\033[B",
        "\033OA",          "\033OB",
        "\033[1;2A",       "\033[1;2B",
        "\033[5~",         "\033[6~",
        "\033[57352u",     "\033[I",
        "\033[0n",         "\033[?2026;2$y",
        "\033[24;80R",     "\033]11;rgb:0/0/0\a",
        "\033[<35;10;10M", "\033P1$r0m\033\\",
    };
    struct vt *vt = start_held(36, 120);
    char title[64];

    (void)state;
    assert_non_null(strstr(vt_row(vt, 2), " row "));
    snprintf(title, sizeof(title), "%.40s", strstr(vt_row(vt, 2), " row "));
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        size_t size = strlen(sequences[i]);

        for (size_t cut = 1; cut<size; cut += size> 8 && !soak() ? 3 : 1) {
            vt->typing = true;
            vt_send_bytes(vt, sequences[i], cut);
            play(vt, SPLIT_MS);
            vt_send_bytes(vt, sequences[i] + cut, size - cut);
            vt->typing = false;
            play(vt, SPLIT_MS);
            if (vt_shows(vt, "does nothing here") || vt_shows(vt, "THIS ORDER?") || vt_shows(vt, "letter"))
                fail_msg("ESC%s cut at %zu was typed: %s", sequences[i] + 1, cut, vt_row(vt, 34));
        }
    }
    assert_non_null(strstr(vt_row(vt, 2), " row "));
    assert_memory_equal(strstr(vt_row(vt, 2), " row "), title, 12); /* the row step is as it was */
    assert_true(vt_shows(vt, "PAUSED"));
    leave(vt);
}

/* A kill typed behind half a sequence comes through. */
static void test_a_kill_behind_a_cut_sequence(void **state)
{
    struct vt *vt = start_trading(24, 80);

    (void)state;
    vt_send(vt, "\033[1;");
    play(vt, 700);
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
}

/* --- sizes -------------------------------------------------------------------------------------------------------------- */

static int random_below(uint32_t *random, int below)
{
    *random = *random * 1664525u + 1013904223u;
    return (int)(*random >> 8) % below;
}

static VTermScreenCell *all_cells(const struct vt *vt)
{
    VTermScreenCell *cells = calloc((size_t)vt->rows * (size_t)vt->cols, sizeof(*cells));

    assert_non_null(cells);
    for (int row = 0; row < vt->rows; row++)
        for (int col = 0; col < vt->cols; col++)
            cells[row * vt->cols + col] = vt_cell(vt, row, col);
    return cells;
}

/* What stands there is what a fresh picture has, cell by cell with its colours. */
static void expect_fresh(struct vt *vt)
{
    VTermScreenCell *before, *after;
    char *was;

    play(vt, 2000); /* rows are asked for, and the ladder finds its middle */
    before = all_cells(vt);
    was = strdup(vt_text(vt));
    vt_send(vt, "\014");
    play(vt, 600);
    after = all_cells(vt);
    for (int i = 0; i < vt->rows * vt->cols; i++) {
        int row = i / vt->cols, col = i % vt->cols;

        if (row == vt->rows - 2) /* NEXT fades */
            continue;
        if (before[i].chars[0] == 0) /* erased is as good as blank */
            before[i].chars[0] = ' ';
        if (after[i].chars[0] == 0)
            after[i].chars[0] = ' ';
        if (memcmp(before[i].chars, after[i].chars, sizeof(after[i].chars)) != 0 ||
            (after[i].chars[0] > ' ' && !vterm_color_is_equal(&before[i].fg, &after[i].fg)) ||
            !vterm_color_is_equal(&before[i].bg, &after[i].bg)) {
            fprintf(stderr, "was:\n%s\nis:\n%s", was, vt_text(vt));
            fail_msg("at %dx%d the cell of row %d, column %d was not as drawn anew", vt->cols, vt->rows, row,
                     col);
        }
    }
    free(was);
    free(before);
    free(after);
}

static void test_any_size_at_any_moment(void **state)
{
    static const int marked[][2] = {{1, 1}, {200, 500}, {15, 60}, {14, 59}, {24, 80}, {2, 300}, {300, 2}};
    static const int last[][2] = {{24, 80}, {36, 120}, {55, 200}};
    struct vt *vt = start_held(36, 120);
    uint32_t random = 1;

    (void)state;
    for (int i = 0; i < (soak() ? RESIZES_SOAK : RESIZES); i++) {
        size_t at = (size_t)(i % 20);

        if (at < sizeof(marked) / sizeof(marked[0]))
            vt_resize(vt, marked[at][0], marked[at][1]);
        else
            vt_resize(vt, 1 + random_below(&random, 70), 1 + random_below(&random, 220));
        for (int ms = random_below(&random, 12); ms > 0; ms -= 4)
            vt_pump(vt, 1);
        assert_false(vt_reap(vt));
    }
    for (size_t i = 0; i < 3; i++) {
        vt_resize(vt, last[i][0], last[i][1]);
        vt_expect(vt, "PAUSED", ANSWER_MS);
        vt_expect(vt, "KILL", ANSWER_MS);
        expect_fresh(vt);
    }
    leave(vt);
}

/* --- paste -------------------------------------------------------------------------------------------------------------- */

/* Orders, answers and kills by the thousand, none of which is typed. */
static void send_paste(struct vt *vt, bool brackets)
{
    static const char text[] = "iyMy\ryfyRyui\nyKq:flatten\ra";
    char *all = malloc(PASTE + 16);
    size_t size = 0;

    assert_non_null(all);
    if (brackets)
        size += (size_t)sprintf(all, "\033[200~");
    while (size < PASTE)
        all[size] = text[size % (sizeof(text) - 1)], size++;
    if (brackets)
        size += (size_t)sprintf(all + size, "\033[201~");
    for (size_t at = 0; at < size; at += 4096)
        vt_send_bytes(vt, all + at, size - at < 4096 ? size - at : 4096);
    free(all);
}

static void test_a_megabyte_of_paste_is_dropped(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    for (int brackets = 1; brackets >= 0; brackets--) {
        vt_send(vt, "a");
        vt_expect(vt, "ARMED ", ANSWER_MS);
        play(vt, 300);
        send_paste(vt, brackets == 1);
        vt_expect(vt, "bytes dropped", START_MS);
        vt_expect(vt, "one-key off", ANSWER_MS);
        play(vt, 1200);
        assert_true(vt_shows(vt, "ACTIVE")); /* neither killed nor paused */
        assert_false(vt_shows(vt, "THIS ORDER?"));
        assert_true(vt_shows(vt, "orders 0"));
        assert_true(vt_shows(vt, "fills 4"));
    }
    vt_send(vt, "l");
    vt_expect(vt, "NEXT  SELL", ANSWER_MS); /* the keyboard lives */
    leave(vt);
}

/* PuTTY: a right click pastes without brackets, and what was copied is often short. */
static void test_a_short_paste_without_brackets(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    vt_send(vt, "a");
    vt_expect(vt, "ARMED ", ANSWER_MS);
    vt_send(vt, "iiii buy 0.01 now\r");
    vt_expect(vt, "bytes dropped", ANSWER_MS);
    vt_expect(vt, "one-key off", ANSWER_MS);
    assert_true(vt_shows(vt, "orders 0"));
    leave(vt);
}

/* --- mouse -------------------------------------------------------------------------------------------------------------- */

static void click(struct vt *vt, int button, int row, int col, const char *kinds)
{
    char report[64];

    for (; *kinds != '\0'; kinds++) {
        snprintf(report, sizeof(report), "\033[<%d;%d;%d%c", *kinds == 'd' ? button + 32 : button, col + 1,
                 row + 1, *kinds == 'd' ? 'M' : *kinds);
        vt_send(vt, report);
    }
}

/* Column of the text in the row of cells (not bytes). */
static int column_of(struct vt *vt, int row, const char *text)
{
    const char *line = vt_row(vt, row), *at = strstr(line, text);
    int col = 0;

    if (at == NULL)
        return -1;
    for (; line < at; line++)
        col += ((unsigned char)*line & 0xc0) != 0x80;
    return col;
}

static int cursor_row(struct vt *vt)
{
    for (int row = 5; row < vt->rows - 3; row++)
        if (strstr(vt_row(vt, row), "BUY  \u25ba") != NULL || strstr(vt_row(vt, row), "BUY \u25ba") != NULL ||
            strstr(vt_row(vt, row), "\u25c4") != NULL)
            return row;
    return -1;
}

static void test_the_mouse(void **state)
{
    struct vt *vt = start_held(36, 120);
    int price_col, row = 9;
    char price[16], want[40];

    (void)state;
    assert_int_equal(vt->mouse != VTERM_PROP_MOUSE_NONE, 1);
    price_col = column_of(vt, 3, "price");
    assert_true(price_col > 0);
    snprintf(price, sizeof(price), "%.8s", strstr(vt_row(vt, row), "6"));
    click(vt, 0, row, price_col + 2, "Mm"); /* a price takes the cursor */
    play(vt, 400);
    snprintf(want, sizeof(want), "LIMIT %.6s", price);
    expect_row(vt, 34, want);
    click(vt, 0, row + 6, price_col + 2, "d"); /* a drag is nothing */
    click(vt, 3, row + 8, price_col + 2, "d");
    play(vt, 400);
    expect_row(vt, 34, want);
    click(vt, 64, row, price_col, "MMMM"); /* the wheel scrolls, the cursor keeps its price */
    play(vt, 400);
    expect_row(vt, 34, want);
    click(vt, 0, row, 2, "M"); /* without one-key a click in a size column orders nothing */
    play(vt, 400);
    assert_false(vt_shows(vt, "THIS ORDER?"));
    assert_true(vt_shows(vt, "orders 0"));
    click(vt, 0, 300, 1000, "MmMd"); /* outside of everything */
    play(vt, 200);
    assert_false(vt->exited);
    vt_send(vt, ":mouse off\r");
    play(vt, 500);
    assert_int_equal(vt->mouse, VTERM_PROP_MOUSE_NONE);
    (void)cursor_row;
    leave(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequences_in_pieces_type_nothing),
        cmocka_unit_test(test_a_kill_behind_a_cut_sequence),
        cmocka_unit_test(test_any_size_at_any_moment),
        cmocka_unit_test(test_a_megabyte_of_paste_is_dropped),
        cmocka_unit_test(test_a_short_paste_without_brackets),
        cmocka_unit_test(test_the_mouse),
    };

    if (getenv("FLOWDECK_TEST") != NULL)
        cmocka_set_test_filter(getenv("FLOWDECK_TEST"));
    return cmocka_run_group_tests(tests, find_program, NULL);
}
