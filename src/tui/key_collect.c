/* key_collect.c - sequences of the terminal, from the byte behind ESC to their end. See key_decoder.h. */
#include "tui/key_decoder_parts.h"
#include "tui/key_sequence.h"

#include <limits.h>

static const char paste_end[] = "\033[201~";

void keys_collect(struct key_decoder *decoder, unsigned char byte)
{
    if (decoder->seq_size < KEY_SEQUENCE_MAX)
        decoder->seq[decoder->seq_size] = (char)byte;
    if (decoder->seq_size < KEY_STRING_MAX)
        decoder->seq_size++;
}

uint32_t keys_collected(const struct key_decoder *decoder)
{
    if (decoder->seq_size > KEY_SEQUENCE_MAX)
        return 0;
    return key_table_find(&decoder->table, decoder->seq, decoder->seq_size);
}

/* A whole CSI or SS3 sequence has been collected. */
static void seq_end(struct key_decoder *decoder, int64_t now_ns)
{
    struct key_event event;
    uint32_t key = keys_collected(decoder);

    decoder->state = KEYS_GROUND;
    if (key != 0) {
        keys_emit_key(decoder, key, now_ns);
        return;
    }
    if (decoder->seq_size > KEY_SEQUENCE_MAX ||
        !key_sequence_decode(decoder->seq, decoder->seq_size, decoder->cursor_asked > 0, &event))
        return;
    if (event.key == KEY_PASTE_BEGINS) {
        decoder->state = KEYS_PASTE;
        if (decoder->raw_paste_ns == INT64_MIN)
            decoder->paste_bytes = 0;
        decoder->paste_match = 0;
    } else if (key_base(event.key) >= KEY_MOUSE && key_base(event.key) < KEY_LAST) {
        if (event.key == KEY_REPLY_CURSOR && decoder->cursor_asked > 0)
            decoder->cursor_asked--;
        if (event.key == KEY_REPLY_STATUS && decoder->status_asked > 0)
            decoder->status_asked--;
        keys_emit(decoder, &event);
    } else {
        keys_emit_key(decoder, event.key, now_ns);
    }
}

/* Inside a sequence: bytes that cannot belong to it end it, and mean what they mean by themselves. */
static bool seq_broken_by(struct key_decoder *decoder, struct step step)
{
    if (step.byte >= 0x20 && step.byte < 0x7f)
        return false;
    decoder->state = KEYS_GROUND;
    keys_step_ground(decoder, step);
    return true;
}

/* Can a reply go on with it? */
static bool of_reply(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || byte == ';' || byte == '?' || byte == '$' || byte == 'n' ||
           byte == 'R' || byte == 'y';
}

void keys_step_csi(struct key_decoder *decoder, struct step step)
{
    bool console; /* ESC [ [ x of the Linux console: x is the final byte */

    if (seq_broken_by(decoder, step))
        return;
    if (decoder->late && !of_reply(step.byte)) {
        decoder->state =
            KEYS_GROUND; /* the reply that was waited for is not what came: a key must not die in it */
        keys_step_ground(decoder, step);
        return;
    }
    console = decoder->seq_size == 2 && decoder->seq[1] == '[';
    keys_collect(decoder, step.byte);
    if (step.byte == '[' && decoder->seq_size == 2)
        return;
    if (step.byte == '$' && keys_collected(decoder) != 0) {
        seq_end(decoder, step.now_ns); /* rxvt ends shifted keys so; elsewhere `$` is not a final byte */
        return;
    }
    if (step.byte < 0x40 && !console)
        return;
    if (step.byte == 'M' && decoder->seq_size == 2) {
        decoder->state = KEYS_X10; /* never asked for, but three bytes of it would be typed */
        decoder->seq_size = 0;
        return;
    }
    seq_end(decoder, step.now_ns);
}

void keys_step_ss3(struct key_decoder *decoder, struct step step)
{
    if (seq_broken_by(decoder, step))
        return;
    keys_collect(decoder, step.byte);
    if ((step.byte < '0' || step.byte > '9') && step.byte != ';')
        seq_end(decoder, step.now_ns);
}

/* ESC \ ends a string as BEL does; any other ESC begins something new. */
void keys_step_string(struct key_decoder *decoder, struct step step)
{
    keys_collect(decoder, step.byte);
    if (step.byte == 0x07 || decoder->seq_size >= KEY_STRING_MAX) {
        decoder->state = KEYS_GROUND;
    } else if (step.byte == ESC) {
        decoder->paste_match = 1; /* an ESC inside a string: `\` must follow */
    } else if (decoder->paste_match == 1) {
        decoder->state = KEYS_GROUND;
        if (step.byte != '\\') {
            decoder->state = KEYS_ESC;
            decoder->esc_reported = true;
            decoder->seq_size = 0;
            keys_step_esc(decoder, step);
        }
    }
}

void keys_string_begin(struct key_decoder *decoder)
{
    decoder->state = KEYS_STRING;
    decoder->seq_size = 0;
    decoder->paste_match = 0;
}

bool keys_string_opener(int byte)
{
    return (byte >= '0' && byte <= '9') || byte == '>' || byte == '!' || byte == '+' || byte == '$';
}

void keys_step_paste(struct key_decoder *decoder, struct step step)
{
    if (step.byte == (unsigned char)paste_end[decoder->paste_match]) {
        if (++decoder->paste_match == sizeof(paste_end) - 1) {
            decoder->state = KEYS_GROUND;
            keys_emit_paste(decoder, 0);
        }
        return;
    }
    decoder->paste_bytes += decoder->paste_match;
    decoder->paste_match = step.byte == ESC ? 1 : 0;
    decoder->paste_bytes += step.byte == ESC ? 0 : 1;
}
