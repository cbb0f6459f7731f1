/* A picture of a page to words, by Leptonica and Tesseract. Runs inside the sandbox. */

#include "ocr_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 20000, LEAST_CONFIDENCE = 30, DARK = 170 };

static const double SAME_SIZE = 0.22;  /* sizes are guessed line by line: those so close to the usual one are it */
static const double ASCENT = 0.8;      /* of a letter's height, above the line that it stands on */
static const double LEAST_SKEW = 0.05; /* degrees */
static const double MOST_SKEW = 7;

TessBaseAPI *ocr_load(void)
{
    TessBaseAPI *tesseract = TessBaseAPICreate();
    setMsgSeverity(L_SEVERITY_NONE);
    if (TessBaseAPIInit2(tesseract, NULL, "spa", OEM_LSTM_ONLY)) {
        TessBaseAPIDelete(tesseract);
        return NULL;
    }
    TessBaseAPISetPageSegMode(tesseract, PSM_AUTO);
    return tesseract;
}

/* ---- the picture ---- */

static void replace(PIX **pix, PIX *with)
{
    if (!with)
        return;
    pixDestroy(pix);
    *pix = with;
}

/* Turns a page that was scanned on its side or head. */
static void turn_upright(PIX **grey)
{
    float up = 0, left = 0;
    l_int32 rotation = 0;
    PIX *dark = pixThresholdToBinary(*grey, DARK);
    PIX *turned = dark ? pixOrientCorrect(dark, 0, 0, &up, &left, &rotation, 0) : NULL;
    pixDestroy(&turned);
    pixDestroy(&dark);
    if (rotation)
        replace(grey, pixRotateOrth(*grey, rotation / 90));
}

static void straighten(PIX **grey)
{
    float angle = 0, confidence = 0;
    PIX *dark = pixThresholdToBinary(*grey, DARK);
    bool known = dark && pixFindSkew(dark, &angle, &confidence) == 0 && (double)confidence > 2.5;
    pixDestroy(&dark);
    if (!known || fabs((double)angle) < LEAST_SKEW || fabs((double)angle) > MOST_SKEW)
        return;
    replace(grey, pixRotate(*grey, angle * (float)(M_PI / 180), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0));
}

static void prepare(PIX **grey)
{
    l_int32 x = 0, y = 0;
    pixGetResolution(*grey, &x, &y);
    replace(grey, pixBackgroundNormSimple(*grey, NULL, NULL));
    turn_upright(grey);
    straighten(grey);
    pixSetResolution(*grey, x, y);
}

/* ---- words ---- */

typedef struct found_word {
    char *text; /* Tesseract's */
    int x0, x1;
    double base; /* where its line stands, in dots from the top */
    int size;    /* of its letters, in points of 1/72 inch */
    int confidence;
} found_word;

static bool has_letter_or_digit(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p >= 0xC3 || (*p >= '0' && *p <= '9') || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'))
            return true;
    return false;
}

/* A wide gap before a colon is often seen as a dash: "DELITO —: TRATA". */
static const char *without_dash(const char *text)
{
    static const char *const seen[] = {"—:", "–:", "-:", NULL};
    for (const char *const *one = seen; *one; one++)
        if (strcmp(text, *one) == 0)
            return ":";
    return text;
}

static bool take_word(TessResultIterator *at, found_word *word)
{
    const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(at);
    BOOL yes, no;
    int y0, y1, left, top, right, bottom, font;
    word->text = TessResultIteratorGetUTF8Text(at, RIL_WORD);
    word->confidence = (int)TessResultIteratorConfidence(at, RIL_WORD);
    if (!word->text || !*word->text || strlen(word->text) > PDF_MAX_WORD ||
        (word->confidence < LEAST_CONFIDENCE && !has_letter_or_digit(word->text)) ||
        !TessPageIteratorBoundingBox(place, RIL_WORD, &word->x0, &y0, &word->x1, &y1)) {
        TessDeleteText(word->text);
        return false;
    }
    TessResultIteratorWordFontAttributes(at, &yes, &no, &yes, &no, &yes, &no, &word->size, &font);
    word->base = y1;
    if (TessPageIteratorBaseline(place, RIL_TEXTLINE, &left, &top, &right, &bottom) && right > left)
        word->base = top + (double)(bottom - top) * ((word->x0 + word->x1) / 2.0 - left) / (right - left);
    return true;
}

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* The size of most letters on the page; 10 when nothing is known. */
static int usual_size(const found_word *words, size_t n)
{
    int *sizes = hu_xcalloc(n + 1, sizeof *sizes), usual;
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (words[i].size > 3)
            sizes[known++] = words[i].size;
    qsort(sizes, known, sizeof *sizes, by_size);
    usual = known ? sizes[known / 2] : 10;
    free(sizes);
    return usual;
}

static void add_word(const found_word *found, int usual, double points, hu_buf *record)
{
    const char *text = without_dash(found->text);
    double size = found->size;
    if (size <= 3 || fabs(size - usual) < SAME_SIZE * usual)
        size = usual;
    double base = found->base * points;
    int confidence = found->confidence < 1 ? 1 : found->confidence > 100 ? 100 : found->confidence;
    pdf_word word = {.x0 = (float)(found->x0 * points),
                     .y0 = (float)(base - ASCENT * size),
                     .x1 = (float)(found->x1 * points),
                     .y1 = (float)(base + (1 - ASCENT) * size),
                     .flags = (uint32_t)confidence << PDF_WORD_CONFIDENCE,
                     .length = (uint32_t)strlen(text)};
    hu_buf_add(record, &word, sizeof word);
    hu_buf_add(record, text, word.length);
}

static size_t take_words(TessBaseAPI *tesseract, found_word *words)
{
    size_t n = 0;
    TessResultIterator *at = TessBaseAPIGetIterator(tesseract);
    if (!at)
        return 0;
    do
        n += take_word(at, &words[n]);
    while (n < MAX_WORDS && TessResultIteratorNext(at, RIL_WORD));
    TessResultIteratorDelete(at);
    return n;
}

pdf_trouble ocr_page(TessBaseAPI *tesseract, pdf_picture *picture, uint32_t number, hu_buf *record)
{
    if (!picture->pix)
        return PDF_BROKEN;
    prepare(&picture->pix);
    TessBaseAPISetImage2(tesseract, picture->pix);
    if (TessBaseAPIRecognize(tesseract, NULL))
        return PDF_OCR_FAILED;
    found_word *words = hu_xcalloc(MAX_WORDS, sizeof *words);
    size_t n = take_words(tesseract, words);
    int usual = usual_size(words, n);
    pdf_page head = {.number = number,
                     .width = (float)(pixGetWidth(picture->pix) * picture->points_per_dot),
                     .height = (float)(pixGetHeight(picture->pix) * picture->points_per_dot),
                     .n_words = (uint32_t)n};
    hu_buf_add(record, &head, sizeof head);
    for (size_t i = 0; i < n; i++) {
        add_word(&words[i], usual, picture->points_per_dot, record);
        TessDeleteText(words[i].text);
    }
    free(words);
    pixDestroy(&picture->pix);
    return 0;
}
