"""By which ways did each agency come to hold a matter, whatever the dates? Derived from the coding,
row by row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import Tables, by_key, cells, ids_where, rows_in, ties
from casechron.analysis.concerns import concern_ids
from casechron.analysis.record import takes_in
from casechron.chronology.day_columns import texts
from casechron.coding.codebook import codebook

#: The basis of what a coder alone ties together.
JUDGED = "judged"
_CONCERN, _EVIDENCE, _LATER = "concern", "evidence on a view", "learned afterwards"


class Way(NamedTuple):
    """One way in which an agency came to hold a matter.

    `steps` are the events on it with the day that counts: True where something was told on an
    unknown day from the first to the last, False where the first day counts. The agency holds the
    matter once all of them have come. `rows` are the rows that made it. `later`: it runs through
    what came after the events. `undated`: it was received, the source does not say when."""

    agency: str
    matter: str
    steps: tuple[tuple[str, bool], ...]
    rows: tuple[str, ...]
    later: bool
    undated: bool


def matters(tables: Tables) -> pd.DataFrame:
    """Which rows of the record are matters that an agency could have known?

    One row per event, in table order, with why it counts: a `concern` (`concerns.concern_ids`);
    `evidence on a view`, if it supports or contradicts a view and not the coder alone judged so;
    `learned afterwards`, if the source says that an agency learned of it only later. The first that
    fits is named. `part_of` names the rows that count it together with others.

    >>> from casechron.coding.codebook import codebook
    >>> empty = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> rows = pd.DataFrame(
    ...     {"id": ["a", "b"], "kind": ["referral", "visit"], "summary": ["One", "Two"]}
    ... )
    >>> events = rows.reindex(columns=codebook().tables["events"].header, fill_value="")
    >>> matters(empty | {"events": events})[["matter", "counted_as", "summary"]]
      matter counted_as summary
    0      a    concern     One
    """
    events, links, involved = tables["events"], tables["links"], tables["involvement"]
    concerns = set(concern_ids(tables))
    views = set(cells(tables["views"], "id"))
    tied = list(rows_in(links, "type", "from_row", "to_row", "basis"))
    evidence = {
        row
        for tie, row, view, basis in tied
        if tie in ("supports", "contradicts") and view in views and basis != JUDGED
    }
    later = set(
        ids_where(involved, "role", codebook().flagged("involvement_role", "later"), "event")
    )
    reasons = ((_CONCERN, concerns), (_EVIDENCE, evidence), (_LATER, later))
    wholes = by_key(ties(tables, "part-of"))
    why = {
        event: next((reason for reason, rows in reasons if event in rows), "")
        for event in cells(events, "id")
    }
    kept = [(event, summary) for event, summary in rows_in(events, "id", "summary") if why[event]]
    return pd.DataFrame(
        {
            "matter": texts(event for event, _ in kept),
            "counted_as": texts(why[event] for event, _ in kept),
            "summary": texts(summary for _, summary in kept),
            "part_of": texts("; ".join(wholes.get(event, [])) for event, _ in kept),
        }
    )


def ways(tables: Tables, of: Collection[str] | None = None) -> list[Way]:
    """By which ways did each agency come to hold each matter (or event of `of`), whatever the
    dates? In the order of the coding.

    An agency holds an event in which it has a role that knows; what that event tells of
    (`tells-of`), and what that tells of in turn; and each of the events that it counts together
    (`part-of`, from the whole to its parts). Who raised one of several referrals did not raise the
    others, so a role on the telling side is not passed on to parts. What is no telling (an
    incident, say) an agency received on some day from its first on, which the source does not
    state (`undated`): a telling or an answer says that it held it by then, and not that it did not
    before. Who led or took part in a response that happened held what it answers by then. A role
    for later learning, and a way through events that the codebook flags as learning, is marked
    `later`. A way that goes through all the steps of another adds nothing and is left out; of two
    by the same steps the dated one stays, else the one whose row ids come first."""
    book, events, rows = codebook(), tables["events"], tables["involvement"]
    knows, hears, tells, decides, afterwards = (
        book.flagged("involvement_role", flag)
        for flag in ("knows", "was-told", "told", "decides", "later")
    )
    learning = book.flagged("event_kind", "learning")
    at_once = book.flagged("event_kind", "telling") | takes_in()
    kind = dict(rows_in(events, "id", "kind"))
    absent = {event for event, absence in rows_in(events, "id", "absence") if absence}
    onward_from = _ties(tables)
    wanted = set(cells(matters(tables), "matter") if of is None else of)
    found: list[Way] = []
    for row, agency, event, role in rows_in(rows, "id", "agency", "event", "role"):
        if role in afterwards and event in wanted:
            found.append(Way(agency, event, ((event, False),), (row,), True, True))
        if role not in knows:
            continue
        # Received, and no telling itself: on a day that the source does not state.
        tells_on = any(tie == "tells-of" for tie, _, _ in onward_from.get(event, []))
        undated = role in hears and kind[event] not in at_once and not tells_on
        onward = _onward(
            event,
            onward_from,
            pass_to_parts=role not in tells,
            answering=role in decides and event not in absent,
        )
        for steps, through in [(((event, False),), ()), *onward]:
            if steps[-1][0] in wanted:
                later = any(kind[step] in learning for step, _ in steps[: max(1, len(steps) - 1)])
                found.append(Way(agency, steps[-1][0], steps, (row, *through), later, undated))
    return _shortest(found)


def _shortest(found: list[Way]) -> list[Way]:
    """Without ways that add nothing, since another one goes through no more than their steps.

    A way without a date never takes the place of a dated one: it is certain from its day on. Nor
    does a dated one take that of a way without a date, by which word may have come before; but for
    what was learned afterwards, of which a telling to the review says when."""
    alike = by_key(((way.agency, way.matter, way.later), way) for way in found)

    def covers(other: Way, way: Way) -> bool:
        if other is way or other.undated > way.undated:
            return False
        if way.later and way.undated and not other.undated:
            return True
        needs = {(step, False) for step, _ in way.steps} | set(way.steps)
        return set(other.steps) <= needs and (
            set(other.steps) != set(way.steps)
            or (other.undated, other.rows) < (way.undated, way.rows)
        )

    return [
        way
        for way in found
        if not any(covers(other, way) for other in alike[way.agency, way.matter, way.later])
    ]


def _ties(tables: Tables) -> dict[str, list[tuple[str, str, str]]]:
    """From each event: the tie, the event that one who knows the first knows too, and the row that
    says so."""
    links = tables["links"]
    events = set(cells(tables["events"], "id"))
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row, tie, one, other in rows_in(links, "id", "type", "from_row", "to_row"):
        if tie in ("tells-of", "answers") and one in events and other in events:
            found.setdefault(one, []).append((tie, other, row))
        elif tie == "part-of":
            found.setdefault(other, []).append((tie, one, row))
    return found


def _onward(
    event: str,
    ties: Mapping[str, list[tuple[str, str, str]]],
    *,
    pass_to_parts: bool,
    answering: bool,
) -> list[tuple[tuple[tuple[str, bool], ...], tuple[str, ...]]]:
    """Every way on from an event along tellings, parts and (from its own) answers: its steps and
    its rows."""
    found = []
    first = (
        {"tells-of"}
        | ({"part-of"} if pass_to_parts else set())
        | ({"answers"} if answering else set())
    )
    stack: list[tuple[tuple[tuple[str, bool], ...], str, tuple[str, ...]]] = [((), event, ())]
    while stack:
        steps, at, rows = stack.pop()
        if steps:
            found.append(((*steps, (at, False)), rows))
        seen = {step for step, _ in steps} | {at}
        allowed = {"tells-of", "part-of"} if steps else first
        onward = [
            ((*steps, (at, tie == "tells-of")), other, (*rows, row))
            for tie, other, row in ties.get(at, [])
            if other not in seen and tie in allowed
        ]
        stack += reversed(onward)
    return found
