/* A stack of connections: the one used last is lent first, its pages are still in its memory. */

#include "stores.h"

#include <pthread.h>
#include <stdlib.h>

struct stores {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    size_t n, free;
    hu_store **all; /* the first `free` are at home */
};

hu_error *stores_open(const char *uri, size_t n, stores **opened)
{
    stores *made = hu_xcalloc(1, sizeof *made);
    made->all = hu_xcalloc(n, sizeof *made->all);
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->returned, NULL);
    for (; made->n < n; made->n++, made->free++) {
        hu_error *error = hu_store_open(uri, &made->all[made->n]);
        if (error) {
            stores_close(made);
            return error;
        }
    }
    *opened = made;
    return NULL;
}

hu_store *stores_borrow(stores *from)
{
    pthread_mutex_lock(&from->lock);
    while (!from->free)
        pthread_cond_wait(&from->returned, &from->lock);
    hu_store *store = from->all[--from->free];
    pthread_mutex_unlock(&from->lock);
    return store;
}

void stores_return(stores *to, hu_store *store)
{
    pthread_mutex_lock(&to->lock);
    to->all[to->free++] = store;
    pthread_cond_signal(&to->returned);
    pthread_mutex_unlock(&to->lock);
}

void stores_close(stores *closing)
{
    if (!closing)
        return;
    for (size_t i = 0; i < closing->n; i++)
        hu_store_close(closing->all[i]);
    pthread_mutex_destroy(&closing->lock);
    pthread_cond_destroy(&closing->returned);
    free(closing->all);
    free(closing);
}
