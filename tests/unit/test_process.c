/* What the process is to the system: core dumps, descriptors, and the last words of a crash, in children of the test. */
#include "unit/cmocka_all.h"

#include "app/crash.h"
#include "app/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs it in a child whose standard error comes back; returns the status of waitpid(). */
static int in_child(void (*act)(void), char *said, size_t size)
{
    int pipe_fd[2], status = 0;
    size_t used = 0;
    ssize_t got;
    pid_t pid;

    assert_int_equal(pipe(pipe_fd), 0);
    pid = fork();
    if (pid == 0) {
        struct rlimit no_core = {0, 0};

        setrlimit(RLIMIT_CORE, &no_core);
        dup2(pipe_fd[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(pipe_fd[1]);
    while (used + 1 < size && (got = read(pipe_fd[0], said + used, size - 1 - used)) > 0)
        used += (size_t)got;
    said[used] = '\0';
    close(pipe_fd[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void fault(void)
{
    static volatile uintptr_t nowhere = 8;

    *(volatile int *)nowhere = 1; /* a real fault, not a signal that somebody sent */
}

static void give_back(void)
{
    if (write(STDERR_FILENO, "[terminal]", 10) != 10)
        _exit(99);
}

static void crash_once(void)
{
    crash_catch(give_back);
    crash_place("/tmp/some\033where");
    fault();
}

static void test_a_crash_says_what_and_where(void **state)
{
    char said[512];
    int status = in_child(crash_once, said, sizeof(said));

    (void)state;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    assert_string_equal(
        said, "[terminal]flowdeck: crashed: SIGSEGV at address 0x8; nothing trades any more; look into "
              "flowdeck.log and deadman.log in /tmp/some?where\n");
}

static void crash_in_last_act(void)
{
    crash_catch(fault);
    abort();
}

static void abort_in_last_act(void)
{
    crash_catch(abort);
    fault();
}

/* A second crash inside the handler ends the process at once, whatever its kind. */
static void test_a_crash_in_the_handler_ends_it(void **state)
{
    char said[512];
    int status = in_child(crash_in_last_act, said, sizeof(said));

    (void)state;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    status = in_child(abort_in_last_act, said, sizeof(said));
    assert_true(WIFEXITED(status) ? WEXITSTATUS(status) == 1 : WTERMSIG(status) == SIGABRT);
}

static struct life_page *page;

static void crash_with_page(void)
{
    crash_catch(give_back);
    crash_tell(page);
    raise(SIGBUS);
}

/* Sending is stopped, and the dead man can tell that from a kill. */
static void test_a_crash_stops_sending(void **state)
{
    char said[512];

    (void)state;
    for (int killed = 0; killed < 2; killed++) {
        page = life_page_new();
        assert_non_null(page);
        atomic_store(&page->kill, killed == 1);
        in_child(crash_with_page, said, sizeof(said));
        assert_true(atomic_load(&page->kill));
        assert_int_equal(atomic_load(&page->crash_kill), killed == 0);
        assert_int_equal(atomic_load(&page->crash_signal), SIGBUS);
        life_page_free(page);
    }
}

/* Endless recursion leaves no room on the stack for a handler: it has its own. */
static int deeper(int depth)
{
    volatile char filler[4096];

    filler[depth % 4096] = (char)depth;
    return depth < 0 ? filler[0] : deeper(depth + 1) + filler[depth % 4096];
}

static void overflow(void)
{
    crash_catch(give_back);
    deeper(0);
}

static void test_an_overflowing_stack_is_told_too(void **state)
{
    char said[512];
    int status = in_child(overflow, said, sizeof(said));

    (void)state;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    assert_non_null(strstr(said, "[terminal]flowdeck: crashed: SIGSEGV"));
}

static void begin(void)
{
    int inherited = fcntl(STDERR_FILENO, F_DUPFD, 100);
    struct rlimit core = {0, 0};

    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    process_begin();
    getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_cur != 0 || prctl(PR_GET_DUMPABLE) != 0)
        _exit(1);
    if (fcntl(STDIN_FILENO, F_GETFD) != 0 || fcntl(STDOUT_FILENO, F_GETFD) != 0)
        _exit(2);
    if (fcntl(inherited, F_GETFD) != FD_CLOEXEC)
        _exit(3);
    process_allow_core_dumps();
    _exit(prctl(PR_GET_DUMPABLE) == 1 ? 0 : 4);
}

static void test_no_core_no_leak_no_closed_descriptor(void **state)
{
    char said[512];
    int status = in_child(begin, said, sizeof(said));

    (void)state;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void few_files(void)
{
    struct rlimit limit = {10, 64};
    char why[256] = "";

    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || process_has_files(32, why, sizeof(why)) != ERR_OK ||
        getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur != 32) /* raised as far as it is needed */
        _exit(1);
    if (process_has_files(65, why, sizeof(why)) != ERR_USAGE)
        _exit(2);
    _exit(strcmp(why, "only 64 files may be open at once, 65 are needed: raise the limit (ulimit -n 65)") == 0
              ? 0
              : 3);
}

static void test_too_few_files_are_told(void **state)
{
    char said[512];
    int status = in_child(few_files, said, sizeof(said));

    (void)state;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_crash_says_what_and_where),
        cmocka_unit_test(test_a_crash_in_the_handler_ends_it),
        cmocka_unit_test(test_a_crash_stops_sending),
        cmocka_unit_test(test_an_overflowing_stack_is_told_too),
        cmocka_unit_test(test_no_core_no_leak_no_closed_descriptor),
        cmocka_unit_test(test_too_few_files_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
