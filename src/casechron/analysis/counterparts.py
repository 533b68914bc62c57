"""Which rows of two codings are about the same, and which have no counterpart?

Nothing that is compared later may decide what is compared with what: `matched_events` looks at
places and words, and at codes only where it is asked to."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.record import placed, summaries
from casechron.analysis.tables import Tables, by_key, kept, rows_in, to_table
from casechron.coding.codebook import codebook
from casechron.coding.files import CODINGS
from casechron.coding.folder import codings_in
from casechron.coding.reviews import read_coding
from casechron.review import Review, read_review

__all__ = ["unmatched"]


_Row = dict[str, str]
#: What two rows must have alike to be each other's counterparts, beside a sentence where the table
#: is read from the source directly; what is named here can be the id of another row.
ALIKE: dict[str, tuple[str, ...]] = {
    "events": ("kind",),
    "findings": ("polarity",),
    "recommendations": (),
    "views": ("holder",),
    "involvement": ("event", "agency", "role"),
    "participation": ("event", "person", "role", "status"),
    "attributes": ("row", "attribute"),
    "themes": ("row", "theme"),
    "relations": ("from_event", "to_event"),
    "links": ("type", "from_row", "to_row"),
}
_FROM_SOURCE = ("events", "findings", "recommendations", "views")
#: Tables of parties, each with the column of what kind of party it is, and where its parts stand.
_PARTIES = (
    ("agencies", "sector", "involvement", "agency"),
    ("people", "kinship", "participation", "person"),
)
#: Where a row stands: source, paragraph and sentence, '' for what its place does not say.
Sentences = frozenset[tuple[str, str, str]]
_NOWHERE: Sentences = frozenset()
Paragraphs = AbstractSet[tuple[str, str]]
#: The kinds of column, by the codebook, whose cells are ids of other rows.
_NAMING = ("ref", "row", "party")
_Codes = tuple[bool, str, str]
# Where the rows of either coding stand.
_Places = tuple[Mapping[str, Sentences], Mapping[str, Sentences]]
#: What a pair counts for, what it adds that both happened or neither did, that they have one date,
#: one kind, and what shared places do: each is more than all that follows it can add up to, of a
#: pair and of ten pairs that hang together.
_PAIR, _HAPPENED, _DATE, _KIND, _PLACES = 10**14, 10**11, 10**10, 10**9, 10**5
#: The share of their words, in thousandths, that makes two summaries those of one event.
_ALIKE_WORDS = 250


@kept
def unmatched(review: Review, coding: str | Review | None = None) -> pd.DataFrame:
    """Which rows of other codings of the review does it have otherwise, or not at all?

    What a coder saw and the final coding does not hold: to be decided upon, not to be counted.
    Counterparts are one to one, and coded alike: events of one kind, both having happened or not,
    findings of one polarity, views of one holder. `agreement` also pairs events of different kinds.
    What is read from the source directly (these and recommendations) must share a sentence; dates
    and words are not compared.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    coding : str or Review, optional
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review. Without
        one, each of those in ``codings/`` in turn.

    Returns
    -------
    pandas.DataFrame
        One row per row without a counterpart, by coding, by table and in the order of that coding.

        - `coding` (text): whose row it is
        - `table`, `row` (text): where it is, and its id; a theme has none, and
          is named as in 'f3: information-sharing', by the row that has it
        - `says` (text): what it says
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the coding is of another review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.unmatched(review, review).empty
    True
    """
    if coding is None:
        beside = codings_beside(review, review.folder) or [review]
        return pd.concat([unmatched(review, each) for each in beside], ignore_index=True)
    if isinstance(coding, Review):
        check_one_review(review, coding)
        coder, tables = coding.meta.id.rpartition("/")[2], coding.tables
    else:
        coder, tables = coding, read_coding(review.folder, coding)
    table = rows_without_counterpart(tables, review.tables)
    table.insert(0, "coding", coder)
    return table


def dating_of(review: Review) -> dict[str, Any]:
    """The policy under which another coding is read too; readings are each coding's own."""
    policy = review.policy.as_parameters()
    return {name: value for name, value in policy.items() if name != "readings"}


@kept
def codings_beside(review: Review, folder: Path) -> tuple[Review, ...]:
    """The independent codings below a folder, read under the dating policy of a review."""
    policy = dating_of(review)
    return tuple(read_review(coding, **policy) for coding in codings_in(folder)[0])


def check_one_review(one: Review, other: Review) -> None:
    """Raise `ValueError` where two codings are of two reviews."""
    ids = [coding.meta.id.partition(f"/{CODINGS}/")[0] for coding in (one, other)]
    if ids[0] != ids[1]:
        raise ValueError(
            f"{ids[0]} and {ids[1]} are two reviews; what can be compared are two codings of one,"
            f" as {ids[0]} and {ids[0]}/{CODINGS}/CODER"
        )


def rows_without_counterpart(coding: Tables, final: Tables) -> pd.DataFrame:
    """Which rows of `coding` have no counterpart in `final`? As `unmatched` has them.

    Counterparts are one to one. Parties are matched by label, else by sector or tie to the child.
    What is read from the source directly (events, findings, recommendations, views) must share a
    sentence, or neither have a place; events must be of one kind too, and both have happened or
    not, findings have one polarity, views one holder. All other rows must say the same of
    counterparts; relations must tie the same two events, whichever comes first. Dates, words, bases
    and places are not compared, nor are readings and coverage."""
    same = _parties(coding, final)
    paired = paired_rows(coding, final, same, ALIKE)
    parties = {
        table: {party for party in coding[table]["id"] if same[party]} for table, *_ in _PARTIES
    }
    rows = [
        (table, row_id, says, place)
        for table, row_id, _, says, place in rows_besides(coding, {**parties, **paired})
    ]
    return to_table(("table", "row", "says", "places"), rows)


def paired_rows(
    one: Tables,
    other: Tables,
    same: dict[str, set[str]],
    alike: Mapping[str, Sequence[str]],
    placed_alone: Container[str] = (),
) -> dict[str, dict[str, str]]:
    """Which rows of `other` the rows of the tables of `alike` are, by table, one to one.

    `same` says which rows each row of other tables can be; what is found is added to it. What has a
    place and is left of the tables `placed_alone` need share no more than that."""
    standing = sentences_of(one), sentences_of(other)
    paired = {}
    for table, columns in alike.items():
        places: _Places = standing if table in _FROM_SOURCE else ({}, {})
        here, there = coded_rows_by_id(one, table), coded_rows_by_id(other, table)
        pairs = _one_to_one(here, there, _scores(table, columns, (here, there), places, same))
        if table in placed_alone:
            rest = {row: here[row] for row in here.keys() - pairs.keys() if row in places[0]}
            rest_there = {row: there[row] for row in there.keys() - {*pairs.values()}}
            scores = _scores(table, (), (rest, rest_there), places, same)
            pairs |= _one_to_one(rest, rest_there, scores)
        same |= {row: {pairs[row]} if row in pairs else set() for row in here}
        paired[table] = pairs
    return paired


def rows_besides(
    tables: Tables, known: Mapping[str, Container[str]]
) -> Iterator[tuple[str, str, _Row, str, str]]:
    """The rows that are not among those `known` of their table: table, id, cells, what the row
    says, and where it stands."""
    summary, places = summaries(tables), placed(tables["locators"])
    for table, ids in known.items():
        for row_id, row in coded_rows_by_id(tables, table).items():
            if row_id not in ids:
                cells = " ".join(filter(None, (row[name] for name in ALIKE.get(table, ()))))
                says = summary.get(row_id) or row.get("summary") or row.get("label") or cells
                yield table, row_id, row, says, place_of(places, row_id, row)


def place_of(places: Mapping[str, str], row_id: str, row: _Row) -> str:
    """Where a row stands, or what it is about."""
    return places.get(row_id) or places.get(row.get("event") or row.get("row", ""), "")


def coded_rows_by_id(tables: Tables, table: str) -> dict[str, _Row]:
    """The rows of a table by id; themes and readings, which have none, by what they are of."""
    rows: list[dict[Any, str]] = tables[table].to_dict("records")
    ids = ("reading", "row", "column") if table == "readings" else ("row", "theme")
    return {row.get("id") or ": ".join(row[name] for name in ids): row for row in rows}


def sentences_of(tables: Tables) -> dict[str, Sentences]:
    """Where each row of a coding stands. Where there is one source alone, coders may have named it
    as they liked, and it has no name."""
    several = len(tables["sources"]) > 1
    rows = rows_in(tables["locators"], "row", "source", "paragraph", "sentence")
    places_of = by_key((row, (source if several else "", *place)) for row, source, *place in rows)
    return {row: frozenset(places) for row, places in places_of.items()}


def not_coded(tables: Tables) -> Paragraphs:
    """The paragraphs that a coder left to another, each by its source and number."""
    rows = _by_paragraph(tables, "coverage", "status")
    return {paragraph for status, paragraph in rows if status == "not-coded"}


def without_paragraphs(tables: Tables, left_out: Paragraphs) -> dict[str, pd.DataFrame]:
    """The tables without what rests on some paragraphs alone, without what is said of that, and
    without the parties that have no part in anything else."""
    parties = {*tables["agencies"]["id"], *tables["people"]["id"]}
    places = [*_by_paragraph(tables, "locators", "row")]
    gone = {row for row, stands in by_key(places).items() if left_out >= {*stands}} - parties
    stays = [paragraph not in left_out for _, paragraph in places]
    before, left = dict(tables), {**tables, "locators": tables["locators"][stays]}
    while gone:
        left = {
            name: frame[~frame[_columns(name, "id", *_NAMING)].isin(gone).any(axis=1)]
            for name, frame in left.items()
        }
        gone = _ids(before) - _ids(left) | parties & (_named(before) - _named(left))
        before = left
    return {name: frame.reset_index(drop=True) for name, frame in left.items()}


def naming_columns(table: str) -> set[str]:
    """The columns of a table whose cells are ids of other rows, or of several of them."""
    return {*_columns(table, *_NAMING), "may_be"}


def _columns(table: str, *kinds: str) -> list[str]:
    return [column.name for column in codebook().tables[table].columns if column.kind in kinds]


def _ids(tables: Tables) -> set[str]:
    return {row for frame in tables.values() if "id" in frame for row in frame["id"]}


def _named(tables: Tables) -> set[str]:
    """The ids of who has a part in something, or a place of their own."""
    named = (tables[name][column] for name in tables for column in _columns(name, "ref", "party"))
    return {cell for column in named for cell in column} | {*tables["locators"]["row"]}


def _by_paragraph(tables: Tables, table: str, column: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The cells of a column, each with the paragraph of its row, as `sentences_of` names it."""
    several = len(tables["sources"]) > 1
    for cell, source, number in rows_in(tables[table], column, "source", "paragraph"):
        yield cell, (source if several else "", number)


def _parties(coding: Tables, final: Tables) -> dict[str, set[str]]:
    """Which agencies and persons of `final` each of `coding` can be."""
    candidates: dict[str, set[str]] = {}
    for table, kind_column, *_ in _PARTIES:
        there = list(rows_in(final[table], "id", "label", kind_column))
        for party, label, kind in rows_in(coding[table], "id", "label", kind_column):
            named = {other for other, words, _ in there if words.casefold() == label.casefold()}
            candidates[party] = named or {other for other, _, its in there if its == kind}
    return candidates


def _scores(
    table: str,
    columns: Sequence[str],
    rows: tuple[Mapping[str, _Row], Mapping[str, _Row]],
    places: _Places,
    same: Mapping[str, set[str]],
) -> dict[tuple[str, str], int]:
    """How well rows of a table fit, by pair, without those that are no counterparts. `places` is
    empty where rows are compared by what they say alone."""
    saying = by_key(
        ((bool(right.get("absence")), *(right[name] for name in columns)), there)
        for there, right in rows[1].items()
    )
    scores = {}
    for left_id, left in rows[0].items():
        equal = [*product(*(same.get(left[name], {left[name]}) for name in columns))]
        if table == "relations":
            equal += [ends[::-1] for ends in equal]
        keys = {(bool(left.get("absence")), *cells) for cells in equal}
        for right_id in (right_id for key in keys for right_id in saying.get(key, ())):
            right = rows[1][right_id]
            score = sum(left[name] == right[name] for name in left.keys() & right.keys() - {"id"})
            here, there = places[0].get(left_id, _NOWHERE), places[1].get(right_id, _NOWHERE)
            if here & there or not here | there:
                scores[left_id, right_id] = score + (100 * len(here & there) or 1)
    return scores


def _one_to_one(
    left: Iterable[str], right: Iterable[str], score: Mapping[tuple[str, str], int]
) -> dict[str, str]:
    """As many pairs as can be, and of these the best together; what has no score is no pair. The
    order of rows changes nothing: of equally good pairings the one is taken that ids find first."""
    rows, columns = sorted(left), sorted(right)
    row_at, column_at = ({row: place for place, row in enumerate(side)} for side in (rows, columns))
    scores = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for (row, column), value in score.items():
        scores[row_at[row], column_at[column]] = value and value + _PAIR
    return {rows[row]: columns[column] for row, column in assigned(scores)}


def assigned(score: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pairs of rows and columns, one to one, with the greatest sum of scores; 0 is no pair.

    Source: the shortest augmenting paths of Jonker and Volgenant 1987, Computing 38, 325-340.

    >>> assigned(np.array([[5, 4, 0], [5, 0, 0]]))
    [(0, 1), (1, 0)]
    """
    rows, columns = score.shape
    if rows > columns:
        return sorted((row, column) for column, row in assigned(score.T))
    endless = np.iinfo(np.int64).max // 4
    row_potentials, column_potentials = (np.zeros(n + 1, np.int64) for n in (rows, columns))
    row_of, column_before = np.zeros(columns + 1, np.int64), np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):  # column 0 stands for nothing that is there
        row_of[0], at = row, 0
        shortest, seen = np.full(columns + 1, endless), np.zeros(columns + 1, dtype=bool)
        while row_of[at]:
            seen[at] = True
            row_there = row_of[at]
            lengths = -score[row_there - 1] - row_potentials[row_there] - column_potentials[1:]
            is_shorter = ~seen[1:] & (lengths < shortest[1:])
            shortest[1:][is_shorter] = lengths[is_shorter]
            column_before[1:][is_shorter] = at
            nearest = int(np.where(seen, endless, shortest).argmin())
            step = shortest[nearest]
            row_potentials[row_of[seen]] += step
            column_potentials[seen] -= step
            shortest[~seen] -= step
            at = nearest
        while at:
            row_of[at], at = row_of[column_before[at]], int(column_before[at])
    pairs = ((int(row) - 1, column) for column, row in enumerate(row_of[1:]) if row)
    return sorted((row, column) for row, column in pairs if score[row, column] > 0)


def matched_events(one: Tables, other: Tables, *, by_code: bool) -> dict[str, str]:
    """Which events of one coding are which of another: as many pairs as can be, one to one.

    Two events can be a pair where they share a sentence, or where neither has a place and their
    summaries share a word. Among equally many pairs those are taken that share most of their
    sentences, then most of the words of their summaries; no code, no date and no party decides.
    `by_code` takes those alone that are alike in more than their place: of one kind and both having
    happened or not, or with a quarter of the words of their summaries; and of these those first
    that both happened or did not, then those of one date, then of one kind.

    >>> from casechron.coding.codebook import codebook
    >>> def coding(*kinds):
    ...     events = {"id": list(map(str, range(len(kinds)))), "kind": kinds}
    ...     events |= {"absence": "", "date": ""}
    ...     places = {"row": events["id"], "source": "s", "paragraph": "1", "sentence": "1"}
    ...     events["summary"] = ["He visits", "He calls"][: len(kinds)]
    ...     tables = {"events": events, "locators": places, "sources": {"id": ["s"]}}
    ...     return {name: pd.DataFrame(table) for name, table in tables.items()}
    >>> one, other = coding("visit", "call"), coding("call", "visit")
    >>> [matched_events(one, other, by_code=by_code) for by_code in (False, True)]
    [{'0': '0', '1': '1'}, {'0': '1', '1': '0'}]
    """
    ours, theirs = _event_marks(one), _event_marks(other)
    sharing: dict[object, list[str]] = by_key(
        (mark, event)
        for event, (places, words, _) in theirs.items()
        for mark in _paragraphs(places) or words
    )

    def score(left: str, right: str) -> int:
        (here, words, codes), (there, words_there, codes_there) = ours[left], theirs[right]
        alike = _share(words, words_there)
        if have_places := any(place[1] for place in here | there):
            common = _share(*_as_fine(here, there))
        absence, kind, date = (
            one == another for one, another in zip(codes, codes_there, strict=True)
        )
        sure = (absence and kind) or alike >= _ALIKE_WORDS
        if not (common if have_places else alike) or (by_code and not sure):
            return 0
        equal = absence * _HAPPENED + (date and bool(codes[2])) * _DATE + kind * _KIND
        return 1 + by_code * equal + (common * _PLACES if have_places else 0) + alike

    pairs = (
        (left, right)
        for left, (places, words, _) in ours.items()
        for right in {
            event for mark in _paragraphs(places) or words for event in sharing.get(mark, ())
        }
    )
    return _one_to_one(ours, theirs, {pair: score(*pair) for pair in pairs})


def _paragraphs(places: Sentences) -> set[tuple[str, str]]:
    return {place[:2] for place in places if place[1]}


def _event_marks(tables: Tables) -> dict[str, tuple[Sentences, frozenset[str], _Codes]]:
    """Each event's places, the words of its summary, whether it did not happen, kind and date."""
    places = sentences_of(tables)
    columns = ("id", "summary", "absence", "kind", "date")
    return {
        event: (places.get(event, _NOWHERE), _words(summary), (bool(absence), kind, date))
        for event, summary, absence, kind, date in rows_in(tables["events"], *columns)
    }


def _words(summary: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{4,}", summary.casefold()))


def _share(one: frozenset[Any], other: frozenset[Any]) -> int:
    """How much of two sets both hold, in thousandths, no less than 1 where they share anything."""
    common = len(one & other)
    return max(1, 1000 * common // len(one | other)) if common else 0


def _as_fine(one: Sentences, other: Sentences) -> tuple[frozenset[Any], frozenset[Any]]:
    """The places of two rows, where one of them names a whole paragraph as paragraphs."""
    whole = {place[:2] for place in one | other if not place[2]}

    def fine(places: Sentences) -> frozenset[Any]:
        return frozenset(place[:2] if place[:2] in whole else place for place in places if place[1])

    return fine(one), fine(other)


def matched_parties(
    one: Tables, other: Tables, events: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Which agencies and which people of one coding are which of another, by table, one to one.

    They are by label, else of one sector or one tie to the child with an event in common, those
    first that have most of them (`events` are the counterparts)."""
    counterparts = {}
    for table, kind_column, parts, party in _PARTIES:
        ours, theirs = (
            {
                who: (label.casefold(), kind)
                for who, label, kind in rows_in(tables[table], "id", "label", kind_column)
            }
            for tables in (one, other)
        )
        here = by_key(
            (who, events.get(event)) for event, who in rows_in(one[parts], "event", party)
        )
        there = by_key((who, event) for event, who in rows_in(other[parts], "event", party))
        scores = {}
        for left, right in product(ours, theirs):
            (label, kind), (other_label, other_kind) = ours[left], theirs[right]
            if label == other_label or kind == other_kind:
                shared = len({*here.get(left, ())} & {*there.get(right, ())})
                # More than one pair fewer of those that are not by label.
                scores[left, right] = shared + 2 * _PAIR * (label == other_label)
        counterparts[table] = _one_to_one(ours, theirs, scores)
    return counterparts
