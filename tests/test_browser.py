"""Do the pages of reports/ hold in a real browser: on a phone, by keyboard, in the dark, on paper, without scripts?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from browser import Browser, Page, browser_or_skip

ROOT = Path(__file__).parents[1]
#: Another rendering can be tested by naming its folder.
REPORTS = Path(os.environ.get("CASECHRON_REPORTS", ROOT / "reports"))
PAGES = sorted(REPORTS.rglob("*.html"))
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
DESKTOP, PHONE, NARROW = 1200, 360, 320

#: Rows of a table are made alike, and a drawing is one image to who cannot see it: a few of each are all that axe need see.
TRIM = """
document.querySelectorAll('tbody').forEach(body => Array.from(body.rows).slice(2).forEach(row => row.remove()));
document.querySelectorAll('svg').forEach(one => Array.from(one.children).slice(4).forEach(part => part.remove()));
"""
RUN_AXE = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(
    one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')))"""
OUTLINE = """({
    headings: Array.from(document.querySelectorAll('h1,h2,h3,h4,h5,h6')).map(one => Number(one.tagName[1])),
    bare: Array.from(document.querySelectorAll('table')).filter(one =>
        !one.caption || !one.caption.textContent.trim() || one.querySelector('thead th:not([scope=col])')
        || one.querySelector('tbody th:not([scope=row])')).map(one => one.outerHTML.slice(0, 200)),
    mute: Array.from(document.querySelectorAll('svg')).filter(one => {
        const said = (one.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
        return one.getAttribute('role') !== 'img' || said.length < 2
            || !said.every(one => one && one.textContent.trim().length > 5)
    }).map(one => one.outerHTML.slice(0, 200)),
    links: Array.from(document.querySelectorAll('a[href]')).map(one => one.href),
    ids: Array.from(document.querySelectorAll('[id]')).map(one => one.id),
})"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def name(path: Path) -> str:
    return path.relative_to(REPORTS).as_posix()


def visit(page: Page, path: Path) -> dict[str, Any]:
    """All that is found out about one page in one visit."""
    page.look(DESKTOP)
    page.open(path)
    found: dict[str, Any] = page.run(OUTLINE)
    found["sideways"] = {}
    for width, scale in ((PHONE, 1), (NARROW, 1), (DESKTOP / 2, 2)):
        page.look(int(width), scale=scale)
        if wider := page.run(SIDEWAYS):
            found["sideways"][int(width)] = wider
    page.run(f"{AXE};{TRIM};0")
    found["axe"] = {}
    # Colours do not depend on the width, nor sizes on the colours: both of each, in two runs.
    for width, dark in ((DESKTOP, False), (PHONE, True)):
        page.look(width, dark=dark)
        if violations := page.run(RUN_AXE):
            found["axe"][f"{width} {'dark' if dark else 'light'}"] = violations
    found["requested"], found["complaints"] = page.requested(), page.complaints()
    return found


@pytest.fixture(scope="module")
def visits() -> dict[str, dict[str, Any]]:
    """Every page, visited once, by two browsers side by side."""
    path = browser_or_skip()

    def tour(paths: list[Path]) -> list[tuple[str, dict[str, Any]]]:
        with Browser(path) as browser:
            page = browser.page()
            return [(name(one), visit(page, one)) for one in paths]

    heavy_first = sorted(PAGES, key=lambda one: -one.stat().st_size)
    with ThreadPoolExecutor(2) as pool:
        return dict(sorted(one for tour in pool.map(tour, (heavy_first[::2], heavy_first[1::2])) for one in tour))


@pytest.fixture
def page() -> Iterator[Page]:
    with Browser(browser_or_skip()) as browser:
        yield browser.page()


def heavy_page() -> Path:
    """A page with long tables and code: the heaviest of the notebooks' own."""
    return max((one for one in PAGES if re.match(r"\d", one.name)), key=lambda one: one.stat().st_size)


def test_there_are_pages_to_look_at() -> None:
    reviews = [folder.parent.name for folder in (ROOT / "data").glob("*/review.toml")]
    there = {name(one) for one in PAGES}
    assert {"index.html", "glossary.html", "method.html", "codebook.html"} <= there
    assert {f"{review}/{page}.html" for review in reviews for page in ("index", review)} <= there


def test_nothing_is_asked_for_but_the_page(visits: dict[str, dict[str, Any]]) -> None:
    for one, found in visits.items():
        assert found["requested"] == [(REPORTS / one).as_uri()], one


def test_the_browser_has_nothing_to_complain_of(visits: dict[str, dict[str, Any]]) -> None:
    assert {one: found["complaints"] for one, found in visits.items() if found["complaints"]} == {}


def test_no_page_scrolls_sideways_on_a_phone_or_at_twice_the_size(visits: dict[str, dict[str, Any]]) -> None:
    assert {one: found["sideways"] for one, found in visits.items() if found["sideways"]} == {}


def test_axe_finds_no_violation_in_light_and_dark_on_desktop_and_phone(visits: dict[str, dict[str, Any]]) -> None:
    assert {one: found["axe"] for one, found in visits.items() if found["axe"]} == {}


def test_headings_nest_under_one_main_heading(visits: dict[str, dict[str, Any]]) -> None:
    for one, found in visits.items():
        levels = found["headings"]
        assert levels[:1] == [1], one
        assert levels.count(1) == 1, one
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), (one, levels)


def test_tables_have_captions_and_scopes_and_figures_words(visits: dict[str, dict[str, Any]]) -> None:
    assert {one: found["bare"] + found["mute"] for one, found in visits.items() if found["bare"] + found["mute"]} == {}


def test_every_link_leads_somewhere(visits: dict[str, dict[str, Any]]) -> None:
    dead = []
    for one, found in visits.items():
        for link in found["links"]:
            said = urlsplit(link)
            if said.scheme in ("tel", "https", "http", "mailto"):
                continue
            target = Path(unquote(said.path))
            within = said.scheme == "file" and target.is_relative_to(REPORTS) and target.is_file()
            if not within or (said.fragment and unquote(said.fragment) not in ids(target, visits)):
                dead.append((one, link))
    assert dead == []


def ids(path: Path, visits: dict[str, dict[str, Any]]) -> frozenset[str]:
    @cache
    def of(one: str) -> frozenset[str]:
        return frozenset(visits[one]["ids"]) if one in visits else frozenset()

    return of(name(path))


def test_rows_lead_to_their_paragraph_wherever_a_text_was_at_hand(visits: dict[str, dict[str, Any]]) -> None:
    # Not on one page alone: from every page of a review that has a table of paragraphs.
    for one, found in visits.items():
        folder = one.rsplit("/", 1)[0]
        sources = [page for page in visits if page.startswith(f"{folder}/0") and "table-rows_by_paragraph" in visits[page]["ids"]]
        rows = [at for page in sources for at in visits[page]["ids"] if re.match(r"rows_by_paragraph-.*\d", at)]
        if re.fullmatch(r"[^/]+/\d\w*\.html", one) and rows:
            assert any(f"{sources[0]}#" in link for link in found["links"]), one


# ---- the controls


def test_one_control_shows_all_code(page: Page) -> None:
    page.look(DESKTOP)
    page.open(heavy_page())
    closed = "document.querySelectorAll('details.code:not([open])').length"
    there = page.run(closed)
    assert there > 3
    control = "document.querySelector('[data-tools] button')"
    page.run(f"{control}.focus()")
    page.press("Enter")
    assert (page.run(closed), page.run(f"{control}.getAttribute('aria-pressed')")) == (0, "true")
    page.press("Enter")
    assert (page.run(closed), page.run(f"{control}.getAttribute('aria-pressed')")) == (there, "false")


def test_long_tables_sort_and_filter_by_keyboard(page: Page) -> None:
    page.look(PHONE)
    page.open(heavy_page())
    page.run("window.box = document.querySelector('.filter').parentElement; window.body = box.querySelector('tbody'); 0")
    first = "Array.from(body.rows).map(row => row.cells[0].textContent.trim())"
    before = page.run(first)
    assert len(before) >= 12
    page.run("box.querySelector('button.sort').focus()")
    sort = "box.querySelector('th').getAttribute('aria-sort')"
    seen = []
    for _ in range(3):
        page.press("Enter")
        seen.append((page.run(sort), page.run(first)))
    assert [said for said, _ in seen] == ["ascending", "descending", None]
    assert seen[0][1] == page.run(f"{before!r}.sort(new Intl.Collator('en-GB', {{numeric: true, sensitivity: 'base'}}).compare)")
    assert sorted(seen[1][1]) == sorted(before)
    assert seen[2][1] == before
    page.run("box.querySelector('input').focus()")
    for key in before[3].split()[0]:
        page.press(key)
    left = page.run("Array.from(body.rows).filter(row => !row.hidden).map(row => row.textContent.toLowerCase())")
    assert 1 <= len(left) < len(before)
    assert all(before[3].split()[0].lower() in row for row in left)
    assert page.run("box.querySelector('[role=status]').textContent") == f"{len(left)} of {len(before)} rows"


def test_not_stated_is_sorted_last_either_way(page: Page) -> None:
    page.look(DESKTOP)
    page.open(heavy_page())
    places = page.run(
        """(() => {
        const cell = Array.from(document.querySelectorAll('.tall td.n')).find(one => one.closest('tbody').rows.length > 11);
        const table = cell.closest('table'), column = cell.cellIndex;
        const missing = () => Array.from(table.tBodies[0].rows).map(row => row.cells[column].classList.contains('n'));
        const button = table.tHead.rows[0].cells[column].querySelector('button');
        button.click(); const up = missing(); button.click(); return [up, missing()];
        })()"""
    )
    for order in places:
        assert order == sorted(order)
        assert any(order)


def test_a_term_is_explained_by_keyboard_and_by_touch_without_scripts(page: Page) -> None:
    page.look(PHONE, scripts=False)
    page.open(heavy_page())
    page.run("document.querySelector('button.term').focus()")
    # Focus came by keyboard or script; the popover is the browser's own.
    page.press("Enter")
    open_now = "document.querySelectorAll('[popover]:popover-open').length"
    assert page.run(open_now) == 1
    assert page.run("document.querySelector('[popover]:popover-open').textContent.length") > 40
    box = page.run(
        "(r => [r.left, r.right, r.top, r.bottom])(document.querySelector('[popover]:popover-open').getBoundingClientRect())"
    )
    assert box[0] >= 0
    assert box[1] <= PHONE
    page.press("Escape")
    assert page.run(open_now) == 0
    assert page.run("document.activeElement.className") == "term"
    at = page.run("(r => [r.left + 5, r.top + 5])(document.querySelector('button.term').getBoundingClientRect())")
    for kind in ("mousePressed", "mouseReleased"):
        page.send("Input.dispatchMouseEvent", {"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1})
    assert page.run(open_now) == 1


def test_focus_is_seen(page: Page) -> None:
    page.look(DESKTOP)
    page.open(heavy_page())
    for _ in range(6):
        page.press("Tab")
        style = page.run("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
        assert style[0] != "none", page.run("document.activeElement.outerHTML.slice(0, 200)")
        assert style[1] >= 2


def test_without_scripts_all_is_there_and_no_control_is_dead(page: Page) -> None:
    page.look(DESKTOP)
    page.open(heavy_page())
    rows = "document.querySelectorAll('tbody tr').length"
    with_scripts = page.run(rows)
    page.look(DESKTOP, scripts=False)
    page.open(heavy_page())
    assert page.run(rows) == with_scripts
    assert page.run("document.querySelectorAll('button:not([popovertarget]), input').length") == 0
    assert page.run("document.querySelectorAll('a[download][href$=\".csv\"]').length") == page.run(
        "document.querySelectorAll('table.casechron').length"
    )


# ---- paper


def test_print_is_dark_on_white_with_repeated_heads_and_no_controls(page: Page) -> None:
    page.look(DESKTOP, dark=True)
    page.open(heavy_page())
    page.send("Emulation.setEmulatedMedia", {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.run("Array.from(document.querySelectorAll('figure svg')).every(one => getComputedStyle(one).filter === 'none')")
    assert page.run(
        "Array.from(document.querySelectorAll('thead')).every(one => getComputedStyle(one).display === 'table-header-group')"
    )
    assert page.run("Array.from(document.querySelectorAll('nav, .filter, .tools, details.code')).every(one => !one.offsetParent)")


def test_every_kind_of_page_prints_to_pdf(page: Page) -> None:
    for path in (REPORTS / "index.html", heavy_page().with_name("index.html"), heavy_page()):
        page.look(DESKTOP)
        page.open(path)
        pdf = page.pdf()
        assert pdf.startswith(b"%PDF-"), path.name
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2, path.name
        assert page.run(SIDEWAYS) == 0


# ---- when there is no browser


def test_without_a_browser_it_is_said_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("browser.find_browser", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no Chromium here"):
        browser_or_skip()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must not skip the browser tests"):
        browser_or_skip()
