"""Does nbval on the warm kernel pass what it passes on its own kernels, and fail what is to fail,
in the same words?"""

from __future__ import annotations

import functools
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import nbval.plugin
import papermill
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from casechron.reporting import kernels
from casechron.reporting.kernels import pipe, process
from casechron.reporting.kernels.nbval import WarmKernel
from casechron.reporting.normalise import KERNEL
from thoroughly import EVERY

pytest_plugins = ("pytester",)
warm_only = pytest.mark.skipif(
    not process.can_fork(), reason="this platform has no fork; nbval's own kernels serve"
)

SHOWN = (
    (
        "import os, sys, warnings\nprint('a'); print('e',"
        " file=sys.stderr)\nos.path.basename(os.getcwd())"
    ),
    (
        "import matplotlib.pyplot as plt\n%config InlineBackend.figure_formats = ['svg']\n%config"
        " InlineBackend.print_figure_kwargs = {'metadata': {'Date':"
        " None}}\nplt.rcParams['svg.hashsalt'] = 'x'"
    ),
    "_ = plt.plot([1, 3])",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>')); display('two'); 3",
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('later')",
    "",
)


def cell(source: str, output: str | None = None, *tags: str) -> NotebookNode:
    """A cell that was run and showed a value, or nothing."""
    outputs = []
    if output is not None:
        outputs = [
            nbformat.v4.new_output("execute_result", {"text/plain": output}, execution_count=1)
        ]
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata={"tags": list(tags)})


def write(path: Path, *cells: NotebookNode, kernel: str = "python3") -> None:
    made = new_notebook(cells=list(cells), metadata={"kernelspec": {**KERNEL, "name": kernel}})
    nbformat.write(made, path / "asked.ipynb")


@pytest.fixture(scope="module", autouse=True)
def _here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a run of pytest within this one imports is forgotten when it ends, and the template with
    it: have both here."""
    kernels.register()
    if process.can_fork():
        WarmKernel(str(tmp_path_factory.getbasetemp()), 60).stop()


Check = Callable[..., tuple[dict[str, int], str]]


@pytest.fixture
def check(pytester: pytest.Pytester) -> Check:
    """Run nbval: how many cells passed and failed, and the report of it without what differs
    between any two runs."""

    def run(*options: str) -> tuple[dict[str, int], str]:
        ran = pytester.runpytest_inprocess(
            "--nbval", "--color=no", "-p", "no:cacheprovider", "-rN", *options
        )
        text = re.sub(r"in [\d.]+s|\x1b\[[\d;]*m", "", "\n".join(ran.outlines))
        return ran.parseoutcomes(), text

    return run


@pytest.mark.parametrize(
    "options", [pytest.param(("--nbval-warm",), marks=warm_only), ()], ids=["warm", "plain"]
)
def test_an_executed_notebook_passes(
    check: Check, pytester: pytest.Pytester, options: tuple[str, ...]
) -> None:
    source = new_notebook(
        cells=[new_code_cell(source) for source in SHOWN], metadata={"kernelspec": dict(KERNEL)}
    )
    executed = papermill.execute_notebook(
        source, None, engine_name=kernels.ENGINE, progress_bar=False, cwd=pytester.path
    )
    assert sum(len(one.outputs) for one in executed.cells) == 8
    nbformat.write(executed, pytester.path / "asked.ipynb")
    assert check(*options)[0] == {"passed": len(SHOWN)}


@warm_only
def test_what_differs_fails_in_the_same_words_on_either_kernel(
    check: Check, pytester: pytest.Pytester
) -> None:
    write(
        pytester.path,
        cell("from casechron.reporting.kernels import template\n1 + 1", "3"),
        cell("print('said')"),
        cell("def divide(x):\n    return 1 / x\ndivide(0)"),
        cell("1 / 0", None, "raises-exception"),
        cell("1", "1"),
        cell("2"),
        cell("input()"),
    )
    (counted, said), (counted_too, said_too) = check("--nbval-warm"), check()
    assert counted == counted_too == {"failed": 6, "passed": 1}
    assert said == said_too
    assert (
        "Cell 0: Cell outputs differ\n\nInput:\nfrom casechron.reporting.kernels import template\n1"
        " + 1\n" in said
    )
    assert (
        " mismatch 'text/plain'\n\n assert reference_output == test_output failed:\n\n  '3' == '2'"
        in said
    )
    assert "Cell 1: Cell outputs differ" in said
    assert "Unexpected output fields from running code: {'stdout'}" in said
    assert "Cell 2: Cell execution caused an exception" in said
    assert "ZeroDivisionError: division by zero" in said
    assert (
        "StdinNotImplementedError: raw_input was called, but this frontend does not support input"
        " requests." in said
    )


@warm_only
def test_each_notebook_has_a_fresh_fork_of_the_template_in_its_own_folder(
    check: Check, pytester: pytest.Pytester
) -> None:
    told = (
        cell("from casechron.reporting.kernels import template\nimport os, random, pathlib"),
        cell(
            "template.WARM_IN == os.getpid(), 'left' in dir(), os.environ.get('LEFT')",
            "(True, False, None)",
        ),
        cell("left = os.environ['LEFT'] = '1'"),
        cell("_ = pathlib.Path('said').write_text(f'{os.getpid()} {random.random()}')"),
    )
    folders = [pytester.mkdir(name) for name in ("one", "two")]
    for folder in folders:
        write(folder, *told)
    assert check("--nbval-warm")[0] == {"passed": 8}
    said = [(folder / "said").read_text().split() for folder in folders]
    assert said[0][0] != said[1][0]
    assert said[0][1] != said[1][1]
    assert all(_gone(int(pid)) for pid, _ in said)
    assert "LEFT" not in os.environ


@warm_only
@pytest.mark.parametrize("tags", [(), ("raises-exception",)], ids=["", "may-raise"])
@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import os\nos._exit(3)", "its process ended with the exit code 3"),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "its process was ended by SIGKILL; a lack of memory is one cause",
        ),
        (
            "print('x' * 2_000_000)",
            "it wrote and showed more than the 1,000,000 bytes that a notebook may",
        ),
    ],
    ids=["exit", "kill", "too-much"],
)
def test_a_cell_whose_process_ends_fails_and_so_do_those_after_it(
    source: str,
    why: str,
    tags: tuple[str, ...],
    check: Check,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "Limits", functools.partial(process.Limits, output=1_000_000))
    write(pytester.path, cell("1", "1"), cell(source, None, *tags), cell("2", "2"))
    began = time.monotonic()
    counted, said = check("--nbval-warm", "--nbval-cell-timeout=60")
    assert time.monotonic() - began < 30
    assert counted == {"passed": 1, "failed": 2}
    assert f"Notebook cell execution failed\nCell 1: {why}\n\nInput:\n{source}\n" in said
    assert "pytest plugin exception: Kernel dead on test start" in said


@warm_only
def test_a_cell_that_takes_too_long_fails_where_it_was(
    check: Check, pytester: pytest.Pytester
) -> None:
    write(pytester.path, cell("1", "1"), cell("while True:\n    pass"), cell("2", "3"))
    counted, said = check("--nbval-warm", "--nbval-cell-timeout=0.5")
    # nbval expects what comes after it to fail.
    assert counted == {"passed": 1, "failed": 1, "xfailed": 1}
    assert (
        "Cell 1: Timeout of 0.5 seconds exceeded executing cell\n\nInput:\nwhile True:\n    pass\n"
        in said
    )
    assert re.search(r"----> 1 while True:\n.*KeyboardInterrupt: *\n", said, re.DOTALL)


@warm_only
def test_a_cell_that_hears_nobody_is_ended(check: Check, pytester: pytest.Pytester) -> None:
    # How long nbval waits after it has interrupted a cell is fixed.
    pytester.makeconftest(
        "def pytest_collection_modifyitems(items):\n    for item in items: item.output_timeout = 1"
    )
    deaf = (
        "import os, signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nopen('pid',"
        " 'w').write(str(os.getpid()))"
    )
    write(pytester.path, cell(deaf + "\ntime.sleep(60)"), cell("2", "3"))
    counted, said = check("--nbval-warm", "--nbval-cell-timeout=0.5")
    assert counted == {"failed": 1, "xfailed": 1}
    assert (
        "Cell 0: Timeout of 0.5 seconds exceeded while executing cell."
        " Failed to interrupt kernel in 1 seconds, so failing without traceback." in said
    )
    assert _gone(int((pytester.path / "pid").read_text()))


@pytest.mark.parametrize(
    ("forks", "kernel", "warm"),
    [
        (False, "python3", False),
        (True, "ir", False),
        (True, "python3", True),
        (True, nbval.plugin.CURRENT_ENV_KERNEL_NAME, True),
    ],
)
def test_nbvals_own_kernel_serves_where_forks_cannot(
    forks: bool,
    kernel: str,
    warm: bool,
    check: Check,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(which: str) -> Callable[..., None]:
        def start(*asked: object, **further: object) -> None:
            raise OSError(f"{which} asked for: {sorted(map(str, further.items()))}")

        return start

    monkeypatch.setattr(process, "can_fork", lambda: forks)
    monkeypatch.setattr(process, "start", refuse("a fork was"))
    monkeypatch.setattr(nbval.plugin, "RunningKernel", own := refuse("nbval's own kernel was"))
    write(pytester.path, cell("1", "1"), kernel=kernel)
    counted, said = check("--nbval-warm", "--nbval-kernel-startup-timeout=9")
    assert counted == {"errors": 1}
    asked = "a fork was asked for: []" if warm else "nbval's own kernel was asked for: [\"('cwd', "
    assert asked in said
    assert nbval.plugin.RunningKernel is own


@warm_only
def test_a_process_that_does_not_begin_is_said_and_ended(tmp_path: Path) -> None:
    with pytest.raises(
        pipe.NotebookEndedError, match=r"^its process was not ready after 1e-06 seconds$"
    ):
        WarmKernel(str(tmp_path), 1e-6)


@warm_only
def test_pools_of_processes_work(check: Check, pytester: pytest.Pytester) -> None:
    write(
        pytester.path,
        cell(
            "from concurrent.futures import ProcessPoolExecutor\ndef square(x):\n    return x * x"
        ),
        cell(
            "with ProcessPoolExecutor(1) as pool:\n    squares = list(pool.map(square,"
            " [3]))\nsquares",
            "[9]",
        ),
    )
    assert check("--nbval-warm", "--nbval-cell-timeout=30")[0] == {"passed": 2}


def test_without_nbval_the_option_is_refused(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess("--nbval-warm", "-p", "no:nbval")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    assert ran.errlines == ["ERROR: --nbval-warm needs nbval: pip install 'casechron[nbval]'", ""]


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@warm_only
@pytest.mark.skipif(
    not EVERY, reason="three processes of pytest take long: with CASECHRON_EVERY=1, as in CI"
)
def test_cells_of_a_notebook_stay_together_where_tests_are_handed_out(
    pytester: pytest.Pytester,
) -> None:
    pytest.importorskip("xdist")
    for name in ("one", "two"):
        write(
            pytester.mkdir(name),
            cell("x = 1"),
            cell("x = x + 1"),
            cell("x = x * 5"),
            cell("x", "10"),
        )
    ran = pytester.runpytest_subprocess(
        "--nbval", "--nbval-warm", "-n", "2", "-p", "no:cacheprovider"
    )
    assert ran.parseoutcomes() == {"passed": 8}


def test_the_warm_kernel_alone_asks_for_nbval(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess("--nbval-warm", "-p", "no:cacheprovider")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(
        ["ERROR: --nbval-warm says how nbval runs notebooks; say --nbval or --nbval-lax too"]
    )
