/* The shell from which the program was started has its prompt again when the screen is left alone. */
#include "screen/control_client.h"
#include "screen/workstation.h"
#include "unit/own_folder.h"

static int make_folder(void **state)
{
    find_program(state);
    return own_folder_make("prompt");
}

static void type_line(struct vt *vt, const char *line)
{
    char piece[17];

    for (size_t at = 0; at < strlen(line); at += 16) {
        snprintf(piece, sizeof(piece), "%.16s", line + at);
        vt_send(vt, piece);
        vt_settle(vt, 20, ANSWER_MS);
    }
    vt_send(vt, "\r");
}

static void start_from(struct vt *shell)
{
    char line[700];

    vt_expect(shell, "ready> ", START_MS);
    snprintf(line, sizeof(line), "%s --demo --seed 5 --symbol BTCUSDT --data-dir %s", program, folder);
    type_line(shell, line);
    vt_expect(shell, "ACTIVE", START_MS);
    vt_expect(shell, "order flow", START_MS);
}

static void expect_trading_goes_on(void)
{
    int fd = client_open(folder, NULL, ANSWER_MS);
    json_t *root = client_try(fd, "{\"do\":\"status\"}");

    assert_true(client_ok(root));
    json_decref(root);
    close(fd);
}

/* Ctrl-C at the prompt is the shell's: the program is one of its jobs, in the background, and ends in order. */
static void detach_from(const char *const *argv)
{
    static const char *const env[] = {"PS1=ready> ", "ENV", NULL};
    struct vt *shell = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv, .env = env});

    start_from(shell);
    vt_send(shell, "q");
    vt_expect(shell, "LEAVE?", ANSWER_MS);
    play(shell, 300);
    vt_send(shell, "d");
    vt_expect(shell, "trading goes on in the background", ANSWER_MS);
    vt_expect(shell, "\nready> ", ANSWER_MS);
    vt_send(shell, "\003");
    vt_settle(shell, 1000, ANSWER_MS); /* what is typed before the shell has taken it goes with it */
    type_line(shell, "echo a${PS1}b");
    vt_expect(shell, "aready> b", ANSWER_MS);
    expect_trading_goes_on();
    type_line(shell, "kill %1; wait; echo over$?");
    vt_expect(shell, "over0", ANSWER_MS);
    type_line(shell, "exit");
    type_line(shell, "exit"); /* dash has not seen that what had stopped went on, and asks once */
    if (!vt_wait_exit(shell, ANSWER_MS))
        fail_msg("the shell does not end; the screen is:\n%s", vt_text(shell));
    vt_free(shell);
}

static void test_bash_has_its_prompt(void **state)
{
    static const char *const argv[] = {"bash", "--norc", "-i", NULL};

    (void)state;
    detach_from(argv);
}

static void test_sh_has_its_prompt(void **state)
{
    static const char *const argv[] = {"sh", "-i", NULL};

    (void)state;
    detach_from(argv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bash_has_its_prompt, make_folder, own_folder_drop),
        cmocka_unit_test_setup_teardown(test_sh_has_its_prompt, make_folder, own_folder_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
