/* world.c - time: what is due next happens next; one seed from its start to its quiet end. */
#include "dst/dst.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_NS   (50 * DST_MS)     /* the loop around the engine turns at least so often */
#define CALM_NS   (45 * DST_SECOND) /* faults off: by then all must have come to rest */
#define QUIET_NS  (3 * DST_SECOND)  /* nobody trades at the very end */
#define STEPS_MAX 2000000           /* V5 */
#define TERM_NS   (2 * DST_SECOND)  /* of the lease */

/* --- queues ------------------------------------------------------------------------------------------------------------- */

static bool before(const struct dst_message *a, const struct dst_message *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->number < b->number;
}

void queue_put(struct world *world, struct dst_queue *queue, struct dst_message *message)
{
    size_t at = queue->count++;

    must(world, "harness", queue->count < DST_MESSAGES);
    if (message->number == 0)
        message->number = ++world->number;
    for (; at > 0 && before(message, &queue->message[(at - 1) / 2]); at = (at - 1) / 2)
        queue->message[at] = queue->message[(at - 1) / 2];
    queue->message[at] = *message;
}

bool queue_get(struct dst_queue *queue, int64_t now_ns, struct dst_message *out)
{
    struct dst_message last;
    size_t at = 0, child;

    if (queue->count == 0 || queue->message[0].due_ns > now_ns)
        return false;
    *out = queue->message[0];
    last = queue->message[--queue->count];
    while ((child = 2 * at + 1) < queue->count) {
        if (child + 1 < queue->count && before(&queue->message[child + 1], &queue->message[child]))
            child++;
        if (!before(&queue->message[child], &last))
            break;
        queue->message[at] = queue->message[child];
        at = child;
    }
    queue->message[at] = last;
    return true;
}

int64_t queue_due(const struct dst_queue *queue)
{
    return queue->count == 0 ? INT64_MAX : queue->message[0].due_ns;
}

/* --- what enters the engine ----------------------------------------------------------------------------------------------- */

static void step(struct world *world)
{
    world->steps++;
    world->totals->steps++;
    must(world, "V5 no end of steps", world->steps < STEPS_MAX);
    checks_step(world);
}

static void beat(struct world *world)
{
    if (second_beat(world) || world->now_ns < world->lease_lost_until_ns)
        return;
    world->beat_ns = world->now_ns;
    world->pipeline->risk.leader_term_ns = world->mix.paper ? 0 : TERM_NS;
    world->pipeline->risk.leader_beat_ns = world->now_ns;
}

void engine_feed(struct world *world, const struct feed_event *event)
{
    if (world->verbose)
        printf("%.6f feed %d %s\n", (double)(world->now_ns - world->start_ns) / 1e9, (int)event->kind,
               event->instrument->symbol);
    pipeline_on_feed(world->pipeline, event);
    step(world);
}

void engine_time(struct world *world)
{
    pipeline_on_time(world->pipeline, world->now_ns);
    step(world);
}

void engine_command(struct world *world, struct command *command)
{
    if (world->verbose)
        printf("%.6f command %d\n", (double)(world->now_ns - world->start_ns) / 1e9, (int)command->kind);
    snprintf(command->source, sizeof(command->source), "key");
    world->totals->commands++;
    pipeline_on_time(world->pipeline, world->now_ns);
    pipeline_on_command(world->pipeline, command);
    step(world);
}

static void arrive_feed(struct world *world, struct dst_message *message)
{
    struct feed_event event = *message->feed;
    struct dst_market *market = &world->market[event.instrument->id];

    event.recv_ns = world->now_ns;
    if (event.kind == FEED_DEPTH || event.kind == FEED_SNAPSHOT)
        market->book_event_ns = world->now_ns;
    engine_feed(world, &event);
    second_take_feed(world, message->feed);
}

/* --- time -------------------------------------------------------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_of_world(const struct world *world)
{
    int64_t next_ns = least(queue_due(&world->to_venue), second_next_ns(world));

    for (int i = 0; i < DST_MARKETS; i++) {
        next_ns = least(next_ns, world->market[i].next_people_ns);
        next_ns = least(next_ns, world->market[i].next_depth_ns);
        next_ns = least(next_ns, world->market[i].next_mark_ns);
    }
    return next_ns;
}

/* Nothing reaches a process that stands still. */
static int64_t next_of_engine(const struct world *world)
{
    int64_t next_ns = least(least(queue_due(&world->to_us), queue_due(&world->feed)),
                            least(world->next_host_ns, world->next_hand_ns));

    return next_ns > world->stopped_until_ns ? next_ns : world->stopped_until_ns;
}

static void turn_market(struct world *world, struct dst_market *market)
{
    bool quiet = world->calm_ns != 0 && world->now_ns > world->calm_ns + CALM_NS - QUIET_NS;

    if (world->now_ns >= market->next_people_ns) {
        market->next_people_ns =
            world->now_ns + random_between(&world->people_random, 5, 60) * DST_MS * world->pace;
        if (!quiet && !market->halted)
            exchange_people(world, market);
    }
    if (world->now_ns >= market->next_depth_ns) {
        market->next_depth_ns = world->now_ns + 100 * DST_MS * world->pace;
        feed_publish(world, market);
    }
    if (world->now_ns >= market->next_mark_ns) {
        market->next_mark_ns = world->now_ns + DST_SECOND * world->pace;
        feed_mark(world, market);
    }
}

static void turn_world(struct world *world)
{
    struct dst_message message;

    for (int i = 0; i < DST_MARKETS; i++)
        turn_market(world, &world->market[i]);
    while (queue_get(&world->to_venue, world->now_ns, &message))
        venue_arrive(world, &message);
    second_turn(world);
}

static void turn_host(struct world *world)
{
    bool first = one_in(world, 2);

    world->next_host_ns = world->now_ns + HOST_NS;
    journal_watch(world);
    if (first)
        beat(world);
    engine_time(world);
    beat(world);
    venue_host(world);
    for (int i = 0; i < DST_MARKETS; i++)
        feed_host(world, &world->market[i]);
    hands_machine(world);
    journal_machine(world);
}

static void turn_engine(struct world *world)
{
    struct dst_message message;

    journal_turn(world);
    if (world->now_ns >= world->next_host_ns)
        turn_host(world);
    else if (queue_due(&world->to_us) <= world->now_ns)
        engine_time(world);
    else if (queue_get(&world->feed, world->now_ns, &message))
        arrive_feed(world, &message);
    else if (world->now_ns >= world->next_hand_ns) {
        world->next_hand_ns = world->calm_ns != 0
                                  ? INT64_MAX
                                  : world->now_ns + pick(world, 1, 2 * world->mix.hands_ms) * DST_MS;
        if (world->calm_ns == 0)
            hands_act(world);
    }
}

/* The first time, or after a crash: from what the journal has. */
static void start_engine(struct world *world)
{
    struct record_sink sink = journal_sink(world);

    world->config.recovered = world->left;
    world->pipeline = pipeline_new(&world->config, &sink);
    if (world->pipeline == NULL)
        abort();
    if (world->mix.paper) {
        world->inner = world->pipeline->gateway;
        world->pipeline->gateway = world->gateway;
    }
    world->pipeline->now_ns = world->now_ns;
    beat(world);
    for (int i = 0; i < DST_MARKETS; i++)
        feed_instrument(world, &world->market[i]);
}

static void open_engine(struct world *world)
{
    mix_config(world, &world->config);
    journal_begin(world);
    world->gateway = witness_gateway(world);
    if (!world->mix.paper) {
        world->inner = venue_gateway(world);
        world->config.gateway = &world->gateway;
    }
    start_engine(world);
    second_begin(world);
}

struct standing {           /* what must outlive a crash, if all of it was committed */
    bool whole, remembered; /* remembered: nothing was lost */
    enum trading_state state;
    int64_t lots[DST_MARKETS], peak_e8, day_start_e8, cash_e8;
    bool on[OWNERS_MAX], paused[OWNERS_MAX], disabled[OWNERS_MAX];
};

static struct standing stands(const struct world *world)
{
    const struct pipeline *pipeline = world->pipeline;
    bool calendar = pipeline->risk.state == STATE_PAUSED && pipeline->calendar_holds;
    struct standing now = {.whole = journal_whole(world) && pipeline->markets == DST_MARKETS,
                           .state = calendar ? pipeline->risk.beneath : pipeline->risk.state};

    for (size_t i = 0; i < pipeline->markets && i < DST_MARKETS; i++)
        now.lots[i] = pipeline->market[i]->total.lots;
    for (size_t i = 0; i < pipeline->owners; i++) {
        now.on[i] = pipeline->owner[i].on;
        now.paused[i] = pipeline->owner[i].paused;
        now.disabled[i] = pipeline->owner[i].disabled;
    }
    now.peak_e8 = pipeline->account[0].peak_e8;
    now.day_start_e8 = pipeline->account[0].day_start_e8;
    now.cash_e8 = pipeline->account[0].cash_e8;
    return now;
}

static void check_standing(struct world *world, const struct standing *was)
{
    struct standing is = stands(world);

    if (!was->whole || !was->remembered)
        return;
    must(world, "I16 state", is.state == was->state || (world->left->safe_mode && is.state == STATE_HALTED));
    must(world, "I16 owners on", memcmp(is.on, was->on, sizeof(is.on)) == 0);
    must(world, "I16 owners paused", memcmp(is.paused, was->paused, sizeof(is.paused)) == 0);
    must(world, "I16 owners disabled", memcmp(is.disabled, was->disabled, sizeof(is.disabled)) == 0);
    must(world, "I17 positions", memcmp(is.lots, was->lots, sizeof(is.lots)) == 0);
    must(world, "I16 baseline of the day", is.day_start_e8 == was->day_start_e8);
    must(world, "I16 peak", is.peak_e8 == was->peak_e8);
    must(world, "I17 cash", is.cash_e8 == was->cash_e8);
}

/* Without us. */
static void be_away(struct world *world, int64_t until_ns)
{
    for (int64_t next_ns; (next_ns = next_of_world(world)) < until_ns; turn_world(world))
        world->now_ns = next_ns > world->now_ns ? next_ns : world->now_ns;
    world->now_ns = until_ns;
}

/* I16, I17: what stood before the crash stands after it. Nothing that was not committed ever was. */
void world_recover(struct world *world, int64_t away_until_ns)
{
    struct standing was = stands(world);
    uint64_t lost = world->totals->lost_frames;

    if (!second_keeps_old(world))
        pipeline_free(world->pipeline);
    world->pipeline = NULL;
    journal_die(world);
    world->stream_up = false;
    if (away_until_ns > 0)
        be_away(world, away_until_ns);
    for (size_t i = 0; i < world->feed.count; i++)
        feed_free(world->feed.message[i].feed);
    world->feed.count = 0;
    for (int i = 0; i < DST_MARKETS; i++) {
        world->market[i].link_down = false;
        world->market[i].last_due_ns = world->market[i].snapshot_asked_ns = 0;
    }
    journal_begin(world);
    was.remembered = lost == world->totals->lost_frames;
    venue_crash(world);
    world->sent = world->replaced = world->fills = 0;
    if (away_until_ns == 0)
        world->stopped_until_ns = world->now_ns + pick(world, 50, 8000) * DST_MS;
    world->crash_in = 0;
    start_engine(world);
    world->totals->recoveries++;
    world->totals->adopted += order_manager_open_count(world->pipeline->orders);
    if (world->killed)
        must(world, "I16 the kill is forgotten", world->pipeline->risk.state == STATE_KILLED);
    world->killed = world->pipeline->risk.state == STATE_KILLED;
    check_standing(world, &was);
}

void world_until(struct world *world, int64_t end_ns)
{
    for (;;) {
        int64_t theirs_ns = next_of_world(world), ours_ns = next_of_engine(world);
        int64_t next_ns = least(theirs_ns, ours_ns);

        if (next_ns >= end_ns)
            break;
        world->now_ns = next_ns > world->now_ns ? next_ns : world->now_ns;
        if (theirs_ns <= ours_ns)
            turn_world(world);
        else if (setjmp(world->crashed) == 0) {
            world->in_turn = true;
            turn_engine(world);
            world->in_turn = false;
        } else {
            world->in_turn = false;
            if (!second_death(world))
                world_recover(world, 0);
        }
    }
    world->now_ns = end_ns;
}

/* --- life -------------------------------------------------------------------------------------------------------------------- */

static void *get(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

static struct world *open_world(uint64_t seed, struct dst_totals *totals, const struct dst_how *how)
{
    static const int64_t minute_of_day[] = {600, 720, 1439};
    struct world *world = get(1, sizeof(*world));

    world->seed = seed;
    world->random = seed * 1000003;
    world->people_random = seed * 7919 + 1;
    world->hash = UINT64_C(14695981039346656037);
    world->totals = totals;
    world->verbose = how->verbose;
    world->pace = 1;
    world->order = get(DST_ORDERS_MAX, sizeof(*world->order));
    world->trade = get(DST_TRADES_MAX, sizeof(*world->trade));
    world->by_seq = get(DST_ORDERS_MAX, sizeof(*world->by_seq));
    world->message_ns = get(DST_MESSAGES, sizeof(*world->message_ns));
    world->to_venue.message = get(DST_MESSAGES, sizeof(struct dst_message));
    world->to_us.message = get(DST_MESSAGES, sizeof(struct dst_message));
    world->feed.message = get(DST_MESSAGES, sizeof(struct dst_message));
    journal_open(world);
    mix_draw(world);
    if (!how->day)
        second_open(world);
    world->start_ns = INT64_C(1700000000) * DST_SECOND / DST_DAY * DST_DAY +
                      minute_of_day[world->mix.windows ? 0 : pick(world, 1, 2)] * DST_MINUTE +
                      pick(world, 10, 50) * DST_SECOND;
    if (how->day)
        world->start_ns = world->start_ns / DST_DAY * DST_DAY + 20 * DST_SECOND;
    world->now_ns = world->start_ns;
    world->next_hand_ns = world->now_ns + DST_SECOND;
    return world;
}

static void close_world(struct world *world)
{
    struct dst_message message;

    if (world->pipeline != NULL && !second_keeps_old(world))
        pipeline_free(world->pipeline);
    second_close(world);
    free(world->schedule);
    while (queue_get(&world->feed, INT64_MAX, &message))
        feed_free(message.feed);
    exchange_close(world);
    journal_close(world);
    free(world->order);
    free(world->trade);
    free(world->by_seq);
    free(world->message_ns);
    free(world->to_venue.message);
    free(world->to_us.message);
    free(world->feed.message);
    free(world);
}

/* Faults off, nothing new wanted: everything must come to rest, and both sides must agree. */
static void calm_down(struct world *world)
{
    struct command command = {.kind = COMMAND_SET_STATE, .state = STATE_HALTED};
    bool lossy = one_in(world, 2); /* what is cancelled now must be over in the end, whatever got lost */

    second_calm(world);
    world->crash_in = 0; /* a crash is caught inside of a turn alone */
    if (lossy) {
        engine_command(world, &command);
        world->next_hand_ns = INT64_MAX;
        world_until(world, world->now_ns + 2 * DST_SECOND);
    }
    world->calm_ns = world->now_ns;
    second_calm(world);
    world->crash_in = 0;
    world->stopped_until_ns = 0;
    if (!journal_calm(world))
        world_recover(world, 0);
    world->stopped_until_ns = 0;
    world->stream_down_until_ns = world->now_ns;
    world->lease_lost_until_ns = 0;
    for (int i = 0; i < DST_MARKETS; i++)
        world->market[i].down_until_ns = world->market[i].silent_until_ns = world->now_ns;
    if (!lossy || world->pipeline->risk.state == STATE_ACTIVE) /* the halt may have gone with the power */
        engine_command(world, &command);
    world_until(world, world->now_ns + CALM_NS);
    checks_end(world);
}

/* I30: asked twice, nothing changes. */
static void reconcile_again(struct world *world)
{
    uint64_t fills = world->pipeline->counts.fills;
    size_t open = order_manager_open_count(world->pipeline->orders);

    if (world->mix.paper)
        return;
    world->trades_told = 0;
    world->inner.ops->reconcile(world->inner.self, world->now_ns, world->pipeline->answers);
    world->calm_ns = world->now_ns - CALM_NS;
    world_until(world, world->now_ns + DST_SECOND);
    must(world, "I30 reconciled twice",
         world->pipeline->counts.fills == fills && order_manager_open_count(world->pipeline->orders) == open);
    checks_end(world);
    journal_check_end(world);
}

/* However it ended. */
static void count_orders(const struct world *world, struct dst_totals *totals)
{
    for (size_t i = 0; i < world->orders; i++) {
        const struct dst_order *order = &world->order[i];

        if (order->seq == 0)
            continue;
        totals->doubles += order->accepted > 1 || order->filled > order->total;
        totals->unknown_left += !order->ended && order->state == ORDER_STATE_UNKNOWN;
    }
}

static void sum_up(struct world *world, uint64_t *hash)
{
    char hex[DECISION_HASH_HEX_SIZE];

    if (world->pipeline != NULL) { /* a start that fails has none */
        decision_log_hash(world->pipeline->decisions, hex);
        for (int i = 0; hex[i] != '\0'; i++)
            hash_add(world, (uint64_t)hex[i]);
        world->totals->late_fills += order_manager_counts(world->pipeline->orders).late_fills;
        world->totals->duplicates += world->pipeline->counts.duplicates;
        world->totals->denied += world->pipeline->counts.denied;
    }
    *hash = world->hash;
}

bool world_run(struct world *out, uint64_t seed, struct dst_totals *totals, const struct dst_how *how,
               uint64_t *hash)
{
    struct world *world = open_world(seed, totals, how);
    bool held = false;

    if (setjmp(world->failed) == 0) {
        exchange_open(world);
        open_engine(world);
        how->day ? day_live(world) : world_until(world, world->start_ns + world->mix.run_ns);
        second_exercise(world);
        calm_down(world);
        reconcile_again(world);
        held = true;
    }
    sum_up(world, hash);
    count_orders(world, totals);
    totals->seeds++;
    totals->paper_seeds += world->mix.paper;
    totals->simulated_ns += (uint64_t)(world->now_ns - world->start_ns);
    memcpy(out->why, world->why, sizeof(out->why));
    out->steps = world->steps;
    close_world(world);
    return held;
}
