from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casechron.checking import check
from casechron.coding.messages import watched
from casechron.coding.reviews import ListedReview
from casechron.report.progress import Progress, Summary


def test_a_summary_says_what_was_done_and_what_to_do():
    done = Summary(
        front_page=Path("reports/index.html"),
        rendered=("b", "c", "d"),
        failures=(("e", "01.ipynb: why"), ("f", "01.ipynb: why"), ("g", "other")),
        stale=("z",),
        unchanged=(("a", 63),),
        not_begun=2,
        without_report=("g",),
        trouble="the pages over all reports could not be written: No space left on device",
        unreadable=("y",),
    )
    assert str(done).splitlines() == [
        "a: unchanged since it was rendered, 63 files verified; --force renders it anew",
        "e, f: not rendered; its previous report stands.",
        "  01.ipynb: why",
        "g: not rendered; it has no report.",
        "  other",
        "z: there is a report but no such review any more; remove it.",
        (
            "y: its report.json cannot be read, so the front page leaves it out; render it anew, or"
            " remove it."
        ),
        "2 reviews not begun; the same command goes on from here.",
        (
            "the pages over all reports could not be written: No space left on device; the same"
            " command writes them."
        ),
        "3 reports rendered, 1 unchanged, 3 failed. Open reports/index.html",
    ]
    assert done.exit_code == 1


def test_nobody_is_sent_to_a_page_that_is_not_there():
    assert str(Summary(None, failures=(("a", "why"),))).endswith("\n0 reports rendered, 1 failed.")


def test_of_many_reports_it_counts_those_that_need_nothing_and_names_few():
    names = [f"r{number:02}" for number in range(20)]
    done = Summary(
        Path("index.html"),
        unchanged=tuple((name, 5) for name in names),
        failures=tuple((name, "why") for name in names),
    )
    assert str(done).splitlines() == [
        (
            "20 reports: unchanged since they were rendered, 100 files verified; --force renders"
            " them anew"
        ),
        "r00, r01, r02 and 17 more: not rendered; its previous report stands.",
        "  why",
        "0 reports rendered, 20 unchanged, 20 failed. Open index.html",
    ]


def test_what_went_well_is_an_exit_code_of_0():
    assert Summary(Path("index.html"), rendered=("a",)).exit_code == 0
    assert Summary(Path("index.html"), unchanged=(("a", 1),)).exit_code == 0
    assert Summary(Path("index.html"), trouble="x").exit_code == 1


def test_the_bar_counts_what_is_left_and_is_none_where_nothing_has_to_run(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with closing(Progress(9, shown=True)) as progress:
        progress.left_out(9)
    assert stream.getvalue() == ""
    with closing(Progress(9, shown=True)) as progress:
        progress.left_out(3)
        progress.begin()
        progress.made("alpha", "01_when")
        progress.left_out(4)
        progress.begin()
        progress.made("beta", "01_when")
    last = stream.getvalue().split("\r")[-1]
    assert last.startswith("100% |")
    assert "| 2 of 2 notebooks, 00:00 gone, 00:00 left, beta 01_when" in last


def test_a_bar_over_things_is_seen_in_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    things = ["a", "b"]
    for terminal in (False, True):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda there=terminal: there)
        monkeypatch.setattr("sys.stderr", stream)
        bar = watched(things, "looked at", "letters")
        assert (bar is things) != terminal
        assert list(bar) == things
        assert watched(things[:1], "looked at", "letters") == ["a"]


def test_no_line_of_a_check_stands_behind_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []

    class Bar:
        def __init__(self, things: list[ListedReview]) -> None:
            self.things = things

        def __iter__(self) -> Iterator[ListedReview]:
            return iter(self.things)

        def clear(self) -> None:
            lines.append("cleared")

    monkeypatch.setattr("casechron.checking.watched", lambda things, *_: Bar(things))
    none = Path("nowhere")
    reviews = [ListedReview(name, none, "it is no folder") for name in ("a", "b")]
    assert not check(reviews, lines.append)
    assert lines[:2] == ["cleared", "nowhere: it is no folder"]
    assert lines[2:4] == lines[:2]
