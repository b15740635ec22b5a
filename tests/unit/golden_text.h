/*
 * golden_text.h - a picture as text against tests/screen/golden/NAME.ENDING. FLOWDECK_GOLDEN=write makes it anew.
 */
#ifndef UNIT_GOLDEN_TEXT_H
#define UNIT_GOLDEN_TEXT_H

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_DIR "tests/screen/golden"

static inline char *golden_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text;
    long size;

    if (file == NULL)
        return NULL;
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

static inline void golden_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The first line that differs, in words. */
static inline void golden_same(const char *name, const char *is, const char *should)
{
    int row = 0;

    while (*is != '\0' || *should != '\0') {
        size_t a = strcspn(is, "\n"), b = strcspn(should, "\n");

        if (a != b || memcmp(is, should, a) != 0)
            fail_msg("%s row %d\nis     `%.*s`\nshould `%.*s`", name, row, (int)a, is, (int)b, should);
        is += a + (is[a] == '\n');
        should += b + (should[b] == '\n');
        row++;
    }
}

static inline void golden_check(const char *name, const char *ending, const char *text)
{
    const char *mode = getenv("FLOWDECK_GOLDEN");
    char path[256], *golden;

    snprintf(path, sizeof(path), GOLDEN_DIR "/%s.%s", name, ending);
    if (mode != NULL && strcmp(mode, "write") == 0)
        golden_write(path, text);
    golden = golden_read(path);
    if (golden == NULL)
        fail_msg("no golden file %s: FLOWDECK_GOLDEN=write makes it", path);
    golden_same(name, text, golden);
    free(golden);
}

#endif
