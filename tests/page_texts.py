"""What the notebooks of the pages for readers say of a review, without a render: the cells are run
here, on the review itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import nbformat

import casechron as cc
from real_reviews import DATA

#: The notebooks, but for that of what is coded and that of what each choice changes.
NOTEBOOKS = sorted((DATA.parent / "notebooks").glob("0[2-6]_*.ipynb"))


def texts(points: list[cc.show.Point]) -> list[str]:
    return [point.text for point in points]


def shown(review: cc.Review) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """The texts that are shown by their names: points, and of each chart its title, its note and
    what is spoken of it; and the tables."""
    texts: dict[str, list[str]] = {}
    tables: dict[str, Any] = {}

    def points(several: Any, name: str) -> None:
        texts[name] = [getattr(one, "text", one) for one in several]

    def figure(*_: Any, name: str, title: str, alt: str, note: str = "", **__: Any) -> None:
        texts[f"chart {name}"], texts[f"spoken {name}"] = [title, note], [alt]

    def table(shown: Any, name: str, *_: Any, **__: Any) -> None:
        tables[name] = shown

    nothing = dict.fromkeys(("style", "cards"), lambda *_, **__: None)
    asked = {name: getattr(cc, name) for name in dir(cc)}
    asked["show"] = SimpleNamespace(
        points=points, figure=figure, table=table, keep=table, **nothing
    )
    asked["read_review"] = lambda *_, **__: review
    for path in NOTEBOOKS:
        names: dict[str, Any] = {"cc": SimpleNamespace(**asked)}
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source.removeprefix("import casechron as cc\n"), names)
    return texts, tables
