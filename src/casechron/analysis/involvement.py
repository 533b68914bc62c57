"""Which agencies were involved, in what, when, and where does the review say that one was missing?

A row can stand for several occasions, which are counted as coded, and two rows can be one body.
Every count is as recorded in this source: it says as much about the account as about the agency."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from casechron.analysis.columns import by_key, kept, rows_in
from casechron.analysis.concerns import by_event
from casechron.analysis.decisions import answered_by
from casechron.analysis.parties import agency_labels, takes_in, unnamed_agencies
from casechron.analysis.phases import phase_of_events, phases
from casechron.analysis.record import count_words, placed, places_of
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["involvement", "involvement_by_phase", "stated_absences"]


ACTED, TOLD, WAS_TOLD, HELD = "led or took part", "raised or told", "received", "held or provided"
TOLD_OF, ABSENT = "was told of it", "absent or insufficient, as stated"
LATER = "learned or acted only afterwards"
#: What an agency's roles in one event come to, the strongest first; the first four are contacts.
PARTS = (ACTED, TOLD, WAS_TOLD, HELD, TOLD_OF, ABSENT, LATER)
CONTACT = PARTS[:4]
_PHASE_ROWS = ("contact_rows", "contact_rows_may_fall", "absence_rows", "absence_rows_may_fall")
_CONTACTS = ("contacts_min", "contacts_max")


@kept
def involvement(review: Review) -> pd.DataFrame:
    """Which agency was involved in which event, and in which roles?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event and agency with a part in it, events in order of time, agencies as coded.

        - `event`, `summary` (text): the event's id, and what happened
        - `said` (text): when, in words
        - `phase` (text): where the event falls, as in `phase_of_events`
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `part` (text): what the roles come to; the first that fits of 'led or took part', 'raised
          or told', 'received', 'held or provided', 'was told of it', 'absent or insufficient, as
          stated' and 'learned or acted only afterwards'
        - `roles` (text): the roles as coded
        - `stated_absence` (text): for what the agency did not do, how firmly that is said
        - `rows` (text): the ids of the rows of involvement
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible', 'absence: as stated' and so on, as in `bounds`

    See Also
    --------
    stated_absences : where the review says that an agency was missing.
    agencies_in_events : the rows as coded.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement(review)[["event", "agency", "part"]].head(4)
               event              agency                               part
    0  referral-2014  childrens-services                           received
    1  referral-2014              police  absent or insufficient, as stated
    2  no-visit-2014  childrens-services  absent or insufficient, as stated
    3     worry-2014            school-x                   held or provided
    """
    tables = review.tables
    book, involved = codebook(), tables["involvement"]
    ordered = phase_of_events(review)
    when = {
        event: row
        for event, *row in rows_in(ordered, "event", "summary", "said", "placed", "status")
    }
    unnamed, label = unnamed_agencies(tables), agency_labels(tables)
    where = placed(tables["locators"])
    absence, kind = by_event(tables, "absence"), by_event(tables, "kind")
    names, roles = ("id", "agency", "event", "role", "grade"), book.codes("involvement_role")
    found = by_key(
        ((event, agency), (row, role, grade))
        for row, agency, event, role, grade in rows_in(involved, *names)
        if roles[role].flags
    )
    keys = [(event, agency) for event in when for agency in label if (event, agency) in found]
    gaps = book.flagged("involvement_role", "gap")

    def force(event: str, agency: str) -> str:
        grades = [
            grade or absence[event] for _, role, grade in found[event, agency] if role in gaps
        ]
        return "; ".join(book.label("absence", grade) for grade in dict.fromkeys(grades) if grade)

    ids = [[row for row, _, _ in found[key]] for key in keys]
    return pd.DataFrame(
        {
            "event": texts(event for event, _ in keys),
            **{
                name: texts(when[event][at] for event, _ in keys)
                for at, name in enumerate(("summary", "said", "phase"))
            },
            "agency": texts(agency for _, agency in keys),
            "agency_label": texts(label[agency] for _, agency in keys),
            "named": np.array([agency not in unnamed for _, agency in keys], dtype=bool),
            "part": texts(_part([role for _, role, _ in found[key]], kind[key[0]]) for key in keys),
            "roles": texts(
                "; ".join(book.label("involvement_role", role) for _, role, _ in found[key])
                for key in keys
            ),
            "stated_absence": texts(force(*key) for key in keys),
            "rows": texts("; ".join(rows) for rows in ids),
            "places": texts(places_of(where, *rows) for rows in ids),
            "status": texts(when[event][3] for event, _ in keys),
        }
    )


@kept
def involvement_by_phase(review: Review) -> pd.DataFrame:
    """In which phase was each agency involved, and in which does the review say that it was
    missing?

    Counts are of what this source records; what an agency learned only afterwards does not count.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and phase, agencies as coded, also where nothing is recorded; none for
        those that only learned or acted afterwards, as the body that made the review.

        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `phase` (number), `title` (text): the phase, as in `phases`
        - `recorded` (text): 'involved', 'possibly involved' or 'nothing recorded', each with
          'stated absence' or 'possible stated absence' where there is one
        - `contact_rows`, `contact_rows_may_fall` (count): rows of events with a part of the agency
          that certainly have a day in the phase, and that may have one
        - `absence_rows`, `absence_rows_may_fall` (count): the same of stated absences
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part there, by
          the counts of these rows
        - `rows` (text): the ids of the rows of involvement

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement_by_phase(review)[["agency_label", "phase", "recorded"]].head(4)
              agency_label  phase                           recorded
    0  Children's services      1  involved; possible stated absence
    1  Children's services      2  involved; possible stated absence
    2  Children's services      3                           involved
    3  Children's services      4                   nothing recorded
    """
    tables, chronology = review.tables, review.chronology
    rows, ranges = involvement(review), phase_of_events(review)
    certain = {
        event: set(map(int, held.split("; "))) if held else set()
        for event, held in rows_in(ranges, "event", "certain_in")
    }
    span = {
        event: (first, last)
        for event, first, last in rows_in(ranges, "event", "first_phase", "last_phase")
    }
    parts_of = by_key(
        (agency, (event, part, ids))
        for agency, event, part, ids in rows_in(rows, "agency", "event", "part", "rows")
    )
    titles = list(rows_in(phases(review), "phase", "title"))
    unnamed, occasions = unnamed_agencies(tables), Occasions(tables)
    table: list[dict[str, object]] = []
    for agency, label in agency_labels(tables).items():
        parts = parts_of.get(agency, [])
        if parts and all(part == LATER for _, part, _ in parts):
            continue
        for phase, title in titles:
            inside = [one for one in parts if phase in certain[one[0]]]
            may = [
                one
                for one in parts
                if phase not in certain[one[0]] and span[one[0]][0] <= phase <= span[one[0]][1]
            ]
            counts = [
                _count(among, absent=absent) for absent in (False, True) for among in (inside, may)
            ]
            sure, all_ = (
                [event for event, part, _ in among if part in CONTACT]
                for among in (inside, [*inside, *may])
            )
            whole = {event for event in sure if span[event] == (phase, phase)}
            table.append(
                {
                    "agency": agency,
                    "agency_label": label,
                    "named": agency not in unnamed,
                    "phase": int(phase),
                    "title": title,
                    "recorded": _recorded(*counts) if chronology.admissible else NOT_ADMISSIBLE,
                    **dict(zip(_PHASE_ROWS, counts, strict=True)),
                    "contacts_min": occasions.least(sure, whole),
                    "contacts_max": occasions.most(all_),
                    "rows": "; ".join(
                        ids for _, part, ids in [*inside, *may] if part in (*CONTACT, ABSENT)
                    ),
                }
            )
    types = {"agency": "str", "agency_label": "str", "named": "bool", "phase": "int64"}
    types |= dict.fromkeys(("title", "recorded"), "str") | dict.fromkeys(_PHASE_ROWS, "int64")
    types |= dict.fromkeys(_CONTACTS, "Int64") | {"rows": "str"}
    return pd.DataFrame(table, columns=list(types)).astype(types)


@kept
def stated_absences(review: Review) -> pd.DataFrame:
    """Where does the review say that an agency was absent, not involved enough or not told?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and step that it was missing from, in order of time.

        - `involvement` (text): the id of the row of involvement
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `absence`, `force` (text): in what way it was missing, and how firmly that is said
        - `event`, `step`, `summary` (text): the step's id, its kind, and what is said of it
        - `missing_step` (True or False): whether the step as a whole was absent or insufficient, so
          that no more is said of the agency than that the step was its own
        - `answers`, `answers_summary` (text): what the step was to answer: ids, and what happened
        - `said` (text): when, in words
        - `phase` (text): where it falls, as in `phase_of_events`
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.stated_absences(review)[["agency_label", "event", "force"]]
              agency_label          event              force
    0               Police  referral-2014     did not happen
    1  Children's services  no-visit-2014  no evidence found
    2               Police      icpc-2014     did not happen
    """
    tables = review.tables
    book, involved = codebook(), tables["involvement"]
    gaps = book.flagged("involvement_role", "gap")
    rows = {row["id"]: row for row in involved.to_dict("records") if row["role"] in gaps}
    events = {row["id"]: row for row in tables["events"].to_dict("records")}
    absence = by_event(tables, "absence")
    when = {
        event: row for event, *row in rows_in(phase_of_events(review), "event", "said", "placed")
    }
    at = {event: number for number, event in enumerate(when)}
    label, unnamed = agency_labels(tables), unnamed_agencies(tables)
    where, answering = placed(tables["locators"]), answered_by(tables)
    ids = sorted(rows, key=lambda row: at[rows[row]["event"]])
    of = [rows[row]["event"] for row in ids]

    def counted(event: str) -> str:
        words = count_words(*(events[event][name] for name in ("kind", "count_min", "count_max")))
        return event if words in ("", "once") else f"{event} ({words})"

    return pd.DataFrame(
        {
            "involvement": texts(ids),
            "agency": texts(rows[row]["agency"] for row in ids),
            "agency_label": texts(label[rows[row]["agency"]] for row in ids),
            "named": np.array([rows[row]["agency"] not in unnamed for row in ids], dtype=bool),
            "absence": texts(book.label("involvement_role", rows[row]["role"]) for row in ids),
            "force": texts(
                book.label("absence", force) if force else ""
                for force in (rows[row]["grade"] or absence[rows[row]["event"]] for row in ids)
            ),
            "event": texts(of),
            "step": texts(book.label("event_kind", events[event]["kind"]) for event in of),
            "summary": texts(events[event]["summary"] for event in of),
            "missing_step": np.array([bool(absence[event]) for event in of], dtype=bool),
            "answers": texts("; ".join(map(counted, answering.get(event, []))) for event in of),
            "answers_summary": texts(
                "; ".join(events[one]["summary"] for one in answering.get(event, []))
                for event in of
            ),
            "said": texts(when[event][0] for event in of),
            "phase": texts(when[event][1] for event in of),
            "basis": texts(rows[row]["basis"] for row in ids),
            "places": texts(
                where.get(row, where.get(event, "")) for row, event in zip(ids, of, strict=True)
            ),
        }
    )


def _part(roles: list[str], kind: str) -> str:
    """What some roles in an event come to."""
    book = codebook()
    flags = [book.codes("involvement_role")[role].flags for role in roles]
    at_once = book.flagged("event_kind", "telling") | takes_in()
    named = (
        ("decides", ACTED),
        ("told", TOLD),
        ("was-told", WAS_TOLD if kind in at_once else TOLD_OF),
        ("knows", HELD),
        ("gap", ABSENT),
        ("later", LATER),
    )
    found = {
        part
        for flag, part in named
        for held in flags
        if flag in held and (flag != "knows" or "was-told" not in held)
    }
    if kind in book.flagged("event_kind", "learning"):
        found = {part if part == ABSENT else LATER for part in found}
    return min(found, key=PARTS.index)


def _count(parts: list[tuple[str, str, str]], *, absent: bool) -> int:
    return sum(part == ABSENT if absent else part in CONTACT for _, part, _ in parts)


def _recorded(events: int, may: int, absences: int, absences_may: int) -> str:
    involved = "involved" if events else "possibly involved" if may else ""
    absent = "stated absence" if absences else "possible stated absence" if absences_may else ""
    return "; ".join(filter(None, (involved, absent))) or "nothing recorded"


class Occasions:
    """The counts of events, and what each counts together with others (`part-of`).

    A row without a count is one occasion. One with a greatest number alone is at least one: what
    did not happen has no such row.

    >>> counts = {"id": ["calls", "call"], "count_min": ["28", ""], "count_max": ["28", ""]}
    >>> links = {"type": ["part-of"], "from_row": ["call"], "to_row": ["calls"]}
    >>> found = Occasions({"events": pd.DataFrame(counts), "links": pd.DataFrame(links)})
    >>> found.least(["calls", "call"], ["calls", "call"]), found.most(["calls", "call"])
    (28, 28)
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._counts = {
            event: (int(low or 1), int(high) if high else None if low else 1)
            for event, low, high in rows_in(tables["events"], "id", "count_min", "count_max")
        }
        self._wholes: dict[str, set[str]] = {}
        for tie, one, whole in rows_in(tables["links"], "type", "from_row", "to_row"):
            if tie == "part-of":
                self._wholes.setdefault(one, set()).add(whole)

    def least(self, events: Collection[str], entire: Collection[str]) -> int:
        """At least how many, where of those that are not `entire` one occasion at least is meant.

        A row that counts others together is as many as it says, or as these are; rows that count
        one and the same other can be the same occasions."""
        own = {event: self._counts[event][0] if event in entire else 1 for event in events}
        groups: list[tuple[set[str], set[str]]] = []
        for top in self._tops(events):
            parts = {event for event in own if top in self._wholes.get(event, ())}
            tops = {top}
            for group in [group for group in groups if group[1] & parts]:
                groups.remove(group)
                tops |= group[0]
                parts |= group[1]
            groups.append((tops, parts))
        return sum(
            max(*(own[top] for top in tops), sum(own[part] for part in parts))
            for tops, parts in groups
        )

    def most(self, events: Collection[str]) -> int | None:
        """At most how many; None where a count is open."""
        counts = [self._counts[event][1] for event in self._tops(events)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def _tops(self, events: Collection[str]) -> list[str]:
        """Those that no other of them counts."""
        return [event for event in events if self._wholes.get(event, set()).isdisjoint(events)]
