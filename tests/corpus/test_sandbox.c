/* The sandbox kills what is forbidden and lets the rest be. Stands alone: it is built without sanitizers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/corpus/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs an act in a child inside the sandbox; returns its wait status. The act's result is the exit status. */
static int status_of(int (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        if (sandbox_enter((uint64_t)256 << 20, 2))
            _exit(99);
        _exit(act());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static int open_to_write(void)
{
    return open("/tmp/huella-sandbox-test", O_WRONLY | O_CREAT, 0600);
}
static int open_to_append(void)
{
    return open("/dev/null", O_RDWR);
}
static int make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}
static int make_process(void)
{
    return fork();
}
static int run_program(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}
static int make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}
static int end_a_process(void)
{
    return kill(getppid(), 0);
}
static int remove_a_file(void)
{
    return unlink("/tmp/huella-sandbox-test");
}
static int write_elsewhere(void)
{
    return (int)write(7, "x", 1);
}

static void what_is_forbidden_kills(void **state)
{
    (void)state;
    int (*const acts[])(void) = {open_to_write, open_to_append, make_socket,   make_process,   run_program,
                                 make_code,     end_a_process,  remove_a_file, write_elsewhere};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        int status = status_of(acts[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("act %zu was not killed: status %x", i, (unsigned)status);
    }
    assert_int_equal(access("/tmp/huella-sandbox-test", F_OK), -1);
}

static int open_to_read(void)
{
    return open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES ? 0 : 1;
}
static int compute(void)
{
    char *memory = malloc(8 << 20);
    if (!memory)
        return 1;
    memset(memory, 7, 8 << 20);
    int result = memory[12345] - 7;
    free(memory);
    return result;
}
static int allocate_too_much(void)
{
    return malloc((size_t)1 << 30) == NULL ? 0 : 1;
}
static int say_something(void)
{
    return write(2, "", 0) == 0 ? 0 : 1;
}

static void what_is_needed_works(void **state)
{
    (void)state;
    int (*const acts[])(void) = {open_to_read, compute, allocate_too_much, say_something};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        int status = status_of(acts[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("act %zu failed: status %x", i, (unsigned)status);
    }
}

static int compute_for_long(void)
{
    volatile uint64_t i = 0;
    while (i < UINT64_MAX)
        i++;
    return 0;
}

static void processor_time_ends(void **state)
{
    (void)state;
    int status = status_of(compute_for_long);
    assert_true(WIFSIGNALED(status));
    assert_true(WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_forbidden_kills),
        cmocka_unit_test(what_is_needed_works),
        cmocka_unit_test(processor_time_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
