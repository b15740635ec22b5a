/* tls.h - OpenSSL's headers. They call a type ERR_STATE, as one of our errors is called; theirs steps aside. */
#ifndef SIM_TLS_H
#define SIM_TLS_H

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#endif
