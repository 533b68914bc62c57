"""Do the columns of a matrix stand apart on a narrow page, however many there are?"""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.reporting import style
from casechron.reporting.figures.lanes import WIDTH, finished, page
from casechron.reporting.figures.marks import MARGIN, SIZE
from casechron.reporting.figures.matrix import Matrix, matrix_width
from test_figures_involvement import assert_nothing_overlaps


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=4))
def test_columns_stand_apart_within_the_page_and_groups_further(counts: list[int]) -> None:
    groups = [[f"{group}.{at}" for at in range(count)] for group, count in enumerate(counts)]
    with style.rc_context():
        ax, width = page(None)
        width = matrix_width(width, groups)
        matrix = Matrix(ax, width, groups)
    plt.close("all")
    places = list(matrix.x.values())
    assert all(other - one >= SIZE + 0.9 for one, other in pairwise(places))
    assert places[0] - SIZE / 2 >= MARGIN
    assert places[-1] + SIZE / 2 <= width - MARGIN
    assert width == WIDTH or sum(counts) > 20


@pytest.mark.parametrize("count", [3, 15, 25])
def test_words_of_rows_and_numbers_of_columns_meet_nowhere_and_stand_again(count: int) -> None:
    heads = [str(at) for at in range(1, count + 1)]
    with style.rc_context():
        ax, width = page(None)
        matrix, y = Matrix(ax, width, [heads]), 6.0
        middles = []
        for _ in range(20):
            middle, y = matrix.row(y, ["The words of a row"], ["and more of them"])
            middles.append((middle, y))
        matrix.end(y)
        assert_nothing_overlaps(finished(ax, width, y))
        words = [text.get_text() for text in ax.texts]
    plt.close("all")
    assert words[: len(heads)] == ([*heads[::2], *heads[1::2]] if count > 17 else heads)
    assert words.count(heads[0]) == 3
    assert all(middle + SIZE / 2 < below for middle, below in middles)
    assert width == WIDTH
