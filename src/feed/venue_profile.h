/*
 * venue_profile.h - what differs between Binance spot, USD-M and COIN-M on the wire: URLs, paths, stream names,
 * limits, weights. Pure data and text making. Facts 1 to 6.
 */
#ifndef FEED_VENUE_PROFILE_H
#define FEED_VENUE_PROFILE_H

#include "core/base/err.h"
#include "core/domain/instrument.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VENUE_URL_MAX    256
#define STREAM_NAME_MAX  64
#define VENUE_PATHS_MAX  2
#define STREAM_KINDS_MAX 6

enum stream_kind {
    STREAM_DEPTH,
    STREAM_QUOTE,
    STREAM_TRADE,
    STREAM_AGG_TRADE,
    STREAM_MARK_PRICE,
    STREAM_LIQUIDATION
};

struct venue_profile {
    enum venue venue;
    char rest_url[VENUE_URL_MAX];   /* "https://api.binance.com", no slash at the end */
    char stream_url[VENUE_URL_MAX]; /* "wss://stream.binance.com:9443" */
    char rest_path[16];             /* "/api/v3", "/fapi/v1", "/dapi/v1" */
    size_t paths;                   /* connections */
    struct {
        char name[16]; /* "stream", "public", "market": for the screen */
        char path[24]; /* "/stream", "/public/stream", "/market/stream" */
    } path[VENUE_PATHS_MAX];
    uint32_t commands_per_s;    /* incoming messages the venue allows, pongs included: 5 / 10 */
    uint32_t streams_per_link;  /* the venue allows 1024; 200 by prudence, 250 on COIN-M's one connection */
    uint32_t connects_per_5min; /* our own bound: 20 */
    int64_t weight_limit;       /* per minute: 6000 / 2400, until exchangeInfo says */
    uint32_t weight_share_percent;                /* of it that the feed may use: 50 */
    uint32_t depth_limit_deep, depth_limit_plain; /* 5000 and 1000 / 1000 and 1000 */
};

/* Safe defaults of the real venue. environment: "live", "testnet", "demo"; NULL: live. ERR_NOT_FOUND: the venue
 * has no such environment. Base URLs may then be overwritten by venue_profile_set_urls(). */
enum err venue_profile_init(struct venue_profile *profile, enum venue venue, const char *environment);
/* https:// and wss:// only, no path, no user, no query. ERR_USAGE with *why. NULL keeps one. */
enum err venue_profile_set_urls(struct venue_profile *profile, const char *rest_url, const char *stream_url,
                                char *why, size_t why_size);

/* "btcusdt@depth@100ms"; which connection carries it in *path. False: this venue has no such stream. */
bool venue_stream_name(const struct venue_profile *profile, enum stream_kind kind, const char *symbol,
                       char out[STREAM_NAME_MAX], size_t *path);
uint32_t venue_depth_weight(enum venue venue, uint32_t limit); /* facts 6 */
uint32_t venue_info_weight(enum venue venue);
uint32_t venue_history_weight(enum venue venue); /* of a page of aggTrades */

#endif
