# SPDX-License-Identifier: Apache-2.0
"""Three methods on a fleet whose delays have heavy tails: tuned, compared, and drawn."""

import straggler

s = straggler.Session(
    problem="quadratic dim=200 noise=0.001",
    workers="200 tau=sqrt(i) delay=lognormal(0,2)",
    seed=1,
)
df = s.compare("rennala", "ringmaster", "asgd", until="gap<1e-2", time=20_000, tune=True, seeds=3)
for name, time, gamma in zip(df["method"], df["time"], df["gamma"]):
    print(f"{name:12} {time:8.0f} simulated seconds with gamma = {gamma:g}")

figure = s.plot("three-methods.svg", y="gap", logy=True, title="Heavy tails")
print(f"three-methods.svg has {len(figure)} characters")
