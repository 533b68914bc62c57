"""Does paper show all of a tall drawing, cut between its rows and through no word or mark?"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.reporting.paper import _marks, cuts, on_paper

FIGURES = sorted((Path(__file__).parents[1] / "reports").glob("*/figures/*.svg"))
OPEN = '<svg xmlns="http://www.w3.org/2000/svg"'


def drawing(height: float, inside: str) -> str:
    named = (
        'aria-labelledby="figure-x-title" aria-describedby="figure-x-desc" font-family="Verdana"'
    )
    return (
        f'{OPEN} viewBox="0 0 100 {height:g}" {named}><title'
        f' id="figure-x-title">X</title><desc>d</desc>{inside}</svg>'
    )


def test_a_drawing_that_fits_on_a_sheet_stays_as_it_is() -> None:
    assert on_paper(drawing(175, "<g/>")) == drawing(175, "<g/>")


def test_a_tall_drawing_is_followed_by_windows_that_together_show_all_of_it() -> None:
    rows = "".join(f'<path d="M0 {y}h9v30h-9z"/>' for y in range(0, 400, 40))
    found = on_paper(drawing(400, rows))
    assert found.startswith(drawing(400, rows)[: drawing(400, rows).index("<path")])
    windows = re.findall(r'<svg viewBox="([^"]*)"><use href="#figure-x-drawing"/>', found)
    boxes = [tuple(map(float, box.split())) for box in windows]
    assert boxes[0][1] == 0
    assert boxes[-1][1] + boxes[-1][3] == 400
    assert all(before[1] + before[3] == after[1] for before, after in pairwise(boxes))
    assert all(box[3] <= 136 and (box[1] % 40) in (0, *range(30, 41)) for box in boxes)
    # It is there once for those who listen, and looks in its windows as it does itself.
    assert '<div class="sheets" aria-hidden="true">' in found
    assert '<g id="figure-x-drawing" font-family="Verdana"><path' in found
    assert found.count("figure-x-drawing") == len(boxes) + 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), min_size=1, max_size=60),
    st.booleans(),
)
def test_no_cut_goes_through_a_row(rows: list[tuple[int, int]], relative: bool) -> None:
    spans, y = [], 0
    for tall, gap in rows:
        spans.append((y, y + tall))
        y += tall + gap
    inside = "".join(
        f"M1 {a}h5v{b - a}h-5z" if relative else f"M1 {a}L5 {a}L5 {b}L1 {b}z" for a, b in spans
    )
    found = cuts(drawing(y, f'<path d="{inside}"/><path d="M0 0V{y}"/>'), 130)
    assert all(not (a < cut < b) for cut in found for a, b in spans)
    assert all(0 < after - before <= 130 for before, after in pairwise([0.0, *found, float(y)]))


def test_without_room_a_piece_is_as_tall_as_it_may_be() -> None:
    every = "".join(f'<rect y="{y}" width="9" height="60"/>' for y in range(0, 300, 7))
    assert cuts(drawing(300, every), 130) == [130.0, 260.0]


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_figure_of_the_reports_is_cut_through_a_word(path: Path) -> None:
    import xml.etree.ElementTree as ET

    svg = path.read_text(encoding="utf-8").split("?>\n", 1)[1]
    root = ET.fromstring(svg)
    width = float(root.get("viewBox", "").split()[2])
    words = [
        (top, bottom)
        for element in root.iter("{http://www.w3.org/2000/svg}text")
        if "rotate" not in element.get("transform", "")
        for top, bottom in _marks(element, 0.0, 9.0)
    ]
    for cut in cuts(svg, 1.36 * width):
        assert not [one for one in words if one[0] + 2 < cut < one[1] - 2], cut
