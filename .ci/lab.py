"""Does `make lab` open the notebooks in JupyterLab, and run them with this project's kernel? Does
somebody who trusts no report see its figures and tables?

Run by the interpreter of the environment that `make lab` sets up. Starts JupyterLab on loopback,
asks it as a browser would, opens reports in headless Chromium, and ends what it has started."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.session import Session
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, Page, browser_or_skip  # noqa: E402

OPTIONS = "--no-browser --ServerApp.ip=127.0.0.1 --ServerApp.port=0 --ServerApp.allow_root=True"
#: Seconds that JupyterLab may take to start, a cell to run, and a notebook to be shown.
START, CELL, SHOWN = 120, 120, 120
#: Width of the reader's screen.
WIDE = 1600
#: What a notebook shows: per figure its width as drawn and on the screen, per table its rows, and
#: the texts that are not at the left or go on beyond their cell, or beyond the notebook.
SEEN = """(outputs => ({
    figures: outputs.flatMap(one => Array.from(one.querySelectorAll('img'),
        image => image.complete ? [image.naturalWidth, image.clientWidth] : [0, 0])),
    tables: outputs.flatMap(one => Array.from(one.querySelectorAll('table'), table => table.rows.length)),
    astray: outputs.flatMap(one => Array.from(one.querySelectorAll('td, th'))).filter(cell =>
        !['left', 'start'].includes(getComputedStyle(cell).textAlign)
        || cell.scrollWidth > cell.clientWidth + 1
        || cell.getBoundingClientRect().right > cell.closest('.jp-Cell').getBoundingClientRect().right
        ).map(cell => cell.textContent),
    }))(Array.from(document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')))"""  # noqa: E501


#: What somebody types first: how many rows of bounds and of waits it gives.
THREE_LINES = """\
import casechron as cc
review = cc.read_review()
print(len(cc.bounds(review)), len(cc.response_gaps(review)))
"""


class Lab:
    """A JupyterLab that runs, asked over its REST interface."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token, self._head = url, token, {"Authorization": f"token {token}"}

    def ask(self, path: str, method: str = "GET", /, **what: Any) -> Any:
        """What the server answers."""
        data = json.dumps(what).encode() if what else None
        request = urllib.request.Request(
            self.url + path, data=data, method=method, headers=self._head
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = answer.read()
        return json.loads(said) if said and path.startswith("api/") else said.decode()

    async def run(self, kernel: str, cells: list[str]) -> str:
        """What cells print, run one after the other in a kernel; an error of theirs ends this."""
        address = self.url.replace("http", "ws", 1) + f"api/kernels/{kernel}/channels"
        socket = await websocket_connect(
            HTTPRequest(address, headers=self._head, connect_timeout=30)
        )
        printed = ""
        for code in cells:
            content = {"code": code, "silent": False, "allow_stdin": False}
            asked = Session().msg("execute_request", content)
            await socket.write_message(json.dumps({**asked, "channel": "shell"}, default=str))
            idle = replied = False
            while not (idle and replied):
                said = await asyncio.wait_for(socket.read_message(), CELL)
                if said is None:
                    raise SystemExit("the kernel's socket was closed")
                told = json.loads(said)
                if told["parent_header"].get("msg_id") != asked["msg_id"]:
                    continue
                if told["msg_type"] == "error":
                    raise SystemExit("\n".join(told["content"]["traceback"]))
                if told["msg_type"] == "stream":
                    printed += told["content"]["text"]
                idle |= (
                    told["msg_type"] == "status" and told["content"]["execution_state"] == "idle"
                )
                replied |= told["msg_type"] == "execute_reply"
        socket.close()
        return printed


def started(runtime: Path, process: subprocess.Popen[bytes]) -> str:
    """The address of the server, once it answers there: it writes the address before it listens."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"make lab ended with {process.returncode}")
        for file in runtime.glob("jpserver-*.json"):
            with suppress(json.JSONDecodeError, urllib.error.URLError):
                url = str(json.loads(file.read_text(encoding="utf-8"))["url"])
                urllib.request.urlopen(url + "api", timeout=30).close()
                return url
        time.sleep(0.2)
    raise SystemExit(f"JupyterLab did not start within {START} seconds")


def check(lab: Lab) -> None:
    """Raise `SystemExit` with what does not hold."""

    def holds(what: bool, else_say: str) -> None:
        if not what:
            raise SystemExit(else_say)

    there = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    listed = sorted(
        one["name"]
        for one in lab.ask("api/contents/notebooks")["content"]
        if one["type"] == "notebook"
    )
    holds(bool(there) and listed == there, f"notebooks/ is listed as {listed}")
    holds(
        "jupyter-config-data" in lab.ask("lab/tree/notebooks"),
        "no page of JupyterLab at lab/tree/notebooks",
    )
    path = f"notebooks/{there[0]}"
    notebook = lab.ask(f"api/contents/{path}")["content"]
    kernel = {"name": notebook["metadata"]["kernelspec"]["name"]}
    session = lab.ask(
        "api/sessions", "POST", path=path, name=there[0], type="notebook", kernel=kernel
    )
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    printed = asyncio.run(
        lab.run(
            session["kernel"]["id"],
            ["import casechron, sys\nprint(sys.prefix, casechron.__file__)", *cells],
        )
    )
    ours = f"{sys.prefix} {ROOT / 'src' / 'casechron' / '__init__.py'}"
    holds(
        printed.splitlines()[:1] == [ours],
        f"the kernel is not ours: it says {printed[:500]!r} and not {ours!r}",
    )
    lab.ask(f"api/sessions/{session['id']}", "DELETE")
    fresh = lab.ask("api/kernels", "POST", path="notebooks", **kernel)
    rows = asyncio.run(lab.run(fresh["id"], [THREE_LINES])).split()
    holds(len(rows) == 2 and "0" not in rows, f"three lines in a fresh kernel give {rows}")
    lab.ask(f"api/kernels/{fresh['id']}", "DELETE")
    print(
        f"JupyterLab lists {len(there)} notebooks, and ran {len(cells)} cells of {there[0]} with"
        " our kernel."
    )


def held(notebook: dict[str, Any]) -> tuple[int, list[int]]:
    """How many figures an executed notebook holds, and the rows of each table that it shows."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    kinds = [output["metadata"].get("casechron", {}).get("kind") for output in outputs]
    html = [output["data"].get("text/html", "") for output in outputs]
    return kinds.count("figure"), [one.count("<tr>") for one in html if "<table" in one]


def check_seen(lab: Lab, page: Page, path: str) -> tuple[int, int]:
    """How many figures and tables a reader sees of a report that nobody trusts: all of them."""
    notebook = lab.ask(f"api/contents/{path}")["content"]
    figures, tables = held(notebook)
    code = [cell["metadata"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if not code or any(cell.get("trusted") for cell in code):
        raise SystemExit(f"{path} is trusted, so that nothing can be learned from it")
    page.look(WIDE, 1000)
    address = f"{lab.url}lab/tree/{path}?token={lab.token}&reset"
    page.send("Page.navigate", {"url": address})
    deadline = time.monotonic() + SHOWN
    while True:
        seen = page.run(SEEN)
        shown = sum(natural > 0 and wide > 300 for natural, wide in seen["figures"])
        if (shown, seen["tables"]) == (figures, tables):
            break
        if time.monotonic() > deadline:
            raise SystemExit(f"{path} holds {figures} figures and tables of {tables}; seen: {seen}")
        time.sleep(0.5)
    if seen["astray"]:
        raise SystemExit(f"{path}: not at the left, or cut off: {seen['astray'][:5]}")
    return figures, len(tables)


def check_untrusted(lab: Lab) -> None:
    """Raise `SystemExit` if an executed report that nobody trusts does not show all that it
    holds."""
    # All cells stand in the page, in sight or not.
    lab.ask(
        "lab/api/settings/@jupyterlab/notebook-extension:tracker",
        "PUT",
        raw='{"windowingMode": "none"}',
    )
    # All notebooks of the largest review: those of others are the same cells.
    largest = ROOT / "reports" / "child-w-manchester-2020"
    reports = sorted(path.relative_to(ROOT).as_posix() for path in largest.glob("*.ipynb"))
    counts = []
    for path in reports:
        # One that draws: JupyterLab lays nothing out that is not looked at. A new one: it asks
        # whoever leaves it whether that is meant.
        with Browser(browser_or_skip(), draws=True) as browser:
            counts.append(check_seen(lab, browser.page(), path))
    figures, tables = map(sum, zip(*counts, strict=True))
    if not (figures and tables):
        raise SystemExit("the reports hold no figure or no table")
    print(f"Untrusted, {len(reports)} reports show {figures} figures and {tables} tables.")


def check_trusted(lab: Lab) -> None:
    """Raise `SystemExit` if `make lab` does not open every executed report trusted."""
    for path in ROOT.glob("reports/*/*.ipynb"):
        cells = lab.ask(f"api/contents/{path.relative_to(ROOT).as_posix()}")["content"]["cells"]
        if not all(one["metadata"].get("trusted") for one in cells if one["cell_type"] == "code"):
            raise SystemExit(f"make lab opens {path.name} untrusted")


@contextmanager
def running(*, signed: bool = True) -> Iterator[Lab]:
    """What `make lab` starts, until it is no longer needed; or the same where nothing is signed."""
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        sets = [] if signed else ["EXECUTED=", f"SIGNED={folder}"]
        own = dict.fromkeys(
            ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"), folder
        )
        process = subprocess.Popen(
            ["make", "--silent", "lab", f"LAB_OPTIONS={OPTIONS}", *sets],
            cwd=ROOT,
            env={**os.environ, **own, "JUPYTER_TOKEN": token, "JUPYTERLAB_WORKSPACES_DIR": folder},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            lab = Lab(started(Path(folder), process), token)
            yield lab
            lab.ask("api/shutdown", "POST")
            # JupyterLab, asked while a kernel starts, may wait for ever for a thread of its own.
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> None:
    """Start it, check it, end it; once more for somebody who has signed nothing."""
    with running() as lab:
        check(lab)
        check_trusted(lab)
    with running(signed=False) as lab:
        check_untrusted(lab)


if __name__ == "__main__":
    main()
