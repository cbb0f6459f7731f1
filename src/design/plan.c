/* The analysis plan: study.yaml read key by key, each value checked where it stands. */

#include "huella/design/plan.h"

#include "huella/base/text.h"
#include "huella/base/yaml.h"

#include <string.h>

/* Names of what a plan may say, in the order of the enumerations they stand for; NULL-terminated. */
static const char *const period_names[] = {"year", "half_year", "quarter", "month", NULL};
static const char *const aggregate_names[] = {"simple", "group", "dynamic", "calendar", NULL};
static const char *const role_names[] = {"primary", "secondary", NULL};
static const char *const method_names[] = {"callaway_santanna", "twfe", NULL};
static const char *const control_names[] = {"never", "notyet", NULL};
static const char *const base_names[] = {"varying", "universal", NULL};
static const char *const adjustment_names[] = {"dr", "ipw", "reg", NULL};
static const char *const unblinding_names[] = {"open", "declare", "refuse", NULL};
static const char *const inference_names[] = {"analytic", "bootstrap", NULL};
/* Columns of the analysis table, see hu_store_analysis_table. */
static const char *const outcome_names[] = {
    "conviction", "resolution_months", "prison_months", "charge_severity", "victim_centred", "collaboration", NULL};
static const char *const covariate_names[] = {"minors", "foreign_victims", NULL};
static const char *const cluster_names[] = {"region", NULL};

static const char *period_example(hu_period_unit unit)
{
    return (const char *const[]){"2021", "2021-H1", "2021-Q3", "2021-07"}[unit];
}

const char *hu_plan_period_name(hu_period_unit unit)
{
    return period_names[unit];
}

const char *hu_plan_aggregate_name(hu_plan_aggregate aggregate)
{
    return aggregate_names[aggregate];
}

/* --- values of one key; an absent key leaves the default in place --- */

static hu_error *expect(const hu_node *node, hu_node_kind kind, const char *key, const char *expected)
{
    if (node->kind != kind || hu_node_is_null(node))
        return hu_node_fail(node, "\"%s\" must be %s", key, expected);
    return NULL;
}

static hu_error *required(const hu_node *map, const char *key, const char *what, const hu_node **value)
{
    *value = hu_node_get(map, key);
    if (!*value || hu_node_is_null(*value))
        return hu_node_fail(*value ? *value : map, "\"%s\" is missing: %s", key, what);
    return NULL;
}

static hu_error *read_text(const hu_node *map, const char *key, const char **text)
{
    const hu_node *node = hu_node_get(map, key);
    if (!node)
        return NULL;
    HU_TRY(expect(node, HU_SCALAR, key, "text on one line"));
    return hu_node_text(node, text);
}

static hu_error *read_bool(const hu_node *map, const char *key, bool *value)
{
    const hu_node *node = hu_node_get(map, key);
    if (!node)
        return NULL;
    HU_TRY(expect(node, HU_SCALAR, key, "true or false"));
    return hu_wrap(hu_node_bool(node, value), "%s", key);
}

static hu_error *read_integer(const hu_node *map, const char *key, long lowest, long highest, long *value)
{
    const hu_node *node = hu_node_get(map, key);
    if (!node)
        return NULL;
    HU_TRY(expect(node, HU_SCALAR, key, "a whole number"));
    long number = 0;
    hu_error *error = hu_node_integer(node, &number);
    if (error || number < lowest || number > highest) {
        hu_error_free(error);
        return hu_node_fail(node, "\"%s\" is \"%s\": expected a whole number from %ld to %ld", key, node->text, lowest,
                            highest);
    }
    *value = number;
    return NULL;
}

/* "callaway_santanna, twfe" */
static const char *list_of(hu_arena *arena, const char *const *names)
{
    const char *list = names[0];
    for (size_t i = 1; names[i]; i++)
        list = hu_printf(arena, "%s, %s", list, names[i]);
    return list;
}

/* Which of the names a scalar says. */
static hu_error *read_name(const hu_node *node, const char *key, const char *const *names, int *index)
{
    HU_SCRATCH(scratch);
    HU_TRY(expect(node, HU_SCALAR, key, hu_printf(scratch, "one of %s", list_of(scratch, names))));
    for (int i = 0; names[i]; i++)
        if (strcmp(node->text, names[i]) == 0) {
            *index = i;
            return NULL;
        }
    const char *close = hu_closest(node->text, names);
    return hu_node_fail(node, "\"%s\": \"%s\" is not known; expected one of %s%s", key, node->text,
                        list_of(scratch, names), close ? hu_printf(scratch, " (did you mean \"%s\"?)", close) : "");
}

static hu_error *read_choice(const hu_node *map, const char *key, const char *const *names, int *index)
{
    const hu_node *node = hu_node_get(map, key);
    return node ? read_name(node, key, names, index) : NULL;
}

/* A list of texts, of the names given where there are any; *texts is NULL-terminated and never NULL. */
static hu_error *read_list(const hu_node *map, const char *key, const char *const *names, hu_arena *arena,
                           const char ***texts)
{
    const hu_node *node = hu_node_get(map, key);
    *texts = HU_NEW_ARRAY(arena, const char *, (node ? node->count : 0) + 1);
    if (!node)
        return NULL;
    if (node->kind != HU_LIST)
        return hu_node_fail(node, "\"%s\" must be a list, like [a, b], or [] for none", key);
    for (size_t i = 0; i < node->count; i++) {
        int index = 0;
        HU_TRY(expect(node->items[i], HU_SCALAR, key, "a list of names"));
        if (names)
            HU_TRY(read_name(node->items[i], key, names, &index));
        (*texts)[i] = node->items[i]->text;
    }
    return NULL;
}

static hu_error *check_map(const hu_node *node, const char *what, const char *const *allowed)
{
    if (node->kind != HU_MAP)
        return hu_node_fail(node, "%s must be lines of \"key: value\"", what);
    return hu_node_check_keys(node, allowed);
}

/* --- the parts of a plan --- */

static hu_error *read_sources(const hu_node *root, hu_plan *plan)
{
    const hu_node *node;
    HU_TRY(required(root, "sources", "it names the tables of the study", &node));
    HU_TRY(check_map(node, "\"sources\"", (const char *const[]){"judgments", "cases", "prosecutors", "rollout", NULL}));
    HU_TRY(read_text(node, "judgments", &plan->judgments));
    HU_TRY(read_text(node, "cases", &plan->cases));
    HU_TRY(read_text(node, "prosecutors", &plan->prosecutors));
    HU_TRY(read_text(node, "rollout", &plan->rollout));
    if (!plan->cases)
        return hu_node_fail(node, "\"sources\" names no \"cases\": the unit of analysis is the case");
    if (!plan->rollout)
        return hu_node_fail(node, "\"sources\" names no \"rollout\": it says when each region was trained");
    return NULL;
}

static hu_error *read_period(const hu_node *window, const char *key, hu_period_unit unit, int *period)
{
    const hu_node *node;
    HU_TRY(required(window, key, "the window needs its first and last period", &node));
    HU_TRY(expect(node, HU_SCALAR, key, "a period"));
    if (!hu_period_parse(hu_str_of(node->text), unit, period))
        return hu_node_fail(node, "\"%s\" is \"%s\": expected a %s like %s (the plan's \"period\" is %s)", key,
                            node->text, period_names[unit], period_example(unit), period_names[unit]);
    return NULL;
}

static hu_error *read_window(const hu_node *root, hu_plan *plan)
{
    int unit = HU_HALF_YEAR;
    HU_TRY(read_choice(root, "period", period_names, &unit));
    plan->period = (hu_period_unit)unit;
    const hu_node *node;
    HU_TRY(required(root, "window", "it names the first and last period of the estimates, \"from\" and \"to\"", &node));
    HU_TRY(check_map(node, "\"window\"", (const char *const[]){"from", "to", NULL}));
    HU_TRY(read_period(node, "from", plan->period, &plan->from));
    HU_TRY(read_period(node, "to", plan->period, &plan->to));
    if (plan->from >= plan->to)
        return hu_node_fail(hu_node_get(node, "to"),
                            "the window ends (\"%s\") before it has begun (\"%s\"): \"to\" must be later than \"from\"",
                            hu_node_get(node, "to")->text, hu_node_get(node, "from")->text);
    return NULL;
}

static hu_error *read_cohorts(const hu_node *root, hu_arena *arena, hu_plan *plan)
{
    const hu_node *node = hu_node_get(root, "cohorts");
    plan->excluded = HU_NEW_ARRAY(arena, const char *, 1);
    if (!node)
        return NULL;
    HU_TRY(check_map(node, "\"cohorts\"", (const char *const[]){"delay", "exclude", NULL}));
    long delay = 0;
    HU_TRY(read_integer(node, "delay", 0, 120, &delay));
    plan->delay = (int)delay;
    return read_list(node, "exclude", NULL, arena, &plan->excluded);
}

static hu_error *read_outcome(const hu_node *node, hu_plan_outcome *outcome)
{
    HU_TRY(check_map(node, "an outcome",
                     (const char *const[]){"name", "label", "unit", "role", "share", "given_conviction", NULL}));
    const hu_node *name;
    int index = 0, role = HU_SECONDARY;
    HU_TRY(required(node, "name", "an outcome is a column of the analysis table", &name));
    HU_TRY(read_name(name, "name", outcome_names, &index));
    outcome->name = outcome->label = outcome_names[index];
    outcome->unit = "";
    HU_TRY(read_text(node, "label", &outcome->label));
    HU_TRY(read_text(node, "unit", &outcome->unit));
    HU_TRY(read_choice(node, "role", role_names, &role));
    outcome->role = (hu_outcome_role)role;
    HU_TRY(read_bool(node, "share", &outcome->share));
    return read_bool(node, "given_conviction", &outcome->given_conviction);
}

static hu_error *read_outcomes(const hu_node *root, hu_arena *arena, hu_plan *plan)
{
    const hu_node *node;
    HU_TRY(required(root, "outcomes", "it lists what is measured", &node));
    if (node->kind != HU_LIST || !node->count)
        return hu_node_fail(node, "\"outcomes\" must be a list of at least one \"- name: …\"");
    plan->outcomes = HU_NEW_ARRAY(arena, hu_plan_outcome, node->count);
    for (size_t i = 0; i < node->count; i++) {
        HU_TRY(read_outcome(node->items[i], &plan->outcomes[i]));
        for (size_t j = 0; j < i; j++)
            if (strcmp(plan->outcomes[i].name, plan->outcomes[j].name) == 0)
                return hu_node_fail(node->items[i], "the outcome \"%s\" stands twice; remove one",
                                    plan->outcomes[i].name);
    }
    plan->n_outcomes = node->count;
    return NULL;
}

static hu_error *read_estimator_choices(const hu_node *node, hu_plan_estimator *estimator)
{
    int control = 1, base = 0, adjustment = 0, aggregate = HU_SIMPLE, inference = 0, cluster = 0;
    HU_TRY(read_choice(node, "control", control_names, &control));
    HU_TRY(read_choice(node, "base", base_names, &base));
    HU_TRY(read_choice(node, "adjustment", adjustment_names, &adjustment));
    HU_TRY(read_choice(node, "aggregate", aggregate_names, &aggregate));
    HU_TRY(read_choice(node, "inference", inference_names, &inference));
    HU_TRY(read_choice(node, "cluster", cluster_names, &cluster));
    estimator->not_yet_treated = control == 1;
    estimator->universal_base = base == 1;
    estimator->adjustment = adjustment_names[adjustment];
    estimator->aggregate = (hu_plan_aggregate)aggregate;
    estimator->bootstrap = inference == 1;
    estimator->cluster = cluster_names[cluster];
    return NULL;
}

/* A regression has no comparison group, base or aggregate to choose: saying so would be read as if it did. */
static hu_error *check_method_keys(const hu_node *node, const char *method)
{
    static const char *const common[] = {"name", "method", "covariates", "cluster", NULL};
    for (size_t i = 0; strcmp(method, "twfe") == 0 && i < node->count; i++) {
        bool known = false;
        for (size_t j = 0; common[j]; j++)
            known = known || strcmp(node->keys[i]->text, common[j]) == 0;
        if (!known)
            return hu_node_fail(node->keys[i], "\"%s\" means nothing to the method twfe; remove it",
                                node->keys[i]->text);
    }
    return NULL;
}

static hu_error *read_estimator(const hu_node *node, hu_arena *arena, hu_plan_estimator *estimator)
{
    HU_TRY(check_map(node, "an estimator",
                     (const char *const[]){"name", "method", "control", "base", "adjustment", "covariates",
                                           "anticipation", "aggregate", "inference", "draws", "cluster", NULL}));
    const hu_node *name, *method;
    int index = 0;
    long anticipation = 0, draws = 999;
    HU_TRY(required(node, "name", "results are shown under it", &name));
    HU_TRY(read_text(node, "name", &estimator->name));
    if (strspn(estimator->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(estimator->name))
        return hu_node_fail(name, "the estimator's name \"%s\" may hold only a to z, 0 to 9 and _", estimator->name);
    HU_TRY(required(node, "method", "expected one of callaway_santanna, twfe", &method));
    HU_TRY(read_name(method, "method", method_names, &index));
    estimator->method = method_names[index];
    HU_TRY(check_method_keys(node, estimator->method));
    HU_TRY(read_estimator_choices(node, estimator));
    HU_TRY(read_list(node, "covariates", covariate_names, arena, &estimator->covariates));
    HU_TRY(read_integer(node, "anticipation", 0, 120, &anticipation));
    HU_TRY(read_integer(node, "draws", 99, 1000000, &draws));
    estimator->anticipation = (int)anticipation;
    estimator->draws = (int)draws;
    return NULL;
}

static hu_error *read_estimators(const hu_node *root, hu_arena *arena, hu_plan *plan)
{
    const hu_node *node;
    HU_TRY(required(root, "estimators", "it says how the effect is estimated", &node));
    if (node->kind != HU_LIST || !node->count)
        return hu_node_fail(node, "\"estimators\" must be a list of at least one \"- name: …\"");
    plan->estimators = HU_NEW_ARRAY(arena, hu_plan_estimator, node->count);
    for (size_t i = 0; i < node->count; i++) {
        HU_TRY(read_estimator(node->items[i], arena, &plan->estimators[i]));
        for (size_t j = 0; j < i; j++)
            if (strcmp(plan->estimators[i].name, plan->estimators[j].name) == 0)
                return hu_node_fail(node->items[i], "two estimators are named \"%s\"; rename one",
                                    plan->estimators[i].name);
    }
    plan->n_estimators = node->count;
    return NULL;
}

static hu_error *read_level_and_seed(const hu_node *root, hu_plan *plan)
{
    long seed = 20270101;
    HU_TRY(read_integer(root, "seed", 0, 9007199254740992, &seed));
    plan->seed = (uint64_t)seed;
    plan->level = 0.95;
    const hu_node *node = hu_node_get(root, "level");
    if (!node)
        return NULL;
    HU_TRY(expect(node, HU_SCALAR, "level", "a number between 0.5 and 1"));
    hu_error *error = hu_node_number(node, &plan->level);
    if (error || !(plan->level >= 0.5 && plan->level < 1)) {
        hu_error_free(error);
        return hu_node_fail(node, "\"level\" is \"%s\": expected a number from 0.5 to below 1, like 0.95", node->text);
    }
    return NULL;
}

hu_error *hu_plan_load(const char *path, hu_arena *arena, hu_plan **plan_out)
{
    hu_node *root = NULL;
    HU_TRY(hu_yaml_load(path, arena, &root));
    if (!root || hu_node_is_null(root))
        return hu_fail_at(HU_BAD_INPUT, path, 1, NULL, "the plan is empty; `huella new` writes a commented one");
    HU_TRY(check_map(root, "the plan",
                     (const char *const[]){"title", "sources", "truth", "period", "window", "cohorts", "outcomes",
                                           "estimators", "level", "seed", "unblinding", NULL}));
    hu_plan *plan = HU_NEW(arena, hu_plan);
    const hu_node *title;
    int unblinding = HU_UNBLIND_OPEN;
    plan->source = hu_strdup(arena, path);
    HU_TRY(required(root, "title", "the report stands under it", &title));
    HU_TRY(read_text(root, "title", &plan->title));
    HU_TRY(read_sources(root, plan));
    HU_TRY(read_text(root, "truth", &plan->truth));
    HU_TRY(read_window(root, plan));
    HU_TRY(read_cohorts(root, arena, plan));
    HU_TRY(read_outcomes(root, arena, plan));
    HU_TRY(read_estimators(root, arena, plan));
    HU_TRY(read_level_and_seed(root, plan));
    HU_TRY(read_choice(root, "unblinding", unblinding_names, &unblinding));
    plan->unblinding = (hu_plan_unblinding)unblinding;
    *plan_out = plan;
    return NULL;
}
