/*
 * tls_server.h - a TLS server for tests: plain OpenSSL sockets in a thread, certificates made at run time.
 *
 * Nothing of libwebsockets here, so that client and server share no mistakes. A test gives the server one
 * function that talks to each accepted connection; connections are served one after the other in one thread
 * unless it says otherwise by conn_hold().
 */
#ifndef UNIT_TLS_SERVER_H
#define UNIT_TLS_SERVER_H

#define ERR_STATE openssl_err_state
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SERVER_WAIT_MS 8000 /* nothing in a server waits longer */

struct cert {
    X509 *x509;
    EVP_PKEY *key;
};

struct cert_spec {
    const char *name;    /* common name */
    const char *san;     /* "DNS:localhost,IP:127.0.0.1"; NULL: none */
    long from_s, till_s; /* relative to now; both 0: yesterday to tomorrow */
    bool ca;
};

static inline void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL || X509_add_ext(cert, extension, -1) != 1)
        abort();
    X509_EXTENSION_free(extension);
}

/* issuer NULL: self-signed. */
static inline struct cert make_cert(const struct cert_spec *spec, const struct cert *issuer)
{
    static atomic_long serial = 1000;
    struct cert cert = {.x509 = X509_new(), .key = EVP_EC_gen("P-256")};
    X509 *by = issuer != NULL ? issuer->x509 : cert.x509;
    bool plain = spec->from_s == 0 && spec->till_s == 0;

    X509_set_version(cert.x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.x509), serial++);
    X509_gmtime_adj(X509_getm_notBefore(cert.x509), plain ? -86400 : spec->from_s);
    X509_gmtime_adj(X509_getm_notAfter(cert.x509), plain ? 86400 : spec->till_s);
    X509_set_pubkey(cert.x509, cert.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.x509), "CN", MBSTRING_UTF8,
                               (const unsigned char *)spec->name, -1, -1, 0);
    X509_set_issuer_name(cert.x509, X509_get_subject_name(by));
    add_extension(cert.x509, by, NID_basic_constraints, spec->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (spec->ca)
        add_extension(cert.x509, by, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (spec->san != NULL)
        add_extension(cert.x509, by, NID_subject_alt_name, spec->san);
    if (X509_sign(cert.x509, issuer != NULL ? issuer->key : cert.key, EVP_sha256()) == 0)
        abort();
    return cert;
}

static inline void free_cert(struct cert *cert)
{
    X509_free(cert->x509);
    EVP_PKEY_free(cert->key);
}

static inline void write_pem(const struct cert *cert, const char *path)
{
    BIO *file = BIO_new_file(path, "w");

    if (file == NULL || PEM_write_bio_X509(file, cert->x509) != 1)
        abort();
    BIO_free(file);
}

struct server;

struct conn {
    struct server *server;
    int fd;
    SSL *tls;
    char request[16384]; /* headers as they came, and the body */
    size_t request_size;
};

typedef void (*server_talk)(struct conn *conn);

struct server_spec {
    const struct cert *cert;
    const struct cert *chain; /* sent behind it; NULL: none */
    int tls_min, tls_max;     /* 0: any */
    server_talk talk;
    void *arg;
};

struct server {
    struct server_spec spec;
    int listener;
    uint16_t port;
    SSL_CTX *tls;
    pthread_t thread;
    atomic_bool stop;
    atomic_uint accepted, handshakes;
    atomic_ulong plain_bytes; /* application bytes read */
    char sni[128];
};

static inline bool wait_fd(struct server *server, int fd, short events)
{
    for (int waited = 0; waited < SERVER_WAIT_MS && !server->stop; waited += 10) {
        struct pollfd pollfd = {.fd = fd, .events = events};

        if (poll(&pollfd, 1, 10) > 0)
            return true;
    }
    return false;
}

/* Bytes read, 0: end, error or server is stopping. */
static inline size_t conn_read(struct conn *conn, void *out, size_t size)
{
    for (;;) {
        int got = SSL_read(conn->tls, out, (int)size);

        if (got > 0) {
            conn->server->plain_bytes += (unsigned long)got;
            return (size_t)got;
        }
        if (SSL_get_error(conn->tls, got) != SSL_ERROR_WANT_READ || !wait_fd(conn->server, conn->fd, POLLIN))
            return 0;
    }
}

static inline bool conn_read_all(struct conn *conn, void *out, size_t size)
{
    for (size_t have = 0; have < size;) {
        size_t got = conn_read(conn, (char *)out + have, size - have);

        if (got == 0)
            return false;
        have += got;
    }
    return true;
}

static inline bool conn_write(struct conn *conn, const void *bytes, size_t size)
{
    while (size > 0) {
        int sent = SSL_write(conn->tls, bytes, size > 1 << 20 ? 1 << 20 : (int)size);

        if (sent > 0) {
            bytes = (const char *)bytes + sent;
            size -= (size_t)sent;
            continue;
        }
        int error = SSL_get_error(conn->tls, sent);

        if ((error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ) ||
            !wait_fd(conn->server, conn->fd, error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN))
            return false;
    }
    return true;
}

static inline void conn_text(struct conn *conn, const char *text)
{
    conn_write(conn, text, strlen(text));
}

/* Until the other side has gone. */
static inline void conn_drain(struct conn *conn)
{
    char bytes[4096];

    while (conn_read(conn, bytes, sizeof(bytes)) > 0)
        ;
}

static inline void conn_sleep(struct conn *conn, int ms)
{
    for (; ms > 0 && !conn->server->stop; ms -= 10)
        poll(NULL, 0, 10);
}

/* The next close() sends a reset. */
static inline void conn_reset(struct conn *conn)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    SSL_set_quiet_shutdown(conn->tls, 1);
}

/* Value of a request header in out; false: none. */
static inline bool conn_header(const struct conn *conn, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);

    for (const char *line = strstr(conn->request, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 3 + length + strspn(line + 3 + length, " ");

            snprintf(out, size, "%.*s", (int)strcspn(value, "\r"), value);
            return true;
        }
    return false;
}

/* Headers, and a body of Content-Length bytes, into conn->request. */
static inline bool conn_request(struct conn *conn)
{
    char text[32];
    size_t want = 0;

    for (;;) {
        const char *end = strstr(conn->request, "\r\n\r\n");

        if (end != NULL) {
            want = conn_header(conn, "Content-Length", text, sizeof(text)) ? (size_t)atol(text) : 0;
            want += (size_t)(end + 4 - conn->request);
            if (conn->request_size >= want)
                return true;
        }
        if (conn->request_size >= sizeof(conn->request) - 1)
            return false;

        size_t got = conn_read(conn, conn->request + conn->request_size,
                               sizeof(conn->request) - 1 - conn->request_size);

        if (got == 0)
            return false;
        conn->request_size += got;
        conn->request[conn->request_size] = '\0';
    }
}

/* --- WebSocket, the server's side ------------------------------------------------------------------------ */

static inline bool ws_accept(struct conn *conn)
{
    unsigned char digest[20];
    char key[128], joined[256], accept[64];

    if (!conn_request(conn) || !conn_header(conn, "Sec-WebSocket-Key", key, sizeof(key)))
        return false;
    snprintf(joined, sizeof(joined), "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Digest(joined, strlen(joined), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, digest, 20);
    snprintf(joined, sizeof(joined),
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n\r\n",
             accept);
    conn_text(conn, joined);
    return true;
}

/* first: FIN bit and opcode. */
static inline size_t ws_frame(unsigned char *out, unsigned first, const void *bytes, uint64_t size)
{
    size_t head = 2;

    out[0] = (unsigned char)first;
    if (size < 126) {
        out[1] = (unsigned char)size;
    } else {
        out[1] = 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            out[head++] = (unsigned char)(size >> shift);
    }
    if (bytes != NULL)
        memcpy(out + head, bytes, size);
    return head + (bytes != NULL ? size : 0);
}

static inline bool ws_send(struct conn *conn, unsigned first, const void *bytes, size_t size)
{
    unsigned char *frame = malloc(size + 16);
    bool sent = conn_write(conn, frame, ws_frame(frame, first, bytes, size));

    free(frame);
    return sent;
}

static inline bool ws_text(struct conn *conn, const char *text)
{
    return ws_send(conn, 0x81, text, strlen(text));
}

/* One frame of the client, unmasked, NUL behind; opcode, or -1. */
static inline int ws_receive(struct conn *conn, char *out, size_t room, size_t *size)
{
    unsigned char head[2], wide[8], mask[4];
    size_t wide_size;

    if (!conn_read_all(conn, head, 2))
        return -1;
    *size = head[1] & 0x7f;
    wide_size = *size == 126 ? 2 : *size == 127 ? 8 : 0;
    if (!conn_read_all(conn, wide, wide_size))
        return -1;
    if (wide_size > 0)
        *size = 0;
    for (size_t i = 0; i < wide_size; i++)
        *size = *size << 8 | wide[i];
    if ((head[1] & 0x80) == 0 || *size >= room || !conn_read_all(conn, mask, 4) ||
        !conn_read_all(conn, out, *size))
        return -1;
    for (size_t i = 0; i < *size; i++)
        out[i] = (char)(out[i] ^ mask[i & 3]);
    out[*size] = '\0';
    return head[0] & 0x0f;
}

/* --- the thread ------------------------------------------------------------------------------------------ */

static inline int note_sni(SSL *tls, int *alert, void *arg)
{
    struct server *server = arg;
    const char *name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);

    (void)alert;
    snprintf(server->sni, sizeof(server->sni), "%s", name != NULL ? name : "");
    return SSL_TLSEXT_ERR_OK;
}

static inline bool shake(struct conn *conn)
{
    for (;;) {
        int done = SSL_accept(conn->tls);

        if (done == 1)
            return true;
        if (SSL_get_error(conn->tls, done) != SSL_ERROR_WANT_READ || !wait_fd(conn->server, conn->fd, POLLIN))
            return false;
    }
}

static inline void serve(struct server *server, int fd)
{
    struct conn *conn = calloc(1, sizeof(*conn));
    struct timeval slice = {.tv_usec = 20000};

    conn->server = server;
    conn->fd = fd;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof(slice));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &slice, sizeof(slice));
    server->accepted++;
    conn->tls = SSL_new(server->tls);
    SSL_set_fd(conn->tls, fd);
    if (shake(conn)) {
        server->handshakes++;
        server->spec.talk(conn);
        SSL_shutdown(conn->tls);
    } else if (!server->stop) { /* a refusing client might still send: such bytes would be counted */
        char bytes[256];

        while (wait_fd(server, fd, POLLIN) && recv(fd, bytes, sizeof(bytes), 0) > 0)
            ;
    }
    SSL_free(conn->tls);
    close(fd);
    free(conn);
    ERR_clear_error();
}

static inline void *server_run(void *arg)
{
    struct server *server = arg;

    while (!server->stop) {
        struct pollfd pollfd = {.fd = server->listener, .events = POLLIN};
        int fd = poll(&pollfd, 1, 10) > 0 ? accept(server->listener, NULL, NULL) : -1;

        if (fd >= 0)
            serve(server, fd);
    }
    return NULL;
}

static inline struct server *server_start(const struct server_spec *spec)
{
    struct server *server = calloc(1, sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    server->spec = *spec;
    server->tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(server->tls, 0);
    SSL_CTX_set_min_proto_version(server->tls, spec->tls_min);
    SSL_CTX_set_max_proto_version(server->tls, spec->tls_max);
    SSL_CTX_set_mode(server->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_clear_mode(server->tls, SSL_MODE_AUTO_RETRY);
    SSL_CTX_use_certificate(server->tls, spec->cert->x509);
    SSL_CTX_use_PrivateKey(server->tls, spec->cert->key);
    if (spec->chain != NULL)
        SSL_CTX_add1_chain_cert(server->tls, spec->chain->x509);
    SSL_CTX_set_tlsext_servername_callback(server->tls, note_sni);
    SSL_CTX_set_tlsext_servername_arg(server->tls, server);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(server->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(server->listener, 16) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    server->port = ntohs(address.sin_port);
    if (pthread_create(&server->thread, NULL, server_run, server) != 0)
        abort();
    return server;
}

static inline void server_stop(struct server *server)
{
    server->stop = true;
    pthread_join(server->thread, NULL);
    close(server->listener);
    SSL_CTX_free(server->tls);
    free(server);
}

#endif
