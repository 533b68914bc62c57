"""What is left of a review without what its coder judged?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from casechron.analysis.tables import Tables, cells, ids_where, rows_in, without_rows
from casechron.chronology import Chronology, chronology_of
from casechron.chronology.day_columns import texts

DERIVED, JUDGED = "derived", "judged"
#: From firm to weak.
_BASES = ("stated", DERIVED, JUDGED)
#: Tables of which judged rows can be left out, as no other row depends on them.
_WHOLE_ROWS = ("relations", "links", "involvement")


def weakest(*bases: str) -> str:
    """How firm something is that needs all of some rows; an empty basis counts as stated.

    >>> weakest("derived", "", "stated")
    'derived'
    """
    return max((basis or _BASES[0] for basis in bases), key=_BASES.index, default=_BASES[0])


def firmest(several: Iterable[str]) -> str:
    """How firm something is that any of some rows is enough for; empty if there are none.

    >>> firmest(["judged", "derived"]), firmest([])
    ('derived', '')
    """
    return min((basis or _BASES[0] for basis in several), key=_BASES.index, default="")


def bases(tables: Tables) -> dict[str, str]:
    """The basis of each row of involvement and links."""
    return {
        row: basis
        for name in ("links", "involvement")
        for row, basis in rows_in(tables[name], "id", "basis")
    }


def with_mark(words: str, *notes: str) -> str:
    """Words with notes in brackets; what is empty or 'stated' is left out.

    >>> with_mark("Case closed", "closed or left", "judged"), with_mark("GP", "stated")
    ('Case closed (closed or left, judged)', 'GP')
    """
    bracket = ", ".join(note for note in notes if note and note != _BASES[0])
    return f"{words} ({bracket})" if words and bracket else words


def as_judged(words: str, holds: bool) -> str:
    """Words, marked where they hold only with what the coder judged.

    >>> as_judged("certainly", True), as_judged("certainly", False)
    ('certainly', 'certainly as judged')
    """
    return words if holds or not words else f"{words} as judged"


def judged_rows(tables: Tables) -> list[str]:
    """The ids of judged relations, links and involvement, of events with a judged date, and of
    judged events, in this order and each in the order of its table."""
    rows = [row for name in _WHOLE_ROWS for row in ids_where(tables[name], "basis", {JUDGED})]
    events = rows_in(tables["events"], "id", "date_basis", "basis")
    return [*rows, *(row for row, *bases_of_row in events if JUDGED in bases_of_row)]


def without_judged(
    tables: Tables, chronology: Chronology, left_out: Iterable[str] | None = None
) -> tuple[dict[str, pd.DataFrame], Chronology]:
    """A review without what its coder judged, and what can then be known of its time.

    `tables` are those that `chronology` was made from; `left_out` are ids of `judged_rows`, None
    all of them. Judged relations, links and involvement go, a judged date is taken back, and a
    judged event has no kind: it counts as nothing but what ties say of it, keeps its place in the
    order of the others, and is not to be put into words. What was admissible stays so, and no bound
    becomes narrower (`Chronology.without`). A table of which nothing goes is the very one that was
    given.

    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> less, _ = without_judged(review.tables, review.chronology)
    >>> gone = {*review.tables["links"]["id"]} - {*less["links"]["id"]}
    >>> "lk-answers-icpc-2014-told-2014" in gone
    True
    """
    gone = frozenset(judged_rows(tables) if left_out is None else left_out)
    less = dict(tables) | {name: without_rows(tables[name], gone) for name in _WHOLE_ROWS}
    events = tables["events"]
    if not gone.isdisjoint(cells(events, "id")):
        dates, kinds = list(cells(events, "date")), list(cells(events, "kind"))
        rows = enumerate(rows_in(events, "id", "date_basis", "basis"))
        for at, (row, date_basis, basis) in rows:
            if row in gone and date_basis == JUDGED:
                # What lasts is a state without its dates too.
                dates[at] = "/.." if "/" in dates[at] else ""
            if row in gone and basis == JUDGED:
                kinds[at] = ""
        less["events"] = events.assign(date=texts(dates), kind=texts(kinds))
        tables = {**tables, "events": less["events"]}
        chronology = chronology_of(tables, chronology.policy)
    return less, chronology.without(gone)


def days_inferred(tables: Tables, chronology: Chronology) -> dict[str, tuple[str, ...]]:
    """On which bases, of 'derived' and 'judged', do the days of each event hang as they are shown
    (`Chronology.shown`)?

    'judged': a day would be another without the dates and orders that the coder judged. 'derived':
    one that stays then would be another without those that were derived too."""
    derived_too = dict(tables)
    for name, column in (("relations", "basis"), ("links", "basis"), ("events", "date_basis")):
        bases_then = tables[name][column].replace(DERIVED, JUDGED)
        derived_too[name] = tables[name].assign(**{column: bases_then})
    judged, inferred = (
        chronology.shown != without_judged(tables_of, chronology)[1].shown
        for tables_of in (tables, derived_too)
    )
    derived = inferred & ~judged
    return {
        event: (DERIVED,) * bool(derived[at].any()) + (JUDGED,) * bool(judged[at].any())
        for at, event in enumerate(chronology.events)
    }


def carrying(tables: Tables, holds: Callable[[Iterable[str]], bool]) -> list[str]:
    """Which judged rows carry something that does not hold without all of them?

    Each row without which alone it does not hold; where there is none, a smallest set of rows
    without which together it does not: one from which none can be taken. `holds` says whether it
    holds without some rows; what does not hold must not come to hold by leaving out more.

    Source: the smallest set by halving, Junker 2004, QuickXplain, AAAI-04, 167-172.

    >>> import casechron as cc
    >>> tables = cc.read_review("child-x-anytown-2019").tables
    >>> met, seen = "lk-answers-icpc-2014-told-2014", "lk-contradicts-bruise-2014-view-low-risk"
    >>> carrying(tables, lambda gone: met not in gone) == [met]
    True
    >>> carrying(tables, lambda gone: not {met, seen} <= set(gone)) == [met, seen]
    True
    """

    def needed_alone(rows: list[str]) -> list[str]:
        if not rows or holds(rows):
            return []
        half = len(rows) // 2
        return rows if not half else needed_alone(rows[:half]) + needed_alone(rows[half:])

    def needed_together(gone: list[str], added: bool, rows: list[str]) -> list[str]:
        if added and not holds(gone):
            return []
        half = len(rows) // 2
        if not half:
            return rows
        first, second = rows[:half], rows[half:]
        of_second = needed_together([*gone, *first], True, second)
        return needed_together([*gone, *of_second], bool(of_second), first) + of_second

    every = sorted(judged_rows(tables))
    alone = [row for row in needed_alone(every) if not holds([row])]
    return alone or needed_together([], False, every)
