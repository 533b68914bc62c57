"""Is CITATION.cff valid, and does it say the version of the package?"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import yaml

import casechron

ROOT = Path(__file__).parents[1]
# The schema of the Citation File Format 1.2.0 (citation-file-format contributors, CC BY 4.0),
# unchanged.
SCHEMA = ROOT / "tests" / "schemas" / "citation-file-format-1.2.0.json"


def test_citation_is_valid() -> None:
    citation = yaml.load(
        (ROOT / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(citation)


def test_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == casechron.__version__
