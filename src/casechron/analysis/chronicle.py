"""When did what happen, as written and as all statements together imply? The chronology as tables
for reading."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.ages import shown_windows
from casechron.analysis.choices import orders_behind
from casechron.analysis.columns import Tables, cells, listed, once_for, rows_in
from casechron.analysis.judgements import JUDGED
from casechron.analysis.parties import agency_labels
from casechron.analysis.record import count_words, other_dates, placed
from casechron.analysis.window_words import event_words
from casechron.chronology import Chronology, bounds
from casechron.chronology import precedence as certain_order
from casechron.chronology.constraints import NETWORK
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, day_counts, texts
from casechron.chronology.network import OPEN, Ints
from casechron.coding.codebook import codebook

NO_AGENCY = "no agency coded"
_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")


@once_for
def chronicle(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """What happened, in order of time, with what is known of when?

    One row per event, state or absence. Rows stand in the order of `earliest`, then `latest`, then
    of the coding. What has no earliest day stands where it must have happened by, yet before
    whatever it is certainly not later than; what has no day at all comes last. Where no chronology
    is admissible the stated days give the order.

    `said` is the window in words, `said_stated` the same of the date as written alone; both ends of
    a window are included. The `stated_` days and the tightened ones are those of
    `chronology.bounds`, but no bound is finer than the source's own date of an event that a living
    child's published age refers to (`ages.shown_windows`): such windows are wider, and what
    narrowed them is not told where nothing is left of it. From `certain_from` to `certain_to` the
    event was certainly under way. `other_dates` are those that other sources give, each with its
    source and place; what has one is not known to the day. `alleged` is filled where persons' parts
    in the event are all, or in part, only alleged or denied. `as_judged`: the window leans on an
    order, or on a date of its own or of another event, that only the coder judged; `basis` is that
    of the row. `lane` names the agencies that had a part in it, or whose step an absence is,
    separated by '; '. `recurs` says that the row can stand for more than one occurrence.

    >>> from casechron.chronology import solve
    >>> from casechron.coding.codebook import codebook
    >>> empty = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> rows = pd.DataFrame(
    ...     {
    ...         "id": ["plan", "visit"],
    ...         "date": ["2018-09/..", "2018-08"],
    ...         "kind": ["protection-plan", "visit"],
    ...     }
    ... )
    >>> events = rows.reindex(columns=codebook().tables["events"].header, fill_value="")
    >>> tables = empty | {"events": events}
    >>> chronicle(tables, solve(events, tables["relations"]))[["event", "said", "lane"]]
       event                    said             lane
    0  visit          in August 2018  no agency coded
    1   plan  from September 2018 on  no agency coded
    """
    book, events, told = codebook(), tables["events"].reset_index(drop=True), _told(chronology)
    found, days, several = told.bounds, shown_windows(tables, chronology), recurring(chronology)
    wider = (days != chronology.event_windows).any(axis=1)
    as_stated = wider & (days == chronology.lowered.stated).all(axis=1)
    said = [
        window_said(row, more) if other else words
        for row, more, other, words in zip(days, several, wider, told.said, strict=True)
    ]
    known = np.array([status != NOT_ADMISSIBLE for status in cells(found, "status")], dtype=bool)
    states, protected = book.flagged("event_kind", "state"), book.flagged("event_kind", "protected")
    happened = np.array([not absence for absence in cells(events, "absence")], dtype=bool)
    certain = np.where(known & happened & ~several & (days[:, 1] <= days[:, 2]), days[:, 1], -OPEN)
    parts = _agencies(tables)
    alleged = _alleged(tables["participation"])
    where, ids = placed(tables["locators"]), cells(events, "id")
    others = other_dates(tables)
    kinds, absences, bases = (cells(events, name) for name in ("kind", "absence", "date_basis"))
    dated_by_us = {event for event, basis in zip(ids, bases, strict=True) if basis == JUDGED}
    behind = zip(orders_behind(chronology), cells(found, "narrowed_by_rows"), strict=True)
    leans = [
        bool(orders) or not dated_by_us.isdisjoint(rows.split("; ")) for orders, rows in behind
    ]
    table = pd.DataFrame(
        {
            "event": found["event"],
            "said": texts(
                words if ok else NOT_ADMISSIBLE for words, ok in zip(said, known, strict=True)
            ),
            "summary": events["summary"],
            "kind": texts(book.label("event_kind", code) for code in kinds),
            "date": events["date"],
            "date_words": events["date_words"],
            "other_dates": texts(others.get(event, "") for event in ids),
            "how_many": texts(
                count_words(*row) for row in rows_in(events, "kind", "count_min", "count_max")
            ),
            "recurs": several,
            "state": [kind in states for kind in kinds],
            "absence": texts(book.label("absence", code) if code else "" for code in absences),
            "protected": [
                kind in protected and not absence
                for kind, absence in zip(kinds, absences, strict=True)
            ],
            "alleged": texts(alleged.get(event, "") for event in ids),
            "as_judged": [
                ok and (basis == JUDGED or (ours and not whole))
                for ok, basis, ours, whole in zip(known, bases, leans, as_stated, strict=True)
            ],
            "basis": events["basis"],
            "shape": found["shape"],
            "said_stated": texts(told.said_stated),
            **{name: found[name] for name in (f"stated_{bound}" for bound in _BOUNDS)},
            **{
                name: found[name].mask(wider, pd.Series(calendar_days(days[:, at])))
                for at, name in enumerate(_BOUNDS)
            },
            "certain_from": calendar_days(certain),
            "certain_to": calendar_days(np.where(certain > -OPEN, days[:, 2], -OPEN)),
            "days_narrowed": found["days_narrowed"].mask(
                wider, day_counts(_narrowed(chronology, days))
            ),
            "narrowed_by": found["narrowed_by"].mask(as_stated, ""),
            "narrowed_by_rows": found["narrowed_by_rows"].mask(as_stated, ""),
            "lane": texts("; ".join(parts.get(event, [])) or NO_AGENCY for event in ids),
            "places": texts(where.get(event, "") for event in ids),
            "status": found["status"],
        }
    )
    return table.iloc[list(told.order)].reset_index(drop=True)


def _narrowed(chronology: Chronology, days: Ints) -> Ints:
    """How many days of each event's own window are left out of a narrower one; OPEN where a side of
    it is open."""
    stated = chronology.lowered.stated
    lost = (days[:, 0] - stated[:, 0]) + (stated[:, 3] - days[:, 3])
    return np.where((np.abs(stated[:, [0, 3]]) > OPEN // 2).any(axis=1), OPEN, lost)


class _Told(NamedTuple):
    """The bounds of a chronology, its windows in words, tightened and as stated, and the order of
    its events in time."""

    bounds: pd.DataFrame
    said: tuple[str, ...]
    said_stated: tuple[str, ...]
    order: tuple[int, ...]


@lru_cache(maxsize=1)
def _told(chronology: Chronology) -> _Told:
    """What a chronology says of its events; a notebook asks for the same one many times, and a
    chronology never changes."""
    several = recurring(chronology)
    said, stated = (
        tuple(window_said(row, more) for row, more in zip(days.tolist(), several, strict=True))
        for days in (chronology.event_windows, chronology.lowered.stated)
    )
    return _Told(bounds(chronology), said, stated, tuple(_in_order(chronology)))


def narrowings(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Which events are known more closely than their own date says, and which statements did it?

    One row per event whose window was tightened, in the order of the coding: the window `before`
    (by its own date) and `after` (by all statements), the days that were lost in between (<NA>
    where an open bound was closed), the statements in words with their paragraphs, and their rows.
    `leans_on` are the orders that only the coder judged, without which the window would be wider
    (`choices.orders_behind`), or 'none'. `beside_an_age`: the window after is finer
    than what is shown beside a living child's published age (`ages.shown_windows`). Births and
    absences are never among the rows. One row with nothing but its `status` where no chronology is
    admissible."""
    found, several = _told(chronology).bounds, recurring(chronology)
    summary = dict(rows_in(tables["events"], "id", "summary"))
    where = placed(tables["locators"])
    at = np.flatnonzero(
        (chronology.event_windows != chronology.lowered.stated).any(axis=1)
    ).tolist()
    ids = [chronology.events[event] for event in at]
    held = found.iloc[at].reset_index(drop=True)
    told = [(summary[event], where.get(event, "")) for event in ids]
    windows = [
        tuple(
            window_said(days[event], several[event])
            for days in (chronology.lowered.stated, chronology.event_windows)
        )
        for event in at
    ]
    finer = (shown_windows(tables, chronology) != chronology.event_windows).any(axis=1)[at]
    behind = orders_behind(chronology)
    leans_on = ["; ".join(behind[event]) or "none" for event in at]
    if not chronology.admissible:
        held = found.iloc[:1].reset_index(drop=True)
        held = held.assign(event="", narrowed_by="", narrowed_by_rows="", status=NOT_ADMISSIBLE)
        held["days_narrowed"] = day_counts(np.full(len(held), OPEN))
        told, windows, leans_on = [("", "")] * len(held), [("", "")] * len(held), [""] * len(held)
        finer = np.zeros(len(held), dtype=np.bool_)
    return pd.DataFrame(
        {
            "event": held["event"],
            "summary": texts(words for words, _ in told),
            "before": texts(before for before, _ in windows),
            "after": texts(after for _, after in windows),
            "days_narrowed": held["days_narrowed"],
            "narrowed_by": held["narrowed_by"],
            "narrowed_by_rows": held["narrowed_by_rows"],
            "leans_on": texts(leans_on),
            "beside_an_age": finer,
            "places": texts(place for _, place in told),
            "status": held["status"],
        }
    )


def bounds_and_orders(happened: pd.DataFrame, chronology: Chronology) -> pd.DataFrame:
    """Between which days does each event lie, and on which judged orders do those bounds lean?

    `happened` is `chronicle`: its rows, its bounds as stated and as tightened, and its status.
    `leans_on` is as in `narrowings`, and empty where no chronology is admissible."""
    behind = dict(zip(chronology.events, orders_behind(chronology), strict=True))
    leans_on = texts(
        "" if status == NOT_ADMISSIBLE else "; ".join(behind[event]) or "none"
        for event, status in rows_in(happened, "event", "status")
    )
    columns = ["event", "stated_earliest", "stated_latest", *_BOUNDS]
    return happened[columns].assign(leans_on=leans_on.to_numpy(), status=happened["status"])


def precedence(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Which certain orders are enough to tell all others, with what happened in words?

    As `chronology.precedence`, one row per edge of the partial order, with `before_summary` and
    `after_summary`: the summary of the event, followed by those of the events that certainly fall
    on the same day."""
    found = certain_order(chronology)
    summary = dict(rows_in(tables["events"], "id", "summary"))
    for side in ("before", "after"):
        told = [
            "; on the same day: ".join(
                summary[event] or event for event in filter(None, [first, *others.split("; ")])
            )
            for first, others in rows_in(found, side, f"{side}_same_day")
        ]
        found[f"{side}_summary"] = texts(told)
    names = [
        *("before", "before_summary", "after", "after_summary"),
        *("days_min", "days_max", "before_same_day", "after_same_day"),
    ]
    return found[[*names, "status"]]


def recurring(chronology: Chronology) -> NDArray[np.bool_]:
    """Per event whether it can stand for more than one occurrence: by its count, or by a set of
    dates."""
    lowered = chronology.lowered
    return np.array(
        [
            row.can_recur or date.shape == "several"
            for row, date in zip(lowered.events, lowered.dates, strict=True)
        ],
        dtype=bool,
    )


def window_said(days: Iterable[int], several: bool | np.bool_) -> str:
    """The window of an event, with its open ends, in words."""
    earliest, start_latest, end_earliest, latest = [
        None if abs(day) > OPEN // 2 else int(day) for day in days
    ]
    return event_words(earliest, start_latest, end_earliest, latest, several=bool(several))


def _agencies(tables: Tables) -> dict[str, list[str]]:
    """Labels of the agencies that had a part in each event; of an absence, also of those whose step
    it is."""
    book, rows = codebook(), tables["involvement"]
    label = agency_labels(tables)
    absences = {event for event, absence in rows_in(tables["events"], "id", "absence") if absence}
    apart = book.flagged("involvement_role", "gap") | book.flagged("involvement_role", "later")
    found: dict[str, dict[str, None]] = {}
    for event, agency, role in rows_in(rows, "event", "agency", "role"):
        if role not in apart or event in absences:
            found.setdefault(event, {}).setdefault(label[agency])
    return {event: list(agencies) for event, agencies in found.items()}


def _alleged(participation: pd.DataFrame) -> dict[str, str]:
    """In words, per event, whether persons' parts in it are only alleged: all of them, or some."""
    book = codebook()
    statuses = rows_in(participation, "event", "status")
    forces = listed((event, book.codes("status")[status].force) for event, status in statuses)
    words = {}
    for event, held in forces.items():
        claims = [force for force in held if force in ("alleged", "denied")]
        if claims:
            said = "alleged and denied" if "denied" in claims else "alleged"
            words[event] = said if len(claims) == len(held) else f"{said} in part"
    return words


def _in_order(chronology: Chronology) -> list[int]:
    """The events in order of time, as `chronicle` says."""
    days, lowered = chronology.event_windows, chronology.lowered
    count = len(days)
    no_later = np.zeros((count, count), dtype=bool)
    if chronology.admissible:
        inside = np.array([room == NETWORK for room in lowered.room], dtype=bool)
        starts = lowered.start[inside]
        # minimal[i, j] is the most that j can lie after i: none, if j is certainly no later than i.
        no_later[np.ix_(inside, inside)] = chronology.minimal[np.ix_(starts, starts)].T <= 0
    np.fill_diagonal(no_later, True)
    earliest = days[:, 0]
    by = np.where(
        days[:, 1] < OPEN // 2, days[:, 1], np.where(days[:, 3] < OPEN // 2, days[:, 3], days[:, 2])
    )
    undated = np.asarray((np.abs(days) > OPEN // 2).all(axis=1))
    keys = []
    for at in range(count):
        after = earliest[no_later[at] & (earliest > -OPEN // 2)]
        open_start = earliest[at] < -OPEN // 2
        key = min([int(by[at]), *map(int, after)]) if open_start else int(earliest[at])
        before = int(no_later[:, at].sum())
        own = (
            (True, at)
            if undated[at]
            else (False, key, not open_start, int(days[at, 3]), before, at)
        )
        keys.append(own)
    return sorted(range(count), key=keys.__getitem__)
