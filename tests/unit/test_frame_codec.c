/*
 * test_frame_codec.c - frames to another process and back: what changed arrives, nothing else is sent, and no byte of what
 * comes is believed.
 */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "service/attach.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 2000

struct pair {
    struct view_frame now, sent, got;
    uint8_t bytes[FRAME_PACKED_MAX + 16];
};

static int make_pair(void **state)
{
    *state = calloc(1, sizeof(struct pair));
    return *state == NULL ? -1 : 0;
}

static int free_pair(void **state)
{
    free(*state);
    return 0;
}

static void test_an_unchanged_frame_costs_nothing(void **state)
{
    struct pair *pair = *state;

    pair->now.status.now_ns = 5;
    assert_true(frame_pack(&pair->now, &pair->sent, pair->bytes) > 0);
    assert_int_equal(frame_pack(&pair->now, &pair->sent, pair->bytes), 0);
}

static void test_what_changed_arrives_and_little_else(void **state)
{
    struct pair *pair = *state;
    uint64_t random = 11;

    for (int round = 0; round < ROUNDS; round++) {
        size_t changed = (size_t)random_between(&random, 0, 40), size;

        for (size_t i = 0; i < changed; i++)
            ((uint8_t *)&pair->now)[random_between(&random, 0, sizeof(pair->now) - 1)] ^=
                (uint8_t)random_between(&random, 1, 255);
        size = frame_pack(&pair->now, &pair->sent, pair->bytes);
        assert_true(size <= changed * (FRAME_GRAIN + FRAME_RUN_SIZE) + FRAME_TOPICS * FRAME_HEAD_SIZE);
        assert_int_equal(frame_unpack(pair->bytes, size, &pair->got), ERR_OK);
        assert_memory_equal(&pair->got, &pair->now, sizeof(pair->now));
        assert_memory_equal(&pair->sent, &pair->now, sizeof(pair->now));
    }
}

static void test_a_frame_all_of_which_changed_fits(void **state)
{
    struct pair *pair = *state;

    for (size_t i = 0; i < sizeof(pair->now); i += 2 * FRAME_GRAIN) /* the dearest: every other grain */
        ((uint8_t *)&pair->now)[i] = 1;
    assert_true(frame_pack(&pair->now, &pair->sent, pair->bytes) <= FRAME_PACKED_MAX);
    memset(&pair->now, 0x55, sizeof(pair->now));
    assert_true(frame_pack(&pair->now, &pair->sent, pair->bytes) <= FRAME_PACKED_MAX);
}

static void put_run(uint8_t *out, uint16_t topic, uint32_t offset, uint32_t size)
{
    uint16_t runs = 1;

    memcpy(out, &topic, 2);
    memcpy(out + 2, &runs, 2);
    memcpy(out + 4, &offset, 4);
    memcpy(out + 8, &size, 4);
}

static void test_places_outside_are_refused(void **state)
{
    struct pair *pair = *state;
    static const uint32_t bad[][2] = {{0xFFFFFFFF, 1}, {0, 0xFFFFFFFF}, {0xFFFFFFF8, 16},
                                      {1 << 20, 4},    {0, 9},          {8, 1}};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        put_run(pair->bytes, 0, bad[i][0], bad[i][1]); /* topic 0 has eight bytes */
        assert_int_equal(frame_unpack(pair->bytes, sizeof(pair->bytes), &pair->got), ERR_BAD_DATA);
    }
    put_run(pair->bytes, FRAME_TOPICS, 0, 1);
    assert_int_equal(frame_unpack(pair->bytes, 13, &pair->got), ERR_BAD_DATA);
    put_run(pair->bytes, 0, 0, 8);
    for (size_t size = 1; size < 20; size++)
        assert_int_equal(frame_unpack(pair->bytes, size, &pair->got), ERR_BAD_DATA);
    assert_int_equal(frame_unpack(pair->bytes, 20, &pair->got), ERR_OK);
}

static void test_counts_texts_and_words_are_judged(void **state)
{
    struct view_frame *frame = &((struct pair *)*state)->now;

    assert_true(frame_check(frame));
#define REFUSED(field, value)                                                                                \
    do {                                                                                                     \
        memset(frame, 0, sizeof(*frame));                                                                    \
        memset(&frame->field, value, sizeof(frame->field));                                                  \
        assert_false(frame_check(frame));                                                                    \
    } while (0)
    REFUSED(ladder.rows, 0x7f);
    REFUSED(second.row[95].own[3].side, 2);
    REFUSED(second.levels_only, 2);
    REFUSED(status.instruments, 0xff);
    REFUSED(status.state_why, 'x');
    REFUSED(status.killing, 2);
    REFUSED(lists.order[47].order.intent.type, 0x7f);
    REFUSED(lists.log[31].text, 'x');
    REFUSED(story.line[39], 'x');
    REFUSED(story.points, 0x7f);
    REFUSED(controls.control[95].group, 0x7f);
    REFUSED(strategy_detail.parameter[31].allowed, 'x');
    REFUSED(desk.controller, 'x');
    REFUSED(status.kill_orders, 0x7f);
    REFUSED(controls.denial[15].type, 0x7f);
    REFUSED(controls.denial[15].help, 'x');
    REFUSED(controls.denial[0].by, 'x');
    REFUSED(strategy_detail.signals, 0x7f);
    REFUSED(strategy_detail.signal[19].source, 'x');
    memset(frame, 0, sizeof(*frame));
    frame->status.shown = INSTRUMENTS_MAX; /* one of them is shown, always */
    assert_false(frame_check(frame));
    memset(frame, 0, sizeof(*frame));
    frame->ladder.rows = VIEW_ROWS_MAX;
    memset(frame->status.state_why, 'x', sizeof(frame->status.state_why) - 1);
    assert_true(frame_check(frame));
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static void test_messages_come_in_pieces(void **state)
{
    uint8_t bytes[ATTACH_SAID_MAX];
    struct command command = {.kind = COMMAND_CANCEL, .order_seq = 77, .seq = 9};
    size_t size = attach_put(bytes, ATTACH_COMMAND, &command, sizeof(command)), used = 0;
    struct attach_said said;

    (void)state;
    for (size_t part = 0; part < size; part++)
        assert_int_equal(attach_take_said(bytes, part, &said, &used), ERR_NOT_FOUND);
    assert_int_equal(attach_take_said(bytes, size, &said, &used), ERR_OK);
    assert_int_equal(used, size);
    assert_int_equal(said.kind, ATTACH_COMMAND);
    assert_int_equal(said.command.order_seq, 77);
}

static bool taken(struct command command)
{
    uint8_t bytes[ATTACH_SAID_MAX];
    size_t size = attach_put(bytes, ATTACH_COMMAND, &command, sizeof(command)), used;
    struct attach_said said;

    return attach_take_said(bytes, size, &said, &used) == ERR_OK;
}

static void test_commands_of_no_screen_are_refused(void **state)
{
    struct command command = {.kind = COMMAND_ORDER};

    (void)state;
    assert_true(taken((struct command){.kind = COMMAND_KILL}));
    assert_true(taken((struct command){.kind = COMMAND_CONTROL}));
    assert_false(taken((struct command){.kind = COMMAND_QUIT}));
    assert_false(taken((struct command){.kind = COMMAND_STRATEGY_STRIKE}));
    assert_false(taken((struct command){.kind = COMMAND_LATENCY}));
    assert_false(taken((struct command){.kind = COMMAND_REPLAY_HOLD}));
    assert_false(taken((struct command){.kind = COMMAND_VIEW, .view.rows = VIEW_ROWS_MAX + 1}));
    assert_false(taken((struct command){.kind = COMMAND_VIEW, .view.row_ticks = INT64_MAX}));
    assert_false(taken((struct command){.kind = COMMAND_ORDER, .intent.price_ticks = -1}));
    assert_false(taken((struct command){.kind = COMMAND_ORDER, .intent.qty_lots = INT64_MAX}));
    memset(&command.kind, 0x7f, sizeof(command.kind));
    assert_false(taken(command));
    command = (struct command){.kind = COMMAND_ORDER};
    memset(&command.intent.side, 2, sizeof(command.intent.side));
    assert_false(taken(command));
    command = (struct command){.kind = COMMAND_ORDER};
    memset(&command.intent.post_only, 2, 1);
    assert_false(taken(command));
    command = (struct command){.kind = COMMAND_VIEW};
    memset(&command.view.denials, 2, 1);
    assert_false(taken(command));
}

static void test_names_are_tamed(void **state)
{
    struct attach_hello hello = {.build = "b", .symbol = "BTC\033[31m"};
    uint8_t bytes[ATTACH_SAID_MAX];
    struct attach_said said;
    size_t used;

    (void)state;
    memset(hello.name, '\a', sizeof(hello.name));
    assert_int_equal(
        attach_take_said(bytes, attach_put(bytes, ATTACH_HELLO, &hello, sizeof(hello)), &said, &used),
        ERR_OK);
    assert_string_equal(said.hello.name, "???????????????");
    assert_string_equal(said.hello.symbol, "BTC??31m");
}

static void test_sizes_of_messages_are_not_believed(void **state)
{
    struct attach_head head = {0xFFFFFFFF, ATTACH_FRAME};
    struct attach_told told;
    struct attach_said said;
    uint8_t bytes[64] = {0};
    size_t used;

    (void)state;
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(attach_take_told(bytes, sizeof(bytes), &told, &used), ERR_BAD_DATA);
    assert_int_equal(attach_take_said(bytes, sizeof(bytes), &said, &used), ERR_BAD_DATA);
    head = (struct attach_head){0, ATTACH_KINDS};
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(attach_take_told(bytes, sizeof(bytes), &told, &used), ERR_BAD_DATA);
    head = (struct attach_head){8, ATTACH_BYE};
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(attach_take_told(bytes, sizeof(bytes), &told, &used), ERR_BAD_DATA);
    head = (struct attach_head){4, ATTACH_WANT};
    memcpy(bytes, &head, sizeof(head));
    assert_int_equal(attach_take_said(bytes, sizeof(bytes), &said, &used), ERR_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_unchanged_frame_costs_nothing, make_pair, free_pair),
        cmocka_unit_test_setup_teardown(test_what_changed_arrives_and_little_else, make_pair, free_pair),
        cmocka_unit_test_setup_teardown(test_a_frame_all_of_which_changed_fits, make_pair, free_pair),
        cmocka_unit_test_setup_teardown(test_places_outside_are_refused, make_pair, free_pair),
        cmocka_unit_test_setup_teardown(test_counts_texts_and_words_are_judged, make_pair, free_pair),
        cmocka_unit_test(test_messages_come_in_pieces),
        cmocka_unit_test(test_commands_of_no_screen_are_refused),
        cmocka_unit_test(test_names_are_tamed),
        cmocka_unit_test(test_sizes_of_messages_are_not_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
