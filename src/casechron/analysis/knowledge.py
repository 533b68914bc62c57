"""What could each agency have known, and since when? Derived from the coding alone, row by row.

Nothing here says what anybody knew: it says what the source lets an agency have held, by taking
part, by receiving and by being told, and leaves everything open that the dates leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from casechron.analysis.concerns import end_event
from casechron.analysis.decisions import InTime, answered_by, decisions, in_time
from casechron.analysis.parties import agency_labels, unnamed_agencies
from casechron.analysis.ways import Way, matters, ways
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts

__all__ = [
    "CERTAIN",
    "LATER",
    "NOBODY",
    "OTHER",
    "POSSIBLE",
    "STATES",
    "UNNAMED",
    "knowledge",
]

Tables = Mapping[str, pd.DataFrame]

CERTAIN = "certainly known"
POSSIBLE = "possibly known"
LATER = "learned only afterwards"
# Where a matter is recorded says nothing of who lacked it, so these say 'recorded'.
OTHER = "recorded with another agency only, certainly or possibly by then"
UNNAMED = "recorded with an unnamed agency only, certainly or possibly by then"
NOBODY = "not recorded with any agency"
STATES = (CERTAIN, POSSIBLE, OTHER, UNNAMED, NOBODY, LATER)

#: From firm to weak; a way is as weak as its weakest row.
_BASES = ("stated", "derived", "judged")
_COLUMNS = (
    "decision",
    "agency",
    "agency_label",
    "named",
    "matter",
    "summary",
    "counted_as",
    "had_come_about",
    "known",
    "by",
    "basis",
    "others",
    "decided",
    "left_out",
    "rows",
)
_FLAGS = ("named", "decided", "left_out")


def knowledge(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """At each decision, what could each agency have known?

    One row per decision, matter that had come about by then (certainly or possibly:
    `had_come_about`) and agency; decisions in order of time, matters and agencies as coded.
    `known`:

    - 'certainly known': in every admissible chronology it held the matter on the day of the
      decision or before;
    - 'possibly known': in some, the dates leave it open;
    - 'recorded with another agency only, certainly or possibly by then': this source does not
      record that it held the matter, and
      another agency did or possibly did (`others` says which and how);
    - 'recorded with an unnamed agency only, certainly or possibly by then': as before, but the
      source names none that did: it may
      be this one;
    - 'not recorded with any agency': this source does not say that one knew;
    - 'learned only afterwards': the source says that this agency learned of it, but only after the
      events.

    `by` says by which ways, in words, `basis` how firm the firmest of them is, `rows` are the rows
    behind them; all three are empty for an agency that did not hold it (the rows of those that did
    stand beside their names). `decided` tells whether the agency was among those who decided,
    `left_out` whether the review says that it was left out there. Where no chronology is admissible
    there is a row for every matter, and `known` says so.

    Method: a network of differences between days is closed under the earlier and the later of two
    solutions, so a way is in time in every chronology exactly if each step of it is, and one of
    several ways is exactly if one of them is: pairs of events in the minimal network are enough.
    Source: Dechter, Meiri and Pearl 1991 (theorem 3.3); Jeavons and Cooper 1995, Tractable
    constraints on ordered domains, Artificial Intelligence 79, 327-339 (closure under min and max).
    """
    points = decisions(tables, chronology)
    ids = list(points["decision"])
    labels, unnamed = agency_labels(tables), unnamed_agencies(tables)
    subjects = matters(tables)
    held: dict[str, dict[str, list[Way]]] = {}
    for way in ways(tables):
        held.setdefault(way.matter, {}).setdefault(way.agency, []).append(way)
    when = (
        in_time(chronology, ids, answered_by(tables), end_event(tables))
        if chronology.admissible
        else None
    )
    place = chronology.lowered.place
    tie = dict(zip(tables["links"]["id"], tables["links"]["type"], strict=True))
    basis = _bases(tables)
    agencies, every = list(labels), len(labels)
    # All agencies at once for each decision and matter: most cells are alike, since few agencies
    # held any one matter.
    cells: dict[str, list[str]] = {name: [] for name in _COLUMNS if name not in _FLAGS}
    flags: dict[str, list[bool]] = {name: [] for name in _FLAGS}
    for column, (decision, deciders, missing) in enumerate(
        zip(ids, points["decided_by_ids"], points["left_out_ids"], strict=True)
    ):
        decided, left_out = deciders.split("; "), missing.split("; ")
        for matter, summary, counted in zip(
            subjects["matter"], subjects["summary"], subjects["counted_as"], strict=True
        ):
            come = NOT_ADMISSIBLE
            if when:
                come = _word(
                    when.begun_certain[place[matter], column],
                    when.begun_possible[place[matter], column],
                )
            if not come:
                continue
            own = held.get(matter, {})
            states = {
                agency: _state(own.get(agency, []), when, place, column)
                for agency in (own if when else agencies)
            }
            known_by = {
                agency: labels[agency] + (" (possibly)" if states[agency][0] == POSSIBLE else "")
                for agency in agencies
                if agency in states and states[agency][0] in (CERTAIN, POSSIBLE)
            }
            elsewhere = (
                NOBODY if not known_by else UNNAMED if unnamed.issuperset(known_by) else OTHER
            )
            here = {
                "decision": [decision] * every,
                "agency": agencies,
                "agency_label": list(labels.values()),
                "matter": [matter] * every,
                "summary": [summary] * every,
                "counted_as": [counted] * every,
                "had_come_about": [come] * every,
                "known": [elsewhere] * every,
                "others": ["; ".join(known_by.values())] * every,
                "by": [""] * every,
                "basis": [""] * every,
                "rows": [""] * every,
            }
            for at, agency in enumerate(agencies):
                state, ground = states.get(agency, ("", []))
                if not state:
                    continue
                here["known"][at] = state
                here["others"][at] = "; ".join(
                    words for other, words in known_by.items() if other != agency
                )
                here["by"][at] = "; ".join(_by(way, tie) for way in ground)
                here["basis"][at] = _firmest(ground, basis)
                here["rows"][at] = "; ".join(
                    dict.fromkeys(row for way in ground for row in way.rows)
                )
            for name, values in here.items():
                cells[name] += values
            flags["named"] += [agency not in unnamed for agency in agencies]
            flags["decided"] += [agency in decided for agency in agencies]
            flags["left_out"] += [agency in left_out for agency in agencies]
    return pd.DataFrame(
        {
            name: np.array(flags[name], dtype=bool) if name in flags else texts(cells[name])
            for name in _COLUMNS
        }
    )


def _bases(tables: Tables) -> dict[str, str]:
    """The basis of each row of involvement and links; a row without one counts as stated."""
    said = pd.concat([tables["involvement"][["id", "basis"]], tables["links"][["id", "basis"]]])
    return {row: basis or _BASES[0] for row, basis in zip(said["id"], said["basis"], strict=True)}


def _firmest(ground: Sequence[Way], basis: Mapping[str, str]) -> str:
    """How firm the firmest of some ways is; empty if there are none."""
    firm = [max((basis[row] for row in way.rows), key=_BASES.index) for way in ground]
    return min(firm, key=_BASES.index) if firm else ""


def _how(way: Way, tie: Mapping[str, str]) -> str:
    through = {tie.get(row, "") for row in way.rows[1:]}
    if way.undated:
        return "not said when"
    for one, words in (
        ("tells-of", "told"),
        ("answers", "answered it"),
        ("part-of", "counted together"),
    ):
        if one in through:
            return words
    return "took part or held"


def _by(way: Way, tie: Mapping[str, str]) -> str:
    return f"{_how(way, tie)} ({', then '.join(step for step, _ in way.steps)})"


def _word(certain: np.bool_, possible: np.bool_) -> str:
    return "certainly" if certain else "possibly" if possible else ""


def _state(
    held: list[Way], when: InTime | None, place: Mapping[str, int], column: int
) -> tuple[str, list[Way]]:
    """Whether an agency held a matter at a decision, and by which ways; empty where it did not."""
    if when is None:
        return NOT_ADMISSIBLE, held
    certain, possible = [], []
    for way in held:
        if way.later:
            continue
        steps = [
            (
                (when.told_certain if told else when.begun_certain)[place[step], column],
                (when.told_possible if told else when.begun_possible)[place[step], column],
            )
            for step, told in way.steps
        ]
        if all(sure for sure, _ in steps) and not way.undated:
            certain.append(way)
        elif all(may for _, may in steps):
            possible.append(way)
    if certain:
        return CERTAIN, certain
    if possible:
        return POSSIBLE, possible
    later = [way for way in held if way.later]
    return (LATER, later) if later else ("", [])
