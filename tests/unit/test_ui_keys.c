/*
 * What keys do, through ui_key(), ui_frame() and ui_draw() alone: the state table of the design row by row, arming,
 * questions, cursor, orders, lists, replay.
 */
#include "ui_fixture.h"

static void set_state(struct fixture *f, enum trading_state state)
{
    f->frame.status.state = state;
    fixture_publish(f);
    fixture_wait(f, 10000); /* past the banner of the change */
}

static void set_mode(struct fixture *f, enum trading_mode mode)
{
    f->frame.status.mode = mode;
    fixture_publish(f);
}

static void set_book(struct fixture *f, enum book_state state)
{
    f->frame.status.instrument[0].book_state = state;
    f->frame.status.instrument[0].book_age_ns = INT64_C(4200000000);
    fixture_publish(f);
}

static int orders_sent(const struct fixture *f)
{
    return fixture_count(f, COMMAND_ORDER);
}

/* --- no key is silent -------------------------------------------------------------------------------------------- */

/* Everything of the table does or says something in its place: a key that seems dead is pressed twice. */
static void test_every_bound_key_has_an_effect_or_an_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        struct fixture *f = fixture_new(120, 36);
        char *before;
        int commands, hosts;

        if (binding->context == CONTEXT_REPLAY) {
            f->frame.status.replay = true;
            f->frame.status.replay_speed_x1000 = 1000;
            fixture_publish(f);
        }
        if (binding->context == CONTEXT_LIST)
            fixture_key(f, 'v');
        if (binding->context == CONTEXT_ASK)
            fixture_key(f, binding->key == 'd' || binding->key == 'x' ? 'q' : 'i');
        if (binding->context == CONTEXT_TEXT) {
            fixture_prompt(f, "bell on");
            fixture_key(f, ':');
            fixture_type(f, "ha");
            if (binding->action == ACT_NEWER)
                fixture_key(f, KEY_UP);
        }
        if (binding->context == CONTEXT_TICKET)
            fixture_key(f, KEY_ENTER);
        if (binding->context == CONTEXT_PAGE)
            fixture_key(f, '?');
        if (binding->context == CONTEXT_CHOOSE)
            fixture_prompt(f, "theme");
        if (binding->context == CONTEXT_MOVE) {
            f->ui->ladder.cursor_ticks = TICKS(61865);
            f->ui->ladder.side = SIDE_ASK;
            fixture_key(f, 'x');
            assert_true(f->ui->moving);
        }
        if (binding->context == CONTEXT_LADDER && binding->action == ACT_INSIDE)
            f->ui->ladder.cursor_ticks = TICKS(61800);
        f->ui->say.until_ns = 0;
        fixture_seen(f);
        before = strdup(fixture_look(f));
        commands = f->commands;
        hosts = f->quits + f->redraws + f->copies + f->detaches;
        fixture_key(f, binding->key);
        if (strcmp(before, fixture_look(f)) == 0 && commands == f->commands &&
            hosts == f->quits + f->redraws + f->copies + f->detaches)
            fail_msg("%s (%s) in %s is silent", key_to_name(binding->key, (char[32]){0}), binding->name,
                     key_context_name(binding->context));
        free(before);
        fixture_free(f);
    }
}

static void test_unbound_keys_are_answered(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (uint32_t key = '!'; key <= '~'; key++) {
        f->ui->overlay = OVERLAY_NONE;
        f->ui->focus = FOCUS_LADDER;
        if (keymap_find(CONTEXT_LADDER, key) != NULL || keymap_find(CONTEXT_TRADE, key) != NULL ||
            keymap_find(CONTEXT_ALL, key) != NULL)
            continue;
        f->ui->say.until_ns = 0;
        fixture_key(f, key);
        assert_true(f->ui->say.until_ns > 0);
    }
    fixture_key(f, '.');
    assert_has(fixture_next_row(f), "steers a replay");
    fixture_key(f, KEY_ALT | 'x'); /* a bad line joined Esc and x */
    assert_has(fixture_next_row(f), "no order of ours");
    fixture_free(f);
}

/* --- the state table, row by row ------------------------------------------------------------------------------------ */

static void test_observation_answers_why(void **state)
{
    static const uint32_t keys[] = {'i', 'M', 't', 'R', 'a', 'x', KEY_ENTER};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    set_mode(f, MODE_OBSERVATION);
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        fixture_key(f, keys[k]);
        assert_has(fixture_next_row(f), "observation sends nothing; s trades on paper");
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        assert_false(f->ui->armed);
    }
    fixture_key(f, 'f');
    assert_has(fixture_next_row(f), "observation sends nothing");
    fixture_key(f, 'u');
    fixture_key(f, 'U');
    assert_int_equal(orders_sent(f) + fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_CANCEL) +
                         fixture_count(f, COMMAND_CANCEL_ALL),
                     0);
    fixture_key(f, ' ');
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_not_armed_asks(void **state)
{
    static const uint32_t keys[] = {'i', 'M', 't', 'f', 'R'};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        fixture_key(f, keys[k]);
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
        fixture_key(f, KEY_ESC);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    }
    assert_int_equal(orders_sent(f) + fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_REVERSE),
                     0);
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'u');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 221);
    fixture_key(f, 'U');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    fixture_free(f);
}

static void test_armed_sends_at_once(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    const struct command *order;

    (void)state;
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_key(f, 'i');
    order = fixture_last(f, COMMAND_ORDER);
    assert_int_not_equal(order->seq, 0);
    assert_int_equal(order->intent.side, SIDE_BID);
    assert_int_equal(order->intent.type, ORDER_LIMIT);
    assert_int_equal(order->intent.price_ticks, TICKS(61835));
    assert_int_equal(order->intent.qty_lots, 1000);
    assert_int_equal(order->intent.owner, OWNER_MANUAL);
    fixture_key(f, 'f');
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN), 1);
    fixture_key(f, 'R'); /* always asks */
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_key(f, 'n');
    fixture_key(f, '5'); /* a screen switch disarms */
    assert_false(f->ui->armed);
    fixture_free(f);
}

/* A question swallows all but its own keys, K and Space. */
static void test_question_ignores_other_keys(void **state)
{
    static const uint32_t keys[] = {'i', 'M', 'u', 'U', 'f',    'R', 'a', '2',
                                    's', 'o', 'q', 'v', KEY_UP, 'z', '0'};
    struct fixture *f = fixture_new(120, 36);
    int commands;

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    commands = f->commands;
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        fixture_key(f, keys[k]);
        assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    }
    assert_int_equal(f->commands, commands);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* Letters are letters; Esc K is the way out, typed slowly or fast. */
static void test_text_field_takes_letters_and_esc_k_kills(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct key_event slow = {.key = 'K', .after_esc = true};

    (void)state;
    fixture_key(f, ':');
    fixture_type(f, "iK f");
    assert_string_equal(f->ui->text.value, "iK f");
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    fixture_key(f, KEY_ESC);
    ui_key(f->ui, &slow, f->now_ns);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_key(f, ':');
    fixture_key(f, KEY_ALT | 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 2);
    fixture_free(f);
}

static void test_order_picked_up(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int commands;

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    commands = orders_sent(f) + fixture_count(f, COMMAND_FLATTEN);
    fixture_key(f, 'i');
    fixture_key(f, 'f');
    assert_int_equal(orders_sent(f) + fixture_count(f, COMMAND_FLATTEN), commands);
    assert_has(fixture_next_row(f), "an order is picked up");
    fixture_key(f, ' ');
    assert_true(f->ui->moving);
    fixture_key(f, KEY_UP);
    fixture_key(f, 'p');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_has(fixture_draw(f), "MOVE THIS ORDER?");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->order_seq, 221);
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->intent.price_ticks, TICKS(61870));
    assert_false(f->ui->moving);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    set_book(f, BOOK_STALE); /* a stale book drops it */
    assert_false(f->ui->moving);
    set_book(f, BOOK_LIVE);
    fixture_key(f, 'x');
    fixture_key(f, '3'); /* so does a screen switch */
    assert_false(f->ui->moving);
    fixture_key(f, 'x');
    fixture_key(f, 'K'); /* and the kill */
    assert_false(f->ui->moving);
    fixture_free(f);
}

/* Its own presets and its own typed size; the size of the next order stays. What has filled counts into the whole. */
static void test_a_picked_up_order_takes_another_size(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int64_t size_e8 = f->ui->size_e8;
    int64_t filled = 0;

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'x');
    assert_true(f->ui->moving);
    filled = f->ui->move_order.filled_lots;
    fixture_key(f, 'p'); /* nothing has changed */
    assert_false(f->ui->moving);
    assert_int_equal(fixture_count(f, COMMAND_MOVE), 0);
    fixture_key(f, 'x');
    fixture_key(f, '=');
    fixture_type(f, "0.037");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "ITS SIZE");
    assert_has(fixture_draw(f), "MOVING SELL 0.037");
    fixture_key(f, 'p');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_has(fixture_draw(f), "0.037");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->order_seq, 221);
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->number, filled + LOTS(0.037));
    assert_int_equal(fixture_last(f, COMMAND_MOVE)->intent.price_ticks, TICKS(61865));
    assert_int_equal(f->ui->size_e8, size_e8);
    fixture_key(f, 'x');
    fixture_key(f, '-');
    assert_true(f->ui->move_lots > 0);
    assert_int_equal(f->ui->size_e8, size_e8);
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'x'); /* a size of before is not of this one */
    assert_int_equal(f->ui->move_lots, 0);
    fixture_free(f);
}

static void test_book_not_live_refuses_with_its_age(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    set_book(f, BOOK_STALE);
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "book STALE 4.2 s");
    fixture_key(f, 'R');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'u');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    fixture_key(f, 'f');
    assert_has(fixture_draw(f), ":flatten --worst PRICE");
    fixture_key(f, 'n');
    fixture_prompt(f, "flatten --worst 61500.00");
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_FLATTEN)->intent.price_ticks, TICKS(61500));
    fixture_free(f);
}

static void test_frozen_refuses_orders_only(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'Z');
    fixture_wait(f, 12100);
    assert_has(fixture_row(f, 2), "FROZEN 12 s");
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "FROZEN");
    f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->ladder.side = SIDE_ASK;
    fixture_key(f, 'u');
    fixture_key(f, 'U');
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_key(f, 'f');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_free(f);
}

/* What is shown while frozen does not move, the status row does. */
static void test_frozen_holds_the_picture(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'Z');
    f->frame.ladder.best[SIDE_BID].price_ticks = TICKS(61844.00);
    f->frame.status.instrument[0].last_ticks = TICKS(61844.44);
    fixture_publish(f);
    assert_has(fixture_row(f, 4), "61842.17");
    assert_has(fixture_row(f, 0), "61844.44");
    fixture_key(f, 'Z');
    assert_has(fixture_row(f, 4), "61844.00");
    fixture_free(f);
}

static void test_halted_refuses_all_but_cancels(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    set_state(f, STATE_HALTED);
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "HALTED: only cancels; :go makes it ACTIVE");
    f->frame.status.storage_failed = true; /* the engine refuses :go then */
    fixture_publish(f);
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "storage failed, :reduce lets positions be closed");
    f->ui->say.until_ns = 0;
    assert_has(fixture_next_row(f), "storage failed, :reduce lets positions be closed");
    f->frame.status.storage_failed = false;
    fixture_publish(f);
    fixture_key(f, 'f');
    assert_has(fixture_next_row(f), ":reduce");
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN), 0);
    fixture_key(f, 'U');
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    fixture_prompt(f, "go");
    assert_int_equal(fixture_last(f, COMMAND_SET_STATE)->state, STATE_ACTIVE);
    fixture_prompt(f, "reduce");
    assert_int_equal(fixture_last(f, COMMAND_SET_STATE)->state, STATE_REDUCING);
    fixture_free(f);
}

static void test_killed_lets_one_flatten_out(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.kill_ns = f->frame.status.now_ns;
    f->frame.status.kill_quiet_ns = f->frame.status.now_ns;
    set_state(f, STATE_KILLED);
    assert_has(fixture_draw(f), "still at risk");
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "KILLED: only cancels");
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_RESUME) + fixture_count(f, COMMAND_PAUSE), 0);
    fixture_key(f, KEY_ESC);
    assert_has_not(fixture_draw(f), "still at risk");
    fixture_key(f,
                'K'); /* a repeat is sent all the same, since a screen may be behind, and shows the report */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_has(fixture_draw(f), "still at risk");
    fixture_key(f, 'f');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN), 1);
    fixture_key(f, 'y');
    assert_int_equal(f->copies, 1);
    fixture_free(f);
}

static void test_kill_is_cleared_by_the_word_alone(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "clear-kill");
    assert_has(fixture_next_row(f), "nothing was killed");
    f->frame.status.kill_ns = f->frame.status.kill_quiet_ns = f->frame.status.now_ns;
    set_state(f, STATE_KILLED);
    fixture_prompt(f, "clear-kill");
    fixture_type(f, "yes");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_count(f, COMMAND_CLEAR_KILL), 0);
    fixture_prompt(f, "clear-kill");
    fixture_wait(f, 21000);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "clear-kill");
    fixture_type(f, "resume");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_count(f, COMMAND_CLEAR_KILL), 1);
    fixture_free(f);
}

/* Nothing to close and nothing to cancel is an answer, not a question; armed it goes out, as a fill may be on its way. */
static void test_flatten_when_flat(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[0].position_lots = 0;
    fixture_publish(f);
    fixture_key(f, 'f'); /* orders are open */
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_key(f, KEY_ESC);
    for (int i = 0; i < f->frame.lists.orders; i++)
        f->frame.lists.order[i].order.state = ORDER_STATE_CANCELLED;
    f->frame.lists.orders_open = 0;
    fixture_publish(f);
    fixture_key(f, 'f');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_has(fixture_next_row(f), "FLAT  BTCUSDT has no position and no open order");
    f->frame.status.instrument[1].position_lots = 5;
    fixture_publish(f);
    fixture_key(f, 'f');
    assert_has(fixture_next_row(f), "; / finds ETHUSDT, which holds one");
    fixture_key(f, 'R');
    assert_has(fixture_next_row(f), "no position to reverse");
    f->ui->last_sent_ns = f->now_ns - 500 * MS; /* it may fill before the next picture */
    fixture_key(f, 'f');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_key(f, KEY_ESC);
    f->ui->last_sent_ns = 0;
    f->commands = 0;
    fixture_key(f, 'a');
    fixture_key(f, 'f');
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN), 1);
    fixture_free(f);
}

static void test_too_small_keeps_kill_pause_and_quit(void **state)
{
    static const uint32_t keys[] = {'i', 'M', 'u', 'U', 'f', 'R', 'a', '2', KEY_ENTER};
    struct fixture *f = fixture_new(58, 12);

    (void)state;
    f->commands = 0;
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        fixture_key(f, keys[k]);
        assert_has(fixture_row(f, 3), "too small");
    }
    assert_int_equal(f->commands, 0);
    fixture_key(f, ' ');
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE) + fixture_count(f, COMMAND_KILL), 2);
    fixture_key(f, 'q');
    assert_has(fixture_row(f, 3), "LEAVE?");
    fixture_key(f, 'x');
    assert_int_equal(f->quits, 1);
    fixture_free(f);
}

/* What cannot be read takes no key: a question no yes, a field not the K. */
static void test_what_is_open_closes_when_it_becomes_too_small(void **state)
{
    static const uint32_t opens[] = {'i', KEY_ENTER, ':', '?'};

    (void)state;
    for (size_t k = 0; k < sizeof(opens) / sizeof(opens[0]); k++) {
        struct fixture *f = fixture_new(80, 24);

        fixture_key(f, opens[k]);
        assert_int_not_equal(f->ui->overlay, OVERLAY_NONE);
        assert_true(canvas_resize(f->canvas, 14, 59));
        ui_resize(f->ui, 59, 14, f->now_ns);
        f->commands = 0;
        fixture_key(f, 'y');
        assert_int_equal(f->commands, 0);
        fixture_key(f, 'K');
        assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
        fixture_free(f);
    }
}

/* --- arming ------------------------------------------------------------------------------------------------------------ */

static void arm(struct fixture *f)
{
    f->ui->say.until_ns = 0;
    if (!f->ui->armed)
        fixture_key(f, 'a');
    assert_true(f->ui->armed);
}

static void test_everything_that_disarms(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct key_event paste = {.key = KEY_PASTE, .paste_bytes = 40};

    (void)state;
    arm(f);
    fixture_wait(f, 59900);
    assert_true(f->ui->armed);
    fixture_wait(f, 200);
    assert_false(f->ui->armed);
    arm(f);
    fixture_wait(f, 50000);
    fixture_key(f, 'i'); /* an order key starts the minute anew */
    fixture_wait(f, 50000);
    assert_true(f->ui->armed);
    fixture_key(f, 'n');
    assert_false(f->ui->armed);
    fixture_publish(f);
    fixture_key(f, 'N');
    f->ui->instrument_id = 0;
    arm(f);
    fixture_key(f, KEY_FOCUS_OUT);
    assert_false(f->ui->armed);
    arm(f);
    ui_key(f->ui, &paste, f->now_ns);
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, 'H'); /* Caps Lock */
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, 'o');
    assert_false(f->ui->armed);
    fixture_key(f, KEY_ESC);
    arm(f);
    set_book(f, BOOK_STALE);
    fixture_wait(f, 1900);
    assert_true(f->ui->armed);
    fixture_wait(f, 200);
    assert_false(f->ui->armed);
    set_book(f, BOOK_LIVE);
    arm(f);
    ui_resize(f->ui, 121, 36, f->now_ns);
    assert_false(f->ui->armed);
    arm(f);
    fixture_key(f, KEY_ESC);
    assert_false(f->ui->armed);
    fixture_free(f);
}

static void test_live_arming_asks(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    set_mode(f, MODE_LIVE);
    fixture_key(f, 'a');
    assert_false(f->ui->armed);
    assert_has(fixture_draw(f), "REAL MONEY");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_true(f->ui->armed);
    fixture_free(f);
}

/* A key that bounces must not buy twice. */
static void test_same_order_within_a_second_asks_even_when_armed(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    fixture_key(f, 'i');
    fixture_wait(f, 900);
    fixture_key(f, 'i');
    assert_int_equal(orders_sent(f), 1);
    assert_has(fixture_draw(f), "less than a second ago");
    fixture_key(f, 'n');
    fixture_wait(f, 1100);
    fixture_key(f, 'i');
    assert_int_equal(orders_sent(f), 2);
    fixture_key(f, KEY_UP);
    fixture_key(f, 'i'); /* another price is another order */
    assert_int_equal(orders_sent(f), 3);
    fixture_free(f);
}

/* --- questions ----------------------------------------------------------------------------------------------------------- */

static void test_yes_counts_250_ms_after_the_frame_left(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_key(f, 'y'); /* typed ahead: the question was never seen */
    assert_int_equal(orders_sent(f), 0);
    fixture_draw(f);
    fixture_wait(f, 1000); /* drawn, but the terminal stalls */
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    ui_frame_left(f->ui, f->now_ns);
    fixture_wait(f, 240);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    fixture_wait(f, 20);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

static void test_enter_hits_the_harmless_focus(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(orders_sent(f), 0);
    assert_has(fixture_next_row(f), "nothing sent");
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, KEY_TAB); /* moved on purpose */
    fixture_key(f, KEY_ENTER);
    assert_int_equal(orders_sent(f), 1);
    fixture_free(f);
}

static void test_ten_seconds_are_no(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_wait(f, 9900);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_wait(f, 200);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_has(fixture_next_row(f), "not sent");
    fixture_free(f);
}

/* What was asked is no longer what would happen. */
static void test_a_second_yes_when_the_book_left_live_or_it_would_take(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    set_book(f, BOOK_STALE);
    assert_has(fixture_draw(f), "the book left LIVE");
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 0);
    fixture_wait(f, 300);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    set_book(f, BOOK_LIVE);
    fixture_wait(f, 2000);
    fixture_key(f, 'i');
    fixture_publish(f); /* the gate has answered: it would rest */
    fixture_seen(f);
    f->frame.next.takes_lots = 1000;
    fixture_publish(f);
    assert_has(fixture_draw(f), "it would TAKE now");
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 1);
    fixture_wait(f, 300);
    fixture_key(f, 'y');
    assert_int_equal(orders_sent(f), 2);
    fixture_free(f);
}

static void test_cancel_of_a_strategys_order_asks(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, 'u');
    assert_has(fixture_draw(f), "belongs to ofi");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 218);
    fixture_free(f);
}

/* --- modes, pause, quit ---------------------------------------------------------------------------------------------------- */

static void test_modes_ask_only_with_something_at_stake(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 's');
    assert_has(fixture_next_row(f), "already trading on paper");
    fixture_key(f, 'o');
    assert_has(fixture_draw(f), "3 paper orders (2 by hand, 1 of ofi) will be cancelled. LONG");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_SET_MODE)->mode, MODE_OBSERVATION);
    f->frame.lists.orders_open = 0;
    f->frame.status.instrument[0].position_lots = 0;
    set_mode(f, MODE_OBSERVATION);
    fixture_key(f, 's');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(fixture_last(f, COMMAND_SET_MODE)->mode, MODE_SIMULATION);
    assert_false(f->ui->armed);
    fixture_free(f);
}

/* A nervous double tap stays paused. */
static void test_space_pauses_and_is_dead_for_a_while(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    f->frame.status.state = STATE_PAUSED;
    fixture_publish(f);
    fixture_wait(f, 1400);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    fixture_wait(f, 200);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
    set_mode(f, MODE_LIVE);
    fixture_key(f, ' '); /* in live it asks */
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
    assert_has(fixture_draw(f), "RESUME IN LIVE?");
    fixture_free(f);
}

/* The venue refuses a stop that the market has passed: whoever is asked would believe to be protected. */
static void test_a_stop_on_the_wrong_side_is_refused(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[0].position_lots = 1000;
    f->frame.status.instrument[0].last_ticks = TICKS(61842);
    fixture_publish(f);
    f->ui->ladder.cursor_ticks = TICKS(61850);
    fixture_key(f, 't');
    assert_has(fixture_next_row(f), "a stop at 61850.00 would be set off at once: this one sells, aim below");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, 't');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_free(f);
}

/* The first arrow aims from where the eye is, and says so; what needs a row of the cursor says that it has none. */
static void test_a_cursor_out_of_sight_says_where_it_goes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61700);
    fixture_key(f, 'x');
    assert_has(fixture_next_row(f), "the cursor is out of sight at 61700.00; 0 aims at the inside");
    fixture_key(f, KEY_UP);
    assert_has(fixture_next_row(f), "the cursor was out of sight at 61700.00: it is at the inside now");
    fixture_free(f);
}

/* Whoever says pause means pause, whatever a replay's clock does; a locked screen's Space, too. */
static void test_a_pause_that_is_said_never_resumes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.replay = f->frame.status.replay_held = true;
    set_state(f, STATE_ACTIVE);
    fixture_prompt(f, "pause");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    fixture_prompt(f, "lock");
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 2);
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    fixture_free(f);
}

/* Whoever else has paused, or a kill that was cleared: a Space that was meant to stop does not start. */
static void test_space_is_dead_after_any_pause(void **state)
{
    static const enum trading_state before[] = {STATE_KILLED, STATE_ACTIVE, STATE_HALTED};

    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        struct fixture *f = fixture_new(120, 36);

        f->frame.status.state = before[i];
        fixture_publish(f);
        if (before[i] == STATE_KILLED) {
            fixture_key(f, 's');
            assert_has(fixture_next_row(f), "KILLED  nothing trades, on paper neither; :clear-kill");
        }
        f->frame.status.state = STATE_PAUSED;
        fixture_publish(f);
        fixture_wait(f, 1400);
        fixture_key(f, ' ');
        assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
        assert_has(fixture_next_row(f), "Space resumes only 1.5 s after the pause");
        if (i == 1) /* typed in words it is meant */
            fixture_prompt(f, "resume");
        else
            fixture_wait(f, 200);
        if (i != 1)
            fixture_key(f, ' ');
        assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
        fixture_free(f);
    }
}

static void test_quit_leaves_the_innermost_thing_first(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '?');
    fixture_key(f, 'q');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_key(f, 'z');
    fixture_key(f, 'q');
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    fixture_key(f, 'q');
    assert_int_equal(f->ui->question.kind, ASK_QUIT);
    fixture_key(f, KEY_ENTER); /* focus on Stay */
    assert_int_equal(f->quits, 0);
    fixture_key(f, 'q');
    fixture_key(f, 'd');
    assert_int_equal(f->detaches, 1);
    fixture_key(f, 'q');
    fixture_key(f, 'x');
    assert_int_equal(f->quits, 1);
    assert_true(fixture_last(f, COMMAND_QUIT)->flag);
    f->frame.lists.orders_open = 0;
    f->frame.status.instrument[0].position_lots = 0;
    f->frame.strategy[0].on = false;
    fixture_publish(f);
    fixture_key(f, 'q'); /* nothing at stake */
    assert_int_equal(f->quits, 2);
    fixture_key(f, KEY_CTRL | 'c');
    assert_int_equal(f->quits, 2);
    fixture_key(f, KEY_CTRL | 'c');
    assert_int_equal(f->quits, 3);
    fixture_free(f);
}

static void test_kill_never_asks_but_read_only(void **state)
{
    struct ui_config config = {.size_presets_e8 = {0, 0, E8(0.01), 0, 0}, .readonly = true};
    struct fixture *f = fixture_new_as(120, 36, &config);
    struct key_event stuck = {.key = KEY_PASTE, .paste_bytes = 17, .paste_repeat = 'K'};

    (void)state;
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "read only");
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
    f = fixture_new(120, 36);
    fixture_key(f, KEY_F12);
    ui_key(f->ui, &stuck, f->now_ns); /* K held while the line stalled */
    fixture_key(f, 0x041b);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 3);
    fixture_free(f);
}

/* As long as it takes to read, or until the next key, which must not have to wait for NEXT. */
static void test_an_answer_stays_as_long_as_it_takes_to_read(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    ui_say(f->ui, 0, "", "done");
    fixture_wait(f, 2900);
    assert_has(fixture_next_row(f), "done");
    fixture_wait(f, 200);
    assert_has_not(fixture_next_row(f), "done");
    ui_say(f->ui, 2, "ALERT", "%0100d", 7);
    fixture_wait(f, 5000);
    assert_has(fixture_next_row(f), "ALERT");
    fixture_wait(f, 500);
    assert_has_not(fixture_next_row(f), "ALERT");
    ui_say(f->ui, 2, "ALERT", "%0100d", 7);
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "i asks");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_stays_as_long_as_it_takes_to_read),
        cmocka_unit_test(test_every_bound_key_has_an_effect_or_an_answer),
        cmocka_unit_test(test_unbound_keys_are_answered),
        cmocka_unit_test(test_observation_answers_why),
        cmocka_unit_test(test_not_armed_asks),
        cmocka_unit_test(test_armed_sends_at_once),
        cmocka_unit_test(test_question_ignores_other_keys),
        cmocka_unit_test(test_text_field_takes_letters_and_esc_k_kills),
        cmocka_unit_test(test_order_picked_up),
        cmocka_unit_test(test_a_picked_up_order_takes_another_size),
        cmocka_unit_test(test_book_not_live_refuses_with_its_age),
        cmocka_unit_test(test_frozen_refuses_orders_only),
        cmocka_unit_test(test_frozen_holds_the_picture),
        cmocka_unit_test(test_halted_refuses_all_but_cancels),
        cmocka_unit_test(test_killed_lets_one_flatten_out),
        cmocka_unit_test(test_kill_is_cleared_by_the_word_alone),
        cmocka_unit_test(test_flatten_when_flat),
        cmocka_unit_test(test_too_small_keeps_kill_pause_and_quit),
        cmocka_unit_test(test_what_is_open_closes_when_it_becomes_too_small),
        cmocka_unit_test(test_everything_that_disarms),
        cmocka_unit_test(test_live_arming_asks),
        cmocka_unit_test(test_same_order_within_a_second_asks_even_when_armed),
        cmocka_unit_test(test_yes_counts_250_ms_after_the_frame_left),
        cmocka_unit_test(test_enter_hits_the_harmless_focus),
        cmocka_unit_test(test_ten_seconds_are_no),
        cmocka_unit_test(test_a_second_yes_when_the_book_left_live_or_it_would_take),
        cmocka_unit_test(test_cancel_of_a_strategys_order_asks),
        cmocka_unit_test(test_modes_ask_only_with_something_at_stake),
        cmocka_unit_test(test_space_pauses_and_is_dead_for_a_while),
        cmocka_unit_test(test_a_stop_on_the_wrong_side_is_refused),
        cmocka_unit_test(test_a_cursor_out_of_sight_says_where_it_goes),
        cmocka_unit_test(test_a_pause_that_is_said_never_resumes),
        cmocka_unit_test(test_space_is_dead_after_any_pause),
        cmocka_unit_test(test_quit_leaves_the_innermost_thing_first),
        cmocka_unit_test(test_kill_never_asks_but_read_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
