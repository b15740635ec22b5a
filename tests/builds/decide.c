/*
 * decide RECORDING...: the hash over the decisions of each recording, one a line, as `flowdeck replay --headless` gives
 * it with the settings that are built in, and every built-in strategy ON. It is made of what decides alone, so that
 * building it once more takes little.
 */
#include "app/options.h"
#include "app/pipeline.h"
#include "core/base/embedded.h"
#include "feed/instruments_file.h"
#include "feed/replay.h"

#include <stdio.h>

static struct instrument known[INSTRUMENTS_FILE_MAX];

static int refuse(const char *why)
{
    fprintf(stderr, "decide: %s\n", why);
    return 1;
}

static bool decide(const char *path, const struct pipeline_config *config,
                   const struct decoder_config *decoder, char *why, size_t why_size)
{
    struct pipeline *pipeline = pipeline_new(config, NULL);
    struct replay *replay = NULL;
    struct feed_event event;
    char hash[DECISION_HASH_HEX_SIZE];

    snprintf(why, why_size, "no memory");
    if (pipeline == NULL || replay_open(&path, 1, decoder, &replay, why, why_size) != ERR_OK) {
        pipeline_free(pipeline);
        return false;
    }
    while (replay_next(replay, &event))
        pipeline_on_feed(pipeline, &event);
    pipeline_end(pipeline);
    decision_log_hash(pipeline->decisions, hash);
    puts(hash);
    replay_close(replay);
    pipeline_free(pipeline);
    return true;
}

int main(int argc, char **argv)
{
    const struct embedded_file *file = embedded_find("config/instruments.yaml");
    struct config *settings = options_config_new();
    struct decoder_config decoder = {.known = known};
    struct pipeline_config config;
    char why[512];

    if (file == NULL || settings == NULL)
        return refuse("no settings");
    if (options_pipeline(settings, &config, why) != ERR_OK ||
        instruments_file_parse(file->text, file->size, file->name, known, INSTRUMENTS_FILE_MAX,
                               &decoder.known_count, why, sizeof(why)) != ERR_OK)
        return refuse(why);
    config.mode = MODE_SIMULATION;
    for (size_t i = 0; i < config.strategies; i++)
        config.strategy[i].on = true;
    for (int i = 1; i < argc; i++)
        if (!decide(argv[i], &config, &decoder, why, sizeof(why)))
            return refuse(why);
    config_free(settings);
    return 0;
}
