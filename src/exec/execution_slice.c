/*
 * execution_slice.c - how much of a large order may be out by now.
 *
 * A plan says two cumulative quantities: due (may be out) and late (should have filled). The rest of the engine
 * treats due as the target and takes what is late, so slicing knows no orders. The k-th of N slices ends at
 * floor(total x k / N): slices differ by one lot at most, sum to the total exactly, and nothing is random.
 *
 *   TWAP   a slice each horizon / N. N follows the horizon at one in SLICE_NS, bounded by SLICES_MAX and by the
 *          venue's least order. NORMAL urgency: what the slices before this one left is late and taken (catch-up),
 *          all at the horizon's end.
 *   POV    share of what the market traded since the start, in steps of a SLICES_MAX-th of the total. NORMAL: what
 *          was due a SLICE_NS ago is late. Never more than the share, so there is no end in time.
 *
 * TAKE: all that is due is late. PASSIVE: nothing ever is.
 * SLICE_NS is 5 s: a dozen orders a minute stay far below what the risk controls MSG_RATE (60 a minute) and REPEAT
 * (20 in 60 s) call too much.
 */
#include "exec/execution_parts.h"

#include "core/base/smaller.h"

#define SLICE_NS   INT64_C(5000000000)
#define SLICES_MAX 64

void slice_begin(struct slice_plan *plan, const struct goal *goal, enum side side, int64_t total_lots,
                 int64_t least_lots, int64_t now_ns)
{
    int64_t traded_lots = plan->traded_lots;

    *plan = (struct slice_plan){.begun = true,
                                .side = side,
                                .total_lots = total_lots,
                                .start_ns = now_ns,
                                .mark_ns = now_ns,
                                .traded_lots = traded_lots,
                                .slices = 1,
                                .quantum_lots = 1};
    if (goal->slicing == SLICE_TWAP)
        plan->slices = larger(
            1, smaller(SLICES_MAX, smaller(goal->horizon_ns / SLICE_NS, total_lots / larger(1, least_lots))));
    if (goal->slicing == SLICE_POV)
        plan->quantum_lots = larger(larger(1, least_lots), total_lots / SLICES_MAX);
}

static int64_t twap_lots(const struct slice_plan *plan, int64_t slices)
{
    return (int64_t)((__int128)plan->total_lots * slices / plan->slices);
}

/* Of urgency NORMAL. */
static struct slice_due twap_due(const struct slice_plan *plan, int64_t horizon_ns, int64_t elapsed_ns)
{
    int64_t over =
        elapsed_ns >= horizon_ns ? plan->slices : (int64_t)((__int128)elapsed_ns * plan->slices / horizon_ns);

    return (struct slice_due){.due_lots = twap_lots(plan, smaller(plan->slices, over + 1)),
                              .late_lots = twap_lots(plan, over)};
}

static struct slice_due pov_due(struct slice_plan *plan, int32_t share_x1000, int64_t now_ns)
{
    __int128 share = (__int128)plan->traded_lots * share_x1000 / 1000;
    int64_t due = share > plan->total_lots ? plan->total_lots : (int64_t)share;

    if (due < plan->total_lots)
        due -= due % plan->quantum_lots;
    if (now_ns - plan->mark_ns >= SLICE_NS) {
        plan->late_lots = plan->mark_lots;
        plan->mark_lots = due;
        plan->mark_ns = now_ns;
    }
    return (struct slice_due){.due_lots = due, .late_lots = plan->late_lots};
}

bool slice_is_over(const struct slice_plan *plan, const struct goal *goal, int64_t now_ns)
{
    if (goal->urgency == URGENCY_NORMAL)
        return now_ns - plan->start_ns >= goal->horizon_ns;
    return goal->urgency == URGENCY_TAKE;
}

struct slice_due slice_due(struct slice_plan *plan, const struct goal *goal, int64_t now_ns)
{
    int64_t elapsed_ns = larger(0, now_ns - plan->start_ns);
    struct slice_due due;

    due = goal->slicing == SLICE_TWAP ? twap_due(plan, goal->horizon_ns, elapsed_ns)
                                      : pov_due(plan, goal->share_x1000, now_ns);
    if (goal->urgency == URGENCY_TAKE)
        due.late_lots = due.due_lots;
    else if (goal->urgency == URGENCY_PASSIVE)
        due.late_lots = 0;
    return due;
}
