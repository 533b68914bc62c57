"""Do the pages of reports/ hold in a real browser: on a phone, by keyboard, in the dark, on paper,
without scripts?

Every page is visited once, and everything is asked of every page that has the thing. The tests then
each look at one kind of answer. The questions that a page can answer from within stand in
``in_page.js``."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import unquote, urlsplit

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from browser import Browser, Page, browser_or_skip
from casechron.report.draw.canvas import NARROW as NARROW_PX
from casechron.report.draw.canvas import WIDE as WIDE_PX
from casechron.report.draw.svg import figure_svg
from casechron.report.draw.timeline import draw_timeline
from casechron.report.page.build import page_style
from test_draw import WAITS
from thoroughly import EVERY, drawn, some, thorough

HERE = Path(__file__).parent
ROOT = HERE.parent
#: Another rendering can be tested by naming its folder.
REPORTS = Path(os.environ.get("CASECHRON_REPORTS", ROOT / "reports")).resolve()
#: Of the pages that hold one whole table, which one template makes: the heaviest and the lightest
#: of a review.
TABLES = {
    chosen(folder.glob("*.html"), key=lambda path: path.stat().st_size)
    for folder in some(sorted(REPORTS.glob("*/tables")), 2)
    for chosen in (max, min)
}
#: Of its first screen more is asked than of others', so it comes first.
HARDEST = "child-w-manchester-2020"
OF_REVIEWS = sorted(REPORTS.glob("*/*.html"), key=lambda path: (path.parent.name != HARDEST, path))
#: Unless all is looked at, each page of the first review that has it; a file that holds a whole
#: review has its name.
FIRST = {path.stem.replace(path.parent.name, ""): path for path in reversed(OF_REVIEWS)}.values()
#: The page over several reviews.
OVER = REPORTS / "reviews" / "index.html"
PAGES = sorted({*TABLES, OVER, *REPORTS.glob("*.html"), *(OF_REVIEWS if EVERY else FIRST)})
AXE = (HERE / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
ASKED = (HERE / "in_page.js").read_text(encoding="utf-8")
DESKTOP, PHONE, NARROW = 1200, 360, 320
#: Where a page changes what it shows beside what.
MIDDLING = drawn((640, 641, 768, 1039, 1040, 1100, 1279, 1280, 1440), 3, 3)
#: What is left of an upright sheet of A4 within its margins, in CSS pixels.
UPRIGHT = (673, 986)
#: How high a phone's screen is.
SCREEN = 740
TABS = 2
#: The pages behind those for readers, by the notebooks that say so.
BEHIND = {
    path.stem
    for path in (ROOT / "notebooks").glob("*.ipynb")
    if json.loads(path.read_text(encoding="utf-8"))["cells"][0]["metadata"]["casechron"]["behind"]
}
Found = dict[str, Any]


def name(path: Path) -> str:
    return path.relative_to(REPORTS).as_posix()


def kind(path: Path) -> str:
    """What kind of page it is: front, site, reader (for readers), behind (that bears them),
    handout, single (all in one file), or table (one whole table)."""
    if path.parent == REPORTS:
        return "front" if path.stem == "index" else "site"
    if path in TABLES:
        return "table"
    if path.stem in ("handout", path.parent.name):
        return "handout" if path.stem == "handout" else "single"
    return "behind" if path.stem in BEHIND else "reader"


#: The pages that are printed: those whose sheets are counted, and of the others some.
COUNTED = [path for path in PAGES if kind(path) in ("reader", "handout")]
OTHERS = [path for path in PAGES if kind(path) not in ("reader", "handout", "table")]
PRINTED = {*COUNTED, *drawn(OTHERS, 2, 12)}
#: The pages that axe looks at, which takes half of a visit; few templates make all of them.
AXED = drawn(PAGES, 4, 24)


def visit(page: Page, path: Path) -> Found:
    """All that is found out about one page."""
    page.look(DESKTOP)
    page.open(path)
    page.run(f"{ASKED};0")
    facts: Found = page.run("asked.outline()")
    facts["care"] = page.run("""(care => Boolean(care) && ['nav', 'h1'].every(later =>
        !document.querySelector(later)
        || Boolean(care.compareDocumentPosition(document.querySelector(later)) & 4)
        ))(document.querySelector('.care'))""")
    facts["focus"] = [*tabbed(page), *page.run("asked.focus()")]
    facts["tables_sorted"] = page.run("asked.longTables()")
    facts["overlaps"] = {DESKTOP: page.run("asked.overlaps()")}
    facts["measured"] = {DESKTOP: page.run("asked.measure()")}
    facts["letters"] = {}
    # Where nothing is drawn there are none.
    for width in (NARROW, PHONE, *MIDDLING) if facts["figures"] else ():
        page.look(width)
        facts["letters"][width] = page.run("asked.letters()")
    page.look(UPRIGHT[0], dark=True, media="print")
    if facts["figures"]:
        facts["letters"]["paper"] = page.run("asked.letters()")
    facts["paper"] = page.run(f"asked.paper{UPRIGHT}")
    facts["pdf"] = sheets(page.pdf()) if path in PRINTED else []
    facts["cut"] = {}
    # At 200 % a page has half the room.
    for width in (DESKTOP // 2, NARROW, PHONE):
        page.look(width, height=SCREEN)
        if wrong := page.run("asked.cut()"):
            facts["cut"][width] = wrong
    facts["overlaps"][PHONE] = page.run("asked.overlaps()")
    facts["measured"][PHONE] = page.run("asked.measure()")
    facts["words"] = page.run("asked.terms()")
    facts["keyboard"] = one_term(page) if facts["terms"] else []
    # The file that holds a whole review is made of the pages beside it.
    facts["axe"] = {}
    if path in AXED:
        whole = page.run(f"{AXE};{'[]' if kind(path) == 'single' else 'asked.axeWhole()'}")
        facts["axe"] = {"the whole page": whole} if whole else {}
    page.run("asked.trim()")
    for width in (PHONE, DESKTOP):
        shapes = []
        for dark in (False, True):
            page.look(width, dark=dark)
            shapes.append(page.run("asked.shape()"))
            if (width, dark) in looks(path) and (
                violations := page.run(f"asked.axeLooks({str(dark).lower()})")
            ):
                facts["axe"][f"{width} {'dark' if dark else 'light'}"] = violations
        if shapes[0] != shapes[1]:
            facts["axe"][f"{width}"] = [
                "the dark moves or hides something, so that every rule has to be asked there too"
            ]
    facts["requested"], facts["complaints"] = page.requested(), page.complaints()
    page.look(DESKTOP, scripts=False)
    page.open(path)
    facts["without"] = page.run("""({
        rows: document.querySelectorAll('tbody tr').length,
        dead: document.querySelectorAll('button:not([popovertarget]), input').length,
        })""")
    facts["complaints"] += page.complaints()
    return facts


def looks(path: Path) -> set[tuple[int, bool]]:
    """At which widths, in the dark or not, axe looks at a page, if it does: at all of them, or at
    the one whose turn it is."""
    every = [(width, dark) for width in (PHONE, DESKTOP) for dark in (False, True)]
    turns = {axed: every if EVERY else [every[at % len(every)]] for at, axed in enumerate(AXED)}
    return set(turns.get(path, []))


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


def one_term(page: Page) -> list[str]:
    """What is wrong with the first explained term, opened and closed by keyboard."""
    # What stands in a closed part is reached once that is opened.
    page.run(
        "[...document.querySelectorAll('button.term')].find(one => one.checkVisibility()).focus()"
    )
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
    with Browser(browser_or_skip()) as opened:
        yield opened


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

    heavy_first = sorted(PAGES, key=lambda path: -path.stat().st_size)
    with ThreadPoolExecutor(TABS) as pool:
        visited = dict(pool.map(tour, heavy_first))
    for _ in range(TABS):
        tabs.get().close()
    return dict(sorted(visited.items()))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    tab = browser.page()
    yield tab
    tab.close()


def wrong(visits: dict[str, Found], what: str) -> dict[str, Any]:
    return {address: facts[what] for address, facts in visits.items() if facts[what]}


def heavy_page(what: str) -> Path:
    return max((path for path in PAGES if kind(path) == what), key=lambda path: path.stat().st_size)


def test_there_are_pages_of_every_kind_to_look_at(visits: dict[str, Found]) -> None:
    site = ("index", "glossary", "method", "codebook", "ethics", "cite", "help")
    assert {f"{page}.html" for page in site} <= set(visits)
    for review in some(REVIEWS):
        assert {f"{review}/{page}.html" for page in ("index", "handout", review)} <= set(visits)
    kinds = {"front", "site", "reader", "behind", "handout", "single", "table"}
    assert {kind(path) for path in PAGES} == kinds
    # Nothing below can be true for want of a table, a term, a figure or a filter.
    for thing in ("terms", "tables", "figures", "filters"):
        assert sum(bool(facts[thing]) for facts in visits.values()) > 1, thing


def test_nothing_is_asked_for_but_the_page(visits: dict[str, Found]) -> None:
    for address, facts in visits.items():
        assert facts["requested"] == [(REPORTS / address).as_uri()], address


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
    for address, facts in visits.items():
        levels = facts["headings"]
        assert levels[:1] == [1], address
        assert levels.count(1) == 1, address
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), (address, levels)


def test_tables_have_captions_and_scopes_and_figures_words(visits: dict[str, Found]) -> None:
    assert wrong(visits, "bare") == {}
    assert wrong(visits, "mute") == {}


@cache
def addresses(path: Path) -> frozenset[str]:
    """What can be led to on a page, visited or not."""
    return frozenset(re.findall(r'<[^<>]*\sid="([^"]+)"', path.read_text(encoding="utf-8")))


def test_every_link_leads_somewhere(visits: dict[str, Found]) -> None:
    dead = []
    for address, facts in visits.items():
        for link in {*facts["links"], *facts["inDrawings"]}:
            parts = urlsplit(link)
            if parts.scheme in ("tel", "https", "http", "mailto"):
                continue
            target = Path(unquote(parts.path))
            within = parts.scheme == "file" and target.is_relative_to(REPORTS) and target.is_file()
            if not within or (parts.fragment and unquote(parts.fragment) not in addresses(target)):
                dead.append((address, link))
    assert dead == []


def test_the_content_note_and_help_come_first(visits: dict[str, Found]) -> None:
    assert {address for address, facts in visits.items() if not facts["care"]} == set()


def test_no_drawing_leans_on_another(visits: dict[str, Found]) -> None:
    for address, facts in visits.items():
        assert len(facts["ids"]) == len(set(facts["ids"])), address
        assert facts["strayed"] == [], address


# ---- how much there is to read


def of_review(visits: dict[str, Found], review: str, *kinds: str) -> dict[str, Found]:
    return {
        address: facts
        for address, facts in visits.items()
        if address.startswith(f"{review}/") and kind(REPORTS / address) in kinds
    }


REVIEWS = sorted(
    (folder.parent.name for folder in (ROOT / "data").glob("*/review.toml")),
    key=lambda review: (review != HARDEST, review),
)


@pytest.mark.parametrize("review", some(REVIEWS))
def test_the_pages_for_readers_are_short(visits: dict[str, Found], review: str) -> None:
    readers = of_review(visits, review, "reader")
    every = of_review(visits, review, "reader", "behind")
    closed, opened = (
        {address: facts["measured"][DESKTOP][how] for address, facts in every.items()}
        for how in ("closed", "open")
    )
    assert sum(closed[address] for address in readers) <= 15_000, closed
    assert sum(closed.values()) <= 35_000, closed
    assert sum(opened.values()) <= 70_000, opened
    assert sum(len(facts["pdf"]) for facts in readers.values()) <= 45
    (handout,) = of_review(visits, review, "handout").values()
    assert len(handout["pdf"]) == 2


@pytest.mark.parametrize("review", some(REVIEWS))
def test_a_reader_meets_what_happened_first_and_then_a_chart(
    visits: dict[str, Found], review: str
) -> None:
    for address, facts in of_review(visits, review, "reader").items():
        for width in (PHONE, DESKTOP):
            seen = facts["measured"][width]
            assert seen["finding"] < 1, (address, width)
            assert not facts["figures"] or seen["figure"] < 2, (address, width, seen["figure"])
            if address == f"{HARDEST}/index.html":
                # Who was missing and who knew what are read without scrolling; on a phone the
                # last line may touch the edge.
                most = 1.01 if width == PHONE else 1
                assert 0 < seen["points"] <= most, (address, width, seen["points"])
        if facts["measured"][PHONE]["screens"] > 8:
            assert "On this page" in (REPORTS / address).read_text(encoding="utf-8"), address
    assert sum(bool(facts["figures"]) for facts in of_review(visits, review, "reader").values()) > 2


def test_the_page_over_several_reviews_is_short_and_has_its_chart_early(
    visits: dict[str, Found],
) -> None:
    seen = visits[name(OVER)]["measured"]
    assert seen[DESKTOP]["closed"] <= max(2_500, 350 * (len(REVIEWS) - 1))
    assert max(seen[width]["figure"] for width in (PHONE, DESKTOP)) < 2


def test_tables_on_pages_are_small_and_silence_is_an_empty_cell(visits: dict[str, Found]) -> None:
    for address, facts in visits.items():
        seen = facts["measured"][DESKTOP]
        assert not seen["silent"] or kind(REPORTS / address) == "site", address
        if kind(REPORTS / address) in ("reader", "behind"):
            assert all(columns <= 6 and rows <= 12 for _, columns, rows in seen["tables"]), address
        if kind(REPORTS / address) == "reader":
            assert len(seen["tables"]) <= 3, address


def test_no_words_in_a_drawing_lie_on_others(visits: dict[str, Found]) -> None:
    assert {
        address: facts["overlaps"]
        for address, facts in visits.items()
        if any(facts["overlaps"].values())
    } == {}


def test_words_of_charts_are_large_enough_on_screens_and_on_paper(visits: dict[str, Found]) -> None:
    # Nine and a half pixels on a screen, and seven points on paper, of 4/3 pixels each.
    small = {
        (address, width): height
        for address, facts in visits.items()
        for width, height in facts["letters"].items()
        if height < (7 * 4 / 3 if width == "paper" else 9.5)
    }
    assert small == {}
    assert sum(bool(facts["figures"]) for facts in visits.values()) > 5


# ---- the controls, on every page that has them


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
    for address, facts in visits.items():
        assert facts["without"] == {"rows": facts["rows"], "dead": 0}, address


# ---- one page, closer


def test_a_term_is_explained_by_keyboard_and_by_touch_without_scripts(page: Page) -> None:
    page.look(PHONE, scripts=False)
    page.open(heavy_page("reader"))
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


def test_a_meaning_begins_on_the_screen_however_large_its_letters(page: Page) -> None:
    # 1280 by 900 at four times the size.
    page.look(320, height=225, scripts=False)
    page.open(heavy_page("reader"))
    tops = page.run(
        "[...document.querySelectorAll('[popover]')].map(one =>"
        " (one.showPopover(), one.getBoundingClientRect().top))"
    )
    assert len(tops) > 5
    assert min(tops) >= 0


def test_in_high_contrast_nothing_vanishes(page: Page) -> None:
    page.look(DESKTOP, contrast=True, dark=True)
    page.open(REPORTS / REVIEWS[-1] / "index.html")
    # Drawings stay as drawn, dark on white.
    drawing = "Array.from(document.querySelectorAll('.drawing')).find(one => one.checkVisibility())"
    assert page.run(f"getComputedStyle({drawing}).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run(f"getComputedStyle({drawing}).filter") == "none"
    assert page.run(f"getComputedStyle({drawing}.querySelector('text')).fill") == "rgb(29, 29, 27)"


def test_a_chart_is_one_tab_stop_and_its_bars_are_told_by_arrow_keys(page: Page) -> None:
    page.look(DESKTOP)
    page.open(REPORTS / REVIEWS[-1] / "index.html")
    page.run(
        "window.bars = Array.from(Array.from(document.querySelectorAll('.drawing svg'))"
        ".find(one => one.checkVisibility()).querySelectorAll('a')); bars[0].focus()"
    )
    stops = page.run(
        "bars.map(one => one.getAttribute('tabindex')).filter(one => one === '0').length"
    )
    assert stops == 1
    tellings = [page.run("document.querySelector('.told').textContent")]
    page.press("ArrowRight")
    tellings.append(page.run("document.querySelector('.told').textContent"))
    assert page.run("document.activeElement === bars[1]")
    assert all(tellings)
    # What is reached by the tab key says how the others are reached, once.
    assert ["Arrow keys" in telling for telling in tellings] == [True, False]
    assert page.run("document.querySelector('.told').checkVisibility()")


@pytest.mark.parametrize("by", ["Enter", "mouse", "touch"])
def test_a_bar_leads_to_its_row_at_once_but_where_a_touch_tells_of_it_first(
    page: Page, by: str
) -> None:
    page.look(DESKTOP)
    page.open(REPORTS / REVIEWS[-1] / "index.html")
    x, y = page.run(
        "window.bar = Array.from(document.querySelectorAll('.drawing.wide svg a'))[1];"
        "bar.scrollIntoView({ block: 'center', behavior: 'instant' });"
        "document.addEventListener('click', event => {"
        " window.leads = !event.defaultPrevented; event.preventDefault(); });"
        "(box => [box.left + box.width / 2, box.top + box.height / 2])("
        "bar.querySelector('path').getBoundingClientRect())"
    )
    lead = []
    for _ in range(2):
        if by == "Enter":
            page.run("bar.focus()")
            page.press("Enter")
        elif by == "mouse":
            for kind in ("mousePressed", "mouseReleased"):
                page.send(
                    "Input.dispatchMouseEvent",
                    {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1},
                )
        else:
            page.run(
                "bar.querySelector('path').dispatchEvent(new PointerEvent('click', "
                "{ pointerType: 'touch', bubbles: true, cancelable: true }))"
            )
        assert page.run("document.querySelector('.told').checkVisibility()")
        lead.append(page.run("leads"))
    assert lead == [by != "touch", True]


def test_without_scripts_a_whole_table_and_a_chart_are_plain_links(page: Page) -> None:
    page.look(DESKTOP, scripts=False)
    page.open(REPORTS / REVIEWS[-1] / "index.html")
    assert page.run("document.querySelectorAll('svg a[tabindex=\"-1\"]').length") == 0
    assert page.run("document.querySelectorAll('svg a[href]').length") > 10


@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_on_a_phone_each_row_of_a_wide_table_is_a_card_without_scripts_too(
    page: Page, width: int
) -> None:
    page.look(width, scripts=False)
    page.open(heavy_page("behind"))
    cards = page.run(
        """Array.from(document.querySelectorAll('.cards')).filter(one => one.querySelector('tbody th')).map(table => {
        const region = table.closest('.scroll'), heads = Array.from(table.tHead.rows[0].cells, one => one.textContent.trim());
        const row = table.tBodies[0].rows[0], cells = Array.from(row.cells).filter(one => one.checkVisibility());
        const top = cells.find(one => one.getBoundingClientRect().top - row.getBoundingClientRect().top < 20);
        const named = one => getComputedStyle(one, '::before').content;
        return [region.scrollWidth <= region.clientWidth, region.scrollHeight <= region.clientHeight + 1,
            cells.slice(1).every(one => named(one) === `"${heads[one.cellIndex]}: "`), top.tagName];
        })"""  # noqa: E501
    )
    assert cards
    assert cards == [[True, True, True, "TH"]] * len(cards)


HATCHED = [
    {
        "event": name,
        "lane": "family",
        "short": name,
        "summary": name,
        "when": "",
        "places": "",
        "kind": "Assault",
        "who": "",
        "absence": "",
        "status": status,
        "always": True,
        "other_side": False,
        "earliest": date(2018, 1, 1),
        "latest": date(2018, 12, 31),
        "certain_from": None,
        "certain_to": None,
    }
    for name, status in (("told", "alleged"), ("seen", ""))
]


def bars(folder: Path, title: str) -> Path:
    """A page with both drawings of these two events."""
    drawn = []
    for px in (NARROW_PX, WIDE_PX):
        canvas = draw_timeline(pd.DataFrame(HATCHED), pd.DataFrame(columns=WAITS), title, px=px)
        svg = figure_svg(canvas.figure(), f"bars-{px}", title, canvas.links)
        drawn.append(f'<div class="drawing {"wide" if px == WIDE_PX else "narrow"}">{svg}</div>')
    there = folder / "bars.html"
    style = page_style("page") + page_style("reading")
    there.write_text(
        f"<!doctype html><meta charset=utf-8><style>{style}</style><main class=parted>"
        f"<nav class=toc><ul><li>Chart</ul></nav><figure>{''.join(drawn)}</figure></main>",
        encoding="utf-8",
    )
    return there


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_spacing_of_a_readers_own_takes_no_word_of_a_chart(
    page: Page, tmp_path: Path, width: int
) -> None:
    page.look(width)
    page.open(bars(tmp_path, "What was told in this year, and what was seen in it. " * 3))
    # Letters and words as far apart as WCAG 1.4.12 asks for.
    page.run(
        f"{ASKED};document.head.append(document.createElement('style'));"
        "document.querySelector('style:last-child').textContent ="
        " '* { letter-spacing: .12em !important; word-spacing: .16em !important }'"
    )
    assert page.run("getComputedStyle(document.body).letterSpacing") != "normal"
    assert page.run("asked.overlaps()") == []


def test_words_of_a_chart_are_no_smaller_on_a_projector_than_on_a_phone(
    page: Page, tmp_path: Path
) -> None:
    page.open(bars(tmp_path, "Both"))
    page.run(f"{ASKED};0")
    heights = []
    for width in (PHONE, 1280):
        page.look(width)
        heights.append(page.run("asked.letters()"))
    # 8.2 points of 340 pixels, shown on 344, and 8.6 of 1,160, shown as wide.
    assert heights == pytest.approx([8.2 * 4 / 3 * 344 / 340, 8.6 * 4 / 3], abs=0.05)


@pytest.mark.parametrize("width", [PHONE, 1100, 1280])
def test_the_links_to_the_parts_of_a_page_keep_off_its_first_point(
    page: Page, tmp_path: Path, width: int
) -> None:
    there = tmp_path / "parts.html"
    there.write_text(
        f"<!DOCTYPE html><style>{page_style('page')}{page_style('reading')}</style>"
        "<main class='parted'><nav class='toc'><ul><li><a href='#a'>The chart</a></ul></nav>"
        "<div class='points'><ul><li>Nobody asked.</ul></div></main>"
    )
    page.look(width)
    page.open(there)
    links, points = ("document.querySelector('.toc')", "document.querySelector('.points')")
    edges = f"{points}.getBoundingClientRect().top - {links}.getBoundingClientRect().bottom"
    assert page.run(edges) >= 8


@thorough
def test_a_bar_of_what_is_alleged_is_hatched_at_either_width(tmp_path: Path) -> None:
    there = bars(tmp_path, "Both")
    with Browser(browser_or_skip(), draws=True) as drawing:
        page = drawing.page()
        for width in (PHONE, 1280):
            # Close enough that a line of the hatch is wider than a pixel.
            page.look(width, scale=4)
            page.open(there)
            picture = plt.imread(io.BytesIO(page.picture(whole=True)))
            changes = {}
            for name in ("told", "seen"):
                left, right, middle = page.run(
                    f"""(box => [box.left + 2, box.right - 2, (box.top + box.bottom) / 2])(
                    Array.from(document.querySelectorAll('a[id$="event-{name}"] path'))
                    .find(one => one.checkVisibility()).getBoundingClientRect())"""
                )
                line = picture[round(4 * middle), round(4 * left) : round(4 * right), :3].sum(
                    axis=1
                )
                light = line > (line.min() + 3) / 2
                changes[name] = int((light[1:] != light[:-1]).sum())
            assert changes["seen"] == 0, width
            assert changes["told"] > 20, width


# ---- paper


def test_on_paper_all_is_dark_on_white_and_nothing_is_cut(visits: dict[str, Found]) -> None:
    # Also in the dark of the reader's own setting; `paper` in in_page.js says what is asked.
    assert wrong(visits, "paper") == {}


def test_every_page_prints_on_a4(visits: dict[str, Found]) -> None:
    # No sheet was scaled to hold what is wider than it.
    assert sum(bool(facts["pdf"]) for facts in visits.values()) == len(PRINTED)
    for address, facts in visits.items():
        assert set(facts["pdf"]) <= {(595, 842)}, address


# ---- when there is no browser


def test_without_a_browser_it_is_said_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("browser.find_browser", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no Chromium here"):
        browser_or_skip()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must not skip the browser tests"):
        browser_or_skip()
