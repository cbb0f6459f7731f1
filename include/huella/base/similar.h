#ifndef HUELLA_BASE_SIMILAR_H
#define HUELLA_BASE_SIMILAR_H

#include "huella/base/text.h"

/**
 * Texts that are nearly the same, without comparing each to each.
 *
 * A text is the set of its shingles: runs of HU_SHINGLE words (letters and digits; blanks and punctuation do not
 * count). The similarity of two texts is Jaccard's: shingles in both over shingles in either. A signature estimates it
 * with a standard error of sqrt(J (1 - J) / HU_SIGNATURE), at most 0.044.
 *
 * Source: Broder (1997), On the resemblance and containment of documents; one permutation hashing of Li, Owen & Zhang
 * (2012) with the optimal densification of Shrivastava (2017); bands after Indyk & Motwani (1998).
 */
enum { HU_SHINGLE = 5, HU_SIGNATURE = 128 };

typedef struct hu_signature {
    uint32_t least[HU_SIGNATURE]; /* of the hashes in each bin; all 0 for a text without words */
} hu_signature;

/** `text` as hu_fold gives it. The same on every machine. Cost: one pass. */
void hu_signature_of(const char *text, size_t length, hu_signature *signature);

/** The estimated similarity, 0 … 1; 0 when a text has no words. */
double hu_signature_similarity(const hu_signature *a, const hu_signature *b);

/**
 * Groups of texts that are the same by `agree`, which is asked of pairs whose estimated similarity is at least `least`
 * and of one text a group only: being the same is taken to be transitive. Pairs at 0.5 are looked at with a
 * probability of 0.996, at 0.6 of 0.9999.
 *
 * group    n of them: the first text (smallest index) of the group that each belongs to; its own index when alone
 *
 * Cost: O(n log n), and the pairs that look alike.
 */
typedef bool hu_agree(void *context, size_t a, size_t b, double similarity);
void hu_similar_groups(const hu_signature *signatures, size_t n, double least, hu_agree *agree, void *context,
                       size_t *group);

#endif
