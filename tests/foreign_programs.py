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
    """The lists of a codebook with the names of their codes."""
    from pyrefiqda import RefiCodebook

    codes = RefiCodebook.load(file).codes.code
    return [[one.name, one.is_codable, [code.name for code in one.code]] for one in codes]


def qdpx(file: str) -> list[Any]:
    """The selections of a project: source, name, the words there, and the names of the codes."""
    from pyrefiqda import RefiProject

    found = []
    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(file, extract_dir=folder)
        names = {code.guid: code.name for of in project.code_book.codes.code for code in of.code}
        for source in project.sources.text_source:
            path = RefiProject.resolve_source_path(source.plain_text_path, folder)
            text = path.read_bytes().decode("utf-8")
            for one in source.plain_text_selection:
                codes = [names[coding.code_ref.target_guid] for coding in one.coding]
                words = text[one.start_position : one.end_position]
                found.append([source.name, one.name, words, codes])
    return found


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
