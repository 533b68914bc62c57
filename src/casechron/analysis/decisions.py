"""At which points did agencies decide, who decided there, and what lay before each?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import rows_with
from casechron.analysis.knowledge_paths import Step
from casechron.analysis.record import (
    RESPONSIBLE,
    Part,
    agency_labels,
    agency_parts,
    placed,
    places_of,
    steps_of_review,
    who_was_left_out,
    with_roles,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, by_key, rows_in, ties
from casechron.analysis.windows import put_after
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import Ints, is_open
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.review import Review

__all__ = ["decisions"]


Bools = NDArray[np.bool_]

DECISION, NO_RESPONSE = "decision", "response found absent or insufficient"
_NOBODY = "not stated"


class InTime(NamedTuple):
    """Is a day of each event no later than each decision? `certain` in every admissible chronology,
    `possible` in some: two arrays, `Step`s by decisions.

    Of each event there are two steps, in table order: its first day, and the day, somewhere from
    its first to its last, on which it told what it tells."""

    certain: Bools
    possible: Bools

    @property
    def certainty(self) -> Ints:
        """2 for certainly, 1 for possibly, 0 for not."""
        return np.where(self.certain, 2, self.possible)


def events_answered(tables: Tables) -> dict[str, list[str]]:
    """Which events does each event answer, in coding order?"""
    return by_key(ties(tables, "answers"))


def decision_ids(tables: Tables) -> list[str]:
    """Which events are points of decision, in table order?

    What happened and is of a kind that the codebook flags as a decision; and the responses that the
    review says were absent or insufficient, where the coding says to what: there, too, somebody
    could have acted on what was known. What only the bodies of the review had a part in, as that a
    review is held, is none.

    >>> import pandas as pd
    >>> rows = {"id": ["a", "b", "c"], "kind": ["closure", "action", "action"]}
    >>> events = pd.DataFrame(rows | {"absence": ["", "did-not-happen", "did-not-happen"]})
    >>> links = pd.DataFrame({"type": ["answers"], "from_row": ["b"], "to_row": ["a"]})
    >>> nobody = pd.DataFrame(columns=["id", "sector", "event", "agency", "role"])
    >>> others = {"agencies": nobody, "involvement": nobody}
    >>> decision_ids({"events": events, "links": links, **others})
    ['a', 'b']
    """
    book, events = codebook(), tables["events"]
    decides, responds = (book.flagged("event_kind", flag) for flag in ("decision", "response"))
    answering, of_review = events_answered(tables), steps_of_review(tables)
    return [
        event
        for event, kind, absence in rows_in(events, "id", "kind", "absence")
        if event not in of_review
        and (kind in decides if not absence else kind in decides | responds and event in answering)
    ]


@table_of_rows
def decisions(review: Review) -> Iterator[RowOfTable]:
    """At which points did agencies decide, when, who decided, and who does the review say was left
    out?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per point of decision, in order of time: also those whose response was lacking.

        - `decision` (text): its id
        - `point` (text): 'decision' or 'response found absent or insufficient'
        - `kind`, `summary` (text): its kind, and what happened
        - `said` (text): when, in words; 'as judged' where that leans on what the coder judged
        - `absence` (text): for what did not happen, how firmly that is said
        - `decided_by` (labels): the agencies that decided, or 'not stated'
        - `decided_by_is` (labels): by what they are taken to have decided, or 'not stated'
        - `left_out` (labels): the agencies that the review calls not involved, not involved enough
          or not told, each with which of these
        - `answers` (ids): the events that it answers
        - `decided_by_ids`, `left_out_ids` (ids): the ids of those that decided or were left out
        - `rows` (ids): the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.decisions(review)[["decision", "left_out_ids", "decided_by"]]
            decision left_out_ids              decided_by
    0   closure-2014           ()  (Children's services,)
    1  strategy-2014           ()  (Children's services,)
    2      icpc-2014    (police,)  (Children's services,)
    """
    tables, book = review.tables, codebook()
    labels, answering = agency_labels(tables), events_answered(tables)
    points = set(decision_ids(tables))
    parts, responses = agency_parts(tables), rows_with(tables, "response")
    places = placed(tables["locators"])
    for event, row in chronicle_rows(review).items():
        if event not in points:
            continue
        answers, left_out = answering.get(event, []), who_was_left_out(parts.get(event, []))
        who, how = deciders(review.chronology, parts, responses, event, answers, row.absence)
        ids = dict.fromkeys(part.party for part in who)
        left_out_words = [
            f"{labels[part.party]} ({book.label('involvement_role', part.role)})"
            for part in left_out
        ]
        behind = dict.fromkeys([event, *(part.row for part in (*who, *left_out))])
        yield (
            *(event, NO_RESPONSE if row.absence else DECISION, row.kind, row.summary),
            *(row.said + AS_JUDGED * row.as_judged, row.absence),
            dict.fromkeys(labels[agency] for agency in ids) or [_NOBODY],
            *(how, left_out_words, answers, ids),
            dict.fromkeys(part.party for part in left_out),
            *(behind, places_of(places, *behind), row.status),
        )


def in_time(
    chronology: Chronology,
    decided: Sequence[str],
    answers: Mapping[str, list[str]],
    until: str = "",
) -> InTime:
    """Which events lay before which decisions, certainly or possibly?

    A day is the finest grain: what falls on the day of the decision is in time for it, unless
    orders put it after it (`put_after`). A decision that lasts counts on its first day; one that
    can have occurred several times somewhere from its first day to its last. A response that was
    absent stands for some day of its window, no earlier than what it answers, and before the end of
    the account (`until`, an event: see `concerns.end_event`): what only that end brought to light
    could not have been answered. Where no day is all of this, as of a response that was absent
    after the end, it stands for a day no earlier than what it answers. The chronology must be
    admissible.

    Method: such a day is one more unknown of the network, so the pairs of the minimal network are
    enough here too."""
    lowered, furthest = chronology.lowered, chronology.furthest
    at = np.array([lowered.row_of[event] for event in decided], dtype=np.int64)
    absent = np.array([bool(lowered.events[event].absence) for event in at], dtype=bool)
    recurs = np.array([lowered.events[event].can_recur for event in at], dtype=bool)
    last = (absent | recurs).astype(np.int64)
    end = np.array([lowered.row_of[until]] if until else [], dtype=np.int64)
    # What has begun can have told what it tells.
    furthest_from_begin = furthest[0::2].repeat(2, axis=0)
    before_end = (furthest_from_begin[:, 2 * end] >= 1).all(axis=1)
    after = put_after(chronology, np.where(last, lowered.end[at], lowered.start[at]))
    earlier = ~after.repeat(2, axis=0)
    certain = (furthest[2 * at].T <= 0) & earlier
    possible = (furthest_from_begin[:, 2 * at + last] >= 0) & earlier
    for column, event in enumerate(decided):
        answered = np.array([lowered.row_of[row] for row in answers.get(event, [])], dtype=np.int64)
        if not absent[column] or not len(answered):
            continue
        certain[:, column] |= (furthest[2 * answered].T <= 0).any(axis=1)
        # What is answered was told by then, also where it was told on an unknown one of several
        # days.
        certain[2 * answered, column] = certain[2 * answered + 1, column] = True
        if _has_a_day(chronology, at[column], answered, end):
            possible[:, column] &= before_end
        elif not _has_a_day(chronology, at[column], answered, end[:0]):
            possible[:, column] |= (furthest_from_begin[:, 2 * answered + 1] >= 0).any(axis=1)
    return InTime(certain, possible)


def _has_a_day(chronology: Chronology, event: int, after: Ints, before: Ints) -> bool:
    """Whether some day of an event's window comes no earlier than some events and before others;
    all by their places.

    The day is a further point of the network, and the new cycles are those that go through it.
    """
    days = chronology.event_windows
    low, _, _, high = days[event].tolist()
    return bool(
        low <= high
        and (days[after, 0] <= high).all()
        and (days[before, 1] - 1 >= low).all()
        and (chronology.furthest[2 * after[:, None], 2 * before] >= 1).all()
    )


@dataclass(eq=False)
class ByThen:
    """Which events had come about by which decisions, as every table says it?

    `answers` and `until` as for `in_time`; `end` is the first of `concerns.end_events`."""

    chronology: Chronology
    decided: Sequence[str]
    answers: Mapping[str, list[str]]
    until: str = ""
    end: str = ""

    @cached_property
    def when(self) -> InTime:
        """What lay before which decision. The chronology must be admissible."""
        return in_time(self.chronology, self.decided, self.answers, self.until)

    @cached_property
    def steps(self) -> dict[str, dict[Step, int] | None]:
        """Whether each step came no later than each decision: 2 certainly, 1 possibly, 0 not. None
        where no chronology is admissible."""
        if not self.chronology.admissible:
            return dict.fromkeys(self.decided)
        steps = list(product(self.chronology.events, (False, True)))
        columns = self.when.certainty.T.tolist()
        in_time = (dict(zip(steps, column, strict=True)) for column in columns)
        return dict(zip(self.decided, in_time, strict=True))

    @cached_property
    def left_open(self) -> set[str]:
        """Events whose first day the coding leaves open on a side (`Chronology.open_sides`)."""
        chronology = self.chronology
        sides_open = is_open(chronology.with_open_sides.event_windows[:, :2]).any(axis=1).tolist()
        return set(compress(chronology.events, sides_open))

    @cached_property
    def unsure(self) -> set[str]:
        """Events that are never said to have come about possibly: they had certainly, or nothing
        is said of them.

        Those that are `left_open`; what somebody did not do, which has dates but no order; and what
        came no earlier than the `end` to which the account runs."""
        chronology, lowered = self.chronology, self.chronology.lowered
        rows = {row.id for row in lowered.events if row.absence}
        if self.end and chronology.admissible:
            after = chronology.furthest[0::2, 2 * lowered.row_of[self.end]] <= 0
            rows |= set(compress(chronology.events, after.tolist()))
        return rows | self.left_open

    @cached_property
    def _where_dated(self) -> ByThen:
        """The same by what closes a side alone (`Chronology.dated`)."""
        return replace(self, chronology=self.chronology.with_open_sides)

    def come_about(self, event: str, decision: str) -> str:
        """Whether an event had come about by a decision, 'certainly' or 'possibly'; '' where
        neither is said, or that no chronology is admissible."""
        then = self.steps[decision]
        if then is None:
            return NOT_ADMISSIBLE
        if then[event, False] == 2:
            return "certainly"
        untold = decision in self.left_open or event in self.unsure
        return "possibly" if then[event, False] and not untold else ""

    def said(self, event: str, decision: str) -> str:
        """As `come_about`, or 'later'; '' where the coding leaves it open."""
        dated = self._where_dated.steps[decision]
        can_be = dated and dated[event, False]
        return self.come_about(event, decision) or ("" if can_be else "later")


def _begun_with(chronology: Chronology, responses: Iterable[str], event: str) -> list[str]:
    """Which other responses certainly began on the very day of an event?"""
    ids = [step for step in responses if step != event]
    if not chronology.admissible or not ids:
        return []
    row_of, furthest = chronology.lowered.row_of, chronology.furthest
    at, others = 2 * row_of[event], [2 * row_of[step] for step in ids]
    same_day = (furthest[at, others] == 0) & (furthest[others, at] == 0)
    return list(compress(ids, same_day.tolist()))


def deciders(
    chronology: Chronology,
    parts: Mapping[str, list[Part]],
    responses: Iterable[str],
    event: str,
    answers: Iterable[str],
    absence: str,
) -> tuple[list[Part], list[str]]:
    """Who decided at a point, and how that is known.

    `parts` is `record.agency_parts`, `responses` are the responses that took place, `answers` what
    the point answers (`events_answered`), `absence` whether it is a response that was absent."""
    decides, hears = (
        codebook().flagged("involvement_role", flag) for flag in ("decides", "was-told")
    )

    def parts_in(events: Iterable[str], roles: Collection[str]) -> list[Part]:
        return [part for row in events for part in with_roles(parts.get(row, []), roles)]

    if led := parts_in([event], decides):
        return led, ["led or took part"]
    if not absence:
        begun = parts_in(_begun_with(chronology, responses, event), decides)
        return begun, ["led a response that began on the same day" if begun else _NOBODY]
    responsible, received = parts_in([event], (RESPONSIBLE,)), parts_in(answers, hears)
    how = ["step was theirs"] if responsible else []
    how += ["received what it was to answer"] if received else []
    return responsible + received, how or [_NOBODY]
