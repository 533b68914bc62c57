"""What does the process of a notebook inherit by being a fork that it would not have as a kernel of
its own?

Open files and pipes, what multiprocessing knows of those who started it, what is to be done when
the process ends, and what libraries have read from the environment of the time when they were
imported."""

from __future__ import annotations

import atexit
import gc
import io
import logging
import multiprocessing
import multiprocessing.process
import os
import tempfile
import threading
import weakref
from collections.abc import Collection
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker, util
from typing import Any, cast

from casechron.reporting.kernels import template

__all__ = ["begin_anew", "drop_descriptors", "end", "look_again", "module_path"]


def drop_descriptors(kept: Collection[int]) -> None:
    """Have nothing open but the three standard streams, of which the first says nothing, and what
    is named.

    What is dropped leads to nowhere and is not closed: an object of before the fork that is thrown
    away would close its number, whoever has it then."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    for fd in _open_descriptors():
        if fd > 2 and fd not in kept and fd != nowhere:
            try:
                os.fstat(fd)
            except OSError:
                continue
            os.dup2(nowhere, fd, inheritable=False)
    os.close(nowhere)
    for fd in kept:
        # They came through a socket, and programs that a cell starts would have them too.
        os.set_inheritable(fd, False)


def _open_descriptors() -> Collection[int]:
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        return range(min(os.sysconf("SC_OPEN_MAX"), 4096))


def begin_anew() -> None:
    """Be nobody's worker and have nothing to do at the end but what a process has that has just
    begun."""
    # As at an interpreter's start: children are called what they are called there, and started as
    # they are there.
    module: Any = multiprocessing.process
    us: Any = multiprocessing.current_process()
    us._identity, us._parent_pid = (), None
    us._config = {"authkey": module.AuthenticationString(os.urandom(32)), "semprefix": "/mp"}
    module._parent_process = None
    module.ORIGINAL_DIR = os.getcwd()
    multiprocessing.set_start_method(cast(str, None), force=True)
    # A cell that needs one of these starts its own.
    for ours, fresh in (
        (resource_tracker._resource_tracker, resource_tracker.ResourceTracker()),
        (forkserver._forkserver, forkserver.ForkServer()),
    ):
        vars(ours).update(vars(fresh))
    atexit._clear()
    finalize: Any = weakref.finalize
    finalize._registry.clear()
    finalize._registered_with_atexit = False
    # What the standard library has registered when it was imported; the last comes first.
    vars(logging)["_handlerList"].clear()
    atexit.register(logging.shutdown)
    atexit.register(vars(util)["_exit_function"])
    # What stands here stays: neither a collection nor the end is to look through it.
    gc.freeze()


def end(shell: Any) -> None:
    """What an interpreter does at its end: threads finish, handlers run, objects go, files are
    written."""
    threading._shutdown()  # type: ignore[attr-defined]
    # Nothing is left to be told apart from garbage in a process that ends.
    shell.displayhook.do_full_cache = False
    # The shell empties the namespace among them.
    atexit._run_exitfuncs()
    vars(shell.displayhook).update(_="", __="", ___="")
    # A collection closes the files of a cycle in any order, which can be the wrong one: they
    # outlive it.
    files = _files()
    _flush(files)
    gc.collect()
    _flush(files)
    del files
    tracker: Any = resource_tracker._resource_tracker
    if tracker._pid is not None and forkserver._forkserver._forkserver_pid is None:  # type: ignore[attr-defined]
        # It tidies up when it is left alone, and the notebook's process group is about to be
        # killed.
        tracker._stop()


def _files() -> list[Any]:
    """What is open for writing; text first, for it goes into a buffer of bytes."""
    left = gc.get_objects()
    # Not `isinstance`, which asks objects what they are; and few are files, of few types.
    types = {*map(type, left)}
    found = []
    for kinds in ((io.TextIOWrapper,), (io.BufferedWriter, io.BufferedRandom)):
        ours = {kind for kind in types if issubclass(kind, kinds)}
        found += [one for one in left if type(one) in ours] if ours else []
    return found


def _flush(files: list[Any]) -> None:
    for one in files:
        with suppress(OSError, ValueError):
            one.flush()


def module_path() -> list[str]:
    """Where modules are looked for: where the environment of now says, and then where the template
    looks."""
    told = template.told_path()
    return list(
        dict.fromkeys(
            [*told, *(folder for folder in template.PATH if folder not in template.TOLD_PATH)]
        )
    )


def look_again() -> None:
    """Read once more from environment and folder what was read by the template.

    The folder for temporary files, matplotlib's settings and the folder in which it looks for them.
    What was fixed when the interpreter started is as it was then: its options (PYTHONOPTIMIZE,
    PYTHONWARNINGS, PYTHONUTF8 and their like), its locale and its hash seed; so are modules that
    were imported (none beside the notebook stands in their place), and matplotlib's user styles and
    fonts. The standard library's `random` sees to itself, numpy's old generator does not."""
    import matplotlib
    import matplotlib.dates
    import numpy as np

    np.random.seed()
    tempfile.tempdir = None
    places: Any = matplotlib
    if template.places() != template.PLACES:
        for name in ("get_configdir", "get_cachedir"):
            setattr(
                places,
                name,
                places._logged_cached(f"{name}: %s")(getattr(places, name).__wrapped__),
            )
    settings = matplotlib.matplotlib_fname()
    if settings != template.SETTINGS:
        # The folder that we are now in has a matplotlibrc of its own, or the environment names
        # another.
        read = matplotlib.rc_params_from_file(settings)
        for known in (matplotlib.rcParams, places.rcParamsOrig):
            # Not their own `update`, which leaves out or asks about some.
            dict.update(known, read)
    # It has been read from the settings when the first date was drawn.
    vars(matplotlib.dates)["_epoch"] = None
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
