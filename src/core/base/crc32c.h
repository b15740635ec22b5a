/* crc32c.h - CRC-32C (Castagnoli, RFC 3720 B.4), as the journal and record framing use it. Pure. */
#ifndef CORE_BASE_CRC32C_H
#define CORE_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* crc32c_update(0, "123456789", 9) == 0xE3069283; feed the result back in to go on. */
uint32_t crc32c_update(uint32_t crc, const void *data, size_t size);
/* The same without the processor's instruction: what other machines run, called by itself in tests. */
uint32_t crc32c_update_plain(uint32_t crc, const void *data, size_t size);

#endif
