/* What each command is: a word that no other has, and who may ask it. */
#include "core/domain/command.h"

#include "unit/cmocka_all.h"

static void test_every_command_has_its_own_word(void **state)
{
    (void)state;
    for (int kind = 0; kind < COMMAND_KINDS; kind++) {
        const char *word = command_word((enum command_kind)kind);
        assert_non_null(word);
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(word, command_word((enum command_kind)other));
    }
    assert_null(command_word(COMMAND_KINDS));
    assert_null(command_word((enum command_kind) - 1));
}

/* Whatever changes the book of orders, a limit or a state is journaled, so that a replay of the inputs decides
 * the same; a kill is everybody's, the replay's own keys are nobody's from afar. */
static void test_who_may_ask_what(void **state)
{
    (void)state;
    for (int kind = 0; kind < COMMAND_KINDS; kind++)
        if (command_has((enum command_kind)kind, COMMAND_TRAIT_CHANGES))
            assert_true(command_has((enum command_kind)kind, COMMAND_TRAIT_INPUT));
    assert_true(command_has(COMMAND_KILL, COMMAND_TRAIT_INPUT));
    assert_true(command_has(COMMAND_KILL, COMMAND_TRAIT_FAR));
    assert_false(command_has(COMMAND_KILL, COMMAND_TRAIT_CHANGES));
    assert_false(command_has(COMMAND_VIEW, COMMAND_TRAIT_INPUT));
    for (int kind = COMMAND_REPLAY_HOLD; kind <= COMMAND_QUIT; kind++)
        assert_false(command_has((enum command_kind)kind, COMMAND_TRAIT_FAR));
    assert_false(command_has(COMMAND_KINDS, COMMAND_TRAIT_INPUT));
    assert_false(command_has((enum command_kind) - 1, COMMAND_TRAIT_FAR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_has_its_own_word),
        cmocka_unit_test(test_who_may_ask_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
