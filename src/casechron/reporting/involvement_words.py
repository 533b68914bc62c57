"""What do the tables of involvement, telling and knowledge show, in plain sentences? No number stands here, none is judged."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.involvement import ABSENT
from casechron.analysis.knowledge import CERTAIN, LATER, NOBODY, OTHER, POSSIBLE, UNNAMED
from casechron.analysis.known_at_decisions import (
    CERTAINLY_REACHED,
    GROUPS,
    NOT_REACHED,
    ONLY_UNNAMED,
    POSSIBLY_REACHED,
    UNKNOWN_TO_ALL,
    WHO_NOT_STATED,
)
from casechron.analysis.telling import IN_TIME, TIES
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.words import counted, listed

__all__ = [
    "alt_involvement_by_event", "alt_involvement_by_phase", "alt_knowledge_at_a_decision", "alt_known_by_decision",
    "alt_telling_network", "contact_in_words", "hindsight_in_words", "knowledge_in_words", "phases_in_words",
    "stated_absences_in_words", "tellings_in_words",
]  # fmt: skip

_AS_RECORDED = "as recorded in this source"
_REFUSED = "No chronology is admissible, so nothing can be said about when."


def contact_in_words(table: pd.DataFrame) -> list[str]:
    """Which agencies had a part, which are named only as missing, and what is not named at all?

    `table` is `analysis.involvement.agency_contact`.
    """
    if table.empty:
        return []
    named, contacts, absences = table["named"], table["contacts"] > 0, table["stated_absences"] > 0
    active = list(table.loc[named & contacts, "agency_label"])
    missing = list(table.loc[named & ~contacts & absences, "agency_label"])
    later = list(table.loc[named & ~contacts & ~absences & (table["afterwards"] > 0), "agency_label"])
    unnamed = list(table.loc[~named & (contacts | absences), "agency_label"])
    said = [f"{counted(len(active), 'named agency', 'named agencies')} had a part, {_AS_RECORDED}: {listed(active) or 'none'}."]
    if missing:
        said.append(f"{listed(missing)}: named only where the review says that they were absent or not involved enough.")
    if later:
        said.append(f"{listed(later)}: named only for what came after the events, or for the review itself.")
    if unnamed:
        said.append(
            f"{'; '.join(unnamed)}: what the source does not name stands apart; such a row can stand for any agency, those named "
            "among them."
        )
    return said if set(table["status"]) != {NOT_ADMISSIBLE} else [*said, _REFUSED]


def phases_in_words(table: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Which phases are there, what cuts none, and how much cannot be placed?

    `table` is `analysis.phases.phases`, `events` is `analysis.phases.phase_of_events`.
    """
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return [_REFUSED]
    cuts = int((events["turning_point"] == "cuts").sum())
    said = [
        f"{counted(cuts, 'turning point')} of certain order {'cuts' if cuts == 1 else 'cut'} the account into "
        f"{counted(len(table), 'phase')}: {listed(list(table['title']))}."
    ]
    unclear = events[events["turning_point"].str.startswith("cuts nothing")]
    for event, why in zip(unclear["event"], unclear["turning_point"], strict=True):
        rivals = listed(why.removeprefix("cuts nothing: order unclear with ").split("; "))
        said.append(f"{event} is a turning point too, but its order with {rivals} cannot be said, so it cuts nothing.")
    open_ = int(events["placed"].str.startswith("cannot be placed").sum())
    if open_:
        rows = counted(len(events), "row")
        said.append(f"{open_} of {rows} cannot be placed in any one phase: the source does not date them so closely.")
    return said


def stated_absences_in_words(table: pd.DataFrame) -> list[str]:
    """Where does the review say that an agency was missing? One sentence for each absence of a named agency.

    `table` is `analysis.involvement.stated_absences`. The force of the source's words is kept.
    """
    said = []
    for row in table[table["named"]].to_dict("records"):
        answers = f", which was to answer {row['answers']}" if row["answers"] else ""
        force = f" ({row['force']})" if row["force"] else ""
        step = f"{row['event']}{answers}: {row['summary']}"
        said.append(f"{row['agency_label']}, {row['absence']}{force}. {step}. {row['places']}".rstrip(" .") + ".")
    others = int((~table["named"]).sum())
    if others:
        said.append(f"{counted(others, 'more stated absence')} of agencies or professionals that the source does not name.")
    return said


def tellings_in_words(table: pd.DataFrame) -> list[str]:
    """How many tellings are on record, which came in time, and which does the review say were missing?

    `table` is `analysis.telling.tellings`.
    """
    if table.empty:
        return []
    if NOT_ADMISSIBLE in set(table["in_time"]):
        return [_REFUSED]
    told = table[table["tie"] == TIES[0]]
    whole = told.drop_duplicates("telling")
    said = [f"{counted(len(whole), 'telling')} at the time, {_AS_RECORDED}."]
    for word, words in zip(
        IN_TIME,
        ("certainly came by whatever decision was the next",
         "may or may not have come by the next decision: the dates leave it open",
         "came after the decision that was the next after what they tell of", "have no later decision on record"),
        strict=True,
    ):  # fmt: skip
        found = list(dict.fromkeys(told.loc[told["in_time"] == word, "telling"]))
        if found:
            said.append(f"{listed(found)}: {words}.")
    nobody = list(dict.fromkeys(told.loc[(told["to_kind"] == "not stated"), "telling"]))
    if nobody:
        said.append(f"{listed(nobody)}: to whom is not stated.")
    later = list(dict.fromkeys(table.loc[table["tie"] == TIES[1], "telling"]))
    if later:
        said.append(f"{listed(later)}: told only afterwards, so no knowledge at the time.")
    for row in table[table["tie"].isin(TIES[2:])].to_dict("records"):
        said.append(f"Missing, as the review says: {row['from_label']} and {row['to_label']} ({row['tie']}), {row['telling']}.")
    return list(dict.fromkeys(said))


def knowledge_in_words(table: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """At each decision, what reached those who decided and what stayed elsewhere? One sentence for each decision.

    `table` is `analysis.known_at_decisions.reached`, `points` is `analysis.decisions.decisions`. What is counted together
    with others in another row is not counted again.
    """
    if NOT_ADMISSIBLE in set(table["reached"]):
        return [_REFUSED]
    words = {
        CERTAINLY_REACHED: "certainly reached those who decided", POSSIBLY_REACHED: "possibly did",
        NOT_REACHED: "held by another agency only", ONLY_UNNAMED: "held only by an agency that the source does not name",
        WHO_NOT_STATED: "held by some agency, and who decided is not named", UNKNOWN_TO_ALL: "not known to any agency",
    }  # fmt: skip
    said = []
    for row in points.to_dict("records"):
        here = table[table["decision"] == row["decision"]]
        listed_here = set(here["matter"])
        here = here[[not listed_here & set(whole.split("; ")) for whole in here["part_of"]]]
        counts = [(kind, int((here["reached"] == kind).sum())) for kind in words]
        parts = [f"{count} {words[kind]}" for kind, count in counts if count]
        sentence = f"{row['decision']} ({row['said']}): "
        come = f"of {counted(len(here), 'matter')} that had, or may have, come about by then, {listed(parts)}."
        sentence += come if parts else "nothing on record had come about by then."
        elsewhere = here[here["reached"].isin([NOT_REACHED, WHO_NOT_STATED])]
        others = here[here["reached"] == NOT_REACHED].to_dict("records")
        if others:
            held = [f"{one['matter']} ({_holders(str(one['certain_with']), str(one['possible_with']))})" for one in others]
            sentence += f" Held elsewhere: {'; '.join(held)}."
        if row["left_out"]:
            with_them = list(elsewhere.loc[elsewhere["left_out_with"] != "", "matter"])
            sentence += f" Left out, as the review says: {row['left_out']}; "
            sentence += f"they held {listed(with_them)}." if with_them else "the source names no matter that they held."
        said.append(sentence)
    later = table[table["learned_later"] != ""].drop_duplicates("matter")
    for matter, summary, who in zip(later["matter"], later["summary"], later["learned_later"], strict=True):
        said.append(f"{summary} ({matter}): learned only afterwards by {who}; that is no knowledge at the time.")
    return said


def hindsight_in_words() -> list[str]:
    """What must a reader of the tables of knowledge keep in mind?"""
    return [
        "These tables are put together afterwards from an account that was itself written afterwards: nobody had this view then.",
        "'Certainly known' means that the coding lets the agency have held it on the day, whatever days the dates admit; it does "
        "not say that a professional had it in mind, or what it was worth.",
        "'Not known to any agency' means that this source does not say that one knew.",
        "An agency that the source does not name may be one of those that decided.",
        "What was told only to the review, or came out later, is shown apart and counts for no decision.",
        f"Counts are {_AS_RECORDED}: they say as much about the account as about the agencies, and compare none with another.",
    ]


def alt_involvement_by_event(table: pd.DataFrame) -> str:
    """Alt text of the matrix of events and agencies."""
    if table.empty:
        return "An empty matrix: no involvement is coded."
    absent = table[table["part"] == ABSENT]
    named = table["agency"][table["named"]].nunique()
    agencies = counted(table["agency"].nunique(), "agency", "agencies")
    words = f"A matrix of {counted(table['event'].nunique(), 'event')} and {agencies}, {named} of them named, "
    words += "with a mark for each part. "
    most = table.loc[table["part"] != ABSENT, "agency_label"].value_counts(sort=True)
    if len(most):
        words += f"Most marks, {_AS_RECORDED}: {most.index[0]}, {most.iloc[0]}. "
    return words + _absent_words(absent)


def alt_involvement_by_phase(table: pd.DataFrame) -> str:
    """Alt text of the matrix of agencies and phases."""
    if table.empty:
        return "An empty matrix: no agency is coded."
    phases = table.drop_duplicates("phase")
    words = [f"A matrix of {counted(table['agency'].nunique(), 'agency', 'agencies')} and {counted(len(phases), 'phase')}."]
    for phase, title in zip(phases["phase"], phases["title"], strict=True):
        here = table[(table["phase"] == phase) & table["named"]]
        involved = list(here.loc[here["events"] > 0, "agency_label"])
        absent = list(here.loc[here["absences"] > 0, "agency_label"])
        line = f"Phase {phase}, {title}: {listed(involved) or 'no named agency certainly'}"
        words.append(line + (f"; stated absent or insufficient: {listed(absent)}." if absent else "."))
    return " ".join(words)


def alt_telling_network(table: pd.DataFrame) -> str:
    """Alt text of the network of tellings."""
    if table.empty:
        return "No arcs: no telling is coded."
    told, missing = table[table["tie"] == TIES[0]], table[table["tie"].isin(TIES[2:])]
    parts = [f"Arcs between parties that stand in a line: {counted(len(told), 'arc')} for information that passed"]
    if len(told):
        lines = [f"from {one} to {other}" for one, other in zip(told["from_label"], told["to_label"], strict=True)]
        parts[0] += f" ({'; '.join(lines)})"
    later = int((table["tie"] == TIES[1]).sum())
    if later:
        parts.append(f"{counted(later, 'arc')} for what was told only afterwards")
    if len(missing):
        ends = zip(missing["from_label"], missing["to_label"], missing["tie"], strict=True)
        lines = [f"{one} and {other}, {tie}" for one, other, tie in ends]
        parts.append(f"{counted(len(missing), 'crossed arc')} for what the review says was missing ({'; '.join(lines)})")
    return "; ".join(parts) + "."


def alt_knowledge_at_a_decision(table: pd.DataFrame) -> str:
    """Alt text of the matrix of matters and agencies at one decision."""
    if table.empty:
        return "An empty matrix: no decision with a matter before it is coded."
    head = f"At {table['decision'].iloc[0]}: a matrix of {counted(table['matter'].nunique(), 'matter')} and "
    head += f"{counted(table['agency'].nunique(), 'agency', 'agencies')}."
    if (table["known"] == NOT_ADMISSIBLE).any():
        return f"{head} {_REFUSED}"
    words = [head]
    for group in GROUPS[:3]:
        for label, rows in table[table["group"] == group].groupby("agency_label", sort=False):
            certain, possible = int((rows["known"] == CERTAIN).sum()), int((rows["known"] == POSSIBLE).sum())
            if certain or possible or group != GROUPS[2]:
                words.append(f"{label} ({group}): {certain} certainly known, {possible} possibly known.")
    each = table.drop_duplicates(["matter", "known"]).groupby("matter", sort=False)["known"].agg(set)
    unnamed = [matter for matter, states in each.items() if UNNAMED in states and OTHER not in states]
    nobody = [str(matter) for matter, states in each.items() if NOBODY in states or states <= {LATER}]
    if unnamed:
        words.append(f"{counted(len(unnamed), 'matter')} known only to agencies that the source does not name.")
    if nobody:
        words.append(f"Not known to any agency at the time: {listed(nobody)}.")
    return " ".join(words)


def alt_known_by_decision(table: pd.DataFrame) -> str:
    """Alt text of the bars of what reached those who decided."""
    if table.empty:
        return "No bars: no decision is coded."
    words = []
    for decision, rows in table.groupby("decision", sort=False):
        parts = [f"{count} {kind}" for kind, count in zip(rows["reached"], rows["matters"], strict=True) if count]
        words.append(f"{decision}: {'; '.join(parts) or 'nothing on record by then'}.")
    return f"A bar for each of {counted(len(words), 'decision')}. {' '.join(words)}"


def _holders(certain: str, possible: str) -> str:
    return "; ".join([*filter(None, certain.split("; ")), *(f"{one}, possibly" for one in possible.split("; ") if one)])


def _absent_words(absent: pd.DataFrame) -> str:
    if absent.empty:
        return "No stated absence."
    own = absent[absent["named"]]
    named = [f"{label} at {event}" for label, event in zip(own["agency_label"], own["event"], strict=True)]
    unnamed = int((~absent["named"]).sum())
    parts = [*named, *([counted(unnamed, "of an unnamed agency", "of unnamed agencies")] if unnamed else [])]
    return f"{counted(len(absent), 'stated absence')}: {'; '.join(parts)}."
