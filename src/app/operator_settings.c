/*
 * operator_settings.c - what changes at run time: strategies' parameters, limits, halted symbols, strikes. See pipeline.h.
 */
#include "app/journal_states.h"

#include "core/base/decimal.h"
#include "plugin/plugin.h"
#include "plugin/plugin_strikes.h"

#include <string.h>

static struct owner *strategy_of(struct pipeline *pipeline, const struct command *command)
{
    uint16_t id = command->intent.owner;

    if (id == OWNER_MANUAL || id >= pipeline->owners) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such strategy");
        return NULL;
    }
    return &pipeline->owner[id];
}

void operator_set_parameter(struct pipeline *pipeline, const struct command *command)
{
    struct owner *owner = strategy_of(pipeline, command);
    const struct strategy_manifest *manifest;
    const struct strategy_parameter *parameter;
    char before[40], after[40], why[160];

    if (owner == NULL)
        return;
    manifest = strategy_instance_manifest(owner->strategy);
    if (command->index >= manifest->parameter_count) {
        operator_answer(pipeline, command, NOTE_WARNING, "%s has no such parameter", owner->name);
        return;
    }
    parameter = &manifest->parameter[command->index];
    strategy_parameter_text(parameter, strategy_instance_parameter(owner->strategy, command->index), before,
                            sizeof(before));
    if (plugin_set_parameter(owner->strategy, command->intent.owner, command->index, command->number, why,
                             sizeof(why)) != ERR_OK) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT CHANGED  %s", why);
        return;
    }
    strategy_parameter_text(parameter, command->number, after, sizeof(after));
    journal_parameter(pipeline, owner->name, parameter->name,
                      pipeline->config.strategy[command->intent.owner - 1].parameter[command->index],
                      command->number);
    journal_decision(pipeline, "parameter", NULL, NULL, (int64_t)command->index, command->number,
                     owner->name);
    journal_audit(pipeline, NULL, "strategy.set", owner->name, "%s %s -> %s by %s", parameter->name, before,
                  after, command->source);
    operator_answer(pipeline, command, NOTE_GOOD, "%s.%s %s -> %s", owner->name, parameter->name, before,
                    after);
}

/* A callback over its budget, measured by the host: three in a minute and the strategy is out. */
void operator_strike(struct pipeline *pipeline, const struct command *command)
{
    struct owner *owner = strategy_of(pipeline, command);
    char fault[80], why[160];
    bool out;

    if (owner == NULL)
        return;
    owner->strikes++;
    plugin_strike_late_text((enum plugin_call)command->index, command->number,
                            pipeline->config.callback_budget_ns, fault, sizeof(fault));
    out = plugin_strike(&owner->late, pipeline->now_ns, fault, why, sizeof(why));
    journal_audit(pipeline, NULL, "strategy.strike", owner->name, "%s", why);
    journal_note(pipeline, NOTE_WARNING, "%s %s", owner->name, why);
    if (out)
        strategies_disable(pipeline, command->intent.owner, why);
}

/* index: enum risk_limit_id. flag: a loosening was confirmed by a typed word. */
void operator_set_limit(struct pipeline *pipeline, const struct command *command)
{
    struct risk_limit_change change;
    char before[DECIMAL_TEXT_SIZE], after[DECIMAL_TEXT_SIZE], why[RISK_LIMITS_WHY_SIZE];
    const struct risk_limit *row;

    if (command->index >= RISK_LIMITS) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such limit");
        return;
    }
    row = risk_limit_row((enum risk_limit_id)command->index);
    if (risk_limits_change(&pipeline->config.limits, pipeline->risk.mode, row->option, command->number,
                           command->flag, &change, why) != ERR_OK) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT CHANGED  %s", why);
        return;
    }
    risk_limit_text(change.id, change.old_value, before);
    risk_limit_text(change.id, change.new_value, after);
    pipeline->limit_changed_ns[change.id] = pipeline->now_ns;
    journal_limit(pipeline, row->option, pipeline->configured_limit[change.id], change.new_value);
    journal_decision(pipeline, "limit", NULL, NULL, (int64_t)change.id, change.new_value, row->option);
    journal_audit(pipeline, NULL, "limit", "-", "%s %s -> %s by %s%s", row->option, before, after,
                  command->source, change.loosens ? ", loosened by word" : "");
    journal_note(pipeline, NOTE_WARNING, "%s %s -> %s", row->option, before, after);
    operator_answer(pipeline, command, NOTE_GOOD, "%s %s -> %s", row->option, before, after);
}

void operator_clear_halt(struct pipeline *pipeline, const struct command *command)
{
    uint16_t id = command->instrument_id;

    if (id >= pipeline->markets) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such instrument");
        return;
    }
    if (pipeline->risk.symbol_halted[id] == RISK_PASS) {
        operator_answer(pipeline, command, NOTE_INFO, "%s is not halted",
                        pipeline->market[id]->instrument->symbol);
        return;
    }
    risk_monitor_clear_symbol(&pipeline->monitor, &pipeline->risk, id);
    order_groups_try_again(pipeline->groups, id);
    journal_symbol(pipeline, pipeline->market[id]);
    journal_decision(pipeline, "symbol-cleared", pipeline->market[id], NULL, 0, 0, "-");
    journal_audit(pipeline, pipeline->market[id], "symbol.cleared", "-", "by %s", command->source);
    operator_answer(pipeline, command, NOTE_GOOD, "%s goes on", pipeline->market[id]->instrument->symbol);
}

/* A sample that the host measured: the monitor may halt on it, paper latency may be drawn from it. An answer's time is
 * the way there and back. */
void operator_latency(struct pipeline *pipeline, const struct command *command)
{
    if (command->index >= RISK_LATENCIES || command->number < 0)
        return;
    risk_monitor_latency(&pipeline->monitor, &pipeline->config.limits, (enum risk_latency)command->index,
                         command->number, pipeline->now_ns);
    if (command->index == RISK_LATENCY_FEED)
        paper_broker_latency_sample(pipeline->broker, PAPER_LEG_FEED, command->number);
    if (command->index == RISK_LATENCY_ANSWER) {
        paper_broker_latency_sample(pipeline->broker, PAPER_LEG_ENTRY, command->number / 2);
        paper_broker_latency_sample(pipeline->broker, PAPER_LEG_RESPONSE, command->number / 2);
    }
    monitoring_run(pipeline);
}
