/* huella doctor: what is missing on this machine, and what it is for. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/parallel.h"
#include "huella/version.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* One thing looked at. */
typedef struct check {
    const char *name, *purpose, *detail, *remedy; /* remedy NULL = all is well */
    bool needed;                                  /* else something works without it */
} check;

typedef struct examination {
    hu_run *run;
    check checks[16];
    size_t count;
} examination;

static void add(examination *c, const char *name, const char *purpose, const char *detail, const char *remedy,
                bool needed)
{
    c->checks[c->count++] = (check){name, purpose, detail, remedy, needed};
}

/* The program of that name along PATH, or NULL. */
static const char *find_program(hu_arena *arena, const char *name)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t length = strcspn(path, ":");
        const char *file = hu_printf(arena, "%.*s/%s", (int)length, path, name);
        if (length && access(file, X_OK) == 0)
            return file;
        path += length + (path[length] == ':');
    }
    return NULL;
}

static void check_files(examination *c)
{
    hu_arena *arena = c->run->arena;
    const char *rules = hu_rules_dir(arena), *worker = hu_pdf_worker(arena);
    bool rules_there = rules && hu_file_exists(hu_path_join(arena, rules, "regions.yaml"));
    bool worker_there = worker && access(worker, X_OK) == 0;
    add(c, "rules", "what the readers know: patterns, law, regions, templates", rules ? rules : "",
        rules_there ? NULL : "install huella again, or name the folder in HUELLA_RULES", true);
    add(c, "PDF reader", "judgments as PDF, read in a process that can do no harm", worker ? worker : "",
        worker_there ? NULL : "build or install huella again", true);
}

/* The first line that the PDF reader prints when it is asked about scans; NULL when it cannot. */
static const char *ask_about_scans(hu_arena *arena, const char *worker)
{
    int ends[2], status = 1;
    char line[128];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    char *const arguments[] = {hu_strdup(arena, worker), (char[]){"--check-ocr"}, NULL};
    bool started = posix_spawn(&child, worker, &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    bool any = said && fgets(line, sizeof line, said) != NULL;
    if (said)
        fclose(said);
    while (started && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!started || !any || status != 0)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return hu_strdup(arena, line);
}

static void check_scans(examination *c)
{
    const char *worker = hu_pdf_worker(c->run->arena);
    const char *said = worker && access(worker, X_OK) == 0 ? ask_about_scans(c->run->arena, worker) : NULL;
    add(c, "OCR", "judgments that are scans", said ? said : "no Spanish language data",
        said ? NULL : "install tesseract-ocr-spa, or name the folder of spa.traineddata in TESSDATA_PREFIX", false);
}

static void check_programs(examination *c)
{
    hu_arena *arena = c->run->arena;
    const char *gnuplot = find_program(arena, "gnuplot");
    add(c, "gnuplot", "the report's plots", gnuplot ? gnuplot : "not found along PATH",
        gnuplot ? NULL : "install gnuplot-nox", true);
}

/* The first of the files that is there. */
static const char *first_file(const char *const *files)
{
    for (; *files; files++)
        if (access(*files, R_OK) == 0)
            return *files;
    return NULL;
}

static void check_fonts(examination *c)
{
    static const char *const files[] = {"/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
                                        "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
                                        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", NULL};
    const char *font = first_file(files);
    add(c, "fonts", "plots as PDF and the judgments of simulated studies",
        font ? font : "neither Liberation nor DejaVu", font ? NULL : "install fonts-liberation", true);
}

static void check_libraries(examination *c)
{
    hu_arena *arena = c->run->arena;
    char *(*config)(void) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "openblas_get_config");
    memcpy(&config, &symbol, sizeof config);
    add(c, "OpenBLAS", "linear algebra of the estimators", config ? config() : "another BLAS is in use",
        config ? NULL : "install libopenblas0: results are the same, only slower", false);
    add(c, "SQLite", "the store", sqlite3_libversion(),
        sqlite3_libversion_number() >= 3037000 ? NULL : "install SQLite 3.37 or newer", true);
    add(c, "Jansson", "JSON in and out", jansson_version_str(), NULL, true);
    add(c, "processors", "threads that a run uses unless --threads says otherwise",
        hu_printf(arena, "%d", hu_threads_default()), NULL, false);
}

/* The study's folder, or the one it would be made in, takes files. */
static void check_writing(examination *c)
{
    const char *folder = c->run->study;
    bool there = hu_is_folder(folder);
    bool writable = there && access(folder, W_OK | X_OK) == 0;
    add(c, "study's folder", "where the store and the report go", folder,
        writable ? NULL
                 : (there ? "you may not write there: change its permissions, or name another by --study"
                          : "there is no such folder: `huella new` makes one, --study names one"),
        true);
}

static void print_table(const examination *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const check *f = &c->checks[i];
        fprintf(c->run->out, "%-8s %-15s %s\n",
                !f->remedy  ? "ok"
                : f->needed ? "missing"
                            : "advice",
                f->name, f->detail);
        if (f->remedy)
            fprintf(c->run->out, "%-8s %-15s for %s; %s\n", "", "", f->purpose, f->remedy);
    }
}

static void print_json(const examination *c)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "version", hu_version());
    hu_json_key(&json, "checks");
    hu_json_array(&json);
    for (size_t i = 0; i < c->count; i++) {
        const check *f = &c->checks[i];
        hu_json_object(&json);
        hu_json_put_text(&json, "name", f->name);
        hu_json_put_bool(&json, "ok", !f->remedy);
        hu_json_put_bool(&json, "needed", f->needed);
        hu_json_put_text(&json, "detail", f->detail);
        hu_json_put_text(&json, "purpose", f->purpose);
        hu_json_put_text(&json, "remedy", f->remedy);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    fprintf(c->run->out, "%s\n", text.data);
}

static hu_error *run_doctor(hu_run *run)
{
    examination c = {.run = run};
    add(&c, "huella", "this program", hu_version(), NULL, true);
    check_files(&c);
    check_scans(&c);
    check_programs(&c);
    check_fonts(&c);
    check_libraries(&c);
    check_writing(&c);
    for (size_t i = 0; i < c.count; i++)
        if (c.checks[i].remedy && c.checks[i].needed)
            run->status = 1;
    if (run->format == HU_FORMAT_TABLE)
        print_table(&c);
    else
        print_json(&c);
    return NULL;
}

const hu_command hu_command_doctor = {
    .name = "doctor",
    .summary = "say what is missing on this machine",
    .usage = "[--study DIR]",
    .description =
        "Looks for all that huella needs on this machine: its rules, the PDF reader, gnuplot, fonts, libraries, and "
        "whether the study's folder takes files. Says of each what it is for, and what to do where it is missing. "
        "Exit status 1 when something needed is missing.",
    .example = "  huella doctor --format table",
    .options = (const hu_option[]){{0}},
    .run = run_doctor,
};
