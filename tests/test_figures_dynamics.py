"""Do the figures of accounts and of findings show their tables, with nothing over anything else?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from an_invented_review import Tables, invented, no_rows, rows
from casechron.analysis.dynamics import accounts_of_harm
from casechron.analysis.learning import traceability
from casechron.chronology import attempt
from casechron.coding.reviews import list_reviews, read_review
from casechron.reporting import style
from casechron.reporting.figures.dynamics import draw_accounts_of_harm
from casechron.reporting.figures.learning import draw_traceability
from casechron.reporting.svg import figure_svg

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


def accounts(tables: Tables) -> pd.DataFrame:
    return accounts_of_harm(tables, attempt(tables["events"], tables["relations"]))


def gids(ax: Axes) -> set[str]:
    return {str(artist.get_gid()) for artist in ax.get_children() if artist.get_gid()}


def words(ax: Axes) -> str:
    return " ".join(artist.get_text() for artist in ax.get_children() if isinstance(artist, Text))


def assert_nothing_overlaps(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    assert figure is not None
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    page = ax.get_window_extent()
    texts = [
        one
        for one in ax.get_children()
        if isinstance(one, Text) and one.get_text() and one.get_visible()
    ]
    marks = [one for one in ax.get_children() if one.get_gid() and not isinstance(one, Text)]
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in texts]
    around = [(str(mark.get_gid()), mark.get_window_extent(renderer)) for mark in marks]
    assert boxes
    for said, box in boxes:
        assert page.x0 <= box.x0, f"{said!r} leaves the page"
        assert box.x1 <= page.x1, f"{said!r} leaves the page"
        assert page.y0 <= box.y0, f"{said!r} leaves the page"
        assert box.y1 <= page.y1, f"{said!r} leaves the page"
    for (said, box), (other, beside) in combinations(boxes, 2):
        assert not box.overlaps(beside), f"{said!r} and {other!r} overlap"
    for gid, mark in around:
        for said, box in boxes:
            assert not mark.overlaps(box), f"{gid} lies on {said!r}"


def test_accounts_have_a_mark_each_and_bars_where_there_are_days() -> None:
    ax = draw_accounts_of_harm(accounts(invented()))
    found = gids(ax)
    assert {name for name in found if name.startswith("force-")} == {
        "force-scratch--1",
        "force-shove--1",
        "force-shove--2",
        "force-shove--3",
        "force-bruise--1",
        "force-fear--1",
        "force-harm--1",
        "force-harm--2",
    }
    assert {name for name in found if name.startswith(("possible-", "certain-"))} == {
        "possible-scratch",
        "possible-shove",
        "certain-bruise",
        "certain-harm",
    }
    assert {name for name in found if name.startswith("held-")} == {
        "held-scratch--1",
        "held-shove--1",
        "held-shove--2",
        "held-bruise--1",
    }
    assert_nothing_overlaps(ax)


def test_a_later_incident_has_its_bar_to_the_right() -> None:
    ax = draw_accounts_of_harm(accounts(invented()))
    bars = {
        patch.get_gid(): patch
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_gid()
    }
    order = [
        bars[f"{kind}-{event}"].get_x()
        for kind, event in (
            ("possible", "scratch"),
            ("possible", "shove"),
            ("certain", "bruise"),
            ("certain", "harm"),
        )
    ]
    assert order == sorted(order)
    assert len(set(order)) == len(order)
    assert (
        bars["possible-scratch"].get_width()
        > bars["possible-shove"].get_width()
        > bars["certain-harm"].get_width()
    )


def test_a_denial_is_set_in_below_what_it_denies() -> None:
    ax = draw_accounts_of_harm(accounts(invented()))
    marks = {
        line.get_gid(): line.get_xydata()[0]
        for line in ax.lines
        if str(line.get_gid()).startswith("force-")
    }
    alleged, denied, source = (marks[f"force-shove--{number}"] for number in (1, 2, 3))
    assert alleged[1] < denied[1] < source[1]
    assert denied[0] > alleged[0] == source[0]


def test_without_an_admissible_chronology_there_are_no_bars() -> None:
    ax = draw_accounts_of_harm(
        accounts(
            invented() | {"relations": rows("relations", "rl|before|conference||shove|||||stated")}
        )
    )
    assert not [name for name in gids(ax) if name.startswith(("possible-", "certain-", "held-"))]
    assert "No chronology is admissible: there are no bars." in words(ax)
    assert_nothing_overlaps(ax)


def test_what_is_open_or_only_begun_has_an_arrow_or_a_hook() -> None:
    tables = invented()
    events = tables["events"]
    tables["events"] = events.assign(
        date=events["date"].mask(events["id"] == "shove", "[..2019-03]")
    )
    tables["relations"] = rows("relations", "rl|not-after|fear|start|conference|||||stated")
    found = gids(draw_accounts_of_harm(accounts(tables)))
    assert {"open-start-shove", "begun-fear", "open-start-fear", "open-end-fear"} <= found
    assert "open-end-shove" not in found


def test_findings_have_a_mark_for_each_recommendation_that_addresses_them() -> None:
    ax = draw_traceability(traceability(invented()))
    marks = {
        line.get_gid(): line for line in ax.lines if str(line.get_gid()).startswith("addresses-")
    }
    assert set(marks) == {
        "addresses-fd-one-rc-both",
        "addresses-fd-plan-rc-both",
        "addresses-fd-plan-rc-plans",
    }
    # What the coder judged is hollow.
    assert marks["addresses-fd-one-rc-both"].get_markerfacecolor() == "white"
    assert marks["addresses-fd-plan-rc-both"].get_markerfacecolor() != "white"
    columns = {gid: line.get_xdata()[0] for gid, line in marks.items()}
    assert (
        columns["addresses-fd-one-rc-both"]
        == columns["addresses-fd-plan-rc-both"]
        < columns["addresses-fd-plan-rc-plans"]
    )
    assert "3 Train the staff (addresses no finding that is coded)" in words(ax).replace("  ", " ")
    assert_nothing_overlaps(ax)


def test_thirty_recommendations_make_the_page_wider_and_nothing_overlaps() -> None:
    tables = invented()
    advice = [f"rc-{number}|Recommendation {number}||stated" for number in range(30)]
    tables["recommendations"] = rows(
        "recommendations", "rc-both|Ask both parents||stated", "rc-plans|Review||stated", *advice
    )
    ax = draw_traceability(traceability(tables))
    assert_nothing_overlaps(ax)


@pytest.mark.parametrize("draw", [draw_accounts_of_harm, draw_traceability])
def test_no_rows_are_said_on_the_page(draw: object) -> None:
    table = accounts(no_rows()) if draw is draw_accounts_of_harm else traceability(no_rows())
    ax = draw(table)  # type: ignore[operator]
    assert "coded." in words(ax)
    assert_nothing_overlaps(ax)


@pytest.mark.parametrize("review", [listed.name for listed in list_reviews(ROOT)])
def test_in_real_reviews_nothing_overlaps(review: str) -> None:
    tables = read_review(ROOT / "data" / review)
    assert_nothing_overlaps(draw_accounts_of_harm(accounts(tables)))
    assert_nothing_overlaps(draw_traceability(traceability(tables)))


def test_the_same_table_gives_the_same_bytes() -> None:
    for draw, table in (
        (draw_accounts_of_harm, accounts(invented())),
        (draw_traceability, traceability(invented())),
    ):
        pictures = [
            figure_svg(draw(table).get_figure(root=True), "name", "Caption", "Alt")
            for _ in range(2)
        ]
        assert pictures[0] == pictures[1]


def test_a_figure_fills_the_axes_that_it_is_given() -> None:
    _, ax = plt.subplots(figsize=(7, 2), layout="none")
    assert draw_traceability(traceability(invented()), ax) is ax
    _, ax = plt.subplots(figsize=(7, 2), layout="none")
    assert draw_accounts_of_harm(accounts(invented()), ax) is ax
