/*
 * signing.h - keys, signatures and time stamps of requests, as the venue checks them.
 *
 * REST signs query and body with nothing between them, without `signature`; the WebSocket API signs its parameters
 * sorted by name as raw UTF-8. HMAC-SHA256 comes as hex, RSA (PKCS#1 v1.5, SHA-256) and Ed25519 as base64.
 */
#ifndef SIM_SIGNING_H
#define SIM_SIGNING_H

#include "sim/params.h"
#include "sim/text.h"

#include <stdint.h>

#define RECV_WINDOW_DEFAULT_US  INT64_C(5000000)
#define RECV_WINDOW_MAX_US      INT64_C(60000000)
#define TIMESTAMP_AHEAD_US      INT64_C(1000000)         /* a request may be less than this from the future */
#define SIGNATURE_TEXT_MAX      1024                     /* base64 of RSA-4096 is 684 */
#define SIGNED_TIMESTAMP_US_MIN INT64_C(100000000000000) /* at or above: microseconds, below: milliseconds */

enum key_kind { KEY_HMAC, KEY_RSA, KEY_ED25519 };

struct signing_key {
    enum key_kind kind;
    char secret[65];  /* HMAC */
    void *public_key; /* EVP_PKEY: RSA, Ed25519 */
};

/* A PEM public key; false: no RSA (2048 bits or more) or Ed25519 key. Free with signing_key_free(). */
bool signing_key_load(struct signing_key *key, const char *pem);
void signing_key_free(struct signing_key *key);
void signing_hmac_hex(const char *secret, const char *payload, size_t size, char out[65]);
bool signing_verify(const struct signing_key *key, const char *payload, size_t size, const char *signature);

/* What a REST request signs. */
void signing_rest_payload(const char *query, const char *body, struct sim_text *out);
/* What a WebSocket request signs; sorts the parameters. */
void signing_ws_payload(struct params *params, struct sim_text *out);

enum timestamp_verdict {
    TIMESTAMP_OK,
    TIMESTAMP_MALFORMED,
    TIMESTAMP_AHEAD,
    TIMESTAMP_OUTSIDE,
    RECV_WINDOW_MALFORMED,
    RECV_WINDOW_TOO_BIG
};
/* recv_window NULL: the default. now_us: what the clients are told. */
enum timestamp_verdict signing_check_time(const char *timestamp, const char *recv_window, int64_t now_us);

#endif
