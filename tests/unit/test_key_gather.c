/*
 * test_key_gather.c - a paste without brackets is one, in whatever pieces it comes; and keys are never taken for one.
 */
#include "tui/key_decoder.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <string.h>

#define MS INT64_C(1000000)

static struct key_decoder decoder;
static int64_t now_ns;
static char heard[4096];

static void hear(void *arg, const struct key_event *event)
{
    char name[32];
    size_t used = strlen(heard);

    (void)arg;
    snprintf(heard + used, sizeof(heard) - used, "%s%s", used > 0 ? " " : "", key_to_name(event->key, name));
}

static int fresh(void **state)
{
    (void)state;
    heard[0] = '\0';
    key_decoder_init(&decoder, hear, NULL);
    now_ns = 1000 * MS;
    return 0;
}

static void come(const char *bytes)
{
    key_decoder_read(&decoder, bytes, strlen(bytes), now_ns);
}

static void wait_ms(int64_t ms)
{
    now_ns += ms * MS;
    key_decoder_tick(&decoder, now_ns);
}

static void come_each(const char *bytes, int64_t ms)
{
    for (char one[2] = ""; *bytes != '\0'; bytes++) {
        one[0] = *bytes;
        come(one);
        wait_ms(ms);
    }
}

/* PuTTY gives each line to the line by itself: none of them has more than sixteen bytes. */
static void test_lines_of_a_paste(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        come("buy 0 K i\r");
        wait_ms(i == 2 ? 20 : 1);
    }
    assert_string_equal(heard, "");
    wait_ms(150);
    assert_string_equal(heard, "paste");
    wait_ms(2000);
    assert_true(key_decoder_due_ns(&decoder) == INT64_MAX);
}

/* Between two lines the terminal answers what we asked it. */
static void test_replies_between_the_lines(void **state)
{
    (void)state;
    key_decoder_expect_status(&decoder);
    key_decoder_expect_status(&decoder);
    come("K y M\r");
    come("\033[0n");
    assert_string_equal(heard, "status-reply");
    come("K y M\r\033[0nK y M\r");
    wait_ms(1);
    come("K y M\r");
    wait_ms(150);
    assert_string_equal(heard, "status-reply status-reply paste");
}

/* A line of 9600 baud: a byte a millisecond. Of all of them the first alone looks like a key. */
static void test_byte_by_byte(void **state)
{
    (void)state;
    come_each("buy 0.5 at 60000 K i\ry\rK", 1);
    wait_ms(150);
    assert_string_equal(heard, "b paste");
}

/* A paste that stood still in its middle ends in a few keys; one key alone is always a key. */
static void test_the_rest_after_a_stall(void **state)
{
    (void)state;
    come("some text of more than sixteen bytes");
    wait_ms(700);
    come("i\ry");
    wait_ms(50);
    wait_ms(100);
    assert_string_equal(heard, "paste paste");
    wait_ms(300);
    come("K");
    assert_string_equal(heard, "paste paste K");
    wait_ms(300);
    come("KK");
    assert_string_equal(heard, "paste paste K K K");
    wait_ms(2000);
    come("jk");
    wait_ms(50);
    assert_string_equal(heard, "paste paste K K K j k");
}

/* The line stood for more than a second within the brackets. */
static void test_the_rest_behind_a_lost_bracket(void **state)
{
    (void)state;
    come("\033[200~iyK\r");
    wait_ms(1100);
    come("iyK\r\033[201~");
    wait_ms(150);
    come("u");
    assert_string_equal(heard, "paste paste u");
}

/* What fingers do is never held back. */
static void test_keys_pass_at_once(void **state)
{
    (void)state;
    come("i");
    assert_string_equal(heard, "i");
    wait_ms(20);
    come("o");
    assert_string_equal(heard, "i o");
    for (int i = 0; i < 20; i++) { /* held down, and its repeats together */
        wait_ms(i % 2 == 0 ? 1 : 33);
        come(i % 4 == 3 ? "oo" : "o");
    }
    assert_int_equal(strlen(heard), strlen("i o") + 2 * 25);
    assert_null(strstr(heard, "paste"));
}

/* Two keys that a bad line brought together are two keys, a moment later or when something else comes. */
static void test_a_few_together(void **state)
{
    (void)state;
    come("jK");
    assert_string_equal(heard, "");
    assert_true(key_decoder_due_ns(&decoder) == now_ns + 50 * MS);
    wait_ms(50);
    assert_string_equal(heard, "j K");
    wait_ms(100);
    come("ab");
    come("\033[A");
    assert_string_equal(heard, "j K a b Up");
    wait_ms(100);
    come("\xd1\x84"); /* a Cyrillic key is one */
    assert_string_equal(heard, "j K a b Up \xd1\x84");
    come(":go\r");
    wait_ms(50);
    assert_string_equal(heard, "j K a b Up \xd1\x84 : g o Enter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_lines_of_a_paste, fresh),
        cmocka_unit_test_setup(test_replies_between_the_lines, fresh),
        cmocka_unit_test_setup(test_byte_by_byte, fresh),
        cmocka_unit_test_setup(test_the_rest_after_a_stall, fresh),
        cmocka_unit_test_setup(test_the_rest_behind_a_lost_bracket, fresh),
        cmocka_unit_test_setup(test_keys_pass_at_once, fresh),
        cmocka_unit_test_setup(test_a_few_together, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
