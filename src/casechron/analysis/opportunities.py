"""What was raised, what was then on record and with whom, what was done, and what does the review
say of it? One row per concern, for a reader who holds it against the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from casechron.analysis.columns import rows_in
from casechron.analysis.concerns import by_event
from casechron.analysis.on_record import (
    Record,
    between,
    counted,
    holders,
    known_at_the_time,
    since,
)
from casechron.analysis.parties import agency_labels
from casechron.analysis.record import placed
from casechron.analysis.timing import (
    CARRIED,
    END,
    ITSELF,
    LEARNED_LATER,
    STATED_ABSENCE,
    response_gaps,
    state_of_concerns,
)
from casechron.chronology import Chronology
from casechron.chronology.day_columns import calendar_days, texts

__all__ = ["opportunities"]

Tables = Mapping[str, pd.DataFrame]

_NEXT = (
    "next_step",
    "next_step_summary",
    "next_step_follows",
    "next_step_known",
    "next_step_days_min",
    "next_step_days_max",
    "next_step_working_days_min",
    "next_step_working_days_max",
)


def opportunities(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """For each concern: what was raised, what was then on record and with whom, what was done, the
    next protective step, and what the review says of it.

    One row per concern, in table order, without those whose answers stand in another row
    (`timing.CARRIED`), those that are themselves an answer and the end of the account. `earliest`
    and `latest` bound its first day.

    `on_record` names the other concerns that an agency certainly held on the first day of this one
    or before, `on_record_with` each with those agencies, and `on_record_possibly` those that one
    can have held by then, as far as days bound both. `done` tells each answer with what it is
    (`state` of `timing.response_gaps`), how firmly a lack is stated, and 'derived' or 'judged'
    where the tie is the coder's; `state` is what `timing.state_of_concerns` says.

    `review_says` are the findings that rest on the concern, on its answers, or on somebody's part
    in these, with their places; 'judged' where only the coder ties them. `places` are those of the
    concern and of its answers."""
    gaps = response_gaps(tables, chronology, jurisdiction, until=until)
    gaps = gaps.loc[~gaps["state"].isin([CARRIED, ITSELF, END])]
    state = state_of_concerns(gaps)
    first = gaps.drop_duplicates("concern").reset_index(drop=True)
    ids = first["concern"].tolist()
    answers: dict[str, list[tuple[str, ...]]] = {}
    for concern, *answer in rows_in(
        gaps, "concern", "answer", "answer_summary", "state", "lack", "coded_as"
    ):
        answers.setdefault(concern, []).append(tuple(answer))
    known, dates = known_at_the_time(tables, ids), by_event(tables, "date")
    own = {one: {answer[0] for answer in answers[one]} for one in ids}
    record = _on_record(tables, chronology, own)
    says = _findings(tables)
    at = [chronology.lowered.place[one] for one in ids]
    windows = chronology.event_windows[np.array(at, dtype=np.int64)].reshape(-1, 4)
    about = [[one, *(answer[0] for answer in answers[one] if answer[0])] for one in ids]
    spots = placed(tables["locators"])
    return pd.DataFrame(
        {
            **{name: first[name] for name in ("concern", "raised", "summary", "how_many")},
            **{name: first[name] for name in ("by", "to", "held_by")},
            "date": texts(dates[one] for one in ids),
            "earliest": calendar_days(windows[:, 0], chronology.admissible),
            "latest": calendar_days(windows[:, 1], chronology.admissible),
            "known_at_the_time": texts(known[one] for one in ids),
            **{name: texts(row[name] for row in record) for name in _RECORD},
            "answers": texts("; ".join(rows[1:]) for rows in about),
            "done": texts(_joined(map(_done, answers[one])) for one in ids),
            "state": texts(state[one] for one in ids),
            **{name: first[name] for name in _NEXT},
            "review_says": texts(
                _says((says[row] for row in rows if row in says), tables) for rows in about
            ),
            "places": texts(_joined(spots.get(row, "") for row in rows) for rows in about),
        }
    )


_RECORD = ("on_record", "on_record_with", "on_record_possibly")


def _done(answer: tuple[str, ...]) -> str:
    _, summary, state, lack, coded_as = answer
    if not summary:
        return ""
    # That nobody knew of the concern is said of the concern; of the step, that it was missing.
    state = STATED_ABSENCE if state == LEARNED_LATER and lack else state
    said = [state, lack, coded_as if coded_as != "stated" else ""]
    return f"{summary} ({', '.join(filter(None, said))})"


def _on_record(
    tables: Tables, chronology: Chronology, answers: Mapping[str, set[str]]
) -> list[dict[str, str]]:
    """Which other concerns were on record by the first day of each concern, and with whom?"""
    listed = counted(tables)
    records = since(tables, listed)
    matters = {row.concern: set(row.matters) for row in listed}
    labels, held = agency_labels(tables), _by_agency(tables, matters)
    found = []
    for concern, own in answers.items():
        # What it tells of, or is told in, is this very concern; what answers it came after.
        others = [one for one in records if concern not in matters[one] and one not in own]
        certain: dict[str, list[str]] = {}
        possible = []
        spans = between(chronology, [records[one] for one in others], concern)
        for other, (least, most) in (
            zip(others, spans, strict=True) if chronology.admissible else ()
        ):
            if least is not None and least >= 0:
                certain[other] = []
            elif least is not None and most is not None and most >= 0:
                possible.append(other)
        pairs = [(other, agency) for other in certain for agency in held[other]]
        ways = between(chronology, [held[other][agency] for other, agency in pairs], concern)
        for (other, agency), (least, _) in zip(pairs, ways, strict=True):
            if least is not None and least >= 0:
                certain[other].append(labels[agency])
        found.append(
            {
                "on_record": "; ".join(certain),
                "on_record_with": " · ".join(
                    f"{other}: {', '.join(agencies)}" for other, agencies in certain.items()
                ),
                "on_record_possibly": "; ".join(possible),
            }
        )
    return found


def _by_agency(
    tables: Tables, matters: Mapping[str, set[str]]
) -> dict[str, dict[str, list[Record]]]:
    """By concern and agency, the ways in which the agency came to hold it at the time."""
    held = holders(tables, {matter for rows in matters.values() for matter in rows})
    found: dict[str, dict[str, list[Record]]] = {}
    for concern, rows in matters.items():
        found[concern] = {}
        for way in (way for row in sorted(rows) for way in held[row] if not way.later):
            record = Record(way.steps, not way.undated)
            found[concern].setdefault(way.agency, []).append(record)
    return found


def _findings(tables: Tables) -> dict[str, dict[str, list[str]]]:
    """By event, the findings that rest on it or on somebody's part in it, each with the bases of
    its ties."""
    summary = dict(rows_in(tables["findings"], "id", "summary"))
    event_of = {
        row: event
        for name, column in (
            ("involvement", "event"),
            ("participation", "event"),
            ("attributes", "row"),
        )
        for row, event in rows_in(tables[name], "id", column)
    }
    bases: dict[str, dict[str, list[str]]] = {}
    for tie, finding, row, basis in rows_in(tables["links"], "type", "from_row", "to_row", "basis"):
        if tie == "rests-on" and finding in summary:
            event = bases.setdefault(event_of.get(row, row), {})
            event.setdefault(finding, []).append(basis)
    return bases


def _says(found: Iterable[Mapping[str, list[str]]], tables: Tables) -> str:
    """Findings in words, each once, with where they stand and whether only the coder ties them."""
    places = placed(tables["locators"])
    summary = dict(rows_in(tables["findings"], "id", "summary"))
    bases: dict[str, list[str]] = {}
    for one in found:
        for finding, said in one.items():
            bases.setdefault(finding, []).extend(said)
    return _joined(
        f"{summary[finding]} ({', '.join(filter(None, [places.get(finding, ''), _tied(said)]))})"
        for finding, said in bases.items()
    )


def _tied(bases: list[str]) -> str:
    return "judged" if set(bases) == {"judged"} else ""


def _joined(said: Iterable[str]) -> str:
    return " · ".join(filter(None, dict.fromkeys(said)))
