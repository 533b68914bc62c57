"""At which contacts was the child seen, spoken to, or not seen, what did it say, and what was the
longest stretch without a contact of an agency?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.columns import by_key, kept, rows_in
from casechron.analysis.concerns import by_event
from casechron.analysis.involvement import ABSENT, CONTACT, Occasions, involvement
from casechron.analysis.judgements import JUDGED, days_inferred
from casechron.analysis.pairing import Bound, closed_cases
from casechron.analysis.parties import (
    agency_labels,
    can_be,
    party_labels,
    unnamed_agencies,
)
from casechron.analysis.record import count_words, placed
from casechron.analysis.windows import shown_windows, window_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, day_counts, texts
from casechron.chronology.network import OPEN, Ints
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["agency_contact", "contact_gaps", "contacts"]


NOT_SAID = "not said"
_SEEN, _ALONE, _SPOKEN = "child-seen", "child-seen-alone", "child-spoken-to"
_NOT_SEEN, _SAID = "child-not-seen", "child-said"
#: What includes what: a child that was heard was spoken to, and one that was spoken to was seen.
_INCLUDED = {_SEEN: (_SEEN, _ALONE, _SPOKEN, _SAID), _ALONE: (_ALONE,), _SPOKEN: (_SPOKEN, _SAID)}
_CHILDREN = ("child", "sibling")
#: What needs no word beside a person: reported as fact, or not coded.
_FIRM = ("reported", "")


@kept
def contacts(review: Review) -> pd.DataFrame:
    """At which contacts was the child seen, seen alone, spoken to or not seen, and what did it say?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per contact or visit that took place, and per other event of which the source says
        whether the child was seen, in the order of the coding. A contact of adults alone is left
        out unless it says so, and so are admissions, which are of another kind.

        - `contact`, `kind`, `summary` (text): its id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `as_judged` (True or False): whether these would be others without what the coder judged
        - `by` (text): the agencies that had a part in it
        - `persons` (text): the persons who had one; in brackets how it is said, where the source
          does not report it as a fact
        - `seen`, `seen_alone`, `spoken_to` (text): 'yes', 'no', 'yes and no', or 'not said' where
          the source does not say
        - `child_said` (text): what the child said or showed
        - `facts` (text): what the source says of it, in words
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    involvement : every part of an agency in an event.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.contacts(review)[["contact", "by", "seen", "seen_alone", "spoken_to"]]
          contact by      seen seen_alone spoken_to
    0  visit-2014     not said   not said  not said
    """
    tables, chronology = review.tables, review.chronology
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
    rows = [row for row in rows_in(tables["events"], *names) if not row[2] and asked(*row[:2])]
    ids = [row[0] for row in rows]
    at = np.array([chronology.lowered.place[event] for event in ids], dtype=np.int64)
    windows, places = shown_windows(tables, chronology)[at], placed(tables["locators"])
    days = days_inferred(tables, chronology)

    def who(event: str, person: str) -> str:
        hedge = said_of.get((event, person))
        return f"{labels[person]} ({', '.join(hedge)})" if hedge else labels[person]

    def words(of: tuple[str, str]) -> str:
        return f"{book.label('attribute', of[0])}: {of[1]}"

    def answer(event: str, wanted: str) -> str:
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
                "; ".join(who(event, person) for person in persons.get(event, {})) for event in ids
            ),
            "seen": texts(answer(event, _SEEN) for event in ids),
            "seen_alone": texts(answer(event, _ALONE) for event in ids),
            "spoken_to": texts(answer(event, _SPOKEN) for event in ids),
            "child_said": texts(
                "; ".join(value for fact, value in facts.get(event, ()) if fact == _SAID)
                for event in ids
            ),
            "facts": texts("; ".join(map(words, facts.get(event, ()))) for event in ids),
            "places": texts(places.get(event, "") for event in ids),
        }
    )


#: What can run through a stretch without contact for every agency: plans and stays. Of other states
#: those in which the agency itself had a part.
_PLANS_AND_STAYS = frozenset(
    ("protection-plan", "child-in-need-plan", "looked-after", "household", "placement", "admission")
)
#: That a family is known is no work with it.
_NO_WORK = frozenset({"known-to-agencies", "fear", "relationship"})


class _Stretch(NamedTuple):
    """From the end of one contact to the start of another, by their places among the contacts."""

    days: int
    first: int
    second: int


@kept
def contact_gaps(review: Review) -> pd.DataFrame:
    """What was the longest stretch without a contact of each agency on record?

    Least and most over the admissible chronologies, whichever contacts it lies between in each. No
    contact recorded is not the same as no contact.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency with two dated contacts or more; unnamed agencies, and states that last,
        are left out.

        - `agency`, `agency_label` (text): the agency's id and label
        - `from_event`, `from_summary` (text): the contact from whose end on so long a stretch
          certainly lies, and what happened
        - `to_event`, `to_summary` (text): the contact up to whose start it does, and what happened
        - `days_min` (days): the longest stretch has at least so many in every chronology
        - `days_max` (days): and at most so many
        - `may_fall_between` (text): the ids of contacts that can lie in that stretch; those that no
          day bounds on one side are not counted, and with one of them it can have been shorter
        - `most_from`, `most_to` (text): the ids of the contacts between which it can have
          `days_max`
        - `ran_through`, `may_run_through` (text): the ids of plans, stays, and states in which the
          agency had a part, that certainly, or possibly, lasted on days of the stretch

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.contact_gaps(review)[["agency", "from_event", "to_event", "days_min", "days_max"]]
                   agency     from_event      to_event  days_min  days_max
    0  childrens-services  referral-2014  closure-2014        19        29
    1            school-x    bruise-2014     told-2014         0         6
    """
    tables, chronology = review.tables, review.chronology
    kind, summary = by_event(tables, "kind"), by_event(tables, "summary")
    book, lowered, place = codebook(), chronology.lowered, chronology.lowered.place
    states = book.flagged("event_kind", "state")
    apart = book.flagged("event_kind", "learning") | states
    contacts: dict[str, list[str]] = {}
    undated: dict[str, list[str]] = {}
    open_sides = chronology.open_sides
    lasting: dict[str, list[str]] = {}
    rows = involvement(review)
    for agency, event, part, named in rows_in(rows, "agency", "event", "part", "named"):
        if named and part in CONTACT:
            if kind[event] not in apart:
                by_agency = undated if any(open_sides[event]) else contacts
                by_agency.setdefault(agency, []).append(event)
            elif kind[event] in states - _NO_WORK:
                lasting.setdefault(agency, []).append(event)
    for_all = [
        event
        for event, kind, absence in rows_in(tables["events"], "id", "kind", "absence")
        if kind in _PLANS_AND_STAYS and not absence and lowered.shape[place[event]] == "span"
    ]
    gaps = []
    for agency, label in agency_labels(tables).items():
        events = sorted(set(contacts.get(agency, [])))
        if not chronology.admissible or len(events) < 2:
            continue
        at_least, at_most, between = _longest(chronology, events)
        first, second = events[at_least.first], events[at_least.second]
        ran = sorted({*for_all, *lasting.get(agency, [])} - {first, second})
        loose = [
            event
            for event in sorted(set(undated.get(agency, [])))
            if _overlap(chronology, event, first, second, days=0)
        ]
        through = [(event, _overlap(chronology, event, first, second)) for event in ran]
        gaps.append(
            (
                *(agency, label, first, summary[first], second, summary[second]),
                *(at_least.days, at_most.days),
                "; ".join([*loose, *(events[at] for at in between)]),
                *(events[at_most.first], events[at_most.second]),
                "; ".join(event for event, how in through if how == "certain"),
                "; ".join(event for event, how in through if how == "possible"),
            )
        )
    names = (
        *("agency", "agency_label", "from_event", "from_summary", "to_event", "to_summary"),
        *("days_min", "days_max", "may_fall_between", "most_from", "most_to"),
        *("ran_through", "may_run_through"),
    )
    days = ("days_min", "days_max")
    table = pd.DataFrame(gaps, columns=list(names))
    table = table.astype({name: "int64" if name in days else "str" for name in names})
    return table.assign(**{name: day_counts(table[name].to_numpy()) for name in days})


def _longest(chronology: Chronology, events: Sequence[str]) -> tuple[_Stretch, _Stretch, list[int]]:
    """The longest stretch between some contacts, at least and at most, and which others can lie in
    that of the least.

    At most: over all pairs, with each other contact certainly on one side (`pairing`). At least: of
    what certainly lies between two contacts, with so many others that can part it, one stretch has
    its share; and none begins sooner after the one, or ends later before the other."""
    lowered, count = chronology.lowered, len(events)
    at = [lowered.place[event] for event in events]
    points = [0, *lowered.start[at].tolist(), *lowered.end[at].tolist()]
    net = chronology.minimal[np.ix_(points, points)]
    start, end = np.arange(1, count + 1), np.arange(count + 1, 2 * count + 1)
    # From the end of each to the start of each: at least and at most.
    low, high = -net[np.ix_(start, end)].T, net[np.ix_(end, start)]
    lengths = net[start, end]
    ends_by, starts_from = -net[np.ix_(end, end)], -net[np.ix_(start, start)]
    at_least, between = _Stretch(-1, 0, 1), list[int]()
    for i, j in np.argwhere((low >= 0) & ~np.eye(count, dtype=bool)).tolist():
        # ends_by[a, b]: the end of b is at least so many days before that of a.
        may = [
            k
            for k in range(count)
            if k not in (i, j) and ends_by[i, k] < 0 and starts_from[k, j] < 0
        ]
        taken = int(sum(int(lengths[k]) for k in may)) if may else 0
        free = max(int(low[i, j]) - taken, 0) if taken < OPEN // 2 else 0
        share = -(-free // (len(may) + 1))
        after, before = low[i, [j, *may]].min(), low[[i, *may], j].min()
        days = max(share, int(after), int(before))
        if (days, -len(may)) > (at_least.days, -len(between)):
            at_least, between = _Stretch(days, i, j), may
    at_most = _Stretch(-1, 0, 1)
    order = np.argsort(-high, axis=None, kind="stable")
    for i, j in zip(*(axis.tolist() for axis in np.unravel_index(order, high.shape)), strict=True):
        if high[i, j] <= at_most.days:
            break
        if i != j:
            at_most = max(
                at_most,
                _most(net, int(high[i, j]), i, j, start, end),
                key=lambda stretch: stretch.days,
            )
    # Where no two are certainly in this order, none need lie apart.
    return (at_least if at_least.days >= 0 else at_most._replace(days=0)), at_most, between


def _most(net: Ints, bound: int, i: int, j: int, start: Ints, end: Ints) -> _Stretch:
    """The longest stretch from the end of one contact to the start of another with no third in it;
    -1 days where there is none."""
    choices = [
        [[Bound(int(end[i]), int(end[k]), 0)], [Bound(int(start[k]), int(start[j]), 0)]]
        for k in range(len(start))
        if k not in (i, j)
    ]
    first = [[[Bound(int(start[j]), int(end[i]), 0)]]]
    days = -1
    for case in closed_cases(net, [*first, *choices]):
        days = max(days, int(case[end[i], start[j]]))
        if days == bound:
            break
    return _Stretch(days, i, j)


def _overlap(chronology: Chronology, state: str, first: str, second: str, *, days: int = 1) -> str:
    """Whether an event was under way on a day between two contacts: 'certain', 'possible', ''."""
    lowered = chronology.lowered
    state_at, first_at, second_at = (lowered.place[event] for event in (state, first, second))
    net = chronology.minimal
    begun, over = lowered.start[state_at], lowered.end[state_at]
    from_day, to_day = lowered.end[first_at], lowered.start[second_at]
    # It begins before the later contact, and ends after the earlier one.
    if -net[to_day, begun] >= days and -net[over, from_day] >= days:
        return "certain"
    possible = net[begun, to_day] >= days and net[from_day, over] >= days
    return "possible" if possible else ""


@kept
def agency_contact(review: Review) -> pd.DataFrame:
    """When did each agency first and last have a part in the case, as recorded?

    A contact is an event in which the agency had a part, other than as absent or by learning of it
    later. Each bound is attained by some admissible chronology.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency, as coded.

        - `agency`, `agency_label` (text): its id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `first_contact`, `last_contact` (text): when, in words
        - `first_earliest`, `first_latest` (date; NaT: open): the bounds of the first day of the
          first contact
        - `last_earliest`, `last_latest` (date; NaT: open): the bounds of the last day of the last
          contact
        - `contact_rows`, `absence_rows`, `later_rows` (count): rows of events in which it had a
          part, was missing, or learned or acted only afterwards
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part, by the
          counts of these rows
        - `can_be` (text): the ids of other named rows that can be the same body
        - `first_events`, `last_events` (text): the ids of the contacts that can have been the first
          and the last
        - `roles`, `rows` (text): its roles, and the ids of its rows of involvement
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.agency_contact(review)[["agency", "first_earliest", "first_latest", "contact_rows"]]
                   agency first_earliest first_latest  contact_rows
    0  childrens-services     2014-08-21   2014-08-31             5
    1              police            NaT          NaT             0
    2         unspecified            NaT          NaT             0
    3            school-x            NaT   2014-09-19             3
    """
    tables, chronology = review.tables, review.chronology
    rows, unnamed = involvement(review), unnamed_agencies(tables)
    same, occasions = can_be(tables), Occasions(tables)
    own_rows = by_key(
        (row[0], row[1:]) for row in rows_in(rows, "agency", "event", "part", "roles", "rows")
    )
    days, place = shown_windows(tables, chronology), chronology.lowered.place
    table, bounds = [], []
    for agency, label in agency_labels(tables).items():
        agency_rows = own_rows.get(agency, [])
        events = [event for event, part, _, _ in agency_rows if part in CONTACT]
        at = [place[event] for event in events]
        ends = days[at]
        first = (int(ends[:, 0].min()), int(ends[:, 1].min())) if at else (-OPEN, OPEN)
        last = (int(ends[:, 2].max()), int(ends[:, 3].max())) if at else (-OPEN, OPEN)
        bounds.append((*first, *last))
        absent = [part for _, part, _, _ in agency_rows if part == ABSENT]
        table.append(
            {
                "agency": agency,
                "agency_label": label,
                "named": agency not in unnamed,
                "first_contact": _words(first, at, chronology),
                "last_contact": _words(last, at, chronology),
                "contact_rows": len(events),
                "contacts_min": occasions.least(events, set(events)),
                "contacts_max": occasions.most(events),
                "absence_rows": len(absent),
                "later_rows": len(agency_rows) - len(events) - len(absent),
                "can_be": "; ".join(sorted(same[agency] - unnamed) * (agency not in unnamed)),
                "first_events": "; ".join(_can_be(events, at, chronology, first=True)),
                "last_events": "; ".join(_can_be(events, at, chronology, first=False)),
                "roles": "; ".join(
                    dict.fromkeys(
                        role for _, _, roles, _ in agency_rows for role in roles.split("; ")
                    )
                ),
                "rows": "; ".join(ids for _, _, _, ids in agency_rows),
                "status": "admissible" if chronology.admissible else NOT_ADMISSIBLE,
            }
        )
    types = dict.fromkeys(("agency", "agency_label"), "str") | {"named": "bool"}
    types |= dict.fromkeys(("first_contact", "last_contact"), "str") | {"contact_rows": "int64"}
    types |= dict.fromkeys(("contacts_min", "contacts_max"), "Int64") | dict.fromkeys(
        ("absence_rows", "later_rows"), "int64"
    )
    types |= dict.fromkeys(
        ("can_be", "first_events", "last_events", "roles", "rows", "status"), "str"
    )
    contacts_table = pd.DataFrame(table, columns=list(types)).astype(types)
    days_of = np.array(bounds, dtype=np.int64).reshape(-1, 4)
    names = ("first_earliest", "first_latest", "last_earliest", "last_latest")
    for number, name in enumerate(names):
        contacts_table.insert(
            5 + number, name, calendar_days(days_of[:, number], chronology.admissible)
        )
    return contacts_table


def _words(days: tuple[int, int], at: list[int], chronology: Chronology) -> str:
    if not at:
        return "none recorded"
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    return window_words(*(None if abs(day) > OPEN // 2 else day for day in days))


def _can_be(events: list[str], at: list[int], chronology: Chronology, *, first: bool) -> list[str]:
    """Which of an agency's contacts can have been the first to begin, or the last to end."""
    if not at or not chronology.admissible:
        return []
    points = 2 * np.array(at, dtype=np.int64) + (0 if first else 1)
    furthest = chronology.furthest[np.ix_(points, points)]
    possible = np.all((furthest if first else furthest.T) >= 0, axis=1)
    return [event for event, can in zip(events, possible.tolist(), strict=True) if can]
