/* ui_states.h - other states of the engine, mode and book in the fixture of the screen's tests, and the orders it was sent. Header only. */
#ifndef UNIT_UI_STATES_H
#define UNIT_UI_STATES_H

#include "ui_fixture.h"

static inline void set_state(struct fixture *f, enum trading_state state)
{
    f->frame.status.state = state;
    fixture_publish(f);
    fixture_wait(f, 10000); /* past the banner of the change */
}

static inline void set_mode(struct fixture *f, enum trading_mode mode)
{
    f->frame.status.mode = mode;
    fixture_publish(f);
}

static inline void set_book(struct fixture *f, enum book_state state)
{
    f->frame.status.instrument[0].book_state = state;
    f->frame.status.instrument[0].book_age_ns = INT64_C(4200000000);
    fixture_publish(f);
}

static inline int orders_sent(const struct fixture *f)
{
    return fixture_count(f, COMMAND_ORDER);
}

#endif
