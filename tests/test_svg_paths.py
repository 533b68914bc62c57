from __future__ import annotations

from math import hypot, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path

from casechron.reporting.svg_paths import data, number, strokes
from svg_reader import outlines

PLACE = st.tuples(st.integers(-9999, 9999), st.integers(-9999, 9999)).map(
    lambda pair: (pair[0] / 100, pair[1] / 100)
)
SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    # Rounded to tenths, each place for itself: no error adds up.
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 0.0501


@given(st.lists(st.lists(PLACE, min_size=2, max_size=6), min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_lines_go_where_the_path_goes(parts: list[list[tuple[float, float]]], closed: bool) -> None:
    vertices, codes = [], []
    for part in parts:
        vertices += [*part, part[0]] if closed else part
        codes += [
            Path.MOVETO,
            *[Path.LINETO] * (len(part) - 1),
            *([Path.CLOSEPOLY] if closed else []),
        ]
    found = outlines(data(strokes(Path(vertices, codes), SAME)))
    assert len(found) == len(parts)
    for (points, ended), part in zip(found, parts, strict=True):
        assert ended is closed
        # A place that rounds to the one before it is not said again.
        wanted = [
            place for at, place in enumerate(part) if not at or not near_same(place, part[at - 1])
        ]
        if (
            closed
            and len(wanted) > 1
            and near_same(wanted[-1], wanted[0])
            and len(points) < len(wanted)
        ):
            wanted.pop()
        assert len(points) == len(wanted)
        assert all(map(near, points, wanted))


def near_same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(
        np.floor(a * 10 + 0.500001) == np.floor(b * 10 + 0.500001)
        for a, b in zip(one, other, strict=True)
    )


@given(st.lists(PLACE, min_size=4, max_size=4))
@settings(deadline=None)
def test_curves_keep_their_controls(places: list[tuple[float, float]]) -> None:
    curve = Path(places, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ((points, closed),) = outlines(data(strokes(curve, SAME)))
    assert not closed
    assert all(map(near, points, places))


def test_a_path_is_moved_turned_and_stretched_by_its_matrix() -> None:
    quarter = (0.0, 2.0, -3.0, 0.0, 10.0, 20.0)
    ((points, _),) = outlines(data(strokes(Path([(1, 0), (0, 1), (2, 5)]), quarter)))
    assert points == [(10, 22), (7, 20), (-5, 24)]


def test_a_circle_is_two_arcs_around_its_middle() -> None:
    drawn = data(strokes(Path.unit_circle(), (2.5, 0, 0, -2.5, 40, 30)))
    assert drawn == "M37.5 30a2.5 2.5 0 1 1 5 0 2.5 2.5 0 1 1-5 0z"
    (stroke,) = strokes(Path.unit_circle(), (2.5, 0, 0, -2.5, 40, 30))
    assert stroke.box == (37.5, 27.5, 42.5, 32.5)


def test_a_circle_that_is_turned_or_another_curve_keeps_its_curves() -> None:
    turned = (2.0, 1.0, -1.0, 2.0, 0.0, 0.0)
    ((points, closed),) = outlines(data(strokes(Path.unit_circle(), turned)))
    assert closed
    on_it = [hypot(*point) for point in points[3::3]]
    assert on_it == pytest.approx([hypot(2, 1)] * len(on_it), abs=0.1)
    assert len(on_it) == 8


def test_what_is_not_finite_is_a_gap() -> None:
    found = outlines(data(strokes(Path([(0, 0), (1, 0), (nan, nan), (2, 2), (5, 2)]), SAME)))
    assert found == [([(0, 0), (1, 0)], False), ([(2, 2), (5, 2)], False)]


def test_errors_do_not_add_up_over_many_marks() -> None:
    marks = [
        stroke
        for at in range(500)
        for stroke in strokes(Path([(0, 0), (0, 1)]), (1, 0, 0, 1, at * 3.33, 7))
    ]
    found = outlines(data(marks))
    assert all(near(points[0], (at * 3.33, 7)) for at, (points, _) in enumerate(found))


def test_halves_go_up_whatever_the_last_bit_of_a_machine() -> None:
    for value in (0.25, 0.25 - 1e-12, 0.25 + 1e-12):
        assert data(strokes(Path([(value, 0), (5, 0)]), SAME)) == "M.3 0h4.7"
    assert [number(value, 1) for value in (10.92, -0.04, 0.05, -3.25)] == [
        "10.9",
        "0",
        ".1",
        "-3.2",
    ]
    assert [number(value) for value in (0.6, 1.0, 0.125, -0.5, 0.0)] == [
        ".6",
        "1",
        ".13",
        "-.5",
        "0",
    ]
