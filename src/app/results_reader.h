/*
 * results_reader.h - screen 6's figures, read from the database on a thread of their own.
 *
 * The engine asks for a period when somebody looks, and gets what was found last: neither waits for the other. What is
 * found is of all sessions of the account that the database has, this one too, a moment after it happened. A reading that
 * takes long is made so much more seldom, up to ten seconds, that it is a twentieth of a processor: 100,000 fills take
 * 0.3 s, and 2.7 million samples two seconds more, once.
 */
#ifndef APP_RESULTS_READER_H
#define APP_RESULTS_READER_H

#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

struct results_reader;

struct results_reader_config {
    const char *data_dir; /* of flowdeck.db */
    const char *account;  /* as the store's */
    bool last_session;    /* the newest session is a world by itself: a replay */
};

struct results_reader *
results_reader_start(const struct results_reader_config *config); /* NULL: memory, no thread */
/* Before the store is closed; stops a reading that is under way. NULL is allowed. */
void results_reader_stop(struct results_reader *reader);

/* --- the engine's thread ---------------------------------------------------------------------------------- */

/* Somebody looks at this period, at that time; quote: the asset of the account, the same at each call. */
void results_reader_ask(struct results_reader *reader, enum results_period period, int64_t now_ns,
                        const char *quote);
/* What was found last; RESULTS_READING before. Borrowed until the next call. */
const struct view_results *results_reader_newest(struct results_reader *reader, enum results_period period);
uint64_t
results_reader_count(const struct results_reader *reader); /* of what was found: there is something new */

#endif
