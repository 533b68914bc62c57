"""How does a new review in the form begin? With review.toml and one sheet that shows how a row is
written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from casechron.coding.blank import blank_toml, new_folder
from casechron.coding.codebook import codebook
from casechron.coding.files import an_id
from casechron.coding.meta import META, OPTIONAL, PLACEHOLDER, SOURCE_KEYS

__all__ = ["new_form"]

#: The columns that a sheet begins with; every other one may be added.
_FIRST = ("date", "kind", "summary", "by", "to", "with", "about", "answers", "place")


def new_form(folder: str | Path) -> Path:
    """A new folder for a review: review.toml to fill in, and events.csv with its heads and one
    worked row.

    Returns the folder; it is there in full or not at all. Raises `BlankError` where it exists or
    cannot be written, and `UnfitError` where its name is no id.

    >>> import tempfile
    >>> made = new_form(Path(tempfile.mkdtemp()) / "child-x-anytown-2021")
    >>> sorted(path.name for path in made.iterdir())
    ['events.csv', 'review.toml']
    >>> (made / "events.csv").read_text(encoding="utf-8").splitlines()[0]
    'date,kind,summary,by,to,with,about,answers,place'
    """
    folder = Path(folder).absolute()
    an_id(folder.name)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _FIRST, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(codebook().forms["events"].example)
    return new_folder(folder, {META: blank_toml() + _sources(), "events.csv": text.getvalue()})


def _sources() -> str:
    """The part of a blank review.toml that names the sources, and what else it may say."""
    lines = [
        "",
        "# Other keys that a review may have:",
        *(f"# {key}: {help_text}" for key, help_text in OPTIONAL.items() if key != "sources"),
        "",
        "# The texts that the coding uses, each a part of its own.",
        "[[sources]]",
        *(
            f'{key} = "{PLACEHOLDER}"  # {help_text}'
            for key, help_text in SOURCE_KEYS.items()
            if key in ("id", "citation", "kind", "located_by")
        ),
    ]
    return "\n".join(lines) + "\n"
