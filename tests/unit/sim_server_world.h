/* sim_server_world.h - the server of the built-in exchange in a thread, with the fake exchange behind it. */
#ifndef UNIT_SIM_SERVER_WORLD_H
#define UNIT_SIM_SERVER_WORLD_H

#include "unit/sim_client.h"
#include "unit/sim_fakes.h"

#include <signal.h>

__attribute__((unused)) static int start(void **state)
{
    struct running *running = malloc(sizeof(*running));

    atomic_store(&fake_burst, 1);
    atomic_store(&fake_orders, 0);
    running_dir(running);
    running_start(running);
    *state = running;
    return 0;
}

__attribute__((unused)) static int stop(void **state)
{
    struct running *running = *state;

    running_stop(running);
    assert_int_equal(running->err, ERR_OK);
    assert_int_equal(access(running->path, F_OK), -1); /* a clean end takes exchange.json away */
    running_remove(running);
    free(running);
    return 0;
}

__attribute__((unused)) static void expect_close(struct client *client, int code)
{
    struct heard heard;

    do
        ws_hear(client, &heard);
    while (heard.opcode == 1 || heard.opcode == 2 || heard.opcode == 9 || heard.opcode == 10);
    assert_int_equal(heard.opcode, 8);
    assert_int_equal((unsigned char)heard.text[0] << 8 | (unsigned char)heard.text[1], code);
    ws_hear(client, &heard);
    assert_int_equal(heard.opcode, 0);
}

#endif
