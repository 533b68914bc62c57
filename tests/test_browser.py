"""Do the pages of reports/ hold in a real browser: on a phone, by keyboard, in the dark, on paper,
without scripts?

Every page is visited once, and everything is asked of every page that has the thing. The tests then
each look at one kind of answer. The questions that a page can answer from within stand in
``in_page.js``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import unquote, urlsplit

import matplotlib.pyplot as plt
import pytest

from browser import Browser, Page, browser_or_skip
from casechron import reporting
from casechron.reporting import style
from casechron.reporting.svg import figure_svg
from test_figures_involvement import DRAW, tables_of_case
from thoroughly import EVERY

HERE = Path(__file__).parent
ROOT = HERE.parent
#: Another rendering can be tested by naming its folder.
REPORTS = Path(os.environ.get("CASECHRON_REPORTS", ROOT / "reports")).resolve()
PAGES = sorted(REPORTS.rglob("*.html"))
AXE = (HERE / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
ASKED = (HERE / "in_page.js").read_text(encoding="utf-8")
DESKTOP, PHONE, NARROW = 1200, 360, 320
#: What is left of a sheet of A4 within its margins, in CSS pixels: upright, and across for pages of
#: evidence.
UPRIGHT, ACROSS = (673, 986), (1016, 688)
TABS = 2
Found = dict[str, Any]


def name(path: Path) -> str:
    return path.relative_to(REPORTS).as_posix()


def kind(path: Path) -> str:
    """What kind of page it is: front, site, review, single (all in one file), notebook, or table
    (one long table)."""
    if path.parent == REPORTS:
        return "front" if path.stem == "index" else "site"
    if path.stem in ("index", path.parent.name):
        return "review" if path.stem == "index" else "single"
    return "notebook" if path.with_suffix(".ipynb").is_file() else "table"


def visit(page: Page, path: Path) -> Found:
    """All that is found out about one page."""
    page.look(DESKTOP)
    page.open(path)
    page.run(f"{ASKED};0")
    found: Found = page.run("asked.outline()")
    found["account"] = page.run(f"asked.account({kind(path)!r})")
    found["focus"] = [*tabbed(page), *page.run("asked.focus()")]
    found["code"] = code(page) if found["codes"] else ""
    found["tables_sorted"] = page.run("asked.longTables()")
    wide, high = ACROSS if page.run("document.body.classList.contains('evidence')") else UPRIGHT
    page.look(wide, dark=True, media="print")
    found["paper"] = page.run(f"asked.paper({wide}, {high})")
    found["pdf"] = sheets(page.pdf()) if path in printed() else []
    found["cut"] = {}
    # At 200 % a page has half the room.
    for width in (DESKTOP // 2, NARROW, PHONE):
        page.look(width)
        if wrong := page.run("asked.cut()"):
            found["cut"][width] = wrong
    found["words"] = page.run("asked.terms()")
    found["keyboard"] = one_term(page) if found["terms"] else []
    # The file that holds a whole review is made of the pages beside it.
    whole = page.run(f"{AXE};{'[]' if kind(path) == 'single' else 'asked.axeWhole()'}")
    found["axe"] = {"the whole page": whole} if whole else {}
    page.run("asked.trim()")
    for width in (PHONE, DESKTOP):
        shapes = []
        for dark in (False, True):
            page.look(width, dark=dark)
            shapes.append(page.run("asked.shape()"))
            if (width, dark) in looks(path) and (
                violations := page.run(f"asked.axeLooks({str(dark).lower()})")
            ):
                found["axe"][f"{width} {'dark' if dark else 'light'}"] = violations
        if shapes[0] != shapes[1]:
            found["axe"][f"{width}"] = [
                "the dark moves or hides something, so that every rule has to be asked there too"
            ]
    found["requested"], found["complaints"] = page.requested(), page.complaints()
    page.look(DESKTOP, scripts=False)
    page.open(path)
    found["without"] = page.run("""({
        rows: document.querySelectorAll('tbody tr').length,
        dead: document.querySelectorAll('button:not([popovertarget]), input').length,
        hidden: Array.from(document.querySelectorAll('details.code')).filter(one => !one.checkVisibility() || one.open).length,
        })""")  # noqa: E501
    found["complaints"] += page.complaints()
    return found


def looks(path: Path) -> set[tuple[int, bool]]:
    """At which widths, in the dark or not, axe looks at a page: at all of them, or at the one whose
    turn it is."""
    every = [(width, dark) for width in (PHONE, DESKTOP) for dark in (False, True)]
    return set(every if EVERY else [every[PAGES.index(path) % len(every)]])


@cache
def printed() -> frozenset[Path]:
    """The heaviest page of each kind; the one file of a review, which is made of its pages, is left
    out."""
    heaviest = {kind(one): one for one in sorted(PAGES, key=lambda one: one.stat().st_size)}
    return frozenset(one for what, one in heaviest.items() if what != "single")


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    """The width and height of each sheet of a PDF, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", pdf) if pdf.startswith(b"%PDF-") else []
    return [(round(float(box.split()[2])), round(float(box.split()[3]))) for box in boxes]


def tabbed(page: Page) -> list[str]:
    """What the first steps with the tab key reach without showing it; first of all the link past
    what all pages share."""
    wrong = []
    page.run("document.activeElement.blur()")
    for step in range(4):
        page.press("Tab")
        style, width, first, words = page.run(
            """(one => [getComputedStyle(one).outlineStyle, parseFloat(getComputedStyle(one).outlineWidth),
            one.matches('.skip') && one.getBoundingClientRect().left >= 0, one.outerHTML.slice(0, 160)]
            )(document.activeElement)"""  # noqa: E501
        )
        if style == "none" or width < 2 or (step == 0 and not first):
            wrong.append(words)
    return wrong


def code(page: Page) -> str:
    """What is wrong with the one control for all code, worked by keyboard; nothing if it is as it
    should be."""
    asked = """(codes => [codes.filter(one => one.checkVisibility()).length, codes.filter(one => one.open).length,
        document.querySelector('[data-tools] button').getAttribute('aria-pressed')]
        )(Array.from(document.querySelectorAll('details.code')))"""  # noqa: E501
    every = page.run("document.querySelectorAll('details.code').length")
    page.run("document.querySelector('[data-tools] button').focus()")
    seen = [page.run(asked)]
    for _ in range(2):
        page.press("Enter")
        seen.append(page.run(asked))
    if not page.run("Boolean(document.querySelector('footer [data-tools] button'))"):
        seen.append("not at the foot")
    hidden = [0, 0, "false"]
    return (
        ""
        if seen == [hidden, [every, every, "true"], hidden]
        else f"shown, open and pressed: {seen}"
    )


def one_term(page: Page) -> list[str]:
    """What is wrong with the first explained term, opened and closed by keyboard."""
    page.run("document.querySelector('button.term').focus()")
    page.press("Enter")
    opened = "document.querySelectorAll('[popover]:popover-open').length"
    wrong = [] if page.run(opened) == 1 else ["Enter does not open it"]
    page.press("Escape")
    wrong += [] if page.run(opened) == 0 else ["Escape does not close it"]
    return wrong + (
        [] if page.run("document.activeElement.className") == "term" else ["the focus is lost"]
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with Browser(browser_or_skip()) as one:
        yield one


@pytest.fixture(scope="module")
def visits(browser: Browser) -> dict[str, Found]:
    """Every page, visited once, in a few tabs side by side."""
    tabs: SimpleQueue[Page] = SimpleQueue()
    for _ in range(TABS):
        tabs.put(browser.page())

    def tour(path: Path) -> tuple[str, Found]:
        page = tabs.get()
        try:
            return name(path), visit(page, path)
        finally:
            tabs.put(page)

    heavy_first = sorted(PAGES, key=lambda one: -one.stat().st_size)
    with ThreadPoolExecutor(TABS) as pool:
        found = dict(pool.map(tour, heavy_first))
    for _ in range(TABS):
        tabs.get().close()
    return dict(sorted(found.items()))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    one = browser.page()
    yield one
    one.close()


def wrong(visits: dict[str, Found], what: str) -> dict[str, Any]:
    return {one: found[what] for one, found in visits.items() if found[what]}


def heavy_page() -> Path:
    """A page with long tables and code: the heaviest of the notebooks' own."""
    return max(
        (one for one in PAGES if kind(one) == "notebook"), key=lambda one: one.stat().st_size
    )


def test_there_are_pages_of_every_kind_to_look_at() -> None:
    reviews = [folder.parent.name for folder in (ROOT / "data").glob("*/review.toml")]
    there = {name(one) for one in PAGES}
    assert {"index.html", "glossary.html", "method.html", "codebook.html", "ethics.html"} <= there
    assert {f"{review}/{page}.html" for review in reviews for page in ("index", review)} <= there
    assert {"front", "site", "review", "single", "notebook"} <= {kind(one) for one in PAGES}


def test_the_visits_found_what_they_ask_about(visits: dict[str, Found]) -> None:
    # Nothing below can be true for want of a table, a term, a figure or a control.
    notebooks = [found for one, found in visits.items() if kind(REPORTS / one) == "notebook"]
    for thing in ("terms", "tables", "codes"):
        assert all(found[thing] for found in notebooks), thing
    for thing in ("filters", "figures"):
        assert sum(bool(found[thing]) for found in notebooks) > len(notebooks) / 2, thing


def test_nothing_is_asked_for_but_the_page(visits: dict[str, Found]) -> None:
    for one, found in visits.items():
        assert found["requested"] == [(REPORTS / one).as_uri()], one


def test_the_browser_has_nothing_to_complain_of(visits: dict[str, Found]) -> None:
    assert wrong(visits, "complaints") == {}


def test_nothing_is_cut_off_or_scrolls_the_page_sideways_on_a_phone_or_at_twice_the_size(
    visits: dict[str, Found],
) -> None:
    assert wrong(visits, "cut") == {}


def test_axe_finds_no_violation_in_light_and_dark_on_desktop_and_phone(
    visits: dict[str, Found],
) -> None:
    assert wrong(visits, "axe") == {}


def test_headings_nest_under_one_main_heading(visits: dict[str, Found]) -> None:
    for one, found in visits.items():
        levels = found["headings"]
        assert levels[:1] == [1], one
        assert levels.count(1) == 1, one
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), (one, levels)


def test_tables_have_captions_and_scopes_and_figures_words(visits: dict[str, Found]) -> None:
    assert wrong(visits, "bare") == {}
    assert wrong(visits, "mute") == {}


def test_each_page_begins_with_the_content_note_and_ends_with_questions_and_how_to_cite_it(
    visits: dict[str, Found],
) -> None:
    # Key points before the evidence, the data beside each figure and the policy in its box too: see
    # `account` in in_page.js.
    assert wrong(visits, "account") == {}


def test_every_link_leads_somewhere(visits: dict[str, Found]) -> None:
    ids = {one: frozenset(found["ids"]) for one, found in visits.items()}
    dead = []
    for one, found in visits.items():
        for link in set(found["links"]):
            said = urlsplit(link)
            if said.scheme in ("tel", "https", "http", "mailto"):
                continue
            target = Path(unquote(said.path))
            within = said.scheme == "file" and target.is_relative_to(REPORTS) and target.is_file()
            if not within or (
                said.fragment and unquote(said.fragment) not in ids.get(name(target), ())
            ):
                dead.append((one, link))
    assert dead == []


def test_rows_lead_to_their_paragraph_wherever_a_text_was_at_hand(visits: dict[str, Found]) -> None:
    # Not on one page alone: from every page of a review that has a table of paragraphs.
    for one, found in visits.items():
        folder = one.rsplit("/", 1)[0]
        sources = [
            page
            for page in visits
            if page.startswith(f"{folder}/0") and "table-rows_by_paragraph" in visits[page]["ids"]
        ]
        rows = [at for page in sources for at in visits[page]["ids"] if re.match(r"para-.*\d", at)]
        if re.fullmatch(r"[^/]+/\d\w*\.html", one) and rows:
            assert any(f"{sources[0]}#" in link for link in found["links"]), one


# ---- the controls, on every page that has them


def test_one_control_shows_all_code(visits: dict[str, Found]) -> None:
    assert wrong(visits, "code") == {}


def test_every_long_table_sorts_and_filters(visits: dict[str, Found]) -> None:
    assert wrong(visits, "tables_sorted") == {}


def test_every_term_is_explained_where_it_first_stands_and_within_a_phones_screen(
    visits: dict[str, Found],
) -> None:
    assert wrong(visits, "words") == {}
    assert wrong(visits, "keyboard") == {}


def test_the_focus_is_seen_wherever_it_is(visits: dict[str, Found]) -> None:
    assert wrong(visits, "focus") == {}


def test_without_scripts_all_is_there_and_no_control_is_dead(visits: dict[str, Found]) -> None:
    for one, found in visits.items():
        assert found["without"] == {"rows": found["rows"], "dead": 0, "hidden": 0}, one


# ---- one page, closer


def test_long_tables_sort_and_filter_by_keyboard(page: Page) -> None:
    page.look(PHONE)
    page.open(heavy_page())
    page.run(
        "window.box = document.querySelector('.filter').parentElement; window.body ="
        " box.querySelector('tbody'); 0"
    )
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
    assert seen[0][1] == page.run(
        f"{before!r}.sort(new Intl.Collator('en-GB', {{numeric: true, sensitivity:"
        " 'base'}).compare)"
    )
    assert sorted(seen[1][1]) == sorted(before)
    assert seen[2][1] == before
    page.run("box.querySelector('input').focus()")
    for key in before[3].split()[0]:
        page.press(key)
    left = page.run(
        "Array.from(body.rows).filter(row => !row.hidden).map(row => row.textContent.toLowerCase())"
    )
    assert 1 <= len(left) < len(before)
    assert all(before[3].split()[0].lower() in row for row in left)
    assert (
        page.run("box.querySelector('[role=status]').textContent")
        == f"{len(left)} of {len(before)} rows"
    )


def test_not_stated_is_sorted_last_either_way(page: Page) -> None:
    page.look(DESKTOP)
    page.open(heavy_page())
    places = page.run("""(() => {
        const cell = Array.from(document.querySelectorAll('.tall td.n')).find(one => one.closest('tbody').rows.length > 11);
        const table = cell.closest('table'), column = cell.cellIndex;
        const missing = () => Array.from(table.tBodies[0].rows).map(row => row.cells[column].classList.contains('n'));
        const button = table.tHead.rows[0].cells[column].querySelector('button');
        button.click(); const up = missing(); button.click(); return [up, missing()];
        })()""")  # noqa: E501
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
        "(r => [r.left, r.right, r.top,"
        " r.bottom])(document.querySelector('[popover]:popover-open').getBoundingClientRect())"
    )
    assert box[0] >= 0
    assert box[1] <= PHONE
    page.press("Escape")
    assert page.run(open_now) == 0
    assert page.run("document.activeElement.className") == "term"
    at = page.run(
        "(r => [r.left + 5, r.top +"
        " 5])(document.querySelector('button.term').getBoundingClientRect())"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.send(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1},
        )
    assert page.run(open_now) == 1


def test_in_high_contrast_nothing_vanishes(page: Page) -> None:
    page.look(DESKTOP, contrast=True, dark=True)
    page.open(heavy_page())
    # Drawings stay as drawn, dark on white; boxes and the definition that is open have a line
    # around them.
    assert (
        page.run("getComputedStyle(document.querySelector('figure .scroll')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert page.run("getComputedStyle(document.querySelector('figure svg')).filter") == "none"
    assert (
        page.run("getComputedStyle(document.querySelector('figure svg text')).fill")
        == "rgb(29, 29, 27)"
    )
    assert page.run(
        "Array.from(document.querySelectorAll('.box')).every(one =>"
        " getComputedStyle(one).borderTopStyle === 'solid')"
    )


@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_on_a_phone_each_row_of_a_wide_table_is_a_card_without_scripts_too(
    page: Page, width: int
) -> None:
    page.look(width, scripts=False)
    page.open(heavy_page())
    found = page.run(
        """Array.from(document.querySelectorAll('.cards')).filter(one => one.querySelector('tbody th')).map(table => {
        const region = table.closest('.scroll'), heads = Array.from(table.tHead.rows[0].cells, one => one.textContent.trim());
        const row = table.tBodies[0].rows[0], cells = Array.from(row.cells).filter(one => one.checkVisibility());
        const top = cells.find(one => one.getBoundingClientRect().top - row.getBoundingClientRect().top < 20);
        const named = one => getComputedStyle(one, '::before').content;
        return [region.scrollWidth <= region.clientWidth, region.scrollHeight <= region.clientHeight + 1,
            cells.every(one => named(one) === `"${heads[one.cellIndex]}:\\u00a0"`), top.tagName];
        })"""  # noqa: E501
    )
    assert len(found) > 3
    assert found == [[True, True, True, "TH"]] * len(found)


def test_a_touch_unfolds_a_list_of_ids_on_a_phone(page: Page) -> None:
    page.look(PHONE)
    page.open(heavy_page())
    heights = page.run("""(() => {
        const cell = Array.from(document.querySelectorAll('.cards td')).find(one => one.scrollHeight > one.clientHeight + 30);
        const seen = [cell.clientHeight];
        for (const _ of [1, 2]) { cell.click(); seen.push(cell.clientHeight); }
        return seen;
        })()""")  # noqa: E501
    assert heights[0] == heights[2] < heights[1] - 30


def test_a_table_can_be_skipped_by_keyboard(page: Page) -> None:
    page.look(PHONE)
    page.open(heavy_page())
    page.run(
        "window.box = document.querySelector('.table:has(.filter)');"
        " box.querySelector('.skip').focus()"
    )
    assert page.run(
        "(one => [one.left >= 0, one.width > 100])(document.activeElement.getBoundingClientRect())"
    ) == [True, True]
    page.press("Enter")
    page.press("Tab")
    assert page.run("document.activeElement === box.querySelector('.download a')")


# ---- paper


@pytest.mark.parametrize(("wide", "least"), [(360, 9.5), (320, 8.5)])
def test_a_phone_shows_all_of_a_figure_in_letters_that_can_be_read(
    page: Page, tmp_path: Path, wide: int, least: float
) -> None:
    """Drawn anew, a crowd of agencies among them, so that it does not hang on when the reports were
    rendered."""
    drawn = []
    with style.rc_context():
        for case in ("crowd", "child-w-manchester-2020"):
            for name, draw in DRAW.items():
                figure = draw(tables_of_case(case)[name]).get_figure(root=True)
                assert figure is not None
                drawn.append(figure_svg(figure, f"{name}_{len(drawn)}", "T", "A"))
                plt.close(figure)
    css = (Path(reporting.__file__).parent / "templates/casechron/page.css").read_text("utf-8")
    figures = "".join(f'<figure><div class="scroll">{one}</div></figure>' for one in drawn)
    path = tmp_path / "figures.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><style>{css}</style><main>{figures}</main>', "utf-8"
    )
    page.look(wide)
    page.open(path)
    found = page.run(
        """[...document.querySelectorAll('.scroll')].map(box => {
        const svg = box.firstElementChild, at = svg.getBoundingClientRect(), words = [...svg.querySelectorAll('text')];
        const own = one => one.getBoundingClientRect();
        const beyond = one => own(one).left < at.left - 1 || own(one).right > at.right + 1;
        return [box.scrollWidth - box.clientWidth, words.filter(beyond).map(one => one.textContent),
        Math.min(...words.map(one => parseFloat(getComputedStyle(one).fontSize))) * at.width / svg.viewBox.baseVal.width]; })"""  # noqa: E501
    )
    assert len(found) == len(drawn)
    for sideways, beyond, letters in found:
        assert sideways == 0
        assert not beyond
        assert letters >= least


def test_paper_has_the_first_rows_of_very_long_tables_without_scripts_and_says_so(
    page: Page,
) -> None:
    page.look(ACROSS[0], media="print", scripts=False)
    page.open(heavy_page())
    found = page.run("""Array.from(document.querySelectorAll('.table')).map(box => {
        const rows = Array.from(box.querySelectorAll('tbody tr'));
        const said = box.querySelector('.on-paper');
        const words = said && said.checkVisibility() ? said.innerText : '';
        return [rows.length, rows.filter(one => one.checkVisibility()).length, words];
        })""")
    assert any(rows > 60 for rows, _, _ in found)
    for rows, shown, said in found:
        assert shown == (12 if rows > 60 else rows)
        assert bool(said) == (rows > 60)
        assert not said or f"the first 12 of {rows} rows" in said


def test_on_paper_all_is_dark_on_white_and_nothing_is_cut(visits: dict[str, Found]) -> None:
    # Also in the dark of the reader's own setting; `paper` in in_page.js says what is asked.
    assert wrong(visits, "paper") == {}


def test_every_kind_of_page_prints_to_pdf(visits: dict[str, Found]) -> None:
    assert {kind(one) for one in printed()} >= {"front", "site", "review", "notebook"}
    for path in printed():
        found = visits[name(path)]["pdf"]
        assert len(found) >= 2, path.name
        # A4, across where there is evidence; no sheet was scaled to hold what is wider than it.
        assert set(found) == {(842, 595) if kind(path) in ("notebook", "table") else (595, 842)}, (
            path.name
        )


# ---- when there is no browser


def test_without_a_browser_it_is_said_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("browser.find_browser", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no Chromium here"):
        browser_or_skip()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must not skip the browser tests"):
        browser_or_skip()
