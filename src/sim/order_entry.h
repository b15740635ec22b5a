/*
 * order_entry.h - from parameters to an order in a book: read, judged, paid for, sent.
 *
 * A draft is what a request asks for, checked as far as the request alone can be; submitting locks the money and
 * gives it to the matching engine, which may still refuse.
 */
#ifndef SIM_ORDER_ENTRY_H
#define SIM_ORDER_ENTRY_H

#include "sim/call.h"
#include "sim/filters.h"

enum reply_kind { REPLY_ACK, REPLY_RESULT, REPLY_FULL };

struct order_draft {
    struct user_order order; /* what the user asks for; no place in the index yet */
    int64_t price_e8, stop_e8, qty_e8, iceberg_e8, quote_e8;
    enum reply_kind reply;
};

/* order_params.c: the parameters of a new spot order; symbol, side and type first. */
bool order_draft_read(struct call *call, struct order_draft *draft);
extern const char *const order_side_words[],
    *const order_type_words[], *const order_tif_words[], *const order_stp_words[], *const order_reply_words[];

/* order_entry.c */
/* Filters; then ticks and lots are set. */
bool order_draft_judge(struct call *call, struct order_draft *draft, size_t with_it, bool as_list);
bool order_draft_steps(struct call *call,
                       struct order_draft *draft); /* ticks and lots alone; -1013 filters */
/* The order in the index, or NULL and why. lock_e8 < 0: what the order needs. */
struct user_order *order_submit(struct accounts *accounts, struct account *account,
                                const struct order_draft *draft, int64_t lock_e8, struct failure *why);
int64_t order_draft_lock_e8(struct accounts *accounts, const struct account *account,
                            const struct order_draft *draft); /* INT64_MAX: more than there is */
bool order_cancel(struct accounts *accounts, struct user_order *order, const char *cancel_id,
                  struct failure *why);
int64_t order_reference_e8(const struct accounts *accounts,
                           size_t symbol); /* last price, else the opening one */
/* The open order that orderId and/or origClientOrderId name; NULL: -2011 and friends are set. */
struct user_order *order_to_cancel(struct call *call, int symbol, const char *id_name,
                                   const char *client_name, struct failure *why);

#endif
