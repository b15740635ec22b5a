/* manual_journal.h - flowdeck-journal(5): the layout of the journal, its records from the table of store/record_table.c. */
#ifndef APP_MANUAL_JOURNAL_H
#define APP_MANUAL_JOURNAL_H

#include <stdio.h>

void manual_journal_page(FILE *out);

#endif
