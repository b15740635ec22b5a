#include "tui/key_decoder.h"

#include "tui/key_decoder_parts.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

void key_decoder_init(struct key_decoder *decoder, key_emit emit, void *arg)
{
    *decoder = (struct key_decoder){.emit = emit, .arg = arg};
    key_decoder_reset(decoder);
}

void key_decoder_reset(struct key_decoder *decoder)
{
    decoder->state = KEYS_GROUND;
    decoder->esc_ns = INT64_MIN;
    decoder->raw_paste_ns = decoder->pasted_ns = decoder->text_ns = INT64_MIN;
    decoder->gathered_size = 0;
    decoder->esc_reported = decoder->esc_held = false;
    decoder->alt = false;
    decoder->drop_keys = false;
    decoder->seq_size = 0;
    decoder->paste_bytes = 0;
    decoder->cursor_asked = decoder->status_asked = 0;
}

void key_decoder_add(struct key_decoder *decoder, const char *bytes, uint32_t key)
{
    key_table_add(&decoder->table, bytes, key);
}

void key_decoder_expect_cursor(struct key_decoder *decoder)
{
    decoder->cursor_asked++;
}

void key_decoder_expect_status(struct key_decoder *decoder)
{
    decoder->status_asked++;
}

void key_decoder_expect_no_status(struct key_decoder *decoder)
{
    decoder->status_asked = 0;
}

/* --- what goes out --------------------------------------------------------------------------------------- */

void keys_emit(const struct key_decoder *decoder, const struct key_event *event)
{
    if (!decoder->emit_off)
        decoder->emit(decoder->arg, event);
}

void keys_emit_key(struct key_decoder *decoder, uint32_t key, int64_t now_ns)
{
    struct key_event event = {.key = key};

    event.after_esc = decoder->esc_ns != INT64_MIN && now_ns - decoder->esc_ns < KEY_ESC_OPEN_NS;
    decoder->esc_ns = INT64_MIN;
    if (!decoder->drop_keys)
        keys_emit(decoder, &event);
}

/* A printable character, which a paste has many of. */
static void emit_char(struct key_decoder *decoder, uint32_t code, unsigned bytes, int64_t now_ns)
{
    if (decoder->printable == 0)
        decoder->first_code = decoder->same_code = code;
    else if (code != decoder->first_code)
        decoder->same_code = 0;
    decoder->printable += bytes;
    keys_emit_key(decoder, code, now_ns);
}

void keys_emit_paste(struct key_decoder *decoder, uint32_t repeat)
{
    struct key_event event = {.key = KEY_PASTE, .paste_bytes = decoder->paste_bytes, .paste_repeat = repeat};

    decoder->paste_bytes = 0;
    keys_emit(decoder, &event);
}

/* --- characters ------------------------------------------------------------------------------------------ */

static uint32_t control_key(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        return KEY_ENTER;
    case '\t':
        return KEY_TAB;
    case 0x08:
    case 0x7f:
        return KEY_BACKSPACE;
    case 0:
        return KEY_CTRL | ' ';
    default:
        return KEY_CTRL | (byte < 0x1b ? byte + 'a' - 1u : byte + 0x40u);
    }
}

static void utf8_begin(struct key_decoder *decoder, unsigned char byte)
{
    if (byte >= 0xc2 && byte <= 0xdf)
        decoder->utf8_size = 2;
    else if (byte >= 0xe0 && byte <= 0xef)
        decoder->utf8_size = 3;
    else if (byte >= 0xf0 && byte <= 0xf4)
        decoder->utf8_size = 4;
    else
        return; /* not the start of anything: dropped */
    decoder->utf8_left = (uint8_t)(decoder->utf8_size - 1);
    decoder->utf8_code = byte & (0x7fu >> decoder->utf8_size);
    decoder->state = KEYS_UTF8;
}

static void step_utf8(struct key_decoder *decoder, struct step step)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t alt = decoder->alt ? KEY_ALT : 0u;
    uint32_t code;

    if ((step.byte & 0xc0) != 0x80) {
        decoder->state = KEYS_GROUND;
        decoder->alt = false;
        keys_step_ground(decoder, step);
        return;
    }
    code = decoder->utf8_code = decoder->utf8_code << 6 | (step.byte & 0x3fu);
    if (--decoder->utf8_left > 0)
        return;
    decoder->state = KEYS_GROUND;
    decoder->alt = false;
    if (code < least[decoder->utf8_size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ||
        code < 0xa0)
        return;
    if (alt != 0)
        keys_emit_key(decoder, code | alt, step.now_ns);
    else
        emit_char(decoder, code, decoder->utf8_size, step.now_ns);
}

static void esc_report(struct key_decoder *decoder, int64_t now_ns)
{
    decoder->esc_held = false;
    decoder->esc_reported = true;
    decoder->esc_ns = INT64_MIN;
    keys_emit_key(decoder, KEY_ESC, now_ns);
    decoder->esc_ns = now_ns;
}

static void esc_begin(struct key_decoder *decoder, struct step step)
{
    decoder->state = KEYS_ESC;
    decoder->seq_size = 0;
    decoder->esc_reported = decoder->late = false;
    decoder->esc_held = step.next < 0 && decoder->status_asked > 0;
    if (step.next < 0 && !decoder->esc_held)
        esc_report(decoder, step.now_ns);
}

static void emit_control(struct key_decoder *decoder, struct step step)
{
    decoder->controls++;
    keys_emit_key(decoder, control_key(step.byte), step.now_ns);
}

void keys_step_ground(struct key_decoder *decoder, struct step step)
{
    if (step.byte == ESC)
        esc_begin(decoder, step);
    else if (step.byte < 0x20 || step.byte == 0x7f)
        emit_control(decoder, step);
    else if (step.byte < 0x7f)
        emit_char(decoder, step.byte, 1, step.now_ns);
    else
        utf8_begin(decoder, step.byte);
}

/* ESC and a byte that starts no sequence: Alt if they came together, else two keys. */
static void step_alt(struct key_decoder *decoder, struct step step)
{
    bool alt = !decoder->esc_reported;
    uint32_t key;

    decoder->state = KEYS_GROUND;
    keys_collect(decoder, step.byte);
    key = keys_collected(decoder);
    if (key != 0) {
        keys_emit_key(decoder, key, step.now_ns);
    } else if (!alt) {
        keys_step_ground(decoder, step);
    } else if (step.byte >= 0x80) {
        decoder->alt = true;
        utf8_begin(decoder, step.byte);
        decoder->alt = decoder->state == KEYS_UTF8;
    } else if (step.byte < 0x20 || step.byte == 0x7f) {
        keys_emit_key(decoder, KEY_ALT | control_key(step.byte), step.now_ns);
    } else {
        keys_emit_key(decoder, KEY_ALT | step.byte, step.now_ns);
    }
}

void keys_step_esc(struct key_decoder *decoder, struct step step)
{
    if (decoder->esc_held && step.byte != '[' && step.byte != 'O' && step.byte != ESC)
        esc_report(decoder, step.now_ns); /* they came apart: two keys */
    decoder->esc_held = false;
    if (step.byte == '[' || step.byte == 'O') {
        decoder->state = step.byte == '[' ? KEYS_CSI : KEYS_SS3;
        keys_collect(decoder, step.byte);
    } else if (step.byte == ESC) {
        if (!decoder->esc_reported)
            keys_emit_key(decoder, KEY_ESC, step.now_ns);
        esc_begin(decoder, step);
    } else if ((step.byte == ']' || step.byte == 'P') && keys_string_opener(step.next)) {
        keys_string_begin(decoder);
    } else if ((step.byte == ']' || step.byte == 'P') && step.next < 0) {
        decoder->state = KEYS_HELD;
        keys_collect(decoder, step.byte);
    } else {
        step_alt(decoder, step);
    }
}

/* Neither bracket: what was held is a key. */
static void held_end(struct key_decoder *decoder, int64_t now_ns)
{
    unsigned char held = (unsigned char)decoder->seq[0];

    decoder->state = KEYS_GROUND;
    if (decoder->esc_reported)
        emit_char(decoder, held, 1, now_ns);
    else
        keys_emit_key(decoder, KEY_ALT | held, now_ns);
}

static void step_held(struct key_decoder *decoder, struct step step)
{
    if (keys_string_opener(step.byte)) {
        keys_string_begin(decoder);
        return;
    }
    held_end(decoder, step.now_ns);
    keys_step_ground(decoder, step);
}

static void step(struct key_decoder *decoder, struct step step)
{
    switch (decoder->state) {
    case KEYS_GROUND:
        keys_step_ground(decoder, step);
        break;
    case KEYS_UTF8:
        step_utf8(decoder, step);
        break;
    case KEYS_ESC:
        keys_step_esc(decoder, step);
        break;
    case KEYS_HELD:
        step_held(decoder, step);
        break;
    case KEYS_CSI:
        keys_step_csi(decoder, step);
        break;
    case KEYS_SS3:
        keys_step_ss3(decoder, step);
        break;
    case KEYS_STRING:
        keys_step_string(decoder, step);
        break;
    case KEYS_X10:
        if (++decoder->seq_size == 3)
            decoder->state = KEYS_GROUND;
        break;
    case KEYS_PASTE:
        keys_step_paste(decoder, step);
        break;
    }
}

/* --- a read, and silence --------------------------------------------------------------------------------- */

static void run(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns)
{
    decoder->printable = decoder->controls = 0;
    decoder->first_code = decoder->same_code = 0;
    for (size_t i = 0; i < size; i++)
        step(decoder,
             (struct step){(unsigned char)bytes[i], i + 1 < size ? (unsigned char)bytes[i + 1] : -1, now_ns});
    if (size > 0)
        decoder->last_ns = now_ns;
}

/* Is this read a paste that has no brackets? Found by decoding it without telling anyone. */
static bool read_is_paste(const struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns)
{
    struct key_decoder dry = *decoder;
    bool tail = decoder->raw_paste_ns != INT64_MIN;
    bool more = decoder->pasted_ns != INT64_MIN && now_ns - decoder->pasted_ns < KEY_PASTE_MORE_NS;

    if (size <= KEY_PASTE_MIN && !tail && !more)
        return false;
    dry.emit_off = true;
    run(&dry, bytes, size, now_ns);
    if (tail)
        return dry.printable + dry.controls > 0; /* it may be one Enter */
    return dry.printable > KEY_PASTE_MIN ||
           (more && dry.printable > 0 && (dry.same_code == 0 || dry.controls > 0));
}

void key_decoder_feed(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns)
{
    bool in_brackets;

    key_decoder_tick(decoder, now_ns);
    if (size == 0)
        return;
    in_brackets = decoder->state == KEYS_PASTE;
    decoder->late = decoder->state == KEYS_CSI && now_ns - decoder->last_ns >= KEY_ESC_OPEN_NS;
    decoder->drop_keys = read_is_paste(decoder, bytes, size, now_ns);
    if (!decoder->drop_keys) {
        run(decoder, bytes, size, now_ns);
        return;
    }
    /* A bracketed paste may end in the same read; its bytes were told by then. */
    run(decoder, bytes, size, now_ns);
    decoder->drop_keys = false;
    if (decoder->state == KEYS_PASTE)
        return;
    decoder->paste_bytes += in_brackets ? decoder->printable : size;
    if (decoder->controls > 0 ||
        (decoder->raw_paste_ns != INT64_MIN && decoder->raw_code != decoder->same_code))
        decoder->same_code = 0;
    decoder->raw_code = decoder->same_code;
    decoder->raw_paste_ns = decoder->pasted_ns = now_ns;
    if (decoder->raw_code != 0)
        keys_emit_paste(decoder, decoder->raw_code); /* a key held down: at once, it may be the kill */
}

/* Silence that ends what is open. A reply stays open for longer: its last bytes would be typed. */
static int64_t open_ns(const struct key_decoder *decoder)
{
    return decoder->state == KEYS_CSI && decoder->status_asked > 0 ? KEY_REPLY_OPEN_NS : KEY_ESC_OPEN_NS;
}

void key_decoder_tick(struct key_decoder *decoder, int64_t now_ns)
{
    if (decoder->gathered_size > 0 && now_ns - decoder->gathered_ns >= KEY_GATHER_NS)
        keys_gathered(decoder, decoder->gathered_ns); /* as of when it came */
    if (decoder->raw_paste_ns != INT64_MIN && now_ns - decoder->raw_paste_ns >= KEY_PASTE_TAIL_NS) {
        decoder->raw_paste_ns = INT64_MIN;
        if (decoder->paste_bytes > 0)
            keys_emit_paste(decoder, 0);
    }
    if (decoder->state == KEYS_GROUND)
        return;
    if (decoder->state == KEYS_PASTE) {
        if (now_ns - decoder->last_ns >= KEY_PASTE_LOST_NS) {
            decoder->state = KEYS_GROUND;
            decoder->pasted_ns = now_ns;
            keys_emit_paste(decoder, 0);
        }
        return;
    }
    if (now_ns - decoder->last_ns < open_ns(decoder))
        return;
    if (decoder->state == KEYS_ESC && decoder->esc_held)
        esc_report(decoder, now_ns);
    if (decoder->state == KEYS_HELD)
        held_end(decoder, now_ns);
    decoder->state = KEYS_GROUND;
    decoder->alt = false;
}

int64_t key_decoder_due_ns(const struct key_decoder *decoder)
{
    int64_t due = INT64_MAX;

    if (decoder->state == KEYS_PASTE)
        due = decoder->last_ns + KEY_PASTE_LOST_NS;
    else if (decoder->state != KEYS_GROUND)
        due = decoder->last_ns + open_ns(decoder);
    if (decoder->raw_paste_ns != INT64_MIN && decoder->raw_paste_ns + KEY_PASTE_TAIL_NS < due)
        due = decoder->raw_paste_ns + KEY_PASTE_TAIL_NS;
    if (decoder->gathered_size > 0 && decoder->gathered_ns + KEY_GATHER_NS < due)
        due = decoder->gathered_ns + KEY_GATHER_NS;
    return due;
}
