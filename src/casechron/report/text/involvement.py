"""Who told whom, who should have been there, and what was not passed on? In words.

That something stood on an agency's record is not to say that anybody read it, and that nothing is
recorded is not to say that nothing was known: sentences say *recorded*, and whose word it is.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.involvement.missing(cc.stated_absences(review))[["who", "how", "what"]]
      who           how                            what
0  Police      not told  A school refers X's attendance
1  Police  not involved       A conference is held on X
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from casechron.analysis.columns import Tables, to_table
from casechron.analysis.columns import by_key as grouped
from casechron.analysis.contacts import hedged
from casechron.analysis.involvement import ABSENT, LATER_PART, TOLD_OF
from casechron.analysis.record import NOT_INVOLVED, bodies
from casechron.analysis.telling import NOT_PASSED_ON, TOLD_AT_THE_TIME, TOLD_LATER, had_anyway
from casechron.coding.codebook import codebook
from casechron.report.draw.involvement import PART_WORDS
from casechron.report.show import Point
from casechron.report.text.english import (
    RowCells,
    all_named,
    capital,
    count_in_words,
    groups,
    how_often,
    kinds,
    labels,
    listed,
    lowered,
    point,
    quoted,
    rows_of,
    sentence,
    span,
    whens,
    with_article,
    years,
)

NOT_IN_SOURCE = "somebody not named in the source"
#: Stands behind a telling where the coder judged who told whom.
OUR_READING = "; who told whom is in part our reading"
#: The most agencies that are named one by one.
_LISTED = 6
#: The words for each way in which somebody was missing.
_MISSING = {
    "insufficiently-involved": "had too little part",
    "not-involved": "had no part",
    "not-told": "had no word",
}


def told(tellings: pd.DataFrame, dates: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Who told whom, one row per telling and hearer, for reading.

    Parameters
    ----------
    tellings : pandas.DataFrame
        What `tellings` gives.
    dates : pandas.DataFrame
        What `chronicle` gives: an event's date as coded.
    tables : mapping of str to pandas.DataFrame
        The tidy tables: what the coder alone judged of who told and who heard is said to be that,
        and of several tellings in one row those that have a row of their own are named.

    Returns
    -------
    pandas.DataFrame
        - `event` (text): the id of the telling
        - `who`, `to` (text): who told, in brackets how it is said where the source does not report
          it as a fact, and whom; empty is not stated
        - `when` (text): its date in words
        - `what` (text): what the telling says, and how often it was
        - `places` (text): paragraph and sentence of the source
        - `afterwards` (True or False): told to the review, when it was all over
    """
    when, involvement, links = whens(dates), tables["involvement"], tables["links"]
    judged = set(involvement.loc[involvement["basis"] == "judged", "id"])
    who = {row["telling"]: _party(row, "from") for row in rows_of(tellings)}
    among = grouped(
        (row["to_row"], with_article(who[row["from_row"]]))
        for row in rows_of(links[links["type"] == "part-of"])
        if who.get(row["from_row"], NOT_IN_SOURCE) not in ("", NOT_IN_SOURCE)
    )
    passing = set(involvement.loc[involvement["role"].isin(("raised", "received")), "id"])
    statuses = grouped(
        ((row["event"], row["person"]), row["status"])
        for row in rows_of(tables["participation"])
        if row["role"] == "told"
    )
    columns = "event who to when what places afterwards"
    rows: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in rows_of(tellings):
        event, afterwards, ids = row["telling"], row["tie"] == TOLD_LATER, {*row["rows"]}
        to_review = afterwards and row["how"] in labels("told-to-review")
        # A finding or conclusion is a telling only where somebody told or heard it.
        told_it = row["how"] in kinds("telling") or row["from_kind"] == "person" or passing & ids
        if not told_it or not (row["tie"] == TOLD_AT_THE_TIME or to_review):
            continue
        what = how_often(row, " in all" * row["how_many"].isdecimal())
        what += f", those of {listed(among[event])} among them" if event in among else ""
        what += OUR_READING * bool(judged & ids)
        teller = hedged(_party(row, "from"), statuses.get((event, row["from_party"]), ()))
        ends = teller, _party(row, "to")
        rows.setdefault(
            (event, row["from_party"], row["to_party"]),
            (event, *ends, when[event], what, row["places"], afterwards),
        )
    return to_table(columns.split(), rows.values(), afterwards="bool")


def _party(row: RowCells, end: str) -> str:
    label = {"not stated": "", "unnamed": NOT_IN_SOURCE}.get(
        row[f"{end}_kind"], row[f"{end}_label"]
    )
    return str(label)


def missing(absences: pd.DataFrame) -> pd.DataFrame:
    """Who was missing from which steps, as the review says: one row per party and way.

    Parameters
    ----------
    absences : pandas.DataFrame
        What `stated_absences` gives.

    Returns
    -------
    pandas.DataFrame
        - `event` (text): the id of the first of these steps
        - `events` (ids): all of them
        - `who` (text): the agency
        - `how` (text): in what way it was missing
        - `what` (text): the steps
        - `places` (text): paragraph and sentence of the source
    """
    rows = []
    for (_, absence), steps in groups(_absent(absences), "agency", "absence"):
        first = steps.iloc[0]
        who = first["agency_label"] if first["named"] else _unnamed(first["agency_label"])
        joined = ("; ".join(dict.fromkeys(steps[column])) for column in ("summary", "places"))
        rows.append((first["event"], steps["event"], who, absence, *joined))
    return to_table(["event", "events", "who", "how", "what", "places"], rows, lists=["events"])


def _absent(absences: pd.DataFrame) -> pd.DataFrame:
    """Who had no part or too little, by the review; named agencies come first."""
    ways = [codebook().label("involvement_role", role) for role in NOT_INVOLVED]
    rows = absences[absences["absence"].isin(ways)]
    return rows.sort_values("named", ascending=False, kind="stable")


def _unnamed(label: str) -> str:
    """The label of those that the source does not name, within a sentence.

    >>> _unnamed("Safeguarding partners, unnamed"), _unnamed("Family GP")
    ('unnamed safeguarding partners', 'Family GP')
    """
    who = label.removesuffix(", unnamed")
    return f"unnamed {lowered(who)}" if who != label else label


def missing_in_short(absences: pd.DataFrame, sources: pd.DataFrame) -> list[Point]:
    """Who was missing, in a sentence for a first screen.

    Parameters
    ----------
    absences : pandas.DataFrame
        What `stated_absences` gives.
    sources : pandas.DataFrame
        The tidy table: whether the review itself is among them.

    Returns
    -------
    list of Point
        One; none where the review says of nobody that it was missing.
    """
    here = _absent(absences)
    missing = []
    for (label, way), rows in groups(here, "agency_label", "absence"):
        who = with_article(_unnamed(label))
        # Those not named can be the same as some who are named.
        same = who != with_article(label) and bool(here["named"].any())
        how = f"{way}{', as judged' * bool(rows['basis'].eq('judged').all())}"
        missing.append((how, who + ", perhaps some of these" * same))
    if not missing:
        return []
    who = "; ".join(f"{listed(each)} ({how})" for how, each in grouped(missing).items())
    read = sources["kind"].eq("review-report").any()
    return [point(f"Missing, {'says' if read else 'as told of'} the review: {who}", here["event"])]


def centre(tellings: pd.DataFrame, decisions: pd.DataFrame) -> str:
    """Who stands in the middle: of the agencies that decided, the one that most told (of several
    the one that decided most); where none was told anything, whom most told; else who decided most.

    Parameters
    ----------
    tellings, decisions : pandas.DataFrame
        What the analyses of these names give.

    Returns
    -------
    str
        The label of an agency, or 'Those who decided'.
    """
    by = [agency for agencies in decisions["decided_by"] for agency in agencies]
    heard = tellings[(tellings["tie"] == TOLD_AT_THE_TIME) & (tellings["to_kind"] == "agency")]
    for rows in (heard[heard["to_label"].isin(by)], heard):
        if len(rows):
            counts = rows.groupby("to_label", sort=False)["telling"].nunique()
            return str(max(counts.index, key=lambda label: (counts[label], by.count(label))))
    return max(by, key=by.count, default="Those who decided")


def key_points(
    told: pd.DataFrame, absences: pd.DataFrame, tellings: pd.DataFrame, middle: str
) -> list[Point]:
    """Who was told by whom, and who was missing.

    Parameters
    ----------
    told : pandas.DataFrame
        What `told` gives.
    absences, tellings : pandas.DataFrame
        What `stated_absences` and `tellings` give.
    middle : str
        Who stands in the middle, as `centre` has it.

    Returns
    -------
    list of Point
        The first is the page's finding.
    """
    points = _missing_points(absences)
    heard = told[(told["to"] == middle) & ~told["afterwards"]]
    if len(heard):
        dates = tellings[tellings["telling"].isin(heard["event"])]
        when = years(dates["earliest"], dates["latest"])
        first = point(f"{middle} heard from {_from_whom(heard)}{when}", heard["event"])
        points.insert(0, first)
    return points or [Point("The source tells of nobody who told an agency anything.")]


def _from_whom(rows: pd.DataFrame) -> str:
    """Who told, those that are not named last."""
    who = [
        with_article(teller)
        for teller in dict.fromkeys(rows["who"])
        if teller not in ("", NOT_IN_SOURCE)
    ]
    if set(rows["who"]) & {"", NOT_IN_SOURCE}:
        who.append("others not named" if who else "somebody whom the source does not name")
    return listed(who)


def _missing_points(absences: pd.DataFrame) -> list[Point]:
    """A sentence for each way of being missing from the same steps; named agencies come first."""
    ways = {codebook().label("involvement_role", role): role for role in NOT_INVOLVED}
    alike: list[tuple[tuple[str, tuple[str, ...]], tuple[str, str]]] = []
    lacking: dict[str, str] = {}
    for (_, way), rows in groups(_absent(absences), "agency", "absence"):
        if rows["missing_step"].any():
            lacking.setdefault(rows["summary"].iloc[0], rows["event"].iloc[0])
            continue
        who = with_article(_unnamed(rows["agency_label"].iloc[0]))
        steps = tuple(dict.fromkeys(rows["step"]))
        alike += [((ways[way], steps), (who, event)) for event in rows["event"]]
    points = []
    for (role, steps), pairs in grouped(alike).items():
        who = listed(dict.fromkeys(party for party, _ in pairs))
        link = "of" if role == "not-told" else "in"
        what = f"{_MISSING[role]} {link} {listed(f'the {lowered(step)}' for step in steps)}"
        points.append(point(f"{who} {what}, says the review", [event for _, event in pairs]))
    if lacking:
        says = "also says" if points else "says"
        points.append(point(f"The review {says} this: {'; '.join(lacking)}", lacking.values()))
    return points


def had_part(contact: pd.DataFrame, agencies: pd.DataFrame) -> list[Point]:
    """How many agencies had a part, which of them can be one body, and who was told only.

    Parameters
    ----------
    contact : pandas.DataFrame
        What `agency_contact` gives.
    agencies : pandas.DataFrame
        What `involvement` gives.

    Returns
    -------
    list of Point
        At most two; none where no agency that is named had a part.
    """
    active = contact[contact["named"] & (contact["contact_rows"] > 0)]
    if active.empty:
        return []
    same = {row["agency"]: row["can_be"] for row in rows_of(active)}
    label = dict(zip(active["agency"], active["agency_label"], strict=True))
    fewest, largest = bodies(same, same)
    # Where some can be one body, and others are not named, nothing limits how many they were.
    count = count_in_words(fewest, largest if fewest == largest else None, "agency", "agencies")
    text = f"{count} had a part, as recorded in this source"
    if fewest < largest:
        linked = [
            agency for agency in same if same[agency] or any(agency in of for of in same.values())
        ]
        several = listed(with_article(label[agency]) for agency in linked)
        text += f"; of {several} several can be one body"
    elif largest <= _LISTED:
        text += f": {listed(map(with_article, label.values()))}"
    points = [point(text, (event for events in active["first_events"] for event in events[:1]))]
    idle = agencies["named"] & ~agencies["agency"].isin(list(label))
    only = agencies[idle & agencies["part"].eq(TOLD_OF)].drop_duplicates("agency")
    if len(only):
        who = listed(map(with_article, only["agency_label"]))
        was, have = ("was", "has") if len(only) == 1 else ("were", "have")
        words = f"{who} {was} told of something, and {have} no other part on record"
        points.append(Point(sentence(words), tuple(only["event"])))
    return points


def passed_on(tellings: pd.DataFrame, reached: pd.DataFrame, agencies: pd.DataFrame) -> list[Point]:
    """What was not recorded as passed on and not known anyway, and what was learned afterwards.

    Parameters
    ----------
    tellings, reached : pandas.DataFrame
        What the analyses of these names give.
    agencies : pandas.DataFrame
        What `involvement` gives: which agency held what.

    Returns
    -------
    list of Point
        One for each agency that heard something or learned of it afterwards.
    """
    told_then = tellings[tellings["tie"] == TOLD_AT_THE_TIME]
    heard = told_then[told_then["in_time"] == NOT_PASSED_ON]
    heard = heard[~heard["telling"].isin(had_anyway(heard, reached))]
    holders = reached["certain_with"] + reached["possible_with"]
    known = {*reached.loc[holders.astype(bool), "matter"], *told_then["about"]}
    known |= set(agencies.loc[~agencies["part"].isin((ABSENT, LATER_PART)), "event"])
    to_review = tellings["how"].isin(labels("told-to-review")) & (tellings["to_kind"] == "agency")
    unheard = ~tellings["about"].isin(known | {""})
    later = tellings[(tellings["tie"] == TOLD_LATER) & to_review & unheard]
    unsaid = "the source does not say that it was passed on to those who decided"
    points = [
        point(f"{to} heard this: {quoted(rows['summary'])}; {unsaid}", rows["telling"])
        for to, rows in groups(heard, "to_label")
    ]
    for who, rows in groups(later, "to_label"):
        words = f"{with_article(who)} was told this afterwards: {quoted(rows['about_summary'])};"
        words += " no agency is recorded as having held it at the time"
        points.append(point(words, rows["about"]))
    return points


def tellings_title(told: pd.DataFrame, missing: pd.DataFrame, middle: str) -> str:
    """The finding of the chart of who told whom: who was missing, else who told.

    Parameters
    ----------
    told : pandas.DataFrame
        What `told` gives.
    missing : pandas.DataFrame
        What `missing` gives.
    middle : str
        Who stands in the middle, as `centre` has it.

    Returns
    -------
    str
        One sentence.
    """
    if len(missing):
        return (
            f"{capital(all_named(missing['who']))} had too little part, or none, says the review."
        )
    heard = told[(told["to"] == middle) & ~told["afterwards"]]
    if heard.empty:
        return "Who told whom is not said."
    return sentence(f"{middle} heard from {_from_whom(heard)}")


def tellings_alt(told: pd.DataFrame, missing: pd.DataFrame, middle: str) -> str:
    """The chart of who told whom, in words.

    Parameters
    ----------
    told : pandas.DataFrame
        What `told` gives.
    missing : pandas.DataFrame
        What `missing` gives.
    middle : str
        Who stands in the middle, as `centre` has it.

    Returns
    -------
    str
        A sentence for each group of tellings.
    """
    to_middle, in_time = told["to"] == middle, ~told["afterwards"]
    shown = {
        f"Told to {middle}": _people(told[to_middle & in_time].assign(to="")),
        "Told to others, or to whom is not said": _people(told[~to_middle & in_time]),
        "Told to the review": _people(told[~in_time]),
        "Not there, or not enough, as the review says": [
            f"{row['who']}, {row['how']}" for row in rows_of(missing)
        ],
    }
    words = [f"{head}: {'; '.join(each)}." for head, each in shown.items() if each]
    return " ".join(words) or "Nobody is recorded as telling anybody."


def _people(rows: pd.DataFrame) -> list[str]:
    return [
        f"{row['who'] or NOT_IN_SOURCE}{f', to {to}' if (to := row['to']) else ''}, {row['when']}:"
        f" {row['what']}"
        for row in rows_of(rows.replace({"to": {NOT_IN_SOURCE: ""}}))
    ]


def involvement_title(involvement: pd.DataFrame) -> str:
    """The finding of the matrix: who had a part, and who is named as missing only.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives.

    Returns
    -------
    str
        One sentence.
    """
    agencies = involvement[involvement["named"]]
    absent = agencies["part"].str.startswith("absent")
    later = agencies["part"].str.startswith("learned")
    had = set(agencies.loc[~absent & ~later, "agency_label"])
    lacking = dict.fromkeys(agencies.loc[absent, "agency_label"])
    only = [agency for agency in lacking if agency not in had]
    if not only:
        return "Who had a part in what, as this source tells it."
    stand, were = ("stand", "they were") if len(only) > 1 else ("stands", "it was")
    who = listed(map(with_article, only))
    return sentence(
        f"{who} {stand} in this account only where the review says that {were} missing or too"
        " little involved"
    )


def involvement_alt(involvement: pd.DataFrame) -> str:
    """The matrix in words: for each agency what it had a part in first and where it was missing;
    of those that the source does not name, who share a column, in how many events.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives.

    Returns
    -------
    str
        A sentence for each agency that is named.
    """
    by_name = involvement["named"]
    words = [
        f"{label}: {'; '.join(_parts_of(rows))}."
        for label, rows in groups(involvement[by_name], "agency_label")
    ]
    others = involvement[~by_name].groupby(involvement["part"].map(PART_WORDS), sort=False)["event"]
    counts = [f"{part}, {span(count, count, 'event')}" for part, count in others.nunique().items()]
    if counts:
        words.append(f"Agencies not named in the source: {'; '.join(counts)}.")
    return " ".join(words) or "No agency is coded."


def _parts_of(rows: pd.DataFrame) -> Iterable[str]:
    for part, events in rows.groupby(rows["part"].map(PART_WORDS), sort=False):
        each = [f"“{summary}”" for summary in dict.fromkeys(events["summary"])]
        # '1 more' is no shorter than the one itself, so two at least are left out.
        if len(each) > 4:
            each[3:] = [f"{len(each) - 3} more"]
        yield f"{part}: {listed(each)}"
