#include "phrases.h"

#include "huella/base/file.h"
#include "huella/base/yaml.h"

#include <stdlib.h>
#include <string.h>

bool hu_word_set_has(const hu_word_set *set, hu_str word)
{
    return set->count && bsearch(&word, set->items, set->count, sizeof word, hu_str_compare) != NULL;
}

bool hu_word_set_has_folded(const hu_word_set *set, hu_str word)
{
    char lower[32];
    if (word.length > sizeof lower)
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char c = word.data[i];
        if ((unsigned char)c >= 128) { /* rare: accents need the real folding */
            HU_SCRATCH(scratch);
            hu_str folded;
            hu_fold(word.data, word.length, scratch, (char **)(uintptr_t)&folded.data, &folded.length, NULL);
            return hu_word_set_has(set, folded);
        }
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return hu_word_set_has(set, (hu_str){lower, word.length});
}

static hu_error *need(const hu_node *map, const char *key, hu_node_kind kind, const hu_node **node)
{
    *node = hu_node_get(map, key);
    if (!*node)
        return hu_node_fail(map, "key \"%s\" is missing", key);
    if ((*node)->kind != kind)
        return hu_node_fail(*node, "\"%s\" must be %s", key,
                            kind == HU_LIST  ? "a list"
                            : kind == HU_MAP ? "a map"
                                             : "a value");
    return NULL;
}

static hu_error *load_set(const hu_node *map, const char *key, hu_arena *arena, hu_word_set *set)
{
    const hu_node *list;
    HU_TRY(need(map, key, HU_LIST, &list));
    set->items = HU_NEW_ARRAY(arena, hu_str, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const char *text;
        HU_TRY(hu_node_text(list->items[i], &text));
        set->items[set->count++] = hu_str_of(text);
    }
    qsort(set->items, set->count, sizeof *set->items, hu_str_compare);
    return NULL;
}

static hu_error *load_number(const hu_node *map, const char *key, long *number)
{
    const hu_node *node;
    HU_TRY(need(map, key, HU_SCALAR, &node));
    HU_TRY(hu_node_integer(node, number));
    return *number > 0 ? NULL : hu_node_fail(node, "\"%s\" must be above 0", key);
}

static hu_error *compile(const hu_node *node, const char *pattern, pcre2_code **code)
{
    int number;
    PCRE2_SIZE at;
    pcre2_code_free(*code);
    *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &number, &at, NULL);
    if (!*code) {
        char why[256] = "";
        pcre2_get_error_message(number, (PCRE2_UCHAR *)why, sizeof why);
        return hu_node_fail(node, "\"%s\" is no pattern: %s at character %zu", pattern, why, (size_t)at + 1);
    }
    pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE); /* without it matching is only slower */
    return NULL;
}

/* A list of patterns as one: each is compiled alone first, so that a mistake is found where it stands. */
static hu_error *load_patterns(const hu_node *map, const char *key, pcre2_code **code)
{
    const hu_node *list;
    HU_TRY(need(map, key, HU_LIST, &list));
    HU_BUF(all);
    hu_buf_add_text(&all, "(?:");
    for (size_t i = 0; i < list->count; i++) {
        const char *text;
        HU_TRY(hu_node_text(list->items[i], &text));
        HU_TRY(compile(list->items[i], text, code));
        hu_buf_printf(&all, "%s(?:%s)", i ? "|" : "", text);
    }
    hu_buf_add_char(&all, ')');
    return list->count ? compile(list, all.data, code) : hu_node_fail(list, "\"%s\" is empty", key);
}

static hu_error *load_repairs(const hu_node *root, hu_arena *arena, hu_phrases *p)
{
    const hu_node *list;
    HU_TRY(need(root, "repairs", HU_LIST, &list));
    p->repairs = HU_NEW_ARRAY(arena, hu_repair, list->count);
    HU_BUF(any);
    for (size_t i = 0; i < list->count; i++) {
        const hu_node *item = list->items[i], *find, *put;
        HU_TRY(hu_node_check_keys(item, (const char *const[]){"find", "put", "scans", NULL}));
        HU_TRY(need(item, "find", HU_SCALAR, &find));
        HU_TRY(need(item, "put", HU_SCALAR, &put));
        p->repairs[p->n_repairs++] = (hu_repair){.put = put->text};
        const hu_node *scans = hu_node_get(item, "scans");
        if (scans)
            HU_TRY(hu_node_bool(scans, &p->repairs[i].scans));
        HU_TRY(compile(find, find->text, &p->repairs[i].find));
        if (!p->repairs[i].scans)
            hu_buf_printf(&any, "%s(?:%s)", any.length ? "|" : "", find->text);
    }
    return any.length ? compile(list, any.data, &p->any_repair) : NULL;
}

static hu_error *load_split(const hu_node *root, hu_phrases *p)
{
    const hu_node *split;
    HU_TRY(need(root, "split", HU_MAP, &split));
    HU_TRY(hu_node_check_keys(split, (const char *const[]){"courts", "numbers", "headings", "labels", "ends", NULL}));
    HU_TRY(load_patterns(split, "courts", &p->split_court));
    HU_TRY(load_patterns(split, "numbers", &p->split_number));
    HU_TRY(load_patterns(split, "headings", &p->split_heading));
    HU_TRY(load_patterns(split, "labels", &p->split_label));
    return load_patterns(split, "ends", &p->split_end);
}

static hu_error *load_stamps(const hu_node *root, hu_arena *arena, hu_phrases *p)
{
    const hu_node *stamps;
    HU_TRY(need(root, "stamps", HU_MAP, &stamps));
    HU_TRY(hu_node_check_keys(stamps, (const char *const[]){"marks", "needs", "starts", "ends", "lines", NULL}));
    HU_TRY(load_set(stamps, "marks", arena, &p->stamp_marks));
    HU_TRY(load_set(stamps, "ends", arena, &p->stamp_ends));
    HU_TRY(load_patterns(stamps, "starts", &p->stamp_start));
    HU_TRY(load_number(stamps, "needs", &p->stamp_needs));
    return load_number(stamps, "lines", &p->stamp_lines);
}

static hu_error *load_parts(const hu_node *root, hu_phrases *p)
{
    const hu_node *headings, *decision;
    HU_TRY(need(root, "headings", HU_MAP, &headings));
    HU_TRY(hu_node_check_keys(headings, (const char *const[]){"facts", "reasoning", "operative", "after", NULL}));
    for (int part = HU_PART_FACTS; part < HU_N_PARTS; part++)
        HU_TRY(load_patterns(headings, hu_part_name((hu_part)part), &p->headings[part]));
    HU_TRY(need(root, "decision", HU_MAP, &decision));
    HU_TRY(hu_node_check_keys(
        decision, (const char *const[]){"rulings", "leads", "lead_reach", "verbs", "cluster_reach", "votes", NULL}));
    HU_TRY(load_patterns(decision, "rulings", &p->rulings));
    HU_TRY(load_patterns(decision, "leads", &p->leads));
    HU_TRY(load_patterns(decision, "verbs", &p->decision_verbs));
    HU_TRY(load_patterns(decision, "votes", &p->votes));
    HU_TRY(load_number(decision, "lead_reach", &p->lead_reach));
    return load_number(decision, "cluster_reach", &p->cluster_reach);
}

hu_error *hu_phrases_load(const char *rules_dir, hu_arena *arena, hu_phrases *p)
{
    *p = (hu_phrases){0};
    hu_node *root;
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "corpus.yaml"), arena, &root));
    HU_TRY(hu_node_check_keys(root,
                              (const char *const[]){"stamps", "page_numbers", "page_headers", "page_marks",
                                                    "enumerators", "heading_numbers", "connectives", "heading_words",
                                                    "common_words", "repairs", "headings", "decision", "split", NULL}));
    HU_TRY(load_stamps(root, arena, p));
    HU_TRY(load_patterns(root, "page_numbers", &p->page_number));
    HU_TRY(load_patterns(root, "page_headers", &p->page_header));
    HU_TRY(load_patterns(root, "page_marks", &p->page_mark));
    HU_TRY(load_patterns(root, "enumerators", &p->enumerator));
    HU_TRY(load_patterns(root, "heading_numbers", &p->heading_number));
    HU_TRY(load_set(root, "connectives", arena, &p->connectives));
    HU_TRY(load_set(root, "heading_words", arena, &p->heading_words));
    HU_TRY(load_set(root, "common_words", arena, &p->common_words));
    HU_TRY(load_repairs(root, arena, p));
    HU_TRY(load_split(root, p));
    return load_parts(root, p);
}

void hu_phrases_free(hu_phrases *p)
{
    for (size_t i = 0; i < p->n_repairs; i++)
        pcre2_code_free(p->repairs[i].find);
    pcre2_code_free(p->any_repair);
    for (int part = 0; part < HU_N_PARTS; part++)
        pcre2_code_free(p->headings[part]);
    pcre2_code *const split[] = {p->split_court, p->split_heading, p->split_label, p->split_number, p->split_end};
    for (size_t i = 0; i < sizeof split / sizeof *split; i++)
        pcre2_code_free(split[i]);
    pcre2_code_free(p->stamp_start);
    pcre2_code_free(p->page_number);
    pcre2_code_free(p->page_header);
    pcre2_code_free(p->page_mark);
    pcre2_code_free(p->enumerator);
    pcre2_code_free(p->heading_number);
    pcre2_code_free(p->leads);
    pcre2_code_free(p->rulings);
    pcre2_code_free(p->decision_verbs);
    pcre2_code_free(p->votes);
    *p = (hu_phrases){0};
}

/* False where the pattern surely does not match at `from`: it never begins with that byte. */
static bool may_begin(const pcre2_code *pattern, hu_str text, size_t from)
{
    const uint8_t *first = NULL; /* a bit a byte; none where the pattern may match nothing */
    if (from >= text.length || pcre2_pattern_info(pattern, PCRE2_INFO_FIRSTBITMAP, (void *)&first) != 0 || !first)
        return true;
    unsigned char byte = (unsigned char)text.data[from];
    return first[byte / 8] & 1u << byte % 8;
}

bool hu_phrase_find(const pcre2_code *pattern, hu_str text, size_t from, bool anchored, size_t *start, size_t *end)
{
    if (anchored && !may_begin(pattern, text, from))
        return false;
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(pattern, NULL);
    if (!match)
        return false;
    int found = pcre2_match(pattern, (PCRE2_SPTR)text.data, text.length, from,
                            (anchored ? PCRE2_ANCHORED : 0) | PCRE2_NO_UTF_CHECK, match, NULL);
    if (found > 0) {
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(match);
        *start = span[0];
        *end = span[1];
    }
    pcre2_match_data_free(match);
    return found > 0;
}
