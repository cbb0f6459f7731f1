/* Values read against values known, counted per variable; see accuracy.h. */

#include "huella/learning/accuracy.h"

#include "huella/base/text.h"

#include <math.h>
#include <string.h>

struct hu_scorer {
    hu_arena *arena;
    hu_accuracy *rows;
    size_t count, capacity;
};

/* The order of the codebook; variables that are not listed follow as they come. */
static const char *const order[] = {"expediente",
                                    "carpeta_fiscal",
                                    "court",
                                    "court_level",
                                    "judicial_district",
                                    "region",
                                    "ubigeo",
                                    "kind",
                                    "date",
                                    "facts_date",
                                    "complaint_date",
                                    "formalization_date",
                                    "accusation_date",
                                    "trafficking",
                                    "defendants",
                                    "label",
                                    "role",
                                    "charged",
                                    "convicted",
                                    "verdict",
                                    "final_verdict",
                                    "prison_months",
                                    "prison_days",
                                    "prison_kind",
                                    "probation_months",
                                    "day_fines",
                                    "disqualification_months",
                                    "reparation_pen",
                                    "reparation_joint",
                                    "reclassified"};

hu_scorer *hu_scorer_new(hu_arena *arena)
{
    hu_scorer *scorer = HU_NEW(arena, hu_scorer);
    scorer->arena = arena;
    return scorer;
}

static hu_accuracy *row_of(hu_scorer *scorer, const char *variable)
{
    for (size_t i = 0; i < scorer->count; i++)
        if (strcmp(scorer->rows[i].variable, variable) == 0)
            return &scorer->rows[i];
    if (scorer->count == scorer->capacity) {
        size_t capacity = scorer->capacity ? scorer->capacity * 2 : 64;
        scorer->rows = hu_regrow(scorer->arena, scorer->rows, scorer->count, capacity, sizeof *scorer->rows);
        scorer->capacity = capacity;
    }
    hu_accuracy *row = &scorer->rows[scorer->count++];
    row->variable = hu_strdup(scorer->arena, variable);
    return row;
}

/* ---- values ---- */

/* The value of a leaf of `huella read`; a plain value is its own. "absent" says that there is nothing: null. */
static const json_t *plain(const json_t *leaf)
{
    const json_t *value =
        json_is_object(leaf) && json_object_get(leaf, "evidence") ? json_object_get(leaf, "value") : leaf;
    if (!value || json_is_null(value) || (json_is_string(value) && strcmp(json_string_value(value), "absent") == 0))
        return NULL;
    return value;
}

/* Letters and digits only, folded: "Madre de Dios" is "MADRE DE DIOS", "J. R. P." is "JRP". */
static const char *letters(const char *text, hu_arena *arena)
{
    char *folded;
    size_t length, n = 0;
    hu_fold(text, strlen(text), arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if ((folded[i] >= 'a' && folded[i] <= 'z') || (folded[i] >= '0' && folded[i] <= '9'))
            folded[n++] = folded[i];
    folded[n] = '\0';
    return folded;
}

static bool same_text(const char *a, const char *b)
{
    HU_SCRATCH(scratch);
    return strcmp(letters(a, scratch), letters(b, scratch)) == 0;
}

static bool same_value(const json_t *a, const json_t *b)
{
    if (json_is_string(a) && json_is_string(b))
        return same_text(json_string_value(a), json_string_value(b));
    if (json_is_number(a) && json_is_number(b))
        return fabs(json_number_value(a) - json_number_value(b)) < 0.005;
    if (json_is_object(a) && json_is_object(b)) { /* an offence: the code, and the article where both cite one */
        const json_t *article_a = plain(json_object_get(a, "article")),
                     *article_b = plain(json_object_get(b, "article"));
        const json_t *offence_a = plain(json_object_get(a, "offence")),
                     *offence_b = plain(json_object_get(b, "offence"));
        return offence_a && offence_b && same_value(offence_a, offence_b) &&
               (!article_a || !article_b || same_value(article_a, article_b));
    }
    return json_equal(a, b);
}

static void count_pair(hu_scorer *scorer, const char *variable, const json_t *read, const json_t *known)
{
    read = plain(read);
    known = plain(known);
    if (!read && !known)
        return;
    hu_accuracy *row = row_of(scorer, variable);
    row->read += read != NULL;
    row->known += known != NULL;
    row->correct += read && known && same_value(read, known);
}

/* Lists as sets: each item known is found once at most. */
static void count_list(hu_scorer *scorer, const char *variable, const json_t *read, const json_t *known)
{
    size_t n_read = json_array_size(read), n_known = json_array_size(known);
    if (!n_read && !n_known)
        return;
    HU_SCRATCH(scratch);
    bool *used = HU_NEW_ARRAY(scratch, bool, n_read);
    hu_accuracy *row = row_of(scorer, variable);
    row->read += n_read;
    row->known += n_known;
    for (size_t k = 0; k < n_known; k++)
        for (size_t r = 0; r < n_read; r++) {
            const json_t *value = plain(json_array_get(read, r)), *item = plain(json_array_get(known, k));
            if (used[r] || !value || !item || !same_value(value, item))
                continue;
            used[r] = true;
            row->correct++;
            break;
        }
}

static void count_member(hu_scorer *scorer, const char *variable, const json_t *read, const json_t *known)
{
    if (json_is_array(known) || json_is_array(read))
        count_list(scorer, variable, read, known);
    else
        count_pair(scorer, variable, read, known);
}

/* Every key of an object of `known`; the variable is "prefix.key", or the key alone. */
static void count_object(hu_scorer *scorer, const char *prefix, const json_t *read, const json_t *known)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)known, key, value) {
        const char *variable = prefix ? hu_printf(scorer->arena, "%s.%s", prefix, key) : key;
        count_member(scorer, variable, json_object_get(read, key), value);
    }
}

/* ---- defendants ---- */

static const char *label_of(const json_t *defendant)
{
    const json_t *label = plain(json_object_get(defendant, "label"));
    return json_is_string(label) ? json_string_value(label) : "";
}

/* " quispe mamani juan " of "QUISPE MAMANI, Juan": folded words, blanks around each. */
static char *spaced_words(const char *label, hu_arena *arena)
{
    char *folded;
    size_t length;
    hu_fold(label, strlen(label), arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if (strchr(",;:", folded[i]))
            folded[i] = ' ';
    return hu_printf(arena, " %s ", folded);
}

/* 2: the same label; 1: one holds the other's words ("Juan Quispe" in "Juan Alberto Quispe Mamani"); 0: no match. */
static int label_match(const char *a, const char *b)
{
    if (!*a || !*b)
        return 0;
    if (same_text(a, b))
        return 2;
    HU_SCRATCH(scratch);
    const char *shorter = strlen(a) < strlen(b) ? a : b;
    char *words = spaced_words(shorter, scratch), *rest = NULL;
    const char *all = spaced_words(shorter == a ? b : a, scratch);
    size_t n = 0;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest), n++)
        if (!strstr(all, hu_printf(scratch, " %s ", word)))
            return 0;
    return n >= 2;
}

/* For each known defendant the one read: exact labels first, each used once; json_array_size(read) = none. */
static size_t *match_defendants(const json_t *read, const json_t *known, hu_arena *arena)
{
    size_t n_read = json_array_size(read), n_known = json_array_size(known);
    size_t *match = HU_NEW_ARRAY(arena, size_t, n_known);
    bool *used = HU_NEW_ARRAY(arena, bool, n_read);
    for (size_t k = 0; k < n_known; k++)
        match[k] = n_read;
    for (int wanted = 2; wanted >= 1; wanted--)
        for (size_t k = 0; k < n_known; k++)
            for (size_t r = 0; r < n_read && match[k] == n_read; r++)
                if (!used[r] &&
                    label_match(label_of(json_array_get(read, r)), label_of(json_array_get(known, k))) == wanted) {
                    match[k] = r;
                    used[r] = true;
                }
    return match;
}

static void count_defendants(hu_scorer *scorer, const json_t *read, const json_t *known)
{
    HU_SCRATCH(scratch);
    size_t n_read = json_array_size(read), n_known = json_array_size(known);
    size_t *match = match_defendants(read, known, scratch);
    if (n_read || n_known) {
        hu_accuracy *row = row_of(scorer, "defendants");
        row->read += n_read;
        row->known += n_known;
        for (size_t k = 0; k < n_known; k++)
            row->correct += match[k] < n_read;
    }
    for (size_t k = 0; k < n_known; k++) {
        const json_t *one = json_array_get(known, k);
        count_object(scorer, NULL, match[k] < n_read ? json_array_get(read, match[k]) : NULL, one);
    }
    for (size_t r = 0; r < n_read; r++) { /* persons that nobody is: what is said of them is wrong */
        bool matched = false;
        for (size_t k = 0; k < n_known; k++)
            matched |= match[k] == r;
        const json_t *verdict = plain(json_object_get(json_array_get(read, r), "verdict"));
        if (!matched && verdict)
            row_of(scorer, "verdict")->read++;
    }
}

hu_error *hu_scorer_add(hu_scorer *scorer, const json_t *read, const json_t *known)
{
    if (!json_is_object(read) || !json_is_object(known))
        return hu_fail(HU_BAD_INPUT, "expected two objects: what was read, and what is known");
    count_object(scorer, NULL, json_object_get(read, "decision"), json_object_get(known, "decision"));
    if (json_object_get(known, "defendants"))
        count_defendants(scorer, json_object_get(read, "defendants"), json_object_get(known, "defendants"));
    static const char *const groups[] = {"victims", "practices", "agencies", "indices", NULL};
    for (const char *const *group = groups; *group; group++)
        count_object(scorer, *group, json_object_get(read, *group), json_object_get(known, *group));
    if (json_object_get(known, "exploitation"))
        count_list(scorer, "exploitation", json_object_get(read, "exploitation"),
                   json_object_get(known, "exploitation"));
    return NULL;
}

/* ---- rows ---- */

/* Wilson's score interval for `hits` of `n` at 95 %. Source: Wilson (1927), J. Amer. Stat. Assoc. 22, 209-212. */
static void wilson(size_t hits, size_t n, double *lower, double *upper)
{
    const double z = 1.959963984540054;
    if (n == 0) {
        *lower = *upper = NAN;
        return;
    }
    double p = (double)hits / (double)n, zz = z * z / (double)n;
    double centre = (p + zz / 2) / (1 + zz);
    double half = z / (1 + zz) * sqrt(p * (1 - p) / (double)n + zz / (4 * (double)n));
    *lower = centre - half > 0 ? centre - half : 0;
    *upper = centre + half < 1 ? centre + half : 1;
}

static void finish(hu_accuracy *row)
{
    row->precision = row->read ? (double)row->correct / (double)row->read : NAN;
    row->recall = row->known ? (double)row->correct / (double)row->known : NAN;
    row->f1 = row->read + row->known ? 2 * (double)row->correct / (double)(row->read + row->known) : NAN;
    wilson(row->correct, row->read, &row->precision_lower, &row->precision_upper);
    wilson(row->correct, row->known, &row->recall_lower, &row->recall_upper);
}

static size_t place_of(const char *variable)
{
    size_t n = sizeof order / sizeof *order;
    for (size_t i = 0; i < n; i++)
        if (strcmp(order[i], variable) == 0)
            return i;
    return n;
}

void hu_scorer_rows(const hu_scorer *scorer, const hu_accuracy **rows, size_t *count)
{
    hu_accuracy *sorted = HU_NEW_ARRAY(scorer->arena, hu_accuracy, scorer->count);
    size_t n = 0;
    for (size_t place = 0; place <= sizeof order / sizeof *order; place++)
        for (size_t i = 0; i < scorer->count; i++)
            if (place_of(scorer->rows[i].variable) == place) {
                sorted[n] = scorer->rows[i];
                finish(&sorted[n++]);
            }
    *rows = sorted;
    *count = n;
}
