#include "sim/server.h"

#include "core/base/clock.h"
#include "sim/server_parts.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SECOND_NS       INT64_C(1000000000)
#define WARM_UP_S       30 /* of market, in exchange_warm_up() */
#define HISTORY_WALL_NS (3 * SECOND_NS / 2)
#define HISTORY_PART_NS (10 * SECOND_NS) /* of market time, between looks at whether it shall end */
#define TICK_S          0.002
#define SLICE_NS        (20 * INT64_C(1000000)) /* of market time, between looks at the sockets */
#define TURN_NS         (50 * INT64_C(1000000)) /* of wall time that the market may take in one turn */

static const int64_t ping_every_ns[2] = {20 * SECOND_NS, 180 * SECOND_NS}; /* spot, USD-M */
static const int64_t pong_within_ns[2] = {60 * SECOND_NS, 600 * SECOND_NS};
static const int64_t life_of_ns = INT64_C(86400) * SECOND_NS;

void server_clock(struct server *server)
{
    server->mono_ns = clock_monotonic_ns();
    server->wall_ns = server->start_wall_ns + (server->mono_ns - server->start_mono_ns);
}

struct connection *server_find(const struct server *server, uint64_t connection_id)
{
    for (size_t i = 0; i < server->connections; i++)
        if (server->connection[i]->id == connection_id && !server->connection[i]->dead)
            return server->connection[i];
    return NULL;
}

/* --- late replies --------------------------------------------------------------------------------------------- */

bool server_later(struct server *server, const struct late *late)
{
    if (server->lates == LATE_MAX)
        return false;
    server->late[server->lates++] = *late;
    return true;
}

static void do_late(struct server *server, struct late *late)
{
    struct connection *connection = server_find(server, late->connection_id);

    if (connection == NULL) {
        message_drop(late->message);
    } else if (late->request != NULL) {
        api_side_run(connection, late->request, late->request_size);
    } else {
        connection_send(connection, late->message);
        connection->waiting = false;
        connection_process(connection);
    }
    free(late->request);
}

static void do_lates(struct server *server)
{
    for (size_t i = 0; i < server->lates;) {
        struct late late = server->late[i];

        if (late.due_ns > server->exchange->now_ns) {
            i++;
            continue;
        }
        memmove(&server->late[i], &server->late[i + 1], (server->lates - i - 1) * sizeof(late));
        server->lates--;
        do_late(server, &late);
    }
    for (size_t i = 0; i < server->connections; i++) {
        struct connection *connection = server->connection[i];

        if (connection->hold_until_ns != 0 && connection->hold_until_ns <= server->exchange->now_ns) {
            connection->hold_until_ns = 0;
            connection_process(connection);
        }
    }
}

/* --- turns of the loop ---------------------------------------------------------------------------------------- */

static void advance(struct server *server)
{
    struct exchange *exchange = server->exchange;
    int64_t passed_ns = server->mono_ns - server->start_mono_ns;
    int64_t target_ns = server->opened_ns + passed_ns / 1000 * server->config->speed_x1000;
    int64_t until_ns = server->mono_ns + TURN_NS;

    while (exchange->now_ns < target_ns && clock_monotonic_ns() < until_ns) {
        int64_t step_ns = target_ns - exchange->now_ns > SLICE_NS ? exchange->now_ns + SLICE_NS : target_ns;
        int64_t fault_ns = faults_next_ns(server);

        if (fault_ns < step_ns)
            step_ns = fault_ns > exchange->now_ns ? fault_ns : exchange->now_ns;
        if (step_ns > exchange->now_ns)
            exchange_advance(exchange, step_ns);
        faults_run_due(server);
    }
}

static bool must_end(const struct server *server)
{
    const struct sim_server_config *config = server->config;

    return atomic_load(config->stop) ||
           (config->die_with_parent && config->parent_pid > 0 && getppid() != config->parent_pid);
}

/* A slow line gets what it may have by now; once it is fast again, all that waits. */
static void flush_slow(struct server *server)
{
    if (server->faults.slow_bytes_per_s == 0)
        return;
    if (server->exchange->now_ns >= server->faults.slow_until_ns)
        server->faults.slow_bytes_per_s = 0;
    for (size_t i = 0; i < server->connections; i++)
        connection_flush(server->connection[i]);
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct server *server = timer->data;

    (void)events;
    if (must_end(server)) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    server_clock(server);
    advance(server);
    do_lates(server);
    flush_slow(server);
    for (size_t i = 0; i < server->connections; i++)
        ws_side_check(server->connection[i], server->mono_ns);
    if (server->mono_ns - server->checked_ns < SECOND_NS)
        return;
    server->checked_ns = server->mono_ns;
    ev_io_start(loop, &server->listen_io); /* it rests when there are no descriptors */
    http_sample_ids(server);
    for (size_t i = 0; i < server->connections; i++)
        connection_check(server->connection[i], server->mono_ns);
}

/* Before the loop sleeps: what was queued goes out, what is dead is let go. */
static void on_prepare(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct server *server = prepare->data;
    size_t left = 0;

    (void)loop;
    (void)events;
    if (server->any_dirty) {
        server->any_dirty = false;
        for (size_t i = 0; i < server->connections; i++)
            if (server->connection[i]->dirty)
                connection_flush(server->connection[i]);
    }
    for (size_t i = 0; i < server->connections; i++) {
        struct connection *connection = server->connection[i];

        if (connection->dead)
            connection_free(connection);
        else
            server->connection[left++] = connection;
    }
    server->connections = left;
}

/* --- start ---------------------------------------------------------------------------------------------------- */

static enum err make_exchange(struct server *server, char *why, size_t why_size)
{
    const struct sim_server_config *config = server->config;
    struct exchange_config exchange = {
        .seed = config->seed, .symbols = config->symbols, .symbol_count = config->symbol_count};
    enum err err = (enum err)exchange_new(&exchange, &server->exchange, why, why_size);

    if (err == ERR_OK)
        err = faults_load(server, why, why_size);
    return err == ERR_NOT_FOUND ? ERR_USAGE : err;
}

/* Of the market's time as much as is made in HISTORY_WALL_NS: its warm-up tells how fast this machine does that now. */
static int64_t history_ns(struct server *server)
{
    int64_t from_ns = clock_monotonic_ns(), seconds;

    exchange_warm_up(server->exchange);
    seconds = HISTORY_WALL_NS / ((clock_monotonic_ns() - from_ns) / WARM_UP_S + 1);
    return (seconds < server->config->history_s ? seconds : server->config->history_s) * SECOND_NS;
}

/* What passes while history is made is made, too; in parts, so that who does not want to wait need not. */
static void make_history(struct server *server, struct clock *clock)
{
    struct exchange *exchange = server->exchange;

    for (int turn = 0; turn < 2; turn++) /* the first takes a second of its own */
        for (int64_t until_ns = clock_now_ns(clock); exchange->now_ns < until_ns && !must_end(server);)
            exchange_advance(exchange, exchange->now_ns + HISTORY_PART_NS < until_ns
                                           ? exchange->now_ns + HISTORY_PART_NS
                                           : until_ns);
}

static enum err open_exchange(struct server *server, char *why, size_t why_size)
{
    int64_t past_ns = history_ns(server);
    struct clock clock;

    clock_init_real(&clock);
    if (exchange_open(server->exchange, clock_now_ns(&clock) - past_ns) != ERR_OK) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (past_ns > 0)
        make_history(server, &clock);
    server->start_wall_ns = clock_now_ns(&clock);
    server->start_mono_ns = clock_monotonic_ns();
    server_clock(server);
    server->opened_ns = server->exchange->now_ns;
    publisher_set_sink(server->exchange->publisher, &(struct publisher_sink){stream_emit, server});
    accounts_set_sink(server->exchange->accounts, &(struct accounts_sink){ws_user_event, server});
    return ERR_OK;
}

static enum err open_sockets(struct server *server, char *why, size_t why_size)
{
    enum err err = certificates_open(&server->certificates, server->config->data_dir, why, why_size);

    if (err != ERR_OK)
        return err;
    server->tls = certificates_context(&server->certificates, TLS_GOOD);
    server->loop = ev_loop_new(EVFLAG_AUTO);
    if (server->tls == NULL || server->loop == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (!server_bind(server)) {
        snprintf(why, why_size, "cannot listen on %s:%d: %s", server->host, server->port, strerror(errno));
        return ERR_IO;
    }
    return ERR_OK;
}

static enum err check_config(struct server *server, char *why, size_t why_size)
{
    const struct sim_server_config *config = server->config;
    int size = snprintf(server->path, sizeof(server->path), "%s/exchange.json", config->data_dir);

    if (size < 0 || (size_t)size >= sizeof(server->path)) {
        snprintf(why, why_size, "the path of the data directory is too long");
        return ERR_USAGE;
    }
    if (config->speed_x1000 < 1 || config->speed_x1000 > SIM_SPEED_MAX_X1000) {
        snprintf(why, why_size, "speed must be 0.001 to %d", SIM_SPEED_MAX_X1000 / 1000);
        return ERR_USAGE;
    }
    return server_parse_listen(server, why, why_size);
}

static void run_loop(struct server *server)
{
    ev_io_init(&server->listen_io, server_on_listen, server->listener, EV_READ);
    ev_timer_init(&server->tick, on_tick, TICK_S, TICK_S);
    ev_prepare_init(&server->prepare, on_prepare);
    server->listen_io.data = server->tick.data = server->prepare.data = server;
    ev_io_start(server->loop, &server->listen_io);
    ev_timer_start(server->loop, &server->tick);
    ev_prepare_start(server->loop, &server->prepare);
    ev_run(server->loop, 0);
    on_prepare(server->loop, &server->prepare, 0); /* what can still go out */
    ev_io_stop(server->loop, &server->listen_io);
    ev_timer_stop(server->loop, &server->tick);
    ev_prepare_stop(server->loop, &server->prepare);
}

static void server_free(struct server *server)
{
    for (size_t i = 0; i < server->connections; i++)
        connection_free(server->connection[i]);
    for (size_t i = 0; i < server->lates; i++) {
        message_drop(server->late[i].message);
        free(server->late[i].request);
    }
    topics_free(&server->topics);
    if (server->listener >= 0)
        close(server->listener);
    if (server->loop != NULL)
        ev_loop_destroy(server->loop);
    SSL_CTX_free(server->tls);
    certificates_close(&server->certificates);
    exchange_free(server->exchange);
    sim_text_free(&server->text);
    sim_text_free(&server->envelope);
    free(server);
}

/* A write to a connection that is gone must not end the process; what is pending is taken away again. */
static void block_sigpipe(sigset_t *before)
{
    sigset_t pipe_only;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, before);
}

static void restore_sigpipe(const sigset_t *before)
{
    const struct timespec at_once = {0, 0};
    sigset_t pipe_only;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    if (!sigismember(before, SIGPIPE))
        sigtimedwait(&pipe_only, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

enum err sim_server_run(const struct sim_server_config *config, char *why, size_t why_size)
{
    struct server *server = calloc(1, sizeof(*server));
    sigset_t before;
    enum err err;

    snprintf(why, why_size, "out of memory");
    if (server == NULL)
        return ERR_MEMORY;
    block_sigpipe(&before);
    server->config = config;
    server->listener = -1;
    memcpy(server->ping_ns, ping_every_ns, sizeof(ping_every_ns));
    memcpy(server->pong_ns, pong_within_ns, sizeof(pong_within_ns));
    server->life_ns = life_of_ns;
    if (config->die_with_parent)
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    err = check_config(server, why, why_size);
    if (err == ERR_OK)
        err = make_exchange(server, why, why_size);
    if (err == ERR_OK)
        err = open_sockets(server, why, why_size);
    if (err == ERR_OK)
        server_say_listening(server); /* who connects now waits until the market is there */
    if (err == ERR_OK)
        err = open_exchange(server, why, why_size);
    if (err == ERR_OK)
        err = server_describe(server, why, why_size);
    if (err == ERR_OK) {
        server_say_ready(server);
        run_loop(server);
        unlink(server->path); /* nobody is there any more */
    }
    server_free(server);
    restore_sigpipe(&before);
    return err;
}
