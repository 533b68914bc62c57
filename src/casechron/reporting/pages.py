"""How do the pages of a review become one account: an overview, links between them, explained terms, one file to send?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casechron.reporting.compact import compact, lean
from casechron.reporting.export import ReviewFacts, page_script, page_script_hash, page_style, write_text
from casechron.reporting.exporter import TEMPLATES
from casechron.reporting.glossary import Term, mark_terms
from casechron.reporting.links import link_rows, resolve, ways
from casechron.reporting.long_tables import split_long_tables
from casechron.reporting.page_texts import page_text, policy_lines
from casechron.reporting.steps import overview, shown

__all__ = ["environment", "explain", "renamed", "rendered", "write_pages"]


#: Bytes: a page of more is slow on a phone, and its longest tables get pages of their own until it has no more than the other.
_HEAVY, _LIGHT = 375_000, 320_000


def write_pages(folder: Path, facts: ReviewFacts, notebooks: Mapping[str, NotebookNode]) -> None:
    """Finish the pages in a review's folder, and write its ``index.html`` and the one file that holds all of it.

    The pages of the notebooks stand in the folder as `export.page_html` made them, the tables as CSV beside them.
    """
    raw = {f"{page.stem}.html": (folder / f"{page.stem}.html").read_text(encoding="utf-8") for page in facts.pages}
    apart = {}
    everywhere = ways(raw)
    for page in facts.pages:
        text = raw[f"{page.stem}.html"]
        weight = len(compact(resolve(link_rows(text, everywhere), f"{page.stem}.html", everywhere)).encode("utf-8"))
        # Well below what makes tables move, so that the next row does not make another do so.
        raw[f"{page.stem}.html"], long = split_long_tables(text, weight - _LIGHT if weight > _HEAVY else 0)
        for table in long:
            said = {"facts": facts, "page": page, "caption": table.caption, "markup": table.markup}
            apart[f"{page.stem}-{table.name}.html"] = rendered("table.html.j2", **said)
    overviews = [_overview(page.stem, page.title, notebooks[page.stem]) for page in facts.pages]
    tried = [(table["name"], table["caption"]) for page in overviews for table in page["tables"] if table["policies"]]
    common = {
        "facts": facts,
        "overviews": overviews,
        "policy": policy_lines(facts.policy, facts.policy_differs),
        "questions": page_text("").questions,
    }
    pages = {**raw, **apart, "index.html": rendered("review.html.j2", **common)}
    known = ways(pages)
    for file, text in pages.items():
        text = resolve(link_rows(_with_policies(text, tried), known), file, known)
        write_text(folder / file, compact(explain(text, "../glossary.html")))
    one = rendered("single.html.j2", **_single(common, raw))
    here = ways({"": one})
    one = resolve(link_rows(_with_policies(one, tried), here), "", here)
    write_text(folder / f"{facts.review}.html", compact(explain(one, "")))


def explain(text: str, more: str) -> str:
    """A page with each term explained where it first stands, and listed where the page has room for the list.

    `more` is the address of the whole glossary, or empty.
    """
    text, terms = mark_terms(text, _button)
    text = text.replace("<!-- words: list -->", rendered("terms.html.j2", terms=terms, more=more) if terms else "")
    return text.replace("<!-- words: boxes -->", rendered("boxes.html.j2", terms=terms).strip()).strip() + "\n"


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
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=False,
    )
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
    """A drawing whose addresses begin with another prefix, so that it can stand on one page with its namesake.

    >>> renamed('<svg><g id="figure-gaps-a"/><use href="#figure-gaps-a"/></svg>', "gaps", "front")
    '<svg><g id="front-figure-gaps-a"/><use href="#front-figure-gaps-a"/></svg>'
    """
    return re.sub(rf'(?<=["#(\s])figure-{re.escape(name)}-(?=[^<>]*>)', f"{prefix}-figure-{name}-", svg)


def _button(term: Term, words: str) -> str:
    return f'<button type="button" class="term" popovertarget="term-{term.id}">{words}</button>'


def _overview(stem: str, title: str, notebook: NotebookNode) -> dict[str, Any]:
    said = overview(notebook, page_text(stem).figure)
    svg = ""
    if said["figure"]:
        name = said["figure"]["name"]
        svg = next(data["image/svg+xml"] for one, data in shown(notebook) if (one["kind"], one["name"]) == ("figure", name))
        svg = lean(renamed(svg, name, "overview"))
    return {**said, "stem": stem, "title": title, "part": page_text(stem).part, "href": f"{stem}.html", "svg": svg}


def _with_policies(text: str, tried: list[tuple[str, str]]) -> str:
    """The box of the policy says where other policies were tried."""
    links = "; ".join(f'<a href="#table-{name}">{escape(caption)}</a>' for name, caption in tried)
    return text.replace("<!-- policies tried -->", f"<p>What they change in this review: {links}.</p>" if tried else "")


def _single(common: dict[str, Any], raw: Mapping[str, str]) -> dict[str, Any]:
    """What the one file of a review is made of: an overview, and the middle of every page as a chapter."""
    chapters = []
    overviews = []
    for page in common["overviews"]:
        stem = page["stem"]
        main = raw[f"{stem}.html"].split('<main id="main">', 1)[1].split("</main>", 1)[0]
        chapters.append({"stem": stem, "title": page["title"], "markup": _chapter(main, stem)})
        overviews.append({**page, "href": f"#chapter-{stem}"})
    return {**common, "overviews": overviews, "chapters": chapters, "single": True}


def _chapter(main: str, stem: str) -> str:
    """The middle of a page as a chapter: headings one level down, addresses of its own, no code, no files beside it."""
    main = re.sub(r'<details class="code">.*?</details>\n?', "", main, flags=re.DOTALL)
    main = re.sub(r'<section class="facts.*?</section>\n?', "", main, flags=re.DOTALL)
    main = re.sub(r'<section class="questions"[^>]*>(.*?)</section>', r'<div class="questions">\1</div>', main, flags=re.DOTALL)
    main = main.replace('<div class="tools" data-tools></div>', "")
    main = re.sub(r"(</?h)([1-5])(?=[ >])", lambda match: f"{match[1]}{int(match[2]) + 1}", main)
    main = re.sub(r'((?:id|aria-labelledby)=")(section-|questions-)', rf"\g<1>{stem}-\2", main)
    return re.sub(r'<p class="download"><a href="(?:figures|tables)/.*?</p>', "", main)
