/* The plain functions: the ones with a context allocate at each beginning, and a journal goes on when memory is short. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "store/journal_hash.h"

#include <openssl/sha.h>
#include <stdlib.h>

struct journal_hash {
    SHA256_CTX context;
};

struct journal_hash *journal_hash_new(void)
{
    struct journal_hash *hash = calloc(1, sizeof(*hash));

    if (hash != NULL)
        SHA256_Init(&hash->context);
    return hash;
}

void journal_hash_free(struct journal_hash *hash)
{
    free(hash);
}

void journal_hash_add(struct journal_hash *hash, const void *bytes, size_t size)
{
    SHA256_Update(&hash->context, bytes, size);
}

void journal_hash_end(struct journal_hash *hash, unsigned char out[JOURNAL_HASH_SIZE])
{
    SHA256_Final(out, &hash->context);
    SHA256_Init(&hash->context);
}
