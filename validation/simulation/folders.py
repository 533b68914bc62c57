"""Where do simulated reviews stand? In a folder of their own, never among real ones, the truth
beside and not within."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

from casechron.coding.days import day_text
from casechron.coding.forms import form_text
from casechron.coding.meta import META, SOURCE_KEYS
from simulation.as_form import as_form
from simulation.reviews import SimulatedReview, SimulationError, TrueDay

__all__ = ["form_files", "truth_text", "write_reviews"]

_PARTS = ("data", "truth", "texts")


def write_reviews(reviews: Iterable[SimulatedReview], out: Path) -> int:
    """Write each review as it comes: ``data/<id>/``, ``truth/<id>.csv`` and the source
    ``texts/<id>.txt``; how many.

    With a copy of the notebooks beside them, ``out`` is then a project whose reports can be
    rendered. Nothing is held but the review that is being written. Raises `SimulationError` where
    ``out`` holds anything else: invented reviews are never written among others."""
    there = (
        sorted(path.name for path in out.iterdir() if path.name != "notebooks")
        if out.is_dir()
        else []
    )
    if there:
        some = ", ".join([*there[:3], *["…"] * (len(there) > 3)])
        raise SimulationError(
            f"{out} is not empty ({some}); name a new folder, so that invented reviews stand by"
            " themselves"
        )
    written = 0
    for review in reviews:
        for part in _PARTS:  # not before there is a review to write
            (out / part).mkdir(parents=True, exist_ok=True)
        folder = out / "data" / review.id
        folder.mkdir()
        for file, text in form_files(review).items():
            _write(folder / file, text)
        _write(out / "truth" / f"{review.id}.csv", truth_text(review.truth))
        _write(out / "texts" / f"{review.id}.txt", review.text)
        written += 1
    return written


def form_files(review: SimulatedReview) -> dict[str, str]:
    """The files of a simulated review as a coder would have typed them, by name."""
    rows = review.tables["sources"]
    sources: list[dict[str, str | bool]] = [
        {name: value for name, value in row.items() if name in SOURCE_KEYS and value}
        | ({"default": True} if row["paragraphs"] and rows[1:] else {})
        for row in rows
    ]
    parts = [
        "\n[[sources]]\n" + "".join(f"{name} = {json.dumps(one[name])}\n" for name in one)
        for one in sources
    ]
    forms = as_form(review.tables, sources, {rows[0]["id"]: review.text})
    files = {f"{name}.csv": form_text(name, rows) for name, rows in forms.items()}
    return {META: "".join([review.meta, *parts]), **files}


def truth_text(truth: Iterable[TrueDay]) -> str:
    """The true days as the text of a CSV file: event, point, day.

    >>> truth_text([TrueDay("icpc-1", "start", 736934)])
    'event,point,day\\nicpc-1,start,2018-08-28\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TrueDay._fields)
    writer.writerows((event, point, day_text(day)) for event, point, day in truth)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
