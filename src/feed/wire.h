/*
 * wire.h - one message of the venue, as its fields: what the hot scanner and jansson both fill.
 *
 * Way of the data: text -> scan.c or wire_json.c -> WIRE MESSAGE -> decoder. Numbers are integers of
 * 10^-8 ("e8"); texts are borrowed. A field counts only where its bit is set in `seen`, so that nothing
 * needs clearing between messages. Field names are the wire's: see facts of each stream in the venue's
 * documents; the same letter means different things in different messages (b: bid levels of a depth
 * update, bid price of a bookTicker, order id of a trade), hence a bit for each key and type.
 */
#ifndef FEED_WIRE_H
#define FEED_WIRE_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_LEVELS_MAX 32768 /* of one message, both sides: beyond it the message is refused */

enum wire_kind {
    WIRE_OTHER, /* valid, and not for us */
    WIRE_DEPTH,
    WIRE_SNAPSHOT,
    WIRE_QUOTE,
    WIRE_TRADE,
    WIRE_AGG_TRADE,
    WIRE_EXCHANGE_INFO
};

enum wire_field {
    WIRE_EVENT = 1 << 0,           /* e: event */
    WIRE_EVENT_MS = 1 << 1,        /* E */
    WIRE_TIME_MS = 1 << 2,         /* T */
    WIRE_SYMBOL = 1 << 3,          /* s; symbol in a snapshot */
    WIRE_FIRST_ID = 1 << 4,        /* U */
    WIRE_LAST_ID = 1 << 5,         /* u */
    WIRE_PREV_ID = 1 << 6,         /* pu */
    WIRE_BID_LEVELS = 1 << 7,      /* b: array */
    WIRE_ASK_LEVELS = 1 << 8,      /* a: array */
    WIRE_BID_PRICE = 1 << 9,       /* b: string */
    WIRE_ASK_PRICE = 1 << 10,      /* a: string */
    WIRE_BID_ID = 1 << 11,         /* b: number */
    WIRE_ASK_ID = 1 << 12,         /* a: number; the id of an aggTrade */
    WIRE_BID_QTY = 1 << 13,        /* B: string */
    WIRE_ASK_QTY = 1 << 14,        /* A: string */
    WIRE_TRADE_ID = 1 << 15,       /* t: number */
    WIRE_PRICE = 1 << 16,          /* p: string */
    WIRE_QTY = 1 << 17,            /* q: string */
    WIRE_BUYER_MAKER = 1 << 18,    /* m: bool */
    WIRE_SPOT_FLAG = 1 << 19,      /* M: spot alone has it */
    WIRE_EXEC_TYPE = 1 << 20,      /* X: futures trades alone have it */
    WIRE_SNAPSHOT_ID = 1 << 21,    /* lastUpdateId */
    WIRE_SNAPSHOT_BIDS = 1 << 22,  /* bids */
    WIRE_SNAPSHOT_ASKS = 1 << 23,  /* asks */
    WIRE_FIRST_TRADE_ID = 1 << 24, /* f: not used, known so that a second one is seen */
    WIRE_LAST_TRADE_ID = 1 << 25   /* l: the same */
};

enum wire_event {
    WIRE_EVENT_DEPTH,
    WIRE_EVENT_QUOTE,
    WIRE_EVENT_TRADE,
    WIRE_EVENT_AGG_TRADE,
    WIRE_EVENT_OTHER
};

struct wire_level {
    int64_t price_e8;
    int64_t qty_e8;
};

struct wire_text {
    const char *at; /* not NUL-terminated */
    size_t size;    /* 0: there is none */
};

struct wire_message {
    enum wire_kind kind;
    uint32_t seen;           /* bits of enum wire_field */
    uint32_t invalid;        /* bits of fields that are there but cannot be used */
    struct wire_text stream; /* of a combined envelope */
    enum wire_kind promised; /* by the stream's name: set by whoever sets stream */
    struct wire_text stream_symbol;
    struct wire_text symbol; /* as the message wrote it */
    enum wire_event event;
    int64_t event_ms, time_ms;
    uint64_t first_id, last_id, prev_id, snapshot_id;
    uint64_t trade_id;
    uint64_t order_id[SIDE_COUNT];      /* b, a as numbers */
    struct wire_level best[SIDE_COUNT]; /* bookTicker */
    struct wire_level print;            /* p, q */
    bool buyer_maker;
    bool off_market; /* X is there and is not MARKET */
    /* Levels of both sides in one array, WIRE_LEVELS_MAX long, given by the owner of the message. */
    struct wire_level *level;
    size_t level_first[SIDE_COUNT];
    size_t level_count[SIDE_COUNT];
    size_t level_used;
};

/* What a stream name promises: "btcusdt@depth@100ms" is WIRE_DEPTH of "btcusdt". Partial depth, RPI depth
 * and all we do not read are WIRE_OTHER. *symbol is the part before the first '@', empty for "!bookTicker". */
enum wire_kind wire_stream_kind(struct wire_text stream, struct wire_text *symbol);

/* Sets kind: in an envelope what the stream's name promises, which the content must then keep; else what
 * the content is. False, with *why: fields that the kind needs are missing or unusable, or name and
 * content contradict each other. A message that is not for us is WIRE_OTHER, whatever it holds. */
bool wire_settle(struct wire_message *message, const char **why);

/* Is the stream's symbol a the message's symbol b? Letters of either case are the same. */
bool wire_same_symbol(struct wire_text a, struct wire_text b);

enum wire_market { WIRE_MARKET_SPOT, WIRE_MARKET_FUTURES };

/* Which market the message is from. *sure is false where that is a guess that an instrument already
 * known by this name overrules. */
enum wire_market wire_market(const struct wire_message *message, bool *sure);

#endif
