from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from casechron.analysis.chronicle import chronicle, precedence
from casechron.analysis.contradictions import contradictions
from casechron.chronology import attempt
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review
from casechron.reporting import style
from casechron.reporting.figures import draw_chronicle, draw_contradictions, draw_precedence
from casechron.reporting.svg import figure_svg
from chronology_cases import Tables, generated, tables_of, tension

DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
SIZES = (12, 75, 120)
EXACT = DatingPolicy(duration_slack="none")


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with style.rc_context():
        yield
    plt.close("all")


def told(tables: Tables, policy: DatingPolicy | None = None) -> pd.DataFrame:
    return chronicle(
        tables, attempt(tables["events"], tables["relations"], policy, locators=tables["locators"])
    )


def contradicted() -> pd.DataFrame:
    tables = tension()
    return contradictions(
        attempt(tables["events"], tables["relations"], EXACT, locators=tables["locators"])
    )


def boxes(ax: Axes) -> list[tuple[str, Bbox]]:
    """The box of every text, as the renderer draws it."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    texts = [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text() and text.get_visible()
    ]
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in texts
        if ax.axison or text in ax.texts
    ]


def assert_nothing_overlaps(ax: Axes) -> None:
    found = sorted(boxes(ax), key=lambda pair: pair[1].y0)
    page = ax.get_window_extent()
    assert found
    for at, (words, box) in enumerate(found):
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1, f"{words!r} leaves the page"
        assert page.y0 <= box.y0
        assert box.y1 <= page.y1, f"{words!r} leaves the page"
        for other, beside in found[at + 1 :]:
            if beside.y0 >= box.y1:
                break
            assert box.x1 <= beside.x0 or beside.x1 <= box.x0, f"{words!r} and {other!r} overlap"
    bars = [
        patch.get_window_extent()
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_linewidth()
    ]
    for words, box in found:
        for bar in bars:
            apart = box.x1 <= bar.x0 or bar.x1 <= box.x0 or box.y1 <= bar.y0 or bar.y1 <= box.y0
            assert apart, f"{words!r} lies on a bar"


def gids(ax: Axes) -> dict[str, Artist]:
    found = [artist for artist in ax.findobj() if artist.get_gid()]
    names = [str(artist.get_gid()) for artist in found]
    assert not [name for name, count in Counter(names).items() if count > 1]
    return dict(zip(names, found, strict=True))


def expected_marks(table: pd.DataFrame) -> set[str]:
    """Which bars and marks a chronicle asks for, row by row."""
    marks = set()
    for row in table.to_dict("records"):
        admissible = row["status"] != "no admissible chronology"
        before = "" if admissible else "stated_"
        four = [
            row[f"{before}{name}"]
            for name in ("earliest", "start_latest", "end_earliest", "latest")
        ]
        stated = [row["stated_earliest"], row["stated_latest"]]
        known = [day for day in four if not pd.isna(day)]
        event, absent = row["event"], bool(row["absence"])
        if row["alleged"] in ("alleged", "alleged and denied") and (known or not absent):
            marks.add(f"alleged-{event}")
        if not known:
            alleged = f"alleged-{event}" in marks
            marks |= {f"cross-{event}"} if absent else set() if alleged else {f"undated-{event}"}
            continue
        marks |= {f"open-start-{event}"} if pd.isna(four[0]) else set()
        marks |= {f"open-end-{event}"} if pd.isna(four[3]) else set()
        if absent:
            marks |= {f"absence-{event}", f"cross-{event}"}
            continue
        if not admissible or (row["narrowed_by_rows"] and not all(pd.isna(day) for day in stated)):
            marks.add(f"stated-{event}")
        certain = not pd.isna(row["certain_from"])
        whole = (
            certain
            and row["certain_from"] == row["earliest"]
            and row["certain_to"] == row["latest"]
        )
        marks |= {f"certain-{event}"} if certain else set()
        marks |= {f"possible-{event}"} if admissible and not whole else set()
        if not certain:
            marks |= {f"begun-{event}"} if not pd.isna(four[1]) and four[1] != four[3] else set()
            marks |= {f"lasting-{event}"} if not pd.isna(four[2]) and four[2] != four[0] else set()
    return marks


@pytest.mark.parametrize("count", SIZES)
def test_nothing_in_a_chronicle_overlaps_and_every_mark_has_its_reason(count: int) -> None:
    table = told(generated(count))
    ax = draw_chronicle(table)
    assert_nothing_overlaps(ax)
    drawn = {name for name in gids(ax) if "legend" not in name}
    assert drawn == expected_marks(table)
    assert {name.split("-")[0] for name in drawn} >= {
        "possible",
        "certain",
        "absence",
        "cross",
        "open",
    }


@pytest.mark.parametrize(
    ("count", "lanes"), [(12, "agency"), (12, "kind"), (75, "agency"), (120, "kind")]
)
def test_nothing_in_lanes_overlaps_and_no_event_is_left_out(count: int, lanes: str) -> None:
    table = told(generated(count, seed=2))
    ax = draw_chronicle(table, lanes=lanes)  # type: ignore[arg-type]
    assert_nothing_overlaps(ax)
    drawn = {name for name in gids(ax) if "legend" not in name}
    assert {name.partition("--")[0] for name in drawn} == expected_marks(table)
    if lanes == "agency":
        several = table[
            table["lane"].str.contains("; ") & table["earliest"].notna() & (table["absence"] == "")
        ]
        assert len(several)
        for event, lane in zip(several["event"], several["lane"], strict=True):
            turns = [
                name
                for name in drawn
                if name.split("-", 1)[1].partition("--")[0] == event and name[0] in "pc"
            ]
            assert {name.partition("--")[2] for name in turns} == {
                "",
                *(str(n) for n in range(2, lane.count("; ") + 2)),
            }


@pytest.mark.parametrize("review", REVIEWS)
def test_nothing_overlaps_in_the_reviews_that_we_hold(review: str) -> None:
    tables = read_review(DATA / review)
    for policy in (DatingPolicy(), EXACT):
        chronology = attempt(
            tables["events"], tables["relations"], policy, locators=tables["locators"]
        )
        table = chronicle(tables, chronology)
        ax = draw_chronicle(table)
        assert_nothing_overlaps(ax)
        assert {name for name in gids(ax) if "legend" not in name} == expected_marks(table)
        assert_nothing_overlaps(draw_precedence(precedence(tables, chronology)))
        assert_nothing_overlaps(draw_contradictions(contradictions(chronology)))


def test_words_stand_side_by_side_where_time_leaves_room() -> None:
    days = ("2018-01-03", "2018-12-20")
    tables = tables_of(
        [
            {"id": f"e{at}", "date": day, "kind": "visit", "summary": "A visit"}
            for at, day in enumerate(days)
        ]
    )
    ax = draw_chronicle(told(tables), lanes="kind")
    tops = [box.y0 for words, box in boxes(ax) if words == "A visit"]
    assert len(tops) == 2
    assert len(set(tops)) == 1
    assert_nothing_overlaps(ax)


def test_solid_hatched_heavy_and_thin() -> None:
    events = [
        {"id": "day", "date": "2018-03-05", "kind": "visit"},
        {"id": "month", "date": "2018-04", "kind": "visit"},
        {"id": "closer", "date": "2018-04", "kind": "visit"},
        {"id": "free", "date": "", "kind": "visit"},
        {"id": "last", "date": "2018-04-10", "kind": "visit"},
        {"id": "plan", "date": "2018-03/2018-06", "kind": "protection-plan"},
        {"id": "never", "date": "2018-05", "kind": "visit", "absence": "did-not-happen"},
    ]
    ties = [
        {"id": f"r{at}", "type": "before", "from_event": a, "to_event": b}
        for at, (a, b) in enumerate((("closer", "last"), ("last", "free")))
    ]
    ax = draw_chronicle(told(tables_of(events, ties)))
    found = gids(ax)
    patch = {name: artist for name, artist in found.items() if isinstance(artist, Rectangle)}
    assert not patch["certain-day"].get_hatch()
    assert patch["possible-month"].get_hatch() == "////"
    assert patch["possible-month"].get_linewidth() < patch["possible-closer"].get_linewidth()
    assert patch["stated-closer"].get_linewidth() < patch["possible-closer"].get_linewidth()
    assert patch["stated-closer"].get_width() > 2 * patch["possible-closer"].get_width()
    assert not patch["stated-closer"].get_fill() or patch["stated-closer"].get_facecolor()[3] == 0
    assert "stated-month" not in patch
    assert "stated-free" not in patch
    assert {"open-end-free", "possible-plan", "certain-plan", "cross-never"} <= set(found)
    assert "open-start-free" not in found
    assert patch["absence-never"].get_linestyle() not in ("-", "solid")
    # The plan is certain from the end of March to the start of June, within the window in which it
    # is possible.
    whole, sure = patch["possible-plan"], patch["certain-plan"]
    assert whole.get_x() < sure.get_x()
    assert sure.get_x() + sure.get_width() < whole.get_x() + whole.get_width()
    words = [text for text, _ in boxes(ax)]
    assert "In May 2018 · absence: did not happen" in words
    assert "absence: said not to have happened, or not enough" in " ".join(words)


def test_a_birth_is_drawn_as_published_and_an_allegation_is_marked() -> None:
    events = [
        {"id": "birth", "date": "2018-07", "kind": "birth", "summary": "X is born"},
        {"id": "blow", "date": "2018-07-05", "kind": "violence", "summary": "A blow"},
        {"id": "push", "date": "2018-07-06", "kind": "violence", "summary": "A push"},
    ]
    ties = [{"id": "r", "type": "before", "from_event": "birth", "to_event": "blow"}]
    parts = [
        {"id": "p1", "person": "x", "event": "blow", "role": "harming", "status": "alleged"},
        {"id": "p2", "person": "x", "event": "push", "role": "harming", "status": "alleged"},
        {"id": "p3", "person": "x", "event": "push", "role": "harmed", "status": "reported"},
    ]
    ax = draw_chronicle(told(tables_of(events, ties, participation=parts)))
    found = gids(ax)
    birth, blow = found["possible-birth"], found["certain-blow"]
    assert isinstance(birth, Rectangle)
    assert isinstance(blow, Rectangle)
    assert birth.get_x() + birth.get_width() > blow.get_x() + blow.get_width()
    assert "alleged-blow" in found
    assert "alleged-push" not in found
    words = [text for text, _ in boxes(ax)]
    assert "In July 2018 · a birth, as published" in words
    assert "On 5 July 2018 · alleged" in words
    assert "On 6 July 2018 · alleged in part" in words


def test_without_an_admissible_chronology_windows_are_drawn_as_written() -> None:
    table = told(tension(), EXACT)
    ax = draw_chronicle(table)
    assert_nothing_overlaps(ax)
    assert {name for name in gids(ax) if "legend" not in name} == {
        "stated-conference",
        "stated-incident",
        "stated-admission",
        "undated-plan",
    }
    words = [text for text, _ in boxes(ax)]
    assert "As written: in November 2018" in words
    assert " ".join(words).startswith("No chronology is admissible: windows are drawn as written.")


@pytest.mark.parametrize("lanes", [None, "agency", "kind"])
def test_a_chronicle_of_nothing_and_one_without_dates(lanes: str | None) -> None:
    ax = draw_chronicle(told(tables_of([])), lanes=lanes)  # type: ignore[arg-type]
    assert [words for words, _ in boxes(ax)] == ["No event is coded."]
    undated = tables_of([{"id": "a", "date": "", "kind": "visit", "summary": "A visit"}])
    ax = draw_chronicle(told(undated), lanes=lanes)  # type: ignore[arg-type]
    assert [words for words, _ in boxes(ax)] == ["Not dated, nor bounded by any order", "A visit"]
    assert_nothing_overlaps(ax)


def test_axes_that_are_given_are_drawn_on() -> None:
    figure, ax = plt.subplots(figsize=(9, 3))
    assert draw_chronicle(told(generated(12)), ax) is ax
    assert_nothing_overlaps(ax)
    assert figure.get_size_inches()[1] > 3


def test_equal_tables_are_equal_files() -> None:
    tables = generated(12)
    table, order = told(tables), precedence(tables, attempt(tables["events"], tables["relations"]))
    for draw, drawn in (
        (draw_chronicle, table),
        (draw_precedence, order),
        (draw_contradictions, contradicted()),
    ):
        one, other = (figure_svg(draw(drawn).get_figure(), "a", "A", "A.") for _ in range(2))  # type: ignore[arg-type]
        assert one == other


# ---------------------------------------------------------------- the order


@pytest.mark.parametrize("count", SIZES)
def test_nothing_in_the_order_overlaps_and_every_edge_runs_down(count: int) -> None:
    tables = generated(count)
    table = precedence(tables, attempt(tables["events"], tables["relations"]))
    ax = draw_precedence(table)
    assert_nothing_overlaps(ax)
    found = gids(ax)
    events = set(table["before"]) | set(table["after"])
    edges = set(zip(table["before"], table["after"], strict=True))
    assert {name for name in found if name.startswith("event-")} == {
        f"event-{event}" for event in events
    }
    assert {name for name in found if name.startswith("edge-")} == {
        f"edge-{a}-{b}" for a, b in edges
    }
    assert {name for name in found if name.startswith("line-")} == {f"line-{a}" for a, _ in edges}
    top = {event: found[f"event-{event}"].get_y() for event in events}  # type: ignore[attr-defined]
    assert all(top[a] < top[b] for a, b in edges)
    # Upright lines never run over each other: what shares a lane has ended before the next begins.
    upright: dict[float, list[tuple[float, float]]] = {}
    for name in found:
        if name.startswith("line-"):
            (_, x, _), (y, _, last) = found[name].get_data()  # type: ignore[attr-defined]
            upright.setdefault(round(x, 3), []).append((y, last))
    for held in upright.values():
        assert all(one[1] < other[0] for one, other in pairwise(sorted(held)))
    assert min(upright) > 0


def test_what_comes_before_is_said_in_numbers_too() -> None:
    events = [
        {"id": name, "date": f"2018-0{at}-01", "kind": "visit", "summary": f"Event {name}"}
        for at, name in ((1, "a"), (2, "b"), (2, "c"), (3, "d"))
    ]
    events += [
        {"id": "late", "date": "/2018-02-15", "kind": "known-to-agencies", "summary": "Event late"}
    ]
    tables = tables_of(events)
    ax = draw_precedence(precedence(tables, attempt(tables["events"], tables["relations"])))
    words = [
        text.get_text()
        for text in ax.texts
        if not text.get_text().startswith(("Each", "the left", "in one", "after it"))
    ]
    assert [
        one for one in words if one.startswith(("Step", "Event", "after", "1", "2", "3", "4"))
    ] == [
        "Step 1",
        "1",
        "Event a",
        "Step 2",
        "2",
        "Event b; on the same day: Event c",
        "after 1",
        "3",
        "Event late",
        "Step 3",
        "4",
        "Event d",
        "after 2, 3",
    ]


def test_an_order_of_nothing_is_said() -> None:
    tables = tension()
    refused = precedence(tables, attempt(tables["events"], tables["relations"], EXACT))
    assert [words for words, _ in boxes(draw_precedence(refused))] == [
        "No chronology is admissible: no order is certain."
    ]
    assert [words for words, _ in boxes(draw_precedence(refused.iloc[:0]))] == [
        "Of no two events is the order certain."
    ]


def test_an_order_that_comes_back_to_itself_is_refused() -> None:
    table = pd.DataFrame(
        {
            "before": ["a", "b", "c"],
            "after": ["b", "c", "b"],
            "before_summary": "",
            "after_summary": "",
            "status": "admissible",
        }
    )
    with pytest.raises(
        ValueError,
        match=r"^the order comes back to itself among b, c; give the table of a partial order$",
    ):
        draw_precedence(table)


# ---------------------------------------------------------------- contradictions


def test_a_contradiction_is_a_ruler_of_what_is_needed_and_what_is_possible() -> None:
    ax = draw_contradictions(contradicted())
    assert_nothing_overlaps(ax)
    found = gids(ax)
    needed, possible, short = (
        found[f"{name}-1"].get_width() for name in ("needed", "possible", "short")
    )  # type: ignore[attr-defined]
    assert possible / needed == pytest.approx(54 / 59)
    assert possible + short == pytest.approx(needed)
    assert [name for name in found if name.startswith("step-")] == [
        f"step-1-{at}" for at in range(1, 6)
    ]
    # Only the step that the coder derived has a diamond.
    assert [name for name in found if name.startswith("judged-")] == ["judged-1-4"]
    words = " ".join(text for text, _ in boxes(ax))
    for said in (
        "5 statements that cannot hold together: 5 days short",
        "59 days needed: ‘two months after’ (stated, paragraph 10)",
        "54 days possible, as the other statements have it",
        "not in words of the source (derived by the coder, paragraph 10)",
        "The day that is asked for is 5 days later than the latest that is left.",
    ):
        assert said in words
    # The ruler goes back and forth as the days do.
    x = [float(found[f"step-1-{at}"].get_xdata()[0]) for at in range(1, 6)]  # type: ignore[attr-defined]
    assert x[0] < x[1] > x[2] == x[3] < x[4] < x[0]
    assert isinstance(found["moved-1-5"], Rectangle)


def test_a_contradiction_without_a_date_comes_back_before_itself() -> None:
    events = [
        {"id": name, "date": "", "kind": "visit", "summary": f"Event {name}"} for name in "ab"
    ]
    ties = [
        {"id": f"r{a}", "type": "before", "from_event": a, "to_event": b, "basis": "judged"}
        for a, b in ("ab", "ba")
    ]
    tables = tables_of(events, ties)
    ax = draw_contradictions(contradictions(attempt(tables["events"], tables["relations"])))
    assert_nothing_overlaps(ax)
    assert not [name for name in gids(ax) if name.startswith(("needed", "possible", "short"))]
    words = " ".join(text for text, _ in boxes(ax))
    assert "Round the circle something would have to be 2 days before itself." in words


def test_two_contradictions_are_numbered() -> None:
    events = [
        {"id": f"e{at}", "date": f"201{at}-03", "kind": "visit", "summary": f"Event {at}"}
        for at in range(4)
    ]
    ties = [
        {"id": f"r{at}", "type": "before", "from_event": f"e{at + 1}", "to_event": f"e{at}"}
        for at in (0, 2)
    ]
    tables = tables_of(events, ties)
    table = contradictions(attempt(tables["events"], tables["relations"]))
    ax = draw_contradictions(table)
    assert_nothing_overlaps(ax)
    words = " ".join(text for text, _ in boxes(ax))
    assert "Contradiction 1: 3 statements that cannot hold together" in words
    assert "Contradiction 2: 3 statements that cannot hold together" in words


def test_no_contradiction_is_said() -> None:
    ax = draw_contradictions(contradicted().iloc[:0])
    assert [words for words, _ in boxes(ax)] == [
        "The statements hold together.",
        "Some assignment of days satisfies every one of",
        "them.",
    ]
