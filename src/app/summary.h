/*
 * summary.h - the result of a headless replay: one JSON object on one line, or text for people.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include "app/cli.h"
#include "app/engine.h"

#include <stdio.h>

/* False when memory is short or writing failed. */
bool summary_print_json(const struct engine *engine, const struct cli *cli, FILE *out);
bool summary_print_text(const struct engine *engine, FILE *out);

/* EXIT_CODE_DATA when a book is not LIVE, lines were bad or nothing could be used; else EXIT_CODE_OK. On DATA why
 * says the reason in one line. */
enum exit_code summary_exit_code(const struct engine *engine, char *why, size_t why_size);

#endif
