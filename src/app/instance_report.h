/*
 * instance_report.h - who trades with a data directory and who waits beside it, for `flowdeck status`: from files alone,
 * so that a leader that is stopped or hangs is told, too.
 */
#ifndef APP_INSTANCE_REPORT_H
#define APP_INSTANCE_REPORT_H

#include <jansson.h>
#include <stdio.h>

void instance_report_print(const char *data_dir, FILE *out); /* nothing where nobody is */
/* {"leader": {...} or null, "standbys": [...]}; NULL: memory. */
json_t *instance_report_json(const char *data_dir);

#endif
