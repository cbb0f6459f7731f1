#include "worker.h"

#include "protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A document's words with boxes take about ten times its text: 64 MiB of text is far beyond any judgment. */
enum { MAX_ANSWER = 640 << 20, GRACE_SECONDS = 5, PIPE_BYTES = 1 << 20 };

typedef struct worker {
    pid_t pid;
    int control;
    struct worker *next;
} worker;

struct hu_pdf_pool {
    hu_pdf_pool_options options;
    pthread_mutex_t lock;
    worker *idle;
    char *tessdata; /* "TESSDATA_PREFIX=…" for the workers; NULL = Tesseract's own */
};

/* What is asked of a worker. */
typedef struct question {
    const char *path;
    int document;
    pdf_request request;
} question;

hu_pdf_pool *hu_pdf_pool_open(const hu_pdf_pool_options *options)
{
    hu_pdf_pool *pool = hu_xcalloc(1, sizeof *pool);
    pool->options = *options;
    const char *tessdata = getenv("TESSDATA_PREFIX");
    if (tessdata && asprintf(&pool->tessdata, "TESSDATA_PREFIX=%s", tessdata) < 0)
        pool->tessdata = NULL;
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

static void end_worker(worker *w, bool now)
{
    close(w->control); /* it ends when it sees this, unless it is stuck */
    if (now)
        kill(w->pid, SIGKILL);
    while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    free(w);
}

void hu_pdf_pool_close(hu_pdf_pool *pool)
{
    if (!pool)
        return;
    while (pool->idle) {
        worker *w = pool->idle;
        pool->idle = w->next;
        end_worker(w, true);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool->tessdata);
    free(pool);
}

static hu_error *start_worker(const hu_pdf_pool *pool, worker **out)
{
    const char *program = pool->options.worker;
    if (!program || access(program, X_OK))
        return hu_fail(HU_IO, "the PDF reader %s is not there or cannot be run: build or install huella again",
                       program ? program : "huella-pdf-worker");
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return hu_fail_system(errno, "making a socket for the PDF reader");
    char *const arguments[] = {(char[]){"huella-pdf-worker"}, NULL};
    char *const environment[] = {(char[]){"LC_ALL=C"}, (char[]){"OMP_THREAD_LIMIT=1"}, pool->tessdata, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
    pid_t pid;
    int failed = posix_spawn(&pid, program, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        return hu_fail_system(failed, "starting the PDF reader %s", program);
    }
    *out = hu_xcalloc(1, sizeof **out);
    **out = (worker){.pid = pid, .control = ends[0]};
    return NULL;
}

static hu_error *borrow_worker(hu_pdf_pool *pool, worker **out, bool *used)
{
    pthread_mutex_lock(&pool->lock);
    worker *w = pool->idle;
    if (w)
        pool->idle = w->next;
    pthread_mutex_unlock(&pool->lock);
    *out = w;
    *used = w != NULL;
    return w ? NULL : start_worker(pool, out);
}

static void give_back(hu_pdf_pool *pool, worker *w)
{
    pthread_mutex_lock(&pool->lock);
    w->next = pool->idle;
    pool->idle = w;
    pthread_mutex_unlock(&pool->lock);
}

/* The document in sealed memory: the worker reads exactly the bytes that were hashed, whatever becomes of the file. */
static int sealed_copy(const char *data, size_t length)
{
    int fd = memfd_create("huella-document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    while (fd >= 0 && length) {
        ssize_t n = write(fd, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            int why = errno;
            close(fd);
            errno = why;
            return -1;
        }
        data += n;
        length -= (size_t)n;
    }
    if (fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool send_request(const worker *w, const pdf_request *request, int document, int answer)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec bytes = {(void *)(uintptr_t)request, sizeof *request};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
    *passed =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(passed), (int[]){document, answer}, 2 * sizeof(int));
    return sendmsg(w->control, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *request;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the descriptor can be read; false when the deadline comes first. */
static bool wait_readable(int fd, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - milliseconds();
        struct pollfd one = {.fd = fd, .events = POLLIN};
        int ready = poll(&one, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

typedef enum answer_state { ANSWER_WHOLE, ANSWER_LATE, ANSWER_TOO_LONG, ANSWER_LOST } answer_state;

static answer_state read_answer(int fd, int64_t deadline, hu_buf *out)
{
    char chunk[65536];
    for (;;) {
        if (!wait_readable(fd, deadline))
            return ANSWER_LATE;
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? ANSWER_WHOLE : ANSWER_LOST;
        if (out->length + (size_t)n > MAX_ANSWER)
            return ANSWER_TOO_LONG;
        hu_buf_add(out, chunk, (size_t)n);
    }
}

static answer_state read_reply(const worker *w, int64_t deadline, pdf_reply *reply)
{
    if (!wait_readable(w->control, deadline))
        return ANSWER_LATE;
    ssize_t n;
    do
        n = recv(w->control, reply, sizeof *reply, 0);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *reply && reply->magic == PDF_MAGIC ? ANSWER_WHOLE : ANSWER_LOST;
}

static hu_error *check_reply(const pdf_reply *reply, const question *q)
{
    const char *path = q->path;
    size_t memory = (size_t)q->request.memory >> 20;
    switch ((pdf_outcome)reply->outcome) {
    case PDF_EXITED:
        if (reply->detail == 0)
            return NULL;
        return hu_fail(HU_BAD_INPUT,
                       "%s: the PDF reader gave up (status %d): the file is damaged, or needs more than %zu MiB "
                       "of memory; open it in a viewer and print it to a new PDF",
                       path, reply->detail, memory);
    case PDF_KILLED:
        if (reply->detail == SIGSYS)
            return hu_fail(HU_BAD_INPUT,
                           "%s: the PDF made its reader do what is forbidden, and was stopped: the file is hostile; "
                           "do not open it, fetch it again from its source",
                           path);
        return hu_fail(HU_BAD_INPUT,
                       "%s: the PDF crashed its reader (%s): the file is damaged or hostile, or needs more than "
                       "%zu MiB of memory; open it in a viewer and print it to a new PDF",
                       path, sigabbrev_np(reply->detail) ? sigabbrev_np(reply->detail) : "unknown signal", memory);
    case PDF_TIMED_OUT:
        return hu_fail(HU_LIMIT,
                       "%s: reading the PDF took more than %d s and was stopped: it is too large, damaged or "
                       "hostile; open it in a viewer and print it to a new PDF",
                       path, (int)q->request.seconds);
    case PDF_NOT_STARTED:
        return hu_fail_system(reply->detail, "%s: starting a process to read the PDF", path);
    }
    return hu_fail(HU_IO, "%s: the PDF reader does not speak huella's language: build or install huella again", path);
}

/* One document through one worker. `fine` says whether the worker can be used again. */
static hu_error *converse(const hu_pdf_pool *pool, worker *w, const question *q, hu_buf *answer, bool *fine)
{
    const char *path = q->path;
    int64_t deadline = milliseconds() + (q->request.seconds + GRACE_SECONDS) * INT64_C(1000);
    *fine = false;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return hu_fail_system(errno, "%s: making a pipe for the PDF reader", path);
    (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* fewer switches; harmless when refused */
    bool sent = send_request(w, &q->request, q->document, ends[1]);
    close(ends[1]);
    answer_state state = sent ? read_answer(ends[0], deadline, answer) : ANSWER_LOST;
    close(ends[0]);
    pdf_reply reply = {0};
    if (state == ANSWER_WHOLE)
        state = read_reply(w, deadline, &reply);
    switch (state) {
    case ANSWER_WHOLE:
        *fine = true;
        return check_reply(&reply, q);
    case ANSWER_LATE:
        return check_reply(&(pdf_reply){.outcome = PDF_TIMED_OUT}, q);
    case ANSWER_TOO_LONG:
        return hu_fail(HU_LIMIT, "%s: the PDF holds more than %d MiB of text and positions: split it", path,
                       MAX_ANSWER >> 20);
    case ANSWER_LOST:
        break;
    }
    return hu_fail(HU_IO, "%s: the PDF reader %s ended or does not answer: build or install huella again", path,
                   pool->options.worker);
}

/* Whether the worker was lost, rather than stopped by the document: then a new one may do better. */
static hu_error *read_once(hu_pdf_pool *pool, const question *q, hu_buf *answer, bool *try_again)
{
    worker *w;
    bool fine, used;
    HU_TRY(borrow_worker(pool, &w, &used));
    hu_error *error = converse(pool, w, q, answer, &fine);
    if (fine)
        give_back(pool, w);
    else
        end_worker(w, true);
    *try_again = used && !fine && error && error->code == HU_IO; /* only a worker that is gone is replaced */
    return error;
}

static hu_error *ask(hu_pdf_pool *pool, question *q, const char *data, size_t length, hu_buf *answer)
{
    q->document = sealed_copy(data, length);
    if (q->document < 0)
        return hu_fail_system(errno, "%s: copying the document for its reader", q->path);
    bool try_again = false;
    hu_error *error = read_once(pool, q, answer, &try_again);
    while (try_again) {
        hu_error_free(error);
        answer->length = 0;
        error = read_once(pool, q, answer, &try_again);
    }
    close(q->document);
    return error;
}

hu_error *hu_pdf_pool_read(hu_pdf_pool *pool, const char *path, const char *data, size_t length, hu_arena *arena,
                           hu_pdf_words *words)
{
    HU_BUF(answer);
    question q = {.path = path,
                  .request = {.magic = PDF_MAGIC,
                              .seconds = (uint32_t)pool->options.timeout_seconds,
                              .memory = pool->options.memory_limit}};
    HU_TRY(ask(pool, &q, data, length, &answer));
    return hu_pdf_parse(answer.data ? answer.data : "", answer.length, path, arena, words);
}

hu_error *hu_pdf_pool_recognise(hu_pdf_pool *pool, const char *path, const char *data, size_t length, int page,
                                hu_buf *answer)
{
    question q = {.path = path,
                  .request = {.magic = PDF_MAGIC,
                              .seconds = (uint32_t)pool->options.page_seconds,
                              .memory = pool->options.page_memory,
                              .page = (uint32_t)page}};
    return ask(pool, &q, data, length, answer);
}
