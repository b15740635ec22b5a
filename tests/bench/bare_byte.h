/*
 * bare_byte.h - what the machine itself takes for a byte from a terminal to the thread that wants it: a process that does nothing
 * else reads it in one thread and hands it to another, which takes the time and answers. As a key's way, and nothing of ours in
 * it: where this is late, the machine was. Header only; every wait is bounded.
 *
 *     struct bare_byte bare = bare_byte_open();
 *     int64_t took_ns = bare_byte_time(&bare);
 *     bare_byte_close(&bare);
 */
#ifndef BENCH_BARE_BYTE_H
#define BENCH_BARE_BYTE_H

#include "core/base/clock.h"
#include "unit/cmocka_all.h"

#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define BARE_BYTE_WAIT_MS 5000

struct bare_byte {
    pid_t pid;
    int master;
    int64_t *taken_ns; /* shared with the process; written before it answers */
};

struct bare_hands {
    int terminal, to_other;
};

static void *bare_byte_read(void *arg)
{
    const struct bare_hands *hands = arg;
    char byte;

    while (read(hands->terminal, &byte, 1) == 1 && write(hands->to_other, &byte, 1) == 1)
        ;
    close(hands->to_other); /* the other one ends, too */
    return NULL;
}

static void bare_byte_child(int terminal, int64_t *taken_ns)
{
    int pipe_fd[2];
    pthread_t reader;
    struct bare_hands hands;
    char byte;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (pipe(pipe_fd) != 0)
        _exit(1);
    hands = (struct bare_hands){.terminal = terminal, .to_other = pipe_fd[1]};
    if (pthread_create(&reader, NULL, bare_byte_read, &hands) != 0)
        _exit(1);
    while (read(pipe_fd[0], &byte, 1) == 1) {
        *taken_ns = clock_monotonic_ns();
        if (write(terminal, &byte, 1) != 1)
            break;
    }
    _exit(0);
}

static struct bare_byte bare_byte_open(void)
{
    struct bare_byte bare = {.pid = -1, .master = -1};
    struct termios raw;
    int slave;

    bare.taken_ns =
        mmap(NULL, sizeof(*bare.taken_ns), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(bare.taken_ns, MAP_FAILED);
    assert_int_equal(openpty(&bare.master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(slave, &raw), 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(slave, TCSANOW, &raw), 0);
    bare.pid = fork();
    assert_true(bare.pid >= 0);
    if (bare.pid == 0) {
        close(bare.master);
        bare_byte_child(slave, bare.taken_ns);
    }
    close(slave);
    return bare;
}

/* From before the byte is written to when it is in the other thread's hands. */
static int64_t bare_byte_time(const struct bare_byte *bare)
{
    struct pollfd answer = {.fd = bare->master, .events = POLLIN};
    int64_t from_ns = clock_monotonic_ns();
    char byte = 'o';

    assert_int_equal(write(bare->master, &byte, 1), 1);
    assert_int_equal(poll(&answer, 1, BARE_BYTE_WAIT_MS), 1);
    assert_int_equal(read(bare->master, &byte, 1), 1);
    return *bare->taken_ns - from_ns;
}

static void bare_byte_close(struct bare_byte *bare)
{
    kill(bare->pid, SIGKILL);
    waitpid(bare->pid, NULL, 0);
    close(bare->master);
    munmap(bare->taken_ns, sizeof(*bare->taken_ns));
}

#endif
