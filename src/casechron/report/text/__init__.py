"""What do the pages say in words? A module for each page: from tables to sentences.

``cc.words.waits``, ``cc.words.story`` and the others are imported when they are first asked for."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

_PAGES = (
    *("accounts", "across", "agreement", "coding", "decisions", "involvement", "learning"),
    *("parts", "sensitivity", "story", "views", "waits"),
)


def __getattr__(name: str) -> ModuleType:
    if name not in _PAGES:
        raise AttributeError(f"there are no words on '{name}'; there are: {', '.join(_PAGES)}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return list(_PAGES)
