/* net_test.h - what tests may replace in a struct net. */
#ifndef NET_NET_TEST_H
#define NET_NET_TEST_H

#include "net/net.h"
#include "net/resolver.h"

void net_set_lookup(struct net *net, resolver_lookup lookup); /* instead of getaddrinfo */

#endif
