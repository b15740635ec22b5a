/* tls_text.h - why a TLS handshake failed, in words a user can act on. */
#ifndef NET_TLS_TEXT_H
#define NET_TLS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* verify_error: X509_V_ERR_* (0: none); error: of OpenSSL's queue (0: none). False: neither, so it was not TLS. */
bool tls_text_failure(int verify_error, unsigned long error, char *out, size_t size);

/* The library empties OpenSSL's error queue before it reports a failed handshake, so the error is noted when
 * OpenSSL leaves the handshake, right before, and taken (and forgotten) in the report. 0: none. */
struct ssl_st;
void tls_note_error(const struct ssl_st *tls, int where, int result);
unsigned long tls_take_error(void);

#endif
