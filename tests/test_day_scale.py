"""Does a line of days go forward, with words that stand apart?"""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.reporting import style
from casechron.reporting.figures.day_scale import day_scale, draw_day_axis
from casechron.reporting.figures.lanes import finished, page, text_width

DAYS = st.lists(st.integers(-3000, 9000), max_size=12)


@given(DAYS)
def test_more_days_stand_further_to_the_right_and_all_on_the_line(days: list[int]) -> None:
    scale = day_scale([float(day) for day in days], 10, 300)
    places = [scale.x(day) for day in sorted({0, 14, 30, *days})]
    assert all(one < other for one, other in pairwise(places))
    assert places[0] >= 10
    assert places[-1] <= 300
    assert (scale.x(-(10**6)), scale.x(10**6)) == pytest.approx((10, 300))


@settings(max_examples=60, deadline=None)
@given(DAYS)
def test_words_of_the_axis_stand_apart_and_on_the_page(days: list[int]) -> None:
    with style.rc_context():
        ax, width = page(None)
        below = draw_day_axis(ax, 4, day_scale([float(day) for day in days], 12, width - 16))
        finished(ax, width, below)
        found = sorted((text.get_position()[0], text.get_text()) for text in ax.texts)
    plt.close("all")
    assert "0" in [words for _, words in found]
    assert all(x + text_width(words) < other for (x, words), (other, _) in pairwise(found))
    assert found[0][0] >= 0
    assert found[-1][0] + text_width(found[-1][1]) <= width


def test_within_a_fortnight_the_scale_is_even() -> None:
    scale = day_scale([400.0], 0, 100)
    assert scale.x(14) == pytest.approx(2 * scale.x(7))
    assert scale.x(140) - scale.x(14) == pytest.approx(scale.x(14))
