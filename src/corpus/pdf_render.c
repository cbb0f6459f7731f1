/* A page of a PDF to a picture, by Poppler and Cairo. Runs inside the sandbox. */

#include "pdf_render.h"

#include <math.h>
#include <poppler.h>
#include <stdbool.h>

enum { DOTS_AN_INCH = 300, MAX_DOTS = 36 * 1000 * 1000 };

/* Cairo's 32 bits a point to grey, by how bright the eye sees red, green and blue. */
static PIX *grey_of(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    PIX *pix = pixCreateNoInit(width, height, 8);
    if (!pix || !bytes)
        return pix;
    for (int y = 0; y < height; y++) {
        const unsigned char *row = bytes + (ptrdiff_t)y * stride;
        l_uint32 *line = pixGetData(pix) + (ptrdiff_t)y * pixGetWpl(pix);
        for (int x = 0; x < width; x++, row += 4) /* blue, green, red on a little-endian machine */
            SET_DATA_BYTE(line, x, (29 * row[0] + 150 * row[1] + 77 * row[2]) >> 8);
    }
    return pix;
}

static bool draw(PopplerPage *page, pdf_picture *picture)
{
    double width = 0, height = 0, scale = DOTS_AN_INCH / 72.0;
    poppler_page_get_size(page, &width, &height);
    if (!(width >= 1) || !(height >= 1))
        return false;
    if (width * height * scale * scale > MAX_DOTS)
        scale = sqrt(MAX_DOTS / (width * height));
    double across = ceil(width * scale), down = ceil(height * scale);
    if (across > 30000 || down > 30000) /* Cairo draws no larger; and no page is that narrow */
        return false;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)across, (int)down);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(page, cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    picture->pix = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ? grey_of(surface) : NULL;
    picture->points_per_dot = 1 / scale;
    cairo_surface_destroy(surface);
    if (picture->pix)
        pixSetResolution(picture->pix, (int)lround(scale * 72), (int)lround(scale * 72));
    return picture->pix != NULL;
}

pdf_trouble pdf_render(const char *data, size_t length, uint32_t number, pdf_picture *picture)
{
    GBytes *bytes = g_bytes_new_static(data, length);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    *picture = (pdf_picture){0};
    if (!document || number < 1 || number > (uint32_t)poppler_document_get_n_pages(document))
        return PDF_BROKEN;
    PopplerPage *page = poppler_document_get_page(document, (int)number - 1);
    return page && draw(page, picture) ? 0 : PDF_BROKEN; /* the process ends soon and gives back the rest */
}
