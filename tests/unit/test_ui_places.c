/*
 * Lists, prompt, order form, replay keys; and every size with hostile data, drawn into a canvas whose edges are
 * watched.
 */
#include "ui_fixture.h"

#include "core/base/safe_text.h"

static void test_tabs_go_round_and_rows_are_chosen_by_order(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int i = 0; i < LIST_TABS; i++) {
        fixture_key(f, KEY_TAB);
        assert_true(strlen(fixture_draw(f)) > 0);
    }
    assert_int_equal(f->ui->list.tab, TAB_ORDERS);
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_int_equal(f->ui->list.tab, TAB_WATCH);
    fixture_key(f, KEY_TAB);
    fixture_key(f, 'v');
    fixture_key(f, KEY_DOWN);
    assert_int_equal(list_order(f->ui)->order.seq, 221);
    /* a new order comes in above: the choice stays with its order */
    memmove(&f->frame.lists.order[1], &f->frame.lists.order[0], 5 * sizeof(f->frame.lists.order[0]));
    f->frame.lists.order[0].order.seq = 300;
    f->frame.lists.orders++;
    fixture_publish(f);
    assert_int_equal(list_order(f->ui)->order.seq, 221);
    assert_int_equal(f->frame.lists.order[f->ui->list.row].order.seq,
                     221); /* and it is the one that is lit */
    fixture_key(f, 'u');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 221);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_free(f);
}

static void test_filter_sort_and_copy(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, '/');
    fixture_type(f, "manual");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(list_count(f->ui), 3);
    assert_has(fixture_draw(f), "/manual");
    fixture_key(f, ',');
    fixture_key(f, ',');
    assert_has(fixture_next_row(f), "sorted by owner, yours first");
    assert_has(fixture_row(f, f->ui->layout.list_row), "owner\u25b2"); /* and it stays to be seen */
    fixture_key(f, 'y');
    assert_int_equal(f->copies, 1);
    assert_has(f->copied, "fd-0-221,BTCUSDT,manual,SELL,LIMIT,0.01,0.01,61865,working\n");
    assert_has_not(f->copied, "ofi");
    fixture_key(f, KEY_ESC);
    assert_int_equal(list_count(f->ui), 5);
    snprintf(f->ui->list.filter, sizeof(f->ui->list.filter), "61720"); /* a stop's trigger, as its row says */
    assert_int_equal(list_count(f->ui), 1);
    f->ui->list.filter[0] = '\0';
    f->ui->list.tab = TAB_TAPE;
    fixture_key(f, '/');
    fixture_type(f, "1"); /* a figure is a least size */
    fixture_key(f, KEY_ENTER);
    assert_int_equal(list_count(f->ui), 2);
    f->ui->list.tab = TAB_CLOSED;
    f->ui->list.filter[0] = '\0';
    assert_int_equal(list_count(f->ui), 2);
    fixture_free(f);
}

/* A row of what happens stays the same one while newer ones come above; the first row follows the newest. */
static void test_a_chosen_row_of_the_tape_stays(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_lists *lists = &f->frame.lists;
    int64_t chosen_ns;

    (void)state;
    fixture_key(f, 'v');
    while (f->ui->list.tab != TAB_TAPE)
        fixture_key(f, KEY_TAB);
    for (int round = 0; round < 2; round++) {
        chosen_ns = lists->taker[f->ui->list.row].ts_ns;
        memmove(&lists->taker[1], &lists->taker[0], 10 * sizeof(lists->taker[0]));
        lists->taker[0].ts_ns += 1000000;
        lists->takers++;
        fixture_publish(f);
        if (round == 0)
            assert_int_equal(f->ui->list.row, 0);
        else
            assert_int_equal(lists->taker[f->ui->list.row].ts_ns, chosen_ns);
        if (round == 0)
            fixture_key(f, KEY_DOWN);
    }
    assert_int_equal(f->ui->list.row, 2);
    fixture_key(f, '/');
    fixture_type(f, "sell");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->list.row, 0);
    fixture_free(f);
}

/* What a filter hides is not chosen behind it. */
static void test_a_filter_chooses_anew(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, '/');
    fixture_type(f, "ofi");
    fixture_key(f, KEY_ENTER);
    assert_string_equal(ui_owner_name(&f->frame, list_order(f->ui)->order.intent.owner), "ofi");
    fixture_free(f);
}

static void test_detail_tells_what_became_of_an_order(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'v');
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "ORDER fd-0-218");
    assert_has(f->text, "ahead in the queue: 0.80000 expected, 2.10000 at worst");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'G');
    fixture_key(f, 'w');
    assert_has(fixture_draw(f), "BUY 0.01000 @ 61796.40 as maker, fee 0.618");
    fixture_free(f);
}

static void test_size_presets_and_typed_sizes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '+');
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_key(f, '=');
    fixture_type(f, "0.033");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->size_e8, E8(0.033));
    fixture_key(f, '-'); /* from a typed size to the preset below */
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_key(f, '=');
    fixture_type(f, "0.000001");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "no multiple of the lot");
    fixture_key(f, '=');
    fixture_type(f, "1e9");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->size_e8, E8(0.02));
    fixture_free(f);
}

/* The form sends what it shows: checked as it is typed, y after 250 ms. */
static void test_ticket(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    fixture_type(f, "0.02");
    fixture_key(f, KEY_TAB);
    fixture_type(f, "61800.005"); /* no multiple of the tick */
    assert_has(fixture_draw(f), "the price must be a multiple of 0.01");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, KEY_BACKSPACE);
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->intent.price_ticks, TICKS(61800));
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_RIGHT); /* post only */
    fixture_key(f, KEY_ENTER); /* goes on, never sends */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    assert_int_equal(fixture_last(f, COMMAND_ORDER)->intent.qty_lots, 2000);
    assert_int_equal(fixture_last(f, COMMAND_ORDER)->intent.price_ticks, TICKS(61800));
    assert_true(fixture_last(f, COMMAND_ORDER)->intent.post_only);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, 'K'); /* the form takes figures, so K is the kill */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_prompt_commands(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "halt");
    assert_int_equal(fixture_last(f, COMMAND_SET_STATE)->state, STATE_HALTED);
    fixture_prompt(f, "cancel buys");
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 218);
    fixture_prompt(f, "cancel sells");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 3);
    fixture_prompt(f, "cancel everything");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    for (int i = 0; i < f->frame.lists.orders; i++)
        f->frame.lists.order[i].order.state = ORDER_STATE_CANCELLED;
    f->frame.lists.orders_open = 0;
    fixture_publish(f);
    fixture_prompt(f, "cancel buys");
    assert_has(fixture_next_row(f), "no buy of BTCUSDT is open");
    fixture_prompt(f, "cancel everything");
    assert_has(fixture_next_row(f), "no order is open");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL) + fixture_count(f, COMMAND_CANCEL_ALL), 4);
    fixture_prompt(f, "theme mono");
    assert_string_equal(f->theme, "mono");
    fixture_prompt(f, "theme nosuch");
    assert_has(fixture_next_row(f), "no theme `nosuch`");
    fixture_prompt(f, "on maker");
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_ON)->intent.owner, 2);
    fixture_prompt(f, "live");
    assert_has(fixture_next_row(f), "not in this version");
    fixture_prompt(f, "halter");
    assert_has(fixture_next_row(f), "did you mean :halt?");
    fixture_prompt(f, "jump 14:08");
    assert_has(fixture_next_row(f), "only a replay's clock");
    fixture_prompt(f, "quit");
    assert_int_equal(f->ui->question.kind, ASK_QUIT);
    fixture_free(f);
}

static void test_a_full_ring_is_said(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    f->full = true;
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "its ring is full");
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_free(f);
}

static void test_answers_stay_three_seconds(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'U');
    f->frame.answers = 1;
    f->frame.answer[0].seq = fixture_last(f, COMMAND_CANCEL_ALL)->seq;
    f->frame.answer[0].level = 1;
    snprintf(f->frame.answer[0].text, VIEW_TEXT_MAX, "NOT SENT  STALE_BOOK age=4.2 s limit=1.0 s");
    fixture_publish(f);
    assert_has(fixture_next_row(f), " NOT SENT  STALE_BOOK age=4.2 s limit=1.0 s");
    fixture_wait(f, 2900);
    fixture_publish(f);
    assert_has(fixture_next_row(f), "STALE_BOOK");
    fixture_wait(f, 200);
    assert_has(fixture_next_row(f), " NEXT  BUY");
    fixture_free(f);
}

static void test_replay_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_speed_x1000 = 2000;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    snprintf(status->replay_name, sizeof(status->replay_name), "rec.gz");
    fixture_publish(f);
    fixture_key(f, '>');
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 4000);
    fixture_key(f, '<'); /* of what was asked for: the frame that tells it is on its way */
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 2000);
    fixture_key(f, '.');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_STEP), 0);
    fixture_key(f, ' '); /* holds the clock and pauses */
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    status->replay_held = true;
    status->state = STATE_PAUSED;
    fixture_publish(f);
    fixture_key(f, '.');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_STEP), 1);
    fixture_wait(f, 1600);
    fixture_key(f, ' ');
    assert_false(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    fixture_prompt(f, "jump 14:30");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 30, 0, 0));
    fixture_prompt(f, "jump 14:31:05");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 31, 5, 0));
    fixture_prompt(f, "jump 14:32x");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    fixture_prompt(f, "jump 14:32:");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    fixture_prompt(f, "jump 14:32:05.5");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 31, 5, 0));
    fixture_prompt(f, "jump 13:59");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_prompt(f, "jump 15:30");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_prompt(f, "speed 50");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 50000);
    fixture_prompt(f, "speed 0.001");
    assert_has(fixture_next_row(f), "0.01 to 1000");
    fixture_free(f);
}

/* The engine only goes forward: what lies behind is played anew, and what would be lost is asked about. */
static void test_replay_goes_back_to_a_bookmark(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;
    int64_t marked_ns = status->now_ns;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    snprintf(status->replay_name, sizeof(status->replay_name), "rec.gz");
    fixture_publish(f);
    fixture_prompt(f, "jump bookmark 1");
    assert_has(fixture_next_row(f), "there is no bookmark yet");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_next_row(f), "there is no bookmark yet");
    fixture_key(f, 'B');
    fixture_prompt(f, "jump bookmark 2");
    assert_has(fixture_next_row(f), "which bookmark? 1 to 1");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_draw(f), ":jump bookmark 1");
    fixture_key(f, KEY_ESC);
    status->now_ns += INT64_C(5000000000);
    fixture_publish(f);
    fixture_prompt(f, "jump bookmark 1"); /* orders, a position and a strategy are there */
    assert_has(fixture_draw(f), "PLAY THE RECORDING ANEW?");
    assert_int_equal(f->again_ns, 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(f->again_ns, marked_ns);
    status->mode = MODE_OBSERVATION;
    status->instrument[0].position_lots = 0;
    f->frame.lists.orders_open = 0;
    fixture_publish(f);
    status->state = STATE_KILLED;
    fixture_publish(f);
    fixture_prompt(f, "jump 14:01"); /* a kill is cleared by its word alone */
    assert_has(fixture_next_row(f), "NO JUMP  KILLED");
    assert_int_equal(f->again_ns, marked_ns);
    status->state = STATE_ACTIVE;
    fixture_publish(f);
    fixture_prompt(f, "jump 14:01"); /* nothing is */
    assert_int_equal(f->again_ns, mock_at(14, 1, 0, 0));
    f->ui->list.tab = TAB_LOG;
    assert_has(fixture_draw(f), "bookmark 1 of rec.gz");
    fixture_free(f);
}

/* Over midnight a time of day is the one that the recording has. */
static void test_jump_finds_the_day(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->mode = MODE_OBSERVATION;
    status->instrument[0].position_lots = 0;
    f->frame.lists.orders_open = 0;
    status->replay_first_ns = mock_at(23, 54, 13, 0);
    status->replay_last_ns = mock_at(24, 5, 3, 0);
    status->now_ns = mock_at(23, 58, 0, 0);
    fixture_publish(f);
    fixture_prompt(f, "jump 00:02");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(24, 2, 0, 0));
    status->now_ns = mock_at(24, 3, 0, 0);
    fixture_publish(f);
    fixture_prompt(f, "jump 00:01");
    assert_int_equal(f->again_ns, mock_at(24, 1, 0, 0));
    fixture_prompt(f, "jump 23:57");
    assert_int_equal(f->again_ns, mock_at(23, 57, 0, 0));
    fixture_prompt(f, "jump 23:54");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 23:54:13 to 00:05:03");
    fixture_free(f);
}

/* Of more than a day: the day stands with the time, and can be asked for. MOCK_DAY is 11-21. */
static void test_a_long_recording_has_days(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(62, 30, 0, 0);
    status->now_ns = mock_at(30, 0, 0, 500);
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "11-22 06:00:00 of 11-21 14:00:00..11-23 14:30:00");
    fixture_prompt(f, "jump 11-23 09:15");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(57, 15, 0, 0));
    assert_has(fixture_next_row(f), "JUMP  to 11-23 09:15:00");
    fixture_prompt(f, "jump 2025-11-22 08:01:05");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(32, 1, 5, 0));
    fixture_prompt(f, "jump 2025-11-22T09:01");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(33, 1, 0, 0));
    fixture_prompt(f, "jump 11-24 09:15");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 11-21 14:00:00 to 11-23 14:30:00");
    fixture_prompt(f, "jump 11-20 09:15");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 11-21 14:00:00 to 11-23 14:30:00");
    fixture_prompt(f, "jump 11-31 09:15");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS] or [YYYY-]MM-DD HH:MM[:SS], UTC, or bookmark N");
    fixture_key(f, 'B');
    assert_has(fixture_next_row(f), "BOOKMARK  1 at 11-22 06:00:00.500");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_draw(f), " 1  11-22 06:00:00.500   :jump bookmark 1");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "jump 11-21 20:00"); /* orders and a position are there */
    assert_has(fixture_draw(f), "PLAY THE RECORDING ANEW?");
    assert_has(fixture_draw(f), "11-21 20:00:00 is behind");
    fixture_free(f);
}

/* Over New Year a day without a year is the one that the recording has. */
static void test_a_day_is_of_the_recordings_year(void **state)
{
    const int64_t new_year_ns = mock_at(0, 0, 0, 0) + 41 * INT64_C(86400000000000); /* from 11-21 on */
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0) + 39 * INT64_C(86400000000000);
    status->replay_last_ns = new_year_ns + INT64_C(86400000000000);
    status->now_ns = status->replay_first_ns + 1;
    fixture_publish(f);
    fixture_prompt(f, "jump 12-31 09:00");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, new_year_ns - 15 * INT64_C(3600000000000));
    fixture_prompt(f, "jump 01-01 09:00");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, new_year_ns + 9 * INT64_C(3600000000000));
    fixture_free(f);
}

/* Where a recording ends is known once it was read through: a jump that was let go until then is held where it is. */
static void test_a_jump_past_the_end_is_given_up(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = 0;
    fixture_publish(f);
    fixture_prompt(f, "jump 15:30");
    assert_has(fixture_next_row(f), "JUMP  to 15:30:00; where the recording ends is not known yet");
    status->replay_seek_ns = mock_at(15, 30, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, 0);
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_publish(f); /* the frame that tells of it is on its way */
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_HOLD), 1);
    fixture_free(f);
}

/* HALTED, Space is the clock's alone: nothing is paused, nothing resumes, and it says which. */
static void test_space_holds_the_clock_when_halted(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    status->state = STATE_HALTED;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "Space hold");
    assert_has(fixture_row(f, 35), "Space hold");
    fixture_key(f, ' ');
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f),
               "HALTED  the clock is held; Space lets it go on; no order leaves until :go");
    status->replay_held = true;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "held");
    assert_has(fixture_row(f, 1), "Space play");
    assert_has(fixture_row(f, 35), "Space play");
    fixture_key(f, ' '); /* at once: it is no pause, so no nervous double tap */
    assert_false(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f), "HALTED  the recording plays on; no order leaves until :go");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    status->replay_held = false;
    status->replay_ended = true;
    fixture_publish(f);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_HOLD), 2);
    assert_has(fixture_next_row(f), "the recording has ended: nothing runs that could be held");
    fixture_free(f);
}

static void test_window_title(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    char title[64];

    (void)state;
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "SIM BTCUSDT LONG +7.98");
    f->frame.status.instrument[0].book_state = BOOK_STALE;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "STALE BTCUSDT LONG +7.98");
    f->frame.status.mode = MODE_OBSERVATION;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "STALE BTCUSDT");
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "KILLED BTCUSDT");
    fixture_free(f);
}

/* --- any size, any data ------------------------------------------------------------------------------------------------- */

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

/* A window of the schedule stops everybody's orders, not a flatten; both rows say which it is. */
static void test_the_schedule_is_told_and_kept(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);
        struct view_status *status = &f->frame.status;

        snprintf(status->attention, sizeof(status->attention), "snapshot not written (File exists)");
        fixture_publish(f);
        assert_has(fixture_row(f, 1), "LOOK  snapshot not written"); /* where nothing worse is told */
        status->state = STATE_PAUSED;
        status->schedule_holds = true;
        snprintf(status->state_why, sizeof(status->state_why), "the weekend, until Sun 22:00");
        fixture_publish(f);
        assert_has(fixture_row(f, 1), "SCHEDULE  the weekend, until");
        assert_has(fixture_row(f, 1), "book LIVE");
        assert_has(fixture_next_row(f), "the schedule pauses everybody: the weekend, until Sun 22:00");
        fixture_key(f, 'i');
        assert_has(fixture_next_row(f), "NOT SENT");
        fixture_key(f, KEY_ENTER);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        fixture_key(f, 'f');
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
        assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
        fixture_free(f);
    }
}

/* What is gone reads so at any width, the narrowest too. */
static void test_a_wall_that_is_gone(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_book_event event = {.kind = 2, /* WALL */
                                    .side = SIDE_ASK,
                                    .price_ticks = TICKS(61900),
                                    .lots = LOTS(3.12),
                                    .ratio_to_x100 = 80,
                                    .span_ms = 42000};
    char text[96];

    (void)state;
    assert_string_equal(list_event_text(&event, ui_scale(f->ui), text, sizeof(text)),
                        "WALL     ask 61900 3.12 gone, taken after 42s");
    event.ratio_to_x100 = 10;
    assert_string_equal(list_event_fit(&event, ui_scale(f->ui), 500, 34, text, sizeof(text)),
                        "WALL     ask 61900 gone, pulled");
    assert_string_equal(list_event_fit(&event, ui_scale(f->ui), 500, 24, text, sizeof(text)),
                        "WALL     gone ask 61900");
    event.ratio_x100 = 700;
    assert_has(list_event_text(&event, ui_scale(f->ui), text, sizeof(text)), "3.12, 7x usual");
    fixture_free(f);
}

/* NEXT names what lies over the screen by its own title: only the story of an order tells why. */
static void test_each_page_has_its_own_title(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "alerts");
    assert_has(fixture_next_row(f), "ALERTS  any other key closes it");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help flatten");
    assert_has(fixture_next_row(f), "flatten  any other key closes it");
    fixture_free(f);
}

/* One screen is no screens, and where nobody is in control that is said as it is. */
static void test_who_is_in_control(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.desk.screens = 1;
    f->frame.desk.watching = true;
    fixture_publish(f);
    assert_has(fixture_draw(f), " 1 SCREEN, nobody in control ");
    f->frame.desk.screens = 3;
    snprintf(f->frame.desk.controller, sizeof(f->frame.desk.controller), "pts/3");
    fixture_publish(f);
    assert_has(fixture_draw(f), " 3 SCREENS, pts/3 controls ");
    f->frame.desk.watching = false;
    fixture_publish(f);
    assert_has(fixture_draw(f), " 3 SCREENS, you control ");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_page_has_its_own_title),
        cmocka_unit_test(test_a_wall_that_is_gone),
        cmocka_unit_test(test_who_is_in_control),
        cmocka_unit_test(test_tabs_go_round_and_rows_are_chosen_by_order),
        cmocka_unit_test(test_filter_sort_and_copy),
        cmocka_unit_test(test_a_chosen_row_of_the_tape_stays),
        cmocka_unit_test(test_a_filter_chooses_anew),
        cmocka_unit_test(test_detail_tells_what_became_of_an_order),
        cmocka_unit_test(test_size_presets_and_typed_sizes),
        cmocka_unit_test(test_ticket),
        cmocka_unit_test(test_prompt_commands),
        cmocka_unit_test(test_a_full_ring_is_said),
        cmocka_unit_test(test_answers_stay_three_seconds),
        cmocka_unit_test(test_replay_keys),
        cmocka_unit_test(test_replay_goes_back_to_a_bookmark),
        cmocka_unit_test(test_jump_finds_the_day),
        cmocka_unit_test(test_a_long_recording_has_days),
        cmocka_unit_test(test_a_day_is_of_the_recordings_year),
        cmocka_unit_test(test_a_jump_past_the_end_is_given_up),
        cmocka_unit_test(test_space_holds_the_clock_when_halted),
        cmocka_unit_test(test_window_title),
        cmocka_unit_test(test_any_size_at_any_moment),
        cmocka_unit_test(test_what_never_falls_away),
        cmocka_unit_test(test_hostile_data_draws),
        cmocka_unit_test(test_before_the_first_frame),
        cmocka_unit_test(test_the_schedule_is_told_and_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
