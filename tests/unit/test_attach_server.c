/*
 * test_attach_server.c - the thread of attached screens against an engine made of counters: what it asks for, when, and
 * what it does with screens that do not keep to it.
 */
#include "unit/cmocka_all.h"

#include "core/base/clock.h"
#include "service/attach_client.h"
#include "service/attach_server.h"
#include "service/control.h"
#include "service/control_socket.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NOTES_MAX 256
#define WAIT_NS   INT64_C(5000000000)

static struct {
    char folder[64];
    struct attach_server *server;
    pthread_mutex_t lock;
    struct attach_note note[NOTES_MAX];
    int notes, wants, shown;
    bool full; /* its ring */
    bool fresh;
    struct view_frame frame; /* the newest */
    struct view_frame taken; /* the server's, until it takes another */
} engine = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool on_note(void *arg, const struct attach_note *note)
{
    bool fits;

    (void)arg;
    pthread_mutex_lock(&engine.lock);
    fits = !engine.full && engine.notes < NOTES_MAX;
    if (fits)
        engine.note[engine.notes++] = *note;
    pthread_mutex_unlock(&engine.lock);
    return fits;
}

static void on_want(void *arg, unsigned screen)
{
    (void)arg;
    (void)screen;
    pthread_mutex_lock(&engine.lock);
    engine.wants++;
    pthread_mutex_unlock(&engine.lock);
}

static const struct view_frame *on_frame(void *arg, unsigned screen)
{
    const struct view_frame *frame;

    (void)arg;
    (void)screen;
    pthread_mutex_lock(&engine.lock);
    if (engine.fresh)
        engine.taken = engine.frame;
    frame = engine.fresh ? &engine.taken : NULL;
    engine.shown += engine.fresh;
    engine.fresh = false;
    pthread_mutex_unlock(&engine.lock);
    return frame;
}

static int start(void **state)
{
    struct attach_host host = {.version = "0", .note = on_note, .want = on_want, .frame = on_frame};
    char why[256];

    (void)state;
    strcpy(engine.folder, "/tmp/flowdeck-attach-XXXXXX");
    engine.notes = engine.wants = engine.shown = 0;
    engine.full = engine.fresh = false;
    memset(&engine.frame, 0, sizeof(engine.frame));
    return mkdtemp(engine.folder) != NULL &&
                   attach_server_open(engine.folder, &host, &engine.server, why, sizeof(why)) == ERR_OK
               ? 0
               : -1;
}

static int stop(void **state)
{
    (void)state;
    attach_server_close(engine.server);
    return rmdir(engine.folder);
}

static struct attach_client *open_client(void)
{
    struct attach_hello hello = {.name = "pts/7", .symbol = "ETHUSDT"};
    struct attach_client *client;
    char why[256];

    attach_build("0", hello.build);
    if (attach_client_open(engine.folder, &hello, &client, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return client;
}

static int read_int(const int *at)
{
    int value;

    pthread_mutex_lock(&engine.lock);
    value = *at;
    pthread_mutex_unlock(&engine.lock);
    return value;
}

static bool reaches(const int *at, int value)
{
    for (int64_t by_ns = clock_monotonic_ns() + WAIT_NS; clock_monotonic_ns() < by_ns; usleep(1000))
        if (read_int(at) >= value)
            return true;
    return false;
}

static void publish(uint32_t session, int64_t now_ns)
{
    pthread_mutex_lock(&engine.lock);
    engine.frame.desk.session = session;
    engine.frame.status.now_ns = now_ns;
    engine.fresh = true;
    pthread_mutex_unlock(&engine.lock);
    attach_server_wake(engine.server);
}

static bool comes(struct attach_client *client)
{
    for (int64_t by_ns = clock_monotonic_ns() + WAIT_NS; clock_monotonic_ns() < by_ns; usleep(1000))
        if (attach_client_poll(client))
            return true;
    return false;
}

static void test_a_screen_comes_asks_and_goes(void **state)
{
    struct attach_client *client = open_client();
    const struct command kill = {.kind = COMMAND_KILL, .seq = 3};

    (void)state;
    assert_int_equal(attach_client_pid(client), getpid());
    assert_true(reaches(&engine.notes, 1));
    assert_int_equal(engine.note[0].kind, ATTACH_CAME);
    assert_int_equal(engine.note[0].screen, 1);
    assert_string_equal(engine.note[0].name, "pts/7");
    assert_string_equal(engine.note[0].symbol, "ETHUSDT");
    assert_true(attach_client_send(client, &kill));
    assert_true(reaches(&engine.notes, 2));
    assert_int_equal(engine.note[1].kind, ATTACH_ASKS);
    assert_int_equal(engine.note[1].command.kind, COMMAND_KILL);
    assert_int_equal(engine.note[1].command.seq, 3);
    attach_client_close(client);
    assert_true(reaches(&engine.notes, 3));
    assert_int_equal(engine.note[2].kind, ATTACH_WENT);
}

/* Nobody asked: nothing is taken from the engine. Asked once: the newest alone. */
static void test_only_the_newest_and_only_when_asked(void **state)
{
    struct attach_client *client = open_client();

    (void)state;
    assert_true(reaches(&engine.notes, 1));
    for (int i = 1; i <= 10; i++)
        publish(1, i);
    usleep(100000);
    assert_int_equal(read_int(&engine.shown), 0);
    assert_int_equal(read_int(&engine.wants), 0);
    assert_true(comes(client));
    assert_int_equal(attach_client_frame(client)->status.now_ns, 10);
    attach_client_close(client);
    assert_true(reaches(&engine.notes, 2));
}

static void test_a_frame_of_who_was_here_before_is_not_shown(void **state)
{
    struct attach_client *client = open_client();

    (void)state;
    publish(9, 5); /* sessions begin at 1 */
    for (int i = 0; i < 100; i++, usleep(1000))
        assert_false(attach_client_poll(client));
    publish(1, 6);
    assert_true(comes(client));
    assert_int_equal(attach_client_frame(client)->status.now_ns, 6);
    attach_client_close(client);
    assert_true(reaches(&engine.notes, 2));
}

/* What finds the ring full waits in order; nothing is lost. */
static void test_commands_wait_for_a_full_ring(void **state)
{
    struct attach_client *client = open_client();

    (void)state;
    assert_true(reaches(&engine.notes, 1));
    pthread_mutex_lock(&engine.lock);
    engine.full = true;
    pthread_mutex_unlock(&engine.lock);
    for (uint32_t i = 1; i <= 40; i++) {
        const struct command cancel = {.kind = COMMAND_CANCEL, .seq = i};

        assert_true(attach_client_send(client, &cancel));
    }
    usleep(250000);
    assert_int_equal(read_int(&engine.notes), 1);
    pthread_mutex_lock(&engine.lock);
    engine.full = false;
    pthread_mutex_unlock(&engine.lock);
    assert_true(reaches(&engine.notes, 41));
    for (int i = 1; i <= 40; i++)
        assert_int_equal(engine.note[i].command.seq, i);
    attach_client_close(client);
    assert_true(reaches(&engine.notes, 42));
}

/* It asks for ever and reads nothing: once its socket is full, no further frame is taken from the engine. */
static void test_a_screen_that_never_reads_costs_one_frame(void **state)
{
    struct attach_hello hello = {.name = "pts/8"};
    uint8_t message[ATTACH_SAID_MAX];
    char why[256];
    int fd, shown;

    (void)state;
    attach_build("0", hello.build);
    assert_int_equal(control_socket_connect(engine.folder, ATTACH_SOCKET, &fd, why, sizeof(why)), ERR_OK);
    assert_true(send(fd, message, attach_put(message, ATTACH_HELLO, &hello, sizeof(hello)), 0) > 0);
    assert_true(reaches(&engine.notes, 1));
    for (int i = 1; i < 100; i++) {
        ssize_t sent =
            send(fd, message, attach_put(message, ATTACH_WANT, NULL, 0), MSG_DONTWAIT | MSG_NOSIGNAL);

        assert_true(sent > 0 || errno == EAGAIN);
        usleep(2000);
        pthread_mutex_lock(&engine.lock);
        memset(&engine.frame.lists, i % 2, sizeof(engine.frame.lists));
        memset(&engine.frame.controls, i % 2, sizeof(engine.frame.controls));
        pthread_mutex_unlock(&engine.lock);
        publish(1, i);
        usleep(2000);
    }
    shown = read_int(&engine.shown);
    print_message("frames taken for a screen that reads nothing: %d, asked for: %d\n", shown,
                  read_int(&engine.wants));
    assert_in_range(shown, 1, 10);
    assert_in_range(read_int(&engine.wants), 0, 10);
    close(fd);
    assert_true(reaches(&engine.notes, 2));
}

/* Each coming and going is noted and journaled: one that does nothing else for half a second gets few of them. */
static void test_who_comes_and_goes_all_the_time_has_to_wait(void **state)
{
    struct attach_hello hello = {.name = "pts/9"};
    int64_t by_ns = clock_monotonic_ns() + WAIT_NS / 10;
    uint8_t message[ATTACH_SAID_MAX];
    char why[256];
    int tries = 0, fd;

    (void)state;
    attach_build("0", hello.build);
    for (; clock_monotonic_ns() < by_ns; tries++) {
        assert_int_equal(control_socket_connect(engine.folder, ATTACH_SOCKET, &fd, why, sizeof(why)), ERR_OK);
        (void)!send(fd, message, attach_put(message, ATTACH_HELLO, &hello, sizeof(hello)), MSG_NOSIGNAL);
        close(fd);
    }
    print_message("%d came and went, %d notes\n", tries, read_int(&engine.notes));
    assert_in_range(read_int(&engine.notes), 1, 2 * ATTACH_COME_MAX * 7);
}

static void *read_in_sips(void *arg)
{
    char sip[65536];

    while (recv(*(int *)arg, sip, sizeof(sip), 0) > 0)
        usleep(20000);
    return NULL;
}

/* Whoever reads the rest of a frame a little at a time does not hold up the engine's end. */
static void test_the_last_word_does_not_wait_for_a_slow_reader(void **state)
{
    static uint8_t rest[16 << 20];
    pthread_t reader;
    int64_t took_ns;
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_in_sips, &pair[1]), 0);
    took_ns = clock_monotonic_ns();
    attach_say_bye(pair[0], rest, sizeof(rest), "the engine has ended");
    took_ns = clock_monotonic_ns() - took_ns;
    shutdown(pair[1], SHUT_RD);
    close(pair[0]);
    pthread_join(reader, NULL);
    close(pair[1]);
    assert_in_range(took_ns, 0, 2000000000);
}

static void test_the_end_is_told(void **state)
{
    struct attach_client *client = open_client();

    (void)state;
    attach_server_close(engine.server);
    engine.server = NULL;
    for (int i = 0; i < 1000 && attach_client_ended(client) == NULL; i++, usleep(1000))
        attach_client_poll(client);
    assert_string_equal(attach_client_ended(client), "the engine has ended");
    attach_client_close(client);
}

/* --- an engine that hangs ------------------------------------------------------------------------------------------ */

/* Takes one screen in and never reads of it again. */
static void *welcome_one(void *arg)
{
    static int accepted;
    uint8_t message[ATTACH_HEAD_SIZE + sizeof(struct attach_welcome)];
    struct attach_welcome welcome = {(int32_t)getpid()};

    accepted = accept(*(int *)arg, NULL, NULL);
    attach_put(message, ATTACH_WELCOME, &welcome, sizeof(welcome));
    return send(accepted, message, sizeof(message), MSG_NOSIGNAL) == (ssize_t)sizeof(message) ? &accepted
                                                                                              : NULL;
}

/* A screen asks thirty times a second: what is asked must not fill the line that a kill has to take. */
static void test_a_kill_gets_into_the_line_to_an_engine_that_hangs(void **state)
{
    const struct command kill = {.kind = COMMAND_KILL};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct attach_client *client;
    pthread_t thread;
    void *accepted;
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    strcpy(engine.folder, "/tmp/flowdeck-attach-XXXXXX");
    assert_non_null(mkdtemp(engine.folder));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/" ATTACH_SOCKET, engine.folder);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, welcome_one, &listener), 0);
    client = open_client();
    assert_int_equal(pthread_join(thread, &accepted), 0);
    assert_non_null(accepted);
    for (int i = 0; i < 60 * 30; i++) /* a minute of it */
        assert_false(attach_client_poll(client));
    assert_null(attach_client_ended(client));
    assert_true(attach_client_send(client, &kill));
    attach_client_close(client);
    close(*(int *)accepted);
    close(listener);
    assert_int_equal(unlink(address.sun_path), 0);
    assert_int_equal(rmdir(engine.folder), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_screen_comes_asks_and_goes),
        TEST(test_only_the_newest_and_only_when_asked),
        TEST(test_a_frame_of_who_was_here_before_is_not_shown),
        TEST(test_commands_wait_for_a_full_ring),
        TEST(test_a_screen_that_never_reads_costs_one_frame),
        TEST(test_who_comes_and_goes_all_the_time_has_to_wait),
        TEST(test_the_end_is_told),
        cmocka_unit_test(test_the_last_word_does_not_wait_for_a_slow_reader),
        cmocka_unit_test(test_a_kill_gets_into_the_line_to_an_engine_that_hangs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
