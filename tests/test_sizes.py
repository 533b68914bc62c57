"""Are the reports small enough to be kept, sent and read again, drawing by drawing?"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Another rendering can be tested by naming its folder.
REPORTS = Path(os.environ.get("CASECHRON_REPORTS", ROOT / "reports")).resolve()
REVIEWS = sorted(folder.parent.name for folder in (ROOT / "data").glob("*/review.toml"))
#: Bytes of a report without the pages of whole tables, and of a drawing.
REPORT, DRAWING = 2_621_440, 60 * 1024
DRAWINGS = re.compile(r"<svg .*?</svg>", re.DOTALL)

pytestmark = pytest.mark.parametrize("review", REVIEWS)


def test_a_report_is_small(review: str) -> None:
    folder = REPORTS / review
    # An editor's own copies are hidden, and part of no report.
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    for table in folder.glob("tables/*.html"):
        del sizes[table.relative_to(folder).as_posix()]
    assert {"report.json", "datapackage.json", "index.html", f"{review}.html"} <= set(sizes)
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:10]
    told = f"leave out a table that no page shows, or shorten what is largest: {largest}"
    assert sum(sizes.values()) <= REPORT, told


def test_each_drawing_is_small(review: str) -> None:
    pages = sorted(REPORTS.glob(f"{review}/*.html"))
    drawn = [
        (page.name, svg) for page in pages for svg in DRAWINGS.findall(page.read_text("utf-8"))
    ]
    assert len(drawn) > 4
    assert {
        (name, svg[:160]): len(svg.encode()) for name, svg in drawn if len(svg.encode()) > DRAWING
    } == {}
