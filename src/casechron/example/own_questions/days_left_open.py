"""How many days does the source leave open for each event?

A worked question, to be replaced by your own. A table is a function of a review; the words and the
figure are functions of the table, and compute nothing."""

from __future__ import annotations

import casechron as cc
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes


def days_left_open(review: cc.Review) -> pd.DataFrame:
    """How many days each dated event of a review can have begun on.

    One row per event that happened and whose start has a first and a last possible day, in the
    order of time. What did not happen began on no day: its dates are a window.

    Returns
    -------
    pandas.DataFrame
        ``event`` (its id), ``summary``, and ``days``: how many days are possible, 1 where the day
        is known.
    """
    # Its days are those that may be told beside a child's published age; those of `cc.bounds` are
    # closer, and with the age would date the child's birth.
    events = cc.chronicle(review)
    happened = events[events["absence"] == ""]
    days = (happened["start_latest"] - happened["earliest"]).dt.days + 1
    # An event that is open on one side has no days, and drops out here.
    table = happened[["event", "summary"]].assign(days=days).dropna(subset="days")
    return table.astype({"days": "int64"}).reset_index(drop=True)


def words_on_days_left_open(table: pd.DataFrame) -> list[cc.show.Point]:
    """What the table says: a sentence made of its numbers, with the row that bears it."""
    if table.empty:
        return [cc.show.Point("No event of this review has a first and a last possible day.")]
    vaguest = table.loc[table["days"].idxmax()]
    known = int((table["days"] == 1).sum())
    text = (
        f"Of {len(table)} events with a first and a last possible day, the day is known of {known};"
        f" the vaguest can have begun on any of {vaguest['days']} days."
    )
    return [cc.show.Point(text, (vaguest["event"],))]


def draw_days_left_open(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The days that are possible for each event, as bars on a scale of powers of ten."""
    ax = ax if ax is not None else plt.subplots(figsize=(7, 0.6 + 0.25 * len(table)))[1]
    ax.barh(table["event"], table["days"], color="#00476f")
    ax.set_xscale("log")
    ax.set_xlabel("days on which the event can have begun")
    ax.invert_yaxis()
    return ax
