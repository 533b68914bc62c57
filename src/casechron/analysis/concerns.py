"""What was raised, by whom, to whom and on which theme?"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from casechron.analysis.record import UNSPECIFIED, count_words, party_labels, steps_of_review
from casechron.analysis.tables import Tables, by_key, cells, ids_where, reached, rows_in, ties
from casechron.coding.codebook import CONDUCT, codebook
from casechron.dates.windows import day_span

#: Kinds that are no protective step where they ended a child protection plan, or took its place.
_AT_PLAN_END = frozenset({"review-conference", "conference", "child-in-need-plan"})

#: The kind of a row that no coder has classified yet: no concern, no step and no decision.
UNCLASSIFIED = "entry"
#: What a review's account runs up to, the last of them first.
END_KINDS = ("death", "harm-to-child", "admission")
#: Kinship of those who are children of this case, and of those who need not be of its family.
CHILDREN = ("child", "sibling")
_STRANGERS = {"friend", "unsaid", "professional"}


def concern_ids(tables: Tables) -> list[str]:
    """Which rows of events ask for a response? In table order.

    Events of a kind that the codebook flags as a concern, and whatever else an `answers` link
    points to, once it is classified. Absences are left out (nothing was raised), but for conduct:
    who did not come is coded as an absence.

    >>> import pandas as pd
    >>> rows = {"id": ["a", "b", "c"], "kind": ["referral", "visit", "entry"], "absence": ""}
    >>> links = pd.DataFrame({"type": ["answers"], "from_row": ["b"], "to_row": ["c"]})
    >>> concern_ids({"events": pd.DataFrame(rows), "links": links})
    ['a']
    """
    flagged = codebook().flagged("event_kind", "concern")
    answered = {row for _, row in ties(tables, "answers")}
    return [
        row
        for row, kind, absence in rows_in(tables["events"], "id", "kind", "absence")
        if (row in answered and kind != UNCLASSIFIED)
        or (kind in flagged and (not absence or kind == CONDUCT))
    ]


class Concern(NamedTuple):
    """What was raised, of which kind, and how often; who raised it, received it and held it, as
    coded; on which themes, and who says so.

    `by` are the agencies that raised it and the persons who told it, with those who raised a part
    of what it counts. `says` gives the status of what is said of persons in it, with whose account
    it is; empty where the source speaks of none. `carried_by` names the rows that tell of it or
    count it with others, so that a total does not count it twice."""

    kind: str
    summary: str
    how_many: str
    by: list[str]
    to: list[str]
    held_by: list[str]
    themes: list[str]
    says: list[str]
    carried_by: tuple[str, ...]


def concerns(tables: Tables) -> dict[str, Concern]:
    """What was raised, by whom, to whom and on which theme, and who says so? By concern
    (`concern_ids`), in table order.

    Of what no agency is coded with, those who raised, received or held it are those of the row that
    tells of it, where that is no concern itself (`told_by_rows`)."""
    book, carried, labels = codebook(), carriers(tables), party_labels(tables)
    themes: dict[str, list[str]] = by_key(rows_in(tables["themes"], "row", "theme"))
    involved = rows_in(tables["involvement"], "event", "role", "agency")
    persons = list(rows_in(tables["participation"], "event", "role", "person", "status"))
    told = [(event, role, person) for event, role, person, _ in persons if role == "told"]
    had_role = by_key(((event, role), labels[party]) for event, role, party in [*involved, *told])
    denied = {(event, labels[person]) for event, _, person, said in persons if said == "denied"}
    says = by_key((event, words) for _, event, words in statuses_in_words(tables))
    sources = told_by_rows(tables)
    parts = by_key((whole, part) for part, whole in ties(tables, "part-of"))
    # Who was there when it was found held it.
    holding = sorted(book.flagged("involvement_role", "knows") - {"raised", "received"})

    def had(row: str, *roles: str) -> list[str]:
        parties = (
            party
            for source in sources.get(row, [row])
            for role in roles
            for party in had_role.get((source, role), ())
        )
        return list(dict.fromkeys(parties))

    def tellers(row: str) -> list[str]:
        return [party for party in had(row, "raised", "told") if (row, party) not in denied]

    def raised(row: str) -> list[str]:
        of_row = tellers(row)
        of_parts = (teller for part in parts.get(row, ()) for teller in tellers(part))
        others = dict.fromkeys(teller for teller in of_parts if teller not in of_row)
        named = [*of_row, *(f"{teller} (a part of it)" for teller in others)]
        return sorted(named, key=lambda teller: teller == labels.get(UNSPECIFIED))

    ids, names = set(concern_ids(tables)), ("id", "kind", "summary", "absence")
    return {
        row: Concern(
            book.label("event_kind", kind),
            summary,
            "an absence" if absence else count_words(kind, absence, *counts),
            by=raised(row),
            to=had(row, "received"),
            held_by=had(row, "held", *(holding if row in sources else ())),
            themes=[book.label("theme", code) for code in themes.get(row, ())],
            says=list(dict.fromkeys(says.get(row, ()))),
            carried_by=tuple(carried.get(row, ())),
        )
        for row, kind, summary, absence, *counts in rows_in(
            tables["events"], *names, "count_min", "count_max"
        )
        if row in ids
    }


def carriers(tables: Tables) -> dict[str, list[str]]:
    """Which rows tell of an event, or count it together with others? By event; none for those that
    no row carries. What tells of a telling that is no concern carries what is told there."""
    told = ((event, telling) for telling, event in ties(tables, "tells-of"))
    carried, ids = by_key([*told, *ties(tables, "part-of")]), set(concern_ids(tables))
    onward = {event: rows for event, rows in carried.items() if event not in ids}
    return {event: reached(event, onward | {event: rows})[1:] for event, rows in carried.items()}


def carried_by_concerns(tables: Tables) -> dict[str, list[str]]:
    """Which concerns tell of each row, or count it together with others?

    An account that is listed as evidence does not stand for what it tells of."""
    ids = set(concern_ids(tables))
    return {
        row: [carrier for carrier in carrying if carrier in ids]
        for row, carrying in carriers(tables).items()
    }


def told_by_rows(tables: Tables) -> dict[str, list[str]]:
    """Of concerns with which no agency and nobody who told is coded: the rows that tell of them and
    are neither a concern themselves nor the outcome of a case (a plea, a sentence). They say who
    raised it, and with whom."""
    knows = codebook().flagged("involvement_role", "knows")
    ids = set(concern_ids(tables))
    outcomes = set(ids_where(tables["events"], "kind", codebook().flagged("event_kind", "outcome")))
    with_parties = {
        *ids_where(tables["involvement"], "role", knows, "event"),
        *ids_where(tables["participation"], "role", {"told"}, "event"),
    }
    return by_key(
        (concern, telling)
        for telling, concern in ties(tables, "tells-of")
        if concern in ids - with_parties and telling not in ids | outcomes
    )


def end_events(tables: Tables) -> list[str]:
    """Which events does the account run up to: the child's death, the injury, the admission? The
    last of them first.

    Deaths before harm to a child before admissions; within a kind that of the later date first (of
    dates alike the lower id), and what has no date last. What the coding has of others alone, as
    an injury of a brother years before, is no end.

    >>> import casechron as cc
    >>> end_events(cc.read_review("child-x-anytown-2019").tables)
    ['harm-2015']
    """
    kinds, dates, others = happened(tables), by_event(tables, "date"), about_others(tables, "child")
    ends = sorted(event for event, kind in kinds.items() if kind in END_KINDS)
    last_first = sorted(ends, key=lambda event: _lateness(dates[event]), reverse=True)
    return [
        event
        for end in END_KINDS
        for event in last_first
        if kinds[event] == end and event not in others
    ]


def to_whom(tables: Tables, *more: str) -> list[tuple[str, str]]:
    """Each event with each person to whom it happened, whom it is about, or who has one of `more`
    roles in it."""
    parts = rows_in(tables["participation"], "event", "person", "role")
    return [(event, who) for event, who, role in parts if role in ("subject", "harmed", *more)]


def about_others(tables: Tables, *kinship: str, more: tuple[str, ...] = ()) -> set[str]:
    """Which events have persons of whom none has this kinship? Persons as `to_whom` gives them."""
    family = set(ids_where(tables["people"], "kinship", kinship))
    whose: dict[str, list[str]] = by_key(to_whom(tables, *more))
    return {event for event, persons in whose.items() if family.isdisjoint(persons)}


def children_concerned(tables: Tables) -> dict[str, list[str]]:
    """By event the labels of the children, brothers and sisters too, to whom it happened or whom it
    is about; of a telling that names none, those of what it tells of."""
    people = rows_in(tables["people"], "id", "kinship", "label")
    labels = {person: label for person, kinship, label in people if kinship in CHILDREN}
    parts = to_whom(tables)
    whose = by_key((event, labels[person]) for event, person in parts if person in labels)
    told = ((row, child) for row, of in ties(tables, "tells-of") for child in whose.get(of, ()))
    return by_key(told) | whose


def _lateness(date: str) -> tuple[float, float]:
    """How late a written date is, by its last day and then its first; what has none is earliest."""
    if not date:
        return -inf, -inf
    days = day_span(date)
    return (
        inf if days.start_latest is None else days.start_latest,
        -inf if days.earliest is None else days.earliest,
    )


def end_event(tables: Tables) -> str:
    """Up to which event are waits observed? The first of `end_events` that has a date of its own,
    or of all; empty if the review has none."""
    dates, ends = by_event(tables, "date"), end_events(tables)
    return next((event for event in ends if dates[event]), ends[0] if ends else "")


def alleged_events(tables: Tables) -> list[str]:
    """Which events rest on allegations alone? In table order.

    Events with a part that is alleged or counter-alleged and none that is reported as fact, found
    or established."""
    forces = forces_of(tables)
    return [
        row
        for row in cells(tables["events"], "id")
        if "alleged" in forces.get(row, set()) and forces[row] <= {"alleged", "denied"}
    ]


def forces_of(tables: Tables) -> dict[str, set[str]]:
    """With which forces persons' parts in each event are said, such as alleged or denied."""
    codes = codebook().codes("status")
    statuses = rows_in(tables["participation"], "event", "status")
    forces = by_key((event, codes[status].force) for event, status in statuses)
    return {event: set(alike) for event, alike in forces.items()}


def statuses_in_words(tables: Tables) -> list[tuple[str, str, str]]:
    """Each row of participation, its event, and how firmly, and on whose account, it is said."""
    label, labels = codebook().label, party_labels(tables)
    return [
        (row, event, label("status", status) + (f" ({labels[account]})" if account else ""))
        for row, event, status, account in rows_in(
            tables["participation"], "id", "event", "status", "account"
        )
    ]


def telling_ids(tables: Tables) -> list[str]:
    """In which events did information pass? In table order; absences are left out.

    Events of a kind that the codebook flags as telling, and those that a `tells-of`
    link to another event goes out from.

    >>> import pandas as pd
    >>> events = pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "bruising"], "absence": ""})
    >>> links = pd.DataFrame({"type": ["tells-of"], "from_row": ["a"], "to_row": ["b"]})
    >>> telling_ids({"events": events, "links": links})
    ['a']
    """
    flagged = codebook().flagged("event_kind", "telling")
    events = set(cells(tables["events"], "id"))
    telling = {row for row, about in ties(tables, "tells-of") if about in events}
    return [row for row, kind in happened(tables).items() if kind in flagged or row in telling]


def by_event(tables: Tables, column: str) -> dict[str, str]:
    """One column of events, by event."""
    return dict(rows_in(tables["events"], "id", column))


def happened(tables: Tables) -> dict[str, str]:
    """The kind of each event that happened, in table order; absences are left out."""
    rows = rows_in(tables["events"], "id", "kind", "absence")
    return {row: kind for row, kind, absence in rows if not absence}


def events_of_parts(tables: Tables) -> dict[str, str]:
    """Of each part of somebody and each fact, the event that it is of; a fact of a person is of
    none, but where it says at which."""
    events = set(cells(tables["events"], "id"))
    parts = [*rows_in(tables["involvement"], "id", "event")]
    parts += rows_in(tables["participation"], "id", "event")
    parts += [
        (fact, row if row in events else at)
        for fact, row, at in rows_in(tables["attributes"], "id", "row", "event")
    ]
    return {row: event for row, event in parts if event}


def rows_with(tables: Tables, flag: str) -> list[str]:
    """Which events are of a kind with this flag and did happen? In table order. None that only the
    bodies of the review had a part in; of the protective not those by which a plan ended, or which
    took its place, nor those that are about others than the child, a brother or a sister."""
    flagged, kinds = codebook().flagged("event_kind", flag), happened(tables)
    less = steps_of_review(tables)
    if flag == "protective":
        # Whoever is no child of the case is `of-concern` where `about` of a sheet says no other.
        family = codebook().codes("kinship").keys() - _STRANGERS
        less |= about_others(tables, *CHILDREN) | about_others(
            tables, *family, more=("of-concern",)
        )
        less |= {
            row
            for tie in ties(tables, "led-to")
            for row, other in (tie, tie[::-1])
            if kinds.get(row) in _AT_PLAN_END and kinds.get(other) == "plan-end"
        }
    return [row for row, kind in kinds.items() if kind in flagged and row not in less]
