/* Why an order filled or did not: opened from the ladder, a list and the prompt; drawn, scrolled, and before it came. */
#include "golden_screen.h"
#include "mock_story.h"

/* The story of the chosen order of the list, come from the engine. */
static struct fixture *story_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, 'v');
    fixture_key(f, 'w');
    mock_story(&f->frame.story);
    fixture_publish(f);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(story_new, "mock-story");
}

/* Asked for while it lies open, and by whatever opened it. */
static void test_ways_to_it(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 0);
    f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, 'w');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 218);
    fixture_key(f, KEY_ESC);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 0);
    fixture_key(f, KEY_TAB); /* fills */
    fixture_key(f, 'v');
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 216);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "explain 188");
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 188);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "explain fd-7-171");
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.story_seq, 171);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "explain nothing");
    assert_has(fixture_next_row(f), ":explain ORDER");
    fixture_prompt(f, "explain 12x");
    assert_has(fixture_next_row(f), ":explain ORDER");
    fixture_key(f, '5');
    fixture_prompt(f, "explain 218");
    mock_story(&f->frame.story);
    fixture_publish(f);
    assert_has(fixture_draw(f), "filled 41 s after it arrived");
    fixture_key(f, 'q');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(f->ui->screen, SCREEN_RISK);
    fixture_free(f);
}

static void test_an_order_that_never_was(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.story.newest_seq = 998;
    fixture_publish(f);
    fixture_prompt(f, "explain 999");
    fixture_wait(f, 1500);
    assert_has(fixture_draw(f), "there is no such order");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "explain 998");
    fixture_wait(f, 1500);
    assert_has(fixture_draw(f), "no story of its queue is kept");
    fixture_free(f);
}

/* Before it comes, and where none is kept, what the lists know is told, and kept up to date. */
static void test_before_and_without_a_story(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.story.newest_seq = 218;
    fixture_publish(f);
    fixture_key(f, 'v');
    fixture_key(f, 'w');
    assert_has(fixture_draw(f), "asking the engine");
    assert_has(f->text, "0.80000 expected, 2.10000 at worst");
    fixture_wait(f, 1500);
    assert_has(fixture_draw(f), "no story of its queue is kept");
    f->frame.lists.order[0].order.queue_expected_lots = LOTS(0.4);
    fixture_publish(f);
    assert_has(fixture_draw(f), "0.40000 expected");
    mock_story(&f->frame.story);
    f->frame.story.order_seq = 217; /* another's */
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "filled 41 s after it arrived");
    fixture_free(f);
}

/* What was moved was not sent as it stands now. */
static void test_a_moved_order_says_when(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct order *order = &f->frame.lists.order[0].order;

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, 'w');
    assert_has(fixture_draw(f), "  sent by ");
    assert_has_not(f->text, "moved");
    order->replaced_ns = order->sent_ns + INT64_C(2000000000);
    fixture_publish(f);
    assert_has(fixture_draw(f), ", moved since");
    assert_has(f->text, "  moved: BUY ");
    fixture_free(f);
}

/* First in an empty queue: no axis from nothing to nothing. */
static void test_an_empty_queue_has_no_axis(void **state)
{
    struct fixture *f = story_new(120, 36);

    (void)state;
    for (int i = 0; i < f->frame.story.points; i++)
        f->frame.story.point[i].shown_lots = f->frame.story.point[i].ahead_lots = 0;
    fixture_publish(f);
    assert_has(fixture_draw(f), "nothing ahead of it, and nothing shown at its price");
    fixture_free(f);
}

static void test_it_scrolls_to_both_ends(void **state)
{
    struct fixture *f = story_new(80, 24);

    (void)state;
    assert_has(fixture_draw(f), "filled 41 s after it arrived");
    assert_has(f->text, "1-13 of ");
    for (int i = 0; i < 20; i++)
        fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "its end");
    assert_has_not(fixture_draw(f), "filled 41 s after it arrived");
    assert_has(f->text, "ahead in the queue: ");
    assert_int_equal(f->ui->overlay, OVERLAY_STORY);
    for (int i = 0; i < 20; i++)
        fixture_key(f, KEY_UP);
    assert_has(fixture_draw(f), "filled 41 s after it arrived");
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* All of an order's terms are in words. */
static void test_terms_are_complete(void **state)
{
    struct fixture *f = fixture_new(200, 55);
    struct order_intent *intent = &f->frame.lists.order[0].order.intent;

    (void)state;
    intent->type = ORDER_TRAILING_STOP;
    intent->trail_ticks = TICKS(25);
    intent->stop_ticks = TICKS(61805);
    intent->tif = TIF_GTD;
    intent->expire_ns = mock_at(15, 0, 0, 0);
    intent->display_lots = LOTS(0.002);
    intent->group = UINT64_C(1) << 32 | 3; /* of a client: its own number is told */
    intent->bracket_take_ticks = TICKS(62000);
    intent->bracket_stop_ticks = TICKS(61500);
    fixture_publish(f);
    fixture_key(f, 'v');
    fixture_key(f, 'w');
    fixture_draw(f);
    assert_has(f->text, "25.00 behind the best trade, now at 61805.00");
    assert_has(f->text, "until 15:00:00");
    assert_has(f->text, "shows 0.00200 at a time");
    assert_has(f->text, "one cancels the other (group 3)");
    assert_has(f->text, "take at 62000.00");
    assert_has(f->text, "stop at 61500.00");
    fixture_free(f);
}

/* Counts past the arrays, one moment, sizes past all sense, texts from outside. */
static void test_hostile_stories(void **state)
{
    static const int size[][2] = {{60, 15}, {80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fixture *f = story_new(size[i][0], size[i][1]);
        struct view_story *story = &f->frame.story;

        story->lines = story->points = 0xFFFF;
        story->instrument_id = 0xFFFE;
        for (int p = 0; p < VIEW_STORY_POINTS; p++) {
            story->point[p].ts_ns = p % 3 == 0 ? INT64_MAX / 2 : -p;
            story->point[p].shown_lots = p % 2 ? INT64_MAX : INT64_MIN;
            story->point[p].ahead_lots = p % 2 ? INT64_MIN : INT64_MAX;
        }
        for (int l = 0; l < VIEW_STORY_LINES; l++)
            snprintf(story->line[l], VIEW_TEXT_MAX, "\033[2J\u202e%0140d\xc3", l);
        fixture_publish(f);
        assert_whole_picture(f);
        for (int k = 0; k < 60; k++)
            fixture_key(f, KEY_DOWN);
        assert_whole_picture(f);
        fixture_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_ways_to_it),
        cmocka_unit_test(test_before_and_without_a_story),
        cmocka_unit_test(test_an_order_that_never_was),
        cmocka_unit_test(test_a_moved_order_says_when),
        cmocka_unit_test(test_an_empty_queue_has_no_axis),
        cmocka_unit_test(test_it_scrolls_to_both_ends),
        cmocka_unit_test(test_terms_are_complete),
        cmocka_unit_test(test_hostile_stories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
