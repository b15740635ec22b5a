/*
 * theme.h - what a cell means (roles), and what colour a meaning has (themes).
 *
 * Panels speak of roles alone: `style_role(ROLE_BID)`, `style_on(style, ROLE_ROW_MARK)`. A theme file says for
 * each role its colours; the differ resolves role -> theme -> colour depth when it writes to the terminal. So
 * a theme or the depth can change at any moment without a panel knowing, and nothing is by colour alone.
 *
 * Roles compose: a style has a foreground role and an independent background role. The background of a style
 * is that of its `bg` role; if `bg` is ROLE_NONE it is that of its `fg` role (a badge carries its own); if the
 * theme gives that none, the theme's default background. Attributes of the style, of the theme's entry and (in
 * mono) of the theme's mono column add up. In mono the background role's attributes count too (NEXT row).
 *
 * Heat map: draw each cell as the glyph of the mono ramp in style_role(ROLE_HEAT_0 + step). In colour the role
 * has the same foreground and background, so the cell is a plain block of colour; in mono the glyph shows. A
 * half block of two steps is style_on(style_role(ROLE_HEAT_0 + upper), ROLE_HEAT_0 + lower) with U+2580.
 *
 * Theme file, one role a line, columns separated by blanks, `-` for none, `#` starts a comment:
 *   <role> <fg rrggbb> <bg rrggbb> <fg 0..15> <bg 0..15> <attributes> <attributes in mono>
 * attributes: bold, dim, underline, reverse, joined by `+`. Every role exactly once. A line `base <theme>`
 * first takes over all roles of a built-in theme, which the lines after it may change.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * X(name, "name in theme files", least contrast x10, "what it is"): the one list of roles. KEYS.md, "Roles and colours", and
 * the mocks. The contrast holds in every coloured theme of the program, on each background that screens put the role on:
 * 45 is text, 30 a bar or a mark that is read by its length or place, 0 a track, a frame or what a picture fills areas with.
 * By hand: clang-format nests every X() one deeper than the last.
 */
/* clang-format off */
#define ROLE_LIST(X) \
    X(NONE, "none", 45, "plain text and the background of everything") \
    X(TEXT, "text", 45, "figures and words") \
    X(DIM, "dim", 45, "labels, filled and cancelled rows, what is far from the point") \
    X(FAINT, "faint", 0, "tracks and dots of gauges; never text that matters") \
    X(RULE, "rule", 0, "frames and rules") \
    X(BRIGHT, "bright", 45, "symbol, last, quantities of weight; arrows of bars that are longer") \
    X(TITLE, "title", 45, "title of a panel without the focus, headings, DAY NET") \
    X(TITLE_FOCUS, "title-focus", 45, "title of the panel or list with the focus") \
    X(TAB, "tab", 45, "names of the other screens") \
    X(TAB_ON, "tab-on", 45, "the screen shown") \
    X(BID, "bid", 45, "side: bid, buy, LONG") \
    X(BID_BAR, "bid-bar", 30, "its bar in the book") \
    X(ASK, "ask", 45, "side: ask, sell, SHORT") \
    X(ASK_BAR, "ask-bar", 30, "its bar in the book") \
    X(PROFIT, "profit", 45, "money above zero") \
    X(LOSS, "loss", 45, "money below zero") \
    X(GOOD, "good", 45, "healthy state: ACTIVE, LIVE, ON, done, pass") \
    X(BAD, "bad", 45, "broken or halted state: HALTED, KILLED, still at risk") \
    X(WARNING, "warning", 45, "WAITING, DENIED, TAKES, 80 % of a limit, distance to even") \
    X(GAUGE_MARK, "gauge-mark", 45, "colons of the gauges") \
    X(GAUGE_AXIS, "gauge-axis", 45, "the zero of a gauge") \
    X(USE_BAR, "use-bar", 30, "bars of use of a limit, progress, sparklines of money") \
    X(OWN, "own", 45, "own order in the ladder: letter and size") \
    X(OWN_QUEUE, "own-queue", 45, "its place in the queue: the stroke in the bar, figures ahead") \
    X(CURSOR, "cursor", 45, "ladder cursor, focused answer of a question, cross of the chart") \
    X(SELECTED, "selected", 45, "the chosen row of a list") \
    X(INSIDE, "inside", 45, "the two inside prices") \
    X(PRICE, "price", 45, "the changing digits of a price") \
    X(PRICE_DIM, "price-dim", 45, "the unchanging digits of a price") \
    X(MARK, "mark", 45, "session marks H L O V E B T in the ladder") \
    X(ROW_MARK, "row-mark", 45, "every fifth price row") \
    X(VOLUME, "volume", 0, "volume at price") \
    X(VOLUME_POC, "volume-poc", 30, "its highest bar") \
    X(SPARK, "spark", 30, "sparklines: equity, CVD") \
    X(BADGE_OBSERVATION, "badge-observation", 45, "mode OBSERVATION") \
    X(BADGE_SIMULATION, "badge-simulation", 45, "mode SIMULATION") \
    X(BADGE_LIVE, "badge-live", 45, "mode LIVE") \
    X(BADGE_REPLAY, "badge-replay", 45, "REPLAY, DEMO MARKET") \
    X(BADGE_ARMED, "badge-armed", 45, "one-key trading is on") \
    X(BADGE_KILLED, "badge-killed", 45, "KILLED and KILLING, a limit at 100 %, title of a STALE book") \
    X(NEXT, "next", 45, "NEXT: what the next key will do") \
    X(NEXT_DIM, "next-dim", 45, "NEXT: the explanation") \
    X(KEY_CHIP, "key-chip", 45, "a key in the row of hints") \
    X(KEY_LABEL, "key-label", 45, "what it does") \
    X(TOUCH, "touch", 30, "best bid and ask as lines over the heat map") \
    X(TRADE_BUY, "trade-buy", 30, "taker bought: dot over the heat map") \
    X(TRADE_SELL, "trade-sell", 30, "taker sold: ring over the heat map") \
    X(MAP_FALL_2, "map-fall-2", 45, "tree map of the market: fell by much") \
    X(MAP_FALL_1, "map-fall-1", 45, "fell") \
    X(MAP_FLAT, "map-flat", 45, "hardly moved") \
    X(MAP_RISE_1, "map-rise-1", 45, "rose") \
    X(MAP_RISE_2, "map-rise-2", 45, "rose by much") \
    X(HEAT_0, "heat-0", 0, "heat map of the book: nothing there; eight steps by the logarithm of the size") \
    X(HEAT_1, "heat-1", 0, "hardly anything") \
    X(HEAT_2, "heat-2", 0, "little") \
    X(HEAT_3, "heat-3", 0, "less than usual") \
    X(HEAT_4, "heat-4", 0, "usual") \
    X(HEAT_5, "heat-5", 0, "more than usual") \
    X(HEAT_6, "heat-6", 0, "much") \
    X(HEAT_7, "heat-7", 0, "a wall")
/* clang-format on */

enum role {
#define ROLE_ENUM(name, text, contrast, meaning) ROLE_##name,
    ROLE_LIST(ROLE_ENUM)
#undef ROLE_ENUM
        ROLE_COUNT
};

#define ROLE_HEAT_STEPS 8

/*
 * Samples of other themes, for choosing among them: styles of their own, in colours that are not this theme's. Not in files;
 * theme_set_sample() gives them.
 */
#define THEME_SAMPLES      12 /* themes that can be shown at once */
#define THEME_SAMPLE_ROLES 14
_Static_assert(ROLE_COUNT + THEME_SAMPLES * THEME_SAMPLE_ROLES <= 256, "a role is a byte");

/* Attributes of a style, a bit each. Which of them a terminal can do is the differ's business. */
enum style_attr { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_UNDERLINE = 4, ATTR_REVERSE = 8 };

/* How a cell looks: roles, not colours. Plain value, compared field by field. */
struct style {
    uint8_t fg;   /* enum role */
    uint8_t bg;   /* enum role; ROLE_NONE: the background of fg */
    uint8_t attr; /* enum style_attr bits */
};

static inline struct style style_role(enum role role)
{
    return (struct style){.fg = (uint8_t)role, .bg = ROLE_NONE, .attr = 0};
}

/* The same text on the background of another role: `style_on(style_role(ROLE_BID), ROLE_ROW_MARK)`. */
static inline struct style style_on(struct style style, enum role background)
{
    style.bg = (uint8_t)background;
    return style;
}

static inline struct style style_bold(struct style style)
{
    style.attr |= ATTR_BOLD;
    return style;
}

static inline struct style style_with(struct style style, unsigned attr)
{
    style.attr = (uint8_t)(style.attr | attr);
    return style;
}

/* The common ones as values: canvas_text(canvas, 0, 0, stale ? STYLE_DIM : STYLE_BID, ...). */
#define STYLE_TEXT    (style_role(ROLE_TEXT))
#define STYLE_DIM     (style_role(ROLE_DIM))
#define STYLE_FAINT   (style_role(ROLE_FAINT))
#define STYLE_RULE    (style_role(ROLE_RULE))
#define STYLE_BRIGHT  (style_role(ROLE_BRIGHT))
#define STYLE_BID     (style_role(ROLE_BID))
#define STYLE_ASK     (style_role(ROLE_ASK))
#define STYLE_PROFIT  (style_role(ROLE_PROFIT))
#define STYLE_LOSS    (style_role(ROLE_LOSS))
#define STYLE_GOOD    (style_role(ROLE_GOOD))
#define STYLE_WARNING (style_role(ROLE_WARNING))

/* How many colours the terminal gets. Ordered: more is greater. */
enum colour_depth { DEPTH_MONO, DEPTH_16, DEPTH_256, DEPTH_TRUE, DEPTH_COUNT };

/* One role's line of a theme file. */
struct theme_entry {
    int32_t fg_rgb, bg_rgb;  /* 0xrrggbb, -1: none */
    int8_t fg_16, bg_16;     /* 0..15, -1: none */
    uint8_t attr, attr_mono; /* enum style_attr bits */
    bool is_sample;          /* of another theme: what it leaves open is the terminal's default */
};

#define THEME_NAME_SIZE 32
#define THEME_WHY_SIZE  256

/* Plain data, 4 kB: copied by value. */
struct theme {
    char name[THEME_NAME_SIZE];
    struct theme_entry entry[ROLE_COUNT]; /* by enum role; ROLE_NONE holds the default colours */
    struct theme_entry sample[THEME_SAMPLES * THEME_SAMPLE_ROLES];
};

/* What the terminal is told for one style at one depth. Equal paints look equal. */
struct paint {
    int32_t fg, bg; /* DEPTH_TRUE 0xrrggbb, DEPTH_256 0..255, DEPTH_16 0..15; -1: the terminal's default */
    uint8_t attr;
};

/*
 * Read a theme from text. All or nothing: on error *out is untouched and why holds one line,
 * "dark.theme:12: no such role: bidd". file_name is for that line and (less folder and ending) the name.
 */
enum err theme_load_text(const char *text, size_t size, const char *file_name, struct theme *out,
                         char why[THEME_WHY_SIZE]);

/*
 * `name` is that of a built-in theme ("dark"), or with a slash or an ending ".theme" the path of a file.
 * ERR_NOT_FOUND names the built-in ones.
 */
enum err theme_load(const char *name, struct theme *out, char why[THEME_WHY_SIZE]);

/* "dark" is part of the program and always loads: for start-up before a theme was chosen. */
void theme_load_default(struct theme *out);

struct paint theme_paint(const struct theme *theme, struct style style, enum colour_depth depth);

/* Roles that carry a background of their own in every coloured theme (badges, chips, NEXT, heat steps ...). */
bool role_has_background(enum role role);

/* How the role looks in that theme, put into `theme` as its sample `index`; its backgrounds come along. */
void theme_set_sample(struct theme *theme, int index, const struct theme *shown);
/* Of the sample's roles, those that tell themes apart: bid, ask, profit ... heat steps; TEXT for others. */
struct style style_sample(int index, enum role role);

const char *role_name(enum role role);    /* "bid-bar" */
const char *role_meaning(enum role role); /* "its bar in the book" */
int role_contrast_x10(enum role role);    /* least contrast in the themes of the program; 0: any */
enum role role_find(const char *name, size_t length); /* ROLE_COUNT if there is none */

/* Nearest entry of the 256-colour cube and grey ramp; the first 16 depend on the user and are not used. */
int theme_nearest_256(int32_t rgb);

#endif
