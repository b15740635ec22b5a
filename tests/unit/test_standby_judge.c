/* What a standby decides, turn by turn, with a machine made of a few numbers. */
#include "unit/cmocka_all.h"

#include "app/standby_judge.h"

#include <stdio.h>
#include <string.h>

#define MS      INT64_C(1000000)
#define TURN_MS 50
#define TERM_MS 2000

static struct {
    bool lives, stopped;
    int64_t beat;
} leader_is;
static struct instance_holder self, leader;
static struct standby_config config;
static struct standby_judge judge;
static struct standby_followed followed;
static int64_t now_ns;

static bool lives(void *arg, const struct instance_holder *holder, struct proc_look *look, bool *gone,
                  char *why, size_t why_size)
{
    (void)arg;
    assert_int_equal(holder->pid, leader.pid);
    snprintf(why, why_size, "its process is gone");
    look->state = leader_is.stopped ? 'T' : 'R';
    *gone = !leader_is.lives;
    return leader_is.lives;
}

static bool heartbeat(void *arg, const struct instance_holder *holder, int64_t *beat)
{
    (void)arg;
    (void)holder;
    *beat = leader_is.beat;
    return true;
}

static int set_up(void **state)
{
    static const struct standby_eyes eyes = {.lives = lives, .heartbeat = heartbeat};

    (void)state;
    memset(&leader, 0, sizeof(leader));
    snprintf(leader.boot, sizeof(leader.boot), "a boot");
    snprintf(leader.version, sizeof(leader.version), "1");
    self = leader;
    leader.pid = 10;
    leader.epoch = 3;
    self.pid = 11;
    config = (struct standby_config){.self = &self, .term_ms = TERM_MS, .cooldown_ms = 30000};
    followed = (struct standby_followed){.warm = true};
    leader_is.lives = true;
    leader_is.stopped = false;
    leader_is.beat = 1;
    now_ns = 1000 * 1000 * MS;
    standby_judge_start(&judge, &config, &eyes, false, now_ns);
    return 0;
}

/* One turn later. found NULL: a file that names nobody. */
static enum standby_act turn(bool lock_is_ours, const struct instance_holder *found)
{
    struct standby_seen seen = {.lock_is_ours = lock_is_ours, .read = &followed};

    now_ns += TURN_MS * MS;
    seen.now_ns = seen.boot_ns = now_ns;
    if (found != NULL)
        seen.found = *found;
    return standby_judge_turn(&judge, &seen);
}

/* Beating, or silent. */
static enum standby_act turns(int64_t for_ms, bool beats)
{
    enum standby_act act = STANDBY_WAITS;

    for (int64_t ms = 0; ms < for_ms && act == STANDBY_WAITS; ms += TURN_MS) {
        leader_is.beat += beats;
        act = turn(false, &leader);
    }
    return act;
}

static void test_silence_of_a_term_ends_it(void **state)
{
    (void)state;
    assert_int_equal(turns(60000, true), STANDBY_WAITS);
    leader_is.stopped = true;
    assert_int_equal(turns(TERM_MS - TURN_MS, false), STANDBY_WAITS);
    assert_int_equal(turns(3 * TURN_MS, false), STANDBY_ENDS_LEADER);
    standby_judge_killed(&judge, now_ns);
    assert_int_equal(turns(1000, false), STANDBY_WAITS); /* once */
    assert_non_null(strstr(judge.alert, "was killed, but does not end"));
    leader_is.lives = false;
    assert_int_equal(turn(true, &leader), STANDBY_LEADS);
    assert_int_equal(self.takeovers, 1);
}

/* Its dead man's first, if it runs; and a stop of our own is no silence of theirs. */
static void test_one_that_hangs_has_a_second_more(void **state)
{
    (void)state;
    assert_int_equal(turns(1000, true), STANDBY_WAITS);
    assert_int_equal(turns(TERM_MS + STANDBY_DEADMAN_MS - TURN_MS, false), STANDBY_WAITS);
    now_ns += 60000 * MS;
    assert_int_equal(turns(TERM_MS, false), STANDBY_WAITS);
    assert_int_equal(turns(STANDBY_DEADMAN_MS + 2 * TURN_MS, false), STANDBY_ENDS_LEADER);
}

/* The folder was exchanged for a copy: its lock is free, and who stands in it trades on until he has looked. */
static void test_a_free_lock_beside_one_that_lives_is_none(void **state)
{
    (void)state;
    assert_int_equal(turns(1000, true), STANDBY_WAITS);
    for (int i = 0; i < 100; i++) {
        leader_is.beat++;
        assert_int_equal(turn(true, &leader), STANDBY_WAITS);
        assert_int_equal(turn(true, NULL), STANDBY_WAITS); /* or it was deleted */
    }
    assert_non_null(strstr(judge.alert, "under pid 10, which lives: no takeover"));
    leader_is.lives = false;
    assert_int_equal(turn(true, &leader), STANDBY_LEADS);
}

static void test_a_deleted_lock_is_taken_once_its_leader_is_gone(void **state)
{
    (void)state;
    assert_int_equal(turns(1000, true), STANDBY_WAITS);
    leader_is.lives = false;
    assert_int_equal(turn(true, NULL), STANDBY_LEADS);
    assert_int_equal(self.takeovers, 1);
}

/* Who has never led anything is not waited for. */
static void test_a_lock_of_nobody_is_taken_at_once(void **state)
{
    (void)state;
    assert_int_equal(turn(true, NULL), STANDBY_LEADS);
    assert_int_equal(self.takeovers, 0);
}

static void test_a_deleted_lock_forgets_no_takeover(void **state)
{
    (void)state;
    instance_holder_note_takeover(&leader, &leader, now_ns);
    assert_int_equal(turns(1000, true), STANDBY_WAITS);
    leader_is.lives = false;
    assert_int_equal(turn(true, NULL), STANDBY_WAITS);
    assert_non_null(strstr(judge.alert, "less than 30 s ago"));
    now_ns += 30000 * MS;
    assert_int_equal(turn(true, NULL), STANDBY_LEADS);
    assert_int_equal(self.takeovers, 2);
}

static void test_a_journal_that_cannot_be_read_bars_it(void **state)
{
    (void)state;
    assert_int_equal(turns(1000, true), STANDBY_WAITS);
    snprintf(followed.why, sizeof(followed.why), "damaged");
    assert_int_equal(turns(5 * TERM_MS, false), STANDBY_WAITS);
    assert_non_null(strstr(judge.alert, "the journal cannot be read, no takeover: damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_silence_of_a_term_ends_it, set_up),
        cmocka_unit_test_setup(test_one_that_hangs_has_a_second_more, set_up),
        cmocka_unit_test_setup(test_a_free_lock_beside_one_that_lives_is_none, set_up),
        cmocka_unit_test_setup(test_a_deleted_lock_is_taken_once_its_leader_is_gone, set_up),
        cmocka_unit_test_setup(test_a_lock_of_nobody_is_taken_at_once, set_up),
        cmocka_unit_test_setup(test_a_deleted_lock_forgets_no_takeover, set_up),
        cmocka_unit_test_setup(test_a_journal_that_cannot_be_read_bars_it, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
