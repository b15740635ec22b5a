/* What keys do, through ui_key(), ui_frame() and ui_draw() alone: none is silent; the state table of the design row by row. */
#include "ui_states.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bound_key_has_an_effect_or_an_answer),
        cmocka_unit_test(test_unbound_keys_are_answered),
        cmocka_unit_test(test_observation_answers_why),
        cmocka_unit_test(test_not_armed_asks),
        cmocka_unit_test(test_armed_sends_at_once),
        cmocka_unit_test(test_question_ignores_other_keys),
        cmocka_unit_test(test_text_field_takes_letters_and_esc_k_kills),
        cmocka_unit_test(test_book_not_live_refuses_with_its_age),
        cmocka_unit_test(test_frozen_refuses_orders_only),
        cmocka_unit_test(test_frozen_holds_the_picture),
        cmocka_unit_test(test_halted_refuses_all_but_cancels),
        cmocka_unit_test(test_killed_lets_one_flatten_out),
        cmocka_unit_test(test_kill_is_cleared_by_the_word_alone),
        cmocka_unit_test(test_flatten_when_flat),
        cmocka_unit_test(test_too_small_keeps_kill_pause_and_quit),
        cmocka_unit_test(test_what_is_open_closes_when_it_becomes_too_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
