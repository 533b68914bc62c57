"""How far do two codings of a review agree, and what would each of them conclude?"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from casechron.analysis import agreement as parts
from casechron.analysis import coding_differences as differences
from casechron.analysis.compared import Compared, Side
from casechron.analysis.kept import kept
from casechron.coding.folder import codings_in, is_coding
from casechron.coding.reviews import read_coding
from casechron.review import Review, read_review

__all__ = ["agreement", "coding_differences", "conclusions_compared"]


@kept
def agreement(
    review: Review,
    other: str | Review | None = None,
    *,
    draws: int = parts.DRAWS,
    seed: int = parts.SEED,
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
    pairs = _pairs(review) if other is None else [_compared(review, other)]
    tables = [
        parts.agreement(pair, draws=draws, seed=seed).assign(
            codings=f"{pair.one.name} and {pair.other.name}"
        )
        for pair in pairs
    ]
    tables = tables or [parts.figures_table([]).assign(codings="")]
    table = pd.concat(tables, ignore_index=True)
    return table[["codings", *table.columns.drop("codings")]]


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
    return differences.coding_differences(_compared(review, other))


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
    return parts.conclusions_compared(_compared(review, other))


@kept
def _compared(review: Review, other: str | Review) -> Compared:
    if not isinstance(other, Review):
        read_coding(review.folder, other)  # says which codings there are
        other = read_review(review.folder / "codings" / other, **review.policy.as_parameters())
    if other.policy != review.policy:
        raise ValueError(
            "the two codings are read under different dating policies; read both under one"
        )
    one, two = (_name(each) for each in (review, other))
    names = (one, two) if one != two else (f"{one} (1)", f"{two} (2)")
    sides = (_side(each, name) for each, name in zip((review, other), names, strict=True))
    return Compared(*sides)


def _pairs(review: Review) -> list[Compared]:
    """Every two codings that lie beside the review; the only one and the review's own."""
    whole = review.folder.parents[1] if is_coding(review.folder) else review.folder
    folders = codings_in(whole)[0]
    policy = review.policy.as_parameters()
    beside = [read_review(one, **policy) for one in folders]
    if len(beside) == 1:
        beside.append(read_review(whole, **policy))
    return [_compared(*pair) for pair in combinations(beside, 2)]


def _name(review: Review) -> str:
    """The coder of a coding; the review's own is the final one."""
    _, _, coder = review.meta.id.rpartition("/codings/")
    return coder if coder != review.meta.id else "the final coding"


def _side(review: Review, name: str) -> Side:
    sentences = review.expanded.sentences if review.expanded else {}
    return Side(name, review, sentences)
