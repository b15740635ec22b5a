/*
 * test_instances.c - who holds the lock: its text, races of many processes for it (FLOWDECK_SOAK=1: 10,000 with eight),
 * its file deleted, replaced, its folder renamed; what a standby must not do. The real program: screen/test_takeover.c.
 */
#include "unit/full_disk.h"

#include "app/engine_state.h"
#include "app/lease.h"
#include "app/life_page.h"
#include "app/options.h"
#include "app/standby.h"
#include "core/base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RACERS     8
#define RACES      40
#define SOAK_RACES 10000
#define TERM_MS    1000

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/flowdeck-instances-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    char command[160];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s' '%s-moved'", folder, folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

static const char *lock_path(void)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/" INSTANCE_LOCK_FILE, folder);
    return path;
}

/* --- its text ---------------------------------------------------------------------------------------------------- */

static void test_the_text_comes_back(void **state)
{
    struct instance_holder holder, back;
    char text[INSTANCE_TEXT_MAX];

    (void)state;
    instance_holder_self(&holder);
    strcpy(holder.config, "abc");
    strcpy(holder.life, "/dev/shm/flowdeck-life-x");
    holder.epoch = 77;
    holder.takeovers = 2;
    holder.takeover_ns[0] = 5;
    holder.takeover_ns[1] = INT64_C(6000000000);
    assert_true(instance_holder_write(&holder, text, sizeof(text)) > 0);
    assert_true(instance_holder_read(text, &back));
    assert_memory_equal(&holder, &back, sizeof(holder));
    for (size_t size = 0; size < strlen(text) - 1; size++) { /* half of it is nobody */
        char part[INSTANCE_TEXT_MAX];

        snprintf(part, size + 1, "%s", text);
        if (strstr(part, "\nend") == NULL)
            assert_false(instance_holder_read(part, &back));
    }
    assert_false(instance_holder_read("", &back));
    assert_false(instance_holder_read("x\nend\n", &back));
    assert_false(instance_holder_read("-4\nend\n", &back));
}

static void test_who_lives_is_told_from_who_cannot_be_seen(void **state)
{
    struct instance_holder holder, other;
    struct proc_look look;
    char why[160];
    bool gone;

    (void)state;
    instance_holder_self(&holder);
    assert_true(instance_holder_lives(&holder, &look, &gone, why, sizeof(why)));
    other = holder;
    other.start_ticks++; /* the pid was given anew */
    assert_false(instance_holder_lives(&other, &look, &gone, why, sizeof(why)));
    assert_true(gone);
    other = holder;
    strcpy(other.host, "elsewhere");
    assert_false(instance_holder_lives(&other, &look, &gone, why, sizeof(why)));
    assert_false(gone);
    assert_non_null(strstr(why, "another host"));
    other = holder;
    other.pid_namespace++;
    assert_false(instance_holder_lives(&other, &look, &gone, why, sizeof(why)));
    assert_false(gone);
    other = holder;
    strcpy(other.boot, "0");
    assert_false(instance_holder_lives(&other, &look, &gone, why, sizeof(why)));
    assert_false(gone);
}

/* hidepid=2 hides a process of ours, too, that may not be traced. It is not taken for gone, nor for the one. */
static _Noreturn void look_through_hidepid(int told_fd)
{
    struct instance_holder holder;
    struct proc_look look = {.state = '?'};
    char why[160] = "", told[200];
    pid_t hidden;
    bool gone;
    int size;

    if (mount("proc", "/proc", "proc", 0, "hidepid=2") != 0 || setgid(65534) != 0 || setuid(65534) != 0)
        _exit(2);
    hidden = fork();
    if (hidden == 0) {
        prctl(PR_SET_DUMPABLE, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(hidden, NULL, WUNTRACED);
    instance_holder_self(&holder);
    holder.pid = hidden;
    if (proc_look(hidden, &look) || instance_holder_lives(&holder, &look, &gone, why, sizeof(why)))
        _exit(3);
    size = snprintf(told, sizeof(told), "%d %s", gone, why);
    kill(hidden, SIGKILL);
    waitpid(hidden, NULL, 0);
    if (write(told_fd, told, (size_t)size) != size ||
        instance_holder_lives(&holder, &look, &gone, why, sizeof(why)))
        _exit(4);
    _exit(gone ? 0 : 5);
}

static void test_who_is_hidden_is_not_taken_for_gone(void **state)
{
    char told[256] = "";
    int pipe_fd[2], status;
    pid_t child;

    (void)state;
    if (geteuid() != 0 || !own_mounts())
        skip();
    assert_int_equal(pipe(pipe_fd), 0);
    child = fork();
    if (child == 0)
        look_through_hidepid(pipe_fd[1]);
    close(pipe_fd[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
        skip(); /* no such mount here */
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the look ended with %x", (unsigned)status);
    assert_true(read(pipe_fd[0], told, sizeof(told) - 1) > 0);
    close(pipe_fd[0]);
    assert_true(told[0] == '0' && strstr(told, "hides it") != NULL && strstr(told, "not known") != NULL);
}

/* --- races --------------------------------------------------------------------------------------------------------- */

struct track {
    pthread_barrier_t barrier;
    atomic_int leaders, most, none, refused_unnamed;
};

static void race(struct track *track, int races, bool first)
{
    struct instance_holder self;
    char why[256];
    int fd;

    instance_holder_self(&self);
    for (int i = 0; i < races; i++) {
        enum err err;
        int now;

        if (first && i % 3 == 0)
            unlink(lock_path()); /* the file itself is made in the race */
        pthread_barrier_wait(&track->barrier);
        err = instance_lock_take(folder, &self, 0, &fd, why, sizeof(why));
        now = err == ERR_OK ? atomic_fetch_add(&track->leaders, 1) + 1 : 0;
        if (now > atomic_load(&track->most))
            atomic_store(&track->most, now);
        if (err != ERR_OK && strstr(why, "another flowdeck (pid ") == NULL)
            atomic_fetch_add(&track->refused_unnamed, 1);
        pthread_barrier_wait(&track->barrier);
        if (first && atomic_load(&track->leaders) == 0)
            atomic_fetch_add(&track->none, 1);
        pthread_barrier_wait(&track->barrier);
        if (err == ERR_OK) {
            atomic_fetch_sub(&track->leaders, 1);
            if (ftruncate(fd, 0) !=
                0) /* as if this process had ended: who stands there and lives is a copy's leader */
                _exit(1);
            instance_lock_drop(fd);
        }
        pthread_barrier_wait(&track->barrier);
    }
}

static void test_of_many_that_start_at_once_one_leads(void **state)
{
    int races = getenv("FLOWDECK_SOAK") != NULL ? SOAK_RACES : RACES;
    struct track *track =
        mmap(NULL, sizeof(*track), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_barrierattr_t shared;
    pid_t pid[RACERS];
    int status;

    (void)state;
    assert_true(track != MAP_FAILED);
    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&track->barrier, &shared, RACERS);
    for (int i = 0; i < RACERS; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            race(track, races, i == 0);
            _exit(0);
        }
        assert_true(pid[i] > 0);
    }
    for (int i = 0; i < RACERS; i++) {
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(atomic_load(&track->most), 1);
    assert_int_equal(atomic_load(&track->none), 0);
    assert_int_equal(atomic_load(&track->refused_unnamed), 0);
    print_message("%d start races of %d processes: never two leaders, never none\n", races, RACERS);
    munmap(track, sizeof(*track));
}

/* A copy of a living one's data directory has its lock file, which nobody holds. */
static void test_the_copy_of_a_living_ones_folder_is_refused(void **state)
{
    struct instance_holder living, self;
    char why[300];
    int ready[2], fd;
    char byte;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        instance_holder_self(&living);
        if (instance_lock_take(folder, &living, 0, &fd, why, sizeof(why)) != ERR_OK)
            _exit(1);
        instance_lock_drop(fd); /* what stands in the file stays, as in a copy */
        if (write(ready[1], "!", 1) == 1)
            pause();
        _exit(2);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    instance_holder_self(&self);
    assert_int_equal(instance_lock_take(folder, &self, 100, &fd, why, sizeof(why)), ERR_STATE);
    assert_non_null(strstr(why, "which is alive"));
    assert_int_equal(fd, -1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(instance_lock_take(folder, &self, 0, &fd, why, sizeof(why)), ERR_OK);
    instance_lock_drop(fd);
    assert_int_equal(instance_lock_take(folder, &self, 0, &fd, why, sizeof(why)),
                     ERR_OK); /* one's own is no copy */
    instance_lock_drop(fd);
}

/* --- the lease ------------------------------------------------------------------------------------------------------ */

static struct lease *lease_of(struct instance_holder *self, int *fd)
{
    struct lease_config config = {.data_dir = folder, .self = self, .term_ms = TERM_MS};
    struct lease *lease;
    char why[256];

    instance_holder_self(self);
    assert_int_equal(instance_lock_take(folder, self, 0, fd, why, sizeof(why)), ERR_OK);
    config.lock_fd = *fd;
    lease = lease_start(&config, why, sizeof(why));
    assert_non_null(lease);
    assert_true(lease_holds(lease, clock_monotonic_ns()));
    return lease;
}

static void assert_gets_lost(struct lease *lease, const char *part)
{
    char why[160] = "";

    for (int i = 0; i < 300 && !lease_is_lost(lease, why, sizeof(why)); i++)
        usleep(10000);
    assert_non_null(strstr(why, part));
    assert_false(lease_holds(lease, clock_monotonic_ns()));
}

static void test_a_lock_file_that_goes_is_noticed(void **state)
{
    struct instance_holder self;
    int fd, other;
    struct lease *lease = lease_of(&self, &fd);

    (void)state;
    usleep(700000); /* looked at anew meanwhile */
    assert_true(lease_holds(lease, clock_monotonic_ns()));
    assert_false(lease_holds(lease, clock_monotonic_ns() + TERM_MS / 2 * INT64_C(1000000)));
    unlink(lock_path());
    assert_gets_lost(lease, "its lock file was deleted");
    other = open(lock_path(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* it does not come back */
    usleep(400000);
    assert_false(lease_holds(lease, clock_monotonic_ns()));
    lease_stop(lease);
    close(other);
    instance_lock_drop(fd);
}

static void test_a_lock_file_that_is_replaced_is_noticed(void **state)
{
    struct instance_holder self;
    char path[160];
    int fd;
    struct lease *lease = lease_of(&self, &fd);

    (void)state;
    snprintf(path, sizeof(path), "%s/other", folder);
    close(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    assert_int_equal(rename(path, lock_path()), 0);
    assert_gets_lost(lease, "replaced");
    lease_stop(lease);
    instance_lock_drop(fd);
}

static void test_a_renamed_folder_is_noticed(void **state)
{
    struct instance_holder self;
    char path[160];
    int fd;
    struct lease *lease = lease_of(&self, &fd);

    (void)state;
    snprintf(path, sizeof(path), "%s-moved", folder);
    assert_int_equal(rename(folder, path), 0);
    assert_gets_lost(lease, "renamed");
    lease_stop(lease);
    instance_lock_drop(fd);
}

/* The gate's heartbeat of an engine that was stopped is old before anything is judged, and stays so without the lock. */
static void test_the_gate_hears_of_a_stop_and_of_a_lost_lock(void **state)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    struct config *config = options_config_new();
    struct pipeline_config made;
    struct instance_holder self;
    char why[CONFIG_WHY_SIZE];
    int fd;

    (void)state;
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    engine->pipeline = pipeline_new(&made, NULL);
    engine_watch_lease(engine, clock_monotonic_ns());
    assert_int_equal(engine->pipeline->risk.leader_term_ns, 0); /* a replay: nobody else could lead */
    engine->config.lease = lease_of(&self, &fd);
    engine->pipeline->now_ns = INT64_C(1700000000000000000);
    engine_watch_lease(engine, clock_monotonic_ns());
    assert_int_equal(engine->pipeline->risk.leader_term_ns, TERM_MS * INT64_C(1000000));
    assert_int_equal(engine->pipeline->risk.leader_beat_ns, engine->pipeline->now_ns);
    engine_watch_lease(engine, clock_monotonic_ns() + TERM_MS / 2 * INT64_C(1000000));
    assert_true(engine->pipeline->now_ns - engine->pipeline->risk.leader_beat_ns >=
                TERM_MS * INT64_C(1000000));
    engine_watch_lease(engine, clock_monotonic_ns()); /* looked at anew */
    assert_int_equal(engine->pipeline->risk.leader_beat_ns, engine->pipeline->now_ns);
    unlink(lock_path());
    assert_gets_lost(engine->config.lease, "deleted");
    engine_watch_lease(engine, clock_monotonic_ns());
    assert_int_equal(engine->pipeline->risk.state, STATE_HALTED);
    assert_string_equal(engine->pipeline->state_why, "NOT_LEADER: its lock file was deleted");
    assert_true(engine->pipeline->now_ns - engine->pipeline->risk.leader_beat_ns >=
                TERM_MS * INT64_C(1000000));
    lease_stop(engine->config.lease);
    instance_lock_drop(fd);
    pipeline_free(engine->pipeline);
    config_free(config);
    free(engine);
}

/* --- what a standby must not do ----------------------------------------------------------------------------------- */

static void test_takeovers_are_bounded(void **state)
{
    struct standby_config config = {.cooldown_ms = 30000, .takeovers_max = 3};
    struct instance_holder before, self;
    int64_t s = INT64_C(1000000000);
    char why[200];

    (void)state;
    instance_holder_self(&self);
    before = self;
    assert_false(standby_must_hold(&before, &self, &config, 1000 * s, why, sizeof(why)));
    instance_holder_note_takeover(&before, &before, 1000 * s);
    assert_true(standby_must_hold(&before, &self, &config, 1029 * s, why, sizeof(why)));
    assert_non_null(strstr(why, "less than 30 s ago"));
    assert_false(standby_must_hold(&before, &self, &config, 1031 * s, why, sizeof(why)));
    instance_holder_note_takeover(&before, &before, 1100 * s);
    instance_holder_note_takeover(&before, &before, 1200 * s);
    assert_true(standby_must_hold(&before, &self, &config, 1599 * s, why, sizeof(why)));
    assert_non_null(strstr(why, "3 takeovers within 10 minutes: it flaps"));
    assert_false(standby_must_hold(&before, &self, &config, 1601 * s, why, sizeof(why)));
    strcpy(before.boot, "an earlier one");
    assert_false(standby_must_hold(&before, &self, &config, 1201 * s, why, sizeof(why)));
    for (int64_t i = 0; i < 3 * INSTANCE_TAKEOVERS_KEPT; i++)
        instance_holder_note_takeover(&before, &before, i);
    assert_int_equal(before.takeovers, INSTANCE_TAKEOVERS_KEPT);
    assert_int_equal(before.takeover_ns[INSTANCE_TAKEOVERS_KEPT - 1], 3 * INSTANCE_TAKEOVERS_KEPT - 1);
}

static void test_another_configuration_is_named(void **state)
{
    struct instance_holder leader, self;
    char why[400];

    (void)state;
    instance_holder_self(&self);
    strcpy(self.config, "aaaa");
    leader = self;
    assert_false(standby_differs(&leader, &self, why, sizeof(why)));
    strcpy(leader.config, "bbbb");
    assert_true(standby_differs(&leader, &self, why, sizeof(why)));
    assert_non_null(strstr(why, "another configuration (bbbb, here aaaa)"));
    strcpy(leader.version, "9.9");
    assert_true(standby_differs(&leader, &self, why, sizeof(why)));
    assert_non_null(strstr(why, "another version (9.9"));
    leader = self;
    strcpy(leader.build, "1-2-3");
    assert_true(standby_differs(&leader, &self, why, sizeof(why)));
    assert_non_null(strstr(why, "another build of the program"));
}

static void test_a_shared_page_is_ours_alone(void **state)
{
    char path[96];
    struct life_page *page, *seen;

    (void)state;
    snprintf(path, sizeof(path), LIFE_SHARED "test-%d", (int)getpid());
    page = life_page_share(path);
    assert_non_null(page);
    assert_null(life_page_share(path)); /* never one that is there already */
    seen = life_page_watch(path);
    assert_non_null(seen);
    atomic_store(&page->heartbeat_ns, 42);
    assert_int_equal(atomic_load(&seen->heartbeat_ns), 42);
    life_page_free(seen);
    assert_int_equal(truncate(path, 100), 0);
    assert_null(life_page_watch(path)); /* of another program: its size is not ours */
    life_page_free(page);
    life_page_remove(path);
    assert_null(life_page_watch(path));
    assert_null(life_page_watch("/etc/passwd"));
    assert_null(life_page_watch(LIFE_SHARED "/../../etc/passwd"));
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_text_comes_back),
        cmocka_unit_test(test_who_lives_is_told_from_who_cannot_be_seen),
        cmocka_unit_test(test_who_is_hidden_is_not_taken_for_gone),
        FOLDER_TEST(test_of_many_that_start_at_once_one_leads),
        FOLDER_TEST(test_the_copy_of_a_living_ones_folder_is_refused),
        FOLDER_TEST(test_a_lock_file_that_goes_is_noticed),
        FOLDER_TEST(test_a_lock_file_that_is_replaced_is_noticed),
        FOLDER_TEST(test_a_renamed_folder_is_noticed),
        FOLDER_TEST(test_the_gate_hears_of_a_stop_and_of_a_lost_lock),
        cmocka_unit_test(test_takeovers_are_bounded),
        cmocka_unit_test(test_another_configuration_is_named),
        cmocka_unit_test(test_a_shared_page_is_ours_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
