#include "store/journal_hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct journal_hash {
    EVP_MD_CTX *context;
};

struct journal_hash *journal_hash_new(void)
{
    struct journal_hash *hash = calloc(1, sizeof(*hash));

    if (hash == NULL)
        return NULL;
    hash->context = EVP_MD_CTX_new();
    if (hash->context == NULL || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        journal_hash_free(hash);
        return NULL;
    }
    return hash;
}

void journal_hash_free(struct journal_hash *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->context);
    free(hash);
}

/* A digest in memory cannot fail: a broken libcrypto must not yield a wrong proof. */
void journal_hash_add(struct journal_hash *hash, const void *bytes, size_t size)
{
    if (EVP_DigestUpdate(hash->context, bytes, size) != 1)
        abort();
}

void journal_hash_end(struct journal_hash *hash, unsigned char out[JOURNAL_HASH_SIZE])
{
    unsigned size = 0;

    if (EVP_DigestFinal_ex(hash->context, out, &size) != 1 || size != JOURNAL_HASH_SIZE ||
        EVP_DigestInit_ex(hash->context, NULL, NULL) != 1)
        abort();
}
