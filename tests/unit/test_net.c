/* Names, bounds and lifetime of connections and calls. */
#include "unit/net_rig.h"

#include "net/resolver.h"
#include "net/url.h"

#include <dirent.h>

static void test_url(void **state)
{
    static const char *const bad[] = {"http://a/",    "https://",       "https://a:0/",    "https://a:65536/",
                                      "https://a:/",  "https://u:p@a/", "https://a b/",    "https://a/ b",
                                      "https://a/#f", "https://[::1]/", "https://a/\r\nX", "wss://a/",
                                      "https://a:8x/"};
    char longer[NET_PATH_MAX + 64] = "https://a/";
    struct url url;

    (void)state;
    assert_null(url_parse("https://API.Example.com:8443/x?y=1", "https", &url));
    assert_string_equal(url.host, "api.example.com");
    assert_string_equal(url.host_header, "api.example.com:8443");
    assert_string_equal(url.path, "/x?y=1");
    assert_int_equal(url.port, 8443);
    assert_null(url_parse("wss://a?b", "wss", &url));
    assert_string_equal(url.path, "/?b");
    assert_string_equal(url.host_header, "a");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (url_parse(bad[i], "https", &url) == NULL)
            fail_msg("taken: %s", bad[i]);
    memset(longer + 10, 'x', NET_PATH_MAX - 1);
    longer[10 + NET_PATH_MAX - 1] = '\0';
    assert_null(url_parse(longer, "https", &url));
    memset(longer + 10, 'x', NET_PATH_MAX);
    assert_non_null(url_parse(longer, "https", &url));
}

static void test_refused_port(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;
    char url[128];

    (void)state;
    snprintf(url, sizeof(url), "%s", url_of(rig, "https", "127.0.0.1", "/"));
    server_stop(rig->server);
    rig->server = NULL;
    request = get(rig, url);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_CONNECT);
    rig_free(rig);
}

static void test_bounds(void **state)
{
    struct rig *rig = rig_talk(talk_slow);
    struct ws_client *clients[WS_CLIENTS_MAX];
    struct http_request request;
    struct ws_client_config config = {.url = "wss://nowhere.invalid/",
                                      .on_open = on_open,
                                      .on_message = on_message,
                                      .on_closed = on_closed};

    (void)state;
    pin(rig);
    config.arg = rig;
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    for (int i = 0; i < HTTP_CALLS_MAX; i++) {
        rig->call = http_start(rig->net, &request);
        assert_non_null(rig->call);
    }
    assert_null(http_start(rig->net, &request));
    http_cancel(rig->call);
    assert_non_null(http_start(rig->net, &request));
    for (int i = 0; i < WS_CLIENTS_MAX; i++) {
        clients[i] = ws_client_open(rig->net, &config);
        assert_non_null(clients[i]);
    }
    assert_null(ws_client_open(rig->net, &config));
    ws_client_free(clients[3]);
    assert_non_null(ws_client_open(rig->net, &config));
    for (int i = 0; i < RESOLVER_PINS_MAX - 1; i++) {
        char host[16];

        snprintf(host, sizeof(host), "h%d", i);
        assert_true(net_pin_address(rig->net, host, "127.0.0.1"));
    }
    assert_false(net_pin_address(rig->net, "one-more", "127.0.0.1"));
    assert_true(net_pin_address(rig->net, "h0", "::1"));
    assert_false(net_pin_address(rig->net, "h0", "localhost"));
    rig_free(rig);
    assert_true(true);
}

static atomic_bool hang_over;
static atomic_uint lookups;

static void lookup_hangs(const char *host, struct resolver_answer *answer)
{
    lookups++;
    if (strcmp(host, "localhost") == 0) {
        snprintf(answer->address[0], sizeof(answer->address[0]), "127.0.0.1");
        answer->count = 1;
        return;
    }
    while (!hang_over)
        poll(NULL, 0, 5);
    snprintf(answer->error, sizeof(answer->error), "too late");
}

static void test_hanging_lookup_stalls_nothing(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;

    (void)state;
    hang_over = false;
    net_set_lookup(rig->net, lookup_hangs);
    open_ws_at(rig, "wss://hangs.example/", 500, 0);
    start_get(rig, "/"); /* another name is found meanwhile */
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    rig->ticks = 0;
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_RESOLVE);
    assert_false(hang_over);
    assert_true(rig->ticks >= 10); /* the loop turned meanwhile */
    drop_ws(rig);
    request = get(rig, "https://hangs-too.example/");
    assert_non_null(http_start(rig->net, &request));
    run_for(rig, 20);
    rig_free(rig); /* does not wait for it */
    hang_over = true;
    poll(NULL, 0, 40); /* the threads find the net gone */
}

static void lookup_fails(const char *host, struct resolver_answer *answer)
{
    (void)host;
    snprintf(answer->error, sizeof(answer->error), "Name or service not known");
}

static void test_unknown_name(void **state)
{
    struct rig *rig = rig_new(NULL);

    (void)state;
    net_set_lookup(rig->net, lookup_fails);
    open_ws_at(rig, "wss://nothing.example/", 0, 0);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_RESOLVE);
    assert_non_null(strstr(rig->failure.text, "nothing.example: Name or service not known"));
    rig_free(rig);
}

/* Two dead addresses, the IPv6 one and one where nobody listens, before the right one. */
static void lookup_three(const char *host, struct resolver_answer *answer)
{
    (void)host;
    lookups++;
    snprintf(answer->address[0], sizeof(answer->address[0]), "::1");
    snprintf(answer->address[1], sizeof(answer->address[1]), "127.0.0.9");
    snprintf(answer->address[2], sizeof(answer->address[2]), "127.0.0.1");
    answer->count = 3;
}

static void test_every_address_is_tried_and_cached(void **state)
{
    struct rig *rig = rig_talk(talk_hello);

    (void)state;
    lookups = 0;
    net_set_lookup(rig->net, lookup_three);
    start_get(rig, "/");
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    start_get(rig, "/");
    run_until(rig, &rig->done, 2);
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_int_equal(lookups, 1);
    rig_free(rig);
}

/* An address that takes the connect and says nothing, as a black hole does: a listener with a full queue. */
static void lookup_hole_first(const char *host, struct resolver_answer *answer)
{
    (void)host;
    snprintf(answer->address[0], sizeof(answer->address[0]), "127.0.0.9");
    snprintf(answer->address[1], sizeof(answer->address[1]), "127.0.0.1");
    answer->count = 2;
}

static void test_black_hole_costs_its_share_of_the_time(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct sockaddr_in hole = {.sin_family = AF_INET, .sin_port = htons(rig->server->port)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), filler[4];
    struct http_request request;

    (void)state;
    inet_pton(AF_INET, "127.0.0.9", &hole.sin_addr);
    assert_int_equal(bind(listener, (struct sockaddr *)&hole, sizeof(hole)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (int i = 0; i < 4; i++) {
        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(filler[i], (struct sockaddr *)&hole, sizeof(hole));
    }
    net_set_lookup(rig->net, lookup_hole_first);
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    request.timeout_ms = 1000;
    rig->ticks = 0;
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_true(rig->ticks > 50); /* the hole was tried */
    for (int i = 0; i < 4; i++)
        close(filler[i]);
    close(listener);
    rig_free(rig);
}

static void test_system_lookup(void **state)
{
    struct rig *rig = rig_talk(talk_hello);

    (void)state;
    start_get(rig, "/"); /* localhost by /etc/hosts */
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    rig_free(rig);
}

static void test_free_inside_callbacks(void **state)
{
    struct rig *rig = rig_talk(talk_one_record);

    (void)state;
    pin(rig);
    rig->free_on_open = true;
    open_ws(rig);
    run_until(rig, &rig->opened, 1);
    rig->free_on_open = false;
    rig->free_on_message = true;
    open_ws(rig);
    run_until(rig, &rig->messages, 1);
    run_for(rig, 30);
    assert_int_equal(rig->messages, 1); /* the second message of the same read does not come */
    assert_int_equal(rig->closed, 0);
    rig_free(rig);
    rig = rig_talk(talk_429);
    pin(rig);
    rig->free_on_closed = true;
    open_ws(rig);
    run_until(rig, &rig->closed, 1);
    open_ws_at(rig, "ws://bad/", 0, 0);
    run_until(rig, &rig->closed, 2);
    assert_null(rig->ws);
    rig_free(rig);
}

static void on_done_again(void *arg, const struct http_reply *reply)
{
    struct rig *rig = arg;

    on_done(arg, reply);
    if (rig->done < 3) {
        struct http_request request = get(rig, url_of(rig, "https", "localhost", "/"));

        request.on_done = on_done_again;
        assert_non_null(http_start(rig->net, &request));
        open_ws_at(rig, url_of(rig, "wss", "localhost", "/"), 0, 0);
        drop_ws(rig);
    }
    http_cancel(rig->call); /* its own, the first time: too late, and harmless */
    rig->call = NULL;
}

static void test_start_and_cancel_inside_callbacks(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;

    (void)state;
    pin(rig);
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    request.on_done = on_done_again;
    rig->call = http_start(rig->net, &request);
    run_until(rig, &rig->done, 3);
    rig_free(rig);
}

static unsigned count_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void test_net_free_with_all_open(void **state)
{
    unsigned before = count_fds();

    (void)state;
    for (int delay_ms = 0; delay_ms < 60; delay_ms += 6) {
        struct rig *rig = rig_talk(talk_at_once);
        struct http_request request = get(rig, "https://hangs.example/");
        unsigned opened, messages;

        hang_over = false;
        pin(rig);
        net_set_lookup(rig->net, lookup_hangs);
        open_ws(rig);
        open_ws(rig);
        start_get(rig, "/");
        assert_non_null(http_start(rig->net, &request));
        if (delay_ms > 0)
            run_for(rig, delay_ms);
        opened = rig->opened;
        messages = rig->messages;
        net_free(rig->net);
        rig->net = NULL;
        run_for(rig, 5);
        assert_int_equal(rig->opened, opened);
        assert_int_equal(rig->messages, messages);
        assert_int_equal(rig->closed + rig->done, 0);
        rig_free(rig);
        hang_over = true;
    }
    poll(NULL, 0, 40);
    assert_int_equal(count_fds(), before);
}

/* Two nets on one loop, as engine and tests have them; the loop goes on without the first. */
static void test_two_nets_on_one_loop(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct net *second = new_net(rig->loop);

    (void)state;
    pin(rig);
    start_get(rig, "/");
    run_until(rig, &rig->done, 1);
    net_free(second);
    start_get(rig, "/");
    run_until(rig, &rig->done, 2);
    assert_int_equal(rig->failure.kind, NET_OK);
    rig_free(rig);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_url),
        cmocka_unit_test(test_refused_port),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_hanging_lookup_stalls_nothing),
        cmocka_unit_test(test_unknown_name),
        cmocka_unit_test(test_every_address_is_tried_and_cached),
        cmocka_unit_test(test_black_hole_costs_its_share_of_the_time),
        cmocka_unit_test(test_system_lookup),
        cmocka_unit_test(test_free_inside_callbacks),
        cmocka_unit_test(test_start_and_cancel_inside_callbacks),
        cmocka_unit_test(test_net_free_with_all_open),
        cmocka_unit_test(test_two_nets_on_one_loop),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
