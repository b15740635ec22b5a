#include "feed/stream_plan.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COMMAND_TAIL 32 /* "],"id":4294967295}" and room */

static void set_state(struct plan_stream *stream, enum plan_state state, int64_t now_ns)
{
    stream->state = state;
    stream->since_ns = now_ns;
}

static bool is_wanted(const struct plan_stream *stream)
{
    return stream->state == PLAN_UNSENT || stream->state == PLAN_SENT || stream->state == PLAN_CONFIRMED ||
           stream->state == PLAN_REFUSED || stream->drop_then_again;
}

void plan_init(struct stream_plan *plan, uint32_t commands_per_s)
{
    assert(commands_per_s >= 2 && commands_per_s <= PLAN_RATE_MAX);
    memset(plan, 0, sizeof(*plan));
    plan->rate = commands_per_s;
    for (size_t i = 0; i < PLAN_RATE_MAX; i++)
        plan->sent_ns[i] = INT64_MIN / 2;
}

/* --- what is wanted ----------------------------------------------------------------------------------------- */

static struct plan_stream *slot_of(struct stream_plan *plan, uint16_t symbol, enum stream_kind kind)
{
    uint16_t slot = plan->slot[symbol][kind];

    return slot > 0 ? &plan->stream[slot - 1] : NULL;
}

const struct plan_stream *plan_find(const struct stream_plan *plan, uint16_t symbol, enum stream_kind kind)
{
    uint16_t slot = plan->slot[symbol][kind];

    return slot > 0 ? &plan->stream[slot - 1] : NULL;
}

static size_t free_slot(const struct stream_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->stream[i].state == PLAN_FREE)
            return i;
    return plan->count;
}

/* Leaving: whatever the venue was told, it is told anew behind that. */
static enum err come_back(struct plan_stream *stream, int64_t now_ns)
{
    if (is_wanted(stream))
        return ERR_DUPLICATE;
    if (stream->state == PLAN_LEAVING)
        set_state(stream, PLAN_CONFIRMED, now_ns);
    else
        stream->drop_then_again = true;
    return ERR_OK;
}

enum err plan_add(struct stream_plan *plan, uint16_t symbol, enum stream_kind kind, const char *name,
                  int64_t now_ns)
{
    struct plan_stream *stream;
    size_t index = plan->slot[symbol][kind];

    if (index > 0)
        return come_back(&plan->stream[index - 1], now_ns);
    index = free_slot(plan);
    if (index == PLAN_STREAMS_MAX)
        return ERR_FULL;
    if (index == plan->count)
        plan->count++;
    stream = &plan->stream[index];
    memset(stream, 0, sizeof(*stream));
    snprintf(stream->name, sizeof(stream->name), "%s", name);
    stream->symbol = symbol;
    stream->kind = kind;
    set_state(stream, PLAN_UNSENT, now_ns);
    plan->slot[symbol][kind] = (uint16_t)(index + 1);
    return ERR_OK;
}

static void forget(struct stream_plan *plan, struct plan_stream *stream)
{
    plan->slot[stream->symbol][stream->kind] = 0;
    memset(stream, 0, sizeof(*stream)); /* PLAN_FREE */
}

static void leave(struct stream_plan *plan, struct plan_stream *stream, int64_t now_ns)
{
    stream->drop_then_again = false;
    switch (stream->state) {
    case PLAN_UNSENT:
    case PLAN_REFUSED:
        forget(plan, stream);
        break;
    case PLAN_SENT: /* its answer will be of no interest */
    case PLAN_CONFIRMED:
        set_state(stream, PLAN_LEAVING, now_ns);
        break;
    case PLAN_FREE:
    case PLAN_LEAVING:
    case PLAN_LEFT_SENT:
        break;
    }
}

void plan_leave(struct stream_plan *plan, uint16_t symbol, int64_t now_ns)
{
    for (size_t kind = 0; kind < STREAM_KINDS_MAX; kind++) {
        struct plan_stream *stream = slot_of(plan, symbol, (enum stream_kind)kind);

        if (stream != NULL)
            leave(plan, stream, now_ns);
    }
    plan->symbol_heard_ns[symbol] = 0;
}

void plan_restart(struct stream_plan *plan, int64_t now_ns)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_stream *stream = &plan->stream[i];

        if (stream->state == PLAN_FREE)
            continue;
        if (!is_wanted(stream)) {
            forget(plan, stream);
            continue;
        }
        stream->heard_ns = 0;
        stream->sends = 0;
        stream->alone = stream->resubscribed = stream->drop_then_again = false;
        set_state(stream, PLAN_UNSENT, now_ns);
    }
    memset(plan->symbol_heard_ns, 0, sizeof(plan->symbol_heard_ns));
    memset(plan->kind_heard, 0, sizeof(plan->kind_heard));
    plan->pongs_seen = 0;
    for (size_t i = 0; i < PLAN_RATE_MAX; i++) /* the venue counts by connection */
        plan->sent_ns[i] = INT64_MIN / 2;
}

/* --- commands ----------------------------------------------------------------------------------------------- */

static void count_message(struct stream_plan *plan, int64_t now_ns)
{
    plan->sent_ns[plan->sent_next] = now_ns;
    plan->sent_next = (plan->sent_next + 1) % PLAN_RATE_MAX;
}

static bool may_send(const struct stream_plan *plan, int64_t now_ns)
{
    uint32_t recent = 0;

    for (size_t i = 0; i < PLAN_RATE_MAX; i++)
        recent += now_ns - plan->sent_ns[i] < PLAN_WINDOW_NS;
    return recent + 1 < plan->rate; /* one stays free for a pong */
}

void plan_count_pongs(struct stream_plan *plan, uint64_t pongs_sent, int64_t now_ns)
{
    for (; plan->pongs_seen < pongs_sent; plan->pongs_seen++)
        count_message(plan, now_ns);
}

/* A subscription that got no answer is asked for again, once; plan_unanswered() speaks after that. */
static void take_back_unanswered(struct stream_plan *plan, int64_t now_ns)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_stream *stream = &plan->stream[i];

        if (now_ns - stream->since_ns < PLAN_ANSWER_NS)
            continue;
        if (stream->state == PLAN_LEFT_SENT && !stream->drop_then_again)
            forget(plan, stream);
        else if (stream->state == PLAN_LEFT_SENT || (stream->state == PLAN_SENT && stream->sends < 2))
            set_state(stream, PLAN_UNSENT, now_ns);
    }
}

/* Streams that the command being made names carry its id. */
static size_t put_streams(struct stream_plan *plan, enum plan_state state, uint32_t id, char *out)
{
    size_t size = 0;
    bool one = false;

    for (size_t i = 0; i < plan->count && !one; i++) {
        struct plan_stream *stream = &plan->stream[i];

        if (stream->state != state || (stream->alone && size > 0))
            continue;
        if (size + strlen(stream->name) + 3 > PLAN_COMMAND_MAX - 64 - COMMAND_TAIL)
            break;
        size += (size_t)snprintf(out + size, PLAN_COMMAND_MAX - 64 - size, "%s\"%s\"", size > 0 ? "," : "",
                                 stream->name);
        stream->command_id = id;
        one = stream->alone;
    }
    return size;
}

size_t plan_next_command(struct stream_plan *plan, int64_t now_ns, char out[PLAN_COMMAND_MAX])
{
    char list[PLAN_COMMAND_MAX - 64];
    uint32_t id = plan->command_id + 1;
    const char *method = "UNSUBSCRIBE";

    take_back_unanswered(plan, now_ns);
    if (!may_send(plan, now_ns))
        return 0;
    for (size_t i = 0; i < plan->count; i++) /* of a command that the socket did not take */
        if (plan->stream[i].command_id == id)
            plan->stream[i].command_id = 0;
    if (put_streams(plan, PLAN_LEAVING, id, list) == 0) {
        method = "SUBSCRIBE";
        if (put_streams(plan, PLAN_UNSENT, id, list) == 0)
            return 0;
    }
    return (size_t)snprintf(out, PLAN_COMMAND_MAX, "{\"method\":\"%s\",\"params\":[%s],\"id\":%u}", method,
                            list, id);
}

void plan_command_sent(struct stream_plan *plan, int64_t now_ns)
{
    uint32_t id = ++plan->command_id;

    count_message(plan, now_ns);
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_stream *stream = &plan->stream[i];

        if (stream->command_id != id)
            continue;
        if (stream->state == PLAN_UNSENT) {
            stream->sends++;
            set_state(stream, PLAN_SENT, now_ns);
        } else if (stream->state == PLAN_LEAVING) {
            set_state(stream, PLAN_LEFT_SENT, now_ns);
        }
    }
}

static void answer_one(struct stream_plan *plan, struct plan_stream *stream, bool well, bool batch,
                       int64_t now_ns)
{
    if (stream->state == PLAN_LEFT_SENT) { /* refused or not, there is nothing else to say */
        if (!stream->drop_then_again) {
            forget(plan, stream);
            return;
        }
        stream->drop_then_again = false;
        stream->sends = 0;
        set_state(stream, PLAN_UNSENT, now_ns);
    } else if (stream->state == PLAN_SENT && well) {
        set_state(stream, PLAN_CONFIRMED, now_ns);
    } else if (stream->state == PLAN_SENT && batch) {
        stream->alone = true;
        stream->sends = 0;
        set_state(stream, PLAN_UNSENT, now_ns);
    } else if (stream->state == PLAN_SENT) {
        set_state(stream, PLAN_REFUSED, now_ns);
    }
}

bool plan_answer(struct stream_plan *plan, uint32_t id, bool well, int64_t now_ns)
{
    size_t named = 0;

    if (id == 0 || id > plan->command_id) {
        plan->unknown_answers++;
        return false;
    }
    for (size_t i = 0; i < plan->count; i++)
        named += plan->stream[i].state != PLAN_FREE && plan->stream[i].command_id == id;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->stream[i].state != PLAN_FREE && plan->stream[i].command_id == id)
            answer_one(plan, &plan->stream[i], well, named > 1, now_ns);
    return true;
}

/* --- what came of it ---------------------------------------------------------------------------------------- */

void plan_heard(struct stream_plan *plan, uint16_t symbol, enum stream_kind kind, int64_t now_ns)
{
    struct plan_stream *stream = slot_of(plan, symbol, kind);

    if (stream == NULL)
        return;
    if (stream->heard_ns == 0)
        plan->kind_heard[kind]++;
    stream->heard_ns = now_ns;
    stream->renewal_asked = false;
    plan->symbol_heard_ns[symbol] = now_ns;
    if (stream->state == PLAN_SENT) /* data is an answer too */
        set_state(stream, PLAN_CONFIRMED, now_ns);
}

static size_t count_if(const struct stream_plan *plan, enum plan_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++)
        count += plan->stream[i].state == state;
    return count;
}

size_t plan_streams(const struct stream_plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++)
        count += is_wanted(&plan->stream[i]);
    return count;
}

size_t plan_confirmed(const struct stream_plan *plan)
{
    return count_if(plan, PLAN_CONFIRMED);
}

size_t plan_refused(const struct stream_plan *plan)
{
    return count_if(plan, PLAN_REFUSED);
}

bool plan_settled(const struct stream_plan *plan)
{
    return plan_confirmed(plan) + plan_refused(plan) == plan_streams(plan);
}

bool plan_unanswered(struct stream_plan *plan, int64_t now_ns)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->stream[i].state == PLAN_SENT && plan->stream[i].sends >= 2 &&
            now_ns - plan->stream[i].since_ns >= PLAN_ANSWER_NS)
            return true;
    return false;
}

static int64_t patience_ns(enum stream_kind kind)
{
    switch (kind) {
    case STREAM_DEPTH:
    case STREAM_QUOTE:
    case STREAM_MARK_PRICE:
        return PLAN_SILENT_FAST_NS;
    case STREAM_TRADE:
    case STREAM_AGG_TRADE:
        return PLAN_SILENT_SLOW_NS;
    case STREAM_LIQUIDATION:
        break;
    }
    return INT64_MAX; /* may be silent for days */
}

/* Trades of a quiet market prove nothing, unless no stream of their kind was ever heard: that is what a wrong
 * path looks like. */
static bool deserves_renewal(const struct stream_plan *plan, const struct plan_stream *stream)
{
    return !stream->renewal_asked &&
           (patience_ns(stream->kind) == PLAN_SILENT_FAST_NS || plan->kind_heard[stream->kind] == 0);
}

enum plan_silence plan_next_silent(struct stream_plan *plan, int64_t now_ns, const struct plan_stream **out)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_stream *stream = &plan->stream[i];

        if (stream->state != PLAN_CONFIRMED || stream->heard_ns != 0 ||
            plan->symbol_heard_ns[stream->symbol] <= stream->since_ns ||
            now_ns - stream->since_ns < patience_ns(stream->kind))
            continue;
        *out = stream;
        if (!stream->resubscribed) {
            stream->resubscribed = stream->drop_then_again = true;
            set_state(stream, PLAN_LEAVING, now_ns);
            return PLAN_RESUBSCRIBE;
        }
        stream->since_ns = now_ns; /* speaks again after another while */
        if (!deserves_renewal(plan, stream))
            return PLAN_TELL;
        stream->renewal_asked = true;
        return PLAN_RENEW;
    }
    return PLAN_HEARD_ALL;
}
