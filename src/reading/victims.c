/* How many suffered, how old, women or men, from where. */

#include "victims.h"

#include <ctype.h>
#include <string.h>

enum {
    LEAST_AGE = 5,
    OF_AGE = 18,
    MOST_YEARS = 80,
    AGE_NEAR = 30,
    MOST_TOLD = 200,
    DEFENDANT_NEAR = 60,
    NATION_NEAR = 24,
    NATION_BACK = 160
};

typedef struct victims_told {
    hu_victim_list *list;
    int count, told; /* told: the first number in words or figures */
    hu_stretch at, told_at;
    const hu_rule *rule, *told_rule;
} victims_told;

static const hu_mention *first_that(const hu_reading_context *c, const char *key, const char *value, size_t *n)
{
    const hu_mention *first = NULL;
    *n = 0;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *set = rule_sets(c->mentions.items[i].rule, key);
        if (!set || strcmp(set, value) != 0)
            continue;
        if (!first)
            first = &c->mentions.items[i];
        ++*n;
    }
    return first;
}

static int captured(hu_reading_context *c, const hu_mention *mention, const char *name)
{
    const hu_capture *capture = mention_capture(mention, name);
    int value = 0;
    bool disagrees = false;
    return capture && read_count(c, capture, &value, &disagrees) ? value : 0;
}

static hu_stretch whole(const hu_mention *mention)
{
    return (hu_stretch){mention->start, mention->end};
}

/* The first number of victims that is told, two or more. */
static void find_told(hu_reading_context *c, victims_told *v)
{
    for (size_t i = 0; i < c->mentions.count && !v->told; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "sufferer");
        int value = how && strcmp(how, "count") == 0 ? captured(c, mention, "count") : 0;
        if (value < 2 || value > MOST_TOLD)
            continue;
        v->told = value;
        v->told_at = whole(mention);
        v->told_rule = mention->rule;
    }
}

/* Whoever is listed; the number told where nobody is, or where the list says "and others". */
static bool find_count(hu_reading_context *c, victims_told *v)
{
    size_t n_others, n_other, n_one;
    const hu_mention *others = first_that(c, "sufferer", "others", &n_others);
    const hu_mention *other = first_that(c, "sufferer", "other", &n_other);
    const hu_mention *one = first_that(c, "sufferer", "one", &n_one);
    find_told(c, v);
    bool by_number = v->told && ((size_t)v->told > v->list->count) && (others || v->list->count == 0);
    if (by_number) {
        v->count = v->told;
        v->at = v->told_at;
        v->rule = v->told_rule;
    } else if (v->list->count) {
        v->count = (int)v->list->count + (other && v->list->count == 1); /* "J.M.T. y otra" are two */
        v->at = v->list->items[0].at;
    } else if (one) {
        v->count = 1;
        v->at = whole(one);
        v->rule = one->rule;
    }
    return v->count > 0;
}

/* ---- age ---- */

static bool of_victims(const hu_reading_context *c, const hu_mention *mention)
{
    hu_stretch sentence = sentence_around(c->document, whole(mention));
    size_t from = mention_from(c, sentence.start);
    return next_mention(c, "sufferer", from, sentence.end) < c->mentions.count ||
           next_mention(c, "sex", from, sentence.end) < c->mentions.count;
}

typedef struct ages {
    int minors, adults; /* of those listed */
    hu_stretch at;
} ages;

/* The one victim's age, told behind words for her: "la agraviada, de veinte años". */
static int age_of_one(hu_reading_context *c, hu_stretch *at)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *how = rule_sets(c->mentions.items[i].rule, "sufferer");
        if (!how || strcmp(how, "one") != 0)
            continue;
        size_t end = c->mentions.items[i].end;
        for (size_t j = i + 1; j < c->mentions.count && c->mentions.items[j].start < end + AGE_NEAR; j++) {
            int age = captured(c, &c->mentions.items[j], "age");
            const char *told = rule_sets(c->mentions.items[j].rule, "victim_age");
            if (age && told && strcmp(told, "years") == 0) {
                *at = whole(&c->mentions.items[j]);
                return age;
            }
        }
    }
    return 0;
}

static ages ages_of_list(hu_reading_context *c, const victims_told *v)
{
    ages found = {.at = v->at};
    for (size_t i = 0; i < v->list->count; i++) {
        const hu_victim *one = &v->list->items[i];
        bool young = one->age ? one->age < OF_AGE : one->minor;
        if (young && !found.minors)
            found.at = one->at;
        found.minors += young;
        found.adults += one->age >= OF_AGE;
    }
    int age =
        v->count == 1 && !found.adults && (!v->list->count || !v->list->items[0].age) ? age_of_one(c, &found.at) : 0;
    if (age)
        found = (ages){age < OF_AGE, age >= OF_AGE, found.at};
    return found;
}

/* A number of minors told in so many words, or how many different ages under 18 are told. */
static int minors_told(hu_reading_context *c, const victims_told *v, hu_stretch *at)
{
    unsigned seen = 0;
    int different = 0;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "sufferer"), *age = rule_sets(mention->rule, "victim_age");
        int number =
            how && strcmp(how, "count") == 0 && mention_capture(mention, "young") ? captured(c, mention, "count") : 0;
        if (number > 0 && number <= v->count) {
            *at = whole(mention);
            return number;
        }
        int years = age && strcmp(age, "years") == 0 ? captured(c, mention, "age") : 0;
        if (years < LEAST_AGE || years >= OF_AGE || seen & 1u << years || !of_victims(c, mention))
            continue;
        seen |= 1u << years;
        if (!different++)
            *at = whole(mention);
    }
    return different < v->count ? different : v->count;
}

/* "L.J.P. y K.J.P., de 16 y 18 años": how many of two are minors; -1 where no such pair of ages is told. */
static int minors_of_pair(hu_reading_context *c, const victims_told *v, hu_stretch *at)
{
    for (size_t i = 0; v->count == 2 && i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *age = rule_sets(mention->rule, "victim_age");
        int first = age && strcmp(age, "pair") == 0 ? captured(c, mention, "age") : 0, second = 0;
        if (first >= LEAST_AGE && of_victims(c, mention))
            second = captured(c, mention, "upto");
        if (second >= LEAST_AGE && second < MOST_YEARS && first < MOST_YEARS) {
            *at = whole(mention);
            return (first < OF_AGE) + (second < OF_AGE);
        }
    }
    return -1;
}

/* "dos de ellas de quince y diecisiete": a number of minors among the victims, told beside the others; 0 = none. */
static int minors_among(hu_reading_context *c, const victims_told *v, hu_stretch *at)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "sufferer");
        int number = how && strcmp(how, "minors") == 0 ? captured(c, mention, "count") : 0;
        if (number > 0 && number <= v->count) {
            *at = whole(mention);
            return number;
        }
    }
    return 0;
}

/* "todas de entre catorce y diecisiete años", where all are minors or all of age */
static const hu_mention *age_range(hu_reading_context *c)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *age = rule_sets(mention->rule, "victim_age");
        int upto = age && strcmp(age, "range") == 0 ? captured(c, mention, "upto") : 0;
        if (upto && (upto < OF_AGE || captured(c, mention, "age") >= OF_AGE) && of_victims(c, mention))
            return mention;
    }
    return NULL;
}

static void write_minors(hu_reading_context *c, const victims_told *v)
{
    size_t n_minor, n_adult;
    const hu_mention *minor = first_that(c, "victim_age", "minor", &n_minor);
    const hu_mention *adult = first_that(c, "victim_age", "adult", &n_adult);
    const hu_mention *range = age_range(c);
    ages found = ages_of_list(c, v);
    int minors = found.minors;
    bool known = found.minors || found.adults;
    if (2 * minors >= v->count && !found.adults && !adult)
        minors = v->count; /* ages are told of most, and nobody is said to be of age */
    int among = known || v->count < 2 ? 0 : minors_among(c, v, &found.at);
    int paired = minors_of_pair(c, v, &found.at);
    if (paired >= 0) {
        minors = paired;
    } else if (among) {
        minors = among;
    } else if (!known && v->count == 1 && minor && n_minor > n_adult) {
        minors = 1;
        found.at = whole(minor);
    } else if (!known && range) {
        minors = captured(c, range, "upto") < OF_AGE ? v->count : 0;
        found.at = whole(range);
    } else if (!known && v->count > 1 && !(adult && !minor)) {
        minors = minors_told(c, v, &found.at);
    } else if (!known && adult) {
        found.at = whole(adult);
    }
    add_number(c, "victims.minors", minors, known ? 0.85 : 0.6, NULL, found.at);
}

/* ---- sex ---- */

/* Where each one's sex is told with the name and they differ. */
static bool sexes_of_list(const victims_told *v, int *females, int *males)
{
    *females = *males = 0;
    for (size_t i = 0; i < v->list->count; i++) {
        *females += v->list->items[i].sex == 'f';
        *males += v->list->items[i].sex == 'm';
    }
    return *females && *males && *females + *males == v->count;
}

static void write_sexes(hu_reading_context *c, const victims_told *v)
{
    size_t n_both, n_female, n_male;
    size_t n_group, n_men;
    int females, males;
    const hu_mention *both = first_that(c, "sex", "both", &n_both);
    first_that(c, "sex", "group", &n_group);
    const hu_mention *female = first_that(c, "sex", "female", &n_female), *male = first_that(c, "sex", "male", &n_male);
    first_that(c, "men", "yes", &n_men);
    male = male ? male : first_that(c, "sex", "group", &n_group);
    if (both && captured(c, both, "females") + captured(c, both, "males") == v->count) {
        add_number(c, "victims.female", captured(c, both, "females"), 0.9, both->rule, whole(both));
        add_number(c, "victims.male", captured(c, both, "males"), 0.9, both->rule, whole(both));
    } else if (sexes_of_list(v, &females, &males)) {
        add_number(c, "victims.female", females, 0.75, NULL, v->at);
        add_number(c, "victims.male", males, 0.75, NULL, v->at);
    } else if (n_female > n_male && n_female >= n_male + n_group) {
        add_number(c, "victims.female", v->count, n_male ? 0.7 : 0.85, female->rule, whole(female));
    } else if (n_male + n_group > n_female && (v->count == 1 || n_men)) { /* "los menores" may be girls and boys */
        add_number(c, "victims.male", v->count, n_female ? 0.6 : 0.8, male->rule, whole(male));
    }
}

/* ---- nationality ---- */

enum { MAX_NATIONS = 12 };

typedef struct nation {
    const char *name;
    int people;
    hu_stretch at;
    const hu_rule *rule;
} nation;

/* Is the word said of a defendant: one is named right before it in its sentence, and no victim between? */
static bool of_defendant(const hu_reading_context *c, size_t at)
{
    size_t sentence = sentence_around(c->document, (hu_stretch){at, at}).start;
    for (size_t i = 0; i < c->n_occurrences && c->occurrences[i].at.start < at; i++)
        if (c->occurrences[i].at.start >= sentence && at - c->occurrences[i].at.end < DEFENDANT_NEAR &&
            next_mention(c, "sufferer", mention_from(c, c->occurrences[i].at.end), at + 1) == c->mentions.count)
            return true;
    return false;
}

/* "venezolanos" → "venezolana" */
static const char *nation_name(hu_reading_context *c, const hu_capture *stem)
{
    char *name = hu_printf(c->arena, "%sa", as_written(c, (hu_stretch){stem->start, stem->end}));
    for (char *p = name; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return name;
}

static bool behind_bracket(const hu_reading_context *c, size_t at)
{
    return at > 0 && c->document->folded[at - 1] == '(';
}

/* "LE-21, LE-22 y LE-23, venezolanas": those named right before the word, else all. */
static int named_before(hu_reading_context *c, const victims_told *v, const hu_mention *word)
{
    size_t from = word->start > NATION_BACK ? word->start - NATION_BACK : 0;
    for (size_t at = from; at < word->start; at++)
        if (strchr(";:", c->document->folded[at]))
            from = at + 1;
    int named = victims_named(c, v->list, from, word->start, NATION_NEAR);
    return named ? named : v->count;
}

static size_t find_nations(hu_reading_context *c, const victims_told *v, nation nations[MAX_NATIONS])
{
    size_t n = 0;
    for (size_t i = 0; i < c->mentions.count && n < MAX_NATIONS; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const hu_capture *stem = mention_capture(mention, "nation");
        if (!rule_sets(mention->rule, "nationality") || !stem || of_defendant(c, mention->start) ||
            !of_victims(c, mention))
            continue;
        const char *name = nation_name(c, stem);
        size_t k = 0;
        while (k < n && strcmp(nations[k].name, name) != 0)
            k++;
        bool plural = c->document->folded[mention->end - 1] == 's';
        int told = captured(c, mention, "count"), people = told ? told : plural ? named_before(c, v, mention) : 1;
        if (k == n)
            nations[n++] = (nation){name, people, whole(mention), mention->rule};
        else if (people > nations[k].people)
            nations[k].people = people;
        else if (people == 1 && behind_bracket(c, mention->start)) /* "T-01 (venezolana, 24 años), T-02 (venezolana" */
            nations[k].people++;
    }
    return n;
}

static void write_nations(hu_reading_context *c, const victims_told *v)
{
    nation nations[MAX_NATIONS];
    size_t n = find_nations(c, v, nations), foreign = c->document->length, written = 0;
    int people = 0;
    for (size_t i = 0; i < n; i++) {
        if (word_in(nations[i].name, strlen(nations[i].name), c->reader->own_nation))
            continue;
        people += nations[i].people;
        foreign = foreign < n ? foreign : i;
    }
    if (!people)
        return;
    if (people > v->count)
        people = v->count;
    add_number(c, "victims.foreign", people, 0.7, nations[foreign].rule, nations[foreign].at);
    for (size_t i = 0; i < n; i++)
        add_text(c, hu_printf(c->arena, "victims.nationalities[%zu]", written++), nations[i].name, 0.75,
                 nations[i].rule, nations[i].at);
}

void read_victims(hu_reading_context *c)
{
    if (strcmp(c->kind, "plenary_agreement") == 0)
        return;
    victims_told v = {.list = find_victims(c)};
    if (!find_count(c, &v))
        return;
    add_number(c, "victims.count", v.count, 0.85, v.rule, v.at);
    write_minors(c, &v);
    write_sexes(c, &v);
    write_nations(c, &v);
}
