"""Is the tutorial true as it stands, block after block, and are the numbers of the seminar those of
the tables?"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from casechron.cli import main
from casechron.coding.workbook import write_workbook
from casechron.questions import ROOT_VARIABLE

ROOT = Path(__file__).parents[1]
#: What is done in the document, in its order: a block, or a deletion.
STEP = re.compile(r"^```(\w+)\n(.*?)^```$|Delete\s`([\w./-]+)`", re.MULTILINE | re.DOTALL)
#: The folder in which a learner works, as the tutorial has it, and what stands for lines left out.
HERE, LEFT_OUT = "/home/you", "\n[…]\n"
#: How far a command is that takes longer.
BAR = re.compile(r"\r?[ \d]*% \|.*")

#: What the tutorial says of pages, and what stands there.
REPORT = "child-e-harnmere-2024"
PAGES = [
    (f"the case is closed {when}", f"{folder}/{REPORT}/index.html", f"The case is closed {when}")
    for when, folder in (
        ("between 2 and 8 October 2022", "reports"),
        ("on 5 October 2022", "build/none"),
    )
]
WAIT = "between 8 and 10 weeks passed from the"
PAGES += [
    (
        WAIT,
        f"reports/{REPORT}/03_timing.html",
        f"B{WAIT[1:]} referral by Nursery to the assessment",
    ),
    (
        "of 6 of 10 events it is known how long before",
        f"build/none/{REPORT}/21_before_the_fall.html",
        "Of 6 of 10 events it is known how long before",
    ),
    ("named on every page", f"build/none/{REPORT}/index.html", "the default in duration_slack"),
    (
        "There is no page on findings",
        f"reports/{REPORT}/index.html",
        "No page on “What did the review",
    ),
]


class Said(NamedTuple):
    """What was asked, what the tutorial answers and what the program does."""

    asked: str
    expected: str
    found: str


def session(block: str, names: dict[str, object], here: Path) -> Iterator[Said]:
    """Run the commands of a block, or its lines of Python."""
    if block.startswith(">>>"):
        for one in doctest.DocTestParser().get_examples(block):
            with redirect_stdout(io.StringIO()) as said:
                exec(compile(one.source, "tutorial", "single"), names)
            yield Said(one.source, one.want, said.getvalue())
        return
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        program, *words = shlex.split(command)
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
            if program == "cd":
                os.chdir(words[0])
            else:
                assert program == "casechron", f"{command} is no command of the package"
                main(words)
        yield Said(command, expected, BAR.sub("", said.getvalue()).replace(str(here), HERE))


def put(rows: str, path: Path) -> None:
    """Put rows in the places of those with the same first cell."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [line.partition(",")[0] for line in lines]
    for row in rows.splitlines():
        lines[heads.index(row.partition(",")[0])] = row
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def change(rows: str, path: Path, elsewhere: Path) -> None:
    """Change rows of a file; of a workbook as somebody does who has it open and saves it."""
    if path.suffix == ".csv":
        put(rows, path)
        return
    copy = elsewhere / path.stem
    shutil.copytree(Path("data") / path.stem, copy)
    put(rows, copy / "events.csv")
    path.unlink()
    write_workbook(copy, path)


def followed(text: str, here: Path) -> Iterator[Said]:
    """Do all that a text says, from its first line to its last, as a learner does."""
    names: dict[str, object] = {}
    for step in STEP.finditer(text):
        kind, block, gone = step.groups()
        if gone:
            Path(gone).unlink()
            continue
        if kind == "console" or block.startswith(">>>"):
            yield from session(block, names, here)
            continue
        above = " ".join(text[: step.start()].rstrip().rpartition("\n\n")[2].split())
        verb, file = re.findall(r"(Save as|Change in|Among them, in) `([\w./-]+)`", above)[-1]
        if verb == "Save as":
            assert Path(file).exists() == ("in place of" in above), file
            Path(file).write_text(block, encoding="utf-8")
        elif verb == "Change in":
            change(block, Path(file), here / "saved")
        else:
            there = Path(file).read_text(encoding="utf-8").splitlines()
            found = [line for line in block.splitlines() if line in there]
            yield Said(f"rows of {file}", block, "\n".join(found))


def alike(one: Said) -> bool:
    """Whether the answer is the one that is told; blanks at the ends of lines do not count."""
    told, found = (
        "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
        for text in (one.expected, one.found)
    )
    parts = [re.escape(part) for part in told.split(LEFT_OUT)]
    return re.fullmatch(r"\n(?s:.*)\n".join(parts), found) is not None


def test_the_tutorial_is_true_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    many = 0
    for said in followed(text, tmp_path):
        assert alike(said), f"{said.asked}\ntold:\n{said.expected}\nfound:\n{said.found}"
        many += 1
    assert many == len(re.findall(r"^(?:\$|>>>) |Among them, in", text, re.MULTILINE))
    # What it says of pages stands on them.
    plain = " ".join(text.split())
    for told, page, there in PAGES:
        assert told in plain
        words = re.sub(r"<[^>]*>", " ", Path(page).read_text(encoding="utf-8"))
        assert there in " ".join(words.split()), (page, there)
