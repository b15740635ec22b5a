#include "plugin/plugin_guard.h"

#include "core/base/clock.h"
#include "core/base/thread.h"
#include "plugin/plugin_file.h"
#include "plugin/plugin_quarantine.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define STACK_SIZE   (64 << 10) /* of the handler: AVX-512 alone takes 4 kB of it */
#define LOOK_MS      100
#define TEXT_MAX     1024
#define SUSPECTED_NS INT64_C(60000000000)

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
static const char *const crash_words[] = {"SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL",
                                          "SIGABRT", "SIGSYS", "SIGTRAP"};
#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

static const char *const call_words[PLUGIN_CALLS] = {
    "load",  "create", "destroy", "start", "market",    "trade", "signal",  "fill",
    "order", "timer",  "pause",   "stop",  "parameter", "save",  "restore",
};

struct suspect { /* written before its code runs, read by handlers */
    char name[OWNER_NAME_SIZE];
    char path[PLUGIN_PATH_MAX];
    char sha256[PLUGIN_SHA256_SIZE];
};

struct lane { /* what a thread of ours runs of a plug-in; the watcher reads it */
    _Atomic uint32_t owner, call;
    _Atomic uint64_t turn; /* counts calls, so that a look tells one from the next */
};

enum { LANE_ENGINE, LANE_LOADER, LANES };

static struct {
    bool installed, at_exit;
    struct plugin_page page;
    struct { /* stands in where the page has no word */
        _Atomic uint32_t running, loading, crash_owner;
        _Atomic int64_t running_ns;
        _Atomic int32_t crash_signal;
        atomic_bool kill;
    } inside;
    char quarantine[PLUGIN_PATH_MAX + 64];
    void (*last_act)(void);
    int64_t late_looks, look_ms, budget_ns;
    struct sigaction before[CRASHES];
    struct suspect suspect[LANES][OWNERS_MAX]; /* during a reload a lane each runs another version */
    struct lane lane[LANES];
    pthread_t watcher;
    bool watching;
    atomic_bool stop_watching;
} guard = {.budget_ns = PLUGIN_BUDGET_US * INT64_C(1000)};

static _Thread_local struct {
    uint32_t owner; /* 0: none of a plug-in's code runs on this thread */
    enum plugin_call call;
    int64_t since_ns;
    bool is_engine;
    void *stack;
    int64_t suspected_until_ns; /* after a call over its budget the next ones are looked at closely */
    bool closely;
    int64_t cpu_ns, sleeps; /* of the thread, when the call began */
} here;

static size_t lane_here(void)
{
    return here.is_engine ? LANE_ENGINE : LANE_LOADER;
}

const char *plugin_call_word(enum plugin_call call)
{
    return (unsigned)call < PLUGIN_CALLS ? call_words[call] : "?";
}

/* --- the end: everything here may run in a signal handler ------------------------------------------------- */

struct text {
    char bytes[TEXT_MAX];
    size_t size;
};

static void put(struct text *text, const char *word)
{
    while (*word != '\0' && text->size + 1 < sizeof(text->bytes))
        text->bytes[text->size++] = *word++;
    text->bytes[text->size] = '\0';
}

static void name_culprit(size_t lane, uint32_t owner, enum plugin_call call, const char *how,
                         const char *what)
{
    const struct suspect *suspect = &guard.suspect[lane][owner < OWNERS_MAX ? owner : 0];
    struct text reason = {.size = 0}, line = {.size = 0};
    bool noted = false;

    atomic_store(guard.page.kill, true);
    atomic_store(guard.page.crash_owner, owner);
    put(&reason, how);
    put(&reason, plugin_call_word(call));
    if (what[0] != '\0')
        put(&reason, ": ");
    put(&reason, what);
    if (guard.quarantine[0] != '\0' && suspect->sha256[0] != '\0')
        noted = plugin_quarantine_add(guard.quarantine, suspect->sha256, suspect->path, reason.bytes);
    if (guard.last_act != NULL)
        guard.last_act();
    put(&line, "flowdeck: strategy ");
    put(&line, suspect->name);
    put(&line, " (");
    put(&line, suspect->path);
    put(&line, ") ");
    put(&line, reason.bytes);
    put(&line, noted ? "; trading is killed, the plug-in is in quarantine\n" : "; trading is killed\n");
    if (write(STDERR_FILENO, line.bytes, line.size) < 0)
        return; /* nobody is left to be told */
}

/* Whose crash it is: a plug-in's is told here, any other by whoever was here before. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    size_t i = 0;

    while (i + 1 < CRASHES && crashes[i] != number)
        i++;
    atomic_store(guard.page.crash_signal, number);
    if (here.owner != 0)
        name_culprit(lane_here(), here.owner, here.call, "crashed in ", crash_words[i]);
    else if (guard.before[i].sa_flags & SA_SIGINFO)
        guard.before[i].sa_sigaction(number, info, context);
    else if (guard.last_act != NULL)
        guard.last_act();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_exit_in_call(void)
{
    if (!guard.installed || here.owner == 0)
        return;
    name_culprit(lane_here(), here.owner, here.call, "called exit() in ", "");
    _exit(EXIT_CODE_FAILED);
}

/* --- install ---------------------------------------------------------------------------------------------- */

static void fill_page(const struct plugin_page *from)
{
    struct plugin_page *page = &guard.page;

    *page = *from;
    if (page->running == NULL)
        page->running = &guard.inside.running;
    if (page->running_ns == NULL)
        page->running_ns = &guard.inside.running_ns;
    if (page->loading == NULL)
        page->loading = &guard.inside.loading;
    if (page->crash_signal == NULL)
        page->crash_signal = &guard.inside.crash_signal;
    if (page->crash_owner == NULL)
        page->crash_owner = &guard.inside.crash_owner;
    if (page->kill == NULL)
        page->kill = &guard.inside.kill;
}

static enum err take_signals(void)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < CRASHES; i++)
        sigaddset(&action.sa_mask, crashes[i]); /* a fault in here ends the process */
    for (size_t i = 0; i < CRASHES; i++)
        if (sigaction(crashes[i], &action, &guard.before[i]) != 0)
            return ERR_IO;
    return ERR_OK;
}

enum err plugin_guard_install(const struct plugin_guard_config *config)
{
    size_t size = config->quarantine != NULL ? strlen(config->quarantine) : 0;

    if (guard.installed)
        return ERR_STATE;
    if (size >= sizeof(guard.quarantine))
        return ERR_FULL;
    memset(guard.suspect, 0, sizeof(guard.suspect));
    memcpy(guard.quarantine, size > 0 ? config->quarantine : "", size + 1);
    guard.last_act = config->last_act;
    guard.look_ms = config->look_ms > 0 ? config->look_ms : LOOK_MS;
    guard.late_looks = (config->late_ms > 0 ? config->late_ms : PLUGIN_LATE_MS) / guard.look_ms;
    guard.budget_ns = config->budget_ns > 0 ? config->budget_ns : PLUGIN_BUDGET_US * INT64_C(1000);
    fill_page(&config->page);
    if (!guard.at_exit && atexit(on_exit_in_call) != 0)
        return ERR_MEMORY;
    guard.at_exit = true;
    guard.installed = true;
    return take_signals();
}

void plugin_guard_remove(void)
{
    if (!guard.installed)
        return;
    plugin_guard_watch_stop();
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &guard.before[i], NULL);
    guard.installed = false;
}

enum err plugin_guard_thread_start(bool is_engine)
{
    stack_t stack = {.ss_size = STACK_SIZE};
    sigset_t set;

    plugin_guard_thread_end(); /* the engine may run on the thread that has loaded */
    here.is_engine = is_engine;
    here.stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (here.stack == MAP_FAILED) {
        here.stack = NULL;
        return ERR_MEMORY;
    }
    stack.ss_sp = here.stack;
    sigemptyset(&set); /* a fault that is blocked ends the process without a handler */
    for (size_t i = 0; i < CRASHES; i++)
        sigaddset(&set, crashes[i]);
    if (sigaltstack(&stack, NULL) != 0 || pthread_sigmask(SIG_UNBLOCK, &set, NULL) != 0) {
        plugin_guard_thread_end();
        return ERR_IO;
    }
    return ERR_OK;
}

void plugin_guard_thread_end(void)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    if (here.stack == NULL)
        return;
    sigaltstack(&none, NULL);
    munmap(here.stack, STACK_SIZE);
    here.stack = NULL;
}

/* --- each call -------------------------------------------------------------------------------------------- */

void plugin_guard_know(uint16_t owner, const char *name, const char *path, const char *sha256)
{
    struct suspect *suspect;

    if (owner == OWNER_MANUAL || owner >= OWNERS_MAX)
        return;
    suspect = &guard.suspect[lane_here()][owner];
    memset(suspect, 0, sizeof(*suspect));
    strncpy(suspect->name, name, sizeof(suspect->name) - 1);
    strncpy(suspect->path, path, sizeof(suspect->path) - 1);
    strncpy(suspect->sha256, sha256, sizeof(suspect->sha256) - 1);
}

/* Processor time of this thread, and how often it went to sleep of its own will. Two system calls. */
static void look_closely(int64_t *cpu_ns, int64_t *sleeps)
{
    struct timespec cpu;
    struct rusage usage;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    getrusage(RUSAGE_THREAD, &usage);
    *cpu_ns = cpu.tv_sec * INT64_C(1000000000) + cpu.tv_nsec;
    *sleeps = usage.ru_nvcsw;
}

/*
 * A busy machine takes the processor away in the middle of a call, and that is no fault of the plug-in: of a suspect
 * that did not sleep, processor time counts. The first call over the budget is taken at its word, for looking
 * closely costs as much as many a callback.
 */
static int64_t judge_late(int64_t took_ns, int64_t now_ns)
{
    int64_t cpu_ns, sleeps;

    if (here.closely) {
        look_closely(&cpu_ns, &sleeps);
        if (sleeps == here.sleeps)
            took_ns = cpu_ns - here.cpu_ns;
    }
    if (took_ns > guard.budget_ns)
        here.suspected_until_ns = now_ns + SUSPECTED_NS;
    return took_ns;
}

void plugin_guard_enter(uint16_t owner, enum plugin_call call)
{
    struct lane *lane = &guard.lane[lane_here()];

    here.since_ns = clock_monotonic_ns();
    here.closely = here.since_ns < here.suspected_until_ns;
    if (here.closely)
        look_closely(&here.cpu_ns, &here.sleeps);
    here.call = call;
    here.owner = owner;
    atomic_store_explicit(&lane->turn, atomic_load_explicit(&lane->turn, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    atomic_store_explicit(&lane->call, (uint32_t)call, memory_order_relaxed);
    atomic_store_explicit(&lane->owner, owner, memory_order_release);
    if (!guard.installed)
        return;
    if (here.is_engine) {
        atomic_store_explicit(guard.page.running_ns, here.since_ns, memory_order_relaxed);
        atomic_store_explicit(guard.page.running, owner, memory_order_release);
    } else {
        atomic_store_explicit(guard.page.loading, owner, memory_order_release);
    }
}

int64_t plugin_guard_leave(void)
{
    struct lane *lane = &guard.lane[lane_here()];
    int64_t now_ns = clock_monotonic_ns(), took_ns = now_ns - here.since_ns;

    here.owner = 0;
    atomic_store_explicit(&lane->owner, 0, memory_order_release);
    if (guard.installed)
        atomic_store_explicit(here.is_engine ? guard.page.running : guard.page.loading, 0,
                              memory_order_release);
    return took_ns <= guard.budget_ns ? took_ns : judge_late(took_ns, now_ns);
}

/* --- the watcher ------------------------------------------------------------------------------------------ */

static void look(size_t index, uint64_t *turn, int64_t *looks)
{
    struct lane *lane = &guard.lane[index];
    uint32_t owner = atomic_load_explicit(&lane->owner, memory_order_acquire);
    uint64_t now = atomic_load_explicit(&lane->turn, memory_order_relaxed);

    *looks = owner != 0 && now == *turn ? *looks + 1 : 0;
    *turn = now;
    if (*looks < guard.late_looks)
        return;
    name_culprit(index, owner, (enum plugin_call)atomic_load(&lane->call), "did not come back from ", "");
    _exit(EXIT_CODE_FAILED);
}

static void *watch(void *arg)
{
    const struct timespec pause = {.tv_sec = guard.look_ms / 1000, .tv_nsec = guard.look_ms % 1000 * 1000000};
    uint64_t turn[LANES] = {0};
    int64_t looks[LANES] = {0};

    thread_name("plug-in watch");
    while (!atomic_load_explicit(&guard.stop_watching, memory_order_relaxed)) {
        for (size_t i = 0; i < LANES; i++)
            look(i, &turn[i], &looks[i]);
        nanosleep(&pause, NULL);
    }
    return arg;
}

enum err plugin_guard_watch_start(void)
{
    int failed;

    if (!guard.installed || guard.watching)
        return ERR_STATE;
    atomic_store(&guard.stop_watching, false);
    failed = thread_start(&guard.watcher, NULL, watch, NULL);
    guard.watching = failed == 0;
    return failed == 0 ? ERR_OK : ERR_MEMORY;
}

void plugin_guard_watch_stop(void)
{
    if (!guard.watching)
        return;
    atomic_store(&guard.stop_watching, true);
    pthread_join(guard.watcher, NULL);
    guard.watching = false;
}
