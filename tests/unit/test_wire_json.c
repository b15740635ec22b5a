/* Messages by way of jansson: what right JSON may hold under keys that are not ours. */
#include "feed/wire_json.h"

#include "cmocka_all.h"

#include <string.h>

static struct wire_level levels[WIRE_LEVELS_MAX];

static enum err read_into(const char *text, struct wire_message *out)
{
    char why[WIRE_WHY_SIZE];
    json_t *root, *data;
    enum err err;

    memset(out, 0, sizeof(*out));
    out->level = levels;
    err = wire_json_read(text, strlen(text), out, &root, &data, why);
    if (err == ERR_OK)
        json_decref(root);
    return err;
}

#define DEPTH(unknown)                                                                                       \
    "{\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\",\"zz\":" unknown                                               \
    ",\"U\":7,\"u\":9,\"b\":[[\"1.5\",\"2\"]],\"a\":[]}"

/* A venue may append any field at any time; a number too large for us under it must not cost the message. */
static void test_huge_numbers_under_unknown_keys_are_ignored(void **state)
{
    static const char *const text[] = {
        DEPTH("12345678901234567890123"),
        DEPTH("-99999999999999999999"),
        DEPTH("1e999"),
        DEPTH("-1.5E+400"),
        DEPTH("[9223372036854775808,{\"x\":1e-4000}]"),
        DEPTH("\"12345678901234567890123\\\"\",\"y\":1e400"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
        struct wire_message message;

        assert_int_equal(read_into(text[i], &message), ERR_OK);
        assert_int_equal(message.kind, WIRE_DEPTH);
        assert_int_equal(message.first_id, 7);
        assert_int_equal(message.last_id, 9);
        assert_int_equal(message.level_count[SIDE_BID], 1);
        assert_int_equal(levels[message.level_first[SIDE_BID]].price_e8, 150000000);
    }
}

/* Under a key of ours such a number is no id: refused, not read as something else. */
static void test_huge_number_as_an_id_is_refused(void **state)
{
    struct wire_message message;

    (void)state;
    assert_int_equal(
        read_into("{\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\",\"U\":7,\"u\":99999999999999999999,\"b\":[],"
                  "\"a\":[]}",
                  &message),
        ERR_BAD_DATA);
}

/* What is no JSON stays none, however large its numbers. */
static void test_wrong_numbers_are_refused(void **state)
{
    static const char *const text[] = {DEPTH("012345678901234567890123"),
                                       DEPTH("1e"),
                                       DEPTH("12345678901234567890."),
                                       DEPTH("-"),
                                       DEPTH("1e999,"),
                                       DEPTH("99999999999999999999x")};

    (void)state;
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
        struct wire_message message;

        assert_int_equal(read_into(text[i], &message), ERR_BAD_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_huge_numbers_under_unknown_keys_are_ignored),
        cmocka_unit_test(test_huge_number_as_an_id_is_refused),
        cmocka_unit_test(test_wrong_numbers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
