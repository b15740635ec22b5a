#include "store/journal_frame.h"

#include "core/base/crc32c.h"
#include "store/le_bytes.h"

#include <string.h>

size_t frame_encode(const struct frame_head *head, const unsigned char *body, unsigned char *out, size_t max)
{
    size_t size = (FRAME_HEADER_SIZE + (size_t)head->body_size + 7) / 8 * 8;

    if (size > max || size > FRAME_MAX)
        return 0;
    put_u32(out, (uint32_t)size);
    put_u64(out + 8, head->seq);
    put_u64(out + 16, (uint64_t)head->ts_ns);
    put_u64(out + 24, head->input_seq);
    put_u16(out + 32, head->kind);
    put_u16(out + 34, head->flags);
    put_u32(out + 36, head->body_size);
    memcpy(out + FRAME_HEADER_SIZE, body, head->body_size);
    memset(out + FRAME_HEADER_SIZE + head->body_size, 0, size - FRAME_HEADER_SIZE - head->body_size);
    put_u32(out + 4, crc32c_update(0, out + 8, size - 8));
    return size;
}

enum err frame_decode(const unsigned char *bytes, size_t size, struct frame_head *head,
                      const unsigned char **body)
{
    size_t used;

    if (size < FRAME_HEADER_SIZE)
        return ERR_TOO_LONG;
    head->size = get_u32(bytes);
    if (head->size < FRAME_HEADER_SIZE || head->size > FRAME_MAX || head->size % 8 != 0)
        return ERR_BAD_DATA;
    if (head->size > size)
        return ERR_TOO_LONG;
    if (get_u32(bytes + 4) != crc32c_update(0, bytes + 8, head->size - 8))
        return ERR_BAD_DATA;
    head->seq = get_u64(bytes + 8);
    head->ts_ns = (int64_t)get_u64(bytes + 16);
    head->input_seq = get_u64(bytes + 24);
    head->kind = get_u16(bytes + 32);
    head->flags = get_u16(bytes + 34);
    head->body_size = get_u32(bytes + 36);
    used = FRAME_HEADER_SIZE + (size_t)head->body_size;
    if (head->body_size > FRAME_MAX || (used + 7) / 8 * 8 != head->size)
        return ERR_BAD_DATA;
    for (size_t i = used; i < head->size; i++)
        if (bytes[i] != 0)
            return ERR_BAD_DATA;
    *body = bytes + FRAME_HEADER_SIZE;
    return ERR_OK;
}
