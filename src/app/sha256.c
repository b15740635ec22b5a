#include "app/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sha256 {
    EVP_MD_CTX *running;
    EVP_MD_CTX *closing; /* a copy is finished, so that the running one can go on */
};

struct sha256 *sha256_new(void)
{
    struct sha256 *sha = calloc(1, sizeof(*sha));

    if (sha == NULL)
        return NULL;
    sha->running = EVP_MD_CTX_new();
    sha->closing = EVP_MD_CTX_new();
    if (sha->running == NULL || sha->closing == NULL ||
        EVP_DigestInit_ex(sha->running, EVP_sha256(), NULL) != 1) {
        sha256_free(sha);
        return NULL;
    }
    return sha;
}

void sha256_free(struct sha256 *sha)
{
    if (sha == NULL)
        return;
    EVP_MD_CTX_free(sha->running);
    EVP_MD_CTX_free(sha->closing);
    free(sha);
}

void sha256_add(struct sha256 *sha, const void *data, size_t size)
{
    if (EVP_DigestUpdate(sha->running, data, size) != 1)
        abort(); /* cannot fail for a digest in memory: a broken libcrypto must not yield a wrong proof */
}

void sha256_hex(const struct sha256 *sha, char out[SHA256_HEX_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_MD_CTX_copy_ex(sha->closing, sha->running) != 1) { /* it allocates; a run ends with this */
        fputs("flowdeck: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    if (EVP_DigestFinal_ex(sha->closing, digest, &size) != 1 || size != 32)
        abort();
    for (unsigned i = 0; i < size; i++)
        snprintf(out + 2 * (size_t)i, 3, "%02x", digest[i]);
}
