/* tls_text.h - why a TLS handshake failed, in words a user can act on. */
#ifndef NET_TLS_TEXT_H
#define NET_TLS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* verify_error: X509_V_ERR_* (0: none); error: of OpenSSL's queue (0: none). False: neither, so it was not TLS. */
bool tls_text_failure(int verify_error, unsigned long error, char *out, size_t size);

#endif
