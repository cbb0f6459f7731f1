#ifndef HUELLA_TESTS_RUN_H
#define HUELLA_TESTS_RUN_H

/* Runs the program as a user would and keeps what it prints. */

#include "check.h"

#include "huella/base/text.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

typedef struct check_run {
    int status;            /* exit status; 128 + signal when it was killed */
    const char *out, *err; /* standard output and standard error */
} check_run;

static inline const char *check_read_fd(int fd, hu_arena *arena)
{
    HU_BUF(text);
    char part[65536];
    lseek(fd, 0, SEEK_SET);
    for (ssize_t n; (n = read(fd, part, sizeof part)) > 0;)
        hu_buf_add(&text, part, (size_t)n);
    close(fd);
    return hu_strndup(arena, text.data ? text.data : "", text.length);
}

static inline int check_temporary(void)
{
    char name[] = "/tmp/huella-test-XXXXXX";
    int fd = mkostemp(name, O_CLOEXEC);
    assert_true(fd >= 0);
    unlink(name);
    return fd;
}

/* Runs huella with these arguments (NULL-terminated, without the program's name). */
static inline check_run check_huella(hu_arena *arena, const char *const *arguments)
{
    const char *program = getenv("HUELLA_PROGRAM");
    assert_non_null(program);
    char *argv[64] = {(char *)"huella"};
    for (size_t i = 0; arguments[i] && i < 62; i++)
        argv[i + 1] = (char *)arguments[i];
    int out = check_temporary(), err = check_temporary(), status = 0;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    pid_t pid;
    assert_int_equal(posix_spawn(&pid, program, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return (check_run){.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                       .out = check_read_fd(out, arena),
                       .err = check_read_fd(err, arena)};
}

#define CHECK_HUELLA(arena, ...) check_huella((arena), (const char *const[]){__VA_ARGS__, NULL})

static inline void check_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("expected \"%s\" in:\n%s", part, text);
}

/* A new folder for a test's files; the test removes it with check_remove. */
static inline const char *check_folder(hu_arena *arena)
{
    char *name = hu_strdup(arena, "/tmp/huella-test-XXXXXX");
    assert_non_null(mkdtemp(name));
    return name;
}

static inline void check_remove(const char *folder)
{
    assert_int_equal(strncmp(folder, "/tmp/huella-test-", 17), 0);
    char *argv[] = {(char *)"rm", (char *)"-rf", (char *)folder, NULL};
    pid_t pid;
    int status = 0;
    assert_int_equal(posix_spawnp(&pid, "rm", NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

#endif
