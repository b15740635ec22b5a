/* instance.c - one running strategy: made, called, changed, saved (instance.h). */
#include "core/strategy/instance.h"

#include "core/strategy/instance_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool table_is_ours(const struct fd_strategy *table, char *why, size_t why_size)
{
    if (table->abi != FD_ABI)
        snprintf(why, why_size, "made for ABI %u, this is ABI %d", table->abi, FD_ABI);
    else if (table->size < sizeof(*table))
        snprintf(why, why_size, "its table has %u bytes, %zu are needed", table->size, sizeof(*table));
    else if (table->create == NULL || table->destroy == NULL || table->market == NULL)
        snprintf(why, why_size, "%s is missing in its table",
                 table->create == NULL    ? "create"
                 : table->destroy == NULL ? "destroy"
                                          : "market");
    else
        return true;
    return false;
}

enum err strategy_instance_new(const struct fd_strategy *table, const struct strategy_manifest *manifest,
                               const int64_t *parameter, struct strategy_instance **out, char *why,
                               size_t why_size)
{
    struct strategy_instance *instance;

    assert(table != NULL && manifest != NULL && out != NULL);
    assert(manifest->parameter_count <= MANIFEST_PARAMETERS_MAX);
    *out = NULL;
    if (!table_is_ours(table, why, why_size))
        return ERR_UNSUPPORTED;
    instance = calloc(1, sizeof *instance);
    if (instance == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    instance->table = table;
    instance->manifest = manifest;
    if (manifest->parameter_count > 0)
        memcpy(instance->parameter, parameter, manifest->parameter_count * sizeof *parameter);
    instance->self = table->create(instance->parameter, (uint32_t)manifest->parameter_count);
    if (instance->self == NULL) {
        snprintf(why, why_size, "%s cannot run with these parameters", manifest->name);
        free(instance);
        return ERR_STATE;
    }
    *out = instance;
    return ERR_OK;
}

void strategy_instance_free(struct strategy_instance *instance)
{
    if (instance == NULL)
        return;
    instance->table->destroy(instance->self);
    free(instance);
}

const struct strategy_manifest *strategy_instance_manifest(const struct strategy_instance *instance)
{
    return instance->manifest;
}

/* --- what it sees ----------------------------------------------------------------------------------------- */

static size_t index_of(const struct strategy_instance *instance, uint16_t instrument_id)
{
    size_t index = 0;

    while (index < instance->markets && instance->seen[index].instrument_id != instrument_id)
        index++;
    return index;
}

enum err strategy_instance_add(struct strategy_instance *instance, const struct instrument *instrument)
{
    uint32_t wanted = instance->manifest->instruments;

    if (strategy_instance_trades(instance, instrument->id))
        return ERR_DUPLICATE;
    if (instance->markets == FD_INSTRUMENTS_MAX || (wanted != 0 && instance->markets == wanted))
        return ERR_FULL;
    seen_market_init(instance, instance->markets, instrument);
    instance->markets++;
    return ERR_OK;
}

bool strategy_instance_trades(const struct strategy_instance *instance, uint16_t instrument_id)
{
    return index_of(instance, instrument_id) < instance->markets;
}

void strategy_instance_see(struct strategy_instance *instance, const struct strategy_sight *sight)
{
    size_t index = index_of(instance, sight->instrument->id);

    assert(index < instance->markets);
    if (index < instance->markets)
        seen_market_update(instance, index, sight);
}

/* --- the callbacks ---------------------------------------------------------------------------------------- */

static bool has_callback(const struct fd_strategy *table, enum strategy_happening kind)
{
    switch (kind) {
    case HAPPENED_START:
        return table->start != NULL;
    case HAPPENED_MARKET:
        return true;
    case HAPPENED_TRADE:
        return table->trade != NULL;
    case HAPPENED_BOOK_EVENT:
        return table->signal != NULL;
    case HAPPENED_FILL:
        return table->fill != NULL;
    case HAPPENED_ORDER:
        return table->order != NULL;
    case HAPPENED_TIMER:
        return table->timer != NULL;
    case HAPPENED_PAUSE:
    case HAPPENED_RESUME:
        return table->pause != NULL;
    case HAPPENED_STOP:
        return table->stop != NULL;
    }
    return false;
}

static void call_trade(struct strategy_instance *instance, const struct fd_context *context,
                       const struct trade *trade)
{
    const struct instrument *source = instance->seen[context->here].source;
    struct fd_trade seen = {.ts_ns = trade->recv_ns,
                            .price_e8 = instrument_price_e8(source, trade->price_ticks),
                            .qty_e8 = instrument_qty_e8(source, trade->qty_lots),
                            .taker = (uint32_t)trade->taker};

    instance->table->trade(instance->self, context, &seen, &instance->answer);
}

static void call_signal(struct strategy_instance *instance, const struct fd_context *context,
                        const struct book_event *event)
{
    const struct instrument *source = instance->seen[context->here].source;
    struct fd_signal_event seen = {.kind = (uint32_t)event->kind,
                                   .side = (uint32_t)event->side,
                                   .ts_ns = event->ts_ns,
                                   .price_e8 = instrument_price_e8(source, event->price_ticks),
                                   .qty_e8 = instrument_qty_e8(source, event->lots),
                                   .ratio = event->ratio,
                                   .confidence = event->confidence};

    instance->table->signal(instance->self, context, &seen, &instance->answer);
}

static void call_fill(struct strategy_instance *instance, const struct fd_context *context,
                      const struct fill *fill)
{
    const struct instrument *source = instance->seen[context->here].source;
    struct fd_fill seen = {.order_id = fill->order_seq,
                           .trade_id = fill->trade_id,
                           .side = (uint32_t)fill->side,
                           .maker = fill->maker,
                           .ts_ns = fill->ts_ns,
                           .price_e8 = instrument_price_e8(source, fill->price_ticks),
                           .qty_e8 = instrument_qty_e8(source, fill->qty_lots),
                           .fee_e8 = fill->fee_e8,
                           .realised_e8 = fill->realised_e8};

    instance->table->fill(instance->self, context, &seen, &instance->answer);
}

static void call_order(struct strategy_instance *instance, const struct fd_context *context,
                       const struct strategy_event *event)
{
    struct fd_order seen = seen_order(instance->seen[context->here].source, event->order, event->code);

    instance->table->order(instance->self, context, &seen, &instance->answer);
}

static void call(struct strategy_instance *instance, const struct fd_context *context,
                 const struct strategy_event *event)
{
    const struct fd_strategy *table = instance->table;

    switch (event->kind) {
    case HAPPENED_START:
        table->start(instance->self, context, &instance->answer);
        break;
    case HAPPENED_MARKET:
        table->market(instance->self, context, &instance->answer);
        break;
    case HAPPENED_TRADE:
        call_trade(instance, context, event->trade);
        break;
    case HAPPENED_BOOK_EVENT:
        call_signal(instance, context, event->book_event);
        break;
    case HAPPENED_FILL:
        call_fill(instance, context, event->fill);
        break;
    case HAPPENED_ORDER:
        call_order(instance, context, event);
        break;
    case HAPPENED_TIMER:
        table->timer(instance->self, context, event->timer_id, &instance->answer);
        break;
    case HAPPENED_PAUSE:
    case HAPPENED_RESUME:
        table->pause(instance->self, context, event->kind == HAPPENED_PAUSE, &instance->answer);
        break;
    case HAPPENED_STOP:
        table->stop(instance->self, context);
        break;
    }
}

static void answer_clear(struct fd_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->size = sizeof *answer;
    answer->wish_max = FD_WISHES_MAX;
    answer->feature_max = FD_FEATURES_MAX;
}

static void result_clear(struct strategy_result *out)
{
    out->goals = out->orders = out->cancels = out->timers = 0;
    out->said[0] = '\0';
    out->fault = false;
    out->fault_why[0] = '\0';
}

void strategy_instance_call(struct strategy_instance *instance, const struct strategy_event *event,
                            struct strategy_result *out)
{
    struct fd_context context = {.size = sizeof context,
                                 .count = instance->markets,
                                 .may_trade = event->may_trade,
                                 .now_ns = event->now_ns,
                                 .market = instance->market};
    size_t here = index_of(instance, event->instrument_id);

    result_clear(out);
    if (!has_callback(instance->table, event->kind) ||
        (here == instance->markets && event->instrument_id != INSTRUMENT_NONE))
        return;
    context.here = here < instance->markets ? (uint32_t)here : 0;
    seen_markets_load_levels(instance);
    answer_clear(&instance->answer);
    call(instance, &context, event);
    instance_take_answer(instance, here, event, out);
}

const struct strategy_reason *strategy_instance_reason(const struct strategy_instance *instance,
                                                       uint16_t instrument_id)
{
    size_t index = index_of(instance, instrument_id);

    return index < instance->markets && instance->seen[index].reason.set ? &instance->seen[index].reason
                                                                         : &instance->reason;
}

/* --- parameters and state --------------------------------------------------------------------------------- */

int64_t strategy_instance_parameter(const struct strategy_instance *instance, size_t index)
{
    assert(index < instance->manifest->parameter_count);
    return instance->parameter[index];
}

/* A new self with the new value that goes on where the old one stood. */
static bool replace_self(struct strategy_instance *instance, size_t index, int64_t value)
{
    size_t size = strategy_instance_save(instance, instance->state, sizeof instance->state);
    int64_t old = instance->parameter[index];
    void *self;

    if (size == 0)
        return false;
    instance->parameter[index] = value;
    self = instance->table->create(instance->parameter, (uint32_t)instance->manifest->parameter_count);
    if (self != NULL && instance->table->restore(self, instance->state, size) != 0) {
        instance->table->destroy(instance->self);
        instance->self = self;
        return true;
    }
    if (self != NULL)
        instance->table->destroy(self);
    instance->parameter[index] = old;
    return false;
}

enum err strategy_instance_set_parameter(struct strategy_instance *instance, size_t index, int64_t value,
                                         char *why, size_t why_size)
{
    const struct strategy_parameter *parameter = &instance->manifest->parameter[index];
    char given[64], low[64], high[64];
    bool taken;

    assert(index < instance->manifest->parameter_count);
    if (value < parameter->min || value > parameter->max) {
        snprintf(why, why_size, "%s: %s is outside %s..%s", parameter->name,
                 strategy_parameter_text(parameter, value, given, sizeof given),
                 strategy_parameter_text(parameter, parameter->min, low, sizeof low),
                 strategy_parameter_text(parameter, parameter->max, high, sizeof high));
        return ERR_RANGE;
    }
    if (instance->table->parameter != NULL)
        taken = instance->table->parameter(instance->self, (uint32_t)index, value) != 0;
    else
        taken = instance->table->save != NULL && instance->table->restore != NULL &&
                replace_self(instance, index, value);
    if (!taken) {
        snprintf(why, why_size, "%s: %s does not take %s while it runs", parameter->name,
                 instance->manifest->name, strategy_parameter_text(parameter, value, given, sizeof given));
        return ERR_STATE;
    }
    instance->parameter[index] = value;
    return ERR_OK;
}

size_t strategy_instance_save(struct strategy_instance *instance, void *out, size_t max)
{
    size_t size;

    if (instance->table->save == NULL)
        return 0;
    size = instance->table->save(instance->self, out, max < FD_STATE_MAX ? max : FD_STATE_MAX);
    return size <= max ? size : 0;
}

bool strategy_instance_restore(struct strategy_instance *instance, const void *state, size_t size)
{
    return instance->table->restore != NULL && instance->table->restore(instance->self, state, size) != 0;
}
