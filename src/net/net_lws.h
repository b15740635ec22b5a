/*
 * net_lws.h - libwebsockets and OpenSSL for this layer's .c files.
 *
 * OpenSSL has a type named ERR_STATE, as has our enum err: theirs is renamed while its headers are read.
 */
#ifndef NET_NET_LWS_H
#define NET_NET_LWS_H

#pragma GCC system_header

#define ERR_STATE openssl_err_state

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <libwebsockets.h>

#undef ERR_STATE

#endif
