/*
 * key_gather.c - text that comes faster than anybody types waits for its rest, so that a paste is seen as a whole.
 *
 * PuTTY pastes line by line, a serial line byte by byte: no read of theirs has much in it. See key_decoder.h.
 */
#include "tui/key_decoder_parts.h"

#include <string.h>

/* What a read is made of. */
struct text {
    bool is_text;       /* of characters, Enter and Tab, with replies in between */
    bool mixed;         /* two characters that are not the same */
    size_t printable;   /* bytes of characters */
    unsigned char last; /* 0: none */
};

/* Bytes of the reply that begins here (CSI ... n, R, y); 0: something else. */
static size_t reply_size(const char *bytes, size_t size)
{
    size_t at = 2;

    if (size < 3 || bytes[0] != ESC || bytes[1] != '[')
        return 0;
    while (at < size && at < KEY_SEQUENCE_MAX && bytes[at] >= 0x20 && bytes[at] < 0x40)
        at++;
    return at < size && (bytes[at] == 'n' || bytes[at] == 'R' || bytes[at] == 'y') ? at + 1 : 0;
}

static struct text text_of(const char *bytes, size_t size)
{
    struct text text = {.is_text = true};

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        size_t reply = reply_size(bytes + i, size - i);

        if (reply > 0) {
            i += reply - 1;
            continue;
        }
        if ((byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t') || byte == 0x7f) {
            text.is_text = false;
            return text;
        }
        text.printable += byte >= 0x20;
        if (byte >= 0x80 && byte < 0xc0) /* goes on with a character */
            continue;
        text.mixed |= text.last != 0 && byte != text.last;
        text.last = byte;
    }
    return text;
}

void keys_gathered(struct key_decoder *decoder, int64_t now_ns)
{
    size_t size = decoder->gathered_size;

    decoder->gathered_size = 0;
    if (size > 0)
        key_decoder_feed(decoder, decoder->gathered, size, now_ns);
}

/* In one piece with what was gathered, where there is room for it. */
static void feed_with_gathered(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns)
{
    if (decoder->gathered_size > 0 && size <= KEY_GATHER_MAX - decoder->gathered_size) {
        memcpy(decoder->gathered + decoder->gathered_size, bytes, size);
        decoder->gathered_size += size;
        keys_gathered(decoder, now_ns);
        return;
    }
    keys_gathered(decoder, now_ns);
    key_decoder_feed(decoder, bytes, size, now_ns);
}

/* Is it too fast for fingers? Many keys in a read, or one so soon behind another; a key held down never is. */
static bool is_fast(const struct key_decoder *decoder, struct text text, int64_t now_ns)
{
    return text.mixed || (decoder->text_ns != INT64_MIN && now_ns - decoder->text_ns < KEY_TOGETHER_NS &&
                          text.last != decoder->text_last);
}

void key_decoder_read(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns)
{
    struct text text = text_of(bytes, size);
    bool waits;

    key_decoder_tick(decoder, now_ns);
    if (text.is_text && text.last == 0) { /* replies alone pass by */
        key_decoder_feed(decoder, bytes, size, now_ns);
        return;
    }
    waits = text.is_text && decoder->state == KEYS_GROUND && decoder->raw_paste_ns == INT64_MIN &&
            (decoder->gathered_size > 0 || is_fast(decoder, text, now_ns)) &&
            size <= KEY_GATHER_MAX - decoder->gathered_size;
    decoder->text_ns = text.is_text ? now_ns : INT64_MIN;
    decoder->text_last = text.last;
    if (!waits) {
        feed_with_gathered(decoder, bytes, size, now_ns);
        return;
    }
    memcpy(decoder->gathered + decoder->gathered_size, bytes, size);
    decoder->gathered_size += size;
    decoder->gathered_ns = now_ns;
    if (text_of(decoder->gathered, decoder->gathered_size).printable > KEY_PASTE_MIN)
        keys_gathered(decoder, now_ns);
}
