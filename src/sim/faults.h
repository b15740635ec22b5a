/*
 * faults.h - what can be made to go wrong on the built-in exchange: the words, and the script of when.
 *
 * "[AT_S] VERB ARGS": AT_S is seconds of the exchange's clock since it opened; "+0.5" is half a second after the line
 * before (live: after now); live lines need none. fault_forms() is the list that a wrong line is answered with.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "sim/certificates.h"
#include "sim/symbol.h"
#include "sim/text.h"

#define FAULT_LINE_MAX     256
#define FAULT_COUNT_MAX    1000000
#define FAULT_SECONDS_MAX  86400
#define FAULT_PREFIX_SIZE  64
#define FAULT_OVERSIZE_MAX ((size_t)24 << 20) /* below what a connection may have waiting */

enum fault_verb {
    FAULT_GAP,
    FAULT_DUP,
    FAULT_REORDER,
    FAULT_CORRUPT,
    FAULT_WRONG_SYMBOL,
    FAULT_STALL,
    FAULT_HALF_OPEN,
    FAULT_RST,
    FAULT_FIN,
    FAULT_SLOW,
    FAULT_HTTP,
    FAULT_RETRY_AFTER,
    FAULT_LATE_ACK,
    FAULT_LATE_ORDER,
    FAULT_LOST_ACK,
    FAULT_PARTIAL,
    FAULT_EXPIRE,
    FAULT_HALT,
    FAULT_CANCEL_ONLY,
    FAULT_TRADE,
    FAULT_CLOCK_SKEW,
    FAULT_SERVER_SHUTDOWN,
    FAULT_OVERSIZE,
    FAULT_GARBAGE,
    FAULT_FLOOD,
    FAULT_BAD_TLS,
    FAULT_REFUSE,
    FAULT_SNAPSHOT_OLD,
    FAULT_CAPTIVE,
    FAULT_JUMP,
    FAULT_LIMITS,
    FAULT_PING,
    FAULT_CHAOS,
    FAULT_VERBS
};

enum garbage_kind {
    GARBAGE_TRUNCATED,
    GARBAGE_UTF8,
    GARBAGE_NUMBER,
    GARBAGE_DEEP,
    GARBAGE_NUL,
    GARBAGE_BINARY,
    GARBAGE_KINDS
};

enum fault_target { TARGET_STREAMS, TARGET_API, TARGET_REST, TARGET_ALL };

struct fault {
    enum fault_verb verb;
    int64_t at_ns; /* since the exchange opened; -1: now */
    uint32_t count;
    int64_t for_ns;             /* SECONDS */
    int64_t number;             /* MS, BYTES, BYTES_PER_S, PER_S, PER_MIN, BP */
    char symbol[SIM_NAME_SIZE]; /* "": any, or the first */
    int status;                 /* http:NNN */
    char prefix[FAULT_PREFIX_SIZE];
    int64_t retry_after_s; /* http: -1: the default */
    bool executed;         /* http: done first, answered so afterwards */
    bool on;               /* limits */
    enum tls_kind tls;
    enum garbage_kind garbage;
    enum fault_target target;
    uint64_t verbs; /* chaos: bit for each */
};

/*
 * One line. before_ns: when the line before it was due (live: now). ERR_USAGE with one line in *why that says what is
 * wrong and what is allowed. A line without a time gets at_ns -1 unless needs_time.
 */
enum err fault_parse(const char *line, bool needs_time, int64_t before_ns, struct fault *out, char *why,
                     size_t why_size);
const char *fault_word(enum fault_verb verb);
void fault_forms(struct sim_text *out); /* "gap [N] [SYMBOL]; dup ...": every verb with its arguments */
/* A random small one of these verbs, as a line; for chaos. False: none of them can be had at random. */
bool fault_random(uint64_t verbs, uint64_t random, char line[FAULT_LINE_MAX]);

#endif
