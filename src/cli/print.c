/* How estimates look. */

#include "print.h"

#include <math.h>
#include <string.h>

const char *hu_p_text(double p, char text[16])
{
    if (isnan(p))
        return "";
    snprintf(text, 16, p < 0.001 ? "< 0.001" : "%.3f", p);
    return text;
}

void hu_print_head(FILE *out, const char *label, const char *estimate)
{
    fprintf(out, "\n  %-22s %10s %10s   %-22s  %8s\n", label, estimate, "error", "95 % interval", "p");
}

void hu_print_row(FILE *out, const char *label, double estimate, double se, double lower, double upper, double p)
{
    char text[16];
    fprintf(out, "  %-22s", label);
    if (isnan(estimate))
        fputs("   not estimated", out);
    else if (isnan(se))
        fprintf(out, " %10.4f          -", estimate);
    else
        fprintf(out, " %10.4f %10.4f   [%9.4f, %9.4f]  %8s", estimate, se, lower, upper, hu_p_text(p, text));
    fputc('\n', out);
}

void hu_print_notes(FILE *out, const char *se_type, const char *const *warnings, size_t n_warnings)
{
    fprintf(out, "\nErrors: %s.\n", se_type);
    for (size_t i = 0; i < n_warnings; i++)
        fprintf(out, "Note: %s.\n", warnings[i]);
}

void hu_print_csv_number(FILE *out, double value)
{
    char text[32];
    fprintf(out, ",%s", isnan(value) ? "" : hu_format_double(value, text));
}

void hu_print_csv_text(FILE *out, const char *text)
{
    if (!text || !strpbrk(text, ",\"\r\n")) {
        fputs(text ? text : "", out);
        return;
    }
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputc('"', out);
}

void hu_json_put_interval(hu_json *json, const char *key, double lower, double upper)
{
    hu_json_key(json, key);
    hu_json_array(json);
    hu_json_number(json, lower);
    hu_json_number(json, upper);
    hu_json_array_end(json);
}

void hu_json_put_notes(hu_json *json, const char *se_type, const char *const *warnings, size_t n_warnings)
{
    hu_json_put_text(json, "se_type", se_type);
    hu_json_key(json, "warnings");
    hu_json_array(json);
    for (size_t i = 0; i < n_warnings; i++)
        hu_json_text(json, warnings[i]);
    hu_json_array_end(json);
}

void hu_print_json(const hu_run *run, void (*body)(hu_json *json, const void *context), const void *context)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    json.pretty = run->format == HU_FORMAT_JSON;
    body(&json, context);
    fwrite(text.data, 1, text.length, run->out);
    fputc('\n', run->out);
}
