"""Which verdicts and numbers are concluded, and what becomes of each under every combination of choices?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.combinations import Combinations, lean
from casechron.analysis.concerns import rows_with
from casechron.analysis.intervals import NOTHING, ONLY_ORDER, rows_of
from casechron.analysis.timing import ANSWERED, STATED_ABSENCE
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, Ints, closed

__all__ = [
    "Conclusion",
    "Index",
    "as_given",
    "at_structure",
    "by_structure",
    "concerns_on_record",
    "first_to_first",
    "next_concerns",
    "said_alike",
    "steps_to_end",
    "value_at",
    "waits",
]

Tables = Mapping[str, pd.DataFrame]
Index = tuple[int, ...]
Counted = Mapping[Index, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Conclusion:
    """One conclusion: under which combinations it holds, what is said under one of them, and the spread under all."""

    about: str
    name: str
    text: str
    holds: NDArray[np.bool_]
    said: Callable[[Index], str]
    spread: Callable[[NDArray[np.bool_]], str]


def waits(combined: Combinations, gaps: pd.DataFrame, end: str) -> list[Conclusion]:
    """The waits whose days are known, and how long a stated absence was observed."""
    found = []
    for row in rows_of(gaps):
        other = row.answer if row.state == ANSWERED else end if row.state == STATED_ABSENCE else ""
        if other and (row.known or row.observed_known) not in (ONLY_ORDER, NOTHING):
            about = "response gap" if row.state == ANSWERED else "no answer observed"
            found.append(_interval(combined, about, f"{row.concern} to {other}", combined.days(row.concern, other)))
    unique = {one.text: one for one in found if one is not None}
    return list(unique.values())


def steps_to_end(combined: Combinations, tables: Tables, end: str) -> list[Conclusion]:
    """How long before the end of the account each protective step was taken."""
    found = [
        _interval(combined, "protective step", f"{step} to {end}", combined.days(step, end))
        for step in rows_with(tables, "protective")
        if end and step != end
    ]
    return [one for one in found if one is not None]


def first_to_first(combined: Combinations, rows: Counted) -> list[Conclusion]:
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
                (i, j): at_structure(combined.days(one, step)[side], key, combined)
                for i, one in enumerate(starts)
                for j, step in enumerate(steps)
            }
            if side:
                return _folded_by(
                    np.maximum, (_folded_by(np.minimum, (days[i, j] for j in range(len(steps)))) for i in range(len(starts)))
                )
            return _folded_by(
                np.minimum, (_folded_by(np.maximum, (days[i, j] for i in range(len(starts)))) for j in range(len(steps)))
            )

        both = (
            by_structure(combined, lambda key, span=span: span(key, 0)),  # type: ignore[misc]
            by_structure(combined, lambda key, span=span: span(key, 1)),  # type: ignore[misc]
        )
        scope = "first concern passed on" if passed_on else "first concern"
        found.append(_interval(combined, "first concern to first step", f"{scope} to first protective step", both))
    return [one for one in found if one is not None]


def next_concerns(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """By when the next concern after each closure certainly came."""
    kinds = dict(zip(tables["events"]["id"], tables["events"]["kind"], strict=True))
    found = []
    for closure in [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]:

        def latest(key: Index, closure: str = closure) -> Ints:
            reached = []
            for one in dict.fromkeys(rows[key]["on_record_by"]):
                if one != closure:
                    least, most = (at_structure(array, key, combined) for array in combined.days(closure, one))
                    reached.append(np.where(least >= 1, most, OPEN))
            return _folded_by(np.minimum, reached) if reached else np.full((1,) * len(combined.choices), OPEN, dtype=np.int64)

        most = by_structure(combined, latest)
        least = np.ones((1,) * len(combined.choices), dtype=np.int64)
        if value_at(most, as_given(combined)) < OPEN:
            found.append(_interval(combined, "next concern after a closure", f"{closure} to the next concern", (least, most)))
    return [one for one in found if one is not None]


def concerns_on_record(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """At least how many concerns stood on record before each decision."""
    found = []
    for decision in rows_with(tables, "decision"):

        def least(key: Index, decision: str = decision) -> Ints:
            own = rows[key]
            total = np.zeros((1,) * len(combined.choices), dtype=np.int64)
            for concern, by, low in zip(own["concern"], own["on_record_by"], own["count_min"], strict=True):
                if decision not in (concern, by):
                    first = at_structure(combined.days(by, decision)[0], key, combined) >= 0
                    last = at_structure(combined.days(by, decision, start_point="end")[0], key, combined) >= 0
                    total = total + np.where(last, int(low), first.astype(np.int64))
            return total

        values = by_structure(combined, least)
        given = int(value_at(values, as_given(combined)))
        noun = "concern" if given == 1 else "concerns"
        found.append(
            Conclusion(
                "concerns on record",
                decision,
                f"{decision}: at least {given} {noun} on record before it",
                values >= given,
                lambda index, values=values: f"at least {int(value_at(values, index))}",  # type: ignore[misc]
                lambda held, values=values: _spread_of_counts(values, held),  # type: ignore[misc]
            )
        )
    return found


def _interval(combined: Combinations, about: str, name: str, days: tuple[Ints, Ints]) -> Conclusion | None:
    """A conclusion about a number of days, if anything bounds it under the policy given."""
    least, most = (lean(array) for array in days)
    at = as_given(combined)
    low, high = int(value_at(least, at)), int(value_at(most, at))
    if low <= -OPEN // 2 and high >= OPEN // 2:
        return None

    def said(index: Index) -> str:
        return _days_words(int(value_at(least, index)), int(value_at(most, index)))

    def spread(held: NDArray[np.bool_]) -> str:
        one, other, open_ = np.broadcast_arrays(least, most, held)
        return _days_words(int(one[open_].min()), int(other[open_].max())) if open_.any() else NOT_ADMISSIBLE

    return Conclusion(about, name, f"{name}: {_days_words(low, high)}", (least >= low) & (most <= high), said, spread)


def said_alike(text: str, name: str, values: NDArray[Any]) -> Conclusion:
    """A conclusion that holds where the same is said."""
    values = lean(values)
    given = values[(0,) * values.ndim]

    def spread(held: NDArray[np.bool_]) -> str:
        found, open_ = np.broadcast_arrays(values, held)
        return "; ".join(sorted(set(found[open_].tolist()))) if open_.any() else NOT_ADMISSIBLE

    return Conclusion(
        "timescale", name, text, np.asarray(values == given, dtype=bool), lambda index: str(value_at(values, index)), spread
    )


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


def by_structure(combined: Combinations, value: Callable[[Index], NDArray[Any]]) -> NDArray[Any]:
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


def at_structure(array: NDArray[np.int64], key: Index, combined: Combinations) -> Ints:
    """An array at one combination of the structural choices; their axes stay, of length 1."""
    at = tuple(
        slice(key[axis], key[axis] + 1) if choice.structural and array.shape[axis] > 1 else slice(None)
        for axis, choice in enumerate(combined.choices)
    )
    return array[at]


def _folded_by(step: Callable[[Ints, Ints], Ints], arrays: Iterable[Ints]) -> Ints:
    found: Ints | None = None
    for array in arrays:
        found = array if found is None else step(found, array)
    assert found is not None
    return found


def as_given(combined: Combinations) -> Index:
    """The place of the combination in which every choice is as given."""
    return (0,) * len(combined.choices)


def value_at(array: NDArray[Any], index: Index) -> Any:
    """The value of an array under one combination."""
    return array[tuple(at if size > 1 else 0 for at, size in zip(index, array.shape, strict=True))]
