/* glossary_table.h - the rows of glossary.h. Private to it. */
#ifndef TUI_GLOSSARY_TABLE_H
#define TUI_GLOSSARY_TABLE_H

#include "tui/glossary.h"

extern const struct glossary_entry glossary_table[];
extern const size_t glossary_table_count;

#endif
