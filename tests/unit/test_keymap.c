/* The key table: the one source of dispatch, help and manual. */
#include "ui_fixture.h"

#include "tui/keymap.h"

/* A key that meant two things in one place would mean neither. */
static void test_one_key_has_one_meaning_in_one_context(void **state)
{
    (void)state;
    for (size_t i = 0; i < keymap_count(); i++) {
        for (size_t j = i + 1; j < keymap_count(); j++) {
            const struct key_binding *a = keymap_at(i), *b = keymap_at(j);

            if (a->context == b->context && a->key == b->key)
                fail_msg("%s has both %s and %s in %s", key_to_name(a->key, (char[32]){0}), a->name, b->name,
                         key_context_name(a->context));
        }
    }
}

/* Help is made from the first binding of an action; a nameless or helpless action could not be looked up. */
static void test_each_action_of_a_context_is_explained_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        int helps = 0;

        assert_true(binding->name[0] != '\0');
        for (size_t j = 0; j < keymap_count(); j++) {
            const struct key_binding *other = keymap_at(j);

            helps += other->context == binding->context && other->action == binding->action &&
                     other->help[0] != '\0';
            if (other->context == binding->context && other->action == binding->action)
                assert_string_equal(other->name, binding->name);
        }
        assert_int_equal(helps, 1);
    }
}

/* A name in a configuration file must come back to the key it was written for. */
static void test_keys_of_the_table_have_names(void **state)
{
    char name[32];

    (void)state;
    for (size_t i = 0; i < keymap_count(); i++)
        assert_int_equal(key_from_name(key_to_name(keymap_at(i)->key, name)), keymap_at(i)->key);
}

/* The kill key is everywhere but in a text field, where Alt-K and F12 stand for it. */
static void test_kill_is_bound_four_times_and_shadowed_nowhere(void **state)
{
    static const uint32_t keys[] = {'K', KEY_F12, KEY_ALT | 'K', 0x041b};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(keymap_find(CONTEXT_ALL, keys[i]));
        assert_int_equal(keymap_find(CONTEXT_ALL, keys[i])->action, ACT_KILL);
        for (int context = CONTEXT_ALL + 1; context < KEY_CONTEXTS; context++)
            assert_null(keymap_find((enum key_context)context, keys[i]));
    }
}

static void test_help_names_all_keys_of_an_action(void **state)
{
    char keys[64];

    (void)state;
    assert_string_equal(keymap_keys(CONTEXT_LADDER, ACT_UP, keys, sizeof(keys)), "\u2191 k");
    assert_string_equal(keymap_keys(CONTEXT_LADDER, ACT_FINER, keys, sizeof(keys)), "[ (");
    assert_string_equal(keymap_keys(CONTEXT_REPLAY, ACT_KILL, keys, sizeof(keys)), "");
    assert_null(keymap_at(keymap_count()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_key_has_one_meaning_in_one_context),
        cmocka_unit_test(test_each_action_of_a_context_is_explained_once),
        cmocka_unit_test(test_keys_of_the_table_have_names),
        cmocka_unit_test(test_kill_is_bound_four_times_and_shadowed_nowhere),
        cmocka_unit_test(test_help_names_all_keys_of_an_action),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
