"""At which contacts was the child seen, seen alone, spoken to, or not seen, and what did it say?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables, rows_in
from casechron.analysis.judgements import JUDGED, days_inferred
from casechron.analysis.parties import agency_labels, party_labels
from casechron.analysis.record import count_words, placed
from casechron.chronology import Chronology
from casechron.chronology.day_columns import calendar_days, texts
from casechron.coding.codebook import codebook

NOT_SAID = "not said"
_SEEN, _ALONE, _SPOKEN, _NOT_SEEN, _SAID = (
    "child-seen",
    "child-seen-alone",
    "child-spoken-to",
    "child-not-seen",
    "child-said",
)
#: What includes what: a child that was heard was spoken to, and one that was spoken to was seen.
_INCLUDED = {_SEEN: (_SEEN, _ALONE, _SPOKEN, _SAID), _ALONE: (_ALONE,), _SPOKEN: (_SPOKEN, _SAID)}
_CHILDREN = ("child", "sibling")
#: What needs no word beside a person: reported as fact, or not coded.
_FIRM = ("reported", "")


def contacts(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """At which contacts was the child seen, seen alone, spoken to or not seen, as far as the source
    says, and what did it say?

    One row per contact that took place, in table order: what is of a kind that the codebook flags
    so, and whatever else has such a fact (an assessment, say). A contact of persons of whom none is
    a child is left out, unless it has one. `seen`, `seen_alone` and `spoken_to` are 'yes', 'no'
    (the source says that the child was not seen) or 'not said'; being heard includes being spoken
    to, and that being seen. 'yes and no' where the source says both, as of several visits or
    children; `facts` has the words. Beside a person of whom the source does not report it as a fact
    stands the status. `as_judged`: its days would be others without what the coder judged. How
    many contacts a row stands for (`how_many`) is part of the answer: rows are not contacts."""
    book, labels, agencies = codebook(), party_labels(tables), agency_labels(tables)
    facts: dict[str, list[tuple[str, str]]] = {}
    for row, fact, value in rows_in(tables["attributes"], "row", "attribute", "value"):
        if fact in (_SEEN, _ALONE, _SPOKEN, _NOT_SEEN, _SAID):
            facts.setdefault(row, []).append((fact, value))
    kinship = dict(rows_in(tables["people"], "id", "kinship"))
    persons: dict[str, dict[str, None]] = {}
    said_of: dict[tuple[str, str], dict[str, None]] = {}
    for event, person, status in rows_in(tables["participation"], "event", "person", "status"):
        persons.setdefault(event, {})[person] = None
        if status not in _FIRM:
            said_of.setdefault((event, person), {})[book.label("status", status)] = None
    parts = book.flagged("involvement_role", "knows")
    occasions = book.flagged("event_kind", "contact")
    by: dict[str, dict[str, None]] = {}
    for event, role, agency in rows_in(tables["involvement"], "event", "role", "agency"):
        if role in parts:
            by.setdefault(event, {})[agencies[agency]] = None

    def asked(event: str, kind: str) -> bool:
        there = persons.get(event, {})
        children = not there or any(kinship[person] in _CHILDREN for person in there)
        return event in facts or (kind in occasions and (kind != "contact" or children))

    names = ("id", "kind", "absence", "summary", "date", "count_min", "count_max")
    rows = [
        row for row in rows_in(tables["events"], *names) if not row[2] and asked(row[0], row[1])
    ]
    ids = [row[0] for row in rows]
    at = np.array([chronology.lowered.place[event] for event in ids], dtype=np.int64)
    windows, places = shown_windows(tables, chronology)[at], placed(tables["locators"])
    days = days_inferred(tables, chronology)

    def who(event: str, person: str) -> str:
        hedge = said_of.get((event, person))
        return f"{labels[person]} ({', '.join(hedge)})" if hedge else labels[person]

    def said(event: str, wanted: str) -> str:
        there = {fact for fact, _ in facts.get(event, ())}
        yes, no = not there.isdisjoint(_INCLUDED[wanted]), _NOT_SEEN in there
        return "yes and no" if yes and no else "yes" if yes else "no" if no else NOT_SAID

    return pd.DataFrame(
        {
            "contact": texts(ids),
            "kind": texts(book.label("event_kind", row[1]) for row in rows),
            "summary": texts(row[3] for row in rows),
            "how_many": texts(count_words(row[1], *row[5:]) for row in rows),
            "date": texts(row[4] for row in rows),
            "earliest": calendar_days(windows[:, 0], chronology.admissible),
            "latest": calendar_days(windows[:, 3], chronology.admissible),
            "as_judged": [JUDGED in days[event] for event in ids],
            "by": texts("; ".join(by.get(event, {})) for event in ids),
            "persons": texts(
                "; ".join(who(event, one) for one in persons.get(event, {})) for event in ids
            ),
            "seen": texts(said(event, _SEEN) for event in ids),
            "seen_alone": texts(said(event, _ALONE) for event in ids),
            "spoken_to": texts(said(event, _SPOKEN) for event in ids),
            "child_said": texts(
                "; ".join(value for fact, value in facts.get(event, ()) if fact == _SAID)
                for event in ids
            ),
            "facts": texts(
                "; ".join(
                    f"{book.label('attribute', fact)}: {value}"
                    for fact, value in facts.get(event, ())
                )
                for event in ids
            ),
            "places": texts(places.get(event, "") for event in ids),
        }
    )
