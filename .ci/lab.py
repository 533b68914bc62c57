"""Does `make lab` open the notebooks in JupyterLab, and run them with this project's kernel?

Run by the interpreter of the environment that `make lab` sets up. Starts JupyterLab on loopback
without a browser, asks it as a browser would, and ends what it has started."""

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
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = "--no-browser --ServerApp.ip=127.0.0.1 --ServerApp.port=0 --ServerApp.allow_root=True"
#: Seconds that JupyterLab may take to start, and a cell to run.
START, CELL = 120, 120


class Lab:
    """A JupyterLab that runs, asked over its REST interface."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self._head = url, {"Authorization": f"token {token}"}

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
            asked = uuid.uuid4().hex
            header = {
                "msg_id": asked,
                "msg_type": "execute_request",
                "session": asked,
                "username": "",
                "version": "5.3",
            }
            content = {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
            }
            message = {
                "channel": "shell",
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
            }
            await socket.write_message(json.dumps(message))
            idle = replied = False
            while not (idle and replied):
                said = await asyncio.wait_for(socket.read_message(), CELL)
                if said is None:
                    raise SystemExit("the kernel's socket was closed")
                told = json.loads(said)
                if told["parent_header"].get("msg_id") != asked:
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
    """The address of the server, once it says that it is there."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        for file in runtime.glob("jpserver-*.json"):
            return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        if process.poll() is not None:
            raise SystemExit(f"make lab ended with {process.returncode}")
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
    print(
        f"JupyterLab lists {len(there)} notebooks, and ran {len(cells)} cells of {there[0]} with"
        " our kernel."
    )


def main() -> None:
    """Start it, check it, end it."""
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        own = dict.fromkeys(
            ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"), folder
        )
        process = subprocess.Popen(
            ["make", "--silent", "lab", f"LAB_OPTIONS={OPTIONS}"],
            cwd=ROOT,
            env={**os.environ, **own, "JUPYTER_TOKEN": token, "JUPYTERLAB_WORKSPACES_DIR": folder},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            lab = Lab(started(Path(folder), process), token)
            check(lab)
            lab.ask("api/shutdown", "POST")
            process.wait(60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(30)


if __name__ == "__main__":
    main()
