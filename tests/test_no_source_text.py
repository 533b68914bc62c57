"""Is the article's text nowhere in the repository? Of its headline, too, no more than eight words
in a row stand there."""

from __future__ import annotations

import contextlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from article import ROOT, article_text
from casechron.coding.sources import normalise, paragraphs
from thoroughly import EVERY, drawn

RUN = 9
OF_REPORT = re.compile("reports/[^/]+/")
#: Suffixes of files whose text stands in markup: it is read with the tags and without them.
MARKUP = {".html", ".htm", ".svg", ".xml", ".md", ".ipynb", ".j2"}
INLINE = re.compile(
    r"</?(?:a|b|code|em|i|mark|small|span|strong|sub|sup|tspan|u|wbr)\b[^>]*>", re.IGNORECASE
)


def words(text: str) -> list[str]:
    # Nearly all lines are plain already, and no word goes on in the next.
    plain = (line if line.isascii() else normalise(line) for line in text.splitlines())
    return re.findall(r"[a-z0-9]+", "\n".join(plain).lower())


def runs(text: str) -> set[tuple[str, ...]]:
    listed = words(text)
    return {tuple(listed[start : start + RUN]) for start in range(len(listed) - RUN + 1)}


@cache
def vocabulary(sought: frozenset[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(word for run in sought for word in run)


def hits(text: str, sought: frozenset[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Those that are sought of the runs of a text; it is only looked for where nine words in a row
    could be of one."""
    numbers, listed = vocabulary(sought), words(text)
    stretches = re.finditer(rb"\x01{%d,}" % RUN, bytes(map(numbers.__contains__, listed)))
    starts = (
        start for stretch in stretches for start in range(stretch.start(), stretch.end() - RUN + 1)
    )
    return {run for start in starts if (run := tuple(listed[start : start + RUN])) in sought}


def forbidden(text: str) -> frozenset[tuple[str, ...]]:
    """Nine words in a row from any paragraph, also across paragraphs."""
    return frozenset(runs("\n".join(paragraphs(text))))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def readings(name: str, raw: bytes) -> Iterator[str]:
    """The ways in which a reader could come upon text in a file; none for a binary file."""
    if b"\0" in raw:
        return
    text = raw.decode("utf-8", errors="replace")
    suffix = Path(name).suffix.lower()
    texts = [text]
    if suffix in {".ipynb", ".json"}:
        # Lines of a cell are strings of a list; as written, an escaped line feed would stand
        # between words.
        with contextlib.suppress(ValueError):
            texts.append("".join(strings(json.loads(text))))
    for reading in texts:
        yield reading
        if suffix in MARKUP:
            # Inline tags may split a word, others stand between words.
            yield html.unescape(re.sub(r"<[^>]*>", " ", INLINE.sub("", reading)))
            yield html.unescape(re.sub(r"<[^>]*>", " ", reading))


def repository_files() -> list[str]:
    """What git tracks or would track; without git, what stands outside hidden folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = (
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            .stdout.decode()
            .split("\0")
        )
        return sorted({name for name in listed if name and (ROOT / name).is_file()})
    except (OSError, subprocess.CalledProcessError):
        every = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return sorted(
            str(path) for path in every if not any(part.startswith(".") for part in path.parts)
        )


def test_no_file_holds_nine_words_of_the_article() -> None:
    runs_of_article = forbidden(article_text())
    assert len(runs_of_article) > 1000
    names = repository_files()
    if not EVERY:
        # Reports are most of what there is, and are made of files that are all looked at.
        reports = sorted({match[0] for name in names if (match := OF_REPORT.match(name))})
        left_out = tuple({*reports} - {*drawn(reports)})
        names = [name for name in names if not name.startswith(left_out)]
    assert {"README.md", "pyproject.toml", "src/casechron/coding/codebook.toml"} <= {
        Path(name).as_posix() for name in names
    }
    offenders = {
        f"{name} ({len(there)} runs of nine words)"
        for name in names
        for reading in readings(name, (ROOT / name).read_bytes())
        if (there := hits(reading, runs_of_article))
    }
    assert not offenders, "these files hold text of the article: " + "; ".join(sorted(offenders))


# ---------------------------------------------------------------- does the search find what it
# looks for?

INVENTED = (
    "A headline of more than nine words that everyone may cite\n\nThe rain in Dr. Roe\u2019s garden"
    " \u2013 as \u201cforecast\u201d \u2013 came at noon\n\nand stayed"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "in dr roe s garden as forecast came at"),
        ("a.py", '# rain in Dr. Roe\'s garden - as\n# "forecast" - came'),
        ("a.csv", '1,"The rain, in Dr Roe\'s",garden,as forecast'),
        ("a.txt", "s garden: as fore\u00adcast, came at noon and stayed"),
        (
            "a.svg",
            (
                "<text>The rain in <tspan x='1'>Dr</tspan> Roe&#8217;s</text><text>garden as"
                " fore<b>cast</b></text>"
            ),
        ),
        (
            "a.svg",
            (
                "<text>The</text><text>rain</text><text>in</text><text>Dr</text><text>Roe's garden"
                " as forecast</text>"
            ),
        ),
        ("a.html", "The&nbsp;rain <i>in</i> Dr. R<b>o</b>e&rsquo;s garden as forecast"),
        (
            "a.ipynb",
            json.dumps(
                {"cells": [{"source": ["The rain in Dr.\n", "Roe\u2019s garden\n", "as forecast"]}]}
            ),
        ),
        (
            "a.ipynb",
            json.dumps(
                {
                    "data": {
                        "text/html": [
                            "<p>The rain in Dr.<br>\n",
                            "<b>Roe</b>\u2019s garden as forecast",
                        ]
                    }
                }
            ),
        ),
    ],
)
def test_the_search_finds_text_in_every_kind_of_file(name: str, content: str) -> None:
    sought = forbidden(INVENTED)
    hit = set().union(*(hits(reading, sought) for reading in readings(name, content.encode())))
    assert hit
    assert hit == sought & set().union(
        *(runs(reading) for reading in readings(name, content.encode()))
    )


def test_short_runs_and_binary_files_pass_and_the_headline_does_not() -> None:
    assert not runs("A headline of more than nine words that") & forbidden(INVENTED)
    assert runs("A headline of more than nine words that everyone") & forbidden(INVENTED)
    assert not runs("The rain in Dr. Roe's garden as so often forecast came at noon") & forbidden(
        INVENTED
    )
    assert list(readings("a.png", b"\x89PNG\0The rain")) == []
