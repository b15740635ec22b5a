#include "sim/faults.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12
#define SECOND_NS INT64_C(1000000000)

_Static_assert(FAULT_VERBS <= 64, "chaos has a bit for each verb");

/*
 * Letters: c count, s seconds, n whole number, y symbol, k kind of garbage, t kind of bad certificate, w on|off,
 * g which connections, v list of verbs; after '?' arguments may be left out.
 */
static const struct form {
    const char *word, *letters, *usage;
    int64_t least, most; /* of n */
    const char *random;  /* for chaos; NULL: not at random */
} forms[FAULT_VERBS] = {
    [FAULT_GAP] = {"gap", "?cy", "[N] [SYMBOL]", 0, 0, "gap 1"},
    [FAULT_DUP] = {"dup", "?cy", "[N] [SYMBOL]", 0, 0, "dup 1"},
    [FAULT_REORDER] = {"reorder", "?cy", "[N] [SYMBOL]", 0, 0, "reorder 1"},
    [FAULT_CORRUPT] = {"corrupt", "?cy", "[N] [SYMBOL]", 0, 0, NULL},
    [FAULT_WRONG_SYMBOL] = {"wrong_symbol", "?cy", "[N] [SYMBOL]", 0, 0, "wrong_symbol 1"},
    [FAULT_STALL] = {"stall", "s", "SECONDS", 0, 0, "stall 2"},
    [FAULT_HALF_OPEN] = {"half_open", "s", "SECONDS", 0, 0, "half_open 3"},
    [FAULT_RST] = {"rst", "?g", "[streams|api|rest|all]", 0, 0, "rst streams"},
    [FAULT_FIN] = {"fin", "?g", "[streams|api|rest|all]", 0, 0, "fin streams"},
    [FAULT_SLOW] = {"slow", "ns", "BYTES_PER_S SECONDS", 1, 1000000000, "slow 20000 2"},
    [FAULT_HTTP] = {"http", "", "http:NNN [COUNT] [PATH_PREFIX] [retry_after SECONDS] [executed]", 0, 0,
                    "http:503 1"},
    [FAULT_RETRY_AFTER] = {"retry_after", "s", "SECONDS", 0, 0, NULL},
    [FAULT_LATE_ACK] = {"late_ack", "n?c", "MS [N]", 1, 600000, "late_ack 2000 1"},
    [FAULT_LATE_ORDER] = {"late_order", "n?c", "MS [N]", 1, 600000, "late_order 1000 1"},
    [FAULT_LOST_ACK] = {"lost_ack", "?c", "[N]", 0, 0, "lost_ack 1"},
    [FAULT_PARTIAL] = {"partial", "?c", "[N]", 0, 0, "partial 1"},
    [FAULT_EXPIRE] = {"expire", "?c", "[N]", 0, 0, "expire 1"},
    [FAULT_HALT] = {"halt", "y", "SYMBOL", 0, 0, NULL},
    [FAULT_CANCEL_ONLY] = {"cancel_only", "y", "SYMBOL", 0, 0, NULL},
    [FAULT_TRADE] = {"trade", "y", "SYMBOL", 0, 0, NULL},
    [FAULT_CLOCK_SKEW] = {"clock_skew", "n", "MS", -86400000, 86400000, NULL},
    [FAULT_SERVER_SHUTDOWN] = {"server_shutdown", "?s", "[SECONDS]", 0, 0, "server_shutdown 2"},
    [FAULT_OVERSIZE] = {"oversize", "n", "BYTES", 64, (int64_t)FAULT_OVERSIZE_MAX, NULL},
    [FAULT_GARBAGE] = {"garbage", "k?c", "truncated|utf8|number|deep|nul|binary [N]", 0, 0,
                       "garbage truncated 1"},
    [FAULT_FLOOD] = {"flood", "ns?y", "PER_S SECONDS [SYMBOL]", 1, 1000000, "flood 2000 2"},
    [FAULT_BAD_TLS] = {"bad_tls", "t",
                       "off|expired|not_yet|wrong_host|wrong_ip|unknown_ca|self_signed|no_ca_bit|tls10|tls11",
                       0, 0, NULL},
    [FAULT_REFUSE] = {"refuse", "s", "SECONDS", 0, 0, "refuse 2"},
    [FAULT_SNAPSHOT_OLD] = {"snapshot_old", "?c", "[N]", 0, 0, "snapshot_old 1"},
    [FAULT_CAPTIVE] = {"captive", "?c", "[N]", 0, 0, "captive 1"},
    [FAULT_JUMP] = {"jump", "yn", "SYMBOL BP", -5000, 5000, NULL},
    [FAULT_LIMITS] = {"limits", "w", "on|off", 0, 0, NULL},
    [FAULT_PING] = {"ping", "s", "SECONDS (the pong has three times that)", 0, 0, NULL},
    [FAULT_CHAOS] = {"chaos", "n?v", "PER_MIN [VERB,VERB,...]", 0, 6000, NULL},
};

static const char *const garbage_words[GARBAGE_KINDS] = {"truncated", "utf8", "number",
                                                         "deep",      "nul",  "binary"};
static const char *const target_words[] = {"streams", "api", "rest", "all"};

const char *fault_word(enum fault_verb verb)
{
    return forms[verb].word;
}

void fault_forms(struct sim_text *out)
{
    for (size_t verb = 0; verb < FAULT_VERBS; verb++) {
        if (verb > 0)
            sim_text_add(out, "; ");
        if (verb != FAULT_HTTP) {
            sim_text_add(out, forms[verb].word);
            sim_text_add(out, " ");
        }
        sim_text_add(out, forms[verb].usage);
    }
}

bool fault_random(uint64_t verbs, uint64_t random, char line[FAULT_LINE_MAX])
{
    size_t count = 0, pick;

    for (size_t verb = 0; verb < FAULT_VERBS; verb++)
        count += (verbs >> verb & 1u) != 0 && forms[verb].random != NULL;
    if (count == 0)
        return false;
    pick = (size_t)(random % count);
    for (size_t verb = 0; verb < FAULT_VERBS; verb++)
        if ((verbs >> verb & 1u) != 0 && forms[verb].random != NULL && pick-- == 0)
            snprintf(line, FAULT_LINE_MAX, "%s", forms[verb].random);
    return true;
}

/* --- one line ------------------------------------------------------------------------------------------------- */

struct words {
    char text[FAULT_LINE_MAX];
    const char *word[WORDS_MAX];
    size_t count, next;
};

static bool split(const char *line, struct words *out)
{
    char *save = NULL;

    memset(out, 0, sizeof(*out));
    if (strlen(line) >= sizeof(out->text))
        return false;
    snprintf(out->text, sizeof(out->text), "%s", line);
    for (char *word = strtok_r(out->text, " \t\r\n", &save); word != NULL;
         word = strtok_r(NULL, " \t\r\n", &save)) {
        if (out->count == WORDS_MAX)
            return false;
        out->word[out->count++] = word;
    }
    return true;
}

static bool whole_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
    int64_t value;

    if (decimal_parse(text, strlen(text), 0, &value) != ERR_OK || strchr(text, '.') != NULL ||
        value < least || value > most)
        return false;
    *out = value;
    return true;
}

static bool seconds(const char *text, int64_t *out_ns)
{
    int64_t value;

    if (decimal_parse(text, strlen(text), 9, &value) != ERR_OK || value < 0 ||
        value > FAULT_SECONDS_MAX * SECOND_NS)
        return false;
    *out_ns = value;
    return true;
}

static bool one_of(const char *text, const char *const words[], size_t count, unsigned *out)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static bool symbol(const char *text, struct fault *out)
{
    size_t size = strlen(text);

    if (size == 0 || size >= sizeof(out->symbol) ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != size)
        return false;
    memcpy(out->symbol, text, size + 1);
    return true;
}

static bool verb_list(const char *text, uint64_t *out)
{
    char copy[FAULT_LINE_MAX], *save = NULL;

    *out = 0;
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *word = strtok_r(copy, ",", &save); word != NULL; word = strtok_r(NULL, ",", &save)) {
        size_t verb = 0;

        while (verb < FAULT_VERBS && (strcmp(word, forms[verb].word) != 0 || forms[verb].random == NULL))
            verb++;
        if (verb == FAULT_VERBS)
            return false;
        *out |= UINT64_C(1) << verb;
    }
    return *out != 0;
}

static bool take_argument(char letter, const char *text, const struct form *form, struct fault *out)
{
    unsigned which = 0;
    int64_t count;

    switch (letter) {
    case 'c':
        if (!whole_number(text, 1, FAULT_COUNT_MAX, &count))
            return false;
        out->count = (uint32_t)count;
        return true;
    case 's':
        return seconds(text, &out->for_ns);
    case 'n':
        return whole_number(text, form->least, form->most, &out->number);
    case 'y':
        return symbol(text, out);
    case 'k':
        if (!one_of(text, garbage_words, GARBAGE_KINDS, &which))
            return false;
        out->garbage = (enum garbage_kind)which;
        return true;
    case 't':
        for (which = 0; which < TLS_KINDS && strcmp(text, tls_kind_word((enum tls_kind)which)) != 0;)
            which++;
        out->tls = (enum tls_kind)which;
        return which < TLS_KINDS;
    case 'g':
        if (!one_of(text, target_words, 4, &which))
            return false;
        out->target = (enum fault_target)which;
        return true;
    case 'w':
        out->on = strcmp(text, "on") == 0;
        return out->on || strcmp(text, "off") == 0;
    default:
        return verb_list(text, &out->verbs);
    }
}

static bool take_arguments(struct words *words, const struct form *form, struct fault *out)
{
    bool optional = false;

    for (const char *letter = form->letters; *letter != '\0'; letter++) {
        if (*letter == '?') {
            optional = true;
            continue;
        }
        if (words->next < words->count && take_argument(*letter, words->word[words->next], form, out))
            words->next++;
        else if (!optional)
            return false;
    }
    return words->next == words->count;
}

/* http:NNN [COUNT] [PATH_PREFIX] [retry_after SECONDS] [executed] */
static bool take_http(struct words *words, const char *status_text, struct fault *out)
{
    int64_t status, count, wait_ns;

    if (!whole_number(status_text, 300, 599, &status))
        return false;
    out->status = (int)status;
    for (; words->next < words->count; words->next++) {
        const char *word = words->word[words->next];

        if (strcmp(word, "executed") == 0) {
            out->executed = true;
        } else if (strcmp(word, "retry_after") == 0 && words->next + 1 < words->count) {
            if (!seconds(words->word[++words->next], &wait_ns))
                return false;
            out->retry_after_s = (wait_ns + SECOND_NS - 1) / SECOND_NS;
        } else if (word[0] == '/' && strlen(word) < sizeof(out->prefix)) {
            snprintf(out->prefix, sizeof(out->prefix), "%s", word);
        } else if (whole_number(word, 1, FAULT_COUNT_MAX, &count)) {
            out->count = (uint32_t)count;
        } else {
            return false;
        }
    }
    return true;
}

static enum err refuse(const char *line, const char *what, char *why, size_t why_size)
{
    char safe[96];

    safe_text(line, strlen(line), safe, sizeof(safe));
    snprintf(why, why_size, "fault '%s': %s", safe, what);
    return ERR_USAGE;
}

/* "12.5", "+0.5"; leaves *out alone if the word is no time. */
static bool take_time(const char *word, int64_t before_ns, int64_t *out)
{
    int64_t at_ns;

    if (word[0] != '+' && (word[0] < '0' || word[0] > '9'))
        return false;
    if (!seconds(word + (word[0] == '+'), &at_ns))
        return false;
    *out = word[0] == '+' ? before_ns + at_ns : at_ns;
    return true;
}

static enum err unknown_verb(const char *line, char *why, size_t why_size)
{
    char what[512];
    size_t used = (size_t)snprintf(what, sizeof(what), "no such verb; there are");

    for (size_t verb = 0; verb < FAULT_VERBS && used < sizeof(what); verb++)
        used += (size_t)snprintf(what + used, sizeof(what) - used, " %s%s", forms[verb].word,
                                 verb == FAULT_HTTP ? ":NNN" : "");
    return refuse(line, what, why, why_size);
}

enum err fault_parse(const char *line, bool needs_time, int64_t before_ns, struct fault *out, char *why,
                     size_t why_size)
{
    struct words words;
    const char *word;
    char what[256];
    bool timed, ok;
    size_t verb = 0;

    memset(out, 0, sizeof(*out));
    out->at_ns = -1;
    out->count = 1;
    out->retry_after_s = -1;
    if (!split(line, &words) || words.count == 0)
        return refuse(line, "one line \"AT_S VERB ARGS\" of less than 256 characters is wanted", why,
                      why_size);
    timed = take_time(words.word[0], before_ns, &out->at_ns);
    words.next = timed;
    if ((needs_time && !timed) || words.next == words.count)
        return refuse(line,
                      "it begins with its time in seconds (12.5; +0.5 after the one before), then the verb",
                      why, why_size);
    word = words.word[words.next++];
    if (strncmp(word, "http:", 5) == 0)
        verb = FAULT_HTTP;
    else
        while (verb < FAULT_VERBS && (verb == FAULT_HTTP || strcmp(word, forms[verb].word) != 0))
            verb++;
    if (verb == FAULT_VERBS)
        return unknown_verb(line, why, why_size);
    out->verb = (enum fault_verb)verb;
    ok = verb == FAULT_HTTP ? take_http(&words, word + 5, out) : take_arguments(&words, &forms[verb], out);
    if (ok)
        return ERR_OK;
    snprintf(what, sizeof(what), "allowed is %s%s%s%s", verb == FAULT_HTTP ? "" : word,
             verb == FAULT_HTTP ? "" : " ", forms[verb].usage, verb == FAULT_HTTP ? " (NNN 300 to 599)" : "");
    if (strchr(forms[verb].letters, 'n') != NULL) {
        size_t used = strlen(what);

        snprintf(what + used, sizeof(what) - used, " (%lld to %lld)", (long long)forms[verb].least,
                 (long long)forms[verb].most);
    }
    return refuse(line, what, why, why_size);
}
