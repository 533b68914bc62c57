"""What could have been known at each decision, by whom, and what reached those who decided, in plain sentences?

Nothing here says what anybody knew, and nobody is judged by what is known now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from casechron.analysis.decisions import DECISION
from casechron.analysis.knowledge import CERTAIN, LATER, NOBODY, OTHER, POSSIBLE, UNNAMED
from casechron.analysis.known_at_decisions import (
    CERTAINLY_REACHED,
    ELSEWHERE,
    GROUPS,
    NOT_REACHED,
    ONLY_UNNAMED,
    POSSIBLY_ELSEWHERE,
    POSSIBLY_REACHED,
    POSSIBLY_UNNAMED,
    UNKNOWN_TO_ALL,
    WHO_NOT_STATED,
    chosen_decision,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said, said
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = [
    "agencies_key_points", "alt_knowledge_at_a_decision", "alt_known_by_decision", "hindsight_in_words", "knowledge_in_words",
    "knowledge_key_points", "room_key_points",
]  # fmt: skip

_REFUSED = "No chronology is admissible, so what was known when cannot be said."
_NO_DECISION = "No decision is coded, so nothing could have reached one."
_NOBODY_HAD_IT = "This is put together afterwards from the whole record: nobody had this view at the time."
_HELD = (CERTAIN, POSSIBLE)
#: Where matters were that did not reach those who decided: what is certain, what is possible, in words for one, for several.
_STAYED = (
    (NOT_REACHED, POSSIBLY_ELSEWHERE, ("only with another named agency", "only with another named agency")),
    (ONLY_UNNAMED, POSSIBLY_UNNAMED, ("only with an unnamed agency", "only with unnamed agencies")),
    (UNKNOWN_TO_ALL, "", ("recorded with none", "recorded with none")),
)


def knowledge_key_points(table: pd.DataFrame, counts: pd.DataFrame, points: pd.DataFrame, decision: str = "") -> list[str]:
    """The key points on what reached those who decided; six at most.

    `table` is `known_at_decisions.reached`, `counts` is `known_by_decision`, `points` is `decisions.decisions`. One
    decision is told closely: `decision`, else the one at which, as the review says, most agencies were left out.
    """
    if points.empty:
        return [_NO_DECISION]
    if NOT_ADMISSIBLE in set(table["reached"]):
        return [_REFUSED]
    chosen = points[points["decision"] == chosen_decision(points, decision)].iloc[0]
    here = table[table["decision"] == chosen["decision"]]
    return [
        said(_became(counts, chosen), "known_by_decision"),
        *_elsewhere(here),
        *_left_out(here, chosen),
        *_over_all(counts, points),
        *_only_later(table),
        _NOBODY_HAD_IT,
    ]


def _became(counts: pd.DataFrame, point: pd.Series) -> str:
    """What became of the matters on record by one decision, each counted once."""
    own = counts[counts["decision"] == point["decision"]]
    total = int(own["matters"].sum())
    when = f"By {quoted(point['summary'])} ({point['said']})"
    if not total:
        return f"{when} nothing that is on record had come about."
    split = _split(dict(zip(own["reached"], map(int, own["matters"]), strict=True)))
    return f"{when} {counted(total, 'matter')}, each counted once, had or may have arisen: {split}."


def _split(counts: Mapping[str, int]) -> str:
    """How many matters reached whom, and where the others were; `counts` are those of the kinds in `REACHED`."""
    certain, possible = counts.get(CERTAINLY_REACHED, 0), counts.get(POSSIBLY_REACHED, 0)
    parts = [f"{certain} certainly reached those who decided"] * bool(certain)
    parts += [f"{possible} possibly {'did' if certain else 'reached those who decided'}"] * bool(possible)
    if some := counts.get(WHO_NOT_STATED, 0):
        parts.append(f"{some} {verb(some, 'was', 'were')} or may have been with some agency, but who decided is not named")
    said_were = False
    for sure, unsure, words in _STAYED:
        maybe = counts.get(unsure, 0)
        if total := counts.get(sure, 0) + maybe:
            were = "" if said_were else f"{verb(total, 'was', 'were')} "
            doubt = "" if not maybe else " (possibly)" if maybe == total else f" ({maybe} possibly)"
            parts.append(f"{total} {were}{verb(total, *words)}{doubt}")
            said_were = True
    return listed(parts)


def _elsewhere(here: pd.DataFrame) -> list[str]:
    """Which matters another agency held and those who decided did not."""
    rows = _counted_once(here)
    held = [f"{quoted(row['summary'])} ({_holders(row)})" for row in rows if row["reached"] in ELSEWHERE]
    return [said(f"Held at that point only by agencies that did not decide: {some_of(held, 34)}.", "reached")] if held else []


def _left_out(here: pd.DataFrame, point: pd.Series) -> list[str]:
    """Who was left out, as the review says, and what they held."""
    if not point["left_out"]:
        return []
    who = listed(point["left_out"].split("; "))
    theirs = [quoted(summary) for summary in here.loc[here["left_out_with"] != "", "summary"]]
    held = f"Recorded with them: {some_of(theirs)}." if theirs else "The source names no matter here that they held."
    return [said(f"Left out of that decision, as the review says: {who}. {held}", "decisions", "reached")]


def _over_all(counts: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """At how many decisions something was with another agency only."""
    total, taken = len(points), int((points["point"] == DECISION).sum())
    found = counts[counts["matters"] > 0]
    certain, possible = (set(found.loc[found["reached"] == kind, "decision"]) for kind in (NOT_REACHED, POSSIBLY_ELSEWHERE))
    some, maybe = len(certain), len(possible - certain)
    lacking = total - taken
    kinds = [counted(taken, "decision")] * bool(taken)
    kinds += [f"{counted(lacking, 'response')} that the review found missing or not enough"] * bool(lacking)
    elsewhere, many = "some matter was only with a named agency that did not decide", some or maybe
    if not some:
        elsewhere = f"it is possible that {elsewhere}" if maybe else "no matter was only with a named agency that did not decide"
    if many and total > 1:
        elsewhere = f"at {'each' if many == total else many} of these{'' if many == total else f' {total}'}, {elsewhere}"
    if some and maybe:
        elsewhere += f"; at {maybe} more that is possible"
    words = f"This page looks at {listed(kinds)}. {capital(elsewhere)}."
    return [said(words, "decisions", "known_by_decision")]


def _only_later(table: pd.DataFrame) -> list[str]:
    """What no agency held at any decision, and some agency learned afterwards."""
    held = set(table.loc[table["reached"] != UNKNOWN_TO_ALL, "matter"])
    later = table[(table["learned_later"] != "") & ~table["matter"].isin(held)].drop_duplicates("matter")
    if later.empty:
        return []
    told = [quoted(summary) for summary in later["summary"]]
    return [said(f"Learned only afterwards, so no knowledge at the time: {some_of(told, 34)}.", "reached")]


def knowledge_in_words(table: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """What reached those who decided, and what stayed elsewhere? One sentence for each decision, one for what came later.

    `table` is `known_at_decisions.reached`, `points` is `decisions.decisions`. What is counted together with others in
    another row is not counted again.
    """
    if NOT_ADMISSIBLE in set(table["reached"]):
        return [_REFUSED]
    found = []
    for point in points.to_dict("records"):
        here = table[table["decision"] == point["decision"]]
        rows = _counted_once(here)
        head = f"{quoted(point['summary'])} ({point['said']}): "
        parts = _split(Counter(str(row["reached"]) for row in rows))
        words = f"of {counted(len(rows), 'matter')} that had, or may have, come about by then, {parts}."
        head += words if parts else "nothing on record had come about by then."
        others = [f"{quoted(row['summary'])} ({_holders(row)})" for row in rows if row["reached"] in ELSEWHERE]
        if others:
            head += f" Held elsewhere: {'; '.join(others)}."
        if point["left_out"]:
            theirs = [quoted(row["summary"]) for row in rows if row["left_out_with"]]
            held = f"they held {listed(theirs)}." if theirs else "the source names no matter that they held."
            head += f" Left out, as the review says: {point['left_out']}; {held}"
        found.append(said(head, "reached", "known_by_decision"))
    later = table[table["learned_later"] != ""].drop_duplicates("matter")
    return [
        *found,
        *(
            said(f"{quoted(summary)}: learned only afterwards by {who}; that is no knowledge at the time.", "reached")
            for summary, who in zip(later["summary"], later["learned_later"], strict=True)
        ),
    ]


def room_key_points(table: pd.DataFrame) -> list[str]:
    """The key points on one decision: what everybody in the room would have seen; six at most.

    `table` is `known_at_decisions.knowledge_at_a_decision`.
    """
    if table.empty:
        return ["No decision with a matter on record before it is coded."]
    if (table["known"] == NOT_ADMISSIBLE).any():
        return [_REFUSED]
    decided, left_out, others, _ = (table[table["group"] == group] for group in GROUPS)
    known = set(decided.loc[decided["known"].isin(_HELD), "matter"])
    points = [_in_the_room(table, decided)]
    if len(left_out):
        who = listed(list(dict.fromkeys(left_out["agency_label"])))
        more = _held_with(left_out, known)
        added = f"would have added {some_of(more, 28)}" if more else "held nothing in this record that those who decided lacked"
        points.append(f"{who}, left out as the review says, {added}; they may have known more.")
    rest = _held_with(others, known)
    if rest:
        points.append(f"Other agencies held {counted(len(rest), 'matter')} that those who decided did not: {some_of(rest, 34)}.")
    return [*all_said([*points, *_nowhere(table)], "knowledge_at_a_decision"), _NOBODY_HAD_IT]


def _in_the_room(table: pd.DataFrame, decided: pd.DataFrame) -> str:
    """How many matters there were, and how many those who decided could have known."""
    first = table.iloc[0]
    total = f"{counted(table['matter'].nunique(), 'matter')}, parts of others counted too,"
    head = f"By {quoted(first['decision_summary'])} ({first['decision_said']}) {total} had or may have arisen. "
    if decided.empty:
        return f"{head}Who decided is not named."
    certain = set(decided.loc[decided["known"] == CERTAIN, "matter"])
    possible = set(decided.loc[decided["known"] == POSSIBLE, "matter"]) - certain
    who = listed(list(dict.fromkeys(decided["agency_label"])))
    also = f", and possibly {len(possible)} more" if possible else ""
    return f"{head}{who}, who decided, could certainly have known {len(certain) or 'none'} of them{also}."


def _held_with(rows: pd.DataFrame, known: set[str]) -> list[str]:
    """Matters that some agencies held and that are not among those known, each with who held it."""
    held = rows[rows["known"].isin(_HELD) & ~rows["matter"].isin(known)]
    found = []
    for _, same in held.groupby("matter", sort=False):
        who = [
            label if state == CERTAIN else f"{label}, possibly"
            for label, state in zip(same["agency_label"], same["known"], strict=True)
        ]
        found.append(f"{quoted(same['summary'].iloc[0])} ({'; '.join(who)})")
    return found


def _nowhere(table: pd.DataFrame) -> list[str]:
    """How many matters were with unnamed agencies only, and how many with none."""
    states = table.groupby("matter", sort=False)["known"].agg(set)
    named = table[table["named"] & table["known"].isin(_HELD)]["matter"]
    unnamed = set(table.loc[table["known"].isin(_HELD), "matter"]) - set(named)
    nobody = [str(matter) for matter, found in states.items() if not found & set(_HELD)]
    unsure = table[table["matter"].isin(nobody) & (table["had_come_about"] != "certainly")]["matter"].nunique()
    points = []
    if unnamed:
        points.append(
            f"{counted(len(unnamed), 'matter')} {verb(len(unnamed), 'was', 'were')} only with agencies that the source does not "
            "name; one of these may have been in the room."
        )
    if nobody:
        happened = f"leave open whether {verb(unsure, 'it', 'they')} had happened by then at all"
        doubt = f" {'The' if unsure == len(nobody) else f'For {unsure} the'} dates {happened}." if unsure else ""
        points.append(
            f"{capital(counted(len(nobody), 'matter'))} {verb(len(nobody))} not recorded as known to any agency by then.{doubt}"
        )
    return points


def agencies_key_points(table: pd.DataFrame) -> list[str]:
    """The key points on what each agency could have known; `table` is `known_at_decisions.knowledge_by_agency`."""
    if table.empty:
        return [_NO_DECISION]
    if (table["status"] == NOT_ADMISSIBLE).any():
        return [_REFUSED]
    named = table[table["named"]]
    knew = (named["certainly_known"] != "") | (named["possibly_known"] != "")
    some = list(dict.fromkeys(named.loc[knew, "agency_label"]))
    none = [label for label in dict.fromkeys(named["agency_label"]) if label not in some]
    points = []
    if some:
        words = f"this source records something that {verb(len(some), 'it', 'they')} could have known when a decision was taken"
        points.append(f"For {counted(len(some), 'named agency', 'named agencies')} {words}: {some_of(some)}.")
    if none:
        what = f"For {counted(len(none), 'named agency', 'named agencies')} it records no such thing: {some_of(none)}."
        points.append(f"{what} That does not say that {verb(len(none), 'it', 'they')} knew nothing.")
    return [
        *all_said(points, "knowledge_by_agency"),
        "What an agency could have known is not what a professional had in mind, nor what it was worth to them then.",
        "Agencies are not compared here: what a source tells of each says as much about the source.",
    ]


def hindsight_in_words() -> list[str]:
    """What must a reader of the tables of knowledge keep in mind?"""
    return [
        "These tables are put together afterwards from an account that was itself written afterwards: nobody had this view then.",
        "'Certainly known' means that the coding lets the agency have held it on the day, whatever days the dates admit; it does "
        "not say that a professional had it in mind, or what it was worth.",
        "'Not known to any agency' means that this source does not say that one knew.",
        "An agency that the source does not name may be one of those that decided.",
        "What was told only to the review, or came out later, is shown apart and counts for no decision.",
        "Counts are as recorded in this source: they say as much about the account as about the agencies, and compare none with "
        "another.",
    ]


def alt_knowledge_at_a_decision(table: pd.DataFrame) -> str:
    """Alt text of the matrix of matters and agencies at one decision."""
    if table.empty:
        return "An empty matrix: no decision with a matter before it is coded."
    head = f"At {quoted(table['decision_summary'].iloc[0])}: a matrix of {counted(table['matter'].nunique(), 'matter')} and "
    head += f"{counted(table['agency'].nunique(), 'agency', 'agencies')}."
    if (table["known"] == NOT_ADMISSIBLE).any():
        return f"{head} {_REFUSED}"
    words = [head]
    for group in GROUPS[:3]:
        for label, rows in table[table["group"] == group].groupby("agency_label", sort=False):
            certain, possible = int((rows["known"] == CERTAIN).sum()), int((rows["known"] == POSSIBLE).sum())
            if certain or possible or group != GROUPS[2]:
                words.append(f"{label} ({group}): {certain} certainly known, {possible} possibly known.")
    summary = dict(zip(table["matter"], table["summary"], strict=True))
    each = table.drop_duplicates(["matter", "known"]).groupby("matter", sort=False)["known"].agg(set)
    unnamed = [matter for matter, states in each.items() if UNNAMED in states and OTHER not in states]
    nobody = [str(matter) for matter, states in each.items() if NOBODY in states or states <= {LATER}]
    if unnamed:
        words.append(f"{counted(len(unnamed), 'matter')} known only to agencies that the source does not name.")
    if nobody:
        words.append(f"Not known to any agency at the time: {listed([quoted(summary[one]) for one in nobody])}.")
    return " ".join(words)


def alt_known_by_decision(table: pd.DataFrame) -> str:
    """Alt text of the bars of what reached those who decided."""
    if table.empty:
        return "No bars: no decision is coded."
    words = []
    for _, rows in table.groupby("decision", sort=False):
        parts = [f"{count} {kind}" for kind, count in zip(rows["reached"], rows["matters"], strict=True) if count]
        words.append(f"{quoted(rows['summary'].iloc[0])}: {'; '.join(parts) or 'nothing on record by then'}.")
    return f"A bar for each of {counted(len(words), 'decision')}. {' '.join(words)}"


def _counted_once(here: pd.DataFrame) -> list[dict[str, str]]:
    """The matters of one decision, without those that another one of them counts together with others."""
    on_list = set(here["matter"])
    rows = here[["matter", "summary", "reached", "certain_with", "possible_with", "left_out_with", "part_of"]].to_dict("records")
    return [{str(name): str(value) for name, value in row.items()} for row in rows
            if on_list.isdisjoint(str(row["part_of"]).split("; "))]  # fmt: skip


def _holders(row: dict[str, str]) -> str:
    """Who held a matter: those that certainly did, then those that possibly did."""
    certain, possible = ([one for one in row[name].split("; ") if one] for name in ("certain_with", "possible_with"))
    return "; ".join([*certain, *(f"{one}, possibly" for one in possible)])
