/* utf8.h - is a text well-formed UTF-8 (RFC 3629)? Pure. */
#ifndef NET_UTF8_H
#define NET_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool utf8_valid(const char *text, size_t size);

#endif
