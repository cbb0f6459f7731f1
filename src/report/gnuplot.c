/* gnuplot as a child process that reads and writes memory files: no shell, no pipe that could fill up. */

#include "gnuplot.h"

#include "huella/report/html.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its standard input, output and error. */
typedef struct child_channels {
    int fd[3];
} child_channels;

static void close_channels(child_channels *channels)
{
    for (int i = 0; i < 3; i++)
        if (channels->fd[i] >= 0)
            close(channels->fd[i]);
}

static hu_error *open_channels(child_channels *channels, const hu_buf *script)
{
    static const char *const names[] = {"script", "plot", "complaints"};
    for (int i = 0; i < 3; i++) {
        channels->fd[i] = memfd_create(names[i], MFD_CLOEXEC);
        if (channels->fd[i] < 0)
            return hu_fail_system(errno, "preparing a plot");
    }
    for (size_t done = 0; done < script->length;) {
        ssize_t n = write(channels->fd[0], script->data + done, script->length - done);
        if (n < 0 && errno != EINTR)
            return hu_fail_system(errno, "preparing a plot");
        done += n > 0 ? (size_t)n : 0;
    }
    if (lseek(channels->fd[0], 0, SEEK_SET) != 0)
        return hu_fail_system(errno, "preparing a plot");
    return NULL;
}

static hu_error *read_channel(int fd, hu_buf *out)
{
    char block[65536];
    ssize_t n;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return hu_fail_system(errno, "reading a plot");
    while ((n = read(fd, block, sizeof block)) != 0) {
        if (n < 0 && errno != EINTR)
            return hu_fail_system(errno, "reading a plot");
        if (n > 0)
            hu_buf_add(out, block, (size_t)n);
    }
    return NULL;
}

static hu_error *spawn(const char *program, const child_channels *channels, pid_t *child)
{
    char *const arguments[] = {(char[]){"gnuplot"}, (char[]){"-d"}, NULL}; /* -d: not the user's settings */
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, channels->fd[i], i);
    int problem = posix_spawnp(child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem == ENOENT)
        return hu_fail(HU_NOT_FOUND, "plots need the program \"%s\", which is not there: install gnuplot-nox", program);
    return problem ? hu_fail_system(problem, "starting \"%s\"", program) : NULL;
}

static hu_error *wait_for(const char *program, pid_t child, const child_channels *channels)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return hu_fail_system(errno, "waiting for \"%s\"", program);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return NULL;
    HU_BUF(complaint);
    HU_TRY(read_channel(channels->fd[2], &complaint));
    if (complaint.length > 400)
        complaint.data[400] = '\0';
    return hu_fail(HU_IO, "\"%s\" failed on a plot: %s", program, complaint.data ? complaint.data : "it said nothing");
}

hu_error *gnuplot_run(const char *program, const hu_buf *script, hu_buf *out)
{
    child_channels channels = {{-1, -1, -1}};
    pid_t child = 0;
    program = program ? program : "gnuplot";
    hu_error *error = open_channels(&channels, script);
    if (!error)
        error = spawn(program, &channels, &child);
    if (!error)
        error = wait_for(program, child, &channels);
    if (!error)
        error = read_channel(channels.fd[1], out);
    close_channels(&channels);
    if (!error && !out->length)
        error = hu_fail(HU_IO, "\"%s\" drew nothing", program);
    return error;
}

void gnuplot_quote(hu_buf *script, const char *text)
{
    hu_buf_add_char(script, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            hu_buf_add_char(script, '\'');
        hu_buf_add_char(script, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    hu_buf_add_char(script, '\'');
}

/* What is put in place of what in an SVG; "%" stands for the plot's name. */
static const struct {
    const char *find, *put;
} tidy[] = {
    {"id='gp", "id='%gp"},
    {"'#gp", "'#%gp"},
    {"xlink:href", "href"},
    {"\n xmlns:xlink=\"http://www.w3.org/1999/xlink\"", ""},
    {"id=\"gnuplot_canvas\"", ""},
    {"id='textbox'", "id='%textbox'"},
    {"id='greybox'", "id='%greybox'"},
    {" color=\"black\"", ""},
    {" color=\"white\"", ""},
    {"fill=\"black\"", "fill=\"currentColor\""},
    {"stroke=\"black\"", "stroke=\"currentColor\""},
    {"stroke='black'", "stroke='currentColor'"},
};

static const char *end_of(const char *at, const char *mark)
{
    const char *end = strstr(at, mark);
    return end ? end + strlen(mark) : at + strlen(at);
}

static const char *replaced(const char *at, const char *name, hu_buf *out)
{
    for (size_t i = 0; i < sizeof tidy / sizeof *tidy; i++) {
        size_t length = strlen(tidy[i].find);
        if (strncmp(at, tidy[i].find, length) != 0)
            continue;
        for (const char *put = tidy[i].put; *put; put++)
            if (*put == '%')
                hu_buf_add_text(out, name);
            else
                hu_buf_add_char(out, *put);
        return at + length;
    }
    return NULL;
}

void gnuplot_tidy_svg(const char *svg, size_t length, const char *name, const char *title, hu_buf *out)
{
    HU_SCRATCH(scratch);
    const char *at = strstr(hu_strndup(scratch, svg, length), "<svg");
    hu_html html = {.out = out};
    if (!at)
        return;
    const char *body = end_of(at, ">");
    hu_buf_printf(out, "<svg role=\"img\" aria-labelledby=\"%s_title\"", name);
    at += strlen("<svg");
    while (*at) {
        const char *next = NULL;
        if (strncmp(at, "<title>", 7) == 0)
            next = end_of(at, "</title>");
        else if (strncmp(at, "<desc>", 6) == 0)
            next = end_of(at, "</desc>");
        else
            next = replaced(at, name, out);
        if (!next)
            hu_buf_add_char(out, *at);
        at = next ? next : at + 1;
        if (at == body) {
            hu_html_open(&html, "title", "id", hu_printf(scratch, "%s_title", name), NULL);
            hu_html_text(&html, title);
            hu_html_close(&html, "title");
        }
    }
}

void gnuplot_tidy_pdf(hu_buf *pdf)
{
    static const char mark[] = "/CreationDate (D:", fixed[] = "20000101000000";
    char *at = pdf->length ? memmem(pdf->data, pdf->length, mark, strlen(mark)) : NULL;
    if (at && (size_t)(pdf->data + pdf->length - at) > strlen(mark) + strlen(fixed))
        memcpy(at + strlen(mark), fixed, strlen(fixed));
}
