/*
 * test_one_recording.c - one recording, many runs, one hash over the decisions: in each model of the queue, with and without
 * latency, all six strategies ON. FLOWDECK_SOAK=1: the whole recording ten times, else the begin of it twice.
 */
#include "unit/cmocka_all.h"

#include "app/options.h"
#include "app/pipeline.h"
#include "feed/replay.h"

#include <stdlib.h>
#include <string.h>

#define SHORT_EVENTS 40000
#define MS           INT64_C(1000000)

static const char *recording(void)
{
    static char path[512];
    const char *build = getenv("FLOWDECK_BUILD");

    snprintf(path, sizeof(path), "%s/demo.jsonl.gz", build == NULL ? "build" : build);
    return path;
}

static struct pipeline_config config_of(enum queue_model model, bool late)
{
    struct config *settings = options_config_new();
    struct pipeline_config config;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(options_pipeline(settings, &config, why), ERR_OK);
    config_free(settings);
    config.mode = MODE_SIMULATION;
    config.paper.model = model;
    config.paper.seed = 7;
    for (int leg = 0; leg < PAPER_LEGS; leg++)
        config.paper.latency[leg] = (struct paper_latency_params){
            .kind = PAPER_LATENCY_LOG_NORMAL, .median_ns = late ? 20 * MS : 0, .sigma_x1000 = 500};
    for (size_t i = 0; i < config.strategies; i++)
        config.strategy[i].on = true;
    return config;
}

static void run(enum queue_model model, bool late, uint64_t events, char hash[DECISION_HASH_HEX_SIZE],
                uint64_t *sent)
{
    struct pipeline_config config = config_of(model, late);
    struct pipeline *pipeline = pipeline_new(&config, NULL);
    struct decoder_config decoder = {.known = NULL};
    const char *path = recording();
    struct replay *replay;
    struct feed_event event;
    char why[512];

    assert_non_null(pipeline);
    if (replay_open(&path, 1, &decoder, &replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    for (uint64_t i = 0; i < events && replay_next(replay, &event); i++)
        pipeline_on_feed(pipeline, &event);
    pipeline_end(pipeline);
    decision_log_hash(pipeline->decisions, hash);
    *sent = pipeline->counts.sent;
    assert_int_equal(pipeline->counts.errors, 0);
    replay_close(replay);
    pipeline_free(pipeline);
}

static void test_every_run_decides_the_same(void **state)
{
    bool soak = getenv("FLOWDECK_SOAK") != NULL;
    FILE *file = fopen(recording(), "r");

    (void)state;
    if (file == NULL) {
        print_message("%s is not there: skipped\n", recording());
        skip();
    }
    fclose(file);
    for (int model = 0; model < QUEUE_MODELS; model++)
        for (int late = 0; late < 2; late++) {
            char first[DECISION_HASH_HEX_SIZE], next[DECISION_HASH_HEX_SIZE];
            uint64_t sent;

            for (int i = 0; i < (soak ? 10 : 2); i++) {
                run((enum queue_model)model, late != 0, soak ? UINT64_MAX : SHORT_EVENTS,
                    i == 0 ? first : next, &sent);
                if (i > 0)
                    assert_string_equal(first, next);
            }
            assert_true(sent > 0);
            if (soak)
                print_message("model %d, latency %d: ten times %s, %llu orders\n", model, late, first,
                              (unsigned long long)sent);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_run_decides_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
