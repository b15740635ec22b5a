#include "app/crash.h"

#include "app/cli.h"
#include "app/paths.h"

#include <ev.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_SIZE (64 * 1024) /* AVX-512 alone takes 4 kB of it */
#define LINE_MAX_  (PATH_TEXT_MAX + 256)

static const struct {
    int number;
    const char *word;
} crashes[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},
    {SIGABRT, "SIGABRT"}, {SIGSYS, "SIGSYS"}, {SIGTRAP, "SIGTRAP"},
};
#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

static char stack_of_main[STACK_SIZE];

static struct {
    void (*last_act)(void);
    char place[PATH_TEXT_MAX];
    _Atomic(struct life_page *) page;
    pid_t pid;            /* a forked child has no terminal and no page */
    _Atomic pid_t thread; /* that crashed first; 0: none */
} crash;

struct line {
    char text[LINE_MAX_];
    size_t size;
};

/* --- everything from here to crash_catch() may run in a signal handler ------------------------------------- */

static void put(struct line *line, const char *word)
{
    while (*word != '\0' && line->size < sizeof(line->text))
        line->text[line->size++] = *word++;
}

static void put_number(struct line *line, uint64_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;

    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    put(line, digits + at);
}

static void say(int number, const siginfo_t *info)
{
    struct line line = {.size = 0};
    size_t i = 0;
    ssize_t ignored;

    while (i + 1 < CRASHES && crashes[i].number != number)
        i++;
    put(&line, "flowdeck: crashed: ");
    put(&line, crashes[i].word);
    if (info->si_code > 0 && number != SIGABRT) {
        put(&line, " at address 0x");
        put_number(&line, (uintptr_t)info->si_addr, 16);
    } else if (info->si_pid > 0 && info->si_pid != crash.pid) {
        put(&line, " sent by process ");
        put_number(&line, (uint64_t)info->si_pid, 10);
    }
    put(&line, "; nothing trades any more");
    if (crash.place[0] != '\0') {
        put(&line, "; look into flowdeck.log and deadman.log in ");
        put(&line, crash.place);
    }
    put(&line, "\n");
    ignored = write(STDERR_FILENO, line.text, line.size);
    (void)ignored; /* nobody is left to be told */
}

/* No order leaves from here on. A kill that was under way stays one, ours is not latched. */
static void stop_sending(int number)
{
    struct life_page *page = atomic_load(&crash.page);

    if (page == NULL || crash.pid != getpid())
        return;
    if (atomic_load(&page->crash_signal) == 0)
        atomic_store(&page->crash_signal, number);
    if (atomic_load(&page->kill))
        return; /* by whoever asked for it, or by a thread that crashed before */
    atomic_store(&page->crash_kill, true);
    atomic_store(&page->kill, true);
}

/* Here rather than by the dead man, who would do it again when the shell has written already. */
static void give_terminal_back(void)
{
    struct life_page *page = atomic_load(&crash.page);

    if (crash.last_act == NULL || crash.pid != getpid())
        return;
    crash.last_act();
    if (page != NULL)
        atomic_store(&page->has_screen, false);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    pid_t thread = (pid_t)syscall(SYS_gettid), none = 0;
    struct sigaction action = {.sa_handler = SIG_DFL};

    (void)context;
    if (!atomic_compare_exchange_strong(&crash.thread, &none, thread)) {
        if (none == thread)
            _exit(EXIT_CODE_FAILED); /* in here, again */
        for (;;)
            pause(); /* the thread that was first ends the process */
    }
    stop_sending(number);
    give_terminal_back();
    say(number, info);
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
    raise(number); /* blocked while we are here: ends the process when this returns */
}

_Noreturn void crash_out_of_memory(void)
{
    struct line line = {.size = 0};
    ssize_t ignored;

    stop_sending(0);
    give_terminal_back();
    put(&line, "flowdeck: out of memory; nothing trades any more\n");
    ignored = write(STDERR_FILENO, line.text, line.size);
    (void)ignored;
    _exit(EXIT_CODE_FAILED);
}

/* libev would say it in its own words and abort(). */
static void *allocate(void *memory, long size)
{
    void *more;

    if (size <= 0) {
        free(memory);
        return NULL;
    }
    more = realloc(memory, (size_t)size);
    if (more == NULL)
        crash_out_of_memory();
    return more;
}

void crash_catch(void (*last_act)(void))
{
    stack_t stack = {.ss_sp = stack_of_main, .ss_size = sizeof(stack_of_main)};
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO};

    crash.last_act = last_act;
    crash.pid = getpid();
    ev_set_allocator(allocate);
    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < CRASHES; i++)
        sigaddset(&action.sa_mask, crashes[i].number); /* a second fault is the kernel's to end */
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i].number, &action, NULL);
}

/* --- what it says -------------------------------------------------------------------------------------------- */

void crash_place(const char *data_dir)
{
    size_t size = 0;

    /* A folder's name may hold anything; what is no plain character is not said. */
    for (; data_dir[size] != '\0' && size + 1 < sizeof(crash.place); size++)
        crash.place[size] = data_dir[size] < ' ' || data_dir[size] == 0x7f ? '?' : data_dir[size];
    crash.place[size] = '\0';
}

void crash_tell(struct life_page *page)
{
    atomic_store(&crash.page, page);
}
