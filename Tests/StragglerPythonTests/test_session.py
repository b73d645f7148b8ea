# SPDX-License-Identifier: Apache-2.0

import json
import os
import signal
import threading
import time
import warnings

import numpy
import pytest

import straggler

FLEET = "10 tau=sqrt(i) delay=lognormal(0,1)"


def test_the_guides_first_lines():
    s = straggler.Session(problem="quadratic dim=50", workers=FLEET)
    table = s.compare("rennala batch=16", "ringmaster R=8", until="gap < 1e-3", tune=True, seeds=2)
    assert list(table["method"]) == ["rennala", "ringmaster"]
    assert all(numpy.isfinite(list(table["time"])))
    assert len(table.attrs["traces"]["gap"]) > 20
    assert table.attrs["refusals"] == []
    figure = s.plot(y="gap", logy=True, title="Two methods")
    assert figure.startswith("<svg") and figure._repr_svg_() == figure and "Two methods" in figure


def test_what_is_configured_by_keywords():
    with straggler.Session(
        problem="quadratic dim=5",
        workers=3,
        method="asgd gamma=0.5",
        target="epsilon=0.1",
        seed=7,
        threads=1,
    ) as s:
        (shown,) = s.execute("show")
        assert "workers 3" in " ".join(shown["commands"]) and "seed 7" in shown["commands"]
        assert "asgd gamma=0.5" in " ".join(shown["commands"])
        s.workers("4 tau=i")
        s.method("minibatch gamma=0.5")
        report = s.run(updates=3)
        assert report["iteration"] == 3 and report["method"] == "minibatch"
        assert s.model.shape == (5,)
        assert s.run(time=50.0)["time"] <= 50


def test_run_tune_sweep_and_advise(session):
    session.problem("quadratic dim=20 noise=0.01")
    session.workers(FLEET)
    session.method("rennala batch=4 gamma=0.3")
    report = session.run(until=["gap<1e-2", "gradnorm2<1e-9"])
    assert report["stopped"] == "condition" and report["gap"] < 1e-2
    assert list(session.traces()["iteration"])[0] == 0
    tuned = session.tune("rennala", until="gap<1e-2", batch=[1, 4, 16], seeds=2)
    assert tuned["batch"][0] in (1, 4, 16) and numpy.isfinite(tuned["time"][0])
    swept = session.sweep({"batch": [1, 4], "gamma": [0.1, 0.3]}, until="gap<1e-2", seeds=2)
    assert len(swept["time"]) == 4 and sorted(set(swept["batch"])) == [1, 4]
    assert any("method" in line for line in session.advise(samples=2, gradients=500))


def test_own_tables(session):
    session.execute("table own; row a=1 b='x'; row a=2")
    own = session.table("own")
    assert list(own["a"]) == [1, 2] and own["b"][0] == "x"
    # pandas has its own nothing.
    assert own["b"][1] is None or own["b"][1] != own["b"][1]
    with pytest.raises(KeyError):
        session.table("none")
    with pytest.raises(straggler.StragglerError, match="run"):
        session.model


def test_errors_have_the_sentence_and_the_place(session):
    session.workers(3)
    with pytest.raises(straggler.CommandError) as caught:
        session.execute("echo 1\nmethod renala batch=3")
    error = caught.value
    assert (error.line, error.column) == (2, 8)
    assert "renala" in error.message and "rennala" in error.remedy
    assert "method renala batch=3\n" in str(error) and "       ^" in str(error)
    with pytest.raises(straggler.CommandError, match="did you mean"):
        session.compare("renala", updates=3)
    with pytest.raises(straggler.ExpectationError):
        session.execute("expect 1 > 2")
    with pytest.raises(straggler.CommandError):
        session.run()
    with pytest.raises(straggler.CommandError, match="zero byte"):
        session.execute("echo 1\0")
    with pytest.raises(straggler.InvalidArgument, match="threads"):
        straggler.Session(threads=-1)
    # Nothing is lost.
    assert session.execute("echo 1")[0]["text"] == "1"
    session.close()
    with pytest.raises(straggler.StragglerError, match="closed"):
        session.execute("echo 1")
    session.close()


def test_methods_that_cannot_run_are_told(session):
    session.problem("quadratic dim=5 noise_kind=zero_last")
    session.workers("3 tau=i")
    table = session.compare("asgd gamma=0.1", "rennala", updates=5)
    assert len(table["method"]) == 1
    (refusal,) = table.attrs["refusals"]
    assert refusal["method"] == "rennala" and "batch" in refusal["reason"] or "gamma" in refusal["reason"]


def test_warnings_are_warnings(session):
    session.workers("3 tau=i")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        session.execute("problem quadratic dim=5; method rennala gamma=0.1 batch=2 local=3; run updates=2")
    assert all(issubclass(one.category, straggler.StragglerWarning) for one in caught)


@pytest.fixture
def interruptible():
    """Python's own handler of SIGINT: what a shell starts in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_keeps_what_was_reached(session):
    session.execute(f"problem quadratic dim=50; workers {FLEET}; method asgd gamma=1e-6")
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        session.run(updates=10**10)
    assert time.monotonic() - start < 10
    assert len(session.traces()["time"]) > 1
    assert session.execute("echo 2")[0]["text"] == "2"


def test_an_interruption_from_another_thread(session):
    session.execute(f"problem quadratic dim=50; workers {FLEET}; method asgd gamma=1e-6")
    threading.Timer(0.3, session.interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        session.run(updates=10**10)


def compare_in(results, index):
    with straggler.Session(problem="quadratic dim=20", workers=FLEET, threads=2) as s:
        table = s.compare("rennala", "asgd", updates=300, seeds=3)
        results[index] = (list(table["gap"]), list(table["time"]))


def test_two_sessions_in_two_threads():
    results = [None, None, None]
    threads = [threading.Thread(target=compare_in, args=(results, i)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    compare_in(results, 2)
    assert results[0] is not None and results[0] == results[1] == results[2]


def test_one_session_in_two_threads_is_refused():
    begun = threading.Event()
    caught = []
    with straggler.Session(progress=lambda what, fraction: begun.set()) as session:
        session.execute(f"problem quadratic dim=50; workers {FLEET}; method asgd gamma=1e-6")

        def run():
            try:
                session.run(updates=10**10)
            except BaseException as error:
                caught.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(60)
        with pytest.raises(straggler.StragglerError, match="at work"):
            session.execute("echo 1")
        session.interrupt()
        thread.join()
        assert isinstance(caught[0], KeyboardInterrupt)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_after_creation():
    with straggler.Session(problem="quadratic dim=20", workers=FLEET, threads=2, progress=False) as s:
        # Threads of the parent have worked before.
        expected = list(s.compare("rennala", "asgd", updates=200, seeds=3)["gap"])
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                own = list(s.compare("rennala", "asgd", updates=200, seeds=3)["gap"])
                with straggler.Session(problem="quadratic dim=20", workers=FLEET, threads=2) as new:
                    other = list(new.compare("rennala", "asgd", updates=200, seeds=3)["gap"])
                os.write(writer, json.dumps([own, other]).encode())
                status = 0
            finally:
                os._exit(status)
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            own, other = json.loads(stream.read())
        assert os.waitpid(child, 0)[1] == 0
        assert own == other == expected
        assert list(s.compare("rennala", "asgd", updates=200, seeds=3)["gap"]) == expected


def test_progress_goes_to_a_function():
    seen = []
    with straggler.Session(problem="quadratic dim=50", workers=FLEET, method="asgd gamma=1e-3") as s:
        s._progress = lambda what, fraction: seen.append((what, fraction))
        s.run(updates=200_000)
    assert seen and all(what for what, _ in seen) and all(0 <= f <= 1 for _, f in seen)


def test_records_stand_in_for_data_frames(monkeypatch):
    from straggler import _records

    monkeypatch.setattr(_records, "_has_pandas", False)
    with straggler.Session(problem="quadratic dim=5", workers=3) as s:
        table = s.compare("asgd gamma=0.1", "rennala gamma=0.1 batch=2", updates=3)
    assert isinstance(table, straggler.Records)
    assert table.columns[0] == "method" and table[1]["method"] == "rennala"
    assert table["method"] == ["asgd", "rennala"] and [row["method"] for row in table] == table["method"]
    assert len(table.attrs["traces"]) >= 8
    with pytest.raises(KeyError):
        table["nothing"]


def test_data_frames_where_pandas_is():
    pandas = pytest.importorskip("pandas")
    with straggler.Session(problem="quadratic dim=5", workers=3) as s:
        table = s.compare("asgd gamma=0.1", updates=3)
    assert isinstance(table, pandas.DataFrame) and isinstance(table.attrs["traces"], pandas.DataFrame)
