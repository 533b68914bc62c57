"""Who told whom of what, and did it come in time for the next decision?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, by_key, kept, rows_in
from casechron.analysis.concerns import by_event, end_event, telling_ids
from casechron.analysis.decisions import InTime, answered_by, decisions, in_time
from casechron.analysis.parties import (
    NOT_INVOLVED,
    RESPONSIBLE,
    Part,
    agency_parts,
    party_labels,
    person_parts,
    unnamed_agencies,
    with_roles,
)
from casechron.analysis.phases import no_later
from casechron.analysis.record import count_words, placed, places_of
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import OPEN
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["telling_network", "tellings"]


NOT_STATED = "not stated"
TOLD, TOLD_LATER, ABSENT = "told", "told afterwards", "telling found absent"
#: What a telling or a missing tie is, from told to missing.
TIES = (TOLD, TOLD_LATER, "not told", "insufficiently involved", "not involved", ABSENT)
CERTAIN, POSSIBLE, TOO_LATE = "certain", "possible", "not in time"
#: Those who heard it did not decide, and no telling on record passed it on to those who did.
NOT_PASSED_ON = "not recorded as passed on"
NO_LATER = "no later decision"
IN_TIME = (CERTAIN, POSSIBLE, TOO_LATE, NOT_PASSED_ON, NO_LATER)
#: The one role of a person, and the one of an agency, that the codebook has no flag for here.
_PERSON_TOLD = "told"
_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")


class _Telling(NamedTuple):
    telling: str
    tie: str
    teller: str
    hearer: str
    about: str
    rows: tuple[str, ...]


@kept
def tellings(review: Review) -> pd.DataFrame:
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
        - `tie` (text): 'told', 'told afterwards', or what the review says was missing: 'not told',
          'not involved', 'insufficiently involved' or 'telling found absent'
        - `from_party`, `from_label`, `from_kind` (text): the teller's id, label and kind: 'agency',
          'unnamed', 'person' or 'not stated'
        - `to_party`, `to_label`, `to_kind` (text): the same of the hearer
        - `about`, `about_summary` (text): the id of the event told of, and what happened; empty
          where the telling is about no other row
        - `how` (text): the kind of the telling
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `summary` (text): what the telling says
        - `said` (text): when it was, in words
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): its days, as in
          `bounds`
        - `next_decision` (text): the ids of the decisions that can be the first after what is told
          of
        - `in_time` (text): whether it reached those who decided by then: 'certain', 'possible',
          'not in time', 'not recorded as passed on' or 'no later decision'; empty for what was
          missing, told afterwards, or about no other row
        - `in_time_for` (text): the same for each decision
        - `rows` (text): the ids of the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    See Also
    --------
    telling_network : one row per teller and hearer.
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
    events_told = chronicle(review).set_index("event", drop=False)
    at = {event: number for number, event in enumerate(events_told.index)}
    points = decisions(review)
    told_rows = sorted([*_told(tables), *_missing(tables, points)], key=lambda row: at[row.telling])
    judged = _next_decisions(tables, chronology, told_rows, points)
    label = party_labels(tables) | {"": NOT_STATED}
    persons, unnamed = set(tables["people"]["id"]), unnamed_agencies(tables)

    def kind(party: str) -> str:
        if not party:
            return NOT_STATED
        return "person" if party in persons else "unnamed" if party in unnamed else "agency"

    events = {row["id"]: row for row in tables["events"].to_dict("records")}
    where = placed(tables["locators"])
    rows = events_told.loc[[row.telling for row in told_rows]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "telling": texts(row.telling for row in told_rows),
            "tie": texts(row.tie for row in told_rows),
            "from_party": texts(row.teller for row in told_rows),
            "from_label": texts(label[row.teller] for row in told_rows),
            "from_kind": texts(kind(row.teller) for row in told_rows),
            "to_party": texts(row.hearer for row in told_rows),
            "to_label": texts(label[row.hearer] for row in told_rows),
            "to_kind": texts(kind(row.hearer) for row in told_rows),
            "about": texts(row.about for row in told_rows),
            "about_summary": texts(
                events[row.about]["summary"] if row.about else "" for row in told_rows
            ),
            "how": rows["kind"],
            "how_many": texts(
                count_words(
                    *(events[row.telling][name] for name in ("kind", "count_min", "count_max"))
                )
                for row in told_rows
            ),
            "summary": rows["summary"],
            "said": rows["said"],
            **{name: rows[name] for name in _BOUNDS},
            "next_decision": texts("; ".join(following) for following, _ in judged),
            "in_time": texts(word for _, word in judged),
            "in_time_for": texts(
                "; ".join(f"{event}: {word}" for event, word in following.items())
                for following, _ in judged
            ),
            "rows": texts("; ".join(dict.fromkeys((row.telling, *row.rows))) for row in told_rows),
            "places": texts(places_of(where, row.telling, *row.rows) for row in told_rows),
            "status": rows["status"],
        }
    )


@kept
def telling_network(review: Review) -> pd.DataFrame:
    """Between whom did information pass, and between whom does the review say that it did not?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per teller, hearer and tie: named agencies first, as coded, then persons, unnamed
        agencies and 'not stated'.

        - `from_party`, `from_label`, `from_kind` (text): the teller's id, label and kind
        - `to_party`, `to_label`, `to_kind` (text): the hearer's id, label and kind
        - `tie` (text): as in `tellings`
        - `tellings` (count): how many events tell, as recorded in this source
        - `in_time` (text): the best of theirs, as in `tellings`
        - `telling_ids` (text): their ids

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.telling_network(review)[["from_label", "to_label", "tie", "tellings"]]
       from_label             to_label           tie  tellings
    0      Police  Children's services  not involved         1
    1  X's school  Children's services          told         1
    2  not stated  Children's services          told         1
    3  not stated               Police      not told         1
    4  not stated           not stated          told         1
    """
    tables = review.tables
    table, tables = tellings(review), review.tables
    rank = {
        name: at for at, name in enumerate([*tables["agencies"]["id"], *tables["people"]["id"]])
    }
    names = [
        *("from_party", "from_label", "from_kind", "to_party", "to_label", "to_kind"),
        *("tie", "tellings", "in_time", "telling_ids"),
    ]
    kinds = {"agency": 0, "person": 1, "unnamed": 2, NOT_STATED: 3}
    best = {word: at for at, word in enumerate([*IN_TIME, "", NOT_ADMISSIBLE])}
    rows = []
    for (teller, hearer, tie), found in table.groupby(
        ["from_party", "to_party", "tie"], sort=False
    ):
        first = found.iloc[0]
        order = (
            kinds[first["from_kind"]],
            rank.get(str(teller), -1),
            kinds[first["to_kind"]],
            rank.get(str(hearer), -1),
        )
        ids = list(dict.fromkeys(found["telling"]))
        in_time = min(found["in_time"], key=best.__getitem__)
        ends = [str(first[name]) for name in names[:6]]
        rows.append(
            ((*order, TIES.index(str(tie))), [*ends, str(tie), len(ids), in_time, "; ".join(ids)])
        )
    drawn = pd.DataFrame([row for _, row in sorted(rows, key=lambda one: one[0])], columns=names)
    return drawn.astype({name: "int64" if name == "tellings" else "str" for name in names})


def _told(tables: Tables) -> list[_Telling]:
    """Every telling that happened, by teller, hearer and what it is about."""
    book, events, links = codebook(), tables["events"], tables["links"]
    learning, telling = book.flagged("event_kind", "learning"), set(telling_ids(tables))
    tells, hears, decides = (
        book.flagged("involvement_role", flag) for flag in ("told", "was-told", "decides")
    )
    known = set(events["id"])
    about = by_key(
        (source, (target, row))
        for row, tie, source, target in rows_in(links, "id", "type", "from_row", "to_row")
        if tie == "tells-of" and target in known
    )
    agencies, people = agency_parts(tables), person_parts(tables)
    happened = []
    for event, kind in rows_in(events, "id", "kind"):
        if event not in telling:
            continue
        here = agencies.get(event, [])
        tellers = [*with_roles(here, tells), *with_roles(people.get(event, []), (_PERSON_TOLD,))]
        happened += [
            _Telling(
                event,
                TOLD_LATER if kind in learning else TOLD,
                teller,
                hearer,
                of,
                tuple(filter(None, (told_in, heard_in, link))),
            )
            for teller, told_in in _rows_of(tellers or with_roles(here, decides)).items()
            for hearer, heard_in in _rows_of(with_roles(here, hears)).items()
            for of, link in about.get(event, [("", "")])
        ]
    return happened


def _missing(tables: Tables, points: pd.DataFrame) -> list[_Telling]:
    """Every telling and every involvement that the review says was missing."""
    book, events = codebook(), tables["events"]
    answering = answered_by(tables)
    ids = rows_in(points, "decision", "decided_by_ids")
    decided = {event: deciders.split("; ") for event, deciders in ids}
    flagged = book.flagged("event_kind", "telling")
    hears, decides = (book.flagged("involvement_role", flag) for flag in ("was-told", "decides"))
    agencies = agency_parts(tables)
    absent = {
        event
        for event, kind, absence in rows_in(events, "id", "kind", "absence")
        if absence and kind in flagged
    }
    missing = []
    for event, parts in agencies.items():
        subject = answering.get(event, [])
        received = [part for row in subject for part in with_roles(agencies.get(row, []), hears)]
        with_whom = _rows_of(
            with_roles(parts, decides) or received, dict.fromkeys(decided.get(event, [""]), "")
        )
        for agency, role, row in with_roles(parts, NOT_INVOLVED) if event not in absent else []:
            for party, named_in in with_whom.items():
                # Who was not told stands as the hearer; of who was not involved no direction is
                # said.
                ends = (party, agency) if role == "not-told" else (agency, party)
                tie = book.label("involvement_role", role)
                missing += [
                    _Telling(event, tie, *ends, of, tuple(filter(None, (row, named_in))))
                    for of in subject or [""]
                ]
    for event in absent:
        here = agencies.get(event, [])
        missing += [
            _Telling(event, ABSENT, teller, hearer, of, tuple(filter(None, (told_in, heard_in))))
            for teller, told_in in _rows_of(with_roles(here, (RESPONSIBLE,))).items()
            for hearer, heard_in in _rows_of(with_roles(here, NOT_INVOLVED)).items()
            for of in answering.get(event, []) or [""]
        ]
    order = {event: at for at, event in enumerate(events["id"])}
    return sorted(missing, key=lambda telling: order[telling.telling])


def _rows_of(parts: list[Part], others: Mapping[str, str] | None = None) -> dict[str, str]:
    """Each party with the row that says so; if there is none, others, or else nobody."""
    return {part.party: part.row for part in parts} or dict(others or {"": ""})


def _next_decisions(
    tables: Tables, chronology: Chronology, told_rows: list[_Telling], points: pd.DataFrame
) -> list[tuple[dict[str, str], str]]:
    """For each telling the decisions that can be the next after its subject, and whether it reached
    those who decided in time for them."""
    if not chronology.admissible:
        return [({}, "" if row.tie != TOLD else NOT_ADMISSIBLE) for row in told_rows]
    ids = points["decision"].tolist()
    deciders = [set(filter(None, who.split("; "))) for who in points["decided_by_ids"]]
    answers, place = answered_by(tables), chronology.lowered.place
    absent = {event for event, absence in by_event(tables, "absence").items() if absence}
    when = in_time(chronology, ids, answers, end_event(tables))
    before = no_later(chronology, ids)
    earlier = before & ~before.T
    reach = _Reach(told_rows, when, chronology, unnamed_agencies(tables))
    judged: list[tuple[dict[str, str], str]] = []
    for row in told_rows:
        subject = place[row.about or row.telling]
        undated = chronology.event_windows[subject, 0] <= -OPEN
        if row.tie != TOLD or not row.about or undated:
            judged.append(({}, ""))
            continue
        owed = [answers.get(event, []) if event in absent else [row.about] for event in ids]
        # What tells of a decision comes after it, and so does a telling that had to be answered.
        counts = np.array(
            [
                row.about in to and row.about != event and row.telling not in to
                for event, to in zip(ids, owed, strict=True)
            ],
            dtype=bool,
        )
        # A decision is not the next after the subject if another one certainly is after it, and
        # earlier.
        passed = (earlier & (counts & when.begun_certain[subject])[:, None]).any(axis=0)
        following = np.flatnonzero(counts & when.begun_possible[subject] & ~passed).tolist()
        words = [reach.word(row, at, deciders[at]) for at in following]
        # Late for decisions that may have been over before there was anything to tell is not late:
        # then no decision need have followed.
        overall = _overall(words)
        if overall == TOO_LATE and not when.begun_certain[subject, following].any():
            overall = NO_LATER
        judged.append((dict(zip([ids[at] for at in following], words, strict=True)), overall))
    return judged


def _overall(words: list[str]) -> str:
    """For all decisions the same, or in time for none of them; else the dates leave it open."""
    if not words:
        return NO_LATER
    if len(set(words)) == 1:
        return words[0]
    return NOT_PASSED_ON if set(words) == {NOT_PASSED_ON, TOO_LATE} else POSSIBLE


class _Reach:
    """Did what was told reach those who decided, by one telling or by several in turn?"""

    def __init__(
        self,
        told_rows: list[_Telling],
        when: InTime,
        chronology: Chronology,
        unnamed: frozenset[str],
    ) -> None:
        self.when, self.chronology, self.unnamed = when, chronology, unnamed
        self.told_by = by_key(
            (row.teller, row) for row in told_rows if row.tie == TOLD and row.teller
        )

    def word(self, first: _Telling, decision: int, deciders: set[str]) -> str:
        reached = set()
        stack: list[tuple[_Telling, tuple[str, ...], bool, bool]] = [
            (first, (first.telling,), True, True)
        ]
        while stack:
            last, path, in_order, may_be = stack.pop()
            certain = in_order and self._all(path, decision, certain=True)
            possible = may_be and self._all(path, decision, certain=False)
            late = POSSIBLE if possible else TOO_LATE
            if last.hearer in deciders - self.unnamed:
                reached.add(CERTAIN if certain else late)
            elif not last.hearer or last.hearer in self.unnamed or not deciders - self.unnamed:
                # Whom the source does not name can be anybody, those who decided among them.
                reached.add(late)
            for onward in self.told_by.get(last.hearer, []) if last.hearer else []:
                about = {first.about, *path}
                if onward.telling not in path and onward.about in about:
                    surely, possibly = self._between(last.telling, onward.telling)
                    step = (*path, onward.telling)
                    stack.append((onward, step, in_order and surely, may_be and possibly))
        return next((word for word in IN_TIME if word in reached), NOT_PASSED_ON)

    def _all(self, path: tuple[str, ...], decision: int, *, certain: bool) -> bool:
        in_time_for = self.when.told_certain if certain else self.when.told_possible
        return all(bool(in_time_for[self.chronology.lowered.place[row], decision]) for row in path)

    def _between(self, earlier: str, later: str) -> tuple[bool, bool]:
        """Was the first certainly, and was it possibly, told by the time of the other?"""
        first, second = (2 * self.chronology.lowered.place[row] for row in (earlier, later))
        furthest = self.chronology.furthest
        return bool(furthest[second, first + 1] <= 0), bool(furthest[first, second + 1] >= 0)
