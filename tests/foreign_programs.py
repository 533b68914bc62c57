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

    found = []
    for file in files:
        report = Package(file).validate()
        errors = [[task.name, one.message] for task in report.tasks for one in task.errors]
        errors += [["", one.message] for one in report.errors]
        found.append({"tables": len(report.tasks), "valid": report.valid, "errors": errors})
    return found


def schema(xsd: str, file: str) -> list[str]:
    """Every error of a file, or of the project in an archive, against a schema."""
    from lxml import etree

    data = Path(file).read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            data = archive.read("project.qde")
    rules = etree.XMLSchema(etree.parse(xsd))
    rules.validate(etree.fromstring(data))
    return [str(one) for one in rules.error_log]


def qdc(file: str) -> list[Any]:
    """The lists of a codebook with the definitions of their codes."""
    from pyrefiqda import RefiCodebook

    codes = RefiCodebook.load(file).codes.code
    return [[one.name, one.is_codable, [code.description for code in one.code]] for one in codes]


def qdpx(file: str) -> list[Any]:
    """What is said of a project, and its selections: source, name, the words there, the names of
    the codes, the description, and who coded it."""
    from pyrefiqda import RefiProject

    found = []
    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(file, extract_dir=folder)
        names = {code.guid: code.name for of in project.code_book.codes.code for code in of.code}
        users = {user.guid: user.name for user in project.users.user}
        for source in project.sources.text_source:
            path = RefiProject.resolve_source_path(source.plain_text_path, folder)
            text = path.read_bytes().decode("utf-8")
            for one in source.plain_text_selection:
                codes = [names[coding.code_ref.target_guid] for coding in one.coding]
                words = text[one.start_position : one.end_position]
                coders = {users[coding.creating_user] for coding in one.coding}
                coders |= {users[one.creating_user], users[source.creating_user]}
                found.append([source.name, one.name, words, codes, one.description, *coders])
    return [[project.name, project.description, users[project.creating_user_guid]], found]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
