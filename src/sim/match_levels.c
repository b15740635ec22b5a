#include "sim/match_levels.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define STEP_BITS 6
#define STEP_MASK 63

/* Nodes that can be needed at once: at each height no more than levels, nor than the price range has. */
static size_t nodes_needed(size_t levels, int64_t price_ticks_max, unsigned steps)
{
    size_t sum = 0;

    for (unsigned height = 0; height < steps; height++) {
        uint64_t range = ((uint64_t)price_ticks_max >> (STEP_BITS * (height + 1))) + 1;

        sum += range * MATCH_LADDERS < levels ? (size_t)(range * MATCH_LADDERS) : levels;
    }
    return sum + MATCH_LADDERS; /* roots stay, used or not */
}

bool match_levels_init(struct match_levels *levels, size_t orders_max, int64_t price_ticks_max)
{
    size_t nodes;

    memset(levels, 0, sizeof(*levels));
    levels->steps = 1;
    while ((price_ticks_max >> (STEP_BITS * levels->steps)) != 0)
        levels->steps++;
    nodes = nodes_needed(orders_max, price_ticks_max, levels->steps);
    /* Zeroed memory that the system has not given yet: only what is used becomes real. */
    levels->level = calloc(orders_max + MATCH_QUEUES_MAX + 1, sizeof(levels->level[0]));
    levels->node = calloc(nodes + 1, sizeof(levels->node[0]));
    if (levels->level == NULL || levels->node == NULL) {
        match_levels_drop(levels);
        return false;
    }
    levels->levels_begun = 1;
    levels->nodes_begun = 1;
    for (int ladder = 0; ladder < MATCH_LADDERS; ladder++)
        levels->ladder[ladder].root = levels->nodes_begun++;
    return true;
}

void match_levels_drop(struct match_levels *levels)
{
    free(levels->level);
    free(levels->node);
    levels->level = NULL;
    levels->node = NULL;
}

static uint32_t level_take(struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    uint32_t index = levels->level_free;

    if (index != 0)
        levels->level_free = levels->level[index].node;
    else
        index = levels->levels_begun++;
    levels->level[index] = (struct match_level){.price_ticks = price_ticks, .ladder = ladder};
    return index;
}

uint32_t match_levels_queue(struct match_levels *levels)
{
    return level_take(levels, LADDER_NONE, 0);
}

/* --- the tree ---------------------------------------------------------------------------------------------- */

static uint32_t node_take(struct match_levels *levels, uint32_t parent, uint32_t place)
{
    uint32_t index = levels->node_free;
    struct match_node *node;

    if (index != 0)
        levels->node_free = levels->node[index].parent;
    else
        index = levels->nodes_begun++;
    node = &levels->node[index]; /* its children are told by `used` */
    node->used = 0;
    node->parent = parent;
    node->place = place;
    levels->node[parent].child[place] = index;
    levels->node[parent].used |= UINT64_C(1) << place;
    return index;
}

static uint32_t place_at(int64_t price_ticks, unsigned height)
{
    return (uint32_t)(price_ticks >> (STEP_BITS * height)) & STEP_MASK;
}

static bool has_child(const struct match_node *node, uint32_t place)
{
    return (node->used >> place & 1) != 0;
}

/* The leaf of a price, made if it is not there. */
static uint32_t leaf_make(struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    int64_t key = (price_ticks >> STEP_BITS) + 1;
    size_t slot = (size_t)key % MATCH_LEAVES_REMEMBER;
    uint32_t at;

    if (levels->ladder[ladder].leaf[slot].key == key)
        return levels->ladder[ladder].leaf[slot].node;
    at = levels->ladder[ladder].root;
    for (unsigned height = levels->steps - 1; height > 0; height--) {
        uint32_t place = place_at(price_ticks, height);

        if (has_child(&levels->node[at], place))
            at = levels->node[at].child[place];
        else
            at = node_take(levels, at, place);
    }
    levels->ladder[ladder].leaf[slot].key = key;
    levels->ladder[ladder].leaf[slot].node = at;
    return at;
}

static uint32_t lowest(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

static uint32_t highest(uint64_t bits)
{
    return 63 - (uint32_t)__builtin_clzll(bits);
}

static uint32_t leaf_find(const struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    int64_t key = (price_ticks >> STEP_BITS) + 1;
    size_t slot = (size_t)key % MATCH_LEAVES_REMEMBER;
    uint32_t at = levels->ladder[ladder].root;

    if (levels->ladder[ladder].leaf[slot].key == key)
        return levels->ladder[ladder].leaf[slot].node;
    for (unsigned height = levels->steps - 1; height > 0; height--) {
        uint32_t place = place_at(price_ticks, height);

        if (!has_child(&levels->node[at], place))
            return 0;
        at = levels->node[at].child[place];
    }
    return at;
}

/* The level next to `place` of a node at this height, upwards or downwards in price. */
static uint32_t beyond(const struct match_levels *levels, uint32_t at, unsigned height, uint32_t place,
                       bool up)
{
    uint64_t rest;

    for (;;) {
        const struct match_node *node = &levels->node[at];

        rest = up ? node->used & ~((UINT64_C(2) << place) - 1) : node->used & ((UINT64_C(1) << place) - 1);
        if (rest != 0)
            break;
        if (node->parent == 0)
            return MATCH_LEVEL_NONE;
        place = node->place;
        at = node->parent;
        height++;
    }
    at = levels->node[at].child[up ? lowest(rest) : highest(rest)];
    for (; height > 0; height--) {
        const struct match_node *node = &levels->node[at];

        at = node->child[up ? lowest(node->used) : highest(node->used)];
    }
    return at;
}

static bool worse_is_up(enum match_ladder ladder)
{
    return ladder == LADDER_ASK || ladder == LADDER_RISE;
}

uint32_t match_levels_worse(const struct match_levels *levels, uint32_t index)
{
    const struct match_level *level = &levels->level[index];

    return beyond(levels, level->node, 0, place_at(level->price_ticks, 0), worse_is_up(level->ladder));
}

uint32_t match_levels_behind(const struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    uint32_t at = levels->ladder[ladder].root;
    unsigned height = levels->steps - 1;

    while (height > 0 && has_child(&levels->node[at], place_at(price_ticks, height))) {
        at = levels->node[at].child[place_at(price_ticks, height)];
        height--;
    }
    return beyond(levels, at, height, place_at(price_ticks, height), worse_is_up(ladder));
}

/* --- levels ------------------------------------------------------------------------------------------------ */

uint32_t match_levels_find(const struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    uint32_t leaf = leaf_find(levels, ladder, price_ticks);
    uint32_t place = place_at(price_ticks, 0);

    return leaf != 0 && has_child(&levels->node[leaf], place) ? levels->node[leaf].child[place]
                                                              : MATCH_LEVEL_NONE;
}

uint32_t match_levels_open(struct match_levels *levels, enum match_ladder ladder, int64_t price_ticks)
{
    uint32_t leaf = leaf_make(levels, ladder, price_ticks);
    uint32_t place = place_at(price_ticks, 0);
    struct match_node *node = &levels->node[leaf];
    uint32_t best = levels->ladder[ladder].best, index;

    if (has_child(node, place))
        return node->child[place];
    index = level_take(levels, ladder, price_ticks);
    levels->level[index].node = leaf;
    node->child[place] = index;
    node->used |= UINT64_C(1) << place;
    if (best == 0 || (worse_is_up(ladder) ? price_ticks < levels->level[best].price_ticks
                                          : price_ticks > levels->level[best].price_ticks))
        levels->ladder[ladder].best = index;
    return index;
}

void match_levels_close(struct match_levels *levels, uint32_t index)
{
    struct match_level *level = &levels->level[index];
    uint32_t at = level->node, place = place_at(level->price_ticks, 0);
    int64_t key = (level->price_ticks >> STEP_BITS) + 1;
    size_t slot = (size_t)key % MATCH_LEAVES_REMEMBER;

    assert(level->count == 0 && level->ladder != LADDER_NONE);
    if (levels->ladder[level->ladder].best == index)
        levels->ladder[level->ladder].best = match_levels_worse(levels, index);
    levels->node[at].used &= ~(UINT64_C(1) << place);
    if (levels->node[at].used == 0 && levels->ladder[level->ladder].leaf[slot].key == key)
        levels->ladder[level->ladder].leaf[slot].key = 0;
    while (levels->node[at].used == 0 && levels->node[at].parent != 0) {
        struct match_node *node = &levels->node[at];
        uint32_t parent = node->parent;

        levels->node[parent].used &= ~(UINT64_C(1) << node->place);
        node->parent = levels->node_free;
        levels->node_free = at;
        at = parent;
    }
    level->node = levels->level_free;
    levels->level_free = index;
}
