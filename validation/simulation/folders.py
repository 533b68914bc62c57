"""Where do simulated reviews stand? In a folder of their own, never among real ones, the truth
beside and not within."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from casechron.coding.codebook import codebook
from casechron.coding.meta import META
from casechron.coding.sheets import form_text
from casechron.dates.days import day_text
from simulation.as_form import as_form
from simulation.reviews import SimulatedReview, SimulationError, TrueDay


def write_reviews(reviews: Iterable[SimulatedReview], out: Path) -> int:
    """Write each review as it comes: ``data/<id>/``, ``truth/<id>.csv`` and the source
    ``texts/<id>.txt``; how many.

    With a copy of the notebooks beside them, ``out`` is then a project whose reports can be
    rendered. Nothing is held but the review that is being written. Raises `SimulationError` where
    ``out`` holds anything else: invented reviews are never written among others."""
    there = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    if there := [name for name in there if name != "notebooks"]:
        some = ", ".join([*there[:3], *["…"] * (len(there) > 3)])
        raise SimulationError(
            f"{out} is not empty ({some}); name a new folder, so that invented reviews stand by"
            " themselves"
        )
    written = 0
    for review in reviews:
        texts = {f"data/{review.id}/{name}": text for name, text in form_files(review).items()}
        texts[f"truth/{review.id}.csv"] = truth_text(review.truth)
        texts[f"texts/{review.id}.txt"] = review.text
        for name, text in texts.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(text, encoding="utf-8", newline="")
        written += 1
    return written


def form_files(review: SimulatedReview) -> dict[str, str]:
    """The files of a simulated review as a coder would have typed them, by name."""
    rows, meta = review.tables["sources"], review.meta
    for row in rows:
        values = {
            name: value for name, value in row.items() if name in codebook().source_keys and value
        }
        default = ["default = true\n"] if row["paragraphs"] and rows[1:] else []
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in values.items()]
        meta += "".join(["\n[[sources]]\n", *lines, *default])
    forms = as_form(review.tables, review.text)
    return {META: meta, **{f"{name}.csv": form_text(name, rows) for name, rows in forms.items()}}


def truth_text(truth: Iterable[TrueDay]) -> str:
    """The true days as the text of a CSV file: event, point, day.

    >>> truth_text([TrueDay("icpc-1", "start", 736934)])
    'event,point,day\\nicpc-1,start,2018-08-28\\n'
    """
    return "".join(
        f"{event},{point},{day}\n"
        for event, point, day in [
            TrueDay._fields,
            *((one.event, one.point, day_text(one.day)) for one in truth),
        ]
    )
