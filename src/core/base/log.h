/*
 * log.h - structured log: one event, one line, text or JSON; never to the terminal.
 *
 * Any thread may log, without a lock or a system call: event and fields are copied into a bounded queue,
 * which the store thread formats and writes (log_drain). A full queue or disk counts a loss, and the next
 * line that gets through is log.lost with the count. Values pass safe_text(); a line that would pass
 * LOG_LINE_MAX drops its last fields and ends in cut=true. Before log_open() events wait in the queue.
 * Text:  2024-08-09T00:00:01.234Z info book.live sym=BTCUSDT cid=17 update_id=5009
 * JSON:  {"ts":"...","level":"info","event":"book.live","cid":17,"sym":"BTCUSDT",...}
 */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LINE_MAX  512
#define LOG_QUEUE_MAX 1024 /* lines */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* Value of a field: integers stay numbers in JSON, text is quoted and escaped. */
struct log_field {
    const char *key;
    enum { LOG_FIELD_INT, LOG_FIELD_TEXT } kind;
    int64_t number;
    const char *text;
};

#define LOG_INT(key_, value_)  ((struct log_field){(key_), LOG_FIELD_INT, (int64_t)(value_), NULL})
#define LOG_TEXT(key_, value_) ((struct log_field){(key_), LOG_FIELD_TEXT, 0, (value_)})

/* path NULL: lines are kept in memory only (tail) and dropped from the queue. File is 0600, appended; a
 * symbolic link, FIFO or device is refused with ERR_IO. Events below level are dropped. */
enum err log_open(const char *path, enum log_format format, enum log_level level);
enum err log_reopen(void); /* after rotation (SIGUSR2) */
void log_set_level(enum log_level level);
bool log_level_of(const char *word, enum log_level *level); /* "info" */
void log_close(void);                                       /* drains first */

/* ts_ns: event time; correlation_id 0: none. Source of the name: "book.stale", "order.denied". */
void log_event(enum log_level level, int64_t ts_ns, uint64_t correlation_id, const char *event,
               const struct log_field *fields, size_t field_count);
#define log_ev(level, ts_ns, cid, event, ...)                                                                \
    log_event(level, ts_ns, cid, event, (struct log_field[]){__VA_ARGS__},                                   \
              sizeof((struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

size_t log_drain(void); /* writes what is queued; store thread (or main in headless). Returns lines. */

#define LOG_TAIL_MAX  256 /* lines kept in memory */
#define LOG_TAIL_TEXT 160

/* The newest `count` lines in the text format, oldest first, cut to fit; for the screen's log tab. */
struct log_tail_line {
    uint64_t seq; /* counts from 1 */
    char text[LOG_TAIL_TEXT];
    enum log_level level;
};
size_t log_tail(struct log_tail_line *out, size_t count);

#endif
