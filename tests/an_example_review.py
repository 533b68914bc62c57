"""The review of the examples in docstrings: that of `a_good_review`, with some more that happened,
so that every question has an answer in it. Invented from end to end."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from a_good_review import good_review
from text_tables import records_of

#: The place of all that comes to the good review.
_PLACE = {"place": "p3.1"}
#: What comes to the files of the good review: rows, with a cell of a row that is there changed.
MORE: Mapping[str, Sequence[Mapping[str, str]]] = {
    "agencies": [{"id": "school-x", "label": "X's school", "sector": "2A"}],
    "events": records_of("""
        id | kind | summary | by | date | contradicts | to | tells_of | until | without | answers
        worry-2014 | concern | A teacher worries about X's clothing | school-x
        closure-2014 | closure | The case is closed | childrens-services | 2014-09-19
        bruise-2014 | bruising | A teacher sees a bruise on X | school-x | 2014-09-24
        ... view-low-risk (judged)
        told-2014 | notification | The school tells of the bruise | school-x | 2014-09 |
        ... childrens-services | bruise-2014
        strategy-2014 | strategy-discussion | Agencies discuss X | childrens-services | 2014-10-01
        icpc-2014 | icpc | A conference is held on X | childrens-services | 2014-10-20 | | |
        ... 2014-10-22 | police | told-2014
        breach-2014 | plan-breach | A visit breaks it | | [2014-11-03,2014-11-24]
        answer-2014 | action | The plan is made stricter | | 2014-11-28 | | | | |
        ... breach-2014 (stated)
        harm-2015 | harm-to-child | X is injured | | 2015-01-12
    """),
    "findings": [{"id": "fd-response", "rests_on": "visit-2014 (judged)"}],
    "relations": records_of("""
        id | type | from_event | to_event | basis | to_point | gap | meaning | words
        rl-worry-closure | not-after | worry-2014 | closure-2014 | judged
        rl-bruise-told | not-after | bruise-2014 | told-2014 | derived
        rl-icpc-plan | same-day | icpc-2014 | plan-2014 | derived | start
        rl-icpc-harm | gap | icpc-2014 | harm-2015 | | | P3M | rounded | three months later
    """),
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
