# Makes own_items.csv (simulated) and own_items.json: psych::alpha, and the 2PL and Rasch by direct maximisation of the
# marginal likelihood over a fine grid (an implementation independent of EM and of Gauss-Hermite).
suppressMessages(library(psych)); set.seed(40)
n <- 350; k <- 9; t <- rnorm(n); a <- c(.6, .9, 1.2, 1.5, 1, 2, .8, 1.3, .5); d <- c(1, .5, 0, -.5, -1, .8, -.2, 1.5, .1)
x <- sapply(1:k, function(j) rbinom(n, 1, plogis(a[j] * t + d[j])))
x[cbind(sample(n, 60, TRUE), sample(k, 60, TRUE))] <- NA
colnames(x) <- paste0("q", 1:k)
likert <- sapply(1:4, function(j) pmin(pmax(round(3 + .8 * t + rnorm(n)), 1), 5)); colnames(likert) <- paste0("v", 1:4)
dat <- data.frame(person = sprintf("P%03d", 1:n), x, likert)
write.csv(dat, "own_items.csv", row.names = FALSE, na = "", quote = FALSE)
g <- seq(-9, 9, length.out = 2001); w <- dnorm(g); lw <- log(w / sum(w))
nll <- function(a, d, post = FALSE) {
  P <- plogis(outer(g, a) + rep(d, each = length(g)), log.p = TRUE); Q <- plogis(outer(g, a) + rep(d, each = length(g)), lower.tail = FALSE, log.p = TRUE)
  x1 <- x; x1[is.na(x1)] <- 0; x0 <- 1 - x; x0[is.na(x0)] <- 0
  L <- P %*% t(x1) + Q %*% t(x0) + lw; mx <- apply(L, 2, max); E <- exp(sweep(L, 2, mx)); s <- colSums(E)
  if (post) { e <- colSums(E * g) / s; v <- colSums(E * g^2) / s - e^2; return(list(e = e, se = sqrt(v))) }
  -sum(mx + log(s))
}
gr <- function(f, p) sapply(seq_along(p), function(i) { h <- 1e-4; e <- replace(0 * p, i, h); (f(p - 2*e) - 8*f(p - e) + 8*f(p + e) - f(p + 2*e)) / (12 * h) })
best <- function(f, p) { for (i in 1:6) { o <- optim(p, f, function(p) gr(f, p), method = "BFGS", control = list(maxit = 500, reltol = 1e-16)); p <- o$par }; o }
f2 <- function(p) nll(p[1:k], p[k + 1:k]); o2 <- best(f2, c(rep(1, k), rep(0, k)))
fr <- function(p) nll(rep(p[1], k), p[-1]); or <- best(fr, c(1, rep(0, k)))
fp <- function(p) nll(p[1:k], p[k + 1:k]) + sum(log(p[1:k])^2) / (2 * .25); op <- best(fp, c(rep(1, k), rep(0, k)))
ps <- nll(o2$par[1:k], o2$par[k + 1:k], TRUE)
cl <- suppressWarnings(psych::alpha(as.data.frame(likert)))
al <- suppressWarnings(psych::alpha(as.data.frame(x[complete.cases(x), ])))
out <- list(made_by = "R 4.2.2; psych 2.2.9 for alpha and item-rest correlations; optim (BFGS) on the marginal likelihood over 2,001 points",
  two = list(a = o2$par[1:k], d = o2$par[k + 1:k], loglik = -o2$value, score = ps$e[1:40], se = ps$se[1:40]),
  rasch = list(a = or$par[1], d = or$par[-1], loglik = -or$value), prior = list(sd = .5, a = op$par[1:k], d = op$par[k + 1:k]),
  likert = list(alpha = cl$total$raw_alpha, feldt = unlist(cl$feldt[c("lower.ci", "upper.ci")]), rest = cl$item.stats$r.drop, without = cl$alpha.drop$raw_alpha, mean = cl$item.stats$mean, sd = cl$item.stats$sd),
  complete = list(alpha = al$total$raw_alpha, rest = al$item.stats$r.drop))
cat(jsonlite::toJSON(out, auto_unbox = TRUE, digits = 15, pretty = TRUE), file = "own_items.json")
