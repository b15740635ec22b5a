/* Values of options: speeds, times, orders. See cli.h and cli_store.h. */
#include "app/cli_store.h"
#include "core/base/decimal.h"
#include "core/base/time_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPEED_MAX_E3 INT64_C(1000000)
#define NANO_SIZE    9

bool cli_parse_speed(const char *text, int64_t *speed_x1000)
{
    int64_t value;

    if (strcmp(text, "max") == 0) {
        *speed_x1000 = 0;
        return true;
    }
    if (decimal_parse(text, strlen(text), 3, &value) != ERR_OK || value < 10 || value > SPEED_MAX_E3)
        return false;
    *speed_x1000 = value;
    return true;
}

bool cli_parse_order(const char *text, uint64_t *seq)
{
    const char *number = text;
    char *end;

    if (strncmp(text, "fd-", 3) == 0) {
        number = text + 3 + strspn(text + 3, "0123456789");
        if (number == text + 3 || *number++ != '-')
            return false;
    }
    if (*number < '0' || *number > '9')
        return false;
    *seq = strtoull(number, &end, 10);
    return *end == '\0' && *seq > 0 && *seq <= INT64_MAX;
}

/* ".25" is 250 ms; *end behind it. */
static int64_t fraction_of(const char *text, const char **end)
{
    int64_t ns = 0;
    int digits = 0;

    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9' && digits < NANO_SIZE; text++, digits++)
            ns = ns * 10 + (*text - '0');
    *end = text;
    while (digits++ < NANO_SIZE)
        ns *= 10;
    return ns;
}

bool cli_parse_moment(const char *text, int64_t now_ns, int64_t *ns)
{
    size_t size = strcspn(text, ".Z");
    const char *rest = text + size;
    char whole[32];
    int64_t fraction = fraction_of(rest, &rest);

    if (*rest == 'Z')
        rest++;
    if (*rest != '\0' || size > strlen("2024-08-09T00:00:00"))
        return false;
    snprintf(whole, sizeof(whole), "%.*s%s", (int)size, text,
             size == strlen("2024-08-09") && text[4] == '-' ? "T00:00:00" : "");
    if (!time_parse(whole, ns))
        return false;
    if (*ns < TIME_PARSE_DAY_NS)
        *ns += now_ns - now_ns % TIME_PARSE_DAY_NS;
    *ns += fraction;
    return true;
}
