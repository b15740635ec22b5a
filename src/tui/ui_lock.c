/*
 * A locked screen: against a cat on the keyboard and a passing hand, not against a thief. K kills, Space pauses, the word
 * and Enter unlock; nothing else does anything, and a resume is not one of them.
 */
#include "core/base/config.h"
#include "tui/prompt_words.h"

#include <string.h>

#define WORD_UNSET "unlock"

static const char *unlock_word(const struct ui *ui)
{
    const struct config *config = ui_settings(ui);

    return config == NULL ? WORD_UNSET : config_text(config, "screen.lock_word");
}

bool lock_hides(const struct ui *ui)
{
    const struct config *config = ui_settings(ui);

    return ui->locked && config != NULL && strcmp(config_text(config, "screen.lock_picture"), "hide") == 0;
}

void word_lock(struct ui *ui, const char *args)
{
    (void)args;
    if (strpbrk(unlock_word(ui), " K") != NULL || unlock_word(ui)[0] == '\0') {
        ui_say(ui, 1, "NOT LOCKED", "screen.lock_word `%s` could not be typed: no blank, no K",
               unlock_word(ui));
        return;
    }
    arm_off(ui, NULL);
    ui->moving = false;
    ui->overlay = OVERLAY_NONE;
    ui->locked = true;
    ui->lock_typed[0] = '\0';
    ui->locked_since_ns = ui->frame != NULL ? ui->frame->status.now_ns : 0;
    ui->say.until_ns = 0;
    ui_note(ui, 1, "screen locked");
}

static void unlock(struct ui *ui)
{
    if (strcmp(ui->lock_typed, unlock_word(ui)) == 0) {
        ui->locked = false;
        ui_note(ui, 0, "screen unlocked");
        ui_say(ui, 0, "UNLOCKED", "one-key is off");
    } else {
        ui_say(ui, 1, "LOCKED", "that is not the word; " KEY("K") " kills, " KEY("Space") " pauses");
    }
    ui->lock_typed[0] = '\0';
}

/* Only pauses: whoever may resume can unlock. */
static void pause_only(struct ui *ui)
{
    if (ui->frame != NULL && ui->frame->status.state == STATE_PAUSED)
        ui_say(ui, 0, "PAUSED", "already; unlock to resume");
    else
        pause_now(ui);
}

/* Letters belong to the word, but for K: a user's own key for kill may be one of them. */
static bool is_of_word(uint32_t key)
{
    return key > ' ' && key <= '~' && key != 'K';
}

void lock_key(struct ui *ui, const struct key_event *key)
{
    uint32_t typed = key->key > 0x7f && key->key < KEY_FIRST /* a letter of another script by its place */
                         ? keyboard_key(ui->keys.keyboard, key->key)
                         : key->key;
    size_t size = strlen(ui->lock_typed);

    if (!is_of_word(typed) && ui_kill_typed(ui, key->key)) {
        kill_key(ui);
    } else if (key->key == ' ') {
        pause_only(ui);
    } else if (key->key == KEY_ENTER) {
        unlock(ui);
    } else if (key->key == KEY_BACKSPACE || key->key == KEY_ESC) {
        ui->lock_typed[key->key == KEY_ESC || size == 0 ? 0 : size - 1] = '\0';
    } else if (!is_of_word(typed) && ui_action(ui, CONTEXT_ALL, key->key) == ACT_REDRAW) {
        ui->host.redraw(ui->host.arg);
    } else if (is_of_word(typed) && size + 1 < sizeof(ui->lock_typed)) {
        ui->lock_typed[size] = (char)typed;
        ui->lock_typed[size + 1] = '\0';
    }
}

/* What is typed is shown: the word keeps stray hands off and is no secret, and a slip of the keys must be seen. */
void lock_next_text(const struct ui *ui, char *out, size_t size)
{
    text_print(
        out, size, "LOCKED  since %s \u00b7 type %s and Enter: %s_", number_clock(ui->locked_since_ns).text,
        strcmp(unlock_word(ui), WORD_UNSET) == 0 ? "`" WORD_UNSET "`" : "your unlock word", ui->lock_typed);
}
