/*
 * journal_frame.h - one frame of the journal: header, body, padding; the same bytes in the ring and on disk.
 * Layout: docs/journal.md.
 */
#ifndef STORE_JOURNAL_FRAME_H
#define STORE_JOURNAL_FRAME_H

#include "core/base/err.h"
#include "store/record_codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_SIZE 40
#define FRAME_MAX         ((FRAME_HEADER_SIZE + RECORD_BODY_MAX + 7) / 8 * 8)
#define FRAME_KIND_SEAL   0xFFFF
#define FRAME_FLAG_MORE   1U /* the next frame belongs to the same step */

struct frame_head {
    uint32_t size; /* padding included */
    uint64_t seq;
    int64_t ts_ns;
    uint64_t input_seq;
    uint16_t kind, flags;
    uint32_t body_size;
};

/* head->size and the checksum are computed. body may stand in its place in out already. Returns the frame's size; 0: more
 * than max. */
size_t frame_encode(const struct frame_head *head, const unsigned char *body, unsigned char *out, size_t max);
/*
 * The frame that begins at bytes, of which `size` are there; *body points into them.
 *   ERR_TOO_LONG   it goes on behind them
 *   ERR_BAD_DATA   size, padding or checksum is wrong
 */
enum err frame_decode(const unsigned char *bytes, size_t size, struct frame_head *head,
                      const unsigned char **body);
/* Of a frame that was checked: its head alone. */
struct frame_head frame_head_of(const unsigned char *bytes);

#endif
