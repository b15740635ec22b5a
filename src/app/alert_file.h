/*
 * alert_file.h - the alerts of an account in the data directory, so that they outlive the screen and the process.
 *
 * A head, then a line an alert: "BTCUSDT price > 61900", and once it has rung "rang NS FIGURE", where NS is the event
 * time; "away" behind that: nobody has been told. At most ALERTS_MAX lines. Written beside it and renamed over it.
 */
#ifndef APP_ALERT_FILE_H
#define APP_ALERT_FILE_H

#include "core/base/err.h"
#include "view/alert.h"

#define ALERT_FILE_PREFIX "alerts." /* then the account: "alerts.binance-spot" */
#define ALERT_ACCOUNT_MAX 32

/*
 * Returns how many it put into out, without instrument_id and id; 0 for no file. why: "" or one line: what could not be
 * read, or the first line that is none and how many were left out; the others are taken.
 */
uint16_t alert_file_read(const char *data_dir, const char *account, struct alert out[ALERTS_MAX], char *why,
                         size_t why_size);
/* Synced when it returns. ERR_STORAGE with one line in why; what was there before stays. Blocks on the disk. */
enum err alert_file_write(const char *data_dir, const char *account, const struct alert *alert,
                          uint16_t count, char *why, size_t why_size);

#endif
