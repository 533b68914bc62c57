"""How long does each figure take to draw and to show, and how many bytes is it?

    python benchmarks/drawings.py [--rounds 5] [--review ID] [--notebooks '03*'] [--out FOLDER]

The cells of each notebook run in this process; of all that they do, only the calls of
`figures.draw_...` and of `show_figure` are timed. Seconds are those of processor, the least of the
rounds. Each drawing must be the same bytes in every round, or the run fails; with `--out` the
drawings are written as files."""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from casechron.reporting import display, figures

ROOT = Path(__file__).parents[1]


class Watch:
    """What the figures of one notebook took, and what became of them."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}
        self.pictures: dict[str, str] = {}
        self._drawn = 0.0

    def draw(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed until the figure is shown."""

        @functools.wraps(function)
        def timed(*given: Any, **more: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*given, **more)
            finally:
                self._drawn += time.process_time() - begun

        return timed

    def show(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`show_figure`, timed."""

        def timed(drawing: Any, name: str, *given: Any) -> None:
            begun = time.process_time()
            function(drawing, name, *given)
            self.seconds[name], self._drawn = (self._drawn, time.process_time() - begun), 0.0

        return timed

    def send(self, data: dict[str, str], **said: Any) -> None:
        """Keep what would have been shown."""
        if said["kind"] == "figure":
            self.pictures[said["name"]] = data["image/svg+xml"]


def run(notebook: Path, review: str) -> Watch:
    """The figures of a notebook for a review."""
    watch = Watch()
    cells = [
        cell
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    names: dict[str, Any] = {}
    with (
        mock.patch.object(display, "_send", watch.send),
        mock.patch.object(display, "show_figure", watch.show(display.show_figure)),
        mock.patch.multiple(
            figures, **{name: watch.draw(getattr(figures, name)) for name in figures.__all__}
        ),
    ):
        for number, cell in enumerate(cells):
            exec(compile("".join(cell["source"]), notebook.name, "exec"), names)
            if number == 0:
                names["review"] = review
    return watch


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--review", help="a folder of data/; all of them by default")
    parser.add_argument("--notebooks", default="*")
    parser.add_argument("--out", type=Path, help="a folder for the drawings")
    given = parser.parse_args()
    os.chdir(ROOT)
    reviews = sorted(
        path.parent.name
        for path in (ROOT / "data").glob("*/review.toml")
        if given.review in (None, path.parent.name)
    )
    for review in reviews:
        best: dict[str, tuple[float, float]] = defaultdict(lambda: (float("inf"), float("inf")))
        pictures: dict[str, str] = {}
        for notebook in sorted((ROOT / "notebooks").glob(f"{given.notebooks}.ipynb")):
            for _ in range(given.rounds):
                gc.collect()
                watch = run(notebook, review)
                for name, took in watch.seconds.items():
                    best[name] = min(best[name], took, key=sum)
                    if pictures.setdefault(name, watch.pictures[name]) != watch.pictures[name]:
                        raise SystemExit(f"{review}, {name}: not the same bytes twice")
        print(f"\n{review}\n\n| figure | seconds to draw | to show | bytes |\n|---|---|---|---|")
        for name, (drawn, shown) in best.items():
            print(f"| {name} | {drawn:.3f} | {shown:.3f} | {len(pictures[name].encode()):,} |")
        sums = [sum(took[part] for took in best.values()) for part in (0, 1)]
        print(
            f"| all | {sums[0]:.3f} | {sums[1]:.3f} |"
            f" {sum(len(picture.encode()) for picture in pictures.values()):,} |"
        )
        if given.out:
            folder = given.out / review
            folder.mkdir(parents=True, exist_ok=True)
            for name, picture in pictures.items():
                (folder / f"{name}.svg").write_text(picture + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
