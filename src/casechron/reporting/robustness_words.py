"""Which conclusions hold however the dates are read, and what is chosen otherwise where they
change? In plain sentences."""

from __future__ import annotations

import re

import pandas as pd

from casechron.analysis.intervals import rows_of
from casechron.analysis.leaning import NO_ORDER
from casechron.analysis.robustness import ALL, MOST, NONE, SOME
from casechron.analysis.verdicts import NOT_APPLICABLE, UNDETERMINED
from casechron.coding.policy import DatingPolicy
from casechron.reporting.said import all_said
from casechron.reporting.words import capital, counted, listed, quoted, sentence, verb

__all__ = ["judged_orders_in_words", "open_conclusions", "robustness_in_words", "under_words"]


def robustness_in_words(
    table: pd.DataFrame, readings: pd.DataFrame, policy: DatingPolicy
) -> list[str]:
    """Which conclusions hold however the dates are read?

    `table` is `robustness.robust_conclusions`, `readings` are the coded ones, `policy` is that of
    the page."""
    if table.empty:
        return all_said(
            ["There is no verdict and no number that a choice could change."], "robust_conclusions"
        )
    total = len(table)
    counts = {under: int((table["hold_under"] == under).sum()) for under in (ALL, MOST, SOME, NONE)}
    found = [
        f"Of {counted(total, 'conclusion')}, "
        + listed(
            [
                f"{number} {'holds' if number == 1 else 'hold'} under {under_words(under)}"
                for under, number in counts.items()
                if number
            ]
        )
        + " that have an admissible chronology."
    ]
    open_ = open_conclusions(table)
    if open_:
        says = verb(open_, "says", "say")
        found.append(
            f"Of those that hold under all, {open_} {says} only that something cannot be settled"
            " from this source or does not apply."
        )
    leaning = int((table["leans_on"] != NO_ORDER).sum())
    if leaning:
        found.append(
            f"{capital(counted(leaning, 'conclusion'))} {verb(leaning, 'leans', 'lean')} on an"
            f" order that only the coder judged: {verb(leaning, 'it changes', 'they change')}"
            " without it, all else as given."
        )
    blamed = table.loc[(table["flipped_by"] != "") & (table["hold_under"] != ALL)]
    why = dict(zip(readings["reading"], readings["reason"], strict=True))
    for choice, rows in blamed.groupby("flipped_by", sort=False):
        change = (
            f"{capital(counted(len(rows), 'conclusion'))} {verb(len(rows), 'changes', 'change')}"
        )
        ways = [
            [_choice(one, policy) for one in way.split(" with ")] for way in str(choice).split("; ")
        ]
        # The reason of a reading is said once.
        read = [
            one.removeprefix(_READING)
            for one in _BETWEEN.split(str(choice))
            if one.startswith(_READING)
        ]
        reasons = [
            f" Why it can be read so ({one}): {sentence(why.pop(one))}"
            for one in read
            if why.get(one)
        ]
        found.append(
            f"{change} {', or '.join(' together '.join(way) for way in ways)}.{''.join(reasons)}"
        )
    gone = table.loc[table["no_admissible_chronology"] > 0]
    if len(gone):
        first = gone.iloc[0]
        found.append(
            "Some combinations have no admissible chronology (for the first conclusion"
            f" {first['no_admissible_chronology']} of {first['combinations']}): under them the"
            " dates cannot all hold together, and nothing is concluded. They are left out of these"
            " counts."
        )
    return all_said(found, "robust_conclusions")


#: How the name of a choice begins that is another reading of the sources.
_READING = "reading: "
_BETWEEN = re.compile("; | with ")


def _choice(choice: str, policy: DatingPolicy) -> str:
    """What is chosen otherwise, in words.

    >>> print(_choice("late_from = 16", DatingPolicy()))
    if 'late' in a month is day 16 to its last day
    >>> print(_choice("reading: earlier-arrest", DatingPolicy()))
    with another reading of the source (earlier-arrest)
    """
    if choice.startswith(_READING):
        return f"with another reading of the source ({choice.removeprefix(_READING)})"
    field, equals, value = choice.partition(" = ")
    if not equals:
        return f"with {choice}"
    other = DatingPolicy.from_parameters(
        {**policy.as_parameters(), field: int(value) if value.isdigit() else value}
    )
    return f"if {next(meaning for name, _, meaning in other.describe() if name == field).partition(';')[0]}"  # noqa: E501


def open_conclusions(table: pd.DataFrame) -> int:
    """How many conclusions hold under all choices only because they leave something open, or say
    that it does not apply?

    `table` is `robustness.robust_conclusions`. What nothing could settle is firm in a way that says
    little."""
    firm = table.loc[(table["hold_under"] == ALL) & (table["about"] == "timescale"), "conclusion"]
    return int(
        firm.str.endswith(tuple(f": {verdict}" for verdict in (UNDETERMINED, NOT_APPLICABLE))).sum()
    )


def judged_orders_in_words(table: pd.DataFrame) -> list[str]:
    """Which conclusions lean on which order that only the coder judged? From
    `robustness.judged_orders`."""
    orders = table["order"].nunique()
    if not orders:
        return all_said(
            ["No order is coded that only the coder judged, so no conclusion leans on one."],
            "judged_orders",
        )
    rows = table.loc[table["conclusion"] != NO_ORDER]
    bearing = rows["order"].nunique()
    named = f"{counted(orders, 'order')} that only the coder judged"
    if not bearing:
        return all_said(
            [f"Of {named}, none bears a conclusion: without them every one stays as it is."],
            "judged_orders",
        )
    rest = (
        "; without any one of the others every conclusion stays as it is"
        if bearing < orders
        else ""
    )
    found = [
        f"Of {named}, {bearing} {verb(bearing, 'bears', 'bear')} conclusions, which change if "
        f"{verb(bearing, 'it is', 'they are')} left out, all else as given{rest}."
    ]
    says = dict(zip(table["order"], table["says"], strict=True))
    sets: dict[tuple[str, ...], list[str]] = {}
    for row in rows_of(rows):
        others = row.with_others.split(" with ") if row.with_others != NO_ORDER else []
        own = tuple(order for order in says if order == row.order or order in others)
        # A set stands with each of its orders, and is told with the first.
        if own[0] == row.order:
            sets.setdefault(own, []).append(
                f"{quoted(row.conclusion)} becomes {quoted(row.said_without)}"
            )
    for own, changed in sets.items():
        together = "together " if len(own) > 1 else ""
        found.append(
            f"Leave out {together}{listed([f'that {says[order]}' for order in own])}, and"
            f" {counted(len(changed), 'conclusion')} {verb(len(changed), 'changes', 'change')}:"
            f" {'; '.join(changed)}."
        )
    return all_said(found, "judged_orders")


def under_words(under: str) -> str:
    """How far a conclusion holds, in words."""
    words = {
        ALL: "all combinations",
        MOST: "most combinations",
        SOME: "some combinations",
        NONE: "none of the combinations",
    }
    return words[under]
