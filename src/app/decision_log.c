#include "app/decision_log.h"

#include "app/sha256.h"

#include <inttypes.h>
#include <stdlib.h>

struct decision_log {
    struct sha256 *sha;
    FILE *copy;
    uint64_t count;
};

struct decision_log *decision_log_new(FILE *copy)
{
    struct decision_log *log = calloc(1, sizeof(*log));

    if (log == NULL)
        return NULL;
    log->copy = copy;
    log->sha = sha256_new();
    if (log->sha == NULL) {
        free(log);
        return NULL;
    }
    return log;
}

void decision_log_free(struct decision_log *log)
{
    if (log == NULL)
        return;
    sha256_free(log->sha);
    free(log);
}

void decision_log_add(struct decision_log *log, int64_t event_ns, const char *kind, const char *symbol,
                      const char *owner, const char *side, int64_t price_ticks, int64_t qty_lots,
                      const char *code)
{
    char line[256];
    int size = snprintf(line, sizeof(line), "%" PRId64 " %s %s %s %s %" PRId64 " %" PRId64 " %s\n", event_ns,
                        kind, symbol, owner, side, price_ticks, qty_lots, code);

    if (size < 0)
        return;
    if ((size_t)size >= sizeof(line))
        size = (int)sizeof(line) - 1;
    sha256_add(log->sha, line, (size_t)size);
    if (log->copy != NULL)
        fwrite(line, 1, (size_t)size, log->copy);
    log->count++;
}

uint64_t decision_log_count(const struct decision_log *log)
{
    return log->count;
}

void decision_log_hash(const struct decision_log *log, char out[DECISION_HASH_HEX_SIZE])
{
    sha256_hex(log->sha, out);
}
