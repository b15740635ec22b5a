/* deposed.c - see deposed.h. */
#include "dst/deposed.h"

#include "dst/dst.h"

#include <stdlib.h>
#include <string.h>

#define BACKLOG 4096
#define TERM_NS (2 * DST_SECOND)

struct deposed {
    struct world *world;
    struct pipeline *pipeline;
    uint64_t epoch, random;
    struct lease_sight sight;
    int64_t resume_ns, look_ns, end_ns;
    bool resumed, told;
    size_t count;
    struct feed_event *backlog[BACKLOG];
};

/* --- what it says is heard by nobody --------------------------------------------------------------------------------------- */

static bool drop_record(void *arg, const struct store_record *record)
{
    (void)arg;
    (void)record;
    return true;
}

static bool drop_step(void *arg)
{
    (void)arg;
    return true;
}

static void send(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct deposed *deposed = self;

    (void)order;
    (void)now_ns;
    (void)out;
    must(deposed->world, "I20 an order of the old leader beside the new one", false);
}

/* Of its own orders, which the new one has adopted: it hears of that as of a cancel by anybody. */
static void cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct deposed *deposed = self;
    struct world *world = deposed->world;
    uint64_t epoch = world->epoch;

    out->count = 0;
    world->totals->second.old_cancels++;
    if (world->mix.paper || exchange_find(world, order->seq) == NULL)
        return;
    world->epoch = deposed->epoch;
    world->inner.ops->cancel(world->inner.self, order, now_ns, out);
    world->epoch = epoch;
}

static void query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    (void)order;
    (void)now_ns;
    out->count = 0;
}

static void advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    (void)now_ns;
    out->count = 0;
}

static int64_t next_due(const void *self)
{
    (void)self;
    return INT64_MAX;
}

static bool position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    const struct deposed *deposed = self;

    *lots = deposed->pipeline->market[instrument_id]->total.lots;
    return true;
}

static void facts(const void *self, struct gateway_facts *out)
{
    (void)self;
    *out = (struct gateway_facts){.private_live = true, .clock_known = true, .weight_allowed = 6000};
}

static void reconcile(void *self, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    (void)now_ns;
    if (out != NULL)
        out->count = 0;
}

/* --- life ------------------------------------------------------------------------------------------------------------------------ */

struct deposed *deposed_new(struct world *world, int64_t resume_ns, struct lease_sight sight)
{
    static const struct gateway_ops live = {"deposed", send,     cancel,   send,  query,
                                            advance,   next_due, position, facts, reconcile};
    static const struct gateway_ops paper = {"deposed", send,     cancel,   send, query,
                                             advance,   next_due, position, NULL, NULL};
    struct deposed *deposed = calloc(1, sizeof(*deposed));
    struct dst_message message;

    if (deposed == NULL)
        abort();
    deposed->world = world;
    deposed->pipeline = world->pipeline;
    deposed->epoch = world->epoch;
    deposed->random = world->seed + world->epoch;
    deposed->sight = sight;
    deposed->resume_ns = resume_ns > world->now_ns ? resume_ns : world->now_ns;
    deposed->pipeline->gateway = (struct gateway){world->mix.paper ? &paper : &live, deposed};
    deposed->pipeline->sink = (struct record_sink){.push = drop_record, .commit = drop_step};
    deposed->pipeline->config.recovered = NULL; /* it goes with the next start */
    while (deposed->count < BACKLOG && queue_get(&world->feed, INT64_MAX, &message))
        deposed->backlog[deposed->count++] = message.feed;
    return deposed;
}

void deposed_free(struct deposed *deposed)
{
    if (deposed == NULL)
        return;
    for (size_t i = 0; i < deposed->count; i++)
        feed_free(deposed->backlog[i]);
    pipeline_free(deposed->pipeline);
    free(deposed);
}

bool deposed_is(const struct deposed *deposed, const struct pipeline *pipeline)
{
    return deposed != NULL && deposed->pipeline == pipeline;
}

static void take(struct deposed *deposed, struct feed_event *event)
{
    struct feed_event copy = *event;

    copy.recv_ns = deposed->world->now_ns;
    pipeline_on_feed(deposed->pipeline, &copy);
    feed_free(event);
}

void deposed_hear(struct deposed *deposed, struct world *world, struct feed_event *event)
{
    (void)world;
    if (deposed->resumed)
        take(deposed, event);
    else if (deposed->count < BACKLOG)
        deposed->backlog[deposed->count++] = event;
    else
        feed_free(event);
}

static void take_backlog(struct deposed *deposed)
{
    for (size_t i = 0; i < deposed->count; i++)
        take(deposed, deposed->backlog[i]);
    deposed->count = 0;
}

/* As engine_lease.c: the thread that looks does so some time after the process goes on. Another one stands in the lock. */
static void watch_lease(struct deposed *deposed)
{
    int64_t now_ns = deposed->world->now_ns;

    if (now_ns >= deposed->look_ns)
        deposed->sight = lease_sight_after(deposed->sight, ERR_STATE, now_ns);
    lease_renew(deposed->pipeline, TERM_NS, lease_sight_holds(deposed->sight, TERM_NS, now_ns));
    if (!deposed->sight.lost || deposed->told)
        return;
    deposed->told = true;
    deposed->world->totals->second.deposed++;
    lease_give_up(deposed->pipeline, "its lock file names another pid");
}

static void ask(struct deposed *deposed)
{
    struct dst_market *market = &deposed->world->market[random_between(&deposed->random, 0, DST_MARKETS - 1)];
    struct command command = {.kind = COMMAND_ORDER, .instrument_id = market->instrument.id};

    if (random_between(&deposed->random, 1, 4) == 1)
        command = (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE};
    command.intent =
        (struct order_intent){.side = (enum side)random_between(&deposed->random, 0, 1),
                              .type = ORDER_LIMIT,
                              .price_ticks = market->fair + random_between(&deposed->random, -9, 9),
                              .qty_lots = 10000};
    snprintf(command.source, sizeof(command.source), "key");
    pipeline_on_command(deposed->pipeline, &command);
}

bool deposed_turn(struct deposed *deposed, struct world *world)
{
    bool sockets_first = random_between(&deposed->random, 1, 2) == 1;

    if (world->now_ns < deposed->resume_ns)
        return true;
    if (!deposed->resumed) {
        deposed->resumed = true;
        deposed->look_ns = world->now_ns + random_between(&deposed->random, 0, 250) * DST_MS;
        deposed->end_ns = world->now_ns + random_between(&deposed->random, 500, 5000) * DST_MS;
    }
    if (sockets_first)
        take_backlog(deposed);
    watch_lease(deposed);
    take_backlog(deposed);
    pipeline_on_time(deposed->pipeline, world->now_ns);
    ask(deposed);
    if (world->now_ns < deposed->end_ns)
        return true;
    deposed_free(deposed);
    return false;
}
