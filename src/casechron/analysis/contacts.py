"""At which contacts was the child seen, spoken to, or not seen, what did it say, and what was the
longest stretch between two contacts of an agency?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import CHILDREN, by_event, happened
from casechron.analysis.involvement import ABSENT, CONTACT_PARTS, LATER_PART, Occasions, involvement
from casechron.analysis.judgements import JUDGED, days_inferred
from casechron.analysis.pairing import Bound, closed_cases
from casechron.analysis.record import (
    agency_labels,
    can_be,
    party_labels,
    unnamed_agencies,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import by_key, rows_in
from casechron.analysis.windows import told_networks, told_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, Ints, none_if_open
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["agency_contact", "contact_gaps", "contacts"]


NOT_SAID, _NONE = "not said", "none recorded"
_SEEN, _ALONE, _SPOKEN = "child-seen", "child-seen-alone", "child-spoken-to"
_NOT_SEEN, _SAID = "child-not-seen", "child-said"
#: What includes what: a child that was heard was spoken to, and one that was spoken to was seen.
_INCLUDED = {_SEEN: (_SEEN, _ALONE, _SPOKEN, _SAID), _ALONE: (_ALONE,), _SPOKEN: (_SPOKEN, _SAID)}
#: Statuses that need no word beside a person: reported as fact, or none coded.
_REPORTED = ("reported", "")
#: What can run through a stretch between contacts for every agency: plans and stays. Of other
#: states those in which the agency itself had a part.
_PLANS_AND_STAYS = frozenset(
    (
        *("protection-plan", "child-in-need-plan", "looked-after", "household"),
        *("placement", "removal", "admission"),
    )
)
#: States in which an agency does not work with the family.
_NO_WORK = frozenset({"known-to-agencies", "fear", "relationship"})


@table_of_rows
def contacts(review: Review) -> Iterator[RowOfTable]:
    """At which contacts was the child seen, seen alone, spoken to or not seen, and what did it say?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per contact or visit that took place, and per other event of which the source says
        whether the child was seen, also of what did not happen, in the order of the coding. A
        contact of adults alone is left out unless it says so, and so are admissions, which are of
        another kind.

        - `contact`, `kind`, `summary` (text): its id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for a worry, for what
          did not happen, and for what lasts, of which the source gives no count
        - `absence` (text): for what did not happen, how firmly that is said
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `as_judged` (True or False): whether these would be others without what the coder judged
        - `by` (labels): the agencies that had a part in it
        - `persons` (labels): the persons who had one; in brackets how it is said, where the source
          does not report it as a fact
        - `seen`, `seen_alone`, `spoken_to` (text): 'yes', 'no', 'yes and no', or 'not said' where
          the source does not say; 'no and not said' where one child was seen and another was not
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
          contact  by      seen seen_alone spoken_to
    0  visit-2014  ()  not said   not said  not said
    """
    tables, book, labels = review.tables, codebook(), party_labels(review.tables)
    facts = by_key(
        (row, (fact, value))
        for row, fact, value in rows_in(tables["attributes"], "row", "attribute", "value")
        if fact in (_SEEN, _ALONE, _SPOKEN, _NOT_SEEN, _SAID)
    )
    kinship = dict(rows_in(tables["people"], "id", "kinship"))
    people = rows_in(tables["participation"], "event", "person", "status")
    statuses = by_key(((event, person), status) for event, person, status in people)
    persons = by_key(statuses)
    knowing_roles = book.flagged("involvement_role", "knows")
    contact_kinds = book.flagged("event_kind", "contact")
    agencies = by_key(
        (event, labels[agency])
        for event, role, agency in rows_in(tables["involvement"], "event", "role", "agency")
        if role in knowing_roles
    )
    chronicled, days = chronicle_rows(review), days_inferred(tables, review.chronology)

    def is_contact(event: str, kind: str, absence: str) -> bool:
        present = persons.get(event, [])
        children = not present or any(kinship[person] in CHILDREN for person in present)
        took_place = kind in contact_kinds and (kind != "contact" or children) and not absence
        return event in facts or took_place

    def answer(coded_facts: set[str], wanted: str) -> str:
        seen, yes = (not coded_facts.isdisjoint(_INCLUDED[fact]) for fact in (_SEEN, wanted))
        if _NOT_SEEN not in coded_facts:
            return "yes" if yes else NOT_SAID
        return "yes and no" if yes else f"no and {NOT_SAID}" if seen else "no"

    for event, kind, absence in rows_in(tables["events"], "id", "kind", "absence"):
        if not is_contact(event, kind, absence):
            continue
        row, of_child = chronicled[event], facts.get(event, [])
        coded_facts, shown = {fact for fact, _ in of_child}, (row.earliest, row.latest)
        yield (
            *(event, row.kind, row.summary, row.how_many, row.absence),
            *(row.date, *(shown if review.chronology.admissible else (None, None))),
            JUDGED in days[event],
            dict.fromkeys(agencies.get(event, [])),
            [hedged(labels[person], statuses[event, person]) for person in persons.get(event, [])],
            *(answer(coded_facts, wanted) for wanted in (_SEEN, _ALONE, _SPOKEN)),
            "; ".join(value for fact, value in of_child if fact == _SAID),
            "; ".join(f"{book.label('attribute', fact)}: {value}" for fact, value in of_child),
            row.places,
        )


class _Stretch(NamedTuple):
    """From the end of one contact to the start of another, by their places among the contacts."""

    days: int
    first: int
    second: int


@table_of_rows
def contact_gaps(review: Review) -> Iterator[RowOfTable]:
    """What was the longest stretch between two contacts of each agency on record?

    A contact is a row of an event in which the agency had a part, as in `agency_contact`, received
    and told of included; whether the child was seen is in `contacts`. What a row counts together,
    or lets last, is one contact from its first day to its last: no stretch is sought within it.

    Least and most over the admissible chronologies, whichever contacts it lies between in each, and
    over each choice of days of dates with holes: the most exactly, the least never too high. It can
    be too low where a date with holes leaves the order of contacts open, or where the stretch lies
    between others in one chronology than in another. Beside a living child's published age both are
    wider, as the days of `chronicle` are. No contact recorded is not the same as no contact.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency with two such rows or more that are bounded on both sides; unnamed
        agencies, and states that last, are left out.

        - `agency`, `agency_label` (text): the agency's id and label
        - `from_event`, `from_summary` (text): the contact from whose end on a stretch of
          `days_min` certainly lies, where that is above 0, and what happened
        - `to_event`, `to_summary` (text): the contact up to whose start it does, and what happened
        - `days_min`, `days_max` (days; <NA>: open): the longest stretch has at least so many in
          every chronology, and at most so many
        - `may_fall_between` (ids): contacts that can lie in that stretch; those that no day bounds
          on one side are not counted, and with one of them it can have been shorter
        - `most_from`, `most_to` (text): the ids of the contacts between which it can have
          `days_max`
        - `ran_through`, `may_run_through` (ids): plans, stays, and states in which the agency had a
          part, that certainly, or possibly, lasted on days of the stretch

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
    kind, summary = happened(tables), by_event(tables, "summary")
    lowered, open_sides = chronology.lowered, chronology.open_sides
    states = codebook().flagged("event_kind", "state")
    no_contact = codebook().flagged("event_kind", "learning") | states
    parts = rows_in(involvement(review), "agency", "event", "part", "named")
    contacts_of = by_key(
        (agency, event)
        for agency, event, part, named in parts
        if named and part in CONTACT_PARTS and event in kind
    )
    for_every_agency = [
        event
        for event in kind
        if kind[event] in _PLANS_AND_STAYS and lowered.shape[lowered.row_of[event]] == "span"
    ]
    for agency, label in agency_labels(tables).items():
        occurred = [event for event in contacts_of.get(agency, []) if kind[event] not in no_contact]
        events = sorted(event for event in occurred if not any(open_sides[event]))
        if not chronology.admissible or len(events) < 2:
            continue
        at_least, at_most, between = _longest(chronology, events)
        first, second = events[at_least.first], events[at_least.second]
        lasting = {event for event in contacts_of[agency] if kind[event] in states - _NO_WORK}
        undated = [
            event
            for event in sorted(event for event in occurred if any(open_sides[event]))
            if _overlap(chronology, event, first, second, days=0)
        ]
        through = by_key(
            (_overlap(chronology, event, first, second), event)
            for event in sorted({*for_every_agency, *lasting} - {first, second})
        )
        yield (
            *(agency, label, first, summary[first], second, summary[second]),
            *(none_if_open(at_least.days), none_if_open(at_most.days)),
            [*undated, *(events[number] for number in between)],
            *(events[at_most.first], events[at_most.second]),
            *(through.get(how, []) for how in ("certain", "possible")),
        )


def _longest(chronology: Chronology, events: Sequence[str]) -> tuple[_Stretch, _Stretch, list[int]]:
    """The longest stretch between some contacts, at least and at most as it is told beside ages,
    and which other contacts can lie within the one at least.

    At most: the longest over all pairs of contacts, where each other contact is placed before or
    after the stretch (`pairing.closed_cases`). At least: between two contacts in a certain order,
    the other contacts that can lie in between take their own days and part the rest into stretches,
    of which the longest has an equal share of it or more. And the stretch after the first contact
    is at least as long as the least distance to any contact that can follow it; so is the one
    before the second."""
    count, nets = len(events), told_networks(chronology, events)
    start, end = np.arange(1, count + 1), np.arange(count + 1, 2 * count + 1)
    ordered = np.min([-net[np.ix_(start, end)].T for net in nets], axis=0) >= 0
    at_least, between = _Stretch(-1, 0, 1), list[int]()
    for i, j in np.argwhere(ordered & ~np.eye(count, dtype=bool)).tolist():
        leasts = [_least(net, i, j, start, end) for net in nets]
        days, within = min(days for days, _ in leasts), sorted({k for _, of in leasts for k in of})
        if (days, -len(within)) > (at_least.days, -len(between)):
            at_least, between = _Stretch(days, i, j), within
    at_most = _Stretch(-1, 0, 1)
    for net in nets:
        high = net[np.ix_(end, start)]
        order = np.unravel_index(np.argsort(-high, axis=None, kind="stable"), high.shape)
        for i, j in zip(*(axis.tolist() for axis in order), strict=True):
            if high[i, j] <= at_most.days:
                break
            if i != j:
                days = _most(net, int(high[i, j]), i, j, start, end)
                at_most = max(at_most, _Stretch(days, i, j), key=lambda stretch: stretch.days)
    if at_least.days < 0:
        # No two are certainly in an order, so none need lie apart.
        at_least = at_most._replace(days=0)
    return at_least, at_most._replace(days=max(at_most.days, 0)), between


def _least(net: Ints, i: int, j: int, start: Ints, end: Ints) -> tuple[int, list[int]]:
    """How long the longest stretch from the end of one contact to the start of another, which
    comes later, is at least, and which contacts can lie between the two."""
    within = [
        k
        for k in range(len(start))
        if k not in (i, j) and net[end[i], end[k]] > 0 and net[start[k], start[j]] > 0
    ]
    low = -net[np.ix_(start, end)].T  # from the end of each to the start of each, at least
    rest = max(int(low[i, j]) - sum(int(net[start[k], end[k]]) for k in within), 0)
    share = -(-rest // (len(within) + 1))
    after, before = low[i, [j, *within]].min(), low[[i, *within], j].min()
    return max(share, int(after), int(before)), within


def _most(net: Ints, bound: int, i: int, j: int, start: Ints, end: Ints) -> int:
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
    return days


def _overlap(chronology: Chronology, state: str, first: str, second: str, *, days: int = 1) -> str:
    """Whether an event was under way on a day between two contacts: 'certain', 'possible', ''."""
    lowered = chronology.lowered
    state_at, first_at, second_at = (lowered.row_of[event] for event in (state, first, second))
    points = [lowered.start[state_at], lowered.end[state_at]]
    points += [lowered.end[first_at], lowered.start[second_at]]
    networks = chronology.networks([0, *points])
    # It begins before the later contact, and ends after the earlier one.
    if all(min(-net[4, 1], -net[2, 3]) >= days for net in networks):
        return "certain"
    possible = any(min(net[1, 4], net[3, 2]) >= days for net in networks)
    return "possible" if possible else ""


@table_of_rows
def agency_contact(review: Review) -> Iterator[RowOfTable]:
    """When did each agency first and last have a part in the case, as recorded?

    A contact is an event in which the agency had a part, other than as absent or by learning of it
    later. Each bound is attained by some admissible chronology, except where `chronicle` tells the
    days of a contact more widely, beside an age: these are then as wide.

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
        - `contact_rows` (count): rows of events in which it had a part; that it was told of an
          event by another event counts neither here nor below
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part, by the
          counts of these rows; where a row counts the occasions of several agencies, one or more of
          them
        - `absence_rows`, `later_rows` (count): rows of events in which it was missing, or learned
          or acted only afterwards
        - `can_be` (ids): other named rows that can be the same body
        - `first_events`, `last_events` (ids): contacts that can have been the first and the last
        - `roles` (labels), `rows` (ids): its roles, and its rows of involvement
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
    unnamed, same, occasions = unnamed_agencies(tables), can_be(tables), Occasions(tables)
    rows_of = by_key(
        (agency, row)
        for agency, *row in rows_in(involvement(review), "agency", "event", "part", "roles", "rows")
    )
    days, row_of = chronology.shown, chronology.lowered.row_of
    for agency, label in agency_labels(tables).items():
        parts = rows_of.get(agency, [])
        events = [event for event, part, *_ in parts if part in CONTACT_PARTS]
        places = [row_of[event] for event in events]
        ends = days[places] if places else np.array([[-OPEN, OPEN, -OPEN, OPEN]])
        first, last = ends[:, :2].min(axis=0).tolist(), ends[:, 2:].max(axis=0).tolist()
        absent, later = (sum(part == of for _, part, *_ in parts) for of in (ABSENT, LATER_PART))
        roles = dict.fromkeys(role for *_, roles, _ in parts for role in roles)
        yield (
            *(agency, label, agency not in unnamed),
            *(told_words(chronology, window) if events else _NONE for window in (first, last)),
            *((*first, *last) if chronology.admissible else [None] * 4),
            len(events),
            *(occasions.least(events, events, agency), occasions.most(dict.fromkeys(events, 0))),
            *(absent, later),
            () if agency in unnamed else sorted(same[agency] - unnamed),
            *(_can_be_end(events, places, chronology, first=first) for first in (True, False)),
            *(roles, [row for *_, ids in parts for row in ids]),
            "admissible" if chronology.admissible else NOT_ADMISSIBLE,
        )


def _can_be_end(
    events: Sequence[str], places: Sequence[int], chronology: Chronology, *, first: bool
) -> list[str]:
    """Which of an agency's contacts can have been the first to begin, or the last to end."""
    if not places or not chronology.admissible:
        return []
    points = 2 * np.array(places, dtype=np.int64) + (0 if first else 1)
    furthest = chronology.furthest[np.ix_(points, points)]
    possible = np.all((furthest if first else furthest.T) >= 0, axis=1)
    return [event for event, can in zip(events, possible.tolist(), strict=True) if can]


def hedged(label: str, statuses: Iterable[str], before: str = "") -> str:
    """A person, and in brackets how it is said of them where it is not reported as a fact.

    >>> hedged("WF", ["reported", "alleged", "denied"]), hedged("WF", ["reported"])
    ('WF (alleged, denied)', 'WF')
    >>> hedged("WF", ["alleged"], before="as ")
    'WF (as alleged)'
    """
    unsure = dict.fromkeys(status for status in statuses if status not in _REPORTED)
    words = ", ".join(codebook().label("status", status) for status in unsure)
    return f"{label} ({before}{words})" if words else label
