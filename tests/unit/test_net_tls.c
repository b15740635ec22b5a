/* Certificates and protocol versions: what is refused, why, and that nothing was sent. */
#include "unit/net_rig.h"

#include "core/base/log.h"

#include <dirent.h>

/* What the certificate check must say of each server; nothing of the request may have been read by it. */
static void refused(const char *host, const struct server_spec *spec, const char *reason)
{
    struct rig *rig = rig_new(spec);
    struct http_request request = get(rig, url_of(rig, "https", host, "/secret?signature=abc"));

    pin(rig);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    if (rig->failure.kind != NET_FAIL_TLS || strstr(rig->failure.text, reason) == NULL)
        fail_msg("expected TLS: %s; got %s: %s", reason, net_failure_word(rig->failure.kind),
                 rig->failure.text);
    assert_null(strstr(rig->failure.text, "signature"));
    assert_null(rig->reply.body);
    open_ws_at(rig, url_of(rig, "wss", host, "/ws"), 0, 0);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TLS);
    assert_int_equal(rig->opened, 0);
    assert_true(rig->server->accepted >= 1);
    assert_int_equal(rig->server->plain_bytes, 0);
    rig_free(rig);
}

static void refused_cert(const char *host, const struct cert_spec *cert_spec, const struct cert *issuer,
                         const char *reason)
{
    struct cert cert = make_cert(cert_spec, issuer);

    refused(host, &(struct server_spec){.cert = &cert, .talk = talk_hello}, reason);
    free_cert(&cert);
}

static void test_expired(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){"x", "DNS:localhost", -7200, -3600, false}, &root,
                 "expired");
}

static void test_not_yet_valid(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){"x", "DNS:localhost", 3600, 7200, false}, &root,
                 "not yet valid");
}

static void test_wrong_host(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "localhost", .san = "DNS:other.example"}, &root,
                 "another host name");
}

static void test_wrong_ip(void **state)
{
    (void)state;
    refused_cert("127.0.0.1", &(struct cert_spec){.name = "127.0.0.1", .san = "IP:127.0.0.2,DNS:127.0.0.1"},
                 &root, "another address");
}

static void test_unknown_ca(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &other_root,
                 "unknown CA");
}

static void test_unknown_ca_with_its_root(void **state)
{
    struct cert cert = make_cert(&(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &other_root);

    (void)state;
    refused("localhost", &(struct server_spec){.cert = &cert, .chain = &other_root, .talk = talk_hello},
            "unknown CA");
    free_cert(&cert);
}

static void test_self_signed(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, NULL, "self-signed");
}

/* A certificate that is no CA signs another: everything fits but the CA bit. */
static void test_issuer_without_ca_bit(void **state)
{
    struct cert middle = make_cert(&(struct cert_spec){.name = "middle", .san = "DNS:mine.example"}, &root);
    struct cert cert = make_cert(&(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &middle);

    (void)state;
    refused("localhost", &(struct server_spec){.cert = &cert, .chain = &middle, .talk = talk_hello}, "no CA");
    free_cert(&cert);
    free_cert(&middle);
}

static void test_old_protocol(void **state)
{
    (void)state;
    refused("localhost", &(struct server_spec){.cert = &good, .tls_max = TLS1_VERSION, .talk = talk_hello},
            "protocol too old");
    refused("localhost", &(struct server_spec){.cert = &good, .tls_max = TLS1_1_VERSION, .talk = talk_hello},
            "protocol too old");
}

static void accepted(const char *host, int version, const char *sni)
{
    struct rig *rig = rig_new(
        &(struct server_spec){.cert = &good, .tls_min = version, .tls_max = version, .talk = talk_hello});
    struct http_request request = get(rig, url_of(rig, "https", host, "/"));

    pin(rig);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_string_equal(rig->failure.text, "");
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_string_equal(rig->text, "hello");
    assert_true(rig->padded);
    net_free(rig->net);
    rig->net = NULL;
    if (sni != NULL)
        assert_string_equal(rig->server->sni, sni);
    rig_free(rig);
}

static void test_good_certificates(void **state)
{
    (void)state;
    accepted("localhost", TLS1_2_VERSION, "localhost");
    accepted("localhost", TLS1_3_VERSION, "localhost");
    accepted("LOCALHOST", TLS1_3_VERSION, "localhost");
    accepted("127.0.0.1", TLS1_3_VERSION, NULL); /* by its IP name, not by DNS */
}

static void test_source_has_no_way_around_the_check(void **state)
{
    static const char *const forbidden[] = {"LCCSCF_ALLOW_", "SKIP_SERVER_CERT", "SSL_VERIFY_NONE",
                                            "set1_host", "X509_STORE_CTX_set_error"};
    DIR *folder = opendir("src/net");
    unsigned files = 0;

    (void)state;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[300], text[65536];
        FILE *file;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "src/net/%s", entry->d_name);
        file = fopen(path, "r");
        assert_non_null(file);
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        fclose(file);
        files++;
        for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
            if (strstr(text, forbidden[i]) != NULL)
                fail_msg("%s has %s", path, forbidden[i]);
    }
    closedir(folder);
    assert_true(files > 10);
}

static void test_no_tls_at_all(void **state)
{
    struct rig *rig = rig_new(NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
    char url[64];

    (void)state;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));

    struct http_request request = get(rig, url);

    assert_non_null(http_start(rig->net, &request));
    run_for(rig, 30);
    fd = accept(listener, NULL, NULL);
    assert_true(write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19) == 19);
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TLS);
    assert_non_null(strstr(rig->failure.text, "does not speak TLS"));
    close(fd);
    close(listener);
    rig_free(rig);
}

static void test_ca_file_unreadable(void **state)
{
    struct ev_loop *loop = ev_loop_new(0);
    struct net_config config = {.loop = loop, .ca_file = "/nonexistent/ca.pem"};
    struct net *net;
    char why[200];

    (void)state;
    assert_int_equal(net_new(&config, &net, why, sizeof(why)), ERR_IO);
    assert_null(net);
    assert_non_null(strstr(why, "/nonexistent/ca.pem"));
    ev_loop_destroy(loop);
}

/* What the library says goes to our log; nothing reaches stderr. */
static void test_library_is_quiet(void **state)
{
    char path[] = "/tmp/flowdeck-test-net-err-XXXXXX";
    int file = mkstemp(path), saved = dup(2);
    struct log_tail_line lines[LOG_TAIL_MAX];
    off_t written;
    bool found = false;

    (void)state;
    log_open(NULL, LOG_FORMAT_TEXT, LOG_WARN);
    dup2(file, 2);
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, NULL, "self-signed");
    dup2(saved, 2);
    written = lseek(file, 0, SEEK_CUR);
    close(file);
    close(saved);
    unlink(path);
    assert_int_equal(written, 0);
    log_drain();
    for (size_t i = 0, count = log_tail(lines, LOG_TAIL_MAX); i < count; i++)
        found |= strstr(lines[i].text, "net.library") != NULL;
    log_close();
    assert_true(found);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expired),
        cmocka_unit_test(test_not_yet_valid),
        cmocka_unit_test(test_wrong_host),
        cmocka_unit_test(test_wrong_ip),
        cmocka_unit_test(test_unknown_ca),
        cmocka_unit_test(test_unknown_ca_with_its_root),
        cmocka_unit_test(test_self_signed),
        cmocka_unit_test(test_issuer_without_ca_bit),
        cmocka_unit_test(test_old_protocol),
        cmocka_unit_test(test_good_certificates),
        cmocka_unit_test(test_source_has_no_way_around_the_check),
        cmocka_unit_test(test_no_tls_at_all),
        cmocka_unit_test(test_ca_file_unreadable),
        cmocka_unit_test(test_library_is_quiet),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
