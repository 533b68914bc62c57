"""Does the chart of choices say what its table says, and does nothing in it overlap?"""

from __future__ import annotations

import pandas as pd
import pytest

from casechron.report.draw.canvas import GROUND, NARROW, WIDE
from casechron.report.draw.choices import CHOICES_DRAWN, draw_choices
from casechron.report.draw.svg import figure_svg
from test_draw import contrast, ground_at, in_the_dark, outside, overlaps, texts

TITLE = "Leaving out every order that only the coder judged changes most"


def choices(count: int, words: int = 12) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "choice": f"choice-{number}",
            "text": " ".join(["Leaving", "out", "that", "one", "came", "first"] * 9)[: 8 * words],
            "waits": max(0, 30 - 3 * number),
            "verdicts": number % 2,
            "on_record": 0,
            "known": 3 * (number == 2),
            "not_asked": 2 * (number == 3),
        }
        for number in range(count)
    )


@pytest.mark.parametrize("px", [NARROW, WIDE])
@pytest.mark.parametrize("count", [0, 1, 12, 40])
def test_nothing_overlaps_or_stands_outside(px: int, count: int) -> None:
    canvas = draw_choices(choices(40).head(count), TITLE, "How it is read.", px)
    assert overlaps(canvas) == []
    assert outside(canvas) == []
    assert len(canvas.links) == min(count, CHOICES_DRAWN)
    svg = figure_svg(canvas.figure(), f"choices-{px}", TITLE, canvas.links)
    assert len(svg) < 60_000


@pytest.mark.parametrize("px", [NARROW, WIDE])
def test_each_number_stands_in_its_row_and_none_for_nothing(px: int) -> None:
    canvas = draw_choices(choices(5), TITLE, "", px)
    for number, row in enumerate(choices(5).to_dict("records")):
        group = f"choice-{number + 1}"
        drawn = [one[0] for one in texts(canvas) if one[6] == group and one[0].isdigit()]
        assert drawn == [
            str(row[name])
            for name in ("waits", "verdicts", "on_record", "known", "not_asked")
            if row[name]
        ]


@pytest.mark.parametrize("px", [NARROW, WIDE])
def test_no_head_can_be_read_into_the_next(px: int) -> None:
    """Between the heads of two columns is more than a space between two words."""
    heads = [one for one in texts(draw_choices(choices(5), "", "", px)) if one[0] and not one[6]]
    for _, start, top, right, bottom, *_ in heads:
        beside = [left for _, left, high, _, low, *_ in heads if low > top and high < bottom]
        assert all(left - right > 6 for left in beside if left > start)


def test_numbers_can_be_read_on_their_squares() -> None:
    canvas = draw_choices(choices(12), TITLE, "", WIDE)
    for text, left, top, right, bottom, color, _ in texts(canvas):
        ground = ground_at(canvas, (left + right) / 2, (top + bottom) / 2)
        ground = ground if text.isdigit() else GROUND
        assert contrast(color, ground) >= 4.5, (text, color, ground)
        assert contrast(in_the_dark(color), in_the_dark(ground)) >= 4.5, (text, color, ground)
