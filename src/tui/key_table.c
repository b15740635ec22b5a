#include "tui/key_table.h"

#include <string.h>

void key_table_add(struct key_table *table, const char *bytes, uint32_t key)
{
    size_t size = strlen(bytes);
    struct key_table_entry *entry;

    if (size < 2 || size > KEY_TABLE_BYTES || bytes[0] != '\033' || table->size == KEY_TABLE_MAX)
        return;
    entry = &table->entry[table->size++];
    memcpy(entry->bytes, bytes, size);
    entry->size = (uint8_t)size;
    entry->key = key;
}

uint32_t key_table_find(const struct key_table *table, const char *after_esc, size_t size)
{
    for (uint32_t i = 0; i < table->size; i++) {
        const struct key_table_entry *entry = &table->entry[i];

        if (entry->size == size + 1 && memcmp(entry->bytes + 1, after_esc, size) == 0)
            return entry->key;
    }
    return 0;
}
