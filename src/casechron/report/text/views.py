"""Who took what to be so, what does the source itself set for and against it, and who held which
account? In words.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> cc.words.views.view_points(cc.evidence_on_views(review), cc.views_held(review))
[]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from casechron.analysis.tables import by_key
from casechron.analysis.timing import END
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.accounts import by_account
from casechron.report.text.english import RowCells, groups, point, rows_by, rows_of

#: The words for how evidence bears on a view.
_TIES = {"supports": "it was supported by", "contradicts": "against it stood"}
#: How firmly something can be held at the time; doctors and courts conclude later.
_OF_THE_TIME = ("alleged", "denied", "withdrawn", "fact")


def view_points(evidence: pd.DataFrame, views: pd.DataFrame) -> list[Point]:
    """What was held to be so by whom, and what the source itself sets for and against it.

    Parameters
    ----------
    evidence : pandas.DataFrame
        What `evidence_on_views` gives. What the coder alone ties to a view is left out.
    views : pandas.DataFrame
        What `views_held` gives.

    Returns
    -------
    list of Point
        One for each view.
    """
    basis = dict(zip(views["view"], views["basis"], strict=True))
    stated = evidence[~evidence["judged"].astype(bool) & (evidence["evidence"] != "")]
    points = []
    for proposition, rows in rows_by(stated, "proposition").items():
        who = say.listed(dict.fromkeys(_somebody(row["holder"]) for row in rows))
        as_read = all(basis.get(row["view"]) != "stated" for row in rows)
        finding_rows = [row for row in rows if row["evidence_status"].startswith("finding")]
        others = (row for row in rows if row not in finding_rows)
        ties = by_key((row["tie"], row["evidence_summary"]) for row in others)
        borne = [f"{words}: {say.quoted(ties[tie])}" for tie, words in _TIES.items() if tie in ties]
        text = f"{who} took this to be so, {'as we read it' if as_read else 'says the source'}"
        text += f": {proposition}"
        text += f". As the source tells, {', and '.join(borne)}" if borne else ""
        findings = "; ".join(dict.fromkeys(row["evidence_summary"] for row in finding_rows))
        text += f". The review finds: {findings}" if finding_rows else ""
        points.append(point(text, (row["evidence"] for row in rows)))
    return points


def holder_points(
    holders: pd.DataFrame,
    accounts: pd.DataFrame,
    agencies: pd.DataFrame,
    decided: str,
    gaps: pd.DataFrame,
) -> list[Point]:
    """What one agency held at the time, what only others did, and what was learned afterwards; not
    what the account ends with, on which nobody could act any more.

    Parameters
    ----------
    holders, accounts : pandas.DataFrame
        What `holders_of_accounts` and `accounts_of_harm` give.
    agencies : pandas.DataFrame
        What `involvement` gives: which agencies the source names.
    decided : str
        The label of the agency that decided.
    gaps : pandas.DataFrame
        What `response_gaps` gives: what the account ends with.

    Returns
    -------
    list of Point
        First the agency that decided, then one for each of the others.
    """
    force = dict(zip(accounts["status"], accounts["force"], strict=True))
    summary = dict(zip(accounts["event"], accounts["summary"], strict=True))
    by_name = agencies.loc[agencies["named"], "agency_label"]
    holders = holders[~holders["event"].isin(gaps.loc[gaps["state"] == END, "concern"])]
    contemporaneous, forces = holders["contemporaneous"].astype(bool), holders["status"].map(force)
    held = holders[contemporaneous & holders["agency"].isin(by_name) & forces.isin(_OF_THE_TIME)]
    ours, points = held["agency"].eq(decided), []
    events = by_key((row["event"], row["as_judged"]) for row in rows_of(held[ours]))
    if events:
        what = say.quoted(summary[event] for event in events)
        as_read = [summary[event] for event, judged in events.items() if all(judged)]
        which = say.quoted(as_read) if 0 < len(as_read) < len(events) else "this"
        reading = f"; that it held {which} is our reading" * bool(as_read)
        points.append(point(f"{decided} came to hold accounts of this: {what}{reading}", events))
    if decided:
        each = held.set_index(["event", "account", "status"]).index
        for agency, rows in groups(held[~each.isin(each[ours])], "agency"):
            what = say.listed(_accounts_held(rows_of(rows), summary))
            text = f"{agency} held this, which is not recorded with {decided}: {what}"
            points.append(point(text, rows["event"]))
    learned = holders[~contemporaneous & forces.eq("later")]
    learned = learned[~learned["event"].isin(holders.loc[contemporaneous, "event"])]
    for agency, rows in groups(learned, "agency"):
        what = say.quoted(summary[event] for event in rows["event"])
        points.append(point(f"{agency} learned of this afterwards: {what}", rows["event"]))
    return points


def _accounts_held(rows: Iterable[RowCells], summary: Mapping[str, str]) -> Iterator[str]:
    """Each incident once, with how firm the accounts are that were held; a denial by itself."""
    notes: dict[str, dict[str, None]] = {}
    for row in rows:
        denied = row["status"] == "denied"
        what = f"{say.with_article(row['account'])}'s denial of " * denied
        status = "" if denied else f"{row['status']}{by_account(row)}"
        note = ", ".join(filter(None, [status, "as judged" * row["as_judged"]]))
        notes.setdefault(f"{what}“{summary[row['event']]}”", {})[note] = None
    yield from (say.noted(what, *each) for what, each in notes.items())


def _somebody(holder: str) -> str:
    """Who held a view, within a sentence.

    >>> _somebody("Other agencies, unnamed"), _somebody("Police")
    ('other agencies', 'Police')
    """
    words = holder.removesuffix(", unnamed")
    unnamed = words != holder or "not named" in words
    return f"{words[:1].lower()}{words[1:]}" if unnamed else words
