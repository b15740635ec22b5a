/*
 * decision_log.h - the hash that proves determinism: decision_sha256 of a summary.
 *
 * SHA-256 over one line for each intent, adjustment, denial, order, fill and change of state:
 *     <event_ns> <kind> <symbol> <owner> <side> <price_ticks> <qty_lots> <code>\n
 * with "-" for what does not apply. It depends on the events alone.
 */
#ifndef APP_DECISION_LOG_H
#define APP_DECISION_LOG_H

#include <stdint.h>
#include <stdio.h>

#define DECISION_HASH_HEX_SIZE 65

struct decision_log;

/* copy: every line is written there too, for people comparing two runs; NULL: no copy. */
struct decision_log *decision_log_new(FILE *copy);
void decision_log_free(struct decision_log *log); /* NULL is allowed */
void decision_log_add(struct decision_log *log, int64_t event_ns, const char *kind, const char *symbol,
                      const char *owner, const char *side, int64_t price_ticks, int64_t qty_lots,
                      const char *code);
uint64_t decision_log_count(const struct decision_log *log);
void decision_log_hash(const struct decision_log *log, char out[DECISION_HASH_HEX_SIZE]);

#endif
