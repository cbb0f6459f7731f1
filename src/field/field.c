/* Opening and closing the field system. */

#include "handover.h"
#include "inside.h"
#include "vault_keys.h"

#include "huella/base/file.h"
#include "huella/base/instant.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_THREADS = 2, SIGN_IN_BURST = 30, LINK_BURST = 20 };

static const double sign_ins_a_second = 0.5, links_a_second = 0.1;

/* A store that holds sealed records needs the file that opens them; a new one gets a new file. */
static hu_error *open_vault(hu_field *field)
{
    hu_store *store;
    sqlite3_stmt *row;
    bool used = false;
    HU_TRY(hu_store_open(field->options.store, &store));
    hu_error *error = hu_db_first(store, &row, &used, "SELECT 1 FROM audit LIMIT 1", "");
    hu_store_close(store);
    if (!error)
        error = hu_vault_open(field->options.keys, !used, &field->vault);
    if (!error)
        error = vault_hold(field->options.keys, false, &field->held_keys);
    return error;
}

static hu_error *open_service(hu_field *field)
{
    hu_service_options options = {.listen = field->options.listen,
                                  .tls_certificate = field->options.tls_certificate,
                                  .tls_key = field->options.tls_key,
                                  .behind_proxy = field->options.behind_proxy,
                                  .threads = field->options.threads,
                                  .answer = dispatch_answer,
                                  .later = dispatch_later,
                                  .answered = dispatch_answered,
                                  .context = field};
    return hu_service_open(&options, &field->service);
}

static hu_error *open_parts(hu_field *field)
{
    HU_TRY(open_vault(field));
    HU_TRY(field_rules_load(field->options.rules_dir, field->arena, &field->rules));
    HU_TRY(stores_open(field->options.store, (size_t)field->options.threads, &field->readers));
    HU_TRY(lane_open(field->options.store, true, &field->writer));
    HU_TRY(lane_open(field->options.store, false, &field->slow));
    if (field->options.web_dir)
        HU_TRY(web_files_open(field->options.web_dir, &field->web));
    openapi_print(&field->description);
    return open_service(field);
}

hu_error *hu_field_open(const hu_field_options *options, hu_field **opened)
{
    hu_arena *arena = hu_arena_new();
    hu_field *field = HU_NEW(arena, hu_field);
    *opened = NULL;
    if (sodium_init() < 0) {
        hu_arena_free(arena);
        return hu_fail(HU_IO, "the system gives no random numbers");
    }
    json_object_seed(0);
    field->arena = arena;
    field->options = *options;
    field->traffic.log = options->access_log;
    if (!field->options.now)
        field->options.now = hu_instant_now;
    if (field->options.threads < DEFAULT_THREADS)
        field->options.threads = DEFAULT_THREADS;
    limiter_start(&field->sign_ins, SIGN_IN_BURST, sign_ins_a_second);
    limiter_start(&field->links, LINK_BURST, links_a_second);
    hu_error *error = open_parts(field);
    if (error)
        hu_field_close(field);
    else
        *opened = field;
    return error;
}

const char *hu_field_url(const hu_field *field)
{
    return hu_service_url(field->service);
}

/* The lanes end before the server does: whatever rests is answered first, and what comes after is told that it ends. */
void hu_field_close(hu_field *field)
{
    if (!field)
        return;
    if (field->service)
        hu_service_quiesce(field->service);
    lane_end(field->slow);
    lane_end(field->writer);
    hu_service_close(field->service);
    lane_free(field->slow);
    lane_free(field->writer);
    stores_close(field->readers);
    web_files_close(field->web);
    hu_vault_close(field->vault);
    if (field->held_keys > 0)
        close(field->held_keys);
    limiter_end(&field->sign_ins);
    limiter_end(&field->links);
    hu_buf_free(&field->description);
    hu_arena_free(field->arena);
    handover_forget_fonts();
}

/* ---- changes that no request asked for ---- */

typedef struct waiting {
    lane_job job;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool done;
    hu_error *error;
    hu_error *(*work)(hu_store *store, void *data);
    void *data;
} waiting;

static hu_error *waiting_work(hu_store *store, void *data)
{
    waiting *w = data;
    return w->work(store, w->data);
}

static void waiting_done(void *data, hu_error *error)
{
    waiting *w = data;
    pthread_mutex_lock(&w->lock);
    w->done = true;
    w->error = error;
    pthread_cond_signal(&w->ended);
    pthread_mutex_unlock(&w->lock);
}

hu_error *field_write(hu_field *field, hu_error *(*work)(hu_store *store, void *data), void *data)
{
    waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER, .work = work, .data = data};
    w.job = (lane_job){.work = waiting_work, .done = waiting_done, .data = &w};
    if (!lane_add(field->writer, &w.job))
        return hu_fail(HU_BUG, "a change was asked of a writer that has ended");
    pthread_mutex_lock(&w.lock);
    while (!w.done)
        pthread_cond_wait(&w.ended, &w.lock);
    pthread_mutex_unlock(&w.lock);
    return w.error;
}
