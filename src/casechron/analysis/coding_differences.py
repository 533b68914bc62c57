"""What do two coders have to talk about, and what would be concluded from each of their codings?

Each difference stands beside its place, contradictions first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from casechron.analysis import quantities
from casechron.analysis.compared import Compared, Side, compared_codings, windows_meet
from casechron.analysis.concerns import by_event
from casechron.analysis.counterparts import (
    ALIKE,
    coded_rows_by_id,
    naming_columns,
    paired_rows,
    place_of,
    rows_besides,
)
from casechron.analysis.re_referrals import NOT_SETTLED
from casechron.analysis.record import count_words, party_labels, placed
from casechron.analysis.tables import as_in_help, by_key, kept, rows_in
from casechron.analysis.timing import NOT_CLASSIFIED, NOTHING_RECORDED, response_gaps
from casechron.analysis.verdicts import UNDETERMINED
from casechron.chronology.day_columns import texts
from casechron.coding.items import parted_items
from casechron.review import Review

__all__ = ["coding_differences", "conclusions_compared"]

NO_DATE, _NOTHING = "no date", "nothing"
#: How what two codings say of one conclusion lies together.
SAME, WITHIN, OVERLAPPING = "the same", "one within the other", "overlapping"
DIFFERENT, ONE_ONLY, NOT_DRAWN = "different", "in one coding only", "open or none"
CONCLUDED = (SAME, WITHIN, OVERLAPPING, DIFFERENT, ONE_ONLY)
#: What became of a concern, where nothing is said by it; and what is within any other verdict.
_OPEN_STATES, _UNSETTLED = {NOTHING_RECORDED, NOT_CLASSIFIED}, {UNDETERMINED, *NOT_SETTLED}
#: Tables whose rows are listed one by one; rows of the others are with the events that they tie.
_BY_ROW = (
    *("agencies", "people", "attributes", "links", "views", "findings", "recommendations"),
    *("themes", "readings"),
)
#: What rows but events, agencies and people must have alike to be the same.
_PAIRED = {name: columns for name, columns in ALIKE.items() if name != "events"} | {
    "readings": ("row", "column")
}
#: Own words and places differ between any two coders.
_NOT_COMPARED = {
    *("id", "reading", "label", "summary", "short", "proposition", "note", "reason", "words"),
    *("date_words", "place", "source"),
}
#: What is compared in another way: as dates, as codes of events, and as what follows from an order.
_COMPARED_ELSEWHERE = {
    "events": {"date", "date_basis", "kind", "absence", "basis"},
    "relations": {*ALIKE["relations"], "type", "from_point", "to_point", "gap", "meaning"},
}
# The columns of `coding_differences` but for the places; '' for the row that is not there.
Difference = tuple[str, str, str, str, str, str]


@kept
def coding_differences(review: Review, other: str | Review) -> pd.DataFrame:
    """In what do two codings of a review differ?

    What two coders have to talk about, contradictions first. Events are matched in the stricter of
    the two ways of `agreement`, findings, views and recommendations by their place, all other rows
    by what they are about. Every column of what both have is compared, but not places, by which
    rows are matched, nor summaries, labels, notes and reasons, which no two coders word alike, nor
    which paragraphs are left out. What relations say is compared where both codings admit a
    chronology, by what follows from it.

    Parameters
    ----------
    review : Review
        The first coding, as `read_review` gives it; a coding too, as
        ``read_review("ID/codings/CODER")``.
    other : str or Review
        The other: the name of a coder's folder in ``codings/`` of the review, or a coding as a
        review.

    Returns
    -------
    pandas.DataFrame
        One row per difference: orders that exclude each other, dates, codes, events in one coding
        only, sets, relations that do not follow from the other coding, what other rows say
        otherwise, and those without a counterpart; within these in the order of the first coding,
        then of the other.

        - `part` (text): 'order', 'date', 'code', 'event', 'set', 'relation', or a table's name
        - `row`, `row_other` (text): the ids in the two codings; empty where it has no counterpart
        - `about` (text): what differs, such as 'kind', 'disjoint windows' or a column of the table
        - `says`, `says_other` (text): what `review` says, and what `other` says; of sets what only
          one has; 'nothing' of an empty cell
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the two are of different reviews, or read under different dating policies (their
        `readings` aside).

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.coding_differences(review, review).empty
    True
    """
    return _differences(compared_codings(review, other))


def _differences(compared: Compared) -> pd.DataFrame:
    """Each difference of two codings."""
    places, places_other = (placed(side.tables["locators"]) for side in compared.sides)
    rows: list[tuple[str, ...]] = []
    for differences in (_of_matched_events, _unmatched_events, _sets, _relations):
        for difference in differences(compared):
            _, row, row_other, *_ = difference
            place = places.get(row, "") if row else places_other.get(row_other, "")
            rows.append((*difference, place))
    return as_in_help(coding_differences, [*rows, *_other_rows(compared)])


def _in_one_coding(
    part: str, row: str, about: str, says: str, says_other: str = "", *, second: bool
) -> Difference:
    """A row of the first or of the second coding that has no counterpart."""
    if second:
        return part, "", row, about, says_other, says
    return part, row, "", about, says, says_other


def _of_matched_events(compared: Compared) -> Iterator[Difference]:
    """Orders that exclude each other, dates and codes of the same events."""
    matching = compared.matchings[1]
    counterparts = matching.events
    for event, later, order, order_other in compared.contradictions(matching)[0]:
        yield "order", event, counterparts[event], f"order with {later}", order, order_other
    dates, dates_other = (by_event(side.tables, "date") for side in compared.sides)
    windows = {unit.event: unit.values for unit in compared.windows(matching)}
    for event, counterpart in counterparts.items():
        date, date_other = dates[event], dates_other[counterpart]
        about = f"{windows_meet(*windows[event])} windows" if event in windows else ""
        if not about and (date or date_other):
            about = "dated in one coding only"
        if about not in ("", "equal windows"):
            yield "date", event, counterpart, about, date or NO_DATE, date_other or NO_DATE
    for about, units in compared.codes(matching).items():
        for event, party, codes in units:
            if codes[0] != codes[1]:
                name = about if party == event else f"{about}: {party}"
                yield "code", event, counterparts[event], name, _words(codes[0]), _words(codes[1])
    yield from _cells_that_differ(compared, "events", counterparts, {})


def _words(code: object) -> str:
    return "; ".join(code) if isinstance(code, tuple) else str(code)


def _unmatched_events(compared: Compared) -> Iterator[Difference]:
    counterparts = compared.matchings[1].events
    for second, side in enumerate(compared.sides):
        matched = set(counterparts.values() if second else counterparts)
        for event, kind, summary in rows_in(side.tables["events"], "id", "kind", "summary"):
            if event not in matched:
                says = f"{kind}: {summary}"
                yield _in_one_coding("event", event, ONE_ONLY, says, second=bool(second))


def _sets(compared: Compared) -> Iterator[Difference]:
    """What only one of the two has of the agencies, people and themes of an event."""
    matching, labels = compared.matchings[1], party_labels(compared.other.tables)

    def listed(items: Iterable[str]) -> str:
        return "; ".join(sorted(labels.get(item, item) for item in items)) or _NOTHING

    for about, units in compared.sets(matching).items():
        for event, _, (items, items_other) in units:
            if items != items_other:
                row_other, name = matching.events[event], f"{about} in one coding only"
                only = listed(items - items_other), listed(items_other - items)
                yield "set", event, row_other, name, *only


def _relations(compared: Compared) -> Iterator[Difference]:
    """The relations of each coding that do not follow from the other."""
    for second, side in enumerate(compared.sides):
        follows = compared.entailed(compared.matchings[1], theirs=bool(second))
        for statement in side.chronology.statements:
            if statement.table == "relations" and follows[statement.row] is False:
                says = "order or duration", statement.words, "does not follow"
                yield _in_one_coding("relation", statement.row, *says, second=bool(second))


def _other_rows(compared: Compared) -> Iterator[tuple[str, ...]]:
    """What the same other rows say otherwise, and those in one coding only; with their places."""
    tables, tables_other = (side.tables for side in compared.sides)
    paired = compared.matchings[1]._asdict()
    same = {
        row: {pairs[row]} if row in pairs else set[str]()
        for name, pairs in paired.items()
        for row in tables[name]["id"]
    }
    paired |= paired_rows(tables, tables_other, same, _PAIRED, ("findings", "views"))
    places = placed(tables["locators"])
    for name in (*_BY_ROW, "involvement", "participation", "relations"):
        rows = coded_rows_by_id(tables, name)
        for difference in _cells_that_differ(compared, name, paired[name], same):
            _, row, *_ = difference
            yield *difference, place_of(places, row, rows[row])
    for second, side in enumerate(compared.sides):
        paired_ids = {
            name: {*(pairs.values() if second else pairs)}
            for name, pairs in paired.items()
            if name in _BY_ROW
        }
        # Themes of events are sets; what is said of a row in one coding only goes with it.
        both = {each for row, ids in same.items() if ids for each in (ids if second else (row,))}
        listed_of = {"themes": both - {*side.tables["events"]["id"]}, "readings": both}
        for name, row, cells, says, place in rows_besides(side.tables, paired_ids):
            if name not in listed_of or cells["row"] in listed_of[name]:
                yield *_in_one_coding(name, row, ONE_ONLY, says, second=bool(second)), place


def _cells_that_differ(
    compared: Compared, table: str, pairs: Mapping[str, str], same: Mapping[str, set[str]]
) -> Iterator[Difference]:
    """Each column in which the same rows of a table differ."""
    rows, rows_other = (
        {row: _as_written(cells) for row, cells in coded_rows_by_id(side.tables, table).items()}
        for side in compared.sides
    )
    labels, labels_other = (party_labels(side.tables) for side in compared.sides)
    id_columns = naming_columns(table)
    part = "code" if table == "events" else table
    for row, cells in rows.items():
        cells_other = rows_other.get(pairs.get(row, ""), {})
        for column in cells_other:
            if column in _NOT_COMPARED | _COMPARED_ELSEWHERE.get(table, set()):
                continue
            says, says_other = cells.get(column, ""), cells_other[column]
            if column in id_columns:
                items, items_other = parted_items(says), parted_items(says_other)
                # Who has no counterpart is nobody of the other coding.
                counterparts = [*(next(iter(same.get(item, {item})), None) for item in items)]
                if {*counterparts} == {*items_other}:
                    continue
                says = "; ".join(labels.get(item, item) for item in items)
                says_other = "; ".join(labels_other.get(item, item) for item in items_other)
            elif says == says_other:
                continue
            yield part, row, pairs[row], column, says or _NOTHING, says_other or _NOTHING


def _as_written(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row, both ends of a count in one, as in the sheet."""
    ends = ("count_min", "count_max")
    count = count_words("concern", "", *(cells.get(end, "") for end in ends))
    return {name: cell for name, cell in cells.items() if name not in ends} | {"count": count}


@kept
def conclusions_compared(review: Review, other: str | Review) -> pd.DataFrame:
    """What would the pages say under each of two codings of a review?

    Parameters
    ----------
    review : Review
        As `read_review` gives it; a coding too, as ``read_review("ID/codings/CODER")``.
    other : str or Review
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review.

    Returns
    -------
    pandas.DataFrame
        One row per number or verdict that `sensitivity` tries, and that either coding settles; then
        what became of each concern that both have.

        - `about`, `name` (text): as in `sensitivity`, or 'what became of a concern'; events of the
          other coding go by the ids of their counterparts
        - `value`, `value_other` (text): what is said under each; empty where it is not asked
        - `outcome` (text): 'the same', 'one within the other' (the one says no more than the other
          admits), 'overlapping', 'different' or 'in one coding only'; 'open or none' of what no
          coding draws: each that is asked says alike that it is open, or that there is none

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the two are of different reviews, or read under different dating policies (their
        `readings` aside).

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> sorted(cc.conclusions_compared(review, review)["outcome"].unique())
    ['open or none', 'the same']
    """
    return conclusions_of(compared_codings(review, other))


def conclusions_of(compared: Compared) -> pd.DataFrame:
    """What would be concluded from each of two codings, a row a number or verdict."""
    ids_other = compared.other.tables["events"]["id"].tolist()
    names = {event: f"{event} of {compared.other.name}" for event in ids_other}
    for counterparts in compared.matchings[1]:
        names |= {counterpart: row for row, counterpart in counterparts.items()}
    values = _values(compared.one)
    other = _renamed(compared.other, names, compared.one)
    values_other = _values(other)
    rows = []
    for key in dict.fromkeys([*values, *values_other]):
        quantity, pair = quantities.BY_ABOUT[key[0]], (values.get(key), values_other.get(key))
        words = ["" if value is None else quantity.words(value) for value in pair]
        if set(words) != {quantities.NOT_BOUNDED}:
            drawn = not all(quantity.open(value) for value in pair if value is not None)
            rows.append((*key, *words, _if_drawn(_outcome(*pair), drawn=drawn)))
    states, states_other = _states(compared.one), _states(other)
    for concern, said in states.items():
        if said_other := states_other.get(concern):
            outcome = _if_drawn(_outcome(said, said_other), drawn=said not in _OPEN_STATES)
            rows.append(("what became of a concern", concern, said, said_other, outcome))
    return as_in_help(conclusions_compared, rows)


def _values(side: Side) -> dict[tuple[str, str], quantities.Value]:
    """What is printed of a coding, by what it is about and its name."""
    if not side.chronology.admissible:
        return {}
    jurisdiction, gaps = side.review.meta.jurisdiction, response_gaps(side.review)
    asked = quantities.Asked(dict(side.tables), side.chronology, jurisdiction, gaps, (), {})
    return quantities.values_of(asked)


def _states(side: Side) -> dict[str, str]:
    """What became of each concern."""
    if not side.chronology.admissible:
        return {}
    states: dict[str, list[str]] = by_key(rows_in(response_gaps(side.review), "concern", "state"))
    return {concern: "; ".join(sorted({*said})) for concern, said in states.items()}


def _renamed(side: Side, names: Mapping[str, str], like: Side) -> Side:
    """The same coding with other ids, wherever they stand, and its events in the order of those of
    another: pairs are named by it."""
    tables = {}
    for table, frame in side.tables.items():
        columns = naming_columns(table)
        columns |= {"id"} if table in ("events", "agencies", "people") else set()
        tables[table] = frame.assign(
            **{
                column: texts(
                    # Of whom an agency can be there are several in one cell.
                    "; ".join(names.get(party, party) for party in parted_items(cell))
                    for cell in frame[column]
                )
                for column in columns.intersection(frame.columns)
            }
        )
    order = {event: at for at, event in enumerate(like.tables["events"]["id"])}
    tables["events"] = tables["events"].sort_values(
        "id", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable", ignore_index=True
    )
    return side._replace(review=replace(side.review, tables=tables))


def _if_drawn(outcome: str, *, drawn: bool) -> str:
    """The outcome; of what is open or none in all that say it, that it is no conclusion."""
    return outcome if drawn or outcome not in (SAME, ONE_ONLY) else NOT_DRAWN


def _outcome(one: quantities.Value | None, other: quantities.Value | None) -> str:
    """How what the two codings say of one number or verdict lies together."""
    if one is None or other is None:
        return ONE_ONLY
    if one == other:
        return SAME
    if isinstance(one, str) or isinstance(other, str):
        return WITHIN if _UNSETTLED.intersection((one, other)) else DIFFERENT
    if quantities.still_holds(one, other) or quantities.still_holds(other, one):
        return WITHIN
    first = max((end for end in (one.least, other.least) if end is not None), default=-np.inf)
    last = min((end for end in (one.most, other.most) if end is not None), default=np.inf)
    return OVERLAPPING if first <= last else DIFFERENT
