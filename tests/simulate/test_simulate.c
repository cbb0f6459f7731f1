/* The simulated study: same bytes on any number of threads; a truth that holds together; whole or nothing. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/date.h"
#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/yaml.h"
#include "huella/simulate/simulate.h"

#include <ftw.h>

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *new_folder(hu_arena *arena)
{
    char *folder = hu_strdup(arena, "/tmp/huella-simulate-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static hu_simulation_options small(hu_arena *arena, int threads)
{
    return (hu_simulation_options){.judgments = 700,
                                   .cases = 300,
                                   .scan_share = 0.01,
                                   .effect_conviction = NAN,
                                   .seed = 11,
                                   .threads = threads,
                                   .rules_dir = check_source(arena, "rules")};
}

/* The study that most tests look at, written once. */
static const char *shared_folder;
static json_t *shared_truth;

static int write_shared(void **state)
{
    (void)state;
    hu_arena *arena = hu_arena_new();
    hu_simulation_options options = small(arena, 2);
    shared_folder = strdup(new_folder(arena));
    CHECK_OK(hu_simulate(shared_folder, &options, NULL));
    CHECK_OK(hu_json_load(hu_path_join(arena, shared_folder, "truth.json"), &shared_truth));
    hu_arena_free(arena);
    return 0;
}

static int remove_shared(void **state)
{
    (void)state;
    remove_folder(shared_folder);
    free((void *)(uintptr_t)shared_folder);
    json_decref(shared_truth);
    return 0;
}

static void hash_file(hu_arena *arena, const char *folder, const char *name, char hash[65])
{
    hu_file file;
    CHECK_OK(hu_file_open(hu_path_join(arena, folder, name), 0, &file));
    hu_sha256_hex(file.data, file.length, hash);
    hu_file_close(&file);
}

static void same_bytes_on_one_and_two_threads(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_simulation_options options = small(arena, 1);
    const char *other = new_folder(arena);
    char **paths = NULL, one[65], two[65];
    size_t count = 0;
    CHECK_OK(hu_simulate(other, &options, NULL));
    CHECK_OK(hu_list_files(other, NULL, arena, &paths, &count));
    assert_int_equal(count, 700 + 10);
    for (size_t i = 0; i < count; i++) {
        const char *name = paths[i] + strlen(other) + 1;
        hash_file(arena, other, name, one);
        hash_file(arena, shared_folder, name, two);
        if (strcmp(one, two) != 0)
            fail_msg("%s differs", name);
    }
    remove_folder(other);
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static int64_t day_of(const json_t *object, const char *key)
{
    hu_date date;
    const char *text = text_of(object, key);
    if (!text)
        return INT64_MIN;
    assert_true(hu_date_parse_iso(hu_str_of(text), &date));
    return hu_date_to_days(date);
}

static void effects_are_the_mean_difference_of_treated_cases(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"conviction",      "resolution_months", "prison_months",
                                           "charge_severity", "victim_centred",    "collaboration"};
    json_t *cases = json_object_get(shared_truth, "cases"), *one;
    size_t index;
    assert_int_equal(json_array_size(cases), 300);
    for (size_t o = 0; o < 6; o++) {
        double sum = 0;
        int n = 0;
        json_array_foreach(cases, index, one) {
            const json_t *without = json_object_get(json_object_get(one, "untrained"), outcomes[o]);
            const json_t *with = json_object_get(json_object_get(one, "trained"), outcomes[o]);
            if (!json_is_true(json_object_get(one, "treated")) || json_is_null(without) || json_is_null(with))
                continue;
            sum += json_number_value(with) - json_number_value(without);
            n++;
        }
        const json_t *effect = json_object_get(json_object_get(shared_truth, "effects"), outcomes[o]);
        assert_true(n > 0);
        check_close(json_number_value(json_object_get(effect, "att")), sum / n, 1e-12, outcomes[o]);
        assert_true(o == 1 ? sum < 0 : sum > 0);
    }
}

static void dates_are_in_order(void **state)
{
    (void)state;
    const json_t *judgments = json_object_get(shared_truth, "judgments");
    json_t *one;
    size_t index;
    json_array_foreach(judgments, index, one) {
        const json_t *decision = json_object_get(json_object_get(one, "truth"), "decision");
        static const char *const order[] = {"facts_date", "complaint_date", "formalization_date", "accusation_date",
                                            "date"};
        int64_t last = INT64_MIN;
        for (size_t i = 0; i < 5; i++) {
            int64_t day = day_of(decision, order[i]);
            if (day == INT64_MIN)
                continue;
            if (day < last)
                fail_msg("%s: %s is too early", text_of(one, "document"), order[i]);
            last = day;
        }
        assert_true(last <= hu_date_to_days((hu_date){2025, 12, 31}));
    }
}

/* The range of the law for an article in months, from the simulation's own table. */
static void law_range(const hu_node *offences, const char *article, long *least, long *most)
{
    *least = 10000;
    *most = 0;
    for (size_t i = 0; i < offences->count; i++)
        for (size_t k = 0; k < offences->items[i]->count; k++) {
            const hu_node *law = offences->items[i]->items[k];
            long low = 0, high = 0;
            if (strcmp(hu_node_get(law, "article")->text, article) != 0)
                continue;
            CHECK_OK(hu_node_integer(hu_node_get(law, "least"), &low));
            CHECK_OK(hu_node_integer(hu_node_get(law, "most"), &high));
            *least = low < *least ? low : *least;
            *most = high > *most ? high : *most;
        }
}

static void penalties_lie_in_the_law(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_node *root = NULL;
    CHECK_OK(hu_yaml_load(check_source(arena, "rules/simulation/offences.yaml"), arena, &root));
    const json_t *judgments = json_object_get(shared_truth, "judgments");
    json_t *one, *person;
    size_t index, p, convicted = 0;
    json_array_foreach(judgments, index, one) {
        const json_t *truth = json_object_get(one, "truth");
        json_array_foreach(json_object_get(truth, "defendants"), p, person) {
            bool stands = strcmp(text_of(person, "final_verdict"), "convicted") == 0;
            assert_int_equal(stands, json_array_size(json_object_get(person, "convicted")) > 0);
            if (!stands) {
                assert_null(json_object_get(person, "prison_months"));
                continue;
            }
            long least = 0, most = 0;
            law_range(hu_node_get(root, "offences"),
                      text_of(json_array_get(json_object_get(person, "convicted"), 0), "article"), &least, &most);
            json_int_t months = json_integer_value(json_object_get(person, "prison_months"));
            /* a plea takes off a sixth at most; its appeal is told from the kind of the lower ruling no more */
            assert_in_range(months, least * 5 / 6, most);
            convicted++;
        }
    }
    assert_true(convicted > 100);
}

static void counts_are_those_of_the_design(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *rollout, *prosecutors, *cases;
    CHECK_OK(hu_csv_read(hu_path_join(arena, shared_folder, "rollout.csv"), NULL, arena, &rollout));
    CHECK_OK(hu_csv_read(hu_path_join(arena, shared_folder, "prosecutors.csv"), NULL, arena, &prosecutors));
    CHECK_OK(hu_csv_read(hu_path_join(arena, shared_folder, "cases.csv"), NULL, arena, &cases));
    size_t regions = 0, trained = 0;
    for (size_t r = 0; r < rollout->rows; r++)
        regions += hu_table_find(rollout, "trained_on")->texts[r].data != NULL;
    for (size_t r = 0; r < prosecutors->rows; r++)
        trained += hu_table_find(prosecutors, "trained_on")->texts[r].data != NULL;
    assert_int_equal(rollout->rows, 25);
    assert_int_equal(regions, 12);
    assert_int_equal(trained, 147);
    assert_int_equal(cases->rows, 300);
    const hu_column *file = hu_table_find(cases, "expediente");
    for (size_t a = 0; a < cases->rows; a++)
        for (size_t b = 0; b < a; b++)
            if (hu_str_equal(file->texts[a], file->texts[b]))
                fail_msg("cases %zu and %zu share a file number", a, b);
}

/* A case's truth is where its defendants stand after its last decision on the merits. */
static void cases_end_as_their_last_decision_says(void **state)
{
    (void)state;
    const json_t *judgments = json_object_get(shared_truth, "judgments");
    json_t *cases = json_object_get(shared_truth, "cases"), *one, *judgment, *person;
    size_t c, j, p, compared = 0;
    json_array_foreach(cases, c, one) {
        const json_t *last = NULL;
        json_array_foreach(judgments, j, judgment) {
            const json_t *truth = json_object_get(judgment, "truth");
            const char *id = text_of(judgment, "case_id");
            if (!id || strcmp(id, text_of(one, "case_id")) != 0 ||
                !json_array_size(json_object_get(truth, "defendants")))
                continue;
            if (!last ||
                day_of(json_object_get(truth, "decision"), "date") > day_of(json_object_get(last, "decision"), "date"))
                last = truth;
        }
        const json_t *conviction = json_object_get(one, "conviction");
        if (json_is_null(conviction))
            continue;
        assert_non_null(last);
        bool convicted = false;
        json_int_t most = 0;
        json_array_foreach(json_object_get(last, "defendants"), p, person) {
            bool stands = strcmp(text_of(person, "final_verdict"), "convicted") == 0;
            convicted = convicted || stands;
            json_int_t months = json_integer_value(json_object_get(person, "prison_months"));
            most = months > most ? months : most;
        }
        assert_int_equal(convicted, json_number_value(conviction) == 1);
        if (convicted)
            assert_int_equal(most, json_number_value(json_object_get(one, "prison_months")));
        compared++;
    }
    assert_true(compared > 150);
}

static void operative_parts_are_worded_in_many_ways(void **state)
{
    (void)state;
    const json_t *judgments = json_object_get(shared_truth, "judgments");
    json_t *one;
    size_t index, n = 0;
    char seen[256][64];
    json_array_foreach(judgments, index, one) {
        const char *p = text_of(one, "formulations");
        while (*p) {
            size_t length = strcspn(p, " "), i = 0;
            while (i < n && !(strncmp(seen[i], p, length) == 0 && !seen[i][length]))
                i++;
            if (i == n && n < 256 && length < 64)
                snprintf(seen[n++], 64, "%.*s", (int)length, p);
            p += length + (p[length] == ' ');
        }
    }
    assert_true(n >= 40);
}

static void refuses_a_folder_with_something_in_it(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = new_folder(arena);
    hu_simulation_options options = small(arena, 1);
    CHECK_OK(hu_write_file(hu_path_join(arena, folder, "mine.txt"), "x", 1));
    CHECK_FAILS(hu_simulate(folder, &options, NULL), HU_USAGE, "not empty");
    CHECK_FAILS(hu_simulate(hu_path_join(arena, folder, "mine.txt"), &options, NULL), HU_USAGE, "is a file");
    options.judgments = 10;
    CHECK_FAILS(hu_simulate(hu_path_join(arena, folder, "new"), &options, NULL), HU_USAGE, "--judgments");
    assert_false(hu_is_folder(hu_path_join(arena, folder, "new")));
    remove_folder(folder);
}

static void a_stop_leaves_nothing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *parent = new_folder(arena);
    volatile sig_atomic_t stop = 1;
    hu_simulation_options options = small(arena, 2);
    options.stop = &stop;
    CHECK_FAILS(hu_simulate(hu_path_join(arena, parent, "study"), &options, NULL), HU_IO, "stopped");
    assert_int_equal(rmdir(parent), 0); /* empty again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes_on_one_and_two_threads),
        cmocka_unit_test(effects_are_the_mean_difference_of_treated_cases),
        cmocka_unit_test(dates_are_in_order),
        cmocka_unit_test(penalties_lie_in_the_law),
        cmocka_unit_test(counts_are_those_of_the_design),
        cmocka_unit_test(cases_end_as_their_last_decision_says),
        cmocka_unit_test(operative_parts_are_worded_in_many_ways),
        cmocka_unit_test(refuses_a_folder_with_something_in_it),
        cmocka_unit_test(a_stop_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, write_shared, remove_shared);
}
