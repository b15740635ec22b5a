/*
 * test_paper_truth.c - the paper broker against the built-in exchange, where the truth is known: the same order in
 * the matching engine and, by each queue model, on paper, fed by the streams that the exchange publishes.
 *
 * Resting probes are of one lot and rest at or behind the touch, so that the market is the same with and without
 * them. What the published feed shows of them is taken out again before paper sees it: the lot from the level, the
 * print from the tape. Taking probes are not sent at all: the matching engine says what they would cost.
 * In virtual time. Long form: FLOWDECK_SOAK=1 (make paper-report).
 */
#include "core/base/decimal.h"
#include "exec/paper_broker.h"
#include "feed/decoder.h"
#include "sim/exchange.h"
#include "sim/publisher.h"
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_NS      INT64_C(1800000000000000000)
#define STEP_NS      INT64_C(1000000)
#define SECOND_NS    INT64_C(1000000000)
#define LIFE_NS      (120 * SECOND_NS) /* of a resting probe */
#define PROBE_EVERY  300               /* steps between probes */
#define ACCOUNT      250               /* nobody else's */
#define LIVE_MAX     200
#define RESULTS_MAX  100000
#define MESSAGES_MAX 4096
#define OWN_PRINTS   4096

struct message {
    char *text;
    size_t size;
    int64_t due_ns;
};

struct probe {
    uint64_t seq, exchange_id; /* id 0: gone there */
    enum side side;
    int64_t price_ticks, sent_ns;
    int64_t truth_ns, paper_ns[QUEUE_MODELS], would_ns[QUEUE_MODELS]; /* 0: not filled */
};

struct sample {
    size_t count;
    double value[RESULTS_MAX];
};

struct table { /* of one model */
    uint64_t both, truth_only, paper_only, neither;
    struct sample time_s;
};

struct world {
    struct exchange *exchange;
    struct match_book *truth;
    struct decoder *decoder;
    struct order_book *book;
    const struct instrument *instrument;
    struct paper_broker *broker[QUEUE_MODELS];
    struct gateway_answers answers;
    struct message message[MESSAGES_MAX];
    size_t messages;
    int64_t trade_delay_ns; /* of the tape, behind the book */
    struct paper_queue_params queue;
    uint64_t own_print[OWN_PRINTS], own_prints;
    struct probe probe[LIVE_MAX];
    size_t probes;
    uint64_t seq, seed, sent, would_agree, would_differ;
    bool live;
    struct table table[QUEUE_MODELS];
    struct sample taking_bp;
    uint64_t taking_short; /* one side had less than the other */
};

static struct world world;

static bool is_long(void)
{
    const char *soak = getenv("FLOWDECK_SOAK");

    return soak != NULL && soak[0] != '\0' && soak[0] != '0';
}

/* --- the exchange's side ----------------------------------------------------------------------------- */

static void on_match(void *arg, const struct match_event *event)
{
    (void)arg;
    if (event->kind != MATCH_EVENT_TRADE || event->maker->request.account != ACCOUNT)
        return;
    world.own_print[world.own_prints++ % OWN_PRINTS] = event->trade_id;
    for (size_t i = 0; i < world.probes; i++)
        if (world.probe[i].exchange_id == event->maker->id) {
            world.probe[i].truth_ns = event->time_ns;
            world.probe[i].exchange_id = 0;
        }
}

/* Kept until the step is over: then it is known which prints were ours. */
static void on_message(void *arg, struct sim_stream *stream, const char *json, size_t size)
{
    struct message *message = &world.message[world.messages++];
    const char *name = sim_stream_name(stream);
    size_t room = size + strlen(name) + 32 + DECODER_PADDING;

    (void)arg;
    assert_true(world.messages < MESSAGES_MAX);
    message->text = calloc(1, room);
    message->size =
        (size_t)snprintf(message->text, room, "{\"stream\":\"%s\",\"data\":%.*s}", name, (int)size, json);
    message->due_ns = world.exchange->now_ns + (sim_stream_is_depth(stream) ? 0 : world.trade_delay_ns);
}

/* --- paper's side ------------------------------------------------------------------------------------ */

static bool is_own_print(uint64_t trade_id)
{
    uint64_t kept = world.own_prints < OWN_PRINTS ? world.own_prints : OWN_PRINTS;

    for (uint64_t back = 1; back <= kept; back++)
        if (world.own_print[(world.own_prints - back) % OWN_PRINTS] == trade_id)
            return true;
    return false;
}

static int64_t own_lots(enum side side, int64_t price_ticks)
{
    int64_t lots = 0;

    for (size_t i = 0; i < world.probes; i++)
        lots += world.probe[i].exchange_id != 0 && world.probe[i].side == side &&
                world.probe[i].price_ticks == price_ticks;
    return lots;
}

static void take_answers(enum queue_model model)
{
    for (size_t a = 0; a < world.answers.count; a++)
        for (size_t i = 0; i < world.probes; i++)
            if (world.answers.event[a].kind == ORDER_EVENT_FILL &&
                world.probe[i].seq == world.answers.event[a].order_seq)
                world.probe[i].paper_ns[model] = world.answers.event[a].ts_ns;
}

static void book_changed(void)
{
    for (int m = 0; m < QUEUE_MODELS; m++) {
        paper_broker_on_book(world.broker[m], world.instrument->id, world.exchange->now_ns, &world.answers);
        take_answers((enum queue_model)m);
    }
}

static void attach(struct paper_broker *broker)
{
    paper_broker_attach(broker, world.instrument, world.book);
    paper_broker_on_book_state(broker, world.instrument->id, BOOK_LIVE, world.exchange->now_ns,
                               &world.answers);
}

/* The book as published at this grid time, which is the true one. */
static void load_book(void)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t price, lots;
        bool more = match_best(world.truth, (enum side)side, &price, &lots);

        for (; more; more = match_next(world.truth, (enum side)side, price, &price, &lots))
            order_book_set(world.book, (enum side)side, price, lots);
    }
    for (int m = 0; m < QUEUE_MODELS; m++)
        attach(world.broker[m]);
    world.live = true;
}

static void on_depth(const struct depth_update *update)
{
    if (!world.live) {
        load_book();
        return;
    }
    for (int side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < update->level_count[side]; i++) {
            const struct level *level = &update->levels[side][i];
            int64_t lots = level->qty_lots - own_lots((enum side)side, level->price_ticks);

            order_book_set(world.book, (enum side)side, level->price_ticks, lots > 0 ? lots : 0);
        }
    book_changed();
}

static void on_trade(const struct trade *trade)
{
    if (!world.live || is_own_print(trade->id))
        return;
    for (int m = 0; m < QUEUE_MODELS; m++) {
        paper_broker_on_trade(world.broker[m], world.instrument->id, trade, &world.answers);
        take_answers((enum queue_model)m);
    }
}

static void drain(void)
{
    struct feed_event event;

    while (decoder_next(world.decoder, &event)) {
        assert_int_not_equal(event.kind, FEED_BAD);
        assert_int_not_equal(event.kind, FEED_STEPS);
        if (event.kind == FEED_INSTRUMENT)
            world.instrument = event.instrument;
        else if (event.kind == FEED_DEPTH)
            on_depth(&event.depth);
        else if (event.kind == FEED_TRADE)
            on_trade(&event.trade);
    }
}

static void read_messages(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < world.messages; i++) {
        struct message message = world.message[i];

        if (message.due_ns > world.exchange->now_ns) {
            world.message[kept++] = message;
            continue;
        }
        decoder_push(world.decoder, world.exchange->now_ns, message.text, message.size);
        drain();
        free(message.text);
    }
    world.messages = kept;
}

/* --- probes ------------------------------------------------------------------------------------------ */

static struct order order_of(enum side side, enum order_type type, int64_t price_ticks, int64_t lots)
{
    struct order order = {.seq = ++world.seq, .sent_ns = world.exchange->now_ns};

    order.intent = (struct order_intent){.instrument_id = world.instrument->id,
                                         .side = side,
                                         .type = type,
                                         .price_ticks = price_ticks,
                                         .qty_lots = lots};
    return order;
}

static void send(struct paper_broker *broker, const struct order *order)
{
    struct gateway gateway = paper_broker_gateway(broker);

    gateway.ops->submit(gateway.self, order, world.exchange->now_ns, &world.answers);
}

static bool probed(enum side side, int64_t price_ticks)
{
    for (size_t i = 0; i < world.probes; i++)
        if (world.probe[i].side == side && world.probe[i].price_ticks == price_ticks)
            return true;
    return false;
}

/* At the touch as published, or up to four levels behind it. */
static void start_resting(void)
{
    enum side side = (enum side)random_between(&world.seed, 0, 1);
    int64_t behind = random_between(&world.seed, 0, 4);
    struct match_request request = {
        .account = ACCOUNT, .side = side, .type = MATCH_LIMIT_MAKER, .tif = MATCH_GTC, .qty_lots = 1};
    struct probe *probe = &world.probe[world.probes];
    struct level level;
    struct order order;

    if (world.probes == LIVE_MAX || !order_book_best(world.book, side, &level))
        return;
    while (behind-- > 0)
        if (!order_book_next(world.book, side, level.price_ticks, &level))
            return;
    if (probed(side, level.price_ticks) || match_qty_at(world.truth, side, level.price_ticks) == 0)
        return; /* one at a price; and none that would make a new best price */
    *probe =
        (struct probe){.side = side, .price_ticks = level.price_ticks, .sent_ns = world.exchange->now_ns};
    request.price_ticks = level.price_ticks;
    if (match_submit(world.truth, world.exchange->now_ns, &request, &probe->exchange_id) != MATCH_OK)
        return;
    order = order_of(side, ORDER_LIMIT, level.price_ticks, 1);
    probe->seq = order.seq;
    world.probes++;
    world.sent++;
    for (int m = 0; m < QUEUE_MODELS; m++) {
        send(world.broker[m], &order);
        take_answers((enum queue_model)m);
    }
}

static void add(struct sample *sample, double value)
{
    assert_true(sample->count < RESULTS_MAX);
    sample->value[sample->count++] = value;
}

/* What the risk-averse broker's story says that the other models would have done, beside what they did. */
static void compare_story(const struct probe *probe)
{
    const struct fill_story *story = paper_broker_story(world.broker[QUEUE_RISK_AVERSE], probe->seq);

    if (story == NULL)
        return;
    for (int m = 0; m < QUEUE_MODELS; m++) {
        world.would_agree += story->would_fill_ns[m] == probe->paper_ns[m];
        world.would_differ += story->would_fill_ns[m] != probe->paper_ns[m];
    }
}

static void finish(struct probe *probe)
{
    struct order order = {.seq = probe->seq, .intent.instrument_id = world.instrument->id};

    if (probe->exchange_id != 0)
        match_cancel(world.truth, world.exchange->now_ns, probe->exchange_id);
    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct table *table = &world.table[m];
        struct gateway gateway = paper_broker_gateway(world.broker[m]);

        if (probe->paper_ns[m] == 0)
            gateway.ops->cancel(gateway.self, &order, world.exchange->now_ns, &world.answers);
        table->both += probe->truth_ns != 0 && probe->paper_ns[m] != 0;
        table->truth_only += probe->truth_ns != 0 && probe->paper_ns[m] == 0;
        table->paper_only += probe->truth_ns == 0 && probe->paper_ns[m] != 0;
        table->neither += probe->truth_ns == 0 && probe->paper_ns[m] == 0;
        if (probe->truth_ns != 0 && probe->paper_ns[m] != 0)
            add(&table->time_s, (double)(probe->paper_ns[m] - probe->truth_ns) / 1e9);
    }
    compare_story(probe);
}

static bool is_over(const struct probe *probe)
{
    bool filled = probe->truth_ns != 0;

    for (int m = 0; m < QUEUE_MODELS; m++)
        filled = filled && probe->paper_ns[m] != 0;
    return filled || world.exchange->now_ns - probe->sent_ns >= LIFE_NS;
}

static void finish_old(bool all)
{
    for (size_t i = 0; i < world.probes;)
        if (all || is_over(&world.probe[i])) {
            finish(&world.probe[i]);
            world.probe[i] = world.probe[--world.probes];
        } else {
            i++;
        }
}

/* A market order of up to five times the touch: what paper pays on the published book, and what it would cost. */
static void probe_taking(void)
{
    enum side side = (enum side)random_between(&world.seed, 0, 1);
    struct paper_broker *taker;
    struct order order;
    struct level best;
    int64_t true_value, true_lots, paper_lots = 0, lots;
    __int128 paper_value = 0;

    if (!order_book_best(world.book, side_other(side), &best))
        return;
    lots = best.qty_lots * random_between(&world.seed, 1, 20) / 4 + 1;
    order = order_of(side, ORDER_MARKET, side == SIDE_BID ? best.price_ticks * 2 : 1, lots);
    true_value = match_walk_value(world.truth, side, lots, &true_lots);
    taker = paper_broker_new(&(struct paper_broker_params){0}); /* nothing was taken before */
    attach(taker);
    send(taker, &order);
    paper_broker_free(taker);
    for (size_t a = 0; a < world.answers.count; a++)
        if (world.answers.event[a].kind == ORDER_EVENT_FILL) {
            paper_lots += world.answers.event[a].fill.qty_lots;
            paper_value +=
                (__int128)world.answers.event[a].fill.price_ticks * world.answers.event[a].fill.qty_lots;
        }
    if (paper_lots != true_lots || true_lots == 0)
        world.taking_short++;
    else
        add(&world.taking_bp,
            side_sign(side) * 1e4 * ((double)(int64_t)paper_value - (double)true_value) / (double)true_value);
}

/* --- the run ----------------------------------------------------------------------------------------- */

static int compare_values(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts once; the sample is complete. */
static double quantile(struct sample *sample, double share)
{
    if (sample->count == 0)
        return 0;
    qsort(sample->value, sample->count, sizeof sample->value[0], compare_values);
    return sample->value[(size_t)(share * (double)(sample->count - 1))];
}

static double mean_size(const struct sample *sample)
{
    double sum = 0;

    for (size_t i = 0; i < sample->count; i++)
        sum += sample->value[i] < 0 ? -sample->value[i] : sample->value[i];
    return sample->count == 0 ? 0 : sum / (double)sample->count;
}

static void open_stream(const struct sim_symbol *symbol, const char *what)
{
    char name[48];

    snprintf(name, sizeof name, "%s@%s", symbol->lower, what);
    assert_non_null(publisher_open(world.exchange->publisher, PATH_SPOT, name));
}

static void open_world(const char *name, uint64_t seed)
{
    const char *const symbols[] = {name};
    struct exchange_config config = {.seed = seed, .symbols = symbols, .symbol_count = 1};
    struct publisher_sink sink = {on_message, NULL};
    const struct sim_symbol *symbol;
    struct instrument known;
    struct decoder_config decoder = {.known = &known, .known_count = 1};
    char why[512];
    size_t at;

    world.seed = seed;
    assert_int_equal(exchange_new(&config, &world.exchange, why, sizeof why), 0);
    assert_int_equal(exchange_open(world.exchange, OPEN_NS), 0);
    at = (size_t)exchange_symbol(world.exchange, name, false);
    symbol = &world.exchange->symbol[at];
    world.truth = world.exchange->book[at];
    assert_true(match_listen(world.truth, on_match, NULL));
    instrument_init(&known, name, VENUE_BINANCE_SPOT, 0);
    known.step_source = STEP_CONFIG;
    known.tick_e8 = symbol->tick_e8;
    known.lot_e8 = symbol->lot_e8;
    world.decoder = decoder_new(&decoder);
    world.book = order_book_new();
    for (int m = 0; m < QUEUE_MODELS; m++)
        world.broker[m] = paper_broker_new(
            &(struct paper_broker_params){.model = (enum queue_model)m, .queue = world.queue});
    publisher_set_sink(world.exchange->publisher, &sink);
    open_stream(symbol, "depth@100ms");
    open_stream(symbol, "trade");
    assert_int_equal(decoder_add_instrument(world.decoder, OPEN_NS, name, VENUE_BINANCE_SPOT), ERR_OK);
    drain();
    assert_non_null(world.instrument);
}

static void close_world(void)
{
    while (world.messages > 0)
        free(world.message[--world.messages].text);
    for (int m = 0; m < QUEUE_MODELS; m++)
        paper_broker_free(world.broker[m]);
    order_book_free(world.book);
    decoder_free(world.decoder);
    exchange_free(world.exchange);
    world.live = false;
}

static void run(const char *name, uint64_t seed, int64_t seconds)
{
    open_world(name, seed);
    for (int64_t step = 1; step <= seconds * (SECOND_NS / STEP_NS); step++) {
        exchange_advance(world.exchange, OPEN_NS + step * STEP_NS);
        read_messages();
        finish_old(false);
        if (world.live && step % PROBE_EVERY == 0)
            start_resting();
        if (world.live && step % 1000 == 500)
            probe_taking();
    }
    finish_old(true);
    close_world();
}

/* Filled on paper before the truth, or there not at all. */
static uint64_t early(const struct table *table)
{
    uint64_t count = table->paper_only;

    for (size_t i = 0; i < table->time_s.count; i++)
        count += table->time_s.value[i] < -0.002;
    return count;
}

static void report(const char *name)
{
    print_message("%s\n", name);
    print_message("resting, one lot, at the touch to four levels behind it, for 120 s: %llu orders\n",
                  (unsigned long long)world.sent);
    print_message("  %-13s %6s %11s %11s %8s %6s   %s\n", "model", "both", "truth only", "paper only",
                  "neither", "early", "paper - truth, s: p10, median, p90, mean size");
    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct table *table = &world.table[m];

        print_message("  %-13s %6llu %11llu %11llu %8llu %6llu   %+.3f %+.3f %+.3f %.3f\n",
                      queue_model_word((enum queue_model)m), (unsigned long long)table->both,
                      (unsigned long long)table->truth_only, (unsigned long long)table->paper_only,
                      (unsigned long long)table->neither, (unsigned long long)early(table),
                      quantile(&table->time_s, 0.1), quantile(&table->time_s, 0.5),
                      quantile(&table->time_s, 0.9), mean_size(&table->time_s));
    }
    print_message(
        "taking, a quarter of the touch to five times of it: %zu orders, %llu with another quantity\n",
        world.taking_bp.count + (size_t)world.taking_short, (unsigned long long)world.taking_short);
    print_message("  price paid, paper - truth, bp: p10 %+.4f, median %+.4f, p90 %+.4f\n",
                  quantile(&world.taking_bp, 0.1), quantile(&world.taking_bp, 0.5),
                  quantile(&world.taking_bp, 0.9));
    print_message(
        "stories of the risk-averse broker against the brokers of the other models: %llu agree, %llu "
        "differ\n",
        (unsigned long long)world.would_agree, (unsigned long long)world.would_differ);
}

/* Wide bands: what must hold of any market. */
static void judge(void)
{
    struct table *averse = &world.table[QUEUE_RISK_AVERSE];

    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct table *table = &world.table[m];
        uint64_t in_truth = table->both + table->truth_only;

        assert_true(in_truth >= 30);
        assert_true(table->both * 100 >= in_truth * 85);        /* what fills there fills here */
        assert_true(table->paper_only * 100 <= world.sent * 5); /* and little else does */
        assert_true(quantile(&table->time_s, 0.5) > -0.5 && quantile(&table->time_s, 0.5) < 0.5);
        assert_true(averse->both <= table->both); /* nobody waits longer than the risk-averse */
        assert_true(mean_size(&table->time_s) < 10);
    }
    assert_true(quantile(&averse->time_s, 0.02) > -0.2); /* it is never earlier than the truth */
    assert_int_equal(early(averse), 0);
    assert_true(quantile(&world.taking_bp, 0.1) > -1 && quantile(&world.taking_bp, 0.9) < 1);
    assert_true(world.taking_short * 20 <= world.taking_bp.count);
    assert_true(world.would_differ * 100 <= world.would_agree);
}

static void measure_late(const char *name, int64_t seconds, int64_t delay_ns, int64_t late_ns)
{
    memset(&world, 0, sizeof world);
    world.trade_delay_ns = delay_ns;
    world.queue.late_trade_ns = late_ns;
    if (is_long())
        for (uint64_t seed = 1; seed <= 6; seed++)
            run(name, seed, 3600);
    else
        run(name, 3, seconds);
    report(name);
}

static void measure(const char *name, int64_t seconds)
{
    measure_late(name, seconds, 0, 0);
    judge();
}

/* A tick of 0.002 bp: prices run through levels, queues hardly matter. */
static void test_small_ticks(void **state)
{
    (void)state;
    measure("BTCUSDT", 400);
}

/* A tick of 1 bp. */
static void test_middle_ticks(void **state)
{
    (void)state;
    measure("DOGEUSDT", 800);
}

/* A tick of 8 bp: all depends on the place in the queue. */
static void test_large_ticks(void **state)
{
    (void)state;
    measure("PEPEUSDT", 2400);
}

/*
 * The tape 60 ms behind the book: a fall that was a trade is no cancel. Counted twice, it fills orders before their
 * time, even those of the risk-averse.
 */
static void test_late_trades_are_paired(void **state)
{
    uint64_t unpaired[QUEUE_MODELS];

    (void)state;
    print_message("trades 60 ms behind the book, late_trade_ns 0: ");
    measure_late("PEPEUSDT", 2400, 60000000, 0);
    for (int m = 0; m < QUEUE_MODELS; m++)
        unpaired[m] = early(&world.table[m]);
    print_message("trades 60 ms behind the book, late_trade_ns 100 ms: ");
    measure_late("PEPEUSDT", 2400, 60000000, 100000000);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_true(early(&world.table[m]) < unpaired[m]);
    /* What is left are trades of before the order came that are heard of after it. */
    assert_true(early(&world.table[QUEUE_RISK_AVERSE]) * 4 <= unpaired[QUEUE_RISK_AVERSE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ticks),
        cmocka_unit_test(test_middle_ticks),
        cmocka_unit_test(test_large_ticks),
        cmocka_unit_test(test_late_trades_are_paired),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
