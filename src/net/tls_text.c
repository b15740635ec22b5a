#include "net/tls_text.h"

#include "net/net_lws.h"

#include <stdio.h>

static _Thread_local unsigned long noted_error;

void tls_note_error(const struct ssl_st *tls, int where, int result)
{
    (void)tls;
    if ((where & SSL_CB_EXIT) != 0 && result <= 0 && ERR_peek_error() != 0)
        noted_error = ERR_peek_error();
}

unsigned long tls_take_error(void)
{
    unsigned long error = noted_error;

    noted_error = 0;
    return error;
}

static const char *verify_text(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "certificate expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "certificate not yet valid (or this machine's clock is behind)";
    case X509_V_ERR_HOSTNAME_MISMATCH:
        return "certificate is for another host name";
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "certificate is for another address";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "self-signed certificate";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "unknown CA (the chain ends in a root that is not trusted here)";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "unknown CA (no trusted root signed this chain)";
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
        return "certificate was signed by one that is no CA";
    case X509_V_ERR_CERT_REVOKED:
        return "certificate revoked";
    default:
        return X509_verify_cert_error_string(error);
    }
}

bool tls_text_failure(int verify_error, unsigned long error, char *out, size_t size)
{
    const char *reason;

    if (verify_error != X509_V_OK) {
        snprintf(out, size, "%s", verify_text(verify_error));
        return true;
    }
    if (error == 0 || ERR_SYSTEM_ERROR(error) || ERR_GET_LIB(error) != ERR_LIB_SSL ||
        ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return false;
    switch (ERR_GET_REASON(error)) {
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
        reason = "protocol too old: TLS 1.2 or newer is needed";
        break;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
        reason = "the server does not speak TLS on this port";
        break;
    default:
        reason = ERR_reason_error_string(error);
        break;
    }
    snprintf(out, size, "%s", reason != NULL ? reason : "handshake failed");
    return true;
}
