/* plugin_hash.h - SHA-256 of bytes in memory. Apart from the rest: OpenSSL's headers and core/base/err.h clash. */
#ifndef PLUGIN_PLUGIN_HASH_H
#define PLUGIN_PLUGIN_HASH_H

#include <stdbool.h>
#include <stddef.h>

#define PLUGIN_SHA256_SIZE 65 /* lower-case hex and a NUL */

/* False: no memory. */
bool plugin_hash(const void *bytes, size_t size, char out[PLUGIN_SHA256_SIZE]);

#endif
