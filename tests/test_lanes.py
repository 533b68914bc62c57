from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.coding.days import date_of, day_number
from casechron.reporting.figures.lanes import (
    FONT,
    WIDTH,
    finished,
    packed,
    page,
    text_width,
    wrapped,
    write,
)
from casechron.reporting.figures.time_scale import days_of, ticks, time_scale

SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 10)).map(
        lambda pair: (pair[0], pair[0] + pair[1])
    ),
    max_size=25,
)
WORDS = st.lists(st.text("abcdefgWMi$\u2019\u00e4", min_size=1, max_size=30), max_size=12)


@given(SPANS, st.integers(0, 3), st.booleans())
def test_spans_of_a_lane_keep_apart(spans: list[tuple[int, int]], gap: int, in_order: bool) -> None:
    lanes = packed(spans, gap, in_order=in_order)
    assert len(lanes) == len(spans)
    assert set(lanes) == set(range(max(lanes, default=-1) + 1))
    for at, (low, high) in enumerate(spans):
        for other in range(at):
            if lanes[at] == lanes[other]:
                a, b = spans[other]
                assert b + gap <= low or (high + gap <= a and not in_order)
            assert lanes[at] >= lanes[other] or not in_order


@given(SPANS)
def test_each_span_takes_the_first_lane_that_is_free(spans: list[tuple[int, int]]) -> None:
    lanes = packed(spans)
    for at, (low, high) in enumerate(spans):
        for lane in range(lanes[at]):
            assert (
                any(
                    lanes[k] == lane and spans[k][0] < high and low < spans[k][1] for k in range(at)
                )
                or low == high
            )


def test_lanes_of_intervals_sorted_by_their_start_are_no_more_than_overlap_at_once() -> None:
    spans = [(0, 5), (1, 3), (2, 6), (3, 4), (5, 9), (6, 7), (6, 8)]
    assert packed(spans) == [0, 1, 2, 1, 0, 1, 2]
    assert packed([]) == []


@given(WORDS, st.integers(20, 300), st.booleans())
@settings(max_examples=60, deadline=None)
def test_lines_are_no_wider_than_asked_and_lose_no_letter(
    words: list[str], width: int, bold: bool
) -> None:
    text = " ".join(words)
    lines = wrapped(text, width, bold=bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line and (text_width(line, bold=bold) <= width or len(line) == 1) for line in lines)
    if all(text_width(word, bold=bold) <= width for word in words):
        # No line could have taken the word after it.
        for line, following in itertools.pairwise(lines):
            assert text_width(f"{line} {following.split(' ')[0]}", bold=bold) > width


@pytest.mark.parametrize("dpi", [72, 100, 288])
def test_drawn_text_is_no_wider_than_its_line_and_hardly_narrower(dpi: int) -> None:
    ax, width = page(None)
    for at, words in enumerate(
        ("WM is interviewed", "costs of $5 and $6", "\u201cLate\u201d \u2013 \u00e4")
    ):
        write(ax, 10, 20 * at, [words])
        write(ax, 10, 60 + 20 * at, [words], bold=True)
    finished(ax, width, 200)
    figure = ax.get_figure()
    assert figure is not None
    figure.set_dpi(dpi)  # type: ignore[union-attr]
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for text in ax.texts:
        drawn = text.get_window_extent(renderer).width * 72 / dpi
        bold = text.get_fontproperties().get_weight() == "bold"
        assert 0.93 * text_width(text.get_text(), bold=bold) <= drawn
        # A renderer may round each end to a pixel.
        assert drawn <= text_width(text.get_text(), bold=bold) + 2 * 72 / dpi
    plt.close("all")


def test_a_page_has_a_point_as_its_unit() -> None:
    ax, width = page(None)
    finished(ax, width, 300)
    figure = ax.get_figure(root=True)
    assert figure is not None
    assert (width, tuple(figure.get_size_inches())) == (WIDTH, (WIDTH / 72, 300 / 72))
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, WIDTH), (300, 0))
    # The letters of a page shown 360 pixels wide.
    assert FONT * 360 / WIDTH >= 9
    plt.close("all")


def test_axes_of_a_figure_keep_their_share_of_it() -> None:
    figure, (above, below) = plt.subplots(2, 1, figsize=(10, 4))
    share = below.get_position()
    ax, width = page(below)
    finished(ax, width, 720)
    assert width == pytest.approx(share.width * 720)
    assert figure.get_size_inches()[1] * ax.get_position().height == pytest.approx(10)
    assert above.axison
    plt.close("all")


def test_axes_without_a_figure_are_refused() -> None:
    _, ax = plt.subplots()
    ax.remove()
    with pytest.raises(
        ValueError,
        match=r"^these axes belong to no figure any more; leave ax out, or give axes of a figure$",
    ):
        page(ax)
    plt.close("all")


DAYS = st.lists(st.integers(day_number(1990), day_number(2030)), min_size=1, max_size=30)


@given(DAYS)
def test_a_line_of_time_goes_forward_and_holds_every_day(days: list[int]) -> None:
    scale = time_scale(days, 10, 400)
    assert scale is not None
    assert scale.left == 10
    assert scale.right == pytest.approx(400)
    held = sorted(set(days))
    places = [scale.x(day) for day in held]
    assert all(a < b for a, b in itertools.pairwise(places))
    assert places[0] >= 10
    assert places[-1] < 400
    assert all(high > low for _, _, low, high in scale.stretches)
    assert all(
        one[1] == other[0] for one, other in zip(scale.stretches, scale.stretches[1:], strict=False)
    )
    for day in held:
        low, high = scale.span(day, day)
        assert high - low >= 4 - 1e-9
        assert low >= 10 - 1e-9
        assert high <= 400 + 1e-9


@given(DAYS)
@settings(max_examples=50, deadline=None)
def test_dates_on_a_line_stand_apart_and_where_their_day_is(days: list[int]) -> None:
    scale = time_scale(days, 10, 400)
    assert scale is not None
    for first, after, _, high in scale.stretches:
        found = [
            (scale.x(day), scale.x(day) + 3 + text_width(label))
            for day, label in ticks(scale, first, after, high)
            if label
        ]
        assert all(one[1] < other[0] for one, other in itertools.pairwise(found))
        assert all(end <= high for _, end in found)
        for day, label in ticks(scale, first, after, high):
            assert first <= day < after
            assert (
                not label.endswith(tuple("0123456789"))
                or label.isdigit()
                or label.endswith(str(date_of(day)[0]))
            )


def test_a_crowded_year_is_drawn_wider() -> None:
    days = [
        day_number(2008),
        *(day_number(2018, 8, day) for day in range(1, 20)),
        day_number(2020, 6),
    ]
    scale = time_scale(days, 0, 100)
    assert scale is not None
    assert [(date_of(first)[:2], date_of(after)[:2]) for first, after, _, _ in scale.stretches] == [
        ((2008, 1), (2018, 8)),
        ((2018, 8), (2018, 9)),
        ((2018, 9), (2020, 7)),
    ]
    widths = [high - low for _, _, low, high in scale.stretches]
    assert widths[1] > 40
    assert len(scale.breaks) == 2


def test_evenly_spread_days_have_one_scale() -> None:
    scale = time_scale([day_number(year) for year in range(2000, 2020)], 0, 100)
    assert scale is not None
    assert len(scale.stretches) == 1
    assert scale.breaks == []
    assert scale.x(day_number(2010)) == pytest.approx(50, abs=1)
    assert time_scale([], 0, 100) is None


def test_days_beyond_the_line_stand_at_its_ends() -> None:
    scale = time_scale([day_number(2018, 3, 5)], 0, 100)
    assert scale is not None
    assert (scale.x(day_number(1900)), scale.x(day_number(2100))) == (0, 100)
    assert scale.span(None, None) == (0, 100)


def test_days_of_a_column() -> None:
    column = pd.Series(
        pd.array(["2018-08-28", "NaT", "1969-12-31", "-0100-01-01"], dtype="datetime64[s]")
    )
    assert days_of(column) == [736934, None, day_number(1969, 12, 31), day_number(-100)]
