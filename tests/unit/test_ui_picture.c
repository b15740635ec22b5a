/* What of the picture goes first on a slow line, and what may wait on any: rule 17. */
#include "ui_fixture.h"

static bool covers(const struct canvas_rect *rect, int row)
{
    return row >= rect->row && row < rect->row + rect->rows;
}

/* Place of the first rectangle that holds this cell; -1: it comes with the rest. */
static int place(const struct ui_first *first, int row, int col)
{
    for (size_t i = 0; i < first->count; i++)
        if (covers(&first->rect[i], row) && col >= first->rect[i].col &&
            col < first->rect[i].col + first->rect[i].cols)
            return (int)i;
    return -1;
}

static int own_row(const struct fixture *f)
{
    for (int i = 0; i < f->frame.ladder.rows && i < f->ui->layout.ladder_rows; i++)
        if (f->frame.ladder.row[i].own_count > 0 && i != ladder_cursor_row(f->ui))
            return i;
    return -1;
}

/* Status, NEXT, touch line and own orders, position, inside rows; tape, far rows and lists with the rest. */
static void test_what_matters_most_is_painted_first(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(sizes[i][0], sizes[i][1]);
        const struct layout *l = &f->ui->layout;
        struct ui_first first;
        int col = l->main.at + 1, touch, own, position, inside, bid;

        fixture_draw(f);
        first = ui_first(f->ui);
        bid = ladder_row_of(&f->frame.ladder, f->frame.ladder.best[SIDE_BID].price_ticks, SIDE_BID);
        assert_int_equal(place(&first, 0, 0), 0);
        assert_int_equal(place(&first, 1, l->cols - 1), 0);
        assert_int_equal(place(&first, l->next_row, 0), 1);
        touch = place(&first, l->touch_row, col);
        own = own_row(f) < 0 ? 3 : place(&first, l->ladder_row + own_row(f), col);
        position = place(&first, l->panel[SIDE_POSITION].title_row + 1, l->side.at + 1);
        inside = place(&first, l->ladder_row + bid, col);
        assert_int_equal(touch, 2);
        assert_true(place(&first, l->ladder_row + ladder_cursor_row(f->ui), col) == 3);
        if (own <= touch || position <= own)
            fail_msg("size %zu: touch %d, own %d, position %d", i, touch, own, position);
        assert_true(inside > position || inside == 3 || f->frame.ladder.row[bid].own_count > 0);
        assert_int_equal(place(&first, l->list_row, col), -1);
        assert_int_equal(first.asked, 2);
        fixture_free(f);
    }
}

/* A question is part of what must have been seen before a yes counts. */
static void test_a_question_comes_right_after_next(void **state)
{
    struct fixture *f = fixture_new(80, 24);
    struct ui_first first;

    (void)state;
    fixture_key(f, 'i');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_draw(f);
    first = ui_first(f->ui);
    assert_int_equal(first.asked, 3);
    assert_true(covers(&first.rect[2], f->ui->layout.tabs_row));
    assert_true(covers(&first.rect[2], f->ui->layout.next_row - 1));
    fixture_key(f, KEY_ESC);
    fixture_draw(f);
    assert_int_equal(ui_first(f->ui).asked, 2);
    fixture_free(f);
}

/* Rows ten times a second, gauges and lists five; status, touch line and NEXT whenever they change. */
static void test_parts_have_their_rates(void **state)
{
    struct fixture *f = fixture_new(200, 55);
    const struct layout *l = &f->ui->layout;
    struct ui_held part[UI_HELD_MAX];
    size_t count = ui_held(f->ui, part);

    (void)state;
    assert_in_range(count, 3, UI_HELD_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_false(covers(&part[i].rect, 0) || covers(&part[i].rect, 1));
        assert_false(covers(&part[i].rect, l->next_row) || covers(&part[i].rect, l->hint_row));
        assert_false(covers(&part[i].rect, l->touch_row) && part[i].rect.col < span_end(l->main) &&
                     part[i].rect.col >= l->main.at);
        assert_int_equal(part[i].period_ns,
                         covers(&part[i].rect, l->list_row) || part[i].rect.col >= l->side.at ? 200 * MS
                                                                                              : 100 * MS);
    }
    fixture_key(f, '?');
    assert_int_equal(ui_held(f->ui, part), 0); /* what stands over them would be torn */
    fixture_free(f);
}

/* Position, net and mark stand in the status row and the touch line as well: the panel never shows others than they do. */
static void test_the_position_goes_with_the_status_row(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(sizes[i][0], sizes[i][1]);
        const struct layout *l = &f->ui->layout;
        struct view_position *position = &f->frame.position;
        int64_t *const fact[] = {&position->lots, &position->mark_ticks, &position->open_e8,
                                 &position->day_net_e8};
        struct ui_held before[UI_HELD_MAX], after[UI_HELD_MAX];
        size_t count = ui_held(f->ui, before);

        for (size_t k = 0; k < sizeof(fact) / sizeof(fact[0]); k++) {
            (*fact[k])++;
            fixture_publish(f);
            assert_int_equal(ui_held(f->ui, after), count);
            for (size_t p = 0; p < count; p++) {
                bool has =
                    p > 0 && after[p].rect.col == l->side.at && covers(&after[p].rect, l->title_row + 1);

                assert_true((after[p].facts != before[p].facts) == has);
                assert_true(!has || !covers(&after[p].rect, l->panel[SIDE_FLOW].title_row));
            }
            memcpy(before, after, sizeof(before));
        }
        fixture_free(f);
    }
}

/* The ladder marks the rows of the best prices and of the last: they do not wait when it is another row's. */
static void test_the_ladder_goes_with_the_touch_line(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_ladder *ladder = &f->frame.ladder;
    int64_t *const price[] = {&ladder->best[SIDE_BID].price_ticks, &ladder->best[SIDE_ASK].price_ticks,
                              &ladder->last_ticks};
    struct ui_held part[UI_HELD_MAX];
    uint64_t before;

    (void)state;
    for (size_t i = 0; i < sizeof(price) / sizeof(price[0]); i++) {
        ui_held(f->ui, part);
        assert_true(covers(&part[0].rect, f->ui->layout.ladder_row));
        before = part[0].facts;
        fixture_publish(f);
        ui_held(f->ui, part);
        assert_true(part[0].facts == before);
        *price[i] += ladder->row_ticks;
        fixture_publish(f);
        ui_held(f->ui, part);
        assert_true(part[0].facts != before);
    }
    fixture_free(f);
}

/* Another picture: nothing of it waits. */
static void test_another_scene_is_told(void **state)
{
    static const uint32_t keys[] = {'v', 'z', 'Z', '?', KEY_TAB, 'e', '2', 'a'};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fixture *f = fixture_new(120, 36);
        uint64_t before = ui_scene(f->ui);

        assert_true(ui_scene(f->ui) == before);
        fixture_key(f, keys[i]);
        if (ui_scene(f->ui) == before)
            fail_msg("key %u does not change the scene", (unsigned)keys[i]);
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_matters_most_is_painted_first),
        cmocka_unit_test(test_a_question_comes_right_after_next),
        cmocka_unit_test(test_parts_have_their_rates),
        cmocka_unit_test(test_the_ladder_goes_with_the_touch_line),
        cmocka_unit_test(test_the_position_goes_with_the_status_row),
        cmocka_unit_test(test_another_scene_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
