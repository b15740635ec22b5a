#include "app/command_explain.h"

#include "app/cli_store.h"
#include "app/paths.h"
#include "app/run.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "exec/fill_story.h"
#include "risk/gate.h"
#include "store/db_file.h"
#include "store/denial_query.h"
#include "store/story_query.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S  INT64_C(1000000000)
#define TIME_SIZE 40

_Static_assert(STORY_QUERY_LINES_MAX >= STORY_LINES_MAX, "the last line tells the end");

/* "12", "fd-1-12" or "3/12": session, epoch apart, number. */
static bool parse_order(const char *text, int64_t *session, uint64_t *seq)
{
    const char *slash = strchr(text, '/');
    char *end;

    *session = 0;
    if (slash != NULL) {
        *session = strtoll(text, &end, 10);
        if (end != slash || *session <= 0)
            return false;
        text = slash + 1;
    }
    return cli_parse_order(text, seq);
}

static const char *time_text(int64_t ns, char out[TIME_SIZE])
{
    time_t seconds = (time_t)(ns / NS_PER_S);
    struct tm utc;
    size_t used;

    gmtime_r(&seconds, &utc);
    used = strftime(out, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &utc);
    snprintf(out + used, TIME_SIZE - used, ".%03d", (int)(ns % NS_PER_S / 1000000));
    return out;
}

static const char *number(int64_t value_e8, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim(value_e8, DECIMAL_E8_DIGITS, out);
    return out;
}

static bool has_ended(const struct story_query *story)
{
    static const enum order_state ended[] = {ORDER_STATE_FILLED, ORDER_STATE_CANCELLED, ORDER_STATE_REJECTED,
                                             ORDER_STATE_EXPIRED};

    for (size_t i = 0; i < sizeof(ended) / sizeof(ended[0]); i++)
        if (strcmp(story->state, order_state_word(ended[i])) == 0)
            return true;
    return false;
}

static void print_people(const struct story_query *story)
{
    char time[TIME_SIZE], a[DECIMAL_TEXT_SIZE], b[DECIMAL_TEXT_SIZE], c[DECIMAL_TEXT_SIZE];

    printf("order %" PRIu64 " of session %" PRId64 ": %s %s %s %s", story->seq, story->session, story->side,
           number(story->qty_e8, a), story->symbol, story->type);
    if (story->stop_e8 > 0)
        printf(" stop %s", number(story->stop_e8, b));
    if (story->price_e8 > 0)
        printf(strcmp(story->type, order_type_word(ORDER_MARKET)) == 0 ? " at worst %s" : " @ %s",
               number(story->price_e8, b));
    printf(" %s\n", story->tif);
    printf("sent %s UTC\n", time_text(story->sent_ns, time));
    printf("%s %s UTC, filled %s of %s%s%s\n", story->state, time_text(story->updated_ns, time),
           number(story->filled_e8, a), number(story->qty_e8, b),
           strcmp(story->error, "none") == 0 ? "" : ": ",
           strcmp(story->error, "none") == 0 ? "" : story->error);
    for (size_t i = 0; i < story->fills; i++) {
        const struct story_query_fill *fill = &story->fill[i];

        printf("fill %s UTC %s @ %s as %s, fee %s %s\n", time_text(fill->ts_ns, time),
               number(fill->qty_e8, a), number(fill->price_e8, b), fill->maker ? "maker" : "taker",
               number(fill->fee_e8, c), story->quote);
    }
    if (story->fills_ever > story->fills)
        printf("and %" PRIu64 " fills more\n", story->fills_ever - story->fills);
    for (size_t i = 0; i < story->lines; i++)
        printf("%s\n", story->line[i]);
    if (story->lines == 0)
        printf("no story is stored: %s\n", has_ended(story) ? "the program ended before the order did"
                                                            : "it is when the order has ended");
}

static json_t *json_number(int64_t value_e8)
{
    char text[DECIMAL_TEXT_SIZE];

    return json_string(number(value_e8, text));
}

static int print_json(const struct story_query *story)
{
    json_t *fills = json_array(), *lines = json_array(), *all;

    for (size_t i = 0; i < story->fills; i++) {
        const struct story_query_fill *fill = &story->fill[i];

        json_array_append_new(fills, json_pack("{s:I,s:I,s:o,s:o,s:o,s:b}", "ts_ns", (json_int_t)fill->ts_ns,
                                               "trade_id", (json_int_t)fill->trade_id, "price",
                                               json_number(fill->price_e8), "qty", json_number(fill->qty_e8),
                                               "fee", json_number(fill->fee_e8), "maker", fill->maker));
    }
    for (size_t i = 0; i < story->lines; i++)
        json_array_append_new(lines, json_string(story->line[i]));
    all = json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o}", "order",
                    (json_int_t)story->seq, "session", (json_int_t)story->session, "symbol", story->symbol,
                    "side", story->side, "type", story->type, "tif", story->tif, "state", story->state,
                    "error", story->error, "price", json_number(story->price_e8), "stop",
                    json_number(story->stop_e8), "qty", json_number(story->qty_e8), "filled",
                    json_number(story->filled_e8), "sent_ns", (json_int_t)story->sent_ns, "updated_ns",
                    (json_int_t)story->updated_ns, "fills", fills, "story", lines);
    return run_print_json(all);
}

static int finish(void)
{
    return fflush(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static int explain_order(const struct cli *cli, const char *path, int64_t session, uint64_t seq)
{
    struct story_query *story = calloc(1, sizeof(*story));
    char why[RUN_WHY_SIZE];
    enum err err;
    int code = EXIT_CODE_OK;

    if (story == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    err = story_query(path, session, seq, story, why, sizeof(why));
    if (err != ERR_OK)
        code = run_fail(err == ERR_NOT_FOUND ? EXIT_CODE_FAILED : run_exit_code(err), why);
    else if (cli->json)
        code = print_json(story);
    else
        print_people(story);
    free(story);
    return code == EXIT_CODE_OK ? finish() : code;
}

/* --- denials ------------------------------------------------------------------------------------------------- */

#define DENIALS_USUAL 20
#define DENIALS_MOST  1000

static const char *help_of(const char *code)
{
    for (int i = RISK_PASS + 1; i < RISK_CODES; i++)
        if (strcmp(risk_code_word((enum risk_code)i), code) == 0)
            return risk_code_help((enum risk_code)i);
    return "";
}

static void print_denial(const struct denial_row *row)
{
    char time[TIME_SIZE];

    if (row->number == 0) {
        printf("%s UTC: %s\n", time_text(row->ts_ns, time), row->asked);
        return;
    }
    printf("denial %" PRIu64 " of session %" PRId64 ", %s UTC, %s of %s\n", row->number, row->session,
           time_text(row->ts_ns, time), row->symbol, row->owner);
    printf("  asked   %s\n  denied  %s: %s\n", row->asked, row->code, help_of(row->code));
    if (row->numbers[0] != '\0')
        printf("  because %s\n", row->numbers);
}

static int print_denials_json(const struct denial_row *row, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("{s:I,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "denial", (json_int_t)row[i].number,
                            "session", (json_int_t)row[i].session, "ts_ns", (json_int_t)row[i].ts_ns,
                            "symbol", row[i].symbol, "owner", row[i].owner, "asked", row[i].asked, "code",
                            row[i].code, "help", help_of(row[i].code), "numbers", row[i].numbers));
    return run_print_json(json_pack("{s:o}", "denials", list));
}

static int explain_denials(const struct cli *cli, const char *path, size_t max)
{
    struct denial_row *row = calloc(max, sizeof(*row));
    char why[RUN_WHY_SIZE];
    size_t count;
    enum err err;
    int code = EXIT_CODE_OK;

    if (row == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    err = denial_query(path, row, max, &count, why, sizeof(why));
    if (err != ERR_OK)
        code = run_fail(run_exit_code(err), why);
    else if (cli->json)
        code = print_denials_json(row, count);
    else if (count == 0)
        printf("nothing was denied in the newest session\n");
    for (size_t i = 0; err == ERR_OK && !cli->json && i < count; i++)
        print_denial(&row[i]);
    free(row);
    return code == EXIT_CODE_OK ? finish() : code;
}

/* --- the command --------------------------------------------------------------------------------------------- */

static int refuse_word(const struct cli *cli)
{
    char why[RUN_WHY_SIZE], safe[64];

    safe_text(cli->file_count == 0 ? "" : cli->file[0], cli->file_count == 0 ? 0 : strlen(cli->file[0]), safe,
              sizeof(safe));
    snprintf(why, sizeof(why),
             cli->denials ? "explain: '%s' is no number of denials; allowed: 1 to 1000"
                          : "explain: '%s' is no order; allowed: its number, SESSION/NUMBER or its id",
             safe);
    return run_fail(EXIT_CODE_USAGE, why);
}

static bool parse_count(const struct cli *cli, size_t *count)
{
    int64_t number = DENIALS_USUAL;

    if (cli->file_count > 0 &&
        (decimal_parse(cli->file[0], strlen(cli->file[0]), 0, &number) != ERR_OK || number < 1))
        return false;
    *count = (size_t)number;
    return cli->file_count <= 1 && number <= DENIALS_MOST;
}

int command_explain(const struct cli *cli, const struct config *config)
{
    char folder[PATH_TEXT_MAX], path[PATH_TEXT_MAX + sizeof(DB_FILE_NAME) + 1], why[RUN_WHY_SIZE];
    int64_t session = 0;
    uint64_t seq = 0;
    size_t count = 0;
    enum err err;

    if (cli->denials ? !parse_count(cli, &count)
                     : cli->file_count != 1 || !parse_order(cli->file[0], &session, &seq))
        return refuse_word(cli);
    err = paths_data_dir(config_text(config, "data_dir"), folder, why, sizeof(why));
    if (err != ERR_OK)
        return run_fail(run_exit_code(err), why);
    snprintf(path, sizeof(path), "%s/" DB_FILE_NAME, folder);
    return cli->denials ? explain_denials(cli, path, count) : explain_order(cli, path, session, seq);
}
