/* Files of commands: refused whole where a line is wrong; run in order, each with the engine's answer; ended by a refusal. */
#include "tui/script.h"

#include "mock_controls.h"
#include "ui_fixture.h"

static struct script *parse(const char *text)
{
    char why[SCRIPT_WHY_SIZE];
    struct script *script = script_parse("a.fd", text, strlen(text), why);

    if (script == NULL)
        fail_msg("%s", why);
    return script;
}

static void test_lines_and_comments(void **state)
{
    struct script *script = parse("# first\n\n  pause # why\r\n\t:cancel   buys\nnote a#b # c\n#end");

    (void)state;
    assert_int_equal(script->lines, 2 + 1);
    assert_int_equal(script->line[0].number, 3);
    assert_string_equal(script->line[0].text, "pause");
    assert_string_equal(script->line[1].text, "cancel   buys");
    assert_string_equal(script->line[2].text, "note a#b");
    free(script);
    script = parse("");
    assert_int_equal(script->lines, 0);
    free(script);
}

static void test_a_wrong_line_refuses_all(void **state)
{
    static const char *const wrong[][2] = {
        {"pause\n\nflaten\n", "a.fd:3: no command `flaten`; did you mean :flatten?"},
        {"pause\nsize big # x\n", "a.fd:2: not `big`; allowed: :size SIZE"},
        {"quit\n", "a.fd:1: :quit is for a keyboard: it asks, or opens a page"},
        {"pause\nsize \033[2J\n", "a.fd:2: plain letters, figures and signs only"},
        {"cancel buys sells\n", "a.fd:1: not `sells`; allowed: :cancel [all|buys|sells|everything|ORDER]"},
    };
    static char big[SCRIPT_BYTES_MAX + 2], many[SCRIPT_LINES_MAX * 6 + 7];
    char why[SCRIPT_WHY_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_null(script_parse("a.fd", wrong[i][0], strlen(wrong[i][0]), why));
        assert_string_equal(why, wrong[i][1]);
    }
    assert_null(script_parse("a\033.fd", "pause\0", 6, why));
    assert_non_null(strstr(why, "holds a NUL byte"));
    assert_null(strchr(why, '\033'));
    memset(big, '\n', sizeof(big));
    assert_null(script_parse("a.fd", big, sizeof(big), why));
    assert_string_equal(why, "a.fd: larger than 64 KiB");
    for (int i = 0; i <= SCRIPT_LINES_MAX; i++)
        memcpy(many + (size_t)i * 6, "pause\n", 6);
    assert_null(script_parse("a.fd", many, (SCRIPT_LINES_MAX + 1) * 6, why));
    assert_string_equal(why, "a.fd:1001: more than 1000 commands");
}

/* Random bytes: it ends, and what it takes is text. */
static void test_any_bytes(void **state)
{
    uint64_t seed = 5;
    char text[300], why[SCRIPT_WHY_SIZE];

    (void)state;
    for (int round = 0; round < 20000; round++) {
        static const char *const bits[] = {"pause", "size ", "0.1",     "\n",   " ",    "#",
                                           ":",     "\x80",  "cancel ", "buys", "\n\n", "\033"};
        size_t size = 0;

        while (size < 200) {
            const char *bit;

            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bit = bits[(seed >> 33) % (sizeof(bits) / sizeof(bits[0]))];
            memcpy(text + size, bit, strlen(bit));
            size += strlen(bit);
            if ((seed >> 60) == 0)
                break;
        }
        free(script_parse("a.fd", text, size, why));
    }
}

/* --- running ---------------------------------------------------------------------------------------------------- */

static int told, bad;
static char last[SCRIPT_WHY_SIZE];

static void executed(void *arg, bool good, const char *text)
{
    (void)arg;
    told++;
    bad += !good;
    snprintf(last, sizeof(last), "%s", text);
}

static struct fixture *run(const struct script *script)
{
    struct fixture *f = fixture_new(120, 36);

    told = bad = 0;
    f->ui->host.executed = executed;
    f->frame.answers = 0;
    assert_true(ui_execute(f->ui, script));
    assert_false(ui_execute(f->ui, script)); /* one at a time */
    fixture_publish(f);
    return f;
}

static void answer(struct fixture *f, enum command_kind kind, uint8_t level, const char *text)
{
    f->frame.answers = 1;
    f->frame.answer[0].seq = fixture_last(f, kind)->seq;
    f->frame.answer[0].level = level;
    snprintf(f->frame.answer[0].text, sizeof(f->frame.answer[0].text), "%s", text);
    fixture_publish(f);
}

static void test_each_waits_for_the_answer_before(void **state)
{
    struct script *script = parse("size 0.03\nhalt\non maker\npause\nbell off\n");
    struct fixture *f = run(script);

    (void)state;
    assert_int_equal(told, 1); /* the size needs nobody's answer */
    assert_int_equal(f->ui->size_e8, E8(0.03));
    assert_int_equal(fixture_count(f, COMMAND_SET_STATE), 1);
    assert_string_equal(fixture_last(f, COMMAND_SET_STATE)->source, "file");
    fixture_publish(f);
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_ON), 0);
    f->frame.status.state = STATE_HALTED;
    answer(f, COMMAND_SET_STATE, 1, "HALTED: 0 orders of strategies cancelled");
    assert_string_equal(last, "a.fd:2: halt: HALTED: 0 orders of strategies cancelled");
    f->frame.status.state = STATE_ACTIVE;
    answer(f, COMMAND_STRATEGY_ON, 0, "maker is ON");
    f->frame.status.state = STATE_PAUSED;
    answer(f, COMMAND_PAUSE, 1, "PAUSED: 0 orders of strategies cancelled; yours work on");
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_DONE);
    assert_false(f->ui->config.bell);
    assert_int_equal(told, 5);
    assert_int_equal(bad, 0);
    assert_has(fixture_next_row(f), "EXECUTED  a.fd: 5 commands");
    fixture_prompt(f, "resume"); /* by hand again */
    fixture_free(f);
    free(script);
}

static void test_a_refusal_ends_it(void **state)
{
    struct script *script = parse("on nosuch\npause\n");
    struct fixture *f = run(script);

    (void)state;
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_string_equal(
        last,
        "a.fd:1: on nosuch: no strategy is called `nosuch`; screen 4 lists them: ofi maker trend pairs");
    assert_has(fixture_draw(f),
               "NOT EXECUTED  a.fd:1: no strategy is called `nosuch`; screen 4 lists them: ofi");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
    free(script);
    script = parse("reduce\npause\n");
    f = run(script);
    answer(f, COMMAND_SET_STATE, 1, "killed: :clear-kill first");
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_string_equal(last, "a.fd:1: reduce: killed: :clear-kill first");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
    free(script);
}

/* Nothing is confirmed by a file: an order it would send asks, and the file ends. */
static void test_what_asks_ends_it(void **state)
{
    struct script *script = parse("flatten\npause\n");
    struct fixture *f = run(script);

    (void)state;
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_has(last, "asks what a file cannot answer; type it");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
    free(script);
    script = parse("limit max_value 5000\npause\n");
    f = fixture_new(120, 36);
    told = bad = 0;
    f->ui->host.executed = executed;
    mock_controls(&f->frame.controls);
    ui_execute(f->ui, script);
    fixture_publish(f);
    answer(f, COMMAND_SET_LIMIT, 1, "NOT CHANGED  it loosens: needs its word");
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
    free(script);
}

/* It comes with the picture of its instrument: the line is not done before. */
static void test_a_flatten_of_another_instrument_is_waited_for(void **state)
{
    struct script *script = parse("flatten eth\npause\n");
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    told = bad = 0;
    f->ui->host.executed = executed;
    f->frame.answers = 0;
    f->frame.status.instrument[1].position_lots = 5000;
    ui_execute(f->ui, script);
    fixture_publish(f);
    assert_int_equal(told, 0);
    f->frame.status.shown = 1;
    fixture_publish(f);
    assert_int_equal(bad, 1);
    assert_string_equal(last, "a.fd:1: flatten eth: asks what a file cannot answer; type it");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_PAUSE), 0);
    fixture_free(f);
    free(script);
}

/* It lets no replay's clock go, so that what it asks is of the strategies, and is answered. */
static void test_a_file_resumes_strategies_alone(void **state)
{
    struct script *script = parse("resume\npause\n");
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->host.executed = executed;
    f->frame.answers = 0;
    f->frame.status.replay = f->frame.status.replay_held = true;
    ui_execute(f->ui, script);
    fixture_publish(f);
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_HOLD), 0);
    assert_false(fixture_last(f, COMMAND_RESUME)->flag);
    fixture_free(f);
    free(script);
}

/* Limits come with a frame of their screen: the line waits for them, then for the engine. */
static void test_a_limit_is_set_by_a_file(void **state)
{
    struct script *script = parse("limit max_value 500\npause\n");
    struct fixture *f = run(script);

    (void)state;
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_SET_LIMIT)->number, E8(500));
    assert_false(fixture_last(f, COMMAND_SET_LIMIT)->flag); /* no word was typed */
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    answer(f, COMMAND_SET_LIMIT, 0, "risk.max_value 1000 -> 500");
    assert_string_equal(last, "a.fd:1: limit max_value 500: risk.max_value 1000 -> 500");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    fixture_free(f);
    free(script);
    script = parse("limit max_value\npause\n"); /* a page, which nobody would read */
    f = run(script);
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_string_equal(last,
                        "a.fd:1: limit max_value: alone it opens a page; in a file: :limit LIMIT VALUE");
    fixture_free(f);
    free(script);
    script = parse("theme\npause\n"); /* lists, likewise */
    f = run(script);
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_string_equal(last, "a.fd:1: theme: alone it opens a list; in a file: :theme NAME");
    fixture_free(f);
    free(script);
    script = parse("layout\npause\n");
    f = run(script);
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_string_equal(
        last, "a.fd:1: layout: alone it opens a list; in a file: :layout NAME, save NAME or drop NAME");
    fixture_free(f);
    free(script);
}

/* Who ends before the file does is told where it stood: not begun, or begun and without its answer. */
static void test_what_is_left_is_told(void **state)
{
    struct script *script = parse("halt\non maker\nbell off\n");
    struct fixture *f = fixture_new(120, 36);
    char left[SCRIPT_WHY_SIZE];

    (void)state;
    assert_false(ui_script_left(f->ui, left, sizeof(left)));
    f->frame.answers = 0;
    assert_true(ui_execute(f->ui, script));
    assert_true(ui_script_left(f->ui, left, sizeof(left)));
    assert_string_equal(left, "a.fd:1: NOT EXECUTED: halt; 2 lines after it not run");
    fixture_publish(f);
    assert_true(ui_script_left(f->ui, left, sizeof(left)));
    assert_string_equal(left, "a.fd:1: begun, and not answered any more: halt; 2 lines after it not run");
    f->frame.status.state = STATE_HALTED;
    answer(f, COMMAND_SET_STATE, 1, "HALTED: 0 orders of strategies cancelled");
    assert_true(ui_script_left(f->ui, left, sizeof(left)));
    assert_string_equal(left, "a.fd:2: begun, and not answered any more: on maker; 1 line after it not run");
    answer(f, COMMAND_STRATEGY_ON, 0, "maker is ON");
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_DONE);
    assert_false(ui_script_left(f->ui, left, sizeof(left)));
    fixture_free(f);
    free(script);
}

static void test_an_engine_that_is_silent_ends_it(void **state)
{
    struct script *script = parse("halt\npause\n");
    struct fixture *f = run(script);

    (void)state;
    f->now_ns += 30 * INT64_C(1000000000);
    fixture_publish(f);
    assert_int_equal(ui_script_state(f->ui), UI_SCRIPT_FAILED);
    assert_has(last, "the engine has not answered for 20 s");
    fixture_free(f);
    free(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_and_comments),
        cmocka_unit_test(test_a_wrong_line_refuses_all),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_each_waits_for_the_answer_before),
        cmocka_unit_test(test_a_refusal_ends_it),
        cmocka_unit_test(test_what_asks_ends_it),
        cmocka_unit_test(test_a_flatten_of_another_instrument_is_waited_for),
        cmocka_unit_test(test_a_file_resumes_strategies_alone),
        cmocka_unit_test(test_a_limit_is_set_by_a_file),
        cmocka_unit_test(test_an_engine_that_is_silent_ends_it),
        cmocka_unit_test(test_what_is_left_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
