/*
 * test_takeover.c - the real program and its standbys: a leader that is stopped, killed or ended, starts at the same instant,
 * a lock file that goes, other settings, flapping, a holder that cannot be checked. After each takeover the journal is
 * read: no order of the old epoch behind the first of the new one.
 *
 * FLOWDECK_SOAK=1: 1,000 leaders stopped by PAIRS pairs at once, each with its own folder, 200 killed, 200
 * races of real starts. With a number as its argument it stops so many and no more, and reports the same figures. A pair
 * is this program with two arguments: how many, and the file that takes its figures.
 * Most of a takeover is the shortest term there is (1 s), the start of a program with its exchange, and waiting until orders
 * have left; where the machine has too much else to do, an exchange that does not start within 10 s fails its pair.
 */
#include "screen/takeover_stage.h"

#define CHAIN    4 /* takeovers in one folder: the fifth crash in ten minutes is safe mode */
#define STOPS    3
#define KILLS    3
#define RACES    2
#define RACERS   4
#define SOAK_MAX 1000
#define PAIRS    4

static int stops;           /* asked for; 0: as many as usual */
static const char *itself;  /* this program */
static const char *figures; /* of a pair: where they go; NULL: this is none */

static bool soak(void)
{
    return getenv("FLOWDECK_SOAK") != NULL;
}

static int many(int few, int soaked)
{
    return soak() ? soaked : few;
}

/* --- takeovers ------------------------------------------------------------------------------------------------------ */

struct times {
    int count;
    int64_t led_ms[SOAK_MAX], answers_ms[SOAK_MAX]; /* from the blow: epoch synced; socket answers */
};

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void print_times(const char *what, struct times *times)
{
    int p50 = times->count / 2, p99 = times->count * 99 / 100;

    qsort(times->led_ms, (size_t)times->count, sizeof(int64_t), by_size);
    qsort(times->answers_ms, (size_t)times->count, sizeof(int64_t), by_size);
    print_message("%d leaders %s: new epoch synced p50 %" PRId64 " ms, p99 %" PRId64
                  " ms; answers p50 %" PRId64 " ms, p99 %" PRId64 " ms\n",
                  times->count, what, times->led_ms[p50], times->led_ms[p99], times->answers_ms[p50],
                  times->answers_ms[p99]);
}

/* One after the other in this folder, each begun by the standby of the one before. */
static void take_over(int signal_number, int takeovers, struct times *times)
{
    pid_t leader = start(words, "err");
    uint64_t epoch = wait_leads(leader);
    int fd;

    for (int i = 0; i < takeovers; i++) {
        pid_t standby = start_standby(leader);
        int64_t blow_ms;
        int status;

        fd = open_desk_of();
        wait_warm(standby);
        trade(fd);
        usleep((unsigned)(random() % 200000)); /* anywhere in what it does */
        blow_ms = vt_now_ms();
        kill(leader, signal_number);
        assert_int_equal(wait_leads(standby), ++epoch);
        times->led_ms[times->count] = vt_now_ms() - blow_ms;
        status = end_of(leader);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        close(fd);
        fd = client_open(folder, NULL, LIMIT_MS);
        times->answers_ms[times->count++] = vt_now_ms() - blow_ms;
        close(fd);
        leader = standby;
    }
    fd = open_desk_of();
    trade(fd);
    close(fd);
    end_leader(leader);
}

static void print_sum(const char *what, struct times *times, uint64_t orders, uint64_t of_strategies)
{
    print_times(what, times);
    print_message("%" PRIu64 " orders, %" PRIu64
                  " of them by strategies: none of an old epoch behind the first of a new one\n",
                  orders, of_strategies);
}

static void write_figures(const struct times *times, uint64_t orders, uint64_t of_strategies)
{
    FILE *out = fopen(figures, "we");

    assert_non_null(out);
    fprintf(out, "%" PRIu64 " %" PRIu64 "\n", orders, of_strategies);
    for (int i = 0; i < times->count; i++)
        fprintf(out, "%" PRId64 " %" PRId64 "\n", times->led_ms[i], times->answers_ms[i]);
    assert_int_equal(fclose(out), 0);
}

static void strike(int signal_number, const char *what, int count)
{
    static struct times times;
    struct epochs sum;
    uint64_t orders = 0, of_strategies = 0;

    times.count = 0;
    while (times.count < count && times.count < SOAK_MAX) {
        int left = count - times.count;
        void *none = NULL;

        take_over(signal_number, left < CHAIN ? left : CHAIN, &times);
        check_journal(&sum);
        assert_true(sum.poorest >= SENT && sum.poorest != UINT64_MAX); /* each one did trade */
        orders += sum.orders;
        of_strategies += sum.of_strategies;
        if (figures != NULL) /* each time: of one that fails later they count, too */
            write_figures(&times, orders, of_strategies);
        if (times.count < count) {
            drop_folder(&none);
            make_folder(&none);
        }
        if (soak() && times.count % 100 < CHAIN)
            print_message("  %d of %d %s\n", times.count, count, what);
    }
    if (figures == NULL)
        print_sum(what, &times, orders, of_strategies);
}

/* --- many pairs at once ----------------------------------------------------------------------------------------------- */

static void name_figures(int pair, char out[64])
{
    snprintf(out, 64, "/tmp/flowdeck-pair-%d-%d", (int)getpid(), pair);
}

static pid_t start_pair(int pair, int count)
{
    char number[16], path[64];
    char *argv[] = {strdup(itself), number, path, NULL};
    pid_t pid;

    snprintf(number, sizeof(number), "%d", count);
    name_figures(pair, path);
    pid = fork();
    if (pid == 0) {
        execv(itself, argv);
        _exit(127);
    }
    free(argv[0]);
    return pid;
}

static void read_figures(int pair, struct times *times, uint64_t *orders, uint64_t *of_strategies)
{
    uint64_t some, some_of_strategies;
    char path[64];
    FILE *in;

    name_figures(pair, path);
    in = fopen(path, "re");
    if (in == NULL)
        return; /* it failed in its first chain */
    assert_int_equal(fscanf(in, "%" SCNu64 " %" SCNu64, &some, &some_of_strategies), 2); /* NOLINT */
    *orders += some;
    *of_strategies += some_of_strategies;
    while (times->count < SOAK_MAX &&
           fscanf(in, "%" SCNd64 " %" SCNd64, &times->led_ms[times->count], /* NOLINT */
                  &times->answers_ms[times->count]) == 2)
        times->count++;
    fclose(in);
    unlink(path);
}

static void stop_with_pairs(int count)
{
    static struct times times;
    int failed = 0;
    uint64_t orders = 0, of_strategies = 0;
    pid_t pid[PAIRS];

    assert_true(count <= SOAK_MAX);
    for (int i = 0; i < PAIRS; i++)
        pid[i] = start_pair(i, count / PAIRS + (i < count % PAIRS));
    for (int i = 0; i < PAIRS; i++) {
        int status;

        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        failed += status != 0;
    }
    for (int i = 0; i < PAIRS; i++)
        read_figures(i, &times, &orders, &of_strategies);
    print_sum("stopped", &times, orders, of_strategies);
    assert_int_equal(failed, 0);
    assert_int_equal(times.count, count);
}

static void test_a_stopped_leader_is_replaced(void **state)
{
    (void)state;
    if (figures == NULL && (soak() || stops > PAIRS)) {
        stop_with_pairs(stops > 0 ? stops : SOAK_MAX);
        return;
    }
    strike(SIGSTOP, "stopped", stops > 0 ? stops : STOPS);
    expect_text("deadman.log", "has ended it and takes over");
    assert_null(strstr(text_of("KILLED"), "dead man"));
}

static void test_a_killed_leader_is_replaced(void **state)
{
    (void)state;
    strike(SIGKILL, "killed", many(KILLS, 200));
}

static void test_one_that_ends_in_order_is_replaced_at_once(void **state)
{
    pid_t leader = start(words, "err"), standby;
    int64_t began_ms;

    (void)state;
    wait_leads(leader);
    standby = start_standby(leader);
    close(open_desk_of());
    began_ms = vt_now_ms();
    end_leader(leader);
    assert_int_equal(wait_leads(standby), 2);
    assert_true(vt_now_ms() - began_ms < 10000);
    end_leader(standby);
}

static void test_of_two_standbys_one_leads(void **state)
{
    pid_t leader = start(words, "err"), one, other, next;
    struct instance_holder holder;
    char follows[64];

    (void)state;
    wait_leads(leader);
    one = start_standby(leader);
    other = start_standby(leader);
    kill(leader, SIGSTOP);
    assert_true(WIFSIGNALED(end_of(leader)));
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS; !instance_lock_holder(folder, &holder) || holder.epoch < 2;
         usleep(10000))
        assert_true(vt_now_ms() < by_ms);
    assert_true(holder.pid == one || holder.pid == other);
    next = holder.pid == one ? other : one;
    snprintf(follows, sizeof(follows), "follows pid %d, epoch 2", (int)holder.pid);
    expect_text(standby_file(next), follows);
    usleep(2 * TERM_MS * 1000); /* it leaves the new one alone */
    assert_int_equal(kill(holder.pid, 0), 0);
    assert_int_equal(waitpid(holder.pid, NULL, WNOHANG), 0);
    kill(holder.pid, SIGKILL); /* and is there for it, too */
    end_of(holder.pid);
    assert_int_equal(wait_leads(next), 3);
    end_leader(next);
}

/* A signal ends one that waits; nothing is left of it. */
static void test_a_standby_ends_by_a_signal(void **state)
{
    pid_t leader = start(words, "err"), standby;

    (void)state;
    wait_leads(leader);
    standby = start_standby(leader);
    kill(standby, SIGUSR1); /* meant for one that trades */
    kill(standby, SIGUSR2);
    kill(standby, SIGHUP);
    usleep(300000);
    assert_int_equal(waitpid(standby, NULL, WNOHANG), 0);
    end_waiting(standby);
    assert_false(is_there(standby_file(standby)));
    end_leader(leader);
}

/* --- starts at one instant ------------------------------------------------------------------------------------------- */

/* Not by who stands in the file still, from the race before. */
static bool is_led_by_one_of(const pid_t *pid, struct instance_holder *holder)
{
    bool ours = false;

    if (!instance_lock_holder(folder, holder) || holder->epoch == 0)
        return false;
    for (int i = 0; i < RACERS; i++)
        ours = ours || pid[i] == holder->pid;
    return ours;
}

static void race(const char *const *argv, bool wait)
{
    pid_t pid[RACERS];
    struct instance_holder holder;
    int leaders = 0, ended = 0;

    for (int i = 0; i < RACERS; i++)
        pid[i] = start(argv, "err");
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS; !is_led_by_one_of(pid, &holder); usleep(5000))
        assert_true(vt_now_ms() < by_ms);
    for (int i = 0; i < RACERS; i++) {
        int status;

        if (pid[i] == holder.pid) {
            leaders++;
        } else if (wait) {
            expect_text(standby_file(pid[i]), "STANDBY follows");
        } else {
            status = end_of(pid[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
            ended++;
        }
    }
    assert_int_equal(leaders, 1);
    assert_int_equal(ended, wait ? 0 : RACERS - 1);
    for (int i = 0; wait && i < RACERS; i++)
        if (pid[i] != holder.pid) {
            end_waiting(pid[i]);
        }
    end_leader(holder.pid);
}

static void test_of_starts_at_one_instant_one_leads(void **state)
{
    int races = many(RACES, 200);

    (void)state;
    for (int i = 0; i < races; i++)
        race(i % 2 == 0 ? words : standby_words, i % 2 != 0);
    print_message("%d races of %d real starts: one leader each\n", races, RACERS);
}

/* --- what keeps it standby ------------------------------------------------------------------------------------------ */

static void test_other_settings_are_refused(void **state)
{
    static const char *const other[] = {"--demo",   "--headless", "--seed",    "5",
                                        "--symbol", "ETHUSDT",    "--standby", NULL};
    static const char *const theme[] = {"--demo",  "--headless", "--seed",  "5",     "--symbol",
                                        "BTCUSDT", "--standby",  "--theme", "light", NULL};
    pid_t leader = start(words, "err"), pid;
    int status;

    (void)state;
    wait_leads(leader);
    status = end_of(start(other, "other"));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    expect_text("other", "trades with another configuration");
    pid = start(theme, "other"); /* of the eyes alone */
    expect_text(standby_file(pid), "STANDBY follows");
    end_waiting(pid);
    end_leader(leader);
}

static void test_flapping_ends(void **state)
{
    pid_t leader, standby, last;

    (void)state;
    setenv("FLOWDECK_LEASE_TAKEOVERS", "1", 1);
    leader = start(words, "err");
    wait_leads(leader);
    standby = start_standby(leader);
    kill(leader, SIGKILL);
    end_of(leader);
    wait_leads(standby);
    last = start_standby(standby);
    kill(standby, SIGSTOP); /* it is not even ended: nobody would lead */
    expect_text(standby_file(last), "1 takeovers within 10 minutes: it flaps");
    usleep(2 * TERM_MS * 1000);
    assert_int_equal(waitpid(standby, NULL, WNOHANG), 0);
    kill(standby, SIGKILL);
    end_of(standby);
    usleep(2 * TERM_MS * 1000);
    assert_true(is_there(standby_file(last)));
    end_waiting(last);
    setenv("FLOWDECK_LEASE_TAKEOVERS", "0", 1);
}

/* A process that holds the lock and says of itself what we choose. */
static pid_t hold_as(void (*change)(struct instance_holder *self))
{
    int told[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(told), 0);
    pid = fork();
    if (pid == 0) {
        struct instance_holder self;
        char why[256];
        int fd;

        instance_holder_self(&self);
        if (instance_lock_take(folder, &self, 0, &fd, why, sizeof(why)) != ERR_OK)
            _exit(1);
        change(&self);
        instance_lock_write(fd, &self, why, sizeof(why));
        if (write(told[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    close(told[0]);
    close(told[1]);
    remember(pid);
    return pid;
}

static void on_another_host(struct instance_holder *self)
{
    strcpy(self->host, "elsewhere");
}

static void in_another_namespace(struct instance_holder *self)
{
    self->pid_namespace++;
}

static void of_a_process_that_is_gone(struct instance_holder *self)
{
    self->start_ticks--;
}

static void of_no_heartbeat(struct instance_holder *self)
{
    strcpy(self->life, "/dev/shm/flowdeck-life-nobody");
}

/* Its settings and program must be the standby's own, or that is told first. */
static struct instance_holder model;
static void (*chosen)(struct instance_holder *self);

static void like_the_model(struct instance_holder *self)
{
    memcpy(self->config, model.config, sizeof(self->config));
    memcpy(self->build, model.build, sizeof(self->build));
    chosen(self);
}

static void test_who_cannot_be_checked_is_left_alone(void **state)
{
    const struct {
        void (*change)(struct instance_holder *self);
        const char *says;
    } cases[] = {
        {on_another_host, "it runs on another host, elsewhere: no takeover"},
        {in_another_namespace, "another pid namespace: no takeover"},
        {of_a_process_that_is_gone, "is gone, but its lock is held still"},
        {of_no_heartbeat, "cannot be seen: no takeover"},
    };
    pid_t leader = start(words, "err"), holder, standby;

    (void)state;
    wait_leads(leader);
    assert_true(instance_lock_holder(folder, &model));
    end_leader(leader);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        chosen = cases[i].change;
        holder = hold_as(like_the_model);
        standby = start(standby_words, "err");
        expect_text(standby_file(standby), cases[i].says);
        assert_int_equal(waitpid(holder, NULL, WNOHANG), 0);
        end_waiting(standby);
        kill(holder, SIGKILL);
        end_of(holder);
    }
}

/* --- a lock file that goes -------------------------------------------------------------------------------------------- */

static void test_a_leader_without_its_lock_file_stops_trading(void **state)
{
    pid_t leader = start(words, "err"), second;
    json_t *status;
    int fd, code;

    (void)state;
    wait_leads(leader);
    fd = open_desk_of();
    ask_order(fd, bid_of(fd), 1, true);
    assert_int_equal(unlink(path_of("lock")), 0);
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS;; usleep(20000)) {
        bool halted;

        status = client_status(fd);
        halted = strcmp(client_text(status, "state"), "HALTED") == 0 && client_open_orders(status) == 0;
        if (halted)
            break;
        json_decref(status);
        assert_true(vt_now_ms() < by_ms);
    }
    assert_string_equal(client_text(status, "state_why"), "NOT_LEADER: its lock file was deleted");
    json_decref(status);
    second = start(words, "second"); /* the journal is locked by its writer all the same */
    code = end_of(second);
    assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 4);
    expect_text("second", "another flowdeck writes this journal");
    client_expect(
        fd, false, "",
        "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\",\"price\":\"50000\"}");
    close(fd);
    kill(leader, SIGTERM);
    end_of(leader);
}

/* Stopped and let go on, nobody waiting: it still leads, and trades on once it has looked. */
static void test_a_leader_that_goes_on_looks_first(void **state)
{
    pid_t leader = start(words, "err");
    json_t *status;
    int fd;

    (void)state;
    wait_leads(leader);
    fd = open_desk_of();
    kill(leader, SIGSTOP);
    usleep(3 * TERM_MS * 1000);
    kill(leader, SIGCONT);
    client_wait_live(fd, NULL, LIMIT_MS);
    usleep(500000);
    ask_order(fd, bid_of(fd), 1, true);
    status = client_status(fd);
    assert_int_equal(client_open_orders(status), 1);
    assert_string_equal(client_text(status, "state"), "ACTIVE");
    json_decref(status);
    close(fd);
    end_leader(leader);
}

/* A strategy that sends whenever it may. */
static void load_restless(void)
{
    const char *build = getenv("FLOWDECK_BUILD");
    char path[512], real[PATH_MAX];

    snprintf(path, sizeof(path), "%s/tests/plugins/restless.so", build == NULL ? "build" : build);
    if (realpath(path, real) == NULL)
        fail_msg("%s is not there", path);
    setenv("FLOWDECK_STRATEGY_PLUGINS", real, 1);
}

#define TAKEOVER_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, end_all)

int main(int argc, char **argv)
{
    const struct CMUnitTest stop_alone[] = {TAKEOVER_TEST(test_a_stopped_leader_is_replaced)};
    const struct CMUnitTest tests[] = {
        TAKEOVER_TEST(test_a_stopped_leader_is_replaced),
        TAKEOVER_TEST(test_a_killed_leader_is_replaced),
        TAKEOVER_TEST(test_one_that_ends_in_order_is_replaced_at_once),
        TAKEOVER_TEST(test_of_two_standbys_one_leads),
        TAKEOVER_TEST(test_a_standby_ends_by_a_signal),
        TAKEOVER_TEST(test_of_starts_at_one_instant_one_leads),
        TAKEOVER_TEST(test_other_settings_are_refused),
        TAKEOVER_TEST(test_flapping_ends),
        TAKEOVER_TEST(test_who_cannot_be_checked_is_left_alone),
        TAKEOVER_TEST(test_a_leader_without_its_lock_file_stops_trading),
        TAKEOVER_TEST(test_a_leader_that_goes_on_looks_first),
    };

    stage_find_program();
    signal(SIGPIPE, SIG_IGN); /* requests to a leader that is gone */
    setenv("FLOWDECK_LEASE_TERM_MS", "1000", 1);
    setenv("FLOWDECK_LEASE_COOLDOWN_MS", "0", 1);
    setenv("FLOWDECK_LEASE_TAKEOVERS", "0", 1);
    load_restless();
    itself = argv[0];
    figures = argc > 2 ? argv[2] : NULL;
    stops = argc > 1 ? atoi(argv[1]) : 0; /* NOLINT(cert-err34-c) */
    if (stops > 0)
        return cmocka_run_group_tests(stop_alone, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
