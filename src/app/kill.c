/*
 * kill.c - block, cancel, confirm each; repeat while an answer is missing; close only if that was configured. See
 * pipeline.h.
 *
 * The flag comes first: from there on the sending function lets no order out but the one flatten an operator (or
 * kill.flatten) asks for. A cancel whose answer does not come is asked for again at growing distances, as long as it
 * takes. The kill is latched: only a typed word clears it, to PAUSED, and only once every order is known to be over.
 */
#include "app/pipeline.h"

#include <string.h>

#define CANCEL_AGAIN_NS   INT64_C(500000000) /* doubles with each round */
#define CANCEL_DOUBLINGS  5                  /* 16 s at most */
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

/* A kill before the first event: the latch of an earlier run, or a file that cannot be read. */
void pipeline_start_killed(struct pipeline *pipeline, const char *why)
{
    pipeline->risk.kill = true;
    pipeline->kill = (struct kill_report){.active = true};
    trading_set_state(pipeline, STATE_KILLED, why);
}

void kill_order(struct pipeline *pipeline, const struct command *command)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    struct kill_report *kill = &pipeline->kill;
    size_t count;
    char why[96];

    pipeline->risk.kill = true; /* first: from here on the sending function lets nothing out */
    if (pipeline->risk.state == STATE_KILLED) {
        kill->flattens |= command->flag;
        operator_answer(pipeline, command, NOTE_WARNING, "KILLED already: %u of %u cancelled",
                        kill->confirmed, kill->total);
        return;
    }
    *kill = (struct kill_report){.active = true,
                                 .flattens = command->flag,
                                 .start_ns = pipeline->now_ns,
                                 .again_ns = pipeline->now_ns + CANCEL_AGAIN_NS,
                                 .last_seq = order_manager_last_seq(pipeline->orders)};
    count = order_manager_open(pipeline->orders, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX);
    kill->total = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        seqs[i] = open[i]->seq;
    list_orders(pipeline, kill, open, count);
    snprintf(why, sizeof(why), "by %s", command->source[0] == '\0' ? "key K" : command->source);
    trading_set_state(pipeline, STATE_KILLED, why);
    execution_clear(pipeline->execution, 0xFFFF, 0xFFFF);
    order_groups_forget(pipeline->groups, 0xFFFF, 0xFFFF);
    for (size_t i = 0; i < count; i++)
        trading_cancel(pipeline, seqs[i]);
    if (kill->confirmed >= kill->total)
        kill->quiet_ns = pipeline->now_ns;
    journal_audit(pipeline, NULL, "kill", "-", "%s orders=%zu confirmed=%u", why, count, kill->confirmed);
    journal_bell(pipeline, "KILLED");
    operator_answer(pipeline, command, NOTE_BAD, "KILLED %u of %zu cancelled; positions stay open, f closes",
                    kill->confirmed, count);
}

void kill_clear(struct pipeline *pipeline, const struct command *command)
{
    if (pipeline->risk.state != STATE_KILLED) {
        operator_answer(pipeline, command, NOTE_INFO, "nothing is killed");
        return;
    }
    if (order_manager_open_count(pipeline->orders) > 0 && pipeline->kill.confirmed < pipeline->kill.total) {
        operator_answer(pipeline, command, NOTE_WARNING, "not yet: %u of %u cancels are confirmed",
                        pipeline->kill.confirmed, pipeline->kill.total);
        return;
    }
    pipeline->risk.kill = false;
    pipeline->kill.active = false;
    trading_set_state(pipeline, STATE_PAUSED, "kill cleared by you");
    operator_answer(pipeline, command, NOTE_GOOD, "kill cleared: PAUSED; Space resumes");
}

/* Counted anew, not up: an end may be told more than once. */
static uint32_t count_confirmed(const struct pipeline *pipeline)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX), left = 0;

    while (left < count && open[left]->seq <= pipeline->kill.last_seq)
        left++;
    return left < pipeline->kill.total ? pipeline->kill.total - (uint32_t)left : 0;
}

void kill_hear(struct pipeline *pipeline, const struct order *order)
{
    struct kill_report *kill = &pipeline->kill;

    if (!kill->active || order_is_open(order) || order->seq > kill->last_seq)
        return;
    for (uint32_t i = 0; i < kill->orders; i++)
        if (kill->order[i].order.seq == order->seq && kill->order[i].answered_ns == 0) {
            kill->order[i].order = *order;
            kill->order[i].answered_ns = pipeline->now_ns;
        }
    kill->confirmed = count_confirmed(pipeline);
    if (kill->confirmed >= kill->total && kill->quiet_ns == 0)
        kill->quiet_ns = pipeline->now_ns;
}

static void cancel_again(struct pipeline *pipeline)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct kill_report *kill = &pipeline->kill;
    size_t count = order_manager_open(pipeline->orders, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX);
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

/* kill.flatten: once all is cancelled, each position is closed at a bounded price; a few times, then people must. */
static void flatten(struct pipeline *pipeline)
{
    struct kill_report *kill = &pipeline->kill;
    bool open = false;

    for (size_t i = 0; i < pipeline->markets; i++)
        open |= pipeline->market[i]->total.lots != 0;
    if (!open || kill->flatten_tries >= FLATTEN_TRIES_MAX || pipeline->now_ns < kill->flatten_ns)
        return;
    kill->flatten_tries++;
    kill->flatten_ns = pipeline->now_ns + FLATTEN_AGAIN_NS;
    for (size_t i = 0; i < pipeline->markets; i++) {
        struct command command = {.kind = COMMAND_FLATTEN, .source = "kill.flatten"};

        command.instrument_id = (uint16_t)i;
        if (pipeline->market[i]->total.lots == 0)
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
    if ((pipeline->config.kill_flattens || kill->flattens) && kill->confirmed >= kill->total &&
        kill->start_ns != 0)
        flatten(pipeline);
}
