/* Runs a command and says what the whole of it took: command LABEL PROGRAM [ARGUMENT…]. Its output goes nowhere. */

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: command LABEL PROGRAM [ARGUMENT…]\n", stderr);
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status = 0;
    double start = seconds();
    if (posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ) != 0) {
        perror(argv[2]);
        return 4;
    }
    posix_spawn_file_actions_destroy(&actions);
    struct rusage used;
    if (wait4(child, &status, 0, &used) != child || status != 0) {
        fprintf(stderr, "%s: failed\n", argv[1]);
        return 1;
    }
    double processor = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                       1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    printf("%s: %.2f s, %ld MB at most, %.2f s of processors\n", argv[1], seconds() - start, used.ru_maxrss / 1024,
           processor);
    return 0;
}
