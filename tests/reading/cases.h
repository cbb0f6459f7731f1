#ifndef HUELLA_TESTS_READING_CASES_H
#define HUELLA_TESTS_READING_CASES_H

/* Operative parts in a frame, and what is to be read of each defendant. */

#include "read.h"

/* One defendant as "verdict>final 120m13d effective ban=60 trial=24 fine=200 pen=5000 joint offence", what is unknown
 * left out. */
static inline const char *summary(fixture *f, const hu_reading *r, size_t who)
{
    static const struct {
        const char *key, *sign;
    } numbers[] = {{"disqualification_months", "ban"},
                   {"probation_months", "trial"},
                   {"day_fines", "fine"},
                   {"reparation_pen", "pen"}};
    HU_BUF(out);
#define KEY(name) hu_printf(f->arena, "defendants[%zu]." name, who)
    hu_buf_printf(&out, "%s>%s", value(r, KEY("verdict")), value(r, KEY("final_verdict")));
    if (hu_reading_find(r, KEY("prison_months")))
        hu_buf_printf(&out, " %gm", number(r, KEY("prison_months")));
    if (hu_reading_find(r, KEY("prison_days")))
        hu_buf_printf(&out, "%gd", number(r, KEY("prison_days")));
    if (hu_reading_find(r, KEY("prison_kind")))
        hu_buf_printf(&out, " %s", value(r, KEY("prison_kind")));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *key = hu_printf(f->arena, "defendants[%zu].%s", who, numbers[i].key);
        if (hu_reading_find(r, key))
            hu_buf_printf(&out, " %s=%g", numbers[i].sign, number(r, key));
    }
    const hu_finding *joint = hu_reading_find(r, KEY("reparation_joint"));
    if (joint && joint->truth)
        hu_buf_add_text(&out, " joint");
    for (size_t i = 0; i < 4; i++) {
        const char *key = hu_printf(f->arena, "defendants[%zu].convicted[%zu]", who, i);
        if (hu_reading_find(r, key))
            hu_buf_printf(&out, " %s", value(r, key));
    }
#undef KEY
    return hu_strdup(f->arena, out.data);
}

typedef struct hu_case {
    const char *accused; /* as the header names them */
    const char *ruling;
    const char *expected[4]; /* in the order of the header */
} hu_case;

/* What stands before the names, between names and ruling, and behind. */
typedef struct hu_frame {
    const char *before, *between, *behind;
} hu_frame;

static inline void check_cases(fixture *f, const hu_frame *frame, const hu_case *cases, size_t n)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        hu_reading *r = read_text(f, hu_printf(f->arena, "%s%s%s%s%s", frame->before, cases[i].accused, frame->between,
                                               cases[i].ruling, frame->behind));
        for (size_t who = 0; who < 4 && cases[i].expected[who]; who++) {
            const char *read = who < r->n_defendants ? summary(f, r, who) : "(nobody)";
            if (strcmp(read, cases[i].expected[who]) == 0)
                continue;
            wrong++;
            print_message("case %zu, defendant %zu:\n  %.300s\n  read     %s\n  expected %s\n", i, who, cases[i].ruling,
                          read, cases[i].expected[who]);
        }
    }
    assert_int_equal(wrong, 0);
}

#endif
