#include "store/journal_frame.h"

#include "core/base/crc32c.h"
#include "store/le_bytes.h"

#include <string.h>

#define AT_SIZE      0
#define AT_CRC       4
#define AT_SEQ       8 /* the checksum begins here */
#define AT_TS        16
#define AT_INPUT_SEQ 24
#define AT_KIND      32
#define AT_FLAGS     34
#define AT_BODY_SIZE 36

static size_t padded(size_t body_size)
{
    return (FRAME_HEADER_SIZE + body_size + 7) / 8 * 8;
}

size_t frame_encode(const struct frame_head *head, const unsigned char *body, unsigned char *out, size_t max)
{
    size_t size = padded(head->body_size), end = FRAME_HEADER_SIZE + (size_t)head->body_size;

    if (head->body_size > FRAME_MAX - FRAME_HEADER_SIZE || size > max)
        return 0;
    put_u32(out + AT_SIZE, (uint32_t)size);
    put_u64(out + AT_SEQ, head->seq);
    put_u64(out + AT_TS, (uint64_t)head->ts_ns);
    put_u64(out + AT_INPUT_SEQ, head->input_seq);
    put_u16(out + AT_KIND, head->kind);
    put_u16(out + AT_FLAGS, head->flags);
    put_u32(out + AT_BODY_SIZE, head->body_size);
    if (body != out + FRAME_HEADER_SIZE)
        memcpy(out + FRAME_HEADER_SIZE, body, head->body_size);
    memset(out + end, 0, size - end);
    put_u32(out + AT_CRC, crc32c_update(0, out + AT_SEQ, size - AT_SEQ));
    return size;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

struct frame_head frame_head_of(const unsigned char *bytes)
{
    return (struct frame_head){
        .size = get_u32(bytes + AT_SIZE),
        .seq = get_u64(bytes + AT_SEQ),
        .ts_ns = (int64_t)get_u64(bytes + AT_TS),
        .input_seq = get_u64(bytes + AT_INPUT_SEQ),
        .kind = get_u16(bytes + AT_KIND),
        .flags = get_u16(bytes + AT_FLAGS),
        .body_size = get_u32(bytes + AT_BODY_SIZE),
    };
}

enum err frame_decode(const unsigned char *bytes, size_t size, struct frame_head *head,
                      const unsigned char **body)
{
    uint32_t frame_size, body_size;

    if (size < FRAME_HEADER_SIZE)
        return ERR_TOO_LONG;
    frame_size = get_u32(bytes + AT_SIZE);
    if (frame_size % 8 != 0 || frame_size < FRAME_HEADER_SIZE || frame_size > FRAME_MAX)
        return ERR_BAD_DATA;
    if (frame_size > size)
        return ERR_TOO_LONG;
    body_size = get_u32(bytes + AT_BODY_SIZE);
    if (get_u32(bytes + AT_CRC) != crc32c_update(0, bytes + AT_SEQ, frame_size - AT_SEQ) ||
        body_size > frame_size - FRAME_HEADER_SIZE || padded(body_size) != frame_size ||
        !is_zero(bytes + FRAME_HEADER_SIZE + body_size, frame_size - FRAME_HEADER_SIZE - body_size))
        return ERR_BAD_DATA;
    *head = frame_head_of(bytes);
    *body = bytes + FRAME_HEADER_SIZE;
    return ERR_OK;
}
