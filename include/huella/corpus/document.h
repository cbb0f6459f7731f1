#ifndef HUELLA_CORPUS_DOCUMENT_H
#define HUELLA_CORPUS_DOCUMENT_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

/**
 * A judgment as text: bytes of a file to normalised text, with a way back to page and position.
 *
 * Normalised text is valid UTF-8 in NFC, lines of a paragraph joined by blanks, paragraphs separated by "\n\n", free of
 * what is not the court's prose: signature stamps, running headers, page numbers, line-end hyphens, letter spacing. All
 * offsets here are bytes of `text`; hu_document_code_point turns one into what is printed.
 */
typedef enum hu_part { HU_PART_HEADER, HU_PART_FACTS, HU_PART_REASONING, HU_PART_OPERATIVE, HU_PART_AFTER } hu_part;
enum { HU_N_PARTS = HU_PART_AFTER + 1 };

typedef struct hu_section {
    hu_part part;
    size_t start, end;
} hu_section;

/** Where a byte of the text stood in the file. */
typedef struct hu_place {
    int page;              /* from 1; 0 = unknown */
    double x0, y0, x1, y1; /* box of the line in points from the page's top left; all 0 where there are no pages */
    size_t source_offset;  /* byte in the file, for plain text */
    double ocr; /* mean confidence of the line's words, 0 … 1, when recognised in a picture; 0 = text layer */
} hu_place;

typedef struct hu_place_run {
    size_t start; /* first byte of `text` that this place holds for */
    hu_place place;
} hu_place_run;

typedef struct hu_document {
    const char *path;
    char sha256[65]; /* of the file's bytes */
    const char *text;
    size_t length, characters; /* bytes, code points */
    int pages;
    int first_page;       /* of the file; above 1 for a decision that stands behind others in one file */
    bool has_image_pages; /* pages without a text layer stayed without text: nothing in them could be recognised */
    bool ocr;             /* some pages were recognised in pictures */
    hu_section *sections; /* in order, covering the text */
    size_t n_sections;
    hu_place_run *runs; /* in order of start */
    size_t n_runs;
    /* the text as patterns see it; see hu_fold */
    const char *folded;
    size_t folded_length;
    const uint32_t *byte_of;
} hu_document;

typedef struct hu_corpus_options {
    const char *worker;    /* path of huella-pdf-worker; started when the first PDF is read */
    int timeout_seconds;   /* 0 = 60, for one PDF */
    size_t memory_limit;   /* 0 = 1 GiB, for one PDF */
    size_t text_limit;     /* 0 = 64 MiB: longer plain text is refused (HU_LIMIT) */
    bool no_ocr;           /* pages that are pictures, or whose text layer is none, are left out */
    int page_seconds;      /* 0 = 120, for one page that is recognised */
    size_t page_memory;    /* 0 = 2 GiB, for one page that is recognised */
    const char *cache_dir; /* where recognised pages are kept, readable for this user alone; NULL = nowhere */
    const char *rules_dir; /* where corpus.yaml (stamps, headings that open a part) stands */
} hu_corpus_options;

/** What hu_document_open needs once: compiled patterns of corpus.yaml. Used by any number of threads. */
typedef struct hu_corpus hu_corpus;
hu_error *hu_corpus_open(const hu_corpus_options *options, hu_corpus **corpus);
void hu_corpus_close(hu_corpus *corpus);

/** How names of files end that are looked for in folders (hu_list_files): ".pdf", ".docx", …; NULL-terminated. */
extern const char *const hu_document_endings[];

/**
 * Reads a file into `arena`: PDF, DOCX, ODT, RTF, HTML, known by their first bytes, else text (UTF-8, or Latin-1
 * detected).
 *
 * Errors: HU_BAD_INPUT broken, encrypted or empty file, no text to be had, a .doc of Word 97; HU_LIMIT too long, too
 * slow, too large; HU_NOT_FOUND no such file or a folder; HU_IO the worker cannot be started or shut in. A hostile file
 * kills the process that reads it, never the caller: the next document is read as if nothing had been.
 */
hu_error *hu_document_open(hu_corpus *corpus, const char *path, hu_arena *arena, hu_document **document);

/**
 * The same, but a PDF that holds several decisions one behind the other, where that is certain (src/corpus/split.h),
 * gives a document each. The first has the file's path and hash; the k-th has "PATH#k" and a hash of its own; places
 * keep the file's pages.
 */
hu_error *hu_documents_open(hu_corpus *corpus, const char *path, hu_arena *arena, hu_document ***documents,
                            size_t *count);

/** The same from text in memory (not copied), for tests. */
hu_error *hu_document_from_text(hu_corpus *corpus, const char *name, const char *text, size_t length, hu_arena *arena,
                                hu_document **document);

/** The place a byte came from. */
hu_place hu_document_place(const hu_document *document, size_t byte);
/** How sure the recognition of these bytes was: the lowest mean of a line among them, 0 … 1; 1 when none was a picture.
 */
double hu_document_ocr_confidence(const hu_document *document, size_t start, size_t end);
/** Code points before a byte offset: what contracts.md calls start and end. */
size_t hu_document_code_point(const hu_document *document, size_t byte);
hu_part hu_document_part(const hu_document *document, size_t byte);
const char *hu_part_name(hu_part part); /* "header", "facts", "reasoning", "operative", "after" */

#endif
