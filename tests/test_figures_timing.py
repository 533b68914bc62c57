from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from a_timed_review import EVENTS, RELATIONS, nothing, review
from casechron.analysis import run_up
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import response_gaps
from casechron.chronology import attempt
from casechron.coding.reviews import read_review
from casechron.reporting import figures, style
from casechron.reporting.figures.day_scale import day_scale
from casechron.reporting.figures.lanes import WIDTH
from casechron.reporting.figures.marks import MARGIN
from test_figures_involvement import assert_nothing_overlaps

DATA = Path(__file__).parents[1] / "data"
CLASH = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]


@pytest.fixture(autouse=True)
def _look() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


NO_STEP = {
    "events": [row for row in EVENTS if row["id"] not in ("conference", "plan")],
    "relations": [row for row in RELATIONS if row["id"] != "r-plan"],
    "readings": [],
}
CASES = {
    "worked": review,
    "empty": nothing,
    "clash": lambda: review(relations=CLASH),
    "no step": lambda: review(**NO_STEP),
}


@cache
def made(case: str) -> dict[str, pd.DataFrame]:
    tables = CASES[case]()
    chronology = attempt(tables["events"], tables["relations"])
    return {
        "draw_response_gaps": response_gaps(tables, chronology, "England"),
        "draw_concerns_before_decisions": run_up.concerns_before_decisions(tables, chronology),
        "draw_timescale_checks": timescale_checks(tables, chronology, "England"),
    }


def drawn(case: str, name: str) -> Axes:
    ax: Axes = getattr(figures, name)(made(case)[name])
    ax.figure.canvas.draw()
    return ax


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def said(ax: Axes) -> str:
    return " ".join(words(ax))


def marks(ax: Axes) -> dict[str, Artist]:
    return {str(one.get_gid()): one for one in ax.get_children() if one.get_gid()}


def span(mark: Artist) -> tuple[float, float]:
    """From where to where a segment or a bar goes."""
    if isinstance(mark, Rectangle):
        return mark.get_x(), mark.get_x() + mark.get_width()
    assert isinstance(mark, Line2D)
    xs = list(mark.get_xdata())
    return min(xs), max(xs)


NAMES = list(made("empty"))


@pytest.mark.parametrize("name", NAMES)
def test_draws_on_the_axes_given_and_changes_no_table(name: str) -> None:
    table = made("worked")[name]
    before = table.copy()
    _, ax = plt.subplots()
    assert getattr(figures, name)(table, ax) is ax
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", NAMES)
def test_draws_where_there_is_nothing_or_nothing_holds(name: str) -> None:
    table = made("empty")[name]
    if table.empty:
        assert words(drawn("empty", name))
    assert drawn("clash", name) is not None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_nothing_overlaps_or_leaves_the_page(case: str, name: str) -> None:
    assert_nothing_overlaps(drawn(case, name))


@pytest.mark.parametrize("name", NAMES)
def test_what_marks_mean_and_the_scale_stand_before_the_first_mark(name: str) -> None:
    ax = drawn("worked", name)
    places: dict[bool, list[float]] = {True: [], False: []}
    for gid, mark in marks(ax).items():
        y = mark.get_y() if isinstance(mark, Rectangle) else mark.get_ydata()[0]  # type: ignore[attr-defined]
        places["legend-" in gid].append(y)
    assert places[True]
    assert max(places[True]) < min(places[False])
    of_scale = [
        text.get_position()[1]
        for text in ax.texts
        if text.get_text() in ("0", "1 week", "half", "1")
    ]
    assert min(of_scale) < min(places[False])


def test_waits_run_from_least_to_most_beside_their_limit() -> None:
    ax, table = drawn("worked", "draw_response_gaps"), made("worked")["draw_response_gaps"]
    found, scale = marks(ax), day_scale([14, 66], MARGIN + 2, WIDTH - MARGIN - 6)
    assert span(found["wait-0"]) == pytest.approx((scale.x(14),) * 2)
    assert span(found["limit-0"]) == pytest.approx((scale.x(66),) * 2)
    # A protective step follows each of them, so none is seen to wait up to the end.
    assert not any(gid.startswith("observed-") for gid in found)
    lines = said(ax)
    assert f"{table['summary'].iloc[0]} → {table['answer_summary'].iloc[0]}" in lines
    for note in (
        "(only an order)",
        "Told or counted in another row",
        "(insufficient)",
    ):
        assert note in lines, lines


def test_what_no_step_follows_is_seen_to_wait_to_the_end_of_the_account() -> None:
    ax, table = drawn("no step", "draw_response_gaps"), made("no step")["draw_response_gaps"]
    found, scale = marks(ax), day_scale([14, 66, 152], MARGIN + 2, WIDTH - MARGIN - 6)
    observed = {gid: span(mark) for gid, mark in found.items() if gid.startswith("observed-")}
    assert len(observed) == 2
    for gid, (low, high) in observed.items():
        row = table.iloc[int(gid.split("-")[1])]
        assert (low, high) == pytest.approx((scale.x(0), scale.x(row["observed_days_max"])))
        assert found[gid].get_hatch()  # type: ignore[attr-defined]
    assert "Without an answer on record, observed to the end of the account" in said(ax)


def test_bars_show_what_is_certain_and_what_is_possible() -> None:
    ax, table = (
        drawn("worked", "draw_concerns_before_decisions"),
        made("worked")["draw_concerns_before_decisions"],
    )
    found = {
        gid: mark
        for gid, mark in marks(ax).items()
        if isinstance(mark, Rectangle) and not gid.startswith("legend")
    }
    assert [gid.split("-")[0] for gid in found] == ["certain", "possible"] * 3
    assert [bool(bar.get_hatch()) for bar in found.values()] == [False, True] * 3
    widths = [bar.get_width() for bar in found.values()]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 5, 3, 1, 4, 1])
    assert [text for text in words(ax) if text.startswith("at least")] == [
        "at least 1",
        "at least 3",
        "at least 4",
    ]
    assert all(summary in said(ax) for summary in table["summary"])


def test_due_and_actual_windows_of_the_checks() -> None:
    ax, table = drawn("worked", "draw_timescale_checks"), made("worked")["draw_timescale_checks"]
    assert "Initial child protection conference (15 working days, 2015): undetermined" in said(ax)
    found = marks(ax)
    days = (
        table[
            ["due_days_min", "due_days_max", "days_min", "days_max", "end_days_min", "end_days_max"]
        ]
        .stack()
        .dropna()
    )
    scale = day_scale([float(day) for day in days], MARGIN + 2, WIDTH - MARGIN - 6)
    row = list(zip(table["start"], table["end"], strict=True)).index(("strategy", "conference"))
    # 1 June to 22 June is 21 days; the conference is 19 to 24 days on, the admission 81 to 91.
    low, high = span(found[f"due-{row}"])
    assert low <= scale.x(21) <= high
    assert span(found[f"actual-{row}"]) == pytest.approx((scale.x(19), scale.x(24)))
    assert span(found[f"end-{row}"]) == pytest.approx((scale.x(81), scale.x(91)))


@pytest.mark.parametrize("name", ["child-w-manchester-2020", "child-a-haringey-2008"])
def test_real_reviews_are_drawn_without_a_warning_and_every_mark_has_more_than_colour(
    name: str,
) -> None:
    tables = read_review(DATA / name)
    chronology = attempt(tables["events"], tables["relations"])
    for ax in (
        figures.draw_response_gaps(response_gaps(tables, chronology, "England")),
        figures.draw_concerns_before_decisions(
            run_up.concerns_before_decisions(tables, chronology)
        ),
        figures.draw_timescale_checks(timescale_checks(tables, chronology, "England")),
    ):
        ax.figure.canvas.draw()
        looks = {
            (line.get_color(), line.get_marker())
            for line in ax.lines
            if line.get_marker() not in ("None", None, "")
        }
        assert len({marker for _, marker in looks}) >= len({color for color, _ in looks}) - 1
