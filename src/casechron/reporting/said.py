"""On which tables does a sentence rest?

A sentence that is made from tables keeps their names, so that a page can lead from each number to
the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Said", "all_said", "said"]


class Said(str):
    """A sentence, and the names of the tables in which its numbers stand, as they are given to
    ``display.show``.

    It is a string like any other; what is made from it by slicing or joining is a plain one and
    names no table."""

    __slots__ = ("tables",)

    tables: tuple[str, ...]

    def __new__(cls, text: str, tables: tuple[str, ...] = ()) -> Said:
        """`text`, resting on `tables`."""
        self = super().__new__(cls, text)
        self.tables = tables
        return self

    def __getnewargs__(self) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        """What a copy or a pickle is made from."""
        return (str(self), self.tables)


def said(text: str, *tables: str) -> Said:
    """A sentence that rests on these tables, each named once.

    >>> one = said("The gap is 3 to 9 days.", "gaps", "gaps", "decisions")
    >>> one, one.tables
    ('The gap is 3 to 9 days.', ('gaps', 'decisions'))
    """
    return Said(text, tuple(dict.fromkeys(tables)))


def all_said(sentences: Iterable[str], *tables: str) -> list[str]:
    """Several sentences that rest on the same tables; one that names its own keeps them.

    >>> [one.tables for one in all_said(["First.", said("Second.", "decisions")], "gaps")]
    [('gaps',), ('decisions',)]
    """
    return [one if isinstance(one, Said) else said(one, *tables) for one in sentences]
