"""The article behind the first review, for tests, where a copy of it is at hand; it is never part
of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import SourceError, digest, numbered_sentences

ROOT = Path(__file__).resolve().parents[1]
#: Digest of its headline, by which a copy is told from other texts. Salt: 'headline'.
HEADLINE = "a09d70f2f7d7f9c6e1e00e0202c7faaf"


def article_text() -> str:
    """Its text, from the file that CASECHRON_ARTICLE names or a folder `source` beside the
    repository; else skip."""
    named = os.environ.get("CASECHRON_ARTICLE")
    for path in [Path(named)] if named else sorted(ROOT.parent.glob("*/source/*.txt")):
        try:
            text = "\n\n".join(source_paragraphs(path))
        except SourceError:
            if named:
                raise
            continue
        if digest(numbered_sentences(text)[0].text, "headline") == HEADLINE:
            return text
        if named:
            pytest.fail(
                "CASECHRON_ARTICLE names a text whose first paragraph is not the headline of the"
                " article"
            )
    pytest.skip(
        "the article is not at hand: set CASECHRON_ARTICLE to a text copy of it, one blank line"
        " between paragraphs"
    )
