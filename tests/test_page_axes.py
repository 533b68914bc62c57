"""Is a page drawn at once the same picture as one that matplotlib draws in its own way?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path as File

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from casechron.analysis.chronicle import chronicle, precedence
from casechron.analysis.involvement import involvement_by_event, involvement_by_phase
from casechron.analysis.telling import telling_network, tellings
from casechron.chronology import attempt
from casechron.coding.reviews import read_review
from casechron.reporting import figures, style
from casechron.reporting.figures.lanes import finished, page, write
from casechron.reporting.figures.page_axes import PageAxes
from casechron.reporting.svg import figure_svg

DATA = File(__file__).parents[1] / "data"
NUMBER = re.compile(r"-?\d*\.?\d+")
BEYOND = 0.101


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


def svg(ax: Axes) -> str:
    return figure_svg(ax.get_figure(root=True), "a", "A", "B")  # type: ignore[arg-type]


def both_ways(ax: Axes, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    at_once = svg(ax)
    with monkeypatch.context() as patched:
        patched.setattr(PageAxes, "draw", Axes.draw)
        return at_once, svg(ax)


def assert_alike(one: str, other: str) -> None:
    """The same elements with the same looks; places may be rounded to another tenth."""
    pairs = list(zip(ET.fromstring(one).iter(), ET.fromstring(other).iter(), strict=True))
    for mine, theirs in pairs:
        assert (mine.tag, mine.text, set(mine.attrib)) == (
            theirs.tag,
            theirs.text,
            set(theirs.attrib),
        )
        for key, value in mine.attrib.items():
            assert NUMBER.sub("#", value) == NUMBER.sub("#", theirs.attrib[key]), key
            if value != theirs.attrib[key]:
                found = [
                    np.array([float(word) for word in NUMBER.findall(text)])
                    for text in (value, theirs.attrib[key])
                ]
                assert np.abs(found[0] - found[1]).max() <= BEYOND, (key, value, theirs.attrib[key])


def everything(ax: Axes) -> None:
    look = {"facecolor": "#dbe7ef", "edgecolor": "#1d1d1b", "linewidth": 0.7}
    ax.add_patch(Rectangle((10, 20), 30, 8, **look))
    ax.add_patch(Rectangle((50, 20), -30, 8, hatch="////", hatch_linewidth=0.5, **look))
    ax.add_patch(Rectangle((90, 20), 30, 8, linestyle=(0, (3, 2)), **look))
    ax.add_patch(Rectangle((130, 20), 30, 8, angle=20, **look))
    ax.add_patch(Rectangle((170, 20), 30, 8, facecolor="none", edgecolor="#a84800"))
    ax.add_patch(Rectangle((210, 20), 30, 8, facecolor="#a84800", linewidth=0, alpha=0.5))
    ax.add_patch(Circle((30, 50), 5, **look))
    ax.add_patch(Polygon([(50, 45), (60, 50), (50, 55)], closed=True, **look))
    ax.add_patch(
        Polygon(
            [(70, 45), (80, 50), (70, 55)],
            closed=False,
            fill=False,
            edgecolor="#1d1d1b",
            linewidth=1.8,
        )
    )
    ax.add_patch(
        PathPatch(Path([(90, 45), (120, 45), (120, 60), (90, 60)], [1, 4, 4, 4]), facecolor="none")
    )
    ax.add_line(
        Line2D(
            [10, 100, float("nan"), 120, 200], [70, 70, 70, 70, 80], color="#dcd8cc", linewidth=0.8
        )
    )
    ax.add_line(Line2D([10, 100, 100], [90, 90, 110], linestyle=(0, (4, 2)), color="#00476f"))
    for at, marker in enumerate(("o", "s", "^", "D", "x", "P", ">", "|", "+")):
        ax.add_line(
            Line2D(
                [20 + 20 * at, 25 + 20 * at],
                [120, 130],
                marker=marker,
                markersize=7,
                markerfacecolor="white",
                markeredgecolor="#1d1d1b",
                markeredgewidth=1.2,
                linestyle="" if at % 2 else "-",
            )
        )
    ax.add_line(Line2D([10], [150], marker="o", fillstyle="left", markersize=9))
    ax.add_line(Line2D([10, 20, 30], [160, 150, 160], drawstyle="steps-post"))
    write(ax, 10, 170, ["words", "with <marks> & $5"], bold=True)
    ax.text(10, 220, "turned", rotation=40)
    ax.text(100, 220, "middle", ha="center", va="center")
    ax.text(100, 240, "two\nlines")
    ax.text(0.5, 0.5, "of the axes", transform=ax.transAxes)
    hidden = ax.text(10, 10, "hidden")
    hidden.set_visible(False)
    ax.plot([10, 500], [250, 250], zorder=-1)


def test_every_kind_of_thing_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    ax, width = page(None)
    everything(ax)
    finished(ax, width, 300)
    one, other = both_ways(ax, monkeypatch)
    assert_alike(one, other)
    assert "hidden" not in one
    assert one.count("<text") == 6 + 1


@pytest.mark.parametrize(
    "review", sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
)
def test_pages_of_real_reviews_are_the_same_either_way(
    review: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = read_review(DATA / review)
    chronology = attempt(tables["events"], tables["relations"], locators=tables["locators"])
    drawn = [
        figures.draw_chronicle(chronicle(tables, chronology)),
        figures.draw_precedence(precedence(tables, chronology)),
        figures.draw_involvement_by_event(involvement_by_event(tables, chronology)),
        figures.draw_involvement_by_phase(involvement_by_phase(tables, chronology)),
        figures.draw_telling_network(telling_network(tellings(tables, chronology), tables)),
    ]
    for ax in drawn:
        assert isinstance(ax, PageAxes)
        assert_alike(*both_ways(ax, monkeypatch))


def test_a_page_with_axes_is_drawn_as_matplotlib_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ax, _ = page(None)
    ax.plot([1, 2], [3, 4])
    one, other = both_ways(ax, monkeypatch)
    assert one == other
    assert one.count("<text") > 4


def test_a_page_can_be_drawn_onto_a_screen() -> None:
    ax, width = page(None)
    everything(ax)
    finished(ax, width, 300)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    dots = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    assert (dots[..., :3].min(axis=2) < 255).sum() > 1000
