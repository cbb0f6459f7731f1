#ifndef HUELLA_FIELD_WEB_FILES_H
#define HUELLA_FIELD_WEB_FILES_H

/* Inside field/: the app's files, read once into memory. No path of a request ever reaches the file system. */

#include "huella/http/service.h"

typedef struct web_files web_files;

/** Reads every file below `folder` (at most 64 MiB). A file beside it that ends in .gz is its compressed form. */
hu_error *web_files_open(const char *folder, web_files **opened);
void web_files_close(web_files *closing); /* NULL is fine */
/** Answers a GET: the file, or index.html for "/" and for paths of the app without a dot. False: no such file. */
bool web_files_answer(const web_files *files, hu_exchange *exchange);

#endif
