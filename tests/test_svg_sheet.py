"""Does a sheet that says together what looks alike show the same picture as one that says
everything in turn?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path

from casechron.reporting.svg_paths import strokes
from casechron.reporting.svg_sheet import Clip, Hatch, Pen, Sheet
from svg_reader import outlines

WIDE, HIGH = 30, 80
COLOURS = {
    "#f00": (1.0, 0.0, 0.0, 1.0),
    "#0f0": (0.0, 1.0, 0.0, 1.0),
    "#00f": (0.0, 0.0, 1.0, 1.0),
    "#fff": (1.0, 1.0, 1.0, 1.0),
}
SQUARE = Path.unit_rectangle()
BLACK = (0.0, 0.0, 0.0, 1.0)
FONT = (("font-size", "9"),)

RECTANGLES = st.lists(
    st.tuples(
        st.integers(0, WIDE - 2),
        st.integers(0, HIGH - 2),
        st.integers(1, 12),
        st.integers(1, 30),
        st.sampled_from(sorted(COLOURS)),
    ),
    max_size=30,
)


def rectangle(x: float, y: float, wide: float, high: float) -> list:
    return list(strokes(SQUARE, (wide, 0, 0, high, x, y)))


def filled(colour: str) -> Pen:
    return Pen(COLOURS[colour], None, 0)


def painted(svg: str) -> np.ndarray:
    """The colour of each square of the page, as a reader of the SVG would paint one path after the
    other."""
    page = np.full((HIGH, WIDE), "", dtype="U4")
    for element in ET.fromstring(f"<svg>{svg}</svg>"):
        for points, closed in outlines(element.attrib["d"]):
            assert closed
            xs, ys = [round(x) for x, _ in points], [round(y) for _, y in points]
            page[min(ys) : max(ys), min(xs) : max(xs)] = element.attrib["fill"]
    return page


@given(RECTANGLES, st.booleans())
@settings(max_examples=200, deadline=None)
def test_paths_that_are_joined_paint_the_same_picture(
    drawn: list[tuple[int, int, int, int, str]], ground: bool
) -> None:
    sheet = Sheet(WIDE, HIGH, "a")
    page = np.full((HIGH, WIDE), "", dtype="U4")
    if ground:
        drawn = [(0, 0, WIDE, HIGH, "#fff"), *drawn]
    for x, y, wide, high, colour in drawn:
        sheet.draw(rectangle(x, y, wide, high), filled(colour))
        page[y : y + high, x : x + wide] = colour
    svg = sheet.svg()
    assert (painted(svg) == page).all()
    # No shape lies on another of its own path: what it would hide there would show.
    for element in ET.fromstring(f"<svg>{svg}</svg>"):
        cells = np.zeros((HIGH, WIDE), dtype=int)
        for points, _ in outlines(element.attrib["d"]):
            xs, ys = [round(x) for x, _ in points], [round(y) for _, y in points]
            cells[min(ys) : max(ys), min(xs) : max(xs)] += 1
        assert cells.max() <= 1


def test_marks_of_a_kind_are_one_path_though_others_were_drawn_between() -> None:
    sheet = Sheet(400, 400, "a")
    for row in range(20):
        for column, colour in enumerate(("#f00", "#0f0", "#f00", "#00f")):
            sheet.draw(rectangle(20 * column, 15 * row, 10, 10), filled(colour))
    paths = ET.fromstring(f"<svg>{sheet.svg()}</svg>").findall("path")
    assert [(path.get("fill"), len(outlines(path.attrib["d"]))) for path in paths] == [
        ("#f00", 40),
        ("#0f0", 20),
        ("#00f", 20),
    ]


def test_a_line_over_a_line_of_its_own_look_is_in_its_path_but_not_over_what_lies_between() -> None:
    sheet, pen = Sheet(100, 100, "a"), Pen(None, BLACK, 2)
    across, down = Path([(0, 50), (90, 50)]), Path([(50, 0), (50, 90)])
    for path in (across, down):
        sheet.draw(list(strokes(path, (1, 0, 0, 1, 0, 0))), pen)
    assert sheet.svg() == '<path fill="none" stroke="#000" stroke-width="2" d="M0 50h90M50 0v90"/>'
    sheet.draw(rectangle(40, 40, 20, 20), filled("#f00"))
    sheet.draw(list(strokes(across, (1, 0, 0, 1, 0, 0))), pen)
    assert [path.get("fill") for path in ET.fromstring(f"<svg>{sheet.svg()}</svg>")] == [
        "none",
        "#f00",
        "none",
    ]


def test_what_shines_through_lies_on_nothing_of_its_own_look() -> None:
    sheet, pen = Sheet(100, 100, "a"), Pen((1.0, 0.0, 0.0, 0.5), None, 0)
    for x in (0, 5, 40):
        sheet.draw(rectangle(x, 0, 10, 10), pen)
    paths = ET.fromstring(f"<svg>{sheet.svg()}</svg>").findall("path")
    assert [(path.get("fill-opacity"), len(outlines(path.attrib["d"]))) for path in paths] == [
        (".5", 2),
        (".5", 1),
    ]


def test_words_are_grouped_by_their_look_and_stay_above_what_they_were_written_on() -> None:
    sheet = Sheet(200, 100, "a")
    sheet.write(10, 20, "one", (20, 8, 2), FONT, BLACK)
    sheet.draw(rectangle(0, 30, 100, 20), filled("#f00"))
    sheet.write(10, 45, "two", (20, 8, 2), FONT, BLACK)
    sheet.write(10, 70, "a < b & c", (20, 8, 2), FONT, BLACK)
    assert (
        sheet.svg()
        == '<g fill="#000" font-size="9"><text x="10" y="20">one</text><text x="10" y="70">a &lt; b'
        ' &amp; c</text></g><path fill="#f00" d="M0 30h100v20h-100z"/><text fill="#000"'
        ' font-size="9" x="10" y="45">two</text>'
    )


def test_words_keep_their_end_or_their_middle_in_place() -> None:
    sheet = Sheet(200, 100, "a")
    for y, anchor in ((20, "start"), (40, "middle"), (60, "end")):
        sheet.write(10, y, "word", (30, 8, 2), FONT, BLACK, anchor=anchor)
    sheet.write(50, 90, "up", (12, 8, 2), FONT, BLACK, angle=90)
    texts = list(ET.fromstring(f"<svg>{sheet.svg()}</svg>").iter("text"))
    assert [(text.get("x"), text.get("transform")) for text in texts if text.text == "word"] == [
        ("10", None),
        ("25", None),
        ("40", None),
    ]
    assert [text.get("transform") for text in texts if text.text == "up"] == [
        "translate(50 90) rotate(-90)"
    ]


def test_only_what_reaches_out_of_its_frame_is_cut_off() -> None:
    sheet, frame = Sheet(100, 100, "a"), Clip("M10 10H90V90H10z", (10, 10, 90, 90))
    pen = Pen(None, BLACK, 2)
    for y, right in ((30, 80), (50, 95)):
        sheet.draw(list(strokes(Path([(20, y), (right, y)]), (1, 0, 0, 1, 0, 0))), pen, frame)
    svg = sheet.svg()
    assert re.findall(r'clip-path="[^"]*" d="([^"]*)"', svg) == ["M20 50h75"]
    assert '<clipPath id="a-clip-1"><path d="M10 10H90V90H10z"/></clipPath>' in svg


def test_a_hatch_is_said_once_and_what_no_one_sees_is_left_out() -> None:
    sheet = Sheet(100, 100, "a")
    sheet.draw(rectangle(0, 0, 100, 100), filled("#fff"))
    hatched = Pen(COLOURS["#0f0"], BLACK, 1, hatch=Hatch("//", BLACK, 0.5))
    for y in (10, 40):
        sheet.draw(rectangle(10, y, 20, 10), hatched)
    sheet.draw(rectangle(50, 50, 5, 5), filled("#fff"))  # white on the white page
    sheet.draw(rectangle(120, 10, 20, 10), filled("#f00"))  # beyond the page
    sheet.draw(
        list(strokes(Path([(5, 5), (5, 5)]), (1, 0, 0, 1, 0, 0))), Pen(None, BLACK, 3)
    )  # a point
    svg = sheet.svg()
    assert svg.count("<pattern") == 1
    assert 'url(#a-hatch-1)" stroke="#000" d="M10 10h20v10h-20zM10 40h20v10h-20z"/>' in svg.replace(
        "zm0 30h", "zM10 40h"
    )
    assert (
        svg.count("<path") == 4
    )  # ground of the page, ground and strokes of the hatch, and the two boxes


def test_white_on_something_is_seen() -> None:
    sheet = Sheet(100, 100, "a")
    sheet.draw(rectangle(0, 0, 100, 100), filled("#fff"))
    sheet.draw(rectangle(10, 10, 20, 20), filled("#f00"))
    sheet.draw(rectangle(15, 15, 5, 5), filled("#fff"))
    assert [path.get("fill") for path in ET.fromstring(f"<svg>{sheet.svg()}</svg>")] == [
        "#fff",
        "#f00",
        "#fff",
    ]
