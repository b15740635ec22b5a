/*
 * A leader of our own for the dead man: it ends in order, is killed, crashes, hangs, is stopped; what is left is told,
 * cancelled, latched, and a plug-in that did it is named. And the page they share.
 */
#include "unit/full_disk.h"

#include "app/deadman_keeper.h"
#include "app/kill_latch.h"
#include "core/base/clock.h"
#include "plugin/plugin_quarantine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 10000
#define SHA     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct stage { /* of one test */
    char folder[64];
    struct life_page *page;
    pid_t leader, deadman;
};

enum deed { END_IN_ORDER, BE_KILLED, CRASH, HANG_IN_CALLBACK, HANG_IN_LOOP, WAIT, KEEP_HIM };

static struct stage stage;

static int set_up(void **state)
{
    (void)state;
    memset(&stage, 0, sizeof(stage));
    strcpy(stage.folder, "/tmp/flowdeck-deadman-XXXXXX");
    stage.page = life_page_new();
    /* what a leader leaves behind comes to us, to be waited for */
    return mkdtemp(stage.folder) == NULL || stage.page == NULL || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 ? -1
                                                                                                        : 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    life_page_free(stage.page);
    umount2(stage.folder, MNT_DETACH); /* of the test that mounts */
    snprintf(command, sizeof(command), "rm -rf '%s'", stage.folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

static void read_file(const char *name, char *out, size_t size)
{
    char path[128];
    FILE *in;
    size_t got = 0;

    snprintf(path, sizeof(path), "%s/%s", stage.folder, name);
    in = fopen(path, "re");
    if (in != NULL) {
        got = fread(out, 1, size - 1, in);
        fclose(in);
    }
    out[got] = '\0';
}

static struct order order_of(uint64_t seq, enum order_state state)
{
    struct order order = {.seq = seq, .state = state};

    order.intent.side = SIDE_BID;
    order.intent.owner = 3;
    return order;
}

static bool refuse_even(void *arg, const struct life_order *order)
{
    (void)arg;
    return atomic_load(&order->seq) % 2 == 1;
}

static _Noreturn void lead(enum deed deed, const struct deadman_config *config, int told_fd)
{
    struct order first = order_of(11, ORDER_STATE_WORKING), second = order_of(12, ORDER_STATE_WORKING);
    struct life_page *page = config->page;
    char path[128], why[256];
    pid_t pid;
    int log;

    snprintf(path, sizeof(path), "%s/stderr", stage.folder);
    log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(log, STDERR_FILENO);
    strcpy(page->owner[3].name, "mine");
    strcpy(page->owner[3].path, "/opt/mine.so");
    strcpy(page->owner[3].sha256, SHA);
    life_page_note_order(page, &first, "BTCUSDT", INT64_C(6183000000000), 1000000);
    life_page_note_order(page, &second, "ETHUSDT", INT64_C(300000000000), 2000000);
    if (deadman_start(config, &pid, why, sizeof(why)) != ERR_OK ||
        write(told_fd, &pid, sizeof(pid)) != sizeof(pid))
        _exit(9);
    atomic_store(&page->heartbeat_ns, clock_monotonic_ns());
    if (deed == BE_KILLED)
        kill(getpid(), SIGKILL);
    if (deed == KEEP_HIM && deadman_keeper_start(config, pid) == NULL)
        _exit(9);
    if (deed == CRASH) {
        signal(SIGSEGV, SIG_DFL); /* a sanitizer's handler would exit instead */
        atomic_store(&page->crash_owner, 3U);
        atomic_store(&page->crash_signal, SIGSEGV);
        raise(SIGSEGV);
    }
    if (deed == HANG_IN_CALLBACK)
        life_page_enter(page, 3, clock_monotonic_ns());
    if (deed == END_IN_ORDER) {
        deadman_stop(page, pid);
        _exit(0);
    }
    for (;;) {
        if (deed == WAIT || deed == KEEP_HIM)
            atomic_store(&page->heartbeat_ns, clock_monotonic_ns());
        usleep(10000);
    }
}

static void start_leader(enum deed deed, struct deadman_config config)
{
    int told[2];

    assert_int_equal(pipe(told), 0);
    config.page = stage.page;
    config.data_dir = stage.folder;
    stage.leader = fork();
    if (stage.leader == 0)
        lead(deed, &config, told[1]);
    assert_true(stage.leader > 0);
    assert_int_equal(read(told[0], &stage.deadman, sizeof(stage.deadman)), sizeof(stage.deadman));
    close(told[0]);
    close(told[1]);
}

static bool has_ended(pid_t pid, int *status)
{
    for (int i = 0; i < WAIT_MS; i++) {
        pid_t got = waitpid(pid, status, WNOHANG);

        if (got == pid)
            return true;
        usleep(1000);
    }
    return false;
}

static int end_of_leader(void)
{
    int status = 0;

    assert_true(has_ended(stage.leader, &status));
    return status;
}

static void end_of_deadman(void)
{
    int status = 0;

    assert_true(has_ended(stage.deadman, &status));
    assert_int_equal(status, 0);
}

static void test_a_clean_end_leaves_nothing(void **state)
{
    char text[2048];
    struct kill_latch latch;

    (void)state;
    start_leader(END_IN_ORDER, (struct deadman_config){.heartbeat_ms = 5000});
    assert_int_equal(end_of_leader(), 0);
    assert_int_equal(kill(stage.deadman, 0), -1); /* waited for by its leader */
    read_file("deadman.log", text, sizeof(text));
    assert_string_equal(text, "");
    read_file("stderr", text, sizeof(text));
    assert_string_equal(text, "");
    assert_false(kill_latch_read(stage.folder, &latch));
}

/* On paper nothing is left at a venue: told, but not latched. */
static void test_a_killed_leader_is_cleared_up_after(void **state)
{
    char text[2048];
    struct kill_latch latch;

    (void)state;
    start_leader(BE_KILLED, (struct deadman_config){.heartbeat_ms = 5000});
    assert_true(WIFSIGNALED(end_of_leader()));
    end_of_deadman();
    read_file("deadman.log", text, sizeof(text));
    assert_non_null(strstr(text, "without a goodbye"));
    assert_true(strlen(text) > 24 && text[10] == 'T' && text[23] == 'Z'); /* when, for people */
    assert_non_null(strstr(text, "order 11 BTCUSDT BUY left 0.01 @ 61830: cancelled"));
    assert_non_null(strstr(text, "order 12 ETHUSDT"));
    read_file("stderr", text, sizeof(text));
    assert_non_null(strstr(text, "2 of 2 open orders cancelled"));
    assert_false(kill_latch_read(stage.folder, &latch));
}

static void test_a_live_leader_is_latched_and_each_cancel_told(void **state)
{
    char text[2048];
    struct kill_latch latch;

    (void)state;
    start_leader(BE_KILLED, (struct deadman_config){.live = true, .gateway = {.cancel = refuse_even}});
    end_of_leader();
    end_of_deadman();
    read_file("deadman.log", text, sizeof(text));
    assert_non_null(strstr(text, "order 12 ETHUSDT BUY left 0.02 @ 3000: NOT cancelled"));
    assert_true(kill_latch_read(stage.folder, &latch));
    assert_string_equal(latch.who, "dead man");
    assert_non_null(strstr(latch.why, "1 of 2 orders cancelled"));
}

/* The kill had been asked for; the process died before its latch was written. */
static void test_a_kill_under_way_is_latched(void **state)
{
    struct kill_latch latch;

    (void)state;
    atomic_store(&stage.page->kill, true);
    start_leader(BE_KILLED, (struct deadman_config){.heartbeat_ms = 5000});
    end_of_leader();
    end_of_deadman();
    assert_true(kill_latch_read(stage.folder, &latch));
}

/* The journal's reserve is there for it. */
static void test_the_latch_finds_room_on_a_full_disk(void **state)
{
    struct kill_latch latch;
    char reserve[128], filling[128];
    int fd;

    (void)state;
    if (!own_mounts())
        skip();
    assert_int_equal(mount("tmpfs", stage.folder, "tmpfs", 0, "size=256k"), 0);
    snprintf(reserve, sizeof(reserve), "%s/reserve", stage.folder);
    snprintf(filling, sizeof(filling), "%s/filling", stage.folder);
    fd = open(reserve, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(posix_fallocate(fd, 0, 32768), 0);
    close(fd);
    fill_disk(filling);
    start_leader(BE_KILLED, (struct deadman_config){.live = true, .reserve = reserve});
    end_of_leader();
    end_of_deadman();
    assert_true(kill_latch_read(stage.folder, &latch));
    assert_string_equal(latch.who, "dead man");
}

static void test_a_crash_in_a_plug_in_names_and_quarantines_it(void **state)
{
    char text[2048], file[128], why[256];
    struct kill_latch latch;

    (void)state;
    start_leader(CRASH, (struct deadman_config){.heartbeat_ms = 5000});
    assert_true(WIFSIGNALED(end_of_leader()));
    end_of_deadman();
    read_file("deadman.log", text, sizeof(text));
    assert_non_null(strstr(text, "strategy mine crashed: Segmentation fault"));
    assert_true(kill_latch_read(stage.folder, &latch));
    assert_non_null(strstr(latch.why, "strategy mine crashed"));
    snprintf(file, sizeof(file), "%s/" PLUGIN_QUARANTINE_NAME, stage.folder);
    assert_int_equal(plugin_quarantine_find(file, SHA, why, sizeof(why)), ERR_STATE);
    assert_non_null(strstr(why, "crashed"));
}

static void test_a_late_callback_ends_the_process_by_way_of_the_kill_flag(void **state)
{
    char file[128], why[256];
    struct kill_latch latch;
    int status;

    (void)state;
    start_leader(HANG_IN_CALLBACK, (struct deadman_config){.late_ms = 300});
    status = end_of_leader();
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    end_of_deadman();
    assert_true(atomic_load(&stage.page->kill));
    assert_true(kill_latch_read(stage.folder, &latch));
    assert_non_null(strstr(latch.why, "strategy mine did not return from a callback for 300 ms"));
    snprintf(file, sizeof(file), "%s/" PLUGIN_QUARANTINE_NAME, stage.folder);
    assert_int_equal(plugin_quarantine_find(file, SHA, why, sizeof(why)), ERR_STATE);
}

static void test_a_loop_that_stands_still_is_ended(void **state)
{
    struct kill_latch latch;
    int status;

    (void)state;
    start_leader(HANG_IN_LOOP, (struct deadman_config){.heartbeat_ms = 300, .late_ms = 300});
    status = end_of_leader();
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    end_of_deadman();
    assert_true(kill_latch_read(stage.folder, &latch));
    assert_non_null(strstr(latch.why, "stood still for 300 ms"));
}

/* A stopped leader cannot send; once it goes on it has its time anew. */
static void test_a_stopped_leader_is_spared(void **state)
{
    int status = 0;

    (void)state;
    start_leader(WAIT, (struct deadman_config){.heartbeat_ms = 300, .late_ms = 5000});
    kill(stage.leader, SIGSTOP);
    usleep(1200000);
    assert_int_equal(waitpid(stage.leader, &status, WNOHANG), 0);
    kill(stage.leader, SIGCONT);
    usleep(600000);
    assert_int_equal(waitpid(stage.leader, &status, WNOHANG), 0);
    kill(stage.leader, SIGKILL);
    end_of_leader();
    end_of_deadman();
}

/* It keeps nothing of the leader open but what it was told to: a lock lasts until all is cleared up. */
/* A start goes on only when somebody watches: he has tested himself before. */
/* Until another one watches. */
static pid_t next_deadman(pid_t before)
{
    for (int i = 0; i < WAIT_MS; i++) {
        pid_t now = atomic_load(&stage.page->watcher_pid);

        if (now != before && atomic_load(&stage.page->watcher) == LIFE_WATCHES)
            return now;
        usleep(1000);
    }
    fail_msg("nobody takes the place of the dead man");
    return 0;
}

/* Killed or stopped he is replaced; the last one does what the first would have done. */
static void test_a_dead_man_who_is_lost_is_replaced(void **state)
{
    char text[2048];
    pid_t second;

    (void)state;
    start_leader(KEEP_HIM, (struct deadman_config){.heartbeat_ms = 5000});
    assert_int_equal(kill(stage.deadman, SIGKILL), 0);
    second = next_deadman(stage.deadman);
    assert_int_equal(kill(second, SIGSTOP), 0);
    stage.deadman = next_deadman(second);
    assert_int_not_equal(kill(second, 0), 0); /* a stopped one would keep the lock */
    assert_int_equal(kill(stage.leader, SIGKILL), 0);
    end_of_leader();
    end_of_deadman();
    read_file("deadman.log", text, sizeof(text));
    assert_non_null(strstr(text, "without a goodbye"));
    assert_non_null(strstr(text, "order 12 ETHUSDT"));
}

static void test_who_watches_has_tested_himself(void **state)
{
    struct deadman_config config = {.page = stage.page, .data_dir = "", .late_ms = 5000};
    char why[160];
    pid_t pid;

    (void)state;
    for (int heartbeat_ms = 0; heartbeat_ms <= 5000; heartbeat_ms += 5000) {
        atomic_store(&stage.page->watcher, LIFE_NOBODY);
        config.heartbeat_ms = heartbeat_ms;
        assert_int_equal(deadman_start(&config, &pid, why, sizeof(why)), ERR_OK);
        assert_int_equal(atomic_load(&stage.page->watcher), LIFE_WATCHES);
        deadman_stop(stage.page, pid);
    }
    atomic_store(&stage.page->watcher, LIFE_NOBODY);
    config.late_ms = -1; /* he would end a leader that just began: his own test tells */
    assert_int_equal(deadman_start(&config, &pid, why, sizeof(why)), ERR_STATE);
    assert_string_equal(why, "the dead-man process failed its self-test");
}

static void test_only_the_wanted_descriptor_stays_open(void **state)
{
    char path[64], target[256];
    int open_fds = 0, keep = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ssize_t size;

    (void)state;
    assert_true(keep > 2);
    start_leader(WAIT, (struct deadman_config){.keep_fd = keep});
    usleep(200000);
    for (int fd = 3; fd < 256; fd++) {
        snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)stage.deadman, fd);
        size = readlink(path, target, sizeof(target) - 1);
        if (size < 0)
            continue;
        target[size] = '\0';
        open_fds++;
        if (fd == keep)
            assert_string_equal(target, "/dev/null");
        else
            assert_non_null(strstr(target, "pidfd"));
    }
    assert_int_equal(open_fds, 2);
    kill(stage.leader, SIGKILL);
    end_of_leader();
    end_of_deadman();
    close(keep);
}

/* --- the page ----------------------------------------------------------------------------------------------- */

static void test_the_page_holds_open_orders_alone(void **state)
{
    struct life_page *page = life_page_new();
    struct order order;
    unsigned found = 0;

    (void)state;
    assert_non_null(page);
    for (uint64_t seq = 1; seq <= LIFE_ORDERS_MAX; seq++) {
        order = order_of(seq, ORDER_STATE_WORKING);
        assert_true(life_page_note_order(page, &order, "BTCUSDT", 1, 2));
    }
    order = order_of(LIFE_ORDERS_MAX + 1, ORDER_STATE_WORKING);
    assert_false(life_page_note_order(page, &order, "BTCUSDT", 1, 2));
    order = order_of(7, ORDER_STATE_FILLED);
    assert_true(life_page_note_order(page, &order, "BTCUSDT", 1, 0));
    order = order_of(9999, ORDER_STATE_CANCELLED); /* never heard of: nothing to forget */
    assert_true(life_page_note_order(page, &order, "BTCUSDT", 1, 0));
    order = order_of(8, ORDER_STATE_WORKING); /* told again: one entry, new terms */
    assert_true(life_page_note_order(page, &order, "BTCUSDT", 5, 6));
    for (size_t i = 0; i < LIFE_ORDERS_MAX; i++) {
        uint64_t seq = atomic_load(&page->order[i].seq);

        found += seq != 0;
        assert_true(seq != 7);
        if (seq == 8)
            assert_int_equal(page->order[i].left_e8, 6);
    }
    assert_int_equal(found, LIFE_ORDERS_MAX - 1);
    life_page_free(page);
}

#define DEADMAN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEADMAN_TEST(test_a_clean_end_leaves_nothing),
        DEADMAN_TEST(test_a_killed_leader_is_cleared_up_after),
        DEADMAN_TEST(test_a_live_leader_is_latched_and_each_cancel_told),
        DEADMAN_TEST(test_a_kill_under_way_is_latched),
        DEADMAN_TEST(test_the_latch_finds_room_on_a_full_disk),
        DEADMAN_TEST(test_a_crash_in_a_plug_in_names_and_quarantines_it),
        DEADMAN_TEST(test_a_late_callback_ends_the_process_by_way_of_the_kill_flag),
        DEADMAN_TEST(test_a_loop_that_stands_still_is_ended),
        DEADMAN_TEST(test_a_stopped_leader_is_spared),
        DEADMAN_TEST(test_a_dead_man_who_is_lost_is_replaced),
        DEADMAN_TEST(test_who_watches_has_tested_himself),
        DEADMAN_TEST(test_only_the_wanted_descriptor_stays_open),
        cmocka_unit_test(test_the_page_holds_open_orders_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
