"""Which files does a report hold, how can anyone see that they are whole, and what were they made
from?

``tables/*.csv`` with ``datapackage.json``, one page for each notebook, ``report.json`` (what the
front page needs to know), ``made_from.json`` and ``SHA256SUMS``. All of them are made from the
executed notebooks.

``made_from.json`` has hashes of the review's data, of the project's own questions and of each
notebook, with the parameters that it was given, and the version of casechron. Nothing of a machine
or of a version of Python is in it, so that a report that was committed is known again wherever it
is checked out. If all of that is as it was, and every byte is as the manifest says, the report is
left alone. (`casechron check-reports` renders all anew and compares.)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from casechron import __version__
from casechron.characters import first_refused, named
from casechron.coding.codebook import codebook
from casechron.coding.files import data_files, hash_of, write_files
from casechron.questions import questions_package
from casechron.report.about import About
from casechron.report.normalise import notebook_text
from casechron.report.page.blocks import read_notebook, shown_outputs, tables_in
from casechron.report.table_cells import fields_of, read_csv_cells

if TYPE_CHECKING:
    from casechron.report.execution import Task

MANIFEST, DATA_PACKAGE = "SHA256SUMS", "datapackage.json"
#: The pages of a folder of reports that belong to no single review, and all such files.
SITE_PAGES = (
    *("index.html", "glossary.html", "codebook.html", "method.html", "ethics.html", "cite.html"),
    "help.html",
)
SITE = (*SITE_PAGES, MANIFEST)
#: The kinds of output that are tables and have a file.
_TABLES = ("table", "file")
MADE_FROM = "made_from.json"


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
    `about` says what it rests on and who is who; `imprint` is what else review.toml says of it, as
    (what, value); `content_note` and `citation` are its own; `policy` the dating policy, as (field,
    value, meaning), of which the fields `policy_differs` are not the default; `data_hash` the hash
    of the data, in full; `waiting` the pages that are not made, as (question, what to fill in), the
    latter empty where the notebook failed; `to_do` how many things are still to do in the coding;
    `invented` whether nothing of the review happened; `reviews` those that the report is of, where
    it is one over several."""

    review: str
    title: str
    coded: str = ""
    imprint: tuple[tuple[str, str], ...] = ()
    about: About = field(default_factory=About)
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
    write_text(out / DATA_PACKAGE, json_text(package))


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
            {name: getattr(source, name) for name in ("citation", "kind", "address", "link")}
            for source in facts.about.sources
        ],
        "rests_on": facts.about.rests_on,
        "people": facts.about.introduced,
        "about": [list(pair) for pair in facts.imprint],
        "policy": {name: value for name, value, _ in facts.policy},
        "data_sha256": facts.data_hash,
        "casechron": facts.version,
        "single": f"{facts.review}.html",
        "pages": [_page(page, notebooks[page.stem]) for page in facts.pages],
    }
    write_text(out / "report.json", json_text(report))


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


def write_manifest(folder: Path, ours: Collection[str] = ()) -> None:
    """Write ``SHA256SUMS`` over every file in a folder, or over those that are, or lie in, one of
    `ours`; ``sha256sum -c`` reads it too."""
    lines = [
        f"{digest}  {name}\n"
        for name, digest in digests(folder).items()
        if name != MANIFEST and (not ours or name.split("/")[0] in ours)
    ]
    write_text(folder / MANIFEST, "".join(lines))


def check_manifest(folder: Path) -> list[str]:
    """Where a folder differs from its ``SHA256SUMS``: each such file, and how, as `changed` says
    it; none if it is whole."""
    found = digests(folder)
    if found.pop(MANIFEST, None) is None:
        return [f"{MANIFEST}: gone"]
    return [f"{name}: {how}" for name, how in changed(in_manifest(folder), found).items()]


def in_manifest(folder: Path) -> dict[str, str]:
    """The digest of each file that the ``SHA256SUMS`` of a folder lists."""
    text = (folder / MANIFEST).read_text(encoding="utf-8", errors="replace")
    return {
        name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())
    }


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
    write_files({path: text.encode()})


def _resource(item: Mapping[str, Any], stem: str) -> dict[str, Any]:
    types = item["fields"] | _counts(item["name"])
    return {
        "profile": "tabular-data-resource",
        # A resource's name has no slash; 'coded.events' stands beside a table 'coded_events'.
        "name": item["name"].replace("/", "."),
        "path": f"tables/{item['name']}.csv",
        "title": item["caption"],
        "description": f"Made by {stem}.ipynb",
        # Readers that have to guess it guess wrong where the heads have long words.
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {"fields": fields_of(read_csv_cells(item["csv"], types))},
    }


def _counts(name: str) -> dict[str, str]:
    """The whole numbers of a coded table, which is kept as it was typed."""
    folder, _, table = name.rpartition("/")
    declared = codebook().tables.get(table) if folder == "coded" else None
    return {c.name: "integer" for c in declared.columns if c.kind == "count"} if declared else {}


def json_text(values: dict[str, Any]) -> str:
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


def digests(folder: Path, pattern: str = "**/*") -> dict[str, str]:
    """What does a folder of reports hold?

    Parameters
    ----------
    folder : Path
        A folder; one that is not there holds nothing.
    pattern : str
        Which paths in it are looked at, as for `Path.glob`.

    Returns
    -------
    dict of str to str
        The SHA-256 of each file, by its path in the folder. Hidden files, and ``.part`` files that
        are being written, are left out.
    """
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.glob(pattern)
        if path.is_file() and path.suffix != ".part"
    )
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if not any(part.startswith(".") for part in name.split("/"))
    }


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """How each file that is not the same in two folders differs, by its path.

    Parameters
    ----------
    before, after : mapping of str to str
        The `digests` of the two folders.

    Returns
    -------
    dict of str to str
        ``gone``, ``new`` or ``other bytes``; empty when no byte differs.

    Examples
    --------
    >>> changed({"a.csv": "1", "c.csv": "3"}, {"a.csv": "2", "b.csv": "3"})
    {'a.csv': 'other bytes', 'b.csv': 'new', 'c.csv': 'gone'}
    """
    return {
        name: "gone" if name not in after else "other bytes" if name in before else "new"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def questions_key(project_root: Path) -> str:
    """The SHA-256 of the package of the project's own questions, or ``none``.

    Raises `QuestionsError` for a package that is named and is not there."""
    package = questions_package(project_root)
    if package is None:
        return "none"
    files = sorted(path for path in package.rglob("*") if path.is_file())
    sources = [path for path in files if "__pycache__" not in path.parts]
    return hash_of(
        (path.relative_to(package.parent).as_posix(), path.read_bytes()) for path in sources
    )


def made_from(data: str, questions: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """What the report of a review is made from, as ``made_from.json`` holds it.

    `data` is its `data_key`, taken before anything was read of the review: what is saved meanwhile
    is then not overlooked."""
    return {
        "data": data,
        "casechron": __version__,
        "questions": questions,
        "notebooks": {
            task.page.stem: {
                "source": hashlib.sha256(task.source.encode("utf-8")).hexdigest(),
                "parameters": task.parameters,
            }
            for task in tasks
        },
    }


def write_made_from(folder: Path, record: Mapping[str, Any]) -> None:
    """Write ``made_from.json`` into a report; a value that JSON does not know by its looks."""
    text = json.dumps(record, ensure_ascii=False, indent=1, default=repr)
    write_text(folder / MADE_FROM, f"{text}\n")


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether a report would be made anew as it stands.

    If it is `unchanged`, `files` is how many were verified; else `kept` has, by its stem, the text
    of each executed notebook that would be the same again."""

    unchanged: bool = False
    files: int = 0
    kept: dict[str, str] = field(default_factory=dict, hash=False)


def freshness(folder: Path, expected: Mapping[str, Any]) -> Freshness:
    """How the report in `folder` stands to what it is now to be made from; every byte of it is
    read, and nothing is kept of one that is not as it was rendered."""
    try:
        if check_manifest(folder):
            return Freshness()
        recorded = json.loads((folder / MADE_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Freshness()
    if _same(recorded, expected):
        return Freshness(unchanged=True, files=len(in_manifest(folder)))
    if not isinstance(recorded, dict) or not isinstance(recorded.get("notebooks"), dict):
        return Freshness()
    if any(recorded.get(part) != expected[part] for part in ("data", "casechron", "questions")):
        return Freshness()
    kept = {
        stem: (folder / f"{stem}.ipynb").read_text(encoding="utf-8")
        for stem, now in expected["notebooks"].items()
        if _same(recorded["notebooks"].get(stem), now)
    }
    return Freshness(kept=kept)


def made_otherwise(standing: Path, fresh: Path) -> list[str]:
    """How a report was made, as far as the one that is made now was made otherwise."""
    try:
        texts = [(folder / MADE_FROM).read_text(encoding="utf-8") for folder in (standing, fresh)]
        then, now = map(json.loads, texts)
        given = {
            f"{name}={value}"
            for made in then["notebooks"].values()
            for name, value in {**made["parameters"], **made["parameters"]["policy"]}.items()
            if name not in ("review", "reviews", "policy")
        }
        with_these, by = ", ".join(sorted(given)), then["casechron"]
        others = ", ".join(changed(_parts(then), _parts(now)))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []  # written into by hand: its other bytes are said
    return [
        *([f"by casechron {by}, and this is {now['casechron']}"] if by != now["casechron"] else []),
        *([f"with {with_these}; what is tried is rendered elsewhere, with --out"] if given else []),
        *([f"before these were changed: {others}"] if others else []),
    ]


def _parts(record: Mapping[str, Any]) -> dict[str, str]:
    """What a report is made of, by what a person calls it."""
    sources = {f"{stem}.ipynb": made["source"] for stem, made in record["notebooks"].items()}
    return {"data": record["data"], "own questions": record["questions"], **sources}


def _same(first: Any, second: Any) -> bool:
    """Whether two things are the same as JSON: 1, 1.0 and true are not, nor are the same keys in
    two orders; a notebook shows the difference."""
    return json.dumps(first, default=repr) == json.dumps(second, default=repr)
