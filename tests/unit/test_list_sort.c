/* Lists sorted by each of their columns, both ways round, as their rows stand on the screen. */
#include "ui_fixture.h"

#define ROWS_MAX 8

/* What stands of each row at the column of a head, from the first row on. */
static int column_of(struct fixture *f, const char *head, char out[ROWS_MAX][24])
{
    const struct layout *l = &f->ui->layout;
    const char *line = fixture_row(f, l->list_row), *at = strstr(line, head);
    int col = 0, rows = 0;

    if (at == NULL)
        fail_msg("no head `%s` in: %s", head, line);
    for (const char *c = line; c < at; c++)
        col += ((unsigned char)*c & 0xc0) != 0x80;
    for (int row = l->list_row + 1; row < l->list_row + l->list_rows && rows < ROWS_MAX; row++, rows++) {
        int from = col, used = 0;

        while (from > 0 && canvas_cell(f->canvas, row, from - 1)->code != ' ')
            from--;
        while (from < col + (int)strlen(head) && canvas_cell(f->canvas, row, from)->code == ' ')
            from++;
        for (uint32_t code; (code = canvas_cell(f->canvas, row, from)->code) != ' ' && used < 23; from++)
            out[rows][used++] = code < 0x80 ? (char)code : '?';
        out[rows][used] = '\0';
        if (used == 0)
            break;
    }
    return rows;
}

static void sort_by(struct fixture *f, const char *column)
{
    char said[48];

    snprintf(said, sizeof(said), "sorted by %s,", column);
    for (int i = 0; i < 12; i++) {
        fixture_key(f, ',');
        if (strstr(fixture_next_row(f), said) != NULL)
            return;
    }
    fail_msg("the list is never %s", said);
}

static void assert_falls(struct fixture *f, const char *head, bool falls)
{
    char cell[ROWS_MAX][24], marked[48];
    int rows = column_of(f, head, cell);

    assert_in_range(rows, 3, ROWS_MAX);
    for (int i = 1; i < rows; i++) {
        double above = strtod(cell[i - 1], NULL), below = strtod(cell[i], NULL);

        if (falls ? above < below : above > below)
            fail_msg("%s, %s: %s stands over %s", head, falls ? "falling" : "rising", cell[i - 1], cell[i]);
    }
    snprintf(marked, sizeof(marked), "%s%s", head, falls ? "\u25bc" : "\u25b2");
    assert_has(fixture_row(f, f->ui->layout.list_row), marked);
}

static struct fixture *on_list(enum list_tab tab)
{
    struct fixture *f = fixture_new(120, 36);

    fixture_key(f, 'v');
    while (f->ui->list.tab != tab)
        fixture_key(f, KEY_TAB);
    return f;
}

static void test_columns_go_both_ways(void **state)
{
    static const struct {
        enum list_tab tab;
        const char *column, *head, *first, *turned;
    } by[] = {
        {TAB_ORDERS, "price", "price", "highest first", "lowest first"},
        {TAB_FILLS, "price", "price", "highest first", "lowest first"},
        {TAB_FILLS, "fee", "fee", "greatest first", "least first"},
        {TAB_FILLS, "slippage", "slip", "worst first", "best first"},
        {TAB_FILLS, "closed", "closed", "best first", "worst first"},
        {TAB_TAPE, "price", "price", "highest first", "lowest first"},
        {TAB_TAPE, "size", "size", "greatest first", "least first"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
        struct fixture *f = on_list(by[i].tab);

        sort_by(f, by[i].column);
        assert_has(fixture_next_row(f), by[i].first);
        if (by[i].tab != TAB_TAPE) /* its trades of one price carry their side's mark */
            assert_falls(f, by[i].head, true);
        fixture_key(f, 'D');
        assert_has(fixture_next_row(f), by[i].turned);
        if (by[i].tab != TAB_TAPE)
            assert_falls(f, by[i].head, false);
        fixture_key(f, 'D');
        assert_has(fixture_next_row(f), by[i].first);
        fixture_key(f, 'D');
        fixture_key(f, ','); /* the next column begins in its own way */
        assert_false(f->ui->list.turned);
        fixture_free(f);
    }
}

/* The tape has no such thing as a first row that is followed, once it is sorted. */
static void test_the_tape_goes_both_ways(void **state)
{
    struct fixture *f = on_list(TAB_TAPE);
    uint16_t index[VIEW_TAPE_MAX];

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        if (turn == 0)
            sort_by(f, "size");
        else
            fixture_key(f, 'D');
        assert_int_equal(list_rows(f->ui, index, VIEW_TAPE_MAX), f->frame.lists.takers);
        for (int i = 1; i < f->frame.lists.takers; i++) {
            int64_t above = f->frame.lists.taker[index[i - 1]].lots,
                    below = f->frame.lists.taker[index[i]].lots;

            assert_true(turn == 0 ? above >= below : above <= below);
        }
    }
    assert_has(fixture_row(f, f->ui->layout.list_row), "size\u25b2");
    fixture_free(f);
}

/* Ended orders are no distance away: they stand last, near ones first or far ones. */
static void test_what_is_not_known_stands_last(void **state)
{
    struct fixture *f = on_list(TAB_ORDERS);
    char cell[ROWS_MAX][24];

    (void)state;
    sort_by(f, "away");
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(column_of(f, "away", cell), 5);
        assert_string_equal(cell[0], turn == 0 ? "2.0bp" : "19.8bp");
        assert_string_equal(cell[2], turn == 0 ? "19.8bp" : "2.0bp");
        assert_string_equal(cell[3], "-");
        assert_string_equal(cell[4], "-");
        fixture_key(f, 'D');
    }
    fixture_free(f);
}

/* A key acts on the row that was lit before, wherever it went. */
static void test_the_choice_goes_along_when_rows_are_turned(void **state)
{
    struct fixture *f = on_list(TAB_ORDERS);

    (void)state;
    sort_by(f, "price");
    while (list_order(f->ui)->order.seq != 221)
        fixture_key(f, f->ui->list.row == 0 ? KEY_DOWN : KEY_UP);
    for (int i = 0; i < 3; i++) {
        fixture_key(f, 'D');
        assert_int_equal(list_order(f->ui)->order.seq, 221);
    }
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 221);
    fixture_free(f);
}

static void test_turning_needs_a_column(void **state)
{
    struct fixture *f = on_list(TAB_ORDERS);
    int rows = f->ui->layout.hint_row;

    (void)state;
    fixture_key(f, 'D');
    assert_has(fixture_next_row(f), "rows stand as they come; , sorts them by a column");
    assert_has_not(fixture_row(f, rows), "D turn");
    fixture_key(f, ',');
    assert_has(fixture_row(f, rows), "D turn");
    fixture_key(f, 'D');
    fixture_key(f, KEY_TAB); /* another list stands as it comes again */
    assert_has_not(fixture_row(f, rows), "D turn");
    assert_false(f->ui->list.turned);
    while (f->ui->list.tab != TAB_EVENTS)
        fixture_key(f, KEY_TAB);
    fixture_key(f, 'D');
    assert_has(fixture_next_row(f), "this list goes by time alone");
    while (f->ui->list.tab != TAB_WATCH)
        fixture_key(f, KEY_TAB);
    fixture_key(f, 'D');
    assert_has(fixture_next_row(f), "keeps the order of the configuration");
    fixture_free(f);
}

/* Without a head the words beside the tabs have the mark. */
static void test_a_narrow_list_says_which_way(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, 'v');
    sort_by(f, "price");
    assert_has(fixture_row(f, f->ui->layout.tabs_row), "by price\u25bc");
    fixture_key(f, 'D');
    assert_has(fixture_row(f, f->ui->layout.tabs_row), "by price\u25b2");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_go_both_ways),
        cmocka_unit_test(test_the_tape_goes_both_ways),
        cmocka_unit_test(test_what_is_not_known_stands_last),
        cmocka_unit_test(test_the_choice_goes_along_when_rows_are_turned),
        cmocka_unit_test(test_turning_needs_a_column),
        cmocka_unit_test(test_a_narrow_list_says_which_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
