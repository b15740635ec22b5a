/*
 * kill.c - block, cancel, confirm each; repeat while an answer is missing; close only if that was configured. See
 * pipeline.h.
 *
 * The flag comes first: from there on the sending function lets no order out but the one flatten an operator (or
 * kill.flatten) asks for. A cancel whose answer does not come is asked for again at growing distances, as long as it
 * takes. The kill is latched: only a typed word clears it, to PAUSED, and only once every order is known to be over.
 */
#include "app/pipeline.h"

#include <inttypes.h>
#include <string.h>

#define CANCEL_AGAIN_NS   INT64_C(500000000) /* doubles with each round */
#define CANCEL_DOUBLINGS  3                  /* 4 s at most: a venue that is back is not waited for longer */
#define FLATTEN_AGAIN_NS  INT64_C(1000000000)
#define FLATTEN_TRIES_MAX 5

static void list_orders(struct pipeline *pipeline, struct kill_report *kill, struct order *const *open,
                        size_t count)
{
    for (size_t i = 0; i < count && kill->orders < KILL_REPORT_MAX; i++) {
        kill->order[kill->orders].order = *open[i];
        kill->order[kill->orders++].sent_ns = pipeline->now_ns;
    }
}

/* Nothing is open any more: what became of it, for the audit trail. */
static void go_quiet(struct pipeline *pipeline)
{
    struct kill_report *kill = &pipeline->kill;
    unsigned ended[ORDER_STATES] = {0};

    if (kill->quiet_ns != 0)
        return;
    kill->quiet_ns = pipeline->now_ns;
    for (uint32_t i = 0; i < kill->orders; i++)
        ended[kill->order[i].order.state]++;
    journal_audit(pipeline, NULL, "kill.quiet", "-",
                  "after %" PRId64 " us: %u cancelled, %u filled, %u expired, %u rejected",
                  (kill->quiet_ns - kill->start_ns) / 1000, ended[ORDER_STATE_CANCELLED],
                  ended[ORDER_STATE_FILLED], ended[ORDER_STATE_EXPIRED], ended[ORDER_STATE_REJECTED]);
    kill_note(pipeline);
}

/* A kill before the first event: the latch of an earlier run, or a file that cannot be read. */
void pipeline_start_killed(struct pipeline *pipeline, const char *why)
{
    pipeline->risk.kill = true;
    memset(&pipeline->kill, 0, sizeof(pipeline->kill));
    pipeline->kill.active = true;
    trading_set_state(pipeline, STATE_KILLED, why);
}

static bool holds_something(const struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        if (pipeline->market[i]->total.lots != 0)
            return true;
    return false;
}

static void answer_killed(struct pipeline *pipeline, const struct command *command)
{
    const struct kill_report *kill = &pipeline->kill;
    const char *rest = !holds_something(pipeline) ? "no position is open"
                       : kill_flattens(pipeline)  ? "positions are closed next"
                                                  : "positions stay open, f closes";

    if (kill_is_taken_over(pipeline))
        operator_answer(pipeline, command, NOTE_BAD, "KILLED since before this start; %s", rest);
    else if (kill->total == 0)
        operator_answer(pipeline, command, NOTE_BAD, "KILLED no order was open; %s", rest);
    else
        operator_answer(pipeline, command, NOTE_BAD, "KILLED %u of %u cancelled; %s", kill->confirmed,
                        kill->total, rest);
}

void kill_order(struct pipeline *pipeline, const struct command *command)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    struct kill_report *kill = &pipeline->kill;
    size_t count;
    char why[96];

    pipeline->risk.kill = true; /* first: from here on the sending function lets nothing out */
    if (pipeline->risk.state == STATE_KILLED) { /* the flag was seen before its command, or once more */
        kill->flattens |= command->flag;
        answer_killed(pipeline, command);
        return;
    }
    memset(kill, 0, sizeof(*kill));
    pipeline->closing = 0; /* a kill closes what its own word says */
    kill->active = true;
    kill->flattens = command->flag;
    kill->start_ns = pipeline->now_ns;
    kill->again_ns = pipeline->now_ns + CANCEL_AGAIN_NS;
    count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    kill->total = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        seqs[i] = open[i]->seq;
    list_orders(pipeline, kill, open, count);
    snprintf(why, sizeof(why), "by %s", command->source[0] == '\0' ? "key K" : command->source);
    snprintf(kill->by, sizeof(kill->by), "%.23s", why);
    trading_set_state(pipeline, STATE_KILLED, why);
    execution_clear(pipeline->execution, ORDERS_ANY, ORDERS_ANY);
    order_groups_forget(pipeline->groups, ORDERS_ANY, ORDERS_ANY);
    kill->under_way = true;
    for (size_t i = 0; i < count; i++)
        trading_cancel(pipeline, seqs[i]);
    kill->under_way = false;
    journal_audit(pipeline, NULL, "kill", "-", "%s orders=%zu confirmed=%u", why, count, kill->confirmed);
    if (kill->confirmed >= kill->total)
        go_quiet(pipeline);
    else
        kill_note(pipeline);
    journal_bell(pipeline, "KILLED");
    answer_killed(pipeline, command);
}

void kill_clear(struct pipeline *pipeline, const struct command *command)
{
    char why[64];

    if (pipeline->risk.state != STATE_KILLED) {
        operator_answer(pipeline, command, NOTE_INFO, "nothing is killed");
        return;
    }
    if (order_manager_open_count(pipeline->orders) > 0 && pipeline->kill.confirmed < pipeline->kill.total) {
        operator_answer(pipeline, command, NOTE_WARNING, "not yet: %u of %u cancels are confirmed",
                        pipeline->kill.confirmed, pipeline->kill.total);
        return;
    }
    kill_note_cleared(pipeline);
    pipeline->risk.kill = false;
    pipeline->kill.active = false;
    snprintf(why, sizeof(why), "kill cleared %s", pipeline->by);
    trading_set_state(pipeline, STATE_PAUSED, why);
    operator_answer(pipeline, command, NOTE_GOOD,
                    pipeline->risk.beneath == STATE_REDUCING
                        ? "kill cleared: PAUSED and REDUCING, as it was; :resume, then :go"
                        : "kill cleared: PAUSED; :resume goes on");
}

/* A flatten that ends, or an end that is told twice, confirms nothing. */
void kill_hear(struct pipeline *pipeline, const struct order *order)
{
    struct kill_report *kill = &pipeline->kill;
    struct killed_order *told = NULL;

    if (!kill->active || order_is_open(order))
        return;
    for (uint32_t i = 0; i < kill->orders && told == NULL; i++)
        if (kill->order[i].order.seq == order->seq && kill->order[i].answered_ns == 0)
            told = &kill->order[i];
    if (told == NULL)
        return;
    told->order = *order;
    told->answered_ns = pipeline->now_ns;
    kill->confirmed++;
    if (kill->confirmed >= kill->total && !kill->under_way) /* its own audit line is the first */
        go_quiet(pipeline);
}

const struct order *kill_order_now(const struct pipeline *pipeline, uint32_t index)
{
    const struct killed_order *told = &pipeline->kill.order[index];
    const struct order *open =
        told->answered_ns != 0 ? NULL : order_manager_find(pipeline->orders, told->order.seq);

    return open == NULL ? &told->order : open;
}

bool kill_flattens(const struct pipeline *pipeline)
{
    return pipeline->config.kill_flattens || pipeline->kill.flattens;
}

static void cancel_again(struct pipeline *pipeline)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct kill_report *kill = &pipeline->kill;
    size_t count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    uint64_t seqs[ORDERS_OPEN_MAX];

    kill->again_ns = pipeline->now_ns + (CANCEL_AGAIN_NS << kill->rounds);
    if (kill->rounds < CANCEL_DOUBLINGS)
        kill->rounds++;
    for (size_t i = 0; i < count; i++)
        seqs[i] = open[i]->seq;
    for (size_t i = 0; i < count; i++)
        trading_cancel_again(pipeline, seqs[i]);
    if (count > 0)
        journal_note(pipeline, NOTE_BAD, "KILLED: %zu orders NOT cancelled yet, asked again", count);
}

/* A position whose price can be bounded: by a book that is LIVE. One that must wait for its book is told once. */
static bool can_close(struct pipeline *pipeline, const struct market_state *market)
{
    if (market->total.lots == 0)
        return false;
    if (book_sync_state(market->sync) == BOOK_LIVE)
        return true;
    if (!pipeline->kill.waits_for_book)
        journal_note(pipeline, NOTE_BAD, "KILLED: the position in %s is closed once its book is LIVE",
                     market->instrument->symbol);
    pipeline->kill.waits_for_book = true;
    return false;
}

/* kill.flatten: once all is cancelled, each position is closed at a bounded price; a few times, then people must. A
 * book that is not LIVE costs no try: the venue may be away for long. */
static void flatten(struct pipeline *pipeline)
{
    struct kill_report *kill = &pipeline->kill;
    bool open = false;

    if (kill->flatten_tries >= FLATTEN_TRIES_MAX || pipeline->now_ns < kill->flatten_ns)
        return;
    for (size_t i = 0; i < pipeline->markets; i++)
        open |= can_close(pipeline, pipeline->market[i]);
    if (!open)
        return;
    kill->flatten_tries++;
    kill->flatten_ns = pipeline->now_ns + FLATTEN_AGAIN_NS;
    for (size_t i = 0; i < pipeline->markets; i++) {
        struct command command = {.kind = COMMAND_FLATTEN, .source = "kill.flatten"};

        command.instrument_id = (uint16_t)i;
        if (!can_close(pipeline, pipeline->market[i]))
            continue;
        memset(pipeline->risk.kill_flattened, 0,
               sizeof(pipeline->risk.kill_flattened)); /* what is left alone */
        operator_flatten(pipeline, &command, pipeline->market[i]);
    }
}

void kill_on_tick(struct pipeline *pipeline)
{
    struct kill_report *kill = &pipeline->kill;

    if (!kill->active)
        return;
    if (kill->confirmed < kill->total && pipeline->now_ns >= kill->again_ns)
        cancel_again(pipeline);
    if (kill_flattens(pipeline) && kill->confirmed >= kill->total && kill->start_ns != 0)
        flatten(pipeline);
}
