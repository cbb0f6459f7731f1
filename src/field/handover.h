#ifndef HUELLA_FIELD_HANDOVER_H
#define HUELLA_FIELD_HANDOVER_H

/*
 * Inside field/: hand-over sheets. A sheet carries a link by which the receiving office answers without an account. The
 * link is 16 random bytes and 16 of their HMAC: a guessed one is refused before the store is asked. The store holds its
 * hash only. Each step is taken once by a link; a later sheet takes the place of the earlier; after HANDOVER_LIFE it
 * serves no more.
 */

#include "referral_store.h"

enum { HANDOVER_LIFE = 30 * 24 * 3600 };

/** A new link's secret. */
const char *handover_new(call *c);
/** Keeps it (its hash) for a referral; earlier links of the referral serve no more. */
hu_error *handover_keep(call *c, const char *secret, const char *referral_id);
/** The referral that a link answers; *found false: it is none, or serves no more. */
hu_error *handover_find(call *c, const char *secret, referral *one, bool *found);
/** Takes a step by the link: *used when it took this step before; nothing changes then. */
hu_error *handover_take(call *c, const char *secret, referral *one, const char *to, const char *note, bool *used);
/** A word of rules/handover.yaml in a language: "sheet", "title"; what is not there is shown as its key. */
const char *handover_word(const call *c, const char *group, const char *key, const char *language);
/** Gives back what Cairo and Fontconfig keep for the life of the process; when nothing draws any more. */
void handover_forget_fonts(void);

/** The sheet as PDF. */
hu_error *handover_draw(call *c, const referral *one, const json_t *person, const char *secret, const char *language,
                        hu_buf *pdf);

#endif
