"""What do two coders have to talk about? Each difference beside its place, contradictions first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from casechron.analysis.columns import kept, rows_in, to_table
from casechron.analysis.compared import Compared, compared_codings, windows_meet
from casechron.analysis.concerns import by_event
from casechron.analysis.counterparts import rows_without_counterpart
from casechron.analysis.record import party_labels, placed
from casechron.review import Review

__all__ = ["coding_differences"]

NO_DATE, NOTHING, ONE_ONLY = "no date", "nothing", "in one coding only"
#: Tables whose rows are told one by one; of the others it is said with the events that they tie.
_BY_ROW = ("agencies", "people", "attributes", "links", "views", "findings", "recommendations")
# Part, both rows, what differs, and what the two codings say; '' for the row that is not there.
Difference = tuple[str, str, str, str, str, str]


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
    where = [placed(side.tables["locators"]) for side in compared.sides]
    differences = [
        *_of_matched(compared),
        *_events(compared),
        *_sets(compared),
        *_relations(compared),
    ]
    rows = [
        (*one, where[0].get(one[1], "") if one[1] else where[1].get(one[2], ""))
        for one in differences
    ]
    columns = ("part", "row", "row_other", "about", "says", "says_other", "places")
    return to_table(columns, [*rows, *_rows(compared)])


def _alone(part: str, row: str, about: str, says: str, without: str, *, at: int) -> Difference:
    """A row of one coding that has no counterpart in the other."""
    if at:
        return part, "", row, about, without, says
    return part, row, "", about, says, without


def _of_matched(compared: Compared) -> Iterator[Difference]:
    """Orders that exclude each other, dates and codes of the same events."""
    matching = compared.matchings[1]
    same = matching.events
    for event, other, own, theirs in compared.contradictions(matching)[0]:
        yield "order", event, same[event], f"order with {other}", own, theirs
    dates, dates_other = (by_event(side.tables, "date") for side in compared.sides)
    windows = {unit.event: unit.values for unit in compared.windows(matching)}
    for event, other in same.items():
        own, theirs = dates[event], dates_other[other]
        how = f"{windows_meet(*windows[event])} windows" if event in windows else ""
        if not how and (own or theirs):
            how = "dated in one coding only"
        if how not in ("", "equal windows"):
            yield "date", event, other, how, own or NO_DATE, theirs or NO_DATE
    for about, units in compared.codes(matching).items():
        for event, of, (own, theirs) in units:
            if own != theirs:
                name = about if of == event else f"{about}: {of}"
                yield "code", event, same[event], name, _words(own), _words(theirs)


def _words(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _events(compared: Compared) -> Iterator[Difference]:
    same = compared.matchings[1].events
    ids = (set(same), set(same.values()))
    for at, (side, matched) in enumerate(zip(compared.sides, ids, strict=True)):
        for event, kind, summary in rows_in(side.tables["events"], "id", "kind", "summary"):
            if event not in matched:
                yield _alone("event", event, ONE_ONLY, f"{kind}: {summary}", "", at=at)


def _sets(compared: Compared) -> Iterator[Difference]:
    matching, labels = compared.matchings[1], party_labels(compared.other.tables)

    def listed(items: Iterable[str]) -> str:
        return "; ".join(sorted(labels.get(item, item) for item in items)) or NOTHING

    for about, units in compared.sets(matching).items():
        for event, _, (own, theirs) in units:
            if own != theirs:
                about_set = f"{about} in one coding only"
                sets = listed(own - theirs), listed(theirs - own)
                yield "set", event, matching.events[event], about_set, *sets


def _relations(compared: Compared) -> Iterator[Difference]:
    for at, side in enumerate(compared.sides):
        follows = compared.entailed(compared.matchings[1], theirs=bool(at))
        for one in side.chronology.statements:
            if one.kind == "relation" and follows[one.row] is False:
                about = "order or duration"
                yield _alone("relation", one.row, about, one.words, "does not follow", at=at)


def _rows(compared: Compared) -> Iterator[tuple[str, ...]]:
    """The other rows without a counterpart, with their places."""
    for at, (side, final) in enumerate((compared.sides, compared.sides[::-1])):
        table = rows_without_counterpart(side.tables, final.tables)
        for name, row, says, places in rows_in(table, "table", "row", "says", "places"):
            if name in _BY_ROW:
                yield *_alone(name, row, ONE_ONLY, says, "", at=at), places
