"""Where does a reader begin? The front page over all reports, and what stands once for all of them:
glossary, method, codebook, ethics, help lines, how to cite."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from casechron import __version__
from casechron.coding.codebook import codebook_markdown
from casechron.coding.folder import starter_folder
from casechron.report.export import SITE, write_manifest, write_text
from casechron.report.page.blocks import Notebook, read_notebook
from casechron.report.page.build import INDEX, rendered, write_html
from casechron.report.page.prose import glossary, markdown_html

#: Which page of the site shows which document; a link to any other file is its words alone.
_DOCUMENT_PAGES = {f"{name}.md": f"{name}.html" for name in ("codebook", "ethics", "method")}
#: The front page shows so many reviews with their findings and a chart each; more are a list.
_IN_FULL = 12
#: Findings of a review that the front page tells, and the page from which another comes.
_POINTS, _WAITS = 2, "03_timing"
#: What a report says of itself; what an older version did not say is empty.
_FORM: dict[str, Any] = {
    **dict.fromkeys(("title", "content_note", "citation", "rests_on", "people"), str),
    **dict.fromkeys(("data_sha256", "casechron"), str),
    "pages": [{"stem": str, "points": [str]}],
    "sources": [{"citation": str, "address": str, "link": str}],
    "invented": bool,
    "reviews": list,
}
_EMPTY = {key: [] if isinstance(form, list) else form() for key, form in _FORM.items()}
#: Of a package that was copied by hand without what comes with it.
_NO_METHOD = "# Method\n\nThe document that describes the method was not at hand.\n"


def reports_in(reports_dir: Path) -> Iterator[dict[str, Any]]:
    """What each report says of itself (its ``report.json``), in the order of the reviews' names,
    read one at a time.

    One that cannot be read is left out (`unreadable_in`).
    """
    yield from (report for path in _of_reports(reports_dir) if (report := _read(path)) is not None)


def unreadable_in(reports_dir: Path) -> list[str]:
    """The names of the folders whose ``report.json`` is none: not JSON, without a review, or with
    pages that are none."""
    return [path.parent.name for path in _of_reports(reports_dir) if _read(path) is None]


def _of_reports(reports_dir: Path) -> list[Path]:
    return sorted(reports_dir.glob("[!.]*/report.json"))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(report, dict) or report.get("review") != path.parent.name:
        return None
    filled = {**_EMPTY, **report}
    return filled if _fits(filled, _FORM) else None


def _fits(value: object, form: Any) -> bool:
    """Whether a value of JSON is what a form says: of a type, a list of what one form says, or an
    object with what is said of its keys."""
    if isinstance(form, type):
        return isinstance(value, form)
    if isinstance(form, list):
        return isinstance(value, list) and all(_fits(item, form[0]) for item in value)
    return isinstance(value, dict) and all(_fits(value.get(key), of) for key, of in form.items())


def write_site(reports_dir: Path, docs: Path | None = None) -> Path:
    """Write the pages that belong to no single review, and ``SHA256SUMS`` over all; the front page.

    Parameters
    ----------
    reports_dir
        The folder of reports; one without a ``report.json`` that can be read is not listed.
    docs
        Holds ``method.md`` (else the package's own is shown) and ``ethics.md``.
    """
    ethics = docs / "ethics.md" if docs and (docs / "ethics.md").is_file() else None
    shown: list[dict[str, Any]] = []
    across: list[dict[str, Any]] = []
    for report in reports_in(reports_dir):
        if report["reviews"]:
            across.append(report)
            continue
        shown.append(_front(reports_dir, report, len(shown) < _IN_FULL))

    def write(name: str, title: str, template: str, **values: Any) -> None:
        write_html(reports_dir / name, template, title=title, here=name, **values)

    package = {"version": __version__, "ethics": bool(ethics)}
    invented = [report for report in shown if report["invented"]]
    real = [report for report in shown if not report["invented"]]
    listed = {"across": across, "reports": real, "invented": invented}
    write("index.html", "Case chronologies", "site.html.j2", **listed, **package)
    words = rendered("glossary.html.j2", title="Glossary", here="glossary.html", terms=glossary())
    write_text(reports_dir / "glossary.html", words)
    write("cite.html", "How to cite", "cite.html.j2", reports=shown, **package)
    write("help.html", "Help lines", "help.html.j2")
    documents = {"Codebook": codebook_markdown(), "Method": _method(docs)}
    if ethics:
        documents["Ethics"] = ethics.read_text(encoding="utf-8")
    for title, text in documents.items():
        write(f"{title.lower()}.html", title, "text.html.j2", markup=_markup(text))
    # What somebody else laid there is not vouched for.
    write_manifest(reports_dir, {*SITE, *(path.parent.name for path in _of_reports(reports_dir))})
    return reports_dir / "index.html"


def _front(reports_dir: Path, report: dict[str, Any], full: bool) -> dict[str, Any]:
    """What the front page shows of a report: two sentences of what happened, one on waits, and the
    small chart of its first page."""
    points = {page["stem"]: page["points"] for page in report["pages"]}
    first = INDEX if INDEX in points else next(iter(points), "")
    # What stands behind the story comes last, as in the menu of its pages.
    ahead = [*points].index(first) if points else 0
    sentences = points.get(first, [])[:_POINTS] + points.get(_WAITS, [])[:1]
    folder = reports_dir / report["review"]
    page = _page(folder / f"{first}.ipynb") if full else None
    rows = _rows(folder / "tables" / "chronicle.csv", page.first["rows"]) if page else []
    links = [
        ("index.html" if page["stem"] == first else f"{page['stem']}.html", page["name"])
        for page in report["pages"][ahead:] + report["pages"][:ahead]
        if page.get("name")
    ]
    return {**report, "points": sentences, "page": page, "rows": rows, "links": links}


def _page(path: Path) -> Notebook | None:
    """What an executed notebook says and draws; none if there is none."""
    try:
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read_notebook(notebook, path.stem)


def _rows(table: Path, ids: Sequence[str]) -> list[dict[str, str]]:
    """The rows of the table of events on which a finding rests."""
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["event"] in ids]


def _method(docs: Path | None) -> str:
    """The description of the method: the project's own, or else that of the package."""
    package = starter_folder() / "docs"
    for path in ((docs or package) / "method.md", package / "method.md"):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return _NO_METHOD


def _markup(text: str) -> str:
    # The codebook names the addresses of its lists in lines of their own.
    text = re.sub(r'<a id="([a-z0-9-]+)"></a>\s*\n(#+ .*)', r"\2 {#\1}", text)
    return markdown_html(text, _DOCUMENT_PAGES, site=False)
