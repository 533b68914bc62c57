"""What changes if another would read it otherwise? The sentences of that page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.report.show import Point
from casechron.report.text.english import listed, sentence
from casechron.report.text.naming import capital, rows_of

__all__ = [
    "choices",
    "choices_alt",
    "choices_note",
    "choices_title",
    "contradiction_points",
    "in_words",
    "key_points",
    "wait_points",
]

#: What can change, by what the numbers are about.
GROUPS: Mapping[str, str] = {
    "response gap": "waits",
    "no answer observed": "waits",
    "next protective step": "waits",
    "protective step": "waits",
    "first concern to first step": "waits",
    "next concern after a closure": "waits",
    "timescale": "limits",
    "order of turning points": "orders",
    "concerns on record": "on_record",
    "known at a decision": "known",
}
_COLUMNS = ("choice", "text", *dict.fromkeys(GROUPS.values()), "total")
#: How many choices are drawn.
MOST = 12
#: How many choices a cell tells.
_TOLD = 2


def choices(changes: pd.DataFrame, tried: pd.DataFrame) -> pd.DataFrame:
    """How many numbers and verdicts of each sort each choice changes.

    Parameters
    ----------
    changes, tried
        What `changes_by_choice` and `policies_tried` give.

    Returns
    -------
    pandas.DataFrame
        One row per choice that changes something, those that change most first.

        - `choice` (text): the choice, as `policies_tried` names it
        - `text` (text): what it is, in words
        - `waits`, `limits`, `orders`, `on_record`, `known`, `total`: how many it changes
    """
    meanings = {row["alternative"]: row["meaning"] for row in rows_of(tried)}
    counts: dict[str, dict[str, int]] = {}
    for row in rows_of(changes):
        found = counts.setdefault(row["choice"], dict.fromkeys(_COLUMNS[2:], 0))
        found["total"] += 1
        if row["about"] in GROUPS:
            found[GROUPS[row["about"]]] += 1
    rows: list[dict[str, Any]] = [
        {"choice": one, "text": _words(one, meanings.get(one, "")), **found}
        for one, found in counts.items()
    ]
    rows.sort(key=lambda row: -row["total"])
    types = dict.fromkeys(_COLUMNS, "int64") | {"choice": "str", "text": "str"}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(types)


def in_words(
    sensitivity: pd.DataFrame, chronicle: pd.DataFrame, tried: pd.DataFrame
) -> pd.DataFrame:
    """The numbers and verdicts with what they name in words and not by ids.

    Parameters
    ----------
    sensitivity, chronicle, tried
        What `sensitivity`, `chronicle` and `policies_tried` give.

    Returns
    -------
    pandas.DataFrame
        The same rows: `about` and `value` as there, with a word on days below 0, and `what`,
        `changed_by` and `rests_on` (text): what `name`, `flipped_by` and `leans_on` say, of several
        choices the first two.
    """
    summary = dict(zip(chronicle["event"], chronicle["summary"], strict=True))
    meanings = {row["alternative"]: row["meaning"] for row in rows_of(tried)}

    def named(name: str) -> str:
        title, _, ids = name.rpartition(" (")
        ends = re.split(r"( to |: )", ids.removesuffix(")") if title else ids)
        words = "".join(f"“{summary[one]}”" if one in summary else one for one in ends)
        words = words.replace(" to nothing on record", ", no end on record")
        words = words.replace("not on record to ", "no beginning on record, to ")
        return f"{title}: {words}" if title else words

    def chosen(cell: str, ending: str = "") -> str:
        found = [] if cell == "none" else [f"{one}{ending}" for one in cell.split("; ")]
        told = [_words(one, meanings.get(one, "")).rstrip(".") for one in found]
        more = [f"{len(told) - _TOLD} more"] * (len(told) > _TOLD)
        return "; ".join([*told[:_TOLD], *more])

    def counted_back(value: str) -> str:
        below = re.search(r"(?<![\w-])-\d", value)
        return f"{value} (below 0: the step came first)" if below else value

    return sensitivity[["about"]].assign(
        value=[counted_back(value) for value in sensitivity["value"]],
        what=[named(one) for one in sensitivity["name"]],
        changed_by=[chosen(cell) for cell in sensitivity["flipped_by"]],
        rests_on=[chosen(cell, " left out") for cell in sensitivity["leans_on"]],
    )


def key_points(sensitivity: pd.DataFrame, choices: pd.DataFrame) -> list[Point]:
    """How many numbers hold whatever single choice is made, and what changes most of the others.

    Parameters
    ----------
    sensitivity
        What `sensitivity` gives.
    choices
        What `choices` gives.
    """
    settled = sensitivity[~sensitivity["open"].astype(bool)] if len(sensitivity) else sensitivity
    if not len(settled):
        return [Point("The source settles no number here, so nothing can change.")]
    held = int((settled["flipped_by"].eq("none") & settled["leans_on"].eq("none")).sum())
    points = [
        Point(
            f"Of {len(settled)} numbers and verdicts settled here, {held} stay as they are whatever"
            " was chosen otherwise, one thing at a time."
        )
    ]
    points += [
        Point(f"{row['text']} {_changes(row)}.") for row in rows_of(choices)[:3] if row["total"]
    ]
    return points


def wait_points(waits: pd.DataFrame, changes: pd.DataFrame, tried: pd.DataFrame) -> list[Point]:
    """What each wait that is drawn becomes under each other choice that changes it.

    Parameters
    ----------
    waits
        What `casechron.report.text.waits.waits` gives.
    changes, tried
        What `changes_by_choice` and `policies_tried` give.
    """
    meanings = {row["alternative"]: row["meaning"] for row in rows_of(tried)}
    points = []
    for row in rows_of(waits):
        names = {f"{row['event']} to {row['to_event']}"}
        if row["protective"]:
            names.add(f"{row['event']} to the next protective step")
        found = [
            one
            for one in rows_of(changes)
            if one["name"] in names and GROUPS.get(one["about"]) == "waits"
        ]
        told: dict[str, str] = {}
        for one in found:
            words = _words(one["choice"], meanings.get(one["choice"], ""))
            told.setdefault(words, one["value_then"])
        text = f"From {row['text_from']} to {row['text_to']}: {_days(row)}"
        parts = [f"{words.rstrip('.')}: {value}." for words, value in told.items()]
        words = (
            f"{text}. {' '.join(parts)}" if told else f"{text}; nothing that was tried changes it."
        )
        points.append(Point(words, (row["event"], row["to_event"])))
    return points


def contradiction_points(
    contradictions: pd.DataFrame, dissolved: pd.DataFrame, tried: pd.DataFrame
) -> list[Point]:
    """Which statements cannot all hold if each length of time is taken to the day, and which other
    choice lets them; and under which reading not all that is said can hold.

    Parameters
    ----------
    contradictions, dissolved
        What `contradictions` and `dissolved_by` give of the review read without slack.
    tried
        What `policies_tried` gives of the review.
    """
    under = [
        Point(f"Under another reading not all statements can hold: {_first(row['meaning'])}.")
        for row in rows_of(tried)
        if row["alternative"].startswith("reading: ") and row["windows_that_differ"] is None
    ]
    steps: dict[Any, list[dict[str, Any]]] = {}
    for row in rows_of(contradictions):
        if row["conflict"] is not None:
            steps.setdefault(row["conflict"], []).append(row)
    if not steps:
        all_hold = "With each length of time taken to the day, all statements hold together."
        return [Point(all_hold), *under]
    points = []
    for conflict, rows in steps.items():
        said = [f"‘{row['words']}’" if row["words"] else row["says"].split(":")[0] for row in rows]
        words = f"Taken to the day, these cannot all hold: {listed(said)}"
        needed = next((row for row in rows if row["days_needed"] is not None), None)
        if needed:
            words += f"; {needed['days_needed']} days are needed"
            if needed["days_possible"] is not None:
                words += f", and {needed['days_possible']} are possible"
        events = tuple(row["row"] for row in rows if row["table"] == "events")
        points.append(Point(f"{words}.", events))
        ways = [
            capital(_first(row["meaning"]))
            for row in rows_of(dissolved)
            if row["conflict"] == conflict and row["all_hold"]
        ]
        if ways:
            text = " ".join(sentence(way) for way in ways)
            points.append(Point(f"Each of these alone lets all statements hold: {text}"))
    return points + under


def choices_title(choices: pd.DataFrame) -> str:
    """The finding of the chart of choices."""
    if not len(choices):
        return "Nothing that was tried changes a number"
    first = rows_of(choices)[0]
    return f"{first['text'].rstrip('.')} {_changes(first)}"


def choices_note(choices: pd.DataFrame) -> str:
    """How the chart of choices is to be read."""
    note = "In each square: how many numbers or verdicts of that sort the choice changes"
    more = len(choices) - MOST
    return sentence(
        f"{note}; {more} more that change fewer stand in the table" if more > 0 else note
    )


def choices_alt(choices: pd.DataFrame) -> str:
    """What the chart of choices shows, in words."""
    parts = [f"{row['text'].rstrip('.')} {_changes(row)}." for row in rows_of(choices)[:MOST]]
    return " ".join(parts) or "No choice is drawn."


def _changes(row: Mapping[str, Any]) -> str:
    """What a choice changes, as the end of a sentence."""
    nouns = {
        "waits": ("wait", "waits"),
        "limits": ("limit", "limits"),
        "orders": ("order of two events", "orders of two events"),
        "on_record": ("count of concerns on record", "counts of concerns on record"),
        "known": (
            "count of what was known at a decision",
            "counts of what was known at a decision",
        ),
    }
    parts = [
        f"{row[name]} {one if row[name] == 1 else several}"
        for name, (one, several) in nouns.items()
        if row[name]
    ]
    return f"changes {listed(parts)}" if parts else "changes nothing"


def _words(choice: str, meaning: str) -> str:
    """What a choice is, as the beginning of a sentence."""
    if choice == "judged orders left out":
        return "Leaving out every order that only the coder judged"
    if choice == "alleged events left out":
        return "Leaving out what rests on allegations alone"
    said = _first(meaning) or choice
    if choice.endswith(" left out"):
        return f"Leaving out that {re.sub(r' [(]judged,.*?[)]$', '', said)}"
    if choice.startswith("reading: "):
        return f"Reading the source otherwise ({said})"
    return f"Reading that {said}"


def _first(meaning: str) -> str:
    """The first part of what a choice means."""
    return meaning.partition(";")[0].strip().rstrip(".") if "“" not in meaning else meaning


def _days(row: Mapping[str, Any]) -> str:
    least, most = row["days_min"], row["days_max"]
    return f"{least} day{'' if least == 1 else 's'}" if least == most else f"{least} to {most} days"
