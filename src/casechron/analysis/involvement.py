"""Which agencies were involved, in what, when, and where does the review say that one was missing?

A row can stand for several occasions, which are counted as coded, and two rows can be one body.
Every count is as recorded in this source: it says as much about the account as about the agency."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables, listed, rows_in
from casechron.analysis.concerns import by_event
from casechron.analysis.decisions import answered_by
from casechron.analysis.parties import agency_labels, can_be, takes_in, unnamed_agencies
from casechron.analysis.phases import phase_of_events, phases
from casechron.analysis.record import count_words, placed, places_of
from casechron.analysis.window_words import window_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import OPEN
from casechron.coding.codebook import codebook

ACTED, TOLD, WAS_TOLD, HELD = "led or took part", "raised or told", "received", "held or provided"
TOLD_OF, ABSENT = "was told of it", "absent or insufficient, as stated"
LATER = "learned or acted only afterwards"
#: What an agency's roles in one event come to, the strongest first; the first four are contacts.
PARTS = (ACTED, TOLD, WAS_TOLD, HELD, TOLD_OF, ABSENT, LATER)
CONTACT = PARTS[:4]
_PHASE_ROWS = ("contact_rows", "contact_rows_may_fall", "absence_rows", "absence_rows_may_fall")
_CONTACTS = ("contacts_min", "contacts_max")


def involvement_by_event(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Which agency was involved in which event, in which roles?

    One row per event and agency with a row of involvement, events in order of time, agencies as
    coded. `part` is what the roles come to: 'led or took part', 'raised or told', 'received' a
    telling, 'held or provided', 'was told of it' (it received word of an event that is no telling:
    no contact on that day), 'absent or insufficient, as stated', or 'learned or acted only
    afterwards'; the first that fits. The last is all that a part comes to in what the codebook
    flags as learning (the review itself, a sentence): learning is no involvement. Who is only named
    in an entry that is not classified yet has no row. `stated_absence` gives the force of an
    absence: of the agency's own row, else of the event. `named` is False for a row that stands for
    unnamed agencies. `phase` is where the event falls (`phases`).

    >>> from casechron.chronology import solve
    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> tables |= {
    ...     "agencies": rows("agencies", id=["cs", "gp"], label=["Children's services", "GP"]),
    ...     "events": rows("events", id=["conference"], date=["2018-09"], kind=["icpc"]),
    ...     "involvement": rows(
    ...         "involvement",
    ...         id=["i1", "i2"],
    ...         agency=["cs", "gp"],
    ...         event=["conference"] * 2,
    ...         role=["led", "not-involved"],
    ...         grade=["", "did-not-happen"],
    ...     ),
    ... }
    >>> involvement_by_event(tables, solve(tables["events"], tables["relations"]))[
    ...     ["event", "agency_label", "part"]
    ... ]
            event         agency_label                               part
    0  conference  Children's services                   led or took part
    1  conference                   GP  absent or insufficient, as stated
    """
    book, involved = codebook(), tables["involvement"]
    ordered = phase_of_events(tables, chronology)
    when = {
        event: row
        for event, *row in rows_in(ordered, "event", "summary", "said", "placed", "status")
    }
    unnamed, label = unnamed_agencies(tables), agency_labels(tables)
    where = placed(tables["locators"])
    absence, kind = by_event(tables, "absence"), by_event(tables, "kind")
    names, roles = ("id", "agency", "event", "role", "grade"), book.codes("involvement_role")
    found = listed(
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


def involvement_by_phase(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """In which phase was each agency involved, and in which does the review say that it was
    missing?

    One row per agency and phase, agencies as coded, also where nothing is recorded; an agency that
    only learned or acted afterwards, as the body that made the review, has none. `contact_rows`
    counts the events that certainly have a day in the phase and in which the agency had a part,
    `contact_rows_may_fall` those that may have one; `absence_rows` and `absence_rows_may_fall` the
    same of stated absences. From `contacts_min` to `contacts_max` (<NA>: open) times it had a part
    there, by the counts of these rows; what one row counts together with others is not counted
    again. `recorded` sums it up: 'involved', 'possibly involved' or 'nothing recorded', each with
    'stated absence' or 'possible stated absence' where there is one. What an agency learned only
    afterwards does not count."""
    rows, ranges = involvement_by_event(tables, chronology), phase_of_events(tables, chronology)
    certain = {
        event: set(map(int, held.split("; "))) if held else set()
        for event, held in rows_in(ranges, "event", "certain_in")
    }
    span = {
        event: (first, last)
        for event, first, last in rows_in(ranges, "event", "first_phase", "last_phase")
    }
    parts_of = listed(
        (agency, (event, part, ids))
        for agency, event, part, ids in rows_in(rows, "agency", "event", "part", "rows")
    )
    titles = list(rows_in(phases(tables, chronology), "phase", "title"))
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


def agency_contact(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """When did each agency first and last have a part in the case, as recorded?

    One row per agency, as coded. A contact is an event in which the agency had a part, other than
    as absent or by learning of it later, and that the codebook does not flag as learning (a
    publication, a sentence). `first_earliest` to `first_latest` bound the first day of the first
    contact, `last_earliest` to `last_latest` the last day of the last one; each bound is attained
    by some admissible chronology, or wider beside a living child's age (`ages.shown_windows`), NaT
    is open. `first_events` and `last_events` name the contacts
    that can have been the first or last. `contact_rows`, `absence_rows` and `later_rows` (what it
    learned or did only afterwards, or was told of) count rows of events. From `contacts_min` to
    `contacts_max` (<NA>: open) times it had a part, by the counts of the contact rows; what one row
    counts together with others is not counted again. `can_be` are the other named rows that can be
    the same body (`parties.can_be`). `roles` lists the roles."""
    rows, unnamed = involvement_by_event(tables, chronology), unnamed_agencies(tables)
    same, occasions = can_be(tables), Occasions(tables)
    own_rows = listed(
        (row[0], row[1:]) for row in rows_in(rows, "agency", "event", "part", "roles", "rows")
    )
    days, place = shown_windows(tables, chronology), chronology.lowered.place
    table, bounds = [], []
    for agency, label in agency_labels(tables).items():
        own = own_rows.get(agency, [])
        events = [event for event, part, _, _ in own if part in CONTACT]
        at = [place[event] for event in events]
        ends = days[at]
        first = (int(ends[:, 0].min()), int(ends[:, 1].min())) if at else (-OPEN, OPEN)
        last = (int(ends[:, 2].max()), int(ends[:, 3].max())) if at else (-OPEN, OPEN)
        bounds.append((*first, *last))
        absent = [part for _, part, _, _ in own if part == ABSENT]
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
                "later_rows": len(own) - len(events) - len(absent),
                "can_be": "; ".join(sorted(same[agency] - unnamed) * (agency not in unnamed)),
                "first_events": "; ".join(_can_be(events, at, chronology, first=True)),
                "last_events": "; ".join(_can_be(events, at, chronology, first=False)),
                "roles": "; ".join(
                    dict.fromkeys(role for _, _, roles, _ in own for role in roles.split("; "))
                ),
                "rows": "; ".join(ids for _, _, _, ids in own),
                "status": "admissible" if chronology.admissible else NOT_ADMISSIBLE,
            }
        )
    types = dict.fromkeys(("agency", "agency_label"), "str") | {"named": "bool"}
    types |= dict.fromkeys(("first_contact", "last_contact"), "str") | {"contact_rows": "int64"}
    types |= dict.fromkeys(_CONTACTS, "Int64") | dict.fromkeys(
        ("absence_rows", "later_rows"), "int64"
    )
    types |= dict.fromkeys(
        ("can_be", "first_events", "last_events", "roles", "rows", "status"), "str"
    )
    found = pd.DataFrame(table, columns=list(types)).astype(types)
    days_of = np.array(bounds, dtype=np.int64).reshape(-1, 4)
    names = ("first_earliest", "first_latest", "last_earliest", "last_latest")
    for number, name in enumerate(names):
        found.insert(5 + number, name, calendar_days(days_of[:, number], chronology.admissible))
    return found


def stated_absences(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Where does the review say that an agency was absent, not involved enough or not told?

    One row per row of involvement with a role for gaps, in order of time. `absence` is the agency's
    role, `force` how firmly it is said. `event` is the step that it was absent from, or the absent
    step itself; `answers` names the events that this step was to answer, with how many each stands
    for, and `answers_summary` says what they were. `missing_step` is True where the step as a whole
    was absent or insufficient, so that 'whose step it was' is all that is said of the agency."""
    book, involved = codebook(), tables["involvement"]
    gaps = book.flagged("involvement_role", "gap")
    rows = {row["id"]: row for row in involved.to_dict("records") if row["role"] in gaps}
    events = {row["id"]: row for row in tables["events"].to_dict("records")}
    absence = by_event(tables, "absence")
    when = {
        event: row
        for event, *row in rows_in(phase_of_events(tables, chronology), "event", "said", "placed")
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
    most = chronology.furthest[np.ix_(points, points)]
    possible = np.all((most if first else most.T) >= 0, axis=1)
    return [event for event, can in zip(events, possible.tolist(), strict=True) if can]


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
