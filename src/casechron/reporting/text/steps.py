"""Which step came next, and which others are on record? A wait is never told without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.reporting.text.english import between, kinds, listed
from casechron.reporting.text.naming import Row, begins_with, ends_with, own_concerns, rows_of

__all__ = ["ANSWERED", "next_step", "other_steps", "with_steps"]

#: The state of a concern that a step answers.
ANSWERED = "answered by a step"


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
    from those that answer another."""
    own = {row["answer"] for row in own_concerns(gaps) if row["concern"] == concern}
    parts = (
        ("other steps on record in answer to it", [one for one in steps if one in own]),
        ("steps on record in answer to other concerns", [one for one in steps if one not in own]),
    )
    named = [
        f"{told}: {listed([ends_with(events[one]) for one in ids])}" for told, ids in parts if ids
    ]
    return "; ".join([words, *named]) + "."


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
    for row in reversed(rows):
        if (
            row["next_step_follows"].startswith("certainly")
            and row["next_step_days_max"] is not None
        ):
            length = between(row["next_step_days_min"], row["next_step_days_max"])
            event = events[row["concern"]]
            after = "later" if len(concerns) == 1 else f"after {begins_with({**event, 'by': ''})}"
            steps = other_steps(gaps, events, row["concern"], row["next_step"].split("; ")[0])
            words = f"The next protective step on record comes {length} {after}"
            return with_steps(words, steps, gaps, events, row["concern"]), steps
    if any(row["next_step_follows"].startswith("none on record") for row in rows):
        steps = other_steps(gaps, events, concerns[-1])
        words = "The source tells of no protective step after that"
        return with_steps(words, steps, gaps, events, concerns[-1]), steps
    if any(row["next_step_follows"].startswith("certainly") for row in rows):
        return "A protective step came later; the source does not say how much later.", []
    return "", []
