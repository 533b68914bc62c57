"""What does the chronology show, in plain sentences? No sentence here holds a number of its own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casechron.analysis.chronicle import chronicle, narrowings
from casechron.analysis.window_words import NOT_DATED
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.policy import DatingPolicy
from casechron.reporting.words import counted, listed

__all__ = [
    "alt_chronicle", "alt_contradictions", "alt_precedence", "chronology_in_words", "contradictions_in_words", "known_of",
    "narrowings_in_words", "policies_in_words",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]

_KNOWN = {
    "day": "known to the day",
    "window": "known to lie within a window",
    "one side": "bounded on one side only",
    "part": "bounded in its start or its end only",
    "none": "not dated at all",
    NOT_ADMISSIBLE: "without an admissible chronology",
}


def known_of(table: pd.DataFrame) -> pd.Series:
    """How closely is each event of a chronicle known?

    One word per row: 'day' (one day, from start to end), 'window' (bounded on both sides), 'one side', 'part' (only its
    start has a last day, or its end a first one), 'none', or 'no admissible chronology'.
    """
    low, high = table["earliest"].notna(), table["latest"].notna()
    part = table["start_latest"].notna() | table["end_earliest"].notna()
    known = pd.Series("none", index=table.index, dtype="str")
    known = known.mask(part, "part").mask(low | high, "one side").mask(low & high, "window")
    known = known.mask(low & high & (table["earliest"] == table["latest"]), "day")
    return known.mask(table["status"] == NOT_ADMISSIBLE, NOT_ADMISSIBLE)


def chronology_in_words(tables: Tables, chronology: Chronology, policy: DatingPolicy) -> list[str]:
    """What is known of when things happened, how closely, and under which reading of vague words?"""
    table = chronicle(tables, chronology)
    if table.empty:
        return ["No event is coded, so there is no chronology."]
    absences = table["absence"] != ""
    said = [
        f"The source gives {counted(int((~absences).sum()), 'event or state', 'events and states')} and "
        f"{counted(int(absences.sum()), 'stated absence')}. {_closeness(table[~absences])}"
    ]
    if not chronology.admissible:
        said.append(
            "Under this policy the statements about time cannot hold together: no chronology is admissible, and nothing is "
            "narrowed. Only the dates as written are given."
        )
    said += narrowings_in_words(narrowings(tables, chronology))
    births = table[table["protected"]]
    if len(births):
        said.append(
            f"{counted(len(births), 'birth').capitalize()} {'is' if len(births) == 1 else 'are'} given as published; "
            "no other statement dates a birth more closely here."
        )
    bases = [one.basis for one in chronology.statements]
    if bases:
        by_coder = sum(basis in ("derived", "judged") for basis in bases)
        said.append(
            f"Of {counted(len(bases), 'statement')} about time, {by_coder or 'none'} {'is' if by_coder <= 1 else 'are'} derived "
            "or judged by the coder; the others are stated by the source."
        )
    return [*said, *_policy_in_words(policy)]


def _closeness(events: pd.DataFrame) -> str:
    counts = known_of(events).value_counts()
    held = [(int(counts.get(known, 0)), words) for known, words in _KNOWN.items()]
    parts = [f"{count} {'is' if count == 1 else 'are'} {words}" for count, words in held if count]
    return f"Of the events and states {listed(parts)}." if parts else ""


def _policy_in_words(policy: DatingPolicy) -> list[str]:
    differs = set(policy.as_parameters())
    if not differs:
        return ["Vague words are read under the default dating policy."]
    meanings = [meaning for name, _, meaning in policy.describe() if name in differs]
    return [f"The dating policy differs from the default: {meaning}." for meaning in meanings]


def narrowings_in_words(table: pd.DataFrame) -> list[str]:
    """Which dates do other statements make closer? From `analysis.chronicle.narrowings`."""
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return []
    if table.empty:
        return ["No statement makes any date closer than it is written."]
    own = table[table["before"] != NOT_DATED]
    other = len(table) - len(own)
    said = []
    if other:
        said.append(
            f"{counted(other, 'event')} without a date of {'its' if other == 1 else 'their'} own "
            f"{'is' if other == 1 else 'are'} bounded by what {'it is' if other == 1 else 'they are'} told together with."
        )
    for row in own.to_dict("records"):
        said.append(
            f"“{row['summary'] or row['event']}” is written as {row['before']}; all statements together leave: {row['after']}."
        )
    return said


def contradictions_in_words(table: pd.DataFrame) -> list[str]:
    """Which statements cannot hold together, and what would let them? From `analysis.contradictions.contradictions`."""
    if table.empty:
        return ["The statements about time hold together."]
    said = []
    for conflict, steps in table.groupby("conflict", sort=False):
        rows = steps[steps["row"] != ""].drop_duplicates("row")
        short = int(steps["days_short"].iloc[0])
        told = steps[steps["days_needed"].notna()]
        name = f"Contradiction {conflict}: " if table["conflict"].nunique() > 1 else ""
        if len(told):
            need, have = int(told["days_needed"].iloc[0]), int(told["days_possible"].iloc[0])
            said.append(
                f"{name}{counted(len(rows), 'statement')} cannot hold together: {counted(need, 'day')} "
                f"{'is' if need == 1 else 'are'} needed and {counted(have, 'day')} {'is' if have == 1 else 'are'} possible."
            )
        else:
            cannot = f"{counted(len(rows), 'statement')} cannot hold{' together' if len(rows) > 1 else ''}"
            said.append(f"{name}{cannot}: {counted(short, 'day')} short.")
        judged = rows[rows["basis"].isin(["derived", "judged"])]
        if len(judged):
            words = [f"{one} ({basis})" for one, basis in zip(judged["statement"], judged["basis"], strict=True)]
            said.append(f"The coder's own among them: {'; '.join(words)}.")
        alone = rows["days_to_relax_alone"].dropna()
        if len(alone):
            said.append(
                f"It would be enough to widen any one of {counted(len(alone), 'statement')} by "
                f"{_from_to(int(alone.min()), int(alone.max()))}; which one is wrong, if any, the text does not say."
            )
        else:
            said.append("Widening any one of them is not enough: another contradiction remains.")
    return said


def policies_in_words(table: pd.DataFrame) -> list[str]:
    """How much hangs on the dating policy and on the readings? From `analysis.chronicle.policies_tried`."""
    refused = table["status"] == NOT_ADMISSIBLE
    held = table[~refused]
    said = [f"{counted(len(table), 'other policy or reading', 'other policies and readings')} were tried, one at a time."]
    if refused.all():
        return [*said, "No chronology is admissible under any of them."]
    if refused.sum() > len(held):
        said.append(f"Only under {listed(held['alternative'].tolist())} is a chronology admissible.")
    elif refused.any():
        said.append(f"No chronology is admissible under {listed(table.loc[refused, 'alternative'].tolist())}.")
    changing = held[held["windows_that_differ"] > 0]
    if len(changing):
        counts = changing["windows_that_differ"].astype(int).tolist()
        at = counts.index(max(counts))
        said.append(
            f"{len(changing)} of them {'changes' if len(changing) == 1 else 'change'} what is known of when something happened; "
            f"the most is {counted(counts[at], 'event')}, under {changing['alternative'].iloc[at]}."
        )
    same = len(held) - len(changing)
    if same:
        said.append(f"{same} of them {'changes' if same == 1 else 'change'} nothing.")
    return said


def alt_chronicle(table: pd.DataFrame) -> str:
    """Alt text of the chronology, from its table."""
    if table.empty:
        return "No bars: no event is coded."
    refused = (table["status"] == NOT_ADMISSIBLE).any()
    window = table["said_stated"].where(table["status"] == NOT_ADMISSIBLE, table["said"])
    dated = table[window != NOT_DATED]
    absences, alleged = int((table["absence"] != "").sum()), int((table["alleged"] != "").sum())
    parts = [f"Bars of time for {counted(len(dated), 'row')} of the chronology, one below the other in order of time."]
    if refused:
        parts.append("No chronology is admissible, so windows are drawn as written.")
    if len(dated):
        told = [f"“{one}”, {when}" for one, when in zip(dated["summary"], window[window != NOT_DATED], strict=True)]
        parts.append(f"The first is {told[0]}; the last is {told[-1]}.")
    parts.append(_closeness(table[table["absence"] == ""]))
    if absences:
        parts.append(f"{counted(absences, 'absence').capitalize()} {'is' if absences == 1 else 'are'} hollow and crossed.")
    if alleged:
        parts.append(f"In {counted(alleged, 'event')} persons' parts are, all or in part, only alleged or denied.")
    undated = len(table) - len(dated)
    if undated:
        parts.append(f"{counted(undated, 'row')} without any date {'is' if undated == 1 else 'are'} listed at the end.")
    return " ".join(part for part in parts if part)


def alt_precedence(table: pd.DataFrame) -> str:
    """Alt text of the certain order, from its table."""
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return "No lines: no chronology is admissible, so no order is certain."
    if table.empty:
        return "No lines: of no two events is the order certain."
    events = set(table["before"]) | set(table["after"])
    followed = table["before"].value_counts()
    most = followed.index[0]
    summary = table.loc[table["before"] == most, "before_summary"].iloc[0]
    return (
        f"{counted(len(events), 'event')} from top to bottom, each below all that certainly came before it, joined by "
        f"{counted(len(table), 'line')}. Most lines, {followed.iloc[0]}, leave “{summary or most}”. "
        f"Events with nothing certain before them: {len(events - set(table['after']))}; "
        f"with nothing certain after them: {len(events - set(table['before']))}."
    )


def alt_contradictions(table: pd.DataFrame) -> str:
    """Alt text of the figure of contradictions, from its table."""
    if table.empty:
        return "No contradiction is drawn: the statements hold together."
    parts = []
    for _, steps in table.groupby("conflict", sort=False):
        told = steps[steps["days_needed"].notna()]
        if len(told):
            parts.append(
                f"Two bars: {counted(int(told['days_needed'].iloc[0]), 'day')} needed, "
                f"{counted(int(told['days_possible'].iloc[0]), 'day')} possible."
            )
        ruler = "; ".join(f"{step}. {says}" for step, says in zip(steps["step"], steps["says"], strict=True))
        short = counted(int(steps["days_short"].iloc[0]), "day")
        parts.append(f"A ruler with {counted(len(steps), 'step')}: {ruler}. {short} short.")
    return " ".join(parts)


def _from_to(least: int, most: int) -> str:
    return counted(least, "day") if least == most else f"{least} to {counted(most, 'day')}"
