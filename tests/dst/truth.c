/*
 * truth.c - what was committed, frame by frame, beside the journal: what a start must find, and what it must not.
 *
 * The state after a prefix is folded anew by store/journal_state.h and compared with what the start came to, record by
 * record. Where a power failure took the end of the journal, the witness forgets with it: orders that no record tells of
 * any more are nobody's, like those that the account's owner gave elsewhere.
 */
#include "dst/dst.h"

#include "store/journal_frame.h"
#include "store/journal_state.h"
#include "store/recovered.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct frame_head head;
    size_t at;       /* of its body */
    bool ends;       /* its step */
    size_t messages; /* that had left before */
};

struct dst_truth {
    struct entry *entry;
    size_t count, room;
    unsigned char *bytes;
    size_t used, bytes_room;
    struct journal_state *state; /* of all of them */
};

static void *grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL)
        abort();
    return memory;
}

size_t truth_count(const struct world *world)
{
    return world->truth->count;
}

static void fold(struct world *world, const struct entry *entry)
{
    char why[160];

    must(world, "I18 the journal's state takes it",
         journal_state_apply(world->truth->state, &entry->head, world->truth->bytes + entry->at, why,
                             sizeof(why)) == ERR_OK);
}

void truth_add(struct world *world, const struct store_record *record, bool ends)
{
    struct dst_truth *truth = world->truth;
    struct entry *entry;

    if (truth->count == truth->room)
        truth->entry = grow(truth->entry, (truth->room = truth->room * 2 + 1024) * sizeof(*truth->entry));
    if (truth->used + RECORD_BODY_MAX > truth->bytes_room)
        truth->bytes = grow(truth->bytes, truth->bytes_room = truth->bytes_room * 2 + (RECORD_BODY_MAX << 4));
    entry = &truth->entry[truth->count++];
    *entry = (struct entry){
        .head = {.seq = truth->count,
                 .ts_ns = record->ts_ns,
                 .input_seq = record->input_seq,
                 .kind = (uint16_t)record->kind,
                 .body_size = (uint32_t)record_encode(record, truth->bytes + truth->used, RECORD_BODY_MAX)},
        .at = truth->used,
        .ends = ends,
        .messages = world->messages};
    must(world, "I18 a record has its frame", entry->head.body_size > 0);
    truth->used += entry->head.body_size;
    fold(world, entry);
}

/* --- what a start found -------------------------------------------------------------------------------------------------- */

struct comparing {
    const struct recovered *left;
    size_t at;
    bool same;
};

static bool compare(void *arg, const struct store_record *record)
{
    static unsigned char body[2][RECORD_BODY_MAX];
    struct comparing *comparing = arg;
    const struct store_record *found = &comparing->left->record[comparing->at];
    size_t size;

    if (comparing->at++ >= comparing->left->count || found->kind != record->kind) {
        comparing->same = false;
        return false;
    }
    size = record_encode(record, body[0], sizeof(body[0]));
    comparing->same = size == record_encode(found, body[1], sizeof(body[1])) &&
                      memcmp(body[0], body[1], size) == 0 && found->ts_ns == record->ts_ns &&
                      found->input_seq == record->input_seq;
    return comparing->same;
}

void truth_check_state(struct world *world, const struct recovered *left)
{
    struct comparing comparing = {.left = left, .same = true};

    journal_state_each(world->truth->state, 0, compare, &comparing);
    must(world, "I17, I19 another state than the journal's", comparing.same && comparing.at == left->count);
}

void truth_check_frame(struct world *world, const struct frame_head *head, const unsigned char *body)
{
    const struct dst_truth *truth = world->truth;
    const struct entry *entry = &truth->entry[head->seq - 1];

    must(world, "I19 a frame that never was", head->seq > 0 && head->seq <= truth->count);
    must(world, "I19 another frame",
         head->kind == entry->head.kind && head->ts_ns == entry->head.ts_ns &&
             head->input_seq == entry->head.input_seq && head->body_size == entry->head.body_size &&
             memcmp(body, truth->bytes + entry->at, head->body_size) == 0 &&
             entry->ends == ((head->flags & FRAME_FLAG_MORE) == 0));
}

/* --- forgetting ---------------------------------------------------------------------------------------------------------------- */

static void remember_order(struct world *world, const struct order *order)
{
    struct dst_order *known = exchange_find(world, order->seq);

    if (order->seq > world->last_seq)
        world->last_seq = order->seq;
    if (!known->remembered) {
        known->remembered = true;
        return;
    }
    known->state = order->state;
    known->recorded = true;
    known->ended = order->state == ORDER_STATE_FILLED || order->state == ORDER_STATE_CANCELLED ||
                   order->state == ORDER_STATE_EXPIRED || order->state == ORDER_STATE_REJECTED;
}

static void remember_fill(struct world *world, const struct fill *fill)
{
    struct dst_order *order = exchange_find(world, fill->order_seq);

    for (size_t i = 0; i < world->trades && !world->mix.paper; i++)
        if (world->trade[i].trade_id == fill->trade_id &&
            world->order[world->trade[i].order].seq == fill->order_seq &&
            world->order[world->trade[i].order].market == fill->instrument_id)
            world->trade[i].booked = true;
    if (order != NULL) {
        order->booked += fill->qty_lots;
        world->booked_lots[fill->instrument_id] += side_sign(fill->side) * fill->qty_lots;
    }
    world->cash_e8[fill->instrument_id] += -side_sign(fill->side) * fill->value_e8 - fill->fee_e8;
}

static void remember(struct world *world, const struct entry *entry)
{
    static struct store_record record;
    char why[160];

    if (entry->head.kind != STORE_ORDER && entry->head.kind != STORE_FILL)
        return;
    must(world, "I18 a frame has its record",
         record_decode(entry->head.kind, world->truth->bytes + entry->at, entry->head.body_size, &record, why,
                       sizeof(why)) == ERR_OK);
    if (entry->head.kind == STORE_ORDER)
        remember_order(world, &record.order.order);
    else
        remember_fill(world, &record.fill.fill);
}

static void forget_all(struct world *world)
{
    for (size_t i = 0; i < world->orders; i++) {
        struct dst_order *order = &world->order[i];

        order->remembered = order->recorded = order->ended = false;
        order->state = ORDER_STATE_SENT;
        order->booked = order->unknown_ns = order->cancelling_ns = 0;
    }
    for (size_t i = 0; i < world->trades; i++)
        world->trade[i].booked = false;
    memset(world->cash_e8, 0, sizeof(world->cash_e8));
    memset(world->booked_lots, 0, sizeof(world->booked_lots));
    world->last_seq = 0;
}

/* What is on its way to the venue in its name is lost with the machine. */
static void drop_requests(struct world *world)
{
    size_t count = world->to_venue.count;

    world->to_venue.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct dst_message message = world->to_venue.message[i];

        if (message.kind == TO_VENUE_RECONCILE || exchange_find(world, message.request.order.seq) != NULL)
            queue_put(world, &world->to_venue, &message);
    }
}

static void disown(struct world *world)
{
    for (size_t i = 0; i < world->orders; i++) {
        struct dst_order *order = &world->order[i];

        if (order->seq == 0 || order->remembered)
            continue;
        world->by_seq[order->seq] = 0;
        order->seq = 0;
        order->intent.owner = OWNER_MANUAL;
        world->totals->forgotten++;
    }
    drop_requests(world);
}

void truth_cut(struct world *world, size_t count)
{
    struct dst_truth *truth = world->truth;

    if (count == truth->count)
        return;
    must(world, "I18 half a step", count == 0 || truth->entry[count - 1].ends);
    world->killed &= count >= world->killed_at;
    truth->used = truth->entry[count].at;
    world->messages = truth->entry[count].messages; /* nobody knows of the others any more: I14 */
    truth->count = count;
    journal_state_clear(truth->state);
    forget_all(world);
    for (size_t i = 0; i < count; i++) {
        fold(world, &truth->entry[i]);
        remember(world, &truth->entry[i]);
    }
    disown(world);
}

/* --- life ------------------------------------------------------------------------------------------------------------------------ */

void truth_open(struct world *world)
{
    world->truth = calloc(1, sizeof(*world->truth));
    if (world->truth == NULL || (world->truth->state = journal_state_new()) == NULL)
        abort();
}

void truth_close(struct world *world)
{
    journal_state_free(world->truth->state);
    free(world->truth->entry);
    free(world->truth->bytes);
    free(world->truth);
}
