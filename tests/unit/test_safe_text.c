/* test_safe_text.c - nothing from outside moves a cursor, turns a line round or hides. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/safe_text.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static void assert_safe(const char *text, size_t size, const char *expected)
{
    char out[256];

    assert_int_equal(safe_text(text, size, out, sizeof out), strlen(expected));
    assert_string_equal(out, expected);
}

#define SAFE(text, expected) assert_safe(text, sizeof(text) - 1, expected)

static void test_printable_text_stays(void **state)
{
    (void)state;
    SAFE("", "");
    SAFE("BTCUSDT 61842.18", "BTCUSDT 61842.18");
    SAFE("\xc3\xa9 \xe2\x82\xac \xe4\xba\xa4\xe6\x98\x93 \xf0\x9f\x9a\x80",
         "\xc3\xa9 \xe2\x82\xac \xe4\xba\xa4\xe6\x98\x93 \xf0\x9f\x9a\x80");
    SAFE("e\xcc\x81", "e\xcc\x81");
}

static void test_what_could_do_harm_is_escaped(void **state)
{
    (void)state;
    SAFE("\x1b[2J", "\\x1b[2J");
    SAFE("a\nb\r\t\x7f\0z", "a\\x0ab\\x0d\\x09\\x7f\\x00z");
    SAFE("\xc2\x9b"
         "31m",
         "\\u009b31m"); /* C1, as a code point */
    SAFE("\x9b"
         "31m",
         "\\x9b31m"); /* and as a raw byte */
    SAFE("\xe2\x80\xae"
         "abc",
         "\\u202eabc");                                 /* right-to-left override */
    SAFE("\xe2\x81\xa6", "\\u2066");                    /* isolate */
    SAFE("\xe2\x80\x8b", "\\u200b");                    /* zero-width space */
    SAFE("\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"); /* line and paragraph separator */
    SAFE("\xef\xbb\xbf", "\\ufeff");                    /* byte order mark */
    SAFE("\xc2\xad", "\\u00ad");                        /* soft hyphen */
    SAFE("\xf3\xa0\x80\x81", "\\U000e0001");            /* language tag */
    SAFE("\xef\xb8\x8f", "\\ufe0f");                    /* changes the width of the one before */
    SAFE("\xe3\x85\xa4", "\\u3164");                    /* a letter that shows nothing */
    SAFE("\xee\x80\x80", "\\ue000");                    /* private use: width unknown */
    SAFE("\xef\xbf\xbe", "\\ufffe");
}

/* Two different inputs never look the same. */
static void test_backslash_is_doubled(void **state)
{
    (void)state;
    SAFE("\\x1b", "\\\\x1b");
    SAFE("\\", "\\\\");
}

static void test_broken_utf8_is_shown_byte_by_byte(void **state)
{
    (void)state;
    SAFE("\xc3", "\\xc3");
    SAFE("\xe2\x82", "\\xe2\\x82");
    SAFE("\xe2\x28\xa1", "\\xe2(\\xa1");
    SAFE("\xc0\x80", "\\xc0\\x80");                   /* overlong NUL */
    SAFE("\xe0\x80\xaf", "\\xe0\\x80\\xaf");          /* overlong slash */
    SAFE("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
    SAFE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
    SAFE("\xff\xfe", "\\xff\\xfe");
}

static void test_cut_at_a_whole_character_with_dots(void **state)
{
    char out[16];

    (void)state;
    assert_int_equal(safe_text("abcdefgh", 8, out, 9), 8);
    assert_string_equal(out, "abcdefgh");
    assert_int_equal(safe_text("abcdefgh", 8, out, 8), 7);
    assert_string_equal(out, "abcd...");
    assert_int_equal(safe_text("ab\x1b"
                               "cdef",
                               7, out, 8),
                     5); /* the escape does not fit whole */
    assert_string_equal(out, "ab...");
    assert_int_equal(safe_text("a\xe2\x82\xac\xe2\x82\xac", 7, out, 7), 4);
    assert_string_equal(out, "a...");
    assert_int_equal(safe_text("\xe2\x82\xac\xe2\x82\xac", 6, out, 3), 0); /* no room even for dots */
    assert_string_equal(out, "");
    assert_int_equal(safe_text("abc", 3, out, 1), 0);
    assert_string_equal(out, "");
}

/* Random bytes, any room: the result is valid, harmless, fits, and safe text of ASCII stays itself. */
static void test_any_bytes_come_out_harmless(void **state)
{
    uint64_t random = 2;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[24], out[64];
        size_t size = (size_t)random_between(&random, 0, sizeof text);
        size_t room = (size_t)random_between(&random, 1, sizeof out), length;

        for (size_t j = 0; j < size; j++)
            text[j] = (char)random_between(&random, (random_next(&random) & 3) != 0 ? 0x78 : 0, 0xff);
        length = safe_text(text, size, out, room);
        assert_true(length < room && strlen(out) == length);
        for (size_t at = 0; at < length;) {
            unsigned codepoint;

            at += safe_text_decode(out + at, length - at, &codepoint);
            assert_true(safe_text_codepoint_columns(codepoint) >= 0);
        }
    }
}

/* Encodes and decodes all of Unicode. */
static void test_every_code_point_decodes(void **state)
{
    (void)state;
    for (unsigned c = 0; c <= 0x10ffff; c++) {
        unsigned char b[4];
        size_t size;
        unsigned decoded;

        if (c < 0x80) {
            b[0] = (unsigned char)c;
            size = 1;
        } else if (c < 0x800) {
            b[0] = (unsigned char)(0xc0 | c >> 6);
            b[1] = (unsigned char)(0x80 | (c & 63));
            size = 2;
        } else if (c < 0x10000) {
            b[0] = (unsigned char)(0xe0 | c >> 12);
            b[1] = (unsigned char)(0x80 | (c >> 6 & 63));
            b[2] = (unsigned char)(0x80 | (c & 63));
            size = 3;
        } else {
            b[0] = (unsigned char)(0xf0 | c >> 18);
            b[1] = (unsigned char)(0x80 | (c >> 12 & 63));
            b[2] = (unsigned char)(0x80 | (c >> 6 & 63));
            b[3] = (unsigned char)(0x80 | (c & 63));
            size = 4;
        }
        if (c >= 0xd800 && c <= 0xdfff) {
            assert_int_equal(safe_text_decode((const char *)b, size, &decoded), 1);
            assert_int_equal(decoded, 0xFFFFFFFF);
            continue;
        }
        assert_int_equal(safe_text_decode((const char *)b, size, &decoded), size);
        assert_int_equal(decoded, c);
        if (size > 1) {
            assert_int_equal(safe_text_decode((const char *)b, size - 1, &decoded), 1);
            assert_int_equal(decoded, 0xFFFFFFFF);
        }
    }
}

static void test_columns(void **state)
{
    (void)state;
    assert_int_equal(safe_text_columns(""), 0);
    assert_int_equal(safe_text_columns("abc"), 3);
    assert_int_equal(safe_text_columns("\xe4\xba\xa4\xe6\x98\x93"), 4);
    assert_int_equal(safe_text_columns("e\xcc\x81"), 1);
    assert_int_equal(safe_text_columns("\xf0\x9f\x9a\x80"), 2);
    assert_int_equal(safe_text_codepoint_columns(0x1b), -1);
    assert_int_equal(safe_text_codepoint_columns(0x9b), -1);
    assert_int_equal(safe_text_codepoint_columns(0x110000), -1);
    assert_int_equal(safe_text_codepoint_columns(0x2500), 1); /* what our frames are drawn with */
    assert_int_equal(safe_text_codepoint_columns(0x2588), 1);
    assert_int_equal(safe_text_codepoint_columns(0x28ff), 1);
    assert_int_equal(safe_text_codepoint_columns(0xff21), 2);
}

/* A character of unlike width on our side and the terminal's shifts a whole row. The C library follows
 * another Unicode version, so a few may differ; gross errors would be thousands. */
static void test_columns_agree_with_the_library(void **state)
{
    int differ = 0, compared = 0;

    (void)state;
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        skip();
    for (unsigned c = 0x20; c < 0x30000; c++) {
        int ours = safe_text_codepoint_columns(c), theirs = wcwidth((wchar_t)c);

        if (ours < 0 || theirs < 0)
            continue;
        compared++;
        differ += ours != theirs;
    }
    assert_true(compared > 100000);
    assert_true(differ < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printable_text_stays),
        cmocka_unit_test(test_what_could_do_harm_is_escaped),
        cmocka_unit_test(test_backslash_is_doubled),
        cmocka_unit_test(test_broken_utf8_is_shown_byte_by_byte),
        cmocka_unit_test(test_cut_at_a_whole_character_with_dots),
        cmocka_unit_test(test_any_bytes_come_out_harmless),
        cmocka_unit_test(test_every_code_point_decodes),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_columns_agree_with_the_library),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
