"""What did the review find, on what, and what does it recommend? The sentences of that page.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> trace, recorded = cc.traceability(review), cc.findings_and_recommendations(review)
>>> resting = cc.words.learning.rests_on(trace, cc.chronicle(review), review.tables)
>>> [card.title for card in cc.words.learning.cards(trace, recorded, resting)]
['Visit soon after a referral', 'Found, and tied to no recommendation that is told here']
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from casechron.analysis.tables import Tables, by_key, rows_in, to_table
from casechron.analysis.windows import day_words, ends_in_words
from casechron.coding.codebook import AS_JUDGED
from casechron.report.about import the_source
from casechron.report.draw.findings import GOOD
from casechron.report.show import Card, Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, point, rows_of

_STRENGTH, _SHORTFALL = "strength", "shortfall"
#: How many findings that are no shortfalls are told beside these in short.
BESIDE = 2
_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")


def rests_on(traceability: pd.DataFrame, chronicle: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """On which events does each finding rest, and when were they?

    Parameters
    ----------
    traceability, chronicle : pandas.DataFrame
        What `traceability` and `chronicle` give.
    tables : mapping of str to pandas.DataFrame
        The tidy tables: what was on the same day.

    Returns
    -------
    pandas.DataFrame
        A row for each finding and event, in order of time: `finding`, `event`, `when` (the date of
        the source, in words, its own or that of what was on the same day; empty where it gives
        none; where it dates an end alone, with the
        beginning that a length of time gives), `first`, `last` (the same, as the first and the last
        of several; `first` is empty where only an end is told), `earliest`, `latest` (that date's
        first and last day; NaT where it sets no limit). What only the coder's
        judgement ties to a finding is left out.
    """
    rows = []
    firm = traceability[traceability["rests_on_basis"] != "judged"]
    dated = {row["event"]: row for row in rows_of(chronicle) if row["shape"] == "moment"}
    on_day = {}
    for one, other, basis in _same_days(tables):
        for undated, of in ((one, other), (other, one)):
            if of in dated:
                judged = "judged" in (basis, dated[of]["date_basis"])
                on_day[undated] = dated[of] | {"date_basis": "judged" if judged else basis}
    for event in rows_of(chronicle):
        if event["shape"] == "undated" and event["event"] in on_day:
            event = on_day[event["event"]] | {"event": event["event"]}
        mark, when = AS_JUDGED * (event["date_basis"] == "judged"), say.bare(say.dated(event))
        only_end = event["shape"] == "span" and event["stated_earliest"] is None
        if when and only_end and event["earliest"] is not None:
            # The source dates its end, and how long it lasted tells when it began.
            event |= {"date": ""} | {f"stated_{bound}": event[bound] for bound in _BOUNDS}
            mark, when = AS_JUDGED * event["as_judged"], _edges(event, when)[1]
        words = [f"{date}{mark}" if date else "" for date in (when, *_edges(event, when))]
        days = event["stated_earliest"], event["stated_latest"]
        ties = firm.loc[firm["rests_on_event"] == event["event"], "finding"]
        rows += [(finding, event["event"], *words, *days) for finding in dict.fromkeys(ties)]
    types = dict.fromkeys(["earliest", "latest"], "datetime64[s]")
    return to_table(("finding", "event", "when", "first", "last", *types), rows, **types)


def _same_days(tables: Tables) -> list[tuple[str, str, str]]:
    """Which two events were on the same day as wholes, and on whose word?"""
    names = ("type", "from_point", "to_point", "from_event", "to_event", "basis")
    rows = rows_in(tables["relations"], *names)
    return [
        (one, other, basis) for *what, one, other, basis in rows if what == ["same-day", "", ""]
    ]


def _edges(event: RowCells, when: str) -> tuple[str, str]:
    """When something was, in words for a sentence on the first of several dates and in words for
    one on the last. What lasts is told as the first by its beginning, as the last by all of it; a
    window by its first and by its last day. The first is empty where only an end is told.

    >>> from datetime import date
    >>> def edges(of, shape, *days, when=""):
    ...     stated = {f"stated_{bound}": day for bound, day in zip(_BOUNDS, days, strict=True)}
    ...     return _edges({"date": of, "shape": shape} | stated, when)
    >>> begin, end = date(2018, 10, 21), date(2018, 11, 30)
    >>> edges("late 2018-10/2018-11", "span", begin, date(2018, 10, 31), date(2018, 11, 1), end)
    ('late October 2018', 'late October to November 2018')
    >>> edges("[2018-10-21..2018-11-30]", "moment", begin, end, begin, end)
    ('21 October 2018 at the earliest', '30 November 2018 at the latest')
    >>> edges("2018-10-21/..", "span", begin, begin, begin, None)
    ('21 October 2018', '21 October 2018')
    >>> edges("/2018-11-30", "span", None, end, end, end, when="until 30 November")
    ('', 'until 30 November')
    """
    low, start_latest, end_earliest, high = (
        day and day.toordinal() for day in (event[f"stated_{bound}"] for bound in _BOUNDS)
    )
    if low is None:
        return "" if event["shape"] == "span" else when, when
    if months := say.months_named(event["date"]):
        return months[0], say.from_to(*months) if len(months) > 1 else months[0]
    first, to = ends_in_words(low, start_latest) if start_latest else (day_words(low), "")
    first += " at the earliest" if first != to else ""
    if high is None:
        return first, first
    since, last = ends_in_words(end_earliest, high) if end_earliest else ("", day_words(high))
    last += " at the latest" if since != last else ""
    moment = (low, start_latest) == (end_earliest, high)
    return first, last if moment else f"{first} to {last}"


def findings(traceability: pd.DataFrame, resting: pd.DataFrame) -> pd.DataFrame:
    """What did the review find?

    Parameters
    ----------
    traceability, resting : pandas.DataFrame
        What `traceability` and `rests_on` give.

    Returns
    -------
    pandas.DataFrame
        A row for each finding, as coded.

        - `finding`, `summary` (text): its id, and what was found, marked where only the coder
          judged that the review found it
        - `kind`, `by` (text): shortfall, strength or neither; and who found it
        - `when`, `rests_on`, `recommended` (text): the dates of what it rests on; what that is,
          parted by ' · '; and what is recommended on it
        - `tie` (labels): the basis of each recommendation's tie
        - `places` (text): paragraph and sentence of the source
    """
    columns = "finding summary kind by when rests_on recommended tie places"
    resting_on = by_key((row["finding"], row["rests_on_summary"]) for row in rows_of(traceability))
    rows = []
    for finding, row in _findings(traceability).items():
        bases = " · ".join(filter(None, dict.fromkeys(resting_on[finding])))
        summary = row["finding_summary"] + AS_JUDGED * (row["finding_basis"] == "judged")
        head = finding, summary, row["polarity"], row["attributed_to"], _when(resting, finding)
        tail = row["recommendation_summaries"], row["recommendations_basis"], row["places"]
        rows.append((*head, bases, *tail))
    return to_table(columns.split(), rows, lists=["tie"])


def key_points(
    traceability: pd.DataFrame,
    recorded: pd.DataFrame,
    resting: pd.DataFrame,
    categories: pd.DataFrame,
) -> list[Point]:
    """What the review found and recommends, in short.

    Parameters
    ----------
    traceability, recorded, resting, categories : pandas.DataFrame
        What `traceability`, `findings_and_recommendations`, `rests_on` and `plan_categories` give.

    Returns
    -------
    list of Point
        The first is the page's finding: the first of those that are tied to one recommendation
        where most are. Then strengths, and what first was found that is neither, that
        recommendation, and what the review says of the category of a plan.
    """
    findings, advice = _findings(traceability), _advice(recorded)
    if not findings and not advice:
        return [Point("No finding and no recommendation is coded.")]
    rows = _main_advice(findings, advice)["rows"] if advice else ()
    tied = [findings[finding] for finding in _tied(findings, rows)]
    short = [row for row in findings.values() if row["polarity"] == _SHORTFALL]
    beside = [row for row in findings.values() if row["polarity"] != _SHORTFALL]
    good = [row for row in beside if row["polarity"] == _STRENGTH]
    points = list[Point]()
    for row in [*(row for row in tied if row in short), *short, *beside][:1]:
        judged = ", as judged" * (row["finding_basis"] == "judged")
        words = f"{row['finding_summary']}, the review found{judged}."
        points.append(Point(words, _point(row, resting).rows))
    if told := [row for row in beside if row in good or row in beside[:BESIDE]]:
        # What could not be foreseen has no date of its own: it rests on what happened then.
        dates = [resting if row in good else resting[:0] for row in told]
        words = " ".join(map(say.sentence, map(_with_dates, told, dates)))
        ids = tuple(event for row in told for event in _point(row, resting).rows)
        lead = GOOD if told == good else "Also found"
        points.append(Point(f"{lead} by the review: {words}", ids))
    points += advised(traceability, recorded, "") if advice else []
    for row in rows_of(categories.drop_duplicates(["plan", "category"])):
        if row["category"] and row["findings"]:
            # A plan can be of several children, and its category be told of one of them.
            words = f"The category of a plan, as the source names it: {row['category']}."
            points.append(Point(f"{words} The review found: {row['findings']}.", (row["plan"],)))
    return points


def published(chronicle: pd.DataFrame, recorded: pd.DataFrame, recommended: str) -> list[Point]:
    """What was published, and what was answered to it, each in the words of the coding.

    Parameters
    ----------
    chronicle, recorded : pandas.DataFrame
        What `chronicle` and `findings_and_recommendations` give.
    recommended : str
        What the review's `coded` gives for 'recommendations'.

    Returns
    -------
    list of Point
        One for each publication; before them that no recommendation is coded or, where the coding
        says that the source is silent, that it tells of none.
    """
    rows = rows_of(chronicle[chronicle["kind"].isin(say.labels("publication"))])
    none = [] if _advice(recorded) else [_no_advice(recommended)]
    return none + [point(row["summary"], [row["event"]]) for row in rows]


def advised(traceability: pd.DataFrame, recorded: pd.DataFrame, recommended: str) -> list[Point]:
    """How much is recommended and, of that, on what most was found; or that nothing is.

    Parameters
    ----------
    traceability, recorded : pandas.DataFrame
        What `traceability` and `findings_and_recommendations` give.
    recommended : str
        What the review's `coded` gives for 'recommendations'.

    Returns
    -------
    list of Point
        One.
    """
    advice, findings = _advice(recorded), _findings(traceability)
    if not advice:
        return [_no_advice(recommended)]
    first = _main_advice(findings, advice)["summary"].rstrip(".")
    count = say.count_in_words(len(advice), len(advice), "recommendation")
    return [Point(f"Among what it recommends ({count} coded): {first}.")]


def _main_advice(findings: Mapping[str, RowCells], advice: list[RowCells]) -> RowCells:
    return max(advice, key=lambda row: len(_tied(findings, row["rows"])))


def _no_advice(recommended: str) -> Point:
    silent = recommended == "silent"
    none = f"{the_source()} tells of no recommendation" if silent else "No recommendation is coded"
    return point(none)


def cards(traceability: pd.DataFrame, recorded: pd.DataFrame, resting: pd.DataFrame) -> list[Card]:
    """What is recommended, and on what.

    Parameters
    ----------
    traceability, recorded, resting : pandas.DataFrame
        What `traceability`, `findings_and_recommendations` and `rests_on` give.

    Returns
    -------
    list of Card
        One for each recommendation, with the findings tied to it; the last has the findings to
        which none is tied. Behind each finding stand the dates of what it rests on.
    """
    findings = _findings(traceability)
    cards = []
    for row in _advice(recorded):
        tied = _tied(findings, row["rows"])
        points = tuple(_point(findings[finding], resting) for finding in tied)
        cards.append(Card(row["summary"], points, _lead({*tied.values()}), row["places"]))
    alone = tuple(_point(row, resting) for row in findings.values() if not row["recommendations"])
    if alone:
        cards.append(Card("Found, and tied to no recommendation that is told here", alone))
    return cards


def findings_title(resting: pd.DataFrame, traceability: pd.DataFrame) -> str:
    """The finding of the chart: the first and the last date of what was found wanting.

    Parameters
    ----------
    resting, traceability : pandas.DataFrame
        What `rests_on` and `traceability` give.

    Returns
    -------
    str
        A sentence without a stop at its end.
    """
    short = [
        finding for finding, row in _findings(traceability).items() if row["polarity"] == _SHORTFALL
    ]
    wanting = resting[resting["finding"].isin(short)].dropna(subset=["earliest"])
    if resting["when"].eq("").all():
        return say.capital(f"{the_source()} ties no finding to a date")
    if wanting.empty:
        return "What the review found, by the dates of what it rests on"
    # The last is what began last. What has no end on record is placed by its beginning.
    wanting = wanting.assign(latest=wanting["latest"].fillna(wanting["earliest"]))
    wanting = wanting.sort_values(["earliest", "latest"], kind="stable")
    first, last = wanting.iloc[0], wanting.iloc[-1]
    words = f"The first date of a shortfall is {first['first']}"
    # What lies within the days of the first is not the last beside it, nor is it that itself.
    one = first["event"] == last["event"] or first["first"] == last["last"]
    one |= last["latest"] < first["latest"]
    return words if one else f"{words}, the last is {last['last']}"


def findings_note(table: pd.DataFrame, resting: pd.DataFrame) -> str:
    """How the chart of findings is to be read, and that some findings are not drawn.

    Parameters
    ----------
    table, resting : pandas.DataFrame
        What `findings` and `rests_on` give.

    Returns
    -------
    str
        One sentence; empty where none is drawn.
    """
    if resting["when"].eq("").all():
        return ""
    lead = "A bar covers the days of what a finding rests on, by that row's own date or length; of"
    undrawn = set(table["finding"]) - set(resting.loc[resting["when"] != "", "finding"])
    return say.with_notes(
        f"{lead} what was missing, the span in which it was due",
        {"findings that rest on nothing with such a date are not drawn": undrawn},
    )


def findings_alt(table: pd.DataFrame) -> str:
    """What the chart of findings shows, in words.

    Parameters
    ----------
    table : pandas.DataFrame
        What `findings` gives.

    Returns
    -------
    str
        One sentence.
    """
    rows = []
    for row in rows_of(table[table["when"] != ""]):
        good = GOOD.lower() * (row["kind"] == _STRENGTH)
        rows.append(say.noted(row["summary"].rstrip("."), good, say.in_brackets(row["when"])))
    return f"{'; '.join(rows)}." if rows else "No finding rests on anything that has a date."


def _findings(traceability: pd.DataFrame) -> dict[str, RowCells]:
    """The findings by their ids, as coded."""
    rows = rows_of(traceability.drop_duplicates("finding"))
    return {row["finding"]: row for row in rows if row["finding"]}


def _advice(recorded: pd.DataFrame) -> list[RowCells]:
    """The recommendations, once each: one to several has a row for each of them."""
    rows = rows_of(recorded[recorded["what"] == "recommendation"])
    advice = []
    for summary, alike in by_key((row["summary"], row) for row in rows).items():
        to = [row["by_or_to"] for row in alike if row["by_or_to"]]
        words = f"{summary.rstrip('.')} (to {say.all_named(to)})" if to else summary
        advice.append(alike[0] | {"summary": words, "rows": [row["row"] for row in alike]})
    return advice


def _tied(findings: Mapping[str, RowCells], rows: Collection[str]) -> dict[str, str]:
    """The findings that the rows of a recommendation are tied to, each with the basis of that."""
    columns = "recommendations", "recommendations_basis"
    return {
        finding: basis
        for finding, row in findings.items()
        for tied, basis in zip(*(row[name] for name in columns), strict=True)
        if tied in rows
    }


def _lead(bases: set[str]) -> str:
    if not bases:
        return "No finding that is told here is tied to it."
    if bases == {"stated"}:
        return "The source ties it to what was found:"
    silent = "" if "stated" in bases else f"; {the_source()} does not"
    return f"We tie it to what was found{silent}:"


def _when(resting: pd.DataFrame, finding: str) -> str:
    """The dates of what a finding rests on; the end of what has no beginning only by itself."""
    rows = resting[(resting["finding"] == finding) & (resting["when"] != "")]
    begun = rows[rows["first"] != ""]
    return "; ".join(dict.fromkeys((rows if begun.empty else begun)["when"]))


def _point(row: RowCells, resting: pd.DataFrame) -> Point:
    """A finding, with the dates of what it rests on as the source has them."""
    lead = f"{GOOD}: " if row["polarity"] == _STRENGTH else ""
    events = resting.loc[resting["finding"] == row["finding"], "event"]
    return Point(say.sentence(f"{lead}{_with_dates(row, resting)}"), tuple(events))


def _with_dates(row: RowCells, resting: pd.DataFrame) -> str:
    judged = "as judged" * (row["finding_basis"] == "judged")
    when = say.in_brackets(_when(resting, row["finding"]))
    return say.noted(row["finding_summary"], judged, when)
