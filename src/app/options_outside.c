#include "app/options_outside.h"

#include "app/options.h"
#include "feed/venue_profile.h"
#include "plugin/plugin_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err complain(const struct config *config, const char *setting, const char *path, const char *what,
                         char why[CONFIG_WHY_SIZE])
{
    char text[CONFIG_WHY_SIZE / 2];

    snprintf(text, sizeof(text), "%.200s: %s", path, what);
    options_complain(config, setting, text, why);
    return ERR_CONFIG;
}

static enum err check_plugins(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    char list[CONFIG_TEXT_MAX], path[PLUGIN_PATH_MAX], pin[PLUGIN_SHA256_SIZE];
    char *rest = list, *word;

    snprintf(list, sizeof(list), "%s", config_text(config, "strategy.plugins"));
    if (list[0] == '\0' && config_text(config, "strategy.set")[0] != '\0') {
        options_complain(config, "strategy.set", "strategy.plugins names no plug-in that it could be for",
                         why);
        return ERR_CONFIG;
    }
    while (list[0] != '\0' && (word = strsep(&rest, ",")) != NULL) {
        if (plugin_file_spec(word, path, pin) != ERR_OK)
            return complain(config, "strategy.plugins", word, "is too long", why);
        if (path[0] != '/')
            return complain(config, "strategy.plugins", path, "must be an absolute path", why);
        if (access(path, R_OK) != 0)
            return complain(config, "strategy.plugins", path, strerror(errno), why);
    }
    return ERR_OK;
}

static enum err check_feed(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    const char *rest = config_text(config, "feed.rest_url"), *stream = config_text(config, "feed.stream_url");
    const char *ca = config_text(config, "feed.ca_file");
    struct venue_profile profile;
    char fault[CONFIG_WHY_SIZE / 2];

    if (venue_profile_init(&profile, options_venue(config), config_text(config, "feed.environment")) !=
        ERR_OK)
        return complain(config, "feed.environment", config_text(config, "feed.environment"),
                        "the venue has none of that name", why);
    if (rest[0] != '\0' && venue_profile_set_urls(&profile, rest, NULL, fault, sizeof(fault)) != ERR_OK) {
        options_complain(config, "feed.rest_url", fault, why);
        return ERR_CONFIG;
    }
    if (stream[0] != '\0' && venue_profile_set_urls(&profile, NULL, stream, fault, sizeof(fault)) != ERR_OK) {
        options_complain(config, "feed.stream_url", fault, why);
        return ERR_CONFIG;
    }
    if (ca[0] != '\0' && access(ca, R_OK) != 0)
        return complain(config, "feed.ca_file", ca, strerror(errno), why);
    return ERR_OK;
}

static enum err check_ring(const struct config *config, char why[CONFIG_WHY_SIZE])
{
    const char *ring = config_text(config, "journal.ring_dir");
    struct stat at;

    if (!config_bool(config, "store.on") || (stat(ring, &at) == 0 && S_ISDIR(at.st_mode)))
        return ERR_OK;
    return complain(config, "journal.ring_dir", ring, "is no folder", why);
}

void options_check_outside(const struct config *config, struct config_faults *faults)
{
    static enum err (*const check[])(const struct config *, char *) = {check_ring, check_plugins, check_feed};
    char why[CONFIG_WHY_SIZE];

    for (size_t i = 0; i < sizeof(check) / sizeof(check[0]); i++)
        if (check[i](config, why) != ERR_OK)
            config_faults_add(faults, why);
}
