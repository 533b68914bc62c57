"""Who told whom of what, and did it come in time for the next decision?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import by_event, end_event, end_events, happened, telling_ids
from casechron.analysis.decisions import ByThen, InTime, decisions, events_answered
from casechron.analysis.knowledge import CERTAIN
from casechron.analysis.phases import no_later
from casechron.analysis.record import (
    RESPONSIBLE,
    Part,
    agency_parts,
    party_labels,
    person_parts,
    placed,
    places_of,
    unnamed_agencies,
    who_was_left_out,
    with_roles,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, by_key, rows_in
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, Ints
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["tellings"]


_NOT_STATED = "not stated"
TOLD_AT_THE_TIME, TOLD_LATER, _ABSENT = "told", "told afterwards", "telling found absent"
#: By the word of others alone, so that nothing of it counts as having reached the hearer.
SAID_TO_BE_TOLD = "said to have been told"
_TO_REVIEW = "told-to-review"
_CERTAIN, _POSSIBLE, _TOO_LATE = "certain", "possible", "not in time"
#: Teller and hearers did not decide, and no telling on record passed it on to those who did.
NOT_PASSED_ON = "not recorded as passed on"
_NO_LATER = "no later decision"
#: The roles of persons, who have no flags in the codebook.
_PERSON_TOLD, _PERSON_HEARD = "told", "was-told"
_as_chronicled = attrgetter(
    *("kind", "how_many", "summary", "said", "earliest", "start_latest", "end_earliest", "latest")
)


class _Telling(NamedTuple):
    """A telling, or one that was missing: who told whom of which event, and the rows that say so.

    What the source does not say is empty."""

    telling: str
    tie: str
    teller: str
    hearer: str
    about: str
    rows: tuple[str, ...]


@table_of_rows
def tellings(review: Review) -> Iterator[RowOfTable]:
    """Who told whom of what, when and how, did it come in time, and which tellings does the review
    say were missing?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per telling, teller, hearer and event told of, in order of time.

        - `telling` (text): the id of the event that tells
        - `tie` (text): 'told', 'told afterwards', 'said to have been told' (which the hearer does
          not bear out), or what the review says was missing: 'not told', 'not involved',
          'insufficiently involved' or 'telling found absent'
        - `from_party`, `from_label`, `from_kind` (text): the teller's id, label and kind: 'agency',
          'unnamed', 'person' or 'not stated'
        - `to_party`, `to_label`, `to_kind` (text): the same of the hearer
        - `about`, `about_summary` (text): the id of the event told of, and what happened; empty
          where the telling is about no other row
        - `how` (text): the kind of the telling
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for what did not
          happen
        - `summary` (text): what the telling says
        - `said` (text): when it was, in words
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): its days, as in
          `chronicle`
        - `next_decision` (ids): the decisions that can be the first after what is told of
        - `in_time` (text): whether it reached those who decided by then: 'certain', 'possible',
          'not in time', 'not recorded as passed on' or 'no later decision'; empty for what was
          missing, told afterwards, or about no other row
        - `in_time_for` (text): the same for each decision
        - `rows` (ids): the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    See Also
    --------
    knowledge : what each agency could have known at each decision.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.tellings(review)[["telling", "in_time", "tie", "from_label"]]
              telling  in_time           tie  from_label
    0  referrals-2014                   told  not stated
    1   referral-2014                   told  not stated
    2   referral-2014               not told  not stated
    3       told-2014  certain          told  X's school
    4       icpc-2014           not involved      Police
    """
    tables, chronology = review.tables, review.chronology
    events = chronicle_rows(review)
    order = {event: number for number, event in enumerate(events)}
    points = decisions(review)
    listed = [*_told(tables), *_missing(tables, points)]
    listed.sort(key=lambda row: order[row.telling])
    label = party_labels(tables) | {"": _NOT_STATED}
    persons, unnamed = set(tables["people"]["id"]), unnamed_agencies(tables)

    def party(party_id: str) -> tuple[str, str, str]:
        kind = "unnamed" if party_id in unnamed else "agency" if party_id else _NOT_STATED
        return party_id, label[party_id], "person" if party_id in persons else kind

    places, summary = placed(tables["locators"]), by_event(tables, "summary")
    in_time_for = _next_decisions(tables, chronology, listed, points)
    for row, (following, overall) in zip(listed, in_time_for, strict=True):
        yield (
            *(row.telling, row.tie, *party(row.teller), *party(row.hearer)),
            *(row.about, summary.get(row.about, ""), *_as_chronicled(events[row.telling])),
            *(following, overall),
            "; ".join(f"{event}: {word}" for event, word in following.items()),
            dict.fromkeys((row.telling, *row.rows)),
            *(places_of(places, row.telling, *row.rows), events[row.telling].status),
        )


def had_anyway(tellings: pd.DataFrame, reached: pd.DataFrame) -> set[str]:
    """Of which tellings did those who decided certainly have the subject anyway, at each decision
    that can be the next after it? Of no person's own account, which no other word stands for.

    `tellings` and `reached` are what `tellings` and `information_at_decision` give."""
    states = rows_in(reached, "matter", "decision", "reached")
    state = {(matter, decision): known for matter, decision, known in states}
    account = codebook().label("event_kind", "account")
    told = rows_in(tellings, "telling", "how", "about", "next_decision")
    return {
        telling
        for telling, how, about, following in told
        if how != account
        and {state[about, of] for of in following if (about, of) in state} == {CERTAIN}
    }


def _told(tables: Tables) -> list[_Telling]:
    """Every telling that happened, by teller, hearer and what it is about."""
    book = codebook()
    learning = book.flagged("event_kind", "learning")
    tells, hears, may_know, decides = (
        book.flagged("involvement_role", flag)
        for flag in ("told", "was-told", "may-know", "decides")
    )
    kinds = by_event(tables, "kind")
    links = rows_in(tables["links"], "id", "type", "from_row", "to_row")
    about = by_key(
        (telling, (event, row)) for row, tie, telling, event in links if tie == "tells-of"
    )
    agencies, people = agency_parts(tables), person_parts(tables)
    told_later = [event for event, kind in happened(tables).items() if kind == _TO_REVIEW]
    told = []
    # Who told the review is told also where no row has what it was told of.
    for event in dict.fromkeys([*telling_ids(tables), *told_later]):
        parts, persons = agencies.get(event, []), people.get(event, [])
        tellers = [*with_roles(parts, tells), *with_roles(persons, (_PERSON_TOLD,))]
        hearers = [*with_roles(parts, hears), *with_roles(persons, (_PERSON_HEARD,))]
        claimed = with_roles(parts, may_know)
        by_whom = _rows_of(tellers or with_roles(parts, decides))
        of = about.get(event, [("", "")])
        if hearers or not claimed:
            tie = TOLD_LATER if kinds[event] in learning else TOLD_AT_THE_TIME
            told += _tellings_of(event, tie, by_whom, _rows_of(hearers), of)
        if claimed:
            told += _tellings_of(event, SAID_TO_BE_TOLD, by_whom, _rows_of(claimed), of)
    return told


def _missing(tables: Tables, points: pd.DataFrame) -> list[_Telling]:
    """Every telling and every involvement that the review says was missing."""
    book, answering, agencies = codebook(), events_answered(tables), agency_parts(tables)
    telling_kinds, after = (book.flagged("event_kind", flag) for flag in ("telling", "learning"))
    hears, decides = (book.flagged("involvement_role", flag) for flag in ("was-told", "decides"))
    decided = {
        event: dict.fromkeys(deciders, "")
        for event, deciders in rows_in(points, "decision", "decided_by_ids")
    }
    missing = []
    for event, kind, absence in rows_in(tables["events"], "id", "kind", "absence"):
        if kind in after:  # What a review was not told is no gap in the case.
            continue
        parts, subject = agencies.get(event, []), answering.get(event, [])
        left_out = who_was_left_out(parts)
        if absence and kind in telling_kinds:
            tellers, hearers = _rows_of(with_roles(parts, (RESPONSIBLE,))), _rows_of(left_out)
            about = [(row, "") for row in subject or [""]]
            missing += _tellings_of(event, _ABSENT, tellers, hearers, about)
            continue
        received = [part for row in subject for part in with_roles(agencies.get(row, []), hears)]
        with_whom = _rows_of(with_roles(parts, decides) or received, decided.get(event))
        for (agency, role, row), (party, named_in), about_row in product(
            left_out, with_whom.items(), subject or [""]
        ):
            # Who was not told stands as the hearer; of who was not involved no direction is said.
            ends = (party, agency) if role == "not-told" else (agency, party)
            rows = tuple(filter(None, (row, named_in)))
            tie = book.label("involvement_role", role)
            missing.append(_Telling(event, tie, *ends, about_row, rows))
    return missing


def _tellings_of(
    event: str,
    tie: str,
    tellers: Mapping[str, str],
    hearers: Mapping[str, str],
    about: Iterable[tuple[str, str]],
) -> list[_Telling]:
    """A telling by each teller to each hearer of each event, given with the rows that say so."""
    return [
        _Telling(event, tie, teller, hearer, of, tuple(filter(None, (told_in, heard_in, link))))
        for (teller, told_in), (hearer, heard_in), (of, link) in product(
            tellers.items(), hearers.items(), about
        )
    ]


def _rows_of(parts: Iterable[Part], others: Mapping[str, str] | None = None) -> dict[str, str]:
    """Each party with the row that says so; if there is none, others, or else nobody."""
    return {part.party: part.row for part in parts} or dict(others or {"": ""})


def _next_decisions(
    tables: Tables, chronology: Chronology, listed: list[_Telling], points: pd.DataFrame
) -> list[tuple[dict[str, str], str]]:
    """For each telling the decisions that can be the next after its subject, and whether it reached
    those who decided in time for them."""
    if not chronology.admissible:
        return [({}, "" if row.tie != TOLD_AT_THE_TIME else NOT_ADMISSIBLE) for row in listed]
    ids = points["decision"].tolist()
    deciders = list(map(set, points["decided_by_ids"]))
    answers, absence = events_answered(tables), by_event(tables, "absence")
    row_of = chronology.lowered.row_of
    end = next(iter(end_events(tables)), "")
    by_then = ByThen(chronology, ids, answers, end_event(tables), end)
    when = by_then.when
    before = no_later(chronology, ids)
    earlier = before & ~before.T
    told_by = by_key(
        (row.teller, row) for row in listed if row.tie == TOLD_AT_THE_TIME and row.teller
    )
    between = chronology.furthest[::2, 1::2]
    reach = _Reach(
        when.certainty,
        InTime(between.T <= 0, between >= 0).certainty,
        *(row_of, unnamed_agencies(tables), told_by),
    )
    rows: list[tuple[dict[str, str], str]] = []
    for row in listed:
        subject = row_of[row.about or row.telling]
        undated = chronology.event_windows[subject, 0] <= -OPEN
        if row.tie != TOLD_AT_THE_TIME or not row.about or undated:
            rows.append(({}, ""))
            continue
        owed = [answers.get(event, []) if absence[event] else [row.about] for event in ids]
        # What tells of a decision comes after it, and so does a telling that had to be answered.
        counts = np.array(
            [
                row.about in events and row.about != event and row.telling not in events
                for event, events in zip(ids, owed, strict=True)
            ],
            dtype=bool,
        )
        # A decision is not the next after the subject if another one certainly is after it, and
        # earlier.
        passed = (earlier & (counts & when.certain[2 * subject])[:, None]).any(axis=0)
        # What was told of had come about, certainly where no more than that is ever said of it.
        begun = when.certain if row.about in by_then.unsure else when.possible
        following = np.flatnonzero(counts & begun[2 * subject] & ~passed).tolist()
        words = [reach.word(row, decision, deciders[decision]) for decision in following]
        # Late for decisions that may have been over before there was anything to tell is not late:
        # then no decision need have followed.
        overall = _overall(words)
        if overall == _TOO_LATE and not when.certain[2 * subject, following].any():
            overall = _NO_LATER
        rows.append((dict(zip([ids[at] for at in following], words, strict=True)), overall))
    return rows


def _overall(words: list[str]) -> str:
    """For all decisions the same, or in time for none of them; else the dates leave it open."""
    if not words:
        return _NO_LATER
    if len(set(words)) == 1:
        return words[0]
    return NOT_PASSED_ON if set(words) == {NOT_PASSED_ON, _TOO_LATE} else _POSSIBLE


class _Reach(NamedTuple):
    """Did what was told reach those who decided, by one telling or by several in turn?

    `in_time` says whether each step came no later than each decision, as in `decisions.in_time`,
    `in_turn` whether one event was told by the time of another: 2 certainly, 1 possibly, 0 not."""

    in_time: Ints
    in_turn: Ints
    row_of: Mapping[str, int]
    unnamed: frozenset[str]
    told_by: Mapping[str, list[_Telling]]

    def word(self, first: _Telling, decision: int, deciders: set[str]) -> str:
        """The best of what `in_time` of the table can say, over every chain of tellings from the
        first on."""
        in_time = self.in_time[1::2, decision]
        named, reached = deciders - self.unnamed, set[int]()
        # What is certain of a chain is no more than of each telling and of each two in turn.
        certainty = int(in_time[self.row_of[first.telling]])
        if not certainty:
            return _TOO_LATE
        if first.teller in named:
            # Who told it had it.
            reached.add(certainty)
        start: tuple[str, ...] = (first.telling,)
        stack = [(first, start, certainty)]
        while stack:
            last, chain, certainty = stack.pop()
            if last.hearer in named:
                reached.add(certainty)
            elif not last.hearer or last.hearer in self.unnamed or not named:
                # Whom the source does not name can be anybody, those who decided among them.
                reached.add(min(certainty, 1))
            for onward in self.told_by.get(last.hearer, []):
                if onward.telling not in chain and onward.about in {first.about, *chain}:
                    earlier, later = self.row_of[last.telling], self.row_of[onward.telling]
                    also = int(self.in_turn[earlier, later]), int(in_time[later])
                    stack.append((onward, (*chain, onward.telling), min(certainty, *also)))
        words = (_TOO_LATE, _POSSIBLE, _CERTAIN)
        return words[max(reached)] if reached else NOT_PASSED_ON
