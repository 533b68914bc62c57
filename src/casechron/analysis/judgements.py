"""What is left of a review without what its coder judged?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from casechron.analysis.columns import Tables, cells, ids_where, rows_in, without_rows
from casechron.analysis.windows import shown_windows
from casechron.chronology import Chronology, solve
from casechron.chronology.day_columns import texts

JUDGED = "judged"
#: From firm to weak.
_BASES = ("stated", "derived", JUDGED)
#: Tables of which a judged row can be left out: the others stand, as nothing depends on it.
_WHOLE_ROWS = ("relations", "links", "involvement")


def weakest(*bases: str) -> str:
    """How firm something is that hangs on all of some rows; an empty basis counts as stated.

    >>> weakest("derived", "", "stated")
    'derived'
    """
    return max((basis or _BASES[0] for basis in bases), key=_BASES.index, default=_BASES[0])


def firmest(of: Iterable[str]) -> str:
    """How firm something is that hangs on any of some rows alone; empty if there are none.

    >>> firmest(["judged", "derived"]), firmest([])
    ('derived', '')
    """
    return min((basis or _BASES[0] for basis in of), key=_BASES.index, default="")


def bases(tables: Tables) -> dict[str, str]:
    """The basis of each row of involvement and links."""
    return {
        row: own for name in _WHOLE_ROWS[1:] for row, own in rows_in(tables[name], "id", "basis")
    }


def with_mark(words: str, *notes: str) -> str:
    """Words with what is noted beside them; nothing is, where a basis says that the source states
    it.

    >>> with_mark("Case closed", "closed or left", "judged"), with_mark("GP", "stated")
    ('Case closed (closed or left, judged)', 'GP')
    """
    bracket = ", ".join(note for note in notes if note and note != _BASES[0])
    return f"{words} ({bracket})" if words and bracket else words


def as_judged(words: str, holds: bool) -> str:
    """Words, and that only with what the coder judged they hold.

    >>> as_judged("certainly", True), as_judged("certainly", False)
    ('certainly', 'certainly as judged')
    """
    return words if holds or not words else f"{words} as judged"


def judged_rows(tables: Tables) -> list[str]:
    """The ids of judged relations, links and involvement, of events with a judged date, and of
    judged events, in this order and each in the order of its table."""
    rows = [row for name in _WHOLE_ROWS for row in ids_where(tables[name], "basis", {JUDGED})]
    events = list(rows_in(tables["events"], "id", "date_basis", "basis"))
    return [*rows, *(row for row, *bases in events if JUDGED in bases)]


def without_judged(
    tables: Tables, chronology: Chronology, left_out: Iterable[str] | None = None
) -> tuple[dict[str, pd.DataFrame], Chronology]:
    """A review without what its coder judged, and what can then be known of its time.

    `tables` are those that `chronology` was made from; `left_out` are ids of `judged_rows`, None
    all of them. Judged relations, links and involvement go, a judged date is taken back, and a
    judged event is an entry that counts as nothing, but keeps its place in the order of the others.
    What was admissible stays so, and no bound becomes narrower (`Chronology.without`). A table of
    which nothing goes is the very one that was given.

    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018", "2018/.."]})
    >>> events = events.assign(date_basis="judged")
    >>> tables["events"] = events.reindex(columns=tables["events"].columns, fill_value="")
    >>> less, _ = without_judged(tables, solve(tables["events"], tables["relations"]))
    >>> less["events"]["date"].tolist()
    ['', '/..']
    """
    gone = frozenset(judged_rows(tables) if left_out is None else left_out)
    less = dict(tables) | {name: without_rows(tables[name], gone) for name in _WHOLE_ROWS}
    events = tables["events"]
    if not gone.isdisjoint(cells(events, "id")):
        dates, kinds = list(cells(events, "date")), list(cells(events, "kind"))
        for at, (row, *bases) in enumerate(rows_in(events, "id", "date_basis", "basis")):
            if row in gone and bases[0] == JUDGED:
                # What lasts is a state without its dates too.
                dates[at] = "/.." if "/" in dates[at] else ""
            if row in gone and bases[1] == JUDGED:
                kinds[at] = "entry"
        less["events"] = events.assign(date=texts(dates), kind=texts(kinds))
        chronology = solve(
            less["events"], tables["relations"], chronology.policy, readings=tables["readings"]
        )
    return less, chronology.without(gone)


def days_inferred(tables: Tables, chronology: Chronology) -> dict[str, tuple[str, ...]]:
    """Of each event, whether one of its days as they are shown (`windows.shown_windows`) would be
    another without the dates and orders that the coder judged ('judged'), and whether one that
    would not be would be without those that were derived too ('derived')."""
    loose = dict(tables)
    for name, column in (("relations", "basis"), ("events", "date_basis")):
        loose[name] = tables[name].assign(
            **{column: tables[name][column].replace(_BASES[1], JUDGED)}
        )
    given = shown_windows(tables, chronology)
    judged, inferred = (
        given != shown_windows(*without_judged(one, chronology)) for one in (tables, loose)
    )
    derived = inferred & ~judged
    return {
        event: (_BASES[1],) * bool(derived[at].any()) + (JUDGED,) * bool(judged[at].any())
        for at, event in enumerate(chronology.events)
    }


def carrying(tables: Tables, holds: Callable[[Iterable[str]], bool]) -> list[str]:
    """Which judged rows carry something that does not hold without all of them?

    Each without which alone it does not hold; where there is none, a least set without which
    together it does not. `holds` says whether it holds without some of them; it must not come to
    hold by leaving out more.

    Source: the least set by halving, Junker 2004, QuickXplain, AAAI-04, 167-172.

    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> tables["relations"] = pd.DataFrame({"id": ["a", "b", "c"], "basis": ["judged"] * 3})
    >>> carrying(tables, lambda gone: "b" not in gone)
    ['b']
    >>> carrying(tables, lambda gone: not {"a", "c"} <= set(gone))
    ['a', 'c']
    """

    def alone(rows: list[str]) -> list[str]:
        if not rows or holds(rows):
            return []
        half = len(rows) // 2
        return rows if not half else alone(rows[:half]) + alone(rows[half:])

    def together(gone: list[str], added: bool, rows: list[str]) -> list[str]:
        if added and not holds(gone):
            return []
        half = len(rows) // 2
        if not half:
            return rows
        one, other = rows[:half], rows[half:]
        second = together([*gone, *one], True, other)
        return together([*gone, *second], bool(second), one) + second

    every = sorted(judged_rows(tables))
    return [row for row in alone(every) if not holds([row])] or together([], False, every)
