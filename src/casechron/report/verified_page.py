"""A page with each sentence of a source beside the rows that rest on it, for who has the source.

The text of a source may not travel with a review, so the page is written nowhere where it would."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from casechron.characters import shown
from casechron.coding.expansion import Origin
from casechron.coding.files import lies_within
from casechron.coding.reviews import ReviewError, find_root
from casechron.coding.verification import STATUSES, Verified

#: Cells of a row that stand elsewhere on the page.
_ELSEWHERE = ("id", "summary", "place")
#: Files whose rows stand last beside a sentence.
_WHO = ("agencies.csv", "people.csv")


class PageError(ValueError):
    """Why a page with a source's text is not written."""


def private_file(path: Path, folder: Path) -> None:
    """Refuse a file in which a source's text could travel with a review.

    Parameters
    ----------
    path
        The file that a page shall be written to.
    folder
        The folder of the review, or of the coding.

    Raises
    ------
    PageError
        Where the file exists, or lies in a git work tree, in the review's project or in the one
        that is worked in.
    """
    if os.path.lexists(path):
        raise PageError(f"{path.name} exists already; choose another name, or move it away first")
    real = Path(os.path.realpath(path))
    if not real.parent.is_dir():
        raise PageError(f"there is no folder {shown(path.parent)}; make it, or name another")
    projects = lies_within(folder.absolute())
    with suppress(ReviewError):  # a review may be named by its path, with no project around
        projects.append(find_root())
    inside = [project for project in projects if real.is_relative_to(os.path.realpath(project))]
    inside += [parent for parent in real.parents if os.path.lexists(parent / ".git")]
    if inside:
        raise PageError(
            f"{path.name} would lie in {shown(inside[0])}, and the text of a source may not travel"
            " with a review; name a file outside of the project and of any git repository"
        )


def page_text(verified: Sequence[Verified], review: str) -> str:
    """The page as HTML, without scripts and addresses.

    Parameters
    ----------
    verified
        What `casechron.coding.verification.verify_form` found, of each source.
    review
        The name of the review, for the title.
    """
    from casechron.report.page.build import rendered

    return rendered(
        "verified.html.j2", review=review, statuses=STATUSES, sources=list(map(_source, verified))
    )


def _source(verified: Verified) -> dict[str, Any]:
    """A source for the template: its id, what is missing, and its sentences by paragraph."""
    became = {
        (mention.paragraph, mention.sentence): (
            mention.status,
            (mention.found_paragraph, mention.found_sentence),
        )
        for mention in verified.found
    }
    coded: dict[tuple[int | None, int | None], list[dict[str, Any]]] = {}
    for place, (status, at) in sorted(became.items()):
        rows = _rows(verified, place)
        coded_place = {"place": "p{}.{}".format(*place), "status": status, "rows": rows}
        coded.setdefault(at, []).append(coded_place)
    paragraphs: dict[int, list[dict[str, Any]]] = {}
    for sentence in verified.copy:
        places = coded.get((sentence.paragraph, sentence.sentence), [])
        paragraphs.setdefault(sentence.paragraph, []).append(
            {"text": sentence.text, "places": places}
        )
    missing = coded.get((None, None), [])
    return {"id": verified.source, "missing": missing, "paragraphs": paragraphs}


def _rows(verified: Verified, place: tuple[int, int]) -> list[dict[str, Any]]:
    """The rows of the form that rest on a sentence, whole or with the items that do."""
    typed: dict[tuple[str, int], list[Origin]] = {}
    for origin in verified.rests[place]:
        typed.setdefault((origin.file, origin.line), []).append(origin)
    rows = []
    for (file, line), origins in sorted(
        typed.items(), key=lambda line_rows: line_rows[0][0].endswith(_WHO)
    ):
        row = verified.typed[file, line]
        rows.append(
            {
                "where": f"{file} line {line}",
                "id": row["id"],
                "summary": row["summary"],
                "cells": _cells(row.cells, origins),
                "unnamed": [rest.item for rest in verified.unnamed if rest in origins],
            }
        )
    return rows


def _cells(cells: dict[str, str], origins: Sequence[Origin]) -> list[tuple[str, str]]:
    if any(not origin.column for origin in origins):
        return [(name, cell) for name, cell in cells.items() if cell and name not in _ELSEWHERE]
    items: dict[str, list[str]] = {}
    for origin in origins:
        items.setdefault(origin.column, []).append(origin.item or cells.get(origin.column, ""))
    return [(name, "; ".join(dict.fromkeys(of))) for name, of in items.items()]
