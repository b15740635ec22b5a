#include "core/base/file_failed.h"

#include "core/base/safe_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void file_failed_text(const char *folder, const char *file, const char *doing, char *out, size_t out_size)
{
    int error = errno;
    char safe[256];

    safe_text(folder, strlen(folder), safe, sizeof(safe));
    snprintf(out, out_size, "%s/%s: %s failed: %s", safe, file, doing, strerror(error));
}
