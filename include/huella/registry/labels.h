#ifndef HUELLA_REGISTRY_LABELS_H
#define HUELLA_REGISTRY_LABELS_H

#include "huella/registry/store.h"

/** The labeller under whose name stands what was decided between several. */
#define HU_ADJUDICATED "adjudicated"

typedef struct hu_label {
    const char *key, *json; /* "defendants[0].verdict", "\"convicted\""; null = the text does not say */
} hu_label;

typedef struct hu_label_span {
    const char *key, *quote;
    int64_t start, end; /* code points of the labelled text */
} hu_label_span;

/** What one person labelled in one text. */
typedef struct hu_label_sheet {
    const char *sha256, *labeller;
    int64_t revision; /* 0 = never saved */
    bool done;
    hu_label *labels; /* in order of key */
    size_t n_labels;
    hu_label_span *spans; /* in order of key and start */
    size_t n_spans;
} hu_label_sheet;

/**
 * Keeps the text of a document, from the judgments that were read, when it is first labelled. The text of one that was
 * labelled before stays as it is. HU_NOT_FOUND: no judgment of that hash.
 */
hu_error *hu_store_label_text(hu_store *store, const char *sha256, hu_arena *arena, const char **document,
                              const char **text);
/** The same for a text from elsewhere; HU_BAD_INPUT when another text stands under this hash. */
hu_error *hu_store_put_label_text(hu_store *store, const char *sha256, const char *document, const char *text);

/** A sheet of no labels where nothing was saved. */
hu_error *hu_store_label_sheet(hu_store *store, const char *sha256, const char *labeller, hu_arena *arena,
                               hu_label_sheet *sheet);

/**
 * Replaces a sheet whole. sheet->revision is the one that the change was made from; it becomes the new one. *conflict:
 * another revision stands in the store, and nothing was changed.
 */
hu_error *hu_store_put_label_sheet(hu_store *store, hu_label_sheet *sheet, bool *conflict);

/**
 * Texts to label, those in the sample (all judgments when none was drawn or `all`) and those labelled before; in the
 * order of draws, at random within a draw. Columns: sha256, document, draw, done (sheets finished, those of
 * "adjudicated" not counted), mine: missing, 0 begun, 1 done.
 */
hu_error *hu_store_label_list(hu_store *store, const char *labeller, bool all, hu_arena *arena, hu_table **list);

/** Finished sheets: columns sha256, document, labeller; by document and labeller. */
hu_error *hu_store_label_sheets(hu_store *store, hu_arena *arena, hu_table **sheets);

#endif
