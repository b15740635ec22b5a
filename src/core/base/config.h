/*
 * config.h - options by a table: YAML file, environment, command line and defaults.
 *
 * One struct option describes a setting once: name, type, unit, range, default, help. From
 * the table come the YAML keys (dots are nesting: risk.max_value), the environment names
 * (FLOWDECK_RISK_MAX_VALUE), the command-line options (if cli is set), `check-config`,
 * `--help` and the manual. Precedence: command line, environment, file, the demo's own, default.
 * Errors give one line: file:line:column, the key, what is wrong, the nearest valid key, what
 * is allowed. Loading is all or nothing. Pure but for config_load_file()/config_load_environ().
 */
#ifndef CORE_BASE_CONFIG_H
#define CORE_BASE_CONFIG_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_WHY_SIZE      512
#define CONFIG_TEXT_MAX      1024 /* longest text value, NUL included */
#define CONFIG_FILE_SIZE_MAX (1 << 20)
#define CONFIG_OPTIONS_MAX   512

enum option_type {
    OPTION_BOOL,    /* true/false/yes/no/on/off in YAML; flag or value on the command line */
    OPTION_INT,     /* int64, range min..max */
    OPTION_DECIMAL, /* exact decimal text to e8, range in e8 */
    OPTION_RATIO,   /* decimal to double, for signal parameters only; range in e8 */
    OPTION_TEXT,    /* UTF-8 without control characters, at most max bytes if max > 0 */
    OPTION_ENUM,    /* one of allowed, separated by '|' */
    OPTION_LIST     /* list of texts without commas, no two equal, each one of allowed if that is set, at most
                       max of them if max > 0; YAML sequence or a,b,c; stored comma-joined */
};

enum option_source {
    OPTION_FROM_DEFAULT,
    OPTION_FROM_DEMO,
    OPTION_FROM_FILE,
    OPTION_FROM_ENVIRON,
    OPTION_FROM_CLI,
    OPTION_FROM_RUN
};

struct option {
    const char *name; /* "risk.max_value" */
    enum option_type type;
    const char *unit;    /* "quote", "ms", "levels"; NULL: none */
    int64_t min, max;    /* for INT plain, for DECIMAL and RATIO in e8; both 0: any */
    const char *preset;  /* default as text; NULL: no default, may stay unset */
    const char *allowed; /* ENUM: "observation|simulation" */
    const char *cli;     /* long option without dashes, NULL: not on the command line */
    const char *help;    /* one line, no full stop */
};

struct config; /* values of one table */

/* table is kept, not copied: static. NULL when memory is short. */
struct config *config_new(const struct option *table, size_t option_count);
struct config *config_copy(const struct config *config); /* NULL when memory is short */
void config_free(struct config *config);                 /* NULL is allowed */

#define CONFIG_FAULTS_MAX 32 /* told of one configuration; of more their number */

struct config_faults {
    size_t count; /* of all; the first CONFIG_FAULTS_MAX are kept */
    char why[CONFIG_FAULTS_MAX][CONFIG_WHY_SIZE];
};

void config_faults_add(struct config_faults *faults, const char *why); /* each text once */
/*
 * From now on a load of config goes on behind a wrong key or value, and adds each to faults; it fails all the same, with the
 * first of them. faults must outlive the loads; NULL ends it.
 */
void config_gather(struct config *config, struct config_faults *faults);
bool config_gathers(const struct config *config);

/*
 * Each sets the values of its own source and forgets what an earlier load of that source set, so a reload
 * is a load. On error (ERR_CONFIG; ERR_NOT_FOUND or ERR_IO for the file itself) the config is unchanged and why
 * says what. The file must be a regular one, at most CONFIG_FILE_SIZE_MAX, and not writable by everyone.
 */
enum err config_load_text(struct config *config, const char *text, size_t size, const char *file_name,
                          char why[CONFIG_WHY_SIZE]);
enum err config_load_file(struct config *config, const char *path, char why[CONFIG_WHY_SIZE]);
/* FLOWDECK_* of environ; names not in the table are refused with the nearest one, but for those in
 * ignored (NULL-ended), which the program reads itself. */
enum err config_load_environ(struct config *config, char **environ_, const char *const *ignored,
                             char why[CONFIG_WHY_SIZE]);
/* Value of option `name` (its table name) as given on the command line; NULL: a flag without a value. */
enum err config_set_cli(struct config *config, const char *name, const char *value,
                        char why[CONFIG_WHY_SIZE]);

/* Value of option `name` as set while the program runs: goes before all others. ERR_CONFIG: no such key, or not allowed. */
enum err config_set_run(struct config *config, const char *name, const char *value,
                        char why[CONFIG_WHY_SIZE]);

/* Likewise as the demo has it where nobody says otherwise: goes before the default alone. */
enum err config_set_demo(struct config *config, const char *name, const char *value,
                         char why[CONFIG_WHY_SIZE]);

/* As if config_set_run() had never been called for it. False: it has not been. The name is in the table. */
bool config_unset_run(struct config *config, const char *name);
/* What it is without that, canonical, "" for unset. Borrowed until the next load. */
const char *config_text_before_run(const struct config *config, const char *name);

/* Getters assert that the name is in the table and has the type. Unset without default: 0, "". */
bool config_bool(const struct config *config, const char *name);
int64_t config_int(const struct config *config, const char *name);
int64_t config_decimal_e8(const struct config *config, const char *name);
double config_ratio(const struct config *config, const char *name);
const char *config_text(const struct config *config, const char *name); /* borrowed until the next load */
/* What the file alone says, canonical; NULL: nothing. Borrowed likewise. */
const char *config_file_text(const struct config *config, const char *name);
/* Value of any type as text, canonical: for check-config and the screen. Borrowed likewise. */
const char *config_value_text(const struct config *config, const char *name);
bool config_is_set(const struct config *config, const char *name);
enum option_source config_source(const struct config *config, const char *name, const char **file, int *line);
const char *config_source_word(enum option_source source); /* "default", "command line" */

const struct option *config_table(const struct config *config, size_t *count);
const struct option *option_find(const struct option *table, size_t count, const char *name);
/*
 * Whether name may be a slip for candidate: their edit distance is at most a third of what stands behind the sections
 * ("risk.") that both have, and of their last word; 1 of a shorter one that begins alike. distance is set where it is.
 */
bool option_is_near(const char *name, const char *candidate, size_t *distance);
/* The closest of those, of several the one that begins most like it; NULL: none is near. */
const char *option_nearest(const struct option *table, size_t count, const char *name);
/* "integer 1..1000 ms", "one of: a, b"; for messages, help and the manual. Returns out. */
const char *option_allowed_text(const struct option *option, char *out, size_t out_size);
/* FLOWDECK_RISK_MAX_VALUE of "risk.max_value". Returns out. */
const char *option_environ_name(const struct option *option, char *out, size_t out_size);

#endif
