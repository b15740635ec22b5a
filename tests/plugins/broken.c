/*
 * broken.c - a harmless strategy (KIND_good), and every way in which one can go wrong: built once for each kind (
 * -DKIND_crash_market and so on, see the Makefile), loaded by tests/unit/test_plugin_broken.c. Nothing here is installed.
 */
#define _GNU_SOURCE
#include <flowdeck/strategy.h>

#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what it says of itself ------------------------------------------------------------------------------------ */

#if defined(KIND_name_taken)
#define NAME "ofi"
#else
#define NAME "broken"
#endif

#if defined(KIND_good_2) || defined(KIND_good_stranger)
#define VERSION "1.1.0"
#else
#define VERSION "1.0.0"
#endif

#define HEAD "name: " NAME "\nversion: " VERSION "\nabout: goes wrong\n"
#if defined(KIND_good_2)
#define STEP_DEFAULT "5"
#else
#define STEP_DEFAULT "1"
#endif
#define PARAMETERS                                                                                           \
    "parameters:\n  step: {type: int, min: 1, max: 9, default: " STEP_DEFAULT ", help: counts by it}\n"

#if defined(KIND_no_manifest)
#elif defined(KIND_bad_yaml)
FD_MANIFEST("name: [broken\n");
#elif defined(KIND_unknown_key)
FD_MANIFEST(HEAD "abi: 1\ncolour: red\n");
#elif defined(KIND_bad_default)
FD_MANIFEST(HEAD "abi: 1\nparameters: {a: {type: int, min: 1, max: 5, default: 9, help: h}}\n");
#elif defined(KIND_newer_manifest)
FD_MANIFEST(HEAD "abi: 3\nwishes: many\n");
#elif defined(KIND_two_manifests)
FD_MANIFEST(HEAD "abi: 1\n");
__attribute__((section(".flowdeck.manifest"), used)) static const char second[] = "name: second\n";
#elif defined(KIND_two_instruments)
FD_MANIFEST(HEAD "abi: 1\ninstruments: 2\n");
#else
FD_MANIFEST(HEAD "abi: 1\n" PARAMETERS);
#endif

/* --- its state: a count ---------------------------------------------------------------------------------------- */

struct self {
    int64_t step, count;
};

static volatile int zero;

#if defined(KIND_crash_load)
__attribute__((constructor)) static void on_load(void)
{
    *(volatile int *)(uintptr_t)zero = 1;
}
#endif

#if defined(KIND_unresolved)
int nobody_has_this(void);
#endif

static void *create(const int64_t *parameter, uint32_t parameters)
{
    struct self *self = calloc(1, sizeof *self);

    if (self != NULL)
        self->step = parameters > 0 ? parameter[0] : 1;
#if defined(KIND_create_null)
    free(self);
    return NULL;
#elif defined(KIND_crash_create)
    *(volatile int *)(uintptr_t)zero = 1;
#elif defined(KIND_signals)
    signal(SIGSEGV, SIG_IGN);
#elif defined(KIND_locale)
    setlocale(LC_ALL, "C.UTF-8");
#elif defined(KIND_rounding)
    fesetround(FE_UPWARD);
#elif defined(KIND_closes)
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
#elif defined(KIND_unresolved)
    self->step = nobody_has_this();
#elif defined(KIND_loop_create)
    for (;;)
        zero = 0;
#endif
    return self;
}

static void destroy(void *self)
{
    free(self);
}

/* --- what it does ---------------------------------------------------------------------------------------------- */

static struct fd_wish *wish(struct fd_answer *out, uint32_t kind)
{
    struct fd_wish *one = &out->wish[out->wishes++];

    one->kind = kind;
    one->price_e8 = one->bid_e8 = one->ask_e8 = FD_NONE;
    return one;
}

#if defined(KIND_recursion)
static int deeper(int level)
{
    volatile char room[4096];

    room[0] = (char)level;
    return deeper(level + 1) + room[0];
}
#endif

static void misbehave(struct self *self, const struct fd_context *context, struct fd_answer *out)
{
    (void)self;
    (void)context;
    (void)out;
#if defined(KIND_crash_market)
    *(volatile int *)(uintptr_t)zero = 1;
#elif defined(KIND_divide)
    zero = 100 / zero;
#elif defined(KIND_illegal)
    __builtin_trap();
#elif defined(KIND_abort)
    abort();
#elif defined(KIND_exit)
    exit(0);
#elif defined(KIND_underscore_exit)
    _exit(0);
#elif defined(KIND_loop)
    for (;;)
        zero = 0;
#elif defined(KIND_sleep)
    sleep(3600);
#elif defined(KIND_slow)
    usleep(2000);
#elif defined(KIND_recursion)
    zero = deeper(0);
#elif defined(KIND_huge)
    *(volatile char *)malloc((size_t)1 << 46) = 1; /* there is no such memory: NULL */
#elif defined(KIND_nan_score)
    out->reason_set = 1;
    out->score = NAN;
#elif defined(KIND_nan_feature)
    out->reason_set = 1;
    out->features = 1;
    strcpy(out->feature[0].name, "x");
    out->feature[0].value = NAN;
#elif defined(KIND_many)
    out->wishes = 10000;
#elif defined(KIND_many_features)
    out->features = 10000;
    out->reason_set = 1;
#elif defined(KIND_foreign)
    wish(out, FD_WISH_TARGET)->market = 7;
#elif defined(KIND_unknown_wish)
    wish(out, 99);
#elif defined(KIND_negative)
    wish(out, FD_WISH_ORDER)->qty_e8 = -context->market[0].instrument->lot_e8;
    out->wish[0].price_e8 = context->market[0].bid.price_e8;
#elif defined(KIND_overflow)
    wish(out, FD_WISH_TARGET)->qty_e8 = INT64_MAX;
#elif defined(KIND_off_tick)
    wish(out, FD_WISH_ORDER)->price_e8 = context->market[0].bid.price_e8 + 1;
    out->wish[0].qty_e8 = context->market[0].instrument->qty_min_e8;
#elif defined(KIND_scribbles)
    memset((void *)(uintptr_t)context->market, 0xff, sizeof *context->market);
#endif
}

static void market(void *self_, const struct fd_context *context, struct fd_answer *out)
{
    struct self *self = self_;

    self->count += self->step;
    strcpy(out->said, "count ");
    for (int64_t i = 0; i < self->count && i < 80; i++)
        strcat(out->said, "|");
    misbehave(self, context, out);
}

static size_t save(void *self_, void *state, size_t max)
{
    struct self *self = self_;

#if defined(KIND_save_overflow)
    for (size_t i = 0; i < max + ((size_t)1 << 30); i++)
        ((volatile char *)state)[i] = 1;
#elif defined(KIND_save_lies)
    return (size_t)1 << 30;
#elif defined(KIND_crash_save)
    *(volatile int *)(uintptr_t)zero = 1;
#endif
    (void)max;
    memcpy(state, &self->count, sizeof self->count);
    return sizeof self->count;
}

static uint32_t restore(void *self_, const void *state, size_t size)
{
    struct self *self = self_;

#if defined(KIND_good_stranger)
    return 0;
#endif
#if defined(KIND_crash_restore)
    *(volatile int *)(uintptr_t)zero = 1;
#endif
    if (size != sizeof self->count)
        return 0;
    memcpy(&self->count, state, size);
    return 1;
}

static void quiet(void *self, const struct fd_context *context, struct fd_answer *out)
{
    (void)self;
    (void)context;
    (void)out;
}

#if defined(KIND_missing_symbol)
static const struct fd_strategy elsewhere = {
#elif defined(KIND_function_symbol)
const struct fd_strategy *flowdeck_strategy(void);
static const struct fd_strategy elsewhere = {
#else
FD_EXPORT const struct fd_strategy flowdeck_strategy = {
#endif
#if defined(KIND_newer_table)
    .abi = 3,
#else
    .abi = FD_ABI,
#endif
#if defined(KIND_short_table)
    .size = 24,
#elif defined(KIND_long_table)
    .size = 1000000,
#else
    .size = sizeof(struct fd_strategy),
#endif
    .create = create,
    .destroy = destroy,
    .start = quiet,
#if defined(KIND_foreign_code)
    .market = (void (*)(void *, const struct fd_context *, struct fd_answer *))abort,
#elif !defined(KIND_no_market)
    .market = market,
#endif
    .save = save,
#if !defined(KIND_save_alone)
    .restore = restore,
#endif
};

#if defined(KIND_missing_symbol)
const void *broken_keep(void);
const void *broken_keep(void)
{
    return &elsewhere;
}
#elif defined(KIND_function_symbol)
const struct fd_strategy *flowdeck_strategy(void)
{
    return &elsewhere;
}
#endif
