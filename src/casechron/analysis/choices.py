"""What could another reader choose otherwise, what do the tables say under each choice, and which
single choice would let what contradicts itself hold together?

Each choice differs from what is given in one thing, so that what changes is owed to that thing. A
contradiction is never the source's alone: the words are read under a dating policy, of which each
part could be chosen otherwise, and some of the statements are the coder's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from casechron.analysis.concerns import alleged_events, by_event
from casechron.analysis.judgements import judged_rows, without_judged
from casechron.analysis.tables import Tables, as_in_help, by_key, cells, ids_where, kept, rows_in
from casechron.chronology import Chronology, chronology_of
from casechron.chronology.chronologies import can_hold
from casechron.chronology.constraints import Lowered, lower
from casechron.chronology.day_columns import texts
from casechron.chronology.statements import statement
from casechron.coding.codebook import codebook
from casechron.dates.policy import DatingPolicy, PolicyError
from casechron.review import Review

__all__ = ["dating_policy", "dissolved_by"]


#: Of an event: that its window needs one or the other of some judged orders, and none by itself.
SEVERAL = "several only together"
ALLEGED_OUT, JUDGED_OUT = "alleged events left out", "judged orders left out"
#: The links that make a wait, a count of concerns or what an agency knew.
_TYING_LINKS = frozenset({"answers", "led-to", "part-of", "tells-of"})
#: Where each table names the events that a row of it cannot stand without.
_EVENT_COLUMNS = {
    "events": ("id",),
    "relations": ("from_event", "to_event"),
    "links": ("from_row", "to_row"),
    **dict.fromkeys(("participation", "involvement"), ("event",)),
    "themes": ("row",),
}


@dataclass(frozen=True, eq=False)
class Choice:
    """One thing chosen otherwise, all else as given: what it means (of a reading, the coder's
    reason; of a row left out, what it says), the tables then, and what follows of time.

    `judged_only`: it changes or leaves out nothing but relations, links and involvement that the
    coder judged, so that without all that was judged it is one with what is given."""

    name: str
    meaning: str
    tables: Tables
    chronology: Chronology
    judged_only: bool = False


def other_choices(tables: Tables, chronology: Chronology) -> list[Choice]:
    """What could be chosen otherwise, one thing at a time?

    First each other value of the dating policy and each other reading (`policy_alternatives`); then
    the events left out that rest on allegations alone; all orders left out that only the coder
    judged; and each by itself that only the coder judged, of the relations and of the links that
    make a wait, a count or what an agency knew. `tables` are those that `chronology` was made
    from."""
    policy, judged = chronology.policy, _judged_but_events(tables)
    alternatives = [
        (alternative, with_reading(tables, alternative.reading))
        for alternative in policy_alternatives(policy, tables)
    ]
    if alleged := alleged_events(tables):
        meaning = "what rests on allegations alone did not happen, as far as is recorded"
        alternative = Alternative(ALLEGED_OUT, policy, meaning)
        alternatives.append((alternative, without_events(tables, alleged)))
    choices = []
    for alternative, under in alternatives:
        solved = chronology_of(under, alternative.policy)
        changed_rows = set(ids_where(tables["readings"], "reading", {alternative.reading}, "row"))
        judged_only = bool(changed_rows) and changed_rows <= judged & _judged_but_events(under)
        choices.append(Choice(alternative.name, alternative.meaning, under, solved, judged_only))
    says = _judged_in_words(tables, chronology)
    orders = [row for row in cells(tables["relations"], "id") if row in says]
    left_out = [(JUDGED_OUT, "only the coder judged them", orders)] if orders else []
    left_out += [(f"{row} left out", words, [row]) for row, words in says.items()]
    return choices + [
        Choice(name, meaning, *without_judged(tables, chronology, rows), judged_only=True)
        for name, meaning, rows in left_out
    ]


def _judged_but_events(tables: Tables) -> set[str]:
    """The judged rows but for events, which lose no more than a date or a kind."""
    return set(judged_rows(tables)) - set(cells(tables["events"], "id"))


def _judged_in_words(tables: Tables, chronology: Chronology) -> dict[str, str]:
    """Each row that only the coder judged and that is left out by itself, with what it says: a
    relation with its places, a link in the words of the codebook."""
    judged = judged_rows(tables)
    says = {
        statement.row: statement.cited
        for statement in chronology.statements
        if statement.kind == "relation" and statement.row in judged
    }
    summary = by_event(tables, "summary")
    for row, tie, start, end in rows_in(tables["links"], "id", "type", "from_row", "to_row"):
        if row in judged and tie in _TYING_LINKS:
            label = codebook().label("link_type", tie).lower()
            says[row] = f"“{summary.get(start, start)}” {label} “{summary.get(end, end)}”"
    return says


def orders_behind(chronology: Chronology) -> tuple[tuple[str, ...], ...]:
    """On which orders that only the coder judged does the window of each event lean?

    For each event the orders without which, each left out by itself, its window is wider; where
    none is but it is wider without all of them, `SEVERAL`. Nothing leans on anything where no
    chronology is admissible."""
    rows = [row.id for row in chronology.lowered.relations if row.basis == "judged"]
    if not rows or not chronology.admissible:
        return ((),) * len(chronology.events)
    *wider_without_one, wider_without_all = (
        (chronology.without(left_out).event_windows != chronology.event_windows).any(axis=1)
        for left_out in [*([row] for row in rows), rows]
    )
    return tuple(
        tuple(row for row, wider in zip(rows, wider_without_one, strict=True) if wider[event])
        or ((SEVERAL,) if wider_without_all[event] else ())
        for event in range(len(chronology.events))
    )


def without_events(tables: Tables, events: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables without some events, and without the rows that cannot stand without them."""
    gone, remaining = set(events), {}
    for name, table in tables.items():
        columns = _EVENT_COLUMNS.get(name, ())
        stays = [gone.isdisjoint(row) for row in rows_in(table, *columns)]
        remaining[name] = table if all(stays) else table.loc[stays].reset_index(drop=True)
    return remaining


#: What each field is tried as. Of the days of a month, one other cut for each word: 'early' to the
#: middle of the month, 'mid' up to five days later, 'late' from the middle on, 'end' as the last
#: days only. Each stays within what the words can bear in ordinary use, and each moves one bound
#: only.
ALTERNATIVES: tuple[tuple[str, tuple[int | str, ...]], ...] = (
    ("early_to", (15,)),
    ("mid_to", (25,)),
    ("late_from", (16,)),
    ("end_from", (25,)),
    ("duration_slack", ("none", "half-unit", "one-unit")),
    ("approximate_slack", ("none", "half-unit", "one-unit")),
    ("winter", ("starts", "ends")),
    ("working_day_one", ("day after", "start day")),
)
_DEFAULT = DatingPolicy()


class Alternative(NamedTuple):
    """A policy that differs from another in one thing: a field, with what its value means, or a
    `reading` that it uses beside the others, with the coder's reason."""

    name: str
    policy: DatingPolicy
    meaning: str
    reading: str = ""


def policy_alternatives(policy: DatingPolicy, tables: Tables | None = None) -> list[Alternative]:
    """Which policies differ from this one in one thing only?

    One for each other choice in `ALTERNATIVES`, and for the default where the policy has another
    value, in the order of the policy's fields; then, if `tables` are given, one for each
    alternative reading that they keep, used beside those that the policy already uses.
    What cannot stand is left out: a day that the policy's other days rule out, and a reading of a
    cell of which the policy has chosen another reading. Names are 'field = value' and 'reading:
    id'.

    >>> for alternative in policy_alternatives(DatingPolicy())[-6:]:
    ...     print(alternative.name)
    duration_slack = none
    duration_slack = one-unit
    approximate_slack = none
    approximate_slack = half-unit
    winter = ends
    working_day_one = start day
    """
    alternatives = []
    for field, values in ALTERNATIVES:
        usual: int | str = getattr(_DEFAULT, field)
        for value in dict.fromkeys((usual, *values)):
            if getattr(policy, field) == value:
                continue
            try:
                changed = replace(policy, **{field: value})  # type: ignore[arg-type]
            except PolicyError:
                continue
            meaning = {name: words for name, _, words in changed.describe()}[field]
            alternatives.append(Alternative(f"{field} = {value}", changed, meaning))
    if tables is not None:
        reasons = _reasons(tables)
        for reading in _other_readings(tables["readings"], policy):
            changed = replace(policy, readings=(*policy.readings, reading))
            name = f"reading: {reading}"
            alternatives.append(Alternative(name, changed, reasons[reading], reading))
    return alternatives


def _reasons(tables: Tables) -> dict[str, str]:
    return dict(rows_in(tables["readings"], "reading", "reason"))


def with_reading(tables: Tables, reading: str) -> dict[str, pd.DataFrame]:
    """What do the tables say under another reading? They are not changed themselves.

    >>> events = pd.DataFrame({"id": ["plan"], "date": ["2014-10"]})
    >>> readings = pd.DataFrame(
    ...     {"reading": ["later"], "row": ["plan"], "column": ["date"], "value": ["2014-11"]}
    ... )
    >>> under = with_reading({"events": events, "readings": readings}, "later")
    >>> under["events"]["date"].tolist(), events["date"].tolist()
    (['2014-11'], ['2014-10'])
    """
    rows = rows_in(tables["readings"], "reading", "row", "column", "value")
    return _with_cells(
        tables, {(row, column): value for name, row, column, value in rows if name == reading}
    )


def _with_cells(tables: Tables, changes: Mapping[tuple[str, str], str]) -> dict[str, pd.DataFrame]:
    """The tables with other values in the cells that are named by row and column."""
    return {name: _changed(table, changes) for name, table in tables.items()}


def _changed(table: pd.DataFrame, changes: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """A table with other values in some cells; the very one that was given where it has none."""
    if "id" not in table.columns:
        return table
    place = {row: at for at, row in enumerate(cells(table, "id"))}
    changed: dict[str, list[str]] = {}
    for (row, column), value in changes.items():
        if row in place and column in table.columns:
            changed.setdefault(column, list(cells(table, column)))[place[row]] = value
    columns = {name: texts(values) for name, values in changed.items()}
    return table.assign(**columns) if columns else table


def _other_readings(readings: pd.DataFrame, policy: DatingPolicy) -> list[str]:
    """Readings that the policy does not use and that change no cell which one of its own has
    changed."""
    columns = rows_in(readings, "reading", "row", "column")
    changed = by_key((reading, tuple(cell)) for reading, *cell in columns)
    taken = {cell for reading in policy.readings for cell in changed.get(reading, ())}
    return [
        reading
        for reading, cells_changed in changed.items()
        if reading not in policy.readings and taken.isdisjoint(cells_changed)
    ]


@kept
def dating_policy(review: Review) -> pd.DataFrame:
    """How are vague dates, rounded durations and working days read here?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per field of the dating policy.

        - `field`, `value` (text): the field, as `read_review` takes it, and its value
        - `meaning` (text): what that means, in plain English

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019", duration_slack="none")
    >>> cc.dating_policy(review)[["field", "value"]]
                   field      value
    0           early_to         10
    1             mid_to         20
    2          late_from         21
    3           end_from         21
    4     duration_slack       none
    5  approximate_slack   one-unit
    6             winter     starts
    7    working_day_one  day after
    8           readings       none
    """
    policy = review.policy
    return pd.DataFrame(policy.describe(), columns=["field", "value", "meaning"], dtype="str")


_POLICY, _READING, _JUDGED = "policy", "reading", "judged row left out"


@kept
def dissolved_by(review: Review) -> pd.DataFrame:
    """Which single other choices let each contradiction hold together?

    A contradiction is the source's and the reading's: each other value of the dating policy (of
    days of the month, one), each reading that the coding holds beside its default, each reading in
    use left out, and each judged statement left out is tried alone.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per contradiction and choice under which its statements can hold together; none
        where nothing contradicts.

        - `conflict` (number): the contradiction, as `contradictions` numbers them
        - `kind` (text): 'policy', 'reading' or 'judged row left out'
        - `choice` (text): the field and its value, the reading's id, 'without' a reading in use,
          or the row's id
        - `meaning` (text): what it means, the reason of the reading, or what the row says
        - `all_hold` (True or False): whether all that the review says of time can then hold
          together, not only this contradiction

    See Also
    --------
    contradictions : how the statements come to clash.

    Examples
    --------
    >>> import casechron as cc
    >>> exact = cc.read_review("child-x-anytown-2019", duration_slack="none")
    >>> cc.dissolved_by(exact)[["conflict", "kind", "choice", "all_hold"]]
       conflict    kind                      choice  all_hold
    0         1  policy  duration_slack = half-unit      True
    1         1  policy   duration_slack = one-unit      True
    """
    tables, chronology, replaced = review.tables, review.chronology, review.replaced
    rows: list[tuple[int, str, str, str, bool]] = []
    given = chronology.lowered
    all_statements = set(range(len(given.statement_rows)))
    conflicts = [
        list(map(chronology.statement, conflict.statements)) for conflict in chronology.conflicts
    ]
    alternatives = list(_alternatives(tables, chronology, replaced)) if conflicts else []
    for number, statements in enumerate(conflicts, start=1):
        rows_of_conflict = {(one.table, one.row) for one in statements}
        rows += [
            (number, kind, choice, meaning, can_hold(lowered))
            for kind, choice, meaning, lowered in alternatives
            if can_hold(lowered, _statement_numbers(lowered, rows_of_conflict))
        ]
        for one in statements:
            if one.basis == "judged":
                all_hold = can_hold(given, all_statements - {one.number})
                rows.append((number, _JUDGED, one.row, one.words, all_hold))
    return as_in_help(dissolved_by, rows)


def _alternatives(
    tables: Tables, chronology: Chronology, replaced: Mapping[tuple[str, str, str], str]
) -> Iterator[tuple[str, str, str, Lowered]]:
    """Each single other choice: its kind, its name, what it means, and what the rows then say."""
    given = chronology.policy
    for name, policy, meaning, reading in policy_alternatives(given, tables):
        lowered = _lowered(with_reading(tables, reading), policy)
        yield _READING if reading else _POLICY, reading or name, meaning, lowered
    for used in given.readings:
        changed = {(row, column): was for (of, row, column), was in replaced.items() if of == used}
        lowered = _lowered(_with_cells(tables, changed), given)
        yield _READING, f"without {used}", _reasons(tables)[used], lowered


def _lowered(tables: Tables, policy: DatingPolicy) -> Lowered:
    return lower(tables["events"], tables["relations"], policy, tables.get("links"))


def _statement_numbers(lowered: Lowered, rows: Collection[tuple[str, str]]) -> set[int]:
    """The statements that some rows, named by table and id, make."""
    stated = (statement(lowered, number, {}) for number in range(len(lowered.statement_rows)))
    return {each.number for each in stated if (each.table, each.row) in rows}
