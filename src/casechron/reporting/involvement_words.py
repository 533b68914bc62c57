"""What do the tables of involvement, telling and knowledge show, in plain sentences? No number
stands here, none is judged."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.involvement import ABSENT
from casechron.analysis.parties import bodies
from casechron.analysis.telling import ABSENT as TELLING_ABSENT
from casechron.analysis.telling import IN_TIME, NOT_STATED, TIES
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said, said
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = [
    "alt_involvement_by_event",
    "alt_involvement_by_phase",
    "alt_telling_network",
    "contact_in_words",
    "involvement_key_points",
    "phases_in_words",
    "tellings_in_words",
]

_AS_RECORDED = "as recorded in this source"
_REFUSED = "No chronology is admissible, so nothing can be said about when."


def contact_in_words(table: pd.DataFrame) -> list[str]:
    """Which agencies had a part, which are named only as missing, and what is not named at all?

    `table` is `analysis.involvement.agency_contact`.
    """
    if table.empty:
        return []
    named, contacts = table["named"], table["contact_rows"] > 0
    absences = table["absence_rows"] > 0
    active = table[named & contacts]
    missing = list(table.loc[named & ~contacts & absences, "agency_label"])
    later = list(
        table.loc[named & ~contacts & ~absences & (table["later_rows"] > 0), "agency_label"]
    )
    unnamed = list(table.loc[~named & (contacts | absences), "agency_label"])
    labels = list(active["agency_label"])
    who = capital(_how_many(active))
    found = [f"{who} had a part, {_AS_RECORDED}{f': {listed(labels)}' if labels else ''}."]
    if missing:
        what = (
            "coded only as absent, as not involved enough, or with a step that did not take place"
        )
        found.append(f"{listed(missing)}: {what}.")
    if later:
        found.append(
            f"{listed(later)}: named only for what came after the events, or for the review itself."
        )
    if unnamed:
        who = verb(len(unnamed), "It can be any agency", "Each can be any agency")
        found.append(
            f"What the source does not name stands apart: {'; '.join(unnamed)}. {who}, those named"
            " among them."
        )
    found += [_REFUSED] if set(table["status"]) == {NOT_ADMISSIBLE} else []
    return all_said(found, "agency_contact")


def _how_many(rows: pd.DataFrame) -> str:
    """How many agencies some rows of `agency_contact` are: a range, where two can be one body."""
    same = {
        agency: others.split("; ")
        for agency, others in zip(rows["agency"], rows["can_be"], strict=True)
    }
    least, most = bodies(same, same)
    if least == most:
        return counted(most, "agency", "agencies")
    return f"{least} to {most} agencies (two rows can be one body)"


def phases_in_words(table: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Which phases are there, what cuts none, and how much cannot be placed?

    `table` is `analysis.phases.phases`, `events` is `analysis.phases.phase_of_events`.
    """
    if set(table["status"]) == {NOT_ADMISSIBLE}:
        return [_REFUSED]
    cuts = int((events["turning_point"] == "cuts").sum())
    found = [
        f"{counted(cuts, 'turning point')} of certain order {'cuts' if cuts == 1 else 'cut'} the"
        f" account into {counted(len(table), 'phase')}: {listed(list(table['title']))}."
    ]
    unclear = events[events["turning_point"].str.startswith("cuts nothing")]
    summary = dict(zip(events["event"], events["summary"], strict=True))
    for event, why in zip(unclear["summary"], unclear["turning_point"], strict=True):
        rivals = why.removeprefix("cuts nothing: order unclear with ").split("; ")
        against = listed([quoted(summary.get(one, one)) for one in rivals])
        found.append(
            f"{quoted(event)} is a turning point too; its order with {against} cannot be said, so"
            " it cuts nothing."
        )
    open_ = int(events["placed"].str.startswith("cannot be placed").sum())
    if open_:
        rows = counted(len(events), "row")
        found.append(
            f"{open_} of {rows} cannot be placed in any one phase: the source does not date them so"
            " closely."
        )
    return all_said(found, "phases", "phase_of_events")


def involvement_key_points(
    contact: pd.DataFrame, missing: pd.DataFrame, told: pd.DataFrame
) -> list[str]:
    """The key points on who was involved and who told whom; six at most.

    `contact` is `involvement.agency_contact`, `missing` is `involvement.stated_absences`, `told` is
    `telling.tellings`. An absence keeps the force of the source's words."""
    if contact.empty:
        return ["No agency is coded."]
    active = contact[contact["named"] & (contact["contact_rows"] > 0)]
    labels = list(active["agency_label"])
    words = f"{_how_many(active)} had a part in what happened"
    points = [
        said(
            f"{capital(_AS_RECORDED)}, {words}{f': {some_of(labels)}' if labels else ''}.",
            "agency_contact",
        )
    ]
    return [*points, *_missing_in_words(missing), *_telling_in_short(told)]


#: How it is said that a coder, and not the source, put an agency into a row.
_INFERS = {"derived": "derived by the coder", "judged": "the coder's judgement"}
#: A row of telling is no occasion: it can have a count, and it can be a part of what another row
#: counts.
_ROWS = "a row can stand for several occasions or be part of another"


def _missing_in_words(missing: pd.DataFrame) -> list[str]:
    """Where the review says that agencies were missing: involvement first, then steps, then those
    that are not named.

    Whose step it was, and that an agency was missing at all, is the source's word only where the
    row's basis says so."""
    named = missing[missing["named"]]
    points = []
    steps: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for _, rows in named[~named["missing_step"]].groupby(["absence", "basis", "event"], sort=False):
        absence, basis, summary = (
            str(rows[name].iloc[0]) for name in ("absence", "basis", "summary")
        )
        steps.setdefault((absence, basis, tuple(dict.fromkeys(rows["agency_label"]))), []).append(
            quoted(summary)
        )
    for (absence, basis, agencies), summaries in list(steps.items())[:2]:
        was = verb(len(agencies), "was", "were")
        what = f"{listed(list(agencies))} {was} {absence} at {some_of(summaries)}"
        points.append(
            f"{capital(what)} ({_INFERS[basis]})."
            if basis in _INFERS
            else f"The review says that {what}."
        )
    lacking = named[named["missing_step"]].groupby("event", sort=False)
    told = [f"{quoted(str(rows['summary'].iloc[0]))} ({_whose(rows)})" for _, rows in lacking]
    if told:
        points.append(f"Steps reported as missing, and whose: {some_of(told, 38)}.")
    more = sum(len(summaries) for summaries in list(steps.values())[2:])
    if more:
        points[-1] += f" The table has {counted(more, 'more stated absence')} of named agencies."
    others = int((~missing["named"]).sum())
    if others:
        what = (
            f"{counted(others, 'stated absence')} {verb(others)} of agencies or professionals that"
            " the source does not name"
        )
        points.append(f"{what}; any agency may be meant, those named among them.")
    return all_said(points, "stated_absences")


def _whose(rows: pd.DataFrame) -> str:
    """How firmly a step is said to be missing, and whose it was: that can be the coder's and not
    the source's."""
    agencies: dict[str, list[str]] = {}
    for label, basis in zip(rows["agency_label"], rows["basis"], strict=True):
        agencies.setdefault(_INFERS.get(str(basis), ""), []).append(str(label))
    whose = [
        f"{listed(list(dict.fromkeys(who)))}{f', {how}' if how else ''}"
        for how, who in agencies.items()
    ]
    return f"{rows['force'].iloc[0]}; {'; '.join(whose)}"


def _telling_in_short(told: pd.DataFrame) -> list[str]:
    """How many rows tell of information that passed at the time, and whether it came by the next
    decision."""
    passed = told[told["tie"] == TIES[0]]
    if passed.empty:
        return []
    if NOT_ADMISSIBLE in set(passed["in_time"]):
        return [said(_REFUSED, "tellings")]
    # The best of what one telling told: it may have told of several things.
    best = passed.groupby("telling", sort=False)["in_time"].agg(
        lambda words: min(words, key=(*IN_TIME, "").index)
    )
    came = (
        "certainly in time for the next decision",
        "possibly in time",
        "not in time",
        "not recorded as passed on",
        "with no decision certain to follow",
        "not judged",
    )
    counts = [
        (int((best == word).sum()), words) for word, words in zip((*IN_TIME, ""), came, strict=True)
    ]
    split = listed([f"{count} {words}" for count, words in counts if count])
    tell = (
        f"{counted(len(best), 'row')} {verb(len(best), 'tells', 'tell')} of information passed at"
        " the time"
    )
    return [said(f"{capital(_AS_RECORDED)}, {tell}: {split}. {capital(_ROWS)}.", "tellings")]


def tellings_in_words(table: pd.DataFrame) -> list[str]:
    """How many tellings are on record, which came in time, and which does the review say were
    missing?

    `table` is `analysis.telling.tellings`.
    """
    if table.empty:
        return []
    if NOT_ADMISSIBLE in set(table["in_time"]):
        return [said(_REFUSED, "tellings")]
    told = table[table["tie"] == TIES[0]]
    rows_told = told["telling"].nunique()
    found = [
        f"{capital(counted(rows_told, 'row'))} of telling at the time, {_AS_RECORDED}; {_ROWS}."
    ]
    kinds = [
        (told[told["in_time"] == word], words)
        for word, words in zip(
            IN_TIME,
            (
                "Certainly in time for the next decision, whichever that was",
                "Possibly in time for the next decision (the dates leave it open)",
                "Too late for the first decision after what they tell of",
                "Not recorded as passed on to those who decided",
                "With no decision that is certain to have followed",
            ),
            strict=True,
        )
    ]
    kinds.append((told[told["to_kind"] == NOT_STATED], "To whom is not stated"))
    kinds.append(
        (table[table["tie"] == TIES[1]], "Told only afterwards, so no knowledge at the time")
    )
    for rows, words in kinds:
        if len(rows):
            each = rows.drop_duplicates("telling")
            told_of = [
                _how_often(one, many)
                for one, many in zip(each["summary"], each["how_many"], strict=True)
            ]
            found.append(f"{words}: {'; '.join(told_of)}.")
    return all_said([*found, *_missing_tellings(table[table["tie"].isin(TIES[2:])])], "tellings")


def _how_often(summary: str, how_many: str) -> str:
    """A telling, with how often it was where one row stands for several.

    >>> _how_often("Referrals are made", "at least 2"), _how_often("A midwife refers", "once")
    ('“Referrals are made” (at least 2)', '“A midwife refers”')
    """
    return quoted(summary) + (f" ({how_many})" if how_many not in ("", "once") else "")


def _missing_tellings(missing: pd.DataFrame) -> list[str]:
    """Who was missing, as the review says, and whom the coding puts at the other end: that the
    review does not say."""
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (tie, _), rows in missing.groupby(["tie", "telling"], sort=False):
        own, other = _ends(rows, str(tie))
        found.setdefault((str(tie), own, other), []).append(quoted(str(rows["summary"].iloc[0])))
    told = []
    for (tie, own, other), at in found.items():
        where = listed(list(dict.fromkeys(at)))
        if tie == TELLING_ABSENT:
            ends = f"from {listed(list(own))} to {listed(list(other))}"
            told.append(f"Found missing, as the review says: {where}; the coding has it {ends}.")
            continue
        was = f"{listed(list(own))} {verb(len(own), 'was', 'were')} {tie}"
        told.append(f"At {where}, as the review says, {was}; {_other_end(other)}.")
    return told


def _ends(rows: pd.DataFrame, tie: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parties that the review calls missing, and those at the other end; who was not told
    stands as the hearer."""
    ends = ("to_label", "from_label") if tie == TIES[2] else ("from_label", "to_label")
    own, other = (tuple(dict.fromkeys(rows[name])) for name in ends)
    return own, other


def _other_end(other: tuple[str, ...]) -> str:
    """Whom the coding puts at the other end.

    >>> _other_end(("Children's services", "School")), _other_end(("not stated",))
    ("the coding puts Children's services and School at the other end", 'nobody is coded at the other end')
    """  # noqa: E501
    if other == (NOT_STATED,):
        return "nobody is coded at the other end"
    return f"the coding puts {listed(list(other))} at the other end"


def alt_involvement_by_event(table: pd.DataFrame) -> str:
    """Alt text of the matrix of events and agencies."""
    if table.empty:
        return "An empty matrix: no involvement is coded."
    absent = table[table["part"] == ABSENT]
    named = table["agency"][table["named"]].nunique()
    agencies = counted(table["agency"].nunique(), "agency", "agencies")
    words = (
        f"A matrix of {counted(table['event'].nunique(), 'event')} and {agencies}, {named} of them"
        " named, "
    )
    # Which agency has most marks is not said: that would be a ranking, and of the account more than
    # of the agencies.
    return f"{words}with a mark for each part, {_AS_RECORDED}. {_absent_words(absent)}"


def alt_involvement_by_phase(table: pd.DataFrame) -> str:
    """Alt text of the matrix of agencies and phases."""
    if table.empty:
        return "An empty matrix: no agency is coded."
    phases = table.drop_duplicates("phase")
    words = [
        f"A matrix of {counted(table['agency'].nunique(), 'agency', 'agencies')} and"
        f" {counted(len(phases), 'phase')}."
    ]
    for phase, title in zip(phases["phase"], phases["title"], strict=True):
        here = table[(table["phase"] == phase) & table["named"]]
        involved = list(here.loc[here["contact_rows"] > 0, "agency_label"])
        absent = list(here.loc[here["absence_rows"] > 0, "agency_label"])
        line = f"Phase {phase}, {title}: {listed(involved) or 'no named agency certainly'}"
        words.append(
            line
            + (f"; coded as absent or not involved enough: {listed(absent)}." if absent else ".")
        )
    return " ".join(words)


def alt_telling_network(table: pd.DataFrame) -> str:
    """Alt text of the network of tellings."""
    if table.empty:
        return "No arcs: no telling is coded."
    told, missing = table[table["tie"] == TIES[0]], table[table["tie"].isin(TIES[2:])]
    parts = [
        f"Arcs between parties that stand in a line: {counted(len(told), 'arc')} for information"
        " that passed"
    ]
    if len(told):
        lines = [
            f"from {one} to {other}"
            for one, other in zip(told["from_label"], told["to_label"], strict=True)
        ]
        parts[0] += f" ({'; '.join(lines)})"
    later = int((table["tie"] == TIES[1]).sum())
    if later:
        parts.append(f"{counted(later, 'arc')} for what was told only afterwards")
    if len(missing):
        lines = []
        for tie, rows in (
            (str(row["tie"]), missing.iloc[[at]])
            for at, row in enumerate(missing.to_dict("records"))
        ):
            (own,), (other,) = _ends(rows, tie)
            lines.append(
                f"{own}, {tie}, with {'nobody coded' if other == NOT_STATED else other} at the"
                " other end"
            )
        what = "for who was missing, as the review says, and whom the coding puts at the other end"
        parts.append(f"{counted(len(missing), 'crossed arc')} {what} ({'; '.join(lines)})")
    return "; ".join(parts) + "."


def _absent_words(absent: pd.DataFrame) -> str:
    if absent.empty:
        return "No absence is marked."
    own = absent[absent["named"]]
    named = [
        f"{label} at {quoted(event)}"
        for label, event in zip(own["agency_label"], own["summary"], strict=True)
    ]
    unnamed = int((~absent["named"]).sum())
    parts = [
        *named,
        *([counted(unnamed, "of an unnamed agency", "of unnamed agencies")] if unnamed else []),
    ]
    whose = "; whose step was missing can be derived by the coder: the table of absences says where"
    return f"{counted(len(absent), 'mark')} of absence ({'; '.join(parts)}){whose}."
