"""Does the chart of findings draw what its tables say, and does nothing in it overlap?"""

from __future__ import annotations

import pandas as pd
import pytest

from casechron.report.draw.canvas import NARROW, WIDE, Canvas
from casechron.report.draw.findings import FINDINGS_DRAWN, draw_findings
from casechron.report.draw.svg import figure_svg
from drawn_shapes import shapes
from test_draw import contrast, ground_at, outside, overlaps, texts

TITLE = "What was found wanting dates from 2015 to November 2018"


def findings(count: int, words: int = 9) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "finding": f"f{number}",
            "kind": ("shortfall", "strength", "neither")[number % 3],
            "summary": " ".join(["Nobody", "looked", "at", "what", "was", "known"] * 5)[
                : 7 * words
            ],
            "when": f"March {2000 + number % 9}; from late {number} to November",
        }
        for number in range(count)
    )


def resting(count: int) -> pd.DataFrame:
    """Each rests on two events, of which one is open to a side; the last on nothing dated."""
    rows = []
    for number in range(count):
        year = 2000 + number % 9
        first = pd.Timestamp(year, 3, 1)
        last = number == count - 1 and count > 1
        rows.append((f"f{number}", pd.NaT if last else first, pd.NaT if last else first))
        open_ = (pd.NaT, first) if number % 2 else (first, pd.NaT)
        rows.append((f"f{number}", *((pd.NaT, pd.NaT) if last else open_)))
    made = pd.DataFrame(rows, columns=["finding", "earliest", "latest"])
    return made.astype({"earliest": "datetime64[s]", "latest": "datetime64[s]"})


@pytest.mark.parametrize("px", [NARROW, WIDE])
@pytest.mark.parametrize("count", [0, 1, 12, 60])
@pytest.mark.parametrize("words", [2, 20])
def test_nothing_overlaps_or_stands_outside(px: int, count: int, words: int) -> None:
    table = findings(60, words).head(count)
    canvas = draw_findings(table, resting(count), TITLE, "How to read it.", px)
    assert overlaps(canvas) == []
    assert outside(canvas) == []
    assert len(canvas.links) == min(max(count - 1, min(count, 1)), FINDINGS_DRAWN)
    svg = figure_svg(canvas.figure(), f"findings-{px}", TITLE, canvas.links)
    assert len(svg) < 60_000


def bars(canvas: Canvas, finding: str) -> list[tuple[float, float]]:
    return [
        (what[0], what[0] + what[2])
        for _, group, shape, what in shapes(canvas)
        if shape == "box" and group == f"finding-{finding}"
    ]


def test_a_bar_covers_the_days_of_the_source() -> None:
    days = [
        ("2015-01-01", "2015-12-31"),
        ("2016-01-01", "2016-06-30"),
        ("2017-12-31", "2017-12-31"),
    ]
    table = findings(3).assign(when="then").iloc[[1, 2, 0]]
    rests = pd.DataFrame([(f"f{at}", *days[at]) for at in (2, 0, 1)])
    rests = rests.set_axis(["finding", "earliest", "latest"], axis=1)
    rests = rests.astype({"earliest": "datetime64[s]", "latest": "datetime64[s]"})
    canvas = draw_findings(table, rests, TITLE, "", WIDE)
    (first,), (second,), (third,) = (bars(canvas, f"f{at}") for at in range(3))
    day = (first[1] - first[0]) / 365
    assert second[0] == pytest.approx(first[1])
    assert (second[1] - second[0]) / day == pytest.approx(182)
    # What is less than three points wide is drawn as wide as that.
    assert third[1] - third[0] == pytest.approx(3)
    assert (third[0] - first[0]) / day == pytest.approx(3 * 365)
    # The earliest comes first, whatever the order of the rows.
    assert [*canvas.links] == ["finding-f0", "finding-f1", "finding-f2"]


def test_a_strength_says_so_in_words_and_each_leads_to_its_row() -> None:
    canvas = draw_findings(findings(3), resting(3), TITLE, "", WIDE)
    drawn = {one[6]: one[0] for one in reversed([*texts(canvas)]) if one[6]}
    assert drawn["finding-f1"].startswith("Found good: ")
    assert not drawn["finding-f0"].startswith("Found good")
    assert canvas.links["finding-f1"].href == "tables/findings.html#f1"
    assert "March 2001" in canvas.links["finding-f1"].label


def test_words_can_be_read_on_their_ground() -> None:
    canvas = draw_findings(findings(12), resting(12), TITLE, "Note.", NARROW)
    for text, left, top, right, bottom, color, _ in texts(canvas):
        ground = ground_at(canvas, (left + right) / 2, (top + bottom) / 2)
        assert contrast(color, ground) >= 4.5, text
