/*
 * test_key_decoder.c - whatever a bad line does to the bytes, no part of a sequence is typed.
 */
#include "tui/key_decoder.h"

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS       INT64_C(1000000)
#define EVENTS   4096
#define START_NS (INT64_C(1700000000) * 1000 * MS)

struct heard {
    struct key_event event[EVENTS];
    size_t count;
};

static void hear(void *arg, const struct key_event *event)
{
    struct heard *heard = arg;

    assert_true(heard->count < EVENTS);
    heard->event[heard->count++] = *event;
}

static struct heard heard;
static struct key_decoder decoder;
static int64_t now_ns;

static int fresh(void **state)
{
    (void)state;
    memset(&heard, 0, sizeof(heard));
    key_decoder_init(&decoder, hear, &heard);
    now_ns = START_NS;
    return 0;
}

static void feed(const char *bytes)
{
    key_decoder_feed(&decoder, bytes, strlen(bytes), now_ns);
}

static void wait_ms(int64_t ms)
{
    now_ns += ms * MS;
    key_decoder_tick(&decoder, now_ns);
}

/* The keys heard as names, for one comparison: "Esc Up". */
static const char *keys_heard(void)
{
    static char text[EVENTS * 8];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < heard.count && used + 40 < sizeof(text); i++) {
        char name[32];

        used += (size_t)sprintf(text + used, "%s%s", i > 0 ? " " : "", key_to_name(heard.event[i].key, name));
    }
    return text;
}

struct known {
    const char *bytes;
    const char *keys;
};

/* What terminals send, and what it is. "" is what must be swallowed without a word. */
static const struct known known[] = {
    {"\033[A", "Up"},
    {"\033[B", "Down"},
    {"\033[C", "Right"},
    {"\033[D", "Left"},
    {"\033OA", "Up"},
    {"\033OD", "Left"},
    {"\033[1;2A", "Shift-Up"},
    {"\033[1;2B", "Shift-Down"},
    {"\033[1;3C", "Alt-Right"},
    {"\033[1;5D", "Ctrl-Left"},
    {"\033[1;6A", "Ctrl-Shift-Up"},
    {"\033[a", "Shift-Up"},
    {"\033Oc", "Ctrl-Right"},
    {"\033[H", "Home"},
    {"\033[F", "End"},
    {"\033[1~", "Home"},
    {"\033[4~", "End"},
    {"\033[7~", "Home"},
    {"\033[5~", "PageUp"},
    {"\033[6;2~", "Shift-PageDown"},
    {"\033[2~", "Insert"},
    {"\033[3~", "Delete"},
    {"\033[E", "Centre"},
    {"\033[Z", "Shift-Tab"},
    {"\033OP", "F1"},
    {"\033[11~", "F1"},
    {"\033[[A", "F1"},
    {"\033[[E", "F5"},
    {"\033OR", "F3"},
    {"\033[1;2P", "Shift-F1"},
    {"\033[1;2R", "Shift-F3"},
    {"\033[15~", "F5"},
    {"\033[24~", "F12"},
    {"\033[24;2~", "Shift-F12"},
    {"\033O5P", "Ctrl-F1"},
    {"\033OM", "Enter"},
    {"\033Op", "0"},
    {"\033Oy", "9"},
    {"\033Ok", "+"},
    {"\033Om", "-"},
    {"\033OX", "="},
    {"\033[57414u", "Enter"},
    {"\033[57400u", "1"},
    {"\033[57413u", "+"},
    {"\033[57419u", "Up"},
    {"\033[75;2u", "K"},
    {"\033[107;2u", "K"},
    {"\033[107:75;2u", "K"},
    {"\033[107;3u", "Alt-k"},
    {"\033[107;4u", "Alt-K"},
    {"\033[99;5u", "Ctrl-C"},
    {"\033[1083;2u", "Л"},
    {"\033[27u", "Esc"},
    {"\033[13u", "Enter"},
    {"\033[9;2u", "Shift-Tab"},
    {"\033[127u", "Backspace"},
    {"\033[32;2u", "Shift-Space"},
    {"\033[27;5;9~", "Ctrl-Tab"},
    {"\033[27;2;13~", "Shift-Enter"},
    {"\033[107;1:3u", ""},  /* released */
    {"\033[1;1:3A", ""},    /* released */
    {"\033[107;1:2u", "k"}, /* repeated */
    {"\033[154u", ""},      /* a control character is not typed, whoever says so */
    {"\033[107:135;2u", "K"},
    {"\033[57358u", ""}, /* Caps Lock */
    {"\033[I", "focus-in"},
    {"\033[O", "focus-out"},
    {"\033[0n", "status-reply"},
    {"\033[24;80R", "cursor-reply"},
    {"\033[?2026;2$y", "mode-reply"},
    {"\033[<0;10;5M", "mouse"},
    {"\033[M !!", ""},     /* the old mouse */
    {"\033[?64;1;2c", ""}, /* device attributes */
    {"\033[8;24;80t", ""}, /* a size */
    {"\033[>0;276;0c", ""},
    {"\033[200~\033[201~", "paste"},
    {"\033[200~buy 100\rK\033[2\033[201~", "paste"},
    {"\033[99~", ""},
    {"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20q", ""},
    {"\033OZ", ""},
    {"\033]11;rgb:1010/1212/1616\033\\", ""},
    {"\033]10;rgb:c8c8/cccc/d4d4\007", ""},
    {"\033P1$r0m\033\\", ""},
    {"\033K", "Alt-K"},
    {"\033x", "Alt-x"},
    {"\033\033", "Esc Esc"},
    {"\033\r", "Alt-Enter"},
    {"\033Л", "Alt-Л"},
    {"К", "К"},
    {"€", "€"},
    {"🚀", "🚀"},
    {"u", "u"},
    {"\003", "Ctrl-C"},
    {"\032", "Ctrl-Z"},
    {"\014", "Ctrl-L"},
    {"\r", "Enter"},
    {"\t", "Tab"},
    {"\177", "Backspace"},
    {"\010", "Backspace"},
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

static void test_every_sequence_in_one_read(void **state)
{
    for (size_t i = 0; i < KNOWN; i++) {
        fresh(state);
        feed(known[i].bytes);
        if (strcmp(keys_heard(), known[i].keys) != 0)
            fail_msg("ESC%s gave '%s', want '%s'", known[i].bytes + 1, keys_heard(), known[i].keys);
    }
}

/* Alt and a letter that a line tears apart are Esc and the letter; all other sequences stay what they are. */
static bool alt_by_esc(const char *bytes)
{
    return bytes[0] == '\033' && strchr("[OP]", bytes[1]) == NULL;
}

/*
 * Rule 15: a split at any byte with 60 ms between changes nothing, but that an Esc that stood alone has acted. Nothing of a
 * sequence is typed.
 */
static void test_every_sequence_split_at_every_byte(void **state)
{
    for (size_t i = 0; i < KNOWN; i++) {
        size_t size = strlen(known[i].bytes);

        for (size_t cut = 1; cut < size; cut++) {
            char want[128];

            if (alt_by_esc(known[i].bytes) && cut == 1)
                continue;
            fresh(state);
            key_decoder_feed(&decoder, known[i].bytes, cut, now_ns);
            wait_ms(60);
            key_decoder_feed(&decoder, known[i].bytes + cut, size - cut, now_ns);
            snprintf(want, sizeof(want), "%s%s%s", known[i].bytes[0] == '\033' && cut == 1 ? "Esc" : "",
                     known[i].bytes[0] == '\033' && cut == 1 && known[i].keys[0] != '\0' ? " " : "",
                     known[i].keys);
            if (strcmp(keys_heard(), want) != 0)
                fail_msg("ESC%s cut at %zu gave '%s', want '%s'", known[i].bytes + 1, cut, keys_heard(),
                         want);
        }
    }
}

/* The same with every byte alone. */
static void test_every_sequence_byte_by_byte(void **state)
{
    for (size_t i = 0; i < KNOWN; i++) {
        const char *keys;

        if (alt_by_esc(known[i].bytes))
            continue;
        fresh(state);
        for (size_t at = 0; known[i].bytes[at] != '\0'; at++) {
            key_decoder_feed(&decoder, known[i].bytes + at, 1, now_ns);
            wait_ms(60);
        }
        keys = keys_heard();
        if (known[i].bytes[0] == '\033' && strncmp(keys, "Esc", 3) == 0)
            keys += keys[3] == ' ' ? 4 : 3;
        if (strcmp(keys, known[i].keys) != 0)
            fail_msg("ESC%s byte by byte gave '%s', want '%s'", known[i].bytes + 1, keys, known[i].keys);
    }
}

/* Sequences that come together come apart as well: each, followed by a plain key, leaves that key alone. */
static void test_a_key_after_a_sequence_is_a_key(void **state)
{
    for (size_t i = 0; i < KNOWN; i++) {
        fresh(state);
        feed(known[i].bytes);
        feed("u");
        assert_true(heard.count > 0);
        if (heard.event[heard.count - 1].key != 'u' && strcmp(known[i].bytes, "\033\033") != 0)
            fail_msg("u after ESC%s gave '%s'", known[i].bytes + 1, keys_heard());
    }
}

/* The reply to CSI 5n over a line that splits it anywhere, for as long as it likes: never a key, nor an Esc. */
static void test_an_awaited_reply_in_pieces_is_no_key(void **state)
{
    static const int64_t pauses_ms[] = {0, 60, 300, 499};
    static const char reply[] = "\033[0n";

    for (size_t p = 0; p < sizeof(pauses_ms) / sizeof(pauses_ms[0]); p++) {
        fresh(state);
        key_decoder_expect_status(&decoder);
        for (size_t at = 0; reply[at] != '\0'; at++) {
            key_decoder_feed(&decoder, reply + at, 1, now_ns);
            wait_ms(pauses_ms[p]);
        }
        assert_int_equal(heard.count, 1);
        assert_int_equal(heard.event[0].key, KEY_REPLY_STATUS);
    }
    fresh(state);
    key_decoder_expect_status(&decoder);
    feed("\033[");
    wait_ms(2900);
    feed("0n");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.event[0].key, KEY_REPLY_STATUS);
}

/* Keys that are typed while a reply is awaited: each is what it is, and the kill is never swallowed. */
static void test_keys_among_awaited_replies(void **state)
{
    (void)state;
    key_decoder_expect_status(&decoder);
    feed("\033");
    assert_int_equal(heard.count, 0); /* may be the reply's */
    feed("\033[0n");
    assert_int_equal(heard.count, 2);
    assert_int_equal(heard.event[0].key, KEY_ESC);
    feed("\033");
    assert_int_equal(heard.event[2].key, KEY_ESC); /* at once: nothing is awaited any more */

    fresh(state);
    key_decoder_expect_status(&decoder);
    feed("\033");
    wait_ms(500);
    assert_string_equal(keys_heard(), "Esc");

    fresh(state);
    key_decoder_expect_status(&decoder);
    feed("\033");
    wait_ms(100);
    feed("K");
    assert_string_equal(keys_heard(), "Esc K");
    assert_true(heard.event[1].after_esc);

    fresh(state);
    key_decoder_expect_status(&decoder);
    feed("\033["); /* the line stalls in the middle of the reply */
    wait_ms(600);
    feed("K");
    assert_string_equal(keys_heard(), "K");

    fresh(state);
    key_decoder_expect_status(&decoder);
    feed("\033");
    wait_ms(60);
    feed("[A");
    assert_string_equal(keys_heard(), "Up");
}

/* Leaving must not wait to see whether more comes. */
static void test_esc_acts_at_once_and_stays_open(void **state)
{
    (void)state;
    feed("\033");
    assert_string_equal(keys_heard(), "Esc");
    wait_ms(499);
    feed("[A");
    assert_string_equal(keys_heard(), "Esc Up");
    wait_ms(1);
    feed("\033");
    wait_ms(500);
    feed("[A");
    assert_string_equal(keys_heard(), "Esc Up Esc [ A");
}

/* Esc, then K: kill inside a text field, typed fast or slowly. */
static void test_esc_then_k_can_be_told(void **state)
{
    (void)state;
    feed("\033K");
    assert_int_equal(heard.event[0].key, KEY_ALT | 'K');
    feed("\033");
    wait_ms(300);
    feed("K");
    assert_int_equal(heard.event[2].key, 'K');
    assert_true(heard.event[2].after_esc);
    feed("K");
    assert_false(heard.event[3].after_esc); /* only the first key after it */
    feed("\033");
    wait_ms(600);
    feed("K");
    assert_false(heard.event[5].after_esc);
}

/* A line that dies in the middle of a sequence must not swallow the kill key for ever. */
static void test_silence_ends_a_cut_sequence(void **state)
{
    static const char *const cut[] = {"\033[1;", "\033O", "\033]11;rgb", "\033[M!", "\xd0", "\033P1$r"};

    for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
        fresh(state);
        feed(cut[i]);
        assert_true(key_decoder_due_ns(&decoder) <= now_ns + 500 * MS);
        wait_ms(500);
        feed("K");
        assert_int_equal(heard.event[heard.count - 1].key, 'K');
    }
}

/* Alt-] is a key, not the start of a string that swallows what follows. */
static void test_held_bracket_is_alt(void **state)
{
    (void)state;
    feed("\033]");
    assert_int_equal(heard.count, 0);
    feed("K");
    assert_string_equal(keys_heard(), "Alt-] K");
    feed("\033P");
    wait_ms(500);
    assert_string_equal(keys_heard(), "Alt-] K Alt-P");
}

/* Control bytes inside a sequence are keys: Ctrl-C must work on a line full of noise. */
static void test_control_breaks_a_sequence(void **state)
{
    (void)state;
    feed("\033[12\003");
    assert_string_equal(keys_heard(), "Ctrl-C");
    feed("\033[1;\033[B");
    assert_string_equal(keys_heard(), "Ctrl-C Down");
}

static void test_mouse_fields(void **state)
{
    (void)state;
    feed("\033[<0;10;5M\033[<2;1;1m\033[<64;3;4M\033[<65;3;4M\033[<32;7;8M\033[<16;7;8M\033[<1;200;90M");
    assert_int_equal(heard.count, 7);
    assert_int_equal(heard.event[0].button, MOUSE_LEFT);
    assert_int_equal(heard.event[0].action, MOUSE_PRESS);
    assert_int_equal(heard.event[0].row, 4);
    assert_int_equal(heard.event[0].col, 9);
    assert_int_equal(heard.event[1].button, MOUSE_RIGHT);
    assert_int_equal(heard.event[1].action, MOUSE_RELEASE);
    assert_int_equal(heard.event[2].button, MOUSE_WHEEL_UP);
    assert_int_equal(heard.event[3].button, MOUSE_WHEEL_DOWN);
    assert_int_equal(heard.event[4].action, MOUSE_MOVE);
    assert_int_equal(heard.event[5].key, KEY_MOUSE | KEY_CTRL);
    assert_int_equal(heard.event[6].button, MOUSE_MIDDLE);
    assert_int_equal(heard.event[6].col, 199);
}

/* CSI 1 ; 2 R is both; which one is known by whether we asked. */
static void test_cursor_reply_is_told_from_f3(void **state)
{
    (void)state;
    feed("\033[1;4R");
    assert_string_equal(keys_heard(), "Alt-Shift-F3");
    key_decoder_expect_cursor(&decoder);
    feed("\033[1;4R");
    assert_int_equal(heard.event[1].key, KEY_REPLY_CURSOR);
    assert_int_equal(heard.event[1].row, 0);
    assert_int_equal(heard.event[1].col, 3);
    feed("\033[1;4R");
    assert_int_equal(heard.event[2].key, KEY_F3 | KEY_SHIFT | KEY_ALT);
}

/* A paste does nothing, says how long it was, and is over where its bracket says. */
static void test_bracketed_paste_is_dropped(void **state)
{
    char big[5000];

    (void)state;
    memset(big, 'K', sizeof(big));
    big[sizeof(big) - 1] = '\0';
    feed("\033[200~");
    for (int i = 0; i < 200; i++)
        feed(big);
    feed("\033[20");
    feed("1~u");
    assert_string_equal(keys_heard(), "paste u");
    assert_int_equal(heard.event[0].paste_bytes, 200 * 4999);
}

/* Bytes of a paste that look like its end do not end it; they count. */
static void test_paste_counts_broken_ends(void **state)
{
    (void)state;
    feed("\033[200~ab\033[20x\033\033[201~");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.event[0].paste_bytes, 2 + 5 + 1);
}

/* A lost closing bracket must not make the keyboard, and with it the kill key, dead. */
static void test_lost_end_of_paste_is_ended_by_silence(void **state)
{
    (void)state;
    feed("\033[200~some text");
    wait_ms(999);
    assert_int_equal(heard.count, 0);
    wait_ms(1);
    assert_string_equal(keys_heard(), "paste");
    feed("K");
    assert_string_equal(keys_heard(), "paste K");
}

/* Without brackets, more than 16 characters at once were not typed. */
static void test_long_read_is_a_paste(void **state)
{
    (void)state;
    feed("abcdefghijklmnop"); /* sixteen: fast typing over a bad line */
    assert_int_equal(heard.count, 16);
    feed("abcdefghijklmnopq\rMMM\r");
    assert_int_equal(heard.count, 16);
    wait_ms(50);
    feed("M\r"); /* its tail */
    assert_int_equal(heard.count, 16);
    assert_true(key_decoder_due_ns(&decoder) == now_ns + 100 * MS);
    wait_ms(100);
    assert_int_equal(heard.count, 17);
    assert_int_equal(heard.event[16].key, KEY_PASTE);
    assert_int_equal(heard.event[16].paste_bytes, 22 + 2);
    assert_int_equal(heard.event[16].paste_repeat, 0);
    feed("u");
    assert_int_equal(heard.event[17].key, 'u');
}

/* Its last piece may be the one Enter that would send an order. */
static void test_enter_that_ends_a_paste_is_dropped(void **state)
{
    (void)state;
    feed("some text of more than sixteen bytes");
    wait_ms(20);
    feed("\r");
    wait_ms(100);
    assert_string_equal(keys_heard(), "paste");
}

/* Twenty K at once are no text: somebody held the kill key while the line stood. That is told at once. */
static void test_key_held_over_a_stall_is_told(void **state)
{
    (void)state;
    feed("KKKKKKKKKKKKKKKKKKKK");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.event[0].key, KEY_PASTE);
    assert_int_equal(heard.event[0].paste_repeat, 'K');
}

/* Twenty arrow keys at once are not printable: a wheel or a held key. */
static void test_many_sequences_are_no_paste(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        feed("\033[A\033[B\033[<0;1;1M\033[1;2A");
    assert_int_equal(heard.count, 80);
    feed("\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033["
         "A\033[A\033[A");
    assert_int_equal(heard.count, 98);
}

/* Replies inside a read that is a paste still arrive: the probe must not be lost to it. */
static void test_replies_survive_a_paste(void **state)
{
    (void)state;
    feed("abcdefghijklmnopq\033[24;7Rrstuv\033[A");
    assert_string_equal(keys_heard(), "cursor-reply");
    wait_ms(100);
    assert_string_equal(keys_heard(), "cursor-reply paste");
}

/* What terminfo says goes before what we know, and odd terminals have odd keys. */
static void test_terminfo_sequences(void **state)
{
    (void)state;
    key_decoder_add(&decoder, "\033[57~", KEY_F1);
    key_decoder_add(&decoder, "\033[A", KEY_DOWN);
    key_decoder_add(&decoder, "\033[3$", KEY_SHIFT | KEY_DELETE);
    key_decoder_add(&decoder, "\033p", KEY_HOME);
    key_decoder_add(&decoder, "x", KEY_END); /* no ESC: refused */
    feed("\033[57~\033[A\033[3$\033px");
    assert_string_equal(keys_heard(), "F1 Down Shift-Delete Home x");
}

/* Broken UTF-8 types nothing, and does not eat what follows. */
static void test_broken_utf8_is_dropped(void **state)
{
    static const char *const broken[] = {"\x80",         "\xc0\xaf",         "\xff",     "\xd0",
                                         "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xc2\x9b"};

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        char bytes[16];

        fresh(state);
        snprintf(bytes, sizeof(bytes), "%su", broken[i]);
        feed(bytes);
        assert_string_equal(keys_heard(), "u");
    }
}

static void test_reset_forgets_half_a_sequence(void **state)
{
    (void)state;
    feed("\033[1;");
    key_decoder_reset(&decoder);
    feed("2A");
    assert_string_equal(keys_heard(), "2 A");
}

/* Names go both ways, for key maps in the configuration. */
static void test_names_go_both_ways(void **state)
{
    static const uint32_t keys[] = {'u',
                                    'K',
                                    KEY_CTRL | 'c',
                                    KEY_ALT | 'K',
                                    KEY_SHIFT | KEY_UP,
                                    KEY_F12,
                                    KEY_SHIFT | KEY_TAB,
                                    ' ',
                                    0x41a,
                                    KEY_CTRL | ' ',
                                    KEY_PAGE_UP,
                                    '-',
                                    KEY_ALT | '-',
                                    KEY_ESC};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        char name[32];

        assert_int_equal(key_from_name(key_to_name(keys[i], name)), keys[i]);
    }
    assert_int_equal(key_from_name("ctrl-c"), KEY_CTRL | 'c');
    assert_int_equal(key_from_name("Shift-k"), 'K');
    assert_int_equal(key_from_name("f1"), KEY_F1);
    assert_int_equal(key_from_name("nonsense"), 0);
    assert_int_equal(key_from_name(""), 0);
    assert_int_equal(key_from_name("Ctrl-"), 0);
    assert_int_equal(key_from_name("paste"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_every_sequence_in_one_read, fresh),
        cmocka_unit_test_setup(test_every_sequence_split_at_every_byte, fresh),
        cmocka_unit_test_setup(test_every_sequence_byte_by_byte, fresh),
        cmocka_unit_test_setup(test_a_key_after_a_sequence_is_a_key, fresh),
        cmocka_unit_test_setup(test_an_awaited_reply_in_pieces_is_no_key, fresh),
        cmocka_unit_test_setup(test_keys_among_awaited_replies, fresh),
        cmocka_unit_test_setup(test_esc_acts_at_once_and_stays_open, fresh),
        cmocka_unit_test_setup(test_esc_then_k_can_be_told, fresh),
        cmocka_unit_test_setup(test_silence_ends_a_cut_sequence, fresh),
        cmocka_unit_test_setup(test_held_bracket_is_alt, fresh),
        cmocka_unit_test_setup(test_control_breaks_a_sequence, fresh),
        cmocka_unit_test_setup(test_mouse_fields, fresh),
        cmocka_unit_test_setup(test_cursor_reply_is_told_from_f3, fresh),
        cmocka_unit_test_setup(test_bracketed_paste_is_dropped, fresh),
        cmocka_unit_test_setup(test_paste_counts_broken_ends, fresh),
        cmocka_unit_test_setup(test_lost_end_of_paste_is_ended_by_silence, fresh),
        cmocka_unit_test_setup(test_long_read_is_a_paste, fresh),
        cmocka_unit_test_setup(test_enter_that_ends_a_paste_is_dropped, fresh),
        cmocka_unit_test_setup(test_key_held_over_a_stall_is_told, fresh),
        cmocka_unit_test_setup(test_many_sequences_are_no_paste, fresh),
        cmocka_unit_test_setup(test_replies_survive_a_paste, fresh),
        cmocka_unit_test_setup(test_terminfo_sequences, fresh),
        cmocka_unit_test_setup(test_broken_utf8_is_dropped, fresh),
        cmocka_unit_test_setup(test_reset_forgets_half_a_sequence, fresh),
        cmocka_unit_test_setup(test_names_go_both_ways, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
