#include "app/command_journal.h"

#include "app/instance_lock.h"
#include "app/journal_filter.h"
#include "app/paths.h"
#include "app/run.h"
#include "store/journal_accounts.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS 100 /* between two looks for more */

struct printing {
    const struct cli *cli;
    char folder[PATH_TEXT_MAX], dir[JOURNAL_PATH_MAX];
    struct journal_reader *reader;
    struct journal_filter filter;
    uint64_t printed;  /* records */
    unsigned csv_kind; /* all of this one; 0: of several */
    uint64_t unread;   /* whole frames whose record cannot be read; the first is told */
    char unread_why[RUN_WHY_SIZE];
};

/* --- which journal ------------------------------------------------------------------------------------------------ */

static enum err choose_account(struct printing *printing, const char **account, struct journal_accounts *all,
                               char *why)
{
    enum err err;
    size_t used;

    *account = printing->cli->store.account;
    if (*account != NULL)
        return ERR_OK;
    err = journal_accounts_read(printing->folder, all, why, RUN_WHY_SIZE);
    if (err != ERR_OK)
        return err;
    *account = all->name[0];
    if (all->count == 1)
        return ERR_OK;
    used = (size_t)snprintf(why, RUN_WHY_SIZE, "journal: whose? give --account, one of");
    for (size_t i = 0; i < all->count && used < RUN_WHY_SIZE; i++)
        used += (size_t)snprintf(why + used, RUN_WHY_SIZE - used, " %s", all->name[i]);
    return ERR_USAGE;
}

static enum err open_journal(struct printing *printing, const struct config *config, char *why)
{
    struct journal_accounts all;
    const char *account;
    uint64_t retired;
    enum err err = paths_name_data_dir(config_text(config, "data_dir"), printing->folder, why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        err = choose_account(printing, &account, &all, why);
    if (err == ERR_OK && !journal_account_dir(printing->folder, account, printing->dir)) {
        snprintf(why, RUN_WHY_SIZE, "data directory: the path is too long for a journal");
        err = ERR_STORAGE;
    }
    if (err == ERR_OK)
        err = journal_reader_open_first(printing->dir, &printing->reader, &retired, why, RUN_WHY_SIZE);
    if (err == ERR_OK && retired > 0)
        fprintf(stderr, "flowdeck: journal: the records up to %" PRIu64 " were retired\n", retired);
    return err;
}

static void choose_records(struct printing *printing)
{
    const struct cli *cli = printing->cli;
    uint32_t kinds = cli->store.kinds;

    printing->filter = (struct journal_filter){.kinds = kinds,
                                               .order_seq = cli->store.order_seq,
                                               .owner = cli->store.owner,
                                               .since_ns = cli->store.since_ns,
                                               .until_ns = cli->store.until_ns};
    for (size_t i = 0; i < cli->setting_count; i++)
        if (strcmp(cli->setting[i].option, "symbol") == 0)
            printing->filter.symbol = cli->setting[i].value;
    if (kinds != 0 && (kinds & (kinds - 1)) == 0)
        while (kinds >>= 1)
            printing->csv_kind++;
}

/* --- printing ------------------------------------------------------------------------------------------------------ */

static void print_record(struct printing *printing, const struct store_record *record, uint64_t seq)
{
    printing->printed++;
    if (printing->cli->json) {
        record_json(record, seq, stdout);
        fputc('\n', stdout);
    } else if (printing->cli->store.csv) {
        record_csv(printing->csv_kind, record, seq, stdout);
    } else {
        record_line(record, seq, stdout);
    }
}

static void take_frame(struct printing *printing, const struct journal_frame *frame)
{
    struct store_record record;
    char fault[160];
    bool more = (frame->head.flags & FRAME_FLAG_MORE) != 0, first;

    if (record_decode(frame->head.kind, frame->body, frame->head.body_size, &record, fault, sizeof(fault)) !=
        ERR_OK) {
        if (printing->unread++ == 0)
            snprintf(printing->unread_why, RUN_WHY_SIZE, "%.300s: record %" PRIu64 ": %s", printing->dir,
                     frame->head.seq, fault);
        return;
    }
    record.kind = (enum store_record_kind)frame->head.kind;
    record.ts_ns = frame->head.ts_ns;
    record.input_seq = frame->head.input_seq;
    if (!journal_filter_takes(&printing->filter, &record, frame->head.seq, more, &first))
        return;
    if (first)
        print_record(printing, &printing->filter.waiting, printing->filter.waiting_seq);
    print_record(printing, &record, frame->head.seq);
}

/* To the end of what is sealed. ERR_OK: all of it is printed; ERR_IO: nobody takes more. */
static enum err print_some(struct printing *printing, char *why)
{
    struct journal_frame frame;
    enum err err;

    while ((err = journal_reader_next(printing->reader, &frame, why, RUN_WHY_SIZE)) == ERR_OK) {
        if (frame.sealed) /* what is not was never durable; once it is, it comes again */
            take_frame(printing, &frame);
        if (ferror(stdout) != 0 || (run_interrupted && printing->cli->store.follow))
            break;
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        return ERR_IO;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ERR_IO: a reader of our output who is gone is noticed without writing to him. */
static enum err wait_for_more(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, LOOK_MS) > 0 && (out.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? ERR_IO
                                                                                             : ERR_OK;
}

/* What was never durable, of a run that has ended; a running one may be writing it just now. */
static void tell_cut_end(const struct printing *printing)
{
    const struct journal_reader_counts *counts = journal_reader_counts(printing->reader);
    pid_t pid;

    if (counts->cut_bytes + counts->unsealed > 0 && !instance_lock_held(printing->folder, &pid))
        fprintf(stderr,
                "flowdeck: journal: %" PRIu64 " records and %" PRIu64
                " bytes behind the last seal were never durable; not printed\n",
                counts->unsealed, counts->cut_bytes);
}

/* Silence would look as if there were more to come, or as if the order had done nothing. */
static int tell_nothing(const struct printing *printing)
{
    const struct journal_filter *filter = &printing->filter;
    bool more = filter->kinds != 0 || filter->owner != NULL || filter->symbol != NULL ||
                filter->since_ns != 0 || filter->until_ns != 0;
    char text[RUN_WHY_SIZE];

    if (filter->order_seq != 0) {
        snprintf(text, sizeof(text), "%.400s: there is no%s order %" PRIu64 "%s", printing->dir,
                 more ? " record of" : "", filter->order_seq, more ? " that fits the other options" : "");
        return run_fail(EXIT_CODE_FAILED, text);
    }
    fprintf(stderr, "flowdeck: %.400s: %s\n", printing->dir, more ? "no record fits" : "no record yet");
    return EXIT_CODE_OK;
}

static int finish(const struct printing *printing, enum err err, int error, const char *why)
{
    char text[RUN_WHY_SIZE];

    if (err == ERR_IO && (error == EPIPE || error == 0))
        return EXIT_CODE_FAILED; /* whoever read it has had enough: no word, and no success */
    if (err == ERR_IO) {
        snprintf(text, sizeof(text), "journal: cannot write: %s", strerror(error));
        return run_fail(EXIT_CODE_FAILED, text);
    }
    if (err != ERR_OK)
        return run_fail(run_store_exit_code(err), why);
    tell_cut_end(printing);
    if (printing->unread > 0)
        return run_fail(EXIT_CODE_DATA, printing->unread_why);
    if (run_interrupted)
        return EXIT_CODE_INTERRUPTED;
    return printing->printed > 0 ? EXIT_CODE_OK : tell_nothing(printing);
}

int command_journal(const struct cli *cli, const struct config *config)
{
    struct printing printing = {.cli = cli};
    char why[RUN_WHY_SIZE];
    enum err err = open_journal(&printing, config, why);
    int code;

    if (err != ERR_OK)
        return run_fail(run_store_exit_code(err), why);
    signal(SIGPIPE, SIG_IGN);
    if (cli->store.follow)
        run_catch_interrupts();
    choose_records(&printing);
    if (cli->store.csv)
        record_csv_head(printing.csv_kind, stdout);
    do {
        errno = 0; /* a reader who is gone sets none */
        err = print_some(&printing, why);
        if (err == ERR_OK && cli->store.follow)
            err = wait_for_more();
    } while (err == ERR_OK && cli->store.follow && !run_interrupted);
    code = finish(&printing, err, errno, why);
    journal_reader_close(printing.reader);
    return code;
}
