from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes

from a_timed_review import nothing, review
from casechron.analysis import robustness, run_up
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import response_gaps
from casechron.chronology import attempt
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review
from casechron.reporting import figures, style
from casechron.reporting.figures.chart import parts

DATA = Path(__file__).parents[1] / "data"
CLASH = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]


@pytest.fixture(autouse=True)
def _look() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


CASES = {"worked": review, "empty": nothing, "clash": lambda: review(relations=CLASH)}


@cache
def made(case: str) -> dict[str, pd.DataFrame]:
    tables = CASES[case]()
    chronology = attempt(tables["events"], tables["relations"])
    every = robustness.every_combination(tables, DatingPolicy(), "England")
    return {
        "draw_response_gaps": response_gaps(tables, chronology, "England"),
        "draw_concerns_before_decisions": run_up.concerns_before_decisions(tables, chronology),
        "draw_timescale_checks": timescale_checks(tables, chronology, "England"),
        "draw_robust_conclusions": robustness.robust_conclusions(every),
        "draw_conclusions_by_choice": robustness.conclusions_by_choice(every),
    }


def drawn(case: str, name: str) -> Axes:
    ax: Axes = getattr(figures, name)(made(case)[name])
    ax.figure.canvas.draw()
    return ax


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text() and not text.get_gid()]


def labels(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if str(text.get_gid()).startswith("label-")]


def reaches(ax: Axes) -> set[tuple[float, ...]]:
    """From where to where the segments and marks of a chart go."""
    return {tuple(x for x, _ in part) for line in ax.lines for part in parts(line)}


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


def test_waits_run_from_least_to_most_beside_their_limit() -> None:
    ax = drawn("worked", "draw_response_gaps")
    assert (14, 14) in reaches(ax)  # the wait
    assert (66, 66) in reaches(ax)  # its limit
    assert labels(ax)[:3] == [
        "referral\n→ assessment", "referrals-more\n(no answer)", "bruise\n→ nfa",
    ]  # fmt: skip
    assert words(ax) == [
        "nothing recorded\nobserved to admission", "only an order", "no evidence found\nobserved to admission",
        "told or counted in another row", "called insufficient",
    ]  # fmt: skip
    bars = [(round(bar.get_width()), bool(bar.get_hatch())) for bar in ax.patches]
    assert bars == [(152, True), (82, False), (88, True), (78, False)]


def test_steps_show_what_is_certain_and_what_is_possible() -> None:
    ax = drawn("worked", "draw_concerns_before_decisions")
    assert [bar.get_width() for bar in ax.patches] == [1, 5, 3, 1, 4, 1]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True] * 3
    steps = next(line for line in ax.lines if line.get_drawstyle() != "default")
    assert list(steps.get_xdata()) == [1, 1, 3, 3, 4, 4]
    assert words(ax) == ["at least 1", "at least 3", "at least 4"]


def test_due_and_actual_windows_of_the_checks() -> None:
    ax = drawn("worked", "draw_timescale_checks")
    said = words(ax)
    assert "Initial child protection conference (15 working days, 2015): undetermined" in said
    assert "strategy → conference" in said
    # 1 June to 22 June is 21 days; the conference is 19 to 24 days on, the admission 81 to 91.
    assert any(bar.get_x() == 21 for bar in ax.patches)
    assert {(19, 24), (81, 91)} <= reaches(ax)


def test_bars_of_robustness_fill_the_whole_and_say_how_far_a_conclusion_holds() -> None:
    ax = drawn("worked", "draw_robust_conclusions")
    table = made("worked")["draw_robust_conclusions"]
    widths = [bar.get_width() for bar in ax.patches]
    assert [sum(widths[at : at + 3]) for at in range(0, len(widths), 3)] == pytest.approx([1.0] * len(table))
    assert [text for text in words(ax) if text in ("all", "most", "some", "none")] == table["hold_under"].tolist()
    assert "flipped by late_from = 16" in words(ax)


def test_the_matrix_marks_each_cell_once() -> None:
    ax = drawn("worked", "draw_conclusions_by_choice")
    table = made("worked")["draw_conclusions_by_choice"]
    conclusions, choices = list(dict.fromkeys(table["conclusion"])), list(dict.fromkeys(table["choice"]))
    outcome = {"o": "holds", "X": "changes", "s": "no admissible chronology"}
    marks = {
        (conclusions[round(y)], choices[round(x)], outcome[str(line.get_marker())])
        for line in ax.lines if line.get_marker() in outcome for part in parts(line) for x, y in part
    }  # fmt: skip
    assert marks == set(zip(table["conclusion"], table["choice"], table["outcome"], strict=True))
    assert sum(len(part) for line in ax.lines if line.get_marker() in outcome for part in parts(line)) == len(table)
    assert len(ax.patches) == (table["outcome"] == "changes").sum() > 0


@pytest.mark.parametrize("name", ["child-w-manchester-2020", "child-a-haringey-2008"])
def test_real_reviews_are_drawn_without_a_warning_and_every_mark_has_more_than_colour(name: str) -> None:
    tables = read_review(DATA / name)
    chronology = attempt(tables["events"], tables["relations"])
    for ax in (
        figures.draw_response_gaps(response_gaps(tables, chronology, "England")),
        figures.draw_concerns_before_decisions(run_up.concerns_before_decisions(tables, chronology)),
        figures.draw_timescale_checks(timescale_checks(tables, chronology, "England")),
    ):
        ax.figure.canvas.draw()
        looks = {(line.get_color(), line.get_marker()) for line in ax.lines if line.get_marker() not in ("None", None, "")}
        assert len({marker for _, marker in looks}) >= len({color for color, _ in looks}) - 1
