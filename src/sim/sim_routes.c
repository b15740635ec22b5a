#include "core/base/decimal.h"
#include "sim/server_parts.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long total = 0, resident = 0;

    if (file == NULL)
        return -1;
    if (fscanf(file, "%ld %ld", &total, &resident) != 2)
        resident = -1;
    fclose(file);
    return resident < 0 ? -1 : (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void add_counts(const struct server *server, struct sim_text *out)
{
    const char *comma = "";

    sim_text_add(out, ",\"by_status\":{");
    for (size_t status = 0; status < STATUS_MAX; status++)
        if (server->stats.by_status[status] > 0) {
            sim_text_printf(out, "%s\"%zu\":%" PRIu64, comma, status, server->stats.by_status[status]);
            comma = ",";
        }
    sim_text_add(out, "},\"faults\":{");
    comma = "";
    for (size_t verb = 0; verb < FAULT_VERBS; verb++)
        if (server->stats.faults[verb] > 0) {
            sim_text_printf(out, "%s\"%s\":%" PRIu64, comma, fault_word((enum fault_verb)verb),
                            server->stats.faults[verb]);
            comma = ",";
        }
    sim_text_add(out, "}}");
}

/* What counts down and has not come to pass. */
static uint64_t faults_left(const struct fault_state *faults)
{
    const struct fault *const counted[] = {&faults->garbage,     &faults->http,       &faults->captive,
                                           &faults->late_ack,    &faults->late_order, &faults->lost_ack,
                                           &faults->snapshot_old};
    uint64_t left = 0;

    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
        left += counted[i]->count;
    for (size_t verb = 0; verb <= FAULT_WRONG_SYMBOL; verb++)
        for (size_t slot = 0; slot <= SIM_SYMBOLS_MAX; slot++)
            left += faults->depth[verb][slot];
    return left;
}

static void stats_route(struct server *server, struct sim_reply *reply)
{
    const struct server_stats *stats = &server->stats;
    struct sim_text *out = &reply->body;
    size_t kinds[3] = {0};

    for (size_t i = 0; i < server->connections; i++)
        kinds[server->connection[i]->kind]++;
    sim_text_printf(out,
                    "{\"connections\":{\"ever\":%" PRIu64 ",\"http\":%zu,\"streams\":%zu,\"api\":%zu,"
                    "\"handshakes_failed\":%" PRIu64 ",\"refused\":%" PRIu64 "},",
                    stats->connections, kinds[CONNECTION_HTTP], kinds[CONNECTION_STREAM],
                    kinds[CONNECTION_API], stats->handshakes_failed, stats->refused);
    sim_text_printf(out,
                    "\"closed\":{\"slow\":%" PRIu64 ",\"messages\":%" PRIu64 ",\"pong\":%" PRIu64 "},"
                    "\"streams\":{\"topics\":%zu,\"emitted\":%" PRIu64 ",\"dropped\":%" PRIu64
                    ",\"user_events\":%" PRIu64 "},",
                    stats->closed_slow, stats->closed_messages, stats->closed_pong, server->topics.count,
                    stats->emitted, stats->dropped, stats->user_events);
    sim_text_printf(out,
                    "\"messages_out\":%" PRIu64 ",\"bytes_out\":%" PRIu64 ",\"bytes_in\":%" PRIu64
                    ",\"requests\":%" PRIu64 ",\"commands\":%" PRIu64 ",\"api_requests\":%" PRIu64
                    ",\"queue_bytes_max\":%" PRIu64 ",\"rss_bytes\":%" PRId64,
                    stats->messages_out, stats->bytes_out, stats->bytes_in, stats->requests, stats->commands,
                    stats->api_requests, stats->queue_bytes_max, resident_bytes());
    sim_text_printf(out, ",\"faults_left\":%" PRIu64, faults_left(&server->faults));
    add_counts(server, out);
    reply->status = 200;
}

static void now_route(const struct server *server, struct sim_reply *reply)
{
    const struct exchange *exchange = server->exchange;

    sim_text_printf(&reply->body,
                    "{\"now_ns\":%" PRId64 ",\"open_ns\":%" PRId64 ",\"skew_ms\":%" PRId64
                    ",\"seed\":%" PRIu64 "}",
                    exchange->now_ns, exchange->open_ns, exchange->skew_ns / 1000000, exchange->seed);
    reply->status = 200;
}

static void truth_route(struct server *server, const struct sim_request *request, struct sim_reply *reply)
{
    const char *name = request->path + strlen("/sim/truth/");
    char id_text[24] = "0", usdm[4] = "";
    int64_t id;
    int symbol;

    sim_param(request, "update_id", id_text, sizeof(id_text));
    sim_param(request, "usdm", usdm, sizeof(usdm));
    symbol = exchange_symbol(server->exchange, name, strcmp(usdm, "1") == 0);
    if (symbol < 0)
        sim_error(reply, 400, -1121, "Invalid symbol.");
    else if (decimal_parse(id_text, strlen(id_text), 0, &id) != ERR_OK || id < 0)
        sim_error(reply, 400, -1100, "update_id must be a whole number.");
    else if (publisher_truth(server->exchange->publisher, (size_t)symbol, (uint64_t)id, &reply->body))
        reply->status = 200;
    else
        sim_error(reply, 404, -1000, "That update id is not known, or no longer.");
}

/* "VERB ARGS" or {"fault":"VERB ARGS"}. */
static void fault_route(struct server *server, const struct sim_request *request, struct sim_reply *reply)
{
    char why[WHY_SIZE];
    struct sim_text done = {0}, forms = {0};
    json_t *root = *request->body == '{' ? json_loads(request->body, 0, NULL) : NULL;
    const char *line = root == NULL ? request->body : json_string_value(json_object_get(root, "fault"));

    if (faults_live(server, line == NULL ? "" : line, &done, why, sizeof(why)) == ERR_OK) {
        reply->status = 200;
        sim_text_add(&reply->body, "{\"done\":");
        sim_text_json_string(&reply->body, done.at);
    } else {
        reply->status = 400;
        fault_forms(&forms);
        sim_text_add(&reply->body, "{\"error\":");
        sim_text_json_string(&reply->body, why);
        sim_text_add(&reply->body, ",\"allowed\":");
        sim_text_json_string(&reply->body, forms.at);
    }
    sim_text_add(&reply->body, "}");
    json_decref(root);
    sim_text_free(&done);
    sim_text_free(&forms);
}

/* A PEM public key for the first account. */
static void key_route(struct server *server, const struct sim_request *request, struct sim_reply *reply)
{
    char api_key[65], secret[65], added[65];
    uint32_t account = accounts_first(server->exchange->accounts, api_key, secret);

    memset(secret, 0, sizeof(secret));
    if (accounts_add_public_key(server->exchange->accounts, account, request->body, added)) {
        reply->status = 200;
        sim_text_printf(&reply->body, "{\"api_key\":\"%s\"}", added);
    } else {
        sim_error(reply, 400, -1000, "The body must be an RSA or Ed25519 public key in PEM.");
    }
}

void sim_route(struct server *server, const struct sim_request *request, struct sim_reply *reply)
{
    bool get = strcmp(request->method, "GET") == 0, post = strcmp(request->method, "POST") == 0;

    if (get && strcmp(request->path, "/sim/stats") == 0)
        stats_route(server, reply);
    else if (get && strcmp(request->path, "/sim/now") == 0)
        now_route(server, reply);
    else if (get && strncmp(request->path, "/sim/truth/", 11) == 0)
        truth_route(server, request, reply);
    else if (post && strcmp(request->path, "/sim/fault") == 0)
        fault_route(server, request, reply);
    else if (post && strcmp(request->path, "/sim/key") == 0)
        key_route(server, request, reply);
    else
        sim_error(reply, 404, -1000,
                  "There are GET /sim/stats, /sim/now, /sim/truth/SYMBOL and POST /sim/fault, /sim/key.");
}
