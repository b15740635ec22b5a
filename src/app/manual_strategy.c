#include "app/manual_strategy.h"

#include "app/roff.h"
#include "core/base/embedded.h"
#include "core/strategy/builtin.h"
#include "core/strategy/manifest.h"

#include <string.h>

#define GUIDE "man/flowdeck-strategy.7.in"
#define PLACE ".\\\" @BUILT-IN-STRATEGIES@"

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

static void put_parameter(const struct strategy_parameter *parameter, FILE *out)
{
    char min[64], max[64], preset[96], range[256], text[512];

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
    snprintf(text, sizeof(text), "%s; %s, default %s", parameter->help, range, preset);
    roff_item(parameter->name, NULL, text, out);
}

static bool put_strategy(const struct builtin_strategy *strategy, FILE *out)
{
    static struct strategy_manifest manifest; /* 12 kB, and one thread */
    char why[256];

    if (strategy_manifest_parse(strategy->manifest_text, strlen(strategy->manifest_text), strategy->name,
                                &manifest, why, sizeof(why)) != ERR_OK) {
        fprintf(stderr, "%s\n", why);
        return false;
    }
    fputs(".SS ", out);
    roff(manifest.name, out);
    fputc('\n', out);
    put_paragraphs(strategy->page, out);
    for (size_t i = 0; i < manifest.parameter_count; i++)
        put_parameter(&manifest.parameter[i], out);
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
