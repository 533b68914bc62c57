"""Which other concerns were on record by the first day of each concern, and with whom?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from casechron.analysis.columns import Tables, listed, rows_in
from casechron.analysis.concerns import CONDUCT, by_event, carriers
from casechron.analysis.judgements import bases, firmest, weakest
from casechron.analysis.knowledge_paths import Way
from casechron.analysis.on_record import (
    Counted,
    Days,
    Record,
    between,
    counted,
    days_toward,
    holders,
    since,
)
from casechron.analysis.parties import UNSPECIFIED, agency_labels
from casechron.chronology import Chronology


class OnRecord(NamedTuple):
    """Which other concerns were on record, each with the agencies that certainly held it and how
    firmly each is coded to have done so; which can have been; of which it cannot be told; and which
    were not."""

    certain: dict[str, dict[str, str]]
    possible: list[str]
    untold: list[str]
    later: list[str]

    @property
    def named(self) -> set[str]:
        """Those that can have been, or of which it cannot be told."""
        return {*self.certain, *self.possible, *self.untold}


def others_on_record(
    tables: Tables, chronology: Chronology, answers: Mapping[str, set[str]], ended: set[str]
) -> list[OnRecord]:
    """Which other concerns were on record by the first day of each concern, and with whom? What is
    after the account has `ended` is no matter."""
    if not chronology.admissible:
        return [OnRecord({}, [], [], [])] * len(answers)
    listed = {row.concern: row.matters for row in counted(tables) if row.concern not in ended}
    alone = dict.fromkeys(one for of in listed.values() for one in of)
    meetings = _meetings(tables, chronology)
    records = {
        one: [_at_meeting(record, meetings) for record in own]
        for one, own in since(tables, [Counted(one, 1, 1, (one,)) for one in alone]).items()
    }
    happened = {row for row, lack in by_event(tables, "absence").items() if not lack}
    labels, carried = agency_labels(tables), carriers(tables)
    by_agency = _by_agency(tables, alone, meetings)
    rows = []
    for concern, own in answers.items():
        # What it tells of, or is told in, is this very concern; what answers it came after.
        others = {one: of for one, of in listed.items() if concern not in of and own.isdisjoint(of)}
        asked = list(dict.fromkeys(one for of in others.values() for one in of))
        # What came with an answer, or after it, came of that and not before.
        came_of = {
            one
            for answer in own & happened
            for one, (_, most) in zip(
                asked, between(chronology, map(records.__getitem__, asked), answer), strict=True
            )
            if most is not None and most <= 0
        }
        day = meetings.get(concern, concern)
        days = days_toward(chronology, day)
        spans = between(chronology, map(records.__getitem__, asked), day, days=days)
        rank = {one: _rank(*span, one in came_of) for one, span in zip(asked, spans, strict=True)}
        row = OnRecord({}, [], [], [])
        for of in others.values():
            best: dict[str, int] = {}
            for one in of:
                # A part is named where more can be told of it than of what counts it.
                above = max((best[it] for it in carried.get(one, ()) if it in best), default=_AFTER)
                best[one] = max(rank[one], above)
                if best[one] == _AFTER:
                    row.later.append(one)
                elif rank[one] <= above:
                    continue
                elif rank[one] == _CERTAIN:
                    row.certain[one] = {
                        labels[agency]: firmest(sure)
                        for agency, ways in by_agency[one].items()
                        if (sure := _surely(chronology, ways, day, days))
                    }
                else:
                    (row.possible if rank[one] == _POSSIBLE else row.untold).append(one)
        rows.append(row)
    return rows


#: Whether something was on record by a day, from what says the least of it.
_AFTER, _UNTOLD, _POSSIBLE, _CERTAIN = range(4)


def _rank(least: int | None, most: int | None, came_of: bool) -> int:
    if most is not None and most < 0:
        return _AFTER
    if least is not None and least >= 0:
        return _CERTAIN
    return _AFTER if came_of else _UNTOLD if least is None or most is None else _POSSIBLE


def _surely(
    chronology: Chronology, ways: Sequence[tuple[Record, str]], day: str, days: Days
) -> list[str]:
    """How firm each of those ways is by which something was certainly held by a day."""
    spans = between(chronology, [[record] for record, _ in ways], day, days=days)
    return [
        basis
        for (_, basis), (least, _) in zip(ways, spans, strict=True)
        if least is not None and least >= 0
    ]


def _meetings(tables: Tables, chronology: Chronology) -> dict[str, str]:
    """The one meeting that somebody did not come to, by the row that says of the same person that
    somebody did not come, where both can be of one day."""
    kinds, absences = by_event(tables, "kind"), by_event(tables, "absence")
    parts = rows_in(tables["participation"], "event", "person", "role")
    missed = listed((event, person) for event, person, role in parts if role == "did-not-attend")
    place, windows = chronology.lowered.place, chronology.event_windows
    meetings = {}
    for row, persons in missed.items():
        if kinds[row] == CONDUCT and absences[row]:
            first, *_, last = windows[place[row]]
            may = [
                one
                for one, others in missed.items()
                if not absences[one]
                and not set(persons).isdisjoint(others)
                and windows[place[one], 0] <= last
                and first <= windows[place[one], 3]
            ]
            if len(may) == 1:
                meetings[row] = may[0]
    return meetings


def _at_meeting(record: Record, meetings: Mapping[str, str]) -> Record:
    """The same on the day of the meeting, where somebody did not come to it."""
    return Record(tuple((meetings.get(step, step), told) for step, told in record[0]), record.sure)


def _by_agency(
    tables: Tables, concerns: Iterable[str], meetings: Mapping[str, str]
) -> dict[str, dict[str, list[tuple[Record, str]]]]:
    """By concern and agency, the ways in which the agency came to hold the concern itself at the
    time, each with how firmly it is coded. Who held a part of it did not hold the whole, and who is
    not said to be one is no agency."""
    basis = bases(tables)

    def came(way: Way) -> tuple[Record, str]:
        record = _at_meeting(Record(way.steps, not way.undated), meetings)
        return record, weakest(*map(basis.__getitem__, way.rows))

    return {
        concern: listed(
            (way.agency, came(way)) for way in ways if not way.later and way.agency != UNSPECIFIED
        )
        for concern, ways in holders(tables, list(concerns)).items()
    }
