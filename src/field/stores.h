#ifndef HUELLA_FIELD_STORES_H
#define HUELLA_FIELD_STORES_H

/* Inside field/: connections for reading, lent one to a request. */

#include "huella/registry/store.h"

typedef struct stores stores;

hu_error *stores_open(const char *uri, size_t n, stores **opened);
/** Waits until one is free. */
hu_store *stores_borrow(stores *from);
void stores_return(stores *to, hu_store *store);
void stores_close(stores *closing); /* all must be back; NULL is fine */

#endif
