"""What happened, in a few lines, for a reader who knows nothing of the case yet? No sentence here
holds a number of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from casechron.analysis.chronicle import chronicle
from casechron.analysis.columns import rows_in
from casechron.analysis.window_words import month_name, window_words
from casechron.chronology import Chronology
from casechron.chronology.network import OPEN
from casechron.coding.codebook import codebook
from casechron.reporting.said import all_said
from casechron.reporting.words import capital, counted, verb

__all__ = ["what_happened"]

Tables = Mapping[str, pd.DataFrame]

#: More lines than this are no short account.
_LINES = 12
MISSING, INSUFFICIENT = "answer missing", "answered insufficiently"
_AT = re.compile(r"^(in|on|at) ")
_BETWEEN = re.compile(" and | or ")
_CLAIMED = re.compile(r"alleg|accus|den(?:y|ie)")
_PART = re.compile(r"(early|mid|late|end) (\d{4})-(0[1-9]|1[0-2])(?:/.*)?")


@dataclass(frozen=True, slots=True)
class _Moment:
    """An event as the account tells it: by which day it had begun, since when it can have, and in
    which words it is dated."""

    event: str
    summary: str
    latest: int
    earliest: int
    place: int
    when: str  # empty where the source gives it no date of its own


def what_happened(tables: Tables, chronology: Chronology) -> list[str]:
    """The turning points of a case, in order of time: twelve lines at most, for who knows nothing
    of it yet.

    What is told is chosen by the flags of the codebook: births, harm, admission and death, breaches
    of a plan and what a court made of it; the first dated concern; then steps that protect, other
    turning points, concerns to which the answer was missing or none is on record and, where lines
    are left, other decisions that have a date. With a decision stands what it answers. Where the
    source gives no day, it is said by when it had happened, and what led to it is told with it.
    Dates are those of the source, never the narrower ones of the chronology."""
    moments = _moments(tables, chronology)
    if not moments:
        return []
    first = _first_concern(tables, moments)
    missing = _missing(tables)
    ranks = _ranks(tables, moments, first, missing, chronology)
    deciding = codebook().flagged("event_kind", "decision")
    decisions = {one for one, kind in rows_in(tables["events"], "id", "kind") if kind in deciding}
    chosen: list[_Moment] = []
    left = 0
    for rank, events in enumerate(ranks):
        for event in events:
            alone = [moments[event]] if moments[event] not in chosen else []
            before = [
                moments[one]
                for one in _before(event, tables, moments, decisions)
                if moments[one] not in chosen
            ]
            fitting = [
                more
                for more in ([*before, *alone], alone)
                if len(_grouped([*chosen, *more])) <= _LINES
            ]
            if fitting:
                chosen += fitting[0]
            elif rank < len(ranks) - 2:
                left += 1
    claims = {
        event: words
        for event, words in rows_in(chronicle(tables, chronology), "event", "alleged")
        if words
    }
    for event, words in missing.items():
        claims[event] = "; ".join(filter(None, [claims.get(event, ""), words]))
    lines = [_line(group, first, claims) for group in _grouped(chosen)]
    if left:
        lines.append(
            f"{counted(left, 'more turning point')} {verb(left, 'stands', 'stand')} in the"
            " chronology."
        )
    return all_said(lines, "chronicle")


def _moments(tables: Tables, chronology: Chronology) -> dict[str, _Moment]:
    """Every event that is no absence, by its id."""
    rows = rows_in(tables["events"], "id", "date", "absence", "summary")
    windows = zip(
        chronology.event_windows.tolist(), chronology.lowered.stated.tolist(), strict=True
    )
    outcomes: dict[str, str] = {}
    for event, what, value in rows_in(tables["attributes"], "row", "attribute", "value"):
        if what == "outcome":
            outcomes[event] = f"{outcomes[event]}; {value}" if event in outcomes else f": {value}"
    found = {}
    for place, ((event, date, absence, summary), (days, stated)) in enumerate(
        zip(rows, windows, strict=True)
    ):
        if not absence:
            found[event] = _Moment(
                event,
                (summary or event).rstrip(".") + outcomes.get(event, ""),
                days[1],
                days[0],
                place,
                _when(date, stated[0], stated[1]),
            )
    return found


def _when(date: str, low: int, high: int) -> str:
    """When something began, as its own date says; nothing if that leaves its first or its last day
    open."""
    if part := _PART.fullmatch(date):
        word, year, month = part[1], part[2], month_name(int(part[3]))
        return {"mid": f"in mid-{month} {year}", "end": f"at the end of {month} {year}"}.get(
            word, f"in {word} {month} {year}"
        )
    return window_words(low, high) if max(abs(low), abs(high)) < OPEN // 2 else ""


def _first_concern(tables: Tables, moments: Mapping[str, _Moment]) -> str:
    """The concern that the source dates first; empty if it dates none."""
    concerns = codebook().flagged("event_kind", "concern")
    kinds = rows_in(tables["events"], "id", "kind")
    dated = [
        moments[event]
        for event, kind in kinds
        if kind in concerns and event in moments and moments[event].when
    ]
    return _in_order(dated)[0].event if dated else ""


def _missing(tables: Tables) -> dict[str, str]:
    """What the review says of the answer to a concern that it calls missing or insufficient."""
    absences = {
        event: grade for event, grade in rows_in(tables["events"], "id", "absence") if grade
    }
    said: dict[str, str] = {}
    for kind, by, to in rows_in(tables["links"], "type", "from_row", "to_row"):
        if kind == "answers" and by in absences:
            short = absences[by] == "insufficient" and said.get(to, INSUFFICIENT) == INSUFFICIENT
            said[to] = INSUFFICIENT if short else MISSING
    return {to: f"{words}, says the review" for to, words in said.items()}


def _unanswered(
    tables: Tables,
    moments: Mapping[str, _Moment],
    missing: Collection[str],
    chronology: Chronology,
) -> list[str]:
    """Concerns to which the answer was missing, or which nothing answers, tells or counts: dated
    ones, and of those that the review calls unanswered also what is open on no side."""
    concerns, sides = codebook().flagged("event_kind", "concern"), chronology.open_sides
    links = list(rows_in(tables["links"], "type", "from_row", "to_row"))
    taken = {to for kind, _, to in links if kind in ("answers", "tells-of")}
    taken |= {one for kind, one, _ in links if kind == "part-of"}
    return [
        event
        for event, kind in rows_in(tables["events"], "id", "kind")
        if kind in concerns
        and event in moments
        and (
            moments[event].when or not any(sides[event])
            if event in missing
            else moments[event].when and event not in taken
        )
    ]


def _ranks(
    tables: Tables,
    moments: Mapping[str, _Moment],
    first: str,
    missing: Collection[str],
    chronology: Chronology,
) -> list[list[str]]:
    """What is told first of all, then, and where there is room: ids in order of time, each once."""
    book = codebook()
    flagged = {
        flag: book.flagged("event_kind", flag)
        for flag in ("turning-point", "decision", "protective", "state", "outcome", "protected")
    }
    turning, deciding, protecting = (
        flagged["turning-point"],
        flagged["decision"],
        flagged["protective"],
    )
    kind = {
        event: code for event, code in rows_in(tables["events"], "id", "kind") if event in moments
    }
    told = [one.event for one in _in_order(moments.values())]
    unanswered = _unanswered(tables, moments, missing, chronology)
    ranks = [
        [
            one
            for one in told
            if kind[one] in (turning - deciding) | flagged["outcome"] | flagged["protected"]
            or one == first
        ],
        [one for one in told if kind[one] in protecting & (turning | flagged["state"])],
        [one for one in told if kind[one] in turning],
        [one.event for one in _in_order(moments[event] for event in unanswered)],
        [one for one in told if kind[one] in deciding and moments[one].when],
    ]
    seen: set[str] = set()
    return [[one for one in rank if not (one in seen or seen.add(one))] for rank in ranks]  # type: ignore[func-returns-value]


def _before(
    event: str, tables: Tables, moments: Mapping[str, _Moment], decisions: Collection[str]
) -> list[str]:
    """What led to an event without a date, or what it answers, as far as the source dates that; of
    a decision, what it answers, as far as it is known by when that was."""
    decides = event in decisions
    if moments[event].when and not decides:
        return []
    links = list(rows_in(tables["links"], "type", "from_row", "to_row"))
    led = [one for kind, one, to in links if kind == "led-to" and to == event and not decides]
    answered = [one for kind, by, one in links if kind == "answers" and by == event]
    return [
        one
        for one in dict.fromkeys([*led, *answered])
        if one in moments and (moments[one].when or (decides and moments[one].latest < OPEN // 2))
    ]


def _in_order(moments: Iterable[_Moment]) -> list[_Moment]:
    # What is certainly no later than another has no later days either, so no certain order is
    # turned about.
    return sorted(moments, key=lambda one: (one.latest, one.earliest, one.place))


def _grouped(moments: Iterable[_Moment]) -> list[list[_Moment]]:
    """The lines of the account: what is dated in the same words, after what had no date and had
    happened by then."""
    groups: list[list[_Moment]] = []
    waiting: list[_Moment] = []
    for one in _in_order(moments):
        before = groups[-1] if groups else []
        same_days = bool(before) and (one.earliest, one.latest) == (
            before[-1].earliest,
            before[-1].latest,
        )
        if before and not waiting and (same_days if not one.when else one.when == _anchor(before)):
            before.append(one)
        elif one.when:
            groups.append([*waiting, one])
            waiting = []
        else:
            waiting.append(one)
    return [*groups, waiting] if waiting else groups


def _anchor(group: list[_Moment]) -> str:
    return next((one.when for one in group if one.when), "")


def _line(group: list[_Moment], first: str, claims: Mapping[str, str]) -> str:
    when = _anchor(group)
    at = next((place for place, one in enumerate(group) if one.when), len(group))
    undated, dated = _told(group[:at], claims), _told(group[at:], claims)
    parts = []
    if undated and when:
        parts.append(f"{_by(when)} at the latest: {undated}.")
    elif undated:
        parts.append(f"On days that the source does not give: {undated}.")
    if dated:
        noted = (
            " (the first concern here that has a date)"
            if any(one.event == first for one in group)
            else ""
        )
        parts.append(f"{capital(when)}{noted}: {dated}.")
    return " ".join(parts)


def _by(when: str) -> str:
    """'in late September 2018' as a time by which something had happened.

    >>> (
    ...     _by("in late September 2018"),
    ...     _by("between 6 and 17 November 2018"),
    ...     _by("on 2 or 3 May 2001"),
    ... )
    ('By late September 2018', 'By 17 November 2018', 'By 3 May 2001')
    """
    return f"By {_BETWEEN.split(_AT.sub('', when))[-1]}"


def _told(moments: Iterable[_Moment], claims: Mapping[str, str]) -> str:
    """What happened, with the force of what is only claimed where the words do not say it
    themselves."""
    said = []
    for one in moments:
        claimed = one.event in claims and not _CLAIMED.search(one.summary)
        said.append(one.summary.rstrip(".") + (f" ({claims[one.event]})" if claimed else ""))
    return "; ".join(said)
