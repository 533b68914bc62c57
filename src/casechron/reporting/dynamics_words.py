"""What do the accounts of harm, and the views beside them, show in plain sentences?

Alleged stays alleged, a denial stands beside what it denies, and no sentence counts one person's
accounts against another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.analysis.decisions import NO_RESPONSE
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.account_sentences import accounts_in_sentences
from casechron.reporting.said import all_said, said
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = [
    "account_words",
    "accounts_of_harm_in_words",
    "alt_accounts_of_harm",
    "dynamics_key_points",
    "views_at_decisions_in_words",
]

_BY_THEN, _POSSIBLY, _FINDING = (
    "certainly by then",
    "possibly by then",
    "found by the review, afterwards",
)
_SOURCE = "the source's own"
_JUDGED = "tied to the view by the coder alone"


def dynamics_key_points(accounts: pd.DataFrame, held: pd.DataFrame) -> list[str]:
    """The key points on views and accounts of harm; six at most, no account counted against
    another.

    `accounts` is `dynamics.accounts_of_harm`, `held` is `dynamics.views_at_decisions`. A view is
    named with the evidence of which the most is known: who held it, and by which decision."""
    if accounts.empty and held.empty:
        return ["No incident or statement of harm is coded, and no view of professionals."]
    weighed = held[(held["evidence"] != "") & ~held["judged"]]
    points = _views_in_short(weighed) if len(held) else []
    if not points:
        points = ["No evidence for or against any view of the professionals is coded."]
    # What speaks against a view first: that nothing was thought to is the view itself.
    order = {side: at for at, side in enumerate(("contradicts", "supports"))}
    sides = sorted(
        weighed.groupby(["view", "tie"], sort=False),
        key=lambda one: order.get(str(one[0][1]), len(order)),
    )
    points += [_evidence_in_short(rows) for _, rows in sides][
        : _SIDES if len(accounts) else _SIDES + 1
    ]
    if len(accounts):
        # Not counted: an injury, an accusation and a counter-accusation are not one each.
        words = (
            "Incidents and statements of harm are listed with whose account each is. Accounts stand"
            " side by side; none is "
        )
        points.append(
            said(f"{words}weighed against another, and none is counted.", "accounts_of_harm")
        )
        points += _learned_in_short(accounts)
    return [
        *points,
        (
            "That an agency held something does not say that it was read or weighed; it is seen"
            " here by hindsight."
        ),
    ]


#: How many sides of views are told in the key points, and in about how many words each.
_SIDES, _WORDS = 2, 36
#: What needs no word on its status.
_FACT = "reported as fact"


def _views_in_short(weighed: pd.DataFrame) -> list[str]:
    """Which views are coded with evidence, by who held them."""
    views = weighed.drop_duplicates("view")
    if views.empty:
        return []
    holder = views["holder"].iloc[0]
    theirs = [quoted(one) for one in views.loc[views["holder"] == holder, "proposition"]]
    more = len(views) - len(theirs)
    also = f" The table has {counted(more, 'more view')}, held by others." if more else ""
    held = (
        f"{holder} held {verb(len(theirs), 'this view', 'these views')}, as this source has it:"
        f" {some_of(theirs, 28)}."
    )
    return [said(f"{capital(held)}{also}", "views_at_decisions")]


def _evidence_in_short(rows: pd.DataFrame) -> str:
    """What stands on one side of a view, that of which the most is known first; how much there is
    is not counted."""
    first = rows.iloc[0]
    pieces = [own for _, own in rows.groupby("evidence", sort=False)]
    told = [_piece(own) for own in sorted(pieces, key=_weight)]
    shown = told[:1]
    for one in told[1:]:
        if len(" ".join([*shown, one]).split()) > _WORDS:
            break
        shown.append(one)
    words = listed([*shown, "others"] if len(shown) < len(told) else shown)
    side = "For" if first["tie"] == "supports" else "Against"
    return said(
        f"{side} the view “{first['proposition']}” {verb(len(told), 'stands', 'stand')}: {words}.",
        "views_at_decisions",
    )


def _piece(rows: pd.DataFrame) -> str:
    """One piece of evidence, with what force and on whose account it is said, and who held it by
    which decision."""
    first = rows.iloc[0]
    forces = [one for one in first["evidence_status"].split("; ") if one != _FACT]
    words = "; ".join(filter(None, [_forces("; ".join(forces)), _by_whom(rows)]))
    return quoted(first["evidence_summary"]) + (f" ({words})" if words else "")


def _forces(status: str) -> str:
    """With what force and by whom something is said, for brackets of its own.

    >>> _forces("reported as fact; counter-alleged (F)")
    'reported as fact; alleged in turn by F'
    """
    return (
        status.replace(" (", " by ").replace(")", "").replace("counter-alleged", "alleged in turn")
    )


def _weight(rows: pd.DataFrame) -> int:
    """How much is known of one piece of evidence: the less the number, the more."""
    for rank, known in enumerate(
        (
            rows["held_certainly"] != "",
            rows["held_possibly"] != "",
            rows["evidence_when"] == _BY_THEN,
        )
    ):
        if known.any():
            return rank
    return 4 if (rows["evidence_when"] == _FINDING).all() else 3


def _by_whom(rows: pd.DataFrame) -> str:
    """Who certainly held it, by the first decision at which they did; else who possibly held it by
    some decision."""
    certain, possible = rows[rows["held_certainly"] != ""], rows[rows["held_possibly"] != ""]
    taken = certain[certain["decision_point"] == "decision"]
    certain = taken if len(taken) else certain
    if len(certain):
        row = certain.iloc[0]
        return (
            f"with {listed(row['held_certainly'].split('; '))} at {quoted(row['decision_summary'])}"
        )
    agencies = dict.fromkeys(one for cell in possible["held_possibly"] for one in cell.split("; "))
    return f"possibly with {listed(list(agencies))}" if agencies else ""


def _learned_in_short(accounts: pd.DataFrame) -> list[str]:
    """Which incidents were held by no agency that is named, and learned only afterwards."""
    known = set(accounts.loc[accounts["held_by"] != "", "event"])
    later = accounts[
        (accounts["learned_afterwards"] != "") & ~accounts["event"].isin(known)
    ].drop_duplicates("event")
    if later.empty:
        return []
    told = some_of([quoted(one) for one in later["summary"]], 30)
    return [
        said(f"Learned only afterwards, so no knowledge of the time: {told}.", "accounts_of_harm")
    ]


def accounts_of_harm_in_words(table: pd.DataFrame) -> list[str]:
    """What is recorded of harm, incident by incident, with every account of it and who held that
    account?

    `table` is `dynamics.accounts_of_harm`. One sentence an incident after one on how to read them;
    one more on what was learned only afterwards, and one on accounts for which no agency is named.
    """
    if table.empty:
        return ["No incident or statement of harm is coded."]
    found = [
        "Accounts stand side by side as the source gives them: they are not counted, and none is"
        " weighed against another."
    ]
    for _, rows in table.groupby("event", sort=False):
        first = rows.iloc[0]
        accounts = " ".join(accounts_in_sentences(rows))
        answered = f" Response: {_end(first['responses'])}" if first["responses"] else ""
        found.append(f"{_sentence(first['said'])}: {_end(first['summary'])} {accounts}{answered}")
    later = table.loc[table["learned_afterwards"] != ""]
    if not later.empty:
        who = listed(
            list(
                dict.fromkeys(
                    party for cell in later["learned_afterwards"] for party in cell.split("; ")
                )
            )
        )
        found.append(f"What was learned only afterwards, by {who}, is no knowledge of the time.")
    if ((table["held_by"] == "") & (table["learned_afterwards"] == "")).any():
        found.append(
            "Where no agency is named, the source does not say who held the account; somebody may"
            " have."
        )
    return all_said(found, "accounts_of_harm")


def account_words(row: Mapping[Any, Any]) -> str:
    """One row of `dynamics.accounts_of_harm` as a note in its figure: its force, whose account it
    is, and who held it.

    >>> account_words(
    ...     {
    ...         "status": "alleged",
    ...         "force": "alleged",
    ...         "account": "M",
    ...         "by_whom": "F",
    ...         "to_whom": "M",
    ...         "also_concerned": "",
    ...         "denial": "denied by F",
    ...         "held_by": "Police (in May 2018)",
    ...         "learned_afterwards": "",
    ...     }
    ... )
    'alleged on the account of M: by F, to M; denied by F; held by Police (in May 2018)'
    """
    if row["force"] == "denied":
        said = f"{row['status']} by {row['account']}"
    else:
        account = "" if row["account"] == _SOURCE else f" on the account of {row['account']}"
        sides = _sides(row)
        said = f"{row['status'] or 'no status stated'}{account}" + (
            f": {', '.join(sides)}" if sides else ""
        )
    more = [
        row["denial"],
        f"held by {listed(row['held_by'].split('; '))}" if row["held_by"] else "",
        (
            f"learned afterwards by {listed(row['learned_afterwards'].split('; '))}"
            if row["learned_afterwards"]
            else ""
        ),
    ]
    return "; ".join([said, *filter(None, more)])


def _sides(row: Mapping[Any, Any]) -> list[str]:
    """Who harmed whom, as far as the account says it; a name with its own word in brackets speaks
    for itself."""
    found = [
        listed(cell.split("; ")) if cell.endswith(")") else f"{word} {listed(cell.split('; '))}"
        for word, cell in (("by", row["by_whom"]), ("to", row["to_whom"]))
        if cell
    ]
    if not row["by_whom"] and row["also_concerned"]:
        found.append(
            f"by whom is not said (concerned: {listed(row['also_concerned'].split('; '))})"
        )
    return found


def views_at_decisions_in_words(table: pd.DataFrame) -> list[str]:
    """What stood for and against each view, at which points of decision had it come about, and who
    held it?

    `table` is `dynamics.views_at_decisions`. One sentence for each view, one for each row of
    evidence on it."""
    if table.empty:
        return ["No view is coded."]
    found = [
        (
            "That something was held is not to say that it was read or weighed; it is seen here by"
            " hindsight. Where something may have been so, the dates and orders that are coded"
            " leave it open."
        )
    ]
    if table["decision_point"].isin([NO_RESPONSE]).any():
        found.append(
            "Where a response was lacking, the review found it missing or not enough, or could not"
            " confirm it."
        )
    for _, theirs in table.groupby("view", sort=False):
        holder, view = theirs["holder"].iloc[0], f"“{theirs['proposition'].iloc[0]}”"
        if not theirs["evidence"].any():
            found.append(f"On the view of {holder}, {view}: {theirs['tie'].iloc[0]}.")
            continue
        found.append(f"{capital(holder)} held the view {view}, as coded from this source.")
        for _, rows in theirs.groupby(["tie", "evidence"], sort=False):
            first = rows.iloc[0]
            forces = "; ".join(one for one in first["evidence_status"].split("; ") if one != _FACT)
            marks = [_forces(forces)] * bool(forces) + [_JUDGED] * bool(first["judged"])
            status = f" ({'; '.join(marks)})" if marks else ""
            side = "For" if first["tie"] == "supports" else "Against"
            found.append(
                f"{side} this view: {quoted(first['evidence_summary'])}{status}."
                f" {_at_decisions(rows)}"
            )
    return all_said(found, "views_at_decisions")


def alt_accounts_of_harm(table: pd.DataFrame) -> str:
    """Alt text of the figure of accounts of harm over time, from its table."""
    if table.empty:
        return "No bars: no incident or statement of harm is coded."
    events = table.drop_duplicates("event")
    found = [
        (
            "Incidents and statements of harm, one below the other, each with a bar on a line of"
            " time for when it was, and below it its accounts with their status."
        )
    ]
    if (table["dates"] == NOT_ADMISSIBLE).any():
        found.append("No chronology is admissible, so there are no bars.")
    dated = events.loc[events["said"].ne("not dated") & events["dates"].ne(NOT_ADMISSIBLE)]
    found += [
        f"{_sentence(row['said'])}: {_end(row['summary'])}" for row in dated.to_dict("records")
    ]
    undated = events.loc[events["said"] == "not dated", "summary"]
    if len(undated):
        found.append(f"Not dated: {_end(' · '.join(undated))}")
    denied = table.loc[table["denial"] != ""]
    found += [
        f"{_sentence(row['status'])} and {row['denial']}: {_end(row['summary'])}"
        for row in denied.to_dict("records")
    ]
    return " ".join(found)


def _at_decisions(rows: pd.DataFrame) -> str:
    """When one row of evidence had come about, at the decisions, and who held it by then."""
    first = rows.iloc[0]
    if not first["decision"]:
        return "No decision is coded."
    if (rows["evidence_when"] == NOT_ADMISSIBLE).any():
        return "No chronology is admissible, so no order is known."
    if first["evidence_when"] == _FINDING:
        return "It is a finding of the review, made after every decision."
    found, told = [], set()
    for when, words in ((_BY_THEN, "had certainly come"), (_POSSIBLY, "may already have come")):
        here = rows.loc[rows["evidence_when"] == when]
        if here.empty:
            continue
        holders = []
        for column, held in _HELD:
            same = [
                agency
                for agency, points in _by_agency(rows, column).items()
                if points == list(here.index)
            ]
            told |= {(column, agency) for agency in same}
            holders += [f"{listed(same)} {held}"] * bool(same)
        at_each = (
            f"; by {'then' if len(here) == 1 else 'each of these times'} {' and '.join(holders)}"
            if holders
            else ""
        )
        found.append(f"It {words} about by the time of {_points(here)}{at_each}.")
    if not found:
        found.append("It comes after every point of decision, or cannot be compared with them.")
    for column, held in _HELD:
        for agency, points in _by_agency(rows, column).items():
            if (column, agency) not in told:
                found.append(f"{agency} {held} by {_points(rows.loc[points])}.")
    if first["learned_afterwards"]:
        found.append(
            f"Learned only afterwards by {listed(first['learned_afterwards'].split('; '))}."
        )
    elif (rows[["held_certainly", "held_possibly", "held_later"]] == "").all(axis=None):
        found.append("No agency is recorded as holding it.")
    return " ".join(found)


#: Who held a piece of evidence, by the column that says so.
_HELD = (("held_certainly", "certainly held it"), ("held_possibly", "may have held it"))


def _by_agency(rows: pd.DataFrame, column: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, cell in zip(rows.index, rows[column], strict=True):
        for agency in filter(None, cell.split("; ")):
            found.setdefault(agency, []).append(at)
    return found


def _points(rows: pd.DataFrame) -> str:
    """Which decisions, and at how many points a response was lacking."""
    taken = rows["decision_point"] == "decision"
    named = [f"“{summary}”" for summary in rows.loc[taken, "decision_summary"]]
    lacking = int((~taken).sum())
    more = [f"{counted(lacking, 'point')} where a response was lacking"] if lacking else []
    return listed([*named, *more])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _end(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
