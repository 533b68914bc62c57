"""What becomes of each verdict on a timescale under every combination of choices?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.clocks import Clock, Stated, clocks_where, coded, stated_of, step_point
from casechron.analysis.columns import ids_where
from casechron.analysis.combinations import CONVENTION, Combinations
from casechron.analysis.conclusions import Conclusion, as_given, by_structure, said_alike, value_at
from casechron.analysis.structures import Index
from casechron.analysis.timescale_rules import Rule, rules
from casechron.analysis.verdicts import NOT_APPLICABLE, UNDETERMINED, end_by_due, judged
from casechron.chronology import Chronology, PairRegion
from casechron.chronology.calendars import CalendarError, WorkingCalendar
from casechron.chronology.network import Ints, closed
from casechron.coding.policy import DatingPolicy

__all__ = ["clock_events", "verdicts"]


def verdicts(
    combined: Combinations,
    chronology: Chronology,
    jurisdiction: str,
    calendar: WorkingCalendar,
    end: str,
) -> list[Conclusion]:
    """One conclusion per clock that a rule in force may set running; `chronology` is that of the
    tables as given."""
    ours = {rule.rule: rule for rule in rules() if rule.jurisdiction == jurisdiction}
    policy, each = chronology.policy, combined.structures.each
    first = {rule.rule: rule for rule in reversed(rules()) if rule.jurisdiction == jurisdiction}
    there = _running(combined, chronology, ours)
    running = there[as_given(combined)]
    said = each(
        ("events", "links"),
        partial(
            stated_of, asked=[(first[name], clock) for name in ours for clock in running[name]]
        ),
    )
    found = []
    for name in ours:
        for clock in running[name]:
            stated = {
                key: said[key][clock] if clock in others[name] else None
                for key, others in there.items()
            }
            regions = _regions(
                combined, clock, end, step_point(chronology, clock.end) if clock.end else ""
            )
            values = by_structure(
                combined,
                stated,
                partial(_judged, combined, jurisdiction, calendar, name, clock, policy, regions),
            )
            given = str(value_at(values, as_given(combined)))
            if given == NOT_APPLICABLE and not _in_force(
                name, jurisdiction, regions, combined.admissible
            ):
                continue
            about = " to ".join((clock.start or "not on record", clock.end or "nothing on record"))
            found.append(
                said_alike(
                    combined,
                    f"{ours[name].title} ({about})",
                    f"{name} {clock.start} {clock.end}",
                    values,
                )
            )
    return found


def _running(
    combined: Combinations, chronology: Chronology, ours: Mapping[str, Rule]
) -> dict[Index, dict[str, list[Clock]]]:
    """The clocks of each rule under each combination of the structural choices."""
    place = chronology.lowered.place
    said = combined.structures.each(("events", "links", "involvement", "agencies"), coded)

    def follows(key: Index, start: str, end: str, after: bool) -> bool:
        # As `clocks.may_follow`, of the chronology of this combination.
        if not value_at(combined.admissible, key):
            return place[end] > place[start]
        return bool(value_at(combined.days(start, end)[1], key) >= int(after))

    return {
        key: clocks_where(there, partial(follows, key), ours.values())
        for key, there in said.items()
    }


def clock_events(tables: Mapping[str, pd.DataFrame], ours: Mapping[str, Rule]) -> set[str]:
    """The events that may start or stop a clock of these rules, as read or under another
    reading."""
    kinds = {kind for rule in ours.values() for kind in (*rule.starts, *rule.ends)}
    read = ids_where(tables["readings"], "column", {"kind"}, "row")
    return {
        *ids_where(tables["events"], "kind", kinds),
        *(row for row in read if row in set(tables["events"]["id"])),
    }


def _in_force(
    name: str, jurisdiction: str, regions: Sequence[Ints], admissible: NDArray[np.bool_]
) -> bool:
    firsts, lasts, held = np.broadcast_arrays(regions[0], regions[1], admissible)
    if not held.any():
        return True
    first, last = closed(int(firsts[held].min())), closed(int(lasts[held].max()))
    return any(
        rule.rule == name and rule.jurisdiction == jurisdiction and rule.may_apply(first, last)
        for rule in rules()
    )


def _regions(combined: Combinations, clock: Clock, end: str, point: str) -> list[Ints]:
    """First and last day of the clock's first known event, then the regions to its end and to the
    end of the account."""
    known = clock.start or clock.end
    arrays = [*combined.window(known)]
    asked = (
        (clock.end if clock.start else "", point),
        (end if clock.start and end != clock.start else "", "start"),
    )
    for other, of in asked:
        if not other:
            arrays += [np.zeros((1,) * len(combined.choices), dtype=np.int64)] * 4
            continue
        arrays += [*combined.window(other, of), *combined.days(known, other, end_point=of)]
    return arrays


def _judged(
    combined: Combinations,
    jurisdiction: str,
    calendar: WorkingCalendar,
    name: str,
    clock: Clock,
    policy: DatingPolicy,
    regions: Sequence[Ints],
    stated: Stated | None,
) -> NDArray[Any]:
    """The verdicts over all combinations if this is stated of the clock (None: it does not run):
    each set of windows once."""
    axis = combined.axis(CONVENTION)
    conventions = [policy.working_day_one]
    if axis is not None:
        conventions += [option.partition(" = ")[2] for option in combined.choices[axis].options[1:]]
    if stated is None:
        return np.full((1,) * len(combined.choices), NOT_APPLICABLE, dtype=object)
    distinct, back = _distinct(regions)
    columns = []
    for day_one in conventions:
        said = [
            _verdict(stated, jurisdiction, calendar, name, clock, tuple(row), day_one)
            for row in distinct
        ]
        columns.append(np.array(said, dtype=object)[back])
    return columns[0] if axis is None else np.concatenate(columns, axis=axis)


def _distinct(regions: Sequence[Ints]) -> tuple[list[list[int]], Ints]:
    """The distinct sets of values that arrays take together, and for each combination which of
    them."""
    rows: list[list[int]] = [[]]
    back: Ints = np.zeros((1,) * regions[0].ndim, dtype=np.int64)
    for array in regions:
        values, own = np.unique(array, return_inverse=True)
        pairs, back = np.unique(back * len(values) + own.reshape(array.shape), return_inverse=True)
        back = (
            back.reshape(np.broadcast_shapes(back.shape, array.shape)) if back.ndim == 1 else back
        )
        rows = [
            [*rows[pair // len(values)], int(values[pair % len(values)])] for pair in pairs.tolist()
        ]
    return rows, back


@lru_cache(maxsize=1024)
def _verdict(
    stated: Stated,
    jurisdiction: str,
    calendar: WorkingCalendar,
    name: str,
    clock: Clock,
    row: tuple[int, ...],
    day_one: str,
) -> str:
    numbers = [closed(value) for value in row]
    first, last = numbers[:2]
    region = PairRegion(first, last, *numbers[2:6]) if clock.start and clock.end else None
    ended = PairRegion(first, last, *numbers[6:10]) if clock.start and any(row[6:10]) else None
    said = []
    for rule in rules():
        if (
            rule.rule != name
            or rule.jurisdiction != jurisdiction
            or not rule.may_apply(first, last)
        ):
            continue
        try:
            by_due = end_by_due(rule, ended, calendar, day_one) if ended else ""
            said.append(judged(rule, clock, stated, region, by_due, calendar, day_one))
        except (CalendarError, ValueError):
            # No date pair, or none that the calendar reaches: nothing that a verdict could rest on.
            said.append(UNDETERMINED)
    return "; ".join(dict.fromkeys(said)) or NOT_APPLICABLE
