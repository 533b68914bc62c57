"""Which verdicts and numbers are concluded, and what becomes of each under every combination of
choices?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.combinations import Combinations
from casechron.analysis.concerns import rows_with
from casechron.analysis.group_distances import lean
from casechron.analysis.intervals import NOTHING, ONLY_ORDER, rows_of
from casechron.analysis.structures import Index
from casechron.analysis.timing import ANSWERED, STATED_ABSENCE
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, Ints, closed

__all__ = [
    "NOT_BOUNDED",
    "Conclusion",
    "Counted",
    "as_given",
    "by_structure",
    "concerns_on_record",
    "first_to_first",
    "given_or_any",
    "next_concerns",
    "said_alike",
    "steps_to_end",
    "value_at",
    "waits",
]

Tables = Mapping[str, pd.DataFrame]
NOT_BOUNDED = "not bounded"
#: What is counted under each combination of the structural choices: concern, from which row on it
#: was on record, how many.
Counted = Mapping[Index, tuple[tuple[str, str, int], ...]]
_Content = TypeVar("_Content", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Conclusion:
    """One conclusion: under which combinations it holds, what is said under one of them, and the
    spread under all."""

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
            found.append(
                _interval(
                    combined, about, f"{row.concern} to {other}", combined.days(row.concern, other)
                )
            )
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
    """The first concern to the first protective step, over all concerns and over those passed
    on."""
    each = combined.structures.each
    telling = each(["events"], lambda tables: frozenset(rows_with(tables, "telling")))
    steps = each(["events"], lambda tables: tuple(rows_with(tables, "protective")))
    found = []
    for scope in ("first concern", "first concern passed on"):
        content = {}
        for key, counted in rows.items():
            starts = dict.fromkeys(by for _, by, _ in counted)
            content[key] = (
                tuple(one for one in starts if scope == "first concern" or one in telling[key]),
                steps[key],
            )

        both = (
            by_structure(combined, content, partial(_span, combined, 0)),
            by_structure(combined, content, partial(_span, combined, 1)),
        )
        found.append(
            _interval(
                combined, "first concern to first step", f"{scope} to first protective step", both
            )
        )
    return [one for one in found if one is not None]


def _span(
    combined: Combinations, side: int, asked: tuple[tuple[str, ...], tuple[str, ...]]
) -> Ints:
    """Least (side 0) or most days from the first of some events to the first of some others."""
    starts, ends = asked
    if not starts or not ends:
        return np.full((1,) * len(combined.choices), OPEN if side else -OPEN, dtype=np.int64)
    days = [[combined.days(one, end)[side] for end in ends] for one in starts]
    if side:
        return _folded_by(np.maximum, (_folded_by(np.minimum, row) for row in days))
    return _folded_by(np.minimum, (_folded_by(np.maximum, row) for row in zip(*days, strict=True)))


def next_concerns(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """By when the next concern after each closure certainly came."""
    kinds = dict(
        zip(tables["events"]["id"].tolist(), tables["events"]["kind"].tolist(), strict=True)
    )
    on_record = {
        key: tuple(dict.fromkeys(by for _, by, _ in counted)) for key, counted in rows.items()
    }
    found = []
    for closure in [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]:
        most = by_structure(combined, on_record, partial(_latest_next, combined, closure))
        least = np.ones((1,) * len(combined.choices), dtype=np.int64)
        if given_or_any(combined, most < OPEN):
            found.append(
                _interval(
                    combined,
                    "next concern after a closure",
                    f"{closure} to the next concern",
                    (least, most),
                )
            )
    return [one for one in found if one is not None]


def _latest_next(combined: Combinations, closure: str, starts: tuple[str, ...]) -> Ints:
    days = (combined.days(closure, one) for one in starts if one != closure)
    reached = [np.where(least >= 1, most, OPEN) for least, most in days]
    return (
        _folded_by(np.minimum, reached)
        if reached
        else np.full((1,) * len(combined.choices), OPEN, dtype=np.int64)
    )


def concerns_on_record(combined: Combinations, tables: Tables, rows: Counted) -> list[Conclusion]:
    """At least how many concerns stood on record before each decision."""
    found = []
    for decision in rows_with(tables, "decision"):
        values = by_structure(combined, rows, partial(_least_on_record, combined, decision))
        given = int(value_at(values, as_given(combined)))
        noun = "concern" if given == 1 else "concerns"
        text, holds = f"{decision}: at least {given} {noun} on record before it", values >= given
        if not value_at(combined.admissible, as_given(combined)):
            text, holds = (
                f"{decision}, concerns on record before it: {NOT_ADMISSIBLE}",
                _nowhere(combined),
            )
        found.append(
            Conclusion(
                "concerns on record",
                decision,
                text,
                holds,
                lambda index, values=values: f"at least {int(value_at(values, index))}",  # type: ignore[misc]
                lambda held, values=values: _spread_of_counts(values, held),  # type: ignore[misc]
            )
        )
    return found


def _least_on_record(
    combined: Combinations, decision: str, counted: tuple[tuple[str, str, int], ...]
) -> Ints:
    total = np.zeros((1,) * len(combined.choices), dtype=np.int64)
    for concern, by, low in counted:
        if decision not in (concern, by):
            first = combined.days(by, decision)[0] >= 0
            last = combined.days(by, decision, start_point="end")[0] >= 0
            total = total + np.where(last, low, first.astype(np.int64))
    return total


def _interval(
    combined: Combinations, about: str, name: str, days: tuple[Ints, Ints]
) -> Conclusion | None:
    """A conclusion about a number of days, if anything bounds it under the policy given."""
    least, most = (lean(array) for array in days)
    at = as_given(combined)
    low, high = int(value_at(least, at)), int(value_at(most, at))
    if not given_or_any(combined, (least > -OPEN // 2) | (most < OPEN // 2)):
        return None
    text, holds = f"{name}: {_days_words(low, high)}", (least >= low) & (most <= high)
    if not value_at(combined.admissible, at):
        text, holds = f"{name}: {NOT_ADMISSIBLE}", _nowhere(combined)

    def said(index: Index) -> str:
        return _days_words(int(value_at(least, index)), int(value_at(most, index)))

    def spread(held: NDArray[np.bool_]) -> str:
        one, other, open_ = np.broadcast_arrays(least, most, held)
        return (
            _days_words(int(one[open_].min()), int(other[open_].max()))
            if open_.any()
            else NOT_ADMISSIBLE
        )

    return Conclusion(about, name, text, holds, said, spread)


def given_or_any(combined: Combinations, array: NDArray[np.bool_]) -> bool:
    """Whether it is so under the policy given; if no chronology is admissible under that, whether
    it is so under any other."""
    if value_at(combined.admissible, as_given(combined)):
        return bool(value_at(array, as_given(combined)))
    return bool((array & combined.admissible).any())


def _nowhere(combined: Combinations) -> NDArray[np.bool_]:
    """What is concluded from nothing holds under no combination."""
    return np.zeros((1,) * len(combined.choices), dtype=bool)


def said_alike(combined: Combinations, title: str, name: str, values: NDArray[Any]) -> Conclusion:
    """A conclusion that holds where the same is said."""
    values = lean(values)
    given: object = values[(0,) * values.ndim]
    holds = np.asarray(values == given, dtype=bool)
    if not value_at(combined.admissible, as_given(combined)):
        given, holds = NOT_ADMISSIBLE, _nowhere(combined)

    def spread(held: NDArray[np.bool_]) -> str:
        found, open_ = np.broadcast_arrays(values, held)
        return "; ".join(sorted(set(found[open_].tolist()))) if open_.any() else NOT_ADMISSIBLE

    return Conclusion(
        "timescale",
        name,
        f"{title}: {given}",
        holds,
        lambda index: str(value_at(values, index)),
        spread,
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
            return NOT_BOUNDED
        bound = low if high is None else high
        return f"at {'least' if high is None else 'most'} {bound} day{'' if bound == 1 else 's'}"
    return f"{low} day{'' if low == 1 else 's'}" if low == high else f"{low} to {high} days"


def by_structure(
    combined: Combinations,
    content: Mapping[Index, _Content],
    value: Callable[[_Content], NDArray[Any]],
) -> NDArray[Any]:
    """One array from what the tables hold under each combination of the structural choices.

    `value` gives the array over all choices, as if the tables always held this content.
    """
    parts = {one: value(one) for one in dict.fromkeys(content.values())}
    if len(parts) == 1:
        return lean(next(iter(parts.values())))
    # Only the structural choices along which the content changes need an axis of their own.
    moving = {
        axis
        for key, one in content.items()
        for axis in np.flatnonzero(key).tolist()
        if one != content[(*key[:axis], 0, *key[axis + 1 :])]
    }
    shape = list(np.broadcast_shapes(*(part.shape for part in parts.values())))
    for axis in moving:
        shape[axis] = len(combined.choices[axis].options)
    whole = np.empty(shape, dtype=next(iter(parts.values())).dtype)
    for key in product(
        *(range(size) if axis in moving else range(1) for axis, size in enumerate(shape))
    ):
        part = parts[content[key]]
        own = [slice(at, at + 1) if axis in moving else slice(None) for axis, at in enumerate(key)]
        whole[tuple(own)] = part[
            tuple(
                one if size > 1 else slice(None) for one, size in zip(own, part.shape, strict=True)
            )
        ]
    return lean(whole)


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
