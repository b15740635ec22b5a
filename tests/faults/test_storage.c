/*
 * test_storage.c - the disk fails under the program while it trades: an error of a sync, a write or a read, a full disk,
 * writes cut short, slow syncs. It halts and says why, cancels pass, what it acknowledged before and after is there at
 * the next start, and nothing is written any more by what has failed.
 */
#include "faults/after.h"

#define HALT_MS 4000

struct fault {
    const char *name;
    unsigned calls;
    enum io_act act;
    bool on;
    int error;
    const char *path;
    bool halts;    /* always; else it may pass unseen */
    bool is_short; /* in the short form, too */
};

static const struct fault fault_list[] = {
    {"EIO on the journal's sync", IO_SYNC, IO_FAIL, false, EIO, ".fdj", true, true},
    {"EIO on the journal's write", IO_WRITE, IO_FAIL, false, EIO, ".fdj", true, false},
    {"ENOSPC on the journal's write, for ever", IO_WRITE | IO_TRUNCATE, IO_FAIL, true, ENOSPC, "/journal/",
     true, false},
    {"EIO on the database's sync", IO_SYNC, IO_FAIL, false, EIO, "flowdeck.db", true, false},
    {"EIO on the database's write", IO_WRITE, IO_FAIL, false, EIO, "flowdeck.db", true, false},
    {"ENOSPC on the database's write", IO_WRITE, IO_FAIL, false, ENOSPC, "flowdeck.db", true, false},
    {"EIO on the database's read", IO_READ, IO_FAIL, false, EIO, "flowdeck.db", false, false},
    {"short writes of the journal", IO_WRITE, IO_SHORT, true, 0, ".fdj", false, true},
};

#define FAULTS (sizeof(fault_list) / sizeof(fault_list[0]))

static void desk_must(struct desk *desk, const char *line)
{
    if (desk_ask(desk, line) != 1)
        fail_msg("not done: %s", line);
}

/* Trades, so that there is something to write, until the program says that its storage failed. */
static bool trade_until_failed(struct desk *desk)
{
    int64_t by_ms = vt_now_ms() + HALT_MS, bid_e8, ask_e8;

    while (vt_now_ms() < by_ms) {
        json_t *status = client_status(desk->fd);
        bool failed = json_is_true(json_object_get(status, "storage_failed"));

        json_decref(status);
        if (failed)
            return true;
        assert_true(desk_status(desk, &bid_e8, &ask_e8));
        desk_order(desk, draw(2) == 0 ? "BUY" : "SELL",
                   draw(2) == 0 ? ask_e8 + 100000000 : bid_e8 - 100000000, 100);
        desk_order(desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100);
        desk_ask(desk, "{\"do\":\"cancel_all\"}");
        if (atomic_load(&faults->hits) > 20 && atomic_load(&faults->act) == IO_SHORT)
            return false;
    }
    return false;
}

/* HALTED and why; nothing new, cancels, and what else is answered is kept. */
static void check_halted(struct desk *desk, const char *name)
{
    json_t *status = client_status(desk->fd);
    int64_t bid_e8, ask_e8;

    for (int i = 0; i < 200 && strcmp(client_text(status, "state"), "HALTED") != 0; i++) {
        json_decref(status);
        usleep(10000);
        status = client_status(desk->fd);
    }
    if (strcmp(client_text(status, "state"), "HALTED") != 0 ||
        strchr(client_text(status, "state_why"), '/') == NULL)
        fail_msg("%s: %s %s", name, client_text(status, "state"), client_text(status, "state_why"));
    print_message("%s: %s %s\n", name, client_text(status, "state"), client_text(status, "state_why"));
    json_decref(status);
    assert_true(desk_status(desk, &bid_e8, &ask_e8));
    assert_int_equal(desk_order(desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100), 0);
    desk_must(desk, "{\"do\":\"cancel_all\"}");
    assert_int_equal(desk_set_limit(desk, 0, "77"), 1);
    assert_int_equal(desk_ask(desk, "{\"do\":\"state\",\"state\":\"ACTIVE\"}"), 0);
    assert_true(desk_status(desk, &bid_e8, &ask_e8));
}

/* Nothing of what has failed is written to again. */
static void check_quiet(struct desk *desk, const struct fault *fault)
{
    faults_arm(IO_WRITE | IO_SYNC, IO_COUNT, 1, false, 0, fault->path);
    assert_int_equal(desk_set_limit(desk, 0, "66"), 1);
    usleep(200000);
    if (atomic_load(&faults->count) != 0)
        fail_msg("%s: %lu writes and syncs after it", fault->name, atomic_load(&faults->count));
}

static void start_and_check(const struct desk *before)
{
    struct desk desk;

    faults_disarm();
    desk_start(&desk);
    books_read(&books, folder, DESK_ACCOUNT);
    check_after(before, &desk, books.sessions, 1);
    desk_ask(&desk, "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    assert_int_equal(desk_end(&desk), 0);
    check_database();
}

/* crash: it is killed when it has halted; else it ends, and says that it failed. */
static bool fail_once(const struct fault *fault, unsigned long at, bool crash)
{
    struct desk desk;
    bool failed;
    int code;

    desk_start(&desk);
    desk_set_limit(&desk, 0, "4000");
    faults_arm(fault->calls, fault->act, at, fault->on, fault->error, fault->path);
    failed = trade_until_failed(&desk);
    if (fault->halts && !failed)
        fail_msg("%s, the %lu-th: not seen (%lu calls)", fault->name, at, atomic_load(&faults->count));
    if (fault->act == IO_SHORT && failed)
        fail_msg("%s: taken for a failure", fault->name);
    if (failed) {
        check_halted(&desk, fault->name);
        check_quiet(&desk, fault);
    }
    if (crash) {
        desk_kill(&desk);
    } else {
        code = desk_end(&desk);
        if (code != (failed ? 4 : 0))
            fail_msg("%s: ended with %d", fault->name, code);
    }
    start_and_check(&desk);
    return failed;
}

static void test_each_failure_halts_and_loses_nothing(void **state)
{
    unsigned long last = is_long_form() ? 24 : 1;
    int done = 0, failed = 0;

    chance = (uint64_t)vt_now_ms() | 1;
    for (size_t i = 0; i < FAULTS; i++)
        for (unsigned long at = 1; at <= last && (fault_list[i].is_short || is_long_form()); at++) {
            failed += fail_once(&fault_list[i], at, (at + i) % 2 == 0);
            done++;
            desk_teardown(state);
            assert_int_equal(desk_setup(state), 0);
        }
    print_message(
        "%d failures of the disk while it traded, %d of them halted it; 0 acknowledged events lost\n", done,
        failed);
}

/* A disk that is really full: there are writes that fail in the middle, and a reserve that is freed. */
static void test_a_full_disk(void **state)
{
    struct desk desk;
    int rounds = is_long_form() ? 20 : 1;

    (void)state;
    if (!own_mounts())
        skip();
    chance = (uint64_t)vt_now_ms() | 1;
    for (int round = 0; round < rounds; round++) {
        desk_teardown(state);
        assert_int_equal(make_folder(state), 0);
        assert_int_equal(mount("tmpfs", folder, "tmpfs", 0, "size=64m"), 0);
        assert_int_equal(desk_make_page(), 0);
        desk_start(&desk);
        desk_set_limit(&desk, 0, "4000");
        fill_disk(path_of("filling"));
        assert_true(trade_until_failed(&desk));
        check_halted(&desk, "a full disk");
        if (round % 2 == 0)
            desk_kill(&desk);
        else
            assert_int_equal(desk_end(&desk), 4);
        empty_disk();
        start_and_check(&desk);
    }
    print_message("%d full disks: halted, and 0 acknowledged events lost\n", rounds);
}

/* What cannot be read at the start refuses it; nothing is changed, and the next start is right. */
static void test_a_disk_that_cannot_be_read_refuses_the_start(void **state)
{
    static const char *const words[] = {"--demo",  "--headless", "--seed", "5", "--symbol",
                                        "BTCUSDT", "--seconds",  "1",      NULL};
    static const char *const paths[] = {".fdj", "flowdeck.db"};
    struct desk desk, before;

    (void)state;
    desk_start(&desk);
    desk_set_limit(&desk, 0, "4000");
    desk_kill(&desk);
    before = desk;
    for (size_t i = 0; i < 2; i++) {
        int status;

        faults_arm(IO_READ, IO_FAIL, 1, true, EIO, paths[i]);
        running = desk_spawn(words, -1);
        status = wait_for_end(running, NULL);
        assert_true(atomic_load(&faults->hits) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 4);
        faults_disarm();
    }
    start_and_check(&before);
}

/* --- slow ---------------------------------------------------------------------------------------------------------------- */

static int64_t worst_answer_ms(struct desk *desk, int rounds)
{
    int64_t worst_ms = 0, bid_e8, ask_e8;

    for (int i = 0; i < rounds; i++) {
        int64_t began_ms = vt_now_ms();

        assert_true(desk_status(desk, &bid_e8, &ask_e8));
        desk_order(desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100);
        desk_ask(desk, "{\"do\":\"cancel_all\"}");
        if (vt_now_ms() - began_ms > worst_ms)
            worst_ms = vt_now_ms() - began_ms;
        usleep(20000);
    }
    return worst_ms;
}

/* S09: each sync takes half a second. The engine does not wait for it, and what is not durable yet is in the ring. */
static void test_slow_syncs_stop_nobody(void **state)
{
    int rounds = is_long_form() ? 400 : 50;
    int64_t fast_ms, slow_ms;
    json_t *status;
    struct desk desk;

    (void)state;
    desk_start(&desk);
    fast_ms = worst_answer_ms(&desk, rounds);
    atomic_store(&faults->sleep_ns, 500000000);
    faults_arm(IO_SYNC, IO_SLOW, 1, true, 0, "flowdeck-");
    slow_ms = worst_answer_ms(&desk, rounds);
    status = client_status(desk.fd);
    assert_false(json_is_true(json_object_get(status, "storage_failed")));
    assert_string_equal(client_text(status, "state"), "ACTIVE");
    print_message(
        "%d times status, order and cancel: at most %" PRId64
        " ms, with syncs of 500 ms (%lu of them) %" PRId64 " ms; %" PRId64 " bytes wait to become durable\n",
        rounds, fast_ms, atomic_load(&faults->hits), slow_ms, client_number(status, "queues", "records"));
    json_decref(status);
    assert_true(atomic_load(&faults->hits) > 0);
    assert_true(slow_ms < 400);
    desk_kill(&desk); /* with all that waits */
    start_and_check(&desk);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_each_failure_halts_and_loses_nothing),
        FAULT_TEST(test_a_full_disk),
        FAULT_TEST(test_a_disk_that_cannot_be_read_refuses_the_start),
        FAULT_TEST(test_slow_syncs_stop_nobody),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
