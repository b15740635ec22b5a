/*
 * four_sources_world.h - the same order asked for by a key, over the control socket's words, by a strategy's table, by a
 * plug-in that was loaded from its file, and on a recording that is read by the replay. See test_four_sources.c.
 */
#ifndef UNIT_FOUR_SOURCES_WORLD_H
#define UNIT_FOUR_SOURCES_WORLD_H

#include "unit/pipeline_world.h"
#include "unit/plugin_copy.h"

#include "app/control_desk.h"
#include "app/life_page.h"
#include "app/plugins.h"
#include "core/base/decimal.h"
#include "feed/replay.h"
#include "flowdeck/strategy.h"
#include "service/control_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define E8       INT64_C(100000000)
#define MS       INT64_C(1000000)
#define TICK_E8  1000000
#define LOT_E8   1000
#define BID      5999900
#define ASK      6000100
#define PRICE    5999950
#define LOTS     1000
#define VALUE_E8 (INT64_C(59999500000)) /* of LOTS at PRICE */

enum source { KEY, API, STRATEGY, PLUGIN, REPLAY, SOURCES };

static const char *const source_word[] = {"key", "API seam", "strategy", "plug-in", "replay"};

struct scene {
    struct pipeline *pipeline;
    struct plugins *plugins;
    struct market_state *market;
    const struct instrument *instrument;
    enum source source;
    uint16_t asker; /* owner of the strategy; 0 by hand */
    bool beyond;
    struct order_intent order;
    struct control_answer answer; /* of the API seam */
};

struct row {
    const char *name;
    enum risk_code code;
    void (*set)(struct scene *scene);
    bool unheard; /* a strategy's wish is not even judged then */
    enum venue venue;
};

/* What was sent and denied before the order was asked for. */
struct counted {
    uint64_t sent, denied, denials;
};

static inline bool by_hand(enum source source)
{
    return source == KEY || source == API;
}

/* What a monitor tripped for this instrument; its own limits are tested with the monitors. */
static enum risk_code tripping;

/* --- the strategy by its table: asks once for what it is told, though it may not trade ---------------------------- */

static struct {
    bool wants;
    struct order_intent order;
} asker;

static void *asker_create(const int64_t *parameter, uint32_t parameters)
{
    (void)parameter;
    (void)parameters;
    return &asker;
}

static void asker_destroy(void *self)
{
    (void)self;
}

static void asker_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct fd_wish *wish = &out->wish[0];

    (void)self;
    (void)context;
    if (!asker.wants)
        return;
    asker.wants = false;
    out->wishes = 1;
    *wish = (struct fd_wish){.kind = FD_WISH_ORDER,
                             .side = asker.order.side == SIDE_BID ? FD_BUY : FD_SELL,
                             .type = asker.order.type == ORDER_MARKET ? FD_MARKET : FD_LIMIT,
                             .tif = asker.order.tif == TIF_IOC ? FD_IOC : FD_GTC,
                             .reduce_only = asker.order.reduce_only,
                             .qty_e8 = asker.order.qty_lots * LOT_E8,
                             .price_e8 = asker.order.price_ticks * TICK_E8,
                             .bid_e8 = FD_NONE,
                             .ask_e8 = FD_NONE};
}

static const struct fd_strategy asker_table = {.abi = FD_ABI,
                                               .size = sizeof(struct fd_strategy),
                                               .create = asker_create,
                                               .destroy = asker_destroy,
                                               .market = asker_market};
static const struct strategy_manifest asker_manifest = {
    .name = "asker", .version = "1.0.0", .abi = FD_ABI, .about = "asks once", .instruments = 1};

/* --- the plug-in: its file is loaded as the program does it ------------------------------------------------------- */

static struct life_page life; /* as with a dead man: no thread of the guard's own watches */
static char plugin_folder[64], plugin_path[96];

static inline int plugin_set_up(void **state)
{
    (void)state;
    snprintf(plugin_folder, sizeof(plugin_folder), "/tmp/flowdeck-four-XXXXXX");
    assert_non_null(mkdtemp(plugin_folder));
    snprintf(plugin_path, sizeof(plugin_path), "%s/asker.so", plugin_folder);
    plugin_copy("asker", plugin_path);
    return 0;
}

static inline int plugin_tear_down(void **state)
{
    (void)state;
    return unlink(plugin_path) != 0 || rmdir(plugin_folder) != 0;
}

static inline void scene_open(struct scene *scene, enum source source, bool beyond)
{
    struct config *settings = options_config_new();
    struct plugins_config with = {.config = settings, .data_dir = "", .life = &life};
    struct pipeline_config config;
    char why[CONFIG_WHY_SIZE];

    *scene = (struct scene){.source = source, .beyond = beyond};
    if (source == PLUGIN)
        assert_int_equal(config_set_cli(settings, "strategy.plugins", plugin_path, why), ERR_OK);
    assert_int_equal(options_pipeline(settings, &config, why), ERR_OK);
    config.mode = MODE_SIMULATION;
    config.limits.max_qty_e8 = 1000 * E8;
    for (size_t i = 0; i < config.strategies; i++)
        config.strategy[i].on = false;
    if (source != PLUGIN)
        config.strategy[config.strategies++] =
            (struct strategy_setup){.table = &asker_table, .manifest = &asker_manifest, .on = true};
    if (plugins_open(&with, &config, &scene->plugins, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    config_free(settings);
    scene->pipeline = pipeline_new(&config, NULL);
    assert_non_null(scene->pipeline);
    plugins_thread_start(scene->plugins);
}

static inline void scene_close(struct scene *scene)
{
    plugins_thread_end(scene->plugins);
    pipeline_free(scene->pipeline);
    plugins_close(scene->plugins);
}

/* --- the API seam: a client's line, as it is parsed, done and answered --------------------------------------------- */

static inline void api_say(struct scene *scene, const char *line)
{
    struct control_before before = control_desk_before(scene->pipeline);
    struct control_request request;
    char id[CONTROL_ID_SIZE], why[CONTROL_WHY_SIZE];
    struct command command;

    if (control_text_parse(line, strlen(line), &request, id, why) != ERR_OK)
        fail_msg("%s: %s", line, why);
    request.seq = CONTROL_SEQ_FIRST;
    if (!control_desk_read(scene->pipeline, &request, &command, &scene->answer))
        return;
    pipeline_on_command(scene->pipeline, &command);
    control_desk_answer(scene->pipeline, &request, &before, &scene->answer);
}

static inline void api_order(struct scene *scene)
{
    const struct order_intent *order = &scene->order;
    char line[512], price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];

    decimal_format_trim(order->price_ticks * TICK_E8, DECIMAL_E8_DIGITS, price);
    decimal_format_trim(order->qty_lots * LOT_E8, DECIMAL_E8_DIGITS, qty);
    snprintf(line, sizeof(line),
             "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"%s\",\"type\":\"%s\",\"tif\":\"%s\","
             "\"reduce_only\":%s,\"price\":\"%s\",\"qty\":\"%s\"}",
             order->side == SIDE_BID ? "BUY" : "SELL", order_type_word(order->type),
             time_in_force_word(order->tif), order->reduce_only ? "true" : "false", price, qty);
    api_say(scene, line);
}

static inline void plugin_parameter(struct scene *scene, const char *name, const char *value)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"do\":\"strategy\",\"strategy\":\"asker\",\"parameter\":\"%s\",\"value\":\"%s\"}", name,
             value);
    api_say(scene, line);
    if (!scene->answer.ok)
        fail_msg("%s: %s", line, scene->answer.text);
}

static inline void plugin_told(struct scene *scene)
{
    const struct order_intent *order = &scene->order;
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];

    decimal_format_trim(order->price_ticks * TICK_E8, DECIMAL_E8_DIGITS, price);
    decimal_format_trim(order->qty_lots * LOT_E8, DECIMAL_E8_DIGITS, qty);
    plugin_parameter(scene, "side", order->side == SIDE_BID ? "buy" : "sell");
    plugin_parameter(scene, "type", order->type == ORDER_MARKET ? "market" : "limit");
    plugin_parameter(scene, "tif", order->tif == TIF_IOC ? "ioc" : "gtc");
    plugin_parameter(scene, "reduce_only", order->reduce_only ? "true" : "false");
    plugin_parameter(scene, "price", price);
    plugin_parameter(scene, "qty", qty);
    plugin_parameter(scene, "ask", "true");
}

/* Has the strategy asked, whatever became of it? */
static inline bool strategy_asked(const struct scene *scene)
{
    const struct pipeline *pipeline = scene->pipeline;

    if (scene->source != PLUGIN)
        return !asker.wants;
    for (uint64_t i = 0; i < pipeline->note_seq && i < PIPELINE_NOTES_MAX; i++)
        if (strcmp(pipeline->note[i].text, "asker: asked") == 0)
            return true;
    return false;
}

/* --- the market ---------------------------------------------------------------------------------------------------- */

static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};

/* A recording of the same market: a snapshot, the update that makes the book LIVE, and one 100 ms later. */
static inline void write_recording(char *path, enum venue venue)
{
    const char *prev = venue == VENUE_BINANCE_SPOT ? "" : "\"T\":1700000000000,\"pu\":9,";
    int64_t ns = WORLD_NS;
    int fd = mkstemps(path, 6);
    FILE *file = fdopen(fd, "w");

    assert_non_null(file);
    fprintf(
        file,
        "%lld "
        "{\"lastUpdateId\":10,\"bids\":[[\"59999.00\",\"0.50000\"]],\"asks\":[[\"60001.00\",\"0.50000\"]]}\n",
        (long long)ns);
    fprintf(file,
            "%lld {\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1700000000000,%s\"s\":"
            "\"BTCUSDT\",\"U\":10,\"u\":12,\"b\":[],\"a\":[]}}\n",
            (long long)ns, prev);
    fprintf(file,
            "%lld "
            "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1700000000100,\"T\":1700000000100,"
            "\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"59999.50\",\"q\":\"0.00001\",%s\"m\":true}}\n",
            (long long)(ns + PIPELINE_TICK_NS), venue == VENUE_BINANCE_SPOT ? "" : "\"X\":\"MARKET\",");
    assert_int_equal(fclose(file), 0);
}

static inline void prepare(struct scene *scene, const struct row *row)
{
    scene->market = scene->pipeline->market[0];
    scene->instrument = scene->market->instrument;
    scene->asker = by_hand(scene->source) ? OWNER_MANUAL : (uint16_t)(scene->pipeline->owners - 1);
    scene->order = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .tif = TIF_GTC, .price_ticks = PRICE, .qty_lots = LOTS};
    assert_int_equal(book_sync_state(scene->market->sync), BOOK_LIVE);
    pipeline_on_time(scene->pipeline, scene->pipeline->now_ns); /* the day's first equity is known */
    trading_update_equity(scene->pipeline);
    tripping = row->code;
    row->set(scene);
    asker.order = scene->order;
    asker.wants = scene->source == STRATEGY || scene->source == REPLAY;
    if (scene->source == PLUGIN)
        plugin_told(scene);
}

static inline struct counted count(const struct scene *scene, enum risk_code code)
{
    return (struct counted){scene->pipeline->counts.sent, scene->pipeline->counts.denied,
                            scene->pipeline->risk.denials[code]};
}

static inline void ask(struct scene *scene)
{
    struct command command = {.kind = COMMAND_ORDER, .source = "key", .intent = scene->order};

    if (!by_hand(scene->source)) {
        pipeline_on_time(scene->pipeline, WORLD_NS + PIPELINE_TICK_NS);
        return;
    }
    scene->pipeline->now_ns += PIPELINE_TICK_NS; /* as at the others: no tick of ours first */
    if (scene->source == KEY)
        pipeline_on_command(scene->pipeline, &command);
    else
        api_order(scene);
}

static inline struct counted by_events(struct scene *scene, const struct row *row)
{
    static struct instrument instrument;
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = WORLD_NS, .instrument = &instrument};
    struct counted before;

    instrument_init(&instrument, "BTCUSDT", row->venue, 0);
    instrument.tick_e8 = TICK_E8;
    instrument.lot_e8 = LOT_E8;
    pipeline_on_feed(scene->pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){
        .recv_ns = WORLD_NS, .last_id = 10, .levels = {bids, asks}, .level_count = {1, 1}};
    pipeline_on_feed(scene->pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = WORLD_NS,
                                        .first_id = 10,
                                        .last_id = 12,
                                        .prev_id = 9,
                                        .has_prev_id = row->venue != VENUE_BINANCE_SPOT};
    pipeline_on_feed(scene->pipeline, &event);
    prepare(scene, row);
    before = count(scene, row->code);
    ask(scene);
    return before;
}

static inline struct counted by_replay(struct scene *scene, const struct row *row)
{
    static struct instrument known;
    struct decoder_config decoder = {.known = &known, .known_count = 1};
    char path[] = "/tmp/flowdeck-four-XXXXXX.jsonl", why[256];
    const char *paths[] = {path};
    struct counted before = {0};
    struct feed_event event;
    struct replay *replay;
    bool ready = false;

    instrument_init(&known, "BTCUSDT", row->venue, 0);
    known.tick_e8 = TICK_E8;
    known.lot_e8 = LOT_E8;
    write_recording(path, row->venue);
    if (replay_open(paths, 1, &decoder, &replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    while (replay_next(replay, &event)) {
        assert_int_not_equal(event.kind, FEED_BAD);
        pipeline_on_feed(scene->pipeline, &event);
        if (!ready && scene->pipeline->markets == 1 && scene->pipeline->market[0]->book_state == BOOK_LIVE) {
            prepare(scene, row);
            before = count(scene, row->code);
            ready = true;
        }
    }
    assert_true(ready);
    scene->market = NULL;
    replay_close(replay);
    unlink(path);
    return before;
}

#endif
