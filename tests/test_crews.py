from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest

from casechron.reporting import kernels
from casechron.reporting.crews import Job, LocalCrew, LostError, carry_out, local_crew
from casechron.reporting.execution import RenderError


class Threads:
    """A crew whose members are threads, and which can be told to lose one, with all that is in
    hand."""

    def __init__(self, size: int = 2) -> None:
        self._size, self._pool = size, ThreadPoolExecutor(size)
        self.most = self.now = 0
        self.alone: list[str] = []
        self._count = threading.Lock()

    def size(self) -> int:
        return self._size

    def do(self, what: Callable[[], object], name: str = "") -> Future[object]:
        def done() -> object:
            with self._count:
                self.now += 1
                self.most = max(self.most, self.now)
                if self.now == 1:
                    self.alone.append(name)
            try:
                time.sleep(0.01)
                return what()
            finally:
                with self._count:
                    self.now -= 1

        return self._pool.submit(done)

    def lost(self, error: BaseException) -> str:
        return "it ended" if isinstance(error, BrokenProcessPool) else ""

    def look(self) -> None:
        pass


def jobs_of(
    crew: Threads, work: dict[str, Callable[[], object]], results: dict[str, object]
) -> Callable[[], Job | None]:
    left = list(work.items())

    def next_job() -> Job | None:
        if not left:
            return None
        name, what = left.pop(0)

        def done(result: object, error: BaseException | None) -> None:
            assert name not in results
            results[name] = error or result

        return Job(crew, lambda: crew.do(what, name), done)

    return next_job


def test_no_more_is_begun_than_the_window_holds_and_all_is_done():
    crew, results = Threads(8), {}
    carry_out(jobs_of(crew, {str(n): lambda n=n: n for n in range(40)}, results), lambda: 3)
    assert results == {str(n): n for n in range(40)}
    assert crew.most == 3


def test_what_comes_of_one_job_can_be_another():
    crew, results, more = Threads(), [], []

    def first(result: int, error: BaseException | None) -> None:
        more.append(
            Job(
                crew,
                lambda: crew.do(lambda: result + 1),
                lambda result, error: results.append(result),
            )
        )

    more.append(Job(crew, lambda: crew.do(lambda: 1), first))
    carry_out(lambda: more.pop() if more else None, lambda: 2)
    assert results == [2]


def test_an_error_is_that_of_its_job():
    crew, results = Threads(), {}
    carry_out(jobs_of(crew, {"a": lambda: 1 / 0, "b": lambda: 2}, results), lambda: 2)
    assert (type(results["a"]), results["b"]) == (ZeroDivisionError, 2)


def test_of_all_that_were_in_hand_when_one_was_lost_only_the_one_to_blame_is_blamed():
    crew, results, tries = Threads(3), {}, {"guilty": 0, "bystander": 0}

    def guilty() -> object:
        tries["guilty"] += 1
        raise BrokenProcessPool

    def bystander() -> object:
        tries["bystander"] += 1
        if tries["bystander"] == 1:
            raise BrokenProcessPool
        return "good"

    carry_out(
        jobs_of(crew, {"guilty": guilty, "bystander": bystander, "later": lambda: "good"}, results),
        lambda: 3,
    )
    assert (type(results["guilty"]), str(results["guilty"])) == (LostError, "it ended")
    assert (results["bystander"], results["later"]) == ("good", "good")
    assert tries == {"guilty": 2, "bystander": 2}
    assert {"guilty", "bystander"} <= set(crew.alone)


def test_nobody_left_ends_the_run():
    class Gone(Threads):
        def look(self) -> None:
            raise RenderError("all gone")

    crew = Gone()
    with pytest.raises(RenderError, match=r"^all gone$"):
        carry_out(jobs_of(crew, {"a": lambda: 1}, {}), lambda: 1)


# ---- processes of this machine


def end_yourself(how: str) -> str:
    if how == "end":
        os.kill(os.getpid(), signal.SIGKILL)
    return how


def pids(crew: LocalCrew) -> list[int]:
    return list(crew._pool._processes)


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as said:
                if said.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks at /proc")
def test_a_process_that_is_lost_costs_its_own_job_alone_and_none_outlives_the_crew():
    results, there = {}, set()
    with local_crew(2) as crew:
        left = ["end", "a", "b", "c"]

        def done(what: str, *came: object) -> None:
            results[what] = came
            if crew._pool is not None:
                there.update(pids(crew))

        def next_job() -> Job | None:
            if not left:
                return None
            what = left.pop(0)
            return Job(crew, lambda: crew.submit(end_yourself, what), partial(done, what))

        carry_out(next_job, lambda: 4)
        assert there
    assert {what: came[0] for what, came in results.items()} == {
        "end": None,
        "a": "a",
        "b": "b",
        "c": "c",
    }
    assert (
        str(results["end"][1])
        == "the process that ran it ended, with nothing else running; a lack of memory is one cause"
    )
    assert all(gone(pid) for pid in there)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
        (OSError("AF_UNIX path too long"), "AF_UNIX path too long"),
        (EOFError(), "the first one ended at once"),
    ],
)
@pytest.mark.parametrize("where", ["pool", "first process"])
def test_where_no_process_can_be_started_this_one_does_the_work(monkeypatch, error, said, where):
    def refused(*given: object) -> object:
        raise error

    if where == "pool":
        monkeypatch.setattr(kernels, "executor", refused)
    else:
        monkeypatch.setattr(ProcessPoolExecutor, "submit", refused)
    results = {}
    with local_crew(2) as crew:
        left = [int, str, abs]

        def next_job() -> Job | None:
            return (
                Job(crew, partial(crew.submit, what := left.pop(0), -1), partial(done, what))
                if left
                else None
            )

        def done(what: type, *came: object) -> None:
            results[what] = came

        carry_out(next_job, lambda: 4)
        assert crew.hindered == said
    assert results == {int: (-1, None), str: ("-1", None), abs: (1, None)}


def test_where_not_even_a_thread_can_be_started_that_is_said(monkeypatch):
    def refused(*given: object) -> object:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with local_crew(2) as crew, pytest.raises(RenderError) as said:
        carry_out(lambda: Job(crew, partial(crew.submit, abs, -1), print), lambda: 1)
    assert (
        str(said.value)
        == "no process can be started for the notebooks (can't start new thread); a limit on memory"
        " or on processes is one cause"
    )


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks at /proc")
def test_an_interruption_does_not_wait_for_what_is_running():
    there = []

    def interrupted() -> None:
        with local_crew(1) as crew:
            crew.submit(time.sleep, 60)
            there.extend(pids(crew))
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 50
    assert len(there) == 1
    assert all(gone(pid) for pid in there)
