"""What do two coders have to talk about? Each difference beside its place, contradictions first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import rows_in
from casechron.analysis.compared import Compared, Side, compared_codings, windows_meet
from casechron.analysis.concerns import by_event
from casechron.analysis.counterparts import rows_without_counterpart
from casechron.analysis.kept import kept
from casechron.analysis.parties import party_labels
from casechron.analysis.record import placed
from casechron.review import Review

__all__ = ["coding_differences"]

NO_DATE, NOTHING, ONE_ONLY = "no date", "nothing", "in one coding only"
#: Tables whose rows are told one by one; of the others it is said with the events that they tie.
_BY_ROW = ("agencies", "people", "attributes", "links", "views", "findings", "recommendations")


class Difference(NamedTuple):
    """One row of the table."""

    part: str
    row: str
    row_other: str
    about: str
    says: str
    says_other: str
    places: str


@kept
def coding_differences(review: Review, other: str | Review) -> pd.DataFrame:
    """In what do two codings of a review differ?

    What two coders have to talk about, contradictions first. Events are matched in the stricter of
    the two ways of `agreement`.

    Parameters
    ----------
    review : Review
        As `read_review` gives it; a coding too, as ``read_review("ID/codings/CODER")``.
    other : str or Review
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review.

    Returns
    -------
    pandas.DataFrame
        One row per difference: orders that exclude each other, dates, codes, events in one coding
        only, sets, relations that do not follow from the other coding, and all other rows without a
        counterpart; within these in the order of the first coding, then of the other.

        - `part` (text): 'order', 'date', 'code', 'event', 'set', 'relation', or a table's name
        - `row`, `row_other` (text): the ids in the two codings; empty where it has no counterpart
        - `about` (text): what differs, such as 'kind' or 'disjoint windows'
        - `says`, `says_other` (text): what the two codings say; of sets what only one has
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the two are read under different dating policies.

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
    found = [
        *_contradictions(compared),
        *_dates(compared),
        *_codes(compared),
        *_events(compared),
        *_sets(compared),
        *_relations(compared),
        *_rows(compared),
    ]
    return pd.DataFrame(found, columns=list(Difference._fields), dtype="str")


def _places(side: Side) -> dict[str, str]:
    return placed(side.tables["locators"])


def _alone(
    part: str, row: str, about: str, says: tuple[str, str], places: str, *, theirs: bool
) -> Difference:
    """A row that has no counterpart in the other coding."""
    rows = ("", row) if theirs else (row, "")
    said = says[::-1] if theirs else says
    return Difference(part, *rows, about, *said, places)


def _contradictions(compared: Compared) -> Iterator[Difference]:
    same, where = compared.matchings[1], _places(compared.one)
    for one, other, own, theirs in compared.contradictions(same)[0]:
        about = f"order with {other}"
        yield Difference("order", one, same.events[one], about, own, theirs, where.get(one, ""))


def _dates(compared: Compared) -> Iterator[Difference]:
    same, where = compared.matchings[1].events, _places(compared.one)
    ours, theirs = (by_event(side.tables, "date") for side in (compared.one, compared.other))
    windows = {unit.event: unit.values for unit in compared.windows(compared.matchings[1])}
    for event, other in same.items():
        if event in windows:
            how = f"{windows_meet(*windows[event])} windows"
        elif ours[event] or theirs[other]:
            how = "dated in one coding only"
        else:
            continue
        if how != "equal windows":
            said = ours[event] or NO_DATE, theirs[other] or NO_DATE
            yield Difference("date", event, other, how, *said, where.get(event, ""))


def _codes(compared: Compared) -> Iterator[Difference]:
    same, where = compared.matchings[1].events, _places(compared.one)
    for about, units in compared.codes(compared.matchings[1]).items():
        for unit in units:
            one, other = unit.values
            if one != other:
                name = about if unit.of == unit.event else f"{about}: {unit.of}"
                rows, place = (unit.event, same[unit.event]), where.get(unit.event, "")
                yield Difference("code", *rows, name, _said(one), _said(other), place)


def _said(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _events(compared: Compared) -> Iterator[Difference]:
    same = compared.matchings[1].events
    for theirs, side in enumerate((compared.one, compared.other)):
        where, matched = _places(side), set(same.values() if theirs else same)
        for event, kind, summary in rows_in(side.tables["events"], "id", "kind", "summary"):
            if event not in matched:
                said, place = (f"{kind}: {summary}", ""), where.get(event, "")
                yield _alone("event", event, ONE_ONLY, said, place, theirs=bool(theirs))


def _sets(compared: Compared) -> Iterator[Difference]:
    same, where = compared.matchings[1].events, _places(compared.one)
    labels = party_labels(compared.other.tables)

    def listed(items: Iterable[str]) -> str:
        return "; ".join(sorted(labels.get(item, item) for item in items)) or NOTHING

    for about, units in compared.sets(compared.matchings[1]).items():
        for unit in units:
            one, other = unit.values
            if one != other:
                rows, place = (unit.event, same[unit.event]), where.get(unit.event, "")
                said = (listed(one - other), listed(other - one))
                yield Difference("set", *rows, f"{about} in one coding only", *said, place)


def _relations(compared: Compared) -> Iterator[Difference]:
    for theirs, side in ((False, compared.one), (True, compared.other)):
        follows, where = compared.entailed(compared.matchings[1], theirs=theirs), _places(side)
        for said in side.chronology.statements:
            if said.kind == "relation" and follows[said.row] is False:
                words = (said.words, "does not follow")
                place = where.get(said.row, "")
                about = "order or duration"
                yield _alone("relation", said.row, about, words, place, theirs=theirs)


def _rows(compared: Compared) -> Iterator[Difference]:
    one, other = compared.one, compared.other
    for theirs, side, final in ((False, one, other), (True, other, one)):
        table = rows_without_counterpart(side.tables, final.tables)
        for name, row, says, places in rows_in(table, "table", "row", "says", "places"):
            if name in _BY_ROW:
                yield _alone(name, row, ONE_ONLY, (says, ""), places, theirs=theirs)
