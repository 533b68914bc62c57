"""What is imported before any notebook runs?

The standard library's forkserver imports this module once (`process` tells it to) and then only
forks. That it does so is all that this module goes by: imported elsewhere it does nothing. The
forkserver swallows an import that fails, so `WARM_IN` and `FAILED` say what has happened, and each
notebook's process looks at them."""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import pkgutil
import sys
import threading
from types import SimpleNamespace

#: The process that has paid for the imports, if any. Its forks have another id.
WARM_IN = 0
#: What could not be imported, and why.
FAILED: dict[str, str] = {}
#: The variable that names further modules to import, with commas between them.
FURTHER = "CASECHRON_FORK_PRELOAD"

_OTHERS = (
    "asyncio",
    "ctypes",
    "encodings.utf_8_sig",
    "bdb",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.core.shellapp",
    "IPython.display",
    "ipykernel.compiler",
    "ipykernel.eventloops",
    "ipykernel.kernelbase",
    "ipykernel.zmqshell",
    "holidays",
    "numpy.random",
    "pandas",
    "pandas.core.methods.to_dict",
    "matplotlib.pyplot",
    "matplotlib.dates",
    "matplotlib.style",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.config",
    # For those who supervise.
    "nbconvert.exporters.html",
    "papermill",
)

#: What looks for its shell when it is imported, and so is imported anew by each notebook that
#: draws.
_ANEW = ("matplotlib_inline", "matplotlib_inline.backend_inline")

#: What no notebook imports: the command line, and what is imported by pytest alone.
_NOT_OURS = ("casechron.cli", "casechron.reporting.kernels.nbval")


def warm() -> bool:
    """Whether this process is a fork of one that has paid for the imports."""
    return WARM_IN not in (0, os.getpid())


def threads() -> int:
    """How many threads this process has, those of libraries among them where the system tells."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _import_all() -> None:
    import casechron

    ours = [
        module.name
        for module in pkgutil.walk_packages(
            casechron.__path__, "casechron.", onerror=lambda name: None
        )
        if not module.name.endswith("__main__") and module.name not in _NOT_OURS
    ]
    further = [name.strip() for name in os.environ.get(FURTHER, "").split(",") if name.strip()]
    for name in [*_OTHERS, *ours, *further]:
        try:
            importlib.import_module(name)
        except Exception as error:
            FAILED[name] = f"{type(error).__name__}: {error}"


def _prepare() -> None:
    # pandas and matplotlib look for their front end when they are imported: let them see what a
    # kernel shows.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    before = getattr(builtins, "get_ipython", None)
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        _import_all()
    finally:
        if before is None:
            del builtins.get_ipython  # type: ignore[attr-defined]
        else:
            builtins.get_ipython = before  # type: ignore[attr-defined]
    try:
        from casechron.reporting.kernels import ready_shell

        ready_shell.prepare()
    except Exception as error:
        FAILED["the shell"] = f"{type(error).__name__}: {error}"
    for name in _ANEW:
        sys.modules.pop(name, None)
    if "pandas" in sys.modules:
        # It took this from the standard output, which was not yet a kernel's.
        sys.modules["pandas"].set_option("display.encoding", "UTF-8")
    try:
        from casechron.reporting.kernels.rehearsal import rehearse

        rehearse()
    except Exception as error:
        FAILED["what is slow the first time"] = f"{type(error).__name__}: {error}"
    # What stands here stays: a collection in a fork would only copy its pages.
    gc.collect()
    gc.freeze()


def _in_forkserver() -> bool:
    from multiprocessing import forkserver

    return getattr(sys.modules["__main__"], "main", None) is forkserver.main


def told_path() -> list[str]:
    """The folders that the environment names for modules."""
    named = os.environ.get("PYTHONPATH")
    return [os.path.abspath(folder) for folder in named.split(os.pathsep)] if named else []


def places() -> list[str | None]:
    """What the environment says of where matplotlib has its own folders."""
    return [
        os.environ.get(name)
        for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
    ]


#: What the environment says where this is imported.
TOLD_PATH, PLACES = told_path(), places()
#: Where modules are looked for, before any supervisor's own path came to it.
PATH = [folder for folder in sys.path if folder]

if _in_forkserver():
    WARM_IN = os.getpid()
    _prepare()

#: The matplotlibrc that was read.
SETTINGS = sys.modules["matplotlib"].matplotlib_fname() if "matplotlib" in sys.modules else ""
