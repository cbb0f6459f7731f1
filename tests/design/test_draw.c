/* Draws: each design gives what it says, and exact tests over it hold their level. */

#include "drawn.h"

#include "huella/base/random.h"

/* --- what is drawn --- */

static void counts(const hu_draw *draw, size_t stratum, size_t out[2])
{
    out[0] = out[1] = 0;
    for (size_t i = 0; i < draw->units; i++)
        if (draw->stratum[i] == stratum)
            out[draw->arm[i]]++;
}

static void designs_keep_their_counts(void **state)
{
    (void)state;
    static const hu_draw_method methods[] = {HU_DRAW_COMPLETE, HU_DRAW_STRATIFIED, HU_DRAW_PAIRS};
    static const size_t strata[] = {1, 2, 4}, each[] = {4, 2, 1};
    for (uint64_t seed = 0; seed < 20; seed++)
        for (size_t m = 0; m < 3; m++) {
            HU_SCRATCH(arena);
            hu_draw *draw = drawn_of(units_of_eight, methods[m], seed, arena);
            assert_int_equal(draw->strata, strata[m]);
            for (size_t s = 0; s < draw->strata; s++) {
                size_t n[2];
                counts(draw, s, n);
                assert_int_equal(n[0], each[m]);
                assert_int_equal(n[1], each[m]);
            }
        }
}

static void the_same_seed_draws_the_same_and_all_allocations_come(void **state)
{
    (void)state;
    unsigned seen[256] = {0}, different = 0;
    for (uint64_t seed = 0; seed < 3500; seed++) {
        HU_SCRATCH(arena);
        hu_draw *draw = drawn_of(units_of_eight, HU_DRAW_COMPLETE, seed, arena);
        unsigned bits = drawn_bits(draw->arm, 8);
        CHECK_OK(hu_draw_run(draw, seed, arena));
        assert_int_equal(drawn_bits(draw->arm, 8), bits);
        different += seen[bits]++ == 0;
    }
    assert_int_equal(different, 70);
    double chi_square = 0; /* 70 cells of 50 expected: its mean is 69, its standard deviation 11.7 */
    for (size_t i = 0; i < 256; i++)
        chi_square += seen[i] ? pow(seen[i] - 50.0, 2) / 50 : 0;
    assert_true(chi_square < 69 + 5 * 11.7);
}

/* Strata of three and five: what is over goes to the arms in turn, so that the arms are equal in all. */
static void odd_strata_even_out(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_draw *draw = drawn_of("unit,area,reports,people\na,x,1,5\nb,x,2,1\nc,x,3,9\nd,y,4,2\ne,y,7,7\nf,y,9,1\ng,y,5,4\n"
                             "h,y,2,8\n",
                             HU_DRAW_STRATIFIED, 7, arena);
    size_t n[2], m[2];
    counts(draw, 0, n);
    counts(draw, 1, m);
    assert_int_equal(n[1], 2);
    assert_int_equal(m[0], 3);
    assert_int_equal(n[0] + m[0], 4);
}

/* n1 n0 / n d'S^-1 d with S the sample covariance, written out for two covariates. */
static double mahalanobis(unsigned bits)
{
    static const double x[8][2] = {{3, 120}, {9, 340}, {4, 100}, {12, 280}, {7, 510}, {1, 90}, {15, 410}, {6, 330}};
    double mean[2] = {0}, s[2][2] = {{0}}, d[2] = {0};
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 2; j++) {
            mean[j] += x[i][j] / 8;
            d[j] += (bits >> i & 1 ? 1 : -1) * x[i][j] / 4;
        }
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 2; j++)
            for (size_t k = 0; k < 2; k++)
                s[j][k] += (x[i][j] - mean[j]) * (x[i][k] - mean[k]) / 7;
    double det = s[0][0] * s[1][1] - s[0][1] * s[1][0];
    return 2 * (d[0] * d[0] * s[1][1] - 2 * d[0] * d[1] * s[0][1] + d[1] * d[1] * s[0][0]) / det;
}

static void re_randomization_accepts_what_it_says(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_draw *draw = drawn_of(units_of_eight, HU_DRAW_RERANDOMIZED, 5, arena);
    size_t accepted = 0, listed = 0;
    for (unsigned bits = 0; bits < 256; bits++)
        accepted += __builtin_popcount(bits) == 4 && mahalanobis(bits) <= draw->setup.threshold;
    assert_int_equal(accepted, 28); /* 0.4 of 70: mirror images come in twos */
    check_close(draw->setup.acceptance, 0.4, 1e-12, "acceptance");
    hu_assignments *all = drawn_assignments(draw, &(hu_assignment_options){.exact = true}, arena);
    assert_true(all->exact);
    assert_int_equal(all->count, accepted);
    bool seen[256] = {0};
    for (size_t part = 0; part < all->parts; part++) {
        hu_walk *walk = hu_walk_start(all, part, arena);
        while (hu_walk_next(walk)) {
            unsigned bits = drawn_bits(walk->label, 8);
            assert_true(mahalanobis(bits) <= draw->setup.threshold && !seen[bits]);
            seen[bits] = true;
            listed++;
        }
    }
    assert_int_equal(listed, accepted);
    assert_true(seen[drawn_bits(draw->arm, 8)]);
}

/* Units that are held keep their arm, and what is listed for the others fits to it. */
static void held_units_stay_as_drawn(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_draw *draw = drawn_of(units_of_eight, HU_DRAW_RERANDOMIZED, 5, arena);
    const uint32_t free_units[] = {6, 0, 3, 5, 1, 2};
    unsigned held = drawn_bits(draw->arm, 8) & 0x90, expected = 0, listed = 0; /* units 4 and 7 */
    for (unsigned bits = 0; bits < 256; bits++)
        expected +=
            __builtin_popcount(bits) == 4 && (bits & 0x90) == held && mahalanobis(bits) <= draw->setup.threshold;
    hu_assignments *all;
    CHECK_OK(hu_draw_assignments(draw, free_units, 6, NULL, &(hu_assignment_options){0}, 1, arena, &all));
    for (size_t part = 0; part < all->parts; part++) {
        hu_walk *walk = hu_walk_start(all, part, arena);
        while (hu_walk_next(walk)) {
            unsigned bits = held;
            for (size_t i = 0; i < 6; i++)
                bits |= walk->label[i] << free_units[i];
            assert_true(mahalanobis(bits) <= draw->setup.threshold);
            listed++;
        }
    }
    assert_int_equal(listed, expected);
}

/* --- minimisation against the tree of its choices, written out --- */

enum { SIX = 6 };
static const char units_of_six[] =
    "unit,area,reports,people\na,x,1,10\nb,x,2,20\nc,y,1,10\nd,y,2,20\ne,x,1,20\nf,x,2,20\n";
static const int factor_a[SIX] = {0, 1, 0, 1, 0, 1}, factor_b[SIX] = {0, 1, 0, 1, 1, 1};

static void grow(size_t at, unsigned bits, double probability, double coin, double *out)
{
    if (at == SIX) {
        out[bits] += probability;
        return;
    }
    int imbalance[2];
    for (int arm = 0; arm < 2; arm++) {
        int total = arm ? 1 : -1, a = total, b = total;
        for (size_t i = 0; i < at; i++) {
            int sign = bits >> i & 1 ? 1 : -1;
            total += sign;
            a += factor_a[i] == factor_a[at] ? sign : 0;
            b += factor_b[i] == factor_b[at] ? sign : 0;
        }
        imbalance[arm] = abs(total) + abs(a) + abs(b);
    }
    double treated = imbalance[0] == imbalance[1] ? 0.5 : imbalance[1] < imbalance[0] ? coin : 1 - coin;
    grow(at + 1, bits, probability * (1 - treated), coin, out);
    grow(at + 1, bits | 1u << at, probability * treated, coin, out);
}

static void minimisation_follows_its_tree(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double probability[64] = {0}, chi_square = 0;
    unsigned count[64] = {0}, cells = 0;
    grow(0, 0, 1, 0.8, probability);
    hu_draw *draw = drawn_of(units_of_six, HU_DRAW_MINIMISATION, 1, arena);
    enum { DRAWS = 40000 };
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        HU_SCRATCH(room);
        CHECK_OK(hu_draw_run(draw, seed, room));
        count[drawn_bits(draw->arm, SIX)]++;
    }
    for (size_t i = 0; i < 64; i++)
        if (probability[i] * DRAWS >= 5) {
            chi_square += pow(count[i] - probability[i] * DRAWS, 2) / (probability[i] * DRAWS);
            cells++;
        }
    assert_true(chi_square < cells + 5 * sqrt(2.0 * cells));
}

/* --- level: under no effect, p falls to alpha or below in at most alpha of the draws --- */

static void exact_tests_hold_their_level(void **state)
{
    (void)state;
    static const hu_draw_method methods[] = {HU_DRAW_COMPLETE, HU_DRAW_STRATIFIED, HU_DRAW_PAIRS, HU_DRAW_RERANDOMIZED};
    for (size_t m = 0; m < 4; m++) {
        HU_SCRATCH(arena);
        hu_draw *draw = drawn_of(units_of_eight, methods[m], 3, arena);
        hu_assignments *all = drawn_assignments(draw, &(hu_assignment_options){.exact = true}, arena);
        double *p = HU_NEW_ARRAY(arena, double, all->count);
        for (size_t part = 0; part < all->parts; part++) {
            hu_walk *walk = hu_walk_start(all, part, arena);
            while (hu_walk_next(walk)) /* each allocation in turn is the one that was drawn */
                p[walk->index] = drawn_p(all, drawn_bits(walk->label, 8), arena);
        }
        for (uint64_t i = 0; i < all->count; i++) {
            uint64_t below = 0;
            for (uint64_t j = 0; j < all->count; j++)
                below += p[j] <= p[i] + 1e-12;
            assert_true((double)below / (double)all->count <= p[i] + 1e-9);
        }
    }
}

static void replays_of_minimisation_hold_their_level(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double probability[64] = {0}, p[64];
    grow(0, 0, 1, 0.8, probability);
    hu_draw *draw = drawn_of(units_of_six, HU_DRAW_MINIMISATION, 1, arena);
    for (unsigned bits = 0; bits < 64; bits++) {
        HU_SCRATCH(room);
        for (size_t i = 0; i < SIX; i++)
            draw->arm[i] = bits >> i & 1;
        hu_assignments *all = drawn_assignments(draw, &(hu_assignment_options){.draws = 4000, .seed = 11}, room);
        assert_false(all->exact);
        p[bits] = drawn_p(all, bits, room);
    }
    for (double alpha = 0.05; alpha < 0.6; alpha += 0.05) {
        double below = 0;
        for (unsigned bits = 0; bits < 64; bits++)
            below += p[bits] <= alpha ? probability[bits] : 0;
        assert_true(below <= alpha + 4 * sqrt(alpha * (1 - alpha) / 4000));
    }
    hu_assignments *all;
    CHECK_FAILS(
        hu_draw_assignments(draw, (uint32_t[]){0, 1}, 2, NULL, &(hu_assignment_options){.exact = true}, 1, arena, &all),
        HU_USAGE, "same chance");
}

/* --- balance, refusals --- */

static void balance_is_tested_over_the_design(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_draw *draw = drawn_of(units_of_eight, HU_DRAW_RERANDOMIZED, 5, arena);
    hu_draw_balance *b;
    CHECK_OK(hu_draw_check_balance(draw, 1, 1, arena, &b));
    unsigned drawn = drawn_bits(draw->arm, 8);
    size_t as_far = 0, all = 0;
    for (unsigned bits = 0; bits < 256; bits++)
        if (__builtin_popcount(bits) == 4 && mahalanobis(bits) <= draw->setup.threshold) {
            all++;
            as_far += mahalanobis(bits) >= mahalanobis(drawn) - 1e-9;
        }
    check_close(b->joint, mahalanobis(drawn), 1e-9, "joint distance");
    check_close(b->joint_p, (double)as_far / (double)all, 1e-12, "joint p");
    check_close(b->rows[0].mean[1] - b->rows[0].mean[0], b->rows[0].difference, 1e-12, "difference");
}

static void what_cannot_be_drawn_says_why(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const struct {
        const char *table;
        hu_draw_setup setup;
        hu_code code;
        const char *says;
    } cases[] = {
        {"unit,reports,people\na,1,2\na,2,3\n", {.arms = two_arms, .unit = "unit"}, HU_BAD_INPUT, "a stands twice"},
        {"unit,reports,people\na,1,2\nb,,3\n",
         {.method = HU_DRAW_PAIRS, .arms = two_arms, .unit = "unit", .balance = balanced},
         HU_BAD_INPUT,
         "units.csv:3"},
        {"unit,reports,people\na,1,2\nb,2,4\nc,3,6\nd,5,10\n",
         {.method = HU_DRAW_PAIRS, .arms = two_arms, .unit = "unit", .balance = balanced},
         HU_SINGULAR,
         "\"people\" is constant or a combination"},
        {"unit,reports,people\na,1,2\nb,2,9\nc,3,6\n",
         {.method = HU_DRAW_PAIRS, .arms = two_arms, .unit = "unit", .balance = balanced},
         HU_BAD_INPUT,
         "even number"},
        {"unit,reports\na,1\nb,2\n",
         {.method = HU_DRAW_STRATIFIED, .arms = two_arms, .unit = "unit"},
         HU_USAGE,
         "strata"},
        {"unit,reports\na,1\nb,2\n",
         {.method = HU_DRAW_MINIMISATION, .arms = two_arms, .unit = "unit"},
         HU_USAGE,
         "needs covariates"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hu_draw *draw;
        CHECK_FAILS(hu_draw_prepare(drawn_table(cases[i].table, arena), &cases[i].setup, arena, &draw), cases[i].code,
                    cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designs_keep_their_counts),
        cmocka_unit_test(the_same_seed_draws_the_same_and_all_allocations_come),
        cmocka_unit_test(odd_strata_even_out),
        cmocka_unit_test(re_randomization_accepts_what_it_says),
        cmocka_unit_test(held_units_stay_as_drawn),
        cmocka_unit_test(minimisation_follows_its_tree),
        cmocka_unit_test(exact_tests_hold_their_level),
        cmocka_unit_test(replays_of_minimisation_hold_their_level),
        cmocka_unit_test(balance_is_tested_over_the_design),
        cmocka_unit_test(what_cannot_be_drawn_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
