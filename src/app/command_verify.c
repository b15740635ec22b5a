#include "app/command_verify.h"

#include "app/paths.h"
#include "app/run.h"
#include "store/journal_verify.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct telling {
    const char *account;
    FILE *out;      /* NULL: not told */
    json_t *differ; /* NULL: not gathered */
};

static void tell(void *arg, const char *line)
{
    const struct telling *telling = arg;

    if (telling->out != NULL)
        fprintf(telling->out, "%s: %s\n", telling->account, line);
    json_array_append_new(telling->differ, json_string(line));
}

/* --- people -------------------------------------------------------------------------------------------------------- */

static void print_people(const struct journal_verify *found)
{
    const struct journal_reader_counts *counts = &found->counts;

    printf("%s: %" PRIu64 " file%s, %" PRIu64 " records, %" PRIu64 " seals, %" PRIu64
           " bytes: the chain is whole from record %" PRIu64 " to %" PRIu64 "\n",
           found->account, counts->files, counts->files == 1 ? "" : "s", counts->frames, counts->seals,
           counts->bytes, found->retired + 1, found->end.seq);
    if (found->retired > 0)
        printf("%s: the records up to %" PRIu64 " were retired\n", found->account, found->retired);
    if (counts->cut_bytes + counts->unsealed > 0)
        printf("%s: behind the last seal, and never durable: %" PRIu64 " records, %" PRIu64
               " bytes cut off\n",
               found->account, counts->unsealed, counts->cut_bytes);
    printf("%s: %" PRIu64 " snapshot%s\n", found->account, found->snapshots,
           found->snapshots == 1 ? " agrees with the journal" : "s agree with the journal");
    if (found->rows_state == VERIFY_NO_DATABASE)
        printf("%s: there is no database; a start makes it from the journal\n", found->account);
    else if (found->rows_state == VERIFY_OTHER_SCHEMA)
        printf("%s: the database is of another schema, its rows are not compared; a start brings an older "
               "one up to "
               "date\n",
               found->account);
    else
        printf("%s: %" PRIu64 " rows of the database compared, up to record %" PRIu64 "%s\n", found->account,
               found->rows, found->rows_seq,
               found->rows_seq < found->end.seq ? "; a start makes the others" : "");
    if (found->differences > 0)
        printf("%s: %" PRIu64
               " differences; the journal is the truth: move flowdeck.db away, and a start makes it "
               "anew\n",
               found->account, found->differences);
}

/* --- JSON ---------------------------------------------------------------------------------------------------------- */

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *account_json(const struct journal_verify *found, json_t *differ, const char *damage)
{
    static const char *const rows_words[] = {"no database", "other schema", "compared"};
    const struct journal_reader_counts *counts = &found->counts;

    return json_pack(
        "{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "account", found->account,
        "files", count(counts->files), "records", count(counts->frames), "seals", count(counts->seals),
        "bytes", count(counts->bytes), "cut_bytes", count(counts->cut_bytes), "unsealed",
        count(counts->unsealed), "retired", count(found->retired), "end", count(found->end.seq), "snapshots",
        count(found->snapshots), "rows_state", rows_words[found->rows_state], "rows", count(found->rows),
        "rows_seq", count(found->rows_seq), "differences", count(found->differences), "named", differ,
        "damage", damage == NULL ? json_null() : json_string(damage));
}

/* --- accounts ------------------------------------------------------------------------------------------------------ */

static enum err choose_accounts(const struct cli *cli, const char *folder, struct journal_accounts *all,
                                char *why)
{
    if (cli->store.account == NULL)
        return journal_accounts_read(folder, all, why, RUN_WHY_SIZE);
    all->count = 1;
    snprintf(all->name[0], sizeof(all->name[0]), "%s", cli->store.account);
    return ERR_OK;
}

/* One account: printed or appended to list. */
static int verify_one(const char *folder, const char *account, json_t *list)
{
    json_t *differ = json_array();
    struct telling telling = {.account = account, .out = list == NULL ? stdout : NULL, .differ = differ};
    struct journal_verify verify = {
        .data_dir = folder, .account = account, .tell = tell, .arg = &telling, .stop = &run_interrupted};
    char why[RUN_WHY_SIZE];
    enum err err = journal_verify(&verify, why, sizeof(why));
    int code = verify.differences > 0 ? EXIT_CODE_DATA : EXIT_CODE_OK;

    if (err != ERR_OK) {
        fflush(stdout);
        code = run_fail(run_store_exit_code(err), why);
    } else if (list == NULL) {
        print_people(&verify);
    }
    if (list != NULL)
        json_array_append_new(list, account_json(&verify, json_incref(differ), err == ERR_OK ? NULL : why));
    json_decref(differ);
    return code;
}

int command_verify(const struct cli *cli, const struct config *config)
{
    char folder[PATH_TEXT_MAX], why[RUN_WHY_SIZE];
    struct journal_accounts all;
    json_t *list = cli->json ? json_array() : NULL;
    int code = EXIT_CODE_OK;
    enum err err = paths_name_data_dir(config_text(config, "data_dir"), folder, why, sizeof(why));

    run_catch_interrupts();
    if (err == ERR_OK)
        err = choose_accounts(cli, folder, &all, why);
    if (err != ERR_OK) {
        json_decref(list);
        return run_fail(run_store_exit_code(err), why);
    }
    for (size_t i = 0; i < all.count && !run_interrupted; i++) {
        int one = verify_one(folder, all.name[i], list);

        code = one > code ? one : code;
    }
    if (run_interrupted)
        code = EXIT_CODE_INTERRUPTED; /* maybe between two of them */
    if (list != NULL &&
        run_print_json(json_pack("{s:b,s:o}", "ok", code == EXIT_CODE_OK, "accounts", list)) != EXIT_CODE_OK)
        return EXIT_CODE_FAILED;
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? code : EXIT_CODE_FAILED;
}

enum err verify_copy(const char *data_dir, FILE *out, char *why, size_t why_size)
{
    struct journal_accounts all;
    enum err err = journal_accounts_read(data_dir, &all, why, why_size);

    if (err == ERR_NOT_FOUND)
        return ERR_OK; /* a database of replays alone */
    for (size_t i = 0; err == ERR_OK && i < all.count; i++) {
        struct telling telling = {.account = all.name[i], .out = out};
        struct journal_verify verify = {.data_dir = data_dir,
                                        .account = all.name[i],
                                        .tell = tell,
                                        .arg = &telling,
                                        .stop = &run_interrupted};

        err = journal_verify(&verify, why, why_size);
        if (err == ERR_OK && verify.differences > 0) {
            snprintf(why, why_size, "%s: %" PRIu64 " differences; see flowdeck verify", all.name[i],
                     verify.differences);
            err = ERR_BAD_DATA;
        }
    }
    return err;
}
