"""Which step came next, and which others are on record? A wait is never told without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.analysis.timeline import AS_JUDGED
from casechron.report.text.english import between, kinds, listed, sentence
from casechron.report.text.naming import (
    Row,
    begins_with,
    ends_with,
    own_concerns,
    rows_of,
    told_later,
)

__all__ = [
    "ANSWERED",
    "days_as_judged",
    "lacking",
    "next_step",
    "other_steps",
    "outweighed",
    "with_steps",
]

#: The state of a concern that a step answers.
ANSWERED = "answered by a step"
_KIND_ALONE = {"by": "", "date": "", "said_stated": "not dated", "alleged": "", "basis": ""}


def other_steps(
    gaps: pd.DataFrame, events: Mapping[str, Row], concern: str, step: str = ""
) -> list[str]:
    """The steps that answer a concern, and those that answer others and are not known to have come
    before it or after the step; not those that protect, which are told as such.

    Parameters
    ----------
    gaps
        What `response_gaps` gives.
    events
        The events by their ids, as `chronicle` has them.
    concern, step
        Where the wait begins and where it ends; no step: it has no end.

    Returns
    -------
    list of str
        Ids, in the order of the coding.
    """
    begins = events[concern]["earliest"]
    ends = events[step]["start_latest"] if step else None
    found = []
    for row in own_concerns(gaps):
        one = row["answer"]
        if row["state"] != ANSWERED or one not in events:
            continue
        kind, known_by, since = (events[one][name] for name in ("kind", "start_latest", "earliest"))
        own = row["concern"] == concern
        later = None not in (begins, known_by) and known_by >= begins
        after = None not in (ends, since) and since > ends
        if kind in kinds("response") - kinds("protective") and (own or later) and not after:
            found.append(one)
    return list(dict.fromkeys(found))


def with_steps(
    words: str, steps: Sequence[str], gaps: pd.DataFrame, events: Mapping[str, Row], concern: str
) -> str:
    """A sentence on a wait, with the other steps on record: those that answer the concern apart
    from those that answer another, and marked where only a judgement ties them."""
    rows = own_concerns(gaps)
    own = {row["answer"] for row in rows if row["concern"] == concern}
    # Where a sentence named it before, its kind is enough; 'it' could be the step.
    it = begins_with(events[concern] if not words else {**events[concern], **_KIND_ALONE})
    parts = (
        (f"steps on record in answer to {it}", [one for one in steps if one in own]),
        ("steps on record in answer to other concerns", [one for one in steps if one not in own]),
    )
    named = []
    for told, ids in parts:
        firm = {
            row["answer"]
            for row in rows
            if row["coded_as"] != "judged"
            and (row["answer"] not in own or row["concern"] == concern)
        }
        for mark, here in (
            ("", [one for one in ids if one in firm]),
            (AS_JUDGED, [one for one in ids if one not in firm]),
        ):
            if here:
                named.append(f"{told}{mark}: {listed([ends_with(events[one]) for one in here])}")
    return "; ".join([words, *named]) + "."


def outweighed(row: Row, gaps: pd.DataFrame) -> bool:
    """Whether only a judgement ties an answer to a concern that a step firmly answers: the table
    has it, and it is not what became of the concern."""
    return row["coded_as"] == "judged" and any(
        one["state"] == ANSWERED and one["coded_as"] != "judged"
        for one in rows_of(gaps)
        if one["concern"] == row["concern"]
    )


def days_as_judged(*events: Row) -> str:
    """The mark on days that lean on what the coder judged; empty where none do."""
    return " (days in part as judged)" * any(event["as_judged"] for event in events)


def lacking(answers: Sequence[str], ties: Sequence[str], events: Mapping[str, Row]) -> str:
    """What was missing or not enough, with a mark where nothing but a judgement ties it here.

    Parameters
    ----------
    answers, ties
        The ids of the answers that were missing, and the basis of each tie.
    events
        The events by their ids.
    """
    firm = {one for one, tie in zip(answers, ties, strict=True) if tie != "judged"}
    told = [
        sentence(
            events[one]["summary"].rstrip(".") + " (tied to this as judged)" * (one not in firm)
        )
        for one in dict.fromkeys(answers)
    ]
    return f"Missing or not enough, by the review's account: {' '.join(told)}"


def next_step(
    gaps: pd.DataFrame, events: Mapping[str, Row], concerns: Sequence[str]
) -> tuple[str, list[str]]:
    """When the next protective step came, after the last of some concerns that has its days.

    Parameters
    ----------
    gaps, events
        As `other_steps` has them.
    concerns
        Ids of concerns that are told together.

    Returns
    -------
    text, steps : str, list of str
        A sentence, or nothing where the order cannot be told; ids of the other steps it names.
    """
    rows = [row for row in rows_of(gaps) if row["concern"] in concerns]
    waited = [row for row in rows if not told_later(row, events)]
    follows = [row for row in waited if row["next_step_follows"].startswith("certainly")]
    for row in reversed(follows):
        if row["next_step_days_max"] is not None:
            length = between(row["next_step_days_min"], row["next_step_days_max"])
            event, step = events[row["concern"]], row["next_step"].split("; ")[0]
            after = "later" if len(concerns) == 1 else f"after {begins_with({**event, 'by': ''})}"
            steps = other_steps(gaps, events, row["concern"], step)
            words = f"The next protective step on record comes {length} {after}"
            words += days_as_judged(event, events[step])
            return with_steps(words, steps, gaps, events, row["concern"]), steps
    if any(row["next_step_follows"].startswith("none on record") for row in rows):
        steps = other_steps(gaps, events, concerns[-1])
        words = "The source tells of no protective step after that"
        return with_steps(words, steps, gaps, events, concerns[-1]), steps
    if follows:
        ours = ", as judged" * any("judged" in row["next_step_follows"] for row in follows)
        return f"A protective step came later{ours}; the source does not say how much later.", []
    return "", []
