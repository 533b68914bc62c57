"""What is told of two codings of a review: contradictions, figures, conclusions that differ, and
the paragraph on reliability for a paper.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.agreement.key_points(cc.agreement(review), cc.unmatched(review))
['This review has been coded once; how another would code it is not known.']
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd

from casechron.analysis.agreement import DRAWS, SAME_WORDS, SEED
from casechron.analysis.coding_differences import DIFFERENT, ONE_ONLY
from casechron.analysis.compared import compared_codings
from casechron.analysis.tables import by_key, to_table
from casechron.coding.files import CODINGS, is_coding, whole_review
from casechron.coding.folder import codings_in
from casechron.coding.messages import watched
from casechron.coding.reviews import read_coding
from casechron.report.text.english import RowCells, capital, listed, noted, rows_by, rows_of
from casechron.review import Review, read_review

_WIDTH, _NOT_ASKED = 100, "not asked"
_HEADS = {
    "events": "Which events there are",
    "codes": "Codes of matched events",
    "sets": "Sets of matched events",
    "dates": "Dates of matched events",
    "order": "Order",
    "conclusions": "What would be concluded",
}


class CodingsError(ValueError):
    """It cannot be told which two codings are meant."""


def codings(folder: Path, other: str | None = None) -> tuple[Review, Review]:
    """The two codings that are meant by a folder and the name of a coder.

    Parameters
    ----------
    folder : pathlib.Path
        A review, or a coding of one.
    other : str, optional
        A coder of that review; without one, the two codings of the review are meant, or the review
        and its only one.

    Returns
    -------
    tuple of Review
        The first and the second coding.

    Raises
    ------
    CodingsError
        Where there is no second coding, or there are more than two and none is named.
    ReviewError
        Where a coding is not there or cannot be read.
    """
    review = whole_review(folder)
    if other is not None:
        if other == review.name and is_coding(folder):
            return read_review(folder), read_review(review)
        coder = other.removeprefix(f"{review.name}/{CODINGS}/")
        read_coding(review, coder)  # says which codings there are
        return read_review(folder), read_review(review / CODINGS / coder)
    coders = codings_in(review)[0]
    names = ", ".join(coding.name for coding in coders)
    if is_coding(folder):
        others = [coding for coding in coders if coding.name != folder.name]
        return read_review(folder), read_review(others[0] if len(others) == 1 else review)
    if not coders:
        raise CodingsError(
            f"the review '{review.name}' has one coding alone; a second one is begun by: casechron"
            f" new {review.name} --coding CODER"
        )
    if len(coders) > 2:
        raise CodingsError(
            f"the review '{review.name}' has {len(coders)} codings: {names}; name two of them, as"
            f" in casechron agree {review.name}/{CODINGS}/{coders[0].name} --with {coders[1].name}"
        )
    first, second = [review, *coders][-2:]
    return read_review(first), read_review(second)


def _compared(first: Review, second: Review) -> dict[str, list[RowCells]]:
    """The rows of each comparison of two codings; it takes seconds."""
    import casechron as cc

    comparisons = {
        "agreement": cc.agreement,
        "differences": cc.coding_differences,
        "conclusions": cc.conclusions_compared,
    }
    names = watched([*comparisons], "compared", "tables")
    return {name: rows_of(comparisons[name](first, second)) for name in names}


def as_json(first: Review, second: Review) -> str:
    """Every figure, difference and conclusion, with the paragraph, as JSON.

    Parameters
    ----------
    first : Review
        The one coding.
    second : Review
        The other, read under the same dating policy.

    Returns
    -------
    str
        An object with `codings`, `paragraph`, `agreement`, `differences`, `conclusions`.
    """
    head = {"codings": [first.meta.id, second.meta.id], "paragraph": reliability(first, second)}
    return json.dumps({**head, **_compared(first, second)}, indent=1)


def agreement_in_words(first: Review, second: Review) -> str:
    """What `casechron agree` says.

    Parameters
    ----------
    first : Review
        The one coding.
    second : Review
        The other, read under the same dating policy.

    Returns
    -------
    str
        Lines of 100 characters at most.
    """
    figures, differences, conclusions = _compared(first, second).values()
    wrapper = textwrap.TextWrapper(_WIDTH, break_on_hyphens=False)
    paper = wrapper.wrap(reliability(first, second))
    wrapper.initial_indent, wrapper.subsequent_indent = "  ", "    "
    lines = [f"{first.meta.id} beside {second.meta.id}", "", *_contradictions(figures, differences)]
    for part, head in _HEADS.items():
        lines += ["", f"{head}:"]
        for figure in _figures_of(figures, part):
            lines += wrapper.wrap(figure)
    apart = [
        f"  {row['about']}, {row['name']}: {row['value'] or _NOT_ASKED} /"
        f" {row['value_other'] or _NOT_ASKED}"
        for row in conclusions
        if row["outcome"] in (DIFFERENT, ONE_ONLY)
    ]
    lines += ["", f"Conclusions that differ: {len(apart) or 'none'}", *apart]
    count = f"{len(differences):,} difference{'' if len(differences) == 1 else 's'}"
    where = "casechron agree --json, or casechron.coding_differences in Python"
    lines += ["", "For a paper:", *paper, ""]
    lines.append(f"{count} to talk about, each beside its place: {where}")
    return "\n".join(lines)


def reliability(first: Review, second: Review) -> str:
    """The paragraph on reliability for the methods section of a paper, with every figure in it.

    Parameters
    ----------
    first, second : Review
        The two codings, read under one dating policy.

    Returns
    -------
    str
        What was compared and how, every figure of `casechron.agreement`, and what the figures do
        not bear.
    """
    import casechron as cc

    policy = first.policy.as_parameters()
    dating = ", ".join(f"{name} = {value}" for name, value in policy.items()) or "as by default"
    compared = compared_codings(first, second)
    sizes = []
    for coding, side in zip((first, second), compared.sides, strict=True):
        whole, part = (len(each.tables["events"]) for each in (coding, side))
        in_part = f", {part:,} of them in what both coded" if part < whole else ""
        sizes.append(f"{coding.meta.id} with {whole:,} events{in_part}")
    chosen = (
        " How the part that both coded was chosen is not recorded." if compared.left_out else ""
    )
    figures = rows_of(cc.agreement(first, second))
    parts = {part: "; ".join(_figures_of(figures, part)) for part in _HEADS}
    return (
        f"Two codings of {first.meta.title.rstrip('.')} ({'; '.join(sizes)}) were compared with"
        f" casechron {cc.__version__} (codebook {first.meta.codebook}; dating policy: {dating})."
        f"{chosen} Which events are the same was decided twice, so that no figure measures the"
        " matching alone: as many pairs as share a sentence, one to one, with no code looked at;"
        " and those alone that also are of one kind and equal in whether they happened, or share a"
        " quarter of the words of their summaries, first those that both happened or did not, then"
        " those of one date, then of one kind. What differs between the two is given as two ends."
        " Intervals in square brackets are 95 % percentile intervals of a bootstrap over the"
        f" {len(compared.drawn)} paragraphs in which an event is told first, an event without a"
        f" place being one ({DRAWS:,} draws, seed {SEED}), the widest of both; of few paragraphs"
        " such intervals are too narrow (Hesterberg 2015, The American Statistician 69, 371-386)."
        f" Events: {parts['events']}. Codes: {parts['codes']}. Sets: {parts['sets']}. Dates:"
        f" {parts['dates']}. Order: {parts['order']}. Numbers and verdicts to which either leads,"
        " events being matched in the second way, with several of one decision and those apart that"
        f" are open or none in each coding that has them: {parts['conclusions']}. These figures are"
        " of events, of their parties, themes, dates and order, and of what is concluded from them;"
        " on findings, views, recommendations, facts and links no agreement was worked out."
        " They say how far the two codings agree, not that either is right; they are evidence of"
        " reliability only as far as the coders worked apart."
    )


def key_points(figures: pd.DataFrame, lost: pd.DataFrame) -> list[str]:
    """What the figures of two codings say, and what they cannot say.

    Parameters
    ----------
    figures : pandas.DataFrame
        What `agreement` gives.
    lost : pandas.DataFrame
        What `unmatched` gives: rows that no row of the review's own coding stands for.

    Returns
    -------
    list of str
        Sentences, the first of which says which codings there are.
    """
    if figures.empty:
        return ["This review has been coded once; how another would code it is not known."]
    sentences = []
    for which, rows in rows_by(figures[figures["measure"] == "count"], "codings").items():
        counts = {row["about"]: row for row in rows if row["part"] == "events"}
        same = counts.pop(SAME_WORDS)
        events = [f"{_counted(row, 'least', 'most')} {about}" for about, row in counts.items()]
        sentences.append(f"Two codings lie side by side, {which}. Events: {listed(events)}.")
        sentences += [f"{capital(row['note'])}." for row in counts.values() if row["note"]]
        if same["most"]:
            sentences.append(
                f"{_counted(same, 'least', 'most')} {SAME_WORDS}: that may be chance, or the two"
                " may not have come about apart."
            )
    sentences.append(
        "The figures are of events alone, not of findings, views or recommendations; they say how"
        " far the codings agree, not that either is right."
    )
    if len(lost):
        sentences.append(
            f"Of the rows of these codings the review's own has {len(lost)} otherwise, as an event"
            " of another kind, or not at all; they are listed, and stay listed."
        )
    return sentences


def by_what(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures, a row for each thing that is compared.

    Parameters
    ----------
    figures : pandas.DataFrame
        What `agreement` gives.

    Returns
    -------
    pandas.DataFrame
        - `codings`, `about` (text): which two, and what is compared
        - `units` (text): how many units, under both ways of matching
        - `figures` (text): each coefficient or number with both ends, and in brackets its interval
        - `note` (text): why one is undefined, what is left out, or that a coding may be mended
    """
    rows = []
    for (which, about), rows_of_thing in groupby(
        rows_of(figures), key=lambda row: (row["codings"], row["about"])
    ):
        of_thing = list(rows_of_thing)
        units = next((_counted(row) for row in of_thing if row["measure"] != "count"), "")
        figures_of = ", ".join(map(_figure, of_thing))
        rows.append((which, about, units, figures_of, "; ".join(_notes(of_thing))))
    return to_table(("codings", "about", "units", "figures", "note"), rows)


def _contradictions(figures: Iterable[RowCells], differences: Iterable[RowCells]) -> Iterator[str]:
    count = next(row for row in figures if row["part"] == "order" and row["measure"] == "count")
    opposed = [row for row in differences if row["part"] == "order"]
    counts = f"{_counted(count, 'least', 'most')} in {_counted(count)} pairs of events"
    if count["least"] != count["most"]:
        counts += ", by which events are taken for the same"
    yield f"Orders that exclude each other: {count['note'] or counts}"
    for row in opposed:
        yield f"  {row['row']}, {row['about']}: {row['says']} / {row['says_other']}"


def _figures_of(figures: Iterable[RowCells], part: str) -> Iterator[str]:
    """The figures of a part in words, those together that are of one thing."""
    of_part = [row for row in figures if row["part"] == part]
    for about, grouped in groupby(of_part, key=lambda row: row["about"]):
        rows = list(grouped)
        notes = _notes(rows)
        units = dict.fromkeys(
            f"n = {_counted(row)}"
            for row in rows
            if row["measure"] != "count" or row["part"] == "order"
        )
        yield f"{noted(about, *units, *notes)}: {', '.join(map(_figure, rows))}"


def _notes(rows: Sequence[RowCells]) -> list[str]:
    """The notes on figures of one thing, each once; one that is not of all names those it is of."""
    of_note = by_key((row["note"], row["measure"]) for row in rows if row["note"])
    return [
        note if len(measures) == len(rows) else f"{', '.join(measures)}: {note}"
        for note, measures in of_note.items()
    ]


def _figure(row: RowCells) -> str:
    if row["measure"] == "count":
        return _counted(row, "least", "most")
    if row["least"] is None:
        return f"{row['measure']} undefined"
    interval = "" if row["low"] is None else f" [{row['low']:.2f} to {row['high']:.2f}]"
    return f"{row['measure']} {_ends(row, 'least', 'most')}{interval}"


def _counted(row: RowCells, low: str = "units_min", high: str = "units_max") -> str:
    return "undefined" if row[low] is None else _ends(row, low, high, ",.0f")


def _ends(row: RowCells, low: str, high: str, form: str = ".2f") -> str:
    low_text, high_text = f"{row[low]:{form}}", f"{row[high]:{form}}"
    return low_text if low_text == high_text else f"{low_text} to {high_text}"
