/*
 * huella-pdf-worker: reads PDF and word processors' files that may be hostile, each in a process of its own that cannot
 * harm.
 *
 * It loads Poppler and libxml2 once and then forks a child for each document: a fork costs well under a millisecond,
 * and what one document does to its process dies with it. See protocol.h for what goes in and out, sandbox.h for what a
 * child may do.
 */

#include "ocr_page.h"
#include "pdf_extract.h"
#include "pdf_render.h"
#include "protocol.h"
#include "record.h"
#include "rich.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL = 3 };

static void silent(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer context)
{
    (void)domain, (void)level, (void)message, (void)context;
}

/* Moves the control socket out of the way of 0, 1 and 2, and closes what was inherited. */
static void settle(void)
{
    if (dup2(0, CONTROL) < 0 || close_range(CONTROL + 1, ~0U, 0) < 0)
        exit(1);
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0)
        exit(1);
    for (int fd = 0; fd < 3; fd++)
        dup2(nothing, fd);
    close(nothing);
    g_log_set_default_handler(silent, NULL);
}

/* The next request and its two descriptors; false at the end. */
static bool receive(pdf_request *request, int fds[2])
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec bytes = {request, sizeof *request};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n;
    do
        n = recvmsg(CONTROL, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
    if (n != (ssize_t)sizeof *request || request->magic != PDF_MAGIC || !passed || passed->cmsg_type != SCM_RIGHTS ||
        passed->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return false;
    memcpy(fds, CMSG_DATA(passed), 2 * sizeof(int));
    return true;
}

/* DOCX, ODT, RTF, HTML. Returns the exit status. */
static int write_rich(rich_kind kind, const char *data, size_t length)
{
    HU_BUF(text);
    uint32_t trouble = rich_extract(kind, data, length, &text), no_pages = 0;
    if (trouble)
        return !record_write(1, PDF_ERROR, &trouble, sizeof trouble);
    return !record_write(1, PDF_TEXT, text.data ? text.data : "", text.length) ||
           !record_write(1, PDF_END, &no_pages, sizeof no_pages);
}

/* A page that is a picture. Returns the exit status. */
static int write_recognised(const pdf_request *request, TessBaseAPI *tesseract, const char *data, size_t length)
{
    HU_BUF(page);
    pdf_picture picture = {0};
    uint32_t trouble = tesseract ? pdf_render(data, length, request->page, &picture) : PDF_NO_LANGUAGE, one = 1;
    if (!trouble)
        trouble = ocr_page(tesseract, &picture, request->page, &page);
    if (trouble)
        return !record_write(1, PDF_ERROR, &trouble, sizeof trouble);
    return !record_write(1, PDF_PAGE, page.data, page.length) || !record_write(1, PDF_END, &one, sizeof one);
}

/* The child: from here on nothing is trusted. */
static _Noreturn void read_document(const pdf_request *request, TessBaseAPI *tesseract, const int fds[2], pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    struct stat status;
    if (dup2(fds[0], 0) < 0 || dup2(fds[1], 1) < 0 || fstat(0, &status) || status.st_size <= 0)
        _exit(1);
    close_range(CONTROL, ~0U, 0);
    size_t length = (size_t)status.st_size;
    const char *data = mmap(NULL, length, PROT_READ, MAP_PRIVATE, 0, 0);
    if (data == MAP_FAILED)
        _exit(1);
    if (sandbox_enter(request->memory, request->seconds)) {
        uint32_t code = PDF_SANDBOX_FAILED;
        _exit(!record_write(1, PDF_ERROR, &code, sizeof code));
    }
    if (request->page)
        _exit(write_recognised(request, tesseract, data, length));
    rich_kind kind = rich_kind_of(data, length);
    _exit(kind == RICH_NONE ? pdf_extract(data, length, 1) : write_rich(kind, data, length));
}

/* Waits for the child, and kills it when its time is over. SIGCHLD is blocked, so it can be waited for. */
static pdf_reply wait_for(pid_t child, uint32_t seconds)
{
    pdf_reply reply = {.magic = PDF_MAGIC};
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    struct timespec now, end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec)) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            reply.outcome = PDF_TIMED_OUT;
            return reply;
        }
        sigtimedwait(&child_ended, NULL, &(struct timespec){.tv_sec = 1});
    }
    reply.outcome = WIFSIGNALED(status) ? PDF_KILLED : PDF_EXITED;
    reply.detail = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (reply.outcome == PDF_KILLED && reply.detail == SIGXCPU)
        reply.outcome = PDF_TIMED_OUT;
    return reply;
}

/* For `huella doctor`: says whether scans can be read on this machine. */
static int check_ocr(void)
{
    TessBaseAPI *tesseract = ocr_load();
    printf("Tesseract %s%s\n", TessVersion(), tesseract ? ", Spanish" : " without Spanish");
    if (tesseract)
        TessBaseAPIDelete(tesseract);
    return tesseract ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct stat input;
    if (argc == 2 && strcmp(argv[1], "--check-ocr") == 0)
        return check_ocr();
    if (fstat(0, &input) || !S_ISSOCK(input.st_mode)) {
        fputs("huella-pdf-worker is started by huella: it reads requests from a socket on standard input.\n", stderr);
        return 2;
    }
    settle();
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_SETMASK, &child_ended, NULL);
    pdf_warm_up();
    xmlInitParser();

    pdf_request request = {0};
    int fds[2];
    pid_t self = getpid();
    TessBaseAPI *tesseract = NULL; /* loaded when the first scan comes: most runs have none */
    while (receive(&request, fds)) {
        if (request.page && !tesseract)
            tesseract = ocr_load();
        pid_t child = fork();
        if (child == 0)
            read_document(&request, tesseract, fds, self);
        int fork_errno = errno;
        close(fds[0]);
        close(fds[1]);
        pdf_reply reply = {.magic = PDF_MAGIC, .outcome = PDF_NOT_STARTED, .detail = fork_errno};
        if (child > 0)
            reply = wait_for(child, request.seconds);
        if (send(CONTROL, &reply, sizeof reply, MSG_NOSIGNAL) != (ssize_t)sizeof reply)
            break;
    }
    return 0;
}
