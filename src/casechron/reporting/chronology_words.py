"""What does the chronology show, in plain sentences? No sentence here holds a number of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from casechron.analysis.choices import orders_behind
from casechron.analysis.chronicle import chronicle, narrowings
from casechron.analysis.window_words import NOT_DATED, day_words
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.policy import DatingPolicy
from casechron.reporting.day_spans import date_words
from casechron.reporting.said import all_said, said
from casechron.reporting.words import counted, listed, quoted, sentence, verb

__all__ = [
    "alt_chronicle",
    "alt_contradictions",
    "alt_precedence",
    "chronology_in_words",
    "contradictions_in_words",
    "dissolved_in_words",
    "known_of",
]

Tables = Mapping[str, pd.DataFrame]

_ISO = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
_BETWEEN = re.compile(rf"between {_ISO.pattern} and {_ISO.pattern}")
#: The date of a statement behind the words of the source, or alone.
_QUOTED, _UNQUOTED = re.compile(r"\[(‘[^’]*’), [^]]*]"), re.compile(r" \[[^]‘]*]$")
_KNOWN = {
    "day": "known to the day",
    "window": "known to lie within a window",
    "one side": "bounded on one side only",
    "part": "part",
    "none": "not dated at all",
    NOT_ADMISSIBLE: "without an admissible chronology",
}


def known_of(table: pd.DataFrame) -> pd.Series:
    """How closely is each event of a chronicle known?

    One word per row: 'day' (one day, from start to end, in all sources), 'window' (bounded on both
    sides), 'one side', 'part' (only its start has a last day, or its end a first one), 'none', or
    'no admissible chronology'."""
    low, high = table["earliest"].notna(), table["latest"].notna()
    part = table["start_latest"].notna() | table["end_earliest"].notna()
    known = pd.Series("none", index=table.index, dtype="str")
    known = known.mask(part, "part").mask(low | high, "one side").mask(low & high, "window")
    agreed = (table["earliest"] == table["latest"]) & (table["other_dates"] == "")
    known = known.mask(low & high & agreed, "day")
    return known.mask(table["status"] == NOT_ADMISSIBLE, NOT_ADMISSIBLE)


def chronology_in_words(tables: Tables, chronology: Chronology, policy: DatingPolicy) -> list[str]:
    """The key points of the chronology: how closely time is known, by what, and under which reading
    of vague words."""
    table = chronicle(tables, chronology)
    if table.empty:
        return ["No event is coded, so there is no chronology."]
    points: list[str] = [said(_closely(table[table["absence"] == ""]), "chronicle", "bounds")]
    if chronology.admissible:
        points += _brought_closer(narrowings(tables, chronology))
    else:
        points.append(
            "As vague words are read here, the statements about time cannot all be true: no course"
            " of days fits them. Only the dates as written are given."
        )
    births = int(table["protected"].sum())
    if births:
        one = "The one birth is" if births == 1 else f"{counted(births, 'birth')} are"
        # What readers can join for themselves is beyond any page; what is said here is what is done
        # here.
        it = "it" if births == 1 else "them"
        points.append(
            said(
                f"{one} shown as coarsely as published: no closer date is worked out for {it}.",
                "chronicle",
            )
        )
    bases = tables["relations"]["basis"]
    if len(bases):
        own = int(bases.isin(["derived", "judged"]).sum())
        total = f"{len(bases)} statements" if len(bases) > 1 else "one statement"
        if own in (0, len(bases)):
            whose = "source's own" if not own else "coder's own reading"
            words = f"The {total} on how two events lie in time {verb(len(bases))} the {whose}."
        else:
            theirs = f"{own} {verb(own)} the coder's own reading"
            words = (
                f"Of {total} on how two events lie in time, {theirs}; the source makes the others."
            )
        judged = int((bases == "judged").sum())
        if judged and chronology.admissible:
            wider = counted(sum(map(bool, orders_behind(chronology))), "window")
            which = f"the {judged if judged > 1 else 'one'} that only the coder judged"
            which = which if judged < len(bases) else f"{verb(judged, 'it', 'them')}, only judged"
            words += f" Without {which}, {wider} would be wider."
            points.append(said(words, "time_statements", "bounds"))
        else:
            points.append(said(words, "time_statements"))
    return [*points, said(_policy_in_words(policy), "reading_rules")]


def _closely(events: pd.DataFrame) -> str:
    """How many events are known to the day, how many within a window, and how many not even so."""
    if events.empty:
        return "No event or state is coded, only what is said to be missing."
    known = known_of(events)
    total, whole = counted(len(events), "event or state", "events and states"), len(events)
    if (known == NOT_ADMISSIBLE).any():
        return f"The source gives {total}; when they were cannot be worked out."
    day, window = int((known == "day").sum()), int((known == "window").sum())
    if day == whole:
        return f"Known to the day: all of {total}."
    rest = whole - day - window
    parts = [
        (
            f"{window} {'falls' if window == 1 else 'fall'} between a first and a last possible day"
            if window
            else ""
        ),
        f"for {rest} the source leaves at least one end open" if rest else "",
    ]
    return (
        f"Of {total}, {day or 'none'} {verb(day)} known to the day;"
        f" {' and '.join(filter(None, parts))}."
    )


def _brought_closer(table: pd.DataFrame) -> list[str]:
    """What all statements together say of time that no date says alone, from `narrowings`."""
    if table.empty:
        return ["No date is narrowed when the statements are read together."]
    own = table[(table["before"] != NOT_DATED) & ~table["beside_an_age"]]
    other = int((table["before"] == NOT_DATED).sum())
    points: list[str] = []
    if other:
        has, its, it = (
            verb(other, "has", "have"),
            verb(other, "its", "their"),
            verb(other, "it", "they"),
        )
        limits = f"only {its} order, or a gap to other events, limits when {it} can have been"
        points.append(
            said(f"{counted(other, 'event')} {has} no date in the source: {limits}.", "narrowings")
        )
    if len(own):
        # The event that gains most days; the first of several.
        days = own["days_narrowed"].fillna(0).astype("int64").tolist()
        row = own.iloc[days.index(max(days))]
        more = len(own) - 1
        also = f" {counted(more, 'more date')} {verb(more)} narrowed in this way." if more else ""
        points.append(
            said(
                f"The source dates {quoted(row['summary'] or row['event'])} {row['before']}; read"
                f" with everything else, that becomes {row['after']}.{also}",
                "narrowings",
            )
        )
    return points


def _closeness(events: pd.DataFrame) -> str:
    counts = known_of(events).value_counts()
    held = [(int(counts.get(known, 0)), words) for known, words in _KNOWN.items()]
    parts = [
        (
            f"for {count} only the start or only the end is bounded"
            if words == "part"
            else f"{count} {verb(count)} {words}"
        )
        for count, words in held
        if count
    ]
    return f"Of the events and states, {listed(parts)}." if parts else ""


def _policy_in_words(policy: DatingPolicy) -> str:
    differs = set(policy.as_parameters())
    if not differs:
        return (
            "Words such as ‘late’ or ‘about’ are read by the default rules listed below; further"
            " down other rules are tried."
        )
    meanings = [meaning for name, _, meaning in policy.describe() if name in differs]
    if len(meanings) == 1:
        return f"Vague words are read by the default rules but for one: {sentence(meanings[0])}"
    return (
        f"Vague words are read by rules that differ from the default in {len(meanings)} choices:"
        " the table below says which."
    )


def contradictions_in_words(table: pd.DataFrame) -> list[str]:
    """Which statements cannot hold together, and what would let them? From
    `analysis.contradictions.contradictions`."""
    if table.empty:
        return ["The statements about time hold together."]
    found = []
    for conflict, steps in table.groupby("conflict", sort=False):
        rows = steps[steps["row"] != ""].drop_duplicates("row")
        short = int(steps["days_short"].iloc[0])
        told = steps[steps["days_needed"].notna()]
        name = f"Contradiction {conflict}: " if table["conflict"].nunique() > 1 else ""
        if len(told):
            need, have = int(told["days_needed"].iloc[0]), int(told["days_possible"].iloc[0])
            found.append(
                f"{name}{counted(len(rows), 'statement')} cannot hold together:"
                f" {counted(need, 'day')} {'is' if need == 1 else 'are'} needed and"
                f" {counted(have, 'day')} {'is' if have == 1 else 'are'} possible."
            )
        else:
            cannot = (
                f"{counted(len(rows), 'statement')} cannot"
                f" hold{' together' if len(rows) > 1 else ''}"
            )
            found.append(f"{name}{cannot}: {counted(short, 'day')} short.")
        judged = rows[rows["basis"].isin(["derived", "judged"])]
        if len(judged):
            words = [
                f"{_readable(one)} ({basis})"
                for one, basis in zip(judged["statement"], judged["basis"], strict=True)
            ]
            found.append(f"The coder's own among them: {'; '.join(words)}.")
        alone = rows["days_to_relax_alone"].dropna()
        if len(alone):
            some = f"any one of {len(alone)}" if len(alone) > 1 else "one"
            which = "any one of them" if len(alone) == len(rows) else f"{some} of them"
            found.append(
                f"It would be enough to widen {which} by"
                f" {_from_to(int(alone.min()), int(alone.max()))}; which one is wrong, if any, the"
                " text does not say."
            )
        else:
            found.append("Widening any one of them is not enough: another contradiction remains.")
    return all_said(found, "contradictions_without_slack")


def dissolved_in_words(table: pd.DataFrame) -> list[str]:
    """Which single choices let what clashes hold together? From `analysis.dissolving`; nothing
    where nothing clashes."""
    names = {
        kind: "; ".join(dict.fromkeys(table.loc[table["kind"] == kind, "choice"]))
        for kind in dict.fromkeys(table["kind"])
    }
    told = "; ".join(f"{kind}: {choices}" for kind, choices in names.items())
    words = f"What clashes is the source as it is read here; one other choice is enough ({told})."
    return all_said([words] * (len(table) > 0), "dissolved_by")


def _readable(statement: str) -> str:
    """A statement with its days in words, and of its date only the words of the source.

    >>> _readable("“A dies” is between 2018-10-21 and 2018-10-31 [‘late October’, late 2018-10]")
    '“A dies” is between 21 and 31 October 2018 [‘late October’]'
    >>> _readable("“A dies” is on 2018-10-21 at the latest [2018-10-21]")
    '“A dies” is on 21 October 2018 at the latest'
    """
    text = _UNQUOTED.sub("", _QUOTED.sub(r"[\1]", statement))
    text = _BETWEEN.sub(lambda found: date_words(*map(pd.Timestamp, found.groups())), text)
    return _ISO.sub(lambda found: day_words(pd.Timestamp(found[1]).toordinal()), text)


def alt_chronicle(table: pd.DataFrame) -> str:
    """Alt text of the chronology, from its table."""
    if table.empty:
        return "No bars: no event is coded."
    refused = (table["status"] == NOT_ADMISSIBLE).any()
    window = table["said_stated"].where(table["status"] == NOT_ADMISSIBLE, table["said"])
    dated = table[window != NOT_DATED]
    absences, alleged = int((table["absence"] != "").sum()), int((table["alleged"] != "").sum())
    parts = [
        f"Bars of time for {counted(len(dated), 'row')} of the chronology, one below the other in"
        " order of time."
    ]
    if refused:
        parts.append("No chronology is admissible, so windows are drawn as written.")
    if len(dated):
        told = [
            f"“{one}”, {when}"
            for one, when in zip(dated["summary"], window[window != NOT_DATED], strict=True)
        ]
        parts.append(f"The first is {told[0]}; the last is {told[-1]}.")
    parts.append(_closeness(table[table["absence"] == ""]))
    if absences:
        parts.append(
            f"{counted(absences, 'absence').capitalize()} {'is' if absences == 1 else 'are'} hollow"
            " and crossed."
        )
    if alleged:
        parts.append(
            f"In {counted(alleged, 'event')} what persons did is, wholly or in part, only alleged"
            " or denied."
        )
    undated = len(table) - len(dated)
    if undated:
        parts.append(
            f"{counted(undated, 'row')} without any date {'is' if undated == 1 else 'are'} listed"
            " at the end."
        )
    return " ".join(part for part in parts if part)


def alt_precedence(table: pd.DataFrame) -> str:
    """Alt text of the certain order, from its table."""
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return "No lines: no chronology is admissible, so no order is certain."
    if table.empty:
        return "No lines: of no two events is the order certain."
    events = set(table["before"]) | set(table["after"])
    return (
        f"{counted(len(events), 'event')} from top to bottom, each below all that certainly came"
        f" before it, joined by {counted(len(table), 'line')}. Events with nothing certain before"
        f" them: {len(events - set(table['after']))}; with nothing certain after them:"
        f" {len(events - set(table['before']))}."
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
        ruler = "; ".join(
            f"{step}. {says}" for step, says in zip(steps["step"], steps["says"], strict=True)
        )
        short = counted(int(steps["days_short"].iloc[0]), "day")
        parts.append(f"A ruler with {counted(len(steps), 'step')}: {ruler}. {short} short.")
    return " ".join(parts)


def _from_to(least: int, most: int) -> str:
    return counted(least, "day") if least == most else f"{least} to {counted(most, 'day')}"
