"""Does the matrix of events and agencies mark what the table says, where it says it?"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from casechron.analysis.involvement import PARTS, part_words
from casechron.report.draw.canvas import NARROW, WIDE, Canvas, text_width
from casechron.report.draw.involvement import AGENCIES_DRAWN, EVENTS_IN_MATRIX, draw_involvement
from drawn_shapes import shapes


def table(events: int, agencies: int, unnamed: bool = True) -> pd.DataFrame:
    """Each event with two agencies, parts by turns."""
    return pd.DataFrame(
        {
            "event": f"e{number}",
            "summary": f"What happened as number {number} of all of these",
            "said": "in July 2018",
            "agency_label": f"Agency of Anytown {(number + more) % agencies}",
            "named": not (unnamed and (number + more) % agencies == 0),
            "part": PARTS[(number + 3 * more) % len(PARTS)],
            "roles": (),
            "stated_absence": (),
            "basis": "stated",
            "differs": False,
            "places": "p1.1",
        }
        for number in range(events)
        for more in range(2)
    )


def of_kind(canvas: Canvas, kind: str) -> list[tuple[str, tuple[object, ...]]]:
    return [(group, what) for _, group, shape, what in shapes(canvas) if shape == kind]


def rows(canvas: Canvas) -> list[str]:
    return [name for name in canvas.links if name.startswith("event-")]


@pytest.mark.parametrize("px", [NARROW, WIDE])
@pytest.mark.parametrize(("events", "agencies"), [(1, 1), (12, 5), (30, 15), (120, 15)])
def test_names_and_marks_stand_within_the_drawing(px: int, events: int, agencies: int) -> None:
    canvas = draw_involvement(table(events, agencies), "A finding.", "A note.", px)
    for _, what in of_kind(canvas, "slanted"):
        x, _, text, size, _, _ = what
        assert x >= 0
        # At 58 degrees a name goes no more than 0.53 of its length to the right.
        assert x + 0.53 * text_width(text, size) <= canvas.width + 0.5, text
    for _, what in of_kind(canvas, "box"):
        assert what[0] >= 0
        assert what[0] + what[2] <= canvas.width
    for _, what in of_kind(canvas, "text"):
        assert what[0] + text_width(what[2], what[3], what[5]) <= canvas.width + 0.5, what[2]


def test_names_do_not_stand_on_each_other() -> None:
    for px in (NARROW, WIDE):
        canvas = draw_involvement(table(30, 15), "A finding.", px=px)
        names = [what for _, what in of_kind(canvas, "slanted")]
        at = sorted({what[0] for what in names})
        # On a phone they stand again above each screen of rows.
        times = -(-len(rows(canvas)) // 13) if px == NARROW else 1
        assert len({what[1] for what in names}) == times
        assert len(names) == times * len(at)
        size = of_kind(canvas, "slanted")[0][1][3]
        # The distance of two slanted lines is what is left of that of their beginnings.
        gaps = [0.848 * (other - one) for one, other in pairwise(at)]
        assert min(gaps) >= size * 0.95


def test_no_more_is_drawn_than_can_be_read_and_it_is_said() -> None:
    canvas = draw_involvement(table(120, 40, unnamed=False), "A finding.")
    assert len(rows(canvas)) == EVENTS_IN_MATRIX
    assert len(of_kind(canvas, "slanted")) == AGENCIES_DRAWN
    said = [what[2] for _, what in of_kind(canvas, "text")]
    left = 120 - EVENTS_IN_MATRIX
    assert f"Not drawn: {left} more events and {40 - AGENCIES_DRAWN} more agencies." in said


def test_an_absence_is_drawn_before_anything_else_where_there_is_no_room() -> None:
    many = table(60, 5)
    many.loc[many["event"] != "e59", "part"] = PARTS[3]
    many.loc[many["event"] == "e59", "part"] = PARTS[5]
    many["named"] = True
    canvas = draw_involvement(many, "A finding.")
    assert "event-e59" in rows(canvas)
    dashed = [group for group, what in of_kind(canvas, "box") if group and what[6]]
    assert dashed == ["event-e59"] * 2


def test_of_two_parts_of_one_agency_the_absence_is_marked() -> None:
    two = pd.DataFrame(
        {
            "event": ["e", "e"],
            "summary": ["A conference"] * 2,
            "said": ["in July 2018"] * 2,
            "agency_label": ["One, unnamed", "Other, unnamed"],
            "named": [False, False],
            "part": [PARTS[0], PARTS[5]],
            "roles": [("led",), ("not involved",)],
            "stated_absence": [(), ("apparently not",)],
            "basis": ["judged", "stated"],
            "differs": False,
            "places": ["p1.1"] * 2,
        }
    )
    canvas = draw_involvement(two, "A finding.")
    marks = [what for group, what in of_kind(canvas, "box") if group == "event-e"]
    assert [what[6] for what in marks] == [True]
    assert canvas.links["event-e"].label == (
        "A conference, in July 2018. One, unnamed: led or took part, as judged; Other,"
        " unnamed: missing or not enough, it seems, says the source. p1.1"
    )


@pytest.mark.parametrize(
    ("roles", "grades", "basis", "words"),
    [
        (["not told"], ["did not happen"], "stated", "not told, says the source"),
        # What follows from the source is not its word.
        (["not told"], [], "derived", "not told, as derived from the source"),
        (["not told"], [], "judged", "not told, as judged"),
        (["not involved", "not told"], [], "stated", "missing or not enough, says the source"),
        (["responsible, step absent"], [], "judged", "step not taken or not enough, as judged"),
        # What the source leaves open, or hedges, is not told as what it states.
        (["not told"], ["could not be confirmed"], "stated", "not told, perhaps, says the source"),
        (
            ["not told"],
            ["could not be confirmed", "does not appear to have happened"],
            "stated",
            "not told, it seems, says the source",
        ),
        (
            ["responsible, step absent"],
            ["no evidence found"],
            "stated",
            "step not taken or not enough, as far as evidence was found, says the source",
        ),
    ],
)
def test_that_somebody_was_missing_is_the_word_of_the_source_or_our_reading(
    roles: list[str], grades: list[str], basis: str, words: str
) -> None:
    one = table(1, 1, unnamed=False)[:1].assign(part=PARTS[5], roles=[roles], basis=basis)
    one["stated_absence"] = [grades]
    assert part_words(one).tolist() == [words]
    assert part_words(one.assign(differs=True)).tolist() == [words + ", though sources differ"]


def test_nothing_coded_is_a_title_alone() -> None:
    empty = table(1, 1).iloc[:0]
    canvas = draw_involvement(empty, "No agency is coded.")
    assert [what[2] for _, what in of_kind(canvas, "text")] == ["No agency is coded."]
