/* file_failed.h - the sentence for the user of what failed with a file of a folder. */
#ifndef CORE_BASE_FILE_FAILED_H
#define CORE_BASE_FILE_FAILED_H

#include <stddef.h>

/* "FOLDER/FILE: DOING failed: why", by errno. */
void file_failed_text(const char *folder, const char *file, const char *doing, char *out, size_t out_size);

#endif
