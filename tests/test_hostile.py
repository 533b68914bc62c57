"""Does whatever stands in a coded table stay characters: on a page, in a drawing, in a CSV, in the
browser?"""

from __future__ import annotations

import base64
import csv
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest

from a_good_review import FILES, NAME, good_review
from browser import Browser, browser_or_skip
from casechron.coding.codebook import codebook
from casechron.coding.form_check import check_form
from casechron.report.render import render_all
from text_tables import words_of
from thoroughly import some

ROOT = Path(__file__).parents[1]
#: Each is six words at most, so that it can stand for the words of a date too. A cell that begins
#: as a formula does is refused by the check, so that none begins with one.
PAYLOADS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "\"'><svg onload=window.ran=1>",
    'See =HYPERLINK("javascript:window.ran=1";"x")',
    "[x](javascript:window.ran=1) javascript:window.ran=1",
    "</style></script></title></td></table><h1 id=main>x",
    "{{ 7*7 }}{% raw %} <!--words:list-->&lt;b&gt;",
    "See @SUM(1+1)*cmd|' /C calc'!A0",
    "$\\frac{1}{0$ 50 % $x",
    "]]><style>*{display:none}</style>",
    "See +1 para 1.1 http://example.org/x.js",
    "See -2 ICPC <b onclick=window.ran=1>",
)
#: Columns that hold free text.
FREE = frozenset(
    ("summary", "short", "label", "proposition", "words", "date_words", "note", "reason", "section")
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What our own pages are made of; anything else came out of a cell.
OURS = frozenset(
    words_of("""
        html head meta title link style body a header nav ul ol li p section strong main div h1 h2
        h3 h4 dl dt dd code pre details summary table caption span thead tbody tr th td figure
        figcaption svg desc path g text tspan use defs clippath rect pattern footer aside script
        button em br circle polygon line label
    """)
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a review with a payload in every cell that takes free text, made with every
    notebook."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "notebooks").mkdir()
    folder = good_review(root / "data")
    payloads = cycle(PAYLOADS)
    for name in FILES:
        free = FREE.intersection(codebook().forms[name].columns)
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            heads, rows = list(reader.fieldnames or ()), list(reader)
        for row in rows:
            row.update(
                {
                    column: next(text for text in payloads if column != "label" or ";" not in text)
                    for column in heads
                    if column in free and row[column]
                }
            )
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    meta = (folder / "review.toml").read_text(encoding="utf-8")
    for key in ("title", "body", "coder", "content_note", "licence", "citation"):
        value = json.dumps(f"{key} {next(payloads)}")
        meta = re.sub(
            rf"^{key} = .*$",
            lambda match, key=key, value=value: f"{key} = {value}",
            meta,
            flags=re.MULTILINE,
        )
    meta = meta.replace("Coded once,", PAYLOADS[0] + "\n" + PAYLOADS[4])
    (folder / "review.toml").write_text(meta, encoding="utf-8")
    assert [str(breach) for breach in check_form(folder).wrong] == []
    done = render_all(
        root, jobs=2, notebooks=sorted((ROOT / "notebooks").glob("*.ipynb")), progress=False
    )
    assert done.failures == ()
    return root / "reports"


class Elements(HTMLParser):
    """The elements of a page, the addresses that it links to, and its text."""

    def __init__(self, page: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.scripts = 0
        self.text = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [
            value or ""
            for name, value in attrs
            if name in ("href", "xlink:href", "src", "action", "formaction")
        ]
        self.scripts += tag == "script"

    def handle_data(self, data):
        self.text += data


def test_pages_hold_no_element_and_no_link_of_a_cell(reports: Path) -> None:
    pages = sorted(reports.rglob("*.html"))
    assert len(pages) >= 6
    for page in pages:
        elements = Elements(page)
        assert elements.elements <= OURS, page.name
        assert not [name for name in elements.attributes if name.startswith("on")], page.name
        assert elements.scripts == 1, page.name
        schemes = {
            match[1]
            for link in elements.links
            if (match := re.match(r"([a-z][a-z0-9+.-]*):", link))
        }
        # The codebook and the method are the project's own words, not a review's.
        assert schemes <= (
            {"tel", "data"}
            if page.parent.name == NAME or page.name == "index.html"
            else {"tel", "data", "https", "http"}
        )


def test_every_payload_is_read_as_it_was_written(reports: Path) -> None:
    text = "".join(Elements(page).text for page in sorted((reports / NAME).rglob("*.html")))
    for payload in PAYLOADS:
        assert payload in text, payload


def test_drawings_hold_no_element_of_a_cell(reports: Path) -> None:
    drawings = [
        base64.b64decode(drawn)
        for path in (reports / NAME).glob("*.ipynb")
        for drawn in re.findall(r"svg\+xml;base64,([\w+/=]+)", path.read_text(encoding="utf-8"))
    ]
    assert drawings
    for drawing in drawings:
        for element in ET.fromstring(drawing).iter():
            assert element.tag.split("}")[1].lower() in OURS
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                # A bar leads to its row, in the folder of its own report.
                assert not name.endswith("href") or re.fullmatch(r"[\w/.-]*(#[\w-]+)?", value)


def test_no_cell_of_a_csv_is_a_formula(reports: Path) -> None:
    tables = sorted((reports / NAME / "tables").glob("*.csv"))
    assert tables
    cells = []
    for table in tables:
        with table.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    starts = [
        cell
        for cell in cells
        if cell.startswith(FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)
    ]
    assert starts == []
    assert any("=HYPERLINK" in cell for cell in cells)


def test_nothing_runs_and_nothing_is_asked_for_in_the_browser(reports: Path) -> None:
    with Browser(browser_or_skip()) as browser:
        page = browser.page()
        tables = sorted(reports.rglob("tables/**/*.html"))
        others = sorted({*reports.rglob("*.html")} - {*tables})
        for path in [*others, *some(tables, 3)]:
            page.look(360)
            page.open(path)
            assert page.complaints() == [], path.name
            assert page.requested() == [path.as_uri()], path.name
            assert page.run(
                "window.ran === undefined && document.querySelectorAll('main').length === 1"
            ), path.name
            # Also not once every control has been used.
            page.run("document.querySelectorAll('button, summary').forEach(one => one.click())")
            page.run(
                "document.querySelectorAll('input').forEach(one => {one.value = '<';"
                " one.dispatchEvent(new Event('input'))})"
            )
            assert page.run("window.ran === undefined"), path.name
            assert page.complaints() == [], path.name
