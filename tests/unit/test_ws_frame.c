/* RFC 6455 frames: in any pieces, refused, without end. */
#include "net/utf8.h"
#include "net/ws_frame.h"

#include "unit/cmocka_all.h"
#include "unit/tls_server.h"

static void test_utf8(void **state)
{
    static const char *const good_text[] = {
        "", "plain ascii text", "\xc3\xa4", "12345678\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf"};
    static const char *const bad_text[] = {
        "\xc0\x80",           "\xff",         "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "1234567890\xe2\x82", "\xe0\x80\xaf", "\x80",         "\xf0\x80\x80\xaf"};

    (void)state;
    for (size_t i = 0; i < sizeof(good_text) / sizeof(good_text[0]); i++)
        assert_true(utf8_valid(good_text[i], strlen(good_text[i])));
    for (size_t i = 0; i < sizeof(bad_text) / sizeof(bad_text[0]); i++)
        assert_false(utf8_valid(bad_text[i], strlen(bad_text[i])));
}

/* The same bytes in every two pieces and byte by byte give the same events. */
static void test_frames_in_any_pieces(void **state)
{
    unsigned char bytes[1024];
    size_t size = 0;
    static const char *const expected = "MPMCm";

    (void)state;
    size += ws_frame(bytes + size, 0x81, "hello", 5);
    size += ws_frame(bytes + size, 0x01, "ab", 2);
    size += ws_frame(bytes + size, 0x89, "ping", 4);
    size += ws_frame(bytes + size, 0x80, "cd", 2);
    size += ws_frame(bytes + size, 0x88, "\x03\xe8", 2);
    size += ws_frame(bytes + size, 0x81, "", 0);
    for (size_t step = 1; step <= size; step++) {
        struct ws_parser parser;
        struct ws_error error;
        char seen[16] = "";

        ws_parser_init(&parser, 1000);
        for (size_t at = 0; at < size; at += step) {
            const unsigned char *piece = bytes + at;
            size_t left = size - at < step ? size - at : step;
            enum ws_event event;

            while ((event = ws_parser_next(&parser, &piece, &left, &error)) != WS_EVENT_NONE) {
                const char *letter = event == WS_EVENT_MESSAGE ? (parser.size > 0 ? "M" : "m")
                                     : event == WS_EVENT_PING  ? "P"
                                     : event == WS_EVENT_CLOSE ? "C"
                                                               : "E";

                strcat(seen, letter);
                assert_true(strlen(seen) < 10);
            }
        }
        assert_string_equal(seen, expected);
        ws_parser_free(&parser);
    }
}

static void test_frames_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum net_failure_kind kind;
    } cases[] = {
        {"\x82\x01x", 3, NET_FAIL_PROTOCOL},                               /* binary */
        {"\x81\x81\x00\x00\x00\x00x", 7, NET_FAIL_PROTOCOL},               /* masked */
        {"\xc1\x01x", 3, NET_FAIL_PROTOCOL},                               /* compressed */
        {"\x83\x01x", 3, NET_FAIL_PROTOCOL},                               /* unknown */
        {"\x8b\x00", 2, NET_FAIL_PROTOCOL},                                /* unknown control */
        {"\x80\x01x", 3, NET_FAIL_PROTOCOL},                               /* continues nothing */
        {"\x01\x01x\x81\x01x", 6, NET_FAIL_PROTOCOL},                      /* text within text */
        {"\x09\x00", 2, NET_FAIL_PROTOCOL},                                /* ping in pieces */
        {"\x89\x7e\x00\x7e", 4, NET_FAIL_PROTOCOL},                        /* long ping */
        {"\x81\x02\xc3\x28", 4, NET_FAIL_PROTOCOL},                        /* not UTF-8 */
        {"\x81\x7e\x03\xe9", 4, NET_FAIL_TOO_BIG},                         /* 1001 bytes */
        {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10, NET_FAIL_TOO_BIG} /* 2^64 - 1 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ws_parser parser;
        struct ws_error error = {.kind = NET_OK};
        const unsigned char *bytes = (const unsigned char *)cases[i].bytes;
        size_t size = cases[i].size;

        ws_parser_init(&parser, 1000);
        if (ws_parser_next(&parser, &bytes, &size, &error) != WS_EVENT_ERROR || error.kind != cases[i].kind)
            fail_msg("case %zu", i);
        ws_parser_free(&parser);
    }
}

static void test_endless_empty_fragments(void **state)
{
    struct ws_parser parser;
    struct ws_error error = {.kind = NET_OK};
    const unsigned char *bytes = (const unsigned char *)"\x01\x01x";
    size_t size = 3, count = 0;

    (void)state;
    ws_parser_init(&parser, 1000);
    while (ws_parser_next(&parser, &bytes, &size, &error) == WS_EVENT_NONE) {
        bytes = (const unsigned char *)"\x00\x00";
        size = 2;
        assert_true(++count <= WS_FRAGMENTS_MAX);
    }
    assert_int_equal(error.kind, NET_FAIL_TOO_BIG);
    ws_parser_free(&parser);
}

static void test_close_codes(void **state)
{
    (void)state;
    assert_true(ws_close_code_valid(1000) && ws_close_code_valid(1012) && ws_close_code_valid(4999));
    assert_false(ws_close_code_valid(999) || ws_close_code_valid(1005) || ws_close_code_valid(1006) ||
                 ws_close_code_valid(2000) || ws_close_code_valid(5000));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),           cmocka_unit_test(test_frames_in_any_pieces),
        cmocka_unit_test(test_frames_refused), cmocka_unit_test(test_endless_empty_fragments),
        cmocka_unit_test(test_close_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
