/*
 * journal_hash.h - the SHA-256 by which the journal chains its groups. Made once; hashing allocates nothing.
 * Apart from the rest: OpenSSL's headers and core/base/err.h clash.
 */
#ifndef STORE_JOURNAL_HASH_H
#define STORE_JOURNAL_HASH_H

#include <stddef.h>

#define JOURNAL_HASH_SIZE 32

struct journal_hash;

struct journal_hash *journal_hash_new(void);       /* NULL when memory is short; ready to add */
void journal_hash_free(struct journal_hash *hash); /* NULL is allowed */
void journal_hash_add(struct journal_hash *hash, const void *bytes, size_t size);
/* Of all that was added since the last one; the next begins. */
void journal_hash_end(struct journal_hash *hash, unsigned char out[JOURNAL_HASH_SIZE]);

#endif
