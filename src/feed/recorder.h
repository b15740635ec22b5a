/*
 * recorder.h - what came in, written down as it came: "<ns> <json>" lines, gzipped. A replay reads them.
 *
 *   engine's thread -> recorder_write(): copied into a ring of bytes -> writer's thread -> recorder_file.h
 *
 * recorder_write() never waits, allocates or calls the system. A message that finds the ring full ends the recording:
 * a hole in the middle would look like a market that was quiet. The end is told: a line {"stream":"!lost",...}, the
 * status, and a count of what is missing. The same when the disk is full. Each second what came is on its way to the
 * disk as whole gzip members; a crash loses at most that second.
 *
 * Files of one recording are replayed one after the other: flowdeck replay out.jsonl.gz out.0001.jsonl.gz ...
 */
#ifndef FEED_RECORDER_H
#define FEED_RECORDER_H

#include "core/base/err.h"
#include "feed/recorder_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDER_RING_BYTES (32 << 20) /* the largest message twice; touched as used, given back when read */
#define RECORDER_FLUSH_MS   1000
#define RECORDER_POLL_MS    50 /* the writer looks that often: the engine need not wake it */
#define RECORDER_STREAM_MAX 64

struct recorder;

struct recorder_config {
    const char *path;      /* of the first file: "out.jsonl.gz" */
    uint64_t rotate_bytes; /* a file this large is followed by the next; 0: never */
    uint32_t flush_ms;     /* 0: RECORDER_FLUSH_MS */
    size_t ring_bytes;     /* tests; 0: RECORDER_RING_BYTES; power of two */
};

struct recorder_status {
    bool stopped;                /* nothing more is recorded */
    char why[RECORDER_WHY_SIZE]; /* then: one safe line */
    char path[RECORDER_PATH_MAX];
    uint32_t files;
    uint64_t messages, text_bytes; /* taken into the ring */
    uint64_t file_bytes;           /* in all files, packed */
    uint64_t lost;                 /* messages after it stopped */
    size_t ring_used;
};

/* The first file is there, empty, when this returns ERR_OK. Else *why is one line: ERR_IO, ERR_MEMORY, ERR_TOO_LONG. */
enum err recorder_open(const struct recorder_config *config, struct recorder **out, char *why,
                       size_t why_size);
/* Engine's thread. stream: what a bare text is wrapped as ("btcusdt@snapshot", "!exchangeInfo": names without
 * anything that JSON escapes); NULL: text is an envelope or raw message already. Line ends within text become
 * spaces. False: not recorded, and counted. */
bool recorder_write(struct recorder *recorder, int64_t recv_ns, const char *stream, const char *text,
                    size_t size);
/* Any thread. */
void recorder_status(const struct recorder *recorder, struct recorder_status *out);
/* Writes what is left, to the disk, and frees. *out (may be NULL) is the last status. ERR_IO: it had stopped. */
enum err recorder_close(struct recorder *recorder, struct recorder_status *out);

#endif
