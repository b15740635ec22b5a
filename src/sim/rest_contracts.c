#include "sim/publisher_parts.h"
#include "sim/rest_market_parts.h"
#include "sim/rest_params.h"

#include "core/base/decimal.h"

#define MS_NS               INT64_C(1000000)
#define FUNDING_RATE_PRESET 100
#define INTEREST_RATE_E8    10000 /* the venue's fixed part of the funding rate: 0.0001 */

void rest_premium_index(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", NULL};
    struct sim_text *body = &reply->body;
    struct rest_symbols symbols;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols))
        return;
    if (!symbols.one)
        sim_text_add(body, "[");
    for (size_t i = 0; i < symbols.count; i++) {
        struct market_mark mark = publisher_mark(exchange->publisher, symbols.at[i]);

        sim_text_add(body, i == 0 ? "{\"symbol\":" : ",{\"symbol\":");
        sim_text_json_string(body, exchange->symbol[symbols.at[i]].name);
        sim_text_add(body, ",\"markPrice\":");
        wire_e8(body, mark.mark_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, ",\"indexPrice\":");
        wire_e8(body, mark.index_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, ",\"estimatedSettlePrice\":");
        wire_e8(body, mark.index_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, ",\"lastFundingRate\":");
        wire_e8(body, mark.funding_rate_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, ",\"interestRate\":");
        wire_e8(body, INTEREST_RATE_E8, DECIMAL_E8_DIGITS);
        wire_int(body, ",\"nextFundingTime\":", mark.next_funding_ns / MS_NS);
        wire_int(body, ",\"time\":", exchange_client_ms(exchange));
        sim_text_add(body, "}");
    }
    if (!symbols.one)
        sim_text_add(body, "]");
}

/* One contract's fundings within the times asked for; *left counts down the limit. */
static void add_fundings(const struct exchange *exchange, struct sim_text *body, size_t symbol,
                         int64_t start_ms, int64_t end_ms, int64_t *left)
{
    const struct history *fundings = &exchange->publisher->tape[symbol]->fundings;
    size_t from = 0;

    /* From a time onwards the first ones are meant, else the newest. */
    if (start_ms < 0 && fundings->count > (size_t)*left)
        from = fundings->count - (size_t)*left;
    for (size_t i = from; i<fundings->count && * left> 0; i++) {
        const struct funding *funding = history_at(fundings, i);

        if (funding->time_ms < start_ms || (end_ms >= 0 && funding->time_ms > end_ms))
            continue;
        (*left)--;
        sim_text_add(body, body->size > 1 ? ",{\"symbol\":" : "{\"symbol\":");
        sim_text_json_string(body, exchange->symbol[symbol].name);
        wire_int(body, ",\"fundingTime\":", funding->time_ms);
        sim_text_add(body, ",\"fundingRate\":");
        wire_e8(body, funding->rate_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, ",\"markPrice\":");
        wire_e8(body, funding->mark_e8, DECIMAL_E8_DIGITS);
        sim_text_add(body, "}");
    }
}

void rest_funding_rate(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "startTime", "endTime", "limit", NULL};
    int64_t start_ms = -1, end_ms = -1, limit;
    struct rest_symbols symbols;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols) ||
        !rest_integer(request, reply, "startTime", &start_ms) ||
        !rest_integer(request, reply, "endTime", &end_ms) ||
        !rest_limit(request, reply, FUNDING_RATE_PRESET, FUNDINGS_KEPT, &limit))
        return;
    sim_text_add(&reply->body, "[");
    for (size_t i = 0; i < symbols.count; i++)
        add_fundings(exchange, &reply->body, symbols.at[i], start_ms, end_ms, &limit);
    sim_text_add(&reply->body, "]");
}

/* Only contracts whose caps or hours were changed are listed at the venue; here none is. */
void rest_funding_info(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {NULL};

    (void)exchange;
    if (rest_begin(request, reply, names))
        sim_text_add(&reply->body, "[]");
}

void rest_open_interest(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", NULL};
    const struct symbol_tape *tape;
    size_t symbol;

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol))
        return;
    tape = exchange->publisher->tape[symbol];
    sim_text_add(&reply->body, "{\"openInterest\":");
    wire_qty(&reply->body, &tape->wire, open_interest_lots(tape->interest));
    sim_text_add(&reply->body, ",\"symbol\":");
    sim_text_json_string(&reply->body, tape->wire.symbol->name);
    wire_int(&reply->body, ",\"time\":", exchange_client_ms(exchange));
    sim_text_add(&reply->body, "}");
}
