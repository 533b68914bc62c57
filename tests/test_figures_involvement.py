from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from casechron.analysis.decisions import decisions
from casechron.analysis.involvement import involvement_by_event, involvement_by_phase
from casechron.analysis.knowledge import AMONG, CERTAIN, POSSIBLE, knowledge
from casechron.analysis.known_at_decisions import (
    knowledge_at_a_decision,
    known_by_decision,
    reached,
)
from casechron.analysis.telling import telling_network, tellings
from casechron.chronology import Chronology, attempt
from casechron.coding.reviews import read_review
from casechron.reporting import style
from casechron.reporting.figures import (
    draw_involvement_by_event,
    draw_involvement_by_phase,
    draw_knowledge_at_a_decision,
    draw_known_by_decision,
    draw_telling_network,
)
from casechron.reporting.svg import figure_svg
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie, worked

DATA = Path(__file__).parents[1] / "data"
DRAW = {
    "by_event": draw_involvement_by_event,
    "by_phase": draw_involvement_by_phase,
    "network": draw_telling_network,
    "at_a_decision": draw_knowledge_at_a_decision,
    "by_decision": draw_known_by_decision,
}


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


def tables_for(tables: Tables, chronology: Chronology) -> dict[str, pd.DataFrame]:
    points, cells = decisions(tables, chronology), knowledge(tables, chronology)
    return {
        "by_event": involvement_by_event(tables, chronology),
        "by_phase": involvement_by_phase(tables, chronology),
        "network": telling_network(tellings(tables, chronology), tables),
        "at_a_decision": knowledge_at_a_decision(cells, points),
        "by_decision": known_by_decision(reached(cells, points, tables, chronology), points),
    }


def crowd(count: int) -> Tables:
    """A review of so many agencies with long names, each telling the next and several others, one
    left out."""
    ids = [f"agency-{at}" for at in range(count)]
    events = [
        event(f"incident-of-a-rather-long-name-{at}", "violence", f"2018-{1 + at % 9:02}")
        for at in range(count)
    ]
    events += [event(f"note-{at}", "notification", f"2018-{1 + at % 9:02}") for at in range(count)]
    events += [
        event("conference", "icpc", "2018-10"),
        event("enquiries", "section-47", "2018-09-30"),
    ]
    involved = [part(who, f"note-{at}", "raised") for at, who in enumerate(ids)]
    involved += [
        part(ids[(at * 4 + 1) % count], f"note-{at}", "received")
        for at in range(count)
        if (at * 4 + 1) % count != at
    ]
    involved += [
        part(ids[0], "conference", "led"),
        part(ids[-1], "conference", "not-involved", "did-not-happen"),
    ]
    return tables_of(
        agencies=[
            agency(who, f"Agency of many words, number {at}", "8") for at, who in enumerate(ids)
        ],
        events=events,
        involvement=involved,
        links=[
            tie("tells-of", f"note-{at}", f"incident-of-a-rather-long-name-{at}")
            for at in range(count)
        ],
    )


def cases() -> Iterator[tuple[str, Tables]]:
    yield "worked", worked()
    yield "crowd", crowd(15)
    for path in sorted(DATA.iterdir()):
        if (path / "review.toml").is_file():
            yield path.name, read_review(path)


NAMES = ["worked", "crowd", *sorted(path.parent.name for path in DATA.glob("*/review.toml"))]


@cache
def case(name: str) -> tuple[Tables, Chronology]:
    tables = dict(cases())[name]
    return tables, attempt(tables["events"], tables["relations"])


@cache
def tables_of_case(name: str) -> dict[str, pd.DataFrame]:
    return tables_for(*case(name))


@lru_cache
def refused() -> dict[str, pd.DataFrame]:
    """The tables of a review that contradicts itself."""
    tables = worked()
    relation = {
        "id": "r",
        "type": "before",
        "from_event": "conference",
        "to_event": "bruise",
        "basis": "stated",
    }
    tables["relations"] = tables_of(relations=[relation])["relations"]
    return tables_for(tables, solved(tables))


@lru_cache
def nothing() -> dict[str, pd.DataFrame]:
    return tables_for(tables_of(), solved(tables_of()))


def assert_nothing_overlaps(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    assert figure is not None
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    texts = [text for text in [*ax.texts, *ax.artists] if isinstance(text, Text)]
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    page = ax.get_window_extent()
    assert found
    found.sort(key=lambda pair: pair[1].y0)
    for at, (words, box) in enumerate(found):
        assert page.x0 - 0.5 <= box.x0, words
        assert box.x1 <= page.x1 + 0.5, words
        assert page.y0 - 0.5 <= box.y0, words
        assert box.y1 <= page.y1 + 0.5, words
        for other, beside in found[at + 1 :]:
            if beside.y0 >= box.y1:
                break
            overlap = (
                min(box.x1, beside.x1) - max(box.x0, beside.x0),
                min(box.y1, beside.y1) - max(box.y0, beside.y0),
            )
            # Lines of one text stand so close that the boxes of their letters touch.
            assert min(overlap) < 2.5, f"{words!r} meets {other!r}"


def gids(ax: Axes, prefix: str) -> set[str]:
    return {
        str(child.get_gid())
        for child in ax.get_children()
        if str(child.get_gid()).startswith(prefix)
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("figure", DRAW)
def test_nothing_overlaps_and_the_same_table_gives_the_same_file(name: str, figure: str) -> None:
    table = tables_of_case(name)[figure]
    ax = DRAW[figure](table)
    assert_nothing_overlaps(ax)
    if name == "worked":
        drawn = [figure_svg(one.get_figure(), "f", "T", "A") for one in (ax, DRAW[figure](table))]  # type: ignore[arg-type]
        assert drawn[0] == drawn[1]


@pytest.mark.parametrize("figure", DRAW)
def test_every_figure_can_be_drawn_of_nothing_and_of_a_contradiction(figure: str) -> None:
    ax = DRAW[figure](nothing()[figure])
    assert len(ax.texts) == 1
    assert_nothing_overlaps(DRAW[figure](refused()[figure]))


def test_a_mark_for_every_part_and_a_stated_absence_is_a_crossed_box() -> None:
    table = tables_of_case("worked")["by_event"]
    ax = draw_involvement_by_event(table)
    wanted = {
        f"part-{event}-{agency}"
        for event, agency in zip(table["event"], table["agency"], strict=True)
    }
    assert {gid for gid in gids(ax, "part-") if "--cross" not in gid} == wanted
    boxes = {str(patch.get_gid()): patch for patch in ax.patches}
    absent = boxes["part-no-duty-edt"]
    assert isinstance(absent, Rectangle)
    assert absent.get_facecolor()[:3] == (1, 1, 1)
    assert absent.get_linestyle() != "solid"
    assert {"part-no-duty-edt--cross", "part-no-duty-edt--cross-2"} <= gids(ax, "part-no-duty")
    assert "part-closure-cs--cross" not in gids(ax, "part-closure")


def test_the_matrix_of_phases_shows_numbers_and_absences() -> None:
    ax = draw_involvement_by_phase(tables_of_case("worked")["by_phase"])
    assert {"absence-edt-4", "absence-edt-4--cross", "absence-edt-4--cross-2"} == gids(
        ax, "absence-edt"
    )
    assert {"events-cs-1", "events-cs-2", "events-cs-3", "events-cs-4"} == gids(ax, "events-cs")
    assert gids(ax, "may-police") == {"may-police-3"}


def test_arcs_have_heads_and_missing_ones_a_cross() -> None:
    table = tables_of_case("worked")["network"]
    ax = draw_telling_network(table)
    told = {f"head-{at}" for at, tie in enumerate(table["tie"]) if tie.startswith("told")}
    missing = {f"cross-{at}" for at, tie in enumerate(table["tie"]) if not tie.startswith("told")}
    assert gids(ax, "head-") == told
    assert {gid for gid in gids(ax, "cross-") if gid.count("-") == 1} == missing
    assert len(gids(ax, "tie-")) == len(table)
    heads = {str(patch.get_gid()): patch for patch in ax.patches if isinstance(patch, Polygon)}
    full = {f"head-{at}" for at, word in enumerate(table["in_time"]) if word == "certain"}
    assert {gid for gid in told if heads[gid].get_facecolor()[:3] != (1, 1, 1)} == full


def test_the_matrix_of_knowledge_has_a_mark_for_every_cell() -> None:
    table = tables_of_case("worked")["at_a_decision"]
    ax = draw_knowledge_at_a_decision(table)
    assert gids(ax, "known-") == {
        f"known-{m}-{a}" for m, a in zip(table["matter"], table["agency"], strict=True)
    }


def test_bars_are_as_long_as_their_numbers() -> None:
    table = tables_of_case("worked")["by_decision"]
    ax = draw_known_by_decision(table)
    bars = {
        str(patch.get_gid()): patch.get_width()
        for patch in ax.patches
        if isinstance(patch, Rectangle)
    }
    kinds = list(dict.fromkeys(table["reached"]))
    shown = table[table["matters"] > 0]
    pairs = zip(shown["decision"], shown["reached"], strict=True)
    lengths = [bars[f"bar-{decision}-{kinds.index(kind)}"] for decision, kind in pairs]
    assert (
        len(
            {
                round(length / count, 6)
                for length, count in zip(lengths, shown["matters"], strict=True)
            }
        )
        == 1
    )


def test_bars_tell_each_kind_by_more_than_colour_and_what_is_possible_by_the_hatch() -> None:
    kinds = [*AMONG, "no admissible chronology"]
    row = {
        "decision": "closure",
        "summary": "The case is closed",
        "said": "in May",
        "matter_ids": "",
    }
    ax = draw_known_by_decision(
        pd.DataFrame([{**row, "reached": kind, "matters": 30} for kind in kinds])
    )
    looks = {
        str(patch.get_gid()): (patch.get_facecolor(), patch.get_hatch())
        for patch in ax.patches
        if patch.get_gid()
    }
    bars = [looks[f"bar-closure-{at}"] for at in range(len(kinds))]
    assert bars == [looks[f"legend-{at}"] for at in range(len(kinds))]
    assert len(set(bars)) == len(kinds)
    greys = [
        (round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 1), hatch)
        for (red, green, blue, _), hatch in bars
    ]
    assert len(set(greys)) == len(kinds), greys
    # What is certain is full, what is possible lighter and hatched.
    certain, possible = greys[kinds.index(CERTAIN)], greys[kinds.index(POSSIBLE)]
    assert certain[1] == "" != possible[1]
    assert certain[0] < possible[0]


def test_figures_can_be_drawn_into_axes_that_exist() -> None:
    for figure, draw in DRAW.items():
        _, ax = plt.subplots(figsize=(9, 4))
        assert draw(tables_of_case("worked")[figure], ax) is ax
