"""How many days from one event to another that does not precede it, and to the next protective
step?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from casechron.analysis.intervals import ONLY_ORDER, way_known, working_days
from casechron.analysis.windows import shown_region
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import WorkingCalendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.gaps import dated_region, gap_days
from casechron.chronology.network import Ints, PairRegion

#: Does a protective step on record follow a concern?
CERTAINLY, POSSIBLY, NONE_ON_RECORD = "certainly", "possibly", "none on record"
#: No day ties the concern to a step, or it is an absence, which no order ties to anything: that one
#: can follow is no news.
NOT_TOLD = "cannot be told"
#: Instead of a wait, where the coded dates put the later event first.
PRECEDES = "dated before it: worth a look"


class Wait(NamedTuple):
    """Days and working days from one event to one that does not precede it, least and most; None is
    open. `known` says in what way they are known, `left_open` which event has no earliest or no
    latest day, where that is why no days are told."""

    known: str = ""
    days_min: int | None = None
    days_max: int | None = None
    working_days_min: int | None = None
    working_days_max: int | None = None
    left_open: str = ""


class Next(NamedTuple):
    """The protective steps that can come next, whether one follows, and the days to them."""

    steps: tuple[str, ...] = ()
    follows: str = ""
    wait: Wait = Wait()


def waits_between(
    chronology: Chronology,
    pairs: Iterable[tuple[str, str]],
    calendar: WorkingCalendar | None = None,
    *,
    shown: Ints,
) -> list[Wait]:
    """For each pair, the days from the first event to the second, which does not precede it.

    No days are told on a side that the coding of one of them leaves open (`gaps.dated_region`), and
    none that are closer than what is `shown` beside ages (`windows.shown_windows`). Without a calendar
    the working days are not counted."""
    asked = list(pairs)
    waits = []
    for pair, days_known in zip(asked, gap_days(chronology.dated, asked), strict=True):
        if days_known is None:
            waits.append(Wait(NOT_ADMISSIBLE))
            continue
        if not_before(feasible_region(chronology, *pair)) is None:
            waits.append(Wait(PRECEDES))
            continue
        dated = dated_region(_in_order(chronology, *pair), *pair)
        left_open = _left_open(pair, dated)
        region = _from_0(shown_region(chronology, dated, *pair, shown))
        if days_known[2] or (region.gap_hi is None and not region.gap_lo):
            waits.append(Wait(ONLY_ORDER, left_open=left_open))
        else:
            days = region.gap_lo, region.gap_hi
            day_one = chronology.policy.working_day_one
            work = working_days(region, calendar, day_one) if calendar else (None, None)
            waits.append(Wait(way_known(*days), *days, *work, left_open))
    return waits


def _left_open(pair: tuple[str, str], region: PairRegion) -> str:
    """Which day of which event is open, where that leaves the days between two open."""
    (start, end), (from_lo, from_hi, to_lo, to_hi, days_min, days_max) = pair, region
    sides = (
        (f"{start}: no earliest day", from_lo, days_max),
        (f"{start}: no latest day", from_hi, days_min),
        (f"{end}: no earliest day", to_lo, days_min),
        (f"{end}: no latest day", to_hi, days_max),
    )
    return "; ".join(words for words, day, days in sides if day is None and days is None)


def _from_0(region: PairRegion) -> PairRegion:
    return region._replace(gap_lo=max(0, region.gap_lo or 0))


def not_before(region: PairRegion) -> PairRegion | None:
    """The days on which the second event does not precede the first; None if there are none."""
    if region.gap_hi is not None and region.gap_hi < 0:
        return None
    return _from_0(region)


def _in_order(chronology: Chronology, start: str, end: str) -> Chronology:
    """The chronology in which the second event does not precede the first: of dates with holes, the
    days that this leaves are no part of an interval, and the first of them need not be at once."""
    lowered = chronology.lowered
    inside = all(chronology.in_network(lowered.place[event]) for event in (start, end))
    if lowered.sets and inside and not _certain(feasible_region(chronology, start, end)):
        return chronology.in_order(start, end)
    return chronology


def follows(chronology: Chronology, concern: str, step: str) -> str:
    """Whether a step certainly or possibly follows a concern."""
    if not chronology.admissible:
        return ""
    return CERTAINLY if _certain(feasible_region(chronology, concern, step)) else POSSIBLY


def next_step(
    concern: str,
    steps: list[str],
    chronology: Chronology,
    calendar: WorkingCalendar | None,
    apart: bool,
    shown: Ints,
) -> Next:
    """The protective steps on record that can come next after a concern, and the days to them.

    A step that one that certainly follows never comes after is not the next. The least is over
    those that are left. The most is the least of what those that certainly follow can take: all of
    them can be as late as they can be at once. Of a concern that is `apart`, an absence, only what
    certainly follows is told."""
    steps = [step for step in steps if step != concern]
    if not steps:
        return Next(follows=NONE_ON_RECORD)
    if not chronology.admissible:
        return Next(wait=Wait(NOT_ADMISSIBLE))
    regions = {step: feasible_region(chronology, concern, step) for step in steps}
    may = [step for step, region in regions.items() if not_before(region)]
    sure = [step for step in may if _certain(regions[step])]
    if not may:
        return Next(follows=NONE_ON_RECORD)

    def passed(step: str) -> bool:
        spans = (
            feasible_region(chronology, step_before, step)
            for step_before in sure
            if step_before != step
        )
        return any(_certain(span) and span.gap_hi != 0 for span in spans)

    next_ = [step for step in may if not passed(step)]
    asked = [(concern, step) for step in next_]
    waits = waits_between(chronology, asked, calendar, shown=shown)
    certain = [wait for step, wait in zip(next_, waits, strict=True) if step in sure]
    days_max, working_most = (
        min((days for wait in certain if (days := getattr(wait, name)) is not None), default=None)
        for name in ("days_max", "working_days_max")
    )
    # Of what only an order ties to the concern, no more is known than that it can be at once.
    days_min, working_least = (
        min(getattr(wait, name) or 0 for wait in waits) for name in ("days_min", "working_days_min")
    )
    ordered = [wait.known == ONLY_ORDER for wait in waits]
    if not sure and (all(ordered) or apart):
        return Next(follows=NOT_TOLD)
    open_days = (side for wait in waits for side in wait.left_open.split("; ") if side)
    left_open = "; ".join(dict.fromkeys(open_days))
    wait = Wait(ONLY_ORDER, left_open=left_open)
    if days_min or days_max is not None or not any(ordered):
        wait = Wait(
            way_known(days_min, days_max),
            days_min,
            days_max,
            working_least,
            working_most,
            left_open,
        )
    return Next(tuple(next_), CERTAINLY if sure else POSSIBLY, wait)


def _certain(region: PairRegion) -> bool:
    """Whether the second event is certainly no earlier than the first."""
    return region.gap_lo is not None and region.gap_lo >= 0
