#!/usr/bin/env python3
"""Makes accounting.csv: epsilons by Google's dp-accounting 0.6.0 (pip install dp-accounting==0.6.0 scipy mpmath).

Columns: accountant, mechanism, rate, noise, count, delta, a, b, scale, epsilon; by mechanism:
  gaussian        a, b unused
  wor             a = sample, b = population; noise relative to the sensitivity of one replacement
  truncated       a = largest sample, b = population
  tree            a = leaves; count = trees
  zcdp            noise = rho
  dgauss, skellam1d   scalar integer noise; a = sensitivity
  ddgauss, skellam    a = clients, b = dimension, scale = integers per unit; clip 1, beta exp(-1/2)
The integer mechanisms' Renyi bounds are not in dp-accounting; they are written out here from the papers.
Run:  python3 make_accounting_golden.py > accounting.csv     (a few minutes)
"""
import math
import numpy as np
from scipy import special, stats
from dp_accounting import dp_event as E
from dp_accounting.privacy_accountant import NeighboringRelation as N
from dp_accounting.pld import privacy_loss_distribution as P
from dp_accounting.rdp import rdp_privacy_accountant as R

INTEGERS = list(range(2, 129)) + [256]


def row(accountant, mechanism, rate, noise, count, delta, epsilon, a='', b='', scale=''):
    print(f'{accountant},{mechanism},{rate!r},{noise!r},{count},{delta!r},{a},{b},{scale},{float(epsilon)!r}', flush=True)


def rdp(event, delta, relation):
    accountant = R.RdpAccountant(neighboring_relation=relation)
    accountant.compose(event)
    return accountant.get_epsilon(delta)


def gaussian(q, s, t, d):
    event = E.SelfComposedDpEvent(E.PoissonSampledDpEvent(q, E.GaussianDpEvent(s)), t)
    row('rdp', 'gaussian', q, s, t, d, rdp(event, d, N.ADD_OR_REMOVE_ONE))
    base = P.from_gaussian_mechanism(s, sampling_prob=q) if q < 1 else P.from_gaussian_mechanism(s / math.sqrt(t))
    row('pld', 'gaussian', q, s, t, d, (base.self_compose(t) if q < 1 else base).get_epsilon_for_delta(d))


def exact(s, t, d):
    """Balle and Wang 2018, Theorem 8, for t plain Gaussians, in 50 digits."""
    import mpmath as m
    m.mp.dps = 50
    mu = m.sqrt(t) / m.mpf(s)
    f = lambda e: m.ncdf(mu / 2 - e / mu) - m.exp(e) * m.ncdf(-mu / 2 - e / mu) - m.mpf(d)
    low, high = m.mpf(0), mu * mu / 2 + 10 * mu + 10
    for _ in range(160):
        mid = (low + high) / 2
        low, high = (mid, high) if f(mid) > 0 else (low, mid)
    row('exact', 'gaussian', 1.0, s, t, d, high)


def integers(mechanism, q, t, d, noise, divergence, **extra):
    def sampled(a):
        if q == 1:
            return divergence(a)
        terms = [(a - 1) * math.log1p(-q) + math.log1p((a - 1) * q)]
        for l in range(2, a + 1):
            weight = special.gammaln(a + 1) - special.gammaln(l + 1) - special.gammaln(a - l + 1)
            weight += l * math.log(q) + (a - l) * math.log1p(-q) + (l - 1) * divergence(l)
            terms.append(weight + (math.log(3) if l > 2 else 0))
        return min(divergence(a), special.logsumexp(terms) / (a - 1))
    epsilon = R.compute_epsilon(INTEGERS, [t * sampled(a) for a in INTEGERS], d)[0]
    row('rdp', mechanism, q, noise, t, d, epsilon, **extra)


def distributed(n, dim, scale, z, q, t, d):
    root = math.sqrt(dim)
    beta = math.exp(-0.5)
    l2 = min(scale + root, math.sqrt(scale**2 + dim / 4 + math.sqrt(2 * math.log(1 / beta)) * (scale + root / 2)))
    l1 = l2 * min(root, l2)
    v = (z * scale)**2
    integers('skellam', q, t, d, z, lambda a: a * l2**2 / (2 * v) + min(
        ((2 * a - 1) * l2**2 + 6 * l1) / (4 * v**2), 3 * l1 / (2 * v)), a=n, b=dim, scale=scale)
    tau = 10 * sum(math.exp(-2 * math.pi**2 * v / n * k / (k + 1)) for k in range(1, n))
    s1, s2 = l1 / math.sqrt(v), l2 / math.sqrt(v)
    integers('ddgauss', q, t, d, z, lambda a: min(
        a / 2 * s2**2 + tau * dim, a / 2 * (s2**2 + 2 * s1 * tau + tau**2 * dim), a / 2 * (s2 + root * tau)**2),
        a=n, b=dim, scale=scale)


def connected(upper, lower, step=1e-4):
    """The connect-the-dots distribution of log(upper/lower) for two tables of log probabilities."""
    from dp_accounting.pld import pld_pmf
    masses, infinite = {}, 0.0
    for x, log_p in upper.items():
        if x not in lower:
            infinite += math.exp(log_p)
            continue
        loss = log_p - lower[x]
        cell = math.floor(loss / step)
        share = math.expm1(cell * step - loss) / math.expm1(-step)
        masses[cell + 1] = masses.get(cell + 1, 0) + share * math.exp(log_p)
        masses[cell] = masses.get(cell, 0) + (1 - share) * math.exp(log_p)
    return P.PrivacyLossDistribution(pld_pmf.create_pmf(masses, step, infinite, True))


def scalar(mechanism, deviation, sensitivity, q, t, d):
    if mechanism == 'dgauss':
        pld = P.from_discrete_gaussian_mechanism(
            deviation, sensitivity=sensitivity, sampling_prob=q, use_connect_dots=True).self_compose(t)
        row('pld', mechanism, q, deviation, t, d, pld.get_epsilon_for_delta(d), a=sensitivity)
        integers(mechanism, q, t, d, deviation, lambda a: a * sensitivity**2 / (2 * deviation**2), a=sensitivity)
        return
    v = deviation**2
    x = np.arange(-int(14 * deviation + 90), int(14 * deviation + 90) + 1)
    with np.errstate(divide='ignore'):
        logs = np.log(special.ive(np.abs(x), v))
    keep = np.isfinite(logs) & (logs > -85)
    low = {int(k): float(l) for k, l in zip(x[keep], logs[keep])}
    high = {k + sensitivity: l for k, l in low.items()}
    if q == 1:
        upper, lower = high, low
    else:
        upper = {k: np.logaddexp(math.log1p(-q) + low.get(k, -np.inf), math.log(q) + high.get(k, -np.inf))
                 for k in set(low) | set(high)}
        lower = low
    epsilons = []
    for a, b in ((upper, lower), (lower, upper)):
        epsilons.append(connected(a, b).self_compose(t).get_epsilon_for_delta(d))
    row('pld', mechanism, q, deviation, t, d, max(epsilons), a=sensitivity)
    integers(mechanism, q, t, d, deviation, lambda a: a * sensitivity**2 / (2 * v) + min(
        ((2 * a - 1) * sensitivity**2 + 6 * sensitivity) / (4 * v * v), 3 * sensitivity / (2 * v)), a=sensitivity)


print('accountant,mechanism,rate,noise,count,delta,a,b,scale,epsilon')
for q, s, t, d in (
        (.01, 1., 10000, 1e-5), (.01, .8, 1000, 1e-5), (.01, .6, 100, 1e-5), (.001, 1., 10000, 1e-6),
        (.1, 1., 30, 1e-4), (.1, 1., 100, 1e-3), (.2, 1., 20, 1e-3), (.5, 5., 500, 1e-5), (.3, .7, 30, 1e-2),
        (.01, 20., 10, 1e-5), (.05, 2., 200, 1e-8), (.02, 3., 5000, 1e-10), (.9, 2., 50, 1e-5), (.99, 1.3, 7, 1e-5),
        (1e-4, .5, 3000, 1e-6), (.25, .4, 3, 1e-3), (.003, 1.7, 100000, 1e-6), (.05, 1., 1, 1e-5), (.5, 1., 400, 1e-5),
        (.1, 50., 1000, 1e-7), (1., 1., 1, 1e-5), (1., 5., 100, 1e-5), (1., .5, 10, 1e-6), (1., 40., 200, 1e-9)):
    gaussian(q, s, t, d)
for s, t, d in ((1., 1, 1e-5), (5., 100, 1e-5), (.5, 10, 1e-6), (40., 200, 1e-9), (100., 1, 1e-3)):
    exact(s, t, d)
for m, n, s, t, d in (
        (100, 1000, 2., 100, 1e-4), (10, 100, 1.5, 100, 1e-3), (100, 10000, 1.2, 500, 1e-6), (50, 100, 4., 20, 1e-5),
        (1, 1000, .6, 100, 1e-5), (100, 1000, 10., 1000, 1e-6), (5, 5000, 2.5, 20000, 1e-6), (1000, 1000, 3., 5, 1e-5)):
    event = E.SelfComposedDpEvent(E.SampledWithoutReplacementDpEvent(n, m, E.GaussianDpEvent(s)), t)
    row('rdp', 'wor', m / n, s, t, d, rdp(event, d, N.REPLACE_ONE), a=m, b=n)
for trees, s, leaves, d in ((1, 5., 64, 1e-5), (5, 10., 100, 1e-5), (10, 20., 1024, 1e-5), (3, 2., 1, 1e-6), (2, 8., 63, 1e-6)):
    event = E.SelfComposedDpEvent(E.SingleEpochTreeAggregationDpEvent(s, leaves), trees)
    row('rdp', 'tree', 1., s, trees, d, rdp(event, d, N.REPLACE_SPECIAL), a=leaves)
for rho, t, d in ((.01, 1, 1e-6), (.1, 1, 1e-5), (.5, 1, 1e-5), (.002, 77, 1e-7)):
    row('rdp', 'zcdp', 1., rho, t, d, rdp(E.SelfComposedDpEvent(E.ZCDpEvent(rho), t), d, N.ADD_OR_REMOVE_ONE))
for q, s, t, d, m, n in ((.01, 1., 100, 1e-5, 120, 10000), (.01, 1., 100, 1e-5, 150, 10000), (.05, 2., 300, 1e-6, 60, 1000)):
    pld = P.from_truncated_subsampled_gaussian_mechanism(n, q, m, s).self_compose(t)
    row('pld', 'truncated', q, s, t, d, pld.get_epsilon_for_delta(d), a=m, b=n)
for s, sens, q, t, d in (
        (1., 1, 1., 1, 1e-5), (4., 2, 1., 10, 1e-5), (10., 1, 1., 100, 1e-6), (3., 1, .1, 100, 1e-5), (.7, 1, .01, 200, 1e-5)):
    scalar('dgauss', s, sens, q, t, d)
for s, sens, q, t, d in ((10., 3, 1., 10, 1e-5), (20., 1, 1., 100, 1e-6), (2., 1, .1, 50, 1e-5), (.8, 1, 1., 2, 1e-4)):
    scalar('skellam1d', s, sens, q, t, d)
for n, dim, scale, z, q, t, d in (
        (10, 1024, 64., 1., 1., 1, 1e-5), (100, 16384, 16., 1., 1., 10, 1e-5), (100, 16384, 64., 1., .1, 100, 1e-5),
        (100, 131072, 4., 1., 1., 10, 1e-5), (100, 131072, 256., 1., 1., 10, 1e-5), (10, 8192, 1000., 5., 1., 50, 1e-5),
        (50, 4096, 500., 4., .05, 200, 1e-6), (1, 64, 8., 2., .3, 5, 1e-4), (30, 2048, 1., 3., 1., 4, 1e-5),
        (1000, 65536, 300., 20., 1., 30, 1e-6)):
    distributed(n, dim, scale, z, q, t, d)
