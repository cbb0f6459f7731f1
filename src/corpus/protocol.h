#ifndef HUELLA_CORPUS_PROTOCOL_H
#define HUELLA_CORPUS_PROTOCOL_H

#include <stdint.h>

/**
 * What huella and huella-pdf-worker say to each other. Both run on one machine, so integers and floats are in its own
 * byte order, unaligned, one after the other.
 *
 * The worker's standard input is a SOCK_SEQPACKET socket. A request comes as one pdf_request with two descriptors: the
 * document (sealed memory) and the end of a pipe to write to. The worker forks a child that shuts itself in and writes
 * records to the pipe; when the child is gone, one pdf_reply says how it ended. A request for one page is answered by
 * that page's words as Tesseract sees them, under the page's own number.
 *
 * The child is not trusted: it parses hostile bytes and may have been taken over. Its records are
 *     pdf_record {kind, length}, then `length` bytes:
 *     PDF_PAGE   pdf_page, then words: pdf_word, then its UTF-8 bytes
 *     PDF_TEXT   UTF-8: all the text of a document that is no PDF (rich.h)
 *     PDF_END    uint32_t number of pages
 *     PDF_ERROR  uint32_t pdf_trouble
 * and end with exactly one PDF_END or PDF_ERROR.
 */
enum { PDF_MAGIC = 0x32465548 /* "HUF2" */, PDF_MAX_PAGES = 10000, PDF_MAX_RECORD = 64 << 20, PDF_MAX_WORD = 4096 };

typedef struct pdf_request {
    uint32_t magic;
    uint32_t seconds; /* of processor time, and of waiting */
    uint64_t memory;  /* bytes of address space */
    uint32_t page;    /* 0 = the text of all; else this page is drawn and recognised */
    uint32_t unused;
} pdf_request;

typedef enum pdf_outcome { PDF_EXITED, PDF_KILLED, PDF_TIMED_OUT, PDF_NOT_STARTED } pdf_outcome;

typedef struct pdf_reply {
    uint32_t magic;
    uint32_t outcome; /* pdf_outcome */
    int32_t detail;   /* exit status, signal or errno */
} pdf_reply;

enum { PDF_PAGE = 1, PDF_END, PDF_ERROR, PDF_TEXT };

typedef struct pdf_record {
    uint32_t kind, length;
} pdf_record;

enum {
    PDF_PAGE_HAS_IMAGES = 1,
    PDF_PAGE_IS_IMAGE = 2 /* a picture covers most of it: what text there is may be a stamp upon a scan */
};

typedef struct pdf_page {
    uint32_t number; /* from 1, each one more than the last */
    uint32_t flags;
    float width, height; /* points */
    uint32_t n_words;
} pdf_page;

enum {
    PDF_WORD_GLUED = 1,     /* no blank stands before it */
    PDF_WORD_CONFIDENCE = 8 /* from this bit on: 1 … 100 when it was recognised in a picture, else 0 */
};

typedef struct pdf_word {
    float x0, y0, x1, y1; /* points from the page's top left */
    uint32_t flags;
    uint32_t length; /* 1 … PDF_MAX_WORD bytes */
} pdf_word;

typedef enum pdf_trouble {
    PDF_BROKEN = 1,
    PDF_ENCRYPTED,
    PDF_NO_PAGES,
    PDF_TOO_MANY_PAGES,
    PDF_SANDBOX_FAILED,
    PDF_DOCUMENT_BROKEN,    /* DOCX, ODT, RTF or HTML: not well-formed, or cut off */
    PDF_DOCUMENT_UNKNOWN,   /* an archive without a document's text */
    PDF_DOCUMENT_LOCKED,    /* under a password */
    PDF_DOCUMENT_OLD,       /* Word before 2007 */
    PDF_DOCUMENT_TOO_LARGE, /* unpacked */
    PDF_NO_LANGUAGE,        /* Tesseract's Spanish data are not installed */
    PDF_OCR_FAILED,
} pdf_trouble;

#endif
