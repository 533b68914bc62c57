"""What reached those who decided, and what stayed elsewhere? The cells of `knowledge`, put together
for reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import Tables, by_key, kept, rows_in
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
    decisions,
    in_time,
    response_ids,
)
from casechron.analysis.intervals import waits_between, whole_numbers
from casechron.analysis.knowledge import (
    AMONG,
    CERTAIN,
    LATER,
    POSSIBLE,
    YES,
    come_about,
    held_state,
    knowledge,
    state_among,
)
from casechron.analysis.knowledge_paths import Way, matters
from casechron.analysis.on_record import holders
from casechron.analysis.parties import (
    Part,
    agency_parts,
    can_be,
    unnamed_agencies,
)
from casechron.analysis.record import placed, places_of
from casechron.analysis.windows import shown_windows
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["information_at_decision", "knowledge_at_a_decision", "known_by_decision"]


#: How agencies stand at one decision.
GROUPS = ("decided", "left out", "other agencies", "unnamed agencies")

_HELD = (CERTAIN, POSSIBLE)
#: What is so of an agency and a matter at one decision; what is so of the matter,
#: `information_at_decision` has.
_AT_ONE = (
    "decision",
    "agency",
    "agency_label",
    "named",
    "matter",
    "known",
    "by",
    "basis",
    "rows",
    "only_as_judged",
    "group",
)
_REACHED = (
    *("decision", "matter", "summary", "counted_as"),
    *("had_come_about", "reached", "came_by", "basis", "certain_with", "possible_with"),
    *("left_out_with", "learned_later", "carried_by", "rows", "places"),
)


@kept
def information_at_decision(review: Review) -> pd.DataFrame:
    """Of what had come about by each decision, what stood on the record of those who decided, how
    old was it and how had it come there, and who else held it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and matter that had, or may have, come about by then.

        - `decision` (text): the decision's id, as `decisions` has it
        - `matter`, `summary` (text): the matter's id, and what happened
        - `counted_as`, `had_come_about` (text): as in `knowledge`
        - `reached` (text): what is recorded for those who decided, together, in the words of
          `knowledge`, or 'who decided is not stated'; that it stood on their record does not say
          that they looked
        - `age_days_min`, `age_days_max` (days; <NA>: open, or only an order): how old it was, from
          its first day to the decision
        - `came_by` (text): the ways by which it came to each agency that decided
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'
        - `certain_with`, `possible_with` (text): the agencies that certainly and possibly held it
        - `left_out_with` (text): those of them that the review says were left out of the decision
        - `learned_later` (text): the agencies that learned of it only afterwards
        - `carried_by` (text): the ids of concerns that tell of it or count it together with others
        - `rows` (text): the ids of the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `only_as_judged` (text): those of `certain_with` that are certain only with orders that
          the coder judged

    See Also
    --------
    known_by_decision : how many matters stood on the record of those who decided.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.information_at_decision(review)[["certain_with", "decision", "matter"]].head(4)
              certain_with       decision          matter
    0  Children's services   closure-2014   referral-2014
    1                        closure-2014  referrals-2014
    2           X's school   closure-2014      worry-2014
    3  Children's services  strategy-2014   referral-2014
    """
    cells, points = knowledge(review), decisions(review)
    tables, chronology = review.tables, review.chronology
    unnamed, same = unnamed_agencies(tables), can_be(tables)
    where = placed(tables["locators"])
    deciders = dict(rows_in(points, "decision", "decided_by_ids"))
    events = by_event(tables, "summary")
    # An account that is listed as evidence does not stand for what it tells of.
    concerns, carried = set(concern_ids(tables)), carriers(tables)
    # What came about, and why it counts, is alike for all agencies of a decision and a matter.
    shared = ("decision", "matter", "counted_as", "had_come_about")
    cells_by_matter: dict[tuple[str, ...], list[_Cell]] = {}
    bears = frozenset((*_HELD, LATER, NOT_ADMISSIBLE))
    for key, fields in zip(rows_in(cells, *shared), rows_in(cells, *_Cell._fields), strict=True):
        cell, here = _Cell(*fields), cells_by_matter.setdefault(key, [])
        here += [cell] * (cell.known in bears)
    rows = []
    for (decision, matter, counted, come), here in cells_by_matter.items():
        holding = [cell for cell in here if cell.known in _HELD]
        decided = list(filter(None, deciders[decision].split("; ")))
        states = {cell.agency: cell.known for cell in here}
        state = state_among(decided, states, same, unnamed)
        ground = list(dict.fromkeys(row for cell in here for row in cell.rows.split("; ") if row))
        rows.append(
            (
                *(decision, matter, events[matter], counted, come),
                NOT_ADMISSIBLE if NOT_ADMISSIBLE in states.values() else state,
                "; ".join(f"{cell.agency_label}: {cell.by}" for cell in holding if cell.decided),
                _firmest(cell for cell in holding if cell.decided),
                "; ".join(cell.agency_label for cell in holding if cell.known == CERTAIN),
                "; ".join(cell.agency_label for cell in holding if cell.known == POSSIBLE),
                "; ".join(cell.agency_label for cell in holding if cell.left_out),
                "; ".join(cell.agency_label for cell in here if cell.known == LATER),
                "; ".join(carrier for carrier in carried.get(matter, []) if carrier in concerns),
                "; ".join(ground),
                places_of(where, matter, *ground),
            )
        )
    table = pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(_REACHED)})
    asked = [(matter, decision) for decision, matter, *_ in cells_by_matter]
    ages = waits_between(chronology, asked, shown=shown_windows(tables, chronology))
    for side in ("days_max", "days_min"):
        age = whole_numbers(getattr(age, side) for age in ages)
        table.insert(_REACHED.index("came_by"), f"age_{side}", age)
    judged = cells[cells["only_as_judged"] == YES]
    leaning = by_key(
        ((decision, matter), label)
        for decision, matter, label in rows_in(judged, "decision", "matter", "agency_label")
    )
    return table.assign(
        only_as_judged=texts(
            "; ".join(leaning.get(key, [])) for key in rows_in(table, "decision", "matter")
        )
    )


@kept
def known_by_decision(review: Review) -> pd.DataFrame:
    """How many matters stood on the record of those who decided, and how many elsewhere, as
    recorded in this source?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and way of reaching, also where there are none.

        - `decision`, `summary` (text): the decision's id, and what happened
        - `said` (text): when, in words
        - `reached` (text): as in `information_at_decision`
        - `matters` (count): how many matters; what another tells of, or counts together with
          others, is not counted again
        - `matter_ids` (text): their ids

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.known_by_decision(review)[["decision", "reached", "matters"]].head(3)
           decision                                            reached  matters
    0  closure-2014                                    certainly known        0
    1  closure-2014                                     possibly known        0
    2  closure-2014  recorded with another agency only, certainly o...        1
    """
    table, points = information_at_decision(review), decisions(review)
    kinds = [*AMONG, NOT_ADMISSIBLE] if (table["reached"] == NOT_ADMISSIBLE).any() else list(AMONG)
    here = by_key(
        (decision, (matter, kind, carried.split("; ")))
        for decision, matter, kind, carried in rows_in(
            table, "decision", "matter", "reached", "carried_by"
        )
    )
    rows = []
    for decision, said, summary in rows_in(points, "decision", "said", "summary"):
        by_kind = matters_by_kind(here.get(decision, []))
        for kind in kinds:
            matter_ids = by_kind.get(kind, [])
            rows.append((decision, summary, said, kind, len(matter_ids), "; ".join(matter_ids)))
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
    return by_key((kind, matter) for matter, kind, carried in had if there.isdisjoint(carried))


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
        ways = (way for ways_held in self.held.values() for way in ways_held)
        steps = (step for way in ways for step, _ in way.steps)
        return tuple(dict.fromkeys([*self.held, *steps]))

    def in_time(self, chronology: Chronology) -> InTime:
        """What lay before which decision: its columns are the `decisions`."""
        return in_time(chronology, list(self.decisions), self.answers, self.until)

    def deciders(self, chronology: Chronology, decision: str) -> tuple[str, ...]:
        """The agencies that decided at a point."""
        answers, absence = self.answers.get(decision, []), self.absences[decision]
        who, _ = deciders(chronology, self.parts, self.responses, decision, answers, absence)
        return tuple(dict.fromkeys(part.party for part in who))

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
        for matter, agency_ways in self.by_agency.items():
            open_side = decision in left_open or matter in unsure
            if not come_about(then, matter, open_side):
                continue
            states = {agency: held_state(ways, then)[0] for agency, ways in agency_ways.items()}
            kind = state_among(who, states, self.same, self.unnamed)
            had.append((matter, kind, self.carried.get(matter, [])))
        return matters_by_kind(had)


def recorded(tables: Tables) -> Recorded:
    """What the tables say of who can have known what at which decision, whatever the dates."""
    concerns = set(concern_ids(tables))
    ways_held = holders(tables, matters(tables)["matter"].tolist())
    return Recorded(
        tuple(decision_ids(tables)),
        by_event(tables, "absence"),
        answered_by(tables),
        agency_parts(tables),
        tuple(response_ids(tables)),
        ways_held,
        {
            matter: by_key((way.agency, way) for way in ways_of)
            for matter, ways_of in ways_held.items()
        },
        {
            matter: [carrier for carrier in carrying if carrier in concerns]
            for matter, carrying in carriers(tables).items()
        },
        can_be(tables),
        unnamed_agencies(tables),
        end_event(tables),
        next(iter(end_events(tables)), ""),
    )


@kept
def knowledge_at_a_decision(review: Review, *, decision: str = "") -> pd.DataFrame:
    """Who could have known what at one decision: what would those who decided have seen with
    everybody in the room?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    decision : str, default ""
        The id of the decision; empty is the one at which the review says that most agencies were
        left out, and of several such the last.

    Returns
    -------
    pandas.DataFrame
        The rows of `knowledge` for one decision: each matter for each agency that decided or was
        left out, and for every other what it held, then or later. Where no row is, nothing is
        recorded with that agency.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `matter` (text): the matter's id; what it is, and who else held it,
          `information_at_decision` has
        - `known`, `by`, `basis`, `rows`, `only_as_judged` (text): as in `knowledge`
        - `group` (text): 'decided', 'left out', 'other agencies' or 'unnamed agencies'

    Raises
    ------
    ValueError
        For what is no decision of the review; all are named.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> room = cc.knowledge_at_a_decision(review, decision="icpc-2014")
    >>> room.loc[room["known"] == "certainly known", ["agency", "matter", "by"]]
                    agency         matter                                  by
    0   childrens-services  referral-2014   took part or held (referral-2014)
    6             school-x     worry-2014      took part or held (worry-2014)
    7   childrens-services    bruise-2014  told (told-2014, then bruise-2014)
    9             school-x    bruise-2014     took part or held (bruise-2014)
    10  childrens-services      told-2014       took part or held (told-2014)
    12            school-x      told-2014       took part or held (told-2014)
    """
    table = _at_one_decision(knowledge(review), decisions(review), decision)
    bears = table["known"].isin([*_HELD, LATER, NOT_ADMISSIBLE])
    table = table.loc[bears | table["decided"] | table["left_out"], list(_AT_ONE)]
    return table.reset_index(drop=True)


def _at_one_decision(cells: pd.DataFrame, points: pd.DataFrame, decision: str) -> pd.DataFrame:
    """The cells of `knowledge` for one decision, agencies in groups, without those that neither
    held one of the matters, then or later, nor decided nor were left out."""
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
    """What `information_at_decision` reads of one cell of `knowledge` that bears on it."""

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
    holding = list(cells)
    of = [cell.basis for cell in holding if cell.known == CERTAIN] or [
        cell.basis for cell in holding
    ]
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
    for event, point, missing in rows_in(points, "decision", "point", "left_out_ids"):
        rank = (len([agency for agency in missing.split("; ") if agency]), int(point == "decision"))
        if rank >= best:
            best, chosen = rank, event
    return decision or chosen
