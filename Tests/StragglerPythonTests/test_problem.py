# SPDX-License-Identifier: Apache-2.0

import time

import numpy
import pytest

import straggler

METHODS = ["rennala batch=4 gamma=0.3", "ringmaster R=4 gamma=0.3", "asgd gamma=0.1", "minibatch gamma=0.3"]


def traces_of(session):
    traces = session.traces()
    return {k: list(traces[k]) for k in ("method", "time", "iteration", "loss", "gap", "gradnorm2")}


def test_numpy_reaches_the_bits_of_swift(session, quadratic):
    session.workers("10 tau=sqrt(i) delay=lognormal(0,1)")
    results = []
    for is_own in False, True:
        if is_own:
            session.problem(**quadratic.keys(), stochastic_gradient=quadratic.sample)
        else:
            session.problem(f"quadratic dim={quadratic.dimension} noise=0")
        table = session.compare(*METHODS, updates=200, seeds=2)
        found = traces_of(session)
        found["gamma"], found["busy"] = list(table["gamma"]), list(table["busy"])
        results.append(found)
        session.method("rennala batch=4 gamma=0.3")
        session.run(updates=150)
        results.append(session.model.tobytes())
    assert results[0] == results[2] and len(results[0]["gap"]) > 1000
    assert results[1] == results[3]


def test_tune_sweep_and_theory_take_it(session, quadratic):
    session.problem(**quadratic.keys(), stochastic_gradient=quadratic.sample)
    session.workers("4 tau=i")
    assert numpy.isfinite(session.tune("rennala", until="gap<1e-2", batch=[1, 4])["time"][0])
    session.method("rennala gamma=0.2")
    assert len(session.sweep({"batch": [1, 2]}, until="gap<1e-1")["time"]) <= 2
    assert session.execute("theory")


def test_draws_depend_on_nothing_but_the_job(session):
    seen = {}

    def sample(x, worker, rng):
        numbers = rng.standard_normal(3)
        key = (rng.seed, worker, rng.job)
        assert seen.setdefault(key, numbers.tolist()) == numbers.tolist()
        return x + 0.1 * numbers

    session.problem(
        dimension=3,
        value=lambda x: x @ x / 2,
        gradient=lambda x: x.copy(),
        stochastic_gradient=sample,
        x0=numpy.ones(3),
        fstar=0,
        name="noisy",
    )
    session.workers("3 tau=i")
    first = list(session.compare("rennala gamma=0.1 batch=3", "asgd gamma=0.1", updates=30)["gap"])
    again = list(session.compare("asgd gamma=0.1", "rennala gamma=0.1 batch=3", updates=30)["gap"])
    assert first == again[::-1] and len(seen) > 30
    assert len({tuple(numbers) for numbers in seen.values()}) == len(seen)


class Broken(Exception):
    pass


@pytest.mark.parametrize("which", ["value", "gradient", "stochastic_gradient", "accuracy"])
@pytest.mark.parametrize("after", [0, 1, 20])
def test_what_a_function_raises_is_raised(session, quadratic, which, after):
    calls = {"left": after}

    def broken(function):
        def call(*arguments):
            calls["left"] -= 1
            if calls["left"] < 0:
                raise Broken("not today")
            return function(*arguments)

        return call

    keys = quadratic.keys()
    keys.update(stochastic_gradient=quadratic.sample, accuracy=lambda x: 0.5)
    keys[which] = broken(keys[which])
    session.problem(**keys)
    session.workers("4 tau=i")
    session.method("asgd gamma=0.1")
    with pytest.raises(Broken, match="not today"):
        session.run(updates=500)
        session.run(updates=501, until="accuracy>0.9")
    with pytest.raises(Broken):
        session.compare("rennala gamma=0.1", "asgd gamma=0.1", updates=500)
    # Nothing is left of it, and the session goes on.
    with pytest.raises(straggler.StragglerError):
        session.model
    assert not len(session.traces())
    session.problem(**quadratic.keys())
    assert session.run(updates=3)["iteration"] == 3


@pytest.mark.parametrize("result", [numpy.ones(3), 1.0, numpy.ones((40, 1)), "text", None])
def test_gradients_of_another_shape_are_refused(session, quadratic, result):
    keys = quadratic.keys()
    session.problem(**keys, stochastic_gradient=lambda x, worker, rng: result)
    session.workers(2)
    session.method("asgd gamma=0.1")
    with pytest.raises((straggler.StragglerError, TypeError, ValueError)):
        session.run(updates=3)


def test_wrong_problems_are_refused(session, quadratic):
    keys = quadratic.keys()
    with pytest.raises(TypeError, match="dimension"):
        session.problem(value=lambda x: 0)
    for wrong, part in [
        ({"L": -1}, "smoothness"),
        ({"sigma2": -1}, "variance"),
        ({"name": "quadratic"}, "library"),
        ({"name": "two words"}, "name"),
        ({"dimension": 0, "x0": None}, "dimension"),
    ]:
        with pytest.raises(straggler.InvalidArgument, match=part):
            session.problem(**{**keys, **wrong})
    with pytest.raises(ValueError, match="x0"):
        session.problem(**{**keys, "x0": numpy.ones(3)})


def test_what_functions_keep_is_theirs(session, quadratic):
    kept = []
    keys = quadratic.keys()
    keys["value"] = lambda x: kept.append(x) or quadratic.value(x)
    session.problem(**keys)
    session.workers(2)
    session.method("asgd gamma=0.1")
    session.run(updates=10)
    session.close()
    assert numpy.isfinite([x.sum() for x in kept]).all()
