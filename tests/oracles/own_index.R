# Makes own_index.csv (simulated) and own_index.json: Anderson's and Kling, Liebman & Katz's indices by base R.
set.seed(2008); n <- 60
f <- rnorm(n); z <- rep(0:1, n / 2)
d <- data.frame(z, a = round(5 + f + rnorm(n) + .5 * z, 2), b = round(50 + 9 * f + 8 * rnorm(n), 1), c = round(-f + rnorm(n), 2), d = round(rnorm(n, 1, 3), 2))
d$a[c(3, 10)] <- NA; d$b[c(10, 20)] <- NA; d[10, c("c", "d")] <- NA; d$c[33] <- NA
write.csv(d, "own_index.csv", row.names = FALSE, na = "", quote = FALSE)
x <- d[, c("a", "b", "c", "d")]; sg <- c(1, 1, -1, 1)
out <- list()
for (ref in c("control", "all")) {
  r <- if (ref == "control") d$z == 0 else rep(TRUE, n)
  zz <- sapply(1:4, function(j) sg[j] * (x[, j] - mean(x[r, j], na.rm = TRUE)) / sd(x[r, j], na.rm = TRUE))
  S <- cov(zz, use = "pairwise.complete.obs"); w <- rowSums(solve(S)); w <- w / sum(w)
  ind <- apply(zz, 1, function(v) if (all(is.na(v))) NA else weighted.mean(v, w, na.rm = TRUE))
  k <- zz; for (j in 1:4) for (g in 0:1) k[is.na(k[, j]) & d$z == g, j] <- mean(zz[d$z == g, j], na.rm = TRUE)
  k <- rowMeans(k); k[rowSums(!is.na(x)) == 0] <- NA
  out[[ref]] <- list(weights = w, anderson = ind, klk = k)
}
cat(jsonlite::toJSON(list(made_by = "R 4.2.2, base functions", runs = out), auto_unbox = TRUE, digits = 15, pretty = TRUE, na = "null"), file = "own_index.json")
