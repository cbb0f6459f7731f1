/* Options from the command line into hu_run, after the command's option table. */

#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t count_options(const hu_option *options)
{
    size_t n = 0;
    while (options && options[n].name)
        n++;
    return n;
}

static bool is_choice(const char *values, const char *given, size_t length)
{
    for (const char *p = values; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strncmp(p, given, length) == 0 && (p[length] == '|' || p[length] == '\0'))
            return true;
    return false;
}

static hu_error *check_choices(const hu_option *option, const char *value)
{
    for (const char *item = value;; item += strcspn(item, ",") + 1) {
        size_t length = strcspn(item, ",");
        if (!is_choice(option->value, item, length))
            return hu_fail(HU_USAGE, "--%s: \"%.*s\" is not one of %s", option->name, (int)length, item, option->value);
        if (item[length] == '\0')
            return NULL;
    }
}

/* Checks a value against the option's type. */
static hu_error *check_value(const hu_option *option, const char *value)
{
    char *end = NULL;
    errno = 0;
    switch (option->type) {
    case HU_OPT_INTEGER:
        (void)strtoll(value, &end, 10);
        if (end == value || *end || errno)
            return hu_fail(HU_USAGE, "--%s: \"%s\" is not a whole number", option->name, value);
        break;
    case HU_OPT_NUMBER:
        (void)strtod(value, &end);
        if (end == value || *end)
            return hu_fail(HU_USAGE, "--%s: \"%s\" is not a number", option->name, value);
        break;
    case HU_OPT_CHOICE:
        if (!is_choice(option->value, value, strlen(value)))
            return hu_fail(HU_USAGE, "--%s: \"%s\" is not one of %s", option->name, value, option->value);
        break;
    case HU_OPT_CHOICES:
        return check_choices(option, value);
    case HU_OPT_FLAG:
    case HU_OPT_TEXT:
    case HU_OPT_LIST:
        break;
    }
    return NULL;
}

/* The row of an option: first the command's own, then the common ones. */
static const hu_option *option_at(const hu_command *command, size_t own, size_t index)
{
    return index < own ? &command->options[index] : &hu_common_options[index - own];
}

static hu_error *unknown_option(const hu_command *command, size_t own, size_t total, const char *given)
{
    const char *names[128] = {0};
    for (size_t i = 0; i < total && i < 127; i++)
        names[i] = option_at(command, own, i)->name;
    HU_SCRATCH(scratch);
    char *name = hu_strdup(scratch, given + strspn(given, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *close = hu_closest(name, names);
    if (close)
        return hu_fail(HU_USAGE, "unknown or ambiguous option \"%s\"; did you mean --%s?", given, close);
    return hu_fail(HU_USAGE, "unknown or ambiguous option \"%s\"; huella %s --help lists all", given, command->name);
}

static hu_format format_of(const char *name, bool to_file)
{
    if (!name)
        return !to_file && isatty(STDOUT_FILENO) ? HU_FORMAT_TABLE : HU_FORMAT_JSON;
    if (strcmp(name, "table") == 0)
        return HU_FORMAT_TABLE;
    if (strcmp(name, "jsonl") == 0)
        return HU_FORMAT_JSONL;
    return strcmp(name, "csv") == 0 ? HU_FORMAT_CSV : HU_FORMAT_JSON;
}

static size_t index_of(const hu_run *run, const char *name)
{
    size_t own = count_options(run->command->options), total = own + count_options(hu_common_options);
    for (size_t i = 0; i < total; i++)
        if (strcmp(option_at(run->command, own, i)->name, name) == 0)
            return i;
    return total; /* a bug: read as the absent option behind the last */
}

static void set_common(hu_run *run)
{
    run->study = hu_opt_text(run, "study");
    run->store = hu_opt_text(run, "store");
    if (!run->store)
        run->store = hu_printf(run->arena, "sqlite:%s/huella.db", run->study);
    run->out_path = hu_opt_text(run, "out");
    run->format_given = hu_opt_given(run, "format");
    run->format = format_of(hu_opt_text(run, "format"), run->out_path != NULL);
    run->seed = (uint64_t)hu_opt_integer(run, "seed");
    run->threads = (int)hu_opt_integer(run, "threads");
    run->quiet = hu_opt_flag(run, "quiet");
    run->progress = !run->quiet && !hu_opt_flag(run, "no-progress") && isatty(STDERR_FILENO);
}

/* Numbers that would change their value on the way into the run are refused. */
static hu_error *check_numbers(const hu_run *run)
{
    enum { MOST_THREADS = 1024 };
    int64_t threads = hu_opt_integer(run, "threads"), seed = hu_opt_integer(run, "seed");
    if (threads < 0 || threads > MOST_THREADS)
        return hu_fail(HU_USAGE, "--threads: %lld: expected a number from 0 to %d", (long long)threads, MOST_THREADS);
    if (seed < 0)
        return hu_fail(HU_USAGE, "--seed: %lld: expected a whole number from 0 up", (long long)seed);
    return NULL;
}

static hu_error *check_files(const hu_command *command, const hu_run *run)
{
    bool explains = hu_opt_given(run, "explain"); /* needs no data */
    if (run->n_files < command->min_files && !explains)
        return hu_fail(HU_USAGE, "too few files or folders named; usage: huella %s %s", command->name, command->usage);
    if (run->n_files > command->max_files)
        return hu_fail(HU_USAGE, "\"%s\" is one argument too many; usage: huella %s %s", run->files[command->max_files],
                       command->name, command->usage);
    return NULL;
}

hu_error *hu_parse_options(const hu_command *command, int argc, char **argv, hu_run *run, bool *help)
{
    size_t own = count_options(command->options), total = own + count_options(hu_common_options);
    struct option *table = HU_NEW_ARRAY(run->arena, struct option, total + 1);
    run->option_values = HU_NEW_ARRAY(run->arena, const char *, total + 1);
    run->option_given = HU_NEW_ARRAY(run->arena, bool, total + 1);
    for (size_t i = 0; i < total; i++) {
        const hu_option *option = option_at(command, own, i);
        table[i] =
            (struct option){option->name, option->type == HU_OPT_FLAG ? no_argument : required_argument, NULL, 0};
        run->option_values[i] = option->fallback;
    }
    opterr = 0;
    optind = 1;
    for (;;) {
        int index = -1, before = optind;
        int c = getopt_long(argc, argv, ":", table, &index);
        if (c == -1)
            break;
        if (c == ':')
            return hu_fail(HU_USAGE, "\"%s\" needs a value", argv[optind - 1]);
        if (c == '?' || index < 0)
            return unknown_option(command, own, total, argv[optind > before ? optind - 1 : before]);
        const hu_option *option = option_at(command, own, (size_t)index);
        if (optarg)
            HU_TRY(check_value(option, optarg));
        run->option_values[index] = optarg ? optarg : "yes";
        run->option_given[index] = true;
    }
    *help = hu_opt_flag(run, "help");
    if (*help)
        return NULL;
    run->files = (const char **)(argv + optind);
    run->n_files = (size_t)(argc - optind);
    HU_TRY(check_numbers(run));
    set_common(run);
    return check_files(command, run);
}

const char *hu_opt_text(const hu_run *run, const char *name)
{
    return run->option_values[index_of(run, name)];
}

bool hu_opt_flag(const hu_run *run, const char *name)
{
    return hu_opt_text(run, name) != NULL;
}

bool hu_opt_given(const hu_run *run, const char *name)
{
    return run->option_given[index_of(run, name)];
}

double hu_opt_number(const hu_run *run, const char *name)
{
    const char *text = hu_opt_text(run, name);
    return text ? strtod(text, NULL) : NAN;
}

int64_t hu_opt_integer(const hu_run *run, const char *name)
{
    const char *text = hu_opt_text(run, name);
    return text ? strtoll(text, NULL, 10) : 0;
}

bool hu_opt_is(const hu_run *run, const char *name, const char *value)
{
    const char *text = hu_opt_text(run, name);
    return text && strcmp(text, value) == 0;
}

const char **hu_opt_list(const hu_run *run, const char *name, size_t *count)
{
    const char *text = hu_opt_text(run, name);
    size_t n = 0, room = 1;
    for (const char *p = text; p && *p; p++)
        room += *p == ',';
    const char **items = HU_NEW_ARRAY(run->arena, const char *, room + 1);
    while (text && *text) {
        size_t length = strcspn(text, ",");
        hu_str item = hu_str_trim((hu_str){text, length});
        if (item.length)
            items[n++] = hu_strndup(run->arena, item.data, item.length);
        text += length + (text[length] == ',');
    }
    if (count)
        *count = n;
    return items;
}

hu_error *hu_opt_require(const hu_run *run, const char *const *names)
{
    for (; *names; names++)
        if (!hu_opt_text(run, *names))
            return hu_fail(HU_USAGE, "%s needs --%s; usage: huella %s %s", run->command->name, *names,
                           run->command->name, run->command->usage);
    return NULL;
}

void hu_say(const hu_run *run, const char *format, ...)
{
    if (run->quiet)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

FILE *hu_run_terminal(const hu_run *run)
{
    return run->progress ? stderr : NULL;
}
