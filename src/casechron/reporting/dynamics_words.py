"""What do the accounts of harm, and the views beside them, show in plain sentences?

Alleged stays alleged, a denial stands beside what it denies, and no sentence counts one person's accounts against
another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.words import counted, listed

__all__ = ["account_words", "accounts_of_harm_in_words", "alt_accounts_of_harm", "views_at_decisions_in_words"]

_BY_THEN, _POSSIBLY, _FINDING = "certainly by then", "possibly by then", "found by the review, afterwards"
_SOURCE = "the source's own"


def accounts_of_harm_in_words(table: pd.DataFrame) -> list[str]:
    """What is recorded of harm, incident by incident, with every account of it and who held that account?

    `table` is `dynamics.accounts_of_harm`. One sentence an incident after one on how to read them; one more on what was
    learned only afterwards, and one on accounts for which no agency is named.
    """
    if table.empty:
        return ["No incident or statement of harm is coded."]
    said = ["Accounts stand side by side as the source gives them: they are not counted, and none is weighed against another."]
    for _, rows in table.groupby("event", sort=False):
        first = rows.iloc[0]
        accounts = " ".join(f"{_sentence(account_words(row))}." for row in rows.to_dict("records"))
        answered = f" Response: {_end(first['responses'])}" if first["responses"] else ""
        said.append(f"{_sentence(first['said'])}: {_end(first['summary'])} {accounts}{answered}")
    later = table.loc[table["learned_afterwards"] != ""]
    if not later.empty:
        who = listed(list(dict.fromkeys(party for cell in later["learned_afterwards"] for party in cell.split("; "))))
        said.append(f"What was learned only afterwards, by {who}, is no knowledge of the time.")
    if ((table["held_by"] == "") & (table["learned_afterwards"] == "")).any():
        said.append("Where no agency is named, the source does not say who held the account; somebody may have.")
    return said


def account_words(row: Mapping[Any, Any]) -> str:
    """One row of `dynamics.accounts_of_harm` in words: with what force, on whose account, who harmed whom, who held it.

    >>> account_words({"status": "alleged", "force": "alleged", "account": "M", "by_whom": "F", "to_whom": "M",
    ...                "also_concerned": "", "denial": "denied by F", "held_by": "Police (in May 2018)",
    ...                "learned_afterwards": ""})
    'alleged on the account of M: by F, to M; denied by F; held by Police (in May 2018)'
    """
    if row["force"] == "denied":
        said = f"{row['status']} by {row['account']}"
    else:
        account = "" if row["account"] == _SOURCE else f" on the account of {row['account']}"
        sides = _sides(row)
        said = f"{row['status'] or 'no status stated'}{account}" + (f": {', '.join(sides)}" if sides else "")
    more = [
        row["denial"],
        f"held by {listed(row['held_by'].split('; '))}" if row["held_by"] else "",
        f"learned afterwards by {listed(row['learned_afterwards'].split('; '))}" if row["learned_afterwards"] else "",
    ]
    return "; ".join([said, *filter(None, more)])


def _sides(row: Mapping[Any, Any]) -> list[str]:
    """Who harmed whom, as far as the account says it; a name with its own word in brackets speaks for itself."""
    said = [
        listed(cell.split("; ")) if cell.endswith(")") else f"{word} {listed(cell.split('; '))}"
        for word, cell in (("by", row["by_whom"]), ("to", row["to_whom"]))
        if cell
    ]
    if not row["by_whom"] and row["also_concerned"]:
        said.append(f"by whom is not said (concerned: {listed(row['also_concerned'].split('; '))})")
    return said


def views_at_decisions_in_words(table: pd.DataFrame) -> list[str]:
    """What stood for and against each view, at which points of decision had it come about, and who held it?

    `table` is `dynamics.views_at_decisions`. One sentence for each row of evidence; one for each view without any.
    """
    if table.empty:
        return ["No view is coded."]
    said = [
        "That something was held is not to say that it was read or weighed; it is seen here by hindsight. "
        "Possibly means that the dates and orders that are coded leave it open.",
    ]
    for _, rows in table.groupby(["view", "tie", "evidence"], sort=False):
        first = rows.iloc[0]
        view = f"the view of {first['holder']}: “{first['proposition']}”"
        if not first["evidence"]:
            said.append(f"Of {view}, {first['tie']}.")
            continue
        status = f" ({first['evidence_status']})" if first["evidence_status"] else ""
        side = "For" if first["tie"] == "supports" else "Against"
        said.append(f"{side} {view}, stands: {first['evidence_summary']}{status}. {_at_decisions(rows)}")
    return said


def alt_accounts_of_harm(table: pd.DataFrame) -> str:
    """Alt text of the figure of accounts of harm over time, from its table."""
    if table.empty:
        return "No bars: no incident or statement of harm is coded."
    events = table.drop_duplicates("event")
    said = [
        f"{counted(len(events), 'incident or statement', 'incidents and statements')} of harm, one below the other, each with a "
        "bar on a line of time for when it was, and below it its accounts with their status.",
    ]
    if (table["dates"] == NOT_ADMISSIBLE).any():
        said.append("No chronology is admissible, so there are no bars.")
    dated = events.loc[events["said"].ne("not dated") & events["dates"].ne(NOT_ADMISSIBLE)]
    said += [f"{_sentence(row['said'])}: {_end(row['summary'])}" for row in dated.to_dict("records")]
    undated = events.loc[events["said"] == "not dated", "summary"]
    if len(undated):
        said.append(f"Not dated: {_end(' · '.join(undated))}")
    denied = table.loc[table["denial"] != ""]
    said += [f"{_sentence(row['status'])} and {row['denial']}: {_end(row['summary'])}" for row in denied.to_dict("records")]
    return " ".join(said)


def _at_decisions(rows: pd.DataFrame) -> str:
    """When one row of evidence had come about, at the decisions, and who held it by then."""
    first = rows.iloc[0]
    if not first["decision"]:
        return "No decision is coded."
    if (rows["evidence_when"] == NOT_ADMISSIBLE).any():
        return "No chronology is admissible, so no order is known."
    if first["evidence_when"] == _FINDING:
        return "It is a finding of the review, made after every decision."
    said, seen = [], {}
    for when, words in ((_BY_THEN, "It had certainly come about by"), (_POSSIBLY, "Possibly by")):
        here = rows.loc[rows["evidence_when"] == when]
        if len(here):
            seen[when] = list(here.index)
            said.append(f"{words} {_points(here)}.")
    if not said:
        said.append("It comes after every point of decision, or cannot be compared with them.")
    for column, words in (("held_certainly", "certainly held it"), ("held_possibly", "may have held it")):
        for agency, points in _by_agency(rows, column).items():
            same = [when for when, at in seen.items() if at == points]
            there = f"each of those where it had {same[0].removesuffix(' by then')} come about" if same else ""
            said.append(f"{agency} {words} by {there or _points(rows.loc[points])}.")
    if first["learned_afterwards"]:
        said.append(f"Learned only afterwards by {listed(first['learned_afterwards'].split('; '))}.")
    elif (rows[["held_certainly", "held_possibly", "held_later"]] == "").all(axis=None):
        said.append("No agency is recorded as holding it.")
    return " ".join(said)


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
    more = [f"{counted(lacking, 'point')} at which the review found a response lacking"] if lacking else []
    return listed([*named, *more])


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _end(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
