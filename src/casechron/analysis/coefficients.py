"""How far do coders agree beyond chance? Published coefficients over units that several coded.

Each takes the values that a unit was given, one a coder. `weights` say how often each unit counts,
one row a draw of a bootstrap; the result has one number a row, NaN where it is undefined: where
nothing varies, no disagreement can be expected by chance, and there is nothing to correct for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import permutations, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Distance = Callable[[Any, Any], float]
Units = Sequence[Sequence[Hashable]]


def nominal(one: object, other: object) -> float:
    """0 for equal values, 1 for others."""
    return float(one != other)


def window_distance(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The square of the Hausdorff distance of two windows of days, from the first to the last day
    of each: for windows of one day, the interval metric of alpha.

    >>> window_distance((1, 1), (4, 4)), window_distance((1, 9), (2, 5))
    (9.0, 16.0)
    """
    return float(max(abs(one[0] - other[0]), abs(one[1] - other[1])) ** 2)


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The share of what either set holds that both hold; 1 for two empty sets.

    >>> jaccard(frozenset("ab"), frozenset("bc"))
    0.3333333333333333
    """
    return len(one & other) / len(one | other) if one | other else 1.0


def masi_distance(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The distance of two sets: 1 - Jaccard, times 1 where they are equal, 2/3 where one holds the
    other, 1/3 where they overlap (Passonneau 2006, Measuring agreement on set-valued items, LREC).

    >>> round(masi_distance(frozenset("ab"), frozenset("a")), 3)
    0.667
    """
    if one == other:
        return 0.0
    holds = one <= other or other <= one
    return 1 - jaccard(one, other) * (2 / 3 if holds else 1 / 3)


class _Counted(NamedTuple):
    """Which unit was given which value how often, the values, and the weights of the units."""

    counts: Floats
    values: list[Any]
    weights: Floats

    @classmethod
    def of(cls, units: Units, weights: Floats | None) -> _Counted:
        values = list(dict.fromkeys(value for unit in units for value in unit))
        place = {value: at for at, value in enumerate(values)}
        counts = np.zeros((len(units), len(values)))
        for row, unit in zip(counts, units, strict=True):
            for value in unit:
                row[place[value]] += 1
        return cls(counts, values, np.ones(len(units)) if weights is None else weights)

    def agreement(self) -> Floats:
        """The share of pairs of coders that agree on a unit, over the units that two coded."""
        several = self.counts.sum(axis=1)
        pairs = several * (several - 1)
        agree = (self.counts * (self.counts - 1)).sum(axis=1)
        weights = self.weights * (several > 1)
        return ratio(weights @ (agree / np.where(pairs, pairs, 1)), weights.sum(axis=-1))

    def shares(self) -> Floats:
        """How often each value was given, each unit counting once."""
        several = self.counts.sum(axis=1, keepdims=True)
        weights = self.weights * (several[:, 0] > 0)
        of_units = self.counts / np.where(several, several, 1)
        return ratio(weights @ of_units, weights.sum(axis=-1, keepdims=True))


def observed_agreement(units: Units, weights: Floats | None = None) -> Floats:
    """The share of pairs of coders that give a unit the same value."""
    return _Counted.of(units, weights).agreement()


def cohen_kappa(
    units: Units, weights: Floats | None = None, distance: Distance = nominal
) -> Floats:
    """Cohen's kappa for two coders, each with their own shares of the values; weighted by a
    distance (Cohen 1960, 1968).

    >>> units = [("a", "b")] * 4 + [("a", "c")] + [("b", "b")] * 8 + [("c", "b")] + [("c", "c")] * 5
    >>> round(float(cohen_kappa(units)), 4)
    0.4842
    """
    counted = _Counted.of(units, weights)
    apart = _distances(counted.values, distance)
    first, second = (_Counted.of([(unit[at],) for unit in units], weights) for at in (0, 1))
    places = [[counted.values.index(value) for value in side.values] for side in (first, second)]
    observed = counted.weights @ np.array([distance(*unit) for unit in units], dtype=float)
    total = counted.weights.sum(axis=-1)
    by_chance = apart[np.ix_(*places)]
    expected = (first.shares() @ by_chance * second.shares()).sum(axis=-1)
    return 1 - ratio(ratio(observed, total), expected)


def gwet_ac1(units: Units, weights: Floats | None = None) -> Floats:
    """Gwet's AC1, over the values that any coder used: it stays high where nearly all units have
    one value, as kappa does not (Gwet 2008, British Journal of Mathematical and Statistical
    Psychology 61, 29-48)."""
    counted = _Counted.of(units, weights)
    shares = counted.shares()
    chance = ratio((shares * (1 - shares)).sum(axis=-1), np.float64(len(counted.values) - 1))
    return ratio(counted.agreement() - chance, 1 - chance)


def krippendorff_alpha(
    units: Units, weights: Floats | None = None, distance: Distance = nominal
) -> Floats:
    """Krippendorff's alpha for any number of coders, missing values left out, and any distance,
    such as `window_distance` and `masi_distance` (Krippendorff 2019, Content Analysis, 4th ed.).

    >>> round(float(krippendorff_alpha([(1, 1), (1, 2), (2, 2), (3, 3)])), 3)
    0.667
    """
    counted = _Counted.of(units, weights)
    counts, several = counted.counts, counted.counts.sum(axis=1)
    apart = _distances(counted.values, distance)
    weights = counted.weights * (several > 1)
    within = (counts @ apart * counts).sum(axis=1) / np.where(several > 1, several - 1, 1)
    number, pooled = weights @ several, weights @ counts
    observed = ratio(weights @ within, number)
    expected = (pooled @ apart * pooled).sum(axis=-1)
    return 1 - ratio(observed, ratio(expected, number * (number - 1)))


def _distances(values: Sequence[Any], distance: Distance) -> Floats:
    distances = [[distance(one, other) for other in values] for one in values]
    return np.array(distances, dtype=float).reshape(len(values), len(values))


def ratio(part: Any, whole: Any) -> Floats:
    """A quotient; NaN where the whole is nothing, so far as numbers of this kind can tell."""
    whole = np.asarray(whole, dtype=float)
    none = np.abs(whole) < 1e-12
    return np.where(none, np.nan, np.asarray(part, dtype=float) / np.where(none, 1.0, whole))


Section = tuple[int, int, bool]


def unitizing_alpha(
    coders: Sequence[Mapping[str, Sequence[tuple[int, int]]]],
    length: int,
    categories: Sequence[str] | None = None,
) -> float:
    """Krippendorff's alpha for finding units in a continuum, over categories together.

    Each coder has, by category, the units (first place, length) that they found there; units of one
    category do not overlap. NaN where no coder found any. Source: Krippendorff 2004, Content
    Analysis, 2nd ed., 251-256.

    >>> unitizing_alpha([{"k": [(3, 2)]}, {"k": [(3, 2)]}], 20)
    1.0
    """
    observed = expected = 0.0
    wanted = (
        sorted({name for units in coders for name in units}) if categories is None else categories
    )
    for name in wanted:
        parted = [_sections(units.get(name, ()), length) for units in coders]
        observed += _observed(parted, length)
        expected += _expected(parted, length)
    return float(1 - ratio(observed, expected))


def _sections(units: Sequence[tuple[int, int]], length: int) -> list[Section]:
    """A continuum cut into units and the gaps between them: start, length, whether it is a unit."""
    sections: list[Section] = []
    at = 0
    for start, size in sorted(units):
        if start < at or start + size > length:
            raise ValueError(f"the unit from {start} of length {size} overlaps, or leads out")
        if start > at:
            sections.append((at, start - at, False))
        sections.append((start, size, True))
        at = start + size
    return [*sections, (at, length - at, False)] if at < length else sections


def _observed(parted: Sequence[Sequence[Section]], length: int) -> float:
    """Squared differences of units that intersect, and of units within a gap of another coder."""
    total = 0
    for ours, theirs in permutations(parted, 2):
        for (start, size, unit), (begin, span, other_unit) in product(ours, theirs):
            if unit and other_unit and -size < start - begin < span:
                total += (start - begin) ** 2 + (start + size - begin - span) ** 2
            elif unit and not other_unit and 0 <= start - begin <= span - size:
                # Both orders of two coders are seen: a unit within a gap counts in each.
                total += 2 * size**2
    coders = len(parted)
    return total / (coders * (coders - 1) * length**2)


def _expected(parted: Sequence[Sequence[Section]], length: int) -> float:
    """The same over all ways in which the sections of all coders could lie together."""
    sizes = [size for sections in parted for _, size, unit in sections if unit]
    gaps = [size for sections in parted for _, size, unit in sections if not unit]
    whole = len(parted) * length
    total = sum(
        (len(sizes) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        + size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
        for size in sizes
    )
    places = whole * (whole - 1) - sum(size * (size - 1) for size in sizes)
    return 2 / length * total / places if places else 0.0
