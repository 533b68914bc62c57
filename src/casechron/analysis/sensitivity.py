"""What changes if another would read it otherwise? One choice at a time, all else as given.

What pages print (`quantities`) is asked anew under each choice (`choices`). It holds there if the
verdict is the same, if a number of days stays within the bounds first given, if a count is no
lower. Under a choice that admits no chronology nothing is said either way."""

from __future__ import annotations

import gc
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.choices import Choice, choices
from casechron.analysis.chronicle import recurring, window_said
from casechron.analysis.columns import Tables, cells, rows_in
from casechron.analysis.concerns import END_KINDS
from casechron.analysis.intervals import hull, whole_numbers
from casechron.analysis.judgements import judged_rows
from casechron.analysis.kept import kept
from casechron.analysis.quantities import OPEN_VERDICTS, QUANTITIES, UNKNOWN, Asked, Span, Value
from casechron.analysis.record import placed
from casechron.analysis.timing import response_gaps
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import Ints
from casechron.review import Review

#: Columns of events that say nothing but when: what they say is in the chronology.
_WHEN = ("date", "date_words", "date_basis", "summary")
HOLDS, CHANGES, NONE = "holds", "changes", "none"


@dataclass(frozen=True, eq=False)
class Tried:
    """What is printed as given, and under each choice (None: no chronology is admissible).

    `judged` are the rows that only the coder judged (`judged_rows`)."""

    choices: tuple[Choice, ...]
    judged: list[str]
    given: Mapping[tuple[str, str], Value]
    under: tuple[Mapping[tuple[str, str], Value] | None, ...]

    def outcome(self, at: int, name: tuple[str, str]) -> str:
        """What becomes of something that is printed, under one of the choices."""
        values = self.under[at]
        if values is None:
            return NOT_ADMISSIBLE
        return HOLDS if _OF[name[0]].holds(self.given[name], values.get(name)) else CHANGES


_OF = {one.about: one for one in QUANTITIES}


@contextmanager
def _uncollected() -> Iterator[None]:
    """While it is worked out what each choice changes, the garbage collector waits: it would go
    through the same few tables again and again, for a twelfth of the time, and find nothing."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@kept
@_uncollected()
def tried(review: Review, *, until: str = "") -> Tried:
    """What is printed of a review as given, and under each other choice.

    What is open as given, so that no number is printed, is not asked for; where no chronology is
    admissible as given, nothing is. Raises `ValueError` for `until` that is no event of the
    review."""
    tables, chronology = dict(review.tables), review.chronology
    gaps = response_gaps(review, until=until)
    others = tuple(choices(tables, chronology))
    known: dict[Hashable, Any] = {}

    as_given = Asked(tables, chronology, review.meta.jurisdiction, until, gaps, (), known)

    def values(asked: Asked) -> dict[tuple[str, str], Value]:
        return {
            (one.about, name): value
            for one in QUANTITIES
            for name, value in one.values(asked).items()
        }

    def under(choice: Choice) -> Asked:
        shape = _shape(choice.tables, tables)
        return replace(
            as_given,
            tables=choice.tables,
            chronology=choice.chronology,
            shape=shape and as_given.number(shape),
            given=as_given if choice.judged_out else None,
        )

    given = values(as_given) if chronology.admissible else {}
    given = {
        name: value for name, value in given.items() if _OF[name[0]].words(value) not in UNKNOWN
    }
    found = tuple(
        values(under(one)) if one.chronology.admissible and given else None for one in others
    )
    return Tried(others, judged_rows(tables), given, found)


def _shape(tables: Tables, given: Tables) -> Hashable:
    """What the tables say of other things than time, where it is not what the given ones say."""
    return tuple(
        said
        for name, table in tables.items()
        if table is not given[name] and name not in ("relations", "readings")
        if (said := _besides_time(name, table)) != _besides_time(name, given[name])
    )


def _besides_time(name: str, table: pd.DataFrame) -> Hashable:
    """What a table says of other things than time, and when the account can end: the dates say
    which event it is."""
    when = _WHEN if name == "events" else ()
    ends = rows_in(table, "kind", "date") if name == "events" else ()
    return (
        name,
        *(date for kind, date in ends if kind in END_KINDS),
        *(tuple(cells(table, column)) for column in table.columns if column not in when),
    )


def sensitivity(found: Tried) -> pd.DataFrame:
    """What is printed, and which other choices flip it?

    One row per number and verdict. `value` is what is printed as given, `open` whether that says
    only that something cannot be settled or does not apply. `flipped_by` are the choices under
    which it does not hold, `leans_on` the rows that only the coder judged without which it does
    not, each left out by itself; 'none' where there are none. `no_chronology_under` are the choices
    under which no chronology is admissible, so that nothing is said either way. `over_all` is what
    is said over all choices under which it is asked, together with what is given."""
    judged = {f"{row} left out": row for row in found.judged}
    tried = zip(found.choices, found.under, strict=True)
    nothing_under = "; ".join(choice.name for choice, values in tried if values is None) or NONE
    rows = []
    for name, value in found.given.items():
        flips = [
            choice.name
            for at, choice in enumerate(found.choices)
            if found.outcome(at, name) == CHANGES
        ]
        words = _OF[name[0]].words
        every = [value, *(own[name] for own in found.under if own and name in own)]
        rows.append(
            (
                *name,
                words(value),
                isinstance(value, tuple) and OPEN_VERDICTS.issuperset(value),
                "; ".join(one for one in flips if one not in judged) or NONE,
                "; ".join(judged[one] for one in flips if one in judged) or NONE,
                nothing_under,
                words(_over_all(every)),
            )
        )
    names = (
        *("about", "name", "value", "open"),
        *("flipped_by", "leans_on", "no_chronology_under", "over_all"),
    )
    table = pd.DataFrame(rows, columns=pd.Index(names))
    return table.astype({name: "bool" if name == "open" else "str" for name in names})


def changes_by_choice(found: Tried) -> pd.DataFrame:
    """What does each choice change, and into what?

    One row per number or verdict and choice under which it does not hold; `value_then` is what is
    said then, 'not on record' where it is asked no more."""
    rows = []
    for name, value in found.given.items():
        words = _OF[name[0]].words
        for at, choice in enumerate(found.choices):
            under = found.under[at]
            if under is not None and found.outcome(at, name) == CHANGES:
                then = words(under[name]) if name in under else "not on record"
                rows.append((*name, words(value), choice.name, then))
    names = ("about", "name", "value", "choice", "value_then")
    return pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(names)})


def policies_tried(
    tables: Tables, chronology: Chronology, others: Sequence[Choice]
) -> pd.DataFrame:
    """What was chosen otherwise, and how many windows does each choice move?

    One row per choice: what it means, of how many events the window differs as it is shown
    (`ages.shown_windows`; <NA> where no chronology is admissible), and its status."""
    shown = shown_windows(tables, chronology)
    held = [choice.chronology.admissible for choice in others]
    return pd.DataFrame(
        {
            "alternative": texts(choice.name for choice in others),
            "meaning": texts(choice.meaning for choice in others),
            "windows_that_differ": whole_numbers(
                len(_moved(chronology, shown, choice)) if ok else None
                for choice, ok in zip(others, held, strict=True)
            ),
            "status": texts("admissible" if ok else NOT_ADMISSIBLE for ok in held),
        }
    )


def bounds_by_policy(
    tables: Tables, chronology: Chronology, others: Sequence[Choice]
) -> pd.DataFrame:
    """Which windows would be others under each choice?

    One row per choice and event whose window differs under it, in their order; where no chronology
    is admissible under a choice, one row that says so and names no event. `said` is the window as
    given (as stated, if that admits no chronology), `said_under_it` the window under the choice,
    both as they are shown beside ages (`ages.shown_windows`)."""
    shown = shown_windows(tables, chronology)
    summary = dict(rows_in(tables["events"], "id", "summary"))
    places, recurs = placed(tables["locators"]), recurring(chronology)
    rows = []
    for choice in others:
        other = choice.chronology
        if not other.admissible:
            rows.append((choice.name, "", "", "", NOT_ADMISSIBLE, "", NOT_ADMISSIBLE))
            continue
        several = recurring(other)
        for at, then, days in _moved(chronology, shown, choice):
            event = chronology.events[at]
            known = chronology.admissible or not chronology.in_network(at)
            said = window_said(shown[at], recurs[at])
            under = window_said(days, several[then])
            row = (choice.name, event, summary[event], said if known else NOT_ADMISSIBLE, under)
            rows.append((*row, places.get(event, ""), "admissible"))
    names = ("alternative", "event", "summary", "said", "said_under_it", "places", "status")
    return pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(names)})


def _moved(chronology: Chronology, shown: Ints, choice: Choice) -> list[tuple[int, int, Ints]]:
    """The events whose window differs under a choice as it is shown: their places as given and
    under it, and the window under it."""
    there, days = choice.chronology.lowered.place, shown_windows(choice.tables, choice.chronology)
    return [
        (at, there[event], days[there[event]])
        for at, event in enumerate(chronology.events)
        if event in there and (shown[at] != days[there[event]]).any()
    ]


def _over_all(values: Sequence[Value]) -> Value:
    """What holds whichever of some values is right."""
    if isinstance(values[0], Span):
        return Span(*hull(one for one in values if isinstance(one, Span)))
    return tuple(dict.fromkeys(word for one in values for word in one if isinstance(word, str)))
