"""What had reached those who decided, and what was elsewhere? In words.

That something stood on an agency's record is not to say that anybody looked at it.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> tables = cc.information_at_decision(review), cc.decisions(review), cc.chronicle(review)
>>> cc.words.decisions.at_decisions(*tables, review.tables)[["decision", "concern", "state"]].head(
...     2
... )
       decision         concern      state
0  closure-2014  referrals-2014    nowhere
1  closure-2014      worry-2014  elsewhere
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from casechron.analysis import knowledge as known
from casechron.analysis.chronicle import NO_DAY, place_in_time
from casechron.analysis.concerns import end_event, events_of_parts
from casechron.analysis.decisions import DECISION, NO_RESPONSE
from casechron.analysis.information_at_decision import chosen_decision
from casechron.analysis.intervals import CERTAINLY
from casechron.analysis.record import unnamed_agencies
from casechron.analysis.tables import Tables, ties, to_table
from casechron.coding.codebook import codebook
from casechron.report.about import the_source
from casechron.report.draw.involvement import STATE_WORDS, by_state
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, groups, rows_by, rows_of
from casechron.report.text.involvement import NO_NAME, OUR_READING, from_whom

#: How many decisions a page shows, and how many things that were held elsewhere a first screen.
_DECISIONS, _ELSEWHERE = 7, 2
#: The states of concerns that those who decided are not said to have known of.
_OUTSIDE = ("unsure", "elsewhere")
#: Stand before the agency, or before several, at a step left undone. Each of several can be in
#: either role.
_STEP = "whose step it was"
_RECEIVED = f"{_STEP} or, in part by our reading, who had received what it was to answer"
#: What points of decision are called, several of them, and what those at them did.
_POINTS = {
    DECISION: ("the decision", "decisions", "decided"),
    NO_RESPONSE: ("the step left undone", "steps left undone", "were to act"),
}
#: The states of `information_at_decision` by the words of the chart's squares.
_STATES = {
    known.CERTAIN: "certainly",
    known.POSSIBLE: "possibly",
    known.WITH_ONE_IT_CAN_BE: "unsure",
    known.NOT_STATED: "unsure",
    known.OTHER: "elsewhere",
    known.NOBODY: "nowhere",
    known.LATER: "nowhere",
}


def with_claims(reached: pd.DataFrame, dates: pd.DataFrame) -> pd.DataFrame:
    """What had reached those who decided, with a mark on what is only alleged or denied.

    Parameters
    ----------
    reached, dates : pandas.DataFrame
        What `information_at_decision` and `chronicle` give.

    Returns
    -------
    pandas.DataFrame
        The same rows, with the mark in `summary`.
    """
    claims = dict(zip(dates["event"], dates["alleged"], strict=True))
    pairs = zip(reached["summary"], reached["matter"].map(claims), strict=True)
    texts = [say.summary_with_date(text, "", status) for text, status in pairs]
    return reached.assign(summary=texts)


def held_elsewhere(
    reached: pd.DataFrame, decisions: pd.DataFrame, agencies: pd.DataFrame, decision: str = ""
) -> list[Point]:
    """What agencies that the source names held at one decision, and what is not recorded with those
    who decided.

    Parameters
    ----------
    reached, decisions : pandas.DataFrame
        What the analyses of these names give.
    agencies : pandas.DataFrame
        What `involvement` gives: which agencies the source names.
    decision : str, default ""
        The id of the decision; empty is the one at which the review says that most were left out,
        else the last.

    Returns
    -------
    list of Point
        One; none where no agency that is named held anything else.
    """
    if decisions.empty:
        return []
    chosen = chosen_decision(decisions, decision)
    point = decisions[decisions["decision"] == chosen].iloc[0]
    by_name = set(agencies.loc[agencies["named"], "agency_label"])
    things: dict[str, str] = {}
    outside = _outside(rows_of(reached[reached["decision"] == chosen]))
    for row in outside:
        holders = [
            f"{how} {say.with_article(agency)}{mark}"
            for how, agency, mark in _holders(row, "with", "possibly with")
            if agency in by_name
        ]
        if holders:
            things[row["matter"]] = say.noted(f"“{row['summary']}”", *holders)
    if not things:
        return []
    unsaid = " (by whom is not said)" * by_name.isdisjoint(point["decided_by"])
    who = f"those who {_POINTS[point['point']][2]}"
    text = f"By {_at(point)}{unsaid}, this is not said to have reached {who}"
    text += ", among other things" * (len(things) < len(outside))
    return [Point(f"{text}: {say.listed(things.values())}.", (chosen, *things))]


def _at(point: pd.Series[str]) -> str:
    summary, kind, what = str(point["summary"]), str(point["kind"]), _POINTS[point["point"]][0]
    return f"the {say.lowered(kind)}" if summary == kind else f"{what} “{summary}”"


def known_in_short(
    reached: pd.DataFrame,
    decisions: pd.DataFrame,
    told: pd.DataFrame,
    dates: pd.DataFrame,
    agencies: pd.DataFrame,
    events: pd.DataFrame,
) -> list[Point]:
    """Who knew what at the decision from which most were left out, in words for a first screen.

    Parameters
    ----------
    reached, decisions : pandas.DataFrame
        What `information_at_decision` and `decisions` give.
    told : pandas.DataFrame
        What `involvement.told` gives.
    dates : pandas.DataFrame
        What `chronicle` gives.
    agencies : pandas.DataFrame
        What `involvement` gives: which agencies the source names.
    events : pandas.DataFrame
        What `timeline` gives: by which short labels events go.

    Returns
    -------
    list of Point
        One: from whom those who decided had certainly heard by then, and what others held that is
        not said to have reached it; none where the review says of nobody that it was left out.
    """
    left_out = decisions[decisions["point"].eq("decision") & decisions["left_out_ids"].astype(bool)]
    if left_out.empty:
        return []
    point = left_out[left_out["decision"] == chosen_decision(left_out)].iloc[0]
    matters = rows_of(reached[reached["decision"] == point["decision"]])
    by_name = set(agencies.loc[agencies["named"], "agency_label"])
    deciders = [agency for agency in point["decided_by"] if agency in by_name]
    # Leave out tellings that are in part our reading: the sentence has no room for that mark.
    ways = {(way, agency) for row in matters for agency in _firm(row) for way in row["rows"]}
    certain = {
        (part["event"], part["agency_label"])
        for part in rows_of(agencies[agencies["agency_label"].isin(deciders)])
        if any((way, part["agency_label"]) in ways for way in part["rows"])
    }
    heard = told.loc[[pair in certain for pair in zip(told["event"], told["to"], strict=True)]]
    heard = heard[~heard["who"].isin(NO_NAME) & ~heard["what"].str.endswith(OUR_READING)]
    labels = {row["event"]: say.label_options(row)[0] for row in rows_of(events)}
    elsewhere: dict[str, str] = {}
    outside = _outside(matters)
    for row in outside:
        holders = [agency for agency in row["certain_with"] if agency in by_name]
        possible = [agency for agency in row["possible_with"] if agency in by_name]
        firm = [agency for agency in holders if agency in _firm(row)]
        if holders:
            who = _in_short(firm or holders) + ", as judged" * (not firm)
            who += f"; possibly {_in_short(possible)}" if possible else ""
            elsewhere[row["matter"]] = f"“{labels.get(row['matter'], row['summary'])}” ({who})"
    place = {row["event"]: place_in_time(row) for row in rows_of(dates)}
    # The last by their days; what has no day comes before these.
    last = sorted(elsewhere, key=lambda row: (place[row][0] != NO_DAY, place[row]))[-_ELSEWHERE:]
    shown = {matter: words for matter, words in elsewhere.items() if matter in last}
    words = [f"{to} had heard from {from_whom(rows)}" for to, rows in groups(heard, "to")]
    if shown:
        more = ", among other things" * (len(shown) < len(outside))
        whom = say.all_named(deciders) if deciders else "those who decided"
        whom = "them" if [*dict.fromkeys(heard["to"])] == deciders else whom
        words.append(f"not said to have reached {whom}{more}: {say.listed(shown.values())}")
    if not words:
        return []
    ids = (point["decision"], *dict.fromkeys(heard["event"]), *shown)
    when = say.in_brackets(say.whens(dates)[point["decision"]])
    return [Point(f"By {_at(point)} {when}: {'; '.join(words)}.", ids)]


def _in_short(agencies: Iterable[str]) -> str:
    """Agencies within brackets, where brackets of their own would be hard to read."""
    return say.listed(re.sub(r" \([^()]*\)", "", say.with_article(agency)) for agency in agencies)


def _outside(reached: list[RowCells]) -> list[RowCells]:
    """What had come about by one decision and is not said to have reached those who took it. What
    another concern tells of, or counts with others, is not listed again."""
    matters = {row["matter"] for row in reached}
    return [
        row
        for row in reached
        if row["had_come_about"] == CERTAINLY
        and _STATES.get(row["reached"]) in _OUTSIDE
        and matters.isdisjoint(row["carried_by"])
    ]


def _holders(row: RowCells, *how: str) -> list[tuple[str, str, str]]:
    """With whom a matter certainly was by then, and with whom possibly: `how`, the agency, and its
    mark. 'As judged' stands beside an agency where `only_as_judged` names it, and nowhere else:
    that it held this is certain only by what the coder judged."""
    marks = dict.fromkeys(row["only_as_judged"], ", as judged")
    held = zip(how, (row["certain_with"], row["possible_with"]), strict=True)
    return [(word, agency, marks.get(agency, "")) for word, each in held for agency in each]


def _firm(row: RowCells) -> set[str]:
    """With whom a matter certainly was, and not by the coder's reading alone."""
    return {*row["certain_with"]} - {*row["only_as_judged"]}


def at_decisions(
    reached: pd.DataFrame, decisions: pd.DataFrame, dates: pd.DataFrame, tables: Tables
) -> pd.DataFrame:
    """For each decision that a page shows, each concern raised by then and where it stood.

    Answers that the review found missing are among them, each once; seven at most. Of more those
    come first on which a finding rests (of these, where somebody is named who decided or was to
    act), then those that answer something or from which somebody was left out; of each the last.
    What another concern tells of, or counts together with others, is not listed again. Of a
    decision whose day is open on a side it cannot be told what had been raised by then, and at one
    after the end of the account nothing could help any more: both are left out.

    Parameters
    ----------
    reached, decisions, dates : pandas.DataFrame
        What `information_at_decision`, `decisions` and `chronicle` give.
    tables : mapping of str to pandas.DataFrame
        The tidy tables: on what findings rest, and where the account ends.

    Returns
    -------
    pandas.DataFrame
        One row per decision and concern, as `draw_decisions` takes it, `point` as in `decisions`,
        `by_whom`, and `basis`: 'judged' where it stood there by the coder's reading alone. In `who`
        stands beside an agency that it held this only possibly by then, or as judged.
    """
    when = say.whens(dates)
    rows = []
    for point in _shown(decisions, reached, dates, tables):
        decision, deciders = point["decision"], point["decided_by"]
        raised = reached[reached["decision"] == decision]
        matters = set(raised["matter"])
        lead = f"{_RECEIVED if len(deciders) > 1 else _STEP}: " * bool(point["absence"])
        by_whom = lead + "; ".join(deciders) * bool(point["decided_by_ids"])
        about = decision, point["point"], point["summary"], when[decision], by_whom
        for row in rows_of(raised):
            if row["reached"] not in _STATES or matters & {*row["carried_by"]}:
                continue
            state, firm = _STATES[row["reached"]], _firm(row)
            if state == "certainly":
                firm &= {*deciders}
            who = ["".join(holder) for holder in _holders(row, "", "possibly ")]
            basis = "judged" if row["certain_with"] and not firm else row["basis"]
            rows.append((*about, row["matter"], row["summary"], state, who, basis))
    columns = "decision point decision_label when by_whom concern summary state who basis"
    return to_table(columns.split(), rows, lists=["who"])


def _shown(
    decisions: pd.DataFrame, reached: pd.DataFrame, dates: pd.DataFrame, tables: Tables
) -> list[RowCells]:
    """The decisions that are shown, in order of time."""
    bounded = dates[dates[["earliest", "start_latest"]].notna().all(axis=1)]
    over = bounded[:0]
    if (end := dates[dates["event"] == end_event(tables)].dropna(subset="latest")).size:
        # On the last day itself the order of rows tells what came after.
        later = bounded["earliest"] >= end["latest"].iloc[0]
        over = bounded[later & (bounded.index > end.index[0])]
    can_be = {*bounded["event"]} & {*reached["decision"]} - {*over["event"]}
    # A step that was taken, and fell short, is neither left undone nor a decision.
    insufficient = codebook().label("absence", "insufficient")
    can_be -= {*decisions.loc[decisions["absence"] == insufficient, "decision"]}
    rows = rows_of(decisions[decisions["decision"].isin(can_be)])
    event_of, unnamed = events_of_parts(tables), unnamed_agencies(tables)
    found = {event_of.get(row, row) for _, row in ties(tables, "rests-on")}

    def weight(row: RowCells) -> tuple[bool, bool, bool]:
        rests, named = row["decision"] in found, not {*row["decided_by_ids"]} <= unnamed
        return rests and named, rests, bool(row["answers"] or row["left_out_ids"])

    once: dict[Any, RowCells] = {}
    for row in sorted(rows, key=weight, reverse=True):
        # What the same agencies left undone at the same time is shown once.
        undone = row["absence"] and (row["said"], row["decided_by_ids"])
        once.setdefault(undone or row["decision"], row)
    last_first = [row for row in reversed(rows) if row in once.values()]
    kept = sorted(last_first, key=weight, reverse=True)[:_DECISIONS]
    return [row for row in rows if row in kept]


def decisions_in_rows(concerns: pd.DataFrame) -> pd.DataFrame:
    """The same as a table: one row per decision, the concerns listed by where they stood.

    Parameters
    ----------
    concerns : pandas.DataFrame
        What `at_decisions` gives.

    Returns
    -------
    pandas.DataFrame
        - `what`, `when`, `by_whom` (text): what was decided or left undone, when, by whom
        - `on_their_record`, `possibly_on_their_record`, `not_said_whether`, `with_others`,
          `not_recorded_with_any_agency` (text): the concerns; with whom they were
        - `event` (text): the decision's id
    """
    rows = []
    for decision, group in rows_by(concerns, "decision").items():
        cells = [_concerns(row for row in group if row["state"] == state) for state in STATE_WORDS]
        about = (group[0][name] for name in ("decision_label", "when", "by_whom"))
        rows.append((*about, *cells, decision))
    columns = (
        "what when by_whom on_their_record possibly_on_their_record not_said_whether"
        " with_others not_recorded_with_any_agency event"
    )
    return to_table(columns.split(), rows)


def _concerns(rows: Iterable[RowCells]) -> str:
    concerns = []
    for row in rows:
        judged = ["as judged"] * (row["basis"] == "judged")
        notes = row["who"] if row["state"] in _OUTSIDE else judged
        concerns.append(say.noted(row["summary"], *notes))
    return "; ".join(concerns)


def decisions_title(concerns: pd.DataFrame) -> str:
    """The finding of the chart of decisions: whether each concern that it counts had reached one or
    more of those who decided. Not whether they were told all: what is not coded is not counted.

    Parameters
    ----------
    concerns : pandas.DataFrame
        What `at_decisions` gives.

    Returns
    -------
    str
        One sentence.
    """
    if concerns.empty:
        return "What had reached those who decided cannot be told."
    points = [words for point, words in _POINTS.items() if point in {*concerns["point"]}]
    called = " and ".join(name for _, name, _ in points)
    who = " or ".join(did for _, _, did in points)
    reached = concerns["state"].eq("certainly").groupby(concerns["decision"], sort=False).all()
    full, count = int(reached.sum()), len(reached)
    of_full = concerns[concerns["decision"].map(reached).astype("bool")]
    judged = " (in part as judged)" if of_full["basis"].eq("judged").any() else ""
    had_reached = f"each concern counted here had reached one or more who {who}{judged}"
    if full == count:
        return f"At each of these {called} {had_reached}."
    which = f"only {full} of these {count}" if full else "none of these"
    return f"At {which} {called} does {the_source()} say that {had_reached}."


def decisions_alt(concerns: pd.DataFrame) -> str:
    """The chart of decisions, in words.

    Parameters
    ----------
    concerns : pandas.DataFrame
        What `at_decisions` gives.

    Returns
    -------
    str
        A sentence for each decision.
    """
    parts = [
        f"{rows[0]['decision_label']}, {rows[0]['when']}: {'; '.join(by_state(rows))}."
        for rows in rows_by(concerns, "decision").values()
    ]
    return " ".join(parts) or "No decision is drawn."
