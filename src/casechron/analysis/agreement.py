"""How far do two coders agree? Which events there are, their codes, sets, dates and order, and what
is concluded from them.

What is found of matched events hangs on the matching, so each figure has two ends: with as many
pairs as places allow, and with those alone that are alike in more than their place. The intervals
draw paragraphs, not events, since what one paragraph tells hangs together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.coding_differences import CONCLUDED, NOT_DRAWN, conclusions_of
from casechron.analysis.compared import (
    Compared,
    Unit,
    compared_codings,
    jaccard,
    masi_distance,
    unitizing_alpha,
    window_distance,
    windows_meet,
)
from casechron.analysis.concerns import by_event
from casechron.analysis.counterparts import codings_beside, dating_of
from casechron.analysis.tables import as_in_help, kept
from casechron.chronology.network import OPEN
from casechron.coding.files import whole_review
from casechron.review import Review, read_review

__all__ = ["agreement"]

DRAWS, SEED = 2000, 1
SAME_WORDS = "summaries that are the same word for word"
MEETINGS = ("equal", "nested", "overlapping", "disjoint")
_NOTHING_VARIES = "undefined: nothing varies"
_NO_UNITS = "undefined: nothing to compare"
_NOT_ADMISSIBLE = "undefined: one of the codings admits no chronology"

# Coefficients take units, each the values that its coders gave it, in a sequence. `weights` has a
# row for each draw of a bootstrap, which says how often each unit counts in it; the result has a
# number for each row. It is NaN where all values are equal: chance then leads to no disagreement.

Floats = NDArray[np.float64]
Distance = Callable[[Any, Any], float]
Units = Sequence[Sequence[Hashable]]


def nominal(one: object, other: object) -> float:
    """0 for equal values, 1 for others."""
    return float(one != other)


class _Counted(NamedTuple):
    """Which unit was given which value how often, the values, and the weights of the units."""

    counts: Floats
    values: list[Any]
    weights: Floats

    @classmethod
    def of(cls, units: Units, weights: Floats | None) -> _Counted:
        values = list(dict.fromkeys(value for unit in units for value in unit))
        place = {value: at for at, value in enumerate(values)}
        counts = np.zeros((len(units), len(values)))
        for row, unit in zip(counts, units, strict=True):
            for value in unit:
                row[place[value]] += 1
        return cls(counts, values, np.ones(len(units)) if weights is None else weights)

    def agreement(self) -> Floats:
        """The share of pairs of coders that agree on a unit, over the units that two coded."""
        coders = self.counts.sum(axis=1)
        pairs = coders * (coders - 1)
        agree = (self.counts * (self.counts - 1)).sum(axis=1)
        weights = self.weights * (coders > 1)
        return ratio(weights @ (agree / np.where(pairs, pairs, 1)), weights.sum(axis=-1))

    def shares(self) -> Floats:
        """How often each value was given, each unit counting once."""
        coders = self.counts.sum(axis=1, keepdims=True)
        weights = self.weights * (coders[:, 0] > 0)
        of_units = self.counts / np.where(coders, coders, 1)
        return ratio(weights @ of_units, weights.sum(axis=-1, keepdims=True))


def observed_agreement(units: Units, weights: Floats | None = None) -> Floats:
    """The share of pairs of coders that give a unit the same value."""
    return _Counted.of(units, weights).agreement()


def cohen_kappa(
    units: Units, weights: Floats | None = None, distance: Distance = nominal
) -> Floats:
    """Cohen's kappa for two coders, each with their own shares of the values; weighted by a
    distance (Cohen 1960, 1968).

    >>> units = [("a", "b")] * 4 + [("a", "c")] + [("b", "b")] * 8 + [("c", "b")] + [("c", "c")] * 5
    >>> round(float(cohen_kappa(units)), 4)
    0.4842
    """
    counted = _Counted.of(units, weights)
    apart = _distances(counted.values, distance)
    first, second = (_Counted.of([(unit[at],) for unit in units], weights) for at in (0, 1))
    places = [[counted.values.index(value) for value in side.values] for side in (first, second)]
    observed = counted.weights @ np.array([distance(*unit) for unit in units], dtype=float)
    total = counted.weights.sum(axis=-1)
    by_chance = apart[np.ix_(*places)]
    expected = (first.shares() @ by_chance * second.shares()).sum(axis=-1)
    return 1 - ratio(ratio(observed, total), expected)


def gwet_ac1(units: Units, weights: Floats | None = None) -> Floats:
    """Gwet's AC1, over the values that any coder used: it stays high where nearly all units have
    one value, as kappa does not (Gwet 2008, British Journal of Mathematical and Statistical
    Psychology 61, 29-48)."""
    counted = _Counted.of(units, weights)
    shares = counted.shares()
    chance = ratio((shares * (1 - shares)).sum(axis=-1), np.float64(len(counted.values) - 1))
    return ratio(counted.agreement() - chance, 1 - chance)


def krippendorff_alpha(
    units: Units, weights: Floats | None = None, distance: Distance = nominal
) -> Floats:
    """Krippendorff's alpha for any number of coders, missing values left out, and any distance,
    such as `window_distance` and `masi_distance` (Krippendorff 2019, Content Analysis, 4th ed.).

    >>> round(float(krippendorff_alpha([(1, 1), (1, 2), (2, 2), (3, 3)])), 3)
    0.667
    """
    counted = _Counted.of(units, weights)
    counts, coders = counted.counts, counted.counts.sum(axis=1)
    apart = _distances(counted.values, distance)
    weights = counted.weights * (coders > 1)
    within = (counts @ apart * counts).sum(axis=1) / np.where(coders > 1, coders - 1, 1)
    number, pooled = weights @ coders, weights @ counts
    observed = ratio(weights @ within, number)
    expected = (pooled @ apart * pooled).sum(axis=-1)
    return 1 - ratio(observed, ratio(expected, number * (number - 1)))


def _distances(values: Sequence[Any], distance: Distance) -> Floats:
    distances = [[distance(one, other) for other in values] for one in values]
    return np.array(distances, dtype=float).reshape(len(values), len(values))


def ratio(part: Any, whole: Any) -> Floats:
    """A quotient; NaN where the whole is 0 but for rounding."""
    whole = np.asarray(whole, dtype=float)
    none = np.abs(whole) < 1e-12
    return np.where(none, np.nan, np.asarray(part, dtype=float) / np.where(none, 1.0, whole))


# Figures

Measure = Callable[[Sequence[tuple[Any, Any]], Floats | None], Floats]
_OF_CODES: dict[str, Measure] = {
    "agreement": observed_agreement,
    "kappa": cohen_kappa,
    "AC1": gwet_ac1,
    "alpha": krippendorff_alpha,
}


def _mean(score: Callable[[Any, Any], float]) -> Measure:
    """The mean over units of a score of the two values of each."""

    def mean(units: Sequence[tuple[Any, Any]], weights: Floats | None) -> Floats:
        values = np.array([score(one, other) for one, other in units], dtype=float)
        drawn = np.ones(len(units)) if weights is None else weights
        return ratio(drawn @ values, drawn.sum(axis=-1))

    return mean


_OF_SETS: dict[str, Measure] = {
    "Jaccard": _mean(jaccard),
    "MASI": _mean(lambda one, other: 1 - masi_distance(one, other)),
    "alpha (MASI)": partial(krippendorff_alpha, distance=masi_distance),
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
        known = [at for at, value in enumerate(self.values) if not np.isnan(value)]
        ends = [self.values[at] for at in known]
        drawn = [self.drawn[at] for at in known if self.drawn]
        # Where all draws of one end are alike, it is its own interval; where those of both are,
        # they tell nothing.
        intervals = [
            np.nanquantile(draws, [0.025, 0.975]) if _varies(draws) else (value, value)
            for value, draws in zip(ends, drawn, strict=False)
            if any(map(_varies, drawn))
        ]
        undefined = max((int(np.isnan(draws).sum()) for draws in drawn), default=0)
        notes = [
            self.note,
            "" if known else self.why or (_NOTHING_VARIES if max(self.units) else _NO_UNITS),
            "undefined in one of the two ways of matching" * (0 < len(ends) < len(self.values)),
            "no interval, all draws being alike" * (bool(drawn) and not intervals),
        ]
        if undefined:
            notes.append(f"without {undefined} of {len(drawn[0])} draws in which it is undefined")
        lows, highs = zip(*intervals, strict=True) if intervals else ((), ())
        return (
            *(self.part, self.about, self.measure, min(self.units), max(self.units)),
            *(min(ends, default=None), max(ends, default=None)),
            *(min(lows, default=None), max(highs, default=None), "; ".join(filter(None, notes))),
        )


def _varies(draws: Floats) -> bool:
    return len({*draws[~np.isnan(draws)].tolist()}) > 1


class _Draws:
    """How often each paragraph is drawn, in each draw; each event counts as often as its own."""

    def __init__(self, compared: Compared, draws: int, seed: int) -> None:
        self._paragraphs = compared.paragraphs
        self._column_of = {paragraph: at for at, paragraph in enumerate(compared.drawn)}
        count = len(self._column_of)
        self._drawn: Floats = np.zeros((draws, count))
        if count:
            self._drawn += np.random.default_rng(seed).multinomial(
                count, [1 / count] * count, draws
            )

    def of(self, events: Iterable[str], side: int = 0) -> Floats:
        """The weight of events of one coding, a row for each draw."""
        paragraph_of = self._paragraphs[side]
        return self._drawn[:, [self._column_of[paragraph_of[event]] for event in events]]


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
    quarter of the words of their summaries. Of several pairings as large, that with most sentences,
    then words, in common is taken; in the second way that with most pairs that both happened or did
    not, then of one date, of one kind, then as in the first. A figure that hangs on that has two
    ends, `least` and `most`; one number would measure the matching too. Of two coders who were made
    to differ at known rates the ends hold these rates to within an event. What rests on paragraphs
    alone that a coder marks as `not-coded` in coverage.csv is compared in neither.

    The coefficients are those of Cohen (kappa), Gwet (AC1) and Krippendorff (alpha; u-alpha for
    finding units in a text), of Passonneau for sets (MASI) and of UzZaman and Allen for order
    (temporal awareness). Where nothing varies they are undefined, and the note says so. Where
    events are told is asked sentence by sentence, however these are cut into events.

    Figures of agreement tell neither that a coding is right nor, where the coders knew of each
    other, that others would code so. Findings, views, recommendations, facts and links have none:
    `coding_differences` lists where they differ.

    Parameters
    ----------
    review : Review
        As `read_review` gives it; a coding too, as ``read_review("ID/codings/CODER")``.
    other : str or Review, optional
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review. Without
        one, every two of those in ``codings/``, or the review's own and the only one.
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
          of where events and kinds are told, sentences
        - `least`, `most` (share; <NA>: undefined): the figure under both ways of matching, the
          lower one first; of one alone where the other leaves it undefined
        - `low`, `high` (share; <NA>: none): the ends of both 95 % intervals, which draw paragraphs
        - `note` (text): why a figure is undefined, what is left out, or that a coding may be mended

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.
    ValueError
        Where the two are of different reviews, or read under different dating policies (their
        `readings` aside); for `draws` or `seed` that is no whole number or is below 0.

    See Also
    --------
    coding_differences : each difference, to be talked about.
    conclusions_compared : what would be concluded from each.
    unmatched : the rows of a coding that the review has lost.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> figures = cc.agreement(review, review)
    >>> figures.loc[figures["about"] == "kind", ["measure", "units_min", "least", "most", "note"]]
          measure  units_min  least  most                                note
    7   agreement         16    1.0   1.0  no interval, all draws being alike
    8       kappa         16    1.0   1.0  no interval, all draws being alike
    9         AC1         16    1.0   1.0  no interval, all draws being alike
    10      alpha         16    1.0   1.0  no interval, all draws being alike
    """
    pairs = _pairs(review) if other is None else [compared_codings(review, other)]
    return figures_of(pairs, draws=draws, seed=seed)


def figures_of(pairs: Iterable[Compared], *, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """How far the two codings of each pair agree, a row a figure."""
    rows = [
        (f"{pair.one.name} and {pair.other.name}", *figure.row)
        for pair in pairs
        for figure in _figures(pair, _Draws(pair, draws, seed))
    ]
    return as_in_help(agreement, rows)


def _pairs(review: Review) -> list[Compared]:
    """Every two codings that lie beside the review; its own and the only one."""
    whole = whole_review(review.folder)
    beside = [*codings_beside(review, whole)]
    if len(beside) == 1:
        reviews_own = review if review.folder == whole else read_review(whole, **dating_of(review))
        beside.insert(0, reviews_own)
    return [compared_codings(*pair) for pair in combinations(beside, 2)]


def _figures(compared: Compared, drawn: _Draws) -> Iterator[_Figure]:
    """Every figure of two codings, in the order of the table."""
    yield from _events(compared, drawn)
    for part, units, measures in (
        ("codes", compared.codes, _OF_CODES),
        ("sets", compared.sets, _OF_SETS),
        ("dates", lambda matching: {"dated at all": compared.dated(matching)}, _OF_CODES),
    ):
        by_matching = [units(matching) for matching in compared.matchings]
        for about in by_matching[0]:
            matched = [by_name[about] for by_name in by_matching]
            yield from _measured(part, about, matched, measures, drawn)
    yield from _windows(compared, drawn)
    yield from _order(compared)
    yield from _concluded(compared)


def _measured(
    part: str,
    about: str,
    units: Sequence[Sequence[Unit]],
    measures: Mapping[str, Measure],
    drawn: _Draws,
    note: str = "",
) -> Iterable[_Figure]:
    """Each measure of some units, as matched in both ways."""
    weights = [drawn.of([unit.event for unit in matched]) for matched in units]
    pairs = [[unit.values for unit in matched] for matched in units]
    for name, measure in measures.items():
        values = tuple(float(measure(pairs_matched, None)) for pairs_matched in pairs)
        draws = tuple(map(measure, pairs, weights))
        yield _Figure(part, about, name, tuple(map(len, units)), values, draws, note)


def _count(part: str, about: str, counts: Iterable[int], note: str = "") -> _Figure:
    numbers = tuple(counts)
    return _Figure(part, about, "count", numbers, tuple(map(float, numbers)), note=note)


def _events(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """Which events exist: in both codings, in one alone; specific agreement, and u-alpha."""
    sides = compared.sides
    ids = [side.tables["events"]["id"].tolist() for side in sides]
    matched = [matching.events for matching in compared.matchings]
    yield _count("events", "in both codings", map(len, matched), compared.notes)
    for events, side in zip(ids, sides, strict=True):
        alone = (len(events) - len(pairs) for pairs in matched)
        yield _count("events", f"only in {side.name}", alone)

    def weight(events: Iterable[str], counterparts: Iterable[str]) -> Floats:
        total: Floats = drawn.of(events).sum(axis=1) + drawn.of(counterparts, 1).sum(axis=1)
        return total

    total, whole = len(ids[0]) + len(ids[1]), weight(*ids)
    shares = tuple(2 * len(pairs) / total if total else np.nan for pairs in matched)
    draws = tuple(ratio(weight(pairs, pairs.values()), whole) for pairs in matched)
    measure = "positive specific agreement"
    yield _Figure("events", "in both codings", measure, (total, total), shares, draws)
    sentences, runs = compared.continuum
    length, why = len(sentences), "" if sentences else "undefined: no text of a source is located"
    spans = (chain(*coder.values()) for coder in runs)
    told = [{at for first, size in each for at in range(first, first + size)} for each in spans]
    of_sentences = [tuple(at in places for places in told) for at in range(length)]
    for about, measure, alpha in (
        ("where events are told", "alpha", float(krippendorff_alpha(of_sentences))),
        ("where each kind is told", "u-alpha", unitizing_alpha(runs, length) if length else np.nan),
    ):
        yield _Figure("events", about, measure, (length,) * 2, (alpha,) * 2, why=why)
    summaries, summaries_other = (by_event(side.tables, "summary") for side in sides)
    same = (
        sum(summaries[row] == summaries_other[row_other] for row, row_other in pairs.items())
        for pairs in matched
    )
    yield _count("events", SAME_WORDS, same)


def _windows(compared: Compared, drawn: _Draws) -> Iterable[_Figure]:
    """How the windows of dates lie, and alpha where both are bounded."""
    matched = [compared.windows(matching) for matching in compared.matchings]
    yield from _measured("dates", "windows", matched, _OF_WINDOWS, drawn)
    bounded = [
        [unit for unit in units if all(abs(day) < OPEN for each in unit.values for day in each)]
        for units in matched
    ]
    left_out = max(len(units) - len(closed) for units, closed in zip(matched, bounded, strict=True))
    note = f"without {left_out} that are open on a side" if left_out else ""
    alpha = {"alpha (squared Hausdorff)": partial(krippendorff_alpha, distance=window_distance)}
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
        decided = [[yes for yes in follows.values() if yes is not None] for follows in entailed]
        shares.append(tuple(sum(known) / len(known) if known else np.nan for known in decided))
        numbers.append(tuple(map(len, decided)))
        note = f"of {len(entailed[0])} those with a counterpart of both events"
        about = f"relations of {side.name} that follow from {over.name}"
        yield _Figure("order", about, "share", numbers[-1], shares[-1], note=note, why=why)
    harmonic_means = tuple(
        2 * precision * recall / (precision + recall) if precision + recall else 0.0
        for precision, recall in zip(*shares, strict=True)
    )
    units = tuple(map(sum, zip(*numbers, strict=True)))
    yield _Figure("order", "temporal awareness, both ways", "F1", units, harmonic_means, why=why)


def _concluded(compared: Compared) -> Iterable[_Figure]:
    table = conclusions_of(compared)
    counts = {**table["outcome"].value_counts()}
    not_drawn = int(counts.get(NOT_DRAWN, 0))
    drawn = len(table) - not_drawn
    for outcome in CONCLUDED:
        share = counts.get(outcome, 0) / drawn if drawn else np.nan
        yield _Figure("conclusions", outcome, "share", (drawn,) * 2, (share,) * 2)
    yield _count("conclusions", NOT_DRAWN, (not_drawn,) * 2)
