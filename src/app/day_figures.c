/* day_figures.c - see day_figures.h. */
#include "app/day_figures.h"

#include "app/journal_states.h"

#include <stdio.h>
#include <string.h>

#define NS_PER_DAY INT64_C(86400000000000)

bool day_figures_has_largest(enum risk_limit_id id)
{
    return id == RISK_LIMIT_max_qty_e8 || id == RISK_LIMIT_max_value_e8 || id == RISK_LIMIT_collar_limit_bp ||
           id == RISK_LIMIT_collar_market_bp;
}

uint64_t day_figures_denied(const struct pipeline *pipeline)
{
    uint64_t sum = 0;

    for (int code = 0; code < RISK_CODES; code++)
        sum += pipeline->risk.denials[code];
    return sum;
}

/* What the journal has counts no more: all that is not zero is told anew. */
static void forget_told(struct day_figures *day)
{
    memset(day->denials, 0, sizeof(day->denials));
    memset(day->trips, 0, sizeof(day->trips));
    memset(day->largest, 0, sizeof(day->largest));
}

static void zero(struct pipeline *pipeline)
{
    struct risk_state *risk = &pipeline->risk;

    memset(risk->denials, 0, sizeof(risk->denials));
    memset(risk->trips, 0, sizeof(risk->trips));
    memset(risk->denied_ns, 0, sizeof(risk->denied_ns));
    memset(risk->tripped_ns, 0, sizeof(risk->tripped_ns));
    pipeline->worst = (struct risk_worst){.use = {0}};
    forget_told(&pipeline->day);
}

/* --- over restarts ------------------------------------------------------------------------------------------------- */

/* What is of an older day than the newest that was kept counts no more; which one is today the first tick says. */
static bool take_day(struct pipeline *pipeline, int64_t day)
{
    if (day < pipeline->day.day)
        return false;
    if (day > pipeline->day.day)
        zero(pipeline);
    pipeline->day.day = day;
    return true;
}

static void put_back_code(struct pipeline *pipeline, enum risk_code code, const struct store_record *record)
{
    struct risk_state *risk = &pipeline->risk;

    risk->denials[code] = pipeline->day.denials[code] = record->control.denied;
    risk->trips[code] = pipeline->day.trips[code] = record->control.tripped;
    risk->denied_ns[code] = record->control.denied_ns;
    risk->tripped_ns[code] = record->control.tripped_ns;
}

void day_figures_put_back(struct pipeline *pipeline, const struct store_record *record)
{
    const char *name = record->control.name;
    enum risk_limit_id id = risk_limit_find(name);

    if (!take_day(pipeline, record->control.day))
        return;
    if (name[0] == '\0')
        pipeline->day.since_ns = record->control.since_ns;
    if (id != RISK_LIMITS)
        pipeline->worst.use[id] = pipeline->day.largest[id] = record->control.largest;
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++)
        if (strcmp(name, risk_code_word((enum risk_code)code)) == 0)
            put_back_code(pipeline, (enum risk_code)code, record);
}

/* --- telling ------------------------------------------------------------------------------------------------------- */

static struct store_record record_of(const struct pipeline *pipeline, const char *name)
{
    struct store_record record = {.kind = STORE_CONTROL, .control = {.day = pipeline->day.day}};

    snprintf(record.control.name, sizeof(record.control.name), "%s", name);
    return record;
}

static void tell_day(struct pipeline *pipeline)
{
    struct store_record record = record_of(pipeline, "");

    record.control.since_ns = pipeline->day.since_ns;
    journal_push(pipeline, &record);
}

static void tell_code(struct pipeline *pipeline, enum risk_code code)
{
    const struct risk_state *risk = &pipeline->risk;
    struct store_record record;

    if (pipeline->day.denials[code] == risk->denials[code] && pipeline->day.trips[code] == risk->trips[code])
        return;
    record = record_of(pipeline, risk_code_word(code));
    record.control.denied = pipeline->day.denials[code] = risk->denials[code];
    record.control.tripped = pipeline->day.trips[code] = risk->trips[code];
    record.control.denied_ns = risk->denied_ns[code];
    record.control.tripped_ns = risk->tripped_ns[code];
    journal_push(pipeline, &record);
}

static void tell_largest(struct pipeline *pipeline, enum risk_limit_id id)
{
    struct store_record record;

    if (!day_figures_has_largest(id) || pipeline->day.largest[id] == pipeline->worst.use[id])
        return;
    record = record_of(pipeline, risk_limit_row(id)->option);
    record.control.largest = pipeline->day.largest[id] = pipeline->worst.use[id];
    journal_push(pipeline, &record);
}

/* Of a day that began under our eyes all is known, and of one that the run before kept what it knew. Where there was no run
 * before, nothing happened before. Else something ran that kept nothing, or nothing is kept here either. */
static void begin_day(struct pipeline *pipeline, int64_t day)
{
    const struct recovered *recovered = pipeline->config.recovered;
    bool first = pipeline->day.day == 0, nothing_before = recovered != NULL && recovered->count == 0;

    if (!first)
        zero(pipeline);
    pipeline->day.since_ns = first && !nothing_before ? pipeline->now_ns : 0;
    pipeline->day.day = day;
    tell_day(pipeline);
}

/* The wall clock was far ahead in the run before: the next midnight is a new day again. Told anew as of this day, or each
 * start until then would take the figures for those of its own day. */
static void take_day_back(struct pipeline *pipeline, int64_t day)
{
    pipeline->day.day = day;
    forget_told(&pipeline->day);
    tell_day(pipeline);
}

/* The wall clock may have gone back between two runs: what was counted stays until the next day. */
void day_figures_on_tick(struct pipeline *pipeline)
{
    int64_t day = pipeline->now_ns / NS_PER_DAY;

    if (pipeline->now_ns == 0)
        return;
    if (day > pipeline->day.day)
        begin_day(pipeline, day);
    else if (pipeline->day.day - day > 1)
        take_day_back(pipeline, day);
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++)
        tell_code(pipeline, (enum risk_code)code);
    for (int id = 0; id < RISK_LIMITS; id++)
        tell_largest(pipeline, (enum risk_limit_id)id);
}
