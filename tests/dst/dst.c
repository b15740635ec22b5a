/*
 * dst.c - runs seeds, each twice. `dst --seeds N [--first S]`, `dst --seed S [--verbose]`; --day: each a whole day;
 * `dst --lost N`: live worlds that lose answers, until N were lost.
 *
 * A seed that fails names the invariant and prints the command that replays it. The last line is "N passed, N failed".
 */
#include "dst/dst.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
    uint64_t first, seeds, lost; /* lost: so many answers, over as many seeds as it takes */
    struct dst_how how;
    bool quiet, stop; /* stop: at the first that fails */
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){.first = 1, .seeds = 1};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            options->how.verbose = true;
        else if (strcmp(argv[i], "--day") == 0)
            options->how.day = true;
        else if (strcmp(argv[i], "--quiet") == 0)
            options->quiet = true;
        else if (strcmp(argv[i], "--stop") == 0)
            options->stop = true;
        else if (i + 1 < argc && strcmp(argv[i], "--seeds") == 0)
            options->seeds = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--first") == 0)
            options->first = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            options->first = strtoull(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--lost") == 0)
            options->lost = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--lossy") == 0)
            mix_lossy = true;
        else
            return false;
    }
    if (options->lost > 0) {
        mix_lossy = true;
        options->seeds = UINT64_MAX;
    }
    return true;
}

/* Twice: what depends on anything but the seed differs. */
static bool run_seed(const struct options *options, const char *self, uint64_t seed,
                     struct dst_totals *totals)
{
    static struct world told;
    static struct dst_totals again;
    uint64_t first, second;
    struct dst_how silent = {.day = options->how.day};
    bool held = world_run(&told, seed, totals, &options->how, &first);

    if (held && world_run(&told, seed, &again, &silent, &second) && first == second)
        return true;
    if (held)
        printf("seed %" PRIu64 ": I24 the second run of it decided otherwise: %016" PRIx64 ", %016" PRIx64
               "\n",
               seed, first, second);
    else
        printf("seed %" PRIu64 ": %s\n", seed, told.why);
    printf("  replay: %s%s%s --seed %" PRIu64 " --verbose\n", self, options->how.day ? " --day" : "",
           mix_lossy ? " --lossy" : "", seed);
    fflush(stdout);
    return false;
}

static void print_totals(const struct dst_totals *totals, double took_s)
{
    printf("%" PRIu64 " seeds (%" PRIu64 " over the paper broker), %" PRIu64
           " steps, %.1f h simulated; %" PRIu64 " orders (%" PRIu64 " of the rogue), %" PRIu64
           " fills, %" PRIu64 " cancels, %" PRIu64 " new terms, %" PRIu64 " queries, %" PRIu64
           " UNKNOWN, %" PRIu64 " late fills, %" PRIu64 " answers known already, %" PRIu64 " denied, %" PRIu64
           " kills, %" PRIu64 " commands\n",
           totals->seeds, totals->paper_seeds, totals->steps, (double)totals->simulated_ns / 3.6e12,
           totals->orders, totals->rogue, totals->fills, totals->cancels, totals->replaces, totals->queries,
           totals->unknown, totals->late_fills, totals->duplicates, totals->denied, totals->kills,
           totals->commands);
    printf("  %-45s %" PRIu64 ", %" PRIu64 " open orders adopted\n", "recovered from the journal",
           totals->recoveries, totals->adopted);
    printf("  %-45s %" PRIu64 " frames of the end of the journal, %" PRIu64 " orders with them\n",
           "lost with the power", totals->lost_frames, totals->forgotten);
    printf("  %-45s %" PRIu64 ", %" PRIu64 " starts that did not come to an end\n", "storage failed: halted",
           totals->storage_failures, totals->failed_starts);
    for (int i = 0; i < DISK_FAULTS; i++)
        if (totals->disk[i] > 0)
            printf("  %-45s %" PRIu64 "\n", disk_fault_word[i], totals->disk[i]);
    printf("  %-45s %" PRIu64 " in %" PRIu64 " worlds, %" PRIu64 " of silent leaders, longest %.3f s\n",
           "takeovers", totals->second.takeovers, totals->second.worlds, totals->second.silent,
           (double)totals->second.longest_ns / 1e9);
    printf("  %-45s %" PRIu64 ", %" PRIu64 " orders after them; held back: %" PRIu64 "\n",
           "takeovers with faults off", totals->second.exercised, totals->second.resumed,
           totals->second.held);
    printf("  %-45s %" PRIu64 ", %" PRIu64 " cancels of theirs\n",
           "old leaders that found themselves deposed", totals->second.deposed, totals->second.old_cancels);
    for (int i = 0; i < SECOND_FAULTS; i++)
        if (totals->second.fault[i] > 0)
            printf("  %-45s %" PRIu64 "\n", second_fault_word[i], totals->second.fault[i]);
    for (int i = 0; i < DST_FAULTS; i++)
        if (totals->fault[i] > 0)
            printf("  %-45s %" PRIu64 "\n", dst_fault_word[i], totals->fault[i]);
    printf("%" PRIu64 " answers lost, %" PRIu64 " requests lost, %" PRIu64 " orders UNKNOWN by it: %" PRIu64
           " double executions, %" PRIu64 " left UNKNOWN, %" PRIu64
           " UNKNOWN for more than 30 s without faults (with them %" PRIu64 ", longest %" PRIu64 " s)\n",
           totals->fault[FAULT_LOST_ANSWER], totals->fault[FAULT_LOST_REQUEST], totals->unknown,
           totals->doubles, totals->unknown_left, totals->unknown_over, totals->unknown_slow,
           totals->unknown_longest_ns / (uint64_t)DST_SECOND);
    printf("%.1f s, each seed twice: %.1f seeds/s, %.0f simulated seconds/s\n", took_s,
           (double)totals->seeds / took_s, (double)totals->simulated_ns / 1e9 / took_s);
}

int main(int argc, char **argv)
{
    static struct dst_totals totals;
    struct options options;
    uint64_t failed = 0, ran = 0;
    double start;

    if (!read_options(argc, argv, &options)) {
        fprintf(stderr,
                "usage: dst [--day] ([--seeds N | --lost N] [--first S] | [--lossy] --seed S [--verbose])\n");
        return 2;
    }
    start = seconds();
    for (; ran < options.seeds && !(options.stop && failed > 0); ran++) {
        failed += !run_seed(&options, argv[0], options.first + ran, &totals);
        if (options.lost > 0 && totals.fault[FAULT_LOST_ANSWER] >= options.lost)
            options.seeds = ran + 1;
    }
    if (!options.quiet)
        print_totals(&totals, seconds() - start);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", ran - failed, failed);
    return failed > 0;
}
