"""Which accounts of harm are recorded, and by which ways did an agency come to hold each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import Tables, by_key, cells, ids_where, rows_in, ties
from casechron.analysis.knowledge_paths import Way, ways
from casechron.coding.codebook import codebook

#: What else than the kinds flagged as harm says that somebody was harmed or in fear.
SEEN, FEAR, STATEMENT = "bruising", "fear", "account"
_HARM_ROLES = ("harming", "harmed", "afraid", "feared")
_CLAIMS = ("alleged", "denied")


class Account(NamedTuple):
    """The parts of persons in one event that have one account and one status."""

    event: str
    account: str
    status: str
    parts: tuple[dict[str, str], ...]


def harm_ids(tables: Tables) -> list[str]:
    """Which rows of events are incidents or statements of harm? In table order.

    Events of a kind that the codebook flags as harm, injuries seen, fear of a person, events in
    which somebody is harming, harmed, afraid or feared, and statements in which a person's part is
    alleged or denied. Absences are none.

    >>> part = pd.DataFrame(
    ...     {"event": ["said"], "role": ["of-concern"], "status": ["counter-alleged"]}
    ... )
    >>> events = pd.DataFrame(
    ...     {
    ...         "id": ["blow", "said", "visit"],
    ...         "kind": ["violence", "account", "visit"],
    ...         "absence": "",
    ...     }
    ... )
    >>> harm_ids({"events": events, "participation": part})
    ['blow', 'said']
    """
    events, part = tables["events"], tables["participation"]
    kinds = codebook().flagged("event_kind", "harm") | {SEEN, FEAR}
    harmed = set(ids_where(part, "role", _HARM_ROLES, "event"))
    claimed = {
        event for event, status in rows_in(part, "event", "status") if _force(status) in _CLAIMS
    }
    return [
        event
        for event, kind, absence in rows_in(events, "id", "kind", "absence")
        if not absence
        and (kind in kinds or event in harmed or (kind == STATEMENT and event in claimed))
    ]


def held_accounts(tables: Tables) -> list[Account]:
    """Every account of harm: incidents in table order, in each its accounts as coded, a denial
    below what it denies.

    An incident without a row of participation has one account with no parts: the source's own.
    """
    events, part = tables["events"], tables["participation"]
    kind = dict(rows_in(events, "id", "kind"))
    parts = by_key((row["event"], row) for row in _records(part))
    accounts, denied = [], denials(tables)
    for event in harm_ids(tables):
        groups: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in parts.get(event, []):
            # Of a statement the claim is the account; that it was made is the event.
            if (
                kind[event] != STATEMENT
                or row["role"] in _HARM_ROLES
                or _force(row["status"]) in _CLAIMS
            ):
                groups.setdefault((row["account"], row["status"]), []).append(row)
        here = [
            Account(event, account, status, tuple(persons))
            for (account, status), persons in groups.items()
        ]
        accounts += _denials_below(here, denied) if here else [Account(event, "", "", ())]
    return accounts


def denials(tables: Tables) -> dict[str, list[str]]:
    """Which rows of participation deny each row of participation?

    By a `contradicts` link. A denial without one denies the parts of that person, in that role and
    event, that are alleged by others."""
    rows = {row["id"]: row for row in _records(tables["participation"])}
    contradictions = [
        (row_id, denied_row)
        for row_id, denied_row in ties(tables, "contradicts")
        if row_id in rows and denied_row in rows and _force(rows[row_id]["status"]) == "denied"
    ]
    denials_of = by_key((denied_row, denial) for denial, denied_row in contradictions)
    for denial, row in rows.items():
        if _force(row["status"]) == "denied" and denial not in dict(contradictions):
            for denied_row, against in rows.items():
                same = all(row[name] == against[name] for name in ("event", "person", "role"))
                if same and _force(against["status"]) == "alleged":
                    denials_of.setdefault(denied_row, []).append(denial)
    return denials_of


def ways_to_accounts(tables: Tables, accounts: Sequence[Account]) -> list[list[Way]]:
    """By which ways did an agency come to hold each account of harm?

    The ways to its incident, but those through a telling by another party whose account of it is
    coded: that telling brought the other account. A denial is held through its own tellings only:
    who knew of the incident did not know by that that it was denied."""
    ways_of = by_key(
        (way.matter, way) for way in ways(tables, {account.event for account in accounts})
    )
    tellers = _tellers(tables)
    coded = [_coding_of_account(tables, account, tellers) for account in accounts]
    return [
        ways_of.get(account.event, [])
        if left is None
        else ways({**tables, **left}, [account.event])
        for account, left in zip(accounts, coded, strict=True)
    ]


def _coding_of_account(
    tables: Tables, account: Account, tellers: Mapping[str, set[str]]
) -> dict[str, pd.DataFrame] | None:
    """The links and roles that bear on an account, where some bear on other accounts of its
    incident only; else None."""
    links, involved = tables["links"], tables["involvement"]
    others = {
        whose
        for event, whose in rows_in(tables["participation"], "event", "account")
        if event == account.event
    }
    others -= {"", account.account}
    tied = list(rows_in(links, "id", "type", "from_row", "to_row"))
    parties = {
        row: tellers.get(telling, set())
        for row, tie, telling, to in tied
        if tie == "tells-of" and to == account.event
    }
    of_account = {row for row, said_by in parties.items() if account.account in said_by}
    left_out = {
        row for row, said_by in parties.items() if row not in of_account and said_by & others
    }
    if _force(account.status) == "denied":
        kept = [row in of_account or account.event not in (start, to) for row, _, start, to in tied]
        return {
            "links": links.loc[kept],
            "involvement": involved.loc[
                [account.event != event for event in cells(involved, "event")]
            ],
        }
    return {"links": links.loc[[row not in left_out for row, *_ in tied]]} if left_out else None


def _denials_below(here: list[Account], denied: Mapping[str, list[str]]) -> list[Account]:
    """The accounts of an incident, each denial moved to stand directly below the account that it
    denies."""
    ordered = [account for account in here if _force(account.status) != "denied"]
    for denial in (account for account in here if _force(account.status) == "denied"):
        ids = {row["id"] for row in denial.parts}
        below = [
            at
            for at, account in enumerate(ordered)
            for row in account.parts
            if ids & set(denied.get(row["id"], []))
        ]
        ordered.insert(max(below, default=len(ordered) - 1) + 1, denial)
    return ordered


def _tellers(tables: Tables) -> dict[str, set[str]]:
    """Whose telling each event is: persons who told it, whose account it is, and an agency that
    gave an opinion or judgment."""
    tellers: dict[str, set[str]] = {}
    for event, role, person, account in rows_in(
        tables["participation"], "event", "role", "person", "account"
    ):
        tellers.setdefault(event, set()).update({account, person if role == "told" else ""} - {""})
    for event, role, agency in rows_in(tables["involvement"], "event", "role", "agency"):
        if role == "led":
            tellers.setdefault(event, set()).add(agency)
    return tellers


def _records(table: pd.DataFrame) -> list[dict[str, str]]:
    names = [str(name) for name in table.columns]
    return [dict(zip(names, map(str, row), strict=True)) for row in rows_in(table, *names)]


def _force(status: str) -> str:
    """The force of a status; empty for none."""
    return "" if not status else codebook().codes("status")[status].force
