/*
 * test_kill_load.c - the real program, killed under full load by key, command, socket, signal and file: the built-in
 * exchange floods both books, every built-in strategy is ON, clients ask for orders as fast as answers come, and a
 * large screen draws. After each kill not one order leaves, what was open is over and told one by one, and the kill is
 * on disk. Judged by the program's words, and by what it has decided and stored. FLOWDECK_SOAK=1: 200 kills by each.
 */
#include "screen/kill_load.h"
#include "wire/wire_world.h"

#define ROUNDS      3
#define SOAK        200
#define SOAK_MAX    (5 * SOAK)
#define FLOOD_PER_S 130000 /* in each of two books */
#define FLOOD_S     3600
#define QUIET_MS    25 /* of load against a killed engine */
#define FIRST_US    10000
#define BUSY_MS     30000
#define OPEN_MIN    20
#define FIRST_MS    6000   /* for the first order of a strategy */
#define STRATEGY_MS 300    /* for one of theirs that rests */
#define WARM_MS     180000 /* the market maker looks on for a minute before it quotes */

enum path { BY_KEY, BY_COMMAND, BY_SOCKET, BY_SIGNAL, BY_FILE, PATHS };

static const char *const path_words[PATHS] = {"key", "command", "socket", "signal", "file"};
static const char *const source_words[PATHS] = {"by key", "by socket", "by socket", "by signal USR1",
                                                "by file KILL"};

struct kill_times {     /* of one kill, microseconds */
    int64_t seen, over; /* from outside: until KILLED was seen, until every order was known to be over */
    int64_t inside;     /* from the flag that stops sending until every cancel was handed over */
};

struct stage {
    struct vt *vt;
    struct wire_world world; /* a way to ask the exchange, and no more */
    int fd;
    struct kill_times kill[PATHS][SOAK];
    uint64_t orders, of_strategies, ended[4]; /* open at the kills; by results[] */
    int64_t records;                          /* that waited for the store, at most, as a kill was seen */
};

static const char *const results[] = {"cancelled", "filled", "expired", "rejected"};
static struct stage stage;

/* --- the exchange of the program ----------------------------------------------------------------------------------- */

static void find_exchange(void)
{
    struct demo *exchange = &stage.world.exchange;
    json_t *told = json_load_file(path_of("exchange/exchange.json"), 0, NULL);

    assert_non_null(told);
    snprintf(exchange->rest_url, sizeof(exchange->rest_url), "%s", client_text(told, "rest"));
    snprintf(exchange->ca_file, sizeof(exchange->ca_file), "%s", client_text(told, "ca"));
    json_decref(told);
    wire_open_net(&stage.world, exchange->ca_file);
}

static void start_flood(void)
{
    static const char *const symbols[] = {"BTCUSDT", "ETHUSDT"};
    char fault[64];

    for (size_t i = 0; i < 2; i++) {
        snprintf(fault, sizeof(fault), "flood %d %d %s", FLOOD_PER_S, FLOOD_S, symbols[i]);
        wire_fault(&stage.world, fault);
    }
}

static int64_t messages_out(void)
{
    json_t *stats;
    int64_t out;

    assert_int_equal(wire_ask(&stage.world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(stage.world.body, 0, NULL);
    out = json_integer_value(json_object_get(stats, "messages_out"));
    json_decref(stats);
    return out;
}

/* Only the net is open: no feed, no pipeline, no folder of its own. */
static void leave_exchange(void)
{
    ev_timer_stop(stage.world.loop, &stage.world.tick);
    net_free(stage.world.net);
    ev_loop_destroy(stage.world.loop);
    free(stage.world.body);
}

/* --- one kill ---------------------------------------------------------------------------------------------------- */

static void complain(const json_t *status)
{
    fail_msg("state %s, %s, book %s, %zu open orders, latched %s, storage %s, %lld records wait; newest "
             "refusal: %s",
             client_text(status, "state"), client_text(status, "state_why"),
             client_text(json_array_get(json_object_get(status, "instruments"), 0), "book"),
             client_open_orders(status), latched(status),
             json_is_true(json_object_get(status, "storage_failed")) ? "FAILED" : "works",
             (long long)client_number(status, "queues", "records"), load.last);
}

static json_t *wait_status(bool (*holds)(const json_t *status), int64_t limit_ms)
{
    int64_t by_ms = vt_now_ms() + limit_ms;

    for (;;) {
        json_t *status = client_status(stage.fd);

        if (holds(status))
            return status;
        if (vt_now_ms() >= by_ms)
            complain(status);
        json_decref(status);
        vt_pump(stage.vt, 1);
    }
}

static size_t of_strategies(const json_t *list)
{
    const json_t *at;
    size_t i, count = 0;

    json_array_foreach(list, i, at)
    {
        count += strcmp(client_text(at, "owner"), "manual") != 0;
    }
    return count;
}

/* Trading, with orders that rest. */
static bool is_busy(const json_t *status)
{
    atomic_store(&load.price_e8, client_price_e8(status, "bid"));
    return strcmp(client_text(status, "state"), "ACTIVE") == 0 && client_open_orders(status) >= OPEN_MIN;
}

/* With some of strategies among them, if any come in that time: none has to trade. */
static json_t *wait_busy(int64_t limit_ms)
{
    int64_t by_ms = vt_now_ms() + limit_ms;
    json_t *status = wait_status(is_busy, BUSY_MS);

    while (of_strategies(json_object_get(status, "orders")) == 0 && vt_now_ms() < by_ms) {
        json_decref(status);
        vt_pump(stage.vt, 1);
        status = wait_status(is_busy, BUSY_MS);
    }
    return status;
}

static bool has_quotes(const json_t *status)
{
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(status, "orders"), i, at)
    {
        if (strcmp(client_text(at, "owner"), "mm") == 0)
            return true;
    }
    return false;
}

static bool is_confirmed(const json_t *status)
{
    return is_killed(status) && client_open_orders(status) == 0 &&
           client_number(status, "kill", "confirmed") == client_number(status, "kill", "orders");
}

static bool is_latched(const json_t *status)
{
    return is_confirmed(status) && strcmp(latched(status), "yes") == 0;
}

static void kill_by(enum path path)
{
    static const char *const words[] = {"kill", NULL};
    json_t *answer;
    int status;
    FILE *out;

    switch (path) {
    case BY_KEY:
        vt_send(stage.vt, "K");
        break;
    case BY_COMMAND:
        status = wait_for_end(spawn(words), stage.vt);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        break;
    case BY_SOCKET:
        answer = client_try(stage.fd, "{\"do\":\"kill\"}");
        assert_true(answer != NULL && client_ok(answer));
        json_decref(answer);
        break;
    case BY_SIGNAL:
        kill(stage.vt->pid, SIGUSR1);
        break;
    case BY_FILE:
        out = fopen(path_of("KILL"), "we");
        assert_non_null(out);
        fclose(out);
        break;
    case PATHS:
        break;
    }
}

/* Each order once, each with its end. */
static void check_report(const json_t *status)
{
    const json_t *list = json_object_get(json_object_get(status, "kill"), "results"), *at;
    int64_t newest = 0;
    size_t i;

    assert_int_equal(json_array_size(list), client_number(status, "kill", "orders"));
    json_array_foreach(list, i, at)
    {
        int64_t seq = json_integer_value(json_object_get(at, "order"));
        bool over = false;

        assert_true(seq > newest);
        newest = seq;
        for (int result = 0; result < 4; result++) {
            bool is = strcmp(client_text(at, "state"), results[result]) == 0;

            stage.ended[result] += is;
            over |= is;
        }
        if (!over || !json_is_integer(json_object_get(at, "answered_us")))
            fail_msg("order %" PRId64 " is told as %s", seq, client_text(at, "state"));
    }
    stage.orders += json_array_size(list);
    stage.of_strategies += of_strategies(list);
}

/* Load against the killed engine: nothing moves, and only the word opens it. */
static void check_quiet(enum path path, int64_t sent, int64_t killed_us)
{
    json_t *status;

    vt_pump(stage.vt, QUIET_MS);
    status = client_status(stage.fd);
    if (client_number(status, "counts", "sent") != sent || atomic_load(&load.asked_us) >= killed_us)
        fail_msg("by %s: %" PRId64 " orders sent after the kill", path_words[path],
                 client_number(status, "counts", "sent") - sent);
    assert_int_equal(client_open_orders(status), 0);
    json_decref(status);
    assert_true(is_there("KILLED"));
    assert_false(is_there("KILL"));
    client_expect(stage.fd, false, "not the word", "{\"do\":\"clear_kill\",\"word\":\"yes\"}");
    client_expect(stage.fd, false, "killed", "{\"do\":\"resume\"}");
}

static void one_kill(enum path path, struct kill_times *times)
{
    json_t *status = wait_busy(STRATEGY_MS);
    int64_t from_us, killed_us, sent;
    json_t *answer;

    json_decref(status);
    from_us = now_us();
    kill_by(path);
    status = wait_status(is_killed, ANSWER_MS);
    killed_us = now_us();
    times->seen = killed_us - from_us;
    sent = client_number(status, "counts", "sent");
    if (client_number(status, "queues", "records") > stage.records)
        stage.records = client_number(status, "queues", "records");
    assert_string_equal(client_text(status, "state_why"), source_words[path]);
    json_decref(status);
    status = wait_status(is_confirmed, ANSWER_MS);
    times->over = now_us() - from_us;
    times->inside = client_number(status, "kill", "took_us");
    check_report(status);
    json_decref(status);
    json_decref(wait_status(is_latched, ANSWER_MS));
    check_quiet(path, sent, killed_us);
    client_expect(stage.fd, true, "kill cleared: PAUSED", "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
    answer = client_try(stage.fd, "{\"do\":\"resume\"}");
    if (answer == NULL || !client_ok(answer))
        complain(client_status(stage.fd));
    json_decref(answer);
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Returns the 99th percentile. */
static int64_t tell(const char *what, int64_t *took_us, int count)
{
    qsort(took_us, (size_t)count, sizeof(*took_us), compare);
    print_message("kill %-28s %4d times: p50 %6.2f ms, p99 %6.2f ms, most %6.2f ms\n", what, count,
                  (double)took_us[count / 2] / 1000.0, (double)took_us[(count - 1) * 99 / 100] / 1000.0,
                  (double)took_us[count - 1] / 1000.0);
    return took_us[(count - 1) * 99 / 100];
}

static void tell_all(int rounds)
{
    static int64_t seen[SOAK], over[SOAK], inside[SOAK_MAX];
    double average[1] = {0};
    char what[64];
    int late = 0;

    getloadavg(average, 1);
    for (int path = 0; path < PATHS; path++) {
        for (int i = 0; i < rounds; i++) {
            seen[i] = stage.kill[path][i].seen;
            over[i] = stage.kill[path][i].over;
            inside[path * rounds + i] = stage.kill[path][i].inside;
        }
        snprintf(what, sizeof(what), "%s, until KILLED is seen", path_words[path]);
        tell(what, seen, rounds);
        snprintf(what, sizeof(what), "%s, until all are over", path_words[path]);
        tell(what, over, rounds);
    }
    tell("flag to the last cancel", inside, rounds * PATHS);
    for (int i = 0; i < rounds * PATHS; i++)
        late += inside[i] > FIRST_US;
    print_message("%d of %d kills took longer than %d ms; load average %.1f on %ld processors\n", late,
                  rounds * PATHS, FIRST_US / 1000, average[0], sysconf(_SC_NPROCESSORS_ONLN));
    assert_true(late * (rounds == SOAK ? 20 : 2) <=
                rounds * PATHS); /* other work on the machine costs some of them their turn */
    print_message("%" PRIu64 " orders were open at the kills, %" PRIu64 " of them of strategies: %" PRIu64
                  " cancelled, %" PRIu64 " filled, %" PRIu64 " expired, %" PRIu64 " rejected\n",
                  stage.orders, stage.of_strategies, stage.ended[0], stage.ended[1], stage.ended[2],
                  stage.ended[3]);
}

/* --- what was decided and stored ------------------------------------------------------------------------------------ */

/* Each kill is told, and nothing is left open. */
static void check_store(int rounds, struct sent_lines *decided)
{
    static const char *const verify[] = {"verify", NULL};
    int64_t sent, filled;
    int status;

    count_while_killed(&sent, &filled);
    print_message("the database: %" PRId64 " orders, %" PRId64 " of strategies; %" PRId64 " sent and %" PRId64
                  " filled while killed\n",
                  query("SELECT count(*) FROM orders"), query("SELECT count(*) FROM orders WHERE owner > 0"),
                  sent, filled);
    assert_int_equal(sent + filled, 0);
    assert_int_equal(query("SELECT count(*) FROM audit WHERE event = 'kill'"), rounds * PATHS);
    assert_int_equal(query("SELECT count(*) FROM audit WHERE event = 'kill.quiet'"), rounds * PATHS);
    assert_int_equal(query("SELECT count(*) FROM orders WHERE state NOT IN "
                           "('cancelled', 'filled', 'expired', 'rejected')"),
                     0);
    check_all_stored(decided);
    status = wait_for_end(spawn(verify), NULL); /* and in the journal, row by row */
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void tell_strategies(void)
{
    json_t *status = client_status(stage.fd);
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(status, "strategies"), i, at)
    {
        print_message("%s: %s%s, %" JSON_INTEGER_FORMAT " fills %s\n", client_text(at, "name"),
                      json_is_true(json_object_get(at, "on")) ? "ON" : "off",
                      json_is_true(json_object_get(at, "disabled")) ? ", disabled" : "",
                      json_integer_value(json_object_get(at, "fills")), client_text(at, "why"));
    }
    json_decref(status);
}

/* --- the test ------------------------------------------------------------------------------------------------------- */

static void start_program(void)
{
    static char decisions[128], config[128];
    const char *const argv[] = {program,           "--demo",     "--seed", "7",           "--symbol",
                                "BTCUSDT,ETHUSDT", "--data-dir", folder,   "--decisions", decisions,
                                "--config",        config,       NULL};

    snprintf(decisions, sizeof(decisions), "%s", path_of("decisions"));
    snprintf(config, sizeof(config), "%s", path_of("load.yaml"));
    write_settings(config);
    stage.vt = vt_start(&(struct vt_options){.rows = 55, .cols = 200, .argv = argv});
    assert_non_null(stage.vt);
    running = stage.vt->pid;
    stage.fd = client_open(folder, stage.vt, START_MS);
    client_wait_live(stage.fd, stage.vt, START_MS);
    vt_expect(stage.vt, "by taker order", ANSWER_MS); /* the tape */
}

static void stop_program(void)
{
    close(stage.fd);
    kill(stage.vt->pid, SIGTERM);
    assert_true(vt_wait_exit(stage.vt, START_MS));
    assert_int_equal(vt_exit_code(stage.vt), 0);
    running = 0;
    vt_free(stage.vt);
}

static void test_five_ways_to_kill_under_full_load(void **state)
{
    int rounds = wire_soak() ? SOAK : ROUNDS;
    struct sent_lines decided;
    int64_t from_us, messages;
    uint64_t drawn;

    (void)state;
    start_program();
    find_exchange();
    start_flood();
    json_decref(wire_soak() ? wait_status(has_quotes, WARM_MS) : client_status(stage.fd));
    start_load(stage.vt);
    from_us = now_us();
    messages = messages_out();
    drawn = stage.vt->bytes;
    json_decref(wait_busy(FIRST_MS));
    for (int round = 0; round < rounds; round++)
        for (int path = 0; path < PATHS; path++)
            one_kill((enum path)path, &stage.kill[path][round]);
    messages = messages_out() - messages;
    from_us = now_us() - from_us;
    stop_load();
    print_message("%.1f s: %.0f messages/s of the exchange, %.0f orders/s asked for, %.1f kB/s drawn\n",
                  (double)from_us * 1e-6, (double)messages * 1e6 / (double)from_us,
                  (double)atomic_load(&load.asked) * 1e6 / (double)from_us,
                  (double)(stage.vt->bytes - drawn) * 1e3 / (double)from_us);
    print_message("%u orders of clients taken, %u refused, %u of them by KILL; last: %s\n",
                  atomic_load(&load.taken), atomic_load(&load.refused), atomic_load(&load.refused_killed),
                  load.last);
    print_message("at most %" PRId64 " records waited for the store\n", stage.records);
    tell_strategies();
    tell_all(rounds);
    leave_exchange();
    stop_program();
    decided = check_decisions(rounds * PATHS);
    check_store(rounds, &decided);
    assert_true(stage.of_strategies >= (uint64_t)(wire_soak() ? rounds * PATHS / 2 : 1));
}

/* In memory where that can be: the load is to be the program's, not that of a disk which others use, too. */
static int make_quick_folder(void **state)
{
    if (access("/dev/shm", W_OK) != 0)
        return make_folder(state);
    strcpy(folder, "/dev/shm/flowdeck-kill-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_five_ways_to_kill_under_full_load, make_quick_folder,
                                        drop_folder),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
