"""Who is said to have harmed whom, and by whose account? In words.

What is alleged stays alleged, and what is denied is said to be. Accounts are listed by date and
never added up or set against each other: a counter-accusation and an injury are not one each.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> accounts, chronicle = cc.accounts_of_harm(review), cc.chronicle(review)
>>> others = cc.accounts(review), cc.further_facts(review), cc.evidence_on_views(review)
>>> ledger = cc.words.accounts.ledger(accounts, chronicle, *others)
>>> cc.words.accounts.ledger_title(cc.words.accounts.sides(ledger, accounts), ledger)
"What is said of X's mother, or of nobody, by date, and how firmly."
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, dropwhile
from typing import Any

import pandas as pd

from casechron.analysis.accounts_of_harm import AFRAID, FEARED, MARKS, SET_UPON, SOURCE
from casechron.analysis.chronicle import NO_AGENCY
from casechron.analysis.tables import by_key, to_table
from casechron.analysis.windows import NOT_DATED
from casechron.coding.codebook import AS_JUDGED, codebook
from casechron.report.about import the_source
from casechron.report.show import Point
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, point, rows_by, rows_of

#: How firmly something is said that a court found, or that was admitted to one.
_FOUND = ("admitted", "convicted")
#: What stands in its place beside somebody who was accused and not found guilty: by a decision, or
#: since none was made.
_CLEARED = "acquittal or charges dropped", "never charged or convicted"
#: The words within a sentence for statuses that are firm.
_FIRMLY = {"convicted": "found by a court", "reported as fact": "stated by the source"}
_COLUMNS = "event said_of when what how_firmly held_by places"


def ledger(
    accounts: pd.DataFrame,
    dates: pd.DataFrame,
    parts_in: pd.DataFrame,
    facts: pd.DataFrame,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    """What is said of whom, for reading: one row per incident, per conviction or acquittal (or plea
    or sentence of somebody of whom neither an incident nor a conviction has what was found), per
    conduct to which the source gives a word, and per opinion of a professional that bears on what
    was thought of the violence; of persons of whom not the same is said, a row for each.

    Parameters
    ----------
    accounts : pandas.DataFrame
        What `accounts_of_harm` gives.
    dates : pandas.DataFrame
        What `chronicle` gives: dates as coded, kinds, and the order of time.
    parts_in, facts : pandas.DataFrame
        What `accounts` and `further_facts` give: who was convicted, of which offence, and how an
        injury is said to have come about.
    evidence : pandas.DataFrame
        What `evidence_on_views` gives.

    Returns
    -------
    pandas.DataFrame
        In order of time.

        - `event` (text): the incident's id
        - `said_of` (labels): of whom it is said that they did it; who was there, where neither who
          did it nor who was harmed is said; else empty
        - `when`, `what` (text): its date in words, and what happened; where nobody is said to have
          done it, with how the injury is said to have come about
        - `how_firmly` (text): how firmly it is said, and by whose account
        - `held_by` (labels): the agencies that held it at the time, and from when, with which
          allegation or denial it was where not each was held by the same; and who learned of it
          afterwards; of a conviction or conduct the agencies that had a part in it
        - `places` (text): paragraph and sentence of the source
    """
    when, cause = say.whens(dates), codebook().label("attribute", "mechanism")
    order = {event: place for place, event in enumerate(when)}
    rows: list[tuple[Any, ...]] = []
    for event, every in rows_by(accounts, "event").items():
        what, doers = say.how_often(every[0]), _each(every, "by_whom")
        # The ledger is about doers; where who harmed whom is not said, about those between whom it
        # was, as the source itself names them. Who was there when somebody was hurt did nothing.
        firm = [row for row in every if row["basis"] != "judged" and not _each(every, "to_whom")]
        if not doers:
            # How it came about, in somebody's account, is all that is said of who did it.
            of_event = rows_of(facts[(facts["row"] == event) & (facts["fact"] == cause)])
            causes = [row["value"] + AS_JUDGED * (row["basis"] == "judged") for row in of_event]
            what += f"; {cause}: {say.listed(causes)}" if causes else ""
        # Of each doer the accounts that name that one, or nobody.
        said = by_key(
            (tuple(not row["by_whom"] or who in _each([row], "by_whom") for row in every), who)
            for who in doers
        )
        said = said or {(True,) * len(every): _each(firm, "also_concerned")}
        for theirs, persons in said.items():
            reports = [*compress(every, theirs)]
            later = [f"afterwards: {agency}" for agency in _each(reports, "learned_afterwards")]
            holders = [*dict.fromkeys(_held_by(reports)), *later]
            places = "; ".join(dict.fromkeys(row["places"] for row in reports))
            how_firmly = "; ".join(_tags(reports, bool(doers)))
            rows.append((event, persons, when[event], what, how_firmly, holders, places))
    # Convictions and opinions that rows of their own tell of somebody.
    views = evidence.loc[evidence["evidence"].isin(accounts["event"]), "view"]
    opinions = set(evidence.loc[evidence["view"].isin(views), "evidence"]) - {*accounts["event"]}
    at_court = {*_each(rows_of(accounts[accounts["status"].isin(_FOUND)]), "by_whom")}
    rows += _told_apart(dates, parts_in, facts, opinions, at_court)
    rows.sort(key=lambda row: order[row[0]])
    return to_table(_COLUMNS.split(), rows, lists=("said_of", "held_by"))


def _held_by(reports: Sequence[RowCells]) -> Iterator[str]:
    """Who held an incident; of a denial, and of an allegation beside what was held as more than
    that, also which account it was, unless the same held another one of it too."""
    claims = {"denied"}
    if any(row["held_by"] and row["force"] not in ("alleged", "denied") for row in reports):
        claims.add("alleged")
    for row in reports:
        others = {holder for other in reports if other is not row for holder in other["held_by"]}
        which = f", as {row['status']}{by_account(row)}" if row["force"] in claims else ""
        yield from (holder + which * (holder not in others) for holder in row["held_by"])


def _told_apart(
    dates: pd.DataFrame,
    parts_in: pd.DataFrame,
    facts: pd.DataFrame,
    opinions: set[str],
    found: set[str],
) -> list[tuple[Any, ...]]:
    """What is told of somebody by itself: convictions, and pleas and sentences of those whom no
    account of harm has as `found` guilty, nor a conviction; with the offences that are named, what
    their conduct is called, and the opinions of professionals on a view on which an account of harm
    bears too."""
    label = codebook().label
    offence, quality = (label("attribute", code) for code in ("offence", "quality"))
    codes = "professional-opinion", "quoted", "reported"
    opinion, quotation, fact = (label("status", code) for code in codes)
    called = {*facts.loc[facts["fact"] == quality, "row"]}
    parts = rows_by(parts_in[parts_in["status"] != ""], "event")
    lacking, convicting = dates["absence"] != "", dates["kind"].isin(say.labels("conviction"))
    convictions = dates.loc[convicting & ~lacking, "event"]
    never = {*dates.loc[lacking & (convicting | dates["kind"].isin(say.labels("charge"))), "event"]}
    at_court = convicting | dates["kind"].isin(say.kinds("outcome")) | dates["event"].isin(never)
    court = {*dates.loc[at_court, "event"]}
    for event in court:
        # Beside who was found guilty stands whom they harmed: of these nothing is said.
        there = parts.get(event, [])
        parts[event] = [row for row in there if row["status"] != fact] or there
    found = found.union(row["person"] for event in convictions for row in parts.get(event, ()))
    when, rows = say.whens(dates), []
    for event in rows_of(dates):
        stated = parts.get(event["event"], [])
        cleared = event["kind"] in say.labels("acquittal")
        if event["kind"] in say.kinds("outcome") and not cleared:
            stated = [row for row in stated if row["person"] not in found]
        conduct = event["kind"] in say.labels("behaviour") and not event["absence"]
        whole = event["event"] in court or (conduct and event["event"] in called)
        if not whole:
            held = event["event"] in opinions
            stated = [row for row in stated if held and row["status"] == opinion]
        if not stated:
            continue
        said = by_key((row["person"], (row["status"], row["account"])) for row in stated)
        offences = facts.loc[(facts["row"] == event["event"]) & (facts["fact"] == offence), "value"]
        named = [word for word in offences if word.lower() not in event["summary"].lower()]
        what = say.how_often(event)
        # Of several it is not coded which offence was whose.
        what += f"; named: {say.listed(named)}" if named and len(said) == 1 else ""
        for theirs, persons in by_key((tuple(each), who) for who, each in said.items()).items():
            holders = dict.fromkeys(event["lane"] if whole else (account for _, account in theirs))
            holders.pop(NO_AGENCY, None)
            how_firmly = "; ".join(
                status + f" of {say.all_named(by)}" * (status in (opinion, quotation) and any(by))
                for status, by in by_key(theirs).items()
            )
            if cleared or event["event"] in never:
                how_firmly = _CLEARED[event["event"] in never]
            rest = what, how_firmly, holders, event["places"]
            rows.append((event["event"], persons, when[event["event"]], *rest))
    return rows


def _person(label: str) -> str:
    """A person without the word in brackets that says what else is said of them."""
    return next((label.removesuffix(mark) for mark in MARKS if label.endswith(mark)), label)


def _each(rows: Iterable[Mapping[str, Any]], column: str) -> list[str]:
    """Those who stand in a column of some rows, each once."""
    return list(dict.fromkeys(_person(label) for row in rows for label in row[column]))


def _tags(accounts: Sequence[Mapping[str, Any]], whose: bool) -> list[str]:
    """How firmly an incident is said to have been, each account by itself.

    >>> alleged = {"status": "alleged", "force": "alleged", "account": "M", "by_whom": ("F",)}
    >>> denied = {"status": "denied", "force": "denied", "account": "F", "by_whom": ("F",)}
    >>> _tags([alleged, denied], True)
    ['alleged by M', 'denied by F']
    >>> injured = {"status": "reported as fact", "force": "fact", "account": "the source's own"}
    >>> _tags([alleged, injured | {"by_whom": (), "to_whom": ("M",)}], True)
    ['alleged by M', 'that M was harmed is reported as fact']
    >>> _tags([alleged, injured | {"by_whom": (), "to_whom": ("M (afraid)",)}], True)
    ['alleged by M', 'that M was afraid is reported as fact']
    >>> found = {"status": "found", "force": "found", "account": "Family court"}
    >>> _tags([alleged, found | {"by_whom": (), "to_whom": ("M",)}], True)
    ['alleged by M', 'that M was harmed is found by Family court']
    >>> _tags([alleged, injured | {"by_whom": (), "to_whom": ()}], True)
    ['alleged by M']
    >>> _tags([alleged | {"withdrawal": "withdrawn by M (in May 2019)"}], True)
    ['alleged by M, who withdrew it']
    >>> seen = {"status": "medical opinion", "force": "opinion", "account": "GP", "by_whom": ()}
    >>> _tags([alleged, seen | {"to_whom": ("M",)}], True)
    ['alleged by M', 'medical opinion of GP, on the injury']
    """
    tags = []
    for row in accounts:
        if whose and not (row["by_whom"] or row.get("to_whom")):
            # A row that names only somebody who was there is no account of the deed.
            continue
        by = by_account(row)
        if row["force"] == "opinion":
            by = by_account(row, "of") + ", on the injury" * (not row["by_whom"])
        status = row["status"] or "no more is said of how firmly"
        harmed = [] if row["by_whom"] else _each([row], "to_whom")
        said = f"{status}{by}"
        if whose and harmed and row["force"] not in ("opinion", "quoted"):
            # Of who did it nothing is said by this.
            were = "were " if len(harmed) > 1 else "was "
            were += "afraid" if all(who.endswith(AFRAID) for who in row["to_whom"]) else "harmed"
            said = _FIRMLY["convicted"] if status == "convicted" else said
            said = f"that {say.all_named(harmed)} {were} is {said}"
        tags.append(said + ", who withdrew it" * bool(row.get("withdrawal")))
    if not whose:
        whom = all(row.get("to_whom") for row in accounts)
        tags.append(
            "nobody is named as having caused it" if whom else "who harmed whom is not said"
        )
    return list(dict.fromkeys(tags))


def by_account(row: Mapping[str, Any], word: str = "by") -> str:
    """By whose account something is told; nothing of the source's own, except what it found.

    Parameters
    ----------
    row : mapping
        A row that has an `account`.
    word : str, default "by"
        What stands before it.

    Returns
    -------
    str
        The words that follow a status, with a space before them.
    """
    own = " by the review" if row["status"] == "found" else ""
    return own if row["account"] == SOURCE else f" {word} {say.with_article(row['account'])}"


def sides(ledger: pd.DataFrame, accounts: pd.DataFrame) -> tuple[str, ...]:
    """The one or two persons of whom most of it is said: the columns of the ledger.

    Parameters
    ----------
    ledger, accounts : pandas.DataFrame
        What the functions of these names give.

    Returns
    -------
    tuple of str
        Their labels, in the order of the ledger.
    """
    by = {*_each(rows_of(accounts), "by_whom")}
    if len(by) < 2:
        # Where fewer than two are said to have done harm, add those found guilty or concerned.
        by |= {*_each(rows_of(ledger[ledger["how_firmly"].isin(_FOUND)]), "said_of")}
        by |= {*_each(rows_of(_without_doers(accounts)), "also_concerned")}
    named = [person for person in ledger["said_of"].explode().dropna() if not by or person in by]
    most_named = dict(Counter(named).most_common(2))
    return tuple(person for person in dict.fromkeys(named) if person in most_named)


def key_points(ledger: pd.DataFrame, accounts: pd.DataFrame) -> list[Point]:
    """Of whom violence is recorded and on whose account, and where who harmed whom is not said.

    Parameters
    ----------
    ledger, accounts : pandas.DataFrame
        What the functions of these names give.

    Returns
    -------
    list of Point
        First what is said of each person and how firmly, then on whose account.
    """
    if accounts.empty:
        only = rows_of(ledger)
        if all(row["how_firmly"] in _CLEARED for row in only):
            return [Point("No row of harm by anybody to anybody is coded.")]
        # That no row of its own tells of the harm is not to say that there was none.
        words = f"No harm is coded by itself, only this: {say.quoted(row['what'] for row in only)}"
        return [point(words, (row["event"] for row in only))]
    rows, points = rows_of(accounts), list[Point]()
    standing = [row for row in rows if row["force"] != "withdrawn"]
    doers = {person for row in standing for person in _doers(row)}
    found = _each([row for row in rows if row["force"] in ("found", "established")], "by_whom")
    named = dict.fromkeys([*sides(ledger, accounts), *found])
    doing_harm = [person for person in named if person in doers]
    if doing_harm:
        ids = [row["event"] for row in rows if {*doing_harm} & {*_doers(row)}]
        besides = {who: _besides(who, rows_of(ledger)) for who in doing_harm}
        ids += [row["event"] for told in besides.values() for row in told]
        told = zip(*(_said_of(who, standing, besides[who]) for who in doing_harm), strict=True)
        texts = ["; ".join(each) for each in told]
        # What was found, where harm by that person is only alleged, can be of something else.
        guilty = {who for row in standing if row["status"] in _FOUND for who in _doers(row)}
        rest = (row for who in doing_harm if who not in guilty for row in besides[who])
        if apart := [row["what"] for row in rest if row["how_firmly"] in _FOUND]:
            texts[0] += f". Told besides: {say.quoted(apart)}"
        points += dict.fromkeys(point(text, ids) for text in texts)
    unsaid = _without_doers(accounts).drop_duplicates("event")
    # Stands before injuries and abuse: of a fall nobody did it, of other harm it is not said who.
    silences = {True: "names nobody as having caused this", False: "does not say who harmed whom"}
    for whom, silence in silences.items():
        events = unsaid[unsaid["to_whom"].astype(bool) == whom]
        if len(events):
            text = f"{the_source()} {silence}: {say.quoted(events['summary'])}"
            points.append(point(text, events["event"]))
    return points


def _without_doers(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts of what nobody is said to have done."""
    doing = accounts["by_whom"].astype(bool)
    return accounts[~accounts["event"].isin(accounts.loc[doing, "event"])]


def _doers(row: RowCells) -> list[str]:
    """Who is said to have done something, not those of whom somebody was afraid."""
    return [_person(label) for label in row["by_whom"] if not label.endswith(FEARED)]


def _besides(who: str, ledger: Iterable[RowCells]) -> list[RowCells]:
    """What a court found of a person, or did not, or was admitted, where something else said of
    them can have come before; a conviction before all that is of something else."""
    court = (*_FOUND, *_CLEARED)
    said_of = [row for row in ledger if who in row["said_of"]]
    # What has no date stands last, and can have come first.
    said_of.sort(key=lambda row: row["how_firmly"] in court or row["when"] != NOT_DATED)
    after = dropwhile(lambda row: row["how_firmly"] in court, said_of)
    return [row for row in after if row["how_firmly"] in court]


def _said_of(who: str, accounts: list[RowCells], besides: list[RowCells]) -> tuple[str, str]:
    """Of the harm by a person, be it violence or not: how firmly it is told and to whom, with what
    ended an allegation, as told `besides`, and whether that person denies it; then by whose
    accounts, and who of them withdrew it."""

    def to_whom(events: set[str]) -> str:
        """To whom, by every account of these events but of what others did."""
        own = (row for row in accounts if who in _doers(row) or not row["by_whom"])
        whom = (label for row in own if row["event"] in events for label in row["to_whom"])
        harmed = {_person(label): None for label in whom if not label.endswith(AFRAID)}
        harmed.pop(who, None)
        return f" to {say.all_named(harmed)}" if harmed else ""

    harm, firmness, accounts_told = f"harm by {say.with_article(who)}", list[str](), list[str]()
    rows = [row for row in accounts if who in _doers(row)]
    alleged = [row for row in rows if row["force"] == "alleged"]
    firm = [row for row in rows if row["force"] not in ("alleged", "denied")]
    denied = {row["event"] for row in rows if row["force"] == "denied" and row["account"] == who}
    standing = {row["account"] for row in alleged if not row["withdrawal"]}
    withdrawn = "" if standing else ", and the allegation withdrawn"
    # Somebody set upon and nobody harmed is an attempt.
    claims = by_key(
        (not row["to_whom"] and any(each.endswith(SET_UPON) for each in row["also_concerned"]), row)
        for row in alleged
    )
    for attempt, them in sorted(claims.items()):
        what = "an attempt at " * attempt + harm
        status = say.listed(dict.fromkeys(row["status"] for row in them))
        to = to_whom({row["event"] for row in them})
        firmness = firmness or [f"{what}{to} is {status}{withdrawn}"]
        accounts_told.append(f"{what} is {status} by {_whose(them)}")
    found, to = {row["event"] for row in firm if row["status"] in _FOUND}, ""
    # What was found stands first, and apart from what is only stated.
    for events in filter(None, (found, {row["event"] for row in firm} - found)):
        before, to = to, to_whom(events)
        what = "other harm" + to * (to != before) if found not in (set(), events) else harm + to
        of_these = [row for row in firm if row["event"] in events]
        # A court that convicts nobody, as a family court, finds too.
        each = (row["status"] + by_account(row) * (row["status"] == "found") for row in of_these)
        statuses = list(dict.fromkeys(each))
        # Where nothing is alleged, whose accounts these are is told at once.
        best = [each for each in _FOUND if each in statuses] or statuses[:1]
        for words, chosen in ((firmness, best if alleged else statuses), (accounts_told, statuses)):
            how_firmly = say.listed(_FIRMLY.get(status, status) for status in chosen)
            words.append(f"{what} is {how_firmly}")
    firmness = firmness or [f"{harm} is told"]
    if ended := [row["what"] for row in besides if row["how_firmly"] in _CLEARED]:
        firmness[0] += f" (told besides: {say.quoted(ended)})"
    told = ", and ".join(firmness)
    withdrew = dict.fromkeys(row["account"] for row in alleged if row["withdrawal"])
    parts = {True: "part of it", False: "the allegation"}
    notes = [f"{say.with_article(each)} withdrew {parts[each in standing]}" for each in withdrew]
    claimed, firmly_told = ({row["event"] for row in rows} for rows in (alleged, firm))
    # Who denies an allegation does not deny what is told besides, as by a court.
    apart = bool(firm) and denied <= claimed - firmly_told
    part = "" if denied >= claimed | (set() if apart else firmly_told) else "part of "
    what = "what is alleged" if apart else "it"
    told += f" ({say.with_article(who)} denies {part}{what})" * bool(denied)
    by_whom = ", and ".join(accounts_told) or f"a denial by {say.with_article(who)} is told"
    return told, say.noted(by_whom, *notes)


def _whose(rows: Iterable[RowCells]) -> str:
    accounts = dict.fromkeys(row["account"] for row in rows)
    names = ["the source itself" if each == SOURCE else say.with_article(each) for each in accounts]
    # Names first: of 'the father of S1 and WF' it would be open whose father he is.
    return say.listed(sorted(names, key=lambda account: account.startswith("the ")))


def ledger_title(sides: Sequence[str], ledger: pd.DataFrame) -> str:
    """The finding of the ledger: of whom something is said, never how often.

    Parameters
    ----------
    sides : sequence of str
        What `sides` gives.
    ledger : pandas.DataFrame
        What `ledger` gives.

    Returns
    -------
    str
        One sentence.
    """
    if not sides and ledger.empty:
        return "No account of harm is on record."
    if not sides:
        return "What is told of harm, by date, and how firmly; nobody is named as having caused it."
    nobody = "" if all(ledger["said_of"]) else ", or of nobody"
    others = {who for said_of in ledger["said_of"] for who in said_of}.difference(sides)
    names = say.listed([*map(say.with_article, sides), *["others"] * bool(others)])
    return f"What is said of {names}{nobody}, by date, and how firmly."


def ledger_alt(ledger: pd.DataFrame) -> str:
    """The ledger in words: each row, with of whom it is said.

    Parameters
    ----------
    ledger : pandas.DataFrame
        What `ledger` gives.

    Returns
    -------
    str
        A sentence for each row of the ledger.
    """
    lines = []
    for row in rows_of(ledger):
        of = f"Of {say.all_named(row['said_of'])}, " if row["said_of"] else ""
        what = f"{row['what']} ({row['how_firmly']}).".replace(") (", "; ")
        lines.append(f"{say.capital(of + row['when'])}: {what}")
    return " ".join(lines) or "No account of harm is on record."
