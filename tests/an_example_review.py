"""The review of the examples in docstrings: that of `a_good_review`, with some more that happened,
so that every question has an answer in it. Invented from end to end."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from a_good_review import good_review

#: The place of all that comes to the good review.
_PLACE = {"place": "p3.1"}
#: What comes to the files of the good review: rows, with a cell of a row that is there changed.
MORE: Mapping[str, Sequence[Mapping[str, str]]] = {
    "agencies": [{"id": "school-x", "label": "X's school", "sector": "2A"}],
    "events": [
        {
            "id": "worry-2014",
            "kind": "concern",
            "summary": "A teacher worries about X's clothing",
            "by": "school-x",
        },
        {
            "id": "closure-2014",
            "date": "2014-09-19",
            "kind": "closure",
            "summary": "The case is closed",
            "by": "childrens-services",
        },
        {
            "id": "bruise-2014",
            "date": "2014-09-24",
            "kind": "bruising",
            "summary": "A teacher sees a bruise on X",
            "by": "school-x",
            "contradicts": "view-low-risk (judged)",
        },
        {
            "id": "told-2014",
            "date": "2014-09",
            "kind": "notification",
            "summary": "The school tells of the bruise",
            "by": "school-x",
            "to": "childrens-services",
            "tells_of": "bruise-2014",
        },
        {
            "id": "strategy-2014",
            "date": "2014-10-01",
            "kind": "strategy-discussion",
            "summary": "Agencies discuss X",
            "by": "childrens-services",
        },
        {
            "id": "icpc-2014",
            "date": "2014-10-20",
            "until": "2014-10-22",
            "kind": "icpc",
            "summary": "A conference is held on X",
            "by": "childrens-services",
            "without": "police",
            "answers": "told-2014",
        },
        {
            "id": "breach-2014",
            "date": "[2014-11-03,2014-11-24]",
            "kind": "plan-breach",
            "summary": "A visit breaks it",
        },
        {
            "id": "answer-2014",
            "date": "2014-11-28",
            "kind": "action",
            "summary": "The plan is made stricter",
            "answers": "breach-2014 (stated)",
        },
        {
            "id": "harm-2015",
            "date": "2015-01-12",
            "kind": "harm-to-child",
            "summary": "X is injured",
        },
    ],
    "findings": [{"id": "fd-response", "rests_on": "visit-2014 (judged)"}],
    "relations": [
        {
            "id": "rl-worry-closure",
            "type": "not-after",
            "from_event": "worry-2014",
            "to_event": "closure-2014",
            "basis": "judged",
        },
        {
            "id": "rl-bruise-told",
            "type": "not-after",
            "from_event": "bruise-2014",
            "to_event": "told-2014",
            "basis": "derived",
        },
        {
            "id": "rl-icpc-plan",
            "type": "same-day",
            "from_event": "icpc-2014",
            "to_event": "plan-2014",
            "to_point": "start",
            "basis": "derived",
        },
        {
            "id": "rl-icpc-harm",
            "type": "gap",
            "from_event": "icpc-2014",
            "to_event": "harm-2015",
            "gap": "P3M",
            "meaning": "rounded",
            "words": "three months later",
        },
    ],
    "details": [{"row": "fd-response", "column": "rests_on", "item": "visit-2014"}],
    "coverage": [
        {"paragraph": "3", "note": "Says that the list of recommendations is not complete"}
    ],
}


def example_review(parent: Path) -> Path:
    """Writes the review into a folder of its name below a parent."""
    folder = good_review(parent)
    for name, more in MORE.items():
        path = folder / f"{name}.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        by_id = {row["id"]: row for row in rows if "id" in row}
        for cells in more:
            if cells.get("id") in by_id:
                by_id[cells["id"]] |= cells
            else:
                rows.append((_PLACE if name not in ("agencies", "coverage") else {}) | dict(cells))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(
            text, dict.fromkeys(one for row in rows for one in row), lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return folder
