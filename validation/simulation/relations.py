"""How does the source tie two events in time? In words that hold of their true days, under a dating
policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from casechron.chronology.rows import stated_days
from casechron.coding.codebook import codebook
from casechron.dates.days import months_on
from casechron.dates.policy import DatingPolicy
from simulation.case import ABSENCE, MOMENT, TrueEvent
from simulation.dates import Style
from simulation.draws import Draws

_UNITS = {"D": (1, "day"), "W": (7, "week"), "M": (30.436875, "month"), "Y": (365.2425, "year")}
_SMALL = ("", "one", "two", "three", "four", "five", "six")
_NUMBERS = (*_SMALL, "seven", "eight", "nine", "ten", "eleven", "twelve")
#: How far apart, in rows of the account, are two events that a source ties without being made to.
_NEAR = 6
_TRIES = 40


class Tie(NamedTuple):
    """A relation of two events, as the tables hold it."""

    type: str
    from_event: str
    from_point: str
    to_event: str
    to_point: str
    gap: str = ""
    meaning: str = ""
    words: str = ""


def related(
    events: Sequence[TrueEvent], undated: frozenset[str], number: int, draws: Draws, style: Style
) -> tuple[Tie, ...]:
    """So many relations, all true: first those that bound what has no date, then what the story
    itself ties, then others.

    Fewer where there are no more pairs to tie.
    """
    told = [event for event in events if event.shape != ABSENCE]
    chosen: dict[tuple[str, str], Tie] = {}
    by_kind = {event.kind: event.id for event in reversed(told)}
    if number:  # plans are made at conferences, as every coder derives
        pair = by_kind["icpc"], by_kind["protection-plan"]
        chosen[pair] = Tie("same-day", pair[0], "", pair[1], "start", words="on the same day as")
    for one, other in _pairs(told, undated, draws):
        if len(chosen) >= number:
            break
        pair = (one.id, other.id)
        if pair not in chosen and (found := _tie(one, other, draws, style)):
            chosen[pair] = found
    return tuple(chosen.values())


def _pairs(
    told: list[TrueEvent], undated: frozenset[str], draws: Draws
) -> Iterator[tuple[TrueEvent, TrueEvent]]:
    """Pairs to tie, the earlier first, those that matter most first."""
    by_id = {event.id: event for event in told}
    dated = [event for event in told if event.id not in undated]
    for at, event in enumerate(told):
        if event.id in undated:
            before = [one for one in dated if one.start <= event.start and one.id != event.id]
            after = [one for one in dated if one.start > event.end]
            if before:
                yield before[-1 - draws.whole(0, min(1, len(before) - 1))], event
            if after:
                yield event, after[draws.whole(0, min(1, len(after) - 1))]
            if not before and not after:
                yield told[at - 1 if at else 1], event
    for event in told:
        if event.link and event.link[1] in by_id:
            yield _ordered(by_id[event.link[1]], event)
    for _ in range(_TRIES * len(told)):
        at = draws.whole(0, len(told) - 1)
        other = draws.whole(max(0, at - _NEAR), min(len(told) - 1, at + _NEAR))
        if at != other:
            yield told[min(at, other)], told[max(at, other)]


def _ordered(one: TrueEvent, other: TrueEvent) -> tuple[TrueEvent, TrueEvent]:
    return (one, other) if one.start <= other.start else (other, one)


def _tie(one: TrueEvent, other: TrueEvent, draws: Draws, style: Style) -> Tie | None:
    """A relation of two events, the first of which starts no later; None where nothing of the kind
    is ever said."""
    births = codebook().flagged("event_kind", "protected")
    of_birth = one.kind in births or other.kind in births

    def true(ties: Iterator[Tie]) -> list[Tie]:
        return [tie for tie in ties if is_true(tie, one, other, style.policy)]

    ways = true(_orders(one, other))
    if of_birth:
        # Nothing but an order is said of a birth: ages are facts of a person and never relations,
        # and what was on the same day would publish the day.
        ways = [tie for tie in ways if tie.type in ("before", "not-after")]
    elif (gaps := true(_gaps(one, other, draws, style))) and draws.chance(0.6):
        ways = gaps
    return draws.pick(ways) if ways else None


def _orders(one: TrueEvent, other: TrueEvent) -> Iterator[Tie]:
    """What can be said of the order of two events."""
    a, b = one.id, other.id
    first, second = ("" if event.shape == MOMENT else "start" for event in (one, other))
    yield Tie("before", a, "", b, "", words="before")
    yield Tie("not-after", a, "", b, "", words="following")
    yield Tie("same-day", a, first, b, second, words="on the same day as")
    if first:
        yield Tie("not-after", a, "start", b, "", words="by the time of")
        if not other.lasts_on:  # nobody knows yet within what it will have lasted
            yield Tie("during", b, "", a, "", words="during")
        yield Tie("during", b, "start", a, "", words="begun during")
    if second and not other.lasts_on:
        yield Tie("before", a, first, b, "end", words="before the end of")


def _gaps(one: TrueEvent, other: TrueEvent, draws: Draws, style: Style) -> Iterator[Tie]:
    """What can be said of how long it was from one event to another, in the units that a writer
    would speak in."""
    point = "end" if one.shape != MOMENT and not one.lasts_on and draws.chance(0.5) else ""
    start = one.end if point else one.start
    days = other.start - start
    for unit, (size, name) in _UNITS.items():
        number = int(days / size + 0.5)
        if not 1 <= number <= 24:
            continue
        said, ends = _spoken(number, name), ("gap", one.id, point, other.id, "")
        yield Tie(*ends, f"P{number}{unit}", "rounded", f"{said} after")
        yield Tie(*ends, f"P{number}{unit}", "at-least", f"at least {said} after")
        yield Tie(*ends, f"P{number}{unit}", "at-most", f"within {said} of")
        months = number * {"M": 1, "Y": 12}.get(unit, 0)
        if days == number * size or (months and months_on(start, months) == other.start):
            yield Tie(*ends, f"P{number}{unit}", "exact", f"exactly {said} after")
        if draws.chance(style.vagueness) and number > 1:  # a bound need not be the nearest one
            less = _spoken(number - 1, name)
            yield Tie(*ends, f"P{number - 1}{unit}", "at-least", f"more than {less} after")


def _spoken(number: int, unit: str) -> str:
    if (number, unit) == (2, "week"):
        return "a fortnight"
    said = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{said} {unit}{'' if number == 1 else 's'}"


def is_true(tie: Tie, one: TrueEvent, other: TrueEvent, policy: DatingPolicy) -> bool:
    """Whether a relation holds of the true days of the two events that it names, in either order,
    under a policy.

    Said anew here, in plain comparisons, so that the chronology engine is not asked about itself. A
    point that a state has not reached when the account ends lies after everything else.

    >>> visit, call = (
    ...     TrueEvent(name, "visit", MOMENT, (day,), "")
    ...     for name, day in (("visit", 10), ("call", 24))
    ... )
    >>> is_true(Tie("gap", "visit", "", "call", "", "P2W", "exact"), visit, call, DatingPolicy())
    True
    >>> is_true(Tie("not-after", "call", "", "visit", ""), visit, call, DatingPolicy())
    False
    """
    a, b = (one, other) if tie.from_event == one.id else (other, one)
    a_start = a.end if tie.from_point == "end" else a.start
    a_end = a.start if tie.from_point == "start" else a.end
    b_start = b.end if tie.to_point == "end" else b.start
    b_end = b.start if tie.to_point == "start" else b.end
    match tie.type:
        case "before":
            return a_end < b_start
        case "not-after":
            return a_end <= b_start
        case "same-day":
            return a_start == b_start and a_end == b_end
        case "during":
            return b_start <= a_start and a_end <= b_end
    least, most = stated_days(tie.gap, tie.meaning, policy, a_start)
    return least <= b_start - a_start and (most is None or b_start - a_start <= most)
