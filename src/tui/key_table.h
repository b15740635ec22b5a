/*
 * key_table.h - sequences that terminfo gives for keys, looked up whole. Part of the key decoder. Pure.
 */
#ifndef TUI_KEY_TABLE_H
#define TUI_KEY_TABLE_H

#include "tui/key.h"

#define KEY_TABLE_MAX   96 /* sequences */
#define KEY_TABLE_BYTES 12 /* longest of them */

struct key_table_entry {
    char bytes[KEY_TABLE_BYTES];
    uint8_t size;
    uint32_t key;
};

struct key_table {
    struct key_table_entry entry[KEY_TABLE_MAX];
    uint32_t size;
};

/* Adds a sequence, ESC first. Others, too long ones and those past KEY_TABLE_MAX are ignored. */
void key_table_add(struct key_table *table, const char *bytes, uint32_t key);

/* The key of ESC and these bytes; 0: none. */
uint32_t key_table_find(const struct key_table *table, const char *after_esc, size_t size);

#endif
