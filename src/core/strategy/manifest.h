/*
 * manifest.h - what a strategy says of itself before a line of it runs: YAML text, the same for built-in ones. Pure.
 *
 *     name: mm
 *     version: 1.0.0
 *     abi: 1
 *     about: quotes both sides around a reservation price
 *     instruments: 1            # how many it trades: 1..8; 0: as many as are configured, each by itself
 *     parameters:
 *       gamma: {type: decimal, min: 0.001, max: 100, default: 0.1, unit: "", help: risk aversion}
 *       passive: {type: bool, default: true, help: ...}
 *       mode: {type: enum, allowed: [a, b], default: a, help: ...}
 *
 * Name, version, abi and about must be given; instruments is 1 if it is not. Of a parameter: type, default, help;
 * min and max of numbers, allowed of an enum; unit if there is one. Bad text gives one line with line and column.
 * Unknown keys are refused. Another ABI's number is told before anything else that may be wrong.
 */
#ifndef CORE_STRATEGY_MANIFEST_H
#define CORE_STRATEGY_MANIFEST_H

#include "core/base/err.h"
#include "core/domain/intent.h"

#include <stddef.h>
#include <stdint.h>

#define MANIFEST_SIZE_MAX       16384
#define MANIFEST_PARAMETERS_MAX 32

enum parameter_type { PARAMETER_INT, PARAMETER_DECIMAL, PARAMETER_BOOL, PARAMETER_ENUM };

struct strategy_parameter {
    char name[32]; /* [a-z][a-z0-9_]* */
    enum parameter_type type;
    int64_t min, max, preset; /* INT plain, DECIMAL e8, BOOL 0..1, ENUM index */
    char unit[12];
    char allowed[96]; /* ENUM: "a|b" */
    char help[120];
};

struct strategy_manifest {
    char name[OWNER_NAME_SIZE]; /* [a-z][a-z0-9_-]*, never "manual" */
    char version[24];
    uint32_t abi;
    char about[120];
    uint32_t instruments;
    size_t parameter_count;
    struct strategy_parameter parameter[MANIFEST_PARAMETERS_MAX];
};

/* On error *out is untouched: ERR_UNSUPPORTED another ABI, ERR_TOO_LONG, ERR_DUPLICATE, ERR_BAD_DATA. */
enum err strategy_manifest_parse(const char *text, size_t size, const char *file_name,
                                 struct strategy_manifest *out, char *why, size_t why_size);
/* "0.25" for the screen and the configuration; of ENUM the word. Returns out. */
const char *strategy_parameter_text(const struct strategy_parameter *parameter, int64_t value, char *out,
                                    size_t out_size);
/* The other way, range checked; ERR_RANGE, ERR_BAD_DATA with one line in why. */
enum err strategy_parameter_parse(const struct strategy_parameter *parameter, const char *text, int64_t *out,
                                  char *why, size_t why_size);

#endif
