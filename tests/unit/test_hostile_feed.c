/*
 * test_hostile_feed.c - strings of a venue that want to do harm, in each place of its messages, answers, errors and symbol
 * tables: what the feed makes of them are safe lines. FLOWDECK_SOAK=1: 1,000,000 of them.
 */
#include "unit/hostile_text.h"

#include "feed/control_text.h"
#include "feed/decoder.h"

#include <inttypes.h>
#include <stdlib.h>

#define STRINGS      10000
#define STRINGS_SOAK 1000000
#define RECV_NS      INT64_C(1723161601000000000)

static uint64_t texts; /* that came out */

static void took(const char *text, const char *where)
{
    hostile_check(text, strlen(text), false, where);
    texts++;
}

static void read_answers(const char *text, size_t size)
{
    static const char *const shape[] = {"{\"id\":7,\"error\":{\"code\":-1,\"msg\":\"%\"}}",
                                        "{\"id\":7,\"code\":2,\"msg\":\"%\"}", "{\"error\":\"%\"}", "%"};
    char quoted[8 * HOSTILE_MAX], line[9 * HOSTILE_MAX];
    struct control_text answer;
    int64_t code;
    char why[CONTROL_WHY_MAX];

    for (size_t i = 0; i < 2 * sizeof(shape) / sizeof(shape[0]); i++) {
        const char *hole;
        size_t length;

        if (i % 2 == 0)
            hostile_json(text, size, quoted, sizeof(quoted));
        else
            snprintf(quoted, sizeof(quoted), "%s", text);
        hole = strchr(shape[i / 2], '%');
        length = (size_t)snprintf(line, sizeof(line), "%.*s%s%s", (int)(hole - shape[i / 2]), shape[i / 2],
                                  quoted, hole + 1);
        answer.why[0] = '\0';
        control_text_read(line, length, &answer);
        took(answer.why, "answer of the stream");
        why[0] = '\0';
        if (control_error_read(line, length, &code, why))
            took(why, "error of a request");
    }
}

static void drain_decoder(struct decoder *decoder)
{
    struct feed_event event;

    while (decoder_next(decoder, &event)) {
        if (event.kind == FEED_BAD)
            took(event.why, "bad line");
        if (event.instrument == NULL)
            continue;
        took(event.instrument->symbol, "symbol");
        took(event.instrument->base, "base asset");
        took(event.instrument->quote, "quote asset");
    }
}

static void push(struct decoder *decoder, const char *text, size_t size)
{
    static char line[16384 + DECODER_PADDING];

    assert_true(size < 16384);
    memcpy(line, text, size);
    memset(line + size, 0, DECODER_PADDING);
    decoder_push(decoder, RECV_NS, line, size);
    drain_decoder(decoder);
}

/* The string in each place of each message. */
static void read_messages(struct decoder *decoder, const char *text, size_t size)
{
    static const char empty[2 + DECODER_PADDING] = "{}";
    char quoted[8 * HOSTILE_MAX], line[9 * HOSTILE_MAX];

    for (size_t i = 0; i < HOSTILE_PLACES; i++) {
        size_t length;

        hostile_json(text, size, quoted, sizeof(quoted));
        length = (size_t)snprintf(line, sizeof(line), "%s%s%s", hostile_place[i][0],
                                  texts % 2 == 0 ? quoted : text, hostile_place[i][1]);
        push(decoder, line, length);
    }
    snprintf(quoted, sizeof(quoted), "%.20s", text);
    decoder_push_snapshot(decoder, RECV_NS, quoted, empty, 2);
    drain_decoder(decoder);
}

static void test_what_is_read_is_harmless(void **state)
{
    const char *soak = getenv("FLOWDECK_SOAK");
    uint64_t strings = soak != NULL && strcmp(soak, "1") == 0 ? STRINGS_SOAK : STRINGS, random = 41;
    struct decoder_config config = {.fallback_only = false};
    struct decoder *decoder = decoder_new(&config);
    char text[HOSTILE_MAX];

    (void)state;
    assert_non_null(decoder);
    for (uint64_t i = 0; i < strings; i++) {
        size_t size = hostile_draw(&random, text);

        read_answers(text, size);
        read_messages(decoder, text, size);
    }
    print_message("%" PRIu64 " hostile strings of a venue read: %" PRIu64
                  " texts made of them: 0 control bytes\n",
                  strings, texts);
    decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
