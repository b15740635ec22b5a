/*
 * attach_client.h - the other end: this process's screen on an engine that runs elsewhere. One thread; only opening waits.
 */
#ifndef SERVICE_ATTACH_CLIENT_H
#define SERVICE_ATTACH_CLIENT_H

#include "service/attach.h"

struct attach_client;

/* Waits for the welcome, a few seconds at most. ERR_NOT_FOUND: no engine listens in that folder. ERR_IO: anything else.
 * why holds one line, printable. */
enum err attach_client_open(const char *data_dir, const struct attach_hello *hello,
                            struct attach_client **out, char *why, size_t why_size);
void attach_client_close(struct attach_client *client); /* NULL is allowed */

/* False: it cannot go now, or ever (attach_client_ended()). */
bool attach_client_send(struct attach_client *client, const struct command *command);
/* Reads what has come and asks for the next frame; true when a newer one is there. */
bool attach_client_poll(struct attach_client *client);
const struct view_frame *
attach_client_frame(const struct attach_client *client); /* borrowed until the next poll */
/* Why there will be no more frames, a printable line; NULL: there will be. */
const char *attach_client_ended(const struct attach_client *client);
int attach_client_pid(const struct attach_client *client); /* of the engine */

#endif
