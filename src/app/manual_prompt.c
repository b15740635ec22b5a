#include "app/manual_prompt.h"

#include "app/roff.h"
#include "tui/prompt.h"

#include <string.h>

/* "; like :cancel buys; works in a replay", without what goes without saying. */
static void print_prompt_rest(const struct prompt_word *word, FILE *out)
{
    if (strcmp(word->example, word->name) != 0)
        fprintf(out, "; like :%s", word->example);
    if ((word->traits & (PROMPT_TYPED | PROMPT_REPLAY)) != 0)
        fprintf(out, "; works %s", prompt_context(word));
}

void manual_prompt(FILE *out)
{
    const struct prompt_word *word;

    for (size_t i = 0; (word = prompt_at(i)) != NULL; i++) {
        char syntax[96];

        fprintf(out, "%s\n    %s", prompt_syntax(word, syntax, sizeof(syntax)), word->meaning);
        print_prompt_rest(word, out);
        fputc('\n', out);
    }
}

void manual_prompt_roff(FILE *out)
{
    const struct prompt_word *word;
    char name[64], text[256];

    fputs(
        ".SH PROMPT\nThe key : opens a prompt with a list above it. While a line is typed, commands, keys, "
        "screens, instruments, settings and lines typed before that are like it are offered, the best "
        "nearest; the arrows choose, Tab completes, Ctrl\\-R looks among lines typed before. A line that is "
        "a command is run as it was typed; what is only like one, and trades, is typed out and wants Enter "
        "once more. An order key chosen here always asks.\n",
        out);
    for (size_t i = 0; (word = prompt_at(i)) != NULL; i++) {
        snprintf(name, sizeof(name), ":%s", word->name);
        snprintf(text, sizeof(text), "%s%s%s%s%s", word->meaning,
                 strcmp(word->example, word->name) == 0 ? "" : "; like :",
                 strcmp(word->example, word->name) == 0 ? "" : word->example,
                 (word->traits & (PROMPT_TYPED | PROMPT_REPLAY)) == 0 ? "" : "; works ",
                 (word->traits & (PROMPT_TYPED | PROMPT_REPLAY)) == 0 ? "" : prompt_context(word));
        roff_item(name, word->arguments[0] == '\0' ? NULL : word->arguments, text, out);
    }
}
