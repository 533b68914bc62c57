"""Who is recorded as harming whom, on whose account, and which agency held that account when?

Accounts are listed side by side. Nothing here counts them or weighs one against another: a
counter-accusation and an injury are not one each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import UNCLASSIFIED, by_event
from casechron.analysis.judgements import JUDGED, bases
from casechron.analysis.knowledge_paths import (
    SEEN,
    STATEMENT,
    Account,
    Way,
    afterwards,
    denials,
    held_accounts,
    ways_to_accounts,
    withdrawals,
)
from casechron.analysis.record import party_labels, places_together
from casechron.analysis.tables import Tables, as_in_help, by_key, kept, rows_in, ties
from casechron.analysis.windows import NOT_DATED, told_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["accounts_of_harm", "holders_of_accounts"]


#: Whose account it is where the source speaks for itself.
SOURCE = "the source's own"
#: What is said beside a name where no more is said of somebody than this.
FEARED, AFRAID, SET_UPON = " (feared)", " (afraid)", " (set upon)"
_ACCUSED, _INJURY_SEEN = " (accused)", " (injury seen)"
MARKS = (FEARED, AFRAID, SET_UPON, _ACCUSED, _INJURY_SEEN)
# On which side of an account who had a role stands, and what is said beside the name.
_SIDES = {
    "harming": ("by", ""),
    "harmed": ("to", ""),
    "feared": ("by", FEARED),
    "afraid": ("to", AFRAID),
    "set-upon": ("others", SET_UPON),
}


@kept
def accounts_of_harm(review: Review) -> pd.DataFrame:
    """Who is recorded as harming whom, on whose account, how firmly, when, and which agency held
    it?

    What one account does not say is empty, whatever other accounts of the incident say. Empty under
    those who held it is 'not recorded': somebody may have known.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per incident or statement of harm, account and status, incidents in the order of the
        coding; a denial stands directly below what it denies.

        - `event`, `summary`, `kind` (text): the incident's id, what happened, and its kind
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for what did not
          happen, and for what lasts, of which the source gives no count
        - `by_whom`, `to_whom`, `also_concerned` (labels): the persons; a word in brackets after a
          name, such as 'afraid', says that no more than that is said of the person
        - `account` (text): whose account it is
        - `status`, `force` (text): how firmly it is said, and what force the codebook gives to that
        - `denial` (text): by whom it is denied
        - `withdrawal` (text): by whom, and when, what was alleged was withdrawn
        - `said` (text): when the incident was, in words
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): its days, as in
          `chronicle`
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it was certainly under
          way
        - `held_by` (labels): the agencies that held this account at the time, each with the days on
          which it can have come to hold it
        - `held_earliest`, `held_latest` (date; NaT: open): when the first of them can have come to
          hold it
        - `learned_afterwards` (labels): the agencies that learned of it only afterwards
        - `responses` (text): what answered the incident, or was to answer it and was lacking
        - `basis` (text): 'stated', 'derived' or 'judged'; of several parts each of theirs, joined
          by '; '
        - `parts` (ids): the rows of participation behind it
        - `places` (text): paragraph and sentence of the source
        - `dates` (text): 'admissible' or 'no admissible chronology'

    See Also
    --------
    holders_of_accounts : one row per account and agency.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.accounts_of_harm(review)[["event", "by_whom", "account"]]
               event        by_whom           account
    0  referral-2014  (X's mother,)            Police
    1  referral-2014             ()  the source's own
    2    bruise-2014             ()  the source's own
    3      harm-2015             ()  the source's own
    """
    tables, chronology = review.tables, review.chronology
    book, labels, together = codebook(), party_labels(tables), places_together(tables["locators"])
    kinds = by_event(tables, "kind")
    chronicled = chronicle_rows(review)
    judged = {event for event, row in chronicled.items() if row.as_judged} | _judged_ties(tables)
    denied, withdrawn = denials(tables), withdrawals(tables)
    parts = rows_in(tables["participation"], "id", "account", "person")
    denied_by = {row: f"denied by {labels[account or person]}" for row, account, person in parts}
    responses = _responses(tables)
    accounts, rows = held_accounts(tables), []
    for account, ways_held in zip(accounts, ways_to_accounts(tables, accounts), strict=True):
        event = chronicled[account.event]
        held = [way for way in ways_held if not way.later]
        ids = [part["id"] for part in account.parts]
        bases_of_parts = dict.fromkeys(part["basis"] for part in account.parts)
        denials_of = (denial for row in ids for denial in denied.get(row, ()))
        withdrawn_in = dict.fromkeys(each for row in ids for each in withdrawn.get(row, ()))
        rows.append(
            (
                *(event.event, event.summary, event.kind, event.how_many),
                *_sides(account, kinds[account.event], labels),
                _account_words(account, labels),
                book.label("status", account.status),
                book.codes("status")[account.status].force if account.status else "",
                "; ".join(dict.fromkeys(denied_by[denial] for denial in denials_of)),
                "; ".join(
                    f"withdrawn by {_account_words(account, labels)} ({chronicled[each].said})"
                    for each in withdrawn_in
                ),
                *(event.said, event.earliest, event.start_latest, event.end_earliest, event.latest),
                *(event.certain_from, event.certain_to),
                _held_words(held, chronology, labels, judged),
                *(_window(held, chronology) if held and chronology.admissible else (None, None)),
                afterwards(tables, ways_held, labels),
                " · ".join(responses.get(account.event, [])),
                "; ".join(bases_of_parts) or event.basis,
                ids,
                together(account.event, *ids),
                event.status,
            )
        )
    return as_in_help(accounts_of_harm, rows)


@kept
def holders_of_accounts(review: Review) -> pd.DataFrame:
    """From when did which agency hold which account of harm, and through what?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per account of `accounts_of_harm` and agency that held it, in their order.

        - `event`, `account`, `status` (text): the account, as in `accounts_of_harm`
        - `agency` (text): the agency's label
        - `contemporaneous` (True or False): False for what it learned only afterwards
        - `said` (text): when it came to hold it, in words
        - `earliest`, `latest` (date; NaT: open): the days between which that lies
        - `through`, `rows` (ids): the events that brought it, and the rows behind them
        - `as_judged` (True or False): whether each way by which it came to hold it rests on a row
          that only the coder judged
        - `dates` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.holders_of_accounts(review)[["event", "agency", "earliest", "latest"]]
               event               agency   earliest     latest
    0  referral-2014  Children's services 2014-08-21 2014-08-31
    1  referral-2014  Children's services 2014-08-21 2014-08-31
    2    bruise-2014           X's school 2014-09-24 2014-09-24
    3    bruise-2014  Children's services 2014-09-24 2014-09-30
    """
    tables, chronology = review.tables, review.chronology
    labels, accounts = party_labels(tables), held_accounts(tables)
    admissible, judged = chronology.admissible, _judged_ties(tables)
    rows = []
    for account, ways_held in zip(accounts, ways_to_accounts(tables, accounts), strict=True):
        by_agency = by_key(((way.agency, way.later), way) for way in ways_held)
        for (agency, later), ways in by_agency.items():
            window = _window(ways, chronology)
            rows.append(
                (
                    *(account.event, _account_words(account, labels)),
                    codebook().label("status", account.status),
                    *(labels[agency], not later, told_words(chronology, window)),
                    *(window if admissible else (None, None)),
                    dict.fromkeys(step for way in ways for step, _ in way.steps),
                    dict.fromkeys(row for way in ways for row in way.rows),
                    not any(judged.isdisjoint(way.rows) for way in ways),
                    "admissible" if admissible else NOT_ADMISSIBLE,
                )
            )
    return as_in_help(holders_of_accounts, rows)


def _sides(account: Account, kind: str, labels: Mapping[str, str]) -> Iterable[Iterable[str]]:
    """By whom, to whom, and who else, as this account has it."""
    side_of = dict(_SIDES)
    if kind == STATEMENT:
        side_of["of-concern"] = ("by", _ACCUSED)
    if kind == SEEN:
        side_of["subject"] = ("to", _INJURY_SEEN)
    # Of each side the labels, each once, in order.
    sides: dict[str, dict[str, None]] = {"by": {}, "to": {}, "others": {}}
    for part in account.parts:
        side, mark = side_of.get(part["role"], ("others", ""))
        sides[side].setdefault(labels[part["person"]] + mark)
    return sides.values()


def _account_words(account: Account, labels: Mapping[str, str]) -> str:
    return labels[account.account] if account.account else SOURCE


def _judged_ties(tables: Tables) -> set[str]:
    """The rows of involvement and links that only the coder judged."""
    return {row for row, basis in bases(tables).items() if basis == JUDGED}


def _responses(tables: Tables) -> dict[str, list[str]]:
    """Per event what answered it, in words; what was lacking with the force of that statement, and
    what is not classified yet with that."""
    label, answers = codebook().label, {}
    for event, kind, absence, summary in rows_in(
        tables["events"], "id", "kind", "absence", "summary"
    ):
        unclassified = f"{label('event_kind', kind)}: " if kind == UNCLASSIFIED else ""
        words = f"an absence ({label('absence', absence)}): " if absence else unclassified
        answers[event] = words + summary
    return by_key((event, answers[answer]) for answer, event in ties(tables, "answers"))


def _held_words(
    held: Iterable[Way],
    chronology: Chronology,
    labels: Mapping[str, str],
    judged: Collection[str],
) -> Iterable[str]:
    """Each agency that held it, with when it can have come to hold it; marked where each way has a
    row or a day that the coder judged."""
    for agency, ways in by_key((way.agency, way) for way in held).items():
        words = told_words(chronology, _window(ways, chronology))
        behind = [{*way.rows, *(step for step, _ in way.steps)} for way in ways]
        mark = ", as judged" if not any(rows.isdisjoint(judged) for rows in behind) else ""
        yield f"{labels[agency]} ({'when is not stated' if words == NOT_DATED else words}{mark})"


def _window(ways: Iterable[Way], chronology: Chronology) -> tuple[int, int]:
    """The first and the last day on which an agency can have come to hold something, by the soonest
    of these ways."""
    row_of, shown = chronology.lowered.row_of, chronology.shown
    firsts, lasts = [], []
    for way in ways:
        firsts.append(max(int(shown[row_of[step], 0]) for step, _ in way.steps))
        # What is told in the course of something is told by its end; what is held directly, once it
        # has begun.
        ends = [int(shown[row_of[step], 3 if told else 1]) for step, told in way.steps]
        lasts.append(OPEN if way.undated else max(ends))
    return min(firsts), min(lasts)
