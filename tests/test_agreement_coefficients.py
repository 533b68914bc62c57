"""Do the coefficients of agreement give their published values, and can their intervals be relied
on? What is drawn by a bootstrap weighs units, so the weights are held against published standard
errors too."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from casechron.analysis.agreement import (
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from casechron.analysis.compared import masi_distance, unitizing_alpha, window_distance
from casechron.analysis.counterparts import assigned

N = None
#: Krippendorff 2011, Computing Krippendorff's alpha-reliability, C: by unit, missing left out.
DATA_C = [
    [value for value in unit if value is not None]
    for unit in zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
        strict=True,
    )
]
#: Gwet 2014, Handbook of inter-rater reliability, 4th ed.: the lone 3 is the third rater's there.
FOUR_RATERS = DATA_C
#: A table of two raters, with the values of SAS PROC FREQ.
TABLE = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
#: Fleiss 1971, Psychological Bulletin 76, 378-382: 30 patients, 6 raters, by the category of each.
DIAGNOSES = re.findall(
    r"\d{6}",
    """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444
222333 144444 224445 333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224
111155 224444 133333 555555""",
)


def from_table(table: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one, row in enumerate(table)
        for other, many in enumerate(row)
        for _ in range(many)
    ]


def ordinal(one: int, other: int) -> float:
    """Krippendorff's ordinal metric, from how often each rank is used where two coded."""
    used = Counter(value for unit in DATA_C if len(unit) > 1 for value in unit)
    low, high = sorted((one, other))
    between = sum(used[rank] for rank in range(low, high + 1))
    return (between - (used[one] + used[other]) / 2) ** 2


def standard_error(coefficient: Callable[..., Any], units: Sequence[Sequence[Any]]) -> float:
    """By the delta method: how the coefficient moves with the weight of each unit."""
    many, step = len(units), 1e-5
    weights = np.ones((2 * many, many))
    weights[np.arange(many), np.arange(many)] += step
    weights[many + np.arange(many), np.arange(many)] -= step
    up, down = coefficient(units, weights).reshape(2, many)
    slope = (up - down) / (2 * step) * many
    return float(np.sqrt((slope**2).sum()) / many)


@pytest.mark.parametrize(
    ("distance", "published"),
    [
        (lambda one, other: one != other, 0.743),
        (ordinal, 0.815),
        (lambda one, other: (one - other) ** 2, 0.849),
        (lambda one, other: ((one - other) / (one + other)) ** 2, 0.797),
    ],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_alpha_of_four_observers(distance: Callable[..., Any], published: float) -> None:
    assert round(float(krippendorff_alpha(DATA_C, distance=distance)), 3) == published


def test_windows_of_one_day_are_days_of_the_interval_metric() -> None:
    windows = [[(day, day) for day in unit] for unit in DATA_C]
    assert round(float(krippendorff_alpha(windows, distance=window_distance)), 3) == 0.849
    wider = [[(day, day + 3 * at) for at, day in enumerate(unit)] for unit in DATA_C]
    assert krippendorff_alpha(wider, distance=window_distance) < 0.849


def test_ac1_of_four_raters() -> None:
    assert round(float(gwet_ac1(FOUR_RATERS)), 3) == 0.775


def test_the_published_standard_error_comes_of_the_same_parts() -> None:
    # Gwet 2008, over all units; one that a single rater judged counts for chance alone.
    values = sorted({value for unit in FOUR_RATERS for value in unit})
    counts = np.array([[unit.count(value) for value in values] for unit in FOUR_RATERS])
    raters, many = counts.sum(axis=1), len(counts)
    several = raters > 1
    pairs = np.where(several, raters * (raters - 1), 1)
    agreed = np.where(several, (counts * (counts - 1)).sum(axis=1) / pairs, 0)
    shares = (counts / raters[:, None]).mean(axis=0)
    by_chance = counts @ (1 - shares) / raters / (len(values) - 1)
    chance = (shares * (1 - shares)).sum() / (len(values) - 1)
    coefficient = float(gwet_ac1(FOUR_RATERS))
    own = many / several.sum() * (agreed - chance * several) / (1 - chance)
    own -= 2 * (1 - coefficient) * (by_chance - chance) / (1 - chance)
    error = np.sqrt(((own - coefficient) ** 2).sum() / (many * (many - 1)))
    assert round(float(error), 3) == 0.143


def test_kappa_of_two_raters_and_its_standard_error() -> None:
    units = from_table(TABLE)
    assert round(float(cohen_kappa(units)), 4) == 0.4842
    assert round(standard_error(cohen_kappa, units), 4) == 0.1380
    weighted = cohen_kappa(units, distance=lambda one, other: abs(one - other))
    assert round(float(weighted), 4) == 0.4701


def pi(units: list[Any]) -> float:
    """Fleiss' kappa, of two raters Scott's pi, from the agreement that was observed."""
    many = Counter(value for unit in units for value in unit)
    chance = sum((count / many.total()) ** 2 for count in many.values())
    return (float(observed_agreement(units)) - chance) / (1 - chance)


def test_agreement_of_six_raters() -> None:
    """Fleiss 1971."""
    assert round(pi([list(patient) for patient in DIAGNOSES]), 4) == 0.4302


def test_alpha_of_two_is_pi_for_small_samples() -> None:
    """Krippendorff 2004: alpha = pi + (1 - pi) / 2n for n units that two coders coded."""
    units = from_table(TABLE)
    small = (1 - pi(units)) / (2 * len(units))
    assert krippendorff_alpha(units) == pytest.approx(pi(units) + small)


OBSERVERS = [
    {"c": [(75, 70), (220, 30)], "k": [(30, 60), (150, 50)]},
    {"c": [(70, 80), (205, 20), (250, 20)], "k": [(30, 60), (150, 50)]},
]


def test_alpha_of_units_in_a_continuum() -> None:
    """Krippendorff 2004, Content Analysis, 2nd ed., 254: a continuum from 150 to 450."""
    of_c, of_k = ([{name: units[name]} for units in OBSERVERS] for name in ("c", "k"))
    assert unitizing_alpha(of_c, 300) == pytest.approx(0.7286, abs=0.00005)
    assert unitizing_alpha(of_k, 300) == 1
    assert unitizing_alpha(OBSERVERS, 300) == pytest.approx(0.8591, abs=0.0005)
    assert unitizing_alpha(OBSERVERS[::-1], 300) == unitizing_alpha(OBSERVERS, 300)


def test_units_that_overlap_are_refused() -> None:
    for units in ([(3, 4), (5, 1)], [(18, 4)]):
        with pytest.raises(ValueError, match=f"the unit from {units[-1][0]} of length"):
            unitizing_alpha([{"k": units}, {}], 20)


@pytest.mark.parametrize("coefficient", [cohen_kappa, gwet_ac1, krippendorff_alpha])
def test_where_nothing_varies_nothing_is_defined(coefficient: Callable[..., Any]) -> None:
    assert np.isnan(coefficient([("a", "a")] * 9))
    assert observed_agreement([("a", "a")] * 9) == 1
    assert np.isnan(coefficient([]))
    assert coefficient([("a", "a"), ("b", "b")]) == 1
    assert np.isnan(unitizing_alpha([{}, {}], 10))


@pytest.mark.parametrize("coefficient", [cohen_kappa, gwet_ac1, krippendorff_alpha])
def test_a_weight_is_so_many_units(coefficient: Callable[..., Any]) -> None:
    rng = random.Random(19)
    units = [(rng.choice("aab"), rng.choice("abc")) for _ in range(12)]
    weights = np.array([[rng.randrange(4) for _ in units] for _ in range(5)], dtype=float)
    weights[:, :3] += 1  # each value is there
    for found, row in zip(coefficient(units, weights), weights, strict=True):
        repeated = [unit for unit, many in zip(units, row, strict=True) for _ in range(int(many))]
        values = {value for unit in repeated for value in unit}
        if values == set("abc"):
            assert found == pytest.approx(coefficient(repeated))
    assert coefficient(units[::-1]) == pytest.approx(coefficient(units))


def test_masi_by_hand() -> None:
    sets = {name: frozenset(name) for name in ("ab", "abc", "bd", "e", "")}
    assert masi_distance(sets["ab"], sets["ab"]) == masi_distance(sets[""], sets[""]) == 0
    assert masi_distance(sets["ab"], sets["abc"]) == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert masi_distance(sets["ab"], sets["bd"]) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance(sets["ab"], sets["e"]) == masi_distance(sets["ab"], sets[""]) == 1


def test_the_best_pairs_are_those_that_scipy_finds_and_that_trying_all_finds() -> None:
    rng = np.random.default_rng(19)
    for rows, columns in [(1, 1), (3, 5), (5, 3), (4, 4), (30, 25)] * 8:
        score = rng.integers(1, 10, (rows, columns)) * (rng.random((rows, columns)) < 0.5)
        found = assigned(score)
        assert len({one for one, _ in found}) == len({two for _, two in found}) == len(found)
        total = sum(score[pair] for pair in found)
        assert total == score[linear_sum_assignment(score, maximize=True)].sum()
        if rows <= columns <= 5:
            every = permutations(range(columns), rows)
            assert total == max(score[np.arange(rows), list(one)].sum() for one in every)
    assert assigned(np.zeros((0, 3), dtype=np.int64)) == []
