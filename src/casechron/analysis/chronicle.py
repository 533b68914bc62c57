"""When did what happen, in which lane, and on which days? The chronology as tables for reading, and
what the timeline draws of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from casechron.analysis.choices import orders_behind
from casechron.analysis.concerns import by_event, children_concerned, end_events, forces_of
from casechron.analysis.days import bounds
from casechron.analysis.judgements import JUDGED
from casechron.analysis.record import agency_labels, count_words, placed, unnamed_agencies
from casechron.analysis.tables import (
    Tables,
    as_in_help,
    as_rows,
    by_key,
    columns_in_help,
    ids_where,
    kept,
    rows_in,
    ties,
)
from casechron.analysis.windows import days_left_out, put_after, recurring, window_said
from casechron.chronology import Chronology
from casechron.chronology.constraints import NETWORK
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import OPEN, is_open
from casechron.chronology.rows import ANSWERS
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.review import Review

__all__ = ["chronicle", "timeline"]


NO_AGENCY = "no agency coded"
#: The lane of kinds that are in none: what lasts for years, and what came after.
UNDRAWN = "undrawn"
#: What has no day sorts by this, which comes after all days as they are written.
NO_DAY = "without a day"
#: Kinds that a timeline never leaves out.
_ALWAYS = ("harm-to-child", "death", "admission", "closure", "plan-end")
#: Roles of an agency that brought something about.
_DID = ("raised", "led", "provided")


@kept
def chronicle(review: Review) -> pd.DataFrame:
    """What happened, in order of time, with what is known of when?

    Rows stand in the order of `earliest`, then `latest`, then of the coding. Of rows of one
    `earliest` what certainly began no later than another, or is said to have come before it, stands
    before it. What has no earliest day stands where it must have happened by, yet before whatever
    it is certainly not later than; what has no day at all comes last. Where no chronology is
    admissible the stated days give the order. An age and a day together tell a birthday: where a
    living child's published age refers to an event, no day is finer than the source's own date of
    it, here and in what lies close to it; `bounds` has the days as the statements imply them.

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
        - `other_dates` (labels): the dates that other sources give it, with source and place
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for a worry, for what
          did not happen, and for what lasts, of which the source gives no count
        - `recurs` (True or False): whether the row can stand for more than one occurrence
        - `state` (True or False): whether it lasts
        - `absence` (text): for what did not happen, how firmly that is said
        - `protected` (True or False): whether it is a birth, whose days are never narrowed
        - `can_end` (True or False): whether it is what the account can end with: a death, an injury
          or an admission of the child, or of whom nobody is said
        - `behind` (ids): those of them that orders put it after
        - `children` (labels): the children of the case, brothers and sisters too, to whom it
          happened or whom it is about; of a telling that names none, those of what it tells of
        - `alleged` (text): of what is said of persons in it: 'alleged', 'alleged and denied' or
          'denied'; of some of it 'alleged in part', 'alleged and denied in part' or 'denied in
          part', and where a review or court found some of it 'found and alleged in part', 'found
          and alleged and denied in part' or 'found and denied in part'; empty where it is reported
          as fact
        - `as_judged` (True or False): whether its days lean on an order, or a date, that only the
          coder judged
        - `basis`, `date_basis` (text): 'stated', 'derived' or 'judged', of the row and of its date;
          empty where it has none
        - `shape` (text): 'moment', 'span', 'several' or 'undated'
        - `said_stated` (text): when it was by its own date alone, in words
        - `stated_earliest`, `stated_start_latest`, `stated_end_earliest`, `stated_latest` (date;
          NaT: open): the days of its own date, as in `bounds`
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): the days that all
          statements together imply, as in `bounds`, or wider ones beside an age
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it was certainly under
          way
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days were lost in between
        - `narrowed_by` (text): the statements that did it, in words; empty where `beside_an_age`
        - `narrowed_by_rows` (ids): their rows
        - `leans_on` (labels): the ids of the orders that only the coder judged, without which, each
          left out by itself, a bound would be wider or open; 'several only together' where it is
          not without any one, but without all
        - `beside_an_age` (True or False): whether all statements together narrow it further than is
          shown beside a living child's published age
        - `lane` (labels): the agencies that had a part in it, or whose step an absence is
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
    tables, chronology, book = review.tables, review.chronology, codebook()
    jurisdiction = review.meta.jurisdiction
    lowered = chronology.lowered
    stated, days = lowered.stated, chronology.shown
    wider = (days != chronology.event_windows).any(axis=1)
    recurs, orders = recurring(chronology), orders_behind(chronology)
    states, protected = book.flagged("event_kind", "state"), book.flagged("event_kind", "protected")
    coded = rows_in(
        tables["events"],
        *("id", "summary", "kind", "date", "date_words", "absence", "basis", "date_basis"),
        *("count_min", "count_max"),
    )
    dates_judged = set(ids_where(tables["events"], "date_basis", {JUDGED}))
    implied = rows_in(
        bounds(review),
        *("shape", "days_narrowed", "narrowed_by", "narrowed_by_rows", "other_dates", "status"),
    )
    agencies, alleged, children = _agencies(tables), _alleged(tables), children_concerned(tables)
    places, ends = placed(tables["locators"]), end_events(tables)
    at_ends = lowered.start[[lowered.row_of[end] for end in ends]]
    behind: Any = [()] * len(days)
    if ends and chronology.admissible:
        behind = put_after(chronology, at_ends)
    rows = []
    for at, (
        (event, summary, kind, date, date_words, absence, basis, date_basis, *counts),
        (shape, narrowed, narrowed_by, narrowed_by_rows, other_dates, status),
    ) in enumerate(zip(coded, implied, strict=True)):
        window, by_date = days[at].tolist(), stated[at].tolist()
        known = status != NOT_ADMISSIBLE
        as_stated = bool(wider[at]) and window == by_date
        leans_on = () if as_stated else orders[at]
        leans = bool(leans_on) or not (as_stated or dates_judged.isdisjoint(narrowed_by_rows))
        if wider[at]:
            # The statements behind days that are not told would tell them.
            narrowed, narrowed_by, narrowed_by_rows = days_left_out(by_date, window), "", ()
        said, (_, start_latest, end_earliest, _) = window_said(window, recurs[at], date), window
        under_way = known and not absence and not recurs[at] and start_latest <= end_earliest
        rows.append(
            (
                *(event, said if known else NOT_ADMISSIBLE, summary),
                *(book.label("event_kind", kind, jurisdiction), date, date_words, other_dates),
                *(count_words(kind, absence, *counts), recurs[at], kind in states),
                book.label("absence", absence),
                kind in protected and not absence,
                event in ends,
                tuple(compress(ends, behind[at])),
                children.get(event, ()),
                alleged.get(event, ""),
                known and (date_basis == JUDGED or leans),
                *(basis, date_basis, shape, window_said(by_date, recurs[at], date), *by_date),
                *(window if known else [None] * 4),
                *((start_latest, end_earliest) if under_way else (None, None)),
                *(narrowed, narrowed_by, narrowed_by_rows, leans_on, bool(wider[at])),
                agencies.get(event, (NO_AGENCY,)),
                *(places.get(event, ""), status),
            )
        )
    table = as_in_help(chronicle, rows)
    return table.iloc[_in_order_of_time(chronology)].reset_index(drop=True)


@kept
def chronicle_rows(review: Review) -> dict[str, Any]:
    """The rows of `chronicle` by event, in order of time, with the columns as attributes."""
    return {row.event: row for row in as_rows(chronicle(review))}


@kept
def timeline(review: Review) -> pd.DataFrame:
    """What happened, in which lane, and on which days can it have happened?

    This is what the timeline draws. What lasts for years and what came after is not drawn. Days are
    those of `chronicle`.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event that is drawn, in the order of `chronicle`.

        - `event` (text): its id
        - `lane` (text): 'family', 'raised' (seen, told or raised), 'steps' (contacts and steps),
          'missing' (not done, not enough or in doubt) or 'entry' (not classified yet)
        - `short` (text): the coder's label for it; empty where there is none
        - `summary` (text): what happened, in the coder's words
        - `when` (text): when it was, in words
        - `places` (text): paragraph and sentence of the source
        - `kind` (text): what kind of event it is
        - `who` (text): the named agencies that raised, led or provided it
        - `absence` (text): for what did not happen, how firmly that is said
        - `status` (text): 'alleged', 'alleged and denied', 'denied', 'alleged in part', 'alleged
          and denied in part', 'denied in part', 'found and alleged in part', 'found and alleged and
          denied in part' or 'found and denied in part'; empty for facts
        - `always` (True or False): whether the timeline never leaves it out
        - `other_side` (True or False): whether to leave it out would tell one side alone: whose
          violence is told, what is alleged, and what was passed on before a case was closed
        - `earliest`, `latest` (date; NaT: open): the days on which it can have happened
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it certainly went on

    See Also
    --------
    chronicle : every event, with all that is known of when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.timeline(review)[["event", "lane", "earliest", "latest"]].head(3)
                event    lane   earliest     latest
    0         birth-x  family 2007-05-01 2007-05-31
    1  referrals-2014  raised 2014-01-01 2015-12-31
    2   referral-2014  raised 2014-08-21 2014-08-31
    """
    tables, book, events = review.tables, codebook(), chronicle(review)
    kinds = by_event(tables, "kind")
    shorts = by_event(tables, "short") if "short" in tables["events"] else {}
    labels, unnamed = agency_labels(tables), unnamed_agencies(tables)
    involved = rows_in(tables["involvement"], "event", "agency", "role")
    did = {
        (event, labels[agency])
        for event, agency, role in involved
        if role in _DID and agency not in unnamed
    }
    who = by_key(sorted(did))
    harm, closing, telling = (
        book.flagged("event_kind", flag) for flag in ("harm", "disposes", "telling")
    )
    # Whose violence is told, and what was raised before a case was closed: to leave out some would
    # be to choose a side.
    raised_before = {
        concern
        for answer, concern in ties(tables, "answers")
        if kinds.get(answer) in closing and kinds.get(concern) in telling
    }

    def lane(event: str, absence: str) -> str:
        drawn_in = book.lanes.get(kinds[event] or "entry", UNDRAWN)
        # What somebody of the family did not do is no step that was missing.
        return "missing" if absence and drawn_in != "family" else drawn_in

    rows = list(as_rows(events))
    table = events.rename(columns={"alleged": "status", "status": "dates"}).assign(
        lane=texts(lane(row.event, row.absence) for row in rows),
        short=texts(shorts.get(row.event, "") for row in rows),
        when=texts(row.said + AS_JUDGED * row.as_judged for row in rows),
        who=texts(", ".join(who.get(row.event, ())) for row in rows),
        always=[kinds[row.event] in _ALWAYS and not row.absence for row in rows],
        other_side=[
            kinds[row.event] in harm or bool(row.alleged) or row.event in raised_before
            for row in rows
        ],
    )
    # A list of no rows has no kind.
    table = table.astype({"always": "bool", "other_side": "bool"})
    return table.loc[table["lane"] != UNDRAWN, columns_in_help(timeline)].reset_index(drop=True)


def place_in_time(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The place in time of a row of `chronicle`, whichever is coded first: by its first day, else
    the one by which it began, and, of the same days, by its id; without a day it comes last.

    >>> no_day = dict.fromkeys(("earliest", "start_latest"))
    >>> [
    ...     row["event"]
    ...     for row in sorted(({"event": row} | no_day for row in "ba"), key=place_in_time)
    ... ]
    ['a', 'b']
    """
    days = [
        NO_DAY if pd.isna(event[side]) else f"{event[side]:%Y-%m-%d}"
        for side in ("earliest", "start_latest")
    ]
    return min(days), days[1], event["event"]


def _agencies(tables: Tables) -> dict[str, list[str]]:
    """Labels of the agencies that had a part in each event; of an absence, also of those whose step
    it is."""
    book, label = codebook(), agency_labels(tables)
    absences = {event for event, absence in rows_in(tables["events"], "id", "absence") if absence}
    flags = ("gap", "later", "may-know")
    apart = set().union(*(book.flagged("involvement_role", flag) for flag in flags))
    involved = (
        (event, label[agency])
        for event, agency, role in rows_in(tables["involvement"], "event", "agency", "role")
        if role not in apart or event in absences
    )
    return by_key(dict.fromkeys(involved))


def _alleged(tables: Tables) -> dict[str, str]:
    """In words, per event, whether persons' parts in it are only alleged, or denied by somebody
    though nobody alleges them: all of them, or some. That somebody told is only alleged where that
    is so of all who told, whomever it was about."""
    words, kinds = {}, by_event(tables, "kind")
    parts = tables["participation"]
    telling = forces_of({"participation": parts[parts["role"] == "told"]})
    for event, forces in forces_of(tables).items():
        claims = forces & {"alleged", "denied"}
        # That somebody is charged is no allegation, whatever is alleged of them.
        if claims and kinds[event] != "charge":
            allegation = " and ".join(sorted(claims))
            found = "found and " * bool(forces & {"found", "established"})
            whole = claims == forces or telling.get(event) == {"alleged"}
            words[event] = allegation if whole else f"{found}{allegation} in part"
    return words


def _in_order_of_time(chronology: Chronology) -> list[int]:
    """The events in order of time, as `chronicle` says."""
    days, lowered = chronology.event_windows.copy(), chronology.lowered
    count = len(days)
    no_later = np.eye(count, dtype=bool)
    if chronology.admissible:
        inside = np.array([membership == NETWORK for membership in lowered.membership], dtype=bool)
        starts = lowered.start[inside]
        # minimal[i, j] is the most that j can lie after i: none, if j is certainly no later than i.
        no_later[np.ix_(inside, inside)] |= chronology.minimal[np.ix_(starts, starts)].T <= 0
    # What is said to have come first, which two that can only have been on one day leave open.
    came_first, row_of = np.zeros_like(no_later), lowered.row_of
    for relation in lowered.relations:
        if relation.type in ("before", "not-after", ANSWERS) and relation.to_point != "end":
            came_first[row_of[relation.from_event], row_of[relation.to_event]] = True
    for at in range(count):
        came_first |= np.outer(came_first[:, at], came_first[at])
    # Its place would tell from when on something was that is told wider beside an age: it stands
    # with the day that is told, and behind what is said to have come first.
    first = np.where(came_first, chronology.shown[:, :1], -OPEN).max(axis=0, initial=-OPEN)
    told_wider = chronology.shown[:, 0] != days[:, 0]
    days[told_wider, 0] = np.maximum(chronology.shown[:, 0], first)[told_wider]
    before, on_its_day = no_later.sum(axis=0), (no_later.T & came_first).sum(axis=0)

    def position(at: int) -> tuple[int, ...]:
        earliest, start_latest, end_earliest, latest = days[at].tolist()
        if is_open(days[at]).all():
            return True, at
        day, dated = earliest, not is_open(earliest)
        if not dated:
            # By when it must have happened, yet before whatever it is certainly not later than.
            by = next(day for day in (start_latest, latest, end_earliest) if not is_open(day))
            others = [first for first in days[no_later[at], 0].tolist() if not is_open(first)]
            day = min([by, *others])
        alike = no_later[at] & (days[:, 0] == earliest)
        last = int(days[alike, 3].min())
        return False, day, dated, last, int(before[at]), int(on_its_day[at]), at

    return sorted(range(count), key=position)
