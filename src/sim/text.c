#include "sim/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

/* Makes room for `more` bytes and a NUL. */
static bool reserve(struct sim_text *text, size_t more)
{
    size_t room = text->room == 0 ? ROOM_FIRST : text->room;
    char *at;

    if (text->failed || more > SIM_TEXT_MAX || text->size + more + 1 > SIM_TEXT_MAX) {
        text->failed = true;
        return false;
    }
    while (room < text->size + more + 1)
        room *= 2;
    if (room == text->room)
        return true;
    at = realloc(text->at, room);
    if (at == NULL) {
        text->failed = true;
        return false;
    }
    text->at = at;
    text->room = room;
    return true;
}

void sim_text_clear(struct sim_text *text)
{
    text->size = 0;
    text->failed = false;
    if (text->at != NULL)
        text->at[0] = '\0';
}

void sim_text_free(struct sim_text *text)
{
    free(text->at);
    memset(text, 0, sizeof(*text));
}

void sim_text_add_size(struct sim_text *text, const char *piece, size_t size)
{
    if (!reserve(text, size))
        return;
    memcpy(text->at + text->size, piece, size);
    text->size += size;
    text->at[text->size] = '\0';
}

void sim_text_add(struct sim_text *text, const char *piece)
{
    sim_text_add_size(text, piece, strlen(piece));
}

void sim_text_printf(struct sim_text *text, const char *format, ...)
{
    char piece[1024];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(piece, sizeof(piece), format, args);
    va_end(args);
    if (size < 0 || (size_t)size >= sizeof(piece)) {
        text->failed = true;
        return;
    }
    sim_text_add_size(text, piece, (size_t)size);
}

void sim_text_int(struct sim_text *text, int64_t value)
{
    char digits[24], *at = digits + sizeof(digits);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (value < 0)
        *--at = '-';
    sim_text_add_size(text, at, (size_t)(digits + sizeof(digits) - at));
}

void sim_text_e8(struct sim_text *text, int64_t value_e8, unsigned decimals)
{
    char digits[40], *end = digits + sizeof(digits), *at = end;
    uint64_t left = value_e8 < 0 ? 0 - (uint64_t)value_e8 : (uint64_t)value_e8;

    for (unsigned place = 0; place < 8; place++) {
        if (8 - place <= decimals)
            *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (decimals > 0)
        *--at = '.';
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (value_e8 < 0)
        *--at = '-';
    sim_text_add_size(text, at, (size_t)(end - at));
}

void sim_text_json_string(struct sim_text *text, const char *value)
{
    sim_text_add_size(text, "\"", 1);
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;

        if (c == '"' || c == '\\')
            sim_text_printf(text, "\\%c", c);
        else if (c < 0x20)
            sim_text_printf(text, "\\u%04x", c);
        else
            sim_text_add_size(text, value, 1);
    }
    sim_text_add_size(text, "\"", 1);
}
