/*
 * takeover_stage.h - real leaders and standbys in one data directory: started, waited for, made to send, ended; and what
 * their journal says of the epochs.
 */
#ifndef SCREEN_TAKEOVER_STAGE_H
#define SCREEN_TAKEOVER_STAGE_H

#include "screen/kill_stage.h"

#include "app/instance_lock.h"
#include "store/journal_reader.h"
#include "store/record_codec.h"

#include <limits.h>
#include <sys/file.h>

#define BURST       4
#define SENT        12 /* before the blow, so that the strategy has sent some */
#define LIMIT_MS    30000
#define TERM_MS     1000
#define NOT_REACHED 5 /* it was ended before it had connected */

static const char *const words[] = {"--demo", "--headless", "--seed", "5", "--symbol", "BTCUSDT", NULL};
static const char *const standby_words[] = {"--demo",   "--headless", "--seed",    "5",
                                            "--symbol", "BTCUSDT",    "--standby", NULL};
static pid_t started[16]; /* ended with a test that fails */

static inline void remember(pid_t pid)
{
    for (size_t i = 0; i < sizeof(started) / sizeof(started[0]); i++)
        if (started[i] == 0) {
            started[i] = pid;
            return;
        }
}

static inline pid_t start(const char *const *argv, const char *log)
{
    int fd = open(path_of(log), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = spawn_to(argv, fd);

    close(fd);
    remember(pid);
    return pid;
}

static inline void forget(pid_t pid)
{
    for (size_t i = 0; i < sizeof(started) / sizeof(started[0]); i++)
        if (started[i] == pid)
            started[i] = 0;
}

static inline int end_of(pid_t pid)
{
    int status = wait_for_end(pid, NULL);

    forget(pid);
    return status;
}

static inline int end_all(void **state)
{
    for (size_t i = 0; i < sizeof(started) / sizeof(started[0]); i++)
        if (started[i] != 0) {
            kill(started[i], SIGKILL);
            waitpid(started[i], NULL, 0);
            started[i] = 0;
        }
    usleep(200000); /* for dead men */
    return drop_folder(state);
}

static inline const char *text_of(const char *name)
{
    static char text[1 << 16];
    FILE *in = fopen(path_of(name), "re");
    size_t size = in == NULL ? 0 : fread(text, 1, sizeof(text) - 1, in);

    text[size] = '\0';
    if (in != NULL)
        fclose(in);
    return text;
}

static inline const char *standby_file(pid_t pid)
{
    static char name[32];

    snprintf(name, sizeof(name), "standby-%d", (int)pid);
    return name;
}

static inline void expect_text(const char *name, const char *part)
{
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS; strstr(text_of(name), part) == NULL; usleep(10000))
        if (vt_now_ms() >= by_ms)
            fail_msg("%s lacks '%s': %s", name, part, text_of(name));
}

/* Until this process leads with an epoch, which it returns; its journal has it then, synced. */
static inline uint64_t wait_leads(pid_t pid)
{
    struct instance_holder holder;

    for (int64_t by_ms = vt_now_ms() + LIMIT_MS; vt_now_ms() < by_ms; usleep(2000))
        if (instance_lock_holder(folder, &holder) && holder.pid == pid && holder.epoch != 0)
            return holder.epoch;
    fail_msg("pid %d does not lead: %s%s", (int)pid, text_of("err"), text_of(standby_file(pid)));
    return 0;
}

static inline pid_t start_standby(pid_t leader)
{
    pid_t pid = start(standby_words, "err");
    char follows[64];

    snprintf(follows, sizeof(follows), "follows pid %d", (int)leader);
    expect_text(standby_file(pid), follows);
    return pid;
}

static inline void wait_warm(pid_t standby)
{
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS; vt_now_ms() < by_ms; usleep(20000)) {
        const char *text = text_of(standby_file(standby));

        if (strstr(text, "journal read to ") != NULL && strstr(text, ", reading") == NULL &&
            strstr(text, "read to 0") == NULL)
            return;
    }
    fail_msg("the standby does not read: %s", text_of(standby_file(standby)));
}

/* --- orders -------------------------------------------------------------------------------------------------------- */

/* The new leader's socket: one that was left by the old one refuses. */
static inline int open_desk_of(void)
{
    int fd = client_open(folder, NULL, LIMIT_MS);

    client_wait_live(fd, NULL, LIMIT_MS);
    return fd;
}

static inline void ask_order(int fd, int64_t bid_e8, int i, bool wait)
{
    char line[256];
    int64_t price_e8 = bid_e8 - (50 + i) * INT64_C(100000000);
    int size = snprintf(line, sizeof(line),
                        "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\","
                        "\"price\":\"%" PRId64 ".%02d\",\"again\":true}\n",
                        price_e8 / 100000000, i % 100);
    char *answer = NULL, why[256];

    if (!wait) { /* it may be stopped before it reads this */
        if (write(fd, line, (size_t)size) != size)
            return;
    } else if (control_socket_ask(fd, line, CLIENT_MS, &answer, why, sizeof(why)) != ERR_OK) {
        fail_msg("no answer: %s", why);
    }
    free(answer);
}

static inline int64_t bid_of(int fd)
{
    json_t *status = client_status(fd);
    int64_t bid_e8 = client_price_e8(status, "bid");

    json_decref(status);
    return bid_e8;
}

static inline void wait_sent(int fd)
{
    for (int64_t by_ms = vt_now_ms() + LIMIT_MS;; usleep(20000)) {
        json_t *status = client_status(fd);
        int64_t sent = client_number(status, "counts", "sent");

        json_decref(status);
        if (sent >= SENT)
            return;
        assert_true(vt_now_ms() < by_ms);
    }
}

/* Some rest, others are on their way when the caller strikes. */
static inline void trade(int fd)
{
    int64_t bid_e8 = bid_of(fd);

    for (int i = 0; i < BURST; i++)
        ask_order(fd, bid_e8, i, true);
    wait_sent(fd);
    for (int i = BURST; i < 2 * BURST; i++)
        ask_order(fd, bid_e8, i, false);
}

struct epochs { /* of one journal */
    uint64_t sessions, epoch, last_seq, before_seq, orders, of_this, of_strategies;
    uint64_t poorest; /* orders of the epoch with the fewest */
};

/* An order of an earlier epoch may be told once more only to say how it ended. */
static inline void take_order(struct epochs *sum, const struct store_record *record)
{
    const struct order *order = &record->order.order;

    if (order->seq <= sum->before_seq) {
        if (order_is_open(order))
            fail_msg("order %" PRIu64 " of an earlier epoch lives in epoch %" PRIu64, order->seq, sum->epoch);
        return;
    }
    if (order->seq <= sum->last_seq)
        return;
    sum->last_seq = order->seq;
    sum->orders++;
    sum->of_this++;
    sum->of_strategies += strcmp(record->owner, "manual") != 0;
}

static inline void check_journal(struct epochs *sum)
{
    struct journal_point from = {0};
    struct journal_reader *reader;
    struct journal_frame frame;
    struct store_record record;
    char why[1400];

    *sum = (struct epochs){.poorest = UINT64_MAX};
    assert_int_equal(journal_reader_open(path_of("journal/demo"), &from, &reader, why, sizeof(why)), ERR_OK);
    while (journal_reader_next(reader, &frame, why, sizeof(why)) == ERR_OK) {
        if (record_decode(frame.head.kind, frame.body, frame.head.body_size, &record, why, sizeof(why)) !=
            ERR_OK)
            continue;
        if (record.kind == STORE_SESSION) {
            assert_int_equal(record.session.epoch, sum->epoch + 1);
            if (sum->sessions++ > 0 && sum->of_this < sum->poorest)
                sum->poorest = sum->of_this;
            sum->epoch = record.session.epoch;
            sum->before_seq = sum->last_seq;
            sum->of_this = 0;
        } else if (record.kind == STORE_ORDER) {
            take_order(sum, &record);
        }
    }
    journal_reader_close(reader);
}

static inline void end_waiting(pid_t standby)
{
    kill(standby, SIGTERM);
    assert_int_equal(end_of(standby), 0);
}

/* Once it listens: before that a signal ends it as it ends anybody. */
static inline void end_leader(pid_t leader)
{
    int status;

    close(client_open(folder, NULL, LIMIT_MS));
    kill(leader, SIGTERM);
    status = end_of(leader);
    if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != NOT_REACHED))
        fail_msg("pid %d ended with status %x: %s", (int)leader, (unsigned)status, text_of("err"));
}

#endif
