from __future__ import annotations

import copy
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import IPython
import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import NBClientEngine, papermill_engines

from casechron.reporting import kernels
from casechron.reporting.execution import KERNEL_ENVIRONMENT, kernel_config, kernel_environment
from casechron.reporting.kernels import process, template
from casechron.reporting.kernels.client import NotebookEndedError
from casechron.reporting.normalise import KERNEL, normalise, notebook_text
from thoroughly import EVERY

ROOT = Path(__file__).parents[1]
REVIEWS = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.skipif(
    not process.can_fork(), reason="this platform has no fork; plain kernels serve"
)


@pytest.fixture(scope="module", autouse=True)
def _told():
    kernels.register()
    with kernel_environment():
        yield


#: papermill's command line with our engine, whether or not the package was installed with its entry
#: point.
PAPERMILL = (
    sys.executable,
    "-c",
    (
        "from casechron.reporting import kernels; kernels.register()\nfrom papermill.cli import"
        " papermill; papermill()"
    ),
    "--engine",
    kernels.ENGINE,
    "--no-progress-bar",
)


def notebook(*cells: str, tags: tuple[str, ...] = ()):
    made = new_notebook(
        cells=[new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells]
    )
    made.metadata["kernelspec"] = dict(KERNEL)
    return made


def run(source, engine: str | None = kernels.ENGINE, **settings):
    # As reports do: plain kernels that start at once over TCP can be given the same port, and then
    # one never answers.
    settings = {"config": kernel_config(), **settings} if engine is None else settings
    return papermill.execute_notebook(
        copy.deepcopy(source),
        None,
        engine_name=engine,
        progress_bar=False,
        autosave_cell_every=0,
        **settings,
    )


def after(source, engine: str | None = kernels.ENGINE, **settings):
    """The notebook as its run leaves it, and what that raised, if it did; errors of cells are
    outputs."""
    settings = {"config": kernel_config(), **settings} if engine is None else settings
    source = copy.deepcopy(source)
    source.metadata.papermill = {}
    for cell in source.cells:
        cell.metadata.papermill = {}
    try:
        papermill_engines.execute_notebook_with_engine(
            engine, source, "python3", progress_bar=False, **settings
        )
    except Exception as failure:
        return source, failure
    return source, None


def texts(ran) -> list[str]:
    said = []
    for cell in ran.cells:
        for output in cell.outputs:
            said.append(
                output.text if output.output_type == "stream" else output.data["text/plain"]
            )
    return said


# Parity with a plain kernel

SHOWN = (
    "1 + 1",
    "'a'; 2;",
    "_, __, Out, In[1], _i1",
    "x = 5",
    "import sys\nprint('a'); sys.stderr.write('e\\n'); print('b', end='')",
    "print('x', file=sys.stderr); print('y')",
    "import warnings\nwarnings.warn('careful')",
    "def old():\n    warnings.warn('old', DeprecationWarning, stacklevel=2)\nold()",
    "print('a\\rb\\x08c \\u2028 \\u00e9 \\U0001F600 \\x00')",
    "from IPython.display import HTML, JSON, Image, Latex, clear_output, display",
    "handle = display('one', display_id='k')",
    "handle.update('two')\nprint('z')",
    "display(HTML('<b>x</b>'), metadata={'casechron': {'a': (1, 2)}})",
    "print('gone'); clear_output(); print('kept')",
    "print('gone'); clear_output(wait=True); display('kept')",
    "clear_output(wait=True)\nprint('q')",
    "display({'text/plain': 'p', 'text/csv': 'a,b'}, raw=True, metadata={'m': [1]})",
    "JSON({'a': [1]})",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 40, format='png')",
    "display(Latex('$x$'), 3, 'b')\n3",
    "%%capture held\nprint('in'); display('d'); 7",
    "held.stdout, len(held.outputs)",
    "held.show()",
    "!echo shell; echo err >&2",
    "import os",
    "lines = !echo 1\nlines",
    "import asyncio\nawait asyncio.sleep(0.01); 3",
    "task = asyncio.create_task(asyncio.sleep(0.01, 5))",
    "await task",
    "async def say():\n    print('in it')\n    return 1\nawait say()",
    (
        "import threading\nthread = threading.Thread(target=print, args=('thread',));"
        " thread.start(); thread.join()"
    ),
    (
        "import multiprocessing\nforked = multiprocessing.get_context('fork').Process(target=print,"
        " args=('forked',))"
    ),
    "forked.start(); forked.join(); forked.exitcode",
    "import logging\nlogging.warning('w')",
    "def post(result):\n    print('post')\nget_ipython().events.register('post_run_cell', post)",
    "",
    "# nothing but a comment",
    "%who_ls",
    "sorted(name for name in dir() if not name.startswith('_i'))",
    (
        "__name__, type(get_ipython()).__name__, hasattr(get_ipython(), 'kernel'), sys.path,"
        " os.getcwd()"
    ),
    (
        "multiprocessing.current_process().name, multiprocessing.parent_process(),"
        " threading.current_thread().name"
    ),
    (
        "_dh == [__import__('pathlib').Path.cwd()], get_ipython().starting_dir == os.getcwd(),"
        " sys.ps1, sys.ps2, sys.ps3"
    ),
    (
        "import builtins\nsorted({*vars(builtins)} - {'execfile', 'runfile'}), type(exit),"
        " sys.flags, __IPYTHON__"
    ),
    (
        "import IPython\nIPython.get_ipython() is get_ipython() is get_ipython.__self__ is"
        " type(get_ipython()).instance()"
    ),
    (
        "shell = get_ipython()\nshell.ipython_dir == os.environ['IPYTHONDIR'],"
        " os.path.isdir(shell.profile_dir.startup_dir)"
    ),
    (
        "{name: os.environ[name] for name in ('TERM', 'CLICOLOR', 'FORCE_COLOR', 'CLICOLOR_FORCE',"
        " 'PAGER', 'GIT_PAGER')}"
    ),
    (
        "sys.modules['__main__'] is shell.user_module, sys.excepthook is sys.__excepthook__,"
        " shell.execution_count"
    ),
    "import pickle\nclass Pickled:\n    pass\ntype(pickle.loads(pickle.dumps(Pickled())))",
    "display({'text/plain': 'p', 'application/x.y+json': {'a': [1, None]}}, raw=True)",
    (
        "import signal\nsignal.getsignal(signal.SIGINT) is signal.default_int_handler,"
        " sys.stdout.isatty(), sys.stdout.encoding"
    ),
    (
        "import subprocess\nsubprocess.run(['cat'], capture_output=True, text=True,"
        " timeout=20).stdout, os.read(0, 9)"
    ),
    (
        "from concurrent.futures import ProcessPoolExecutor\ndef square(x):\n    return x *"
        " x\nmultiprocessing.get_start_method()"
    ),
    "with ProcessPoolExecutor(2) as pool:\n    squares = list(pool.map(square, range(3)))\nsquares",
    "with multiprocessing.Pool(2) as pool:\n    squares = pool.map(square, range(3))\nsquares",
    (
        "current = multiprocessing.current_process()\nmultiprocessing.Process().name,"
        " current._identity, current._parent_pid"
    ),
    (
        "with multiprocessing.get_context('spawn').Pool(1) as pool:\n    squares = pool.map(abs,"
        " [-1])\nsquares"
    ),
    (
        "from multiprocessing.shared_memory import SharedMemory\nheld_memory ="
        " SharedMemory(create=True, size=9)"
    ),
    "held_memory.close(); held_memory.unlink()",
    "sys.exit",
    # A cell that its author's own rule makes wait, though nothing in it says so.
    (
        "def wait(lines):\n    return ['import asyncio\\n', 'await asyncio.sleep(0)\\n', *lines]\n"
        "shell.input_transformers_post.append(wait)"
    ),
    "'waited'",
    "shell.input_transformers_post.remove(wait); 'does not'",
)
DRAWN = (
    (
        "import matplotlib.pyplot as plt\nplt.rcParams['svg.hashsalt'] = 'x'; figure, ax ="
        " plt.subplots()"
    ),
    (
        "%config InlineBackend.figure_formats = ['svg']\n%config InlineBackend.print_figure_kwargs"
        " = {'metadata': {'Date': None}}"
    ),
    "plt.plot([1, 3]); plt.title('t')",
    "figure",
    "plt.gcf().number",
    (
        "from matplotlib_inline.backend_inline import"
        " set_matplotlib_close\nset_matplotlib_close(False); plt.plot([1, 2]);"
    ),
    (
        "import matplotlib_inline as inline\ninline.config is"
        " sys.modules['matplotlib_inline.config'], shell.events.callbacks.keys()"
    ),
    (
        "inline.backend_inline.InlineBackend is inline.config.InlineBackend,"
        " inline.config.InlineBackend.instance().shell is shell"
    ),
    "plt.get_fignums(), plt.get_backend(), plt.isinteractive()",
    "plt.ioff(); plt.figure(); plt.plot([1]); 1",
    "plt.show()",
    "%matplotlib inline",
    "sorted((name, str(value)) for name, value in plt.rcParams.items())",
    (
        "import numpy as np, pandas as pd\ntable = pd.DataFrame(np.arange(60 * 30).reshape(60,"
        " 30)); table"
    ),
    "table.describe()",
    (
        "[(name, pd.get_option(name)) for name in ('display.max_columns', 'display.width',"
        " 'display.encoding', 'display.max_rows')]"
    ),
)
FAILED = (
    "def divide(x):\n    return 1 / x\nprint('before')\ndivide(0)",
    "x = = 1",
    "try:\n    1 / 0\nexcept Exception as error:\n    raise ValueError('über') from error",
    "import pandas as pd\npd.DataFrame({'a': [1]})['b']",
    "import sys\nsys.exit(3)",
    "input('name')",
    "class A:\n    def __repr__(self):\n        raise ValueError('no')\nA()",
    (
        "class B:\n    def _repr_html_(self):\n        raise ValueError('no')\n    def"
        " __repr__(self):\n        return 'B'\nB()"
    ),
    # It goes to the error stream, and which of two streams a plain kernel shows first depends on
    # when it flushes them.
    "get_ipython().events.unregister('post_run_cell', post)",
    "%nosuch",
    "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
    "import asyncio\nasync def f():\n    raise KeyError('k')\nawait f()",
    "asyncio.run(f())",
    "%xmode Minimal\n1 / 0",
    "raise KeyboardInterrupt",
)


def test_cells_show_what_they_show_in_a_plain_kernel(monkeypatch, tmp_path):
    # ipykernel captures less while it sees this.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    # One notebook: it is the plain kernel that takes the time.
    source = notebook(*SHOWN, *DRAWN, *FAILED, tags=("raises-exception",))
    monkeypatch.chdir(tmp_path)
    plain, failure = after(source, None)
    forked, other_failure = after(source)
    assert failure is other_failure is None
    assert (
        sum(output.output_type == "error" for cell in plain.cells for output in cell.outputs) > 10
    )
    forked, plain = normalise(forked), normalise(plain)
    for cell, expected in zip(forked.cells, plain.cells, strict=True):
        assert cell == expected
    assert notebook_text(forked) == notebook_text(plain)


def test_every_notebook_of_ours_gives_the_same_bytes(monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    pairs = list(itertools.product(NOTEBOOKS, REVIEWS))
    if not EVERY:
        # Each review in its turn, with every third notebook.
        pairs = [
            (path, REVIEWS[number % len(REVIEWS)]) for number, path in enumerate(NOTEBOOKS[1::3])
        ]
    assert len(pairs) == (len(NOTEBOOKS) * len(REVIEWS) if EVERY else (len(NOTEBOOKS) + 1) // 3) > 2
    forked = [_rendered(path, review, kernels.ENGINE) for path, review in pairs]
    # papermill changes the folder of the whole process, so plain kernels run beside each other in
    # processes.
    with kernels.executor(2) as pool:
        plain = list(pool.map(_rendered, *zip(*pairs, strict=True), [None] * len(pairs)))
    for (path, review), one, other in zip(pairs, forked, plain, strict=True):
        assert one == other, f"{path.name} of {review}"


def _rendered(path: Path, review: str, engine: str | None) -> str:
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    source = nbformat.read(path, as_version=4)
    source.metadata["kernelspec"] = dict(KERNEL)
    return notebook_text(normalise(run(source, engine, parameters={"review": review}, cwd=ROOT)))


def test_who_is_told_of_each_cell_is_told_of_those_without_code():
    source = notebook("1", "2")
    source.cells.insert(1, nbformat.v4.new_markdown_cell("words"))
    told = []
    run(source, on_cell_start=lambda cell, cell_index: told.append((cell_index, cell.cell_type)))
    assert told == [(0, "code"), (1, "markdown"), (2, "code")]


def test_what_programs_write_stands_where_they_wrote_it():
    # A plain kernel shows it too, but here and there after what came later.
    cell = (
        "import os, subprocess, sys\nprint('a'); os.system('echo b'); print('c'); _ ="
        " subprocess.run(['echo', 'd'])"
    )
    assert "".join(texts(run(notebook(cell)))) == "a\nb\nc\nd\n"


# A fresh process in which the imports are paid


def test_the_imports_are_paid_and_nothing_else_is_there():
    source = notebook(
        "import sys\nfrom casechron.reporting.kernels import template\n'pandas' in sys.modules,"
        " template.FAILED",
        "import os, threading\nlen(os.listdir('/proc/self/task')) if sys.platform == 'linux' else"
        " 1, threading.active_count()",
        "import matplotlib.pyplot as plt\nplt.get_fignums(), 'left' in dir(),"
        " plt.rcParams['lines.linewidth']",
        "import random, numpy as np\n(random.random(), np.random.random())",
        "left = plt.figure(); plt.rcParams['lines.linewidth'] = 9; os.environ['LEFT'] = '1';"
        " plt.close()",
        "'LEFT' in os.environ",
        "os.environ.get('TOLD'), os.getcwd()",
    )
    first, second = texts(run(source)), texts(run(source))
    assert (
        first[:3] == second[:3] == ["(True, {})", "(1, 1)", "([], False, np.float64(1.5))"]
        or first[2] == "([], False, 1.5)"
    )
    assert first[3] != second[3]
    assert first[4] == second[4] == "True"
    assert "LEFT" not in os.environ


#: What this process has open to read from, of that which lies on a disk.
OPEN = """import os, stat
def is_read(fd):
    try:
        kind, way = os.fstat(fd).st_mode, fcntl.fcntl(fd, fcntl.F_GETFL)
    except OSError:
        return False
    return stat.S_ISREG(kind) and way & os.O_ACCMODE == os.O_RDONLY
import fcntl
[os.readlink(f"/proc/self/fd/{fd}") for fd in map(int, os.listdir("/proc/self/fd")) if is_read(fd)]"""  # noqa: E501


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_no_two_notebooks_read_from_the_same_open_file(tmp_path):
    # A file that was opened before the fork has one place to read from, which whoever reads in one
    # process moves in all. The fonts of figures were such files: of a thousand reports that were
    # rendered two at a time, two ended in "invalid outline".
    assert texts(run(notebook(OPEN))) == ["[]"]
    there = tmp_path / "there"
    there.touch()
    assert texts(run(notebook(f"kept = open({str(there)!r})", OPEN))) == [f"['{there}']"]


def _seen_by_a_supervisor():
    import builtins

    from casechron.reporting.kernels import ready_shell

    marks = (
        hasattr(builtins, "__IPYTHON__"),
        hasattr(builtins, "display"),
        hasattr(sys, "ps1"),
        "CLICOLOR" in os.environ,
    )
    return (
        ready_shell._MADE is not None,
        IPython.get_ipython(),
        type(sys.modules["__main__"].__doc__),
        marks,
    )


def test_the_shell_that_is_made_beforehand_is_seen_by_notebooks_alone(monkeypatch):
    monkeypatch.delenv("CLICOLOR", raising=False)
    with kernels.executor(1) as pool:
        assert pool.submit(_seen_by_a_supervisor).result() == (
            True,
            None,
            type(None),
            (False, False, False, False),
        )


def test_a_cell_that_asks_for_the_end_is_the_last():
    ran, failure = after(notebook("print('a')\nexit()", "print('b')"))
    assert isinstance(failure, NotebookEndedError)
    assert str(failure) == "its process ended with the exit code 0"
    assert texts(ran) == ["a\n"]


def test_an_end_that_takes_long_is_waited_for_and_then_cut_short(tmp_path):
    slow = (
        "import atexit, pathlib,"
        " time\natexit.register(pathlib.Path({!r}).touch)\natexit.register(time.sleep, {})"
    )
    run(notebook(slow.format(f"{tmp_path}/one", 0.5)))
    assert (tmp_path / "one").exists()
    began = time.monotonic()
    run(notebook(slow.format(f"{tmp_path}/other", 60)))
    assert not (tmp_path / "other").exists()
    assert time.monotonic() - began < 30


def test_a_notebook_sees_the_environment_and_the_folder_of_now(monkeypatch, tmp_path):
    run(notebook("1"))
    monkeypatch.setenv("TOLD", "now")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    (tmp_path / "beside.py").write_text("VALUE = 3\n")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 7\n")
    told = (
        "import os, time, beside, matplotlib\nprint(os.environ['TOLD'], os.getcwd(),"
        " time.tzname[0], beside.VALUE)"
    )
    ran = run(notebook(told, "float(matplotlib.rcParams['lines.linewidth'])"), cwd=tmp_path)
    assert texts(ran) == [f"now {tmp_path} JST 3\n", "7.0"]


def test_a_notebook_sees_what_libraries_have_read_from_an_environment_that_changed(
    monkeypatch, tmp_path
):
    run(notebook("1"))
    for name in ("tmp", "modules", "settings", "beside"):
        (tmp_path / name).mkdir()
    (tmp_path / "modules" / "onlyhere.py").write_text("VALUE = 3\n")
    (tmp_path / "settings" / "matplotlibrc").write_text("lines.linewidth: 8\n")
    rc = (
        "lines.linewidth: 5\ntimezone: Asia/Tokyo\ndate.epoch:"
        " 2000-01-01\nfigure.max_open_warning: 2\n"
    )
    (tmp_path / "beside" / "matplotlibrc").write_text(rc)
    monkeypatch.setenv("TMPDIR", f"{tmp_path}/tmp")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/modules")
    source = notebook(
        "import onlyhere, sys, tempfile\nonlyhere.VALUE, tempfile.gettempdir(), sys.path",
        "import matplotlib as m\nm.get_configdir(), [m.rcParams[k] for k in ('lines.linewidth',"
        " 'timezone', 'date.epoch')]",
        "m.rcParams['figure.max_open_warning'], m.dates.get_epoch() if hasattr(m, 'dates') else 0,"
        " m.rcParamsOrig == m.rcParams",
    )
    source.cells[2].source = "import matplotlib.dates\n" + source.cells[2].source
    for folder in (tmp_path / "beside", tmp_path / "modules"):
        if folder.name == "modules":
            monkeypatch.setenv("MPLCONFIGDIR", f"{tmp_path}/settings")
        shown = texts(run(source, cwd=folder))
        assert shown == texts(run(source, None, cwd=folder))
        assert ("Asia/Tokyo" in shown[1]) is (folder.name == "beside")


def test_importing_the_template_elsewhere_does_nothing():
    assert template.WARM_IN == 0
    assert not template.warm()


# What a cell does to itself it does to nobody else


@pytest.mark.parametrize(
    ("cell", "error", "why"),
    [
        (
            "import os\nprint('said'); os._exit(3)",
            NotebookEndedError,
            r"its process ended with the exit code 3",
        ),
        (
            "import os, signal\nprint('said'); os.kill(os.getpid(), signal.SIGKILL)",
            NotebookEndedError,
            r"its process was ended by SIGKILL; a lack of memory is one cause",
        ),
        (
            "import ctypes\nprint('said', flush=True); ctypes.string_at(0)",
            NotebookEndedError,
            r"its process was ended by SIGSEGV",
        ),
        (
            "import os\nprint('said'); os.closerange(3, 300)\n1",
            NotebookEndedError,
            r"its process ended with the exit code 1",
        ),
        (
            "import os, time\nprint('said')\nif os.fork() == 0:\n    time.sleep(60)\nos._exit(4)",
            NotebookEndedError,
            r"its process ended with the exit code 4",
        ),
        (
            "print('said')\nwhile True:\n    pass",
            CellTimeoutError,
            r"(?s)A cell timed out .* after 1 seconds.*",
        ),
        (
            (
                "import signal, time\nfor name in (signal.SIGINT, signal.SIGTERM):\n   "
                " signal.signal(name, signal.SIG_IGN)\nprint('said'); time.sleep(60)"
            ),
            CellTimeoutError,
            r"(?s)A cell timed out .* after 1 seconds.*",
        ),
        (
            "import os, signal\nprint('said'); os.kill(os.getpid(), signal.SIGSTOP)",
            CellTimeoutError,
            r"(?s)A cell timed out .*",
        ),
    ],
    ids=["exit", "kill", "segv", "closes-all", "fork-and-exit", "loop", "deaf-loop", "stop"],
)
def test_a_cell_that_ends_or_never_ends_says_so_and_keeps_what_it_wrote(cell, error, why):
    began = time.monotonic()
    limit = 1 if error is CellTimeoutError else 60
    ran, failure = after(notebook("'first'", cell, "'never'"), execution_timeout=limit)
    # It has not been waited for.
    assert time.monotonic() - began < 30
    assert type(failure) is error
    assert re.fullmatch(why, str(failure))
    assert texts(ran)[:2] == ["'first'", "said\n"]
    assert ran.cells[2].outputs == []
    assert texts(run(notebook("2"))) == ["2"]


@pytest.mark.parametrize(
    "cell",
    [
        "while True:\n    print('x' * 1000)",
        "print('x' * 300_000_000)",
        "import os\nwhile True:\n    os.write(1, b'x' * 100_000)",
        "from IPython.display import display\ndisplay('x' * 20_000_000)",
        "from IPython.display import display\nwhile True:\n    display('x' * 100_000)",
    ],
    ids=["print", "print-at-once", "write", "display", "display-often"],
)
def test_a_cell_that_says_too_much_is_ended(cell):
    ran, failure = after(notebook(cell), output_limit=5_000_000, execution_timeout=20)
    assert str(failure) == "it wrote and showed more than the 5,000,000 bytes that a notebook may"
    assert isinstance(failure, DeadKernelError)
    assert sum(len(text) for text in texts(ran)) < 7_000_000


def test_a_cell_that_wants_too_much_memory_is_told():
    with pytest.raises(papermill.PapermillExecutionError, match="MemoryError"):
        run(notebook("x = bytearray(2_000_000_000)"), memory_limit=300_000_000)
    assert texts(run(notebook("len(bytearray(100_000_000))"), memory_limit=300_000_000)) == [
        "100000000"
    ]


def test_streams_that_are_closed_stop_nobody():
    assert texts(run(notebook("import os\nos.close(1); os.close(2)\nprint('still')", "3"))) == [
        "still\n",
        "3",
    ]
    with pytest.raises(papermill.PapermillExecutionError, match="I/O operation on closed file"):
        run(notebook("import sys\nsys.stdout.close()", "print('x')"))
    ran, failure = after(notebook("import sys\nsys.stdout = None", "1"))
    assert str(failure) == "its process ended with the exit code 1"
    assert "'NoneType' object has no attribute" in texts(ran)[-1]


def test_children_that_a_notebook_leaves_behind_end_with_it():
    source = notebook(
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '60']); print(child.pid)",
        "fork = os.fork()\nif fork == 0:\n    time.sleep(60)\nprint(fork)",
    )
    began = time.monotonic()
    pids = [int(text) for text in texts(run(source))]
    # They were not waited for.
    assert time.monotonic() - began < 30
    assert len(pids) == 2
    assert all(_gone(pid) for pid in pids)


def test_a_fork_that_comes_back_is_not_a_second_notebook():
    assert texts(run(notebook("import os\nchild = os.fork()\n1", "2"))) == ["1", "2"]


def test_handlers_of_the_notebook_run_at_its_end(tmp_path):
    run(notebook("import atexit\natexit.register(open('left', 'w').write, 'x');"), cwd=tmp_path)
    assert (tmp_path / "left").read_text() == "x"


OPEN_PIPES = """import os
def is_open(fd):
    try:
        return "pipe" in os.readlink(f"/proc/self/fd/{fd}") or "socket" in os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        return False
pipes = [int(fd) for fd in os.listdir("/proc/self/fd") if is_open(fd)]
sorted(pipes), any(os.get_inheritable(fd) for fd in pipes)"""  # noqa: E501


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_notebook_has_no_pipes_but_its_own_and_its_loops():
    # Requests, messages and the sentinel of its supervisor; both ends of the pipe with which an
    # event loop wakes itself.
    with kernels.executor(1) as pool:
        for said in (texts(run(notebook(OPEN_PIPES)))[0], pool.submit(_ends, OPEN_PIPES).result()):
            pipes, inherited = eval(said)
            assert (len(pipes), inherited) == (5, False)


def test_a_cell_that_writes_wherever_it_can_harms_only_itself():
    writes = (
        "import os\nfor fd in range(3, 100):\n    try:\n        os.set_blocking(fd, False);"
        " os.write(fd, b'xxxxxxxx')\n    except OSError:\n        pass"
    )
    with kernels.executor(2) as pool:
        bad = pool.submit(_ends, writes)
        good = [pool.submit(_ends, "1 + 1") for _ in range(4)]
        assert [future.result(timeout=60) for future in good] == ["2"] * 4
        assert bad.result(timeout=60) == "NotebookEndedError"


def test_a_daemon_that_a_cell_starts_holds_nothing_of_the_callers_open(tmp_path):
    daemon = (
        "import os, pathlib, time\nif os.fork() == 0:\n    os.setsid()\n   "
        " pathlib.Path('pid').write_text(str(os.getpid()))\n    time.sleep(60)\n   "
        " os._exit(0)\nwhile not os.path.exists('pid') or not open('pid').read():\n   "
        " time.sleep(0.01)"
    )
    nbformat.write(notebook(daemon), tmp_path / "in.ipynb")
    began = time.monotonic()
    done = subprocess.run(
        [*PAPERMILL, "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.monotonic() - began
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert done.returncode == 0, done.stderr
    assert took < 40


@pytest.mark.skipif(sys.platform != "linux", reason="only there can the system see to it")
@pytest.mark.parametrize(
    "how", [signal.SIGKILL, *[signal.SIGTERM] * EVERY], ids=lambda how: how.name
)
def test_a_notebook_and_the_template_end_with_papermill(how, tmp_path):
    loop = (
        "import os, pathlib\npathlib.Path('pid').write_text(f'{os.getpid()}"
        " {os.getppid()}.')\nwhile True:\n    pass"
    )
    nbformat.write(notebook(loop), tmp_path / "in.ipynb")
    with subprocess.Popen(
        [*PAPERMILL, "in.ipynb", "out.ipynb"], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as supervisor:
        pid = tmp_path / "pid"
        while supervisor.poll() is None and not (pid.exists() and pid.read_text().endswith(".")):
            time.sleep(0.02)
        supervisor.send_signal(how)
        assert supervisor.wait(20) == -how
    running, forkserver = map(int, pid.read_text().rstrip(".").split())
    assert _gone(running)
    assert _gone(forkserver)


def test_ctrl_c_while_the_template_starts_shows_nothing_of_it(tmp_path):
    nbformat.write(notebook("1"), tmp_path / "in.ipynb")
    ran = subprocess.Popen(
        [*PAPERMILL, "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with ran:
        while not _forkserver_of(ran.pid) and ran.poll() is None:
            time.sleep(0.01)
        for _ in range(3):
            time.sleep(0.05)
            with suppress(ProcessLookupError):
                for server in _forkserver_of(ran.pid):
                    os.kill(server, signal.SIGINT)
        said = ran.communicate(timeout=60)[1]
    assert "Traceback" not in said
    assert (tmp_path / "out.ipynb").exists()


def _forkserver_of(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):
            if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


@pytest.mark.parametrize(
    ("cell", "left", "holds"),
    [
        (
            (
                "import sys, weakref\nsys.kept = set(); weakref.finalize(sys.kept, open('left',"
                " 'w').write, 'x')"
            ),
            "left",
            "x",
        ),
        (
            "class A: pass\na = A(); a.me = a; a.file = open('left', 'w'); a.file.write('x')",
            "left",
            "x",
        ),
        ("import sys\nsys.file = open('left', 'w'); sys.file.write('x')", "left", "x"),
        ("file = open('left', 'wb'); file.write(b'x')", "left", "x"),
        (
            (
                "import tempfile\nclass A: pass\na = A(); a.me = a; a.left ="
                " tempfile.TemporaryDirectory(dir='.')"
            ),
            None,
            None,
        ),
        (
            (
                "import logging.handlers\nheld = logging.handlers.MemoryHandler(9,"
                " target=logging.FileHandler('left'))\nlogging.getLogger('x').addHandler(held);"
                " logging.getLogger('x').warning('x')"
            ),
            "left",
            "x\n",
        ),
        (
            (
                "import pathlib, threading, time\nthreading.Thread(target=lambda: (time.sleep(0.5),"
                " pathlib.Path('left').write_text('x'))).start()"
            ),
            "left",
            "x",
        ),
        (
            (
                "import pathlib, time\nfrom concurrent.futures import"
                " ThreadPoolExecutor\nThreadPoolExecutor(1).submit(lambda: (time.sleep(0.5),"
                " pathlib.Path('left').write_text('x')))"
            ),
            "left",
            "x",
        ),
    ],
    ids=[
        "finalize",
        "file-in-cycle",
        "file-of-module",
        "file",
        "folder-in-cycle",
        "log",
        "thread",
        "executor",
    ],
)
def test_what_a_kernel_does_at_its_end_is_done(cell, left, holds, tmp_path):
    run(notebook(cell + ";"), cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ([left] if left else [])
    if left:
        assert (tmp_path / left).read_text() == holds


@pytest.mark.parametrize("end", ["exit()", *["quit()", "get_ipython().ask_exit()"] * EVERY])
def test_a_last_cell_may_ask_for_the_end(end):
    for _ in range(5):
        assert texts(run(notebook("print('a')", f"print('b')\n{end}"))) == ["a\n", "b\n"]


def test_what_no_json_can_hold_is_shown_as_in_a_plain_kernel(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    source = notebook(
        "from IPython.display import display\nshown = {'application/x.y+json': {'a': [1,"
        " float('nan'), -float('inf')]}}",
        "import warnings\nwarnings.simplefilter('ignore'); display(shown, raw=True)",
        "warnings.simplefilter('default'); display(shown, raw=True)",
        "display({'text/plain': '\\ud800'}, raw=True)",
        "display({'text/plain': {1: object}}, raw=True)",
        "'\\ud800'",
        tags=("raises-exception",),
    )
    forked, plain = after(source)[0], after(source, None)[0]
    assert forked.cells[1].outputs[0].data["application/x.y+json"] == {"a": [1, "nan", "-inf"]}
    assert "Message serialization failed" in str(forked.cells[2].outputs)
    for cell, expected in zip(forked.cells, plain.cells, strict=True):
        assert [
            (one.get("ename"), one.get("evalue"), one.get("text"), one.get("data"))
            for one in _sorted(cell)
        ] == [
            (one.get("ename"), one.get("evalue"), one.get("text"), one.get("data"))
            for one in _sorted(expected)
        ]
    broken, failure = after(notebook("raise ValueError('\\ud800')", tags=("raises-exception",)))
    assert failure is None
    nbformat.write(broken, tmp_path / "written.ipynb")
    assert broken.cells[0].outputs[0].evalue == "?"


def _sorted(cell):
    # A warning and what it is about come through two pipes in a plain kernel.
    return sorted(cell.outputs, key=lambda output: output.output_type)


def test_a_process_that_cannot_be_started_is_said_in_a_sentence(monkeypatch, tmp_path):
    # The template is there: what is lacking are descriptors.
    run(notebook("1"))
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = os.open(os.devnull, os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (held + 3, before[1]))
    try:
        with pytest.raises(
            NotebookEndedError,
            match=r"^no process could be started for it: .*Too many open files; .*ulimit",
        ):
            process.start(process.Limits())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        os.close(held)
    run(notebook("1"))
    far = tmp_path / ("t" * 100)
    far.mkdir()
    script = "from casechron.reporting.kernels import process\nprocess.start(process.Limits())"
    told = {**os.environ, "TMPDIR": str(far)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stderr.splitlines()[-1]
    assert (
        "no process could be started for it: OSError: AF_UNIX path too long; TMPDIR is to name a"
        " folder with" in said
    )


@pytest.mark.parametrize("told", ["PYTHONWARNINGS=error", "PYTHONDEVMODE=1"])
def test_what_the_user_says_of_warnings_does_not_reach_a_report(told):
    cell = (
        "import sys, warnings\nwarnings.warn('old', DeprecationWarning,"
        " stacklevel=2)\nopen('/dev/null')\n"
    )
    cell += "print(sys.warnoptions, sys.flags.dev_mode)"
    script = (
        "import sys, warnings; warnings.simplefilter('ignore'); from pathlib import Path; import"
        " nbformat\nfrom casechron.reporting.execution import execute_source,"
        " kernel_environment\nsource = nbformat.reads(sys.argv[1], as_version=4)\nwith"
        " kernel_environment():\n    ran = execute_source(source, 'asked', {},"
        " Path.cwd())\nprint(ran.cells[0].outputs[0].text)"
    )
    asked = [sys.executable, "-c", script, nbformat.writes(notebook(cell))]
    environment = {**os.environ, **dict([told.split("=")])}
    environment = {
        name: value
        for name, value in environment.items()
        if name not in KERNEL_ENVIRONMENT or name in told
    }
    done = subprocess.run(
        asked, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout == "[] False\n\n", done.stderr


# Supervisors that are forks of the template themselves


def test_workers_fork_notebooks_themselves_and_outlive_them(monkeypatch):
    monkeypatch.setenv("TOLD", "worker")
    with kernels.executor(2) as pool:
        warm = [pool.submit(_about_worker) for _ in range(4)]
        bad = pool.submit(_ends, "import os\nos._exit(1)")
        good = [pool.submit(_ends, "import os\nos.environ['TOLD']") for _ in range(4)]
        assert {future.result() for future in warm} == {("fork", "worker")}
        assert bad.result() == "NotebookEndedError"
        assert [future.result() for future in good] == ["'worker'"] * 4


def test_a_notebook_ends_with_its_supervisor(tmp_path):
    with kernels.executor(1) as pool:
        worker = pool.submit(os.getpid).result()
        running = pool.submit(
            _ends,
            f"import os, time\nopen({str(tmp_path / 'pid')!r},"
            " 'w').write(str(os.getpid()))\ntime.sleep(60)",
        )
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.02)
        os.kill(worker, signal.SIGKILL)
        assert running.exception() is not None
    assert _gone(int((tmp_path / "pid").read_text()))


def _about_worker() -> tuple[str, str]:
    return process._context().get_start_method(), os.environ["TOLD"]


def _ends(cell: str) -> str:
    kernels.register()
    try:
        return texts(run(notebook(cell)))[0]
    except DeadKernelError as error:
        return type(error).__name__


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


# Whoever has papermill can use it


def test_a_script_without_a_guard_that_loads_the_engine_first_runs_once(tmp_path):
    # As papermill finds it when the package is installed with its entry point.
    info = tmp_path / "engine-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(
        f"[papermill.engine]\n{kernels.ENGINE} = casechron.reporting.kernels.engine:ForkEngine\n"
    )
    nbformat.write(notebook("1 + 1"), tmp_path / "in.ipynb")
    script = tmp_path / "script.py"
    script.write_text(
        "print('once', flush=True)\nimport sys\nimport"
        " casechron.reporting.kernels.engine\nprint('papermill' in sys.modules or 'numpy' in"
        " sys.modules, flush=True)\nfrom papermill.cli import papermill\npapermill(['--engine',"
        f" '{kernels.ENGINE}', '--no-progress-bar', 'in.ipynb', 'out.ipynb'])\n"
    )
    told = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "once\nFalse\n"), done.stderr
    assert "warn" not in done.stderr.lower()
    assert texts(nbformat.read(tmp_path / "out.ipynb", as_version=4)) == ["2"]


@pytest.mark.parametrize(("forks", "kernel"), [(False, "python3"), (True, "ir")])
def test_plain_kernels_serve_where_forks_cannot(forks, kernel, monkeypatch):
    asked = {}

    def plain(cls, nb_man, kernel_name, **settings):
        asked.update(kernel=kernel_name, **settings)

    monkeypatch.setattr(process, "can_fork", lambda: forks)
    monkeypatch.setattr(NBClientEngine, "execute_managed_notebook", classmethod(plain))
    source = notebook("1")
    source.metadata.papermill = {}
    kernels.ForkEngine.execute_notebook(
        source, kernel, progress_bar=False, execution_timeout=9, memory_limit=5
    )
    assert (asked["kernel"], asked["execution_timeout"], "memory_limit" in asked) == (
        kernel,
        9,
        False,
    )
