"""What reached those who decided, and what stayed elsewhere? The cells of `knowledge`, put together
for reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables, listed, rows_in
from casechron.analysis.concerns import (
    by_event,
    carriers,
    concern_ids,
    end_event,
    end_events,
)
from casechron.analysis.decisions import (
    InTime,
    answered_by,
    deciders,
    decision_ids,
    in_time,
    response_ids,
)
from casechron.analysis.intervals import whole_numbers
from casechron.analysis.knowledge import (
    AMONG,
    CERTAIN,
    LATER,
    NOBODY,
    OTHER,
    POSSIBLE,
    UNNAMED,
    come_about,
    held_state,
    state_among,
)
from casechron.analysis.knowledge_paths import Way, matters
from casechron.analysis.on_record import holders
from casechron.analysis.parties import (
    Part,
    agency_labels,
    agency_parts,
    can_be,
    unnamed_agencies,
)
from casechron.analysis.record import placed, places_of
from casechron.analysis.waits import waits_between
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook

#: How agencies stand at one decision.
GROUPS = ("decided", "left out", "other agencies", "unnamed agencies")

_HELD = (CERTAIN, POSSIBLE)
_REACHED = (
    *("decision", "decision_summary", "decided_by", "matter", "summary", "counted_as"),
    *("had_come_about", "reached", "came_by", "basis", "certain_with", "possible_with"),
    *("left_out_with", "learned_later", "carried_by", "rows", "places"),
)


def reached(
    cells: pd.DataFrame, points: pd.DataFrame, tables: Tables, chronology: Chronology
) -> pd.DataFrame:
    """Of what had come about by each decision, what stood on the record of those who decided, how
    old was it and how had it come there, and who else held it?

    One row per decision and matter; `cells` is `knowledge`, `points` is `decisions`. `reached` says
    in the words of `knowledge.AMONG` what the source records for those who decided, together
    (`knowledge.state_among`): that it stood on their record does not say that they looked.

    `came_by` says by which ways it came to each agency that decided ('took part or held': its own
    record), `basis` how firm the firmest of these is: 'judged' rests on a coder's judgement. The
    age of the matter, `age_days_min` to `age_days_max`, runs from its first day to the decision;
    <NA> is open.

    `certain_with` and `possible_with` are the agencies that held it, `left_out_with` those of them
    that the review says were left out of the decision. `learned_later` names the agencies that
    learned of it only afterwards: that is no knowledge at the time. `carried_by` names the
    concerns that tell of it or count it together with others: with them it is one matter."""
    unnamed, same = unnamed_agencies(tables), can_be(tables)
    where = placed(tables["locators"])
    deciders = dict(rows_in(points, "decision", "decided_by_ids"))
    who = dict(rows_in(points, "decision", "decided_by"))
    events = by_event(tables, "summary")
    # An account that is listed as evidence does not stand for what it tells of.
    concerns, carried = set(concern_ids(tables)), carriers(tables)
    # What came about, and why it counts, is alike for all agencies of a decision and a matter.
    shared = ("decision", "matter", "counted_as", "had_come_about")
    found: dict[tuple[str, ...], list[_Cell]] = {}
    bears = frozenset((*_HELD, LATER, NOT_ADMISSIBLE))
    for key, own in zip(rows_in(cells, *shared), rows_in(cells, *_Cell._fields), strict=True):
        cell, here = _Cell(*own), found.setdefault(key, [])
        here += [cell] * (cell.known in bears)
    rows = []
    for (decision, matter, counted, come), here in found.items():
        held = [cell for cell in here if cell.known in _HELD]
        decided = list(filter(None, deciders[decision].split("; ")))
        states = {cell.agency: cell.known for cell in here}
        state = state_among(decided, states, same, unnamed)
        ground = list(dict.fromkeys(row for cell in here for row in cell.rows.split("; ") if row))
        rows.append(
            (
                *(decision, events[decision], who[decision]),
                *(matter, events[matter], counted, come),
                NOT_ADMISSIBLE if NOT_ADMISSIBLE in states.values() else state,
                "; ".join(f"{cell.agency_label}: {cell.by}" for cell in held if cell.decided),
                _firmest(cell for cell in held if cell.decided),
                "; ".join(cell.agency_label for cell in held if cell.known == CERTAIN),
                "; ".join(cell.agency_label for cell in held if cell.known == POSSIBLE),
                "; ".join(cell.agency_label for cell in held if cell.left_out),
                "; ".join(cell.agency_label for cell in here if cell.known == LATER),
                "; ".join(one for one in carried.get(matter, []) if one in concerns),
                "; ".join(ground),
                places_of(where, matter, *ground),
            )
        )
    table = pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(_REACHED)})
    asked = [(matter, decision) for decision, matter, *_ in found]
    ages = waits_between(chronology, asked, shown=shown_windows(tables, chronology))
    for side in ("days_max", "days_min"):
        age = whole_numbers(getattr(one, side) for one in ages)
        table.insert(_REACHED.index("came_by"), f"age_{side}", age)
    return table


def known_by_decision(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """How many matters stood on the record of those who decided, and how many elsewhere, as
    recorded in this source?

    One row per decision and kind of reaching (`knowledge.AMONG`), also where there are none;
    `table` is `reached`, `points` is `decisions`. `matters` counts what had come about by then,
    certainly or possibly, each matter once: what another concern on the list tells of, or counts
    together with others, is not counted again. `matter_ids` names what was counted."""
    kinds = [*AMONG, NOT_ADMISSIBLE] if (table["reached"] == NOT_ADMISSIBLE).any() else list(AMONG)
    here = listed(
        (decision, (matter, kind, carried.split("; ")))
        for decision, matter, kind, carried in rows_in(
            table, "decision", "matter", "reached", "carried_by"
        )
    )
    rows = []
    for decision, said, summary in rows_in(points, "decision", "said", "summary"):
        own = matters_by_kind(here.get(decision, []))
        for kind in kinds:
            found = own.get(kind, [])
            rows.append((decision, summary, said, kind, len(found), "; ".join(found)))
    names = ["decision", "summary", "said", "reached", "matters", "matter_ids"]
    return pd.DataFrame(rows, columns=names).astype(
        {name: "int64" if name == "matters" else "str" for name in names}
    )


def matters_by_kind(had: Collection[tuple[str, str, Iterable[str]]]) -> dict[str, list[str]]:
    """Of what had come about by a decision, which matters are of each kind of reaching? Each once:
    one that another on the list carries is not counted again.

    `had` has each matter with its kind and the concerns that carry it.

    >>> matters_by_kind([("bruise", CERTAIN, ["letter"]), ("letter", POSSIBLE, [])])
    {'possibly known': ['letter']}
    """
    there = {matter for matter, _, _ in had}
    return listed((kind, matter) for matter, kind, carried in had if there.isdisjoint(carried))


class Recorded(NamedTuple):
    """What the tables say of who can have known what at which decision, whatever the dates.

    `held` has the ways by which each matter was held (`on_record.holders`), `by_agency` the same by
    agency, `carried` the concerns that carry it; `until` is the end of the account up to which
    waits run, `end` the gravest of what it runs up to."""

    decisions: tuple[str, ...]
    absences: Mapping[str, str]
    answers: Mapping[str, list[str]]
    parts: Mapping[str, list[Part]]
    responses: tuple[str, ...]
    held: Mapping[str, list[Way]]
    by_agency: Mapping[str, Mapping[str, list[Way]]]
    carried: Mapping[str, list[str]]
    same: Mapping[str, frozenset[str]]
    unnamed: frozenset[str]
    until: str
    end: str

    @property
    def steps(self) -> tuple[str, ...]:
        """The matters, and the events by which they were held."""
        ways = (way for own in self.held.values() for way in own)
        steps = (step for way in ways for step, _ in way.steps)
        return tuple(dict.fromkeys([*self.held, *steps]))

    def in_time(self, chronology: Chronology) -> InTime:
        """What lay before which decision: its columns are the `decisions`."""
        return in_time(chronology, list(self.decisions), self.answers, self.until)

    def deciders(self, chronology: Chronology, decision: str) -> tuple[str, ...]:
        """The agencies that decided at a point."""
        answers, absence = self.answers.get(decision, []), self.absences[decision]
        who, _ = deciders(chronology, self.parts, self.responses, decision, answers, absence)
        return tuple(dict.fromkeys(one.party for one in who))

    def reached(
        self,
        decision: str,
        who: Collection[str],
        when: InTime,
        left_open: Collection[str],
        unsure: Collection[str],
    ) -> dict[str, list[str]]:
        """What `known_by_decision` counts at a decision, by kind of reaching.

        `who` decided, `when` is `in_time`, `left_open` is `knowledge.open_first_days`, and `unsure`
        is `knowledge.only_if_certain`."""
        then, had = when.at(self.decisions.index(decision)), []
        for matter, own in self.by_agency.items():
            open_side = decision in left_open or matter in unsure
            if not come_about(then, matter, open_side):
                continue
            states = {agency: held_state(ways, then)[0] for agency, ways in own.items()}
            kind = state_among(who, states, self.same, self.unnamed)
            had.append((matter, kind, self.carried.get(matter, [])))
        return matters_by_kind(had)


def recorded(tables: Tables) -> Recorded:
    """What the tables say of who can have known what at which decision, whatever the dates."""
    concerns = set(concern_ids(tables))
    held = holders(tables, matters(tables)["matter"].tolist())
    return Recorded(
        tuple(decision_ids(tables)),
        by_event(tables, "absence"),
        answered_by(tables),
        agency_parts(tables),
        tuple(response_ids(tables)),
        held,
        {matter: listed((way.agency, way) for way in own) for matter, own in held.items()},
        {
            matter: [one for one in own if one in concerns]
            for matter, own in carriers(tables).items()
        },
        can_be(tables),
        unnamed_agencies(tables),
        end_event(tables),
        next(iter(end_events(tables)), ""),
    )


def knowledge_by_agency(cells: pd.DataFrame, points: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """At each decision, which matters could each agency have known, and how many were elsewhere?

    One row per decision and agency; `cells` is `knowledge`, `points` is `decisions`.
    `certainly_known`, `possibly_known` and `learned_afterwards` list ids of matters, a part beside
    what counts it together with others. The others that had, or may have, come about by then are
    counted: recorded, certainly or possibly, with another agency only, with one that can be this
    one, or with none; `reached` names them. Missing where no chronology is admissible. `part` is
    the agency's part in the decision: 'decided' or 'left out'."""
    lists = {CERTAIN: "certainly_known", POSSIBLE: "possibly_known", LATER: "learned_afterwards"}
    counts = {
        OTHER: "recorded_with_another",
        UNNAMED: "recorded_with_one_it_can_be",
        NOBODY: "recorded_with_none",
    }
    unnamed = unnamed_agencies(tables)
    found = listed(
        ((decision, agency, known), matter)
        for decision, agency, known, matter in rows_in(
            cells, "decision", "agency", "known", "matter"
        )
    )
    rows: list[dict[str, object]] = []
    for decision, decided, missing in rows_in(points, "decision", "decided_by_ids", "left_out_ids"):
        for agency, label in agency_labels(tables).items():
            own = {known: found.get((decision, agency, known), []) for known in (*lists, *counts)}
            refused = (decision, agency, NOT_ADMISSIBLE) in found
            rows.append(
                {
                    "decision": decision,
                    "agency": agency,
                    "agency_label": label,
                    "named": agency not in unnamed,
                    "part": "decided" * (agency in decided.split("; "))
                    or "left out" * (agency in missing.split("; ")),
                    **{name: "; ".join(own[state]) for state, name in lists.items()},
                    **{
                        name: None if refused else len(own[state]) for state, name in counts.items()
                    },
                    "status": NOT_ADMISSIBLE if refused else "admissible",
                }
            )
    types = dict.fromkeys(("decision", "agency", "agency_label"), "str")
    types |= {"named": "bool", **dict.fromkeys(("part", *lists.values()), "str")}
    types |= {**dict.fromkeys(counts.values(), "Int64"), "status": "str"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def knowledge_at_a_decision(
    cells: pd.DataFrame, points: pd.DataFrame, decision: str = ""
) -> pd.DataFrame:
    """Who could have known what at one decision: what would those who decided have seen with
    everybody in the room?

    The rows of `knowledge` for one decision, without agencies that neither held one of the matters,
    then or later, nor decided nor were left out. By default the decision at which the review says
    that most agencies were left out; of several such, the last (points at which a response was
    absent come second to decisions). Agencies stand in groups (`group`): those that decided, that
    were left out, others, and apart those that the source does not name. `decision_summary` and
    `decision_said` name the decision. Raises `ValueError` for what is no decision of the review.
    """
    if points.empty:
        none = pd.array([], dtype="str")
        return cells.iloc[:0].assign(group=none, decision_summary=none, decision_said=none)
    chosen = chosen_decision(points, decision)
    here = cells[cells["decision"] == chosen]
    bears = here["known"].isin([*_HELD, LATER, NOT_ADMISSIBLE])
    agencies = set(here.loc[bears | here["decided"] | here["left_out"], "agency"])
    here = here[here["agency"].isin(agencies)].reset_index(drop=True)
    group = [
        GROUPS[0 if decided else 1 if left_out else 2 if named else 3]
        for decided, left_out, named in rows_in(here, "decided", "left_out", "named")
    ]
    matter = {name: at for at, name in enumerate(dict.fromkeys(here["matter"]))}
    keys = zip(here["matter"].map(matter), map(GROUPS.index, group), range(len(here)), strict=True)
    order = [at for _, _, at in sorted(keys)]
    point = points[points["decision"] == chosen].iloc[0]
    here = here.assign(
        group=pd.array(group, dtype="str"),
        decision_summary=point["summary"],
        decision_said=point["said"],
    )
    return (
        here.astype({"decision_summary": "str", "decision_said": "str"})
        .iloc[order]
        .reset_index(drop=True)
    )


class _Cell(NamedTuple):
    """What `reached` reads of one cell of `knowledge` that bears on it."""

    agency: str
    agency_label: str
    known: str
    decided: bool
    left_out: bool
    by: str
    basis: str
    rows: str


def _firmest(cells: Iterable[_Cell]) -> str:
    """How firm the firmest of the ways is; of what is certain by then, if anything is."""
    held = list(cells)
    of = [cell.basis for cell in held if cell.known == CERTAIN] or [cell.basis for cell in held]
    return min(of, key=list(codebook().codes("basis")).index, default="")


def chosen_decision(points: pd.DataFrame, decision: str = "") -> str:
    """The decision to look at closely: the one named, else the one at which the review says that
    most agencies were left out.

    `points` is `decisions.decisions`. Of several the last; responses that were absent come second
    to decisions; '' if there is none. Raises `ValueError` for what is no decision of the review.
    """
    if decision and decision not in set(points["decision"]):
        raise ValueError(
            f"'{decision}' is no point of decision of this review; these are:"
            f" {', '.join(points['decision'])}"
        )
    best, chosen = (-1, -1), ""
    for one, point, missing in rows_in(points, "decision", "point", "left_out_ids"):
        rank = (len([agency for agency in missing.split("; ") if agency]), int(point == "decision"))
        if rank >= best:
            best, chosen = rank, one
    return decision or chosen
