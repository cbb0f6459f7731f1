/* Errors for few clusters and the wild bootstrap against R's clubSandwich 0.5.8 and a bootstrap of every sign vector.
 */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/json.h"
#include "huella/base/random.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"
#include "huella/numerics/wild.h"

#include <cblas.h>

typedef struct problem {
    size_t n, k;
    double *x, *y, *w;
    hu_factor cluster;
    hu_fit fit;
    hu_clustered *sums;
} problem;

static void fit(problem *p, hu_arena *arena)
{
    CHECK_OK(hu_least_squares(p->x, p->n, p->k, p->y, p->w, arena, &p->fit));
    CHECK_OK(hu_cluster_sums(&p->fit, p->x, p->w, &p->cluster, arena, &p->sums));
}

/* y ~ 1 + t + x on the data of the peers' run. */
static problem oracle_problem(hu_arena *arena)
{
    hu_table *table = NULL;
    hu_column *region, *t, *x, *y;
    CHECK_OK(hu_csv_read(check_source(arena, "tests/oracles/few_clusters.csv"), NULL, arena, &table));
    CHECK_OK(hu_table_numbers(table, "region", &region));
    CHECK_OK(hu_table_numbers(table, "t", &t));
    CHECK_OK(hu_table_numbers(table, "x", &x));
    CHECK_OK(hu_table_numbers(table, "y", &y));
    problem p = {.n = table->rows, .k = 3, .x = HU_NEW_ARRAY(arena, double, 3 * table->rows), .y = y->numbers};
    for (size_t i = 0; i < p.n; i++) {
        p.x[i] = 1;
        p.x[p.n + i] = t->numbers[i];
        p.x[2 * p.n + i] = x->numbers[i];
    }
    hu_factor_column(region, NULL, p.n, arena, &p.cluster);
    fit(&p, arena);
    return p;
}

static json_t *oracle(hu_arena *arena)
{
    json_t *root = NULL;
    CHECK_OK(hu_json_load(check_source(arena, "tests/oracles/few_clusters.json"), &root));
    return root;
}

static double number(const json_t *object, const char *key)
{
    assert_true(json_is_number(json_object_get(object, key)));
    return json_number_value(json_object_get(object, key));
}

static void same(const hu_wild *a, const hu_wild *b)
{
    assert_true(a->t == b->t && a->p == b->p && a->p_equal_tail == b->p_equal_tail && a->lower == b->lower &&
                a->upper == b->upper && a->mc_error == b->mc_error);
}

static void corrections_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    problem p = oracle_problem(arena);
    json_t *root = oracle(arena);
    static const struct {
        const char *name;
        hu_correction correction;
    } all[] = {{"CR0", HU_CR0}, {"CR1", HU_CR1}, {"CR1S", HU_CR1S}, {"CR2", HU_CR2}, {"CR3", HU_CR3}};
    for (size_t c = 0; c < 5; c++) {
        double *variance, *df;
        CHECK_OK(hu_few_clusters_variance(p.sums, all[c].correction, 3, NULL, 0, arena, &variance, &df));
        json_t *rows = json_object_get(json_object_get(root, "cluster_robust"), all[c].name);
        for (size_t j = 0; j < 3; j++) {
            json_t *row = json_array_get(rows, j);
            double se = sqrt(variance[j + 3 * j]), t = p.fit.coefficients[j] / se;
            check_close(p.fit.coefficients[j], number(row, "beta"), 1e-8, "beta");
            check_close(se, number(row, "SE"), 1e-8, all[c].name);
            check_close(t, number(row, "tstat"), 1e-8, all[c].name);
            check_close(df[j], number(row, "df_Satt"), 1e-8, all[c].name);
            assert_true(fabs(hu_t_two_sided(t, df[j]) - number(row, "p_Satt")) <= 1e-6 * number(row, "p_Satt"));
            assert_true(fabs(hu_t_two_sided(t, 11) - number(row, "p_t")) <= 1e-6 * number(row, "p_t"));
            assert_true(fabs(hu_normal_two_sided(t) - number(row, "p_z")) <= 1e-6 * number(row, "p_z"));
        }
    }
    json_decref(root);
}

static void wild_bootstrap_matches_every_sign_vector(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    problem p = oracle_problem(arena);
    json_t *root = oracle(arena);
    const double contrast[] = {0, 1, 0};
    double factor;
    CHECK_OK(hu_correction_factor(HU_CR1S, p.n, p.cluster.levels, 3, &factor));
    for (int unrestricted = 0; unrestricted < 2; unrestricted++) {
        json_t *expected = json_object_get(root, unrestricted ? "wild_unrestricted" : "wild_restricted");
        hu_wild wild, again;
        hu_wild_options options = {.unrestricted = unrestricted, .draws = 4096, .threads = 1};
        CHECK_OK(hu_wild_bootstrap(p.sums, contrast, factor, &options, &wild));
        assert_true(wild.exact);
        assert_int_equal(wild.draws, 4096);
        check_close(wild.t, number(expected, "t"), 1e-8, "t");
        assert_true(wild.p == number(expected, "p_symmetric"));
        assert_true(wild.p_equal_tail == number(expected, "p_equal_tail"));
        assert_true(wild.mc_error == 0);
        /* The ends of the set are where the test turns. */
        options.null = wild.lower + 1e-6;
        CHECK_OK(hu_wild_bootstrap(p.sums, contrast, factor, &options, &again));
        assert_true(again.p > 0.05);
        options.null = wild.upper + 1e-6;
        CHECK_OK(hu_wild_bootstrap(p.sums, contrast, factor, &options, &again));
        assert_true(again.p <= 0.05);
        assert_true(again.lower == wild.lower && again.upper == wild.upper);
        options.threads = 2;
        options.null = 0;
        CHECK_OK(hu_wild_bootstrap(p.sums, contrast, factor, &options, &again));
        same(&again, &wild);
    }
    json_decref(root);
}

/* Drawn weights agree with the whole enumeration, and are the same on any number of threads. */
static void drawn_weights_agree_with_all(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    problem p = oracle_problem(arena);
    const double contrast[] = {0, 1, 0};
    hu_wild_options options = {.draws = 4095, .seed = 7, .threads = 1};
    hu_wild one, two;
    CHECK_OK(hu_wild_bootstrap(p.sums, contrast, 1, &options, &one));
    assert_false(one.exact);
    assert_true(fabs(one.p - 0.3076171875) < 4 * one.mc_error);
    options.weights = HU_WEBB;
    options.draws = 20000;
    CHECK_OK(hu_wild_bootstrap(p.sums, contrast, 1, &options, &one));
    assert_true(one.p > 0.2 && one.p < 0.45);
    options.threads = 2;
    CHECK_OK(hu_wild_bootstrap(p.sums, contrast, 1, &options, &two));
    same(&one, &two);
    options.draws = ((size_t)1 << 22) + 1;
    CHECK_FAILS(hu_wild_bootstrap(p.sums, contrast, 1, &options, &one), HU_LIMIT, "at most");
    const double nothing[] = {0, 0, 0};
    options.draws = 100;
    CHECK_FAILS(hu_wild_bootstrap(p.sums, nothing, 1, &options, &one), HU_SINGULAR, "standard error");
}

/* 40 rows in 6 clusters of unequal size, with a column of scale 1e6. */
static problem small(hu_arena *arena, bool weighted)
{
    problem p = {.n = 40, .k = 3, .x = HU_NEW_ARRAY(arena, double, 120), .y = HU_NEW_ARRAY(arena, double, 40)};
    double *g = HU_NEW_ARRAY(arena, double, 40);
    p.w = weighted ? HU_NEW_ARRAY(arena, double, 40) : NULL;
    hu_random random = hu_random_start(11, 1);
    for (size_t i = 0; i < p.n; i++) {
        g[i] = i < 12 ? 0 : i < 20 ? 1 : i < 25 ? 2 : i < 29 ? 3 : i < 38 ? 4 : 5;
        p.x[i] = 1;
        p.x[40 + i] = 1e6 * hu_random_normal(&random);
        p.x[80 + i] = g[i] < 3 ? hu_random_uniform(&random) : 0.2 * g[i];
        p.y[i] = hu_random_normal(&random) + 0.3 * g[i];
        if (weighted)
            p.w[i] = 0.5 + hu_random_uniform(&random);
    }
    hu_factor_numbers(g, p.n, arena, &p.cluster);
    fit(&p, arena);
    return p;
}

/* The definition, on the rows: (I - H) in full, its blocks' roots by eigenvectors, P for the degrees of freedom. */
static void by_definition(const problem *p, size_t column, double *variance, double *df)
{
    enum { n = 40, k = 3 };
    static double r[n][n], adjusted[n], share[6][n];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double h = 0;
            for (size_t a = 0; a < k; a++)
                for (size_t b = 0; b < k; b++)
                    h += p->x[a * n + i] * p->fit.bread[a + b * k] * p->x[b * n + j] * (p->w ? p->w[j] : 1);
            r[i][j] = (i == j) - h;
        }
    *variance = 0;
    memset(share, 0, sizeof share);
    for (size_t g = 0; g < 6; g++) {
        HU_SCRATCH(scratch);
        size_t rows[n], m = 0;
        for (size_t i = 0; i < n; i++)
            if (p->cluster.code[i] == g)
                rows[m++] = i;
        double *b = HU_NEW_ARRAY(scratch, double, m *m), *root = HU_NEW_ARRAY(scratch, double, m *m);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++)
                for (size_t l = 0; l < n; l++)
                    b[i + j * m] += r[rows[i]][l] * r[rows[j]][l];
        /* b^-1/2 by Denman and Beavers' iteration: y -> b^1/2, z -> b^-1/2 */
        double *y = b, *z = HU_NEW_ARRAY(scratch, double, m *m), *iy = HU_NEW_ARRAY(scratch, double, m *m),
               *iz = HU_NEW_ARRAY(scratch, double, m *m);
        for (size_t i = 0; i < m; i++)
            z[i + i * m] = 1;
        for (int step = 0; step < 40; step++) {
            assert_true(hu_invert_positive(y, m, iy) && hu_invert_positive(z, m, iz));
            for (size_t i = 0; i < m * m; i++) {
                y[i] = (y[i] + iz[i]) / 2;
                z[i] = (z[i] + iy[i]) / 2;
            }
        }
        memcpy(root, z, m * m * sizeof *root);
        double sum = 0;
        memset(adjusted, 0, sizeof adjusted);
        for (size_t j = 0; j < m; j++)
            for (size_t i = 0; i < m; i++) {
                double xc = 0;
                for (size_t a = 0; a < k; a++)
                    xc += p->x[a * n + rows[i]] * p->fit.bread[a + column * k] * (p->w ? p->w[rows[i]] : 1);
                adjusted[rows[j]] += root[i + j * m] * xc;
            }
        for (size_t i = 0; i < n; i++)
            sum += adjusted[i] * p->fit.residuals[i];
        *variance += sum * sum;
        for (size_t j = 0; j < n; j++)
            for (size_t i = 0; i < n; i++)
                share[g][j] += r[i][j] * adjusted[i];
    }
    double trace = 0, square = 0;
    for (size_t g = 0; g < 6; g++)
        for (size_t h = 0; h < 6; h++) {
            double inner = cblas_ddot(n, share[g], 1, share[h], 1);
            trace += g == h ? inner : 0;
            square += inner * inner;
        }
    *df = trace * trace / square;
}

static void bias_reduced_is_its_definition(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        HU_SCRATCH(arena);
        problem p = small(arena, weighted);
        double *variance, *df, expected_variance, expected_df;
        CHECK_OK(hu_few_clusters_variance(p.sums, HU_CR2, 3, NULL, 0, arena, &variance, &df));
        for (size_t j = 0; j < 3; j++) {
            by_definition(&p, j, &expected_variance, &expected_df);
            assert_true(fabs(variance[j + 3 * j] / expected_variance - 1) < 1e-7);
            check_close(df[j], expected_df, 1e-7, "df");
        }
    }
}

/* CR3 is the sum of squares of what leaving out a cluster does to the coefficients. */
static void jackknife_leaves_out_clusters(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        HU_SCRATCH(arena);
        problem p = small(arena, weighted);
        double *variance, *df, sum[3] = {0}, *w = HU_NEW_ARRAY(arena, double, p.n);
        CHECK_OK(hu_few_clusters_variance(p.sums, HU_CR3, 3, NULL, 0, arena, &variance, &df));
        for (size_t g = 0; g < 6; g++) {
            hu_fit without;
            for (size_t i = 0; i < p.n; i++)
                w[i] = p.cluster.code[i] == g ? 0 : p.w ? p.w[i] : 1;
            CHECK_OK(hu_least_squares(p.x, p.n, p.k, p.y, w, arena, &without));
            for (size_t j = 0; j < 3; j++)
                sum[j] += pow(without.coefficients[j] - p.fit.coefficients[j], 2);
        }
        for (size_t j = 0; j < 3; j++)
            assert_true(fabs(variance[j + 3 * j] / sum[j] - 1) < 1e-7);
    }
}

/* Effects nested in clusters taken out, or as dummies: the same errors (theorem 2). A third effect stays a dummy. */
static void nested_effects_may_be_taken_out(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    problem p = small(arena, false);
    double *half = HU_NEW_ARRAY(arena, double, p.n), *third = HU_NEW_ARRAY(arena, double, p.n);
    for (size_t i = 0; i < p.n; i++) {
        half[i] = 2 * p.cluster.code[i] + (i % 2);
        third[i] = (double)(i % 3);
    }
    hu_factor effects[2];
    hu_factor_numbers(half, p.n, arena, &effects[0]);
    hu_factor_numbers(third, p.n, arena, &effects[1]);
    static const hu_correction all[] = {HU_CR0, HU_CR2, HU_CR3};
    for (size_t c = 0; c < 3; c++) {
        double se[2], df[2];
        for (int dummies = 0; dummies < 2; dummies++) {
            hu_with_effects e;
            hu_fit on;
            hu_clustered *sums;
            double *variance, *freedom;
            CHECK_OK(hu_put_effects(p.y, p.x + p.n, p.n, 1, NULL, effects, 2, &p.cluster, dummies, arena, &e));
            assert_int_equal(e.first, dummies ? 1 + 11 + 2 : 2);
            CHECK_OK(hu_least_squares(e.x, e.n, e.k, e.y, NULL, arena, &on));
            CHECK_OK(hu_cluster_sums(&on, e.x, NULL, &p.cluster, arena, &sums));
            CHECK_OK(hu_few_clusters_variance(sums, all[c], 0, NULL, 0, arena, &variance, &freedom));
            se[dummies] = sqrt(variance[e.first * (e.k + 1)]);
            df[dummies] = freedom[e.first];
        }
        assert_true(fabs(se[0] / se[1] - 1) < 1e-7);
        check_close(df[0], df[1], 1e-7, "df");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrections_match_the_peer),    cmocka_unit_test(wild_bootstrap_matches_every_sign_vector),
        cmocka_unit_test(drawn_weights_agree_with_all),  cmocka_unit_test(bias_reduced_is_its_definition),
        cmocka_unit_test(jackknife_leaves_out_clusters), cmocka_unit_test(nested_effects_may_be_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
