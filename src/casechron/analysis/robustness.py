"""Which conclusions hold however the vague dates are read, and which choice flips the others?

A conclusion is a verdict or a headline number as it stands under the policy given. It holds under another combination of
choices if the verdict is the same, or if the number stays within the bounds first given. A combination under which no
chronology is admissible says nothing either way and is counted as that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations as chosen_together

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.combinations import CONVENTION, Combinations, combinations, lean
from casechron.analysis.concerns import end_event, rows_with
from casechron.analysis.intervals import NOTHING, ONLY_ORDER, whole_numbers
from casechron.analysis.run_up import counted_concerns
from casechron.analysis.timescale_rules import rules
from casechron.analysis.timescales import NOT_APPLICABLE, Clock, clocks, end_by_due, judged
from casechron.analysis.timing import ANSWERED, STATED_ABSENCE, response_gaps
from casechron.chronology import PairRegion, attempt
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import OPEN, Ints, closed
from casechron.chronology.working_days import CalendarError, WorkingCalendar, working_calendar
from casechron.coding.policy import DatingPolicy

__all__ = [
    "ALL", "MOST", "NONE", "SOME", "Conclusion", "Every", "choices_combined", "conclusions_by_choice", "every_combination",
    "robust_conclusions",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]
Index = tuple[int, ...]
Counted = Mapping[tuple[int, ...], pd.DataFrame]

ALL, MOST, SOME, NONE = "all", "most", "some", "none"
HOLDS, CHANGES = "holds", "changes"


@dataclass(frozen=True, eq=False)
class Conclusion:
    """One conclusion: under which combinations it holds, what is said under one of them, and the spread under all."""

    about: str
    name: str
    text: str
    holds: NDArray[np.bool_]
    said: Callable[[Index], str]
    spread: Callable[[NDArray[np.bool_]], str]


@dataclass(frozen=True, eq=False)
class Every:
    """All conclusions of a review under all combinations of its choices."""

    combined: Combinations
    conclusions: tuple[Conclusion, ...]


def every_combination(tables: Tables, policy: DatingPolicy, jurisdiction: str, *, until: str = "") -> Every:
    """All verdicts and headline numbers of a review under every combination of choices, to be asked about.

    `tables` as read under `policy`. The tables made from it are `robust_conclusions`, `conclusions_by_choice` and
    `choices_combined`.
    """
    calendar = working_calendar(jurisdiction)
    chronology = attempt(tables["events"], tables["relations"], policy)
    end = end_event(tables, until)
    gaps = response_gaps(tables, chronology, jurisdiction, until=until)
    counted = counted_concerns(tables)
    ours = [rule for rule in rules() if rule.jurisdiction == jurisdiction]
    running = {rule.rule: clocks(tables, chronology, rule) for rule in ours}
    wanted = {*gaps["concern"], *gaps["answer"], *counted["concern"], *counted["on_record_by"], end}
    wanted |= {*rows_with(tables, "decision"), *rows_with(tables, "protective")}
    wanted |= {event for found in running.values() for clock in found for event in (clock.start, clock.end)}
    combined = combinations(tables, policy, wanted - {""})
    rows = {key: counted_concerns(read) for key, read in combined.variants.items()}
    found = [
        *_verdicts(combined, policy, jurisdiction, calendar, running, end),
        *_waits(combined, gaps, end),
        *_steps(combined, tables, end),
        *_first_to_first(combined, rows),
        *_closures(combined, tables, rows),
        *_before_decisions(combined, tables, rows),
    ]
    return Every(combined, tuple(found))


def robust_conclusions(every: Every) -> pd.DataFrame:
    """Which conclusions hold under all, most, some or none of the combinations, and what flips the others?

    One row per conclusion. `combinations` counts those of the choices that bear on it or on whether any chronology is
    admissible; of these it `holds`, `changes`, or there is `no_admissible_chronology`. `hold_under` is 'all', 'most' (more
    than half), 'some' or 'none' of the combinations with an admissible chronology. `flipped_by` are the options that
    change it alone, all else as given; failing that, the fewest that do so together. `under_all` is what is said over
    all admissible combinations.
    """
    admissible = lean(every.combined.admissible)
    rows = []
    for one in every.conclusions:
        holds, open_ = np.broadcast_arrays(lean(one.holds), admissible)
        kept, changed, gone = int((holds & open_).sum()), int((~holds & open_).sum()), int((~open_).sum())
        under = ALL if kept and not changed else NONE if not kept else MOST if kept > changed else SOME
        rows.append((kept, changed, gone, under, _flips(every, one), one.spread(every.combined.admissible)))
    return pd.DataFrame(
        {
            "about": texts(one.about for one in every.conclusions),
            "conclusion": texts(one.text for one in every.conclusions),
            "hold_under": texts(row[3] for row in rows),
            "combinations": whole_numbers(row[0] + row[1] + row[2] for row in rows),
            "holds": whole_numbers(row[0] for row in rows),
            "changes": whole_numbers(row[1] for row in rows),
            "no_admissible_chronology": whole_numbers(row[2] for row in rows),
            "flipped_by": texts(row[4] for row in rows),
            "under_all": texts(row[5] for row in rows),
        }
    )


def conclusions_by_choice(every: Every) -> pd.DataFrame:
    """What does each single choice do to each conclusion?

    One row per conclusion and option, all other choices as given; the first option of each conclusion is 'as given'.
    `outcome` is 'holds', 'changes' or 'no admissible chronology', `said` what is then said. Options that change no
    conclusion alone and none together with others are left out (`choices_combined` names them).
    """
    rows = []
    shown = [(-1, 0, "as given"), *((axis, at, option) for axis, at, option in _options(every) if _bears(every, axis))]
    for one in every.conclusions:
        for axis, at, option in shown:
            index = _alone(every, [(axis, at)] if axis >= 0 else [])
            outcome = _outcome(every, one, index)
            rows.append((one.about, one.text, option, outcome, one.said(index) if outcome != NOT_ADMISSIBLE else ""))
    return pd.DataFrame(rows, columns=["about", "conclusion", "choice", "outcome", "said"], dtype="str")


def choices_combined(every: Every) -> pd.DataFrame:
    """Which choices were combined, and which were folded because they change nothing?

    One row per option. `treatment` is 'combined', 'combined; changes no conclusion', 'folded: changes no statement', or
    'held as given: too many to combine'. `alone` says whether a chronology is admissible under the option alone.
    """
    rows = []
    for axis, at, option in _options(every):
        alone = bool(_pick(every.combined.admissible, _alone(every, [(axis, at)])))
        rows.append((option, "combined" if _bears(every, axis) else "combined; changes no conclusion", "admissible" if alone else NOT_ADMISSIBLE))
    rows += [(option, "folded: changes no statement", "as given") for option in every.combined.folded]
    rows += [(option, "held as given: too many to combine", "") for option in every.combined.held]
    return pd.DataFrame(rows, columns=["option", "treatment", "alone"], dtype="str")


def _verdicts(
    combined: Combinations, policy: DatingPolicy, jurisdiction: str, calendar: WorkingCalendar, running: Mapping[str, list[Clock]], end: str
) -> list[Conclusion]:
    """One conclusion per clock that a rule in force may set running."""
    ours = [rule for rule in rules() if rule.jurisdiction == jurisdiction]
    titles = {rule.rule: rule.title for rule in ours}
    under = {key: attempt(read["events"], read["relations"], policy) for key, read in combined.variants.items()}
    there = {
        (key, name): set(clocks(read, under[key], next(rule for rule in ours if rule.rule == name)))
        for key, read in combined.variants.items()
        for name in running
    }
    found = []
    for name, own in running.items():
        for clock in own:
            regions = _regions(combined, clock, end)
            judge = _judge(combined, jurisdiction, calendar, name, clock, policy, there)
            values = _by_structure(combined, lambda key, judge=judge, regions=regions: judge(key, regions))  # type: ignore[misc]
            given = str(_pick(values, _none(combined)))
            if given == NOT_APPLICABLE and not (values != given).any() and not _in_force(name, jurisdiction, regions):
                continue
            about = " to ".join(event or "not on record" for event in (clock.start, clock.end or "nothing on record"))
            found.append(_said_alike(f"{titles[name]} ({about}): {given}", f"timescale {name} {clock.start} {clock.end}", values))
    return found


def _in_force(name: str, jurisdiction: str, regions: Sequence[Ints]) -> bool:
    first, last = closed(int(regions[0].min())), closed(int(regions[1].max()))
    return any(rule.rule == name and rule.jurisdiction == jurisdiction and rule.may_apply(first, last) for rule in rules())


def _regions(combined: Combinations, clock: Clock, end: str) -> list[Ints]:
    """First and last day of the clock's first known event, then the regions to its end and to the end of the account."""
    known = clock.start or clock.end
    arrays = [*combined.window(known)]
    for other in (clock.end if clock.start else "", end if clock.start and end != clock.start else ""):
        if not other:
            arrays += [np.zeros((1,) * len(combined.choices), dtype=np.int64)] * 4
            continue
        arrays += [*combined.window(other), *combined.days(known, other)]
    return arrays


def _judge(
    combined: Combinations,
    jurisdiction: str,
    calendar: WorkingCalendar,
    name: str,
    clock: Clock,
    policy: DatingPolicy,
    there: Mapping[tuple[Index, str], set[Clock]],
) -> Callable[[Index, Sequence[Ints]], NDArray[np.str_]]:
    """The verdicts over the combinations of one structure: each distinct set of windows is judged once."""
    axis = combined.axis(CONVENTION)
    conventions = [policy.working_day_one]
    if axis is not None:
        conventions += [option.partition(" = ")[2] for option in combined.choices[axis].options[1:]]
    known: dict[tuple[object, ...], str] = {}

    def judge(key: Index, regions: Sequence[Ints]) -> NDArray[np.str_]:
        if clock not in there[key, name]:
            return np.full((1,) * len(combined.choices), NOT_APPLICABLE, dtype=object)  # type: ignore[return-value]
        arrays = np.broadcast_arrays(*(_slice(array, key, combined) for array in regions))
        stacked = np.stack([array.ravel() for array in arrays], axis=-1)
        distinct, back = np.unique(stacked, axis=0, return_inverse=True)
        columns = []
        for day_one in conventions:
            said = []
            for row in distinct.tolist():
                asked = (key, day_one, *row)
                if asked not in known:
                    known[asked] = _verdict(combined.variants[key], jurisdiction, calendar, name, clock, row, day_one)
                said.append(known[asked])
            columns.append(np.array(said, dtype=object)[back.ravel()].reshape(arrays[0].shape))
        return columns[0] if axis is None else np.concatenate(columns, axis=axis)  # type: ignore[return-value]

    return judge


def _verdict(
    tables: Tables, jurisdiction: str, calendar: WorkingCalendar, name: str, clock: Clock, row: list[int], day_one: str
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
            said.append(judged(tables, rule, clock, region, by_due, calendar, day_one))
        except (CalendarError, ValueError):
            # No date pair, or none that the calendar reaches: nothing that a verdict could rest on.
            said.append("undetermined")
    return "; ".join(dict.fromkeys(said)) or NOT_APPLICABLE


def _waits(combined: Combinations, gaps: pd.DataFrame, end: str) -> list[Conclusion]:
    """The waits whose days are known, and how long a stated absence was observed."""
    found = []
    for row in gaps.itertuples(index=False):
        other = row.answer if row.state == ANSWERED else end if row.state == STATED_ABSENCE else ""
        if other and (row.known or row.observed_known) not in (ONLY_ORDER, NOTHING):
            about = "response gap" if row.state == ANSWERED else "no answer observed"
            found.append(_interval(combined, about, f"{row.concern} to {other}", combined.days(row.concern, other)))
    unique = {one.text: one for one in found if one is not None}
    return list(unique.values())


def _steps(combined: Combinations, tables: Tables, end: str) -> list[Conclusion]:
    found = [
        _interval(combined, "protective step", f"{step} to {end}", combined.days(step, end))
        for step in rows_with(tables, "protective")
        if end and step != end
    ]
    return [one for one in found if one is not None]


def _first_to_first(combined: Combinations, rows: Counted) -> list[Conclusion]:
    """The first concern to the first protective step, over all concerns and over those passed on."""
    found = []
    for passed_on in (False, True):

        def span(key: Index, side: int, passed_on: bool = passed_on) -> Ints:
            read = combined.variants[key]
            starts = list(dict.fromkeys(rows[key]["on_record_by"]))
            if passed_on:
                starts = [one for one in starts if one in set(rows_with(read, "telling"))]
            steps = rows_with(read, "protective")
            if not starts or not steps:
                return np.full((1,) * len(combined.choices), OPEN if side else -OPEN, dtype=np.int64)
            days = {
                (i, j): _slice(combined.days(one, step)[side], key, combined)
                for i, one in enumerate(starts)
                for j, step in enumerate(steps)
            }
            if side:
                return _fold(np.maximum, (_fold(np.minimum, (days[i, j] for j in range(len(steps)))) for i in range(len(starts))))
            return _fold(np.minimum, (_fold(np.maximum, (days[i, j] for i in range(len(starts)))) for j in range(len(steps))))

        both = (
            _by_structure(combined, lambda key, span=span: span(key, 0)),  # type: ignore[misc]
            _by_structure(combined, lambda key, span=span: span(key, 1)),  # type: ignore[misc]
        )
        scope = "first concern passed on" if passed_on else "first concern"
        found.append(_interval(combined, "first concern to first step", f"{scope} to first protective step", both))
    return [one for one in found if one is not None]


def _closures(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """By when the next concern after each closure certainly came."""
    kinds = dict(zip(tables["events"]["id"], tables["events"]["kind"], strict=True))
    found = []
    for closure in [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]:

        def latest(key: Index, closure: str = closure) -> Ints:
            reached = []
            for one in dict.fromkeys(rows[key]["on_record_by"]):
                if one != closure:
                    least, most = (_slice(array, key, combined) for array in combined.days(closure, one))
                    reached.append(np.where(least >= 1, most, OPEN))
            return _fold(np.minimum, reached) if reached else np.full((1,) * len(combined.choices), OPEN, dtype=np.int64)

        most = _by_structure(combined, latest)
        least = np.ones((1,) * len(combined.choices), dtype=np.int64)
        if _pick(most, _none(combined)) < OPEN:
            found.append(_interval(combined, "next concern after a closure", f"{closure} to the next concern", (least, most)))
    return [one for one in found if one is not None]


def _before_decisions(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """At least how many concerns stood on record before each decision."""
    found = []
    for decision in rows_with(tables, "decision"):

        def least(key: Index, decision: str = decision) -> Ints:
            own = rows[key]
            total = np.zeros((1,) * len(combined.choices), dtype=np.int64)
            for concern, by, low in zip(own["concern"], own["on_record_by"], own["count_min"], strict=True):
                if decision not in (concern, by):
                    first = _slice(combined.days(by, decision)[0], key, combined) >= 0
                    last = _slice(combined.days(by, decision, start_point="end")[0], key, combined) >= 0
                    total = total + np.where(last, int(low), first.astype(np.int64))
            return total

        values = _by_structure(combined, least)
        given = int(_pick(values, _none(combined)))
        noun = "concern" if given == 1 else "concerns"
        found.append(
            Conclusion(
                "concerns on record",
                decision,
                f"{decision}: at least {given} {noun} on record before it",
                values >= given,
                lambda index, values=values: f"at least {int(_pick(values, index))}",  # type: ignore[misc]
                lambda held, values=values: _spread_of_counts(values, held),  # type: ignore[misc]
            )
        )
    return found


def _interval(combined: Combinations, about: str, name: str, days: tuple[Ints, Ints]) -> Conclusion | None:
    """A conclusion about a number of days, if anything bounds it under the policy given."""
    least, most = (lean(array) for array in days)
    at = _none(combined)
    low, high = int(_pick(least, at)), int(_pick(most, at))
    if low <= -OPEN // 2 and high >= OPEN // 2:
        return None

    def said(index: Index) -> str:
        return _days_words(int(_pick(least, index)), int(_pick(most, index)))

    def spread(held: NDArray[np.bool_]) -> str:
        one, other, open_ = np.broadcast_arrays(least, most, held)
        return _days_words(int(one[open_].min()), int(other[open_].max())) if open_.any() else NOT_ADMISSIBLE

    return Conclusion(about, name, f"{name}: {_days_words(low, high)}", (least >= low) & (most <= high), said, spread)


def _said_alike(text: str, name: str, values: NDArray[np.str_]) -> Conclusion:
    """A conclusion that holds where the same is said."""
    values = lean(values)
    given = values[(0,) * values.ndim]

    def spread(held: NDArray[np.bool_]) -> str:
        found, open_ = np.broadcast_arrays(values, held)
        return "; ".join(sorted(set(found[open_].tolist()))) if open_.any() else NOT_ADMISSIBLE

    return Conclusion("timescale", name, text, np.asarray(values == given, dtype=bool), lambda index: str(_pick(values, index)), spread)


def _spread_of_counts(values: Ints, held: NDArray[np.bool_]) -> str:
    found, open_ = np.broadcast_arrays(values, held)
    if not open_.any():
        return NOT_ADMISSIBLE
    low, high = int(found[open_].min()), int(found[open_].max())
    return f"at least {low}" if low == high else f"at least {low} to at least {high}"


def _days_words(least: int, most: int) -> str:
    """Days in words; a bound that is none stays out.

    >>> _days_words(1, 1), _days_words(0, 40), _days_words(5, OPEN), _days_words(-OPEN, 7)
    ('1 day', '0 to 40 days', 'at least 5 days', 'at most 7 days')
    """
    low, high = closed(least), closed(most)
    if low is None or high is None:
        if low is high:
            return "not bounded"
        bound = low if high is None else high
        return f"at {'least' if high is None else 'most'} {bound} day{'' if bound == 1 else 's'}"
    return f"{low} day{'' if low == 1 else 's'}" if low == high else f"{low} to {high} days"


def _by_structure(combined: Combinations, value: Callable[[Index], NDArray[np.generic]]) -> NDArray[np.generic]:
    """One array from a value for each combination of the structural choices."""
    parts = {key: value(key) for key in combined.variants}
    shape = list(np.broadcast_shapes(*(part.shape for part in parts.values())))
    for axis, choice in enumerate(combined.choices):
        if choice.structural:
            shape[axis] = len(choice.options)
    whole = np.empty(shape, dtype=next(iter(parts.values())).dtype)
    for key, part in parts.items():
        at = tuple(
            slice(key[axis], key[axis] + 1) if choice.structural else slice(None) for axis, choice in enumerate(combined.choices)
        )
        whole[at] = part
    return lean(whole)


def _slice(array: NDArray[np.int64], key: Index, combined: Combinations) -> Ints:
    """An array at one combination of the structural choices; their axes stay, of length 1."""
    at = tuple(
        slice(key[axis], key[axis] + 1) if choice.structural and array.shape[axis] > 1 else slice(None)
        for axis, choice in enumerate(combined.choices)
    )
    return array[at]


def _fold(step: Callable[[Ints, Ints], Ints], arrays: Iterable[Ints]) -> Ints:
    found: Ints | None = None
    for array in arrays:
        found = array if found is None else step(found, array)
    assert found is not None
    return found


def _none(combined: Combinations) -> Index:
    return (0,) * len(combined.choices)


def _pick(array: NDArray[np.generic], index: Index) -> np.generic:
    return array[tuple(at if size > 1 else 0 for at, size in zip(index, array.shape, strict=True))]


def _options(every: Every) -> list[tuple[int, int, str]]:
    return [(axis, at, option) for axis, choice in enumerate(every.combined.choices) for at, option in enumerate(choice.options) if at]


def _alone(every: Every, chosen: Iterable[tuple[int, int]]) -> Index:
    index = [0] * len(every.combined.choices)
    for axis, at in chosen:
        index[axis] = at
    return tuple(index)


def _bears(every: Every, axis: int) -> bool:
    """Whether a choice changes any conclusion, or whether a chronology is admissible, under some combination."""
    arrays = [every.combined.admissible, *(one.holds for one in every.conclusions)]
    return any(lean(array).shape[axis] > 1 for array in arrays)


def _outcome(every: Every, one: Conclusion, index: Index) -> str:
    if not _pick(every.combined.admissible, index):
        return NOT_ADMISSIBLE
    return HOLDS if _pick(one.holds, index) else CHANGES


def _flips(every: Every, one: Conclusion) -> str:
    """The options that change a conclusion alone; else the smallest combinations of two or three that do."""
    options = [(axis, at, name) for axis, at, name in _options(every) if lean(one.holds).shape[axis] > 1]
    for size in (1, 2, 3):
        found = [
            " with ".join(name for _, _, name in some)
            for some in chosen_together(options, size)
            if len({axis for axis, _, _ in some}) == size
            and _outcome(every, one, _alone(every, [(axis, at) for axis, at, _ in some])) == CHANGES
        ]
        if found:
            return "; ".join(found)
    return ""
