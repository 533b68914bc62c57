"""Who is recorded as harming whom, on whose account, and which agency held that account when?

Accounts are listed side by side. Nothing here counts them or weighs one against another: a
counter-accusation and an injury are not one each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from casechron.analysis.accounts_held import (
    SEEN,
    STATEMENT,
    Account,
    accounts,
    denials,
    ways_to_accounts,
)
from casechron.analysis.ages import shown_windows
from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import Tables, listed, rows_in, ties
from casechron.analysis.knowledge_paths import Way
from casechron.analysis.record import placed
from casechron.analysis.views import afterwards, joined_places, labels_of
from casechron.analysis.window_words import NOT_DATED, window_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import OPEN, Ints
from casechron.coding.codebook import codebook

#: Whose account it is where the source speaks for itself.
SOURCE = "the source's own"
_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")
_CERTAIN = ("certain_from", "certain_to")
_HELD = ("held_earliest", "held_latest")
# On which side of an account who had a role stands, and what is said beside the name.
_SIDES = {
    "harming": ("by", ""),
    "harmed": ("to", ""),
    "feared": ("by", " (feared)"),
    "afraid": ("to", " (afraid)"),
}


def accounts_of_harm(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Who is recorded as harming whom, on whose account, with what force, when, and which agency
    held it?

    One row per incident or statement of harm (`accounts_held.harm_ids`), account and status,
    incidents in table order; a denial stands directly below what it denies, and `denial` names it
    there too. `by_whom` and `to_whom` are what this account says, empty where it does not say it:
    the other accounts of the incident are not mixed in. A name with a word in brackets is not said
    to have done or suffered harm, but to be feared, afraid, accused or seen with an injury.
    `also_concerned` are persons with another part in it. `force` is that of the status in the
    codebook.

    `said` is when the incident was (not the telling of it), in words; the bounds beside it are
    those of `chronology.bounds`, and from `certain_from` to `certain_to` it was certainly under
    way. `held_by` are the agencies that held this account at the time, each with the days on which
    it can have come to hold it (`holders_of_accounts` has them as days), and from `held_earliest`
    to `held_latest` the first of them can have come to hold it. `learned_afterwards` are those that
    learned it only from the review, or from what the codebook flags as learning. Empty is 'not
    recorded': somebody may have known. `responses` is what answered the incident; a response that
    was lacking stands there with the force of that statement. `parts` are the rows of participation
    behind the row.

    >>> from casechron.chronology import solve
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> tables |= {
    ...     "people": rows("people", id=["m", "f"], label=["M", "F"]),
    ...     "events": rows("events", id=["blow"], date=["2018-08"], kind=["violence"]),
    ...     "participation": rows(
    ...         "participation",
    ...         id=["p", "q"],
    ...         person=["m", "f"],
    ...         event=["blow"] * 2,
    ...         role=["harming", "harmed"],
    ...         status=["alleged"] * 2,
    ...         account=["f"] * 2,
    ...     ),
    ... }
    >>> found = accounts_of_harm(tables, solve(tables["events"], tables["relations"]))
    >>> found[["event", "by_whom", "to_whom", "account", "status", "said"]]
      event by_whom to_whom account   status            said
    0  blow       M       F       F  alleged  in August 2018
    """
    book, labels, where = codebook(), labels_of(tables), placed(tables["locators"])
    events = {row["id"]: row for row in tables["events"].to_dict("records")}
    told = {row["event"]: row for row in chronicle(tables, chronology).to_dict("records")}
    judged = {event for event, row in told.items() if row["as_judged"]}
    for name in ("involvement", "participation", "links"):
        judged |= {row for row, basis in rows_in(tables[name], "id", "basis") if basis == "judged"}
    denied, responses = denials(tables), _responses(tables)
    found, shown = accounts(tables), shown_windows(tables, chronology)
    rows: list[dict[str, Any]] = []
    for one, held in zip(found, ways_to_accounts(tables, found), strict=True):
        event, window = events[one.event], told[one.event]
        by, to, others = _sides(one, str(event["kind"]), labels)
        ids = [part["id"] for part in one.parts]
        rows.append(
            {
                "event": one.event,
                "summary": event["summary"],
                "kind": window["kind"],
                "how_many": window["how_many"],
                "by_whom": by,
                "to_whom": to,
                "also_concerned": others,
                "account": _account_words(one, labels),
                "status": book.label("status", one.status) if one.status else "",
                "force": book.codes("status")[one.status].force if one.status else "",
                "denial": "; ".join(_denied_words(tables, ids, denied, labels)),
                "said": window["said"],
                **{name: window[name] for name in (*_BOUNDS, *_CERTAIN)},
                **dict(zip(_HELD, _held_days(held, chronology, shown), strict=True)),
                "held_by": "; ".join(_held_words(held, chronology, shown, labels, judged)),
                "learned_afterwards": "; ".join(afterwards(tables, held, labels)),
                "responses": " · ".join(responses.get(one.event, [])),
                "basis": (
                    "; ".join(dict.fromkeys(part["basis"] for part in one.parts)) or event["basis"]
                ),
                "parts": "; ".join(ids),
                "places": joined_places(where.get(row, "") for row in (one.event, *ids)),
                "dates": window["status"],
            }
        )
    names = (
        *("event", "summary", "kind", "how_many", "by_whom", "to_whom"),
        *("also_concerned", "account", "status", "force", "denial", "said"),
        *_BOUNDS,
        *_CERTAIN,
        "held_by",
        *_HELD,
        *("learned_afterwards", "responses", "basis", "parts", "places", "dates"),
    )
    days = (*_BOUNDS, *_CERTAIN, *_HELD)
    table = pd.DataFrame({name: texts(str(row[name]) for row in rows) for name in names})
    return table.assign(
        **{name: pd.Series([row[name] for row in rows], dtype="datetime64[s]") for name in days}
    )


def holders_of_accounts(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """From when did which agency hold which account of harm, and through what?

    One row per account of `accounts_of_harm` and agency that held it, in their order. The day on
    which it came to hold it lies somewhere from `earliest` to `latest`, ends included, NaT open;
    `said` in words. Of several ways the soonest counts. `through` names the events that brought it,
    and `rows` the rows behind them. `contemporaneous` is False for what it learned only afterwards:
    that is no knowledge of the time. Source: `knowledge.ways`."""
    labels, found = labels_of(tables), accounts(tables)
    shown = shown_windows(tables, chronology)
    rows: list[tuple[str, ...]] = []
    at_the_time: list[bool] = []
    windows: list[tuple[int, int]] = []
    for one, held in zip(found, ways_to_accounts(tables, found), strict=True):
        for agency, later in dict.fromkeys((way.agency, way.later) for way in held):
            through = [way for way in held if (way.agency, way.later) == (agency, later)]
            windows.append(_window(through, chronology, shown))
            at_the_time.append(not later)
            rows.append(
                (
                    one.event,
                    _account_words(one, labels),
                    codebook().label("status", one.status) if one.status else "",
                    labels[agency],
                    _from_words(windows[-1], chronology),
                    "; ".join(dict.fromkeys(step for way in through for step, _ in way.steps)),
                    "; ".join(dict.fromkeys(row for way in through for row in way.rows)),
                    "admissible" if chronology.admissible else NOT_ADMISSIBLE,
                )
            )
    names = ("event", "account", "status", "agency", "said", "through", "rows", "dates")
    table = pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(names)})
    days = np.array(windows, dtype=np.int64).reshape(-1, 2)
    for offset, name in enumerate(("earliest", "latest")):
        table.insert(5 + offset, name, calendar_days(days[:, offset], chronology.admissible))
    table.insert(4, "contemporaneous", pd.Series(at_the_time, dtype="bool"))
    return table


def _sides(one: Account, kind: str, labels: Mapping[str, str]) -> tuple[str, str, str]:
    """By whom, to whom, and who else, as this account has it."""
    stood = dict(_SIDES)
    if kind == STATEMENT:
        stood["of-concern"] = ("by", " (accused)")
    if kind == SEEN:
        stood["subject"] = ("to", " (injury seen)")
    sides: dict[str, dict[str, None]] = {"by": {}, "to": {}, "others": {}}
    for part in one.parts:
        side, mark = stood.get(part["role"], ("others", ""))
        sides[side].setdefault(labels[part["person"]] + mark)
    by, to, others = map("; ".join, sides.values())
    return by, to, others


def _account_words(one: Account, labels: Mapping[str, str]) -> str:
    return labels[one.account] if one.account else SOURCE


def _denied_words(
    tables: Tables, ids: Iterable[str], denied: Mapping[str, list[str]], labels: Mapping[str, str]
) -> Iterable[str]:
    part = tables["participation"]
    party = {
        row: account or person for row, account, person in rows_in(part, "id", "account", "person")
    }
    return dict.fromkeys(
        f"denied by {labels[party[denial]]}" for row in ids for denial in denied.get(row, [])
    )


def _responses(tables: Tables) -> dict[str, list[str]]:
    """Per event what answered it, in words; what was lacking with the force of that statement."""
    label = codebook().label
    said = {
        event: f"{'an absence (' + label('absence', absence) + '): ' if absence else ''}{summary}"
        for event, absence, summary in rows_in(tables["events"], "id", "absence", "summary")
    }
    return listed((event, said[answer]) for answer, event in ties(tables, "answers"))


def _held_words(
    held: Iterable[Way],
    chronology: Chronology,
    shown: Ints,
    labels: Mapping[str, str],
    judged: Collection[str],
) -> Iterable[str]:
    """Each agency that held it at the time, with when it can have come to hold it; marked where
    each way has a row or a day that the coder judged."""
    ways = listed((way.agency, way) for way in held if not way.later)
    said = {
        agency: _from_words(_window(of, chronology, shown), chronology)
        for agency, of in ways.items()
    }
    ours = {
        agency
        for agency, of in ways.items()
        if all(not {*way.rows, *(step for step, _ in way.steps)}.isdisjoint(judged) for way in of)
    }
    return [
        f"{labels[agency]} ({'when is not stated' if words == NOT_DATED else words}"
        f"{', as judged' * (agency in ours)})"
        for agency, words in said.items()
    ]


def _held_days(held: Iterable[Way], chronology: Chronology, shown: Ints) -> tuple[Any, Any]:
    """The days on which the first agency can have come to hold it; NaT where open, where none did,
    or none is known."""
    ways = [way for way in held if not way.later]
    days = np.array(_window(ways, chronology, shown) if ways else (-OPEN, OPEN), dtype=np.int64)
    low, high = pd.Series(calendar_days(days, chronology.admissible))
    return low, high


def _window(ways: Iterable[Way], chronology: Chronology, shown: Ints) -> tuple[int, int]:
    """The first and the last day on which an agency can have come to hold something, by the soonest
    of these ways; `shown` is `ages.shown_windows`."""
    days, place = shown, chronology.lowered.place
    low, high = [], []
    for way in ways:
        low.append(max(int(days[place[step], 0]) for step, _ in way.steps))
        # What is told in the course of something is told by its end; what is held directly, once it
        # has begun.
        ends = [int(days[place[step], 3 if told else 1]) for step, told in way.steps]
        high.append(OPEN if way.undated else max(ends))
    return min(low), min(high)


def _from_words(window: tuple[int, int], chronology: Chronology) -> str:
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    return window_words(*(None if abs(day) > OPEN // 2 else day for day in window))
