/*
 * test_record_codec.c - records as bytes and back, by the table: every kind, every field, every cut; what may not be
 * taken; keys; the bytes of format 1, which every later version has to read.
 */
#include "unit/record_fill.h"

#include "store/journal_frame.h"

#include <stdio.h>

#define GOLDEN_DIR "tests/golden/journal-1"
#define TRIES      400

/* Where a field begins in a body. */
static size_t body_offset(unsigned kind, const char *name, const unsigned char *body)
{
    const struct record_kind_row *row = record_kind_row(kind);
    size_t at = 0;

    for (size_t i = 0; strcmp(row->field[i].name, name) != 0; i++) {
        bool counted = row->field[i].kind == FIELD_TEXT || row->field[i].kind == FIELD_BYTES;

        at += row->field[i].width + (counted ? (size_t)(body[at] | body[at + 1] << 8) : 0);
    }
    return at;
}

static void decode_fails(unsigned kind, const unsigned char *body, size_t size, const char *word)
{
    struct store_record record;
    char why[160] = "";

    assert_int_equal(record_decode(kind, body, size, &record, why, sizeof(why)), ERR_BAD_DATA);
    assert_null(strchr(why, '\n'));
    if (strstr(why, word) == NULL)
        fail_msg("'%s' does not say '%s'", why, word);
}

/* --- the table --------------------------------------------------------------------------------------------------- */

static void check_field(const struct record_kind_row *row, const struct record_field *field)
{
    bool counted = field->kind == FIELD_TEXT || field->kind == FIELD_BYTES;

    assert_true(field->offset + field->size <= sizeof(struct store_record));
    assert_true(strlen(field->name) > 0 && strlen(field->help) > 0);
    assert_int_equal(strspn(field->name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(field->name));
    if (counted)
        assert_int_equal(field->width, 2);
    else if (field->kind == FIELD_ENUM)
        assert_true(field->width == 1 && (field->size == 1 || field->size == sizeof(int)));
    else
        assert_int_equal(field->width, field->size);
    if (field->kind == FIELD_ENUM)
        for (int value = 0; value < field->count; value++)
            if (strcmp(field->word(value), "?") == 0)
                fail_msg("%s %s: no word for %d", row->name, field->name, value);
    assert_true(field->kind == FIELD_ENUM ? field->count > 1 && field->count < 256 : field->count == 0);
    assert_true((field->kind != FIELD_E8 && field->kind != FIELD_TIME) || field->size == 8);
}

static void test_the_table_is_sound(void **state)
{
    size_t kinds = 0;

    (void)state;
    EACH_KIND(kind)
    {
        const struct record_kind_row *row = record_kind_row(kind);
        size_t most = 0, key = 2, key_end = 0;

        kinds++;
        assert_int_equal(record_kind_find(row->name), kind);
        assert_int_equal(row->required, kind == STORE_TRADING ? 10 : row->fields); /* as format 1 had them */
        assert_string_equal(row->field[0].name, "symbol");
        assert_string_equal(row->field[1].name, "owner");
        for (size_t i = 0; i < row->fields; i++) {
            const struct record_field *field = &row->field[i];
            size_t size = field->width;

            check_field(row, field);
            if (field->kind == FIELD_TEXT || field->kind == FIELD_BYTES)
                size += field->size - (field->kind == FIELD_TEXT ? 1U : 0U);
            most += size;
            key += field->key ? size : 0;
            key_end = field->key ? i + 1 : key_end;
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(row->field[k].name, field->name);
        }
        assert_true(most <= RECORD_BODY_MAX);
        assert_true(key <= RECORD_KEY_MAX);
        assert_int_equal(row->key_end, key_end);
        assert_true(row->state || key_end == 0);
    }
    assert_int_equal(kinds, STORE_RECORD_KINDS - 1);
    assert_null(record_kind_row(0));
    assert_null(record_kind_row(STORE_RECORD_KINDS));
    assert_null(record_kind_row(FRAME_KIND_SEAL));
    assert_int_equal(record_kind_find("nosuch"), 0);
}

/* --- there and back ------------------------------------------------------------------------------------------------ */

static void test_what_is_decoded_is_what_was_encoded(void **state)
{
    (void)state;
    EACH_KIND(kind)
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        struct store_record record = filled_record(kind, seed), back;
        unsigned char body[RECORD_BODY_MAX], again[RECORD_BODY_MAX];
        size_t size = record_encode(&record, body, sizeof(body));
        const char *differs;
        char why[160] = "";

        assert_true(size > 0);
        memset(&back, 0xa5, sizeof(back));
        if (record_decode(kind, body, size, &back, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
        if ((differs = record_differs(&record, &back)) != NULL)
            fail_msg("%s %s, seed %d", record_kind_row(kind)->name, differs, (int)seed);
        assert_string_equal(back.symbol, record.symbol);
        assert_int_equal(record_encode(&back, again, sizeof(again)), size);
        assert_memory_equal(body, again, size);
        assert_int_equal(record_encode(&record, again, size), size);
        assert_int_equal(record_encode(&record, again, size - 1), 0);
    }
}

/* Alignment is nobody's business: a body may begin at any address. */
static void test_a_body_may_begin_anywhere(void **state)
{
    unsigned char body[RECORD_BODY_MAX + 8];

    (void)state;
    for (size_t shift = 0; shift < 8; shift++) {
        struct store_record record = filled_record(STORE_ORDER, shift), back;
        size_t size = record_encode(&record, body + shift, RECORD_BODY_MAX);
        char why[160];

        assert_int_equal(record_decode(STORE_ORDER, body + shift, size, &back, why, sizeof(why)), ERR_OK);
        assert_null(record_differs(&record, &back));
    }
}

static void test_text_without_an_end_and_a_strange_bool_are_encoded_soundly(void **state)
{
    struct store_record record = filled_record(STORE_TRADING, 1), back;
    unsigned char body[RECORD_BODY_MAX];
    size_t size;
    char why[160];

    (void)state;
    memset(record.trading.why, 'x', sizeof(record.trading.why));
    memset(&record.trading.calendar_holds, 7, 1);
    size = record_encode(&record, body, sizeof(body));
    assert_int_equal(record_decode(STORE_TRADING, body, size, &back, why, sizeof(why)), ERR_OK);
    assert_int_equal(strlen(back.trading.why), sizeof(record.trading.why) - 1);
    assert_true(back.trading.calendar_holds);
    record = filled_record(STORE_MEMORY, 1);
    record.memory.size = UINT16_MAX;
    size = record_encode(&record, body, sizeof(body));
    assert_int_equal(record_decode(STORE_MEMORY, body, size, &back, why, sizeof(why)), ERR_OK);
    assert_int_equal(back.memory.size, STORE_MEMORY_BYTES);
}

/* --- what may not be taken ------------------------------------------------------------------------------------------ */

/* A journal of before there was anything beneath a state: nothing is. */
static void test_an_older_trading_state_is_read(void **state)
{
    struct store_record record = filled_record(STORE_TRADING, 1), back;
    unsigned char body[RECORD_BODY_MAX];
    size_t size;
    char why[160];

    (void)state;
    record.trading.beneath = STATE_REDUCING;
    size = record_encode(&record, body, sizeof(body));
    assert_int_equal(record_decode(STORE_TRADING, body, size, &back, why, sizeof(why)), ERR_OK);
    assert_int_equal(back.trading.beneath, STATE_REDUCING);
    assert_int_equal(record_decode(STORE_TRADING, body, size - 1, &back, why, sizeof(why)), ERR_OK);
    assert_int_equal(back.trading.beneath, STATE_ACTIVE);
    assert_string_equal(back.trading.why, record.trading.why);
}

/* What the fields take that were no part of format 1: without them a body is an older one, and whole. */
static size_t younger_bytes(enum store_record_kind kind)
{
    return kind == STORE_TRADING ? 1 : 0;
}

static void test_no_cut_body_is_taken_and_no_longer_one(void **state)
{
    (void)state;
    EACH_KIND(kind)
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct store_record record = filled_record(kind, seed);
        unsigned char body[RECORD_BODY_MAX + 1] = {0};
        size_t size = record_encode(&record, body, RECORD_BODY_MAX);

        for (size_t cut = 0; cut < size - younger_bytes(kind); cut++) {
            unsigned char *copy = malloc(cut + 1); /* so that a sanitizer sees one byte too many */
            struct store_record back;
            char why[160];

            memcpy(copy, body, cut);
            if (record_decode(kind, copy, cut, &back, why, sizeof(why)) != ERR_BAD_DATA ||
                strstr(why, "cut") == NULL)
                fail_msg("%s of %zu bytes is taken with %zu", record_kind_row(kind)->name, size, cut);
            free(copy);
        }
        decode_fails(kind, body, size + 1, "newer version");
    }
    decode_fails(0, (const unsigned char *)"", 0, "not known");
    decode_fails(STORE_RECORD_KINDS, (const unsigned char *)"", 0, "not known");
    decode_fails(FRAME_KIND_SEAL, (const unsigned char *)"", 0, "not known");
}

static void check_field_limits(unsigned kind, const struct record_field *field, unsigned char *body,
                               size_t size)
{
    size_t at = body_offset(kind, field->name, body);
    unsigned char kept = body[at];

    if (field->kind == FIELD_BOOL) {
        body[at] = 2;
        decode_fails(kind, body, size, field->name);
    } else if (field->kind == FIELD_ENUM) {
        for (int value = field->count; value < 256; value++) {
            body[at] = (unsigned char)value;
            decode_fails(kind, body, size, field->name);
        }
    } else if (field->kind == FIELD_TEXT && body[at] > 0) {
        kept = body[at + 2];
        body[at + 2] = '\0';
        decode_fails(kind, body, size, "NUL");
        body[at + 2] = kept;
        kept = body[at];
    }
    body[at] = kept;
}

static void test_values_that_are_none_are_refused_by_name(void **state)
{
    (void)state;
    EACH_KIND(kind)
    {
        const struct record_kind_row *row = record_kind_row(kind);
        struct store_record record = filled_record(kind, 5);
        unsigned char body[RECORD_BODY_MAX];
        size_t size = record_encode(&record, body, sizeof(body));

        for (size_t i = 0; i < row->fields; i++)
            check_field_limits(kind, &row->field[i], body, size);
    }
}

static void test_a_text_as_long_as_its_room_is_refused(void **state)
{
    unsigned char body[RECORD_BODY_MAX] = {0};
    struct store_record record;
    char why[160];

    (void)state;
    body[0] = SYMBOL_SIZE; /* one more than fits with its NUL */
    memset(body + 2, 'A', SYMBOL_SIZE);
    decode_fails(STORE_SYMBOL, body, 2 + SYMBOL_SIZE + 2 + 17, "symbol: longer");
    body[0] = SYMBOL_SIZE - 1;
    memset(body + 2 + SYMBOL_SIZE - 1, 0, 20);
    assert_int_equal(
        record_decode(STORE_SYMBOL, body, 2 + SYMBOL_SIZE - 1 + 2 + 17, &record, why, sizeof(why)), ERR_OK);
}

/* A later version adds a field at the end: it reads the bodies of today, and today's program says that it cannot. */
static void test_a_field_at_the_end_is_optional_for_its_version(void **state)
{
    struct record_kind_row today = *record_kind_row(STORE_LIMIT), before = today;
    struct store_record record = filled_record(STORE_LIMIT, 3), back;
    unsigned char body[RECORD_BODY_MAX];
    size_t size = record_encode(&record, body, sizeof(body));
    char why[160] = "";

    (void)state;
    today.required = before.fields = before.required = today.fields - 2; /* configured and value: 16 bytes */
    assert_int_equal(record_decode_row(&today, STORE_LIMIT, body, size - 16, &back, why, sizeof(why)),
                     ERR_OK);
    assert_true(back.limit.configured == 0 && back.limit.value == 0);
    assert_string_equal(back.limit.option, record.limit.option);
    assert_int_equal(record_decode_row(&today, STORE_LIMIT, body, size - 8, &back, why, sizeof(why)), ERR_OK);
    assert_int_equal(back.limit.configured, record.limit.configured);
    assert_int_equal(record_decode_row(&today, STORE_LIMIT, body, size - 9, &back, why, sizeof(why)),
                     ERR_BAD_DATA);
    assert_int_equal(record_decode_row(&today, STORE_LIMIT, body, size - 17, &back, why, sizeof(why)),
                     ERR_BAD_DATA);
    assert_int_equal(record_decode_row(&before, STORE_LIMIT, body, size, &back, why, sizeof(why)),
                     ERR_BAD_DATA);
    assert_non_null(strstr(why, "16 bytes behind the last field"));
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

static void test_keys_are_of_what_the_table_marks(void **state)
{
    static const struct {
        unsigned kind;
        const char *fields;
    } keys[] = {
        {STORE_INSTRUMENT, "symbol"},
        {STORE_ORDER, "seq"},
        {STORE_SESSION, ""},
        {STORE_SESSION_END, ""},
        {STORE_POSITION, "symbol owner"},
        {STORE_ACCOUNT, "quote"},
        {STORE_TRADING, ""},
        {STORE_OWNER, "owner"},
        {STORE_SYMBOL, "symbol"},
        {STORE_PARAMETER, "owner name"},
        {STORE_LIMIT, "option"},
        {STORE_TIME, "slot"},
        {STORE_MEMORY, "owner part"},
        {STORE_CONTROL, "name"},
        {STORE_KILL, ""},
    };
    size_t states = 0;

    (void)state;
    EACH_KIND(kind)
    states += record_kind_row(kind)->state;
    assert_int_equal(states, sizeof(keys) / sizeof(keys[0]));
    for (size_t k = 0; k < states; k++) {
        const struct record_kind_row *row = record_kind_row(keys[k].kind);
        char names[64] = "";

        assert_true(row->state);
        for (size_t i = 0; i < row->fields; i++)
            if (row->field[i].key) {
                strcat(names, names[0] == '\0' ? "" : " ");
                strcat(names, row->field[i].name);
            }
        assert_string_equal(names, keys[k].fields);
    }
}

/* The key changes with each key field and with no other. */
static void test_a_key_depends_on_its_fields_alone(void **state)
{
    (void)state;
    EACH_KIND(kind)
    {
        const struct record_kind_row *row = record_kind_row(kind);
        struct store_record record = filled_record(kind, 9), other = filled_record(kind, 10), mixed;
        unsigned char body[RECORD_BODY_MAX], key[RECORD_KEY_MAX], changed[RECORD_KEY_MAX];
        size_t size = record_encode(&record, body, sizeof(body)),
               key_size = record_key(kind, body, size, key);

        assert_int_equal(key_size > 0, row->state);
        for (size_t i = 0; row->state && i < row->fields; i++) {
            const struct record_field *field = &row->field[i];
            size_t counted = field->kind == FIELD_BYTES ? 2 : 0, changed_size;

            mixed = record;
            memcpy((unsigned char *)&mixed + field->offset - counted,
                   (unsigned char *)&other + field->offset - counted, field->size + counted);
            if (record_differs(&mixed, &record) == NULL)
                continue;
            size = record_encode(&mixed, body, sizeof(body));
            changed_size = record_key(kind, body, size, changed);
            assert_int_equal(changed_size != key_size || memcmp(key, changed, key_size) != 0, field->key);
        }
        for (size_t cut = 0; row->state && cut < size; cut++)
            record_key(kind, body, cut, changed); /* reads no byte more: a sanitizer's affair */
    }
}

static void test_a_key_is_kind_and_fields_and_never_another_ones(void **state)
{
    struct store_record position = {.kind = STORE_POSITION, .symbol = "AB", .owner = "C"};
    struct store_record other = {.kind = STORE_POSITION, .symbol = "A", .owner = "BC"};
    struct store_record order = {.kind = STORE_ORDER, .symbol = "BTCUSDT"};
    static const unsigned char order_key[] = {STORE_ORDER, 0, 0x0c, 1, 0, 0, 0, 0, 0, 0};
    unsigned char body[RECORD_BODY_MAX], a[RECORD_KEY_MAX], b[RECORD_KEY_MAX];
    size_t size;

    (void)state;
    size = record_encode(&position, body, sizeof(body));
    assert_int_equal(record_key(STORE_POSITION, body, size, a), 9);
    size = record_encode(&other, body, sizeof(body));
    assert_int_equal(record_key(STORE_POSITION, body, size, b), 9);
    assert_memory_not_equal(a, b, 9);
    order.order.order.seq = 268;
    size = record_encode(&order, body, sizeof(body));
    assert_int_equal(record_key(STORE_ORDER, body, size, a), sizeof(order_key));
    assert_memory_equal(a, order_key, sizeof(order_key));
    assert_int_equal(record_key(STORE_ORDER, body, 18, b), 0); /* ends within the key */
    assert_int_equal(record_key(STORE_FILL, body, size, b), 0);
    assert_int_equal(record_key(STORE_RECORD_KINDS, body, size, b), 0);
}

static void test_an_order_that_has_ended_frees_its_key(void **state)
{
    struct store_record record = {.kind = STORE_ORDER};

    (void)state;
    for (int order = 0; order < ORDER_STATES; order++) {
        record.order.order.state = (enum order_state)order;
        assert_int_equal(record_ends_key(&record),
                         order == ORDER_STATE_FILLED || order == ORDER_STATE_CANCELLED ||
                             order == ORDER_STATE_EXPIRED || order == ORDER_STATE_REJECTED);
    }
    record = (struct store_record){.kind = STORE_POSITION};
    assert_false(record_ends_key(&record));
}

/* --- the format ---------------------------------------------------------------------------------------------------------- */

static size_t golden_frame(unsigned kind, unsigned char frame[FRAME_MAX])
{
    struct store_record record = filled_record(kind, 1);
    unsigned char body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = kind,
                              .ts_ns = INT64_C(1700000000123456789),
                              .input_seq = 1000 + kind,
                              .kind = (uint16_t)kind,
                              .body_size = (uint32_t)record_encode(&record, body, sizeof(body))};

    return frame_encode(&head, body, frame, FRAME_MAX);
}

static void golden_path(unsigned kind, char path[128])
{
    snprintf(path, 128, GOLDEN_DIR "/%02u-%s.frame", kind, record_kind_row(kind)->name);
}

/* FLOWDECK_GOLDEN=new writes what is missing; what is there belongs to a format that programs out there have written. */
static void write_missing(unsigned kind)
{
    const char *mode = getenv("FLOWDECK_GOLDEN");
    unsigned char frame[FRAME_MAX];
    char path[128];
    FILE *file;

    golden_path(kind, path);
    if (mode == NULL || strcmp(mode, "new") != 0 || (file = fopen(path, "wbx")) == NULL)
        return;
    assert_int_equal(fwrite(frame, 1, golden_frame(kind, frame), file), golden_frame(kind, frame));
    assert_int_equal(fclose(file), 0);
}

static size_t read_golden(unsigned kind, unsigned char frame[FRAME_MAX + 1])
{
    char path[128];
    FILE *file;
    size_t size;

    golden_path(kind, path);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("no %s: FLOWDECK_GOLDEN=new makes it", path);
    size = fread(frame, 1, FRAME_MAX + 1, file);
    fclose(file);
    return size;
}

static void test_the_bytes_of_format_1_are_as_ever(void **state)
{
    (void)state;
    EACH_KIND(kind)
    {
        struct store_record record = filled_record(kind, 1), back;
        unsigned char golden[FRAME_MAX + 1], frame[FRAME_MAX];
        const unsigned char *body;
        struct frame_head head;
        size_t size;
        const char *differs;
        char why[160] = "";

        if (kind == STORE_TRADING)
            record.trading.beneath = STATE_ACTIVE; /* younger than the format: an older body has none */
        write_missing(kind);
        size = read_golden(kind, golden);
        assert_int_equal(frame_decode(golden, size, &head, &body), ERR_OK);
        assert_true(head.size == size && head.seq == kind && head.input_seq == 1000 + kind &&
                    head.kind == kind);
        assert_int_equal(head.ts_ns, INT64_C(1700000000123456789));
        if (record_decode(kind, body, head.body_size, &back, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
        if ((differs = record_differs(&record, &back)) != NULL)
            fail_msg("%s %s is not what was written", record_kind_row(kind)->name, differs);
        if (younger_bytes(kind) > 0) {
            assert_true(golden_frame(kind, frame) >= size);
            continue;
        }
        assert_int_equal(golden_frame(kind, frame), size);
        assert_memory_equal(frame, golden, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_is_sound),
        cmocka_unit_test(test_what_is_decoded_is_what_was_encoded),
        cmocka_unit_test(test_a_body_may_begin_anywhere),
        cmocka_unit_test(test_text_without_an_end_and_a_strange_bool_are_encoded_soundly),
        cmocka_unit_test(test_an_older_trading_state_is_read),
        cmocka_unit_test(test_no_cut_body_is_taken_and_no_longer_one),
        cmocka_unit_test(test_values_that_are_none_are_refused_by_name),
        cmocka_unit_test(test_a_text_as_long_as_its_room_is_refused),
        cmocka_unit_test(test_a_field_at_the_end_is_optional_for_its_version),
        cmocka_unit_test(test_keys_are_of_what_the_table_marks),
        cmocka_unit_test(test_a_key_depends_on_its_fields_alone),
        cmocka_unit_test(test_a_key_is_kind_and_fields_and_never_another_ones),
        cmocka_unit_test(test_an_order_that_has_ended_frees_its_key),
        cmocka_unit_test(test_the_bytes_of_format_1_are_as_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
