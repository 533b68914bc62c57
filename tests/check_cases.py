"""The cases of breaches.toml: what is changed in a good review, and what the check then says, in
full."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from casechron.coding.codebook import codebook


@dataclass(frozen=True, slots=True)
class Case:
    """Edits are [file] (delete it), [file, '', text] (append, or make it) or [file, old, new]
    (replace, once)."""

    name: str
    edits: list[list[str]]
    breaches: list[str]


def cases() -> list[Case]:
    book = codebook()
    text = Path(__file__).with_name("breaches.toml").read_text(encoding="utf-8")
    for name, entries in book.lists.items():
        text = text.replace(f"{{codes of {name}}}", ", ".join(entries.codes))
    text = text.replace("{tables}", ", ".join(book.tables)).replace("{version}", book.version)
    return [Case(**case) for case in tomllib.loads(text)["case"]]


def change(folder: Path, edits: list[list[str]]) -> None:
    """Makes the edits in a review's folder; an edit that finds nothing to replace is a mistake in
    the case."""
    for file, *words in edits:
        path = folder / file
        if not words:
            path.unlink()
            continue
        old, new = words
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        if old:
            assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        path.write_bytes((text.replace(old, new) if old else text + new).encode("utf-8"))
