#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Optimal allotted times of MindFlayer SGD: straggler against SciPy's L-BFGS-B and the median.

Usage: scripts/compare-clipping.py [PATH/TO/straggler]       (needs numpy and scipy: pip install scipy)

For every fleet t(m) = (sum_{i<=m} p_i/c_i)^-1 (S + sum_{i<=m} p_i) is minimised over t_1 ... t_m by L-BFGS-B for every m,
as in the paper, in ln t and from three starting points; the workers are in the order of tau. One line a fleet, for
Docs/Theory.md.
"""
import json
import subprocess
import sys
import time

import numpy as np
from scipy import optimize, stats

LAWS = {
    "lognormal(0,1)": lambda t: stats.norm.cdf(np.log(t)),
    "lognormal(0,10)": lambda t: stats.norm.cdf(np.log(t) / 10),
    "logcauchy(0,1)": lambda t: stats.cauchy.cdf(np.log(t)),
    "logcauchy(0,5)": lambda t: stats.cauchy.cdf(np.log(t) / 5),
    "logt(0,1,5)": lambda t: stats.t.cdf(np.log(t), 5),
    "logt(0,10,5)": lambda t: stats.t.cdf(np.log(t) / 10, 5),
    "infbernoulli(0.4)": lambda t: np.full_like(t, 0.6),
    "infbernoulli(0.7)": lambda t: np.full_like(t, 0.3),
}


def filling_time(p, c, S):
    order = np.argsort(c)
    p, c = p[order], c[order]
    return np.min((S + np.cumsum(p)) / np.cumsum(p / c))


def lbfgsb(tau, cdf, S):
    best = np.inf
    for m in range(1, len(tau) + 1):
        head = tau[:m]

        def objective(x):
            t = np.exp(x)
            p = cdf(t)
            return (S + p.sum()) / (p / (head + t)).sum()

        for start in (-3.0, 0.0, 2.0):
            found = optimize.minimize(
                objective, np.full(m, start), method="L-BFGS-B", bounds=[(-40, 40)] * m,
                options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-12})
            best = min(best, found.fun)
    return best


def straggler(program, n, law, S, clip):
    script = (
        f"problem quadratic dim=2; workers {n} tau=sqrt(i) delay={law}; target epsilon=1 sigma2={S} L=1 Delta=1; "
        f"method mindflayer clip={clip}; theory mindflayer")
    start = time.perf_counter()
    out = subprocess.run([program, "--json", "-c", script], capture_output=True, text=True, check=True)
    row = json.loads(out.stdout.splitlines()[-1])
    return row["t_star"], time.perf_counter() - start


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/release/straggler"
    print("| law | n | S | optimal | L-BFGS-B − optimal | median / optimal | seconds, L-BFGS-B |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    worst = 0.0
    for law, cdf in LAWS.items():
        for n, S in ((5, 1), (20, 10), (50, 100)):
            tau = np.sqrt(np.arange(1, n + 1))
            ours, _ = straggler(program, n, law, S, "optimal")
            median, _ = straggler(program, n, law, S, "median")
            start = time.perf_counter()
            theirs = lbfgsb(tau, cdf, S)
            seconds = time.perf_counter() - start
            worst = max(worst, ours / theirs - 1, ours / median - 1)
            print(f"| `{law}` | {n} | {S} | {ours:.10g} | {(theirs / ours - 1):.1e} (relative) "
                  f"| {median / ours:.4f} | {seconds:.1f} |")
    print(f"\nstraggler is never worse by more than {worst:.1e} (relative).")


if __name__ == "__main__":
    main()
