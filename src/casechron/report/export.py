"""Which files does a report hold, and how can anyone see that they are whole?

``tables/*.csv`` with ``datapackage.json``, ``figures/*.svg``, one page for each notebook,
``report.json`` (what the front page needs to know) and ``SHA256SUMS``. All of them are made from
the executed notebooks."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from casechron.characters import first_refused, named
from casechron.coding.files import data_files, hash_of
from casechron.coding.reviews import question_of
from casechron.report.about import About
from casechron.report.compare import changed, digests
from casechron.report.normalise import notebook_text
from casechron.report.page.blocks import read_notebook, shown_outputs, tables_in
from casechron.report.table_cells import fields_of, read_csv_cells

MANIFEST, DATA_PACKAGE = "SHA256SUMS", "datapackage.json"
#: The kinds of output that are tables and have a file.
_TABLES = ("table", "file")
#: How a file can differ from the manifest, by the word that `changed` has for it.
_BREACHES = {
    "gone": f"is in {MANIFEST} but not in the folder",
    "new": f"is in the folder but not in {MANIFEST}",
    "other bytes": f"differs from {MANIFEST}",
}


class ExportError(ValueError):
    """What in executed notebooks cannot become files of a report, every breach at once."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a report: the stem of its files, and its question."""

    stem: str
    title: str


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What every page of a review's report says about it.

    `review` is the name of its folder, `coded` that by which commands and notebooks call it: of one
    coder's coding ``<review>/codings/<coder>``. `title` names the review, its body and its year;
    `basis` says what it rests on and who is who; `about` is what else review.toml says of it, as
    (what, value); `content_note` and `citation` are its own; `policy` the dating policy, as (field,
    value, meaning), of which the fields `policy_differs` are not the default; `data_hash` the hash
    of the data, in full; `waiting` the pages that are not made, as (question, what to fill in), the
    latter empty where the notebook failed;
    `to_do` how many things are still to do in the coding; `invented` whether nothing of the review
    happened; `reviews` those that the report is of, where it is one over several."""

    review: str
    title: str
    coded: str = ""
    about: tuple[tuple[str, str], ...] = ()
    basis: About = field(default_factory=About)
    content_note: str = ""
    citation: str = ""
    policy: tuple[tuple[str, str, str], ...] = ()
    policy_differs: tuple[str, ...] = ()
    data_hash: str = ""
    version: str = ""
    pages: tuple[Page, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    to_do: int = 0
    invented: bool = False
    reviews: tuple[str, ...] = ()


def page_title(notebook: NotebookNode) -> str:
    """The question that a notebook asks: its first heading.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> page_title(new_notebook(cells=[new_markdown_cell("# When did it happen?\\n\\nWords.")]))
    'When did it happen?'
    """
    if question := question_of(notebook):
        return question
    raise ExportError("the notebook has no heading; begin it with its question, as '# When ...?'")


def data_hash(review_dir: Path) -> str:
    """The SHA-256 of a review's data: its CSV and TOML files, each with its path; 64 hexadecimal
    digits.

    Second codings (``codings/``) are left out: they feed no report but their comparison. Reports
    show the first 16 digits."""
    files = data_files(review_dir).items()
    return hash_of((name, content) for name, content in files if not name.startswith("codings/"))


def write_tables(notebooks: dict[str, NotebookNode], out: Path) -> list[dict[str, Any]]:
    """Write the tables that the notebooks of a review showed; what a data package says of them.

    `notebooks` maps the stem of each to the executed notebook. Raises `ExportError` if two
    notebooks, or two cells, give a table or a figure the same name."""
    seen: dict[tuple[str, str], str] = {}
    twice = []
    resources = []
    for stem, notebook in notebooks.items():
        for item, _ in shown_outputs(notebook):
            kind, name = item["kind"], item["name"]
            if (kind, name) in seen:
                twice.append(
                    f"the {kind} {name} is shown by {seen[kind, name]} and again by {stem}"
                )
                continue
            seen[kind, name] = stem
            if kind in _TABLES:
                write_text(out / "tables" / f"{name}.csv", item["csv"])
                resources.append(_resource(item, stem))
    if twice:
        raise ExportError("; ".join(twice) + "; give each a name of its own")
    return sorted(resources, key=lambda resource: str(resource["name"]))


def without_tables(notebook: NotebookNode) -> str:
    """An executed notebook as the text of a report's: of the tables that stand beside it in files
    it holds the rows that it shows, and the digest of all. It is changed itself."""
    for item, _ in shown_outputs(notebook):
        if item["kind"] in _TABLES:
            item.pop("csv", None)
    return notebook_text(notebook)


def with_tables(text: str, report: Path) -> str:
    """The text of a notebook of a report with its tables in it again, as when it had run."""
    notebook = nbformat.v4.reads(text)
    for item, _ in shown_outputs(notebook):
        if item["kind"] in _TABLES:
            item["csv"] = (report / "tables" / f"{item['name']}.csv").read_bytes().decode("utf-8")
    return notebook_text(notebook)


def write_data_package(out: Path, facts: ReviewFacts, resources: list[dict[str, Any]]) -> None:
    """Write ``datapackage.json``: the tables of a report as a Frictionless tabular data package
    (version 1); what the standard takes for granted is left out, and digests, which SHA256SUMS has.

    A report without a table has none, since a package holds at least one.
    """
    if not resources:
        return
    kind = "an invented" if facts.invented else "a published"
    coded = "several reviews" if facts.reviews else f"{kind} review"
    package = {
        "profile": "tabular-data-package",
        "name": f"casechron-{facts.review}",
        "title": facts.title,
        "description": (
            f"Tables of a report made by casechron from coded tables of {coded}. "
            "A text that a spreadsheet would read as a formula has an apostrophe before it."
        ),
        "version": facts.data_hash[:16],
        "resources": resources,
    }
    write_text(out / DATA_PACKAGE, _json(package))


def write_report_json(out: Path, facts: ReviewFacts, notebooks: dict[str, NotebookNode]) -> None:
    """Write ``report.json``: what the front page, or any other reader, needs to know of a report.

    Of each page its question, what menus call it, its findings, its charts and its tables."""
    report = {
        "review": facts.review,
        "title": facts.title,
        # Written for invented reviews alone.
        **({"invented": True} if facts.invented else {}),
        **({"reviews": list(facts.reviews)} if facts.reviews else {}),
        "content_note": facts.content_note,
        "citation": facts.citation,
        "sources": [
            {
                "citation": source.citation,
                "kind": source.kind,
                "address": source.address,
                "link": source.link,
            }
            for source in facts.basis.sources
        ],
        "rests_on": facts.basis.rests_on,
        "people": facts.basis.introduced,
        "about": [list(pair) for pair in facts.about],
        "policy": {name: value for name, value, _ in facts.policy},
        "data_sha256": facts.data_hash,
        "casechron": facts.version,
        "single": f"{facts.review}.html",
        "pages": [_page(page, notebooks[page.stem]) for page in facts.pages],
    }
    write_text(out / "report.json", _json(report))


def _page(page: Page, notebook: NotebookNode) -> dict[str, Any]:
    read = read_notebook(notebook, page.stem)
    points = [point["text"] for block in read.of_kind("points") for point in block.points]
    figures = [{"name": figure.name, "title": figure.title} for figure in read.of_kind("figure")]
    return {
        "stem": page.stem,
        "title": page.title,
        "name": read.name,
        "points": points,
        "figures": figures,
        "tables": [table["name"] for table in tables_in(notebook)],
    }


def write_manifest(folder: Path) -> None:
    """Write ``SHA256SUMS`` over every file in a folder; ``sha256sum -c`` reads it too."""
    lines = [f"{digest}  {name}\n" for name, digest in digests(folder).items() if name != MANIFEST]
    write_text(folder / MANIFEST, "".join(lines))


def check_manifest(folder: Path) -> list[str]:
    """Where a folder differs from its ``SHA256SUMS``: a sentence for each file; none if it is
    whole."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{folder.name} has no {MANIFEST}; render it anew"]
    lines = (line.partition("  ") for line in manifest.read_text(encoding="utf-8").splitlines())
    listed = {name: digest for digest, _, name in lines}
    there = digests(folder)
    del there[MANIFEST]
    return [f"{name} {_BREACHES[how]}" for name, how in changed(listed, there).items()]


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with the line ends as they stand, whole or not at all.

    Raises `ExportError` for a character that no text may hold: whatever way it came, it reaches no
    reader. Tabs stand in code."""
    if (refused := first_refused(text.replace("\t", " "), lines=True)) is not None:
        place, char = refused
        line = text.count("\n", 0, place) + 1
        raise ExportError(
            f"{path.name} would hold {named(char)} in line {line}; take it out of what is shown"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(text.encode("utf-8"))
    os.replace(part, path)


def _resource(item: Mapping[str, Any], stem: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        # A resource's name has no slash; 'coded.events' stands beside a table 'coded_events'.
        "name": item["name"].replace("/", "."),
        "path": f"tables/{item['name']}.csv",
        "title": item["caption"],
        "description": f"Made by {stem}.ipynb",
        # Readers that have to guess it guess wrong where the heads have long words.
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {"fields": fields_of(read_csv_cells(item["csv"], item["fields"]))},
    }


def _json(values: dict[str, Any]) -> str:
    """A line for each entry, and for each item of a list of objects: short, and still to be
    compared line by line."""
    lines = []
    for key, value in values.items():
        items = _short(value)
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            items = "[\n" + ",\n".join(map(_short, value)) + "\n]"
        lines.append(f"{_short(key)}: {items}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
