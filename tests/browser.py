"""How do the tests drive Chromium? Over its own pipe (`--remote-debugging-pipe`), with the standard
library alone."""

from __future__ import annotations

import base64
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from text_tables import words_of

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *words_of("""
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync --disable-extensions
    --disable-dev-shm-usage --mute-audio --hide-scrollbars --remote-debugging-pipe
"""),
)
#: Else frames are drawn that nobody looks at, which takes a quarter of the processor.
UNDRAWN = ("--disable-threaded-compositing",)
PATIENCE = 60.0
#: The browser reads commands from descriptor 3 and answers on 4, which may be in use here.
_START = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 10) for pipe in sys.argv[1:3]]
for place, pipe in enumerate(pipes, start=3):
    os.dup2(pipe, place)
os.execv(sys.argv[3], [*sys.argv[3:], "about:blank"])
"""


def find_browser() -> str | None:
    """The path of a Chromium, if there is one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class BrowserError(RuntimeError):
    """The browser refused a command, threw in a page, or did not answer."""


class Browser:
    """A headless Chromium with a new and empty profile; `with Browser(path) as browser: page =
    browser.page()`.

    One process, any number of pages; each can be driven by a thread of its own. Pictures are to be
    had if it `draws`."""

    def __init__(self, path: str, *, draws: bool = False) -> None:
        self.draws = draws
        self._profile = tempfile.mkdtemp(prefix="casechron-browser-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        command = [
            sys.executable,
            "-S",
            "-c",
            _START,
            str(to_browser),
            str(from_browser),
            path,
            *FLAGS,
        ]
        command += [] if draws else UNDRAWN
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={self._profile}"],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._count = 0
        self._sending = threading.Lock()
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}
        self._ended = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(10)
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def page(self) -> Page:
        """A new and empty page in a window of its own, which believes that it is looked at."""
        # Not a tab beside others: Escape, which closes a definition, also stops what the window's
        # foremost tab is loading.
        target = self.send("Target.createTarget", {"url": "about:blank", "newWindow": True})[
            "targetId"
        ]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})[
            "sessionId"
        ]
        page = self._pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setFocusEmulationEnabled", {"enabled": True})
        return page

    def send(
        self, method: str, parameters: dict[str, Any] | None = None, session: str | None = None
    ) -> dict[str, Any]:
        """What the browser answers to a command."""
        answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        with self._sending:
            if self._ended:
                raise BrowserError(f"{method}: the browser ended")
            self._count += 1
            mine = self._count
            self._answers[mine] = answers
            message = {
                "id": mine,
                "method": method,
                "params": parameters or {},
                **({"sessionId": session} if session else {}),
            }
            data = json.dumps(message).encode() + b"\0"
            while data:
                data = data[os.write(self._write, data) :]
        try:
            answer = answers.get(timeout=PATIENCE)
        except queue.Empty:
            raise BrowserError(f"{method}: no answer within {PATIENCE:.0f} seconds") from None
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def _listen(self) -> None:
        """Hand each answer to who waits for it, and each event to its page, until the browser
        ends."""
        unread = b""
        while read := os.read(self._read, 1 << 20):
            *lines, unread = (unread + read).split(b"\0")
            for line in lines:
                message = json.loads(line)
                if "id" in message:
                    self._answers.pop(message["id"]).put(message)
                elif page := self._pages.get(message.get("sessionId", "")):
                    page.hear(message["method"], message["params"])
        with self._sending:
            self._ended = True
            for waiting in self._answers.values():
                waiting.put({"error": {"message": "the browser ended"}})


class Page:
    """A page of the browser. `events` holds all that it reported since `open`, as (method,
    parameters)."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target
        self._heard = threading.Condition()
        self._looks: dict[str, dict[str, Any]] = {}
        self.events: list[tuple[str, dict[str, Any]]] = []

    def hear(self, method: str, parameters: dict[str, Any]) -> None:
        """Take an event of the browser."""
        with self._heard:
            self.events.append((method, parameters))
            self._heard.notify_all()

    def close(self) -> None:
        """Close the page and its window."""
        self._browser.send("Target.closeTarget", {"targetId": self._target})

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._browser.send(method, parameters, self._session)

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file and wait until it has loaded."""
        self.events.clear()
        address = path.as_uri() + fragment
        answer = self.send("Page.navigate", {"url": address})
        if answer.get("errorText"):
            raise BrowserError(f"{address}: {answer['errorText']}")
        with self._heard:
            if not self._heard.wait_for(
                lambda: any(method == "Page.loadEventFired" for method, _ in self.events), PATIENCE
            ):
                raise BrowserError(f"{address}: not loaded within {PATIENCE:.0f} seconds")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        answer = self.send(
            "Runtime.evaluate",
            {
                "expression": script,
                "returnByValue": True,
                "awaitPromise": True,
                "userGesture": True,
            },
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise BrowserError(thrown.get("exception", {}).get("description", thrown["text"]))
        return answer["result"].get("value")

    def look(
        self,
        width: int,
        height: int = 800,
        *,
        dark: bool = False,
        scale: float = 1,
        scripts: bool = True,
        media: str = "",
        contrast: bool = False,
    ) -> None:
        """The reader's screen, or paper (`media="print"`), its colours (`contrast`: the reader's
        own), and if scripts run."""
        features = {
            "prefers-color-scheme": "dark" if dark else "light",
            "forced-colors": "active" if contrast else "none",
        }
        media_features = [{"name": name, "value": value} for name, value in features.items()]
        wanted = {
            "Emulation.setDeviceMetricsOverride": {
                "width": width,
                "height": height,
                "deviceScaleFactor": scale,
                "mobile": False,
            },
            "Emulation.setEmulatedMedia": {"media": media, "features": media_features},
            "Emulation.setScriptExecutionDisabled": {"value": not scripts},
        }
        for method, parameters in wanted.items():
            # Each lays the page out anew, whether or not anything has changed.
            if self._looks.get(method) != parameters:
                self._looks[method] = parameters
                self.send(method, parameters)

    def press(self, key: str) -> None:
        """Press and release a key: Tab, Enter, Escape, or a character."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}.get(key, 0)
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        stroke = {"key": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
        self.send(
            "Input.dispatchKeyEvent",
            {"type": "keyDown" if text else "rawKeyDown", "text": text, **stroke},
        )
        self.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke})

    def picture(self, whole: bool = False) -> bytes:
        """The page as PNG: what is in sight, or all of it."""
        if not self._browser.draws:
            raise BrowserError(
                "a browser that does not draw takes no pictures; Browser(path, draws=True) does"
            )
        return base64.b64decode(
            self.send("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})[
                "data"
            ]
        )

    def pdf(self) -> bytes:
        """The page as printed by the browser."""
        return base64.b64decode(
            self.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})[
                "data"
            ]
        )

    def requested(self) -> list[str]:
        """The address of everything that the page asked for since it was opened, beside what it
        holds itself."""
        return [
            parameters["request"]["url"]
            for method, parameters in self.events
            if method == "Network.requestWillBeSent"
            and not parameters["request"]["url"].startswith("data:")
        ]

    def complaints(self) -> list[str]:
        """Everything that the page wrote to its console, every error that it threw and all that the
        browser held against it."""
        complaints = []
        for method, parameters in self.events:
            if method == "Runtime.consoleAPICalled":
                values = [argument.get("value") for argument in parameters["args"]]
                complaints.append(f"console.{parameters['type']}: {values}")
            elif method == "Runtime.exceptionThrown":
                complaints.append(
                    str(
                        parameters["exceptionDetails"]
                        .get("exception", {})
                        .get("description", parameters["exceptionDetails"]["text"])
                    )
                )
            elif method == "Log.entryAdded":
                complaints.append(f"{parameters['entry']['level']}: {parameters['entry']['text']}")
            elif method == "Page.javascriptDialogOpening":
                complaints.append(f"dialog: {parameters['message']}")
        return complaints


def browser_or_skip() -> str:
    """The path of a Chromium; without one the test is skipped and says so, but fails where `CI` is
    set."""
    path = find_browser()
    if path is None and os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(
            "there is no Chromium, and CI must not skip the browser tests; install one (Debian:"
            " apt-get install chromium)"
        )
    if path is None:
        pytest.skip(
            "SKIPPED IN THE BROWSER: there is no Chromium here (Debian: apt-get install chromium)"
        )
    return path
