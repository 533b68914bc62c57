"""Do the workers of a run do all jobs, each once, whatever becomes of one of them?"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from casechron.report.execution import RenderError
from casechron.report.run import process
from casechron.report.run import workers as workers_module
from casechron.report.run.workers import (
    Interrupted,
    Job,
    LostError,
    Pool,
    carry_out,
    ends_in_order,
)
from test_engine import GUARD, gone
from thoroughly import in_turns

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
#: Each waits until Python has started and imported all.
turn = in_turns("a run that is killed", "a template that is interrupted")


def outcome(pool, jobs):
    """What comes of each job, by its name: its result, or its error."""
    left, results = list(jobs.items()), {}

    def next_job(workers):
        if not left:
            return None
        name, (function, *given) = left.pop(0)

        def done(result, error):
            assert name not in results
            results[name] = error or result

        return Job(function, tuple(given), done)

    carry_out([pool], next_job)
    return results


def test_where_there_is_no_forkserver_none_is_asked_for(monkeypatch):
    """As on Windows: there all processes start anew."""
    asked_for = []
    monkeypatch.setattr(process, "can_fork", lambda: False)
    monkeypatch.setattr(process, "get_context", asked_for.append)
    with process.safe_start():
        pass
    assert asked_for == []


def test_all_jobs_are_done_once_by_few_processes():
    with Pool(3) as pool:
        results = outcome(pool, dict.fromkeys(range(40), (os.getpid,)))
    assert sorted(results) == list(range(40))
    assert len(set(results.values())) <= 3
    assert os.getpid() not in results.values()
    assert all(gone(pid) for pid in results.values())


def test_what_comes_of_one_job_can_be_another():
    results, more = [], []
    with Pool(2) as pool:
        more.append(Job(abs, (-1,), lambda number, _: more.append(Job(abs, (number - 3,), keep))))

        def keep(result, error):
            results.append((result, error))

        carry_out([pool], lambda _: more.pop() if more else None)
    assert results == [(2, None)]


def test_an_error_is_that_of_its_job():
    with Pool(2) as pool:
        results = outcome(
            pool,
            {
                "value": (int, "a"),
                "system": (os.mkdir, "/"),
                # It cannot be made anew from what is sent of it.
                "strange": (eval, "{}.fromkeys([])[type('E', (), {'__hash__': None})()]"),
                "good": (abs, -1),
            },
        )
    assert str(results["value"]).startswith("ValueError: invalid literal")
    assert (type(results["system"]), results["system"].filename) == (FileExistsError, "/")
    assert str(results["strange"]).startswith("TypeError: ")
    assert results["good"] == 1


@pytest.mark.parametrize("job", [(os._exit, 3), (signal.raise_signal, signal.SIGKILL)])
def test_a_worker_that_is_lost_costs_its_own_job_alone(job):
    with Pool(2) as pool:
        results = outcome(pool, {"lost": job, **{number: (abs, -number) for number in range(6)}})
    lost = results.pop("lost")
    assert type(lost) is LostError
    assert str(lost).startswith("the process that ran it ")
    assert "exit code 3" in str(lost) or "SIGKILL; a lack of memory is one cause" in str(lost)
    assert results == {number: number for number in range(6)}


def test_a_worker_that_is_lost_while_it_has_nothing_to_do_costs_nothing():
    with Pool(1) as pool:
        first = outcome(pool, {"pid": (os.getpid,)})["pid"]
        os.kill(first, signal.SIGKILL)
        assert gone(first)
        again = outcome(pool, {"pid": (os.getpid,)})["pid"]
    assert isinstance(again, int)
    assert again != first


def test_workers_have_the_environment_that_is_given_and_its_temporary_folder(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TOLD": "1"}
    with Pool(1, environment) as pool:
        asked = "__import__('tempfile').gettempdir(), __import__('os').environ['TOLD']"
        assert outcome(pool, {"it": (eval, asked)}) == {"it": (str(tmp_path), "1")}


def test_no_worker_outlives_a_pool_that_is_left_by_an_error():
    pids = []

    def stop(result, error):
        pids.append(result)
        raise KeyboardInterrupt

    jobs = [Job(os.getpid, (), stop), Job(time.sleep, (600,), print)]
    with pytest.raises(KeyboardInterrupt), Pool(2) as pool:
        carry_out([pool], lambda _: jobs.pop() if jobs else None)
    assert all(gone(pid) for pid in pids)


@pytest.mark.parametrize(
    "error", [BlockingIOError(11, "no more"), RuntimeError("can't start new thread"), EOFError()]
)
def test_where_no_process_can_be_started_that_is_said(monkeypatch, error):
    class Refuses:
        def __init__(self, context):
            self.Pipe = context.Pipe

        def Process(self, **_):
            raise error

    with Pool(2) as pool:
        monkeypatch.setattr(pool, "_context", Refuses(pool._context))
        with pytest.raises(RenderError) as refused:
            outcome(pool, {"it": (abs, 1)})
    assert str(refused.value).startswith("no process can be started for the notebooks (")
    assert str(refused.value).endswith("is one cause, a TMPDIR with a long path another")


@turn("a run that is killed")
def test_workers_end_soon_after_a_run_that_is_killed():
    script = (
        "import os, sys, time\nfrom casechron.report.run.workers import Job, Pool, carry_out\n"
        "def told(pid, _): print(pid, flush=True)\n"
        # At last the worker is in the middle of a job.
        "asleep = 'import time; print(flush=True); time.sleep(600)'\n"
        "given = [(exec, (asleep,)), (os.getpid, ()), (os.getppid, ())]\n"
        "jobs = [Job(*one, told) for one in given]\n"
        "with Pool(1) as pool:\n    carry_out([pool], lambda _: jobs.pop() if jobs else None)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        *pids, _ = [run.stdout.readline().strip() for _ in range(3)]
        run.kill()
    assert all(gone(pid) for pid in pids)


def has(pid, what, number):
    """Whether a process ignores ('SigIgn') a signal or has a function for it ('SigCgt')."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(re.search(rf"{what}:\s*(\w+)", status)[1], 16) >> (number - 1) & 1)


@turn("a template that is interrupted")
def test_a_template_that_is_interrupted_while_it_begins_goes_on():
    script = (
        "import os, time\nfrom casechron.report.run.workers import Job, Pool, carry_out\n"
        "with Pool(1) as pool:\n    pool.warm_up(); print(flush=True)\n"
        "    jobs = [Job(abs, (-1,), print)]\n"
        "    carry_out([pool], lambda _: jobs.pop() if jobs else None)\n"
    )
    command = [sys.executable, "-c", script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as run:
        run.stdout.readline()
        # To all but the run itself, as if it were about to say what it has done.
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        end = time.monotonic() + GUARD
        while time.monotonic() < end and not all(
            has(child, "SigIgn", signal.SIGINT) for child in children
        ):
            time.sleep(0.001)  # Python itself is not there yet
        # What the template imports comes first; it waits for children only when all is there.
        assert not any(has(child, "SigCgt", signal.SIGCHLD) for child in children)
        for child in children:
            os.kill(int(child), signal.SIGINT)
        output, errors = run.communicate(timeout=GUARD)
    assert (output, errors) == ("1 None\n", "")


def test_signals_are_heard_only_while_a_run_lasts_and_only_where_nobody_else_hears_them():
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    with ends_in_order():
        with pytest.raises(Interrupted) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert (ended.value.exit_code, str(ended.value)) == (143, "")
        signal.raise_signal(signal.SIGTERM)  # once is enough
    assert [signal.getsignal(number) for number in numbers] == before
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ends_in_order():
            signal.raise_signal(signal.SIGHUP)  # as nohup has it
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before[1])
    heard = []

    def elsewhere():
        with ends_in_order():
            heard.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert heard == [signal.SIG_DFL]


def test_without_forks_workers_are_spawned(monkeypatch):
    monkeypatch.setattr(workers_module, "can_fork", lambda: False)
    with Pool(1) as pool:
        pool.warm_up()
        asked = "__import__('casechron.report.run.warm_up', fromlist=['x']).warm()"
        assert outcome(pool, {"it": (eval, asked)}) == {"it": False}
