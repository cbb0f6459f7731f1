# Makes own_counts.csv (simulated) and own_counts.json: GLMs with clustered errors by sandwich and clubSandwich.
set.seed(18380)
library(clubSandwich); library(sandwich); library(MASS)
G <- 20; pair <- rep(1:10, each = 2); z <- as.vector(sapply(1:10, function(i) sample(0:1)))
rows <- do.call(rbind, lapply(1:G, function(g) {
  n <- 4 + g %% 3
  u <- rnorm(1, 0, .3)
  base <- round(rnorm(n, 3 + pair[g] / 5, 1), 2)
  months <- sample(6:16, n, TRUE)
  mu <- months * exp(-1.8 + .15 * base + .35 * z[g] + u + rnorm(n, 0, .3))
  data.frame(district = sprintf("D%02d", g), pair = pair[g], z = z[g], base, months, cases = rpois(n, mu),
             found = rbinom(n, 1, plogis(-.6 + .2 * base + .6 * z[g] + u)))
}))
rows$sex <- sample(c("f", "m"), nrow(rows), TRUE); rows$rank <- sample(1:3, nrow(rows), TRUE)
rows$score <- round(20 + 2 * rows$base + rows$z * (1 + 2 * (rows$sex == "m")) + rnorm(nrow(rows), 0, 3), 1)
write.csv(rows, "own_counts.csv", row.names = FALSE, quote = FALSE)
one <- function(m, term = "z", k = NULL) {
  v0 <- vcovCR(m, rows$district, "CR0"); v2 <- vcovCR(m, rows$district, "CR2")
  ct <- coef_test(m, v2, test = "Satterthwaite")
  i <- which(names(coef(m)) == term)
  d <- m$family$mu.eta(m$linear.predictors); r <- d / sqrt(m$family$variance(fitted(m)))
  X <- r * model.matrix(m); y <- drop(X %*% coef(m)) + r * (m$y - fitted(m)) / d
  l <- lm(y ~ 0 + X); vw <- vcovCR(l, rows$district, "CR2"); cw <- coef_test(l, vw, test = "Satterthwaite"); V2 <<- vw
  list(se_CR2_scaled = sqrt(vw[i, i]), df_CR2_scaled = cw$df_Satt[i], p_CR2_scaled = cw$p_Satt[i], coefficient = unname(coef(m)[i]), se_CR0 = sqrt(v0[i, i]), se_CR2 = sqrt(v2[i, i]), df_CR2 = ct$df_Satt[i], p_CR2 = ct$p_Satt[i],
       pearson = sum(residuals(m, "pearson")^2) / df.residual(m),
       se_HC2 = sqrt(vcovHC(m, "HC2")[i, i]), se_HC3 = sqrt(vcovHC(m, "HC3")[i, i]))
}
ctl <- glm.control(epsilon = 1e-14, maxit = 200)
out <- list()
out$poisson <- one(glm(cases ~ z + offset(log(months)), poisson, rows, control = ctl))
out$poisson_pairs <- one(glm(cases ~ z + base + factor(pair) + offset(log(months)), poisson, rows, control = ctl))
# moment estimate of theta alternating with the fit
m <- glm(cases ~ z + base + offset(log(months)), poisson, rows, control = ctl); theta <- Inf
for (i in 1:500) {
  t0 <- theta; theta <- as.numeric(theta.mm(rows$cases, fitted(m), df.residual(m), limit = 1000, eps = 1e-14))
  m <- glm(cases ~ z + base + offset(log(months)), negative.binomial(theta), rows, control = ctl, start = coef(m))
  if (is.finite(t0) && abs(theta - t0) < 1e-13 * theta) break
}
out$negbin <- c(one(m), alpha = 1 / theta)
m <- glm(found ~ z + base, binomial, rows, control = ctl); out$logit <- one(m); VS <- V2
ame <- function(b) { X <- model.matrix(m); X1 <- X0 <- X; X1[, "z"] <- 1; X0[, "z"] <- 0; mean(plogis(X1 %*% b) - plogis(X0 %*% b)) }
b <- coef(m); g <- sapply(seq_along(b), function(j) { h <- 1e-5; e <- replace(0 * b, j, h); (ame(b - 2*e) - 8*ame(b - e) + 8*ame(b + e) - ame(b + 2*e)) / (12 * h) })
out$logit$marginal <- ame(b); out$logit$marginal_se_CR2 <- sqrt(drop(g %*% VS %*% g))
# Mantel-Haenszel over all 1024 assignments of pairs, brute force
d <- aggregate(cbind(cases, months) ~ district + pair + z, rows, sum); d <- d[order(d$district), ]
mh <- function(z, y) sum(sapply(1:10, function(s) { i <- d$pair == s; sum(y[i & z == 1]) * sum(d$months[i & z == 0]) / sum(d$months[i]) })) /
  sum(sapply(1:10, function(s) { i <- d$pair == s; sum(y[i & z == 0]) * sum(d$months[i & z == 1]) / sum(d$months[i]) }))
all <- as.matrix(expand.grid(rep(list(0:1), 10)))
p_at <- function(r) { y0 <- d$cases / r^d$z; obs <- abs(log(mh(d$z, y0)));
  mean(apply(all, 1, function(a) { z <- integer(20); z[d$pair == 0] <- 0; for (s in 1:10) { i <- which(d$pair == s); z[i] <- c(a[s], 1 - a[s]) }; abs(log(mh(z, y0))) >= obs * (1 - 1e-9) })) }
out$mantel_haenszel <- list(ratio = mh(d$z, d$cases), p = p_at(1), at = c(1.1, 1.2, 1.6, 1.8, 2), p_at = sapply(c(1.1, 1.2, 1.6, 1.8, 2), p_at))
# effects by subgroup
by <- function(f, groups, strata) {
  rows$g <- factor(rows[[groups]])
  m <- lm(update(f, ~ . + g + g:z), rows); i <- grep("(^z:g|g.*:z$)", names(coef(m)))
  V <- vcovCR(m, rows$district, "CR2"); C <- diag(length(coef(m)))[i, , drop = FALSE]
  w <- Wald_test(m, constraints = C, vcov = V, test = "Naive-F")
  r <- list(wald = w$Fstat, df1 = w$df_num, df2 = w$df_denom, p = w$p_val)
  if (length(i) == 1) { ct <- coef_test(m, V, test = "Satterthwaite"); r <- c(r, list(difference = unname(coef(m)[i]), se = sqrt(V[i, i]), df_CR2 = ct$df_Satt[i], p_CR2 = ct$p_Satt[i])) }
  r
}
out$by_sex <- by(score ~ z + base, "sex"); out$by_rank <- by(score ~ z + factor(pair), "rank")
# one constant effect tested over all 1024 assignments of pairs, at the effect 2 and at its estimate
e <- function(v) residuals(lm(v ~ factor(rows$pair)))
dg <- function(v, z) sapply(1:3, function(g) { i <- rows$rank == g; mean(e(v)[i & z == 1]) - mean(e(v)[i & z == 0]) })
ng <- table(rows$rank); Z <- apply(all, 1, function(a) { zd <- integer(20); for (s in 1:10) { i <- which(d$pair == s); zd[i] <- c(a[s], 1 - a[s]) }; zd[match(rows$district, d$district)] })
Q <- function(b, z) { x <- dg(rows$score - b * rows$z, z); sum(ng * x^2) - sum(ng * x)^2 / sum(ng) }
est <- sum(ng * dg(rows$score, rows$z)) / sum(ng * dg(rows$z, rows$z))
p_of <- function(b) { o <- Q(b, rows$z); mean(apply(Z, 2, function(z) Q(b, z)) >= o * (1 - 1e-9)) }
out$by_rank_exact <- list(estimate = est, p_at_estimate = p_of(est))
cat(jsonlite::toJSON(list(made_by = "R 4.2.2: glm, MASS::theta.mm, sandwich 3.0-2, clubSandwich 0.5.8; randomization by enumeration", runs = out), auto_unbox = TRUE, digits = 15, pretty = TRUE), file = "own_counts.json")
