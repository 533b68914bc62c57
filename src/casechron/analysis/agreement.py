"""How far do two coders agree? Which events there are, their codes, sets, dates and order, and what
is concluded from them.

What is found of matched events hangs on the matching, so each figure has two ends: with as many
pairs as places allow, and with those alone that are alike in more than their place. The intervals
draw paragraphs, not events, since what one paragraph tells hangs together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis import coefficients, quantities
from casechron.analysis.coefficients import Floats, ratio
from casechron.analysis.columns import kept, to_table
from casechron.analysis.compared import (
    Compared,
    Matching,
    Side,
    Unit,
    compared_codings,
    united,
    windows_meet,
)
from casechron.analysis.concerns import by_event
from casechron.analysis.timing import response_gaps
from casechron.analysis.verdicts import UNDETERMINED
from casechron.chronology.day_columns import texts
from casechron.chronology.network import OPEN
from casechron.coding.folder import codings_in, is_coding
from casechron.review import Review, read_review

__all__ = ["agreement", "conclusions_compared"]

DRAWS, SEED = 2000, 1
SAME_WORDS = "summaries that are the same word for word"
MEETINGS = ("equal", "nested", "overlapping", "disjoint")
#: How what two codings say of one conclusion lies together.
SAME, WITHIN, OVERLAPPING = "the same", "one within the other", "overlapping"
DIFFERENT, ONE_ONLY = "different", "in one coding only"
_NOTHING_VARIES = "undefined: nothing varies"
_NO_UNITS = "undefined: nothing to compare"
_NOT_ADMISSIBLE = "undefined: one of the codings admits no chronology"
Measure = Callable[[Sequence[tuple[Any, Any]], Floats | None], Floats]
_OF_CODES: dict[str, Measure] = {
    "agreement": coefficients.observed_agreement,
    "kappa": coefficients.cohen_kappa,
    "AC1": coefficients.gwet_ac1,
    "alpha": coefficients.krippendorff_alpha,
}


def _mean(of: Callable[[Any, Any], float]) -> Measure:
    """The mean of what is found of two values, over units."""

    def mean(units: Sequence[tuple[Any, Any]], weights: Floats | None) -> Floats:
        values = np.array([of(one, other) for one, other in units], dtype=float)
        drawn = np.ones(len(units)) if weights is None else weights
        return ratio(drawn @ values, drawn.sum(axis=-1))

    return mean


def _alpha(distance: Callable[[Any, Any], float]) -> Measure:
    return lambda units, weights: coefficients.krippendorff_alpha(units, weights, distance)


_OF_SETS: dict[str, Measure] = {
    "Jaccard": _mean(coefficients.jaccard),
    "MASI": _mean(lambda one, other: 1 - coefficients.masi_distance(one, other)),
    "alpha (MASI)": _alpha(coefficients.masi_distance),
}


def _meets(how: str) -> Measure:
    return _mean(lambda one, other: windows_meet(one, other) == how)


_OF_WINDOWS = {how: _meets(how) for how in MEETINGS}


class _Figure(NamedTuple):
    """One row of the table: its two ends, with what a bootstrap makes of each; `why` it is
    undefined, where that is known."""

    part: str
    about: str
    measure: str
    units: tuple[int, ...]
    values: tuple[float, ...]
    drawn: tuple[Floats, ...] = ()
    note: str = ""
    why: str = ""

    @property
    def row(self) -> tuple[Any, ...]:
        """The row of the table."""
        known = [value for value in self.values if not np.isnan(value)]
        # Where the draws of one end are alike, it is its own interval; where those of both are,
        # they tell nothing.
        ends = [
            np.nanquantile(draws, [0.025, 0.975]) if _varies(draws) else (value, value)
            for value, draws in zip(self.values, self.drawn, strict=False)
            if not np.isnan(value) and any(map(_varies, self.drawn))
        ]
        without = [int(np.isnan(draws).sum()) for draws in self.drawn]
        defined = len(known) == len(self.values)
        notes = [self.note] if self.note else []
        if not defined:
            notes.append(self.why or (_NOTHING_VARIES if max(self.units) else _NO_UNITS))
        elif self.drawn and not ends:
            notes.append("no interval, all draws being alike")
        elif any(without):
            share = f"{max(without)} of {len(self.drawn[0])} draws"
            notes.append(f"without {share} in which nothing varies")
        span: Any = (min(known), max(known)) if defined else (None, None)
        if ends:
            span += min(low for low, _ in ends), max(high for _, high in ends)
        else:
            span += None, None
        return *self[:3], min(self.units), max(self.units), *span, "; ".join(notes)


def _varies(draws: Floats) -> bool:
    known = draws[~np.isnan(draws)]
    return bool(len(known)) and bool(np.ptp(known) > 0)


class _Draws:
    """How often each paragraph is drawn, in each draw; each event counts as often as its own."""

    def __init__(self, compared: Compared, draws: int, seed: int) -> None:
        self._paragraphs = compared.paragraphs
        there = {place for places in self._paragraphs for place in places.values()}
        self._place = {paragraph: at for at, paragraph in enumerate(sorted(there, key=str))}
        count = len(self._place)
        self._drawn: Floats = np.zeros((draws, count))
        if count:
            drawn = np.random.default_rng(seed).multinomial(count, [1 / count] * count, size=draws)
            self._drawn += drawn

    def of(self, events: Iterable[str], side: int = 0) -> Floats:
        """The weight of events of one coding, a row for each draw."""
        paragraph_of = self._paragraphs[side]
        return self._drawn[:, [self._place[paragraph_of[event]] for event in events]]


@kept
def agreement(
    review: Review,
    other: str | Review | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """How far do two codings of a review agree?

    Which events are the same is decided twice: as many pairs as share a sentence, whatever their
    codes; and those alone that also are of one kind and equal in whether they happened, or share a
    quarter of the words of their summaries. A figure that hangs on that has two ends, `least` and
    `most`; one number would measure the matching too. Of two coders who were made to differ at
    known rates the ends hold these rates to within an event.

    The coefficients are those of Cohen (kappa), Gwet (AC1) and Krippendorff (alpha; u-alpha for
    finding units in a text), of Passonneau for sets (MASI) and of UzZaman and Allen for order
    (temporal awareness). Where nothing varies they are undefined, and the note says so.

    Figures of agreement tell neither that a coding is right nor, where the coders knew of each
    other, that others would code so.

    Parameters
    ----------
    review : Review
        As `read_review` gives it; a coding too, as ``read_review("ID/codings/CODER")``.
    other : str or Review, optional
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review. Without
        one, every two of those in ``codings/``, or the only one and the review's own.
    draws : int, default 2000
        How often the paragraphs are drawn for an interval.
    seed : int, default 1
        The seed of the draws: the same one gives the same intervals.

    Returns
    -------
    pandas.DataFrame
        One row per figure; none where there is one coding alone.

        - `codings` (text): which two they are
        - `part` (text): 'events' (which there are), 'codes' and 'sets' (of matched events),
          'dates', 'order' or 'conclusions'
        - `about` (text): what is compared, such as 'kind' or 'agencies'
        - `measure` (text): 'count', 'share', 'agreement' (the share of units with one code),
          'kappa', 'AC1', 'alpha' and so on
        - `units_min`, `units_max` (count): how many units are compared, in both ways of matching;
          of u-alpha sentences
        - `least`, `most` (share; <NA>: undefined): the figure under both ways of matching, the
          lower one first
        - `low`, `high` (share; <NA>: none): the ends of both 95 % intervals, which draw paragraphs
        - `note` (text): why a figure is undefined, or what is left out of it

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the two are read under different dating policies.

    See Also
    --------
    coding_differences : each difference, to be talked about.
    conclusions_compared : what would be concluded from each.
    unmatched : the rows of a coding that the review has lost.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> found = cc.agreement(review, review)
    >>> found.loc[found["about"] == "kind", ["measure", "units_min", "least", "most", "note"]]
          measure  units_min  least  most                                note
    7   agreement         16    1.0   1.0  no interval, all draws being alike
    8       kappa         16    1.0   1.0  no interval, all draws being alike
    9         AC1         16    1.0   1.0  no interval, all draws being alike
    10      alpha         16    1.0   1.0  no interval, all draws being alike
    """
    pairs = _pairs(review) if other is None else [compared_codings(review, other)]
    tables = [
        _figures(pair, draws=draws, seed=seed).assign(
            codings=f"{pair.one.name} and {pair.other.name}"
        )
        for pair in pairs
    ]
    tables = tables or [_figures_table([]).assign(codings="")]
    table = pd.concat(tables, ignore_index=True)
    return table[["codings", *table.columns.drop("codings")]]


def _pairs(review: Review) -> list[Compared]:
    """Every two codings that lie beside the review; the only one and the review's own."""
    whole = review.folder.parents[1] if is_coding(review.folder) else review.folder
    folders = codings_in(whole)[0]
    policy = review.policy.as_parameters()
    beside = [read_review(folder, **policy) for folder in folders]
    if len(beside) == 1:
        beside.append(read_review(whole, **policy))
    return [compared_codings(*pair) for pair in combinations(beside, 2)]


def _figures(compared: Compared, *, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """How far two codings agree, a row a figure."""
    drawn = _Draws(compared, draws, seed)
    figures = [*_events(compared, drawn)]
    for part, units, measures in (
        ("codes", Compared.codes, _OF_CODES),
        ("sets", Compared.sets, _OF_SETS),
        ("dates", _dated, _OF_CODES),
    ):
        both = [units(compared, matching) for matching in compared.matchings]
        for about in both[0]:
            figures += _measured(part, about, [pairs[about] for pairs in both], measures, drawn)
    figures += [*_windows(compared, drawn), *_order(compared), *_concluded(compared)]
    return _figures_table([figure.row for figure in figures])


def _figures_table(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Figures as a table, which has its columns and their kinds where there are none too."""
    names = ("part", "about", "measure", "units_min", "units_max", "least", "most", "low", "high")
    kinds = dict.fromkeys(names[3:5], "int64") | dict.fromkeys(names[5:], "Float64")
    return to_table((*names, "note"), rows, **kinds)


def _measured(
    part: str,
    about: str,
    units: Sequence[Sequence[Unit]],
    measures: Mapping[str, Measure],
    drawn: _Draws,
    note: str = "",
) -> Iterable[_Figure]:
    weights = [drawn.of([unit.event for unit in matched]) for matched in units]
    values = [[unit.values for unit in matched] for matched in units]
    numbers = tuple(map(len, units))
    for name, measure in measures.items():
        both = tuple(float(measure(pairs, None)) for pairs in values)
        draws = tuple(measure(pairs, weight) for pairs, weight in zip(values, weights, strict=True))
        yield _Figure(part, about, name, numbers, both, draws, note)


def _dated(compared: Compared, matching: Matching) -> dict[str, list[Unit]]:
    return {"dated at all": compared.dated(matching)}


def _count(part: str, about: str, counts: Iterable[int], note: str = "") -> _Figure:
    numbers = tuple(counts)
    return _Figure(part, about, "count", numbers, tuple(map(float, numbers)), note=note)


def _events(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """Which events exist: in both codings, in one alone; specific agreement, and u-alpha."""
    sides = compared.sides
    ids = [side.tables["events"]["id"].tolist() for side in sides]
    matched = [matching.events for matching in compared.matchings]
    yield _count("events", "in both codings", map(len, matched))
    for at, side in enumerate(sides):
        yield _count(
            "events", f"only in {side.name}", (len(ids[at]) - len(pairs) for pairs in matched)
        )
    whole = sum(drawn.of(events, at).sum(axis=1) for at, events in enumerate(ids))
    both = [
        drawn.of(pairs).sum(axis=1) + drawn.of(pairs.values(), 1).sum(axis=1) for pairs in matched
    ]
    total = len(ids[0]) + len(ids[1])
    shares = tuple(2 * len(pairs) / total if total else np.nan for pairs in matched)
    draws = tuple(ratio(weight, whole) for weight in both)
    measure = "positive specific agreement"
    yield _Figure("events", "in both codings", measure, (total, total), shares, draws)
    sentences, runs = compared.continuum
    length = len(sentences)
    merged = [{"any": united(run for spans in coder.values() for run in spans)} for coder in runs]
    why = "undefined: no text of a source is located"
    for about, coders in (("where events are told", merged), ("where each kind is told", runs)):
        alpha = coefficients.unitizing_alpha(coders, length) if length else np.nan
        yield _Figure("events", about, "u-alpha", (length,) * 2, (alpha,) * 2, why=why)
    summaries, theirs = (by_event(side.tables, "summary") for side in sides)
    same = (
        sum(summaries[ours] == theirs[their] for ours, their in pairs.items()) for pairs in matched
    )
    yield _count("events", SAME_WORDS, same)


def _windows(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """How the windows of dates lie, and alpha where both are bounded."""
    both = [compared.windows(matching) for matching in compared.matchings]
    yield from _measured("dates", "windows", both, _OF_WINDOWS, drawn)
    bounded = [
        [unit for unit in units if all(abs(day) < OPEN for each in unit.values for day in each)]
        for units in both
    ]
    open_ = max(len(units) - len(closed) for units, closed in zip(both, bounded, strict=True))
    note = f"without {open_} that are open on a side" if open_ else ""
    alpha = {"alpha (Hausdorff)": _alpha(coefficients.window_distance)}
    yield from _measured("dates", "bounded windows", bounded, alpha, drawn, note)


def _order(compared: Compared) -> Iterable[_Figure]:
    """Contradictions of order, and temporal awareness both ways."""
    admissible = compared.one.chronology.admissible and compared.other.chronology.admissible
    why = "" if admissible else _NOT_ADMISSIBLE
    contradictions = [compared.contradictions(matching) for matching in compared.matchings]
    about = "pairs of events with orders that exclude each other"
    units = tuple(pairs for _, pairs in contradictions)
    counts = tuple(float(len(pairs)) if admissible else np.nan for pairs, _ in contradictions)
    yield _Figure("order", about, "count", units, counts, why=why)
    shares, numbers = [], []
    for theirs in (False, True):
        side, over = compared.sides[:: -1 if theirs else 1]
        entailed = [compared.entailed(matching, theirs=theirs) for matching in compared.matchings]
        asked = [[known for known in answers.values() if known is not None] for answers in entailed]
        shares.append([sum(known) / len(known) if known else np.nan for known in asked])
        stated = f"of {len(entailed[0])} those with a counterpart of both events"
        about = f"relations of {side.name} that follow from {over.name}"
        numbers.append(tuple(map(len, asked)))
        yield _Figure("order", about, "share", numbers[-1], tuple(shares[-1]), note=stated, why=why)
    both = tuple(
        2 * one * other / (one + other) if one + other else 0.0
        for one, other in zip(*shares, strict=True)
    )
    units = tuple(map(sum, zip(*numbers, strict=True)))
    yield _Figure("order", "temporal awareness, both ways", "F1", units, both, why=why)


def _concluded(compared: Compared) -> Iterable[_Figure]:
    table = _conclusions(compared)
    both = table["outcome"] != ONE_ONLY
    asked = int(both.sum())
    for outcome in (SAME, WITHIN, OVERLAPPING, DIFFERENT):
        share = float((table["outcome"] == outcome).sum()) / asked if asked else np.nan
        yield _Figure("conclusions", outcome, "share", (asked,) * 2, (share,) * 2)
    yield _count("conclusions", ONE_ONLY, (int((~both).sum()),) * 2)


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
        One row per number or verdict that `sensitivity` tries, and that either coding settles.

        - `about`, `name` (text): as in `sensitivity`; events of the other coding go by the ids of
          their counterparts
        - `value`, `value_other` (text): what is said under each; empty where it is not asked
        - `outcome` (text): 'the same', 'one within the other' (the one says no more than the other
          admits), 'overlapping', 'different' or 'in one coding only'

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
    >>> cc.conclusions_compared(review, review)["outcome"].unique().tolist()
    ['the same']
    """
    return _conclusions(compared_codings(review, other))


def _conclusions(compared: Compared) -> pd.DataFrame:
    """What would be concluded from each of two codings, a row a number or verdict."""
    same = compared.matchings[1]
    others = compared.other.tables["events"]["id"].tolist()
    names = {event: f"{event} of {compared.other.name}" for event in others}
    for counterparts in same:
        names |= {there: here for here, there in counterparts.items()}
    ours, theirs = _values(compared.one), _values(_renamed(compared.other, names, compared.one))
    kinds = {quantity.about: quantity for quantity in quantities.QUANTITIES}
    rows = []
    for key in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(key), theirs.get(key)
        words = [kinds[key[0]].words(value) if value is not None else "" for value in (one, other)]
        if words[0] in quantities.UNKNOWN and words[1] in quantities.UNKNOWN:
            continue
        rows.append((*key, *words, _outcome(kinds[key[0]], one, other)))
    return to_table(("about", "name", "value", "value_other", "outcome"), rows)


def _values(side: Side) -> dict[tuple[str, str], quantities.Value]:
    """What is printed of a coding, by what it is about and its name."""
    if not side.chronology.admissible:
        return {}
    jurisdiction, gaps = side.review.meta.jurisdiction, response_gaps(side.review)
    asked = quantities.Asked(dict(side.tables), side.chronology, jurisdiction, "", gaps, (), {})
    return quantities.values_of(asked)


def _renamed(side: Side, names: Mapping[str, str], like: Side) -> Side:
    """The same coding with other ids, wherever they stand, and its events in the order of those of
    another: pairs are named by it."""
    where = {
        *("row", "event", "agency", "person", "from_event", "to_event", "from_row", "to_row"),
        *("holder", "attributed_to", "addressed_to", "may_be"),
    }
    tables = {}
    for table, frame in side.tables.items():
        columns = where | ({"id"} if table in ("events", "agencies", "people") else set())
        tables[table] = frame.assign(
            **{
                column: texts(
                    # Of whom an agency can be there are several in one cell.
                    "; ".join(names.get(party, party) for party in cell.split("; "))
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


def _outcome(
    kind: quantities.Quantity, one: quantities.Value | None, other: quantities.Value | None
) -> str:
    if one is None or other is None:
        return ONE_ONLY
    if one == other:
        return SAME
    if not (isinstance(one, quantities.Span) and isinstance(other, quantities.Span)):
        left_open = {*quantities.UNKNOWN, UNDETERMINED}.intersection([*one, *other])
        firmer = kind.holds(one, other) or kind.holds(other, one)
        return WITHIN if left_open or firmer else DIFFERENT
    if quantities.inside(one, other) or quantities.inside(other, one):
        return WITHIN
    first = max((end for end in (one.least, other.least) if end is not None), default=-np.inf)
    last = min((end for end in (one.most, other.most) if end is not None), default=np.inf)
    return OVERLAPPING if first <= last else DIFFERENT
