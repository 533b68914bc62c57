"""What do commands say, and how far have they come with what somebody waits for?

Sentences stand in messages.toml, by name. A sentence has the names of its values in braces:
`{name!q}` is quoted as `shown` quotes a text that a person wrote, `{name}` stands as it is."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, TypeVar

from casechron.characters import shown

if TYPE_CHECKING:
    from tqdm import tqdm

_T = TypeVar("_T")


class _Quoting(Formatter):
    """Formats a sentence, in which `!q` quotes a value."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """The value as its conversion asks for it."""
        return shown(value) if conversion == "q" else super().convert_field(value, conversion)


@cache
def message_templates() -> Mapping[str, str]:
    """The sentences of messages.toml by their names."""
    return tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))


def say(name: str, /, **values: object) -> str:
    """A sentence of messages.toml with these values.

    >>> say("month-of-id", id="visit-2018-05", date="2018-06")
    "'visit-2018-05' names a month, and its date is '2018-06'"
    """
    return _Quoting().format(message_templates()[name], **values)


def watched(items: Sequence[_T], label: str, unit: str) -> Sequence[_T] | tqdm[_T]:
    """The items one after another; in a terminal a bar on the error stream shows after a second
    how many are done, and goes when all are. Anywhere else nothing is shown.

    >>> list(watched(["a", "b"], "looking", "letters"))
    ['a', 'b']
    """
    if len(items) < 2 or not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, desc=label, unit=f" {unit}", delay=1, leave=False)
