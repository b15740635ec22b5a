#include "app/alert_file.h"

#include "core/base/decimal.h"
#include "core/base/file_failed.h"
#include "core/base/file_replace.h"
#include "core/base/read_full.h"
#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD      "flowdeck alerts 1"
#define LINE_SIZE 192
#define FILE_MAX  (ALERTS_MAX * LINE_SIZE) /* bytes */
#define NAME_SIZE (sizeof(ALERT_FILE_PREFIX) + ALERT_ACCOUNT_MAX + 8)

static void name_file(const char *account, const char *ending, char out[NAME_SIZE])
{
    snprintf(out, NAME_SIZE, ALERT_FILE_PREFIX "%.*s%s", ALERT_ACCOUNT_MAX, account, ending);
}

/* --- reading ------------------------------------------------------------------------------------------------ */

/* As the venue's names are written: what is printed, and compared. */
static bool is_symbol(const char *text)
{
    return text[0] != '\0' && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(text);
}

static bool parse_figure(const char *text, unsigned scale, int64_t *out)
{
    return decimal_parse(text, strlen(text), scale, out) == ERR_OK && *out <= ALERT_LEVEL_MAX &&
           *out >= -ALERT_LEVEL_MAX;
}

static bool parse_rang(const char *text, unsigned scale, struct alert *out)
{
    char ns[24], figure[32], away[8] = "", rest, *end;
    int words = sscanf(text, " rang %23s %31s %7s %c", ns, figure, away, &rest);

    if (words != 2 && (words != 3 || strcmp(away, "away") != 0))
        return false;
    errno = 0;
    out->rang_ns = strtoll(ns, &end, 10);
    out->away = words == 3;
    return errno == 0 && *end == '\0' && out->rang_ns > 0 && parse_figure(figure, scale, &out->rang_at);
}

static bool parse_line(const char *line, struct alert *out)
{
    char symbol[SYMBOL_SIZE], word[12], sign[3], figure[32];
    const struct alert_kind *kind;
    enum alert_of of;
    int used = 0;

    *out = (struct alert){.instrument_id = ALERT_NO_SESSION};
    if (sscanf(line, "%23s %11s %2s %31s%n", symbol, word, sign, figure, &used) != 4 || !is_symbol(symbol) ||
        !alert_kind_find(word, &of) || (strcmp(sign, ">") != 0 && strcmp(sign, "<") != 0))
        return false;
    kind = alert_kind(of);
    out->of = (uint8_t)of;
    out->above = sign[0] == '>';
    memcpy(out->symbol, symbol, sizeof(symbol));
    if (!parse_figure(figure, kind->scale, &out->level))
        return false;
    out->decimals = of == ALERT_PRICE ? (uint8_t)decimal_places(out->level, kind->scale) : 0;
    return line[used] == '\0' || parse_rang(line + used, kind->scale, out);
}

static uint16_t parse(const char *name, char *text, struct alert *out, char *why, size_t why_size)
{
    unsigned number = 1, bad = 0, first_bad = 0;
    char *rest = text, *line = strsep(&rest, "\n"), safe[64];
    uint16_t count = 0;

    if (strcmp(line, HEAD) != 0) {
        safe_text(line, strlen(line), safe, sizeof(safe));
        snprintf(why, why_size, "%s: its first line is `%.40s`, not `" HEAD "`: nothing was taken from it",
                 name, safe);
        return 0;
    }
    while ((line = strsep(&rest, "\n")) != NULL) {
        number++;
        if (line[0] == '\0')
            continue;
        if (count < ALERTS_MAX && parse_line(line, &out[count])) {
            count++;
        } else if (bad++ == 0) {
            first_bad = number;
        }
    }
    if (bad > 0)
        snprintf(why, why_size, "%s: %u line%s left out, the first is line %u", name, bad,
                 bad == 1 ? "" : "s", first_bad);
    return count;
}

uint16_t alert_file_read(const char *data_dir, const char *account, struct alert out[ALERTS_MAX], char *why,
                         size_t why_size)
{
    char name[NAME_SIZE], text[FILE_MAX + 1];
    int folder = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
    struct stat info;
    ssize_t size = -1;

    why[0] = '\0';
    name_file(account, "", name);
    fd = folder < 0 ? -1 : openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        file_failed_text(data_dir, name, "opening", why, why_size);
    if (folder >= 0)
        close(folder);
    if (fd < 0)
        return 0;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        size = read_full(pread, fd, text, FILE_MAX, 0);
    else
        errno = EINVAL;
    if (size < 0)
        file_failed_text(data_dir, name, "reading", why, why_size);
    close(fd);
    if (size < 0)
        return 0;
    text[size] = '\0';
    return parse(name, text, out, why, why_size);
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static size_t put_line(const struct alert *alert, char *out, size_t size)
{
    const struct alert_kind *kind = alert_kind(alert->of);
    char level[DECIMAL_TEXT_SIZE], at[DECIMAL_TEXT_SIZE], rang[96] = "";

    decimal_format_trim(alert->level, kind->scale, level);
    decimal_format_trim(alert->rang_at, kind->scale, at);
    if (alert->rang_ns != 0)
        snprintf(rang, sizeof(rang), " rang %" PRId64 " %s%s", alert->rang_ns, at,
                 alert->away ? " away" : "");
    return (size_t)snprintf(out, size, "%s %s %c %s%s\n", alert->symbol, kind->word, alert->above ? '>' : '<',
                            level, rang);
}

enum err alert_file_write(const char *data_dir, const char *account, const struct alert *alert,
                          uint16_t count, char *why, size_t why_size)
{
    char name[NAME_SIZE], fresh[NAME_SIZE], text[FILE_MAX + sizeof(HEAD) + 1];
    size_t used = (size_t)snprintf(text, sizeof(text), HEAD "\n");
    int folder = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done;

    name_file(account, "", name);
    name_file(account, ".new", fresh);
    for (uint16_t i = 0; i < count; i++)
        used += put_line(&alert[i], text + used, sizeof(text) - used);
    errno = folder < 0 ? errno : 0;
    done = folder >= 0 && file_replace(folder, fresh, name, text, used);
    if (!done)
        file_failed_text(data_dir, name, "writing", why, why_size);
    if (folder >= 0)
        close(folder);
    return done ? ERR_OK : ERR_STORAGE;
}
