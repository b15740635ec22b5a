#include "app/life_page.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct life_page *life_page_new(void)
{
    void *memory =
        mmap(NULL, sizeof(struct life_page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory; /* zeroed by the kernel */
}

static struct life_page *map(int fd)
{
    void *memory = mmap(NULL, sizeof(struct life_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

struct life_page *life_page_share(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct life_page *page = NULL;

    if (fd < 0)
        return NULL;
    if (posix_fallocate(fd, 0, sizeof(struct life_page)) != 0)
        close(fd);
    else
        page = map(fd);
    if (page == NULL)
        unlink(path);
    return page;
}

static bool is_name_of_ours(const char *path)
{
    return strncmp(path, LIFE_SHARED, strlen(LIFE_SHARED)) == 0 &&
           strchr(path + strlen(LIFE_SHARED), '/') == NULL;
}

void life_page_remove(const char *path)
{
    if (is_name_of_ours(path))
        unlink(path);
}

struct life_page *life_page_watch(const char *path)
{
    struct stat status;
    int fd = is_name_of_ours(path) ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) : -1;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        status.st_size == (off_t)sizeof(struct life_page))
        return map(fd);
    close(fd);
    return NULL;
}

void life_page_free(struct life_page *page)
{
    if (page != NULL)
        munmap(page, sizeof(*page));
}

static struct life_order *find(struct life_page *page, uint64_t seq)
{
    for (size_t i = 0; i < LIFE_ORDERS_MAX; i++)
        if (atomic_load_explicit(&page->order[i].seq, memory_order_relaxed) == seq)
            return &page->order[i];
    return NULL;
}

bool life_page_note_order(struct life_page *page, const struct order *order, const char *symbol,
                          int64_t price_e8, int64_t left_e8)
{
    struct life_order *slot = find(page, order->seq);

    if (!order_is_open(order)) {
        if (slot != NULL)
            atomic_store_explicit(&slot->seq, 0, memory_order_release);
        return true;
    }
    if (slot == NULL)
        slot = find(page, 0);
    if (slot == NULL)
        return false;
    atomic_store_explicit(&slot->seq, 0, memory_order_release); /* a reader never sees half of it */
    snprintf(slot->symbol, sizeof(slot->symbol), "%s", symbol);
    slot->owner = order->intent.owner;
    slot->side = order->intent.side;
    slot->price_e8 = price_e8;
    slot->left_e8 = left_e8;
    atomic_store_explicit(&slot->seq, order->seq, memory_order_release);
    return true;
}
