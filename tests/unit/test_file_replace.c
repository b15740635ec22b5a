/* A file of state in place of the one before. */
#include "core/base/file_replace.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t read_back(int folder, const char *name, char *out, size_t size)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, out, size);

    if (fd >= 0)
        close(fd);
    return got < 0 ? 0 : (size_t)got;
}

static void test_a_file_is_replaced_whole(void **state)
{
    char dir[] = "/tmp/flowdeck-replace-XXXXXX", text[16], command[64];
    struct stat info;
    int folder;

    (void)state;
    assert_non_null(mkdtemp(dir));
    folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    assert_true(file_replace(folder, "a.new", "a", "one", 3));
    assert_true(file_replace(folder, "a.new", "a", "second", 6));
    assert_int_equal(read_back(folder, "a", text, sizeof(text)), 6);
    assert_memory_equal(text, "second", 6);
    assert_int_equal(fstatat(folder, "a", &info, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(mkdirat(folder, "b", 0700), 0);
    assert_int_equal(mkdirat(folder, "b/in", 0700), 0);
    assert_false(file_replace(folder, "b.new", "b", "x", 1)); /* a folder has the name */
    assert_true(errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST);
    assert_int_equal(faccessat(folder, "b.new", F_OK, 0), -1);
    assert_int_equal(symlinkat("a", folder, "c.new"), 0);
    assert_false(file_replace(folder, "c.new", "c", "x", 1)); /* no link is followed */
    assert_int_equal(errno, ELOOP);
    assert_int_equal(read_back(folder, "a", text, sizeof(text)), 6);
    close(folder);
    snprintf(command, sizeof(command), "rm -r %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_replaced_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
