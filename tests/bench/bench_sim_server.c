/*
 * What it costs the built-in exchange to send a stream message to one client over TLS on loopback, next to a bare
 * SSL_write() of each message from a thread that does nothing else. Required: the messages arrive as fast as they are
 * offered, and cost less than the bare writer's (they share TLS records).
 */
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#undef NDEBUG
#define assert_true(holds)       assert(holds)
#define assert_false(holds)      assert(!(holds))
#define assert_null(pointer)     assert((pointer) == NULL)
#define assert_non_null(pointer) assert((pointer) != NULL)
#define assert_int_equal(a, b)   assert((a) == (b))
#define fail_msg(...)            assert(fprintf(stderr, __VA_ARGS__) < 0)

#include "unit/sim_server_world.h"

#include "core/base/clock.h"
#include "sim/certificates.h"

#include <time.h>

#define SECONDS       3
#define BURST         2000 /* messages every 10 ms */
#define BARE_MESSAGES 300000
#define FRAME_SIZE    141
#define RATE_LEAST    100000.0

static double cpu_ns(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Whole frames in what the client has; takes them away. */
static size_t count_frames(struct client *client)
{
    size_t at = 0, count = 0;

    while (client->size - at >= 4) {
        size_t size = client->in[at + 1] & 0x7f, head = size < 126 ? 2 : 4;

        if (head == 4)
            size = (size_t)client->in[at + 2] << 8 | client->in[at + 3];
        if (client->size - at < head + size)
            break;
        at += head + size;
        count++;
    }
    client_take(client, at);
    return count;
}

static double measure_server(double *per_s)
{
    void *state = NULL;
    struct running *running;
    struct client client;
    size_t count = 0;
    clockid_t thread;
    double cpu;
    int64_t began_ns;

    start(&state);
    running = state;
    pthread_getcpuclockid(running->thread, &thread);
    ws_connect(&client, running, "/ws/btcusdt@trade");
    atomic_store(&fake_burst, BURST);
    cpu = cpu_ns(thread);
    began_ns = clock_monotonic_ns();
    while (clock_monotonic_ns() - began_ns < SECONDS * INT64_C(1000000000)) {
        assert(client_more(&client) > 0);
        count += count_frames(&client);
    }
    *per_s = (double)count * 1e9 / (double)(clock_monotonic_ns() - began_ns);
    cpu = cpu_ns(thread) - cpu;
    atomic_store(&fake_burst, 1);
    client_close(&client);
    stop(&state);
    return cpu / (double)count;
}

/* --- the bare writer ------------------------------------------------------------------------------------------ */

static void *bare_reader(void *arg)
{
    static char bytes[65536];
    SSL *ssl = arg;

    if (SSL_connect(ssl) == 1)
        while (SSL_read(ssl, bytes, sizeof(bytes)) > 0)
            continue;
    return NULL;
}

static double measure_bare(void)
{
    static const char frame[FRAME_SIZE] = {0};
    struct certificates certificates;
    char dir[] = "/tmp/flowdeck-bench-XXXXXX", why[256];
    struct running files = {0};
    int pair[2];
    SSL_CTX *server, *client = SSL_CTX_new(TLS_client_method());
    SSL *writer, *reader = SSL_new(client);
    pthread_t thread;
    double cpu;

    assert(mkdtemp(dir) != NULL && certificates_open(&certificates, dir, why, sizeof(why)) == ERR_OK);
    server = certificates_context(&certificates, TLS_GOOD);
    writer = SSL_new(server);
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    SSL_set_fd(writer, pair[0]);
    SSL_set_fd(reader, pair[1]);
    pthread_create(&thread, NULL, bare_reader, reader);
    assert(SSL_accept(writer) == 1);
    cpu = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < BARE_MESSAGES; i++)
        assert(SSL_write(writer, frame, sizeof(frame)) == (int)sizeof(frame));
    cpu = cpu_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
    SSL_shutdown(writer);
    close(pair[0]);
    pthread_join(thread, NULL);
    close(pair[1]);
    SSL_free(writer);
    SSL_free(reader);
    SSL_CTX_free(server);
    SSL_CTX_free(client);
    certificates_close(&certificates);
    snprintf(files.dir, sizeof(files.dir), "%s", dir);
    running_remove(&files);
    return cpu / BARE_MESSAGES;
}

int main(void)
{
    double per_s, own, bare;

    signal(SIGPIPE, SIG_IGN);
    own = measure_server(&per_s);
    bare = measure_bare();
    printf("offered %d messages/s of %d bytes, %.0f/s came; server %.0f ns of CPU each, bare writer %.0f ns: "
           "%.2f of it\n",
           BURST * 100, FRAME_SIZE, per_s, own, bare, own / bare);
    return per_s >= RATE_LEAST && own < bare ? 0 : 1;
}
