/* Screen 8: which line is chosen, where the sections stand, what is said of a line. */
#include "tui/csv.h"
#include "tui/ui_screens.h"

#include <stdio.h>
#include <string.h>

#define COLUMN_MAX 6 /* sections one under the other */

static const struct {
    const char *name;
    uint8_t group; /* enum view_facts; FACTS_GROUPS: rows of its own kind */
    uint8_t least; /* rows that stay where there is little room */
} sections[SYSTEM_SECTIONS] = {
    [SYSTEM_LATENCY] = {"latency", FACTS_GROUPS, 10},    [SYSTEM_FEED] = {"feed", FACTS_FEED, 3},
    [SYSTEM_QUEUES] = {"queues", FACTS_GROUPS, 4},       [SYSTEM_MEMORY] = {"memory", FACTS_MEMORY, 2},
    [SYSTEM_THREADS] = {"threads", FACTS_GROUPS, 5},     [SYSTEM_STORE] = {"storage", FACTS_STORE, 5},
    [SYSTEM_INSTANCE] = {"instance", FACTS_INSTANCE, 3}, [SYSTEM_START] = {"start", FACTS_START, 2},
    [SYSTEM_VERSIONS] = {"versions", FACTS_VERSIONS, 2},
};

const char *system_section_name(enum system_section section)
{
    return section < SYSTEM_SECTIONS ? sections[section].name : "?";
}

/* Those of one look: narrow a page, else a column. END ends each. */
#define END SYSTEM_SECTIONS
static const uint8_t pages[4][COLUMN_MAX] = {{SYSTEM_LATENCY, SYSTEM_FEED, END},
                                             {SYSTEM_QUEUES, SYSTEM_MEMORY, SYSTEM_THREADS, END},
                                             {SYSTEM_STORE, SYSTEM_INSTANCE, END},
                                             {SYSTEM_START, SYSTEM_VERSIONS, END}};
static const uint8_t framed[2][COLUMN_MAX] = {
    {SYSTEM_LATENCY, SYSTEM_FEED, SYSTEM_QUEUES, SYSTEM_START, END},
    {SYSTEM_MEMORY, SYSTEM_THREADS, SYSTEM_STORE, SYSTEM_INSTANCE, SYSTEM_VERSIONS, END}};
static const uint8_t wide[3][COLUMN_MAX] = {{SYSTEM_LATENCY, SYSTEM_FEED, SYSTEM_START, END},
                                            {SYSTEM_QUEUES, SYSTEM_MEMORY, SYSTEM_THREADS, END},
                                            {SYSTEM_STORE, SYSTEM_INSTANCE, SYSTEM_VERSIONS, END}};

static const uint8_t *column_of(const struct ui *ui, int column)
{
    if (ui->layout.wide)
        return wide[column];
    if (ui->layout.framed)
        return framed[column];
    for (int page = 0; page < 4; page++)
        if (memchr(pages[page], (int)ui->system.section, COLUMN_MAX) != NULL)
            return pages[page];
    return pages[0];
}

int system_pages(const struct ui *ui, int *page)
{
    *page = 0;
    if (ui->layout.framed)
        return 1;
    while (*page < 3 && column_of(ui, 0) != pages[*page])
        ++*page;
    return 4;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

int system_rows(const struct ui *ui, enum system_section section)
{
    const struct view_system *view = &ui_view(ui)->system;
    int count = 0;

    if (section == SYSTEM_LATENCY)
        return view->stages < VIEW_STAGES_MAX ? view->stages : VIEW_STAGES_MAX;
    if (section == SYSTEM_QUEUES)
        return view->queues < VIEW_QUEUES_MAX ? view->queues : VIEW_QUEUES_MAX;
    if (section == SYSTEM_THREADS)
        return view->threads < VIEW_THREADS_MAX ? view->threads : VIEW_THREADS_MAX;
    for (int i = 0; i < view->facts && i < VIEW_FACTS_MAX; i++)
        count += view->fact[i].group == sections[section].group;
    return count;
}

const struct view_fact *system_fact(const struct ui *ui, enum system_section section, int row)
{
    const struct view_system *view = &ui_view(ui)->system;

    for (int i = 0; i < view->facts && i < VIEW_FACTS_MAX; i++)
        if (view->fact[i].group == sections[section].group && row-- == 0)
            return &view->fact[i];
    return NULL;
}

bool system_has_head(enum system_section section)
{
    return section == SYSTEM_LATENCY || section == SYSTEM_QUEUES || section == SYSTEM_THREADS;
}

static int wanted(const struct ui *ui, enum system_section section)
{
    int rows = system_rows(ui, section);

    return (rows > 0 ? rows : 1) + system_has_head(section);
}

static int give(struct system_place *place, int most, int left)
{
    int more = most - place->rows;

    more = more > left ? left : more > 0 ? more : 0;
    place->rows += more;
    return more;
}

/* First what each needs least, then all of the chosen one, then the rest from the top. */
int system_places(const struct ui *ui, int column, int rows, struct system_place place[SYSTEM_SECTIONS])
{
    const uint8_t *section = column_of(ui, column);
    int count = 0, left = rows;

    for (; count < COLUMN_MAX && section[count] != END; count++)
        place[count] = (struct system_place){(enum system_section)section[count], 0};
    left -= count - 1; /* rules between them */
    for (int i = 0; i < count; i++) {
        int want = wanted(ui, place[i].section), least = sections[place[i].section].least;

        left -= give(&place[i], want < least ? want : least, left);
    }
    for (int i = 0; i < count; i++)
        if (place[i].section == ui->system.section)
            left -= give(&place[i], wanted(ui, place[i].section), left);
    for (int i = 0; i < count; i++)
        left -= give(&place[i], wanted(ui, place[i].section), left);
    return count;
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

static int chosen_row(const struct ui *ui)
{
    int rows = system_rows(ui, ui->system.section);

    return ui->system.row < rows ? ui->system.row : rows > 0 ? rows - 1 : 0;
}

bool system_is_chosen(const struct ui *ui, enum system_section section, int row)
{
    return section == ui->system.section && row == chosen_row(ui);
}

/* From the last line of a section on to the first of the next. */
static void choose(struct ui *ui, int lines)
{
    int section = (int)ui->system.section, row = chosen_row(ui), step = lines < 0 ? -1 : 1;

    for (; lines != 0; lines -= step) {
        row += step;
        while (row < 0 || row >= system_rows(ui, (enum system_section)section)) {
            int next = section + step;

            if (next < 0 || next >= SYSTEM_SECTIONS) {
                ui_say(ui, 0, "", step < 0 ? "the first one" : "the last one");
                return;
            }
            section = next;
            row = step > 0 ? 0 : system_rows(ui, (enum system_section)section) - 1;
        }
        ui->system.section = (enum system_section)section;
        ui->system.row = (uint16_t)row;
    }
}

/* Narrow: the next page; else the next section. */
static void step(struct ui *ui, int direction)
{
    int now, count = system_pages(ui, &now);

    ui->system.row = 0;
    if (count > 1)
        ui->system.section = (enum system_section)pages[(now + direction + count) % count][0];
    else
        ui->system.section =
            (enum system_section)(((int)ui->system.section + direction + SYSTEM_SECTIONS) % SYSTEM_SECTIONS);
}

static void section_csv(const struct ui *ui, enum system_section section, struct csv *csv)
{
    const struct view_system *view = &ui_view(ui)->system;
    const char *name = sections[section].name;

    for (int row = 0; row < system_rows(ui, section); row++) {
        const struct view_fact *fact = system_fact(ui, section, row);
        const struct view_stage *stage = &view->stage[row % VIEW_STAGES_MAX];
        const struct view_queue *queue = &view->queue[row % VIEW_QUEUES_MAX];
        const struct view_thread *thread = &view->thread[row % VIEW_THREADS_MAX];

        if (section == SYSTEM_LATENCY)
            csv_row(csv, "%s,%s,count=%llu p50=%s p90=%s p99=%s p99.9=%s most=%s", name, stage->name,
                    (unsigned long long)stage->count, number_duration(stage->p50_ns).text,
                    number_duration(stage->p90_ns).text, number_duration(stage->p99_ns).text,
                    number_duration(stage->p999_ns).text, number_duration(stage->max_ns).text);
        else if (section == SYSTEM_QUEUES)
            csv_row(csv, "%s,%s,now=%lld most=%lld bound=%s", name, queue->name, (long long)queue->now,
                    (long long)queue->most, number_fixed(queue->high, 0, 0, false).text);
        else if (section == SYSTEM_THREADS)
            csv_row(csv, "%s,%s,cpu_percent=%s used_ms=%lld %s", name, thread->name,
                    thread->cpu_x10 < 0 ? "?" : number_fixed(thread->cpu_x10, 1, 1, false).text,
                    (long long)thread->used_ms, thread->state);
        else if (fact != NULL) {
            char text[2 * sizeof(fact->text) + 2];

            csv_row(csv, "%s,%s,%s", name, fact->name, csv_quoted(fact->text, text, sizeof(text)));
        }
    }
}

const char *system_csv(const struct ui *ui, struct csv *csv)
{
    csv_begin(csv, "section,name,value");
    for (int i = 0; i < SYSTEM_SECTIONS; i++)
        section_csv(ui, (enum system_section)i, csv);
    return "figures";
}

bool system_act(struct ui *ui, enum key_action action)
{
    int lines = keymap_rows(action, VIEW_FACTS_MAX * 2);

    if (ui_view(ui) == NULL)
        return false;
    if (lines != 0) {
        choose(ui, lines);
        return true;
    }
    switch ((int)action) {
    case ACT_TAB_NEXT:
        step(ui, 1);
        return true;
    case ACT_TAB_PREV:
        step(ui, -1);
        return true;
    default:
        return false;
    }
}

/* --- NEXT -------------------------------------------------------------------------------------------------------- */

static void stage_text(const struct view_stage *stage, char *out, size_t size)
{
    if (stage->count == 0)
        text_print(out, size, "%s  %s: not measured in this run", stage->name, stage->help);
    else
        text_print(out, size, "%s  half within %s, 999 of 1000 within %s: %s", stage->name,
                   number_duration(stage->p50_ns).text, number_duration(stage->p999_ns).text, stage->help);
}

void system_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_system *view = &ui_view(ui)->system;
    enum system_section section = ui->system.section;
    int row = chosen_row(ui);
    const struct view_fact *fact = system_fact(ui, section, row);

    if (system_rows(ui, section) == 0)
        text_print(out, size, view->stages == 0 ? "the engine is asked" : "%s  nothing is known of it",
                   sections[section].name);
    else if (section == SYSTEM_LATENCY)
        stage_text(&view->stage[row], out, size);
    else if (section == SYSTEM_QUEUES)
        text_print(out, size, "%s  %s", view->queue[row].name, view->queue[row].help);
    else if (section == SYSTEM_THREADS)
        text_print(out, size, "%s  thread %d, %s, %s of a processor since it began", view->thread[row].name,
                   view->thread[row].id, view->thread[row].state,
                   number_duration(view->thread[row].used_ms * UI_MILLI_NS).text);
    else if (fact != NULL)
        text_print(out, size, "%s  %s", fact->name, fact->text);
}
