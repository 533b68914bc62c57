"""How does a notebook run in a fresh process without paying for its imports again?

``papermill --engine casechron-fork in.ipynb out.ipynb``, or ``engine_name=kernels.ENGINE`` in
papermill's API.

A *template* process has imported what notebooks import and has done nothing else. Each notebook
runs in a fork of it: its own namespace, its own matplotlib, its own random state, its own process
group, which is killed when the notebook is done. The supervisor (the process that called papermill)
reads what comes out, ends a cell that takes too long or says too much, and believes nothing that
the notebook's process says but JSON. What a notebook gives is what ipykernel gives: the shell is
ipykernel's, and the outputs are put together by nbclient.

`template` is what is imported beforehand, with `rehearsal` and `ready_shell` for what is slow the
first time; `shell` and `streams` are what runs in the fork, `inherited` is what of its template it
is rid of, `process` starts and ends it, `pipe` reads it; `client` and `engine` are what papermill
is given, `nbval` is what pytest is given (`pytest --nbval --nbval-warm`). Where forks are not to be
had (Windows; macOS, whose own libraries do not bear them) or the notebook is not written for this
interpreter's ``python3``, papermill's own engine serves, and nbval's own kernel."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

from casechron.reporting.kernels.engine import ForkEngine
from casechron.reporting.kernels.process import Limits, can_fork, worker_context

__all__ = ["ENGINE", "ForkEngine", "Limits", "can_fork", "executor", "register"]

#: The name of the engine, for papermill.
ENGINE = "casechron-fork"


def register() -> str:
    """The engine's name, now known to papermill whether or not the package was installed with its
    entry point."""
    from papermill.engines import papermill_engines

    papermill_engines.register(ENGINE, ForkEngine)
    return ENGINE


def executor(workers: int) -> ProcessPoolExecutor:
    """Processes that supervise notebooks: forks of the template too, so that nothing is imported
    twice.

    Functions that run in them find papermill, nbconvert and casechron already imported, and
    notebooks that they run through the engine are forked from them directly. They have the
    environment that this process has now, and end with it, however it ends."""
    context, initializer, given = worker_context()
    return ProcessPoolExecutor(workers, mp_context=context, initializer=initializer, initargs=given)
