"""The tables of a review's report as one Frictionless data package, which says by itself how it is
cited, under which licence it may be used, and what each column means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import casechron as cc
from casechron.analysis.tables import meanings_in_help
from casechron.coding.codebook import Column, Table, codebook
from casechron.coding.files import from_here
from casechron.exchange import ExchangeError, told_of, zipped
from casechron.report.export import (
    DATA_PACKAGE,
    check_manifest,
    data_hash,
    in_manifest,
    json_text,
)
from casechron.report.plans import coded_as, report_name, reports_folder
from casechron.review import Review

__all__ = ["data_package"]

#: Tables of a report that another function makes than that of their name, and coded ones.
_MADE_BY = {
    "at_decisions": "words.decisions.decisions_in_rows",
    "breach_responses": "response_gaps",
    "choices": "words.sensitivity.choices",
    "coding_agreement": "words.agreement.by_what",
    "contradictions_without_slack": "contradictions",
    "dissolved_by_without_slack": "dissolved_by",
    "findings": "words.learning.findings",
    "involvement_by_event": "involvement",
    "narrowings": "bounds",
    "notes": "words.coding.notes",
    "reading_rules": "dating_policy",
    "said_of_whom": "words.accounts.ledger",
    "waits": "words.waits.waits",
    "who_told_whom": "words.involvement.told",
    "who_was_missing": "words.involvement.missing",
}
_CODED = {"places": "locators", "sources": "sources"}


def data_package(folder: Path, project_root: Path) -> bytes:
    """The data package of a review: the tables of its report as they stand there, and its
    ``datapackage.json``, to which what goes with the review (`told_of`) and what each column means
    are added; of a coded table also its key, its codes, and to which tables its ids lead.

    Parameters
    ----------
    folder
        The folder of the review, or of a coding.
    project_root
        The folder of its project.

    Returns
    -------
    bytes
        A zip archive; the same report gives the same bytes.

    Raises
    ------
    ExchangeError
        Where the review has no report, or not of the data as they stand, or one whose files are not
        what they were when it was rendered; the message says what to run.
    """
    report = reports_folder(folder, project_root) / report_name(folder)
    name = coded_as(folder)
    run = f"run casechron render {name}, then: casechron export {name} --datapackage OUT.zip"
    if not (report / DATA_PACKAGE).is_file():
        raise ExchangeError(f"{from_here(report)} holds no tables of {name}; {run}")
    if changed := check_manifest(report):
        as_it_was = f"is not as it was rendered ({changed[0]})"
        raise ExchangeError(f"{from_here(report)} {as_it_was}; {run}")
    package = json.loads((report / DATA_PACKAGE).read_text(encoding="utf-8"))
    if package["version"] != data_hash(folder)[:16]:
        raise ExchangeError(f"{name} has changed since its report was rendered; {run}")
    resources = package.pop("resources")
    names = [resource["name"] for resource in resources]
    sums = in_manifest(report)
    for resource in resources:
        _explain(resource, names)
        resource["hash"] = f"sha256:{sums[resource['path']]}"
    package |= _about(cc.read_review(folder), package["description"]) | {"resources": resources}
    files = {one["path"]: (report / one["path"]).read_bytes() for one in resources}
    return zipped({DATA_PACKAGE: json_text(package).encode(), **files})


def _about(review: Review, description: str) -> dict[str, Any]:
    """What stands above the tables."""
    told, licence = told_of(review), review.meta.licence
    reads = "Several ids or labels in one cell are joined by '; '. An empty cell holds no value."
    cited = f"{told['citation']} Data {told['data_sha256']}, casechron {told['casechron']}."
    return {
        "description": f"{description} {reads} Cite it as: {cited} {told['content_note']}",
        **({"licenses": [{"name": licence.split()[0], "title": licence}]} if licence else {}),
        "contributors": [{"title": review.meta.coder, "role": "author"}],
        "sources": [{"title": title} for title in review.tables["sources"]["citation"]],
        "about": told,
    }


def _explain(resource: dict[str, Any], names: Sequence[str]) -> None:
    """Add to a table what its rows and columns mean, and to a coded one what holds of them."""
    name, schema = resource["name"], resource["schema"]
    table = codebook().tables.get(_CODED.get(name, name.partition("coded.")[2]))
    given = {field["name"] for field in schema["fields"]}
    if table and given <= (columns := _columns(table)).keys():
        told = {"": f"{table.grain.capitalize()}."}
        told |= {column.name: column.meaning for column in columns.values()}
        schema |= _constrained(table, [columns[field["name"]] for field in schema["fields"]], names)
    else:
        made_by = _MADE_BY.get(name, name if name in dir(cc) else "")
        told = meanings_in_help(attrgetter(made_by)(cc)) if made_by else {"": ""}
    resource["description"] = f"{told['']} {resource['description']}".strip()
    for field in schema["fields"]:
        field |= {"description": told[field["name"]]} if field["name"] in told else {}


def _columns(table: Table) -> dict[str, Column]:
    """The columns of a coded table by name."""
    return {one.name: one for one in (*table.columns, *codebook().added_columns(table.name))}


def _constrained(table: Table, columns: Sequence[Column], names: Sequence[str]) -> dict[str, Any]:
    """The schema of a coded table: the types of its columns and their codes, the key, and to which
    of the other tables its ids lead."""
    fields: list[dict[str, Any]] = []
    for name, kind, _, required, codes, _ in columns:
        holds: dict[str, Any] = {"required": True} if required else {}
        holds |= {"enum": [*codebook().codes(codes)]} if kind == "code" else {}
        fields.append({"name": name} | ({"type": "integer"} if kind == "count" else {}))
        fields[-1] |= {"constraints": holds} if holds else {}
    key = {column.name for column in columns if column.required}.issuperset(table.key)
    keys = [
        {"fields": column.name, "reference": {"resource": target, "fields": "id"}}
        for column in columns
        if column.kind == "ref" and (target := f"coded.{''.join(column.tables)}") in names
    ]
    keyed: dict[str, Any] = {"fields": fields} | ({"primaryKey": [*table.key]} if key else {})
    return keyed | ({"foreignKeys": keys} if keys else {})
