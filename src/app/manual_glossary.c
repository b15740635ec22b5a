#include "app/manual_glossary.h"

#include "app/manual_strategy.h"
#include "app/roff.h"
#include "core/base/safe_text.h"
#include "risk/gate.h"
#include "tui/glossary.h"

#include <string.h>
#include <strings.h>

#define TERM_COLUMN 22
#define TEXT_SIZE   768

/* Unit, definition, source, and where to look. Returns out. */
static const char *meaning(const struct glossary_entry *entry, char *out, size_t out_size)
{
    snprintf(out, out_size, "%s%s%s%s%s%s. On: %s", entry->unit, entry->unit[0] != '\0' ? ": " : "",
             entry->what, entry->from[0] != '\0' ? " (" : "", entry->from, entry->from[0] != '\0' ? ")" : "",
             entry->where);
    return out;
}

/* "even at, even, B" */
static const char *spellings(const struct glossary_entry *entry, char *out, size_t out_size)
{
    size_t used = (size_t)snprintf(out, out_size, "%s", entry->term);

    for (const char *also = entry->also; *also != '\0' && used < out_size;) {
        size_t letters = strcspn(also, "|");

        used += (size_t)snprintf(out + used, out_size - used, ", %.*s", (int)letters, also);
        also += letters + (also[letters] == '|');
    }
    return out;
}

static void print_entry(const struct glossary_entry *entry, FILE *out)
{
    char text[TEXT_SIZE], terms[TEXT_SIZE];
    int cols;

    spellings(entry, terms, sizeof(terms));
    cols = (int)safe_text_columns(terms); /* printf() counts bytes */
    if (cols > TERM_COLUMN)
        fprintf(out, "  %s\n%*s", terms, TERM_COLUMN + 3, "");
    else
        fprintf(out, "  %s%*s", terms, TERM_COLUMN - cols + 1, "");
    manual_wrapped(meaning(entry, text, sizeof(text)), TERM_COLUMN + 3, TERM_COLUMN + 3, out);
}

/* The codes of the controls have a table of their own. */
static bool print_control(const char *word, FILE *out)
{
    for (int code = 0; code < RISK_CODES; code++) {
        const char *name = risk_code_word((enum risk_code)code);

        if (name == NULL || strcasecmp(name, word) != 0)
            continue;
        fprintf(out, "  %-*s ", TERM_COLUMN, name);
        manual_wrapped(risk_code_help((enum risk_code)code), TERM_COLUMN + 3, TERM_COLUMN + 3, out);
        return true;
    }
    return false;
}

bool manual_glossary(const char *word, FILE *out)
{
    const struct glossary_entry *entry;

    if (word != NULL) {
        entry = glossary_find(word);
        if (entry != NULL)
            print_entry(entry, out);
        return entry != NULL || print_control(word, out);
    }
    for (size_t i = 0; (entry = glossary_at(i)) != NULL; i++) {
        if (i == 0 || glossary_at(i - 1)->group != entry->group)
            fprintf(out, "%s%s\n", i == 0 ? "" : "\n", glossary_group_word(entry->group));
        print_entry(entry, out);
    }
    return true;
}

void manual_glossary_roff(FILE *out)
{
    const struct glossary_entry *entry;

    fputs(".SH GLOSSARY\nThe signals, numbers and words of the screens: unit, definition, source, and the "
          "screens that show it.\n",
          out);
    for (size_t i = 0; (entry = glossary_at(i)) != NULL; i++) {
        char text[TEXT_SIZE], terms[TEXT_SIZE];

        if (i == 0 || glossary_at(i - 1)->group != entry->group) {
            fputs(".SS ", out);
            roff(glossary_group_word(entry->group), out);
            fputc('\n', out);
        }
        roff_item(spellings(entry, terms, sizeof(terms)), NULL, meaning(entry, text, sizeof(text)), out);
    }
}
