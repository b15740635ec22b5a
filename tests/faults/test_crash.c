/*
 * test_crash.c - the program trades, is killed -9 at a random moment, and starts again: what it had acknowledged is there,
 * money is what its fills come to, no state has become laxer, no number is given twice, the database says the same.
 */
#include "faults/shares.h"

#define KILLS_OF_A_FOLDER 40 /* then the journal begins anew */

struct killer {
    pid_t pid;
    useconds_t delay_us;
};

static void *kill_later(void *arg)
{
    const struct killer *killer = arg;

    usleep(killer->delay_us);
    kill(killer->pid, SIGKILL);
    return NULL;
}

/* Strategies on, and no limit so tight that they fall silent at once. */
static void open_desk(struct desk *desk)
{
    desk_ask(desk, "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"on\"}");
    desk_ask(desk, "{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"on\"}");
}

static void trade_until_killed(struct desk *desk)
{
    struct killer killer = {desk->pid, 20000 + (useconds_t)draw(900000)};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, kill_later, &killer), 0);
    while (desk_act(desk))
        continue;
    pthread_join(thread, NULL);
    wait_for_end(desk->pid, NULL);
    desk_hang_up(desk);
}

/* Killed while it starts, too: recovery of a recovery. */
static size_t kill_starts(size_t sessions)
{
    struct desk desk;
    bool begun;

    desk_launch(&desk);
    usleep((useconds_t)draw(400000));
    desk_kill(&desk);
    books_read(&books, folder, DESK_ACCOUNT);
    begun = books.sessions > sessions;
    sums.in_start++;
    return sessions + begun;
}

/* Out of safe mode and whatever it was in: so that the next run trades again. */
static void revive(struct desk *desk)
{
    if (draw(3) == 0)
        return;
    desk_ask(desk, "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
    desk_ask(desk, "{\"do\":\"resume\"}");
    desk_ask(desk, "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    desk_ask(desk, "{\"do\":\"mode\",\"mode\":\"simulation\"}");
    desk_ask(desk, "{\"do\":\"clear_halt\",\"symbol\":\"BTCUSDT\"}");
    if (draw(2) == 0)
        open_desk(desk);
}

static void kill_and_look(struct desk *desk)
{
    struct desk before;
    size_t own;

    trade_until_killed(desk);
    before = *desk;
    own = sessions_in(folder);
    sums.kills++;
    if (draw(5) == 0)
        kill_starts(own);
    desk_start(desk);
    books_read(&books, folder, DESK_ACCOUNT);
    assert_true(books.sessions > own);
    check_after(&before, desk, books.sessions, books.sessions - own);
}

static void run_folder(int kills, int64_t *rows)
{
    struct desk desk, before;

    desk_start(&desk);
    open_desk(&desk);
    for (int i = 0; i < kills; i++) {
        kill_and_look(&desk);
        revive(&desk);
        if (i % 8 != 3)
            continue;
        assert_int_equal(desk_end(&desk), 0); /* an orderly end between crashes is recovered from, too */
        before = desk;
        desk_start(&desk);
        books_read(&books, folder, DESK_ACCOUNT);
        check_after(&before, &desk, books.sessions, 1);
    }
    assert_int_equal(desk_end(&desk), 0);
    books_read(&books, folder, DESK_ACCOUNT);
    sums.frames += books.frames;
    sums.memories += books.memories;
    sums.strategy_fills += books.strategy_fills;
    books_check_trade_ids(&books);
    *rows += check_database();
}

/* Of this share. */
static void run_kills(void **state, int kills)
{
    chance = (uint64_t)vt_now_ms() * 2654435761U + (uint64_t)getpid();
    print_message("chance %" PRIu64 "\n", chance);
    for (int left = kills; left > 0; left -= KILLS_OF_A_FOLDER) {
        run_folder(left < KILLS_OF_A_FOLDER ? left : KILLS_OF_A_FOLDER, &tally.rows);
        if (left <= KILLS_OF_A_FOLDER)
            break;
        desk_teardown(state);
        assert_int_equal(desk_setup(state), 0);
    }
    tally.sums = sums;
}

static void tell(double took_s)
{
    const struct after_sums *all = &tally.sums;

    print_message("%" PRIu64 " kills -9 at random moments and %" PRIu64
                  " more while it started, %.1f s: acknowledged %" PRIu64 " commands, %" PRIu64
                  " orders, %" PRIu64 " fills; 0 acknowledged events lost, 0 orders given twice, 0 risk "
                  "states reset\n",
                  all->kills, all->in_start, took_s, all->commands, all->orders, all->fills);
    print_message("%" PRIu64
                  " fills of strategies, each told with what its strategy remembers of it (%" PRIu64
                  " memories)\n",
                  all->strategy_fills, all->memories);
    print_message("checked after each: %" PRIu64 " states, %" PRIu64 " strategies, %" PRIu64
                  " limits, %" PRIu64 " halted symbols: 0 reset; %" PRIu64 " starts in safe mode; %" PRIu64
                  " orders of dead runs, 0 open; %" PRId64 " rows as made anew\n",
                  all->states, all->owners, all->limits, all->halts, all->safe, all->ended, tally.rows);
}

/* FAULT_KILLS: so many. Many are shared out over several programs in folders of their own. */
static void test_killed_at_random(void **state)
{
    const char *wanted = getenv("FAULT_KILLS");
    int kills = wanted != NULL ? atoi(wanted) : is_long_form() ? 1000 : 5;
    struct share share = share_of_this();
    int64_t began_ms = vt_now_ms();

    if (share.of != 0)
        kills = kills * (int)share.number / (int)share.of - kills * (int)(share.number - 1) / (int)share.of;
    if (share.of == 0 && kills >= KILLS_OF_A_FOLDER)
        shares_run(shares_wanted());
    else
        run_kills(state, kills);
    share_tell();
    tell((double)(vt_now_ms() - began_ms) / 1000.);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_killed_at_random),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
