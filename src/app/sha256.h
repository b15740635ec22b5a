/*
 * sha256.h - SHA-256 by OpenSSL, as text. One allocation in _new; adding allocates nothing.
 */
#ifndef APP_SHA256_H
#define APP_SHA256_H

#include <stddef.h>

#define SHA256_HEX_SIZE 65

struct sha256;

struct sha256 *sha256_new(void);      /* NULL when memory is short */
void sha256_free(struct sha256 *sha); /* NULL is allowed */
void sha256_add(struct sha256 *sha, const void *data, size_t size);
/* Hash of what was added so far, lower-case hex; more may be added afterwards. */
void sha256_hex(const struct sha256 *sha, char out[SHA256_HEX_SIZE]);

#endif
