"""What reached those who decided, and what stayed elsewhere? The cells of `knowledge`, put together for reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.analysis.decisions import agency_labels, unnamed_agencies
from casechron.analysis.knowledge import CERTAIN, LATER, NOBODY, OTHER, POSSIBLE, UNNAMED
from casechron.analysis.record import places
from casechron.chronology.day_columns import NOT_ADMISSIBLE

__all__ = [
    "CERTAINLY_REACHED", "GROUPS", "NOT_REACHED", "ONLY_UNNAMED", "POSSIBLY_REACHED", "REACHED", "UNKNOWN_TO_ALL",
    "WHO_NOT_STATED",
    "knowledge_at_a_decision", "knowledge_by_agency", "known_by_decision", "reached",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]

CERTAINLY_REACHED = "certainly reached those who decided"
POSSIBLY_REACHED = "possibly reached those who decided"
NOT_REACHED = "held by another agency only"
ONLY_UNNAMED = "held by an unnamed agency only"
WHO_NOT_STATED = "held by some agency; who decided is not named"
UNKNOWN_TO_ALL = "not known to any agency"
REACHED = (CERTAINLY_REACHED, POSSIBLY_REACHED, NOT_REACHED, ONLY_UNNAMED, WHO_NOT_STATED, UNKNOWN_TO_ALL)

#: How agencies stand at one decision.
GROUPS = ("decided", "left out", "other agencies", "unnamed agencies")

_HELD = (CERTAIN, POSSIBLE)


def reached(cells: pd.DataFrame, points: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Of what had come about by each decision, what reached those who decided, and who else held it?

    One row per decision and matter; `cells` is `knowledge`, `points` is `decisions`. `reached`: it certainly or possibly
    reached an agency among those who decided; or it was held, certainly or possibly, by another agency only, or only by
    one that the source does not name (which may have been among them); or no agency held it. Where it was held, and the
    source does not name all of those who decided, `reached` says so: whether it reached them cannot be told.

    `certain_with` and `possible_with` are the agencies that held it, `left_out_with` those of them that the review says
    were left out of the decision. `learned_later` names the agencies that learned of it only afterwards: that is no
    knowledge at the time. `part_of` names the rows that count it together with others.
    """
    unnamed, placed = unnamed_agencies(tables), places(tables["locators"]).to_dict()
    deciders = dict(zip(points["decision"], points["decided_by_ids"], strict=True))
    who = dict(zip(points["decision"], points["decided_by"], strict=True))
    events = dict(zip(tables["events"]["id"], tables["events"]["summary"], strict=True))
    wholes: dict[str, list[str]] = {}
    for tie, part, whole in zip(tables["links"]["type"], tables["links"]["from_row"], tables["links"]["to_row"], strict=True):
        if tie == "part-of":
            wholes.setdefault(part, []).append(whole)
    rows = []
    for (decision, matter), found in _groups(cells, "decision", "matter").items():
        held = [cell for cell in found if cell["known"] in _HELD]
        ground = list(dict.fromkeys(row for cell in found for row in cell["rows"].split("; ") if row))
        rows.append(
            {
                "decision": decision,
                "decision_summary": events[decision],
                "decided_by": who[decision],
                "matter": matter,
                "summary": events[matter],
                "counted_as": found[0]["counted_as"],
                "had_come_about": found[0]["had_come_about"],
                "reached": _reached(found, held, deciders[decision], unnamed),
                "certain_with": "; ".join(cell["agency_label"] for cell in held if cell["known"] == CERTAIN),
                "possible_with": "; ".join(cell["agency_label"] for cell in held if cell["known"] == POSSIBLE),
                "left_out_with": "; ".join(cell["agency_label"] for cell in held if cell["left_out"]),
                "learned_later": "; ".join(cell["agency_label"] for cell in found if cell["known"] == LATER),
                "part_of": "; ".join(wholes.get(matter, [])),
                "rows": "; ".join(ground),
                "places": "; ".join(dict.fromkeys(placed[row] for row in [matter, *ground] if row in placed)),
            }
        )
    names = ["decision", "decision_summary", "decided_by", "matter", "summary", "counted_as", "had_come_about", "reached",
             "certain_with", "possible_with", "left_out_with", "learned_later", "part_of", "rows", "places"]  # fmt: skip
    return pd.DataFrame(rows, columns=names).astype("str")


def known_by_decision(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """How many matters reached those who decided, and how many stayed elsewhere, as recorded in this source?

    One row per decision and kind of reaching (`REACHED`), also where there are none; `table` is `reached`, `points` is
    `decisions`. `matters` counts what had come about by then, certainly or possibly. What another row on the list counts
    together with others is not counted again. `matter_ids` names what was counted.
    """
    kinds = [*REACHED, NOT_ADMISSIBLE] if (table["reached"] == NOT_ADMISSIBLE).any() else list(REACHED)
    rows = []
    for decision, said, summary in zip(points["decision"], points["said"], points["summary"], strict=True):
        here = table[table["decision"] == decision]
        listed = set(here["matter"])
        counted = [not listed & set(whole.split("; ")) for whole in here["part_of"]]
        here = here[counted]
        for kind in kinds:
            found = here.loc[here["reached"] == kind, "matter"]
            rows.append((decision, summary, said, kind, len(found), "; ".join(found)))
    names = ["decision", "summary", "said", "reached", "matters", "matter_ids"]
    return pd.DataFrame(rows, columns=names).astype({name: "int64" if name == "matters" else "str" for name in names})


def knowledge_by_agency(cells: pd.DataFrame, points: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """At each decision, which matters could each agency have known, and which were elsewhere?

    One row per decision and agency; `cells` is `knowledge`, `points` is `decisions`. Each column of matters lists ids, a
    part beside what counts it together with others. `part` is the agency's part in the decision.
    """
    columns = {CERTAIN: "certainly_known", POSSIBLE: "possibly_known", OTHER: "known_to_another_only",
               UNNAMED: "known_to_unnamed_only", NOBODY: "not_known_to_any", LATER: "learned_afterwards"}  # fmt: skip
    unnamed = unnamed_agencies(tables)
    here = _groups(cells, "decision", "agency")
    rows = []
    for decision, deciders, missing in zip(points["decision"], points["decided_by_ids"], points["left_out_ids"], strict=True):
        for agency, label in agency_labels(tables).items():
            own = here.get((decision, agency), [])
            lists = {name: [cell["matter"] for cell in own if cell["known"] == state] for state, name in columns.items()}
            part = "decided" if agency in deciders.split("; ") else "left out" if agency in missing.split("; ") else ""
            rows.append(
                {
                    "decision": decision,
                    "agency": agency,
                    "agency_label": label,
                    "named": agency not in unnamed,
                    "part": part,
                    **{name: "; ".join(found) for name, found in lists.items()},
                    "status": NOT_ADMISSIBLE if any(cell["known"] == NOT_ADMISSIBLE for cell in own) else "admissible",
                }
            )
    names = ["decision", "agency", "agency_label", "named", "part", *columns.values(), "status"]
    return pd.DataFrame(rows, columns=names).astype({name: bool if name == "named" else "str" for name in names})


def knowledge_at_a_decision(cells: pd.DataFrame, points: pd.DataFrame, decision: str = "") -> pd.DataFrame:
    """Who could have known what at one decision: what would those who decided have seen with everybody in the room?

    The rows of `knowledge` for one decision, without agencies that neither held one of the matters, then or later, nor
    decided nor were left out. By default the decision at which the review says that most agencies were left out; of several
    such, the last (points at which a response was absent come second to decisions). Agencies stand in groups (`group`): those
    that decided, that were left out, others, and apart those that the source does not name. `decision_summary` and
    `decision_said` name the decision. Raises `ValueError` for what is no decision of the review.
    """
    if points.empty:
        none = pd.array([], dtype="str")
        return cells.iloc[:0].assign(group=none, decision_summary=none, decision_said=none)
    if decision and decision not in set(points["decision"]):
        raise ValueError(f"'{decision}' is no point of decision of this review; these are: {', '.join(points['decision'])}")
    chosen = decision or _most_left_out(points)
    here = cells[cells["decision"] == chosen]
    bears = here["known"].isin([*_HELD, LATER, NOT_ADMISSIBLE])
    agencies = set(here.loc[bears | here["decided"] | here["left_out"], "agency"])
    here = here[here["agency"].isin(agencies)].reset_index(drop=True)
    group = [
        GROUPS[0 if decided else 1 if left_out else 2 if named else 3]
        for decided, left_out, named in zip(here["decided"], here["left_out"], here["named"], strict=True)
    ]
    matter = {name: at for at, name in enumerate(dict.fromkeys(here["matter"]))}
    keys = zip(here["matter"].map(matter), map(GROUPS.index, group), range(len(here)), strict=True)
    order = [at for _, _, at in sorted(keys)]
    point = points[points["decision"] == chosen].iloc[0]
    here = here.assign(group=pd.array(group, dtype="str"), decision_summary=point["summary"], decision_said=point["said"])
    return here.astype({"decision_summary": "str", "decision_said": "str"}).iloc[order].reset_index(drop=True)


def _groups(cells: pd.DataFrame, first: str, second: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The cells by two of their columns, in the order in which they stand."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    names = [str(name) for name in cells.columns]
    for values in zip(*(cells[name] for name in names), strict=True):
        cell = dict(zip(names, values, strict=True))
        found.setdefault((cell[first], cell[second]), []).append(cell)
    return found


def _reached(found: list[dict[str, Any]], held: list[dict[str, Any]], deciders: str, unnamed: frozenset[str]) -> str:
    if any(cell["known"] == NOT_ADMISSIBLE for cell in found):
        return NOT_ADMISSIBLE
    if not held:
        return UNKNOWN_TO_ALL
    with_deciders = {cell["known"] for cell in held if cell["decided"]}
    if with_deciders:
        return CERTAINLY_REACHED if CERTAIN in with_deciders else POSSIBLY_REACHED
    # An unnamed agency among those who decided can be any of those that held it.
    if not deciders or set(deciders.split("; ")) & unnamed:
        return WHO_NOT_STATED
    return ONLY_UNNAMED if {cell["agency"] for cell in held} <= unnamed else NOT_REACHED


def _most_left_out(points: pd.DataFrame) -> str:
    """The decision with most agencies left out, decisions before absent responses, the last of several."""
    best, chosen = (-1, -1), ""
    for decision, point, missing in zip(points["decision"], points["point"], points["left_out_ids"], strict=True):
        rank = (len([one for one in missing.split("; ") if one]), int(point == "decision"))
        if rank >= best:
            best, chosen = rank, decision
    return chosen
