#include "plugin/plugin_hash.h"

#include <openssl/evp.h>
#include <stdio.h>

bool plugin_hash(const void *bytes, size_t size, char out[PLUGIN_SHA256_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t i = 0; i < (PLUGIN_SHA256_SIZE - 1) / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return true;
}
