/* key_decoder_parts.h - between the files of the key decoder; its states are in key_decoder.h. */
#ifndef TUI_KEY_DECODER_PARTS_H
#define TUI_KEY_DECODER_PARTS_H

#include "tui/key_decoder.h"

#define ESC 0x1b

/* One byte where it stands: the next one of the same read (-1: none) and the time of the read. */
struct step {
    unsigned char byte;
    int next;
    int64_t now_ns;
};

/* key_decoder.c */
void keys_emit(const struct key_decoder *decoder, const struct key_event *event);
/* A key. While a read is taken for a paste, keys are dropped. */
void keys_emit_key(struct key_decoder *decoder, uint32_t key, int64_t now_ns);
void keys_emit_paste(struct key_decoder *decoder, uint32_t repeat);
void keys_step_ground(struct key_decoder *decoder, struct step step);
void keys_step_esc(struct key_decoder *decoder, struct step step);

/* key_gather.c: what waits for more is decoded now. */
void keys_gathered(struct key_decoder *decoder, int64_t now_ns);

/* key_collect.c: what is collected since ESC, until it is whole, broken off or too long */
void keys_collect(struct key_decoder *decoder, unsigned char byte);
/* The key terminfo gives for what was collected; 0: none. */
uint32_t keys_collected(const struct key_decoder *decoder);
void keys_step_csi(struct key_decoder *decoder, struct step step);
void keys_step_ss3(struct key_decoder *decoder, struct step step);
void keys_step_string(struct key_decoder *decoder, struct step step);
void keys_string_begin(struct key_decoder *decoder);
/* What an OSC or DCS answer goes on with; nobody types that after Alt-] within half a second. */
bool keys_string_opener(int byte);
void keys_step_paste(struct key_decoder *decoder, struct step step);

#endif
