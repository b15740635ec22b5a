/*
 * The last row offers what works: in each state, at three sizes and in every place, the keys of all chips are pressed, and none
 * may answer that it does nothing. Chips are read from the cells, answers from what the screen says.
 */
#include "ui_fixture.h"

#include "mock_chart.h"
#include "mock_controls.h"
#include "mock_market.h"
#include "mock_results.h"
#include "mock_strategies.h"
#include "mock_system.h"
#include "mock_trail.h"

#include "tui/key.h"

#define CHIPS_MAX 32

struct chips {
    int count;
    char text[CHIPS_MAX][32];
};

static void read_chips(struct fixture *f, struct chips *out)
{
    int row = f->ui->layout.hint_row, used = 0;

    memset(out, 0, sizeof(*out));
    fixture_draw(f);
    for (int col = 0; col <= f->canvas->cols; col++) {
        const struct cell *cell = col < f->canvas->cols ? canvas_cell(f->canvas, row, col) : NULL;
        bool chip = cell != NULL && cell->style.fg == ROLE_KEY_CHIP;

        if (!chip && used > 0) {
            out->count++;
            used = 0;
        }
        if (!chip)
            continue;
        assert_in_range(out->count, 0, CHIPS_MAX - 1);
        if (cell->code < 0x80)
            out->text[out->count][used++] = (char)cell->code;
        else /* arrows, one after another */
            used += snprintf(out->text[out->count] + used, 8, " %s ",
                             cell->code == 0x2191   ? "Up"
                             : cell->code == 0x2193 ? "Down"
                             : cell->code == 0x2190 ? "Left"
                                                    : "Right");
        assert_in_range(used, 0, 31);
    }
}

static bool offers(struct fixture *f, const char *key)
{
    struct chips chips;
    char padded[40];

    snprintf(padded, sizeof(padded), " %s ", key);
    read_chips(f, &chips);
    for (int i = 0; i < chips.count; i++)
        if (strstr(chips.text[i], padded) != NULL)
            return true;
    return false;
}

/* --- states -------------------------------------------------------------------------------------------------------------- */

static void nothing_held(struct fixture *f, int instruments)
{
    for (int i = 0; i < instruments; i++)
        f->frame.status.instrument[i].position_lots = 0;
    f->frame.position.lots = 0;
    for (int i = 0; i < f->frame.lists.orders; i++)
        if (order_is_open(&f->frame.lists.order[i].order))
            f->frame.lists.order[i].order.state = ORDER_STATE_CANCELLED;
    f->frame.lists.orders_open = 0;
    for (int i = 0; i < VIEW_ROWS_MAX; i++)
        f->frame.ladder.row[i].own_count = 0;
}

static void enter_active(struct fixture *f)
{
    (void)f;
}

static void enter_frozen(struct fixture *f)
{
    fixture_key(f, 'Z');
}

static void enter_observation(struct fixture *f)
{
    f->frame.status.mode = MODE_OBSERVATION;
}

static void enter_halted(struct fixture *f)
{
    f->frame.status.state = STATE_HALTED;
}

static void enter_killed(struct fixture *f)
{
    f->frame.status.state = STATE_KILLED;
    f->frame.status.kill_ns = f->frame.status.kill_quiet_ns = f->frame.status.now_ns;
}

static void enter_killed_flat(struct fixture *f)
{
    enter_killed(f);
    nothing_held(f, f->frame.status.instruments);
}

static void enter_killed_flat_here(struct fixture *f)
{
    enter_killed(f);
    nothing_held(f, f->frame.status.instruments);
    f->frame.status.instrument[1].position_lots = 1000;
}

static void enter_watching(struct fixture *f)
{
    f->frame.desk.watching = true;
    f->frame.desk.screens = 2;
}

static void enter_replay(struct fixture *f)
{
    f->frame.status.replay = true;
}

static void enter_ended(struct fixture *f)
{
    enter_replay(f);
    f->frame.status.replay_ended = true;
}

static void enter_ended_looking(struct fixture *f)
{
    enter_ended(f);
    enter_observation(f);
}

static const struct state_row {
    const char *name;
    void (*enter)(struct fixture *f);
    bool readonly;
} states[] = {
    {"active", enter_active, false},
    {"FROZEN", enter_frozen, false},
    {"observation", enter_observation, false},
    {"HALTED", enter_halted, false},
    {"KILLED", enter_killed, false},
    {"KILLED, flat", enter_killed_flat, false},
    {"KILLED, held elsewhere", enter_killed_flat_here, false},
    {"watching", enter_watching, false},
    {"a replay", enter_replay, false},
    {"a replay's end", enter_ended, false},
    {"a replay's end in observation", enter_ended_looking, false},
    {"read only", enter_active, true},
    {"read only, FROZEN", enter_frozen, true},
    {"read only, KILLED", enter_killed, true},
    {"read only, KILLED, flat", enter_killed_flat, true},
    {"read only, a replay", enter_replay, true},
    {"read only, a replay's end", enter_ended, true},
};

static const char *const places[] = {"", "v", "v\t", "2", "3", "4", "5", "6", "7", "8", "z", "vz"};

static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

/* Every screen has something to show. */
static void fill(struct fixture *f)
{
    static struct view_trail trail;

    mock_market(&f->frame);
    mock_more_strategies(&f->frame);
    mock_strategy_detail(&f->frame.strategy_detail);
    mock_controls(&f->frame.controls);
    mock_results(&f->frame, RESULTS_DAY);
    mock_system(&f->frame);
    fixture_publish(f);
    if (f->ui->screen == SCREEN_CHART)
        mock_chart(&f->frame, &fixture_last(f, COMMAND_VIEW)->view);
    memset(&trail, 0, sizeof(trail));
    mock_trail(&trail);
    trail.number = f->trail_asked.number;
    ui_trail(f->ui, &trail, f->now_ns);
    fixture_publish(f);
}

static struct fixture *in_state(const struct state_row *state, const char *place, const int size[2])
{
    struct ui_config config = {.size_presets_e8 = {E8(0.002), E8(0.005), E8(0.01), E8(0.02), E8(0.05)},
                               .bell = true,
                               .mouse = true,
                               .readonly = state->readonly,
                               .attached = state->readonly,
                               .version = "0.1.0"};
    struct fixture *f = fixture_new_as(size[0], size[1], &config);

    f->ui->ladder.cursor_ticks = TICKS(61865); /* on an order of ours, which u, x and w are for */
    f->ui->ladder.side = SIDE_ASK;
    fixture_publish(f);
    fixture_type(f, place);
    fill(f);
    state->enter(f);
    fixture_publish(f);
    fixture_wait(f, 10000);
    if (f->ui->focus == FOCUS_LADDER)
        f->ui->ladder.cursor_ticks = TICKS(61865);
    f->ui->say.until_ns = 0;
    return f;
}

/* One key of a chip in a place of its own; what it says must not be that it does nothing. */
static int press(const struct state_row *state, const char *place, const int size[2], const char *name)
{
    struct fixture *f = in_state(state, place, size);
    uint32_t key = strcmp(name, "1-8") == 0 ? '2' : strcmp(name, "0-9") == 0 ? '5' : key_from_name(name);
    bool refused;

    if (key == 0)
        fail_msg("%s: the chip names no key: `%s`", state->name, name);
    if (key == 't' && f->ui->focus == FOCUS_LADDER) /* a stop that sells lies below the last trade */
        f->ui->ladder.cursor_ticks = TICKS(61830);
    fixture_key(f, key);
    refused = f->ui->say.until_ns != 0 && f->ui->say.level == 1;
    if (refused)
        fprintf(stderr, "%s, place `%s`, %dx%d: %s is offered and answers: %s %s\n", state->name, place,
                size[0], size[1], name, f->ui->say.head, f->ui->say.text);
    fixture_free(f);
    return refused;
}

static void test_every_chip_works(void **unused)
{
    int refused = 0, pressed = 0;

    (void)unused;
    for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++)
        for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
            for (size_t z = 0; z < 3; z++) {
                struct fixture *f = in_state(&states[s], places[p], sizes[z]);
                struct chips chips;

                read_chips(f, &chips);
                fixture_free(f);
                assert_in_range(chips.count, 3, CHIPS_MAX);
                for (int i = 0; i < chips.count; i++) {
                    char *rest = NULL;

                    for (char *name = strtok_r(chips.text[i], " ", &rest); name != NULL;
                         name = strtok_r(NULL, " ", &rest), pressed++)
                        refused += press(&states[s], places[p], sizes[z], name);
                }
            }
    assert_in_range(pressed, 2000, 100000);
    assert_int_equal(refused, 0);
}

/* After a kill f is offered for what it would close here; where that is elsewhere, the way there. */
static void test_a_kill_offers_what_is_left_to_do(void **unused)
{
    (void)unused;
    for (size_t z = 0; z < 3; z++)
        for (int held = 0; held < 3; held++) {
            const struct state_row state = {"killed",
                                            held == 0   ? enter_killed_flat
                                            : held == 1 ? enter_killed_flat_here
                                                        : enter_killed,
                                            false};
            struct fixture *f = in_state(&state, "", sizes[z]);

            assert_int_equal(offers(f, "f"), held == 2);
            assert_int_equal(offers(f, "n"), held == 1);
            fixture_key(f, 'K'); /* its report says the same */
            if (held < 2)
                assert_has_not(fixture_draw(f), "f asks");
            if (held < 2 || z == 1)
                assert_int_equal(strstr(fixture_draw(f), "flatten what is left") != NULL, held == 2);
            fixture_free(f);
        }
}

/* What is held is let go by the key that the row names. */
static void test_a_held_picture_offers_its_way_out(void **unused)
{
    static const char *const held[] = {"", "v", "3", "7"};

    (void)unused;
    for (size_t z = 0; z < 3; z++)
        for (size_t p = 0; p < sizeof(held) / sizeof(held[0]); p++) {
            const struct state_row state = {"FROZEN", enter_frozen, p % 2 == 1};
            struct fixture *f = in_state(&state, held[p], sizes[z]);

            assert_true(offers(f, "Z"));
            fixture_key(f, 'Z');
            assert_false(f->ui->frozen);
            assert_false(offers(f, "Z"));
            fixture_free(f);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_kill_offers_what_is_left_to_do),
        cmocka_unit_test(test_a_held_picture_offers_its_way_out),
        cmocka_unit_test(test_every_chip_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
