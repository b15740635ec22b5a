/*
 * desk.h - the real program under faults: started with a shim in front of the system, driven over its control socket as
 * a trader would, killed, started again; and what it has acknowledged.
 */
#ifndef FAULTS_DESK_H
#define FAULTS_DESK_H

#include "faults/books.h"
#include "faults/io_faults.h"
#include "screen/kill_stage.h"

#include "store/journal_ring.h"

#include <pthread.h>
#include <sys/mman.h>

#define DESK_ACCOUNT  "demo"
#define DESK_LIMITS   4
#define DESK_START_MS 60000 /* shares of a long campaign press on each other */

static struct io_faults *faults;
static uint64_t chance = 1;

/* What the program has told us. Where a command had no answer both values may hold. */
struct desk {
    int fd; /* -1: not connected */
    pid_t pid;
    uint64_t commands, orders; /* of this run: answered with ok */
    uint64_t top_order;
    uint64_t order[512]; /* seqs */
    size_t order_count;
    bool has_status;
    int64_t fills, lots, cash_e8, realised_e8; /* of the newest status */
    char refusal[160];                         /* the newest */
    char limit[DESK_LIMITS][24], limit_asked[DESK_LIMITS][24];
};

static const char *const desk_limit[DESK_LIMITS] = {"risk.max_open_value", "risk.max_position",
                                                    "risk.trade_loss_symbol", "risk.trade_loss"};

static inline bool is_long_form(void)
{
    const char *soak = getenv("FLOWDECK_SOAK");

    return soak != NULL && strcmp(soak, "1") == 0;
}

static inline uint64_t draw(uint64_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance % below;
}

/* --- the shim --------------------------------------------------------------------------------------------------------- */

static inline void faults_disarm(void)
{
    atomic_store(&faults->calls, 0);
}

static inline void faults_arm(unsigned calls, enum io_act act, unsigned long at, bool on, int error,
                              const char *path)
{
    faults_disarm();
    snprintf(faults->path, sizeof(faults->path), "%s", path);
    atomic_store(&faults->act, act);
    atomic_store(&faults->at, at);
    atomic_store(&faults->on, on);
    atomic_store(&faults->error, error);
    atomic_store(&faults->count, 0);
    atomic_store(&faults->hits, 0);
    atomic_store(&faults->calls, calls);
}

static inline int desk_make_page(void)
{
    int fd = open(path_of("io-faults"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || ftruncate(fd, sizeof(*faults)) != 0)
        return -1;
    faults = mmap(NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return faults == MAP_FAILED ? -1 : 0;
}

static inline int desk_setup(void **state)
{
    return make_folder(state) != 0 ? -1 : desk_make_page();
}

/* The ring of a run that was killed outlives its folder. */
static inline void desk_drop_ring(void)
{
    char path[256];
    const char *ring_dir = getenv("FLOWDECK_JOURNAL_RING_DIR");

    if (journal_ring_path(ring_dir == NULL ? JOURNAL_RING_DIR : ring_dir, folder, DESK_ACCOUNT, path,
                          sizeof(path)) == ERR_OK)
        unlink(path);
}

static inline int desk_teardown(void **state)
{
    if (running > 0) {
        kill(running, SIGKILL);
        waitpid(running, NULL, 0);
        running = 0;
        usleep(300000); /* for its dead man */
    }
    desk_drop_ring();
    munmap(faults, sizeof(*faults));
    return drop_folder(state);
}

/* --- runs ------------------------------------------------------------------------------------------------------------ */

static inline pid_t desk_spawn(const char *const *words, int out_fd)
{
    char shim[600];
    pid_t pid;

    snprintf(shim, sizeof(shim), "%.*s/tests/faults/fail_io.so", (int)(strrchr(program, '/') - program),
             program);
    atomic_store(&faults->pid, 0);
    setenv("IO_FAULTS", path_of("io-faults"), 1);
    setenv("LD_PRELOAD", shim, 1);
    setenv("FLOWDECK_FEED_HISTORY_S", "0", 1); /* a start costs a third of what it does with a past */
    pid = spawn_to(words, out_fd);
    unsetenv("LD_PRELOAD");
    unsetenv("IO_FAULTS");
    return pid;
}

static inline void desk_launch(struct desk *desk)
{
    static const char *const words[] = {"--demo", "--headless", "--seed", "5", "--symbol", "BTCUSDT", NULL};

    int out = open(path_of("said"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(out >= 0);
    *desk = (struct desk){.fd = -1};
    desk->pid = running = desk_spawn(words, out);
    close(out);
}

/* What it said before it ended, or while it does not come up. */
static inline void desk_complain(const char *what)
{
    char text[1024] = "";
    int fd = open(path_of("said"), O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    text[size > 0 ? size : 0] = '\0';
    fail_msg("the program %s; it said: %s", what, text);
}

/* Everything of the run before is back: it may trade. */
static inline void desk_wait(struct desk *desk)
{
    int64_t by_ms = vt_now_ms() + DESK_START_MS;
    char why[256];

    while (control_socket_connect(folder, CONTROL_SOCKET, &desk->fd, why, sizeof(why)) != ERR_OK) {
        desk->fd = -1;
        if (waitpid(desk->pid, &(int){0}, WNOHANG) == desk->pid) {
            running = 0;
            desk_complain("ended as it started");
        }
        if (vt_now_ms() >= by_ms)
            desk_complain("has no control socket");
        usleep(10000);
    }
    client_wait_live(desk->fd, NULL, DESK_START_MS);
}

static inline void desk_start(struct desk *desk)
{
    desk_launch(desk);
    desk_wait(desk);
}

static inline void desk_hang_up(struct desk *desk)
{
    if (desk->fd >= 0)
        close(desk->fd);
    desk->fd = -1;
}

static inline void desk_kill(struct desk *desk)
{
    kill(desk->pid, SIGKILL);
    wait_for_end(desk->pid, NULL);
    desk_hang_up(desk);
}

/* Returns its exit code; -1: a signal ended it. */
static inline int desk_end(struct desk *desk)
{
    int status;

    kill(desk->pid, SIGTERM);
    status = wait_for_end(desk->pid, NULL);
    desk_hang_up(desk);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- what it is asked --------------------------------------------------------------------------------------------------- */

static inline int64_t text_e8(const char *text)
{
    long double value = strtold(text, NULL) * 100000000.0L;

    return (int64_t)(value < 0 ? value - 0.5L : value + 0.5L);
}

static inline void desk_take_status(struct desk *desk, const json_t *status)
{
    const json_t *first = json_array_get(json_object_get(status, "instruments"), 0);

    if (first == NULL)
        return; /* it has not heard of its instrument yet, and has no account */
    desk->has_status = true;
    desk->fills = client_number(status, "counts", "fills");
    desk->lots = text_e8(client_text(first, "position"));
    desk->realised_e8 = text_e8(client_text(first, "realised"));
    desk->cash_e8 = text_e8(client_text(status, "cash"));
}

/* False: no answer, it is gone. */
static inline bool desk_status(struct desk *desk, int64_t *bid_e8, int64_t *ask_e8)
{
    json_t *status = client_try(desk->fd, "{\"do\":\"status\"}");

    *bid_e8 = *ask_e8 = 0;
    if (status == NULL)
        return false;
    desk_take_status(desk, status);
    *bid_e8 = client_price_e8(status, "bid");
    *ask_e8 = client_price_e8(status, "ask");
    json_decref(status);
    return true;
}

/* 1: done; 0: refused; -1: no answer. */
static inline int desk_ask(struct desk *desk, const char *line)
{
    json_t *answer = client_try(desk->fd, "%s", line);
    int done = answer == NULL ? -1 : client_ok(answer);
    int64_t seq = answer == NULL ? 0 : json_integer_value(json_object_get(answer, "order"));

    if (done == 0)
        snprintf(desk->refusal, sizeof(desk->refusal), "%s", client_text(answer, "text"));
    desk->commands += done >= 0;
    if (done == 1 && seq > 0) {
        desk->orders++;
        desk->top_order = (uint64_t)seq;
        desk->order[desk->order_count++ % 512] = (uint64_t)seq;
    }
    json_decref(answer);
    return done;
}

static inline int desk_order(struct desk *desk, const char *side, int64_t price_e8, int lots)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"%s\",\"qty\":\"0.%05d\",\"again\":true,"
             "\"price\":\"%" PRId64 ".%02d\"}",
             side, lots, price_e8 / 100000000, (int)(price_e8 % 100000000 / 1000000));
    return desk_ask(desk, line);
}

/* An answer that did not come: both may hold from here on. */
static inline int desk_set_limit(struct desk *desk, size_t id, const char *value)
{
    char line[256];
    int done;

    snprintf(line, sizeof(line),
             "{\"do\":\"set_limit\",\"limit\":\"%s\",\"value\":\"%s\",\"confirm\":\"%s\"}", desk_limit[id],
             value, desk_limit[id]);
    snprintf(desk->limit_asked[id], sizeof(desk->limit_asked[id]), "%s", value);
    done = desk_ask(desk, line);
    if (done == 1)
        snprintf(desk->limit[id], sizeof(desk->limit[id]), "%s", value);
    if (done == 0)
        desk->limit_asked[id][0] = '\0';
    return done;
}

static inline int desk_act_rarely(struct desk *desk)
{
    static const char *const lines[] = {
        "{\"do\":\"pause\"}",
        "{\"do\":\"resume\"}",
        "{\"do\":\"resume\"}",
        "{\"do\":\"state\",\"state\":\"REDUCING\"}",
        "{\"do\":\"state\",\"state\":\"HALTED\"}",
        "{\"do\":\"state\",\"state\":\"ACTIVE\"}",
        "{\"do\":\"state\",\"state\":\"ACTIVE\"}",
        "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"on\"}",
        "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"off\"}",
        "{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"on\"}",
        "{\"do\":\"strategy\",\"strategy\":\"reversion\",\"turn\":\"on\"}",
        "{\"do\":\"clear_halt\",\"symbol\":\"BTCUSDT\"}",
        "{\"do\":\"cancel_all\"}",
        "{\"do\":\"flatten\",\"symbol\":\"BTCUSDT\"}",
        "{\"do\":\"flatten\",\"symbol\":\"BTCUSDT\"}",
        "{\"do\":\"mode\",\"mode\":\"observation\"}",
        "{\"do\":\"mode\",\"mode\":\"simulation\"}",
        "{\"do\":\"mode\",\"mode\":\"simulation\"}",
        "{\"do\":\"kill\"}",
        "{\"do\":\"clear_kill\",\"word\":\"resume\"}",
        "{\"do\":\"clear_kill\",\"word\":\"resume\"}",
    };
    static const char *const values[] = {"0.2", "1", "50", "100", "4000", "5000"};

    if (draw(3) == 0)
        return desk_set_limit(desk, draw(DESK_LIMITS), values[draw(6)]);
    return desk_ask(desk, lines[draw(sizeof(lines) / sizeof(lines[0]))]);
}

static inline int desk_cancel_any(struct desk *desk)
{
    size_t count = desk->order_count < 512 ? desk->order_count : 512;
    char line[96];

    if (count == 0)
        return 0;
    snprintf(line, sizeof(line), "{\"do\":\"cancel\",\"order\":%" PRIu64 "}", desk->order[draw(count)]);
    return desk_ask(desk, line);
}

/* One thing a trader does. False: nobody answers any more. */
static inline bool desk_act(struct desk *desk)
{
    int64_t bid_e8, ask_e8;
    uint64_t kind;
    int done;

    if (!desk_status(desk, &bid_e8, &ask_e8))
        return false;
    usleep((useconds_t)draw(4000));
    kind = draw(40);
    if (kind < 12)
        done = desk_order(desk, "BUY", ask_e8 + 100000000, 100 + (int)draw(400));
    else if (kind < 24)
        done = desk_order(desk, "SELL", bid_e8 - 100000000, 100 + (int)draw(400));
    else if (kind < 32)
        done = desk_order(desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100 + (int)draw(100));
    else if (kind < 37)
        done = desk_cancel_any(desk);
    else
        done = desk_act_rarely(desk);
    return done >= 0;
}

#endif
