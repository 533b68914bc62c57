"""What does `casechron check` say? The sentences stand in messages.toml, by name.

A sentence has the names of what it tells of in braces: `{name!q}` is quoted as `shown` quotes a
text that a person wrote, `{name}` stands as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from casechron.characters import shown


class _Quoting(Formatter):
    """Formats a sentence, in which `!q` quotes a value."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """The value as its conversion asks for it."""
        return shown(value) if conversion == "q" else super().convert_field(value, conversion)


@cache
def texts() -> Mapping[str, str]:
    """The sentences by their names."""
    text = Path(__file__).with_name("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(name: str, /, **values: object) -> str:
    """A sentence of messages.toml with these values.

    >>> say("month-of-id", id="visit-2018-05", date="2018-06")
    "'visit-2018-05' names a month, and its date is '2018-06'"
    """
    return _Quoting().format(texts()[name], **values)
