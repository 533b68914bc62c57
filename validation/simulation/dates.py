"""What does the source say of when an event was? The cells of its date, blurred, and those of its
count."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from casechron.coding.cells import MOST_WORDS
from casechron.dates.days import date_of
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateError, day_span
from simulation.case import ABSENCE, MOMENT, SEVERAL, STATE, TrueEvent
from simulation.draws import Draws
from simulation.phrases import Phrase, bare, exact, holds, month, vague

_YEAR = re.compile(r"\b[0-9]{4}").search


class Style(NamedTuple):
    """How a source speaks: the share of its dates that are vague, and the policy under which its
    phrases hold."""

    vagueness: float
    policy: DatingPolicy


class Dated(NamedTuple):
    """The cells of an event about its time, and all that the source says of it: `said` can be
    longer than a cell may."""

    date: str = ""
    date_words: str = ""
    date_basis: str = ""
    count_min: str = ""
    count_max: str = ""
    said: str = ""


def dated(event: TrueEvent, draws: Draws, style: Style) -> Dated:
    """What the source says of when an event was, true under the style's policy.

    A birth is said by its month or its year, never more finely, and is never worked out.
    """
    is_vague = draws.chance(style.vagueness)
    if event.kind == "birth":
        return _dated(
            _year_of(event.start) if is_vague and draws.chance(0.3) else month(event.start),
            "stated",
        )
    if event.shape == MOMENT:
        phrase = vague(event.start, draws, style.policy) if is_vague else exact(event.start)
    else:
        phrase = _LASTING[event.shape](event, draws, style.policy) if is_vague else _days(event)
        if not _true(phrase, event, style.policy):
            phrase = _days(event)
    basis = draws.basis() if draws.chance(style.vagueness) else "stated"
    return _dated(phrase, basis, counted(event, draws, style))


def _dated(phrase: Phrase, basis: str, counts: tuple[str, str] = ("", "")) -> Dated:
    """The cells of a phrase. Words that leave the year to the context make a date that is derived;
    long ones stay out."""
    if basis == "stated" and not _YEAR(phrase.words):
        basis = "derived"
    words = phrase.words if len(phrase.words.split()) <= MOST_WORDS else ""
    return Dated(phrase.text, words, basis, *counts, phrase.words)


def without_date(event: TrueEvent, draws: Draws, style: Style) -> Dated:
    """The cells of an event of which the source gives no date: only relations can bound it."""
    counts = counted(event, draws, style)
    date, basis = ("/..", "derived") if event.shape == STATE else ("", "")
    return Dated(date, "", basis, *counts)


def counted(event: TrueEvent, draws: Draws, style: Style) -> tuple[str, str]:
    """How often it happened, if more than once: to the number, at least, or from one number to
    another; never untrue."""
    if event.shape != SEVERAL:
        return "", ""
    often = len(event.days)
    if not draws.chance(style.vagueness):
        return str(often), str(often)
    least = draws.whole(1, often)
    return str(least), draws.pick(["", str(often + draws.whole(0, 2))])


def _true(phrase: Phrase, event: TrueEvent, policy: DatingPolicy) -> bool:
    """Whether what lasts or recurs may be said so: its ends can slip past each other where they are
    about a month."""
    try:
        found = day_span(phrase.text, policy)
    except DateError:
        return False
    if event.shape == SEVERAL and found.shape == "moment":
        return holds(found, event.start, event.start) and holds(found, event.end, event.end)
    return holds(found, event.start, event.end)


def _year_of(day: int) -> Phrase:
    year = date_of(day)[0]
    return Phrase(str(year), f"in {year}")


def _days(event: TrueEvent) -> Phrase:
    """The true days of what lasts or recurs; no end where it outlasts the account."""
    if event.shape == SEVERAL:
        return _set([exact(day) for day in event.days])
    return _lasting(exact(event.start), ".." if event.lasts_on else exact(event.end))


def _lasting(start: Phrase, end: Phrase | str) -> Phrase:
    """What lasts from one date to another, or to an end that is open ('..') or not given ('')."""
    if isinstance(end, str):
        return Phrase(f"{start.text}/{end}", f"from {bare(start.words)}{' on' if end else ''}")
    return Phrase(f"{start.text}/{end.text}", f"from {bare(start.words)} to {bare(end.words)}")


def _set(phrases: list[Phrase]) -> Phrase:
    listed = ", ".join(bare(one.words) for one in phrases)
    return Phrase("{" + ",".join(one.text for one in phrases) + "}", f"in or on {listed}")


def _state(event: TrueEvent, draws: Draws, policy: DatingPolicy) -> Phrase:
    """A state by its first and last day, each as vague as it comes, or with an end that the source
    leaves out."""
    start = vague(event.start, draws, policy, single=True)
    if event.lasts_on:
        return _lasting(start, "..")
    end = vague(event.end, draws, policy, single=True) if draws.chance(0.8) else exact(event.end)
    first, last = bare(start.words), bare(end.words)
    ways = [
        (5, _lasting(start, end)),
        (2, _lasting(start, "")),
        (1, Phrase(f"/{end.text}", f"until {last}")),
        (1, Phrase(f"..{start.text}/{end.text}", f"from {first} or before to {last}")),
        (1, Phrase(f"{start.text}/{end.text}..", f"from {first} to {last} or later")),
    ]
    return draws.weighted(ways)


def _several(event: TrueEvent, draws: Draws, policy: DatingPolicy) -> Phrase:
    """Occurrences by the window that holds them all, or each of them by its month."""
    first, last = month(event.start), month(event.end)
    early, late = _year_of(event.start), _year_of(event.end)
    ways = [
        _range(first, last),
        _range(early, late),
        _range(exact(event.start), exact(event.end)),
        _set(list(dict.fromkeys(month(day) for day in event.days))),
        Phrase(f"[..{last.text}]", f"by {bare(last.words)}"),
        Phrase(f"[{early.text}..]", f"since {early.text}"),
    ]
    return draws.pick(ways)


def _range(first: Phrase, last: Phrase) -> Phrase:
    if first == last:
        return first
    words = f"between {bare(first.words)} and {bare(last.words)}"
    return Phrase(f"[{first.text}..{last.text}]", words)


def _absence(event: TrueEvent, draws: Draws, policy: DatingPolicy) -> Phrase:
    """The window of an absence, by months."""
    first, last = month(event.start), month(event.end)
    return first if first == last else _lasting(first, last)


_LASTING: dict[str, Callable[[TrueEvent, Draws, DatingPolicy], Phrase]] = {
    STATE: _state,
    SEVERAL: _several,
    ABSENCE: _absence,
}
