#include "sim/ws_frame.h"

#include "core/base/safe_text.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <string.h>

#define KEY_LENGTH 24 /* base64 of 16 bytes */
#define ACCEPT_TAG "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

size_t ws_frame_head(uint8_t out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t payload_size)
{
    unsigned more = payload_size < 126 ? 0 : payload_size < 65536 ? 2 : 8;

    out[0] = (uint8_t)(0x80u | (unsigned)opcode);
    out[1] = more == 0 ? (uint8_t)payload_size : more == 2 ? 126 : 127;
    for (unsigned i = 0; i < more; i++)
        out[2 + i] = (uint8_t)(payload_size >> (8 * (more - 1 - i)));
    return 2 + more;
}

static enum ws_parse broken(struct ws_frame *out, enum ws_close_code code)
{
    out->close = code;
    return WS_BROKEN;
}

static bool opcode_known(unsigned opcode)
{
    return opcode <= WS_BINARY || (opcode >= WS_CLOSE && opcode <= WS_PONG);
}

enum ws_parse ws_frame_parse(uint8_t *bytes, size_t size, struct ws_frame *out)
{
    unsigned opcode, length_bytes;
    uint64_t length;
    size_t head;

    memset(out, 0, sizeof(*out));
    if (size < 2)
        return WS_MORE;
    opcode = bytes[0] & 0x0fu;
    if ((bytes[0] & 0x70u) != 0 || !opcode_known(opcode) || (bytes[1] & 0x80u) == 0)
        return broken(out, WS_CLOSE_PROTOCOL);
    length = bytes[1] & 0x7fu;
    length_bytes = length < 126 ? 0 : length == 126 ? 2 : 8;
    if (opcode >= WS_CLOSE && (length > WS_CONTROL_MAX || (bytes[0] & 0x80u) == 0))
        return broken(out, WS_CLOSE_PROTOCOL);
    head = 2 + length_bytes + 4;
    if (size < head)
        return WS_MORE;
    if (length_bytes > 0)
        length = 0;
    for (unsigned i = 0; i < length_bytes; i++)
        length = length << 8 | bytes[2 + i];
    if (length > WS_PAYLOAD_MAX)
        return broken(out, WS_CLOSE_TOO_BIG);
    if (size - head < length)
        return WS_MORE;
    for (size_t i = 0; i < length; i++)
        bytes[head + i] ^= bytes[head - 4 + i % 4];
    out->opcode = (enum ws_opcode)opcode;
    out->fin = (bytes[0] & 0x80u) != 0;
    out->payload = bytes + head;
    out->size = (size_t)length;
    out->taken = head + (size_t)length;
    return WS_WHOLE;
}

bool ws_text_valid(const char *text, size_t size)
{
    while (size > 0) {
        unsigned codepoint;
        size_t taken = safe_text_decode(text, size, &codepoint);

        if (codepoint == 0xFFFFFFFFu)
            return false;
        text += taken;
        size -= taken;
    }
    return true;
}

bool ws_accept_key(const char *client_key, char out[29])
{
    char joined[KEY_LENGTH + sizeof(ACCEPT_TAG)];
    uint8_t digest[EVP_MAX_MD_SIZE], raw[KEY_LENGTH];
    unsigned digest_size = 0;

    if (strlen(client_key) != KEY_LENGTH || memcmp(client_key + KEY_LENGTH - 2, "==", 2) != 0 ||
        EVP_DecodeBlock(raw, (const uint8_t *)client_key, KEY_LENGTH) != 18)
        return false;
    snprintf(joined, sizeof(joined), "%s%s", client_key, ACCEPT_TAG);
    if (EVP_Digest(joined, strlen(joined), digest, &digest_size, EVP_sha1(), NULL) != 1)
        return false;
    EVP_EncodeBlock((uint8_t *)out, digest, (int)digest_size);
    return true;
}
