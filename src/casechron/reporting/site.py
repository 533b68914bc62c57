"""Where does a reader begin? The front page over all reports, the glossary, the method, the
codebook, and the hashes of all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from casechron import __version__
from casechron.coding.codebook_page import markdown as codebook_markdown
from casechron.coding.starter import starter
from casechron.reporting.compact import compact
from casechron.reporting.export import write_manifest, write_text
from casechron.reporting.exporter import Prose, markdown_html
from casechron.reporting.glossary import glossary
from casechron.reporting.page_texts import page_text
from casechron.reporting.pages import explain, renamed, rendered
from casechron.reporting.paper import on_paper

__all__ = ["reports_in", "unreadable_in", "write_site"]

#: Which page of the site shows which document; a link to any other file is its words alone.
_SHOWN = {"codebook.md": "codebook.html", "ethics.md": "ethics.html"}
#: The front page shows so many reviews with their key points and a figure each; more are rows of
#: one table.
_IN_FULL = 12
#: What a report that an older version made may not say of itself.
_EMPTY: dict[str, Any] = {
    "title": "",
    "content_note": "",
    "about": [],
    "pages": [],
    "data_sha256": "",
    "casechron": "",
    "single": "",
    "sources": [],
    "rests_on": "",
    "who": "",
}
#: What a citation needs of a report.
_CITED = ("review", "data_sha256")


#: Of a package that was copied by hand without what comes with it.
_NO_METHOD = (
    "# Method\n\nThe document that describes the method was not at hand when this page was made.\n"
)


def reports_in(reports_dir: Path) -> Iterator[dict[str, Any]]:
    """What each report says of itself (its ``report.json``), in the order of the reviews' names,
    read one at a time.

    One that cannot be read is left out (`unreadable_in`).
    """
    yield from (said for path in _of_reports(reports_dir) if (said := _read(path)) is not None)


def unreadable_in(reports_dir: Path) -> list[str]:
    """The names of the folders whose ``report.json`` is none: not JSON, without a review, or with
    pages that are none."""
    return [path.parent.name for path in _of_reports(reports_dir) if _read(path) is None]


def _of_reports(reports_dir: Path) -> list[Path]:
    return sorted(
        path for path in reports_dir.glob("*/report.json") if not path.parent.name.startswith(".")
    )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("review") != path.parent.name:
        return None
    whole = {**_EMPTY, **said}
    good = all(isinstance(whole[name], type(empty)) for name, empty in _EMPTY.items())
    good = good and all(isinstance(pair, list) and len(pair) == 2 for pair in whole["about"])
    good = good and all(
        _texts(one, "citation", "kind", "address", "link") for one in whole["sources"]
    )
    return whole if good and all(map(_is_page, whole["pages"])) else None


def _is_page(page: Any) -> bool:
    if not _texts(page, "file", "title"):
        return False
    points, figure = page.get("key_points") or [], page.get("figure")
    return isinstance(points, list) and (not figure or _texts(figure, "name", "caption", "alt"))


def _texts(said: Any, *names: str) -> bool:
    """Whether something is an object that says each of these in words."""
    return isinstance(said, dict) and all(isinstance(said.get(name), str) for name in names)


def write_site(reports_dir: Path, docs: Path | None = None) -> Path:
    """Write the pages that belong to no single review, and ``SHA256SUMS`` over all; the front page.

    Only reports that stand are listed; a folder without a ``report.json`` that can be read is none.
    The front page shows twelve reviews in full; of more it is a table, and stays a page that a
    phone can open. `docs` holds ``method.md``, or several documents ``method-*.md`` that are shown
    one after another (else the package's own is shown), and ``ethics.md``."""
    # Of a thousand reports that is all that is held at once.
    reports = [{name: report[name] for name in _CITED} for report in reports_in(reports_dir)]
    listed = len(reports) > _IN_FULL
    ethics = docs / "ethics.md" if docs and (docs / "ethics.md").is_file() else None
    said = {"reports": reports, "listed": listed, "version": __version__, "ethics": bool(ethics)}
    shown = [
        _row(report) if listed else _front(reports_dir, report)
        for report in reports_in(reports_dir)
    ]
    front = rendered(
        "site.html.j2", **{**said, "reports": shown, "questions": page_text("front").questions}
    )
    write_text(reports_dir / "index.html", compact(explain(front, "glossary.html")))
    groups = _grouped()
    words = rendered(
        "glossary.html.j2", groups=groups, questions=page_text("glossary").questions, **said
    )
    write_text(reports_dir / "glossary.html", words.strip() + "\n")
    _write_document(reports_dir / "codebook.html", "Codebook", codebook_markdown(), said)
    _write_document(reports_dir / "method.html", "Method", _method(docs), said)
    if ethics:
        _write_document(
            reports_dir / "ethics.html", "Ethics", ethics.read_text(encoding="utf-8"), said
        )
    write_manifest(reports_dir)
    return reports_dir / "index.html"


def _row(report: dict[str, Any]) -> dict[str, Any]:
    """What the front page shows of one report among many."""
    point = next((page["key_points"][0] for page in report["pages"] if page.get("key_points")), "")
    return {name: report[name] for name in ("review", "title", "content_note", "data_sha256")} | {
        "point": point
    }


def _front(reports_dir: Path, report: dict[str, Any]) -> dict[str, Any]:
    """What the front page shows of a report: a key point of each page, and one figure, that of time
    if there is one."""
    pages = report["pages"]
    points = [
        {"words": _point(page), "file": page["file"], "part": page.get("part") or page["title"]}
        for page in pages
        if page.get("key_points")
    ]
    drawn = reports_dir / report["review"] / "figures"
    figures = [
        {**page["figure"], "page": page["title"], "file": page["file"]}
        for page in pages
        if page.get("figure") and _drawing(drawn / f"{page['figure']['name']}.svg")
    ]
    figure = next(
        (one for one in figures if one["name"].startswith("chron")), figures[0] if figures else None
    )
    svg = ""
    if figure:
        svg = on_paper(
            renamed(_drawing(drawn / f"{figure['name']}.svg"), figure["name"], report["review"])
        )
    return {**report, "points": points, "figure": figure, "svg": svg}


def _drawing(path: Path) -> str:
    """The drawing in a file of ours, to stand in a page; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8").partition("?>\n")[2]
    except (OSError, ValueError):
        return ""


def _point(page: dict[str, Any]) -> str:
    """The key point that stands for a page among others: the first, but where `pages.toml` names
    another that is there."""
    points = page["key_points"]
    chosen = page_text(Path(page["file"]).stem).front
    return str(points[chosen] if chosen < len(points) else points[0])


def _grouped() -> list[dict[str, Any]]:
    names = list(dict.fromkeys(term.group for term in glossary()))
    return [
        {"grouper": name, "list": [term for term in glossary() if term.group == name]}
        for name in names
    ]


def _method(docs: Path | None) -> str:
    own = docs or Path()
    whole, parts = own / "method.md", sorted(own.glob("method-*.md")) if docs else []
    if not parts and not (docs and whole.is_file()):
        # A project without words of its own on the method works by the package's.
        whole = starter() / "docs" / "method.md"
    if whole.is_file():
        return whole.read_text(encoding="utf-8")
    if not parts:
        return _NO_METHOD
    # One page has one main heading: those of its parts go down by one.
    return "# Method\n\n" + "\n\n".join(
        _lowered(path.read_text(encoding="utf-8")) for path in parts
    )


def _lowered(text: str) -> str:
    fenced = False
    lines = []
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("#") and not fenced else line)
    return "\n".join(lines)


def _write_document(path: Path, title: str, text: str, said: dict[str, Any]) -> None:
    questions = page_text(path.stem).questions
    page = rendered(
        "text.html.j2",
        title=title,
        here=path.stem,
        markup=_markup(text),
        questions=questions,
        **said,
    )
    write_text(path, explain(page, "glossary.html"))


# Whoever renders again and again from one process has the same documents each time.
@lru_cache(maxsize=4)
def _markup(text: str) -> str:
    # The codebook names the addresses of its lists in lines of their own.
    text = re.sub(r'<a id="([a-z0-9-]+)"></a>\s*\n(#+ .*)', r"\2 {#\1}", text)
    markup = markdown_html(Prose())(text)
    markup = re.sub(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', _document_link, markup, flags=re.DOTALL)
    there = set(re.findall(r' id="([^"]+)"', markup))
    return re.sub(
        r'<a href="#([^"]*)">(.*?)</a>',
        partial(_within, there=there),
        markup,
        flags=re.DOTALL,
    )


def _within(match: re.Match[str], there: set[str]) -> str:
    """A link within a document, to a heading by the address that code hosts give it."""
    address, words = match.groups()
    found = next((one for one in (address, f"section-{address}") if one in there), None)
    return f'<a href="#{found}">{words}</a>' if found else words


def _document_link(match: re.Match[str]) -> str:
    """A link of a document as a link of the site: to one of its pages, to the open web, or none at
    all."""
    address, rest, words = match.groups()
    if address.startswith(("#", "https://", "http://", "mailto:")):
        return match.group(0)
    name = address.split("#")[0].rsplit("/", 1)[-1]
    shown = "method.html" if re.fullmatch(r"method[a-z-]*\.md", name) else _SHOWN.get(name)
    return f'<a href="{shown}"{rest}>{words}</a>' if shown else words
