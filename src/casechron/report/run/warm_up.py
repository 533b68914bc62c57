"""What is imported and done once before any notebook runs, so that no notebook has to wait for it?

The standard library's forkserver imports this module when it begins, and each notebook's process
is a fork of it. A failure is kept and told by the first notebook: the forkserver itself swallows
it."""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import forkserver
from typing import Any

#: The process id of the warm forkserver, if this process is it or a fork of it; else 0.
_WARM_IN = 0
#: The module path of the forkserver, which has no working folder in it.
_PATH: list[str] = []
#: What could not be done beforehand, and why.
FAILED: dict[str, str] = {}

#: What notebooks import, and those who make pages of them.
_OTHERS = (
    "IPython.display",
    "holidays",
    "numpy.random",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.dates",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "papermill",
)


def warm() -> bool:
    """Whether this process is a fork of the warm forkserver, which has all imports done."""
    return _WARM_IN not in (0, os.getpid())


@contextmanager
def variables_set(variables: Mapping[str, str]) -> Iterator[None]:
    """Within, this process has these variables too; after it, those that it had before."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def settle(variables: Mapping[str, str]) -> None:
    """Set the environment of this process, and the folder for temporary files that it names.

    Nothing is imported from where the caller was started or has its script: such a folder may hold
    anybody's files."""
    os.environ.clear()
    os.environ.update(variables)
    tempfile.tempdir = None  # the template has looked for its own, and it would be kept
    if warm():
        sys.path[:] = _PATH


def _import_all() -> None:
    import casechron

    # What a notebook asks, and what pages are made of; each brings what it needs.
    modules = (module.name for module in pkgutil.walk_packages(casechron.__path__, "casechron."))
    ours = (name for name in modules if name.split(".")[1] in ("analysis", "report"))
    # The engine is papermill's to import, and has been by now.
    for name in (*_OTHERS, *ours):
        if name != __name__:
            try:
                importlib.import_module(name)
            except Exception as error:
                FAILED[name] = f"{type(error).__name__}: {error}"


def _make_shell() -> Any:
    """The shell that notebooks run in; what it changes in this process is changed back."""
    from casechron.report.run.child import notebook_shell

    main, path = sys.modules["__main__"], list(sys.path)
    with (
        tempfile.TemporaryDirectory(prefix="casechron-") as folder,
        variables_set({"IPYTHONDIR": folder}),
    ):
        shell = notebook_shell()
        shell.run_cell("None", store_history=False)
    sys.modules["__main__"], sys.path[:] = main, path
    return shell


def _rehearse() -> None:
    """Read, solve, tabulate and draw the invented review, so that forks find what is made once:
    patterns, calendars, fonts and the widths of letters."""
    import nbformat
    from matplotlib.backends.registry import backend_registry

    import casechron as cc
    from casechron.coding.folder import example_folder
    from casechron.report.draw.canvas import rc_context
    from casechron.report.draw.svg import figure_svg
    from casechron.report.table_cells import as_csv, written_columns

    nbformat.validate(nbformat.v4.new_notebook())
    backend_registry.list_all()  # type: ignore[no-untyped-call]
    review = cc.read_review(example_folder())
    gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
    waits = cc.words.waits.waits(gaps, cc.timescale_checks(review), chronicle)
    events = cc.words.story.in_words(cc.timeline(review), chronicle)
    drawn = cc.words.waits.on_timeline(waits, events)
    as_csv(written_columns(gaps))
    with rc_context():
        chart = cc.draw_timeline(events, drawn, "Title")
        figure_svg(chart.figure(), "first", "0", chart.links)


def _usual_warnings() -> None:
    """Reset the warning filters to Python's own, so that a user's do not change a report."""
    if sys.warnoptions:
        sys.warnoptions.clear()
        warnings.resetwarnings()
        for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _prepare() -> None:
    gc.disable()  # all that is made here stays, so to look through it finds nothing
    try:
        _usual_warnings()
        # Libraries that choose a front end when they are imported find that of a notebook.
        with _make_shell().builtin_trap:
            _import_all()
        _rehearse()
    except Exception as error:
        FAILED["rehearsal"] = f"{type(error).__name__}: {error}"
    # Freeze these objects: collecting them in a fork would only copy memory pages.
    gc.enable()
    gc.collect()
    gc.freeze()


# Nothing happens when any other process imports this module.
if getattr(sys.modules["__main__"], "main", None) is forkserver.main:
    # Ctrl-C in a terminal reaches every process there; the supervisor ends those that it has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _WARM_IN, _PATH = os.getpid(), list(sys.path)
    _prepare()
