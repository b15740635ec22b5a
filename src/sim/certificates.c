#include "sim/certificates.h"

#include "sim/small_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DAY_S        86400L
#define GOOD_NAMES   "DNS:localhost,IP:127.0.0.1,IP:::1"
#define SERIAL_BYTES 16

struct wanted {
    const char *name;
    const char *alt_names; /* NULL: none */
    long from_s, to_s;     /* from now */
    bool ca;
};

static const struct wanted ca_wanted = {"flowdeck built-in exchange CA", NULL, -DAY_S, CA_DAYS *DAY_S, true};
static const struct wanted server_wanted = {"localhost", GOOD_NAMES, -DAY_S, SERVER_DAYS *DAY_S, false};

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool ok;

    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ok = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool add_extensions(X509 *cert, X509 *issuer, const struct wanted *wanted)
{
    return add_extension(cert, issuer, NID_basic_constraints, wanted->ca ? "critical,CA:TRUE" : "CA:FALSE") &&
           add_extension(cert, issuer, NID_key_usage,
                         wanted->ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
           (wanted->ca || add_extension(cert, issuer, NID_ext_key_usage, "serverAuth")) &&
           (wanted->alt_names == NULL ||
            add_extension(cert, issuer, NID_subject_alt_name, wanted->alt_names)) &&
           add_extension(cert, issuer, NID_subject_key_identifier, "hash") &&
           add_extension(cert, issuer, NID_authority_key_identifier, "keyid:always");
}

static bool set_serial(X509 *cert)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *number;
    bool ok;

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        return false;
    bytes[0] &= 0x7f;
    number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
    BN_free(number);
    return ok;
}

/* issuer NULL: signs itself. */
static X509 *make(EVP_PKEY *key, const struct wanted *wanted, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509 *cert = X509_new();
    X509_NAME *name;

    if (cert == NULL)
        return NULL;
    name = X509_get_subject_name(cert);
    if (X509_set_version(cert, 2) == 1 && set_serial(cert) &&
        X509_gmtime_adj(X509_getm_notBefore(cert), wanted->from_s) != NULL &&
        X509_gmtime_adj(X509_getm_notAfter(cert), wanted->to_s) != NULL &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)wanted->name, -1, -1,
                                   0) == 1 &&
        X509_set_issuer_name(cert, issuer == NULL ? name : X509_get_subject_name(issuer)) == 1 &&
        X509_set_pubkey(cert, key) == 1 && add_extensions(cert, issuer == NULL ? cert : issuer, wanted) &&
        X509_sign(cert, issuer == NULL ? key : issuer_key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

/* --- files ---------------------------------------------------------------------------------------------------- */

static bool path_of(char out[SIM_PATH_SIZE], const char *dir, const char *name, const char *kind)
{
    int size = snprintf(out, SIM_PATH_SIZE, "%s/%s%s", dir, name, kind);

    return size > 0 && size < SIM_PATH_SIZE;
}

/* Both or none. */
static bool load(const char *dir, const char *name, X509 **cert, EVP_PKEY **key)
{
    char path[SIM_PATH_SIZE];
    struct sim_text text = {0};
    BIO *bio;

    *cert = NULL;
    *key = NULL;
    if (path_of(path, dir, name, ".pem") && small_file_read(path, &text)) {
        bio = BIO_new_mem_buf(text.at, (int)text.size);
        *cert = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
    }
    if (*cert != NULL && path_of(path, dir, name, ".key") && small_file_read(path, &text)) {
        bio = BIO_new_mem_buf(text.at, (int)text.size);
        *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
    }
    if (text.at != NULL)
        OPENSSL_cleanse(text.at, text.room);
    sim_text_free(&text);
    ERR_clear_error();
    if (*cert != NULL && *key != NULL && X509_check_private_key(*cert, *key) == 1)
        return true;
    X509_free(*cert);
    EVP_PKEY_free(*key);
    *cert = NULL;
    *key = NULL;
    return false;
}

static bool save_bio(BIO *bio, const char *path, mode_t mode)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);

    return size > 0 && small_file_write(path, mode, bytes, (size_t)size);
}

static enum err save(const char *dir, const char *name, X509 *cert, EVP_PKEY *key, char *why, size_t why_size)
{
    char pem_path[SIM_PATH_SIZE], key_path[SIM_PATH_SIZE];
    BIO *pem = BIO_new(BIO_s_mem()), *secret = BIO_new(BIO_s_secmem());
    enum err err = ERR_MEMORY;

    snprintf(why, why_size, "OpenSSL could not write a certificate");
    if (pem != NULL && secret != NULL && PEM_write_bio_X509(pem, cert) == 1 &&
        PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1) {
        err = ERR_OK;
        if (!path_of(pem_path, dir, name, ".pem") || !path_of(key_path, dir, name, ".key") ||
            !save_bio(secret, key_path, 0600) || !save_bio(pem, pem_path, 0644)) {
            snprintf(why, why_size, "cannot write %s.pem and %s.key to the data directory: %s", name, name,
                     strerror(errno));
            err = ERR_STORAGE;
        }
    }
    BIO_free(pem);
    BIO_free(secret);
    return err;
}

static bool lasts(const X509 *cert)
{
    time_t then = time(NULL) + RENEW_BEFORE_DAYS * DAY_S, now = time(NULL);

    return X509_cmp_time(X509_get0_notAfter(cert), &then) > 0 &&
           X509_cmp_time(X509_get0_notBefore(cert), &now) < 0;
}

static enum err make_and_save(const char *dir, const char *name, const struct wanted *wanted, X509 *issuer,
                              EVP_PKEY *issuer_key, X509 **cert, EVP_PKEY **key, char *why, size_t why_size)
{
    X509_free(*cert);
    EVP_PKEY_free(*key);
    *key = EVP_EC_gen("P-256");
    *cert = *key == NULL ? NULL : make(*key, wanted, issuer, issuer_key);
    if (*cert == NULL) {
        snprintf(why, why_size, "OpenSSL could not make a certificate");
        return ERR_MEMORY;
    }
    return save(dir, name, *cert, *key, why, why_size);
}

enum err certificates_open(struct certificates *certificates, const char *data_dir, char *why,
                           size_t why_size)
{
    enum err err = ERR_OK;

    memset(certificates, 0, sizeof(*certificates));
    if (!load(data_dir, "ca", &certificates->ca, &certificates->ca_key) || !lasts(certificates->ca))
        err = make_and_save(data_dir, "ca", &ca_wanted, NULL, NULL, &certificates->ca, &certificates->ca_key,
                            why, why_size);
    if (err == ERR_OK &&
        (!load(data_dir, "server", &certificates->server, &certificates->server_key) ||
         !lasts(certificates->server) || X509_verify(certificates->server, certificates->ca_key) != 1))
        err = make_and_save(data_dir, "server", &server_wanted, certificates->ca, certificates->ca_key,
                            &certificates->server, &certificates->server_key, why, why_size);
    ERR_clear_error();
    return err;
}

void certificates_close(struct certificates *certificates)
{
    X509_free(certificates->ca);
    X509_free(certificates->server);
    EVP_PKEY_free(certificates->ca_key);
    EVP_PKEY_free(certificates->server_key);
    memset(certificates, 0, sizeof(*certificates));
}

/* --- handshakes, good and bad --------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    struct wanted wanted;
} kinds[TLS_KINDS] = {
    [TLS_GOOD] = {"off", {"localhost", GOOD_NAMES, -DAY_S, SERVER_DAYS *DAY_S, false}},
    [TLS_EXPIRED] = {"expired", {"localhost", GOOD_NAMES, -9 * DAY_S, -2 * DAY_S, false}},
    [TLS_NOT_YET] = {"not_yet", {"localhost", GOOD_NAMES, 2 * DAY_S, 9 * DAY_S, false}},
    [TLS_WRONG_HOST] = {"wrong_host", {"other.invalid", "DNS:other.invalid", -DAY_S, 9 * DAY_S, false}},
    [TLS_WRONG_IP] = {"wrong_ip", {"127.0.0.2", "IP:127.0.0.2", -DAY_S, 9 * DAY_S, false}},
    [TLS_UNKNOWN_CA] = {"unknown_ca", {"localhost", GOOD_NAMES, -DAY_S, 9 * DAY_S, false}},
    [TLS_SELF_SIGNED] = {"self_signed", {"localhost", GOOD_NAMES, -DAY_S, 9 * DAY_S, false}},
    [TLS_NO_CA_BIT] = {"no_ca_bit", {"localhost", GOOD_NAMES, -DAY_S, 9 * DAY_S, false}},
    [TLS_10] = {"tls10", {"localhost", GOOD_NAMES, -DAY_S, 9 * DAY_S, false}},
    [TLS_11] = {"tls11", {"localhost", GOOD_NAMES, -DAY_S, 9 * DAY_S, false}},
};

const char *tls_kind_word(enum tls_kind kind)
{
    return kinds[kind].word;
}

static bool use(SSL_CTX *context, X509 *cert, EVP_PKEY *key, X509 *between)
{
    return cert != NULL && SSL_CTX_use_certificate(context, cert) == 1 &&
           SSL_CTX_use_PrivateKey(context, key) == 1 &&
           (between == NULL || SSL_CTX_add1_chain_cert(context, between) == 1);
}

/* A certificate of the kind, with the key that goes with it. */
static bool use_kind(SSL_CTX *context, const struct certificates *own, enum tls_kind kind)
{
    const struct wanted other_ca = {"Some other CA", NULL, -DAY_S, 9 * DAY_S, true};
    const struct wanted no_ca = {"not an authority", NULL, -DAY_S, 9 * DAY_S, false};
    EVP_PKEY *key = EVP_EC_gen("P-256"), *other_key = EVP_EC_gen("P-256");
    X509 *issuer = NULL, *cert = NULL;
    bool ok = false;

    if (key != NULL && other_key != NULL) {
        if (kind == TLS_UNKNOWN_CA)
            issuer = make(other_key, &other_ca, NULL, NULL);
        else if (kind == TLS_NO_CA_BIT)
            issuer = make(other_key, &no_ca, own->ca, own->ca_key);
        if (kind == TLS_SELF_SIGNED)
            cert = make(key, &kinds[kind].wanted, NULL, NULL);
        else if (kind == TLS_UNKNOWN_CA || kind == TLS_NO_CA_BIT)
            cert = issuer == NULL ? NULL : make(key, &kinds[kind].wanted, issuer, other_key);
        else
            cert = make(key, &kinds[kind].wanted, own->ca, own->ca_key);
        ok = use(context, cert, key, kind == TLS_NO_CA_BIT ? issuer : NULL);
    }
    X509_free(cert);
    X509_free(issuer);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other_key);
    return ok;
}

static bool use_old_protocol(SSL_CTX *context, int version)
{
    SSL_CTX_set_security_level(context, 0); /* SHA-1 signatures, which these protocols need */
    return SSL_CTX_set_min_proto_version(context, version) == 1 &&
           SSL_CTX_set_max_proto_version(context, version) == 1 &&
           SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1;
}

SSL_CTX *certificates_context(const struct certificates *certificates, enum tls_kind kind)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    bool ok = context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;

    if (ok) {
        SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
        if (kind == TLS_GOOD)
            ok = use(context, certificates->server, certificates->server_key, NULL);
        else
            ok = use_kind(context, certificates, kind);
        if (ok && (kind == TLS_10 || kind == TLS_11))
            ok = use_old_protocol(context, kind == TLS_10 ? TLS1_VERSION : TLS1_1_VERSION);
    }
    ERR_clear_error();
    if (ok)
        return context;
    SSL_CTX_free(context);
    return NULL;
}
