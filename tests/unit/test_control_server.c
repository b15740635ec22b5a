/* The control socket with an engine of cardboard behind it: lines, bounds, silence, strangers, and the instance lock. */
#include "unit/cmocka_all.h"

#include "app/instance_lock.h"
#include "service/control_server.h"
#include "service/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK_MS 8000

enum engine_habit { ANSWERS, SILENT, FULL };

static struct {
    char folder[64];
    struct control_server *server;
    _Atomic int habit;
    atomic_uint taken;
} desk;

/* The server's own thread plays the engine's: one thread each way is all that the rings ask for. */
static bool engine(void *arg, const struct control_request *request)
{
    struct control_answer answer = {.seq = request->seq, .ok = true, .level = CONTROL_GOOD};

    (void)arg;
    atomic_fetch_add(&desk.taken, 1U);
    if (atomic_load(&desk.habit) != ANSWERS)
        return atomic_load(&desk.habit) == SILENT;
    if (request->kind == CONTROL_STATUS || request->kind == CONTROL_CONTROLS) {
        struct control_report *report = control_server_report(desk.server);

        memset(report, 0, sizeof(*report));
        report->seq = request->seq;
        report->status.mode = "SIMULATION";
        report->status.state = "ACTIVE";
        control_server_publish(desk.server);
        return true;
    }
    snprintf(answer.text, sizeof(answer.text), "kind %d", (int)request->kind);
    return control_server_answer(desk.server, &answer);
}

static int open_desk(void **state)
{
    struct control_host host = {.send = engine};
    char why[256];

    (void)state;
    strcpy(desk.folder, "/tmp/flowdeck-control-XXXXXX");
    atomic_store(&desk.habit, ANSWERS);
    atomic_store(&desk.taken, 0U);
    return mkdtemp(desk.folder) != NULL &&
                   control_server_open(desk.folder, &host, &desk.server, why, sizeof(why)) == ERR_OK
               ? 0
               : -1;
}

static int close_desk(void **state)
{
    char command[128];

    (void)state;
    control_server_close(desk.server);
    snprintf(command, sizeof(command), "rm -rf '%s'", desk.folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

static int connect_to_desk(void)
{
    char why[256] = "";
    int fd;

    if (control_socket_connect(desk.folder, &fd, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return fd;
}

static void assert_answer(int fd, const char *line, const char *part)
{
    char *answer = NULL, why[256] = "";

    if (control_socket_ask(fd, line, ASK_MS, &answer, why, sizeof(why)) != ERR_OK)
        fail_msg("%s: %s", line, why);
    if (strstr(answer, part) == NULL)
        fail_msg("%s: %s", line, answer);
    free(answer);
}

static void test_lines_are_answered_in_turn(void **state)
{
    int fd = connect_to_desk(), other = connect_to_desk();

    (void)state;
    assert_answer(fd, "{\"do\":\"pause\",\"id\":1}\n", "\"id\":1");
    assert_answer(other, "{\"do\":\"status\"}\n", "\"state\":\"ACTIVE\"");
    assert_answer(fd, "{\"do\":\"controls\"}\n", "\"controls\":[]");
    assert_answer(fd, "nonsense\n", "one JSON object");
    assert_answer(fd, "{\"do\":\"kill\"}\n", "\"ok\":true"); /* a bad line costs nothing but itself */
    close(fd);
    close(other);
}

/* Many in one packet, empty ones too: each is answered, in order. */
static void test_many_lines_at_once(void **state)
{
    char many[4096] = "", all[65536] = "";
    size_t used = 0;
    unsigned lines = 0;
    int fd = connect_to_desk();

    (void)state;
    for (int i = 0; i < 20; i++)
        strcat(many, "{\"do\":\"pause\"}\n\n");
    assert_int_equal(send(fd, many, strlen(many), 0), strlen(many));
    while (lines < 40) {
        ssize_t got = recv(fd, all + used, sizeof(all) - used - 1, 0);

        assert_true(got > 0);
        for (ssize_t i = 0; i < got; i++)
            lines += all[used + (size_t)i] == '\n';
        used += (size_t)got;
    }
    assert_int_equal(atomic_load(&desk.taken), 20);
    close(fd);
}

static void test_a_whole_buffer_of_empty_lines(void **state)
{
    static char newlines[CONTROL_LINE_MAX];
    int fd = connect_to_desk();
    unsigned lines = 0;
    char some[4096];

    (void)state;
    memset(newlines, '\n', sizeof(newlines));
    assert_int_equal(send(fd, newlines, sizeof(newlines), 0), sizeof(newlines));
    while (lines < sizeof(newlines)) {
        ssize_t got = recv(fd, some, sizeof(some), 0);

        assert_true(got > 0);
        for (ssize_t i = 0; i < got; i++)
            lines += some[i] == '\n';
    }
    close(fd);
}

static void test_a_line_without_an_end_is_refused(void **state)
{
    static char line[CONTROL_LINE_MAX + 1];
    char answer[512];
    int fd = connect_to_desk();
    ssize_t got;

    (void)state;
    memset(line, 'x', CONTROL_LINE_MAX);
    assert_int_equal(send(fd, line, CONTROL_LINE_MAX, 0), CONTROL_LINE_MAX);
    got = recv(fd, answer, sizeof(answer) - 1, 0);
    assert_true(got > 0);
    answer[got] = '\0';
    assert_non_null(strstr(answer, "more than 4096 bytes"));
    assert_int_equal(recv(fd, answer, sizeof(answer), 0), 0); /* and closed */
    close(fd);
}

static void test_no_more_connections_than_allowed(void **state)
{
    int fd[CONTROL_CONNECTIONS], more;
    char answer[512];
    ssize_t got;

    (void)state;
    for (int i = 0; i < CONTROL_CONNECTIONS; i++) {
        fd[i] = connect_to_desk();
        assert_answer(fd[i], "{\"do\":\"pause\"}\n", "\"ok\":true");
    }
    more = connect_to_desk();
    got = recv(more, answer, sizeof(answer) - 1, 0);
    assert_true(got > 0);
    answer[got] = '\0';
    assert_non_null(strstr(answer, "too many connections"));
    close(more);
    close(fd[0]);
    usleep(50000);
    fd[0] = connect_to_desk(); /* its place is free again */
    assert_answer(fd[0], "{\"do\":\"pause\"}\n", "\"ok\":true");
    for (int i = 0; i < CONTROL_CONNECTIONS; i++)
        close(fd[i]);
}

/* Whoever goes while his answer is on the way is forgotten; his number is nobody else's. */
static void test_a_client_that_leaves_early(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        int fd = connect_to_desk();

        assert_true(send(fd, "{\"do\":\"status\"}\n", 16, 0) == 16);
        close(fd);
    }
    for (int i = 0; i < 10; i++) {
        int fd = connect_to_desk();

        assert_answer(fd, "{\"do\":\"pause\",\"id\":\"mine\"}\n", "\"id\":\"mine\"");
        close(fd);
    }
}

static void test_an_engine_that_is_full_or_silent_is_told(void **state)
{
    int fd = connect_to_desk();

    (void)state;
    atomic_store(&desk.habit, FULL);
    assert_answer(fd, "{\"do\":\"pause\"}\n", "too much waits");
    assert_answer(fd, "{\"do\":\"kill\"}\n", "killed, but");
    atomic_store(&desk.habit, SILENT);
    assert_answer(fd, "{\"do\":\"pause\"}\n", "has not answered in time");
    close(fd);
}

/* A crash leaves its socket behind; the next start replaces it, and only its user may touch it. */
static void test_a_left_over_socket_is_replaced(void **state)
{
    struct control_host host = {.send = engine};
    char path[128], why[256] = "";
    struct stat found;
    int fd;

    (void)state;
    control_server_close(desk.server);
    desk.server = NULL;
    snprintf(path, sizeof(path), "%s/" CONTROL_SOCKET, desk.folder);
    assert_int_equal(stat(path, &found), -1); /* an orderly end removes it */
    assert_int_equal(control_socket_connect(desk.folder, &fd, why, sizeof(why)), ERR_NOT_FOUND);
    assert_int_equal(control_socket_listen(desk.folder, &fd, why, sizeof(why)), ERR_OK);
    close(fd); /* as a crash does: the name stays */
    assert_int_equal(control_socket_connect(desk.folder, &fd, why, sizeof(why)), ERR_NOT_FOUND);
    assert_int_equal(control_server_open(desk.folder, &host, &desk.server, why, sizeof(why)), ERR_OK);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    fd = connect_to_desk();
    assert_answer(fd, "{\"do\":\"pause\"}\n", "\"ok\":true");
    close(fd);
}

static void test_a_long_path_does_not_matter(void **state)
{
    struct control_host host = {.send = engine};
    char deep[600], why[256] = "";
    int fd;

    (void)state;
    control_server_close(desk.server);
    desk.server = NULL;
    snprintf(deep, sizeof(deep), "%s/%0200d", desk.folder, 1);
    assert_int_equal(mkdir(deep, 0700), 0);
    assert_int_equal(control_server_open(deep, &host, &desk.server, why, sizeof(why)), ERR_OK);
    assert_int_equal(control_socket_connect(deep, &fd, why, sizeof(why)), ERR_OK);
    assert_answer(fd, "{\"do\":\"pause\"}\n", "\"ok\":true");
    close(fd);
}

/* --- one engine for each data directory --------------------------------------------------------------------- */

static enum err take_lock(int wait_ms, int *fd, char why[256])
{
    struct instance_holder self;

    instance_holder_self(&self);
    return instance_lock_take(desk.folder, &self, wait_ms, fd, why, 256);
}

static void test_a_second_instance_is_refused_with_the_pid(void **state)
{
    char why[256] = "", pid_text[32];
    int first, second, status;
    pid_t pid, child;

    (void)state;
    assert_false(instance_lock_held(desk.folder, &pid));
    assert_int_equal(take_lock(0, &first, why), ERR_OK);
    assert_true(instance_lock_held(desk.folder, &pid));
    assert_int_equal(pid, getpid());
    assert_int_equal(take_lock(0, &second, why), ERR_STATE);
    snprintf(pid_text, sizeof(pid_text), "(pid %d)", (int)getpid());
    assert_non_null(strstr(why, pid_text));
    assert_non_null(strstr(why, "--standby"));
    instance_lock_drop(first);
    child = fork();
    if (child == 0) { /* dies with it, as by a crash */
        take_lock(0, &first, why);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(take_lock(0, &first, why), ERR_OK);
    instance_lock_drop(first);
}

/* The holder is gone, another process of it holds on until it has cleared up: waited for, then told. */
static void test_a_lock_that_is_being_cleared_up_is_waited_for(void **state)
{
    char why[256] = "";
    int lock, told[2], status;
    pid_t leader, keeper = 0;

    (void)state;
    assert_int_equal(pipe(told), 0);
    leader = fork();
    if (leader == 0) {
        take_lock(0, &lock, why);
        keeper = fork();
        if (keeper == 0) {
            usleep(400000);
            _exit(0);
        }
        if (write(told[1], &keeper, sizeof(keeper)) != sizeof(keeper))
            _exit(9);
        _exit(0);
    }
    assert_int_equal(waitpid(leader, &status, 0), leader);
    assert_int_equal(read(told[0], &keeper, sizeof(keeper)), sizeof(keeper));
    assert_int_equal(take_lock(0, &lock, why), ERR_STATE);
    assert_int_equal(take_lock(5000, &lock, why), ERR_OK);
    instance_lock_drop(lock);
    close(told[0]);
    close(told[1]);
}

/* Ticks of the processor that this process took, in all its threads. */
static long ticks(void)
{
    struct tms used;

    times(&used);
    return (long)(used.tms_utime + used.tms_stime);
}

static void call_in_vain(int fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = ASK_MS / 1000};
    char line[256] = "";

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/" CONTROL_SOCKET, desk.folder);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_true(read(fd, line, sizeof(line) - 1) > 0);
    assert_non_null(strstr(line, "no file descriptor is left"));
    close(fd);
}

/* With no descriptor left a caller is told and sent away, and the thread sleeps; with one left it serves again. */
static void test_without_descriptors_it_sends_away_and_does_not_spin(void **state)
{
    enum { MOST = 256 };
    struct rlimit before, few;
    int taken[MOST], first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                     second = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), count = 0;
    long start;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = MOST;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (count < MOST && (taken[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        count++;
    assert_int_equal(errno, EMFILE);
    call_in_vain(first);
    taken[count++] = open("/dev/null", O_RDONLY | O_CLOEXEC); /* in the place of the first */
    start = ticks();
    usleep(1000000);
    assert_true(ticks() - start <= sysconf(_SC_CLK_TCK) / 20); /* 5 % of one processor */
    call_in_vain(second);
    while (count > 0)
        close(taken[--count]);
    setrlimit(RLIMIT_NOFILE, &before);
    close(connect_to_desk());
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_without_descriptors_it_sends_away_and_does_not_spin),
        DESK_TEST(test_lines_are_answered_in_turn),
        DESK_TEST(test_many_lines_at_once),
        DESK_TEST(test_a_whole_buffer_of_empty_lines),
        DESK_TEST(test_a_line_without_an_end_is_refused),
        DESK_TEST(test_no_more_connections_than_allowed),
        DESK_TEST(test_a_client_that_leaves_early),
        DESK_TEST(test_an_engine_that_is_full_or_silent_is_told),
        DESK_TEST(test_a_left_over_socket_is_replaced),
        DESK_TEST(test_a_long_path_does_not_matter),
        DESK_TEST(test_a_second_instance_is_refused_with_the_pid),
        DESK_TEST(test_a_lock_that_is_being_cleared_up_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
