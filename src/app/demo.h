/*
 * demo.h - the built-in exchange as a child process: started before threads and database, dying with its parent.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/paths.h"
#include "core/base/config.h"
#include "core/base/err.h"
#include "feed/venue_profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct demo_config {
    const char *data_dir; /* exists; the exchange's own folder is made in it */
    uint64_t seed;
    const char *const *symbols;
    size_t symbol_count;
    bool at_once; /* as soon as it listens: who connects then waits until its market is there */
    bool no_past; /* nobody asks for trades of the time before: its market begins now */
};

struct demo {     /* a running child */
    pid_t pid;    /* 0: none */
    int alive_fd; /* hangs up when the child ends; -1: none */
    char rest_url[VENUE_URL_MAX], stream_url[VENUE_URL_MAX];
    char ca_file[PATH_TEXT_MAX];
};

/*
 * How its strategy trades, where nobody says otherwise: by the defaults it trades each few seconds for a few hundredths of a
 * percent and pays 0.2 % for it, so that its losing streak stops it within minutes by construction. Here it waits for a
 * stronger flow, and for a move that is worth the fees. No control is any looser.
 */
enum err demo_presets(struct config *config, char why[CONFIG_WHY_SIZE]);

/* Waits until its market is open or, at_once, until it listens (10 s at most). On error *why is one line, and there is no
 * child. */
enum err demo_start(const struct demo_config *config, struct demo *out, char *why, size_t why_size);
bool demo_has_ended(int alive_fd); /* the child is gone; -1: there is none to end */
void demo_stop(struct demo *demo); /* ends and reaps it; a demo that was not started is allowed */

#endif
