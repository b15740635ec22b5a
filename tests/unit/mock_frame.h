/*
 * mock_frame.h - one account, one second of one market, as the target pictures of the design show it.
 *
 * Fills a struct view_frame as the engine would have published it, so that tests can draw the screen and compare
 * it with the pictures. Prices and sizes are invented there; sums agree.
 */
#ifndef MOCK_FRAME_H
#define MOCK_FRAME_H

#include "view/view.h"

#include <stdio.h>
#include <string.h>

#define MOCK_DAY_NS  (INT64_C(20413) * 86400 * 1000000000)
#define MOCK_SIZE_E8 INT64_C(1000000) /* 0.01 */
#define E8(x)        ((int64_t)((x)*100000000.0 + ((x) < 0 ? -0.5 : 0.5)))
#define TICKS(x)     ((int64_t)((x)*100.0 + 0.5))
#define LOTS(x)      ((int64_t)((x)*100000.0 + ((x) < 0 ? -0.5 : 0.5)))
#define ETH_LOTS(x)  ((int64_t)((x)*10000.0 + 0.5))

static inline int64_t mock_at(int hour, int minute, int second, int ms)
{
    return MOCK_DAY_NS + (((int64_t)hour * 60 + minute) * 60 + second) * 1000000000 + (int64_t)ms * 1000000;
}

struct mock_row {
    double price, bid, ask, sold, bought, net;
    int volume;
};

static const struct mock_row mock_rows[] = {
    {61930, 0, 0.92, 0, 0, -0.50, 0},       {61925, 0, 3.05, 0, 0, 0, 0},
    {61920, 0, 1.40, 0, 0, 0.30, 0},        {61915, 0, 2.66, 0, 0, 0, 1},
    {61910, 0, 0.87, 0, 0, 0, 1},           {61905, 0, 1.12, 0, 0, 0, 1},
    {61900, 0, 15.20, 0, 0, 3.10, 2},       {61895, 0, 1.61, 0, 0, 0, 2},
    {61890, 0, 2.20, 0, 0, 0, 3},           {61885, 0, 4.05, 0, 0, -6.60, 4},
    {61880, 0, 0.74, 0, 0, -1.20, 6},       {61875, 0, 1.96, 0, 0, 0, 5},
    {61870, 0, 3.31, 0, 0, -0.36, 6},       {61865, 0, 1.40, 0, 0, 0, 6},
    {61860, 0, 2.87, 0, 0, 0, 9},           {61855, 0, 1.08, 0, 0.38, 0, 8},
    {61850, 0, 5.12, 0.12, 1.93, 1.90, 16}, {61845, 0, 2.34, 0.33, 3.40, -0.42, 15},
    {61840, 4.61, 0, 0.84, 0.62, 1.35, 14}, {61835, 1.22, 0, 2.16, 0.21, -0.28, 12},
    {61830, 2.95, 0, 0.47, 0, 2.40, 15},    {61825, 1.70, 0, 0.05, 0, 0, 12},
    {61820, 3.48, 0, 0, 0, 0, 9},           {61815, 0.93, 0, 0, 0, 0, 11},
    {61810, 2.26, 0, 0, 0, 0.31, 9},        {61805, 1.38, 0, 0, 0, 0, 9},
    {61800, 12.40, 0, 0, 0, 0.90, 16},      {61795, 0.61, 0, 0, 0, -0.44, 8},
    {61790, 2.04, 0, 0, 0, 0, 5},           {61785, 1.15, 0, 0, 0, 0, 5},
    {61780, 1.93, 0, 0, 0, 0, 4},           {61775, 0.58, 0, 0, 0, -0.90, 4},
    {61770, 2.72, 0, 0, 0, 0.40, 2},        {61765, 1.06, 0, 0, 0, 0, 1},
    {61760, 0.84, 0, 0, 0, 0, 1},           {61755, 3.37, 0, 0, 0, 0, 1},
};

#define MOCK_ROWS ((int)(sizeof(mock_rows) / sizeof(mock_rows[0])))

static inline void mock_own(struct view_row *row, uint64_t seq, char letter, enum side side, int64_t expected,
                            int64_t worst)
{
    row->own[row->own_count++] = (struct view_own_order){.seq = seq,
                                                         .owner_letter = letter,
                                                         .side = side,
                                                         .type = ORDER_LIMIT,
                                                         .left_lots = 1000,
                                                         .queue_expected_lots = expected,
                                                         .queue_worst_lots = worst};
}

/* `rows` rows from the price `top` down. */
static inline void mock_ladder(struct view_ladder *ladder, int rows, double top)
{
    static const struct view_mark marks[] = {{MARK_HIGH, TICKS(61913.00)},
                                             {MARK_VWAP, TICKS(61830.90)},
                                             {MARK_ENTRY, TICKS(61804.27)},
                                             {MARK_EVEN, TICKS(61928.00)},
                                             {MARK_STOP, TICKS(61720.00)}};

    memset(ladder, 0, sizeof(*ladder));
    ladder->chosen = true;
    ladder->row_ticks = ladder->suggested_row_ticks = 500;
    for (int i = 0; i < rows && i < VIEW_ROWS_MAX; i++) {
        struct view_row *row = &ladder->row[ladder->rows++];

        row->price_ticks = TICKS(top) - 500 * i;
        for (int j = 0; j < MOCK_ROWS; j++) {
            const struct mock_row *from = &mock_rows[j];

            if (TICKS(from->price) != row->price_ticks)
                continue;
            row->bid_lots = LOTS(from->bid);
            row->ask_lots = LOTS(from->ask);
            row->sold_lots = LOTS(from->sold);
            row->bought_lots = LOTS(from->bought);
            row->net_10s_lots = LOTS(from->net);
            row->volume_lots = from->volume * 100000;
        }
        if (row->price_ticks == TICKS(61865))
            mock_own(row, 221, 'm', SIDE_ASK, LOTS(0.06), LOTS(0.46));
        if (row->price_ticks == TICKS(61830))
            mock_own(row, 218, 'o', SIDE_BID, LOTS(0.8), LOTS(2.1));
    }
    ladder->best[SIDE_BID] = (struct level){TICKS(61842.17), LOTS(3.79)};
    ladder->best[SIDE_ASK] = (struct level){TICKS(61842.18), LOTS(1.61)};
    ladder->last_ticks = TICKS(61842.18);
    ladder->last_lots = LOTS(0.024);
    ladder->last_taker = SIDE_BID;
    ladder->last_direction = 1;
    ladder->marks = sizeof(marks) / sizeof(marks[0]);
    memcpy(ladder->mark, marks, sizeof(marks));
    ladder->known_low_ticks = TICKS(59306.64);
    ladder->known_high_ticks = TICKS(64377.71);
}

static inline void mock_second(struct view_ladder *ladder)
{
    static const struct {
        double price, bid, ask, sold, bought;
    } rows[] = {{2688.50, 0, 61.0, 0, 0},     {2688.00, 0, 176.2, 0, 0},   {2687.50, 0, 38.6, 0, 0},
                {2687.00, 0, 97.3, 0, 0},     {2686.50, 0, 54.9, 0, 0},    {2686.00, 0, 203.5, 0, 0},
                {2685.50, 0, 88.0, 0, 0},     {2685.00, 0, 141.8, 0, 4.1}, {2684.50, 0, 62.4, 0, 18.2},
                {2684.00, 118.7, 0, 25.6, 0}, {2683.50, 73.2, 0, 11.9, 0}, {2683.00, 95.4, 0, 0, 0},
                {2682.50, 44.1, 0, 0, 0},     {2682.00, 151.0, 0, 0, 0},   {2681.50, 67.8, 0, 0, 0},
                {2681.00, 39.9, 0, 0, 0},     {2680.50, 82.6, 0, 0, 0},    {2680.00, 412.3, 0, 0, 0},
                {2679.50, 58.4, 0, 0, 0}};

    memset(ladder, 0, sizeof(*ladder));
    ladder->instrument_id = 1;
    ladder->row_ticks = 50;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view_row *row = &ladder->row[ladder->rows++];

        row->price_ticks = TICKS(rows[i].price);
        row->bid_lots = ETH_LOTS(rows[i].bid);
        row->ask_lots = ETH_LOTS(rows[i].ask);
        row->sold_lots = ETH_LOTS(rows[i].sold);
        row->bought_lots = ETH_LOTS(rows[i].bought);
    }
    ladder->best[SIDE_BID] = (struct level){TICKS(2684.31), ETH_LOTS(41.2)};
    ladder->best[SIDE_ASK] = (struct level){TICKS(2684.32), ETH_LOTS(18.9)};
    ladder->last_ticks = TICKS(2684.31);
    ladder->last_lots = ETH_LOTS(1.5);
    ladder->last_taker = SIDE_ASK;
    ladder->last_direction = -1;
}

static inline void mock_status(struct view_status *status)
{
    struct view_instrument *btc = &status->instrument[0], *eth = &status->instrument[1];

    memset(status, 0, sizeof(*status));
    status->now_ns = mock_at(14, 7, 32, 900);
    status->mode = MODE_SIMULATION;
    status->state = STATE_ACTIVE;
    status->state_since_ns = mock_at(13, 2, 31, 0);
    status->kill_ns = status->kill_quiet_ns = VIEW_NONE;
    status->instruments = 2;
    snprintf(btc->symbol, sizeof(btc->symbol), "BTCUSDT");
    snprintf(btc->base, sizeof(btc->base), "BTC");
    snprintf(btc->quote, sizeof(btc->quote), "USDT");
    btc->scale = (struct view_scale){1000000, 1000, 2, 5};
    btc->book_state = BOOK_LIVE;
    btc->book_age_ns = 100000000;
    btc->last_ticks = btc->best_ticks[SIDE_ASK] = TICKS(61842.18);
    btc->best_ticks[SIDE_BID] = TICKS(61842.17);
    btc->last_direction = 1;
    btc->position_lots = 1500;
    *eth = *btc;
    snprintf(eth->symbol, sizeof(eth->symbol), "ETHUSDT");
    snprintf(eth->base, sizeof(eth->base), "ETH");
    eth->scale = (struct view_scale){1000000, 10000, 2, 4};
    eth->book_age_ns = 200000000;
    eth->last_ticks = eth->best_ticks[SIDE_BID] = TICKS(2684.31);
    eth->best_ticks[SIDE_ASK] = TICKS(2684.32);
    eth->last_direction = -1;
    eth->position_lots = 0;
    status->lag_ms = 12;
    status->clock_offset_ms = 3;
    status->durable_ns = status->now_ns - 40000000;
    status->volatility_1m_bp_x10 = 82;
    status->range_low_ticks = TICKS(61812);
    status->range_high_ticks = TICKS(61849);
    snprintf(status->account_quote, sizeof(status->account_quote), "USDT");
    status->account_start_e8 = E8(10000.0);
}

static inline void mock_position(struct view_position *position)
{
    static const int8_t equity[] = {1, 1, 3, 4, 4, 4, 4, 3, 3, 3, 4, 5, 6, 7, 6, 7, 8, 8, 8, 7, 6, 6, 6, 6};

    memset(position, 0, sizeof(*position));
    position->lots = 1500;
    position->value_e8 = E8(927.63255);
    position->value_of_equity_x1000 = 93;
    position->entry_e8 = E8(61804.27);
    position->even_e8 = E8(61928.00);
    position->even_distance_e8 = E8(85.83);
    position->mark_ticks = TICKS(61842.17);
    position->open_e8 = E8(0.5685);
    position->open_bp_x10 = 61;
    position->if_flat_e8 = E8(-0.3591);
    position->if_flat_fee_e8 = E8(0.9276);
    position->closed_e8 = E8(15.7260);
    position->fees_e8 = E8(8.3123);
    position->fills = 13;
    position->trips = 5;
    position->wins = 4;
    position->day_net_e8 = E8(7.9822);
    position->peak_e8 = E8(12.61);
    position->off_peak_e8 = E8(-4.63);
    position->equity_e8 = E8(10007.9822);
    position->cash_free_e8 = E8(8462.05);
    position->cash_locked_e8 = E8(618.30);
    position->base_locked_lots = 1500;
    position->spark_count = sizeof(equity);
    for (size_t i = 0; i < sizeof(equity); i++)
        position->spark_equity_e8[i] = E8(10000.0) + equity[i] * 7;
    position->fee_maker_ppm = position->fee_taker_ppm = 1000;
}

static inline void mock_flow(struct view_flow *flow)
{
    static const int8_t cvd[] = {1, 1, 2, 3, 2, 4, 5, 4, 3, 5, 6, 6, 7, 8, 8, 7, 6, 6, 7, 8};

    memset(flow, 0, sizeof(*flow));
    flow->near_1bp = (struct view_gauge){260, 1000, 380, 1, true};
    flow->far_10bp = (struct view_gauge){-80, 1000, 380, 0, true};
    flow->ofi_10s = (struct view_gauge){1100, 3000, 1750, 1, true};
    flow->tape_10s = (struct view_gauge){280, 1000, 380, 1, true};
    flow->cvd_count = sizeof(cvd);
    for (size_t i = 0; i < sizeof(cvd); i++)
        flow->cvd_lots[i] = cvd[i] * 70000;
    flow->cvd_5m_lots = LOTS(4.21);
    flow->tape_per_s_x10 = 580;
    flow->tape_usual_x100 = 210;
    flow->volatility_bp_x10 = 82;
    flow->spread_ticks = 1;
    flow->range_low_ticks = TICKS(61812);
    flow->range_high_ticks = TICKS(61849);
}

static inline void mock_limit(struct view_risk *risk, const char *code, int unit, int64_t now, int64_t worst,
                              int64_t limit)
{
    struct view_limit *out = &risk->limit[risk->limits++];

    memset(out, 0, sizeof(*out));
    snprintf(out->code, sizeof(out->code), "%s", code);
    out->unit = (uint8_t)unit;
    out->now = now;
    out->worst = worst;
    out->limit = limit;
}

static inline void mock_risk(struct view_risk *risk)
{
    memset(risk, 0, sizeof(*risk));
    mock_limit(risk, "MAX_POS", 0, E8(927.63), E8(1545.55), E8(5000.0));
    mock_limit(risk, "MAX_OPEN_VALUE", 0, E8(1545.55), E8(1545.55), E8(5000.0));
    mock_limit(risk, "MAX_OPEN_N", 1, 3, 3, 10);
    mock_limit(risk, "MAX_GROSS", 0, E8(927.63), E8(1551.00), E8(10000.0));
    mock_limit(risk, "MSG_RATE", 1, 4, 4, 60);
    mock_limit(risk, "REQ_WEIGHT", 1, 182, 182, 4800);
    mock_limit(risk, "DRAWDOWN", 2, 5, 5, 500);
    mock_limit(risk, "DAILY_LOSS", 0, 0, 0, E8(200.0));
    risk->rate_1s_limit = 5;
    risk->rate_60s = 4;
    risk->rate_60s_limit = 60;
    risk->open_orders = 3;
    risk->open_orders_limit = 10;
    risk->loss_room_e8 = E8(207.98);
    risk->denied = 1;
    risk->controls = 36;
}

static inline void mock_strategies(struct view_frame *frame)
{
    static const char *const name[] = {"ofi", "maker", "trend", "pairs", "manual"};

    memset(frame->strategy, 0, sizeof(frame->strategy));
    frame->strategies = 5;
    for (int i = 0; i < 5; i++) {
        snprintf(frame->strategy[i].name, OWNER_NAME_SIZE, "%s", name[i]);
        frame->strategy[i].owner = (uint16_t)(i == 4 ? OWNER_MANUAL : i + 1);
    }
    frame->strategy[0].on = true;
    frame->strategy[0].has_signal = true;
    frame->strategy[0].score_x1000 = 620;
    frame->strategy[0].threshold_x1000 = 800;
    frame->strategy[0].position_lots = 1000;
    frame->strategy[0].day_net_e8 = E8(-1.35);
    frame->strategy[0].fills = 7;
    frame->strategy[0].trips = 3;
    frame->strategy[0].wins = 2;
    snprintf(frame->strategy[3].why_off, sizeof(frame->strategy[3].why_off), "needs ETHUSDT");
    frame->strategy[4].on = true;
    frame->strategy[4].position_lots = 500;
    frame->strategy[4].day_net_e8 = E8(9.33);
}

static inline void mock_order(struct view_lists *lists, uint64_t seq, uint16_t owner, enum side side,
                              enum order_type type, double price, int64_t lots, enum order_state state,
                              int64_t sent_ns, int away_bp_x10)
{
    struct view_order *out = &lists->order[lists->orders++];

    memset(out, 0, sizeof(*out));
    out->order.seq = seq;
    out->order.intent.owner = owner;
    out->order.intent.side = side;
    out->order.intent.type = type;
    out->order.intent.qty_lots = lots;
    out->order.intent.post_only = seq == 218;
    if (type == ORDER_STOP) {
        out->order.intent.stop_ticks = TICKS(price);
        out->order.intent.reduce_only = true;
    } else {
        out->order.intent.price_ticks = TICKS(price);
    }
    out->order.state = state;
    out->order.sent_ns = out->order.updated_ns = sent_ns;
    out->order.filled_lots = state == ORDER_STATE_FILLED ? lots : 0;
    out->order.queue_expected_lots = out->order.queue_worst_lots = -1;
    out->away_bp_x10 = away_bp_x10 != 0 ? away_bp_x10 : VIEW_NONE;
}

static inline void mock_fill(struct view_lists *lists, uint64_t seq, uint16_t owner, enum side side,
                             bool maker, int64_t lots, double price, double fee, double slip, double closed,
                             int64_t ts_ns)
{
    struct view_fill *out = &lists->fill[lists->fills++];

    memset(out, 0, sizeof(*out));
    out->fill.order_seq = seq;
    out->fill.owner = owner;
    out->fill.side = side;
    out->fill.maker = maker;
    out->fill.qty_lots = lots;
    out->fill.price_ticks = TICKS(price);
    out->fill.fee_e8 = E8(fee);
    out->fill.realised_e8 = E8(closed);
    out->fill.ts_ns = ts_ns;
    out->slippage_e8 = E8(slip);
}

static inline void mock_event(struct view_lists *lists, uint8_t kind, enum side side, int64_t ts_ns,
                              double price, double size, int ratio, int ratio_to, int64_t span_ms, int prices,
                              int confidence)
{
    lists->event[lists->events++] = (struct view_book_event){
        kind, side, ts_ns, TICKS(price), LOTS(size), ratio, ratio_to, span_ms, prices, (uint8_t)confidence};
}

static inline void mock_taker(struct view_lists *lists, int second, int hundredth, enum side side,
                              double price, double size, uint32_t prints, int prices)
{
    lists->taker[lists->takers++] = (struct view_taker){
        mock_at(14, 7, second, hundredth * 10), side, TICKS(price), LOTS(size), prints, (uint32_t)prices};
}

static inline void mock_log(struct view_lists *lists, int hour, int minute, int second, int level,
                            const char *text)
{
    struct view_log_line *line = &lists->log[lists->log_lines];

    memset(line, 0, sizeof(*line));
    line->seq = 100U - lists->log_lines++;
    line->level = (uint8_t)level;
    line->ts_ns = mock_at(hour, minute, second, 0);
    snprintf(line->text, sizeof(line->text), "%s", text);
}

static inline void mock_tape(struct view_lists *lists)
{
    mock_taker(lists, 32, 41, SIDE_BID, 61842.18, 0.02400, 1, 1);
    mock_taker(lists, 32, 30, SIDE_BID, 61842.18, 0.00081, 1, 1);
    mock_taker(lists, 32, 11, SIDE_ASK, 61842.17, 0.31200, 4, 1);
    mock_taker(lists, 31, 98, SIDE_BID, 61842.18, 0.01107, 1, 1);
    mock_taker(lists, 31, 90, SIDE_BID, 61842.18, 1.20500, 9, 2);
    mock_taker(lists, 31, 65, SIDE_ASK, 61841.60, 0.00065, 1, 1);
    mock_taker(lists, 31, 54, SIDE_ASK, 61841.60, 0.04800, 3, 1);
    mock_taker(lists, 31, 21, SIDE_BID, 61841.61, 0.00162, 1, 1);
    mock_taker(lists, 30, 97, SIDE_BID, 61841.61, 0.09000, 2, 1);
    mock_taker(lists, 30, 93, SIDE_BID, 61840.02, 2.91000, 31, 3);
    mock_taker(lists, 30, 41, SIDE_ASK, 61838.40, 0.00009, 1, 1);
    mock_taker(lists, 30, 17, SIDE_ASK, 61838.40, 0.02210, 1, 1);
    mock_taker(lists, 29, 88, SIDE_BID, 61838.41, 0.00500, 1, 1);
    mock_taker(lists, 29, 51, SIDE_ASK, 61838.40, 0.41700, 6, 1);
    mock_taker(lists, 29, 3, SIDE_ASK, 61838.95, 0.00740, 1, 1);
    mock_taker(lists, 28, 86, SIDE_BID, 61838.96, 0.06000, 1, 1);
}

static inline void mock_lists(struct view_lists *lists)
{
    int64_t now = mock_at(14, 7, 32, 900);

    memset(lists, 0, sizeof(*lists));
    lists->orders_open = 3;
    mock_order(lists, 218, 1, SIDE_BID, ORDER_LIMIT, 61830, 1000, ORDER_STATE_WORKING,
               mock_at(14, 6, 50, 870), 20);
    lists->order[0].order.queue_expected_lots = LOTS(0.8);
    lists->order[0].order.queue_worst_lots = LOTS(2.1);
    mock_order(lists, 221, 0, SIDE_ASK, ORDER_LIMIT, 61865, 1000, ORDER_STATE_WORKING,
               mock_at(14, 7, 19, 404), 37);
    lists->order[1].order.queue_expected_lots = LOTS(0.06);
    lists->order[1].order.queue_worst_lots = LOTS(0.46);
    mock_order(lists, 217, 0, SIDE_ASK, ORDER_STOP, 61720, 500, ORDER_STATE_WORKING, mock_at(14, 6, 42, 16),
               198);
    mock_order(lists, 216, 0, SIDE_BID, ORDER_LIMIT, 61820, 500, ORDER_STATE_FILLED, mock_at(14, 6, 41, 330),
               0);
    mock_order(lists, 209, 1, SIDE_BID, ORDER_LIMIT, 61796.40, 1000, ORDER_STATE_FILLED,
               mock_at(14, 3, 27, 95), 0);
    lists->fills_ever = 13;
    lists->closed_ever = 5;
    mock_fill(lists, 216, 0, SIDE_BID, false, 500, 61820.00, 0.3091, 0.01, 0, mock_at(14, 6, 41, 330));
    mock_fill(lists, 209, 1, SIDE_BID, true, 1000, 61796.40, 0.6180, -1.20, 0, mock_at(14, 3, 27, 95));
    mock_fill(lists, 188, 1, SIDE_ASK, true, 1000, 61913.00, 0.6191, -0.85, 2.11, mock_at(13, 27, 44, 561));
    mock_fill(lists, 171, 1, SIDE_BID, true, 1000, 61702.10, 0.6170, -0.40, 0, mock_at(13, 5, 31, 207));
    mock_fill(lists, 160, 0, SIDE_ASK, true, 500, 61842.50, 0.3092, -2.10, 2.46, mock_at(12, 22, 10, 844));
    mock_event(lists, 0, SIDE_BID, now - 4500000000, 61830, 2.16, 0, 0, 0, 0, 81);
    mock_event(lists, 1, SIDE_ASK, now - 19500000000, 61885, 6.60, 62, 0, 1500, 0, 74);
    mock_event(lists, 2, SIDE_ASK, now - 48500000000, 61900, 15.20, 700, 0, 0, 0, 90);
    mock_event(lists, 3, SIDE_BID, now - 72500000000, 61840, 1.35, 0, 0, 10000, 0, 66);
    mock_event(lists, 4, SIDE_BID, now - 125500000000, 61842, 0, -41, -8, 0, 0, 58);
    mock_event(lists, 5, SIDE_ASK, now - 220500000000, 61840, 2.91, 0, 0, 4, 3, 97);
    mock_tape(lists);
    mock_log(lists, 14, 7, 19, 0, "placed manual SELL .010 @ 61865.00");
    mock_log(lists, 14, 6, 50, 0, "placed ofi BUY .010 @ 61830.00");
    mock_log(lists, 14, 6, 42, 0, "placed manual stop .005 @ 61720.00");
    mock_log(lists, 14, 6, 41, 0, "filled manual BUY .005 @ 61820.00");
    mock_log(lists, 14, 5, 12, 2, "DENIED MAX_VALUE 1236.84 of 1000");
    mock_log(lists, 14, 3, 27, 0, "filled ofi BUY .010 @ 61796.40");
    mock_log(lists, 14, 1, 12, 0, "cancelled by ofi BUY @ 61771.00");
    mock_log(lists, 13, 27, 44, 0, "filled ofi SELL .010 @ 61913.00");
    mock_log(lists, 13, 2, 10, 0, "book LIVE after resync 0, 0.4 s");
    mock_log(lists, 13, 2, 9, 0, "start: journal ok, 0 orders found");
}

/* The gate's verdict on BUY 0.01000 LIMIT 61835.00. */
static inline void mock_next(struct view_next *next)
{
    memset(next, 0, sizeof(*next));
    next->valid = next->passes = next->maker = true;
    next->intent.side = SIDE_BID;
    next->intent.type = ORDER_LIMIT;
    next->intent.price_ticks = TICKS(61835);
    next->intent.qty_lots = 1000;
    snprintf(next->verdict, sizeof(next->verdict), "pass");
    next->behind_lots = LOTS(0.31);
    next->between_lots = LOTS(5.83);
    next->away_bp_x10 = 12;
    next->value_e8 = E8(618.35);
    next->fee_e8 = E8(0.61835);
    next->after_lots = 2500;
    next->after_entry_e8 = E8(61816.56);
    next->worst_value_e8 = E8(2164.48);
    next->worst_limit_e8 = E8(5000.0);
    next->of_max_value_x1000 = 618;
}

/* Everything, for a ladder of `rows` rows whose top one is `top`. */
static inline void mock_frame(struct view_frame *frame, int rows, double top)
{
    memset(frame, 0, sizeof(*frame));
    frame->frame_seq = 1;
    mock_status(&frame->status);
    mock_ladder(&frame->ladder, rows, top);
    mock_second(&frame->second);
    mock_position(&frame->position);
    mock_flow(&frame->flow);
    mock_risk(&frame->risk);
    mock_strategies(frame);
    mock_lists(&frame->lists);
    mock_next(&frame->next);
}

#endif
