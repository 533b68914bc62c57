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
from casechron.analysis.columns import Tables, by_key, cells, rows_in
from casechron.analysis.judgements import JUDGED
from casechron.analysis.kept import kept
from casechron.analysis.record import agency_labels, count_words, other_dates, placed
from casechron.analysis.window_words import event_words
from casechron.chronology import Chronology, bounds_table
from casechron.chronology import precedence_table as certain_order
from casechron.chronology.constraints import NETWORK
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, day_counts, texts
from casechron.chronology.network import OPEN, Ints
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["bounds_and_orders", "chronicle", "narrowings", "precedence"]


NO_AGENCY = "no agency coded"
_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")


@kept
def chronicle(review: Review) -> pd.DataFrame:
    """What happened, in order of time, with what is known of when?

    Rows stand in the order of `earliest`, then `latest`, then of the coding. What has no earliest
    day stands where it must have happened by, yet before whatever it is certainly not later than;
    what has no day at all comes last. Where no chronology is admissible the stated days give the
    order. No half of a join: where a living child's published age refers to an event, no day is
    finer than the source's own date of it, here and in what lies close to it; `bounds` has the
    days as the statements imply them.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, state or absence, in order of time.

        - `event` (text): its id
        - `said` (text): when it was, in words, as all statements together imply
        - `summary` (text): what happened, in the coder's words
        - `kind` (text): what kind of event it is
        - `date`, `date_words` (text): its date as coded, and in the source's own words
        - `other_dates` (text): the dates that other sources give it, each with its source and place
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `recurs` (True or False): whether the row can stand for more than one occurrence
        - `state` (True or False): whether it lasts
        - `absence` (text): for what did not happen, how firmly that is said
        - `protected` (True or False): whether it is a birth, whose days are never narrowed
        - `alleged` (text): 'alleged', 'alleged and denied' or 'alleged in part', of what is said of
          persons in it; empty where it is reported as fact
        - `as_judged` (True or False): whether its days lean on an order, or a date, that only the
          coder judged
        - `basis` (text): 'stated', 'derived' or 'judged', of the row
        - `shape` (text): 'moment', 'span', 'several' or 'undated'
        - `said_stated` (text): when it was by its own date alone, in words
        - `stated_earliest`, `stated_start_latest`, `stated_end_earliest`, `stated_latest` (date;
          NaT: open): the days of its own date, as in `bounds`
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): the days that all
          statements together imply, as in `bounds`, or wider ones beside an age
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it was certainly under
          way
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days were lost in between
        - `narrowed_by`, `narrowed_by_rows` (text): the statements that did it, and their rows
        - `lane` (text): the agencies that had a part in it, or whose step an absence is
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible', 'protected: as published', 'absence: as stated' or 'no
          admissible chronology'

    See Also
    --------
    bounds : the days alone, in the order of the coding.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.chronicle(review)[["event", "said"]].head(5)
                event                             said
    0         birth-x                      in May 2007
    1  referrals-2014            between 2014 and 2015
    2   referral-2014    between 21 and 31 August 2014
    3      visit-2014  between 1 and 17 September 2014
    4   no-visit-2014                in September 2014
    """
    tables, chronology = review.tables, review.chronology
    book, events, dating = codebook(), tables["events"].reset_index(drop=True), _told(chronology)
    bounds, days, several = dating.bounds, shown_windows(tables, chronology), recurring(chronology)
    wider = (days != chronology.event_windows).any(axis=1)
    as_stated = wider & (days == chronology.lowered.stated).all(axis=1)
    when = [
        window_said(row, more) if differs else words
        for row, more, differs, words in zip(days, several, wider, dating.said, strict=True)
    ]
    known = np.array([status != NOT_ADMISSIBLE for status in cells(bounds, "status")], dtype=bool)
    states, protected = book.flagged("event_kind", "state"), book.flagged("event_kind", "protected")
    happened = np.array([not absence for absence in cells(events, "absence")], dtype=bool)
    certain = np.where(known & happened & ~several & (days[:, 1] <= days[:, 2]), days[:, 1], -OPEN)
    parts = _agencies(tables)
    alleged = _alleged(tables["participation"])
    where, ids = placed(tables["locators"]), cells(events, "id")
    others = other_dates(tables)
    kinds, absences, bases = (cells(events, name) for name in ("kind", "absence", "date_basis"))
    dated_by_us = {event for event, basis in zip(ids, bases, strict=True) if basis == JUDGED}
    behind = zip(orders_behind(chronology), cells(bounds, "narrowed_by_rows"), strict=True)
    leans = [
        bool(orders) or not dated_by_us.isdisjoint(rows.split("; ")) for orders, rows in behind
    ]
    table = pd.DataFrame(
        {
            "event": bounds["event"],
            "said": texts(
                words if ok else NOT_ADMISSIBLE for words, ok in zip(when, known, strict=True)
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
            "shape": bounds["shape"],
            "said_stated": texts(dating.said_stated),
            **{name: bounds[name] for name in (f"stated_{bound}" for bound in _BOUNDS)},
            **{
                name: bounds[name].mask(wider, pd.Series(calendar_days(days[:, at])))
                for at, name in enumerate(_BOUNDS)
            },
            "certain_from": calendar_days(certain),
            "certain_to": calendar_days(np.where(certain > -OPEN, days[:, 2], -OPEN)),
            "days_narrowed": bounds["days_narrowed"].mask(
                wider, day_counts(_narrowed(chronology, days))
            ),
            "narrowed_by": bounds["narrowed_by"].mask(as_stated, ""),
            "narrowed_by_rows": bounds["narrowed_by_rows"].mask(as_stated, ""),
            "lane": texts("; ".join(parts.get(event, [])) or NO_AGENCY for event in ids),
            "places": texts(where.get(event, "") for event in ids),
            "status": bounds["status"],
        }
    )
    return table.iloc[list(dating.order)].reset_index(drop=True)


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
    return _Told(bounds_table(chronology), said, stated, tuple(_in_order(chronology)))


@kept
def narrowings(review: Review) -> pd.DataFrame:
    """Which events are known more closely than their own date says, and which statements did it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event whose window was narrowed, in the order of the coding; births and absences
        never are. One row with nothing but its status where no chronology is admissible.

        - `event`, `summary` (text): its id, and what happened
        - `before`, `after` (text): the window by its own date, and by all statements, in words
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days were lost in between
        - `narrowed_by`, `narrowed_by_rows` (text): the statements that did it, and their rows
        - `leans_on` (text): the orders that only the coder judged, without which the window would
          be wider, or 'none'
        - `beside_an_age` (True or False): whether the window after is finer than what is shown
          beside a living child's published age
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.narrowings(review)[["event", "before", "days_narrowed"]]
            event                                   before  days_narrowed
    0  visit-2014  between 21 August and 30 September 2014             24
    1   plan-2014                     from October 2014 on             47
    2  worry-2014                                not dated           <NA>
    3   told-2014                        in September 2014             23
    """
    tables, chronology = review.tables, review.chronology
    bounds, several = _told(chronology).bounds, recurring(chronology)
    summary = dict(rows_in(tables["events"], "id", "summary"))
    where = placed(tables["locators"])
    at = np.flatnonzero(
        (chronology.event_windows != chronology.lowered.stated).any(axis=1)
    ).tolist()
    ids = [chronology.events[event] for event in at]
    rows = bounds.iloc[at].reset_index(drop=True)
    summaries = [(summary[event], where.get(event, "")) for event in ids]
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
        rows = bounds.iloc[:1].reset_index(drop=True)
        rows = rows.assign(event="", narrowed_by="", narrowed_by_rows="", status=NOT_ADMISSIBLE)
        rows["days_narrowed"] = day_counts(np.full(len(rows), OPEN))
        summaries, windows, leans_on = (
            [("", "")] * len(rows),
            [("", "")] * len(rows),
            [""] * len(rows),
        )
        finer = np.zeros(len(rows), dtype=np.bool_)
    return pd.DataFrame(
        {
            "event": rows["event"],
            "summary": texts(words for words, _ in summaries),
            "before": texts(before for before, _ in windows),
            "after": texts(after for _, after in windows),
            "days_narrowed": rows["days_narrowed"],
            "narrowed_by": rows["narrowed_by"],
            "narrowed_by_rows": rows["narrowed_by_rows"],
            "leans_on": texts(leans_on),
            "beside_an_age": finer,
            "places": texts(place for _, place in summaries),
            "status": rows["status"],
        }
    )


@kept
def bounds_and_orders(review: Review) -> pd.DataFrame:
    """Between which days does each event lie, and on which judged orders do these days lean?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, in order of time as in `chronicle`.

        - `event` (text): its id
        - `stated_earliest`, `stated_latest` (date; NaT: open): what its own date says
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): what all
          statements together imply
        - `leans_on` (text): the orders that only the coder judged, without which, each left out by
          itself, a bound would be wider or open; 'none' where the bounds hold without any of them
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.bounds_and_orders(review)[["event", "earliest", "latest", "leans_on"]].tail(4)
                event   earliest     latest leans_on
    12    breach-2014 2014-11-03 2014-11-24     none
    13    answer-2014 2014-11-28 2014-11-28     none
    14      harm-2015 2015-01-12 2015-01-12     none
    15  sentence-2015        NaT        NaT     none
    """
    chronology = review.chronology
    happened = chronicle(review)
    behind = dict(zip(chronology.events, orders_behind(chronology), strict=True))
    leans_on = texts(
        "" if status == NOT_ADMISSIBLE else "; ".join(behind[event]) or "none"
        for event, status in rows_in(happened, "event", "status")
    )
    columns = ["event", "stated_earliest", "stated_latest", *_BOUNDS]
    return happened[columns].assign(leans_on=leans_on.to_numpy(), status=happened["status"])


@kept
def precedence(review: Review) -> pd.DataFrame:
    """Which certain orders are enough to tell all others?

    What follows from a chain of these is left out. Absences are.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per certain order of two events, or of two groups of events that certainly fall on
        one day; one row with nothing but its status where no chronology is admissible.

        - `before`, `after` (text): the id of the event that certainly came first, and of the other
        - `before_summary`, `after_summary` (text): what happened
        - `days_min`, `days_max` (days; <NA>: open): from the end of the one to the start of the
          other
        - `before_same_day`, `after_same_day` (text): the ids of events of the same day
        - `status` (text): 'admissible' or 'no admissible chronology'

    References
    ----------
    The transitive reduction of a partial order: Aho, Garey and Ullman 1972, *SIAM Journal on
    Computing* 1, 131-137.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.precedence(review)[["before", "after", "days_min", "days_max"]].head(4)
              before           after  days_min  days_max
    0  referral-2014      visit-2014        11        17
    1     visit-2014    closure-2014         2        18
    2        birth-x   referral-2014      2639      2679
    3        birth-x  referrals-2014      2407      3166
    """
    tables, chronology = review.tables, review.chronology
    order = certain_order(chronology)
    summary = dict(rows_in(tables["events"], "id", "summary"))
    for side in ("before", "after"):
        counterparts = [
            "; on the same day: ".join(
                summary[event] or event for event in filter(None, [first, *others.split("; ")])
            )
            for first, others in rows_in(order, side, f"{side}_same_day")
        ]
        order[f"{side}_summary"] = texts(counterparts)
    names = [
        *("before", "before_summary", "after", "after_summary"),
        *("days_min", "days_max", "before_same_day", "after_same_day"),
    ]
    return order[[*names, "status"]]


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
    involved: dict[str, dict[str, None]] = {}
    for event, agency, role in rows_in(rows, "event", "agency", "role"):
        if role not in apart or event in absences:
            involved.setdefault(event, {}).setdefault(label[agency])
    return {event: list(agencies) for event, agencies in involved.items()}


def _alleged(participation: pd.DataFrame) -> dict[str, str]:
    """In words, per event, whether persons' parts in it are only alleged: all of them, or some."""
    book = codebook()
    statuses = rows_in(participation, "event", "status")
    forces = by_key((event, book.codes("status")[status].force) for event, status in statuses)
    words = {}
    for event, coded_forces in forces.items():
        claims = [force for force in coded_forces if force in ("alleged", "denied")]
        if claims:
            allegation = "alleged and denied" if "denied" in claims else "alleged"
            words[event] = (
                allegation if len(claims) == len(coded_forces) else f"{allegation} in part"
            )
    return words


def _in_order(chronology: Chronology) -> list[int]:
    """The events in order of time, as `chronicle` says."""
    days, lowered = chronology.event_windows, chronology.lowered
    count = len(days)
    no_later = np.zeros((count, count), dtype=bool)
    if chronology.admissible:
        inside = np.array([membership == NETWORK for membership in lowered.membership], dtype=bool)
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
        sort_key = (
            (True, at)
            if undated[at]
            else (False, key, not open_start, int(days[at, 3]), before, at)
        )
        keys.append(sort_key)
    return sorted(range(count), key=keys.__getitem__)
