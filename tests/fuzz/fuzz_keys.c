/*
 * fuzz_keys.c - the key decoder under random bytes, random splits and random silences.
 *
 * Input: pairs of (control byte, data). Held true whatever comes: no crash; every event is well formed; a sequence
 * never yields more events than bytes; silence always brings the decoder back to where `K` is the kill key; and
 * what is fed in one go twice gives the same events twice.
 */
#include "tui/key_decoder.h"

#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

struct tally {
    size_t count;
    uint64_t hash;
    struct key_event last;
};

static void must(int holds)
{
    if (!holds)
        abort();
}

static void hear(void *arg, const struct key_event *event)
{
    struct tally *tally = arg;
    uint32_t base = key_base(event->key);
    char name[32];

    must(base != 0 && base < KEY_LAST && base != KEY_FIRST);
    must((event->key & ~(uint32_t)(KEY_SHIFT | KEY_ALT | KEY_CTRL | 0xffffff)) == 0);
    must(base >= 0x20 && base != 0x7f &&
         (base < 0x80 || base >= 0xa0)); /* a control byte is never a key by itself */
    must(!(base >= 'A' && base <= 'Z' && (event->key & KEY_CTRL)));
    must(event->row >= -1 && event->col >= -1);
    must(strlen(key_to_name(event->key, name)) < sizeof(name));
    tally->count++;
    tally->hash = (tally->hash ^ event->key ^ (uint64_t)event->row << 32 ^ event->paste_bytes) *
                  UINT64_C(0x100000001b3);
    tally->last = *event;
}

static void feed_all(struct key_decoder *decoder, struct tally *tally, const uint8_t *data, size_t size)
{
    int64_t now_ns = 1000 * MS;
    bool gathers = size % 2 == 1;

    while (size > 0) {
        size_t count = data[0] & 0x3f;
        size_t before = tally->count;

        now_ns += (data[0] & 0x40 ? 60 : data[0] & 0x80 ? 700 : 0) * MS;
        data++;
        size--;
        if (count > size)
            count = size;
        (gathers ? key_decoder_read : key_decoder_feed)(decoder, (const char *)data, count, now_ns);
        must(tally->count - before <= count + 3 + KEY_GATHER_MAX);
        must(key_decoder_due_ns(decoder) > now_ns - 1);
        data += count;
        size -= count;
    }
    key_decoder_tick(decoder, now_ns + 2000 * MS);
    must(key_decoder_due_ns(decoder) == INT64_MAX);
    key_decoder_feed(decoder, "K", 1, now_ns + 3000 * MS);
    must(tally->last.key == 'K');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct key_decoder decoder;
    struct tally first = {0}, second = {0};

    key_decoder_init(&decoder, hear, &first);
    key_decoder_add(&decoder, "\033[3$", KEY_SHIFT | KEY_DELETE);
    key_decoder_add(&decoder, "\033p", KEY_HOME);
    feed_all(&decoder, &first, data, size);
    key_decoder_reset(&decoder);
    decoder.arg = &second;
    feed_all(&decoder, &second, data, size);
    must(first.count == second.count && first.hash == second.hash);
    return 0;
}
