/* test_record_print.c - records for eyes and other programs: text, JSON, CSV. */
#include "unit/record_fill.h"

#include <jansson.h>
#include <stdio.h>

static struct store_record order_to_show(void)
{
    struct store_record record = {.kind = STORE_ORDER,
                                  .ts_ns = INT64_C(1723161601234567890),
                                  .input_seq = 7,
                                  .symbol = "BTCUSDT",
                                  .owner = "ofi"};

    record.order.order.seq = 12;
    record.order.order.intent.price_ticks = 6000000;
    record.order.order.sent_ns = INT64_C(1723161601000000005);
    record.order.price_e8 = INT64_C(6000000000000);
    record.order.order.intent.post_only = true;
    return record;
}

static void test_text_is_one_safe_line_without_what_is_empty(void **state)
{
    struct store_record record = order_to_show();
    char text[1024], little[40];

    (void)state;
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "order symbol=BTCUSDT owner=ofi seq=12 side=BUY type=LIMIT tif=GTC post_only=true "
                        "price_ticks=6000000 "
                        "state=sent sent=2024-08-09T00:00:01.000000005Z price=60000");
    assert_string_equal(record_text(&record, little, sizeof(little)), "order symbol=BTCUSDT owner=ofi ...");
    for (size_t size = 1; size < sizeof(text); size++)
        assert_true(strlen(record_text(&record, text, size)) < size);
    record = (struct store_record){.kind = STORE_AUDIT};
    strcpy(record.audit.event, "denied");
    strcpy(record.audit.text, "a \"b\"\n\x1b[2J");
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "audit event=denied text=\"a \\\"b\\\"\\x0a\\x1b[2J\"");
    record = (struct store_record){
        .kind = STORE_MEMORY, .owner = "mm", .memory = {.size = 2, .bytes = {0xab, 0x01}}};
    assert_string_equal(record_text(&record, text, sizeof(text)), "memory owner=mm bytes=ab01");
}

/* Commands and answers have fields for all kinds of them: those of another kind are not told, whatever their first word. */
static void test_text_of_a_command_is_its_own(void **state)
{
    struct store_record record = {.kind = STORE_COMMAND, .command = {.kind = COMMAND_PAUSE, .seq = 4}};
    char text[1024];

    (void)state;
    strcpy(record.command.source, "key");
    assert_string_equal(record_text(&record, text, sizeof(text)), "command command=pause seq=4 source=key");
    record.command.kind = COMMAND_SET_MODE;
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "command command=set-mode seq=4 mode=OBSERVATION source=key");
    record.command.kind = COMMAND_SET_STATE;
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "command command=set-state seq=4 state=ACTIVE source=key");
    record.command.kind = COMMAND_ORDER;
    record.command.intent.qty_lots = 3;
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "command command=order seq=4 side=BUY type=LIMIT tif=GTC qty_lots=3 source=key");
    record = (struct store_record){.kind = STORE_ANSWER,
                                   .answer.event = {.kind = ORDER_EVENT_ACK, .order_seq = 9}};
    assert_string_equal(record_text(&record, text, sizeof(text)), "answer event=ack order_seq=9");
    record.answer.event.kind = ORDER_EVENT_FILL;
    assert_string_equal(record_text(&record, text, sizeof(text)),
                        "answer event=fill order_seq=9 fill_side=BUY");
}

static char *json_of(const struct store_record *record, uint64_t seq)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    record_json(record, seq, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void test_json_is_right_for_any_record(void **state)
{
    (void)state;
    EACH_KIND(kind)
    for (uint64_t seed = 0; seed < 50; seed++) {
        const struct record_kind_row *row = record_kind_row(kind);
        struct store_record record = filled_record(kind, seed);
        char *text = json_of(&record, UINT64_MAX);
        json_error_t error;
        json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

        if (root == NULL)
            fail_msg("%s: %s", error.text, text);
        assert_null(strchr(text, '\n'));
        assert_int_equal(json_object_size(root), 4 + row->fields);
        assert_string_equal(json_string_value(json_object_get(root, "journal_seq")), "18446744073709551615");
        assert_string_equal(json_string_value(json_object_get(root, "kind")), row->name);
        json_decref(root);
        free(text);
    }
}

static void test_json_keeps_ids_and_money_as_strings(void **state)
{
    struct store_record record = order_to_show();
    char *text = json_of(&record, 900);

    (void)state;
    assert_non_null(strstr(
        text, "{\"journal_seq\":\"900\",\"kind\":\"order\",\"time\":\"2024-08-09T00:00:01.234567890Z\","
              "\"input_seq\":\"7\",\"symbol\":\"BTCUSDT\",\"owner\":\"ofi\",\"seq\":\"12\","));
    assert_non_null(strstr(text, "\"price_ticks\":6000000,"));
    assert_non_null(strstr(text, "\"price\":\"60000\","));
    assert_non_null(strstr(text, "\"post_only\":true,\"reduce_only\":false,"));
    assert_non_null(strstr(text, "\"acked\":null,"));
    free(text);
    record.ts_ns = -1;
    text = json_of(&record, 1);
    assert_non_null(strstr(text, "\"time\":\"1969-12-31T23:59:59.999999999Z\""));
    free(text);
}

static char *csv_of(unsigned kind, const struct store_record *record)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    record_csv_head(kind, out);
    record_csv(kind, record, 3, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Columns of one line: commas outside quotes. */
static size_t csv_columns(const char *line)
{
    size_t columns = 1;
    bool quoted = false;

    for (; *line != '\n'; line++) {
        assert_int_not_equal(*line, '\0');
        quoted ^= *line == '"';
        columns += *line == ',' && !quoted;
    }
    assert_false(quoted);
    return columns;
}

static void test_csv_has_a_column_for_each_field(void **state)
{
    (void)state;
    EACH_KIND(kind)
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct store_record record = filled_record(kind, seed);
        char *own = csv_of(kind, &record), *mixed = csv_of(0, &record);

        assert_int_equal(csv_columns(own), 4 + record_kind_row(kind)->fields);
        assert_int_equal(csv_columns(strchr(own, '\n') + 1), 4 + record_kind_row(kind)->fields);
        assert_int_equal(csv_columns(mixed), 5);
        assert_int_equal(csv_columns(strchr(mixed, '\n') + 1), 5);
        free(own);
        free(mixed);
    }
}

static void test_csv_runs_no_formula(void **state)
{
    struct store_record record = {.kind = STORE_SESSION_END, .session_end.why = "=1+1,\"x\""};
    char *text = csv_of(STORE_SESSION_END, &record);

    (void)state;
    assert_string_equal(text, "journal_seq,kind,time,input_seq,symbol,owner,session,records,why\n"
                              "3,session_end,1970-01-01T00:00:00.000000000Z,0,,,0,0,\"'=1+1,\"\"x\"\"\"\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_one_safe_line_without_what_is_empty),
        cmocka_unit_test(test_text_of_a_command_is_its_own),
        cmocka_unit_test(test_json_is_right_for_any_record),
        cmocka_unit_test(test_json_keeps_ids_and_money_as_strings),
        cmocka_unit_test(test_csv_has_a_column_for_each_field),
        cmocka_unit_test(test_csv_runs_no_formula),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
