"""Who told whom, who should have been there, and what was not passed on? In words.

That something stood on an agency's record is not to say that anybody read it, and that nothing is
recorded is not to say that nothing was known: sentences say *recorded*, and whose word it is.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.involvement.missing(cc.stated_absences(review))[["who", "how", "what"]]
                   who                how                            what
0               Police           not told  A school refers X's attendance
1               Police       not involved       A conference is held on X
2  Children's services  whose step it was   No further visit is on record
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from casechron.analysis.concerns import CHILDREN, end_event
from casechron.analysis.contacts import hedged
from casechron.analysis.involvement import (
    ABSENT,
    ACTED,
    HEDGES,
    LATER_PART,
    SAYS,
    hedge,
    whose_word,
)
from casechron.analysis.record import NOT_INVOLVED, RESPONSIBLE, UNSPECIFIED
from casechron.analysis.tables import Tables, by_key, ids_where, to_table
from casechron.analysis.telling import (
    NOT_PASSED_ON,
    SAID_TO_BE_TOLD,
    TOLD_AT_THE_TIME,
    TOLD_LATER,
    had_anyway,
)
from casechron.coding.codebook import AS_JUDGED, SOURCES_DIFFER, codebook
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, groups, point, rows_by_event, rows_of

NOT_IN_SOURCE = "somebody not named in the source"
#: Who told of several things in one row, of which some are told of somebody who is named.
NOT_ALL_NAMED = "several, not all named in the source"
#: In place of a teller who is named.
NO_NAME = ("", NOT_IN_SOURCE, NOT_ALL_NAMED)
#: Stands behind a telling where the coder judged who told whom.
OUR_READING = "; who told whom is in part our reading"
#: Stands behind a hearer who has no record of it, and so is never among those who heard.
_CLAIMED = " (by the word of others alone)"
#: What `told` puts behind a teller.
_MARK = re.compile(r" \((?:as|after|perhaps after) [^()]*\)")
#: The end of how somebody was missing, where that is not the plain word of the source.
_WHOSE = "((?:, as [a-z ]+)?(?:, though sources differ)?)$"
#: How an agency was missing whose own step a step is that was lacking.
_OWN_STEP = "whose step it was"
#: Of more steps of somebody who is not named, the first and their number are told.
_OF_THE_UNNAMED = 2
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
          it as a fact, and whether that can be after the end of the account; and whom, in brackets
          where that is the word of others alone; empty is not stated
        - `when` (text): its date in words
        - `what` (text): what the telling says, and how often it was
        - `places` (text): paragraph and sentence of the source
        - `afterwards` (True or False): told to the review, when it was all over
    """
    when, involvement, links = say.whens(dates), tables["involvement"], tables["links"]
    days = rows_by_event(dates)
    end = days.get(end_event(tables))
    judged = set(involvement.loc[involvement["basis"] == "judged", "id"])
    tellers = {row["telling"]: _party(row, "from") for row in rows_of(tellings)}
    among = by_key(
        (row["to_row"], say.with_article(tellers[row["from_row"]]))
        for row in rows_of(links[links["type"] == "part-of"])
        if tellers.get(row["from_row"], "") not in NO_NAME
    )
    passing = set(involvement.loc[involvement["role"].isin(("raised", "received")), "id"])
    statuses = by_key(
        ((row["event"], row["person"]), row["status"])
        for row in rows_of(tables["participation"])
        if row["role"] == "told"
    )
    columns, telling = "event who to when what places afterwards", say.kinds("telling")
    rows: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in rows_of(tellings):
        event, afterwards, ids = row["telling"], row["tie"] == TOLD_LATER, {*row["rows"]}
        to_review = afterwards and row["how"] in say.labels("told-to-review")
        # A finding or conclusion is a telling only where somebody told or heard it.
        told_it = row["how"] in telling or row["from_kind"] == "person" or passing & ids
        claimed = row["tie"] == SAID_TO_BE_TOLD
        if not told_it or not (row["tie"] == TOLD_AT_THE_TIME or claimed or to_review):
            continue
        what = say.how_often(row, " in all" * row["how_many"].isdecimal())
        teller, to = _party(row, "from"), _party(row, "to") + _CLAIMED * claimed
        others = [other for other in among.get(event, ()) if other != say.with_article(teller)]
        what += f", those of {say.listed(others)} among them" if others else ""
        what += OUR_READING * bool(judged & ids)
        # The telling is alleged, and not who told.
        who = hedged(teller, statuses.get((event, row["from_party"]), ()), before="as ")
        if teller in NO_NAME:
            who = NOT_ALL_NAMED if others else who
        elif not afterwards:
            who += _past_the_end(days[event], end)
        rows.setdefault(
            (event, row["from_party"], row["to_party"]),
            (event, who, to, when[event], what, row["places"], afterwards),
        )
    return to_table(columns.split(), rows.values(), afterwards="bool")


def _past_the_end(event: RowCells, end: RowCells | None) -> str:
    """The mark on a telling that can be, as a whole, of a later day than the end of the account."""
    if not end or not say.after(event["start_latest"], end["latest"]):
        return ""
    perhaps = "perhaps " * (not say.after(event["earliest"], end["latest"]))
    return f" ({perhaps}after {say.ends_with(end)})"


def _party(row: RowCells, end: str) -> str:
    label = {"not stated": "", "unnamed": NOT_IN_SOURCE}.get(
        row[f"{end}_kind"], row[f"{end}_label"]
    )
    return str(label)


def missing(absences: pd.DataFrame) -> pd.DataFrame:
    """Who was missing from which steps, as the source says: one row per party and way. Of many
    steps of somebody whom it does not name the first stands for all.

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
        - `how` (text): in what way it was missing, and whether that is derived, only as judged, or
          sources differ
        - `what` (text): the steps, or the first and how many more
        - `places` (text): paragraph and sentence of the source
    """
    own_step = codebook().label("involvement_role", RESPONSIBLE)
    every = pd.concat([_absent(absences), _absent(absences, RESPONSIBLE)])
    rows = []
    for (_, absence), steps in groups(every, "agency", "absence"):
        first = steps.iloc[0]
        who = first["agency_label"] if first["named"] else _unnamed(first["agency_label"])
        # Of a step that was its own, `what` says how firmly that is said.
        how = _OWN_STEP if absence == own_step else absence + hedge({*steps["force"]})
        how += _whose_word(steps).removeprefix(SAYS)
        shown = steps if first["named"] or len(steps) <= _OF_THE_UNNAMED else steps[:1]
        what, places = ("; ".join(dict.fromkeys(shown[name])) for name in ("summary", "places"))
        what += f"; and {len(steps) - len(shown)} more" * (len(steps) > len(shown))
        rows.append((first["event"], steps["event"], who, how, what, places))
    return to_table(["event", "events", "who", "how", "what", "places"], rows, lists=["events"])


def _absent(absences: pd.DataFrame, *roles: str) -> pd.DataFrame:
    """Who had no part or too little, by the source, or these roles; named agencies come first.
    That nobody was told is no word on somebody."""
    ways = [codebook().label("involvement_role", role) for role in roles or NOT_INVOLVED]
    rows = absences[absences["absence"].isin(ways)]
    if not roles:
        rows = rows[rows["agency"] != UNSPECIFIED]
    return rows.sort_values("named", ascending=False, kind="stable")


def _whose_word(rows: pd.DataFrame) -> str:
    return whose_word(rows["basis"], rows["differs"])


def _firmly(rows: pd.DataFrame) -> str:
    """How firmly these are said to have been missing, and whose word it is."""
    return hedge({*rows["force"]}) + _whose_word(rows)


def _unnamed(label: str) -> str:
    """The label of those that the source does not name, within a sentence.

    >>> _unnamed("Safeguarding partners, unnamed"), _unnamed("Family GP")
    ('unnamed safeguarding partners', 'Family GP')
    """
    who = label.removesuffix(", unnamed")
    return f"unnamed {say.lowered(who)}" if who != label else label


def missing_in_short(absences: pd.DataFrame) -> list[Point]:
    """Who was missing, in a sentence for a first screen.

    Parameters
    ----------
    absences : pandas.DataFrame
        What `stated_absences` gives.

    Returns
    -------
    list of Point
        One; none where the source says of nobody that it was missing.
    """
    here, missing = _absent(absences), []
    not_told = codebook().label("involvement_role", "not-told")
    for (label, way), rows in groups(here, "agency_label", "absence"):
        who = say.with_article(_unnamed(label))
        # Those not named can be the same as some who are named.
        same = who != say.with_article(label) and bool(here["named"].any())
        in_what = " of one thing or more" if way == not_told else " at a step"
        how = way + in_what, _firmly(rows)
        missing.append((how, who + ", perhaps some of these" * same))
    words: list[str] = []
    before = ""
    for (how, firmly), each in by_key(missing).items():
        # That the source says so is said once for what follows; each doubt is said each time.
        again = firmly == before == SAYS
        words.append(f"{how}{firmly * (not again)}: {say.listed(each)}")
        before = firmly
    return [point(say.capital("; ".join(words)), here["event"])] if missing else []


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
        judged = heard.loc[heard["when"].str.contains(AS_JUDGED, regex=False), "event"]
        firm = dates[~dates["telling"].isin(judged)]
        when, stated = (say.years(rows["earliest"], rows["latest"]) for rows in (dates, firm))
        when = f", {when}{AS_JUDGED * (when != stated)}" if when else ""
        first = point(f"{middle} heard from {from_whom(heard)}{when}", heard["event"])
        points.insert(0, first)
    return points or [point(f"{the_source()} tells of nobody who told an agency anything")]


def from_whom(told: pd.DataFrame) -> str:
    """Who told, each once and those that are not named last: with what stands in brackets after the
    teller where all of its tellings have that, and a mark where each is in part our reading.

    Parameters
    ----------
    told : pandas.DataFrame
        What `told` gives, or some of its rows.

    Returns
    -------
    str
        Part of a sentence.

    Examples
    --------
    >>> who, what = ["Police (perhaps after the death)", "", "Police"], ["A worry"] * 3
    >>> from_whom(pd.DataFrame({"who": who, "what": what}))
    'Police and somebody not named'
    """
    judged = told["what"].str.endswith(OUR_READING)
    tellers = told["who"].mask(judged, told["who"] + AS_JUDGED)
    ways = by_key((_MARK.sub("", who), who) for who in tellers)
    # Of several marks the teller has the shortest: it holds for one telling or more.
    who = [
        say.with_article(min(each, key=len))
        for teller, each in ways.items()
        if teller not in NO_NAME
    ]
    if unnamed := [
        each for each in ways.values() if say.with_article(min(each, key=len)) not in who
    ]:
        nobody = "somebody not named" if who else f"somebody whom {the_source()} does not name"
        ours = all(teller.endswith(AS_JUDGED) for each in unnamed for teller in each)
        who.append(nobody + AS_JUDGED * ours)
    return say.listed(who)


def _missing_points(absences: pd.DataFrame) -> list[Point]:
    """A sentence for each way of being missing from the same steps; named agencies come first."""
    ways = {codebook().label("involvement_role", role): role for role in NOT_INVOLVED}
    alike: list[tuple[tuple[str, tuple[str, ...], str], tuple[str, str]]] = []
    lacking: dict[str, str] = {}
    differ = {*absences.loc[absences["differs"], "event"]}
    for (_, way, _), rows in groups(_absent(absences, *NOT_INVOLVED), "agency", "absence", "force"):
        if rows["missing_step"].any():
            event = rows["event"].iloc[0]
            lacking.setdefault(rows["summary"].iloc[0] + SOURCES_DIFFER * (event in differ), event)
            continue
        if rows["agency"].iloc[0] == UNSPECIFIED:
            continue
        who = say.with_article(_unnamed(rows["agency_label"].iloc[0]))
        steps = tuple(dict.fromkeys(rows["summary"]))
        alike += [((ways[way], steps, _firmly(rows)), (who, event)) for event in rows["event"]]
    points = []
    for (role, steps, says), pairs in by_key(alike).items():
        who = say.listed(dict.fromkeys(party for party, _ in pairs))
        link = "of" if role == "not-told" else "in"
        what = f"{_MISSING[role]} {link} {say.quoted(steps)}"
        points.append(point(f"{who} {what}{says}", [event for _, event in pairs]))
    if lacking:
        says = "also says" if points else "says"
        points.append(point(f"The source {says} this: {'; '.join(lacking)}", lacking.values()))
    return points


def passed_on(
    tellings: pd.DataFrame, reached: pd.DataFrame, agencies: pd.DataFrame, tables: Tables
) -> list[Point]:
    """What was not recorded as passed on and not known anyway, and what was learned afterwards.

    A child that was told something need not pass it on, nor need an agency pass on what the teller
    itself had done.

    Parameters
    ----------
    tellings, reached : pandas.DataFrame
        What the analyses of these names give.
    agencies : pandas.DataFrame
        What `involvement` gives: which agency held or did what.
    tables : mapping of str to pandas.DataFrame
        The tidy tables: who is a child.

    Returns
    -------
    list of Point
        One for each agency or person that heard something or learned of it afterwards.
    """
    told_then = tellings[tellings["tie"] == TOLD_AT_THE_TIME]
    heard = told_then[told_then["in_time"] == NOT_PASSED_ON]
    heard = heard[~heard["telling"].isin(had_anyway(heard, reached))]
    heard = heard[~heard["to_party"].isin(ids_where(tables["people"], "kinship", CHILDREN))]
    acted = agencies[agencies["part"] == ACTED]
    own = set(zip(acted["event"], acted["agency"], strict=True))
    of_own = [step in own for step in zip(heard["about"], heard["from_party"], strict=True)]
    heard = heard[~pd.Series(of_own, heard.index, dtype="bool")]
    holders = reached["certain_with"] + reached["possible_with"]
    known = {*reached.loc[holders.astype(bool), "matter"], *told_then["about"]}
    known |= set(agencies.loc[~agencies["part"].isin((ABSENT, LATER_PART)), "event"])
    later = tellings[tellings["tie"].eq(TOLD_LATER) & tellings["to_kind"].eq("agency")]
    later = later[later["how"].isin(say.labels("told-to-review"))]
    later = later[~later["about"].isin(known | {""})]
    judged = agencies[agencies["basis"] == "judged"]
    ours = set(zip(judged["event"], judged["agency_label"], strict=True))
    unsaid = f"{the_source()} does not say that it was passed on to those who decided"
    points = []
    for to, rows in groups(heard, "to_label"):
        marks = [AS_JUDGED * ((telling, to) in ours) for telling in rows["telling"]]
        what = say.listed(dict.fromkeys("“" + rows["summary"] + "”" + marks))
        points.append(point(f"{to} heard this: {what}; {unsaid}", rows["telling"]))
    for who, rows in groups(later, "to_label"):
        what = say.quoted(rows["about_summary"])
        words = f"{say.with_article(who)} was told this afterwards: {what};"
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
    hedged = missing["how"].str.contains("|".join(HEDGES.values()))
    left_out = missing[~missing["how"].str.startswith(_OWN_STEP) & ~hedged]
    # What the source says comes before what is derived, and that before what is only judged.
    marks = left_out["how"].str.extract(_WHOSE, expand=False)
    mark = min(marks, default="")
    left_out = left_out[marks == mark]
    if len(left_out):
        no_word = left_out["how"].str.startswith("not told")
        what = "had too little part, or none"
        if no_word.any():
            what = "had not heard all that others knew"
            what += "" if no_word.all() else ", had no part or too little"
        return f"{say.capital(say.all_named(left_out['who']))} {what}{mark or SAYS}."
    heard = told[(told["to"] == middle) & ~told["afterwards"]]
    if heard.empty:
        return "Who told whom is not said."
    return say.sentence(f"{middle} heard from {from_whom(heard)}")


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
        "Missing or not enough, certainly or perhaps": [
            f"{row['who']}, {row['how']}" + f": {row['what']}" * row["how"].startswith(_OWN_STEP)
            for row in rows_of(missing)
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
