/* Invented people: given names and surnames joined at random, initials, prosecutors and their knowledge scores. */

#include "study.h"

#include <math.h>
#include <string.h>

const char *sim_pick(const sim_words *words, hu_random *random)
{
    return words->items[hu_random_below(random, words->count)];
}

static void add_initial(hu_buf *out, const char *name)
{
    const char *p = name, *end = name + strlen(name);
    hu_utf8_next(&p, end);
    hu_buf_add(out, name, (size_t)(p - name));
    hu_buf_add_char(out, '.');
}

sim_person sim_person_draw(const sim_names *names, hu_random *random, hu_arena *arena, bool feminine)
{
    const sim_words *given = feminine ? &names->given_feminine : &names->given_masculine;
    const char *first = sim_pick(given, random), *middle = sim_pick(given, random);
    sim_person person = {.feminine = feminine};
    bool two = hu_random_uniform(random) < 0.6 && strcmp(first, middle) != 0;
    person.given = two ? hu_printf(arena, "%s %s", first, middle) : first;
    person.surname = sim_pick(&names->surnames, random);
    person.second = sim_pick(&names->surnames, random);
    person.full = hu_printf(arena, "%s %s %s", person.given, person.surname, person.second);
    HU_BUF(initials);
    add_initial(&initials, first);
    if (two)
        add_initial(&initials, middle);
    add_initial(&initials, person.surname);
    add_initial(&initials, person.second);
    person.initials = hu_strdup(arena, initials.data);
    return person;
}

const char *sim_initials_draw(const sim_names *names, hu_random *random, hu_arena *arena)
{
    HU_BUF(initials);
    bool blanks = hu_random_uniform(random) < 0.3;
    size_t letters = 3 + hu_random_below(random, 2);
    for (size_t i = 0; i < letters; i++) {
        if (i && blanks)
            hu_buf_add_char(&initials, ' ');
        add_initial(&initials, sim_pick(i + 2 < letters ? &names->given_feminine : &names->surnames, random));
    }
    return hu_strdup(arena, initials.data);
}

/* Trained prosecutors are spread over the trained regions by weight, the others over the rest; each region has one. */
static const sim_region *region_of_prosecutor(const sim_data *data, bool trained, size_t index, hu_random *random)
{
    const sim_region *wanted[MAX_REGIONS];
    size_t n = 0;
    double total = 0;
    for (size_t i = 0; i < data->n_regions; i++)
        if ((data->regions[i].cohort != 0) == trained) {
            wanted[n++] = &data->regions[i];
            total += data->regions[i].weight;
        }
    if (index < n)
        return wanted[index];
    double at = hu_random_uniform(random) * total;
    for (size_t i = 0; i + 1 < n; i++) {
        at -= wanted[i]->weight;
        if (at < 0)
            return wanted[i];
    }
    return n ? wanted[n - 1] : &data->regions[0];
}

void sim_draw_prosecutors(sim_study *study, hu_arena *arena)
{
    const sim_parameters *parameters = &study->data.parameters;
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.prosecutors", 0));
    size_t trained = (size_t)parameters->prosecutors;
    study->n_prosecutors = trained + (size_t)parameters->untrained_prosecutors;
    study->prosecutors = HU_NEW_ARRAY(arena, sim_prosecutor, study->n_prosecutors);
    for (size_t i = 0; i < study->n_prosecutors; i++) {
        sim_prosecutor *one = &study->prosecutors[i];
        bool is_trained = i < trained;
        one->id = hu_printf(arena, "P%04zu", i + 1);
        one->region = region_of_prosecutor(&study->data, is_trained, is_trained ? i : i - trained, &random);
        one->office = hu_printf(arena, "%zu", 1 + (size_t)hu_random_below(&random, 4));
        double before = 52 + 9 * hu_random_normal(&random), gain = 17 + 6 * hu_random_normal(&random);
        one->score_before = round(fmin(fmax(before, 15), 90));
        one->score_after = is_trained ? round(fmin(fmax(one->score_before + gain, 20), 100)) : NAN;
        one->hours = is_trained ? 40 - 4 * (double)hu_random_below(&random, 4) : 0;
        one->trained_on = is_trained ? one->region->trained_on + (int64_t)hu_random_below(&random, 5) : 0;
    }
}
