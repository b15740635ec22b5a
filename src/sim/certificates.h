/*
 * certificates.h - the built-in exchange's own certificate authority, its server certificate, and bad ones on demand.
 *
 * ca.pem, ca.key, server.pem, server.key in the data directory (keys 0600); made at the first start, used again at
 * the next, renewed when they do not fit together or end soon. ECDSA P-256, for localhost, 127.0.0.1 and ::1.
 */
#ifndef SIM_CERTIFICATES_H
#define SIM_CERTIFICATES_H

#include "core/base/err.h"
#include "sim/tls.h"

#include <stddef.h>

#define CA_DAYS           3650
#define SERVER_DAYS       397
#define RENEW_BEFORE_DAYS 30

/* What can be wrong with a handshake (fault bad_tls); TLS_GOOD is nothing. */
enum tls_kind {
    TLS_GOOD,
    TLS_EXPIRED,
    TLS_NOT_YET,
    TLS_WRONG_HOST,
    TLS_WRONG_IP,
    TLS_UNKNOWN_CA,
    TLS_SELF_SIGNED,
    TLS_NO_CA_BIT, /* signed by a certificate of ours that may not sign */
    TLS_10,        /* speaks nothing newer than TLS 1.0; 1.1 */
    TLS_11,
    TLS_KINDS
};

struct certificates {
    X509 *ca, *server;
    EVP_PKEY *ca_key, *server_key;
};

/* ERR_IO: a file cannot be written (why names it); ERR_MEMORY: OpenSSL. */
enum err certificates_open(struct certificates *certificates, const char *data_dir, char *why,
                           size_t why_size);
void certificates_close(struct certificates *certificates);
/* Server side of a handshake; TLS 1.2 or newer unless the kind says otherwise. NULL: OpenSSL failed. */
SSL_CTX *certificates_context(const struct certificates *certificates, enum tls_kind kind);
const char *tls_kind_word(enum tls_kind kind);

#endif
