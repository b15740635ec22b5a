/*
 * fuzz_record - any bytes as the body of a record, and as a frame.
 *
 * What must hold: no crash, no read outside; what is taken encodes to the same bytes (an older body with the fields that it
 * did not have yet behind them, empty), has the key that its body has, and becomes one line of printable text; what is
 * refused is told in one line.
 */
#include "store/journal_frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void fuzz_print(const struct store_record *record)
{
    char text[512], *json = NULL;
    size_t size;
    FILE *out = open_memstream(&json, &size);

    check(out != NULL);
    record_text(record, text, sizeof(text));
    check(strlen(text) < sizeof(text));
    for (const char *c = text; *c != '\0'; c++)
        check((unsigned char)*c >= ' ' && *c != 0x7f);
    record_json(record, 1, out);
    check(fputc('\n', out) == '\n');
    record_csv((unsigned)record->kind, record, 1, out);
    check(fclose(out) == 0 && memchr(json, '\0', size) == NULL);
    check(memchr(json, '\n', size) != json + size - 1 && json[size - 1] == '\n');
    free(json);
}

static void fuzz_body(unsigned kind, const uint8_t *body, size_t size)
{
    static struct store_record record;
    unsigned char again[RECORD_BODY_MAX], key[RECORD_KEY_MAX];
    char why[160] = "";
    size_t key_size = record_key(kind, body, size, key), encoded;

    check(key_size <= RECORD_KEY_MAX);
    if (record_decode(kind, body, size, &record, why, sizeof(why)) != ERR_OK) {
        check(why[0] != '\0' && strchr(why, '\n') == NULL);
        return;
    }
    encoded = record_encode(&record, again, sizeof(again));
    check(encoded >= size && memcmp(again, body, size) == 0);
    for (size_t i = size; i < encoded; i++)
        check(again[i] == 0);
    check((key_size > 0) == record_kind_row(kind)->state);
    record_ends_key(&record);
    fuzz_print(&record);
}

static void fuzz_frame(const uint8_t *data, size_t size)
{
    unsigned char *copy = malloc(size + 1), again[FRAME_MAX];
    const unsigned char *body;
    struct frame_head head;

    check(copy != NULL);
    memcpy(copy, data, size);
    if (frame_decode(copy, size, &head, &body) == ERR_OK) {
        check(head.size <= size && body == copy + FRAME_HEADER_SIZE);
        check(frame_encode(&head, body, again, sizeof(again)) == head.size &&
              memcmp(again, copy, head.size) == 0);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] % 32 == 0) {
        fuzz_frame(data + 1, size - 1);
    } else {
        unsigned char *copy = malloc(size);

        check(copy != NULL);
        memcpy(copy, data + 1, size - 1);
        fuzz_body(data[0] % 32, copy, size - 1);
        free(copy);
    }
    return 0;
}
