/* The program: finds the command, parses its options, runs it, and puts its results where they belong. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/version.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int complain(hu_error *error)
{
    int status = hu_error_exit_status(error);
    fprintf(stderr, "huella: %s\n", error->message);
    if (error->code == HU_BUG)
        fputs("huella: this is a bug in huella; please report it with the command that you typed\n", stderr);
    hu_error_free(error);
    return status;
}

static const hu_command *find_command(const char *name)
{
    for (size_t i = 0; hu_commands[i]; i++)
        if (strcmp(hu_commands[i]->name, name) == 0)
            return hu_commands[i];
    return NULL;
}

static hu_error *unknown_command(const char *name)
{
    const char *names[64] = {0};
    for (size_t i = 0; i < 63 && hu_commands[i]; i++)
        names[i] = hu_commands[i]->name;
    const char *close = hu_closest(name, names);
    if (close)
        return hu_fail(HU_USAGE, "there is no command \"%s\"; did you mean \"%s\"? (huella --help lists all)", name,
                       close);
    return hu_fail(HU_USAGE, "there is no command \"%s\"; huella --help lists all", name);
}

static hu_error *write_all(FILE *file, const char *data, size_t length)
{
    errno = 0;
    bool written = fwrite(data, 1, length, file) == length && fflush(file) == 0;
    if (!written || ferror(file)) /* a command that streams may have failed before */
        return hu_fail_system(errno ? errno : EIO, "writing the result to standard output");
    return NULL;
}

/* Help on a full disk is a failure as well. */
static int end_output(void)
{
    hu_error *error = write_all(stdout, "", 0);
    return error ? complain(error) : 0;
}

/* Runs the command with its results going to --out, to a buffer that is printed whole, or straight to standard output.
 */
static hu_error *run_command(hu_run *run)
{
    if (run->out_path) {
        hu_write write;
        HU_TRY(hu_write_start(run->out_path, &write));
        run->out = write.file;
        hu_error *error = run->command->run(run);
        if (!error)
            error = hu_write_commit(&write);
        hu_write_cancel(&write);
        return error;
    }
    if (run->command->streams) {
        run->out = stdout;
        HU_TRY(run->command->run(run));
        return write_all(stdout, "", 0);
    }
    char *result = NULL;
    size_t length = 0;
    run->out = open_memstream(&result, &length);
    if (!run->out)
        return hu_fail_system(errno, "preparing the result");
    hu_error *error = run->command->run(run);
    fclose(run->out);
    if (!error)
        error = write_all(stdout, result, length);
    free(result);
    return error;
}

static int run_with(const hu_command *command, int argc, char **argv)
{
    HU_SCRATCH(arena);
    hu_run run = {.command = command, .arena = arena};
    bool help = false;
    hu_error *error = hu_parse_options(command, argc, argv, &run, &help);
    if (error)
        return complain(hu_wrap(error, "%s", command->name));
    if (help) {
        hu_print_help(stdout, command);
        return end_output();
    }
    error = run_command(&run);
    return error ? complain(error) : run.status;
}

/* `huella help [COMMAND]`, and `huella man [COMMAND]`, which makes the man pages. */
static int run_documentation(const char *which, const char *name)
{
    const hu_command *command = name ? find_command(name) : NULL;
    if (name && !command)
        return complain(unknown_command(name));
    if (strcmp(which, "man") == 0)
        hu_print_man(stdout, command);
    else if (command)
        hu_print_help(stdout, command);
    else
        hu_print_overview(stdout);
    return end_output();
}

int main(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : NULL;
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024); /* what is freed of large arrays leaves the process at once */
    if (!first) {
        hu_print_overview(stderr);
        return 2;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
        printf("huella %s\n", hu_version());
        return end_output();
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return run_documentation("help", NULL);
    if (strcmp(first, "help") == 0 || strcmp(first, "man") == 0)
        return run_documentation(first, argc > 2 ? argv[2] : NULL);
    const hu_command *command = find_command(first);
    if (!command)
        return complain(unknown_command(first));
    return run_with(command, argc - 1, argv + 1);
}
