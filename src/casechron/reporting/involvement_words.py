"""What do the tables of involvement, telling and knowledge show, in plain sentences? No number stands here, none is judged."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.involvement import ABSENT
from casechron.analysis.telling import IN_TIME, NOT_STATED, TIES
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said, said
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = [
    "alt_involvement_by_event", "alt_involvement_by_phase", "alt_telling_network", "contact_in_words", "involvement_key_points",
    "phases_in_words", "tellings_in_words",
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
    found = [f"{counted(len(active), 'named agency', 'named agencies')} had a part, {_AS_RECORDED}: {listed(active) or 'none'}."]
    if missing:
        found.append(f"{listed(missing)}: named only where the review says that they were absent or not involved enough.")
    if later:
        found.append(f"{listed(later)}: named only for what came after the events, or for the review itself.")
    if unnamed:
        found.append(
            f"{'; '.join(unnamed)}: what the source does not name stands apart; such a row can stand for any agency, those named "
            "among them."
        )
    found += [_REFUSED] if set(table["status"]) == {NOT_ADMISSIBLE} else []
    return all_said(found, "agency_contact")


def phases_in_words(table: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Which phases are there, what cuts none, and how much cannot be placed?

    `table` is `analysis.phases.phases`, `events` is `analysis.phases.phase_of_events`.
    """
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return [_REFUSED]
    cuts = int((events["turning_point"] == "cuts").sum())
    found = [
        f"{counted(cuts, 'turning point')} of certain order {'cuts' if cuts == 1 else 'cut'} the account into "
        f"{counted(len(table), 'phase')}: {listed(list(table['title']))}."
    ]
    unclear = events[events["turning_point"].str.startswith("cuts nothing")]
    summary = dict(zip(events["event"], events["summary"], strict=True))
    for event, why in zip(unclear["summary"], unclear["turning_point"], strict=True):
        rivals = why.removeprefix("cuts nothing: order unclear with ").split("; ")
        against = listed([quoted(summary.get(one, one)) for one in rivals])
        found.append(f"{quoted(event)} is a turning point too; its order with {against} cannot be said, so it cuts nothing.")
    open_ = int(events["placed"].str.startswith("cannot be placed").sum())
    if open_:
        rows = counted(len(events), "row")
        found.append(f"{open_} of {rows} cannot be placed in any one phase: the source does not date them so closely.")
    return all_said(found, "phases", "phase_of_events")


def involvement_key_points(contact: pd.DataFrame, missing: pd.DataFrame, told: pd.DataFrame) -> list[str]:
    """The key points on who was involved and who told whom; six at most.

    `contact` is `involvement.agency_contact`, `missing` is `involvement.stated_absences`, `told` is `telling.tellings`. An
    absence keeps the force of the source's words.
    """
    if contact.empty:
        return ["No agency is coded."]
    active = list(contact.loc[contact["named"] & (contact["contacts"] > 0), "agency_label"])
    words = f"{counted(len(active), 'named agency', 'named agencies')} had a part in what happened"
    points = [said(f"{capital(_AS_RECORDED)}, {words}{f': {some_of(active)}' if active else ''}.", "agency_contact")]
    return [*points, *_missing_in_words(missing), *_telling_in_short(told)]


def _missing_in_words(missing: pd.DataFrame) -> list[str]:
    """Where the review says that agencies were missing: involvement first, then steps, then those that are not named."""
    named = missing[missing["named"]]
    points = []
    steps: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for _, rows in named[~named["missing_step"]].groupby(["absence", "event"], sort=False):
        key = (str(rows["absence"].iloc[0]), tuple(dict.fromkeys(rows["agency_label"])))
        steps.setdefault(key, []).append(quoted(str(rows["summary"].iloc[0])))
    for (absence, agencies), summaries in list(steps.items())[:2]:
        was = verb(len(agencies), "was", "were")
        points.append(f"The review says that {listed(list(agencies))} {was} {absence} at {some_of(summaries)}.")
    lacking = named[named["missing_step"]].groupby("event", sort=False)
    told = [
        f"{quoted(rows['summary'].iloc[0])} ({'; '.join(dict.fromkeys(rows['agency_label']))}: {rows['force'].iloc[0]})"
        for _, rows in lacking
    ]
    if told:
        points.append(f"Steps reported as missing where an agency is named: {some_of(told, 36)}.")
    more = sum(len(summaries) for summaries in list(steps.values())[2:])
    if more:
        points[-1] += f" The table has {counted(more, 'more stated absence')} of named agencies."
    others = int((~missing["named"]).sum())
    if others:
        what = f"{counted(others, 'stated absence')} {verb(others)} of agencies or professionals that the source does not name"
        points.append(f"{what}; any agency may be meant, those named among them.")
    return all_said(points, "stated_absences")


def _telling_in_short(told: pd.DataFrame) -> list[str]:
    """How often information passed at the time, and whether it came by the next decision."""
    passed = told[told["tie"] == TIES[0]]
    if passed.empty:
        return []
    if NOT_ADMISSIBLE in set(passed["in_time"]):
        return [said(_REFUSED, "tellings")]
    # The best of what one telling told: it may have told of several things.
    best = passed.groupby("telling", sort=False)["in_time"].agg(lambda words: min(words, key=IN_TIME.index))
    came = ("certainly in time for the next decision", "possibly in time, since the dates leave it open", "not in time",
            "with no decision that is certain to follow")  # fmt: skip
    counts = [(int((best == word).sum()), words) for word, words in zip(IN_TIME, came, strict=True)]
    split = listed([f"{count} {words}" for count, words in counts if count])
    total = f"{capital(_AS_RECORDED)}, information passed on {counted(len(best), 'occasion')} at the time"
    return [said(f"{total}: {split}.", "tellings")]


def tellings_in_words(table: pd.DataFrame) -> list[str]:
    """How many tellings are on record, which came in time, and which does the review say were missing?

    `table` is `analysis.telling.tellings`.
    """
    if table.empty:
        return []
    if NOT_ADMISSIBLE in set(table["in_time"]):
        return [said(_REFUSED, "tellings")]
    told = table[table["tie"] == TIES[0]]
    found = [f"{capital(counted(told['telling'].nunique(), 'telling'))} at the time, {_AS_RECORDED}."]
    kinds = [
        (told[told["in_time"] == word], words)
        for word, words in zip(
            IN_TIME,
            ("Certainly came by whatever decision was the next",
             "May or may not have come by the next decision, the dates leave it open",
             "Came after the decision that was the next after what they tell of", "No decision that is certain to follow"),
            strict=True,
        )
    ]  # fmt: skip
    kinds.append((told[told["to_kind"] == NOT_STATED], "To whom is not stated"))
    kinds.append((table[table["tie"] == TIES[1]], "Told only afterwards, so no knowledge at the time"))
    for rows, words in kinds:
        if len(rows):
            found.append(f"{words}: {'; '.join(quoted(one) for one in rows.drop_duplicates('telling')['summary'])}.")
    for row in table[table["tie"].isin(TIES[2:])].to_dict("records"):
        at = quoted(row["summary"])
        found.append(f"Missing, as the review says: {row['from_label']} and {row['to_label']} ({row['tie']}), {at}.")
    return all_said(dict.fromkeys(found), "tellings")


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


def _absent_words(absent: pd.DataFrame) -> str:
    if absent.empty:
        return "No stated absence."
    own = absent[absent["named"]]
    named = [f"{label} at {quoted(event)}" for label, event in zip(own["agency_label"], own["summary"], strict=True)]
    unnamed = int((~absent["named"]).sum())
    parts = [*named, *([counted(unnamed, "of an unnamed agency", "of unnamed agencies")] if unnamed else [])]
    return f"{counted(len(absent), 'stated absence')}: {'; '.join(parts)}."
