#include "core/base/safe_text.h"
#include "sim/server_parts.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* splitmix64: the same seed makes the same chaos. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* --- the script ----------------------------------------------------------------------------------------------- */

static bool symbol_known(const struct server *server, const char *name)
{
    return *name == '\0' || exchange_symbol(server->exchange, name, false) >= 0 ||
           exchange_symbol(server->exchange, name, true) >= 0;
}

static enum err check_symbol(const struct server *server, const struct fault *fault, char *why,
                             size_t why_size)
{
    if (symbol_known(server, fault->symbol))
        return ERR_OK;
    snprintf(why, why_size, "fault '%s': the exchange does not list '%s'", fault_word(fault->verb),
             fault->symbol);
    return ERR_USAGE;
}

/* In order of time; lines of one time stay in their order. */
static enum err schedule(struct server *server, const struct fault *fault, char *why, size_t why_size)
{
    struct fault_state *faults = &server->faults;
    size_t at = faults->scripted;

    if (faults->next > 0 && faults->scripted == SIM_FAULTS_MAX) { /* those that are done make room */
        memmove(&faults->script[0], &faults->script[faults->next],
                (faults->scripted - faults->next) * sizeof(faults->script[0]));
        faults->scripted -= faults->next;
        faults->next = 0;
        at = faults->scripted;
    }
    if (faults->scripted == SIM_FAULTS_MAX) {
        snprintf(why, why_size, "more than %d faults wait for their time", SIM_FAULTS_MAX);
        return ERR_USAGE;
    }
    while (at > faults->next && faults->script[at - 1].at_ns > fault->at_ns) {
        faults->script[at] = faults->script[at - 1];
        at--;
    }
    faults->script[at] = *fault;
    faults->scripted++;
    return ERR_OK;
}

static enum err add_line(struct server *server, const char *line, int64_t *before_ns, char *why,
                         size_t why_size)
{
    struct fault fault;
    enum err err = fault_parse(line, true, *before_ns, &fault, why, why_size);

    if (err == ERR_OK)
        err = check_symbol(server, &fault, why, why_size);
    if (err == ERR_OK) {
        *before_ns = fault.at_ns;
        err = schedule(server, &fault, why, why_size);
    }
    return err;
}

/* Blank lines and those that begin with '#' are skipped. */
static enum err load_file(struct server *server, const char *path, char *why, size_t why_size)
{
    char line[FAULT_LINE_MAX + 2], safe[128], line_why[WHY_SIZE / 2];
    FILE *file = fopen(path, "re");
    enum err err = ERR_OK;
    int64_t before_ns = 0;

    safe_text(path, strlen(path), safe, sizeof(safe));
    if (file == NULL) {
        snprintf(why, why_size, "cannot read the fault file '%s'", safe);
        return ERR_USAGE;
    }
    for (int number = 1; err == ERR_OK && fgets(line, sizeof(line), file) != NULL; number++) {
        if (line[strspn(line, " \t\r\n")] == '\0' || line[0] == '#')
            continue;
        err = add_line(server, line, &before_ns, line_why, sizeof(line_why));
        if (err != ERR_OK)
            snprintf(why, why_size, "%s line %d: %s", safe, number, line_why);
    }
    fclose(file);
    return err;
}

enum err faults_load(struct server *server, char *why, size_t why_size)
{
    const struct sim_server_config *config = server->config;
    int64_t before_ns = 0;
    enum err err = ERR_OK;

    server->faults.random = config->seed ^ UINT64_C(0x666175747321);
    for (size_t i = 0; i < config->fault_count && err == ERR_OK; i++)
        err = add_line(server, config->faults[i], &before_ns, why, why_size);
    if (err == ERR_OK && config->fault_file != NULL)
        err = load_file(server, config->fault_file, why, why_size);
    return err;
}

int64_t faults_next_ns(const struct server *server)
{
    const struct fault_state *faults = &server->faults;
    int64_t next_ns = INT64_MAX;

    if (faults->next < faults->scripted)
        next_ns = server->opened_ns + faults->script[faults->next].at_ns;
    if (faults->chaos_per_min > 0 && faults->chaos_next_ns < next_ns)
        next_ns = faults->chaos_next_ns;
    return next_ns;
}

/* --- doing it ------------------------------------------------------------------------------------------------- */

static bool is_target(const struct connection *connection, enum fault_target target)
{
    return target == TARGET_ALL || (target == TARGET_STREAMS && connection->kind == CONNECTION_STREAM) ||
           (target == TARGET_API && connection->kind == CONNECTION_API) ||
           (target == TARGET_REST && connection->kind == CONNECTION_HTTP);
}

static void end_connections(struct server *server, const struct fault *fault)
{
    for (size_t i = 0; i < server->connections; i++) {
        struct connection *connection = server->connection[i];

        if (!is_target(connection, fault->target) || connection->dead)
            continue;
        if (fault->verb == FAULT_RST)
            connection_reset(connection);
        else if (connection->kind == CONNECTION_HTTP)
            connection_close(connection);
        else
            ws_close(connection, WS_CLOSE_GOING_AWAY, "");
    }
}

static void set_status(struct server *server, const char *name, enum match_status status)
{
    for (size_t i = 0; i < server->exchange->symbols; i++)
        if (strcmp(server->exchange->symbol[i].name, name) == 0)
            match_set_status(server->exchange->book[i], status);
}

static void flood_or_jump(struct server *server, const struct fault *fault)
{
    struct exchange *exchange = server->exchange;
    const char *name =
        *fault->symbol == '\0' && exchange->symbols > 0 ? exchange->symbol[0].name : fault->symbol;

    for (size_t i = 0; i < exchange->symbols; i++) {
        if (strcmp(exchange->symbol[i].name, name) != 0)
            continue;
        if (fault->verb == FAULT_JUMP)
            market_jump(exchange->market, i, (double)fault->number);
        else
            market_flood(exchange->market, i, (double)fault->number, fault->for_ns);
    }
}

static void tell_shutdown(struct server *server, const struct fault *fault)
{
    int64_t in_ns = fault->for_ns == 0 ? 10 * SECOND_NS : fault->for_ns;

    for (size_t i = 0; i < server->connections; i++)
        if (server->connection[i]->kind != CONNECTION_HTTP)
            ws_tell_shutdown(server->connection[i], in_ns);
}

static void use_tls(struct server *server, enum tls_kind kind)
{
    SSL_CTX *context = certificates_context(&server->certificates, kind);

    if (context == NULL)
        return;
    SSL_CTX_free(server->tls); /* handshakes under way keep theirs */
    server->tls = context;
    server->faults.tls = kind;
}

static void begin_chaos(struct server *server, const struct fault *fault)
{
    server->faults.chaos_per_min = fault->number;
    server->faults.chaos_verbs = fault->verbs == 0 ? UINT64_MAX : fault->verbs;
    server->faults.chaos_next_ns = server->exchange->now_ns;
}

/* Those that count down: the newest line of a verb takes the place of what was left. */
static struct fault *counted(struct fault_state *faults, enum fault_verb verb)
{
    const struct {
        enum fault_verb verb;
        struct fault *at;
    } rows[] = {{FAULT_GARBAGE, &faults->garbage},          {FAULT_HTTP, &faults->http},
                {FAULT_CAPTIVE, &faults->captive},          {FAULT_LATE_ACK, &faults->late_ack},
                {FAULT_LATE_ORDER, &faults->late_order},    {FAULT_LOST_ACK, &faults->lost_ack},
                {FAULT_SNAPSHOT_OLD, &faults->snapshot_old}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].verb == verb)
            return rows[i].at;
    return NULL;
}

/* Those that last: until when. */
static int64_t *lasting(struct fault_state *faults, enum fault_verb verb)
{
    return verb == FAULT_STALL       ? &faults->stall_until_ns
           : verb == FAULT_HALF_OPEN ? &faults->half_open_until_ns
           : verb == FAULT_SLOW      ? &faults->slow_until_ns
           : verb == FAULT_REFUSE    ? &faults->refuse_until_ns
                                     : NULL;
}

static void do_other(struct server *server, const struct fault *fault)
{
    struct exchange *exchange = server->exchange;

    if (fault->verb == FAULT_RST || fault->verb == FAULT_FIN)
        end_connections(server, fault);
    else if (fault->verb == FAULT_RETRY_AFTER)
        server->faults.retry_after_s = (fault->for_ns + SECOND_NS - 1) / SECOND_NS;
    else if (fault->verb == FAULT_PARTIAL || fault->verb == FAULT_EXPIRE)
        accounts_fault_next_orders(exchange->accounts,
                                   fault->verb == FAULT_PARTIAL ? ORDER_FAULT_PARTIAL : ORDER_FAULT_EXPIRE,
                                   fault->count);
    else if (fault->verb == FAULT_HALT)
        set_status(server, fault->symbol, MATCH_HALTED);
    else if (fault->verb == FAULT_CANCEL_ONLY)
        set_status(server, fault->symbol, MATCH_CANCEL_ONLY);
    else if (fault->verb == FAULT_TRADE)
        set_status(server, fault->symbol, MATCH_TRADING);
    else if (fault->verb == FAULT_CLOCK_SKEW)
        exchange->skew_ns = fault->number * NS_PER_MS;
    else if (fault->verb == FAULT_SERVER_SHUTDOWN)
        tell_shutdown(server, fault);
    else if (fault->verb == FAULT_OVERSIZE)
        stream_oversize(server, (size_t)fault->number);
    else if (fault->verb == FAULT_FLOOD || fault->verb == FAULT_JUMP)
        flood_or_jump(server, fault);
    else if (fault->verb == FAULT_BAD_TLS)
        use_tls(server, fault->tls);
    else if (fault->verb == FAULT_LIMITS)
        server->limits.off = !fault->on;
    else if (fault->verb == FAULT_CHAOS)
        begin_chaos(server, fault);
    else if (fault->verb == FAULT_PING)
        for (int venue = 0; venue < 2; venue++) {
            server->ping_ns[venue] = fault->for_ns;
            server->pong_ns[venue] = 3 * fault->for_ns;
        }
}

static void do_fault(struct server *server, const struct fault *fault)
{
    struct fault *count = counted(&server->faults, fault->verb);
    int64_t *until_ns = lasting(&server->faults, fault->verb);

    server->stats.faults[fault->verb]++;
    if (fault->verb <= FAULT_WRONG_SYMBOL) {
        stream_fault_begin(server, fault);
    } else if (count != NULL) {
        *count = *fault;
    } else if (until_ns != NULL) {
        *until_ns = server->exchange->now_ns + fault->for_ns;
        if (fault->verb == FAULT_SLOW)
            server->faults.slow_bytes_per_s = fault->number;
    } else {
        do_other(server, fault);
    }
}

/* One at random, and when the next one comes: up to twice the mean away. */
static void do_chaos(struct server *server)
{
    struct fault_state *faults = &server->faults;
    char line[FAULT_LINE_MAX], why[WHY_SIZE];
    struct fault fault;
    int64_t mean_ns = 60 * SECOND_NS / faults->chaos_per_min;

    if (fault_random(faults->chaos_verbs, next_random(&faults->random), line) &&
        fault_parse(line, false, 0, &fault, why, sizeof(why)) == ERR_OK)
        do_fault(server, &fault);
    faults->chaos_next_ns =
        server->exchange->now_ns + 1 + (int64_t)(next_random(&faults->random) % (uint64_t)(2 * mean_ns));
}

void faults_run_due(struct server *server)
{
    struct fault_state *faults = &server->faults;
    const struct exchange *exchange = server->exchange;

    while (faults->next < faults->scripted &&
           server->opened_ns + faults->script[faults->next].at_ns <= exchange->now_ns) {
        struct fault fault = faults->script[faults->next++];

        do_fault(server, &fault);
    }
    if (faults->chaos_per_min > 0 && faults->chaos_next_ns <= exchange->now_ns)
        do_chaos(server);
}

enum err faults_live(struct server *server, const char *line, struct sim_text *done, char *why,
                     size_t why_size)
{
    struct exchange *exchange = server->exchange;
    int64_t now_ns = exchange->now_ns - server->opened_ns;
    struct fault fault;
    enum err err = fault_parse(line, false, now_ns, &fault, why, why_size);

    if (err == ERR_OK)
        err = check_symbol(server, &fault, why, why_size);
    if (err != ERR_OK)
        return err;
    if (fault.at_ns > now_ns) {
        err = schedule(server, &fault, why, why_size);
        sim_text_printf(done, "%s at %.3f s", fault_word(fault.verb), (double)fault.at_ns * 1e-9);
    } else {
        do_fault(server, &fault);
        sim_text_printf(done, "%s now, at %.3f s", fault_word(fault.verb), (double)now_ns * 1e-9);
    }
    return err;
}
