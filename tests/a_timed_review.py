"""A small invented review whose waits, counts and timescales are worked out by hand in the
tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.coding.codebook import codebook

#: Days of the week: 5 March 2018 is a Monday, 1 June 2018 a Friday; no bank holiday of England lies
#: in June or July 2018.
EVENTS = [
    {"id": "birth", "date": "2018-01", "kind": "birth"},
    {"id": "referral", "date": "2018-03-05", "kind": "referral", "summary": "A school refers"},
    {
        "id": "assessment",
        "date": "2018-03-19",
        "kind": "assessment",
        "summary": "An assessment ends",
    },
    {
        "id": "referrals-more",
        "date": "[2018-04..2018-05]",
        "kind": "referral",
        "count_min": "2",
        "summary": "More referrals",
    },
    {"id": "bruise", "kind": "bruising", "summary": "A bruise is seen"},
    {"id": "nfa", "kind": "no-further-action", "summary": "Nothing more is done"},
    {
        "id": "strategy",
        "date": "2018-06-01",
        "kind": "strategy-discussion",
        "summary": "A strategy discussion",
    },
    {
        "id": "notification",
        "date": "2018-06-04",
        "kind": "notification",
        "summary": "The police notify",
    },
    {"id": "incident", "date": "2018-06", "kind": "violence", "summary": "An incident"},
    {
        "id": "no-visit",
        "date": "2018-06",
        "kind": "visit",
        "absence": "no-evidence-found",
        "summary": "No visit is found",
    },
    {
        "id": "conference",
        "date": "[2018-06-20..2018-06-25]",
        "kind": "icpc",
        "summary": "A conference",
    },
    {"id": "plan", "date": "/..", "kind": "protection-plan", "summary": "A plan"},
    {"id": "breach", "date": "2018-08-01", "kind": "plan-breach", "summary": "The plan is broken"},
    {
        "id": "breach-answer",
        "date": "2018-08",
        "kind": "action",
        "absence": "insufficient",
        "summary": "A weak answer",
    },
    {"id": "admission", "date": "late 2018-08", "kind": "admission", "summary": "X is admitted"},
]
RELATIONS = [
    {"id": "r-bruise", "type": "not-after", "from_event": "bruise", "to_event": "nfa"},
    {"id": "r-incident", "type": "not-after", "from_event": "incident", "to_event": "notification"},
    {
        "id": "r-plan",
        "type": "same-day",
        "from_event": "plan",
        "from_point": "start",
        "to_event": "conference",
    },
]
LINKS = [
    {
        "id": "l-assessment",
        "type": "answers",
        "from_row": "assessment",
        "to_row": "referral",
        "basis": "stated",
    },
    {"id": "l-nfa", "type": "answers", "from_row": "nfa", "to_row": "bruise", "basis": "stated"},
    {
        "id": "l-visit",
        "type": "answers",
        "from_row": "no-visit",
        "to_row": "notification",
        "basis": "derived",
    },
    {
        "id": "l-breach",
        "type": "answers",
        "from_row": "breach-answer",
        "to_row": "breach",
        "basis": "stated",
    },
    {
        "id": "l-tells",
        "type": "tells-of",
        "from_row": "notification",
        "to_row": "incident",
        "basis": "stated",
    },
]
OTHERS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "agencies": [
        {"id": "school", "label": "School", "sector": "2A"},
        {"id": "cs", "label": "Children's services", "sector": "x-childrens"},
    ],
    "people": [{"id": "x", "label": "X", "kinship": "child"}],
    "involvement": [
        {"id": "iv-1", "agency": "school", "event": "referral", "role": "raised"},
        {"id": "iv-2", "agency": "cs", "event": "referral", "role": "received"},
        {"id": "iv-3", "agency": "cs", "event": "referrals-more", "role": "received"},
        {"id": "iv-4", "agency": "school", "event": "bruise", "role": "held"},
        {"id": "iv-5", "agency": "cs", "event": "notification", "role": "received"},
        {"id": "iv-6", "agency": "cs", "event": "breach", "role": "held"},
    ],
    "participation": [
        {
            "id": "pt-1",
            "person": "x",
            "event": "admission",
            "role": "subject",
            "status": "reported",
        },
        {
            "id": "pt-2",
            "person": "x",
            "event": "incident",
            "role": "concerned",
            "status": "alleged",
        },
    ],
    "themes": [{"row": "referral", "theme": "neglect"}],
    "locators": [{"row": "referral", "source": "s", "paragraph": "2", "sentence": "1"}],
    "readings": [
        {
            "reading": "later",
            "row": "conference",
            "column": "date",
            "value": "2018-06-26",
            "source": "s",
            "reason": "r",
        }
    ],
}


def review(**changed: Sequence[Mapping[str, str]]) -> dict[str, pd.DataFrame]:
    """The tables of the review, with whole tables exchanged; columns not given are empty."""
    rows = {"events": EVENTS, "relations": RELATIONS, "links": LINKS, **OTHERS, **changed}
    return {
        name: pd.DataFrame(
            [
                {column: row.get(column, "") for column in table.header}
                for row in rows.get(name, ())
            ],
            columns=table.header,
            dtype="str",
        )
        for name, table in codebook().tables.items()
    }


def nothing() -> dict[str, pd.DataFrame]:
    """A review without a row."""
    return review(**{name: [] for name in ("events", "relations", "links", *OTHERS)})
