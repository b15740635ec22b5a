/*
 * log_line.h - one log event as a line, text or JSON. Pure.
 *
 * Behind core/base/log.h: log.c moves events between threads, this makes lines of them.
 */
#ifndef CORE_BASE_LOG_LINE_H
#define CORE_BASE_LOG_LINE_H

#include "core/base/log.h"

#define LOG_FIELDS_MAX 16

struct log_record {
    int64_t ts_ns;
    uint64_t correlation_id;
    enum log_level level;
    const char *event;
    const struct log_field *field;
    size_t field_count;
    bool cut; /* fields were lost on the way here */
};

/* Writes the line with its newline and a NUL; a field that does not fit is left out whole and the line says
 * so. Returns the length without the NUL. */
size_t log_line_format(const struct log_record *record, enum log_format format, char out[LOG_LINE_MAX]);

#endif
