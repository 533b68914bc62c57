"""How do the pages of a review become one account: an overview, links between them, explained
terms, one file to send?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casechron.reporting.assets import TEMPLATES, page_script, page_script_hash, page_style
from casechron.reporting.compact import compact
from casechron.reporting.export import ReviewFacts, write_text
from casechron.reporting.findings_html import rests_html
from casechron.reporting.glossary import Term, mark_terms
from casechron.reporting.links import Ways, link_rows, resolve, ways
from casechron.reporting.long_tables import begin_tables, split_long_tables
from casechron.reporting.page_texts import page_text, policy_lines
from casechron.reporting.paper import on_paper
from casechron.reporting.steps import findings, key_points, overview, shown
from casechron.reporting.words import sentences

__all__ = ["environment", "explain", "renamed", "rendered", "write_pages"]


#: Bytes: a page of more is slow on a phone, and its longest tables get pages of their own until it
#: has no more than the other.
_HEAVY, _LIGHT = 375_000, 320_000


def write_pages(folder: Path, facts: ReviewFacts, notebooks: Mapping[str, NotebookNode]) -> None:
    """Finish the pages in a review's folder, and write its ``index.html`` and the one file that
    holds all of it.

    The pages of the notebooks stand in the folder as `export.page_html` made them, the tables as
    CSV beside them."""
    whole = {
        f"{page.stem}.html": (folder / f"{page.stem}.html").read_text(encoding="utf-8")
        for page in facts.pages
    }
    overviews = [_overview(page.stem, page.title, notebooks[page.stem]) for page in facts.pages]
    tried = [
        (table["name"], table["caption"])
        for page in overviews
        for table in page["tables"]
        if table["policies"]
    ]
    common = {
        "facts": facts,
        "overviews": overviews,
        "happened": [
            line for page in facts.pages for line in findings(notebooks[page.stem], "what_happened")
        ],
        "policy": policy_lines(facts.policy, facts.policy_differs),
        "questions": page_text("overview").questions,
    }

    def finished(pages: Mapping[str, str]) -> tuple[dict[str, str], Ways]:
        known = ways(pages)
        led = {
            file: _with_policies(_between_pages(text, facts), tried) for file, text in pages.items()
        }
        linked = {file: resolve(link_rows(text, known), file, known) for file, text in led.items()}
        return {
            file: compact(explain(text, "../glossary.html")) for file, text in linked.items()
        }, known

    pages = {**whole, "index.html": rendered("review.html.j2", **common)}
    done, known = finished(pages)
    if split := _split(facts, pages, done):
        done, known = finished(split)
    for file, text in done.items():
        write_text(folder / file, text)
    one = _between_pages(rendered("single.html.j2", **_single(common, whole)), facts, single=True)
    here = ways({"": one})
    one = link_rows(_with_policies(one, tried), here)
    one = resolve(begin_tables(one, known.page_of), "", here)
    write_text(folder / f"{facts.review}.html", compact(explain(one, "")))


def _split(facts: ReviewFacts, pages: Mapping[str, str], done: Mapping[str, str]) -> dict[str, str]:
    """All pages, with the longest tables of those that came out too heavy on pages of their own;
    none if none did."""
    found = dict(pages)
    for page in facts.pages:
        weight = len(done[f"{page.stem}.html"].encode("utf-8"))
        if weight <= _HEAVY:
            continue
        # Well below what makes tables move, so that the next row does not make another do so.
        found[f"{page.stem}.html"], long = split_long_tables(
            pages[f"{page.stem}.html"], weight - _LIGHT
        )
        for table in long:
            said = {"facts": facts, "page": page, "caption": table.caption, "markup": table.markup}
            said["questions"] = page_text("table").questions
            found[f"{page.stem}-{table.name}.html"] = rendered("table.html.j2", **said)
    return found if len(found) > len(pages) else {}


def explain(text: str, more: str) -> str:
    """A page with each term explained where it first stands, and listed where the page has room for
    the list.

    `more` is the address of the whole glossary, or empty.
    """
    text, terms = mark_terms(text, _button)
    text = _TOUCHED.sub(r'<span class="t">\g<0></span>', text)
    text = text.replace(
        "<!-- words: list -->", rendered("terms.html.j2", terms=terms, more=more) if terms else ""
    )
    return (
        text.replace(
            "<!-- words: boxes -->", rendered("boxes.html.j2", terms=terms).strip()
        ).strip()
        + "\n"
    )


def rendered(template: str, **said: Any) -> str:
    """A template of ours, filled in; what is not marked as markup in the template is text."""
    return str(environment().get_template(template).render(**said, script_hash=page_script_hash()))


@cache
def environment() -> Any:
    """The templates of all pages but those of notebooks, which nbconvert fills in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # All pages of a run are of the templates that it began with.
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=False,
    )
    made.filters["rests"] = lambda names: Markup(rests_html(names))
    made.filters["sentences"] = sentences
    made.filters["code"] = lambda text: Markup(re.sub("`(.*?)`", r"<code>\1</code>", escape(text)))
    made.filters["part"] = lambda stem: page_text(stem).part
    made.globals.update(
        {
            "script": Markup(page_script()),
            "style": Markup(page_style()),
            "facts": None,
            "here": "",
            "up": "",
            "single": False,
            "more": "",
        }
    )
    return made


def renamed(svg: str, name: str, prefix: str) -> str:
    """A drawing whose addresses begin with another prefix, so that it can stand on one page with
    its namesake.

    >>> renamed('<svg><g id="figure-gaps-a"/><use href="#figure-gaps-a"/></svg>', "gaps", "front")
    '<svg><g id="front-figure-gaps-a"/><use href="#front-figure-gaps-a"/></svg>'
    """
    return re.sub(
        rf'(?<=["#(\s])figure-{re.escape(name)}-(?=[^<>]*>)', f"{prefix}-figure-{name}-", svg
    )


#: A term with what touches it: a button alone would let the line end before a comma.
_BUTTON = r'<button type="button" class="term"[^>]*>[^<]*</button>'
_TOUCHED = re.compile(rf"[(“‘]{_BUTTON}[,.;:)”’?]*|{_BUTTON}[,.;:)”’?]+")


def _button(term: Term, words: str) -> str:
    """The words of a term as a button; of several words the last one is it, and the others are its
    label.

    A button is a box, even where it stands in a line: one of several words that do not fit into a
    line would leave a hole in it."""
    head, last = re.fullmatch(r"(.*\s)?(\S+)", words, re.DOTALL).groups(default="")  # type: ignore[union-attr]
    target = f'popovertarget="term-{term.id}"'
    if not head:
        return f'<button type="button" class="term" {target}>{words}</button>'
    own = f'id="ask-{term.id}" aria-label="{words}" {target}'
    return (
        f'<label class="term" for="ask-{term.id}">{head}</label><button type="button" class="term"'
        f" {own}>{last}</button>"
    )


def _overview(stem: str, title: str, notebook: NotebookNode) -> dict[str, Any]:
    said = overview(notebook, page_text(stem).figure)
    svg = ""
    if said["figure"]:
        name = said["figure"]["name"]
        svg = next(
            data["image/svg+xml"]
            for one, data in shown(notebook)
            if (one["kind"], one["name"]) == ("figure", name)
        )
        svg = on_paper(renamed(svg, name, "overview"))
    points = key_points(notebook)
    more = {"points": points, "all_rest": all(names for _, names in points)}
    return {
        **said,
        **more,
        "stem": stem,
        "title": title,
        "part": page_text(stem).part,
        "href": f"{stem}.html",
        "svg": svg,
    }


def _between_pages(text: str, facts: ReviewFacts, *, single: bool = False) -> str:
    """Prose that points to another page leads there; in the one file to its chapter; nowhere if the
    report has no such page."""
    there = {page.stem for page in facts.pages}

    def led(match: re.Match[str]) -> str:
        stem, words = match.groups()
        if stem not in there:
            return words
        return f'<a href="{f"#chapter-{stem}" if single else f"{stem}.html"}">{words}</a>'

    return _PAGE_LINK.sub(led, text)


_PAGE_LINK = re.compile(r'<a class="page" href="([\w-]+)\.html">(.*?)</a>', re.DOTALL)


def _with_policies(text: str, tried: list[tuple[str, str]]) -> str:
    """The box of the policy says where other policies were tried."""
    links = "; ".join(f'<a href="#table-{name}">{escape(caption)}</a>' for name, caption in tried)
    return text.replace(
        "<!-- policies tried -->",
        f"<p>What they change in this review: {links}.</p>" if tried else "",
    )


def _single(common: dict[str, Any], raw: Mapping[str, str]) -> dict[str, Any]:
    """What the one file of a review is made of: an overview, and the middle of every page as a
    chapter."""
    chapters = []
    overviews = []
    for page in common["overviews"]:
        stem = page["stem"]
        main = raw[f"{stem}.html"].split('<main id="main">', 1)[1].split("</main>", 1)[0]
        chapters.append({"stem": stem, "title": page["title"], "markup": _chapter(main, stem)})
        overviews.append({**page, "href": f"#chapter-{stem}"})
    return {**common, "overviews": overviews, "chapters": chapters, "single": True}


def _chapter(main: str, stem: str) -> str:
    """The middle of a page as a chapter: headings one level down, addresses of its own, no code, no
    files beside it."""
    main = re.sub(r'<details class="code">.*?</details>\n?', "", main, flags=re.DOTALL)
    main = re.sub(r'<section class="facts.*?</section>\n?', "", main, flags=re.DOTALL)
    main = re.sub(
        r'<section class="questions"[^>]*>(.*?)</section>',
        r'<div class="questions">\1</div>',
        main,
        flags=re.DOTALL,
    )
    main = re.sub(r"(</?h)([1-5])(?=[ >])", lambda match: f"{match[1]}{int(match[2]) + 1}", main)
    main = re.sub(r'((?:id|aria-labelledby)=")(section-|questions-)', rf"\g<1>{stem}-\2", main)
    main = re.sub(
        r'<p class="download" id="([^"]*)"><a href="tables/.*?</p>', r'<span id="\1"></span>', main
    )
    return re.sub(r'<p class="download"><a href="figures/.*?</p>', "", main)
