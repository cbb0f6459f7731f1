/* One pass of Hyperscan over the folded text, then PCRE2 on the hits. */

#define PCRE2_CODE_UNIT_WIDTH 8
#include "blanks.h"
#include "pattern_database.h"
#include "rules.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_AHEAD = 600, /* how far behind its anchor a phrase may end */
    MAX_TRIES = 16,
};

/* What became of a pattern's last hit in this document, so that hits close by look at nothing twice. */
typedef struct hu_memory {
    size_t start, end; /* the match around it; both 0 when there was none */
    size_t searched;   /* no other match begins before */
} hu_memory;

/* What one thread needs at a time; kept in a free list, so that a scan allocates nothing that it must build. */
typedef struct hu_worker {
    hs_scratch_t *scratch;
    pcre2_match_data *match;
    pcre2_match_context *limits; /* how far behind a hit a match may begin */
    hu_memory *memory;           /* one a pattern */
    struct hu_worker *next;
} hu_worker;

struct hu_engine {
    hu_rule_book book;
    hs_database_t *database;
    hs_scratch_t *prototype;
    pthread_mutex_t lock;
    hu_worker *free;
};

typedef struct hu_hit {
    unsigned pattern;
    size_t end; /* of the anchor; Hyperscan is three times as fast when it need not say where it began */
} hu_hit;

typedef struct hu_hits {
    hu_hit *items;
    size_t count, capacity;
} hu_hits;

static hu_error *compile_database(hu_engine *engine)
{
    hu_rule_book *book = &engine->book;
    size_t n = book->n_patterns;
    HU_SCRATCH(scratch);
    hu_pattern_set set = {HU_NEW_ARRAY(scratch, const char *, n), HU_NEW_ARRAY(scratch, unsigned, n),
                          HU_NEW_ARRAY(scratch, unsigned, n), n};
    for (size_t i = 0; i < n; i++) {
        set.expressions[i] = book->patterns[i].anchor;
        set.flags[i] = 0;
        set.ids[i] = (unsigned)i;
    }
    hs_compile_error_t *failure = NULL;
    engine->database = pattern_database_open(&set, &failure);
    if (!engine->database) {
        hu_error *error;
        if (failure->expression >= 0) {
            const hu_pattern *bad = &book->patterns[failure->expression];
            error = hu_wrap(hu_node_fail(bad->node, "the phrase cannot be searched for: %s", failure->message),
                            "rule %s", bad->rule->id);
        } else {
            error = hu_fail(HU_BAD_INPUT, "the rules cannot be compiled: %s", failure->message);
        }
        hs_free_compile_error(failure);
        return error;
    }
    if (hs_alloc_scratch(engine->database, &engine->prototype) != HS_SUCCESS)
        return hu_fail(HU_LIMIT, "the rules need more memory than there is");
    return NULL;
}

hu_error *engine_open(const hu_rule_sources *sources, hu_arena *arena, hu_engine **result)
{
    hu_engine *engine = hu_xcalloc(1, sizeof *engine);
    engine->book.lexicon = sources->lexicon;
    pthread_mutex_init(&engine->lock, NULL);
    hu_error *error = NULL;
    for (size_t i = 0; i < sources->n_files && !error; i++)
        error = rule_book_add(&engine->book, sources->files[i], arena);
    for (size_t i = 0; i < sources->n_names && !error; i++)
        error = rule_book_add_name(&engine->book, &sources->names[i], arena);
    if (!error)
        error = compile_database(engine);
    if (error) {
        engine_close(engine);
        return error;
    }
    *result = engine;
    return NULL;
}

static void worker_free(hu_worker *worker)
{
    hs_free_scratch(worker->scratch);
    pcre2_match_data_free(worker->match);
    pcre2_match_context_free(worker->limits);
    free(worker->memory);
    free(worker);
}

void engine_close(hu_engine *engine)
{
    if (!engine)
        return;
    while (engine->free) {
        hu_worker *next = engine->free->next;
        worker_free(engine->free);
        engine->free = next;
    }
    hs_free_scratch(engine->prototype);
    hs_free_database(engine->database);
    rule_book_close(&engine->book);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

/* A free worker or a new one; NULL when there is no memory for one more. */
static hu_worker *worker_take(hu_engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    hu_worker *taken = engine->free;
    if (taken)
        engine->free = taken->next;
    pthread_mutex_unlock(&engine->lock);
    if (!taken) {
        taken = hu_xcalloc(1, sizeof *taken);
        taken->match = pcre2_match_data_create(64, NULL);
        taken->limits = pcre2_match_context_create(NULL);
        taken->memory = hu_xcalloc(engine->book.n_patterns + 1, sizeof *taken->memory);
        if (!taken->match || !taken->limits || hs_clone_scratch(engine->prototype, &taken->scratch) != HS_SUCCESS) {
            worker_free(taken);
            return NULL;
        }
    }
    return taken;
}

static void worker_give(hu_engine *engine, hu_worker *worker)
{
    pthread_mutex_lock(&engine->lock);
    worker->next = engine->free;
    engine->free = worker;
    pthread_mutex_unlock(&engine->lock);
}

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)flags;
    (void)from;
    hu_hits *hits = context;
    if (hits->count == hits->capacity) {
        hits->capacity = hits->capacity ? hits->capacity * 2 : 1024;
        hits->items = hu_xrealloc(hits->items, hits->capacity * sizeof *hits->items);
    }
    hits->items[hits->count++] = (hu_hit){id, (size_t)to};
    return 0;
}

static bool code_matches(const pcre2_code *code, const char *text, size_t start, size_t end, pcre2_match_data *match)
{
    return pcre2_match(code, (PCRE2_SPTR)text, end, start, 0, match, NULL) >= 0;
}

void *engine_match_open(void)
{
    return pcre2_match_data_create(1, NULL);
}

void engine_match_close(void *match)
{
    pcre2_match_data_free(match);
}

bool engine_found(const void *code, const hu_document *document, size_t start, size_t end, void *match)
{
    return code_matches(code, document->folded, start, end, match);
}

/* The match of the whole phrase that the anchor's hit lies in, if one begins at or behind `start`. */
static bool match_from(const hu_pattern *pattern, const hu_document *document, const hu_hit *hit, size_t start,
                       hu_memory *memory, hu_worker *worker)
{
    size_t end = hit->end + LOOK_AHEAD < document->folded_length ? hit->end + LOOK_AHEAD : document->folded_length;
    const PCRE2_SIZE *place = pcre2_get_ovector_pointer(worker->match);
    bool found = false;
    pcre2_set_offset_limit(worker->limits, hit->end - 1);
    for (int i = 0; i < MAX_TRIES && start < hit->end && !found; i++) {
        if (pcre2_match(pattern->code, (PCRE2_SPTR)document->folded, end, start, 0, worker->match, worker->limits) < 0)
            break;
        found = place[1] >= hit->end;
        start = place[0] + 1;
    }
    if (found)
        *memory = (hu_memory){place[0], place[1], start};
    else if (hit->end > memory->searched)
        memory->searched = hit->end;
    return found;
}

/* The same, once for every match: hits that lie in the last one are done with, and nothing is searched twice. */
static bool match_around(const hu_pattern *pattern, const hu_document *document, const hu_hit *hit, hu_worker *worker)
{
    hu_memory *memory = &worker->memory[hit->pattern];
    if (memory->start < hit->end && hit->end <= memory->end)
        return false;
    size_t start = hit->end > pattern->reach ? hit->end - pattern->reach : 0;
    return match_from(pattern, document, hit, start > memory->searched ? start : memory->searched, memory, worker);
}

static void keep_captures(const hu_pattern *pattern, pcre2_match_data *match, hu_arena *arena, hu_mention *mention)
{
    uint32_t n_names = 0, size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &n_names);
    if (!n_names)
        return;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    const PCRE2_SIZE *place = pcre2_get_ovector_pointer(match);
    uint32_t n_groups = pcre2_get_ovector_count(match);
    hu_capture *captures = HU_NEW_ARRAY(arena, hu_capture, n_names);
    size_t n = 0;
    for (uint32_t i = 0; i < n_names; i++, table += size) {
        unsigned group = (unsigned)table[0] << 8 | table[1];
        if (group < n_groups && place[2 * group] != PCRE2_UNSET)
            captures[n++] = (hu_capture){(const char *)table + 2, place[2 * group], place[2 * group + 1]};
    }
    mention->captures = captures;
    mention->n_captures = n;
}

static int compare_mentions(const void *a, const void *b)
{
    const hu_mention *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return (x->rule->order > y->rule->order) - (x->rule->order < y->rule->order);
}

/* Several phrases of one rule at one place are one mention: the longest. */
static void drop_repeats(hu_mention_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool repeat = false;
        for (size_t j = kept;
             j-- > 0 && !repeat && list->items[j].end + LOOK_AHEAD > list->items[i].start && kept - j < 24;)
            repeat = list->items[j].rule == list->items[i].rule && list->items[i].start < list->items[j].end &&
                     list->items[i].end <= list->items[j].end;
        if (!repeat)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

static hu_error *find_hits(const hu_engine *engine, const hu_document *document, hu_worker *worker, hu_hits *hits)
{
    HU_SCRATCH(scratch);
    hu_one_blank one;
    hs_error_t status = HS_SUCCESS;
    blanks_to_one(document->folded, document->folded_length, scratch, &one);
    if (one.length)
        status = hs_scan(engine->database, one.text, (unsigned)one.length, 0, worker->scratch, on_hit, hits);
    for (size_t i = 0; i < hits->count; i++)
        hits->items[i].end = blanks_end(&one, hits->items[i].end);
    if (status != HS_SUCCESS)
        return hu_fail(HU_BUG, "Hyperscan refused a text of %zu bytes (code %d)", document->folded_length, status);
    return NULL;
}

/* The mention that a hit of an anchor turns out to be; false when the phrase or a condition does not hold. */
static bool mention_of(const hu_engine *engine, const hu_document *document, const hu_hit *hit, hu_worker *worker,
                       hu_arena *arena, hu_trace *trace, hu_mention *found)
{
    const hu_pattern *pattern = &engine->book.patterns[hit->pattern];
    *found = (hu_mention){.rule = pattern->rule};
    if (pattern->rule->within_first && hit->end > pattern->rule->within_first + pattern->reach)
        return false;
    if (pattern->rule->within_last && hit->end + pattern->rule->within_last < document->folded_length)
        return false;
    if (pattern->fixed) {
        found->start = hit->end - pattern->fixed;
        found->end = hit->end;
    } else {
        if (!match_around(pattern, document, hit, worker))
            return false;
        const PCRE2_SIZE *place = pcre2_get_ovector_pointer(worker->match);
        found->start = place[0];
        found->end = place[1];
        keep_captures(pattern, worker->match, arena, found);
    }
    if (found->rule->within_first && found->start > found->rule->within_first)
        return false;
    const char *broken = condition_broken(document, found, worker->match);
    if (broken)
        trace_aside(trace, found, broken);
    return !broken;
}

/* Scans; where `result` is NULL, only counts what the database finds. */
static hu_error *scan(hu_engine *engine, const hu_document *document, hu_arena *arena, hu_trace *trace,
                      hu_mention_list *result, size_t *n_hits)
{
    hu_worker *worker = worker_take(engine);
    if (!worker)
        return hu_fail(HU_LIMIT, "no memory to read another document at the same time; use fewer --threads");
    hu_hits hits = {0};
    hu_error *error = find_hits(engine, document, worker, &hits);
    *n_hits = hits.count;
    if (!error && result) {
        hu_mention *mentions = HU_NEW_ARRAY(arena, hu_mention, hits.count);
        size_t n = 0;
        memset(worker->memory, 0, engine->book.n_patterns * sizeof *worker->memory);
        for (size_t i = 0; i < hits.count; i++)
            n += mention_of(engine, document, &hits.items[i], worker, arena, trace, &mentions[n]);
        qsort(mentions, n, sizeof *mentions, compare_mentions);
        *result = (hu_mention_list){mentions, n};
        drop_repeats(result);
    }
    free(hits.items);
    worker_give(engine, worker);
    return error;
}

hu_error *engine_scan(hu_engine *engine, const hu_document *document, hu_arena *arena, hu_trace *trace,
                      hu_mention_list *result)
{
    size_t n_hits;
    return scan(engine, document, arena, trace, result, &n_hits);
}

hu_error *engine_count_hits(hu_engine *engine, const hu_document *document, size_t *n_hits)
{
    return scan(engine, document, NULL, NULL, NULL, n_hits);
}

const hu_capture *mention_capture(const hu_mention *mention, const char *name)
{
    for (size_t i = 0; i < mention->n_captures; i++)
        if (strcmp(mention->captures[i].name, name) == 0)
            return &mention->captures[i];
    return NULL;
}
