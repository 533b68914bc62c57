"""Whose violence is recorded, on whose account, and who held that account? In words.

What is alleged stays alleged, and what is denied is said to be. Accounts are listed by date and
never added up or set against each other: a counter-accusation and an injury are not one each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from casechron.analysis.timeline import AS_JUDGED
from casechron.analysis.views import NOT_NAMED
from casechron.coding.codebook import codebook
from casechron.report.show import Point
from casechron.report.text.english import listed, sentence
from casechron.report.text.records import named, parts, quoted, records, whens

__all__ = [
    "holder_points",
    "key_points",
    "ledger",
    "ledger_alt",
    "ledger_title",
    "sides",
    "view_points",
]

_SOURCE = "the source's own"
#: What can be held at the time; what doctors or courts conclude comes later.
_OF_THE_TIME = ("alleged", "denied", "fact")
#: How it is said in a sentence that something is said firmly.
_FIRMLY = {"convicted": "found by a court", "reported as fact": "stated by the source"}
_COLUMNS = ["event", "said_of", "when", "what", "how_firmly", "held_by", "places"]


def ledger(
    accounts: pd.DataFrame,
    dates: pd.DataFrame,
    parts_in: pd.DataFrame,
    facts: pd.DataFrame,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    """What is said of whom, for reading: one row per incident, per conviction and per opinion of a
    professional that bears on what was thought of the violence.

    Parameters
    ----------
    accounts
        What `accounts_of_harm` gives.
    dates
        What `chronicle` gives: dates as coded, kinds, and the order of time.
    parts_in, facts
        What `accounts` and `further_facts` give: who was convicted, and of which offence.
    evidence
        What `evidence_on_views` gives.

    Returns
    -------
    pandas.DataFrame
        In order of time.

        - `event` (text): the incident's id
        - `said_of` (text): of whom it is said that they did it; who was there, where who did it is
          not said; empty where nothing but who was harmed is said
        - `when`, `what` (text): its date in words, and what happened
        - `how_firmly` (text): how firmly it is said, and by whose account
        - `held_by` (text): the agencies that held it at the time, and from when; and who learned of
          it afterwards
        - `places` (text): paragraph and sentence of the source
    """
    when = whens(dates)
    order = {event: place for place, event in enumerate(dates["event"])}
    rows = []
    for event, here in accounts.groupby("event", sort=False):
        told = records(here)
        doers = list(dict.fromkeys(one for row in told for one in _persons(row["by_whom"])))
        # Whom it was done to is nobody of whom it is told, nor is whom we alone take to be meant.
        concerned = [
            one
            for row in told
            if row["basis"] != "judged"
            for one in _persons(row["also_concerned"])
        ]
        first = told[0]
        held = dict.fromkeys(one for row in told for one in parts(row["held_by"]))
        later = dict.fromkeys(one for row in told for one in parts(row["learned_afterwards"]))
        rows.append(
            {
                "event": str(event),
                "said_of": "; ".join(doers or dict.fromkeys(concerned)),
                "when": when[str(event)],
                "what": first["summary"] + _how_often(first["how_many"]),
                "how_firmly": "; ".join(_tags(told, bool(doers))),
                "held_by": "; ".join(
                    [*held, *(f"afterwards: {one}" for one in later)],
                ),
                "places": "; ".join(dict.fromkeys(row["places"] for row in told)),
            }
        )
    rows += _told_apart(accounts, dates, parts_in, facts, evidence)
    rows.sort(key=lambda row: order.get(row["event"], len(order)))
    return pd.DataFrame(rows, columns=_COLUMNS).astype("str")


def _told_apart(
    accounts: pd.DataFrame,
    dates: pd.DataFrame,
    parts_in: pd.DataFrame,
    facts: pd.DataFrame,
    evidence: pd.DataFrame,
) -> list[dict[str, str]]:
    """What is told of somebody by itself: convictions, with the offences that are named, and the
    opinions of professionals that bear on a view on which an account of harm bears too."""
    views = evidence.loc[evidence["evidence"].isin(accounts["event"]), "view"]
    opinions = set(evidence.loc[evidence["view"].isin(views), "evidence"]) - {*accounts["event"]}
    kind = codebook().label("event_kind", "conviction")
    offence = codebook().label("attribute", "offence")
    opinion = codebook().label("status", "professional-opinion")
    rows = []
    for event in records(dates):
        own = parts_in[(parts_in["event"] == event["event"]) & (parts_in["status"] != "")]
        convicted = event["kind"] == kind
        if not convicted:
            own = own[own["status"].eq(opinion) & own["event"].isin(opinions)]
        if own.empty:
            continue
        told = facts[(facts["of"] == event["summary"]) & (facts["fact"] == offence)]
        named_offences = f"; named: {listed(list(told['value']))}" if len(told) else ""
        holders = [] if convicted else list(dict.fromkeys(own["account"]))
        of = f" of {listed([named(one) for one in holders])}" if holders else ""
        rows.append(
            {
                "event": event["event"],
                "said_of": "; ".join(dict.fromkeys(own["person"])),
                "when": whens(dates)[event["event"]],
                "what": f"{event['summary']}{_how_often(event['how_many'])}{named_offences}",
                "how_firmly": "; ".join(dict.fromkeys(own["status"])) + of,
                "held_by": "; ".join(holders),
                "places": event["places"],
            }
        )
    return rows


def _persons(cell: str) -> list[str]:
    """The persons of a cell, without the word in brackets that says what else is said of them."""
    return [re.sub(r" \((?:accused|feared|afraid|injury seen)\)$", "", one) for one in parts(cell)]


def _how_often(how_many: str) -> str:
    return f" ({how_many})" if how_many not in ("", "once", "at least 1") else ""


def _tags(told: Sequence[Mapping[str, str]], whose: bool) -> list[str]:
    """How firmly an incident is said to have been, each account by itself.

    >>> alleged = {"status": "alleged", "force": "alleged", "account": "M", "by_whom": "F"}
    >>> denied = {"status": "denied", "force": "denied", "account": "F", "by_whom": "F"}
    >>> _tags([alleged, denied], True)
    ['alleged by M', 'denied by F']
    >>> injured = {"status": "reported as fact", "force": "fact", "account": "the source's own"}
    >>> _tags([alleged, injured | {"by_whom": "", "to_whom": "M"}], True)
    ['alleged by M', 'that M was harmed is reported as fact']
    >>> _tags([alleged, injured | {"by_whom": "", "to_whom": ""}], True)
    ['alleged by M']
    >>> seen = {"status": "medical opinion", "force": "opinion", "account": "GP", "by_whom": ""}
    >>> _tags([alleged, seen | {"to_whom": "M"}], True)
    ['alleged by M', 'medical opinion of GP, on the injury']
    """
    tags: dict[str, None] = {}
    for row in told:
        if whose and not (row["by_whom"] or row.get("to_whom")):
            # Somebody else is named as having been there: that is no account of the deed.
            continue
        by = "" if row["account"] == _SOURCE else f" by {named(row['account'])}"
        if row["force"] == "opinion":
            by = by.replace(" by ", " of ", 1) + ", on the injury" * (not row["by_whom"])
        status = row["status"] or "no more is said of how firmly"
        harmed = [] if row["by_whom"] else _persons(row.get("to_whom", ""))
        if whose and harmed and row["force"] == "fact":
            tags[f"that {listed(harmed)} {_was(harmed)} harmed is {status}"] = None
        else:
            tags[f"{status}{by}"] = None
    if not whose and all(row.get("to_whom") for row in told):
        tags["by whom is not said"] = None
    elif not whose:
        tags["who harmed whom is not said"] = None
    return list(tags)


def _was(who: Sequence[str]) -> str:
    return "was" if len(who) == 1 else "were"


def sides(ledger: pd.DataFrame, accounts: pd.DataFrame) -> tuple[str, ...]:
    """The one or two persons of whom most of it is said: the columns of the ledger.

    Parameters
    ----------
    ledger, accounts
        What the functions of these names give.
    """
    by = {one for cell in accounts["by_whom"] for one in _persons(cell)}
    if len(by) < 2:
        # Where hardly anybody is said to have done harm: of whom it is told without saying so.
        unsaid = accounts[~accounts["event"].isin(_with_doers(accounts))]
        by |= {one for cell in unsaid["also_concerned"] for one in _persons(cell)}
    of = [one for cell in ledger["said_of"] for one in parts(cell) if not by or one in by]
    most = sorted(dict.fromkeys(of), key=lambda one: -of.count(one))
    return tuple(one for one in dict.fromkeys(of) if one in most[:2])


def key_points(ledger: pd.DataFrame, accounts: pd.DataFrame) -> list[Point]:
    """Of whom violence is recorded and on whose account, and where who harmed whom is not said.

    Parameters
    ----------
    ledger, accounts
        What the functions of these names give.
    """
    if accounts.empty:
        return [Point("No row of harm by anybody to anybody is coded.")]
    doers = dict.fromkeys(one for cell in accounts["by_whom"] for one in _doers(cell))
    of = [one for one in sides(ledger, accounts) if one in doers]
    unsaid = accounts[~accounts["event"].isin(_with_doers(accounts))].drop_duplicates("event")
    points = []
    if of:
        told = [_on_whose_account(one, accounts) for one in of]
        rows = [one["event"] for one in records(accounts) if set(of) & set(_doers(one["by_whom"]))]
        firm = [_how_firm(one, accounts) for one in of]
        ids = tuple(dict.fromkeys(rows))
        both = dict.fromkeys(sentence("; ".join(each)) for each in (firm, told))
        points += [Point(text, ids) for text in both]
    for row in records(ledger[~ledger["event"].isin(accounts["event"])]):
        who = listed([named(one) for one in parts(row["said_of"])])
        points.append(Point(f"Also told of {who}: “{row['what']}”.", (row["event"],)))
    if len(unsaid):
        if of:
            for whom, open_ in ((True, "who did it"), (False, "who harmed whom")):
                here = unsaid[unsaid["to_whom"].ne("") == whom]
                if len(here):
                    what = f"The source does not say {open_}: {quoted(here['summary'])}."
                    points.append(Point(what, tuple(here["event"])))
        else:
            what, ids = quoted(unsaid["summary"]), tuple(unsaid["event"])
            harmed = dict.fromkeys(
                one for row in records(unsaid) for one in _persons(row["to_whom"])
            )
            who = listed([named(one) for one in harmed]) if harmed else "whom"
            points.append(Point(f"The source does not say who harmed {who}.", ids))
            points.append(Point(f"It tells of this: {what}.", ids))
    return points


def _with_doers(accounts: pd.DataFrame) -> set[str]:
    return {one["event"] for one in records(accounts) if parts(one["by_whom"])}


def _doers(cell: str) -> list[str]:
    """Who is said to have done something, not those of whom somebody was afraid."""
    return [
        re.sub(r" \(accused\)$", "", one) for one in parts(cell) if not one.endswith("(feared)")
    ]


def _said_to_harm(who: str, accounts: pd.DataFrame) -> tuple[list[dict[str, str]], ...]:
    """What is alleged of a person, what is said of them more firmly, and what they deny."""
    own = [row for row in records(accounts) if who in _doers(row["by_whom"])]
    denied = [row for row in own if row["force"] == "denied"]
    alleged = [row for row in own if row["force"] == "alleged"]
    return alleged, [row for row in own if row not in alleged + denied], denied


def _violence(who: str, rows: Iterable[Mapping[str, str]], accounts: pd.DataFrame) -> str:
    """The violence of somebody, and to whom these rows tell of it, by every account of their
    events."""
    events = [row["event"] for row in rows]
    whom = accounts.loc[accounts["event"].isin(events), "to_whom"]
    to = listed([named(one) for one in dict.fromkeys(p for cell in whom for p in _persons(cell))])
    return f"violence by {named(who)}" + (f" to {to}" if to else "")


def _how_firm(who: str, accounts: pd.DataFrame) -> str:
    """Whether violence of a person is alleged only, and what is said more firmly, to whom."""
    alleged, firm, _ = _said_to_harm(who, accounts)
    told = [f"violence by {named(who)} is alleged"] if alleged else []
    statuses = [row["status"] for row in firm]
    if firm:
        best = [one for one in ("admitted", "convicted") if one in statuses] or statuses[:1]
        how = listed([_FIRMLY.get(one, one) for one in best])
        told.append(f"{_violence(who, firm, accounts)} is {how}")
    return ", and ".join(told) or f"violence by {named(who)} is told"


def _on_whose_account(who: str, accounts: pd.DataFrame) -> str:
    """By whose accounts something is said of a person, and whether that person denies it."""
    alleged, firm, denials = _said_to_harm(who, accounts)
    denied = {row["event"] for row in denials if row["account"] == who}
    told = [f"violence by {named(who)} is alleged by {_whose(alleged)}"] if alleged else []
    if firm:
        how = dict.fromkeys(_FIRMLY.get(row["status"], row["status"]) for row in firm)
        told.append(f"{_violence(who, firm, accounts)} is {listed([*how])}")
    part = "it" if denied >= {row["event"] for row in alleged + firm} else "part of it"
    denies = f" ({named(who)} denies {part})" if denied else ""
    return f"{', and '.join(told) or f'a denial by {named(who)} is told'}{denies}"


def _whose(rows: Iterable[Mapping[str, str]]) -> str:
    told = [
        "the source itself" if one == _SOURCE else named(one)
        for one in dict.fromkeys(row["account"] for row in rows)
    ]
    # Names first: of 'the father of S1 and WF' it would be open whose father he is.
    return listed(sorted(told, key=lambda one: one.startswith("the ")))


def holder_points(
    holders: pd.DataFrame,
    accounts: pd.DataFrame,
    agencies: pd.DataFrame,
    decided: str,
    tables: Mapping[str, pd.DataFrame],
) -> list[Point]:
    """What one agency held at the time, what only others did, and what was learned afterwards.

    Parameters
    ----------
    holders, accounts
        What `holders_of_accounts` and `accounts_of_harm` give.
    agencies
        What `involvement` gives: which agencies the source names.
    decided
        The label of the agency that decided.
    tables
        The tidy tables: what an agency held by the coder's judgement alone is said to be that.
    """
    judged = {
        row["id"]
        for name in ("involvement", "links")
        for row in records(tables[name])
        if row["basis"] == "judged"
    }
    force = dict(zip(accounts["status"], accounts["force"], strict=True))
    by_name = set(agencies.loc[agencies["named"], "agency_label"])
    then = holders[holders["contemporaneous"].astype(bool)]
    then = then[then["agency"].isin(by_name) & then["status"].map(force).isin(_OF_THE_TIME)]
    summary = dict(zip(accounts["event"], accounts["summary"], strict=True))
    own = list(dict.fromkeys(then.loc[then["agency"] == decided, "event"]))
    points = []
    if own:
        what = quoted(summary[event] for event in own)
        mine_too = records(then[then["agency"] == decided])
        firm = {row["event"] for row in mine_too if not judged & {*parts(row["rows"])}}
        read = [summary[event] for event in own if event not in firm]
        ours = ""
        if read:
            which = quoted(read) if len(read) < len(own) else "this"
            ours = f"; that it held {which} is our reading"
        held = f"{decided} held accounts of this at the time: {what}{ours}."
        points.append(Point(held, tuple(own)))
    others: dict[str, list[str]] = {}
    rows: dict[str, list[str]] = {}
    keys = set(zip(then["event"], then["account"], then["status"], then["agency"], strict=True))
    for row in records(then):
        mine = (row["event"], row["account"], row["status"], decided) in keys
        if row["agency"] != decided and not mine:
            ours = AS_JUDGED * bool(judged & {*parts(row["rows"])})
            others.setdefault(row["agency"], []).append(_account(row, summary) + ours)
            rows.setdefault(row["agency"], []).append(row["event"])
    if decided:
        points += [
            Point(
                f"{sentence(agency)[:-1]} held this, which is not recorded with"
                f" {decided}: {listed(list(dict.fromkeys(what)))}.",
                tuple(dict.fromkeys(rows[agency])),
            )
            for agency, what in others.items()
        ]
    later = holders[~holders["contemporaneous"].astype(bool)]
    later = later[later["status"].map(force) == "later"]
    later = later[~later["event"].isin(holders.loc[holders["contemporaneous"], "event"])]
    for agency, events in later.groupby("agency", sort=False)["event"]:
        what = quoted(summary[event] for event in events)
        ids = tuple(dict.fromkeys(events))
        points.append(Point(f"{agency} learned of this afterwards: {what}.", ids))
    return points


def _account(row: Mapping[str, str], summary: Mapping[str, str]) -> str:
    if row["status"] == "denied":
        return f"{named(row['account'])}'s denial of “{summary[row['event']]}”"
    by = "" if row["account"] == _SOURCE else f" by {named(row['account'])}"
    return f"“{summary[row['event']]}” ({row['status']}{by})"


def view_points(evidence: pd.DataFrame, views: pd.DataFrame) -> list[Point]:
    """What was held to be so by whom, and what the source itself sets for and against it.

    Parameters
    ----------
    evidence
        What `evidence_on_views` gives. What the coder alone ties to a view is left out.
    views
        What `views_held` gives.
    """
    basis = dict(zip(views["view"], views["basis"], strict=True))
    stated = evidence[~evidence["judged"].astype(bool) & (evidence["evidence"] != "")]
    points = []
    for proposition, rows in stated.groupby("proposition", sort=False):
        told = records(rows)
        who = list(dict.fromkeys(_somebody(row["holder"]) for row in told))
        read = all(basis.get(row["view"]) != "stated" for row in told)
        found = [row["evidence_summary"] for row in told if _is_finding(row)]
        ties = [
            f"{words}: {quoted(row['evidence_summary'] for row in told if _ties(row, tie))}"
            for tie, words in (
                ("supports", "it was supported by"),
                ("contradicts", "against it stood"),
            )
            if any(_ties(row, tie) for row in told)
        ]
        text = f"{listed(who)} took this to be so, {'as we read it' if read else 'says the source'}"
        text += f": {proposition}"
        text += f". As the source tells, {', and '.join(ties)}" if ties else ""
        text += f". The review finds: {'; '.join(dict.fromkeys(found))}" if found else ""
        points.append(Point(sentence(text), tuple(dict.fromkeys(row["evidence"] for row in told))))
    return points


def _somebody(holder: str) -> str:
    """Who held a view, within a sentence.

    >>> _somebody("Unspecified"), _somebody("Other agencies, unnamed"), _somebody("Police")
    ('somebody not named', 'other agencies', 'Police')
    """
    if holder == "Unspecified":
        return NOT_NAMED
    words = holder.removesuffix(", unnamed")
    unnamed = words != holder or "not named" in words
    return f"{words[:1].lower()}{words[1:]}" if unnamed else words


def _is_finding(row: Mapping[str, str]) -> bool:
    return row["evidence_status"].startswith("finding")


def _ties(row: Mapping[str, str], tie: str) -> bool:
    return row["tie"] == tie and not _is_finding(row)


def ledger_title(sides: Sequence[str], ledger: pd.DataFrame) -> str:
    """The finding of the ledger: of whom something is said, never how often."""
    if not sides and ledger.empty:
        return "No account of harm is on record."
    if not sides:
        return "What is told of harm, by date, and how firmly; who did it is not said."
    whom = listed([named(one) for one in sides])
    return f"What is said of {whom}, by date, and how firmly."


def ledger_alt(ledger: pd.DataFrame) -> str:
    """The ledger in words: each row, with of whom it is said."""
    return " ".join(_lines(ledger)) or "No account of harm is on record."


def _lines(ledger: pd.DataFrame) -> Iterable[str]:
    for row in records(ledger):
        of = [named(one) for one in parts(row["said_of"])]
        when = f"Of {listed(of)}, {row['when']}" if of else sentence(row["when"])[:-1]
        yield f"{when}: {row['what']} ({row['how_firmly']})."
