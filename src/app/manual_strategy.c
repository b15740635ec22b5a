#include "app/manual_strategy.h"

#include "app/roff.h"
#include "core/base/embedded.h"
#include "core/strategy/builtin.h"
#include "core/strategy/manifest.h"

#include <string.h>

#define GUIDE "man/flowdeck-strategy.7.in"
#define PLACE ".\\\" @BUILT-IN-STRATEGIES@"

#define TEXT_SIZE   512
#define WIDTH       78 /* of help on a terminal */
#define NAME_COLUMN 22

/* "money of one quote; 1 to 1000 quote, default 500". Returns out. */
static const char *parameter_text(const struct strategy_parameter *parameter, char *out, size_t out_size)
{
    char min[64], max[64], preset[96], range[256];

    strategy_parameter_text(parameter, parameter->min, min, sizeof(min));
    strategy_parameter_text(parameter, parameter->max, max, sizeof(max));
    strategy_parameter_text(parameter, parameter->preset, preset, sizeof(preset));
    if (parameter->type == PARAMETER_BOOL)
        snprintf(range, sizeof(range), "true or false");
    else if (parameter->type == PARAMETER_ENUM)
        snprintf(range, sizeof(range), "one of %s", parameter->allowed);
    else
        snprintf(range, sizeof(range), "%s to %s%s%s", min, max, parameter->unit[0] != '\0' ? " " : "",
                 parameter->unit);
    snprintf(out, out_size, "%s; %s, default %s", parameter->help, range, preset);
    return out;
}

/* A manifest of our own; NULL, with a line on standard error, where it cannot be read. */
static const struct strategy_manifest *manifest_of(const struct builtin_strategy *strategy)
{
    static struct strategy_manifest manifest; /* 12 kB, and one thread */
    char why[256];

    if (strategy_manifest_parse(strategy->manifest_text, strlen(strategy->manifest_text), strategy->name,
                                &manifest, why, sizeof(why)) == ERR_OK)
        return &manifest;
    fprintf(stderr, "%s\n", why);
    return NULL;
}

/* --- flowdeck-strategy(7) ---------------------------------------------------------------------------------- */

/* Paragraphs are parted by an empty line. */
static void put_paragraphs(const char *text, FILE *out)
{
    char line[4096];

    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t size = end != NULL ? (size_t)(end - text) : strlen(text);

        snprintf(line, sizeof(line), "%.*s", (int)size, text);
        for (char *c = line; *c != '\0'; c++)
            if (*c == '\n')
                *c = ' ';
        roff(line, out);
        fputs(end != NULL ? "\n.PP\n" : "\n", out);
        text += size + (end != NULL ? 2 : 0);
    }
}

static bool put_strategy(const struct builtin_strategy *strategy, FILE *out)
{
    const struct strategy_manifest *manifest = manifest_of(strategy);
    char text[TEXT_SIZE];

    if (manifest == NULL)
        return false;
    fputs(".SS ", out);
    roff(manifest->name, out);
    fputc('\n', out);
    put_paragraphs(strategy->page, out);
    for (size_t i = 0; i < manifest->parameter_count; i++)
        roff_item(manifest->parameter[i].name, NULL,
                  parameter_text(&manifest->parameter[i], text, sizeof(text)), out);
    return true;
}

bool manual_strategy_page(FILE *out)
{
    const struct embedded_file *guide = embedded_find(GUIDE);
    const char *place = guide != NULL ? strstr(guide->text, PLACE) : NULL;
    const struct builtin_strategy *const *strategies;
    bool fine = true;
    size_t count;

    if (place == NULL)
        return false;
    fwrite(guide->text, 1, (size_t)(place - guide->text), out);
    fputs(".SH BUILT-IN STRATEGIES\n", out);
    strategies = builtin_strategies(&count);
    for (size_t i = 0; fine && i < count; i++)
        fine = put_strategy(strategies[i], out);
    place += strcspn(place, "\n");
    fputs(place + (*place == '\n'), out);
    return fine;
}

/* --- help --------------------------------------------------------------------------------------------------- */

void manual_wrapped(const char *text, int column, int indent, FILE *out)
{
    while (*text != '\0') {
        size_t blanks = strspn(text, " \n"), size;

        if (strncmp(text, "\n\n", 2) == 0) {
            fprintf(out, "\n\n%*s", indent, "");
            column = indent;
        }
        text += blanks;
        size = strcspn(text, " \n");
        if (column > indent && column + 1 + (int)size > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        column += fprintf(out, "%s%.*s", column > indent && size > 0 ? " " : "", (int)size, text);
        text += size;
    }
    fputc('\n', out);
}

bool manual_strategies(FILE *out)
{
    const struct builtin_strategy *const *strategies;
    const struct strategy_manifest *manifest;
    size_t count;

    strategies = builtin_strategies(&count);
    for (size_t i = 0; i < count; i++) {
        manifest = manifest_of(strategies[i]);
        if (manifest == NULL)
            return false;
        fprintf(out, "%-12s %s\n", manifest->name, manifest->about);
    }
    fputs(
        "\nhelp strategy NAME has its idea, its sources and its parameters. A setting strategy.NAME.on says\n"
        "whether it is on at the start; plug-ins: flowdeck-strategy(7).\n",
        out);
    return true;
}

bool manual_strategy(const char *name, FILE *out)
{
    const struct builtin_strategy *strategy = builtin_strategy_find(name);
    const struct strategy_manifest *manifest = strategy == NULL ? NULL : manifest_of(strategy);
    char text[TEXT_SIZE];

    if (manifest == NULL)
        return false;
    fprintf(out, "%s %s: %s\n\n", manifest->name, manifest->version, manifest->about);
    manual_wrapped(strategy->page, 0, 0, out);
    fprintf(out, "\nsettings strategy.%s.NAME:\n", manifest->name);
    for (size_t i = 0; i < manifest->parameter_count; i++) {
        fprintf(out, "  %-*s", NAME_COLUMN - 2, manifest->parameter[i].name);
        manual_wrapped(parameter_text(&manifest->parameter[i], text, sizeof(text)), NAME_COLUMN, NAME_COLUMN,
                       out);
    }
    return true;
}
