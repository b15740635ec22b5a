#include "app/manual_theme.h"

#include "app/roff.h"
#include "core/base/embedded.h"
#include "tui/theme.h"

#include <flowdeck/version.h>
#include <string.h>

#define THEMES_MAX 16

static void put(const char *text, FILE *out)
{
    roff(text, out);
    fputc('\n', out);
}

/* The themes of the program, the dark one first; returns how many. */
static int load_all(struct theme theme[THEMES_MAX])
{
    char why[THEME_WHY_SIZE];
    int count = 1;

    theme_load_default(&theme[0]);
    for (size_t i = 0; i < embedded_file_count && count < THEMES_MAX; i++) {
        char name[THEME_NAME_SIZE];
        size_t size = strlen(embedded_files[i].name);

        if (strncmp(embedded_files[i].name, "themes/", 7) != 0 || size < 14 || size - 13 >= sizeof(name))
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(size - 13), embedded_files[i].name + 7);
        if (strcmp(name, theme[0].name) != 0 && theme_load(name, &theme[count], why) == ERR_OK)
            count++;
    }
    return count;
}

static void attributes(unsigned attr, char out[40])
{
    static const char *const word[] = {"bold", "dim", "underline", "reverse"};
    size_t used = 0;

    snprintf(out, 40, "-");
    for (int i = 0; i < 4; i++)
        if ((attr >> i & 1) != 0)
            used += (size_t)snprintf(out + used, 40 - used, "%s%s", used > 0 ? "+" : "", word[i]);
}

static void colour(int32_t rgb, char out[8])
{
    if (rgb < 0)
        snprintf(out, 8, "-");
    else
        snprintf(out, 8, "%06x", (unsigned)rgb & 0xffffffu);
}

static void index_16(int value, char out[12])
{
    if (value < 0)
        snprintf(out, 12, "-");
    else
        snprintf(out, 12, "%d", value);
}

/* The line of a theme file; a row of the table. */
static void entry_row(const char *name, const struct theme_entry *entry, FILE *out)
{
    char fg[8], bg[8], fg_16[12], bg_16[12], attr[40], mono[40], row[200];

    colour(entry->fg_rgb, fg);
    colour(entry->bg_rgb, bg);
    index_16(entry->fg_16, fg_16);
    index_16(entry->bg_16, bg_16);
    attributes(entry->attr, attr);
    attributes(entry->attr_mono, mono);
    snprintf(row, sizeof(row), "%-14.31s %-6s %-6s %-2s %-2s %-12s %s", name, fg, bg, fg_16, bg_16, attr,
             mono);
    put(row, out);
}

static bool same_entry(const struct theme_entry *a, const struct theme_entry *b)
{
    return a->fg_rgb == b->fg_rgb && a->bg_rgb == b->bg_rgb && a->fg_16 == b->fg_16 && a->bg_16 == b->bg_16 &&
           a->attr == b->attr && a->attr_mono == b->attr_mono;
}

static void role_part(enum role role, const struct theme theme[THEMES_MAX], int themes, FILE *out)
{
    char meaning[200];
    int contrast = role_contrast_x10(role);

    if (contrast > 0)
        snprintf(meaning, sizeof(meaning), "%s; %d.%d", role_meaning(role), contrast / 10, contrast % 10);
    else
        snprintf(meaning, sizeof(meaning), "%s", role_meaning(role));
    roff_item(role_name(role), NULL, meaning, out);
    fputs(".PP\n.nf\n.RS\n", out);
    for (int i = 0; i < themes; i++)
        if (i == 0 || !same_entry(&theme[i].entry[role], &theme[0].entry[role]))
            entry_row(theme[i].name, &theme[i].entry[role], out);
    fputs(".RE\n.fi\n", out);
}

static void page_form(FILE *out)
{
    fputs(".SH FORM\n", out);
    put("ASCII text, one role a line, columns separated by blanks, - for none, # begins a comment:", out);
    fputs(".PP\n.nf\n.RS\nrole fg bg fg16 bg16 attributes mono\n.RE\n.fi\n", out);
    roff_item("fg, bg", NULL,
              "foreground and background, six lower-case hexadecimal digits: rrggbb. With 256 colours the "
              "nearest of them is taken",
              out);
    roff_item("fg16, bg16", NULL, "the same where there are sixteen colours: 0 to 15 as ANSI has them", out);
    roff_item("attributes", NULL, "bold, dim, underline, reverse, joined by +", out);
    roff_item("mono", NULL, "the same where there are no colours, or NO_COLOR is set", out);
    fputs(".PP\n", out);
    put("A line `base NAME` before all others takes over every role of a theme of the program; the lines "
        "after "
        "it change some. Without it every role must be there, once. Role none has the default colours; a "
        "role "
        "without a background of its own stands on that. With sixteen colours a foreground that cannot be "
        "read on the background of another role gives way to that one's own, to white or to black; a mark "
        "over a step of the heat map that would hide it is drawn in the colours of none.",
        out);
}

void manual_theme_page(FILE *out)
{
    static struct theme theme[THEMES_MAX]; /* 60 kB */
    int themes = load_all(theme);

    fprintf(out, ".TH FLOWDECK\\-THEME 5 %s \"flowdeck %s\" \"File Formats\"\n", FLOWDECK_DATE,
            FLOWDECK_VERSION);
    fputs(".SH NAME\nflowdeck\\-theme \\- colours of flowdeck\n.SH DESCRIPTION\n", out);
    put("A theme says for each role what colours and attributes it has, in truecolour, in 256 and 16 colours "
        "and without any. Panels know roles alone. The setting theme, --theme and :theme take a name of the "
        "program (dark, light, high-contrast, colour-blind, mono, red-up), the name of a file in the themes "
        "folder, or the path of a file NAME.theme. :theme alone shows all with a sample; arrows try them, "
        "Enter keeps one, Esc leaves all as it was.",
        out);
    fputs(".PP\n", out);
    put("The file in use is looked at four times a second and taken as soon as it changes. One that is wrong "
        "changes nothing: the row of answers and the log say file, line and what is allowed there.",
        out);
    page_form(out);
    fputs(".SH EXAMPLE\n.nf\n.RS\n# mine.theme: dark, with my own sides\nbase dark\n"
          "bid      7fd4ff  -  14  -  -  -\nask      ffb765  -  11  -  -  -\n.RE\n.fi\n",
          out);
    fputs(".SH ROLES\n", out);
    put("Each with its meaning, the least contrast (WCAG 2) that it has in every coloured theme of the "
        "program "
        "(7 in high-contrast where it is text), and its line in the theme dark and in those that differ from "
        "it.",
        out);
    for (enum role role = ROLE_NONE; role < ROLE_COUNT; role++)
        role_part(role, theme, themes, out);
    fputs(".SH FILES\n", out);
    roff_item("~/.config/flowdeck/themes/NAME.theme", NULL,
              "themes of one's own; $XDG_CONFIG_HOME/flowdeck/themes where that is set", out);
    fputs(".SH SEE ALSO\n.BR flowdeck (1),\n.BR flowdeck.conf (5)\n", out);
}
