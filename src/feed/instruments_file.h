/*
 * instruments_file.h - config/instruments.yaml: steps of instruments whose recording has no exchangeInfo.
 *
 *   binance-spot:
 *     BTCUSDT: {tick: "0.01", lot: "0.00001"}
 *
 * libyaml is core/base's alone, so this reads through core/base/yaml_map.h.
 */
#ifndef FEED_INSTRUMENTS_FILE_H
#define FEED_INSTRUMENTS_FILE_H

#include "core/base/err.h"
#include "core/domain/instrument.h"

#include <stddef.h>

#define INSTRUMENTS_FILE_MAX 512

/* Parses text; on error *count is untouched and why holds file:line:column and what is allowed. */
enum err instruments_file_parse(const char *text, size_t size, const char *file_name, struct instrument *out,
                                size_t max, size_t *count, char *why, size_t why_size);

#endif
