/* net_link_parts.h - what link.c (life of a link) and net_link_lws.c (the library's callbacks) share. */
#ifndef NET_LINK_PARTS_H
#define NET_LINK_PARTS_H

#include "net/link.h"

/* Around our code on the stack, so that the owner may drop the link from inside. */
void net_link_enter(struct link *link);
/* After our code when the library called: true if it must close the socket. The link may be gone then. */
bool net_link_leave(struct link *link);
void net_link_end(struct link *link, bool whole); /* ops->ended is due */
struct lws *net_link_detach(struct link *link);   /* the library's callbacks find nobody from now on */
void net_link_timer(struct link *link, ev_timer *timer, int64_t after_ms);

#endif
