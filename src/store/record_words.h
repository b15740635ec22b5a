/* record_words.h - the values of the enumerations in records, for text, JSON and flowdeck-journal(5). Pure. */
#ifndef STORE_RECORD_WORDS_H
#define STORE_RECORD_WORDS_H

/* Each takes a value of its enumeration; "?" for what is none. */
const char *word_of_venue(int value);
const char *word_of_step_source(int value);
const char *word_of_side(int value);
const char *word_of_order_type(int value);
const char *word_of_tif(int value);
const char *word_of_order_state(int value);
const char *word_of_order_error(int value);
const char *word_of_order_event(int value);
const char *word_of_command(int value);
const char *word_of_mode(int value);
const char *word_of_state(int value);
const char *word_of_time(int value);

#define WORDS_VENUE       (VENUE_BINANCE_COINM + 1)
#define WORDS_STEP_SOURCE (STEP_EXCHANGE_INFO + 1)
#define WORDS_TIF         (TIF_GTD + 1)
#define WORDS_COMMAND     (COMMAND_QUIT + 1)
#define WORDS_MODE        (MODE_LIVE + 1)
#define WORDS_STATE       (STATE_KILLED + 1)
#define WORDS_TIME        (STORE_TIME_ANEW + 1)

#endif
