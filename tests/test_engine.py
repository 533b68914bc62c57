"""Does a notebook in a fork of the warm template end rightly whatever a cell does, and harm nobody?

No cell here removes anything, or writes outside of the folder that pytest made for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.engines import NBClientEngine, papermill_engines

from casechron.report.normalise import KERNEL
from casechron.report.run import engine, process
from casechron.report.run.workers import Job, Pool, carry_out
from thoroughly import in_turns, some

pytestmark = pytest.mark.skipif(not process.can_fork(), reason="no forks; plain kernels serve")
ENGINE = "casechron"
#: Seconds after which something hangs; no test is about how long a thing takes.
GUARD = 120


def notebook(*cells, tags=()):
    asked = new_notebook(cells=[new_code_cell(cell, metadata={"tags": [*tags]}) for cell in cells])
    asked.metadata["kernelspec"] = dict(KERNEL)
    return asked


def after(source, name=ENGINE, **settings):
    """The notebook as its run leaves it, and what that raised; errors of cells are outputs."""
    source.metadata.papermill = {}
    for cell in source.cells:
        cell.metadata.papermill = {}
    try:
        papermill_engines.execute_notebook_with_engine(
            name, source, "python3", progress_bar=False, **settings
        )
    except Exception as failure:
        return source, failure
    return source, None


def texts(ran):
    """What each cell shows, as text."""
    return [
        "".join(
            part.get("text") or part.get("ename") or part.data["text/plain"]
            for part in cell.outputs
        )
        for cell in ran.cells
        if cell.cell_type == "code"
    ]


def shown(*cells, **settings):
    """What cells show that all go well."""
    ran, failure = after(notebook(*cells), **settings)
    assert failure is None
    return texts(ran)


def gone(pid):
    """Whether a process ends; a zombie has ended."""
    for _ in range(int(GUARD / 0.05)):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def in_worker(function, *given):
    """What a worker of a pool answers: there a notebook is a fork of the worker itself."""
    answers = []
    here = f"__import__('sys').path.append({str(Path(__file__).parent)!r})"
    # Forking from a process with threads would warn, from Python 3.12 on.
    strict = "__import__('warnings').simplefilter('error')"
    asked = f"[{here}, {strict}, __import__('{__name__}').{function.__name__}(*{given!r})][-1]"
    jobs = [Job(eval, (asked,), lambda *answer: answers.append(answer))]
    with Pool(1) as pool:
        carry_out([pool], lambda _: jobs.pop() if jobs else None)
    ((answer, error),) = answers
    assert error is None, error
    return answer


def ended(cell, settings):
    """What a notebook says in whose second cell something happens, and the next one then."""
    ran, failure = after(notebook("'first'", cell, "'never'"), **settings)
    place = getattr(failure, "cell_index", None)
    return texts(ran), type(failure).__name__, str(failure), place, shown("2")


# ---- cells that end their process, or never end

EXIT = "its process ended with the exit code {}"
#: Seconds a cell may take that never ends.
LIMIT = 2
SLOW = f"it took more than {LIMIT} s"
ENDS = {
    "exit": ("os._exit(3)", EXIT.format(3)),
    "kill": (
        "os.kill(os.getpid(), signal.SIGKILL)",
        "its process was ended by SIGKILL; a lack of memory is one cause",
    ),
    "segv": ("import ctypes; ctypes.string_at(0)", "its process was ended by SIGSEGV"),
    "nameless signal": ("os.kill(os.getpid(), 35)", "its process was ended by signal 35"),
    "closes all": ("os.closerange(3, 300)", EXIT.format(1)),
    "fork and exit": ("if os.fork() == 0: time.sleep(600)\nos._exit(4)", EXIT.format(4)),
    "thread exits": (
        "import threading\nthreading.Timer(0.1, os._exit, [5]).start(); time.sleep(600)",
        EXIT.format(5),
    ),
    "loop": ("while True: pass", SLOW),
    "deaf": ("for n in (2, 14, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(600)", SLOW),
    "sleeps in C": ("import ctypes; ctypes.CDLL(None).sleep(600)", SLOW),
    "holds the interpreter": ("import ctypes; ctypes.PyDLL(None).sleep(600)", SLOW),
    "stopped": ("os.kill(os.getpid(), signal.SIGSTOP)", SLOW),
    "waits for a thread": (
        "import threading\nt = threading.Thread(target=time.sleep, args=[600]); t.start();"
        " t.join()",
        SLOW,
    ),
}


def at_the_end(name):
    does, why = ENDS[name]
    cell = f"import os, signal, time\nprint('said', flush=True)\n{does}"
    return ended(cell, {"execution_timeout": LIMIT if why == SLOW else GUARD})


@cache
def each_at_its_end():
    """What every such notebook says; those that wait for their limit run at the same time.

    The others do not: where one thread starts a process, multiprocessing asks after all others,
    and of one that ends at that moment the code can be lost to the thread that waits for it."""
    slow = [name for name, (_, why) in ENDS.items() if why == SLOW]
    with ThreadPoolExecutor(len(slow)) as pool:
        endings = dict(zip(slow, pool.map(at_the_end, slow), strict=True))
    return endings | {name: at_the_end(name) for name in ENDS if name not in endings}


def one_after_the_other_at_its_end():
    return {name: at_the_end(name) for name in ENDS}


@cache
def each_at_its_end_in_a_worker():
    """The same of one worker, which every one of them leaves as it was."""
    return in_worker(one_after_the_other_at_its_end)


@pytest.mark.parametrize("where", some(["here", "worker"]))
@pytest.mark.parametrize("name", ENDS)
def test_a_cell_that_ends_or_never_ends_is_named_and_its_last_words_are_kept(name, where):
    ending = (each_at_its_end() if where == "here" else each_at_its_end_in_a_worker())[name]
    outputs, kind, words, place, following = ending
    assert (kind, words, place) == ("NotebookEndedError", ENDS[name][1], 1)
    assert outputs[0] == "'first'"
    assert outputs[1].startswith("said\n")
    assert (outputs[2], following) == ("", ["2"])


FLOODS = {
    "print": "while True: print('x' * 1000)",
    "print at once": "print('x' * 50_000_000)",
    "descriptor": "import os\nwhile True: os.write(1, b'x' * 100_000)",
    "program": "import subprocess\nsubprocess.run(['yes'])",
    "display": "while True: display('x' * 100_000)",
    "one display": "display('x' * 50_000_000)",
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_cell_that_floods_is_ended_and_what_is_kept_has_a_limit(name):
    ran, failure = after(notebook(FLOODS[name]), output_limit=5_000_000, execution_timeout=GUARD)
    assert str(failure) == "it wrote more than 5,000,000 bytes"
    assert failure.cell_index == 0
    assert len(texts(ran)[0]) <= 5_000_000
    assert shown("2") == ["2"]


def test_memory_has_a_limit_on_top_of_what_the_template_has():
    limit = {"memory_limit": 300_000_000}
    assert texts(after(notebook("x = bytearray(2_000_000_000)"), **limit)[0]) == ["MemoryError"]
    assert shown("len(bytearray(100_000_000))", **limit) == ["100000000"]


# ---- cells that fail

FAILS = {
    "input": ("input('name? ')", "EOFError"),
    "error": ("1 / 0", "ZeroDivisionError"),
    "syntax": ("1 +", "SyntaxError"),
    "sys.exit": ("import sys; sys.exit(3)", "SystemExit"),
    "exit": ("exit()", "SystemExit"),
    "error without words": (
        "class E(Exception):\n    def __str__(self): raise KeyError\nraise E",
        "KeyError",
    ),
    "not a number": ("display({'a/b': 1}, raw=True, metadata={'a': float('nan')})", "ValueError"),
    "no JSON": ("display({'a/b': object()}, raw=True)", "TypeError"),
    "closed streams": ("import os; os.close(1); os.close(2); print('still')", "OSError"),
    "closed stdout": ("import sys; sys.stdout.close(); print('x')", "ValueError"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "await": ("import asyncio\nasync def f(): raise OSError\nawait f()", "OSError"),
    "magic": ("%nosuch", "UsageError: Line magic function `%nosuch` not found."),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_cell_that_fails_is_the_last_one(name):
    cell, error = FAILS[name]
    ran, failure = after(notebook("'first'", cell, "'never'"))
    assert failure is None
    first, failed, never = texts(ran)
    assert (first, error in failed, never) == ("'first'", True, "")
    assert ran.cells[1].metadata.papermill.exception is True


def test_a_cell_that_may_fail_is_not_the_last_one():
    source = notebook("1 / 0", "'goes on'", tags=["raises-exception"])
    assert texts(after(source)[0]) == ["ZeroDivisionError", "'goes on'"]


# ---- what cells show

SHOWS = {
    "order": ("print('a'); display(5); print('b'); 7", "a\n5b\n7"),
    "programs": (
        "import os, subprocess\nprint('1'); os.system('echo 2'); subprocess.run(['echo', '3']);"
        " print('4');",
        "1\n2\n3\n4\n",
    ),
    "shell": ("!echo hi", "hi\r\n"),
    "bash": ("%%bash\necho hi", "hi\n"),
    "await": ("import asyncio; await asyncio.sleep(0.01); print('x')", "x\n"),
    "half a character": ("import os; os.write(1, b'\\xc3');", "\ufffd"),
    "a character in two": (
        "import os; _ = os.write(1, b'\\xc3'); display(1); _ = os.write(1, b'\\xa9')",
        "1é",
    ),
    "surrogates": ("print('\\ud800'); display({'text/plain': '\\ud800'}, raw=True)", "\\ud800\n?"),
    "bytes": ("display({'text/plain': b'ab'}, raw=True)", "YWI="),
    "numbers of numpy": (
        "import numpy as np; display({'text/plain': 'n', 'a/json': {'a': np.int64(1)}}, raw=True)",
        "n",
    ),
    "update": ("h = display('one', display_id='k'); h.update('two')", "'two'"),
    "clear": ("print('a'); from IPython.display import clear_output as c; c(); print('b')", "b\n"),
    "clear at next": (
        "from IPython.display import clear_output as c\nprint('a'); c(wait=True); print('b')",
        "b\n",
    ),
    "clear without next": (
        "from IPython.display import clear_output as c\nprint('a'); c(wait=True)",
        "a\n",
    ),
    "fork": ("import os\nif os.fork() == 0: display('no'); os._exit(0)\n_ = os.wait(); 1", "1"),
    "fork comes back": ("import os\nchild = os.fork()\n1", "1"),
    "left behind": ("import subprocess; left = subprocess.Popen(['sleep', '600']); 1", "1"),
    "endless thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=[600]).start(); 1",
        "1",
    ),
    "stdin": ("import os; os.read(0, 9)", "b''"),
    "its own folder": (
        "import os, tempfile\ntempfile.gettempdir() == os.environ['TMPDIR']",
        "True",
    ),
}
POOL = (
    "import multiprocessing as m\n"
    "with m.get_context('{}').Pool(2) as pool: print(pool.map(abs, [-1, 2]))"
)
SHOWS |= {way: (POOL.format(way), "[1, 2]\n") for way in ("fork", "forkserver", "spawn")}


#: What leaves nothing behind, so that one notebook can hold all of it.
HARMLESS = [
    name for name in SHOWS if name not in ("fork comes back", "left behind", "endless thread")
]


@cache
def one_after_the_other():
    cells = [cell for name in HARMLESS for cell in (SHOWS[name][0], "'next'")]
    outputs = shown(*cells, execution_timeout=GUARD)
    return dict(zip(HARMLESS, zip(outputs[::2], outputs[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", SHOWS)
def test_what_a_cell_shows_is_shown_in_order_and_the_next_cell_runs(name):
    cell, shows = SHOWS[name]
    ran = one_after_the_other().get(name) or shown(cell, "'next'", execution_timeout=GUARD)
    assert [*ran] == [shows, "'next'"]


def test_a_display_of_an_earlier_cell_is_updated_there():
    cells = "h = display('one', display_id='k')", "h.update('two'); print('z')"
    assert shown(*cells) == ["'two'", "z\n"]


def test_what_a_thread_writes_late_stands_in_the_cell_of_that_time():
    late = "import threading, time\nt = threading.Timer(0.2, print, ['late']); t.start()"
    assert shown(late, "t.join()") == ["", "late\n"]


# ---- nothing of a notebook survives, and nothing of another is there


@pytest.mark.parametrize("where", ["here", "worker"])
def test_what_a_notebook_has_started_ends_with_it(where):
    cell = (
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        "fork = os.fork()\nif fork == 0: time.sleep(600)\nprint(os.getpid(), child.pid, fork)"
    )
    pids = shown(cell)[0] if where == "here" else in_worker(shown, cell)[0]
    assert len(pids.split()) == 3
    assert all(gone(pid) for pid in pids.split())


@pytest.mark.parametrize("where", ["here", "worker"])
def test_what_a_notebook_has_started_ends_with_it_also_where_it_has_ended_itself(where):
    cell = (
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\n"
        "print(child.pid, flush=True); os._exit(3)"
    )
    ending = ended(cell, {}) if where == "here" else in_worker(ended, cell, {})
    assert ending[2] == EXIT.format(3)
    assert gone(ending[0][1].strip())


def test_each_notebook_is_a_fresh_fork_in_which_the_imports_are_paid():
    cells = (
        "import os, random, sys, threading\nfrom casechron.report.run import warm_up\n"
        "warm_up.warm(), warm_up.FAILED, 'pandas' in sys.modules, threading.active_count()",
        "'left' in dir(), 'LEFT' in os.environ, __name__, sys.argv",
        "import numpy\nrandom.random(), numpy.random.random()",
        "left = os.environ['LEFT'] = '1'; os.getpid()",
    )
    before, following = shown(*cells), shown(*cells)
    assert before[:2] == following[:2]
    assert before[0] == "(True, {}, True, 1)"
    assert before[1] == "(False, False, '__main__', ['notebook'])"
    assert before[2] != following[2]
    assert before[3] != following[3]
    assert "LEFT" not in os.environ


OPEN = """import os, stat
def kind(fd):
    try: return os.readlink(f"/proc/self/fd/{fd}").split(":")[0]
    except OSError: return "gone"
[kind(fd) for fd in range(3, 100) if kind(fd) != "gone" and not kind(fd).startswith("/dev/")]"""


@pytest.mark.parametrize("where", ["here", "worker"])
def test_a_notebook_has_nothing_open_but_its_own(where):
    # Two notebooks that read from one open file would move each other's place in it: fonts were
    # such files.
    listing = (shown(OPEN) if where == "here" else in_worker(shown, OPEN))[0]
    kinds = eval(listing)
    assert {*kinds} <= {"pipe", "socket", "anon_inode"}, kinds
    assert kinds.count("socket") <= 3


def test_a_notebook_sees_the_environment_and_the_folder_of_now(monkeypatch, tmp_path):
    shown("1")
    monkeypatch.setenv("TOLD", "now")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.chdir(tmp_path)
    cell = "import os, time\nprint(os.environ['TOLD'], os.getcwd(), time.tzname[0])"
    assert shown(cell) == [f"now {tmp_path} JST\n"]


# ---- the supervisor ends

LOOPS = {
    "loop": "while True: pass",
    "holds the interpreter": "import ctypes; ctypes.PyDLL(None).sleep(600)",
    "stopped": "import signal; os.kill(os.getpid(), signal.SIGSTOP)",
}
#: A script without a guard, in which threads run notebooks by their names.
IN_THREADS = """\
print('once', flush=True)
from concurrent.futures import ThreadPoolExecutor
import papermill
def run(name):
    papermill.execute_notebook(
        f'{{name}}.ipynb', f'{{name}}-ran.ipynb', engine_name='casechron', progress_bar=False)
    return name
print(*ThreadPoolExecutor(3).map(run, {}))
"""
#: Each waits until Python has started and imported all.
turn = in_turns("a supervisor that is killed", "papermill's command", "a script without a guard")
PAPERMILL = (sys.executable, "-m", "papermill", "--engine", ENGINE, "--no-progress-bar")


@turn("a supervisor that is killed")
def test_notebooks_and_the_template_end_with_a_supervisor_that_is_killed(tmp_path):
    says = "import os\nprint(os.getpid(), os.getppid(), file=open({!r}, 'w'), flush=True)\n{}"
    pids = {name: tmp_path / f"{name}.txt" for name in LOOPS}
    for name, loop in LOOPS.items():
        nbformat.write(notebook(says.format(str(pids[name]), loop)), tmp_path / f"{name}.ipynb")
    (tmp_path / "script.py").write_text(IN_THREADS.format([*LOOPS]))
    command = [sys.executable, "script.py"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None and not all(
            path.exists() and path.read_text().endswith("\n") for path in pids.values()
        ):
            time.sleep(0.02)
        run.kill()
    pids_of = {name: path.read_text().split() for name, path in pids.items()}
    assert [len(started) for started in pids_of.values()] == [2] * len(LOOPS)
    assert all(gone(pid) for started in pids_of.values() for pid in started)


def test_a_process_that_cannot_begin_ends_nobody():
    assert in_worker(_refused) == ("BlockingIOError", [11, "no"])
    script = "import test_engine; print(test_engine._refused())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        start_new_session=True,  # as in a terminal: the leader of its group
        timeout=GUARD,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "('BlockingIOError', [11, 'no'])\n"), done.stderr


def _refused():
    def refuse(*_):
        raise BlockingIOError(11, "no")

    contexts = [process.get_context(way) for way in ("fork", "forkserver")]
    before = [context.Process._Popen for context in contexts]
    for context in contexts:
        context.Process._Popen = staticmethod(refuse)
    try:
        failure = after(notebook("1"))[1]
        return type(failure).__name__, list(failure.args)
    finally:
        for context, popen in zip(contexts, before, strict=True):
            context.Process._Popen = staticmethod(popen)


def test_the_limit_of_a_cell_is_not_the_limit_of_the_beginning(monkeypatch):
    asked, real = [], process.NotebookProcess._answer

    def answer(self, outputs, seconds):
        asked.append(seconds)
        return real(self, outputs, seconds)

    monkeypatch.setattr(process.NotebookProcess, "_answer", answer)
    assert shown("1", execution_timeout=77) == ["1"]
    assert asked == [process._BEGINNING, 77]


# ---- whoever has papermill can use it


@turn("papermill's command")
def test_papermills_command_takes_it_in_any_folder_and_keeps_the_last_words(tmp_path):
    source = notebook("a = 1", "print('said'); import os; os._exit(3)")
    source.cells.insert(1, new_markdown_cell("words"))
    nbformat.write(source, tmp_path / "in.ipynb")
    done = subprocess.run(
        [*PAPERMILL, "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(
        "NotebookEndedError: its process ended with the exit code 3"
    )
    kept = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert texts(kept) == ["", "said\n"]
    assert kept.metadata.language_info.name == "python"


@turn("a script without a guard")
def test_a_script_without_a_guard_runs_once_and_threads_may_ask(tmp_path):
    (tmp_path / "script.py").write_text(IN_THREADS.format(["a", "b", "c"]))
    for name in "abc":
        nbformat.write(notebook("1 + 1"), tmp_path / f"{name}.ipynb")
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "once\na b c\n"), done.stderr
    assert "warn" not in done.stderr.lower()
    assert texts(nbformat.read(tmp_path / "c-ran.ipynb", as_version=4)) == ["2"]


def test_a_slow_start_is_said_once_and_nothing_else_changes(tmp_path):
    script = (
        "import multiprocessing as m\np = m.get_context('forkserver').Process(target=print)\n"
        "p.start(); p.join()\nimport test_engine as t, logging\nlogging.basicConfig()\n"
        "print(t.shown('1'), t.shown('2'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "['1'] ['2']", done.stderr
    assert done.stderr.count("starts slowly: the forkserver was started by another part") == 1


@pytest.mark.parametrize("why", ["no forks", "daemon", "another kernel"])
def test_plain_kernels_serve_where_ours_cannot(why, monkeypatch):
    asked = {}

    def plain(cls, nb_man, kernel_name, **settings):
        asked.update(settings, kernel=kernel_name)

    if why == "no forks":
        monkeypatch.setattr(engine, "can_fork", lambda: False)
    if why == "daemon":
        monkeypatch.setattr(process.current_process(), "_config", {"daemon": True})
    kernel = "ir" if why == "another kernel" else "python3"
    monkeypatch.setattr(NBClientEngine, "execute_managed_notebook", classmethod(plain))
    source = notebook("1")
    source.metadata.papermill = {}
    engine.CasechronEngine.execute_notebook(
        source, kernel, progress_bar=False, execution_timeout=9, memory_limit=5
    )
    assert (asked["kernel"], asked["execution_timeout"]) == (kernel, 9)
    assert "memory_limit" not in asked


def test_whoever_imports_the_template_elsewhere_is_not_warm_and_can_be_interrupted():
    # A process of its own: whoever runs the tests in the background may ignore Ctrl-C.
    script = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    script += "from casechron.report.run import warm_up\nprint(warm_up.warm())\n"
    script += "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\nTrue\n", "")
