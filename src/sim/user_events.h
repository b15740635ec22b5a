/* user_events.h - what an account is told: the JSON of user data events, spot and USD-M (wire facts 10). */
#ifndef SIM_USER_EVENTS_H
#define SIM_USER_EVENTS_H

#include "sim/account_state.h"

struct order_report {
    const char *execution;        /* x: "NEW", "TRADE", ... */
    const struct my_trade *trade; /* TRADE */
    int64_t time_ns;
};

/* executionReport or ORDER_TRADE_UPDATE. */
void user_event_order(struct accounts *accounts, const struct user_order *order,
                      const struct order_report *report);
void user_event_account(struct accounts *accounts, const struct account *account, const size_t *assets,
                        size_t count); /* outboundAccountPosition */
void user_event_balance(struct accounts *accounts, const struct account *account, size_t asset,
                        int64_t delta_e8);                                      /* balanceUpdate */
void user_event_list(struct accounts *accounts, const struct order_list *list); /* listStatus */
/* ACCOUNT_UPDATE; symbol -1: balance alone. */
void user_event_futures_account(struct accounts *accounts, const struct account *account, const char *reason,
                                int symbol, int64_t change_e8);
void user_event_trade_lite(struct accounts *accounts, const struct user_order *order,
                           const struct my_trade *trade);
void user_event_leverage(struct accounts *accounts, const struct account *account, size_t symbol);
void user_event_listen_key_expired(struct accounts *accounts, const struct account *account);

/* Words of the wire. */
const char *wire_type(enum match_type type);
const char *wire_tif(enum wire_tif tif);
const char *wire_status(enum order_status status);
const char *wire_stp(enum match_stp stp);
const char *wire_expiry(enum expiry_reason reason); /* "" none */
unsigned step_places(int64_t step_e8);              /* decimals of a USD-M number */

#endif
