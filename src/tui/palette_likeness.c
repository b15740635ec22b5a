/* How alike what is typed and a name are. Pure; small names, so the best way through them is simply found. */
#include "tui/palette.h"

#include <ctype.h>
#include <string.h>

/* Of one letter that fits; a letter of the name that is left out between two costs. */
#define SCORE_LETTER 16
#define BONUS_START  10 /* it begins a word of the name */
#define BONUS_FIRST  6  /* and that word is the first */
#define BONUS_NEXT   8  /* it follows the letter that fitted before */
#define BONUS_OTHER  7  /* the first of an entry's other words */
#define COST_GAP     1
#define COST_GAP_MAX 6
#define NO_WAY       (-30000)

static bool begins_word(const char *name, size_t at)
{
    return at == 0 || (!isalnum((unsigned char)name[at - 1]) && isalnum((unsigned char)name[at])) ||
           (islower((unsigned char)name[at - 1]) && isupper((unsigned char)name[at]));
}

static int letter_score(const char *name, size_t at)
{
    return SCORE_LETTER + (begins_word(name, at) ? BONUS_START : 0) + (at == 0 ? BONUS_FIRST : 0);
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* best[i]: of the letters so far, the last of them at byte i of the name; from[]: where the one before was. */
struct way {
    int best[PALETTE_NAME_MAX];
    int8_t from[PALETTE_NAME_MAX][PALETTE_NAME_MAX];
};

static int step_score(int before, size_t gap)
{
    if (gap == 0)
        return before + BONUS_NEXT;
    return before - COST_GAP * (int)(gap < COST_GAP_MAX ? gap : COST_GAP_MAX);
}

static void take_letter(struct way *way, const char *name, size_t names, char letter, size_t number)
{
    int next[PALETTE_NAME_MAX];

    for (size_t at = 0; at < names; at++) {
        next[at] = NO_WAY;
        if (!same_letter(name[at], letter))
            continue;
        if (number == 0)
            next[at] = letter_score(name, at);
        for (size_t before = 0; number > 0 && before < at; before++) {
            int score = way->best[before] == NO_WAY
                            ? NO_WAY
                            : step_score(way->best[before], at - before - 1) + letter_score(name, at);

            if (score > next[at]) {
                next[at] = score;
                way->from[number][at] = (int8_t)before;
            }
        }
    }
    memcpy(way->best, next, sizeof(next[0]) * names);
}

/* One word of what is typed. */
static int term_likeness(const char *term, size_t letters, const char *name, size_t names, uint64_t *places)
{
    struct way way;
    int best = NO_WAY, at = -1;

    if (letters > names)
        return 0;
    for (size_t i = 0; i < letters; i++)
        take_letter(&way, name, names, term[i], i);
    for (size_t i = 0; i < names; i++) {
        if (way.best[i] > best) {
            best = way.best[i];
            at = (int)i;
        }
    }
    if (best <= 0)
        return 0;
    for (size_t i = letters; places != NULL && i-- > 0; at = way.from[i][at])
        *places |= UINT64_C(1) << (unsigned)at;
    return best + (letters == names ? BONUS_FIRST : 0);
}

int palette_likeness(const char *typed, const char *name, uint64_t *places)
{
    size_t names = strnlen(name, PALETTE_NAME_MAX);
    int sum = 0;

    if (places != NULL)
        *places = 0;
    for (int terms = 0; terms < PALETTE_TERMS_MAX; terms++) {
        size_t letters;
        int score;

        typed += strspn(typed, " ");
        letters = strcspn(typed, " ");
        if (letters == 0)
            break;
        score = term_likeness(typed, letters, name, names, places);
        if (score == 0)
            return 0;
        sum += score;
        typed += letters;
    }
    return sum;
}

/* Where in the sentence a word begins with the term; -1: nowhere. */
static int word_begins(const char *sentence, const char *term, size_t letters)
{
    for (size_t at = 0; sentence[at] != '\0'; at++) {
        size_t same = 0;

        if (at > 0 && isalnum((unsigned char)sentence[at - 1]))
            continue;
        while (same < letters && same_letter(sentence[at + same], term[same]))
            same++;
        if (same == letters)
            return (int)at;
    }
    return -1;
}

/* Shorter ones begin a word of every sentence. */
static int sentence_score(const char *sentence, const char *term, size_t letters)
{
    return letters < 3 || word_begins(sentence, term, letters) < 0 ? 0 : (int)letters * SCORE_LETTER / 4;
}

/* As letters in a row have, without what a name has for its beginning: with any preference a whole name stays ahead. */
static int other_score(const char *other, const char *term, size_t letters)
{
    int at = word_begins(other, term, letters);
    bool whole = at >= 0 && (other[(size_t)at + letters] == ' ' || other[(size_t)at + letters] == '\0');

    if (at < 0 || (letters < 3 && !whole))
        return 0;
    return (int)letters * (SCORE_LETTER + BONUS_NEXT) + (at == 0 ? BONUS_OTHER : 0);
}

/* Of each word typed the better of both; 0: one is in neither. by_other: one is of other (NULL: there is none). */
static int terms_score(const char *typed, const char *other, const char *sentence, bool *by_other)
{
    int sum = 0;

    for (int terms = 0; terms < PALETTE_TERMS_MAX; terms++) {
        size_t letters;
        int score;

        typed += strspn(typed, " ");
        letters = strcspn(typed, " ");
        if (letters == 0)
            break;
        score = other == NULL ? 0 : other_score(other, typed, letters);
        *by_other |= score > 0;
        if (score == 0)
            score = sentence_score(sentence, typed, letters);
        if (score == 0)
            return 0;
        sum += score;
        typed += letters;
    }
    return sum;
}

int palette_likeness_of_words(const char *typed, const char *sentence)
{
    bool by_other = false;

    return terms_score(typed, NULL, sentence, &by_other);
}

int palette_likeness_of_other(const char *typed, const char *other, const char *meaning)
{
    bool by_other = false;
    int sum = terms_score(typed, other, meaning, &by_other);

    return by_other ? sum : 0;
}
