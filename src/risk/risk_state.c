/* risk_state.c - what the gate remembers: rate windows by event time, last intents, denials, losses. */
#include "risk/controls.h"

#include <string.h>

void risk_state_init(struct risk_state *state)
{
    memset(state, 0, sizeof *state);
    state->mode = MODE_OBSERVATION; /* nothing leaves until somebody says so */
    state->state = STATE_HALTED;
}

static void rates_clear(struct risk_state *state)
{
    memset(state->rate_slot, 0, sizeof state->rate_slot);
    state->rate_1s = 0;
    state->rate_60s = 0;
}

/* Opens the next slot, which drops the oldest out of each window. */
static void rates_step(struct risk_state *state)
{
    int64_t next = state->rate_slot_now + 1;
    size_t oldest = (size_t)(next % RISK_RATE_SLOTS); /* its own place in the ring */
    size_t leaves_1s = (size_t)((next + RISK_RATE_SLOTS - RISK_RATE_SLOTS_1S) % RISK_RATE_SLOTS);

    state->rate_1s -= state->rate_slot[leaves_1s];
    state->rate_60s -= state->rate_slot[oldest];
    state->rate_slot[oldest] = 0;
    state->rate_slot_now = next;
}

void risk_state_advance(struct risk_state *state, int64_t now_ns)
{
    int64_t slot = now_ns / RISK_RATE_SLOT_NS;

    if (!state->kill && state->state != STATE_KILLED)
        memset(state->kill_flattened, 0, sizeof state->kill_flattened);
    if (slot <= state->rate_slot_now) /* event time never falls; if it did, the windows only get stricter */
        return;
    if (slot - state->rate_slot_now >= RISK_RATE_SLOTS) {
        rates_clear(state);
        state->rate_slot_now = slot;
        return;
    }
    while (state->rate_slot_now < slot)
        rates_step(state);
}

bool risk_state_only_reduces(const struct risk_state *state)
{
    return state->state == STATE_REDUCING ||
           (state->state == STATE_PAUSED && state->beneath == STATE_REDUCING);
}

bool risk_state_may_add(const struct risk_state *state)
{
    return !risk_state_only_reduces(state) && state->state < STATE_HALTED;
}

void risk_state_enter(struct risk_state *state, enum trading_state to, bool schedule_holds)
{
    enum trading_state from = state->state, kept = STATE_ACTIVE;
    bool only_reduces = risk_state_only_reduces(state);

    if (from == to)
        return;
    if (to == STATE_KILLED && (only_reduces || from == STATE_HALTED))
        kept = STATE_REDUCING;
    else if (to == STATE_PAUSED)
        kept = from == STATE_KILLED ? state->beneath : only_reduces ? STATE_REDUCING : STATE_ACTIVE;
    else if (to == STATE_HALTED && from == STATE_PAUSED && !schedule_holds)
        kept = STATE_PAUSED;
    state->state = to;
    state->beneath = kept;
}

void risk_state_count_message(struct risk_state *state, int64_t now_ns)
{
    uint16_t *slot;

    risk_state_advance(state, now_ns);
    slot = &state->rate_slot[state->rate_slot_now % RISK_RATE_SLOTS];
    if (*slot == UINT16_MAX) /* far over any limit already */
        return;
    (*slot)++;
    state->rate_1s++;
    state->rate_60s++;
}

void risk_state_remember(struct risk_state *state, const struct order_intent *intent, int64_t now_ns)
{
    if (intent->owner >= OWNERS_MAX)
        return;
    state->recent[intent->owner][state->remembered[intent->owner]++ % RISK_RECENT_MAX] =
        (struct risk_recent){.ts_ns = now_ns,
                             .price_ticks = intent->price_ticks,
                             .stop_ticks = intent->stop_ticks,
                             .trail_ticks = intent->trail_ticks,
                             .qty_lots = intent->qty_lots,
                             .parent = intent->parent,
                             .instrument_id = intent->instrument_id,
                             .side = (uint8_t)intent->side};
    if (intent->flatten && intent->instrument_id < INSTRUMENTS_MAX &&
        (state->kill || state->state == STATE_KILLED))
        state->kill_flattened[intent->instrument_id] |= (uint16_t)(1U << intent->owner);
}

void risk_state_rescale(struct risk_state *state, uint16_t instrument_id, struct step_change change)
{
    for (size_t owner = 0; owner < OWNERS_MAX; owner++)
        for (size_t i = 0; i < RISK_RECENT_MAX; i++) {
            struct risk_recent *recent = &state->recent[owner][i];

            if (recent->instrument_id != instrument_id)
                continue;
            step_scale(&recent->price_ticks, change.price_factor);
            step_scale(&recent->stop_ticks, change.price_factor);
            step_scale(&recent->trail_ticks, change.price_factor);
            step_scale(&recent->qty_lots, change.qty_factor);
        }
}

void risk_state_count_denial(struct risk_state *state, enum risk_code code, int64_t now_ns)
{
    if ((unsigned)code >= RISK_CODES)
        return;
    state->denials[code]++;
    state->denied_ns[code] = now_ns;
}

void risk_state_count_trip(struct risk_state *state, enum risk_code code, int64_t now_ns)
{
    if ((unsigned)code >= RISK_CODES)
        return;
    state->trips[code]++;
    state->tripped_ns[code] = now_ns;
}

enum risk_code risk_monitor_check(const struct risk_limits *limits, const struct risk_state *state)
{
    int64_t loss, limit;

    if (state->equity_start_day_e8 > 0 &&
        risk_loss_over(state->equity_start_day_e8, state->equity_e8, limits->daily_loss_bp, &loss, &limit))
        return RISK_DAILY_LOSS;
    if (state->equity_peak_e8 > 0 &&
        risk_loss_over(state->equity_peak_e8, state->equity_e8, limits->drawdown_bp, &loss, &limit))
        return RISK_DRAWDOWN;
    return RISK_PASS;
}
