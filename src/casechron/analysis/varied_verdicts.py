"""What becomes of each verdict on a timescale under every combination of choices?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casechron.analysis.clocks import Clock, Stated, clocks, stated_of, step_point
from casechron.analysis.combinations import CONVENTION, Combinations
from casechron.analysis.conclusions import Conclusion, Index, as_given, at_structure, by_structure, said_alike, value_at
from casechron.analysis.timescale_rules import rules
from casechron.analysis.verdicts import NOT_APPLICABLE, UNDETERMINED, end_by_due, judged
from casechron.chronology import PairRegion, attempt
from casechron.chronology.network import Ints, closed
from casechron.chronology.working_days import CalendarError, WorkingCalendar
from casechron.coding.codebook import codebook
from casechron.coding.policy import DatingPolicy

__all__ = ["alike", "verdicts"]


def alike(combined: Combinations) -> dict[Index, Index]:
    """For each combination of structural choices the first one whose tables count and check the same."""
    book = codebook()
    knowing = {
        role: (role == "received", code.flags & {"later", "knows"}) for role, code in book.codes("involvement_role").items()
    }
    first: dict[tuple[object, ...], Index] = {}
    found = {}
    for key, read in combined.variants.items():
        events, rows, links = read["events"], read["involvement"], read["links"]
        said = (
            tuple(events[["id", "kind", "count_min", "count_max", "absence"]].itertuples(index=False, name=None)),
            tuple(
                (event, agency, knowing[role])
                for event, agency, role in zip(rows["event"], rows["agency"], rows["role"], strict=True)
            ),
            tuple(links[["type", "from_row", "to_row"]].itertuples(index=False, name=None)),
        )
        found[key] = first.setdefault(said, key)
    return found


def verdicts(
    combined: Combinations,
    policy: DatingPolicy,
    jurisdiction: str,
    calendar: WorkingCalendar,
    running: Mapping[str, list[Clock]],
    end: str,
    same: Mapping[Index, Index],
) -> list[Conclusion]:
    """One conclusion per clock that a rule in force may set running."""
    ours = {rule.rule: rule for rule in rules() if rule.jurisdiction == jurisdiction}
    there: dict[tuple[Index, str], set[Clock]] = {}
    given_tables = combined.variants[as_given(combined)]
    shapes = attempt(given_tables["events"], given_tables["relations"], policy)
    for key in dict.fromkeys(same.values()):
        read = combined.variants[key]
        under = attempt(read["events"], read["relations"], policy)
        there |= {(key, name): set(clocks(read, under, ours[name])) for name in running}
    found = []
    for name, own in running.items():
        for clock in own:
            regions = _regions(combined, clock, end, step_point(shapes, clock.end) if clock.end else "")
            judge = _judge(combined, jurisdiction, calendar, name, clock, policy, there, same)
            values = by_structure(combined, lambda key, judge=judge, regions=regions: judge(key, regions))  # type: ignore[misc]
            given = str(value_at(values, as_given(combined)))
            if given == NOT_APPLICABLE and not _in_force(name, jurisdiction, regions):
                continue
            about = " to ".join((clock.start or "not on record", clock.end or "nothing on record"))
            found.append(said_alike(f"{ours[name].title} ({about}): {given}", f"{name} {clock.start} {clock.end}", values))
    return found


def _in_force(name: str, jurisdiction: str, regions: Sequence[Ints]) -> bool:
    first, last = closed(int(regions[0].min())), closed(int(regions[1].max()))
    return any(rule.rule == name and rule.jurisdiction == jurisdiction and rule.may_apply(first, last) for rule in rules())


def _regions(combined: Combinations, clock: Clock, end: str, point: str) -> list[Ints]:
    """First and last day of the clock's first known event, then the regions to its end and to the end of the account."""
    known = clock.start or clock.end
    arrays = [*combined.window(known)]
    asked = ((clock.end if clock.start else "", point), (end if clock.start and end != clock.start else "", "start"))
    for other, of in asked:
        if not other:
            arrays += [np.zeros((1,) * len(combined.choices), dtype=np.int64)] * 4
            continue
        arrays += [*combined.window(other, of), *combined.days(known, other, end_point=of)]
    return arrays


def _judge(
    combined: Combinations,
    jurisdiction: str,
    calendar: WorkingCalendar,
    name: str,
    clock: Clock,
    policy: DatingPolicy,
    there: Mapping[tuple[Index, str], set[Clock]],
    same: Mapping[Index, Index],
) -> Callable[[Index, Sequence[Ints]], NDArray[Any]]:
    """The verdicts over the combinations of one structure: each distinct set of windows is judged once."""
    axis = combined.axis(CONVENTION)
    conventions = [policy.working_day_one]
    if axis is not None:
        conventions += [option.partition(" = ")[2] for option in combined.choices[axis].options[1:]]
    known: dict[tuple[object, ...], str] = {}

    def judge(key: Index, regions: Sequence[Ints]) -> NDArray[Any]:
        first = same[key]
        if clock not in there[first, name]:
            return np.full((1,) * len(combined.choices), NOT_APPLICABLE, dtype=object)
        stated = stated_of(combined.variants[first], next(rule for rule in rules() if rule.rule == name), clock)
        arrays = np.broadcast_arrays(*(at_structure(array, key, combined) for array in regions))
        stacked = np.stack([array.ravel() for array in arrays], axis=-1)
        distinct, back = np.unique(stacked, axis=0, return_inverse=True)
        columns = []
        for day_one in conventions:
            said = []
            for row in distinct.tolist():
                asked = (stated, day_one, *row)
                if asked not in known:
                    known[asked] = _verdict(stated, jurisdiction, calendar, name, clock, row, day_one)
                said.append(known[asked])
            columns.append(np.array(said, dtype=object)[back.ravel()].reshape(arrays[0].shape))
        return columns[0] if axis is None else np.concatenate(columns, axis=axis)

    return judge


def _verdict(
    stated: Stated, jurisdiction: str, calendar: WorkingCalendar, name: str, clock: Clock, row: list[int], day_one: str
) -> str:
    numbers = [closed(value) for value in row]
    first, last = numbers[:2]
    region = PairRegion(first, last, *numbers[2:6]) if clock.start and clock.end else None
    ended = PairRegion(first, last, *numbers[6:10]) if clock.start and any(row[6:10]) else None
    said = []
    for rule in rules():
        if rule.rule != name or rule.jurisdiction != jurisdiction or not rule.may_apply(first, last):
            continue
        try:
            by_due = end_by_due(rule, ended, calendar, day_one) if ended else ""
            said.append(judged(rule, clock, stated, region, by_due, calendar, day_one))
        except (CalendarError, ValueError):
            # No date pair, or none that the calendar reaches: nothing that a verdict could rest on.
            said.append(UNDETERMINED)
    return "; ".join(dict.fromkeys(said)) or NOT_APPLICABLE
