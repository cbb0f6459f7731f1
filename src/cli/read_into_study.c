/* huella read --study: what is read is kept in the study's store, and printed from there. */

#include "read_documents.h"

static hu_error *print_document(hu_run *run, hu_store *store, const document_file *file)
{
    HU_SCRATCH(scratch);
    hu_table *table = NULL;
    const char *name = file->name;
    HU_TRY(hu_store_query(store, scratch, &table,
                          "SELECT json FROM judgments WHERE document = ?1 OR substr(document, 1, length(?1) + 1) = ?1 "
                          "|| '#' ORDER BY length(document), document",
                          1, &name));
    for (size_t r = 0; r < table->rows; r++)
        fprintf(run->out, "%s\n", hu_table_text(table, &table->columns[0], r, scratch));
    if (table->rows)
        return NULL;
    HU_TRY(hu_store_query(store, scratch, &table, "SELECT reason FROM unreadable WHERE document = ?", 1, &name));
    if (table->rows)
        fprintf(stderr, "huella: %s: %s\n", file->path, hu_table_text(table, &table->columns[0], 0, scratch));
    return NULL;
}

static hu_error *read_and_print(hu_run *run, hu_store *store, const document_list *list)
{
    document_reader reader;
    read_counts counts;
    HU_TRY(document_reader_open(run, &reader));
    /* Stages done before rested on what the store held: `huella run` does them again. */
    hu_error *error = hu_store_forget_notes(store, "stage.");
    if (!error)
        error = read_documents(run, &reader, list, store, &counts);
    if (!error)
        error = hu_store_set_note(store, "reader", hu_reader_version(reader.reader));
    document_reader_close(&reader);
    size_t copies = 0;
    if (!error)
        error = hu_store_find_duplicates(store, &copies);
    for (size_t i = 0; i < list->count && !error; i++)
        error = print_document(run, store, &list->files[i]);
    if (error)
        return error;
    if (counts.left_out)
        run->status = 3;
    hu_say(run, "%zu read and stored, %zu stored before, %zu could not be read", counts.read, counts.kept,
           counts.left_out);
    if (copies)
        hu_say(run, "%zu duplicates of already read documents: they stay in the store and count for nothing", copies);
    return NULL;
}

hu_error *read_into_study(hu_run *run, char *const *paths, size_t count)
{
    document_list list;
    hu_store *store = NULL;
    HU_TRY(hash_documents(run, paths, count, &list));
    HU_TRY(hu_store_open(run->store, &store));
    hu_error *error = read_and_print(run, store, &list);
    hu_store_close(store);
    return error;
}
