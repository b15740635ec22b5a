/*
 * alert_keeper.h - keeps the file of the alerts in step with the engine's list; see alert_file.h.
 *
 * The engine only says what should be there; the store thread writes and syncs it, and tries again every ten seconds
 * where that fails. Without a store nothing is kept, and the screens say so.
 */
#ifndef APP_ALERT_KEEPER_H
#define APP_ALERT_KEEPER_H

#include "store/store.h"
#include "view/alert.h"

struct alert_keeper;

/* Reads what an earlier run left. NULL: no memory. */
struct alert_keeper *alert_keeper_new(const char *data_dir, const char *account, struct store *store);
/* What is not on disk yet is written now. After the engine has ended, before the store is closed. NULL is allowed. */
void alert_keeper_free(struct alert_keeper *keeper);
/* As found at the start; why: "" or what of it could not be taken. */
uint16_t alert_keeper_found(const struct alert_keeper *keeper, struct alert out[ALERTS_MAX],
                            const char **why);

/* Engine thread; neither waits. */
void alert_keeper_keep(struct alert_keeper *keeper, const struct alert *alert, uint16_t count);
/* Each turn of the engine's loop. why: one line, new since the turn before; "": nothing to tell. */
void alert_keeper_turn(struct alert_keeper *keeper, const char **why);

#endif
