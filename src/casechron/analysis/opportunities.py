"""What was raised, what was then on record and with whom, what was done, and what does the review
say of it? One row per concern, for a reader who holds it against the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import cells, rows_in
from casechron.analysis.concerns import by_event
from casechron.analysis.judgements import without_judged
from casechron.analysis.on_record import (
    Record,
    between,
    counted,
    holders,
    known_at_the_time,
    since,
)
from casechron.analysis.parties import agency_labels
from casechron.analysis.record import placed
from casechron.analysis.timing import (
    CARRIED,
    END,
    ITSELF,
    response_gaps,
    state_of_concerns,
)
from casechron.analysis.views import UNSPECIFIED
from casechron.chronology import Chronology
from casechron.chronology.chronologies import OpenSides
from casechron.chronology.day_columns import calendar_days, texts
from casechron.coding.codebook import codebook

__all__ = ["opportunities"]

Tables = Mapping[str, pd.DataFrame]

_NEXT = (
    "next_step",
    "next_step_summary",
    "next_step_follows",
    "next_step_known",
    "next_step_days_min",
    "next_step_days_max",
    "next_step_working_days_min",
    "next_step_working_days_max",
)


def opportunities(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """For each concern: what was raised, what was then on record and with whom, what was done, the
    next protective step, and what the review says of it.

    One row per concern, in table order, without those whose answers stand in another row
    (`timing.CARRIED`), those that are themselves an answer and the end of the account; of one that
    another row tells of or counts, but which has an answer of its own, `carried_by` names that row.
    `inferred` says which agencies' parts the source does not state, or that of the row itself.
    `includes` and `about` tell what the concern counts or tells of, and what is coded of it.
    `earliest` and `latest` bound its first day as they are shown beside ages (`ages.shown_windows`)
    and `last_day_latest` its last; `open_sides` says on which side its own coding leaves it open.

    `on_record` names the other concerns that an agency certainly held on the first day of this one
    or before, `on_record_as_judged` those of them of which that is certain only with what the coder
    judged, and `on_record_with` each with the agencies that certainly held it itself, not just a
    part of it. `on_record_possibly` are those that one can have held by then, and
    `on_record_cannot_be_told` those of which no days say so, since one of the two is open; of all
    others none did. Concerns that another counts are named by that one.

    `done` tells each answer with what it is (`state` of `timing.response_gaps`), how firmly a lack
    is stated, and 'derived' or 'judged' where the tie is the coder's; `state` is what
    `timing.state_of_concerns` says, `states` are those of all its answers, and `lack` how firmly
    the source says that something was missing.

    `review_says` are the findings that rest on the concern, on what it counts or tells of, on its
    answers and what counts these, or on somebody's part in one of them, with their places;
    'derived' or 'judged' where the coder ties them. `places` are those of the concern and of its
    answers."""
    gaps = response_gaps(tables, chronology, jurisdiction, until=until)
    ended = set(gaps.loc[gaps["state"] == END, "concern"])
    gaps = gaps.loc[~gaps["state"].isin([CARRIED, ITSELF, END])]
    state = state_of_concerns(gaps)
    first = gaps.drop_duplicates("concern").reset_index(drop=True)
    ids = first["concern"].tolist()
    answers: dict[str, list[tuple[str, ...]]] = {}
    for concern, *answer in rows_in(
        gaps, "concern", "answer", "answer_summary", "state", "lack", "coded_as"
    ):
        answers.setdefault(concern, []).append(tuple(answer))
    known, dates = known_at_the_time(tables, ids), by_event(tables, "date")
    summary, spots = by_event(tables, "summary"), placed(tables["locators"])
    own = {one: {answer[0] for answer in answers[one]} for one in ids}
    record = _on_record(tables, chronology, own, ended)
    less = _on_record(*without_judged(tables, chronology), own, ended)
    windows = shown_windows(tables, chronology)[
        np.array([chronology.lowered.place[one] for one in ids], dtype=np.int64)
    ].reshape(-1, 4)
    below, above = _reached(tables, down=True), _reached(tables, down=False)
    says, facts, inferred = _findings(tables), _facts(tables), _inferred(tables)
    about = [[one, *(answer[0] for answer in answers[one] if answer[0])] for one in ids]
    return pd.DataFrame(
        {
            **{name: first[name] for name in ("concern", "raised", "summary", "how_many")},
            **{name: first[name] for name in ("by", "to", "held_by")},
            "inferred": texts(_joined(inferred.get(one, ())) for one in ids),
            "carried_by": first["carried_by"],
            "includes": texts(
                _joined(f"{row}: {summary[row]}" for row in below(one) if row != one) for one in ids
            ),
            "about": texts(
                _joined(fact for row in below(one) for fact in facts(row)) for one in ids
            ),
            "date": texts(dates[one] for one in ids),
            "earliest": calendar_days(windows[:, 0], chronology.admissible),
            "latest": calendar_days(windows[:, 1], chronology.admissible),
            "last_day_latest": calendar_days(windows[:, 3], chronology.admissible),
            "open_sides": texts(_open(chronology.open_sides[one]) for one in ids),
            "known_at_the_time": texts(known[one] for one in ids),
            "on_record": texts("; ".join(row.certain) for row in record),
            "on_record_as_judged": texts(
                "; ".join(one for one in row.certain if one not in other.certain)
                for row, other in zip(record, less, strict=True)
            ),
            "on_record_with": texts(
                _joined(f"{one}: {', '.join(held)}" for one, held in row.certain.items() if held)
                for row in record
            ),
            "on_record_possibly": texts("; ".join(row.possible) for row in record),
            "on_record_cannot_be_told": texts("; ".join(row.untold) for row in record),
            "answers": texts("; ".join(rows[1:]) for rows in about),
            "done": texts(_joined(map(_done, answers[one])) for one in ids),
            "state": texts(state[one] for one in ids),
            "states": texts(
                "; ".join(dict.fromkeys(answer[2] for answer in answers[one])) for one in ids
            ),
            "lack": texts(
                "; ".join(dict.fromkeys(answer[3] for answer in answers[one] if answer[3]))
                for one in ids
            ),
            **{name: first[name] for name in _NEXT},
            "review_says": texts(
                _says(_about(one, answers[one], below, above), says, tables) for one in ids
            ),
            "places": texts(_joined(spots.get(row, "") for row in rows) for rows in about),
        }
    )


#: How firmly a tie is made, from what the source states to what only the coder judged.
_FIRMNESS = ("stated", "derived", "judged")


class _OnRecord(NamedTuple):
    """Which other concerns were on record, each with the agencies that certainly held it; which
    can have been; and of which it cannot be told."""

    certain: dict[str, list[str]]
    possible: list[str]
    untold: list[str]


def _done(answer: tuple[str, ...]) -> str:
    _, summary, state, lack, coded_as = answer
    if not summary:
        return ""
    return f"{summary} ({', '.join(filter(None, [state, lack, _mark(coded_as)]))})"


def _mark(basis: str) -> str:
    return "" if basis == _FIRMNESS[0] else basis


def _open(sides: OpenSides) -> str:
    said = ("no earliest day", "no latest day")
    return "; ".join(words for words, is_open in zip(said, sides, strict=True) if is_open)


def _on_record(
    tables: Tables, chronology: Chronology, answers: Mapping[str, set[str]], ended: set[str]
) -> list[_OnRecord]:
    """Which other concerns were on record by the first day of each concern, and with whom? What is
    after the account has `ended` is no matter."""
    listed = [row for row in counted(tables) if row.concern not in ended]
    records = since(tables, listed)
    happened = {row for row, lack in by_event(tables, "absence").items() if not lack}
    matters = {row.concern: set(row.matters) for row in listed}
    labels, held = agency_labels(tables), _by_agency(tables, matters)
    found = []
    for concern, own in answers.items():
        # What it tells of, or is told in, is this very concern; what answers it came after.
        others = [one for one in records if concern not in matters[one] and one not in own]
        row = _OnRecord({}, [], [])
        if not chronology.admissible:
            found.append(row)
            continue
        asked = [records[one] for one in others]
        # What came with an answer, or after it, came of that and not before.
        came_of = [
            other
            for answer in own & happened
            for other, (_, most) in zip(others, between(chronology, asked, answer), strict=True)
            if most is not None and most <= 0
        ]
        spans = between(chronology, asked, concern)
        for other, (least, most) in zip(others, spans, strict=True):
            if most is not None and most < 0:
                continue
            if least is not None and least >= 0:
                row.certain[other] = []
            elif other not in came_of:
                (row.untold if least is None or most is None else row.possible).append(other)
        pairs = [(other, agency) for other in row.certain for agency in held[other]]
        ways = between(chronology, [held[other][agency] for other, agency in pairs], concern)
        for (other, agency), (least, _) in zip(pairs, ways, strict=True):
            if least is not None and least >= 0:
                row.certain[other].append(labels[agency])
        found.append(row)
    return found


def _by_agency(tables: Tables, concerns: Iterable[str]) -> dict[str, dict[str, list[Record]]]:
    """By concern and agency, the ways in which the agency came to hold the concern itself at the
    time. Who held a part of it did not hold the whole, and who is not said to be one is no
    agency."""
    found: dict[str, dict[str, list[Record]]] = {}
    for concern, ways in holders(tables, list(concerns)).items():
        found[concern] = {}
        for way in ways:
            if not way.later and way.agency != UNSPECIFIED:
                record = Record(way.steps, not way.undated)
                found[concern].setdefault(way.agency, []).append(record)
    return found


def _reached(tables: Tables, *, down: bool) -> Callable[[str], dict[str, str]]:
    """From an event down to what it tells of or counts, or up to what counts it: each row with how
    firmly it is tied, by the firmest way."""
    ties: dict[str, list[tuple[str, str]]] = {}
    events = set(cells(tables["events"], "id"))
    for tie, one, other, basis in rows_in(tables["links"], "type", "from_row", "to_row", "basis"):
        if tie == "part-of":
            one, other = (other, one) if down else (one, other)
        if (tie == "part-of" or (down and tie == "tells-of")) and {one, other} <= events:
            ties.setdefault(one, []).append((other, basis))

    def reached(event: str) -> dict[str, str]:
        found = {event: _FIRMNESS[0]}
        stack = [event]
        while stack:
            one = stack.pop()
            for other, basis in ties.get(one, ()):
                way = _weaker(found[one], basis)
                if other not in found or _FIRMNESS.index(way) < _FIRMNESS.index(found[other]):
                    found[other] = way
                    stack.append(other)
        return found

    return reached


def _weaker(*bases: str) -> str:
    return max(bases, key=_FIRMNESS.index)


def _about(
    concern: str,
    answers: Iterable[tuple[str, ...]],
    below: Callable[[str], dict[str, str]],
    above: Callable[[str], dict[str, str]],
) -> Iterable[tuple[str, str]]:
    """The rows whose findings are said of a concern, each with how firmly it is tied to it."""
    yield from below(concern).items()
    for answer, *_, coded_as in answers:
        if answer:
            yield from ((row, _weaker(coded_as, way)) for row, way in above(answer).items())


def _inferred(tables: Tables) -> dict[str, list[str]]:
    """By event, which agencies' parts in it the source does not state, and whether it is itself no
    more than inferred."""
    book, labels = codebook(), agency_labels(tables)
    found: dict[str, list[str]] = {}
    for row, basis in rows_in(tables["events"], "id", "basis"):
        if _mark(basis):
            found.setdefault(row, []).append(f"the row: {basis}")
    names = ("event", "agency", "role", "basis")
    for row, agency, role, basis in rows_in(tables["involvement"], *names):
        if _mark(basis):
            part = book.label("involvement_role", role)
            found.setdefault(row, []).append(f"{labels[agency]}, {part}: {basis}")
    return found


def _facts(tables: Tables) -> Callable[[str], list[str]]:
    """What is coded of an event: its themes and its facts, in words."""
    book, found = codebook(), dict[str, list[str]]()
    for row, theme in rows_in(tables["themes"], "row", "theme"):
        found.setdefault(row, []).append(book.label("theme", theme))
    for row, fact, value in rows_in(tables["attributes"], "row", "attribute", "value"):
        found.setdefault(row, []).append(f"{book.label('attribute', fact)}: {value}")
    return lambda row: found.get(row, [])


def _findings(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """By event, the findings that rest on it or on somebody's part in it, each with the basis of
    its tie."""
    findings = set(cells(tables["findings"], "id"))
    event_of = {
        row: event
        for name, column in (
            ("involvement", "event"),
            ("participation", "event"),
            ("attributes", "row"),
        )
        for row, event in rows_in(tables[name], "id", column)
    }
    found: dict[str, list[tuple[str, str]]] = {}
    for tie, finding, row, basis in rows_in(tables["links"], "type", "from_row", "to_row", "basis"):
        if tie == "rests-on" and finding in findings:
            found.setdefault(event_of.get(row, row), []).append((finding, basis))
    return found


def _says(
    rows: Iterable[tuple[str, str]], says: Mapping[str, list[tuple[str, str]]], tables: Tables
) -> str:
    """Findings in words, each once, with where they stand and how firmly they are tied."""
    places = placed(tables["locators"])
    summary = dict(rows_in(tables["findings"], "id", "summary"))
    tied: dict[str, str] = {}
    for row, way in rows:
        for finding, basis in says.get(row, ()):
            firm = _weaker(way, basis)
            tied[finding] = min(tied.get(finding, firm), firm, key=_FIRMNESS.index)
    return _joined(
        f"{summary[finding]} ({', '.join(filter(None, [places.get(finding, ''), _mark(firm)]))})"
        for finding, firm in tied.items()
    )


def _joined(said: Iterable[str]) -> str:
    return " · ".join(filter(None, dict.fromkeys(said)))
