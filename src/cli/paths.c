/* Where the program's data and helpers stand: beside it in the build folder, or where `make install` put them. */

#include "command.h"

#include "huella/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the running program. */
static const char *program_folder(hu_arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return ".";
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return hu_strdup(arena, path);
}

/* The first of the candidates (NULL-terminated, relative to the program's folder) that is there, else the last. */
static const char *first_there(hu_arena *arena, const char *const *candidates)
{
    const char *folder = program_folder(arena), *path = NULL;
    for (; *candidates; candidates++) {
        path = hu_path_join(arena, folder, *candidates);
        if (access(path, R_OK) == 0)
            return path;
    }
    return path;
}

const char *hu_rules_dir(hu_arena *arena)
{
    const char *given = getenv("HUELLA_RULES");
    if (given && *given)
        return given;
    return first_there(arena, (const char *const[]){"../rules", "../share/huella/rules", NULL});
}

const char *hu_web_dir(hu_arena *arena)
{
    const char *folder =
        first_there(arena, (const char *const[]){"web/app/index.html", "../share/huella/app/index.html", NULL});
    return access(folder, R_OK) == 0 ? hu_strndup(arena, folder, strlen(folder) - strlen("/index.html")) : NULL;
}

const char *hu_pdf_worker(hu_arena *arena)
{
    return first_there(arena, (const char *const[]){"huella-pdf-worker", "../libexec/huella/huella-pdf-worker", NULL});
}
