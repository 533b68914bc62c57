"""What do programs that are not ours find in the files that `casechron export` writes?

Run by the interpreter of the environment that `make foreign` sets up; prints what it found as JSON.
tests/test_foreign.py asks, and holds the answers against the review."""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any


def datapackage(*files: str) -> list[Any]:
    """Of each data package how many tables were read, and every error of the validator."""
    from frictionless import Package

    reports = []
    for file in files:
        report = Package(file).validate()
        errors = [[task.name, error.message] for task in report.tasks for error in task.errors]
        errors += [["", error.message] for error in report.errors]
        reports.append({"tables": len(report.tasks), "valid": report.valid, "errors": errors})
    return reports


def schema(xsd: str, file: str) -> list[str]:
    """Every error of a file, or of the project in an archive, against a schema."""
    from lxml import etree

    data = Path(file).read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            data = archive.read("project.qde")
    rules = etree.XMLSchema(etree.parse(xsd))
    rules.validate(etree.fromstring(data))
    return [str(error) for error in rules.error_log]


def qdc(file: str) -> list[Any]:
    """The lists of a codebook with the definitions of their codes."""
    from pyrefiqda import RefiCodebook

    codes = RefiCodebook.load(file).codes.code
    return [
        [group.name, group.is_codable, [code.description for code in group.code]] for group in codes
    ]


def qdpx(file: str) -> list[Any]:
    """What is said of a project, and its selections: source, name, the words there, the names of
    the codes, the description, and who coded it."""
    from pyrefiqda import RefiProject

    quotes = []
    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(file, extract_dir=folder)
        names = {code.guid: code.name for of in project.code_book.codes.code for code in of.code}
        users = {user.guid: user.name for user in project.users.user}
        for source in project.sources.text_source:
            path = RefiProject.resolve_source_path(source.plain_text_path, folder)
            text = path.read_bytes().decode("utf-8")
            for quote in source.plain_text_selection:
                codes = [names[coding.code_ref.target_guid] for coding in quote.coding]
                words = text[quote.start_position : quote.end_position]
                coders = {users[coding.creating_user] for coding in quote.coding}
                coders |= {users[quote.creating_user], users[source.creating_user]}
                quotes.append([source.name, quote.name, words, codes, quote.description, *coders])
    return [[project.name, project.description, users[project.creating_user_guid]], quotes]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
