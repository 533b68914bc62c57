"""How do the notebooks of a review become its pages: five for readers and those behind them, a page
for each whole table, a hand-out, and one file to send?"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casechron.characters import legible
from casechron.coding.codebook import AS_JUDGED
from casechron.report.export import ExportError, ReviewFacts, write_text
from casechron.report.page.blocks import read_notebook, table_of, tables_in
from casechron.report.page.handout import handout
from casechron.report.page.prose import Term, mark_terms, markdown_html
from casechron.report.table_cells import read_csv_cells
from casechron.report.text.english import as_dated, in_brackets

#: Where the templates, the style sheet, the script and the fonts of every page stand.
TEMPLATES = Path(__file__).parents[1] / "templates"
#: The notebook whose page is the first of a review.
INDEX = "02_chronology"
#: The table that has a row for each event: what a finding rests on is shown from it.
_EVENTS = "chronicle"
_TERM = r'<button type="button" class="term"[^<]*</button>'
#: The button of a term with what stands directly before or after it: a line could end between.
_BESIDE = re.compile(rf"[(“‘]+{_TERM}[^\s<]*|{_TERM}[^\s<]+")
#: A part of a drawing that leads somewhere.
_LINKED = re.compile(
    r'<a ([^<>]*?) href="([^"]*)" (aria-label(?:ledby)?="[^"]*")>(.*?)</a>', re.DOTALL
)


def write_pages(
    folder: Path,
    facts: ReviewFacts,
    notebooks: Mapping[str, NotebookNode],
) -> None:
    """Write every page of a review's report.

    Parameters
    ----------
    folder
        Where the report is put together.
    facts
        What every page says of its review.
    notebooks
        The executed notebooks by the stems of their files.

    Raises
    ------
    ExportError
        Where two things of one page have the same address.
    """
    pages = [read_notebook(notebook, stem) for stem, notebook in notebooks.items()]
    first = INDEX if INDEX in notebooks else pages[0].stem
    pages = [replace(page, file="index.html") if page.stem == first else page for page in pages]
    # What happened comes first, and behind the pages for readers stand those that bear them.
    pages.sort(key=lambda page: (page.stem != first, page.behind))
    links = {f"{page.stem}.ipynb": page.file for page in pages}
    tables = [(page, table) for page in pages for table in tables_in(notebooks[page.stem])]
    common = {
        "facts": facts,
        "pages": pages,
        "events": _events(table for _, table in tables),
        "files": {f"tables/{table['name']}.html" for _, table in tables},
    }
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        write_html(
            folder / page.file,
            "page.html.j2",
            page=page,
            here=page.file,
            first=page.stem == first,
            before=before,
            after=after,
            prose=partial(markdown_html, pages=links),
            title=f"{page.name} – {facts.title}",
            up="../",
            **common,
        )
    for page, item in tables:
        table = table_of(item, whole=True)
        write_html(
            folder / "tables" / f"{table.name}.html",
            "table.html.j2",
            table=table,
            page=page,
            file=f"../{page.file}",
            title=f"{table.caption} – {facts.title}",
            up="../../",
            inner="../",
            **_style_and_script(("page", "whole"), "whole"),
            **common,
        )
    if facts.reviews:
        # Only single reviews have a hand-out and a file to send.
        return
    readers = [page for page in pages if not page.behind]
    write_html(
        folder / "handout.html",
        "handout.html.j2",
        **handout(readers),
        paper=True,
        here="handout.html",
        title=f"Hand-out – {facts.title}",
        up="../",
        **_style_and_script(("page", "reading", "handout")),
        **common,
    )
    write_html(
        folder / f"{facts.review}.html",
        "single.html.j2",
        chapters=readers,
        alone=True,
        prose=partial(markdown_html, site=False),
        title=f"{facts.title} – Case chronologies",
        **common,
    )


def _events(tables: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What each event's row says, by its id, as the report's own table of events has it."""
    for table in tables:
        if table["name"] == _EVENTS:
            columns = read_csv_cells(table["csv"], table["fields"])
            names = [column.name for column in columns]
            rows = zip(*(map(legible, column.cells) for column in columns), strict=True)
            events = [dict(zip(names, row, strict=True)) for row in rows]
            return {row["event"]: row | {"date_told": _date_told(row)} for row in events}
    return {}


def _date_told(row: Mapping[str, str]) -> str:
    """A row's date in the words of its source, and if they do not say of which year it is, as it is
    coded, marked where that is judged, or else with the days that follow from other rows; nothing
    where the source has no words for it.

    >>> (
    ...     _date_told({"date_words": "in 2014"}),
    ...     _date_told({"date_words": "late August", "date": "late 2018-08"}),
    ... )
    ('in 2014', 'in late August 2018')
    >>> row = {"date_words": "earlier in the year", "date": "2018", "said_stated": "in 2018"}
    >>> (
    ...     _date_told(row | {"date_basis": "judged"}),
    ...     _date_told({"date_words": "the day before", "said": "on 30 July 2021 (as judged)"}),
    ... )
    ('in 2018, as judged', 'the day before; on 30 July 2021, as judged')
    """
    words = row.get("date_words", "")
    if not words or re.search(r"\d{4}", words):
        return words
    dated = as_dated(row.get("date", ""), row.get("said_stated", ""))
    judged = AS_JUDGED * (row.get("date_basis") == "judged")
    days = dated + judged if dated else f"{words}; {row['said']}" if row.get("said") else words
    return in_brackets(days)


def write_html(path: Path, template: str, **values: Any) -> None:
    """Write a page from its template, with its terms explained; refuse it where two of its parts
    have one address."""
    glossary = "" if values.get("alone") else f"{values.get('up', '')}glossary.html"
    text = explained(rendered(template, **values), glossary)
    counted = Counter(re.findall(r'<[^<>]*\sid="([^"]+)"', text))
    if twice := sorted(address for address, count in counted.items() if count > 1):
        raise ExportError(f"{path.name}: more than one thing has the address {', '.join(twice)}")
    write_text(path, "\n".join(line.rstrip() for line in text.split("\n") if line.strip()) + "\n")


def in_page(
    svg: str, files: Collection[str] = (), prefix: str = "", *, labelled: bool = True
) -> str:
    """A drawing as it stands in a page.

    Parameters
    ----------
    svg
        The drawing, as a notebook holds it.
    files
        The files to which its parts can lead; what would lead elsewhere is no link.
    prefix
        What its addresses begin with, where several reviews stand on one page.
    labelled
        Whether what is no link says its row; not where the chart in words stands beside it.

    Examples
    --------
    >>> in_page('<svg><a id="w-e" href="a.html#e" aria-label="E"><path/></a></svg>')
    '<svg><g id="w-e" role="img" aria-label="E"><path/></g></svg>'
    """

    def part(match: re.Match[str]) -> str:
        attributes, href, label, within = match.groups()  # the label, or whose it is
        if href.partition("#")[0] in files:
            return match[0]
        role = f' role="img" {label}' if labelled else ""
        return f"<g {attributes}{role}>{within}</g>"

    svg = _LINKED.sub(part, svg)
    if prefix:
        svg = re.sub(r'(\sid="|aria-labelledby="|url\(#|href="#)', rf"\1{prefix}-", svg)
    return svg


def explained(text: str, glossary: str) -> str:
    """A page in which each term that the glossary has is explained where it first stands, and
    which has the letters of its charts.

    `glossary` is the address of the whole glossary, or empty.
    """
    # A title can hold the same words, in the middle of its line.
    text = text.replace("\n/* fonts */\n", f"\n{chart_fonts() if '<svg' in text else ''}\n", 1)
    text, terms = mark_terms(text, _button)
    text = _BESIDE.sub(r'<span class="kept">\g<0></span>', text)
    text = text.replace("<!-- words -->", rendered("words.html.j2", terms=terms))
    return text.replace("<!-- terms -->", rendered("terms.html.j2", terms=terms, more=glossary))


def _button(term: Term, words: str) -> str:
    """The words of a term as a button; of several words the last one is it, so that a line can end
    between them, and is read out as all of them, once."""
    head, _, last = words.rpartition(" ")
    target = f'popovertarget="term-{term.id}"'
    if not head:
        return f'<button type="button" class="term" {target}>{words}</button>'
    return (
        f'<label class="term" for="ask-{term.id}" aria-hidden="true">{head} </label>'
        f'<button type="button" class="term" id="ask-{term.id}" aria-label="{words}" {target}>'
        f"{last}</button>"
    )


def rendered(template: str, **values: Any) -> str:
    """A template of the package, filled in; values are escaped unless they are marked as markup."""
    return str(_environment().get_template(template).render(**{**_style_and_script(), **values}))


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # Templates that change during a run do not change its pages.
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = lambda svg, **how: Markup(in_page(svg, **how))
    environment.filters["legible"] = legible
    environment.globals.update(
        facts=None,
        pages=(),
        inner="",
        alone=False,
        paper=False,
        here="",
        up="",
    )
    return environment


@cache
def _style_and_script(
    sheets: tuple[str, ...] = ("page", "reading"), script: str = "page"
) -> dict[str, Any]:
    """What a page looks like and what runs in it: ``style``, ``script``, and ``script_hash``, by
    which its security policy lets no other script run."""
    from markupsafe import Markup

    code = page_script(script)
    digest = base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
    return {
        "style": Markup("\n".join(map(page_style, sheets))),
        "script": Markup(code),
        "script_hash": f"sha256-{digest}",
    }


def page_script(name: str) -> str:
    """A script without indentation and without the lines for those who write it: ``page`` is that
    of every page, ``whole`` that of the page of a whole table. Pages are read without either."""
    lines = (TEMPLATES / f"{name}.js").read_text(encoding="utf-8").splitlines()
    # Lines stay lines: nothing depends on knowing where a statement of the language ends.
    return "\n".join(
        line.strip() for line in lines if line.strip() and not line.lstrip().startswith("//")
    )


def page_style(name: str) -> str:
    """A style sheet without the words for those who write it: ``page`` is that of every page,
    ``whole`` what the page of a whole table has besides, ``reading`` what all others have, and
    ``handout`` what a hand-out has."""
    sheet = _environment().get_template(f"{name}.css").render()
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    # Strings between quotation marks stay as they are.
    parts = re.split(r'("[^"]*")', sheet)
    parts[::2] = map(_squeezed, parts[::2])
    return "".join(parts).strip()


def _squeezed(rules: str) -> str:
    rules = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", rules)).replace(";}", "}")
    # What stands between a property and its value; after a selector's name a space would mean
    # something.
    return re.sub(r"(?<=[{;])([a-z-]+): ", r"\1:", rules)


@cache
def chart_fonts() -> str:
    """The style rules that give a page the letters in which its charts were laid out, so that words
    in them are as wide where they are read."""
    rules = []
    for name, weight in (("charts", "normal"), ("charts-bold", "bold")):
        letters = base64.b64encode((TEMPLATES / f"{name}.woff2").read_bytes()).decode("ascii")
        source = f'url(data:font/woff2;base64,{letters}) format("woff2")'
        family = f'font-family:"DejaVu Sans";font-weight:{weight}'
        rules.append(f"@font-face{{{family};src:{source}}}")
    return "\n".join(rules)
