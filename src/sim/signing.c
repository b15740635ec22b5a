#include "sim/signing.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define RSA_BITS_MIN 2048
#define PEM_SIZE_MAX 8192

bool signing_key_load(struct signing_key *key, const char *pem)
{
    size_t size = strlen(pem);
    BIO *bio = size > PEM_SIZE_MAX ? NULL : BIO_new_mem_buf(pem, (int)size);
    EVP_PKEY *found = bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

    BIO_free(bio);
    memset(key, 0, sizeof(*key));
    if (found != NULL && EVP_PKEY_base_id(found) == EVP_PKEY_RSA && EVP_PKEY_bits(found) >= RSA_BITS_MIN)
        key->kind = KEY_RSA;
    else if (found != NULL && EVP_PKEY_base_id(found) == EVP_PKEY_ED25519)
        key->kind = KEY_ED25519;
    else {
        EVP_PKEY_free(found);
        return false;
    }
    key->public_key = found;
    return true;
}

void signing_key_free(struct signing_key *key)
{
    EVP_PKEY_free(key->public_key);
    OPENSSL_cleanse(key, sizeof(*key));
}

void signing_hmac_hex(const char *secret, const char *payload, size_t size, char out[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0;

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)payload, size, digest,
         &digest_size);
    for (unsigned i = 0; i < 32 && i < digest_size; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", digest[i]);
}

/* Strict base64 with padding; returns the size, 0: no base64. */
static size_t base64_decode(const char *text, unsigned char *out, size_t out_size)
{
    size_t size = strlen(text), pad = 0;
    int got;

    if (size == 0 || size % 4 != 0 || size / 4 * 3 > out_size)
        return 0;
    pad = (size_t)(text[size - 1] == '=') + (size_t)(text[size - 2] == '=');
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != size - pad)
        return 0;
    got = EVP_DecodeBlock(out, (const unsigned char *)text, (int)size);
    return got < (int)pad ? 0 : (size_t)got - pad;
}

bool signing_verify(const struct signing_key *key, const char *payload, size_t size, const char *signature)
{
    unsigned char raw[SIGNATURE_TEXT_MAX];
    size_t raw_size;
    char hex[65];
    EVP_MD_CTX *context;
    bool good;

    if (key->kind == KEY_HMAC) {
        char lower[65];

        if (strlen(signature) != 64)
            return false;
        for (size_t i = 0; i <= 64; i++)
            lower[i] = signature[i] >= 'A' && signature[i] <= 'F' ? (char)(signature[i] + 32) : signature[i];
        signing_hmac_hex(key->secret, payload, size, hex);
        return CRYPTO_memcmp(hex, lower, 64) == 0;
    }
    if (strlen(signature) >= SIGNATURE_TEXT_MAX)
        return false;
    raw_size = base64_decode(signature, raw, sizeof(raw));
    context = EVP_MD_CTX_new();
    good = raw_size > 0 && context != NULL &&
           EVP_DigestVerifyInit(context, NULL, key->kind == KEY_RSA ? EVP_sha256() : NULL, NULL,
                                key->public_key) == 1 &&
           EVP_DigestVerify(context, raw, raw_size, (const unsigned char *)payload, size) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

static void add_without_signature(const char *list, struct sim_text *out)
{
    bool first = true;

    while (*list != '\0') {
        size_t size = strcspn(list, "&");

        if (strncmp(list, "signature=", 10) != 0) {
            if (!first)
                sim_text_add_size(out, "&", 1);
            sim_text_add_size(out, list, size);
            first = false;
        }
        list += size + (list[size] == '&');
    }
}

void signing_rest_payload(const char *query, const char *body, struct sim_text *out)
{
    sim_text_clear(out);
    add_without_signature(query, out);
    add_without_signature(body, out);
}

void signing_ws_payload(struct params *params, struct sim_text *out)
{
    bool first = true;

    params_sort(params);
    sim_text_clear(out);
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->at[i].name, "signature") == 0)
            continue;
        if (!first)
            sim_text_add_size(out, "&", 1);
        sim_text_add(out, params->at[i].name);
        sim_text_add_size(out, "=", 1);
        sim_text_add(out, params->at[i].value);
        first = false;
    }
}
