#include "feed/venue_profile.h"

#include "core/base/safe_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct place {
    enum venue venue;
    const char *environment;
    const char *rest_url, *stream_url;
};

static const struct place places[] = {
    {VENUE_BINANCE_SPOT, "live", "https://api.binance.com", "wss://stream.binance.com:9443"},
    {VENUE_BINANCE_SPOT, "testnet", "https://testnet.binance.vision", "wss://stream.testnet.binance.vision"},
    {VENUE_BINANCE_SPOT, "demo", "https://demo-api.binance.com", "wss://demo-stream.binance.com"},
    {VENUE_BINANCE_USDM, "live", "https://fapi.binance.com", "wss://fstream.binance.com"},
    {VENUE_BINANCE_USDM, "testnet", "https://testnet.binancefuture.com", "wss://fstream.binancefuture.com"},
    {VENUE_BINANCE_USDM, "demo", "https://demo-fapi.binance.com", "wss://demo-fstream.binance.com"},
    {VENUE_BINANCE_COINM, "live", "https://dapi.binance.com", "wss://dstream.binance.com"},
    {VENUE_BINANCE_COINM, "testnet", "https://testnet.binancefuture.com", "wss://dstream.binancefuture.com"},
};

static void set_path(struct venue_profile *profile, size_t index, const char *name, const char *path)
{
    snprintf(profile->path[index].name, sizeof(profile->path[index].name), "%s", name);
    snprintf(profile->path[index].path, sizeof(profile->path[index].path), "%s", path);
}

static void set_limits(struct venue_profile *profile)
{
    bool spot = profile->venue == VENUE_BINANCE_SPOT;

    profile->commands_per_s = spot ? 5 : 10;
    profile->streams_per_link = profile->venue == VENUE_BINANCE_COINM ? 250 : 200;
    profile->connects_per_5min = 20;
    profile->weight_limit = spot ? 6000 : 2400;
    profile->weight_share_percent = 50;
    profile->depth_limit_deep = spot ? 5000 : 1000;
    profile->depth_limit_plain = 1000;
}

static const char *rest_path(enum venue venue)
{
    switch (venue) {
    case VENUE_BINANCE_SPOT:
        return "/api/v3";
    case VENUE_BINANCE_USDM:
        return "/fapi/v1";
    case VENUE_BINANCE_COINM:
        break;
    }
    return "/dapi/v1";
}

enum err venue_profile_init(struct venue_profile *profile, enum venue venue, const char *environment)
{
    const char *wanted = environment != NULL ? environment : "live";
    const struct place *place = NULL;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i].venue == venue && strcmp(places[i].environment, wanted) == 0)
            place = &places[i];
    if (place == NULL)
        return ERR_NOT_FOUND;
    memset(profile, 0, sizeof(*profile));
    profile->venue = venue;
    snprintf(profile->rest_url, sizeof(profile->rest_url), "%s", place->rest_url);
    snprintf(profile->stream_url, sizeof(profile->stream_url), "%s", place->stream_url);
    snprintf(profile->rest_path, sizeof(profile->rest_path), "%s", rest_path(venue));
    if (venue == VENUE_BINANCE_USDM) {
        profile->paths = 2;
        set_path(profile, 0, "public", "/public/stream");
        set_path(profile, 1, "market", "/market/stream");
    } else {
        profile->paths = 1;
        set_path(profile, 0, "stream", "/stream");
    }
    set_limits(profile);
    return ERR_OK;
}

/* NULL, or what is wrong with scheme://host[:port]. */
static const char *url_fault(const char *url, const char *scheme)
{
    size_t scheme_size = strlen(scheme), host, digits;
    const char *at = url + scheme_size;

    if (strlen(url) >= VENUE_URL_MAX)
        return "is too long (255 bytes)";
    if (strncmp(url, scheme, scheme_size) != 0)
        return "has the wrong scheme";
    if (at[0] == '[') {
        size_t address = strspn(at + 1, "0123456789abcdefABCDEF:");

        host = address > 1 && at[1 + address] == ']' ? address + 2 : 0;
    } else {
        host = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    }
    if (host == 0)
        return "has no usable host";
    at += host;
    if (at[0] == ':') {
        digits = strspn(at + 1, "0123456789");
        if (digits == 0 || digits > 5)
            return "has no usable port";
        at += 1 + digits;
    }
    return at[0] == '\0' ? NULL : "has more than scheme, host and port";
}

static enum err take_url(char out[VENUE_URL_MAX], const char *url, const char *scheme, char *why,
                         size_t why_size)
{
    const char *fault;
    char safe[80];

    if (url == NULL)
        return ERR_OK;
    fault = url_fault(url, scheme);
    if (fault == NULL) {
        snprintf(out, VENUE_URL_MAX, "%s", url);
        return ERR_OK;
    }
    safe_text(url, strcspn(url, "?@"), safe, sizeof(safe)); /* a user or query may be a secret */
    snprintf(why, why_size, "URL \"%s\" %s; allowed is %shost[:port]", safe, fault, scheme);
    return ERR_USAGE;
}

enum err venue_profile_set_urls(struct venue_profile *profile, const char *rest_url, const char *stream_url,
                                char *why, size_t why_size)
{
    struct venue_profile made = *profile; /* both or none */
    enum err err = take_url(made.rest_url, rest_url, "https://", why, why_size);

    if (err == ERR_OK)
        err = take_url(made.stream_url, stream_url, "wss://", why, why_size);
    if (err == ERR_OK)
        *profile = made;
    return err;
}

/* --- streams ------------------------------------------------------------------------------------------------ */

static const char *suffix_of(enum venue venue, enum stream_kind kind)
{
    bool spot = venue == VENUE_BINANCE_SPOT;

    switch (kind) {
    case STREAM_DEPTH:
        return venue == VENUE_BINANCE_USDM ? "@depth@0ms" : "@depth@100ms";
    case STREAM_QUOTE:
        return "@bookTicker";
    case STREAM_TRADE:
        return "@trade";
    case STREAM_AGG_TRADE:
        return "@aggTrade";
    case STREAM_MARK_PRICE:
        return spot ? NULL : "@markPrice@1s";
    case STREAM_LIQUIDATION:
        return spot ? NULL : "@forceOrder";
    }
    return NULL;
}

/* USD-M: book data and the undocumented @trade on /public, the rest on /market. */
static size_t path_of(const struct venue_profile *profile, enum stream_kind kind)
{
    if (profile->paths < 2)
        return 0;
    return kind == STREAM_DEPTH || kind == STREAM_QUOTE || kind == STREAM_TRADE ? 0 : 1;
}

bool venue_stream_name(const struct venue_profile *profile, enum stream_kind kind, const char *symbol,
                       char out[STREAM_NAME_MAX], size_t *path)
{
    const char *suffix = suffix_of(profile->venue, kind);
    size_t size = strlen(symbol);

    if (suffix == NULL || size + strlen(suffix) >= STREAM_NAME_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)tolower((unsigned char)symbol[i]);
    snprintf(out + size, STREAM_NAME_MAX - size, "%s", suffix);
    *path = path_of(profile, kind);
    return true;
}

/* --- weights ------------------------------------------------------------------------------------------------ */

uint32_t venue_depth_weight(enum venue venue, uint32_t limit)
{
    if (venue == VENUE_BINANCE_SPOT)
        return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
    return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

uint32_t venue_info_weight(enum venue venue)
{
    return venue == VENUE_BINANCE_SPOT ? 20 : 1;
}

uint32_t venue_history_weight(enum venue venue)
{
    return venue == VENUE_BINANCE_SPOT ? 4 : 20;
}
