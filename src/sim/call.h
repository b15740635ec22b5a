/*
 * call.h - one request to a trading function, however it came: its parameters, its account, its answer.
 *
 * REST and the WebSocket API both make a call and run the same functions. A function writes JSON to `out`, or leaves
 * a failure: the venue's code and text.
 *
 * Of the venue's list of codes two are never given here. -1103 (unknown parameter, undefined tag) is FIX's: REST and
 * the WebSocket API answer with -1104, or -1101 where there are no parameters. -1112 (no orders on book) stands in the
 * list alone; a market order that finds nothing is accepted and expires, as the venue says of that status.
 */
#ifndef SIM_CALL_H
#define SIM_CALL_H

#include "sim/account_state.h"

struct call {
    struct exchange *exchange;
    struct accounts *accounts;
    struct account *account; /* NULL: not signed */
    bool usdm;
    bool ignore_unknown;
    struct params params;
    struct sim_text *out;
    int status; /* HTTP; 0: 200, or what the failure's code means */
    struct failure failure;
    uint32_t orders_counted;
};

typedef void call_function(struct call *call);

/* All return false, so that a check can end with `return call_fail(...)`. Only the first failure counts. */
bool call_fail(struct call *call, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool failure_set(struct failure *failure, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int failure_status(const struct failure *failure); /* HTTP */

/* Readers: false when a failure was set. Absent optional values leave *out as it was. */
bool call_need(struct call *call, const char *name, const char **out); /* -1102 */
bool call_text(struct call *call, const char *name, const char **out); /* -1105 if empty */
bool call_e8(struct call *call, const char *name, int64_t *out);
bool call_need_e8(struct call *call, const char *name, int64_t *out);
bool call_int(struct call *call, const char *name, int64_t min, int64_t max, int64_t *out);
bool call_bool(struct call *call, const char *name, bool *out);
bool call_symbol(struct call *call, bool mandatory, int *out); /* *out -1: absent */
/* 1 to 36 characters of the venue's set, else -1100; made up if absent and make is set, else "". */
bool call_client_id(struct call *call, const char *name, bool make, char out[CLIENT_ID_SIZE]);
/* Index of the word in a list that ends with NULL; wrong: code and text of the caller. Absent: as it was. */
bool call_word(struct call *call, const char *name, const char *const *words, int code, const char *text,
               size_t *out);
bool call_no(struct call *call, const char *name); /* -1106 when it was sent */
bool call_all_read(struct call *call);             /* -1104 */
/* Checks key, time stamp and signature over payload; sets the account. */
bool call_sign_in(struct call *call, const char *api_key, const struct sim_text *payload);
bool call_check_time(struct call *call, const char *timestamp); /* -1021 */
bool call_know_key(struct call *call, const char *api_key);     /* key alone */

#endif
