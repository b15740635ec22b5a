#include "sim/publisher_parts.h"

#include <stdint.h>

/* Depth messages, snapshots and the truth: three views of the same log of level changes. */

static void tell_changes(struct publisher *publisher, struct sim_stream *stream, struct symbol_tape *tape,
                         struct depth_message *depth)
{
    const struct truth_level *levels;
    size_t count;

    /* Only when a million changes passed in one interval: the gap in the ids then says so, as it must. */
    if (!truth_changed(publisher->truth, tape->index, stream->told_id, &levels, &count))
        return;
    truth_set_now(publisher->truth, tape->book, count);
    depth->levels = levels;
    depth->count = count;
    message_depth(&publisher->text, &tape->wire, depth);
    publisher_emit(publisher, stream);
}

static void tell_top(struct publisher *publisher, struct sim_stream *stream, struct symbol_tape *tape,
                     struct depth_message *depth)
{
    if (!truth_book(publisher->truth, tape->index, tape->book, depth->last_id, stream->name.levels,
                    &depth->levels, &depth->count))
        return;
    if (stream->name.usdm)
        message_depth(&publisher->text, &tape->wire, depth);
    else
        message_snapshot(&publisher->text, &tape->wire, depth);
    publisher_emit(publisher, stream);
}

void depth_stream_tell(struct publisher *publisher, struct sim_stream *stream)
{
    struct symbol_tape *tape = publisher->tape[stream->name.symbol];
    struct depth_message depth = {.last_id = match_update_id(tape->book),
                                  .first_id = stream->told_id + 1,
                                  .previous_id = stream->told_id,
                                  .event_ms = publisher_client_ms(publisher, publisher->exchange->now_ns),
                                  .change_ms = publisher_client_ms(publisher, tape->change_ns)};

    if (depth.last_id == stream->told_id)
        return;
    sim_text_clear(&publisher->text);
    if (stream->name.kind == SIM_STREAM_DEPTH) {
        tell_changes(publisher, stream, tape, &depth);
    } else {
        if (stream->told_id == 0)
            depth.first_id = depth.previous_id = depth.last_id; /* the first one continues nothing */
        tell_top(publisher, stream, tape, &depth);
    }
    stream->told_id = depth.last_id;
}

bool publisher_snapshot(struct publisher *publisher, size_t symbol, uint64_t update_id, size_t limit,
                        struct sim_text *out)
{
    struct symbol_tape *tape = publisher->tape[symbol];
    struct depth_message depth = {.last_id = update_id,
                                  .event_ms = publisher_client_ms(publisher, publisher->exchange->now_ns),
                                  .change_ms = publisher_client_ms(publisher, tape->change_ns)};

    if (!truth_book(publisher->truth, symbol, tape->book, update_id, limit, &depth.levels, &depth.count))
        return false;
    message_snapshot(out, &tape->wire, &depth);
    return !out->failed;
}

bool publisher_old_snapshot(struct publisher *publisher, size_t symbol, int64_t age_ms, size_t limit,
                            struct sim_text *out)
{
    const struct truth *truth = publisher->truth;
    int64_t time_ns = publisher->exchange->now_ns - age_ms * INT64_C(1000000);
    uint64_t id = truth_id_at(truth, symbol, time_ns), oldest = truth_oldest(truth, symbol);

    if (oldest == 0)
        id = match_update_id(publisher->exchange->book[symbol]); /* nothing has changed since it opened */
    else if (id < oldest)
        id = oldest;
    return publisher_snapshot(publisher, symbol, id, limit, out);
}

bool publisher_truth(struct publisher *publisher, size_t symbol, uint64_t update_id, struct sim_text *out)
{
    const struct symbol_tape *tape;
    const struct truth_level *levels;
    size_t count, bids = 0;

    if (symbol >= publisher->exchange->symbols)
        return false;
    tape = publisher->tape[symbol];
    if (update_id == 0)
        update_id = match_update_id(tape->book);
    if (!truth_book(publisher->truth, symbol, tape->book, update_id, SIZE_MAX, &levels, &count))
        return false;
    while (bids < count && truth_side(levels[bids].key) == SIDE_BID)
        bids++;
    wire_int(out, "{\"update_id\":", (int64_t)update_id);
    sim_text_add(out, ",\"bids\":");
    wire_levels(out, &tape->wire, levels, bids);
    sim_text_add(out, ",\"asks\":");
    wire_levels(out, &tape->wire, bids < count ? levels + bids : NULL, count - bids);
    sim_text_add(out, "}");
    return !out->failed;
}
