/*
 * matching_script.h - orders and what came of them as text, so that a case of the matching engine is two lines.
 *
 *   1 sell limit 10@101 iceberg=3; 2 buy market 4; cancel 1; amend 1 5; expire 1; status halted; queue ask 101
 *   options: ioc fok iceberg= stop= trail= list= stp=none|taker|maker|both|decrement quote=
 *
 * Told back, with orders numbered from 1: new 1, trade 2>1 4@101, ask 101 0>3, set-off 2, prevent 2>1 4@101,
 * cancel 1, expire 1, expire-stp 1, amend 1, queue 1 2, or the name of the reject.
 */
#ifndef UNIT_MATCHING_SCRIPT_H
#define UNIT_MATCHING_SCRIPT_H

#include "unit/cmocka_all.h"

#include "sim/matching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT_TEXT_MAX 4096

struct script {
    struct match_book *book;
    int64_t now_ns;
    bool quiet;
    char out[SCRIPT_TEXT_MAX];
};

__attribute__((format(printf, 2, 3))) static void script_say(struct script *script, const char *format, ...)
{
    size_t used = strlen(script->out);
    va_list args;

    if (script->quiet)
        return;
    if (used != 0)
        used += (size_t)snprintf(&script->out[used], sizeof(script->out) - used, ", ");
    va_start(args, format);
    used += (size_t)vsnprintf(&script->out[used], sizeof(script->out) - used, format, args);
    va_end(args);
    assert_true(used < sizeof(script->out));
}

static void script_hear(void *arg, const struct match_event *event)
{
    static const char *const words[] = {"new", "set-off", "trade", "prevent", "cancel", "expire", "amend"};
    struct script *script = arg;

    assert_ptr_equal(event->book, script->book);
    assert_int_equal(event->time_ns, script->now_ns);
    if (event->kind == MATCH_EVENT_LEVEL)
        script_say(script, "%s %lld %lld>%lld", event->side == SIDE_BID ? "bid" : "ask",
                   (long long)event->price_ticks, (long long)event->qty_before_lots,
                   (long long)event->qty_lots);
    else if (event->kind == MATCH_EVENT_TRADE || event->kind == MATCH_EVENT_PREVENTED)
        script_say(script, "%s %llu>%llu %lld@%lld", words[event->kind], (unsigned long long)event->order->id,
                   (unsigned long long)event->maker->id, (long long)event->qty_lots,
                   (long long)event->price_ticks);
    else
        script_say(script, "%s%s %llu", words[event->kind], event->by_stp ? "-stp" : "",
                   (unsigned long long)event->order->id);
}

static void script_answer(struct script *script, enum match_reject reject)
{
    static const char *const words[] = {"",       "would-take", "would-trigger", "bad-order",
                                        "closed", "full",       "unknown-order", "not-smaller"};

    if (reject != MATCH_OK)
        script_say(script, "%s", words[reject]);
}

static unsigned script_word(const char *word, const char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    fail_msg("no such word: %s", word);
    return 0;
}

static void script_option(struct match_request *request, char *word)
{
    static const char *const names[] = {"iceberg", "stop", "trail", "list", "stp", "quote"};
    static const char *const modes[] = {"none", "taker", "maker", "both", "decrement"};
    char *value = strchr(word, '=');

    if (value == NULL) {
        static const char *const tifs[] = {"gtc", "ioc", "fok"};

        request->tif = (enum match_tif)script_word(word, tifs, 3);
        return;
    }
    *value++ = '\0';
    switch (script_word(word, names, 6)) {
    case 0:
        request->iceberg_lots = atoll(value);
        break;
    case 1:
        request->stop_ticks = atoll(value);
        break;
    case 2:
        request->trailing_bips = atoll(value);
        break;
    case 3:
        request->list_id = (uint64_t)atoll(value);
        break;
    case 4:
        request->stp = (enum match_stp)script_word(value, modes, 5);
        break;
    default:
        request->quote_value = atoll(value);
        break;
    }
}

/* "1 sell limit 10@101 ioc": the account is the first word. */
static void script_submit(struct script *script, char **rest, const char *account)
{
    static const char *const sides[] = {"buy", "sell"};
    static const char *const types[] = {
        "limit", "market", "maker", "stop-loss", "stop-loss-limit", "take-profit", "take-profit-limit"};
    struct match_request request = {.account = (uint32_t)atoi(account)};
    uint64_t id = 0;
    char *word = strtok_r(NULL, " ", rest);

    assert_non_null(word);
    request.side = (enum side)script_word(word, sides, 2);
    word = strtok_r(NULL, " ", rest);
    assert_non_null(word);
    request.type = (enum match_type)script_word(word, types, 7);
    while ((word = strtok_r(NULL, " ", rest)) != NULL) {
        char *at = strchr(word, '@');

        if ((word[0] >= '0' && word[0] <= '9') || word[0] == '-') {
            request.qty_lots = atoll(word);
            request.price_ticks = at != NULL ? atoll(at + 1) : 0;
        } else {
            script_option(&request, word);
        }
    }
    script_answer(script, match_submit(script->book, script->now_ns, &request, &id));
}

static void script_queue(struct script *script, char **rest)
{
    char text[256] = "queue";
    uint64_t ids[16];
    const char *side = strtok_r(NULL, " ", rest), *price = strtok_r(NULL, " ", rest);
    size_t count =
        match_orders_at(script->book, strcmp(side, "bid") == 0 ? SIDE_BID : SIDE_ASK, atoll(price), ids, 16);

    assert_true(count <= 16);
    for (size_t i = 0; i < count; i++)
        snprintf(&text[strlen(text)], sizeof(text) - strlen(text), " %llu", (unsigned long long)ids[i]);
    script_say(script, "%s", text);
}

static void script_command(struct script *script, char *line)
{
    static const char *const states[] = {"trading", "cancel-only", "halted"};
    char *rest = NULL, *word = strtok_r(line, " ", &rest);

    if (word == NULL)
        return;
    script->now_ns++;
    if (strcmp(word, "cancel") == 0) {
        script_answer(script, match_cancel(script->book, script->now_ns,
                                           strtoull(strtok_r(NULL, " ", &rest), NULL, 10)));
    } else if (strcmp(word, "expire") == 0) {
        script_answer(script, match_expire(script->book, script->now_ns,
                                           strtoull(strtok_r(NULL, " ", &rest), NULL, 10)));
    } else if (strcmp(word, "amend") == 0) {
        uint64_t id = strtoull(strtok_r(NULL, " ", &rest), NULL, 10);

        script_answer(script,
                      match_amend(script->book, script->now_ns, id, atoll(strtok_r(NULL, " ", &rest))));
    } else if (strcmp(word, "status") == 0) {
        match_set_status(script->book, (enum match_status)script_word(strtok_r(NULL, " ", &rest), states, 3));
    } else if (strcmp(word, "queue") == 0) {
        script_queue(script, &rest);
    } else {
        script_submit(script, &rest, word);
    }
}

static void script_run(struct script *script, const char *text, bool quiet)
{
    char line[SCRIPT_TEXT_MAX], *rest = NULL;

    assert_true(strlen(text) < sizeof(line));
    strcpy(line, text);
    script->quiet = quiet;
    for (char *command = strtok_r(line, ";", &rest); command != NULL; command = strtok_r(NULL, ";", &rest))
        script_command(script, command);
}

static void script_begin(struct script *script, size_t orders_max)
{
    static struct match_book_config config = {.price_ticks_max = 10000000};

    memset(script, 0, sizeof(*script));
    config.orders_max = orders_max;
    script->book = match_book_new(&config);
    assert_non_null(script->book);
    assert_true(match_listen(script->book, script_hear, script));
}

static void script_end(struct script *script)
{
    match_book_free(script->book);
}

#endif
