/*
 * frame_codec.h - a frame for another process of the same build: topics of plain data, of which only what changed is sent.
 *
 * The packed form: for each topic that changed a head (topic, runs), then its runs (offset, length, bytes), in the
 * machine's own byte order. Both ends keep the frame as it was sent last; they are the same program, and still no size
 * or place in it is believed: frame_unpack() writes nowhere but into the frame, and frame_check() says whether what
 * stands there then may be shown.
 */
#ifndef VIEW_FRAME_CODEC_H
#define VIEW_FRAME_CODEC_H

#include "core/base/err.h"
#include "view/view.h"

#include <stddef.h>
#include <stdint.h>

#define FRAME_GRAIN     64 /* bytes that are compared and sent together */
#define FRAME_TOPICS    22
#define FRAME_HEAD_SIZE 4
#define FRAME_RUN_SIZE  8
#define FRAME_PACKED_MAX                                                                                     \
    (sizeof(struct view_frame) + (size_t)FRAME_TOPICS * (FRAME_HEAD_SIZE + FRAME_RUN_SIZE) +                 \
     sizeof(struct view_frame) / FRAME_GRAIN * FRAME_RUN_SIZE)

/* What is in now and not in *sent, which becomes the same. Returns its size, 0: nothing. out: FRAME_PACKED_MAX bytes. */
size_t frame_pack(const struct view_frame *now, struct view_frame *sent, uint8_t *out);
/* Over the last one. ERR_BAD_DATA: a size or place is wrong; the frame is of no use any more. */
enum err frame_unpack(const uint8_t *bytes, size_t size, struct view_frame *frame);
/* Every count within its array, every text ended, every truth value and word one that exists. frame_check.c */
bool frame_check(const struct view_frame *frame);

#endif
