"""Who held a concern or a telling, and since when was it on record?

The one answer that waits, run-up, tellings and opportunities share, and which other concerns were
on record by the first day of each. A *concern* is a row that asks for a response (`concern_ids`); a
*telling* is an event in which information passes (`telling_ids`); an agency *holds* an event by one
of its `ways`; and an event was *known at the time* if one did by a way that is not learning
afterwards. A concern is on record from the first of these on: its own holder's or a telling's,
whichever is the earlier. So more telling never makes it less known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import NamedTuple

import numpy as np

from casechron.analysis.concerns import (
    by_event,
    carriers,
    concern_ids,
    end_event,
    end_events,
    happened,
)
from casechron.analysis.judgements import as_judged, bases, firmest, weakest, without_judged
from casechron.analysis.knowledge_paths import Steps, Way, needed, ways_to
from casechron.analysis.pairing import surely_no_later
from casechron.analysis.record import UNSPECIFIED, agency_labels, event_counts
from casechron.analysis.tables import Tables, by_key, reached, rows_in, ties
from casechron.analysis.windows import most_told
from casechron.chronology import Chronology
from casechron.chronology.network import OPEN, Ints, is_open
from casechron.coding.codebook import CONDUCT, codebook

KNOWN = "yes"
#: No agency is coded as having known of it at the time, so nobody let it wait.
LEARNED_LATER = "learned only afterwards"
#: Says nothing of what anybody knew: the source does not say that an agency did.
UNRECORDED = "not recorded with any agency"


class Record(NamedTuple):
    """One way in which a concern came on record: once all of its steps have come.

    `steps` are events; True where something was told somewhere from the first day to the last.
    `sure` is False where the source does not say when, or does not say that an agency held it."""

    steps: Steps
    sure: bool


class Counted(NamedTuple):
    """A concern that is counted, with what it tells of or counts.

    `count_max` is None where the source's 'several' has no bound."""

    concern: str
    count_min: int
    count_max: int | None
    matters: tuple[str, ...]


def known_at_the_time(tables: Tables, events: Collection[str]) -> dict[str, str]:
    """Was each of some events known to an agency at the time: 'yes', 'learned only afterwards' or
    'not recorded with any agency'?

    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> known_at_the_time(review.tables, ["told-2014", "harm-2015"])
    {'told-2014': 'yes', 'harm-2015': 'not recorded with any agency'}
    """
    return {event: _known(ways_held) for event, ways_held in ways_to(tables, events).items()}


def known_as_judged(
    tables: Tables, chronology: Chronology, events: Collection[str], end: str
) -> dict[str, str]:
    """`known_at_the_time`, marked 'as judged' where without what the coder judged
    (`judgements.without_judged`) the answer would be another, or it would no longer be certain that
    an agency held it by the `end` of the account."""
    given, without = (tables, chronology), without_judged(tables, chronology)
    known, firm = (known_at_the_time(version[0], events) for version in (given, without))
    held, held_without_judged = (_held_by(*version, events, end) for version in (given, without))
    return {
        event: as_judged(words, words == firm[event] and event not in held - held_without_judged)
        for event, words in known.items()
    }


def _held_by(tables: Tables, chronology: Chronology, events: Collection[str], end: str) -> set[str]:
    """Which events did an agency certainly hold by the end of the account: as they occurred, or as
    they were told?"""
    if not end or not chronology.admissible:
        return set(events)
    records = {
        event: [_record(way) for way in held if _at_the_time(way)]
        for event, held in ways_to(tables, events).items()
    }
    days = days_toward(chronology, end)
    return {
        event
        for event, of_event in records.items()
        if Record(((event, False),), True) in of_event or _by_then(of_event, days) == _CERTAIN
    }


def _record(way: Way) -> Record:
    return Record(way.steps, not (way.undated or way.unsure))


def _at_the_time(way: Way) -> bool:
    """Whether an agency is said to have held something at the time; whom the source leaves open
    need be none."""
    return not (way.later or way.unsure or way.agency == UNSPECIFIED)


def _known(ways_held: Collection[Way]) -> str:
    if ways_held and all(way.later for way in ways_held):
        return LEARNED_LATER
    return KNOWN if any(map(_at_the_time, ways_held)) else UNRECORDED


def at_end(tables: Tables, chronology: Chronology, events: Iterable[str]) -> set[str]:
    """The ends of the account (the first of `end_events`, and of those that have a date), and which
    of some events are over with them: what is certainly no earlier than one of them, an injury of
    the child of the day before, and an undated one that is not certainly before all of them."""
    ends = {*end_events(tables)[:1], end_event(tables)} - {""}

    def over(event: str) -> bool:
        row = chronology.lowered.events[chronology.lowered.row_of[event]]
        if row.kind == "harm-to-child" and not row.date:
            return not all(surely_no_later(chronology, event, end, days=1) for end in ends)
        # Who is hurt in the evening can die in the night.
        days = -1 if row.kind == "harm-to-child" else 0
        return any(surely_no_later(chronology, end, event, days=days) for end in ends)

    return ends.union(filter(over, set(events) - ends))


def account_ends(tables: Tables, chronology: Chronology) -> frozenset[str]:
    """What the account runs up to: the deaths, injuries and admissions that are `at_end`."""
    return frozenset(at_end(tables, chronology, end_events(tables)))


def each_once(
    tables: Tables,
    left_out: Collection[str],
    held: Mapping[str, Collection[Way]] | None = None,
) -> list[Counted]:
    """Which concerns make up what is on record, so that none is counted twice? In table order.

    A concern that another counted row tells of or counts stays out: it is one with that row, and
    its own holder counts for it. What agencies learned of only afterwards stays out, and so does
    what is `left_out` (`account_ends`). `held` are `ways_to` of all concerns, where they are at
    hand."""
    kind, absence = by_event(tables, "kind"), by_event(tables, "absence")
    counts, carried = event_counts(tables), carriers(tables)
    flagged = codebook().flagged("event_kind", "concern")
    # An absence that is answered is no concern of its own; who did not come is coded as one.
    ids = [
        row
        for row in concern_ids(tables)
        if row not in left_out and (not absence[row] or kind[row] in flagged)
    ]
    held = ways_to(tables, ids) if held is None else held
    ids = [row for row in ids if _known(held[row]) != LEARNED_LATER]
    carries = by_key((carrier, row) for row in ids for carrier in carried.get(row, ()))
    return [
        Counted(concern, *counts[concern], tuple(reached(concern, carries)))
        for concern in ids
        if set(ids).isdisjoint(carried.get(concern, ()))
    ]


def each_alone(tables: Tables, listed: Iterable[Counted]) -> list[Counted]:
    """What is counted, with what it tells of or counts, each row by itself."""
    counts = event_counts(tables)
    rows = dict.fromkeys(matter for row in listed for matter in row.matters)
    return [Counted(row, *counts[row], (row,)) for row in rows]


def records_of(
    tables: Tables,
    concerns: Iterable[Counted],
    through: Collection[str] = (),
    held: Mapping[str, Collection[Way]] | None = None,
) -> dict[str, list[Record]]:
    """In which ways did each counted concern come on record? `through`: only by these events.

    By an agency that held it or what it tells of, at the time; a way that needs all that another
    needs adds nothing and is left out. Where the source names no agency: once it was told at the
    time, or else from its own day on, in both cases no more than possibly. `held` are `ways_to` of
    all concerns, where they are at hand."""
    rows = list(concerns)
    if held is None:
        held = ways_to(tables, (matter for row in rows for matter in row.matters))
    learning, carried = codebook().flagged("event_kind", "learning"), carriers(tables)
    there = happened(tables)
    by_concern = {}
    for row in rows:
        at_the_time = (way for matter in row.matters for way in held[matter] if not way.later)
        records = list(dict.fromkeys(map(_record, at_the_time)))
        if not records:
            tellings = [
                ((telling, True),)
                for telling in carried.get(row.concern, ())
                if telling in there and there[telling] not in learning
            ]
            records = [Record(steps, False) for steps in tellings or [((row.concern, False),)]]
        wanted = [
            record
            for record in records
            if not through or any(step in through for step, _ in record.steps)
        ]
        by_concern[row.concern] = [record for record in wanted if not _needless(record, wanted)]
    return {concern: records for concern, records in by_concern.items() if records}


def _needless(record: Record, others: Iterable[Record]) -> bool:
    """Whether another way, no less sure, is there as soon as this one is."""
    needs = needed(record.steps)
    return any(
        another != record and (another.sure or not record.sure) and needs.issuperset(another.steps)
        for another in others
    )


class DaysToward(NamedTuple):
    """Least and most days to the start of one event from every other: from its first day (False)
    and from its last (True); `network.OPEN` where they are open."""

    least: Mapping[tuple[str, bool], int]
    most: Mapping[tuple[str, bool], int]

    @classmethod
    def of(cls, starts: Iterable[tuple[str, bool]], least: Ints, most: Ints) -> DaysToward:
        """The days from some starts, in their order."""
        ids = list(starts)
        return cls(*(dict(zip(ids, days.tolist(), strict=True)) for days in (least, most)))


def days_on_record(
    records: Iterable[Record], days: DaysToward, last_of: str = ""
) -> tuple[int, int]:
    """How many days, at least and at most, had a concern been on record at the start of the event
    that `days` run toward? Below 0 it came on record later; -OPEN and OPEN where they are open.

    `last_of` is the concern where its last day counts, as of what occurred several times, and not
    its first. Both bounds hold in every admissible chronology: all days can be as early, or as
    late, as they can be at once."""
    if last_of:
        # What else it tells of says nothing of its own last day.
        alone = Record(((last_of, False),), False)
        records = [record for record in records if last_of in dict(record.steps)] or [alone]
    low = high = -OPEN
    for steps, sure in records:
        # The concern comes on record on the last of the days that count, so the fewest days are
        # left.
        high = max(high, min([days.most[step, step == last_of] for step, _ in steps]))
        if sure:
            low = max(low, min([days.least[step, told or step == last_of] for step, told in steps]))
    return low, high


def days_toward(chronology: Chronology, to: str, *, told: bool = False) -> DaysToward:
    """Least and most days from the first and the last day of every event to the start of one; as
    they are `told` beside ages."""
    events, at = chronology.lowered.row_of, 2 * chronology.lowered.row_of[to]
    (least, most), (low, high) = (
        (-network.furthest[at], network.furthest[:, at])
        for network in (chronology, chronology.with_open_sides)
    )
    if told:
        points, start = np.arange(2 * len(events)), np.array([at])
        most = most_told(chronology, points, start)[:, 0]
        least = -most_told(chronology, start, points)[0]
    # Of what no word of the source bounds on a side, no more is told than an order.
    least = np.where(low > -OPEN, least, np.where(least < 0, -OPEN, 0))
    most = np.where(high < OPEN, most, np.where(most >= 0, OPEN, most))
    return DaysToward.of(product(events, (False, True)), least, most)


class OnRecord(NamedTuple):
    """Which other concerns were on record, each with the agencies that certainly held it and how
    firmly each is coded to have done so; and which can have been."""

    certain: dict[str, dict[str, str]]
    possible: list[str]


def others_on_record(
    tables: Tables, chronology: Chronology, answers: Mapping[str, set[str]], ended: set[str]
) -> list[OnRecord]:
    """Which other concerns were on record by the first day of each concern, and with whom?

    `answers` has what answered each concern that is asked about; `ended` are the rows after the end
    of the account, which are left out."""
    if not chronology.admissible:
        return [OnRecord({}, [])] * len(answers)
    counted = each_once(tables, account_ends(tables, chronology))
    counted = [row for row in counted if row.concern not in ended]
    alone, meetings = each_alone(tables, counted), _meetings(tables, chronology)
    records = {
        matter: [_at_meeting(record, meetings) for record in of_matter]
        for matter, of_matter in records_of(tables, alone).items()
    }
    labels, carried_by, there = agency_labels(tables), carriers(tables), happened(tables)
    by_agency = _by_agency(tables, [row.concern for row in alone], meetings)
    orders = list(rows_in(tables["relations"], "type", "from_event", "to_event"))
    tied = {(first, second) for tie, first, second in orders if tie in ("before", "not-after")}
    tied |= {(whole, part) for tie, part, whole in orders if tie == "during"}
    tied.update(ties(tables, "led-to"))
    rows = []
    for concern, answering in answers.items():
        # What it tells of, or is told in, is this very concern; what answers it came after.
        others = [
            row.matters
            for row in counted
            if concern not in row.matters and answering.isdisjoint(row.matters)
        ]
        asked = dict.fromkeys(matter for carried in others for matter in carried)
        # What came with an answer, or after it, and is tied to it came of that and not before.
        came_of: set[str] = set()
        for answer in answering & there.keys():
            toward = days_toward(chronology, answer)
            for matter in (matter for matter in asked if (answer, matter) in tied):
                if days_on_record(records[matter], toward)[1] <= 0:
                    came_of.add(matter)
        days = days_toward(chronology, meetings.get(concern, concern))
        rank = {
            matter: _NOT_SAID if matter in came_of else _by_then(records[matter], days)
            for matter in asked
        }
        row = OnRecord({}, [])
        for carried in others:
            best: dict[str, int] = {}
            for matter in carried:
                # A part is named where more can be told of it than of what counts it.
                carriers_rank = max(
                    (best[carrier] for carrier in carried_by.get(matter, ()) if carrier in best),
                    default=_NOT_SAID,
                )
                best[matter] = max(rank[matter], carriers_rank)
                if rank[matter] <= carriers_rank:
                    continue
                if rank[matter] == _CERTAIN:
                    row.certain[matter] = {
                        labels[agency]: firmest(sure)
                        for agency, ways in by_agency[matter].items()
                        if (
                            sure := [
                                firm for way, firm in ways if _by_then([way], days) == _CERTAIN
                            ]
                        )
                    }
                else:
                    row.possible.append(matter)
        rows.append(row)
    return rows


#: Whether something was on record by a day, from the least to the most that is said of it.
_NOT_SAID, _POSSIBLE, _CERTAIN = range(3)


def _by_then(records: Iterable[Record], days: DaysToward) -> int:
    """Whether a concern was on record by the start of the event that `days` run toward."""
    least, most = days_on_record(records, days)
    if least >= 0:
        return _CERTAIN
    return _NOT_SAID if most < 0 or is_open(least) or is_open(most) else _POSSIBLE


def _meetings(tables: Tables, chronology: Chronology) -> dict[str, str]:
    """The one meeting that somebody did not come to, by the row that says of the same person that
    somebody did not come, where both can be of one day."""
    kinds, absences = by_event(tables, "kind"), by_event(tables, "absence")
    parts = rows_in(tables["participation"], "event", "person", "role")
    missed = by_key((event, person) for event, person, role in parts if role == "did-not-attend")
    row_of, windows = chronology.lowered.row_of, chronology.event_windows
    meetings = {}
    for row, persons in missed.items():
        if kinds[row] == CONDUCT and absences[row]:
            first, *_, last = windows[row_of[row]]
            possible = [
                meeting
                for meeting, others in missed.items()
                if not absences[meeting]
                and not set(persons).isdisjoint(others)
                and windows[row_of[meeting], 0] <= last
                and first <= windows[row_of[meeting], 3]
            ]
            if len(possible) == 1:
                meetings[row] = possible[0]
    return meetings


def _at_meeting(record: Record, meetings: Mapping[str, str]) -> Record:
    """The same on the day of the meeting, where somebody did not come to it."""
    return Record(
        tuple((meetings.get(step, step), told) for step, told in record.steps), record.sure
    )


def _by_agency(
    tables: Tables, concerns: Iterable[str], meetings: Mapping[str, str]
) -> dict[str, dict[str, list[tuple[Record, str]]]]:
    """By concern and agency, the ways in which the agency came to hold the concern itself at the
    time, each with how firmly it is coded. Who held a part of it did not hold the whole, and who is
    not said to be one is no agency."""
    basis = bases(tables)

    def record_and_basis(way: Way) -> tuple[Record, str]:
        return _at_meeting(_record(way), meetings), weakest(*(basis[row] for row in way.rows))

    return {
        concern: by_key((way.agency, record_and_basis(way)) for way in ways if _at_the_time(way))
        for concern, ways in ways_to(tables, concerns).items()
    }
