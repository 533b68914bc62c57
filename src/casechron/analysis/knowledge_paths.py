"""By which ways did each agency come to hold a matter, or an account of harm, whatever the dates?

Derived from the coding, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from casechron.analysis.concerns import by_event, concern_ids, happened
from casechron.analysis.judgements import JUDGED
from casechron.analysis.record import takes_in
from casechron.analysis.tables import Tables, by_key, cells, ids_where, reached, rows_in, ties
from casechron.coding.codebook import codebook

#: What else than the kinds flagged as harm says that somebody was harmed or in fear.
SEEN, FEAR, STATEMENT = "bruising", "fear", "account"
_HARM_ROLES = ("harming", "harmed", "afraid", "feared")
_ALLEGED, _DENIED, _WITHDRAWN = "alleged", "denied", "withdrawn"
_CLAIMS = (_ALLEGED, _DENIED, _WITHDRAWN)
#: The kinds of event by which an agency learned of something in the review itself.
_TO_REVIEW = ("told-to-review", "publication")

#: An event on a way, with the day that counts (see `Way`).
Step = tuple[str, bool]
Steps = tuple[Step, ...]


class Way(NamedTuple):
    """One way in which an agency came to hold a matter.

    `steps` are the events on it with the day that counts: True where something was told on an
    unknown day from the first to the last, False where the first day counts. The agency holds the
    matter once all of them have come. `rows` are the rows that made it. `later`: it runs through
    what came after the events. `undated`: it was received, the source does not say when. `unsure`:
    it can have reached the agency, which the source does not say."""

    agency: str
    matter: str
    steps: Steps
    rows: tuple[str, ...]
    later: bool
    undated: bool
    unsure: bool = False


class Account(NamedTuple):
    """The parts of persons in one event that have one account and one status."""

    event: str
    account: str
    status: str
    parts: tuple[Mapping[Any, str], ...]


def matters(tables: Tables) -> dict[str, str]:
    """Which rows of the record are matters that an agency could have known, and why does each
    count? Events in table order.

    A 'concern' (`concerns.concern_ids`); 'evidence on a view', if it supports or contradicts a view
    and not the coder alone judged so; 'learned afterwards', if the source says that an agency
    learned of it only later. The first that fits is named.

    >>> from casechron.coding.codebook import codebook
    >>> every = codebook().tables.items()
    >>> empty = {name: pd.DataFrame(columns=of.header, dtype="str") for name, of in every}
    >>> rows = pd.DataFrame({"id": ["a", "b"], "kind": ["referral", "visit"]})
    >>> events = rows.reindex(columns=codebook().tables["events"].header, fill_value="")
    >>> matters(empty | {"events": events})
    {'a': 'concern'}
    """
    views = set(cells(tables["views"], "id"))
    links = rows_in(tables["links"], "type", "from_row", "to_row", "basis")
    evidence = [
        row
        for tie, row, view, basis in links
        if tie in ("supports", "contradicts") and view in views and basis != JUDGED
    ]
    learning = codebook().flagged("involvement_role", "later")
    why = (
        dict.fromkeys(
            ids_where(tables["involvement"], "role", learning, "event"), "learned afterwards"
        )
        | dict.fromkeys(evidence, "evidence on a view")
        | dict.fromkeys(concern_ids(tables), "concern")
    )
    return {event: why[event] for event in cells(tables["events"], "id") if event in why}


def ways(tables: Tables, of: Collection[str] | None = None) -> list[Way]:
    """By which ways did each agency come to hold each matter (or event of `of`), whatever the
    dates? In the order of the coding.

    An agency holds an event in which it has a role that knows; what that event tells of
    (`tells-of`), and what that tells of in turn; and each of the events that it counts together
    (`part-of`, from the whole to its parts). Who raised one of several referrals did not raise the
    others, so a role on the telling side is not passed on to parts. What no person told and is no
    telling (an incident, say) an agency received on some day from its first on, which the source
    does not state (`undated`): a telling or an answer says that it held it by then, and not that it
    did not before. Who led or took part in a response that happened held what it answers by then.
    Who took a decision that others brought to it, as a court does, can have heard what these held
    (`unsure`, as what an agency is only said to have received). Ways by a role of later learning,
    or through events that the codebook flags as learning, are `later`. A way that goes through all
    the steps of another adds nothing and is left out; of two with the same steps the dated one
    stays, else the one whose row ids come first."""
    book = codebook()
    parts = list(rows_in(tables["involvement"], "id", "agency", "event", "role"))
    knows, may_know, hears, tells, decides, learns_later = (
        book.flagged("involvement_role", flag)
        for flag in ("knows", "may-know", "was-told", "told", "decides", "later")
    )
    learning = book.flagged("event_kind", "learning")
    at_once = book.flagged("event_kind", "telling") | takes_in()
    # What a person told is a telling, whatever its kind.
    by_persons = rows_in(tables["participation"], "event", "role")
    told_by_somebody = {event for event, role in by_persons if role == "told"}
    kind, absence = by_event(tables, "kind"), by_event(tables, "absence")
    onward_from = _onward_ties(tables)
    wanted = set(matters(tables) if of is None else of)
    own_ways: list[Way] = []
    for row, agency, event, role in parts:
        if role in learns_later and event in wanted:
            own_ways.append(Way(agency, event, ((event, False),), (row,), True, True))
        if role not in knows | may_know:
            continue
        # Received, and no telling itself: on a day that the source does not state.
        tells_on = any(tie == "tells-of" for tie, _, _ in onward_from.get(event, []))
        undated = role in hears | may_know and kind[event] not in at_once and not tells_on
        undated &= event not in told_by_somebody
        first_ties = {"tells-of"}
        if role not in tells:
            first_ties.add("part-of")
        if role in decides and not absence[event]:
            first_ties.add("answers")
        for steps, links in _paths(event, onward_from, first_ties):
            if steps[-1][0] in wanted:
                later = any(kind[step] in learning for step, _ in steps[: max(1, len(steps) - 1)])
                behind = (row, *links)
                way = Way(agency, steps[-1][0], steps, behind, later, undated, role in may_know)
                own_ways.append(way)
    decisions = book.flagged("event_kind", "decision")
    brought = by_key((event, agency) for _, agency, event, role in parts if role in tells)
    heard = [
        Way(agency, way.matter, ((event, False), *way.steps), (row, *way.rows), False, True, True)
        for row, agency, event, role in parts
        if role in decides and kind[event] in decisions and not absence[event]
        for way in own_ways
        if way.agency in brought.get(event, ()) and not way.later
    ]
    return _shortest([*own_ways, *heard])


def ways_to(tables: Tables, events: Iterable[str]) -> dict[str, list[Way]]:
    """By which ways did agencies come to hold each of some events, by event?"""
    ways_of: dict[str, list[Way]] = {event: [] for event in events}
    for way in ways(tables, ways_of):
        ways_of[way.matter].append(way)
    return ways_of


def _shortest(every: list[Way]) -> list[Way]:
    """The ways without those that add nothing: those that have every step of another way of the
    same agency to the same matter.

    An undated way never takes the place of a dated one, which is certain from its day on, nor an
    unsure one of another. Nor does a dated way take the place of an undated one, by which word may
    have come before; but for what was learned afterwards, where a telling to the review says
    when."""
    alike = by_key(((way.agency, way.matter, way.later), way) for way in every)

    def covers(shorter: Way, way: Way) -> bool:
        if shorter is way or shorter.undated > way.undated or shorter.unsure > way.unsure:
            return False
        if way.later and way.undated and not shorter.undated:
            return True
        return needed(way.steps).issuperset(shorter.steps) and (
            set(shorter.steps) != set(way.steps)
            or (shorter.undated, shorter.unsure, shorter.rows) < (way.undated, way.unsure, way.rows)
        )

    return [
        way
        for way in every
        if not any(covers(other, way) for other in alike[way.agency, way.matter, way.later])
    ]


def needed(steps: Steps) -> set[Step]:
    """All steps that must have come where some have: what was told by a day had begun by it."""
    return {(step, False) for step, _ in steps} | set(steps)


def _onward_ties(tables: Tables) -> dict[str, list[tuple[str, str, str]]]:
    """From each event: the tie, the event that one who knows the first knows too, and the row that
    says so."""
    events = set(cells(tables["events"], "id"))
    onward = []
    for row, tie, start, end in rows_in(tables["links"], "id", "type", "from_row", "to_row"):
        if tie == "part-of":
            onward.append((end, (tie, start, row)))
        elif tie in ("tells-of", "answers") and start in events and end in events:
            onward.append((start, (tie, end, row)))
    return by_key(onward)


def _paths(
    event: str,
    onward_from: Mapping[str, list[tuple[str, str, str]]],
    leading_on: Collection[str],
    before: Steps = (),
    links: tuple[str, ...] = (),
) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    """The event alone, and every way on from it along tellings and parts: steps and rows of links.

    `leading_on` are the types of link that lead on from the event itself; `before` are the steps
    that led to it, by the rows `links`."""
    yield (*before, (event, False)), links
    passed = {event, *(step for step, _ in before)}
    for tie, following, row in onward_from.get(event, []):
        if tie in leading_on and following not in passed:
            steps = (*before, (event, tie == "tells-of"))
            yield from _paths(following, onward_from, ("tells-of", "part-of"), steps, (*links, row))


def afterwards(tables: Tables, ways_held: Iterable[Way], labels: Mapping[str, str]) -> list[str]:
    """The agencies that learned something only afterwards, each with where from: in the review, or
    from a kind of event."""
    book, kinds = codebook(), by_event(tables, "kind")
    learning = book.flagged("event_kind", "learning")
    sources: list[tuple[str, str]] = []
    for way in ways_held:
        if way.later:
            through = [kinds[step] for step, _ in way.steps if kinds[step] in learning]
            in_review = not through or any(kind in _TO_REVIEW for kind in through)
            names = ", ".join(book.label("event_kind", kind).lower() for kind in through)
            sources.append((way.agency, "in the review" if in_review else names))
    return [
        f"{labels[agency]} ({', '.join(words)})"
        for agency, words in by_key(dict.fromkeys(sources)).items()
    ]


def harm_ids(tables: Tables) -> list[str]:
    """Which rows of events are incidents or statements of harm? In table order.

    Events of a kind that the codebook flags as harm, injuries seen, fear of a person, events in
    which somebody is harming, harmed, afraid or feared, and statements in which a person's part is
    alleged, denied or withdrawn and which tell of one of these, be it by way of another telling.
    Absences are none.

    >>> import casechron as cc
    >>> harm_ids(cc.read_review("child-x-anytown-2019").tables)
    ['referral-2014', 'bruise-2014', 'harm-2015']
    """
    kinds = codebook().flagged("event_kind", "harm") | {SEEN, FEAR}
    part, events = tables["participation"], happened(tables)
    harm = {event for event, kind in events.items() if kind in kinds}
    harm |= set(ids_where(part, "role", _HARM_ROLES, "event"))
    claimed = {
        event for event, status in rows_in(part, "event", "status") if _force(status) in _CLAIMS
    }
    about = by_key(ties(tables, "tells-of"))

    def tells_of_harm(event: str) -> bool:
        return any(row in harm for row in reached(event, about))

    return [
        event
        for event, kind in events.items()
        if event in harm or (kind == STATEMENT and event in claimed and tells_of_harm(event))
    ]


def _parts(tables: Tables) -> list[dict[str, str]]:
    """The rows of participation, each with the `force` of its status."""
    parts: list[dict[Any, str]] = tables["participation"].to_dict("records")
    return [part | {"force": _force(part["status"])} for part in parts]


def held_accounts(tables: Tables) -> list[Account]:
    """Every account of harm: incidents in table order, in each its accounts as coded, a denial
    below what it denies.

    An incident without a row of participation has one account with no parts: the source's own.
    """
    kind, denied = by_event(tables, "kind"), denials(tables)
    parts = by_key((part["event"], part) for part in _parts(tables))
    accounts = []
    for event in harm_ids(tables):
        # Of a statement the claim is the account; that it was made is the event.
        groups = by_key(
            ((part["account"], part["status"]), part)
            for part in parts.get(event, [])
            if kind[event] != STATEMENT or part["role"] in _HARM_ROLES or part["force"] in _CLAIMS
        )
        of_event = [Account(event, *whose, tuple(rows)) for whose, rows in groups.items()]
        accounts += _denials_below(of_event, denied) if of_event else [Account(event, "", "", ())]
    return accounts


def denials(tables: Tables) -> dict[str, list[str]]:
    """Which rows of participation deny each row of participation?

    By a `contradicts` link. A denial without one denies the parts of that person, in that role and
    event, that are alleged by others."""
    of_force = by_key((part["force"], part) for part in _parts(tables))
    denying = {part["id"]: part for part in of_force.get(_DENIED, ())}
    rows = set(cells(tables["participation"], "id"))
    linked = [
        (denied, denial)
        for denial, denied in ties(tables, "contradicts")
        if denial in denying and denied in rows
    ]
    with_link = {denial for _, denial in linked}
    alike = [
        (claim["id"], denial)
        for denial, part in denying.items()
        for claim in of_force.get(_ALLEGED, ())
        if denial not in with_link
        and all(claim[name] == part[name] for name in ("event", "person", "role"))
    ]
    return by_key([*linked, *alike])


def withdrawals(tables: Tables) -> dict[str, list[str]]:
    """Which events withdraw each row of participation that alleges something?

    Those in which the same party withdraws what it alleged of the same person, for what they tell
    of, be it by way of another telling."""
    about, parts = by_key(ties(tables, "tells-of")), _parts(tables)
    alleged = by_key(
        ((part["event"], part["person"], part["account"]), part["id"])
        for part in parts
        if part["force"] == _ALLEGED
    )
    return by_key(
        (claim, part["event"])
        for part in parts
        if part["force"] == _WITHDRAWN
        for told in reached(part["event"], about)
        for claim in alleged.get((told, part["person"], part["account"]), ())
    )


def ways_to_accounts(tables: Tables, accounts: Sequence[Account]) -> list[list[Way]]:
    """By which ways did an agency come to hold each account of harm?

    The ways to its incident, but the unsure ones, and those through a telling by another party
    whose account of it is coded: that telling brought the other account. A denial is held through
    its own tellings only: who knew of the incident did not know by that that it was denied. So is
    what a party alleges, or a court finds, beside another account of the same harm, where a telling
    by that party is coded: who knew of an injury did not know by that who is said to have done
    it."""
    ways_of = ways_to(tables, (account.event for account in accounts))
    tellers = _tellers(tables)
    of_account = [_coding_of_account(tables, account, tellers) for account in accounts]
    held = [
        ways({**tables, **coding}, [account.event]) if coding else ways_of[account.event]
        for account, coding in zip(accounts, of_account, strict=True)
    ]
    return [[way for way in of_one if not way.unsure] for of_one in held]


def _coding_of_account(
    tables: Tables, account: Account, tellers: Mapping[str, set[str]]
) -> dict[str, pd.DataFrame]:
    """The links and roles that bear on an account, where some bear on other accounts of its
    incident only; else nothing."""
    links, involved = tables["links"], tables["involvement"]
    coded = list(rows_in(tables["participation"], "event", "account", "status", "role"))
    other_accounts = {whose for event, whose, *_ in coded if event == account.event}
    other_accounts -= {"", account.account}
    beside_another = any(
        event == account.event and whose != account.account and _force(status) != _DENIED
        for event, whose, status, role in coded
        if role in (*_HARM_ROLES, "subject")
    )
    tied = list(rows_in(links, "id", "type", "from_row", "to_row"))
    told_by = {
        row: tellers.get(telling, set())
        for row, tie, telling, to in tied
        if tie == "tells-of" and to == account.event
    }
    of_account = {row for row, parties in told_by.items() if account.account in parties}
    if _force(account.status) == _DENIED or (of_account and beside_another):
        stay = [row in of_account or account.event not in (start, to) for row, _, start, to in tied]
        elsewhere = [event != account.event for event in cells(involved, "event")]
        return {"links": links.loc[stay], "involvement": involved.loc[elsewhere]}
    # Who has no account of their own, and tells beside somebody who has, brings this one.
    agencies = set(cells(tables["agencies"], "id"))
    of_others = {
        row
        for row, parties in told_by.items()
        if row not in of_account and parties & other_accounts
        if parties - other_accounts <= agencies
    }
    return {"links": links.loc[[row not in of_others for row, *_ in tied]]} if of_others else {}


def _denials_below(accounts: list[Account], denied: Mapping[str, list[str]]) -> list[Account]:
    """The accounts of an incident, each denial moved to stand directly below the account that it
    denies."""
    ordered = [account for account in accounts if _force(account.status) != _DENIED]
    for denial in (account for account in accounts if _force(account.status) == _DENIED):
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
    parts = list(rows_in(tables["participation"], "event", "role", "person", "account"))
    involved = rows_in(tables["involvement"], "event", "role", "agency")
    tellers = by_key(
        [
            *((event, account) for event, *_, account in parts if account),
            *((event, person) for event, role, person, _ in parts if role == "told"),
            *((event, agency) for event, role, agency in involved if role == "led"),
        ]
    )
    return {event: set(parties) for event, parties in tellers.items()}


def _force(status: str) -> str:
    """The force of a status; empty for none."""
    return "" if not status else codebook().codes("status")[status].force
