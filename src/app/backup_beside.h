/*
 * backup_beside.h - what stands in a data directory beside journal and database, and belongs to its state: alerts, lines
 * typed at the prompt, the largest epoch, plug-ins that ended the process.
 *
 * Not of a backup: what a running process has there (sockets, lock, standby-PID), logs, lists that were exported, the
 * built-in exchange's keys, which it makes anew, and the count of starts. The configuration is not in a data directory.
 */
#ifndef APP_BACKUP_BESIDE_H
#define APP_BACKUP_BESIDE_H

#include "app/backup_copy.h"

#include <stdbool.h>

#define BACKUP_HISTORY    "history"
#define BACKUP_QUARANTINE "quarantine"

bool backup_is_beside(const char *name);
/* Into the folder `part` and its list. What is no plain file, or goes meanwhile, is left out. */
enum err backup_copy_beside(const char *from, const char *part, struct backup_list *list, char *why,
                            size_t why_size);

#endif
